//! All texts that users read, in one list: `tests/snapshots/words.txt`. A new sentence is reviewed there beside similar
//! ones; `make bless` rewrites the file. Tests enforce the style: the length of a message, and the form of a label.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]
#![allow(clippy::print_stdout, reason = "with --nocapture the count shows")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;
use streamlint::{Config, Kind, Kinds, Linter, Mode, Pattern, Policy, RULES, Source};

/// YAML texts with mistakes; those in JSON and HCL are in the snapshots of their parsers.
const YAML: &[&str] = &[
    "# nothing\n",
    "a: \"x\nb: y\n",
    "a:b\nc: d\n",
    "a: b\n  c: d\n",
    "a: b: c\n",
    "a:\n\tb: c\n",
    "a: @x\n",
    "a: *no\n",
    "a: \"\\q\"\n",
    "a: 'x' y\n",
    "a: [1, 2\n",
    "a: ]\n",
    "a:\n  b: 1\n c: 2\n",
    "a: b\nc\nd: e\n",
    "a: - b\n",
    "a: |0\n  x\n",
    "a: !<x y\n",
    "%FOO\na: b\n",
    "a: [b]#c\n",
    "a: { b: c, d }\n",
    "a: { b: c:1,d:2 }\n",
    "{{ if .Values.a }}\na: [\n{{ end }}\n",
];

/// Settings with one mistake each.
const SETTINGS: &[&str] = &[
    "a = ",
    "mod = \"create\"",
    "mode = \"made\"",
    "mode = 1",
    "exclude = \"dev/\"",
    "exclude = [\"!a\"]",
    "exclude = [\"[\"]",
    "fail-on = \"bad\"",
    "rules = 1",
    "[rules]\nno-such-rule = \"off\"",
    "unknown-field = \"off\"",
    "[rules]\nunknown-field = \"loud\"",
    "[overrides]\nmode = \"create\"",
    "[[overrides]]\nmode = \"create\"",
    "[[overrides]]\npaths = []",
    "[[overrides]]\npaths = [\"a\"]\nfail-on = \"error\"",
    "allowed-hosts = [\"http://a\"]",
    "connection-names = \"(\"",
    "[[policies]]\nname = \"A b\"",
    "[[policies]]\nname = \"a\"",
    "[[policies]]\nname = \"a\"\nschema = \"none.json\"",
];

/// Invalid command lines.
const REFUSED: &[&str] = &[
    "check none.json",
    "check --format pretty a.json",
    "check --select no-such-rule a.json",
    "check --mode made a.json",
    "check --type Kafkaa a.json",
    "check --no-such-option a.json",
    "check --ndjson --format sarif a.json",
    "check --statistics --format sarif a.json",
    "check --diff --format json a.json",
    "check --max-findings 1 --format sarif a.json",
    "check --stdin-filename a.json a.json",
    "check --output json= a.json",
    "check --output json=a --output sarif=a a.json",
    "check --format json --output sarif=- a.json",
    "check --write-ignores --reason= a.json",
    "check --prune-baseline a.json",
    "check --baseline none.json a.json",
    "check --config none.toml a.json",
    "check --watch -",
    "check a.toml",
    "explain no-such-rule",
    "explain NO_SUCH_ERROR",
    "init NoSuchType",
    "init Sample --dialect terraform --yaml",
    "init S3 --dialect kubernetes",
    "nonsense",
];

type Words = BTreeMap<(&'static str, String), BTreeSet<String>>;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: impl AsRef<Path>) -> String {
    String::from_utf8_lossy(&fs::read(root().join(path)).unwrap()).into_owned()
}

fn files_below(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files_below(&path, files) } else { files.push(path) }
    }
}

/// A sentence without the parts that come from the input: quoted text, paths of fields, numbers.
fn normalized(sentence: &str, text: &str) -> String {
    static QUOTED: LazyLock<Regex> = LazyLock::new(|| Regex::new("`([^`]*)`").unwrap());
    static NUMBER: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\b\d+\b").unwrap());
    static NAMED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(did you mean|Rename it to|[Aa]dd|[Mm]issing|^write|^Write|^use|Delete) `\w+`").unwrap()
    });
    static WORD: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^(Use|Delete) \w+$").unwrap());
    static PATH: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^\w+(\.\w+)+$").unwrap());
    let quoted = QUOTED.replace_all(sentence, |found: &regex::Captures| {
        let is_input = found[1].chars().any(char::is_alphanumeric) && text.contains(&found[1]);
        if is_input || PATH.is_match(&found[1]) { "`…`".to_owned() } else { found[0].to_owned() }
    });
    let quoted = NAMED.replace_all(&quoted, "$1 `…`");
    let quoted = WORD.replace(&quoted, "$1 …");
    NUMBER.replace_all(&quoted, "N").into_owned()
}

/// Lints a text, and adds the sentences of its findings.
fn lint(words: &mut Words, name: &str, text: &str, config: streamlint::ConfigBuilder) {
    let report = Linter::new(config.build().unwrap()).check(&Source::new(name, text));
    for found in report.diagnostics() {
        let mut add = |what, sentence: &str| {
            let sentence = normalized(sentence, text);
            if !sentence.is_empty() {
                let rule = if found.rule.is_policy() { "policy" } else { found.rule.name };
                words.entry((what, sentence)).or_default().insert(rule.to_owned());
            }
        };
        add("message", &found.message);
        found.labels.iter().for_each(|label| add("label", &label.message));
        found.help.iter().for_each(|help| add("help", help));
        found.fix.iter().for_each(|fix| add("fix", &fix.title));
    }
}

/// Findings of policies, and of rules that settings enable.
fn of_conventions(words: &mut Words) {
    let text = read("tests/policies/documents/orders.json");
    for case in serde_json::from_str::<Vec<Value>>(&read("tests/policies/schemas.json")).unwrap() {
        let policy = Policy::from_schema(case["name"].as_str().unwrap(), &case["schema"]).unwrap();
        let name = policy.rule().name;
        lint(words, "orders.json", &text, Config::builder().policy(policy).select([name]));
    }
    let never = || Pattern::new("^prod-", |_| false);
    let settings = || {
        Config::builder()
            .connection_names(never())
            .workspace_names(never())
            .tenant_name("orders".to_owned())
            .allowed_hosts(["kafka.example.com"])
            .require_private_networking(Kinds::ALL)
    };
    for file in ["kafka.json", "https.json", "lambda.json", "s3.json"] {
        lint(words, file, &read(format!("examples/good/{file}")), settings());
    }
    for request in [Config::builder().group_id("x".to_owned()), Config::builder().envelope("yes".to_owned())] {
        lint(words, "sample.json", &read("examples/good/sample.json"), request);
    }
}

fn of_findings(words: &mut Words) {
    let mut files = Vec::new();
    for folder in ["tests/cases", "tests/reports", "examples/bad"] {
        files_below(&root().join(folder), &mut files);
    }
    files.sort();
    for path in &files {
        let text = read(path);
        let name = path.file_name().unwrap().to_str().unwrap();
        if !path.starts_with(root().join("tests/cases")) {
            for mode in [None, Some(Mode::Create)] {
                lint(words, name, &text, Config::builder().mode(mode));
            }
            continue;
        }
        for case in serde_json::from_str::<Vec<Value>>(&text).unwrap() {
            let word = |key: &str| case.get(key).map(|value| value.as_str().unwrap());
            let text =
                word("text").map_or_else(|| serde_json::to_string_pretty(&case["value"]).unwrap(), str::to_owned);
            let mode = word("mode").map(|mode| mode.parse::<Mode>().unwrap());
            let kind = word("type").map(|kind| kind.parse::<Kind>().unwrap());
            lint(words, word("file").unwrap_or("case.json"), &text, Config::builder().mode(mode).kind(kind));
        }
    }
    for text in YAML {
        lint(words, "a.yaml", text, Config::builder());
    }
    let json =
        "src/parse/json/tests/snapshots/streamlint__parse__json__tests__sentences__each_mistake_has_its_sentence.snap";
    for text in read(json).split("\n\n").filter_map(|block| block.lines().next()) {
        lint(words, "a.json", &text.replace("\\n", "\n").replace("\\t", "\t"), Config::builder());
    }
    let hcl = read("src/parse/hcl/snapshots/streamlint__parse__hcl__tests__each_mistake_has_its_sentence.snap");
    for text in hcl.lines().filter_map(|line| serde_json::from_str::<String>(line).ok()) {
        lint(words, "a.tf", &text, Config::builder());
    }
}

/// The output of the command in a folder with one good file.
fn output_of(folder: &Path, arguments: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_streamlint"));
    command.env_clear().env("NO_COLOR", "1").current_dir(folder).args(arguments.split(' ')).stdin(Stdio::null());
    let output = command.output().unwrap();
    let text = if output.stderr.is_empty() { output.stdout } else { output.stderr };
    String::from_utf8(text).unwrap()
}

/// The help of options, arguments and subcommands: on the same line, or below it with a larger indent.
fn option_helps(help: &str) -> Vec<String> {
    static ENTRY: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^ {2,6}[^ ].*?(?: {2,}(.*))?$").unwrap());
    let mut helps: Vec<String> = Vec::new();
    for line in help.lines().filter(|line| !line.trim().is_empty()) {
        if let Some(entry) = ENTRY.captures(line) {
            helps.push(entry.get(1).map_or_else(String::new, |text| text.as_str().to_owned()));
        } else if let Some(last) = helps.last_mut().filter(|_| line.starts_with("        ")) {
            last.push_str(if last.is_empty() { "" } else { " " });
            last.push_str(line.trim());
        }
    }
    helps
}

fn of_command(words: &mut Words) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.json"), r#"{ "name": "sample_stream_solar", "type": "Sample" }"#).unwrap();
    let mut add = |what, sentence: String, from: &str| {
        words.entry((what, sentence)).or_default().insert(from.to_owned());
    };
    for command in ["", "check ", "rules ", "schema ", "explain ", "init ", "convert ", "completions ", "lsp "] {
        for sentence in option_helps(&output_of(folder.path(), &format!("{command}--help"))) {
            add("option", sentence, if command.is_empty() { "streamlint" } else { command.trim() });
        }
    }
    for arguments in REFUSED {
        let output = output_of(folder.path(), arguments);
        for line in output.lines().filter(|line| line.starts_with("error:") || line.starts_with("streamlint:")) {
            add("command", line.to_owned(), arguments);
        }
    }
    let settings = folder.path().join("streamlint.toml");
    for text in SETTINGS {
        fs::write(&settings, text).unwrap();
        let output = output_of(folder.path(), "check a.json");
        for line in output.lines().map(|line| line.trim_start_matches([' ', '·'])) {
            if let Some(sentence) = ["× ", "╰── ", "help: "].iter().find_map(|mark| line.strip_prefix(mark)) {
                add("settings", sentence.to_owned(), text.lines().last().unwrap());
            }
        }
    }
}

fn catalog() -> &'static Words {
    static CATALOG: LazyLock<Words> = LazyLock::new(|| {
        let mut words = Words::new();
        of_findings(&mut words);
        of_conventions(&mut words);
        of_command(&mut words);
        for rule in RULES {
            words.entry(("summary", rule.summary.to_string())).or_default().insert(rule.name.to_string());
        }
        words
    });
    &CATALOG
}

/// The maximum length of a message in characters, and of a label in words. Back-ticked text counts as one word.
const LONGEST_MESSAGE: usize = 90;
const LONGEST_LABEL: usize = 5;

/// The verbs that start help texts and titles of fixes.
const IMPERATIVES: &[&str] = &[
    "add",
    "check",
    "close",
    "connect",
    "copy",
    "correct",
    "create",
    "define",
    "delete",
    "fix",
    "grant",
    "indent",
    "insert",
    "join",
    "keep",
    "lint",
    "list",
    "look",
    "match",
    "move",
    "normalize",
    "put",
    "quote",
    "read",
    "remove",
    "rename",
    "send",
    "separate",
    "set",
    "split",
    "start",
    "take",
    "unescape",
    "use",
    "write",
];

#[test]
fn messages_labels_and_help_keep_the_style() {
    let quoted = Regex::new("`[^`]*`").unwrap();
    let mut wrong = Vec::new();
    for ((what, sentence), rules) in catalog() {
        let problem = match *what {
            "message" if sentence.chars().count() > LONGEST_MESSAGE => "too long",
            "label" if quoted.replace_all(sentence, "word").split_whitespace().count() > LONGEST_LABEL => "too long",
            "message" | "label" | "help" if sentence.ends_with('.') => "ends with a full stop",
            "help" | "fix" => {
                let first = sentence.split([' ', ';']).next().unwrap_or_default().to_lowercase();
                if IMPERATIVES.contains(&&*first) || sentence.starts_with("did you mean ") {
                    continue;
                }
                "not an imperative"
            }
            _ => continue,
        };
        wrong.push(format!("{what}, {problem}: {sentence}  ({rules:?})"));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_catalog_of_words_is_reviewed() {
    let words = catalog();
    let mut catalog = String::new();
    let mut last = "";
    for ((what, sentence), rules) in words {
        if *what != last {
            let _ = writeln!(catalog, "{}# {what}\n", if last.is_empty() { "" } else { "\n" });
            last = what;
        }
        let rules =
            if rules.len() > 4 { format!("{} rules", rules.len()) } else { Vec::from_iter(rules.clone()).join(", ") };
        let _ = writeln!(catalog, "{sentence}  ({rules})");
    }
    let path = root().join("tests/snapshots/words.txt");
    if std::env::var_os("STREAMLINT_BLESS").is_some() {
        fs::write(&path, &catalog).unwrap();
    }
    let old = fs::read_to_string(&path).unwrap_or_default();
    assert!(old == catalog, "tests/snapshots/words.txt is old: `make bless` rewrites it");
}

/// The project owns only its repository, whose URL is written once. Programs read it from the manifest, so it can
/// change.
#[test]
fn the_address_of_the_project_is_written_once() {
    const CODE: &[&str] = &["rs", "js", "mjs", "ts", "tsx", "html"];
    const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");
    let mut texts = Vec::new();
    texts_below(root(), &mut texts);
    for (path, text) in &texts {
        let path = path.strip_prefix(root()).unwrap();
        assert!(!text.contains(concat!("streamlint", ".dev")), "{} has an address of no site", path.display());
        let is_code = path.extension().is_some_and(|extension| CODE.iter().any(|code| extension == *code));
        let is_test = path.components().any(|part| part.as_os_str() == "tests");
        assert!(!is_code || is_test || !text.contains(REPOSITORY), "{} names the repository", path.display());
    }
    for manifest in ["pkg/package.json", "pkg/vscode/package.json", "pkg/pypi/pyproject.toml", "Containerfile"] {
        let text = fs::read_to_string(root().join(manifest)).unwrap();
        let others = text.replace(REPOSITORY, "");
        assert!(text.contains(REPOSITORY) && !others.contains("//github.com/"), "{manifest} names another repository");
    }
}

/// Phrases of the old style in tracked texts, per 10,000 lines. Lower the limit as they disappear; never raise it.
const MOST_PER_10_000: f64 = 2.0;

/// Folders and files that are third-party or whose text cannot be changed.
const SKIPPED: &[&str] = &[
    "target",
    "node_modules",
    "dist",
    "corpus",
    "fixtures",
    "generated",
    ".git",
    "__pycache__",
    "Cargo.lock",
    "package-lock.json",
];

fn texts_below(folder: &Path, texts: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if SKIPPED.iter().any(|name| path.ends_with(name)) || path.is_symlink() {
            continue;
        }
        if path.is_dir() {
            texts_below(&path, texts);
        } else if let Ok(text) = String::from_utf8(fs::read(&path).unwrap()) {
            texts.push((path, text));
        }
    }
}

#[test]
fn phrases_of_the_old_style_stay_rare() {
    let idiom = Regex::new(
        r"(?i)\b(stands?|stood|mend(s|ed|ing)?|nobody|judge[sd]?|judging|recognised|colours?|behaviour)\b|\b(is|are) said\b|says so|what is to be|what is no\b|that is none|without a word|gives back|for nothing|\b(is|are|be) told\b",
    )
    .unwrap();
    let mut texts = Vec::new();
    texts_below(root(), &mut texts);
    let (mut lines, mut found) = (0_u32, Vec::new());
    for (path, text) in &texts {
        for (number, line) in text.lines().enumerate() {
            lines += 1;
            if idiom.is_match(line) {
                found.push(format!("{}:{}: {line}", path.strip_prefix(root()).unwrap().display(), number + 1));
            }
        }
    }
    assert!(lines > 50_000, "{lines} lines were read");
    let rate = f64::from(u32::try_from(found.len()).unwrap()) * 10_000.0 / f64::from(lines);
    println!("{} lines with the old idiom in {lines}: {rate:.1} per 10,000", found.len());
    assert!(rate <= MOST_PER_10_000, "{rate:.1} per 10,000 lines, at most {MOST_PER_10_000}:\n{}", found.join("\n"));
}
