//! A node of a YAML document.

use saphyr_parser::ScalarStyle;

use crate::text::Span;

/// One node of a YAML document, in document order.
#[derive(Debug)]
pub(super) struct Node {
    pub shape: Shape,
    /// Bytes of the whole text. A quoted text includes its quotes, a block scalar the line of its `|`; a tag or an
    /// anchor before it is excluded.
    pub span: Span,
    /// The node after this one and everything inside it.
    pub next: usize,
    /// The parser's number of its anchor; 0 for none.
    pub anchor: usize,
    /// `!Ref`, `!!str`.
    pub tag: Option<Box<str>>,
    /// Whether a template generates it, or a part of it.
    pub is_templated: bool,
}

#[derive(Debug)]
pub(super) enum Shape {
    Scalar(Box<str>, ScalarStyle),
    Sequence,
    Mapping,
    /// The number of an anchor.
    Alias(usize),
}

impl Node {
    /// Whether this is the key `<<`.
    pub fn is_merge(&self) -> bool {
        self.tag.is_none() && matches!(&self.shape, Shape::Scalar(text, ScalarStyle::Plain) if &**text == "<<")
    }
}

/// The byte after the character at `at`.
pub(super) fn character_end(text: &str, at: usize) -> usize {
    let mut end = (at + 1).min(text.len());
    while !text.is_char_boundary(end) {
        end += 1;
    }
    end
}
