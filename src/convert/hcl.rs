//! The output of conversions to Terraform: resources, with a variable for each unknown value.

use std::fmt::Write as _;

use super::tree::{Connection, Member, Segment, Tree, identifier};
use super::{unique, variables};
use crate::atlas::fields::{Field, Shape};
use crate::connection::Dialect;
use crate::dialect;
use crate::text::placeholder::upper_snake;

/// The resources, and the variables that they use.
pub(super) fn resources(connections: &[Connection]) -> String {
    let (project, workspace) = (Tree::variable("PROJECT_ID"), Tree::variable("WORKSPACE_NAME"));
    let address = |connection: &Connection| {
        let project = Connection::address(connection.project.as_ref(), &project).clone();
        [project, Connection::address(connection.workspace.as_ref(), &workspace).clone()]
    };
    let addresses = connections.iter().map(address).collect::<Vec<_>>();
    let mut out = String::new();
    for variable in variables(addresses.iter().flatten().chain(Connection::all_values(connections))) {
        let body = if variable.is_secret { "  type      = string\n  sensitive = true\n" } else { "  type = string\n" };
        let _ = write!(out, "variable \"{}\" {{\n{body}}}\n\n", name_of(&variable.name));
    }
    let mut labels = Vec::new();
    for (at, (connection, [project, workspace])) in connections.iter().zip(&addresses).enumerate() {
        if at > 0 {
            out.push('\n');
        }
        for line in &connection.comments {
            let _ = writeln!(out, "# {line}");
        }
        let label = unique(&mut labels, &name_of(&identifier(&connection.label())));
        let _ = writeln!(out, "resource \"mongodbatlas_stream_connection\" \"{label}\" {{");
        let mut lines = vec![
            (1, "project_id".to_owned(), expression(project)),
            (1, "workspace_name".to_owned(), expression(workspace)),
        ];
        attributes(&connection.members, None, 1, &mut lines);
        write_lines(&lines, &mut out);
        out.push_str("}\n");
    }
    out
}

/// The name of a variable or resource.
fn name_of(name: &str) -> String {
    let name = name.to_ascii_lowercase();
    let starts_with_letter = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if starts_with_letter { name } else { format!("_{name}") }
}

/// An attribute's depth, name and value. A closing brace and a comment have no name.
type Line = (usize, String, String);

fn is_short((_, name, value): &Line) -> bool {
    !name.is_empty() && value != "{"
}

fn write_lines(lines: &[Line], out: &mut String) {
    for run in lines.chunk_by(|one, next| is_short(one) && is_short(next)) {
        // `terraform fmt` aligns attributes of one line.
        let width = run.iter().map(|(_, name, _)| name.chars().count()).max().unwrap_or_default();
        for (depth, name, value) in run {
            let indent = "  ".repeat(*depth);
            let _ = if name.is_empty() {
                writeln!(out, "{indent}{value}")
            } else {
                writeln!(out, "{indent}{name:width$} = {value}")
            };
        }
    }
}

fn attributes(members: &[Member], parent: Option<Field>, depth: usize, lines: &mut Vec<Line>) {
    for member in members {
        lines.extend(member.comments.iter().map(|line| (depth, String::new(), format!("# {line}"))));
        let field =
            Field::child(parent, &member.key).filter(|_| parent.is_none_or(|it| it.row().shape == Shape::Object));
        let name = field.map_or_else(|| key_of_map(&member.key), own_key);
        match &member.value {
            Tree::Object(inner) if !inner.is_empty() => {
                lines.push((depth, name, "{".to_owned()));
                attributes(inner, field.or(parent), depth + 1, lines);
                lines.push((depth, String::new(), "}".to_owned()));
            }
            value => lines.push((depth, name, expression(value))),
        }
    }
}

/// The key of a map.
fn key_of_map(key: &str) -> String {
    let is_plain = key.starts_with(|c: char| c.is_ascii_alphabetic())
        && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if is_plain { key.to_owned() } else { quoted(key) }
}

/// The last part of a field's path in Terraform.
fn own_key(field: Field) -> String {
    let path = dialect::spelling(Dialect::Terraform).path_of(field).unwrap_or_default();
    path.rsplit('.').next().map_or_else(|| upper_snake(field.key()).to_lowercase(), str::to_owned)
}

fn expression(value: &Tree) -> String {
    match value {
        Tree::Array(items) => {
            let items = items.iter().map(expression).collect::<Vec<_>>();
            format!("[{}]", items.join(", "))
        }
        Tree::Text(segments) => match segments.as_slice() {
            [Segment::Variable(variable)] => format!("var.{}", name_of(&variable.name)),
            segments => {
                let one = |segment: &Segment| match segment {
                    Segment::Text(text) => escaped(text),
                    Segment::Variable(variable) => format!("${{var.{}}}", name_of(&variable.name)),
                };
                format!("\"{}\"", segments.iter().map(one).collect::<String>())
            }
        },
        Tree::Word(word) => word.clone(),
        Tree::Object(members) => {
            let member = |member: &Member| format!("{} = {}", quoted(&member.key), expression(&member.value));
            let members = members.iter().map(member).collect::<Vec<_>>();
            if members.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", members.join(", ")) }
        }
    }
}

/// A string literal of this text, without templates.
pub(crate) fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '$' | '%' if rest.peek() == Some(&'{') => out.extend([character, character]),
            control if control.is_control() => {
                let _ = write!(out, "\\u{:04x}", u32::from(control));
            }
            other => out.push(other),
        }
    }
    out
}
