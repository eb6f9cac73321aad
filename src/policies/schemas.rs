//! The schemas of a policy: its file, the files it refers to, and the graph of their subschemas.
//!
//! The graph answers questions that the engine cannot answer: the position of a broken reference, whether schemas refer
//! to each other endlessly, and which values the result of a condition depends on.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::PolicyError;
use crate::document::Document;
use crate::parse;
use crate::text::pointer::{escape, unescape};
use crate::text::{Source, Span};

/// The size of the longest schema file, in bytes.
pub(crate) const LONGEST_FILE: usize = 1 << 20;
/// Maximum number of files of one policy.
const MOST_FILES: usize = 64;
/// Maximum number of subschemas of one policy.
const MOST_NODES: usize = 20_000;

/// Reads a file by its path, which is relative to the folder of the policy and uses `/`.
///
/// # Errors
///
/// Half a sentence.
pub(crate) type Read<'r> = &'r mut dyn FnMut(&str) -> Result<(String, String), String>;

/// One file of a policy.
#[derive(Debug)]
pub(super) struct SchemaFile {
    /// The name in errors.
    pub name: String,
    /// The path, relative to the folder of the policy.
    path: String,
    /// The address that it has for the engine.
    pub uri: String,
    pub value: Value,
    /// The text with its spans; `None` for a value without a text.
    document: Option<Document>,
}

pub(super) type NodeId = usize;

/// A subschema.
#[derive(Debug, Default)]
pub(super) struct Node {
    file: usize,
    pointer: String,
    base: Arc<str>,
    /// Whether it checks the value itself: with any keyword other than those that only apply other schemas.
    pub asserts: bool,
    /// Whether it compares the whole value: `const`, `enum`, `uniqueItems`.
    pub compares: bool,
    /// Schemas for the same value: `allOf`, `if`, and the targets of references.
    pub same: Vec<NodeId>,
    /// Schemas for parts of the value.
    pub parts: Vec<(Part, NodeId)>,
    /// References, by keyword.
    refs: Vec<(&'static str, Vec<NodeId>)>,
}

/// The part of a value that a subschema is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    Field(String),
    /// Fields or items that only the engine can identify.
    Any,
    /// The names of fields.
    Names,
}

/// All schemas of a policy.
#[derive(Debug)]
pub(super) struct Schemas {
    pub files: Vec<SchemaFile>,
    pub nodes: Vec<Node>,
    by_place: BTreeMap<(usize, String), NodeId>,
    /// Schemas by their address without a fragment.
    resources: BTreeMap<String, (usize, String)>,
    anchors: BTreeMap<(String, String), (usize, String)>,
}

/// The form of the schemas in a keyword, in any draft.
const SAME: &[&str] = &["not", "if", "then", "else"];
const SAME_LISTS: &[&str] = &["allOf", "anyOf", "oneOf"];
const SAME_MAPS: &[&str] = &["dependentSchemas", "dependencies"];
const PARTS: &[&str] =
    &["additionalProperties", "unevaluatedProperties", "additionalItems", "unevaluatedItems", "contains", "items"];
const NAMES: &str = "propertyNames";
const LISTS: &[&str] = &["prefixItems", "items"];
const DEFINITIONS: &[&str] = &["$defs", "definitions"];
const REFERENCES: &[&str] = &["$ref", "$dynamicRef", "$recursiveRef"];
/// Keywords that check the value itself.
const ASSERTIONS: &[&str] = &[
    "const",
    "contentEncoding",
    "contentMediaType",
    "dependencies",
    "dependentRequired",
    "enum",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "maxContains",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minContains",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "pattern",
    "required",
    "type",
    "uniqueItems",
];

/// The drafts that the engine supports, as values of `$schema`.
const DRAFTS: &[&str] = &["draft-04", "draft-06", "draft-07", "draft/2019-09", "draft/2020-12"];

impl Schemas {
    /// The schema of a text. `read` returns the files that it refers to.
    #[cfg(feature = "cli")]
    pub fn of_text(path: &str, name: &str, text: &str, read: Read) -> Result<Self, PolicyError> {
        Self::collect(file_of_text(path, name, text)?, read)
    }

    /// The schema of a value. It refers to no files.
    pub fn of_value(value: &Value) -> Result<Self, PolicyError> {
        let file = SchemaFile {
            name: String::new(),
            path: "schema.json".to_owned(),
            uri: uri_of("schema.json"),
            value: value.clone(),
            document: None,
        };
        Self::collect(file, &mut |_| Err("a schema that is not a file cannot refer to files".to_owned()))
    }

    fn collect(root: SchemaFile, read: Read) -> Result<Self, PolicyError> {
        let mut schemas = Self {
            files: Vec::new(),
            nodes: Vec::new(),
            by_place: BTreeMap::new(),
            resources: BTreeMap::new(),
            anchors: BTreeMap::new(),
        };
        let mut waiting = Vec::new();
        schemas.add_file(root, None, &mut waiting)?;
        // References are resolved after all anchors of their file are known.
        while let Some((node, keyword, target)) = waiting.pop() {
            let targets = schemas.follow(node, keyword, &target, read, &mut waiting)?;
            let known = &mut schemas.nodes[node];
            known.same.extend(&targets);
            known.refs.push((keyword, targets));
        }
        Ok(schemas)
    }

    fn add_file(
        &mut self,
        file: SchemaFile,
        alias: Option<String>,
        waiting: &mut Waiting,
    ) -> Result<usize, PolicyError> {
        let (at, uri) = (self.files.len(), file.uri.clone());
        self.files.push(file);
        if let Err(error) = jsonschema_meta(&self.files[at].value) {
            let span = self.files[at].error(&error.0, error.1);
            return Err(span);
        }
        self.resources.insert(uri.clone(), (at, String::new()));
        if let Some(alias) = &alias {
            self.resources.insert(alias.clone(), (at, String::new()));
        }
        let base = alias.unwrap_or(uri);
        self.walk(at, "", &base.into(), waiting)?;
        Ok(at)
    }

    fn value_at(&self, file: usize, pointer: &str) -> Option<&Value> {
        self.files[file].value.pointer(pointer)
    }

    /// Adds the schema at a pointer, and those in it.
    fn walk(
        &mut self,
        file: usize,
        pointer: &str,
        base: &Arc<str>,
        waiting: &mut Waiting,
    ) -> Result<NodeId, PolicyError> {
        if let Some(known) = self.by_place.get(&(file, pointer.to_owned())) {
            return Ok(*known);
        }
        let id = self.nodes.len();
        if id >= MOST_NODES {
            return Err(self.files[file].error(pointer, format!("the policy has more than {MOST_NODES} subschemas")));
        }
        self.by_place.insert((file, pointer.to_owned()), id);
        let node = Node { file, pointer: pointer.to_owned(), base: Arc::clone(base), ..Node::default() };
        self.nodes.push(node);
        let object = match self.value_at(file, pointer) {
            Some(Value::Object(object)) => object.clone(),
            other => {
                self.nodes[id].asserts = matches!(other, Some(Value::Bool(false)));
                return Ok(id);
            }
        };
        let base = self.base_of(file, pointer, &object, base)?;
        self.nodes[id].base = Arc::clone(&base);
        self.nodes[id].compares = ["const", "enum", "uniqueItems"].iter().any(|keyword| object.contains_key(*keyword));
        self.nodes[id].asserts = ASSERTIONS.iter().any(|keyword| object.contains_key(*keyword));
        for (keyword, value) in &object {
            let inside = format!("{pointer}/{}", escape(keyword));
            let keyword = keyword.as_str();
            if let Some(&keyword) = REFERENCES.iter().find(|known| **known == keyword) {
                if let Some(target) = value.as_str() {
                    waiting.push((id, keyword, target.to_owned()));
                }
            } else if SAME.contains(&keyword) {
                let inner = self.walk(file, &inside, &base, waiting)?;
                self.nodes[id].same.push(inner);
            } else if SAME_LISTS.contains(&keyword) || LISTS.contains(&keyword) && value.is_array() {
                for index in 0..value.as_array().map_or(0, Vec::len) {
                    let inner = self.walk(file, &format!("{inside}/{index}"), &base, waiting)?;
                    if SAME_LISTS.contains(&keyword) {
                        self.nodes[id].same.push(inner);
                    } else {
                        self.nodes[id].parts.push((Part::Field(index.to_string()), inner));
                    }
                }
            } else if PARTS.contains(&keyword) || keyword == NAMES {
                let inner = self.walk(file, &inside, &base, waiting)?;
                let part = if keyword == NAMES { Part::Names } else { Part::Any };
                self.nodes[id].parts.push((part, inner));
            } else if let Some(schemas) = value.as_object() {
                let is_part = matches!(keyword, "properties" | "patternProperties");
                if !is_part && !SAME_MAPS.contains(&keyword) && !DEFINITIONS.contains(&keyword) {
                    continue;
                }
                for (key, value) in schemas {
                    // `dependencies` may also list names of fields.
                    if value.is_array() {
                        continue;
                    }
                    let inner = self.walk(file, &format!("{inside}/{}", escape(key)), &base, waiting)?;
                    match keyword {
                        "properties" => self.nodes[id].parts.push((Part::Field(key.clone()), inner)),
                        "patternProperties" => self.nodes[id].parts.push((Part::Any, inner)),
                        _ if SAME_MAPS.contains(&keyword) => self.nodes[id].same.push(inner),
                        _ => {}
                    }
                }
            }
        }
        Ok(id)
    }

    /// The address that references in a schema are relative to. Registers its `$id` and its anchors.
    fn base_of(
        &mut self,
        file: usize,
        pointer: &str,
        object: &Map<String, Value>,
        base: &Arc<str>,
    ) -> Result<Arc<str>, PolicyError> {
        if object.get("$schema").is_some_and(|draft| !draft.as_str().is_some_and(is_draft)) {
            let at = format!("{pointer}/$schema");
            return Err(self.files[file].error(&at, "this is not a draft of JSON Schema from 4 to 2020-12"));
        }
        let mut base = Arc::clone(base);
        let root = self.files[file].value.get("$schema").and_then(Value::as_str);
        let keyword = if root.is_some_and(|draft| draft.contains(DRAFTS[0])) { "id" } else { "$id" };
        let id = object.get(keyword).and_then(Value::as_str);
        if let Some(id) = id.filter(|id| !id.starts_with('#')) {
            let at = format!("{pointer}/{keyword}");
            let resolved = resolve(&base, id).ok_or_else(|| self.files[file].error(&at, "this is not a URI"))?;
            base = without_fragment(&resolved).into();
            self.resources.insert(base.to_string(), (file, pointer.to_owned()));
        }
        let old_anchor = id.and_then(|id| id.strip_prefix('#'));
        let anchors = ["$anchor", "$dynamicAnchor"].iter().filter_map(|keyword| object.get(*keyword)?.as_str());
        for anchor in anchors.chain(old_anchor) {
            self.anchors.insert((base.to_string(), anchor.to_owned()), (file, pointer.to_owned()));
        }
        Ok(base)
    }

    /// The schemas that a reference may lead to. Reads the file it names, if there is one.
    fn follow(
        &mut self,
        node: NodeId,
        keyword: &'static str,
        target: &str,
        read: Read,
        waiting: &mut Waiting,
    ) -> Result<Vec<NodeId>, PolicyError> {
        let (file, base) = (self.nodes[node].file, Arc::clone(&self.nodes[node].base));
        let at = format!("{}/{keyword}", self.nodes[node].pointer);
        let fail = |schemas: &Self, message: &str| schemas.files[file].error(&at, message);
        let absolute = resolve(&base, target).ok_or_else(|| fail(self, "this is not a URI reference"))?;
        let (uri, fragment) = absolute.split_once('#').unwrap_or((&absolute, ""));
        let (in_file, start) = match self.resources.get(uri) {
            Some(known) => known.clone(),
            None => (self.read_file(file, &at, target, uri, read, waiting)?, String::new()),
        };
        let fragment = percent_decoded(fragment);
        let place = if fragment.is_empty() || fragment.starts_with('/') {
            Some((in_file, format!("{start}{fragment}")))
        } else {
            self.anchors.get(&(uri.to_owned(), fragment.clone())).cloned()
        };
        let place = place.filter(|(file, pointer)| self.value_at(*file, pointer).is_some_and(is_schema));
        let Some((file, pointer)) = place else {
            return Err(fail(self, "the referenced schema does not exist"));
        };
        let base = self.base_around(file, &pointer);
        let mut targets = vec![self.walk(file, &pointer, &base, waiting)?];
        if keyword != "$ref" {
            // The target depends on the path of evaluation.
            let anchor = if keyword == "$recursiveRef" { "" } else { fragment.as_str() };
            let anchors = self.anchors.iter().filter(|((_, name), _)| name == anchor).map(|(_, place)| place);
            let roots = (0..self.files.len()).map(|file| (file, String::new())).filter(|_| anchor.is_empty());
            for (file, pointer) in anchors.cloned().chain(roots).collect::<Vec<_>>() {
                let base = self.base_around(file, &pointer);
                targets.push(self.walk(file, &pointer, &base, waiting)?);
            }
        }
        Ok(targets)
    }

    /// The base of the nearest known schema around a pointer.
    fn base_around(&self, file: usize, pointer: &str) -> Arc<str> {
        let mut around = pointer;
        loop {
            if let Some(known) = self.by_place.get(&(file, around.to_owned())) {
                return Arc::clone(&self.nodes[*known].base);
            }
            match around.rfind('/') {
                Some(end) => around = &around[..end],
                None => return self.files[file].uri.as_str().into(),
            }
        }
    }

    fn read_file(
        &mut self,
        from: usize,
        at: &str,
        target: &str,
        uri: &str,
        read: Read,
        waiting: &mut Waiting,
    ) -> Result<usize, PolicyError> {
        let fail = |message: String| self.files[from].error(at, message);
        let path = without_fragment(target);
        let is_relative = !path.starts_with('/') && !path.split('/').next().is_some_and(|first| first.contains(':'));
        if !is_relative {
            return Err(fail("the reference is outside of the policy's folder, so it is not read".to_owned()));
        }
        let Some(path) = joined(&self.files[from].path, &percent_decoded(path)) else {
            return Err(fail("the referenced file is outside of the policy's folder".to_owned()));
        };
        if let Some(known) = self.files.iter().position(|file| file.path == path) {
            self.resources.insert(uri.to_owned(), (known, String::new()));
            return Ok(known);
        }
        if self.files.len() >= MOST_FILES {
            return Err(fail(format!("the policy has more than {MOST_FILES} files")));
        }
        let (name, text) = read(&path).map_err(fail)?;
        let file = file_of_text(&path, &name, &text)?;
        self.add_file(file, Some(uri.to_owned()), waiting)
    }

    /// The schema that the engine gets for an address.
    pub fn retrievable(&self) -> BTreeMap<String, Value> {
        let whole = self.resources.iter().filter(|(_, (_, pointer))| pointer.is_empty());
        whole.map(|(uri, (file, _))| (uri.clone(), self.files[*file].value.clone())).collect()
    }

    /// Follows the tokens of an evaluation path to the schema at a pointer inside another, or to the target of its
    /// reference. Also returns the number of tokens that it used.
    pub fn step(&self, from: NodeId, tokens: &[&str]) -> Option<(NodeId, usize)> {
        let node = &self.nodes[from];
        if let Some((_, targets)) = node.refs.iter().find(|(keyword, _)| Some(keyword) == tokens.first()) {
            return (targets.len() == 1).then(|| (targets[0], 1));
        }
        let mut pointer = node.pointer.clone();
        for (count, token) in tokens.iter().take(2).enumerate() {
            pointer = format!("{pointer}/{token}");
            if let Some(inner) = self.by_place.get(&(node.file, pointer.clone())) {
                return Some((*inner, count + 1));
            }
        }
        None
    }

    /// The value of a subschema.
    pub fn value_of(&self, node: NodeId) -> Option<&Value> {
        self.value_at(self.nodes[node].file, &self.nodes[node].pointer)
    }

    /// An error at a subschema.
    pub fn error_at(&self, node: NodeId, below: &str, message: impl Into<String>) -> PolicyError {
        let Node { file, pointer, .. } = &self.nodes[node];
        self.files[*file].error(&format!("{pointer}{below}"), message)
    }

    /// Every regular expression, with its position.
    pub fn patterns(&self) -> impl Iterator<Item = (NodeId, String, &str)> {
        self.nodes.iter().enumerate().flat_map(|(id, _)| {
            let object = self.value_of(id).and_then(Value::as_object);
            let of = move |keyword: &str| object.and_then(|object| object.get(keyword));
            let pattern = of("pattern").and_then(Value::as_str).map(|text| (id, "/pattern".to_owned(), text));
            let keys = of("patternProperties").and_then(Value::as_object).into_iter().flat_map(Map::keys);
            let keys = keys.map(move |key| (id, format!("/patternProperties/{}", escape(key)), key.as_str()));
            pattern.into_iter().chain(keys)
        })
    }
}

/// References to resolve: the schema, the keyword, and the target.
type Waiting = Vec<(NodeId, &'static str, String)>;

/// Whether this is the address of a draft that the engine supports.
fn is_draft(address: &str) -> bool {
    let path = address.trim_end_matches(['#', '/']).split_once("//json-schema.org/").map(|(_, path)| path);
    path.and_then(|path| path.strip_suffix("/schema")).is_some_and(|path| DRAFTS.contains(&path))
}

fn is_schema(value: &Value) -> bool {
    value.is_object() || value.is_boolean()
}

impl SchemaFile {
    /// An error at a position in the file.
    pub fn error(&self, pointer: &str, message: impl Into<String>) -> PolicyError {
        let span = self.document.as_ref().map(|document| {
            let (mut id, mut span) = (0, document.entry(0).span());
            for part in pointer.split('/').skip(1) {
                let Some(child) = document.child(id, &unescape(part)) else { break };
                id = child;
                let entry = document.entry(id);
                span = if entry.span().end > entry.span().start { entry.span() } else { entry.whole() };
            }
            // For an object, marking the key is enough.
            match document.entry(id).key_span() {
                Some(key) if document.value(id).is_object() || document.value(id).is_array() => key,
                _ => span,
            }
        });
        let text = self.document.as_ref().map(|document| document.source.clone());
        PolicyError::new(&self.name, text, span, pointer, message)
    }
}

fn file_of_text(path: &str, name: &str, text: &str) -> Result<SchemaFile, PolicyError> {
    let source = Source::new(name, text);
    let fail = |span: Span, message: String| PolicyError::new(name, Some(source.clone()), Some(span), "", message);
    let parsed = parse::parse(&source, LONGEST_FILE);
    if let Some(flaw) = parsed.flaws.first() {
        return Err(fail(flaw.span(), flaw.message.to_string()));
    }
    if let Some(twice) = parsed.document.table.duplicates.first() {
        let span = parsed.document.entry(twice.second).key_span().unwrap_or_default();
        return Err(fail(span, format!("duplicate key `{}`", parsed.document.key(twice.second))));
    }
    let value = parsed.document.root().to_json();
    if !is_schema(&value) {
        return Err(fail(parsed.document.entry(0).span(), "this is not a JSON Schema: it is not an object".to_owned()));
    }
    let document = Some(parsed.document);
    Ok(SchemaFile { name: name.to_owned(), path: path.to_owned(), uri: uri_of(path), value, document })
}

/// The address of a file for the engine. Nothing is ever read from it.
fn uri_of(path: &str) -> String {
    let mut uri = "policy:///".to_owned();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

fn resolve(base: &str, reference: &str) -> Option<String> {
    let base = jsonschema::uri::from_str(base).ok()?;
    jsonschema::uri::resolve_against(&base.borrow(), reference).ok().map(|uri| uri.as_str().to_owned())
}

fn without_fragment(uri: &str) -> &str {
    uri.split_once('#').map_or(uri, |(before, _)| before)
}

/// A relative path from the folder of a file. `None` if it leads out of the root.
fn joined(file: &str, path: &str) -> Option<String> {
    let mut parts = file.split('/').collect::<Vec<_>>();
    parts.pop();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            // Separators and drives of Windows are not allowed in file names.
            part if part.contains(['\\', ':', '\0']) => return None,
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let digits = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let decoded = digits.filter(|_| byte == b'%').and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(decoded.unwrap_or(byte));
        rest = if decoded.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Checks a schema against the meta-schema of its draft. The error is a pointer and a message.
fn jsonschema_meta(schema: &Value) -> Result<(), (String, String)> {
    // An unknown draft has its own error.
    if schema.get("$schema").is_some_and(|draft| !draft.as_str().is_some_and(is_draft)) {
        return Ok(());
    }
    jsonschema::meta::validate(schema)
        .map_err(|error| (error.instance_path().as_str().to_owned(), super::words::of_schema_error(&error)))
}
