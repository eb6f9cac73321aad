//! From text to tokens. Every text becomes some token; its problem is kept beside it or reported.
//!
//! A string ends at its quote, or with its line. If the text after that quote cannot follow a string, the quote starts
//! another string, is part of this one, or is doubled; if both are possible, an odd number of quotes on the rest of the
//! line shows that one is missing or doubled.

use super::Flaws;
use super::messages;
use super::token::{Bracket, Kind, Token};
use crate::document::Comment;
use crate::parse::json::{comment, number_length};
use crate::text::Span;

/// How far something that must end on its line is followed, in bytes: one without its end must not cost a look through a
/// long line each time.
const FURTHEST: usize = 1 << 10;

#[derive(Default)]
pub(super) struct Lexer<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    indent: Option<usize>,
    line_end: usize,
    /// The quotes of the line, and how many of them are behind.
    quotes: Vec<usize>,
    passed: usize,
    last_comment_end: usize,
    /// The open brackets of each kind.
    open: [Vec<usize>; 2],
    pub tokens: Vec<Token>,
    pub comments: Vec<Comment>,
    /// The closing brackets of each kind that the text lacks; less than zero where it has too many.
    pub lacks: [i32; 2],
    pub flaws: Flaws,
}

impl<'t> Lexer<'t> {
    pub fn read(text: &'t str) -> Self {
        let last_comment_end = text.rfind("*/").unwrap_or(0);
        let mut lexer = Self { text, bytes: text.as_bytes(), last_comment_end, ..Self::default() };
        lexer.start_line(if text.starts_with('\u{FEFF}') { 3 } else { 0 });
        while lexer.tokens.last().is_none_or(|token| token.kind != Kind::End) {
            lexer.next();
        }
        lexer
    }

    fn start_line(&mut self, at: usize) {
        let length = self.bytes[at..].iter().position(|byte| matches!(byte, b'\n' | b'\r'));
        (self.at, self.passed, self.indent) = (at, 0, Some(0));
        self.line_end = length.map_or(self.bytes.len(), |length| at + length);
        self.quotes.clear();
        let mut is_escaped = false;
        for at in at..self.line_end {
            if self.bytes[at] == b'"' && !is_escaped {
                self.quotes.push(at);
            }
            is_escaped = self.bytes[at] == b'\\' && !is_escaped;
        }
    }

    /// Goes on behind `at`, and returns how many quotes are passed.
    fn go_to(&mut self, at: usize) -> usize {
        let passed = self.passed;
        while self.quote(0).is_some_and(|quote| quote < at) {
            self.passed += 1;
        }
        self.at = at;
        self.passed - passed
    }

    /// The quote after the next `further` ones.
    fn quote(&self, further: usize) -> Option<usize> {
        self.quotes.get(self.passed + further).copied()
    }

    /// Whether an odd number of quotes is left of the line.
    fn is_odd(&self) -> bool {
        (self.quotes.len() - self.passed) % 2 == 1
    }

    fn next(&mut self) {
        self.blanks();
        let (at, here) = (self.at, self.tokens.len());
        let one = |kind| Token::new(kind, at, at + 1);
        let mut token = match self.bytes.get(at) {
            None => Token::new(Kind::End, at, at),
            Some(b'"') => self.string(),
            Some(_) if self.lacks_opening_quote() => {
                self.flaws.doubt(messages::missing_quote(at, "missing opening quote of a string", None));
                let end = self.quote(0).unwrap_or(self.line_end);
                Token { is_guessed: true, ..Token::text(at, end + 1, Span::new(at, end)) }
            }
            Some(b'{') => self.template().unwrap_or_else(|| one(Kind::Open(Bracket::Object))),
            Some(b'}') => one(Kind::Close(Bracket::Object)),
            Some(b'[') => one(Kind::Open(Bracket::Array)),
            Some(b']') => one(Kind::Close(Bracket::Array)),
            Some(b',') => one(Kind::Comma),
            Some(b';') => one(Kind::Comma).with(messages::SEMICOLON),
            Some(b':') => one(Kind::Colon),
            Some(b'=') => {
                let is_arrow = self.bytes.get(at + 1) == Some(&b'>');
                Token::new(Kind::Colon, at, at + 1 + usize::from(is_arrow)).with(messages::EQUALS)
            }
            Some(b'\'' | 0xE2) => self.other_quotes().unwrap_or_else(|| self.word()),
            Some(_) => self.word(),
        };
        token.indent = self.indent.take();
        token.is_cut |= (token.is_guessed || token.kind == Kind::Word) && self.follows(token.span.end, b",}]") == b'\n';
        token.partner = here;
        match token.kind {
            Kind::Open(bracket) => {
                self.open[bracket as usize].push(here);
                self.lacks[bracket as usize] += 1;
            }
            Kind::Close(bracket) => {
                self.lacks[bracket as usize] -= 1;
                if let Some(opener) = self.open[bracket as usize].pop() {
                    self.tokens[opener].partner = here;
                }
            }
            _ => {}
        }
        self.tokens.push(token);
        self.go_to(token.span.end);
    }

    /// The text that follows on the line after blanks and the bytes to `skip`; a line break at its end or before a
    /// comment.
    fn follows(&self, at: usize, skip: &[u8]) -> u8 {
        let rest = &self.bytes[at.min(self.line_end)..self.line_end.min(at + FURTHEST).max(at.min(self.line_end))];
        let start = rest.iter().position(|byte| !matches!(byte, b' ' | b'\t') && !skip.contains(byte));
        match start.map(|start| &rest[start..]) {
            None => b'\n',
            Some([b'/', b'/' | b'*', ..] | [b'#', ..]) if start > Some(0) => b'\n',
            Some(rest) => rest[0],
        }
    }

    /// Whether no key can be here: behind a colon, and in an array.
    fn is_value(&self) -> bool {
        self.tokens.last().is_some_and(|token| token.kind == Kind::Colon) || self.open[1].last() > self.open[0].last()
    }

    /// Whether a string can end with the quote at a byte.
    fn can_end(&self, quote: usize) -> bool {
        match self.follows(quote + 1, b"") {
            b',' | b'}' | b']' | b'\n' | b';' => true,
            b':' | b'=' => !self.is_value(),
            _ => false,
        }
    }

    /// Whether the next quote ends a string that starts here without its own.
    fn lacks_opening_quote(&self) -> bool {
        let Some(end) = self.quote(0).filter(|end| self.can_end(*end)) else { return false };
        let is_word = match self.bytes[self.at] {
            b'{' | b'[' => self.bytes[self.at + 1] == b'\\',
            b'}' | b']' | b',' | b':' | b';' | b'=' | b'/' | b'#' | b'\'' => false,
            _ => true,
        };
        let is_closed = !matches!(self.bytes[end - 1], b' ' | b'\t' | b',' | b':' | b'{' | b'[');
        match self.tokens.last().map(|token| token.kind) {
            Some(Kind::Colon | Kind::Comma | Kind::Open(_)) if is_word && is_closed => true,
            Some(Kind::Colon) => self.is_odd() && (is_word || !matches!(self.bytes[self.at], b'{' | b'[')),
            _ => is_word && is_closed && self.is_odd(),
        }
    }

    /// A string at its quote.
    fn string(&mut self) -> Token {
        let (start, is_odd, is_value) = (self.at, self.is_odd(), self.is_value());
        let closed = |end: usize| Token::text(start, end + 1, Span::new(start + 1, end));
        let Some(end) = self.quote(1) else { return self.unclosed(self.line_end) };
        let (next, after) = (self.follows(end + 1, b""), self.quote(2));
        let ends_after = after.is_some_and(|after| self.can_end(after));
        let content = self.text[start + 1..end].trim_end();
        if is_odd && content.is_empty() && end == start + 1 && (ends_after || is_word(next)) {
            // The string starts with the second quote.
            self.go_to(end);
            let token = self.string();
            return self.doubled(start, token);
        }
        if is_odd && !is_value && content.ends_with(':') && next != b':' {
            return self.unclosed(end);
        }
        if next == b'"' && !is_odd || next != b'"' && !is_word(next) {
            return closed(end);
        }
        if after == Some(end + 1) && is_odd && ends_after {
            return self.doubled(end + 1, closed(end));
        }
        // The quote is that of the next string.
        let before = content.trim_end_matches([' ', '\t', '{', '[']);
        if before.ends_with([',', '}', ']']) || (!is_value && content.ends_with([':', '{', '['])) {
            return self.unclosed(end);
        }
        let is_inner = self.bytes[end - 1] == b' ' || !matches!(self.bytes[end + 1], b' ' | b'\t');
        let ends = |quote: &usize| self.can_end(*quote) || self.follows(quote + 1, b"") == b':';
        let last = (2..16).map_while(|further| self.quote(further)).find(ends);
        let Some(last) = last.filter(|last| is_inner && next != b'"' && self.can_end(*last)) else {
            return closed(end);
        };
        let token = Token { is_guessed: true, ..closed(last) };
        self.flaws.doubt(messages::problem(messages::INNER_QUOTES, token.span, "ends the string too early"));
        token
    }

    /// A string with one quote too many.
    fn doubled(&mut self, quote: usize, token: Token) -> Token {
        let extra = Span::new(quote, quote + 1);
        self.flaws.doubt(messages::problem(messages::EXTRA_QUOTE, extra, "unexpected"));
        let span = Span::new(token.span.start.min(quote + 1), token.span.end.max(quote + 1));
        Token { span, is_guessed: true, ..token }
    }

    /// A string that lost its closing quote before `limit`: what can be behind a string is not part of it.
    fn unclosed(&mut self, limit: usize) -> Token {
        let (start, is_value) = (self.at, self.is_value());
        if limit == self.line_end
            && let Some(end) = self.goes_on()
        {
            let line = Span::new(start, limit);
            self.flaws.doubt(messages::problem(messages::LINE_BREAK, line, "line break"));
            let indent = self.indent;
            self.start_line(end + 1);
            self.indent = indent;
            return Token { is_guessed: true, ..Token::text(start, end + 1, Span::new(start + 1, end)) };
        }
        let mut rest = self.text[start + 1..limit].trim_end();
        // A field whose value is no string.
        if let Some((key, value)) = rest.split_once(':').filter(|_| !is_value)
            && (value.trim_start().starts_with(['{', '['])
                || is_literal(value.trim_matches([' ', '\t', ',', '}', ']'])))
        {
            rest = key;
        }
        let count = |bracket: char| i32::try_from(rest.matches(bracket).count()).unwrap_or(i32::MAX);
        let mut surplus = [count('}') - count('{'), count(']') - count('[')];
        while let Some(last) = rest.bytes().next_back() {
            let is_outside = match last {
                b' ' | b'\t' => true,
                b',' => rest.len() > 1,
                b'}' | b']' => surplus[usize::from(last == b']')] > 0,
                b'{' | b'[' => !is_value || limit < self.line_end,
                b':' => !is_value,
                _ => false,
            };
            if !is_outside {
                break;
            }
            match last {
                b'}' | b']' => surplus[usize::from(last == b']')] -= 1,
                b'{' | b'[' => surplus[usize::from(last == b'[')] += 1,
                _ => {}
            }
            rest = &rest[..rest.len() - 1];
        }
        let end = start + 1 + rest.len();
        self.flaws.doubt(messages::missing_quote(end, "unclosed string", Some(start)));
        Token { is_guessed: true, ..Token::text(start, end, Span::new(start + 1, end)) }
    }

    /// Where the string ends that goes on behind the end of the line, if the next lines look like the rest of one: they
    /// start as no line of JSON does, and the next quote can end a string.
    fn goes_on(&self) -> Option<usize> {
        let rest = &self.bytes[self.line_end..];
        let end = rest.iter().position(|byte| *byte == b'"')?;
        let first = rest.iter().find(|byte| !byte.is_ascii_whitespace())?;
        let next = rest[end + 1..].iter().find(|byte| !matches!(byte, b' ' | b'\t' | b'\r'));
        let is_rest = !matches!(first, b'"' | b'{' | b'}' | b'[' | b']' | b',' | b':' | b'/' | b'#');
        (is_rest && matches!(next, None | Some(b',' | b'}' | b']' | b'\n'))).then_some(self.line_end + end)
    }

    /// Skips whitespace and comments.
    fn blanks(&mut self) {
        while let Some(&byte) = self.bytes.get(self.at) {
            let at = self.at;
            match byte {
                b' ' | b'\t' => {
                    self.indent = self.indent.map(|indent| indent + 1);
                    self.at += 1;
                }
                b'\n' | b'\r' => self.start_line(at + 1),
                b'/' | b'#' if !self.lacks_opening_quote() && self.comment() => {}
                0 | 0x0B | 0x0C | 0xC2.. => match self.text[at..].chars().next() {
                    Some(c) if c.is_whitespace() || matches!(c, '\0' | '\u{FEFF}' | '\u{200B}') => {
                        self.at += c.len_utf8();
                        let span = Span::new(at, self.at);
                        self.flaws.damage(messages::problem(messages::BLANK, span, "invisible character"));
                    }
                    _ => return,
                },
                _ => return,
            }
        }
    }

    /// Skips the comment here, if there is one. One without its end goes to the end of its line.
    fn comment(&mut self) -> bool {
        let at = self.at;
        let rest_of_line = Span::new(at, self.line_end);
        let span = if self.bytes[at] == b'#' {
            self.flaws.damage(messages::problem(messages::HASH, Span::new(at, at + 1), ""));
            rest_of_line
        } else if self.bytes[at..].starts_with(b"/*") && at + 2 > self.last_comment_end {
            self.flaws.damage(messages::problem(messages::OPEN_COMMENT, Span::new(at, at + 2), "opened here"));
            rest_of_line
        } else if let Some(span) = comment(self.bytes, at) {
            self.comments.push(Comment { span });
            span
        } else {
            return false;
        };
        let is_one_line = span.end <= self.line_end;
        // It may be the rest of a string.
        if self.go_to(span.end.min(self.line_end)) % 2 == 1 {
            self.flaws.sound_until = self.flaws.sound_until.min(at);
        }
        if !is_one_line {
            self.start_line(span.end);
            self.indent = None;
        }
        true
    }

    /// The rest of the line, as far as something that must end on it is followed.
    fn rest_of_line(&self, at: usize) -> &'t str {
        let mut end = self.line_end.min(at + FURTHEST);
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        &self.text[at..end]
    }

    /// A string in single or typographic quotes, if it ends on its line.
    fn other_quotes(&self) -> Option<Token> {
        let rest = self.rest_of_line(self.at);
        let first = rest.chars().next()?;
        let (ends, problem): (&[char], _) = match first {
            '\'' => (&['\''], messages::SINGLE_QUOTES),
            '\u{2018}'..='\u{201B}' => (&['\u{2018}', '\u{2019}', '\u{201B}'], messages::TYPOGRAPHIC_QUOTES),
            '\u{201C}'..='\u{201F}' => (&['\u{201C}', '\u{201D}', '\u{201F}'], messages::TYPOGRAPHIC_QUOTES),
            _ => return None,
        };
        let is_end = |(at, quote): &(usize, &str)| {
            *at > 0 && !rest[..*at].ends_with('\\') && !is_word(self.follows(self.at + at + quote.len(), b""))
        };
        let (length, quote) = rest.match_indices(ends).take(8).find(is_end)?;
        let content = Span::new(self.at + first.len_utf8(), self.at + length);
        Some(Token::text(self.at, content.end + quote.len(), content).with(problem))
    }

    /// `{{ … }}` without quotes around it, on one line.
    fn template(&self) -> Option<Token> {
        let inside = self.rest_of_line(self.at).strip_prefix("{{")?.split_once("}}")?.0;
        let is_template = self.is_value() && !inside.trim().is_empty() && !inside.contains(['"', '{']);
        let end = self.at + 4 + inside.len();
        is_template.then(|| Token::new(Kind::Word, self.at, end).with(messages::TEMPLATE))
    }

    /// Something without quotes: a literal, a number, or words up to what could end them.
    fn word(&self) -> Token {
        let at = self.at;
        let word = &self.text[at..self.word_end(false)];
        let token = |kind| Token::new(kind, at, at + word.len());
        let digits = word.trim_start_matches(['+', '-', '.']);
        let is_like_number = digits.starts_with(|c: char| c.is_ascii_digit())
            && (digits.starts_with("0x") || word.bytes().all(|byte| b"0123456789.eE+-_".contains(&byte)));
        if is_literal(word) {
            let is_number = !word.starts_with(['t', 'f', 'n']);
            token(if is_number { Kind::Number } else { Kind::Literal })
        } else if let Some(problem) = messages::of_word(word) {
            let is_literal = messages::literal(word).is_some();
            token(if is_literal { Kind::Literal } else { Kind::Word }).with(problem)
        } else if is_like_number {
            token(Kind::Number).with(messages::NOT_DECIMAL)
        } else {
            // Several words are one text. A character that starts no word is a token by itself.
            let length = self.text[at..].chars().next().map_or(1, char::len_utf8);
            let end = self.word_end(true).max(at + length);
            let is_template = self.text[at..end].contains("${");
            Token::new(Kind::Word, at, end).with(if is_template { messages::TEMPLATE } else { messages::NO_QUOTES })
        }
    }

    /// The end of a run of bytes that can be part of a word, or of several.
    fn word_end(&self, has_blanks: bool) -> usize {
        let (is_value, mut at, mut end) = (self.is_value(), self.at, self.at);
        while at < self.line_end {
            at += match &self.bytes[at..self.line_end] {
                [b'$', b'{', ..] => {
                    match self.rest_of_line(at).bytes().take(100).position(|byte| matches!(byte, b'}' | b'"')) {
                        Some(length) if self.bytes[at + length] == b'}' => length + 1,
                        _ => break,
                    }
                }
                [b' ' | b'\t', b'#', ..] | [b' ' | b'\t', b'/', b'/' | b'*', ..] => break,
                [b' ' | b'\t', ..] if has_blanks => {
                    at += 1;
                    continue;
                }
                // Part of a URL, of an address or of a time.
                [b':', b'/' | b':' | b'a'..=b'z' | b'0'..=b'9', ..] | [b'=', ..] if is_value => 1,
                [b'{' | b'}' | b'[' | b']' | b',' | b'"' | b';' | b':' | b'=' | ..=b' ', ..] => break,
                _ => 1,
            };
            end = at;
        }
        end
    }
}

/// Whether a byte behind a string starts something that cannot be there.
fn is_word(byte: u8) -> bool {
    !matches!(byte, b',' | b'}' | b']' | b'\n' | b';' | b':' | b'=' | b'{' | b'[')
}

fn is_literal(word: &str) -> bool {
    matches!(word, "true" | "false" | "null") || number_length(word.as_bytes()) == Some(word.len())
}
