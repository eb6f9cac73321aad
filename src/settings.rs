//! `streamlint.toml`: TOML text → [`Settings`] → the [`Config`] of a path.
//!
//! Two tables define the keys: those for the whole file, and those that may also be set for some paths. The published schema
//! has the same keys for editors; `src/settings/tests.rs` compares the two. Every error has its span, and a file with an error
//! gives no settings at all: to lint by half of what was asked for would be worse than not to lint.

pub mod baseline;
pub(crate) mod baseline_file;
pub(crate) mod disk;
pub(crate) mod finder;
mod glob;
mod graphical;
mod pattern;
#[cfg(test)]
mod tests;

use std::fmt;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

pub use glob::Globs;
pub use graphical::graphical_report;

use crate::atlas::Kinds;
use crate::atlas::Mode;
use crate::atlas::secret::{quoted, shown_key};
use crate::config::Config;
use crate::conventions::{Conventions, Pattern};
use crate::diagnostic::{Rule, Severity};
use crate::rules::{RULES, rule};
use crate::text::suggest::{meant, question};

/// The name of the settings file.
pub const FILE_NAME: &str = "streamlint.toml";

/// The contents of a `streamlint.toml`. Paths are relative to its folder, with `/`.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The files of folders to lint, instead of the usual ones.
    pub include: Option<Globs>,
    /// The files and folders not to lint.
    pub exclude: Globs,
    /// The least severity that fails a run.
    pub fail_on: Option<Severity>,
    /// The path of the baseline.
    pub baseline: Option<String>,
    configuration: Configuration,
    overrides: Vec<Override>,
}

/// The part of the configuration that may also be set for some paths.
#[derive(Debug, Clone, Default)]
struct Configuration {
    levels: Vec<(&'static Rule, Option<Severity>)>,
    mode: Option<Mode>,
    workspace: Option<String>,
    placeholders: Option<Vec<Pattern>>,
    connection_names: Option<Pattern>,
    workspace_names: Option<Pattern>,
    private_networking: Option<Kinds>,
    allowed_hosts: Option<Vec<String>>,
    reachable_hosts: Option<Vec<String>>,
    known_samples: Option<Vec<String>>,
    known_built_in_roles: Option<Vec<String>>,
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
    /// One sentence without a final stop.
    pub message: String,
    /// A few words beside the mark.
    pub label: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl fmt::Display for SettingsError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

impl std::error::Error for SettingsError {}

type Value<'i> = Spanned<DeValue<'i>>;

/// A key, and how its value is read into `T`.
type Key<T> = (&'static str, fn(&Value, &mut T, &mut Reader));

/// Keys for the whole file.
const OF_FILE: &[Key<Settings>] = &[
    ("$schema", |value, _, reader| drop(reader.text(value))),
    ("include", |value, settings, reader| settings.include = reader.globs(value)),
    ("exclude", |value, settings, reader| settings.exclude = reader.globs(value).unwrap_or_default()),
    ("fail-on", |value, settings, reader| settings.fail_on = reader.word(value, SEVERITIES)),
    ("baseline", |value, settings, reader| settings.baseline = reader.text(value)),
    ("overrides", |value, settings, reader| settings.overrides = reader.overrides(value)),
];

/// Keys that may also be set in `[[overrides]]`.
const OF_PATHS: &[Key<Configuration>] = &[
    ("rules", |value, config, reader| config.levels = reader.levels(value)),
    ("mode", |value, config, reader| config.mode = reader.word(value, MODES)),
    ("workspace", |value, config, reader| config.workspace = reader.text(value)),
    ("placeholders", |value, config, reader| config.placeholders = reader.list(value, Reader::search)),
    ("connection-names", |value, config, reader| config.connection_names = reader.whole(value)),
    ("workspace-names", |value, config, reader| config.workspace_names = reader.whole(value)),
    ("require-private-networking", |value, config, reader| config.private_networking = reader.kinds(value)),
    ("allowed-hosts", |value, config, reader| config.allowed_hosts = reader.list(value, Reader::host)),
    ("reachable-hosts", |value, config, reader| config.reachable_hosts = reader.list(value, Reader::host)),
    ("known-samples", |value, config, reader| config.known_samples = reader.list(value, Reader::text)),
    ("known-built-in-roles", |value, config, reader| config.known_built_in_roles = reader.list(value, Reader::text)),
];

/// The key of `[[overrides]]` with the globs.
const PATHS: &str = "paths";

const PATHS_HELP: &str = "write the globs, as in `paths = [\"dev/\"]`";

const SEVERITIES: &[(&str, Severity)] =
    &[("error", Severity::Error), ("warning", Severity::Warning), ("info", Severity::Info)];

const LEVELS: &[(&str, Option<Severity>)] = &[
    ("error", Some(Severity::Error)),
    ("warning", Some(Severity::Warning)),
    ("info", Some(Severity::Info)),
    ("off", None),
];

const MODES: &[(&str, Mode)] = &[
    ("create", Mode::Create),
    ("update", Mode::Update),
    ("response", Mode::Response),
    ("error", Mode::Error),
    ("failover", Mode::Failover),
];

/// The keys at the top of a file, and those in `[[overrides]]`.
pub fn keys() -> (Vec<&'static str>, Vec<&'static str>) {
    let of_paths = || OF_PATHS.iter().map(|(name, _)| *name);
    (OF_FILE.iter().map(|(name, _)| *name).chain(of_paths()).collect(), of_paths().chain([PATHS]).collect())
}

impl Settings {
    /// Reads the text of a `streamlint.toml`.
    ///
    /// # Errors
    ///
    /// All errors, in the order of the text.
    pub fn read(text: &str) -> Result<Self, Vec<SettingsError>> {
        let mut reader = Reader::default();
        let (table, errors) = DeTable::parse_recoverable(text.trim_start_matches('\u{FEFF}'));
        let shift = text.len() - text.trim_start_matches('\u{FEFF}').len();
        // After a syntax error, an unknown key may be a consequence of it.
        if let Some(error) = errors.into_iter().min_by_key(|error| error.span().map_or(0, |span| span.start)) {
            let span = error.span().unwrap_or_default();
            reader.report(span, format!("this is not TOML: {}", error.message()), "");
        } else {
            let mut settings = Self::default();
            for (key, value) in table.get_ref() {
                let name: &str = key.get_ref();
                if let Some((_, read)) = OF_FILE.iter().find(|(known, _)| *known == name) {
                    read(value, &mut settings, &mut reader);
                } else if let Some((_, read)) = OF_PATHS.iter().find(|(known, _)| *known == name) {
                    read(value, &mut settings.configuration, &mut reader);
                } else {
                    reader.unknown_key(name, key.span(), &keys().0);
                }
            }
            if reader.errors.is_empty() {
                return Ok(settings);
            }
        }
        for error in &mut reader.errors {
            error.span = error.span.start + shift..error.span.end + shift;
        }
        reader.errors.sort_by_key(|error| error.span.start);
        Err(reader.errors)
    }

    /// Whether some paths have settings of their own.
    pub fn has_overrides(&self) -> bool {
        !self.overrides.is_empty()
    }

    /// The overrides that apply to a path, as indices.
    pub fn overrides_of(&self, path: &str) -> Vec<usize> {
        (0..self.overrides.len()).filter(|&at| self.overrides[at].paths.contain(path)).collect()
    }

    /// The configuration of texts with these overrides, from [`Settings::overrides_of`]. What is `given` beats the file.
    pub fn config(&self, overrides: &[usize], given: Config) -> Config {
        let mut config = given;
        let mode = config.mode;
        let overrides = overrides.iter().filter_map(|&at| self.overrides.get(at)).map(|one| &one.configuration);
        for configuration in std::iter::once(&self.configuration).chain(overrides) {
            configuration.apply(&mut config);
        }
        config.mode = mode.or(config.mode);
        config
    }
}

impl Configuration {
    /// A value replaces an earlier one; levels are set rule by rule.
    fn apply(&self, config: &mut Config) {
        fn set<T: Clone>(target: &mut T, value: Option<&T>) {
            if let Some(value) = value {
                target.clone_from(value);
            }
        }
        config.levels.extend_from_slice(&self.levels);
        config.mode = self.mode.or(config.mode);
        let policy = &mut config.conventions;
        set(&mut policy.placeholders, self.placeholders.as_ref());
        set(&mut policy.private_networking, self.private_networking.as_ref());
        set(&mut policy.allowed_hosts, self.allowed_hosts.as_ref());
        set(&mut policy.reachable_hosts, self.reachable_hosts.as_ref());
        set(&mut policy.known_samples, self.known_samples.as_ref());
        set(&mut policy.known_built_in_roles, self.known_built_in_roles.as_ref());
        for (target, value) in [
            (&mut policy.connection_names, &self.connection_names),
            (&mut policy.workspace_names, &self.workspace_names),
        ] {
            if value.is_some() {
                target.clone_from(value);
            }
        }
        if self.workspace.is_some() {
            config.workspace.clone_from(&self.workspace);
        }
    }
}

/// Reads values, and collects errors.
#[derive(Debug, Default)]
struct Reader {
    errors: Vec<SettingsError>,
}

impl Reader {
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
            Some("write it in [[overrides]], beside what is set for these paths".to_owned())
        } else if all.contains(&name) {
            Some("write it at the top of the file; it is not set for single paths".to_owned())
        } else if rule(name).is_some() {
            Some("write rules under [rules]".to_owned())
        } else {
            Some(format!("there are {}", known.join(", ")))
        };
        let label = near.unwrap_or_else(|| "no such key here".to_owned());
        self.report(span, format!("there is no key `{}` here", shown_key(name, false)), label).help = help;
    }

    fn wrong_type(&mut self, value: &Value, wanted: &str) -> &mut SettingsError {
        let what = value.get_ref().type_str();
        self.report(
            value.span(),
            format!("this must be {wanted}, and it is of the type {what}"),
            format!("expected {wanted}"),
        )
    }

    /// A string that is not empty.
    fn text(&mut self, value: &Value) -> Option<String> {
        match value.get_ref().as_str() {
            Some("") => {
                self.report(value.span(), "this is empty", "empty").help = Some("leave the key out".to_owned());
            }
            Some(text) => return Some(text.to_owned()),
            None => drop(self.wrong_type(value, "a string")),
        }
        None
    }

    fn array<'v, 'i>(&mut self, value: &'v Value<'i>, wanted: &str) -> Option<&'v DeArray<'i>> {
        let array = value.get_ref().as_array();
        if array.is_none() {
            self.wrong_type(value, wanted);
        }
        array
    }

    /// An array of values. `None` if one of them has an error.
    fn list<T>(&mut self, value: &Value, read: fn(&mut Self, &Value) -> Option<T>) -> Option<Vec<T>> {
        let items = self.array(value, "an array of strings")?;
        let read = items.iter().map(|item| read(self, item)).collect::<Vec<_>>();
        read.into_iter().collect()
    }

    /// A word of a few.
    fn word<T: Copy>(&mut self, value: &Value, words: &[(&'static str, T)]) -> Option<T> {
        let text = self.text(value)?;
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, meaning)| *meaning);
        if found.is_none() {
            self.no_such_word(value, &text, &words.iter().map(|(word, _)| *word).collect::<Vec<_>>());
        }
        found
    }

    fn no_such_word(&mut self, value: &Value, text: &str, words: &[&'static str]) {
        let near = question(&meant(text, words.iter().copied()));
        let label = near.unwrap_or_else(|| "no such word".to_owned());
        self.report(value.span(), format!("this cannot be {}", quoted(text)), label).help =
            Some(format!("write one of {}", words.join(", ")));
    }

    fn levels(&mut self, value: &Value) -> Vec<(&'static Rule, Option<Severity>)> {
        let Some(table) = value.get_ref().as_table() else {
            self.wrong_type(value, "a table of rules");
            return Vec::new();
        };
        let mut levels = Vec::new();
        for (key, value) in table {
            let name: &str = key.get_ref();
            let known = rule(name);
            if known.is_none() {
                let near = question(&meant(name, RULES.iter().map(|rule| rule.name)));
                let label = near.unwrap_or_else(|| "no such rule".to_owned());
                let message = format!("no rule is called `{}`", shown_key(name, false));
                self.report(key.span(), message, label).help = Some("`streamlint rules` lists them".to_owned());
            }
            levels.extend(known.zip(self.word(value, LEVELS)));
        }
        levels
    }

    fn globs(&mut self, value: &Value) -> Option<Globs> {
        let items = self.array(value, "an array of globs")?;
        let mut globs = glob::Builder::default();
        for item in items {
            let Some(text) = self.text(item) else { continue };
            if let Err(why) = globs.add(&text) {
                self.report(item.span(), format!("this is no glob: {why}"), "cannot be read");
            }
        }
        let built = globs.build();
        if built.is_none() {
            self.report(value.span(), "these globs are too large together", "too many, or too long");
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
                        self.report(value.span(), "this override is for no path at all", "no paths").help =
                            Some(PATHS_HELP.to_owned());
                    }
                } else if let Some((_, read)) = OF_PATHS.iter().find(|(known, _)| *known == name) {
                    read(value, &mut one.configuration, self);
                } else {
                    self.unknown_key(name, key.span(), &keys().1);
                }
            }
            if !table.keys().any(|key| key.get_ref() == PATHS) {
                let message = "this override does not say for which paths";
                self.report(item.span(), message, "`paths` is missing").help = Some(PATHS_HELP.to_owned());
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
                self.report(value.span(), format!("this is no regular expression: {why}"), "cannot be read");
                None
            }
        }
    }

    fn host(&mut self, value: &Value) -> Option<String> {
        let text = self.text(value)?;
        if Conventions::is_host_entry(&text) {
            return Some(text);
        }
        self.report(value.span(), "this is no host", "not a host").help = Some(
            "write a name, `*.` and a domain, an address, or a network such as 10.0.0.0/8; no scheme and no port"
                .to_owned(),
        );
        None
    }

    /// `true` for all types that can choose their network, or some of them.
    fn kinds(&mut self, value: &Value) -> Option<Kinds> {
        if let Some(all_or_none) = value.get_ref().as_bool() {
            return Some(if all_or_none { Kinds::NETWORKED } else { Kinds::NONE });
        }
        let mut kinds = Vec::new();
        for item in self.array(value, "true, false or an array of types")? {
            let words = Kinds::NETWORKED.iter().map(|kind| (kind.name(), kind)).collect::<Vec<_>>();
            kinds.extend(self.word(item, &words));
        }
        Some(Kinds::of(&kinds))
    }
}
