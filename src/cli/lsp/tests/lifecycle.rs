//! The life cycle of sessions and documents, and mistakes of clients.

use serde_json::{Value, json};

use super::{FULL, Session, URI, published};

const NEAR: &str = r#"{ "name": "a", "type": "https", "url": "https://a.example.com" }"#;

#[allow(clippy::needless_pass_by_value, reason = "`json!` makes values")]
fn change(version: i32, changes: Value) -> Value {
    json!({ "textDocument": { "uri": URI, "version": version }, "contentChanges": changes })
}

/// Whether the only message is a warning for the log.
fn is_only_logged(messages: &[Value]) -> bool {
    matches!(messages, [one] if one["method"] == "window/logMessage" && one["params"]["type"] == 2)
}

#[test]
fn requests_before_initialize_are_errors() {
    let mut session = Session::new();
    assert_eq!(session.ask("textDocument/hover", json!({}))["error"], -32002);
    assert_eq!(session.ask("shutdown", Value::Null)["error"], -32002);
    assert_eq!(session.open(URI, "json", NEAR), [] as [Value; 0]);
    let response = session.ask("initialize", json!({ "capabilities": {} }));
    assert_eq!(response["result"]["serverInfo"]["name"], "streamlint");
    let document = json!({ "textDocument": { "uri": URI } });
    assert_eq!(session.ask("textDocument/documentSymbol", document)["result"], Value::Null);
    assert_eq!(session.ask("initialize", json!({}))["error"], -32600);
    assert_eq!(session.ask("textDocument/hover", json!({}))["error"], -32602);
}

#[test]
fn the_capabilities_depend_on_those_of_the_client() {
    let capabilities =
        |parameters: Value| Session::new().ask("initialize", parameters)["result"]["capabilities"].clone();
    assert_eq!(
        capabilities(Value::Null),
        json!({
            "positionEncoding": "utf-16",
            "textDocumentSync": { "openClose": true, "change": 2, "save": true },
            "workspace": { "workspaceFolders": { "supported": true, "changeNotifications": true } },
            "codeActionProvider": { "codeActionKinds": ["quickfix", "source.fixAll.streamlint"] },
            "completionProvider": { "triggerCharacters": ["\"", ":", "="] },
            "documentSymbolProvider": true,
            "hoverProvider": true,
            "executeCommandProvider": { "commands": ["streamlint.explain"] },
        })
    );
    let pulling = json!({ "capabilities": { "general": { "positionEncodings": ["utf-16", "utf-8"] }, "textDocument": { "diagnostic": {} } } });
    let pulling = capabilities(pulling);
    assert_eq!(pulling["positionEncoding"], "utf-8");
    assert_eq!(
        pulling["diagnosticProvider"],
        json!({ "identifier": "streamlint", "interFileDependencies": true, "workspaceDiagnostics": false })
    );
}

#[test]
fn after_shutdown_only_exit_is_expected() {
    let mut session = Session::full();
    assert!(!session.server.is_shut_down());
    assert_eq!(session.ask("shutdown", Value::Null)["result"], Value::Null);
    assert!(session.server.is_shut_down());
    assert_eq!(session.ask("textDocument/hover", json!({}))["error"], -32600);
    assert_eq!(session.ask("shutdown", Value::Null)["error"], -32600);
    assert_eq!(session.open(URI, "json", NEAR), [] as [Value; 0]);
}

#[test]
fn unknown_requests_are_errors_and_unknown_notifications_are_ignored() {
    let mut session = Session::full();
    assert_eq!(session.ask("textDocument/rename", json!({}))["error"], -32601);
    assert_eq!(session.ask("$/nonsense", Value::Null)["error"], -32601);
    for method in
        ["$/setTrace", "$/nonsense", "textDocument/willSave", "workspace/didChangeConfiguration", "initialized"]
    {
        assert_eq!(
            session.tell(method, Value::Null).iter().filter(|message| message["method"] == "window/logMessage").count(),
            0,
            "{method}"
        );
    }
    assert_eq!(
        session.send(&[json!({ "id": 7, "result": null }), json!({ "id": 8, "error": { "code": 1, "message": "x" } })]),
        [] as [Value; 0]
    );
}

#[test]
fn errors_about_invalid_parameters_do_not_quote_them() {
    let mut session = Session::full();
    session.open(URI, "json", NEAR);
    let secret = json!({ "textDocument": "zq1w1", "position": "zq1w2", "contentChanges": "zq1w3", "command": 5 });
    for method in [
        "textDocument/hover",
        "textDocument/completion",
        "textDocument/codeAction",
        "textDocument/documentSymbol",
        "textDocument/diagnostic",
        "workspace/executeCommand",
    ] {
        let response = session.ask(method, secret.clone());
        assert_eq!(response["error"], -32602, "{method}");
        assert!(!response.to_string().contains("zq1"), "{response}");
    }
    for method in ["textDocument/didOpen", "textDocument/didChange", "textDocument/didClose"] {
        let received = session.tell(method, secret.clone());
        assert!(is_only_logged(&received) && !received[0].to_string().contains("zq1"), "{method}: {received:?}");
    }
}

#[test]
fn documents_that_are_not_open_have_no_results() {
    let mut session = Session::full();
    let there = json!({ "textDocument": { "uri": URI }, "position": { "line": 0, "character": 0 } });
    for method in ["textDocument/hover", "textDocument/completion", "textDocument/documentSymbol"] {
        assert_eq!(session.ask(method, there.clone())["result"], Value::Null, "{method}");
    }
    assert_eq!(session.ask("textDocument/diagnostic", there)["result"]["items"], json!([]));
    assert!(is_only_logged(&session.tell("textDocument/didChange", change(2, json!([{ "text": "{}" }])))));
    assert!(is_only_logged(&session.tell("textDocument/didClose", json!({ "textDocument": { "uri": URI } }))));
}

#[test]
fn opening_a_document_twice_replaces_its_text() {
    let mut session = Session::full();
    assert_eq!(published(&session.open(URI, "json", NEAR)), ["unknown-type 0:23-0:30"]);
    let again = session.open(URI, "json", &NEAR.replace("https\"", "Https\""));
    assert!(is_only_logged(&again[..1]));
    assert_eq!(published(&again), [""; 0]);
}

#[test]
fn closing_a_document_clears_its_diagnostics() {
    let mut session = Session::full();
    session.open(URI, "json", NEAR);
    let closed = session.tell("textDocument/didClose", json!({ "textDocument": { "uri": URI } }));
    assert_eq!(published(&closed), [""; 0]);
    assert_eq!(closed.len(), 1);
}

#[test]
fn edits_are_applied_in_order_and_the_newest_version_is_linted() {
    let mut session = Session::full();
    session.open(URI, "json", NEAR);
    let at = |start: (i64, i64), end: (i64, i64), text: &str| {
        let place = |(line, character)| json!({ "line": line, "character": character });
        json!({ "range": { "start": place(start), "end": place(end) }, "text": text })
    };
    let edit = |version, changes| json!({ "method": "textDocument/didChange", "params": change(version, changes) });
    let received = session.send(&[
        edit(2, json!([at((0, 24), (0, 25), "H")])),
        edit(3, json!([at((0, 10), (0, 13), "\"😀\""), at((0, 11), (0, 13), "hook é")])),
    ]);
    assert_eq!(received.len(), 1);
    assert_eq!(received[0]["params"]["version"], 3);
    assert_eq!(published(&received), ["malformed-name 0:10-0:18"]);
    // After the end, before the start, and with the end first: the text is empty then.
    let received = session.send(&[edit(4, json!([at((99, 0), (0, 900), "\n"), at((1, 0), (0, -5), "")]))]);
    assert_eq!(published(&received), ["syntax-error 0:0-0:0"]);
    let whole = session.tell("textDocument/didChange", change(5, json!([{ "text": NEAR }, at((0, -7), (0, 0), "\n")])));
    assert_eq!(published(&whole), ["unknown-type 1:23-1:30"]);
    // A missing or older version is accepted.
    let params = json!({ "textDocument": { "uri": URI, "version": null }, "contentChanges": [at((0, 0), (1, 0), "")] });
    let received = session.tell("textDocument/didChange", params);
    assert_eq!(published(&received), ["unknown-type 0:23-0:30"]);
    assert_eq!(received[0]["params"]["version"], 5);
    assert_eq!(
        published(&session.tell("textDocument/didChange", change(1, json!([at((0, 0), (0, 0), " ")])))),
        ["unknown-type 0:24-0:31"]
    );
}

#[test]
fn a_canceled_request_is_skipped() {
    let mut session = Session::full();
    session.open(URI, "json", NEAR);
    let symbols = session.request("textDocument/documentSymbol", json!({ "textDocument": { "uri": URI } }));
    let other = session.request("textDocument/documentSymbol", json!({ "textDocument": { "uri": URI } }));
    let cancel = |id: Value| json!({ "method": "$/cancelRequest", "params": { "id": id } });
    let received = session.send(&[symbols.clone(), other, cancel(symbols["id"].clone())]);
    assert_eq!(received[0]["error"], -32800);
    assert!(received[1]["result"].is_array());
    // Cancellations of finished and unknown requests.
    assert_eq!(
        session.send(&[cancel(symbols["id"].clone()), cancel(json!("x")), cancel(Value::Null)]),
        [] as [Value; 0]
    );
}

#[test]
fn diagnostics_are_published_unless_the_client_requests_them() {
    let mut parameters: Value = serde_json::from_str(FULL).unwrap();
    parameters["capabilities"]["textDocument"]["diagnostic"] = json!({});
    let mut session = Session::with(&parameters);
    assert_eq!(session.open(URI, "json", NEAR), [] as [Value; 0]);
    let ask = |session: &mut Session, previous: Value| {
        session.ask("textDocument/diagnostic", json!({ "textDocument": { "uri": URI }, "previousResultId": previous }))
            ["result"]
            .clone()
    };
    let first = ask(&mut session, Value::Null);
    assert_eq!(first["kind"], "full");
    assert_eq!(first["items"][0]["code"], "unknown-type");
    assert_eq!(ask(&mut session, first["resultId"].clone())["kind"], "unchanged");
    session.tell("textDocument/didChange", change(2, json!([{ "text": "{}" }])));
    let second = ask(&mut session, first["resultId"].clone());
    assert_eq!(second["kind"], "full");
    assert_eq!(second["items"][0]["range"]["end"], json!({ "line": 0, "character": 1 }));
    // A client that has lost the response gets it again.
    assert_eq!(ask(&mut session, first["resultId"].clone())["kind"], "full");
    assert_eq!(session.tell("textDocument/didClose", json!({ "textDocument": { "uri": URI } })), [] as [Value; 0]);
}

#[test]
fn only_documents_that_look_like_definitions_are_linted() {
    let package = r#"{ "name": "x", "type": "module" }"#;
    let mut session = Session::full();
    assert_eq!(published(&session.open("file:///w/package.json", "json", package)), [""; 0]);
    assert_eq!(published(&session.open("untitled:Untitled-1", "json", "{}")), [""; 0]);
    // The file name, the language and the schema can declare a definition.
    let rules = |received: Vec<Value>| {
        published(&received)
            .into_iter()
            .map(|diagnostic| diagnostic.split(' ').next().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(rules(session.open("file:///w/x.connection.json", "json", package)), ["unknown-type"]);
    assert_eq!(rules(session.open("file:///w/X.Connections.JSONC", "json", package)), ["unknown-type"]);
    assert_eq!(rules(session.open("untitled:1", "streamlint", package)), ["unknown-type"]);
    let schema: Value = serde_json::from_str(crate::schema::published()[0].1).unwrap();
    let with_schema = package.replace("{ ", &format!("{{ \"$schema\": {}, ", schema["$id"]));
    assert_eq!(rules(session.open("file:///w/y.json", "json", &with_schema)), ["unknown-type"]);
    let mut session =
        Session::with(&json!({ "initializationOptions": { "skipUnrecognized": false }, "capabilities": {} }));
    assert_eq!(rules(session.open("file:///w/package.json", "json", package)), ["unknown-type"]);
}

#[test]
fn a_definition_remains_one_while_it_is_rewritten() {
    let mut session = Session::full();
    session.open(URI, "json", NEAR);
    let rewritten =
        session.tell("textDocument/didChange", change(2, json!([{ "text": "{ \"name\": \"a\", \"type\": \"\" }" }])));
    assert_eq!(published(&rewritten), ["unknown-type 0:23-0:25"]);
}

#[test]
fn the_language_replaces_a_missing_extension() {
    let commented = "// x\n{ \"name\": \"a\", \"type\": \"https\", \"url\": \"https://a.example.com\", }";
    let mut session = Session::full();
    for (uri, language) in [
        ("file:///w/a.jsonc", "json"),
        ("file:///w/a.json", "jsonc"),
        ("untitled:Untitled-1", "jsonc"),
        ("file:///w/a.json", "json5"),
        ("untitled:a.jsonc", ""),
        ("file:///c%3A/My%20Files/100%25/a%23b.jsonc", "jsonc"),
    ] {
        assert_eq!(published(&session.open(uri, language, commented)), ["unknown-type 1:23-1:30"], "{uri}");
    }
    assert_eq!(published(&session.open("file:///w/a.json", "json", commented)).len(), 3);
}

#[test]
fn texts_above_the_limits_get_one_diagnostic() {
    let mut session = Session::full();
    let long = format!("{}{}", NEAR, " ".repeat(crate::DEFAULT_SIZE_LIMIT));
    assert_eq!(published(&session.open("file:///w/a.connection.json", "json", &long)), ["too-deep 0:0-0:0"]);
    assert_eq!(published(&session.open("file:///w/b.json", "json", &long)), [""; 0]);
    let deep = format!("{}{}", NEAR.replace('}', ", \"x\": "), "[".repeat(100_000));
    assert!(published(&session.open("file:///w/c.connection.json", "json", &deep))[0].starts_with("too-deep"));
}
