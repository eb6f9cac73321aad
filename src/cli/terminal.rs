//! Standard output and standard error, and the text that goes there.

use std::io::{self, IsTerminal as _, Write};
use std::sync::LazyLock;

use anstream::stream::RawStream;
use anstream::{AutoStream, ColorChoice};
use clap::builder::styling::{self, Ansi256Color, AnsiColor};

use super::status::Status;
use crate::output::uri_path;
use crate::settings::disk::reason;
use crate::{Severity, Style};

/// When to write colors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Color {
    /// When the terminal shows them, by `NO_COLOR`, `FORCE_COLOR`, `CLICOLOR_FORCE` and `TERM`.
    Auto,
    Always,
    Never,
}

/// A stream that a report goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stream {
    Output,
    Error,
}

impl Stream {
    /// The capabilities of the stream's reader.
    pub fn style(self, color: Color) -> Style {
        match self {
            Self::Output => style(color, &io::stdout()),
            Self::Error => style(color, &io::stderr()),
        }
    }

    /// Writes a text. A closed pipe is not a failure.
    pub fn write(self, text: &str, style: Style) -> Status {
        match self.try_write(text, style) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                complain(&format!("cannot write the output: {}", reason(&error)));
                Status::Failed
            }
            _ => Status::Clean,
        }
    }

    pub fn try_write(self, text: impl AsRef<[u8]>, style: Style) -> io::Result<()> {
        let text = text.as_ref();
        // anstream translates colors on old Windows; plain text does not need it.
        match (self, style.colors) {
            (Self::Output, true) => write(AutoStream::always(io::stdout().lock()), text),
            (Self::Output, false) => write(io::stdout().lock(), text),
            (Self::Error, true) => write(AutoStream::always(io::stderr().lock()), text),
            (Self::Error, false) => write(io::BufWriter::new(io::stderr().lock()), text),
        }
    }
}

fn write(mut stream: impl Write, text: &[u8]) -> io::Result<()> {
    stream.write_all(text)?;
    stream.flush()
}

fn style(color: Color, stream: &impl RawStream) -> Style {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
    let colors = match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto if is_set("FORCE_COLOR") && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()) => {
            true
        }
        Color::Auto => AutoStream::choice(stream) != ColorChoice::Never,
    };
    // Terminals with colors skip an OSC 8 link they do not support, but the Linux console prints it.
    let links = colors && stream.is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "linux");
    Style { colors, links, source_url: source_url() }
}

/// The address of the working directory in the commit that a CI server runs for, for links to lines.
pub(super) fn source_url() -> Option<&'static str> {
    static SOURCE_URL: LazyLock<Option<String>> = LazyLock::new(|| {
        let variable = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        let github = || {
            let (server, repository) = (variable("GITHUB_SERVER_URL")?, variable("GITHUB_REPOSITORY")?);
            let commit = variable("GITHUB_SHA")?;
            Some((format!("{server}/{repository}/blob/{commit}/"), variable("GITHUB_WORKSPACE")))
        };
        let gitlab = || {
            let (project, commit) = (variable("CI_PROJECT_URL")?, variable("CI_COMMIT_SHA")?);
            Some((format!("{project}/-/blob/{commit}/"), variable("CI_PROJECT_DIR")))
        };
        let (url, root) = github().or_else(gitlab)?;
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/:%+".contains(&byte);
        if !url.starts_with("https://") && !url.starts_with("http://") || !url.bytes().all(is_plain) {
            return None;
        }
        let here = std::env::current_dir().ok()?;
        let below = here.strip_prefix(root?).ok()?.to_str()?;
        Some(if below.is_empty() { url } else { format!("{url}{}/", uri_path(&below.replace('\\', "/"))) })
    });
    SOURCE_URL.as_deref()
}

/// The width of text, except for tables, if the width of the terminal is unknown.
pub(super) const WIDTH: usize = 100;

/// The number of columns of the terminal that is standard output, if it is one.
pub(super) fn width() -> Option<usize> {
    if !io::stdout().is_terminal() {
        return None;
    }
    #[cfg(not(target_family = "wasm"))]
    let width = terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| usize::from(width.0));
    // WASI cannot detect it; its host sets COLUMNS (pkg/js/command.js).
    #[cfg(target_family = "wasm")]
    let width = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse::<usize>().ok());
    width.map(|width| width.max(20))
}

/// A text, in a color if colors are wanted.
pub(super) fn paint(colors: bool, with: styling::Style, text: &str) -> String {
    if colors && with != styling::Style::new() { format!("{with}{text}{with:#}") } else { text.to_owned() }
}

/// Prints to standard output.
pub(super) fn print(text: &str) -> Status {
    Stream::Output.write(text, Style::default())
}

/// The color of a severity.
pub(super) fn severity_color(severity: Severity) -> styling::Style {
    Ansi256Color(severity.terms().color - 30).into_ansi().map_or_else(Default::default, AnsiColor::on_default)
}

/// Wraps between words only: names with hyphens and addresses stay whole.
pub(super) fn at_blanks<'o>(width: usize) -> textwrap::Options<'o> {
    textwrap::Options::new(width)
        .word_separator(textwrap::WordSeparator::AsciiSpace)
        .word_splitter(textwrap::WordSplitter::NoHyphenation)
        .break_words(false)
}

/// Prints a sentence about the run to standard error.
pub(super) fn complain(sentence: &str) {
    // A path may contain anything, even escape sequences.
    let sentence = crate::output::seen(sentence);
    // There is no stream left to report an error on.
    let _ = writeln!(io::stderr().lock(), "streamlint: {sentence}");
}
