//! Features in Terraform, YAML, Kubernetes and CloudFormation documents.

use serde_json::{Value, json};

use super::{Session, published};

const TERRAFORM: &str = r#"resource "mongodbatlas_stream_connection" "orders" {
  project_id      = var.project_id
  workspace_name  = "analytics"
  connection_name = "orders"
  type            = "Kafka"
  bootstrap_servers = "broker.example.com:9092"
  authentication = {
    mechanism = "PLAIN"
    username  = "u"
    password  = var.password
  }
  security = {
    protocol = "sasl_ssl"
  }
}
"#;

const YAML: &str = "- name: orders
  type: Kafka
  bootstrapServers: broker.example.com:9092
  authentication: { mechanism: PLAIN, username: u, password: \"${P}\" }
  security:
    protocol: sasl_ssl
";

const KUBERNETES: &str = "apiVersion: atlas.mongodb.com/v1
kind: AtlasStreamConnection
metadata:
  name: orders
spec:
  name: orders
  type: Kafka
  kafkaConfig:
    bootstrapServers: broker.example.com:9092
    authentication: { mechanism: PLAIN, credentials: { name: x, namespace: y } }
    security:
      protocol: ssl
";

const CLOUDFORMATION: &str = "Resources:
  Orders:
    Type: MongoDB::Atlas::StreamConnection
    Properties:
      ProjectId: 65f1c0ffee0123456789abcd
      WorkspaceName: analytics
      ConnectionName: orders
      Type: Kafka
      BootstrapServers: broker.example.com:9092
      Authentication: { Mechanism: PLAIN, Username: u, Password: !Ref Password }
      Security:
        Protocol: sasl_ssl
";

const ALL: [(&str, &str, &str); 4] = [
    ("file:///w/main.tf", "terraform", TERRAFORM),
    ("file:///w/orders.yaml", "yaml", YAML),
    ("file:///w/manifest.yaml", "yaml", KUBERNETES),
    ("file:///w/template.yaml", "yaml", CLOUDFORMATION),
];

/// Opens a document with the cursor at the `|`.
fn open(uri: &str, language: &str, text: &str) -> (Session, Value) {
    let mut session = Session::full();
    let at = text.find('|').unwrap();
    session.open(uri, language, &text.replacen('|', "", 1));
    let start = text[..at].rfind('\n').map_or(0, |at| at + 1);
    let position = json!({ "line": text[..at].matches('\n').count(), "character": at - start });
    (session, json!({ "textDocument": { "uri": uri }, "position": position }))
}

/// The texts that completions at the `|` insert.
fn completions(uri: &str, language: &str, text: &str) -> Vec<String> {
    let (mut session, there) = open(uri, language, text);
    let result = session.ask("textDocument/completion", there)["result"].clone();
    let items = result["items"].as_array().cloned().unwrap_or_default();
    items.iter().map(|item| item["textEdit"]["newText"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn every_dialect_has_diagnostics_hovers_and_symbols() {
    for (uri, language, text) in ALL {
        let mut session = Session::full();
        let found = published(&session.open(uri, language, text));
        assert!(found.last().is_some_and(|last| last.starts_with("unknown-value ")), "{uri}: {found:?}");
        let symbols = session.ask("textDocument/documentSymbol", json!({ "textDocument": { "uri": uri } }));
        assert_eq!(
            (&symbols["result"][0]["name"], &symbols["result"][0]["detail"]),
            (&json!("orders"), &json!("Kafka")),
            "{uri}"
        );
        let word = if text.contains("bootstrap_servers") { "bootstrap_s" } else { "ootstrapS" };
        let (mut session, there) = open(uri, language, &text.replacen(word, &format!("{word}|"), 1));
        let content = session.ask("textDocument/hover", there)["result"]["contents"]["value"].clone();
        assert!(content.as_str().unwrap().starts_with("**Bootstrap servers**"), "{uri}: {content}");
    }
}

#[test]
fn the_language_selects_the_syntax_of_untitled_documents() {
    let terraform = ["terraform", "opentofu", "hcl"].map(|language| (language, TERRAFORM));
    for (language, text) in terraform.into_iter().chain([("yaml", YAML)]) {
        let found = published(&Session::full().open("untitled:Untitled-1", language, text));
        assert!(found.last().is_some_and(|last| last.starts_with("unknown-value ")), "{language}: {found:?}");
    }
}

#[test]
fn ignores_are_comments_above_the_line() {
    for (uri, language, text) in ALL {
        let mut session = Session::full();
        session.open(uri, language, text);
        let line = text.lines().position(|line| line.to_ascii_lowercase().contains("protocol")).unwrap();
        let place = json!({ "line": line, "character": 25 });
        let range = json!({ "start": place, "end": place });
        let context = json!({ "diagnostics": [], "only": ["quickfix"] });
        let params = json!({ "textDocument": { "uri": uri }, "range": range, "context": context });
        let actions = session.ask("textDocument/codeAction", params)["result"].clone();
        let ignore =
            actions.as_array().unwrap().iter().find(|one| one["title"] == "Ignore `unknown-value` here").unwrap();
        let edit = &ignore["edit"]["documentChanges"][0]["edits"][0];
        let text = edit["newText"].as_str().unwrap();
        assert_eq!(text.trim_start(), "# streamlint-ignore[unknown-value]: \n", "{uri}");
        assert_eq!(edit["range"]["start"], json!({ "line": line, "character": 0 }), "{uri}");
    }
}

#[test]
fn terraform_is_completed_with_its_own_names() {
    let tf = |text: &str| completions("file:///w/main.tf", "terraform", text);
    let fields = tf(&TERRAFORM.replacen("  bootstrap_servers = \"broker.example.com:9092\"", "  |", 1));
    assert_eq!(fields, ["bootstrap_servers = \"$1\"", "config = { $1 }", "networking = { $1 }"]);
    // The provider has no field for certificates here.
    let inside = tf(&TERRAFORM.replacen("    mechanism = \"PLAIN\"", "    mech|", 1));
    assert!(inside.contains(&"token_endpoint_url = \"$1\"".to_owned()), "{inside:?}");
    assert!(!inside.iter().any(|text| text.contains("ssl_")), "{inside:?}");
    assert_eq!(tf(&TERRAFORM.replacen("\"sasl_ssl\"", "|", 1))[0], "\"SASL_SSL\"");
    assert_eq!(tf(&TERRAFORM.replacen(" \"sasl_ssl\"", "|", 1))[0], " \"SASL_SSL\"");
    assert_eq!(tf(&TERRAFORM.replacen("sasl_ssl", "sasl|", 1))[0], "\"SASL_SSL\"");
    let settings = tf(&TERRAFORM.replacen("  security = {", "  config = {\n    |\n  }\n  security = {", 1));
    assert!(settings.contains(&"\"auto.offset.reset\" = \"$1\"".to_owned()), "{settings:?}");
    let untitled = completions("untitled:Untitled-1", "terraform", &TERRAFORM.replacen("\"sasl_ssl\"", "|", 1));
    assert_eq!(untitled.len(), 3);
}

#[test]
fn yaml_is_completed_by_its_indentation() {
    let yaml = |text: &str| completions("file:///w/orders.yaml", "yaml", text);
    assert_eq!(yaml(&format!("{YAML}  |")), ["config:\n  $1", "networking:\n  $1"]);
    assert_eq!(yaml(&format!("{YAML}  net|\n")), ["config:\n  $1", "networking:\n  $1"]);
    assert_eq!(yaml(&format!("{YAML}    |")), ["brokerPublicCertificate: $1"]);
    assert_eq!(yaml(&YAML.replacen("sasl_ssl", "|", 1))[0], "SASL_SSL");
    assert_eq!(yaml(&YAML.replacen("sasl_ssl", "\"SA|", 1))[0], "\"SASL_SSL\"");
    assert_eq!(yaml("- name: a\n  type: SchemaRegistry\n  schema|\n")[1], "schemaRegistryUrls:\n  - $1");
    assert!(yaml("services:\n  web:\n    |").is_empty());
}

#[test]
fn manifests_and_templates_are_completed_with_their_own_names() {
    let manifest = |text: &str| completions("file:///w/manifest.yaml", "yaml", text);
    assert_eq!(manifest(&format!("{KUBERNETES}    |")), ["config:\n  $1"]);
    assert_eq!(manifest(&KUBERNETES.replacen("protocol: ssl", "protocol: |", 1)), ["SSL", "PLAINTEXT"]);
    let (spec, _) = KUBERNETES.split_once("  kafkaConfig").unwrap();
    assert_eq!(manifest(&format!("{spec}  |")), ["kafkaConfig:\n  $1"]);
    let (mut session, there) = open("file:///w/manifest.yaml", "yaml", &format!("{spec}  |"));
    let offered = session.ask("textDocument/completion", there)["result"]["items"][0].clone();
    assert_eq!((&offered["label"], &offered["detail"]), (&json!("kafkaConfig"), &json!("required")));
    // The examples of whole connections are too long.
    assert!(!offered["documentation"].to_string().contains("For example"), "{offered}");
    let template = |text: &str| completions("file:///w/template.yaml", "yaml", text);
    assert_eq!(template(&format!("{CLOUDFORMATION}      |")), ["Config:\n  $1", "Networking:\n  $1"]);
    assert_eq!(template(&CLOUDFORMATION.replacen("sasl_ssl", "|", 1)).len(), 3);
    let json = r#"{ "Resources": { "O": { "Type": "MongoDB::Atlas::StreamConnection", "Properties": { "Type": "Kafka", | } } } }"#;
    let json = completions("file:///w/template.json", "json", json);
    assert!(json.contains(&"\"BootstrapServers\": \"$1\"".to_owned()), "{json:?}");
}

#[test]
fn missing_fields_are_completed_in_the_spelling_of_the_dialect() {
    let offered = |uri: &str, language: &str, text: &str| {
        let (mut session, there) = open(uri, language, text);
        let result = session.ask("textDocument/completion", there)["result"].clone();
        let items = result["items"].as_array().cloned().unwrap_or_default();
        let required = items.into_iter().filter(|item| item["detail"] == "required");
        required.map(|item| item["label"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let terraform = "resource \"mongodbatlas_stream_connection\" \"a\" {\n  project_id = \"65f1c0ffee0123456789abcd\"\n  type = \"Kafka\"\n  |\n}\n";
    assert_eq!(
        offered("file:///w/a.tf", "terraform", terraform),
        ["workspace_name", "connection_name", "bootstrap_servers", "authentication", "security"]
    );
    let template =
        "Resources:\n  A:\n    Type: MongoDB::Atlas::StreamConnection\n    Properties:\n      Type: Kafka\n      |\n";
    let template = offered("file:///w/a.yaml", "yaml", template);
    for key in ["ProjectId", "ConnectionName", "BootstrapServers", "Authentication", "Security", "WorkspaceName"] {
        assert!(template.iter().any(|offered| offered == key), "{key}: {template:?}");
    }
    let inside = r#"{ "name": "a", "type": "Kafka", "authentication": { "mechanism": "PLAIN", | } }"#;
    assert_eq!(offered("file:///w/a.json", "json", inside), ["username", "password"]);
}

#[test]
fn blocks_of_markdown_have_diagnostics_hovers_and_fixes() {
    let text = "# x\n\n- a\n\n  ```json\n  { \"name\": \"a\", \"type\": \"https\", \"url\": \"https://a.example.com\" }\n  ```\n";
    for (uri, language) in [("file:///w/README.md", "markdown"), ("file:///w/a.mdx", "mdx"), ("untitled:1", "markdown")]
    {
        let mut session = Session::full();
        let received = session.open(uri, language, text);
        assert_eq!(published(&received), ["unknown-type 5:25-5:32"], "{uri}");
        let at = json!({ "textDocument": { "uri": uri }, "position": { "line": 5, "character": 28 } });
        let hover = session.ask("textDocument/hover", at.clone());
        assert!(hover["result"]["contents"]["value"].as_str().unwrap().contains("type"), "{hover}");
        assert_eq!(session.ask("textDocument/completion", at)["result"], Value::Null);
        let range = json!({ "start": { "line": 5, "character": 25 }, "end": { "line": 5, "character": 32 } });
        let params = json!({ "textDocument": { "uri": uri }, "range": range, "context": { "diagnostics": [] } });
        let actions = session.ask("textDocument/codeAction", params);
        assert!(actions.to_string().contains("\"newText\":\"\\\"Https\\\"\""), "{actions}");
        assert!(actions.to_string().contains("streamlint-ignore[unknown-type]"), "{actions}");
    }
}

#[test]
fn bodies_in_scripts_have_diagnostics_hovers_and_fixes() {
    let text = "curl -X POST \"$BASE/streams/ws/connections\" \\\n  -d '{ \"name\": \"a\", \"type\": \"https\", \"url\": \"https://a.example.com\" }'\n";
    for (uri, language) in
        [("file:///w/a.sh", "shellscript"), ("file:///w/a.bash", "sh"), ("untitled:1", "shellscript")]
    {
        let mut session = Session::full();
        let received = session.open(uri, language, text);
        assert_eq!(published(&received), ["unknown-type 1:29-1:36"], "{uri}");
        let at = json!({ "textDocument": { "uri": uri }, "position": { "line": 1, "character": 32 } });
        let hover = session.ask("textDocument/hover", at.clone());
        assert!(hover["result"]["contents"]["value"].as_str().unwrap().contains("type"), "{hover}");
        assert_eq!(session.ask("textDocument/completion", at)["result"], Value::Null);
        let range = json!({ "start": { "line": 1, "character": 29 }, "end": { "line": 1, "character": 36 } });
        let params = json!({ "textDocument": { "uri": uri }, "range": range, "context": { "diagnostics": [] } });
        let actions = session.ask("textDocument/codeAction", params);
        assert!(actions.to_string().contains("\"newText\":\"\\\"Https\\\"\""), "{actions}");
        assert!(actions.to_string().contains("streamlint-ignore[unknown-type]"), "{actions}");
    }
}
