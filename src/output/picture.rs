//! Diagnostics with source code, for `miette`'s handlers.

use std::fmt;

#[cfg(feature = "cli")]
use miette::{GraphicalReportHandler, GraphicalTheme};
use miette::{LabeledSpan, MietteDiagnostic, SourceCode};

use crate::text::Span;

/// A diagnostic and its source code. `miette::Report` would install a handler for each of them.
pub(crate) struct Picture<S> {
    pub diagnostic: MietteDiagnostic,
    pub source: S,
}

impl<S: SourceCode> miette::Diagnostic for Picture<S> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.diagnostic.code()
    }

    fn severity(&self) -> Option<miette::Severity> {
        self.diagnostic.severity()
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.diagnostic.help()
    }

    fn url<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.diagnostic.url()
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.diagnostic.labels()
    }
}

impl<S> fmt::Display for Picture<S> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.diagnostic.fmt(out)
    }
}

impl<S> fmt::Debug for Picture<S> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

impl<S> std::error::Error for Picture<S> {}

/// The labels of a diagnostic; the first is the primary one.
pub(crate) fn labeled_spans<M: AsRef<str>>(labels: impl Iterator<Item = (Span, M)>) -> Vec<LabeledSpan> {
    let labeled_span = |(at, (span, message)): (usize, (Span, M))| {
        let message = Some(message.as_ref()).filter(|message| !message.is_empty()).map(str::to_owned);
        let new = if at == 0 { LabeledSpan::new_primary_with_span } else { LabeledSpan::new_with_span };
        new(message, (span.start, span.len()))
    };
    labels.enumerate().map(labeled_span).collect()
}

/// The handler that draws excerpts: without syntax highlighting, and with context lines around the marks.
#[cfg(feature = "cli")]
pub(crate) fn handler(colors: bool, width: usize, context: usize) -> GraphicalReportHandler {
    let theme = if colors { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    GraphicalReportHandler::new_themed(theme)
        .with_width(width)
        .with_context_lines(context)
        .with_break_words(false)
        .without_syntax_highlighting()
}
