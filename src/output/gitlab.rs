//! GitLab's Code Quality report. <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>

use serde::Serialize;

use super::{fingerprints, pretty, severity_names};
use crate::diagnostic::Diagnostic;
use crate::linter::Report;
use crate::text::LineIndex;

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
    if report.diagnostics().is_empty() {
        return String::new();
    }
    let text = report.source().text();
    let index = LineIndex::of(report.source());
    let issues = report.diagnostics().iter().zip(fingerprints(report)).map(|(found, fingerprint)| {
        let line = |offset| index.position(text, offset).line;
        let issue = Issue {
            description: description(found),
            check_name: found.rule.name,
            fingerprint,
            severity: severity_names(found.severity).gitlab,
            location: Location {
                path: report.source().name(),
                lines: Lines { begin: line(found.span().start), end: line(found.span().end) },
            },
        };
        "\n  ".to_owned() + &pretty(&issue, "  ")
    });
    issues.collect::<Vec<_>>().join(",")
}

pub(super) fn tail(is_empty: bool) -> String {
    if is_empty { "]\n" } else { "\n]\n" }.to_owned()
}

fn description(found: &Diagnostic) -> String {
    let help = found.help.as_ref().map(|help| format!(": {help}")).unwrap_or_default();
    format!("{}{help}", found.message)
}
