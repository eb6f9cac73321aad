//! The JSON report. Its shape is a contract: `schemas/report.schema.json` says it to readers.

#[cfg(not(browser))]
use super::Tally;
use super::Totals;
use crate::atlas::Kind;
use crate::diagnostic::{Applicability, Diagnostic};
use crate::json::{Layout, Writer};
use crate::linter::Report;
use crate::text::{LineIndex, Source, Span};

/// Counts up when a reader of the old report would misread the new one. [`HEAD`] says it too.
#[cfg(any(browser, test))]
const VERSION: usize = 1;

/// What stands before the files.
#[cfg(not(browser))]
pub(super) const HEAD: &str = "{\n  \"version\": 1,\n  \"files\": [";

/// A file of the report, at its place in it; nothing when it is not listed.
#[cfg(not(browser))]
pub(super) fn piece(report: &Report) -> String {
    if !report.is_listed() {
        return String::new();
    }
    let mut out = Writer::inside(Layout::Pretty, 2);
    out.line();
    file(&mut out, report);
    out.into_text()
}

/// A file by itself, on one line.
#[cfg(feature = "cli")]
pub(super) fn line(report: &Report) -> String {
    let mut out = Writer::inside(Layout::Compact, 0);
    file(&mut out, report);
    out.into_text() + "\n"
}

/// What stands behind the files.
#[cfg(not(browser))]
pub(super) fn tail(tally: &Tally, is_empty: bool) -> String {
    let mut out = Writer::inside(Layout::Pretty, 1);
    totals(&mut out, &tally.totals);
    let (end, summary) = (if is_empty { "" } else { "\n  " }, out.into_text());
    format!("{end}],\n  \"summary\": {summary}\n}}\n")
}

/// The whole report. A browser has all of it at once.
#[cfg(any(browser, test))]
pub(super) fn render(reports: &[Report]) -> String {
    let mut out = Writer::new(Layout::Pretty);
    out.object(|out| {
        out.key("version").number(VERSION);
        out.key("files").list(reports.iter().filter(|report| report.is_listed()), file);
        totals(out.key("summary"), &Totals::of(reports));
    });
    out.into_text() + "\n"
}

fn totals(out: &mut Writer, totals: &Totals) {
    out.object(|out| {
        for (name, number) in [
            ("files", totals.files),
            ("connections", totals.connections),
            ("errors", totals.errors),
            ("warnings", totals.warnings),
            ("infos", totals.infos),
            ("fixable", totals.fixable),
        ] {
            out.key(name).number(number);
        }
    });
}

fn file(out: &mut Writer, report: &Report) {
    out.object(|out| {
        out.key("path").string(report.source().name());
        // With `--ndjson` only.
        #[cfg(not(browser))]
        if let Some(line) = report.source().line() {
            out.key("line").number(line);
        }
        out.key("dialect").string(report.dialect().name());
        out.key("mode").string(report.mode().name());
        out.key("connections").list(report.summaries(), |out, summary| {
            out.object(|out| {
                out.key("name").string_or_null(summary.name.as_deref());
                out.key("type").string_or_null(summary.kind.map(Kind::name));
            });
        });
        out.key("diagnostics");
        diagnostics(out, report, &Positions::of(report));
    });
}

/// How places are written down.
pub(crate) trait Places {
    /// The members that say where something stands.
    fn place(&self, out: &mut Writer, span: Span);
    /// The members that say what an edit replaces.
    fn edit(&self, out: &mut Writer, span: Span);
}

/// The findings of a report, as a list.
pub(crate) fn diagnostics(out: &mut Writer, report: &Report, places: &dyn Places) {
    out.list(report.diagnostics(), |out, found| out.object(|out| diagnostic(out, report, found, places)));
}

fn diagnostic(out: &mut Writer, report: &Report, found: &Diagnostic, places: &dyn Places) {
    let connection = found.connection.and_then(|at| report.summaries().get(at));
    out.key("rule").string(found.rule.name);
    out.key("severity").string(found.severity.name());
    out.key("message").string(&found.message);
    out.key("help").string_or_null(found.help.as_deref());
    out.key("url").string(&found.url());
    out.key("connection").string_or_null(connection.and_then(|summary| summary.name.as_deref()));
    out.key("connectionIndex");
    match found.connection {
        Some(index) => out.number(index),
        None => out.null(),
    }
    out.key("pointer").string(&found.pointer);
    places.place(out, found.span());
    out.key("related").list(found.labels.iter().skip(1), |out, label| {
        out.object(|out| {
            out.key("message").string(&label.message);
            places.place(out, label.span);
        });
    });
    out.key("fix");
    match &found.fix {
        None => out.null(),
        Some(fix) => out.object(|out| {
            out.key("title").string(&fix.title);
            out.key("safe").bool(fix.applicability == Applicability::Safe);
            out.key("edits").list(&fix.edits, |out, edit| {
                out.object(|out| {
                    places.edit(out, edit.span);
                    out.key("text").string(&edit.text);
                });
            });
        }),
    }
}

/// Places by line and column, and edits by byte.
struct Positions<'r> {
    source: &'r Source,
    /// Nothing where there is nothing to look up.
    lines: Option<LineIndex>,
}

impl<'r> Positions<'r> {
    fn of(report: &'r Report) -> Self {
        let source = report.source();
        Self { source, lines: (!report.diagnostics().is_empty()).then(|| LineIndex::of(source)) }
    }
}

impl Places for Positions<'_> {
    fn place(&self, out: &mut Writer, span: Span) {
        let Some(lines) = &self.lines else { return };
        out.key("span").object(|out| {
            for (end, offset) in [("start", span.start), ("end", span.end)] {
                let at = lines.position(self.source.text(), offset);
                out.key(end).object(|out| {
                    out.key("offset").number(at.offset);
                    out.key("line").number(at.line);
                    out.key("column").number(at.column);
                });
            }
        });
    }

    fn edit(&self, out: &mut Writer, span: Span) {
        let before = self.source.offset();
        out.key("start").number(span.start + before);
        out.key("end").number(span.end + before);
    }
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
