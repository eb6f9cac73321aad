//! The parser for JSON and JSONC (JSON with comments and trailing commas): from text to table in one pass.
//!
//! This is the fast parser. It accepts the same texts as `serde_json`, and numbers of any size (a property test
//! compares the two). It stops at the first mistake; then [`recover`] parses the text again, reports the mistakes and
//! continues.

mod recover;
#[cfg(test)]
mod tests;

use super::{MAX_DEPTH, Parsed};
use crate::atlas::fields::{FieldKey, FieldKeySet};
use crate::diagnostic::Diagnostic;
use crate::document::{Comment, Document, Entry, EntryId, Table};
use crate::text::{Source, Span, placeholder};

/// Whether comments and trailing commas are allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Flavor {
    #[default]
    Strict,
    WithComments,
}

/// Parses a whole text.
pub(crate) fn parse(source: &Source, flavor: Flavor) -> Parsed {
    let text = source.text();
    let mut parser = Parser {
        bytes: text.as_bytes(),
        text,
        at: if text.starts_with('\u{FEFF}') { 3 } else { 0 },
        flavor,
        table: Table::with_room_for(text.len()),
        comments: Vec::new(),
        escaped: None,
    };
    match parser.document() {
        Ok(()) => {
            let document = parser.table.into_document(source.clone(), parser.comments);
            Parsed { document, flaws: Vec::new() }
        }
        Err(Stop::TooDeep(at)) => Parsed::broken(source, Diagnostic::too_deep(Span::new(at, at + 1), MAX_DEPTH)),
        // The engine's output is JSON, not this text.
        Err(Stop::Syntax) if placeholder::is_template(source.name(), text) => {
            Parsed { document: Document::unreadable(source.clone()), flaws: Vec::new() }
        }
        Err(Stop::Syntax) => recover::read(source, flavor),
    }
}

/// The reason why the fast parser stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stop {
    Syntax,
    /// At this byte.
    TooDeep(usize),
}

type Read<T> = Result<T, Stop>;

struct Parser<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    flavor: Flavor,
    table: Table,
    comments: Vec<Comment>,
    /// The text of the last string, if it differs from the source; the caller takes it.
    escaped: Option<String>,
}

/// A key: its span, and its number if it is a known key without escapes.
#[derive(Clone, Copy)]
struct PendingKey {
    span: Span,
    field_key: FieldKey,
}

const NO_KEY: PendingKey = PendingKey { span: Span::new(0, 0), field_key: FieldKey::NONE };

impl Parser<'_> {
    fn document(&mut self) -> Read<()> {
        self.blank()?;
        self.value(NO_KEY, 0)?;
        self.blank()?;
        if self.at == self.bytes.len() { Ok(()) } else { Err(Stop::Syntax) }
    }

    #[inline(always)]
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Skips whitespace and, if they are allowed, comments.
    #[inline(always)]
    fn blank(&mut self) -> Read<()> {
        if is_blank(self.peek()) { self.some_blank() } else { Ok(()) }
    }

    fn some_blank(&mut self) -> Read<()> {
        // Usually a line break and the indentation of the next line, or one space.
        self.at = match self.peek() {
            Some(b'\n') => end_of_spaces(self.bytes, self.at + 1),
            Some(b' ') => self.at + 1,
            _ => self.at,
        };
        while is_blank(self.peek()) {
            match self.peek() {
                Some(b'\n') => self.at = end_of_spaces(self.bytes, self.at + 1),
                Some(b' ' | b'\r' | b'\t') => self.at += 1,
                Some(b'/') if self.flavor == Flavor::WithComments => {
                    let span = comment(self.bytes, self.at).ok_or(Stop::Syntax)?;
                    self.comments.push(Comment { span });
                    self.at = span.end;
                }
                _ => return Err(Stop::Syntax),
            }
        }
        Ok(())
    }

    fn value(&mut self, key: PendingKey, depth: u8) -> Read<()> {
        match self.peek() {
            Some(b'"') => {
                let id = self.open(key, Entry::TEXT);
                if self.string::<true>()? {
                    self.table.flag(id, Entry::SUSPECT);
                    if let Some(text) = self.escaped.take() {
                        self.table.own_text(id, text);
                    }
                }
                self.table.close(id, self.at);
                Ok(())
            }
            Some(b'{') => self.object(key, depth),
            Some(b'[') => self.array(key, depth),
            Some(b't') => self.word(b"true", Entry::TRUE, key),
            Some(b'f') => self.word(b"false", Entry::FALSE, key),
            Some(b'n') => self.word(b"null", 0, key),
            Some(b'-' | b'0'..=b'9') => {
                let id = self.open(key, Entry::NUMBER);
                self.number()?;
                self.table.close(id, self.at);
                Ok(())
            }
            _ => Err(Stop::Syntax),
        }
    }

    #[inline(always)]
    fn open(&mut self, key: PendingKey, kind: u16) -> EntryId {
        let id = self.table.open_named(self.at, key.span, key.field_key, kind);
        if let Some(text) = self.escaped.take() {
            self.table.flag(id, Entry::KEY_ESCAPED);
            self.table.own_key(id, text);
        }
        id
    }

    fn word(&mut self, word: &[u8], kind: u16, key: PendingKey) -> Read<()> {
        if !self.bytes[self.at..].starts_with(word) {
            return Err(Stop::Syntax);
        }
        let id = self.open(key, kind);
        self.at += word.len();
        self.table.close(id, self.at);
        Ok(())
    }

    fn object(&mut self, key: PendingKey, depth: u8) -> Read<()> {
        let id = self.open(key, Entry::OBJECT);
        let depth = self.deeper(depth)?;
        self.blank()?;
        if self.peek() == Some(b'}') {
            self.at += 1;
            self.table.close(id, self.at);
            return Ok(());
        }
        let mut members = Distinct::default();
        loop {
            let start = self.at;
            if self.peek() != Some(b'"') {
                return Err(Stop::Syntax);
            }
            self.string::<false>()?;
            let span = Span::new(start, self.at);
            let field_key = match &self.escaped {
                None => {
                    let text = self.bytes.get(start + 1..self.at - 1).unwrap_or_default();
                    self.table.remarks |= is_remark_like(text);
                    FieldKey::of(text)
                }
                Some(text) => {
                    self.table.remarks |= is_remark_like(text.as_bytes());
                    FieldKey::NONE
                }
            };
            members.take(field_key);
            self.blank()?;
            if self.peek() != Some(b':') {
                return Err(Stop::Syntax);
            }
            self.at += 1;
            self.blank()?;
            self.value(PendingKey { span, field_key }, depth)?;
            self.blank()?;
            if self.goes_on(b'}')? {
                continue;
            }
            if members.are_sure() {
                self.table.close(id, self.at);
            } else {
                self.table.close_object(id, self.at, self.text);
            }
            return Ok(());
        }
    }

    fn array(&mut self, key: PendingKey, depth: u8) -> Read<()> {
        let id = self.open(key, Entry::ARRAY);
        let depth = self.deeper(depth)?;
        self.blank()?;
        if self.peek() == Some(b']') {
            self.at += 1;
            self.table.close(id, self.at);
            return Ok(());
        }
        loop {
            self.value(NO_KEY, depth)?;
            self.blank()?;
            if self.goes_on(b']')? {
                continue;
            }
            self.table.close(id, self.at);
            return Ok(());
        }
    }

    /// Skips the comma or the closing bracket after a field or an element; returns whether another one follows.
    #[inline(always)]
    fn goes_on(&mut self, closer: u8) -> Read<bool> {
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                self.blank()?;
                if self.peek() != Some(closer) || self.flavor == Flavor::Strict {
                    return Ok(true);
                }
            }
            Some(byte) if byte == closer => {}
            _ => return Err(Stop::Syntax),
        }
        self.at += 1;
        Ok(false)
    }

    /// Skips the opening bracket, if the limit allows one more level.
    fn deeper(&mut self, depth: u8) -> Read<u8> {
        if depth == MAX_DEPTH {
            return Err(Stop::TooDeep(self.at));
        }
        self.at += 1;
        Ok(depth + 1)
    }

    /// Skips a string at its opening quote. Its text is in `escaped` if it contains an escape. Returns whether it may
    /// contain a character of a placeholder, which is only checked if it is a `VALUE`.
    #[inline]
    fn string<const VALUE: bool>(&mut self) -> Read<bool> {
        let start = self.at + 1;
        let (end, is_suspect) = end_of_run::<VALUE>(self.bytes, start);
        self.at = end;
        if self.peek() == Some(b'"') {
            self.at += 1;
            return Ok(is_suspect);
        }
        self.escaped_string(start)
    }

    /// The rest of a string that contains an escape.
    #[cold]
    fn escaped_string(&mut self, start: usize) -> Read<bool> {
        let mut text = self.text[start..self.at].to_owned();
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    self.escaped = Some(text);
                    return Ok(true);
                }
                Some(b'\\') => {
                    let (character, end) = escape(self.bytes, self.at).ok_or(Stop::Syntax)?;
                    text.push(character);
                    self.at = end;
                }
                Some(byte) if byte >= 0x20 => {
                    let start = self.at;
                    self.at = end_of_run::<false>(self.bytes, start).0;
                    text.push_str(&self.text[start..self.at]);
                }
                _ => return Err(Stop::Syntax),
            }
        }
    }

    fn number(&mut self) -> Read<()> {
        self.at += number_length(&self.bytes[self.at..]).ok_or(Stop::Syntax)?;
        Ok(())
    }
}

/// Whether the fields of an object are certainly distinct.
#[derive(Default)]
struct Distinct {
    seen: FieldKeySet,
    again: bool,
    /// Fields with keys that no schema names.
    others: usize,
}

impl Distinct {
    fn take(&mut self, key: FieldKey) {
        if key == FieldKey::NONE {
            self.others += 1;
        } else {
            self.again |= self.seen.contains(key);
            self.seen.add(key);
        }
    }

    const fn are_sure(&self) -> bool {
        !self.again && self.others <= 1
    }
}

/// Whether a key starts like `//` and `$comment`; false positives are harmless.
pub(crate) fn is_remark_like(key: &[u8]) -> bool {
    matches!(key, [b'/' | b'$', ..])
}

/// Whether this is whitespace or the start of a comment; other control characters are allowed nowhere.
const fn is_blank(byte: Option<u8>) -> bool {
    matches!(byte, Some(..=b' ' | b'/'))
}

/// The end of a run of plain string content that starts at `at`: a quote, a backslash, a control character, or the end
/// of the text; and, if `SUSPECTS` are requested, whether it may contain one of the characters that every variable and
/// placeholder has.
///
/// Eight bytes are checked together: in a word, subtracting one from each byte borrows from the bytes that are zero, so
/// an exclusive or with the searched byte finds it. The bytes after the end in the last word are checked as well, so
/// there may be false positives.
#[inline(always)]
fn end_of_run<const SUSPECTS: bool>(bytes: &[u8], mut at: usize) -> (usize, bool) {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let zeros = |word: u64| word.wrapping_sub(ONES) & !word & HIGH;
    let each = |byte: u8| ONES * u64::from(byte);
    let mut suspects = 0;
    while let Some(chunk) = bytes.get(at..at + 8).and_then(|chunk| <[u8; 8]>::try_from(chunk).ok()) {
        let word = u64::from_le_bytes(chunk);
        if SUSPECTS {
            // `$` and `%` differ in their last bit.
            suspects |= zeros((word | ONES) ^ each(b'%')) | zeros(word ^ each(b'{')) | zeros(word ^ each(b'<'));
        }
        let control = word.wrapping_sub(each(0x20)) & !word & HIGH;
        let ends = zeros(word ^ each(b'"')) | zeros(word ^ each(b'\\')) | control;
        // Borrows only propagate upwards, so the lowest marked byte is correct.
        if ends != 0 {
            return (at + (ends.trailing_zeros() / 8) as usize, suspects != 0);
        }
        at += 8;
    }
    let mut is_suspect = suspects != 0;
    while at < bytes.len() && !ends_run(bytes[at]) {
        is_suspect |= SUSPECTS && placeholder::is_suspect(bytes[at]);
        at += 1;
    }
    (at, is_suspect)
}

/// The end of a run of spaces that starts at `at`: the indentation of a line, checked eight bytes at a time.
#[inline]
fn end_of_spaces(bytes: &[u8], mut at: usize) -> usize {
    const SPACES: u64 = u64::from_le_bytes([b' '; 8]);
    while let Some(chunk) = bytes.get(at..at + 8).and_then(|chunk| <[u8; 8]>::try_from(chunk).ok()) {
        let other = u64::from_le_bytes(chunk) ^ SPACES;
        if other != 0 {
            return at + (other.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    at
}

const fn ends_run(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

/// The comment that starts at byte `at`; `None` if it is not a comment or an unclosed block comment.
fn comment(bytes: &[u8], at: usize) -> Option<Span> {
    match bytes.get(at + 1)? {
        b'/' => {
            let length = bytes[at..].iter().position(|&byte| byte == b'\n' || byte == b'\r');
            Some(Span::new(at, length.map_or(bytes.len(), |length| at + length)))
        }
        b'*' => {
            let end = bytes[at + 2..].windows(2).position(|pair| pair == b"*/")?;
            Some(Span::new(at, at + 2 + end + 2))
        }
        _ => None,
    }
}

/// The character of an escape at its backslash, and the byte after the escape.
fn escape(bytes: &[u8], at: usize) -> Option<(char, usize)> {
    let character = match bytes.get(at + 1)? {
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'b' => '\u{8}',
        b'f' => '\u{C}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => {
            let first = hex4(bytes, at + 2)?;
            return match first {
                // A lead surrogate requires a trail surrogate; a trail alone is invalid.
                0xD800..=0xDBFF if bytes.get(at + 6..at + 8)? == b"\\u" => {
                    let second = hex4(bytes, at + 8).filter(|unit| (0xDC00..=0xDFFF).contains(unit))?;
                    let code = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
                    Some((char::from_u32(code)?, at + 12))
                }
                _ => Some((char::from_u32(first)?, at + 6)),
            };
        }
        _ => return None,
    };
    Some((character, at + 2))
}

fn hex4(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.iter().try_fold(0, |sum, &byte| Some(sum * 16 + char::from(byte).to_digit(16)?))
}

/// The length in bytes of a JSON number at the start of `bytes`.
fn number_length(bytes: &[u8]) -> Option<usize> {
    let digits = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut at = usize::from(bytes.first() == Some(&b'-'));
    at += match bytes.get(at)? {
        b'0' => 1,
        b'1'..=b'9' => digits(at),
        _ => return None,
    };
    if bytes.get(at) == Some(&b'.') {
        let fraction = digits(at + 1);
        if fraction == 0 {
            return None;
        }
        at += 1 + fraction;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        let exponent = digits(at + 1 + sign);
        if exponent == 0 {
            return None;
        }
        at += 1 + sign + exponent;
    }
    // 0123 and 1.2.3 are not numbers; the caller checks for letters after a number.
    (!matches!(bytes.get(at), Some(b'0'..=b'9'))).then_some(at)
}
