//! Workflow commands of GitHub Actions: the runner makes an annotation of each.
//! <https://docs.github.com/actions/reference/workflow-commands-for-github-actions>

use std::io;

use super::{Layout, Positions, Range, Style, seen};
use crate::linter::Report;

pub(super) const LAYOUT: Layout = Layout::plain("github", write);

fn write(report: &Report, _: Style, out: &mut dyn io::Write) -> io::Result<()> {
    let positions = Positions::of(report);
    let file = property(report.source().name());
    for found in report.diagnostics() {
        let command = found.severity.terms().github;
        let Range { start, end } = positions.range(found.span());
        let title = property(found.rule.name);
        write!(out, "::{command} title={title},file={file},line={},endLine={}", start.line, end.line)?;
        // The runner ignores columns of a range over several lines.
        if start.line == end.line {
            write!(out, ",col={},endColumn={}", start.column, end.column)?;
        }
        let help = found.shown_help().map(|help| format!("\n{}", seen(&help))).unwrap_or_default();
        let message = data(&format!("{}{help}", seen(&found.message)));
        writeln!(out, "::{message}")?;
    }
    Ok(())
}

/// The text after the second `::`; it ends with the line.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property's value; it ends with a comma or a colon.
fn property(text: &str) -> String {
    data(&seen(text)).replace(':', "%3A").replace(',', "%2C")
}
