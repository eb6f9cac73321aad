//! The parser for `streamlint.toml`: from TOML to [`Settings`], and to the [`Config`] of a path.
//!
//! Two tables define the keys: those for the whole file, and those that can also be set for some paths. The published
//! schema has the same keys for editors; `src/settings/tests.rs` compares the two. Every error has its span, and a file
//! with an error sets nothing: an incomplete configuration would be worse than none.

pub mod baseline;
pub(crate) mod baseline_file;
pub(crate) mod disk;
pub(crate) mod finder;
mod glob;
mod graphical;
mod pattern;
pub(crate) mod policies;
#[cfg(test)]
mod tests;

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

pub use glob::Globs;
pub use graphical::graphical_report;
use policies::{Declared, PolicyProblem, declared_names};

use crate::atlas::secret::{Keys, quoted, shown_key};
use crate::atlas::{Kind, Kinds, Mode};
use crate::config::Config;
use crate::conventions::{Conventions, Pattern};
use crate::diagnostic::{POLICY_PREFIX, Severity, interned};
use crate::output::Style;
use crate::policies::Policy;
use crate::rules::{RULES, rule};
use crate::text::suggest::{meant, question};

/// The name of the settings file.
pub const FILE_NAME: &str = "streamlint.toml";

/// The contents of a `streamlint.toml`. Paths are relative to its folder, with `/`.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The files of folders to lint, instead of the default ones.
    pub include: Option<Globs>,
    /// The files and folders not to lint.
    pub exclude: Globs,
    /// The least severity that fails a run.
    pub fail_on: Option<Severity>,
    /// The path of the baseline.
    pub baseline: Option<String>,
    configuration: Configuration,
    overrides: Vec<Override>,
    policies: Vec<Declared>,
    /// The values that the file sets, for display; in the order of the text, the overrides last.
    entries: Vec<SettingsEntry>,
}

/// A key that a file sets, for display.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsEntry {
    pub key: String,
    /// The value in TOML.
    pub value: String,
    /// The line, one-based.
    pub line: usize,
    /// The index of the override that sets it, if one does.
    pub in_override: Option<usize>,
}

/// A change of the configuration, from the value of one key.
type Change = Arc<dyn Fn(&mut Config) + Send + Sync>;

/// The part of the configuration that can also be set for some paths.
#[derive(Clone, Default)]
struct Configuration(Vec<Change>);

impl fmt::Debug for Configuration {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Configuration({} keys)", self.0.len())
    }
}

#[derive(Debug, Clone, Default)]
struct Override {
    paths: Globs,
    configuration: Configuration,
}

/// An error in a `streamlint.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsError {
    /// Bytes of the text.
    pub span: Range<usize>,
    /// One sentence without a full stop.
    pub message: String,
    /// The label of the mark.
    pub label: String,
    /// The help.
    pub help: Option<String>,
}

impl fmt::Display for SettingsError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

impl std::error::Error for SettingsError {}

type Value<'i> = Spanned<DeValue<'i>>;

/// A key for the whole file, and the function that parses its value.
type FileKey = (&'static str, fn(&Value, &mut Settings, &mut SettingsReader));

const OF_FILE: &[FileKey] = &[
    ("$schema", |value, _, reader| drop(reader.text(value))),
    ("include", |value, settings, reader| settings.include = reader.globs(value)),
    ("exclude", |value, settings, reader| settings.exclude = reader.globs(value).unwrap_or_default()),
    ("fail-on", |value, settings, reader| {
        settings.fail_on = reader.word(value, &named(Severity::ALL, Severity::name));
    }),
    ("baseline", |value, settings, reader| settings.baseline = reader.text(value)),
    ("overrides", |value, settings, reader| settings.overrides = reader.overrides(value)),
];

/// A key that can also be set in `[[overrides]]`, and the function that parses its value. It returns no change if the
/// value has an error.
type PathKey = (&'static str, fn(&Value, &mut SettingsReader) -> Option<Change>);

const OF_PATHS: &[PathKey] = &[
    ("rules", |value, reader| {
        let levels = reader.levels(value);
        Some(Arc::new(move |config| config.levels.extend_from_slice(&levels)))
    }),
    ("policies", |value, reader| reader.policies(value)),
    ("mode", |value, reader| {
        let mode = reader.word(value, &named(Mode::ALL, Mode::name));
        set(|config| &mut config.mode, mode.map(Some))
    }),
    ("workspace", |value, reader| set(|config| &mut config.workspace, reader.text(value).map(Some))),
    ("placeholders", |value, reader| {
        set(|config| &mut config.conventions.placeholders, reader.list(value, SettingsReader::search))
    }),
    ("connection-names", |value, reader| {
        set(|config| &mut config.conventions.connection_names, reader.whole(value).map(Some))
    }),
    ("workspace-names", |value, reader| {
        set(|config| &mut config.conventions.workspace_names, reader.whole(value).map(Some))
    }),
    ("require-private-networking", |value, reader| {
        set(|config| &mut config.conventions.private_networking, reader.kinds(value))
    }),
    ("allowed-hosts", |value, reader| {
        set(|config| &mut config.conventions.allowed_hosts, reader.list(value, SettingsReader::host))
    }),
    ("reachable-hosts", |value, reader| {
        set(|config| &mut config.conventions.reachable_hosts, reader.list(value, SettingsReader::host))
    }),
    ("known-samples", |value, reader| {
        set(|config| &mut config.conventions.known_samples, reader.list(value, SettingsReader::text))
    }),
    ("known-built-in-roles", |value, reader| {
        set(|config| &mut config.conventions.known_built_in_roles, reader.list(value, SettingsReader::text))
    }),
];

/// A change that sets a field, if there is a value.
fn set<T: Clone + Send + Sync + 'static>(field: fn(&mut Config) -> &mut T, value: Option<T>) -> Option<Change> {
    let value = value?;
    Some(Arc::new(move |config| field(config).clone_from(&value)))
}

/// Values with their names.
fn named<T: Copy>(values: &[T], name: fn(T) -> &'static str) -> Vec<(&'static str, T)> {
    values.iter().map(|&value| (name(value), value)).collect()
}

/// The key of `[[overrides]]` with the globs.
const PATHS: &str = "paths";

const PATHS_HELP: &str = "write an array of globs, like `paths = [\"dev/\"]`";

/// The keys at the top of a file, and those in `[[overrides]]`.
pub fn keys() -> (Vec<&'static str>, Vec<&'static str>) {
    let of_paths = || OF_PATHS.iter().map(|(name, _)| *name);
    (OF_FILE.iter().map(|(name, _)| *name).chain(of_paths()).collect(), of_paths().chain([PATHS]).collect())
}

impl Settings {
    /// Parses the text of a `streamlint.toml`.
    ///
    /// # Errors
    ///
    /// All errors, in the order of the text.
    pub fn read(text: &str) -> Result<Self, Vec<SettingsError>> {
        let mut reader = SettingsReader::default();
        let (table, errors) = DeTable::parse_recoverable(text.trim_start_matches('\u{FEFF}'));
        let shift = text.len() - text.trim_start_matches('\u{FEFF}').len();
        // After a syntax error, an unknown key may be a consequence.
        if let Some(error) = errors.into_iter().min_by_key(|error| error.span().map_or(0, |span| span.start)) {
            let span = error.span().unwrap_or_default();
            reader.report(span, format!("invalid TOML: {}", error.message()), "");
        } else {
            let mut settings = Self::default();
            reader.policy_names = declared_names(table.get_ref());
            for (key, value) in table.get_ref() {
                let name: &str = key.get_ref();
                if let Some((_, read)) = OF_FILE.iter().find(|(known, _)| *known == name) {
                    read(value, &mut settings, &mut reader);
                } else if let Some((_, read)) = OF_PATHS.iter().find(|(known, _)| *known == name) {
                    settings.configuration.0.extend(read(value, &mut reader));
                } else {
                    reader.unknown_key(name, key.span(), &keys().0);
                }
            }
            if reader.errors.is_empty() {
                settings.entries = entries(table.get_ref(), &text[shift..]);
                settings.policies = reader.policies;
                settings.policies.iter_mut().for_each(|policy| policy.shift(shift));
                return Ok(settings);
            }
        }
        for error in &mut reader.errors {
            error.span = error.span.start + shift..error.span.end + shift;
        }
        reader.errors.sort_by_key(|error| error.span.start);
        Err(reader.errors)
    }

    /// Reads the schemas of the policies, whose paths are relative to a folder. Returns the policies with errors;
    /// `files` gets the path of every file that is read. `settings` is the name and the text of the settings.
    pub(crate) fn load_policies(
        &self,
        settings: (&str, &str),
        folder: &Path,
        style: Style,
        files: &mut Vec<PathBuf>,
    ) -> Vec<PolicyProblem> {
        policies::load(&self.policies, settings, folder, style, files)
    }

    /// The policies, including those for some paths.
    pub(crate) fn policies(&self) -> impl Iterator<Item = &Policy> {
        self.policies.iter().filter_map(Declared::policy)
    }

    /// Whether there is a policy whose rule has this name.
    pub(crate) fn declares(&self, name: &str) -> bool {
        self.policies.iter().any(|policy| policy.rule_name() == name)
    }

    /// Whether there are settings for some paths.
    pub fn has_overrides(&self) -> bool {
        !self.overrides.is_empty()
    }

    /// The overrides that apply to a path, as indices.
    pub fn overrides_of(&self, path: &str) -> Vec<usize> {
        (0..self.overrides.len()).filter(|&at| self.overrides[at].paths.contain(path)).collect()
    }

    /// The values that the file sets for texts with these overrides. Of several values for one key, the last applies.
    pub fn effective(&self, overrides: &[usize]) -> Vec<&SettingsEntry> {
        let applies = |entry: &&SettingsEntry| entry.in_override.is_none_or(|at| overrides.contains(&at));
        let mut effective = Vec::<&SettingsEntry>::new();
        for entry in self.entries.iter().filter(applies) {
            match effective.iter_mut().find(|other| other.key == entry.key) {
                Some(other) => *other = entry,
                None => effective.push(entry),
            }
        }
        effective
    }

    /// The configuration of texts with these overrides, from [`Settings::overrides_of`]. `given` takes precedence over
    /// the file.
    pub fn config(&self, overrides: &[usize], given: Config) -> Config {
        let mut config = given;
        let mode = config.mode;
        let overrides = overrides.iter().filter_map(|&at| self.overrides.get(at)).map(|one| &one.configuration);
        for configuration in std::iter::once(&self.configuration).chain(overrides) {
            configuration.0.iter().for_each(|change| change(&mut config));
        }
        config.mode = mode.or(config.mode);
        config
    }
}

/// The defaults of keys that are not set, in TOML; empty if there is none.
pub fn defaults() -> impl Iterator<Item = (&'static str, &'static str)> {
    let names = OF_FILE.iter().map(|(name, _)| *name).chain(OF_PATHS.iter().map(|(name, _)| *name));
    names.filter(|name| !matches!(*name, "$schema" | "overrides" | "rules" | "policies")).map(|name| {
        let value = match name {
            "fail-on" => "\"warning\"",
            "require-private-networking" => "false",
            "exclude"
            | "placeholders"
            | "allowed-hosts"
            | "reachable-hosts"
            | "known-samples"
            | "known-built-in-roles" => "[]",
            _ => "",
        };
        (name, value)
    })
}

/// The values that a file sets, for display.
fn entries(table: &DeTable, text: &str) -> Vec<SettingsEntry> {
    let mut entries = Vec::new();
    add_entries(table, text, None, &mut entries);
    let overrides = table.get("overrides").and_then(|value| value.get_ref().as_array());
    for (at, one) in overrides.into_iter().flatten().enumerate() {
        if let Some(table) = one.get_ref().as_table() {
            add_entries(table, text, Some(at), &mut entries);
        }
    }
    entries
}

fn add_entries(table: &DeTable, text: &str, in_override: Option<usize>, entries: &mut Vec<SettingsEntry>) {
    let mut of_table = Vec::new();
    let mut add = |key: String, value: &Value| {
        let start = value.span().start;
        let line = text.get(..start).unwrap_or_default().matches('\n').count() + 1;
        of_table.push((start, SettingsEntry { key, value: in_toml(value.get_ref()), line, in_override }));
    };
    for (key, value) in table {
        let name: &str = key.get_ref();
        match (name, value.get_ref().as_table()) {
            ("rules", Some(rules)) => {
                rules.iter().for_each(|(rule, level)| add(format!("rules.{}", rule.get_ref()), level));
            }
            ("policies", _) => {
                for (name, schema) in policies::declared_schemas(value) {
                    add(format!("policies.{name}"), schema);
                }
            }
            ("$schema" | "overrides" | PATHS, _) => {}
            _ => add(name.to_owned(), value),
        }
    }
    of_table.sort_by_key(|(start, _)| *start);
    entries.extend(of_table.into_iter().map(|(_, entry)| entry));
}

/// A value in TOML, on one line.
fn in_toml(value: &DeValue) -> String {
    match value {
        DeValue::String(text) => format!("{text:?}"),
        DeValue::Boolean(value) => value.to_string(),
        DeValue::Array(items) => {
            format!("[{}]", items.iter().map(|item| in_toml(item.get_ref())).collect::<Vec<_>>().join(", "))
        }
        // No key has such a value.
        _ => String::new(),
    }
}

/// Parses values, and collects errors.
#[derive(Debug, Default)]
struct SettingsReader {
    errors: Vec<SettingsError>,
    /// The names of all policies of the file, as names of rules.
    policy_names: Vec<String>,
    policies: Vec<Declared>,
}

impl SettingsReader {
    fn report(
        &mut self,
        span: Range<usize>,
        message: impl Into<String>,
        label: impl Into<String>,
    ) -> &mut SettingsError {
        let at = self.errors.len();
        self.errors.push(SettingsError { span, message: message.into(), label: label.into(), help: None });
        &mut self.errors[at]
    }

    fn unknown_key(&mut self, name: &str, span: Range<usize>, known: &[&'static str]) {
        let near = question(&meant(name, known.iter().copied()));
        let all = keys().0;
        let help = if near.is_some() {
            None
        } else if name == PATHS {
            Some("write it under [[overrides]]".to_owned())
        } else if all.contains(&name) {
            Some("write it at the top of the file; it applies to all paths".to_owned())
        } else if rule(name).is_some() {
            Some("write rules under [rules]".to_owned())
        } else {
            Some(format!("use one of {}", known.join(", ")))
        };
        let label = near.unwrap_or_else(|| "unknown key".to_owned());
        self.report(span, format!("unknown key `{}`", shown_key(name, Keys::Certain)), label).help = help;
    }

    fn wrong_type(&mut self, value: &Value, expected: &str) -> &mut SettingsError {
        let found = match value.get_ref().type_str() {
            found @ ("array" | "integer") => format!("an {found}"),
            found => format!("a {found}"),
        };
        self.report(value.span(), format!("expected {expected}, found {found}"), format!("expected {expected}"))
    }

    /// A string that is not empty.
    fn text(&mut self, value: &Value) -> Option<String> {
        match value.get_ref().as_str() {
            Some("") => {
                self.report(value.span(), "this string is empty", "empty").help = Some("delete the key".to_owned());
            }
            Some(text) => return Some(text.to_owned()),
            None => drop(self.wrong_type(value, "a string")),
        }
        None
    }

    fn array<'v, 'i>(&mut self, value: &'v Value<'i>, expected: &str) -> Option<&'v DeArray<'i>> {
        let array = value.get_ref().as_array();
        if array.is_none() {
            self.wrong_type(value, expected);
        }
        array
    }

    /// An array of values. `None` if one of them has an error.
    fn list<T>(&mut self, value: &Value, read: fn(&mut Self, &Value) -> Option<T>) -> Option<Vec<T>> {
        let items = self.array(value, "an array of strings")?;
        let read = items.iter().map(|item| read(self, item)).collect::<Vec<_>>();
        read.into_iter().collect()
    }

    /// A value from a list of words.
    fn word<T: Copy>(&mut self, value: &Value, words: &[(&'static str, T)]) -> Option<T> {
        let text = self.text(value)?;
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, meaning)| *meaning);
        if found.is_none() {
            let words = words.iter().map(|(word, _)| *word).collect::<Vec<_>>();
            let near = question(&meant(&text, words.iter().copied()));
            let label = near.unwrap_or_else(|| "unknown value".to_owned());
            self.report(
                value.span(),
                quoted(&text, "").map_or_else(|| "unknown value".to_owned(), |value| format!("unknown value {value}")),
                label,
            )
            .help = Some(format!("use one of {}", words.join(", ")));
        }
        found
    }

    fn levels(&mut self, value: &Value) -> Vec<(&'static str, Option<Severity>)> {
        let Some(table) = value.get_ref().as_table() else {
            self.wrong_type(value, "a table of rules");
            return Vec::new();
        };
        let severities = named(Severity::ALL, Severity::name).into_iter();
        let words =
            severities.map(|(name, severity)| (name, Some(severity))).chain([("off", None)]).collect::<Vec<_>>();
        let mut levels = Vec::new();
        for (key, value) in table {
            let name: &str = key.get_ref();
            let is_policy = self.policy_names.iter().any(|policy| policy == name);
            let known = if is_policy { Some(interned(name)) } else { rule(name).map(|rule| rule.name) };
            if known.is_none() {
                let policies = self.policy_names.iter().map(|name| interned(name));
                let near = question(&meant(name, RULES.iter().map(|rule| rule.name).chain(policies)));
                let label = near.unwrap_or_else(|| "unknown rule".to_owned());
                let message = format!("unknown rule `{}`", shown_key(name, Keys::Certain));
                let help = match name.strip_prefix(POLICY_PREFIX) {
                    Some(_) => "declare it under [[policies]]",
                    None => "`streamlint rules` lists all rules",
                };
                self.report(key.span(), message, label).help = Some(help.to_owned());
            }
            levels.extend(known.zip(self.word(value, &words)));
        }
        levels
    }

    fn globs(&mut self, value: &Value) -> Option<Globs> {
        let items = self.array(value, "an array of globs")?;
        let mut globs = glob::Builder::default();
        for item in items {
            let Some(text) = self.text(item) else { continue };
            if let Err(why) = globs.add(&text) {
                self.report(item.span(), format!("invalid glob: {why}"), "invalid");
            }
        }
        let built = globs.build();
        if built.is_none() {
            self.report(value.span(), "the globs are too large", "too many or too long");
        }
        built
    }

    fn overrides(&mut self, value: &Value) -> Vec<Override> {
        let Some(items) = value.get_ref().as_array() else {
            self.wrong_type(value, "an array of tables").help = Some("write [[overrides]] above each".to_owned());
            return Vec::new();
        };
        let mut overrides = Vec::new();
        for item in items {
            let Some(table) = item.get_ref().as_table() else {
                self.wrong_type(item, "a table");
                continue;
            };
            let mut one = Override::default();
            for (key, value) in table {
                let name: &str = key.get_ref();
                if name == PATHS {
                    one.paths = self.globs(value).unwrap_or_default();
                    if value.get_ref().as_array().is_some_and(|globs| globs.is_empty()) {
                        self.report(value.span(), "`paths` is empty", "empty").help = Some(PATHS_HELP.to_owned());
                    }
                } else if let Some((_, read)) = OF_PATHS.iter().find(|(known, _)| *known == name) {
                    one.configuration.0.extend(read(value, self));
                } else {
                    self.unknown_key(name, key.span(), &keys().1);
                }
            }
            if !table.keys().any(|key| key.get_ref() == PATHS) {
                let message = "missing `paths` in an override";
                self.report(item.span(), message, "missing `paths`").help = Some(PATHS_HELP.to_owned());
            }
            overrides.push(one);
        }
        overrides
    }

    /// A pattern that matches anywhere in a value.
    fn search(&mut self, value: &Value) -> Option<Pattern> {
        self.pattern(value, pattern::search)
    }

    /// A pattern that must match a whole name.
    fn whole(&mut self, value: &Value) -> Option<Pattern> {
        self.pattern(value, pattern::whole)
    }

    fn pattern(&mut self, value: &Value, build: fn(&str) -> Result<Pattern, String>) -> Option<Pattern> {
        let text = self.text(value)?;
        match build(&text) {
            Ok(pattern) => Some(pattern),
            Err(why) => {
                self.report(value.span(), format!("invalid regular expression: {why}"), "invalid");
                None
            }
        }
    }

    fn host(&mut self, value: &Value) -> Option<String> {
        let text = self.text(value)?;
        if Conventions::is_host_entry(&text) {
            return Some(text);
        }
        self.report(value.span(), "invalid host", "invalid host").help =
            Some("use a name, `*.` and a domain, an address or a network like 10.0.0.0/8, without a port".to_owned());
        None
    }

    /// `true` for all types that can choose their network, or some of them.
    fn kinds(&mut self, value: &Value) -> Option<Kinds> {
        if let Some(all_or_none) = value.get_ref().as_bool() {
            return Some(if all_or_none { Kinds::NETWORKED } else { Kinds::NONE });
        }
        let words = named(&Kinds::NETWORKED.iter().collect::<Vec<_>>(), Kind::name);
        let mut kinds = Vec::new();
        for item in self.array(value, "true, false or an array of types")? {
            kinds.extend(self.word(item, &words));
        }
        Some(Kinds::of(&kinds))
    }
}
