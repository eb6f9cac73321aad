//! Secrets among the Kafka client settings, where they have no effect either.

use super::shape::MISPLACED_FIELD;
use super::{Check, Findings, FixAvailability, Rule};
use crate::connection::{Connection, Place};
use crate::diagnostic::Severity;
use crate::kind::{Kind, Kinds};
use crate::members::Member;
use crate::secret::is_secret_config_key;
use crate::value::Value;

pub(crate) static SECRET_IN_CONFIG: Rule = Rule {
    name: "secret-in-config",
    summary: "a secret as a Kafka client setting",
    severity: Severity::Warning,
    kinds: Kinds::of(&[Kind::Kafka]),
    fix: FixAvailability::Never,
    since: "0.1.0",
    check: Check::Connection(check),
};

fn check(connection: &Connection, found: &mut Findings) {
    let config = connection.get(Member::Config);
    if config.is_plain() || !config.value().is_some_and(Value::is_object) {
        return;
    }
    for item in config.items() {
        let is_literal = item.known_str(true).is_some_and(|text| !text.is_empty());
        if !is_literal || !is_secret_config_key(&item.key) || found.has(&MISPLACED_FIELD, &item.pointer()) {
            continue;
        }
        found
            .report(
                &SECRET_IN_CONFIG,
                format!("`{}` holds a secret, and stream processing ignores it", item.spelling()),
            )
            .at(&item, "a secret in clear text")
            .help(format!("delete it, and give credentials in `{}`", connection.spelling(Member::Authentication)));
    }
}
