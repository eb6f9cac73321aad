//! `type`: missing, or not a connection type.

use crate::atlas::fields::Field;
use crate::atlas::{Kind, Mode};
use crate::connection::Connection;
use crate::diagnostic::rules::UNKNOWN_TYPE;
use crate::diagnostic::{Findings, Fix};
use crate::document::value::Value;

pub(super) fn check(connection: &Connection, found: &mut Findings) {
    let node = connection.get(Field::Type);
    if node.is_unknown() {
        return;
    }
    let Some(value) = node.value() else {
        // A response may leave out anything, and the user may have given the type.
        if connection.kind.is_none() && connection.mode != Mode::Response {
            let message = format!("`{}` is missing: it says what everything else means", node.spelling());
            let help = format!("add `\"type\"`: one of {}", list());
            found.report(&UNKNOWN_TYPE, message).at(node, "no `type` in here").help(help);
        }
        return;
    };
    let Value::String(word) = value else {
        let message = format!("`{}` must be a string that names a connection type", node.spelling());
        let help = format!("write one of {}", list());
        found.report(&UNKNOWN_TYPE, message).at(node, "not a string").help(help);
        return;
    };
    if let Some(kind) = Kind::from_name(word) {
        if connection.mode == Mode::Failover && !matches!(kind, Kind::Kafka | Kind::Cluster) {
            found
                .report(&UNKNOWN_TYPE, format!("a failover connection cannot be of type `{kind}`"))
                .at(node, "not for failover")
                .help("only Kafka and Cluster connections fail over to another region");
        }
        return;
    }
    let message = if word.is_empty() {
        format!("`{}` is empty", node.spelling())
    } else {
        format!("{} is not a connection type", node.quoted())
    };
    if let Some((kind, only_case)) = Kind::near(word) {
        let (title, edits) = (format!("Use {kind}"), node.replace_with(kind.name()));
        let fix = if only_case { Fix::safe(title, edits) } else { Fix::unsafe_(title, edits) };
        found
            .report(&UNKNOWN_TYPE, message)
            .at(node, format!("did you mean `{kind}`?"))
            .help(if only_case { format!("write `{kind}`, in exactly this case") } else { format!("write `{kind}`") })
            .fix(fix);
    } else {
        let help = format!("write one of {}", list());
        found.report(&UNKNOWN_TYPE, message).at(node, "unknown type").help(help);
    }
}

fn list() -> String {
    Kind::ALL.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(", ")
}
