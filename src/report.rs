//! How reports are written down: one file for each format.
//!
//! Every format reads the text of a report through the mask of `secret.rs`, or not at all.

mod concise;
#[cfg(feature = "cli")]
mod diff;
#[cfg(feature = "cli")]
mod human;
mod json;

use std::borrow::Cow;
use std::fmt;
use std::ops::AddAssign;

use crate::diagnostic::{Applicability, Severity};
use crate::linter::Report;
use crate::secret::is_hostile;

#[cfg(feature = "cli")]
pub use diff::diff;

/// A format of reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// A picture of each finding, for people at a terminal.
    #[cfg(feature = "cli")]
    Human,
    /// One line for each finding: `path:line:column: severity: message [rule]`.
    Concise,
    /// The JSON report that `schemas/report.schema.json` describes.
    Json,
}

impl Format {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        #[cfg(feature = "cli")]
        Self::Human,
        Self::Concise,
        Self::Json,
    ];

    /// The word for it on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            #[cfg(feature = "cli")]
            Self::Human => "human",
            Self::Concise => "concise",
            Self::Json => "json",
        }
    }

    /// The format of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|format| format.name() == name)
    }

    /// Writes reports, in their order. A text ends with a line break or is empty.
    #[cfg_attr(not(feature = "cli"), expect(unused_variables, reason = "only the picture has a style"))]
    pub fn render(self, reports: &[Report], style: Style) -> String {
        match self {
            #[cfg(feature = "cli")]
            Self::Human => human::render(reports, style),
            Self::Concise => concise::render(reports),
            Self::Json => json::render(reports),
        }
    }
}

/// What the terminal can do; only [`Format::Human`](Format) asks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Style {
    /// Colours, as ANSI escapes.
    pub colors: bool,
    /// Rule names that lead to their pages, as OSC 8 escapes.
    pub links: bool,
}

impl Report {
    /// Writes this report in a format, without colours. What is secret does not show.
    pub fn render(&self, format: Format) -> String {
        format.render(std::slice::from_ref(self), Style::default())
    }

    /// Whether reports mention the file: it holds a connection, or something was found in it.
    pub fn is_listed(&self) -> bool {
        !self.summaries().is_empty() || !self.diagnostics().is_empty()
    }
}

/// What was found in all, by numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Totals {
    /// Files with a connection or a finding.
    pub files: usize,
    /// Connections.
    pub connections: usize,
    /// Findings of severity error.
    pub errors: usize,
    /// Findings of severity warning.
    pub warnings: usize,
    /// Findings of severity info.
    pub infos: usize,
    /// Findings with a safe fix, which `--fix` applies.
    pub fixable: usize,
}

impl Totals {
    /// The numbers of some reports.
    pub fn of<'r>(reports: impl IntoIterator<Item = &'r Report>) -> Self {
        let mut totals = Self::default();
        for report in reports {
            totals.files += usize::from(report.is_listed());
            totals.connections += report.summaries().len();
            for found in report.diagnostics() {
                *match found.severity {
                    Severity::Error => &mut totals.errors,
                    Severity::Warning => &mut totals.warnings,
                    Severity::Info => &mut totals.infos,
                } += 1;
                let safe = found.fix.as_ref().is_some_and(|fix| fix.applicability == Applicability::Safe);
                totals.fixable += usize::from(safe);
            }
        }
        totals
    }
}

impl AddAssign for Totals {
    fn add_assign(&mut self, other: Self) {
        self.files += other.files;
        self.connections += other.connections;
        self.errors += other.errors;
        self.warnings += other.warnings;
        self.infos += other.infos;
        self.fixable += other.fixable;
    }
}

impl fmt::Display for Totals {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let found = [(self.errors, "error"), (self.warnings, "warning"), (self.infos, "info")];
        let found = found.iter().filter(|(number, _)| *number > 0);
        let found = found.map(|(number, word)| counted(*number, word)).collect::<Vec<_>>();
        let found = if found.is_empty() { "nothing found".to_owned() } else { found.join(", ") };
        let (files, connections) = (counted(self.files, "file"), counted(self.connections, "connection"));
        write!(out, "{found} in {files} ({connections})")?;
        if self.fixable > 0 {
            write!(out, "; {} fixable with --fix", self.fixable)?;
        }
        Ok(())
    }
}

fn counted(number: usize, word: &str) -> String {
    format!("{number} {word}{}", if number == 1 { "" } else { "s" })
}

/// A text for one line of a terminal: characters that would do something there are replaced.
pub fn seen(text: &str) -> Cow<'_, str> {
    if text.contains(is_hostile) { Cow::Owned(text.replace(is_hostile, "\u{FFFD}")) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::{Format, Totals};

    #[test]
    fn the_closing_line_counts_in_words() {
        let line = |files, connections, errors, warnings, infos, fixable| {
            Totals { files, connections, errors, warnings, infos, fixable }.to_string()
        };
        assert_eq!(
            line(4, 12, 3, 1, 2, 2),
            "3 errors, 1 warning, 2 infos in 4 files (12 connections); 2 fixable with --fix"
        );
        assert_eq!(line(1, 1, 0, 0, 1, 0), "1 info in 1 file (1 connection)");
        assert_eq!(line(2, 3, 0, 0, 0, 0), "nothing found in 2 files (3 connections)");
    }

    #[test]
    fn formats_go_by_their_names() {
        for &format in Format::ALL {
            assert_eq!(Format::from_name(format.name()), Some(format));
        }
        assert_eq!(Format::from_name("xml"), None);
    }
}
