//! `streamlint init TYPE`: a definition to begin with.
//!
//! Its members are the required ones, as the example in the published schema has them. What only the user knows is a
//! placeholder like `${KAFKA_PASSWORD}`, which `envsubst` and most template engines fill in, and which rules take for an
//! unknown value: what is printed lints clean.

mod hcl;
mod yaml;

use std::fmt;
use std::fmt::Write as _;

use clap::Args;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use streamlint::Kind;

use super::terminal::at_blanks;
use super::values::kinds;

/// Not required, but it says what the connection may do, so everyone writes it.
const USUAL: &[&str] = &["dbRoleToExecute"];

/// What the example has there is a sensible choice.
const CHOSEN: &[&str] = &["/name", "/dbRoleToExecute/role"];

/// Columns at which remarks are wrapped.
const WIDTH: usize = 100;

#[derive(Debug, Clone, Args)]
pub(super) struct Arguments {
    /// The connection type.
    #[arg(value_name = "TYPE", value_parser = kinds(), hide_possible_values = true)]
    kind: Kind,

    /// What stream processors will call the connection.
    #[arg(long, value_name = "NAME")]
    name: Option<String>,

    /// Say above each member what it is for. Of a body in JSON that makes JSONC: for a file that ends in .jsonc.
    #[arg(long)]
    comments: bool,

    /// Print it in YAML, as resources of Kubernetes and CloudFormation are anyway.
    #[arg(long)]
    yaml: bool,

    /// How the definition is to be written down.
    #[arg(long, value_name = "DIALECT", value_parser = ["admin-api", "terraform", "kubernetes", "cloudformation"], default_value = "admin-api")]
    dialect: String,
}

/// The definition, as text; or why there is none.
pub(super) fn skeleton(arguments: &Arguments) -> Result<String, String> {
    let kind = arguments.kind;
    // Ours, and tests print every type.
    let schema = serde_json::from_str::<Value>(streamlint::schema(kind)).unwrap_or_default();
    let json = |comments| body(&Arguments { comments, ..arguments.clone() }, &schema);
    if !arguments.yaml && arguments.dialect == "admin-api" {
        return Ok(json(arguments.comments));
    }
    let definition = serde_json::from_str::<Tree>(&json(false)).map_err(|error| error.to_string())?;
    let told = Told(arguments.comments.then_some(&schema));
    match arguments.dialect.as_str() {
        "terraform" if arguments.yaml => Err("Terraform is not written in YAML".to_owned()),
        "terraform" => Ok(hcl::resource(kind, &definition, told)),
        "kubernetes" => yaml::manifest(kind, &definition, told)
            .ok_or_else(|| format!("the operator's resource does not know {kind}, only Kafka, Cluster and Sample")),
        "cloudformation" => yaml::template(kind, &definition, told).ok_or_else(|| {
            format!(
                "the CloudFormation resource does not know {kind}, only Kafka, Cluster, Sample, AWSLambda and Https"
            )
        }),
        _ => Ok(yaml::body(&definition, told)),
    }
}

/// The body of a request, in JSON.
fn body(arguments: &Arguments, schema: &Value) -> String {
    // The order of members is that of the text.
    let published = serde_json::from_str::<Published>(streamlint::schema(arguments.kind)).unwrap_or_default();
    let mut out = String::new();
    if let Some(example) = published.examples.into_iter().next() {
        let mut printer = Printer { arguments, prefix: words_of(arguments.kind.name()), out: &mut out };
        printer.value(&example, schema, "", 0);
        out.push('\n');
    }
    out
}

/// The part of a published schema that says how a definition looks.
#[derive(Default, Deserialize)]
struct Published {
    examples: Vec<Tree>,
}

/// A JSON value whose members stay in their order.
enum Tree {
    Object(Vec<(String, Tree)>),
    Array(Vec<Tree>),
    Text(String),
}

impl Tree {
    /// The text at the end of a way through members.
    fn text(&self, way: &[&str]) -> Option<&str> {
        match (self, way.split_first()) {
            (Self::Text(text), None) => Some(text),
            (Self::Object(members), Some((key, rest))) => {
                members.iter().find(|(name, _)| name == key).and_then(|(_, value)| value.text(rest))
            }
            _ => None,
        }
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Tree;

            fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
                out.write_str("an object, an array or a string: definitions hold nothing else")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Tree, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Tree::Object(members))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Tree, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = list.next_element()? {
                    items.push(item);
                }
                Ok(Tree::Array(items))
            }

            fn visit_str<E>(self, text: &str) -> Result<Tree, E> {
                Ok(Tree::Text(text.to_owned()))
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

struct Printer<'a> {
    arguments: &'a Arguments,
    /// The type's name as the beginning of a placeholder's.
    prefix: String,
    out: &'a mut String,
}

impl Printer<'_> {
    /// Writes a value whose first line stands at `depth` already.
    fn value(&mut self, value: &Tree, schema: &Value, pointer: &str, depth: usize) {
        match value {
            Tree::Object(members) => {
                self.out.push('{');
                let wanted = members.iter().filter(|(name, _)| is_wanted(name, schema)).collect::<Vec<_>>();
                for (at, (name, value)) in wanted.iter().enumerate() {
                    let schema = &schema["properties"][name];
                    self.line(depth + 1);
                    self.remark(schema, depth + 1);
                    let _ = write!(self.out, "{}: ", quoted(name));
                    self.value(value, schema, &format!("{pointer}/{name}"), depth + 1);
                    self.out.push_str(if at + 1 < wanted.len() { "," } else { "" });
                }
                self.line(depth);
                self.out.push('}');
            }
            Tree::Array(items) => {
                self.out.push('[');
                for (at, item) in items.iter().enumerate() {
                    self.out.push_str(if at > 0 { ", " } else { "" });
                    self.value(item, &schema["items"], pointer, depth);
                }
                self.out.push(']');
            }
            Tree::Text(text) => {
                let text = quoted(&self.text(text, schema, pointer));
                self.out.push_str(&text);
            }
        }
    }

    /// What stands for a string of the example.
    fn text(&self, example: &str, schema: &Value, pointer: &str) -> String {
        if let ("/name", Some(name)) = (pointer, &self.arguments.name) {
            return name.clone();
        }
        let is_a_choice = ["const", "enum"].iter().any(|keyword| schema.get(keyword).is_some());
        if is_a_choice || CHOSEN.contains(&pointer) || example.starts_with("${") {
            return example.to_owned();
        }
        let name = words_of(pointer.rsplit('/').next().unwrap_or_default());
        // A list has one entry to begin with.
        let name = name.strip_suffix("URLS").map_or_else(|| name.clone(), |stem| format!("{stem}URL"));
        if name.starts_with(&self.prefix) { format!("${{{name}}}") } else { format!("${{{}_{name}}}", self.prefix) }
    }

    fn line(&mut self, depth: usize) {
        self.out.push('\n');
        self.out.push_str(&"  ".repeat(depth));
    }

    /// What the schema says of a member, as a comment above it.
    fn remark(&mut self, schema: &Value, depth: usize) {
        for line in Told(self.arguments.comments.then_some(schema)).remark("//", depth) {
            self.out.push_str(&line);
            self.line(depth);
        }
    }
}

/// The schema of a value, where it is wanted to be told in comments.
#[derive(Clone, Copy)]
struct Told<'s>(Option<&'s Value>);

impl Told<'_> {
    /// That of a member.
    fn member(self, name: &str) -> Self {
        Self(self.0.map(|schema| &schema["properties"][name]))
    }

    /// What it says, as lines of comments that begin with a sign and stand at `depth`.
    fn remark(self, sign: &str, depth: usize) -> Vec<String> {
        let Some(description) = self.0.and_then(|schema| schema["description"].as_str()) else { return Vec::new() };
        let width = WIDTH - 2 * depth - sign.len() - 1;
        textwrap::wrap(description, at_blanks(width)).iter().map(|line| format!("{sign} {line}")).collect()
    }

    /// The same in the syntax of YAML, each line behind a line break.
    fn remark_in_yaml(self, depth: usize) -> String {
        let indent = format!("\n{}", "  ".repeat(depth));
        self.remark("#", depth).into_iter().flat_map(|line| [indent.clone(), line]).collect()
    }
}

/// Whether a member of the example is one to begin with: required, or in an object that asks for none by itself.
fn is_wanted(name: &str, schema: &Value) -> bool {
    let required = schema["required"].as_array();
    USUAL.contains(&name) || required.is_none_or(|required| required.iter().any(|one| one == name))
        // Which credentials are needed is not the schema's to say.
        || schema["properties"]["password"].is_object()
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// `bootstrapServers` as `BOOTSTRAP_SERVERS`, `AWSLambda` as `AWS_LAMBDA`.
fn words_of(name: &str) -> String {
    let letters = name.chars().collect::<Vec<_>>();
    let mut out = String::new();
    for (at, letter) in letters.iter().enumerate() {
        let starts_a_word = letter.is_ascii_uppercase()
            && at > 0
            && (letters[at - 1].is_ascii_lowercase() || letters.get(at + 1).is_some_and(char::is_ascii_lowercase));
        if starts_a_word {
            out.push('_');
        }
        out.push(letter.to_ascii_uppercase());
    }
    out
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops where something is not as expected")]
mod tests {
    use streamlint::{Config, Kind, Linter, Source};

    use super::{Arguments, skeleton, words_of};

    fn printed(kind: Kind, name: Option<&str>, comments: bool) -> String {
        let name = name.map(str::to_owned);
        skeleton(&Arguments { kind, name, comments, yaml: false, dialect: "admin-api".to_owned() }).unwrap()
    }

    fn printed_as(kind: Kind, dialect: &str, comments: bool) -> Result<String, String> {
        let yaml = dialect != "terraform";
        skeleton(&Arguments { kind, name: None, comments, yaml, dialect: dialect.to_owned() })
    }

    fn lints_clean(text: &str, kind: Kind, dialect: &str) {
        let linter = Linter::new(Config { skip_unrecognized: true, ..Config::default() });
        let file = if dialect == "terraform" { "a.tf" } else { "a.yaml" };
        let report = linter.check(&Source::new(file, text));
        let is_quiet = report.diagnostics().iter().all(|found| found.severity == streamlint::Severity::Info);
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
                // Terraform's formatter aligns what stands in lines one below the other.
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
    fn what_is_printed_lints_clean() {
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
    fn a_name_is_taken_as_it_is() {
        let text = printed(Kind::Kafka, Some("my \"orders\""), false);
        assert!(text.starts_with("{\n  \"name\": \"my \\\"orders\\\"\",\n  \"type\": \"Kafka\",\n"), "{text}");
    }

    #[test]
    fn a_name_in_terraform_is_no_template() {
        let (name, dialect) = (Some("${a} \"b\"".to_owned()), "terraform".to_owned());
        let arguments = Arguments { kind: Kind::Sample, name, comments: false, yaml: false, dialect };
        let text = skeleton(&arguments).unwrap();
        assert!(text.contains("  connection_name = \"$${a} \\\"b\\\"\"\n"), "{text}");
        assert!(skeleton(&Arguments { yaml: true, ..arguments }).is_err());
    }

    #[test]
    fn remarks_are_what_the_schema_says() {
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
        let names = words.map(words_of);
        let expected =
            ["BOOTSTRAP_SERVERS", "AWS_LAMBDA", "AWS_KINESIS_DATA_STREAMS", "GCP_PUB_SUB", "S3", "URL", "ROLE_ARN"];
        assert_eq!(names, expected);
    }
}
