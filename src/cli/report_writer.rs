//! Writes the report of a run, from the outcomes of its texts.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use super::arguments::Arguments;
use super::files;
use super::output::{self, Output};
use super::progress::Progress;
use super::status::Status;
use super::terminal::{Stream, complain};
use crate::output::{Tally, counted, statistics_json};
use crate::settings::baseline::{Baseline, Known};
use crate::settings::disk::reason;
use crate::{Format, Report, Style};

/// Output is written in pieces of about so many bytes.
const PIECE: usize = 1 << 16;

/// The outcome of linting some texts, in their order.
#[derive(Default)]
pub(super) struct Outcome {
    /// Their part of the report, or the changes that fixes would make.
    pub text: String,
    pub tally: Tally,
    /// Whether they have findings that make the exit status 1.
    pub has_findings: bool,
    /// Sentences for standard error.
    pub log: Vec<LogLine>,
    /// Findings to write into a baseline, by their paths there.
    pub known: Option<(String, Known)>,
    /// The number of known findings that are gone, by the name of their baseline.
    pub gone: Option<(String, usize)>,
}

impl Outcome {
    /// The outcome of a text that could not be read or written, for the reason in the sentence.
    pub fn failure(sentence: String) -> Self {
        Self { log: vec![LogLine::Failure(sentence)], ..Self::default() }
    }
}

/// A sentence about one text.
pub(super) enum LogLine {
    /// Its dialect and mode, with --verbose.
    Note(String),
    /// The reason why it could not be read or written.
    Failure(String),
}

/// Writes the report from the outcomes of texts, which come in their order.
pub(super) struct ReportWriter<'a> {
    arguments: &'a Arguments,
    output: Output,
    /// The stream of the closing line when the report goes to a file.
    stream: Stream,
    tally: Tally,
    status: Status,
    is_empty: bool,
    /// Findings to write into a baseline.
    known: Baseline,
    /// The number of known findings that are gone, by baseline.
    gone: BTreeMap<String, usize>,
    progress: Arc<Progress>,
}

impl<'a> ReportWriter<'a> {
    /// # Errors
    ///
    /// A sentence about an output file that cannot be written.
    pub fn new(arguments: &'a Arguments, stream: Stream, progress: Arc<Progress>) -> Result<Self, String> {
        let output = match &arguments.output {
            None => Output::stream(stream, arguments.color),
            Some(path) => Output::file(path).map_err(|error| output::unwritable(path, &error))?,
        };
        let mut writer = Self {
            arguments,
            output,
            stream,
            tally: Tally::default(),
            status: Status::Clean,
            is_empty: true,
            known: Baseline::default(),
            gone: BTreeMap::new(),
            progress,
        };
        if arguments.is_document() {
            writer.output.write(arguments.format.head());
        }
        Ok(writer)
    }

    pub fn progress(&self) -> Arc<Progress> {
        Arc::clone(&self.progress)
    }

    pub fn style(&self) -> Style {
        self.output.style
    }

    /// Whether the reader of the report is gone.
    pub fn is_gone(&self) -> bool {
        self.output.is_gone()
    }

    pub fn write(&mut self, outcomes: impl IntoIterator<Item = Outcome>) {
        self.progress().pause(|| self.write_now(outcomes));
    }

    fn write_now(&mut self, outcomes: impl IntoIterator<Item = Outcome>) {
        let separator = self.arguments.separator();
        let mut text = String::new();
        for outcome in outcomes {
            for line in outcome.log {
                match line {
                    LogLine::Note(sentence) => complain(&sentence),
                    LogLine::Failure(sentence) => self.count_failure(&sentence),
                }
            }
            if outcome.has_findings && !self.arguments.exit_zero {
                self.status = self.status.max(Status::Findings);
            }
            outcome.known.into_iter().for_each(|(path, known)| self.known.insert(path, known));
            for (name, gone) in outcome.gone.into_iter().filter(|(_, gone)| *gone > 0) {
                *self.gone.entry(name).or_default() += gone;
            }
            self.tally += &outcome.tally;
            if !outcome.text.is_empty() {
                text.push_str(if self.is_empty { "" } else { separator });
                text.push_str(&outcome.text);
                self.is_empty = false;
            }
            if text.len() > PIECE {
                self.output.write(&text);
                text.clear();
            }
        }
        self.output.write(&text);
    }

    /// Reports something that could not be read or written.
    pub fn fail(&mut self, sentence: &str) {
        self.progress().pause(|| self.count_failure(sentence));
    }

    fn count_failure(&mut self, sentence: &str) {
        complain(sentence);
        self.tally.failures += 1;
        self.status = Status::Failed;
    }

    /// Writes the findings into a baseline, unless some text could not be linted and would be missing in it.
    pub fn write_baseline(&mut self, path: &Path) {
        let (name, count) = (path.display(), self.known.findings());
        if self.tally.failures > 0 {
            return complain(&format!("{name} is not written, because not everything could be linted"));
        }
        match files::replace(path, &self.known.to_text()) {
            Err(error) => self.fail(&format!("{name}: {}", reason(&error))),
            Ok(()) if self.arguments.quiet => {}
            Ok(()) => complain(&format!("{name}: {} written", counted(count, "known finding"))),
        }
    }

    /// Writes what comes after all texts.
    pub fn end(mut self) -> Status {
        drop(self.progress);
        for (name, gone) in self.gone.iter().filter(|_| !self.arguments.quiet) {
            let (what, verb) = (counted(*gone, "known finding"), if *gone == 1 { "is" } else { "are" });
            complain(&format!(
                "{name}: {what} {verb} gone; --write-baseline {name} writes it anew, for the same paths"
            ));
        }
        let Arguments { format, quiet, diff, statistics, color, .. } = *self.arguments;
        let style = self.output.style;
        let what = if self.arguments.ndjson { "line" } else { "file" };
        let mut text = String::new();
        if statistics {
            let is_json = format == Format::Json;
            text = if is_json { statistics_json(&self.tally) } else { crate::output::statistics(&self.tally) };
        } else if self.arguments.is_document() {
            text = format.tail(&self.tally, self.is_empty);
        }
        let has_closing_line = !quiet && !diff && (self.output.is_file() || format == Format::Human);
        if has_closing_line && !self.output.is_file() {
            let _ = writeln!(text, "{}", self.tally.totals.closing(style, what));
        }
        self.output.write(&text);
        let mut status = self.status;
        if has_closing_line && self.output.is_file() {
            let style = self.stream.style(color);
            status = status.max(self.stream.write(&format!("{}\n", self.tally.totals.closing(style, what)), style));
        }
        status.max(self.output.close())
    }
}

/// The dialect and mode of a text, for --verbose.
pub(super) fn description(report: &Report) -> String {
    let name = report.source().name();
    if report.is_checked() {
        let connections = report.summaries().len();
        let plural = if connections == 1 { "" } else { "s" };
        let (dialect, mode) = (report.dialect().name(), report.mode().name());
        format!("{name}: {dialect}, mode {mode}, {connections} connection{plural}")
    } else {
        format!("{name}: does not look like a connection definition")
    }
}
