//! The request around the body: path and query parameters from the command line.

use crate::atlas::secret::{quoted, quoted_name, quoted_pattern};
use crate::atlas::{Request, formats};
use crate::connection::Definition;
use crate::conventions::{Conventions, Pattern};
use crate::diagnostic::rules::{MALFORMED_ID, MALFORMED_NAME, WRONG_TYPE};
use crate::diagnostic::{Finding, Findings};
use crate::document::{Document, Entry};
use crate::text::placeholder;
use crate::text::placeholder::ValueState;

pub(crate) fn check(request: &Request, policy: &Conventions, found: &mut Findings) {
    if let Some(id) = request.group_id.as_deref().filter(|id| !formats::is_object_id(id)) {
        let id = quoted(id, "").map_or_else(String::new, |id| id + " ");
        found
            .report(&MALFORMED_ID, format!("the group id {id}is not 24 lowercase hexadecimal digits"))
            .pointer("/groupId")
            .help("use the project id that `atlas projects list` shows");
    }
    if let Some(name) = request.tenant_name.as_deref() {
        if !formats::is_connection_name(name) {
            let message = "the workspace name contains invalid characters";
            let help = "use letters, digits, `.`, `-`, `*` and `_`";
            found.report(&MALFORMED_NAME, message).pointer(TENANT_NAME).help(help);
        } else if let Some(pattern) = policy.workspace_names.as_ref().filter(|pattern| !pattern.matches(name)) {
            forbidden(name, pattern, found);
        }
    }
    for (value, name) in [(&request.envelope, "envelope"), (&request.pretty, "pretty")] {
        if let Some(value) = value.as_deref().filter(|value| !matches!(*value, "true" | "false")) {
            let value = quoted(value, "").unwrap_or("another value".to_owned());
            found
                .report(&WRONG_TYPE, format!("expected true or false for the query parameter `{name}`, found {value}"))
                .pointer(format!("/{name}"))
                .help("use `true` or `false`");
        }
    }
}

const TENANT_NAME: &str = "/tenantName";

/// Checks the name of the workspace, if a dialect has it beside the definition.
pub(crate) fn check_definition(
    document: &Document,
    definition: &Definition,
    policy: &Conventions,
    found: &mut Findings,
) {
    let (Some(pattern), Some(id)) = (&policy.workspace_names, definition.workspace_name) else { return };
    let entry = document.entry(id);
    let is_known = entry.has(Entry::TEXT) && !entry.has(Entry::UNKNOWN | Entry::FILLED_IN) && document.is_sound(id);
    let name = document.text(id);
    if is_known && placeholder::value_state(name, false) == ValueState::Known && !pattern.matches(name) {
        forbidden(name, pattern, found).mark(entry.span(), "does not match the pattern");
    }
}

fn forbidden<'f>(name: &str, pattern: &Pattern, found: &'f mut Findings) -> Finding<'f> {
    let name = quoted_name(name).unwrap_or("of this value".to_owned());
    found
        .report(&MALFORMED_NAME, format!("the settings do not allow the workspace name {name}"))
        .pointer(TENANT_NAME)
        .help(format!("use a name that matches {}", quoted_pattern(pattern.as_str())))
}
