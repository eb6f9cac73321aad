//! Text → tokens, forgivingly: whatever stands there becomes some token, and edits that were decided on are applied on
//! the way, so that every offset stays that of the source.

use crate::parse::json::{comment, ends_run, is_in_range, number_length};
use crate::text::Span;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bracket {
    Object,
    Array,
}

impl Bracket {
    pub const fn opener(self) -> &'static str {
        match self {
            Self::Object => "{",
            Self::Array => "[",
        }
    }

    pub const fn closer(self) -> &'static str {
        match self {
            Self::Object => "}",
            Self::Array => "]",
        }
    }
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
    /// Stands for a value that is missing.
    Nothing,
    End,
}

impl Kind {
    pub const fn is_scalar(self) -> bool {
        matches!(self, Self::Text | Self::Number | Self::Literal | Self::Word | Self::Nothing)
    }

    pub const fn is_bracket(self) -> bool {
        matches!(self, Self::Open(_) | Self::Close(_))
    }
}

/// Why a token is none of JSON's, though its meaning is plain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Odd {
    SingleQuotes,
    TypographicQuotes,
    /// A word of another language, and JSON's for it.
    Foreign(&'static str),
    NotANumber,
    Unquoted,
    Template,
    LeadingZero,
    Plus,
    BareFraction,
    BarePoint,
    Hexadecimal,
    TooLarge,
    BadNumber,
    Equals,
    Semicolon,
}

/// What stands between tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AsideKind {
    Comment,
    HashComment,
    /// A block comment without its end; taken for one up to the end of its line.
    OpenComment,
    /// A blank that is none of JSON's four.
    Blank,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Aside {
    pub kind: AsideKind,
    pub span: Span,
}

/// One edit, at a byte where a token starts or, for quotes, inside one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mend {
    /// A token that is missing before the one at this byte.
    Insert(Kind),
    /// The token at this byte is one too many.
    Drop,
    /// The token at this byte should have been another.
    Become(Kind),
    /// A quote is missing before this byte.
    Quote,
    /// The quote at this byte is one too many.
    DropQuote,
    /// The string that starts at this byte goes on to the quote at that one.
    Until(usize),
    /// Nothing is read up to that byte.
    Skip(usize, Dropped),
    /// Nothing is read from here on.
    Stop,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Patch {
    pub at: usize,
    pub mend: Mend,
}

/// What was left out before a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dropped {
    Nothing,
    /// A comma or a colon: no value is touched.
    Separator,
    Bracket,
    Quote,
    Other,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub kind: Kind,
    pub span: Span,
    /// What stands between the quotes of a string.
    pub content: Span,
    pub odd: Option<Odd>,
    /// The string has no end on its line.
    pub open: bool,
    /// An edit made it what it is.
    pub mended: bool,
    /// It does not stand in the text.
    pub inserted: bool,
    pub dropped: Dropped,
    /// The bytes before it on its line, where only blanks stand there.
    pub indent: Option<u32>,
}

impl Token {
    fn new(kind: Kind, span: Span) -> Self {
        Self {
            kind,
            span,
            content: span,
            odd: None,
            open: false,
            mended: false,
            inserted: false,
            dropped: Dropped::Nothing,
            indent: None,
        }
    }

    fn odd(mut self, odd: Odd) -> Self {
        self.odd = Some(odd);
        self
    }
}

/// Where the lexer is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor {
    pub at: usize,
    /// The first edit that has not been applied.
    pub patch: usize,
    /// The blanks before the next token, if it is the first on its line.
    indent: Option<u32>,
}

impl Cursor {
    pub const fn new(at: usize) -> Self {
        Self { at, patch: 0, indent: Some(0) }
    }
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Lexer<'t> {
    pub text: &'t str,
    pub bytes: &'t [u8],
    /// Where the last `*/` stands: what opens a block comment behind it has no end.
    last_end: usize,
}

/// How far a string in other quotes, or a template, is followed, in bytes: one without its end must not cost a look
/// through the whole text each time.
const FURTHEST: usize = 1024;

impl<'t> Lexer<'t> {
    pub fn new(text: &'t str) -> Self {
        Self { text, bytes: text.as_bytes(), last_end: text.rfind("*/").unwrap_or(0) }
    }

    /// Whether a comment that has its end starts at byte `at`.
    fn starts_comment(&self, at: usize) -> bool {
        match self.bytes.get(at + 1) {
            Some(b'/') => self.bytes[at] == b'/',
            Some(b'*') => self.bytes[at] == b'/' && at + 2 <= self.last_end,
            _ => false,
        }
    }

    /// What is left of a line, as far as anyone looks for the end of something on it.
    fn rest_of_line(&self, at: usize) -> &'t str {
        let mut end = (at + FURTHEST).min(self.bytes.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let rest = &self.text[at..end];
        rest.split(['\n', '\r']).next().unwrap_or(rest)
    }

    /// The next token. `value` says that a value is expected, which decides how far a word without quotes goes.
    pub fn next(&self, cursor: &mut Cursor, patches: &[Patch], value: bool, aside: &mut dyn FnMut(Aside)) -> Token {
        let mut dropped = Dropped::Nothing;
        loop {
            self.blank(cursor, patches, aside);
            let at = cursor.at;
            while patches.get(cursor.patch).is_some_and(|patch| patch.at < at) {
                cursor.patch += 1;
            }
            let mend = patches.get(cursor.patch).filter(|patch| patch.at == at).map(|patch| patch.mend);
            let Some(mend) = mend else {
                let mut token = self.token(at, value, cursor, patches);
                cursor.at = token.span.end;
                token.indent = cursor.indent.take();
                token.dropped = dropped;
                return token;
            };
            if mend == Mend::Stop {
                let mut token = Token::new(Kind::End, Span::at(at));
                token.dropped = dropped;
                return token;
            }
            cursor.patch += 1;
            let mut token = match mend {
                Mend::Insert(kind) => {
                    let mut token = Token::new(kind, Span::at(at));
                    (token.inserted, token.mended, token.dropped) = (true, true, dropped);
                    return token;
                }
                Mend::DropQuote => {
                    cursor.at += usize::from(self.bytes.get(at) == Some(&b'"'));
                    dropped = Dropped::Quote;
                    continue;
                }
                Mend::Skip(to, what) => {
                    cursor.at = to;
                    cursor.indent = None;
                    dropped = what;
                    continue;
                }
                Mend::Drop => {
                    let token = self.token(at, value, cursor, patches);
                    cursor.at = token.span.end;
                    cursor.indent = None;
                    dropped = match token.kind {
                        Kind::Comma | Kind::Colon => Dropped::Separator,
                        kind if kind.is_bracket() => Dropped::Bracket,
                        _ => Dropped::Other,
                    };
                    continue;
                }
                Mend::Become(kind) => Token { kind, odd: None, ..self.token(at, value, cursor, patches) },
                Mend::Until(end) if end < self.bytes.len() => Token {
                    content: Span::new(at + usize::from(self.bytes[at] == b'"'), end),
                    ..Token::new(Kind::Text, Span::new(at, end + 1))
                },
                Mend::Quote | Mend::Until(_) | Mend::Stop => self.string(at, at, cursor, patches),
            };
            token.mended = true;
            cursor.at = token.span.end;
            token.indent = cursor.indent.take();
            token.dropped = dropped;
            return token;
        }
    }

    /// Passes white space, and comments in either flavour.
    fn blank(&self, cursor: &mut Cursor, patches: &[Patch], aside: &mut dyn FnMut(Aside)) {
        loop {
            let at = cursor.at;
            let Some(&byte) = self.bytes.get(at) else { return };
            match byte {
                b' ' | b'\t' => {
                    cursor.at += 1;
                    cursor.indent = cursor.indent.map(|indent| indent + 1);
                }
                b'\n' | b'\r' => {
                    cursor.at += 1;
                    cursor.indent = Some(0);
                }
                b'/' | b'#' => {
                    if patches[cursor.patch.min(patches.len())..].iter().any(|patch| patch.at == at) {
                        return;
                    }
                    let (kind, span) = if byte == b'#' {
                        (AsideKind::HashComment, Span::new(at, self.line_end(at)))
                    } else if let Some(span) = self.starts_comment(at).then(|| comment(self.bytes, at)).flatten() {
                        (AsideKind::Comment, span)
                    } else if self.bytes.get(at + 1) == Some(&b'*') {
                        (AsideKind::OpenComment, Span::new(at, self.line_end(at)))
                    } else {
                        return;
                    };
                    aside(Aside { kind, span });
                    cursor.at = span.end;
                    if kind == AsideKind::Comment && self.bytes[at..span.end].contains(&b'\n') {
                        cursor.indent = None;
                    }
                }
                0xC2 | 0xE2 | 0xE3 | 0xEF => {
                    let blank = self.text[at..].chars().next().filter(|&c| is_foreign_blank(c));
                    let Some(blank) = blank else { return };
                    cursor.at += blank.len_utf8();
                    aside(Aside { kind: AsideKind::Blank, span: Span::new(at, cursor.at) });
                }
                0 | 0x0B | 0x0C => {
                    cursor.at += 1;
                    aside(Aside { kind: AsideKind::Blank, span: Span::new(at, cursor.at) });
                }
                _ => return,
            }
        }
    }

    /// The byte at which the line of byte `at` ends, before its line break.
    pub fn line_end(&self, at: usize) -> usize {
        let rest = &self.bytes[at..];
        rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).map_or(self.bytes.len(), |length| at + length)
    }

    fn token(&self, at: usize, value: bool, cursor: &mut Cursor, patches: &[Patch]) -> Token {
        let Some(&byte) = self.bytes.get(at) else { return Token::new(Kind::End, Span::at(at)) };
        let one = Span::new(at, at + 1);
        let rest = patches.get(cursor.patch..).unwrap_or_default();
        match byte {
            b'{' if value => self.template(at).unwrap_or(Token::new(Kind::Open(Bracket::Object), one)),
            b'{' => Token::new(Kind::Open(Bracket::Object), one),
            b'}' => Token::new(Kind::Close(Bracket::Object), one),
            b'[' => Token::new(Kind::Open(Bracket::Array), one),
            b']' => Token::new(Kind::Close(Bracket::Array), one),
            b',' => Token::new(Kind::Comma, one),
            b':' => Token::new(Kind::Colon, one),
            b';' => Token::new(Kind::Comma, one).odd(Odd::Semicolon),
            b'=' => {
                let arrow = usize::from(self.bytes.get(at + 1) == Some(&b'>'));
                Token::new(Kind::Colon, Span::new(at, at + 1 + arrow)).odd(Odd::Equals)
            }
            b'"' => self.string(at, at + 1, cursor, patches),
            b'\'' => self.quoted(at, '\'', &['\''], Odd::SingleQuotes).unwrap_or_else(|| self.word(at, value, rest)),
            0xE2 => {
                let quoted = match self.text[at..].chars().next() {
                    Some(quote @ '\u{2018}'..='\u{201B}') => {
                        self.quoted(at, quote, &['\u{2018}', '\u{2019}', '\u{201B}'], Odd::TypographicQuotes)
                    }
                    Some(quote @ '\u{201C}'..='\u{201F}') => {
                        self.quoted(at, quote, &['\u{201C}', '\u{201D}', '\u{201F}'], Odd::TypographicQuotes)
                    }
                    _ => None,
                };
                quoted.unwrap_or_else(|| self.word(at, value, rest))
            }
            _ => self.word(at, value, rest),
        }
    }

    /// A string whose content starts at `content`, up to its quote, an inserted one, or the end of its line.
    fn string(&self, start: usize, content: usize, cursor: &mut Cursor, patches: &[Patch]) -> Token {
        let rest = patches.get(cursor.patch..).unwrap_or_default();
        let inserted = rest.iter().position(|patch| patch.at >= content && patch.mend == Mend::Quote);
        let stop = inserted.map_or(usize::MAX, |index| rest[index].at);
        let mut at = content;
        let mut token = Token::new(Kind::Text, Span::new(start, start));
        loop {
            while at < self.bytes.len() && at != stop && !ends_run(self.bytes[at]) {
                at += 1;
            }
            if at == stop {
                cursor.patch += inserted.map_or(0, |index| index + 1);
                token.mended = true;
                token.span.end = at;
                break;
            }
            match self.bytes.get(at) {
                Some(b'"') => {
                    token.span.end = at + 1;
                    break;
                }
                Some(b'\\') => at += 1 + usize::from(!matches!(self.bytes.get(at + 1), Some(b'\n' | b'\r') | None)),
                Some(b'\n' | b'\r') | None => {
                    token.open = true;
                    token.span.end = at;
                    break;
                }
                Some(_) => at += 1,
            }
        }
        token.content = Span::new(content, at);
        token
    }

    /// A string between other quotes, if it ends on its line.
    fn quoted(&self, at: usize, quote: char, ends: &[char], odd: Odd) -> Option<Token> {
        let content = at + quote.len_utf8();
        let line = self.rest_of_line(content);
        let mut escaped = false;
        let (length, end) = line.char_indices().find(|&(_, c)| {
            let ends = !escaped && ends.contains(&c);
            escaped = c == '\\' && !escaped;
            ends
        })?;
        let mut token = Token::new(Kind::Text, Span::new(at, content + length + end.len_utf8())).odd(odd);
        token.content = Span::new(content, content + length);
        Some(token)
    }

    /// `{{ … }}` without quotes around it, on one line.
    fn template(&self, at: usize) -> Option<Token> {
        if self.bytes.get(at + 1) != Some(&b'{') {
            return None;
        }
        let line = self.rest_of_line(at + 2);
        let inside = &line[..line.find("}}")?];
        let is_template = !inside.trim().is_empty() && !inside.contains(['"', '{']);
        is_template.then(|| Token::new(Kind::Word, Span::new(at, at + 4 + inside.len())).odd(Odd::Template))
    }

    /// Whatever stands without quotes: a literal, a number, or words up to what could end them.
    fn word(&self, at: usize, value: bool, rest: &[Patch]) -> Token {
        // A quote that is missing in the middle of a word ends it.
        let cut = rest.iter().find(|patch| patch.at > at && patch.mend == Mend::Quote).map(|patch| patch.at);
        let limit = cut.unwrap_or(usize::MAX).min(self.bytes.len());
        let mut end = self.run(at, value, limit);
        let first = &self.text[at..end];
        if matches!(first, "true" | "false" | "null") {
            return Token::new(Kind::Literal, Span::new(at, end));
        }
        if number_length(first.as_bytes()) == Some(first.len()) {
            let token = Token::new(Kind::Number, Span::new(at, end));
            return if is_in_range(first) { token } else { token.odd(Odd::TooLarge) };
        }
        if let Some(odd) = odd_number(first) {
            return Token::new(Kind::Number, Span::new(at, end)).odd(odd);
        }
        if let Some(odd) = foreign(first) {
            return Token::new(Kind::Word, Span::new(at, end)).odd(odd);
        }
        // Several words are one text.
        loop {
            let blanks = self.bytes[end..limit].iter().take_while(|&&byte| byte == b' ' || byte == b'\t').count();
            let next = end + blanks;
            if blanks == 0 || next >= limit || self.bytes[next] == b'#' || self.starts_comment(next) {
                break;
            }
            let longer = self.run(next, value, limit);
            if longer == next {
                break;
            }
            end = longer;
        }
        let template = self.text[at..end].contains("${");
        // A character that starts no word is a token by itself, so that there is always one.
        let length = self.text[at..].chars().next().map_or(1, char::len_utf8);
        Token::new(Kind::Word, Span::new(at, end.max(at + length))).odd(if template {
            Odd::Template
        } else {
            Odd::Unquoted
        })
    }

    /// The end of a run of bytes that can stand in a word.
    fn run(&self, start: usize, value: bool, limit: usize) -> usize {
        let mut at = start;
        while at < limit {
            match self.bytes[at] {
                b'$' if self.bytes.get(at + 1) == Some(&b'{') => {
                    let inside = self.bytes[at..limit.min(at + FURTHEST)]
                        .iter()
                        .position(|byte| matches!(byte, b'}' | b'"' | b'\n' | b'\r'));
                    match inside.filter(|&length| self.bytes[at + length] == b'}') {
                        Some(length) => at += length + 1,
                        None => return at.max(start + 1),
                    }
                }
                // Part of a URL, of an address or of a time.
                b':' if value && matches!(self.bytes.get(at + 1), Some(b'/' | b':' | b'a'..=b'z' | b'0'..=b'9')) => {
                    at += 1;
                }
                b'=' if value => at += 1,
                b'{' | b'}' | b'[' | b']' | b',' | b'"' | b';' | b' ' | b':' | b'=' | ..0x20 => return at,
                _ => at += 1,
            }
        }
        // The limit may lie inside a character only if an edit does, and edits lie on boundaries.
        at
    }
}

fn is_foreign_blank(character: char) -> bool {
    character == '\u{FEFF}' || character == '\u{200B}' || (character.is_whitespace() && !character.is_ascii())
}

fn foreign(word: &str) -> Option<Odd> {
    Some(match word {
        "True" | "TRUE" => Odd::Foreign("true"),
        "False" | "FALSE" => Odd::Foreign("false"),
        "None" | "Null" | "NULL" | "nil" | "undefined" => Odd::Foreign("null"),
        "NaN" | "Infinity" | "-Infinity" | "+Infinity" => Odd::NotANumber,
        _ => return None,
    })
}

/// What is wrong with something that is meant as a number.
fn odd_number(word: &str) -> Option<Odd> {
    let is_number = |text: &str| number_length(text.as_bytes()) == Some(text.len());
    if let Some(rest) = word.strip_prefix('+') {
        let starts = rest.starts_with(|c: char| c == '.' || c.is_ascii_digit());
        return (starts && (is_number(rest) || odd_number(rest).is_some())).then_some(Odd::Plus);
    }
    let bare = word.strip_prefix('-').unwrap_or(word);
    if let Some(digits) = bare.strip_prefix("0x").or_else(|| bare.strip_prefix("0X")) {
        return (!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(Odd::Hexadecimal);
    }
    if bare.starts_with('.') && is_number(&format!("0{bare}")) {
        return Some(Odd::BareFraction);
    }
    if bare.strip_suffix('.').is_some_and(is_number) {
        return Some(Odd::BarePoint);
    }
    let trimmed = bare.trim_start_matches('0');
    if trimmed.len() < bare.len() && is_number(&format!("1{trimmed}")) {
        return Some(Odd::LeadingZero);
    }
    let digits = bare.starts_with(|c: char| c.is_ascii_digit());
    let like = bare.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-' | b'_'));
    (digits && like && bare.bytes().filter(|&byte| byte == b'-').count() < 2).then_some(Odd::BadNumber)
}
