//! Placeholders that were not replaced.

use crate::atlas::fields::{Field, Shape};
use crate::atlas::secret::{header_state, is_secret_config_key};
use crate::connection::{Connection, Dialect, Item};
use crate::diagnostic::Findings;
use crate::diagnostic::rules::LEFTOVER_PLACEHOLDER;
use crate::document::value::Value;
use crate::text::placeholder;
use crate::text::placeholder::ValueState;

pub(super) fn check(connection: &Connection, found: &mut Findings) {
    for field in connection.present.iter() {
        let node = connection.get(field);
        let is_leftover_itself = node.is_leftover() && field != Field::Type;
        let has_items = match field.row().shape {
            Shape::Map => node.value().is_some_and(Value::is_object),
            Shape::List => node.value().is_some_and(Value::is_array),
            Shape::Text | Shape::Object => false,
        };
        if !(is_leftover_itself || has_items) {
            continue;
        }
        // A template engine replaces the placeholders of the file, which may have any form.
        if placeholder::is_template_name(connection.document.source.name()) {
            return;
        }
        if is_leftover_itself {
            found
                .report(&LEFTOVER_PLACEHOLDER, message(&node.spelling()))
                .at(node, "placeholder")
                .help(help(connection));
        }
        for item in node.items().filter(|item| is_leftover(field, item)) {
            if !item.is_damaged() && !connection.is_declared_placeholder(item.entry) {
                // A header's name is not quoted: it may be a credential.
                let spelling = if field == Field::Headers { node.spelling() } else { item.spelling() };
                found.report(&LEFTOVER_PLACEHOLDER, message(&spelling)).at(&item, "placeholder").help(help(connection));
            }
        }
    }
}

fn help(connection: &Connection) -> &'static str {
    match connection.dialect() {
        Dialect::Terraform => "use the real value, or a variable, like `var.name`",
        Dialect::TerraformPlan => "in the configuration, use the real value, or a variable, like `var.name`",
        Dialect::CloudFormation => "use the real value, or a `Ref` to a parameter",
        _ => "use the real value, or a reference that your tooling replaces, like `${NAME}`",
    }
}

fn message(spelling: &str) -> String {
    format!("`{spelling}` still contains a placeholder")
}

/// Whether a field of a map, or an element of a list, is a placeholder.
fn is_leftover(field: Field, item: &Item) -> bool {
    if field == Field::Headers {
        return item.value.as_str().is_some_and(|text| header_state(item.key, text) == ValueState::Leftover);
    }
    let is_leftover = |secret| item.state(secret) == Some(ValueState::Leftover);
    // Fewer forms count as placeholders in secrets.
    is_leftover(false) && (field != Field::Config || is_leftover(is_secret_config_key(item.key)))
}

#[cfg(test)]
mod tests {
    use crate::text::Source;

    #[test]
    fn templates_are_not_reported() {
        let text = r#"{"name": "hook", "type": "Https", "url": "<url>"}"#;
        let count = |name| crate::check(&Source::new(name, text)).diagnostics().len();
        assert_eq!((count("hook.json"), count("hook.json.tmpl"), count("hook.json.j2")), (1, 0, 0));
    }
}
