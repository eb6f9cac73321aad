//! Terraform: the connection resources of MongoDB's provider, in HCL and in Terraform's JSON.
//!
//! Attributes have their own names (evidence.md TFP-007). Literals, locals and the defaults of variables are known;
//! everything else is unknown.

pub(super) mod plan;
mod workspace_name;

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use super::module::{self, Context, Scope, Target, TopLevelBlock};
use super::pipeline::{undefined_connection, wrong_connection};
use super::translator::{SourceValue, Translator, Via};
use super::{DetectOptions, DialectMatch, PathPart, processor, with_first};
use crate::atlas::fields::{Field, Shape, Show};
use crate::atlas::formats;
use crate::atlas::secret::{is_word_of, may_be_shown, shown_key, shown_path};
use crate::atlas::stages::{Stage, Use, needs_no_definition};
use crate::atlas::{Kind, Mode};
use crate::connection::{Dialect, Instance, near_type};
use crate::diagnostic::rules::{
    API_FIELD_NAME, ATTRIBUTE_AS_BLOCK, CONFLICTING_ATTRIBUTES, DEPRECATED_ATTRIBUTE, TOO_DEEP, UNSUPPORTED_BY_DIALECT,
    WRONG_TYPE,
};
use crate::diagnostic::{Diagnostic, Edit, Finding, Fix, Rule};
use crate::document::{Document, Entry, EntryId};
use crate::fix;
use crate::parse::{MAX_DEPTH, MOST_COPIES};
use crate::text::order::sort_by_key;
use crate::text::placeholder::{self, ValueState};
use crate::text::{Span, Syntax, pointer, suggest};

const CONNECTION: &str = "mongodbatlas_stream_connection";
const CONNECTION_API: &str = "mongodbatlas_stream_connection_api";
const FAILOVER: &str = "mongodbatlas_stream_connection_failover";
const PROCESSOR: &str = "mongodbatlas_stream_processor";
const WORKSPACE: &str = "mongodbatlas_stream_workspace";
const INSTANCE: &str = "mongodbatlas_stream_instance";

/// Attributes of a resource other than a connection's fields: Terraform's own arguments, and the address of the
/// workspace.
const AROUND: &[&str] = &[
    "//",
    "connection",
    "count",
    "delete_on_create_timeout",
    "depends_on",
    "dynamic",
    "for_each",
    "instance_name",
    "lifecycle",
    "project_id",
    "provider",
    "provisioner",
    "timeouts",
    "workspace_name",
];

/// Attributes that the provider computes, so that only a plan has them.
const COMPUTED: &[&str] = &["id", "state"];

/// Fields that the resource for connections lacks, and that the newer resources for the API and for failover have
/// (evidence.md TFP-008).
pub(super) const UNSUPPORTED_FIELDS: &[Field] = &[
    Field::AuthenticationSslCertificate,
    Field::AuthenticationSslKey,
    Field::AuthenticationSslKeyPassword,
    Field::AwsTestBucket,
    Field::NetworkingAccessName,
    Field::NetworkingAccessTgwRouteId,
];

/// Fields whose attribute is not their name in snake case.
const NAMES: &[(Field, &str)] = &[
    (Field::Name, "connection_name"),
    (Field::ClusterGroupId, "cluster_project_id"),
    (Field::Provider, "schema_registry_provider"),
];

/// Whether the resource for connections has no attribute for a field.
#[cfg(feature = "convert")]
pub(crate) fn lacks(field: Field) -> bool {
    UNSUPPORTED_FIELDS.contains(&field)
}

/// The attribute for a field, inside of its parent.
fn own_key(field: Field) -> Cow<'static, str> {
    if let Some((_, name)) = NAMES.iter().find(|(named, _)| *named == field) {
        return Cow::Borrowed(name);
    }
    if field == Field::PublicPrivateNetworking {
        return Cow::Borrowed("networking");
    }
    snake(field.key())
}

/// The path of a field, as [`Dialect::path`].
pub(super) fn path(field: Field) -> Cow<'static, str> {
    match field.parent() {
        None => own_key(field),
        Some(parent) => format!("{}.{}", path(parent), own_key(field)).into(),
    }
}

fn snake(key: &'static str) -> Cow<'static, str> {
    let is_upper = |c: char| c.is_ascii_uppercase();
    if !key.contains(is_upper) {
        return Cow::Borrowed(key);
    }
    let split = |c| is_upper(c).then_some('_').into_iter().chain([c.to_ascii_lowercase()]);
    key.chars().flat_map(split).collect::<String>().into()
}

fn camel(key: &str) -> String {
    let (first, rest) = key.split_once('_').unwrap_or((key, ""));
    rest.split('_').fold(first.to_owned(), |camel, part| camel + &with_first(part, char::to_ascii_uppercase))
}

/// The field of an attribute, and whether its key is the name in the API, or in a tool generated from it.
fn field_of(parent: Option<Field>, key: &str, kind: Option<Kind>) -> Option<(Field, bool)> {
    if parent.is_none() {
        let is_private = || kind.is_some_and(|kind| Field::PublicPrivateNetworking.row().kinds.contains(kind));
        if key == "public_private_networking" || key == "networking" && is_private() {
            return Some((Field::PublicPrivateNetworking, key != "networking" && is_private()));
        }
        if let Some((field, name)) = NAMES.iter().find(|(_, name)| *name == key || camel(name) == key) {
            return Some((*field, *name != key));
        }
    }
    let of_api = Field::child(parent, key).map(|field| (field, own_key(field) != key));
    // It may also be an API name in snake case: `cluster_group_id`.
    let by_attribute = || Field::child(parent, &camel(key)).map(|field| (field, own_key(field) != key));
    of_api.or_else(by_attribute)
}

/// Whether a text is Terraform.
fn is_mine(document: &Document, options: DetectOptions) -> bool {
    match document.syntax {
        Syntax::Hcl => true,
        Syntax::Yaml => false,
        Syntax::Json | Syntax::Jsonc => {
            module::is_terraform(document.source.name())
                || options.dialect == Some(Dialect::Terraform) && module::has_blocks(document)
        }
    }
}

pub(super) fn find(document: &Document, options: DetectOptions, context: &Context) -> Option<DialectMatch> {
    if !is_mine(document, options) {
        return None;
    }
    if module::is_file_of_values(document.source.name()) {
        return Some(find_values(document, options, context));
    }
    let scope = Scope::new(document, context);
    let mut finder = Finder::new(document, &scope);
    let mut recognized = false;
    let mut processors = 0;
    for block in module::top_level_blocks(document) {
        let Some(&kind) = block.labels.first() else { continue };
        match (block.kind, kind) {
            ("resource", CONNECTION | CONNECTION_API | FAILOVER) => {
                finder.connections_of(&block, options.mode);
                finder.to.show(block.keys);
            }
            ("data", CONNECTION | PROCESSOR) => {
                finder.workspace(&block);
            }
            ("resource", PROCESSOR) => {
                finder.workspace(&block);
                finder.processor(&block);
                processors += 1;
            }
            _ => {}
        }
        recognized |= kind.starts_with("mongodbatlas_stream_");
    }
    let mut found = finder.to.finish(Dialect::Terraform);
    sort_by_key(&mut found.notes, |note| note.connection);
    found.mode = options.mode.unwrap_or(Mode::Create);
    found.processors = processors;
    found.recognized = recognized || document.damaged && document.source.text().contains("mongodbatlas_stream_");
    Some(found)
}

/// Finds the values that a values file sets in connections of its module.
fn find_values(document: &Document, options: DetectOptions, context: &Context) -> DialectMatch {
    let scopes =
        context.declaring().map(|file| (file, Scope::new(file, context).with_values(document))).collect::<Vec<_>>();
    let mut translator = Translator::new(document);
    translator.is_of_values = true;
    for (file, scope) in &scopes {
        let mut finder = Finder { to: translator, values: Some(document), ..Finder::new(file, scope) };
        for block in module::top_level_blocks(file) {
            if let ("resource", Some(&(CONNECTION | CONNECTION_API | FAILOVER))) = (block.kind, block.labels.first()) {
                finder.connections_of(&block, options.mode);
            }
        }
        translator = finder.to;
    }
    let mut found = translator.finish(Dialect::Terraform);
    sort_by_key(&mut found.notes, |note| note.connection);
    found.mode = options.mode.unwrap_or(Mode::Create);
    found
}

/// A fix with a title, safe or not.
type BareWordFix = fn(Cow<'static, str>, Vec<Edit>) -> Fix;

/// Translates the connections of one file.
struct Finder<'m> {
    document: &'m Document,
    scope: &'m Scope<'m>,
    to: Translator<'m>,
    /// The pointer of the current field.
    pointer: String,
    /// The same in the keys of the text.
    keys: Vec<&'m str>,
    /// The type of the current connection.
    kind: Option<Kind>,
    unsupported_fields: &'static [Field],
    /// The fields that it has.
    unsupported: Vec<Field>,
    /// Values that are known only after the apply, in a plan.
    unknowns: Option<EntryId>,
    is_plan: bool,
    /// Misspelled attributes beside the connection.
    misspelled: Vec<EntryId>,
    /// The objects and arrays around the current value.
    depth: u8,
    /// The number of values that references expanded to.
    copies: usize,
    /// The current values file, if there is one; `document` is another file of its module.
    values: Option<&'m Document>,
    /// The value of `each` in the current resource.
    each: Option<Each<'m>>,
    connections: OnceCell<Connections>,
    workspaces: OnceCell<BTreeSet<String>>,
}

/// An element of `for_each`.
#[derive(Debug, Clone, Copy)]
struct Each<'m> {
    value: Target<'m>,
    /// Whether it is an element of a set, which is its own key.
    is_of_set: bool,
}

impl<'m> Each<'m> {
    fn key(&self) -> &'m str {
        let Target { document, id } = self.value;
        if self.is_of_set { document.text(id) } else { document.key(id) }
    }

    fn key_span(&self) -> Span {
        let entry = self.value.document.entry(self.value.id);
        entry.key_span().unwrap_or(entry.span())
    }
}

impl<'m> Finder<'m> {
    fn new(document: &'m Document, scope: &'m Scope<'m>) -> Self {
        Self {
            document,
            scope,
            to: Translator::new(document),
            pointer: String::new(),
            keys: Vec::new(),
            kind: None,
            unsupported_fields: &[],
            unsupported: Vec::new(),
            unknowns: None,
            is_plan: false,
            misspelled: Vec::new(),
            depth: 0,
            copies: 0,
            values: None,
            each: None,
            connections: OnceCell::new(),
            workspaces: OnceCell::new(),
        }
    }

    fn key_span(&self, id: EntryId) -> Span {
        let entry = self.document.entry(id);
        entry.key_span().unwrap_or(entry.span())
    }

    fn kind_of(&self, resource: Target<'m>) -> Option<Kind> {
        let id = resource.document.child(resource.id, "type").or_else(|| {
            let body = resource.document.value(resource.id).as_object()?;
            near_type(resource.document, body).map(|(id, _)| id)
        })?;
        let target = match module::reference_of(resource.document, id) {
            Some(reference) if module::is_bare_word(reference) => return Kind::from_name(reference),
            Some(reference) => self.resolve(reference)?,
            None => Target { id, ..resource },
        };
        let entry = target.document.entry(target.id);
        let word = (entry.has(Entry::TEXT) && !entry.has(Entry::UNKNOWN)).then(|| target.document.text(target.id))?;
        Kind::nearest(word)
    }

    /// Writes the connections of a resource: with a literal `for_each`, one for each element.
    fn connections_of(&mut self, block: &TopLevelBlock, mode: Option<Mode>) {
        let elements = self.elements(block);
        let size = self.document.entry(block.body).next() - block.body;
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        for (at, each) in elements.iter().enumerate() {
            if at > 0 && self.copies <= MOST_COPIES {
                self.copies = self.copies.saturating_add(size);
                if self.copies > MOST_COPIES {
                    let span =
                        self.document.child(block.body, "for_each").map_or(block.heading, |id| self.key_span(id));
                    self.to.found.add(too_many_values(span));
                }
            }
            if at > 0 && self.copies > MOST_COPIES {
                break;
            }
            self.each = Some(*each);
            self.connection(block, mode, at > 0);
        }
        self.each = None;
        if elements.is_empty() {
            self.connection(block, mode, false);
        }
    }

    /// The elements of `for_each`; none if there are none, or if they are known only at run time.
    fn elements(&self, block: &TopLevelBlock) -> Vec<Each<'m>> {
        let document = self.document;
        let written = document.child(block.body, "for_each").map(|id| Target { document, id });
        let Some(target) = written.and_then(|target| self.scope.settled(target)) else { return Vec::new() };
        let Target { document, id } = target;
        let entry = document.entry(id);
        let is_of_set = entry.has(Entry::ARRAY);
        let elements = document.members(id).map(|id| Each { value: Target { document, id }, is_of_set });
        let elements = elements.collect::<Vec<_>>();
        let is_known = |each: &Each| {
            let entry = each.value.document.entry(each.value.id);
            !is_of_set || entry.has(Entry::TEXT) && !entry.has(Entry::UNKNOWN) && !each.key().contains("${")
        };
        let are_known = entry.has(Entry::OBJECT | Entry::ARRAY) && elements.iter().all(is_known);
        if are_known { elements } else { Vec::new() }
    }

    /// The literal value that a reference leads to; `None` if it is known only at run time.
    fn resolve(&self, reference: &str) -> Option<Target<'m>> {
        match self.each_value(reference) {
            Some(value) => self.scope.settled(value),
            None => self.scope.resolve(reference),
        }
    }

    /// The same row in the current values file, if it belongs to it.
    fn in_current_file(&self, target: Target<'m>) -> Target<'m> {
        let is_same_file = |values: &&Document| {
            let (one, other) = (&values.source, &target.document.source);
            one.name() == other.name() && one.text() == other.text()
        };
        self.values.filter(is_same_file).map_or(target, |document| Target { document, ..target })
    }

    /// The target of `each.value…`.
    fn each_value(&self, reference: &str) -> Option<Target<'m>> {
        let each = self.each?;
        let parts = module::parts(reference)?;
        match parts.as_slice() {
            [root, value, path @ ..] if root == "each" && value == "value" => self.scope.inside(each.value, path),
            _ => None,
        }
    }

    /// The text of a string or reference with `each` in it; `None` if it is known only at run time.
    fn text_with_each(&self, document: &'m Document, id: EntryId) -> Option<String> {
        let each = self.each?;
        if module::reference_of(document, id).is_some_and(|reference| reference == "each.key") {
            return Some(each.key().to_owned());
        }
        let mut rest = document.entry(id).has(Entry::TEXT).then(|| document.text(id))?;
        if !rest.contains("${each.") || rest.contains("$${") || rest.contains("%{") {
            return None;
        }
        let mut text = String::new();
        while let Some((before, behind)) = rest.split_once("${") {
            let (reference, after) = behind.split_once('}')?;
            let reference = reference.trim();
            text.push_str(before);
            if reference == "each.key" {
                text.push_str(each.key());
            } else {
                let Target { document, id } = self.resolve(reference)?;
                let entry = document.entry(id);
                let is_known = entry.has(Entry::TEXT | Entry::NUMBER) && !entry.has(Entry::UNKNOWN | Entry::FILLED_IN);
                text.push_str(is_known.then(|| document.text(id)).filter(|text| !text.contains("${"))?);
            }
            rest = after;
        }
        text.push_str(rest);
        Some(text)
    }

    fn connection(&mut self, block: &TopLevelBlock, mode: Option<Mode>, is_copy: bool) {
        let (document, resource) = (self.document, block.labels[0]);
        let here = Target { document, id: block.body };
        self.kind = self.kind_of(here);
        self.unsupported_fields = if resource == CONNECTION { UNSUPPORTED_FIELDS } else { &[] };
        let heading = self.values.is_none().then_some(block.heading);
        self.to.open_definition(block.body, heading);
        let skip_rules = self.values.is_none() && self.workspace(block);
        if !skip_rules {
            self.path_parts(block.body, heading);
        }
        let notes = self.to.found.diagnostics.len();
        self.fields(SourceValue::of(document, block.body), None);
        if self.values.is_some() {
            // They belong to the other file.
            self.to.found.diagnostics.truncate(notes);
            let line = document.source.text()[..block.heading.start].matches('\n').count() + 1;
            let name = document.source.name();
            let name = name.rsplit('/').next().unwrap_or(name);
            self.to.close_definition(mode_of(resource, mode), false).used_in = Some(format!("{name}:{line}").into());
            return;
        }
        // An unknown workspace counts as different from all others.
        let element = self.each.map_or(0, |each| each.value.id);
        let unknown = |id| format!("terraform {} {id} {element}", document.source.name());
        let workspace = self.workspace_of(here).or_else(|| written_workspace(here).map(unknown));
        let condition = self.condition_of(block);
        let of_element = |each: Each| each.value.document.entry(each.value.id).whole();
        let element = self.each.filter(|each| std::ptr::eq(each.value.document, document)).map(of_element);
        let definition = self.to.close_definition(mode_of(resource, mode), skip_rules);
        definition.instance = Instance { is_copy, element };
        definition.workspace = workspace.map(Into::into);
        definition.condition = condition;
        definition.workspace_name = written_workspace(here);
        definition.project_id = document.child(block.body, "project_id");
        definition.unsupported = std::mem::take(&mut self.unsupported);
        definition.unsupported_fields = self.unsupported_fields;
    }

    /// The workspace of a resource, as a text that is the same for the same workspace.
    fn workspace_of(&self, resource: Target<'m>) -> Option<String> {
        let workspace = self.workspace_name_of(resource)?;
        let project = resource.document.child(resource.id, "project_id");
        let project = match project {
            Some(id) if Self::is_of_instance(resource.document, id) => Some(self.identity(resource.document, id)?),
            Some(id) => self.identity(resource.document, id),
            None => None,
        };
        let file = self.document.source.name();
        let place = if self.scope.is_module { module::folder(file) } else { file };
        // A resource contains its project.
        let project = project.filter(|_| workspace.starts_with('"')).unwrap_or_default();
        Some(format!("terraform {place} {project} {workspace}"))
    }

    fn workspace_name_of(&self, resource: Target<'m>) -> Option<String> {
        self.identity(resource.document, written_workspace(resource)?)
    }

    /// Whether a value depends on the element of `for_each` or on the index of `count`.
    fn is_of_instance(document: &Document, id: EntryId) -> bool {
        let text = || {
            let span = document.entry(id).span();
            document.source.text().get(span.start..span.end).unwrap_or_default()
        };
        !document.entry(id).has(Entry::OBJECT | Entry::ARRAY) && module::names_instance(text())
    }

    /// As [`Scope::identity`], for the current element of `for_each`. Without one, a value that depends on it has none;
    /// other expressions are equal if their texts are.
    fn identity(&self, document: &'m Document, id: EntryId) -> Option<String> {
        if let Some(text) = self.text_with_each(document, id) {
            return Some(format!("\"{text}"));
        }
        if let Some(target) = module::reference_of(document, id).and_then(|reference| self.each_value(reference)) {
            return self.scope.identity(target.document, target.id);
        }
        if Self::is_of_instance(document, id) {
            return None;
        }
        self.scope.identity(document, id).or_else(|| {
            let entry = document.entry(id);
            let is_expression = entry.has(Entry::UNKNOWN) && entry.kind() == 0;
            let text = document.source.text().get(entry.span().start..entry.span().end);
            text.filter(|_| is_expression).map(|text| format!("={text}"))
        })
    }

    /// The condition of a resource that exists only under one: its `count` or `for_each`, unless that is known.
    fn condition_of(&self, block: &TopLevelBlock) -> Option<Box<str>> {
        let document = self.document;
        let id = match document.child(block.body, "count") {
            Some(id) if document.entry(id).has(Entry::NUMBER) && document.text(id) != "0" => return None,
            Some(id) => id,
            None => document.child(block.body, "for_each").filter(|_| self.each.is_none())?,
        };
        let span = document.entry(id).span();
        document.source.text().get(span.start..span.end).map(Into::into)
    }

    /// The connections of the module's resources.
    fn connections(&self) -> Connections {
        let mut known = Connections::default();
        for document in self.scope.documents() {
            for block in module::top_level_blocks(document) {
                // A data source reads a connection that exists.
                let (("resource", Some(&(CONNECTION | CONNECTION_API))) | ("data", Some(&CONNECTION))) =
                    (block.kind, block.labels.first())
                else {
                    continue;
                };
                let resource = Target { document, id: block.body };
                let name = document.child(block.body, "connection_name");
                let name = name.and_then(|id| self.scope.identity(document, id));
                known.add(self.workspace_of(resource), name, self.kind_of(resource));
            }
        }
        known
    }

    /// The names of the module's workspaces, and the beginning of references to them.
    fn workspaces(&self) -> BTreeSet<String> {
        let mut workspaces = BTreeSet::new();
        for document in self.scope.documents() {
            for block in module::top_level_blocks(document) {
                if let ("resource", [kind @ (WORKSPACE | INSTANCE), label]) = (block.kind, block.labels.as_slice()) {
                    workspaces.insert(format!("={kind}.{label}."));
                    workspaces.extend(self.workspace_name_of(Target { document, id: block.body }));
                }
            }
        }
        workspaces
    }

    /// Whether a resource of the module is the workspace of this name.
    fn defines_workspace(&self, name: &str) -> bool {
        let workspaces = self.workspaces.get_or_init(|| self.workspaces());
        let second = name.match_indices('.').nth(1).map(|(at, _)| at);
        workspaces.contains(name) || second.is_some_and(|at| workspaces.contains(&name[..=at]))
    }

    /// The connections that the pipeline of a processor uses.
    fn processor(&mut self, block: &TopLevelBlock) {
        let document = self.document;
        let mut uses = Vec::new();
        if let Some(id) = document.child(block.body, "pipeline") {
            let entry = document.entry(id);
            if entry.has(Entry::ARRAY) {
                uses = processor::uses(document, id, |id| Some(document.entry(id).span()));
            } else if entry.has(Entry::TEXT) {
                let text = document.text(id);
                uses = processor::uses_in_text(text, |range| document.span_within(id, text, range));
            }
        }
        let (id, is_there) = document.resolve(block.body, "/options/dlq/connection_name");
        if is_there {
            let span = document.entry(id).span();
            let name = match module::reference_of(document, id) {
                Some(reference) => Some(format!("${{{reference}}}")),
                None => document.value(id).as_str().map(str::to_owned),
            };
            uses.extend(name.map(|name| Use { name, span, stage: Stage::DeadLetters }));
        }
        if uses.is_empty() {
            return;
        }
        let processor = Target { document, id: block.body };
        let (workspace, name) = (self.workspace_of(processor), self.workspace_name_of(processor));
        let is_whole = self.scope.is_whole() && name.is_some_and(|name| self.defines_workspace(&name));
        for found in uses {
            let diagnostic = self.check_use(&found, workspace.as_deref(), is_whole);
            self.to.found.diagnostics.extend(diagnostic);
        }
    }

    fn check_use(&self, found: &Use, workspace: Option<&str>, is_whole: bool) -> Option<Diagnostic> {
        let stage = |name: &str, kind: Option<Kind>| {
            kind.and_then(|kind| wrong_connection(found.stage, found.span, name, kind))
        };
        let mut name = Cow::Borrowed(found.name.as_str());
        if let Some(reference) = module::only_reference(&found.name) {
            let parts = module::parts(reference)?;
            if let Some((resource, "connection_name")) = self.scope.attribute(&parts) {
                let words = parts.iter().rev().nth(1).map(AsRef::as_ref).unwrap_or_default();
                return stage(words, self.kind_of(resource));
            }
            let target = self.scope.resolve(reference)?;
            name = Cow::Owned(target.document.value(target.id).as_str()?.to_owned());
        }
        if placeholder::value_state(&name, false) != ValueState::Known {
            return None;
        }
        let known = self.connections.get_or_init(|| self.connections());
        let here = workspace.and_then(|workspace| known.by_workspace.get(workspace));
        if let Some(kind) = here.and_then(|here| here.get(&format!("\"{name}"))) {
            return stage(&name, *kind);
        }
        // A connection in an unknown workspace may be the right one.
        let may_be = known.open.contains(&None) || known.open.contains(&workspace.map(str::to_owned));
        if !is_whole || needs_no_definition(&name) || may_be {
            return None;
        }
        let others = here.into_iter().flatten().filter_map(|(name, _)| name.strip_prefix('"'));
        Some(undefined_connection(found.span, &name, others))
    }

    fn report(
        &mut self,
        rule: &'static Rule,
        span: Span,
        message: impl Into<Cow<'static, str>>,
        label: impl Into<Cow<'static, str>>,
    ) -> Finding<'_> {
        self.to.found.report(rule, message).pointer(self.pointer.clone()).mark(span, label)
    }

    /// Checks that the workspace has exactly one name, under the newer attribute. Returns whether that is all there is
    /// to report.
    fn workspace(&mut self, block: &TopLevelBlock) -> bool {
        let document = self.document;
        let given = |key| {
            let id = document.child(block.body, key)?;
            let entry = document.entry(id);
            (entry.kind() != 0 || entry.has(Entry::UNKNOWN)).then_some(id)
        };
        let is_older = block.labels[0] != FAILOVER && block.labels[0] != CONNECTION_API;
        let may_be_null = |id| match module::reference_of(document, id) {
            Some(reference) => self.scope.may_be_null(reference),
            None => module::may_be_null(document, id),
        };
        match (given("workspace_name"), given("instance_name")) {
            (Some(new), Some(old)) if may_be_null(new) || may_be_null(old) => {}
            (Some(new), Some(old)) => {
                let message = "`workspace_name` and `instance_name` both name the workspace";
                let (new, old) = (self.key_span(new), self.key_span(old));
                self.report(&CONFLICTING_ATTRIBUTES, old, message, "deprecated name")
                    .mark(new, "new name")
                    .help("keep `workspace_name`");
                return true;
            }
            (None, Some(old)) if is_older && !workspace_name::is_excluded(self.scope.documents()) => {
                self.older_workspace(block, old);
            }
            _ => {}
        }
        false
    }

    /// Reports `instance_name`. The fix also renames the references to it.
    fn older_workspace(&mut self, block: &TopLevelBlock, old: EntryId) {
        let document = self.document;
        let is_connection = block.kind == "resource" && block.labels[0] == CONNECTION;
        let prefix = if block.kind == "data" { "data." } else { "" };
        let address = format!("{prefix}{}.{}", block.labels[0], block.labels.get(1).copied().unwrap_or_default());
        let edits = fix::renaming(document, old, workspace_name::NEW);
        // Only this file is changed, so a reference in another file would break.
        let mut others = self.scope.documents().skip(1);
        let edits = if others.any(|other| !workspace_name::references(other, &address).is_empty()) {
            Vec::new()
        } else {
            let mut edits = [edits, workspace_name::renamed_references(document, &address)].concat();
            sort_by_key(&mut edits, |edit| edit.span);
            edits
        };
        let title = if is_connection {
            "Rename it to `workspace_name`, and replace the connection"
        } else {
            "Rename it to `workspace_name`"
        };
        let help = if is_connection {
            "rename it to `workspace_name` if Terraform may replace the connection (delete and create it)"
        } else {
            "rename it to `workspace_name`"
        };
        let (old, label) = (self.key_span(old), "use `workspace_name`");
        self.report(&DEPRECATED_ATTRIBUTE, old, "`instance_name` is deprecated", label)
            .help(help)
            .fix(Fix::unsafe_(title, edits));
    }

    /// Checks the project and the workspace of a resource (evidence.md TFP-003). `heading` is the span to mark for
    /// missing attributes; a plan has all that the provider requires.
    fn path_parts(&mut self, body: EntryId, heading: Option<Span>) {
        let document = self.document;
        let of_workspace = written_workspace(Target { document, id: body });
        let workspace = of_workspace.map_or("workspace_name", |id| document.key(id));
        let project = document.child(body, "project_id");
        let parts = [(PathPart::Project, "project_id", project), (PathPart::Workspace, workspace, of_workspace)];
        for (part, spelling, id) in parts {
            let Some(id) = id.filter(|&id| document.entry(id).kind() != 0 || document.entry(id).has(Entry::UNKNOWN))
            else {
                if let Some(near) = self.near(body, spelling).filter(|_| self.values.is_none()) {
                    let pointer = format!("/{}", pointer::escape(&camel(document.key(near))));
                    self.to.misspelled(near, spelling, pointer, Dialect::Terraform);
                    self.misspelled.push(near);
                    continue;
                }
                if let Some(heading) = heading.filter(|_| !document.entry(body).has(Entry::UNKNOWN)) {
                    part.report_missing(&mut self.to.found, spelling, heading, false);
                }
                continue;
            };
            let target = match module::reference_of(document, id) {
                Some(word) if module::is_bare_word(word) && self.values.is_none() => {
                    let is_valid = match part {
                        PathPart::Project => formats::is_object_id(word),
                        PathPart::Workspace => formats::is_connection_name(word),
                    };
                    let pointer = part.pointer().to_owned();
                    self.bare_word(id, spelling, pointer, is_valid.then_some(Fix::safe));
                    continue;
                }
                Some(reference) => self.resolve(reference),
                None => Some(Target { document, id }),
            };
            let Some(target) = target.map(|target| self.in_current_file(target)) else { continue };
            // It is reported at the value.
            let is_there = self.values.is_some_and(|values| std::ptr::eq(values, target.document));
            if is_there != (self.values.is_some() || module::is_file_of_values(target.document.source.name())) {
                continue;
            }
            let entry = target.document.entry(target.id);
            if entry.has(Entry::OBJECT | Entry::ARRAY)
                && !entry.has(Entry::UNKNOWN | Entry::BLOCK)
                && self.values.is_none()
            {
                let value = target.document.value(target.id);
                part.report_wrong_type(&mut self.to.found, spelling, value, document.entry(id).span());
            }
            if entry.has(Entry::TEXT) && !entry.has(Entry::UNKNOWN | Entry::FILLED_IN) {
                let span = if is_there { entry.span() } else { document.entry(id).span() };
                let (span, text) = (span, target.document.text(target.id));
                part.check(&mut self.to.found, spelling, text, span, document.source.name());
            }
        }
    }

    /// Reports an unknown attribute that was meant to be this one beside the connection.
    fn near(&self, body: EntryId, spelling: &str) -> Option<EntryId> {
        let document = self.document;
        document.members(body).find(|&id| {
            let key = document.key(id);
            let is_known = AROUND.contains(&key) || field_of(None, key, self.kind).is_some();
            !is_known && suggest::nearest(key, [spelling]).is_some()
        })
    }

    /// Writes the fields of an object of the connection.
    fn fields(&mut self, object: SourceValue<'m>, parent: Option<Field>) {
        let document = object.document;
        self.only_known_later(object, parent);
        for child in document.members(object.id) {
            let key = document.key(child);
            let is_provider = key == "provider" && self.is_registry_provider(document, child);
            if parent.is_none() && self.misspelled.contains(&child) {
                continue;
            }
            if parent.is_none() && self.is_plan && COMPUTED.contains(&key) {
                continue;
            }
            if parent.is_none() && AROUND.contains(&key) && !is_provider {
                // Unlike `lifecycle` and the like, it is an attribute (evidence.md TFP-002).
                if key == "timeouts" && object.via.is_none() && document.entry(child).has(Entry::BLOCK) {
                    self.block(child);
                }
                continue;
            }
            let field = field_of(parent, key, self.kind);
            // An unknown field may belong elsewhere: its API name shows where.
            let name = field.map_or_else(|| Cow::Owned(camel(key)), |(field, _)| Cow::Borrowed(field.key()));
            let length = self.pointer.len();
            self.pointer.push('/');
            self.pointer.push_str(&pointer::escape(&name));
            self.keys.push(key);
            self.field(object, child, &name, field);
            self.pointer.truncate(length);
            self.keys.pop();
        }
    }

    /// Whether `provider` is the schema registry's, and not the configuration of a Terraform provider.
    fn is_registry_provider(&self, document: &Document, id: EntryId) -> bool {
        let is_text = document.entry(id).has(Entry::TEXT) && module::reference_of(document, id).is_none();
        self.kind == Some(Kind::SchemaRegistry) && is_text && !document.text(id).contains('.')
    }

    /// Writes a field under this API name.
    fn field(&mut self, object: SourceValue<'m>, id: EntryId, name: &str, field: Option<(Field, bool)>) {
        let document = object.document;
        let value = SourceValue { id, ..object };
        if object.via.is_none() && document.entry(id).has(Entry::BLOCK) {
            self.block(id);
        }
        // The resource for the API has this block.
        let is_own = |field| field == Field::PublicPrivateNetworking && self.unsupported_fields.is_empty();
        if let Some((field, true)) = field.filter(|&(field, _)| object.via.is_none() && !is_own(field)) {
            let attribute = own_key(field);
            let is_there = document.child(object.id, &attribute).is_some();
            self.api_field_name(id, &attribute, is_there);
            // The field with the right name counts.
            if is_there {
                return;
            }
        }
        let field = field.map(|(field, _)| field);
        let Some(unsupported) = field.filter(|field| self.unsupported_fields.contains(field)) else {
            self.write(Some(name), value, field, false);
            return;
        };
        if self.write(Some(name), value, None, true) {
            self.unsupported_field(value, unsupported);
            if !self.unsupported.contains(&unsupported) {
                self.unsupported.push(unsupported);
            }
        }
    }

    /// Writes the fields of an object that a plan leaves out because they are known only after the apply.
    fn only_known_later(&mut self, object: SourceValue<'m>, parent: Option<Field>) {
        let document = object.document;
        let step = |at: Option<EntryId>, key: &&str| document.child(at?, key);
        let Some(later) = self.keys.iter().fold(self.unknowns, step) else { return };
        for child in document.members(later) {
            let key = document.key(child);
            let is_there = || document.child(object.id, key).is_some_and(|id| document.entry(id).kind() != 0);
            if !document.entry(child).has(Entry::TRUE) || (parent.is_none() && AROUND.contains(&key)) || is_there() {
                continue;
            }
            if let Some((field, false)) = field_of(parent, key, self.kind) {
                self.to.unknown(field.key(), child);
            }
        }
    }

    /// Writes a value; returns whether there is one.
    fn write(&mut self, key: Option<&str>, value: SourceValue<'m>, field: Option<Field>, as_unknown: bool) -> bool {
        let SourceValue { document, id, via } = value;
        if via.is_some_and(|via| self.is_too_much(via)) {
            self.to.unknown_value(key, value);
            return true;
        }
        if let Some(word) = module::reference_of(document, id).filter(|word| module::is_bare_word(word))
            && via.is_none()
            && self.values.is_none()
            && std::ptr::eq(document, self.document)
            // The unknown attribute has its own finding.
            && (field.is_some() || self.depth > 0)
        {
            let is_word = field.is_some_and(|field| is_word_of(field.key(), word));
            let is_public =
                field.is_some_and(|field| field.row().show == Show::Whole && may_be_shown(word, field.row().marks));
            let fix =
                if is_word { Some(Fix::safe as BareWordFix) } else { is_public.then_some(Fix::unsafe_ as BareWordFix) };
            let spelling = field.map_or_else(|| key.unwrap_or_default().to_owned(), |field| path(field).into_owned());
            let pointer = self.pointer.clone();
            self.bare_word(id, &spelling, pointer, fix);
            if is_word {
                self.to.reference(key, id, word, None);
            } else {
                self.to.unknown_value(key, value);
            }
            return true;
        }
        if let Some(text) = self.text_with_each(document, id).filter(|_| !as_unknown && via.is_none()) {
            let is_here = |each: &Each| std::ptr::eq(each.value.document, self.document);
            let is_key = module::reference_of(document, id).is_some();
            if self.values.is_some() {
                self.to.unknown_value(key, value);
                return true;
            }
            let place = self.each.filter(|each| is_key && is_here(each)).map(|each| each.key_span());
            self.to.reference(key, id, &text, place);
            return true;
        }
        if let Some(reference) = module::reference_of(document, id) {
            // The element is checked at its own position.
            if let Some(target) =
                self.each_value(reference).map(|target| self.in_current_file(target)).filter(|_| !as_unknown)
            {
                let is_here = std::ptr::eq(target.document, self.document);
                let via = via.or((!is_here).then_some(Via { at: id, place: None }));
                let each = self.each.take();
                let value = SourceValue { document: target.document, id: target.id, via };
                let written = self.write(key, value, field, false);
                self.each = each;
                return written;
            }
            let Some(target) =
                self.resolve(reference).map(|target| self.in_current_file(target)).filter(|_| !as_unknown)
            else {
                if !as_unknown && self.scope.may_be_null(reference) {
                    self.to.nullable_value(key, value);
                } else {
                    self.to.unknown_value(key, value);
                }
                return true;
            };
            // The default of a variable applies only until the variable is set.
            if target.document.entry(target.id).kind() == 0 && self.scope.may_be_null(reference) {
                self.to.nullable_value(key, value);
                return true;
            }
            let is_here = std::ptr::eq(target.document, self.document);
            let place = is_here.then(|| target.document.entry(target.id).span());
            let via = via.or(Some(Via { at: id, place }));
            return self.write_found(key, SourceValue { document: target.document, id: target.id, via }, field, false);
        }
        self.write_found(key, value, field, as_unknown)
    }

    /// Writes a value that does not name another one.
    fn write_found(
        &mut self,
        key: Option<&str>,
        value: SourceValue<'m>,
        field: Option<Field>,
        as_unknown: bool,
    ) -> bool {
        let SourceValue { document, id, via } = value;
        let entry = *document.entry(id);
        if entry.kind() == 0 && !entry.has(Entry::UNKNOWN) {
            return false;
        }
        let is_given = via.is_some() && self.values.is_none() && module::is_file_of_values(document.source.name());
        if let Some(via) = via.filter(|_| is_given) {
            self.to.foreign.push(self.document.entry(via.at).span());
        }
        // An object is checked at its own position.
        let as_unknown = as_unknown || is_given && entry.has(Entry::OBJECT | Entry::ARRAY);
        if !as_unknown && module::may_be_null(document, id) {
            self.to.nullable_value(key, value);
            return true;
        }
        let is_encoded = document.outline.as_ref().is_some_and(|outline| outline.encoded.binary_search(&id).is_ok());
        if as_unknown || is_encoded || entry.kind() == 0 {
            self.to.unknown_value(key, value);
        } else if !entry.has(Entry::OBJECT | Entry::ARRAY) {
            self.to.copy_value(key, value, true);
        } else {
            self.to.open_value(key, value);
            self.depth += 1;
            if field.is_some_and(|field| field.row().shape == Shape::Object) && entry.has(Entry::OBJECT) {
                self.fields(value, field);
            } else {
                for child in document.members(id) {
                    let key = entry.has(Entry::OBJECT).then(|| document.key(child));
                    self.write(key, SourceValue { id: child, ..value }, None, false);
                }
            }
            self.depth -= 1;
            self.to.close();
        }
        true
    }

    /// Counts a value that a name expands to. Returns whether there are too many, or too deeply nested; that is
    /// reported once, and from then on only the presence of such values is known.
    fn is_too_much(&mut self, via: Via) -> bool {
        let is_deep = self.depth >= MAX_DEPTH;
        if self.copies <= MOST_COPIES {
            self.copies += 1;
            if is_deep || self.copies > MOST_COPIES {
                self.copies = MOST_COPIES + 1;
                let span = self.document.entry(via.at).span();
                let found = if is_deep { Diagnostic::too_deep(span, MAX_DEPTH) } else { too_many_values(span) };
                self.to.found.add(found.about(self.to.found.connection, ""));
            }
        }
        self.copies > MOST_COPIES
    }

    /// Reports `authentication { … }` where an attribute belongs.
    fn block(&mut self, id: EntryId) {
        let document = self.document;
        let key = shown_key(document.key(id), document.keys());
        let message = format!("`{key}` is an attribute, not a block");
        self.report(&ATTRIBUTE_AS_BLOCK, self.key_span(id), message, "missing `=`")
            .help(format!("write `{key} = {{`"))
            .fix(fix::attribute(document, id).map(|edits| Fix::safe("Put `=` before the brace", edits)));
    }

    /// Reports a word that Terraform takes for an incomplete reference. `fix` makes a fix that quotes it.
    fn bare_word(&mut self, id: EntryId, spelling: &str, pointer: String, fix: Option<BareWordFix>) {
        let document = self.document;
        let span = document.entry(id).span();
        let key = shown_path(&format!("/{}", spelling.replace('.', "/")), document.keys());
        let quoted = || document.source.text().get(span.start..span.end).map(|word| format!("\"{word}\""));
        let fix = fix.and_then(|fix| Some(fix("Put it in quotes".into(), vec![Edit::new(span, quoted()?)])));
        let help =
            if fix.is_some() { "put it in quotes" } else { "use a string in quotes or a reference like `var.x`" };
        let message = format!("expected a string for `{key}`, found a word without quotes");
        self.to.found.report(&WRONG_TYPE, message).pointer(pointer).mark(span, "no quotes").help(help).fix(fix);
    }

    fn api_field_name(&mut self, id: EntryId, attribute: &str, is_there: bool) {
        let document = self.document;
        let message = format!("`{}` is the API name; Terraform uses `{attribute}`", document.key(id));
        let found = self.report(&API_FIELD_NAME, self.key_span(id), message, format!("use `{attribute}`"));
        if is_there {
            found.help(format!("delete it; `{attribute}` is already set"));
        } else {
            let fix = Fix::safe(format!("Rename it to `{attribute}`"), fix::renaming(document, id, attribute));
            found.help(format!("rename it to `{attribute}`")).fix(fix);
        }
    }

    fn unsupported_field(&mut self, value: SourceValue, field: Field) {
        let span = self.key_span(value.via.map_or(value.id, |via| via.at));
        let message = format!("Terraform does not support `{}`", path(field));
        self.report(&UNSUPPORTED_BY_DIALECT, span, message, "not in the resource")
            .help("delete it, and set it with the Admin API or the Atlas CLI");
    }
}

fn too_many_values(name: Span) -> Diagnostic {
    let message = format!("the locals and variables expand to more than {MOST_COPIES} values");
    Diagnostic::new(&TOO_DEEP, name, message, "one value too many")
        .help("write out the values that the connections need")
}

/// The mode of a resource's connections.
fn mode_of(resource: &str, mode: Option<Mode>) -> Option<Mode> {
    mode.or((resource == FAILOVER).then_some(Mode::Failover))
}

/// The row with the name of the workspace.
fn written_workspace(resource: Target) -> Option<EntryId> {
    let of = |key| resource.document.child(resource.id, key);
    of("workspace_name").or_else(|| of("instance_name"))
}

/// The connections of the module, by [`Scope::identity`].
#[derive(Default)]
struct Connections {
    /// By workspace and name; the first of equal ones.
    by_workspace: BTreeMap<String, BTreeMap<String, Option<Kind>>>,
    /// The workspaces that have a connection with an unknown name; `None` is an unknown workspace.
    open: BTreeSet<Option<String>>,
}

impl Connections {
    fn add(&mut self, workspace: Option<String>, name: Option<String>, kind: Option<Kind>) {
        if name.as_ref().is_none_or(|name| name.starts_with('=')) {
            self.open.insert(workspace.clone());
        }
        if let (Some(workspace), Some(name)) = (workspace, name) {
            self.by_workspace.entry(workspace).or_default().entry(name).or_insert(kind);
        }
    }
}
