//! What the program knows, printed: rules and schemas.

use std::fmt::Write as _;

use serde::Serialize;
use streamlint::schema::door;
use streamlint::suggest::nearest;
use streamlint::{Kind, Kinds, RULES, Rule};

/// One rule in `rules --format json`. The names are a contract.
#[derive(Serialize)]
struct Row {
    name: &'static str,
    severity: &'static str,
    /// Empty for a rule that looks at every type.
    kinds: Vec<&'static str>,
    fixable: &'static str,
    summary: &'static str,
    url: String,
}

impl Row {
    fn of(rule: &Rule) -> Self {
        let kinds = if rule.kinds == Kinds::ALL { Kinds::NONE } else { rule.kinds };
        Self {
            name: rule.name,
            severity: rule.severity.name(),
            kinds: kinds.iter().map(Kind::name).collect(),
            fixable: rule.fix.name(),
            summary: rule.summary,
            url: rule.url(),
        }
    }
}

/// Every rule, as a table for people or as JSON.
pub(super) fn rules(json: bool) -> String {
    let rows = RULES.iter().map(|rule| Row::of(rule)).collect::<Vec<_>>();
    if json {
        // Strings and lists of them always become JSON.
        return serde_json::to_string_pretty(&rows).unwrap_or_default() + "\n";
    }
    let width = rows.iter().map(|row| row.name.len()).max().unwrap_or(0);
    let mut out = String::new();
    for row in rows {
        let fixable = if row.fixable == "never" { "" } else { "fix" };
        let _ = writeln!(out, "{:width$}  {:7}  {fixable:3}  {}", row.name, row.severity, row.summary);
    }
    out
}

/// The text of the published schema of this name.
pub(super) fn published_schema(name: &str) -> Result<&'static str, String> {
    let published = door::published();
    let found = published.iter().find(|(stem, _)| *stem == name).map(|(_, text)| *text);
    found.ok_or_else(|| {
        let stems = published.iter().map(|(stem, _)| *stem);
        match Kind::nearest(name).map(Kind::name).or_else(|| nearest(name, stems.clone())) {
            Some(near) => format!("no schema is called so; did you mean `{near}`?"),
            None => format!("no schema is called so; there are {}", stems.collect::<Vec<_>>().join(", ")),
        }
    })
}
