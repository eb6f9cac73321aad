//! `streamlint check`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::sync::OnceLock;

use clap::Args;
use streamlint::{
    Across, Applicability, Config, DEFAULT_SIZE_LIMIT, Diagnostic, Dialect, Format, Kind, Linter, Mode, Report,
    Request, Rule, Severity, Source, Style, Tally, statistics_json,
};

use super::files::{self, Candidate, Origin, Reading};
use super::output::{self, Output};
use super::terminal::{Color, Stream, complain};
use super::{Status, kind, one_of, rule};

#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(super) struct Arguments {
    /// Files or folders; `-` is standard input. A named file is always taken for a definition, in a folder only what
    /// looks like one.
    #[arg(value_name = "PATH", default_value = ".")]
    paths: Vec<PathBuf>,

    /// How to write the report.
    #[arg(long, default_value = "human", value_parser = one_of(Format::ALL.iter().map(|format| format.name()), Format::from_name))]
    format: Format,

    /// Write the report to this file, whole or not at all and without colours. The closing line still goes to the terminal.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Say which rule found how much, instead of each finding; as a table, or as an array with --format json.
    #[arg(long, conflicts_with = "diff")]
    statistics: bool,

    /// Apply safe fixes. For standard input the text goes to standard output, and the report to standard error.
    #[arg(long)]
    fix: bool,

    /// Apply safe fixes, and those that guess what was meant.
    #[arg(long)]
    unsafe_fixes: bool,

    /// Write nothing, and show what the fixes would change. Exits with 1 when that is something.
    #[arg(long)]
    diff: bool,

    /// The least severity that makes the exit status 1.
    #[arg(long, value_name = "SEVERITY", default_value = "warning", value_parser = one_of(["error", "warning", "info"], severity))]
    fail_on: Severity,

    /// Exit with 0 also when something was found.
    #[arg(long)]
    exit_zero: bool,

    /// Only this rule; may be given several times.
    #[arg(long, value_name = "RULE", value_parser = rule)]
    select: Vec<&'static Rule>,

    /// Not this rule; may be given several times.
    #[arg(long, value_name = "RULE", value_parser = rule)]
    ignore: Vec<&'static Rule>,

    /// What the definitions are; told from each document when not given.
    #[arg(long, value_parser = one_of(Mode::ALL.iter().map(|mode| mode.name()), Mode::from_name))]
    mode: Option<Mode>,

    /// The type of definitions that do not say their own.
    #[arg(long = "type", value_name = "TYPE", value_parser = kind)]
    kind: Option<Kind>,

    /// How definitions are written down.
    #[arg(long, default_value = "auto", value_parser = one_of(std::iter::once("auto").chain(Dialect::ALL.iter().map(|dialect| dialect.name())), dialect))]
    dialect: DialectChoice,

    /// The project's id in the request's path.
    #[arg(long, value_name = "ID", help_heading = "The request around the body")]
    group_id: Option<String>,

    /// The workspace's name in the request's path. All definitions then belong to this workspace.
    #[arg(long, value_name = "NAME", help_heading = "The request around the body")]
    tenant_name: Option<String>,

    /// The query parameter `envelope`.
    #[arg(long, value_name = "BOOL", help_heading = "The request around the body")]
    envelope: Option<String>,

    /// The query parameter `pretty`.
    #[arg(long, value_name = "BOOL", help_heading = "The request around the body")]
    pretty: Option<String>,

    /// Judge named files like those found in a folder: say nothing about what is no definition.
    #[arg(long)]
    recognised_only: bool,

    /// The longest file to read, in bytes.
    #[arg(long, value_name = "BYTES", default_value_t = DEFAULT_SIZE_LIMIT as u32)]
    max_size: u32,

    /// What reports call standard input; the extension says how to read it.
    #[arg(long, value_name = "NAME")]
    stdin_filename: Option<String>,

    /// When to use colours.
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = Color::Auto)]
    color: Color,

    /// Leave the closing line out.
    #[arg(short, long, conflicts_with = "verbose")]
    quiet: bool,

    /// Say of each file, on standard error, what it was taken for.
    #[arg(short, long)]
    verbose: bool,
}

/// `auto`, or one dialect.
#[derive(Debug, Clone, Copy)]
struct DialectChoice(Option<Dialect>);

fn dialect(name: &str) -> Option<DialectChoice> {
    if name == "auto" {
        Some(DialectChoice(None))
    } else {
        Dialect::from_name(name).map(|one| DialectChoice(Some(one)))
    }
}

fn severity(name: &str) -> Option<Severity> {
    [Severity::Error, Severity::Warning, Severity::Info].into_iter().find(|severity| severity.name() == name)
}

/// What came of one text.
#[derive(Default)]
struct Outcome {
    /// What the report says of it, or what fixes would change.
    text: String,
    tally: Tally,
    /// Something was found that makes the exit status 1.
    counts: bool,
    /// What it was taken for, where that is asked.
    note: Option<String>,
    /// Why it could not be read or written.
    failure: Option<String>,
}

/// A text after reading, fixing and judging.
enum Linted {
    /// All that is to be said of it.
    Outcome(Outcome),
    /// The other files have a say in it.
    Waiting(Box<Report>),
    /// Why it could not be read or written.
    Failed(String),
}

/// Lints texts one by one, from any thread.
struct Job<'a> {
    arguments: &'a Arguments,
    candidates: Vec<Candidate>,
    /// For files that were named, and for those that may be something else.
    linter: Linter,
    unsure_linter: Linter,
    /// Which fixes are wanted, if any.
    fixes: Option<Applicability>,
    style: Style,
    /// There is something around the body to judge, and the file under which it is judged.
    is_request: bool,
    first_judged: Option<usize>,
    /// What has been read of standard input, after fixing: it cannot be read twice.
    stdin: OnceLock<Box<Report>>,
    /// What other files have to say to each, once that is known.
    across: Option<BTreeMap<usize, Vec<Diagnostic>>>,
    /// What went wrong in an earlier pass.
    failures: BTreeMap<usize, String>,
}

/// This many texts are in work at a time, so that memory does not grow with their number.
const WINDOW: usize = 1024;

pub(super) fn run(arguments: &Arguments) -> Status {
    if let Err(sentence) = arguments.make_sense() {
        complain(sentence);
        return Status::Failed;
    }
    let gathered = files::gather(&arguments.paths, arguments.stdin_filename.as_deref(), arguments.recognised_only);
    let is_stdin = |candidate: &Candidate| candidate.origin == Origin::Stdin;
    let fixes_stdin = arguments.fixes().is_some() && !arguments.diff && gathered.candidates.iter().any(is_stdin);
    let mut assembly = match Assembly::new(arguments, if fixes_stdin { Stream::Error } else { Stream::Output }) {
        Ok(assembly) => assembly,
        Err(status) => return status,
    };
    for failure in gathered.failures {
        assembly.fail(&failure);
    }
    Job::new(arguments, gathered.candidates, assembly.output.style).run(&mut assembly);
    assembly.end()
}

/// Puts the report together, from what comes of the texts in their order.
struct Assembly<'a> {
    arguments: &'a Arguments,
    output: Output,
    /// Where the closing line goes when the report is in a file.
    stream: Stream,
    tally: Tally,
    status: Status,
    is_empty: bool,
}

impl<'a> Assembly<'a> {
    fn new(arguments: &'a Arguments, stream: Stream) -> Result<Self, Status> {
        let output = match &arguments.output {
            None => Output::stream(stream, arguments.color),
            Some(path) => Output::file(path).map_err(|error| {
                complain(&output::unwritable(path, &error));
                Status::Failed
            })?,
        };
        let mut assembly =
            Self { arguments, output, stream, tally: Tally::default(), status: Status::Clean, is_empty: true };
        if assembly.writes_pieces() {
            assembly.output.write(arguments.format.head());
        }
        Ok(assembly)
    }

    /// Neither a diff nor statistics, but a report.
    fn writes_pieces(&self) -> bool {
        !self.arguments.diff && !self.arguments.statistics
    }

    fn take(&mut self, outcomes: impl IntoIterator<Item = Outcome>) {
        let separator = if self.writes_pieces() { self.arguments.format.separator() } else { "" };
        let mut text = String::new();
        for outcome in outcomes {
            if let Some(note) = outcome.note {
                complain(&note);
            }
            if let Some(failure) = outcome.failure {
                self.fail(&failure);
            }
            if outcome.counts && !self.arguments.exit_zero {
                self.status = self.status.max(Status::Findings);
            }
            self.tally += &outcome.tally;
            if !outcome.text.is_empty() {
                text.push_str(if self.is_empty { "" } else { separator });
                text.push_str(&outcome.text);
                self.is_empty = false;
            }
        }
        self.output.write(&text);
    }

    fn fail(&mut self, sentence: &str) {
        complain(sentence);
        self.tally.failures += 1;
        self.status = Status::Failed;
    }

    fn end(mut self) -> Status {
        let Arguments { format, quiet, diff, statistics, color, .. } = *self.arguments;
        let style = self.output.style;
        let mut text = String::new();
        if statistics {
            let is_json = format == Format::Json;
            text = if is_json { statistics_json(&self.tally) } else { streamlint::statistics(&self.tally) };
        } else if !diff {
            text = format.tail(&self.tally, self.is_empty);
        }
        let has_closing_line = !quiet && !diff && (self.output.is_file() || format == Format::Human);
        if has_closing_line && !self.output.is_file() {
            let _ = writeln!(text, "{}", self.tally.totals.line(style));
        }
        self.output.write(&text);
        let mut status = self.status;
        if has_closing_line && self.output.is_file() {
            let style = self.stream.style(color);
            status = status.max(self.stream.write(&format!("{}\n", self.tally.totals.line(style)), style));
        }
        status.max(self.output.close())
    }
}

impl Arguments {
    /// Says what does not go together.
    fn make_sense(&self) -> Result<(), &'static str> {
        if self.statistics && !matches!(self.format, Format::Human | Format::Concise | Format::Json) {
            return Err("--statistics is a table or JSON: use it with --format human, concise or json");
        }
        Ok(())
    }

    fn fixes(&self) -> Option<Applicability> {
        if self.unsafe_fixes {
            Some(Applicability::Unsafe)
        } else {
            (self.fix || self.diff).then_some(Applicability::Safe)
        }
    }
}

/// A text after reading and fixing.
enum Read {
    Report(Box<Report>),
    /// What the fixes would change.
    Diff(String),
}

/// What the rules across files find, by file.
fn by_file(across: Across) -> BTreeMap<usize, Vec<Diagnostic>> {
    let mut by_file = BTreeMap::<_, Vec<_>>::new();
    for (file, found) in across.findings() {
        by_file.entry(file).or_default().push(found);
    }
    by_file
}

/// What `work` makes of each number, in their order.
#[cfg(not(target_family = "wasm"))]
fn in_order<T: Send>(numbers: std::ops::Range<usize>, work: impl Fn(usize) -> T + Send + Sync) -> Vec<T> {
    use rayon::prelude::*;

    /// From this many texts on, starting threads costs less than they save.
    const PARALLEL: usize = 200;

    if numbers.len() < PARALLEL { numbers.map(work).collect() } else { numbers.into_par_iter().map(work).collect() }
}

/// What `work` makes of each number, in their order.
#[cfg(target_family = "wasm")]
fn in_order<T>(numbers: std::ops::Range<usize>, work: impl Fn(usize) -> T) -> Vec<T> {
    numbers.map(work).collect()
}

impl<'a> Job<'a> {
    fn new(arguments: &'a Arguments, candidates: Vec<Candidate>, style: Style) -> Self {
        let names = |rules: &[&'static Rule]| rules.iter().map(|rule| rule.name.to_owned()).collect();
        let config = Config {
            kind: arguments.kind,
            mode: arguments.mode,
            dialect: arguments.dialect.0,
            select: names(&arguments.select),
            ignore: names(&arguments.ignore),
            recognised_only: false,
            size_limit: arguments.max_size as usize,
            request: Request {
                group_id: arguments.group_id.clone(),
                tenant_name: arguments.tenant_name.clone(),
                envelope: arguments.envelope.clone(),
                pretty: arguments.pretty.clone(),
            },
            ..Config::default()
        };
        let is_request = config.request != Request::default();
        let mut job = Self {
            arguments,
            candidates,
            unsure_linter: Linter::new(Config { recognised_only: true, ..config.clone() }),
            linter: Linter::new(config),
            fixes: arguments.fixes(),
            style,
            is_request,
            first_judged: None,
            stdin: OnceLock::new(),
            across: None,
            failures: BTreeMap::new(),
        };
        if is_request && !arguments.diff {
            let is_judged = |read: io::Result<Read>| matches!(read, Ok(Read::Report(report)) if report.is_judged());
            let is_first = |at: &usize| !job.candidates[*at].unsure || is_judged(job.read(&job.candidates[*at]));
            job.first_judged = (0..job.candidates.len()).find(is_first);
        }
        job
    }

    /// Lints all texts, a window of them at a time.
    ///
    /// Most files have nothing to do with each other. From the first window on in which one has, what all files say must be
    /// known before anything is said of one: what the rest of the run is about then stands in one window, or is noted and
    /// read once more. Keeping all reports would cost far more.
    fn run(mut self, assembly: &mut Assembly) {
        let windows =
            |from: usize, all: usize| (from..all).step_by(WINDOW).map(move |start| start..all.min(start + WINDOW));
        let all = self.candidates.len();
        for window in windows(0, all) {
            let start = window.start;
            let is_last = window.end == all;
            let linted = in_order(window, |at| self.lint(at));
            if !linted.iter().any(|linted| matches!(linted, Linted::Waiting(_))) {
                assembly.take(linted.into_iter().enumerate().map(|(at, linted)| self.said(start + at, linted)));
                continue;
            }
            let mut across = Across::default();
            self.note(start, &linted, &mut across);
            if is_last {
                self.across = Some(by_file(across));
                assembly.take(linted.into_iter().enumerate().map(|(at, linted)| self.said(start + at, linted)));
                return;
            }
            drop(linted);
            for window in windows(start, all).skip(1) {
                let start = window.start;
                let linted = in_order(window, |at| self.lint(at));
                self.note(start, &linted, &mut across);
            }
            self.across = Some(by_file(across));
            self.fixes = None;
            for window in windows(start, all) {
                assembly.take(in_order(window, |at| self.said(at, self.lint(at))));
            }
            return;
        }
    }

    fn note(&mut self, start: usize, linted: &[Linted], across: &mut Across) {
        for (at, linted) in linted.iter().enumerate() {
            match linted {
                Linted::Waiting(report) => across.note(start + at, report),
                Linted::Failed(why) => drop(self.failures.insert(start + at, why.clone())),
                Linted::Outcome(_) => {}
            }
        }
    }

    /// Reads, fixes and judges one text.
    fn lint(&self, at: usize) -> Linted {
        if let Some(why) = self.failures.get(&at) {
            return Linted::Failed(why.clone());
        }
        match self.read(&self.candidates[at]) {
            Err(error) => Linted::Failed(files::why(&error)),
            Ok(Read::Diff(text)) => Linted::Outcome(Outcome { counts: true, text, ..Outcome::default() }),
            Ok(Read::Report(report)) if report.spans_files() && report.is_judged() && !self.arguments.diff => {
                Linted::Waiting(report)
            }
            Ok(Read::Report(report)) => Linted::Outcome(self.outcome(at, *report)),
        }
    }

    /// What is to be said of a text, now that the other files are known.
    fn said(&self, at: usize, linted: Linted) -> Outcome {
        match linted {
            Linted::Outcome(outcome) => outcome,
            Linted::Failed(why) => {
                let failure = format!("{}: {why}", self.candidates[at].name);
                Outcome { failure: Some(failure), ..Outcome::default() }
            }
            Linted::Waiting(mut report) => {
                let across = self.across.as_ref().and_then(|across| across.get(&at));
                report.finish(across.cloned().unwrap_or_default());
                self.outcome(at, *report)
            }
        }
    }

    fn outcome(&self, at: usize, mut report: Report) -> Outcome {
        let arguments = self.arguments;
        let note = arguments.verbose.then(|| taken_for(&report));
        if !report.is_judged() {
            return Outcome { note, ..Outcome::default() };
        }
        if self.first_judged == Some(at) {
            report.add_about_request();
        }
        let is_report = !arguments.diff && !arguments.statistics;
        Outcome {
            text: if is_report { arguments.format.piece(&report, self.style) } else { String::new() },
            tally: Tally::of(&report),
            counts: !arguments.diff && report.diagnostics().iter().any(|found| found.severity >= arguments.fail_on),
            note,
            failure: None,
        }
    }

    /// Reads a text, fixes it, and judges it.
    fn read(&self, candidate: &Candidate) -> io::Result<Read> {
        let is_stdin = candidate.origin == Origin::Stdin;
        if let Some(report) = self.stdin.get().filter(|_| is_stdin) {
            return Ok(Read::Report(report.clone()));
        }
        let linter = if candidate.unsure { &self.unsure_linter } else { &self.linter };
        let is_diff = self.arguments.diff;
        // Standard output then gets the text of standard input, mended or as it came.
        let passes_on = self.fixes.is_some() && !is_diff && is_stdin;
        let report = match files::read(candidate, self.arguments.max_size as usize)? {
            Reading::Text(bytes) => {
                let raw = if passes_on { bytes.clone() } else { Vec::new() };
                let source = Source::from_bytes(candidate.name.as_str(), bytes);
                let mut report = linter.check(&source);
                if let Some(after) = self.fixed(linter, &report) {
                    if is_diff {
                        return Ok(Read::Diff(streamlint::diff(&report, &after)));
                    }
                    if let Origin::File(path) = &candidate.origin {
                        files::replace(path, after.source().text())?;
                    }
                    report = after;
                }
                if passes_on {
                    let exact = source.is_exact();
                    pass_on(if exact { report.source().text().as_bytes() } else { &raw }, io::empty())?;
                }
                report
            }
            Reading::TooLong(length, bytes) => {
                if passes_on {
                    pass_on(&bytes, io::stdin().lock())?;
                }
                linter.refuse(&candidate.name, length)
            }
        };
        let report = Box::new(report);
        if is_stdin && (self.candidates.len() > WINDOW || self.is_request) {
            // Standard input is one of the texts at most.
            let _ = self.stdin.set(report.clone());
        }
        Ok(Read::Report(report))
    }

    /// The report on the text after fixing, when fixing changes it.
    fn fixed(&self, linter: &Linter, report: &Report) -> Option<Report> {
        let fixes = self.fixes?;
        if report.diagnostics().iter().all(|found| found.fix.is_none()) || !report.source().is_exact() {
            return None;
        }
        let text = report.fixed(fixes);
        (text != report.source().text()).then(|| linter.check(&Source::new(report.source().name(), text)))
    }
}

/// Writes the text of standard input to standard output; a reader that has gone away is no failure.
fn pass_on(text: &[u8], mut rest: impl io::Read) -> io::Result<()> {
    let mut output = io::stdout().lock();
    let written = output.write_all(text).and_then(|()| io::copy(&mut rest, &mut output)).and_then(|_| output.flush());
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    }
}

/// Says what a text was taken for.
fn taken_for(report: &Report) -> String {
    let name = report.source().name();
    if report.is_judged() {
        let connections = report.summaries().len();
        let plural = if connections == 1 { "" } else { "s" };
        let (dialect, mode) = (report.dialect().name(), report.mode().name());
        format!("{name}: {dialect}, mode {mode}, {connections} connection{plural}")
    } else {
        format!("{name}: does not look like a connection definition")
    }
}
