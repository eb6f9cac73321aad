//! The parts of a text that a shell changes.

use crate::document::{Document, Entry, EntryId};
use crate::text::Span;

/// The changes of a text by a shell.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    /// The ranges that the shell fills in, in order.
    pub unknown: Vec<Span>,
    /// Bytes inside of strings that are not part of the value, in order.
    pub fillers: Vec<Span>,
}

impl Marks {
    /// Marks the values of a document that the shell fills in as unknown, and applies the shell's changes to other
    /// values.
    pub fn apply(&self, document: &mut Document) {
        let mut texts = Vec::<(EntryId, Box<str>)>::new();
        let source = document.source.text().to_owned();
        let mut parents = Vec::<EntryId>::new();
        for id in 0..document.table.entries.len() {
            let entry = document.table.entries[id];
            let id = EntryId::try_from(id).unwrap_or(EntryId::MAX);
            while parents.last().is_some_and(|&parent| document.entry(parent).next() <= id) {
                parents.pop();
            }
            // An object with an unknown key may have any field.
            if let (Some(key), Some(&parent)) = (entry.key_span(), parents.last())
                && (touches(&self.unknown, key).is_some() || touches(&self.fillers, key).is_some())
            {
                document.table.make_unknown(parent as usize);
            }
            if entry.has(Entry::OBJECT | Entry::ARRAY) {
                parents.push(id);
            } else if touches(&self.unknown, entry.span()).is_some() {
                document.table.make_unknown(id as usize);
            } else if let Some(first) = touches(&self.fillers, entry.span()).filter(|_| entry.has(Entry::TEXT)) {
                let span = entry.span();
                let mut written = String::with_capacity(span.len());
                let mut at = span.start;
                for filler in self.fillers[first..].iter().take_while(|filler| filler.start < span.end) {
                    written.push_str(&source[at..filler.start]);
                    at = filler.end;
                }
                written.push_str(&source[at..span.end]);
                match serde_json::from_str::<String>(&written) {
                    Ok(text) => texts.push((id, text.into())),
                    Err(_) => document.table.make_unknown(id as usize),
                }
            }
        }
        document.table.replace_texts(texts);
    }
}

/// The index of the first of these spans that overlaps another one.
fn touches(spans: &[Span], other: Span) -> Option<usize> {
    let first = spans.partition_point(|span| span.end <= other.start);
    spans.get(first).is_some_and(|span| span.start < other.end).then_some(first)
}
