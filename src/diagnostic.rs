//! What a finding is, whoever shows it: a rule, a sentence, places, help, and perhaps a fix.

use std::borrow::Cow;
use std::fmt;

use crate::rules::Rule;
use crate::source::Span;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; changes the exit status only when asked to.
    Info,
    /// Accepted by the service, and very likely wrong or unsafe.
    Warning,
    /// This definition will be refused, or will not do what it says.
    Error,
}

impl Severity {
    /// `error`, `warning` or `info`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

/// A marked range of the source text, with what to say about it (may be empty).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Bytes of the source text; empty for a place between characters.
    pub span: Span,
    /// A few words for the margin, without a final stop.
    pub message: Cow<'static, str>,
}

/// Whether a fix may be applied without asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Applicability {
    /// The meaning cannot change.
    Safe,
    /// A guess about what was meant.
    Unsafe,
}

/// One replacement in the source text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The bytes to replace; empty for an insertion.
    pub span: Span,
    /// What to put there. Never holds a secret.
    pub text: Cow<'static, str>,
}

impl Edit {
    /// Replaces the bytes of `span` with `text`.
    pub fn new(span: Span, text: impl Into<Cow<'static, str>>) -> Self {
        Self { span, text: text.into() }
    }
}

/// A way to mend what was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as an imperative: "Use SASL_SSL".
    pub title: Cow<'static, str>,
    /// Whether it may be applied without asking.
    pub applicability: Applicability,
    /// In rising order, not overlapping.
    pub edits: Vec<Edit>,
}

impl Fix {
    /// A fix that cannot change the meaning.
    pub fn safe(title: impl Into<Cow<'static, str>>, edits: Vec<Edit>) -> Self {
        Self { title: title.into(), applicability: Applicability::Safe, edits }
    }

    /// A fix that guesses what was meant.
    pub fn unsafe_(title: impl Into<Cow<'static, str>>, edits: Vec<Edit>) -> Self {
        Self { title: title.into(), applicability: Applicability::Unsafe, edits }
    }
}

/// Something found in a definition.
#[derive(Debug, Clone)]
pub struct Diagnostic {
    /// The rule that found it.
    pub rule: &'static Rule,
    /// How bad it is here; most rules have one severity, some know milder cases.
    pub severity: Severity,
    /// What is wrong, in the user's spelling of the field; one sentence without a final stop. Never quotes a secret.
    pub message: Cow<'static, str>,
    /// Where: the first is the primary place. A finding about the request around the body has none.
    pub labels: Vec<Label>,
    /// What to do about it.
    pub help: Option<Cow<'static, str>>,
    /// A way to mend it.
    pub fix: Option<Fix>,
    /// The index in [`Report::connections`](crate::Report::connections) of the connection it is about.
    pub connection: Option<usize>,
    /// JSON pointer inside the connection, in Admin API spelling; empty for the connection itself.
    pub pointer: Cow<'static, str>,
}

impl Diagnostic {
    /// The primary place; the empty range at byte 0 for a finding that has none.
    pub fn span(&self) -> Span {
        self.labels.first().map(|label| label.span).unwrap_or_default()
    }

    /// The address of the page about its rule.
    pub fn url(&self) -> String {
        self.rule.url()
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

impl std::error::Error for Diagnostic {}

#[cfg(feature = "miette")]
impl miette::Diagnostic for Diagnostic {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.rule.name))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Info => miette::Severity::Advice,
            Severity::Warning => miette::Severity::Warning,
            Severity::Error => miette::Severity::Error,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn url<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.url()))
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = miette::LabeledSpan> + '_>> {
        let labels = self.labels.iter().enumerate().map(|(at, label)| {
            let text = (!label.message.is_empty()).then(|| label.message.to_string());
            let span = (label.span.start, label.span.len());
            if at == 0 {
                miette::LabeledSpan::new_primary_with_span(text, span)
            } else {
                miette::LabeledSpan::new_with_span(text, span)
            }
        });
        Some(Box::new(labels))
    }
}
