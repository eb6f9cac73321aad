//! The number of findings by rule.

use std::fmt::Write as _;

use serde::Serialize;

use super::{Count, Tally};

/// One rule in `check --statistics --format json`. The names are a contract.
#[derive(Serialize)]
struct RuleCount {
    rule: &'static str,
    severity: &'static str,
    count: usize,
    /// The number of them that `--fix` fixes, and the number of others that `--unsafe-fixes` fixes.
    fixable: usize,
    #[serde(rename = "unsafeFixable")]
    unsafe_fixable: usize,
    url: String,
}

/// The rules with findings, the most frequent first.
fn rows(tally: &Tally) -> Vec<RuleCount> {
    let row = |(rule, count): (&crate::Rule, Count)| RuleCount {
        rule: rule.name,
        severity: rule.severity.name(),
        count: count.found,
        fixable: count.safe,
        unsafe_fixable: count.guesses,
        url: rule.url(),
    };
    let mut rows = tally.rules().map(row).collect::<Vec<_>>();
    rows.sort_by_key(|row| std::cmp::Reverse(row.count));
    rows
}

/// The table for people; empty without findings.
pub(crate) fn statistics(tally: &Tally) -> String {
    let rows = rows(tally);
    let width = rows.iter().map(|row| row.rule.len()).max().unwrap_or(0);
    let digits = rows.first().map_or(0, |row| row.count.to_string().len());
    let mut out = String::new();
    for row in rows {
        let fixes = [(row.fixable, "--fix"), (row.unsafe_fixable, "--unsafe-fixes")];
        let fixes =
            fixes.iter().filter(|(number, _)| *number > 0).map(|(number, flag)| format!("{number} with {flag}"));
        let fixes = fixes.collect::<Vec<_>>().join(", ");
        let line = format!("{:>digits$}  {:width$}  {:7}  {fixes}", row.count, row.rule, row.severity);
        let _ = writeln!(out, "{}", line.trim_end());
    }
    out
}

/// The same for programs: an array, empty without findings.
pub(crate) fn statistics_json(tally: &Tally) -> String {
    // Strings, numbers and lists of them always become JSON.
    serde_json::to_string_pretty(&rows(tally)).unwrap_or_default() + "\n"
}
