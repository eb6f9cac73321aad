//! Findings as JavaScript has them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;
use streamlint::{Applicability, Report, Span, Utf16Cursor};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Diagnostic<'r> {
    rule: &'static str,
    severity: &'static str,
    message: &'r str,
    help: Option<Cow<'r, str>>,
    url: String,
    connection: Option<&'r str>,
    connection_index: Option<usize>,
    pointer: &'r str,
    from: usize,
    to: usize,
    related: Vec<Related<'r>>,
    fix: Option<Fix<'r>>,
}

#[derive(Serialize)]
struct Related<'r> {
    message: &'r str,
    from: usize,
    to: usize,
}

#[derive(Serialize)]
struct Fix<'r> {
    title: &'r str,
    safe: bool,
    edits: Vec<Edit<'r>>,
}

#[derive(Serialize)]
struct Edit<'r> {
    from: usize,
    to: usize,
    text: &'r str,
}

/// The findings of a report.
pub fn diagnostics(report: &Report) -> Vec<Diagnostic<'_>> {
    let offsets = Offsets::of(report);
    report.diagnostics().iter().map(|found| diagnostic(report, found, &offsets)).collect()
}

fn diagnostic<'r>(report: &'r Report, found: &'r streamlint::Diagnostic, offsets: &Offsets) -> Diagnostic<'r> {
    let connection = found.connection.and_then(|index| report.summaries().get(index));
    let (from, to) = offsets.range(found.span());
    let related = found.labels.iter().skip(1).map(|label| {
        let (from, to) = offsets.range(label.span);
        Related { message: &label.message, from, to }
    });
    Diagnostic {
        rule: found.rule.name,
        severity: found.severity.name(),
        message: &found.message,
        help: found.shown_help(),
        url: found.url(),
        connection: connection.and_then(|summary| summary.name.as_deref()),
        connection_index: found.connection,
        pointer: &found.pointer,
        from,
        to,
        related: related.collect(),
        fix: found.shown_fix().map(|fix| self::fix(fix, offsets)),
    }
}

fn fix<'r>(fix: &'r streamlint::Fix, offsets: &Offsets) -> Fix<'r> {
    let edits = fix.edits.iter().map(|edit| {
        let (from, to) = offsets.range(edit.span);
        Edit { from, to, text: &edit.text }
    });
    Fix { title: &fix.title, safe: fix.applicability == Applicability::Safe, edits: edits.collect() }
}

/// The UTF-16 offset of every byte offset in a report. Findings are in no order that one pass over the text could follow,
/// so the offsets are sorted first.
struct Offsets(BTreeMap<usize, usize>);

impl Offsets {
    fn of(report: &Report) -> Self {
        let mut offsets = BTreeMap::new();
        for found in report.diagnostics() {
            let edits = found.fix.iter().flat_map(|fix| &fix.edits).map(|edit| edit.span);
            for span in found.labels.iter().map(|label| label.span).chain(edits) {
                offsets.extend([(span.start, 0), (span.end, 0)]);
            }
        }
        let mut cursor = Utf16Cursor::new(report.source().text());
        for (byte, utf16) in &mut offsets {
            *utf16 = cursor.offset(*byte);
        }
        Self(offsets)
    }

    fn range(&self, span: Span) -> (usize, usize) {
        (self.offset(span.start), self.offset(span.end))
    }

    fn offset(&self, byte: usize) -> usize {
        self.0.get(&byte).copied().unwrap_or_default()
    }
}
