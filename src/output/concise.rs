//! One line for each finding, in the format of compilers, which editors parse.

use std::io;

use super::{Layout, Positions, Style, seen, tamed};
use crate::linter::Report;

pub(super) const LAYOUT: Layout = Layout::plain("concise", write);

fn write(report: &Report, _: Style, out: &mut dyn io::Write) -> io::Result<()> {
    let positions = Positions::of(report);
    let path = seen(report.source().name());
    for found in report.diagnostics() {
        let at = positions.start(found.span());
        let (severity, message, rule) = (found.severity, seen(&found.message), found.rule.name);
        let line = format!("{path}:{}:{}: {severity}: {message} [{rule}]\n", at.line, at.column);
        out.write_all(tamed(line).as_bytes())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::text::Source;
    use crate::{Format, check};

    #[test]
    fn each_finding_is_one_line() {
        let twice = check(&Source::new("a\u{1b}[31m\n.json", "{\n  \"é\": 1, \"url\": 1,\n  \"é\": 2\n}"));
        let text = twice.render(Format::Concise);
        let line = text.lines().find(|line| line.contains("[duplicate-key]"));
        assert_eq!(line, Some("a\u{FFFD}[31m\u{FFFD}.json:3:3: error: duplicate field `é` [duplicate-key]"));
    }
}
