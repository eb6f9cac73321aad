//! Mistakes in a `streamlint.toml`, drawn where they stand.

use std::fmt;
use std::ops::Range;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan,
    SpanContents,
};

use super::Mistake;
use crate::report::{Style, seen};
use crate::source::LineIndex;

/// Draws mistakes, with their lines and columns. A line shows up to where its mark ends, because what stands behind a key
/// that nobody knows may be a secret in a file of another kind.
pub fn picture(name: &str, text: &str, mistakes: &[Mistake], style: Style) -> String {
    let theme = if style.colors { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(100)
        .with_context_lines(0)
        .with_break_words(false)
        .without_syntax_highlighting()
        .with_links(false);
    let index = LineIndex::new(text);
    let mut out = String::new();
    let mut last = usize::MAX;
    for mistake in mistakes {
        let line = index.line_of(mistake.span.start.min(text.len()));
        // What stands before the second mark of a line would show what was hidden behind the first.
        if line == last {
            continue;
        }
        last = line;
        let drawn = Drawn::new(name, text, &index, line, mistake);
        // Writing to a string does not fail.
        let _ = handler.render_report(&mut out, &drawn);
        out.push('\n');
    }
    out
}

struct Drawn<'m> {
    mistake: &'m Mistake,
    name: String,
    /// The line as far as it is shown.
    shown: String,
    /// Where the mark stands in it.
    mark: Range<usize>,
    /// Line and column of the mark, zero-based.
    at: (usize, usize),
}

impl<'m> Drawn<'m> {
    fn new(name: &str, text: &str, index: &LineIndex, line: usize, mistake: &'m Mistake) -> Self {
        let line_start = index.start_of(line, text);
        let rest = text.get(line_start..).unwrap_or_default();
        let whole = rest.lines().next().unwrap_or_default();
        let start = (mistake.span.start - line_start).min(whole.len());
        let mut end = mistake.span.end.saturating_sub(line_start).clamp(start, whole.len());
        let mut start = start;
        // Where the text is no TOML, nothing is known of what stands behind an equals sign, or without one.
        if mistake.label.is_empty() {
            end = end.min(whole.find('=').map_or(0, |at| at + 1));
            start = start.min(end);
        }
        let shown = seen(whole.get(..end).unwrap_or_default()).into_owned();
        let before = seen(whole.get(..start).unwrap_or_default());
        let (column, mark) = (before.chars().count(), before.len()..shown.len().max(before.len()));
        Self { mistake, name: seen(name).into_owned(), shown: shown + "\n", mark, at: (line, column) }
    }
}

impl SourceCode for Drawn<'_> {
    fn read_span<'a>(
        &'a self,
        _: &SourceSpan,
        _: usize,
        _: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let ((line, column), data) = (self.at, self.shown.as_bytes());
        Ok(Box::new(MietteSpanContents::new_named(self.name.clone(), data, (0, data.len()).into(), line, column, 1)))
    }
}

impl miette::Diagnostic for Drawn<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new("error"))
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.mistake.help.as_ref().map(|help| Box::new(seen(help)) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let words = (!self.mistake.label.is_empty()).then(|| seen(&self.mistake.label).into_owned());
        Some(Box::new(std::iter::once(LabeledSpan::new_primary_with_span(words, (self.mark.start, self.mark.len())))))
    }
}

impl fmt::Display for Drawn<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&seen(&self.mistake.message))
    }
}

impl fmt::Debug for Drawn<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.mistake.message)
    }
}

impl std::error::Error for Drawn<'_> {}
