//! A definition to begin with in YAML: as a plain body, a manifest of the Atlas Kubernetes Operator, or a CloudFormation
//! template.

use std::fmt::Write as _;

use crate::Kind;

use super::{Told, Tree, quoted};

/// How deep the properties of a template's resource stand.
const TOP: usize = 3;

/// The plain body.
pub(super) fn body(definition: &Tree, told: Told) -> String {
    let mut out = String::new();
    block(definition, 0, told, &mut out);
    out.trim_start().to_owned() + "\n"
}

/// A manifest; nothing when the operator's resource does not know the type.
pub(super) fn manifest(kind: Kind, definition: &Tree, told: Told) -> Option<String> {
    let mut out = format!(
        "apiVersion: atlas.mongodb.com/v1\nkind: AtlasStreamConnection\nmetadata:\n  name: {}\nspec:",
        kind.name().to_lowercase()
    );
    // What is written, and the way to the member of the body that it stands for, where there is one.
    let mut add = |depth: usize, key: &str, way: &[&str]| {
        let told = if way.is_empty() { Told(None) } else { way.iter().fold(told, |told, name| told.member(name)) };
        let _ = write!(out, "{}\n{}{key}", told.remark_in_yaml(depth), "  ".repeat(depth));
        // What has its value already says something else than the body.
        if let Some(text) = definition.text(way).filter(|_| key.ends_with(':')) {
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
            // The operator knows SSL and PLAINTEXT, and means SASL over them (its own samples do).
            add(3, "protocol: SSL", &["security", "protocol"]);
        }
        _ => return None,
    }
    Some(out + "\n")
}

/// A template, with a parameter for each placeholder; nothing when the resource does not know the type.
pub(super) fn template(kind: Kind, definition: &Tree, told: Told) -> Option<String> {
    if !matches!(kind, Kind::Kafka | Kind::Cluster | Kind::Sample | Kind::AWSLambda | Kind::Https) {
        return None;
    }
    let mut parameters = vec!["ProjectId".to_owned(), "WorkspaceName".to_owned()];
    let mut properties = String::new();
    property(definition, TOP, told, &mut parameters, &mut properties);
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
fn property(value: &Tree, depth: usize, told: Told, parameters: &mut Vec<String>, out: &mut String) {
    match value {
        Tree::Object(members) => {
            for (name, value) in members {
                let told = told.member(name);
                let is_name = depth == TOP && name == "name";
                let name = if is_name { "ConnectionName".to_owned() } else { capitalised(name) };
                let _ = write!(out, "{}\n{}{name}:", told.remark_in_yaml(depth), "  ".repeat(depth));
                property(value, depth + 1, told, parameters, out);
            }
        }
        Tree::Array(items) => {
            for item in items {
                let _ = write!(out, "\n{}-", "  ".repeat(depth));
                property(item, depth + 1, Told(None), parameters, out);
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

fn block(value: &Tree, depth: usize, told: Told, out: &mut String) {
    let indent = "  ".repeat(depth);
    match value {
        Tree::Object(members) => {
            for (name, value) in members {
                let told = told.member(name);
                let _ = write!(out, "{}\n{indent}{}:", told.remark_in_yaml(depth), scalar(name));
                block(value, depth + 1, told, out);
            }
        }
        Tree::Array(items) => {
            for item in items {
                let _ = write!(out, "\n{indent}-");
                block(item, depth + 1, Told(None), out);
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
