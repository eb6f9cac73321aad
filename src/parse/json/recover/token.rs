//! The tokens of damaged JSON.

use crate::text::Span;

/// What is wrong with a token that is understood, and what to do about it.
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
    /// `true`, `false` or `null`.
    Literal,
    /// Something without quotes that JSON does not know.
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
    /// The line or the text ends inside it: whatever else is missing there is the same mistake.
    pub is_cut: bool,
    pub problem: Option<Problem>,
}

impl Token {
    pub const fn new(kind: Kind, span: Span) -> Self {
        let content = span;
        Self { kind, span, content, indent: None, partner: 0, is_guessed: false, is_cut: false, problem: None }
    }

    pub const fn with(self, problem: Problem) -> Self {
        Self { problem: Some(problem), ..self }
    }
}
