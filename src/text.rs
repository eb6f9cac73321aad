//! Texts and positions in them: sources, spans, lines, JSON pointers, and the states of strings that do not depend on a
//! field.

mod name;
pub(crate) mod order;
pub(crate) mod placeholder;
pub(crate) mod pointer;
mod source;
pub(crate) mod suggest;
mod syntax;
pub(crate) mod url;

pub use name::UnknownName;
pub(crate) use name::impl_names;
pub(crate) use source::EncodingError;
pub use source::{LineIndex, Position, SharedText, Source, Span, Utf16Cursor};
#[cfg(feature = "cli")]
pub(crate) use syntax::Extension;
pub use syntax::Syntax;
pub(crate) use syntax::{MARKDOWN, REQUESTS, SHELL, TERRAFORM, TERRAFORM_VALUES, extension};

/// Whether a text ends with another, ignoring the case of ASCII letters.
pub(crate) fn ends_with_ignore_case(text: &str, end: &str) -> bool {
    let start = text.len().checked_sub(end.len());
    start.is_some_and(|start| text.as_bytes()[start..].eq_ignore_ascii_case(end.as_bytes()))
}
