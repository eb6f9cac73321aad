//! Public values beside connections: the types of a file's parts, and the name fields of stream processors.

use crate::connection::Dialect;
use crate::document::{Document, Entry, EntryId, ROOT};
use crate::linter::Report;

/// The name fields of a pipeline's stage, in JSON and in Terraform.
const OF_STAGES: &[&str] = &["connectionName", "connection_name", "topic", "db", "coll"];

/// The objects in a stage that have name fields as well.
const IN_STAGES: &[&str] = &["into", "from", "schemaRegistry"];

/// The resource type of a stream processor in Terraform.
const RESOURCE: &str = "mongodbatlas_stream_processor";

/// The types of a file's parts, which help readers most.
pub(super) fn kinds(report: &Report) -> Vec<EntryId> {
    let document = report.document();
    let of = |object: EntryId, key: &str| document.child(object, key);
    let parts = |section: &str| of(ROOT, section).into_iter().flat_map(|id| document.children(id));
    match report.dialect() {
        Dialect::CloudFormation => {
            parts("Parameters").chain(parts("Resources")).filter_map(|part| of(part, "Type")).collect()
        }
        Dialect::Kubernetes | Dialect::Crossplane => {
            let manifests = if document.is_stream { document.children(ROOT).collect() } else { vec![ROOT] };
            let kinds = manifests.into_iter().flat_map(|id| ["apiVersion", "kind"].map(|key| of(id, key)));
            kinds.flatten().collect()
        }
        _ => Vec::new(),
    }
}

/// The names in stream processors: their own, and those of connections, topics, databases and collections.
pub(super) fn names_in_processors(report: &Report) -> Vec<EntryId> {
    let document = report.document();
    let mut names = Vec::new();
    if report.dialect() == Dialect::Processor {
        of_processor(document, ROOT, "name", &mut names);
    }
    let blocks = document.outline.as_deref().map_or(&[][..], |outline| &outline.blocks);
    for block in blocks {
        let kind = block.labels.first().and_then(|label| document.source.text().get(label.start..label.end));
        if kind.is_some_and(|kind| kind.trim_matches('"') == RESOURCE) {
            of_processor(document, block.entry, "processor_name", &mut names);
        }
    }
    names
}

fn of_processor(document: &Document, object: EntryId, name: &str, names: &mut Vec<EntryId>) {
    names.extend(document.child(object, name));
    if let (dead_letters, true) = document.resolve(object, "/options/dlq") {
        add(document, dead_letters, names);
    }
    let Some(list) = document.child(object, "pipeline").filter(|&list| document.entry(list).has(Entry::ARRAY)) else {
        return;
    };
    for stage in document.children(list).flat_map(|stage| document.children(stage)) {
        add(document, stage, names);
        for inner in document.children(stage).filter(|&id| IN_STAGES.contains(&document.key(id))) {
            add(document, inner, names);
        }
    }
}

/// The name fields of an object; all of them if one is set twice.
fn add(document: &Document, object: EntryId, names: &mut Vec<EntryId>) {
    names.extend(document.children(object).filter(|&id| OF_STAGES.contains(&document.key(id))));
}
