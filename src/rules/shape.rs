//! What the embedded schemas, and the table of members, say about the shape of a definition.

use super::{Check, FixAvailability, Rule};
use crate::diagnostic::Severity;
use crate::kind::Kinds;

pub(crate) static UNKNOWN_TYPE: Rule = Rule {
    name: "unknown-type",
    summary: summary!("`type` is missing or is not one of the ten"),
    page: page!("unknown_type.md"),
    severity: Severity::Error,
    kinds: Kinds::ALL,
    fix: FixAvailability::Sometimes,
    since: "0.1.0",
    check: Check::Schema,
};

pub(crate) static MISSING_FIELD: Rule = Rule {
    name: "missing-field",
    summary: summary!("a required member is absent"),
    page: page!("missing_field.md"),
    severity: Severity::Error,
    kinds: Kinds::ALL,
    fix: FixAvailability::Never,
    since: "0.1.0",
    check: Check::Schema,
};

pub(crate) static UNKNOWN_FIELD: Rule = Rule {
    name: "unknown-field",
    summary: summary!("a member that no connection type has"),
    page: page!("unknown_field.md"),
    severity: Severity::Error,
    kinds: Kinds::ALL,
    fix: FixAvailability::Sometimes,
    since: "0.1.0",
    check: Check::Schema,
};

pub(crate) static MISPLACED_FIELD: Rule = Rule {
    name: "misplaced-field",
    summary: summary!("a member that belongs in another place or to another type"),
    page: page!("misplaced_field.md"),
    severity: Severity::Error,
    kinds: Kinds::ALL,
    fix: FixAvailability::Sometimes,
    since: "0.1.0",
    check: Check::Schema,
};

pub(crate) static WRONG_TYPE: Rule = Rule {
    name: "wrong-type",
    summary: summary!("a value that is not of the JSON type asked for"),
    page: page!("wrong_type.md"),
    severity: Severity::Error,
    kinds: Kinds::ALL,
    fix: FixAvailability::Sometimes,
    since: "0.1.0",
    check: Check::Schema,
};

pub(crate) static UNKNOWN_VALUE: Rule = Rule {
    name: "unknown-value",
    summary: summary!("a value that is not one of the allowed words"),
    page: page!("unknown_value.md"),
    severity: Severity::Error,
    kinds: Kinds::ALL,
    fix: FixAvailability::Sometimes,
    since: "0.1.0",
    check: Check::Schema,
};

pub(crate) static MALFORMED_ID: Rule = Rule {
    name: "malformed-id",
    summary: summary!("an id that is not 24 lower-case hexadecimal digits"),
    page: page!("malformed_id.md"),
    severity: Severity::Error,
    kinds: Kinds::ALL,
    fix: FixAvailability::Sometimes,
    since: "0.1.0",
    check: Check::Schema,
};

pub(crate) static MALFORMED_NAME: Rule = Rule {
    name: "malformed-name",
    summary: summary!("a name with characters that Atlas does not take"),
    page: page!("malformed_name.md"),
    severity: Severity::Warning,
    kinds: Kinds::ALL,
    fix: FixAvailability::Never,
    since: "0.1.0",
    check: Check::Schema,
};

pub(crate) static RESPONSE_ONLY_FIELD: Rule = Rule {
    name: "response-only-field",
    summary: summary!("a member that only answers of the API have"),
    page: page!("response_only_field.md"),
    severity: Severity::Warning,
    kinds: Kinds::ALL,
    fix: FixAvailability::Always,
    since: "0.1.0",
    check: Check::Schema,
};
