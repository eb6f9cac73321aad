//! The static data of a rule, without its check function.

use std::collections::BTreeSet;
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};

use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};

use crate::atlas::{Kind, Kinds};
use crate::diagnostic::Severity;

/// The frequency of fixes among a rule's findings.
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
    /// The name, which never changes: configuration and ignore comments use it.
    pub name: &'static str,
    /// The summary of its findings, as a noun phrase.
    pub summary: &'static str,
    /// Its usual severity.
    pub severity: Severity,
    /// The connection types that it checks.
    pub kinds: Kinds,
    /// Whether its findings come with a fix.
    pub fix: FixAvailability,
    /// The version that introduced it; empty for a policy.
    pub since: &'static str,
    /// The data of a policy, instead of a page in the repository.
    pub(crate) policy: Option<Box<PolicyPage>>,
}

/// The page of a policy, and the address that its findings link to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PolicyPage {
    pub text: String,
    pub url: String,
}

/// The prefix of the names of policies' rules.
pub(crate) const POLICY_PREFIX: &str = "policy/";

/// The address of a file of the repository, in this version.
macro_rules! file_url {
    ($path:literal) => {
        concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/v", env!("CARGO_PKG_VERSION"), "/", $path)
    };
}

/// The folder of the rules' pages.
const PAGES_URL: &str = file_url!("src/rules");

/// The page about policies.
#[cfg(feature = "policies")]
pub(crate) const POLICIES_URL: &str = file_url!("docs/policies.md");

/// The notation of rules: a severity with a name and a summary, then the differences from the default.
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
        Self { name, summary, severity, kinds: Kinds::ALL, fix: FixAvailability::Never, since: "0.1.0", policy: None }
    }

    /// Looks at connections of these types only.
    pub(crate) const fn on(self, kinds: &[Kind]) -> Self {
        self.on_all(Kinds::of(kinds))
    }

    /// The same for a set that has a name.
    pub(crate) const fn on_all(mut self, kinds: Kinds) -> Self {
        self.kinds = kinds;
        self
    }

    /// Offers a fix for some findings.
    pub(crate) const fn sometimes_fixed(mut self) -> Self {
        self.fix = FixAvailability::Sometimes;
        self
    }

    /// Offers a fix for every finding.
    pub(crate) const fn always_fixed(mut self) -> Self {
        self.fix = FixAvailability::Always;
        self
    }

    /// The rule of a policy.
    #[cfg(feature = "policies")]
    pub(crate) const fn of_policy(
        name: &'static str,
        summary: &'static str,
        severity: Severity,
        kinds: Kinds,
        page: Box<PolicyPage>,
    ) -> Self {
        Self { name, summary, severity, kinds, fix: FixAvailability::Never, since: "", policy: Some(page) }
    }

    /// Whether it is the rule of a policy.
    pub fn is_policy(&self) -> bool {
        self.policy.is_some()
    }

    /// The address of its page in the repository, of this version. A policy has the address that it sets, or that of the page
    /// about policies.
    pub fn url(&self) -> String {
        match &self.policy {
            Some(page) => page.url.clone(),
            None => format!("{PAGES_URL}/{}.md", self.name.replace('-', "_")),
        }
    }
}

/// Keeps a text for the life of the process, only once: the server reads the same policies again after each change.
#[cfg_attr(not(feature = "policies"), allow(dead_code, reason = "only policies have names of their own"))]
pub(crate) fn interned(text: &str) -> &'static str {
    static TEXTS: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut texts = TEXTS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = texts.get(text) {
        return known;
    }
    let kept: &'static str = Box::leak(text.into());
    texts.insert(kept);
    kept
}

/// The rule of a finding: one of [`RULES`](crate::RULES), or a policy. Cheap to clone; used like a reference to a [`Rule`].
#[derive(Clone)]
pub struct RuleRef(Kept);

#[derive(Clone)]
enum Kept {
    Static(&'static Rule),
    Shared(Arc<Rule>),
}

impl Deref for RuleRef {
    type Target = Rule;

    fn deref(&self) -> &Rule {
        match &self.0 {
            Kept::Static(rule) => rule,
            Kept::Shared(rule) => rule,
        }
    }
}

impl From<&'static Rule> for RuleRef {
    fn from(rule: &'static Rule) -> Self {
        Self(Kept::Static(rule))
    }
}

impl From<Arc<Rule>> for RuleRef {
    fn from(rule: Arc<Rule>) -> Self {
        Self(Kept::Shared(rule))
    }
}

impl std::fmt::Debug for RuleRef {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.name)
    }
}

impl PartialEq for RuleRef {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for RuleRef {}

impl PartialEq<&Rule> for RuleRef {
    fn eq(&self, other: &&Rule) -> bool {
        **self == **other
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
