//! Writes the report of a run, from the outcomes of its texts.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::arguments::{Arguments, ReportTarget, is_for_people};
use super::files;
use super::output::{self, Output};
use super::progress::Progress;
use super::status::Status;
use super::terminal::{Stream, complain};
use crate::output::{Document, Tally, counted, statistics_json};
use crate::settings::baseline::{Baseline, Known};
use crate::settings::baseline_file::BaselineFile;
use crate::settings::disk::reason;
use crate::{Format, Report, Style};

/// Output is written in pieces of about this many bytes.
const PIECE: usize = 1 << 16;

/// The outcome of linting some texts, in their order.
#[derive(Default)]
pub(super) struct Outcome {
    /// Its part of each report, in the order of the outputs; or the changes that fixes would make. `None` for a part
    /// that the writer renders.
    pub texts: Vec<Option<String>>,
    /// The findings, if there are many, or if only the writer knows how many of them are shown.
    pub report: Option<Box<Report>>,
    pub tally: Tally,
    /// Whether they have findings that make the exit status 1.
    pub has_findings: bool,
    /// Sentences for standard error.
    pub log: Vec<LogLine>,
    /// Findings to write into a baseline, by their paths there.
    pub known: Option<(String, Known)>,
    /// The number of known findings that are gone, by the name of their baseline.
    pub gone: Option<(String, usize)>,
    /// The findings in a file, to prune its baseline.
    pub found: Option<(Arc<BaselineFile>, PathBuf, Known)>,
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

/// Writes the reports from the outcomes of texts, which come in their order.
pub(super) struct ReportWriter<'a> {
    arguments: &'a Arguments,
    outputs: Vec<ReportOutput>,
    /// The stream of the closing line.
    stream: Stream,
    tally: Tally,
    status: Status,
    /// Findings to write into a baseline.
    known: Baseline,
    /// The number of known findings that are gone, by baseline.
    gone: BTreeMap<String, usize>,
    /// The findings in files that have a baseline, by its name.
    found: BTreeMap<String, FoundByFile>,
    progress: Arc<Progress>,
}

/// A baseline, and the findings in its files.
type FoundByFile = (Arc<BaselineFile>, Vec<(PathBuf, Known)>);

/// One report of the run. Errors of its output are reported there, so they are ignored here.
struct ReportOutput {
    format: Format,
    style: Style,
    output: BufWriter<Output>,
    document: Document,
    /// The number of shown findings, and the number of those that --max-findings hides.
    shown: usize,
    hidden: usize,
}

impl ReportOutput {
    fn new(format: Format, output: Output) -> Self {
        let style = output.style;
        let output = BufWriter::with_capacity(PIECE, output);
        Self { format, style, output, document: Document::new(format), shown: 0, hidden: 0 }
    }

    /// Writes a text.
    fn push(&mut self, text: &str) {
        let _ = self.output.write_all(text.as_bytes());
    }

    /// Writes the text of a file's report.
    fn add(&mut self, text: &str) {
        let _ = self.document.add(text, &mut self.output);
    }

    /// Writes a file's report, or the part of it that --max-findings leaves.
    fn add_report(&mut self, report: &Report, most: Option<usize>) {
        let found = report.diagnostics().len();
        let most = most.filter(|_| is_for_people(self.format));
        let shown = most.map_or(found, |most| found.min(most - self.shown));
        self.shown += shown;
        self.hidden += found - shown;
        if shown == 0 && found > 0 {
            return;
        }
        let mut part = Cow::Borrowed(report);
        if shown < found {
            part.to_mut().truncate(shown);
        }
        let _ = self.document.add_report(&part, self.style, &mut self.output);
    }

    fn flush(&mut self) {
        let _ = self.output.flush();
    }
}

impl<'a> ReportWriter<'a> {
    /// # Errors
    ///
    /// A sentence about an output file that cannot be written.
    pub fn new(arguments: &'a Arguments, stream: Stream, progress: Arc<Progress>) -> Result<Self, String> {
        let mut outputs = Vec::new();
        for ReportTarget { format, path } in arguments.reports()? {
            let output = match path {
                None => Output::stream(stream, arguments.color),
                Some(path) => Output::file(&path).map_err(|error| output::unwritable(&path, &error))?,
            };
            outputs.push(ReportOutput::new(format, output));
        }
        if arguments.is_document() {
            for report in &mut outputs {
                report.push(report.format.head());
            }
        }
        Ok(Self {
            arguments,
            outputs,
            stream,
            tally: Tally::default(),
            status: Status::Clean,
            known: Baseline::default(),
            gone: BTreeMap::new(),
            found: BTreeMap::new(),
            progress,
        })
    }

    pub fn progress(&self) -> Arc<Progress> {
        Arc::clone(&self.progress)
    }

    /// The format of each report, and what its reader can show.
    pub fn styles(&self) -> Vec<(Format, Style)> {
        self.outputs.iter().map(|report| (report.format, report.style)).collect()
    }

    /// Whether the readers of all reports are gone.
    pub fn is_gone(&self) -> bool {
        self.outputs.iter().all(|report| report.output.get_ref().is_gone())
    }

    pub fn write(&mut self, outcomes: impl IntoIterator<Item = Outcome>) {
        self.progress().pause(|| self.write_now(outcomes));
    }

    fn write_now(&mut self, outcomes: impl IntoIterator<Item = Outcome>) {
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
            if let Some((baseline, path, known)) = outcome.found {
                let (_, files) = self.found.entry(baseline.name.clone()).or_insert_with(|| (baseline, Vec::new()));
                files.push((path, known));
            }
            self.tally += &outcome.tally;
            let is_document = self.arguments.is_document();
            for (report, text) in self.outputs.iter_mut().zip(&outcome.texts) {
                match (text, &outcome.report) {
                    (Some(text), _) if is_document => report.add(text),
                    (Some(text), _) => report.push(text),
                    (None, Some(found)) => report.add_report(found, self.arguments.max_findings),
                    (None, None) => {}
                }
            }
        }
        self.outputs.iter_mut().for_each(ReportOutput::flush);
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

    /// Removes findings that are gone from the baselines of the run, unless some text could not be linted.
    pub fn prune_baselines(&mut self) {
        let found = std::mem::take(&mut self.found);
        if found.is_empty() {
            return self.fail("--prune-baseline needs a baseline; set one with --baseline or in streamlint.toml");
        }
        for (name, (baseline, files)) in found {
            if self.tally.failures > 0 {
                complain(&format!("{name} is not pruned, because not everything could be linted"));
                continue;
            }
            self.gone.remove(&name);
            let files = files.iter().map(|(path, known)| (path.as_path(), known));
            let Some((text, gone)) = baseline.pruned(files) else { continue };
            match files::replace(baseline.path(), &text) {
                Err(error) => self.fail(&format!("{name}: {}", reason(&error))),
                Ok(()) if self.arguments.quiet => {}
                Ok(()) => complain(&format!("{name}: {} removed", counted(gone, "known finding"))),
            }
        }
    }

    /// Writes the end of the reports, after all texts.
    pub fn end(mut self) -> Status {
        drop(self.progress);
        for (name, gone) in self.gone.iter().filter(|_| !self.arguments.quiet) {
            let (what, verb) = (counted(*gone, "known finding"), if *gone == 1 { "is" } else { "are" });
            complain(&format!("{name}: {what} {verb} gone; --write-baseline {name} rewrites it for the same paths"));
        }
        let Arguments { quiet, diff, statistics, color, show_files, .. } = *self.arguments;
        let what = if self.arguments.ndjson { "line" } else { "file" };
        let has_closing_line = !quiet && !diff && !show_files;
        let mut status = self.status;
        // If no report goes to the stream, the closing line does. It is not written after a report for programs.
        let mut is_free = true;
        let mut is_told = false;
        for report in &mut self.outputs {
            if statistics {
                let is_json = report.format == Format::Json;
                let table = if is_json { statistics_json(&self.tally) } else { crate::output::statistics(&self.tally) };
                report.push(&table);
            } else if self.arguments.is_document() {
                report.push(&report.document.tail(&self.tally));
            }
            if report.hidden > 0 {
                let (hidden, verb) =
                    (counted(report.hidden, "more finding"), if report.hidden == 1 { "is" } else { "are" });
                let _ = writeln!(report.output, "{hidden} {verb} not shown, because of --max-findings");
            }
            if !report.output.get_ref().is_file() {
                is_free = false;
                if has_closing_line && report.format == Format::Human {
                    is_told = true;
                    let _ = writeln!(report.output, "{}", self.tally.closing(report.style, what));
                }
            }
            report.flush();
        }
        let has_changed = self.tally.fixed + self.tally.ignored > 0;
        if has_closing_line && (is_free || has_changed && !is_told) {
            // The changes of a run are reported even beside a report for programs.
            let stream = if is_free { self.stream } else { Stream::Error };
            let style = stream.style(color);
            status = status.max(stream.write(&format!("{}\n", self.tally.closing(style, what)), style));
        }
        let outputs = self.outputs.into_iter().map(|report| report.output.into_parts().0);
        outputs.fold(status, |status, output| status.max(output.close()))
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
