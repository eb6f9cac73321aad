//! `streamlint check`.

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::PathBuf;

use clap::Args;
use streamlint::{
    Applicability, Config, DEFAULT_SIZE_LIMIT, Dialect, Format, Kind, Linter, Mode, Report, Request, Rule, Severity,
    Source, Style, Totals,
};

use super::files::{self, Candidate, Origin, Reading};
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

/// What came of one file.
enum Outcome {
    /// Something to report, or a report that the others need.
    Report(Box<Report>),
    /// Nothing to report.
    Clean(Totals),
    /// What the fixes would change.
    Diff(String),
    /// It could not be read or written; the sentence says why.
    Failed(String),
}

/// Lints files one by one, from any thread.
struct Job {
    /// For files that were named, and for those that may be something else.
    linter: Linter,
    unsure_linter: Linter,
    size_limit: usize,
    /// Which fixes are wanted, if any.
    fixes: Option<Applicability>,
    diff: bool,
    verbose: bool,
    /// Reports of clean files are needed as well.
    keep_clean: bool,
}

pub(super) fn run(arguments: &Arguments) -> Status {
    let gathered = files::gather(&arguments.paths, arguments.stdin_filename.as_deref(), arguments.recognised_only);
    let job = Job::new(arguments);
    let outcomes = job.lint_all(&gathered.candidates);

    let mut reports = Vec::new();
    let mut totals = Totals::default();
    let mut diffs = String::new();
    let mut failures = gathered.failures;
    for outcome in outcomes {
        match outcome {
            Outcome::Report(report) => reports.push(*report),
            Outcome::Clean(clean) => totals += clean,
            Outcome::Diff(diff) => diffs.push_str(&diff),
            Outcome::Failed(sentence) => failures.push(sentence),
        }
    }
    for sentence in &failures {
        complain(sentence);
    }
    let failed = if failures.is_empty() { Status::Clean } else { Status::Failed };

    if arguments.diff {
        let found = if diffs.is_empty() || arguments.exit_zero { Status::Clean } else { Status::Findings };
        return failed.max(found).max(Stream::Output.write(&diffs, Style::default()));
    }

    job.linter.across(&mut reports);
    totals += Totals::of(&reports);
    let counts = |report: &Report| report.diagnostics().iter().any(|found| found.severity >= arguments.fail_on);
    let found = if !arguments.exit_zero && reports.iter().any(counts) { Status::Findings } else { Status::Clean };

    let fixes_stdin =
        job.fixes.is_some() && gathered.candidates.iter().any(|candidate| candidate.origin == Origin::Stdin);
    let stream = if fixes_stdin { Stream::Error } else { Stream::Output };
    let style = stream.style(arguments.color);
    let mut text = arguments.format.render(&reports, style);
    if arguments.format == Format::Human && !arguments.quiet {
        let _ = writeln!(text, "{totals}");
    }
    failed.max(found).max(stream.write(&text, style))
}

impl Job {
    fn new(arguments: &Arguments) -> Self {
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
        let fixes = if arguments.unsafe_fixes {
            Some(Applicability::Unsafe)
        } else {
            (arguments.fix || arguments.diff).then_some(Applicability::Safe)
        };
        Self {
            keep_clean: arguments.format == Format::Json || config.request != Request::default(),
            size_limit: config.size_limit,
            unsure_linter: Linter::new(Config { recognised_only: true, ..config.clone() }),
            linter: Linter::new(config),
            fixes,
            diff: arguments.diff,
            verbose: arguments.verbose,
        }
    }

    /// What comes of each file, in their order.
    #[cfg(not(target_family = "wasm"))]
    fn lint_all(&self, candidates: &[Candidate]) -> Vec<Outcome> {
        use rayon::prelude::*;

        /// From this many files on, starting threads costs less than they save.
        const PARALLEL: usize = 200;

        if candidates.len() < PARALLEL {
            candidates.iter().map(|candidate| self.lint(candidate)).collect()
        } else {
            candidates.par_iter().map(|candidate| self.lint(candidate)).collect()
        }
    }

    /// What comes of each file, in their order.
    #[cfg(target_family = "wasm")]
    fn lint_all(&self, candidates: &[Candidate]) -> Vec<Outcome> {
        candidates.iter().map(|candidate| self.lint(candidate)).collect()
    }

    fn lint(&self, candidate: &Candidate) -> Outcome {
        self.try_lint(candidate)
            .unwrap_or_else(|error| Outcome::Failed(format!("{}: {}", candidate.name, files::why(&error))))
    }

    fn try_lint(&self, candidate: &Candidate) -> io::Result<Outcome> {
        let linter = if candidate.unsure { &self.unsure_linter } else { &self.linter };
        // Standard output then gets the text of standard input, mended or as it came.
        let passes_on = self.fixes.is_some() && !self.diff && candidate.origin == Origin::Stdin;
        let report = match files::read(candidate, self.size_limit)? {
            Reading::Text(bytes) => {
                let raw = if passes_on { bytes.clone() } else { Vec::new() };
                let source = Source::from_bytes(candidate.name.as_str(), bytes);
                let mut report = linter.check(&source);
                if let Some(after) = self.fixed(linter, &report) {
                    if self.diff {
                        return Ok(Outcome::Diff(streamlint::diff(&report, &after)));
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
        if self.verbose {
            tell(&report);
        }
        // A file that is no definition is not the first one of a run either.
        if !report.is_judged() {
            return Ok(Outcome::Clean(Totals::default()));
        }
        if report.diagnostics().is_empty() && !self.keep_clean && !report.spans_files() {
            return Ok(Outcome::Clean(Totals::of([&report])));
        }
        Ok(Outcome::Report(Box::new(report)))
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
fn tell(report: &Report) {
    let name = report.source().name();
    complain(&if report.is_judged() {
        let connections = report.summaries().len();
        let plural = if connections == 1 { "" } else { "s" };
        let (dialect, mode) = (report.dialect().name(), report.mode().name());
        format!("{name}: {dialect}, mode {mode}, {connections} connection{plural}")
    } else {
        format!("{name}: does not look like a connection definition")
    });
}
