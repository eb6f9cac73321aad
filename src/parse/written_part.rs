//! The walk along a text and its written form, which all syntaxes share.

use std::ops::Range;

use crate::text::Span;

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
