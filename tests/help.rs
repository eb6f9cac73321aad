//! Every fix and every help text is correct: each one of the cases, the reports and the bad examples is applied once,
//! in every dialect that supports the definition. The result has no new finding, and the help uses only the terms of
//! the dialect.
#![cfg(all(feature = "dialects", feature = "yaml"))]
#![allow(clippy::unwrap_used, reason = "a test stops where something is not as expected")]

#[path = "single_mutations/definitions.rs"]
mod definitions;
#[path = "single_mutations/dialects.rs"]
#[allow(dead_code, reason = "the other test uses the rest")]
mod dialects;
#[path = "single_mutations/kinds.rs"]
#[allow(dead_code, reason = "the other test uses the rest")]
mod kinds;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use dialects::Form;
use kinds::Subject;
use serde_json::Value;
use streamlint::{Config, Diagnostic, Dialect, Edit, Kind, Linter, Mode, Report, Source};

/// A text with findings.
struct Text {
    /// The source of the text, for failures.
    origin: String,
    file: String,
    content: String,
    mode: Option<Mode>,
    kind: Option<Kind>,
    /// The findings of the valid definition, which the mistake may hide.
    hidden: Vec<String>,
}

impl Text {
    fn check(&self, text: &str) -> Report {
        let config = Config::builder().mode(self.mode).kind(self.kind).build().unwrap();
        Linter::new(config).check(&Source::new(self.file.as_str(), text))
    }
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
    entries.sort();
    entries.into_iter().flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}

/// One of every `ONE_OF` definitions, and one of every `ONE_OF` mutants of each, is tested.
const ONE_OF: usize = 6;

/// Valid definitions with one mistake each, in every dialect.
fn mutants() -> Vec<Text> {
    let mut texts = Vec::new();
    for definition in definitions::definitions().iter().step_by(ONE_OF) {
        let body = Value::Object(definition.body.clone());
        for form in Form::ALL {
            let Some(members) = dialects::written(form, &definition.body) else { continue };
            let valid = dialects::text(form, &members).text;
            let valid = Linter::default().check(&Source::new(form.file(), valid));
            let hidden = counted(&valid).into_keys().collect::<Vec<_>>();
            let mutants = kinds::mutants(&Subject { form, body: &body, members });
            // Each definition starts at a different mutant, so that all kinds are tested.
            for mutant in mutants.into_iter().skip(texts.len() % ONE_OF).step_by(ONE_OF) {
                let origin = format!("{} {form:?}: {} {}", definition.path, mutant.kind, mutant.field);
                let (file, text) = (form.file().to_owned(), mutant.written.text);
                texts.push(Text { origin, file, content: text, mode: None, kind: None, hidden: hidden.clone() });
            }
        }
    }
    texts
}

static TEXTS: LazyLock<Vec<Text>> = LazyLock::new(texts);

fn texts() -> Vec<Text> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut texts = Vec::new();
    for folder in ["examples/bad", "tests/reports"] {
        for path in files_below(&root.join(folder)) {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            if !matches!(name.as_str(), "EXPECTED.tsv" | "OPEN.txt" | "README.md") {
                let origin = path.strip_prefix(root).unwrap().display().to_string();
                let text = fs::read_to_string(&path).unwrap();
                texts.push(Text { origin, file: name, content: text, mode: None, kind: None, hidden: Vec::new() });
            }
        }
    }
    texts.extend(mutants());
    for path in files_below(&root.join("tests/cases")) {
        let cases: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        for case in cases.as_array().unwrap() {
            let word = |key: &str| case[key].as_str();
            let origin = format!("{}: {}", path.file_name().unwrap().display(), word("name").unwrap());
            let (mode, kind) = (word("mode").map(|it| it.parse().unwrap()), word("type").map(|it| it.parse().unwrap()));
            let whole = || serde_json::to_string_pretty(&case["value"]).unwrap();
            let text = word("text").map_or_else(whole, str::to_owned);
            let file = word("file").unwrap_or("case.json").to_owned();
            texts.push(Text { origin: origin.clone(), file, content: text, mode, kind, hidden: Vec::new() });
            // The same definition in every other dialect.
            let Some(body) = case["value"].as_object().filter(|body| body.contains_key("type")) else { continue };
            // Only the API and Terraform have failover connections.
            let forms = Form::ALL.into_iter().filter(|form| *form != Form::Json && mode != Some(Mode::Failover));
            for form in forms {
                let Some(members) = dialects::written(form, body) else { continue };
                let text = dialects::text(form, &members).text;
                texts.push(Text {
                    origin: origin.clone(),
                    file: form.file().to_owned(),
                    content: text,
                    mode,
                    kind,
                    hidden: Vec::new(),
                });
            }
        }
    }
    texts
}

fn named(found: &Diagnostic) -> String {
    format!("{}@{}", found.rule.name, found.pointer)
}

fn counted(report: &Report) -> BTreeMap<String, usize> {
    let mut counted = BTreeMap::new();
    for found in report.diagnostics() {
        *counted.entry(named(found)).or_default() += 1;
    }
    counted
}

fn edited(text: &str, edits: &[Edit]) -> String {
    let mut edited = text.to_owned();
    for edit in edits.iter().rev() {
        edited.replace_range(edit.span.start..edit.span.end, &edit.text);
    }
    edited
}

/// The findings of one report that another lacks.
fn new_findings(before: &Report, after: &Report) -> Vec<String> {
    let before = counted(before);
    let is_new = |(name, count): &(String, usize)| *count > before.get(name).copied().unwrap_or(0);
    counted(after).into_iter().filter(is_new).map(|(name, _)| name).collect()
}

/// New findings that are expected after a fix or a help text, because the mistake hid them. Each row is a rule, and the
/// rules of the hidden findings.
const REVEALED: &[(&str, &[&str])] = &[
    // The value decides which other fields are required.
    (
        "unknown-value",
        &[
            "broker-mechanism-mismatch",
            "missing-connection-id",
            "missing-credentials",
            "ssl-without-client-certificate",
            "unknown-built-in-role",
            "unused-credentials",
        ],
    ),
    // The value of an unknown or misplaced field is not checked.
    (
        "unknown-field",
        &["hardcoded-secret", "ignored-config-key", "legacy-protocol", "malformed-id", "missing-credentials"],
    ),
    ("misplaced-field", &["malformed-id", "missing-connection-id"]),
    // In a damaged text, unused ignores are not reported.
    ("syntax-error", &["unused-ignore"]),
];

fn is_revealed(found: &Diagnostic, new: &str) -> bool {
    let (rule, pointer) = new.split_once('@').unwrap();
    // A value of the wrong type gets no other checks.
    let is_same_value = found.rule.name == "wrong-type" && pointer.starts_with(&*found.pointer);
    let is_hidden = |row: &(&str, &[&str])| row.0 == found.rule.name && row.1.contains(&rule);
    is_same_value || REVEALED.iter().any(is_hidden)
}

/// The text after following the help; `None` if the help does not say exactly what to write.
fn followed(help: &str, found: &Diagnostic, text: &str, syntax: Syntax) -> Option<String> {
    let span = found.labels[0].span;
    let marked = &text[span.start..span.end];
    let quoted = help.split('`').nth(1);
    let with = |word: &str| {
        let is_quoted = marked.len() > 1 && marked.starts_with(['"', '\'']) && marked.ends_with(&marked[..1]);
        let word = if is_quoted { format!("{0}{word}{0}", &marked[..1]) } else { word.to_owned() };
        Some(format!("{}{word}{}", &text[..span.start], &text[span.end..]))
    };
    let is_word = |word: &str| word.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c));
    match found.rule.name {
        "unknown-value" | "unknown-type" | "unknown-field" | "api-field-name"
            if ["use `", "rename it to `"].iter().any(|start| help.starts_with(start)) && !help.contains("` or `") =>
        {
            quoted.filter(|word| is_word(word)).and_then(with)
        }
        "legacy-protocol"
        | "mechanism-protocol-mismatch"
        | "ssl-without-client-certificate"
        | "unencrypted-credentials"
        | "plaintext-on-private-network" => {
            let word = help.strip_prefix("use ")?.split([',', ' ']).next()?;
            let is_protocol = found.pointer == "/security/protocol" && !help.contains(", and ");
            is_protocol.then(|| with(word)).flatten()
        }
        _ if help.starts_with("delete it") && !help.contains(", and ") => deleted(text, span.start, syntax),
        _ => None,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Syntax {
    Json,
    Yaml,
    Hcl,
}

impl Syntax {
    fn of(file: &str) -> Option<Self> {
        match Path::new(file).extension()?.to_str()? {
            "json" | "jsonc" => Some(Self::Json),
            "yaml" | "yml" => Some(Self::Yaml),
            "tf" => Some(Self::Hcl),
            _ => None,
        }
    }
}

/// The text without the lines of the field at `at`; `None` if it shares a line with other text.
fn deleted(text: &str, at: usize, syntax: Syntax) -> Option<String> {
    let lines = text.split_inclusive('\n').collect::<Vec<_>>();
    let first = text[..at].matches('\n').count();
    let line = lines[first].trim_end();
    let depth = |line: &str| line.len() - line.trim_start().len();
    let is_alone = lines.iter().filter(|line| !line.trim().is_empty()).count() > 2;
    let colon = line.matches([':', '=']).count();
    let is_one_field = !line.trim_start().starts_with(['{', '[', '-']) && (colon == 1 || !line.contains(['{', ',']));
    if !is_alone || !is_one_field {
        return None;
    }
    let is_open = line.ends_with(['{', '[']) || syntax == Syntax::Yaml && line.ends_with(':');
    let mut end = first + 1;
    if is_open {
        while lines.get(end).is_some_and(|next| next.trim().is_empty() || depth(next) > depth(line)) {
            end += 1;
        }
        end += usize::from(syntax != Syntax::Yaml);
    }
    // In YAML, a key without a value must be removed as well.
    let mut start = first;
    let has_more = |start: usize| lines.get(end).is_some_and(|next| depth(next) >= depth(lines[start]));
    while syntax == Syntax::Yaml && !has_more(start) && start > 0 && lines[start - 1].trim_end().ends_with(':') {
        start -= 1;
    }
    let rest = [&lines[..start], &lines[end..]].concat().concat();
    if syntax != Syntax::Json {
        return Some(rest);
    }
    let comma = regex::Regex::new(r",(\s*[}\]])").unwrap();
    Some(comma.replace_all(&rest, "$1").into_owned())
}

#[test]
fn following_fixes_and_help_causes_no_finding() {
    let mut wrong = BTreeSet::new();
    let (mut fixes, mut helps) = (0, 0);
    for text in TEXTS.iter() {
        let report = text.check(&text.content);
        let is_damaged = report.diagnostics().iter().any(|found| found.rule.name == "syntax-error");
        for found in report.diagnostics() {
            let repaired = found.fix.as_ref().map(|fix| (fix.title.clone(), edited(&text.content, &fix.edits)));
            let help = found.help.as_deref().unwrap_or_default();
            let syntax = Syntax::of(&text.file).filter(|_| !is_damaged);
            let changed = syntax.and_then(|syntax| followed(help, found, &text.content, syntax));
            fixes += usize::from(repaired.is_some());
            helps += usize::from(changed.is_some());
            let advice = repaired.into_iter().map(|(title, text)| (title.to_string(), text));
            for (advice, changed) in advice.chain(changed.map(|text| (help.to_owned(), text))) {
                let mut new = new_findings(&report, &text.check(&changed));
                new.retain(|new| !is_revealed(found, new) && !text.hidden.contains(new));
                let is_there = text.check(&changed).diagnostics().iter().any(|it| named(it) == named(found));
                // If a value or attribute occurs three times, one finding remains after one fix.
                let is_counted = ["registry-url-count", "deprecated-attribute"].contains(&found.rule.name);
                if is_there && !is_counted && counted(&report)[&named(found)] == 1 {
                    new.push("the same finding".to_owned());
                }
                if !new.is_empty() {
                    let dialect = report.dialect().name();
                    wrong.insert(format!(
                        "{dialect}: {}: {advice}: {}\n    {}",
                        named(found),
                        new.join(", "),
                        text.origin
                    ));
                }
            }
        }
    }
    assert!(fixes > 500 && helps > 500, "{fixes} fixes and {helps} helps were followed");
    assert!(
        wrong.is_empty(),
        "{} of {fixes} and {helps}:\n{}",
        wrong.len(),
        wrong.into_iter().collect::<Vec<_>>().join("\n")
    );
}

/// The pointers of all fields of the API.
fn pointers() -> BTreeSet<String> {
    fn inside(schema: &Value, pointer: &str, pointers: &mut BTreeSet<String>) {
        for (key, inner) in schema["properties"].as_object().into_iter().flatten() {
            let pointer = format!("{pointer}/{key}");
            inside(inner, &pointer, pointers);
            if !pointer.starts_with("/config/") {
                pointers.insert(pointer);
            }
        }
    }
    let mut pointers = BTreeSet::new();
    for path in files_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas")) {
        let name = path.file_name().unwrap().to_str().unwrap();
        if name.starts_with(char::is_uppercase) {
            inside(&serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap(), "", &mut pointers);
        }
    }
    pointers
}

fn form_of(dialect: Dialect) -> Option<Form> {
    Some(match dialect {
        Dialect::AdminApi | Dialect::Http => Form::Json,
        Dialect::Terraform => Form::Terraform,
        Dialect::TerraformPlan => Form::Plan,
        Dialect::Kubernetes => Form::Kubernetes,
        Dialect::CloudFormation => Form::CloudFormationJson,
        _ => return None,
    })
}

/// Values of the mechanism and the protocol.
const WORDS: &[&str] = &[
    "PLAIN",
    "SCRAM-256",
    "SCRAM-512",
    "OAUTHBEARER",
    "AWS_MSK_IAM",
    "SASL_SSL",
    "SASL_PLAINTEXT",
    "SSL",
    "PLAINTEXT",
];

fn has_word(form: Form, word: &str) -> bool {
    match form {
        Form::Kubernetes => !matches!(word, "OAUTHBEARER" | "AWS_MSK_IAM" | "SASL_SSL" | "SASL_PLAINTEXT"),
        _ if form.is_cloudformation() => word != "AWS_MSK_IAM",
        _ => true,
    }
}

/// The fields in a sentence that its dialect lacks, except for fields in the text.
fn foreign_fields(advice: &str, form: Form, fields: &BTreeSet<String>, text: &str) -> Vec<String> {
    let own = fields.iter().filter_map(|pointer| form.key(pointer)).collect::<BTreeSet<_>>();
    let api = fields.iter().map(|pointer| pointer.rsplit('/').next().unwrap()).collect::<BTreeSet<_>>();
    let mut foreign = Vec::new();
    for quoted in advice.split('`').skip(1).step_by(2) {
        let is_pattern = quoted.contains(['/', ' ']) || quoted.contains("::") || quoted.starts_with("var.");
        // A setting of Kafka's clients.
        let is_setting = advice.contains(&format!("`{quoted}` of Kafka clients"));
        if is_pattern && !quoted.contains("\": ") || is_setting || quoted == "rule-name" || text.contains(quoted) {
            continue;
        }
        // The last part of a path may be a key that the user chose.
        let own_part = quoted.match_indices('.').find(|(at, _)| text.contains(&quoted[at + 1..])).map(|(at, _)| at);
        let quoted = &quoted[..own_part.unwrap_or(quoted.len())];
        let names = quoted.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|name| !name.is_empty());
        foreign.extend(names.filter(|name| api.contains(name) && !own.contains(*name)).map(str::to_owned));
        if form == Form::Terraform && quoted.contains("\": ") {
            foreign.push(quoted.to_owned());
        }
    }
    foreign
}

/// The values of mechanism and protocol in a help text that its dialect lacks.
fn foreign_words(advice: &str, form: Form, text: &str) -> Vec<String> {
    // Help may recommend the Admin API for a feature that the dialect lacks.
    if advice.contains("Admin API") {
        return Vec::new();
    }
    let words = advice.split(|c: char| !c.is_ascii_alphanumeric() && !"_-".contains(c));
    let words = words.filter(|word| WORDS.contains(word) && !has_word(form, word) && !text.contains(*word));
    words.map(str::to_owned).collect()
}

#[test]
fn help_uses_the_terms_of_its_dialect() {
    let fields = pointers();
    let mut wrong = BTreeSet::new();
    for text in TEXTS.iter() {
        let report = text.check(&text.content);
        let Some(form) = form_of(report.dialect()) else { continue };
        for found in report.diagnostics() {
            let title = found.fix.iter().map(|fix| fix.title.to_string());
            let labels = found.labels.iter().map(|label| label.message.to_string());
            let help = found.help.iter().map(ToString::to_string);
            let advice = help.chain(title).chain(labels).map(|advice| (advice, true));
            for (advice, is_advice) in advice.chain([(found.message.to_string(), false)]) {
                let mut foreign = foreign_fields(&advice, form, &fields, &text.content);
                if is_advice {
                    foreign.extend(foreign_words(&advice, form, &text.content));
                }
                if !foreign.is_empty() {
                    let dialect = report.dialect().name();
                    wrong.insert(format!("{dialect}: {}: {advice}: {}", found.rule.name, foreign.join(", ")));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.into_iter().collect::<Vec<_>>().join("\n"));
}
