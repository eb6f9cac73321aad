//! Whole sessions, without a process around them.

mod dialects;
mod features;
mod lifecycle;
mod modules;
mod settings;

use lsp_server::{ErrorCode, Message};
use serde_json::{Value, json};

use super::server::{Next, Server};
use super::wire::{self, Incoming};
use crate::cli::settings::Choice;

/// A client that can do everything but ask for diagnostics, and counts in UTF-16.
const FULL: &str = r#"{ "capabilities": {
    "general": { "positionEncodings": ["utf-16"] },
    "window": { "showDocument": { "support": true } },
    "workspace": {
        "workspaceEdit": { "documentChanges": true }, "diagnostics": { "refreshSupport": true },
        "didChangeWatchedFiles": { "dynamicRegistration": true }
    },
    "textDocument": {
        "publishDiagnostics": { "relatedInformation": true, "tagSupport": { "valueSet": [1, 2] } },
        "codeAction": { "codeActionLiteralSupport": { "codeActionKind": { "valueSet": [] } } },
        "completion": { "completionItem": { "snippetSupport": true } },
        "documentSymbol": { "hierarchicalDocumentSymbolSupport": true },
        "hover": { "contentFormat": ["markdown"] }
    }
} }"#;

const URI: &str = "file:///w/a.json";

/// A session, and what its client has been sent.
struct Session {
    server: Server<Vec<u8>>,
    asked: i32,
}

impl Session {
    fn new() -> Self {
        Self { server: Server::new(Vec::new(), Choice::Nearest), asked: 0 }
    }

    /// A session that has begun, with the client of this description.
    fn with(parameters: &Value) -> Self {
        let mut session = Self::new();
        session.ask("initialize", parameters.clone());
        session.tell("initialized", json!({}));
        session
    }

    fn full() -> Self {
        Self::with(&serde_json::from_str(FULL).unwrap())
    }

    /// Sends some messages at once; gives those that come back.
    fn send(&mut self, messages: &[Value]) -> Vec<Value> {
        let incoming = messages.iter().map(|message| match serde_json::from_value(message.clone()) {
            Ok(message) => Incoming::Message(message),
            Err(_) => Incoming::Broken(ErrorCode::InvalidRequest, "broken"),
        });
        assert_eq!(self.server.take(incoming.collect()).unwrap(), Next::More);
        self.received()
    }

    fn received(&mut self) -> Vec<Value> {
        let output = std::mem::take(self.server.output());
        let mut output = output.as_slice();
        let mut messages = Vec::new();
        while let Some(incoming) = wire::read(&mut output).unwrap() {
            messages.push(match incoming {
                Incoming::Message(Message::Response(response)) => match response.response_result {
                    Ok(result) => json!({ "id": response.id, "result": result }),
                    Err(error) => json!({ "id": response.id, "error": error.code, "why": error.message }),
                },
                Incoming::Message(message) => serde_json::to_value(message).unwrap(),
                Incoming::Broken(..) => json!("broken"),
            });
        }
        messages
    }

    #[allow(clippy::needless_pass_by_value, reason = "`json!` makes values")]
    fn request(&mut self, method: &str, params: Value) -> Value {
        self.asked += 1;
        json!({ "id": self.asked, "method": method, "params": params })
    }

    /// The answer to a request.
    fn ask(&mut self, method: &str, params: Value) -> Value {
        let request = self.request(method, params);
        let received = self.send(&[request]);
        received.into_iter().find(|message| message["id"] == self.asked && message.get("method").is_none()).unwrap()
    }

    /// Sends a notification; gives what comes.
    #[allow(clippy::needless_pass_by_value, reason = "`json!` makes values")]
    fn tell(&mut self, method: &str, params: Value) -> Vec<Value> {
        self.send(&[json!({ "method": method, "params": params })])
    }

    fn open(&mut self, uri: &str, language: &str, text: &str) -> Vec<Value> {
        let document = json!({ "uri": uri, "languageId": language, "version": 1, "text": text });
        self.tell("textDocument/didOpen", json!({ "textDocument": document }))
    }

    /// Opens a document of which only the end matters that the cursor, a `|`, stands in; gives its line and character.
    fn open_at_cursor(&mut self, uri: &str, text: &str) -> Value {
        let at = text.find('|').unwrap();
        self.open(uri, "json", &text.replacen('|', "", 1));
        let line = text[..at].matches('\n').count();
        let start = text[..at].rfind('\n').map_or(0, |at| at + 1);
        let character = text[start..at].encode_utf16().count();
        json!({ "textDocument": { "uri": uri }, "position": { "line": line, "character": character } })
    }
}

/// The diagnostics that the last of some messages publishes: rules and ranges.
fn published(messages: &[Value]) -> Vec<String> {
    let last = messages.iter().rfind(|message| message["method"] == "textDocument/publishDiagnostics").unwrap();
    last["params"]["diagnostics"].as_array().unwrap().iter().map(told).collect()
}

fn told(diagnostic: &Value) -> String {
    let place = |end: &str| {
        let place = &diagnostic["range"][end];
        format!("{}:{}", place["line"], place["character"])
    };
    format!("{} {}-{}", diagnostic["code"].as_str().unwrap(), place("start"), place("end"))
}
