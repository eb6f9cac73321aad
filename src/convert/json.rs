//! The output of conversions to the Admin API: bodies in JSON.

use super::tree::{Connection, Member, Segment, Tree};

/// The body, or an array of bodies.
pub(super) fn bodies(connections: &[Connection], is_array: bool) -> String {
    let mut out = String::new();
    if is_array {
        out.push_str("[\n");
        for (at, connection) in connections.iter().enumerate() {
            out.push_str("  ");
            object(&connection.members, 1, &mut out);
            out.push_str(if at + 1 < connections.len() { ",\n" } else { "\n" });
        }
        out.push_str("]\n");
    } else if let [connection] = connections {
        object(&connection.members, 0, &mut out);
        out.push('\n');
    }
    out
}

fn object(members: &[Member], depth: usize, out: &mut String) {
    if members.is_empty() {
        return out.push_str("{}");
    }
    out.push_str("{\n");
    for (at, member) in members.iter().enumerate() {
        out.push_str(&"  ".repeat(depth + 1));
        out.push_str(&quoted(&member.key));
        out.push_str(": ");
        value(&member.value, depth + 1, out);
        out.push_str(if at + 1 < members.len() { ",\n" } else { "\n" });
    }
    out.push_str(&"  ".repeat(depth));
    out.push('}');
}

fn value(tree: &Tree, depth: usize, out: &mut String) {
    match tree {
        Tree::Object(members) => object(members, depth, out),
        Tree::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push_str(", ");
                }
                value(item, depth, out);
            }
            out.push(']');
        }
        Tree::Text(segments) => out.push_str(&quoted(&with_variables(segments))),
        Tree::Word(word) => out.push_str(word),
    }
}

/// A text with variables as `${NAME}`.
pub(super) fn with_variables(segments: &[Segment]) -> String {
    let one = |segment: &Segment| match segment {
        Segment::Text(text) => text.clone(),
        Segment::Variable(variable) => format!("${{{}}}", variable.name),
    };
    segments.iter().map(one).collect()
}

/// A JSON string.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
