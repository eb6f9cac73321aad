//! The baseline: known findings, so that only new ones are reported.
//!
//! It contains counts by file, connection and rule, but no positions, because those change with every edit. If a rule
//! has more findings in a connection than the baseline, all of them are reported as new: it is unknown which ones are
//! known.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::atlas::secret::{Keys, shown_key};
use crate::diagnostic::Diagnostic;
use crate::linter::Report;

/// Increased if a reader of the old file would misread the new one.
const VERSION: u32 = 1;

/// Counts of one file, by the name of the connection (empty if there is none) and by rule.
pub type Known = BTreeMap<String, BTreeMap<String, usize>>;

/// Known findings, by file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    version: u32,
    files: BTreeMap<String, Known>,
}

impl Default for Baseline {
    fn default() -> Self {
        Self { version: VERSION, files: BTreeMap::new() }
    }
}

impl Baseline {
    /// Parses the text of a baseline.
    ///
    /// # Errors
    ///
    /// The reason, as half a sentence.
    pub fn read(text: &str) -> Result<Self, String> {
        let baseline = serde_json::from_str::<Self>(text).map_err(|error| what_else(text, &error))?;
        if baseline.version == VERSION {
            Ok(baseline)
        } else {
            Err(format!("unsupported baseline version {}, expected {VERSION}", baseline.version))
        }
    }

    /// The text of the file, the same for the same findings.
    pub fn to_text(&self) -> String {
        // Strings, numbers and maps of them always become JSON.
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// The number of known findings.
    pub fn findings(&self) -> usize {
        self.files.values().map(number).sum()
    }

    /// Adds the known findings of a file. Its path is relative to the folder of the baseline.
    pub fn insert(&mut self, path: String, known: Known) {
        if !known.is_empty() {
            self.files.insert(path, known);
        }
    }

    /// Lowers the counts of a file to those of its findings.
    pub fn limit(&mut self, path: &str, found: &Known) {
        let Some(known) = self.files.get_mut(path) else { return };
        known.retain(|name, rules| {
            let of_name = found.get(name);
            rules.retain(|rule, count| {
                *count = (*count).min(of_name.and_then(|rules| rules.get(rule)).copied().unwrap_or_default());
                *count > 0
            });
            !rules.is_empty()
        });
        if known.is_empty() {
            self.files.remove(path);
        }
    }

    /// Keeps files by their paths, which are relative to the folder of the baseline.
    pub fn retain_files(&mut self, keep: impl Fn(&str) -> bool) {
        self.files.retain(|path, _| keep(path));
    }

    /// Removes known findings from a report. Returns the number of known findings that are gone.
    pub fn subtract(&self, path: &str, report: &mut Report) -> usize {
        let Some(known) = self.files.get(path) else { return 0 };
        let found = count(report);
        let number =
            |of: &Known, name: &str, rule: &str| of.get(name).and_then(|of| of.get(rule)).copied().unwrap_or(0);
        let is_new = |one: &Diagnostic| {
            let (name, rule) = (name_of(report, one), one.rule.name);
            number(&found, &name, rule) > number(known, &name, rule)
        };
        let mut new = report.diagnostics().iter().map(is_new).collect::<Vec<_>>().into_iter();
        report.retain(|_| new.next().unwrap_or(true));
        let all = known.iter().flat_map(|(name, rules)| rules.iter().map(move |(rule, count)| (name, rule, *count)));
        all.map(|(name, rule, count)| count.saturating_sub(number(&found, name, rule))).sum()
    }
}

/// A description of a text that is not a baseline, without any quote from it.
fn what_else(text: &str, error: &serde_json::Error) -> String {
    let anew = "--write-baseline rewrites it";
    // serde_json uses column 0 for the start of a line.
    let (line, column) = (error.line(), error.column().max(1));
    let conflict = text.lines().position(|line| line.starts_with("<<<<<<< ") || line.starts_with(">>>>>>> "));
    if text.trim_start_matches('\u{FEFF}').trim().is_empty() {
        format!("the file is empty; {anew}")
    } else if let Some(before) = conflict {
        format!("the file has merge conflicts, the first in line {}; {anew}", before + 1)
    } else if error.is_eof() {
        format!("the file ends before the baseline does, in line {}; {anew}", text.lines().count())
    } else if error.is_syntax() {
        format!("this is not a streamlint baseline: invalid JSON at line {line}, column {column}")
    } else {
        format!("this is not a streamlint baseline: unexpected JSON at line {line}, column {column}")
    }
}

/// Counts the findings of a file.
pub fn count(report: &Report) -> Known {
    let mut known = Known::new();
    for found in report.diagnostics() {
        *known.entry(name_of(report, found)).or_default().entry(found.rule.name.to_owned()).or_default() += 1;
    }
    known
}

fn number(known: &Known) -> usize {
    known.values().flat_map(BTreeMap::values).sum()
}

/// The name of the connection, as far as it may be shown.
fn name_of(report: &Report, found: &Diagnostic) -> String {
    let summary = found.connection.and_then(|at| report.summaries().get(at));
    let name = summary.and_then(|summary| summary.name.as_deref()).unwrap_or_default();
    shown_key(name, if report.is_damaged() { Keys::Uncertain } else { Keys::Certain }).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Source;

    const TWO: &str = r#"[{ "name": "a", "type": "Https" }, { "name": "b", "type": "Kafka" }]"#;

    fn check(text: &str) -> Report {
        crate::check(&Source::new("a.json", text))
    }

    fn of(text: &str) -> Baseline {
        let mut baseline = Baseline::default();
        baseline.insert("a.json".to_owned(), count(&check(text)));
        baseline
    }

    /// The rules of new findings, and the number of removed ones.
    fn after(baseline: &Baseline, text: &str) -> (Vec<&'static str>, usize) {
        let mut report = check(text);
        let gone = baseline.subtract("a.json", &mut report);
        (report.diagnostics().iter().map(|found| found.rule.name).collect(), gone)
    }

    #[test]
    fn known_findings_are_removed() {
        let baseline = of(TWO);
        assert_eq!(after(&baseline, TWO), (vec![], 0));
        // At a different position in the file, and in a different order, it is the same.
        let moved = r#"[ { "type": "Kafka", "name": "b" },

            { "name": "a", "type": "Https" }]"#;
        assert_eq!(after(&baseline, moved), (vec![], 0));
        let mut other = check(TWO);
        assert_eq!(baseline.subtract("b.json", &mut other), 0);
        assert_ne!(other.diagnostics().len(), 0);
    }

    #[test]
    fn new_findings_stay_and_gone_ones_are_counted() {
        let baseline = of(TWO);
        let renamed = TWO.replace("\"a\"", "\"c\"");
        assert_eq!(after(&baseline, &renamed), (vec!["missing-field"], 1));
        let fixed = TWO.replace("Https\"", "Https\", \"url\": \"https://a.example\"");
        assert_eq!(after(&baseline, &fixed), (vec![], 1));
        // One more in the same connection: it is unknown which one is new.
        let one = of(
            r#"{ "name": "b", "type": "Kafka", "bootstrapServers": "b.example:9092", "authentication": { "mechanism": "" } }"#,
        );
        assert_eq!(
            after(&one, r#"{ "name": "b", "type": "Kafka", "authentication": { "mechanism": "" } }"#).0.len(),
            2
        );
    }

    #[test]
    fn its_text_round_trips_without_secrets() {
        let baseline = of(r#"{ "name": "mongodb://u:hunter2@host", "type": "Https" }"#);
        let text = baseline.to_text();
        assert!(!text.contains("hunter2"), "{text}");
        assert_eq!(Baseline::read(&text), Ok(baseline));
        insta::assert_snapshot!(of(TWO).to_text(), @r#"
        {
          "version": 1,
          "files": {
            "a.json": {
              "": {
                "not-a-connection": 1
              },
              "a": {
                "missing-field": 1
              },
              "b": {
                "missing-field": 3
              }
            }
          }
        }
        "#);
    }

    #[test]
    fn other_files_are_not_baselines() {
        let conflict = "{\n<<<<<<< HEAD\n  \"version\": 1,\n=======\n>>>>>>> main\n";
        let texts = ["{}", "", " \n\u{FEFF}", "\u{FEFF}\n", conflict, "{\n", "{ \"version\": 1,\n\nx", "hunter2"];
        let reported = texts.map(|text| Baseline::read(text).unwrap_err()).join("\n");
        insta::assert_snapshot!(reported, @r#"
        this is not a streamlint baseline: unexpected JSON at line 1, column 2
        the file is empty; --write-baseline rewrites it
        this is not a streamlint baseline: invalid JSON at line 2, column 1
        the file is empty; --write-baseline rewrites it
        the file has merge conflicts, the first in line 2; --write-baseline rewrites it
        the file ends before the baseline does, in line 1; --write-baseline rewrites it
        this is not a streamlint baseline: invalid JSON at line 3, column 1
        this is not a streamlint baseline: invalid JSON at line 1, column 1
        "#);
        assert!(Baseline::read("{ \"version\": 2, \"files\": {} }").unwrap_err().contains("version 2"));
        assert!(Baseline::read("hunter2").is_err_and(|why| !why.contains("hunter2")));
    }
}
