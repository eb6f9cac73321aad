//! CloudFormation templates with the resource `MongoDB::Atlas::StreamConnection`, in JSON or YAML, and the inputs of its
//! contract tests, which are its properties alone. Source: evidence.md CFN-001.
//!
//! What functions make of their arguments is unknown, with three exceptions: a `Ref` to a parameter of the same template
//! that has a literal default means that default (whoever deploys without saying otherwise gets it; an empty default only
//! says that there is none), `Fn::Sub` without a variable and `Fn::Join` of known texts mean those texts, and
//! `AWS::NoValue` means that the property is absent.

use super::translator::Translator;
use super::{DetectOptions, DialectMatch, documents, said};
use crate::atlas::Kind;
use crate::atlas::fields::{Field, REMARKS, Shape};
use crate::atlas::formats;
use crate::connection::Dialect;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Fix;
use crate::diagnostic::rules::DEPRECATED_ATTRIBUTE;
use crate::diagnostic::rules::{API_FIELD_NAME, CONFLICTING_ATTRIBUTES, UNSUPPORTED_BY_DIALECT};
use crate::diagnostic::rules::{MALFORMED_ID, MISSING_FIELD};
use crate::document::{Document, Entry, EntryId};
use crate::fix;
use crate::text::Span;
use std::borrow::Cow;

const RESOURCE: &str = "MongoDB::Atlas::StreamConnection";

/// The types of the resource's own list.
const TYPES: &[&str] = &["Kafka", "Cluster", "Sample", "AWSLambda", "Https"];

/// Properties that stand around the connection.
const AROUND: &[&str] = &["Id", "InstanceName", "Profile", "ProjectId", "WorkspaceName"];

/// Where templates write a field, from `Properties` on: the API's words with a capital, but for a few.
pub(super) fn path(field: Field) -> Option<String> {
    let key = match field {
        Field::PublicPrivateNetworking
        | Field::Azure
        | Field::Gcp
        | Field::AuthenticationAws
        | Field::NetworkingAccessName
        | Field::NetworkingAccessTgwRouteId => return None,
        Field::Name => "ConnectionName".to_owned(),
        Field::ClusterGroupId => "ClusterProjectId".to_owned(),
        _ => capitalized(field.key()),
    };
    match field.parent() {
        None => Some(key),
        Some(parent) => Some(path(parent)? + "." + &key),
    }
}

/// The words that the resource takes, where it takes fewer than the API.
pub(super) fn words(field: Field) -> Option<&'static [&'static str]> {
    (field == Field::Type).then_some(TYPES)
}

fn capitalized(key: &str) -> String {
    let mut characters = key.chars();
    characters.next().map_or(String::new(), |first| first.to_ascii_uppercase().to_string() + characters.as_str())
}

/// The field that templates write as `key` inside `parent`.
fn member_of(parent: Option<Field>, key: &str) -> Option<Field> {
    let inside = Field::ALL.iter().copied().filter(|field| field.parent() == parent);
    inside.into_iter().find(|&field| path(field).is_some_and(|path| path.rsplit('.').next() == Some(key)))
}

pub(super) fn find(document: &Document, wanted: DetectOptions) -> Option<DialectMatch> {
    let mut resources = Vec::new();
    let mut is_template = false;
    for root in documents(document) {
        if let Some(list) = document.child(root, "Resources").filter(|&list| document.entry(list).has(Entry::OBJECT)) {
            is_template |= document.child(root, "AWSTemplateFormatVersion").is_some() || has_resources(document, list);
            of_template(document, root, list, 0, &mut resources);
        } else {
            resources.extend(of_test_input(document, root));
        }
    }
    if resources.is_empty() && !is_template {
        let unread = document.damaged && document.table.entries.len() == 1 && document.source.text().contains(RESOURCE);
        return unread.then(|| DialectMatch { recognized: true, ..DialectMatch::nothing(Dialect::CloudFormation) });
    }
    let mut to = Translator::new(document);
    let mut notes = Vec::new();
    for resource in &resources {
        let index = to.next();
        let mut properties = Properties { document, template: resource.template, index, notes: Vec::new() };
        resource.kind.into_iter().for_each(|kind| to.show(kind));
        let skip_rules = properties.around(resource) || properties.has_other_type(resource);
        let definition = to.definition(resource.properties, wanted.mode, |to| {
            if resource.has_properties {
                properties.members(to, resource.properties, None);
            }
        });
        definition.skip_rules = skip_rules;
        definition.workspace = properties.workspace(resource);
        let name_of = |key| document.child(resource.properties, key);
        definition.workspace_name = name_of("WorkspaceName").or_else(|| name_of("InstanceName"));
        let mut own = properties.notes;
        if skip_rules {
            // One mistake is all there is to say.
            own.truncate(1);
        }
        notes.append(&mut own);
    }
    let (translation, definitions) = to.finish();
    let recognized = !definitions.is_empty();
    let translation = Some(translation);
    Some(DialectMatch { definitions, translation, notes, recognized, ..DialectMatch::nothing(Dialect::CloudFormation) })
}

/// One connection of a template.
#[derive(Debug)]
struct Resource {
    /// The root of the template that it stands in.
    template: EntryId,
    /// The row that says which resource it is.
    kind: Option<EntryId>,
    /// The object with its properties, or the resource itself where it has none.
    properties: EntryId,
    has_properties: bool,
}

/// Whether these are resources as templates have them: `Type: Vendor::Service::Thing`.
fn has_resources(document: &Document, list: EntryId) -> bool {
    document.children(list).any(|id| said(document, id, "Type").is_some_and(|word| word.contains("::")))
}

fn of_template(document: &Document, template: EntryId, list: EntryId, depth: u8, resources: &mut Vec<Resource>) {
    for id in document.members(list) {
        // `Fn::ForEach::Name: [variable, values, { key: resource }]`
        if document.key(id).starts_with("Fn::ForEach") && depth < 4 {
            let inner = document.children(id).nth(2).filter(|&inner| document.entry(inner).has(Entry::OBJECT));
            if let Some(inner) = inner {
                of_template(document, template, inner, depth + 1, resources);
            }
            continue;
        }
        if said(document, id, "Type") != Some(RESOURCE) {
            continue;
        }
        let properties = document.child(id, "Properties").filter(|&id| document.entry(id).has(Entry::OBJECT));
        resources.push(Resource {
            template,
            kind: document.child(id, "Type"),
            properties: properties.unwrap_or(id),
            has_properties: properties.is_some(),
        });
    }
}

/// The properties alone, as the contract tests of the resource keep them.
fn of_test_input(document: &Document, root: EntryId) -> Option<Resource> {
    let state = document.child(root, "desiredResourceState").unwrap_or(root);
    let has = |key: &str| document.child(state, key).is_some();
    let is_input = has("ConnectionName") && AROUND.iter().any(|key| has(key));
    is_input.then_some(Resource { template: root, kind: None, properties: state, has_properties: true })
}

/// What a value means.
#[derive(Debug, PartialEq)]
enum Meaning<'d> {
    /// What stands there.
    Itself,
    /// A text that is written elsewhere, or in parts.
    Text(Cow<'d, str>, Option<Span>),
    Absent,
    Unknown,
}

/// The translation of the properties of one resource.
struct Properties<'d> {
    document: &'d Document,
    template: EntryId,
    index: usize,
    notes: Vec<Diagnostic>,
}

impl<'d> Properties<'d> {
    /// The function that a value is, by its long name, and its arguments: `{"Ref": "Name"}` or `!Ref Name`.
    fn function(&self, id: EntryId) -> Option<(Cow<'d, str>, EntryId)> {
        let document = self.document;
        if let Some(tag) = document.tag(id).filter(|tag| !tag.starts_with("!!")) {
            let name = tag.trim_start_matches('!');
            let is_short = matches!(name, "Ref" | "Condition");
            return Some((if is_short { name.into() } else { format!("Fn::{name}").into() }, id));
        }
        let mut members = document.entry(id).has(Entry::OBJECT).then(|| document.members(id))?;
        let only = members.next().filter(|_| members.next().is_none())?;
        let key = document.key(only);
        (key == "Ref" || key.starts_with("Fn::")).then(|| (key.into(), only))
    }

    fn meaning(&self, id: EntryId, depth: u8) -> Meaning<'d> {
        let document = self.document;
        let Some((name, argument)) = self.function(id) else {
            return if document.entry(id).has(Entry::UNKNOWN) { Meaning::Unknown } else { Meaning::Itself };
        };
        let text = || document.value(argument).as_str();
        match &*name {
            "Ref" if text() == Some("AWS::NoValue") => Meaning::Absent,
            "Ref" => text().and_then(|name| self.default(name)).unwrap_or(Meaning::Unknown),
            "Fn::Sub" => match text() {
                Some(text) if !text.contains("${") => Meaning::Text(text.into(), None),
                _ => Meaning::Unknown,
            },
            "Fn::Join" if depth < 8 => self.joined(argument, depth).unwrap_or(Meaning::Unknown),
            _ => Meaning::Unknown,
        }
    }

    /// What a parameter is when nobody gives it: its default, or the only value that it may have.
    fn default(&self, name: &str) -> Option<Meaning<'d>> {
        let document = self.document;
        let parameter = document.child(document.child(self.template, "Parameters")?, name)?;
        if !matches!(said(document, parameter, "Type"), Some("String" | "Number")) {
            return None;
        }
        let only = || {
            let mut values = document.children(document.child(parameter, "AllowedValues")?);
            values.next().filter(|_| values.next().is_none())
        };
        let value = document.child(parameter, "Default").or_else(only)?;
        let entry = document.entry(value);
        if entry.has(Entry::UNKNOWN | Entry::OBJECT | Entry::ARRAY) || entry.kind() == 0 {
            return None;
        }
        let text = if entry.has(Entry::TEXT | Entry::NUMBER) { document.text(value) } else { entry.word() };
        (!text.is_empty()).then(|| Meaning::Text(text.into(), Some(entry.span())))
    }

    fn joined(&self, arguments: EntryId, depth: u8) -> Option<Meaning<'d>> {
        let document = self.document;
        let mut parts = document.children(arguments);
        let (separator, list) = (document.value(parts.next()?).as_str()?, parts.next()?);
        if !document.entry(list).has(Entry::ARRAY) || self.function(list).is_some() {
            return None;
        }
        let mut texts = Vec::new();
        for part in document.children(list) {
            texts.push(match self.meaning(part, depth + 1) {
                Meaning::Itself => document.value(part).as_str()?.into(),
                Meaning::Text(text, _) => text,
                Meaning::Absent | Meaning::Unknown => return None,
            });
        }
        Some(Meaning::Text(texts.join(separator).into(), None))
    }

    /// What a property says, if that is known.
    fn known(&self, object: EntryId, key: &str) -> Option<Cow<'d, str>> {
        let id = self.document.child(object, key)?;
        match self.meaning(id, 0) {
            Meaning::Itself => self.document.value(id).as_str().map(Cow::Borrowed),
            Meaning::Text(text, _) => Some(text),
            Meaning::Absent | Meaning::Unknown => None,
        }
    }

    fn handle(&self, id: EntryId) -> Span {
        let entry = self.document.entry(id);
        let start = entry.span().start;
        entry.key_span().unwrap_or_else(|| Span::new(start, (start + 1).min(entry.span().end)))
    }

    fn note(&self, rule: &'static crate::diagnostic::Rule, pointer: &'static str, span: Span) -> Diagnostic {
        Diagnostic::in_connection(Some(self.index), rule, pointer, span)
    }

    /// Judges what stands around the connection; whether that is all there is to say.
    fn around(&mut self, resource: &Resource) -> bool {
        let (document, object) = (self.document, resource.properties);
        let present = |key: &str| {
            let id = document.child(object, key).filter(|_| resource.has_properties)?;
            (self.meaning(id, 0) != Meaning::Absent).then_some(id)
        };
        let (new, old, project) = (present("WorkspaceName"), present("InstanceName"), present("ProjectId"));
        let note = match (new, old) {
            (Some(new), Some(old)) => {
                let note = self
                    .note(&CONFLICTING_ATTRIBUTES, "/tenantName", self.handle(old))
                    .says("`WorkspaceName` and `InstanceName` both name the workspace", "the old word")
                    .and(self.handle(new), "the new word")
                    .help("keep `WorkspaceName`");
                self.notes.push(note);
                return true;
            }
            (None, None) => Some(
                self.note(&CONFLICTING_ATTRIBUTES, "/tenantName", self.handle(object))
                    .says("neither `WorkspaceName` nor `InstanceName` names the workspace", "no workspace in here")
                    .help("add `WorkspaceName`"),
            ),
            (None, Some(old)) => {
                let edits = fix::renaming(document, old, "WorkspaceName");
                let note = self
                    .note(&DEPRECATED_ATTRIBUTE, "/tenantName", self.handle(old))
                    .says("`InstanceName` is deprecated: instances are called workspaces now", "the old word")
                    .help("write `WorkspaceName`")
                    .fix(Some(Fix::safe("Rename it to `WorkspaceName`", edits)));
                Some(note)
            }
            (Some(_), None) => None,
        };
        self.notes.extend(note);
        if project.is_none() {
            let note = self
                .note(&MISSING_FIELD, "/groupId", self.handle(object))
                .says("`ProjectId` is missing", "no `ProjectId` in here")
                .help("add the id of the Atlas project");
            self.notes.push(note);
        } else if let (Some(id), Some(text)) = (project, self.known(object, "ProjectId"))
            && !(text.is_empty() || formats::is_object_id(&text) || is_stand_in(&text))
        {
            let note = self
                .note(&MALFORMED_ID, "/groupId", document.entry(id).span())
                .says("`ProjectId` is not 24 lower-case hexadecimal digits", "not an id of Atlas")
                .help("a project's id stands in its address in Atlas, and in `atlas projects list`");
            self.notes.push(note);
        }
        false
    }

    /// Reports a type of the API that the resource does not have; nothing else is judged then.
    fn has_other_type(&mut self, resource: &Resource) -> bool {
        let Some(word) = self.known(resource.properties, "Type").filter(|_| resource.has_properties) else {
            return false;
        };
        let kind = Kind::from_name(&word).or_else(|| Kind::near(&word).map(|(kind, _)| kind));
        let Some(id) = self.document.child(resource.properties, "Type") else { return false };
        if kind.is_none_or(|kind| TYPES.contains(&kind.name())) {
            return false;
        }
        let note = self
            .note(&UNSUPPORTED_BY_DIALECT, Field::Type.pointer(), self.document.entry(id).span())
            .says(format!("`Type` cannot be {} in CloudFormation", crate::atlas::secret::quoted(&word)), format!("takes {}", TYPES.join(", ")))
            .help("manage this connection through the Admin API, the Atlas CLI or Terraform; the resource does not know its type");
        // It comes before what is wrong around it, and alone.
        self.notes = vec![note];
        true
    }

    /// The workspace, in words that are the same wherever the same one is meant.
    fn workspace(&self, resource: &Resource) -> Option<Box<str>> {
        let source = &self.document.source;
        let part = |key: &str| {
            let id = self.document.child(resource.properties, key)?;
            if let Some(text) = self.known(resource.properties, key) {
                return (!text.is_empty()).then(|| text.into_owned());
            }
            // The same expression in the same template.
            let span = self.document.entry(id).span();
            Some(format!("{}#{}", source.name(), source.text().get(span.start..span.end)?))
        };
        let workspace = part("WorkspaceName").or_else(|| part("InstanceName"))?;
        Some(format!("{}/{workspace}", part("ProjectId").unwrap_or_default()).into())
    }

    fn members(&mut self, to: &mut Translator<'d>, object: EntryId, parent: Option<Field>) {
        let document = self.document;
        for id in document.members(object) {
            let key = document.key(id);
            if parent.is_none() && AROUND.contains(&key) || REMARKS.contains(&key) {
                continue;
            }
            if let Some(field) = member_of(parent, key) {
                self.field(to, field, id);
                continue;
            }
            let named = Field::ALL.iter().copied().filter(|field| field.parent() == parent);
            let named = named.into_iter().find(|field| field.key() == key || capitalized(field.key()) == key);
            match named {
                Some(field) if path(field).is_some() => {
                    self.foreign(field, object, id);
                    self.field(to, field, id);
                }
                Some(field) => {
                    let note = self
                        .note(&UNSUPPORTED_BY_DIALECT, field.pointer(), self.handle(id))
                        .says(format!("CloudFormation cannot say `{key}`"), "not a property of the resource")
                        .help("manage this connection through the Admin API, the Atlas CLI or Terraform");
                    self.notes.push(note);
                }
                // As the API would write it, so that what it was meant to be is found.
                None => match self.meaning(id, 0) {
                    Meaning::Absent => {}
                    Meaning::Itself => to.copy(&uncapitalized(key), id),
                    Meaning::Text(..) | Meaning::Unknown => to.unknown(&uncapitalized(key), id),
                },
            }
        }
    }

    fn foreign(&mut self, field: Field, object: EntryId, id: EntryId) {
        let path = path(field).unwrap_or_default();
        let own = path.rsplit('.').next().unwrap_or_default();
        let key = self.document.key(id);
        let is_free = self.document.child(object, own).is_none();
        let fix = is_free.then(|| Fix::safe(format!("Rename it to `{own}`"), fix::renaming(self.document, id, own)));
        let note = self
            .note(&API_FIELD_NAME, field.pointer(), self.handle(id))
            .says(format!("`{key}` is how the API writes it, not CloudFormation"), format!("write `{own}`"))
            .help(format!("write `{own}`"))
            .fix(fix);
        self.notes.push(note);
    }

    fn field(&mut self, to: &mut Translator<'d>, field: Field, id: EntryId) {
        let (document, key) = (self.document, field.key());
        let entry = document.entry(id);
        match self.meaning(id, 0) {
            Meaning::Absent => {}
            Meaning::Text(text, place) => to.reference(key, id, &text, place),
            Meaning::Unknown => to.unknown(key, id),
            Meaning::Itself => match field.row().shape {
                Shape::Object if entry.has(Entry::OBJECT) => to.block(key, id, |to| self.members(to, id, Some(field))),
                Shape::Map if entry.has(Entry::OBJECT) => to.block(key, id, |to| self.settings(to, id)),
                Shape::List if entry.has(Entry::ARRAY) => to.list(key, id, |to| {
                    for element in document.children(id) {
                        match self.meaning(element, 0) {
                            Meaning::Absent => {}
                            Meaning::Text(text, place) => to.element(element, Some((&text, place)), true),
                            Meaning::Unknown => to.element(element, None, false),
                            Meaning::Itself => to.element(element, None, true),
                        }
                    }
                }),
                _ => to.copy_as_text(key, id),
            },
        }
    }

    /// `Config` and `Headers`: the keys are the user's own.
    fn settings(&mut self, to: &mut Translator<'d>, object: EntryId) {
        for id in self.document.members(object) {
            let key = self.document.key(id);
            match self.meaning(id, 0) {
                Meaning::Absent => {}
                Meaning::Text(text, place) => to.reference(key, id, &text, place),
                Meaning::Unknown => to.unknown(key, id),
                Meaning::Itself => to.copy_as_text(key, id),
            }
        }
    }
}

fn uncapitalized(key: &str) -> String {
    let mut characters = key.chars();
    characters.next().map_or(String::new(), |first| first.to_ascii_lowercase().to_string() + characters.as_str())
}

/// A text that something fills in.
fn is_stand_in(text: &str) -> bool {
    crate::text::placeholder::value_state(text, false) != crate::text::placeholder::ValueState::Known
}
