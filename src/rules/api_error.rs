//! Error responses of the API, as JSON or as printed by the Atlas CLI and Terraform, with the rule that finds the
//! mistake in advance.

use std::ops::Range;

use crate::diagnostic::Findings;
use crate::diagnostic::rules::API_ERROR;
use crate::document::value::Value;
use crate::document::{Document, ROOT};
use crate::text::Span;

/// An error code, its meaning, and the help. Source: evidence.md ERR-001.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Explanation {
    pub code: &'static str,
    /// A part of `detail` that identifies one of several errors with this code, in lowercase.
    pub detail: &'static str,
    pub meaning: &'static str,
    pub help: &'static str,
}

const fn error(code: &'static str, detail: &'static str, meaning: &'static str, help: &'static str) -> Explanation {
    Explanation { code, detail, meaning, help }
}

/// Rows of one code are adjacent. The first row with a matching detail applies; a row without a detail always
/// matches.
pub(crate) const ERRORS: &[Explanation] = &[
    error(
        "VALIDATION_ERROR",
        "invalid bootstrapservers",
        "Atlas refused a broker",
        "lint the request body for `bootstrap-scheme`, `missing-port` and `unreachable-host`",
    ),
    error(
        "VALIDATION_ERROR",
        "invalid url",
        "Atlas refused a URL",
        "lint the request body for `malformed-url` and `unreachable-host`",
    ),
    error(
        "VALIDATION_ERROR",
        "vpc peering connection",
        "the project has no VPC peering in the region of the workspace",
        "create the peering connection first, in the region of the workspace",
    ),
    error(
        "VALIDATION_ERROR",
        "private link connection",
        "Atlas cannot create the private link yet",
        "create an Atlas cluster on Azure, or configure Azure network peering, first",
    ),
    error(
        "VALIDATION_ERROR",
        "",
        "Atlas refused a value of the request",
        "lint the request body; `detail` names the value",
    ),
    error("INVALID_ATTRIBUTE", "", "Atlas refused a field of the request", "lint the request body"),
    error(
        "INVALID_JSON_ATTRIBUTE",
        "",
        "Atlas does not know a field of the request, or its value has the wrong type",
        "lint the request body for `unknown-field` and `wrong-type`",
    ),
    error(
        "STREAM_NETWORKING_ACCESS_TYPE_CANNOT_BE_MODIFIED",
        "",
        "the network access of a connection cannot change",
        "recreate the connection, or keep `networking`; `immutable-field-change` finds this in a plan",
    ),
    error(
        "STREAM_NETWORKING_CANNOT_BE_MODIFIED",
        "",
        "the network access of a connection cannot change",
        "recreate the connection, or keep `networking`; `immutable-field-change` finds this in a plan",
    ),
    error(
        "STREAM_CONNECTION_NAME_ALREADY_EXISTS",
        "",
        "the workspace already has a connection of this name",
        "use another name, or update the existing connection; `duplicate-name` finds this in files",
    ),
    error(
        "STREAM_CONNECTION_NOT_FOUND_FOR_NAME",
        "",
        "the workspace has no connection of this name, or does not show it yet",
        "check the spelling; just after a create, try again in a moment",
    ),
    error(
        "STREAM_TENANT_NOT_FOUND_FOR_NAME",
        "",
        "the project has no stream workspace of this name",
        "check the project id and the workspace name in the path of the request",
    ),
    error(
        "STREAM_CONNECTION_HAS_STREAM_PROCESSORS",
        "",
        "a running stream processor uses the connection",
        "stop the processors that use it, then change it",
    ),
    error(
        "STREAM_TENANT_HAS_STREAM_PROCESSORS",
        "",
        "the workspace still has stream processors",
        "delete its processors first",
    ),
    error(
        "STREAM_KAFKA_CONNECTION_IS_DEPLOYING",
        "",
        "Atlas is still deploying the connection",
        "wait until its state is READY or FAILED, then try again",
    ),
    error(
        "STREAM_PRIVATE_LINK_IN_USE",
        "",
        "a connection still uses the private link endpoint",
        "delete the connections that use it first",
    ),
    error(
        "STREAM_PRIVATE_LINK_ALREADY_EXISTS",
        "",
        "the private link endpoint exists already",
        "use the id of the existing endpoint as `connectionId`",
    ),
    error(
        "STREAM_PROCESSOR_GENERIC_ERROR",
        "does not exist",
        "the pipeline uses a connection that does not exist",
        "define the connection, or correct its name in the pipeline; `undefined-connection` finds this in files",
    ),
    error(
        "STREAM_PROCESSOR_GENERIC_ERROR",
        "access denied",
        "Atlas denied access to the stream processor",
        "grant the API key a project role for stream processing, and check the connection's role",
    ),
    error(
        "STREAM_PROCESSOR_GENERIC_ERROR",
        "tier",
        "the workload needs a larger tier",
        "use a larger tier for the processor or its workspace; `detail` names the smallest",
    ),
    error(
        "STREAM_PROCESSOR_GENERIC_ERROR",
        "lock",
        "another change of the workspace is in progress",
        "wait until it ends, then try again",
    ),
    error(
        "STREAM_PROCESSOR_GENERIC_ERROR",
        "failed to acquire",
        "Atlas had no resources for the processor",
        "try again later",
    ),
    error(
        "STREAM_PROCESSOR_GENERIC_ERROR",
        "commandname",
        "Atlas does not know the command",
        "update the tool that sent it; none of your files causes this",
    ),
    error(
        "STREAM_PROCESSOR_GENERIC_ERROR",
        "",
        "a stream processor could not be created or started",
        "read its `detail`, and lint the files of the pipeline and of its connections together",
    ),
    error(
        "STREAM_PROCESSOR_TIMEOUT",
        "",
        "the stream processor did not respond in time",
        "try again, and look at the state of the processor",
    ),
    error(
        "CANNOT_CLOSE_GROUP_ACTIVE_STREAMS_RESOURCE",
        "",
        "the project still has stream workspaces",
        "delete them before the project",
    ),
    error(
        "CANNOT_ASSUME_ROLE",
        "",
        "Atlas is not allowed to assume the AWS role",
        "register the role under the cloud provider access of the project, and allow Atlas in its trust policy",
    ),
    error(
        "DUPLICATE_AZURE_SERVICE_PRINCIPAL",
        "",
        "the project already has the Azure service principal",
        "use the existing one",
    ),
    error(
        "IP_ADDRESS_NOT_ON_ACCESS_LIST",
        "",
        "the API key does not accept requests from this IP address",
        "add the address to the API key's access list, or send the request from a listed address",
    ),
    error(
        "CANNOT_CHANGE_GROUP_NAME",
        "",
        "a project cannot be renamed this way",
        "find the request that did this; no connection causes it",
    ),
    error(
        "NOT_ORG_GROUP_CREATOR",
        "",
        "the API key lacks the permission for this request",
        "grant the API key a project role for stream processing",
    ),
    error(
        "RESOURCE_NOT_FOUND",
        "",
        "the path of the request names something that does not exist",
        "check the project id, the name of the workspace and the name of the connection in the path",
    ),
    error(
        "INVALID_VERSION_DATE",
        "",
        "the `Accept` header asks for an API version that does not exist",
        "use application/vnd.atlas.2023-02-01+json",
    ),
    error(
        "UNEXPECTED_ERROR",
        "",
        "Atlas failed without a reason",
        "try again; a failover request without `name` fails this way too",
    ),
];

/// The explanations of a code, the general one last.
pub(crate) fn explanations(code: &str) -> impl Iterator<Item = &'static Explanation> {
    ERRORS.iter().filter(move |error| error.code == code)
}

fn explained(code: &str, detail: &str) -> Option<&'static Explanation> {
    // Terraform wraps its lines.
    let detail = detail.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
    // The detail may start with the name of a processor.
    let detail = detail.split_once("had a problem occur:").map_or(detail.as_str(), |(_, problem)| problem);
    explanations(code).find(|error| detail.contains(error.detail))
}

const UNEXPLAINED: &str = "read its `detail`; lint the request body if the status is 400";

pub(crate) fn check(document: &Document, findings: &mut Findings) {
    let text = document.source.text();
    if document.damaged && is_sentence(text) {
        for (code, detail) in sentences(text) {
            let span = Span::new(code.start, code.end);
            report(Some(&text[code]), detail, span, "", findings);
        }
        return;
    }
    let code = document.root().get("errorCode").and_then(Value::as_str);
    let detail = document.root().get("detail").and_then(Value::as_str).unwrap_or_default();
    let entry = document.child(ROOT, "errorCode").unwrap_or(ROOT);
    let pointer = if code.is_some() { "/errorCode" } else { "" };
    report(code, detail, document.entry(entry).span(), pointer, findings);
}

fn report(code: Option<&str>, detail: &str, span: Span, pointer: &'static str, findings: &mut Findings) {
    let (message, help) = match code.map(|code| explained(code, detail)) {
        Some(Some(Explanation { code, meaning, help, .. })) => (format!("{code}: {meaning}"), *help),
        // The text of an unknown code may be anything, so it is not shown.
        Some(None) => ("an unknown error of the Atlas API".to_owned(), UNEXPLAINED),
        None => ("an error of the Atlas API without an `errorCode`".to_owned(), UNEXPLAINED),
    };
    findings.report(&API_ERROR, message).mark(span, "").pointer(pointer).help(help);
}

const MARK: &str = "(Error code:";

/// Whether a text contains an error in the format of the Atlas CLI and Terraform: `(Error code: "X") Detail: … Reason:
/// …`.
pub(crate) fn is_sentence(text: &str) -> bool {
    !text.trim_start().starts_with(['{', '[']) && sentences(text).next().is_some()
}

/// The errors in a text of this format: the range of the code, and the detail.
fn sentences(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    text.match_indices(MARK).filter_map(|(at, _)| {
        let after = &text[at + MARK.len()..];
        let start = at + MARK.len() + after.find(|c: char| c.is_ascii_uppercase())?;
        let is_of_code = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
        let end = start + text[start..].find(|c| !is_of_code(c))?;
        let rest = &text[end..];
        let rest = &rest[..rest.find(MARK).unwrap_or(rest.len())];
        let detail = rest.split_once("Detail:").map_or(rest, |(_, detail)| detail);
        Some((start..end, detail.split("Reason:").next().unwrap_or_default()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_general_explanation_of_a_code_is_the_last() {
        for error in ERRORS {
            let of_code = explanations(error.code).collect::<Vec<_>>();
            assert!(of_code.iter().take(of_code.len() - 1).all(|error| !error.detail.is_empty()), "{}", error.code);
            assert!(of_code.last().is_some_and(|error| error.detail.is_empty()), "{}", error.code);
        }
    }

    #[test]
    fn sentences_of_tools_have_codes_and_details() {
        let text = "\u{2577}\n\u{2502} Error: error creating resource\n\u{2502} \n\u{2502} https://cloud.mongodb.com/api/atlas/v2/groups/x POST:\n\
            HTTP 400 Bad Request (Error code: \"VALIDATION_ERROR\") Detail: The request content produced the\nvalidation error: \
            Invalid url. Reason: Bad Request. Params: [Invalid url.], BadRequestDetail:\n";
        let found = sentences(text).map(|(code, detail)| (&text[code], detail)).collect::<Vec<_>>();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].0, "VALIDATION_ERROR");
        assert_eq!(explained(found[0].0, found[0].1).map(|error| error.detail), Some("invalid url"));
        assert!(is_sentence(text) && !is_sentence("{\"detail\": \"(Error code: X)\"}") && !is_sentence("no error"));
    }
}
