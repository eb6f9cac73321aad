//! Secrets among the Kafka client settings, where they have no effect either.

use crate::atlas::Kind;
use crate::atlas::fields::Field;
use crate::connection::Connection;
use crate::diagnostic::rules::MISPLACED_FIELD;
use crate::diagnostic::{Findings, Rule, Target};
use crate::rules::config::holds_a_secret;

pub(crate) static SECRET_IN_CONFIG: Rule =
    Rule::warning("secret-in-config", "a secret as a Kafka client setting").on(&[Kind::Kafka]);

pub(super) fn check(connection: &Connection, found: &mut Findings) {
    let config = connection.get(Field::Config);
    for item in config.map() {
        // The settings that stream processing passes on hold no secrets.
        if !holds_a_secret(&item) || found.has(&MISPLACED_FIELD, &item.pointer()) {
            continue;
        }
        let message = format!("`{}` holds a secret, and stream processing ignores it", item.spelling());
        found
            .report(&SECRET_IN_CONFIG, message)
            .at(&item, "no secret belongs here")
            .help(format!("delete it, and give credentials in `{}`", connection.spelling(Field::Authentication)));
    }
}
