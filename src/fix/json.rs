//! The edits of JSON and JSONC.

use super::SyntaxWriter;
use crate::diagnostic::Edit;
use crate::document::{Document, Entry, EntryId};
use crate::text::Span;

pub(super) static WRITER: SyntaxWriter = SyntaxWriter {
    replacement: |document, id, text| Some(Edit::new(document.entry(id).span(), quoted(text))),
    parts: |_, _, texts, _| texts.iter().map(|text| inside_quotes(text)).collect(),
    key: |_, _, text| Some(quoted(text)),
    removal: |document, id| Some(removal(document, id)),
    insertion: |document, object, path, text| insertion(document, object, &member(path, text)),
    // A move to a new object is a removal and an insertion.
    wrapping: |_, _, _| None,
};

/// A field with a string, with the objects around it that its path requires.
pub(super) fn member(path: &[&str], text: &str) -> String {
    let Some((key, inner)) = path.split_first() else { return quoted(text) };
    let value = if inner.is_empty() { quoted(text) } else { format!("{{ {} }}", member(inner, text)) };
    format!("{}: {value}", quoted(key))
}

/// Removes a field or element and one comma: the one after it, or, for the last, the one before it.
pub(super) fn removal(document: &Document, id: EntryId) -> Edit {
    let text = document.source.text();
    let span = document.entry(id).whole();
    let parent = document.parent_of(id);
    let follows = parent.is_some_and(|parent| document.after(parent, id).is_some());
    if follows || comma_after(document, span.end).is_some() {
        let end = comma_after(document, span.end).unwrap_or(span.end);
        // The whitespace up to the next token is removed too, so that no empty line remains.
        let blank = text[end..].len() - text[end..].trim_start().len();
        let rest = &text[end + blank..];
        let end = if rest.starts_with(['/', '#', '}', ']']) { end } else { end + blank };
        return Edit::new(Span::new(span.start, end), "");
    }
    let before = parent.and_then(|parent| document.before(parent, id)).map(|before| document.entry(before).span().end);
    let has_comment = |gap: Span| document.comment_from(gap.start).is_some_and(|comment| gap.contains(comment));
    match before {
        Some(before) if !has_comment(Span::new(before, span.start)) => Edit::new(Span::new(before, span.end), ""),
        _ => Edit::new(span, ""),
    }
}

/// The byte after the comma that follows a value, over whitespace and comments.
pub(super) fn comma_after(document: &Document, mut at: usize) -> Option<usize> {
    let text = document.source.text();
    loop {
        at += text[at..].len() - text[at..].trim_start().len();
        if let Some(comment) = document.comment_from(at).filter(|comment| comment.start == at) {
            at = comment.end;
            continue;
        }
        return text[at..].starts_with(',').then_some(at + 1);
    }
}

/// Inserts a field at the end of an object in braces, in the layout of its last field.
pub(super) fn insertion(document: &Document, object: EntryId, member: &str) -> Option<Vec<Edit>> {
    let entry = document.entry(object);
    if !entry.has(Entry::OBJECT) || document.damaged {
        return None;
    }
    let text = document.source.text();
    let Some(last) = document.children(object).last() else {
        // A value that was passed without text has no edits.
        let inside = Span::new(entry.span().start + 1, entry.span().end.checked_sub(1)?);
        return Some(vec![Edit::new(inside, format!(" {member} "))]);
    };
    let last = document.entry(last).whole();
    let line = text[..last.start].rfind('\n').map(|at| &text[at + 1..last.start]);
    let break_before = match line {
        // If the last field is at the start of a line, so is the new one.
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

/// A string as JSON text, without its quotes.
pub(super) fn inside_quotes(text: &str) -> Option<String> {
    quoted(text).strip_prefix('"')?.strip_suffix('"').map(str::to_owned)
}

/// A string as JSON text.
pub(super) fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}
