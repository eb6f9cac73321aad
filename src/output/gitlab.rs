//! GitLab's Code Quality report. <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>

use serde::Serialize;

use super::{Positions, Range, fingerprints, pretty, with_help};
use crate::linter::Report;

pub(super) const HEAD: &str = "[";

#[derive(Serialize)]
struct Issue<'r> {
    description: String,
    check_name: &'static str,
    /// GitLab compares branches by it, and takes two issues with the same one for the same.
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

/// The issues of one file; nothing when there are none.
pub(super) fn piece(report: &Report) -> String {
    let positions = Positions::of(report);
    let issues = report.diagnostics().iter().zip(fingerprints(report)).map(|(found, fingerprint)| {
        let Range { start, end } = positions.range(found.span());
        let issue = Issue {
            description: with_help(found),
            check_name: found.rule.name,
            fingerprint,
            severity: found.severity.terms().gitlab,
            location: Location { path: report.source().name(), lines: Lines { begin: start.line, end: end.line } },
        };
        "\n  ".to_owned() + &pretty(&issue, "  ")
    });
    issues.collect::<Vec<_>>().join(",")
}

pub(super) fn tail(is_empty: bool) -> String {
    if is_empty { "]\n" } else { "\n]\n" }.to_owned()
}
