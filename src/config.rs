//! The configuration for one text: types, modes, enabled rules, limits, and an organization's conventions.
//!
//! Files, globs and folders belong to the layers above: `settings.rs` makes a configuration for each path of a
//! `streamlint.toml`, and the npm package makes one from its `config`.

use std::fmt;

use crate::atlas::{Kind, Kinds, Mode, Request};
use crate::connection::Dialect;
use crate::conventions::{Conventions, Pattern};
#[cfg(feature = "policies")]
use crate::diagnostic::{POLICY_PREFIX, interned};
use crate::diagnostic::{Rule, RuleRef, Severity};
#[cfg(feature = "policies")]
use crate::policies::Policy;
use crate::rules::{RULES, rule};
use crate::text::UnknownName;

/// Length of the longest text that is read, in bytes, unless the configuration sets another limit.
pub const DEFAULT_SIZE_LIMIT: usize = 16 << 20;

/// How to lint. The default is what `streamlint check` does without options; [`Config::builder`] makes others.
///
/// ```
/// use streamlint::{Config, Linter, Severity};
///
/// let config = Config::builder()
///     .ignore(["hardcoded-secret"])
///     .level("malformed-name", Severity::Error)
///     .allowed_hosts(["*.example.com"])
///     .build()?;
/// let linter = Linter::new(config);
///
/// let error = Config::builder().select(["missing-feild"]).build().unwrap_err();
/// assert_eq!(error.to_string(), "unknown rule `missing-feild`; did you mean `missing-field`?");
/// # Ok::<(), streamlint::ConfigError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Config {
    pub(crate) kind: Option<Kind>,
    pub(crate) mode: Option<Mode>,
    pub(crate) dialect: Option<Dialect>,
    /// Only the rules of these names; all when empty.
    pub(crate) select: Vec<&'static str>,
    pub(crate) ignore: Vec<&'static str>,
    /// Rules with a severity other than their own, or `None` for a rule that is off unless it is selected. The last
    /// entry for a rule applies.
    pub(crate) levels: Vec<(&'static str, Option<Severity>)>,
    pub(crate) conventions: Conventions,
    pub(crate) workspace: Option<String>,
    pub(crate) skip_unrecognized: bool,
    pub(crate) size_limit: Option<usize>,
    pub(crate) request: Request,
    /// Findings below this severity are left out.
    pub(crate) min_severity: Option<Severity>,
    #[cfg(feature = "policies")]
    pub(crate) policies: Vec<Policy>,
}

impl Config {
    /// Starts from the default configuration.
    pub fn builder() -> ConfigBuilder {
        Self::default().to_builder()
    }

    /// Starts from this configuration.
    pub fn to_builder(&self) -> ConfigBuilder {
        ConfigBuilder { config: self.clone(), policies: Vec::new(), error: None }
    }

    /// The type of a definition without `type`.
    pub fn kind(&self) -> Option<Kind> {
        self.kind
    }

    /// The mode of all definitions; `None` when it is detected.
    pub fn mode(&self) -> Option<Mode> {
        self.mode
    }

    /// The dialect of all texts; `None` when it is detected.
    pub fn dialect(&self) -> Option<Dialect> {
        self.dialect
    }

    /// The workspace of definitions that do not name theirs.
    pub fn workspace(&self) -> Option<&str> {
        self.workspace.as_deref()
    }

    /// Longest text that is read, in bytes.
    pub fn size_limit(&self) -> usize {
        self.size_limit.unwrap_or(DEFAULT_SIZE_LIMIT)
    }

    /// Whether a rule is on: selected, or on by default, and not ignored.
    pub fn is_on(&self, rule: &Rule) -> bool {
        let is_chosen = if self.select.is_empty() {
            self.level(rule).is_none_or(Option::is_some)
        } else {
            self.select.contains(&rule.name)
        };
        is_chosen && !self.ignore.contains(&rule.name)
    }

    /// The severity that the configuration sets for a rule; `None` if findings keep their own.
    pub fn severity(&self, rule: &Rule) -> Option<Severity> {
        self.level(rule).copied().flatten()
    }

    /// Whether a finding of this rule and severity is reported.
    pub(crate) fn reports(&self, rule: &Rule, severity: Severity) -> bool {
        self.is_on(rule) && self.min_severity.is_none_or(|least| severity >= least)
    }

    fn level(&self, rule: &Rule) -> Option<&Option<Severity>> {
        self.levels.iter().rev().find(|(leveled, _)| *leveled == rule.name).map(|(_, level)| level)
    }

    /// The rules of the policies.
    #[cfg(feature = "policies")]
    pub(crate) fn policy_rules(&self) -> impl Iterator<Item = &RuleRef> {
        self.policies.iter().map(Policy::rule)
    }

    /// Without the feature `policies` there are no policies.
    #[cfg(not(feature = "policies"))]
    pub(crate) fn policy_rules(&self) -> impl Iterator<Item = &RuleRef> {
        let _ = self;
        std::iter::empty()
    }

    /// The rule of this name: of the catalog, or a policy's.
    pub(crate) fn rule(&self, name: &str) -> Option<RuleRef> {
        let policy = || self.policy_rules().find(|policy| policy.name == name).cloned();
        rule(name).map(RuleRef::from).or_else(policy)
    }

    /// The names of all rules, those of policies too.
    pub(crate) fn rule_names(&self) -> impl Iterator<Item = &'static str> + Clone {
        let policies = self.policy_rules().map(|policy| policy.name).collect::<Vec<_>>();
        RULES.iter().map(|rule| rule.name).chain(policies)
    }

    /// Adds a policy. It replaces a policy of the same name.
    #[cfg(feature = "policies")]
    pub(crate) fn add_policy(&mut self, policy: Policy) {
        self.policies.retain(|other| other.rule() != policy.rule());
        self.policies.push(policy);
    }
}

/// Builds a [`Config`]. Most names are those of `streamlint.toml`.
///
/// Lists are extended, and other values are replaced. Single values may be given as `Option`s, of which `None`
/// restores the default. [`ConfigBuilder::build`] reports the first invalid value.
#[derive(Debug, Clone)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct ConfigBuilder {
    config: Config,
    /// Names of policies: they may be added later.
    policies: Vec<String>,
    error: Option<ConfigError>,
}

impl ConfigBuilder {
    /// Returns the configuration.
    ///
    /// # Errors
    ///
    /// The first rule that does not exist, or the first entry of a list of hosts that is invalid.
    pub fn build(self) -> Result<Config, ConfigError> {
        let unknown = self.policies.iter().find(|name| self.config.rule(name).is_none());
        let unknown =
            unknown.map(|name| ConfigError::UnknownRule(UnknownName::new("rule", name, self.config.rule_names())));
        self.error.or(unknown).map_or(Ok(self.config), Err)
    }

    /// Turns on only these rules, by name. A selected rule is on even if [`ConfigBuilder::level`] turns it off.
    pub fn select(mut self, rules: impl IntoIterator<Item: AsRef<str>>) -> Self {
        for name in rules {
            let selected = self.rule(name.as_ref());
            self.config.select.extend(selected);
        }
        self
    }

    /// Turns off these rules, by name.
    pub fn ignore(mut self, rules: impl IntoIterator<Item: AsRef<str>>) -> Self {
        for name in rules {
            let ignored = self.rule(name.as_ref());
            self.config.ignore.extend(ignored);
        }
        self
    }

    /// Sets the severity of a rule's findings, or turns the rule off with `None`. The last call for a rule applies.
    pub fn level(mut self, rule: impl AsRef<str>, level: impl Into<Option<Severity>>) -> Self {
        let leveled = self.rule(rule.as_ref());
        self.config.levels.extend(leveled.map(|name| (name, level.into())));
        self
    }

    /// Adds a policy: a rule of your own. It replaces a policy of the same name.
    #[cfg(feature = "policies")]
    pub fn policy(mut self, policy: Policy) -> Self {
        self.config.add_policy(policy);
        self
    }

    /// Skips texts that do not look like a definition.
    pub fn skip_unrecognized(mut self, skip: bool) -> Self {
        self.config.skip_unrecognized = skip;
        self
    }

    /// Adds patterns of values that a tool fills in before the values reach Atlas; such values are not checked.
    pub fn placeholders(mut self, patterns: impl IntoIterator<Item = Pattern>) -> Self {
        self.config.conventions.placeholders.extend(patterns);
        self
    }

    /// Sets the types that must not use the public internet, among the types with a choice.
    pub fn require_private_networking(mut self, kinds: Kinds) -> Self {
        self.config.conventions.private_networking = kinds;
        self
    }

    /// Adds to the only hosts that connections may use; without any, all are allowed. An entry is a name, `*.` and a
    /// domain for every name below it, an address, or a network such as `10.0.0.0/8`.
    pub fn allowed_hosts(mut self, hosts: impl IntoIterator<Item: Into<String>>) -> Self {
        let hosts = self.hosts(hosts);
        self.config.conventions.allowed_hosts.extend(hosts);
        self
    }

    /// Adds hosts that can be reached although they look private. The entries are those of
    /// [`ConfigBuilder::allowed_hosts`].
    pub fn reachable_hosts(mut self, hosts: impl IntoIterator<Item: Into<String>>) -> Self {
        let hosts = self.hosts(hosts);
        self.config.conventions.reachable_hosts.extend(hosts);
        self
    }

    /// Adds sample sources that are missing in streamlint's own list.
    pub fn known_samples(mut self, names: impl IntoIterator<Item: Into<String>>) -> Self {
        self.config.conventions.known_samples.extend(names.into_iter().map(Into::into));
        self
    }

    /// Adds built-in roles that are missing in streamlint's own list.
    pub fn known_built_in_roles(mut self, roles: impl IntoIterator<Item: Into<String>>) -> Self {
        self.config.conventions.known_built_in_roles.extend(roles.into_iter().map(Into::into));
        self
    }

    fn rule(&mut self, name: &str) -> Option<&'static str> {
        #[cfg(feature = "policies")]
        if name.starts_with(POLICY_PREFIX) {
            self.policies.push(name.to_owned());
            return Some(interned(name));
        }
        let found = rule(name).map(|rule| rule.name);
        if found.is_none() {
            let unknown =
                || ConfigError::UnknownRule(UnknownName::new("rule", name, RULES.iter().map(|rule| rule.name)));
            self.error.get_or_insert_with(unknown);
        }
        found
    }

    fn hosts(&mut self, hosts: impl IntoIterator<Item: Into<String>>) -> Vec<String> {
        let hosts = hosts.into_iter().map(Into::into).collect::<Vec<_>>();
        if let Some(invalid) = hosts.iter().find(|host| !Conventions::is_host_entry(host)) {
            self.error.get_or_insert_with(|| ConfigError::InvalidHost(invalid.clone()));
        }
        hosts
    }
}

/// Implements setters of single values: their names, types and fields of [`Config`].
macro_rules! setters {
    ($( $(#[$doc:meta])* $name:ident: $type:ty = $($field:ident).+; )*) => {
        impl ConfigBuilder { $(
            $(#[$doc])*
            pub fn $name(mut self, value: impl Into<Option<$type>>) -> Self {
                self.config.$($field).+ = value.into();
                self
            }
        )* }
    };
}

setters! {
    /// Sets the type of definitions without `type`.
    kind: Kind = kind;

    /// Sets the mode of the definitions, instead of detecting it in each text.
    mode: Mode = mode;

    /// Sets the dialect of all texts, instead of detecting it in each.
    dialect: Dialect = dialect;

    /// Sets the workspace of definitions that do not name theirs. Names are unique in a workspace, so texts of the same
    /// workspace are compared. Any text that identifies the workspace is allowed.
    workspace: String = workspace;

    /// Sets the length of the longest text that is read, in bytes. The default is [`DEFAULT_SIZE_LIMIT`].
    size_limit: usize = size_limit;

    /// Sets the least severity of reported findings; those below it are also not fixed. Without it, all are reported.
    min_severity: Severity = min_severity;

    /// Sets the pattern that the names of connections must match.
    connection_names: Pattern = conventions.connection_names;

    /// Sets the pattern that the names of workspaces must match.
    workspace_names: Pattern = conventions.workspace_names;

    /// Sets the project's id in the path of the request, to be checked as well.
    group_id: String = request.group_id;

    /// Sets the workspace's name in the path of the request, to be checked as well. All definitions then belong to this
    /// workspace.
    tenant_name: String = request.tenant_name;

    /// Sets the query parameter `envelope` of the request, to be checked as well.
    envelope: String = request.envelope;

    /// Sets the query parameter `pretty` of the request, to be checked as well.
    pretty: String = request.pretty;
}

/// The error for an invalid value of a [`Config`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConfigError {
    /// A rule that does not exist.
    UnknownRule(UnknownName),
    /// An entry of a list of hosts that is not a name, `*.` and a domain, an address, or a network.
    InvalidHost(String),
}

impl fmt::Display for ConfigError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownRule(unknown) => unknown.fmt(out),
            Self::InvalidHost(host) => write!(
                out,
                "invalid host `{}`; use a name, `*.` and a domain, an address, or a network such as 10.0.0.0/8",
                host.escape_debug()
            ),
        }
    }
}

impl std::error::Error for ConfigError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_rule_is_an_error_wherever_it_is_named() {
        let builders = [
            Config::builder().select(["missing-feild"]),
            Config::builder().ignore(["missing-feild"]).select(["other"]),
            Config::builder().level("missing-feild", None),
        ];
        for builder in builders {
            let error = builder.build().unwrap_err();
            assert_eq!(error.to_string(), "unknown rule `missing-feild`; did you mean `missing-field`?");
            let ConfigError::UnknownRule(unknown) = error else { panic!("{error}") };
            assert_eq!((unknown.name(), unknown.suggestions()), ("missing-feild", ["missing-field"].as_slice()));
        }
        let error = Config::builder().select(["zzzzzz"]).build().unwrap_err();
        assert_eq!(error.to_string(), "unknown rule `zzzzzz`");
    }

    #[test]
    fn an_invalid_host_is_an_error() {
        let error = Config::builder().allowed_hosts(["a.example", "https://a.example"]).build().unwrap_err();
        assert!(error.to_string().starts_with("invalid host `https://a.example`; "), "{error}");
        assert_eq!(Config::builder().reachable_hosts(["10.0.0.0/99"]).build().map_err(|_| ()), Err(()));
    }

    #[test]
    fn an_empty_builder_builds_the_default() {
        assert_eq!(Config::builder().build(), Ok(Config::default()));
        let config = Config::builder().mode(Mode::Update).workspace("dev".to_owned()).build().unwrap();
        assert_eq!((config.mode(), config.workspace()), (Some(Mode::Update), Some("dev")));
        assert_eq!(config.to_builder().mode(None).workspace(None).build(), Ok(Config::default()));
    }
}
