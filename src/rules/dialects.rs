//! What a dialect asks for beside what the API does. The dialects report for these rules, because only they know how a
//! definition was written.

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
    check: Check::Schema,
};

pub(crate) static CONFLICTING_ATTRIBUTES: Rule = Rule {
    name: "conflicting-attributes",
    summary: summary!("both or neither of two attributes that say the same"),
    page: page!("conflicting_attributes.md"),
    severity: Severity::Error,
    kinds: Kinds::ALL,
    fix: FixAvailability::Never,
    since: "0.1.0",
    check: Check::Schema,
};

pub(crate) static INEXPRESSIBLE: Rule = Rule {
    name: "inexpressible",
    summary: summary!("something that the API knows and this tool cannot say"),
    page: page!("inexpressible.md"),
    severity: Severity::Error,
    kinds: Kinds::ALL,
    fix: FixAvailability::Never,
    since: "0.1.0",
    check: Check::Schema,
};

pub(crate) static FOREIGN_SPELLING: Rule = Rule {
    name: "foreign-spelling",
    summary: summary!("a member in the words of the API where a tool has its own"),
    page: page!("foreign_spelling.md"),
    severity: Severity::Error,
    kinds: Kinds::ALL,
    fix: FixAvailability::Sometimes,
    since: "0.1.0",
    check: Check::Schema,
};
