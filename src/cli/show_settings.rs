//! `streamlint check --show-settings FILE`: prints the settings of a file, and the source of each.

use std::fmt::Write as _;
use std::path::Path;

use super::arguments::Arguments;
use super::status::Status;
use super::terminal::{Stream, complain, print};
use crate::output::seen;
use crate::settings::disk::{name_of, relative};
use crate::settings::finder::{Choice, Finder};
use crate::settings::{FILE_NAME, SettingsEntry, defaults};

/// Prints the settings, in the form of a `streamlint.toml`.
pub(super) fn run(arguments: &Arguments, path: &Path) -> Status {
    match text(arguments, path) {
        Ok(text) => print(&text),
        Err(Problem { sentence, excerpt }) => {
            complain(&sentence);
            let _ = Stream::Error.try_write(&excerpt, Stream::Error.style(arguments.color));
            Status::Failed
        }
    }
}

struct Problem {
    sentence: String,
    excerpt: String,
}

impl From<String> for Problem {
    fn from(sentence: String) -> Self {
        Self { sentence, excerpt: String::new() }
    }
}

/// A line: a key, its value, and the source of the value.
type Line = (String, String, String);

fn text(arguments: &Arguments, path: &Path) -> Result<String, Problem> {
    let name = name_of(path);
    if !path.exists() {
        return Err(format!("{name}: no such file or folder").into());
    }
    let choice = arguments.choice();
    let finder = Finder::new(choice.clone(), false, Stream::Error.style(arguments.color));
    let found = finder.settings_for(path);
    let mut lines = given(arguments);
    let mut head = format!("# {}\n", seen(&name));
    match (&found, &choice) {
        (Some(file), _) => {
            let settings = file.settings.as_ref().map_err(|problem| Problem {
                sentence: format!("{}: {}", file.name, problem.reason),
                excerpt: problem.excerpt.clone(),
            })?;
            let reason = if matches!(choice, Choice::File(_)) { "because of --config" } else { "the nearest above" };
            let _ = writeln!(head, "# the settings are those of {}, {reason}", file.name);
            let overrides = settings.overrides_of(&relative(path, &file.folder));
            for SettingsEntry { key, value, line, in_override } in settings.effective(&overrides) {
                let place = in_override.map(|at| format!(", in [[overrides]] number {}", at + 1)).unwrap_or_default();
                add(&mut lines, key, value, &format!("{}:{line}{place}", file.name));
            }
        }
        (None, Choice::None) => {
            let _ = writeln!(head, "# {FILE_NAME} is not used, because of --no-config");
        }
        (None, _) => {
            let _ = writeln!(head, "# there is no {FILE_NAME} above it, up to the root of the repository");
        }
    }
    if finder.config(path, arguments.config())?.is_none() {
        head += "# a folder is linted without this file, because the settings exclude it\n";
    }
    for (key, value) in defaults() {
        add(&mut lines, key, value, "default");
    }
    let width = lines.iter().map(|(key, value, _)| key.len() + value.len() + 3).filter(|width| *width < 60).max();
    let width = width.unwrap_or_default();
    let line = |(key, value, source): &Line| {
        // TOML has no null.
        let set = if value.is_empty() { format!("# {key}: none") } else { format!("{key} = {value}") };
        seen(&format!("{set:width$}  # {source}")).into_owned()
    };
    Ok(head + "\n" + &lines.iter().map(line).collect::<Vec<_>>().join("\n") + "\n")
}

/// Adds a line, unless the key already has one.
fn add(lines: &mut Vec<Line>, key: &str, value: &str, source: &str) {
    if lines.iter().all(|(known, ..)| known != key) {
        lines.push((key.to_owned(), value.to_owned(), source.to_owned()));
    }
}

/// The settings of the command line.
fn given(arguments: &Arguments) -> Vec<Line> {
    let mut lines = Vec::new();
    let config = arguments.config();
    let list = |names: &mut dyn Iterator<Item = String>| {
        let names = names.map(|name| quoted(&name)).collect::<Vec<_>>();
        (!names.is_empty()).then(|| format!("[{}]", names.join(", ")))
    };
    let options = [
        ("select", list(&mut config.select.iter().map(|name| (*name).to_owned()))),
        ("ignore", list(&mut config.ignore.iter().map(|name| (*name).to_owned()))),
        ("policy", list(&mut arguments.policy.iter().map(|path| path.to_string_lossy().into_owned()))),
        ("min-severity", config.min_severity.map(|severity| quoted(severity.name()))),
        ("fail-on", arguments.fail_on.map(|severity| quoted(severity.name()))),
        ("mode", config.mode.map(|mode| quoted(mode.name()))),
        ("type", config.kind.map(|kind| quoted(kind.name()))),
        ("dialect", config.dialect.map(|dialect| quoted(dialect.name()))),
        ("baseline", arguments.baseline.as_ref().map(|path| quoted(&path.to_string_lossy()))),
        ("group-id", config.request.group_id.as_deref().map(quoted)),
        ("tenant-name", config.request.tenant_name.as_deref().map(quoted)),
        ("envelope", config.request.envelope.as_deref().map(quoted)),
        ("pretty", config.request.pretty.as_deref().map(quoted)),
    ];
    for (name, value) in options {
        if let Some(value) = value {
            add(&mut lines, name, &value, &format!("--{name}"));
        }
    }
    lines
}

fn quoted(text: &str) -> String {
    format!("{text:?}")
}
