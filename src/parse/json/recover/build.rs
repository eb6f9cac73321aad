//! Builds the entries of a document from tokens in a valid order, and finds mistakes inside the tokens.

use super::token::{Bracket, Kind, Token};
use super::{Flaws, messages, problems};
use crate::document::{Entry, EntryId, Table};
use crate::parse::json::{escape, hex4, is_remark_like};
use crate::text::Span;

#[derive(Default)]
pub(super) struct Builder<'t> {
    text: &'t str,
    pub table: Table,
    pub flaws: Flaws,
    /// The open entries.
    open: Vec<(EntryId, Bracket)>,
    /// The key of the next value.
    key: Option<(String, Span)>,
    /// Whether the next value is a guess.
    is_guessed: bool,
}

impl<'t> Builder<'t> {
    pub fn new(text: &'t str) -> Self {
        Self { text, ..Self::default() }
    }

    pub fn take(&mut self, token: &Token) {
        self.is_guessed |= token.is_guessed;
        let is_key = self.key.is_none() && self.open.last().is_some_and(|(_, open)| *open == Bracket::Object);
        let is_key = is_key && token.kind.is_scalar();
        if let Some(flaw) = messages::of_token(self.text, token, is_key) {
            self.flaws.damage(flaw);
        }
        match token.kind {
            Kind::Comma | Kind::Colon | Kind::End => {}
            Kind::Open(bracket) => {
                let id = self.start(token, if bracket == Bracket::Object { Entry::OBJECT } else { Entry::ARRAY });
                self.open.push((id, bracket));
            }
            Kind::Close(_) => {
                let Some((id, bracket)) = self.open.pop() else { return };
                match bracket {
                    Bracket::Object => self.table.close_object(id, token.span.end, self.text),
                    Bracket::Array => self.table.close(id, token.span.end),
                }
                if std::mem::take(&mut self.is_guessed) {
                    self.table.flag(id, Entry::UNKNOWN);
                }
            }
            _ if is_key => self.key = Some((self.text_of(token), token.span)),
            _ => {
                let literal = problems::literal(&self.text[token.span.start..token.span.end]);
                // An invalid number, or words without quotes, may be meant as something else.
                self.is_guessed |= token.problem.is_some() && matches!(token.kind, Kind::Number | Kind::Word);
                let kind = match (token.kind, literal) {
                    (Kind::Literal, Some("true")) => Entry::TRUE,
                    (Kind::Literal, Some("false")) => Entry::FALSE,
                    (Kind::Number, _) if token.problem.is_none() => Entry::NUMBER,
                    (Kind::Text | Kind::Word, _) => Entry::TEXT,
                    _ => 0,
                };
                let text = (kind == Entry::TEXT).then(|| self.text_of(token));
                let id = self.start(token, kind);
                if let Some(text) = text {
                    self.table.own_text(id, text);
                }
                self.table.close(id, token.span.end);
            }
        }
    }

    fn start(&mut self, token: &Token, kind: u16) -> EntryId {
        let unknown = if std::mem::take(&mut self.is_guessed) { Entry::UNKNOWN } else { 0 };
        let (key, span) = self.key.take().unzip();
        let id = self.table.open(token.span.start, span.unwrap_or_default(), kind | unknown);
        if let Some(key) = key {
            self.table.remarks |= is_remark_like(key.as_bytes());
            self.table.own_key(id, key);
        }
        id
    }

    /// Returns the text of a string or a word. If it contains something invalid, the value is a guess.
    fn text_of(&mut self, token: &Token) -> String {
        let Span { start: mut at, end } = token.content;
        let mut text = String::new();
        while at < end {
            let rest = &self.text[at..end];
            let run = |is_part: fn(u8) -> bool| rest.bytes().take_while(|byte| is_part(*byte)).count();
            let (length, character, problem) = match rest.as_bytes() {
                _ if token.kind != Kind::Text => (rest.len(), None, None),
                // In a string with other quotes, such a quote can be escaped.
                [b'\\', b'\'', ..] if token.problem.is_some() => (2, Some('\''), None),
                [b'\\', ..] => match escape(rest.as_bytes(), 0) {
                    Some((character, length)) => (length, Some(character), None),
                    // The line ends inside the escape.
                    None if token.is_guessed && rest.len() <= 12 => (rest.len(), None, None),
                    None if rest.starts_with("\\u") && hex4(rest.as_bytes(), 2).is_some() => {
                        (6, Some('\u{FFFD}'), Some(problems::HALF))
                    }
                    None => (rest.chars().take(2).map(char::len_utf8).sum(), None, Some(problems::ESCAPE)),
                },
                // A line break is reported with the string.
                [b'\n' | b'\r', ..] if token.is_guessed => (run(|byte| byte < 0x20), None, None),
                [..0x20, ..] => (run(|byte| byte < 0x20), None, Some(problems::CONTROL)),
                _ => (run(|byte| byte >= 0x20 && byte != b'\\'), None, None),
            };
            match character {
                Some(character) => text.push(character),
                None => text.push_str(&rest[..length]),
            }
            if let Some(problem) = problem {
                self.flaws.damage(messages::problem(problem, Span::new(at, at + length), ""));
                self.is_guessed = true;
            }
            at += length;
        }
        text
    }
}
