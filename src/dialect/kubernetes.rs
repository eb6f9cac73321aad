//! The Atlas Kubernetes Operator: `AtlasStreamConnection` and `AtlasStreamInstance`, and the Secrets that connections
//! take their credentials from. Source: evidence.md AKO-002 and the operator's CRDs.
//!
//! A manifest says less than the API. What it cannot say is reported here, because rules only see Admin API bodies.
use super::translator::Translator;
use super::{DetectOptions, DialectMatch, documents, said};
use crate::atlas::Kind;
use crate::atlas::Mode;
use crate::atlas::fields::{Field, REMARKS};
use crate::connection::Dialect;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Fix;
use crate::diagnostic::rules::EMPTY_SECRET;
use crate::diagnostic::rules::{API_FIELD_NAME, UNSUPPORTED_BY_DIALECT};
use crate::diagnostic::rules::{MISPLACED_FIELD, MISSING_FIELD, WRONG_TYPE};
use crate::document::{Document, Entry, EntryId};
use crate::fix;
use crate::text::Span;

const GROUP: &str = "atlas.mongodb.com/";
const CONNECTION: &str = "AtlasStreamConnection";
const INSTANCE: &str = "AtlasStreamInstance";

/// Where manifests write a field, from `spec` on.
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

/// The words that the CRD takes, where it takes fewer than the API.
pub(super) fn words(field: Field) -> Option<&'static [&'static str]> {
    match field {
        Field::Type => Some(&["Kafka", "Cluster", "Sample"]),
        Field::AuthenticationMechanism => Some(&["PLAIN", "SCRAM-256", "SCRAM-512"]),
        Field::SecurityProtocol => Some(&["PLAINTEXT", "SSL"]),
        _ => None,
    }
}

/// Words of the API that a manifest cannot say.
fn is_unsupported(field: Field, word: &str) -> bool {
    match field {
        Field::Type => {
            let kind = Kind::from_name(word).or_else(|| Kind::near(word).map(|(kind, _)| kind));
            kind.is_some_and(|kind| !words(field).unwrap_or_default().contains(&kind.name()))
        }
        Field::AuthenticationMechanism => matches!(word, "OAUTHBEARER" | "AWS_MSK_IAM" | ""),
        Field::SecurityProtocol => matches!(word, "SASL_SSL" | "SASL_PLAINTEXT"),
        _ => false,
    }
}

pub(super) fn find(document: &Document, wanted: DetectOptions) -> Option<DialectMatch> {
    let mut manifests = Vec::new();
    let mut is_mine = false;
    for root in documents(document) {
        is_mine |= is_manifest(document, root);
        gather(document, root, 0, &mut manifests);
    }
    if !is_mine {
        return unread(document)
            .then(|| DialectMatch { recognized: true, ..DialectMatch::nothing(Dialect::Kubernetes) });
    }
    let mut reading = ManifestReader { document, to: Translator::new(document), notes: Vec::new() };
    let mut late = Vec::new();
    for &manifest in &manifests {
        match said(document, manifest, "kind") {
            Some(CONNECTION) if is_of_atlas(document, manifest) => {
                reading.connection(manifest, wanted.mode, &manifests);
            }
            Some("Secret") => late.extend(empty_password(document, manifest)),
            _ => {}
        }
    }
    let ManifestReader { to, mut notes, .. } = reading;
    let (translation, definitions) = to.finish();
    let recognized = !definitions.is_empty() || !late.is_empty();
    notes.append(&mut late);
    let translation = Some(translation);
    Some(DialectMatch { definitions, translation, notes, recognized, ..DialectMatch::nothing(Dialect::Kubernetes) })
}

/// A text that could not be read and is about connections all the same.
fn unread(document: &Document) -> bool {
    document.damaged && document.table.entries.len() == 1 && document.source.text().contains(CONNECTION)
}

fn is_manifest(document: &Document, id: EntryId) -> bool {
    let is_text = |key| document.child(id, key).is_some_and(|id| document.entry(id).has(Entry::TEXT));
    is_text("apiVersion") && is_text("kind")
}

/// The manifests in a document: itself, or the items of a list.
fn gather(document: &Document, id: EntryId, depth: u8, manifests: &mut Vec<EntryId>) {
    if depth > 8 || !is_manifest(document, id) {
        return;
    }
    let items = document.child(id, "items").filter(|&items| document.entry(items).has(Entry::ARRAY));
    match (said(document, id, "kind"), items) {
        (Some(kind), Some(items)) if kind.ends_with("List") => {
            document.children(items).for_each(|item| gather(document, item, depth + 1, manifests));
        }
        _ => manifests.push(id),
    }
}

/// Of this group, or of one that a template writes.
fn is_of_atlas(document: &Document, manifest: EntryId) -> bool {
    document.child(manifest, "apiVersion").is_some_and(|id| {
        document.entry(id).has(Entry::UNKNOWN)
            || said(document, manifest, "apiVersion").is_some_and(|text| text.starts_with(GROUP))
    })
}

/// `namespace/name` of a manifest, or of a reference that stands in one of `namespace`.
fn address(document: &Document, id: EntryId, namespace: &str) -> Option<String> {
    let name = document.child(id, "name").filter(|&name| !document.entry(name).has(Entry::UNKNOWN))?;
    let name = document.value(name).as_str()?;
    Some(format!("{}/{name}", said(document, id, "namespace").unwrap_or(namespace)))
}

/// What an object's key is, to mark it; or where it starts.
fn handle(document: &Document, id: EntryId) -> Span {
    let entry = document.entry(id);
    let start = entry.span().start;
    entry.key_span().unwrap_or_else(|| Span::new(start, (start + 1).min(entry.span().end)))
}

struct ManifestReader<'d> {
    document: &'d Document,
    to: Translator<'d>,
    notes: Vec<Diagnostic>,
}

impl ManifestReader<'_> {
    fn is_object(&self, id: EntryId) -> bool {
        self.document.entry(id).has(Entry::OBJECT)
    }

    fn is_unknown(&self, id: EntryId) -> bool {
        self.document.entry(id).has(Entry::UNKNOWN)
    }

    fn connection(&mut self, manifest: EntryId, mode: Option<Mode>, manifests: &[EntryId]) {
        let document = self.document;
        ["apiVersion", "kind"].iter().filter_map(|key| document.child(manifest, key)).for_each(|id| self.to.show(id));
        let workspace = self.workspace(manifest, manifests);
        let Some(spec) = document.child(manifest, "spec") else {
            // A patch of its labels, or of nothing.
            let definition = self.to.definition(manifest, mode.or(Some(Mode::Update)), |_| {});
            (definition.skip_rules, definition.workspace) = (true, Some(workspace));
            return;
        };
        let has = |key| document.child(spec, key).is_some();
        let is_open = self.is_unknown(spec);
        // A strategic merge patch of Kustomize says what it changes and no more.
        let name = document.source.name().rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
        let is_patch =
            !has("name") && !has("type") && (has("kafkaConfig") || has("clusterConfig")) || name.contains("patch");
        let mode = mode.or(is_patch.then_some(Mode::Update));
        let type_row = document.child(spec, "type").filter(|&id| !self.is_unknown(id));
        let word = type_row.and_then(|id| document.value(id).as_str()).unwrap_or_default().to_owned();
        let skip_rules = type_row.is_some_and(|_| is_unsupported(Field::Type, &word));
        if let (Some(row), true) = (type_row, skip_rules) {
            self.notes.push(self.unsupported_value(Field::Type, row, &word));
        }
        let meant = if has("kafkaConfig") { "Kafka" } else { "Cluster" };
        let base = if self.is_object(spec) { spec } else { manifest };
        let (mut notes, index) = (Vec::new(), self.to.next());
        let definition = self.to.definition(base, mode, |to| {
            let mut inner =
                Spec { document, to, notes: &mut notes, index, word: &word, skip_rules, has_certificate: false };
            if base == spec {
                if is_patch && !has("type") && (has("kafkaConfig") || has("clusterConfig")) {
                    inner.to.text(
                        "type",
                        document
                            .child(spec, if meant == "Kafka" { "kafkaConfig" } else { "clusterConfig" })
                            .unwrap_or(spec),
                        meant,
                    );
                }
                inner.members(spec, mode);
            }
        });
        definition.skip_rules = skip_rules || is_open;
        definition.workspace = Some(workspace);
        self.notes.append(&mut notes);
    }

    fn unsupported_value(&self, field: Field, row: EntryId, word: &str) -> Diagnostic {
        unsupported_value(self.to.next(), field, self.document.entry(row).span(), word)
    }

    /// The instance that lists a connection, if one in this text does; else a place of its own, because nobody knows which.
    fn workspace(&self, manifest: EntryId, manifests: &[EntryId]) -> Box<str> {
        let document = self.document;
        let metadata = |manifest| document.child(manifest, "metadata");
        let own = metadata(manifest).and_then(|id| address(document, id, ""));
        let lists = |instance: EntryId| {
            let namespace = metadata(instance).and_then(|id| said(document, id, "namespace")).unwrap_or_default();
            let registry = document.child(instance, "spec").and_then(|spec| document.child(spec, "connectionRegistry"));
            let mut references = registry.into_iter().flat_map(|registry| document.children(registry));
            own.is_some() && references.any(|reference| address(document, reference, namespace) == own)
        };
        let is_instance = |id: &EntryId| said(document, *id, "kind") == Some(INSTANCE) && is_of_atlas(document, *id);
        let instance = manifests.iter().copied().filter(is_instance).find(|&instance| lists(instance));
        let name = instance.and_then(metadata).and_then(|id| address(document, id, ""));
        match name {
            Some(name) => format!("{INSTANCE} {name}").into(),
            None => format!("{} {manifest}", document.source.name()).into(),
        }
    }
}

fn unsupported_value(index: usize, field: Field, span: Span, word: &str) -> Diagnostic {
    let spelling = path(field).unwrap_or_default();
    let shown = if word.is_empty() { "an empty text".to_owned() } else { crate::atlas::secret::quoted(word) };
    let takes = words(field).unwrap_or_default().join(", ");
    Diagnostic::in_connection(Some(index), &UNSUPPORTED_BY_DIALECT, field.pointer(), span)
        .says(format!("`{spelling}` cannot be {shown} in Kubernetes"), format!("takes {takes}"))
        .help("manage this connection through the Admin API, the Atlas CLI or Terraform; the operator's resource does not know it")
}

/// The translation of one `spec`.
struct Spec<'s, 'd> {
    document: &'d Document,
    to: &'s mut Translator<'d>,
    notes: &'s mut Vec<Diagnostic>,
    index: usize,
    /// What `type` says.
    word: &'s str,
    skip_rules: bool,
    /// A client certificate stands there, which manifests cannot say: whether the protocol fits it is no question here.
    has_certificate: bool,
}

impl<'d> Spec<'_, 'd> {
    fn note(&mut self, note: Diagnostic) {
        if !self.skip_rules {
            self.notes.push(note);
        }
    }

    fn is_unknown(&self, id: EntryId) -> bool {
        self.document.entry(id).has(Entry::UNKNOWN)
    }

    fn said(&self, id: EntryId) -> Option<&'d str> {
        if self.is_unknown(id) { None } else { self.document.value(id).as_str() }
    }

    fn each(&mut self, object: EntryId, mut visit: impl FnMut(&mut Self, &str, EntryId)) {
        let document = self.document;
        for id in document.members(object) {
            visit(self, document.key(id), id);
        }
    }

    /// Writes a block of the API.
    fn block(&mut self, key: &str, from: EntryId, inside: impl FnOnce(&mut Spec<'_, 'd>)) {
        let Self { document, ref mut notes, index, word, skip_rules, has_certificate, .. } = *self;
        self.to.block(key, from, |to| {
            inside(&mut Spec { document, to, notes, index, word, skip_rules, has_certificate });
        });
    }

    fn members(&mut self, spec: EntryId, mode: Option<Mode>) {
        self.each(spec, |this, key, id| match key {
            "name" => this.to.copy("name", id),
            "type" => this.word(Field::Type, id),
            "clusterConfig" => this.config(id, "Cluster", &["clusterName", "dbRoleToExecute"], |this, id| {
                this.cluster(id, mode);
            }),
            "kafkaConfig" => {
                this.config(id, "Kafka", &["bootstrapServers", "authentication", "security"], |this, id| {
                    this.kafka(id, mode);
                });
            }
            _ => this.stranger(None, "", key, id),
        });
    }

    /// A block of one type. That it stands under another type is one mistake.
    fn config(&mut self, id: EntryId, kind: &str, needs: &[&str], inside: impl FnOnce(&mut Self, EntryId)) {
        let key = self.document.key(id);
        let other = words(Field::Type).unwrap_or_default().iter().any(|word| *word == self.word && *word != kind);
        let entry = *self.document.entry(id);
        if other {
            let message = format!("`{key}` does not belong to {} connections", self.word);
            let note = Diagnostic::in_connection(Some(self.index), &MISPLACED_FIELD, "", handle(self.document, id));
            self.note(note.says(message, "of another type").help(format!("it belongs to {kind} connections")));
        } else if entry.has(Entry::OBJECT) {
            inside(self, id);
            // What a template adds may be what is missing.
            if entry.has(Entry::UNKNOWN) {
                for need in needs {
                    if !self.to.has(need) {
                        self.to.unknown(need, id);
                    }
                }
            }
        } else {
            for need in needs {
                self.to.unknown(need, id);
            }
            if !entry.has(Entry::UNKNOWN) {
                self.not_an_object(id, "");
            }
        }
    }

    fn not_an_object(&mut self, id: EntryId, pointer: &str) {
        let message =
            format!("`{}` must be an object, and this is {}", self.document.key(id), self.document.value(id).what());
        let note = Diagnostic::in_connection(
            Some(self.index),
            &WRONG_TYPE,
            pointer.to_owned(),
            self.document.entry(id).span(),
        );
        self.note(note.says(message, "expected an object").help("write its members below it"));
    }

    /// A field whose words are fewer than those of the API.
    fn word(&mut self, field: Field, id: EntryId) {
        let key = field.key();
        match self.said(id).filter(|word| is_unsupported(field, word)) {
            // That has been said, and nothing else will be.
            Some(_) if field == Field::Type => self.to.copy(key, id),
            Some(word) => {
                self.note(unsupported_value(self.index, field, self.document.entry(id).span(), word));
                self.to.unknown(key, id);
            }
            None => self.to.copy(key, id),
        }
    }

    fn cluster(&mut self, config: EntryId, mode: Option<Mode>) {
        let document = self.document;
        self.each(config, |this, key, id| match key {
            "name" => this.to.copy("clusterName", id),
            "role" if document.entry(id).has(Entry::OBJECT) => this.role(id),
            "role" => this.to.copy("dbRoleToExecute", id),
            _ => this.stranger(None, "clusterConfig", key, id),
        });
        if document.child(config, "role").is_none()
            && !self.is_unknown(config)
            && mode.is_none_or(|mode| mode == Mode::Create)
        {
            for field in [Field::DbRoleToExecuteRole, Field::DbRoleToExecuteType] {
                let spelling = path(field).unwrap_or_default();
                let note = Diagnostic::in_connection(
                    Some(self.index),
                    &MISSING_FIELD,
                    field.pointer(),
                    handle(document, config),
                );
                let note =
                    note.says(format!("`{spelling}` is missing, and Kubernetes asks for it"), "no `role` in here");
                self.note(
                    note.help("say which database role stream processing acts as: `role` with `name` and `type`"),
                );
            }
        }
    }

    fn role(&mut self, role: EntryId) {
        self.block("dbRoleToExecute", role, |this| {
            this.each(role, |this, key, id| match key {
                "name" => this.to.copy("role", id),
                "type" => this.to.copy("type", id),
                _ => this.stranger(Some(Field::DbRoleToExecute), "clusterConfig.role", key, id),
            });
        });
    }

    fn kafka(&mut self, config: EntryId, mode: Option<Mode>) {
        let document = self.document;
        let authentication = document.child(config, "authentication");
        let has = |key| authentication.is_some_and(|block| document.child(block, key).is_some());
        self.has_certificate = has(Field::AuthenticationSslCertificate.key()) || has(Field::AuthenticationSslKey.key());
        self.each(config, |this, key, id| {
            let is_object = document.entry(id).has(Entry::OBJECT);
            match key {
                "authentication" if is_object => this.authentication(id, mode),
                "security" if is_object => this.security(id),
                "authentication" | "security" | "bootstrapServers" | "config" => this.to.copy(key, id),
                _ => this.stranger(None, "kafkaConfig", key, id),
            }
        });
    }

    fn authentication(&mut self, block: EntryId, mode: Option<Mode>) {
        let (document, index) = (self.document, self.index);
        let asks = mode.is_none_or(|mode| mode == Mode::Create);
        self.block("authentication", block, |this| {
            this.each(block, |this, key, id| match key {
                "mechanism" => this.word(Field::AuthenticationMechanism, id),
                "credentials" => {
                    this.reference(Field::AuthenticationUsername, id);
                    this.to.unknown("username", id);
                    this.to.unknown("password", id);
                }
                _ => this.stranger(Some(Field::Authentication), "kafkaConfig.authentication", key, id),
            });
            // Where a mechanism is given, its own rule asks for them.
            let has = |key| document.child(block, key).is_some();
            if !has("credentials") && !has("mechanism") && !this.is_unknown(block) && asks {
                let pointer = Field::AuthenticationUsername.pointer();
                let note = Diagnostic::in_connection(Some(index), &MISSING_FIELD, pointer, handle(document, block));
                let message = "`kafkaConfig.authentication.credentials` is missing, and Kubernetes asks for it";
                this.note(
                    note.says(message, "no `credentials` in here")
                        .help("name the Secret that holds `username` and `password`"),
                );
            }
        });
    }

    fn security(&mut self, block: EntryId) {
        self.block("security", block, |this| {
            this.each(block, |this, key, id| match key {
                "protocol" if this.has_certificate => this.to.unknown(key, id),
                "protocol" => this.word(Field::SecurityProtocol, id),
                "certificate" => {
                    this.reference(Field::SecurityBrokerPublicCertificate, id);
                    this.to.unknown("brokerPublicCertificate", id);
                }
                _ => this.stranger(Some(Field::Security), "kafkaConfig.security", key, id),
            });
        });
    }

    /// A reference to a Secret: what stands in there is not to be seen, but it has to be named.
    fn reference(&mut self, field: Field, id: EntryId) {
        let spelling = path(field).unwrap_or_default();
        if !self.document.entry(id).has(Entry::OBJECT) {
            if !self.is_unknown(id) {
                self.not_an_object(id, field.pointer());
            }
        } else if self.document.child(id, "name").is_none() && !self.is_unknown(id) {
            let note =
                Diagnostic::in_connection(Some(self.index), &MISSING_FIELD, field.pointer(), handle(self.document, id));
            let note = note.says(format!("`{spelling}.name` is missing"), "no `name` in here");
            self.note(note.help("name the Secret that holds it"));
        }
    }

    /// A field that the CRD does not have in this place: as the API spells it, or of nobody's.
    fn stranger(&mut self, parent: Option<Field>, at: &str, key: &str, id: EntryId) {
        let Some(field) = Field::child(parent, key) else {
            // Behind `kafkaConfig` and `clusterConfig` the API has no level of its own.
            let is_remark = REMARKS.contains(&key);
            if !is_remark {
                self.to.copy(key, id);
            }
            return;
        };
        let shown = if at.is_empty() { key.to_owned() } else { format!("{at}.{key}") };
        let span = handle(self.document, id);
        if let Some(own) = path(field) {
            let note = Diagnostic::in_connection(Some(self.index), &API_FIELD_NAME, field.pointer(), span)
                .says(format!("`{shown}` is how the API writes it, not Kubernetes"), format!("write `{own}`"));
            let is_reference = matches!(
                field,
                Field::AuthenticationUsername | Field::AuthenticationPassword | Field::SecurityBrokerPublicCertificate
            );
            let (place, name) = own.rsplit_once('.').unwrap_or(("", own));
            let is_here = place == at
                && !is_reference
                && self.document.parent_of(id).is_some_and(|block| self.document.child(block, name).is_none());
            let rename = || fix::renaming(self.document, id, name);
            let fix = is_here.then(|| Fix::safe(format!("Rename it to `{name}`"), rename()));
            let help = if is_reference {
                format!("keep it in a Secret, and name that in `{own}`")
            } else {
                format!("write it as `{own}`")
            };
            self.note(note.help(help).fix(fix));
            if is_reference {
                self.to.unknown(key, id);
            } else {
                self.to.copy(key, id);
            }
            return;
        }
        let note = Diagnostic::in_connection(Some(self.index), &UNSUPPORTED_BY_DIALECT, field.pointer(), span)
            .says(format!("Kubernetes cannot say `{shown}`"), "not in the operator's resource");
        self.note(note.help("manage this connection through the Admin API, the Atlas CLI or Terraform"));
        // What depends on the network stays silent.
        if field == Field::Networking && matches!(self.word, "Kafka" | "") {
            self.to.unknown(key, id);
        }
    }
}

/// The password of a credentials Secret that is empty, as the exporter writes it (evidence.md AKO-003).
fn empty_password(document: &Document, secret: EntryId) -> Option<Diagnostic> {
    let labels = document.child(secret, "metadata").and_then(|metadata| document.child(metadata, "labels"))?;
    if said(document, labels, "atlas.mongodb.com/type") != Some("credentials") {
        return None;
    }
    let of =
        |key: &str| ["stringData", "data"].iter().find_map(|block| document.child(document.child(secret, block)?, key));
    of("username")?;
    let password = of("password")?;
    let entry = document.entry(password);
    let is_empty = !entry.has(Entry::UNKNOWN | Entry::OBJECT | Entry::ARRAY)
        && (entry.kind() == 0 || document.value(password).as_str().is_some_and(str::is_empty));
    let span = if entry.span().is_empty() { handle(document, password) } else { entry.span() };
    is_empty.then(|| {
        Diagnostic::in_connection(None, &EMPTY_SECRET, "", span)
            .says("the password in this Secret is empty", "empty")
            .help("fill it in from a secret store; the exporter cannot, because Atlas never returns passwords")
    })
}
