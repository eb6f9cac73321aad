//! How sessions begin and end, and what clients get wrong on the way.

use serde_json::{Value, json};

use super::{FULL, Session, URI, published};
use crate::cli::lsp::server::Next;
use crate::cli::lsp::wire::Incoming;

const NEAR: &str = r#"{ "name": "a", "type": "https", "url": "https://a.example.com" }"#;

#[allow(clippy::needless_pass_by_value, reason = "`json!` makes values")]
fn change(version: i32, changes: Value) -> Value {
    json!({ "textDocument": { "uri": URI, "version": version }, "contentChanges": changes })
}

/// Whether a warning for the log came, and nothing else.
fn is_only_logged(messages: &[Value]) -> bool {
    matches!(messages, [one] if one["method"] == "window/logMessage" && one["params"]["type"] == 2)
}

#[test]
fn nothing_is_answered_before_initialize() {
    let mut session = Session::new();
    assert_eq!(session.ask("textDocument/hover", json!({}))["error"], -32002);
    assert_eq!(session.ask("shutdown", Value::Null)["error"], -32002);
    assert_eq!(session.open(URI, "json", NEAR), [] as [Value; 0]);
    let answer = session.ask("initialize", json!({ "capabilities": {} }));
    assert_eq!(answer["result"]["serverInfo"]["name"], "streamlint");
    let document = json!({ "textDocument": { "uri": URI } });
    assert_eq!(session.ask("textDocument/documentSymbol", document)["result"], Value::Null);
    assert_eq!(session.ask("initialize", json!({}))["error"], -32600);
    assert_eq!(session.ask("textDocument/hover", json!({}))["error"], -32602);
}

#[test]
fn what_the_client_can_decides_what_is_offered() {
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
fn a_session_ends_with_shutdown_and_then_exit() {
    let exit = || Incoming::Message(serde_json::from_value(json!({ "method": "exit" })).unwrap());
    for says_goodbye in [true, false] {
        let mut session = Session::full();
        if says_goodbye {
            assert_eq!(session.ask("shutdown", Value::Null)["result"], Value::Null);
            assert_eq!(session.ask("textDocument/hover", json!({}))["error"], -32600);
            assert_eq!(session.ask("shutdown", Value::Null)["error"], -32600);
            assert_eq!(session.open(URI, "json", NEAR), [] as [Value; 0]);
        }
        assert_eq!(session.server.take(vec![exit()]).unwrap(), Next::Exit);
        assert_eq!(session.server.said_goodbye(), says_goodbye);
    }
    assert_eq!(Session::new().server.take(vec![exit()]).unwrap(), Next::Exit);
}

#[test]
fn unknown_methods_are_refused_and_unknown_notifications_passed_over() {
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
fn parameters_of_another_shape_are_told_without_what_they_hold() {
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
        let answer = session.ask(method, secret.clone());
        assert_eq!(answer["error"], -32602, "{method}");
        assert!(!answer.to_string().contains("zq1"), "{answer}");
    }
    for method in ["textDocument/didOpen", "textDocument/didChange", "textDocument/didClose"] {
        let said = session.tell(method, secret.clone());
        assert!(is_only_logged(&said) && !said[0].to_string().contains("zq1"), "{method}: {said:?}");
    }
    assert_eq!(session.send(&[json!([])]), [json!("broken")]);
}

#[test]
fn documents_that_are_not_open_have_nothing_to_say() {
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
fn of_a_document_that_is_opened_twice_the_second_text_counts() {
    let mut session = Session::full();
    assert_eq!(published(&session.open(URI, "json", NEAR)), ["unknown-type 0:23-0:30"]);
    let again = session.open(URI, "json", &NEAR.replace("https\"", "Https\""));
    assert!(is_only_logged(&again[..1]));
    assert_eq!(published(&again), [""; 0]);
}

#[test]
fn closing_takes_the_findings_away() {
    let mut session = Session::full();
    session.open(URI, "json", NEAR);
    let closed = session.tell("textDocument/didClose", json!({ "textDocument": { "uri": URI } }));
    assert_eq!(published(&closed), [""; 0]);
    assert_eq!(closed.len(), 1);
}

#[test]
fn edits_are_applied_in_their_order_and_the_newest_version_is_judged() {
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
    // Behind the end, before the start, the end first: nothing is left, and that is told.
    let received = session.send(&[edit(4, json!([at((99, 0), (0, 900), "\n"), at((1, 0), (0, -5), "")]))]);
    assert_eq!(published(&received), ["syntax-error 0:0-0:0"]);
    let whole = session.tell("textDocument/didChange", change(5, json!([{ "text": NEAR }, at((0, -7), (0, 0), "\n")])));
    assert_eq!(published(&whole), ["unknown-type 1:23-1:30"]);
    // A client that says no version, and one that goes back, mean their latest text.
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
fn a_request_that_was_cancelled_is_not_looked_at() {
    let mut session = Session::full();
    session.open(URI, "json", NEAR);
    let symbols = session.request("textDocument/documentSymbol", json!({ "textDocument": { "uri": URI } }));
    let other = session.request("textDocument/documentSymbol", json!({ "textDocument": { "uri": URI } }));
    let cancel = |id: Value| json!({ "method": "$/cancelRequest", "params": { "id": id } });
    let received = session.send(&[symbols.clone(), other, cancel(symbols["id"].clone())]);
    assert_eq!(received[0]["error"], -32800);
    assert!(received[1]["result"].is_array());
    // Too late, for nothing, and for nobody.
    assert_eq!(
        session.send(&[cancel(symbols["id"].clone()), cancel(json!("x")), cancel(Value::Null)]),
        [] as [Value; 0]
    );
}

#[test]
fn diagnostics_are_sent_to_those_who_do_not_ask_and_given_to_those_who_do() {
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
    // A client that has dropped this answer is given it again.
    assert_eq!(ask(&mut session, first["resultId"].clone())["kind"], "full");
    assert_eq!(session.tell("textDocument/didClose", json!({ "textDocument": { "uri": URI } })), [] as [Value; 0]);
}

#[test]
fn only_what_looks_like_a_definition_is_judged() {
    let package = r#"{ "name": "x", "type": "module" }"#;
    let mut session = Session::full();
    assert_eq!(published(&session.open("file:///w/package.json", "json", package)), [""; 0]);
    assert_eq!(published(&session.open("untitled:Untitled-1", "json", "{}")), [""; 0]);
    // Whoever says what it is, is believed.
    let rules = |said: Vec<Value>| {
        published(&said).into_iter().map(|told| told.split(' ').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(rules(session.open("file:///w/x.connection.json", "json", package)), ["unknown-type"]);
    assert_eq!(rules(session.open("file:///w/X.Connections.JSONC", "json", package)), ["unknown-type"]);
    assert_eq!(rules(session.open("untitled:1", "streamlint", package)), ["unknown-type"]);
    let with_schema =
        package.replace("{ ", "{ \"$schema\": \"https://streamlint.dev/schemas/connection.schema.json\", ");
    assert_eq!(rules(session.open("file:///w/y.json", "json", &with_schema)), ["unknown-type"]);
    let mut session =
        Session::with(&json!({ "initializationOptions": { "skipUnrecognized": false }, "capabilities": {} }));
    assert_eq!(rules(session.open("file:///w/package.json", "json", package)), ["unknown-type"]);
}

#[test]
fn what_was_a_definition_stays_one_while_it_is_rewritten() {
    let mut session = Session::full();
    session.open(URI, "json", NEAR);
    let rewritten =
        session.tell("textDocument/didChange", change(2, json!([{ "text": "{ \"name\": \"a\", \"type\": \"\" }" }])));
    assert_eq!(published(&rewritten), ["unknown-type 0:23-0:25"]);
}

#[test]
fn the_language_says_how_a_document_is_written_where_its_name_does_not() {
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
fn texts_beyond_what_is_read_are_told_once() {
    let mut session = Session::full();
    let long = format!("{}{}", NEAR, " ".repeat(crate::DEFAULT_SIZE_LIMIT));
    assert_eq!(published(&session.open("file:///w/a.connection.json", "json", &long)), ["too-deep 0:0-0:0"]);
    assert_eq!(published(&session.open("file:///w/b.json", "json", &long)), [""; 0]);
    let deep = format!("{}{}", NEAR.replace('}', ", \"x\": "), "[".repeat(100_000));
    assert!(published(&session.open("file:///w/c.connection.json", "json", &deep))[0].starts_with("too-deep"));
}
