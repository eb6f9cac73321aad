//! `streamlint check`: lints the texts of a run, a window of them at a time.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::arguments::{Arguments, is_for_people};
use super::configs::{ResolvedConfigs, Task};
use super::files::{self, FileContent};
use super::modules::Modules;
use super::progress::Progress;
use super::report_writer::{LogLine, Outcome, ReportWriter, description};
#[cfg(not(target_family = "wasm"))]
use super::signals::on_signal;
use super::status::Status;
use super::terminal::{Stream, complain};
use super::walk::{self, Inputs, Origin};
use super::{ndjson, parallel};
use crate::cross_file::CrossFile;
use crate::linter::Ignoring;
use crate::output::{Tally, counted, seen};
use crate::settings::baseline::count;
use crate::settings::baseline_file::{self, BaselineFile};
use crate::settings::disk::{absolute, is_same_file, name_of, reason, relative};
use crate::settings::finder::Finder;
use crate::settings::policies::load_given;
use crate::{Applicability, Config, Format, Linter, Module, Report, Source, Style, Syntax};

/// Number of texts that are processed at a time, so that memory does not grow with the number of texts.
const WINDOW: usize = 1024;

/// From this number of texts on, threads save more time than they cost.
const PARALLEL: usize = 200;

/// A report with more findings is written in pieces, without being one text in memory.
const LARGE: usize = 1000;

/// Lints the inputs that the arguments name.
pub(super) fn run(arguments: &Arguments) -> Status {
    lint(arguments).unwrap_or_else(|sentence| {
        complain(&sentence);
        Status::Failed
    })
}

fn lint(arguments: &Arguments) -> Result<Status, String> {
    let choice = arguments.choice();
    let style = Stream::Error.style(arguments.color);
    let finder = Arc::new(Finder::new(choice.clone(), arguments.reads_baselines(), style));
    let baseline = arguments.baseline.as_deref().map(BaselineFile::read).transpose()?.map(Arc::new);
    let mut given = arguments.config();
    let policies = load_given(&arguments.policy, style, &mut Vec::new()).map_err(|problem| {
        let _ = Stream::Error.try_write(&problem.excerpt, style);
        format!("cannot use a policy: {}", problem.sentence)
    })?;
    for policy in policies {
        given.add_policy(policy);
    }
    let mut configs = ResolvedConfigs::new(&finder, given, arguments.fail_on, baseline);
    let inputs = if arguments.ndjson {
        ndjson::inputs(arguments, &finder)
    } else {
        walk::inputs(&arguments.paths("."), arguments.stdin_name(), arguments.skip_unrecognized, &finder)
    };
    let Inputs { candidates, has_stdin, failures } = inputs;
    refuse_inputs(arguments, &finder)?;
    #[cfg(not(target_family = "wasm"))]
    if arguments.written().next().is_some() || arguments.fixes().is_some() || arguments.writes_texts() {
        // With --watch, the handler is already installed.
        let _ = on_signal(files::end);
    }
    let stream = if has_stdin && arguments.writes_texts() { Stream::Error } else { Stream::Output };
    let progress =
        Progress::new(if arguments.ndjson { "lines" } else { "files" }, !arguments.quiet && !arguments.verbose);
    let mut writer = ReportWriter::new(arguments, stream, Arc::new(progress))?;
    let tasks = candidates.enumerate().filter_map(|(at, candidate)| configs.task(at, candidate));
    // The settings come first, and are complete when all texts are known.
    let tasks: Tasks = if arguments.verbose {
        let tasks = tasks.collect::<Vec<_>>();
        configs.reasons(&choice).iter().for_each(|reason| complain(reason));
        Box::new(tasks.into_iter())
    } else {
        Box::new(tasks)
    };
    for failure in failures {
        writer.fail(&failure);
    }
    if arguments.ndjson {
        ndjson::run(arguments, tasks.flatten(), &mut writer);
    } else {
        Job::new(arguments, &writer).run(tasks, &mut writer);
    }
    for name in arguments.named_policies().filter(|name| !configs.has_policy(name)) {
        writer.fail(&format!("unknown policy `{name}`; `streamlint rules` lists all policies"));
    }
    for problem in configs.problems() {
        writer.fail(&problem.reason);
        let _ = Stream::Error.try_write(&problem.excerpt, style);
    }
    if let Some(path) = &arguments.write_baseline {
        writer.write_baseline(path);
    }
    if arguments.prune_baseline {
        writer.prune_baselines();
    }
    Ok(writer.end())
}

/// Refuses to overwrite an input.
///
/// # Errors
///
/// A sentence about the option that would do it.
fn refuse_inputs(arguments: &Arguments, finder: &Arc<Finder>) -> Result<(), String> {
    for (option, path) in arguments.written() {
        let paths = arguments.paths(if arguments.ndjson { "-" } else { "." });
        let is_read = arguments.files_beside().chain(&paths).any(|read| is_same_file(&path, read))
            || paths.iter().any(|folder| is_definition_in(folder, &path, finder));
        if is_read {
            return Err(format!("{}: {option} would overwrite a file that is read", name_of(&path)));
        }
    }
    let written = arguments.written().map(|(_, path)| path).collect::<Vec<_>>();
    let is_one = |one: &Path, other: &Path| absolute(one) == absolute(other) || is_same_file(one, other);
    let twice = written.iter().enumerate().find(|(at, path)| written[..*at].iter().any(|other| is_one(path, other)));
    match twice {
        Some((_, path)) => Err(format!("{}: two options name this file to write", name_of(path))),
        None => Ok(()),
    }
}

/// Whether a file is a definition that is linted with a folder. The folder may also contain an earlier report.
fn is_definition_in(folder: &Path, path: &Path, finder: &Arc<Finder>) -> bool {
    let (Ok(whole), Ok(path)) = (folder.canonicalize(), path.canonicalize()) else { return false };
    let Ok(inside) = path.strip_prefix(&whole) else { return false };
    if !whole.is_dir() || !walk::takes(folder, &folder.join(inside), finder) {
        return false;
    }
    let linter = Config::builder().skip_unrecognized(true).build().map(Linter::new).unwrap_or_default();
    let content = files::read_file(&path, linter.config().size_limit());
    let Ok(FileContent::Text(bytes) | FileContent::TooLong(_, bytes)) = content else { return false };
    linter.check(&Source::from_bytes(name_of(&path), &bytes)).is_checked()
}

/// A linted text, or a sentence about something that cannot be read.
type Tasks<'a> = Box<dyn Iterator<Item = Result<Task, String>> + Send + 'a>;

/// A text after reading, fixing and linting.
enum Linted<'w> {
    Done(Box<Outcome>),
    /// The findings also depend on other files.
    Waiting(&'w Task, Box<Report>),
    /// The reason why it could not be read or written.
    Failed(&'w Task, String),
}

/// A text after reading and fixing.
enum Read {
    Report(Box<Report>),
    /// The changes that fixes would make, and the description of the text.
    Diff(String, String),
}

/// Lints texts one by one, on any thread.
struct Job<'a> {
    arguments: &'a Arguments,
    fixes: Option<Applicability>,
    /// The format of each report, and what its reader can show.
    styles: Vec<(Format, Style)>,
    progress: Arc<Progress>,
    /// Whether the request around the bodies is linted, and the text that reports its findings.
    is_about_request: bool,
    request_text: Option<usize>,
    /// The report of standard input after fixing, as it cannot be read twice.
    stdin: OnceLock<Box<Report>>,
    modules: Modules,
    cross_file: CrossFile,
    /// The names of files that other files may refer to.
    names: BTreeMap<usize, Arc<str>>,
    /// The texts that could not be read or written. They are not tried again.
    failures: BTreeMap<usize, String>,
    /// The numbers of findings that were fixed. A text may be read again after that.
    fixed: Mutex<BTreeMap<usize, usize>>,
}

impl<'a> Job<'a> {
    fn new(arguments: &'a Arguments, writer: &ReportWriter) -> Self {
        Self {
            arguments,
            fixes: arguments.fixes(),
            styles: writer.styles(),
            progress: writer.progress(),
            is_about_request: arguments.is_about_request() && !arguments.diff,
            request_text: None,
            stdin: OnceLock::new(),
            modules: Modules::default(),
            cross_file: CrossFile::default(),
            names: BTreeMap::new(),
            failures: BTreeMap::new(),
            fixed: Mutex::default(),
        }
    }

    /// Lints all texts. While one window is linted, the files of the next one are looked up.
    fn run(mut self, mut tasks: Tasks, writer: &mut ReportWriter) {
        let mut window = tasks.by_ref().take(WINDOW).collect::<Vec<_>>();
        while !window.is_empty() {
            self.find_request_text(&window);
            let is_last = window.len() < WINDOW;
            if is_last {
                self.progress.expect(window.len());
            }
            let (linted, next) = if is_last {
                (self.lint(&window), Vec::new())
            } else {
                parallel::both(|| self.lint(&window), || tasks.by_ref().take(WINDOW).collect())
            };
            self.note(&linted);
            if self.cross_file.has_pipelines() && !next.is_empty() {
                drop(linted);
                let rest = next.into_iter().chain(tasks).collect::<Vec<_>>();
                return self.run_twice(&window, &rest, writer);
            }
            writer.write(self.outcomes(linted));
            window = next;
        }
    }

    /// Lints the texts from the first window with a pipeline on. A pipeline may use a connection that a later file
    /// defines, so all files are noted before any is reported. Linting them twice takes less memory than keeping their
    /// reports.
    fn run_twice(mut self, first: &[Result<Task, String>], rest: &[Result<Task, String>], writer: &mut ReportWriter) {
        for window in rest.chunks(WINDOW) {
            let linted = self.lint(window);
            self.note(&linted);
        }
        // All fixes have been applied.
        self.fixes = None;
        for window in std::iter::once(first).chain(rest.chunks(WINDOW)) {
            writer.write(self.outcomes(self.lint(window)));
        }
    }

    /// Finds the first text of the run that is a definition: it reports the findings about the request.
    fn find_request_text(&mut self, window: &[Result<Task, String>]) {
        if !self.is_about_request || self.request_text.is_some() {
            return;
        }
        let first = window.iter().flatten().find(|task| {
            !task.candidate.may_skip || matches!(self.read(task), Ok(Read::Report(report)) if report.is_checked())
        });
        self.request_text = first.map(|task| task.at);
    }

    /// Records the facts about these texts that other files need.
    fn note(&mut self, linted: &[Linted]) {
        for linted in linted {
            match linted {
                Linted::Waiting(task, report) => {
                    report.add_to(&mut self.cross_file, task.at);
                    self.names.insert(task.at, Arc::clone(&task.candidate.name));
                }
                Linted::Failed(task, why) => drop(self.failures.insert(task.at, why.clone())),
                Linted::Done(_) => {}
            }
        }
    }

    fn lint<'w>(&self, window: &'w [Result<Task, String>]) -> Vec<Linted<'w>> {
        parallel::map(window.iter(), window.len() >= PARALLEL, |task| {
            let linted = self.lint_one(task);
            self.progress.add(1);
            linted
        })
    }

    fn lint_one<'w>(&self, task: &'w Result<Task, String>) -> Linted<'w> {
        let task = match task {
            Ok(task) => task,
            Err(sentence) => return Linted::Done(Box::new(Outcome::failure(sentence.clone()))),
        };
        let read = match self.failures.get(&task.at) {
            Some(why) => Err(why.clone()),
            None => self.read(task).map_err(|error| reason(&error)),
        };
        match read {
            Ok(Read::Report(report)) if report.spans_files() && report.is_checked() && !self.arguments.diff => {
                Linted::Waiting(task, report)
            }
            Ok(Read::Report(report)) => Linted::Done(Box::new(self.outcome(task, *report))),
            Ok(Read::Diff(text, description)) => {
                let note = self.arguments.verbose.then_some(LogLine::Note(description));
                let log = note.into_iter().collect();
                Linted::Done(Box::new(Outcome {
                    texts: vec![Some(text)],
                    log,
                    has_findings: true,
                    ..Outcome::default()
                }))
            }
            Err(why) => Linted::Failed(task, why),
        }
    }

    /// The outcomes of texts, after all files that they depend on have been noted.
    fn outcomes(&self, linted: Vec<Linted>) -> Vec<Outcome> {
        let on_all_cores = linted.len() >= PARALLEL && linted.iter().any(|one| matches!(one, Linted::Waiting(..)));
        parallel::map(linted.into_iter(), on_all_cores, |linted| match linted {
            Linted::Done(outcome) => *outcome,
            Linted::Failed(task, why) => Outcome::failure(format!("{}: {why}", task.candidate.name)),
            Linted::Waiting(task, mut report) => {
                let name = |file: usize| self.names.get(&file).cloned().unwrap_or_default();
                let found = report.check_with(&self.cross_file, task.at, &name);
                report.finish(found);
                self.outcome(task, *report)
            }
        })
    }

    /// The outcome of a text.
    fn outcome(&self, task: &Task, mut report: Report) -> Outcome {
        let arguments = self.arguments;
        let mut outcome = Outcome::default();
        if arguments.verbose {
            outcome.log.push(LogLine::Note(description(&report)));
        }
        if !report.is_checked() {
            // The text of standard input goes to standard output in every case.
            let is_stdin = task.candidate.origin == Origin::Stdin;
            if is_stdin && arguments.write_ignores && report.source().is_exact() {
                let _ = pass_on(report.source().text().as_bytes(), io::empty());
            }
            return outcome;
        }
        if arguments.show_files {
            outcome.texts = vec![Some(format!("{}\n", seen(report.source().name())))];
            return outcome;
        }
        let is_named = !task.candidate.may_skip && task.candidate.origin != Origin::Stdin;
        if is_named && report.is_empty() && !arguments.verbose && !arguments.quiet {
            let name = report.source().name();
            outcome.log.push(LogLine::Note(format!("{name}: no connection definition found")));
        }
        if self.request_text == Some(task.at) {
            report.add_about_request();
        }
        let path = task.candidate.path();
        if arguments.prune_baseline {
            let baseline = task.config.baseline.as_ref();
            outcome.found = baseline.map(|baseline| (Arc::clone(baseline), path.to_owned(), count(&report)));
        }
        if let Some(baseline) = &arguments.write_baseline {
            outcome.known = Some((relative(path, &baseline_file::folder_of(baseline)), count(&report)));
            // From now on they are known findings.
            report.clear();
        }
        if let Some(baseline) = &task.config.baseline {
            outcome.gone = Some((baseline.name.clone(), baseline.subtract(path, &mut report)));
        }
        let mut ignored = 0;
        if let Some(reason) = arguments.reason.as_ref().filter(|_| arguments.write_ignores) {
            match ignore(task, &mut report, reason) {
                Ok((count, notes)) => {
                    ignored = count;
                    let notes = notes.into_iter().filter(|_| !arguments.quiet);
                    outcome.log.extend(notes.map(LogLine::Note));
                }
                Err(error) => return Outcome::failure(format!("{}: {}", task.candidate.name, self::reason(&error))),
            }
        }
        let fixed = self.fixed.lock().unwrap_or_else(PoisonError::into_inner).get(&task.at).copied();
        outcome.tally = Tally::of(&report);
        (outcome.tally.fixed, outcome.tally.ignored) = (fixed.unwrap_or_default(), ignored);
        if !arguments.diff {
            if !arguments.statistics {
                // The shown part of a cut report is rendered once its length is known.
                let is_large = report.diagnostics().len() > LARGE;
                let is_cut = |format| arguments.max_findings.is_some() && is_for_people(format);
                let text = |&(format, style): &(Format, Style)| {
                    (!is_large && !is_cut(format)).then(|| format.piece(&report, style))
                };
                outcome.texts = self.styles.iter().map(text).collect();
            }
            outcome.has_findings = report.diagnostics().iter().any(|found| found.severity >= task.config.fail_on);
        }
        if outcome.texts.contains(&None) {
            outcome.report = Some(Box::new(report));
        }
        outcome
    }

    /// Reads a text, fixes it, and lints it.
    fn read(&self, task: &Task) -> io::Result<Read> {
        let candidate = &task.candidate;
        let linter = task.config.linter(candidate.may_skip);
        let limit = self.arguments.max_size as usize;
        let is_stdin = candidate.origin == Origin::Stdin;
        if let Some(report) = self.stdin.get().filter(|_| is_stdin) {
            return Ok(Read::Report(report.clone()));
        }
        let content =
            if is_stdin { files::read(io::stdin().lock(), limit)? } else { files::read_file(candidate.path(), limit)? };
        // The text of standard input goes to standard output, fixed or not.
        let passes_on = is_stdin && self.fixes.is_some() && !self.arguments.diff;
        let ignores = is_stdin && self.arguments.write_ignores;
        let report = match content {
            FileContent::Text(bytes) => {
                let source = Source::from_bytes(Arc::clone(&candidate.name), &bytes);
                let module = self.modules.of(candidate, &source, limit);
                let mut report = linter.check_in(&source, &module);
                if let Some(after) = self.fixed(linter, &report, &module) {
                    if self.arguments.diff {
                        let diff = crate::output::diff(&report, &after, self.styles[0].1);
                        return Ok(Read::Diff(diff, description(&report)));
                    }
                    if !is_stdin {
                        files::rewrite(candidate.path(), &bytes, after.source().text().as_bytes())?;
                    }
                    let count = report.diagnostics().len().saturating_sub(after.diagnostics().len());
                    self.fixed.lock().unwrap_or_else(PoisonError::into_inner).insert(task.at, count);
                    report = after;
                }
                if ignores && !source.is_exact() {
                    pass_on(&bytes, io::empty())?;
                }
                if passes_on {
                    let text = if source.is_exact() { report.source().text().as_bytes() } else { &bytes };
                    pass_on(text, io::empty())?;
                }
                report
            }
            FileContent::TooLong(length, bytes) => {
                if passes_on || ignores {
                    pass_on(&bytes, io::stdin().lock())?;
                }
                linter.refuse(&candidate.name, length)
            }
        };
        let report = Box::new(report);
        if is_stdin {
            // Standard input is one of the texts at most.
            let _ = self.stdin.set(report.clone());
        }
        Ok(Read::Report(report))
    }

    /// The report on the text after fixing, if fixing changes it.
    fn fixed(&self, linter: &Linter, report: &Report, module: &Module) -> Option<Report> {
        let fixes = self.fixes?;
        if report.diagnostics().iter().all(|found| found.fix.is_none()) || !report.source().is_exact() {
            return None;
        }
        let text = report.fixed(fixes);
        (text != report.source().text()).then(|| linter.check_in(&Source::new(report.source().name(), text), module))
    }
}

/// Writes ignores for all findings into a text, and removes these findings from the report. Returns their number, and
/// sentences about the remaining findings and about the position of the ignores.
fn ignore(task: &Task, report: &mut Report, reason: &str) -> io::Result<(usize, Vec<String>)> {
    let name = &task.candidate.name;
    let Ignoring { text, is_ignored } = report.ignoring_all(reason);
    let is_stdin = task.candidate.origin == Origin::Stdin;
    let count = is_ignored.iter().filter(|ignored| **ignored).count();
    if is_stdin && report.source().is_exact() {
        pass_on(text.as_bytes(), io::empty())?;
    } else if count > 0 && !is_stdin {
        files::rewrite(task.candidate.path(), report.source().text().as_bytes(), text.as_bytes())?;
    }
    let mut is_ignored = is_ignored.into_iter();
    report.retain(|_| !is_ignored.next().unwrap_or_default());
    let mut rules = report.diagnostics().iter().map(|found| found.rule.name).collect::<Vec<_>>();
    rules.sort_unstable();
    rules.dedup();
    let mut notes = Vec::new();
    if !rules.is_empty() {
        let findings = counted(report.diagnostics().len(), "finding");
        notes.push(format!("{name}: {findings} cannot be ignored: {}", rules.join(", ")));
    }
    if count > 0 && report.syntax() == Syntax::Json {
        notes.push(format!("{name}: JSON does not allow comments, so the ignores are fields named `//`"));
    }
    Ok((count, notes))
}

/// Writes the text of standard input to standard output. A closed pipe is not a failure.
fn pass_on(text: &[u8], mut rest: impl io::Read) -> io::Result<()> {
    let mut output = io::stdout().lock();
    let written = output.write_all(text).and_then(|()| io::copy(&mut rest, &mut output)).and_then(|_| output.flush());
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    }
}
