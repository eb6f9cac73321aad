//! The Atlas Kubernetes Operator: `AtlasStreamConnection`, `AtlasStreamInstance` and `AtlasStreamWorkspace`, and the
//! Secrets that connections take their credentials from. Source: evidence.md AKO-002 and the operator's CRDs.
//!
//! A manifest supports less than the API. Its limits are reported here, because rules only see Admin API bodies.
use std::collections::BTreeMap;

use super::translator::Translator;
use super::{DetectOptions, DialectMatch, documents, key_or_start, string_at, unread};
use crate::atlas::fields::{Field, REMARKS};
use crate::atlas::secret::quoted;
use crate::atlas::{Kind, Mode};
use crate::connection::Dialect;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::rules::{EMPTY_SECRET, MISPLACED_FIELD, MISSING_FIELD, WRONG_TYPE};
use crate::document::{Document, Entry, EntryId};
use crate::text::pointer::escape;
use crate::text::suggest;

const GROUP: &str = "atlas.mongodb.com/";
const CONNECTION: &str = "AtlasStreamConnection";
const INSTANCE: &str = "AtlasStreamInstance";
/// The name in newer pages (evidence.md AKO-001).
const WORKSPACE: &str = "AtlasStreamWorkspace";

/// The paths of fields in manifests, from `spec` on.
pub(super) fn path(field: Field) -> Option<&'static str> {
    Some(match field {
        Field::Name => "name",
        Field::Type => "type",
        Field::ClusterName => "clusterConfig.name",
        Field::DbRoleToExecute => "clusterConfig.role",
        Field::DbRoleToExecuteRole => "clusterConfig.role.name",
        Field::DbRoleToExecuteType => "clusterConfig.role.type",
        Field::BootstrapServers => "kafkaConfig.bootstrapServers",
        Field::Authentication => "kafkaConfig.authentication",
        Field::AuthenticationMechanism => "kafkaConfig.authentication.mechanism",
        Field::AuthenticationUsername | Field::AuthenticationPassword => "kafkaConfig.authentication.credentials",
        Field::Security => "kafkaConfig.security",
        Field::SecurityProtocol => "kafkaConfig.security.protocol",
        Field::SecurityBrokerPublicCertificate => "kafkaConfig.security.certificate",
        Field::Config => "kafkaConfig.config",
        _ => return None,
    })
}

/// The values that the CRD allows, if they are fewer than the API's.
pub(super) fn words(field: Field) -> Option<&'static [&'static str]> {
    match field {
        Field::Type => Some(&["Kafka", "Cluster", "Sample"]),
        Field::AuthenticationMechanism => Some(&["PLAIN", "SCRAM-256", "SCRAM-512"]),
        Field::SecurityProtocol => Some(&["PLAINTEXT", "SSL"]),
        _ => None,
    }
}

/// Values of the API that a manifest does not support.
fn is_unsupported(field: Field, word: &str) -> bool {
    match field {
        Field::Type => Kind::nearest(word).is_some_and(|kind| !words(field).unwrap_or_default().contains(&kind.name())),
        Field::AuthenticationMechanism => matches!(word, "OAUTHBEARER" | "AWS_MSK_IAM" | ""),
        Field::SecurityProtocol => matches!(word, "SASL_SSL" | "SASL_PLAINTEXT"),
        _ => false,
    }
}

pub(super) fn find(document: &Document, options: DetectOptions) -> Option<DialectMatch> {
    let mut manifests = Vec::new();
    let mut is_mine = false;
    for root in documents(document) {
        is_mine |= is_manifest(document, root);
        gather(document, root, 0, &mut manifests);
    }
    if !is_mine {
        return unread(document, CONNECTION, Dialect::Kubernetes);
    }
    let mut reader = Reader {
        document,
        to: Translator::new(document),
        instances: instances(document, &manifests),
        word: "",
        has_certificate: false,
        is_complete: false,
    };
    let mut late = Vec::new();
    for &manifest in &manifests {
        match string_at(document, manifest, "kind") {
            Some(CONNECTION) if is_of_atlas(document, manifest) => {
                reader.connection(manifest, options.mode);
            }
            Some("Secret") => late.extend(empty_password(document, manifest)),
            _ => {}
        }
    }
    let mut found = reader.to.finish(Dialect::Kubernetes);
    found.recognized |= !late.is_empty();
    found.notes.append(&mut late);
    Some(found)
}

fn is_manifest(document: &Document, id: EntryId) -> bool {
    let is_text = |key| document.child(id, key).is_some_and(|id| document.entry(id).has(Entry::TEXT));
    is_text("apiVersion") && is_text("kind")
}

/// The manifests in a document: itself, or the items of a list.
pub(super) fn gather(document: &Document, id: EntryId, depth: u8, manifests: &mut Vec<EntryId>) {
    if depth > 8 || !is_manifest(document, id) {
        return;
    }
    let items = document.child(id, "items").filter(|&items| document.entry(items).has(Entry::ARRAY));
    match (string_at(document, id, "kind"), items) {
        (Some(kind), Some(items)) if kind.ends_with("List") => {
            document.children(items).for_each(|item| gather(document, item, depth + 1, manifests));
        }
        _ => manifests.push(id),
    }
}

/// Whether the group is this one, or a template fills it in.
fn is_of_atlas(document: &Document, manifest: EntryId) -> bool {
    document.child(manifest, "apiVersion").is_some_and(|id| {
        document.entry(id).has(Entry::UNKNOWN)
            || string_at(document, manifest, "apiVersion").is_some_and(|text| text.starts_with(GROUP))
    })
}

/// `namespace/name` of a manifest, or of a reference that is in one of `namespace`.
fn address(document: &Document, id: EntryId, namespace: &str) -> Option<String> {
    let name = document.child(id, "name").filter(|&name| !document.entry(name).has(Entry::UNKNOWN))?;
    let name = document.value(name).as_str()?;
    Some(format!("{}/{name}", string_at(document, id, "namespace").unwrap_or(namespace)))
}

/// The first instance that lists each connection, by the address of the connection.
fn instances(document: &Document, manifests: &[EntryId]) -> BTreeMap<String, Option<Box<str>>> {
    let mut instances = BTreeMap::new();
    let is_instance = |id: &EntryId| {
        matches!(string_at(document, *id, "kind"), Some(INSTANCE | WORKSPACE)) && is_of_atlas(document, *id)
    };
    for instance in manifests.iter().copied().filter(is_instance) {
        let metadata = document.child(instance, "metadata");
        let namespace = metadata.and_then(|id| string_at(document, id, "namespace")).unwrap_or_default();
        let name = metadata.and_then(|id| address(document, id, ""));
        let name = name.map(|name| format!("{INSTANCE} {name}").into_boxed_str());
        let registry = document.child(instance, "spec").and_then(|spec| document.child(spec, "connectionRegistry"));
        for reference in registry.into_iter().flat_map(|registry| document.children(registry)) {
            let Some(connection) = address(document, reference, namespace) else { continue };
            instances.entry(connection).or_insert_with(|| name.clone());
        }
    }
    instances
}

/// Translates the manifests of connections.
struct Reader<'d> {
    document: &'d Document,
    to: Translator<'d>,
    /// The workspaces of the connections that instances in this text list, by address.
    instances: BTreeMap<String, Option<Box<str>>>,
    /// The value of `type`.
    word: &'d str,
    /// Whether there is a client certificate, which manifests do not support, so that the protocol cannot be checked.
    has_certificate: bool,
    /// Whether the manifest is complete, so that all fields that the operator requires must be present.
    is_complete: bool,
}

impl<'d> Reader<'d> {
    fn is_object(&self, id: EntryId) -> bool {
        self.document.entry(id).has(Entry::OBJECT)
    }

    fn is_unknown(&self, id: EntryId) -> bool {
        self.document.entry(id).has(Entry::UNKNOWN)
    }

    fn string(&self, id: EntryId) -> Option<&'d str> {
        if self.is_unknown(id) { None } else { self.document.value(id).as_str() }
    }

    fn has(&self, object: EntryId, key: &str) -> bool {
        self.document.child(object, key).is_some()
    }

    /// The instance that lists a connection, if it is in this text; otherwise a separate workspace.
    fn workspace(&self, manifest: EntryId) -> Box<str> {
        let own_address = self.document.child(manifest, "metadata").and_then(|id| address(self.document, id, ""));
        let instance = own_address.and_then(|own_address| self.instances.get(&own_address).cloned().flatten());
        instance.unwrap_or_else(|| format!("{} {manifest}", self.document.source.name()).into())
    }

    fn connection(&mut self, manifest: EntryId, mode: Option<Mode>) {
        let document = self.document;
        self.to.show(["apiVersion", "kind"].iter().filter_map(|key| document.child(manifest, key)));
        let workspace = Some(self.workspace(manifest));
        let Some(spec) = document.child(manifest, "spec") else {
            // A patch of its labels, or an empty one.
            self.to.open_definition(manifest, None);
            self.to.close_definition(mode.or(Some(Mode::Update)), true).workspace = workspace;
            return;
        };
        // A strategic merge patch of Kustomize has only the changed fields.
        let name = document.source.name().rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
        let block = ["kafkaConfig", "clusterConfig"].iter().find_map(|key| document.child(spec, key));
        let is_untyped_patch = !self.has(spec, "type") && block.is_some();
        let is_patch = is_untyped_patch && !self.has(spec, "name") || name.contains("patch");
        let mode = mode.or(is_patch.then_some(Mode::Update));
        let type_row = document.child(spec, "type");
        self.word = type_row.and_then(|id| self.string(id)).unwrap_or_default();
        self.is_complete = mode.is_none_or(|mode| mode == Mode::Create);
        let is_object = self.is_object(spec);
        self.to.open_definition(if is_object { spec } else { manifest }, None);
        let unsupported = type_row.filter(|&id| !self.is_unknown(id) && is_unsupported(Field::Type, self.word));
        if let Some(id) = unsupported {
            self.unsupported_value(Field::Type, id, self.word);
        }
        if let Some(block) = block.filter(|_| is_object && is_patch && is_untyped_patch) {
            let kind = if document.key(block) == "kafkaConfig" { "Kafka" } else { "Cluster" };
            self.to.implied("type", block, kind);
        }
        if is_object {
            self.spec(spec);
        }
        let is_open = self.is_unknown(spec);
        let definition = self.to.close_definition(mode, unsupported.is_some());
        definition.skip_rules |= is_open;
        definition.workspace = workspace;
    }

    fn spec(&mut self, spec: EntryId) {
        for id in self.document.members(spec) {
            match self.document.key(id) {
                "name" => self.to.copy("name", id),
                "type" => self.word(Field::Type, id),
                "clusterConfig" => self.config(id, "Cluster", &["clusterName", "dbRoleToExecute"], Self::cluster),
                "kafkaConfig" => {
                    self.config(id, "Kafka", &["bootstrapServers", "authentication", "security"], Self::kafka);
                }
                _ => self.other(None, "", id),
            }
        }
    }

    /// A block for one type. Under another type, the block itself is the only mistake.
    fn config(&mut self, id: EntryId, kind: &str, needs: &[&str], inside: fn(&mut Self, EntryId)) {
        let key = self.document.key(id);
        if self.word != kind && words(Field::Type).is_some_and(|words| words.contains(&self.word)) {
            let message = format!("`{key}` does not belong to {} connections", self.word);
            let found = self.to.found.report(&MISPLACED_FIELD, message);
            let found = found.mark(key_or_start(self.document, id), "wrong connection type");
            found.help(format!("delete it; it belongs to {kind} connections"));
            return;
        }
        let is_object = self.is_object(id);
        if is_object {
            inside(self, id);
        }
        // A template may add the missing field.
        if !is_object || self.is_unknown(id) {
            for need in needs {
                if !is_object || !self.to.has(need) {
                    self.to.unknown(need, id);
                }
            }
        }
        if !is_object && !self.is_unknown(id) {
            self.not_an_object(id, "");
        }
    }

    fn not_an_object(&mut self, id: EntryId, pointer: &'static str) {
        let (key, value) = (self.document.key(id), self.document.value(id));
        let message = format!("expected an object for `{key}`, found {}", value.what());
        let found = self.to.found.report(&WRONG_TYPE, message).pointer(pointer);
        found.mark(self.document.entry(id).span(), "expected an object").help("write the fields below it");
    }

    fn missing(&mut self, field: Field, object: EntryId, message: String, label: &'static str, help: &'static str) {
        let found = self.to.found.report(&MISSING_FIELD, message).pointer(field.pointer());
        found.mark(key_or_start(self.document, object), label).help(help);
    }

    fn unsupported_value(&mut self, field: Field, id: EntryId, word: &str) {
        let shown = match word {
            "" => "an empty string".to_owned(),
            _ => quoted(word, field.row().marks).unwrap_or("this value".to_owned()),
        };
        let message = format!("Kubernetes does not support {shown} for `{}`", path(field).unwrap_or_default());
        self.to.unsupported_value(field, id, message, words(field).unwrap_or_default());
    }

    /// A field that allows fewer values than in the API.
    fn word(&mut self, field: Field, id: EntryId) {
        let unsupported = self.string(id).filter(|word| field != Field::Type && is_unsupported(field, word));
        if let Some(word) = unsupported {
            self.unsupported_value(field, id, word);
            self.to.unknown(field.key(), id);
        } else {
            self.to.copy(field.key(), id);
        }
    }

    fn cluster(&mut self, config: EntryId) {
        for id in self.document.members(config) {
            match self.document.key(id) {
                "name" => self.to.copy("clusterName", id),
                "role" if self.is_object(id) => self.role(id),
                "role" => self.to.copy("dbRoleToExecute", id),
                _ => self.other(None, "clusterConfig", id),
            }
        }
        if !self.to.has("dbRoleToExecute") && !self.is_unknown(config) && self.is_complete {
            for field in [Field::DbRoleToExecuteRole, Field::DbRoleToExecuteType] {
                let message = format!("missing field `{}`, which Kubernetes requires", path(field).unwrap_or_default());
                let help = "add `role` with the `name` and `type` of a database role";
                self.missing(field, config, message, "missing `role`", help);
            }
        }
    }

    fn role(&mut self, role: EntryId) {
        self.to.open("dbRoleToExecute", role);
        for id in self.document.members(role) {
            match self.document.key(id) {
                "name" => self.to.copy("role", id),
                "type" => self.to.copy("type", id),
                _ => self.other(Some(Field::DbRoleToExecute), "clusterConfig.role", id),
            }
        }
        self.to.close();
    }

    fn kafka(&mut self, config: EntryId) {
        let certificates = [Field::AuthenticationSslCertificate, Field::AuthenticationSslKey];
        let authentication = self.document.child(config, "authentication");
        self.has_certificate =
            authentication.is_some_and(|block| certificates.iter().any(|field| self.has(block, field.key())));
        for id in self.document.members(config) {
            match self.document.key(id) {
                "authentication" if self.is_object(id) => self.authentication(id),
                "security" if self.is_object(id) => self.security(id),
                key @ ("authentication" | "security" | "bootstrapServers" | "config") => self.to.copy(key, id),
                _ => self.other(None, "kafkaConfig", id),
            }
        }
    }

    fn authentication(&mut self, block: EntryId) {
        self.to.open("authentication", block);
        for id in self.document.members(block) {
            match self.document.key(id) {
                "mechanism" => self.word(Field::AuthenticationMechanism, id),
                "credentials" => {
                    self.reference(Field::AuthenticationUsername, id);
                    self.to.unknown("password", id);
                }
                _ => self.other(Some(Field::Authentication), "kafkaConfig.authentication", id),
            }
        }
        // One reference sets both.
        let fields = [Field::AuthenticationUsername, Field::AuthenticationPassword];
        let is_given = fields.iter().any(|field| self.to.has(field.key()));
        if !is_given && !self.is_unknown(block) && self.is_complete {
            let message = "missing field `kafkaConfig.authentication.credentials`".to_owned();
            let help = "add `credentials` with the `name` of the Secret that has the user name and password";
            self.missing(Field::AuthenticationUsername, block, message, "missing `credentials`", help);
            for field in fields {
                self.to.unknown(field.key(), block);
            }
        }
        self.to.close();
    }

    fn security(&mut self, block: EntryId) {
        self.to.open("security", block);
        for id in self.document.members(block) {
            match self.document.key(id) {
                "protocol" if self.has_certificate => self.to.unknown("protocol", id),
                "protocol" => self.word(Field::SecurityProtocol, id),
                "certificate" => self.reference(Field::SecurityBrokerPublicCertificate, id),
                _ => self.other(Some(Field::Security), "kafkaConfig.security", id),
            }
        }
        self.to.close();
    }

    /// The key of a reference without a name that was probably meant to be `name`.
    fn near_name(&self, reference: EntryId) -> Option<EntryId> {
        let is_near = |id: &EntryId| suggest::nearest(self.document.key(*id), ["name"]).is_some();
        self.document.members(reference).find(is_near).filter(|_| !self.has(reference, "name"))
    }

    /// A reference to a Secret: the value is unknown, but the Secret needs a name.
    fn reference(&mut self, field: Field, id: EntryId) {
        if !self.is_unknown(id) {
            if !self.is_object(id) {
                self.not_an_object(id, field.pointer());
            } else if let Some(near) = self.near_name(id) {
                let pointer = format!("{}/{}", field.pointer(), escape(self.document.key(near)));
                self.to.misspelled(near, "name", pointer, Dialect::Kubernetes);
            } else if !self.has(id, "name") {
                let message = format!("missing field `{}.name`", path(field).unwrap_or_default());
                self.missing(field, id, message, "missing `name`", "add the `name` of the Secret");
            }
        }
        self.to.unknown(field.key(), id);
    }

    /// Whether a key was probably meant to be one that the object lacks; if so, it is reported, and the value is
    /// unknown.
    fn is_misspelled(&mut self, parent: Option<Field>, at: &str, id: EntryId) -> bool {
        let document = self.document;
        let Some(object) = document.parent_of(id) else { return false };
        let in_object = |path: &'static str| path.rsplit_once('.').unwrap_or(("", path));
        let fields = Field::ALL.iter().copied().filter_map(|field| Some((field, in_object(path(field)?))));
        let here = fields.filter(|(_, (place, _))| *place == at).map(|(field, (_, name))| (field, name));
        let here = here.collect::<Vec<_>>();
        let blocks: &[_] = if at.is_empty() { &["kafkaConfig", "clusterConfig"] } else { &[] };
        let names = here.iter().map(|(_, name)| *name).chain(blocks.iter().copied());
        let of_block = blocks.iter().copied().find(|block| block.strip_suffix("Config") == Some(document.key(id)));
        let intended = of_block
            .or_else(|| suggest::nearest(document.key(id), names))
            .filter(|intended| *intended != "type" || !at.is_empty());
        let Some(intended) = intended.filter(|intended| !self.has(object, intended)) else { return false };
        let pointer = format!("{}/{}", parent.map_or("", Field::pointer), escape(document.key(id)));
        self.to.misspelled(id, intended, pointer, Dialect::Kubernetes);
        let needs: &[&str] = match intended {
            "kafkaConfig" => &["bootstrapServers", "authentication", "security"],
            "clusterConfig" => &["clusterName", "dbRoleToExecute"],
            _ => &[],
        };
        for need in needs {
            self.to.unknown(need, id);
        }
        for (field, _) in here.iter().filter(|(_, name)| *name == intended) {
            self.to.unknown(field.key(), id);
        }
        true
    }

    /// A field that the CRD lacks here: an API name, or unknown. `at` is the path of its object.
    fn other(&mut self, parent: Option<Field>, at: &str, id: EntryId) {
        let key = self.document.key(id);
        let Some(field) = Field::child(parent, key) else {
            // The API has no objects for `kafkaConfig` and `clusterConfig`.
            if !REMARKS.contains(&key) && !self.is_misspelled(parent, at, id) {
                self.to.copy(key, id);
            }
            return;
        };
        let shown = if at.is_empty() { key.to_owned() } else { format!("{at}.{key}") };
        let Some(spelling) = path(field) else {
            let message = format!("Kubernetes does not support `{shown}`");
            self.to.unsupported_field(field, id, message, "not in the resource");
            // Fields that depend on the network cannot be checked.
            if field == Field::Networking && matches!(self.word, "Kafka" | "") {
                self.to.unknown(key, id);
            }
            return;
        };
        let is_reference = matches!(
            field,
            Field::AuthenticationUsername | Field::AuthenticationPassword | Field::SecurityBrokerPublicCertificate
        );
        let (place, name) = spelling.rsplit_once('.').unwrap_or(("", spelling));
        let is_free = || self.document.parent_of(id).is_some_and(|block| !self.has(block, name));
        let can_be_renamed = place == at && !is_reference && is_free();
        let message = format!("`{shown}` is the API name; Kubernetes uses `{spelling}`");
        let found = self.to.api_field_name(field, id, spelling, message, can_be_renamed.then_some(name));
        if is_reference {
            found.help(format!("move the value into a Secret, and set `{spelling}` to its name"));
            self.to.unknown(key, id);
        } else {
            found.help(format!("use `{spelling}`"));
            if field == Field::DbRoleToExecute && self.is_object(id) {
                self.role(id);
            } else {
                self.to.copy(key, id);
            }
        }
    }
}

/// The password of a credentials Secret that is empty, as the exporter writes it (evidence.md AKO-003).
fn empty_password(document: &Document, secret: EntryId) -> Option<Diagnostic> {
    let labels = document.child(secret, "metadata").and_then(|metadata| document.child(metadata, "labels"))?;
    if string_at(document, labels, "atlas.mongodb.com/type") != Some("credentials") {
        return None;
    }
    let of =
        |key: &str| ["stringData", "data"].iter().find_map(|block| document.child(document.child(secret, block)?, key));
    of("username")?;
    let password = of("password")?;
    let entry = document.entry(password);
    let is_empty = !entry.has(Entry::UNKNOWN | Entry::OBJECT | Entry::ARRAY)
        && (entry.kind() == 0 || document.value(password).as_str().is_some_and(str::is_empty));
    let span = if entry.span().is_empty() { key_or_start(document, password) } else { entry.span() };
    is_empty.then(|| {
        Diagnostic::new(&EMPTY_SECRET, span, "the password in this Secret is empty", "empty")
            .help("set the password from a secret store; Atlas never returns it to the exporter")
    })
}
