//! Stand-ins that somebody meant to replace.

use crate::atlas::fields::{Field, Shape};
use crate::atlas::secret::{header_state, is_secret_config_key};
use crate::connection::Connection;
use crate::diagnostic::rules::LEFTOVER_PLACEHOLDER;
use crate::diagnostic::{Findings, Target};
use crate::document::value::Value;
use crate::text::placeholder;
use crate::text::placeholder::ValueState;

pub(super) fn check(connection: &Connection, found: &mut Findings) {
    for field in connection.present.iter() {
        let node = connection.get(field);
        let is_leftover_itself = node.is_leftover() && field != Field::Type;
        let holds_leftovers = match node.value() {
            Some(Value::Object(map)) if field.row().shape == Shape::Map => {
                map.iter().any(|(key, value)| is_leftover(field, key, value))
            }
            Some(Value::Array(list)) if field.row().shape == Shape::List => {
                list.iter().any(|value| is_leftover(field, "", value))
            }
            _ => false,
        };
        if !(is_leftover_itself || holds_leftovers)
            // A template engine will read the file, and its authors mark what it fills in as they like.
            || placeholder::is_template_name(connection.document.source.name())
        {
            continue;
        }
        if is_leftover_itself {
            found.report(&LEFTOVER_PLACEHOLDER, message(&node.spelling())).at(node, "a stand-in").help(HELP);
            continue;
        }
        for item in node.items() {
            let is_checked = !connection.is_damaged_at(&item.pointer()) && !connection.is_stand_in(item.entry);
            if is_checked && is_leftover(field, &item.key, item.value) {
                // A header's name is not quoted: a credential may stand there.
                let spelling = if field == Field::Headers { node.spelling() } else { item.spelling() };
                found.report(&LEFTOVER_PLACEHOLDER, message(&spelling)).at(&item, "a stand-in").help(HELP);
            }
        }
    }
}

const HELP: &str = "write the real value, or a reference that your tooling replaces, like `${NAME}`";

fn message(spelling: &str) -> String {
    format!("`{spelling}` still holds a placeholder")
}

/// Whether a field of a map, or an element of a list, is a stand-in.
fn is_leftover(field: Field, key: &str, value: Value) -> bool {
    let Some(text) = value.as_str() else { return false };
    let value_state = match placeholder::value_state(text, false) {
        // Only secrets are judged otherwise, and what is plain for all is plain for them.
        ValueState::Known if field != Field::Headers => return false,
        _ if field == Field::Headers => header_state(key, text),
        _ => placeholder::value_state(text, field == Field::Config && is_secret_config_key(key)),
    };
    value_state == ValueState::Leftover
}

#[cfg(test)]
mod tests {
    use crate::text::Source;

    #[test]
    fn templates_are_left_alone() {
        let text = r#"{"name": "hook", "type": "Https", "url": "<url>"}"#;
        let count = |name| crate::check(&Source::new(name, text)).diagnostics().len();
        assert_eq!((count("hook.json"), count("hook.json.tmpl"), count("hook.json.j2")), (1, 0, 0));
    }
}
