//! The conversion of findings to JavaScript values.

use std::borrow::Cow;

use serde::Serialize;
use streamlint::{Applicability, Report, Span};

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

/// Returns the findings of a report.
pub fn diagnostics(report: &Report) -> Vec<Diagnostic<'_>> {
    let offsets = Offsets::of(report);
    report.diagnostics().iter().map(|found| diagnostic(report, found, &offsets)).collect()
}

fn diagnostic<'r>(report: &'r Report, found: &'r streamlint::Diagnostic, offsets: &Offsets<'_>) -> Diagnostic<'r> {
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

fn fix<'r>(fix: &'r streamlint::Fix, offsets: &Offsets<'_>) -> Fix<'r> {
    let edits = fix.edits.iter().map(|edit| {
        let (from, to) = offsets.range(edit.span);
        Edit { from, to, text: &edit.text }
    });
    Fix { title: &fix.title, safe: fix.applicability == Applicability::Safe, edits: edits.collect() }
}

/// UTF-16 offsets in a text, by byte offset. Findings are not sorted, so a single pass over the text is not enough: the
/// offset of every `STRIDE`th byte is kept.
struct Offsets<'t> {
    bytes: &'t [u8],
    /// Code units before each `STRIDE`th byte; empty for ASCII text, where both offsets are equal.
    units: Vec<usize>,
}

const STRIDE: usize = 1024;

impl<'t> Offsets<'t> {
    fn of(report: &'t Report) -> Self {
        let text = report.source().text();
        let bytes = text.as_bytes();
        if report.diagnostics().is_empty() || text.is_ascii() {
            return Self { bytes, units: Vec::new() };
        }
        let mut units = vec![0];
        for chunk in bytes.chunks(STRIDE) {
            units.push(units[units.len() - 1] + code_units(chunk));
        }
        Self { bytes, units }
    }

    fn range(&self, span: Span) -> (usize, usize) {
        (self.offset(span.start), self.offset(span.end))
    }

    fn offset(&self, byte: usize) -> usize {
        let whole = byte / STRIDE;
        self.units.get(whole).map_or(byte, |before| before + code_units(&self.bytes[whole * STRIDE..byte]))
    }
}

/// The number of UTF-16 code units of UTF-8 bytes: one for each first byte of a character, two if it has four bytes.
fn code_units(bytes: &[u8]) -> usize {
    bytes.iter().map(|&byte| usize::from(byte & 0xC0 != 0x80) + usize::from(byte >= 0xF0)).sum()
}
