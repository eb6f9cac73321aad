//! What `streamlint schema` prints, and what `tests/schemas.rs` asks of the compiled schemas.

use serde_json::Value;

use super::compiled;
use super::walk::{Mistake, Wrong};
use crate::atlas::Kind;
use crate::document::Document;
use crate::parse::MAX_DEPTH;
use crate::text::Source;

/// The published schemas: the file's name before `.schema.json`, and its text.
pub fn published() -> &'static [(&'static str, &'static str)] {
    compiled::PUBLISHED
}

/// What the schema of this type finds wrong with the value, as pairs of pointer and keyword; a member that is missing or
/// has no place is named by its own pointer. `None` for an unknown type, and for
/// a value that is nested too deep.
pub fn mistakes(type_name: &str, value: &Value) -> Option<Vec<(String, &'static str)>> {
    let document = Document::of_value(Source::new("", ""), value, MAX_DEPTH)?;
    let found = super::mistakes(Kind::from_name(type_name)?, document.root()).into_iter();
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
                    Wrong::Unexpected(key, _) => (format!("{pointer}/{key}"), "additionalProperties"),
                }
            })
            .collect(),
    )
}
