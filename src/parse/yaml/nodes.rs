//! The parser's events as a flat list of nodes, each with its span in bytes.
//!
//! The parser's marks count characters, and those of a scalar may start at its tag or end after a comment. So they are
//! only hints, and the span of a value is searched in the text.

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Tag};

use super::flaws;
use super::node::{Node, Shape, character_end};
use super::templates::Templates;
use crate::diagnostic::Diagnostic;
use crate::document::Comment;
use crate::parse::MAX_DEPTH;
use crate::text::Span;

/// Parses one YAML document, which starts at byte `base` of the text. No nodes if it has no value.
pub(super) fn parse(
    document: &str,
    base: usize,
    templates: &Templates,
    comments: &mut Vec<Comment>,
) -> Result<Vec<Node>, Box<Diagnostic>> {
    let text = &*templates.neutralized(document);
    let mut builder = Builder { text, base, nodes: Vec::new(), open: Vec::new(), seen: 0, comments: Vec::new() };
    let offsets = (!text.is_ascii()).then(|| text.char_indices().map(|(at, _)| at).collect::<Vec<_>>());
    let byte = |mark: Marker| {
        let index = mark.index();
        let offset = offsets.as_ref().map_or(Some(index), |offsets| offsets.get(index).copied());
        offset.unwrap_or(text.len()).min(text.len())
    };
    let mut parser = Parser::new_from_str(text);
    while let Some(next) = parser.next_event() {
        match next {
            Ok((Event::StreamEnd, _)) => break,
            Ok((event, mark)) => {
                builder.event(event, Span::new(byte(mark.start), byte(mark.end)))?;
            }
            Err(error) => {
                return Err(flaws::explain(text, base, byte(*error.marker()), error.info()).into());
            }
        }
    }
    builder.comments_until(text.len());
    let Builder { mut nodes, comments: mut found, .. } = builder;
    comments.append(&mut found);
    if let [Node { shape: Shape::Scalar(text, ScalarStyle::Plain), anchor: 0, tag: None, .. }] = nodes.as_slice()
        && text.is_empty()
    {
        nodes.clear();
    }
    templates.apply(document, base, &mut nodes);
    Ok(nodes)
}

/// The end of a word: whitespace, or the punctuation of a flow collection.
const fn ends_word(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b',' | b'[' | b']' | b'{' | b'}')
}

const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

struct Builder<'t> {
    text: &'t str,
    base: usize,
    nodes: Vec<Node>,
    /// The open collections.
    open: Vec<usize>,
    /// The byte up to which all nodes have their spans.
    seen: usize,
    comments: Vec<Comment>,
}

impl Builder<'_> {
    fn event(&mut self, event: Event, mark: Span) -> Result<(), Box<Diagnostic>> {
        match event {
            Event::Nothing | Event::StreamStart | Event::DocumentStart(_) | Event::DocumentEnd | Event::StreamEnd => {}
            Event::Alias(anchor) => {
                let span = Span::new(mark.start, self.word_end(mark.start));
                self.comments_until(span.start);
                self.seen = span.end;
                self.push(Shape::Alias(anchor), span, 0, None);
            }
            Event::Scalar(text, style, anchor, tag) => {
                let span = self.scalar(mark, style, anchor > 0 || tag.is_some(), text.is_empty());
                let text = text.into_owned().into_boxed_str();
                self.push(Shape::Scalar(text, style), span, anchor, tag.as_deref());
            }
            Event::SequenceStart(anchor, tag) => self.start(Shape::Sequence, mark, anchor, tag.as_deref())?,
            Event::MappingStart(anchor, tag) => self.start(Shape::Mapping, mark, anchor, tag.as_deref())?,
            Event::SequenceEnd | Event::MappingEnd => self.end(mark),
        }
        Ok(())
    }

    fn push(&mut self, shape: Shape, span: Span, anchor: usize, tag: Option<&Tag>) {
        let next = self.nodes.len() + 1;
        // After a directive with characters beyond ASCII, the parser miscounts.
        let mut start = span.start.min(self.text.len());
        while !self.text.is_char_boundary(start) {
            start -= 1;
        }
        let end = span.end.clamp(start, self.text.len());
        let end = if self.text.is_char_boundary(end) { end } else { character_end(self.text, end) };
        let span = Span::new(self.base + start, self.base + end);
        self.nodes.push(Node { shape, span, next, anchor, tag: tag.map(written), is_templated: false });
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    fn start(&mut self, shape: Shape, mark: Span, anchor: usize, tag: Option<&Tag>) -> Result<(), Box<Diagnostic>> {
        if self.open.len() == usize::from(MAX_DEPTH) {
            let start = mark.start.min(self.text.len().saturating_sub(1));
            let end = character_end(self.text, start);
            return Err(Diagnostic::too_deep(Span::new(self.base + start, self.base + end), MAX_DEPTH).into());
        }
        let has_properties = anchor > 0 || tag.is_some();
        let at = if has_properties { self.after_blanks(self.after_properties(mark.start)) } else { mark.start };
        let is_flow = !mark.is_empty() && matches!(self.byte(at), Some(b'[' | b'{'));
        let start = if is_flow {
            self.comments_until(at);
            self.seen = at + 1;
            at
        } else if matches!(shape, Shape::Sequence) {
            // The mark is that of the first element.
            let dash = self.gap_end(self.seen, true);
            if dash <= at { dash } else { at }
        } else {
            at
        };
        self.open.push(self.nodes.len());
        self.push(shape, Span::at(start), anchor, tag);
        Ok(())
    }

    fn end(&mut self, mark: Span) {
        let Some(id) = self.open.pop() else { return };
        let start = self.nodes[id].span.start - self.base;
        let is_flow = matches!(self.byte(start), Some(b'[' | b'{'));
        if is_flow && !mark.is_empty() && matches!(self.byte(mark.start), Some(b']' | b'}')) {
            self.comments_until(mark.start);
            self.seen = mark.start + 1;
        }
        let next = self.nodes.len();
        // The mark of a block inside a flow sequence, or without braces, may be anywhere.
        let first = self.nodes.get(id + 1).map_or(self.base + start, |node| node.span.start);
        let node = &mut self.nodes[id];
        node.span = Span::new(node.span.start.min(first), (self.base + self.seen).max(node.span.start));
        node.next = next;
    }

    /// The span of a scalar.
    fn scalar(&mut self, mark: Span, style: ScalarStyle, has_properties: bool, is_empty: bool) -> Span {
        let behind = if has_properties { self.after_properties(mark.start) } else { mark.start };
        let span = match style {
            // The mark may be that of the colon.
            ScalarStyle::Plain if is_empty => Span::at(behind + usize::from(self.byte(behind) == Some(b':'))),
            ScalarStyle::Plain => {
                let start = if has_properties { self.after_blanks(behind) } else { behind };
                let length = self.text.get(start..mark.end).map_or(0, |text| text.trim_end().len());
                Span::new(start, start + length)
            }
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
                let start = if has_properties { self.after_blanks(behind) } else { behind };
                Span::new(start, self.quoted_end(start).unwrap_or(mark.end).max(start))
            }
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let start = self.gap_end(self.seen, false);
                let header = self.word_end(start);
                let line = self.line_end(header);
                self.comments_until(start);
                self.comments_between(header, line);
                let length = self.text.get(line..mark.end).map_or(0, |text| text.trim_end().len());
                let span = Span::new(start, if length == 0 { header } else { line + length });
                self.seen = span.end.max(line);
                return span;
            }
        };
        self.comments_until(span.start);
        self.seen = span.end.max(self.seen);
        span
    }

    fn word_end(&self, at: usize) -> usize {
        let rest = &self.text.as_bytes()[at.min(self.text.len())..];
        at + rest.iter().position(|&byte| ends_word(byte)).unwrap_or(rest.len())
    }

    fn line_end(&self, at: usize) -> usize {
        let rest = &self.text.as_bytes()[at.min(self.text.len())..];
        at + rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len())
    }

    /// The byte after the closing quote of the quoted text at `at`.
    fn quoted_end(&self, at: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let quote = *bytes.get(at)?;
        let mut end = at + 1;
        loop {
            match *bytes.get(end)? {
                b'\\' if quote == b'"' => end += 2,
                byte if byte == quote && quote == b'\'' && bytes.get(end + 1) == Some(&b'\'') => end += 2,
                byte if byte == quote => return Some(end + 1),
                _ => end += 1,
            }
        }
    }

    /// Skips whitespace and comments.
    fn after_blanks(&self, mut at: usize) -> usize {
        loop {
            match self.byte(at) {
                Some(byte) if is_blank(byte) => at += 1,
                Some(b'#') => at = self.line_end(at),
                _ => return at,
            }
        }
    }

    /// Skips tags and anchors, and the text between them.
    fn after_properties(&self, start: usize) -> usize {
        let mut end = start;
        loop {
            let at = self.after_blanks(end);
            match self.byte(at) {
                Some(b'!') if self.byte(at + 1) == Some(b'<') => {
                    let length = self.text[at..].find('>');
                    end = length.map_or(self.text.len(), |length| at + length + 1);
                }
                Some(b'!' | b'&') => end = self.word_end(at),
                _ => return end,
            }
        }
    }

    /// The end of the text between two values: whitespace, comments, tags, anchors and indicators, but not the dash of
    /// a sequence if that is searched for.
    fn gap_end(&self, mut at: usize, wants_dash: bool) -> usize {
        loop {
            at = self.after_blanks(at);
            let is_alone = self.byte(at + 1).is_none_or(is_blank);
            match self.byte(at) {
                Some(b'-') if is_alone && wants_dash => return at,
                Some(b'-' | b'?' | b':') if is_alone => at += 1,
                Some(b'-') if self.text[at..].starts_with("---") => at += 3,
                Some(b'!' | b'&') => at = self.after_properties(at),
                _ => return at,
            }
        }
    }

    fn comments_until(&mut self, end: usize) {
        self.comments_between(self.seen, end);
    }

    /// Collects comments: a `#` at the start of a line or after whitespace.
    fn comments_between(&mut self, start: usize, end: usize) {
        let bytes = self.text.as_bytes();
        let mut at = start;
        while at < end {
            if bytes[at] == b'#' && at.checked_sub(1).is_none_or(|before| is_blank(bytes[before])) {
                let close = self.line_end(at);
                self.comments.push(Comment { span: Span::new(self.base + at, self.base + close) });
                at = close;
            }
            at += 1;
        }
    }
}

/// A tag in its usual notation; `!` alone only means that this is a string.
fn written(tag: &Tag) -> Box<str> {
    if tag.is_yaml_core_schema() {
        return format!("!!{}", tag.suffix).into();
    }
    format!("{}{}", tag.handle, tag.suffix).into()
}
