//! What a run is told: types, modes, rules that are on or off, limits, and what an organisation asks for by itself.
//!
//! This is what one text is judged by, and all that rules know. Files, globs and folders are behind it: `settings.rs`
//! makes one of these for each path out of a `streamlint.toml`, and the npm package out of its `config`.

use crate::atlas::Kind;
use crate::atlas::Mode;
use crate::connection::Dialect;
use crate::conventions::Conventions;
use crate::diagnostic::Severity;

/// Longest text that is read, in bytes, unless the configuration says otherwise.
pub const DEFAULT_SIZE_LIMIT: usize = 16 << 20;

/// The parts of a request that stand around its body, as the user gave them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Request {
    /// The project's id, from the path.
    pub group_id: Option<String>,
    /// The workspace's name, from the path. It also says that all definitions of a run go to one workspace.
    pub tenant_name: Option<String>,
    /// The `envelope` query parameter.
    pub envelope: Option<String>,
    /// The `pretty` query parameter.
    pub pretty: Option<String>,
}

/// How to lint. The default is what `streamlint check` does without options.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The type of a definition that does not say its own.
    pub kind: Option<Kind>,
    /// What the definitions are; told from the document when absent.
    pub mode: Option<Mode>,
    /// How they are written down; told from the document when absent.
    pub dialect: Option<Dialect>,
    /// Only these rules, by name; all when empty.
    pub select: Vec<String>,
    /// Not these rules.
    pub ignore: Vec<String>,
    /// Rules with another severity than their own, or `None` for a rule that is off unless it is selected. Of several for
    /// one rule the last counts.
    pub levels: Vec<(String, Option<Severity>)>,
    /// What is asked for beyond what Atlas asks for, and what is known beyond what streamlint knows.
    pub conventions: Conventions,
    /// Which workspace the definitions go to, where they do not say so themselves: texts with the same one are compared,
    /// because names are unique in it. Any text that tells workspaces apart will do.
    pub workspace: Option<String>,
    /// Say nothing about texts that do not look like a definition.
    pub skip_unrecognized: bool,
    /// Longest text that is read, in bytes.
    pub size_limit: usize,
    /// The request around the body.
    pub request: Request,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            kind: None,
            mode: None,
            dialect: None,
            select: Vec::new(),
            ignore: Vec::new(),
            levels: Vec::new(),
            conventions: Conventions::default(),
            workspace: None,
            skip_unrecognized: false,
            size_limit: DEFAULT_SIZE_LIMIT,
            request: Request::default(),
        }
    }
}

impl Config {
    /// Whether a rule is on.
    pub(crate) fn is_on(&self, rule: &str) -> bool {
        let is_chosen = if self.select.is_empty() {
            !self.set(rule).is_some_and(Option::is_none)
        } else {
            self.select.iter().any(|name| name == rule)
        };
        is_chosen && !self.ignore.iter().any(|name| name == rule)
    }

    /// The severity that is set for a rule.
    pub(crate) fn severity(&self, rule: &str) -> Option<Severity> {
        self.set(rule).and_then(|level| *level)
    }

    fn set(&self, rule: &str) -> Option<&Option<Severity>> {
        self.levels.iter().rev().find(|(name, _)| name == rule).map(|(_, level)| level)
    }
}
