//! A Terraform plan as `terraform show -json` prints it: every value is known, or known to be known only after the apply.

use std::collections::BTreeMap;

use super::{CONNECTION, CONNECTION_API, Context, FAILOVER, Finder, mode_of};
use crate::atlas::{Kind, Mode};
use crate::connection::Dialect;
use crate::dialect::module::Scope;
use crate::dialect::translator::SourceValue;
use crate::dialect::{DetectOptions, DialectMatch, said};
use crate::document::{Document, Entry, EntryId, ROOT};
use crate::text::Syntax;

/// A resource of the plan.
#[derive(Debug, Clone, Copy)]
struct Planned {
    /// Its whole entry in a list of the plan.
    entry: EntryId,
    values: EntryId,
}

pub(in crate::dialect) fn find(document: &Document, wanted: DetectOptions) -> Option<DialectMatch> {
    let is_json = matches!(document.syntax, Syntax::Json | Syntax::Jsonc);
    let has = |key: &str| document.child(ROOT, key);
    let values = has("planned_values").or_else(|| has("values"));
    let is_named = wanted.dialect == Some(Dialect::TerraformPlan);
    let has_resources = values.is_some() || has("resource_changes").is_some();
    if !is_json || !has_resources || !(is_named || has("format_version").is_some()) {
        return None;
    }
    let mut planned = Vec::new();
    match values.and_then(|values| document.child(values, "root_module")) {
        Some(root) => resources(document, root, &mut planned),
        None => changes(document, &mut planned),
    }
    let context = Context::default();
    let scope = Scope::new(document, &context);
    let mut finder = Finder::new(document, &scope);
    let unknowns = unknowns(document);
    for planned in planned {
        let address = said(document, planned.entry, "address");
        finder.unknowns =
            address.and_then(|address| unknowns.get(address).copied().or_else(|| unknown(document, planned.entry)));
        definition(&mut finder, planned, wanted.mode);
    }
    let mut found = finder.to.finish(Dialect::TerraformPlan);
    found.mode = wanted.mode.unwrap_or(Mode::Create);
    found.recognized |= document.damaged;
    Some(found)
}

/// Whether an entry of a list is a connection that Terraform manages.
fn is_connection(document: &Document, entry: EntryId) -> bool {
    let kind = said(document, entry, "type");
    matches!(kind, Some(CONNECTION | CONNECTION_API | FAILOVER)) && said(document, entry, "mode") != Some("data")
}

/// The resources of a module and of the modules in it.
fn resources(document: &Document, module: EntryId, planned: &mut Vec<Planned>) {
    let list = |key: &str| document.child(module, key).into_iter().flat_map(|list| document.children(list));
    for entry in list("resources").filter(|&entry| is_connection(document, entry)) {
        let values = document.child(entry, "values").filter(|&values| document.entry(values).has(Entry::OBJECT));
        planned.extend(values.map(|values| Planned { entry, values }));
    }
    list("child_modules").for_each(|module| resources(document, module, planned));
}

/// The same from the changes, where the plan says no more.
fn changes(document: &Document, planned: &mut Vec<Planned>) {
    let list = document.child(ROOT, "resource_changes").into_iter().flat_map(|list| document.children(list));
    for entry in list.filter(|&entry| is_connection(document, entry)) {
        let (values, is_there) = document.resolve(entry, "/change/after");
        if is_there && document.entry(values).has(Entry::OBJECT) {
            planned.push(Planned { entry, values });
        }
    }
}

/// What of each resource only the apply will tell, by the address of the resource.
fn unknowns(document: &Document) -> BTreeMap<&str, EntryId> {
    let mut unknowns = BTreeMap::new();
    let list = document.child(ROOT, "resource_changes").into_iter().flat_map(|list| document.children(list));
    for entry in list {
        if let (Some(address), Some(id)) = (said(document, entry, "address"), unknown(document, entry)) {
            unknowns.entry(address).or_insert(id);
        }
    }
    unknowns
}

fn unknown(document: &Document, entry: EntryId) -> Option<EntryId> {
    Some(document.resolve(entry, "/change/after_unknown")).filter(|(_, is_there)| *is_there).map(|(id, _)| id)
}

fn definition(finder: &mut Finder, planned: Planned, mode: Option<Mode>) {
    let document = finder.document;
    let value = |key: &str| said(document, planned.values, key);
    let address = document.child(planned.entry, "address");
    let heading = document.entry(address.unwrap_or(planned.values)).span();
    let workspace = value("workspace_name").or_else(|| value("instance_name"));
    let workspace = workspace
        .zip(value("project_id"))
        .map(|(workspace, project)| format!("plan {} {project} {workspace}", document.source.name()));
    finder.kind = value("type").and_then(Kind::nearest);
    finder.to.open_definition(planned.values, Some(heading));
    finder.path_parts(planned.values, None);
    finder.fields(SourceValue::of(document, planned.values), None);
    let resource = said(document, planned.entry, "type").unwrap_or_default();
    let definition = finder.to.close_definition(mode_of(resource, mode), false);
    definition.workspace = workspace.map(Into::into);
    definition.address = address.map(|address| document.entry(address).span());
    finder.to.show(address);
}

#[cfg(test)]
mod tests {
    use crate::{Config, Linter, Source};

    const PLAN: &str = r#"{
  "format_version": "1.2",
  "planned_values": {"root_module": {
    "resources": [
      {"address": "mongodbatlas_stream_connection.orders", "mode": "managed", "type": "mongodbatlas_stream_connection",
       "values": {"project_id": "64f1a2b3c4d5e6f708192a3b", "workspace_name": "ws", "connection_name": "orders", "type": "Kafka",
         "authentication": {"mechanism": "PLAIN", "username": "é", "password": "hunter2", "client_id": null},
         "bootstrap_servers": "SASL_SSL://a.example.com:9092", "security": {}, "url": null}},
      {"address": "data.mongodbatlas_stream_connection.x", "mode": "data", "type": "mongodbatlas_stream_connection", "values": {}},
      {"address": "aws_s3_bucket.b", "mode": "managed", "type": "aws_s3_bucket", "values": {"type": "Kafka"}}
    ],
    "child_modules": [{"address": "module.m", "resources": [
      {"address": "module.m.mongodbatlas_stream_connection.c", "mode": "managed", "type": "mongodbatlas_stream_connection",
       "values": {"workspace_name": "ws", "project_id": "64f1a2b3c4d5e6f708192a3b", "connection_name": "orders", "type": "Cluster"}}
    ]}]
  }},
  "resource_changes": [
    {"address": "mongodbatlas_stream_connection.orders", "type": "mongodbatlas_stream_connection",
     "change": {"actions": ["create"], "after_unknown": {"id": true, "security": {"protocol": true}}}},
    {"address": "module.m.mongodbatlas_stream_connection.c", "type": "mongodbatlas_stream_connection",
     "change": {"actions": ["create"], "after_unknown": {"cluster_name": true}}}
  ]
}"#;

    fn found(text: &str) -> Vec<String> {
        let report = Linter::new(Config::default()).check(&Source::new("plan.json", text));
        assert_eq!(report.dialect().name(), "terraform-plan");
        let place = |found: &crate::Diagnostic| text[found.span().start..found.span().end].to_owned();
        report.diagnostics().iter().map(|it| format!("{}@{} {}", it.rule.name, it.pointer, place(it))).collect()
    }

    #[test]
    fn everything_that_a_plan_knows_is_judged() {
        assert_eq!(found(PLAN), ["bootstrap-scheme@/bootstrapServers SASL_SSL://", "duplicate-name@/name \"orders\""]);
        let absent =
            PLAN.replace("\"cluster_name\": true", "").replace("\"security\": {\"protocol\": true}", "\"x\": 1");
        let found = found(&absent);
        assert!(found.contains(&"missing-field@/clusterName \"module.m.mongodbatlas_stream_connection.c\"".to_owned()));
        assert!(found.iter().any(|it| it.starts_with("missing-field@/security/protocol")), "{found:?}");
    }

    #[test]
    fn findings_say_their_resource_and_mend_nothing() {
        let report = Linter::new(Config::default()).check(&Source::new("plan.json", PLAN));
        let names = report.summaries().iter().map(|it| it.name.as_deref().unwrap()).collect::<Vec<_>>();
        assert_eq!(names, ["orders", "orders"]);
        let scheme = &report.diagnostics()[0];
        let last = scheme.labels.last().unwrap().span;
        assert_eq!(&PLAN[last.start..last.end], "\"mongodbatlas_stream_connection.orders\"");
        assert!(report.diagnostics().iter().all(|found| found.fix.is_none()));
    }

    #[test]
    fn changes_do_where_there_is_no_more() {
        let text = r#"{"format_version": "1.2", "resource_changes": [
            {"address": "a.b", "type": "mongodbatlas_stream_connection", "change": {"actions": ["delete"], "after": null}},
            {"address": "a.c", "type": "mongodbatlas_stream_connection", "change": {"after":
              {"connection_name": "c", "type": "Https", "workspace_name": "w"}, "after_unknown": {"url": true}}}]}"#;
        assert!(found(text).is_empty(), "{:?}", found(text));
    }
}
