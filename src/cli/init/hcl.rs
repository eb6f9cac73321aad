//! A new definition for Terraform: the resource, with a variable for each placeholder.

use std::fmt::Write as _;

use super::tree::{Comments, Tree, is_secret, placeholder};
use crate::Kind;
use crate::convert::hcl::quoted;
use crate::text::placeholder::upper_snake;

/// The resource and its variables.
pub(super) fn resource(kind: Kind, definition: &Tree, comments: Comments) -> String {
    let mut variables = vec!["project_id".to_owned(), "workspace_name".to_owned()];
    let mut lines = vec![
        (1, "project_id".to_owned(), "var.project_id".to_owned()),
        (1, "workspace_name".to_owned(), "var.workspace_name".to_owned()),
    ];
    attributes(definition, 1, comments, &mut variables, &mut lines);
    let mut out = String::new();
    for variable in &variables {
        let body = if is_secret(variable) { "  type      = string\n  sensitive = true\n" } else { "  type = string\n" };
        let _ = write!(out, "variable \"{variable}\" {{\n{body}}}\n\n");
    }
    let label = upper_snake(kind.name()).to_lowercase();
    let _ = writeln!(out, "resource \"mongodbatlas_stream_connection\" \"{label}\" {{");
    for run in lines.chunk_by(|one, next| is_short(one) && is_short(next)) {
        // `terraform fmt` aligns attributes of one line.
        let width = run.iter().map(|(_, name, _)| name.len()).max().unwrap_or_default();
        for (depth, name, value) in run {
            let indent = "  ".repeat(*depth);
            let _ = if name.is_empty() {
                writeln!(out, "{indent}{value}")
            } else {
                writeln!(out, "{indent}{name:width$} = {value}")
            };
        }
    }
    out.push_str("}\n");
    out
}

/// An attribute's depth, name and value. A closing brace and a comment have no name.
type Line = (usize, String, String);

fn is_short((_, name, value): &Line) -> bool {
    !name.is_empty() && value != "{"
}

fn attributes(value: &Tree, depth: usize, comments: Comments, variables: &mut Vec<String>, lines: &mut Vec<Line>) {
    let Tree::Object(members) = value else { return };
    for (name, value) in members {
        let comments = comments.field(name);
        lines.extend(comments.lines("#", depth).into_iter().map(|line| (depth, String::new(), line)));
        let name = match (depth, name.as_str()) {
            (1, "name") => "connection_name".to_owned(),
            (1, "provider") => "schema_registry_provider".to_owned(),
            _ => upper_snake(name).to_lowercase(),
        };
        if let Tree::Object(_) = value {
            lines.push((depth, name, "{".to_owned()));
            attributes(value, depth + 1, comments, variables, lines);
            lines.push((depth, String::new(), "}".to_owned()));
        } else {
            let value = expression(value, variables);
            lines.push((depth, name, value));
        }
    }
}

fn expression(value: &Tree, variables: &mut Vec<String>) -> String {
    match value {
        Tree::Array(items) => {
            let items = items.iter().map(|item| expression(item, variables)).collect::<Vec<_>>();
            format!("[{}]", items.join(", "))
        }
        Tree::Text(text) => match placeholder(text) {
            Some(variable) if is_identifier(variable) => {
                let name = variable.to_lowercase();
                if !variables.contains(&name) {
                    variables.push(name.clone());
                }
                format!("var.{name}")
            }
            _ => quoted(text),
        },
        // Lists contain no comments.
        Tree::Object(_) => "{}".to_owned(),
    }
}

fn is_identifier(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn strings_are_not_templates() {
        assert_eq!(quoted("a \"b\\\" ${c} %{d} $5\n\u{7}é"), r#""a \"b\\\" $${c} %%{d} $5\n\u0007é""#);
    }
}
