//! The edits of HCL.

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
    // A move to a new object is a removal and an insertion.
    wrapping: |_, _, _| None,
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
                // Writing to a string never fails.
                let _ = write!(quoted, "\\u{:04x}", u32::from(control));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

/// The text of a string without templates.
fn without_templates(text: &str) -> String {
    text.replace("${", "$${").replace("%{", "%%{")
}

/// A part of a string, escaped for the inside of the string `id`.
fn part(document: &Document, id: EntryId, text: &str) -> Option<String> {
    let start = document.entry(id).span().start;
    match document.source.text().as_bytes().get(start)? {
        b'"' => {
            let quoted = string(text);
            Some(quoted[1..quoted.len() - 1].to_owned())
        }
        // The lines of a heredoc have no limit.
        _ => (!text.contains(['\n', '\r'])).then(|| without_templates(text)),
    }
}

fn is_word(text: &str) -> bool {
    scan::word(text.as_bytes(), 0) == Some(text.len())
}

/// A key at the position of the key of `id`, quoted if that one is or if this one needs quotes.
fn key(document: &Document, id: EntryId, text: &str) -> Option<String> {
    let span = document.entry(id).key_span()?;
    let is_quoted = document.source.text().as_bytes().get(span.start) == Some(&b'"');
    Some(if is_quoted || !is_word(text) { string(text) } else { text.to_owned() })
}

/// An argument or field with a string, with the objects around it that its path requires. `width` is that of the key
/// with the blanks after it.
fn member(path: &[&str], text: &str, width: usize) -> String {
    let Some((key, inner)) = path.split_first() else { return string(text) };
    let value = if inner.is_empty() { string(text) } else { format!("{{ {} }}", member(inner, text, 0)) };
    let key = if is_word(key) { (*key).to_owned() } else { string(key) };
    format!("{key:width$} = {value}")
}

/// Renames an argument or field. If the equals signs of the lines around it are aligned, they stay aligned, as with
/// `terraform fmt`.
pub(super) fn renaming(document: &Document, id: EntryId, new: &str) -> Vec<Edit> {
    let Some((span, new)) = document.entry(id).key_span().zip(key(document, id, new)) else { return Vec::new() };
    let group = aligned_group(document, id);
    if group.len() < 2 {
        return vec![Edit::new(span, new)];
    }
    let name = |cell: &Cell| if cell.id == id { new.clone() } else { cell.key(document).to_owned() };
    let width = group.iter().map(|cell| cells(&name(cell))).max().unwrap_or(0);
    let edit = |cell: &Cell| {
        let name = name(cell);
        let blanks = " ".repeat(width - cells(&name) + 1);
        if cell.id == id {
            return Some(Edit::new(Span::new(cell.key.start, cell.sign), name + &blanks));
        }
        (blanks.len() != cell.blanks()).then(|| Edit::new(Span::new(cell.key.end, cell.sign), blanks))
    };
    group.iter().filter_map(edit).collect()
}

/// The width of a text in columns, as `terraform fmt` counts them.
fn cells(text: &str) -> usize {
    text.chars().count()
}

/// An argument on a separate line: its key, and the byte of its `=`.
struct Cell {
    id: EntryId,
    key: Span,
    sign: usize,
}

impl Cell {
    fn of(document: &Document, id: EntryId) -> Option<Self> {
        let entry = document.entry(id);
        let text = document.source.text();
        let key = entry.key_span().filter(|_| !entry.has(Entry::BLOCK))?;
        let whole = text.get(key.start..entry.span().end)?;
        let blanks = text.get(key.end..entry.span().start)?;
        let sign = blanks.find('=')?;
        let is_plain = !whole.contains('\n')
            && blanks[..sign].trim_matches(' ').is_empty()
            && blanks[sign + 1..].trim().is_empty();
        is_plain.then_some(Self { id, key, sign: key.end + sign })
    }

    fn key<'d>(&self, document: &'d Document) -> &'d str {
        &document.source.text()[self.key.start..self.key.end]
    }

    /// Its key, and the byte of its `=`.
    fn place(&self) -> (Span, usize) {
        (self.key, self.sign)
    }

    fn blanks(&self) -> usize {
        self.sign - self.key.end
    }
}

/// The arguments on the lines around one whose `=` are aligned; none if they are not.
fn aligned_group(document: &Document, id: EntryId) -> Vec<Cell> {
    let Some(cell) = Cell::of(document, id) else { return Vec::new() };
    let mut group = neighbors(document, id, true);
    group.push(cell);
    group.extend(neighbors(document, id, false));
    let places = group.iter().map(Cell::place).collect::<Vec<_>>();
    if is_aligned(document.source.text(), &places) { group } else { Vec::new() }
}

/// The arguments on the lines directly before or after one, in order.
fn neighbors(document: &Document, id: EntryId, is_before: bool) -> Vec<Cell> {
    let text = document.source.text();
    let siblings =
        document.parent_of(id).map(|parent| document.children(parent).collect::<Vec<_>>()).unwrap_or_default();
    let Some(index) = siblings.iter().position(|&sibling| sibling == id) else { return Vec::new() };
    // On the next line, with only a comment in between.
    let is_next = |one: EntryId, other: EntryId| {
        let between = text.get(document.entry(one).whole().end..document.entry(other).whole().start);
        between.is_some_and(|between| {
            let (rest, start) = between.split_once('\n').unwrap_or((between, "x"));
            let rest = rest.trim();
            start.trim().is_empty() && !start.contains('\n') && (rest.is_empty() || rest.starts_with(['#', '/']))
        })
    };
    let mut group = Vec::new();
    let mut last = id;
    if is_before {
        for &sibling in siblings[..index].iter().rev() {
            let Some(cell) = Cell::of(document, sibling).filter(|_| is_next(sibling, last)) else { break };
            group.push(cell);
            last = sibling;
        }
        group.reverse();
    } else {
        for &sibling in &siblings[index + 1..] {
            let Some(cell) = Cell::of(document, sibling).filter(|_| is_next(last, sibling)) else { break };
            group.push(cell);
            last = sibling;
        }
    }
    group
}

/// Whether keys and `=` at these bytes are aligned, as `terraform fmt` aligns them.
fn is_aligned(text: &str, places: &[(Span, usize)]) -> bool {
    let column = |&(key, sign): &(Span, usize)| {
        let start = text[..key.start].rfind('\n').map_or(0, |end| end + 1);
        cells(&text[start..sign])
    };
    let is_close = places.iter().map(|(key, sign)| sign - key.end).min().is_none_or(|blanks| blanks == 1);
    is_close && places.iter().all(|place| column(place) == column(&places[0]))
}

/// Turns a block into an attribute, with all blocks inside.
pub(super) fn attribute(document: &Document, id: EntryId) -> Option<Vec<Edit>> {
    let entry = document.entry(id);
    let key = entry.key_span()?;
    let between = Span::new(key.end, entry.span().start);
    let text = document.source.text().get(between.start..between.end)?;
    if !text.trim_matches([' ', '\t']).is_empty() || document.key(id) == "dynamic" {
        return None;
    }
    let mut edits = vec![Edit::new(between, " = ")];
    for child in document.children(id) {
        if document.entry(child).has(Entry::BLOCK) {
            edits.extend(attribute(document, child)?);
        } else if document.entry(child).has(Entry::ARRAY)
            && document.children(child).any(|item| document.entry(item).has(Entry::BLOCK))
        {
            return None;
        }
    }
    Some(edits)
}

/// Removes an argument, a field or an element: its lines, if nothing else is on them.
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
    // A comment, or the next field, stays.
    Edit::new(Span::new(span.start, end + (line.len() - line.trim_start().len())), "")
}

/// Aligns the equals signs around an argument that a removal takes away with its lines, if they were aligned.
pub(super) fn realignment(document: &Document, id: EntryId, removal: &Edit) -> Vec<Edit> {
    let text = document.source.text();
    if !text[..removal.span.start].ends_with('\n') || !text[..removal.span.end].ends_with('\n') {
        return Vec::new();
    }
    let before = neighbors(document, id, true);
    let after = neighbors(document, id, false);
    let own = Cell::of(document, id);
    // The lines around an argument of several lines are two groups.
    let groups = match own {
        Some(own) => vec![before.iter().chain([&own]).chain(&after).map(Cell::place).collect::<Vec<_>>()],
        None => vec![before.iter().map(Cell::place).collect(), after.iter().map(Cell::place).collect()],
    };
    if !groups.iter().all(|group| is_aligned(text, group)) {
        return Vec::new();
    }
    let rest = before.iter().chain(&after);
    let width = rest.clone().map(|cell| cells(cell.key(document))).max().unwrap_or(0);
    let edit = |cell: &Cell| {
        let blanks = " ".repeat(width - cells(cell.key(document)) + 1);
        (blanks.len() != cell.blanks()).then(|| Edit::new(Span::new(cell.key.end, cell.sign), blanks))
    };
    rest.filter_map(edit).collect()
}

/// Inserts an argument or field after the last one, in its layout.
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
    // Aligned equals signs stay aligned.
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
