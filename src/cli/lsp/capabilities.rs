//! The capabilities of the server, as its response to `initialize` lists them.

use serde_json::{Value, json};

use super::client::Client;
use super::text::Encoding;
use super::{actions, diagnostics};

/// The capabilities of the server for this client.
pub(super) fn of_server(client: &Client) -> Value {
    let mut capabilities = json!({
        "positionEncoding": match client.encoding {
            Encoding::Utf8 => "utf-8",
            Encoding::Utf16 => "utf-16",
        },
        // Changes come as edits.
        "textDocumentSync": { "openClose": true, "change": 2, "save": true },
        "workspace": { "workspaceFolders": { "supported": true, "changeNotifications": true } },
        "codeActionProvider": { "codeActionKinds": ["quickfix", actions::FIX_ALL] },
        "completionProvider": { "triggerCharacters": ["\"", ":", "="] },
        "documentSymbolProvider": true,
        "hoverProvider": true,
        "executeCommandProvider": { "commands": [actions::EXPLAIN] },
    });
    if client.pulls {
        capabilities["diagnosticProvider"] = json!({
            "identifier": diagnostics::SOURCE,
            // The files of a Terraform module depend on each other.
            "interFileDependencies": true,
            "workspaceDiagnostics": false,
        });
    }
    capabilities
}
