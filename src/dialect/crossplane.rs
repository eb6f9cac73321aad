//! Crossplane: `Connection` of provider-mongodbatlas, which is generated from MongoDB's Terraform provider. Its fields
//! are those of the resource in camel case, and secrets are references to Secrets. Source: evidence.md XPL-001.

use super::kubernetes::gather;
use super::translator::Translator;
use super::{DetectOptions, DialectMatch, PathPart, documents, key_or_start, string_at};
use crate::atlas::fields::{Field, REMARKS, Shape};
use crate::atlas::{Kind, Mode};
use crate::connection::Dialect;
use crate::diagnostic::rules::{CONFLICTING_ATTRIBUTES, MISSING_FIELD, WRONG_TYPE};
use crate::document::{Document, Entry, EntryId};
use crate::text::placeholder::{ValueState, value_state};

/// The groups of the resource: one for the whole cluster, one in a namespace.
const GROUPS: &[&str] = &["stream.mongodbatlas.crossplane.io/", "stream.mongodbatlas.m.crossplane.io/"];
const KIND: &str = "Connection";

/// The keys beside the fields of a connection in `forProvider`.
const AROUND: &[&str] = &[
    "autoGeneratePassword",
    "autoGenerateSchemaRegistryPassword",
    "instanceName",
    "projectId",
    "projectIdRef",
    "projectIdSelector",
    "timeouts",
    "workspaceName",
    "workspaceNameRef",
    "workspaceNameSelector",
];

/// The paths of fields in manifests, from `forProvider` on.
pub(super) fn path(field: Field) -> Option<String> {
    let key = match field {
        Field::Name => "connectionName",
        Field::ClusterGroupId => "clusterProjectId",
        Field::Provider => "schemaRegistryProvider",
        Field::PublicPrivateNetworking => "networking",
        Field::AuthenticationPassword | Field::SchemaRegistryAuthenticationPassword => "passwordSecretRef",
        Field::AuthenticationClientSecret => "clientSecretSecretRef",
        field if super::terraform::UNSUPPORTED_FIELDS.contains(&field) => return None,
        Field::AuthenticationAws => return None,
        field => field.key(),
    };
    match field.parent() {
        None => Some(key.to_owned()),
        Some(parent) => Some(format!("{}.{key}", path(parent)?)),
    }
}

/// The last key of a path.
fn own_key(field: Field) -> Option<String> {
    path(field).map(|path| path.rsplit('.').next().unwrap_or_default().to_owned())
}

pub(super) fn find(document: &Document, options: DetectOptions) -> Option<DialectMatch> {
    let mut manifests = Vec::new();
    for root in documents(document) {
        gather(document, root, 0, &mut manifests);
    }
    let is_connection = |id: &EntryId| {
        let group = string_at(document, *id, "apiVersion").unwrap_or_default();
        string_at(document, *id, "kind") == Some(KIND) && GROUPS.iter().any(|known| group.starts_with(known))
    };
    manifests.retain(is_connection);
    if manifests.is_empty() {
        return None;
    }
    let mut reader = Reader { document, to: Translator::new(document), kind: None };
    for manifest in manifests {
        reader.connection(manifest, options.mode);
    }
    Some(reader.to.finish(Dialect::Crossplane))
}

struct Reader<'d> {
    document: &'d Document,
    to: Translator<'d>,
    kind: Option<Kind>,
}

impl Reader<'_> {
    fn connection(&mut self, manifest: EntryId, mode: Option<Mode>) {
        let document = self.document;
        self.to.show(["apiVersion", "kind"].iter().filter_map(|key| document.child(manifest, key)));
        let child = |key: &str| document.child(manifest, "spec").and_then(|spec| document.child(spec, key));
        let is_object = |id: &EntryId| document.entry(*id).has(Entry::OBJECT);
        let of_create = child("initProvider").filter(is_object);
        let Some(body) = child("forProvider").filter(is_object) else {
            self.to.open_definition(manifest, None);
            self.to.close_definition(mode.or(Some(Mode::Update)), true);
            return;
        };
        // A resource that is only observed is not created.
        let policies = child("managementPolicies").filter(|&id| document.entry(id).has(Entry::ARRAY));
        let creates = |id| document.children(id).any(|id| matches!(document.text(id), "*" | "Create"));
        let is_whole = policies.is_none_or(creates);
        let mode = mode.or((!is_whole).then_some(Mode::Update));
        self.kind = [Some(body), of_create]
            .into_iter()
            .flatten()
            .find_map(|id| string_at(document, id, "type"))
            .and_then(Kind::from_name);
        self.to.open_definition(body, None);
        let bodies = [Some(body), of_create];
        let find = |key: &str| bodies.iter().flatten().find_map(|&id| document.child(id, key));
        if is_whole {
            self.address(body, find);
        }
        self.object(body, None);
        if let Some(of_create) = of_create {
            self.object_without(of_create, body);
        }
        let is_unknown = document.entry(body).has(Entry::UNKNOWN);
        let (project, workspace) = (find("projectId"), find("workspaceName").or_else(|| find("instanceName")));
        let name = format!("{} {manifest}", document.source.name());
        let definition = self.to.close_definition(mode, is_unknown);
        definition.project_id = project;
        definition.workspace_name = workspace;
        definition.workspace = Some(name.into());
    }

    /// The project and the workspace.
    fn address(&mut self, body: EntryId, find: impl Fn(&str) -> Option<EntryId>) {
        let document = self.document;
        let heading = key_or_start(document, body);
        let project = find("projectId");
        let (new, old) = (find("workspaceName"), find("instanceName"));
        if let (Some(new), Some(old)) = (new, old) {
            let message = "`workspaceName` and `instanceName` both name the workspace";
            let found = self.to.found.report(&CONFLICTING_ATTRIBUTES, message).pointer("/tenantName");
            found
                .mark(key_or_start(document, old), "deprecated name")
                .mark(key_or_start(document, new), "new name")
                .help("keep `workspaceName`");
        }
        let workspace = new.or(old);
        let key = workspace.map_or("workspaceName", |id| document.key(id));
        for (part, key, id) in [(PathPart::Project, "projectId", project), (PathPart::Workspace, key, workspace)] {
            let Some(id) = id else {
                let is_referenced = ["Ref", "Selector"].iter().any(|suffix| find(&format!("{key}{suffix}")).is_some());
                if !is_referenced && !document.entry(body).has(Entry::UNKNOWN) {
                    part.report_missing(&mut self.to.found, key, heading, false);
                }
                continue;
            };
            let entry = document.entry(id);
            if entry.has(Entry::TEXT) && !entry.has(Entry::UNKNOWN | Entry::FILLED_IN) {
                part.check(&mut self.to.found, key, document.text(id), entry.span(), document.source.name());
            }
        }
    }

    /// The field of a key in an object, and whether the key is the resource's spelling.
    fn field(&self, parent: Option<Field>, key: &str) -> Option<Field> {
        let is_private = |kind: Kind| Field::PublicPrivateNetworking.row().kinds.contains(kind);
        if parent.is_none() && key == "networking" && self.kind.is_some_and(is_private) {
            return Some(Field::PublicPrivateNetworking);
        }
        let mut fields = Field::ALL.iter().copied().filter(|field| field.parent() == parent);
        fields.find(|&field| own_key(field).as_deref() == Some(key))
    }

    /// The fields of an object that another object lacks.
    fn object_without(&mut self, object: EntryId, other: EntryId) {
        for id in self.document.members(object) {
            if self.document.child(other, self.document.key(id)).is_none() {
                self.member(id, None);
            }
        }
    }

    fn object(&mut self, object: EntryId, parent: Option<Field>) {
        for id in self.document.members(object) {
            self.member(id, parent);
        }
    }

    fn member(&mut self, id: EntryId, parent: Option<Field>) {
        let document = self.document;
        let key = document.key(id);
        if parent.is_none() && AROUND.contains(&key) {
            return self.generated(key, id);
        }
        let Some(field) = self.field(parent, key) else { return self.other(id, parent) };
        let entry = document.entry(id);
        if key.ends_with("SecretRef") {
            self.reference(field, id);
        } else if field.row().shape == Shape::Object && entry.has(Entry::OBJECT) && !entry.has(Entry::UNKNOWN) {
            self.to.open(field.key(), id);
            self.object(id, Some(field));
            self.to.close();
        } else {
            self.to.copy(field.key(), id);
        }
    }

    /// Whether the provider generates the password.
    fn generated(&mut self, key: &str, id: EntryId) {
        let block = match key {
            "autoGeneratePassword" => "authentication",
            "autoGenerateSchemaRegistryPassword" => "schemaRegistryAuthentication",
            _ => return,
        };
        let is_absent = self.document.parent_of(id).is_some_and(|body| self.document.child(body, block).is_none());
        if is_absent && self.document.entry(id).has(Entry::TRUE) {
            self.to.unknown(block, id);
        }
    }

    /// A reference to a Secret: the value is unknown, but the reference needs a name and a key.
    fn reference(&mut self, field: Field, id: EntryId) {
        let (document, entry) = (self.document, self.document.entry(id));
        let spelling = path(field).unwrap_or_default();
        if !entry.has(Entry::UNKNOWN) && !entry.has(Entry::OBJECT) {
            let message = format!("expected an object for `{spelling}`, found {}", document.value(id).what());
            let found = self.to.found.report(&WRONG_TYPE, message).pointer(field.pointer());
            found
                .mark(entry.span(), "expected an object")
                .help("write an object with the `name` and the `key` of a Secret");
        } else if !entry.has(Entry::UNKNOWN) {
            for need in ["name", "key"].into_iter().filter(|need| document.child(id, need).is_none()) {
                let message = format!("missing field `{spelling}.{need}`");
                let found = self.to.found.report(&MISSING_FIELD, message).pointer(field.pointer());
                found
                    .mark(key_or_start(document, id), format!("missing `{need}`"))
                    .help(format!("add `{need}` of the Secret that has the value"));
            }
        }
        self.to.unknown(field.key(), id);
    }

    /// Reports a field with its API name, one that the resource lacks, or an unknown one.
    fn other(&mut self, id: EntryId, parent: Option<Field>) {
        let document = self.document;
        let key = document.key(id);
        let Some(field) = Field::child(parent, key) else {
            if !REMARKS.contains(&key) {
                self.to.copy(key, id);
            }
            return;
        };
        let Some(spelling) = path(field) else {
            let message = format!("Crossplane does not support `{}`", field.pointer()[1..].replace('/', "."));
            return self.to.unsupported_field(field, id, message, "not in the resource");
        };
        // A field of a different type is reported as such.
        if self.kind.is_some_and(|kind| !field.row().kinds.contains(kind)) {
            return self.to.copy(field.key(), id);
        }
        let name = own_key(field).unwrap_or_default();
        let is_free = document.parent_of(id).is_some_and(|block| document.child(block, &name).is_none());
        let is_secret = name.ends_with("SecretRef");
        let message = format!("`{key}` is the API name; Crossplane uses `{name}`");
        let is_written = document.value(id).as_str().is_some_and(|text| value_state(text, true) == ValueState::Known);
        let found =
            self.to.api_field_name(field, id, &spelling, message, (is_free && !is_secret).then_some(name.as_str()));
        if is_secret {
            let verb = if is_written { "move" } else { "put" };
            found.help(format!("{verb} the value into a Secret, and set `{spelling}` to its name and key"));
            self.to.unknown(field.key(), id);
        } else {
            found.help(format!("use `{spelling}`"));
            self.to.copy(field.key(), id);
        }
    }
}
