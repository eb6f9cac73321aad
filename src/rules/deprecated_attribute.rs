//! Deprecated fields of the API.

use crate::atlas::Mode;
use crate::atlas::fields::Field;
use crate::connection::Connection;
use crate::diagnostic::rules::DEPRECATED_ATTRIBUTE;
use crate::diagnostic::{Findings, Fix};
use crate::document::value::Value;

/// The region of the storage account, which the API no longer requires (evidence.md AZB-003). It is reported whatever
/// its value; a value of the wrong type has its own finding.
pub(super) fn azure_region(connection: &Connection, found: &mut Findings) {
    let node = connection.get(Field::AzureRegion);
    let has = connection.kind.is_none_or(|kind| Field::AzureRegion.row().kinds.contains(kind));
    if !has || connection.mode == Mode::Response || !node.value().is_some_and(Value::is_string) || node.may_be_null() {
        return;
    }
    found
        .report(&DEPRECATED_ATTRIBUTE, format!("`{}` is deprecated", node.spelling()))
        .at_key(node, "no longer needed")
        .help("delete it; Atlas does not need it")
        .fix(Fix::unsafe_("Delete it", node.remove()));
}
