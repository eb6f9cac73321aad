//! Edits of a text: replacing a value, renaming a key, removing a field, inserting one.
//!
//! Edits change nothing else, so comments, order, indentation and line endings are preserved. They refer to the entries
//! of the original text; values that are written elsewhere (an alias, a reference) are not changed.

mod edited_text;
mod effect;
#[cfg(feature = "dialects")]
mod hcl;
mod json;
#[cfg(feature = "yaml")]
mod yaml;

use std::collections::BTreeMap;
use std::ops::Range;

use crate::atlas::fields::Field;
use crate::connection::{Connection, Item, Node};
use crate::diagnostic::Edit;
use crate::document::value::Value;
use crate::document::{Document, Entry, EntryId};
use crate::text::order::sort_by_key;
use crate::text::{Span, Syntax};
pub(crate) use edited_text::EditedText;
pub(crate) use effect::{Change, deletions, drop_harmful, is_harmless};

/// The edits of one syntax.
struct SyntaxWriter {
    /// Replaces a value with a string.
    replacement: fn(&Document, EntryId, text: &str) -> Option<Edit>,
    /// Parts of a string, escaped for the inside of the string, whose text becomes `whole`.
    parts: WrittenParts,
    /// A key, escaped for the position of an entry's key.
    key: fn(&Document, EntryId, text: &str) -> Option<String>,
    /// Removes a field or element, with the punctuation that is no longer needed.
    removal: fn(&Document, EntryId) -> Option<Edit>,
    /// Inserts a field with a string into an object, with the objects in between that its path requires.
    insertion: Insertion,
    /// Inserts an object between the only field of an object and the object, as the path requires.
    wrapping: fn(&Document, EntryId, path: &str) -> Option<Vec<Edit>>,
}

type WrittenParts = fn(&Document, EntryId, texts: &[&str], whole: &str) -> Option<Vec<String>>;

type Insertion = fn(&Document, object: EntryId, path: &[&str], text: &str) -> Option<Vec<Edit>>;

fn writer_of(document: &Document) -> &'static SyntaxWriter {
    match document.syntax {
        #[cfg(feature = "yaml")]
        Syntax::Yaml => &yaml::WRITER,
        #[cfg(feature = "dialects")]
        Syntax::Hcl => &hcl::WRITER,
        // A build does not edit a syntax that it does not parse.
        _ => &json::WRITER,
    }
}

/// Renames a field.
pub(crate) fn renaming(document: &Document, id: EntryId, new: &str) -> Vec<Edit> {
    #[cfg(feature = "dialects")]
    if document.syntax == Syntax::Hcl {
        return hcl::renaming(document, id, new);
    }
    let is_written = !document.entry(id).has(Entry::ELSEWHERE);
    let span = document.entry(id).key_span().filter(|_| is_written);
    span.and_then(|span| Some(Edit::new(span, (writer_of(document).key)(document, id, new)?))).into_iter().collect()
}

/// Turns a block of HCL into an attribute with an object, including the blocks inside it. `None` if a block has labels,
/// or is generated (`dynamic`).
#[cfg(feature = "dialects")]
pub(crate) fn attribute(document: &Document, id: EntryId) -> Option<Vec<Edit>> {
    hcl::attribute(document, id)
}

/// Removes a field or element, with the punctuation that is no longer needed.
pub(crate) fn removal(document: &Document, id: EntryId) -> Option<Edit> {
    (writer_of(document).removal)(document, id)
}

/// The changes to the lines around a field that a removal takes away, so that the text stays formatted.
fn realignment(document: &Document, id: EntryId, removal: &Edit) -> Vec<Edit> {
    #[cfg(feature = "dialects")]
    if document.syntax == Syntax::Hcl {
        return hcl::realignment(document, id, removal);
    }
    let _ = (document, id, removal);
    Vec::new()
}

impl Connection<'_> {
    /// Replaces the value of an entry with a string.
    pub fn replacement(&self, id: EntryId, text: &str) -> Vec<Edit> {
        self.written_as(id)
            .and_then(|id| (writer_of(self.written()).replacement)(self.written(), id, text))
            .into_iter()
            .collect()
    }

    fn removal(&self, id: EntryId) -> Vec<Edit> {
        let document = self.written();
        let Some((id, edit)) = self.written_as(id).and_then(|id| Some((id, removal(document, id)?))) else {
            return Vec::new();
        };
        let mut edits = realignment(document, id, &edit);
        edits.push(edit);
        sort_by_key(&mut edits, |edit| edit.span);
        edits
    }

    /// Inserts a field with this string at its pointer, together with the objects that it needs. `None` if another
    /// value is in the way, or the dialect lacks the field.
    pub fn insert(&self, field: Field, text: &str) -> Option<Vec<Edit>> {
        if self.definition.unsupported_fields.contains(&field) {
            return None;
        }
        let path = self.path(field)?;
        let path = path.split('.').collect::<Vec<_>>();
        let mut at = self.written_as(self.definition.base)?;
        let mut there = 0;
        while let Some(next) = path.get(there).and_then(|key| self.written().child(at, key)) {
            at = next;
            there += 1;
        }
        let missing = path.get(there..).filter(|missing| !missing.is_empty())?;
        (writer_of(self.written()).insertion)(self.written(), at, missing, text)
    }
}

impl Node<'_> {
    /// Replaces the value with a string, if the dialect allows it.
    pub fn replace_with(self, text: &str) -> Vec<Edit> {
        self.entry()
            .filter(|_| self.connection.accepts(self.field, text))
            .map(|id| self.connection.replacement(id, text))
            .unwrap_or_default()
    }

    /// Replaces parts of the string, each given as a range of its bytes, in rising order; the edits do not contain the
    /// rest of the value. If the parts cannot be found in the source, the whole value is replaced.
    pub fn replace_within(self, parts: &[(Range<usize>, &str)]) -> Vec<Edit> {
        let (Some(id), Some(text)) = (self.entry(), self.value().and_then(Value::as_str)) else { return Vec::new() };
        let document = self.connection.written();
        let Some(written) = self.connection.written_as(id) else { return Vec::new() };
        let changes = parts.iter().map(|(part, new)| (Span::new(part.start, part.end), *new)).collect::<Vec<_>>();
        let whole = self::written(text, &changes);
        let ranges = parts.iter().map(|(range, _)| range.clone()).collect::<Vec<_>>();
        let edits = || {
            let spans = document.spans_within(written, text, &ranges)?;
            // The line breaks of a heredoc separate its lines and its closing marker.
            let is_broken = |span: &Span| document.source.text()[span.start..span.end].contains('\n');
            if document.syntax == Syntax::Hcl && spans.iter().any(is_broken) {
                return None;
            }
            let texts = parts.iter().map(|(_, new)| *new).collect::<Vec<_>>();
            let texts = (writer_of(document).parts)(document, written, &texts, &whole)?;
            Some(spans.into_iter().zip(texts).map(|(span, text)| Edit::new(span, text)).collect())
        };
        edits().unwrap_or_else(|| {
            // The content of an edit is visible.
            if self.field.is_secret() || whole.contains('@') {
                return Vec::new();
            }
            self.connection.replacement(id, &whole)
        })
    }

    /// Removes the field, with the punctuation that is no longer needed.
    pub fn remove(self) -> Vec<Edit> {
        self.entry().map(|id| self.connection.removal(id)).unwrap_or_default()
    }
}

impl Item<'_> {
    /// Inserts an object around the only field of an object: `networking.type` becomes `networking.access.type`. Only
    /// for YAML blocks, where the field cannot be moved before the object exists.
    pub fn wrap(&self, target: Field) -> Option<Vec<Edit>> {
        let written = self.connection.written();
        let id = self.connection.written_as(self.entry)?;
        (writer_of(written).wrapping)(written, id, &self.connection.path(target)?)
    }

    /// Renames the field.
    pub fn rename_to(&self, new: &str) -> Vec<Edit> {
        let written = self.connection.written_as(self.entry);
        written.map(|id| renaming(self.connection.written(), id, new)).unwrap_or_default()
    }

    /// Removes the field or element, with the punctuation that is no longer needed.
    pub fn remove(&self) -> Vec<Edit> {
        self.connection.removal(self.entry)
    }
}

/// Applies edits to a text, without those that overlap an earlier one. Returns the new text and the number of applied
/// edits.
#[cfg(test)]
pub(crate) fn apply<'e>(text: &str, groups: impl IntoIterator<Item = &'e [Edit]>) -> (String, usize) {
    let (taken, applied) = chosen(text, groups);
    (written(text, &taken), applied)
}

/// The edits of a text that can be applied together, by position, and the number of their groups. An edit that overlaps
/// an earlier one is left out.
pub(crate) fn chosen<'e>(text: &str, groups: impl IntoIterator<Item = &'e [Edit]>) -> (Vec<(Span, &'e str)>, usize) {
    // By position; the edits of one fix at one position stay in their order.
    let mut taken: BTreeMap<(Span, usize), &'e str> = BTreeMap::new();
    let mut applied = 0;
    for edits in groups {
        // The result of two insertions at one position, or of one at the edge of a replacement, depends on their order.
        let clashes = |edit: &Edit| {
            let here = (Span::at(edit.span.start), 0);
            let before = taken.range(..here).next_back().map(|((span, _), _)| *span);
            let after = taken.range(here..).next().map(|((span, _), _)| *span);
            before
                .is_some_and(|span| span.end > edit.span.start || (edit.span.is_empty() && span.end == edit.span.start))
                || after.is_some_and(|span| {
                    span.start == edit.span.start
                        || span.start < edit.span.end
                        || (span.is_empty() && span.start == edit.span.end)
                })
        };
        let fits = edits.iter().all(|edit| text.get(edit.span.start..edit.span.end).is_some());
        if fits && !edits.iter().any(clashes) {
            taken.extend(edits.iter().enumerate().map(|(at, edit)| ((edit.span, at), &*edit.text)));
            applied += 1;
        }
    }
    (taken.into_iter().map(|((span, _), text)| (span, text)).collect(), applied)
}

/// The text with these edits applied; they are in order and fit it.
pub(crate) fn written(text: &str, edits: &[(Span, &str)]) -> String {
    let mut fixed = String::with_capacity(text.len());
    let mut at = 0;
    for &(Span { start, end }, replacement) in edits {
        fixed.push_str(&text[at..start]);
        fixed.push_str(replacement);
        at = end;
    }
    fixed.push_str(&text[at..]);
    fixed
}
