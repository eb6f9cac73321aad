//! A text as editors count it: lines, and units within a line; and how their edits change it.

use std::ops::Range;

use crate::{LineIndex, Span};
use gen_lsp_types as lsp;
use serde::Deserialize;

/// What editors count columns in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Encoding {
    Utf8,
    /// What counts when nothing was said.
    #[default]
    Utf16,
}

/// Bytes between two counts of UTF-16 units.
const STRIDE: usize = 1024;

/// A text with the index of its lines and units.
#[derive(Debug)]
pub(super) struct Text {
    content: String,
    encoding: Encoding,
    lines: LineIndex,
    /// How many UTF-16 units start before each `STRIDE`th byte; empty where units are bytes.
    units: Vec<usize>,
}

/// A place as a client gives it: it may lie outside the text, and even before it.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) struct Place {
    line: i64,
    character: i64,
}

/// A change as a client gives it; without a range it is the whole text.
#[derive(Debug, Deserialize)]
pub(super) struct Change {
    range: Option<PlaceRange>,
    text: String,
}

#[derive(Debug, Clone, Copy, Deserialize)]
struct PlaceRange {
    start: Place,
    end: Place,
}

impl From<lsp::Position> for Place {
    fn from(position: lsp::Position) -> Self {
        Self { line: position.line.into(), character: position.character.into() }
    }
}

/// How many UTF-16 units some bytes of UTF-8 stand for: one for each character, and one more for those of four bytes.
fn units(bytes: &[u8]) -> usize {
    bytes.iter().map(|&byte| usize::from(byte & 0xC0 != 0x80) + usize::from(byte >= 0xF0)).sum()
}

impl Text {
    pub fn new(text: String, encoding: Encoding) -> Self {
        let lines = LineIndex::new(&text);
        let bytes_are_units = encoding == Encoding::Utf8 || text.is_ascii();
        let mut sum = 0;
        let units = text.as_bytes().chunks(if bytes_are_units { usize::MAX } else { STRIDE }).map(|chunk| {
            let before = sum;
            sum += if bytes_are_units { 0 } else { units(chunk) };
            before
        });
        let units = if bytes_are_units { Vec::new() } else { units.collect() };
        Self { content: text, encoding, lines, units }
    }

    pub fn as_str(&self) -> &str {
        &self.content
    }

    /// The place of a byte.
    pub fn position(&self, offset: usize) -> lsp::Position {
        let offset = self.boundary(offset);
        let line = self.lines.line_of(offset);
        let start = self.lines.start_of(line, &self.content);
        let character = self.units_before(offset) - self.units_before(start);
        let number = |number| u32::try_from(number).unwrap_or(u32::MAX);
        lsp::Position { line: number(line), character: number(character) }
    }

    pub fn range(&self, span: Span) -> lsp::Range {
        lsp::Range { start: self.position(span.start), end: self.position(span.end) }
    }

    /// The byte at a place, and whether the place is in the middle of a character that starts there. What lies behind the
    /// end of a line or of the text is that end, as the protocol says; what lies before the start is the start.
    pub fn offset(&self, place: impl Into<Place>) -> (usize, bool) {
        let place = place.into();
        let Ok(line) = usize::try_from(place.line) else { return (0, false) };
        if line >= self.lines.lines() {
            return (self.content.len(), false);
        }
        let start = self.lines.start_of(line, &self.content);
        let end = self.end_of(line);
        let wanted = self.units_before(start) + usize::try_from(place.character).unwrap_or(0);
        if wanted >= self.units_before(end) {
            return (end, false);
        }
        if self.units.is_empty() {
            let offset = self.boundary(wanted);
            return (offset, offset < wanted);
        }
        let stride = self.units.partition_point(|&before| before <= wanted).saturating_sub(1);
        let mut at = self.boundary((stride * STRIDE).max(start));
        let mut unit = self.units_before(at);
        for character in self.content[at..end].chars() {
            if unit + character.len_utf16() > wanted {
                break;
            }
            unit += character.len_utf16();
            at += character.len_utf8();
        }
        (at, unit < wanted)
    }

    /// The start of the character that a byte belongs to.
    fn boundary(&self, offset: usize) -> usize {
        let offset = offset.min(self.content.len());
        (0..=offset).rev().find(|&at| self.content.is_char_boundary(at)).unwrap_or(0)
    }

    /// The end of a line, without what breaks it.
    fn end_of(&self, line: usize) -> usize {
        let start = self.lines.start_of(line, &self.content);
        let next = self.lines.start_of(line + 1, &self.content);
        let inside = &self.content[start..next];
        start + inside.strip_suffix('\n').unwrap_or(inside).trim_end_matches('\r').len()
    }

    fn units_before(&self, offset: usize) -> usize {
        if self.units.is_empty() {
            return offset;
        }
        let whole = (offset / STRIDE).min(self.units.len() - 1);
        self.units[whole] + units(&self.content.as_bytes()[whole * STRIDE..offset])
    }

    /// The text after some changes, each made to what the one before it left.
    pub fn changed(self, changes: Vec<Change>) -> Self {
        let mut text = self;
        for change in changes {
            let encoding = text.encoding;
            text = Self::new(text.after(change), encoding);
        }
        text
    }

    fn after(mut self, change: Change) -> String {
        let Some(PlaceRange { start, end }) = change.range else { return change.text };
        let (Range { start, end }, halves) = self.bytes_between(start, end);
        self.content.replace_range(start..end, &(halves.0.to_owned() + &change.text + halves.1));
        self.content
    }

    /// The bytes between two places, and what has to be left of the characters that the places cut in two: one unit for
    /// one unit, so that all further places hold.
    fn bytes_between(&self, start: Place, end: Place) -> (Range<usize>, (&'static str, &'static str)) {
        let (mut start, mut end) = (self.offset(start), self.offset(end));
        // Editors that select backwards may give the end first.
        if start > end {
            std::mem::swap(&mut start, &mut end);
        }
        let after = |at: usize| at + self.content[at..].chars().next().map_or(0, char::len_utf8);
        let half = |is_cut| if is_cut && self.encoding == Encoding::Utf16 { "\u{FFFD}" } else { "" };
        let end_byte = if end.1 { after(end.0) } else { end.0 };
        (start.0..end_byte, (half(start.1), half(end.1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(start: (i64, i64), end: (i64, i64), text: &str) -> Change {
        let place = |(line, character)| Place { line, character };
        Change { range: Some(PlaceRange { start: place(start), end: place(end) }), text: text.to_owned() }
    }

    fn changed(text: &str, encoding: Encoding, changes: Vec<Change>) -> String {
        Text::new(text.to_owned(), encoding).changed(changes).content
    }

    #[test]
    fn every_character_is_found_again() {
        let long = format!("{}\r\n{}\rx\n", "aé😀\u{FEFF}".repeat(700), "é😀".repeat(900));
        for text in ["", "a", "a\nb", "a\r\nb\rc\n", "aé😀b\n\u{10FFFF}", &long, &"x".repeat(5000)] {
            for encoding in [Encoding::Utf8, Encoding::Utf16] {
                let text = Text::new(text.to_owned(), encoding);
                let characters = text.as_str().char_indices().map(|(at, _)| at).chain([text.as_str().len()]);
                for at in characters {
                    // Between the two characters of a line break is the end of its line.
                    let wanted = if text.as_str()[..at].ends_with('\r') && text.as_str()[at..].starts_with('\n') {
                        at - 1
                    } else {
                        at
                    };
                    assert_eq!(text.offset(text.position(at)), (wanted, false), "{at} in {:?}", text.encoding);
                }
            }
        }
    }

    #[test]
    fn columns_are_counted_in_what_was_agreed() {
        let at = |encoding, offset| {
            let place = Text::new("x\n\"é😀\"".to_owned(), encoding).position(offset);
            (place.line, place.character)
        };
        assert_eq!(at(Encoding::Utf16, 9), (1, 4));
        assert_eq!(at(Encoding::Utf8, 9), (1, 7));
        assert_eq!(at(Encoding::Utf16, 999), (1, 5));
        // Inside a character is its start.
        assert_eq!(at(Encoding::Utf16, 4), (1, 1));
    }

    #[test]
    fn edits_change_what_they_say() {
        let edits = || vec![change((0, 1), (0, 3), "X"), change((1, 0), (1, 0), "é😀\n"), change((2, 0), (9, 9), "")];
        assert_eq!(changed("a😀b\nc", Encoding::Utf16, edits()), "aXb\né😀\n");
        assert_eq!(
            changed("aé\r\nb", Encoding::Utf8, vec![change((0, 1), (0, 3), "e"), change((0, 2), (1, 0), "")]),
            "aeb"
        );
        // What was agreed holds for the second edit as well.
        assert_eq!(
            changed("éa", Encoding::Utf8, vec![change((0, 2), (0, 3), "b"), change((0, 2), (0, 2), "x")]),
            "éxb"
        );
        let whole = Change { range: None, text: "new".to_owned() };
        assert_eq!(changed("old", Encoding::Utf16, vec![whole, change((0, 0), (0, 1), "")]), "ew");
    }

    #[test]
    fn edits_with_wrong_ranges_are_made_where_they_can_be_meant() {
        let one = |start, end, text: &str| changed("ab\r\ncd", Encoding::Utf16, vec![change(start, end, text)]);
        // Behind the end of a line, of the text; before the start.
        assert_eq!(one((0, 99), (0, i64::MAX), "!"), "ab!\r\ncd");
        assert_eq!(one((7, 0), (i64::MAX, 3), "!"), "ab\r\ncd!");
        assert_eq!(one((-1, 5), (0, -3), "!"), "!ab\r\ncd");
        // The end first.
        assert_eq!(one((1, 1), (0, 1), "!"), "a!d");
        assert_eq!(changed("", Encoding::Utf16, vec![change((3, 3), (1, 1), "x")]), "x");
    }

    #[test]
    fn half_a_character_leaves_the_other_half() {
        let one =
            |encoding, start, end, text: &str| changed("a😀b", encoding, vec![change((0, start), (0, end), text)]);
        assert_eq!(one(Encoding::Utf16, 2, 2, ""), "a\u{FFFD}\u{FFFD}b");
        assert_eq!(one(Encoding::Utf16, 1, 2, "x"), "ax\u{FFFD}b");
        assert_eq!(one(Encoding::Utf16, 2, 3, "x"), "a\u{FFFD}xb");
        assert_eq!(one(Encoding::Utf16, 2, 4, ""), "a\u{FFFD}");
        // Bytes have no halves that could be shown.
        assert_eq!(one(Encoding::Utf8, 2, 4, "x"), "axb");
    }
}
