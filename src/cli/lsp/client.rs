//! What the client can do, as it says when it starts.

use serde_json::Value;

use super::text::Encoding;

/// What matters of the client's capabilities. Each is read by itself, so that a client with a strange one is still served.
#[derive(Debug, Clone, Default)]
#[allow(clippy::struct_excessive_bools, reason = "each is a capability of the protocol")]
pub(super) struct Client {
    pub encoding: Encoding,
    /// Asks for diagnostics, so that none are sent unasked.
    pub pulls: bool,
    /// Can be told to ask again.
    pub refreshes: bool,
    pub related_information: bool,
    pub tags: bool,
    /// Knows code actions that hold their edit.
    pub actions: bool,
    /// Knows edits of a certain version of a document.
    pub versioned_edits: bool,
    /// Knows edits with places to fill in.
    pub snippet_edits: bool,
    /// Knows completions with places to fill in.
    pub snippets: bool,
    pub markdown: bool,
    pub symbol_tree: bool,
    /// Can watch files for us.
    pub watches: bool,
    pub shows_documents: bool,
    /// Documents that do not look like definitions are judged as well.
    pub everything: bool,
}

impl Client {
    /// Reads the parameters of `initialize`.
    pub fn of(parameters: &Value) -> Self {
        let at = |pointer: &str| parameters.pointer(&format!("/capabilities/{pointer}"));
        let can = |pointer: &str| at(pointer).and_then(Value::as_bool).unwrap_or(false);
        let lists = |pointer: &str, word: &str| {
            at(pointer).and_then(Value::as_array).is_some_and(|words| words.iter().any(|one| one == word))
        };
        // Asking clients said what they can in the words for those that are sent to, before the protocol had others.
        let diagnostics = |what: &str| {
            can(&format!("textDocument/publishDiagnostics/{what}")) || can(&format!("textDocument/diagnostic/{what}"))
        };
        let has = |pointer: &str| at(pointer).is_some_and(Value::is_object);
        Self {
            encoding: if lists("general/positionEncodings", "utf-8") { Encoding::Utf8 } else { Encoding::Utf16 },
            pulls: has("textDocument/diagnostic"),
            refreshes: can("workspace/diagnostics/refreshSupport"),
            related_information: diagnostics("relatedInformation"),
            tags: has("textDocument/publishDiagnostics/tagSupport") || has("textDocument/diagnostic/tagSupport"),
            actions: has("textDocument/codeAction/codeActionLiteralSupport"),
            versioned_edits: can("workspace/workspaceEdit/documentChanges"),
            snippet_edits: can("workspace/workspaceEdit/documentChanges")
                && can("workspace/workspaceEdit/snippetEditSupport"),
            snippets: can("textDocument/completion/completionItem/snippetSupport"),
            markdown: lists("textDocument/hover/contentFormat", "markdown"),
            symbol_tree: can("textDocument/documentSymbol/hierarchicalDocumentSymbolSupport"),
            watches: can("workspace/didChangeWatchedFiles/dynamicRegistration"),
            shows_documents: can("window/showDocument/support"),
            everything: parameters.pointer("/initializationOptions/skipUnrecognized") == Some(&Value::Bool(false)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_said_cannot_be_done() {
        for parameters in ["null", "{}", r#"{ "capabilities": 5 }"#, r#"{ "capabilities": { "textDocument": [] } }"#] {
            let client = Client::of(&serde_json::from_str(parameters).unwrap());
            assert_eq!(client.encoding, Encoding::Utf16);
            assert!(!client.pulls && !client.actions && !client.snippets && !client.everything);
        }
    }

    #[test]
    fn each_capability_is_read_where_clients_say_it() {
        let client = |capabilities: &str| {
            Client::of(&serde_json::from_str(&format!(r#"{{ "capabilities": {capabilities} }}"#)).unwrap())
        };
        let asking =
            client(r#"{ "textDocument": { "diagnostic": { "relatedInformation": true, "tagSupport": {} } } }"#);
        assert!(asking.pulls && asking.related_information && asking.tags);
        let silent = client(r#"{ "textDocument": { "diagnostic": {} } }"#);
        assert!(silent.pulls && !silent.related_information && !silent.tags && !silent.refreshes);
        let edits =
            |edits: &str| client(&format!(r#"{{ "workspace": {{ "workspaceEdit": {edits} }} }}"#)).snippet_edits;
        assert!(edits(r#"{ "documentChanges": true, "snippetEditSupport": true }"#));
        // They stand in edits of a certain version only.
        assert!(!edits(r#"{ "snippetEditSupport": true }"#));
    }

    #[test]
    fn bytes_are_units_where_the_client_knows_them() {
        let encoding = |words: Value| {
            Client::of(&serde_json::json!({ "capabilities": { "general": { "positionEncodings": words } } })).encoding
        };
        assert_eq!(encoding(serde_json::json!(["utf-16", "utf-8"])), Encoding::Utf8);
        assert_eq!(encoding(serde_json::json!(["utf-32", "utf-16"])), Encoding::Utf16);
        assert_eq!(encoding(serde_json::json!(["utf-32"])), Encoding::Utf16);
        assert_eq!(encoding(serde_json::json!("utf-8")), Encoding::Utf16);
    }
}
