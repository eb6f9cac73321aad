//! Terraform: the resources of MongoDB's provider that hold a connection, in HCL and in Terraform's JSON.
//!
//! Attributes have names of their own (evidence.md TFP-007). What a literal, a local or the default of a variable says is read;
//! everything else is unknown.

pub(super) mod plan;

use std::borrow::Cow;

use super::module::{self, Context, Scope, Target, TopLevelBlock};
use super::processor;
use super::translator::{SourceValue, Translator, Via};
use super::{DetectOptions, DialectMatch};
use crate::atlas::Kind;
use crate::atlas::Mode;
use crate::atlas::fields::{Field, Shape};
use crate::atlas::secret::shown_key;
use crate::atlas::stages::{BUILT_IN, Stage, Use};
use crate::connection::Dialect;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::rules::DEPRECATED_ATTRIBUTE;
use crate::diagnostic::rules::{API_FIELD_NAME, ATTRIBUTE_AS_BLOCK, CONFLICTING_ATTRIBUTES, UNSUPPORTED_BY_DIALECT};
use crate::diagnostic::{Edit, Fix, Severity};
use crate::dialect::pipeline::{undefined_connection, wrong_connection};
use crate::document::{Document, Entry, EntryId};
use crate::text::Span;
use crate::text::Syntax;
use crate::text::placeholder;
use crate::text::placeholder::ValueState;

const CONNECTION: &str = "mongodbatlas_stream_connection";
const CONNECTION_API: &str = "mongodbatlas_stream_connection_api";
const FAILOVER: &str = "mongodbatlas_stream_connection_failover";
const PROCESSOR: &str = "mongodbatlas_stream_processor";
const WORKSPACE: &str = "mongodbatlas_stream_workspace";
const INSTANCE: &str = "mongodbatlas_stream_instance";

/// What a resource has beside a connection's fields: Terraform's own arguments, and the address of the workspace.
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

/// What the resource for connections cannot say, and the newer ones for the API and for failover can (evidence.md TFP-008).
const UNSUPPORTED_FIELDS: &[Field] = &[
    Field::AuthenticationSslCertificate,
    Field::AuthenticationSslKey,
    Field::AuthenticationSslKeyPassword,
    Field::AwsTestBucket,
    Field::NetworkingAccessName,
    Field::NetworkingAccessTgwRouteId,
];

/// Fields whose name here is not theirs in lower case.
const NAMES: &[(Field, &str)] = &[
    (Field::Name, "connection_name"),
    (Field::ClusterGroupId, "cluster_project_id"),
    (Field::Provider, "schema_registry_provider"),
];

/// The attribute's name for a field, inside of what holds it.
fn own_key(field: Field) -> Cow<'static, str> {
    if let Some((_, name)) = NAMES.iter().find(|(named, _)| *named == field) {
        return Cow::Borrowed(name);
    }
    if field == Field::PublicPrivateNetworking {
        return Cow::Borrowed("networking");
    }
    snake(field.key())
}

/// The names with dots between, as [`Dialect::path`].
pub(super) fn path(field: Field) -> Cow<'static, str> {
    match field.parent() {
        None => own_key(field),
        Some(parent) => format!("{}.{}", path(parent), own_key(field)).into(),
    }
}

fn snake(key: &'static str) -> Cow<'static, str> {
    if !key.contains(|c: char| c.is_ascii_uppercase()) {
        return Cow::Borrowed(key);
    }
    let mut snake = String::with_capacity(key.len() + 4);
    for character in key.chars() {
        if character.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(character.to_ascii_lowercase());
    }
    snake.into()
}

fn camel(key: &str) -> String {
    let mut parts = key.split('_');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |mut camel, part| {
        let mut characters = part.chars();
        camel.extend(characters.next().map(|c| c.to_ascii_uppercase()));
        camel + characters.as_str()
    })
}

/// What an attribute is.
#[derive(Debug, Clone, Copy)]
enum Meaning {
    Known(Field),
    /// A field in the words of the API, or of a tool that is made from this one.
    Foreign(Field),
    Stranger,
}

fn meaning(parent: Option<Field>, key: &str, kind: Option<Kind>) -> Meaning {
    if parent.is_none() {
        let is_private = kind.is_some_and(|kind| Field::PublicPrivateNetworking.row().kinds.contains(kind));
        if key == "networking" {
            return Meaning::Known(if is_private { Field::PublicPrivateNetworking } else { Field::Networking });
        }
        if key == "public_private_networking" {
            return Meaning::Known(Field::PublicPrivateNetworking);
        }
        if let Some((field, name)) = NAMES.iter().find(|(_, name)| *name == key || camel(name) == key) {
            return if *name == key { Meaning::Known(*field) } else { Meaning::Foreign(*field) };
        }
    }
    let of_api = Field::child(parent, key);
    if let Some(field) = of_api {
        return if own_key(field) == key { Meaning::Known(field) } else { Meaning::Foreign(field) };
    }
    match Field::child(parent, &camel(key)) {
        Some(field) if own_key(field) == key => Meaning::Known(field),
        _ => Meaning::Stranger,
    }
}

/// Whether a text is Terraform's.
fn is_mine(document: &Document, wanted: DetectOptions) -> bool {
    match document.syntax {
        Syntax::Hcl => true,
        Syntax::Yaml => false,
        Syntax::Json | Syntax::Jsonc => {
            module::is_terraform(document.source.name())
                || wanted.dialect == Some(Dialect::Terraform) && module::has_blocks(document)
        }
    }
}

pub(super) fn find(document: &Document, wanted: DetectOptions, context: &Context) -> Option<DialectMatch> {
    if !is_mine(document, wanted) {
        return None;
    }
    let scope = Scope::new(document, context);
    let mut finder = Finder::new(document, &scope);
    let mut translator = Translator::new(document);
    let mut recognized = false;
    for block in module::top_level_blocks(document) {
        let Some(&kind) = block.labels.first() else { continue };
        match (block.kind, kind) {
            ("resource", CONNECTION | CONNECTION_API | FAILOVER) => {
                finder.definition(&block, wanted.mode, &mut translator);
                block.keys.iter().for_each(|&key| translator.show(key));
            }
            ("data", CONNECTION | PROCESSOR) => {
                finder.workspace(&block, None);
            }
            ("resource", PROCESSOR) => {
                finder.workspace(&block, None);
                finder.processor(&block);
            }
            _ => {}
        }
        recognized |= kind.starts_with("mongodbatlas_stream_");
    }
    let is_about_streams = || document.source.text().contains("mongodbatlas_stream_");
    let mut notes = finder.notes;
    notes.sort_by_key(|note| note.connection);
    let (translation, definitions) = translator.finish();
    Some(DialectMatch {
        dialect: Dialect::Terraform,
        mode: wanted.mode.unwrap_or(Mode::Create),
        definitions,
        translation: Some(translation),
        notes,
        uses: Vec::new(),
        wrapper: None,
        non_objects: Vec::new(),
        recognized: recognized || (document.damaged && is_about_streams()),
        bare: false,
    })
}

/// Looks through one file.
struct Finder<'m> {
    document: &'m Document,
    scope: &'m Scope<'m>,
    notes: Vec<Diagnostic>,
    /// Where in the connection the writer stands.
    pointer: String,
    /// The same in the keys of the text.
    way: Vec<&'m str>,
}

impl<'m> Finder<'m> {
    fn new(document: &'m Document, scope: &'m Scope<'m>) -> Self {
        Self { document, scope, notes: Vec::new(), pointer: String::new(), way: Vec::new() }
    }

    fn child(&self, id: EntryId, key: &str) -> Option<EntryId> {
        self.document.child(id, key)
    }

    fn key_span(&self, id: EntryId) -> Span {
        let entry = self.document.entry(id);
        entry.key_span().unwrap_or(entry.span())
    }

    fn kind_of(&self, resource: Target<'m>) -> Option<Kind> {
        let id = resource.document.child(resource.id, "type")?;
        let target = match module::reference_of(resource.document, id) {
            Some(reference) => self.scope.resolve(reference)?,
            None => Target { id, ..resource },
        };
        let entry = target.document.entry(target.id);
        let word = (entry.has(Entry::TEXT) && !entry.has(Entry::UNKNOWN)).then(|| target.document.text(target.id))?;
        Kind::from_name(word).or_else(|| Kind::near(word).map(|(kind, _)| kind))
    }

    fn definition(&mut self, block: &TopLevelBlock, mode: Option<Mode>, to: &mut Translator<'m>) {
        let resource = block.labels[0];
        let index = to.next();
        let skip_rules = self.workspace(block, Some(index));
        let here = Target { document: self.document, id: block.body };
        let kind = self.kind_of(here);
        let is_failover = resource == FAILOVER;
        let mode = if is_failover { mode.or(Some(Mode::Failover)) } else { mode };
        let mut unsupported = Vec::new();
        self.pointer.clear();
        let workspace = self.workspace_of(here);
        let workspace_name = self.written_workspace(block.body);
        let definition = to.definition_under(block.heading, block.body, mode, |to| {
            let unsupported_fields = if resource == CONNECTION { UNSUPPORTED_FIELDS } else { &[] };
            let writer = Writer { index, kind, unsupported_fields, unknowns: None };
            self.members(to, SourceValue::of(self.document, block.body), None, &writer, &mut unsupported);
        });
        definition.skip_rules = skip_rules;
        definition.workspace = workspace.map(Into::into);
        definition.workspace_name = workspace_name;
        definition.unsupported = unsupported;
        definition.unsupported_fields = if resource == CONNECTION { UNSUPPORTED_FIELDS } else { &[] };
        if skip_rules {
            self.notes.retain(|note| note.connection != Some(index) || note.rule == &CONFLICTING_ATTRIBUTES);
        }
    }

    /// Where the name of the workspace stands.
    fn written_workspace(&self, body: EntryId) -> Option<EntryId> {
        self.child(body, "workspace_name").or_else(|| self.child(body, "instance_name"))
    }

    /// The workspace that a resource goes to, in words that are the same for the same one.
    fn workspace_of(&self, resource: Target<'m>) -> Option<String> {
        let workspace = self.workspace_name_of(resource)?;
        let project = resource.document.child(resource.id, "project_id");
        let project = project.and_then(|id| self.scope.identity(resource.document, id));
        let file = self.document.source.name();
        let place = if self.scope.is_module { module::folder(file) } else { file };
        // A resource says its project itself.
        let project = project.filter(|_| workspace.starts_with('"')).unwrap_or_default();
        Some(format!("terraform {place} {project} {workspace}"))
    }

    fn workspace_name_of(&self, resource: Target<'m>) -> Option<String> {
        let of = |key| resource.document.child(resource.id, key);
        self.scope.identity(resource.document, of("workspace_name").or_else(|| of("instance_name"))?)
    }

    /// The connections of the module's resources, and whether there are no others in a workspace of this name.
    fn connections(&self) -> Vec<Known> {
        let mut known = Vec::new();
        for document in self.scope.documents() {
            for block in module::top_level_blocks(document) {
                let ("resource", Some(&(CONNECTION | CONNECTION_API))) = (block.kind, block.labels.first()) else {
                    continue;
                };
                let resource = Target { document, id: block.body };
                let name = document.child(block.body, "connection_name");
                known.push(Known {
                    name: name.and_then(|id| self.scope.identity(document, id)),
                    kind: self.kind_of(resource),
                    workspace: self.workspace_of(resource),
                });
            }
        }
        known
    }

    /// Whether a resource of the module is the workspace of this name.
    fn defines_workspace(&self, name: &str) -> bool {
        self.scope.documents().any(|document| {
            module::top_level_blocks(document).iter().any(|block| {
                let ("resource", [WORKSPACE | INSTANCE, label]) = (block.kind, block.labels.as_slice()) else {
                    return false;
                };
                let own = self.workspace_name_of(Target { document, id: block.body });
                own.as_deref() == Some(name) || name.starts_with(&format!("={}.{label}.", block.labels[0]))
            })
        })
    }

    /// The connections that the pipeline of a processor names.
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
        let known = self.connections();
        let is_whole = self.scope.is_whole() && name.is_some_and(|name| self.defines_workspace(&name));
        for found in uses {
            let flaw = self.judge(&found, workspace.as_deref(), &known, is_whole);
            if let Some(flaw) = flaw {
                self.note(None, "", flaw, None);
            }
        }
    }

    fn judge(&self, found: &Use, workspace: Option<&str>, known: &[Known], is_whole: bool) -> Option<Diagnostic> {
        let stage = |name: &str, kind: Option<Kind>| {
            kind.filter(|_| found.stage != Stage::DeadLetters)
                .and_then(|kind| wrong_connection(found.stage, found.span, name, kind))
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
        let identity = format!("\"{name}");
        let here = || known.iter().filter(|known| workspace.is_some() && known.workspace.as_deref() == workspace);
        if let Some(known) = here().find(|known| known.name.as_ref() == Some(&identity)) {
            return stage(&name, known.kind);
        }
        // A connection that nobody can place may be the one.
        let may_be = |known: &Known| {
            let is_here = known.workspace.is_none() || known.workspace.as_deref() == workspace;
            is_here && known.name.as_ref().is_none_or(|name| name.starts_with('='))
        };
        if !is_whole || BUILT_IN.contains(&&*name) || known.iter().any(may_be) {
            return None;
        }
        let others = here().filter_map(|known| known.name.as_deref()?.strip_prefix('"'));
        Some(undefined_connection(found.span, &name, others))
    }

    /// Both or neither of the two names of the workspace, and the older one. Whether that is all there is to say.
    fn workspace(&mut self, block: &TopLevelBlock, definition: Option<usize>) -> bool {
        let (new, old) = (self.child(block.body, "workspace_name"), self.child(block.body, "instance_name"));
        let is_older = block.labels[0] != FAILOVER && block.labels[0] != CONNECTION_API;
        let is_given = |id: EntryId| self.document.entry(id).kind() != 0 || self.document.entry(id).has(Entry::UNKNOWN);
        match (new.filter(|&id| is_given(id)), old.filter(|&id| is_given(id))) {
            (Some(new), Some(old)) => {
                let flaw = Diagnostic::new(
                    &CONFLICTING_ATTRIBUTES,
                    self.key_span(old),
                    "`workspace_name` and `instance_name` cannot both be given",
                    "the older name of the same thing",
                )
                .help("keep `workspace_name`");
                self.note(definition, "", flaw, Some((self.key_span(new), "and the newer one")));
                true
            }
            (None, Some(old)) if is_older => {
                let edits = self.renaming(old, "workspace_name");
                let flaw = Diagnostic::new(
                    &DEPRECATED_ATTRIBUTE,
                    self.key_span(old),
                    "`instance_name` is deprecated",
                    "now called `workspace_name`",
                )
                .help("rename it to `workspace_name`; the value stays")
                .fix(Fix::safe("Rename it to `workspace_name`", edits));
                self.note(definition, "", flaw, None);
                false
            }
            (None, None) if !self.document.entry(block.body).has(Entry::UNKNOWN) => {
                let flaw = Diagnostic::new(
                    &CONFLICTING_ATTRIBUTES,
                    block.heading,
                    "`workspace_name` is missing",
                    "no workspace in here",
                )
                .help("say which workspace the connection belongs to");
                self.note(definition, "", flaw, None);
                false
            }
            _ => false,
        }
    }

    fn note(&mut self, definition: Option<usize>, pointer: &str, flaw: Diagnostic, also: Option<(Span, &'static str)>) {
        let note = flaw.about(definition, pointer.to_owned());
        self.notes.push(match also {
            Some((span, message)) => note.and(span, message),
            None => note,
        });
    }

    fn renaming(&self, id: EntryId, key: &str) -> Vec<Edit> {
        crate::fix::renaming(self.document, id, key)
    }

    /// Writes the fields of an object of the connection.
    fn members(
        &mut self,
        to: &mut Translator<'m>,
        row: SourceValue<'m>,
        parent: Option<Field>,
        writer: &Writer,
        unsupported: &mut Vec<Field>,
    ) {
        let document = row.document;
        self.only_known_later(to, row, parent, writer);
        for child in document.members(row.id) {
            let key = document.key(child);
            if parent.is_none() && AROUND.contains(&key) {
                continue;
            }
            let inner = SourceValue { id: child, ..row };
            let (field, is_foreign) = match meaning(parent, key, writer.kind) {
                Meaning::Known(field) => (Some(field), false),
                Meaning::Foreign(field) => (Some(field), true),
                Meaning::Stranger => (None, false),
            };
            // A stranger may be a field in another place: the API's word for it says so.
            let name = field.map_or_else(|| Cow::Owned(camel(key)), |field| Cow::Borrowed(field.key()));
            let name = &*name;
            let length = self.pointer.len();
            self.pointer.push('/');
            self.pointer.push_str(&crate::text::pointer::escape(name));
            self.way.push(key);
            let mut skip = false;
            if row.via.is_none() {
                if document.entry(child).has(Entry::BLOCK) {
                    self.block(child, key, writer.index);
                }
                if let Some(field) = field.filter(|_| is_foreign) {
                    let own = own_key(field);
                    let is_there = document.child(row.id, &own).is_some();
                    self.foreign(child, key, &own, is_there, writer.index);
                    // What stands under the right name counts.
                    skip = is_there;
                }
            }
            if let Some(field) = field.filter(|field| !skip && writer.unsupported_fields.contains(field)) {
                if self.write(to, Some(name), inner, None, writer, &mut Vec::new(), true) {
                    self.unsupported_fields(inner, field, writer.index);
                    unsupported.push(field);
                }
            } else if !skip {
                self.write(to, Some(name), inner, field, writer, unsupported, false);
            }
            self.pointer.truncate(length);
            self.way.pop();
        }
    }

    /// Writes the fields of an object that a plan leaves out because only the apply will tell their values.
    fn only_known_later(&self, to: &mut Translator<'m>, row: SourceValue<'m>, parent: Option<Field>, writer: &Writer) {
        let document = row.document;
        let step = |at: Option<EntryId>, key: &&str| document.child(at?, key);
        let Some(later) = self.way.iter().fold(writer.unknowns, step) else { return };
        for child in document.members(later) {
            let key = document.key(child);
            let is_there = || document.child(row.id, key).is_some_and(|id| document.entry(id).kind() != 0);
            if !document.entry(child).has(Entry::TRUE) || (parent.is_none() && AROUND.contains(&key)) || is_there() {
                continue;
            }
            if let Meaning::Known(field) = meaning(parent, key, writer.kind) {
                to.unknown_row(Some(field.key()), SourceValue::of(document, child));
            }
        }
    }

    /// Writes a value; whether there is one.
    #[expect(clippy::too_many_arguments, reason = "it writes itself inside of itself")]
    fn write(
        &mut self,
        to: &mut Translator<'m>,
        key: Option<&str>,
        row: SourceValue<'m>,
        field: Option<Field>,
        writer: &Writer,
        unsupported: &mut Vec<Field>,
        as_unknown: bool,
    ) -> bool {
        let entry = *row.document.entry(row.id);
        if let Some(reference) = module::reference_of(row.document, row.id) {
            let Some(target) = self.scope.resolve(reference).filter(|_| !as_unknown) else {
                to.unknown_row(key, row);
                return true;
            };
            let is_here = std::ptr::eq(target.document, self.document);
            let place = is_here.then(|| target.document.entry(target.id).span());
            let via = row.via.unwrap_or(Via { at: row.id, place });
            let there = SourceValue { document: target.document, id: target.id, via: Some(via) };
            return self.write(to, key, there, field, writer, unsupported, false);
        }
        if entry.kind() == 0 && !entry.has(Entry::UNKNOWN) {
            return false;
        }
        let is_encoded = row.document.outline.as_ref().is_some_and(|outline| outline.encoded.contains(&row.id));
        if as_unknown || is_encoded || entry.kind() == 0 {
            to.unknown_row(key, row);
            return true;
        }
        if !entry.has(Entry::OBJECT | Entry::ARRAY) {
            to.scalar(key, row);
            return true;
        }
        to.container(key, row, |to| {
            if field.is_some_and(|field| field.row().shape == Shape::Object) && entry.has(Entry::OBJECT) {
                return self.members(to, row, field, writer, unsupported);
            }
            for child in row.document.members(row.id) {
                let key = entry.has(Entry::OBJECT).then(|| row.document.key(child));
                self.write(to, key, SourceValue { id: child, ..row }, None, writer, unsupported, false);
            }
        });
        true
    }

    /// `authentication { … }` where an attribute belongs.
    fn block(&mut self, id: EntryId, key: &str, index: usize) {
        let span = self.document.entry(id).span();
        let key = shown_key(key, self.document.damaged);
        let flaw = Diagnostic::new(
            &ATTRIBUTE_AS_BLOCK,
            self.key_span(id),
            format!("`{key}` is an attribute, and this is a block"),
            "no `=` behind it",
        )
        .help(format!("write `{key} = {{`"))
        .fix(Fix::safe("Put `=` before the brace", vec![Edit::new(Span::at(span.start), "= ")]));
        let pointer = self.pointer.clone();
        self.note(Some(index), &pointer, flaw, None);
    }

    fn foreign(&mut self, id: EntryId, key: &str, own: &str, is_there: bool, index: usize) {
        let flaw = Diagnostic::new(
            &API_FIELD_NAME,
            self.key_span(id),
            format!("`{key}` is not how Terraform spells it"),
            format!("here it is `{own}`"),
        );
        let flaw = if is_there {
            flaw.help(format!("delete it; `{own}` is there as well"))
        } else {
            let edits = self.renaming(id, own);
            flaw.help(format!("rename it to `{own}`")).fix(Fix::safe(format!("Rename it to `{own}`"), edits))
        };
        let pointer = self.pointer.clone();
        self.note(Some(index), &pointer, flaw, None);
    }

    fn unsupported_fields(&mut self, row: SourceValue, field: Field, index: usize) {
        let at = row.via.map_or(row.id, |via| via.at);
        let mut flaw = Diagnostic::new(
            &UNSUPPORTED_BY_DIALECT,
            self.key_span(at),
            format!("`{CONNECTION}` has no `{}`", path(field)),
            "the provider does not know it",
        )
        .help(format!("`{CONNECTION_API}` has it; or set it through the Admin API"));
        flaw.severity = Severity::Error;
        let pointer = self.pointer.clone();
        self.note(Some(index), &pointer, flaw, None);
    }
}

/// A connection of the module, in the words of [`Scope::identity`].
struct Known {
    name: Option<String>,
    kind: Option<Kind>,
    workspace: Option<String>,
}

/// What a definition is, while its fields are written.
struct Writer {
    index: usize,
    kind: Option<Kind>,
    unsupported_fields: &'static [Field],
    /// What is known only after the apply, as a plan says it.
    unknowns: Option<EntryId>,
}
