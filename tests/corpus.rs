//! Real definitions of `tests/corpus`: no false alarm on a valid one, and every labeled mistake is found.
#![allow(clippy::unwrap_used, reason = "a test stops where something is not as expected")]
#![cfg(all(feature = "dialects", feature = "yaml"))]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;
use serde_json::Value;
use streamlint::{Dialect, Linter, Report, Severity, Source};

/// A line of INDEX.tsv.
struct Entry {
    path: String,
    expected: String,
    finds: Vec<String>,
    text: String,
}

impl Entry {
    fn folder(&self) -> &str {
        self.path.split('/').next().unwrap()
    }

    fn lint(&self) -> Report {
        let name = self.path.rsplit('/').next().unwrap();
        Linter::default().check(&Source::new(name, self.text.as_str()))
    }
}

fn corpus() -> Vec<Entry> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let index = fs::read_to_string(folder.join("INDEX.tsv")).unwrap();
    let mut lines = index.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    assert_eq!(lines.next().unwrap(), ["path", "source", "type", "expected", "finds", "why", "form"]);
    lines
        .map(|cells| Entry {
            path: cells[0].to_owned(),
            expected: cells[3].to_owned(),
            finds: cells[4].split(", ").filter(|cell| !cell.is_empty()).map(str::to_owned).collect(),
            text: fs::read_to_string(folder.join(cells[0])).unwrap(),
        })
        .collect()
}

fn matches(pattern: &str, text: &str) -> usize {
    Regex::new(pattern).unwrap().find_iter(text).count()
}

/// Counts the connections in the bodies of a recorded exchange, or of a recorded response with its headers.
fn connections_in_bodies(text: &str) -> usize {
    let exchange = serde_json::from_str::<Value>(text).unwrap_or_else(|_| {
        let body = text.split_once("\n\n").unwrap().1;
        serde_json::json!({ "response": { "body": serde_json::from_str::<Value>(body).unwrap() } })
    });
    let is_connection = |value: &&Value| value.get("name").is_some() && value.get("type").is_some();
    [exchange.pointer("/request/body"), exchange.pointer("/response/body")]
        .into_iter()
        .flatten()
        .map(|body| match body.get("results") {
            Some(results) => results.as_array().unwrap().iter().filter(is_connection).count(),
            None => usize::from(is_connection(&body)),
        })
        .sum()
}

/// The dialect of a folder's files, and how many connections a file has, counted without the linter.
fn dialect_and_count(entry: &Entry) -> Option<(Dialect, usize)> {
    let text = &entry.text;
    let (dialect, count) = match entry.folder() {
        "cfn" => {
            let pattern = r#"(?m)"Type": "MongoDB::Atlas::StreamConnection"|^ {2,4}"ConnectionName": ""#;
            (Dialect::CloudFormation, matches(pattern, text))
        }
        "hcl" | "hcl-rendered" => {
            let pattern = r#"(?m)^\s*(resource|data) "mongodbatlas_stream_connection(_failover|_api)?""#;
            (Dialect::Terraform, matches(pattern, text))
        }
        "k8s" | "k8s-derived" => (Dialect::Kubernetes, matches("(?m)^kind: AtlasStreamConnection$", text)),
        "pairs" => (Dialect::Http, connections_in_bodies(text)),
        _ => return None,
    };
    Some((dialect, count))
}

#[test]
fn valid_definitions_have_no_errors() {
    for entry in corpus().iter().filter(|entry| entry.expected == "valid") {
        let report = entry.lint();
        let errors = report.diagnostics().iter().filter(|found| found.severity == Severity::Error);
        let errors = errors.map(|found| (found.rule.name, &found.message)).collect::<Vec<_>>();
        assert!(errors.is_empty(), "{} is valid: {errors:?}", entry.path);
    }
}

/// A new line here is a new warning or info about a definition that Atlas accepts: right, or a false alarm.
#[test]
fn findings_in_valid_definitions() {
    let mut lines = String::new();
    for entry in corpus().iter().filter(|entry| entry.expected == "valid") {
        let mut counts = BTreeMap::<_, usize>::new();
        for found in entry.lint().diagnostics() {
            *counts.entry(found.rule.name).or_default() += 1;
        }
        let counts = counts.iter().map(|(rule, count)| format!(" {rule} {count}")).collect::<Vec<_>>();
        if !counts.is_empty() {
            writeln!(lines, "{}:{}", entry.path, counts.join(",")).unwrap();
        }
    }
    insta::assert_snapshot!(lines);
}

#[test]
fn labeled_mistakes_are_found() {
    for entry in corpus().iter().filter(|entry| entry.expected == "invalid") {
        let report = entry.lint();
        let found = report.diagnostics().iter().map(|found| format!("{}@{}", found.rule.name, found.pointer));
        let found = found.collect::<Vec<_>>();
        assert!(!entry.finds.is_empty(), "{} is invalid, and INDEX.tsv has no mistake of it", entry.path);
        for mistake in &entry.finds {
            assert!(found.contains(mistake), "{}: {mistake} is not in {found:?}", entry.path);
        }
    }
}

#[test]
fn every_connection_of_a_dialect_is_found() {
    for entry in corpus() {
        let Some((dialect, count)) = dialect_and_count(&entry) else { continue };
        let report = entry.lint();
        assert_eq!(report.summaries().len(), count, "connections in {}", entry.path);
        if count > 0 {
            assert_eq!(report.dialect(), dialect, "dialect of {}", entry.path);
        }
    }
}

#[test]
fn custom_resource_definitions_are_not_connections() {
    for entry in corpus().iter().filter(|entry| entry.expected == "n/a" && entry.folder() == "k8s") {
        let report = entry.lint();
        assert!(report.diagnostics().is_empty() && report.summaries().is_empty(), "{}", entry.path);
    }
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}

#[test]
fn the_index_lists_every_file() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut listed = corpus().iter().map(|entry| folder.join(&entry.path)).collect::<Vec<_>>();
    listed.extend([folder.join("INDEX.tsv"), folder.join("README.md")]);
    for path in files_below(&folder) {
        assert!(listed.contains(&path), "{} is not in INDEX.tsv", path.display());
    }
}
