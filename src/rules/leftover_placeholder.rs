//! Stand-ins that somebody meant to replace.

use serde_json::Value;

use super::{Check, Findings, FixAvailability, Rule};
use crate::connection::{Connection, Item};
use crate::diagnostic::Severity;
use crate::kind::Kinds;
use crate::members::{Member, Shape};
use crate::placeholder::{self, Standing};
use crate::secret::{header_standing, is_secret_config_key};

pub(crate) static LEFTOVER_PLACEHOLDER: Rule = Rule {
    name: "leftover-placeholder",
    summary: "a stand-in that nobody has replaced",
    page: page!("leftover_placeholder.md"),
    severity: Severity::Warning,
    kinds: Kinds::ALL,
    fix: FixAvailability::Never,
    since: "0.1.0",
    check: Check::Connection(check),
};

fn check(connection: &Connection, found: &mut Findings) {
    // A template engine will read the file, and its authors mark what it fills in as they like.
    if placeholder::is_template_name(connection.document.source.name()) {
        return;
    }
    for &member in Member::ALL {
        let node = connection.get(member);
        if node.is_leftover() && member != Member::Type {
            found.report(&LEFTOVER_PLACEHOLDER, message(&node.spelling())).at(node, "a stand-in").help(HELP);
        }
        let holds_values = match node.value() {
            Some(Value::Object(_)) => member.row().shape == Shape::Map,
            Some(Value::Array(_)) => member.row().shape == Shape::List,
            _ => false,
        };
        if !holds_values || connection.is_damaged_at(member.pointer()) {
            continue;
        }
        for item in node.items() {
            if is_leftover(member, &item) && !connection.is_damaged_at(&item.pointer) {
                // A header's name is not quoted: a credential may stand there.
                let field = if member == Member::Headers { node.spelling() } else { item.spelling() };
                found.report(&LEFTOVER_PLACEHOLDER, message(&field)).at(&item, "a stand-in").help(HELP);
            }
        }
    }
}

const HELP: &str = "write the real value, or a reference that your tooling replaces, like `${NAME}`";

fn message(field: &str) -> String {
    format!("`{field}` still holds a placeholder")
}

fn is_leftover(member: Member, item: &Item) -> bool {
    match (member, item.value.as_str()) {
        (Member::Headers, Some(text)) => header_standing(&item.key, text) == Standing::Leftover,
        (Member::Config, _) => item.is_leftover(is_secret_config_key(&item.key)),
        _ => item.is_leftover(false),
    }
}
