//! Positions inside strings: from a part of what a string says to where the text has it.

use std::ops::Range;

#[cfg(feature = "dialects")]
use super::hcl;
use super::written_part::written_part;
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
