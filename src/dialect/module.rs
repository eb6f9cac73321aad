//! A Terraform module: the blocks of its files, and the targets of the names in them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::document::{Document, Entry, EntryId, ROOT};
use crate::text::order::sort_by;
use crate::text::{Span, Syntax, TERRAFORM, TERRAFORM_VALUES, extension};

/// Maximum number of names from a name to its value. A longer chain is a cycle, or each name in it refers to several
/// others.
const MOST_STEPS: u8 = 64;

/// A block at the top of a file: `resource "type" "name" { … }`, in HCL or JSON.
#[derive(Debug, Clone)]
pub(crate) struct TopLevelBlock<'d> {
    pub kind: &'d str,
    pub labels: Vec<&'d str>,
    pub body: EntryId,
    /// The labels, from the type to the last one.
    pub heading: Span,
    /// The rows of the labels, if they are keys.
    pub keys: Vec<EntryId>,
}

impl TopLevelBlock<'_> {
    /// Its name in references: `local`, `var`, `data.type.name`, `type.name`.
    fn address(&self) -> Option<String> {
        match (self.kind, self.labels.as_slice()) {
            ("resource", [kind, name]) => Some(format!("{kind}.{name}")),
            ("data", [kind, name]) => Some(format!("data.{kind}.{name}")),
            ("variable", [name]) => Some(format!("var.{name}")),
            _ => None,
        }
    }
}

/// The blocks at the top of a file.
pub(crate) fn top_level_blocks(document: &Document) -> Vec<TopLevelBlock<'_>> {
    match &document.outline {
        Some(outline) => {
            let text = document.source.text();
            let label = |span: &Span| text.get(span.start..span.end).unwrap_or_default().trim_matches('"');
            let block = |block: &crate::document::Block| {
                let entry = document.entry(block.entry);
                let key = entry.key_span().unwrap_or_default();
                let end = block.labels.last().map_or(key.end, |label| label.end);
                TopLevelBlock {
                    kind: document.key(block.entry),
                    labels: block.labels.iter().map(label).collect(),
                    body: block.entry,
                    heading: Span::new(key.start, end),
                    keys: Vec::new(),
                }
            };
            outline.blocks.iter().map(block).collect()
        }
        None => top_level_blocks_of_json(document),
    }
}

/// Whether a document is Terraform's JSON: one of its top-level keys is the name of a block.
pub(super) fn has_blocks(document: &Document) -> bool {
    let is_block = |key: &str| {
        ["data", "locals", "module", "output", "provider", "resource", "terraform", "variable"].contains(&key)
    };
    document.members(ROOT).any(|id| is_block(document.key(id)))
}

fn top_level_blocks_of_json(document: &Document) -> Vec<TopLevelBlock<'_>> {
    let mut top_level_blocks = Vec::new();
    for id in document.members(ROOT) {
        let kind = document.key(id);
        let labels = match kind {
            "resource" | "data" => 2,
            "variable" | "module" => 1,
            "locals" => 0,
            _ => continue,
        };
        let heading = document.entry(id).key_span().unwrap_or_default();
        let block = TopLevelBlock { kind, labels: Vec::new(), body: id, heading, keys: Vec::new() };
        nested(document, block, labels, &mut top_level_blocks);
    }
    top_level_blocks
}

/// The bodies below this number of labels; each level may be an array.
fn nested<'d>(
    document: &'d Document,
    block: TopLevelBlock<'d>,
    labels: usize,
    top_level_blocks: &mut Vec<TopLevelBlock<'d>>,
) {
    if document.entry(block.body).has(Entry::ARRAY) {
        for child in document.children(block.body).filter(|&child| document.entry(child).has(Entry::OBJECT)) {
            nested(document, TopLevelBlock { body: child, ..block.clone() }, labels, top_level_blocks);
        }
    } else if labels == 0 {
        top_level_blocks.extend(document.entry(block.body).has(Entry::OBJECT).then_some(block));
    } else {
        for child in document.members(block.body) {
            let mut inner = block.clone();
            inner.body = child;
            inner.labels.push(document.key(child));
            inner.keys.push(child);
            inner.heading = document.entry(child).key_span().unwrap_or(block.heading);
            nested(document, inner, labels - 1, top_level_blocks);
        }
    }
}

/// The declarations of a file, by address, in order.
#[derive(Clone, Default)]
struct Names {
    list: Vec<(Box<str>, EntryId)>,
    /// Variables that a values file sets.
    given: Vec<(Box<str>, EntryId)>,
    /// Whether it uses other modules, which may declare anything.
    has_modules: bool,
}

impl Names {
    fn of(document: &Document) -> Self {
        let mut names = Self::default();
        if is_file_of_values(document.source.name()) {
            names.given = document.members(ROOT).map(|id| (document.key(id).into(), id)).collect();
            return names;
        }
        for block in top_level_blocks(document) {
            names.has_modules |= block.kind == "module";
            if block.kind == "locals" {
                let local = |id| (format!("local.{}", document.key(id)).into(), id);
                names.list.extend(document.members(block.body).map(local));
            } else if let Some(address) = block.address() {
                names.list.push((address.into(), block.body));
            }
        }
        sort_by(&mut names.list, |(one, _), (other, _)| one.cmp(other));
        names
    }

    fn get(&self, address: &str) -> Option<EntryId> {
        self.list.binary_search_by(|(name, _)| (**name).cmp(address)).ok().map(|at| self.list[at].1)
    }
}

/// Whether a file of this name is Terraform's, in either syntax.
pub(crate) fn is_terraform(name: &str) -> bool {
    terraform_extension(name).is_some_and(|extension| TERRAFORM.contains(&extension))
}

/// Whether Terraform loads a values file automatically.
fn is_read_unasked(name: &str) -> bool {
    let name = name.rsplit('/').next().unwrap_or(name);
    let name = name.strip_suffix(".json").unwrap_or(name);
    name == "terraform.tfvars" || name.ends_with(".auto.tfvars")
}

/// Whether a file of this name sets variables.
pub(crate) fn is_file_of_values(name: &str) -> bool {
    terraform_extension(name) == Some(TERRAFORM_VALUES)
}

/// The extension of a file's name, before `.json` if it ends in that.
fn terraform_extension(name: &str) -> Option<&str> {
    extension(name.strip_suffix(".json").unwrap_or(name))
}

/// The folder of a file, by its name.
pub(crate) fn folder(name: &str) -> &str {
    name.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The other files of a linted file's module, which resolve its names.
#[derive(Clone, Default)]
pub(crate) struct Context {
    files: Vec<Document>,
    /// The index of each file, by its name.
    by_name: BTreeMap<Arc<str>, usize>,
    /// The declarations of the files, by address: the index of the file, and the row.
    names: BTreeMap<Box<str>, (usize, EntryId)>,
    /// The values files that set a variable, and the rows.
    given: BTreeMap<Box<str>, Vec<(usize, EntryId)>>,
    /// The files that may declare more than is known: they have a syntax error, or use other modules.
    open: Vec<usize>,
    /// Whether these are all files of the module.
    is_whole: bool,
}

impl Context {
    /// The files of one folder. If two of them declare the same thing, it is not a module but a collection of
    /// independent files.
    pub fn of(documents: Vec<Document>, is_whole: bool) -> Self {
        let mut context = Self { is_whole, ..Self::default() };
        for (file, document) in documents.iter().enumerate() {
            let names = Names::of(document);
            for (name, id) in names.list {
                if context.names.insert(name, (file, id)).is_some() {
                    return Self::default();
                }
            }
            for (name, id) in names.given {
                context.given.entry(name).or_default().push((file, id));
            }
            if names.has_modules || document.damaged {
                context.open.push(file);
            }
            context.by_name.insert(Arc::clone(document.source.shared_name()), file);
        }
        Self { files: documents, ..context }
    }

    /// The files with declarations, and not only with values.
    pub fn declaring(&self) -> impl Iterator<Item = &Document> {
        self.files.iter().filter(|file| !is_file_of_values(file.source.name()))
    }

    /// The number of files.
    pub fn len(&self) -> usize {
        self.files.len()
    }
}

/// A value, and the file that it is in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Target<'m> {
    pub document: &'m Document,
    pub id: EntryId,
}

/// The scope of the names in a file: the file itself, and the other files of its module.
pub(crate) struct Scope<'m> {
    file: &'m Document,
    names: Names,
    context: &'m Context,
    /// The index of the file in the context.
    place: Option<usize>,
    /// The index of the values file that Terraform is run with.
    values: Option<usize>,
    /// Whether the file belongs to a module, and not to a collection.
    pub is_module: bool,
}

impl<'m> Scope<'m> {
    pub fn new(file: &'m Document, context: &'m Context) -> Self {
        let place = context.by_name.get(file.source.name()).copied();
        Self { file, names: Names::of(file), context, place, values: None, is_module: place.is_some() }
    }

    /// The same scope if Terraform is run with a values file, `-var-file=prod.tfvars`, which overrides those that it
    /// loads automatically.
    pub fn with_values(self, values: &Document) -> Self {
        let name = values.source.name();
        let file = self.context.by_name.get(name).copied();
        Self { values: file.filter(|_| !is_read_unasked(name)), ..self }
    }

    /// The files of the module, this one first.
    pub fn documents(&self) -> impl Iterator<Item = &'m Document> {
        let others = self.context.files.iter().enumerate().filter(|(file, _)| Some(*file) != self.place);
        std::iter::once(self.file).chain(others.map(|(_, document)| document))
    }

    /// Whether all declarations of the module are known.
    pub fn is_whole(&self) -> bool {
        self.context.is_whole
            && self.is_module
            && !(self.names.has_modules || self.file.damaged)
            && self.context.open.iter().all(|file| Some(*file) == self.place)
    }

    /// The declaration of an address.
    pub fn declared(&self, address: &str) -> Option<Target<'m>> {
        if let Some(id) = self.names.get(address) {
            return Some(Target { document: self.file, id });
        }
        let (file, id) = self.context.names.get(address).copied().filter(|(file, _)| Some(*file) != self.place)?;
        Some(Target { document: &self.context.files[file], id })
    }

    /// The literal value of a reference; `None` if it is known only at run time.
    pub fn resolve(&self, reference: &str) -> Option<Target<'m>> {
        let mut steps = MOST_STEPS;
        self.follow(reference, &mut steps)
    }

    /// All names on the path count as steps: each part of a name may refer to other names.
    fn follow(&self, reference: &str, steps: &mut u8) -> Option<Target<'m>> {
        *steps = steps.checked_sub(1)?;
        let parts = parts(reference)?;
        let (mut target, rest) = match parts.as_slice() {
            [root, name, rest @ ..] if root == "local" => (self.declared(&format!("local.{name}"))?, rest),
            [root, name, rest @ ..] if root == "var" => (self.default_of(name)?, rest),
            _ => return None,
        };
        target = self.settle(target, steps)?;
        for part in rest {
            target.id = target.document.child(target.id, part)?;
            target = self.settle(target, steps)?;
        }
        Some(target)
    }

    /// The value at a path of keys inside another value, which may be a reference itself.
    pub fn inside(&self, from: Target<'m>, path: &[Cow<str>]) -> Option<Target<'m>> {
        let mut steps = MOST_STEPS;
        let mut target = from;
        for part in path {
            target = self.settle(target, &mut steps)?;
            target.id = target.document.child(target.id, part)?;
        }
        Some(target)
    }

    /// A value, or the value that it refers to; `None` if it is known only at run time.
    pub fn settled(&self, target: Target<'m>) -> Option<Target<'m>> {
        let mut steps = MOST_STEPS;
        self.settle(target, &mut steps)
    }

    /// A value, or the value that it refers to.
    fn settle(&self, target: Target<'m>, steps: &mut u8) -> Option<Target<'m>> {
        match reference_of(target.document, target.id) {
            Some(reference) => self.follow(reference, steps),
            None if target.document.entry(target.id).has(Entry::UNKNOWN) => None,
            None => Some(target),
        }
    }

    /// The value of a variable in a values file, or else its default. An empty default counts as unset.
    fn default_of(&self, name: &str) -> Option<Target<'m>> {
        if let Some(given) = self.context.given.get(name).filter(|_| self.is_module) {
            return self.given(given);
        }
        let variable = self.declared(&format!("var.{name}"))?;
        let id = variable.document.child(variable.id, "default")?;
        let is_empty = variable.document.entry(id).has(Entry::TEXT) && variable.document.text(id).is_empty();
        (!is_empty).then_some(Target { id, ..variable })
    }

    /// Whether a reference that has no known value may be null.
    pub fn may_be_null(&self, reference: &str) -> bool {
        self.may_be_null_within(reference, MOST_STEPS)
    }

    fn may_be_null_within(&self, reference: &str, steps: u8) -> bool {
        let (Some(steps), Some(parts)) = (steps.checked_sub(1), parts(reference)) else { return true };
        match parts.as_slice() {
            [root, word, ..] if root == "each" => word == "value",
            [root, name, rest @ ..] if root == "var" => {
                let Some(Target { document, id }) = self.declared(&format!("var.{name}")) else { return false };
                let is_null = |id| document.entry(id).kind() == 0 && !document.entry(id).has(Entry::UNKNOWN);
                let has_optional = |id| {
                    let span = document.entry(id).span();
                    document.source.text().get(span.start..span.end).is_some_and(|text| text.contains("optional("))
                };
                let is_given = self.is_module && self.context.given.contains_key(&**name);
                !is_given && document.child(id, "default").is_some_and(is_null)
                    || !rest.is_empty() && document.child(id, "type").is_some_and(has_optional)
            }
            [root, name, rest @ ..] if root == "local" => {
                let Some(Target { document, id }) = self.declared(&format!("local.{name}")) else { return false };
                let id = rest.iter().try_fold(id, |id, part| document.child(id, part).ok_or(id));
                let id = id.unwrap_or_else(|deepest| deepest);
                match reference_of(document, id) {
                    Some(reference) => self.may_be_null_within(reference, steps),
                    None => may_be_null(document, id),
                }
            }
            _ => false,
        }
    }

    /// The value of a variable in the values files: of those that Terraform loads automatically, the last counts. An empty
    /// value is unknown, and so is a value of a file that Terraform may or may not be run with.
    fn given(&self, given: &[(usize, EntryId)]) -> Option<Target<'m>> {
        let name = |file: usize| self.context.files[file].source.name();
        let chosen = given.iter().find(|(file, _)| Some(*file) == self.values);
        if chosen.is_none() && given.iter().any(|(file, _)| !is_read_unasked(name(*file))) {
            return None;
        }
        let order = |file: usize| (name(file).contains(".auto.tfvars"), name(file));
        let (file, id) = *chosen.or_else(|| given.iter().max_by_key(|(file, _)| order(*file)))?;
        let document = &self.context.files[file];
        let is_empty = document.entry(id).has(Entry::TEXT) && document.text(id).is_empty();
        (!is_empty).then_some(Target { document, id })
    }

    /// A short text that is the same for equal values: the literal value, or the name of the value. The attribute of a
    /// resource of this module is resolved to its value.
    pub fn identity(&self, document: &'m Document, id: EntryId) -> Option<String> {
        self.identity_within(document, id, MOST_STEPS)
    }

    fn identity_within(&self, document: &'m Document, id: EntryId, steps: u8) -> Option<String> {
        let steps = steps.checked_sub(1)?;
        if let Some(reference) = reference_of(document, id) {
            if let Some(target) = self.resolve(reference) {
                return self.identity_within(target.document, target.id, steps);
            }
            let parts = parts(reference)?;
            if matches!(parts[0].as_ref(), "each" | "count" | "self") {
                return None;
            }
            if let Some((resource, attribute)) = self.attribute(&parts) {
                let value = resource.document.child(resource.id, attribute).or_else(|| {
                    // Both resources of a workspace have its name under one of two attributes.
                    let other = if attribute == "workspace_name" { "instance_name" } else { "workspace_name" };
                    attribute.ends_with("_name").then(|| resource.document.child(resource.id, other)).flatten()
                });
                if let Some(value) = value
                    && let Some(identity) = self.identity_within(resource.document, value, steps)
                {
                    return Some(identity);
                }
            }
            return Some(format!("={}", parts.join(".")));
        }
        let entry = document.entry(id);
        if !entry.has(Entry::TEXT) {
            return None;
        }
        let text = document.text(id);
        let is_filled_in = entry.has(Entry::UNKNOWN) || text.contains("${");
        Some(format!("{}{text}", if is_filled_in { '=' } else { '"' }))
    }

    /// The resource of this module, and its attribute, that a reference names.
    pub fn attribute<'p>(&self, parts: &'p [Cow<str>]) -> Option<(Target<'m>, &'p str)> {
        let parts = if parts.first()? == "resource" { &parts[1..] } else { parts };
        // A resource with `count` or `for_each` has an index.
        let ([kind, name, attribute] | [kind, name, _, attribute]) = parts else { return None };
        Some((self.declared(&format!("{kind}.{name}"))?, attribute))
    }
}

/// The name that is the whole value, without text around it.
pub(crate) fn reference_of(document: &Document, id: EntryId) -> Option<&str> {
    let entry = document.entry(id);
    if let Some(outline) = &document.outline {
        let at = outline.references.binary_search_by_key(&id, |(entry, _)| *entry).ok()?;
        let span = outline.references[at].1;
        return document.source.text().get(span.start..span.end);
    }
    if matches!(document.syntax, Syntax::Json | Syntax::Jsonc) && entry.has(Entry::TEXT) {
        return only_reference(document.text(id));
    }
    None
}

/// The text of an expression: HCL's between its delimiters, or the only template of a string. `None` for other values.
fn expression_of(document: &Document, id: EntryId) -> Option<&str> {
    let entry = document.entry(id);
    if entry.has(Entry::TEXT) {
        return document.text(id).strip_prefix("${")?.strip_suffix('}');
    }
    let text = || document.source.text().get(entry.span().start..entry.span().end);
    let text = text().filter(|_| entry.has(Entry::UNKNOWN) && entry.kind() == 0)?;
    Some(text.strip_prefix("\"${").and_then(|text| text.strip_suffix("}\"")).unwrap_or(text))
}

/// Whether a value is an expression that may be null, so that its argument may be absent. An expression with an element
/// of `for_each` may be, because the elements may have different attributes.
pub(super) fn may_be_null(document: &Document, id: EntryId) -> bool {
    const FUNCTIONS: &[&str] = &["lookup", "one", "try"];
    let Some(expression) = expression_of(document, id) else { return false };
    words(expression).any(|(word, rest)| {
        matches!(word, "null" | "each") || FUNCTIONS.contains(&word) && rest.trim_start().starts_with('(')
    })
}

/// Whether a text has an expression with `each` or `count`, which differ between the instances of a resource.
pub(super) fn names_instance(text: &str) -> bool {
    let is_instance = |text: &str| words(text).any(|(word, _)| matches!(word, "each" | "count"));
    if text.starts_with('"') { text.split("${").skip(1).any(is_instance) } else { is_instance(text) }
}

/// The words of an expression outside of its strings, each with the text after it.
fn words(expression: &str) -> impl Iterator<Item = (&str, &str)> {
    let is_of_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    let mut rest = expression;
    std::iter::from_fn(move || {
        loop {
            rest = rest.trim_start_matches(|c| !is_of_word(c) && c != '"');
            if let Some(inside) = rest.strip_prefix('"') {
                // An escaped quote ends it too early, which only shows more words.
                rest = inside.split_once('"').map_or("", |(_, rest)| rest);
                continue;
            }
            let end = rest.find(|c| !is_of_word(c)).unwrap_or(rest.len());
            let (path, after) = rest.split_at_checked(end).filter(|(path, _)| !path.is_empty())?;
            rest = after;
            return Some((path.split('.').next().unwrap_or(path), after));
        }
    })
}

/// Whether a reference is one word. Terraform has no reference of one word, so that a string without quotes is meant.
pub(super) fn is_bare_word(reference: &str) -> bool {
    const ROOTS: &[&str] = &["count", "data", "each", "local", "module", "path", "self", "terraform", "var"];
    !reference.contains(['.', '[', ':']) && !ROOTS.contains(&reference)
}

/// The name in `${name}`.
pub(crate) fn only_reference(text: &str) -> Option<&str> {
    let name = text.strip_prefix("${")?.strip_suffix('}')?.trim();
    parts(name).map(|_| name)
}

/// The parts of a name: `a.b["c"][0]` is a, b, c, 0. `None` for other expressions.
pub(crate) fn parts(reference: &str) -> Option<Vec<Cow<'_, str>>> {
    let mut parts = Vec::new();
    let mut rest = reference;
    loop {
        let end = rest.find(['.', '[']).unwrap_or(rest.len());
        let word = rest[..end].trim();
        let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
        if word.is_empty() || !word.chars().all(is_word) {
            return None;
        }
        parts.push(Cow::Borrowed(word));
        rest = &rest[end..];
        while let Some(inside) = rest.strip_prefix('[') {
            let end = inside.find(']')?;
            let index = inside[..end].trim();
            let key = index.strip_prefix('"').and_then(|index| index.strip_suffix('"')).unwrap_or(index);
            let is_plain = !key.contains(['"', '$', '\\']) && (key.len() < index.len() || key.parse::<u32>().is_ok());
            if !is_plain {
                return None;
            }
            parts.push(Cow::Borrowed(key));
            rest = inside[end + 1..].trim_start();
        }
        if rest.is_empty() {
            return Some(parts);
        }
        rest = rest.strip_prefix('.')?;
    }
}

#[cfg(all(test, feature = "dialects"))]
mod tests {
    use super::*;
    use crate::parse::parse;
    use crate::text::Source;

    fn document(name: &str, text: &str) -> Document {
        parse(&Source::new(name, text), usize::MAX).document
    }

    #[test]
    fn names_have_parts() {
        let of = |reference| parts(reference).map(|parts| parts.join("|"));
        assert_eq!(of("local.a").as_deref(), Some("local|a"));
        assert_eq!(of("var.a[\"b.c\"][0] .d").as_deref(), Some("var|a|b.c|0|d"));
        assert_eq!(of("a"), Some("a".to_owned()));
        for text in ["", "a.", "a[b]", "a.*.b", "f(x)", "a ? b : c", "a[\"${b}\"]"] {
            assert_eq!(of(text), None, "{text}");
        }
    }

    #[test]
    fn references_resolve_to_literals() {
        let main = "locals {\n  a = var.b.c\n  loop = local.loop\n  t = \"x-${var.d}\"\n}\n";
        let variables = "variable \"b\" {\n  default = { c = \"found\", d = [\"e\"] }\n}\nvariable \"d\" {\n  default = \"\"\n}\n\
            variable \"e\" {\n  default = \"x\"\n}\n";
        let values = "e = \"y\"\n";
        let main = document("m/main.tf", main);
        let files = vec![document("m/variables.tf", variables), document("m/a.auto.tfvars", values), main.clone()];
        let context = Context::of(files, true);
        let scope = Scope::new(&main, &context);
        let of = |reference| scope.resolve(reference).map(|target| target.document.text(target.id).to_owned());
        assert_eq!(of("local.a").as_deref(), Some("found"));
        assert_eq!(of("var.b.d[0]").as_deref(), Some("e"));
        assert_eq!(of("var.e").as_deref(), Some("y"));
        for unknown in ["local.loop", "local.t", "var.d", "var.unset", "local.a.b", "data.a.b"] {
            assert_eq!(of(unknown), None, "{unknown}");
        }
        assert!(scope.is_whole());
    }

    #[test]
    fn a_folder_with_duplicate_declarations_is_not_a_module() {
        let one = document("one.tf", "locals {\n  a = 1\n}\n");
        let other = document("other.tf", "locals {\n  a = 2\n}\n");
        let context = Context::of(vec![one.clone(), other], true);
        let scope = Scope::new(&one, &context);
        assert!(!scope.is_module && !scope.is_whole());
    }

    #[test]
    fn both_syntaxes_have_the_same_blocks() {
        let hcl = document("a.tf", "resource \"t\" \"n\" {\n  a = 1\n}\nlocals {\n  b = 2\n}\nvariable \"v\" {}\n");
        let json = document(
            "a.tf.json",
            r#"{"//": "x", "resource": {"t": {"n": [{"a": 1}]}}, "locals": [{"b": 2}], "variable": {"v": {}}, "output": {}}"#,
        );
        let of = |document: &Document| {
            let top_level_blocks = top_level_blocks(document);
            let block = |block: &TopLevelBlock| {
                format!("{} {:?} {}", block.kind, block.labels, document.value(block.body).to_json())
            };
            top_level_blocks.iter().map(block).collect::<Vec<_>>()
        };
        assert_eq!(of(&hcl), of(&json));
    }
}
