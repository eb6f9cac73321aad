//! `streamlint init TYPE`: prints a new definition.
//!
//! It has the required fields, as in the example of the published schema. Values that only the user knows are
//! placeholders like `${KAFKA_PASSWORD}`, which `envsubst` and most template engines fill in, and which rules skip as
//! unknown values. So the output has no findings.

mod hcl;
mod tree;
mod yaml;

use clap::Args;
use itertools::Itertools as _;
use serde::Deserialize;
use serde_json::Value;

use super::values::kinds;
use crate::Kind;
use crate::atlas::fields::REMARKS;
use crate::text::placeholder::placeholder;
use tree::{Comments, Tree, quoted};

/// Not required, but it sets the permissions of the connection, so everyone uses it.
const USUAL: &[&str] = &["dbRoleToExecute"];

/// Fields for which the example has a sensible value.
const CHOSEN: &[&str] = &["/name", "/dbRoleToExecute/role"];

#[derive(Debug, Clone, Args)]
pub(super) struct Arguments {
    /// Connection type.
    #[arg(value_name = "TYPE", value_parser = kinds(), hide_possible_values = true)]
    kind: Kind,

    /// Name of the connection.
    #[arg(long, value_name = "NAME")]
    name: Option<String>,

    /// Explain each field in a comment. A JSON body is then JSONC, for a .jsonc file.
    #[arg(long)]
    comments: bool,

    /// Print YAML instead of JSON; Kubernetes and CloudFormation resources are always YAML.
    #[arg(long)]
    yaml: bool,

    /// Print a policy instead: a JSON Schema with the fields of the type.
    #[arg(long, conflicts_with_all = ["name", "comments", "yaml", "dialect"])]
    policy: bool,

    /// Dialect of the definition.
    #[arg(long, value_name = "DIALECT", value_parser = ["admin-api", "terraform", "kubernetes", "cloudformation"], default_value = "admin-api")]
    dialect: String,
}

/// The text of the definition.
///
/// # Errors
///
/// A sentence about a type that the dialect does not support.
pub(super) fn skeleton(arguments: &Arguments) -> Result<String, String> {
    let kind = arguments.kind;
    let published = crate::schema(kind);
    // The schemas are ours, and tests print every type.
    let schema = serde_json::from_str::<Value>(published).unwrap_or_default();
    if arguments.policy {
        return Ok(json(&policy(kind, &schema), 0, Comments(None)) + "\n");
    }
    let Published { examples } = serde_json::from_str(published).unwrap_or_default();
    let Some(example) = examples.first() else { return Ok(String::new()) };
    let definition = Placeholders { name: arguments.name.as_deref(), kind }.fill(example, &schema, "");
    let comments = Comments(arguments.comments.then_some(&schema));
    match arguments.dialect.as_str() {
        "terraform" if arguments.yaml => Err("--yaml does not apply to Terraform".to_owned()),
        "terraform" => Ok(hcl::resource(kind, &definition, comments)),
        "kubernetes" => yaml::manifest(kind, &definition, comments)
            .ok_or_else(|| format!("the Kubernetes operator does not support {kind}, only Kafka, Cluster and Sample")),
        "cloudformation" => yaml::template(kind, &definition, comments).ok_or_else(|| {
            format!(
                "the CloudFormation resource does not support {kind}, only Kafka, Cluster, Sample, AWSLambda and Https"
            )
        }),
        _ if arguments.yaml => Ok(yaml::body(&definition, comments)),
        _ => Ok(json(&definition, 0, comments) + "\n"),
    }
}

/// A sentence about the file of a definition, if its name is not obvious.
pub(super) fn note(arguments: &Arguments) -> Option<&'static str> {
    let is_jsonc = arguments.comments && !arguments.yaml && arguments.dialect == "admin-api";
    is_jsonc.then_some("with comments, this is JSONC: save it in a file that ends in .jsonc")
}

/// A new policy: it allows everything, and lists the fields that it may restrict.
fn policy(kind: Kind, schema: &Value) -> Tree {
    let text = |text: &str| Tree::Text(text.to_owned());
    let Tree::Object(fields) = fields(schema) else { return Tree::Object(Vec::new()) };
    let fields = fields.into_iter().map(|(name, field)| match name.as_str() {
        "name" => (name, Tree::Object(vec![("pattern".to_owned(), text("^[a-zA-Z0-9._-]+$"))])),
        "type" => (name, Tree::Object(vec![("const".to_owned(), text(kind.name()))])),
        _ => (name, field),
    });
    Tree::Object(vec![
        ("$schema".to_owned(), text("https://json-schema.org/draft/2020-12/schema")),
        ("title".to_owned(), text(&format!("{kind} connections follow our rules"))),
        ("properties".to_owned(), Tree::Object(fields.collect())),
    ])
}

/// The fields of a published schema with their descriptions.
fn fields(schema: &Value) -> Tree {
    let properties = schema["properties"].as_object().into_iter().flatten();
    let properties = properties.filter(|(name, _)| !REMARKS.contains(&name.as_str()));
    let field = |(name, about): (&String, &Value)| {
        let description = about["description"].as_str().map(|text| Tree::Text(text.to_owned()));
        let inner = about.get("properties").map(|_| fields(about));
        let parts = [("description", description), ("properties", inner)].into_iter();
        let parts = parts.filter_map(|(keyword, part)| Some((keyword.to_owned(), part?)));
        (name.clone(), Tree::Object(parts.collect()))
    };
    Tree::Object(properties.map(field).collect())
}

/// The examples of a published schema, with their fields in the order of the text.
#[derive(Default, Deserialize)]
struct Published {
    examples: Vec<Tree>,
}

/// A value in JSON. Its first line is already indented to `depth`.
fn json(value: &Tree, depth: usize, comments: Comments) -> String {
    match value {
        Tree::Object(fields) => {
            let indent = format!("\n{}", "  ".repeat(depth + 1));
            let field = |(name, value): &(String, Tree)| {
                let comments = comments.field(name);
                let lines = comments.lines("//", depth + 1).into_iter();
                let field = format!("{}: {}", quoted(name), json(value, depth + 1, comments));
                indent.clone() + &lines.chain([field]).join(&indent)
            };
            format!("{{{}\n{}}}", fields.iter().map(field).join(","), "  ".repeat(depth))
        }
        Tree::Array(items) => {
            format!("[{}]", items.iter().map(|item| json(item, depth, Comments(None))).join(", "))
        }
        Tree::Text(text) => quoted(text),
    }
}

/// Fills placeholders into an example.
struct Placeholders<'a> {
    /// The name of the connection, if it is given.
    name: Option<&'a str>,
    kind: Kind,
}

impl Placeholders<'_> {
    /// The required fields of a value of the example, with placeholders.
    fn fill(&self, value: &Tree, schema: &Value, pointer: &str) -> Tree {
        match value {
            Tree::Object(fields) => {
                let fields = fields.iter().filter(|(name, _)| is_wanted(name, schema)).map(|(name, value)| {
                    let schema = &schema["properties"][name];
                    (name.clone(), self.fill(value, schema, &format!("{pointer}/{name}")))
                });
                Tree::Object(fields.collect())
            }
            Tree::Array(items) => {
                Tree::Array(items.iter().map(|item| self.fill(item, &schema["items"], pointer)).collect())
            }
            Tree::Text(text) => Tree::Text(self.text(text, schema, pointer)),
        }
    }

    /// The text that replaces a string of the example.
    fn text(&self, example: &str, schema: &Value, pointer: &str) -> String {
        if let ("/name", Some(name)) = (pointer, self.name) {
            return name.to_owned();
        }
        let is_a_choice = ["const", "enum"].iter().any(|keyword| schema.get(keyword).is_some());
        if is_a_choice || CHOSEN.contains(&pointer) || example.starts_with("${") {
            return example.to_owned();
        }
        placeholder(self.kind.name(), pointer.rsplit('/').next().unwrap_or_default())
    }
}

/// Whether a field of the example is printed: if it is required, or in an object without required fields.
fn is_wanted(name: &str, schema: &Value) -> bool {
    let required = schema["required"].as_array();
    USUAL.contains(&name) || required.is_none_or(|required| required.iter().any(|one| one == name))
        // A schema cannot express which credentials are required.
        || schema["properties"]["password"].is_object()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops where something is not as expected")]
mod tests {
    use crate::{Config, Kind, Linter, Source};

    use super::{Arguments, skeleton};
    use crate::text::placeholder::upper_snake;

    fn printed(kind: Kind, name: Option<&str>, comments: bool) -> String {
        let name = name.map(str::to_owned);
        skeleton(&Arguments { kind, name, comments, yaml: false, policy: false, dialect: "admin-api".to_owned() })
            .unwrap()
    }

    fn printed_as(kind: Kind, dialect: &str, comments: bool) -> Result<String, String> {
        let yaml = dialect != "terraform";
        skeleton(&Arguments { kind, name: None, comments, yaml, policy: false, dialect: dialect.to_owned() })
    }

    fn lints_clean(text: &str, kind: Kind, dialect: &str) {
        let linter = Linter::new(Config { skip_unrecognized: true, ..Config::default() });
        let file = if dialect == "terraform" { "a.tf" } else { "a.yaml" };
        let report = linter.check(&Source::new(file, text));
        let is_quiet = report.diagnostics().iter().all(|found| found.severity == crate::Severity::Info);
        assert!(is_quiet, "{text}{:?}", report.diagnostics());
        assert_eq!((report.dialect().name(), report.summaries()[0].kind), (dialect, Some(kind)), "{text}");
    }

    #[test]
    fn every_dialect_has_its_comments() {
        let mut shown = String::new();
        for dialect in ["admin-api", "terraform", "kubernetes", "cloudformation"] {
            for &kind in Kind::ALL {
                let Ok(text) = printed_as(kind, dialect, true) else { continue };
                lints_clean(&text, kind, dialect);
                assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
                let is_code = |line: &&str| !line.trim_start().starts_with("# ");
                let uncommented = text.lines().filter(is_code).collect::<Vec<_>>();
                assert!(uncommented.len() < text.lines().count(), "{text}");
                // Terraform's formatter aligns attributes of consecutive lines.
                let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
                let without = printed_as(kind, dialect, false).unwrap();
                assert_eq!(words(&uncommented.join("\n")), words(&without), "{text}");
                if kind == Kind::Kafka {
                    shown += &text;
                }
            }
        }
        insta::assert_snapshot!(shown);
    }

    #[test]
    fn every_dialect_has_its_skeletons() {
        let mut shown = String::new();
        for (dialect, count) in [("admin-api", 10), ("terraform", 10), ("kubernetes", 3), ("cloudformation", 5)] {
            let mut known = 0;
            for &kind in Kind::ALL {
                let text = match printed_as(kind, dialect, false) {
                    Ok(text) => text,
                    Err(sentence) => {
                        assert!(sentence.contains(kind.name()));
                        continue;
                    }
                };
                known += 1;
                lints_clean(&text, kind, dialect);
                if kind == Kind::Kafka {
                    shown += &text;
                }
            }
            assert_eq!(known, count, "{dialect}");
        }
        insta::assert_snapshot!(shown);
    }

    #[test]
    fn every_type_has_a_skeleton() {
        let all = Kind::ALL.iter().map(|kind| printed(*kind, None, false)).collect::<Vec<_>>();
        insta::assert_snapshot!(all.join("\n"));
    }

    #[test]
    fn the_output_has_no_findings() {
        for &kind in Kind::ALL {
            for (name, comments) in [("a.json", false), ("a.jsonc", true)] {
                let text = printed(kind, None, comments);
                let linter = Linter::new(Config { skip_unrecognized: true, ..Config::default() });
                let report = linter.check(&Source::new(name, text.as_str()));
                assert!(report.diagnostics().is_empty(), "{text}{:?}", report.diagnostics());
                assert_eq!(report.summaries()[0].kind, Some(kind), "{text}");
            }
        }
    }

    #[test]
    fn a_name_is_used_unchanged() {
        let text = printed(Kind::Kafka, Some("my \"orders\""), false);
        assert!(text.starts_with("{\n  \"name\": \"my \\\"orders\\\"\",\n  \"type\": \"Kafka\",\n"), "{text}");
    }

    #[test]
    fn a_name_in_terraform_is_not_a_template() {
        let (name, dialect) = (Some("${a} \"b\"".to_owned()), "terraform".to_owned());
        let arguments = Arguments { kind: Kind::Sample, name, comments: false, yaml: false, policy: false, dialect };
        let text = skeleton(&arguments).unwrap();
        assert!(text.contains("  connection_name = \"$${a} \\\"b\\\"\"\n"), "{text}");
        assert!(skeleton(&Arguments { yaml: true, ..arguments }).is_err());
    }

    #[test]
    fn comments_are_the_descriptions_of_the_schema() {
        let text = printed(Kind::Kafka, None, true);
        assert!(
            text.contains("    // For PLAIN, SCRAM-256 and SCRAM-512. Atlas never returns it.\n    \"password\": "),
            "{text}"
        );
        assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    }

    #[test]
    fn placeholders_are_named_like_variables() {
        let words = ["bootstrapServers", "AWSLambda", "AWSKinesisDataStreams", "GCPPubSub", "S3", "url", "roleArn"];
        let names = words.map(upper_snake);
        let expected =
            ["BOOTSTRAP_SERVERS", "AWS_LAMBDA", "AWS_KINESIS_DATA_STREAMS", "GCP_PUB_SUB", "S3", "URL", "ROLE_ARN"];
        assert_eq!(names, expected);
    }
}
