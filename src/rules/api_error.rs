//! Error bodies of the API, and the rule that would have told earlier.

use crate::diagnostic::Findings;
use crate::diagnostic::rules::API_ERROR;
use crate::document::value::Value;
use crate::document::{Document, ROOT};

/// What a code means and what to do. Source: evidence.md ERR-001.
fn explained(code: &str) -> Option<(&'static str, &'static str)> {
    Some(match code {
        "VALIDATION_ERROR" => (
            "the service refused a value of the request",
            "lint the request body; `detail` names the value in the service's words",
        ),
        "INVALID_ATTRIBUTE" => ("the service refused a member of the request", "lint the request body"),
        "STREAM_NETWORKING_ACCESS_TYPE_CANNOT_BE_MODIFIED" | "STREAM_NETWORKING_CANNOT_BE_MODIFIED" => (
            "the network access of a connection cannot be changed",
            "delete the connection and create it again, or leave `networking` as it is",
        ),
        "STREAM_CONNECTION_NAME_ALREADY_EXISTS" => (
            "the workspace already has a connection of this name",
            "choose another name, or update the existing one; `duplicate-name` finds this within what you keep in files",
        ),
        "STREAM_CONNECTION_NOT_FOUND_FOR_NAME" => (
            "the workspace has no connection of this name, or does not show it yet",
            "check the spelling; just after a create, try again in a moment",
        ),
        "STREAM_TENANT_NOT_FOUND_FOR_NAME" => (
            "the project has no stream workspace of this name",
            "check the project id and the workspace name in the request's path",
        ),
        "STREAM_CONNECTION_HAS_STREAM_PROCESSORS" => {
            ("a running stream processor uses the connection", "stop the processors that use it, then change it")
        }
        "STREAM_TENANT_HAS_STREAM_PROCESSORS" => {
            ("the workspace still has stream processors", "delete its processors first")
        }
        "STREAM_KAFKA_CONNECTION_IS_DEPLOYING" => {
            ("the connection is still being deployed", "wait until its state is READY or FAILED, then try again")
        }
        "STREAM_PRIVATE_LINK_IN_USE" => {
            ("a connection still uses the private link endpoint", "delete the connections that name it first")
        }
        "STREAM_PRIVATE_LINK_ALREADY_EXISTS" => {
            ("there already is such a private link endpoint", "use the existing one's id as connectionId")
        }
        "STREAM_PROCESSOR_GENERIC_ERROR" => (
            "a stream processor could not be made or started",
            "a pipeline often names a connection that does not exist; `undefined-connection` finds that",
        ),
        "STREAM_PROCESSOR_TIMEOUT" => {
            ("the stream processor did not answer in time", "try again, and look at the processor's state")
        }
        "CANNOT_CLOSE_GROUP_ACTIVE_STREAMS_RESOURCE" => {
            ("the project still has stream workspaces", "delete them before the project")
        }
        "CANNOT_ASSUME_ROLE" => (
            "Atlas may not assume the AWS role",
            "register the role under the project's cloud provider access and allow Atlas in its trust policy",
        ),
        "DUPLICATE_AZURE_SERVICE_PRINCIPAL" => {
            ("the Azure service principal is already set up in the project", "use the existing one")
        }
        "CANNOT_CHANGE_GROUP_NAME" => ("a project cannot be renamed this way", "this is not about a connection"),
        "NOT_ORG_GROUP_CREATOR" => {
            ("the API key may not do this", "give the key a project role that covers stream processing")
        }
        "RESOURCE_NOT_FOUND" => (
            "what the request's path names does not exist",
            "check the project id, the workspace name and the connection's name in the path",
        ),
        "INVALID_VERSION_DATE" => (
            "the `Accept` header asks for an API version that does not exist",
            "use application/vnd.atlas.2023-02-01+json",
        ),
        "UNEXPECTED_ERROR" => (
            "the service failed without saying why",
            "try again; a failover body without `name` is also answered this way",
        ),
        _ => return None,
    })
}

const UNEXPLAINED: &str = "read its `detail`; lint the request body if the status is 400";

pub(crate) fn check(document: &Document, findings: &mut Findings) {
    let code = document.root().get("errorCode").and_then(Value::as_str);
    let (message, help) = match code.map(|code| (code, explained(code))) {
        Some((code, Some((meaning, help)))) => (format!("{code}: {meaning}"), help),
        // The text of an unknown code is not in our allow-list.
        Some(_) => ("an error of the Atlas API that streamlint does not know".to_owned(), UNEXPLAINED),
        None => ("an error of the Atlas API without an `errorCode`".to_owned(), UNEXPLAINED),
    };
    let entry = document.child(ROOT, "errorCode").unwrap_or(ROOT);
    let span = document.entry(entry).span();
    findings
        .report(&API_ERROR, message)
        .mark(span, "")
        .pointer(if code.is_some() { "/errorCode" } else { "" })
        .help(help);
}
