//! What a rule is, apart from the function that looks for it.

use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};

use crate::atlas::{Kind, Kinds};
use crate::diagnostic::Severity;

/// How often a rule's findings come with a fix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FixAvailability {
    /// Every finding has one.
    Always,
    /// Some have one.
    Sometimes,
    /// None has one.
    Never,
}

impl FixAvailability {
    /// `always`, `sometimes` or `never`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::Sometimes => "sometimes",
            Self::Never => "never",
        }
    }
}

/// A rule: its name reads as English after "allow".
///
/// Serializes as a row of `streamlint rules --format json`: `{ "name", "severity", "kinds", "fixable", "summary", "url" }`,
/// where `kinds` is empty for a rule that looks at every connection type.
#[non_exhaustive]
pub struct Rule {
    /// The name, final: configuration and suppression comments use it.
    pub name: &'static str,
    /// What it finds, in half a sentence.
    pub summary: &'static str,
    /// Its usual severity.
    pub severity: Severity,
    /// The connection types it looks at.
    pub kinds: Kinds,
    /// Whether its findings come with a fix.
    pub fix: FixAvailability,
    /// The version that introduced it.
    pub since: &'static str,
}

/// How rules are written down: a severity with name and summary, then what differs from the usual.
impl Rule {
    pub(crate) const fn error(name: &'static str, summary: &'static str) -> Self {
        Self::new(Severity::Error, name, summary)
    }

    pub(crate) const fn warning(name: &'static str, summary: &'static str) -> Self {
        Self::new(Severity::Warning, name, summary)
    }

    pub(crate) const fn info(name: &'static str, summary: &'static str) -> Self {
        Self::new(Severity::Info, name, summary)
    }

    const fn new(severity: Severity, name: &'static str, summary: &'static str) -> Self {
        Self { name, summary, severity, kinds: Kinds::ALL, fix: FixAvailability::Never, since: "0.1.0" }
    }

    /// Looks at connections of these types only.
    pub(crate) const fn on(self, kinds: &[Kind]) -> Self {
        Self { kinds: Kinds::of(kinds), ..self }
    }

    /// Offers a fix for some findings.
    pub(crate) const fn sometimes_fixed(self) -> Self {
        Self { fix: FixAvailability::Sometimes, ..self }
    }

    /// Offers a fix for every finding.
    pub(crate) const fn always_fixed(self) -> Self {
        Self { fix: FixAvailability::Always, ..self }
    }

    /// The address of its page.
    pub fn url(&self) -> String {
        format!("{}/rules/{}", env!("CARGO_PKG_HOMEPAGE"), self.name)
    }
}

impl std::fmt::Debug for Rule {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.name)
    }
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Rule {}

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let kinds = if self.kinds == Kinds::ALL { Kinds::NONE } else { self.kinds };
        let mut fields = serializer.serialize_struct("Rule", 6)?;
        fields.serialize_field("name", self.name)?;
        fields.serialize_field("severity", &self.severity)?;
        fields.serialize_field("kinds", &kinds.iter().collect::<Vec<_>>())?;
        fields.serialize_field("fixable", self.fix.name())?;
        fields.serialize_field("summary", self.summary)?;
        fields.serialize_field("url", &self.url())?;
        fields.end()
    }
}
