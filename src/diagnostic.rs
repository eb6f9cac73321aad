//! Findings as plain data: a rule, a message, labels, help, and an optional fix. The layers above create them.

mod findings;
mod rule;
pub(crate) mod rules;

use std::borrow::Cow;
use std::fmt;

use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};

use crate::atlas::secret::{MASK, is_harmless};
use crate::text::{Span, impl_names};
pub(crate) use findings::{Finding, Findings, Target};
pub(crate) use rule::POLICY_PREFIX;
pub use rule::{FixAvailability, Rule, RuleRef};
#[cfg(feature = "policies")]
pub(crate) use rule::{POLICIES_URL, PolicyPage, interned};

/// The severity of a finding. The three values are final: exit statuses and report formats depend on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; affects the exit status only on request.
    Info,
    /// Accepted by Atlas, but very likely wrong or unsafe.
    Warning,
    /// Atlas refuses the definition, or it does not work.
    Error,
}

impl Severity {
    /// All severities, the worst first.
    pub const ALL: &'static [Self] = &[Self::Error, Self::Warning, Self::Info];

    /// `error`, `warning` or `info`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl_names!(Severity, "severity");

#[cfg(feature = "miette")]
impl From<Severity> for miette::Severity {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Info => Self::Advice,
            Severity::Warning => Self::Warning,
            Severity::Error => Self::Error,
        }
    }
}

/// A marked range of the source text, with a short text.
///
/// Serializes as `{ "span": { "start", "end" }, "message" }`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Label {
    /// Bytes of the source text; empty for a position between characters.
    pub span: Span,
    /// At most five words, without a full stop; may be empty.
    pub message: Cow<'static, str>,
}

/// Whether a fix may be applied without review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Applicability {
    /// The fix cannot change the meaning.
    Safe,
    /// The fix guesses what was meant.
    Unsafe,
}

/// One replacement in the source text.
///
/// Serializes as `{ "start", "end", "text" }`, as in the JSON report. `Debug` shows the text only if it consists of
/// words of the API.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Edit {
    /// The bytes to replace; empty for an insertion.
    #[serde(flatten)]
    pub span: Span,
    /// The new text. It may contain a value that reports mask only if the fix moves that value ([`Fix::shows_edits`] is
    /// false).
    pub text: Cow<'static, str>,
}

impl Edit {
    /// Replaces the bytes of `span` with `text`.
    pub(crate) fn new(span: Span, text: impl Into<Cow<'static, str>>) -> Self {
        Self { span, text: text.into() }
    }
}

/// A fix for a finding.
///
/// Serializes as `{ "title", "safe", "edits" }`, as in the JSON report, without the edits if [`Fix::shows_edits`] is
/// false.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fix {
    /// The title, as an imperative: "Use SASL_SSL".
    pub title: Cow<'static, str>,
    /// Whether it may be applied without review.
    pub applicability: Applicability,
    /// The edits in rising order, not overlapping.
    pub edits: Vec<Edit>,
    /// Whether the edits write a value that reports mask at its current position.
    moves_masked: bool,
}

impl Fix {
    /// A fix that cannot change the meaning.
    pub(crate) fn safe(title: impl Into<Cow<'static, str>>, edits: Vec<Edit>) -> Self {
        Self { title: title.into(), applicability: Applicability::Safe, edits, moves_masked: false }
    }

    /// A fix that guesses what was meant.
    pub(crate) fn unsafe_(title: impl Into<Cow<'static, str>>, edits: Vec<Edit>) -> Self {
        Self { title: title.into(), applicability: Applicability::Unsafe, edits, moves_masked: false }
    }

    /// The same fix, with edits that write a value that reports mask.
    pub(crate) fn of_masked(self, moves_masked: bool) -> Self {
        Self { moves_masked, ..self }
    }

    /// Whether reports for programs may show the edits. If not, reports contain the title as part of the help, and only
    /// `--fix` and an editor's action use the edits.
    pub fn shows_edits(&self) -> bool {
        !self.moves_masked
    }

    /// The edits that may be shown.
    fn shown_edits(&self) -> &[Edit] {
        if self.moves_masked { &[] } else { &self.edits }
    }
}

impl fmt::Debug for Edit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = if is_harmless(&self.text) { &self.text } else { MASK };
        out.debug_struct("Edit").field("span", &self.span).field("text", &text).finish()
    }
}

impl Serialize for Fix {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Fix", 3)?;
        fields.serialize_field("title", &self.title)?;
        fields.serialize_field("safe", &(self.applicability == Applicability::Safe))?;
        fields.serialize_field("edits", self.shown_edits())?;
        fields.end()
    }
}

/// A finding: a rule, a message, the marked text, and often a fix.
///
/// Nothing in it quotes a secret. Serializes as `{ "rule", "severity", "message", "help", "url", "connectionIndex",
/// "pointer", "labels", "fix" }`: the names of the JSON report, except for `labels`. Spans are bytes of the text; for
/// lines and columns, use [`LineIndex`](crate::LineIndex) or [`Format::Json`](crate::Format::Json).
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Diagnostic {
    /// The rule that found it.
    pub rule: RuleRef,
    /// The severity here: the rule's own, a milder one for some cases, or the one that the configuration sets.
    pub severity: Severity,
    /// The problem, in the user's spelling of the field; one sentence without a full stop. Never quotes a secret.
    pub message: Cow<'static, str>,
    /// The marked text; the first label is the primary one. A finding about the request around the body has none.
    pub labels: Vec<Label>,
    /// The help: what to do.
    pub help: Option<Cow<'static, str>>,
    /// The fix, if there is one.
    pub fix: Option<Fix>,
    /// The index of its connection in [`Report::summaries`](crate::Report::summaries).
    pub connection: Option<usize>,
    /// JSON pointer inside the connection, in Admin API spelling; empty for the connection itself.
    pub pointer: Cow<'static, str>,
}

impl Diagnostic {
    /// The same finding in a text with `bytes` and `connections` before this one.
    pub(crate) fn shifted(mut self, bytes: usize, connections: usize) -> Self {
        self.labels.iter_mut().for_each(|label| label.span = label.span.shifted(bytes));
        for edit in self.fix.iter_mut().flat_map(|fix| &mut fix.edits) {
            edit.span = edit.span.shifted(bytes);
        }
        self.connection = self.connection.map(|connection| connection + connections);
        self
    }

    /// A finding at a span, with a label that may be empty.
    pub(crate) fn new(
        rule: &'static Rule,
        span: Span,
        message: impl Into<Cow<'static, str>>,
        label: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { labels: vec![Label { span, message: label.into() }], ..Self::unplaced(rule, message.into()) }
    }

    /// A finding without a position.
    pub(crate) fn unplaced(rule: impl Into<RuleRef>, message: Cow<'static, str>) -> Self {
        let rule = rule.into();
        Self {
            severity: rule.severity,
            rule,
            message,
            labels: Vec::new(),
            help: None,
            fix: None,
            connection: None,
            pointer: Cow::Borrowed(""),
        }
    }

    /// A syntax error. The message names classes of tokens and never quotes one: it may be part of a password.
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
            .help("a connection needs four levels; look for repeated brackets")
    }

    /// Sets the help.
    pub(crate) fn help(mut self, help: impl Into<Cow<'static, str>>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Sets the fix; a fix without edits is dropped.
    pub(crate) fn fix(mut self, fix: impl Into<Option<Fix>>) -> Self {
        self.fix = fix.into().filter(|fix| !fix.edits.is_empty());
        self
    }

    /// Adds a position.
    pub(crate) fn and(mut self, span: Span, message: impl Into<Cow<'static, str>>) -> Self {
        self.labels.push(Label { span, message: message.into() });
        self
    }

    /// Sets a severity other than the rule's own.
    #[cfg(feature = "yaml")]
    pub(crate) fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Sets the index of the connection, and the pointer inside it.
    pub(crate) fn about(mut self, connection: Option<usize>, pointer: impl Into<Cow<'static, str>>) -> Self {
        self.connection = connection;
        self.pointer = pointer.into();
        self
    }

    /// The primary position; the empty range at byte 0 for a finding without one.
    pub fn span(&self) -> Span {
        self.labels.first().map(|label| label.span).unwrap_or_default()
    }

    /// The fix, if reports for programs may show its edits.
    pub fn shown_fix(&self) -> Option<&Fix> {
        self.fix.as_ref().filter(|fix| fix.shows_edits())
    }

    /// The help, with the title of a fix whose edits may not be shown.
    pub fn shown_help(&self) -> Option<Cow<'_, str>> {
        let title = self.fix.as_ref().filter(|fix| !fix.shows_edits()).map(|fix| &fix.title);
        match (&self.help, title) {
            (Some(help), Some(title)) => Some(format!("{help} (fix: {title})").into()),
            (help, title) => help.as_deref().or(title.map(|title| &**title)).map(Cow::Borrowed),
        }
    }

    /// The address of the rule's page.
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

impl Serialize for Diagnostic {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Diagnostic", 9)?;
        fields.serialize_field("rule", self.rule.name)?;
        fields.serialize_field("severity", &self.severity)?;
        fields.serialize_field("message", &self.message)?;
        fields.serialize_field("help", &self.shown_help())?;
        fields.serialize_field("url", &self.url())?;
        fields.serialize_field("connectionIndex", &self.connection)?;
        fields.serialize_field("pointer", &self.pointer)?;
        fields.serialize_field("labels", &self.labels)?;
        fields.serialize_field("fix", &self.shown_fix())?;
        fields.end()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{json, to_value};

    use crate::{Source, Totals, check, rule};

    #[test]
    fn findings_serialize_with_the_names_of_the_json_report() {
        let report = check(&Source::new("a.json", r#"{ "name": "sample_stream_solar", "type": "sample" }"#));
        let found = json!({
            "rule": "unknown-type",
            "severity": "error",
            "message": report.diagnostics()[0].message,
            "help": report.diagnostics()[0].help,
            "url": rule("unknown-type").unwrap().url(),
            "connectionIndex": 0,
            "pointer": "/type",
            "labels": [{ "span": { "start": 41, "end": 49 }, "message": report.diagnostics()[0].labels[0].message }],
            "fix": { "title": "Use Sample", "safe": true, "edits": [{ "start": 41, "end": 49, "text": "\"Sample\"" }] },
        });
        assert_eq!(to_value(report.diagnostics()).unwrap(), json!([found]));
        assert_eq!(to_value(report.summaries()).unwrap(), json!([{ "name": "sample_stream_solar", "type": "Sample" }]));
        let totals = json!({
            "files": 1, "connections": 1, "errors": 1, "warnings": 0, "infos": 0, "fixable": 1, "unsafeFixable": 0,
        });
        assert_eq!(to_value(Totals::of([&report])).unwrap(), totals);
        let rule = to_value(rule("missing-port").unwrap()).unwrap();
        assert_eq!((&rule["name"], &rule["kinds"]), (&json!("missing-port"), &json!(["Kafka"])));
    }
}
