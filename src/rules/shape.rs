//! What the embedded schemas, and the table of members, say about the shape of a definition.

use super::{Check, FixAvailability, Rule};
use crate::diagnostic::Severity;
use crate::kind::Kinds;

pub(crate) static UNKNOWN_TYPE: Rule = Rule {
    name: "unknown-type",
    summary: "`type` is missing or is not one of the ten",
    severity: Severity::Error,
    kinds: Kinds::ALL,
    fix: FixAvailability::Sometimes,
    since: "0.1.0",
    check: Check::Schema,
};

pub(crate) static MISSING_FIELD: Rule = Rule {
    name: "missing-field",
    summary: "a required member is absent",
    severity: Severity::Error,
    kinds: Kinds::ALL,
    fix: FixAvailability::Never,
    since: "0.1.0",
    check: Check::Schema,
};

pub(crate) static UNKNOWN_FIELD: Rule = Rule {
    name: "unknown-field",
    summary: "a member that no connection type has",
    severity: Severity::Error,
    kinds: Kinds::ALL,
    fix: FixAvailability::Sometimes,
    since: "0.1.0",
    check: Check::Schema,
};

pub(crate) static MISPLACED_FIELD: Rule = Rule {
    name: "misplaced-field",
    summary: "a member that belongs in another place or to another type",
    severity: Severity::Error,
    kinds: Kinds::ALL,
    fix: FixAvailability::Sometimes,
    since: "0.1.0",
    check: Check::Schema,
};

pub(crate) static WRONG_TYPE: Rule = Rule {
    name: "wrong-type",
    summary: "a value that is not of the JSON type asked for",
    severity: Severity::Error,
    kinds: Kinds::ALL,
    fix: FixAvailability::Sometimes,
    since: "0.1.0",
    check: Check::Schema,
};

pub(crate) static UNKNOWN_VALUE: Rule = Rule {
    name: "unknown-value",
    summary: "a value that is not one of the allowed words",
    severity: Severity::Error,
    kinds: Kinds::ALL,
    fix: FixAvailability::Sometimes,
    since: "0.1.0",
    check: Check::Schema,
};

pub(crate) static MALFORMED_ID: Rule = Rule {
    name: "malformed-id",
    summary: "an id that is not 24 lower-case hexadecimal digits",
    severity: Severity::Error,
    kinds: Kinds::ALL,
    fix: FixAvailability::Sometimes,
    since: "0.1.0",
    check: Check::Schema,
};

pub(crate) static MALFORMED_NAME: Rule = Rule {
    name: "malformed-name",
    summary: "a name with characters that Atlas does not take",
    severity: Severity::Warning,
    kinds: Kinds::ALL,
    fix: FixAvailability::Never,
    since: "0.1.0",
    check: Check::Schema,
};

pub(crate) static RESPONSE_ONLY_FIELD: Rule = Rule {
    name: "response-only-field",
    summary: "a member that only answers of the API have",
    severity: Severity::Warning,
    kinds: Kinds::ALL,
    fix: FixAvailability::Always,
    since: "0.1.0",
    check: Check::Schema,
};
