//! What goes wrong between the API and a front end with words of its own. The dialects report these, because rules only
//! see Admin API bodies.

use super::{Check, FixAvailability, Rule};
use crate::diagnostic::Severity;
use crate::kind::Kinds;

pub(crate) static ATTRIBUTE_AS_BLOCK: Rule = Rule {
    name: "attribute-as-block",
    summary: summary!("a block in Terraform where the provider has an attribute"),
    page: page!("attribute_as_block.md"),
    severity: Severity::Error,
    kinds: Kinds::ALL,
    fix: FixAvailability::Always,
    since: "0.1.0",
    check: Check::Reader,
};

pub(crate) static CONFLICTING_ATTRIBUTES: Rule = Rule {
    name: "conflicting-attributes",
    summary: summary!("the workspace is named twice, or not at all"),
    page: page!("conflicting_attributes.md"),
    severity: Severity::Error,
    kinds: Kinds::ALL,
    fix: FixAvailability::Never,
    since: "0.1.0",
    check: Check::Reader,
};

pub(crate) static UNSUPPORTED_BY_DIALECT: Rule = Rule {
    name: "unsupported-by-dialect",
    summary: summary!("what this front end cannot say"),
    page: page!("unsupported_by_dialect.md"),
    severity: Severity::Error,
    kinds: Kinds::ALL,
    fix: FixAvailability::Never,
    since: "0.1.0",
    check: Check::Reader,
};

pub(crate) static API_FIELD_NAME: Rule = Rule {
    name: "api-field-name",
    summary: summary!("a member as the API spells it, where the front end has its own word"),
    page: page!("api_field_name.md"),
    severity: Severity::Error,
    kinds: Kinds::ALL,
    fix: FixAvailability::Sometimes,
    since: "0.1.0",
    check: Check::Reader,
};
