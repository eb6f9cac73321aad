//! Mistakes in a `streamlint.toml`, drawn where they stand.

use std::fmt;
use std::ops::Range;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan,
    SpanContents,
};

use super::{Mistake, keys};
use crate::output::{Style, seen};
use crate::rules::rule;
use crate::text::LineIndex;

/// What stands for the part of a line that is not shown.
const HIDDEN: &str = "…";

/// Draws mistakes, with their lines and columns. A line shows up to where its mark ends, because what stands behind a key
/// that nobody knows may be a secret in a file of another kind; brackets that only close are none.
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
        let end = mistake.span.end.saturating_sub(line_start).clamp(start, whole.len());
        let column = seen(whole.get(..start).unwrap_or_default()).chars().count();
        // Where the text is no TOML, nothing is known of what stands behind an equals sign, or without one.
        let is_closing = |text: &str| text.chars().all(|one| matches!(one, ']' | '}' | ',' | ' ' | '\t'));
        let known = if !mistake.label.is_empty() {
            if whole.get(end..).is_some_and(is_closing) { whole.len() } else { end }
        } else if is_of_keys(whole) {
            whole.len()
        } else {
            whole.find('=').map_or(0, |at| at + 1)
        };
        let mut shown = seen(whole.get(..known).unwrap_or_default()).into_owned();
        let hidden = !whole.get(known..).unwrap_or_default().trim().is_empty();
        if hidden {
            shown.push_str(if shown.is_empty() || shown.ends_with(' ') { "" } else { " " });
        }
        let mark = if hidden && start >= known {
            shown.len()..shown.len() + HIDDEN.len()
        } else {
            let place = |at: usize| seen(whole.get(..at.min(known)).unwrap_or_default()).len();
            place(start)..place(end)
        };
        shown.push_str(if hidden { HIDDEN } else { "" });
        Self { mistake, name: seen(name).into_owned(), shown: shown + "\n", mark, at: (line, column) }
    }
}

/// Whether a line of what is no TOML holds no more than the head of a table or a key, of those that a file may have.
fn is_of_keys(line: &str) -> bool {
    let name = line.trim().trim_start_matches('[').trim_end_matches(']');
    let (of_file, of_paths) = keys();
    let is_known = |key: &str| of_file.contains(&key) || of_paths.contains(&key) || rule(key).is_some();
    name.split('.').all(|key| is_known(key.trim()))
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
