//! Mistakes in the text itself, before anything is known about connections, and in the ignores it holds.

use super::{Check, FixAvailability, Rule};
use crate::diagnostic::Severity;
use crate::kind::Kinds;

/// Reported by the readers.
pub(crate) static SYNTAX_ERROR: Rule = Rule {
    name: "syntax-error",
    summary: "text that is not JSON, YAML or HCL",
    severity: Severity::Error,
    kinds: Kinds::ALL,
    fix: FixAvailability::Sometimes,
    since: "0.1.0",
    check: Check::Reader,
};

/// Reported by the linter, from what the reader kept.
pub(crate) static DUPLICATE_KEY: Rule = Rule {
    name: "duplicate-key",
    summary: "the same member twice in one object",
    severity: Severity::Error,
    kinds: Kinds::ALL,
    fix: FixAvailability::Never,
    since: "0.1.0",
    check: Check::Reader,
};

/// Reported by the readers.
pub(crate) static TOO_DEEP: Rule = Rule {
    name: "too-deep",
    summary: "nesting or size beyond what is read",
    severity: Severity::Error,
    kinds: Kinds::ALL,
    fix: FixAvailability::Never,
    since: "0.1.0",
    check: Check::Reader,
};

/// Reported by `suppress.rs`, when everything has been found.
pub(crate) static UNUSED_IGNORE: Rule = Rule {
    name: "unused-ignore",
    summary: "an ignore that silences nothing",
    severity: Severity::Warning,
    kinds: Kinds::ALL,
    fix: FixAvailability::Sometimes,
    since: "0.1.0",
    check: Check::Reader,
};

/// Reported by `suppress.rs`.
pub(crate) static IGNORE_WITHOUT_REASON: Rule = Rule {
    name: "ignore-without-reason",
    summary: "an ignore that does not say why",
    severity: Severity::Warning,
    kinds: Kinds::ALL,
    fix: FixAvailability::Never,
    since: "0.1.0",
    check: Check::Reader,
};
