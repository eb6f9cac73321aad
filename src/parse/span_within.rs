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
            let within = yaml::span_within(raw, text, part)?;
            return Some(Span::new(value.start + within.start, value.start + within.end));
        }
        let (inner, shift) = match raw.strip_prefix('"') {
            Some(rest) => (rest.strip_suffix('"')?, 1),
            None => (raw, 0),
        };
        let mut at = 0;
        let (mut start, mut end) = (None, None);
        for (decoded, character) in text.char_indices().chain([(text.len(), '\0')]) {
            if decoded == part.start {
                start = Some(at);
            }
            if decoded == part.end {
                end = Some(at);
            }
            if decoded == text.len() {
                break;
            }
            let rest = &inner[at..];
            at += match rest.as_bytes() {
                [b'\\', b'u', ..] if shift == 1 => 6 * character.len_utf16(),
                [b'\\', _, ..] if shift == 1 => 2,
                _ if rest.starts_with(character) => character.len_utf8(),
                _ => return None,
            };
            if !inner.is_char_boundary(at) {
                return None;
            }
        }
        let offset = value.start + shift;
        (at == inner.len()).then_some(Span::new(offset + start?, offset + end?))
    }
}
