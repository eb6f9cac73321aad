//! The command: arguments, files, exit statuses. Nothing here checks a definition.
//!
//! The modules in their order. Each uses only those before it:
//!
//! - `status`, `signals`, `terminal`, `values`, `parallel`: the exit status, Ctrl-C, output streams, values of arguments,
//!   threads
//! - `progress`, `files`, `output`: the progress line, reading and replacing files, the targets of reports
//! - `walk`, `configs`, `modules`: the texts of a run, their configurations, their Terraform modules
//! - `arguments`, `report_writer`: the arguments and the output of `check`
//! - `ndjson`, `check`, `watch`: lints streams, lints files, and lints again after changes
//! - `show_settings`: the settings of a file
//! - `explain`, `rules`, `init`, `convert`, `manual`, `lsp`: the other subcommands

mod arguments;
mod check;
mod configs;
mod convert;
mod explain;
mod files;
mod init;
mod lsp;
#[cfg(not(target_family = "wasm"))]
mod manual;
mod modules;
mod ndjson;
mod output;
mod parallel;
mod progress;
mod report_writer;
mod rules;
mod show_settings;
#[cfg(not(target_family = "wasm"))]
mod signals;
mod status;
mod terminal;
mod values;
mod walk;
#[cfg(not(target_family = "wasm"))]
mod watch;

#[cfg(not(target_family = "wasm"))]
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::LazyLock;

use clap::{Parser, Subcommand};

use crate::{EVIDENCE, Evidence};
pub use lsp::Session;
use status::Status;
use terminal::{Color, Stream, complain};
use values::Topic;

/// Lints MongoDB Atlas Stream Processing connection definitions and finds mistakes before Atlas does.
#[derive(Debug, Parser)]
#[command(name = "streamlint", version, long_version = LONG_VERSION.as_str(), max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Lint files and folders.
    Check(Box<arguments::Arguments>),
    /// List the rules.
    Rules {
        /// Output format; `markdown` prints all pages as one document.
        #[arg(long, default_value = "text", value_parser = ["text", "json", "markdown"])]
        format: String,

        #[command(flatten)]
        policies: rules::PolicyArguments,

        /// Whether to use colors.
        #[arg(long, value_name = "WHEN", value_enum, default_value_t = Color::Auto)]
        color: Color,
    },
    /// Print a published JSON Schema: of a connection type, or connection, response, error, failover, request, report, config.
    Schema {
        /// Name of the schema.
        #[arg(value_name = "TYPE", value_parser = values::schemas(), hide_possible_values = true)]
        schema: &'static str,
    },
    /// Explain a rule, with examples, or an error code of the API.
    Explain {
        /// Name of a rule, or an error code such as `VALIDATION_ERROR`.
        #[arg(value_name = "RULE|ERROR_CODE", value_parser = values::topics(), hide_possible_values = true)]
        topic: Topic,

        /// Output format.
        #[arg(long, default_value = "text", value_parser = ["text", "markdown"])]
        format: String,

        #[command(flatten)]
        policies: rules::PolicyArguments,

        /// Whether to use colors.
        #[arg(long, value_name = "WHEN", value_enum, default_value_t = Color::Auto)]
        color: Color,
    },
    /// Print a new definition with the required fields and placeholders.
    Init(init::Arguments),
    /// Write the connections of a file in another dialect.
    Convert(convert::Arguments),
    /// Print the shell completion script.
    #[cfg(not(target_family = "wasm"))]
    Completions {
        /// Shell.
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
    /// Print the manual page, for `man -l -`.
    #[cfg(not(target_family = "wasm"))]
    Man,
    /// Run the language server on standard input and output.
    #[cfg(not(target_family = "wasm"))]
    Lsp {
        /// Accepted for editors that pass it; standard input and output are always used.
        #[arg(long)]
        stdio: bool,

        /// Use this settings file for all documents, instead of the nearest streamlint.toml. Its paths are then relative to
        /// the working directory.
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
    },
}

/// Runs the command by the process's arguments.
pub fn run() -> ExitCode {
    // A WASI module starts in the root of its file system; its host sets PWD to the user's working directory
    // (pkg/js/command.js).
    #[cfg(target_os = "wasi")]
    if let Some(Err(error)) = std::env::var_os("PWD").map(std::env::set_current_dir) {
        complain(&format!("the working directory: {}", crate::settings::disk::reason(&error)));
        return Status::Failed.into();
    }
    let status = match Cli::parse().command {
        Command::Check(arguments) => check(&arguments),
        Command::Rules { format, policies, color } => {
            let (rules, status) = policies.rules(color);
            let written = match format.as_str() {
                "json" => terminal::print(&rules::json(&rules)),
                "markdown" => terminal::print(&rules::markdown(&rules)),
                _ => {
                    let style = Stream::Output.style(color);
                    Stream::Output.write(&rules::table(&rules, terminal::width(), style.colors), style)
                }
            };
            if status == Status::Clean { written } else { status }
        }
        Command::Schema { schema } => terminal::print(schema),
        Command::Explain { topic, format, policies, color } => {
            let style = Stream::Output.style(color);
            let width = terminal::width().unwrap_or(terminal::WIDTH).min(terminal::WIDTH);
            match topic {
                Topic::Rule(name) => match policies.rule(name, color) {
                    Some(rule) if format == "markdown" => terminal::print(rule.page()),
                    Some(rule) => Stream::Output.write(&explain::render(&rule, width, style), style),
                    None => {
                        complain(&format!("unknown policy `{name}`; `streamlint rules` lists all policies"));
                        Status::Failed
                    }
                },
                Topic::ErrorCode(code) => Stream::Output.write(&explain::error(code, width), style),
            }
        }
        Command::Init(arguments) => match init::skeleton(&arguments) {
            Ok(text) => {
                if let Some(note) = init::note(&arguments) {
                    complain(note);
                }
                terminal::print(&text)
            }
            Err(sentence) => {
                complain(&sentence);
                Status::Failed
            }
        },
        Command::Convert(arguments) => convert::run(&arguments),
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

/// Checks the arguments of `check`, and runs it once or after each change.
fn check(arguments: &arguments::Arguments) -> Status {
    if let Err(sentence) = arguments.validate() {
        complain(&sentence);
        return Status::Failed;
    }
    if let Some(path) = &arguments.show_settings {
        return show_settings::run(arguments, path);
    }
    #[cfg(not(target_family = "wasm"))]
    if arguments.watch {
        return watch::run(arguments);
    }
    check::run(arguments)
}

/// The output of `--version`. `-V` prints only the number.
static LONG_VERSION: LazyLock<String> = LazyLock::new(|| {
    let (version, Evidence { date, openapi }) = (env!("CARGO_PKG_VERSION"), EVIDENCE);
    format!("{version}\nevidence of {date}\nAtlas Administration API, OpenAPI {openapi}")
});

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_arguments_are_consistent() {
        super::Cli::command().debug_assert();
    }
}
