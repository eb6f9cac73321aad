//! A Terraform plan in the format of `terraform show -json`: every value is known, or is known only after the apply.

use std::collections::BTreeMap;

use super::{
    CONNECTION, CONNECTION_API, Context, FAILOVER, Finder, Target, UNSUPPORTED_FIELDS, mode_of, written_workspace,
};
use crate::atlas::Mode;
use crate::connection::Dialect;
use crate::diagnostic::rules::IMMUTABLE_FIELD_CHANGE;
use crate::diagnostic::{Diagnostic, Severity};
use crate::dialect::module::Scope;
use crate::dialect::translator::SourceValue;
use crate::dialect::{DetectOptions, DialectMatch, string_at};
use crate::document::{Document, Entry, EntryId, ROOT};
use crate::text::Syntax;

/// A resource of the plan.
#[derive(Debug, Clone, Copy)]
struct Planned {
    /// Its whole entry in a list of the plan.
    entry: EntryId,
    values: EntryId,
}

pub(in crate::dialect) fn find(document: &Document, options: DetectOptions) -> Option<DialectMatch> {
    let is_json = matches!(document.syntax, Syntax::Json | Syntax::Jsonc);
    let has = |key: &str| document.child(ROOT, key);
    let values = has("planned_values").or_else(|| has("values"));
    let is_named = options.dialect == Some(Dialect::TerraformPlan);
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
    finder.is_plan = true;
    let unknowns = unknowns(document);
    for planned in planned {
        let address = string_at(document, planned.entry, "address");
        finder.unknowns =
            address.and_then(|address| unknowns.get(address).copied().or_else(|| unknown(document, planned.entry)));
        definition(&mut finder, planned, options.mode);
    }
    let mut found = finder.to.finish(Dialect::TerraformPlan);
    found.notes.extend(immutable_changes(document));
    found.mode = options.mode.unwrap_or(Mode::Create);
    found.recognized |= document.damaged;
    Some(found)
}

/// Whether an entry of a list is a connection that Terraform manages.
fn is_connection(document: &Document, entry: EntryId) -> bool {
    let kind = string_at(document, entry, "type");
    matches!(kind, Some(CONNECTION | CONNECTION_API | FAILOVER)) && string_at(document, entry, "mode") != Some("data")
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

/// The same from the changes, if the plan contains nothing else.
fn changes(document: &Document, planned: &mut Vec<Planned>) {
    let list = document.child(ROOT, "resource_changes").into_iter().flat_map(|list| document.children(list));
    for entry in list.filter(|&entry| is_connection(document, entry)) {
        let (values, is_there) = document.resolve(entry, "/change/after");
        if is_there && document.entry(values).has(Entry::OBJECT) {
            planned.push(Planned { entry, values });
        }
    }
}

/// The values of each resource that are known only after the apply, by the address of the resource.
fn unknowns(document: &Document) -> BTreeMap<&str, EntryId> {
    let mut unknowns = BTreeMap::new();
    let list = document.child(ROOT, "resource_changes").into_iter().flat_map(|list| document.children(list));
    for entry in list {
        if let (Some(address), Some(id)) = (string_at(document, entry, "address"), unknown(document, entry)) {
            unknowns.entry(address).or_insert(id);
        }
    }
    unknowns
}

fn unknown(document: &Document, entry: EntryId) -> Option<EntryId> {
    Some(document.resolve(entry, "/change/after_unknown")).filter(|(_, is_there)| *is_there).map(|(id, _)| id)
}

/// Fields that cannot change after the connection exists, by their names in the provider, with their pointers. Source:
/// evidence.md LIF-001, NET-007.
const IMMUTABLE: &[(&str, &str)] = &[
    ("connection_name", "/name"),
    ("type", "/type"),
    ("project_id", "/groupId"),
    ("workspace_name", "/tenantName"),
    ("networking", "/networking"),
];

/// The resources whose change Atlas would refuse, or that Terraform would replace.
fn immutable_changes(document: &Document) -> Vec<Diagnostic> {
    let list = document.child(ROOT, "resource_changes").into_iter().flat_map(|list| document.children(list));
    list.filter(|&entry| is_connection(document, entry)).filter_map(|entry| immutable_change(document, entry)).collect()
}

fn immutable_change(document: &Document, entry: EntryId) -> Option<Diagnostic> {
    let change = document.child(entry, "change")?;
    let part = |key: &str| document.child(change, key);
    let object = |key: &str| part(key).filter(|&id| document.entry(id).has(Entry::OBJECT));
    let (before, after) = (object("before")?, object("after")?);
    let actions = document.children(part("actions")?).filter_map(|id| document.value(id).as_str()).collect::<Vec<_>>();
    let is_replaced = actions.contains(&"delete") && actions.contains(&"create");
    if !is_replaced && actions != ["update"] {
        return None;
    }
    let given = |object: EntryId, key: &str| {
        let id = document.child(object, key).filter(|&id| document.entry(id).kind() != 0);
        id.or_else(|| {
            let older = (key == "workspace_name").then(|| document.child(object, "instance_name")).flatten();
            older.filter(|&id| document.entry(id).kind() != 0)
        })
    };
    // For a known object, `after_unknown` has an object without values.
    let is_known_later = |key: &str| {
        let later = part("after_unknown").and_then(|later| document.child(later, key));
        later.is_some_and(|later| holds_true(document, later))
    };
    let changed = IMMUTABLE.iter().filter_map(|&(key, pointer)| {
        let (old, new) = (given(before, key), given(after, key));
        // Values that are known only after the apply may stay the same, and so may values that the provider computes.
        if is_known_later(key) || new.is_none() {
            return None;
        }
        let is_same = match key {
            "networking" => access(document, old) == access(document, new),
            _ => old.map(|id| document.value(id).as_str()) == new.map(|id| document.value(id).as_str()),
        };
        (!is_same).then_some((key, pointer, new?))
    });
    let changed = changed.collect::<Vec<_>>();
    let &(key, pointer, _) = changed.first()?;
    let (message, help) = if is_replaced {
        let help = "keep the field, or create a second connection for the processors first";
        (format!("changing `{key}` replaces the connection"), help)
    } else {
        (format!("`{key}` is immutable, so Atlas refuses this update"), "keep the field, or replace the connection")
    };
    let mut labels = changed.iter().map(|&(_, _, id)| document.entry(id).span());
    let mut found = Diagnostic::new(&IMMUTABLE_FIELD_CHANGE, labels.next()?, message, "the new value").help(help);
    for span in labels {
        found = found.and(span, "another new value");
    }
    if let Some(address) = document.child(entry, "address") {
        found = found.and(document.entry(address).span(), "in this resource");
    }
    if is_replaced {
        found.severity = Severity::Warning;
    }
    Some(found.about(None, pointer))
}

fn holds_true(document: &Document, id: EntryId) -> bool {
    document.entry(id).has(Entry::TRUE) || document.children(id).any(|child| holds_true(document, child))
}

/// The network access of a block: absent means PUBLIC.
fn access(document: &Document, networking: Option<EntryId>) -> (&str, Option<&str>) {
    let text = |key: &str| {
        let (id, is_there) = document.resolve(networking?, &format!("/access/{key}"));
        is_there.then(|| document.value(id).as_str()).flatten()
    };
    (text("type").unwrap_or("PUBLIC"), text("connection_id"))
}

fn definition(finder: &mut Finder, planned: Planned, mode: Option<Mode>) {
    let document = finder.document;
    let value = |key: &str| string_at(document, planned.values, key);
    let address = document.child(planned.entry, "address");
    let heading = document.entry(address.unwrap_or(planned.values)).span();
    let workspace = value("workspace_name").or_else(|| value("instance_name"));
    let workspace = workspace
        .zip(value("project_id"))
        .map(|(workspace, project)| format!("plan {} {project} {workspace}", document.source.name()));
    let body = Target { document, id: planned.values };
    finder.kind = finder.kind_of(body);
    finder.to.open_definition(planned.values, Some(heading));
    finder.path_parts(planned.values, None);
    finder.fields(SourceValue::of(document, planned.values), None);
    let resource = string_at(document, planned.entry, "type").unwrap_or_default();
    let definition = finder.to.close_definition(mode_of(resource, mode), false);
    definition.workspace = workspace.map(Into::into);
    definition.workspace_name = written_workspace(body);
    definition.project_id = document.child(planned.values, "project_id");
    // Help refers to the configuration.
    definition.unsupported_fields = if resource == CONNECTION { UNSUPPORTED_FIELDS } else { &[] };
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
    fn all_known_values_of_a_plan_are_checked() {
        assert_eq!(found(PLAN), ["bootstrap-scheme@/bootstrapServers SASL_SSL://", "duplicate-name@/name \"orders\""]);
        let absent =
            PLAN.replace("\"cluster_name\": true", "").replace("\"security\": {\"protocol\": true}", "\"x\": 1");
        let found = found(&absent);
        assert!(found.contains(&"missing-field@/clusterName \"module.m.mongodbatlas_stream_connection.c\"".to_owned()));
        assert!(found.iter().any(|it| it.starts_with("missing-field@/security/protocol")), "{found:?}");
    }

    #[test]
    fn findings_name_their_resource_and_have_no_fix() {
        let report = Linter::new(Config::default()).check(&Source::new("plan.json", PLAN));
        let names = report.summaries().iter().map(|it| it.name.as_deref().unwrap()).collect::<Vec<_>>();
        assert_eq!(names, ["orders", "orders"]);
        let scheme = &report.diagnostics()[0];
        let last = scheme.labels.last().unwrap().span;
        assert_eq!(&PLAN[last.start..last.end], "\"mongodbatlas_stream_connection.orders\"");
        assert!(report.diagnostics().iter().all(|found| found.fix.is_none()));
    }

    #[test]
    fn changes_that_atlas_refuses_are_found() {
        let rules = |actions: &str, before: &str, after: &str, unknown: &str| {
            let text = format!(
                r#"{{"format_version": "1.2", "resource_changes": [{{"address": "a.c", "type": "mongodbatlas_stream_connection",
                "change": {{"actions": {actions}, "before": {{"connection_name": "c", "type": "Https", "url": "https://a.example.com", {before}}},
                "after": {{"connection_name": "c", "type": "Https", "url": "https://b.example.com", {after}}}, "after_unknown": {unknown}}}}}]}}"#
            );
            let found = found(&text).into_iter().filter(|line| line.starts_with("immutable"));
            found.collect::<Vec<_>>()
        };
        let public = r#""networking": {"access": {"type": "PUBLIC", "connection_id": null}}"#;
        let vpc = r#""networking": {"access": {"type": "VPC"}}"#;
        assert_eq!(rules(r#"["update"]"#, public, vpc, r#"{"networking": {"access": {}}}"#).len(), 1);
        assert!(rules(r#"["update"]"#, public, r#""networking": null"#, "{}").is_empty());
        assert!(rules(r#"["update"]"#, r#""networking": null"#, public, "{}").is_empty());
        assert!(rules(r#"["update"]"#, public, vpc, r#"{"networking": true}"#).is_empty());
        assert!(rules(r#"["create"]"#, public, vpc, "{}").is_empty());
        let (old, new) = (r#""workspace_name": "w""#, r#""workspace_name": "x""#);
        assert_eq!(rules(r#"["delete", "create"]"#, old, new, "{}"), ["immutable-field-change@/tenantName \"x\""]);
        assert!(rules(r#"["delete", "create"]"#, r#""instance_name": "w""#, old, "{}").is_empty());
    }

    #[test]
    fn changes_are_checked_without_planned_values() {
        let text = r#"{"format_version": "1.2", "resource_changes": [
            {"address": "a.b", "type": "mongodbatlas_stream_connection", "change": {"actions": ["delete"], "after": null}},
            {"address": "a.c", "type": "mongodbatlas_stream_connection", "change": {"after":
              {"connection_name": "c", "type": "Https", "workspace_name": "w"}, "after_unknown": {"url": true}}}]}"#;
        assert!(found(text).is_empty(), "{:?}", found(text));
    }
}
