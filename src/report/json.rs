//! The JSON report. Its shape is a contract: `schemas/report.schema.json` says it to readers.

use serde::Serialize;

use super::Totals;
use crate::diagnostic::{self, Applicability};
use crate::kind::Kind;
use crate::linter::{self, Report};
use crate::source::{LineIndex, Span};

/// Counts up when a reader of the old report would misread the new one.
const VERSION: u32 = 1;

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
