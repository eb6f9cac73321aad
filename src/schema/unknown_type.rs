//! `type`: missing, or not a connection type.

use crate::atlas::fields::Field;
use crate::atlas::{Kind, Mode};
use crate::connection::Connection;
use crate::diagnostic::rules::UNKNOWN_TYPE;
use crate::diagnostic::{Findings, Fix, Severity};
use crate::document::EntryId;
use crate::document::value::Value;

pub(super) fn check(connection: &Connection, found: &mut Findings) {
    let before = found.diagnostics.len();
    report(connection, found);
    // Atlas may support more types than this linter, and its responses need no change.
    if connection.mode == Mode::Response {
        for found in &mut found.diagnostics[before..] {
            found.severity = Severity::Info;
            found.fix = None;
        }
    }
}

fn report(connection: &Connection, found: &mut Findings) {
    let node = connection.get(Field::Type);
    if node.is_unknown() {
        return;
    }
    let Some(value) = node.value() else {
        // A response may omit any field, and the user may have set the type.
        if let Some(id) = connection.type_key {
            near_key(connection, id, found);
        } else if connection.kind.is_none() && connection.mode != Mode::Response && !connection.is_incomplete() {
            let spelling = node.spelling();
            let help = format!("add `{spelling}`: one of {}", list(connection));
            found
                .report(&UNKNOWN_TYPE, format!("missing field `{spelling}`"))
                .at(node, format!("missing `{}`", connection.own_key(Field::Type)))
                .help(help);
        }
        return;
    };
    let Value::String(word) = value else {
        let message = format!("expected a string for `{}`", node.spelling());
        let help = format!("use one of {}", list(connection));
        found.report(&UNKNOWN_TYPE, message).at(node, "expected a string").help(help);
        return;
    };
    if let Some(kind) = Kind::from_name(word) {
        if connection.mode == Mode::Failover && !matches!(kind, Kind::Kafka | Kind::Cluster) {
            // The right type has other fields.
            for &field in Field::ALL.iter().filter(|field| field.row().kinds.contains(kind)) {
                found.explain(field);
            }
            found
                .report(&UNKNOWN_TYPE, format!("a failover connection cannot be of type `{kind}`"))
                .at(node, "cannot fail over")
                .help("use Kafka or Cluster; other types do not fail over");
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
            .help(if only_case { format!("use `{kind}`; types are case-sensitive") } else { format!("use `{kind}`") })
            .fix(fix);
    } else {
        let help = format!("use one of {}", list(connection));
        found.report(&UNKNOWN_TYPE, message).at(node, "unknown type").help(help);
    }
}

/// Reports a type that is present under a different name.
fn near_key(connection: &Connection, id: EntryId, found: &mut Findings) {
    let key = connection.document.key(id);
    let item = connection.item(None, key, id);
    let right = connection.own_key(Field::Type);
    let (title, edits) = (format!("Rename it to `{right}`"), item.rename_to(&right));
    let fix = if key.eq_ignore_ascii_case(&right) { Fix::safe(title, edits) } else { Fix::unsafe_(title, edits) };
    found
        .report(&UNKNOWN_TYPE, format!("unknown field `{}`", item.own_key()))
        .at_key(&item, format!("did you mean `{right}`?"))
        .pointer(Field::Type.pointer())
        .help(format!("rename it to `{right}`"))
        .fix(fix);
}

/// The types that the dialect supports.
fn list(connection: &Connection) -> String {
    let names = Kind::ALL.iter().map(|kind| kind.name()).filter(|name| connection.accepts(Field::Type, name));
    names.collect::<Vec<_>>().join(", ")
}
