//! The mapping from a text to its source form, which all syntaxes share.

use std::ops::Range;

use crate::text::Span;
use crate::text::order::sort_by_key;

/// The spans of parts of a text in its source form, which starts at byte `start`, and its end. `after` returns the byte
/// after the source form of a character at a byte, or `None` if there is a different character. Takes one pass through
/// the text, however many parts there are.
pub(super) fn written_parts(
    text: &str,
    parts: &[Range<usize>],
    start: usize,
    mut after: impl FnMut(usize, char) -> Option<usize>,
) -> Option<(Vec<Span>, usize)> {
    let mut bounds = parts.iter().flat_map(|part| [part.start, part.end]).collect::<Vec<_>>();
    sort_by_key(&mut bounds, |&item| item);
    bounds.dedup();
    let mut written = Vec::with_capacity(bounds.len());
    let mut at = start;
    let characters = text.char_indices().map(|(offset, character)| (offset, Some(character)));
    for (offset, character) in characters.chain([(text.len(), None)]) {
        if bounds.get(written.len()) == Some(&offset) {
            written.push(at);
        }
        if let Some(character) = character {
            at = after(at, character)?;
        }
    }
    let place = |bound| written.get(bounds.binary_search(&bound).ok()?).copied();
    let spans = parts.iter().map(|part| Some(Span::new(place(part.start)?, place(part.end)?)));
    Some((spans.collect::<Option<_>>()?, at))
}
