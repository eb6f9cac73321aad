//! The text of a document, with positions and edits as editors send them.

use crate::Span;
use gen_lsp_types as lsp;
use line_index::{LineIndex, TextSize, WideEncoding, WideLineCol};
use serde::Deserialize;

/// The unit of columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Encoding {
    Utf8,
    /// The protocol's default.
    #[default]
    Utf16,
}

/// A text and the index of its lines.
#[derive(Debug)]
pub(super) struct Text {
    content: String,
    encoding: Encoding,
    lines: LineIndex,
}

/// An edit of a document; without a range it replaces the whole text.
#[derive(Debug, Deserialize)]
pub(super) struct Change {
    range: Option<ChangeRange>,
    text: String,
}

#[derive(Debug, Clone, Copy, Deserialize)]
struct ChangeRange {
    start: ChangePosition,
    end: ChangePosition,
}

/// A position in an edit. Unlike the protocol's, it may be negative: ignoring such an edit would leave the text
/// different from the editor's.
#[derive(Debug, Clone, Copy, Deserialize)]
struct ChangePosition {
    line: i64,
    character: i64,
}

impl From<lsp::Position> for ChangePosition {
    fn from(position: lsp::Position) -> Self {
        Self { line: position.line.into(), character: position.character.into() }
    }
}

/// A byte of the text that starts a character, and whether the position is inside of that character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Offset {
    byte: usize,
    is_inside: bool,
}

impl Offset {
    const fn at(byte: usize) -> Self {
        Self { byte, is_inside: false }
    }
}

impl Text {
    pub fn new(content: String, encoding: Encoding) -> Self {
        Self { lines: LineIndex::new(&content), content, encoding }
    }

    pub fn as_str(&self) -> &str {
        &self.content
    }

    /// The position of a byte.
    pub fn position(&self, byte: usize) -> lsp::Position {
        let byte = character_start(&self.content, byte);
        let position = self.lines.line_col(TextSize::of(&self.content[..byte]));
        let character = match self.encoding {
            Encoding::Utf8 => Some(position.col),
            Encoding::Utf16 => self.lines.to_wide(WideEncoding::Utf16, position).map(|wide| wide.col),
        };
        lsp::Position { line: position.line, character: character.unwrap_or(u32::MAX) }
    }

    pub fn range(&self, span: Span) -> lsp::Range {
        lsp::Range { start: self.position(span.start), end: self.position(span.end) }
    }

    /// The byte at a position, or the start of the character that the position is inside of.
    pub fn byte(&self, position: lsp::Position) -> usize {
        self.offset(position.into()).byte
    }

    /// Converts a position. After the end of a line or of the text, it is that end, as the protocol requires. Before
    /// the start of the text, it is the start.
    fn offset(&self, ChangePosition { line, character }: ChangePosition) -> Offset {
        if line < 0 {
            return Offset::at(0);
        }
        let Some(range) = u32::try_from(line).ok().and_then(|line| self.lines.line(line)) else {
            return Offset::at(self.content.len());
        };
        let line_text = self.content[range].trim_end_matches(['\r', '\n']);
        let column = self.column(line, character).map_or(line_text.len(), |column| line_text.len().min(column));
        let start = character_start(line_text, column);
        Offset { byte: usize::from(range.start()) + start, is_inside: start < column }
    }

    /// The column in bytes; `None` if the number is too large.
    fn column(&self, line: i64, character: i64) -> Option<usize> {
        let (line, col) = (u32::try_from(line).ok()?, u32::try_from(character.max(0)).ok()?);
        let col = match self.encoding {
            Encoding::Utf8 => col,
            Encoding::Utf16 => self.lines.to_utf8(WideEncoding::Utf16, WideLineCol { line, col })?.col,
        };
        usize::try_from(col).ok()
    }

    /// Applies edits in order: each refers to the text after the previous edit.
    pub fn apply(&mut self, changes: Vec<Change>) {
        for Change { range, text } in changes {
            match range {
                Some(range) => self.replace(range, &text),
                None => self.content = text,
            }
            self.lines = LineIndex::new(&self.content);
        }
    }

    fn replace(&mut self, range: ChangeRange, text: &str) {
        let (start, end) = (self.offset(range.start), self.offset(range.end));
        // Editors that select backwards may send the end first.
        let (start, end) = (start.min(end), start.max(end));
        // An edit may remove one half of a surrogate pair. One code unit replaces the other half, so that the columns
        // after it are the same as in the editor.
        let half = |offset: Offset| {
            if offset.is_inside && self.encoding == Encoding::Utf16 { "\u{FFFD}" } else { "" }
        };
        let text = format!("{}{text}{}", half(start), half(end));
        let last = self.content[end.byte..].chars().next().filter(|_| end.is_inside);
        self.content.replace_range(start.byte..end.byte + last.map_or(0, char::len_utf8), &text);
    }
}

/// The start of the character that contains a byte; the end of the text for any byte after it.
fn character_start(text: &str, byte: usize) -> usize {
    (0..=byte.min(text.len())).rev().find(|&byte| text.is_char_boundary(byte)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(start: (i64, i64), end: (i64, i64), text: &str) -> Change {
        let position = |(line, character)| ChangePosition { line, character };
        Change { range: Some(ChangeRange { start: position(start), end: position(end) }), text: text.to_owned() }
    }

    fn changed(text: &str, encoding: Encoding, changes: Vec<Change>) -> String {
        let mut text = Text::new(text.to_owned(), encoding);
        text.apply(changes);
        text.content
    }

    #[test]
    fn positions_and_bytes_convert_both_ways() {
        let long = format!("{}\r\n{}\rx\n", "aé😀\u{FEFF}".repeat(700), "é😀".repeat(900));
        for text in ["", "a", "a\nb", "a\r\nb\rc\n", "aé😀b\n\u{10FFFF}", &long, &"x".repeat(5000)] {
            for encoding in [Encoding::Utf8, Encoding::Utf16] {
                let text = Text::new(text.to_owned(), encoding);
                let characters = text.as_str().char_indices().map(|(at, _)| at).chain([text.as_str().len()]);
                for at in characters {
                    // The position between `\r` and `\n` is the end of the line.
                    let expected = if text.as_str()[..at].ends_with('\r') && text.as_str()[at..].starts_with('\n') {
                        at - 1
                    } else {
                        at
                    };
                    assert_eq!(
                        text.offset(text.position(at).into()),
                        Offset::at(expected),
                        "{at} in {:?}",
                        text.encoding
                    );
                }
            }
        }
    }

    #[test]
    fn columns_have_the_negotiated_unit() {
        let at = |encoding, offset| {
            let position = Text::new("x\n\"é😀\"".to_owned(), encoding).position(offset);
            (position.line, position.character)
        };
        assert_eq!(at(Encoding::Utf16, 9), (1, 4));
        assert_eq!(at(Encoding::Utf8, 9), (1, 7));
        assert_eq!(at(Encoding::Utf16, 999), (1, 5));
        // A byte inside a character has the position of the character.
        assert_eq!(at(Encoding::Utf16, 4), (1, 1));
    }

    #[test]
    fn edits_are_applied_in_order() {
        let edits = || vec![change((0, 1), (0, 3), "X"), change((1, 0), (1, 0), "é😀\n"), change((2, 0), (9, 9), "")];
        assert_eq!(changed("a😀b\nc", Encoding::Utf16, edits()), "aXb\né😀\n");
        assert_eq!(
            changed("aé\r\nb", Encoding::Utf8, vec![change((0, 1), (0, 3), "e"), change((0, 2), (1, 0), "")]),
            "aeb"
        );
        // The second edit has the same unit.
        assert_eq!(
            changed("éa", Encoding::Utf8, vec![change((0, 2), (0, 3), "b"), change((0, 2), (0, 2), "x")]),
            "éxb"
        );
        let whole = Change { range: None, text: "new".to_owned() };
        assert_eq!(changed("old", Encoding::Utf16, vec![whole, change((0, 0), (0, 1), "")]), "ew");
    }

    #[test]
    fn edits_out_of_range_are_clamped() {
        let one = |start, end, text: &str| changed("ab\r\ncd", Encoding::Utf16, vec![change(start, end, text)]);
        // After the end of a line and of the text, and before the start.
        assert_eq!(one((0, 99), (0, i64::MAX), "!"), "ab!\r\ncd");
        assert_eq!(one((7, 0), (i64::MAX, 3), "!"), "ab\r\ncd!");
        assert_eq!(one((-1, 5), (0, -3), "!"), "!ab\r\ncd");
        // The end first.
        assert_eq!(one((1, 1), (0, 1), "!"), "a!d");
        assert_eq!(changed("", Encoding::Utf16, vec![change((3, 3), (1, 1), "x")]), "x");
    }

    #[test]
    fn half_a_character_leaves_one_code_unit() {
        let one =
            |encoding, start, end, text: &str| changed("a😀b", encoding, vec![change((0, start), (0, end), text)]);
        assert_eq!(one(Encoding::Utf16, 2, 2, ""), "a\u{FFFD}\u{FFFD}b");
        assert_eq!(one(Encoding::Utf16, 1, 2, "x"), "ax\u{FFFD}b");
        assert_eq!(one(Encoding::Utf16, 2, 3, "x"), "a\u{FFFD}xb");
        assert_eq!(one(Encoding::Utf16, 2, 4, ""), "a\u{FFFD}");
        // Columns in bytes cannot split a surrogate pair.
        assert_eq!(one(Encoding::Utf8, 2, 4, "x"), "axb");
    }
}
