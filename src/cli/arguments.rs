//! The arguments of `streamlint check`, and what follows from them.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::Args;

use super::terminal::Color;
use super::values::{kinds, one_of, rules};
use super::walk::STDIN;
use crate::atlas::Request;
use crate::diagnostic::POLICY_PREFIX;
use crate::settings::finder::Choice;
use crate::{Applicability, Config, DEFAULT_SIZE_LIMIT, Dialect, Format, Kind, Mode, Severity, UnknownName};

#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(super) struct Arguments {
    /// Files or folders; `-` is standard input. A named file is always taken for a definition, in a folder only what
    /// looks like one.
    /// Without any it is the working directory, or standard input with --ndjson.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// How to write the report [default: human]
    #[arg(long, value_parser = one_of::<Format>(Format::ALL.iter().map(|format| format.name())))]
    format: Option<Format>,

    /// Write the report to this file, whole or not at all and without colors; `-` is standard output. May be given several
    /// times, with a format each: `-o sarif=report.sarif -o markdown=-`. Without a report on standard output, the closing
    /// line goes there.
    #[arg(short, long, value_name = "[FORMAT=]FILE")]
    output: Vec<PathBuf>,

    /// Show at most this many findings in reports for people, and say how many more there are. All of them count.
    #[arg(long, value_name = "N", conflicts_with_all = ["statistics", "diff", "ndjson"])]
    pub max_findings: Option<usize>,

    /// Leave out findings below this severity; they do not count, and they are not fixed [default: info]
    #[arg(long, value_name = "SEVERITY", value_parser = one_of::<Severity>(Severity::ALL.iter().map(|severity| severity.name())))]
    pub min_severity: Option<Severity>,

    /// Say which rule found how much, instead of each finding; as a table, or as an array with --format json.
    #[arg(long, conflicts_with = "diff")]
    pub statistics: bool,

    /// Apply safe fixes. For standard input the text goes to standard output, and the report to standard error.
    #[arg(long)]
    pub fix: bool,

    /// Apply safe fixes, and those that guess what was meant.
    #[arg(long)]
    pub unsafe_fixes: bool,

    /// Write nothing, and show what the fixes would change, as a diff. Exits with 1 when that is something, whatever its
    /// severity.
    #[arg(long)]
    pub diff: bool,

    /// The least severity that makes the exit status 1: error, warning (where streamlint.toml does not say otherwise) or
    /// info.
    #[arg(long, value_name = "SEVERITY", value_parser = one_of::<Severity>(Severity::ALL.iter().map(|severity| severity.name())))]
    pub fail_on: Option<Severity>,

    /// Write comments into the files that ignore all findings of this run, with the reason that --reason gives. In strict
    /// JSON, a member `//` holds them.
    #[arg(long, requires = "reason", conflicts_with_all = ["fix", "unsafe_fixes", "diff", "ndjson", "write_baseline"])]
    pub write_ignores: bool,

    /// The reason in the comments that --write-ignores writes.
    #[arg(long, value_name = "TEXT", requires = "write_ignores")]
    pub reason: Option<String>,

    /// Exit with 0 also when something was found.
    #[arg(long)]
    pub exit_zero: bool,

    /// Only these rules, with commas between them; may be given several times.
    #[arg(long, value_name = "RULES", value_delimiter = ',', value_parser = rules(), hide_possible_values = true)]
    select: Vec<&'static str>,

    /// Not these rules, with commas between them; may be given several times.
    #[arg(long, value_name = "RULES", value_delimiter = ',', value_parser = rules(), hide_possible_values = true)]
    ignore: Vec<&'static str>,

    /// The settings for all files, instead of the nearest streamlint.toml above each. Its paths are then relative to the
    /// working directory.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Look for no streamlint.toml.
    #[arg(long, conflicts_with = "config")]
    no_config: bool,

    /// A policy for all files: a rule of your own, written as JSON Schema; may be given several times. Its name is that
    /// of its `$id`, or of the file.
    #[arg(long, value_name = "FILE")]
    pub policy: Vec<PathBuf>,

    /// Findings that are known: only new ones are shown and count. Fixes mend known ones, too.
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,

    /// Write all findings into a baseline, for later runs; this one shows none of them.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["baseline", "diff"])]
    pub write_baseline: Option<PathBuf>,

    /// Remove known findings that are gone from the baseline: of the files that are linted, and of files that do not exist.
    #[arg(long, conflicts_with_all = ["write_baseline", "diff", "ndjson"])]
    pub prune_baseline: bool,

    /// Print the settings for this file and where each comes from, and lint nothing.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["fix", "unsafe_fixes", "diff", "write_ignores", "write_baseline", "prune_baseline", "ndjson", "show_files"])]
    pub show_settings: Option<PathBuf>,

    /// Print the names of the files that would be linted, and lint nothing.
    #[arg(long, conflicts_with_all = ["fix", "unsafe_fixes", "diff", "write_ignores", "write_baseline", "prune_baseline", "ndjson", "statistics", "output", "format", "max_findings"])]
    pub show_files: bool,

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

    /// Check named files only where they look like definitions, as files found in a folder are.
    #[arg(long)]
    pub skip_unrecognized: bool,

    /// The longest file to read, in bytes; with --ndjson the longest line.
    #[arg(long, value_name = "BYTES", default_value_t = DEFAULT_SIZE_LIMIT as u32)]
    pub max_size: u32,

    /// Read files and standard input as streams of JSON definitions, one on each line, and report line by line. Each is
    /// judged by itself, nothing is mended, and no baseline is used. With --format json each line gives a line: its file
    /// object of the JSON report.
    #[arg(long, conflicts_with_all = ["fix", "unsafe_fixes", "diff", "baseline", "write_baseline"])]
    pub ndjson: bool,

    /// What reports call standard input; the extension says how to read it, the folder which streamlint.toml is for it.
    #[arg(long, value_name = "NAME")]
    stdin_filename: Option<String>,

    /// Lint again whenever something changes that is read, until Ctrl-C; the exit status is that of the last run.
    #[cfg(not(target_family = "wasm"))]
    #[arg(long, conflicts_with_all = ["ndjson", "write_baseline", "prune_baseline", "write_ignores", "show_settings", "show_files"])]
    pub watch: bool,

    /// When to use colors.
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = Color::Auto)]
    pub color: Color,

    /// Leave out the closing line, and on standard error all but what went wrong.
    #[arg(short, long, conflicts_with = "verbose")]
    pub quiet: bool,

    /// Say on standard error which streamlint.toml is used and why, and of each file what it was taken for.
    #[arg(short, long)]
    pub verbose: bool,
}

/// Where a report goes, and how it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ReportTarget {
    pub format: Format,
    /// None is standard output.
    pub path: Option<PathBuf>,
}

/// Whether a format is for people, so that it may be cut.
pub(super) fn is_for_people(format: Format) -> bool {
    matches!(format, Format::Human | Format::Concise)
}

/// The format and the path of an output.
///
/// # Errors
///
/// A sentence about a format that does not exist.
fn split(output: &Path) -> Result<(Option<Format>, PathBuf), String> {
    let Some((word, path)) = output.to_str().and_then(|output| output.split_once('=')) else {
        return Ok((None, output.to_owned()));
    };
    let is_word = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphabetic());
    if !is_word {
        return Ok((None, output.to_owned()));
    }
    if path.is_empty() {
        return Err(format!("--output {word}= names no file"));
    }
    let format = word.parse::<Format>();
    let format = format.map_err(|error| format!("{error}; the file `{word}=…` is written with `./` before it"))?;
    Ok((Some(format), PathBuf::from(path)))
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

impl Arguments {
    /// Checks that the arguments go together.
    ///
    /// # Errors
    ///
    /// A sentence about arguments that conflict.
    pub fn validate(&self) -> Result<(), String> {
        let reports = self.reports()?;
        let are_all = |formats: &[Format]| reports.iter().all(|report| formats.contains(&report.format));
        if self.statistics && !are_all(&[Format::Human, Format::Concise, Format::Json]) {
            return Err("--statistics is a table or JSON: use it with --format human, concise or json".to_owned());
        }
        if self.ndjson && !are_all(&[Format::Human, Format::Concise, Format::Github, Format::Json]) {
            return Err("--ndjson reports line by line: use it with --format human, concise, github or json".to_owned());
        }
        if self.ndjson && reports.len() > 1 {
            return Err("--ndjson writes one report, and there is more than one --output".to_owned());
        }
        if self.diff && !are_all(&[Format::Human]) {
            return Err("--diff shows changes as text, in no other format".to_owned());
        }
        if self.max_findings.is_some() && !reports.iter().any(|report| is_for_people(report.format)) {
            return Err("--max-findings shortens reports for people: use it with --format human or concise".to_owned());
        }
        if self.reason.as_ref().is_some_and(|reason| reason.trim().is_empty()) {
            return Err("--reason is empty; say why these findings are fine".to_owned());
        }
        if self.reason.as_ref().is_some_and(|reason| reason.contains(char::is_control) || reason.contains("*/")) {
            return Err("--reason is one line of a comment, without line breaks and `*/`".to_owned());
        }
        let reads_stdin = self.ndjson && self.paths.is_empty() || self.paths.iter().any(|path| path.as_os_str() == "-");
        if self.stdin_filename.is_some() && !reads_stdin {
            return Err("--stdin-filename names standard input, and that is not read; `-` reads it".to_owned());
        }
        #[cfg(not(target_family = "wasm"))]
        if self.watch && self.paths.iter().any(|path| path.as_os_str() == "-") {
            return Err("--watch waits for files to change, and standard input is none".to_owned());
        }
        Ok(())
    }

    /// The reports to write.
    ///
    /// # Errors
    ///
    /// A sentence about outputs that conflict.
    pub fn reports(&self) -> Result<Vec<ReportTarget>, String> {
        let mut reports = Vec::<ReportTarget>::new();
        let mut needs_format = self.output.is_empty();
        for output in &self.output {
            let (format, path) = split(output)?;
            needs_format |= format.is_none();
            let format = format.or(self.format).unwrap_or(Format::Human);
            let path = (path.as_os_str() != "-").then_some(path);
            if reports.iter().any(|other| other.path == path) {
                let name = path.as_ref().map_or("standard output".into(), |path| path.display().to_string());
                return Err(format!("two reports cannot both go to {name}; give each --output another file"));
            }
            reports.push(ReportTarget { format, path });
        }
        // A format that no output takes is that of standard output.
        if needs_format && self.output.is_empty() || !needs_format && self.format.is_some() {
            if reports.iter().any(|report| report.path.is_none()) {
                return Err("--format and an --output with `-` both write to standard output; leave one out".to_owned());
            }
            reports.push(ReportTarget { format: self.format.unwrap_or(Format::Human), path: None });
        }
        Ok(reports)
    }

    /// The files that are read beside those to lint: settings and a baseline.
    pub fn files_beside(&self) -> impl Iterator<Item = &PathBuf> {
        self.config.iter().chain(&self.baseline).chain(&self.policy)
    }

    /// The policies that are selected or ignored, by the names of their rules.
    pub fn named_policies(&self) -> impl Iterator<Item = &'static str> {
        self.select.iter().chain(&self.ignore).copied().filter(|name| name.starts_with(POLICY_PREFIX))
    }

    /// Whether the baselines that settings name count.
    pub fn reads_baselines(&self) -> bool {
        self.baseline.is_none() && self.write_baseline.is_none() && !self.ndjson
    }

    /// Which settings count.
    pub fn choice(&self) -> Choice {
        Choice::of(self.config.as_ref(), self.no_config)
    }

    /// The files that a run writes, apart from fixed ones, and the options that name them.
    pub fn written(&self) -> impl Iterator<Item = (&'static str, PathBuf)> {
        let reports = self.reports().unwrap_or_default().into_iter().filter_map(|report| report.path);
        let reports = reports.map(|path| ("--output", path));
        reports.chain(self.write_baseline.iter().map(|path| ("--write-baseline", path.clone())))
    }

    /// The paths to lint; `usual` if none is given.
    pub fn paths(&self, usual: &str) -> Vec<PathBuf> {
        if self.paths.is_empty() { vec![PathBuf::from(usual)] } else { self.paths.clone() }
    }

    /// The name of standard input in reports.
    pub fn stdin_name(&self) -> &str {
        self.stdin_filename.as_deref().unwrap_or(STDIN)
    }

    /// Whether the output is a report with a head and a tail, and not a diff, statistics, a list or a stream.
    pub fn is_document(&self) -> bool {
        !self.diff && !self.statistics && !self.ndjson && !self.show_files
    }

    /// Whether the run changes the texts that it reads.
    pub fn writes_texts(&self) -> bool {
        (self.fixes().is_some() || self.write_ignores) && !self.diff
    }

    /// Whether parameters of the request around the bodies are given.
    pub fn is_about_request(&self) -> bool {
        self.config().request != Request::default()
    }

    /// The configuration of the command line, which beats all settings.
    pub fn config(&self) -> Config {
        Config {
            kind: self.kind,
            mode: self.mode,
            dialect: self.dialect.0,
            select: self.select.clone(),
            ignore: self.ignore.clone(),
            skip_unrecognized: false,
            size_limit: Some(self.max_size as usize),
            request: Request {
                group_id: self.group_id.clone(),
                tenant_name: self.tenant_name.clone(),
                envelope: self.envelope.clone(),
                pretty: self.pretty.clone(),
            },
            min_severity: self.min_severity,
            ..Config::default()
        }
    }

    /// The fixes to apply, if any.
    pub fn fixes(&self) -> Option<Applicability> {
        if self.unsafe_fixes {
            Some(Applicability::Unsafe)
        } else {
            (self.fix || self.diff).then_some(Applicability::Safe)
        }
    }
}
