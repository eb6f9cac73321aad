//! The valid definitions of the repository, as bodies of the Admin API. Third-party parsers read the files, not
//! streamlint's.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};

use crate::dialects::{self, Form};

/// A valid definition.
pub struct Definition {
    /// The file that it comes from.
    pub path: String,
    pub body: Map<String, Value>,
}

/// Every definition whose fields, choices or dialect differ from the previous ones.
pub fn definitions() -> Vec<Definition> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let index = fs::read_to_string(root.join("tests/corpus/INDEX.tsv")).unwrap();
    let rows = index.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    let mut paths =
        rows.filter(|cells| cells[3] == "valid").map(|cells| format!("tests/corpus/{}", cells[0])).collect::<Vec<_>>();
    for folder in ["examples/good", "schemas"] {
        let mut files = fs::read_dir(root.join(folder)).unwrap().map(|file| file.unwrap().path()).collect::<Vec<_>>();
        files.sort();
        paths.extend(files.iter().map(|file| file.strip_prefix(root).unwrap().to_str().unwrap().to_owned()));
    }
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for path in paths {
        let text = fs::read_to_string(root.join(&path)).unwrap();
        for mut body in bodies(Path::new(&path), &text) {
            for (key, value) in &mut body {
                *value = with_values(&format!("/{key}"), value);
            }
            if seen.insert(outline(&Value::Object(body.clone()))) {
                found.push(Definition { path: path.clone(), body });
            }
        }
    }
    found
}

/// The value with valid values in place of placeholders, except for secrets.
fn with_values(pointer: &str, value: &Value) -> Value {
    match value {
        Value::Object(map) if map.contains_key("Ref") => with_values(pointer, &json!("${COMPUTED}")),
        Value::Object(map) => {
            let inner = |key: &String, value| with_values(&format!("{pointer}/{key}"), value);
            Value::Object(map.iter().map(|(key, value)| (key.clone(), inner(key, value))).collect())
        }
        Value::Array(items) => items.iter().map(|item| with_values(pointer, item)).collect(),
        Value::String(text) if text.contains("${") || text.contains('<') => {
            json!(match pointer.rsplit('/').next().unwrap() {
                "name" => "orders",
                "bootstrapServers" => "broker.kafka.example.com:9092",
                "url" | "tokenEndpointUrl" | "schemaRegistryUrls" => "https://service.example.com/path",
                "roleArn" => "arn:aws:iam::123456789012:role/streams",
                "clusterName" => "Cluster0",
                "connectionId" | "clusterGroupId" => "6a7941d3c0eb9e7a17722d71",
                "brokerPublicCertificate" => "-----BEGIN CERTIFICATE-----\nMIIB0w==\n-----END CERTIFICATE-----\n",
                "servicePrincipalId" => "11112222-bbbb-3333-cccc-4444dddd5555",
                "storageAccountName" => "streams0",
                "serviceAccountId" => "streams@project.iam.gserviceaccount.com",
                "username" | "clientId" | "scope" => "streams",
                "saslOauthbearerExtensions" => "logicalCluster=lkc-abc123",
                "mechanism" => "PLAIN",
                "protocol" => "SASL_SSL",
                "auto.offset.reset" => "earliest",
                _ => "${SECRET}",
            })
        }
        other => other.clone(),
    }
}

/// The signature of a definition: its fields, and the values that determine the meaning of other fields.
fn outline(value: &Value) -> String {
    match value {
        Value::Object(map) => map.iter().fold(String::new(), |outline, (key, value)| {
            let decides = matches!(key.as_str(), "type" | "mechanism" | "protocol");
            let inner = if decides { value.to_string() } else { self::outline(value) };
            format!("{outline}/{key}{inner}")
        }),
        Value::Array(items) => items.iter().map(outline).collect(),
        _ => String::new(),
    }
}

/// The definitions in a file.
fn bodies(path: &Path, text: &str) -> Vec<Map<String, Value>> {
    let name = path.file_name().unwrap().to_str().unwrap();
    let extension = path.extension().unwrap().to_str().unwrap();
    let documents = match extension {
        "json" if path.starts_with("tests/corpus/pairs") => {
            let exchange = serde_json::from_str::<Value>(text).unwrap();
            vec![exchange["request"]["body"].clone()]
        }
        // Responses and failover connections cannot be used to create a connection.
        "json" if path.starts_with("schemas") && !name.starts_with(char::is_uppercase) => Vec::new(),
        "json" if path.starts_with("schemas") => {
            let schema = serde_json::from_str::<Value>(text).unwrap();
            schema["examples"].as_array().cloned().unwrap_or_default()
        }
        "json" => vec![serde_json::from_str(text).unwrap()],
        "yaml" => yaml(text),
        "tf" => terraform(text),
        // The other files have the same definitions with comments, as requests or in Markdown.
        _ => return Vec::new(),
    };
    documents.iter().flat_map(of_document).collect()
}

fn yaml(text: &str) -> Vec<Value> {
    use serde::Deserialize as _;
    let documents = serde_yaml_ng::Deserializer::from_str(text);
    documents.map(|document| of_yaml(serde_yaml_ng::Value::deserialize(document).unwrap())).collect()
}

/// A YAML value. Functions of CloudFormation become variables.
fn of_yaml(value: serde_yaml_ng::Value) -> Value {
    use serde_yaml_ng::Value as Yaml;
    match value {
        Yaml::Null => Value::Null,
        Yaml::Bool(value) => json!(value),
        Yaml::Number(number) => json!(number.as_f64()),
        Yaml::String(text) => json!(text),
        Yaml::Sequence(items) => items.into_iter().map(of_yaml).collect(),
        Yaml::Mapping(map) => Value::Object(
            map.into_iter().map(|(key, value)| (key.as_str().unwrap().to_owned(), of_yaml(value))).collect(),
        ),
        Yaml::Tagged(_) => json!("${COMPUTED}"),
    }
}

/// The connections of a Terraform file, each as an object with the provider's attribute names.
fn terraform(text: &str) -> Vec<Value> {
    let body = text.parse::<hcl_edit::structure::Body>().unwrap();
    let blocks = body.iter().filter_map(hcl_edit::structure::Structure::as_block);
    let is_connection = |block: &&hcl_edit::structure::Block| {
        block.ident.as_str() == "resource" && block.labels[0].as_str() == "mongodbatlas_stream_connection"
    };
    blocks
        .filter(is_connection)
        .map(|block| {
            let attributes = block.body.iter().filter_map(hcl_edit::structure::Structure::as_attribute);
            let fields = attributes.map(|it| (it.key.as_str().to_owned(), of_expression(&it.value)));
            json!({ "terraform": fields.collect::<Map<_, _>>() })
        })
        .collect()
}

/// The value of an expression. Anything but a literal becomes a variable.
fn of_expression(expression: &hcl_edit::expr::Expression) -> Value {
    use hcl_edit::expr::{Expression, ObjectKey};
    match expression {
        Expression::String(text) => json!(text.as_str()),
        Expression::Array(items) => items.iter().map(of_expression).collect(),
        Expression::Object(members) => {
            let key = |key: &ObjectKey| match key {
                ObjectKey::Ident(ident) => ident.as_str().to_owned(),
                ObjectKey::Expression(expression) => of_expression(expression).as_str().unwrap().to_owned(),
            };
            Value::Object(members.iter().map(|(name, value)| (key(name), of_expression(value.expr()))).collect())
        }
        _ => json!("${COMPUTED}"),
    }
}

/// The bodies in a document of any dialect.
fn of_document(document: &Value) -> Vec<Map<String, Value>> {
    let list = |value: &Value| value.as_object().into_iter().cloned().collect::<Vec<_>>();
    let written =
        |form: Form, value: &Value| list(value).iter().map(|own| dialects::body(form, own)).collect::<Vec<_>>();
    if let Some(resources) = document["Resources"].as_object() {
        let is_connection = |resource: &&Value| resource["Type"] == "MongoDB::Atlas::StreamConnection";
        let resources = resources.values().filter(is_connection);
        return resources.flat_map(|resource| written(Form::CloudFormationYaml, &resource["Properties"])).collect();
    }
    if document["kind"] == "AtlasStreamConnection" {
        return written(Form::Kubernetes, &document["spec"]);
    }
    if document["terraform"].is_object() {
        return written(Form::Terraform, &document["terraform"]);
    }
    if let Some(resources) = document.pointer("/planned_values/root_module/resources") {
        let resources = resources.as_array().unwrap().iter();
        // Values that are known only after the apply are not in the plan.
        let is_whole = |resource: &&Value| resource["values"]["type"] != "S3";
        return resources.filter(is_whole).flat_map(|resource| written(Form::Plan, &resource["values"])).collect();
    }
    let is_body = document["name"].is_string() && document["type"].is_string();
    if is_body { list(document) } else { Vec::new() }
}
