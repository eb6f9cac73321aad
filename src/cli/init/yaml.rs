//! A definition to begin with in YAML: as a plain body, a manifest of the Atlas Kubernetes Operator, or a CloudFormation
//! template.

use std::fmt::Write as _;

use streamlint::Kind;

use super::{Tree, quoted};

/// The plain body.
pub(super) fn body(definition: &Tree) -> String {
    let mut out = String::new();
    block(definition, 0, &mut out);
    out.trim_start().to_owned() + "\n"
}

/// A manifest; nothing when the operator's resource does not know the type.
pub(super) fn manifest(kind: Kind, definition: &Tree) -> Option<String> {
    let text = |path: &[&str]| definition.text(path).map(scalar).unwrap_or_default();
    let (name, word) = (text(&["name"]), kind.name());
    let mut out = format!(
        "apiVersion: atlas.mongodb.com/v1\nkind: AtlasStreamConnection\nmetadata:\n  name: {}\nspec:\n  name: {name}\n  type: {word}\n",
        kind.name().to_lowercase()
    );
    match kind {
        Kind::Sample => {}
        Kind::Cluster => {
            let (cluster, role) = (text(&["clusterName"]), text(&["dbRoleToExecute", "role"]));
            let of = text(&["dbRoleToExecute", "type"]);
            let _ =
                write!(out, "  clusterConfig:\n    name: {cluster}\n    role:\n      name: {role}\n      type: {of}\n");
        }
        Kind::Kafka => {
            let (brokers, mechanism) = (text(&["bootstrapServers"]), text(&["authentication", "mechanism"]));
            // The operator knows SSL and PLAINTEXT, and means SASL over them (its own samples do).
            let _ = write!(
                out,
                "  kafkaConfig:\n    bootstrapServers: {brokers}\n    authentication:\n      mechanism: {mechanism}\n      credentials:\n        name: kafka-login\n    security:\n      protocol: SSL\n"
            );
        }
        _ => return None,
    }
    Some(out)
}

/// A template, with a parameter for each placeholder; nothing when the resource does not know the type.
pub(super) fn template(kind: Kind, definition: &Tree) -> Option<String> {
    if !matches!(kind, Kind::Kafka | Kind::Cluster | Kind::Sample | Kind::AWSLambda | Kind::Https) {
        return None;
    }
    let mut parameters = vec!["ProjectId".to_owned(), "WorkspaceName".to_owned()];
    let mut properties = String::new();
    property(definition, 3, true, &mut parameters, &mut properties);
    let mut out = "AWSTemplateFormatVersion: \"2010-09-09\"\nParameters:\n".to_owned();
    for parameter in &parameters {
        let is_secret = ["Password", "Secret", "Key"].iter().any(|word| parameter.ends_with(word));
        let hidden = if is_secret { "\n    NoEcho: true" } else { "" };
        let _ = write!(out, "  {parameter}:\n    Type: String{hidden}\n");
    }
    let _ = write!(
        out,
        "Resources:\n  {}Connection:\n    Type: MongoDB::Atlas::StreamConnection\n    Properties:\n      ProjectId: !Ref ProjectId\n      WorkspaceName: !Ref WorkspaceName{properties}\n",
        kind.name()
    );
    Some(out)
}

/// The members of an object as properties: with a capital, and placeholders as references.
fn property(value: &Tree, depth: usize, is_root: bool, parameters: &mut Vec<String>, out: &mut String) {
    match value {
        Tree::Object(members) => {
            for (name, value) in members {
                let name = if is_root && name == "name" { "ConnectionName".to_owned() } else { capitalised(name) };
                let _ = write!(out, "\n{}{name}:", "  ".repeat(depth));
                property(value, depth + 1, false, parameters, out);
            }
        }
        Tree::Array(items) => {
            for item in items {
                let _ = write!(out, "\n{}-", "  ".repeat(depth));
                property(item, depth + 1, false, parameters, out);
            }
        }
        Tree::Text(text) => match text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')) {
            Some(variable) => {
                let name = variable.split('_').map(|word| capitalised(&word.to_lowercase())).collect::<String>();
                let _ = write!(out, " !Ref {name}");
                if !parameters.contains(&name) {
                    parameters.push(name);
                }
            }
            None => {
                let _ = write!(out, " {}", scalar(text));
            }
        },
    }
}

fn block(value: &Tree, depth: usize, out: &mut String) {
    let indent = "  ".repeat(depth);
    match value {
        Tree::Object(members) => {
            for (name, value) in members {
                let _ = write!(out, "\n{indent}{}:", scalar(name));
                block(value, depth + 1, out);
            }
        }
        Tree::Array(items) => {
            for item in items {
                let _ = write!(out, "\n{indent}-");
                block(item, depth + 1, out);
            }
        }
        Tree::Text(text) => {
            let _ = write!(out, " {}", scalar(text));
        }
    }
}

/// A text as it is where every reader takes it for that text, else in quotes.
fn scalar(text: &str) -> String {
    let is_plain = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '$')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "_-./$".contains(c))
        && !["true", "false", "null", "yes", "no", "on", "off", "y", "n"].contains(&&*text.to_lowercase());
    if is_plain { text.to_owned() } else { quoted(text) }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
}
