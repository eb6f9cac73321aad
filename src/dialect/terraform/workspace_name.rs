//! `instance_name`, which is `workspace_name` since version 2.1.0 of the provider (evidence.md TFP-001): the modules
//! that support the new name, and the references to the old one.

use crate::diagnostic::Edit;
use crate::dialect::module;
use crate::document::value::Value;
use crate::document::{Document, Entry, EntryId, ROOT};
use crate::text::{Span, Syntax};

/// The first version with the new name.
const FIRST: Version = [2, 1, 0];

const OLD: &str = "instance_name";
pub(super) const NEW: &str = "workspace_name";

type Version = [u64; 3];

/// Whether a file of the module requires a version of the provider without the new name.
pub(super) fn is_excluded<'d>(mut documents: impl Iterator<Item = &'d Document>) -> bool {
    documents.any(|document| constraints(document).iter().any(|constraint| excludes(constraint)))
}

/// The versions of MongoDB's provider that a file requires: `terraform { required_providers { … } }`, and, as people wrote
/// it before Terraform 0.13, `provider "mongodbatlas" { version = "…" }`.
fn constraints(document: &Document) -> Vec<&str> {
    let named = |objects: Vec<EntryId>, key: &str| {
        let of = |object: EntryId| document.children(object).filter(|&id| document.key(id) == key).collect::<Vec<_>>();
        objects.into_iter().flat_map(of).flat_map(|id| objects_in(document, id)).collect::<Vec<_>>()
    };
    let providers = named(named(vec![ROOT], "terraform"), "required_providers");
    let mut found = Vec::new();
    for id in providers.into_iter().flat_map(|object| document.members(object)) {
        let text = |key: &str| document.child(id, key).and_then(|id| document.value(id).as_str());
        match document.value(id) {
            Value::Object(_) => {
                let is_ours = match text("source") {
                    Some(source) => source.rsplit('/').take(2).eq(["mongodbatlas", "mongodb"]),
                    None => document.key(id) == "mongodbatlas",
                };
                found.extend(text("version").filter(|_| is_ours));
            }
            value if document.key(id) == "mongodbatlas" => found.extend(value.as_str()),
            _ => {}
        }
    }
    let blocks = module::top_level_blocks(document);
    let configured = blocks.iter().filter(|block| block.kind == "provider" && block.labels == ["mongodbatlas"]);
    found.extend(configured.filter_map(|block| document.value(document.child(block.body, "version")?).as_str()));
    found
}

/// An object, or the objects of an array: Terraform's JSON writes blocks as either.
fn objects_in(document: &Document, id: EntryId) -> Vec<EntryId> {
    if document.entry(id).has(Entry::ARRAY) { document.children(id).collect() } else { vec![id] }
}

/// Whether a constraint allows no version with the new name.
fn excludes(constraint: &str) -> bool {
    constraint.split(',').any(|part| {
        let part = part.trim();
        let version = part.trim_start_matches(['=', '!', '<', '>', '~']);
        let operator = &part[..part.len() - version.len()];
        let Some((version, given)) = parsed(version) else { return false };
        match operator {
            "" | "=" | "<=" => version < FIRST,
            "<" => version <= FIRST,
            "~>" => next(version, given).is_some_and(|end| end <= FIRST),
            _ => false,
        }
    })
}

/// A version, and how many of its numbers are given.
fn parsed(text: &str) -> Option<(Version, usize)> {
    let text = text.trim().trim_start_matches('v');
    let numbers = text.split(['-', '+']).next().unwrap_or_default().split('.');
    let numbers = numbers.map(|number| number.parse().ok()).collect::<Option<Vec<u64>>>()?;
    let of = |at: usize| numbers.get(at).copied().unwrap_or(0);
    (numbers.len() <= 3).then(|| ([of(0), of(1), of(2)], numbers.len()))
}

/// The first version that `~>` does not allow: the last number given may rise, those before it may not.
fn next(version: Version, given: usize) -> Option<Version> {
    match given {
        2 => Some([version[0] + 1, 0, 0]),
        3 => Some([version[0], version[1] + 1, 0]),
        _ => None,
    }
}

/// Renames the references to the old name of a resource: `TYPE.NAME.instance_name`, also with an index.
pub(super) fn renamed_references(document: &Document, address: &str) -> Vec<Edit> {
    references(document, address).into_iter().map(|span| Edit::new(span, NEW)).collect()
}

/// The references of a file to the old name of a resource.
pub(super) fn references(document: &Document, address: &str) -> Vec<Span> {
    let text = document.source.text();
    let is_word = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(byte));
    let mut found = Vec::new();
    for (start, _) in text.match_indices(address) {
        let before = &text[..start];
        // `data.TYPE.NAME` is another address, `resource.TYPE.NAME` is the same.
        let is_other = is_word(before.as_bytes().last()) || (before.ends_with('.') && !before.ends_with("resource."));
        let mut end = start + address.len();
        while text[end..].starts_with('[') {
            let Some(length) = text[end..].find(']') else { break };
            end += length + 1;
        }
        let Some(rest) = text[end..].strip_prefix('.').and_then(|rest| rest.strip_prefix(OLD)) else { continue };
        let name = end + 1;
        let is_comment = document.comments.iter().any(|comment| comment.span.contains(Span::new(start, name)));
        if !is_other && !is_word(rest.as_bytes().first()) && !is_comment && is_expression(document, start) {
            found.push(Span::new(name, name + OLD.len()));
        }
    }
    found
}

/// Whether the text at a byte is evaluated, and not a part of a string: after an odd number of quotes there must be
/// `${`.
fn is_expression(document: &Document, at: usize) -> bool {
    let text = &document.source.text()[..at];
    let line = &text[text.rfind('\n').map_or(0, |end| end + 1)..];
    let is_in_string = document.syntax != Syntax::Hcl || line.replace("\\\"", "").matches('"').count() % 2 == 1;
    !is_in_string || line.rfind("${").is_some_and(|open| !line[open..].contains('}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constraints_exclude_versions() {
        for constraint in
            ["1.14.0", "= 2.0.9", "~> 1.34", "~> 1.19.0", "~> 2.0.0", "< 2.1", ">= 1.0, < 2.1", "<= 2.0.5", "<2.1.0"]
        {
            assert!(excludes(constraint), "{constraint}");
        }
        for constraint in [
            "2.1.0", "~> 2.0", "~> 2", "~> 1", ">= 1.0", "<= 2.1.0", "< 2.1.1", "!= 1.0", "", "latest", "< 3",
            "~> 2.1.0",
        ] {
            assert!(!excludes(constraint), "{constraint}");
        }
    }
}
