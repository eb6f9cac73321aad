//! The command: arguments, files, exit statuses. Nothing here judges a definition.

mod catalogue;
mod check;
mod files;
mod output;
mod terminal;

use std::process::ExitCode;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Parser, Subcommand};
use streamlint::suggest::nearest;
use streamlint::{Kind, RULES, Rule};

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
#[command(name = "streamlint", version, max_term_width = 100)]
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
        /// How to write the list.
        #[arg(long, default_value = "text", value_parser = ["text", "json"])]
        format: String,
    },
    /// Print a published JSON Schema: of a connection type, or connection, response, error, failover, request, report, config.
    Schema {
        /// The schema's name.
        #[arg(value_name = "TYPE", value_parser = catalogue::published_schema)]
        schema: &'static str,
    },
    /// Print the page about a rule.
    Explain {
        /// The rule's name.
        #[arg(value_name = "RULE", value_parser = rule)]
        rule: &'static Rule,
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
        Command::Rules { format } => terminal::print(&catalogue::rules(format == "json")),
        Command::Schema { schema } => terminal::print(schema),
        Command::Explain { rule } => terminal::print(rule.page),
    };
    status.into()
}

/// Reads a word that has to be one of some.
fn one_of<T: Clone + Send + Sync + 'static>(
    words: impl IntoIterator<Item = &'static str>,
    of_name: fn(&str) -> Option<T>,
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(words).try_map(move |word| of_name(&word).ok_or("there is no such word"))
}

fn rule(name: &str) -> Result<&'static Rule, String> {
    streamlint::rule(name).ok_or_else(|| unknown("rule", name, RULES.iter().map(|rule| rule.name), "rules"))
}

fn kind(name: &str) -> Result<Kind, String> {
    Kind::from_name(name).ok_or_else(|| {
        let types = Kind::ALL.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(", ");
        match Kind::nearest(name) {
            Some(kind) => format!("no connection type is called so; did you mean `{kind}`?"),
            None => format!("no connection type is called so; there are {types}"),
        }
    })
}

/// What to say of a name that does not exist; `list` is the command that lists those that do.
fn unknown(what: &str, name: &str, names: impl Iterator<Item = &'static str>, list: &str) -> String {
    match nearest(name, names) {
        Some(near) => format!("no {what} is called so; did you mean `{near}`?"),
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
