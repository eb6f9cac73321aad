//! What `streamlint schema` prints, and what `tests/schemas.rs` asks of the compiled schemas.

use serde_json::Value;

use super::compiled;
use super::walk::{Mistake, Wrong};
use crate::kind::Kind;

/// The published schemas: the file's name before `.schema.json`, and its text.
pub fn published() -> &'static [(&'static str, &'static str)] {
    compiled::PUBLISHED
}

/// Whether the compiled schema of this type accepts the value; `None` for an unknown type.
pub fn is_valid(type_name: &str, value: &Value) -> Option<bool> {
    Some(super::is_valid(Kind::from_name(type_name)?, value))
}

/// What the schema of this type finds wrong with the value, as pairs of pointer and keyword; a member that is missing or
/// has no place is named by its own pointer. `None` for an unknown type.
pub fn mistakes(type_name: &str, value: &Value) -> Option<Vec<(String, &'static str)>> {
    let found = super::mistakes(Kind::from_name(type_name)?, value).into_iter();
    Some(
        found
            .map(|mistake| {
                let Mistake { pointer, wrong, .. } = mistake;
                match wrong {
                    Wrong::Type(_) => (pointer, "type"),
                    Wrong::Const => (pointer, "const"),
                    Wrong::Enum(_) => (pointer, "enum"),
                    Wrong::MinLength => (pointer, "minLength"),
                    Wrong::Format(_) => (pointer, "format"),
                    Wrong::Required(key) => (format!("{pointer}/{key}"), "required"),
                    Wrong::Unexpected(key) => (format!("{pointer}/{key}"), "additionalProperties"),
                }
            })
            .collect(),
    )
}
