//! Secrets in Kafka client settings, which stream processing ignores.

use crate::atlas::Kind;
use crate::atlas::fields::Field;
use crate::connection::Connection;
use crate::diagnostic::rules::MISPLACED_FIELD;
use crate::diagnostic::{Findings, Rule, Target};
use crate::rules::config::holds_a_secret;

pub(crate) static SECRET_IN_CONFIG: Rule =
    Rule::warning("secret-in-config", "a secret in a Kafka client setting").on(&[Kind::Kafka]);

pub(super) fn check(connection: &Connection, found: &mut Findings) {
    let config = connection.get(Field::Config);
    for item in config.map() {
        // The settings that stream processing supports contain no secrets.
        if !holds_a_secret(&item) || found.has(&MISPLACED_FIELD, &item.pointer()) {
            continue;
        }
        let message = format!("`{}` contains a secret that stream processing ignores", item.spelling());
        found
            .report(&SECRET_IN_CONFIG, message)
            .at(&item, "a secret")
            .help(format!("delete it, and set the credentials in `{}`", connection.spelling(Field::Authentication)));
    }
}
