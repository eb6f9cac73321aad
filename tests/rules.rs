//! Test cases for the rules: `tests/cases/*.json`.
//!
//! A case has a `name`, a `value` (or a `text`, if the spelling matters), and `expect`, a sorted list of
//! `rule@/pointer`. Optional inputs are the name of the `file`, a `mode` and a `type` as on the command line, and the
//! rules to `select`. Optional expectations are `severity`, the severities in the order of `expect`; `spans`, the
//! marked texts of the first finding; and `fixed` and `fixed_unsafely`, the text after the safe fixes and after all
//! fixes. Each case also checks properties that every report has.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as expected")]

use std::fs;
use std::path::Path;

use serde_json::Value;
use streamlint::{Applicability, Config, Diagnostic, Kind, Linter, Mode, Report, Source, Span};

const KEYS: &[&str] = &[
    "needs",
    "name",
    "file",
    "value",
    "text",
    "mode",
    "type",
    "select",
    "expect",
    "severity",
    "spans",
    "fixed",
    "fixed_unsafely",
];

fn named(found: &Diagnostic) -> String {
    format!("{}@{}", found.rule.name, found.pointer)
}

fn strings(value: &Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(|item| item.as_str().unwrap().to_owned()).collect()
}

/// The differences from the expectations of a case, as sentences.
fn differences(case: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    for key in case.as_object().unwrap().keys() {
        if !KEYS.contains(&key.as_str()) {
            wrong.push(format!("a case has no `{key}`"));
        }
    }
    let word = |key: &str| case.get(key).map(|value| value.as_str().unwrap());
    let text = word("text").map_or_else(|| serde_json::to_string_pretty(&case["value"]).unwrap(), str::to_owned);
    let config = Config::builder()
        .mode(word("mode").map(|mode| mode.parse::<Mode>().unwrap()))
        .kind(word("type").map(|kind| kind.parse::<Kind>().unwrap()))
        .select(case.get("select").map(strings).unwrap_or_default());
    let linter = Linter::new(config.build().unwrap());
    let report = linter.check(&Source::new(word("file").unwrap_or("case.json"), text.as_str()));
    let mut found = report.diagnostics().iter().collect::<Vec<_>>();
    found.sort_by_key(|found| named(found));
    let names = found.iter().map(|found| named(found)).collect::<Vec<_>>();
    let expected = strings(&case["expect"]);
    if names != expected {
        wrong.push(format!("expected {expected:?}\n    found    {names:?}"));
    }
    if let Some(severities) = case.get("severity") {
        let given = found.iter().map(|found| found.severity.name().to_owned()).collect::<Vec<_>>();
        if given != strings(severities) {
            wrong.push(format!("severities {given:?}"));
        }
    }
    if let Some(spans) = case.get("spans") {
        let labels = found.first().map(|found| found.labels.as_slice()).unwrap_or_default();
        let marked = labels.iter().map(|label| text[label.span.start..label.span.end].to_owned()).collect::<Vec<_>>();
        if marked != strings(spans) {
            wrong.push(format!("marked {marked:?}"));
        }
    }
    for (key, up_to) in [("fixed", Applicability::Safe), ("fixed_unsafely", Applicability::Unsafe)] {
        if let Some(value) = case.get(key) {
            let fixed = report.fixed(up_to);
            let same = match value {
                Value::String(text) => *text == fixed,
                value => serde_json::from_str::<Value>(&fixed).is_ok_and(|fixed| fixed == *value),
            };
            if !same {
                wrong.push(format!("{key}: {fixed}"));
            }
        }
    }
    wrong.extend(broken_promises(&linter, &report));
    wrong.extend(other_for_the_value(&linter, &report));
    wrong
}

/// Properties of every report.
fn broken_promises(linter: &Linter, report: &Report) -> Vec<String> {
    let mut wrong = Vec::new();
    let text = report.source().text();
    for found in report.diagnostics() {
        let mut ask = |is: bool, what: &str| {
            if !is {
                wrong.push(format!("{}: {what}: {}", named(found), found.message));
            }
        };
        ask(!found.message.ends_with('.'), "a message without a final stop");
        ask(!found.message.contains('\n'), "a message of one line");
        // A syntax error at a single character may be clear from the message alone.
        ask(found.help.is_some() || found.rule.name == "syntax-error", "a help");
        ask(!found.labels.is_empty(), "a place");
        for label in &found.labels {
            ask(text.get(label.span.start..label.span.end).is_some(), "a label on characters");
        }
        if let Some(fix) = &found.fix {
            ask(!fix.edits.is_empty(), "a fix that does something");
            ask(fix.edits.windows(2).all(|two| two[0].span.end <= two[1].span.start), "edits in rising order");
        }
    }
    for up_to in [Applicability::Safe, Applicability::Unsafe] {
        let fixed = report.fixed(up_to);
        let again = linter.check(&Source::new(report.source().name(), fixed.as_str()));
        let left =
            again.diagnostics().iter().filter(|found| found.fix.as_ref().is_some_and(|fix| fix.applicability <= up_to));
        for found in left {
            wrong.push(format!("{} is still there after {up_to:?} fixes", named(found)));
        }
        let new = again.diagnostics().iter().filter(|found| {
            found.rule.name == "syntax-error" && !report.diagnostics().iter().any(|old| old.rule == found.rule)
        });
        for _ in new {
            wrong.push(format!("{up_to:?} fixes broke the text: {fixed}"));
        }
    }
    wrong
}

/// A value without a text gets the same findings at the same pointers as the same value in a text.
fn other_for_the_value(linter: &Linter, report: &Report) -> Option<String> {
    let value: Value = serde_json::from_str(report.source().text()).ok()?;
    // These rules apply only to texts.
    let of_text = ["duplicate-key", "unused-ignore", "ignore-without-reason"];
    if report.source().text().contains("streamlint-ignore") {
        return None;
    }
    let of_value = linter.check_value(&value);
    let listed = |report: &Report| {
        let found = report.diagnostics().iter().filter(|found| !of_text.contains(&found.rule.name));
        let mut listed = found.map(|found| (named(found), found.severity, found.message.clone())).collect::<Vec<_>>();
        listed.sort();
        listed
    };
    let spans = of_value.diagnostics().iter().flat_map(|found| &found.labels).map(|label| label.span);
    let placeless = spans.max().is_none_or(|span| span == Span::at(0));
    let (text, value) = (listed(report), listed(&of_value));
    (text != value || !placeless).then(|| format!("as text {text:?}\n    as value {value:?}"))
}

/// Whether this build supports the file of a case.
fn is_read(case: &Value) -> bool {
    let file = case["file"].as_str().unwrap_or_default();
    if case["needs"] == "dialects" && !cfg!(feature = "dialects") {
        return false;
    }
    match Path::new(file).extension().and_then(|extension| extension.to_str()) {
        Some("yaml" | "yml") => cfg!(feature = "yaml"),
        Some("tf" | "tfvars") => cfg!(feature = "dialects"),
        _ => true,
    }
}

#[test]
fn every_case_has_its_expected_findings() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let folder = fs::read_dir(root.join("cases")).unwrap();
    let mut files = folder.map(|file| file.unwrap().path()).collect::<Vec<_>>();
    files.sort();
    let mut wrong = Vec::new();
    let mut count = 0;
    for file in files.iter().filter(|file| file.extension().is_some_and(|extension| extension == "json")) {
        let cases: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
        let mut names = Vec::new();
        for case in cases.as_array().unwrap() {
            let name = case["name"].as_str().unwrap();
            let place = format!("{}: {name}", file.file_name().unwrap().display());
            if names.contains(&name) {
                wrong.push(format!("{place}: a second case of this name"));
            }
            names.push(name);
            if !is_read(case) {
                continue;
            }
            count += 1;
            wrong.extend(differences(case).into_iter().map(|difference| format!("{place}\n    {difference}")));
        }
    }
    assert!(count > 0, "there are cases");
    assert!(wrong.is_empty(), "{} of {count} cases:\n{}", wrong.len(), wrong.join("\n"));
}

/// The help and the labels of the finding at a pointer, in a Kafka connection with these fields.
fn help_and_labels(members: &str, pointer: &str) -> (String, Vec<String>) {
    let text = format!(
        r#"{{ "name": "k", "type": "Kafka", "bootstrapServers": "b.example.com:9092", "security": {{ "protocol": "SASL_SSL" }},
            "authentication": {{ "mechanism": "PLAIN", "username": "u", "password": "${{P}}" }}, {members} }}"#
    );
    let report = streamlint::check(&Source::new("a.json", text));
    let found = report.diagnostics().iter().find(|found| found.pointer == pointer).unwrap();
    let labels = found.labels.iter().map(|label| label.message.to_string()).collect();
    (found.help.clone().unwrap().into_owned(), labels)
}

#[test]
fn a_field_moves_to_its_intended_position_if_it_is_free() {
    for (members, pointer, help, labels) in [
        (
            r#""networking": { "type": "VPC" }"#,
            "/networking/type",
            "move it into `networking.access`",
            &["belongs in `networking.access`"][..],
        ),
        (
            r#""username": "u""#,
            "/username",
            "delete it: `authentication.username` is already set",
            &["belongs in `authentication`", "this one is used"],
        ),
        (
            r#""saslMechanism": "PLAIN""#,
            "/saslMechanism",
            "delete it: `authentication.mechanism` is already set",
            &["did you mean `authentication.mechanism`?", "this one is used"],
        ),
    ] {
        assert_eq!(
            help_and_labels(members, pointer),
            (help.to_owned(), labels.iter().map(ToString::to_string).collect())
        );
    }
}

#[test]
fn the_problem_of_a_url_is_reported() {
    for (url, flaw) in [
        ("https://example.com:99999/a", "an invalid port"),
        ("https://example.com:https", "an invalid port"),
        ("https://exa mple.com", "whitespace or control characters"),
        ("https://example.com\\n", "whitespace or control characters"),
        ("example.com/a", "no scheme"),
        ("ftp://example.com", "an unsupported scheme"),
        ("https://:443/a", "no host"),
        ("https://a(b)/", "an invalid host"),
    ] {
        let text = format!(r#"{{ "name": "h", "type": "Https", "url": "{url}" }}"#);
        let report = streamlint::check(&Source::new("a.json", text));
        let [found] = report.diagnostics() else { panic!("{url}: {:?}", report.diagnostics()) };
        assert_eq!(found.message, format!("`url` is not a valid URL: it has {flaw}"));
        assert_eq!(found.labels[0].message, flaw.trim_start_matches("an "));
    }
}
