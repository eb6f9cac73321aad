//! The pages of the rules: their sections and examples. A bad example has findings of its rule only, and a good
//! example has none.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as expected")]

use std::path::Path;

use regex::Regex;
use streamlint::{Config, Example, Linter, Module, RULES, Rule, Source};

/// Rules without a bad example, and the reason.
const NO_BAD: &[(&str, &str)] = &[("too-deep", "it would have 127 brackets; tests/readers.rs builds it")];

/// Rules without a good example, and the reason.
const NO_GOOD: &[(&str, &str)] =
    &[("too-deep", "every other page has one"), ("api-error", "a successful response is not an error body")];

/// The sections of a page, in order. `Configuration` is only for options that not every rule has.
const SECTIONS: &[&str] = &["What it does", "Why it matters", "How to fix", "Example", "Evidence", "Configuration"];

/// The maximum length of a page, in lines outside of the examples.
const MOST_LINES: usize = 60;

/// Phrases that plain English avoids, and words that have a preferred term here: field, dialect, response.
const UNWANTED: &str = r"(?i)\b(stands?|stood|mend(s|ed|ing)?|nobody|somebody|(is|are) (said|told)|says so|judge[sd]?|judging|what is to be|what is no|that is none|without a word|recognised|colour|behaviour|gives? back|for nothing|members?|front ends?|answers?)\b";

/// The lines of a page outside of its examples.
fn prose(page: &str) -> Vec<&str> {
    let mut in_example = false;
    let is_prose = |line: &&str| {
        let is_fence = line.starts_with("```");
        in_example ^= is_fence;
        !in_example && !is_fence
    };
    page.lines().filter(is_prose).collect()
}

fn is_exempt(list: &[(&str, &str)], rule: &Rule) -> bool {
    list.iter().any(|(name, _)| *name == rule.name)
}

fn found(example: &Example) -> Vec<String> {
    let linter = Linter::new(Config::builder().mode(example.mode).build().expect("no rule is named"));
    let source = Source::new(example.name.as_str(), example.text.as_str());
    // An example is a complete module.
    let report = linter.check_in(&source, &Module::of([&source], true));
    report.diagnostics().iter().map(|found| format!("{}@{}", found.rule.name, found.pointer)).collect()
}

#[test]
fn every_rule_has_a_page() {
    let empty = RULES.iter().filter(|rule| rule.page().is_empty()).map(|rule| rule.name).collect::<Vec<_>>();
    assert!(empty.is_empty(), "{empty:?}");
}

#[test]
fn every_page_has_its_sections() {
    let unwanted = Regex::new(UNWANTED).unwrap();
    let mut wrong = Vec::new();
    for rule in RULES.iter().filter(|rule| !rule.page().is_empty()) {
        let examples = rule.examples();
        let mut ask = |is: bool, what: &str| {
            if !is {
                wrong.push(format!("{}: {what}", rule.name));
            }
        };
        ask(rule.page().lines().next() == Some(&format!("# {}", rule.name)), "the page starts with the rule's name");
        ask(rule.page().lines().filter(|line| line.starts_with("# ")).count() == 1, "one title");
        let prose = prose(rule.page());
        let sections = prose.iter().filter_map(|line| line.strip_prefix("## ")).collect::<Vec<_>>();
        let all = SECTIONS.len();
        ask(sections == SECTIONS || sections == SECTIONS[..all - 1], &format!("other sections: {sections:?}"));
        ask(prose.len() <= MOST_LINES, "a shorter page");
        for line in prose.iter().filter(|line| unwanted.is_match(line)) {
            ask(false, &format!("other words than in: {line}"));
        }
        ask(examples.iter().any(|it| it.is_good == Some(false)) || is_exempt(NO_BAD, rule), "a bad example");
        ask(examples.iter().any(|it| it.is_good == Some(true)) || is_exempt(NO_GOOD, rule), "a good example");
        ask(!rule.summary.ends_with('.'), "a summary without a full stop");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The URL of a rule is that of its page in the repository, at the tag of this version.
#[test]
fn findings_link_to_pages_in_the_repository() {
    let root = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/v", env!("CARGO_PKG_VERSION"), "/");
    for rule in RULES {
        let url = rule.url();
        let path = url.strip_prefix(root).expect(&url);
        let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect(path);
        assert_eq!(page, rule.page(), "{path}");
    }
}

#[test]
#[cfg_attr(not(all(feature = "dialects", feature = "yaml")), ignore = "needs the features dialects and yaml")]
fn examples_are_good_or_bad_as_labeled() {
    let mut wrong = Vec::new();
    for rule in RULES {
        for example in rule.examples() {
            let Some(is_good) = example.is_good else { continue };
            let found = found(&example);
            let only_its_rule = found.iter().all(|it| it.split('@').next() == Some(rule.name)) && !found.is_empty();
            if if is_good { !found.is_empty() } else { !only_its_rule } {
                let verdict = if is_good { "good" } else { "bad" };
                let Example { name, line, .. } = example;
                wrong.push(format!("{}, line {line}: this {verdict} example, {name}, gives {found:?}", rule.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// URLs of findings and names in settings are made of these.
#[test]
fn names_are_words_with_hyphens_and_distinct() {
    for (at, rule) in RULES.iter().enumerate() {
        assert!(rule.name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{}", rule.name);
        assert!(RULES[..at].iter().all(|other| other.name != rule.name), "{}", rule.name);
    }
}
