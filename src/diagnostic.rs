//! What a finding is: a rule, a message, labels, help, and perhaps a fix. Plain data; what looks for findings is above.

mod findings;
mod rule;
pub(crate) mod rules;

use std::borrow::Cow;
use std::fmt;

use crate::text::Span;
pub(crate) use findings::{Finding, Findings, Target};
pub use rule::{FixAvailability, Rule};

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

impl Label {
    /// A label without words.
    pub fn bare(span: Span) -> Self {
        Self { span, message: "".into() }
    }
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
    /// A finding at a span, with a label that may be empty.
    #[cold]
    pub(crate) fn new(
        rule: &'static Rule,
        span: Span,
        message: impl Into<Cow<'static, str>>,
        label: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { labels: vec![Label { span, message: label.into() }], ..Self::unplaced(rule, message.into()) }
    }

    /// A finding without a position so far.
    #[cold]
    pub(crate) fn unplaced(rule: &'static Rule, message: Cow<'static, str>) -> Self {
        Self {
            rule,
            severity: rule.severity,
            message,
            labels: Vec::new(),
            help: None,
            fix: None,
            connection: None,
            pointer: Cow::Borrowed(""),
        }
    }

    /// A finding about a connection, by its index, at a pointer inside it; [`Diagnostic::says`] gives the message.
    pub(crate) fn in_connection(
        connection: Option<usize>,
        rule: &'static Rule,
        pointer: impl Into<Cow<'static, str>>,
        span: Span,
    ) -> Self {
        Self::new(rule, span, "", "").about(connection, pointer)
    }

    /// The message, and the label of the primary span.
    pub(crate) fn says(mut self, message: impl Into<Cow<'static, str>>, label: impl Into<Cow<'static, str>>) -> Self {
        self.message = message.into();
        if let Some(primary) = self.labels.first_mut() {
            primary.message = label.into();
        }
        self
    }

    /// A mistake in the text itself. The message names classes of tokens and never quotes one: it may be half a password.
    pub(crate) fn syntax(
        span: Span,
        message: impl Into<Cow<'static, str>>,
        label: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::new(&rules::SYNTAX_ERROR, span, message, label)
    }

    /// Nesting beyond `limit` levels.
    pub(crate) fn too_deep(span: Span, limit: u8) -> Self {
        let message = format!("the text is nested deeper than {limit} levels");
        Self::new(&rules::TOO_DEEP, span, message, "one level too many")
            .help("a connection needs four levels; look for brackets that were repeated by accident")
    }

    /// What to do about it.
    pub(crate) fn help(mut self, help: impl Into<Cow<'static, str>>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// How to fix it; a fix without edits is none.
    pub(crate) fn fix(mut self, fix: impl Into<Option<Fix>>) -> Self {
        self.fix = fix.into().filter(|fix| !fix.edits.is_empty());
        self
    }

    /// A further position.
    pub(crate) fn and(mut self, span: Span, message: impl Into<Cow<'static, str>>) -> Self {
        self.labels.push(Label { span, message: message.into() });
        self
    }

    /// The connection it is about, by its index, and the pointer inside it.
    pub(crate) fn about(mut self, connection: Option<usize>, pointer: impl Into<Cow<'static, str>>) -> Self {
        self.connection = connection;
        self.pointer = pointer.into();
        self
    }

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
