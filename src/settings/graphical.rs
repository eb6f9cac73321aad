//! Graphical reports of errors in a `streamlint.toml`.

use miette::{MietteDiagnostic, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use super::{SettingsError, keys};
use crate::output::picture::{Picture, handler, labeled_spans};
use crate::output::{Style, seen};
use crate::rules::rule;
use crate::text::{LineIndex, Span};

/// Replaces the hidden part of a line.
const HIDDEN: &str = "…";

/// Maximum length of the text before a mark, and of the mark itself, in characters.
const LONGEST: usize = 60;

/// Reports errors with their lines and columns. A line is shown up to the end of its mark, because the text after an
/// unknown key may be a secret in a different kind of file. Closing brackets are shown.
pub fn graphical_report(name: &str, text: &str, errors: &[SettingsError], style: Style) -> String {
    let handler = handler(style.colors, 100, 0).with_links(false);
    let index = LineIndex::new(text);
    let mut out = String::new();
    let mut last = usize::MAX;
    for error in errors {
        let line = index.line_of(error.span.start.min(text.len()));
        // A second excerpt of a line would show the hidden part of the first.
        if line == last {
            continue;
        }
        last = line;
        // Writing to a string does not fail.
        let _ = handler.render_report(&mut out, &picture(name, text, &index, line, error));
        out.push('\n');
    }
    out
}

struct Excerpt {
    name: String,
    /// The visible part of the line.
    shown: String,
    /// Line and column of the mark, zero-based.
    at: (usize, usize),
}

/// An error with the line that it starts in.
fn picture(name: &str, text: &str, index: &LineIndex, line: usize, error: &SettingsError) -> Picture<Excerpt> {
    let line_start = index.start_of(line, text);
    let rest = text.get(line_start..).unwrap_or_default();
    let whole = rest.lines().next().unwrap_or_default();
    let start = (error.span.start - line_start).min(whole.len());
    let end = error.span.end.saturating_sub(line_start).clamp(start, whole.len());
    let column = seen(whole.get(..start).unwrap_or_default()).chars().count();
    // A long line is cut around the mark.
    let cut =
        |from: usize| whole.get(from..).and_then(|rest| rest.char_indices().nth(LONGEST)).map(|(at, _)| from + at);
    let first =
        whole.get(..start).and_then(|before| before.char_indices().rev().nth(LONGEST - 1)).map_or(0, |(at, _)| at);
    let end = end.min(cut(start).unwrap_or(end));
    // Text that is not TOML may be a secret after an equals sign, or without one.
    let is_closing = |text: &str| text.chars().all(|one| matches!(one, ']' | '}' | ',' | ' ' | '\t'));
    let known = if !error.label.is_empty() {
        if whole.get(end..).is_some_and(is_closing) { whole.len().min(end + LONGEST) } else { end }
    } else if is_of_keys(whole) {
        whole.len()
    } else {
        whole.find('=').map_or(0, |at| at + 1)
    };
    let first = first.min(known);
    let head = if first > 0 { HIDDEN } else { "" };
    let visible = |at: usize| head.len() + seen(whole.get(first..at.min(known)).unwrap_or_default()).len();
    let mut shown = format!("{head}{}", seen(whole.get(first..known).unwrap_or_default()));
    let hidden = !whole.get(known..).unwrap_or_default().trim().is_empty();
    if hidden {
        shown.push_str(if shown.is_empty() || shown.ends_with(' ') { "" } else { " " });
    }
    let mark =
        if hidden && start >= known { shown.len()..shown.len() + HIDDEN.len() } else { visible(start)..visible(end) };
    shown.push_str(if hidden { HIDDEN } else { "" });
    let words = seen(&error.label);
    let diagnostic = MietteDiagnostic {
        message: seen(&error.message).into_owned(),
        code: Some("error".to_owned()),
        severity: None,
        help: error.help.as_ref().map(|help| seen(help).into_owned()),
        url: None,
        labels: Some(labeled_spans([(Span::new(mark.start, mark.end), &*words)].into_iter())),
    };
    let source = Excerpt { name: seen(name).into_owned(), shown: shown + "\n", at: (line, column) };
    Picture { diagnostic, source }
}

/// Whether a line of text that is not TOML contains only a known key or the head of a known table.
fn is_of_keys(line: &str) -> bool {
    let name = line.trim().trim_start_matches('[').trim_end_matches(']');
    let (of_file, of_paths) = keys();
    let is_known = |key: &str| of_file.contains(&key) || of_paths.contains(&key) || rule(key).is_some();
    name.split('.').all(|key| is_known(key.trim()))
}

impl SourceCode for Excerpt {
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
