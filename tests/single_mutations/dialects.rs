//! Definitions in the form of each dialect. Source: the provider's schema, the CRD and the CloudFormation
//! schema.

use serde_json::{Map, Value};

/// A dialect in one of its syntaxes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    Json,
    Yaml,
    Terraform,
    Plan,
    Kubernetes,
    CloudFormationJson,
    CloudFormationYaml,
}

impl Form {
    pub const ALL: [Self; 7] = [
        Self::Json,
        Self::Yaml,
        Self::Terraform,
        Self::Plan,
        Self::Kubernetes,
        Self::CloudFormationJson,
        Self::CloudFormationYaml,
    ];

    /// The name of the dialect in the output of the test.
    pub fn dialect(self) -> &'static str {
        match self {
            Self::Json => "Admin API, JSON",
            Self::Yaml => "Admin API, YAML",
            Self::Terraform => "Terraform",
            Self::Plan => "Terraform plan",
            Self::Kubernetes => "Kubernetes",
            Self::CloudFormationJson | Self::CloudFormationYaml => "CloudFormation",
        }
    }

    pub fn is_cloudformation(self) -> bool {
        matches!(self, Self::CloudFormationJson | Self::CloudFormationYaml)
    }

    pub fn is_terraform(self) -> bool {
        matches!(self, Self::Terraform | Self::Plan)
    }

    pub fn is_json(self) -> bool {
        matches!(self, Self::Json | Self::Plan | Self::CloudFormationJson)
    }

    pub fn is_yaml(self) -> bool {
        matches!(self, Self::Yaml | Self::Kubernetes | Self::CloudFormationYaml)
    }

    /// Whether the dialect uses the field names of the Admin API.
    pub fn is_api(self) -> bool {
        matches!(self, Self::Json | Self::Yaml)
    }

    /// Whether the dialect converts numbers and booleans to strings.
    pub fn converts(self) -> bool {
        self.is_terraform() || self.is_cloudformation()
    }

    pub fn file(self) -> &'static str {
        match self {
            Self::Json => "orders.json",
            Self::Yaml => "orders.yaml",
            Self::Terraform => "main.tf",
            Self::Plan => "plan.json",
            Self::Kubernetes => "manifest.yaml",
            Self::CloudFormationJson => "template.json",
            Self::CloudFormationYaml => "template.yaml",
        }
    }

    /// The key of a field, by its API pointer; `None` if the dialect has no such field.
    pub fn key(self, pointer: &str) -> Option<String> {
        let name = pointer.rsplit('/').next().unwrap();
        match self {
            Self::Json | Self::Yaml => Some(name.to_owned()),
            Self::Terraform | Self::Plan => match pointer {
                "/name" => Some("connection_name".to_owned()),
                "/clusterGroupId" => Some("cluster_project_id".to_owned()),
                "/provider" => Some("schema_registry_provider".to_owned()),
                "/publicPrivateNetworking" => Some("networking".to_owned()),
                _ if LACKED_BY_TERRAFORM.contains(&pointer) => None,
                _ => Some(snake_case(name)),
            },
            Self::CloudFormationJson | Self::CloudFormationYaml => match pointer {
                "/name" => Some("ConnectionName".to_owned()),
                "/clusterGroupId" => Some("ClusterProjectId".to_owned()),
                _ if LACKED_BY_CLOUDFORMATION.contains(&pointer) => None,
                _ => Some(with_first(name, |first| first.to_ascii_uppercase())),
            },
            Self::Kubernetes => KUBERNETES
                .iter()
                .find(|(_, api)| *api == pointer)
                .map(|(own, _)| own.rsplit('/').next().unwrap().to_owned()),
        }
    }
}

const LACKED_BY_TERRAFORM: &[&str] = &[
    "/authentication/sslCertificate",
    "/authentication/sslKey",
    "/authentication/sslKeyPassword",
    "/aws/testBucket",
    "/networking/access/name",
    "/networking/access/tgwRouteId",
];

const LACKED_BY_CLOUDFORMATION: &[&str] = &[
    "/authentication/aws",
    "/publicPrivateNetworking",
    "/networking/access/name",
    "/networking/access/tgwRouteId",
    "/azure",
    "/gcp",
];

/// The keys in the operator's manifests, below `spec`, and the API fields that they become.
const KUBERNETES: &[(&str, &str)] = &[
    ("/name", "/name"),
    ("/type", "/type"),
    ("/clusterConfig/name", "/clusterName"),
    ("/clusterConfig/role", "/dbRoleToExecute"),
    ("/clusterConfig/role/name", "/dbRoleToExecute/role"),
    ("/clusterConfig/role/type", "/dbRoleToExecute/type"),
    ("/kafkaConfig/bootstrapServers", "/bootstrapServers"),
    ("/kafkaConfig/authentication", "/authentication"),
    ("/kafkaConfig/authentication/mechanism", "/authentication/mechanism"),
    ("/kafkaConfig/authentication/credentials", "/authentication/username"),
    ("/kafkaConfig/security", "/security"),
    ("/kafkaConfig/security/protocol", "/security/protocol"),
    ("/kafkaConfig/security/certificate", "/security/brokerPublicCertificate"),
    ("/kafkaConfig/config", "/config"),
];

/// A value as a dialect writes it.
#[derive(Debug, Clone)]
pub enum Node {
    Text(String),
    /// A value without quotes in every syntax: a number, `true`, `null`.
    Bare(String),
    List(Vec<Node>),
    Object(Vec<Member>),
}

/// A field as a dialect writes it.
#[derive(Debug, Clone)]
pub struct Member {
    pub key: String,
    /// Its pointer in the API; for a field that only the dialect has, the pointer in findings.
    pub pointer: String,
    /// Whether the user chooses its key: Kafka settings and HTTP headers.
    pub is_free: bool,
    pub value: Node,
    /// Whether the finding must be on the lines of this field.
    pub is_marked: bool,
}

impl Member {
    pub fn new(key: impl Into<String>, pointer: impl Into<String>, value: Node) -> Self {
        Self { key: key.into(), pointer: pointer.into(), is_free: false, value, is_marked: false }
    }
}

pub fn with_first(word: &str, change: fn(char) -> char) -> String {
    let mut characters = word.chars();
    let first = characters.next().map(change);
    first.into_iter().chain(characters).collect()
}

pub fn snake_case(word: &str) -> String {
    let split = |c: char| c.is_ascii_uppercase().then_some('_').into_iter().chain([c.to_ascii_lowercase()]);
    word.chars().flat_map(split).collect()
}

pub fn camel_case(word: &str) -> String {
    let mut parts = word.split('_');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |camel, part| camel + &with_first(part, |first| first.to_ascii_uppercase()))
}

/// The key in the pointers of findings, in the spelling of the API.
pub fn in_pointer(form: Form, key: &str) -> String {
    match form {
        Form::Terraform | Form::Plan => camel_case(key),
        Form::CloudFormationJson | Form::CloudFormationYaml => with_first(key, |first| first.to_ascii_lowercase()),
        _ => key.to_owned(),
    }
}

/// The body of the API for a definition in another dialect.
pub fn body(form: Form, own: &Map<String, Value>) -> Map<String, Value> {
    let mut body = Map::new();
    if form == Form::Kubernetes {
        for (path, pointer) in KUBERNETES {
            let Some(value) = Value::Object(own.clone()).pointer(path).cloned() else { continue };
            match *pointer {
                "/authentication/username" => {
                    insert(&mut body, pointer, Value::from("${USER_NAME}"));
                    insert(&mut body, "/authentication/password", Value::from("${PASSWORD}"));
                }
                "/security/brokerPublicCertificate" => insert(&mut body, pointer, Value::from("${CERTIFICATE}")),
                _ if value.is_object() && *pointer != "/config" => {}
                _ => insert(&mut body, pointer, value),
            }
        }
        return body;
    }
    let kind = own.get("type").and_then(Value::as_str).unwrap_or_default();
    let is_private = ["AWSLambda", "AzureBlobStorage", "GCPPubSub"].contains(&kind);
    for (key, value) in own {
        let key = match (form.is_terraform(), key.as_str()) {
            (true, "project_id" | "workspace_name" | "instance_name" | "depends_on" | "count" | "timeouts")
            | (false, "ProjectId" | "WorkspaceName" | "InstanceName" | "Profile") => continue,
            (true, "connection_name") | (false, "ConnectionName") => "name".to_owned(),
            (true, "cluster_project_id") | (false, "ClusterProjectId") => "clusterGroupId".to_owned(),
            (true, "schema_registry_provider") => "provider".to_owned(),
            (true, "networking") if is_private => "publicPrivateNetworking".to_owned(),
            (true, key) => camel_case(key),
            (false, key) => with_first(key, |first| first.to_ascii_lowercase()),
        };
        let is_map = matches!(key.as_str(), "config" | "headers");
        body.insert(key, if is_map { value.clone() } else { in_api_case(form, value) });
    }
    body
}

fn in_api_case(form: Form, value: &Value) -> Value {
    match value {
        Value::Object(map) if !map.contains_key("Ref") => {
            Value::Object(map.iter().map(|(key, value)| (in_pointer(form, key), in_api_case(form, value))).collect())
        }
        other => other.clone(),
    }
}

fn insert(body: &mut Map<String, Value>, pointer: &str, value: Value) {
    let parts = pointer[1..].split('/').collect::<Vec<_>>();
    let (last, around) = parts.split_last().unwrap();
    let mut object = body;
    for part in around {
        object = object.entry(*part).or_insert_with(|| Value::Object(Map::new())).as_object_mut().unwrap();
    }
    object.insert((*last).to_owned(), value);
}

/// The definition in a dialect; `None` if the dialect does not support it.
pub fn written(form: Form, body: &Map<String, Value>) -> Option<Vec<Member>> {
    let text = |pointer: &str| Value::Object(body.clone()).pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    let kind = text("/type")?;
    let mut members = match form {
        Form::Kubernetes => return kubernetes(body, &kind),
        _ if form.is_cloudformation() => {
            let is_known = ["Kafka", "Cluster", "Sample", "AWSLambda", "Https"].contains(&kind.as_str());
            if !is_known || text("/authentication/mechanism").as_deref() == Some("AWS_MSK_IAM") {
                return None;
            }
            around("ProjectId", "WorkspaceName")
        }
        _ if form.is_terraform() => around("project_id", "workspace_name"),
        _ => Vec::new(),
    };
    members.extend(object(form, "", body)?);
    Some(members)
}

fn around(project: &str, workspace: &str) -> Vec<Member> {
    let text = |text: &str| Node::Text(text.to_owned());
    vec![
        Member::new(project, "/groupId", text("32b6e34b3d91647abb20e7b8")),
        Member::new(workspace, "/tenantName", text("analytics")),
    ]
}

fn object(form: Form, pointer: &str, map: &Map<String, Value>) -> Option<Vec<Member>> {
    let is_free = matches!(pointer, "/config" | "/headers");
    let mut members = Vec::new();
    for (key, value) in map {
        let inner = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
        // The API accepts `links`, but other dialects do not.
        if key == "links" {
            continue;
        }
        let own = if is_free { key.clone() } else { form.key(&inner)? };
        let node = match value {
            Value::Object(map) => Node::Object(object(form, &inner, map)?),
            other => node(other),
        };
        members.push(Member { is_free, ..Member::new(own, inner, node) });
    }
    Some(members)
}

fn node(value: &Value) -> Node {
    match value {
        Value::Array(items) => Node::List(items.iter().map(node).collect()),
        Value::String(text) => Node::Text(text.clone()),
        Value::Object(map) => Node::Object(map.iter().map(|(key, value)| Member::new(key, "", node(value))).collect()),
        other => Node::Bare(other.to_string()),
    }
}

fn kubernetes(body: &Map<String, Value>, kind: &str) -> Option<Vec<Member>> {
    let whole = Value::Object(body.clone());
    let text = |pointer: &str| whole.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    let network = text("/networking/access/type");
    let is_known = ["Kafka", "Cluster", "Sample"].contains(&kind) && network.is_none_or(|network| network == "PUBLIC");
    let has_other =
        ["/clusterGroupId", "/authentication/sslCertificate"].iter().any(|field| whole.pointer(field).is_some());
    let mechanism = text("/authentication/mechanism");
    let has_mechanism = mechanism.is_none_or(|word| ["PLAIN", "SCRAM-256", "SCRAM-512"].contains(&word.as_str()));
    if !is_known || has_other || !has_mechanism {
        return None;
    }
    let leaf =
        |pointer: &str, value: String| Member::new(Form::Kubernetes.key(pointer).unwrap(), pointer, Node::Text(value));
    let given = |pointer: &str| text(pointer).map(|value| leaf(pointer, value));
    let block = |key: &str, pointer: &str, members: Vec<Option<Member>>| {
        Member::new(key, pointer, Node::Object(members.into_iter().flatten().collect()))
    };
    let secret = |pointer: &str, key: &str| {
        let name = Member::new("name", pointer, Node::Text("orders-login".to_owned()));
        Member::new(key, pointer, Node::Object(vec![name]))
    };
    let mut members = vec![leaf("/name", text("/name")?), leaf("/type", kind.to_owned())];
    if kind == "Cluster" {
        let role =
            block("role", "/dbRoleToExecute", vec![given("/dbRoleToExecute/role"), given("/dbRoleToExecute/type")]);
        let role = whole.pointer("/dbRoleToExecute").map(|_| role)?;
        members.push(block("clusterConfig", "", vec![given("/clusterName"), Some(role)]));
    }
    if kind == "Kafka" {
        // The CRD has the values that the API had until 2025-04 (evidence.md SEC-002).
        let protocol = text("/security/protocol")?.replace("SASL_SSL", "SSL").replace("SASL_PLAINTEXT", "PLAINTEXT");
        let certificate = whole.pointer("/security/brokerPublicCertificate");
        let config = whole.pointer("/config").and_then(Value::as_object);
        members.push(block(
            "kafkaConfig",
            "",
            vec![
                given("/bootstrapServers"),
                Some(block(
                    "authentication",
                    "/authentication",
                    vec![given("/authentication/mechanism"), Some(secret("/authentication/username", "credentials"))],
                )),
                Some(block(
                    "security",
                    "/security",
                    vec![
                        Some(leaf("/security/protocol", protocol)),
                        certificate.map(|_| secret("/security/brokerPublicCertificate", "certificate")),
                    ],
                )),
                config.map(|config| {
                    Member::new(
                        "config",
                        "/config",
                        Node::Object(object(Form::Kubernetes, "/config", config).unwrap_or_default()),
                    )
                }),
            ],
        ));
    }
    Some(members)
}

/// A text, and the one-based lines of the marked field.
#[derive(Debug, Clone, Default)]
pub struct Written {
    pub text: String,
    pub lines: Option<(usize, usize)>,
}

impl Written {
    fn line(&self) -> usize {
        self.text.matches('\n').count() + 1
    }

    fn put(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn mark(&mut self, member: &Member, start: usize) {
        if member.is_marked {
            self.lines = Some((start, self.line()));
        }
    }
}

/// The full text of a definition in a dialect.
pub fn text(form: Form, members: &[Member]) -> Written {
    let mut out = Written::default();
    match form {
        Form::Json => json(form, &mut out, members, 0),
        Form::Yaml => yaml(form, &mut out, members, 0),
        Form::Terraform => {
            out.put("resource \"mongodbatlas_stream_connection\" \"orders\" {\n");
            hcl(&mut out, members, 1);
            out.put("}\n");
        }
        Form::Plan => {
            out.put("{\n  \"format_version\": \"1.2\",\n  \"planned_values\": {\n    \"root_module\": {\n      \"resources\": [\n");
            out.put("        {\n          \"address\": \"mongodbatlas_stream_connection.orders\",\n          \"mode\": \"managed\",\n");
            out.put("          \"type\": \"mongodbatlas_stream_connection\",\n          \"name\": \"orders\",\n          \"values\": ");
            json(form, &mut out, members, 5);
            out.put("\n        }\n      ]\n    }\n  }\n}\n");
        }
        Form::Kubernetes => {
            out.put(
                "apiVersion: atlas.mongodb.com/v1\nkind: AtlasStreamConnection\nmetadata:\n  name: orders\nspec:\n",
            );
            yaml(form, &mut out, members, 1);
        }
        Form::CloudFormationYaml => {
            out.put("Resources:\n  Orders:\n    Type: MongoDB::Atlas::StreamConnection\n    Properties:\n");
            yaml(form, &mut out, members, 3);
        }
        Form::CloudFormationJson => {
            out.put(
                "{\n  \"Resources\": {\n    \"Orders\": {\n      \"Type\": \"MongoDB::Atlas::StreamConnection\",\n",
            );
            out.put("      \"Properties\": ");
            json(form, &mut out, members, 3);
            out.put("\n    }\n  }\n}\n");
        }
    }
    out
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

fn json(form: Form, out: &mut Written, members: &[Member], depth: usize) {
    let indent = "  ".repeat(depth);
    if members.is_empty() {
        return out.put("{}");
    }
    out.put("{\n");
    for (at, member) in members.iter().enumerate() {
        let start = out.line();
        out.put(&format!("{indent}  {}: ", quoted(&member.key)));
        json_value(form, out, &member.value, depth + 1);
        out.mark(member, start);
        out.put(if at + 1 < members.len() { ",\n" } else { "\n" });
    }
    out.put(&format!("{indent}}}"));
}

fn json_value(form: Form, out: &mut Written, node: &Node, depth: usize) {
    match node {
        // A plan has no variables: every value is known or absent.
        Node::Text(text) if form == Form::Plan => out.put(&quoted(&without_variables(text))),
        Node::Text(text) => out.put(&quoted(text)),
        Node::Bare(text) => out.put(text),
        Node::List(items) => {
            out.put("[");
            for (at, item) in items.iter().enumerate() {
                out.put(if at == 0 { "" } else { ", " });
                json_value(form, out, item, depth);
            }
            out.put("]");
        }
        Node::Object(members) => json(form, out, members, depth),
    }
}

fn without_variables(text: &str) -> String {
    text.replace("${", "").replace('}', "")
}

fn yaml(form: Form, out: &mut Written, members: &[Member], depth: usize) {
    for member in members {
        let start = out.line();
        out.put(&format!("{}{}:", "  ".repeat(depth), plain(&member.key)));
        match &member.value {
            Node::Object(inner) if !inner.is_empty() => {
                out.put("\n");
                yaml(form, out, inner, depth + 1);
                out.text.pop();
            }
            value => {
                out.put(" ");
                yaml_value(form, out, value);
            }
        }
        out.mark(member, start);
        out.put("\n");
    }
}

fn yaml_value(form: Form, out: &mut Written, node: &Node) {
    match node {
        // A placeholder becomes a parameter in CloudFormation.
        Node::Text(text) if form == Form::CloudFormationYaml && text.starts_with("${") && text.ends_with('}') => {
            out.put(&format!("!Ref {}", text.replace(|c: char| !c.is_ascii_alphanumeric(), "")));
        }
        Node::Text(text) => out.put(&plain(text)),
        Node::Bare(text) => out.put(text),
        Node::List(items) => {
            out.put("[");
            for (at, item) in items.iter().enumerate() {
                out.put(if at == 0 { "" } else { ", " });
                yaml_value(form, out, item);
            }
            out.put("]");
        }
        Node::Object(members) if members.is_empty() => out.put("{}"),
        Node::Object(members) => {
            out.put("{ ");
            for (at, member) in members.iter().enumerate() {
                out.put(&format!("{}{}: ", if at == 0 { "" } else { ", " }, plain(&member.key)));
                yaml_value(form, out, &member.value);
            }
            out.put(" }");
        }
    }
}

/// A text without quotes, if YAML parses it as the same string.
fn plain(text: &str) -> String {
    let is_word = text.chars().all(|c| c.is_ascii_alphanumeric() || "_./:@-".contains(c));
    let is_plain = is_word && text.starts_with(|c: char| c.is_ascii_alphabetic()) && !text.ends_with(':');
    let is_typed = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"].contains(&&*text.to_ascii_lowercase());
    if is_plain && !is_typed { text.to_owned() } else { quoted(text) }
}

fn hcl(out: &mut Written, members: &[Member], depth: usize) {
    for member in members {
        let start = out.line();
        let is_name = member.key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        let key = if is_name { member.key.clone() } else { quoted(&member.key) };
        out.put(&format!("{}{key} = ", "  ".repeat(depth)));
        hcl_value(out, &member.value, depth);
        out.mark(member, start);
        out.put("\n");
    }
}

fn hcl_value(out: &mut Written, node: &Node, depth: usize) {
    match node {
        Node::Text(text) => {
            let text = quoted(text);
            let whole =
                text.strip_prefix("\"${").and_then(|text| text.strip_suffix("}\"")).filter(|it| !it.contains('$'));
            match whole {
                Some(name) => out.put(&format!("var.{}", name.to_ascii_lowercase())),
                None => out.put(&text.replace("${", "${var.")),
            }
        }
        Node::Bare(text) => out.put(text),
        Node::List(items) => {
            out.put("[");
            for (at, item) in items.iter().enumerate() {
                out.put(if at == 0 { "" } else { ", " });
                hcl_value(out, item, depth);
            }
            out.put("]");
        }
        Node::Object(members) if members.is_empty() => out.put("{}"),
        Node::Object(members) => {
            out.put("{\n");
            hcl(out, members, depth + 1);
            out.put(&format!("{}}}", "  ".repeat(depth)));
        }
    }
}
