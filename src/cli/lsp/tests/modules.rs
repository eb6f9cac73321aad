//! Terraform modules: declarations in the other files of a folder, on disk or in the editor.

use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{FULL, Session, published};

const MAIN: &str = r#"resource "mongodbatlas_stream_connection" "orders" {
  project_id        = var.project_id
  workspace_name    = "analytics"
  connection_name   = "orders"
  type              = "Kafka"
  bootstrap_servers = local.servers
  authentication = {
    mechanism = "PLAIN"
    username  = "u"
    password  = var.password
  }
  security = {
    protocol = var.protocol
  }
}
"#;

const VARIABLES: &str = r#"variable "project_id" {}
variable "password" {}
variable "protocol" { default = "SASL_SSL" }
"#;

/// A folder with these files, and the URI of one there.
fn module(files: &[(&str, &str)]) -> (TempDir, impl Fn(&str) -> String + use<>) {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join(".git")).unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let root = format!("file://{}", folder.path().display());
    (folder, move |name| format!("{root}/{name}"))
}

/// The diagnostics that these messages publish for one document.
fn of(uri: &str, messages: &[Value]) -> Vec<String> {
    let of_document = messages.iter().filter(|message| message["params"]["uri"] == uri).cloned().collect::<Vec<_>>();
    published(&of_document)
}

fn change(session: &mut Session, uri: &str, text: &str) -> Vec<Value> {
    let document = json!({ "uri": uri, "version": 2 });
    session.tell("textDocument/didChange", json!({ "textDocument": document, "contentChanges": [{ "text": text }] }))
}

#[test]
fn variables_of_other_files_are_resolved() {
    let locals = "locals { servers = \"b.example.com\" }";
    let (folder, uri) = module(&[("variables.tf", VARIABLES), ("locals.tf", locals), ("a.txt", "")]);
    let mut session = Session::full();
    let main = uri("main.tf");
    assert_eq!(of(&main, &session.open(&main, "terraform", MAIN)), ["missing-port 5:22-5:35"]);

    // The client reports changes on disk.
    fs::write(folder.path().join("locals.tf"), "locals { servers = \"b.example.com:9092\" }").unwrap();
    assert_eq!(of(&main, &change(&mut session, &main, &format!("# x\n{MAIN}"))), ["missing-port 6:22-6:35"]);
    let changes = json!({ "changes": [{ "uri": uri("a.txt"), "type": 2 }, { "uri": uri("locals.tf"), "type": 2 }] });
    assert_eq!(of(&main, &session.tell("workspace/didChangeWatchedFiles", changes)), [""; 0]);
    fs::remove_file(folder.path().join("locals.tf")).unwrap();
    fs::write(folder.path().join("terraform.tfvars"), "protocol = \"SASL_SSL\"").unwrap();
    let saved = json!({ "textDocument": { "uri": uri("terraform.tfvars") } });
    assert_eq!(of(&main, &session.tell("textDocument/didSave", saved)), [""; 0]);
    let other = json!({ "textDocument": { "uri": uri("a.txt") } });
    assert_eq!(session.tell("textDocument/didSave", other), [] as [Value; 0]);
}

#[test]
fn the_text_in_the_editor_replaces_the_file_and_affects_other_documents() {
    let (folder, uri) = module(&[("variables.tf", VARIABLES), ("main.tf", "not even read"), ("sub.tf", "")]);
    let mut session = Session::full();
    let (main, variables) = (uri("main.tf"), uri("variables.tf"));
    assert_eq!(of(&main, &session.open(&main, "terraform", MAIN)), [""; 0]);
    let wrong = VARIABLES.replace("SASL_SSL", "sasl_ssl");
    let received = session.open(&variables, "terraform", &wrong);
    assert_eq!(of(&main, &received), ["unknown-value 12:15-12:27"]);
    assert_eq!(of(&variables, &received), [""; 0]);
    assert_eq!(of(&main, &change(&mut session, &variables, VARIABLES)), [""; 0]);
    assert_eq!(of(&main, &change(&mut session, &variables, &wrong)), ["unknown-value 12:15-12:27"]);
    // It was not saved.
    let close = json!({ "textDocument": { "uri": variables } });
    assert_eq!(of(&main, &session.tell("textDocument/didClose", close.clone())), [""; 0]);
    // It was saved, and the client has not reported it.
    session.open(&variables, "terraform", VARIABLES);
    fs::write(folder.path().join("variables.tf"), wrong).unwrap();
    assert_eq!(of(&main, &session.tell("textDocument/didClose", close)), ["unknown-value 12:15-12:27"]);
}

#[test]
fn a_folder_is_a_module_and_an_untitled_document_has_none() {
    let wrong = VARIABLES.replace("SASL_SSL", "sasl_ssl");
    let (_folder, uri) = module(&[("variables.tf", &wrong)]);
    let mut session = Session::full();
    let untitled = session.open("untitled:main.tf", "terraform", MAIN);
    assert_eq!(of("untitled:main.tf", &untitled), [""; 0]);
    let main = uri("main.tf");
    assert_eq!(of(&main, &session.open(&main, "terraform", MAIN)), ["unknown-value 12:15-12:27"]);
    let elsewhere = uri("elsewhere/main.tf");
    let received = session.open(&elsewhere, "terraform", MAIN);
    assert_eq!((of(&elsewhere, &received).len(), received.len()), (0, 1), "{received:?}");
    // Unaffected documents are not published again.
    let json = uri("a.json");
    let received = session.open(&json, "json", "{}");
    assert_eq!(received.len(), 1, "{received:?}");
}

#[test]
fn a_client_that_requests_diagnostics_refreshes_them_for_the_module() {
    let mut parameters = serde_json::from_str::<Value>(FULL).unwrap();
    parameters["capabilities"]["textDocument"]["diagnostic"] = json!({});
    let mut session = Session::new();
    let response = session.ask("initialize", parameters);
    assert_eq!(response["result"]["capabilities"]["diagnosticProvider"]["interFileDependencies"], true);
    let received = session.tell("initialized", json!({}));
    let watched = received[0]["params"]["registrations"][0]["registerOptions"]["watchers"][1]["globPattern"].as_str();
    assert!(watched.unwrap().contains("tfvars"), "{received:?}");
    let (folder, uri) = module(&[("variables.tf", VARIABLES)]);
    let main = uri("main.tf");
    session.open(&main, "terraform", MAIN);
    let ask = json!({ "textDocument": { "uri": main } });
    let first = session.ask("textDocument/diagnostic", ask.clone());
    assert_eq!(first["result"]["items"], json!([]));
    fs::write(folder.path().join("variables.tf"), VARIABLES.replace("SASL_SSL", "sasl_ssl")).unwrap();
    let changes = json!({ "changes": [{ "uri": uri("variables.tf"), "type": 2 }] });
    let received = session.tell("workspace/didChangeWatchedFiles", changes);
    assert_eq!(received[0]["method"], "workspace/diagnostic/refresh");
    let mut again = ask;
    again["previousResultId"] = first["result"]["resultId"].clone();
    // A client that has lost the response gets it again.
    for _ in 0..2 {
        let response = session.ask("textDocument/diagnostic", again.clone());
        assert_eq!(response["result"]["items"][0]["code"], "unknown-value");
    }
}
