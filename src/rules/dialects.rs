//! What goes wrong between the API and a front end with words of its own. The dialects report these, because rules only
//! see Admin API bodies.

use super::{Check, FixAvailability, Rule};
use crate::diagnostic::Severity;
use crate::kind::Kinds;

pub(crate) static ATTRIBUTE_AS_BLOCK: Rule = Rule {
    name: "attribute-as-block",
    summary: "a block in Terraform where the provider has an attribute",
    severity: Severity::Error,
    kinds: Kinds::ALL,
    fix: FixAvailability::Always,
    since: "0.1.0",
    check: Check::Reader,
};

pub(crate) static CONFLICTING_ATTRIBUTES: Rule = Rule {
    name: "conflicting-attributes",
    summary: "the workspace is named twice, or not at all",
    severity: Severity::Error,
    kinds: Kinds::ALL,
    fix: FixAvailability::Never,
    since: "0.1.0",
    check: Check::Reader,
};

pub(crate) static INEXPRESSIBLE: Rule = Rule {
    name: "inexpressible",
    summary: "what this front end cannot say",
    severity: Severity::Error,
    kinds: Kinds::ALL,
    fix: FixAvailability::Never,
    since: "0.1.0",
    check: Check::Reader,
};

pub(crate) static FOREIGN_SPELLING: Rule = Rule {
    name: "foreign-spelling",
    summary: "a member as the API spells it, where the front end has its own word",
    severity: Severity::Error,
    kinds: Kinds::ALL,
    fix: FixAvailability::Sometimes,
    since: "0.1.0",
    check: Check::Reader,
};
