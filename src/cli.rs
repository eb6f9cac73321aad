//! The command: arguments, files, exit statuses. Nothing here judges a definition.

#[cfg(not(target_family = "wasm"))]
mod ahead;
mod baseline;
mod catalogue;
mod check;
mod explain;
mod files;
mod init;
#[cfg(not(target_family = "wasm"))]
mod lsp;
#[cfg(not(target_family = "wasm"))]
mod manual;
mod ndjson;
mod output;
mod progress;
mod settings;
mod terminal;
#[cfg(not(target_family = "wasm"))]
mod watch;

use std::ffi::OsStr;
#[cfg(not(target_family = "wasm"))]
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::LazyLock;

use crate::schema;
use crate::text::suggest::{meant, question};
use crate::{EVIDENCE, Evidence, Kind, RULES, Rule};
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Arg, Parser, Subcommand};

use terminal::{Color, Stream};

/// How a run ended. A later one beats an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Status {
    /// Nothing was found that counts.
    Clean = 0,
    /// Something was found, or a diff is not empty.
    Findings = 1,
    /// Something could not be read or written, or the arguments make no sense (clap's own status for those).
    Failed = 2,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(status as u8)
    }
}

/// Finds what is wrong with MongoDB Atlas Stream Processing connection definitions before Atlas does.
#[derive(Debug, Parser)]
#[command(name = "streamlint", version, long_version = LONG_VERSION.as_str(), max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Lint files and folders.
    Check(Box<check::Arguments>),
    /// List the rules.
    Rules {
        /// How to write the list; `markdown` is all pages in one document.
        #[arg(long, default_value = "text", value_parser = ["text", "json", "markdown"])]
        format: String,

        /// When to use colours.
        #[arg(long, value_name = "WHEN", value_enum, default_value_t = Color::Auto)]
        color: Color,
    },
    /// Print a published JSON Schema: of a connection type, or connection, response, error, failover, request, report, config.
    Schema {
        /// The schema's name.
        #[arg(value_name = "TYPE", value_parser = schemas(), hide_possible_values = true)]
        schema: &'static str,
    },
    /// Say why a rule is there and what to do, with examples.
    Explain {
        /// The rule's name.
        #[arg(value_name = "RULE", value_parser = rules(), hide_possible_values = true)]
        rule: &'static Rule,

        /// How to write the page.
        #[arg(long, default_value = "text", value_parser = ["text", "markdown"])]
        format: String,

        /// When to use colours.
        #[arg(long, value_name = "WHEN", value_enum, default_value_t = Color::Auto)]
        color: Color,
    },
    /// Print a definition to begin with: what a connection type needs, with placeholders for what only you know.
    Init(init::Arguments),
    /// Print what makes a shell complete commands, options and names of rules.
    #[cfg(not(target_family = "wasm"))]
    Completions {
        /// The shell that reads it.
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
    /// Print the manual page, for `man -l -`.
    #[cfg(not(target_family = "wasm"))]
    Man,
    /// Serve an editor: a language server on standard input and output.
    #[cfg(not(target_family = "wasm"))]
    Lsp {
        /// Use standard input and output, as it does without; editors say so to all their servers.
        #[arg(long)]
        stdio: bool,

        /// The settings for all documents, instead of the nearest streamlint.toml above each. Its paths are then relative to
        /// the working directory.
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
    },
}

/// Runs the command by the process's arguments.
pub fn run() -> ExitCode {
    // A WASI module starts in the root of what it may see; its host says in PWD where the user is (pkg/src/command.js).
    #[cfg(target_os = "wasi")]
    if let Some(Err(error)) = std::env::var_os("PWD").map(std::env::set_current_dir) {
        terminal::complain(&format!("the working directory: {}", files::why(&error)));
        return Status::Failed.into();
    }
    let status = match Cli::parse().command {
        Command::Check(arguments) => check::run(&arguments),
        Command::Rules { format, color } => match format.as_str() {
            "json" => terminal::print(&catalogue::rules_json()),
            "markdown" => terminal::print(&catalogue::book()),
            _ => {
                let style = Stream::Output.style(color);
                Stream::Output.write(&catalogue::rules_table(terminal::width(), style.colors), style)
            }
        },
        Command::Schema { schema } => terminal::print(schema),
        Command::Explain { rule, format, color } => {
            if format == "markdown" {
                terminal::print(rule.page())
            } else {
                let style = Stream::Output.style(color);
                let width = terminal::width().unwrap_or(terminal::WIDTH).min(terminal::WIDTH);
                Stream::Output.write(&explain::render(rule, width, style), style)
            }
        }
        Command::Init(arguments) => match init::skeleton(&arguments) {
            Ok(text) => terminal::print(&text),
            Err(sentence) => {
                terminal::complain(&sentence);
                Status::Failed
            }
        },
        #[cfg(not(target_family = "wasm"))]
        Command::Completions { shell } => {
            terminal::print(&manual::completions(shell, &mut <Cli as clap::CommandFactory>::command()))
        }
        #[cfg(not(target_family = "wasm"))]
        Command::Man => terminal::print(&manual::page(<Cli as clap::CommandFactory>::command())),
        #[cfg(not(target_family = "wasm"))]
        Command::Lsp { stdio: _, config } => return lsp::run(config),
    };
    status.into()
}

/// What `--version` prints after the name; `-V` prints only the number.
static LONG_VERSION: LazyLock<String> = LazyLock::new(|| {
    let (version, Evidence { date, openapi }) = (env!("CARGO_PKG_VERSION"), EVIDENCE);
    format!("{version}\nevidence of {date}\nAtlas Administration API, OpenAPI {openapi}")
});

/// Reads a word that has to be one of some.
fn one_of<T: Clone + Send + Sync + 'static>(
    words: impl IntoIterator<Item = &'static str>,
    of_name: fn(&str) -> Option<T>,
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(words).try_map(move |word| of_name(&word).ok_or("there is no such word"))
}

/// Reads a word by a function that knows what to say of a wrong one, and lets shells complete the right ones.
#[derive(Clone)]
struct Words<T> {
    read: fn(&str) -> Result<T, String>,
    words: Vec<&'static str>,
}

impl<T> Words<T> {
    fn of<W: Iterator<Item = &'static str>>(read: fn(&str) -> Result<T, String>, words: fn() -> W) -> Self {
        Self { read, words: words().collect() }
    }
}

impl<T: Clone + Send + Sync + 'static> TypedValueParser for Words<T> {
    type Value = T;

    fn parse_ref(&self, command: &clap::Command, arg: Option<&Arg>, value: &OsStr) -> Result<T, clap::Error> {
        self.read.parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.words.iter().map(PossibleValue::new)))
    }
}

/// Reads the name of a rule.
fn rules() -> Words<&'static Rule> {
    Words::of(rule, || RULES.iter().map(|rule| rule.name))
}

fn rule(name: &str) -> Result<&'static Rule, String> {
    crate::rule(name).ok_or_else(|| unknown("rule", name, RULES.iter().map(|rule| rule.name), "rules"))
}

/// Reads the name of a published schema.
fn schemas() -> Words<&'static str> {
    Words::of(catalogue::published_schema, || schema::published().iter().map(|(stem, _)| *stem))
}

/// Reads the name of a connection type.
fn kinds() -> Words<Kind> {
    Words::of(kind, || Kind::ALL.iter().map(|kind| kind.name()))
}

fn kind(name: &str) -> Result<Kind, String> {
    Kind::from_name(name).ok_or_else(|| {
        let types = Kind::ALL.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(", ");
        let near = Kind::nearest(name)
            .map_or_else(|| meant(name, Kind::ALL.iter().map(|kind| kind.name())), |kind| vec![kind.name()]);
        match question(&near) {
            Some(question) => format!("no connection type is called so; {question}"),
            None => format!("no connection type is called so; there are {types}"),
        }
    })
}

/// What to say of a name that does not exist; `list` is the command that lists those that do.
fn unknown(what: &str, name: &str, names: impl Iterator<Item = &'static str>, list: &str) -> String {
    match question(&meant(name, names)) {
        Some(question) => format!("no {what} is called so; {question}"),
        None => format!("no {what} is called so; `streamlint {list}` lists them"),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_arguments_are_consistent() {
        super::Cli::command().debug_assert();
    }
}
