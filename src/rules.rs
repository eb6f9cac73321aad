//! The one table of rules, and how a rule says what it found.

use std::borrow::Cow;

use crate::connection::{Connection, Place};
use crate::diagnostic::{Diagnostic, Fix, Label, Severity};
use crate::kind::Kinds;
use crate::members::Member;
use crate::source::Span;

/// A rule's page. The browser gets the pages as files of their own, so the wasm does without.
macro_rules! page {
    ($file:literal) => {
        if cfg!(browser) { "" } else { include_str!($file) }
    };
}

/// What a rule finds, in half a sentence. The browser gets it from `rules()`, which is a file of its own as well.
macro_rules! summary {
    ($text:literal) => {
        if cfg!(browser) { "" } else { $text }
    };
}

pub(crate) mod api_error;
pub(crate) mod brokers;
pub(crate) mod certificates;
pub(crate) mod cloud;
pub(crate) mod cluster_role;
pub(crate) mod config;
pub(crate) mod connection_string_as_name;
pub(crate) mod credentials_in_url;
pub(crate) mod deprecated_attribute;
pub(crate) mod dialects;
pub(crate) mod leftover_placeholder;
pub(crate) mod malformed_bucket_name;
pub(crate) mod malformed_header;
pub(crate) mod malformed_oauth_extensions;
pub(crate) mod missing_credentials;
pub(crate) mod names;
pub(crate) mod networking;
pub(crate) mod not_a_connection;
pub(crate) mod pipelines;
pub(crate) mod protocol;
pub(crate) mod reading;
pub(crate) mod registry_url_count;
pub(crate) mod request;
pub(crate) mod role_arn;
pub(crate) mod secret_in_config;
pub(crate) mod secrets;
pub(crate) mod shape;
pub(crate) mod unknown_sample;
pub(crate) mod unreachable_host;
pub(crate) mod unused_credentials;
pub(crate) mod urls;

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

/// Where a rule's findings come from.
#[derive(Clone, Copy)]
pub(crate) enum Check {
    /// The readers, and the ignore comments, report for it.
    Reader,
    /// The embedded schemas, and what stands around them, report for it.
    Schema,
    /// It looks at one connection.
    Connection(fn(&Connection, &mut Findings)),
    /// It looks at the connections of a file, and at the other files of the run.
    Run(fn(&crate::across::Run, &mut Findings)),
}

/// A rule: its name reads as English after "allow".
pub struct Rule {
    /// The name, final: configuration and ignore comments use it.
    pub name: &'static str,
    /// What it finds, in half a sentence.
    pub summary: &'static str,
    /// The page about it, in Markdown: what, why, what to do, and examples that are tests.
    pub page: &'static str,
    /// Its usual severity.
    pub severity: Severity,
    /// The connection types it looks at.
    pub kinds: Kinds,
    /// Whether its findings come with a fix.
    pub fix: FixAvailability,
    /// The version that brought it.
    pub since: &'static str,
    pub(crate) check: Check,
}

impl Rule {
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

/// Every rule, in the order of the catalogue. The order is also that in which they look at a connection: what comes
/// first may explain what a later one would find.
pub static RULES: &[&Rule] = &[
    &reading::SYNTAX_ERROR,
    &reading::DUPLICATE_KEY,
    &reading::TOO_DEEP,
    &reading::UNUSED_IGNORE,
    &reading::IGNORE_WITHOUT_REASON,
    &shape::UNKNOWN_TYPE,
    &shape::MISSING_FIELD,
    &shape::UNKNOWN_FIELD,
    &shape::MISPLACED_FIELD,
    &shape::WRONG_TYPE,
    &shape::UNKNOWN_VALUE,
    &shape::MALFORMED_ID,
    &shape::MALFORMED_NAME,
    &shape::RESPONSE_ONLY_FIELD,
    &not_a_connection::NOT_A_CONNECTION,
    &brokers::BOOTSTRAP_SCHEME,
    &brokers::MISSING_PORT,
    &brokers::MALFORMED_BOOTSTRAP_SERVERS,
    &brokers::DUPLICATE_BROKER,
    &unreachable_host::UNREACHABLE_HOST,
    &brokers::BROKER_PORT_MISMATCH,
    &missing_credentials::MISSING_CREDENTIALS,
    &unused_credentials::UNUSED_CREDENTIALS,
    &protocol::MECHANISM_PROTOCOL_MISMATCH,
    &protocol::LEGACY_PROTOCOL,
    &protocol::SSL_WITHOUT_CLIENT_CERTIFICATE,
    &protocol::UNENCRYPTED_CREDENTIALS,
    &protocol::PLAINTEXT_ON_PRIVATE_NETWORK,
    &certificates::UNPAIRED_CLIENT_CERTIFICATE,
    &certificates::MALFORMED_CERTIFICATE,
    &urls::INSECURE_URL,
    &urls::MALFORMED_URL,
    &malformed_oauth_extensions::MALFORMED_OAUTH_EXTENSIONS,
    &config::IGNORED_CONFIG_KEY,
    &config::UNKNOWN_CONFIG_VALUE,
    &networking::MISSING_CONNECTION_ID,
    &networking::UNUSED_NETWORK_FIELD,
    &networking::UNAVAILABLE_NETWORK_TYPE,
    &cluster_role::UNKNOWN_BUILT_IN_ROLE,
    &cluster_role::RESERVED_ROLE_NAME,
    &cluster_role::OVERPRIVILEGED_ROLE,
    &connection_string_as_name::CONNECTION_STRING_AS_NAME,
    &unknown_sample::UNKNOWN_SAMPLE,
    &credentials_in_url::CREDENTIALS_IN_URL,
    &malformed_header::MALFORMED_HEADER,
    &role_arn::MALFORMED_ARN,
    &role_arn::NOT_A_ROLE,
    &role_arn::UNSUPPORTED_PARTITION,
    &malformed_bucket_name::MALFORMED_BUCKET_NAME,
    &cloud::MALFORMED_SERVICE_PRINCIPAL,
    &cloud::MALFORMED_STORAGE_ACCOUNT,
    &cloud::MALFORMED_SERVICE_ACCOUNT,
    &registry_url_count::REGISTRY_URL_COUNT,
    &secrets::HARDCODED_SECRET,
    &secret_in_config::SECRET_IN_CONFIG,
    &secrets::SECRET_IN_RESPONSE,
    &secrets::EMPTY_SECRET,
    &leftover_placeholder::LEFTOVER_PLACEHOLDER,
    &names::DUPLICATE_NAME,
    &names::AMBIGUOUS_IMPORT_ID,
    &pipelines::UNDEFINED_CONNECTION,
    &pipelines::WRONG_STAGE_FOR_CONNECTION,
    &dialects::ATTRIBUTE_AS_BLOCK,
    &dialects::CONFLICTING_ATTRIBUTES,
    &deprecated_attribute::DEPRECATED_ATTRIBUTE,
    &api_error::API_ERROR,
    &dialects::UNSUPPORTED_BY_DIALECT,
    &dialects::API_FIELD_NAME,
];

/// What looks at one connection.
type OfConnection = fn(&Connection, &mut Findings);

const fn of_connection(rule: &Rule) -> Option<(Kinds, OfConnection)> {
    match rule.check {
        Check::Connection(check) => Some((rule.kinds, check)),
        _ => None,
    }
}

/// The checks of [`RULES`] that look at one connection, in their order, each with the types it looks at. All of them are
/// gone through for every connection, so they stand together.
pub(crate) static OF_CONNECTION: [Option<(Kinds, OfConnection)>; RULES.len()] = {
    let mut checks = [None; RULES.len()];
    let (mut rule, mut at) = (0, 0);
    while rule < RULES.len() {
        if let Some(check) = of_connection(RULES[rule]) {
            checks[at] = Some(check);
            at += 1;
        }
        rule += 1;
    }
    checks
};

/// The rule of this name.
pub fn rule(name: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.name == name)
}

/// Collects what is found.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub diagnostics: Vec<Diagnostic>,
    /// Members whose absence a finding has already explained: they were misspelt, or stand elsewhere.
    pub explained: Vec<Member>,
    /// The index of the connection that is being looked at.
    pub connection: Option<usize>,
}

impl Findings {
    /// Reports a finding; say where with [`Finding::at`].
    pub fn report(&mut self, rule: &'static Rule, message: impl Into<Cow<'static, str>>) -> Finding<'_> {
        self.add(rule, message.into())
    }

    /// Most connections have no finding: what leads here is kept small instead of fast.
    #[cold]
    #[inline(never)]
    fn add(&mut self, rule: &'static Rule, message: Cow<'static, str>) -> Finding<'_> {
        self.diagnostics.push(Diagnostic {
            rule,
            severity: rule.severity,
            message,
            labels: Vec::new(),
            help: None,
            fix: None,
            connection: self.connection,
            pointer: Cow::Borrowed(""),
        });
        Finding { findings: self }
    }

    /// Whether a rule has already said something about exactly this pointer of the present connection.
    pub fn has(&self, rule: &'static Rule, pointer: &str) -> bool {
        self.of_this_connection().any(|found| found.rule == rule && found.pointer == pointer)
    }

    /// Whether anything was said about exactly this pointer of the present connection.
    pub fn has_any(&self, pointer: &str) -> bool {
        self.of_this_connection().any(|found| found.pointer == pointer)
    }

    /// Connections are judged one after the other, so the findings of the present one are the last.
    fn of_this_connection(&self) -> impl Iterator<Item = &Diagnostic> {
        self.diagnostics.iter().rev().take_while(|found| found.connection == self.connection)
    }

    /// Notes that the absence of a member has been explained.
    pub fn explain(&mut self, member: Member) {
        self.explained.push(member);
    }

    /// Whether the absence of a member, or of what it stands in, has been explained.
    pub fn is_explained(&self, member: Member) -> bool {
        self.explained.contains(&member) || member.parent().is_some_and(|parent| self.is_explained(parent))
    }
}

/// The finding being written.
#[derive(Debug)]
pub(crate) struct Finding<'f> {
    findings: &'f mut Findings,
}

impl Finding<'_> {
    fn diagnostic(&mut self) -> &mut Diagnostic {
        let last = self.findings.diagnostics.len() - 1;
        &mut self.findings.diagnostics[last]
    }

    /// The primary place, and the finding's pointer: a value, or what is nearest to where it is missing.
    pub fn at(self, place: impl Place, label: impl Into<Cow<'static, str>>) -> Self {
        self.primary(&place, place.span(), label.into())
    }

    /// As [`Finding::at`], marking the key.
    pub fn at_key(self, place: impl Place, label: impl Into<Cow<'static, str>>) -> Self {
        self.primary(&place, place.key_span(), label.into())
    }

    fn primary(mut self, place: &dyn Place, span: Span, label: Cow<'static, str>) -> Self {
        self.diagnostic().pointer = place.pointer();
        self.mark(span, label)
    }

    /// The finding's pointer, where no place says it.
    pub fn pointer(mut self, pointer: impl Into<Cow<'static, str>>) -> Self {
        self.diagnostic().pointer = pointer.into();
        self
    }

    /// A further place.
    pub fn and(self, place: impl Place, label: impl Into<Cow<'static, str>>) -> Self {
        let span = place.span();
        self.mark(span, label)
    }

    /// A further place: a key.
    pub fn and_key(self, place: impl Place, label: impl Into<Cow<'static, str>>) -> Self {
        let span = place.key_span();
        self.mark(span, label)
    }

    /// A place given as bytes; the first one is the primary.
    pub fn mark(mut self, span: Span, label: impl Into<Cow<'static, str>>) -> Self {
        self.diagnostic().labels.push(Label { span, message: label.into() });
        self
    }

    /// What to do about it.
    pub fn help(mut self, help: impl Into<Cow<'static, str>>) -> Self {
        self.diagnostic().help = Some(help.into());
        self
    }

    /// How to mend it; a fix without edits is none.
    pub fn fix(mut self, fix: impl Into<Option<Fix>>) -> Self {
        self.diagnostic().fix = fix.into().filter(|fix| !fix.edits.is_empty());
        self
    }

    /// The connection of a finding across connections, by its index.
    pub fn of(mut self, connection: usize) -> Self {
        self.diagnostic().connection = Some(connection);
        self
    }

    /// A severity other than the rule's own.
    pub fn severity(mut self, severity: Severity) -> Self {
        self.diagnostic().severity = severity;
        self
    }
}
