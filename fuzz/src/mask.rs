//! The target that looks for secrets in output.

use streamlint::{Config, Format, Linter, Source, Style};

const SECRET: &str = "hunter2zq";

/// Definitions with secrets in the fields for secrets.
const DEFINITIONS: [(&str, &str); 4] = [
    (
        "kafka.json",
        r#"{
  "name": "orders",
  "type": "Kafka",
  "bootstrapServers": "broker.example.com:9092",
  "authentication": { "mechanism": "PLAIN", "username": "atlas", "password": "hunter2zq" },
  "security": { "protocol": "SASL_SSL" },
  "config": { "auto.offset.reset": "earliest" }
}
"#,
    ),
    (
        "https.yaml",
        "name: hook\ntype: Https\nurl: https://api.example.com/v1\nheaders:\n  Authorization: Bearer hunter2zq\n  X-Api-Key: hunter2zq\n",
    ),
    (
        "main.tf",
        r#"resource "mongodbatlas_stream_connection" "orders" {
  project_id        = var.project_id
  workspace_name    = "prod"
  connection_name   = "orders"
  type              = "Kafka"
  bootstrap_servers = "broker.example.com:9092"
  authentication = {
    mechanism = "SCRAM-512"
    username  = "atlas"
    password  = "hunter2zq"
  }
  security = { protocol = "SASL_SSL" }
}
"#,
    ),
    (
        "registry.json",
        r#"[{ "name": "registry", "type": "SchemaRegistry", "provider": "CONFLUENT", "schemaRegistryUrls": ["https://sr.example.com"],
  "schemaRegistryAuthentication": { "type": "USER_INFO", "username": "atlas", "password": "hunter2zq" } }]
"#,
    ),
];

/// More edits could turn a secret into a name or another public value.
const MOST_EDITS: usize = 4;

/// Applies edits of four bytes each: an offset, an operation, and an ASCII character. No edit changes a secret.
fn damaged(text: &str, edits: &[u8]) -> String {
    let mut text = text.to_owned();
    for edit in edits.chunks_exact(4).take(MOST_EDITS) {
        let at = usize::from(u16::from_le_bytes([edit[0], edit[1]])) % text.len();
        let is_secret = text.match_indices(SECRET).any(|(start, _)| (start..start + SECRET.len()).contains(&at));
        if is_secret || !text.is_char_boundary(at) {
            continue;
        }
        let character = char::from(edit[3] & 0x7f);
        match edit[2] % 3 {
            0 => drop(text.remove(at)),
            1 => text.insert(at, character),
            _ => text.replace_range(at..=at, character.encode_utf8(&mut [0; 4])),
        }
    }
    text
}

/// Checks that no format shows a secret after a few damaged bytes around it.
pub fn mask(input: &[u8]) {
    let Some((&first, edits)) = input.split_first() else { return };
    let (name, text) = DEFINITIONS[usize::from(first) % DEFINITIONS.len()];
    let text = damaged(text, edits);
    let reports = Linter::new(Config::default()).check_all([&Source::new(name, text.as_str())]);
    for format in Format::ALL {
        let written = format.render(&reports, Style::default());
        assert!(!written.contains(SECRET), "{format} shows a secret of:\n{text}\n{written}");
    }
    assert!(!format!("{reports:?}").contains(SECRET), "Debug shows a secret of:\n{text}");
}
