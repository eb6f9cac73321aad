//! Text → tokens. Whatever is written there becomes some token; what is wrong with one is kept beside it.

use super::Flaws;
use super::messages::{self, Problem};
use super::quotes::{self, Quote};
use crate::document::Comment;
use crate::read::Flaw;
use crate::read::json::comment;
use crate::source::Span;

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
    /// The bracket that belongs to this one, if the text has it; otherwise the token itself.
    pub partner: usize,
    /// A quote of this string is lost or doubled.
    pub is_guessed: bool,
    /// The line or the text ends inside it: whatever else is missing there is the same mistake.
    pub is_cut: bool,
    pub problem: Option<Problem>,
}

/// All tokens of a text, and what is between them.
pub(super) struct Tokens {
    pub all: Vec<Token>,
    pub comments: Vec<Comment>,
    /// What is wrong with quotes and between tokens, in the order of the text.
    pub flaws: Flaws,
    /// There is nothing wrong in `flaws` but comments.
    pub only_comments: bool,
    /// The first change to the quotes.
    pub first_guess: usize,
}

/// How far the end of a string in other quotes, of a template, or of a string over several lines is looked for, in
/// bytes: one without its end must not cost a look through the whole text each time.
const FURTHEST: usize = 1 << 14;

pub(super) fn of(text: &str, start: usize, allows_comments: bool) -> Tokens {
    let bytes = text.as_bytes();
    // With one damaged line, its brackets make up for those of all others.
    let mut others = Some(0);
    let mut damaged = 0;
    let mut line = start;
    while line < bytes.len() {
        let end = line_end(bytes, line);
        match quotes::plain_depth(bytes, Span::new(line, end)) {
            Some(depth) => others = others.map(|sum| sum + depth),
            None => damaged += 1,
        }
        line = end + 1;
    }
    let mut lexer = Lexer {
        text,
        bytes,
        at: start,
        indent: Some(0),
        depth: others.filter(|_| damaged == 1).map(|depth: i32| -depth),
        last_comment_end: text.rfind("*/").unwrap_or(0),
        allows_comments,
        changes: Vec::new(),
        open: [Vec::new(), Vec::new()],
        found: Tokens {
            all: Vec::new(),
            comments: Vec::new(),
            flaws: Flaws::default(),
            only_comments: true,
            first_guess: usize::MAX,
        },
    };
    lexer.look_at_quotes();
    while lexer.next() {}
    lexer.found
}

fn line_end(bytes: &[u8], at: usize) -> usize {
    let length = bytes[at..].iter().position(|byte| *byte == b'\n' || *byte == b'\r');
    length.map_or(bytes.len(), |length| at + length)
}

struct Lexer<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    indent: Option<usize>,
    /// What the brackets of the only damaged line add up to.
    depth: Option<i32>,
    last_comment_end: usize,
    allows_comments: bool,
    /// The changes to the quotes of the line that are still ahead, the last one first.
    changes: Vec<(usize, Quote)>,
    /// The open brackets of each kind.
    open: [Vec<usize>; 2],
    found: Tokens,
}

impl<'t> Lexer<'t> {
    /// Finds what is wrong with the quotes of the line from here on.
    fn look_at_quotes(&mut self) {
        let line = Span::new(self.at, line_end(self.bytes, self.at));
        self.changes = quotes::changes(self.bytes, line, self.depth, || self.goes_on(line.end).is_some());
        self.changes.reverse();
        let first = self.changes.last().map_or(usize::MAX, |(at, _)| *at);
        self.found.first_guess = self.found.first_guess.min(first);
    }

    /// Where the string ends that goes on behind the line break at `at`, if the next lines look like the rest of one:
    /// they start as no line of JSON does, and the next quote can end a string.
    fn goes_on(&self, at: usize) -> Option<usize> {
        let rest = &self.bytes[at..self.bytes.len().min(at + FURTHEST)];
        let first = rest.iter().find(|byte| !byte.is_ascii_whitespace())?;
        if matches!(first, b'"' | b'{' | b'}' | b'[' | b']' | b',' | b':' | b'/' | b'#') {
            return None;
        }
        let length = rest.iter().position(|byte| *byte == b'"')?;
        let next = rest[length + 1..].iter().find(|byte| !matches!(byte, b' ' | b'\t'));
        matches!(next, None | Some(b',' | b'}' | b']' | b'\n' | b'\r')).then_some(at + length)
    }

    /// Takes the change at this byte, if there is one.
    fn change(&mut self, at: usize) -> Option<Quote> {
        while self.changes.pop_if(|(place, _)| *place < at).is_some() {}
        self.changes.pop_if(|(place, _)| *place == at).map(|(_, quote)| quote)
    }

    /// Reads one token; false at the end.
    fn next(&mut self) -> bool {
        self.blanks();
        let at = self.at;
        let one = Span::new(at, at + 1);
        let mut token = match self.change(at) {
            Some(Quote::Opens) => {
                self.found.flaws.push(messages::opening_quote(at));
                Token { is_guessed: true, ..self.string(at) }
            }
            Some(Quote::Ignored) => {
                self.found.flaws.push(messages::extra_quote(at));
                self.at += 1;
                return true;
            }
            _ => match self.bytes.get(at) {
                None => self.token(Kind::End, Span::at(at)),
                Some(b'{') => self.template().unwrap_or_else(|| self.token(Kind::Open(Bracket::Object), one)),
                Some(b'}') => self.token(Kind::Close(Bracket::Object), one),
                Some(b'[') => self.token(Kind::Open(Bracket::Array), one),
                Some(b']') => self.token(Kind::Close(Bracket::Array), one),
                Some(b',') => self.token(Kind::Comma, one),
                Some(b';') => self.odd(Kind::Comma, one, messages::SEMICOLON),
                Some(b':') => self.token(Kind::Colon, one),
                Some(b'=') => {
                    let arrow = usize::from(self.bytes.get(at + 1) == Some(&b'>'));
                    self.odd(Kind::Colon, Span::new(at, at + 1 + arrow), messages::EQUALS)
                }
                Some(b'"') => self.string(at + 1),
                Some(_) => self.other_quotes().unwrap_or_else(|| self.word()),
            },
        };
        token.indent = self.indent.take();
        token.is_cut |= token.kind == Kind::Word && self.ends_line(token.span.end);
        self.at = token.span.end;
        let index = self.found.all.len();
        token.partner = index;
        match token.kind {
            Kind::Open(bracket) => self.open[bracket as usize].push(index),
            Kind::Close(bracket) => {
                if let Some(partner) = self.open[bracket as usize].pop() {
                    token.partner = partner;
                    self.found.all[partner].partner = index;
                }
            }
            _ => {}
        }
        self.found.all.push(token);
        token.kind != Kind::End
    }

    /// Whether nothing but a comma is left of a line.
    fn ends_line(&self, at: usize) -> bool {
        let rest = self.bytes[at..].iter().find(|byte| !matches!(byte, b' ' | b'\t' | b','));
        matches!(rest, None | Some(b'\n' | b'\r'))
    }

    fn token(&self, kind: Kind, span: Span) -> Token {
        Token { kind, span, content: span, indent: None, partner: 0, is_guessed: false, is_cut: false, problem: None }
    }

    fn odd(&self, kind: Kind, span: Span, problem: Problem) -> Token {
        Token { problem: Some(problem), ..self.token(kind, span) }
    }

    /// Skips white space and comments.
    fn blanks(&mut self) {
        while let Some(&byte) = self.bytes.get(self.at) {
            let at = self.at;
            match byte {
                b' ' | b'\t' => {
                    self.at += 1;
                    self.indent = self.indent.map(|indent| indent + 1);
                }
                b'\n' | b'\r' => {
                    self.at += 1;
                    self.indent = Some(0);
                    self.look_at_quotes();
                }
                b'/' | b'#' if self.changes.last().is_none_or(|(place, _)| *place != at) => {
                    let is_block = self.bytes.get(at + 1) == Some(&b'*');
                    let closed = (byte == b'/' && (!is_block || at + 2 <= self.last_comment_end))
                        .then(|| comment(self.bytes, at))
                        .flatten();
                    let end = closed.map_or_else(|| line_end(self.bytes, at), |span| span.end);
                    match closed {
                        Some(span) => {
                            self.found.comments.push(Comment { span });
                            if !self.allows_comments {
                                self.found.flaws.push(messages::comment(span));
                            }
                        }
                        None if byte == b'#' => self.oddity(messages::hash_comment(at)),
                        None if is_block => self.oddity(messages::open_comment(at)),
                        None => return,
                    }
                    self.at = end;
                    if self.bytes[at..end].contains(&b'\n') {
                        self.indent = None;
                        self.look_at_quotes();
                    }
                }
                0 | 0x0B | 0x0C => self.odd_blank(1),
                0xC2.. => match self.text[at..].chars().next() {
                    Some(c) if c == '\u{FEFF}' || c == '\u{200B}' || c.is_whitespace() => self.odd_blank(c.len_utf8()),
                    _ => return,
                },
                _ => return,
            }
        }
    }

    fn oddity(&mut self, flaw: Flaw) {
        self.found.flaws.push(flaw);
        self.found.only_comments = false;
    }

    fn odd_blank(&mut self, length: usize) {
        let span = Span::new(self.at, self.at + length);
        self.oddity(messages::odd_blank(span));
        self.at = span.end;
    }

    /// A string whose content starts at `content`: up to its quote, or to where that is lost.
    fn string(&mut self, content: usize) -> Token {
        let start = self.at;
        let mut token = self.token(Kind::Text, Span::at(start));
        let mut at = content;
        let mut inner_quotes = false;
        let mut end_of_line = None;
        let end = loop {
            let is_line_end = matches!(self.bytes.get(at), None | Some(b'\n' | b'\r'));
            match self.change(at) {
                Some(Quote::Closes) => break at,
                Some(Quote::Ignored) => {
                    inner_quotes = true;
                    at += 1;
                    continue;
                }
                Some(Quote::GoesOn) => {
                    end_of_line = self.goes_on(at);
                    self.found.flaws.push(messages::line_break(Span::new(start, at)));
                    at = end_of_line.unwrap_or(at);
                    continue;
                }
                Some(Quote::Opens) | None => {}
            }
            match self.bytes.get(at) {
                Some(b'"') => break at + 1,
                Some(b'\\') if !matches!(self.bytes.get(at + 1), None | Some(b'\n' | b'\r')) => at += 2,
                _ if is_line_end => break at,
                _ => at += 1,
            }
        };
        token.content = Span::new(content, at);
        token.span = Span::new(start, end);
        if end == at {
            token.is_cut = self.ends_line(at);
            self.found.flaws.push(messages::closing_quote(at, (content > start).then_some(start)));
        }
        if inner_quotes {
            self.found.flaws.push(messages::inner_quotes(token.span));
        }
        token.is_guessed = end == at || inner_quotes || end_of_line.is_some();
        if end_of_line.is_some() {
            self.at = token.span.end;
            self.look_at_quotes();
        }
        token
    }

    /// How far something that must end on its line is followed.
    fn rest_of_line(&self, at: usize) -> &'t str {
        let limit = self.text.floor_char_boundary(at + 1024);
        let rest = &self.text[at..limit];
        rest.split(['\n', '\r']).next().unwrap_or(rest)
    }

    /// A string in single or typographic quotes, if it ends on its line.
    fn other_quotes(&self) -> Option<Token> {
        let rest = self.rest_of_line(self.at);
        let (ends, problem): (&[char], _) = match rest.chars().next()? {
            '\'' => (&['\''], messages::SINGLE_QUOTES),
            '\u{2018}'..='\u{201B}' => (&['\u{2018}', '\u{2019}', '\u{201B}'], messages::TYPOGRAPHIC_QUOTES),
            '\u{201C}'..='\u{201F}' => (&['\u{201C}', '\u{201D}', '\u{201F}'], messages::TYPOGRAPHIC_QUOTES),
            _ => return None,
        };
        let mut escaped = false;
        let is_end = |&(at, c): &(usize, char)| {
            let ends = at > 0 && !escaped && ends.contains(&c);
            escaped = c == '\\' && !escaped;
            ends
        };
        let (length, quote) = rest.char_indices().find(is_end)?;
        let opener = rest.chars().next().map_or(1, char::len_utf8);
        let token = self.odd(Kind::Text, Span::new(self.at, self.at + length + quote.len_utf8()), problem);
        Some(Token { content: Span::new(self.at + opener, self.at + length), ..token })
    }

    /// `{{ … }}` without quotes around it, on one line.
    fn template(&self) -> Option<Token> {
        let is_value = self.found.all.last().is_none_or(|token| token.kind == Kind::Colon);
        if !is_value || !self.bytes[self.at..].starts_with(b"{{") {
            return None;
        }
        let rest = self.rest_of_line(self.at + 2);
        let inside = &rest[..rest.find("}}")?];
        let is_template = !inside.trim().is_empty() && !inside.contains(['"', '{']);
        is_template.then(|| self.odd(Kind::Word, Span::new(self.at, self.at + 4 + inside.len()), messages::TEMPLATE))
    }

    /// Something without quotes: a literal, a number, or words up to what could end them.
    fn word(&self) -> Token {
        let at = self.at;
        let limit = self.changes.iter().rev().map(|(place, _)| *place).find(|place| *place > at);
        let limit = limit.unwrap_or(self.bytes.len());
        let mut end = self.word_end(at, limit);
        let first = &self.text[at..end];
        if matches!(first, "true" | "false" | "null") {
            return self.token(Kind::Literal, Span::new(at, end));
        }
        if let Some(problem) = messages::of_number(first) {
            return Token { problem, ..self.token(Kind::Number, Span::new(at, end)) };
        }
        if let Some(problem) = messages::of_word(first) {
            return self.odd(Kind::Word, Span::new(at, end), problem);
        }
        // Several words are one text.
        loop {
            let blanks = self.bytes[end..limit].iter().take_while(|&&byte| byte == b' ' || byte == b'\t').count();
            let next = end + blanks;
            let is_comment = matches!(self.bytes.get(next..), Some([b'#', ..] | [b'/', b'/' | b'*', ..]));
            let longer = self.word_end(next, limit);
            if blanks == 0 || is_comment || longer == next {
                break;
            }
            end = longer;
        }
        let is_template = self.text[at..end].contains("${");
        // A character that starts no word is a token by itself.
        let length = self.text[at..].chars().next().map_or(1, char::len_utf8);
        let problem = if is_template { messages::TEMPLATE } else { messages::NO_QUOTES };
        self.odd(Kind::Word, Span::new(at, end.max(at + length)), problem)
    }

    /// The end of a run of bytes that can be part of a word.
    fn word_end(&self, start: usize, limit: usize) -> usize {
        let is_value = self.found.all.last().is_some_and(|token| token.kind == Kind::Colon);
        let mut at = start;
        while at < limit {
            match &self.bytes[at..limit] {
                [b'$', b'{', ..] => match self.rest_of_line(at).find(['}', '"']).map(|length| at + length) {
                    Some(end) if end < limit && self.bytes[end] == b'}' => at = end + 1,
                    _ => return at.max(start + 1),
                },
                // Part of a URL, of an address or of a time.
                [b':', b'/' | b':' | b'a'..=b'z' | b'0'..=b'9', ..] | [b'=', ..] if is_value => at += 1,
                [b'{' | b'}' | b'[' | b']' | b',' | b'"' | b';' | b' ' | b':' | b'=' | ..0x20, ..] => break,
                _ => at += 1,
            }
        }
        at
    }
}
