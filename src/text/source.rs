//! A named text, and the mapping of its byte offsets to lines and columns.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;

/// A range of bytes in a source text: `start` inclusive, `end` exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
pub struct Span {
    /// First byte of the range, zero-based.
    pub start: usize,
    /// One past the last byte of the range.
    pub end: usize,
}

impl Span {
    /// The range from byte `start` up to, not including, byte `end`.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The empty range at byte `at`.
    pub const fn at(at: usize) -> Self {
        Self { start: at, end: at }
    }

    /// The range that starts `by` bytes later.
    pub(crate) const fn shifted(self, by: usize) -> Self {
        Self { start: self.start + by, end: self.end + by }
    }

    /// Whether another range is inside of this one.
    pub(crate) const fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The smallest range of whole characters of `text` that covers this one; the end of the text for a range after it.
    pub(crate) fn of_characters(self, text: &str) -> Self {
        let is_boundary = |at: &usize| text.is_char_boundary(*at);
        let start = (0..=self.start.min(text.len())).rev().find(is_boundary).unwrap_or(0);
        let end = (self.end.max(start)..text.len()).find(is_boundary).unwrap_or(text.len());
        Self { start, end }
    }

    /// The first character of `text` in this range; the empty range if there is none.
    pub(crate) fn first_character(self, text: &str) -> Self {
        let one = Self::new(self.start, self.end.min(self.start + 1));
        one.of_characters(text)
    }

    /// Length in bytes.
    pub const fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether the range is empty.
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }
}

/// The reason why bytes are not UTF-8 text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EncodingError {
    /// The first byte that is not UTF-8, zero-based; each such byte is a `?` in the text, so offsets stay the same.
    NotUtf8 { at: usize },
    /// A UTF-16 byte order mark is at the start.
    Utf16,
    /// The bytes contain a NUL: not a text at all.
    Binary { at: usize },
}

/// A text for a [`Source`], from any kind of string. An `Arc<str>` is shared, all others are copied once.
#[derive(Clone)]
pub struct SharedText(Arc<str>);

/// Shows the length, never the text.
impl fmt::Debug for SharedText {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("SharedText").field("bytes", &self.0.len()).finish_non_exhaustive()
    }
}

macro_rules! impl_shared_text {
    ($($string:ty),*) => {$(
        impl From<$string> for SharedText {
            fn from(text: $string) -> Self {
                Self(text.into())
            }
        }
    )*};
}

impl_shared_text!(&str, &mut str, String, Box<str>, Arc<str>, std::borrow::Cow<'_, str>);

impl From<&String> for SharedText {
    fn from(text: &String) -> Self {
        Self(text.as_str().into())
    }
}

impl From<&Arc<str>> for SharedText {
    fn from(text: &Arc<str>) -> Self {
        Self(Arc::clone(text))
    }
}

/// A text and its name: a path relative to the working directory with `/`, or the name that an editor uses.
///
/// Cloning is cheap: the text is shared. `Debug` shows the name and the length, never the text, which may contain
/// secrets.
#[derive(Clone)]
pub struct Source {
    name: Arc<str>,
    text: Arc<str>,
    pub(crate) flaw: Option<EncodingError>,
    /// The length of the stream before it, if it is a line of one.
    before: Option<Before>,
}

/// The length of a stream before one of its lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Before {
    lines: usize,
    bytes: usize,
}

impl fmt::Debug for Source {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Source").field("name", &self.name).field("bytes", &self.text.len()).finish_non_exhaustive()
    }
}

impl Source {
    /// Creates a source from text. The name's extension selects the syntax (for example, `.jsonc` allows comments).
    ///
    /// ```
    /// use streamlint::Source;
    ///
    /// let text = String::from("{}");
    /// let source = Source::new("a.json", &text);
    /// assert_eq!(source.text(), text);
    /// ```
    pub fn new(name: impl Into<SharedText>, text: impl Into<SharedText>) -> Self {
        Self { name: name.into().0, text: text.into().0, flaw: None, before: None }
    }

    /// Marks the source as one line of a stream of JSON definitions (NDJSON), after this many lines and bytes of the
    /// stream.
    ///
    /// It is parsed as JSON, whatever its name or content, and positions in reports are those in the stream.
    ///
    /// ```
    /// use streamlint::{Format, Source};
    ///
    /// let line = Source::new("stream.ndjson", r#"{ "name": "a", "type": "kafka" }"#).behind(41, 5000);
    /// let report = streamlint::check(&line).render(Format::Concise);
    /// assert!(report.starts_with("stream.ndjson:42:"));
    /// ```
    #[must_use]
    pub fn behind(self, lines: usize, bytes: usize) -> Self {
        Self { before: Some(Before { lines, bytes }), ..self }
    }

    /// Its line number in the stream, one-based.
    pub(crate) fn line(&self) -> Option<usize> {
        self.before.map(|before| before.lines + 1)
    }

    /// Whether it is a line of a stream.
    pub(crate) fn is_line(&self) -> bool {
        self.before.is_some()
    }

    /// The number of bytes before it in the stream.
    pub(crate) fn offset(&self) -> usize {
        self.before.map_or(0, |before| before.bytes)
    }

    /// Creates a source from the bytes of a file. Bytes that are not UTF-8 become a `syntax-error` at the first one's
    /// offset; every such byte is replaced by `?`, so that all other offsets stay the same.
    pub fn from_bytes(name: impl Into<SharedText>, bytes: impl AsRef<[u8]>) -> Self {
        let (name, bytes) = (name.into(), bytes.as_ref());
        if let Some(flaw) = not_text(bytes) {
            return Self { flaw: Some(flaw), ..Self::new(name, "") };
        }
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::new(name, text),
            Err(error) => {
                let flaw = EncodingError::NotUtf8 { at: error.valid_up_to() };
                Self { flaw: Some(flaw), ..Self::new(name, question_marks(bytes)) }
            }
        }
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn shared_name(&self) -> &Arc<str> {
        &self.name
    }

    /// The text, with a byte order mark if it has one.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the text represents the bytes exactly, so that edits may be written to the file.
    pub fn is_exact(&self) -> bool {
        self.flaw.is_none()
    }

    /// The same source with a different text, as after a fix.
    pub(crate) fn with_text(&self, text: String) -> Self {
        Self { text: text.into(), flaw: None, ..self.clone() }
    }
}

fn not_text(bytes: &[u8]) -> Option<EncodingError> {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Some(EncodingError::Utf16);
    }
    // JSON, YAML and HCL never contain a NUL outside of an escape; near the start it indicates a binary file.
    let head = &bytes[..bytes.len().min(8192)];
    head.iter().position(|&byte| byte == 0).map(|at| EncodingError::Binary { at })
}

/// Replaces every byte that is not valid UTF-8 with `?`, which keeps the length and the offsets.
fn question_marks(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| '?'));
    }
    text
}

/// A position in a text, in the units that reports use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Position {
    /// Bytes from the start, zero-based.
    pub offset: usize,
    /// Line, one-based. A line ends at `\n`, `\r\n` or a lone `\r`.
    pub line: usize,
    /// Column in Unicode characters, one-based. A byte order mark is not counted.
    pub column: usize,
}

/// The start of each line of a text; built once per report, when the first finding is printed.
#[derive(Debug, Clone)]
pub struct LineIndex {
    starts: Vec<usize>,
    /// The number of characters before each `STRIDE`th byte, so that a column costs the same everywhere, even in a
    /// minified text with a single line.
    characters: Vec<usize>,
    /// The length of the stream before the text.
    before: Option<Before>,
}

/// Bytes between two counts of characters.
const STRIDE: usize = 1024;

/// The number of characters that start within some bytes of UTF-8.
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte & 0xC0 != 0x80).count()
}

impl LineIndex {
    /// Reads the text once.
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for (at, &byte) in bytes.iter().enumerate() {
            if byte == b'\n' || (byte == b'\r' && bytes.get(at + 1) != Some(&b'\n')) {
                starts.push(at + 1);
            }
        }
        let counts = bytes.chunks(STRIDE).map(characters).scan(0, |sum, count| {
            let before = *sum;
            *sum += count;
            Some(before)
        });
        Self { starts, characters: counts.collect(), before: None }
    }

    /// The index of a source. For a line of a stream, positions are those in the stream.
    pub(crate) fn of(source: &Source) -> Self {
        Self { before: source.before, ..Self::new(source.text()) }
    }

    /// The number of lines. If a text ends with a line break, the last line is empty.
    pub fn lines(&self) -> usize {
        self.starts.len()
    }

    /// The zero-based index of the line that contains the byte `offset`.
    pub fn line_of(&self, offset: usize) -> usize {
        self.starts.partition_point(|&start| start <= offset) - 1
    }

    /// The byte offset at which a line (zero-based) starts; the text's length after the last one.
    pub fn start_of(&self, line: usize, text: &str) -> usize {
        self.starts.get(line).copied().unwrap_or(text.len())
    }

    /// The position of a byte offset; for an offset after the end, the end.
    pub fn position(&self, text: &str, offset: usize) -> Position {
        let offset = offset.min(text.len());
        let line = self.line_of(offset);
        let mark = usize::from(line == 0 && offset > 0 && text.starts_with('\u{FEFF}'));
        let column = self.characters_before(text, offset) - self.characters_before(text, self.starts[line]);
        let (line, column) = (line + 1, column - mark + 1);
        if let Some(before) = self.before {
            return Position { offset: offset + before.bytes, line: line + before.lines, column };
        }
        Position { offset, line, column }
    }

    fn characters_before(&self, text: &str, offset: usize) -> usize {
        let whole = (offset / STRIDE).min(self.characters.len().saturating_sub(1));
        self.characters.get(whole).copied().unwrap_or(0) + characters(&text.as_bytes()[whole * STRIDE..offset])
    }
}

/// Converts byte offsets to UTF-16 code unit offsets, the unit of JavaScript strings and of most editors.
///
/// With offsets in rising order, all conversions together cost one pass over the text. `Debug` shows offsets, never the
/// text.
pub struct Utf16Cursor<'t> {
    text: &'t str,
    byte: usize,
    unit: usize,
}

impl fmt::Debug for Utf16Cursor<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { byte, unit, .. } = self;
        out.debug_struct("Utf16Cursor").field("byte", byte).field("unit", unit).finish_non_exhaustive()
    }
}

impl<'t> Utf16Cursor<'t> {
    /// A cursor at the start of the text.
    pub const fn new(text: &'t str) -> Self {
        Self { text, byte: 0, unit: 0 }
    }

    /// The UTF-16 offset of a byte offset on a character boundary.
    pub fn offset(&mut self, byte: usize) -> usize {
        if byte < self.byte {
            (self.byte, self.unit) = (0, 0);
        }
        let passed = self.text.get(self.byte..byte).unwrap_or_default();
        self.unit += if passed.is_ascii() { passed.len() } else { passed.chars().map(char::len_utf16).sum() };
        self.byte = byte;
        self.unit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(text: &str, offset: usize) -> (usize, usize) {
        let at = LineIndex::new(text).position(text, offset);
        (at.line, at.column)
    }

    #[test]
    fn columns_count_characters() {
        assert_eq!(columns("a😀b", 5), (1, 3));
        assert_eq!(columns("\u{FEFF}ab", 4), (1, 2));
        assert_eq!(columns("a\r\nb\rc\nd", 3), (2, 1));
        assert_eq!(columns("a\r\nb\rc\nd", 5), (3, 1));
        assert_eq!(columns("a\r\nb\rc\nd", 7), (4, 1));
        assert_eq!(columns("\tx", 1), (1, 2));
    }

    #[test]
    fn columns_hold_in_long_lines() {
        let text = "\u{FEFF}aé😀\n".repeat(700) + &"é".repeat(3000);
        let index = LineIndex::new(&text);
        for (offset, _) in text.char_indices().step_by(7) {
            let line = text[..offset].matches('\n').count();
            let before = &text[text[..offset].rfind('\n').map_or(0, |at| at + 1)..offset];
            let before = if line == 0 { before.trim_start_matches('\u{FEFF}') } else { before };
            let at = index.position(&text, offset);
            assert_eq!((at.line, at.column), (line + 1, before.chars().count() + 1), "byte {offset}");
        }
        assert_eq!(LineIndex::new("").position("", 9), Position { offset: 0, line: 1, column: 1 });
    }

    #[test]
    fn spans_are_widened_to_characters() {
        let text = "aé😀";
        let whole = |start, end| {
            let span = Span::new(start, end).of_characters(text);
            (span.start, span.end, &text[span.start..span.end])
        };
        assert_eq!(whole(0, 1), (0, 1, "a"));
        assert_eq!(whole(2, 2), (1, 3, "é"));
        assert_eq!(whole(1, 4), (1, 7, "é😀"));
        assert_eq!(whole(3, 3), (3, 3, ""));
        assert_eq!(whole(5, 99), (3, 7, "😀"));
        assert_eq!(whole(50, 99), (7, 7, ""));
        assert_eq!(whole(7, 2), (7, 7, ""));
        let first = |start, end| Span::new(start, end).first_character(text);
        assert_eq!(first(3, 7), Span::new(3, 7));
        assert_eq!(first(1, 7), Span::new(1, 3));
        assert_eq!(first(1, 1), Span::at(1));
        assert_eq!(first(7, 7), Span::at(7));
    }

    #[test]
    fn utf16_counts_surrogate_pairs_twice() {
        let mut cursor = Utf16Cursor::new("a😀b");
        assert_eq!((cursor.offset(1), cursor.offset(5), cursor.offset(6), cursor.offset(1)), (1, 3, 4, 1));
    }

    #[test]
    fn invalid_bytes_keep_their_offsets() {
        let source = Source::from_bytes("a.json", b"{\"a\": \"\xFF\xFE\"}");
        assert_eq!(source.text(), "{\"a\": \"??\"}");
        assert_eq!(source.flaw, Some(EncodingError::NotUtf8 { at: 7 }));
        assert_eq!(Source::from_bytes("a.json", vec![0x89, 0, 1]).flaw, Some(EncodingError::Binary { at: 1 }));
        assert_eq!(Source::from_bytes("a.json", vec![0xFF, 0xFE, 0x7B]).flaw, Some(EncodingError::Utf16));
    }
}
