//! Positions inside strings: maps a part of a string's value to its source text.

use std::ops::Range;

#[cfg(feature = "dialects")]
use super::hcl;
use super::written_part::written_parts;
#[cfg(feature = "yaml")]
use super::yaml;
use crate::document::{Document, Entry, EntryId};
use crate::text::{Span, Syntax};

impl Document {
    /// The span of a part of a string in the source, as [`Document::spans_within`].
    pub fn span_within(&self, id: EntryId, text: &str, part: &Range<usize>) -> Option<Span> {
        self.spans_within(id, text, std::slice::from_ref(part))?.pop()
    }

    /// The spans of parts of a string in the source; `text` is the string with its escapes resolved, `parts` are ranges
    /// of its bytes. `None` if the source does not contain the string character by character (folded or joined lines).
    pub fn spans_within(&self, id: EntryId, text: &str, parts: &[Range<usize>]) -> Option<Vec<Span>> {
        if self.entry(id).has(Entry::ELSEWHERE) {
            return None;
        }
        let value = self.entry(id).span();
        let shifted = |spans: Vec<Span>, by| spans.into_iter().map(|span| span.shifted(by)).collect();
        #[cfg(feature = "dialects")]
        if self.syntax == Syntax::Hcl {
            let (spans, shift) = hcl::spans_within(self.source.text(), value, text, parts)?;
            return Some(shifted(spans, shift));
        }
        let raw = self.source.text().get(value.start..value.end)?;
        #[cfg(feature = "yaml")]
        if self.syntax == Syntax::Yaml {
            return Some(shifted(yaml::spans_within(raw, text, parts)?, value.start));
        }
        let (inner, shift) = match raw.strip_prefix('"') {
            Some(rest) => (rest.strip_suffix('"')?, 1),
            None => (raw, 0),
        };
        let (spans, end) = written_parts(text, parts, 0, |at, character| {
            let rest = inner.get(at..)?;
            match rest.as_bytes() {
                [b'\\', b'u', ..] if shift == 1 => Some(at + 6 * character.len_utf16()),
                [b'\\', _, ..] if shift == 1 => Some(at + 2),
                _ => rest.starts_with(character).then_some(at + character.len_utf8()),
            }
        })?;
        (end == inner.len()).then(|| shifted(spans, value.start + shift))
    }
}
