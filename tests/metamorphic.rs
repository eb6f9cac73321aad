//! Changes that keep the meaning change no finding: the order of fields, indentation, line endings, a byte order mark,
//! comments. (`tests/dialects.rs` does the same for one definition in every dialect.)
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, reason = "a test stops where something is not as expected")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use streamlint::{Linter, Source};

/// The sorted rules and pointers of a text's findings.
fn findings(name: &str, text: &str) -> Vec<String> {
    let report = Linter::default().check(&Source::new(name, text));
    let mut found =
        report.diagnostics().iter().map(|it| format!("{}@{}", it.rule.name, it.pointer)).collect::<Vec<_>>();
    found.sort();
    found
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
    entries.sort();
    for path in entries {
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

/// The texts of the corpus, the reports and the examples, by name.
fn texts() -> Vec<(String, String)> {
    let mut paths = Vec::new();
    for folder in ["examples", "tests/corpus", "tests/reports"] {
        files(&root().join(folder), &mut paths);
    }
    let named = |path: PathBuf| {
        let text = fs::read_to_string(&path).ok()?;
        Some((path.strip_prefix(root()).unwrap().to_str()?.to_owned(), text.replace("\r\n", "\n")))
    };
    paths.into_iter().filter_map(named).collect()
}

/// The JSON values of the test cases that need no options.
fn values() -> Vec<Value> {
    let mut paths = Vec::new();
    files(&root().join("tests/cases"), &mut paths);
    let cases = paths.iter().flat_map(|path| {
        let cases = serde_json::from_str::<Vec<Value>>(&fs::read_to_string(path).unwrap()).unwrap();
        cases.into_iter().filter(|case| !["mode", "type", "file", "select"].iter().any(|key| case.get(key).is_some()))
    });
    cases.filter_map(|case| case.get("value").cloned()).collect()
}

/// Compares the findings of each text with those of its changed form, for at least `least` texts.
fn assert_same(least: usize, changed: impl IntoIterator<Item = (String, String, String)>) {
    let mut count = 0;
    let mut wrong = String::new();
    for (name, before, after) in changed {
        count += 1;
        let (was, is) = (findings(&name, &before), findings(&name, &after));
        if was != is {
            writeln!(wrong, "{name}:\n  before {was:?}\n  after  {is:?}\n{after}").unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(count >= least, "{count} texts");
}

fn change_texts(least: usize, is_for: impl Fn(&str, &str) -> bool, change: impl Fn(&str) -> String) {
    let texts = texts().into_iter().filter(|(name, text)| is_for(name, text));
    assert_same(least, texts.map(|(name, text)| (name, text.clone(), change(&text))));
}

fn change_values(change: impl Fn(&Value) -> String) {
    let pretty = |value: &Value| serde_json::to_string_pretty(value).unwrap();
    assert_same(500, values().iter().map(|value| ("a.json".to_owned(), pretty(value), change(value))));
}

fn has_extension(name: &str, extensions: &[&str]) -> bool {
    Path::new(name).extension().is_some_and(|own| extensions.iter().any(|extension| own == *extension))
}

#[test]
fn windows_line_endings_change_no_finding() {
    // Heredocs and block scalars include the line endings of the file.
    let holds_none = |text: &str| !text.contains("<<") && !text.contains(": |") && !text.contains("- |");
    change_texts(200, |_, text| holds_none(text), |text| text.replace('\n', "\r\n"));
}

#[test]
fn a_byte_order_mark_changes_no_finding() {
    change_texts(200, |_, _| true, |text| format!("\u{feff}{}", text.trim_start_matches('\u{feff}')));
}

#[test]
fn empty_lines_at_the_ends_change_no_finding() {
    let is_for = |name: &str, text: &str| !has_extension(name, &["sh", "md", "http"]) && !text.starts_with("---");
    change_texts(200, is_for, |text| format!("\n\n{text}\n\n"));
}

#[test]
fn comments_change_no_finding() {
    change_texts(
        20,
        |name, _| has_extension(name, &["tf", "yaml", "yml"]),
        |text| format!("# a remark\n{text}# another\n"),
    );
    let commented = |value: &Value| {
        let text = serde_json::to_string_pretty(value).unwrap();
        text.lines().map(|line| format!("// a remark\n{line} /* another */")).collect::<Vec<_>>().join("\n")
    };
    let pretty = |value: &Value| serde_json::to_string_pretty(value).unwrap();
    assert_same(500, values().iter().map(|value| ("a.jsonc".to_owned(), pretty(value), commented(value))));
}

#[test]
fn indentation_of_json_changes_no_finding() {
    change_values(Value::to_string);
    change_values(|value| {
        let text = serde_json::to_string_pretty(value).unwrap();
        let tabs = |line: &str| "\t".repeat((line.len() - line.trim_start().len()) / 2);
        text.lines().map(|line| tabs(line) + line.trim_start()).collect::<Vec<_>>().join("\n")
    });
}

#[test]
fn the_order_of_fields_changes_no_finding() {
    change_values(reversed);
}

/// The JSON text of a value, with the fields of every object in the opposite order.
fn reversed(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let field = |(key, value): (&String, &Value)| format!("{}: {}", Value::from(key.as_str()), reversed(value));
            format!("{{{}}}", fields.iter().rev().map(field).collect::<Vec<_>>().join(", "))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(reversed).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}
