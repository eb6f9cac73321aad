//! Policies: an organization's own rules, written as JSON Schema.
//!
//! A policy checks a connection in the shape of the Admin API, whatever the dialect, or all connections of a file
//! together. The engine is `jsonschema`. The modules here decide which schemas it may use ([`schemas`], [`limits`]),
//! the instance that it gets ([`instance`]), the errors that are reported ([`evaluation`]), and their messages
//! ([`words`]).

mod engine;
mod evaluation;
mod instance;
mod limits;
pub(crate) mod schemas;
mod words;

use std::fmt::{self, Write as _};
use std::sync::Arc;

use jsonschema::Validator;
use serde_json::{Map, Value};

use crate::atlas::fields::Field;
use crate::atlas::secret::{Keys, is_hostile, shown_path};
use crate::atlas::{Kinds, Mode};
use crate::connection::Connection;
use crate::diagnostic::{
    Diagnostic, Findings, Label, POLICIES_URL, POLICY_PREFIX, PolicyPage, Rule, RuleRef, Severity, interned,
};
use crate::document::Entry;
use crate::text::{LineIndex, Position, Source, Span};
use evaluation::{Evaluation, Failure, Mark};
use instance::Instance;
#[cfg(feature = "cli")]
use schemas::Read;
use schemas::Schemas;

/// Length of the longest summary, in characters.
const LONGEST_SUMMARY: usize = 100;

/// A rule of your own, written as a JSON Schema of any draft from 4 to 2020-12.
///
/// The schema is for a connection in the shape of the Admin API, with `name` and `type`, or, after
/// [`Policy::applies_to_files`], for the connections of a file. Findings have the rule `policy/` and the name. Patterns
/// match in linear time, and a schema that could take long is refused.
///
/// ```
/// use serde_json::json;
/// use streamlint::{Config, Kind, Kinds, Linter, Policy, Severity, Source};
///
/// let schema = json!({ "properties": { "name": { "pattern": "^[a-z]+-[a-z]+$" } } });
/// let policy = Policy::from_schema("team-prefix", &schema)?
///     .types(Kinds::of(&[Kind::Https]))
///     .severity(Severity::Error)
///     .message("connections are named <team>-<topic>");
/// let linter = Linter::new(Config::builder().policy(policy).build()?);
///
/// let text = r#"{ "name": "alerts", "type": "Https", "url": "https://hooks.example.com/alerts" }"#;
/// let report = linter.check(&Source::new("alerts.json", text));
/// let found = &report.diagnostics()[0];
/// assert_eq!((found.rule.name, found.pointer.as_ref()), ("policy/team-prefix", "/name"));
/// assert_eq!(found.message, "connections are named <team>-<topic>");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
#[must_use = "a policy does nothing until a configuration has it"]
pub struct Policy {
    name: String,
    kinds: Kinds,
    severity: Severity,
    message: Option<String>,
    help: Option<String>,
    url: Option<String>,
    is_for_files: bool,
    compiled: Arc<Compiled>,
    rule: RuleRef,
}

/// A compiled schema, which threads share.
struct Compiled {
    schemas: Schemas,
    validator: Validator,
}

impl Policy {
    /// A policy with a name, which consists of lowercase letters, digits and hyphens, and a schema, which refers to no
    /// files.
    ///
    /// # Errors
    ///
    /// The first error in the name or in the schema.
    pub fn from_schema(name: &str, schema: &Value) -> Result<Self, PolicyError> {
        Self::build(name, Schemas::of_value(schema)?)
    }

    /// A policy from the text of a file. `path` is relative to the folder whose files the schema may refer to; `read` gives
    /// the name in errors and the text of such a file.
    #[cfg(feature = "cli")]
    pub(crate) fn from_text(name: &str, path: &str, file: &str, text: &str, read: Read) -> Result<Self, PolicyError> {
        Self::build(name, Schemas::of_text(path, file, text, read)?)
    }

    fn build(name: &str, schemas: Schemas) -> Result<Self, PolicyError> {
        if !is_name(name) {
            let message = "the name of a policy consists of at most 64 lowercase letters, digits and hyphens";
            return Err(PolicyError::new("", None, None, "", message));
        }
        limits::check(&schemas)?;
        let validator = engine::compile(&schemas)?;
        let policy = Self {
            name: name.to_owned(),
            kinds: Kinds::ALL,
            severity: Severity::Warning,
            message: None,
            help: None,
            url: None,
            is_for_files: false,
            compiled: Arc::new(Compiled { schemas, validator }),
            rule: RuleRef::from(&crate::diagnostic::rules::SYNTAX_ERROR),
        };
        Ok(policy.with_rule())
    }

    /// Sets the types of the connections that it checks. The default is all of them.
    pub fn types(mut self, kinds: Kinds) -> Self {
        self.kinds = kinds;
        self.with_rule()
    }

    /// Sets the severity of its findings. The default is a warning.
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self.with_rule()
    }

    /// Sets the message of its findings, instead of words for the keyword that fails.
    pub fn message(mut self, message: impl Into<String>) -> Self {
        self.message = Some(message.into());
        self.with_rule()
    }

    /// Sets the help of its findings.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self.with_rule()
    }

    /// Sets the address that its findings link to. The default is the schema's `$id`, if it is an address on the web.
    pub fn url(mut self, url: impl Into<String>) -> Self {
        self.url = Some(url.into());
        self.with_rule()
    }

    /// Applies it to all connections of a file together: to an object with `dialect`, `path`, `workspace`, `projectId` and
    /// `connections`.
    pub fn applies_to_files(mut self) -> Self {
        self.is_for_files = true;
        self.with_rule()
    }

    /// Returns the rule of its findings.
    pub fn rule(&self) -> &RuleRef {
        &self.rule
    }

    /// Sets the rule from the other properties.
    fn with_rule(mut self) -> Self {
        let schema = self.compiled.schemas.files.first().map(|file| &file.value);
        let text = |keyword: &str| schema.and_then(|schema| schema.get(keyword)).and_then(Value::as_str);
        let id = text("$id").filter(|id| id.starts_with("https://") || id.starts_with("http://"));
        let url = self.url.as_deref().or(id).unwrap_or(POLICIES_URL).to_owned();
        let first_line = |text: &str| text.lines().next().unwrap_or_default().trim_end_matches('.').to_owned();
        let summary = text("title").or(self.message.as_deref()).or(text("description")).map(first_line);
        let summary = summary.unwrap_or_else(|| "a policy of the configuration".to_owned());
        let summary = summary.chars().take(LONGEST_SUMMARY).collect::<String>();
        let name = format!("{POLICY_PREFIX}{}", self.name);
        // `<team>` is not HTML.
        let escaped = |text: &str| text.replace('<', "\\<");
        let mut page = format!("# {name}\n");
        for paragraph in [text("title"), text("description"), self.message.as_deref()].into_iter().flatten() {
            let paragraph = format!("\n{}\n", escaped(paragraph));
            if !page.contains(&paragraph) {
                page.push_str(&paragraph);
            }
        }
        if let Some(help) = &self.help {
            let _ = write!(page, "\n## How to fix\n\n{}\n", escaped(help));
        }
        let (summary, page, url) = (seen(&summary), seen(&page), seen(&url));
        let page = Box::new(PolicyPage { text: page, url });
        let rule = Rule::of_policy(interned(&name), interned(&summary), self.severity, self.kinds, page);
        self.rule = Arc::new(rule).into();
        self
    }

    /// The finding of a failure, with its mark at a pointer.
    fn finding(&self, failure: &Failure, at: &str, span: &dyn Fn(&str, Mark) -> Span) -> Diagnostic {
        let message = self.message.clone().unwrap_or_else(|| failure.words.message.clone());
        let help = self.help.clone().or_else(|| failure.words.help.clone());
        let label = |pointer: &str, mark: Mark, message: &str| Label {
            span: span(pointer, mark),
            message: message.to_owned().into(),
        };
        let mut labels = vec![label(at, failure.mark, &failure.words.label)];
        labels.extend(failure.reason.iter().map(|(pointer, mark, words)| label(pointer, *mark, words)));
        let found = Diagnostic::unplaced(self.rule.clone(), message.into());
        Diagnostic { help: help.map(Into::into), pointer: failure.pointer.clone().into(), labels, ..found }
    }
}

/// Removes control characters from a text.
fn seen(text: &str) -> String {
    text.chars()
        .map(|character| if is_hostile(character) && character != '\n' { '\u{FFFD}' } else { character })
        .collect()
}

/// Whether this is a valid name for a policy.
pub(crate) fn is_name(name: &str) -> bool {
    let is_of_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=64).contains(&name.len()) && name.bytes().all(is_of_name) && !name.starts_with('-')
}

impl fmt::Debug for Policy {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_tuple("Policy").field(&self.name).finish()
    }
}

/// Policies are equal if all their texts are equal.
impl PartialEq for Policy {
    fn eq(&self, other: &Self) -> bool {
        let all = |policy: &Self| {
            let Self { name, kinds, severity, message, help, url, is_for_files, .. } = policy.clone();
            (name, kinds, severity, message, help, url, is_for_files)
        };
        let files =
            |policy: &Self| policy.compiled.schemas.files.iter().map(|file| file.value.clone()).collect::<Vec<_>>();
        all(self) == all(other) && (Arc::ptr_eq(&self.compiled, &other.compiled) || files(self) == files(other))
    }
}

impl Eq for Policy {}

/// Checks a connection by the policies for connections.
pub(crate) fn check_connection(policies: &[Policy], connection: &Connection, found: &mut Findings) {
    if !connection.root.is_object() || connection.document.entry(connection.definition.base).has(Entry::UNKNOWN) {
        return;
    }
    let is_for_it = |policy: &&Policy| {
        !policy.is_for_files && connection.kind.map_or(policy.kinds == Kinds::ALL, |kind| policy.kinds.contains(kind))
    };
    let mut policies = policies.iter().filter(is_for_it).peekable();
    if policies.peek().is_none() {
        return;
    }
    let instance = Instance::of(connection);
    let name = |pointer: &str| name_in(connection, pointer);
    for policy in policies {
        // An enabled rule may have explained the absence of a field.
        let explained = found.explained.clone();
        let may_be_elsewhere = |pointer: &str| {
            let field = Field::at(pointer);
            let is_explained = |field: Field| {
                let mut around = Some(field);
                std::iter::from_fn(|| {
                    let this = around?;
                    around = this.parent();
                    Some(this)
                })
                .any(|field| explained.contains(&field))
            };
            // The body of a PATCH omits unchanged fields, a response omits secrets, and a damaged text may omit
            // anything.
            connection.document.damaged
                || connection.mode == Mode::Update
                || connection.mode == Mode::Response && field.is_some_and(Field::is_secret)
                || field.is_some_and(is_explained)
        };
        let evaluation = Evaluation {
            schemas: &policy.compiled.schemas,
            instance: &instance,
            name: &name,
            may_be_elsewhere: &may_be_elsewhere,
        };
        for failure in evaluation.failures(&policy.compiled.validator) {
            if connection.is_damaged_at(&failure.pointer) {
                continue;
            }
            let place = |pointer: &str, mark: Mark| span_in(connection, pointer, mark);
            found
                .add(Diagnostic { connection: found.connection, ..policy.finding(&failure, &failure.pointer, &place) });
        }
    }
}

fn name_in(connection: &Connection, pointer: &str) -> String {
    if pointer.is_empty() { "the connection".to_owned() } else { format!("`{}`", connection.spelling_at(pointer)) }
}

fn span_in(connection: &Connection, pointer: &str, mark: Mark) -> Span {
    match mark {
        Mark::Value if pointer.is_empty() => connection.key_span_of(""),
        Mark::Value => connection.span_of(pointer),
        Mark::Key => connection.key_span_of(pointer),
    }
}

/// The workspace or the project of all connections of a file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Around<'f> {
    /// `None` if it is unknown, or not the same for all.
    pub value: Option<&'f str>,
    pub span: Option<Span>,
}

impl<'f> Around<'f> {
    /// The value of the command line or the settings.
    pub fn given(value: Option<&'f str>) -> Option<Self> {
        value.map(|value| Self { value: Some(value), span: None })
    }
}

/// The instance for policies of files.
pub(crate) struct File<'f> {
    pub dialect: &'static str,
    pub path: &'f str,
    pub workspace: Option<Around<'f>>,
    pub project_id: Option<Around<'f>>,
    pub connections: &'f [Connection<'f>],
    /// The span to mark for the file as a whole.
    pub start: Span,
}

/// Whether one of the policies is for files.
pub(crate) fn are_for_files(policies: &[Policy]) -> bool {
    policies.iter().any(|policy| policy.is_for_files)
}

/// Checks the connections of a file together, by the policies for files.
pub(crate) fn check_file(policies: &[Policy], file: &File, found: &mut Findings) {
    const CONNECTIONS: &str = "/connections";
    let mut whole = Instance::default();
    let mut object = Map::new();
    object.insert("dialect".to_owned(), file.dialect.into());
    object.insert("path".to_owned(), file.path.into());
    for (key, around) in [("workspace", file.workspace), ("projectId", file.project_id)] {
        let Some(around) = around else { continue };
        object.insert(key.to_owned(), around.value.unwrap_or_default().into());
        if around.value.is_none() {
            whole.unknown.insert(format!("/{key}"));
        }
    }
    let mut values = Vec::new();
    for (index, connection) in file.connections.iter().enumerate() {
        let Instance { value, unknown } = Instance::of(connection);
        values.push(value);
        whole.unknown.extend(unknown.into_iter().map(|pointer| format!("{CONNECTIONS}/{index}{pointer}")));
        if connection.document.entry(connection.definition.base).has(Entry::UNKNOWN) {
            whole.unknown.insert(format!("{CONNECTIONS}/{index}"));
        }
    }
    object.insert("connections".to_owned(), values.into());
    whole.value = Value::Object(object);
    // A connection, and the pointer inside it.
    let split = |pointer: &str| {
        let rest = pointer.strip_prefix(CONNECTIONS)?.strip_prefix('/')?;
        let (index, rest) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let index = index.parse::<usize>().ok()?;
        Some((index, file.connections.get(index)?, rest.to_owned()))
    };
    let name = |pointer: &str| match split(pointer) {
        Some((_, connection, rest)) => name_in(connection, &rest),
        None if pointer.is_empty() => "the file".to_owned(),
        None if pointer == CONNECTIONS => "the file".to_owned(),
        None => format!("`{}`", shown_path(pointer, Keys::Certain)),
    };
    let may_be_elsewhere = |pointer: &str| match split(pointer) {
        Some((_, connection, _)) => connection.document.damaged || connection.mode == Mode::Update,
        None => false,
    };
    let span = |pointer: &str, mark: Mark| {
        let around = match pointer {
            "/workspace" => file.workspace,
            "/projectId" => file.project_id,
            _ => None,
        };
        let place = split(pointer).map(|(_, connection, rest)| span_in(connection, &rest, mark));
        place.or_else(|| around?.span).unwrap_or(file.start)
    };
    for policy in policies.iter().filter(|policy| policy.is_for_files) {
        let evaluation = Evaluation {
            schemas: &policy.compiled.schemas,
            instance: &whole,
            name: &name,
            may_be_elsewhere: &may_be_elsewhere,
        };
        for mut failure in evaluation.failures(&policy.compiled.validator) {
            // The items are connections.
            if failure.pointer == CONNECTIONS {
                failure.words.message = failure.words.message.replace(" item", " connection");
                failure.words.label = failure.words.label.replace(" item", " connection");
            }
            let mut at = failure.pointer.clone();
            // The first connection beyond the limit.
            if failure.pointer == CONNECTIONS
                && let Some(limit) = failure.limit.filter(|limit| *limit < file.connections.len())
            {
                at = format!("{CONNECTIONS}/{limit}");
            }
            let mut diagnostic = policy.finding(&failure, &at, &span);
            diagnostic.pointer = "".into();
            if let Some((index, _, rest)) = split(&at) {
                diagnostic.connection = Some(index);
                diagnostic.pointer = rest.into();
            }
            found.add(diagnostic);
        }
    }
}

/// The error for an invalid policy.
#[derive(Clone)]
pub struct PolicyError {
    file: String,
    /// The position in the text of the file.
    place: Option<Box<(Source, Span)>>,
    pointer: String,
    message: String,
}

impl PolicyError {
    fn new(file: &str, source: Option<Source>, span: Option<Span>, pointer: &str, message: impl Into<String>) -> Self {
        let place = source.zip(span).map(Box::new);
        Self { file: file.to_owned(), place, pointer: pointer.to_owned(), message: message.into() }
    }

    /// One sentence without a full stop. It quotes the schema, and nothing else.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The file, its text, and the bytes with the error.
    #[cfg(feature = "cli")]
    pub(crate) fn excerpt(&self) -> Option<(&str, &str, std::ops::Range<usize>)> {
        let (source, span) = &**self.place.as_ref()?;
        Some((&self.file, source.text(), span.start..span.end))
    }

    /// The JSON pointer into the schema.
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// The file, and the line and column in it; `None` for a schema that is not a file.
    pub fn position(&self) -> Option<(&str, Position)> {
        let (source, span) = &**self.place.as_ref()?;
        Some((&self.file, LineIndex::of(source).position(source.text(), span.start)))
    }
}

impl fmt::Debug for PolicyError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

impl fmt::Display for PolicyError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.position() {
            Some((file, at)) => write!(out, "{file}:{}:{}: {}", at.line, at.column, self.message),
            None if self.pointer.is_empty() => out.write_str(&self.message),
            None => write!(out, "{} at {}", self.message, self.pointer),
        }
    }
}

impl std::error::Error for PolicyError {}
