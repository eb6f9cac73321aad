//! One mistake, one finding. Every valid definition of the repository, in every dialect that supports it, is mutated
//! in many ways, one at a time. Each mutant must have exactly the finding that `kinds.rs` describes, at its field.
//! `--nocapture` prints statistics.
#![cfg(all(feature = "dialects", feature = "yaml"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where something is not as expected")]
#![allow(clippy::print_stdout, reason = "with --nocapture the figures show")]

mod definitions;
mod dialects;
mod kinds;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::Value;
use streamlint::{Diagnostic, Linter, Report, Severity, Source};

use definitions::Definition;
use dialects::Form;
use kinds::{Mutant, Subject};

/// Maximum number of failures that are listed for each kind.
const MOST_SHOWN: usize = 5;

/// Minimum share of mutants with the expected findings, in each dialect.
const LEAST: f64 = 0.99;

fn check(form: Form, text: &str) -> Report {
    Linter::default().check(&Source::new(form.file(), text))
}

fn named(found: &Diagnostic) -> String {
    match found.rule.name {
        "syntax-error" => "syntax-error".to_owned(),
        // A key that does not look like a word is masked, except at the top of a connection.
        rule => format!("{rule}@{}", found.pointer).replace("***", " "),
    }
}

/// The number of findings of each name.
fn counted(report: &Report) -> BTreeMap<String, usize> {
    let mut counted = BTreeMap::new();
    for found in report.diagnostics() {
        *counted.entry(named(found)).or_default() += 1;
    }
    counted
}

/// The difference from the expected findings of a mutant, if there is one.
fn difference(form: Form, mutant: &Mutant, before: &BTreeMap<String, usize>) -> Option<String> {
    let report = check(form, &mutant.written.text);
    let mut new = Vec::new();
    for (name, count) in counted(&report) {
        // The valid definition may have warnings and infos, which some mutants remove.
        let old = if mutant.expected.contains(&name) { 0 } else { before.get(&name).copied().unwrap_or(0) };
        new.extend(std::iter::repeat_n(name, count.saturating_sub(old)));
    }
    let masked = |name: &String| match name.rsplit_once('/') {
        Some((around, key)) if key.ends_with(' ') && new.contains(&format!("{around}/ ")) => format!("{around}/ "),
        _ => name.clone(),
    };
    let mut expected = mutant.expected.iter().map(masked).collect::<Vec<_>>();
    expected.sort();
    if new != expected {
        return Some(format!("must be {}, is {}", expected.join(", "), new.join(", ")));
    }
    let (first, last) = mutant.written.lines.filter(|_| !expected.is_empty())?;
    let found = report.diagnostics().iter().find(|found| named(found) == expected[0]).unwrap();
    let is_there = found.labels.iter().any(|label| {
        let line = report.source().text()[..label.span.start].matches('\n').count() + 1;
        (first..=last).contains(&line)
    });
    (!is_there).then(|| format!("{} is not on lines {first} to {last}", expected[0]))
}

/// The results of the mutants in one form.
#[derive(Default)]
struct Outcome {
    tried: usize,
    /// The kinds of mutations that were tried.
    kinds: BTreeSet<&'static str>,
    /// The problems, by kind.
    failures: BTreeMap<&'static str, Vec<String>>,
}

impl Outcome {
    fn add(&mut self, other: Self) {
        self.tried += other.tried;
        self.kinds.extend(other.kinds);
        for (kind, failures) in other.failures {
            self.failures.entry(kind).or_default().extend(failures);
        }
    }

    fn right(&self) -> usize {
        self.tried - self.failures.values().map(Vec::len).sum::<usize>()
    }

    #[allow(clippy::cast_precision_loss, reason = "far fewer than 2^52 mutants")]
    fn share(&self) -> f64 {
        self.right() as f64 / self.tried as f64
    }
}

fn outcome(form: Form, definitions: &[Definition]) -> Outcome {
    let mut outcome = Outcome::default();
    for definition in definitions {
        let body = Value::Object(definition.body.clone());
        let Some(members) = dialects::written(form, &definition.body) else { continue };
        let valid = dialects::text(form, &members);
        let report = check(form, &valid.text);
        let errors = report.diagnostics().iter().filter(|found| found.severity == Severity::Error);
        let errors = errors.map(|found| format!("{}: {}", named(found), found.message)).collect::<Vec<_>>();
        assert!(errors.is_empty(), "{} in {form:?} is valid: {errors:?}\n{}", definition.path, valid.text);
        let before = counted(&report);
        for mutant in kinds::mutants(&Subject { form, body: &body, members }) {
            outcome.tried += 1;
            outcome.kinds.insert(mutant.kind);
            if let Some(difference) = difference(form, &mutant, &before) {
                let failure = format!("{} {form:?} {}: {difference}", definition.path, mutant.field);
                outcome.failures.entry(mutant.kind).or_default().push(failure);
            }
        }
    }
    outcome
}

#[test]
fn one_mistake_leads_to_its_one_finding() {
    let definitions = &definitions::definitions();
    let mut outcomes = BTreeMap::<_, Outcome>::new();
    std::thread::scope(|scope| {
        let threads = Form::ALL.map(|form| (form, scope.spawn(move || outcome(form, definitions))));
        for (form, thread) in threads {
            outcomes.entry(form.dialect()).or_default().add(thread.join().unwrap());
        }
    });
    let mut out = format!("{} definitions\n", definitions.len());
    for (dialect, outcome) in &outcomes {
        writeln!(out, "{dialect}: {} of {}, {} kinds", outcome.right(), outcome.tried, outcome.kinds.len()).unwrap();
        for (kind, failures) in &outcome.failures {
            writeln!(out, "    {kind} ({})", failures.len()).unwrap();
            for failure in failures.iter().take(MOST_SHOWN) {
                writeln!(out, "        {failure}").unwrap();
            }
        }
    }
    println!("{out}");
    assert!(outcomes.values().all(|outcome| outcome.share() >= LEAST), "{out}");
}
