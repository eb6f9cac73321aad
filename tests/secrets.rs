//! No output of any format contains a secret of its input: no message, excerpt, fix or diff.
//!
//! Marker words replace secrets at every position that reports mask. Then the text is damaged.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use proptest::prelude::*;
use serde_json::json;
use streamlint::{
    Applicability, Config, Dialect, Format, Kind, Kinds, LineIndex, Linter, Mode, Module, Pattern, Report, Source,
    Style, Utf16Cursor, diff,
};

/// Definitions with `@` at each position of a secret; each `@` becomes a unique word. (`~~` keeps damage from joining a
/// word to the host, which is visible. Values that a fix moves to a visible position are not secrets.)
const DEFINITIONS: &[&str] = &[
    r#"{
  "name": "orders",
  "type": "Kafka",
  "bootstrapServers": "SASL_SSL://@:@@broker-0.example.com:9092/~~@?@, broker-1.example.com:9092",
  "authentication": {
    "mechanism": "PLAIN", "username": "streams", "password": "@", "clientSecret": "@",
    "tokenEndpointUrl": "https://@:@@login.example.com/~~@?client=@#@",
    "saslOauthbearerExtensions": "logicalCluster=@,identityPoolId=@",
    "sslCertificate": "-----BEGIN CERTIFICATE-----\n@\n-----END CERTIFICATE-----",
    "sslKey": "-----BEGIN PRIVATE KEY----- @ -----END PRIVATE KEY-----", "sslKeyPassword": "@",
    "aws": { "roleArn": "arn:aws:iam::123456789012:role/streams", "externalId": "@" }
  },
  "security": { "protocol": "SASL_SSL", "brokerPublicCertificate": "@", "sslKey": "@" },
  "config": { "acks": "all", "sasl.jaas.config": "required password=\"@\";", "ssl.key.password": "@" },
  "networking": { "access": { "type": "PUBLIC", "url": "@", "extra": [ "@", { "name": "@" } ] } },
  "url": "https://x.example.com/@", "headers": { "name": "@" }, "connectionString": "@", "id": "@",
  "links": [ { "href": "https://example.com/@", "rel": "@" } ], "state": "@", "testBucket": "@"
}"#,
    r#"{ "name": "hooks", "type": "Https", "url": "https://@:@@hooks.example.com:8443/~~services/@?token=@#@",
  "headers": { "Authorization": "Bearer @", "name": "@", "type": "@", "url": "https://@/@", "X-Key": [ "@" ] },
  "password": "@", "timeout": "@" }"#,
    r#"{ "name": "schemas", "type": "SchemaRegistry", "provider": "CONFLUENT",
  "schemaRegistryUrls": [ "https://@:@@registry.example.com/~~@", "https://registry.example.com?~~@", [ "@" ], "@" ],
  "schemaRegistryAuthentication": { "type": "USER_INFO", "username": "u", "password": "@", "token": "@" },
  "authentication": { "password": "@" } }"#,
    r#"[ { "name": "mongodb+srv://@:@@cluster0.example.mongodb.net/~~@", "type": "Cluster" },
  { "name": "mongodb+srv://@:@@cluster0.example.mongodb.net/~~@", "type": "Cluster" } ]"#,
    r#"{ "name": { "x": "@" }, "type": "cluster", "clusterName": "mongodb+srv://@:@@cluster0.example.mongodb.net/~~@?w=@",
  "dbRoleToExecute": { "role": "readAnyDatabase", "type": "BUILT_IN", "password": "@", "links": [ "@" ] },
  "clusterGroupId": { "name": "@" } }"#,
    r#"{ "connectionName": "wrapped", "connectionType": "AzureBlobStorage", "projectId": "@", "label": "@",
  "connectionConfig": { "azure": { "servicePrincipalId": "0b0c1d2e-0000-4000-8000-000000000000",
    "storageAccountName": "exports", "key": "@", "accountKey": "@" }, "sasToken": "@" } }"#,
    r#"{ "totalCount": "@", "links": [ { "href": "@" } ], "label": "@", "results": [
  { "name": "a", "type": "S3", "aws": { "roleArn": "arn:aws:iam::123456789012:role/s", "testBucket": "b", "secretAccessKey": "@" } },
  { "name": "a", "type": "Rabbit", "password": "@", "authentication": { "password": "@" } }, "@", [ "@" ], 5 ] }"#,
    r#"{ "error": 400, "errorCode": "VALIDATION_ERROR", "reason": "Bad Request", "detail": "@", "parameters": [ "@" ],
  "badRequestDetail": { "fields": [ { "description": "@", "field": "@" } ] } }"#,
    r#"[ { "type": "GCPPubSub", "name": "p", "gcp": { "serviceAccountId": "s@project.iam.gserviceaccount.com",
  "private_key": "@" }, "credentials": { "name": "@", "type": "@" } }, { "type": "AWSLambda", "name": "l", "networking": { "access": { "token": "@" } } } ]"#,
];

/// Secrets in fields of other types. They are not tested with damage: once the type is damaged, the fields of all types
/// may be shown.
const OF_ANOTHER_TYPE: &[&str] = &[
    r#"{ "name": "hooks", "type": "Https", "url": "https://hooks.example.com", "provider": "@", "aws": { "roleArn": "@" },
  "bootstrapServers": "@", "authentication": { "username": "@", "scope": "@" }, "clusterName": "@" }"#,
    r#"{ "name": "orders", "type": "Kafka", "authentication": { "username": "u", "name": "@", "aws": { "type": "@" } },
  "security": { "username": "@" }, "config": { "name": "@" }, "Name": "@" }"#,
    r#"{ "type": "AWSLambda", "name": "l", "networking": { "access": { "name": "@" } } }"#,
    r#"{ "error": 400, "errorCode": "VALIDATION_ERROR", "name": "@", "type": "@", "url": "https://@.example.com" }"#,
];

/// Definitions in JSONC, where comments are also secret. (None contains a name: it would be shown if the comment marker
/// were damaged.)
const COMMENTED: &[&str] = &[r#"// @
{ /* @ */ "type": "Https", // "password": "@"
  /* "password": "@",
     "token": "@" */ "name": "hooks", "url": "https://hooks.example.com/~~@" /* @ */, "headers": { // @
  "X-Name": "@", }, // @
} // @"#];

/// The same in YAML: plain bodies, manifests and templates. Unknown anchors and tags are also secret.
const IN_YAML: &[&str] = &[
    r#"# @
name: orders
type: Kafka
bootstrapServers: 'SASL_SSL://@:@@broker-0.example.com:9092/~~@?@, broker-1.example.com:9092'
authentication: # @
  mechanism: PLAIN
  username: streams
  password: @
  clientSecret: '@ ''@'
  tokenEndpointUrl: https://@:@@login.example.com/~~@?client=@
  saslOauthbearerExtensions: "logicalCluster=@,    identityPoolId=@"
  sslCertificate: | # @
    -----BEGIN CERTIFICATE-----
    @

    @
  sslKey: >-
    -----BEGIN PRIVATE KEY-----
    @
  sslKeyPassword: &@ @
  other: !@ @
security: { protocol: SASL_SSL, brokerPublicCertificate: @, sslKey: [ @, { name: @ } ] }
config:
  acks: all
  sasl.jaas.config: required password="@";
"#,
    r#"secrets: &login
  password: @
  token: @
---
name: hooks
type: Https
url: https://@:@@hooks.example.com:8443/~~services/@?token=@
headers: &headers
  Authorization: Bearer @
  X-Key: [ @ ]
password: "@"
again: *headers
<<: *headers
---
- @
- { x: @ }
--- @
...
"#,
    r"apiVersion: atlas.mongodb.com/v1
kind: AtlasStreamConnection
metadata: { name: @, labels: { name: @ } }
spec:
  name: orders
  type: Kafka
  kafkaConfig:
    bootstrapServers: b.example.com:9092
    authentication: { mechanism: PLAIN, username: @, password: @, credentials: { name: @, password: @ } }
    security: { protocol: SSL, certificate: @ }
    config: { ssl.key.password: @ }
    extra: @
---
apiVersion: v1
kind: Secret
metadata: { labels: { atlas.mongodb.com/type: credentials } }
data: { username: @, password: @ }
stringData:
  password: |-
    @
",
    r"apiVersion: stream.mongodbatlas.crossplane.io/v1alpha1
kind: Connection
metadata: { name: @, annotations: { x: @ } }
spec:
  forProvider:
    projectId: 64f1a2b3c4d5e6f708192a3b
    workspaceName: w
    connectionName: orders
    type: Kafka
    bootstrapServers: b.example.com:9092
    authentication: { mechanism: PLAIN, username: u, passwordSecretRef: { name: @, key: @ }, password: @, sslKey: @ }
    security: { protocol: SASL_SSL, brokerPublicCertificate: @ }
    config: { ssl.key.password: @ }
    headers: { Authorization: @ }
    extra: @
  writeConnectionSecretToRef: { name: @ }
",
    r"Parameters:
  Password: { Type: String, Default: @, NoEcho: true }
Resources:
  X:
    Type: MongoDB::Atlas::StreamConnection
    Metadata: @
    Properties:
      ProjectId: @
      WorkspaceName: w
      ConnectionName: !Sub hooks
      Type: Https
      Url: !Join ['', [ 'https://', @ ]]
      Headers: { Authorization: !Ref Password, X-Key: !Sub '@' }
      Password: @
      password: !If [ @, @, @ ]
Outputs: { X: { Value: @ } }
",
    r#"{{- if .Values.@ }}
name: {{ .Values.name }}
type: Https
timeout: {{ .Values.@ | default "@" }}
url: https://{{ .Values.@ }}/@
headers:
  Authorization: "Bearer {{ @ }}"
  {{- toYaml .Values.@ | nindent 2 }}
{{ .@ }}: @
{{- end }}
"#,
];

/// Terraform modules: heredocs, locals, defaults, comments, encoded values, and blocks with a mistake.
const IN_TERRAFORM: &[&str] = &[
    r#"# @
terraform {
  backend "s3" { secret_key = "@" } // @
}
variable "password" {
  default   = "@"
  sensitive = true
  validation { error_message = "@ ${"@"} @" }
}
locals {
  login = { username = "u", password = "@", token = "@" } /* @
  @ */
  list  = ["@", "@ @", { name = "@" }]
  name  = "@"
}
resource "mongodbatlas_stream_connection" "orders" { # @
  project_id        = var.project_id
  workspace_name    = "w"
  connection_name   = "orders"
  type              = "Kafka" // @
  bootstrap_servers = "SASL_SSL://@:@@broker-0.example.com:9092/~~@?@, broker-1.example.com:9092"
  authentication = {
    mechanism       = "PLAIN"
    username        = "u"
    password        = "@"
    client_secret   = local.login.password
    ssl_key         = <<-EOT
      -----BEGIN PRIVATE KEY-----
      @ ${"@"}

      @
    EOT
    ssl_certificate = "-----BEGIN CERTIFICATE-----\n@"
    token_endpoint_url = "https://@:@@login.example.com/~~@?client=@"
    sasl_oauthbearer_extensions = "logicalCluster=@,    identityPoolId=@"
  }
  security = { protocol = "SASL_SSL", token = "@", broker_public_certificate = trimspace("@") }
  config   = { "sasl.jaas.config" = "required password=\"@\";", "acks" = "all", "ssl.key.password" = "@${var.x}@" }
  lifecycle { ignore_changes = ["@"] }
  other = { for name in ["@"] : "@" => upper("@") }
  extra = @
}
"#,
    r#"resource "mongodbatlas_stream_connection" "hooks" {
  instance_name   = "w"
  project_id      = "64f1a2b3c4d5e6f708192a3b"
  connection_name = "hooks"
  type            = "Https"
  url             = "https://@:@@hooks.example.com:8443/~~services/@?token=@#@"
  headers = jsonencode({ Authorization = "Bearer @", "X-Key" : "@" })
  headers { Authorization = "@" }
  authentication { password = "@" }
  Password = "@"
  sslKey = "@"
  networking = { access = { type = "PUBLIC", name = "@", token = ["@", "@"] } }
  timeout "@
}
resource "mongodbatlas_stream_processor" "copy" {
  pipeline = jsonencode([{ "$source" = { connectionName = "unset", token = "@" } }, "@"])
  options  = { dlq = { connection_name = "hooks", password = "@" } }
  broken   = [ "@"
}
resource "mongodbatlas_stream_connection" "cluster" {
  workspace_name  = "w"
  project_id      = "64f1a2b3c4d5e6f708192a3b"
  connection_name = "cluster"
  type            = "Cluster"
  cluster_name    = "mongodb+srv://@:@@cluster0.example.mongodb.net/~~@?w=@"
  db_role_to_execute = { role = "readAnyDatabase", type = "BUILT_IN", password = "@" }
}
output "x" {
  value = <<EOT
@ = "@" { @ }
%{ if true }@%{ endif }
EOT
}
"#,
];

/// The same in Terraform's JSON, and a plan.
const IN_TERRAFORM_JSON: &[(&str, &str)] = &[
    (
        "a.tf.json",
        r#"{ "//": "@",
  "variable": { "password": { "default": "@", "sensitive": true, "validation": [ { "error_message": "@" } ] } },
  "locals": { "login": { "password": "@", "token": "@" }, "name": "@" },
  "resource": { "mongodbatlas_stream_connection": { "orders": {
    "project_id": "${var.project_id}", "workspace_name": "w", "connection_name": "orders", "type": "Kafka",
    "bootstrap_servers": "SASL_SSL://@:@@broker-0.example.com:9092/~~@?@, broker-1.example.com:9092",
    "authentication": { "mechanism": "PLAIN", "username": "u", "password": "@", "ssl_key": "${file(\"@\")}",
      "client_secret": "${local.login.password}", "token_endpoint_url": "https://@:@@login.example.com/~~@?client=@" },
    "security": { "protocol": "SASL_SSL", "token": "@" }, "sslKey": "@",
    "config": { "sasl.jaas.config": "password=\"@\";", "acks": "all" }, "extra": [ "@", { "name": "@" } ] } },
    "mongodbatlas_stream_processor": { "copy": { "pipeline": "[{\"$source\": {\"token\": \"@\"}}]" } } },
  "provider": { "mongodbatlas": { "private_key": "@" } } }"#,
    ),
    (
        "plan.json",
        r#"{ "format_version": "1.2", "variables": { "password": { "value": "@" } },
  "planned_values": { "outputs": { "x": { "value": "@" } }, "root_module": { "resources": [
    { "address": "mongodbatlas_stream_connection.orders", "mode": "managed", "type": "mongodbatlas_stream_connection", "name": "@",
      "values": { "project_id": "64f1a2b3c4d5e6f708192a3b", "workspace_name": "w", "connection_name": "orders", "type": "Kafka",
        "authentication": { "mechanism": "PLAIN", "username": "u", "password": "@", "ssl_key": "@", "client_id": null },
        "bootstrap_servers": "SASL_SSL://@:@@broker-0.example.com:9092/~~@", "config": { "sasl.jaas.config": "@" },
        "security": { "protocol": "SSL", "broker_public_certificate": "@" }, "headers": { "name": "@" }, "extra": "@" },
      "sensitive_values": { "authentication": { "password": "@" } } },
    { "address": "aws_s3_bucket.b", "type": "aws_s3_bucket", "values": { "type": "@", "connection_name": "@" } } ],
    "child_modules": [ { "address": "@", "resources": [ { "address": "module.m.mongodbatlas_stream_connection.hooks",
      "type": "mongodbatlas_stream_connection", "values": { "connection_name": "hooks", "type": "Https",
        "url": "https://@:@@hooks.example.com/~~@", "headers": { "Authorization": "Bearer @" } } } ] } ] } },
  "resource_changes": [ { "address": "mongodbatlas_stream_connection.orders", "type": "mongodbatlas_stream_connection",
    "change": { "before": { "authentication": { "password": "@" } }, "after": { "type": "Kafka", "password": "@" },
      "after_unknown": { "id": true } } } ],
  "prior_state": { "values": { "password": "@" } } }"#,
    ),
];

/// Request files and recorded requests.
const IN_HTTP: &[(&str, &str)] = &[
    (
        "a.http",
        r#"# @
POST https://@:@@cloud.example.com/api/atlas/v2/groups/64F1/streams/w/connections?token=@ HTTP/1.1
Authorization: Digest @
Content-Type: application/json

{ "name": "hooks", "type": "Https", "url": "https://@:@@hooks.example.com:8443/~~services/@?token=@",
  "headers": { "Authorization": "Bearer @", "name": "@" }, "password": "@", "timeout": {{@}} }

> {% client.global.set("token", "@") %}

### @
PATCH {{base}}/api/atlas/v2/groups/{{group}}/streams/w/connections/hooks
    ?envelope=false
Cookie: @

{ "name": "orders", "type": "Kafka", "authentication": { "mechanism": "PLAIN", "password": "@", "clientSecret": "@" },
  "bootstrapServers": "SASL_SSL://@:@@b.example.com:9092", "config": { "sasl.jaas.config": "@" } }

###
POST https://login.example.com/token

client_secret=@&grant_type=@

HTTP/1.1 201 Created
Set-Cookie: @

{ "name": "hooks", "type": "Https", "url": "https://hooks.example.com/~~@", "links": [ { "href": "@" } ], "state": "@" }
"#,
    ),
    (
        "b.json",
        r#"{ "request": { "method": "POST", "path": "/api/atlas/v2/groups/64F1/streams/w/connections?token=@",
  "headers": { "Authorization": "@" }, "body": { "name": "hooks", "type": "Https", "url": "https://@:@@hooks.example.com/~~@",
    "headers": { "Authorization": "Bearer @" }, "password": "@" } },
  "response": { "status": "HTTP/2.0 200 OK", "headers": { "name": "@", "type": "@" }, "body": { "name": "hooks", "type": "Https",
    "url": "https://hooks.example.com/~~@", "links": [ { "href": "@" } ], "token": "@" } }, "recorded": "@" }"#,
    ),
];

/// Scripts and Markdown, with secrets inside and outside of definitions.
const IN_OTHER_TEXTS: &[(&str, &str)] = &[
    (
        "a.sh",
        r#"#!/bin/bash
# @
export TOKEN=@ KEY='@' # @
cat > "@.json" <<JSON
{ "name": "orders", "type": "kafka", "bootstrapServers": "SASL_SSL://@:@@b.example.com:9092", "extra": "@${X}@",
  "authentication": { "mechanism": "PLAIN", "username": "$USER", "password": "@", "clientSecret": "@\$@`cat @`",
    "sslKey": "${KEY:-@}", "sslKeyPassword": $(cat "@"), "sslCertificate": "-----BEGIN CERTIFICATE-----
@" },
  "config": { "sasl.jaas.config": "required password=\"@\";", "acks": $ACKS } }
JSON
curl -u "@:@" -H "X: @" -X POST "https://@:@@cloud.example.com/groups/64F1/streams/w!/connections?token=@" \
  -d '{ "name": "hooks", "type": "Https", "url": "http://@:@@hooks.example.com:8443/~~services/@?token=@", "timeout": '@',
    "headers": { "Authorization": "Bearer '"@$TOKEN"'", "X-Key": "it'\''s @", "name": "@" }, "password": "@" }'
RESULT=$(curl -XPATCH --json "{\"type\": \"https\", \"headers\": {\"Authorization\": \"Bearer @\", \"x\": \"\\\"@\"}, \"password\": \"@$X\"}" "$BASE/streams/w/connections/@")
atlas streams connections create s -i '@ @' --projectId 12 --file - <<-'E' | tee "@"
	{ "name": "mongodb+srv://@:@@cluster0.example.mongodb.net/~~@", "type": "cluster", "password": "@$(@)" }
	E
echo @ "@" '@'
"#,
    ),
    (
        "a.md",
        r#"# @

Password: @, `@`

1. x
   ~~~sh title="@"
   $ export TOKEN=@
   @
   $ curl -u "@" "$BASE/streams/w/connections" -d '{ "name": "hooks", "type": "https", "password": "@", "url": "https://@:@@h.example.com" }'
   { "password": "@" }
   ~~~

> ```json @
> { "name": "hooks", "type": "https", "url": "https://hooks.example.com:8443/~~services/@?token=@#@",
>   "headers": { "Authorization": "Bearer @", "name": "@" }, "password": "@" }
> ```
@

```bash
# @
B="{ \"type\": \"Https\", \"name\": \"b\", \"headers\": { \"Authorization\": \"@\" }, \"token\": \"@\" }"
curl "https://@:@@x.example.com/groups/1/streams/w/connections" --data-raw "$B"
```
"#,
    ),
];

/// Replaces each `@` with a unique word; `@@` becomes a word and a literal `@`, and the `@` of `s@project` is kept.
fn planted(definition: &str, seed: u32) -> (String, Vec<String>) {
    let mut text = String::new();
    let mut words = Vec::new();
    let mut characters = definition
        .replace("s@project", "s\u{0}project")
        .replace("@@", "@\u{0}")
        .chars()
        .collect::<Vec<_>>()
        .into_iter();
    for character in characters.by_ref() {
        match character {
            '@' => {
                // Only letters and digits, which are the hardest to tell from public values.
                let word = format!("zq{:05}w{}", seed % 100_000, words.len() + 100);
                text.push_str(&word);
                words.push(word);
            }
            '\0' => text.push('@'),
            other => text.push(other),
        }
    }
    (text, words)
}

/// Removes the words that a mistake has turned into keys, because keys are shown. In YAML a colon is enough, and in HCL
/// an equals sign.
fn keep_values(name: &str, text: &str, words: &mut Vec<String>) {
    let signs: &[char] = if name.ends_with("yaml") {
        &[':']
    } else if name.ends_with("tf") {
        &['=', '{', ':']
    } else {
        &[]
    };
    if !signs.is_empty() {
        let is_key = |word: &String| {
            text.match_indices(word.as_str()).any(|(at, _)| {
                let ends = |c: char| signs.contains(&c) || matches!(c, '\n' | ',');
                let rest = text[at + word.len()..].trim_start_matches(|c: char| !ends(c));
                rest.starts_with(signs)
            })
        };
        words.retain(|word| !is_key(word));
    }
}

/// All output about this text and its fixes.
fn outputs(name: &str, text: &str, config: &Config) -> Vec<(&'static str, String)> {
    let linter = Linter::new(config.clone());
    let source = Source::new(name, text);
    let reports = linter.check_all([&source]);
    let mut style = Style::default();
    (style.colors, style.links) = (true, true);
    let mut outputs = Vec::new();
    for &format in Format::ALL {
        outputs.push((format.name(), format.render(&reports, style)));
    }
    outputs.push(("debug", format!("{source:?} {linter:?} {reports:#?} {:?}", Module::of([&source], true))));
    outputs.push(("debug", format!("{:?} {:?}", Utf16Cursor::new(text), LineIndex::new(text))));
    outputs.push(("debug", format!("{:?} {:?}", reports[0].summaries(), reports[0].diagnostics())));
    outputs.push(("debug", format!("{:?} {:?}", reports[0].connections(), reports[0].fixes(Applicability::Unsafe))));
    outputs.push(("masked text", reports[0].masked_text()));
    outputs.push(("diagnostics", serde_json::to_string(reports[0].diagnostics()).unwrap()));
    outputs.push(("summaries", serde_json::to_string(reports[0].summaries()).unwrap()));
    // The targets differ so little that one per text is enough.
    let targets = [Dialect::AdminApi, Dialect::Terraform, Dialect::Kubernetes, Dialect::CloudFormation];
    outputs
        .push(("warnings of a conversion", format!("{:?}", reports[0].convert(targets[text.len() % targets.len()]))));
    for applicability in [Applicability::Safe, Applicability::Unsafe] {
        let fixed = reports[0].fixed(applicability);
        let after: Report = linter.check(&Source::new(name, fixed));
        outputs.push(("diff", diff(&reports[0], &after, Style::default())));
        outputs.push(("human after fixing", after.render(Format::Human)));
    }
    outputs
}

/// A configuration with many requirements, so that many rules report findings.
fn strict() -> Config {
    let builder = Config::builder()
        .placeholders([Pattern::new("^\\$", |text| text.starts_with('$'))])
        .connection_names(Pattern::new("no-name", |_| false))
        .workspace_names(Pattern::new("no-workspace", |_| false))
        .require_private_networking(Kinds::ALL)
        .allowed_hosts(["allowed.example"])
        .reachable_hosts(["reachable.example"])
        .workspace("one".to_owned());
    builder.build().unwrap()
}

fn assert_kept(name: &str, text: &str, words: &[String], config: &Config) {
    for (what, output) in outputs(name, text, config) {
        if let Some(word) = words.iter().find(|word| output.contains(word.as_str())) {
            let line = output.lines().find(|line| line.contains(word.as_str())).unwrap_or_default();
            panic!("{word} shows in {what}:\n{line}\nof:\n{text}");
        }
    }
}

/// Everything that a language server sends about these texts to an editor that makes every request at many positions.
fn sent_to_an_editor(texts: &[(&str, String)]) -> String {
    let mut input = String::new();
    let mut send = |mut message: serde_json::Value| {
        message["jsonrpc"] = "2.0".into();
        let body = message.to_string();
        let _ = write!(input, "Content-Length: {}\r\n\r\n{body}", body.len());
    };
    let capabilities = json!({
        "workspace": { "workspaceEdit": { "documentChanges": true } },
        "textDocument": {
            "codeAction": { "codeActionLiteralSupport": {} },
            "hover": { "contentFormat": ["markdown"] },
            "publishDiagnostics": { "relatedInformation": true }
        }
    });
    send(json!({ "id": 0, "method": "initialize", "params": { "capabilities": capabilities } }));
    for (index, (name, text)) in texts.iter().enumerate() {
        let document = json!({ "uri": format!("untitled:{index}/{name}") });
        let mut opened = document.clone();
        (opened["text"], opened["languageId"], opened["version"]) =
            (text.as_str().into(), "streamlint".into(), 1.into());
        send(json!({ "method": "textDocument/didOpen", "params": { "textDocument": opened } }));
        let mut ask = |method: &str, mut params: serde_json::Value| {
            params["textDocument"] = document.clone();
            send(json!({ "id": index, "method": format!("textDocument/{method}"), "params": params }));
        };
        let place = |line: usize, character: usize| json!({ "line": line, "character": character });
        let all = json!({ "start": place(0, 0), "end": place(9999, 0) });
        ask("codeAction", json!({ "range": all, "context": { "diagnostics": [] } }));
        ask("documentSymbol", json!({}));
        for (line, content) in text.lines().enumerate() {
            for character in (0..content.len()).step_by(23) {
                ask("hover", json!({ "position": place(line, character) }));
                ask("completion", json!({ "position": place(line, character) }));
            }
        }
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_streamlint"));
    let mut server = command.arg("lsp").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = server.stdin.take().unwrap();
    let writer = std::thread::spawn(move || std::io::Write::write_all(&mut stdin, input.as_bytes()).unwrap());
    let output = server.wait_with_output().unwrap();
    writer.join().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_missing_colon_in_yaml_shows_no_password() {
    let text = "name: a\ntype: Kafka\nauthentication: { mechanism: PLAIN, password 'hunter2-zq', username: u }\n";
    let instead = |password: &str| text.replace("password 'hunter2-zq'", password);
    let texts = [
        text.to_owned(),
        instead("password hunter2-zq"),
        instead("password:hunter2-zq"),
        instead("password: 'x', hunter2-zq"),
        instead("password: hunter-zq,hunter2-zq"),
        instead("<<: { password:hunter2-zq }"),
    ];
    for text in &texts {
        let report = streamlint::check(&Source::new("a.yaml", text.as_str()));
        let is_found = |rule: &str| report.diagnostics().iter().any(|found| found.rule.name == rule);
        assert!(is_found("syntax-error"), "{text}");
        for &format in Format::ALL {
            let shown = report.render(format);
            assert!(!shown.contains("-zq"), "{}: {shown}", format.name());
        }
    }
}

/// In YAML, a wrong line break joins the end of a value with the next key.
#[test]
fn a_key_of_several_words_without_quotes_is_not_quoted() {
    let text = "name: hook\ntype: Https\nurl: https://api.example.com/v1\nheaders:\n  Authorization: B\n\
                arer hunter2zqe  X-Api-Key: hunter2zq\n";
    assert_kept("a.yaml", text, &["hunter2zq".to_owned()], &Config::default());
    assert!(sent_to_an_editor(&[("a.yaml", text.to_owned())]).matches("hunter2zq").count() == 0);
}

#[test]
fn editors_are_sent_no_secrets() {
    let mut texts = Vec::new();
    let mut secrets = Vec::new();
    for (name, definition) in all() {
        let (whole, words) = planted(definition, 3);
        let marks =
            whole.char_indices().filter(|(_, mark)| matches!(mark, '{' | '}' | '[' | ']' | '"' | ',' | ':' | '\n'));
        // Damaged YAML is usually valid YAML with different keys.
        let marks = marks.filter(|_| name != "a.yaml");
        texts.extend(marks.step_by(13).filter_map(|(at, _)| Some((name, damaged(&whole, at, 1, "")?))));
        texts.push((name, whole));
        secrets.extend(words);
    }
    let reported = sent_to_an_editor(&texts);
    assert!(reported.matches("\"newText\":").count() > 20 && reported.matches("[hardcoded-secret](").count() > 20);
    for word in secrets {
        if let Some(at) = reported.find(&word) {
            panic!("{word} is sent: {}", &reported[at.saturating_sub(300)..at + 50]);
        }
    }
}

#[test]
fn debug_output_shows_no_secret() {
    let key = "-----BEGIN PRIVATE KEY----- hunter2";
    let texts = [
        ("a.json", r#"{ "name": "a", "type": "Https", "url": "https://u:hunter2@a.example/hunter2?t=hunter2",
            "headers": { "Authorization": "Bearer hunter2" }, "password hunter2": 1 }"#.to_owned()),
        ("a.json", r#"{ "name": "mongodb://u:hunter2@host", "type": "Cluster", "clusterName": "hunter2:x@h" "#.to_owned()),
        ("a.yaml", "name: a\ntype: SchemaRegistry\nprovider: CONFLUENT\nschemaRegistryUrls: [https://u:hunter2@r.example]\n\
            schemaRegistryAuthentication: { type: USER_INFO, username: u, password: hunter2 }\n# hunter2\n".to_owned()),
        ("a.json", json!({ "name": "k", "type": "Kafka", "bootstrapServers": "b.example.com:9092",
            "security": { "protocol": "SSL", "brokerPublicCertificate": "hunter2" },
            "authentication": { "mechanism": "PLAIN", "username": "u", "password": "hunter2", "sslKey": key },
            "config": { "sasl.password": "hunter2" } }).to_string()),
        ("a.tf", "locals { password = \"hunter2\" }\nresource \"mongodbatlas_stream_connection\" \"a\" {\n  type = \"Kafka\"\n  \
            authentication = { password = \"hunter2\" }\n}\n".to_owned()),
    ];
    for (name, text) in texts {
        let source = Source::new(name, text.as_str());
        let module = Module::of([&source], true);
        let linter = Linter::new(strict());
        let report = linter.check_in(&source, &module);
        let mut shown = format!("{source:?} {module:#?} {linter:#?} {report:#?} {:#?}", report.summaries());
        let mut show = |value: &dyn std::fmt::Debug| {
            let _ = write!(shown, "{value:#?} {value:?}");
        };
        show(&report.diagnostics());
        show(&report.connections());
        show(&report.fixes(Applicability::Unsafe));
        show(&report.diagnostics().iter().map(|found| report.ignoring(found, "")).collect::<Vec<_>>());
        show(&(LineIndex::new(&text), Utf16Cursor::new(&text), streamlint::Totals::of([&report])));
        for at in (0..text.len()).filter(|at| text.is_char_boundary(*at)) {
            let place = report.place_at(at);
            show(&place.as_ref().map(|place| report.openings(place)));
            show(&place);
        }
        let at = shown.find("hunter2");
        assert!(at.is_none(), "{}", &shown[at.unwrap().saturating_sub(200)..at.unwrap() + 50]);
        assert!(report.source().text().contains("hunter2"));
    }
}

#[test]
fn miette_reports_are_masked() {
    let mut count = 0;
    for (name, definition) in all() {
        let (text, words) = planted(definition, 11);
        let cut = text.char_indices().map(|(at, _)| at).step_by(29).map(|at| text[..at].to_owned());
        for text in cut.chain([text.clone()]) {
            for report in streamlint::check(&Source::new(name, text.as_str())).miette() {
                let mut shown = format!("{report} {report:?}");
                for handler in [miette::GraphicalTheme::ascii(), miette::GraphicalTheme::unicode()] {
                    let handler = miette::GraphicalReportHandler::new_themed(handler).with_context_lines(9);
                    handler.render_report(&mut shown, &*report).unwrap();
                }
                miette::NarratableReportHandler::new().render_report(&mut shown, &*report).unwrap();
                miette::JSONReportHandler::new().render_report(&mut shown, &*report).unwrap();
                let mut known = words.clone();
                keep_values(name, &text, &mut known);
                let word = known.iter().find(|word| shown.contains(word.as_str()));
                assert_eq!(word, None, "{shown}");
                assert!(!shown.contains('\u{7}'));
                count += 1;
            }
        }
    }
    assert!(count > 500, "{count}");
}

/// The baseline of a run over these definitions, both valid and damaged.
#[test]
fn a_baseline_holds_no_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let mut secrets = Vec::new();
    for (at, (name, definition)) in all().enumerate() {
        let (whole, words) = planted(definition, 5);
        let (_, extension) = name.split_once('.').unwrap();
        let cuts = whole.char_indices().filter(|(_, mark)| matches!(mark, '{' | '"' | ',' | ':')).step_by(17);
        // Damaged YAML is usually valid YAML with different keys.
        let texts = cuts.filter(|_| name != "a.yaml").filter_map(|(at, _)| damaged(&whole, at, 1, ""));
        for (damage, text) in texts.chain([whole.clone()]).enumerate() {
            std::fs::write(folder.path().join(format!("{at}-{damage}.{extension}")), text).unwrap();
        }
        secrets.extend(words);
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_streamlint"));
    let status = command.args(["check", "--quiet", "--write-baseline", "known.json", "."]).current_dir(&folder);
    assert!(status.output().unwrap().status.code().is_some_and(|code| code < 2));
    let baseline = std::fs::read_to_string(folder.path().join("known.json")).unwrap();
    assert!(baseline.matches("hardcoded-secret").count() > 20, "{baseline}");
    let shown = secrets.iter().find(|word| baseline.contains(word.as_str()));
    assert_eq!(shown, None, "{baseline}");
}

/// The text with `length` bytes from `at` on replaced by `instead`; `None` if they do not start and end a character.
fn damaged(text: &str, at: usize, length: usize, instead: &str) -> Option<String> {
    let end = at + length;
    (text.is_char_boundary(at) && text.is_char_boundary(end))
        .then(|| format!("{}{instead}{}", &text[..at], &text[end..]))
}

fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    let strict = DEFINITIONS.iter().map(|text| ("a.json", *text));
    let jsonc = COMMENTED.iter().flat_map(|text| [("a.jsonc", *text), ("a.json", *text)]);
    // JSON is also valid YAML.
    let brackets = DEFINITIONS.iter().map(|text| ("a.yaml", *text));
    let yaml = IN_YAML.iter().map(|text| ("a.yaml", *text));
    let hcl = IN_TERRAFORM.iter().map(|text| ("a.tf", *text));
    strict.chain(jsonc).chain(brackets).chain(yaml).chain(hcl).chain(others())
}

/// Definitions that are embedded in other texts.
fn others() -> impl Iterator<Item = (&'static str, &'static str)> {
    IN_TERRAFORM_JSON.iter().chain(IN_HTTP).chain(IN_OTHER_TEXTS).copied()
}

#[test]
fn whole_definitions_keep_their_secrets() {
    for (name, definition) in all() {
        let (text, words) = planted(definition, 7);
        assert!(words.len() > 3);
        for kind in [None, Some(Kind::Kafka)] {
            for mode in std::iter::once(None).chain(Mode::ALL.iter().copied().map(Some)) {
                assert_kept(name, &text, &words, &Config::builder().kind(kind).mode(mode).build().unwrap());
            }
        }
    }
}

/// A path may contain a token that authenticates the caller, even if it does not look like one.
#[test]
fn words_in_the_path_of_a_url_are_hidden() {
    let secrets = ["letmein", "correct-horse-battery-staple", "abcd-efgh-ijkl-mnop", "in/letmein", "in-letmein", "a/b"];
    for secret in secrets {
        // A valid text with findings, and a damaged text.
        for text in [
            format!(r#"{{ "name": "a", "type": "Https", "url": "http://hooks.example.com/{secret}" }}"#),
            format!(r#"{{ "name": "a" "type": "Https", "url": "https://hooks.example.com/{secret}" }}"#),
            format!("name: a\ntype: Https\nurl: https://hooks.example.com/{secret}\n\theaders: a\n"),
        ] {
            let name = if text.starts_with('{') { "a.json" } else { "a.yaml" };
            let path = format!("example.com/{secret}");
            assert_kept(name, &text, &[path], &Config::default());
        }
    }
    let text = r#"{ "name": "a", "type": "Https", "url": "http://hooks.example.com/api/v2/alerts" }"#;
    let shown = streamlint::check(&Source::new("a.json", text)).masked_text();
    assert!(shown.contains("http://hooks.example.com/api/v2/alerts"), "{shown}");
}

#[test]
fn an_editor_covers_secrets_and_leaves_comments() {
    // Prose in Markdown is visible.
    for (name, definition) in
        all().filter(|(name, definition)| !name.ends_with("md") && !COMMENTED.contains(definition))
    {
        let (text, words) = planted(definition, 7);
        let report = streamlint::check(&Source::new(name, text.as_str()));
        let mut covered = text.clone();
        for span in report.secrets().into_iter().rev() {
            covered.replace_range(span.start..span.end, "•");
        }
        // The mask also hides comments, but keeps their markers.
        let masked = report.masked_text();
        let is_comment =
            |line: &str| ["# ***", "// ***", "* ***", "*** */"].iter().any(|comment| line.contains(comment));
        for (line, masked) in covered.lines().zip(masked.lines()) {
            let word = words.iter().find(|word| line.contains(word.as_str()));
            assert!(word.is_none() || is_comment(masked), "{} shows:\n{line}", word.unwrap());
        }
    }
    let text = r#"{ "type": "Kafka", // theirs
  "bootstrapServers": "no port", "authentication": { "mechanism": "SCRAM SHA", "password": "${KAFKA_PASSWORD}" } }"#;
    assert!(streamlint::check(&Source::new("a.jsonc", text)).secrets().is_empty());
    let of_another_type = text.replace("Kafka", "Https");
    assert!(streamlint::check(&Source::new("a.jsonc", of_another_type)).secrets().is_empty());
}

#[test]
fn a_masked_text_can_be_parsed() {
    let is_damaged = |report: &Report| report.diagnostics().iter().any(|found| found.rule.name == "syntax-error");
    let mut read = 0;
    for path in files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")) {
        let Ok(text) = fs::read_to_string(&path) else { continue };
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let report = streamlint::check(&Source::new(name.as_str(), text.as_str()));
        if is_damaged(&report) {
            continue;
        }
        read += 1;
        let masked = report.masked_text();
        assert_eq!(masked.lines().count(), text.lines().count(), "{name}");
        assert!(!is_damaged(&streamlint::check(&Source::new(name.as_str(), masked.as_str()))), "{name}:\n{masked}");
    }
    assert!(read > 100, "{read}");
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[test]
fn members_of_another_type_are_masked() {
    for definition in OF_ANOTHER_TYPE {
        let (text, words) = planted(definition, 5);
        assert_kept("a.json", &text, &words, &Config::default());
        assert_kept("a.json", &text, &words, &strict());
    }
}

#[test]
fn damaged_definitions_keep_their_secrets() {
    const THREADS: usize = 4;
    std::thread::scope(|scope| {
        for first in 0..THREADS {
            scope.spawn(move || {
                let part = all().skip(first).step_by(THREADS);
                part.for_each(|(name, definition)| a_damaged_definition_keeps_its_secrets(name, definition));
            });
        }
    });
}

fn a_damaged_definition_keeps_its_secrets(name: &str, definition: &str) {
    let (text, words) = planted(definition, 11);
    // YAML and embedded texts are only sampled, because the JSON cases cover the same properties.
    let is_sampled = DEFINITIONS.contains(&definition) && name == "a.yaml";
    let step = if is_sampled || others().any(|other| other == (name, definition)) { 5 } else { 1 };
    for at in (0..text.len()).step_by(step) {
        // Only structural characters; the property test below damages the others.
        if !matches!(
            text.as_bytes()[at],
            b'{' | b'}'
                | b'['
                | b']'
                | b'"'
                | b','
                | b':'
                | b'\\'
                | b'/'
                | b'*'
                | b'\n'
                | b'\''
                | b'-'
                | b'&'
                | b'!'
                | b'#'
                | b'|'
                | b'='
                | b'<'
                | b'('
                | b')'
        ) {
            continue;
        }
        let (text, mut words) = (damaged(&text, at, 1, "").unwrap(), words.clone());
        keep_values(name, &text, &mut words);
        assert_kept(name, &text, &words, &Config::default());
        if at % 8 == 0 {
            assert_kept(name, &text, &words, &strict());
        }
    }
}

#[test]
fn public_values_are_shown() {
    let text = r#"{ "nam": "x", "type": "Kafka", "bootstrapServers": "a.example.com:9092, b:9093", "authentication":
  { "username": "streams", "password": "s3cret", "tokenEndpointUrl": "https://login.example.com:8443/s3cret" } }"#;
    let shown = streamlint::check(&Source::new("a.json", text)).render(Format::Human);
    for part in [
        r#"{ "nam": "***", "type": "Kafka", "bootstrapServers": "a.example.com:9092, b:9093", "authentication":"#,
        r#"{ "username": "streams", "password": "***", "tokenEndpointUrl": "https://login.example.com:8443/***" } }"#,
    ] {
        assert!(shown.contains(part), "{part} in\n{shown}");
    }
}

/// The findings of a text as excerpts.
fn excerpts(name: &str, text: &str) -> String {
    let mut shown = String::new();
    for report in streamlint::check(&Source::new(name, text)).miette() {
        let handler = miette::GraphicalReportHandler::new_themed(miette::GraphicalTheme::none());
        handler.with_context_lines(99).render_report(&mut shown, &*report).unwrap();
    }
    shown
}

#[test]
fn an_excerpt_is_readable() {
    let processor = include_str!("../examples/bad/processor.json");
    let terraform = r#"variable "password" {
  type = string
}
resource "mongodbatlas_stream_processor" "copy" {
  project_id     = var.project_id
  workspace_name = "w"
  processor_name = "copy"
  pipeline = jsonencode([
    { "$source" = { connectionName = "ordes", topic = "t", schemaRegistry = { connectionName = "schemas" } } },
    { "$merge" = { into = { connectionName = "x", db = "d", coll = "c" } } }
  ])
}
resource "mongodbatlas_stream_connection" "orders" {
  project_id      = var.project_id
  workspace_name  = "w"
  connection_name = "orders"
  type            = "kafka"
  authentication  = { password = trimspace(file("hunter2zq")), username = var.user }
}
"#;
    let template = r#"Parameters:
  Protocol: { Type: String, Default: SASL_PLAINTEXT }
Resources:
  X:
    Type: MongoDB::Atlas::StreamConnection
    Properties:
      WorkspaceName: analytics
      ConnectionName: !Ref Name
      Type: Httpss
      Url: !Sub "${Url}"
      Headers: !GetAtt A.B
"#;
    let placeholders = r#"{ "type": "kafka", "name": "${NAME}", "bootstrapServers": "{{ .Values.brokers }}", "authentication":
  { "mechanism": "%MECHANISM%", "password": "$KAFKA_PASSWORD", "username": "hunter2zq!" } }"#;
    let tab = "name: orders\ntype: Kafka\nauthentication:\n\tmechanism: PLAIN\n\tpassword: hunter2zq\n";
    let templates = "name: {{ .Values.name }}\ntype: kafka\nurl: {{ .Values.url }} {{ \"hunter2zq\" }}\n";
    let table = [
        (
            "a.json",
            processor,
            r#"{ "$emit": { "connectionName": "target", "connectionName": "targets", "topic": "copies" } }"#,
        ),
        ("a.json", processor, "duplicate field `connectionName`"),
        ("a.tf", terraform, "pipeline = jsonencode(["),
        (
            "a.tf",
            terraform,
            r#"connectionName = "ordes", topic = "t", schemaRegistry = { connectionName = "schemas" } } },"#,
        ),
        ("a.tf", terraform, r#"into = { connectionName = "x", db = "d", coll = "c" }"#),
        ("a.tf", terraform, r#"{ password = trimspace(file("***")), username = var.user }"#),
        ("a.yaml", template, "WorkspaceName: analytics"),
        ("a.yaml", template, "ConnectionName: !Ref Name"),
        ("a.yaml", template, r#"Url: !Sub "${Url}""#),
        ("a.json", placeholders, r#""name": "${NAME}", "bootstrapServers": "{{ .Values.brokers }}""#),
        ("a.json", placeholders, r#""%MECHANISM%", "password": "$KAFKA_PASSWORD", "username": "***""#),
        ("a.yaml", tab, "mechanism: PLAIN"),
        ("a.yaml", tab, "password: ***"),
        ("a.yaml", templates, "name: {{ .Values.name }}"),
    ];
    for (name, text, part) in table {
        let shown = excerpts(name, text);
        assert!(shown.contains(part), "{part} in\n{shown}");
        assert!(!shown.contains("hunter2zq"), "{shown}");
    }
}

#[test]
fn values_unlike_their_field_are_not_quoted() {
    let texts = [
        ("a.yaml", "name: a\ntype: |\n  Kafka\n  password: hunter2zq\n"),
        ("a.yaml", "name: orders\n  password=hunter2zq\ntype: Kafka\nbootstrapServers: a:9092\n"),
        ("a.yaml", "name: a\ntype: Kafka\n  hunter2zq\nsecurity: { protocol: SSL }\n"),
        ("a.yaml", "name: a\ntype: Kafka } hunter2zq\n"),
        ("a.yaml", "- { name: 'a\n\n  hunter2zq', type: Sample }\n- { name: 'a\n\n  hunter2zq', type: Sample }\n"),
        ("a.json", r#"{ "name": "a\nhunter2zq", "type": "Sample" }"#),
        ("a.json", r#"{ "name": "a", "type": "Kafka", "authentication": { "mechanism": "PLAIN\nhunter2zq" } }"#),
        ("a.json", r#"{ "name": "a", "type": "Https", "url": "https:/u:hunter2zq@h.example.com/hunter2zq" }"#),
        (
            "a.json",
            r#"{ "name": "a", "type": "Kafka", "config": { "acks": "all hunter2zq", "retries": "hunter2zq!" } }"#,
        ),
        (
            "a.tf",
            "resource \"mongodbatlas_stream_connection\" \"a\" {\n  connection_name = \"c\"\n  type = <<EOT\nKafka\nhunter2zq\nEOT\n}\n",
        ),
        (
            "a.http",
            "POST https://x/api/atlas/v2/groups/5/streams/w!hunter2zq/connections?pretty=a%20hunter2zq\n\n{ \"name\": \"a\", \"type\": \"Sample\" }\n",
        ),
    ];
    for (name, text) in texts {
        let words = ["hunter2zq".to_owned()];
        assert_kept(name, text, &words, &Config::default());
        assert_kept(name, text, &words, &strict());
        assert_command_keeps(&[(name, text.to_owned(), words.to_vec())]);
    }
}

#[test]
fn edits_contain_nothing_that_the_mask_hides() {
    let text = r#"{ "name": "a", "type": "Kafka", "bootstrapServers": "b.example.com:9092",
  "authentication": { "mechanism": "PLAIN" }, "username": "hunter2zq" }"#;
    let report = streamlint::check(&Source::new("a.json", text));
    let fix = |found: &streamlint::Diagnostic| found.fix.clone();
    assert!(report.diagnostics().iter().filter_map(fix).any(|fix| fix.title.starts_with("Move it")), "{report:?}");
    assert!(
        report.fixed(Applicability::Unsafe).contains(r#""password": "${KAFKA_PASSWORD}", "username": "hunter2zq" }"#)
    );
    for &format in Format::ALL {
        let shown = report.render(format);
        assert!(!shown.contains("hunter2zq"), "{shown}");
    }
    assert!(report.render(Format::Json).contains("(fix: Move it to `authentication.username`)"));
    let shown = format!("{:?} {}", report.diagnostics(), serde_json::to_string(report.diagnostics()).unwrap());
    assert!(!shown.contains("hunter2zq"), "{shown}");
}

/// A JSON object in which every string is secret, with keys whose values would be visible elsewhere.
fn secret_tree() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("\"@\"".to_owned()),
        Just("\"https://@:@@x.example.com/@\"".to_owned()),
        Just("\"PLAIN @\"".to_owned())
    ];
    let key = prop::sample::select(vec![
        "name",
        "type",
        "url",
        "username",
        "bootstrapServers",
        "config",
        "authentication",
        "mechanism",
        "access",
        "acks",
        "roleArn",
        "aws",
        "provider",
        "schemaRegistryUrls",
        "role",
        "x",
    ]);
    leaf.prop_recursive(3, 12, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|items| format!("[{}]", items.join(", "))),
            prop::collection::vec((key.clone(), inner), 0..4).prop_map(|members| {
                let members = members.iter().map(|(key, value)| format!("\"{key}\": {value}")).collect::<Vec<_>>();
                format!("{{ {} }}", members.join(",\n "))
            }),
        ]
    })
}

/// Found by the property test below: a mistake turns a value into a key, which is then in the finding's pointer.
#[test]
fn a_pointer_through_a_damaged_key_shows_nothing() {
    let text = r#"{ "name": "a", "type": "Kafka", "config": {
        "acks": "all", "sasl.jaas.confi\: "required password=\"zq1w1\";", "ssl.key.password": "zq1w2" } }"#;
    let words = ["zq1w1".to_owned(), "zq1w2".to_owned()];
    assert_kept("a.json", text, &words, &Config::default());
    // A value whose own value is damaged, or that has no key, becomes a key.
    for value in ["zq1w1", "pässwörd-zq1w1-ключ"] {
        let of_config =
            format!(r#"{{ "name": "a", "type": "Kafka", "config": {{ "sasl.jaas.config": |"{value}" }} }}"#);
        let of_connection = format!(r#"[ {{ "name": "a", "type": "Rabbit", "password": "x" , "{value}", [ "y" ], 5 ]"#);
        for text in [of_config, of_connection] {
            assert_kept("a.json", &text, &words[..1], &Config::default());
        }
    }
}

/// A whole header line in place of its name: the text after the colon is a value.
#[test]
fn a_header_that_is_a_key_shows_no_value() {
    let words = ["zq1w1".to_owned()];
    let keys = [
        "Authorization: Bearer zq1w1",
        "Authorization:zq1w1",
        "X-Id: zq1w1",
        "X-Id=zq1w1",
        "a\\\"zq1w1",
        "https://u:zq1w1@h",
    ];
    for (key, value) in keys.iter().flat_map(|key| ["\"x\"", "5", "{\"a\": {\"b\": 1}}"].map(|value| (key, value))) {
        for text in [
            format!(
                r#"{{"name": "h", "type": "Https", "url": "https://h.example.com", "headers": {{"{key}": {value}}}}}"#
            ),
            format!(r#"{{"name": "h", "type": "Https", "url": "https://h.example.com", "{key}": {value}}}"#),
        ] {
            for name in ["a.json", "a.yaml"] {
                let report = streamlint::check(&Source::new(name, text.as_str()));
                assert!(!report.diagnostics().is_empty(), "{text}");
                assert_kept(name, &text, &words, &strict());
                let reported = sent_to_an_editor(&[(name, text.clone())]);
                assert!(!reported.contains("zq1w1"), "{text}\n{reported}");
            }
        }
    }
}

/// Also found by the property test: without its brace, an object's content becomes part of the connection.
#[test]
fn a_displaced_value_is_not_quoted() {
    let words = ["zq1w1".to_owned(), "zq1w2".to_owned()];
    for text in [
        r#"{ "type": "GCPPubSub", "credentials": , "name": "zq1w1", "type": "zq1w2" } }"#,
        r#"{ "name": "hooks", "type": "Https", "headers": { "Authorization": "Bearer ${A}"}, "name": "zq1w1", "type": "zq1w2" } }"#,
    ] {
        assert_kept("a.json", text, &words, &Config::default());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_damage_keeps_secrets(
        which in 0..all().count(),
        seed: u32,
        at: prop::sample::Index,
        length in 0..3_usize,
        instead in prop::sample::select(vec!["", "{", "}", "[", "]", "\"", ",", ":", "\\", "/*", "//", "\n", "'", "#", "=", "<<EOT\n", "${", "###\n"]),
    ) {
        let (name, definition) = all().nth(which).unwrap();
        let (text, mut words) = planted(definition, seed);
        let at = at.index(text.len());
        let length = length.min(text.len() - at);
        if let Some(damaged) = damaged(&text, at, length, instead) {
            // A word that was damaged is no longer the secret.
            words.retain(|word| damaged.contains(word.as_str()));
            keep_values(name, &damaged, &mut words);
            let config = if seed % 2 == 0 { Config::default() } else { strict() };
            assert_kept(name, &damaged, &words, &config);
        }
    }

    #[test]
    fn no_object_in_a_secret_position_is_shown(
        tree in secret_tree(),
        place in prop::sample::select(vec!["headers", "extra", "links"]),
        seed: u32,
        cut: prop::sample::Index,
        damage: bool,
    ) {
        let definition = format!("{{ \"type\": \"Https\", \"{place}\": {tree},\n \"name\": \"hooks\", \"url\": \"https://a.example.com\" }}");
        let (mut text, mut words) = planted(&definition, seed);
        if damage {
            text.remove(cut.index(text.len()));
            words.retain(|word| text.contains(word.as_str()));
        }
        assert_kept("a.json", &text, &words, &Config::default());
        assert_kept("a.json", &text, &words, &strict());
    }
}

/// Like [`DEFINITIONS`] and the others, but with `@` at the position of a name or of a value of the API, which is
/// hidden unless it looks like a name or a value.
const NO_NAMES: &[(&str, &str)] = &[
    (
        "a.json",
        r#"{ "name": "@", "type": "@", "authentication": { "mechanism": "@", "username": "@", "clientId": "@",
  "method": "@" }, "bootstrapServers": "@", "security": { "protocol": "@" }, "config": { "acks": "@" } }"#,
    ),
    (
        "a.json",
        r#"{ "name": "@", "type": "Kafka", "bootstrapServers": "a.example.com:9092, @", "authentication": { "mechanism": "@",
  "username": "@", "aws": { "roleArn": "@" } }, "security": { "protocol": "@" }, "config": { "acks": "@", "region": "@" },
  "networking": { "access": { "type": "@", "connectionId": "@", "name": "@" } } }"#,
    ),
    (
        "a.json",
        r#"[ { "name": "@", "type": "Cluster", "clusterName": "@", "clusterGroupId": "@", "dbRoleToExecute": { "role": "@",
  "type": "BUILT_IN" } }, { "name": "@", "type": "Sample" }, { "type": "S3", "name": "@", "aws": { "roleArn": "@",
  "testBucket": "@" } }, { "type": "SchemaRegistry", "provider": "@", "schemaRegistryUrls": ["@"] },
  { "type": "Https", "name": "a", "url": "@" }, { "type": "Https", "name": "a", "role": "@", "mechanism": "@" } ]"#,
    ),
    (
        "a.json",
        r#"{ "name": "@", "pipeline": [ { "$source": { "connectionName": "@", "topic": "@" } },
  { "$merge": { "into": { "connectionName": "@", "db": "@", "coll": "@" } } } ],
  "options": { "dlq": { "connectionName": "@", "db": "@", "coll": "@" } } }"#,
    ),
    (
        "a.yaml",
        r#"name: @
type: @
bootstrapServers: @
authentication:
  mechanism: @
  username: @
security: { protocol: "@" }
config:
  acks: @
"#,
    ),
    (
        "a.yaml",
        r"apiVersion: atlas.mongodb.com/v1
kind: AtlasStreamConnection
metadata: { name: a }
spec:
  name: @
  type: @
  clusterConfig:
    name: @
    role: { name: @, type: @ }
---
apiVersion: atlas.mongodb.com/v1
kind: AtlasStreamConnection
spec:
  name: @
  type: Kafka
  kafkaConfig:
    bootstrapServers: @
    authentication: { mechanism: '@' }
",
    ),
    (
        "a.yaml",
        r"Resources:
  X:
    Type: MongoDB::Atlas::StreamConnection
    Properties:
      WorkspaceName: @
      ConnectionName: @
      Type: @
  Y:
    Type: MongoDB::Atlas::StreamConnection
    Properties:
      WorkspaceName: w
      ConnectionName: @
      Type: Cluster
      ClusterName: @
",
    ),
    (
        "a.tf",
        r#"resource "mongodbatlas_stream_connection" "a" {
  workspace_name  = "@"
  connection_name = "@"
  type            = "@"
  cluster_name    = "@"
}
resource "mongodbatlas_stream_connection" "b" {
  workspace_name  = "w"
  project_id      = "@"
  connection_name = "@"
  type            = "Kafka"
  bootstrap_servers = "@"
  authentication = { mechanism = "@", username = "@" }
  security = { protocol = "@" }
}
resource "mongodbatlas_stream_processor" "p" {
  workspace_name = "w"
  processor_name = "@"
  pipeline = jsonencode([{ "$source" = { connectionName = "@", topic = "@" } }])
}
"#,
    ),
    (
        "plan.json",
        r#"{ "format_version": "1.2", "planned_values": { "root_module": { "resources": [
    { "address": "mongodbatlas_stream_connection.orders", "mode": "managed", "type": "mongodbatlas_stream_connection", "name": "o",
      "values": { "workspace_name": "@", "connection_name": "@", "type": "@",
        "authentication": { "mechanism": "@", "username": "@" }, "security": { "protocol": "@" } } } ] } } }"#,
    ),
    (
        "a.http",
        r#"POST https://cloud.example.com/api/atlas/v2/groups/66f0c0ffee0c0ffee0c0ffee/streams/w/connections HTTP/1.1
Content-Type: application/json

{ "name": "@", "type": "@", "clusterName": "@" }
"#,
    ),
];

/// The shapes of secrets around their marker word, and whether they occur only in quotes. Line breaks are those of the
/// syntax.
const SHAPES: &[(&str, bool)] = &[
    ("@", false),
    ("AbC+/@+x/9", false),
    ("https://u:@h.example.com/@", false),
    ("p\u{e4}ssw\u{f6}rd-@-\u{43a}\u{43b}\u{44e}\u{447}", false),
    ("correct horse @", false),
    ("-----BEGIN PRIVATE KEY----- @ -----END PRIVATE KEY-----", false),
    ("password=@ x", false),
    ("orders\n@", true),
    ("orders, type = { @ }", true),
    ("\u{1f511}@\u{200b}@", false),
];

/// The shapes in which no part looks like a name, a value of the API, or an address.
const NOT_OF_NAMES: &[usize] = &[3, 4, 5, 6, 7, 8, 9];

/// Pseudorandom numbers that are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % end as u64).unwrap()
    }

    fn one_of<'t, T>(&mut self, all: &'t [T]) -> &'t T {
        &all[self.below(all.len())]
    }
}

/// A definition with a random secret at each `@`, and the marker words.
fn shaped(name: &str, definition: &str, numbers: &mut Numbers, shapes: &[usize]) -> (String, Vec<String>) {
    let (plain, words) = planted(definition, u32::try_from(numbers.below(90_000)).unwrap());
    let mut text = plain;
    for word in &words {
        let at = text.find(word.as_str()).unwrap();
        let (before, after) = (text[..at].chars().next_back(), text[at + word.len()..].chars().next());
        let is_quoted = before == Some('"') && after == Some('"');
        let (shape, in_quotes) = SHAPES[*numbers.one_of(shapes)];
        let shape = match (is_quoted, in_quotes, name.ends_with("yaml")) {
            // A multi-line value needs indentation.
            (false, true, true) if shape.contains('\n') => shape.replace('\n', "\n            "),
            (false, true, _) => "correct horse @".to_owned(),
            (true, _, _) => shape.replace('\n', "\\n"),
            _ => shape.to_owned(),
        };
        text = format!("{}{}{}", &text[..at], shape.replace('@', word), &text[at + word.len()..]);
    }
    (text, words)
}

/// Typical damage: a few characters deleted, inserted or replaced, or a line deleted or doubled.
fn with_damage(text: &str, numbers: &mut Numbers) -> String {
    const PIECES: &[&str] = &[
        "", "", "", "{", "}", "[", "]", "\"", ",", ":", "\\", "/*", "//", "\n", "'", "#", "=", "<<EOT\n", "${",
        "###\n", "\t", " ", "- ", "|\n", "&a ", "!x ", "*", "@", "---\n", "{{", "}}", "%", "\u{feff}", "\r",
    ];
    let boundary = |mut at: usize, text: &str| {
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let at = boundary(numbers.below(text.len() + 1), text);
    match numbers.below(8) {
        0 => text[..at].to_owned(),
        1 => {
            let start = text[..at].rfind('\n').map_or(0, |at| at + 1);
            let end = text[at..].find('\n').map_or(text.len(), |end| at + end + 1);
            if numbers.below(2) == 0 {
                format!("{}{}", &text[..start], &text[end..])
            } else {
                format!("{}{}", &text[..end], &text[start..])
            }
        }
        _ => {
            let end = boundary((at + numbers.below(3)).min(text.len()), text);
            format!("{}{}{}", &text[..at], numbers.one_of(PIECES), &text[end.max(at)..])
        }
    }
}

/// The document with this number, and the words that must not be shown.
fn document(number: usize) -> (&'static str, String, Vec<String>) {
    let mut numbers = Numbers(number as u64);
    let every = (0..SHAPES.len()).collect::<Vec<_>>();
    let (name, definition, shapes) = if numbers.below(3) == 0 {
        let (name, definition) = *numbers.one_of(NO_NAMES);
        (name, definition, NOT_OF_NAMES)
    } else {
        let (name, definition) = *numbers.one_of(&all().collect::<Vec<_>>());
        (name, definition, &every[..])
    };
    let (mut text, mut words) = shaped(name, definition, &mut numbers, shapes);
    for _ in 0..numbers.below(3) {
        text = with_damage(&text, &mut numbers);
        // At the position of a name, a part of a damaged secret may look like a name.
        if shapes == NOT_OF_NAMES {
            break;
        }
    }
    words.retain(|word| text.contains(word.as_str()));
    keep_values(name, &text, &mut words);
    (name, text, words)
}

/// Checks the output of the command for a folder of documents, and the messages to an editor.
fn assert_command_keeps(documents: &[(&'static str, String, Vec<String>)]) {
    let folder = tempfile::tempdir().unwrap();
    for (at, (name, text, _)) in documents.iter().enumerate() {
        let own = folder.path().join(at.to_string());
        std::fs::create_dir(&own).unwrap();
        std::fs::write(own.join(name), text).unwrap();
    }
    let mut shown = String::new();
    for arguments in [
        &["--format", "concise", "-v", "--statistics"][..],
        &["--format", "json", "-v", "--statistics"],
        &["--diff", "--unsafe-fixes"],
        &["--write-baseline", "known.json"],
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_streamlint"));
        let output = command.arg("check").args(arguments).arg(".").current_dir(&folder).output().unwrap();
        shown += &String::from_utf8_lossy(&output.stdout);
        shown += &String::from_utf8_lossy(&output.stderr);
    }
    shown += &std::fs::read_to_string(folder.path().join("known.json")).unwrap();
    let texts = documents.iter().map(|(name, text, _)| (*name, text.clone())).collect::<Vec<_>>();
    shown += &sent_to_an_editor(&texts);
    for (_, text, words) in documents {
        if let Some((word, at)) = words.iter().find_map(|word| Some((word, shown.find(word.as_str())?))) {
            let line = shown[..at].rfind('\n').map_or(0, |at| at + 1);
            panic!("{word} shows in the command:\n{}\nof:\n{text}", &shown[line..at + 40.min(shown.len() - at)]);
        }
    }
}

/// `make fuzz-secrets` tests many more. Each document has a number, so that a failing one can be tested again.
#[test]
fn documents_of_every_shape_keep_their_secrets() {
    let number = |name: &str, usual: usize| std::env::var(name).map_or(usual, |number| number.parse().unwrap());
    let (count, first) = (number("DOCUMENTS", 300), number("FIRST_DOCUMENT", 0));
    let mut leaks = Vec::new();
    let mut batch = Vec::new();
    for at in first..first + count {
        let (name, text, words) = document(at);
        let config = if at % 2 == 0 { Config::default() } else { strict() };
        let mut shown = outputs(name, &text, &config);
        shown.push(("miette", in_miette(name, &text)));
        for (what, output) in shown {
            if let Some(word) = words.iter().find(|word| output.contains(word.as_str())) {
                let line = output.lines().find(|line| line.contains(word.as_str())).unwrap_or_default();
                leaks.push(format!("document {at} shows in {what}:\n{line}\nof {name}:\n{text}\n"));
                break;
            }
        }
        if at % 10 == 0 {
            batch.push((name, text, words));
        }
    }
    assert!(leaks.is_empty(), "{} of {count} documents leak:\n{}", leaks.len(), leaks.join("\n"));
    for documents in batch.chunks(100) {
        assert_command_keeps(documents);
    }
}

/// The reports of a text as `miette` prints them, with several lines of context.
fn in_miette(name: &str, text: &str) -> String {
    let mut shown = String::new();
    for report in streamlint::check(&Source::new(name, text)).miette() {
        let _ = write!(shown, "{report:?}");
        let handler = miette::GraphicalReportHandler::new_themed(miette::GraphicalTheme::ascii()).with_context_lines(9);
        handler.render_report(&mut shown, &*report).unwrap();
        miette::JSONReportHandler::new().render_report(&mut shown, &*report).unwrap();
    }
    shown
}
