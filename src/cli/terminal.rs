//! Standard output and standard error: who is there, and what they can show.

use std::io::{self, IsTerminal as _, Write};

use crate::Style;
use anstream::stream::RawStream;
use anstream::{AutoStream, ColorChoice};
use clap::builder::styling;

use super::Status;

/// When to write colours.
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
    /// What whoever reads the stream can show.
    pub fn style(self, color: Color) -> Style {
        match self {
            Self::Output => style(color, &io::stdout()),
            Self::Error => style(color, &io::stderr()),
        }
    }

    /// Writes a text. A reader that has gone away wants no more, so that is no failure.
    pub fn write(self, text: &str, style: Style) -> Status {
        match self.try_write(text, style) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                complain(&format!("the output cannot be written: {}", super::files::why(&error)));
                Status::Failed
            }
            _ => Status::Clean,
        }
    }

    pub fn try_write(self, text: &str, style: Style) -> io::Result<()> {
        // Only a stream that knows colours needs the way through anstream, which translates them on old Windows.
        match (self, style.colors) {
            (Self::Output, true) => write(AutoStream::always(io::stdout().lock()), text),
            (Self::Output, false) => write(io::stdout().lock(), text),
            (Self::Error, true) => write(AutoStream::always(io::stderr().lock()), text),
            (Self::Error, false) => write(io::BufWriter::new(io::stderr().lock()), text),
        }
    }
}

fn write(mut stream: impl Write, text: &str) -> io::Result<()> {
    stream.write_all(text.as_bytes())?;
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
    // Terminals that know colours pass over an OSC 8 link they do not know; the Linux console prints it.
    let links = colors && stream.is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "linux");
    Style { colors, links }
}

/// Columns at which what is no table is wrapped where nobody says how wide the terminal is.
pub(super) const WIDTH: usize = 100;

/// How many columns the terminal has that standard output goes to; nothing when it goes elsewhere.
pub(super) fn width() -> Option<usize> {
    if !io::stdout().is_terminal() {
        return None;
    }
    #[cfg(not(target_family = "wasm"))]
    let width = terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| usize::from(width.0));
    // WASI cannot ask; its host says so (pkg/src/command.js).
    #[cfg(target_family = "wasm")]
    let width = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse::<usize>().ok());
    width.map(|width| width.max(20))
}

/// A text in colours, where they are wanted.
pub(super) fn paint(colors: bool, with: styling::Style, text: &str) -> String {
    if colors && with != styling::Style::new() { format!("{with}{text}{with:#}") } else { text.to_owned() }
}

/// Prints to standard output.
pub(super) fn print(text: &str) -> Status {
    Stream::Output.write(text, Style::default())
}

/// Says in one sentence what went wrong.
pub(super) fn complain(sentence: &str) {
    // A path may hold anything, also what does something to a terminal.
    let sentence = crate::output::seen(sentence);
    // Where not even this can be written, nobody is there to be told.
    let _ = writeln!(io::stderr().lock(), "streamlint: {sentence}");
}
