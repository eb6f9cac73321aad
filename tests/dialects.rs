//! One definition in every dialect that supports it: the same rules report it, at the same pointers and characters, and
//! fixes keep every form valid.
//!
//! The definitions are those of `tests/cases`, so that every rule's cases are tested in every dialect. A new form is
//! a row in [`FORMS`].
#![allow(clippy::unwrap_used, reason = "a test stops where something is not as expected")]
#![cfg(all(feature = "dialects", feature = "yaml"))]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};
use streamlint::{Applicability, Dialect, Linter, Report, Source};

/// One form of a definition: a dialect in one of its syntaxes.
struct Form {
    name: &'static str,
    file: &'static str,
    dialect: Dialect,
    /// The definition in this form; `None` if the form does not support it.
    write: fn(&Value) -> Option<String>,
    /// Adjusts the definition to what this form can express.
    means: fn(&Value) -> Value,
    /// Whether this form cannot produce a finding that JSON has, by its rule and pointer.
    is_silent: fn(&str, &str) -> bool,
}

const FORMS: &[Form] = &[
    Form {
        name: "YAML",
        file: "a.yaml",
        dialect: Dialect::AdminApi,
        write: |value| Some(yaml(value, Style::Plain)),
        means: Value::clone,
        is_silent: never,
    },
    Form {
        name: "YAML in single quotes",
        file: "a.yml",
        dialect: Dialect::AdminApi,
        write: |value| Some(yaml(value, Style::Single)),
        means: Value::clone,
        is_silent: never,
    },
    Form {
        name: "YAML in brackets",
        file: "a.yaml",
        dialect: Dialect::AdminApi,
        write: |value| Some(value.to_string()),
        means: Value::clone,
        is_silent: never,
    },
    Form {
        name: "Kubernetes",
        file: "a.yaml",
        dialect: Dialect::Kubernetes,
        write: kubernetes,
        means: Value::clone,
        is_silent: of_secrets_and_ssl,
    },
    #[cfg(feature = "crossplane")]
    Form {
        name: "Crossplane",
        file: "a.yaml",
        dialect: Dialect::Crossplane,
        write: crossplane,
        means: Value::clone,
        is_silent: of_secret_references,
    },
    Form {
        name: "CloudFormation in YAML",
        file: "a.yaml",
        dialect: Dialect::CloudFormation,
        write: |value| Some(yaml(&cloudformation(value)?, Style::Plain)),
        means: as_texts,
        is_silent: never,
    },
    Form {
        name: "CloudFormation in JSON",
        file: "a.json",
        dialect: Dialect::CloudFormation,
        write: |value| serde_json::to_string_pretty(&cloudformation(value)?).ok(),
        means: as_texts,
        is_silent: never,
    },
    Form {
        name: "Terraform",
        file: "a.tf",
        dialect: Dialect::Terraform,
        write: |value| {
            Some(format!("resource \"mongodbatlas_stream_connection\" \"x\" {}\n", hcl(&terraform(value)?, 0)))
        },
        means: as_terraform,
        is_silent: never,
    },
    Form {
        name: "Terraform in JSON",
        file: "a.tf.json",
        dialect: Dialect::Terraform,
        write: |value| {
            let resource = json!({ "resource": { "mongodbatlas_stream_connection": { "x": terraform(value)? } } });
            serde_json::to_string_pretty(&resource).ok()
        },
        means: as_terraform,
        is_silent: never,
    },
    Form {
        name: "a Terraform plan",
        file: "plan.json",
        dialect: Dialect::TerraformPlan,
        write: |value| {
            let resource = json!({
                "address": "mongodbatlas_stream_connection.x", "mode": "managed",
                "type": "mongodbatlas_stream_connection", "values": terraform(value)?,
            });
            let plan = json!({
                "format_version": "1.2", "planned_values": { "root_module": { "resources": [resource] } },
            });
            serde_json::to_string_pretty(&plan).ok()
        },
        means: as_terraform,
        is_silent: |rule, _| rule == "hardcoded-secret",
    },
];

fn never(_: &str, _: &str) -> bool {
    false
}

/// A manifest contains references to secrets, never the secrets themselves.
fn of_secrets(rule: &str, pointer: &str) -> bool {
    let is_secret = ["/authentication/username", "/authentication/password", "/security/brokerPublicCertificate"]
        .contains(&pointer);
    is_secret && !matches!(rule, "missing-credentials" | "unused-credentials")
}

/// In Kubernetes, secrets are in other resources, and the operator's SSL also means SASL_SSL if a mechanism is set.
fn of_secrets_and_ssl(rule: &str, pointer: &str) -> bool {
    of_secrets(rule, pointer) || rule == "ssl-without-client-certificate"
}

/// CloudFormation converts numbers and booleans to strings.
fn as_texts(value: &Value) -> Value {
    match value {
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), as_texts(value))).collect(),
        Value::Array(items) => items.iter().map(as_texts).collect(),
        Value::Number(_) | Value::Bool(_) => Value::String(value.to_string()),
        other => other.clone(),
    }
}

/// Terraform does the same, and treats null as absent.
fn as_terraform(value: &Value) -> Value {
    fn without_nulls(value: Value) -> Value {
        match value {
            Value::Object(map) => {
                let members = map.into_iter().filter(|(_, value)| !value.is_null());
                members.map(|(key, value)| (key, without_nulls(value))).collect()
            }
            other => other,
        }
    }
    without_nulls(as_texts(value))
}

#[derive(Clone, Copy, PartialEq)]
enum Style {
    Plain,
    Single,
}

/// A value in block style.
fn yaml(value: &Value, style: Style) -> String {
    let mut text = String::new();
    block(value, 0, style, &mut text);
    text.trim_start_matches('\n').to_owned()
}

fn block(value: &Value, depth: usize, style: Style, text: &mut String) {
    let indent = "  ".repeat(depth);
    match value {
        Value::Object(map) if !map.is_empty() => {
            for (key, inner) in map {
                let _ = write!(text, "\n{indent}{}:", scalar(key, style));
                block(inner, depth + 1, style, text);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for item in items {
                let _ = write!(text, "\n{indent}-");
                block(item, depth + 1, style, text);
            }
        }
        Value::String(string) => {
            let _ = write!(text, " {}", lines(string, &indent).unwrap_or_else(|| scalar(string, style)));
        }
        other => {
            let _ = write!(text, " {other}");
        }
    }
    if depth == 0 {
        text.push('\n');
    }
}

/// A multi-line string, as certificates are written.
fn lines(string: &str, indent: &str) -> Option<String> {
    let is_block = string.contains('\n')
        && string.is_ascii()
        && !string.contains(['\r', '\t', '\\'])
        && !string.starts_with([' ', '\n'])
        && !indent.is_empty();
    let body = string.strip_suffix('\n').unwrap_or(string);
    is_block
        .then(|| {
            let chomp = if string.ends_with("\n\n") {
                "+"
            } else if string.ends_with('\n') {
                ""
            } else {
                "-"
            };
            body.lines().fold(format!("|{chomp}"), |text, line| {
                if line.is_empty() { text + "\n" } else { text + "\n" + indent + line }
            })
        })
        .filter(|text| !text.starts_with("|+"))
}

fn scalar(string: &str, style: Style) -> String {
    let lower = string.to_ascii_lowercase();
    let is_word = ["", "~", "null", "true", "false", "on", "off", "yes", "no", "y", "n"].contains(&&*lower);
    let is_plain = string.starts_with(|c: char| c.is_ascii_alphabetic())
        && string.chars().all(|c| c.is_alphanumeric() || "_-./:@,=?<>*+;".contains(c))
        && !string.ends_with(':');
    match style {
        Style::Plain if is_plain && !is_word => string.to_owned(),
        Style::Single if !string.contains(|c: char| c.is_control()) => format!("'{}'", string.replace('\'', "''")),
        _ => json!(string).to_string(),
    }
}

fn text<'v>(value: &'v Value, pointer: &str) -> Option<&'v str> {
    value.pointer(pointer)?.as_str()
}

/// Whether an object has no fields other than these.
fn has_only(value: &Value, keys: &[&str]) -> bool {
    value.as_object().is_some_and(|map| map.keys().all(|key| keys.contains(&key.as_str())))
}

fn kubernetes(value: &Value) -> Option<String> {
    let kind = text(value, "/type")?;
    let mut spec = Map::new();
    for (key, word) in [("name", "/name"), ("type", "/type")] {
        spec.extend(value.pointer(word).map(|inner| (key.to_owned(), inner.clone())));
    }
    match kind {
        "Sample" if has_only(value, &["name", "type"]) => {}
        "Cluster" if has_only(value, &["name", "type", "clusterName", "dbRoleToExecute"]) => {
            let role = value.get("dbRoleToExecute").filter(|role| has_only(role, &["role", "type"]))?;
            let mut config = Map::new();
            config.extend(value.get("clusterName").map(|name| ("name".to_owned(), name.clone())));
            let mut own = Map::new();
            own.extend(role.get("role").map(|name| ("name".to_owned(), name.clone())));
            own.extend(role.get("type").map(|name| ("type".to_owned(), name.clone())));
            config.insert("role".to_owned(), own.into());
            spec.insert("clusterConfig".to_owned(), config.into());
        }
        "Kafka" if has_only(value, &["name", "type", "bootstrapServers", "authentication", "security", "config"]) => {
            let mut config = value.clone();
            let members = config.as_object_mut()?;
            members.retain(|key, _| !matches!(key.as_str(), "name" | "type"));
            if let Some(authentication) = members.get_mut("authentication").and_then(Value::as_object_mut) {
                let known = ["PLAIN", "SCRAM-256", "SCRAM-512", "SCRAM-SHA-256"];
                known.contains(&authentication.get("mechanism")?.as_str()?).then_some(())?;
                let login = ["username", "password"].map(|key| authentication.remove(key));
                let is_reference = login.iter().all(|value| {
                    value.as_ref().is_some_and(|value| value.as_str().is_some_and(|text| !text.is_empty()))
                });
                let is_absent = login.iter().all(Option::is_none);
                if is_reference {
                    authentication.insert("credentials".to_owned(), json!({ "name": "login" }));
                } else if !is_absent {
                    return None;
                }
                if authentication.keys().any(|key| !matches!(key.as_str(), "mechanism" | "credentials")) {
                    return None;
                }
            }
            if let Some(security) = members.get_mut("security").and_then(Value::as_object_mut) {
                ["PLAINTEXT", "SSL", "TLS"].contains(&security.get("protocol")?.as_str()?).then_some(())?;
                if security.remove("brokerPublicCertificate").is_some() {
                    security.insert("certificate".to_owned(), json!({ "name": "ca" }));
                }
                has_only(&Value::Object(security.clone()), &["protocol", "certificate"]).then_some(())?;
            }
            spec.insert("kafkaConfig".to_owned(), config);
        }
        _ => return None,
    }
    let manifest = json!({
        "apiVersion": "atlas.mongodb.com/v1", "kind": "AtlasStreamConnection",
        "metadata": { "name": "x" }, "spec": spec,
    });
    Some(yaml(&manifest, Style::Plain))
}

/// Crossplane manifests have references in place of secrets.
#[cfg(feature = "crossplane")]
fn of_secret_references(rule: &str, pointer: &str) -> bool {
    let is_secret =
        ["/authentication/password", "/authentication/clientSecret", "/schemaRegistryAuthentication/password"]
            .contains(&pointer);
    is_secret && !matches!(rule, "missing-credentials" | "unused-credentials")
}

#[cfg(feature = "crossplane")]
fn crossplane(value: &Value) -> Option<String> {
    let mut body = value.as_object()?.clone();
    let is_whole =
        ["provider", "clusterGroupId", "publicPrivateNetworking", "//", "$comment", "$schema", "connectionName"];
    let lacks = ["/authentication/aws", "/authentication/sslCertificate", "/authentication/sslKey"];
    let lacks =
        lacks.into_iter().chain(["/authentication/sslKeyPassword", "/aws/testBucket", "/networking/access/name"]);
    let lacks = lacks.chain(["/networking/access/tgwRouteId"]).any(|pointer| value.pointer(pointer).is_some());
    let is_private = matches!(
        text(value, "/type"),
        Some("S3" | "AWSLambda" | "AWSKinesisDataStreams" | "AzureBlobStorage" | "GCPPubSub")
    );
    if lacks || is_whole.iter().any(|key| body.contains_key(*key)) || is_private && body.contains_key("networking") {
        return None;
    }
    if let Some(name) = body.remove("name") {
        body.insert("connectionName".to_owned(), name);
    }
    for block in ["authentication", "schemaRegistryAuthentication"] {
        let Some(block) = body.get_mut(block).and_then(Value::as_object_mut) else { continue };
        for (secret, reference) in [("password", "passwordSecretRef"), ("clientSecret", "clientSecretSecretRef")] {
            if let Some(value) = block.remove(secret) {
                value.as_str().filter(|value| !value.is_empty())?;
                block.insert(reference.to_owned(), json!({ "name": "login", "key": secret }));
            }
        }
    }
    body.insert("projectIdRef".to_owned(), json!({ "name": "p" }));
    body.insert("workspaceName".to_owned(), json!("w"));
    let manifest = json!({
        "apiVersion": "stream.mongodbatlas.crossplane.io/v1alpha1", "kind": "Connection",
        "metadata": { "name": "x" }, "spec": { "forProvider": body },
    });
    Some(yaml(&manifest, Style::Plain))
}

fn capitalised(key: &str) -> String {
    key[..1].to_ascii_uppercase() + &key[1..]
}

fn cloudformation(value: &Value) -> Option<Value> {
    fn inner(value: &Value, at: &str) -> Option<Value> {
        match value {
            Value::Object(map) if at == "config" || at == "headers" => Some(Value::Object(map.clone())),
            Value::Object(map) => map
                .iter()
                .map(|(key, value)| Some((capitalised(key), inner(value, key)?)))
                .collect::<Option<Map<_, _>>>()
                .map(Value::Object),
            other => Some(other.clone()),
        }
    }
    let kind = text(value, "/type")?;
    let known = ["Kafka", "Cluster", "Sample", "AWSLambda", "Https"];
    known.iter().any(|word| word.eq_ignore_ascii_case(kind)).then_some(())?;
    let is_whole = value.pointer("/authentication/aws").is_none()
        && text(value, "/authentication/mechanism") != Some("AWS_MSK_IAM")
        && value.pointer("/networking/access/name").is_none()
        && value.pointer("/networking/access/tgwRouteId").is_none();
    let named = value.as_object()?.keys().all(|key| {
        ![
            "publicPrivateNetworking",
            "azure",
            "gcp",
            "//",
            "$schema",
            "$comment",
            "_id",
            "id",
            "connectionName",
            "clusterProjectId",
        ]
        .contains(&key.as_str())
    });
    (is_whole && named).then_some(())?;
    let mut properties = inner(value, "")?;
    let members = properties.as_object_mut()?;
    for (from, to) in [("Name", "ConnectionName"), ("ClusterGroupId", "ClusterProjectId")] {
        if let Some(value) = members.remove(from) {
            members.insert(to.to_owned(), value);
        }
    }
    members.insert("ProjectId".to_owned(), "32b6e34b3d91647abb20e7b8".into());
    members.insert("WorkspaceName".to_owned(), "w".into());
    Some(json!({
        "AWSTemplateFormatVersion": "2010-09-09",
        "Resources": { "X": { "Type": "MongoDB::Atlas::StreamConnection", "Properties": properties } },
    }))
}

/// `bootstrapServers` as `bootstrap_servers`.
fn snake(key: &str) -> String {
    key.chars().fold(String::new(), |mut snake, character| {
        snake.extend(character.is_ascii_uppercase().then_some('_'));
        snake.push(character.to_ascii_lowercase());
        snake
    })
}

/// The attributes of Terraform's resource; `None` if it lacks a field.
fn terraform(value: &Value) -> Option<Value> {
    fn inner(value: &Value, at: &str) -> Option<Value> {
        match value {
            Value::Object(map) if at == "config" || at == "headers" => Some(Value::Object(map.clone())),
            Value::Object(map) => map
                .iter()
                .map(|(key, value)| Some((snake(key), inner(value, key)?)))
                .collect::<Option<Map<_, _>>>()
                .map(Value::Object),
            other => Some(other.clone()),
        }
    }
    const UNSUPPORTED: &[&str] = &[
        "/authentication/sslCertificate",
        "/authentication/sslKey",
        "/authentication/sslKeyPassword",
        "/aws/testBucket",
        "/networking/access/name",
        "/networking/access/tgwRouteId",
    ];
    // In Terraform, a template is an expression, which other tests cover.
    let is_literal = !value.to_string().contains("${") && !value.to_string().contains("%{");
    (is_literal && UNSUPPORTED.iter().all(|pointer| value.pointer(pointer).is_none())).then_some(())?;
    // Any other key is not a valid attribute name.
    let is_name = |key: &String| key.starts_with(|c: char| c.is_ascii_alphabetic());
    // One attribute represents both fields, so a missing one cannot be reported on its own.
    let is_kafka = text(value, "/type").is_some_and(|kind| kind.eq_ignore_ascii_case("Kafka"));
    let other = if is_kafka { "publicPrivateNetworking" } else { "networking" };
    (value.as_object()?.keys().all(is_name) && value.get(other).is_none()).then_some(())?;
    let mut attributes = inner(value, "")?;
    let members = attributes.as_object_mut()?;
    for (from, to) in [
        ("name", "connection_name"),
        ("cluster_group_id", "cluster_project_id"),
        ("provider", "schema_registry_provider"),
        ("public_private_networking", "networking"),
    ] {
        if let Some(value) = members.remove(from) {
            members.insert(to.to_owned(), value);
        }
    }
    members.insert("project_id".to_owned(), "32b6e34b3d91647abb20e7b8".into());
    members.insert("workspace_name".to_owned(), "w".into());
    Some(attributes)
}

/// A value as an expression of HCL; an object at depth 0 is the body of a block.
fn hcl(value: &Value, depth: usize) -> String {
    match value {
        Value::Object(map) if map.is_empty() => "{}".to_owned(),
        Value::Object(map) => {
            let indent = "  ".repeat(depth);
            let mut text = "{\n".to_owned();
            for (key, inner) in map {
                let is_plain = key.starts_with(|c: char| c.is_ascii_alphabetic())
                    && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
                let key = if is_plain { key.clone() } else { hcl(&json!(key), 0) };
                let _ = writeln!(text, "{indent}  {key} = {}", hcl(inner, depth + 1));
            }
            text + &indent + "}"
        }
        Value::Array(items) => {
            format!("[{}]", items.iter().map(|item| hcl(item, depth)).collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

/// The findings of a report, with the marked part of the value, without its quotes.
fn found(report: &Report, definition: &Value) -> Vec<String> {
    let text = report.source().text();
    let found = report.diagnostics().iter().map(|found| {
        let marked = &text[found.span().start..found.span().end];
        let marked = marked.trim_matches(['"', '\'']);
        let value = definition.pointer(&found.pointer).and_then(Value::as_str);
        // Escapes, block scalars and keys differ between forms, so only plain parts of values are compared.
        let is_part = value.is_some_and(|value| !value.contains(['"', '\\', '\n', '\'']) && value.contains(marked));
        format!("{}@{}{}", found.rule.name, found.pointer, if is_part { format!(" {marked}") } else { String::new() })
    });
    let mut found = found.collect::<Vec<_>>();
    found.sort();
    found
}

/// The definitions of `tests/cases` that are single objects without special options.
fn definitions() -> Vec<(String, Value)> {
    let mut files = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases"))
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect::<Vec<_>>();
    files.sort();
    let mut definitions = Vec::new();
    for file in files {
        let cases: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
        for case in cases.as_array().unwrap() {
            let is_special = ["mode", "type", "file", "select"].iter().any(|key| case.get(key).is_some());
            if let (Some(value @ Value::Object(map)), false) = (case.get("value"), is_special)
                && map.contains_key("type")
                && !value.to_string().contains("streamlint-ignore")
            {
                definitions.push((case["name"].as_str().unwrap().to_owned(), value.clone()));
            }
        }
    }
    definitions
}

#[test]
fn every_form_has_the_same_findings() {
    let linter = Linter::default();
    let mut wrong = Vec::new();
    let mut counts = vec![0; FORMS.len()];
    let mut in_all = 0;
    for (name, definition) in definitions() {
        let mut forms = 0;
        for (form, count) in FORMS.iter().zip(&mut counts) {
            let Some(text) = (form.write)(&definition) else { continue };
            (forms, *count) = (forms + 1, *count + 1);
            let meant = (form.means)(&definition);
            let plain = linter.check(&Source::new("a.json", serde_json::to_string_pretty(&meant).unwrap()));
            let is_said = |line: &String| {
                let (rule, rest) = line.split_once('@').unwrap();
                !(form.is_silent)(rule, rest.split(' ').next().unwrap())
            };
            let expected = found(&plain, &definition).into_iter().filter(is_said).collect::<Vec<_>>();
            let report = linter.check(&Source::new(form.file, text.as_str()));
            let given = found(&report, &definition);
            if given != expected || report.dialect() != form.dialect || report.summaries() != plain.summaries() {
                wrong.push(format!("{name} in {}:\n  as JSON {expected:?}\n  here    {given:?}\n{text}", form.name));
            }
        }
        in_all += usize::from(forms == FORMS.len());
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(counts.iter().all(|&count| count >= 30) && in_all >= 8, "{counts:?}, {in_all} in all forms");
}

#[test]
fn fixes_keep_every_form_valid() {
    let linter = Linter::default();
    let mut wrong = Vec::new();
    let mut numbers = vec![0; FORMS.len()];
    for (name, definition) in definitions() {
        for (form, count) in FORMS.iter().zip(&mut numbers) {
            let Some(text) = (form.write)(&definition) else { continue };
            // Comments and line endings must be preserved.
            for text in [text.clone(), if form.file.ends_with("json") { text } else { text.replace('\n', " # é\r\n") }]
            {
                if text.contains("|-") || text.contains(": |") {
                    continue;
                }
                let report = linter.check(&Source::new(form.file, text.as_str()));
                *count += report.diagnostics().iter().filter(|found| found.fix.is_some()).count();
                for up_to in [Applicability::Safe, Applicability::Unsafe] {
                    let fixed = report.fixed(up_to);
                    let after = linter.check(&Source::new(form.file, fixed.as_str()));
                    let is_broken = after.diagnostics().iter().any(|found| {
                        matches!(found.rule.name, "syntax-error" | "duplicate-key")
                            || found.fix.as_ref().is_some_and(|fix| fix.applicability <= up_to)
                    });
                    let is_other =
                        after.summaries().len() != report.summaries().len() || after.dialect() != report.dialect();
                    if is_broken || is_other || after.fixed(up_to) != fixed {
                        wrong.push(format!("{name} in {}, {up_to:?}:\n{text}\nbecomes\n{fixed}", form.name));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} are broken:\n{}", wrong.len(), wrong.join("\n"));
    // A plan is generated, so it has no fixes.
    let has_fixes = |(form, &count): (&Form, &usize)| {
        if form.dialect == Dialect::TerraformPlan { count == 0 } else { count > 10 }
    };
    assert!(FORMS.iter().zip(&numbers).all(has_fixes), "{numbers:?}");
}

/// The argument of a template that may be null is neither present nor absent, as in HCL.
#[test]
fn nullable_templates_of_terraform_json_are_unknown() {
    let text = r#"{
  "locals": {"all": {"a": {"type": "Cluster", "cluster_name": "A"}, "b": {"type": "Https", "url": "https://b.example.com"}}},
  "resource": {"mongodbatlas_stream_connection": {"x": {
    "for_each": "${local.all}",
    "project_id": "${var.project_id}",
    "workspace_name": "meters",
    "connection_name": "${each.key}",
    "type": "${each.value.type}",
    "cluster_name": "${lookup(each.value, \"cluster_name\", null)}",
    "url": "${try(each.value.url, null)}"
  }}}
}"#;
    let report = Linter::default().check(&Source::new("main.tf.json", text));
    assert!(report.diagnostics().is_empty(), "{:?}", report.diagnostics());
}

/// The cases of the rules also run in the npm package, which does not read Crossplane.
#[cfg(feature = "crossplane")]
#[test]
fn selectors_find_the_project_and_the_workspace_in_crossplane() {
    let manifest = |reference: &str| {
        format!(
            "apiVersion: stream.mongodbatlas.m.crossplane.io/v1alpha1\nkind: Connection\nspec:\n  forProvider:\n    \
             connectionName: test\n    type: Sample\n    projectIdSelector: {{}}\n    {reference}\n"
        )
    };
    let rules = |reference: &str| {
        let report = streamlint::check(&streamlint::Source::new("a.yaml", manifest(reference)));
        report.diagnostics().iter().map(|found| found.rule.name).collect::<Vec<_>>()
    };
    assert_eq!(rules("workspaceNameSelector: {}").len(), rules("workspaceName: meters").len());
    assert!(rules("workspaceNameRef: { name: meters }").iter().all(|rule| *rule != "missing-field"));
    assert!(rules("timeouts: {}").contains(&"missing-field"));
}
