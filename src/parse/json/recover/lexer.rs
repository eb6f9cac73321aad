//! Splits a text into tokens, one at a time. Any text is a token, which also has its problem.

use super::problems::{self, Problem};
use super::token::{Bracket, Kind, Token};
use crate::parse::json::{Flavor, comment, number_length};
use crate::text::Span;

/// The maximum number of bytes in which a token must end on its line: the search for a missing end must not pass over a
/// long line each time.
const FURTHEST: usize = 1 << 13;

pub(super) const BLANKS: &[char] = &[' ', '\t'];
pub(super) const LINE_BREAKS: &[char] = &['\n', '\r'];
/// The characters that may follow a string in JSON, or a string without its closing quote.
pub(super) const PUNCTUATION: &[char] = &[',', ':', '}', ']', '{', '['];

#[derive(Clone, Copy, Default)]
pub(super) struct Lexer<'t> {
    pub text: &'t str,
    pub flavor: Flavor,
    last_comment_end: usize,
}

impl<'t> Lexer<'t> {
    pub fn new(text: &'t str, flavor: Flavor) -> Self {
        Self { text, flavor, last_comment_end: text.rfind("*/").unwrap_or(0) }
    }

    /// The token after byte `at`. `is_key` is whether a field name is expected.
    pub fn next(self, at: usize, is_key: bool) -> Token {
        let at = self.blanks(at, &mut |_, _| ());
        let one = |kind| Token::new(kind, at, at + 1);
        match self.text.as_bytes()[at..] {
            [] => Token::new(Kind::End, at, at),
            [b'"', ..] => self.string(at),
            [b'{', ..] => self.template(at, is_key).unwrap_or_else(|| one(Kind::Open(Bracket::Object))),
            [b'}', ..] => one(Kind::Close(Bracket::Object)),
            [b'[', ..] => one(Kind::Open(Bracket::Array)),
            [b']', ..] => one(Kind::Close(Bracket::Array)),
            [b',', ..] => one(Kind::Comma),
            [b';', ..] => one(Kind::Comma).with(problems::SEMICOLON),
            [b':', ..] => one(Kind::Colon),
            [b'=', b'>', ..] => Token::new(Kind::Colon, at, at + 2).with(problems::EQUALS),
            [b'=', ..] => one(Kind::Colon).with(problems::EQUALS),
            [b'\'' | 0xE2, ..] => self.other_quotes(at).unwrap_or_else(|| self.word(at, is_key)),
            _ => self.word(at, is_key),
        }
    }

    fn string(self, at: usize) -> Token {
        if let Some(end) = self.quote(at + 1) {
            return Token::text(Span::new(at, end + 1), at + 1, end);
        }
        let end = at + self.rest_of_line(at).len();
        Token::text(Span::new(at, end), at + 1, end).with(problems::NOT_CLOSED).guessed()
    }

    /// The next unescaped quote on the line.
    pub fn quote(self, mut at: usize) -> Option<usize> {
        loop {
            at += match self.text.as_bytes().get(at..)? {
                [] | [b'\n' | b'\r', ..] => return None,
                [b'"', ..] => return Some(at),
                [b'\\', b'\\' | b'"', ..] => 2,
                _ => 1,
            };
        }
    }

    /// The rest of the line, up to `FURTHEST` bytes.
    pub fn rest_of_line(self, at: usize) -> &'t str {
        let mut end = self.text.len().min(at + FURTHEST);
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let rest = &self.text[at..end];
        rest.split(LINE_BREAKS).next().unwrap_or(rest)
    }

    /// Whether only separators and closing brackets are between a byte and the end of its line.
    pub fn ends_line(self, at: usize) -> bool {
        let rest = self.text[at..].trim_start_matches(&[' ', '\t', ',', '}', ']'] as &[char]);
        rest.is_empty() || rest.starts_with(&['\n', '\r', '#', '/'] as &[char])
    }

    /// The width of the blanks before a byte, if it is the first non-blank byte on its line.
    pub fn indent(self, at: usize) -> Option<usize> {
        let before = self.text[..at].trim_end_matches(BLANKS);
        (before.is_empty() || before.ends_with(LINE_BREAKS)).then_some(at - before.len())
    }

    /// Skips whitespace and comments, and calls `found` with each comment and each part with a problem.
    pub fn blanks(self, mut at: usize, found: &mut dyn FnMut(Span, Option<Problem>)) -> usize {
        loop {
            let rest = &self.text[at..];
            let first = rest.chars().next().unwrap_or('"');
            let length = match first {
                ' ' | '\t' | '\n' | '\r' => 1,
                '#' => {
                    found(Span::new(at, at + 1), Some(problems::HASH));
                    rest.find(LINE_BREAKS).unwrap_or(rest.len())
                }
                '/' if rest.starts_with("/*") && at + 2 > self.last_comment_end => {
                    found(Span::new(at, at + 2), Some(problems::OPEN_COMMENT));
                    rest.find(LINE_BREAKS).unwrap_or(rest.len())
                }
                '/' => {
                    let Some(span) = comment(self.text.as_bytes(), at) else { return at };
                    found(span, None);
                    span.end - at
                }
                '\u{FEFF}' if at == 0 => first.len_utf8(),
                _ if first.is_whitespace() || matches!(first, '\0' | '\u{FEFF}' | '\u{200B}') => {
                    found(Span::new(at, at + first.len_utf8()), Some(problems::BLANK));
                    first.len_utf8()
                }
                _ => return at,
            };
            at += length;
        }
    }

    /// A string in single or typographic quotes, if it ends on its line and a valid character follows.
    fn other_quotes(self, at: usize) -> Option<Token> {
        let rest = self.rest_of_line(at);
        let first = rest.chars().next()?;
        let (ends, problem): (&[char], _) = match first {
            '\'' => (&['\''], problems::SINGLE_QUOTES),
            '\u{2018}'..='\u{201F}' => {
                (&['\u{2018}', '\u{2019}', '\u{201C}', '\u{201D}'], problems::TYPOGRAPHIC_QUOTES)
            }
            _ => return None,
        };
        let is_end = |(length, quote): &(usize, &str)| {
            let behind = rest[length + quote.len()..].trim_start();
            let can_follow = behind.is_empty() || behind.starts_with(PUNCTUATION);
            *length > 0 && !rest[..*length].ends_with('\\') && can_follow
        };
        let (length, quote) = rest.match_indices(ends).take(8).find(is_end)?;
        let span = Span::new(at, at + length + quote.len());
        Some(Token::text(span, at + first.len_utf8(), at + length).with(problem))
    }

    /// `{{ … }}` without quotes, on one line.
    fn template(self, at: usize, is_key: bool) -> Option<Token> {
        if is_key || !self.text[at..].starts_with("{{") {
            return None;
        }
        let inside = self.rest_of_line(at + 2).split_once("}}")?.0;
        let is_template = !inside.trim().is_empty() && !inside.contains(&['"', '{'] as &[char]);
        is_template.then(|| Token::new(Kind::Word, at, at + 4 + inside.len()).with(problems::TEMPLATE))
    }

    /// A token without quotes: a literal, a number, or words up to a character that ends them.
    fn word(self, at: usize, is_key: bool) -> Token {
        let words = &self.text[at..self.end_of_words(at, is_key)];
        let word = words.split(BLANKS).next().unwrap_or(words);
        let token = |kind| Token::new(kind, at, at + word.len());
        let is_like_number =
            word.trim_start_matches(&['+', '-', '.'] as &[char]).starts_with(|c: char| c.is_ascii_digit())
                && (word.contains("0x") || word.bytes().all(|byte| b"0123456789.eE+-_".contains(&byte)));
        if let Some(literal) = problems::literal(word) {
            token(Kind::Literal).with((word != literal).then_some(problems::NOT_A_LITERAL))
        } else if number_length(word.as_bytes()) == Some(word.len()) {
            token(Kind::Number)
        } else if is_like_number {
            token(Kind::Number).with(problems::NOT_DECIMAL)
        } else {
            let problem = if words.contains("${") { problems::TEMPLATE } else { problems::NO_QUOTES };
            Token::new(Kind::Word, at, at + words.len()).with(problem)
        }
    }

    /// The end of words. A character that ends words is a word by itself if it is the first.
    fn end_of_words(self, start: usize, is_key: bool) -> usize {
        let (mut at, mut end) = (start, start + 1);
        loop {
            at += match &self.text.as_bytes()[at..] {
                [b'$', b'{', rest @ ..] => match rest.iter().take(100).position(|byte| b"}\"\n".contains(byte)) {
                    Some(length) if rest[length] == b'}' => length + 3,
                    _ => return end,
                },
                [b' ' | b'\t', b'#', ..] | [b' ' | b'\t', b'/', b'/' | b'*', ..] => return end,
                [b' ' | b'\t', ..] => {
                    at += 1;
                    continue;
                }
                // A part of a URL, an address or a time.
                [b':', b'/' | b':' | b'a'..=b'z' | b'0'..=b'9', ..] | [b'=', ..] if !is_key => 1,
                [] | [b'{' | b'}' | b'[' | b']' | b',' | b'"' | b';' | b':' | b'=' | ..b' ', ..] => return end,
                _ => 1,
            };
            end = at;
        }
    }
}
