//! The request around the body: path and query parameters, given as flags.

use super::Findings;
use super::shape::{MALFORMED_ID, MALFORMED_NAME, WRONG_TYPE};
use crate::config::{Policy, Request};
use crate::formats;
use crate::secret::quoted;

pub(crate) fn check(request: &Request, policy: &Policy, found: &mut Findings) {
    if let Some(id) = request.group_id.as_deref().filter(|id| !formats::is_object_id(id)) {
        found
            .report(&MALFORMED_ID, format!("the group id {} is not 24 lower-case hexadecimal digits", quoted(id)))
            .pointer("/groupId")
            .help("a project's id stands in its address in Atlas, and in `atlas projects list`");
    }
    if let Some(name) = request.tenant_name.as_deref().filter(|name| !formats::is_connection_name(name)) {
        found
            .report(
                &MALFORMED_NAME,
                format!("the workspace name {} has characters that Atlas does not take", quoted(name)),
            )
            .pointer("/tenantName")
            .help("letters, digits, `.`, `-`, `*` and `_` are taken");
    }
    let forbidden = policy.workspace_names.as_ref().zip(request.tenant_name.as_deref());
    if let Some((pattern, name)) = forbidden.filter(|(pattern, name)| !pattern.matches(name))
        && !found.has(&MALFORMED_NAME, "/tenantName")
    {
        found
            .report(&MALFORMED_NAME, format!("the configuration does not allow the workspace name {}", quoted(name)))
            .pointer("/tenantName")
            .help(format!("names of workspaces match {} here", quoted(pattern.as_str())));
    }
    for (value, name) in [(&request.envelope, "envelope"), (&request.pretty, "pretty")] {
        if let Some(value) = value.as_deref().filter(|value| !matches!(*value, "true" | "false")) {
            found
                .report(&WRONG_TYPE, format!("the query parameter `{name}` is {}, not true or false", quoted(value)))
                .pointer(format!("/{name}"))
                .help("write `true` or `false`");
        }
    }
}
