//! SARIF 2.1.0, for GitHub code scanning and other services that collect the findings of many tools.
//!
//! There are no snippets, because any viewer has the file. Section numbers are those of the OASIS standard.

use std::borrow::Cow;
use std::io;

use serde::Serialize;
use serde_json::{Value, json};

use super::{
    Layout, Positions, Range, Style, Tally, fingerprints, has_findings, pretty, uri_path, with_help, write_pretty,
};
use crate::diagnostic::{Applicability, Diagnostic, Rule};
use crate::linter::Report;
use crate::text::Span;

/// The folder that paths are relative to. GitHub interprets this name as the root of the repository.
const ROOT: &str = "%SRCROOT%";

pub(super) const LAYOUT: Layout =
    Layout { name: "sarif", head: HEAD, separator: ",", lists: has_findings, write, tail };

/// The text before the results. Columns count characters, as in all reports, and a lone carriage return ends a line.
const HEAD: &str = r#"{
  "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
  "version": "2.1.0",
  "runs": [
    {
      "columnKind": "unicodeCodePoints",
      "newlineSequences": ["\r\n", "\n", "\r"],
      "originalUriBaseIds": {
        "%SRCROOT%": { "description": { "text": "The folder that streamlint was run in." } }
      },
      "results": ["#;

/// The indent of a result.
const INDENT: &str = "        ";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Result<'r> {
    rule_id: &'static str,
    level: &'static str,
    message: Text<'static>,
    locations: [Location<'r>; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location<'r>>,
    /// The hash of the rule, the file, the connection and the pointer, which stays when lines move.
    partial_fingerprints: Value,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<Fix<'r>>,
}

#[derive(Serialize)]
struct Text<'r> {
    text: Cow<'r, str>,
}

impl Text<'_> {
    /// Creates a message from a text (3.11). A number in braces is an argument, and brackets before parentheses are a
    /// link, so names that contain those are escaped. Other braces are not escaped, although 3.11.5 requires
    /// doubling them: hardly any viewer undoes the doubling, and no viewer interprets `${PASSWORD}` as an argument.
    fn message(text: &str) -> Self {
        let mut escaped = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let digits = after.bytes().take_while(u8::is_ascii_digit).count();
            escaped.push_str(before);
            if digits > 0 && after[digits..].starts_with('}') {
                escaped.extend(["{{", &after[..digits], "}}"]);
                rest = &after[digits + 1..];
            } else {
                escaped.push('{');
                rest = after;
            }
        }
        escaped.push_str(rest);
        if escaped.contains("](") {
            escaped = escaped.replace('\\', r"\\").replace('[', r"\[").replace(']', r"\]");
        }
        Self { text: escaped.into() }
    }
}

#[derive(Serialize)]
struct Location<'r> {
    #[serde(rename = "physicalLocation")]
    physical: PhysicalLocation<'r>,
    #[serde(rename = "logicalLocations", skip_serializing_if = "Vec::is_empty")]
    logical: Vec<LogicalLocation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Text<'static>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation<'r> {
    artifact_location: &'r ArtifactLocation,
    region: Region,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactLocation {
    uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri_base_id: Option<&'static str>,
}

/// Line and column, one-based; the end is the column after the last character.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
}

/// The connection or its field, at any position in the file.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogicalLocation {
    name: String,
    fully_qualified_name: String,
    kind: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Fix<'r> {
    description: Text<'static>,
    artifact_changes: [ArtifactChange<'r>; 1],
    properties: Value,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactChange<'r> {
    artifact_location: &'r ArtifactLocation,
    replacements: Vec<Replacement<'r>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement<'r> {
    deleted_region: Region,
    #[serde(skip_serializing_if = "Option::is_none")]
    inserted_content: Option<Text<'r>>,
}

#[derive(Serialize)]
struct Tool<'r> {
    driver: Driver<'r>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver<'r> {
    name: &'static str,
    version: &'static str,
    semantic_version: &'static str,
    information_uri: &'static str,
    rules: Vec<Descriptor<'r>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor<'r> {
    id: &'static str,
    short_description: Text<'static>,
    help_uri: String,
    help: Help<'r>,
    default_configuration: Value,
}

/// The rule's page. It has no arguments, so its braces need no escape.
#[derive(Serialize)]
struct Help<'r> {
    text: String,
    markdown: &'r str,
}

/// The results of one file.
fn write(report: &Report, _: Style, out: &mut dyn io::Write) -> io::Result<()> {
    let file = File { positions: Positions::of(report), artifact: artifact(report.source().name()) };
    for (at, (found, fingerprint)) in report.diagnostics().iter().zip(fingerprints(report)).enumerate() {
        write!(out, "{}\n{INDENT}", if at == 0 { "" } else { "," })?;
        write_pretty(&file.result(report, found, &fingerprint), INDENT, out)?;
    }
    Ok(())
}

/// The text after the results. It describes the rules that they name.
fn tail(tally: &Tally, is_empty: bool) -> String {
    let tool = Tool {
        driver: Driver {
            name: "streamlint",
            version: env!("CARGO_PKG_VERSION"),
            semantic_version: env!("CARGO_PKG_VERSION"),
            information_uri: env!("CARGO_PKG_REPOSITORY"),
            rules: tally.rules().map(|(rule, _)| descriptor(rule)).collect(),
        },
    };
    let invocations = json!([{ "executionSuccessful": tally.failures == 0 }]);
    let (tool, invocations) = (pretty(&tool, "      "), pretty(&invocations, "      "));
    let close = if is_empty { "" } else { "\n      " };
    format!("{close}],\n      \"tool\": {tool},\n      \"invocations\": {invocations}\n    }}\n  ]\n}}\n")
}

fn descriptor(rule: &Rule) -> Descriptor<'_> {
    let url = rule.url();
    Descriptor {
        id: rule.name,
        short_description: Text { text: rule.summary.into() },
        help: Help { text: format!("Documentation: {url}"), markdown: rule.page() },
        help_uri: url,
        default_configuration: json!({ "level": rule.severity.terms().sarif }),
    }
}

struct File<'r> {
    positions: Positions<'r>,
    artifact: ArtifactLocation,
}

impl<'r> File<'r> {
    fn result(&'r self, report: &Report, found: &'r Diagnostic, fingerprint: &str) -> Result<'r> {
        let location = |span: Span, message: &str, logical| Location {
            physical: PhysicalLocation { artifact_location: &self.artifact, region: self.region(span) },
            logical,
            message: (!message.is_empty()).then(|| Text::message(message)),
        };
        let label = found.labels.first().map_or("", |label| &label.message);
        let related = found.labels.iter().skip(1).map(|label| location(label.span, &label.message, Vec::new()));
        Result {
            rule_id: found.rule.name,
            level: found.severity.terms().sarif,
            message: Text::message(&(with_help(found) + ".")),
            locations: [location(found.span(), label, logical(report, found))],
            related_locations: related.collect(),
            partial_fingerprints: json!({ "rulePointer/v1": fingerprint }),
            fixes: found.shown_fix().into_iter().map(|fix| self.fix(fix)).collect(),
        }
    }

    fn fix(&'r self, fix: &'r crate::Fix) -> Fix<'r> {
        let replacements = fix.edits.iter().map(|edit| Replacement {
            deleted_region: self.region(edit.span),
            inserted_content: (!edit.text.is_empty()).then(|| Text { text: (&*edit.text).into() }),
        });
        Fix {
            description: Text::message(&fix.title),
            artifact_changes: [ArtifactChange {
                artifact_location: &self.artifact,
                replacements: replacements.collect(),
            }],
            properties: json!({ "safe": fix.applicability == Applicability::Safe }),
        }
    }

    fn region(&self, span: Span) -> Region {
        let Range { start, end } = self.positions.range(span);
        Region { start_line: start.line, start_column: start.column, end_line: end.line, end_column: end.column }
    }
}

fn logical(report: &Report, found: &Diagnostic) -> Vec<LogicalLocation> {
    let Some(connection) = found.connection else { return Vec::new() };
    let name = report.summaries().get(connection).and_then(|summary| summary.name.clone());
    let name = name.unwrap_or_else(|| format!("#{connection}"));
    let full = format!("{name}{}", found.pointer);
    vec![match found.pointer.rsplit('/').next().filter(|member| !member.is_empty()) {
        Some(member) => LogicalLocation { name: member.to_owned(), fully_qualified_name: full, kind: "member" },
        None => LogicalLocation { name, fully_qualified_name: full, kind: "resource" },
    }]
}

/// The location of a file, as a URI reference (RFC 3986): relative to the root, or alone if its path is absolute.
fn artifact(path: &str) -> ArtifactLocation {
    let is_drive = cfg!(windows) && path.as_bytes().get(1) == Some(&b':');
    let (scheme, uri_base_id) = match path.starts_with('/') {
        true => ("file://", None),
        false if is_drive => ("file:///", None),
        false => ("", Some(ROOT)),
    };
    let uri = format!("{scheme}{}", uri_path(path));
    ArtifactLocation { uri, uri_base_id }
}

#[cfg(test)]
mod tests {
    use super::{Text, artifact};
    use crate::{Format, Source, check};

    #[test]
    fn paths_become_uris() {
        let uri = |path| (artifact(path).uri, artifact(path).uri_base_id.is_some());
        assert_eq!(uri("dir/a b%1.json"), ("dir/a%20b%251.json".to_owned(), true));
        assert_eq!(uri("c:é#?.json"), ("c%3A%C3%A9%23%3F.json".to_owned(), true));
        assert_eq!(uri("../a.json"), ("../a.json".to_owned(), true));
        assert_eq!(uri("/srv/a\n.json"), ("file:///srv/a%0A.json".to_owned(), false));
        assert_eq!(uri("<stdin>"), ("%3Cstdin%3E".to_owned(), true));
    }

    #[test]
    fn names_are_neither_arguments_nor_links() {
        assert_eq!(Text::message("`{0}`, {{12}} and `${A}`{").text, "`{{0}}`, {{{12}}} and `${A}`{");
        assert_eq!(Text::message("`[a](https://x.example)`").text, r"`\[a\](https://x.example)`");
        assert_eq!(Text::message("`a[0]` is \\").text, "`a[0]` is \\");
    }

    #[test]
    fn columns_after_an_emoji_count_characters() {
        let report = check(&Source::new("a.json", "{\"name\": \"😀\", \"name\": \"😀\"}"));
        let text = report.render(Format::Sarif);
        assert!(text.contains("\"columnKind\": \"unicodeCodePoints\""));
        let log: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
        let results = log["runs"][0]["results"].as_array().expect("there are results");
        let twice = results.iter().find(|result| result["ruleId"] == "duplicate-key").expect("a duplicate key");
        let region = &twice["locations"][0]["physicalLocation"]["region"];
        assert_eq!((&region["startColumn"], &region["endColumn"]), (&15.into(), &21.into()));
        assert_eq!(twice["relatedLocations"][0]["physicalLocation"]["region"]["startColumn"], 2);
    }
}
