//! The policies of `[[policies]]` and `--policy`: from their files to [`Policy`].

use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use toml::de::{DeTable, DeValue};

use super::disk::{absolute, name_of, read, reason, relative};
use super::{Change, SettingsError, SettingsReader, Severity, Value, graphical_report, named};
use crate::atlas::secret::{Keys, shown_key};
use crate::atlas::{Kind, Kinds};
use crate::diagnostic::POLICY_PREFIX;
use crate::output::Style;
use crate::policies::schemas::LONGEST_FILE;
use crate::policies::{Policy, PolicyError, is_name};
use crate::text::suggest::{meant, question};

/// A policy as the settings declare it. Its schema is read later.
#[derive(Debug, Clone)]
pub(super) struct Declared {
    name: String,
    schema: String,
    /// The position of the schema's name, in bytes of the settings.
    span: Range<usize>,
    kinds: Kinds,
    severity: Severity,
    message: Option<String>,
    help: Option<String>,
    url: Option<String>,
    is_for_files: bool,
    /// The policy, once it has been read. The configurations that use it share it.
    slot: Arc<OnceLock<Policy>>,
}

impl Declared {
    /// The policy, if its schema was read.
    pub fn policy(&self) -> Option<&Policy> {
        self.slot.get()
    }

    /// The name of its rule.
    pub fn rule_name(&self) -> String {
        format!("{POLICY_PREFIX}{}", self.name)
    }

    /// Shifts its position, for a byte order mark at the start of the file.
    pub fn shift(&mut self, by: usize) {
        self.span = self.span.start + by..self.span.end + by;
    }
}

/// The reason why a policy is not used.
#[derive(Debug)]
pub(crate) struct PolicyProblem {
    /// One sentence with the file, the line and the column.
    pub sentence: String,
    /// The graphical report of the error.
    pub excerpt: String,
}

const KEYS: &[&str] = &["name", "schema", "types", "severity", "message", "help", "url", "applies-to"];

impl SettingsReader {
    /// The policies of `[[policies]]`, at the top or in an override.
    pub(super) fn policies(&mut self, value: &Value) -> Option<Change> {
        let Some(items) = value.get_ref().as_array() else {
            self.wrong_type(value, "an array of tables").help = Some("write [[policies]] above each".to_owned());
            return None;
        };
        let mut slots = Vec::new();
        let mut names: Vec<String> = Vec::new();
        for item in items {
            let Some(declared) = self.policy(item) else { continue };
            if names.contains(&declared.name) {
                self.report(item.span(), format!("duplicate policy name `{}`", declared.name), "duplicate name");
            }
            names.push(declared.name.clone());
            slots.push(Arc::clone(&declared.slot));
            self.policies.push(declared);
        }
        Some(Arc::new(move |config| {
            slots.iter().filter_map(|slot| slot.get()).for_each(|policy| config.add_policy(policy.clone()));
        }))
    }

    fn policy(&mut self, item: &Value) -> Option<Declared> {
        let Some(table) = item.get_ref().as_table() else {
            self.wrong_type(item, "a table");
            return None;
        };
        let errors = self.errors.len();
        let mut name = None;
        let mut schema = None;
        let mut declared = Declared {
            name: String::new(),
            schema: String::new(),
            span: item.span(),
            kinds: Kinds::ALL,
            severity: Severity::Warning,
            message: None,
            help: None,
            url: None,
            is_for_files: false,
            slot: Arc::default(),
        };
        for (key, value) in table {
            match &**key.get_ref() {
                "name" => {
                    name = self.text(value);
                    if name.as_deref().is_some_and(|name| !is_name(name)) {
                        self.report(value.span(), "invalid policy name", "invalid name").help =
                            Some("use at most 64 lowercase letters, digits and hyphens".to_owned());
                    }
                }
                "schema" => {
                    schema = self.text(value);
                    declared.span = value.span();
                }
                "types" => {
                    let mut kinds = Vec::new();
                    for item in self.array(value, "an array of types").into_iter().flatten() {
                        kinds.extend(self.word(item, &named(Kind::ALL, Kind::name)));
                    }
                    if value.get_ref().as_array().is_some_and(|types| types.is_empty()) {
                        self.report(value.span(), "`types` is empty", "empty").help =
                            Some("delete the key to check all types".to_owned());
                    }
                    declared.kinds = Kinds::of(&kinds);
                }
                "severity" => {
                    let severity = self.word(value, &named(Severity::ALL, Severity::name));
                    declared.severity = severity.unwrap_or(declared.severity);
                }
                "message" => declared.message = self.text(value),
                "help" => declared.help = self.text(value),
                "url" => {
                    declared.url = self.text(value);
                    let is_address = |url: &str| url.starts_with("https://") || url.starts_with("http://");
                    if declared.url.as_deref().is_some_and(|url| !is_address(url)) {
                        self.report(value.span(), "invalid URL", "invalid URL").help =
                            Some("start it with https://".to_owned());
                    }
                }
                "applies-to" => {
                    let is_for_files = self.word(value, &[("connection", false), ("file", true)]);
                    declared.is_for_files = is_for_files.unwrap_or_default();
                }
                other => self.unknown_policy_key(other, key.span()),
            }
        }
        let keys = [("name", &name), ("schema", &schema)];
        for (key, _) in keys.iter().filter(|(key, _)| !table.keys().any(|known| known.get_ref() == key)) {
            let message = format!("missing `{key}` in a policy");
            self.report(item.span(), message, format!("missing `{key}`")).help = Some(format!("add `{key} = \"…\"`"));
        }
        declared.name = name?;
        declared.schema = schema?;
        (self.errors.len() == errors).then_some(declared)
    }

    fn unknown_policy_key(&mut self, name: &str, span: Range<usize>) {
        let near = question(&meant(name, KEYS.iter().copied()));
        let help = near.is_none().then(|| format!("use one of {}", KEYS.join(", ")));
        let label = near.unwrap_or_else(|| "unknown key".to_owned());
        let message = format!("unknown key `{}`", shown_key(name, Keys::Certain));
        self.report(span, message, label).help = help;
    }
}

/// The names of the policies that a settings file declares, whatever errors it has.
pub(super) fn declared_names(table: &DeTable) -> Vec<String> {
    let tables = std::iter::once(table).chain(tables_of(table, "overrides"));
    let policies = tables.flat_map(|table| tables_of(table, "policies"));
    let name = |policy: &DeTable| Some(format!("{POLICY_PREFIX}{}", value_of(policy, "name")?.as_str()?));
    policies.filter_map(name).collect()
}

/// The names of declared policies, each with its schema.
pub(super) fn declared_schemas<'v, 'i>(value: &'v Value<'i>) -> Vec<(&'v str, &'v Value<'i>)> {
    let tables = value.get_ref().as_array().into_iter().flatten().filter_map(|item| item.get_ref().as_table());
    let schema = |table: &'v DeTable<'i>| {
        let schema = table.iter().find(|(key, _)| key.get_ref() == "schema").map(|(_, value)| value)?;
        Some((value_of(table, "name")?.as_str()?, schema))
    };
    tables.filter_map(schema).collect()
}

fn value_of<'t, 'i>(table: &'t DeTable<'i>, key: &str) -> Option<&'t DeValue<'i>> {
    table.iter().find(|(name, _)| name.get_ref() == key).map(|(_, value)| value.get_ref())
}

fn tables_of<'t, 'i>(table: &'t DeTable<'i>, key: &str) -> impl Iterator<Item = &'t DeTable<'i>> {
    let items = value_of(table, key).and_then(DeValue::as_array);
    items.into_iter().flatten().filter_map(|item| item.get_ref().as_table())
}

/// Reads the schemas of policies. Returns the policies with errors; `files` gets the path of every file that is read.
pub(super) fn load(
    declared: &[Declared],
    settings: (&str, &str),
    folder: &Path,
    style: Style,
    files: &mut Vec<PathBuf>,
) -> Vec<PolicyProblem> {
    let mut problems = Vec::new();
    for policy in declared {
        let path = folder.join(&policy.schema);
        let loaded = load_one(&policy.name, &path, style, files);
        match loaded {
            Ok(loaded) => {
                let Declared { kinds, severity, message, help, url, is_for_files, slot, .. } = policy.clone();
                let mut loaded = loaded.types(kinds).severity(severity);
                loaded = message.into_iter().fold(loaded, Policy::message);
                loaded = help.into_iter().fold(loaded, Policy::help);
                loaded = url.into_iter().fold(loaded, Policy::url);
                loaded = if is_for_files { loaded.applies_to_files() } else { loaded };
                // It is set only once, right after the settings have been read.
                let _ = slot.set(loaded);
            }
            Err(Unusable::Unreadable(why)) => {
                let (name, text) = settings;
                let message = format!("the schema of the policy `{}` cannot be read: {why}", policy.name);
                let error = SettingsError {
                    span: policy.span.clone(),
                    message,
                    label: "cannot be read".to_owned(),
                    help: None,
                };
                let at = crate::text::LineIndex::new(text).position(text, policy.span.start);
                let sentence = format!("{name}:{}:{}: {}", at.line, at.column, error.message);
                problems.push(PolicyProblem { sentence, excerpt: graphical_report(name, text, &[error], style) });
            }
            Err(Unusable::Problem(problem)) => problems.push(problem),
        }
    }
    problems
}

/// Reads the policies of `--policy`. The name is that of `$id` or of the file.
///
/// # Errors
///
/// The first file with an error.
pub(crate) fn load_given(
    paths: &[PathBuf],
    style: Style,
    files: &mut Vec<PathBuf>,
) -> Result<Vec<Policy>, PolicyProblem> {
    let mut policies = Vec::new();
    for path in paths {
        let loaded = load_one("", path, style, files).map_err(|unusable| match unusable {
            Unusable::Problem(problem) => problem,
            Unusable::Unreadable(why) => {
                PolicyProblem { sentence: format!("{}: {why}", name_of(path)), excerpt: String::new() }
            }
        })?;
        policies.push(loaded);
    }
    Ok(policies)
}

enum Unusable {
    /// Half a sentence about the file of the schema.
    Unreadable(String),
    Problem(PolicyProblem),
}

fn load_one(name: &str, path: &Path, style: Style, files: &mut Vec<PathBuf>) -> Result<Policy, Unusable> {
    let path = absolute(path);
    files.push(path.clone());
    let text = text_of(&path).map_err(Unusable::Unreadable)?;
    let (folder, file) = (path.parent().unwrap_or(Path::new("")), path.file_name().unwrap_or_default());
    let shown = |path: &Path| name_of(Path::new(&relative(path, &absolute(Path::new("")))));
    let root = folder.canonicalize().map_err(|error| Unusable::Unreadable(reason(&error)))?;
    let mut read = |inside: &str| {
        let path = folder.join(inside);
        files.push(path.clone());
        // A link may have any target.
        let whole =
            path.canonicalize().map_err(|error| format!("the referenced file cannot be read: {}", reason(&error)))?;
        if !whole.starts_with(&root) {
            return Err("the referenced file is outside of the policy's folder".to_owned());
        }
        let text = text_of(&whole).map_err(|why| format!("the referenced file cannot be read: {why}"))?;
        Ok((shown(&path), text))
    };
    let own_name = if name.is_empty() { name_by(&text, &file.to_string_lossy()) } else { name.to_owned() };
    let file_name = shown(&path);
    Policy::from_text(&own_name, &file.to_string_lossy(), &file_name, &text, &mut read)
        .map_err(|error| Unusable::Problem(problem(&error, style)))
}

fn problem(error: &PolicyError, style: Style) -> PolicyProblem {
    let excerpt = error.excerpt().map(|(file, text, span)| {
        let message = error.message().to_owned();
        let error = SettingsError { span, message, label: "here".to_owned(), help: None };
        graphical_report(file, text, &[error], style)
    });
    PolicyProblem { sentence: error.to_string(), excerpt: excerpt.unwrap_or_default() }
}

fn text_of(path: &Path) -> Result<String, String> {
    match read(path, LONGEST_FILE as u64 + 1) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err("no such file".to_owned()),
        Err(error) => Err(reason(&error)),
        Ok(bytes) if bytes.len() > LONGEST_FILE => Err("the file is too large for a policy".to_owned()),
        Ok(bytes) => String::from_utf8(bytes).map_err(|_| "the file is not UTF-8".to_owned()),
    }
}

/// The name of a policy by the last part of its `$id`, or by its file.
fn name_by(text: &str, file: &str) -> String {
    let schema = serde_json::from_str::<serde_json::Value>(text).unwrap_or_default();
    let id = schema.get("$id").or_else(|| schema.get("id")).and_then(serde_json::Value::as_str);
    let of_id =
        id.and_then(|id| id.split(['#', '?']).next()).map(|id| id.rsplit(['/', ':']).next().unwrap_or_default());
    let name = of_id.filter(|name| !name.is_empty()).unwrap_or(file);
    let stem = name.split('.').find(|part| !part.is_empty()).unwrap_or_default();
    let of_name = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let name = stem.chars().map(of_name).take(64).collect::<String>();
    let name = name.trim_matches('-');
    if name.is_empty() { "policy".to_owned() } else { name.to_owned() }
}

/// Whether a path leads to the same file as another, even through links.
pub(crate) fn is_same(path: &Path, other: &Path) -> bool {
    path == other
        || std::fs::canonicalize(path).ok().is_some_and(|path| std::fs::canonicalize(other).ok() == Some(path))
}
