//! The arguments of `streamlint check`, and the configuration that follows from them.

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
    /// Files or folders to lint; `-` is standard input. Named files are always linted; of a folder, only files that
    /// look like definitions.
    /// The default is the working directory, or standard input with --ndjson.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Output format [default: human]
    #[arg(long, value_parser = one_of::<Format>(Format::ALL.iter().map(|format| format.name())))]
    format: Option<Format>,

    /// Write the report to this file, atomically and without colors; `-` is standard output. Repeat it for several
    /// formats: `-o sarif=report.sarif -o markdown=-`. If no report goes to standard output, the summary line does.
    #[arg(short, long, value_name = "[FORMAT=]FILE")]
    output: Vec<PathBuf>,

    /// Show at most this many findings, and the number of the others. All findings affect the exit status.
    #[arg(long, value_name = "N", conflicts_with_all = ["statistics", "diff", "ndjson"])]
    pub max_findings: Option<usize>,

    /// Ignore findings below this severity; they are not fixed either [default: info]
    #[arg(long, value_name = "SEVERITY", value_parser = one_of::<Severity>(Severity::ALL.iter().map(|severity| severity.name())))]
    pub min_severity: Option<Severity>,

    /// Count the findings of each rule instead of listing them, as a table or with --format json as an array.
    #[arg(long, conflicts_with = "diff")]
    pub statistics: bool,

    /// Apply safe fixes. With standard input, write the fixed text to standard output and the report to standard error.
    #[arg(long)]
    pub fix: bool,

    /// Also apply unsafe fixes, which may change the meaning.
    #[arg(long)]
    pub unsafe_fixes: bool,

    /// Show what the fixes would change as a diff, without writing files. Exit with 1 if there is a change.
    #[arg(long)]
    pub diff: bool,

    /// Exit with 1 for findings of at least this severity: error, warning (unless streamlint.toml sets another) or info.
    #[arg(long, value_name = "SEVERITY", value_parser = one_of::<Severity>(Severity::ALL.iter().map(|severity| severity.name())))]
    pub fail_on: Option<Severity>,

    /// Add ignore comments for all findings of this run, with the reason from --reason. In strict JSON, they are fields
    /// named `//`.
    #[arg(long, requires = "reason", conflicts_with_all = ["fix", "unsafe_fixes", "diff", "ndjson", "write_baseline"])]
    pub write_ignores: bool,

    /// Reason for the comments of --write-ignores.
    #[arg(long, value_name = "TEXT", requires = "write_ignores")]
    pub reason: Option<String>,

    /// Exit with 0 even if there are findings.
    #[arg(long)]
    pub exit_zero: bool,

    /// Run only these rules, separated by commas; repeatable.
    #[arg(long, value_name = "RULES", value_delimiter = ',', value_parser = rules(), hide_possible_values = true)]
    select: Vec<&'static str>,

    /// Skip these rules, separated by commas; repeatable.
    #[arg(long, value_name = "RULES", value_delimiter = ',', value_parser = rules(), hide_possible_values = true)]
    ignore: Vec<&'static str>,

    /// Use this settings file for all files, instead of the nearest streamlint.toml. Its paths are then relative to the
    /// working directory.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Use no streamlint.toml.
    #[arg(long, conflicts_with = "config")]
    no_config: bool,

    /// Lint also by this policy, a JSON Schema file; repeatable. The policy is named after its `$id`, or after the file.
    #[arg(long, value_name = "FILE")]
    pub policy: Vec<PathBuf>,

    /// Report only findings that are not in this baseline. Fixes apply to known findings too.
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,

    /// Write all findings to this baseline, and report none of them.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["baseline", "diff"])]
    pub write_baseline: Option<PathBuf>,

    /// Remove findings from the baseline that no longer exist in the linted files or whose files are deleted.
    #[arg(long, conflicts_with_all = ["write_baseline", "diff", "ndjson"])]
    pub prune_baseline: bool,

    /// Print the settings for this file and their origins, without linting.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["fix", "unsafe_fixes", "diff", "write_ignores", "write_baseline", "prune_baseline", "ndjson", "show_files"])]
    pub show_settings: Option<PathBuf>,

    /// Print the files that would be linted, without linting.
    #[arg(long, conflicts_with_all = ["fix", "unsafe_fixes", "diff", "write_ignores", "write_baseline", "prune_baseline", "ndjson", "statistics", "output", "format", "max_findings"])]
    pub show_files: bool,

    /// Content of the documents: request bodies that create or update connections, API responses, API error bodies, or
    /// failover connections. The default depends on each document.
    #[arg(long, value_parser = one_of::<Mode>(Mode::ALL.iter().map(|mode| mode.name())))]
    mode: Option<Mode>,

    /// Connection type of definitions without `type`.
    #[arg(long = "type", value_name = "TYPE", value_parser = kinds(), hide_possible_values = true)]
    kind: Option<Kind>,

    /// Dialect of the documents; `auto` detects it for each document.
    #[arg(long, default_value = "auto", value_parser = one_of::<DialectChoice>(std::iter::once("auto").chain(Dialect::ALL.iter().map(|dialect| dialect.name()))))]
    dialect: DialectChoice,

    /// Project id in the path of the request.
    #[arg(long, value_name = "ID", help_heading = "The request around the body")]
    group_id: Option<String>,

    /// Workspace name in the path of the request; all definitions then belong to this workspace.
    #[arg(long, value_name = "NAME", help_heading = "The request around the body")]
    tenant_name: Option<String>,

    /// Query parameter `envelope`: true or false.
    #[arg(long, value_name = "BOOL", help_heading = "The request around the body")]
    envelope: Option<String>,

    /// Query parameter `pretty`: true or false.
    #[arg(long, value_name = "BOOL", help_heading = "The request around the body")]
    pretty: Option<String>,

    /// Skip named files that do not look like definitions, as in folders.
    #[arg(long)]
    pub skip_unrecognized: bool,

    /// Maximum size of a file in bytes; with --ndjson, of a line.
    #[arg(long, value_name = "BYTES", default_value_t = DEFAULT_SIZE_LIMIT as u32)]
    pub max_size: u32,

    /// Read JSON Lines: one definition per line, each linted alone, without fixes and without a baseline. With --format
    /// json, each input line becomes one output line: its file object of the JSON report.
    #[arg(long, conflicts_with_all = ["fix", "unsafe_fixes", "diff", "baseline", "write_baseline"])]
    pub ndjson: bool,

    /// File name of standard input in reports. Its extension selects the syntax, and its folder the streamlint.toml.
    #[arg(long, value_name = "NAME")]
    stdin_filename: Option<String>,

    /// Lint again after each change of a file, until Ctrl-C. The exit status is that of the last run.
    #[cfg(not(target_family = "wasm"))]
    #[arg(long, conflicts_with_all = ["ndjson", "write_baseline", "prune_baseline", "write_ignores", "show_settings", "show_files"])]
    pub watch: bool,

    /// Whether to use colors.
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = Color::Auto)]
    pub color: Color,

    /// Print no summary line and, on standard error, only errors.
    #[arg(short, long, conflicts_with = "verbose")]
    pub quiet: bool,

    /// Print on standard error which streamlint.toml is used and why, and the dialect and mode of each file.
    #[arg(short, long)]
    pub verbose: bool,
}

/// The target of a report, and its format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ReportTarget {
    pub format: Format,
    /// None is standard output.
    pub path: Option<PathBuf>,
}

/// Whether a format is for people, so that it may be cut off.
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
        return Err(format!("--output {word}= needs a file name"));
    }
    let format = word.parse::<Format>();
    let format = format.map_err(|error| format!("{error}; write `./{word}=…` for a file of that name"))?;
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
            return Err("--statistics works only with --format human, concise or json".to_owned());
        }
        if self.ndjson && !are_all(&[Format::Human, Format::Concise, Format::Github, Format::Json]) {
            return Err("--ndjson works only with --format human, concise, github or json".to_owned());
        }
        if self.ndjson && reports.len() > 1 {
            return Err("--ndjson allows only one --output".to_owned());
        }
        if self.diff && !are_all(&[Format::Human]) {
            return Err("--diff cannot be used with another format".to_owned());
        }
        if self.max_findings.is_some() && !reports.iter().any(|report| is_for_people(report.format)) {
            return Err("--max-findings works only with --format human or concise".to_owned());
        }
        if self.reason.as_ref().is_some_and(|reason| reason.trim().is_empty()) {
            return Err("--reason is empty; explain why these findings are acceptable".to_owned());
        }
        if self.reason.as_ref().is_some_and(|reason| reason.contains(char::is_control) || reason.contains("*/")) {
            return Err("--reason must be one line without `*/`".to_owned());
        }
        let reads_stdin = self.ndjson && self.paths.is_empty() || self.paths.iter().any(|path| path.as_os_str() == "-");
        if self.stdin_filename.is_some() && !reads_stdin {
            return Err("--stdin-filename needs the path `-`, which reads standard input".to_owned());
        }
        #[cfg(not(target_family = "wasm"))]
        if self.watch && self.paths.iter().any(|path| path.as_os_str() == "-") {
            return Err("--watch cannot watch standard input".to_owned());
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
                return Err(format!("two reports write to {name}; use another file for each --output"));
            }
            reports.push(ReportTarget { format, path });
        }
        // A format without an output goes to standard output.
        if needs_format && self.output.is_empty() || !needs_format && self.format.is_some() {
            if reports.iter().any(|report| report.path.is_none()) {
                return Err("--format and an --output with `-` both write to standard output; remove one".to_owned());
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

    /// Whether the baselines of the settings apply.
    pub fn reads_baselines(&self) -> bool {
        self.baseline.is_none() && self.write_baseline.is_none() && !self.ndjson
    }

    /// The settings that apply.
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
