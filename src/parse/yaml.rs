//! The parser for YAML 1.2: from text to table.
//!
//! The events of `saphyr-parser` become a flat list of nodes first, because aliases and merge keys need the nodes that
//! they refer to, and then entries of the table. A text is split at its `---` lines before parsing, so that a mistake
//! affects only its own YAML document.

mod flaws;
mod node;
mod nodes;
mod scalars;
mod templates;
#[cfg(test)]
mod tests;

use saphyr_parser::ScalarStyle;

use super::json::is_remark_like;
use super::{MAX_DEPTH, MOST_COPIES, Parsed};
use crate::atlas::fields::REMARKS;
use crate::diagnostic::Diagnostic;
use crate::document::{Document, Entry, EntryId, Table};
use crate::text::order::sort_by_key;
use crate::text::{Source, Span, Syntax};
use node::{Node, Shape};
use scalars::Words;
use templates::Templates;

pub(crate) use scalars::spans_within;

/// Keys whose values determine how other fields are checked, in every dialect.
const DECIDING: &[&str] = &["type", "mechanism", "protocol"];

/// Maximum number of fields without a colon that are kept of one text.
const MOST_LOOSE: usize = 100;

/// Parses a whole text.
pub(crate) fn parse(source: &Source) -> Parsed {
    let text = source.text();
    let mut comments = Vec::new();
    let mut flaws = Vec::new();
    let mut documents = Vec::new();
    let mut is_templated = false;
    for chunk in chunks(text) {
        let inside = &text[chunk.start..chunk.end];
        let templates = Templates::find(inside);
        match nodes::parse(inside, chunk.start, &templates, &mut comments) {
            Ok(nodes) if nodes.is_empty() => {}
            Ok(nodes) => documents.push((chunk, Some((nodes, templates)))),
            Err(flaw) => {
                if templates.is_empty() {
                    flaws.push(*flaw);
                } else if !is_templated {
                    // Once is enough, because the result of the templates is not checked here.
                    is_templated = true;
                    flaws.push(flaws::templated(flaw.span()));
                }
                documents.push((chunk, None));
            }
        }
    }
    let is_stream = documents.len() > 1;
    match documents.as_slice() {
        [] => return Parsed::broken(source, flaws::nothing(!comments.is_empty())),
        [(_, None)] => {
            let mut document = Document::unreadable(source.clone());
            document.syntax = Syntax::Yaml;
            document.comments = comments;
            return Parsed { document, flaws };
        }
        _ => {}
    }
    let mut emitter = Emitter { text, table: Table::with_room_for(text.len()), ..Emitter::default() };
    let stream = is_stream.then(|| emitter.table.open(documents[0].0.start, Span::default(), Entry::ARRAY));
    for (chunk, nodes) in &documents {
        if let Some((nodes, templates)) = nodes {
            if let Err(flaw) = emitter.document(nodes, templates, *chunk) {
                return Parsed::broken(source, *flaw);
            }
        } else {
            let id = emitter.table.open(chunk.start, Span::default(), Entry::UNKNOWN);
            emitter.table.close(id, chunk.end);
        }
    }
    if let Some(stream) = stream {
        emitter.table.close(stream, text.len());
    }
    let Emitter { table, tags, loose, .. } = emitter;
    let readable = documents.iter().filter_map(|(chunk, nodes)| Some((chunk.start, &nodes.as_ref()?.1)));
    let mut branches = Vec::new();
    for (base, templates) in readable {
        branches.extend(templates.branches(base, branches.len()));
    }
    let mut document = table.into_document(source.clone(), comments);
    document.syntax = Syntax::Yaml;
    document.definition_flaws = loose;
    document.branches = branches;
    document.is_stream = is_stream;
    document.tags = tags;
    Parsed { document, flaws }
}

/// The parts of a text that are separate YAML documents: they start at a `---` line, or after a `...` line. No scalar
/// continues over such a line, and directives belong to the next document.
fn chunks(text: &str) -> Vec<Span> {
    let mut chunks = Vec::new();
    let mut start = if text.starts_with('\u{FEFF}') { 3 } else { 0 };
    let mut at = start;
    let mut has_content = false;
    while at < text.len() {
        let end = text[at..].find(['\n', '\r']).map_or(text.len(), |length| at + length);
        let line = &text[at..end];
        let is_end = line.starts_with("...");
        let rest = if is_end { line.strip_prefix("...") } else { line.strip_prefix("---") };
        if rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t'])) {
            let cut = if is_end { (end + 1).min(text.len()) } else { at };
            if is_end || has_content {
                chunks.push(Span::new(start, cut));
                start = cut;
            }
            has_content = !is_end;
        } else {
            let line = line.trim_start();
            has_content |= !(line.is_empty() || line.starts_with(['#', '%']));
        }
        at = end + 1;
    }
    chunks.push(Span::new(start, text.len()));
    chunks.retain(|chunk| !text[chunk.start..chunk.end].trim().is_empty());
    chunks
}

/// Writes nodes into the table.
#[derive(Default)]
struct Emitter<'t> {
    text: &'t str,
    /// The nodes of the current YAML document.
    nodes: &'t [Node],
    table: Table,
    tags: Vec<(EntryId, Box<str>)>,
    copies: usize,
    /// The node of each anchor of the current YAML document, by the parser's number.
    anchors: Vec<Option<usize>>,
    words: Words,
    /// The mistakes of fields without a colon.
    loose: Vec<Diagnostic>,
    /// The template expressions of the current YAML document, and its start.
    templates: Option<(&'t Templates, usize)>,
}

/// A key, and the span of its field.
#[derive(Clone, Copy)]
struct MappingKey<'t> {
    span: Span,
    text: &'t str,
}

/// The text before a key without a colon.
#[derive(Default)]
struct Before {
    /// The value of the last field that has one.
    value: Option<usize>,
    /// Whether a part of that value was found after a comma.
    is_cut: bool,
}

/// After a failure here, the whole text is unknown.
type Emitted = Result<(), Box<Diagnostic>>;

impl<'t> Emitter<'t> {
    fn document(&mut self, nodes: &'t [Node], templates: &'t Templates, chunk: Span) -> Emitted {
        self.nodes = nodes;
        self.anchors.clear();
        self.templates = templates.has_branches().then_some((templates, chunk.start));
        for (at, node) in nodes.iter().enumerate().filter(|(_, node)| node.anchor > 0) {
            if self.anchors.len() <= node.anchor {
                self.anchors.resize(node.anchor + 1, None);
            }
            self.anchors[node.anchor] = Some(at);
        }
        self.words = Words::of(nodes);
        let earlier = self.table.duplicates.len();
        self.emit(0, None, None, 0)?;
        // Both branches of an `{{ else }}` may have the same field.
        if !templates.is_empty() {
            let Table { entries, duplicates, .. } = &mut self.table;
            let key_end = |id: EntryId| entries[id as usize].key_span().map_or(0, |span| span.end);
            let new = duplicates.split_off(earlier).into_iter().filter(|duplicate| {
                let between = Span::new(key_end(duplicate.first), key_end(duplicate.second));
                !templates.stand_between(between, chunk.start)
            });
            duplicates.extend(new);
        }
        Ok(())
    }

    /// Writes one node and everything inside it. The value of an alias is written at the alias: `via`.
    fn emit(&mut self, at: usize, key: Option<MappingKey>, via: Option<Span>, depth: u8) -> Emitted {
        let nodes = self.nodes;
        let node = &nodes[at];
        if depth > MAX_DEPTH {
            return Err(Diagnostic::too_deep(via.unwrap_or(node.span), MAX_DEPTH).into());
        }
        if let Shape::Alias(anchor) = node.shape {
            // The parser knows all anchors of its aliases.
            let Some(target) = self.target(anchor) else { return Ok(()) };
            return self.emit(target, key, via.or(Some(node.span)), depth + 1);
        }
        if let Some(via) = via {
            self.count_copy(via)?;
        }
        let span = via.unwrap_or(node.span);
        let id = self.table.open(span.start, key.map_or_else(Span::default, |key| key.span), 0);
        if let Some(key) = key {
            self.table.remarks |= is_remark_like(key.text.as_bytes());
            let is_quoted = self.text[key.span.start..].starts_with(['"', '\'']);
            self.table.loose_keys |= !is_quoted && key.text.contains(char::is_whitespace);
            self.table.own_key(id, key.text);
        }
        if via.is_some() {
            self.table.flag(id, Entry::ELSEWHERE);
            self.table.defined.push((id, node.span));
        }
        if node.is_templated || node.tag.as_deref().is_some_and(|tag| !tag.starts_with("!!")) {
            self.table.flag(id, Entry::UNKNOWN);
        }
        if let Some(tag) = &node.tag {
            self.tags.push((id, tag.clone()));
        }
        match &node.shape {
            Shape::Scalar(text, style) => {
                let kind = self.words.kind(text, *style, node);
                self.table.flag(id, kind);
                let is_elsewhere = via.is_some() || *style != ScalarStyle::Plain;
                if kind == Entry::TEXT || (kind == Entry::NUMBER && is_elsewhere) {
                    self.table.own_text(id, &**text);
                }
                self.table.close(id, span.end);
            }
            Shape::Sequence => {
                self.table.flag(id, Entry::ARRAY);
                children(nodes, at).try_for_each(|child| self.emit(child, None, via, depth + 1))?;
                self.table.close(id, span.end);
            }
            Shape::Mapping => {
                self.table.flag(id, Entry::OBJECT);
                let duplicates = self.table.duplicates.len();
                self.members(at, id, key.is_some(), via, depth)?;
                self.table.close_object(id, span.end, self.text);
                if via.is_some() {
                    // They are reported at their own position.
                    self.table.duplicates.truncate(duplicates);
                }
            }
            Shape::Alias(_) => {}
        }
        Ok(())
    }

    fn count_copy(&mut self, alias: Span) -> Emitted {
        self.copies += 1;
        if self.copies > MOST_COPIES { Err(flaws::too_many_aliases(alias, MOST_COPIES).into()) } else { Ok(()) }
    }

    /// Writes the fields of a mapping. `has_key` is whether it is a field itself.
    ///
    /// Of the branches of a template (`{{ if … }}`, `{{ else }}`), only one is ever rendered, but the text contains all
    /// of them. So the value of a field that is in a branch and also elsewhere is unknown. The same applies to fields
    /// that determine how others are checked, because those may be in a different branch. Anything else in a branch is
    /// checked, because it may be wrong on its own; the linter drops findings about two branches.
    fn members(&mut self, at: usize, id: EntryId, has_key: bool, via: Option<Span>, depth: u8) -> Emitted {
        let nodes = self.nodes;
        let mut taken: Option<Vec<&str>> = None;
        let mut before = Before::default();
        let mut given = Vec::new();
        let start = if has_key { at.saturating_sub(1) } else { at };
        let outer = if at == 0 { None } else { self.branch_of(&nodes[start]) };
        for (key, value) in pairs(nodes, at) {
            let is_optional = self.branch_of(&nodes[key]) != outer;
            if is_optional && nodes[key].is_merge() {
                self.table.flag(id, Entry::UNKNOWN);
            }
            if nodes[key].is_merge() && self.is_mergeable(value) {
                let taken = taken.get_or_insert_with(|| {
                    let keys = pairs(nodes, at).filter(|(key, _)| !nodes[*key].is_merge());
                    let mut keys = keys.map(|(key, _)| self.key_text(key)).collect::<Vec<_>>();
                    sort_by_key(&mut keys, |&item| item);
                    keys
                });
                self.merge(value, id, via, depth + 1, taken)?;
            } else if nodes[key].is_templated {
                // The name of this field is unknown.
                self.table.flag(id, Entry::UNKNOWN);
            } else if self.is_loose(&nodes[key], &nodes[value]) {
                self.note_loose_key(at, key, id, &mut before, via);
            } else {
                before = Before { value: Some(value), is_cut: false };
                let text = self.key_text(key);
                let span = via.unwrap_or(nodes[key].span);
                let (loose, index) = (self.loose.len(), self.table.entries.len());
                self.emit(value, Some(MappingKey { span, text }), via, depth + 1)?;
                let is_word = || {
                    let is_scalar = matches!(nodes[value].shape, Shape::Scalar(..));
                    is_scalar && DECIDING.iter().any(|word| word.eq_ignore_ascii_case(text))
                };
                if is_optional && is_word() {
                    self.table.make_unknown(index);
                }
                if self.templates.is_some() {
                    given.push((text, index, is_optional));
                }
                if REMARKS.contains(&text) {
                    // The content of a comment field is not checked.
                    self.loose.truncate(loose);
                }
            }
        }
        sort_by_key(&mut given, |(key, ..)| *key);
        for pair in given.windows(2) {
            if let [(first, ..), (again, index, true)] = pair
                && first == again
            {
                self.table.make_unknown(*index);
            }
        }
        Ok(())
    }

    /// Whether a field has no colon, like the second one of `{ a: b, c }`: it is usually a part of a value that needs
    /// quotes.
    fn is_loose(&self, key: &Node, value: &Node) -> bool {
        matches!(&value.shape, Shape::Scalar(text, ScalarStyle::Plain) if text.is_empty())
            && self.text.get(key.span.end..value.span.end).is_some_and(|between| !between.contains(':'))
    }

    /// The branch of a template that contains a node, if it has an alternative.
    fn branch_of(&self, node: &Node) -> Option<usize> {
        self.templates.and_then(|(templates, base)| templates.branch_at(node.span.start - base))
    }

    /// Notes a key without a colon, which may not be meant as a key. In a set or a custom map it is valid.
    fn note_loose_key(&mut self, at: usize, key: usize, id: EntryId, before: &mut Before, via: Option<Span>) {
        let nodes = self.nodes;
        self.table.flag(id, Entry::UNKNOWN);
        if nodes[at].tag.is_some() || self.loose.len() >= MOST_LOOSE {
            return;
        }
        let value = before.value.map(|value| nodes[value].span);
        let list = value.and_then(|span| self.text.get(span.start..span.end));
        let loose = flaws::loose(self.text, nodes[key].span, list, before.is_cut);
        before.is_cut |= loose.is_cut;
        let Some(mut flaw) = loose.flaw else { return };
        if let Some(via) = via {
            // The alias is marked, and the anchor as well.
            let written = flaw.span();
            flaw.labels[0].span = via;
            flaw = flaw.and(written, "written here");
        }
        self.loose.push(flaw);
    }

    /// Whether the value of a `<<` can be merged: a mapping or a list of mappings, usually by alias.
    fn is_mergeable(&self, at: usize) -> bool {
        let nodes = self.nodes;
        let is_mapping = |at: usize| match nodes[at].shape {
            Shape::Mapping => true,
            Shape::Alias(anchor) => self.target(anchor).is_some_and(|at| matches!(nodes[at].shape, Shape::Mapping)),
            _ => false,
        };
        let is_list = matches!(nodes[at].shape, Shape::Sequence);
        is_mapping(at) || is_list && children(nodes, at).all(is_mapping)
    }

    /// Writes the fields of the value of a `<<`, except those that are `taken`.
    fn merge(&mut self, at: usize, id: EntryId, via: Option<Span>, depth: u8, taken: &mut Vec<&'t str>) -> Emitted {
        let nodes = self.nodes;
        if depth > MAX_DEPTH {
            return Err(Diagnostic::too_deep(via.unwrap_or(nodes[at].span), MAX_DEPTH).into());
        }
        match nodes[at].shape {
            Shape::Alias(anchor) => {
                let via = via.or(Some(nodes[at].span));
                self.target(anchor).map_or(Ok(()), |target| self.merge(target, id, via, depth + 1, taken))
            }
            Shape::Sequence => children(nodes, at).try_for_each(|child| self.merge(child, id, via, depth + 1, taken)),
            Shape::Mapping => {
                let mut before = Before::default();
                for (key, value) in pairs(nodes, at) {
                    if nodes[key].is_merge() && self.is_mergeable(value) {
                        self.merge(value, id, via, depth + 1, taken)?;
                        continue;
                    }
                    self.count_copy(via.unwrap_or(nodes[key].span))?;
                    if !nodes[key].is_templated && self.is_loose(&nodes[key], &nodes[value]) {
                        self.note_loose_key(at, key, id, &mut before, via);
                        continue;
                    }
                    before = Before { value: Some(value), is_cut: false };
                    let text = self.key_text(key);
                    if let Err(index) = taken.binary_search(&text)
                        && !nodes[key].is_templated
                    {
                        let span = via.unwrap_or(nodes[key].span);
                        self.emit(value, Some(MappingKey { span, text }), via, depth + 1)?;
                        taken.insert(index, text);
                    }
                }
                Ok(())
            }
            Shape::Scalar(..) => Ok(()),
        }
    }

    fn target(&self, anchor: usize) -> Option<usize> {
        self.anchors.get(anchor).copied().flatten()
    }

    /// The text of a key; if it is not a scalar, its source.
    fn key_text(&self, at: usize) -> &'t str {
        let nodes = self.nodes;
        match &nodes[at].shape {
            Shape::Scalar(text, _) => text,
            Shape::Alias(anchor) => match self.target(*anchor).map(|target| &nodes[target].shape) {
                Some(Shape::Scalar(text, _)) => text,
                _ => "",
            },
            _ => self.text.get(nodes[at].span.start..nodes[at].span.end).unwrap_or_default(),
        }
    }
}

fn children(nodes: &[Node], at: usize) -> impl Iterator<Item = usize> + '_ {
    let mut child = at + 1;
    let end = nodes[at].next;
    std::iter::from_fn(move || {
        (child < end).then(|| {
            let this = child;
            child = nodes[child].next;
            this
        })
    })
}

/// The keys and values of a mapping.
fn pairs(nodes: &[Node], at: usize) -> impl Iterator<Item = (usize, usize)> + '_ {
    let mut children = children(nodes, at);
    std::iter::from_fn(move || Some((children.next()?, children.next()?)))
}
