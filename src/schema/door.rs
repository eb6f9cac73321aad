//! What `streamlint schema` prints, and what `tests/schemas.rs` asks of the compiled schemas.

use jsonschema::ValidationError;
use serde_json::Value;

use super::compiled;
use crate::kind::Kind;

/// The published schemas: the file's name before `.schema.json`, and its text.
pub fn published() -> &'static [(&'static str, &'static str)] {
    compiled::PUBLISHED
}

/// Whether the compiled schema of this type accepts the value; `None` for an unknown type.
pub fn is_valid(type_name: &str, value: &Value) -> Option<bool> {
    Some(super::is_valid(Kind::from_name(type_name)?, value))
}

/// What the compiled schema of this type finds wrong with the value; `None` for an unknown type.
pub fn errors<'v>(type_name: &str, value: &'v Value) -> Option<Vec<ValidationError<'v>>> {
    Some(super::errors(Kind::from_name(type_name)?, value).collect())
}
