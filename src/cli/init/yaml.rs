//! A new definition in YAML: as a plain body, a manifest of the Atlas Kubernetes Operator, or a CloudFormation
//! template.

use std::fmt::Write as _;

use super::tree::{Comments, Tree, is_secret, placeholder, quoted};
use crate::Kind;

/// The depth of the properties of a template's resource.
const TOP: usize = 3;

/// The plain body.
pub(super) fn body(definition: &Tree, comments: Comments) -> String {
    let mut block = Block { out: String::new(), key: |_, name| scalar(name), text: &mut scalar };
    block.write(definition, 0, comments);
    block.out.trim_start().to_owned() + "\n"
}

/// A manifest. `None` if the operator's resource does not support the type.
pub(super) fn manifest(kind: Kind, definition: &Tree, comments: Comments) -> Option<String> {
    let mut out = format!(
        "apiVersion: atlas.mongodb.com/v1\nkind: AtlasStreamConnection\nmetadata:\n  name: {}\nspec:",
        kind.name().to_lowercase()
    );
    // A key, and the path of the body's field that it expresses, if there is one.
    let mut add = |depth: usize, key: &str, path: &[&str]| {
        let comments = if path.is_empty() {
            Comments(None)
        } else {
            path.iter().fold(comments, |comments, name| comments.field(name))
        };
        let _ = write!(out, "{}\n{}{key}", comments.in_yaml(depth), "  ".repeat(depth));
        // A key that has its value already differs from the body.
        if let Some(text) = definition.text(path).filter(|_| key.ends_with(':')) {
            let _ = write!(out, " {}", scalar(text));
        }
    };
    add(1, "name:", &["name"]);
    add(1, "type:", &["type"]);
    match kind {
        Kind::Sample => {}
        Kind::Cluster => {
            add(1, "clusterConfig:", &[]);
            add(2, "name:", &["clusterName"]);
            add(2, "role:", &["dbRoleToExecute"]);
            add(3, "name:", &["dbRoleToExecute", "role"]);
            add(3, "type:", &["dbRoleToExecute", "type"]);
        }
        Kind::Kafka => {
            add(1, "kafkaConfig:", &[]);
            add(2, "bootstrapServers:", &["bootstrapServers"]);
            add(2, "authentication:", &["authentication"]);
            add(3, "mechanism:", &["authentication", "mechanism"]);
            add(3, "credentials:", &[]);
            add(4, "name: kafka-login", &[]);
            add(2, "security:", &["security"]);
            // The operator has SSL and PLAINTEXT, and uses SASL over them (as in its own samples).
            add(3, "protocol: SSL", &["security", "protocol"]);
        }
        _ => return None,
    }
    Some(out + "\n")
}

/// A template, with a parameter for each placeholder. `None` if the resource does not support the type.
pub(super) fn template(kind: Kind, definition: &Tree, comments: Comments) -> Option<String> {
    if !matches!(kind, Kind::Kafka | Kind::Cluster | Kind::Sample | Kind::AWSLambda | Kind::Https) {
        return None;
    }
    let mut parameters = vec!["ProjectId".to_owned(), "WorkspaceName".to_owned()];
    let mut text = |text: &str| {
        let Some(variable) = placeholder(text) else { return scalar(text) };
        let name = variable.split('_').map(|word| capitalized(&word.to_lowercase())).collect::<String>();
        let reference = format!("!Ref {name}");
        if !parameters.contains(&name) {
            parameters.push(name);
        }
        reference
    };
    let mut properties = Block { out: String::new(), key: property, text: &mut text };
    properties.write(definition, TOP, comments);
    let properties = properties.out;
    let mut out = "AWSTemplateFormatVersion: \"2010-09-09\"\nParameters:\n".to_owned();
    for parameter in &parameters {
        let hidden = if is_secret(parameter) { "\n    NoEcho: true" } else { "" };
        let _ = write!(out, "  {parameter}:\n    Type: String{hidden}\n");
    }
    let _ = write!(
        out,
        "Resources:\n  {}Connection:\n    Type: MongoDB::Atlas::StreamConnection\n    Properties:\n      ProjectId: !Ref ProjectId\n      WorkspaceName: !Ref WorkspaceName{properties}\n",
        kind.name()
    );
    Some(out)
}

/// The name of a field as a property.
fn property(depth: usize, name: &str) -> String {
    if depth == TOP && name == "name" { "ConnectionName".to_owned() } else { capitalized(name) }
}

/// Writes values in block style.
struct Block<'t> {
    out: String,
    /// Writes the name of a field at a depth.
    key: fn(usize, &str) -> String,
    text: &'t mut dyn FnMut(&str) -> String,
}

impl Block<'_> {
    fn write(&mut self, value: &Tree, depth: usize, comments: Comments) {
        let indent = "  ".repeat(depth);
        match value {
            Tree::Object(fields) => {
                for (name, value) in fields {
                    let comments = comments.field(name);
                    let _ = write!(self.out, "{}\n{indent}{}:", comments.in_yaml(depth), (self.key)(depth, name));
                    self.write(value, depth + 1, comments);
                }
            }
            Tree::Array(items) => {
                for item in items {
                    let _ = write!(self.out, "\n{indent}-");
                    self.write(item, depth + 1, Comments(None));
                }
            }
            Tree::Text(text) => {
                let _ = write!(self.out, " {}", (self.text)(text));
            }
        }
    }
}

/// A text without quotes if every parser takes it for a string, otherwise in quotes.
fn scalar(text: &str) -> String {
    let is_plain = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '$')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "_-./$".contains(c))
        && !["true", "false", "null", "yes", "no", "on", "off", "y", "n"].contains(&&*text.to_lowercase());
    if is_plain { text.to_owned() } else { quoted(text) }
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
}
