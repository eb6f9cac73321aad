//! The tokens of damaged JSON.

use crate::text::Span;

/// A message, and the help.
pub(super) type Problem = (&'static str, &'static str);

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
    /// `true`, `false` or `null`, or how another language writes it.
    Literal,
    /// Something else without quotes.
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
    /// The blanks before it, if it is the first on its line.
    pub indent: Option<usize>,
    /// The closing bracket of an opening one, if the text has it; otherwise the token itself.
    pub partner: usize,
    /// A quote of this string is lost or doubled.
    pub is_guessed: bool,
    /// The line ends inside it: whatever else is missing there is the same mistake.
    pub is_cut: bool,
    pub problem: Option<Problem>,
}

impl Token {
    pub const fn new(kind: Kind, start: usize, end: usize) -> Self {
        let span = Span::new(start, end);
        let (indent, partner) = (None, 0);
        Self { kind, span, content: span, indent, partner, is_guessed: false, is_cut: false, problem: None }
    }

    pub fn text(start: usize, end: usize, content: Span) -> Self {
        Self { content, ..Self::new(Kind::Text, start, end) }
    }

    pub fn with(self, problem: impl Into<Option<Problem>>) -> Self {
        Self { problem: problem.into(), ..self }
    }
}
