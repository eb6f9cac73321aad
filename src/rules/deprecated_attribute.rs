//! Members that still work and will not for ever.

use super::{Check, Findings, FixAvailability, Rule};
use crate::connection::{Connection, Mode};
use crate::diagnostic::{Fix, Severity};
use crate::kind::Kinds;
use crate::members::Member;
use crate::value::Value;

pub(crate) static DEPRECATED_ATTRIBUTE: Rule = Rule {
    name: "deprecated-attribute",
    summary: "a member that its makers want to be rid of",
    severity: Severity::Warning,
    kinds: Kinds::ALL,
    fix: FixAvailability::Always,
    since: "0.1.0",
    check: Check::Connection(azure_region),
};

/// The region of the storage account, which the API no longer asks for (domain.md AZB-003). It is the presence that
/// counts, whatever the value; one of a wrong type is reported as that.
fn azure_region(connection: &Connection, found: &mut Findings) {
    let node = connection.get(Member::AzureRegion);
    let has = connection.kind.is_none_or(|kind| Member::AzureRegion.row().kinds.contains(kind));
    if !has || connection.mode == Mode::Response || !node.value().is_some_and(Value::is_string) {
        return;
    }
    found
        .report(&DEPRECATED_ATTRIBUTE, format!("`{}` is deprecated", node.spelling()))
        .at_key(node, "no longer needed")
        .help("delete it; Atlas knows where the storage account is")
        .fix(Fix::unsafe_("Delete it", node.remove()));
}
