//! The output formats, one per file.
//!
//! Every format reads the text of a report only through its mask.
//!
//! A run writes the head of its [`Layout`], each report when it is complete, and the tail. So no report waits for the
//! next one, and the output of a run is never in memory as a whole.
mod concise;
#[cfg(feature = "cli")]
mod diff;
mod github;
mod gitlab;
#[cfg(feature = "cli")]
mod human;
pub(crate) mod json;
mod junit;
pub(crate) mod markdown;
#[cfg(feature = "miette")]
mod masked_report;
#[cfg(feature = "miette")]
pub(crate) mod picture;
mod rdjson;
mod sarif;
pub(crate) mod severity;
#[cfg(feature = "cli")]
mod statistics;

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::AddAssign;
use std::{fmt, io};

use serde::Serialize;

use crate::atlas::secret::is_hostile;
use crate::diagnostic::{Applicability, Diagnostic, Rule, RuleRef, Severity};
use crate::linter::Report;
use crate::rules::RULES;
use crate::text::{LineIndex, Position, Source, Span, impl_names};

#[cfg(feature = "cli")]
pub use diff::diff;
#[cfg(feature = "cli")]
pub(crate) use statistics::{statistics, statistics_json};

/// An output format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// An excerpt for each finding, for people at a terminal.
    #[cfg(feature = "cli")]
    Human,
    /// One line for each finding: `path:line:column: severity: message [rule]`.
    Concise,
    /// The JSON report that `schemas/report.schema.json` describes.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Workflow commands of GitHub Actions, which become annotations.
    Github,
    /// GitLab's Code Quality report.
    Gitlab,
    /// JUnit's XML: a suite for each file, a failed case for each finding.
    Junit,
    /// Reviewdog's diagnostics, with suggestions.
    Rdjson,
    /// A summary in Markdown, of at most 1 MB.
    Markdown,
}

impl Format {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        #[cfg(feature = "cli")]
        Self::Human,
        Self::Concise,
        Self::Json,
        Self::Sarif,
        Self::Github,
        Self::Gitlab,
        Self::Junit,
        Self::Rdjson,
        Self::Markdown,
    ];

    /// The layout of the format.
    const fn layout(self) -> &'static Layout {
        match self {
            #[cfg(feature = "cli")]
            Self::Human => &human::LAYOUT,
            Self::Concise => &concise::LAYOUT,
            Self::Json => &json::LAYOUT,
            Self::Sarif => &sarif::LAYOUT,
            Self::Github => &github::LAYOUT,
            Self::Gitlab => &gitlab::LAYOUT,
            Self::Junit => &junit::LAYOUT,
            Self::Rdjson => &rdjson::LAYOUT,
            Self::Markdown => &markdown::LAYOUT,
        }
    }

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        self.layout().name
    }

    /// Writes reports, in their order. A text ends with a line break or is empty.
    pub fn render(self, reports: &[Report], style: Style) -> String {
        let mut text = Vec::new();
        // Writing to memory does not fail.
        let _ = self.write(reports, style, &mut text);
        String::from_utf8(text).unwrap_or_default()
    }

    /// Like [`Format::render`], into a file or a stream, so that the text is never whole in memory. It is written in
    /// many small parts: pass a buffered writer.
    ///
    /// # Errors
    ///
    /// The first error of the writer.
    pub fn write(self, reports: &[Report], style: Style, mut out: impl io::Write) -> io::Result<()> {
        let (mut document, mut tally) = (Document::new(self), Tally::default());
        out.write_all(self.head().as_bytes())?;
        for report in reports {
            tally += &Tally::of(report);
            document.add_report(report, style, &mut out)?;
        }
        out.write_all(document.tail(&tally).as_bytes())
    }

    /// The text before all reports.
    pub(crate) fn head(self) -> &'static str {
        self.layout().head
    }

    /// Writes one report, at any position; returns nothing if the format leaves it out.
    pub(crate) fn write_report(self, report: &Report, style: Style, out: &mut dyn io::Write) -> io::Result<()> {
        let layout = self.layout();
        if (layout.lists)(report) { (layout.write)(report, style, out) } else { Ok(()) }
    }

    /// The same as a text.
    #[cfg(feature = "cli")]
    pub(crate) fn piece(self, report: &Report, style: Style) -> String {
        let mut text = Vec::new();
        // Writing to memory does not fail.
        let _ = self.write_report(report, style, &mut text);
        String::from_utf8(text).unwrap_or_default()
    }

    /// One report of a stream, complete by itself; `None` for a format that is one document.
    #[cfg(feature = "cli")]
    pub(crate) fn line(self, report: &Report, style: Style) -> Option<String> {
        match self {
            Self::Human | Self::Concise | Self::Github => Some(self.piece(report, style)),
            Self::Json => Some(json::line(report)),
            Self::Sarif | Self::Gitlab | Self::Junit | Self::Rdjson | Self::Markdown => None,
        }
    }
}

/// Writes reports as [`Format::Json`] does. A program that writes nothing else links no other format.
pub fn json_report(reports: &[Report]) -> String {
    let Layout { head, separator, lists, write, tail, .. } = &json::LAYOUT;
    let mut text = head.as_bytes().to_vec();
    // The end of a JSON report has no count for each rule.
    let tally = Tally { totals: Totals::of(reports), ..Tally::default() };
    let listed = reports.iter().filter(|report| lists(report)).collect::<Vec<_>>();
    for (at, report) in listed.iter().enumerate() {
        if at > 0 {
            text.extend_from_slice(separator.as_bytes());
        }
        // Writing to memory does not fail.
        let _ = write(report, Style::default(), &mut text);
    }
    text.extend_from_slice(tail(&tally, listed.is_empty()).as_bytes());
    String::from_utf8(text).unwrap_or_default()
}

/// The parts of a format's output for a run.
struct Layout {
    name: &'static str,
    /// The text before all reports, and the text between two that are listed.
    head: &'static str,
    separator: &'static str,
    /// Whether a report is listed.
    lists: fn(&Report) -> bool,
    /// Writes a listed report, at any position.
    write: WriteReport,
    /// The text after all reports; the flag is whether none is listed.
    tail: fn(&Tally, bool) -> String,
}

type WriteReport = fn(&Report, Style, &mut dyn io::Write) -> io::Result<()>;

impl Layout {
    /// A format that contains only the findings.
    const fn plain(name: &'static str, write: WriteReport) -> Self {
        Self { name, head: "", separator: "", lists: has_findings, write, tail: |_, _| String::new() }
    }
}

fn has_findings(report: &Report) -> bool {
    !report.diagnostics().is_empty()
}

/// The output of a run, to which the reports of its files are added.
#[derive(Debug)]
pub(crate) struct Document {
    format: Format,
    is_empty: bool,
    /// The reports of a format that begins with the totals, which are known only after all files.
    body: Option<markdown::Body>,
}

impl Document {
    pub fn new(format: Format) -> Self {
        let body = (format == Format::Markdown).then(markdown::Body::default);
        Self { format, is_empty: true, body }
    }

    /// Adds a report.
    pub fn add_report(&mut self, report: &Report, style: Style, out: &mut dyn io::Write) -> io::Result<()> {
        if !(self.format.layout().lists)(report) {
            return Ok(());
        }
        self.format.write_report(report, style, self.next(out)?)
    }

    /// Adds the text of a report; nothing if it is empty.
    #[cfg(feature = "cli")]
    pub fn add(&mut self, piece: &str, out: &mut dyn io::Write) -> io::Result<()> {
        if piece.is_empty() { Ok(()) } else { self.next(out)?.write_all(piece.as_bytes()) }
    }

    /// The writer of the next report, after the separator.
    fn next<'w>(&'w mut self, out: &'w mut dyn io::Write) -> io::Result<&'w mut dyn io::Write> {
        if let Some(body) = &mut self.body {
            return Ok(body);
        }
        if !std::mem::take(&mut self.is_empty) {
            out.write_all(self.format.layout().separator.as_bytes())?;
        }
        Ok(out)
    }

    /// The end of the output, after all reports.
    pub fn tail(&self, tally: &Tally) -> String {
        match &self.body {
            Some(body) => body.document(tally),
            None => (self.format.layout().tail)(tally, self.is_empty),
        }
    }
}

impl_names!(Format, "format");

/// The capabilities of the reader of a report. Only the human format and Markdown use them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Style {
    /// Colors, as ANSI escapes.
    pub colors: bool,
    /// Rule names as links to their pages, as OSC 8 escapes.
    pub links: bool,
    /// The address of the folder that paths are relative to, with a slash at its end, for links to lines in Markdown:
    /// `https://github.com/owner/repository/blob/main/`. Without it, links are relative themselves.
    pub source_url: Option<&'static str>,
}

impl Report {
    /// Writes this report in a format, without colors. Secrets are masked.
    pub fn render(&self, format: Format) -> String {
        format.render(std::slice::from_ref(self), Style::default())
    }

    /// Whether reports mention the file: it contains a connection or a stream processor, or has a finding.
    pub fn is_listed(&self) -> bool {
        !self.summaries().is_empty() || self.processors() > 0 || !self.diagnostics().is_empty()
    }
}

/// The numbers of files, connections and findings.
///
/// Serializes with the names of the JSON report's summary, and `unsafeFixable`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Totals {
    /// Files with a connection, a stream processor or a finding.
    pub files: usize,
    /// Connections.
    pub connections: usize,
    /// Stream processors. Reports leave the number out if it is zero.
    #[serde(skip_serializing_if = "is_zero")]
    pub processors: usize,
    /// Findings of severity error.
    pub errors: usize,
    /// Findings of severity warning.
    pub warnings: usize,
    /// Findings of severity info.
    pub infos: usize,
    /// Findings with a safe fix, which `--fix` applies.
    pub fixable: usize,
    /// Findings with a fix that guesses, which only `--unsafe-fixes` applies. The JSON report leaves them out.
    pub unsafe_fixable: usize,
}

impl Totals {
    /// The numbers of some reports.
    pub fn of<'r>(reports: impl IntoIterator<Item = &'r Report>) -> Self {
        let mut totals = Self::default();
        for report in reports {
            totals.files += usize::from(report.is_listed());
            totals.connections += report.summaries().len();
            totals.processors += report.processors();
            for found in report.diagnostics() {
                *match found.severity {
                    Severity::Error => &mut totals.errors,
                    Severity::Warning => &mut totals.warnings,
                    Severity::Info => &mut totals.infos,
                } += 1;
                match found.fix.as_ref().map(|fix| fix.applicability) {
                    Some(Applicability::Safe) => totals.fixable += 1,
                    Some(Applicability::Unsafe) => totals.unsafe_fixable += 1,
                    _ => {}
                }
            }
        }
        totals
    }
}

impl AddAssign for Totals {
    fn add_assign(&mut self, other: Self) {
        self.files += other.files;
        self.connections += other.connections;
        self.processors += other.processors;
        self.errors += other.errors;
        self.warnings += other.warnings;
        self.infos += other.infos;
        self.fixable += other.fixable;
        self.unsafe_fixable += other.unsafe_fixable;
    }
}

/// Without colors; [`Totals::line`] has them.
impl fmt::Display for Totals {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.line(Style::default()))
    }
}
impl Totals {
    /// The closing line of a report for people: the findings, and the fixes.
    pub fn line(&self, style: Style) -> String {
        self.closing(style, "file")
    }

    /// The same, counting something other than files.
    pub(crate) fn closing(&self, style: Style, what: &str) -> String {
        let painted = |text: String, color| if style.colors { format!("\u{1b}[{color}m{text}\u{1b}[0m") } else { text };
        let numbers = [self.errors, self.warnings, self.infos].into_iter().zip(Severity::ALL);
        let found = numbers.filter(|(number, _)| *number > 0);
        let found = found.map(|(number, severity)| painted(counted(number, severity.name()), severity.terms().color));
        let found = found.collect::<Vec<_>>();
        let found = if found.is_empty() { painted("nothing found".to_owned(), 32) } else { found.join(", ") };
        format!("{found} in {}{}", self.covered(what), self.fixing())
    }

    /// The files, connections and stream processors.
    fn covered(&self, what: &str) -> String {
        let (connections, processors) =
            (counted(self.connections, "connection"), counted(self.processors, "processor"));
        let inside = match (self.connections, self.processors) {
            (_, 0) => connections,
            (0, _) => processors,
            _ => format!("{connections}, {processors}"),
        };
        format!("{} ({inside})", counted(self.files, what))
    }

    /// The fixes that are available.
    fn fixing(&self) -> String {
        match (self.fixable, self.unsafe_fixable) {
            (0, 0) => String::new(),
            (safe, 0) => format!("; {safe} fixable with --fix"),
            (0, guesses) => format!("; {guesses} fixable with --unsafe-fixes"),
            (safe, guesses) => format!("; {safe} fixable with --fix, {guesses} more with --unsafe-fixes"),
        }
    }
}

/// Whether a number is left out of a report.
#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
pub(crate) const fn is_zero(number: &usize) -> bool {
    *number == 0
}

/// The findings of one rule.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub found: usize,
    /// The number of them with a safe fix, and with an unsafe fix.
    pub safe: usize,
    pub guesses: usize,
}

/// The results of a run: the numbers, and the rules with findings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub totals: Totals,
    /// By the rule's position in the catalog, and its name: policies come last.
    by_rule: BTreeMap<(usize, &'static str), (RuleRef, Count)>,
    /// Texts that could not be linted and are missing in the report.
    pub failures: usize,
    /// Findings that the run has fixed, and findings that it has ignored. They are not part of the totals.
    pub fixed: usize,
    pub ignored: usize,
}
impl Tally {
    pub fn of(report: &Report) -> Self {
        let mut tally = Self { totals: Totals::of([report]), ..Self::default() };
        for found in report.diagnostics() {
            let rank = RULES.iter().position(|rule| found.rule == *rule).unwrap_or(RULES.len());
            let new = || (found.rule.clone(), Count::default());
            let (_, count) = tally.by_rule.entry((rank, found.rule.name)).or_insert_with(new);
            count.found += 1;
            match found.fix.as_ref().map(|fix| fix.applicability) {
                Some(Applicability::Safe) => count.safe += 1,
                Some(Applicability::Unsafe) => count.guesses += 1,
                None => {}
            }
        }
        tally
    }

    /// The closing line of a run, about files or lines, with the numbers of fixed and ignored findings.
    #[cfg(feature = "cli")]
    pub fn closing(&self, style: Style, what: &str) -> String {
        let remaining = self.totals.errors + self.totals.warnings + self.totals.infos;
        let done = [(self.fixed, "fixed"), (self.ignored, "ignored")];
        let done = done.iter().filter(|(number, _)| *number > 0).map(|(number, done)| format!("{number} {done}"));
        let done = done.collect::<Vec<_>>();
        if done.is_empty() {
            return self.totals.closing(style, what);
        }
        let all = counted(self.fixed + self.ignored + remaining, "finding");
        let rest = if remaining == 0 {
            format!("0 remaining in {}", self.totals.covered(what))
        } else {
            format!("{remaining} remaining: {}", self.totals.closing(style, what))
        };
        format!("{all}: {}, {rest}", done.join(", "))
    }

    /// Whether there are no findings.
    pub fn is_empty(&self) -> bool {
        self.by_rule.is_empty()
    }

    /// The rules with findings, in the order of the catalog.
    pub fn rules(&self) -> impl Iterator<Item = (&Rule, Count)> + '_ {
        self.by_rule.values().map(|(rule, count)| (&**rule, *count))
    }
}
impl AddAssign<&Tally> for Tally {
    fn add_assign(&mut self, other: &Self) {
        self.totals += other.totals;
        self.failures += other.failures;
        self.fixed += other.fixed;
        self.ignored += other.ignored;
        for (key, (rule, more)) in &other.by_rule {
            let (_, count) = self.by_rule.entry(*key).or_insert_with(|| (rule.clone(), Count::default()));
            count.found += more.found;
            count.safe += more.safe;
            count.guesses += more.guesses;
        }
    }
}

/// A number and its noun, with an `s` unless it is one.
pub fn counted(number: usize, word: &str) -> String {
    format!("{number} {word}{}", if number == 1 { "" } else { "s" })
}

/// Positions in the text of a report. The lines are indexed for the first one: most texts have no finding.
struct Positions<'r> {
    source: &'r Source,
    lines: OnceCell<LineIndex>,
}

/// The first position of a range, and the one after it.
#[derive(Serialize)]
struct Range {
    start: Position,
    end: Position,
}

impl<'r> Positions<'r> {
    fn of(report: &'r Report) -> Self {
        Self { source: report.source(), lines: OnceCell::new() }
    }

    fn start(&self, span: Span) -> Position {
        self.range(Span::at(span.start)).start
    }

    /// The line and the column of a byte, both one-based; the column counts bytes.
    fn in_bytes(&self, offset: usize) -> (usize, usize) {
        let lines = self.lines.get_or_init(|| LineIndex::of(self.source));
        let line = lines.line_of(offset);
        (lines.position(self.source.text(), offset).line, offset - lines.start_of(line, self.source.text()) + 1)
    }

    fn range(&self, span: Span) -> Range {
        let lines = self.lines.get_or_init(|| LineIndex::of(self.source));
        let position = |offset| lines.position(self.source.text(), offset);
        Range { start: position(span.start), end: position(span.end) }
    }
}

/// A path in a URI: anything that is not a letter, digit or mark of RFC 3986 is escaped.
pub(crate) fn uri_path(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

/// The message of a finding, and its help.
fn with_help(found: &Diagnostic) -> String {
    let help = found.shown_help().map(|help| format!(": {help}")).unwrap_or_default();
    format!("{}{help}", found.message)
}

/// The fingerprint of each finding of a report, which is stable between runs: its rule, file, connection and pointer,
/// and its index among equal ones. It does not depend on lines, and no two findings of a run share one.
fn fingerprints(report: &Report) -> impl Iterator<Item = String> {
    let mut seen = BTreeMap::<_, usize>::new();
    report.diagnostics().iter().map(move |found| {
        let connection = found.connection.map_or_else(String::new, |at| {
            let name = report.summaries().get(at).and_then(|summary| summary.name.clone());
            name.map_or_else(|| format!("#{at}"), |name| format!("={name}"))
        });
        let path = report.source().name();
        // A NUL is part of no path and of no relevant name.
        let key = [found.rule.name, path, &connection, &found.pointer].join("\0");
        let nth = seen.entry(fnv1a(key.as_bytes())).or_default();
        *nth += 1;
        format!("{:016x}", fnv1a(format!("{key}\0{nth}").as_bytes()))
    })
}

/// FNV-1a with 64 bits, which never changes. (The standard library's hashes may change.)
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Indented JSON, for a position that is itself indented.
fn pretty(value: &impl Serialize, indent: &str) -> String {
    let mut json = Vec::with_capacity(512);
    // Writing to memory does not fail, and neither do our own types.
    let _ = write_pretty(value, indent, &mut json);
    String::from_utf8(json).unwrap_or_default()
}

/// Writes the same to a writer.
fn write_pretty(value: &impl Serialize, indent: &str, out: &mut dyn io::Write) -> io::Result<()> {
    serde_json::to_writer_pretty(Indented { out, indent: indent.as_bytes() }, value).map_err(Into::into)
}

/// Writes the indent after each line break. Strings hold none, as theirs are escaped.
struct Indented<'i> {
    out: &'i mut dyn io::Write,
    indent: &'i [u8],
}

impl io::Write for Indented<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write_all(bytes)?;
        // serde_json writes a line break at the end of a piece.
        if bytes.ends_with(b"\n") {
            self.out.write_all(self.indent)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// A text for one line of a terminal: control characters are replaced, and so is the old form of a workflow command,
/// which GitHub's runner detects anywhere in a line.
pub fn seen(text: &str) -> Cow<'_, str> {
    let text =
        if text.contains(is_hostile) { Cow::Owned(text.replace(is_hostile, "\u{FFFD}")) } else { Cow::Borrowed(text) };
    if text.contains(OLD_COMMAND) { Cow::Owned(text.replace(OLD_COMMAND, "#\u{FFFD}[")) } else { text }
}

const OLD_COMMAND: &str = "##[";

/// Prevents lines for people from containing workflow commands: neither the form that begins with `::`, which may be in
/// a file name, nor the old form.
fn tamed(lines: String) -> String {
    let mut lines = lines;
    if lines.contains(OLD_COMMAND) {
        lines = lines.replace(OLD_COMMAND, "#\u{FFFD}[");
    }
    if !lines.contains("::") {
        return lines;
    }
    let tame = |line: &str| {
        let command = line.trim_start();
        let blanks = &line[..line.len() - command.len()];
        if command.starts_with("::") { format!("{blanks}\u{FFFD}{command}") } else { line.to_owned() }
    };
    lines.split_inclusive('\n').map(tame).collect()
}

#[cfg(test)]
mod tests {
    use super::{Format, Style, Totals};

    #[test]
    fn the_closing_line_counts_in_words() {
        let totals = |files,
                      connections,
                      [errors, warnings, infos]: [usize; 3],
                      [fixable, unsafe_fixable]: [usize; 2]| {
            Totals { files, connections, processors: 0, errors, warnings, infos, fixable, unsafe_fixable }
        };
        assert_eq!(
            totals(4, 12, [3, 1, 2], [2, 0]).to_string(),
            "3 errors, 1 warning, 2 infos in 4 files (12 connections); 2 fixable with --fix"
        );
        assert_eq!(totals(1, 1, [0, 0, 1], [0, 0]).to_string(), "1 info in 1 file (1 connection)");
        assert_eq!(totals(2, 3, [0, 0, 0], [0, 0]).to_string(), "nothing found in 2 files (3 connections)");
        let processors =
            |connections, processors| Totals { files: 1, connections, processors, ..Totals::default() }.to_string();
        assert_eq!(processors(0, 1), "nothing found in 1 file (1 processor)");
        assert_eq!(processors(1, 2), "nothing found in 1 file (1 connection, 2 processors)");
        assert!(totals(1, 1, [2, 0, 0], [0, 1]).to_string().ends_with("; 1 fixable with --unsafe-fixes"));
        let both = totals(1, 1, [2, 1, 0], [1, 2]);
        assert!(both.to_string().ends_with("; 1 fixable with --fix, 2 more with --unsafe-fixes"));
        let colors = both.line(Style { colors: true, ..Style::default() });
        assert!(
            colors.starts_with("\u{1b}[31m2 errors\u{1b}[0m, \u{1b}[33m1 warning\u{1b}[0m in 1 file"),
            "{colors:?}"
        );
    }

    #[test]
    fn lines_contain_no_workflow_command() {
        let lines = "a ::error::\n  ::error::x\n::1 is local\nb ##[add-path]c\n";
        let tamed = super::tamed(lines.to_owned());
        assert_eq!(tamed, "a ::error::\n  \u{FFFD}::error::x\n\u{FFFD}::1 is local\nb #\u{FFFD}[add-path]c\n");
        assert_eq!(super::seen("##[group]\u{1b}"), "#\u{FFFD}[group]\u{FFFD}");
    }

    #[test]
    fn fingerprints_stay_when_lines_move_and_differ_among_each_other() {
        let text = r#"[{ "type": "Https", "name": "a", "x": 1, "x": 2, "y": 1 }, { "type": "https", "url": 5 }]"#;
        let of =
            |text: &str| super::fingerprints(&crate::check(&crate::Source::new("a.json", text))).collect::<Vec<_>>();
        let all = of(text);
        assert_eq!(of(&text.replace("{ ", "{\n\n  ")), all);
        assert_eq!(of(&text.replace("\"name\": \"a\", \"x\"", "\"x\"").replace("2,", "2, \"name\": \"a\",")), all);
        let distinct = all.iter().collect::<std::collections::BTreeSet<_>>();
        assert!(all.len() > 4 && distinct.len() == all.len(), "{all:?}");
        // Well-known values of the hash.
        assert_eq!((super::fnv1a(b""), super::fnv1a(b"a")), (0xcbf2_9ce4_8422_2325, 0xaf63_dc4c_8601_ec8c));
    }

    #[test]
    fn formats_parse_from_their_names() {
        for &format in Format::ALL {
            assert_eq!(format.name().parse(), Ok(format));
        }
        assert!("xml".parse::<Format>().is_err());
    }
}
