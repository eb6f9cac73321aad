//! A summary in Markdown, as CI servers show it for a job: totals, a table of rules, and the findings with links to lines.
//! <https://docs.github.com/actions/reference/workflow-commands-for-github-actions#adding-a-job-summary>

use std::fmt::Write as _;
use std::io;

use super::{Layout, Positions, Style, Tally, counted, seen, uri_path};
use crate::linter::Report;

/// GitHub refuses a summary of more than 1 MiB for one step; this leaves room for the output of other commands.
const LIMIT: usize = 1_000_000;

/// Maximum size of the heading, the table of rules and the last sentence.
const REST: usize = 40_000;

/// The start of each finding.
const ITEM: &str = "- ";

/// [`Body`] collects the reports, because the totals come first.
pub(super) const LAYOUT: Layout = Layout::plain("markdown", write);

/// The findings of one file, each on a line.
fn write(report: &Report, style: Style, out: &mut dyn io::Write) -> io::Result<()> {
    let path = report.source().name();
    let address = address(path, style.source_url);
    let positions = Positions::of(report);
    writeln!(out, "\n### {}\n", link(&inert(path), address.as_deref()))?;
    for found in report.diagnostics() {
        let rule = link(&inert(found.rule.name), Some(&found.url()));
        let (severity, message) = (found.severity, prose(&found.message));
        let help = found.shown_help().map(|help| format!("<br>{}", prose(&help))).unwrap_or_default();
        let place = found.labels.first().map(|label| {
            let at = positions.start(label.span);
            let line = address.as_ref().map(|address| format!("{address}#L{}", at.line));
            format!(" {}", link(&format!("{}:{}", at.line, at.column), line.as_deref()))
        });
        let place = place.unwrap_or_default();
        writeln!(out, "{ITEM}**{severity}**{place}: {message} ({rule}){help}")?;
    }
    Ok(())
}

/// The findings of a run, as many as fit.
#[derive(Debug, Default)]
pub(crate) struct Body {
    text: String,
    /// The heading of a file, until a finding follows it.
    heading: String,
    /// The bytes of a line that has not ended.
    line: Vec<u8>,
    left_out: usize,
}

impl Body {
    /// Adds a line. After a finding that is left out, all others are left out.
    fn add(&mut self, line: &str) {
        if !line.starts_with(ITEM) {
            return self.heading.push_str(line);
        }
        let room = (LIMIT - REST).saturating_sub(self.text.len());
        if self.left_out == 0 && self.heading.len() + line.len() <= room {
            self.text.extend([&self.heading, line]);
        } else {
            self.left_out += 1;
        }
        self.heading.clear();
    }

    /// The whole document.
    pub fn document(&self, tally: &Tally) -> String {
        let mut out = format!("## streamlint\n\n{}\n", tally.totals);
        if tally.failures > 0 {
            let _ = writeln!(out, "\n{} not linted; the log has the reasons.", counted_files(tally.failures));
        }
        if !tally.is_empty() {
            out.push_str("\n| rule | severity | findings | with a safe fix |\n|---|---|---|---|\n");
        }
        for (rule, count) in tally.rules() {
            let name = link(&inert(rule.name), Some(&rule.url()));
            let _ = writeln!(out, "| {name} | {} | {} | {} |", rule.severity, count.found, count.safe);
        }
        out.push_str(&self.text);
        if self.left_out > 0 {
            let _ = writeln!(
                out,
                "\n{} left out, because a summary holds at most 1 MB. The log and the other formats have all of them.",
                match self.left_out {
                    1 => "1 more finding is".to_owned(),
                    many => format!("{many} more findings are"),
                }
            );
        }
        out
    }
}

impl io::Write for Body {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for part in bytes.split_inclusive(|&byte| byte == b'\n') {
            self.line.extend_from_slice(part);
            if part.ends_with(b"\n") {
                let line = std::mem::take(&mut self.line);
                self.add(&String::from_utf8_lossy(&line));
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn counted_files(number: usize) -> String {
    format!("{} {}", counted(number, "file"), if number == 1 { "was" } else { "were" })
}

/// The address of a file. `None` for anything other than a file below the folder.
fn address(path: &str, base: Option<&str>) -> Option<String> {
    let is_elsewhere = path.starts_with(['/', '<', '\\']) || path.as_bytes().get(1) == Some(&b':');
    (!is_elsewhere).then(|| format!("{}{}", base.unwrap_or_default(), uri_path(path)))
}

/// A link whose text is already Markdown.
fn link(text: &str, address: Option<&str>) -> String {
    // Only letters, digits and a few marks are part of an address, so nothing in it ends the link.
    address.map_or_else(|| text.to_owned(), |address| format!("[{text}]({address})"))
}

/// A sentence, with back-ticked text as code.
pub(crate) fn prose(text: &str) -> String {
    let ticks = text.matches('`').count();
    let mut out = String::with_capacity(text.len() * 2);
    for (at, part) in text.split('`').enumerate() {
        let is_unpaired = at == ticks && ticks % 2 == 1;
        if is_unpaired {
            out.push_str("\\`");
        }
        if at % 2 == 1 && !is_unpaired {
            // The text contains no back-tick, so nothing in it is Markdown or HTML.
            if !part.is_empty() {
                out.extend(["`", &seen(part), "`"]);
            }
        } else {
            out.push_str(&inert(part));
        }
    }
    out
}

/// A text without Markdown and HTML, which mentions no user and no issue of the repository.
fn inert(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let text = seen(text);
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // A comment between parts the two halves of an email address, a user's name, and the number of an issue.
            '@' | '#' => out.extend(["\\", character.encode_utf8(&mut [0; 4]), "<!-- -->"]),
            // The start of an address that becomes a link.
            ':' if rest.as_str().starts_with('/') => out.push_str("\\:"),
            '.' if out.ends_with(['w', 'W']) => out.push_str("\\."),
            '\\' | '`' | '*' | '_' | '[' | ']' | '(' | ')' | '~' | '|' | '!' | '$' => out.extend(['\\', character]),
            _ => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Body, LIMIT, Tally, inert, prose};
    use crate::{Format, Linter, Source, Style, check};

    #[test]
    fn a_text_is_never_markdown() {
        assert_eq!(inert("a*b_[x](y)<b>&#1;"), r"a\*b\_\[x\]\(y\)&lt;b&gt;&amp;\#<!-- -->1;");
        assert_eq!(inert("www.x.example https://x a@b"), r"www\.x.example https\://x a\@<!-- -->b");
        assert_eq!(prose("`a*` is *not* `b<i>`"), r"`a*` is \*not\* `b<i>`");
        assert_eq!(prose("`a` and `<b>"), r"`a` and \`&lt;b&gt;");
    }

    #[test]
    fn lines_have_links() {
        let report =
            check(&Source::new("dir/a b.json", "{\n  \"name\": \"sample_stream_solar\",\n  \"type\": \"sample\" }"));
        let text = report.render(Format::Markdown);
        assert!(text.contains("**error** [3:11](dir/a%20b.json#L3): `sample` is"), "{text}");
        let base = Some("https://github.com/o/r/blob/main/");
        let text = Format::Markdown.render(&[report], Style { source_url: base, ..Style::default() });
        assert!(text.contains("### [dir/a b.json](https://github.com/o/r/blob/main/dir/a%20b.json)\n"), "{text}");
        let stdin = check(&Source::new("<stdin>", "{ \"type\": \"sample\" }")).render(Format::Markdown);
        assert!(stdin.contains("\n### &lt;stdin&gt;\n") && stdin.contains("**error** 1:11: "), "{stdin}");
    }

    #[test]
    fn a_summary_has_a_maximum_size() {
        let body = |files: usize| {
            let linter = Linter::default();
            let text = format!("[{}]", vec![r#"{ "type": "sample" }"#; 100].join(",\n"));
            let (mut body, mut tally) = (Body::default(), Tally::default());
            let report = linter.check(&Source::new("a.json", text));
            for _ in 0..files {
                super::write(&report, Style::default(), &mut body).unwrap();
                tally += &Tally::of(&report);
            }
            body.document(&tally)
        };
        assert!(!body(2).contains("left out"));
        let long = body(200);
        assert!(long.len() <= LIMIT && long.len() > LIMIT / 10 * 9, "{}", long.len());
        let shown = long.lines().filter(|line| line.starts_with("- ")).count();
        let left_out = long.lines().last().unwrap().split(' ').next().unwrap().parse::<usize>().unwrap();
        let one = body(1).lines().filter(|line| line.starts_with("- ")).count();
        assert_eq!(shown + left_out, 200 * one);
    }
}
