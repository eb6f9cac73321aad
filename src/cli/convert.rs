//! `streamlint convert FILE --to DIALECT`: writes the connections of a file in another dialect.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::files::{self, FileContent};
use super::modules::Modules;
use super::output::unwritable;
use super::status::Status;
use super::terminal::{Color, Stream, complain, print};
use super::walk::{Candidate, Origin, STDIN};
use crate::settings::disk::{reason, without_detour};
use crate::settings::finder::{Choice, Finder};
use crate::{Config, DEFAULT_SIZE_LIMIT, Dialect, LineIndex, Linter, Source};

#[derive(Debug, Clone, Args)]
pub(super) struct Arguments {
    /// The file with the connections, or `-` for standard input.
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// The dialect to write. Unknown values become its variables.
    #[arg(long, value_name = "DIALECT", value_parser = ["admin-api", "terraform", "kubernetes", "cloudformation"])]
    to: String,

    /// Write into a file instead of standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// The name of standard input; its extension decides the syntax.
    #[arg(long, value_name = "NAME")]
    stdin_filename: Option<String>,
}

/// Converts the file. Standard error lists what the target does not support.
pub(super) fn run(arguments: &Arguments) -> Status {
    match converted(arguments) {
        Ok(text) => match &arguments.output {
            None => print(&text),
            Some(path) => match files::replace(path, &text) {
                Ok(()) => Status::Clean,
                Err(error) => {
                    complain(&unwritable(path, &error));
                    Status::Failed
                }
            },
        },
        Err(sentence) => {
            complain(&sentence);
            Status::Failed
        }
    }
}

fn converted(arguments: &Arguments) -> Result<String, String> {
    let Some(&to) = Dialect::ALL.iter().find(|dialect| dialect.name() == arguments.to) else {
        return Err(format!("unknown dialect `{}`", arguments.to));
    };
    let finder = Arc::new(Finder::new(Choice::Nearest, false, Stream::Error.style(Color::Auto)));
    let is_stdin = arguments.file.as_os_str() == "-";
    let candidate = if is_stdin {
        Candidate::stdin(arguments.stdin_filename.as_deref().unwrap_or(STDIN), false, &finder)
    } else {
        Candidate::file(&without_detour(&arguments.file), false, &finder)
    };
    let name = &*candidate.name;
    let config = finder.config(candidate.path(), Config::default())?.unwrap_or_default();
    let limit = config.size_limit();
    let content = match &candidate.origin {
        Origin::File(path) => files::read_file(path, limit),
        _ => files::read(io::stdin().lock(), limit),
    };
    let bytes = match content.map_err(|error| format!("{name}: {}", reason(&error)))? {
        FileContent::Text(bytes) => bytes,
        FileContent::TooLong(..) => return Err(format!("{name}: the file has more than {limit} bytes")),
    };
    let source = Source::from_bytes(Arc::clone(&candidate.name), bytes);
    let module = Modules::default().of(&candidate, &source, DEFAULT_SIZE_LIMIT);
    let report = Linter::new(config).check_in(&source, &module);
    let conversion = report.convert(to).map_err(|error| format!("{name}: {error}"))?;
    let lines = LineIndex::new(source.text());
    for warning in &conversion.warnings {
        let at = lines.position(source.text(), warning.span.start);
        complain(&format!("{name}:{}:{}: {}", at.line, at.column, warning.message));
    }
    if arguments.output.as_deref().is_some_and(|output| is_same(output, &arguments.file)) {
        return Err(format!("{name}: the output is the source; choose another file"));
    }
    Ok(conversion.text)
}

fn is_same(one: &Path, other: &Path) -> bool {
    matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}
