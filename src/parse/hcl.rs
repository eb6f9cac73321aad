//! The parser for HCL, the syntax of Terraform: from text to table.
//!
//! The text is split at its top level (`scan::split`), and each block is parsed alone, so that a mistake affects one
//! block. Literal strings, numbers, heredocs, lists and objects are parsed. All other expressions are
//! [`Entry::UNKNOWN`]; the [`Outline`] keeps those that are only names. A property test compares this parser with
//! `hcl-edit`: a text that `hcl-edit` accepts has no mistake here, and the same values.

pub(crate) mod scan;
#[cfg(test)]
mod tests;

use std::ops::Range;

use super::written_part::written_parts;
use super::{MAX_DEPTH, Parsed};
use crate::diagnostic::{Diagnostic, Edit, Fix};
use crate::document::{Block, Comment, Entry, EntryId, Outline, Table};
use crate::text::{Source, Span, Syntax, placeholder};

/// Parses a whole text.
pub(crate) fn parse(source: &Source) -> Parsed {
    let text = source.text();
    let start = if text.starts_with('\u{FEFF}') { 3 } else { 0 };
    let (items, comments) = scan::split(text.as_bytes(), start);
    let mut parser = Parser {
        text,
        bytes: text.as_bytes(),
        at: start,
        table: Table::with_room_for(text.len()),
        outline: Outline::default(),
        flaws: Vec::new(),
        quoted_names: Vec::new(),
        uncertain: Vec::new(),
        search: scan::Search::default(),
    };
    let root = parser.table.open(start, Span::default(), Entry::OBJECT);
    let mut end = start;
    for item in items {
        // The body of a block without braces is skipped with the block.
        let start = item.start.max(end);
        if start < item.end && !text[start..item.end].trim_start().is_empty() {
            end = parser.item(Span::new(start, item.end));
        }
    }
    parser.table.close(root, text.len());
    parser.arguments_once(root);
    if let Some(last) = comments.last()
        && let Some((span, false)) = scan::comment(text.as_bytes(), last.start)
    {
        let opener = Span::new(span.start, span.start + 2);
        parser.flaws.push(Diagnostic::syntax(opener, "unclosed comment", "opened here").help("close it with `*/`"));
        parser.uncertain.push(span);
    }
    let comments = comments.into_iter().map(|span| Comment { span }).collect();
    let mut document = parser.table.into_document(source.clone(), comments);
    document.syntax = Syntax::Hcl;
    document.outline = Some(Box::new(parser.outline));
    document.damaged = !parser.flaws.is_empty();
    document.set_uncertain(parser.uncertain);
    parser.flaws.append(&mut parser.quoted_names);
    Parsed { document, flaws: parser.flaws }
}

/// A mistake that ends the parsing of the enclosing block or value.
type Read<T> = Result<T, Box<Diagnostic>>;

/// A key: its span, and its text if that differs from the source.
type ObjectKey = (Span, Option<String>);

const NO_KEY: ObjectKey = (Span::new(0, 0), None);

/// Whether a line break ends an expression. Inside of parentheses and lists it does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lines {
    End,
    Pass,
}

/// Functions that return their argument.
const WRAPPERS: &[&str] = &["jsonencode", "nonsensitive", "sensitive", "tolist", "tomap", "toset", "tostring"];

/// The message about an argument's name in quotes, which only the keys of objects may have.
pub(crate) const QUOTED_NAME: &str = "quoted argument name";

/// Help for a missing or invalid value.
const NO_VALUE: &str = "write a string in double quotes, a number, true, false, `[…]` or `{…}`";

/// The help where an argument or block is expected.
const NO_ARGUMENT: &str = "write an argument as `name = value`, and a block as `name { … }`";

struct Parser<'t> {
    text: &'t str,
    /// The text up to the end of the current item.
    bytes: &'t [u8],
    at: usize,
    table: Table,
    outline: Outline,
    flaws: Vec<Diagnostic>,
    /// Errors about argument names in quotes. All else is certain, because the names are keys if the block is an object.
    quoted_names: Vec<Diagnostic>,
    uncertain: Vec<Span>,
    search: scan::Search,
}

fn mistake<T>(span: Span, message: &'static str, label: &'static str, help: &'static str) -> Read<T> {
    Err(Box::new(Diagnostic::syntax(span, message, label).help(help)))
}

impl Parser<'_> {
    /// A block or an argument at the top level. The first mistake in it is reported. Returns its end.
    fn item(&mut self, item: Span) -> usize {
        let (flaws, quoted_names, mark) = (self.flaws.len(), self.quoted_names.len(), self.mark());
        self.read_item(item);
        // A missing brace ends it too early.
        let end = scan::indented_end(self.text.as_bytes(), item).filter(|_| self.flaws.len() > flaws);
        let Some(end) = end else { return item.end };
        self.flaws.truncate(flaws);
        self.quoted_names.truncate(quoted_names);
        self.uncertain.pop();
        self.forget(mark);
        self.read_item(Span::new(item.start, end));
        end
    }

    fn read_item(&mut self, item: Span) {
        self.bytes = &self.text.as_bytes()[..item.end];
        self.at = item.start;
        let flaws = self.flaws.len();
        let mark = self.mark();
        if let Err(flaw) = self.block_or_argument(0, true) {
            self.report(*flaw, mark);
        }
        if self.flaws.len() == flaws && self.blank(Lines::Pass) {
            let span = self.character();
            let flaw = Diagnostic::syntax(span, "unexpected text after this block", "unexpected")
                .help("start each block on its own line");
            self.report(flaw, self.mark());
        }
        self.flaws.truncate(flaws + 1);
        if let Some(flaw) = self.flaws.get(flaws) {
            self.uncertain.push(Span::new(flaw.span().start.max(item.start), item.end));
        }
    }

    fn mark(&self) -> EntryId {
        #[expect(clippy::cast_possible_truncation, reason = "as in Table::open")]
        let mark = self.table.entries.len() as EntryId;
        mark
    }

    /// Reports a mistake, and drops the values since `mark`.
    fn report(&mut self, flaw: Diagnostic, mark: EntryId) {
        self.flaws.push(flaw);
        self.forget(mark);
    }

    fn forget(&mut self, mark: EntryId) {
        self.table.truncate(mark);
        let Outline { blocks, encoded, references } = &mut self.outline;
        while blocks.pop_if(|block| block.entry >= mark).is_some() {}
        while encoded.pop_if(|id| *id >= mark).is_some() {}
        while references.pop_if(|(id, _)| *id >= mark).is_some() {}
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn starts_with(&self, text: &str) -> bool {
        self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(text.as_bytes()))
    }

    /// The character at the current position, or an empty span at the end.
    fn character(&self) -> Span {
        let rest = self.text.get(self.at..self.bytes.len()).unwrap_or_default();
        Span::new(self.at, self.at + rest.chars().next().map_or(0, char::len_utf8))
    }

    /// Skips blanks and comments; returns whether anything is left on the line, or in the text.
    fn blank(&mut self, lines: Lines) -> bool {
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\t' | b'\r' => self.at += 1,
                b'\n' if lines == Lines::Pass => self.at += 1,
                b'\n' => return false,
                b'#' | b'/' => match scan::comment(self.bytes, self.at) {
                    Some((span, _)) => self.at = span.end,
                    None => return true,
                },
                _ => return true,
            }
        }
        false
    }

    /// `body`: blocks and arguments up to the closing brace.
    fn body(&mut self, opener: Span, depth: u8) -> Read<()> {
        loop {
            if !self.blank(Lines::Pass) {
                let flaw = Diagnostic::syntax(opener, "unclosed block", "opened here")
                    .help("close it with `}` on a line of its own");
                return Err(Box::new(flaw));
            }
            if self.peek() == Some(b'}') {
                self.at += 1;
                return Ok(());
            }
            let (mark, start) = (self.mark(), self.at);
            if let Err(flaw) = self.block_or_argument(depth, false) {
                let is_too_deep = flaw.rule == &crate::diagnostic::rules::TOO_DEEP;
                let is_end = flaw.span().start >= self.bytes.len();
                self.report(*flaw, mark);
                if is_too_deep || is_end {
                    self.at = self.bytes.len();
                    continue;
                }
                self.unknown_argument(start);
            }
        }
    }

    /// Skips an argument that cannot be parsed, and records its presence.
    fn unknown_argument(&mut self, start: usize) {
        self.at = start;
        let key = scan::word(self.bytes, start).map(|end| Span::new(start, end));
        self.at = key.map_or(start, |key| key.end);
        let value = self.at;
        let mut end = self.skip();
        // Lines that are indented more, and the closing brace below them, belong to it.
        let depth = scan::indentation(self.bytes, start);
        while let Some((line, is_brace)) = self.next_line() {
            let indentation = scan::indentation(self.bytes, line);
            if depth.is_none() || indentation < depth || indentation == depth && !is_brace {
                break;
            }
            self.at = line + usize::from(is_brace);
            end = self.skip().max(self.at);
            if indentation == depth {
                break;
            }
        }
        // A name at the end of the text may be cut off.
        if let Some(key) = key.filter(|key| !self.text[key.end..].trim_start().is_empty()) {
            let from = self.text[value..end].find(['=', ':']).map_or(end, |at| value + at + 1);
            let from = end - self.text[from..end].trim_start().len();
            let id = self.table.open(from, key, Entry::UNKNOWN);
            self.table.own_key(id, &self.text[key.start..key.end]);
            self.table.close(id, end);
        }
    }

    /// The first non-blank character of the next line, and whether the line consists of a closing brace.
    fn next_line(&self) -> Option<(usize, bool)> {
        let rest = self.bytes.get(self.at..).filter(|rest| rest.first() == Some(&b'\n'))?;
        let line = self.at + rest.iter().position(|byte| !byte.is_ascii_whitespace())?;
        let end = self.bytes[line..].iter().position(|&byte| byte == b'\n').map_or(self.bytes.len(), |at| line + at);
        Some((line, self.bytes[line..end].trim_ascii_end() == b"}"))
    }

    /// Skips everything up to the line break or the closing brace after which the next argument may start; returns the
    /// last non-blank byte.
    fn skip(&mut self) -> usize {
        let mut open = Vec::new();
        let mut end = self.at;
        while let Some(byte) = self.peek() {
            if byte == b'\n' && open.is_empty() || byte == b'}' && !open.contains(&b'{') {
                break;
            }
            if let Some((span, _)) = scan::comment(self.bytes, self.at) {
                self.at = span.end;
                continue;
            }
            self.at = scan::pass(self.bytes, self.at, &mut open, &mut self.search);
            if !matches!(byte, b' ' | b'\t' | b'\r' | b'\n') {
                end = self.at;
            }
        }
        end
    }

    fn block_or_argument(&mut self, depth: u8, is_top: bool) -> Read<()> {
        let start = self.at;
        let Some(end) = scan::word(self.bytes, start) else {
            return if self.is_quoted_name(depth) { self.quoted_argument(depth) } else { self.no_name() };
        };
        let key = Span::new(start, end);
        self.at = end;
        self.blank(Lines::End);
        match self.peek() {
            Some(b'=') if self.bytes.get(self.at + 1) != Some(&b'=') => {
                self.at += 1;
                self.value((key, Some(self.text[start..end].to_owned())), depth, Lines::End)?;
                self.end_of_argument()
            }
            Some(b'"' | b'{') => self.block(key, depth, is_top),
            Some(_) if scan::word(self.bytes, self.at).is_some() => self.block(key, depth, is_top),
            Some(b':') => {
                let colon = Span::new(self.at, self.at + 1);
                Err(Diagnostic::syntax(colon, "expected `=` after the argument's name, found `:`", "expected `=`")
                    .help("use `=`; only object values allow a colon")
                    .fix(Fix::safe("Write `=`", vec![Edit::new(colon, " =")]))
                    .into())
            }
            _ => mistake(key, "missing value of an argument", "not an argument or block", NO_ARGUMENT),
        }
    }

    /// Whether a name in quotes and a `=` follow, inside a nested block: `headers { "Accept" = "text/plain" }`.
    fn is_quoted_name(&self, depth: u8) -> bool {
        let end = (depth > 1 && self.peek() == Some(b'"')).then(|| scan::string(self.bytes, self.at).ok()).flatten();
        end.is_some_and(|end| {
            let sign = self.text[end..].trim_start_matches([' ', '\t']);
            sign.starts_with('=') && !sign.starts_with("==")
        })
    }

    fn quoted_argument(&mut self, depth: u8) -> Read<()> {
        let flaw = self.no_name().err();
        self.quoted_names.extend(flaw.map(|flaw| *flaw));
        let start = self.at;
        self.at = self.string_end()?;
        let key = Span::new(start, self.at);
        let text = self.text[start + 1..self.at - 1].to_owned();
        self.blank(Lines::End);
        self.at += 1;
        self.value((key, Some(text)), depth, Lines::End)?;
        self.end_of_argument()
    }

    /// The error for something that starts neither an argument nor a block.
    fn no_name(&mut self) -> Read<()> {
        let span = self.character();
        let (message, label, help) = match self.peek() {
            Some(b'}' | b']' | b')') => {
                ("unmatched closing bracket", "unmatched", "delete it, or add the opening bracket")
            }
            Some(b'{') => (
                "missing name of a block",
                "expected a name before this",
                "put the opening brace on the line of the block's name",
            ),
            Some(b'"') => {
                (QUOTED_NAME, "expected a name", "remove the quotes; only keys of object values may have them")
            }
            Some(b',') => ("unexpected comma after an argument", "unexpected", "write each argument on its own line"),
            _ => ("expected an argument or a block", "unexpected", NO_ARGUMENT),
        };
        let flaw = Diagnostic::syntax(span, message, label).help(help);
        let is_comma = self.peek() == Some(b',');
        Err(flaw.fix(is_comma.then(|| Fix::safe("Remove the comma", vec![Edit::new(span, "")]))).into())
    }

    fn end_of_argument(&mut self) -> Read<()> {
        if !self.blank(Lines::End) || self.peek() == Some(b'}') {
            return Ok(());
        }
        self.no_name().or_else(|flaw| match self.peek() {
            Some(b',') => Err(flaw),
            _ => mistake(
                self.character(),
                "expected a line break after this argument",
                "expected a line break",
                "write each argument on its own line",
            ),
        })
    }

    fn block(&mut self, key: Span, depth: u8, is_top: bool) -> Read<()> {
        let mut labels = Vec::new();
        loop {
            self.blank(Lines::End);
            let start = self.at;
            match self.peek() {
                Some(b'"') => self.at = self.label_end()?,
                Some(b'{') => break,
                _ => match scan::word(self.bytes, self.at) {
                    Some(end) => self.at = end,
                    None => return Err(self.no_brace(key, &labels, is_top).into()),
                },
            }
            labels.push(Span::new(start, self.at));
        }
        let opener = Span::new(self.at, self.at + 1);
        let id = self.table.open(self.at, key, Entry::OBJECT | Entry::BLOCK);
        self.table.own_key(id, &self.text[key.start..key.end]);
        if is_top {
            self.outline.blocks.push(Block { entry: id, labels });
        }
        let depth = self.deeper(depth)?;
        self.at += 1;
        let flaws = self.flaws.len();
        let mark = self.mark();
        if let Err(flaw) = self.body(opener, depth) {
            // The parsed part may belong to something else.
            let brace = scan::unclosed(self.bytes, opener.start).filter(|_| is_top);
            let flaw = brace.and_then(|brace| self.unclosed::<()>(brace).err()).unwrap_or(flaw);
            if brace.is_some() {
                self.forget(mark);
            }
            self.flaws.push(*flaw);
        }
        if self.flaws.len() > flaws {
            self.table.flag(id, Entry::UNKNOWN);
        }
        self.table.close(id, self.at);
        self.arguments_once(id);
        Ok(())
    }

    /// The end of a label in quotes. If the closing quote is missing, the label ends before the brace at the end of its
    /// line.
    fn label_end(&mut self) -> Read<usize> {
        self.string_end().or_else(|flaw| {
            let line = self.text[self.at..].lines().next().unwrap_or_default();
            let label = line.trim_end().strip_suffix('{').map_or("", str::trim_end);
            if label.len() < 2 {
                return Err(flaw);
            }
            let end = self.at + label.len();
            let fix = Fix::safe("Write `\"`", vec![Edit::new(Span::at(end), "\"")]);
            self.flaws.push(flaw.help("add `\"` after the label").fix(fix));
            Ok(end)
        })
    }

    /// The error for a block without its opening brace. Inside a block, a name and a string are an argument without its
    /// `=`.
    fn no_brace(&self, key: Span, labels: &[Span], is_top: bool) -> Diagnostic {
        if let ([value], false) = (labels, is_top)
            && self.bytes[value.start] == b'"'
        {
            let gap = Span::new(key.end, value.start);
            // The formatter aligns the signs, so the last two blanks are those around it.
            let sign = format!("{}= ", " ".repeat(gap.len().saturating_sub(2).max(1)));
            return Diagnostic::syntax(
                *value,
                "expected `=` after the argument's name, found a string",
                "expected `=`",
            )
            .help("write `=` between the name and the value")
            .fix(Fix::safe("Write `=`", vec![Edit::new(gap, sign)]));
        }
        let flaw = Diagnostic::syntax(self.character(), "missing `{` of a block", "expected `{`")
            .help("put it on the line of the block's name, after the labels");
        let end = labels.last().unwrap_or(&key).end;
        // A brace on its own line must move to the line above; nothing is missing there.
        let next = self.text[end..].trim_start();
        flaw.fix((!next.starts_with('{')).then(|| Fix::safe("Write `{`", vec![Edit::new(Span::at(end), " {")])))
    }

    /// Marks repeated arguments in a body; blocks may repeat.
    fn arguments_once(&mut self, id: EntryId) {
        self.table.find_duplicates_among(id, self.text, |entry| !entry.has(Entry::BLOCK));
    }

    /// Enters one more level, if the limit allows it.
    fn deeper(&self, depth: u8) -> Read<u8> {
        if depth >= MAX_DEPTH {
            return Err(Diagnostic::too_deep(self.character(), MAX_DEPTH).into());
        }
        Ok(depth + 1)
    }

    fn open(&mut self, start: usize, (span, text): ObjectKey, flags: u16) -> EntryId {
        let id = self.table.open(start, span, flags);
        if let Some(text) = text {
            self.table.own_key(id, text);
        }
        id
    }

    /// Parses an expression. Anything other than a literal is unknown.
    fn value(&mut self, key: ObjectKey, depth: u8, lines: Lines) -> Read<EntryId> {
        self.blank(lines);
        let (start, mark) = (self.at, self.mark());
        let flaws = self.flaws.len();
        let id = self.literal(key.clone(), depth, lines)?;
        let is_more = self.blank(lines) && !matches!(self.peek(), Some(b',' | b']' | b'}' | b')'));
        if !is_more {
            return Ok(id);
        }
        let next = self.peek().unwrap_or_default();
        let is_operator = b"+-*/%!<>&|?.[".contains(&next) || self.starts_with("==");
        if !is_operator {
            return mistake(
                self.character(),
                "unexpected text after this value",
                "unexpected",
                "look for a missing quote, comma or line break before it",
            );
        }
        self.flaws.truncate(flaws);
        self.unknown(key, start, mark, lines)
    }

    /// Marks everything from `start` to the end of the expression as unknown.
    fn unknown(&mut self, key: ObjectKey, start: usize, mark: EntryId, lines: Lines) -> Read<EntryId> {
        self.forget(mark);
        let id = self.open(start, key, Entry::UNKNOWN);
        let end = self.pass(lines)?;
        self.table.close(id, end);
        Ok(id)
    }

    /// Skips the rest of an expression and returns its end.
    fn pass(&mut self, lines: Lines) -> Read<usize> {
        // Open brackets, and the `?` without their `:`, with the meaning of a line break after them.
        let mut open: Vec<(usize, Lines)> = Vec::new();
        let mut end = self.at;
        let mut operator = None;
        loop {
            let (innermost, lines) = open.last().map_or((None, lines), |&(at, lines)| (Some(at), lines));
            self.blank(lines);
            let Some(byte) = self.peek().filter(|byte| !matches!(byte, b'\n' | b',' | b'}' | b']' | b')')) else {
                // The value ends here.
                if let Some(operator) = operator {
                    return self.nothing_behind(operator);
                }
                let Some(innermost) = innermost else { return Ok(end) };
                self.end_within(innermost)?;
                if !matches!(self.peek(), Some(b'\n' | b',')) {
                    open.pop();
                }
                self.at += 1;
                end = self.at;
                continue;
            };
            if matches!(byte, b'{' | b'[' | b'(') {
                let lines = if byte == b'{' && !self.is_for() { Lines::End } else { Lines::Pass };
                open.push((self.at, lines));
                self.opener();
                operator = None;
            } else {
                let start = self.at;
                operator = self.token(operator)?;
                match &self.bytes[start..self.at] {
                    b"?" => open.push((start, lines)),
                    b":" if innermost.is_some_and(|at| self.bytes[at] == b'?') => drop(open.pop()),
                    _ => {}
                }
            }
            end = self.at;
        }
    }

    /// Whether the innermost bracket or text may end here, at the end of a value.
    fn end_within(&self, innermost: usize) -> Read<()> {
        match (self.bytes[innermost], self.peek()) {
            (b'?', _) => mistake(
                Span::new(innermost, innermost + 1),
                "missing `:` after `?`",
                "expected `:` after it",
                "write `condition ? value : value` on one line, or use parentheses",
            ),
            (_, None) => self.unclosed(innermost),
            (opener, Some(byte)) if !matches!(byte, b'\n' | b',') && opener != scan::opener(byte) => mistake(
                self.character(),
                "mismatched closing bracket",
                "another bracket is open",
                "look for a missing bracket before it",
            ),
            _ => Ok(()),
        }
    }

    /// Skips the next part of an expression, and returns it if it is an operator. `before` is the operator that needs a
    /// value here.
    fn token(&mut self, before: Option<Span>) -> Read<Option<Span>> {
        let start = self.at;
        let is_member = before.is_some_and(|before| self.bytes[before.start] == b'.');
        let (length, is_operator) = match &self.bytes[start..] {
            [b'"', ..] => (self.string_end()? - start, false),
            [b'<', ..] if scan::heredoc_start(self.bytes, start).is_some() => (self.heredoc()?.end - start, false),
            [b'.', b'.', b'.', ..] => (3, false),
            // A splat: `a.*.b`.
            [b'*', ..] if is_member => (1, false),
            [b'&', b'&', ..]
            | [b'|', b'|', ..]
            | [b':', b':', ..]
            | [b'=', b'=' | b'>', ..]
            | [b'!' | b'<' | b'>', b'=', ..] => (2, true),
            [byte, ..] if b"+-*/%<>!?:=.".contains(byte) => (1, true),
            _ => (self.number_end().or_else(|| scan::word(self.bytes, start)).map_or(1, |end| end - start), false),
        };
        self.at += length;
        let operator = is_operator.then(|| Span::new(start, self.at));
        match (before, operator) {
            (Some(before), Some(operator)) if !matches!(&self.bytes[operator.start..operator.end], b"-" | b"!") => {
                self.nothing_behind(before)
            }
            _ => Ok(operator),
        }
    }

    /// Skips an opening bracket, and the `*` of a splat after it: `a[*].b`.
    fn opener(&mut self) {
        let is_index = self.peek() == Some(b'[');
        self.at += 1;
        if is_index && self.blank(Lines::Pass) && self.peek() == Some(b'*') {
            self.at += 1;
        }
    }

    /// The error for an expression that ends with an operator.
    fn nothing_behind<T>(&self, operator: Span) -> Read<T> {
        let (message, label, help) = match &self.bytes[operator.start..operator.end] {
            b"." => {
                ("missing name after the dot", "expected a name after it", "write a full reference, such as `var.name`")
            }
            b"::" => ("missing name after `::`", "expected a name after it", "write `provider::name::function(…)`"),
            b"=" | b":" | b"=>" => ("missing value", "expected a value", NO_VALUE),
            _ => (
                "missing value after this operator",
                "expected a value after it",
                "write the value on the same line, or use parentheses",
            ),
        };
        mistake(operator, message, label, help)
    }

    fn unclosed<T>(&self, opener: usize) -> Read<T> {
        let message = match self.bytes.get(opener) {
            Some(b'{') => "unclosed `{`",
            Some(b'[') => "unclosed `[`",
            _ => "unclosed `(`",
        };
        mistake(Span::new(opener, opener + 1), message, "opened here", "look for a missing bracket after it")
    }

    fn string_end(&self) -> Read<usize> {
        scan::string(self.bytes, self.at).or_else(|end| {
            let text = &self.text[self.at..end.max(self.at + 1)];
            let span = Span::new(self.at, self.at + text.trim_end().len());
            mistake(span, "unclosed string", "no closing quote", "add `\"` at its end, on the same line")
        })
    }

    fn heredoc(&mut self) -> Read<scan::Heredoc> {
        if let Some(heredoc) = self.search.heredoc(self.bytes, self.at) {
            return Ok(heredoc);
        }
        mistake(
            Span::new(self.at, self.at + 2),
            "unclosed heredoc",
            "no closing marker",
            "end it with the word after `<<`, alone on a line",
        )
    }

    /// Parses a literal; of any other expression, its first part.
    fn literal(&mut self, key: ObjectKey, depth: u8, lines: Lines) -> Read<EntryId> {
        let start = self.at;
        let mark = self.mark();
        match self.peek() {
            Some(b'"') => self.string(key),
            Some(b'<') if scan::heredoc_start(self.bytes, start).is_some() => self.document_here(key),
            Some(b'[' | b'{') if self.is_for() => self.brackets(key, start),
            Some(b'[') => self.list(key, depth),
            Some(b'{') => self.object(key, depth),
            Some(b'(') => {
                let depth = self.deeper(depth)?;
                self.at += 1;
                let id = self.value(key, depth, Lines::Pass)?;
                if self.closes(b')', start)? { Ok(id) } else { self.unclosed(start) }
            }
            Some(b'-' | b'0'..=b'9') => match self.number(key.clone(), lines) {
                Some(id) => Ok(id),
                None => self.unknown(key, start, mark, lines),
            },
            Some(b'!') => self.unknown(key, start, mark, lines),
            Some(byte) if byte >= 0x80 && !self.character_is_of_a_word() => self.no_value(),
            Some(_) if scan::word(self.bytes, start).is_some() => self.word(key, depth, lines),
            _ => self.no_value(),
        }
    }

    fn character_is_of_a_word(&self) -> bool {
        let span = self.character();
        self.text[span.start..span.end].chars().all(char::is_alphanumeric)
    }

    fn no_value(&self) -> Read<EntryId> {
        let here = self.character();
        let (span, message) = match self.peek() {
            None | Some(b'\n' | b',' | b'}' | b']' | b')') => {
                let before = self.text[..self.at].trim_end_matches([' ', '\t', '\r', '\n']).len();
                (Span::new(before.saturating_sub(1), before), "missing value")
            }
            Some(b'\'') => (here, "expected double quotes around a string"),
            _ => (here, "invalid start of a value"),
        };
        let span = if self.text.get(span.start..span.end).is_some() { span } else { here };
        mistake(span, message, "expected a value", NO_VALUE)
    }

    /// Whether `[for …]` or `{for …}` starts at a bracket.
    fn is_for(&mut self) -> bool {
        let start = self.at;
        self.at += 1;
        self.blank(Lines::Pass);
        let end = scan::word(self.bytes, self.at);
        let is_for = end.is_some_and(|end| {
            &self.bytes[self.at..end] == b"for"
                && matches!(self.bytes.get(end), Some(b' ' | b'\t' | b'\r' | b'\n' | b'/'))
        });
        self.at = start;
        is_for
    }

    /// Skips a pair of brackets with any content; the value starts at byte `start`.
    fn brackets(&mut self, key: ObjectKey, start: usize) -> Read<EntryId> {
        let id = self.open(start, key, Entry::UNKNOWN);
        self.at = self.brackets_end()?;
        self.table.close(id, self.at);
        Ok(id)
    }

    fn brackets_end(&mut self) -> Read<usize> {
        let start = self.at;
        self.opener();
        self.pass(Lines::Pass)?;
        while self.peek() == Some(b',') {
            self.at += 1;
            self.pass(Lines::Pass)?;
        }
        let closer = self.peek();
        if closer.is_some_and(|closer| scan::opener(closer) == self.bytes[start]) {
            self.at += 1;
            return Ok(self.at);
        }
        self.unclosed(start)
    }

    /// A number, with an optional minus.
    fn number(&mut self, key: ObjectKey, lines: Lines) -> Option<EntryId> {
        let start = self.at;
        let sign = if self.peek() == Some(b'-') { "-" } else { "" };
        self.at += sign.len();
        self.blank(lines);
        let digits = self.at;
        let Some(end) = self.number_end() else {
            self.at = start;
            return None;
        };
        self.at = end;
        let id = self.open(start, key, Entry::NUMBER);
        let number = &self.text[digits..end];
        let plain = match number.trim_start_matches('0') {
            plain if plain.starts_with(|c: char| c.is_ascii_digit()) => plain,
            plain => &number[number.len() - plain.len() - 1..],
        };
        if sign.len() + plain.len() < end - start {
            self.table.own_text(id, format!("{sign}{plain}"));
        }
        self.table.close(id, end);
        Some(id)
    }

    /// The byte after the digits at the current position, with a fraction and an exponent.
    fn number_end(&self) -> Option<usize> {
        let digits = |from: usize| self.bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let whole = digits(self.at);
        if whole == 0 {
            return None;
        }
        let mut at = self.at + whole;
        if self.bytes.get(at) == Some(&b'.') && digits(at + 1) > 0 {
            at += 1 + digits(at + 1);
        }
        if matches!(self.bytes.get(at), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(self.bytes.get(at + 1), Some(b'+' | b'-')));
            if digits(at + 1 + sign) > 0 {
                at += 1 + sign + digits(at + 1 + sign);
            }
        }
        Some(at)
    }

    /// A word: a constant, a function with its arguments, or a reference.
    fn word(&mut self, key: ObjectKey, depth: u8, lines: Lines) -> Read<EntryId> {
        let start = self.at;
        let end = scan::word(self.bytes, start).unwrap_or(start);
        self.at = end;
        let word = &self.text[start..end];
        let constant = match word {
            "true" => Some(Entry::TRUE),
            "false" => Some(Entry::FALSE),
            "null" => Some(0),
            _ => None,
        };
        let is_alone = !matches!(self.peek(), Some(b'.' | b'(' | b'[' | b':'));
        if let Some(kind) = constant.filter(|_| is_alone) {
            let id = self.open(start, key, kind);
            self.table.close(id, end);
            return Ok(id);
        }
        self.blank(lines);
        if self.peek() == Some(b'(') {
            if WRAPPERS.contains(&word)
                && let Some(id) = self.wrapped(word, key.clone(), depth)?
            {
                return Ok(id);
            }
            return self.brackets(key, start);
        }
        self.at = end;
        let id = self.open(start, key, Entry::UNKNOWN);
        if self.path(lines)? {
            self.outline.references.push((id, Span::new(start, self.at)));
        }
        self.table.close(id, self.at);
        Ok(id)
    }

    /// The only argument of a function that returns it; `None` if there are more, or none.
    fn wrapped(&mut self, function: &str, key: ObjectKey, depth: u8) -> Read<Option<EntryId>> {
        let (opener, mark, flaws) = (self.at, self.mark(), self.flaws.len());
        self.at += 1;
        self.blank(Lines::Pass);
        if self.peek() != Some(b')') {
            let depth = self.deeper(depth)?;
            let id = self.value(key, depth, Lines::Pass)?;
            self.blank(Lines::Pass);
            if self.peek() == Some(b',') {
                self.at += 1;
                self.blank(Lines::Pass);
            }
            if self.peek() == Some(b')') {
                self.at += 1;
                if function == "jsonencode" {
                    self.outline.encoded.push(id);
                }
                return Ok(Some(id));
            }
        }
        self.at = opener;
        self.forget(mark);
        self.flaws.truncate(flaws);
        Ok(None)
    }

    /// Skips `.name`, `.0`, `.*` and `[…]`; returns whether it always names one value.
    fn path(&mut self, lines: Lines) -> Read<bool> {
        let mut is_plain = true;
        loop {
            match self.peek() {
                Some(b'.') if !self.starts_with("...") => {
                    let dot = Span::new(self.at, self.at + 1);
                    self.at = dot.end;
                    self.blank(lines);
                    let at = self.at;
                    let digits = self.bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
                    self.at = match self.bytes.get(at) {
                        Some(b'*') => {
                            is_plain = false;
                            at + 1
                        }
                        Some(_) if digits > 0 => at + digits,
                        _ => scan::word(self.bytes, at).map_or_else(|| self.nothing_behind(dot), Ok)?,
                    };
                }
                Some(b'[') => {
                    let inside = self.bytes.get(self.at + 1);
                    is_plain &= inside.is_some_and(|byte| byte.is_ascii_digit() || *byte == b'"');
                    self.at = self.brackets_end()?;
                }
                Some(b':') if self.starts_with("::") => {
                    // A function of a provider.
                    is_plain = false;
                    let colons = Span::new(self.at, self.at + 2);
                    self.at = colons.end;
                    self.blank(lines);
                    self.at = scan::word(self.bytes, self.at).map_or_else(|| self.nothing_behind(colons), Ok)?;
                    if self.peek() == Some(b'(') {
                        self.at = self.brackets_end()?;
                    }
                }
                _ => return Ok(is_plain),
            }
        }
    }

    /// Skips the closing bracket if it is next; returns whether it was. The opening bracket is at byte `opener`.
    fn closes(&mut self, closer: u8, opener: usize) -> Read<bool> {
        if !self.blank(Lines::Pass) {
            return self.unclosed(opener);
        }
        let is_closed = self.peek() == Some(closer);
        self.at += usize::from(is_closed);
        Ok(is_closed)
    }

    fn list(&mut self, key: ObjectKey, depth: u8) -> Read<EntryId> {
        let start = self.at;
        let depth = self.deeper(depth)?;
        let id = self.open(start, key, Entry::ARRAY);
        self.at += 1;
        while !self.closes(b']', start)? {
            self.value(NO_KEY, depth, Lines::Pass)?;
            self.blank(Lines::Pass);
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => {}
                _ => return self.unclosed(start),
            }
        }
        self.table.close(id, self.at);
        Ok(id)
    }

    fn object(&mut self, key: ObjectKey, depth: u8) -> Read<EntryId> {
        let start = self.at;
        let depth = self.deeper(depth)?;
        let id = self.open(start, key, Entry::OBJECT);
        self.at += 1;
        while !self.closes(b'}', start)? {
            let mut key = self.key()?;
            self.blank(Lines::End);
            if self.peek().is_some_and(|byte| b"+-*/%!<>&|?[(".contains(&byte)) {
                self.pass_key()?;
                key = None;
            }
            if !matches!(self.peek(), Some(b'=' | b':')) {
                return mistake(
                    self.character(),
                    "expected `=` after this key",
                    "expected `=`",
                    "look for a missing quote, comma or closing brace before it",
                );
            }
            self.at += 1;
            let mark = self.mark();
            let is_known = key.is_some();
            self.value(key.unwrap_or(NO_KEY), depth, Lines::End)?;
            if !is_known {
                // The key is known only at run time, so no field is known to be missing.
                self.forget(mark);
                self.table.flag(id, Entry::UNKNOWN);
            }
            if !self.blank(Lines::End) {
                continue;
            }
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => {}
                _ => return self.unclosed(start),
            }
        }
        self.table.close_object(id, self.at, self.text);
        Ok(id)
    }

    /// Skips the rest of a key that is an expression.
    fn pass_key(&mut self) -> Read<()> {
        let mut operator = None;
        while self.blank(Lines::End) && !matches!(self.peek(), Some(b'=' | b':' | b',' | b'}' | b']' | b')')) {
            operator = match self.peek() {
                Some(b'{' | b'[' | b'(') => {
                    self.at = self.brackets_end()?;
                    None
                }
                _ => self.token(operator)?,
            };
        }
        operator.map_or(Ok(()), |operator| self.nothing_behind(operator))
    }

    /// The key of an object; `None` if it is known only at run time.
    fn key(&mut self) -> Read<Option<ObjectKey>> {
        let start = self.at;
        if let Some(end) = scan::word(self.bytes, start) {
            self.at = end;
            if self.peek() == Some(b'.') {
                while let Some(end) = scan::word(self.bytes, self.at + 1).filter(|_| self.peek() == Some(b'.')) {
                    self.at = end;
                }
                let span = Span::new(start, self.at);
                let quotes = vec![Edit::new(Span::at(span.start), "\""), Edit::new(Span::at(span.end), "\"")];
                let flaw = Diagnostic::syntax(span, "unquoted key with a dot", "expected quotes")
                    .help("add quotes; without them, Terraform parses a reference")
                    .fix(Fix::safe("Put the key in quotes", quotes));
                return Err(Box::new(flaw));
            }
            return Ok(Some((Span::new(start, end), Some(self.text[start..end].to_owned()))));
        }
        match self.peek() {
            Some(b'"') => {
                self.at = self.string_end()?;
                let span = Span::new(start, self.at);
                let text = Text::of(self.text, Span::new(start + 1, self.at - 1))?;
                let key = text.owned.unwrap_or_else(|| self.text[start + 1..self.at - 1].to_owned());
                Ok((!text.is_template).then_some((span, Some(key))))
            }
            Some(b'(') => {
                self.at = self.brackets_end()?;
                Ok(None)
            }
            Some(b'0'..=b'9') => {
                self.at = self.number_end().unwrap_or(start + 1);
                Ok(Some((Span::new(start, self.at), Some(self.text[start..self.at].to_owned()))))
            }
            _ => mistake(
                self.character(),
                "invalid start of a key",
                "expected a key",
                "look for a missing quote, comma or closing bracket before it",
            ),
        }
    }

    fn string(&mut self, key: ObjectKey) -> Read<EntryId> {
        let start = self.at;
        let end = self.string_end()?;
        self.at = end;
        let inner = Span::new(start + 1, end - 1);
        let text = Text::of(self.text, inner)?;
        if let Some(name) = text.is_template.then(|| self.only_template(inner)).flatten() {
            let id = self.open(start, key, Entry::UNKNOWN);
            self.outline.references.push((id, name));
            self.table.close(id, end);
            return Ok(id);
        }
        let id = self.open(start, key, Entry::TEXT);
        if text.is_template {
            self.table.flag(id, Entry::UNKNOWN);
        }
        if let Some(owned) = text.owned {
            self.table.own_text(id, owned);
        } else if self.text[inner.start..inner.end].bytes().any(placeholder::is_suspect) {
            self.table.flag(id, Entry::SUSPECT);
        }
        self.table.close(id, end);
        Ok(id)
    }

    /// The name in `"${name}"`, which is the same as the name itself.
    fn only_template(&mut self, inner: Span) -> Option<Span> {
        let bytes = self.text.as_bytes();
        let is_whole =
            self.text[inner.start..].starts_with("${") && scan::template(bytes, inner.start) == Some(inner.end);
        let name = &self.text[inner.start + 2..inner.end.checked_sub(1).filter(|_| is_whole)?];
        let start = inner.start + 2 + (name.len() - name.trim_start().len());
        let name = Span::new(start, start + name.trim().len());
        let (at, bytes) = (self.at, self.bytes);
        (self.at, self.bytes) = (scan::word(self.text.as_bytes(), name.start)?, &self.text.as_bytes()[..name.end]);
        let is_plain = self.path(Lines::Pass).unwrap_or(false) && self.at == name.end;
        (self.at, self.bytes) = (at, bytes);
        is_plain.then_some(name)
    }

    /// A heredoc: its text, and if it is indented, without the common indentation.
    fn document_here(&mut self, key: ObjectKey) -> Read<EntryId> {
        let start = self.at;
        let heredoc = self.heredoc()?;
        self.at = heredoc.end;
        let text = heredoc_text(self.text, &heredoc);
        let id = self.open(start, key, Entry::TEXT);
        if holds_template(&text) {
            self.table.flag(id, Entry::UNKNOWN);
        }
        self.table.own_text(id, without_heredoc_escapes(&text));
        self.table.close(id, self.at);
        Ok(id)
    }
}

/// The text of a quoted string.
struct Text {
    /// The text, if it differs from the source. Templates stay as written.
    owned: Option<String>,
    is_template: bool,
}

impl Text {
    fn of(source: &str, inner: Span) -> Read<Self> {
        let raw = &source[inner.start..inner.end];
        if !raw.contains(['\\', '$', '%']) {
            return Ok(Self { owned: None, is_template: false });
        }
        let mut text = String::with_capacity(raw.len());
        let mut is_template = false;
        let mut at = 0;
        while at < raw.len() {
            let Some((length, character)) = string_part(raw, at) else {
                let end = at + 1 + raw[at + 1..].chars().next().map_or(0, char::len_utf8);
                return mistake(
                    Span::new(inner.start + at, inner.start + end),
                    "invalid escape sequence",
                    "invalid escape",
                    "write `\\\\` for a backslash",
                );
            };
            if let Some(character) = character {
                text.push(character);
            } else {
                is_template = true;
                text.push_str(&raw[at..at + length]);
            }
            at += length;
        }
        Ok(Self { owned: (text != raw).then_some(text), is_template })
    }
}

/// The length of the part of a quoted string at byte `at`, and its character; without one it is a template, `${…}` or
/// `%{…}`, which is known only at run time. `None` for an invalid escape.
fn string_part(raw: &str, at: usize) -> Option<(usize, Option<char>)> {
    let rest = &raw.as_bytes()[at..];
    let of = |length, character| Some((length, Some(character)));
    match rest {
        [b'\\', b'n', ..] => of(2, '\n'),
        [b'\\', b'r', ..] => of(2, '\r'),
        [b'\\', b't', ..] => of(2, '\t'),
        [b'\\', b'"', ..] => of(2, '"'),
        [b'\\', b'\\', ..] => of(2, '\\'),
        [b'\\', b'u', ..] => of(6, hex(raw, at + 2, 4)?),
        [b'\\', b'U', ..] => of(10, hex(raw, at + 2, 8)?),
        [b'\\', ..] => None,
        // The second sign and the brace are the next parts.
        [b'$', b'$', b'{', ..] => of(2, '$'),
        [b'%', b'%', b'{', ..] => of(2, '%'),
        [b'$' | b'%', b'{', ..] => {
            let end = scan::template(raw.as_bytes(), at).unwrap_or(raw.len());
            Some((end - at, None))
        }
        _ => {
            let character = raw[at..].chars().next()?;
            of(character.len_utf8(), character)
        }
    }
}

fn hex(raw: &str, at: usize, digits: usize) -> Option<char> {
    let digits = raw.get(at..at + digits)?;
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    char::from_u32(u32::from_str_radix(digits, 16).ok()?)
}

fn holds_template(text: &str) -> bool {
    let text = text.replace("$${", " ").replace("%%{", " ");
    text.contains("${") || text.contains("%{")
}

/// The lines of a heredoc, without the common indentation if it is an indented one.
fn heredoc_text(source: &str, heredoc: &scan::Heredoc) -> String {
    let body = &source[heredoc.body.start..heredoc.body.end];
    let indentation = indentation(body, heredoc.is_indented);
    body.split_inclusive('\n').map(|line| &line[indentation.min(blanks(line))..]).collect()
}

fn blanks(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t']).len()
}

fn indentation(body: &str, is_indented: bool) -> usize {
    if !is_indented {
        return 0;
    }
    let lines = body.split_inclusive('\n').filter(|line| !line.trim_end_matches(['\r', '\n']).is_empty());
    lines.map(blanks).min().unwrap_or(0)
}

fn without_heredoc_escapes(text: &str) -> String {
    text.replace("$${", "${").replace("%%{", "%{")
}

/// The positions of the parts of a string in the source, as [`crate::document::Document::spans_within`]: spans, and the
/// number of bytes to shift them by.
pub(crate) fn spans_within(
    source: &str,
    value: Span,
    text: &str,
    parts: &[Range<usize>],
) -> Option<(Vec<Span>, usize)> {
    let raw = source.get(value.start..value.end)?;
    if let Some(inner) = raw.strip_prefix('"').and_then(|raw| raw.strip_suffix('"')) {
        let mut template_end = 0;
        let (spans, end) = written_parts(text, parts, 0, |at, character| {
            if at >= template_end {
                match string_part(inner, at)? {
                    (length, Some(written)) => return (written == character).then_some(at + length),
                    (length, None) => template_end = at + length,
                }
            }
            inner[at..].starts_with(character).then_some(at + character.len_utf8())
        })?;
        return (end == inner.len()).then_some((spans, value.start + 1));
    }
    let heredoc = scan::heredoc(&source.as_bytes()[..value.end], value.start)?;
    let body = &source[heredoc.body.start..heredoc.body.end];
    let indentation = indentation(body, heredoc.is_indented);
    let after_indentation = |at: usize| at + indentation.min(blanks(&body[at..]));
    let (spans, end) = written_parts(text, parts, after_indentation(0), |at, character| {
        let rest = &body[at..];
        // An escape is one character longer than its value.
        let is_escape = rest.starts_with("$${") || rest.starts_with("%%{");
        let end = at + character.len_utf8() + usize::from(is_escape);
        rest.starts_with(character).then(|| if character == '\n' { after_indentation(end) } else { end })
    })?;
    (end == body.len()).then_some((spans, heredoc.body.start))
}
