//! The one table of severities in the terms of each format.

use crate::diagnostic::Severity;

/// A severity in the terms of each format.
pub(crate) struct SeverityTerms {
    /// The level of a SARIF result.
    pub sarif: &'static str,
    /// The workflow command of GitHub Actions.
    pub github: &'static str,
    /// The severity of a GitLab issue.
    pub gitlab: &'static str,
    /// The severity of a reviewdog diagnostic.
    pub rdjson: &'static str,
    /// The number in the language server protocol.
    #[cfg_attr(not(feature = "cli"), expect(dead_code, reason = "only the language server reads it"))]
    pub lsp: u32,
    /// The ANSI code of its color: red, yellow or cyan.
    pub color: u8,
}

impl Severity {
    pub(crate) const fn terms(self) -> SeverityTerms {
        let (sarif, github, gitlab, rdjson, lsp, color) = match self {
            Self::Error => ("error", "error", "major", "ERROR", 1, 31),
            Self::Warning => ("warning", "warning", "minor", "WARNING", 2, 33),
            Self::Info => ("note", "notice", "info", "INFO", 3, 36),
        };
        SeverityTerms { sarif, github, gitlab, rdjson, lsp, color }
    }
}
