//! A picture of each finding: the line of the text, what is wrong under the very characters, and what to do.

use std::fmt;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan,
    SpanContents,
};

use super::{Style, seen};
use crate::diagnostic::{Applicability, Diagnostic, Label};
use crate::linter::Report;
use crate::mask::Masked;
use crate::text::{LineIndex, Position, Span};

/// Columns at which sentences are wrapped.
const WIDTH: usize = 100;

/// Lines of the text above and below the marked ones.
const CONTEXT: usize = 1;

/// Longer lines, in bytes, are cut to what stands around the mark; minified files have one line in all.
const LONGEST_LINE: usize = 400;

/// What is left of a longer line on each side of the mark, in bytes.
const MARGIN: usize = 60;

/// Two marks share an excerpt up to this many bytes.
const LONGEST_EXCERPT: usize = 4096;

/// A longer mark is cut to its first line, or to this many bytes of it.
const LONGEST_MARK: usize = 1024;

pub(super) fn piece(report: &Report, style: Style) -> String {
    let mut out = String::new();
    if report.diagnostics().is_empty() {
        return out;
    }
    let theme = if style.colors { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(WIDTH)
        .with_context_lines(CONTEXT)
        .with_break_words(false)
        .without_syntax_highlighting()
        // The rule's name is itself the link.
        .with_urls(style.links)
        .with_link_display_text("");
    let page = Page::new(report);
    for found in report.diagnostics() {
        // Writing to a string does not fail, and the contents of a page are always there.
        let _ = handler.render_report(&mut out, &Picture::new(&page, found));
        out.push('\n');
    }
    super::tamed(out)
}

/// The text of one report as pictures show it.
struct Page<'r> {
    name: String,
    source: &'r str,
    masked: Masked,
    /// What is shown, with a line break at its end so that the end can be marked as well.
    text: String,
    /// The lines of the text as it is, and as it is shown. There are as many of them, but their columns differ.
    source_lines: LineIndex,
    /// As many stand before the text in its stream.
    lines_before: usize,
    lines: LineIndex,
}

impl<'r> Page<'r> {
    fn new(report: &'r Report) -> Self {
        let source = report.source().text();
        let masked = Masked::new(report);
        let mut text = masked.text().to_owned();
        if !text.ends_with('\n') {
            text.push('\n');
        }
        Self {
            name: seen(report.source().name()).into_owned(),
            source_lines: LineIndex::of(report.source()),
            lines_before: report.source().line().map_or(0, |line| line - 1),
            lines: LineIndex::new(&text),
            source,
            masked,
            text,
        }
    }

    /// A range of what is shown that can be marked.
    fn mark(&self, span: Span) -> Span {
        let span = self.masked.span(span);
        let last = self.text.len() - 1;
        // Behind the last line break there is no line to mark: take the one before.
        let start = if span.start > last || (span.start == last && span.start == self.masked.text().len()) {
            self.text.trim_end_matches(['\n', '\r']).len()
        } else {
            span.start
        };
        let end = span.end.clamp(start, last);
        if end - start <= LONGEST_MARK {
            return Span::new(start, end);
        }
        let (_, line_end) = self.line(self.lines.line_of(start));
        Span::new(start, self.boundary(line_end.min(start + LONGEST_MARK)).max(start))
    }

    /// Where a line starts, and where its break stands.
    fn line(&self, line: usize) -> (usize, usize) {
        let start = self.lines.start_of(line, &self.text);
        let end = self.lines.start_of(line + 1, &self.text);
        (start, start + self.text[start..end].trim_end_matches(['\n', '\r']).len())
    }

    /// The nearest place at or before a byte where a character starts.
    fn boundary(&self, mut at: usize) -> usize {
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }

    /// The bytes to show for a mark with some lines around it, and the index of the line they start in.
    fn excerpt(&self, mark: Span, before: usize, after: usize) -> (Span, usize) {
        let is_short = |line: &usize| {
            let (start, end) = self.line(*line);
            end - start <= LONGEST_LINE
        };
        let marked = self.lines.line_of(mark.start);
        let last_marked = self.lines.line_of(mark.end.max(mark.start + 1) - 1);
        let first = (0..marked).rev().take(before).take_while(is_short).last().unwrap_or(marked);
        let last =
            (last_marked + 1..self.lines.lines() - 1).take(after).take_while(is_short).last().unwrap_or(last_marked);
        let mut span = Span::new(self.line(first).0, self.lines.start_of(last + 1, &self.text));
        if !is_short(&marked) {
            span.start = span.start.max(self.boundary(mark.start.saturating_sub(MARGIN)));
        }
        if !is_short(&last_marked) {
            span.end = span.end.min(self.boundary(self.text.len().min(mark.end + MARGIN)));
        }
        (span, self.lines.line_of(span.start))
    }
}

/// One finding on its page.
struct Picture<'r> {
    page: &'r Page<'r>,
    found: &'r Diagnostic,
    /// Ranges of the shown text, and where they start in the text as it is; in step with the finding's labels.
    marks: Vec<(Span, Position)>,
}

impl<'r> Picture<'r> {
    fn new(page: &'r Page<'r>, found: &'r Diagnostic) -> Self {
        let mark = |label: &Label| (page.mark(label.span), page.source_lines.position(page.source, label.span.start));
        Self { page, found, marks: found.labels.iter().map(mark).collect() }
    }
}

impl SourceCode for Picture<'_> {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let mark = Span::new(span.offset(), span.offset() + span.len());
        let (excerpt, line) = self.page.excerpt(mark, before, after);
        let data = self.page.text.get(excerpt.start..excerpt.end).ok_or(MietteError::OutOfBounds)?;
        // Two marks far apart get an excerpt each.
        if data.len() > LONGEST_EXCERPT && !self.marks.iter().any(|(own, _)| *own == mark) {
            return Err(MietteError::OutOfBounds);
        }
        // The heading gives the place in the text as it is; a mask may be wider or narrower.
        let column = self.marks.iter().find(|(own, _)| *own == mark).map_or(0, |(_, at)| at.column - 1);
        let lines = data.lines().count();
        let span = (excerpt.start, excerpt.len()).into();
        let name = self.page.name.clone();
        // miette takes line and column of the heading from what it reads without lines around it.
        let line = if before + after == 0 { self.page.lines.line_of(mark.start) } else { line };
        let line = line + self.page.lines_before;
        Ok(Box::new(MietteSpanContents::new_named(name, data.as_bytes(), span, line, column, lines)))
    }
}

impl miette::Diagnostic for Picture<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(format!("{}[{}]", self.found.severity, self.found.rule.name)))
    }

    fn severity(&self) -> Option<miette::Severity> {
        miette::Diagnostic::severity(self.found)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let fix = self.found.fix.as_ref().map(|fix| {
            let flag = match fix.applicability {
                Applicability::Safe => "--fix",
                Applicability::Unsafe => "--unsafe-fixes",
            };
            format!("{flag} does it: {}", seen(&fix.title))
        });
        let help = self.found.help.as_deref().map(|help| seen(help).into_owned());
        match (help, fix) {
            (None, None) => None,
            (help, fix) => Some(Box::new(help.into_iter().chain(fix).collect::<Vec<_>>().join("\n"))),
        }
    }

    fn url<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.found.url()))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        if self.marks.is_empty() {
            return None;
        }
        let labels = self.found.labels.iter().zip(&self.marks).enumerate().map(|(at, (label, (mark, _)))| {
            let words = (!label.message.is_empty()).then(|| seen(&label.message).into_owned());
            let span = (mark.start, mark.len());
            if at == 0 {
                LabeledSpan::new_primary_with_span(words, span)
            } else {
                LabeledSpan::new_with_span(words, span)
            }
        });
        Some(Box::new(labels))
    }
}

impl fmt::Display for Picture<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&seen(&self.found.message))
    }
}

impl fmt::Debug for Picture<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.found.rule, out)
    }
}

impl std::error::Error for Picture<'_> {}

#[cfg(test)]
mod tests {
    use crate::text::Source;
    use crate::{Config, Format, Linter, Request, Style, check};

    fn picture(rule: &str, name: &str, text: &str) -> String {
        let linter = Linter::new(Config { select: vec![rule.to_owned()], ..Config::default() });
        linter.check(&Source::new(name, text)).render(Format::Human)
    }

    #[test]
    fn marks_stand_under_the_very_characters() {
        // A mask, an emoji, CJK and a tab before the marks: the columns in the heading are those of the file.
        let text = concat!(
            "{\n  \"type\": \"Https\",\n",
            "  \"name\": \"🙂 日本\", \"url\": \"https://a.example/hook/s3cret\",\n",
            "\t\"headers\": { \"k\": \"a longer secret\" }, \"url\": \"https://b.example\"\n}\n",
        );
        insta::assert_snapshot!(picture("duplicate-key", "dir/a.json", text), @r#"
        error[duplicate-key]

          × `url` stands twice in this object
           ╭─[dir/a.json:4:41]
         2 │   "type": "Https",
         3 │   "name": "🙂 日本", "url": "https://a.example/***",
           ·                      ──┬──
           ·                        ╰── this one is dropped without a word
         4 │     "headers": { "k": "***" }, "url": "https://b.example"
           ·                                ──┬──
           ·                                  ╰── this one counts
         5 │ }
           ╰────
          help: keep the one you mean
        "#);
    }

    #[test]
    fn the_end_of_a_text_can_be_marked() {
        // The number in the brackets is masked: `[***]`.
        let page = |text: &str| {
            let report = check(&Source::new("a.json", text));
            let page = super::Page::new(&report);
            let at = text.len();
            let mark = page.mark(crate::Span::at(at));
            (mark.start, page.line(page.lines.line_of(mark.start)).1)
        };
        assert_eq!(page("[1]"), (5, 5));
        assert_eq!(page("[1]\n"), (5, 5));
        assert_eq!(page("[1]\r\n\n"), (5, 5));
        assert_eq!(page(""), (0, 0));
    }

    #[test]
    fn a_finding_about_the_request_has_no_excerpt() {
        let request = Request { group_id: Some("5".to_owned()), ..Request::default() };
        let linter = Linter::new(Config { request, ..Config::default() });
        let reports = linter.check_all(&[Source::new("a.json", r#"{"type":"Sample","name":"sample_stream_solar"}"#)]);
        insta::assert_snapshot!(Format::Human.render(&reports, Style::default()), @"
        error[malformed-id]

          × the group id `5` is not 24 lower-case hexadecimal digits
          help: a project's id stands in its address in Atlas, and in `atlas projects list`
        ");
    }

    #[test]
    fn colours_and_links_only_when_wanted() {
        let report = [check(&Source::new("a.json", "{\"a\": 1, \"a\": 2}"))];
        let plain = Format::Human.render(&report, Style::default());
        assert!(!plain.contains('\u{1b}'));
        let links = Format::Human.render(&report, Style { colors: false, links: true });
        assert!(links.contains("\u{1b}]8;;https://streamlint.dev/rules/duplicate-key\u{1b}\\error[duplicate-key]"));
        let colors = Format::Human.render(&report, Style { colors: true, links: false });
        assert!(colors.contains("\u{1b}[31m") && !colors.contains("\u{1b}]8"));
    }

    #[test]
    fn a_minified_text_shows_only_what_stands_around_the_mark() {
        let filling = (0..50_000).map(|at| format!("\"k{at}\":0")).collect::<Vec<_>>().join(",");
        let text = format!("{{\"x\":1,{filling},\"x\":2}}");
        let report = check(&Source::new("a.json", text.as_str()));
        let one =
            report.diagnostics().iter().find(|found| found.message.contains("`x`")).expect("x stands twice").clone();
        let page = super::Page::new(&report);
        let shown = super::Picture::new(&page, &one);
        let mut out = String::new();
        miette::GraphicalReportHandler::new().render_report(&mut out, &shown).expect("a string takes it");
        assert!(out.len() < 2_000, "{} bytes", out.len());
        assert!(out.contains("this one counts") && out.contains("this one is dropped"));
    }
}
