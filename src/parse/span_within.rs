//! Positions inside strings: from a part of what a string says to where the text has it.

use std::ops::Range;

#[cfg(feature = "dialects")]
use super::hcl;
#[cfg(feature = "yaml")]
use super::yaml;
use crate::document::{Document, Entry, EntryId};
use crate::text::{Span, Syntax};

impl Document {
    /// Where a part of a string stands in the source; `text` is the string with its escapes resolved, `part` a range of
    /// its bytes. Nothing where the source does not show the string character by character (folded or joined lines).
    pub fn span_within(&self, id: EntryId, text: &str, part: &Range<usize>) -> Option<Span> {
        if self.entry(id).has(Entry::ELSEWHERE) {
            return None;
        }
        let value = self.entry(id).span();
        #[cfg(feature = "dialects")]
        if self.syntax == Syntax::Hcl {
            return hcl::span_within(self.source.text(), value, text, part);
        }
        let raw = self.source.text().get(value.start..value.end)?;
        #[cfg(feature = "yaml")]
        if self.syntax == Syntax::Yaml {
            return Some(yaml::span_within(raw, text, part)?.shifted(value.start));
        }
        let (inner, shift) = match raw.strip_prefix('"') {
            Some(rest) => (rest.strip_suffix('"')?, 1),
            None => (raw, 0),
        };
        let (span, end) = written_part(text, part, 0, |at, character| {
            let rest = inner.get(at..)?;
            match rest.as_bytes() {
                [b'\\', b'u', ..] if shift == 1 => Some(at + 6 * character.len_utf16()),
                [b'\\', _, ..] if shift == 1 => Some(at + 2),
                _ => rest.starts_with(character).then_some(at + character.len_utf8()),
            }
        })?;
        (end == inner.len()).then(|| span.shifted(value.start + shift))
    }
}

/// Where a part of a text stands in what is written for it, from byte `start` on, and where that ends. `after` gives the
/// byte after what is written at a byte for a character, or nothing where another one is written.
pub(super) fn written_part(
    text: &str,
    part: &Range<usize>,
    start: usize,
    mut after: impl FnMut(usize, char) -> Option<usize>,
) -> Option<(Span, usize)> {
    let (mut at, mut part_start, mut part_end) = (start, None, None);
    let characters = text.char_indices().map(|(offset, character)| (offset, Some(character)));
    for (offset, character) in characters.chain([(text.len(), None)]) {
        if offset == part.start {
            part_start = Some(at);
        }
        if offset == part.end {
            part_end = Some(at);
        }
        if let Some(character) = character {
            at = after(at, character)?;
        }
    }
    Some((Span::new(part_start?, part_end?), at))
}
