//! docs/evidence.md and its citations: every cited id exists, and every fact is cited.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as expected")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

/// The files that may cite evidence. Tests cite it only in the reasons of their fixtures.
const CITING: [&str; 5] = ["src", "schemas", "pkg", "web/src", "tests/fixtures"];

/// Third-party packages, and build output.
const SKIPPED: [&str; 2] = ["node_modules", "dist"];

/// A fact in docs/evidence.md: the text of its line, and whether it is in the background section.
struct Fact {
    text: String,
    is_background: bool,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn facts() -> BTreeMap<String, Fact> {
    let entry = Regex::new(r"^- \*\*([A-Z]{3}-[0-9]{3})\*\* (.*)$").unwrap();
    let mut facts = BTreeMap::new();
    let mut section = String::new();
    for line in fs::read_to_string(root().join("docs/evidence.md")).unwrap().lines() {
        if let Some(title) = line.strip_prefix("## ") {
            title.clone_into(&mut section);
        } else if let Some(found) = entry.captures(line) {
            let fact = Fact { text: found[2].to_owned(), is_background: section == "Background" };
            assert!(facts.insert(found[1].to_owned(), fact).is_none(), "two facts are named {}", &found[1]);
        }
    }
    facts
}

fn files_below(path: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(path).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if !entry.file_type().unwrap().is_dir() {
            files.push(path);
        } else if !SKIPPED.iter().any(|name| path.ends_with(name)) {
            files_below(&path, files);
        }
    }
}

/// The ids cited in comments of the code and in the reasons of fixtures.
fn cited() -> BTreeMap<String, PathBuf> {
    let id = Regex::new(r"\b[A-Z]{3}-[0-9]{3}\b").unwrap();
    let comment = Regex::new(r#"(^|\s)(///?|//!|/?\*\*?)\s|^\s*"reason": "#).unwrap();
    let mut files = Vec::new();
    for folder in CITING {
        files_below(&root().join(folder), &mut files);
    }
    let mut cited = BTreeMap::new();
    for path in files {
        let Ok(text) = fs::read_to_string(&path) else { continue };
        for line in text.lines().filter(|line| comment.is_match(line)) {
            for found in id.find_iter(line).filter(|found| !found.as_str().starts_with("SHA-")) {
                cited.insert(found.as_str().to_owned(), path.clone());
            }
        }
    }
    cited
}

/// The rules in the `Rules:` list of a fact.
fn rules_of(fact: &Fact) -> Vec<&str> {
    let list = fact.text.split_once(" Rules: ").map_or("", |(_, list)| list);
    list.split(", ").filter(|name| !name.is_empty()).map(|name| name.trim_matches('`')).collect()
}

#[test]
fn every_cited_id_is_in_the_evidence() {
    let facts = facts();
    for (id, path) in cited() {
        assert!(facts.contains_key(&id), "{} cites {id}, which docs/evidence.md does not have", path.display());
    }
}

#[test]
fn every_fact_has_a_use_or_is_background() {
    let cited = cited();
    for (id, fact) in facts() {
        let is_used = cited.contains_key(&id) || !rules_of(&fact).is_empty();
        assert!(is_used || fact.is_background, "{id} of docs/evidence.md has no citation and no rule");
        assert!(!is_used || !fact.is_background, "{id} of docs/evidence.md has a use, so it is not background");
    }
}

#[test]
fn every_fact_has_a_grade_and_names_rules_that_exist() {
    let grade = Regex::new(r"\[[^\]]*\b[SDPIN]\b[^\]]*\]").unwrap();
    let names = streamlint::RULES.iter().map(|rule| rule.name).collect::<BTreeSet<_>>();
    for (id, fact) in facts() {
        assert!(id.starts_with("OPN-") || grade.is_match(&fact.text), "{id} of docs/evidence.md has no grade");
        for rule in rules_of(&fact) {
            assert!(names.contains(rule), "{id} of docs/evidence.md names {rule}, which is not a rule");
        }
    }
}

/// The section `Evidence` of a rule's page cites exactly the facts that list the rule.
#[test]
fn the_page_of_a_rule_cites_its_facts() {
    let id = Regex::new(r"\b[A-Z]{3}-[0-9]{3}\b").unwrap();
    let mut listed = BTreeMap::<_, BTreeSet<_>>::new();
    let facts = facts();
    for (id, fact) in &facts {
        for rule in rules_of(fact) {
            listed.entry(rule).or_default().insert(id.as_str());
        }
    }
    let mut wrong = Vec::new();
    for rule in streamlint::RULES {
        let evidence = rule.page().split_once("\n## Evidence\n").map_or("", |(_, rest)| rest);
        let evidence = evidence.split("\n## ").next().unwrap_or_default();
        let cited = id.find_iter(evidence).map(|found| found.as_str()).collect::<BTreeSet<_>>();
        let listed = listed.remove(rule.name).unwrap_or_default();
        if cited != listed {
            wrong.push(format!("{}: the page cites {cited:?}, docs/evidence.md lists {listed:?}", rule.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
