//! Damaged texts: positions stay on character boundaries, and no fix makes a text worse. Some of them also run through
//! the fuzz targets.
//!
//! The texts are all examples, cases, fixtures and definitions of the corpus, each with a few random changes.
//! `STREAMLINT_MUTATIONS` sets their number (`make fuzz-fixes`), and `STREAMLINT_SEED` the first seed.
#![cfg(all(feature = "dialects", feature = "yaml"))]
#![allow(clippy::unwrap_used, reason = "a test stops where something is not as expected")]

#[cfg(feature = "miette")]
#[path = "../fuzz/src/lib.rs"]
mod fuzz;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use streamlint::{Applicability, Edit, Linter, Report, Source, Span};

/// Number of mutated texts in `cargo test`.
const USUAL: u64 = 1_500;

/// Names with different syntaxes and dialects. Every text is also tested under a name that does not match its content.
const NAMES: &[&str] = &["a.json", "a.jsonc", "a.yaml", "a.yml.tpl", "a.tf", "a.tf.json", "a.tfvars", "a.http", "a"];

/// Pseudorandom numbers that are the same in every run (SplitMix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(limit.max(1)).unwrap()).unwrap()
    }

    fn one_of<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}

/// A text with its name.
struct Seed {
    name: String,
    text: String,
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
    entries.sort();
    entries.into_iter().flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}

/// All texts in the repository that can be parsed.
fn seeds() -> Vec<Seed> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut seeds = Vec::new();
    for folder in ["examples", "tests/corpus", "tests/fixtures/fixes"] {
        for path in files_below(&root.join(folder)) {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            if !matches!(name.as_str(), "INDEX.tsv" | "README.md") {
                seeds.push(Seed { name, text: fs::read_to_string(&path).unwrap() });
            }
        }
    }
    for path in files_below(&root.join("tests/cases")) {
        let cases: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        for case in cases.as_array().unwrap() {
            let name = case["file"].as_str().unwrap_or("case.json").to_owned();
            let whole = || serde_json::to_string_pretty(&case["value"]).unwrap();
            seeds.push(Seed { name, text: case["text"].as_str().map_or_else(whole, str::to_owned) });
        }
    }
    seeds
}

const INSERTED: &[&str] = &[
    "{", "}", "[", "]", "(", ")", ":", ",", "\"", "'", "#", "//", "/*", "|", "|+", ">-", "-", "- ", "=", "\\", " ",
    "  ", "\n", "\n\n", "\t", "\r\n", "é", "😀", "$", "${", "{{", "%", "&a ", "*a", "!t ", "<<", "<<EOT", "---\n",
    "null", "\u{FEFF}",
];

/// One small change, such as a typo.
fn mutate(text: &str, random: &mut Random) -> String {
    let characters = text.chars().collect::<Vec<_>>();
    let lines = text.split_inclusive('\n').collect::<Vec<_>>();
    let at = random.below(characters.len());
    let of = |characters: &[char]| characters.iter().collect::<String>();
    let line = random.below(lines.len());
    let with = |lines: &[&str]| lines.concat();
    match random.below(12) {
        0 | 1 if !characters.is_empty() => {
            let end = (at + 1 + random.below(3)).min(characters.len());
            of(&characters[..at]) + &of(&characters[end..])
        }
        2 if !characters.is_empty() => of(&characters[..=at]) + &of(&characters[at..]),
        3 | 4 => of(&characters[..at]) + *random.one_of::<&str>(INSERTED) + &of(&characters[at..]),
        5 if lines.len() > 1 => with(&[&lines[..line], &lines[line + 1..]].concat()),
        6 if lines.len() > 1 => with(&[&lines[..=line], &lines[line..]].concat()),
        7 if line + 1 < lines.len() => {
            let mut lines = lines.clone();
            lines.swap(line, line + 1);
            with(&lines)
        }
        8 if at + 1 < characters.len() => {
            let mut characters = characters.clone();
            characters.swap(at, at + 1);
            of(&characters)
        }
        9 => of(&characters[..at]),
        // Changes the indentation.
        10 if !lines.is_empty() => {
            let changed = if random.below(2) == 0 {
                format!("  {}", lines[line])
            } else {
                lines[line].trim_start_matches(' ').to_owned()
            };
            lines[..line].concat() + &changed + &lines[line + 1..].concat()
        }
        11 => text.replace('\n', "\r\n"),
        _ => text.to_owned(),
    }
}

fn check(name: &str, text: &str) -> Report {
    Linter::default().check(&Source::new(name, text))
}

/// A problem with a span that does not lie on character boundaries of the text.
fn misplaced(report: &Report) -> Option<String> {
    let text = report.source().text();
    let spans = report.diagnostics().iter().flat_map(|found| {
        let labels = found.labels.iter().map(|label| label.span);
        let edits = found.fix.iter().flat_map(|fix| fix.edits.iter().map(|edit| edit.span));
        labels.chain(edits).map(move |span| (found.rule.name, span))
    });
    let is_wrong = |span: Span| text.get(span.start..span.end).is_none();
    spans
        .into_iter()
        .find(|(_, span)| is_wrong(*span))
        .map(|(rule, span)| format!("{rule}: {span:?} is not on characters"))
}

/// Every scalar and key of a text, as a different parser reads it, with its count.
type Scalars = BTreeMap<String, usize>;

fn scalars_of_json(value: &Value, found: &mut Scalars) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| scalars_of_json(item, found)),
        Value::Object(map) => map.values().for_each(|value| scalars_of_json(value, found)),
        Value::String(text) => *found.entry(text.clone()).or_default() += 1,
        other => *found.entry(other.to_string()).or_default() += 1,
    }
}

fn scalars_of_yaml(value: &serde_yaml_ng::Value, found: &mut Scalars) {
    use serde_yaml_ng::Value as Yaml;
    match value {
        Yaml::Null => *found.entry("null".to_owned()).or_default() += 1,
        Yaml::Bool(value) => *found.entry(value.to_string()).or_default() += 1,
        Yaml::Number(value) => *found.entry(value.to_string()).or_default() += 1,
        Yaml::String(text) => *found.entry(text.clone()).or_default() += 1,
        Yaml::Sequence(items) => items.iter().for_each(|item| scalars_of_yaml(item, found)),
        Yaml::Mapping(map) => map.values().for_each(|value| scalars_of_yaml(value, found)),
        Yaml::Tagged(tagged) => scalars_of_yaml(&tagged.value, found),
    }
}

fn scalars_of_expression(expression: &hcl_edit::expr::Expression, found: &mut Scalars) {
    use hcl_edit::expr::Expression;
    match expression {
        Expression::Array(items) => items.iter().for_each(|item| scalars_of_expression(item, found)),
        Expression::Object(members) => members.iter().for_each(|(_, value)| scalars_of_expression(value.expr(), found)),
        Expression::Parenthesis(inner) => scalars_of_expression(inner.inner(), found),
        Expression::FuncCall(call) => {
            *found.entry(call.name.name.to_string()).or_default() += 1;
            call.args.iter().for_each(|argument| scalars_of_expression(argument, found));
        }
        Expression::String(text) => *found.entry(text.as_str().to_owned()).or_default() += 1,
        other => *found.entry(other.to_string().trim().to_owned()).or_default() += 1,
    }
}

fn scalars_of_body(body: &hcl_edit::structure::Body, found: &mut Scalars) {
    for structure in body {
        match structure {
            hcl_edit::structure::Structure::Attribute(attribute) => scalars_of_expression(&attribute.value, found),
            hcl_edit::structure::Structure::Block(block) => {
                for label in &block.labels {
                    *found.entry(label.as_str().to_owned()).or_default() += 1;
                }
                scalars_of_body(&block.body, found);
            }
        }
    }
}

/// The scalars that a different parser reads in a text; `None` if it rejects the text or does not support the syntax.
fn read_by_others(name: &str, text: &str) -> Option<Scalars> {
    let mut found = Scalars::new();
    match Path::new(name).extension()?.to_str()? {
        "json" => scalars_of_json(&serde_json::from_str(text.trim_start_matches('\u{FEFF}')).ok()?, &mut found),
        "yaml" | "yml" => {
            use serde::Deserialize as _;
            for document in serde_yaml_ng::Deserializer::from_str(text) {
                scalars_of_yaml(&serde_yaml_ng::Value::deserialize(document).ok()?, &mut found);
            }
        }
        "tf" => scalars_of_body(&text.parse::<hcl_edit::structure::Body>().ok()?, &mut found),
        _ => return None,
    }
    Some(found)
}

fn is_syntax(rule: &str) -> bool {
    matches!(rule, "syntax-error" | "duplicate-key" | "too-deep")
}

fn mistakes(report: &Report) -> usize {
    report.diagnostics().iter().filter(|found| is_syntax(found.rule.name)).count()
}

/// The text with the edits applied.
fn edited(text: &str, edits: &[Edit]) -> String {
    let mut edited = text.to_owned();
    for edit in edits.iter().rev() {
        edited.replace_range(edit.span.start..edit.span.end, &edit.text);
    }
    edited
}

/// The problem that a fix adds to a text, if it makes it worse.
fn worsened(name: &str, text: &str, edits: &[Edit], before: &Report) -> Option<String> {
    let fixed = edited(text, edits);
    let after = check(name, &fixed);
    let (was, is) = (mistakes(before), mistakes(&after));
    if is > was {
        return Some(format!("{was} mistakes become {is}"));
    }
    let (Some(was), is) = (read_by_others(name, text), read_by_others(name, &fixed)) else { return None };
    let Some(is) = is else { return Some("another parser does not read it any more".to_owned()) };
    // A missing value must have been part of the replaced text.
    let fold = regex::Regex::new(r"\\\r?\n[ \t]*").unwrap();
    let replaced = edits.iter().map(|edit| fold.replace_all(&text[edit.span.start..edit.span.end], ""));
    let replaced = replaced.collect::<Vec<_>>();
    // The value of a key without one has no text. It may be deep in what is deleted.
    let has_empty_value = replaced.iter().any(|replaced| {
        let has_null = |scalars: Scalars| scalars.contains_key("null");
        replaced.trim_end().ends_with(':') || read_by_others(name, replaced).is_some_and(has_null)
    });
    let written = |value: &str| {
        if value == "null" && has_empty_value {
            return true;
        }
        let escaped = serde_json::to_string(value).unwrap();
        let escaped = escaped[1..escaped.len() - 1].to_owned();
        // Multi-line scalars are found by their first word.
        let is_joined = value.contains('\n') || !text.contains(value);
        let first = value.split_whitespace().next().filter(|_| is_joined).unwrap_or(value);
        if Path::new(name).extension().is_some_and(|extension| extension == "json")
            && is_touched_string(text, edits, value)
        {
            return true;
        }
        let is_in = |part: &str| {
            replaced
                .iter()
                .any(|replaced| replaced.contains(part) || !replaced.is_empty() && part.contains(replaced.as_ref()))
        };
        is_in(value.trim()) || is_in(&escaped) || (!first.is_empty() && is_in(first)) || touches(text, edits, value)
    };
    let lost = was.iter().find(|(value, count)| is.get(*value).copied().unwrap_or(0) < **count && !written(value));
    lost.map(|(value, _)| format!("the value {value:?} is lost"))
}

/// Whether an edit is inside a JSON string with this value, in any escaped form.
fn is_touched_string(text: &str, edits: &[Edit], value: &str) -> bool {
    let strings = regex::Regex::new(r#""(?:[^"\\]|\\.)*""#).unwrap();
    strings.find_iter(text).any(|string| {
        serde_json::from_str::<String>(string.as_str()).is_ok_and(|text| text == value)
            && edits.iter().any(|edit| edit.span.start <= string.end() && string.start() <= edit.span.end)
    })
}

/// Whether an edit is at or inside an occurrence of this value.
fn touches(text: &str, edits: &[Edit], value: &str) -> bool {
    let places = text.match_indices(value).map(|(at, value)| (at, at + value.len()));
    places
        .into_iter()
        .any(|(start, end)| edits.iter().any(|edit| edit.span.start <= end + 1 && start <= edit.span.end + 1))
}

/// All problems found while linting and fixing a text.
fn flaws(name: &str, text: &str) -> Vec<String> {
    let report = check(name, text);
    let mut flaws = Vec::new();
    flaws.extend(misplaced(&report));
    for found in report.diagnostics() {
        if let Some(fix) = &found.fix
            && let Some(why) = worsened(name, text, &fix.edits, &report)
        {
            flaws.push(format!("{}: {}: {why}", found.rule.name, fix.title));
        }
    }
    for up_to in [Applicability::Safe, Applicability::Unsafe] {
        let edits = report.fixes(up_to);
        let fixed = report.fixed(up_to);
        if edited(text, &edits) != fixed {
            flaws.push(format!("{up_to:?}: the edits are not the fixed text"));
        }
        if let Some(why) = worsened(name, text, &edits, &report) {
            flaws.push(format!("{up_to:?}: {why}"));
        }
        let after = check(name, &fixed);
        if after.fixed(up_to) != fixed {
            flaws.push(format!("{up_to:?}: fixing goes on"));
        }
    }
    flaws
}

fn number(variable: &str, usual: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// A text and its problems, for a bug report.
fn description(name: &str, text: &str, flaws: &[String]) -> String {
    let report = check(name, text);
    let fixed = [Applicability::Safe, Applicability::Unsafe].map(|up_to| report.fixed(up_to));
    format!("=== {name}: {}\n{text}\n--- safe:\n{}\n--- unsafe:\n{}\n", flaws.join("; "), fixed[0], fixed[1])
}

#[test]
fn no_fix_makes_a_damaged_text_worse() {
    let seeds = seeds();
    let (count, seed) = (number("STREAMLINT_MUTATIONS", USUAL), number("STREAMLINT_SEED", 1));
    let mut wrong = Vec::new();
    for index in 0..count {
        let mut random = Random(seed.wrapping_mul(0x1_0000_0001).wrapping_add(index));
        let Seed { name, text } = random.one_of(&seeds);
        let mut text = text.clone();
        for _ in 0..=random.below(3) {
            text = mutate(&text, &mut random);
        }
        let other = random.one_of(NAMES);
        wrong.extend(misplaced(&check(other, &text)).map(|flaw| format!("=== {other}: {flaw}\n{text}\n")));
        let flaws = flaws(name, &text);
        if !flaws.is_empty() {
            wrong.push(description(name, &text, &flaws));
        }
    }
    assert!(
        wrong.is_empty(),
        "{}\n{} of {count} texts",
        wrong.iter().take(20).cloned().collect::<String>(),
        wrong.len()
    );
}

#[test]
fn no_fix_makes_a_text_of_the_repository_worse() {
    let mut wrong = String::new();
    for Seed { name, text } in seeds() {
        let flaws = flaws(&name, &text);
        if !flaws.is_empty() {
            wrong += &description(&name, &text, &flaws);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// A short version of `make fuzz`: without coverage, and with the same inputs in every run.
#[cfg(feature = "miette")]
mod short_fuzzing {
    use super::{Random, Seed, fuzz, mutate, seeds};

    const INPUTS: u64 = 1_500;

    /// Runs a target on texts in the syntax of their names, and on some texts with a different first byte.
    fn run(target: fn(&[u8])) {
        let seeds = seeds();
        for index in 0..INPUTS {
            let mut random = Random(index);
            let Seed { name, text } = random.one_of(&seeds);
            let syntax = fuzz::NAMES.iter().rposition(|other| name.ends_with(extension(other)));
            let syntax = syntax.filter(|_| index % 8 != 0).unwrap_or_else(|| random.below(fuzz::NAMES.len()));
            let text = (0..random.below(4)).fold(text.clone(), |text, _| mutate(&text, &mut random));
            target(&[&[u8::try_from(syntax).unwrap()], text.as_bytes()].concat());
        }
    }

    /// The extension of a name, from its first dot.
    fn extension(name: &str) -> &str {
        &name[name.find('.').unwrap()..]
    }

    #[test]
    fn parse() {
        run(fuzz::parse);
    }

    #[test]
    fn check() {
        run(fuzz::check);
    }

    #[test]
    fn fix() {
        run(fuzz::fix);
    }

    #[test]
    fn render() {
        run(fuzz::render);
    }

    #[test]
    fn mask() {
        for index in 0..INPUTS {
            let mut random = Random(index);
            let input = (0..17).flat_map(|_| random.next().to_le_bytes()).take(17).collect::<Vec<_>>();
            fuzz::mask(&input);
        }
    }
}
