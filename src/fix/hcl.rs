//! HCL: how a change is written.

use std::fmt::Write as _;

use super::SyntaxWriter;
use super::json::comma_after;
use crate::diagnostic::Edit;
use crate::document::{Document, Entry, EntryId};
use crate::parse::hcl::scan;
use crate::text::Span;

pub(super) static WRITER: SyntaxWriter = SyntaxWriter {
    replacement: |document, id, text| Some(Edit::new(document.entry(id).span(), string(text))),
    parts: |document, id, texts, _| texts.iter().map(|text| part(document, id, text)).collect(),
    key,
    removal: |document, id| Some(removal(document, id)),
    insertion,
};

/// A string in double quotes.
fn string(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in without_templates(text).chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            control if control.is_control() => {
                // Writing into a string never fails.
                let _ = write!(quoted, "\\u{:04x}", u32::from(control));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

/// A text that says what it says: no part of it is filled in.
fn without_templates(text: &str) -> String {
    text.replace("${", "$${").replace("%{", "%%{")
}

/// A part of a string as it is written inside the string `id`.
fn part(document: &Document, id: EntryId, text: &str) -> Option<String> {
    let start = document.entry(id).span().start;
    match document.source.text().as_bytes().get(start)? {
        b'"' => {
            let quoted = string(text);
            Some(quoted[1..quoted.len() - 1].to_owned())
        }
        // The lines of a heredoc are as long as they are.
        _ => (!text.contains(['\n', '\r'])).then(|| without_templates(text)),
    }
}

fn is_word(text: &str) -> bool {
    scan::word(text.as_bytes(), 0) == Some(text.len())
}

/// A key in the place of the key of `id`, with quotes where that one has some or this one needs some.
fn key(document: &Document, id: EntryId, text: &str) -> Option<String> {
    let span = document.entry(id).key_span()?;
    let is_quoted = document.source.text().as_bytes().get(span.start) == Some(&b'"');
    Some(if is_quoted || !is_word(text) { string(text) } else { text.to_owned() })
}

/// An argument or member that holds a string, with the objects around it that its path asks for. `width` is that of the
/// key with the blanks behind it.
fn member(path: &[&str], text: &str, width: usize) -> String {
    let Some((key, inner)) = path.split_first() else { return string(text) };
    let value = if inner.is_empty() { string(text) } else { format!("{{ {} }}", member(inner, text, 0)) };
    let key = if is_word(key) { (*key).to_owned() } else { string(key) };
    format!("{key:width$} = {value}")
}

/// Takes out an argument, a member or an element: its lines, where nothing else stands on them.
fn removal(document: &Document, id: EntryId) -> Edit {
    let text = document.source.text();
    let span = document.entry(id).whole();
    let line_start = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
    if !text[line_start..span.start].trim_start_matches('\u{FEFF}').trim().is_empty() {
        return super::json::removal(document, id);
    }
    let end = comma_after(document, span.end).filter(|&end| !text[span.end..end].contains('\n')).unwrap_or(span.end);
    let rest = &text[end..];
    let line = &rest[..rest.find('\n').map_or(rest.len(), |at| at + 1)];
    if line.trim().is_empty() {
        return Edit::new(Span::new(line_start, end + line.len()), "");
    }
    // A remark, or the next member, stays.
    Edit::new(Span::new(span.start, end + (line.len() - line.trim_start().len())), "")
}

/// Puts an argument or member behind the last one, in the layout of that one.
fn insertion(document: &Document, object: EntryId, path: &[&str], text: &str) -> Option<Vec<Edit>> {
    let entry = document.entry(object);
    if !entry.has(Entry::OBJECT) || entry.has(Entry::UNKNOWN) {
        return None;
    }
    let source = document.source.text();
    let line_break = if source.contains("\r\n") { "\r\n" } else { "\n" };
    let children = || document.children(object);
    let last =
        children().filter(|&child| !document.entry(child).has(Entry::BLOCK)).last().or_else(|| children().last());
    let Some(last) = last else {
        let inside = Span::new(entry.span().start + 1, entry.span().end - 1);
        if !source.get(inside.start..inside.end)?.trim().is_empty() {
            return None;
        }
        let member = member(path, text, 0);
        if !entry.has(Entry::BLOCK) {
            return Some(vec![Edit::new(inside, format!(" {member} "))]);
        }
        let line_start = source[..entry.key_span()?.start].rfind('\n').map_or(0, |at| at + 1);
        let line = &source[line_start..entry.span().start];
        let indentation = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
        return Some(vec![Edit::new(inside, format!("{line_break}{indentation}  {member}{line_break}{indentation}"))]);
    };
    let last = document.entry(last);
    let span = last.whole();
    let line_start = source[..span.start].rfind('\n').map_or(0, |at| at + 1);
    let indentation = source[line_start..span.start].trim_start_matches('\u{FEFF}');
    let comma = comma_after(document, span.end);
    if !indentation.trim().is_empty() {
        // All on one line.
        let member = member(path, text, 0);
        return Some(vec![match comma {
            Some(at) => Edit::new(Span::at(at), format!(" {member}")),
            None if entry.has(Entry::BLOCK) => return None,
            None => Edit::new(Span::at(span.end), format!(", {member}")),
        }]);
    }
    // Signs that stand below each other go on doing so.
    let width = last.key_span().filter(|_| !last.has(Entry::BLOCK)).map_or(0, |key| {
        let between = &source[key.end..last.span().start];
        let blanks = between.find('=').unwrap_or(0);
        if blanks > 1 { key.len() + blanks - 1 } else { 0 }
    });
    let member = member(path, text, width);
    let end = comma.filter(|&end| !source[span.end..end].contains('\n')).unwrap_or(span.end);
    let rest = &source[end..];
    let line_end = rest.find(['\r', '\n']).unwrap_or(rest.len());
    let remark = rest[..line_end].trim();
    let at = if remark.is_empty() || remark.starts_with(['#', '/']) { end + line_end } else { end };
    let comma = if end > span.end { "," } else { "" };
    Some(vec![Edit::new(Span::at(at), format!("{line_break}{indentation}{member}{comma}"))])
}
