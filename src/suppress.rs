//! Ignores: comments and `//` fields that suppress a rule, and findings about them.
//!
//! `streamlint-ignore[rule, other-rule]: reason` in a comment suppresses the findings of these rules on the comment's
//! line. If the comment is alone on its line, it applies to the next line that contains more than a comment. A text
//! that continues on the next lines belongs to the line of its key. `streamlint-ignore-file[…]` applies to the whole
//! text. Strict JSON has no comments, so a field named `//` or `$comment` does the same for its object. Its value is
//! such a text, or an array of them.
//!
//! Findings of parsers and rules are filtered here, after all checks and before any output. Neither rules nor output
//! formats need to support ignores.

mod write;

use std::collections::BTreeMap;
use std::ops::Range;

use crate::atlas::fields::REMARKS;
use crate::config::Config;
use crate::diagnostic::rules::{IGNORE_WITHOUT_REASON, SYNTAX_ERROR, TOO_DEEP, UNUSED_IGNORE};
use crate::diagnostic::{Diagnostic, Edit, Findings, Fix, POLICY_PREFIX, Rule, RuleRef};
use crate::document::{Document, Entry, EntryId};
use crate::fix;
use crate::rules::looks_at_files;
use crate::text::order::sort_by_key;
use crate::text::{Span, suggest};

pub(crate) use write::ignoring;
#[cfg(feature = "cli")]
pub(crate) use write::{Ignore as WrittenIgnore, ignoring_all};

/// The start of an ignore.
const WORD: &str = "streamlint-ignore";

/// The form of an ignore, for the help.
const FORM: &str = "write `streamlint-ignore[rule-name]: reason`";

/// The ignores of one text, and whether their names were used.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ignores {
    list: Vec<Ignore>,
}

#[derive(Debug, Clone)]
struct Ignore {
    /// From the first word to the closing bracket, or to the text at its position.
    span: Span,
    covers: Covers,
    /// `None` for an ignore without names of rules in brackets.
    names: Vec<Name>,
    has_reason: bool,
    /// The edit that deletes an unused ignore; `None` if it would delete more than the ignore.
    whole: Option<Edit>,
}

#[derive(Debug, Clone)]
struct Name {
    rule: Option<RuleRef>,
    /// Whether it is the name of a policy that this run does not have, although another run may.
    is_of_another_run: bool,
    /// The known rule that was probably meant.
    nearest: Option<&'static str>,
    span: Span,
    is_used: bool,
}

#[derive(Debug, Clone, Copy)]
enum Covers {
    File,
    /// The target of the ignore: a line, or an object with its key.
    Bytes(Span),
}

/// The ignore at the start of a comment line or a remark, in bytes of that line.
#[derive(Debug, PartialEq, Eq)]
struct Line {
    span: Range<usize>,
    is_file: bool,
    names: Vec<Range<usize>>,
    has_reason: bool,
}

impl Ignores {
    /// The ignores of a text. A text without any costs one check for comments or remarks.
    pub fn read(document: &Document, config: &Config) -> Self {
        let text = document.source.text();
        if (document.comments.is_empty() && !document.table.remarks) || !text.contains(WORD) {
            return Self::default();
        }
        let mut list = Vec::new();
        in_comments(document, config, &mut list);
        if document.table.remarks {
            in_remarks(document, config, &mut list);
        }
        Self { list }
    }

    /// The ranges of the ignores that contain only names of rules, from their first word to the bracket; in order.
    pub fn plain(&self) -> Vec<Span> {
        let is_plain =
            |ignore: &&Ignore| !ignore.names.is_empty() && ignore.names.iter().all(|name| name.rule.is_some());
        let mut spans = self.list.iter().filter(is_plain).map(|ignore| ignore.span).collect::<Vec<_>>();
        sort_by_key(&mut spans, |span| span.start);
        spans
    }

    /// Keeps the findings that no ignore suppresses.
    pub fn silence(&mut self, found: &mut Vec<Diagnostic>) {
        if self.list.is_empty() {
            return;
        }
        let mut places = BTreeMap::<_, Places>::new();
        for found in found.iter().filter(|found| can_be_ignored(&found.rule)) {
            let places = places.entry(found.rule.name).or_default();
            // An ignore does not suppress findings about another ignore.
            places.starts.extend((!is_about_ignores(&found.rule)).then(|| start(found)).flatten());
        }
        for places in places.values_mut() {
            sort_by_key(&mut places.starts, |&item| item);
        }
        let mut covered = BTreeMap::<_, Covered>::new();
        for ignore in &mut self.list {
            for name in &mut ignore.names {
                let Some((rule, places)) = name.rule.as_ref().and_then(|rule| places.get_key_value(rule.name)) else {
                    continue;
                };
                let covered = covered.entry(*rule).or_default();
                match ignore.covers {
                    Covers::File => (name.is_used, covered.all) = (true, true),
                    Covers::Bytes(span) => {
                        let first = places.starts.partition_point(|start| *start < span.start);
                        name.is_used |= places.starts.get(first).is_some_and(|start| *start < span.end);
                        covered.spans.push(span);
                    }
                }
            }
        }
        for covered in covered.values_mut() {
            covered.sort();
        }
        found.retain(|found| {
            let covered = covered.get(found.rule.name).filter(|_| can_be_ignored(&found.rule));
            let is_inside = |covered: &Covered| start(found).is_some_and(|start| covered.has(start));
            !covered.is_some_and(|covered| covered.all || !is_about_ignores(&found.rule) && is_inside(covered))
        });
    }

    /// Reports unused and invalid ignores, after all suppressions.
    pub fn report(&mut self, config: &Config, which: Which, damaged: bool) -> Vec<Diagnostic> {
        let mut findings = Findings::default();
        for ignore in &self.list {
            let spans = ignore.names.iter().any(|name| name.rule.as_deref().is_some_and(looks_at_files));
            if which == Which::All || spans == (which == Which::OfRun) {
                ignore.report(config, damaged, &mut findings);
            }
        }
        let mut found = findings.diagnostics;
        self.silence(&mut found);
        found
    }
}

/// The starts of a rule's findings, in order.
#[derive(Default)]
struct Places {
    starts: Vec<usize>,
}

/// The ranges that the ignores of a rule cover.
#[derive(Default)]
struct Covered {
    all: bool,
    spans: Vec<Span>,
}

impl Covered {
    /// Sorts the spans, and extends the end of each to the last end before it.
    fn sort(&mut self) {
        sort_by_key(&mut self.spans, |&item| item);
        let mut end = 0;
        for span in &mut self.spans {
            end = end.max(span.end);
            span.end = end;
        }
    }

    fn has(&self, start: usize) -> bool {
        let before = self.spans.partition_point(|span| span.start <= start);
        before.checked_sub(1).is_some_and(|at| start < self.spans[at].end)
    }
}

/// The start of a finding, if it has a position.
fn start(found: &Diagnostic) -> Option<usize> {
    found.labels.first().map(|label| label.span.start)
}

/// The ignores to report, because those that depend on other files wait for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    All,
    /// Those without names of rules about several files.
    OfText,
    /// Those with such names.
    OfRun,
}

/// Whether ignore comments apply to a rule. They do not if the text cannot be parsed.
fn can_be_ignored(rule: &Rule) -> bool {
    rule != &SYNTAX_ERROR && rule != &TOO_DEEP
}

/// Returns the ignore comment that suppresses a rule's findings, without its rule and its reason.
#[cfg(feature = "cli")]
pub(crate) fn comment_for(rule: &Rule) -> Option<&'static str> {
    let comment = if is_about_ignores(rule) { "streamlint-ignore-file" } else { "streamlint-ignore" };
    can_be_ignored(rule).then_some(comment)
}

fn is_about_ignores(rule: &Rule) -> bool {
    rule == &UNUSED_IGNORE || rule == &IGNORE_WITHOUT_REASON
}

impl Ignore {
    fn report(&self, config: &Config, damaged: bool, found: &mut Findings) {
        if self.names.is_empty() {
            found
                .report(&UNUSED_IGNORE, "unused ignore comment: it names no rule")
                .mark(self.span, "missing rule name")
                .help(FORM);
            return;
        }
        // A rule that is off, or that cannot check a damaged text, may be suppressed for other runs.
        let is_unused = |(_, name): &(usize, &Name)| {
            let is_due =
                |rule: &Rule| !can_be_ignored(rule) || !damaged && config.is_on(rule) && !is_about_ignores(rule);
            !name.is_used && !name.is_of_another_run && name.rule.as_deref().is_none_or(is_due)
        };
        let unused = self.names.iter().enumerate().filter(is_unused).collect::<Vec<_>>();
        if let [only] = unused.as_slice() {
            only.1.report(self, only.0, found);
        } else if unused.len() == self.names.len() && unused.iter().all(|(_, name)| name.rule.is_some()) {
            found
                .report(&UNUSED_IGNORE, "unused ignore comment: its rules report nothing here")
                .mark(self.span, "unused")
                .help("delete it")
                .fix(self.whole.clone().map(|edit| Fix::safe("Delete the ignore", vec![edit])));
        } else {
            for (at, name) in &unused {
                name.report(self, *at, found);
            }
        }
        if !self.has_reason && unused.len() < self.names.len() {
            found
                .report(&IGNORE_WITHOUT_REASON, "ignore comment without a reason")
                .mark(self.span, "missing reason")
                .help("add the reason after a colon: `streamlint-ignore[rule-name]: reason`");
        }
    }

    /// The name at an index, with its comma and blanks.
    fn room_of(&self, at: usize) -> Span {
        let name = &self.names[at];
        match (self.names.get(at + 1), at.checked_sub(1)) {
            (Some(next), _) => Span::new(name.span.start, next.span.start),
            (None, Some(before)) => Span::new(self.names[before].span.end, name.span.end),
            (None, None) => name.span,
        }
    }
}

impl Name {
    /// Reports the name at this index of its ignore.
    fn report(&self, ignore: &Ignore, at: usize, found: &mut Findings) {
        let is_alone = ignore.names.len() == 1;
        let (message, label, help) = match &self.rule {
            // The name is not quoted: the text may be a secret.
            None => (
                "unknown rule in an ignore comment".to_owned(),
                "unknown rule",
                self.nearest.map_or_else(
                    || "`streamlint rules` lists all rules".to_owned(),
                    |nearest| format!("did you mean `{nearest}`?"),
                ),
            ),
            Some(rule) if !can_be_ignored(rule) => (
                format!("`{}` cannot be ignored", rule.name),
                "cannot be ignored",
                "fix the syntax error, or exclude the file".to_owned(),
            ),
            Some(rule) => (
                format!("unused ignore comment: `{}` reports nothing here", rule.name),
                "unused",
                if is_alone { "delete the comment".to_owned() } else { "delete the name".to_owned() },
            ),
        };
        // A misspelled name is left to its author.
        let is_slip = self.rule.is_none() && self.nearest.is_some();
        let fix = if is_slip {
            None
        } else if is_alone {
            ignore.whole.clone().map(|edit| Fix::safe("Delete the ignore", vec![edit]))
        } else {
            Some(Fix::safe("Delete the name", vec![Edit::new(ignore.room_of(at), "")]))
        };
        found.report(&UNUSED_IGNORE, message).mark(self.span, label).help(help).fix(fix);
    }
}

fn in_comments(document: &Document, config: &Config, list: &mut Vec<Ignore>) {
    let text = document.source.text();
    let mut text_lines = Lines::of(document);
    let first = list.len();
    // From the last to the first: consecutive comments have the same target line.
    for comment in document.comments.iter().rev() {
        let inside = &text[comment.span.start..comment.span.end];
        if !inside.contains(WORD) {
            continue;
        }
        let covers = Covers::Bytes(text_lines.spoken_of(comment.span));
        let whole = text_lines.deletion(comment.span);
        let lines = lines(inside).collect::<Vec<_>>();
        let is_only = lines.len() == 1 && !inside.contains('\n');
        for (start, line) in lines.into_iter().rev() {
            let from = comment.span.start + start;
            let spans = line.ranges().map(|range| Span::new(from + range.start, from + range.end)).collect::<Vec<_>>();
            list.push(ignore(&line, &inside[start..], config, &spans, covers, is_only.then(|| whole.clone())));
        }
    }
    list[first..].reverse();
}

fn in_remarks(document: &Document, config: &Config, list: &mut Vec<Ignore>) {
    let is_comment = |key: &str| key != "$schema" && REMARKS.contains(&key);
    let is_remark = |id: &EntryId| document.entry(*id).key_span().is_some() && is_comment(document.key(*id));
    #[expect(clippy::cast_possible_truncation, reason = "ids are of this width")]
    for id in (0..document.table.entries.len() as EntryId).filter(is_remark) {
        let Some(holder) = document.parent_of(id).map(|parent| document.entry(parent)) else { continue };
        let covers = Covers::Bytes(holder.whole());
        let is_list = document.entry(id).has(Entry::ARRAY);
        let texts = if is_list { document.children(id).collect() } else { vec![id] };
        for &text in texts.iter().filter(|text| document.entry(**text).has(Entry::TEXT)) {
            let whole = fix::removal(document, if texts.len() == 1 { id } else { text });
            list.extend(in_remark(document, config, text, covers, whole));
        }
    }
}

fn in_remark(document: &Document, config: &Config, id: EntryId, covers: Covers, whole: Option<Edit>) -> Option<Ignore> {
    let (entry, text) = (document.entry(id), document.text(id));
    let line = Line::read(text, 0).filter(|_| !entry.has(Entry::UNKNOWN))?;
    let ranges = line.ranges().cloned().collect::<Vec<_>>();
    let spans = document.spans_within(id, text, &ranges).unwrap_or_else(|| vec![entry.span(); ranges.len()]);
    Some(ignore(&line, text, config, &spans, covers, whole))
}

/// An ignore; `spans` are those of the line's ranges.
fn ignore(line: &Line, text: &str, config: &Config, spans: &[Span], covers: Covers, whole: Option<Edit>) -> Ignore {
    let names = line.names.iter().zip(&spans[1..]).map(|(range, span)| {
        let name = &text[range.clone()];
        let known = config.rule(name);
        let nearest = || suggest::nearest(name, config.rule_names());
        let nearest = if known.is_none() { nearest() } else { None };
        // A misspelled name is similar to a policy.
        let is_of_another_run = known.is_none() && nearest.is_none() && name.starts_with(POLICY_PREFIX);
        Name { rule: known, is_of_another_run, nearest, span: *span, is_used: false }
    });
    Ignore {
        span: spans[0],
        covers: if line.is_file { Covers::File } else { covers },
        names: names.collect(),
        has_reason: line.has_reason,
        whole,
    }
}

/// The ignores in a comment, each with the byte where its line starts.
fn lines(comment: &str) -> impl Iterator<Item = (usize, Line)> {
    let mut start = 0;
    comment.split_inclusive('\n').filter_map(move |line| {
        let at = start;
        start += line.len();
        let mut body = line.trim_end();
        while let Some(rest) = body.strip_suffix("*/") {
            body = rest;
        }
        let marks = body.len() - body.trim_start_matches([' ', '\t', '/', '*', '#']).len();
        Line::read(body, marks).map(|read| (at, read))
    })
}

impl Line {
    /// The range of the ignore, and those of its names.
    fn ranges(&self) -> impl Iterator<Item = &Range<usize>> {
        std::iter::once(&self.span).chain(&self.names)
    }

    /// The ignore at byte `at` of a line, if there is one.
    fn read(line: &str, at: usize) -> Option<Self> {
        let at = at + (line[at..].len() - line[at..].trim_start().len());
        let rest = line[at..].strip_prefix(WORD)?;
        let after = line.len() - rest.len();
        let (is_file, after) = if rest.starts_with("-file") { (true, after + "-file".len()) } else { (false, after) };
        let bracket = after + (line[after..].len() - line[after..].trim_start().len());
        let inside = line[bracket..].strip_prefix('[').and_then(|inside| inside.find(']').map(|end| &inside[..end]));
        let Some(inside) = inside else {
            return Some(Self { span: at..after, is_file, names: Vec::new(), has_reason: true });
        };
        let mut names = Vec::new();
        let mut start = bracket + 1;
        for name in inside.split(',') {
            let first = start + (name.len() - name.trim_start().len());
            if !name.trim().is_empty() {
                names.push(first..first + name.trim().len());
            }
            start += name.len() + 1;
        }
        let end = bracket + 1 + inside.len() + 1;
        let reason = line[end..].trim_start().strip_prefix(':').is_some_and(|reason| !reason.trim().is_empty());
        Some(Self { span: at..end, is_file, names, has_reason: reason })
    }
}

/// The lines of a text, for the comments in it from the last to the first.
struct Lines<'d> {
    document: &'d Document,
    /// The start of each line. A byte order mark is not part of the first one.
    starts: Vec<usize>,
    /// The previous comment.
    known: Option<Known>,
}

/// The lines of a comment, and its target line.
#[derive(Clone, Copy)]
struct Known {
    comment_lines: Span,
    /// The line contains only comments.
    is_alone: bool,
    line: Span,
    with_texts: Span,
}

impl<'d> Lines<'d> {
    fn of(document: &'d Document) -> Self {
        let text = document.source.text();
        let first = text.len() - text.trim_start_matches('\u{FEFF}').len();
        let breaks = text.match_indices('\n').map(|(at, _)| at + 1);
        Self { document, starts: std::iter::once(first).chain(breaks).collect(), known: None }
    }

    fn index(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= at).saturating_sub(1)
    }

    /// The line around a byte, without its line break.
    fn around(&self, at: usize) -> Span {
        let line = self.index(at);
        let end = self.starts.get(line + 1).map_or(self.document.source.text().len(), |next| next - 1);
        Span::new(self.starts[line].min(at), end)
    }

    /// Whether these lines contain only comments.
    fn is_alone(&self, span: Span) -> bool {
        let text = self.document.source.text();
        let comments = &self.document.comments;
        let mut at = span.start;
        loop {
            at += text[at..span.end].len() - text[at..span.end].trim_start().len();
            if at >= span.end {
                return true;
            }
            let index = comments.partition_point(|other| other.span.end <= at);
            match comments.get(index).filter(|other| other.span.start <= at) {
                Some(other) => at = other.span.end.min(span.end),
                None => return false,
            }
        }
    }

    /// The target of a comment: its own line, or, if nothing else is on it, the next line that contains more than
    /// comments; including the text that continues below.
    fn spoken_of(&mut self, comment: Span) -> Span {
        let (first, last) = (self.around(comment.start), self.around(comment.end));
        let comment_lines = Span::new(first.start, last.end);
        if let Some(known) = self.known.filter(|known| known.comment_lines == comment_lines) {
            return known.with_texts;
        }
        let is_alone = self.is_alone(comment_lines);
        let line = if is_alone { self.below(last) } else { comment_lines };
        let known = self.known.filter(|known| known.line == line);
        let with_texts = known.map_or_else(|| with_texts(self.document, line), |known| known.with_texts);
        self.known = Some(Known { comment_lines, is_alone, line, with_texts });
        with_texts
    }

    /// The next line that contains more than comments.
    fn below(&self, mut line: Span) -> Span {
        let text = self.document.source.text();
        while line.end < text.len() {
            line = self.around(line.end + 1);
            if let Some(known) = self.known.filter(|known| known.comment_lines == line && known.is_alone) {
                return known.line;
            }
            if !self.is_alone(line) || text[line.start..line.end].trim().is_empty() {
                break;
            }
        }
        line
    }

    /// Deletes a comment: with its line, if nothing else is on it, or with the blanks before it.
    fn deletion(&self, comment: Span) -> Edit {
        let text = self.document.source.text();
        let line_start = match self.index(comment.start) {
            0 => 0,
            line => self.starts[line],
        };
        let rest = &text[comment.end..];
        let line_end = self.starts.get(self.index(comment.end) + 1).copied().unwrap_or(text.len());
        let before = text[line_start..comment.start].trim();
        let after = text[comment.end..line_end].trim();
        if before.is_empty() && after.is_empty() {
            return Edit::new(Span::new(line_start, line_end), "");
        }
        if before.is_empty() {
            // The line keeps its indentation.
            let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
            return Edit::new(Span::new(comment.start, comment.end + blank), "");
        }
        let start = line_start + text[line_start..comment.start].trim_end().len();
        Edit::new(Span::new(start, comment.end), "")
    }
}

/// A line, and the text that continues below it from a field on it: findings there belong to this field.
fn with_texts(document: &Document, line: Span) -> Span {
    let first = document.table.entries.partition_point(|entry| entry.span().start < line.start);
    let is_text = |entry: &&Entry| !entry.has(Entry::OBJECT | Entry::ARRAY);
    let on_it = document.table.entries[first..].iter().take_while(|entry| entry.whole().start <= line.end);
    let end = on_it.filter(is_text).map(|entry| entry.span().end).max();
    Span::new(line.start, end.unwrap_or_default().max(line.end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Option<(Vec<&str>, bool, bool)> {
        let read = Line::read(line, 0)?;
        let names = read.names.iter().map(|range| &line[range.clone()]).collect();
        Some((names, read.is_file, read.has_reason))
    }

    #[test]
    fn the_form_of_an_ignore() {
        assert_eq!(read("streamlint-ignore[a-b]: why"), Some((vec!["a-b"], false, true)));
        assert_eq!(read("  streamlint-ignore [ a , b ] : why"), Some((vec!["a", "b"], false, true)));
        assert_eq!(read("streamlint-ignore-file[a]"), Some((vec!["a"], true, false)));
        assert_eq!(read("streamlint-ignore[a]:  "), Some((vec!["a"], false, false)));
        assert_eq!(read("streamlint-ignore[a] why"), Some((vec!["a"], false, false)));
        assert_eq!(read("streamlint-ignore: why"), Some((vec![], false, true)));
        assert_eq!(read("streamlint-ignore[]: why"), Some((vec![], false, true)));
        assert_eq!(read("streamlint-ignore[a"), Some((vec![], false, true)));
        assert_eq!(read("see streamlint-ignore[a]: why"), None);
    }

    #[test]
    fn each_line_of_a_comment_may_have_an_ignore() {
        let names = |comment: &str| {
            let read = lines(comment).map(|(at, line)| comment[at..][line.names[0].clone()].to_owned());
            read.collect::<Vec<_>>()
        };
        assert_eq!(names("// streamlint-ignore[a]: b"), ["a"]);
        assert_eq!(names("//streamlint-ignore[a]: b"), ["a"]);
        assert_eq!(names("# streamlint-ignore[a]: b"), ["a"]);
        assert_eq!(names("/* streamlint-ignore[a]: b */"), ["a"]);
        assert_eq!(names("/*\n * streamlint-ignore[a]: b\r\n * streamlint-ignore[é]\n */"), ["a", "é"]);
        assert_eq!(names("/* streamlint-ignore[a]*/"), ["a"]);
    }
}
