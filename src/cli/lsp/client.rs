//! The capabilities of the client, from its `initialize` request.

use serde_json::Value;

use super::text::Encoding;

/// The capabilities that matter to the server. Each is read on its own, so that an invalid one does not affect the others.
#[derive(Debug, Clone, Default)]
#[allow(clippy::struct_excessive_bools, reason = "each is a capability of the protocol")]
pub(super) struct Client {
    pub encoding: Encoding,
    /// Requests diagnostics, so that the server does not publish them.
    pub pulls: bool,
    /// Requests diagnostics again when the server asks for it.
    pub refreshes: bool,
    pub related_information: bool,
    pub tags: bool,
    /// Supports code actions that contain their edit.
    pub code_actions: bool,
    /// Supports edits of one version of a document.
    pub versioned_edits: bool,
    /// Supports edits with placeholders.
    pub snippet_edits: bool,
    /// Supports completions with placeholders.
    pub snippets: bool,
    pub markdown: bool,
    pub symbol_tree: bool,
    /// Reports changes of files.
    pub watches: bool,
    pub shows_documents: bool,
    /// Wants diagnostics for documents that do not look like definitions, too.
    pub lints_all: bool,
}

impl Client {
    /// Reads the parameters of `initialize`.
    pub fn new(parameters: &Value) -> Self {
        let at = |pointer: &str| parameters.pointer(&format!("/capabilities/{pointer}"));
        let is_true = |pointer: &str| at(pointer).and_then(Value::as_bool).unwrap_or(false);
        let lists = |pointer: &str, item: &str| {
            at(pointer).and_then(Value::as_array).is_some_and(|items| items.iter().any(|other| other == item))
        };
        // Before version 3.18, clients that request diagnostics listed this under `publishDiagnostics`.
        let diagnostics = |capability: &str| {
            is_true(&format!("textDocument/publishDiagnostics/{capability}"))
                || is_true(&format!("textDocument/diagnostic/{capability}"))
        };
        let is_object = |pointer: &str| at(pointer).is_some_and(Value::is_object);
        Self {
            encoding: if lists("general/positionEncodings", "utf-8") { Encoding::Utf8 } else { Encoding::Utf16 },
            pulls: is_object("textDocument/diagnostic"),
            refreshes: is_true("workspace/diagnostics/refreshSupport"),
            related_information: diagnostics("relatedInformation"),
            tags: is_object("textDocument/publishDiagnostics/tagSupport")
                || is_object("textDocument/diagnostic/tagSupport"),
            code_actions: is_object("textDocument/codeAction/codeActionLiteralSupport"),
            versioned_edits: is_true("workspace/workspaceEdit/documentChanges"),
            snippet_edits: is_true("workspace/workspaceEdit/documentChanges")
                && is_true("workspace/workspaceEdit/snippetEditSupport"),
            snippets: is_true("textDocument/completion/completionItem/snippetSupport"),
            markdown: lists("textDocument/hover/contentFormat", "markdown"),
            symbol_tree: is_true("textDocument/documentSymbol/hierarchicalDocumentSymbolSupport"),
            watches: is_true("workspace/didChangeWatchedFiles/dynamicRegistration"),
            shows_documents: is_true("window/showDocument/support"),
            lints_all: parameters.pointer("/initializationOptions/skipUnrecognized") == Some(&Value::Bool(false)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_and_invalid_capabilities_are_off() {
        for parameters in ["null", "{}", r#"{ "capabilities": 5 }"#, r#"{ "capabilities": { "textDocument": [] } }"#] {
            let client = Client::new(&serde_json::from_str(parameters).unwrap());
            assert_eq!(client.encoding, Encoding::Utf16);
            assert!(!client.pulls && !client.code_actions && !client.snippets && !client.lints_all);
        }
    }

    #[test]
    fn capabilities_are_read_where_clients_list_them() {
        let client = |capabilities: &str| {
            Client::new(&serde_json::from_str(&format!(r#"{{ "capabilities": {capabilities} }}"#)).unwrap())
        };
        let pulling =
            client(r#"{ "textDocument": { "diagnostic": { "relatedInformation": true, "tagSupport": {} } } }"#);
        assert!(pulling.pulls && pulling.related_information && pulling.tags);
        let silent = client(r#"{ "textDocument": { "diagnostic": {} } }"#);
        assert!(silent.pulls && !silent.related_information && !silent.tags && !silent.refreshes);
        let edits =
            |edits: &str| client(&format!(r#"{{ "workspace": {{ "workspaceEdit": {edits} }} }}"#)).snippet_edits;
        assert!(edits(r#"{ "documentChanges": true, "snippetEditSupport": true }"#));
        // Only edits of one version may contain snippets.
        assert!(!edits(r#"{ "snippetEditSupport": true }"#));
    }

    #[test]
    fn utf_8_is_preferred_if_the_client_supports_it() {
        let encoding = |encodings: Value| {
            Client::new(&serde_json::json!({ "capabilities": { "general": { "positionEncodings": encodings } } }))
                .encoding
        };
        assert_eq!(encoding(serde_json::json!(["utf-16", "utf-8"])), Encoding::Utf8);
        assert_eq!(encoding(serde_json::json!(["utf-32", "utf-16"])), Encoding::Utf16);
        assert_eq!(encoding(serde_json::json!(["utf-32"])), Encoding::Utf16);
        assert_eq!(encoding(serde_json::json!("utf-8")), Encoding::Utf16);
    }
}
