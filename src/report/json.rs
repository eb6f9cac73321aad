//! The JSON report. Its shape is a contract: `schemas/report.schema.json` says it to readers.

use serde::Serialize;

#[cfg(not(browser))]
use super::Tally;
#[cfg(any(browser, test))]
use super::Totals;
use crate::diagnostic::{self, Applicability};
use crate::kind::Kind;
use crate::linter::{self, Report};
use crate::source::{LineIndex, Span};

/// Counts up when a reader of the old report would misread the new one. [`HEAD`] says it too.
#[cfg(any(browser, test))]
const VERSION: u32 = 1;

/// What stands before the files.
#[cfg(not(browser))]
pub(super) const HEAD: &str = "{\n  \"version\": 1,\n  \"files\": [";

#[cfg(any(browser, test))]
#[derive(Serialize)]
struct Whole<'r> {
    version: u32,
    files: Vec<File<'r>>,
    summary: Totals,
}

#[derive(Serialize)]
struct File<'r> {
    path: &'r str,
    dialect: &'static str,
    mode: &'static str,
    connections: Vec<Connection<'r>>,
    diagnostics: Vec<Diagnostic<'r>>,
}

#[derive(Serialize)]
struct Connection<'r> {
    name: Option<&'r str>,
    r#type: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Diagnostic<'r> {
    rule: &'static str,
    severity: &'static str,
    message: &'r str,
    help: Option<&'r str>,
    url: String,
    connection: Option<&'r str>,
    connection_index: Option<usize>,
    pointer: &'r str,
    span: Range,
    related: Vec<Related<'r>>,
    fix: Option<Fix<'r>>,
}

#[derive(Serialize)]
struct Related<'r> {
    message: &'r str,
    span: Range,
}

#[derive(Serialize)]
struct Range {
    start: Position,
    end: Position,
}

#[derive(Serialize)]
struct Position {
    offset: usize,
    line: usize,
    column: usize,
}

#[derive(Serialize)]
struct Fix<'r> {
    title: &'r str,
    safe: bool,
    edits: Vec<Edit<'r>>,
}

#[derive(Serialize)]
struct Edit<'r> {
    start: usize,
    end: usize,
    text: &'r str,
}

/// A file of the report, at its place in it; nothing when it is not listed.
#[cfg(not(browser))]
pub(super) fn piece(report: &Report) -> String {
    if !report.is_listed() {
        return String::new();
    }
    let text = serde_json::to_string_pretty(&file(report)).unwrap_or_default();
    // Line breaks inside strings are escaped, so these are all the writer's own.
    ["\n", &text].concat().replace('\n', "\n    ")
}

/// What stands behind the files.
#[cfg(not(browser))]
pub(super) fn tail(tally: &Tally, is_empty: bool) -> String {
    let summary = serde_json::to_string_pretty(&tally.totals).unwrap_or_default().replace('\n', "\n  ");
    format!("{}],\n  \"summary\": {summary}\n}}\n", if is_empty { "" } else { "\n  " })
}

/// The whole report. A browser has all of it at once, and this writer is the smaller one.
#[cfg(any(browser, test))]
pub(super) fn render(reports: &[Report]) -> String {
    let files = reports.iter().filter(|report| report.is_listed()).map(file).collect();
    let whole = Whole { version: VERSION, files, summary: Totals::of(reports) };
    // Strings, numbers and lists of them always become JSON.
    let mut text = serde_json::to_string_pretty(&whole).unwrap_or_default();
    text.push('\n');
    text
}

fn file(report: &Report) -> File<'_> {
    let source = report.source();
    let index = (!report.diagnostics().is_empty()).then(|| LineIndex::new(source.text()));
    let diagnostics = index.iter().flat_map(|index| {
        report.diagnostics().iter().map(move |found| {
            let range = |span: Span| range(index, source.text(), span);
            diagnostic(report, found, range)
        })
    });
    File {
        path: source.name(),
        dialect: report.dialect().name(),
        mode: report.mode().name(),
        connections: report.summaries().iter().map(connection).collect(),
        diagnostics: diagnostics.collect(),
    }
}

fn connection(summary: &linter::Summary) -> Connection<'_> {
    Connection { name: summary.name.as_deref(), r#type: summary.kind.map(Kind::name) }
}

fn diagnostic<'r>(
    report: &'r Report,
    found: &'r diagnostic::Diagnostic,
    range: impl Fn(Span) -> Range,
) -> Diagnostic<'r> {
    let connection = found.connection.and_then(|at| report.summaries().get(at));
    let related = |label: &'r diagnostic::Label| Related { message: &label.message, span: range(label.span) };
    Diagnostic {
        rule: found.rule.name,
        severity: found.severity.name(),
        message: &found.message,
        help: found.help.as_deref(),
        url: found.url(),
        connection: connection.and_then(|summary| summary.name.as_deref()),
        connection_index: found.connection,
        pointer: &found.pointer,
        span: range(found.span()),
        related: found.labels.iter().skip(1).map(related).collect(),
        fix: found.fix.as_ref().map(fix),
    }
}

fn range(index: &LineIndex, text: &str, span: Span) -> Range {
    let position = |offset| {
        let at = index.position(text, offset);
        Position { offset: at.offset, line: at.line, column: at.column }
    };
    Range { start: position(span.start), end: position(span.end) }
}

fn fix(fix: &diagnostic::Fix) -> Fix<'_> {
    let edits = fix.edits.iter().map(|edit| Edit { start: edit.span.start, end: edit.span.end, text: &edit.text });
    Fix { title: &fix.title, safe: fix.applicability == Applicability::Safe, edits: edits.collect() }
}

#[cfg(test)]
mod tests {
    use crate::{Format, Linter, Source, Style};

    #[test]
    fn piece_by_piece_it_is_the_same_as_whole() {
        let sources = [
            Source::new("a.json", r#"{ "type": "kafka", "name": "a\n\"b", "url": 1, "url": 2 }"#),
            Source::new("empty.json", "[]"),
            Source::new("b.json", r#"{ "type": "Sample", "name": "sample_stream_solar" }"#),
        ];
        for sources in [&sources[..], &sources[1..2], &sources[2..], &[]] {
            let reports = Linter::default().check_all(sources);
            let streamed = Format::Json.render(&reports, Style::default());
            assert_eq!(streamed, super::render(&reports));
        }
    }
}
