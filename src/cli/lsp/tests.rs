//! Tests of the language server, with sessions in this process.

mod connection;
mod dialects;
mod features;
mod lifecycle;
mod modules;
mod settings;

use lsp_server::Message;
use serde_json::{Value, json};

use super::server::Server;
use crate::settings::finder::Choice;

/// A client with all capabilities except requests for diagnostics, with UTF-16 columns.
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

/// A session and the number of its requests.
struct Session {
    server: Server,
    requests: i32,
}

impl Session {
    fn new() -> Self {
        Self::with_settings(Choice::Nearest)
    }

    fn with_settings(choice: Choice) -> Self {
        Self { server: Server::new(choice), requests: 0 }
    }

    /// A session that is initialized with these parameters.
    fn with(parameters: &Value) -> Self {
        let mut session = Self::new();
        session.ask("initialize", parameters.clone());
        session.tell("initialized", json!({}));
        session
    }

    fn full() -> Self {
        Self::with(&serde_json::from_str(FULL).unwrap())
    }

    /// Sends messages at once. Returns the server's messages, with a response's error as its code and sentence.
    fn send(&mut self, messages: &[Value]) -> Vec<Value> {
        let messages = messages.iter().map(|message| serde_json::from_value(message.clone()).unwrap()).collect();
        let received = self.server.handle(messages).into_iter().map(|message| match message {
            Message::Response(response) => match response.response_result {
                Ok(result) => json!({ "id": response.id, "result": result }),
                Err(error) => json!({ "id": response.id, "error": error.code, "why": error.message }),
            },
            message => serde_json::to_value(message).unwrap(),
        });
        received.collect()
    }

    #[allow(clippy::needless_pass_by_value, reason = "`json!` makes values")]
    fn request(&mut self, method: &str, params: Value) -> Value {
        self.requests += 1;
        json!({ "id": self.requests, "method": method, "params": params })
    }

    /// The response to a request.
    fn ask(&mut self, method: &str, params: Value) -> Value {
        let request = self.request(method, params);
        let received = self.send(&[request]);
        received.into_iter().find(|message| message["id"] == self.requests && message.get("method").is_none()).unwrap()
    }

    /// Sends a notification. Returns the server's messages.
    #[allow(clippy::needless_pass_by_value, reason = "`json!` makes values")]
    fn tell(&mut self, method: &str, params: Value) -> Vec<Value> {
        self.send(&[json!({ "method": method, "params": params })])
    }

    fn open(&mut self, uri: &str, language: &str, text: &str) -> Vec<Value> {
        let document = json!({ "uri": uri, "languageId": language, "version": 1, "text": text });
        self.tell("textDocument/didOpen", json!({ "textDocument": document }))
    }

    /// Opens a document with a `|` at the cursor. Returns the parameters of a request at that position.
    fn open_at_cursor(&mut self, uri: &str, text: &str) -> Value {
        let at = text.find('|').unwrap();
        self.open(uri, "json", &text.replacen('|', "", 1));
        let line = text[..at].matches('\n').count();
        let start = text[..at].rfind('\n').map_or(0, |at| at + 1);
        let character = text[start..at].encode_utf16().count();
        json!({ "textDocument": { "uri": uri }, "position": { "line": line, "character": character } })
    }
}

/// The diagnostics that the last of these messages publishes: rules and ranges.
fn published(messages: &[Value]) -> Vec<String> {
    let last = messages.iter().rfind(|message| message["method"] == "textDocument/publishDiagnostics").unwrap();
    last["params"]["diagnostics"].as_array().unwrap().iter().map(summary).collect()
}

fn summary(diagnostic: &Value) -> String {
    let place = |end: &str| {
        let place = &diagnostic["range"][end];
        format!("{}:{}", place["line"], place["character"])
    };
    format!("{} {}-{}", diagnostic["code"].as_str().unwrap(), place("start"), place("end"))
}
