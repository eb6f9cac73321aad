//! Documents that contain connections without being one, and values that should be connections.

use crate::diagnostic::Findings;
use crate::diagnostic::rules::{NOT_A_CONNECTION, WRONG_TYPE};
use crate::dialect::{ANSIBLE, DialectMatch, MCP_CALL, PULUMI};
use crate::document::Document;

pub(crate) fn check(document: &Document, found: &DialectMatch, findings: &mut Findings) {
    if let Some((what, entry)) = found.wrapper {
        let span = document.entry(entry).span();
        let findings = findings
            .report(&NOT_A_CONNECTION, format!("{what}, not a request body"))
            .mark(span.first_character(document.source.text()), "");
        findings.help(match what {
            "this is an empty array" => "write a connection as a JSON object",
            ANSIBLE | PULUMI => "write the connection as JSON, YAML or Terraform",
            MCP_CALL => "use them only with the tool; a request body has the fields beside `name` and `type`",
            _ => "send one connection in each request; all of these are linted",
        });
    }
    for &entry in &found.non_objects {
        let value = document.value(entry);
        if value.is_object() {
            continue;
        }
        findings
            .report(&WRONG_TYPE, format!("expected a connection object, found {}", value.what()))
            .mark(document.entry(entry).span(), "expected an object")
            .help("write `{ \"name\": …, \"type\": … }`");
    }
}
