//! JUnit's XML, which most CI servers show: a suite for each file, a failed case for each finding.
//!
//! A finding of severity info is not a failure: its case passes, with the message in `system-out`. A file without
//! findings has one case that passes.

use std::io;

use super::{Layout, Positions, Style};
use crate::diagnostic::{Diagnostic, Severity};
use crate::linter::Report;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"streamlint\">\n";

const TAIL: &str = "</testsuites>\n";

pub(super) const LAYOUT: Layout =
    Layout { name: "junit", head: HEAD, separator: "", lists: Report::is_listed, write, tail: |_, _| TAIL.to_owned() };

/// The suite of one file.
fn write(report: &Report, _: Style, out: &mut dyn io::Write) -> io::Result<()> {
    let found = report.diagnostics();
    let failures = found.iter().filter(|found| found.severity > Severity::Info).count();
    let (path, tests) = (escaped(report.source().name()), found.len().max(1));
    writeln!(
        out,
        "  <testsuite name=\"{path}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"0\" time=\"0\">"
    )?;
    if found.is_empty() {
        writeln!(out, "    <testcase name=\"nothing found\" classname=\"{path}\" file=\"{path}\" time=\"0\"/>")?;
    }
    let positions = Positions::of(report);
    for found in found {
        let at = positions.start(found.span());
        let place = format!("{}:{}", at.line, at.column);
        let name = escaped(&name(report, found, &place));
        writeln!(out, "    <testcase name=\"{name}\" classname=\"{path}\" file=\"{path}\" time=\"0\">")?;
        let (message, severity) = (escaped(&found.message), found.severity);
        let help = found.shown_help().map(|help| format!("{}\n", escaped(&help))).unwrap_or_default();
        let all = format!("{path}:{place}: {severity}: {message}\n{help}{}", escaped(&found.url()));
        match severity {
            Severity::Info => writeln!(out, "      <system-out>{all}</system-out>"),
            _ => writeln!(out, "      <failure type=\"{severity}\" message=\"{message}\">{all}</failure>"),
        }?;
        writeln!(out, "    </testcase>")?;
    }
    writeln!(out, "  </testsuite>")
}

/// Identifies a case among the others of its file.
fn name(report: &Report, found: &Diagnostic, place: &str) -> String {
    let connection = found.connection.and_then(|at| report.summaries().get(at)?.name.as_deref());
    let subject = format!("{}{}", connection.unwrap_or_default(), found.pointer);
    if subject.is_empty() {
        format!("{} at {place}", found.rule.name)
    } else {
        format!("{} at {place} ({subject})", found.rule.name)
    }
}

/// A text between tags or quotes. Characters that XML 1.0 cannot contain, not even escaped, are replaced, and so are
/// control characters. With every `>` escaped, no text ends a CDATA section.
fn escaped(text: &str) -> String {
    super::seen(text)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&apos;")
        .replace(['\u{FFFE}', '\u{FFFF}'], "\u{FFFD}")
}
