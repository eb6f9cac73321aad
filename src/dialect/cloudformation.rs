//! CloudFormation templates with the resources `MongoDB::Atlas::StreamConnection` and `StreamProcessor`, in JSON or
//! YAML, and the inputs of the first resource's contract tests, which consist of its properties. Source: evidence.md
//! CFN-001.
//!
//! The results of functions are unknown, with three exceptions. A `Ref` to a parameter of the same template with a
//! literal default means that default, which applies unless the deployment sets another; an empty default counts as
//! none. `Fn::Sub` without a variable and `Fn::Join` of known texts mean those texts. `AWS::NoValue` means that the
//! property is absent.

use std::borrow::Cow;

use super::pipeline::{undefined_connection, wrong_connection};
use super::translator::{SourceValue, Translator};
use super::{DetectOptions, DialectMatch, PathPart, documents, key_or_start, processor, string_at, unread, with_first};
use crate::atlas::Kind;
use crate::atlas::fields::{Field, REMARKS, Shape};
use crate::atlas::secret::quoted;
use crate::atlas::stages::{Stage, Use, needs_no_definition};
use crate::connection::Dialect;
use crate::diagnostic::rules::{CONFLICTING_ATTRIBUTES, DEPRECATED_ATTRIBUTE};
use crate::diagnostic::{Finding, Fix, Rule};
use crate::document::{Document, Entry, EntryId};
use crate::fix;
use crate::text::placeholder::{ValueState, value_state};
use crate::text::pointer::escape;
use crate::text::{Span, suggest};

const RESOURCE: &str = "MongoDB::Atlas::StreamConnection";
const PROCESSOR: &str = "MongoDB::Atlas::StreamProcessor";
/// The resources that create a workspace.
const WORKSPACES: &[&str] = &["MongoDB::Atlas::StreamWorkspace", "MongoDB::Atlas::StreamInstance"];

/// The types that the resource supports.
const TYPES: &[&str] = &["Kafka", "Cluster", "Sample", "AWSLambda", "Https"];

/// Properties beside those of the connection.
const AROUND: &[&str] = &["Id", "InstanceName", "Profile", "ProjectId", "WorkspaceName"];

/// The paths of fields in templates, from `Properties` on: the API's names with an initial capital, with a few
/// exceptions.
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
        _ => with_first(field.key(), char::to_ascii_uppercase),
    };
    match field.parent() {
        None => Some(key),
        Some(parent) => Some(path(parent)? + "." + &key),
    }
}

/// The values that the resource allows, if they are fewer than the API's.
pub(super) fn words(field: Field) -> Option<&'static [&'static str]> {
    match field {
        Field::Type => Some(TYPES),
        // Without `authentication.aws` there is no role for AWS_MSK_IAM (evidence.md TFP-005).
        Field::AuthenticationMechanism => Some(&["PLAIN", "SCRAM-256", "SCRAM-512", "OAUTHBEARER", ""]),
        _ => None,
    }
}

fn fields_in(parent: Option<Field>) -> impl Iterator<Item = Field> {
    Field::ALL.iter().copied().filter(move |field| field.parent() == parent)
}

/// The last key of a path.
fn last_key(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or_default()
}

pub(super) fn find(document: &Document, options: DetectOptions) -> Option<DialectMatch> {
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
        return unread(document, RESOURCE, Dialect::CloudFormation);
    }
    let mut properties = Properties { document, template: 0, misspelled: Vec::new(), to: Translator::new(document) };
    let (connections, others): (Vec<_>, Vec<_>) = resources.into_iter().partition(|resource| resource.word == RESOURCE);
    for resource in &connections {
        properties.template = resource.template;
        properties.to.show(resource.kind);
        properties.to.open_definition(resource.properties, None);
        let skip_rules = properties.around(resource);
        if resource.has_properties {
            properties.members(resource.properties, None);
        }
        let workspace = properties.workspace(resource);
        let name_of = |key| document.child(resource.properties, key);
        let definition = properties.to.close_definition(options.mode, skip_rules);
        definition.workspace = workspace;
        definition.condition = resource.condition.map(|id| document.text(id).into());
        definition.project_id = name_of("ProjectId");
        definition.workspace_name = name_of("WorkspaceName").or_else(|| name_of("InstanceName"));
    }
    properties.processors(&connections, &others);
    let recognized = !others.is_empty();
    let mut found = properties.to.finish(Dialect::CloudFormation);
    found.processors = others.iter().filter(|resource| resource.word == PROCESSOR).count();
    found.recognized |= recognized;
    Some(found)
}

/// A resource of a template: a connection, a processor or a workspace.
#[derive(Debug)]
struct Resource {
    /// The root of the template that it is in.
    template: EntryId,
    /// The row that identifies the resource.
    kind: Option<EntryId>,
    /// Its type.
    word: &'static str,
    /// The object with its properties; the resource itself if it has none.
    properties: EntryId,
    has_properties: bool,
    /// The row with the name of its condition.
    condition: Option<EntryId>,
}

/// Whether these are resources of a template: `Type: Vendor::Service::Thing`.
fn has_resources(document: &Document, list: EntryId) -> bool {
    document.children(list).any(|id| string_at(document, id, "Type").is_some_and(|word| word.contains("::")))
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
        let of_atlas = [RESOURCE, PROCESSOR].iter().chain(WORKSPACES);
        let Some(&word) = of_atlas.into_iter().find(|word| string_at(document, id, "Type") == Some(**word)) else {
            continue;
        };
        let properties = document.child(id, "Properties").filter(|&id| document.entry(id).has(Entry::OBJECT));
        resources.push(Resource {
            template,
            kind: document.child(id, "Type"),
            word,
            properties: properties.unwrap_or(id),
            has_properties: properties.is_some(),
            condition: document.child(id, "Condition").filter(|&id| document.entry(id).has(Entry::TEXT)),
        });
    }
}

/// The properties alone, as in the contract tests of the resource.
fn of_test_input(document: &Document, root: EntryId) -> Option<Resource> {
    let state = document.child(root, "desiredResourceState").unwrap_or(root);
    let has = |key: &str| document.child(state, key).is_some();
    let is_input = has("ConnectionName") && AROUND.iter().any(|key| has(key));
    is_input.then_some(Resource {
        template: root,
        kind: None,
        word: RESOURCE,
        properties: state,
        has_properties: true,
        condition: None,
    })
}

/// The meaning of a value.
#[derive(Debug, PartialEq)]
enum Meaning<'d> {
    /// The value itself.
    Itself,
    /// A text that is written elsewhere, or in parts.
    Text(Cow<'d, str>, Option<Span>),
    Absent,
    Unknown,
}

/// Translates the properties of resources.
struct Properties<'d> {
    document: &'d Document,
    /// The root of the template around the present resource.
    template: EntryId,
    /// Misspelled properties beside the connection.
    misspelled: Vec<EntryId>,
    to: Translator<'d>,
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

    /// Whether a value is an `Fn::If` with `AWS::NoValue` in one of its branches.
    fn may_be_absent(&self, id: EntryId, depth: u8) -> bool {
        let Some((name, arguments)) = self.function(id).filter(|_| depth < 8) else { return false };
        name == "Fn::If"
            && self.document.children(arguments).skip(1).any(|branch| {
                self.meaning(branch, depth + 1) == Meaning::Absent || self.may_be_absent(branch, depth + 1)
            })
    }

    fn unknown(&mut self, key: Option<&str>, id: EntryId) {
        let value = SourceValue::of(self.document, id);
        if self.may_be_absent(id, 0) {
            self.to.nullable_value(key, value);
        } else {
            self.to.unknown_value(key, value);
        }
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

    /// The value of a parameter that is not set: its default, or its only allowed value.
    fn default(&self, name: &str) -> Option<Meaning<'d>> {
        let document = self.document;
        let parameter = document.child(document.child(self.template, "Parameters")?, name)?;
        if !matches!(string_at(document, parameter, "Type"), Some("String" | "Number")) {
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

    /// The value of a property, if it is known.
    fn known(&self, object: EntryId, key: &str) -> Option<Cow<'d, str>> {
        let id = self.document.child(object, key)?;
        match self.meaning(id, 0) {
            Meaning::Itself => self.document.value(id).as_str().map(Cow::Borrowed),
            Meaning::Text(text, _) => Some(text),
            Meaning::Absent | Meaning::Unknown => None,
        }
    }

    fn report(&mut self, rule: &'static Rule, message: &'static str, pointer: &'static str) -> Finding<'_> {
        self.to.found.report(rule, message).pointer(pointer)
    }

    /// Checks the properties beside the connection; returns whether nothing else needs to be reported.
    fn around(&mut self, resource: &Resource) -> bool {
        let (document, object) = (self.document, resource.properties);
        let present = |key: &str| {
            let id = document.child(object, key).filter(|_| resource.has_properties)?;
            (self.meaning(id, 0) != Meaning::Absent).then_some(id)
        };
        let (new, old, project) = (present("WorkspaceName"), present("InstanceName"), present("ProjectId"));
        let place = |id| key_or_start(document, id);
        let may_both_be = |new, old| self.may_be_absent(new, 0) || self.may_be_absent(old, 0);
        if let (Some(new), Some(old)) = (new, old)
            && !may_both_be(new, old)
        {
            let message = "`WorkspaceName` and `InstanceName` both name the workspace";
            self.report(&CONFLICTING_ATTRIBUTES, message, "/tenantName")
                .mark(place(old), "deprecated name")
                .mark(place(new), "new name")
                .help("keep `WorkspaceName`");
            return true;
        }
        if self.has_other_type(resource) {
            return true;
        }
        if let (None, Some(old)) = (new, old) {
            let message = "`InstanceName` is deprecated: instances are called workspaces now";
            let edits = fix::renaming(document, old, "WorkspaceName");
            self.report(&DEPRECATED_ATTRIBUTE, message, "/tenantName")
                .mark(place(old), "deprecated name")
                .help("rename it to `WorkspaceName` if the stack may replace the connection (delete and create it)")
                .fix(Fix::unsafe_("Rename it to `WorkspaceName`, and replace the connection", edits));
        }
        // The inputs of contract tests get both from another file.
        let is_template = resource.kind.is_some();
        let workspace = new.or(old);
        let key = workspace.map_or("WorkspaceName", |id| document.key(id));
        let parts = [(PathPart::Project, "ProjectId", project), (PathPart::Workspace, key, workspace)];
        for (part, key, id) in parts {
            let Some(id) = id else {
                if let Some(near) = self.near(object, key).filter(|_| resource.has_properties) {
                    let pointer = format!("/{}", escape(&with_first(document.key(near), char::to_ascii_lowercase)));
                    self.to.misspelled(near, key, pointer, Dialect::CloudFormation);
                    self.misspelled.push(near);
                    continue;
                }
                part.report_missing(&mut self.to.found, key, place(object), false);
                continue;
            };
            let entry = document.entry(id);
            if self.meaning(id, 0) == Meaning::Itself && (entry.has(Entry::OBJECT | Entry::ARRAY) || entry.kind() == 0)
            {
                part.report_wrong_type(&mut self.to.found, key, document.value(id), entry.span());
            }
            let text = self.known(object, key).filter(|text| is_template || !text.is_empty());
            if let Some(text) = text.filter(|_| !document.entry(id).has(Entry::FILLED_IN)) {
                part.check(&mut self.to.found, key, &text, document.entry(id).span(), document.source.name());
            }
        }
        false
    }

    /// Reports an unknown property that was probably meant to be this one beside the connection.
    fn near(&self, object: EntryId, property: &str) -> Option<EntryId> {
        let document = self.document;
        document.members(object).find(|&id| {
            let key = document.key(id);
            let is_own = |field: Field| path(field).is_some_and(|path| path == key) || field.key() == key;
            let is_known = AROUND.contains(&key) || fields_in(None).any(is_own);
            !is_known && suggest::nearest(key, [property]).is_some()
        })
    }

    /// Reports a type of the API that the resource does not support; then nothing else is checked.
    fn has_other_type(&mut self, resource: &Resource) -> bool {
        let id = self.document.child(resource.properties, "Type").filter(|_| resource.has_properties);
        let Some((id, word)) = id.zip(self.known(resource.properties, "Type")) else { return false };
        let is_other = Kind::nearest(&word).is_some_and(|kind| !TYPES.contains(&kind.name()));
        if is_other {
            let shown = quoted(&word, Field::Type.row().marks).unwrap_or("this value".to_owned());
            let message = format!("CloudFormation does not support {shown} for `Type`");
            self.to.unsupported_value(Field::Type, id, message, TYPES);
        }
        is_other
    }

    /// The workspace as a text that is the same for the same workspace.
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

    /// Checks the connections that the pipelines of processors use.
    fn processors(&mut self, connections: &[Resource], others: &[Resource]) {
        for processor in others.iter().filter(|resource| resource.word == PROCESSOR && resource.has_properties) {
            self.template = processor.template;
            let Some(workspace) = self.workspace(processor) else { continue };
            // A different template has different parameters.
            let is_here = |resource: &&Resource| {
                resource.template == processor.template && self.workspace(resource).as_ref() == Some(&workspace)
            };
            let known = connections.iter().filter(is_here).collect::<Vec<_>>();
            let names = known.iter().map(|resource| self.known(resource.properties, "ConnectionName"));
            let names = names.collect::<Vec<_>>();
            let is_workspace = |resource: &&Resource| WORKSPACES.contains(&resource.word);
            // An unknown name may be the right one, and so may a connection of an unknown workspace.
            let is_whole = others.iter().filter(is_workspace).any(|resource| is_here(&resource))
                && names.iter().all(Option::is_some)
                && connections.iter().all(|resource| self.is_workspace_known(resource));
            let mut found = Vec::new();
            for used in self.uses(processor.properties) {
                if value_state(&used.name, false) != ValueState::Known {
                    continue;
                }
                match names.iter().position(|name| name.as_deref() == Some(&used.name)) {
                    Some(at) => {
                        let kind = self.known(known[at].properties, "Type").and_then(|word| Kind::nearest(&word));
                        found.extend(kind.and_then(|kind| wrong_connection(used.stage, used.span, &used.name, kind)));
                    }
                    None if is_whole && !needs_no_definition(&used.name) => {
                        let others = names.iter().filter_map(Option::as_deref);
                        found.push(undefined_connection(used.span, &used.name, others));
                    }
                    None => {}
                }
            }
            self.to.found.diagnostics.extend(found);
        }
    }

    fn is_workspace_known(&self, resource: &Resource) -> bool {
        ["WorkspaceName", "InstanceName"].iter().any(|key| self.known(resource.properties, key).is_some())
    }

    /// The connections that a processor uses: in its pipeline, as a list or as a text, and in its dead letter queue.
    fn uses(&self, properties: EntryId) -> Vec<Use> {
        let document = self.document;
        let place = |id: EntryId| (self.meaning(id, 0) == Meaning::Itself).then(|| document.entry(id).span());
        let mut uses = Vec::new();
        if let Some(id) = document.child(properties, "Pipeline") {
            // A text may contain variables.
            let text = match self.function(id) {
                Some((name, argument)) if name == "Fn::Sub" => Some(argument),
                Some(_) => None,
                None => Some(id),
            };
            if document.entry(id).has(Entry::ARRAY) {
                uses = processor::uses(document, id, place);
            } else if let Some(id) = text.filter(|&id| document.entry(id).has(Entry::TEXT)) {
                let text = document.text(id);
                let whole = document.entry(id).span();
                uses = processor::uses_in_text(text, |range| document.span_within(id, text, range).or(Some(whole)));
            }
        }
        if let (dlq, true) = document.resolve(properties, "/Options/Dlq") {
            uses.extend(processor::use_in(document, dlq, "ConnectionName", Stage::DeadLetters, &place));
        }
        uses
    }

    fn members(&mut self, object: EntryId, parent: Option<Field>) {
        let document = self.document;
        for id in document.members(object) {
            let key = document.key(id);
            let is_around = parent.is_none() && (AROUND.contains(&key) || self.misspelled.contains(&id));
            if is_around || REMARKS.contains(&key) {
                continue;
            }
            let is_own = |field: &Field| path(*field).is_some_and(|path| last_key(&path) == key);
            let is_of_api =
                |field: &Field| field.key() == key || with_first(field.key(), char::to_ascii_uppercase) == key;
            if let Some(field) = fields_in(parent).find(is_own) {
                self.field(field, id);
            } else if let Some(field) = fields_in(parent).find(is_of_api) {
                self.api_field(field, object, id);
            } else {
                // The key in the API's spelling, so that a typo is found.
                let key = with_first(key, char::to_ascii_lowercase);
                match self.meaning(id, 0) {
                    Meaning::Absent => {}
                    Meaning::Itself => self.to.copy(&key, id),
                    Meaning::Text(..) | Meaning::Unknown => self.to.unknown(&key, id),
                }
            }
        }
    }

    /// Reports a field with its API name.
    fn api_field(&mut self, field: Field, object: EntryId, id: EntryId) {
        let key = self.document.key(id);
        let Some(path) = path(field) else {
            let message = format!("CloudFormation does not support `{key}`");
            return self.to.unsupported_field(field, id, message, "not in the resource");
        };
        let property = last_key(&path);
        let message = format!("`{key}` is the API name; CloudFormation uses `{property}`");
        let is_free = self.document.child(object, property).is_none();
        let found = self.to.api_field_name(field, id, property, message, is_free.then_some(property));
        found.help(format!("use `{property}`"));
        self.field(field, id);
    }

    fn field(&mut self, field: Field, id: EntryId) {
        let (document, key) = (self.document, field.key());
        let entry = document.entry(id);
        let (shape, is_itself) = (field.row().shape, self.meaning(id, 0) == Meaning::Itself);
        let is_object = is_itself && entry.has(Entry::OBJECT) && matches!(shape, Shape::Object | Shape::Map);
        let is_list = is_itself && entry.has(Entry::ARRAY) && shape == Shape::List;
        if field == Field::AuthenticationMechanism && self.is_unsupported_mechanism(id) {
            let takes = ["PLAIN", "SCRAM-256", "SCRAM-512", "OAUTHBEARER"];
            let message = "CloudFormation does not support `AWS_MSK_IAM` for `Authentication.Mechanism`".to_owned();
            self.to.unsupported_value(field, id, message, &takes);
            return self.to.unknown(key, id);
        }
        if !is_object && !is_list {
            return self.value(Some(key), id);
        }
        self.to.open(key, id);
        if shape == Shape::Object {
            self.members(id, Some(field));
        } else {
            // In `Config` and `Headers`, the user chooses the keys.
            for child in document.members(id) {
                self.value(is_object.then(|| document.key(child)), child);
            }
        }
        self.to.close();
    }

    fn is_unsupported_mechanism(&self, id: EntryId) -> bool {
        match self.meaning(id, 0) {
            Meaning::Itself => self.document.value(id).as_str() == Some("AWS_MSK_IAM"),
            Meaning::Text(text, _) => text == "AWS_MSK_IAM",
            Meaning::Absent | Meaning::Unknown => false,
        }
    }

    fn value(&mut self, key: Option<&str>, id: EntryId) {
        let value = SourceValue::of(self.document, id);
        match self.meaning(id, 0) {
            Meaning::Absent => {}
            Meaning::Text(text, place) => self.to.reference(key, id, &text, place),
            Meaning::Unknown => self.unknown(key, id),
            Meaning::Itself => self.to.copy_value(key, value, true),
        }
    }
}
