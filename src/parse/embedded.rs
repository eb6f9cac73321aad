//! Texts inside of other texts: the fenced blocks of Markdown.

use crate::text::Span;

/// A text inside of another one.
#[derive(Debug)]
pub(crate) struct Embedded {
    pub span: Span,
    /// The extension of files with such a text.
    pub extension: &'static str,
    /// The text to parse, of the same length, where it is not what is written: it cannot be edited.
    pub instead: Option<String>,
}
