//! The JSON report. Its format is a contract, which `schemas/report.schema.json` describes.

use std::borrow::Cow;
use std::io;

use serde::{Serialize, Serializer};

use super::{Layout, Positions, Range, Style, Tally, Totals, is_zero, pretty, write_pretty};
use crate::diagnostic::{self, Fix};
use crate::linter::{Report, Summary};
use crate::text::{Source, Span};

/// The text before the files. The version increases if a reader of the old report would misread the new one.
const HEAD: &str = "{\n  \"version\": 1,\n  \"files\": [";

pub(super) const LAYOUT: Layout =
    Layout { name: "json", head: HEAD, separator: ",", lists: Report::is_listed, write, tail };

#[derive(Serialize)]
struct File<'r> {
    path: &'r str,
    /// With `--ndjson` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    dialect: &'static str,
    mode: &'static str,
    connections: &'r [Summary],
    #[serde(skip_serializing_if = "is_zero")]
    processors: usize,
    diagnostics: Diagnostics<'r>,
}

/// The findings of a file, each created when it is written.
struct Diagnostics<'r> {
    report: &'r Report,
    positions: Positions<'r>,
}

impl Serialize for Diagnostics<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let found = self.report.diagnostics().iter();
        serializer.collect_seq(found.map(|found| Diagnostic::of(self.report, found, &self.positions)))
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Diagnostic<'r> {
    rule: &'static str,
    severity: &'static str,
    message: &'r str,
    help: Option<Cow<'r, str>>,
    url: String,
    connection: Option<&'r str>,
    connection_index: Option<usize>,
    pointer: &'r str,
    span: Range,
    related: Vec<Related<'r>>,
    fix: Option<Fix>,
}

#[derive(Serialize)]
struct Related<'r> {
    message: &'r str,
    span: Range,
}

#[derive(Serialize)]
struct Counts {
    files: usize,
    connections: usize,
    #[serde(skip_serializing_if = "is_zero")]
    processors: usize,
    errors: usize,
    warnings: usize,
    infos: usize,
    fixable: usize,
}

/// A file of the report, indented to its position.
fn write(report: &Report, _: Style, out: &mut dyn io::Write) -> io::Result<()> {
    write!(out, "\n    ")?;
    write_pretty(&File::of(report), "    ", out)
}

/// A file by itself, on one line.
#[cfg(feature = "cli")]
pub(super) fn line(report: &Report) -> String {
    serde_json::to_string(&File::of(report)).unwrap_or_default() + "\n"
}

/// The text after the files.
fn tail(tally: &Tally, is_empty: bool) -> String {
    let end = if is_empty { "" } else { "\n  " };
    let summary = pretty(&Counts::of(&tally.totals), "  ");
    format!("{end}],\n  \"summary\": {summary}\n}}\n")
}

impl Counts {
    fn of(totals: &Totals) -> Self {
        let Totals { files, connections, processors, errors, warnings, infos, fixable, .. } = *totals;
        Self { files, connections, processors, errors, warnings, infos, fixable }
    }
}

impl<'r> File<'r> {
    fn of(report: &'r Report) -> Self {
        let source = report.source();
        Self {
            path: source.name(),
            line: source.line(),
            dialect: report.dialect().name(),
            mode: report.mode().name(),
            connections: report.summaries(),
            processors: report.processors(),
            diagnostics: Diagnostics { report, positions: Positions::of(report) },
        }
    }
}

impl<'r> Diagnostic<'r> {
    fn of(report: &'r Report, found: &'r diagnostic::Diagnostic, positions: &Positions) -> Self {
        let connection = found.connection.and_then(|index| report.summaries().get(index));
        let related =
            |label: &'r diagnostic::Label| Related { message: &label.message, span: positions.range(label.span) };
        Self {
            rule: found.rule.name,
            severity: found.severity.name(),
            message: &found.message,
            help: found.shown_help(),
            url: found.url(),
            connection: connection.and_then(|summary| summary.name.as_deref()),
            connection_index: found.connection,
            pointer: &found.pointer,
            span: positions.range(found.span()),
            related: found.labels.iter().skip(1).map(related).collect(),
            fix: found.shown_fix().map(|fix| in_stream(fix, report.source())),
        }
    }
}

/// A fix with its edits, at positions in the stream if the text is a line of one.
fn in_stream(fix: &Fix, source: &Source) -> Fix {
    let mut fix = fix.clone();
    for edit in &mut fix.edits {
        edit.span = Span::new(edit.span.start + source.offset(), edit.span.end + source.offset());
    }
    fix
}

#[cfg(test)]
mod tests {
    use serde::Serialize;

    use super::{Counts, File};
    use crate::{Format, Linter, Source, Style, Totals};

    #[derive(Serialize)]
    struct Whole<'r> {
        version: usize,
        files: Vec<File<'r>>,
        summary: Counts,
    }

    #[test]
    fn writing_in_pieces_equals_writing_at_once() {
        let sources = [
            Source::new("a.json", r#"{ "type": "kafka", "name": "a\n\"b", "url": 1, "url": 2 }"#),
            Source::new("empty.json", "[]"),
            Source::new("b.json", r#"{ "type": "Sample", "name": "sample_stream_solar" }"#),
        ];
        for sources in [&sources[..], &sources[1..2], &sources[2..], &[]] {
            let reports = Linter::default().check_all(sources);
            let streamed = Format::Json.render(&reports, Style::default());
            let files = reports.iter().filter(|report| report.is_listed()).map(File::of).collect();
            let whole = Whole { version: 1, files, summary: Counts::of(&Totals::of(&reports)) };
            assert_eq!(streamed, serde_json::to_string_pretty(&whole).unwrap() + "\n");
        }
    }
}
