//! How a change is written in the text: replacing a value, renaming a key, taking a member out, putting one in.
//!
//! Edits touch nothing but what they change, so comments, order, indentation and line endings stay.

use std::ops::Range;

use crate::connection::{Connection, Item, Node};
use crate::diagnostic::Edit;
use crate::document::{Document, Entry, EntryId};
use crate::members::Member;
use crate::source::Span;
use crate::value::Value;

/// A string as JSON text.
pub(crate) fn quoted(text: &str) -> String {
    // Strings always become JSON.
    serde_json::to_string(text).unwrap_or_default()
}

impl Node<'_> {
    /// Replaces the value with a string.
    pub fn replace_with(self, text: &str) -> Vec<Edit> {
        self.entry().map(|id| replacement(self.connection.document, id, text)).into_iter().collect()
    }

    /// Replaces parts of the string, each given as a range of its bytes, in rising order; the rest of the value is no
    /// part of the edits. Where the parts cannot be found in the source, the whole value is replaced.
    pub fn replace_within(self, parts: &[(Range<usize>, &str)]) -> Vec<Edit> {
        let (Some(id), Some(text)) = (self.entry(), self.value().and_then(Value::as_str)) else { return Vec::new() };
        let document = self.connection.document;
        let edit = |(part, new): &(Range<usize>, &str)| {
            let quoted = quoted(new);
            Some(Edit::new(document.span_within(id, text, part)?, quoted[1..quoted.len() - 1].to_owned()))
        };
        parts.iter().map(edit).collect::<Option<Vec<_>>>().unwrap_or_else(|| {
            let mut changed = text.to_owned();
            for (part, new) in parts.iter().rev() {
                changed.replace_range(part.clone(), new);
            }
            vec![replacement(document, id, &changed)]
        })
    }

    /// Takes the member out, with the comma it no longer needs.
    pub fn remove(self) -> Vec<Edit> {
        self.entry().map(|id| removal(self.connection.document, id)).into_iter().collect()
    }
}

impl Item<'_> {
    /// Gives the member another key.
    pub fn rename_to(&self, key: &str) -> Vec<Edit> {
        let span = self.connection.document.entry(self.entry).key_span();
        span.map(|span| Edit::new(span, quoted(key))).into_iter().collect()
    }

    /// Takes the member or element out, with the comma it no longer needs.
    pub fn remove(&self) -> Vec<Edit> {
        vec![removal(self.connection.document, self.entry)]
    }
}

impl Connection<'_> {
    /// Puts a member with this JSON text as its value at its place, together with the blocks it needs. Nothing when
    /// there is something else in the way.
    pub fn insert(&self, member: Member, json: &str) -> Option<Vec<Edit>> {
        let mut key = member.key();
        let mut json = json.to_owned();
        let mut parent = member.parent();
        while let Some(block) = parent {
            if self.get(block).is_present() {
                break;
            }
            json = format!("{{ {}: {json} }}", quoted(key));
            key = block.key();
            parent = block.parent();
        }
        let into = self.entry_of(parent.map_or("", Member::pointer))?;
        insertion(self.document, into, &format!("{}: {json}", quoted(key)))
    }
}

fn replacement(document: &Document, id: EntryId, text: &str) -> Edit {
    Edit::new(document.entry(id).span(), quoted(text))
}

/// The whole of a member or element: from its key to the end of its value.
fn whole(entry: &Entry) -> Span {
    Span::new(entry.key_span().unwrap_or(entry.span()).start, entry.span().end)
}

/// Takes out a member or element and one comma: the one behind it, or, for the last, the one before it.
pub(crate) fn removal(document: &Document, id: EntryId) -> Edit {
    let text = document.source.text();
    let span = whole(document.entry(id));
    let siblings =
        document.parent_of(id).map(|parent| document.children(parent).collect::<Vec<_>>()).unwrap_or_default();
    let at = siblings.iter().position(|&sibling| sibling == id);
    let follows = at.is_some_and(|at| at + 1 < siblings.len());
    if follows || comma_after(document, span.end).is_some() {
        let end = comma_after(document, span.end).unwrap_or(span.end);
        // The white space up to the next token goes along, so that no empty line stays.
        let blank = text[end..].len() - text[end..].trim_start().len();
        let rest = &text[end + blank..];
        let end = if rest.starts_with(['/', '}', ']']) { end } else { end + blank };
        return Edit::new(Span::new(span.start, end), "");
    }
    let before = at.and_then(|at| at.checked_sub(1)).map(|at| document.entry(siblings[at]).span().end);
    match before {
        Some(before)
            if !document
                .comments
                .iter()
                .any(|comment| comment.span.start >= before && comment.span.end <= span.start) =>
        {
            Edit::new(Span::new(before, span.end), "")
        }
        _ => Edit::new(span, ""),
    }
}

/// The byte after the comma that follows a value, over white space and comments.
fn comma_after(document: &Document, mut at: usize) -> Option<usize> {
    let text = document.source.text();
    loop {
        at += text[at..].len() - text[at..].trim_start().len();
        if let Some(comment) = document.comments.iter().find(|comment| comment.span.start == at) {
            at = comment.span.end;
            continue;
        }
        return text[at..].starts_with(',').then_some(at + 1);
    }
}

/// Puts a member at the end of an object, in the layout of its last member.
fn insertion(document: &Document, object: EntryId, member: &str) -> Option<Vec<Edit>> {
    let entry = document.entry(object);
    if !entry.has(Entry::OBJECT) || document.damaged {
        return None;
    }
    let text = document.source.text();
    let Some(last) = document.children(object).last() else {
        return Some(vec![Edit::new(Span::new(entry.span().start + 1, entry.span().end - 1), format!(" {member} "))]);
    };
    let last = whole(document.entry(last));
    let line = text[..last.start].rfind('\n').map(|at| &text[at + 1..last.start]);
    let break_before = match line {
        // The last member stands at the start of a line: so does the new one.
        Some(indent) if indent.trim().is_empty() => {
            let newline = if text[..last.start - indent.len()].ends_with("\r\n") { "\r\n" } else { "\n" };
            format!("{newline}{indent}")
        }
        _ => " ".to_owned(),
    };
    Some(vec![match comma_after(document, last.end) {
        Some(at) => Edit::new(Span::at(at), format!("{break_before}{member}")),
        None => Edit::new(Span::at(last.end), format!(",{break_before}{member}")),
    }])
}

impl Document {
    /// The object or array that directly holds an entry.
    pub fn parent_of(&self, id: EntryId) -> Option<EntryId> {
        let mut parent = None;
        let mut at = crate::document::ROOT;
        while at != id {
            parent = Some(at);
            at = self.children(at).find(|&child| id >= child && id < self.entry(child).next())?;
        }
        parent
    }
}

/// Applies edits to a text: those that overlap an earlier one are left out. Gives the new text and how many were applied.
pub(crate) fn apply<'e>(text: &str, groups: impl IntoIterator<Item = &'e [Edit]>) -> (String, usize) {
    // By place; the edits of one fix at one place stay in their order.
    let mut taken: Vec<(Span, &str)> = Vec::new();
    let mut applied = 0;
    for edits in groups {
        // Two insertions at one place, or one at the edge of a replacement, depend on their order.
        let clashes = |edit: &Edit| {
            let next = taken.partition_point(|(span, _)| span.start < edit.span.start);
            let before = next.checked_sub(1).map(|at| taken[at].0);
            let after = taken.get(next).map(|(span, _)| *span);
            before
                .is_some_and(|span| span.end > edit.span.start || (edit.span.is_empty() && span.end == edit.span.start))
                || after.is_some_and(|span| {
                    span.start == edit.span.start
                        || span.start < edit.span.end
                        || (span.is_empty() && span.start == edit.span.end)
                })
        };
        let fits = edits.iter().all(|edit| {
            edit.span.end <= text.len()
                && text.is_char_boundary(edit.span.start)
                && text.is_char_boundary(edit.span.end)
        });
        if fits && !edits.iter().any(clashes) {
            for edit in edits {
                let place = (edit.span.start, edit.span.end);
                let at = taken.partition_point(|(span, _)| (span.start, span.end) <= place);
                taken.insert(at, (edit.span, &edit.text));
            }
            applied += 1;
        }
    }
    let mut fixed = String::with_capacity(text.len());
    let mut at = 0;
    for (Span { start, end }, replacement) in taken {
        fixed.push_str(&text[at..start]);
        fixed.push_str(replacement);
        at = end;
    }
    fixed.push_str(&text[at..]);
    (fixed, applied)
}
