//! The catalog of rules, and the functions that run them.

pub(crate) mod api_error;
mod brokers;
mod certificates;
mod cluster_role;
mod config;
mod connection_string_as_name;
mod credentials_in_url;
mod deprecated_attribute;
pub(crate) mod file;
mod kafka_auth;
mod leftover_placeholder;
mod malformed_bucket_name;
mod malformed_header;
mod malformed_oauth_extensions;
mod managed_brokers;
mod missing_credentials;
mod names;
pub(crate) mod networking;
pub(crate) mod not_a_connection;
mod pipelines;
mod protocol;
mod provider;
mod reachability;
mod registry_url_count;
pub(crate) mod request;
mod role_arn;
mod secret_in_config;
mod secrets;
mod unknown_sample;
mod unreachable_host;
mod unused_credentials;
mod urls;

use std::collections::BTreeSet;

use crate::atlas::Mode;
use crate::connection::Connection;
use crate::diagnostic::{Findings, Rule, rules as builtin};
use crate::rules::file::File;

/// The function that checks a rule.
#[derive(Clone, Copy)]
enum Check {
    /// Checks one connection.
    Connection(fn(&Connection, &mut Findings)),
    /// Checks the connections of a file, with the other files of the run.
    File(fn(&File, &mut Findings)),
    /// Another layer, or the check of another rule, reports it.
    Elsewhere,
}

/// A rule and its check.
type Registered = (&'static Rule, Check);

const fn connection(rule: &'static Rule, check: fn(&Connection, &mut Findings)) -> Registered {
    (rule, Check::Connection(check))
}

const fn file(rule: &'static Rule, check: fn(&File, &mut Findings)) -> Registered {
    (rule, Check::File(check))
}

const fn reported(rule: &'static Rule) -> Registered {
    (rule, Check::Elsewhere)
}

/// Every rule, in the order of the catalog. Connections are checked in this order, too: a finding of an earlier rule
/// may explain one of a later rule.
static CATALOG: &[Registered] = &[
    reported(&builtin::SYNTAX_ERROR),
    reported(&builtin::DUPLICATE_KEY),
    reported(&builtin::TOO_DEEP),
    reported(&builtin::UNUSED_IGNORE),
    reported(&builtin::IGNORE_WITHOUT_REASON),
    reported(&builtin::UNKNOWN_TYPE),
    reported(&builtin::MISSING_FIELD),
    reported(&builtin::UNKNOWN_FIELD),
    reported(&builtin::MISPLACED_FIELD),
    reported(&builtin::WRONG_TYPE),
    reported(&builtin::UNKNOWN_VALUE),
    reported(&builtin::MALFORMED_ID),
    connection(&builtin::MALFORMED_NAME, names::forbidden),
    reported(&builtin::RESPONSE_ONLY_FIELD),
    reported(&builtin::NOT_A_CONNECTION),
    connection(&brokers::BOOTSTRAP_SCHEME, brokers::check_scheme),
    connection(&brokers::MISSING_PORT, brokers::check_port),
    connection(&brokers::MALFORMED_BOOTSTRAP_SERVERS, brokers::check_list),
    connection(&brokers::DUPLICATE_BROKER, brokers::check_duplicates),
    connection(&unreachable_host::UNREACHABLE_HOST, unreachable_host::check),
    connection(&managed_brokers::BROKER_PORT_MISMATCH, managed_brokers::check_port),
    connection(&managed_brokers::BROKER_MECHANISM_MISMATCH, managed_brokers::check_mechanism),
    connection(&missing_credentials::MISSING_CREDENTIALS, missing_credentials::check),
    connection(&unused_credentials::UNUSED_CREDENTIALS, unused_credentials::check),
    connection(&protocol::MECHANISM_PROTOCOL_MISMATCH, protocol::check_mechanism),
    connection(&protocol::LEGACY_PROTOCOL, protocol::check_legacy),
    connection(&protocol::SSL_WITHOUT_CLIENT_CERTIFICATE, protocol::check_ssl),
    connection(&protocol::UNENCRYPTED_CREDENTIALS, protocol::check_unencrypted),
    connection(&protocol::PLAINTEXT_ON_PRIVATE_NETWORK, protocol::check_private),
    connection(&certificates::UNPAIRED_CLIENT_CERTIFICATE, certificates::check_pair),
    connection(&certificates::MALFORMED_CERTIFICATE, certificates::check_pem),
    connection(&urls::INSECURE_URL, urls::check_insecure),
    connection(&urls::MALFORMED_URL, urls::check_malformed),
    connection(&malformed_oauth_extensions::MALFORMED_OAUTH_EXTENSIONS, malformed_oauth_extensions::check),
    connection(&config::IGNORED_CONFIG_KEY, config::check_keys),
    connection(&config::UNKNOWN_CONFIG_VALUE, config::check_values),
    connection(&networking::MISSING_CONNECTION_ID, networking::check_id),
    connection(&networking::UNUSED_NETWORK_FIELD, networking::check_unused),
    connection(&networking::UNAVAILABLE_NETWORK_TYPE, networking::check_available),
    connection(&cluster_role::UNKNOWN_BUILT_IN_ROLE, cluster_role::unknown_built_in),
    connection(&cluster_role::RESERVED_ROLE_NAME, cluster_role::reserved),
    connection(&cluster_role::OVERPRIVILEGED_ROLE, cluster_role::overprivileged),
    connection(&connection_string_as_name::CONNECTION_STRING_AS_NAME, connection_string_as_name::check),
    connection(&unknown_sample::UNKNOWN_SAMPLE, unknown_sample::check),
    connection(&credentials_in_url::CREDENTIALS_IN_URL, credentials_in_url::check),
    connection(&malformed_header::MALFORMED_HEADER, malformed_header::check),
    connection(&role_arn::MALFORMED_ARN, role_arn::check),
    reported(&role_arn::NOT_A_ROLE),
    reported(&role_arn::UNSUPPORTED_PARTITION),
    connection(&malformed_bucket_name::MALFORMED_BUCKET_NAME, malformed_bucket_name::check),
    reported(&builtin::MALFORMED_SERVICE_PRINCIPAL),
    reported(&builtin::MALFORMED_STORAGE_ACCOUNT),
    reported(&builtin::MALFORMED_SERVICE_ACCOUNT),
    connection(&registry_url_count::REGISTRY_URL_COUNT, registry_url_count::check),
    connection(&secrets::HARDCODED_SECRET, secrets::hardcoded),
    connection(&secret_in_config::SECRET_IN_CONFIG, secret_in_config::check),
    connection(&secrets::SECRET_IN_RESPONSE, secrets::in_response),
    connection(&builtin::EMPTY_SECRET, secrets::empty),
    connection(&builtin::LEFTOVER_PLACEHOLDER, leftover_placeholder::check),
    file(&names::DUPLICATE_NAME, names::duplicate),
    connection(&names::AMBIGUOUS_IMPORT_ID, names::ambiguous),
    file(&builtin::UNDEFINED_CONNECTION, pipelines::undefined),
    file(&builtin::WRONG_STAGE_FOR_CONNECTION, pipelines::wrong_stage),
    reported(&builtin::ATTRIBUTE_AS_BLOCK),
    reported(&builtin::IMMUTABLE_FIELD_CHANGE),
    reported(&builtin::CONFLICTING_ATTRIBUTES),
    connection(&builtin::DEPRECATED_ATTRIBUTE, deprecated_attribute::azure_region),
    reported(&builtin::API_ERROR),
    reported(&builtin::UNSUPPORTED_BY_DIALECT),
    reported(&builtin::API_FIELD_NAME),
];

/// Every rule, in the order of the catalog.
pub static RULES: &[&Rule] = &{
    let mut rules = [CATALOG[0].0; CATALOG.len()];
    let mut at = 0;
    while at < CATALOG.len() {
        rules[at] = CATALOG[at].0;
        at += 1;
    }
    rules
};

/// The rule of this name.
pub fn rule(name: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.name == name)
}

/// Runs the rules for one connection.
pub(crate) fn check_connection(connection: &Connection, found: &mut Findings) {
    for (rule, check) in CATALOG {
        if let Check::Connection(check) = check
            && connection.kind.is_none_or(|kind| rule.kinds.contains(kind))
        {
            check(connection, found);
        }
    }
    drop_placeholders(found);
}

/// Rules about a field, whatever its value.
const ABOUT_FIELDS: &[&Rule] = &[
    &builtin::UNKNOWN_FIELD,
    &builtin::MISPLACED_FIELD,
    &builtin::RESPONSE_ONLY_FIELD,
    &builtin::UNSUPPORTED_BY_DIALECT,
    &builtin::DEPRECATED_ATTRIBUTE,
    &unused_credentials::UNUSED_CREDENTIALS,
    &config::IGNORED_CONFIG_KEY,
    &networking::UNUSED_NETWORK_FIELD,
    &secret_in_config::SECRET_IN_CONFIG,
];

/// Drops findings of the current connection about placeholders in fields that should not be present: filling them in
/// would not help.
fn drop_placeholders(found: &mut Findings) {
    let connection = found.connection;
    let start = found.diagnostics.iter().rposition(|other| other.connection != connection).map_or(0, |at| at + 1);
    let mut of_fields = BTreeSet::new();
    for other in &found.diagnostics[start..] {
        if ABOUT_FIELDS.iter().any(|rule| other.rule == *rule) && !other.pointer.is_empty() {
            of_fields.insert(other.pointer.clone());
        }
    }
    if of_fields.is_empty() {
        return;
    }
    let is_reported = |pointer: &str| {
        let ends = pointer.match_indices('/').skip(1).map(|(at, _)| at).chain([pointer.len()]);
        ends.into_iter().any(|end| of_fields.contains(&pointer[..end]))
    };
    let mut current = found.diagnostics.split_off(start);
    current.retain(|other| other.rule != &builtin::LEFTOVER_PLACEHOLDER || !is_reported(&other.pointer));
    found.diagnostics.append(&mut current);
}

/// Runs the rules for a whole file.
pub(crate) fn check_file(file: &File, found: &mut Findings) {
    for (_, check) in CATALOG {
        if let Check::File(check) = check {
            check(file, found);
        }
    }
}

/// Whether a rule checks more than one connection.
pub(crate) fn looks_at_files(rule: &Rule) -> bool {
    CATALOG.iter().any(|(known, check)| *known == rule && matches!(check, Check::File(_)))
}

/// The pages by the names of their rules, sorted.
static PAGES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/pages.rs"));

impl Rule {
    /// The page about the rule, in Markdown: what it does, why it matters, how to fix it, and examples.
    pub fn page(&self) -> &str {
        if let Some(page) = &self.policy {
            return &page.text;
        }
        PAGES.binary_search_by_key(&self.name, |(name, _)| name).map_or("", |at| PAGES[at].1)
    }

    /// The code blocks of the page. Their info strings are a language, `bad` or `good`, and then any of `mode=…` and a
    /// file name.
    pub fn examples(&self) -> Vec<Example> {
        let mut examples = Vec::new();
        let mut lines = self.page().lines().enumerate();
        while let Some((line, text)) = lines.next() {
            let Some(info) = text.strip_prefix("```") else { continue };
            let mut words = info.split_whitespace();
            let name = format!("example.{}", words.next().unwrap_or("txt"));
            let text = lines.by_ref().map_while(|(_, line)| (line != "```").then(|| format!("{line}\n"))).collect();
            let mut example = Example { is_good: None, mode: None, name, text, line: line + 1 };
            for word in words {
                match word.strip_prefix("mode=") {
                    Some(mode) => example.mode = mode.parse().ok(),
                    None if matches!(word, "good" | "bad") => example.is_good = Some(word == "good"),
                    None => word.clone_into(&mut example.name),
                }
            }
            examples.push(example);
        }
        examples
    }
}

/// A code block on the page of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Example {
    /// Whether it has no findings; `None` if it is not a definition.
    pub is_good: Option<bool>,
    /// The mode in which it is linted.
    pub mode: Option<Mode>,
    /// The name of its file.
    pub name: String,
    /// The text, which ends with a line break.
    pub text: String,
    /// The line of the page at which it starts, one-based.
    pub line: usize,
}
