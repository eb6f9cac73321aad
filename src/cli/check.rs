//! `streamlint check`.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::{Arc, Mutex, OnceLock};

use crate::atlas::Request;
use crate::baseline::{Baseline, Known, count};
use crate::cross_file::CrossFile;
use crate::output::{Tally, counted, diff, statistics_json};
use crate::{
    Applicability, Config, DEFAULT_SIZE_LIMIT, Dialect, Format, Kind, Linter, Mode, Module, Report, Rule, Severity,
    Source, Style, UnknownName,
};
use clap::Args;

#[cfg(not(target_family = "wasm"))]
use super::ahead::{Ahead, Judged};
use super::baseline::{self, Open};
use super::files::{self, Buffer, Candidate, Gathered, Origin, Reading, STDIN, Seen};
use super::ndjson;
use super::output::{self, Output};
use super::progress::Progress;
use super::settings::{Broken, Choice, Finder, Found, Judges};
use super::terminal::{Color, Stream, complain};
use super::{Status, kinds, one_of, rules};

#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(super) struct Arguments {
    /// Files or folders; `-` is standard input. A named file is always taken for a definition, in a folder only what
    /// looks like one.
    /// Without any it is the working directory, or standard input with --ndjson.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// How to write the report.
    #[arg(long, default_value = "human", value_parser = one_of::<Format>(Format::ALL.iter().map(|format| format.name())))]
    pub format: Format,

    /// Write the report to this file, whole or not at all and without colours. The closing line still goes to the terminal.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Say which rule found how much, instead of each finding; as a table, or as an array with --format json.
    #[arg(long, conflicts_with = "diff")]
    pub statistics: bool,

    /// Apply safe fixes. For standard input the text goes to standard output, and the report to standard error.
    #[arg(long)]
    fix: bool,

    /// Apply safe fixes, and those that guess what was meant.
    #[arg(long)]
    unsafe_fixes: bool,

    /// Write nothing, and show what the fixes would change, as a diff. Exits with 1 when that is something, whatever its
    /// severity.
    #[arg(long)]
    diff: bool,

    /// The least severity that makes the exit status 1: error, warning (where streamlint.toml does not say otherwise) or
    /// info.
    #[arg(long, value_name = "SEVERITY", value_parser = one_of::<Severity>(Severity::ALL.iter().map(|severity| severity.name())))]
    fail_on: Option<Severity>,

    /// Exit with 0 also when something was found.
    #[arg(long)]
    exit_zero: bool,

    /// Only this rule; may be given several times.
    #[arg(long, value_name = "RULE", value_parser = rules(), hide_possible_values = true)]
    select: Vec<&'static Rule>,

    /// Not this rule; may be given several times.
    #[arg(long, value_name = "RULE", value_parser = rules(), hide_possible_values = true)]
    ignore: Vec<&'static Rule>,

    /// The settings for all files, instead of the nearest streamlint.toml above each. Its paths are then relative to the
    /// working directory.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Look for no streamlint.toml.
    #[arg(long, conflicts_with = "config")]
    no_config: bool,

    /// Findings that are known: only new ones are shown and count. Fixes mend known ones, too.
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,

    /// Write all findings into a baseline, for later runs; this one shows none of them.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["baseline", "diff"])]
    write_baseline: Option<PathBuf>,

    /// What the definitions are: bodies that create connections or update them, responses of the API, its error bodies, or
    /// failover connections. Told from each document when not given.
    #[arg(long, value_parser = one_of::<Mode>(Mode::ALL.iter().map(|mode| mode.name())))]
    mode: Option<Mode>,

    /// The type of definitions that do not say their own.
    #[arg(long = "type", value_name = "TYPE", value_parser = kinds(), hide_possible_values = true)]
    kind: Option<Kind>,

    /// How definitions are written down; `auto` tells it from each document.
    #[arg(long, default_value = "auto", value_parser = one_of::<DialectChoice>(std::iter::once("auto").chain(Dialect::ALL.iter().map(|dialect| dialect.name()))))]
    dialect: DialectChoice,

    /// The project's id in the request's path.
    #[arg(long, value_name = "ID", help_heading = "The request around the body")]
    group_id: Option<String>,

    /// The workspace's name in the request's path. All definitions then belong to this workspace.
    #[arg(long, value_name = "NAME", help_heading = "The request around the body")]
    tenant_name: Option<String>,

    /// The query parameter `envelope`, true or false.
    #[arg(long, value_name = "BOOL", help_heading = "The request around the body")]
    envelope: Option<String>,

    /// The query parameter `pretty`, true or false.
    #[arg(long, value_name = "BOOL", help_heading = "The request around the body")]
    pretty: Option<String>,

    /// Judge named files like those found in a folder: say nothing about what is no definition.
    #[arg(long)]
    pub skip_unrecognized: bool,

    /// The longest file to read, in bytes; with --ndjson the longest line.
    #[arg(long, value_name = "BYTES", default_value_t = DEFAULT_SIZE_LIMIT as u32)]
    pub max_size: u32,

    /// Read files and standard input as streams of JSON definitions, one on each line, and report line by line. Each is
    /// judged by itself, nothing is mended, and no baseline is used. With --format json each line gives a line: its file
    /// object of the JSON report.
    #[arg(long, conflicts_with_all = ["fix", "unsafe_fixes", "diff", "baseline", "write_baseline"])]
    ndjson: bool,

    /// What reports call standard input; the extension says how to read it, the folder which streamlint.toml is for it.
    #[arg(long, value_name = "NAME")]
    stdin_filename: Option<String>,

    /// Lint again whenever something changes that is read, until Ctrl-C; the exit status is that of the last run.
    #[cfg(not(target_family = "wasm"))]
    #[arg(long, conflicts_with_all = ["ndjson", "write_baseline"])]
    watch: bool,

    /// When to use colours.
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = Color::Auto)]
    color: Color,

    /// Leave out the closing line, and on standard error all but what went wrong.
    #[arg(short, long, conflicts_with = "verbose")]
    pub quiet: bool,

    /// Say on standard error which streamlint.toml is used and why, and of each file what it was taken for.
    #[arg(short, long)]
    pub verbose: bool,
}

/// `auto`, or one dialect.
#[derive(Debug, Clone, Copy)]
struct DialectChoice(Option<Dialect>);

impl FromStr for DialectChoice {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        if name == "auto" { Ok(Self(None)) } else { name.parse().map(|dialect| Self(Some(dialect))) }
    }
}

/// What came of some texts, in their order.
#[derive(Default)]
pub(super) struct Outcome {
    /// What the report says of them, or what fixes would change.
    pub text: String,
    pub tally: Tally,
    /// Something was found that makes the exit status 1.
    pub counts: bool,
    /// What is said beside the report.
    pub asides: Vec<Aside>,
    /// What was found, where it goes into a baseline, and the paths it has there.
    known: Vec<(String, Known)>,
    /// How much of baselines is gone, and what these are called.
    gone: Vec<(String, usize)>,
}

impl Outcome {
    /// Adds what is to be said of a text, in this format if any.
    pub fn add(&mut self, report: &Report, format: Option<Format>, style: Style, fail_on: Severity) {
        if let Some(format) = format {
            let text = format.piece(report, style);
            if !text.is_empty() && !self.text.is_empty() {
                self.text.push_str(format.separator());
            }
            self.text.push_str(&text);
        }
        self.tally += &Tally::of(report);
        self.counts |= report.diagnostics().iter().any(|found| found.severity >= fail_on);
    }
}

/// A sentence about one text.
pub(super) enum Aside {
    /// What it was taken for, where that is asked.
    Note(String),
    /// Why it could not be read or written.
    Failure(String),
}

/// Texts after reading, fixing and judging, with their places among the candidates.
enum Linted {
    /// All that is to be said of some.
    Outcome(Box<Outcome>),
    /// The other files have a say in it.
    Waiting(usize, Box<Report>),
    /// Why it could not be read or written.
    Failed(usize, String),
}

/// What is to be said of texts, by their names, before their turn comes.
pub(super) type Outcomes = HashMap<Arc<str>, Box<Outcome>>;

/// Lints texts one by one, from any thread.
struct Job<'a> {
    arguments: &'a Arguments,
    candidates: Vec<Candidate>,
    finder: &'a Finder,
    judges: Judges<'a>,
    /// Which fixes are wanted, if any.
    fixes: Option<Applicability>,
    style: Style,
    progress: Arc<Progress>,
    /// There is something around the body to judge, and the file under which it is judged.
    is_request: bool,
    first_judged: Option<usize>,
    /// What came of texts while the folder was looked through, until it is said.
    ahead: Mutex<Outcomes>,
    /// What has been read of standard input, after fixing: it cannot be read twice.
    stdin: OnceLock<Box<Report>>,
    /// What went wrong in an earlier pass.
    failures: BTreeMap<usize, String>,
    /// Terraform modules that files of the run belong to, by folder.
    modules: Mutex<Vec<(String, Module)>>,
}

/// This many Terraform modules are kept, so that memory does not grow with their number.
const MOST_MODULES: usize = 16;

/// This many texts are in work at a time, so that memory does not grow with their number.
const WINDOW: usize = 1024;

/// From this many texts on, starting threads costs less than they save.
pub(super) const PARALLEL: usize = 200;

/// This many texts are taken at a time by one thread, so that what is to be said of them is put together there.
const PORTION: usize = 32;

/// The report is written in pieces of so many bytes, and what is left of an outcome.
const LONG: usize = 1 << 16;

pub(super) fn run(arguments: &Arguments) -> Status {
    if let Err(sentence) = arguments.make_sense() {
        complain(sentence);
        return Status::Failed;
    }
    #[cfg(not(target_family = "wasm"))]
    if arguments.watch {
        return super::watch::run(arguments);
    }
    once(arguments, |_| ())
}

/// Lints what was asked for, from beginning to end; on the way somebody may look at the settings that count.
pub(super) fn once(arguments: &Arguments, settings: impl FnOnce(&Finder)) -> Status {
    let choice = arguments.choice();
    let wants_baselines = arguments.baseline.is_none() && arguments.write_baseline.is_none() && !arguments.ndjson;
    let finder = Arc::new(Finder::new(choice.clone(), wants_baselines, Stream::Error.style(arguments.color)));
    let baseline = match arguments.baseline.as_deref().map(|path| Open::read(path, &finder)).transpose() {
        Ok(baseline) => baseline.map(Arc::new),
        Err(sentence) => {
            complain(&sentence);
            return Status::Failed;
        }
    };
    let (config, fail_on) = (arguments.config(), arguments.fail_on);
    let mut judges = Judges::new(&finder, &config, fail_on, baseline);
    let what = if arguments.ndjson { "lines" } else { "files" };
    let progress = Arc::new(Progress::new(what, !arguments.quiet && !arguments.verbose));
    let (mut gathered, tally, ahead) = arguments.gather(&finder, &mut judges, &progress);
    let broken = judges.assign(&mut gathered.candidates);
    settings(&finder);
    if arguments.verbose {
        judges.reasons(&choice).iter().for_each(|reason| complain(reason));
    }
    let is_stdin = |candidate: &Candidate| candidate.origin == Origin::Stdin;
    let fixes_stdin = arguments.fixes().is_some() && !arguments.diff && gathered.candidates.iter().any(is_stdin);
    let stream = if fixes_stdin { Stream::Error } else { Stream::Output };
    let mut assembly = match Assembly::new(arguments, stream, progress) {
        Ok(assembly) => assembly,
        Err(status) => return status,
    };
    for Broken { why, picture } in broken {
        assembly.fail(&why);
        let _ = Stream::Error.try_write(&picture, Stream::Error.style(arguments.color));
    }
    for failure in gathered.failures {
        assembly.fail(&failure);
    }
    if arguments.ndjson {
        ndjson::run(arguments, &gathered.candidates, &judges, &mut assembly);
        return assembly.end();
    }
    assembly.progress().expect(gathered.candidates.len());
    assembly.take([Outcome { tally, ..Outcome::default() }]);
    Job::new(arguments, gathered.candidates, &finder, judges, ahead, &assembly).run(&mut assembly);
    if let Some(path) = &arguments.write_baseline {
        assembly.write_baseline(path);
    }
    assembly.end()
}

/// Puts the report together, from what comes of the texts in their order.
pub(super) struct Assembly<'a> {
    arguments: &'a Arguments,
    output: Output,
    /// Where the closing line goes when the report is in a file.
    stream: Stream,
    tally: Tally,
    status: Status,
    is_empty: bool,
    /// All that was found, where it goes into a baseline.
    known: Baseline,
    /// How much of each baseline is gone.
    gone: BTreeMap<String, usize>,
    progress: Arc<Progress>,
}

impl<'a> Assembly<'a> {
    fn new(arguments: &'a Arguments, stream: Stream, progress: Arc<Progress>) -> Result<Self, Status> {
        let output = match &arguments.output {
            None => Output::stream(stream, arguments.color),
            Some(path) => Output::file(path).map_err(|error| {
                complain(&output::unwritable(path, &error));
                Status::Failed
            })?,
        };
        let mut assembly = Self {
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
            assembly.output.write(arguments.format.head());
        }
        Ok(assembly)
    }

    pub fn progress(&self) -> Arc<Progress> {
        Arc::clone(&self.progress)
    }

    pub fn style(&self) -> Style {
        self.output.style
    }

    /// Nobody reads the report any more.
    pub fn is_gone(&self) -> bool {
        self.output.is_gone()
    }

    pub fn take(&mut self, outcomes: impl IntoIterator<Item = Outcome>) {
        self.progress().aside(|| self.put(outcomes));
    }

    fn put(&mut self, outcomes: impl IntoIterator<Item = Outcome>) {
        let separator = self.arguments.separator();
        let mut text = String::new();
        for outcome in outcomes {
            for aside in outcome.asides {
                match aside {
                    Aside::Note(sentence) => complain(&sentence),
                    Aside::Failure(sentence) => self.count_failure(&sentence),
                }
            }
            if outcome.counts && !self.arguments.exit_zero {
                self.status = self.status.max(Status::Findings);
            }
            outcome.known.into_iter().for_each(|(path, known)| self.known.insert(path, known));
            for (name, gone) in outcome.gone {
                *self.gone.entry(name).or_default() += gone;
            }
            self.tally += &outcome.tally;
            if !outcome.text.is_empty() {
                text.push_str(if self.is_empty { "" } else { separator });
                text.push_str(&outcome.text);
                self.is_empty = false;
            }
            if text.len() > LONG {
                self.output.write(&text);
                text.clear();
            }
        }
        self.output.write(&text);
    }

    pub fn fail(&mut self, sentence: &str) {
        self.progress().aside(|| self.count_failure(sentence));
    }

    fn count_failure(&mut self, sentence: &str) {
        complain(sentence);
        self.tally.failures += 1;
        self.status = Status::Failed;
    }

    /// Writes what was found into a baseline, unless something could not be judged: that would be missing in it.
    fn write_baseline(&mut self, path: &Path) {
        let (name, count) = (path.display(), self.known.len());
        if self.tally.failures > 0 {
            return complain(&format!("{name} is not written, because not everything could be linted"));
        }
        match baseline::write(path, &self.known) {
            Err(error) => self.fail(&format!("{name}: {}", files::why(&error))),
            Ok(()) if self.arguments.quiet => {}
            Ok(()) => complain(&format!("{name}: {} written", counted(count, "known finding"))),
        }
    }

    fn end(mut self) -> Status {
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

impl Arguments {
    /// The texts to lint, the count of others with nothing wrong, and what is to be said of some of the former.
    fn gather(
        &self,
        finder: &Arc<Finder>,
        judges: &mut Judges,
        progress: &Arc<Progress>,
    ) -> (Gathered, Tally, Outcomes) {
        if self.ndjson {
            return (ndjson::gather(self), Tally::default(), Outcomes::default());
        }
        let paths = self.paths(".");
        let gathered = |takes: &mut dyn FnMut(&Seen, &Found) -> bool| {
            files::gather(&paths, self.stdin_name(), self.skip_unrecognized, finder, takes)
        };
        // Two paths may lead to one file.
        #[cfg(not(target_family = "wasm"))]
        if paths.len() == 1 && self.is_plain() {
            let style = if self.output.is_some() { Style::default() } else { Stream::Output.style(self.color) };
            let mut ahead = Ahead::new(self.max_size as usize, self.format_of_texts(), style, progress);
            let mut gathered = gathered(&mut |seen, found| ahead.takes(seen, found, judges));
            let Judged { tally, left, outcomes } = ahead.end();
            gathered.candidates.extend(left);
            gathered.sort();
            return (gathered, tally, outcomes);
        }
        let _ = (judges, progress);
        let mut gathered = gathered(&mut |_, _| false);
        gathered.sort();
        (gathered, Tally::default(), Outcomes::default())
    }

    /// Texts are only judged, and each by itself.
    #[cfg(not(target_family = "wasm"))]
    fn is_plain(&self) -> bool {
        let has_baseline = self.baseline.is_some() || self.write_baseline.is_some();
        self.fixes().is_none() && !has_baseline && !self.verbose && !self.is_about_request()
    }

    /// Says what does not go together.
    fn make_sense(&self) -> Result<(), &'static str> {
        if self.statistics && !matches!(self.format, Format::Human | Format::Concise | Format::Json) {
            return Err("--statistics is a table or JSON: use it with --format human, concise or json");
        }
        if self.ndjson && !matches!(self.format, Format::Human | Format::Concise | Format::Github | Format::Json) {
            return Err("--ndjson reports line by line: use it with --format human, concise, github or json");
        }
        if self.diff && self.format != Format::Human {
            return Err("--diff shows changes as text, in no other format");
        }
        let reads_stdin = self.ndjson && self.paths.is_empty() || self.paths.iter().any(|path| path.as_os_str() == "-");
        if self.stdin_filename.is_some() && !reads_stdin {
            return Err("--stdin-filename names standard input, and that is not read; `-` reads it");
        }
        #[cfg(not(target_family = "wasm"))]
        if self.watch && self.paths.iter().any(|path| path.as_os_str() == "-") {
            return Err("--watch waits for files to change, and standard input is none");
        }
        Ok(())
    }

    /// The files that were named beside those to lint: settings and a baseline.
    #[cfg(not(target_family = "wasm"))]
    pub fn files_beside(&self) -> impl Iterator<Item = PathBuf> {
        [&self.config, &self.baseline].into_iter().flatten().cloned()
    }

    /// Which settings count.
    pub fn choice(&self) -> Choice {
        match &self.config {
            Some(path) => Choice::File(path.clone()),
            None if self.no_config => Choice::None,
            None => Choice::Nearest,
        }
    }

    /// The files that a run writes, apart from what it mends.
    #[cfg(not(target_family = "wasm"))]
    pub fn written(&self) -> impl Iterator<Item = &Path> {
        self.output.iter().map(PathBuf::as_path)
    }

    /// The paths that were named, or what stands for none.
    pub fn paths(&self, usual: &str) -> Vec<PathBuf> {
        if self.paths.is_empty() { vec![PathBuf::from(usual)] } else { self.paths.clone() }
    }

    /// What standard input is called.
    pub fn stdin_name(&self) -> &str {
        self.stdin_filename.as_deref().unwrap_or(STDIN)
    }

    /// Neither a diff nor statistics nor a stream is wanted, but a report with a beginning and an end.
    fn is_document(&self) -> bool {
        !self.diff && !self.statistics && !self.ndjson
    }

    /// How the report says something of a text, unless texts are only counted.
    fn format_of_texts(&self) -> Option<Format> {
        (!self.statistics).then_some(self.format)
    }

    /// What stands between what the report says of two texts.
    fn separator(&self) -> &'static str {
        if self.is_document() { self.format.separator() } else { "" }
    }

    /// There is something around the bodies to judge.
    pub fn is_about_request(&self) -> bool {
        self.config().request != Request::default()
    }

    /// What the command line says, which beats all settings.
    fn config(&self) -> Config {
        Config {
            kind: self.kind,
            mode: self.mode,
            dialect: self.dialect.0,
            select: self.select.clone(),
            ignore: self.ignore.clone(),
            skip_unrecognized: false,
            size_limit: self.max_size as usize,
            request: Request {
                group_id: self.group_id.clone(),
                tenant_name: self.tenant_name.clone(),
                envelope: self.envelope.clone(),
                pretty: self.pretty.clone(),
            },
            ..Config::default()
        }
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
    /// What the fixes would change, and what the text was taken for.
    Diff(String, String),
}

/// What `work` makes of each of some things, in their order.
#[cfg(not(target_family = "wasm"))]
pub(super) fn in_order<A: Send, B: Send>(
    all: Vec<A>,
    on_all_cores: bool,
    work: impl Fn(A) -> B + Send + Sync,
) -> Vec<B> {
    use rayon::prelude::*;

    // What is handed out is as small as it can be, so that no core waits long for another.
    if on_all_cores {
        all.into_par_iter().with_max_len(1).map(work).collect()
    } else {
        all.into_iter().map(work).collect()
    }
}

/// What `work` makes of each of some things, in their order.
#[cfg(target_family = "wasm")]
pub(super) fn in_order<A, B>(all: Vec<A>, _: bool, work: impl Fn(A) -> B) -> Vec<B> {
    all.into_iter().map(work).collect()
}

impl<'a> Job<'a> {
    fn new(
        arguments: &'a Arguments,
        candidates: Vec<Candidate>,
        finder: &'a Finder,
        judges: Judges<'a>,
        ahead: Outcomes,
        assembly: &Assembly,
    ) -> Self {
        let is_request = arguments.is_about_request();
        let mut job = Self {
            arguments,
            candidates,
            finder,
            judges,
            fixes: arguments.fixes(),
            style: assembly.style(),
            is_request,
            first_judged: None,
            progress: assembly.progress(),
            ahead: Mutex::new(ahead),
            stdin: OnceLock::new(),
            failures: BTreeMap::new(),
            modules: Mutex::default(),
        };
        if is_request && !arguments.diff {
            let is_judged = |read: io::Result<Read>| matches!(read, Ok(Read::Report(report)) if report.is_judged());
            let mut buffer = Buffer::default();
            let is_first = |at: &usize| !job.candidates[*at].unsure || is_judged(job.read(*at, &mut buffer));
            job.first_judged = (0..job.candidates.len()).find(is_first);
        }
        job
    }

    /// Lints all texts, a window of them at a time.
    ///
    /// What a file says of others is noted as it comes, which is enough for names that are taken: those that come later
    /// are told. A pipeline may name what no file before it defines. From its window on all the rest is read first, and
    /// then once more; keeping the reports would cost far more than reading them again.
    fn run(mut self, assembly: &mut Assembly) {
        let all = self.candidates.len();
        let windows = |from: usize| (from..all).step_by(WINDOW).map(move |start| start..all.min(start + WINDOW));
        let mut cross_file = CrossFile::default();
        let mut is_all_noted = false;
        for window in windows(0) {
            let mut linted = self.lint(window.clone());
            if !is_all_noted {
                self.note(&linted, &mut cross_file);
                is_all_noted = cross_file.has_pipelines();
                if is_all_noted && window.end < all {
                    drop(linted);
                    for window in windows(window.end) {
                        self.note(&self.lint(window), &mut cross_file);
                    }
                    // What could be mended has been.
                    self.fixes = None;
                    linted = self.lint(window);
                }
            }
            assembly.take(self.said(linted, &cross_file));
        }
    }

    fn note(&mut self, linted: &[Vec<Linted>], cross_file: &mut CrossFile) {
        for linted in linted.iter().flatten() {
            match linted {
                Linted::Waiting(at, report) => report.add_to(cross_file, *at),
                Linted::Failed(at, why) => drop(self.failures.insert(*at, why.clone())),
                Linted::Outcome(_) => {}
            }
        }
    }

    /// Reads, fixes and judges the texts of a window, some at a time.
    fn lint(&self, window: Range<usize>) -> Vec<Vec<Linted>> {
        let end = window.end;
        let portions = window.clone().step_by(PORTION).map(|start| start..end.min(start + PORTION));
        let is_unknown = |at: &usize| {
            let name = &self.candidates[*at].name;
            self.ahead.lock().map_or(true, |ahead| !ahead.contains_key(name))
        };
        let is_long = window.filter(is_unknown).count() >= PARALLEL;
        in_order(portions.collect(), is_long, |portion| self.lint_portion(portion))
    }

    fn lint_portion(&self, portion: Range<usize>) -> Vec<Linted> {
        let mut buffer = Buffer::default();
        let mut linted = Vec::new();
        // What is to be said of the texts since the last one that is not said yet.
        let mut outcome = None::<Box<Outcome>>;
        for at in portion {
            // Nothing that holds the lock can fail.
            let known = self.ahead.lock().ok().and_then(|mut ahead| ahead.remove(&self.candidates[at].name));
            if let Some(known) = known {
                self.progress.add(1);
                linted.extend(outcome.take().into_iter().chain([known]).map(Linted::Outcome));
                continue;
            }
            let read = match self.failures.get(&at) {
                Some(why) => Err(why.clone()),
                None => self.read(at, &mut buffer).map_err(|error| files::why(&error)),
            };
            self.progress.add(1);
            let is_waiting = |report: &Report| report.spans_files() && report.is_judged() && !self.arguments.diff;
            let unsaid = match read {
                Ok(Read::Report(report)) if is_waiting(&report) => Linted::Waiting(at, report),
                Ok(Read::Report(report)) => {
                    self.say(at, *report, outcome.get_or_insert_default());
                    continue;
                }
                Ok(Read::Diff(text, taken_for)) => {
                    let outcome = outcome.get_or_insert_default();
                    outcome.asides.extend(self.arguments.verbose.then_some(Aside::Note(taken_for)));
                    outcome.counts = true;
                    outcome.text.push_str(&text);
                    continue;
                }
                Err(why) => Linted::Failed(at, why),
            };
            linted.extend(outcome.take().map(Linted::Outcome));
            linted.push(unsaid);
        }
        linted.extend(outcome.map(Linted::Outcome));
        linted
    }

    /// What is to be said of the texts of a window, now that the other files are known.
    fn said(&self, linted: Vec<Vec<Linted>>, cross_file: &CrossFile) -> Vec<Outcome> {
        let has_waiting = linted.iter().flatten().any(|linted| matches!(linted, Linted::Waiting(..)));
        let is_long = has_waiting && linted.len() * PORTION >= PARALLEL;
        let said = in_order(linted, is_long, |portion| {
            portion.into_iter().map(|linted| self.said_of(linted, cross_file)).collect::<Vec<_>>()
        });
        said.into_iter().flatten().collect()
    }

    fn said_of(&self, linted: Linted, cross_file: &CrossFile) -> Outcome {
        let mut outcome = Outcome::default();
        match linted {
            Linted::Outcome(outcome) => return *outcome,
            Linted::Failed(at, why) => {
                outcome.asides.push(Aside::Failure(format!("{}: {why}", self.candidates[at].name)));
            }
            Linted::Waiting(at, mut report) => {
                let name = |file: usize| Arc::clone(&self.candidates[file].name);
                let found = report.check_with(cross_file, at, &name);
                report.finish(found);
                self.say(at, *report, &mut outcome);
            }
        }
        outcome
    }

    /// Adds what is to be said of a text.
    fn say(&self, at: usize, mut report: Report, outcome: &mut Outcome) {
        let arguments = self.arguments;
        if arguments.verbose {
            outcome.asides.push(Aside::Note(taken_for(&report)));
        }
        if !report.is_judged() {
            return;
        }
        if self.first_judged == Some(at) {
            report.add_about_request();
        }
        let judge = self.judges.of(at);
        let path = self.candidates[at].path();
        if let Some(baseline) = &arguments.write_baseline {
            let path = self.finder.relative(path, &baseline::folder_of(baseline, self.finder));
            outcome.known.push((path, count(&report)));
            // From here on they are known.
            report.clear();
        }
        if let Some(open) = &judge.baseline {
            let gone = open.subtract(path, self.finder, &mut report);
            if gone > 0 {
                outcome.gone.push((open.name.clone(), gone));
            }
        }
        if arguments.diff {
            outcome.tally += &Tally::of(&report);
        } else {
            outcome.add(&report, arguments.format_of_texts(), self.style, judge.fail_on);
        }
    }

    /// Reads a text, fixes it, and judges it.
    fn read(&self, at: usize, buffer: &mut Buffer) -> io::Result<Read> {
        let candidate = &self.candidates[at];
        let linter = self.judges.of(at).linter(candidate.unsure);
        let is_stdin = candidate.origin == Origin::Stdin;
        if let Some(report) = self.stdin.get().filter(|_| is_stdin) {
            return Ok(Read::Report(report.clone()));
        }
        let is_diff = self.arguments.diff;
        // Standard output then gets the text of standard input, mended or as it came.
        let passes_on = self.fixes.is_some() && !is_diff && is_stdin;
        let report = match buffer.read(candidate, self.arguments.max_size as usize)? {
            Reading::Text(bytes) => {
                let source = Source::from_bytes(Arc::clone(&candidate.name), bytes);
                let module = self.module(candidate, &source);
                let mut report = linter.check_in(&source, &module);
                if let Some(after) = self.fixed(linter, &report, &module) {
                    if is_diff {
                        return Ok(Read::Diff(diff(&report, &after, self.style), taken_for(&report)));
                    }
                    if !is_stdin {
                        files::replace(candidate.path(), after.source().text())?;
                    }
                    report = after;
                }
                if passes_on {
                    let exact = source.is_exact();
                    pass_on(if exact { report.source().text().as_bytes() } else { bytes }, io::empty())?;
                }
                report
            }
            Reading::TooLong(length, bytes) => {
                if passes_on {
                    pass_on(bytes, io::stdin().lock())?;
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
    fn fixed(&self, linter: &Linter, report: &Report, module: &Module) -> Option<Report> {
        let fixes = self.fixes?;
        if report.diagnostics().iter().all(|found| found.fix.is_none()) || !report.source().is_exact() {
            return None;
        }
        let text = report.fixed(fixes);
        (text != report.source().text()).then(|| linter.check_in(&Source::new(report.source().name(), text), module))
    }

    /// The Terraform module that a file belongs to, where that matters.
    fn module(&self, candidate: &Candidate, source: &Source) -> Module {
        if !Module::has(&candidate.name) || !source.text().contains("mongodbatlas_stream") {
            return Module::default();
        }
        let folder = Module::folder_of(&candidate.name);
        // Files of one folder come one after the other. Nothing that holds the lock can fail.
        let Ok(mut modules) = self.modules.lock() else { return Module::default() };
        if let Some((_, module)) = modules.iter().find(|(known, _)| known == folder) {
            return module.clone();
        }
        let module = files::module(candidate, self.arguments.max_size as usize).unwrap_or_default();
        if modules.len() == MOST_MODULES {
            modules.remove(0);
        }
        modules.push((folder.to_owned(), module.clone()));
        module
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
pub(super) fn taken_for(report: &Report) -> String {
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
