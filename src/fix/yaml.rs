//! Edits of YAML. A scalar keeps its style if that style can express the new text, blocks are changed by whole lines,
//! and the content of brackets is changed as in JSON.

use super::json::{inside_quotes, quoted};
use super::{SyntaxWriter, json};
use crate::diagnostic::Edit;
use crate::document::{Document, Entry, EntryId};
use crate::text::Span;

pub(super) static WRITER: SyntaxWriter = SyntaxWriter {
    replacement,
    parts,
    key: |document, id, text| Some(key(document, id, text)),
    removal,
    insertion,
    wrapping,
};

/// The style of a scalar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    Plain,
    Single,
    Double,
    Block,
}

impl Style {
    fn of(raw: &str) -> Self {
        match raw.as_bytes().first() {
            Some(b'\'') => Self::Single,
            Some(b'"') => Self::Double,
            Some(b'|' | b'>') => Self::Block,
            _ => Self::Plain,
        }
    }

    /// The text as a scalar of this style, or in double quotes if this style cannot express it.
    fn write(self, text: &str) -> String {
        match self {
            Self::Plain if is_plain(text) => text.to_owned(),
            Self::Single if !text.contains(|c: char| c.is_control()) => format!("'{}'", text.replace('\'', "''")),
            _ => quoted(text),
        }
    }
}

/// Whether a text needs no quotes anywhere, and is a string to every YAML parser.
pub(super) fn is_plain(text: &str) -> bool {
    let starts_well = text.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '/'));
    let lower = text.to_ascii_lowercase();
    let is_word = matches!(&*lower, "null" | "true" | "false" | "on" | "off" | "yes" | "no" | "y" | "n");
    let is_safe = |c: char| c.is_ascii_alphanumeric() || "_-./$*+=:@".contains(c);
    starts_well && !is_word && !text.ends_with(':') && text.chars().all(is_safe)
}

fn raw(document: &Document, span: Span) -> &str {
    document.source.text().get(span.start..span.end).unwrap_or_default()
}

/// Replaces a value with a string.
fn replacement(document: &Document, id: EntryId, text: &str) -> Option<Edit> {
    let entry = document.entry(id);
    let span = entry.span();
    if has_anchor(document, span) {
        return None;
    }
    let style = Style::of(raw(document, span));
    if entry.has(Entry::OBJECT | Entry::ARRAY) {
        // A block starts on its own line, where the scalar's indentation may be too small.
        let start = if is_flow(document, id) { span.start } else { after_colon(document, id)? };
        let space = if start == span.start { "" } else { " " };
        return Some(Edit::new(Span::new(start, span.end), format!("{space}{}", Style::Plain.write(text))));
    }
    let space = if span.is_empty() { " " } else { "" };
    Some(Edit::new(span, format!("{space}{}", style.write(text))))
}

/// Parts of a string, escaped for the inside of the string `id`, whose text becomes `whole`.
fn parts(document: &Document, id: EntryId, texts: &[&str], whole: &str) -> Option<Vec<String>> {
    let style = Style::of(raw(document, document.entry(id).span()));
    let has_control = |text: &str| text.contains(|c: char| c.is_control());
    let is_written = match style {
        Style::Double => return texts.iter().map(|text| inside_quotes(text)).collect(),
        Style::Single => !texts.iter().any(|text| has_control(text)),
        // Brokers have commas between them, which have no meaning outside of brackets.
        Style::Plain => is_plain(&whole.replace(',', "_")),
        // The line breaks of a multi-line scalar contain its indentation.
        Style::Block if raw(document, document.entry(id).span()).trim_end().lines().count() > 2 => false,
        Style::Block => !texts.iter().any(|text| has_control(text) || text.starts_with(' ')),
    };
    let written = |text: &&str| if style == Style::Single { text.replace('\'', "''") } else { (*text).to_owned() };
    is_written.then(|| texts.iter().map(written).collect())
}

/// A key at the position of the key of `id`.
fn key(document: &Document, id: EntryId, text: &str) -> String {
    let span = document.entry(id).key_span().unwrap_or_default();
    Style::of(raw(document, span)).write(text)
}

/// Removes a field or element: its lines, or, between brackets, itself and a comma.
fn removal(document: &Document, id: EntryId) -> Option<Edit> {
    let entry = document.entry(id);
    let parent = document.parent_of(id)?;
    let start = entry.whole().start;
    if entry.has(Entry::ELSEWHERE) || has_anchor(document, entry.whole()) {
        return None;
    }
    if is_flow(document, parent) {
        return Some(json::removal(document, id));
    }
    let text = document.source.text();
    let is_alone = document.children(parent).nth(1).is_none();
    if entry.key_span().is_some() && is_alone {
        return Some(Edit::new(entry.whole(), "{}"));
    }
    let line = start_of_line(text, start);
    let end = end_of_line(document, entry.span().end)?;
    let before = &text[line..start];
    let is_element = entry.key_span().is_none();
    let is_own_line = if is_element { !is_alone && before.trim() == "-" } else { before.trim().is_empty() };
    if is_own_line {
        let line_end = after_block(document, id, after_break(text, end), start - line);
        // At the end of the text, the line break before is removed instead of the one after.
        let line = if line_end == end { text[..line].trim_end_matches(['\n', '\r']).len() } else { line };
        return Some(Edit::new(Span::new(line, line_end), ""));
    }
    // The first field of an object in a list follows the dash; the next one takes its place.
    let next = document.entry(document.after(parent, id)?).key_span()?.start;
    let is_blank = text[end..next].trim().is_empty();
    (!is_element && is_blank && before.trim_start().starts_with('-')).then(|| Edit::new(Span::new(start, next), ""))
}

/// The byte at which the remaining text starts after the removal of an entry's block, which starts in this column and
/// ends at `end`: the comments inside the block are removed too, and blank lines that a block scalar before it would
/// keep.
fn after_block(document: &Document, id: EntryId, end: usize, column: usize) -> usize {
    let text = document.source.text();
    let mut after = end;
    let is_nested = document.entry(id).has(Entry::OBJECT | Entry::ARRAY);
    let before = document.entry(id).whole().start;
    let scalar = document.table.entries.iter().rev().find(|entry| entry.span().end <= before && entry.has(Entry::TEXT));
    let keeps = scalar.is_some_and(|entry| {
        let raw = raw(document, entry.span());
        let is_next = text.get(entry.span().end..before).is_some_and(|between| between.trim().is_empty());
        is_next && Style::of(raw) == Style::Block && raw.lines().next().is_some_and(|head| head.contains('+'))
    });
    let mut rest = &text[end..];
    while let Some(line) = rest.split_inclusive('\n').next() {
        let content = line.trim_start_matches(' ');
        let is_comment = content.starts_with('#') && line.len() - content.len() > column;
        let is_blank = content.trim().is_empty();
        if !(is_nested && is_comment || keeps && is_blank) {
            break;
        }
        rest = &rest[line.len()..];
        after += line.len();
    }
    after
}

/// Inserts a field with a string at the end of an object, with the objects in between that its path requires.
fn insertion(document: &Document, object: EntryId, path: &[&str], value: &str) -> Option<Vec<Edit>> {
    let entry = document.entry(object);
    if !entry.has(Entry::OBJECT) || entry.has(Entry::ELSEWHERE) {
        return None;
    }
    if is_flow(document, object) {
        return json::insertion(document, object, &member(path, value));
    }
    let text = document.source.text();
    let last = *document.entry(document.children(object).last()?);
    let first = document.entry(document.children(object).next()?).key_span()?.start;
    // Kept line breaks at the end of a block would be lost.
    let kept = raw(document, last.span());
    if last.has(Entry::ELSEWHERE) || (Style::of(kept) == Style::Block && kept.lines().next()?.contains('+')) {
        return None;
    }
    let column = text[start_of_line(text, first)..first].chars().count();
    let at = end_of_line(document, last.span().end)?;
    let newline = if text[..first].ends_with("\r\n") || text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut lines = String::new();
    for (depth, key) in path.iter().enumerate() {
        lines += newline;
        lines.extend(std::iter::repeat_n(' ', column + 2 * depth));
        lines += &Style::Plain.write(key);
        lines.push(':');
    }
    lines.push(' ');
    lines += &Style::Plain.write(value);
    Some(vec![Edit::new(Span::at(at), lines)])
}

/// Inserts an object between the only field of a block and the block, as the path requires.
fn wrapping(document: &Document, id: EntryId, path: &str) -> Option<Vec<Edit>> {
    let parent = document.parent_of(id)?;
    let key = document.entry(id).key_span()?;
    let (outer, last) = path.rsplit_once('.')?;
    let (holder, between) = outer.rsplit_once('.')?;
    let is_here = document.key(parent) == holder.rsplit('.').next()? && document.key(id) == last;
    let entry = document.entry(id);
    if !is_here
        || document.children(parent).count() != 1
        || is_flow(document, parent)
        || has_anchor(document, entry.whole())
    {
        return None;
    }
    let text = document.source.text();
    let line = start_of_line(text, key.start);
    let indentation = &text[line..key.start];
    let is_one_line = indentation.trim_matches(' ').is_empty() && !raw(document, entry.whole()).contains(['\n', '\r']);
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    is_one_line.then(|| {
        vec![Edit::new(Span::at(key.start), format!("{}:{newline}{indentation}  ", Style::Plain.write(between)))]
    })
}

/// The same between brackets.
fn member(path: &[&str], text: &str) -> String {
    let Some((key, inner)) = path.split_first() else { return Style::Plain.write(text) };
    let value = if inner.is_empty() { Style::Plain.write(text) } else { format!("{{ {} }}", member(inner, text)) };
    format!("{}: {value}", Style::Plain.write(key))
}

/// Whether an object or array is in brackets.
fn is_flow(document: &Document, id: EntryId) -> bool {
    raw(document, document.entry(id).span()).starts_with(['{', '['])
}

/// Whether an anchor in these bytes is used elsewhere.
fn has_anchor(document: &Document, span: Span) -> bool {
    document.table.defined.iter().any(|(_, defined)| span.contains(*defined))
}

/// The byte after the colon of a field, if only whitespace follows on its line.
fn after_colon(document: &Document, id: EntryId) -> Option<usize> {
    let text = document.source.text();
    let key = document.entry(id).key_span()?.end;
    let colon = key + text[key..].find(':')? + 1;
    let value = document.entry(id).span().start;
    text.get(colon..value)?.trim_matches([' ', '\n', '\r']).is_empty().then_some(colon)
}

fn start_of_line(text: &str, at: usize) -> usize {
    text[..at].rfind(['\n', '\r']).map_or(0, |end| end + 1)
}

/// The end of the line on which a value ends, if only a comment follows there.
fn end_of_line(document: &Document, at: usize) -> Option<usize> {
    let text = document.source.text();
    let rest = &text[at..];
    let line = &rest[..rest.find(['\n', '\r']).unwrap_or(rest.len())];
    let is_free = line.trim().is_empty() || (line.starts_with([' ', '\t']) && line.trim_start().starts_with('#'));
    is_free.then_some(at + line.len())
}

/// The byte after the line break at `at`, if there is one.
fn after_break(text: &str, at: usize) -> usize {
    let rest = &text[at..];
    if rest.starts_with("\r\n") { at + 2 } else { at + usize::from(!rest.is_empty()) }
}
