//! Text → tokens. Whatever is written there becomes some token; what is wrong with one is kept beside it.

use super::quotes::{self, Quote};
use super::token::{Bracket, Kind, Token};
use super::{Flaws, messages};
use crate::diagnostic::Diagnostic;
use crate::document::Comment;
use crate::parse::json::{Flavor, comment, is_in_range, number_length};
use crate::text::Span;

/// How far something that must end on its line is followed, in bytes: one without its end must not cost a look through a
/// long line each time.
const FURTHEST: usize = 1 << 10;

pub(super) struct Lexer<'t> {
    text: &'t str,
    bytes: &'t [u8],
    allows_comments: bool,
    at: usize,
    indent: Option<usize>,
    last_comment_end: usize,
    /// The changes to the quotes that are still ahead, the last one first.
    changes: Vec<(usize, Quote)>,
    /// The open brackets of each kind.
    open: [Vec<usize>; 2],
    pub tokens: Vec<Token>,
    pub comments: Vec<Comment>,
    /// The closing brackets of each kind that the text lacks; less than zero where it has too many.
    pub lacks: [i32; 2],
    pub flaws: Flaws,
    /// Something other than a comment is wrong.
    pub is_damaged: bool,
    /// The first change to the quotes.
    pub sound_until: usize,
}

impl<'t> Lexer<'t> {
    pub fn read(text: &'t str, flavor: Flavor) -> Self {
        let start = if text.starts_with('\u{FEFF}') { 3 } else { 0 };
        let mut lexer = Self {
            text,
            bytes: text.as_bytes(),
            allows_comments: flavor == Flavor::WithComments,
            at: start,
            indent: Some(0),
            last_comment_end: text.rfind("*/").unwrap_or(0),
            changes: quotes::changes(text.as_bytes(), start),
            open: [Vec::new(), Vec::new()],
            tokens: Vec::new(),
            comments: Vec::new(),
            lacks: [0, 0],
            flaws: Flaws::default(),
            is_damaged: false,
            sound_until: usize::MAX,
        };
        lexer.changes.reverse();
        while lexer.tokens.last().is_none_or(|token| token.kind != Kind::End) {
            lexer.next();
        }
        lexer
    }

    /// Takes the change at this byte, if there is one.
    fn change(&mut self, at: usize) -> Option<Quote> {
        while self.changes.pop_if(|(place, _)| *place < at).is_some() {}
        let (_, quote) = self.changes.pop_if(|(place, _)| *place == at)?;
        self.sound_until = self.sound_until.min(at);
        Some(quote)
    }

    /// Reports something that is wrong between tokens or with quotes.
    fn report(&mut self, flaw: Diagnostic) {
        self.flaws.push(flaw);
        self.is_damaged = true;
    }

    fn next(&mut self) {
        self.blanks();
        let at = self.at;
        let one = |kind| Token::new(kind, Span::new(at, at + 1));
        let mut token = match (self.change(at), self.bytes.get(at)) {
            (Some(Quote::Opens), _) => {
                self.report(messages::missing_quote(at, "the opening quote of a string is missing", None));
                Token { is_guessed: true, ..self.string(at) }
            }
            (Some(Quote::Ignored), _) => {
                let one = Span::new(at, at + 1);
                self.report(messages::extra_quote(one, "there is one double quote too many", "delete this one"));
                self.at += 1;
                return;
            }
            (_, None) => Token::new(Kind::End, Span::at(at)),
            (_, Some(b'{')) => self.template().unwrap_or_else(|| one(Kind::Open(Bracket::Object))),
            (_, Some(b'}')) => one(Kind::Close(Bracket::Object)),
            (_, Some(b'[')) => one(Kind::Open(Bracket::Array)),
            (_, Some(b']')) => one(Kind::Close(Bracket::Array)),
            (_, Some(b',')) => one(Kind::Comma),
            (_, Some(b';')) => one(Kind::Comma).with(messages::SEMICOLON),
            (_, Some(b':')) => one(Kind::Colon),
            (_, Some(b'=')) => {
                let arrow = usize::from(self.bytes.get(at + 1) == Some(&b'>'));
                Token::new(Kind::Colon, Span::new(at, at + 1 + arrow)).with(messages::EQUALS)
            }
            (_, Some(b'"')) => self.string(at + 1),
            (_, Some(b'\'' | 0xE2)) => self.other_quotes().unwrap_or_else(|| self.word()),
            (_, Some(_)) => self.word(),
        };
        token.indent = self.indent.take();
        token.is_cut |= token.kind == Kind::Word && self.ends_line(token.span.end);
        token.partner = self.tokens.len();
        self.at = token.span.end;
        match token.kind {
            Kind::Open(bracket) => {
                self.open[bracket as usize].push(token.partner);
                self.lacks[bracket as usize] += 1;
            }
            Kind::Close(bracket) => {
                self.lacks[bracket as usize] -= 1;
                if let Some(opener) = self.open[bracket as usize].pop() {
                    self.tokens[opener].partner = token.partner;
                }
            }
            _ => {}
        }
        self.tokens.push(token);
    }

    /// Whether nothing but a comma is left of a line.
    fn ends_line(&self, at: usize) -> bool {
        let rest = self.bytes[at..].iter().find(|byte| !matches!(byte, b' ' | b'\t' | b','));
        matches!(rest, None | Some(b'\n' | b'\r'))
    }

    /// Skips white space and comments.
    fn blanks(&mut self) {
        while let Some(&byte) = self.bytes.get(self.at) {
            let at = self.at;
            self.at += match byte {
                b' ' | b'\t' => {
                    self.indent = self.indent.map(|indent| indent + 1);
                    1
                }
                b'\n' | b'\r' => {
                    self.indent = Some(0);
                    1
                }
                b'/' | b'#' if self.changes.last().is_none_or(|(place, _)| *place != at) => match self.comment() {
                    0 => return,
                    length => length,
                },
                0 | 0x0B | 0x0C | 0xC2.. => match self.text[at..].chars().next() {
                    Some(c) if c.is_whitespace() || matches!(c, '\0' | '\u{FEFF}' | '\u{200B}') => {
                        let span = Span::new(at, at + c.len_utf8());
                        let flaw = Diagnostic::syntax(span, "JSON does not know this blank", "an invisible character");
                        self.report(flaw.help("use an ordinary space"));
                        c.len_utf8()
                    }
                    _ => return,
                },
                _ => return,
            }
        }
    }

    /// The length of the comment here; 0 if there is none. One without its end goes to the end of its line.
    fn comment(&mut self) -> usize {
        let at = self.at;
        let line = self.bytes[at..].iter().take_while(|byte| !matches!(byte, b'\n' | b'\r')).count();
        let is_block = self.bytes[at..].starts_with(b"/*");
        if self.bytes[at] == b'#' {
            let flaw = Diagnostic::syntax(Span::new(at, at + 1), "JSON has no comments with `#`", "");
            self.report(flaw.help("delete the comment"));
            line
        } else if is_block && at + 2 > self.last_comment_end {
            let flaw = Diagnostic::syntax(Span::new(at, at + 2), "this comment is not closed", "opened here");
            self.report(flaw.help("end the comment with `*/`"));
            line
        } else {
            let Some(span) = comment(self.bytes, at) else { return 0 };
            self.comments.push(Comment { span });
            if quotes::is_odd(&self.bytes[span.start..span.end]) {
                // It may be the rest of a string.
                self.sound_until = self.sound_until.min(at);
            }
            if !self.allows_comments {
                self.flaws.push(messages::comment(span));
            }
            self.indent = self.indent.filter(|_| span.end <= at + line);
            span.end - at
        }
    }

    /// A string whose content starts at `content`: up to its quote, or to where that is lost.
    fn string(&mut self, content: usize) -> Token {
        let start = self.at;
        let mut at = content;
        let (mut has_inner_quotes, mut has_line_break) = (false, false);
        let end = loop {
            let is_line_end = matches!(self.bytes.get(at), None | Some(b'\n' | b'\r'));
            match (self.change(at), self.bytes.get(at)) {
                (Some(Quote::Closes), _) => break at,
                (Some(Quote::Ignored), _) => {
                    has_inner_quotes = true;
                    at += 1;
                }
                (Some(Quote::GoesOn(end)), _) => {
                    let flaw = Diagnostic::syntax(
                        Span::new(start, at),
                        "a string contains a line break",
                        "the line ends inside it",
                    );
                    self.report(flaw.help("write line breaks inside a string as `\\n`, all on one line"));
                    has_line_break = true;
                    at = end;
                }
                (_, Some(b'"')) => break at + 1,
                (_, Some(b'\\')) if !matches!(self.bytes.get(at + 1), None | Some(b'\n' | b'\r')) => at += 2,
                _ if is_line_end => break at,
                _ => at += 1,
            }
        };
        let span = Span::new(start, end);
        let is_open = end == at;
        if is_open {
            self.report(messages::missing_quote(at, "this string is not closed", (content > start).then_some(start)));
        }
        if has_inner_quotes {
            self.report(messages::extra_quote(span, "a string contains double quotes", "a quote ends it too early"));
        }
        Token {
            content: Span::new(content, at),
            is_guessed: is_open || has_inner_quotes || has_line_break,
            is_cut: is_open && self.ends_line(at),
            ..Token::new(Kind::Text, span)
        }
    }

    /// How far something that must end on its line is followed.
    fn rest_of_line(&self, at: usize) -> &'t str {
        let is_end = |&(length, c): &(usize, char)| length >= FURTHEST || matches!(c, '\n' | '\r');
        let rest = &self.text[at..];
        rest.char_indices().find(is_end).map_or(rest, |(length, _)| &rest[..length])
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
        let token = Token::new(Kind::Text, Span::new(self.at, self.at + length + quote.len_utf8())).with(problem);
        Some(Token { content: Span::new(self.at + opener, self.at + length), ..token })
    }

    /// `{{ … }}` without quotes around it, on one line.
    fn template(&self) -> Option<Token> {
        let is_value = self.tokens.last().is_none_or(|token| token.kind == Kind::Colon);
        if !is_value || !self.bytes[self.at..].starts_with(b"{{") {
            return None;
        }
        let rest = self.rest_of_line(self.at + 2);
        let inside = &rest[..rest.find("}}")?];
        let is_template = !inside.trim().is_empty() && !inside.contains(['"', '{']);
        is_template
            .then(|| Token::new(Kind::Word, Span::new(self.at, self.at + 4 + inside.len())).with(messages::TEMPLATE))
    }

    /// Something without quotes: a literal, a number, or words up to what could end them.
    fn word(&self) -> Token {
        let at = self.at;
        let limit = self.changes.iter().rev().map(|(place, _)| *place).find(|place| *place > at);
        let limit = limit.unwrap_or(self.bytes.len());
        let mut end = self.word_end(at, limit);
        let first = &self.text[at..end];
        let (is_number, is_like_number) = (number_length(first.as_bytes()) == Some(first.len()), is_like_number(first));
        let (kind, problem) = match first {
            "true" | "false" | "null" => (Kind::Literal, None),
            _ if is_number => (Kind::Number, (!is_in_range(first)).then_some(messages::TOO_LARGE)),
            _ if is_like_number => (Kind::Number, Some(messages::NOT_DECIMAL)),
            _ => (Kind::Word, messages::of_word(first)),
        };
        if kind != Kind::Word || problem.is_some() {
            return Token { problem, ..Token::new(kind, Span::new(at, end)) };
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
        Token::new(Kind::Word, Span::new(at, end.max(at + length))).with(problem)
    }

    /// The end of a run of bytes that can be part of a word.
    fn word_end(&self, start: usize, limit: usize) -> usize {
        let is_value = self.tokens.last().is_some_and(|token| token.kind == Kind::Colon);
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

/// Whether a word is meant as a number: one of digits, signs and a point, or a hexadecimal one.
fn is_like_number(word: &str) -> bool {
    let digits = word.trim_start_matches(['+', '-']);
    let hexadecimal = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X"));
    hexadecimal.map_or_else(
        || {
            digits.trim_start_matches('.').starts_with(|c: char| c.is_ascii_digit())
                && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-' | b'_'))
                && word.bytes().filter(|byte| *byte == b'-').count() < 3
        },
        |digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()),
    )
}
