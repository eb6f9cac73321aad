//! GitLab's Code Quality report. <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>

use std::io;

use serde::Serialize;

use super::{Layout, Positions, Range, Style, fingerprints, has_findings, with_help, write_pretty};
use crate::linter::Report;

pub(super) const LAYOUT: Layout = Layout {
    name: "gitlab",
    head: "[",
    separator: ",",
    lists: has_findings,
    write,
    tail: |_, is_empty| tail(is_empty),
};

#[derive(Serialize)]
struct Issue<'r> {
    description: String,
    check_name: &'static str,
    /// GitLab compares branches by the fingerprint, and merges issues with the same one.
    fingerprint: String,
    severity: &'static str,
    location: Location<'r>,
}

#[derive(Serialize)]
struct Location<'r> {
    path: &'r str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

/// The issues of one file.
fn write(report: &Report, _: Style, out: &mut dyn io::Write) -> io::Result<()> {
    let positions = Positions::of(report);
    for (at, (found, fingerprint)) in report.diagnostics().iter().zip(fingerprints(report)).enumerate() {
        let Range { start, end } = positions.range(found.span());
        let issue = Issue {
            description: with_help(found),
            check_name: found.rule.name,
            fingerprint,
            severity: found.severity.terms().gitlab,
            location: Location { path: report.source().name(), lines: Lines { begin: start.line, end: end.line } },
        };
        write!(out, "{}\n  ", if at == 0 { "" } else { "," })?;
        write_pretty(&issue, "  ", out)?;
    }
    Ok(())
}

fn tail(is_empty: bool) -> String {
    if is_empty { "]\n" } else { "\n]\n" }.to_owned()
}
