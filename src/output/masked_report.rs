//! Findings as `miette` diagnostics, whose source code is the masked text.

use std::sync::Arc;

use miette::{MietteDiagnostic, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use super::picture::{Picture, labeled_spans};
use super::{counted, seen};
use crate::diagnostic::{Diagnostic, Fix};
use crate::linter::Report;
use crate::mask::Masked;
use crate::text::{LineIndex, Position, Source, Span};

/// Longer lines, in bytes, are cut around the mark: the only line of a minified file may be very long.
const LONGEST_LINE: usize = 400;

/// The length that a cut line keeps on each side of the mark, in bytes.
const MARGIN: usize = 60;

/// Two marks share an excerpt of at most this many bytes.
const LONGEST_EXCERPT: usize = 4096;

/// Further labels of a finding are counted but not shown: the time to draw them grows quadratically.
const MOST_LABELS: usize = 20;

/// A longer mark is cut to its first line, or to this many bytes of it.
const LONGEST_MARK: usize = 1024;

impl Report {
    /// The findings as `miette` reports, in the order of the text, for programs that print their errors with `miette`.
    ///
    /// The source code in them is the masked text: keys, punctuation and public values, and `***` for everything else. So
    /// no handler, and no `{:?}`, prints a password. Line and column are those of the text itself. [`Diagnostic`] does not
    /// implement `miette::Diagnostic` on purpose: with source code attached to it, it would print the text unmasked.
    ///
    /// ```
    /// use streamlint::Source;
    ///
    /// let text = r#"{ "name": "a", "type": "Https", "url": "https://a.example", "headers": { "Authorization": "hunter2" } }"#;
    /// for report in streamlint::check(&Source::new("a.json", text)).miette() {
    ///     assert!(!format!("{report:?}").contains("hunter2"));
    /// }
    /// ```
    pub fn miette(&self) -> Vec<miette::Report> {
        let code = |found: &Diagnostic| found.rule.name.to_owned();
        let advice = |fix: &Fix| format!("fix: {}", seen(&fix.title));
        findings(self, code, advice).map(miette::Report::new).collect()
    }
}

/// The findings of a report. `code` is the heading of each, and `advice` formats its fix.
pub(super) fn findings(
    report: &Report,
    code: fn(&Diagnostic) -> String,
    advice: fn(&Fix) -> String,
) -> impl Iterator<Item = Picture<MaskedSource>> {
    // Most texts have no finding, and need no mask.
    let page = (!report.diagnostics().is_empty()).then(|| Arc::new(Page::new(report)));
    page.into_iter().flat_map(move |page| {
        report.diagnostics().iter().map(move |found| {
            let help = found.help.as_deref().map(|help| seen(help).into_owned());
            let help = help.into_iter().chain(found.fix.as_ref().map(advice));
            let labels = &found.labels[..found.labels.len().min(MOST_LABELS)];
            let more = found.labels.len() - labels.len();
            let more = (more > 0).then(|| format!("and {} not shown", counted(more, "more location")));
            let help = help.chain(more).collect::<Vec<_>>();
            let position = |span: Span| page.source_lines.position(page.source.text(), span.start);
            let marks = labels.iter().map(|label| (page.mark(label.span), position(label.span)));
            let marks = marks.collect::<Vec<_>>();
            let spans = marks.iter().zip(labels).map(|((mark, _), label)| (*mark, seen(&label.message)));
            let spans = labeled_spans(spans);
            let diagnostic = MietteDiagnostic {
                message: seen(&found.message).into_owned(),
                code: Some(code(found)),
                severity: Some(found.severity.into()),
                help: (!help.is_empty()).then(|| help.join("\n")),
                url: Some(found.url()),
                labels: (!spans.is_empty()).then_some(spans),
            };
            Picture { diagnostic, source: MaskedSource { page: Arc::clone(&page), marks } }
        })
    })
}

/// The text of one report, masked.
struct Page {
    source: Source,
    masked: Masked,
    /// The masked text, with a line break at its end so that the end can be marked as well.
    text: String,
    /// The lines of the text, and of the masked text. Their numbers are equal, but their columns differ.
    source_lines: LineIndex,
    lines: LineIndex,
}

impl Page {
    fn new(report: &Report) -> Self {
        let masked = Masked::new(report);
        let mut text = masked.text().to_owned();
        if !text.ends_with('\n') {
            text.push('\n');
        }
        let source = report.source().clone();
        Self { source_lines: LineIndex::of(&source), lines: LineIndex::new(&text), source, masked, text }
    }

    /// A range of the masked text that can be marked.
    fn mark(&self, span: Span) -> Span {
        let span = self.masked.span(span);
        let last = self.text.len() - 1;
        // There is no line to mark after the last line break, so the line before it is marked.
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

    /// The start of a line, and the start of its line break.
    fn line(&self, line: usize) -> (usize, usize) {
        let start = self.lines.start_of(line, &self.text);
        let end = self.lines.start_of(line + 1, &self.text);
        (start, start + self.text[start..end].trim_end_matches(['\n', '\r']).len())
    }

    /// The nearest start of a character at or before a byte.
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

/// The masked text as the source code of one finding.
pub(super) struct MaskedSource {
    page: Arc<Page>,
    /// The marks, in bytes of the masked text, and their positions in the unmasked text.
    marks: Vec<(Span, Position)>,
}

impl SourceCode for MaskedSource {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let mark = Span::new(span.offset(), span.offset() + span.len());
        let (excerpt, line) = self.page.excerpt(mark, before, after);
        let data = self.page.text.get(excerpt.start..excerpt.end).ok_or(MietteError::OutOfBounds)?;
        let position = self.marks.iter().find(|(other, _)| *other == mark).map(|(_, position)| position);
        // Two marks far apart get an excerpt each.
        if data.len() > LONGEST_EXCERPT && position.is_none() {
            return Err(MietteError::OutOfBounds);
        }
        // The heading contains the position in the original text; a mask may be wider or narrower.
        let column = position.map_or(0, |position| position.column - 1);
        let lines = data.lines().count();
        let span = (excerpt.start, excerpt.len()).into();
        let name = seen(self.page.source.name()).into_owned();
        // miette gets the line and column of the heading by requesting no context lines.
        let line = if before + after == 0 { self.page.lines.line_of(mark.start) } else { line };
        let line = line + self.page.source.line().map_or(0, |line| line - 1);
        Ok(Box::new(MietteSpanContents::new_named(name, data.as_bytes(), span, line, column, lines)))
    }
}

#[cfg(test)]
mod tests {
    use std::fmt;

    use super::*;
    use crate::check;

    #[test]
    fn the_end_of_a_text_can_be_marked() {
        // The number in the brackets is masked: `[***]`.
        let page = |text: &str| {
            let page = Page::new(&check(&Source::new("a.json", text)));
            let mark = page.mark(Span::at(text.len()));
            (mark.start, page.line(page.lines.line_of(mark.start)).1)
        };
        assert_eq!(page("[1]"), (5, 5));
        assert_eq!(page("[1]\n"), (5, 5));
        assert_eq!(page("[1]\r\n\n"), (5, 5));
        assert_eq!(page(""), (0, 0));
    }

    #[test]
    fn a_report_names_the_rule_and_the_fix() {
        let text = r#"{ "name": "a", "type": "https", "url": "https://a.example/b7c1f0" }"#;
        let reports = check(&Source::new("a.json", text)).miette();
        let report = &*reports[0];
        let shown = |text: Option<Box<dyn fmt::Display + '_>>| text.map(|text| text.to_string()).unwrap_or_default();
        assert_eq!(shown(report.code()), "unknown-type");
        assert_eq!(shown(report.url()), crate::rule("unknown-type").unwrap().url());
        assert_eq!(shown(report.help()), "use `Https`; types are case-sensitive\nfix: Use Https");
        let (contents, label) = (report.source_code().unwrap(), report.labels().unwrap().next().unwrap());
        let excerpt = contents.read_span(label.inner(), 1, 1).unwrap();
        let text = String::from_utf8(excerpt.data().to_owned()).unwrap();
        assert_eq!(text, "{ \"name\": \"a\", \"type\": \"https\", \"url\": \"https://a.example/***\" }\n");
        assert_eq!(&text[label.offset()..label.offset() + label.len()], "\"https\"");
        assert_eq!((excerpt.name(), excerpt.line(), excerpt.column()), (Some("a.json"), 0, 23));
    }
}
