//! `streamlint.toml` in an editor: found, read again, and open as a document.

use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{FULL, Session, published};
use crate::settings::finder::Choice;

const INSECURE: &str = r#"{ "name": "a", "type": "Https", "url": "http://a.example.com" }"#;

/// A folder with a repository in it, and the URI of a document there.
fn folder() -> (TempDir, String) {
    let folder = TempDir::new().unwrap();
    fs::create_dir_all(folder.path().join(".git")).unwrap();
    fs::create_dir_all(folder.path().join("my files")).unwrap();
    let uri = format!("file://{}/my%20files/a.json", folder.path().display());
    (folder, uri)
}

fn settings(folder: &TempDir, text: &str) {
    fs::write(folder.path().join("streamlint.toml"), text).unwrap();
}

fn changed(session: &mut Session) -> Vec<Value> {
    session.tell(
        "workspace/didChangeWatchedFiles",
        json!({ "changes": [{ "uri": "file:///x/streamlint.toml", "type": 2 }] }),
    )
}

#[test]
fn the_nearest_settings_apply_and_are_read_again_when_they_change() {
    let (folder, uri) = folder();
    settings(&folder, "[rules]\ninsecure-url = \"off\"\n");
    let mut session = Session::full();
    assert_eq!(published(&session.open(&uri, "json", INSECURE)), [""; 0]);
    settings(&folder, "[rules]\ninsecure-url = \"error\"\n");
    let received = changed(&mut session);
    assert_eq!(received[0]["params"]["diagnostics"][0]["severity"], 1);
    settings(&folder, "exclude = [\"my files/\"]\n");
    let saved = json!({ "textDocument": { "uri": "file:///x/streamlint.toml" } });
    assert_eq!(published(&session.tell("textDocument/didSave", saved)), [""; 0]);
    settings(&folder, "[[overrides]]\npaths = [\"my files/*\"]\nmode = \"update\"\n");
    assert_eq!(published(&changed(&mut session)), ["insecure-url 0:40-0:44"]);
    // Settings in an excluded folder do not apply.
    settings(&folder, "exclude = [\"my files/\"]\n");
    fs::write(folder.path().join("my files/streamlint.toml"), "").unwrap();
    assert_eq!(published(&changed(&mut session)), [""; 0]);
    fs::remove_file(folder.path().join("my files/streamlint.toml")).unwrap();
    // Baselines are ignored, even missing ones.
    settings(&folder, "baseline = \"known.json\"\n");
    assert_eq!(published(&changed(&mut session)), ["insecure-url 0:40-0:44"]);
    // Other files do not matter.
    let saved = json!({ "textDocument": { "uri": "file:///x/other.toml" } });
    assert_eq!(session.tell("textDocument/didSave", saved), [] as [Value; 0]);
}

#[test]
fn invalid_settings_are_shown_once_and_disable_linting() {
    let (folder, uri) = folder();
    settings(&folder, "rulez = 5\n");
    let mut session = Session::full();
    let received = session.open(&uri, "json", INSECURE);
    assert_eq!(received[0]["method"], "window/showMessage");
    let message = received[0]["params"]["message"].as_str().unwrap();
    assert!(message.contains("streamlint.toml: it has an error; "), "{message}");
    assert_eq!(published(&received), [""; 0]);
    let place = json!({ "textDocument": { "uri": uri }, "position": { "line": 0, "character": 3 } });
    for method in ["textDocument/hover", "textDocument/completion", "textDocument/documentSymbol"] {
        assert_eq!(session.ask(method, place.clone())["result"], Value::Null, "{method}");
    }
    assert_eq!(session.open(&uri.replace("a.json", "b.json"), "json", INSECURE).len(), 1);
    // The error is marked in the settings file.
    let settings_uri = format!("file://{}/streamlint.toml", folder.path().display());
    let received = session.open(&settings_uri, "toml", "# x\nrulez = 5\n");
    let found = &received[0]["params"]["diagnostics"][0];
    assert_eq!(found["range"]["start"], json!({ "line": 1, "character": 0 }));
    assert!(found["message"].as_str().unwrap().contains("unknown key"), "{found}");
    settings(&folder, "");
    assert_eq!(changed(&mut session).len(), 3);
    // An error that comes back is shown again.
    settings(&folder, "rulez = 5\n");
    assert_eq!(changed(&mut session)[0]["method"], "window/showMessage");
    // A file with another name has no settings.
    let other = format!("file://{}/my-streamlint.toml", folder.path().display());
    assert_eq!(published(&session.open(&other, "toml", "rulez = 5\n")), [""; 0]);
}

#[test]
fn untitled_documents_belong_to_the_open_folder() {
    let (folder, _) = folder();
    settings(&folder, "[[overrides]]\npaths = [\"Untitled-*\"]\nrules.insecure-url = \"off\"\n");
    let root = format!("file://{}", folder.path().display());
    let named = json!({ "capabilities": {}, "workspaceFolders": [{ "uri": "git:/x", "name": "y" }, { "uri": root, "name": "x" }] });
    for parameters in [named, json!({ "capabilities": {}, "rootUri": root })] {
        let mut session = Session::with(&parameters);
        assert_eq!(published(&session.open("untitled:Untitled-1", "json", INSECURE)), [""; 0]);
        let event = json!({ "added": [], "removed": [{ "uri": root, "name": "x" }] });
        let received = session.tell("workspace/didChangeWorkspaceFolders", json!({ "event": event }));
        assert_eq!(published(&received), ["insecure-url 0:40-0:44"]);
        let event = json!({ "added": [{ "uri": root, "name": "x" }], "removed": [] });
        let received = session.tell("workspace/didChangeWorkspaceFolders", json!({ "event": event }));
        assert_eq!(published(&received), [""; 0]);
    }
}

#[test]
fn clients_watch_files_and_refresh_if_they_can() {
    let mut session = Session::new();
    session.ask("initialize", serde_json::from_str(FULL).unwrap());
    let received = session.tell("initialized", json!({}));
    assert_eq!(received[0]["method"], "client/registerCapability");
    let watchers = &received[0]["params"]["registrations"][0]["registerOptions"]["watchers"];
    assert_eq!(watchers[0], json!({ "globPattern": "**/streamlint.toml" }));
    let mut session = Session::new();
    session.ask("initialize", json!({ "capabilities": { "textDocument": { "diagnostic": {} }, "workspace": { "diagnostics": { "refreshSupport": true } } } }));
    assert_eq!(session.tell("initialized", json!({})), [] as [Value; 0]);
    session.open("file:///w/a.json", "json", INSECURE);
    let ask = |session: &mut Session, previous: &Value| {
        let params = json!({ "textDocument": { "uri": "file:///w/a.json" }, "previousResultId": previous });
        session.ask("textDocument/diagnostic", params)["result"].clone()
    };
    let first = ask(&mut session, &Value::Null);
    assert_eq!(changed(&mut session)[0]["method"], "workspace/diagnostic/refresh");
    // A client that has lost the response gets it again.
    assert_eq!(ask(&mut session, &first["resultId"])["kind"], "full");
    assert_eq!(ask(&mut session, &first["resultId"])["kind"], "full");
    let mut session = Session::with(&json!({ "capabilities": { "textDocument": { "diagnostic": {} } } }));
    session.open("file:///w/a.json", "json", INSECURE);
    assert_eq!(changed(&mut session), [] as [Value; 0]);
}

#[test]
fn settings_from_the_option_apply_to_all_documents() {
    let (folder, uri) = folder();
    settings(&folder, "[rules]\ninsecure-url = \"off\"\n");
    let named = folder.path().join("editor.toml");
    fs::write(&named, "[rules]\ninsecure-url = \"info\"\n").unwrap();
    let mut session = Session::with_settings(Choice::File(named.clone()));
    session.ask("initialize", serde_json::from_str(FULL).unwrap());
    let received = session.tell("initialized", json!({}));
    let watchers = &received[0]["params"]["registrations"][0]["registerOptions"]["watchers"];
    assert_eq!(watchers[0], json!({ "globPattern": "**/editor.toml" }));
    let severity = |received: &[Value]| received[0]["params"]["diagnostics"][0]["severity"].clone();
    assert_eq!(severity(&session.open(&uri, "json", INSECURE)), 3);
    fs::write(&named, "[rules]\ninsecure-url = \"error\"\n").unwrap();
    let changes = json!({ "changes": [{ "uri": format!("file://{}", named.display()), "type": 2 }] });
    assert_eq!(severity(&session.tell("workspace/didChangeWatchedFiles", changes)), 1);
}

#[test]
fn policies_apply_and_are_read_again_when_they_change() {
    let (folder, uri) = folder();
    settings(&folder, "[[policies]]\nname = \"own\"\nschema = \"policies/own.json\"\nmessage = \"not so\"\n");
    fs::create_dir(folder.path().join("policies")).unwrap();
    let policy = |text: &str| fs::write(folder.path().join("policies/own.json"), text).unwrap();
    let own = format!("file://{}/policies/own.json", folder.path().display());
    policy(r#"{ "properties": { "url": { "pattern": "^https://" } } }"#);
    let mut session = Session::full();
    assert_eq!(published(&session.open(&uri, "json", INSECURE)), ["policy/own 0:39-0:61", "insecure-url 0:40-0:44"]);
    policy("{}");
    let saved = json!({ "textDocument": { "uri": own } });
    assert_eq!(published(&session.tell("textDocument/didSave", saved)), ["insecure-url 0:40-0:44"]);
    policy(r#"{ "required": ["headers"] }"#);
    let event = json!({ "changes": [{ "uri": own, "type": 2 }] });
    let rewritten = |session: &mut Session| session.tell("workspace/didChangeWatchedFiles", event.clone());
    assert_eq!(published(&rewritten(&mut session)), ["policy/own 0:0-0:1", "insecure-url 0:40-0:44"]);
    // The command that explains a policy shows its page.
    let asked = json!({ "command": "streamlint.explain", "arguments": ["policy/own"] });
    let page = session.ask("workspace/executeCommand", asked)["result"].clone();
    assert!(page.as_str().unwrap().contains("not so"), "{page}");
    // An error in a policy stops linting, and its message has the position.
    policy("{ \"type\": 5 }");
    let received = rewritten(&mut session);
    let message = received.iter().find(|message| message["method"] == "window/showMessage").unwrap();
    assert!(message["params"]["message"].as_str().unwrap().contains("own.json:1:11: "), "{message}");
    assert_eq!(published(&received), [""; 0]);
}
