//! What a run is told: types, modes, rules that are on or off, limits.

use crate::connection::Mode;
use crate::dialect::Dialect;
use crate::kind::Kind;

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
    /// Say nothing about texts that do not look like a definition.
    pub recognised_only: bool,
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
            recognised_only: false,
            size_limit: DEFAULT_SIZE_LIMIT,
            request: Request::default(),
        }
    }
}

impl Config {
    /// Whether a rule is on.
    pub(crate) fn is_on(&self, rule: &str) -> bool {
        (self.select.is_empty() || self.select.iter().any(|name| name == rule))
            && !self.ignore.iter().any(|name| name == rule)
    }
}
