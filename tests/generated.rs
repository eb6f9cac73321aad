//! Committed files that are generated from the program: the output in the README and the guide, the README's counts
//! of rules, the list in docs/rules.md, the findings in the examples. `make bless` rewrites them.
#![allow(clippy::unwrap_used, reason = "a test stops where something is not as expected")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use streamlint::RULES;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The standard output of the command, without colors.
fn output_of(arguments: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_streamlint"));
    command.args(arguments.split(' ')).current_dir(root());
    for variable in ["NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
        command.env_remove(variable);
    }
    String::from_utf8(command.output().unwrap().stdout).unwrap()
}

/// Compares a whole file with the expected text, or rewrites it.
fn compare_file(file: &str, expected: &str) {
    let path = root().join(file);
    if std::env::var_os("STREAMLINT_BLESS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, expected).unwrap();
    }
    assert!(fs::read_to_string(path).unwrap_or_default() == expected, "{file} is old: `make bless` writes it anew");
}

/// Compares the text between two markers in a file with the expected text, or rewrites it.
fn compare(file: &str, from: &str, to: &str, expected: &str) {
    // Two tests write the README at the same time, and each would undo the changes of the other.
    static ONE_AT_A_TIME: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _guard = ONE_AT_A_TIME.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let path = root().join(file);
    let text = fs::read_to_string(&path).unwrap();
    let start = text.find(from).map(|at| at + from.len()).unwrap();
    let end = start + text[start..].find(to).unwrap();
    let new = format!("{}\n{expected}{}", &text[..start], &text[end..]);
    if std::env::var_os("STREAMLINT_BLESS").is_some() {
        fs::write(path, new).unwrap();
    } else {
        assert!(text == new, "{file} after `{from}` is old: `make bless` rewrites it");
    }
}

/// Every output block in the README and the guide: `<!-- picture: streamlint … -->`, with `| head -N` for its first
/// lines.
#[test]
fn the_guides_show_the_actual_output() {
    const FROM: &str = "<!-- picture: ";
    for (file, count) in [("README.md", 1), ("docs/usage.md", 3)] {
        let text = fs::read_to_string(root().join(file)).unwrap();
        let marks = text.split(FROM).skip(1).map(|rest| rest.split_once(" -->").unwrap().0).collect::<Vec<_>>();
        assert_eq!(marks.len(), count, "{marks:?}");
        for mark in marks {
            compare_picture(file, FROM, mark);
        }
    }
}

fn compare_picture(file: &str, from: &str, mark: &str) {
    let (command, lines) = mark.split_once(" | head -").unwrap_or((mark, ""));
    let mut picture = output_of(command.strip_prefix("streamlint ").expect(mark)).replace(" \n", "\n");
    assert_ne!(picture, "", "{mark}");
    if !lines.is_empty() {
        picture = picture.split_inclusive('\n').take(lines.parse().expect(mark)).collect();
    }
    let language = if command.contains("--diff") {
        "diff"
    } else if command.contains(" init ") {
        "json"
    } else {
        "text"
    };
    compare(file, &format!("{from}{mark} -->"), "<!-- /picture -->", &format!("```{language}\n{picture}```\n"));
}

/// The README's first output block, in the colors of a terminal.
#[test]
fn the_first_picture_is_in_color() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let mark = readme.split("<!-- picture: streamlint ").nth(1).unwrap().split_once(" -->").unwrap().0;
    let text = output_of(&format!("{mark} --color always"));
    let prompt = format!("\u{1b}[2m$ streamlint {mark}\u{1b}[0m\n\n");
    let mut svg = anstyle_svg::Term::new().render_svg(&(prompt + &text));
    // The default terminal colors have too little contrast for a web page.
    for (old, new) in [
        ("#AAAAAA", "#d0d7de"),
        ("#000000", "#0d1117"),
        ("#AA0000", "#ff7b72"),
        ("#AA5500", "#e3b341"),
        ("#00AAAA", "#56d4dd"),
        ("#AA00AA", "#d2a8ff"),
        ("opacity: 0.4", "opacity: 0.7"),
    ] {
        assert!(svg.contains(old), "{old}");
        svg = svg.replace(old, new);
    }
    assert!(readme.contains("](docs/check.svg)") || readme.contains("src=\"docs/check.svg\""), "the README shows it");
    compare_file("docs/check.svg", &svg);
}

/// docs/rules.md is the output of `rules --format markdown` in groups, with relative links.
#[test]
fn the_list_of_rules_links_to_the_pages() {
    let url = RULES[0].url();
    let pages = &url[..url.rfind('/').unwrap()];
    let list = output_of("rules --format markdown").replace(pages, "../src/rules");
    assert_eq!(list.matches("../src/rules").count(), RULES.len());
    let mut lines = list.lines().peekable();
    let mut text = String::new();
    while let Some(line) = lines.next_if(|line| !line.starts_with('|')) {
        writeln!(text, "{line}").unwrap();
    }
    let head = format!("{}\n{}\n", lines.next().unwrap(), lines.next().unwrap());
    for (index, (row, rule)) in lines.zip(RULES).enumerate() {
        assert!(row.starts_with(&format!("| [`{}`](../src/rules/", rule.name)), "{row}");
        if let Some((group, _)) = GROUPS.iter().find(|(_, first)| *first == rule.name) {
            write!(text, "{}## {group}\n\n{head}", if index == 0 { "" } else { "\n" }).unwrap();
        }
        writeln!(text, "{row}").unwrap();
    }
    compare_file("docs/rules.md", &text);
}

/// The groups of rules, each with its first rule in catalog order.
const GROUPS: &[(&str, &str)] = &[
    ("Text and ignore comments", "syntax-error"),
    ("Fields and values", "unknown-type"),
    ("Kafka brokers and hosts", "bootstrap-scheme"),
    ("Kafka authentication and encryption", "missing-credentials"),
    ("URLs and Kafka client settings", "insecure-url"),
    ("Networking", "missing-connection-id"),
    ("Clusters, roles and sample data", "unknown-built-in-role"),
    ("HTTP", "credentials-in-url"),
    ("Cloud accounts and schema registries", "malformed-arn"),
    ("Secrets", "hardcoded-secret"),
    ("Names and pipelines across files", "duplicate-name"),
    ("Dialects and API errors", "attribute-as-block"),
];

#[test]
fn the_readme_counts_the_rules_by_group() {
    let at = |name: &str| RULES.iter().position(|rule| rule.name == name).expect(name);
    let starts = GROUPS.iter().map(|(_, first)| at(first)).collect::<Vec<_>>();
    assert!(starts[0] == 0 && starts.is_sorted(), "{starts:?}");
    let mut table = "| group | rules | for example |\n|---|---|---|\n".to_owned();
    for (index, (group, _)) in GROUPS.iter().enumerate() {
        let rules = &RULES[starts[index]..starts.get(index + 1).copied().unwrap_or(RULES.len())];
        let names = rules.iter().take(3).map(|rule| format!("`{}`", rule.name)).collect::<Vec<_>>();
        writeln!(table, "| {group} | {} | {} |", rules.len(), names.join(", ")).unwrap();
    }
    writeln!(table, "| all | {} | [docs/rules.md](docs/rules.md) |", RULES.len()).unwrap();
    compare("README.md", "<!-- rules -->", "<!-- /rules -->", &table);
}

#[test]
fn the_names_of_rules_are_a_contract() {
    let names = RULES.iter().map(|rule| rule.name).collect::<Vec<_>>();
    insta::assert_snapshot!(names.join("\n"));
}

#[test]
fn good_examples_are_good() {
    assert_eq!(output_of("check examples/good --format concise --quiet"), "");
    for named in ["connections.md", "create.sh"] {
        assert_eq!(output_of(&format!("check examples/good/{named} --format concise --quiet")), "");
    }
    // Markdown files and scripts are linted only if they are named.
    let files = fs::read_dir(root().join("examples/good")).unwrap().count() - 2;
    assert!(output_of("check examples/good --color never").contains(&format!("in {files} files")));
}

#[test]
fn bad_examples_are_bad() {
    insta::assert_snapshot!(output_of("check examples/bad --format concise --quiet"));
    for file in fs::read_dir(root().join("examples/bad")).unwrap() {
        let path = format!("examples/bad/{}", file.unwrap().file_name().display());
        assert_ne!(output_of(&format!("check {path} --format concise --quiet")), "", "{path}");
    }
}
