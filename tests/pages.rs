//! Every rule has a page, and the examples on the pages are right: a bad one gives its rule and no other, a good one
//! gives nothing.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as expected")]

use streamlint::{Config, Linter, Mode, Module, RULES, Rule, Source};

/// Rules without a bad example, and why.
const NO_BAD: &[(&str, &str)] = &[("too-deep", "127 brackets are no reading matter; tests/readers.rs builds them")];

/// Rules without a good example, and why.
const NO_GOOD: &[(&str, &str)] =
    &[("too-deep", "every other page has one"), ("api-error", "the good answer to a request is no error body")];

/// A fenced block: ```` ```json bad mode=response ````.
#[derive(Debug)]
struct Example {
    language: String,
    good: bool,
    mode: Option<Mode>,
    name: String,
    text: String,
    line: usize,
}

/// The examples of a page. The info string is a language, `bad` or `good`, and then any of `mode=…` and a file name.
fn examples(page: &str) -> Vec<Example> {
    let mut examples = Vec::new();
    let mut lines = page.lines().enumerate();
    while let Some((line, text)) = lines.next() {
        let Some(info) = text.strip_prefix("```") else { continue };
        let body = lines.by_ref().map(|(_, line)| line).take_while(|line| *line != "```").collect::<Vec<_>>();
        let mut words = info.split_whitespace();
        let language = words.next().unwrap_or_default().to_owned();
        let Some(verdict @ ("good" | "bad")) = words.next() else { continue };
        let mut example = Example {
            name: format!("example.{language}"),
            language,
            good: verdict == "good",
            mode: None,
            text: body.join("\n"),
            line: line + 1,
        };
        for word in words {
            match word.strip_prefix("mode=") {
                Some(mode) => example.mode = Some(mode.parse().expect(word)),
                None => word.clone_into(&mut example.name),
            }
        }
        examples.push(example);
    }
    examples
}

fn is_exempt(list: &[(&str, &str)], rule: &Rule) -> bool {
    list.iter().any(|(name, _)| *name == rule.name)
}

fn found(example: &Example) -> Vec<String> {
    let linter = Linter::new(Config::builder().mode(example.mode).build().expect("no rule is named"));
    let source = Source::new(example.name.as_str(), example.text.as_str());
    // An example is all there is.
    let report = linter.check_in(&source, &Module::of([&source], true));
    report.diagnostics().iter().map(|found| format!("{}@{}", found.rule.name, found.pointer)).collect()
}

#[test]
fn every_rule_has_a_page() {
    let empty = RULES.iter().filter(|rule| rule.page().is_empty()).map(|rule| rule.name).collect::<Vec<_>>();
    assert!(empty.is_empty(), "{empty:?}");
}

#[test]
fn every_page_has_its_parts() {
    let mut wrong = Vec::new();
    for rule in RULES.iter().filter(|rule| !rule.page().is_empty()) {
        let examples = examples(rule.page());
        let mut ask = |is: bool, what: &str| {
            if !is {
                wrong.push(format!("{}: {what}", rule.name));
            }
        };
        ask(rule.page().lines().next() == Some(&format!("# {}", rule.name)), "the page starts with the rule's name");
        ask(rule.page().lines().filter(|line| line.starts_with("# ")).count() == 1, "one title");
        ask(rule.page().contains("\n## Why\n"), "a section Why");
        ask(rule.page().contains("\n## What to do\n"), "a section What to do");
        ask(examples.iter().any(|it| !it.good) || is_exempt(NO_BAD, rule), "a bad example");
        ask(examples.iter().any(|it| it.good) || is_exempt(NO_GOOD, rule), "a good example");
        ask(!rule.summary.ends_with('.'), "a summary without a final stop");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
#[cfg_attr(not(all(feature = "dialects", feature = "yaml")), ignore = "needs the features dialects and yaml")]
fn examples_are_what_they_say() {
    let mut wrong = Vec::new();
    for rule in RULES {
        for example in examples(rule.page()) {
            let found = found(&example);
            let only_its_rule = found.iter().all(|it| it.split('@').next() == Some(rule.name)) && !found.is_empty();
            if if example.good { !found.is_empty() } else { !only_its_rule } {
                let verdict = if example.good { "good" } else { "bad" };
                let Example { language, line, .. } = example;
                wrong.push(format!("{}, line {line}: this {verdict} {language} example gives {found:?}", rule.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The addresses of findings and the names in configuration files are made of these.
#[test]
fn names_are_words_with_hyphens_and_distinct() {
    for (at, rule) in RULES.iter().enumerate() {
        assert!(rule.name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{}", rule.name);
        assert!(RULES[..at].iter().all(|other| other.name != rule.name), "{}", rule.name);
    }
}
