//! The tokens of damaged JSON.

use super::problems::Problem;
use crate::text::Span;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bracket {
    Object,
    Array,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Open(Bracket),
    Close(Bracket),
    Comma,
    Colon,
    Text,
    Number,
    /// `true`, `false` or `null`, possibly in the spelling of another language.
    Literal,
    /// Any other text without quotes.
    Word,
    End,
}

impl Kind {
    pub const fn is_scalar(self) -> bool {
        matches!(self, Self::Text | Self::Number | Self::Literal | Self::Word)
    }
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub kind: Kind,
    pub span: Span,
    /// The text of a string, without its quotes.
    pub content: Span,
    /// Whether a repair created it or changed its ends.
    pub is_guessed: bool,
    pub problem: Option<Problem>,
}

impl Token {
    pub const fn new(kind: Kind, start: usize, end: usize) -> Self {
        let span = Span::new(start, end);
        Self { kind, span, content: span, is_guessed: false, problem: None }
    }

    pub const fn text(span: Span, start: usize, end: usize) -> Self {
        Self { content: Span::new(start, end), ..Self::new(Kind::Text, span.start, span.end) }
    }

    pub fn is_in_text(&self) -> bool {
        !self.span.is_empty() || self.kind == Kind::End
    }

    pub const fn guessed(self) -> Self {
        Self { is_guessed: true, ..self }
    }

    pub fn with(self, problem: impl Into<Option<Problem>>) -> Self {
        Self { problem: problem.into(), ..self }
    }
}
