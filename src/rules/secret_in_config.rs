//! Secrets among the Kafka client settings, where they have no effect either.

use crate::atlas::Kind;
use crate::atlas::fields::{CONFIG_KEYS, Field};
use crate::atlas::secret::is_secret_config_key;
use crate::connection::Connection;
use crate::diagnostic::rules::MISPLACED_FIELD;
use crate::diagnostic::{Findings, Rule, Target};

pub(crate) static SECRET_IN_CONFIG: Rule =
    Rule::warning("secret-in-config", "a secret as a Kafka client setting").on(&[Kind::Kafka]);

pub(super) fn check(connection: &Connection, found: &mut Findings) {
    let config = connection.get(Field::Config);
    for item in config.map() {
        let is_literal = item.known_str(true).is_some_and(|text| !text.is_empty());
        // The settings that stream processing passes on hold no secrets.
        let may_be_secret = is_literal && !CONFIG_KEYS.contains(&item.key) && is_secret_config_key(item.key);
        if !may_be_secret || found.has(&MISPLACED_FIELD, &item.pointer()) {
            continue;
        }
        let message = format!("`{}` holds a secret, and stream processing ignores it", item.spelling());
        found
            .report(&SECRET_IN_CONFIG, message)
            .at(&item, "a secret in clear text")
            .help(format!("delete it, and give credentials in `{}`", connection.spelling(Field::Authentication)));
    }
}
