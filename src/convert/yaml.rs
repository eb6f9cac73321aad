//! The output of conversions to manifests of the Atlas Kubernetes Operator, and to CloudFormation templates.

use std::fmt::Write as _;

use super::json::{quoted, with_variables};
use super::tree::{Connection, Member, Segment, Tree, Variable, identifier};
use super::{unique, variables};
use crate::atlas::Kind;
use crate::atlas::fields::{Field, Shape};
use crate::connection::Dialect;
use crate::dialect;

/// One manifest for each connection.
pub(super) fn manifests(connections: &[Connection]) -> String {
    let mut names = Vec::new();
    let one = |connection: &Connection| {
        let name = identifier(&connection.label()).replace('_', "-").to_ascii_lowercase();
        let name = unique(&mut names, &name);
        let mut out = comment_lines(&connection.comments, 0);
        let _ = write!(
            out,
            "apiVersion: atlas.mongodb.com/v1\nkind: AtlasStreamConnection\nmetadata:\n  name: {}\nspec:\n",
            scalar(&name)
        );
        let block = match connection.kind {
            Some(Kind::Cluster) => Some("clusterConfig"),
            Some(Kind::Kafka) => Some("kafkaConfig"),
            _ => None,
        };
        let (top, inner): (Vec<_>, Vec<_>) =
            connection.members.iter().partition(|member| matches!(member.key.as_str(), "name" | "type"));
        let text = |value: &Tree| in_json(value);
        for member in top {
            write_member(&member.key, member, 1, &text, &mut out);
        }
        if let Some(block) = block.filter(|_| !inner.is_empty()) {
            let _ = writeln!(out, "  {block}:");
            for member in inner {
                of_operator(member, &name, &mut out);
            }
        }
        out
    };
    connections.iter().map(one).collect::<Vec<_>>().join("---\n")
}

/// A field in `kafkaConfig` or `clusterConfig`.
fn of_operator(member: &Member, name: &str, out: &mut String) {
    let text = |value: &Tree| in_json(value);
    let Some(field) = Field::child(None, &member.key) else { return };
    let key = last_key(Dialect::Kubernetes, field);
    let Tree::Object(inner) = &member.value else { return write_member(&key, member, 2, &text, out) };
    if inner.is_empty() || field.row().shape != Shape::Object {
        return write_member(&key, member, 2, &text, out);
    }
    out.push_str(&comment_lines(&member.comments, 2));
    let _ = writeln!(out, "    {key}:");
    let mut has_credentials = false;
    for member in inner {
        let Some(field) = Field::child(Some(field), &member.key) else { continue };
        let secret = match field {
            Field::AuthenticationUsername | Field::AuthenticationPassword => "login",
            Field::SecurityBrokerPublicCertificate => "certificate",
            _ => {
                write_member(&last_key(Dialect::Kubernetes, field), member, 3, &text, out);
                continue;
            }
        };
        if !std::mem::replace(&mut has_credentials, true) {
            out.push_str(&comment_lines(&member.comments, 3));
            let key = last_key(Dialect::Kubernetes, field);
            let _ = writeln!(out, "      {key}:\n        name: {}", scalar(&format!("{name}-{secret}")));
        }
    }
}

/// A template, with a parameter for each variable.
pub(super) fn template(connections: &[Connection]) -> String {
    let (project, workspace) = (Tree::variable("PROJECT_ID"), Tree::variable("WORKSPACE_NAME"));
    let variables_of_path = [&project, &workspace];
    let is_own = |given: fn(&Connection) -> &Option<Tree>| connections.iter().any(|it| given(it).is_none());
    let needed = [is_own(|it| &it.project), is_own(|it| &it.workspace)];
    let needed = variables_of_path.into_iter().zip(needed).filter_map(|(tree, is_needed)| is_needed.then_some(tree));
    let mut out = "AWSTemplateFormatVersion: \"2010-09-09\"\n".to_owned();
    let parameters = variables(needed.chain(Connection::all_values(connections)));
    if !parameters.is_empty() {
        out.push_str("Parameters:\n");
    }
    for variable in &parameters {
        let hidden = if variable.is_secret { "\n    NoEcho: true" } else { "" };
        let _ = write!(out, "  {}:\n    Type: String{hidden}\n", parameter(variable));
    }
    out.push_str("Resources:\n");
    let mut names = Vec::new();
    for connection in connections {
        let name = unique(&mut names, &(pascal(&identifier(&connection.label())) + "Connection"));
        out.push_str(&comment_lines(&connection.comments, 1));
        let project = reference(Connection::address(connection.project.as_ref(), &project));
        let workspace = reference(Connection::address(connection.workspace.as_ref(), &workspace));
        let _ = write!(
            out,
            "  {name}:\n    Type: MongoDB::Atlas::StreamConnection\n    Properties:\n      ProjectId: {project}\n      WorkspaceName: {workspace}\n"
        );
        properties(&connection.members, None, 3, &mut out);
    }
    out
}

fn properties(members: &[Member], parent: Option<Field>, depth: usize, out: &mut String) {
    for member in members {
        let is_field = parent.is_none_or(|field| field.row().shape == Shape::Object);
        let field = Field::child(parent, &member.key).filter(|_| is_field);
        let key = field.map_or_else(|| member.key.clone(), |field| last_key(Dialect::CloudFormation, field));
        match &member.value {
            Tree::Object(inner) if !inner.is_empty() => {
                out.push_str(&comment_lines(&member.comments, depth));
                let _ = writeln!(out, "{}{}:", "  ".repeat(depth), scalar(&key));
                properties(inner, field.or(parent), depth + 1, out);
            }
            _ => write_member(&key, member, depth, &reference, out),
        }
    }
}

/// A field with everything inside.
fn write_member(key: &str, member: &Member, depth: usize, text: &dyn Fn(&Tree) -> String, out: &mut String) {
    out.push_str(&comment_lines(&member.comments, depth));
    let indent = "  ".repeat(depth);
    match &member.value {
        Tree::Object(inner) if !inner.is_empty() => {
            let _ = writeln!(out, "{indent}{}:", scalar(key));
            for member in inner {
                write_member(&member.key, member, depth + 1, text, out);
            }
        }
        Tree::Array(items)
            if !items.is_empty() && items.iter().all(|item| matches!(item, Tree::Text(_) | Tree::Word(_))) =>
        {
            let _ = writeln!(out, "{indent}{}:", scalar(key));
            for item in items {
                let _ = writeln!(out, "{indent}  - {}", text(item));
            }
        }
        value => {
            let _ = writeln!(out, "{indent}{}: {}", scalar(key), text(value));
        }
    }
}

fn comment_lines(comments: &[String], depth: usize) -> String {
    let indent = "  ".repeat(depth);
    comments.iter().flat_map(|line| [&indent, "# ", line, "\n"]).collect()
}

/// A value on one line, with variables as `${NAME}`.
fn in_json(value: &Tree) -> String {
    flow(value, &|segments| scalar(&with_variables(segments)))
}

/// A value on one line, with variables as references to parameters.
fn reference(value: &Tree) -> String {
    flow(value, &|segments| match segments {
        [Segment::Variable(variable)] => format!("!Ref {}", parameter(variable)),
        segments if segments.iter().any(|segment| matches!(segment, Segment::Variable(_))) => {
            let one = |segment: &Segment| match segment {
                Segment::Text(text) => text.replace("${", "${!"),
                Segment::Variable(variable) => format!("${{{}}}", parameter(variable)),
            };
            format!("!Sub {}", quoted(&segments.iter().map(one).collect::<String>()))
        }
        segments => scalar(&with_variables(segments)),
    })
}

fn flow(value: &Tree, text: &dyn Fn(&[Segment]) -> String) -> String {
    match value {
        Tree::Text(segments) => text(segments),
        Tree::Word(word) => word.clone(),
        Tree::Array(items) => {
            format!("[{}]", items.iter().map(|item| flow(item, text)).collect::<Vec<_>>().join(", "))
        }
        Tree::Object(members) => {
            let member = |member: &Member| format!("{}: {}", quoted(&member.key), flow(&member.value, text));
            format!("{{{}}}", members.iter().map(member).collect::<Vec<_>>().join(", "))
        }
    }
}

fn parameter(variable: &Variable) -> String {
    pascal(&variable.name.to_ascii_lowercase())
}

/// The last part of a field's path.
fn last_key(to: Dialect, field: Field) -> String {
    let path = dialect::spelling(to).path_of(field).unwrap_or_default();
    path.rsplit('.').next().unwrap_or_default().to_owned()
}

/// `kafka_password` as `KafkaPassword`.
fn pascal(name: &str) -> String {
    let capitalized = |word: &str| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
    };
    name.split('_').map(capitalized).collect()
}

/// A text without quotes if every parser takes it for a string, otherwise in quotes.
fn scalar(text: &str) -> String {
    let is_plain = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '$')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "_-./$".contains(c))
        && !["true", "false", "null", "yes", "no", "on", "off", "y", "n"].contains(&&*text.to_lowercase());
    // Two braces would start a template.
    if is_plain { text.to_owned() } else { quoted(text).replace("{{", "{\\u007b").replace("{%", "\\u007b%") }
}
