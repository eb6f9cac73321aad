//! The published schemas, their compiled forms and the formats are consistent, and their results for realistic values
//! are in `fixtures/schema-cases.json`.
//!
//! Three published files are generated from those of the connection types; `make bless` rewrites them.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::{env, fs};

use super::ID_PREFIX;
use super::walk::{Mistake, Violation};
use crate::atlas::Kind;
use crate::atlas::fields::{Field, Show};
use crate::atlas::formats::{self, FORMATS};
use crate::atlas::secret::may_be_shown;
use crate::document::Document;
use crate::parse::MAX_DEPTH;
use crate::text::Source;
use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, Validator};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// The names of the connection types.
fn types() -> Vec<&'static str> {
    Kind::ALL.iter().map(|kind| kind.name()).collect()
}

// ---------------------------------------------------------------------------------------------------------------------
// The published files

#[test]
fn every_schema_is_valid_against_its_meta_schema() {
    for (stem, schema) in published() {
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema", "{stem}");
        assert_eq!(schema["$id"], format!("{}{stem}.schema.json", *ID_PREFIX), "{stem}");
        if let Err(error) = jsonschema::meta::validate(&schema) {
            panic!("{stem}: {error}");
        }
    }
}

#[test]
fn every_pattern_is_a_regular_expression() {
    fn check(value: &Value, stem: &str) {
        match value {
            Value::Object(keywords) => {
                if let Some(Value::String(pattern)) = keywords.get("pattern")
                    && let Err(error) = regex::Regex::new(pattern)
                {
                    panic!("{stem}: {error}");
                }
                keywords.values().for_each(|value| check(value, stem));
            }
            Value::Array(values) => values.iter().for_each(|value| check(value, stem)),
            _ => {}
        }
    }
    for (stem, schema) in published() {
        check(&schema, stem);
    }
}

#[test]
fn every_schema_accepts_its_own_examples_and_defaults() {
    for (stem, schema) in published() {
        visit(&schema, stem, &mut |place, part| {
            let samples = part.get("examples").and_then(Value::as_array).into_iter().flatten();
            for sample in samples.chain(part.get("default")) {
                // A part that refers to `$defs` cannot be checked without them.
                let mut part = part.clone();
                if let (None, Some(definitions)) = (part.get("$defs"), schema.get("$defs")) {
                    part["$defs"] = definitions.clone();
                }
                let validator = run_time(&part);
                if let Err(error) = validator.validate(sample) {
                    panic!("{place}: the example {sample} is refused: {error}");
                }
            }
        });
    }
}

#[test]
fn every_field_has_a_description() {
    for name in types() {
        visit(&schema_of(name), name, &mut |place, part| {
            assert!(part["description"].is_string(), "{place} has no description");
            if let Some(words) = part.get("enum").and_then(Value::as_array) {
                let reported = part.get("enumDescriptions").and_then(Value::as_array).map_or(0, Vec::len);
                assert_eq!(reported, words.len(), "{place}: every allowed word has a description");
            }
            assert_eq!(part.get("pattern").is_some(), part.get("patternErrorMessage").is_some(), "{place}");
        });
    }
}

#[test]
fn every_object_is_closed_or_a_map_and_allows_comments() {
    for name in types() {
        visit(&schema_of(name), name, &mut |place, part| {
            let Some(properties) = part.get("properties") else { return };
            for comment in ["$schema", "$comment", "//"] {
                assert_eq!(properties[comment], json!(true), "{place}: {comment} may be anything");
            }
            let is_map = place.ends_with("/config") || place.ends_with("/headers");
            let rest = if is_map { json!({ "type": "string" }) } else { json!(false) };
            assert_eq!(part["additionalProperties"], rest, "{place}");
        });
    }
}

#[test]
fn fields_with_one_name_have_the_same_description() {
    // Each file is self-contained, so shared parts are repeated. This checks that the repetitions are equal.
    let types_with = |field: Field| field.row().kinds.iter().map(Kind::name).collect::<Vec<_>>();
    let shared = [
        ("/properties/networking", types_with(Field::Networking)),
        ("/properties/publicPrivateNetworking", types_with(Field::PublicPrivateNetworking)),
        ("/properties/aws", vec!["AWSLambda", "AWSKinesisDataStreams"]),
        ("/properties/aws/properties/roleArn", types_with(Field::Aws)),
    ];
    for (pointer, types) in shared {
        let first = schema_of(types[0]);
        for other in &types[1..] {
            assert_eq!(first.pointer(pointer).unwrap(), schema_of(other).pointer(pointer).unwrap(), "{other}{pointer}");
        }
    }
}

#[test]
fn the_schema_of_reports_lists_every_type() {
    let listed = &schema_of("report")["$defs"]["connection"]["properties"]["type"]["enum"];
    let all = types().into_iter().map(Value::from).chain([Value::Null]).collect::<Vec<_>>();
    assert_eq!(
        listed,
        &Value::from(all),
        "schemas/report.schema.json lists the connection types in their order, then null"
    );
}

#[test]
fn the_write_only_fields_are_the_five_secrets() {
    let mut found = BTreeSet::new();
    for name in types() {
        visit(&schema_of(name), name, &mut |place, part| {
            if part.get("writeOnly") == Some(&json!(true)) {
                found.insert(place.to_owned());
            }
        });
    }
    let expected = [
        "Kafka/authentication/clientSecret",
        "Kafka/authentication/password",
        "Kafka/authentication/sslKey",
        "Kafka/authentication/sslKeyPassword",
        "SchemaRegistry/schemaRegistryAuthentication/password",
    ];
    assert_eq!(found.iter().map(String::as_str).collect::<Vec<_>>(), expected);
}

// ---------------------------------------------------------------------------------------------------------------------
// The table of cases

#[derive(Deserialize)]
struct Case {
    schema: String,
    what: String,
    seed: Option<String>,
    value: Value,
    errors: Vec<(String, String)>,
}

/// The generated samples of the API's documentation that have a counterpart in the table.
const SEEDS: [&str; 20] = [
    "error-400.json",
    "error-401.json",
    "error-403.json",
    "error-404.json",
    "error-409.json",
    "error-500.json",
    "request-AWSKinesisDataStreams.json",
    "request-AWSLambda.json",
    "request-Cluster.json",
    "request-Https.json",
    "request-Kafka.json",
    "request-S3.json",
    "request-Sample.json",
    "response-AWSKinesisDataStreams.json",
    "response-AWSLambda.json",
    "response-Cluster.json",
    "response-Https.json",
    "response-Kafka.json",
    "response-S3.json",
    "response-Sample.json",
];

#[test]
fn the_table_has_every_type_and_every_generated_sample() {
    let cases = cases();
    for name in types() {
        let of_type = || cases.iter().filter(|case| case.schema == name);
        assert!(of_type().any(|case| case.errors.is_empty()), "no valid {name}");
        assert!(of_type().any(|case| !case.errors.is_empty()), "no invalid {name}");
    }
    let mut seeds: Vec<_> = cases.iter().filter_map(|case| case.seed.as_deref()).collect();
    seeds.sort_unstable();
    assert_eq!(seeds, SEEDS);
}

#[test]
fn compiled_schemas_agree_with_the_table() {
    for case in cases().iter().filter(|case| Kind::from_name(&case.schema).is_some()) {
        let found = compiled(&case.schema, &case.value);
        assert_eq!(found, reported_by_schema(&case.errors), "{}: {}", case.schema, case.what);
    }
    assert_eq!(mistakes("RabbitMQ", &json!({})), None);
}

#[test]
fn published_schemas_agree_with_the_table() {
    let schemas: BTreeMap<_, _> = published().into_iter().collect();
    let validators: BTreeMap<_, _> =
        schemas.iter().map(|(stem, schema)| (*stem, run_time(&without_patterns(schema)))).collect();
    for case in cases() {
        let validator = &validators[case.schema.as_str()];
        let found = findings(validator.iter_errors(&case.value));
        assert_eq!(found, sorted(&case.errors), "{}: {}", case.schema, case.what);
    }
}

#[test]
fn what_a_published_schema_accepts_its_compiled_form_accepts() {
    // The reverse is not true: some patterns are published for editors but checked by rules.
    for name in types() {
        let validator = run_time(&schema_of(name));
        for case in cases().iter().filter(|case| case.schema == name) {
            if validator.is_valid(&case.value) {
                assert_eq!(mistakes(name, &case.value), Some(Vec::new()), "{name}: {}", case.what);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Random values: each is inserted at a random pointer of a case, and both results are compared.
    #[test]
    fn compiled_and_published_schemas_agree(case in 0..cases().len(), at in any::<prop::sample::Index>(), new in odd_value()) {
        let case = &cases()[case];
        if Kind::from_name(&case.schema).is_some() {
            let mut value = case.value.clone();
            let pointers = pointers(&value);
            *value.pointer_mut(&pointers[at.index(pointers.len())]).unwrap() = new;
            let published = findings(run_time(&without_patterns(&schema_of(&case.schema))).iter_errors(&value));
            let published = reported_by_schema(&published);
            prop_assert_eq!(compiled(&case.schema, &value), published);
        }
    }
}

fn cases() -> &'static [Case] {
    static CASES: std::sync::OnceLock<Vec<Case>> = std::sync::OnceLock::new();
    CASES.get_or_init(|| serde_json::from_str(include_str!("../../tests/fixtures/schema-cases.json")).unwrap())
}

/// Errors as pairs of pointer and keyword, in order. A missing or unexpected field has its own pointer.
///
/// A `pattern` counts as the `format` of the compiled form. If a value is not allowed, a wrong type is not reported as
/// well: the run-time validator reports both, and the compiled one only `enum`.
fn findings<'v>(errors: impl IntoIterator<Item = ValidationError<'v>>) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for error in errors {
        let at = error.instance_path().to_string();
        let keyword = error.kind().keyword().replace("pattern", "format");
        match error.kind() {
            ValidationErrorKind::Required { property } => {
                found.push((format!("{at}/{}", property.as_str().unwrap()), keyword));
            }
            ValidationErrorKind::AdditionalProperties { unexpected } => {
                found.extend(unexpected.iter().map(|name| (format!("{at}/{name}"), keyword.clone())));
            }
            _ => found.push((at, keyword)),
        }
    }
    let words: BTreeSet<_> = found.iter().filter(|(_, keyword)| keyword == "enum").map(|(at, _)| at.clone()).collect();
    found.retain(|(at, keyword)| keyword != "type" || !words.contains(at));
    sorted(&found)
}

/// The findings of the compiled form, in the same format as [`findings`].
fn compiled(name: &str, value: &Value) -> Vec<(String, String)> {
    let found = mistakes(name, value).unwrap();
    sorted(&found.into_iter().map(|(at, keyword)| (at, keyword.to_owned())).collect::<Vec<_>>())
}

/// The errors that the compiled form does not leave to a rule.
fn reported_by_schema(errors: &[(String, String)]) -> Vec<(String, String)> {
    sorted(errors).into_iter().filter(|(_, keyword)| !COUNTS.contains(&keyword.as_str())).collect()
}

fn sorted(errors: &[(String, String)]) -> Vec<(String, String)> {
    let mut errors = errors.to_vec();
    errors.sort();
    errors
}

fn odd_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        Just(json!(true)),
        Just(json!(5)),
        Just(json!("")),
        Just(json!("PUBLIC")),
        Just(json!([])),
        Just(json!(["https://a.example.com", "https://a.example.com"])),
        Just(json!({})),
        Just(json!({ "extra": 1 })),
        "[A-Za-z0-9._*@/:-]{0,30}".prop_map(Value::from),
    ]
}

/// The pointers of all values inside a value.
fn pointers(value: &Value) -> Vec<String> {
    let mut found = vec![String::new()];
    let children: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(k, v)| (k.replace('~', "~0").replace('/', "~1"), v)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(i, v)| (i.to_string(), v)).collect(),
        _ => Vec::new(),
    };
    for (name, child) in children {
        found.extend(pointers(child).into_iter().map(|rest| format!("/{name}{rest}")));
    }
    found
}

// ---------------------------------------------------------------------------------------------------------------------
// Formats

#[test]
fn every_format_that_a_rule_reports_is_in_some_schema() {
    let mut used = BTreeSet::new();
    // The settings are parsed by their own reader.
    for (stem, schema) in published().into_iter().filter(|(stem, _)| *stem != "config") {
        visit(&schema, stem, &mut |place, part| {
            let Some(pattern) = part.get("pattern").and_then(Value::as_str) else { return };
            let format = FORMATS.iter().find(|format| format.pattern == pattern);
            used.insert(format.unwrap_or_else(|| panic!("{place}: {pattern} is no format's")).name);
        });
    }
    assert_eq!(used, FORMATS.iter().map(|format| format.name).collect());
}

#[test]
fn formats_accept_valid_and_reject_invalid_strings() {
    type Row = (fn(&str) -> bool, &'static [&'static str], &'static [&'static str]);
    let table: [Row; 11] = [
        (formats::is_object_id, &["65f1c0ffee0123456789abcd"], &["65F1C0FFEE0123456789ABCD", "65f1", ""]),
        (formats::is_connection_name, &["orders", "a.b-c*d_E9"], &["", "my orders", "a/b", "größe"]),
        (
            formats::is_service_principal_id,
            &["11111111-2222-3333-4444-555555555555", "AAAAAAAA-bbbb-CCCC-dddd-EEEEEEEEEEEE"],
            &["{11111111-2222-3333-4444-555555555555}", "11111111222233334444555555555555"],
        ),
        (formats::is_storage_account_name, &["abc", "orders2026"], &["ab", "Orders", "orders-archive"]),
        (
            formats::is_service_account_email,
            &["a@p.iam.gserviceaccount.com", "a@p.example.com.iam.gserviceaccount.com"],
            &["a@example.com", "@p.iam.gserviceaccount.com", "123-compute@developer.gserviceaccount.com"],
        ),
        (formats::is_cluster_name, &["Cluster0", "a-b-"], &["", "-a", "c.example.net", "mongodb+srv://c"]),
        (
            formats::is_role_arn,
            &["arn:aws:iam::123456789012:role/r", "arn:aws-cn:iam::123456789012:role/a/b/r@x"],
            &["arn:aws:iam::123456789:role/r", "arn:aws:iam::123456789012:root", "rn:aws:iam::123456789012:role/r"],
        ),
        (formats::is_bucket_name, &["abc", "a.b-c"], &["ab", "a_b", "-abc", "s3://abc", "Abc"]),
        (
            formats::is_http_url,
            &["https://a", "HTTP://u:p@a.example.com:80/x?y#z", "http://[::1]:80", "https://münchen.example"],
            &["", "a.example.com", "https://", "https:///x", "ftp://a", "https://a b", "https://a:port", "https://?x"],
        ),
        (
            formats::is_bootstrap_servers,
            &["a:1", "a.example.com:9092,b_c:65535", "[2001:db8::1]:9092"],
            &["", "a", "a:0", "a:1,", "a:1, b:1", "SASL_SSL://a:1", "a:1;b:1", "::1:9092"],
        ),
        (
            formats::is_oauth_extensions,
            &["logicalCluster=lkc-1,identityPoolId=pool-1", "a=b=c"],
            &["", "a", "a=", "=b", "a=b,", "a=b, c=d", "a1=b"],
        ),
    ];
    for (check, good, bad) in table {
        let format = FORMATS.iter().find(|format| std::ptr::fn_addr_eq(format.check, check)).unwrap();
        for text in good {
            assert!(check(text), "{} refuses {text}", format.name);
        }
        for text in bad {
            assert!(!check(text), "{} accepts {text}", format.name);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn each_format_equals_its_pattern(
        format in prop::sample::select(FORMATS),
        arbitrary in ".{0,40}",
        seed in any::<[u64; 4]>(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0..4_u8, near_miss_char()), 0..4),
    ) {
        let pattern = regex::Regex::new(format.pattern).unwrap();
        prop_assert_eq!((format.check)(&arbitrary), pattern.is_match(&arbitrary), "{} {:?}", format.name, arbitrary);

        // A matching text, and then one that almost matches.
        let mut text: Vec<char> = fitting(format.pattern, seed).chars().collect();
        prop_assert!((format.check)(&String::from_iter(&text)), "{} refuses {:?}", format.name, String::from_iter(&text));
        for (at, edit, with) in edits {
            let at = at.index(text.len() + 1);
            match edit {
                0 => text.insert(at, with),
                1 if at < text.len() => text[at] = with,
                2 if at < text.len() => drop(text.remove(at)),
                _ => text.truncate(at),
            }
        }
        let text = String::from_iter(text);
        prop_assert_eq!((format.check)(&text), pattern.is_match(&text), "{} {:?}", format.name, text);
    }
}

/// A text that matches the pattern.
fn fitting(pattern: &str, seed: [u64; 4]) -> String {
    let bytes: Vec<u8> = seed.iter().flat_map(|word| word.to_le_bytes()).collect();
    let rng = proptest::test_runner::TestRng::from_seed(proptest::test_runner::RngAlgorithm::ChaCha, &bytes);
    let mut runner = proptest::test_runner::TestRunner::new_with_rng(ProptestConfig::default(), rng);
    let unanchored = pattern.strip_prefix('^').unwrap().strip_suffix('$').unwrap();
    proptest::string::string_regex(unanchored).unwrap().new_tree(&mut runner).unwrap().current()
}

fn near_miss_char() -> impl Strategy<Value = char> {
    prop_oneof![
        8 => prop::sample::select(" \t\n,;:./-_*@#?[]=+%~!\\\"'".chars().collect::<Vec<_>>()),
        4 => prop::sample::select("aAfFgGzZ019".chars().collect::<Vec<_>>()),
        1 => any::<char>(),
    ]
}

// ---------------------------------------------------------------------------------------------------------------------
// The three generated schemas

#[test]
fn generated_connection_schema() {
    let types = types();
    let reported: Vec<Value> = types.iter().map(|name| schema_of(name)["title"].clone()).collect();
    let branches: Vec<Value> = types
        .iter()
        .map(|name| {
            let mut then = json!({ "$ref": format!("#/$defs/{name}") });
            let needs = needs(name);
            if !needs.is_empty() {
                then["allOf"] = needs.into();
            }
            json!({ "if": of_type(name), "then": then })
        })
        .collect();
    bless(
        "connection",
        &json!({
            "title": "Stream processing connection",
            "description": "The body that creates a connection in a stream processing workspace: `type` is the connection type, on which the fields depend.",
            "type": "object",
            "required": ["type"],
            "properties": { "type": {
                "title": "Type",
                "description": "The connection type; the fields depend on it.",
                "type": "string",
                "enum": types,
                "enumDescriptions": reported,
            } },
            "allOf": branches,
            "examples": [schema_of("Kafka")["examples"][0]],
            "$defs": types.iter().map(|name| ((*name).to_owned(), embedded(name))).collect::<Map<_, _>>(),
        }),
    );
}

#[test]
fn generated_failover_schema() {
    let types = ["Kafka", "Cluster"];
    let definitions: Map<_, _> = types
        .iter()
        .map(|name| {
            let mut schema = embedded(name);
            schema["required"].as_array_mut().unwrap().push(json!("region"));
            schema["properties"]["name"]["description"] =
                json!("The exact name of the primary connection.");
            schema["properties"]["region"] = json!({
                "title": "Region",
                "description": "Where this connection is used: one of the workspace's failover regions, at the same cloud provider, by Atlas's name for it. It cannot be changed later.",
                "type": "string",
                "minLength": 1,
                "examples": ["OHIO_USA", "DUBLIN_IRL", "eastus2", "US_EAST4"],
            });
            schema.as_object_mut().unwrap().remove("examples");
            ((*name).to_owned(), schema)
        })
        .collect();
    let branches: Vec<Value> = types
        .iter()
        .map(|name| json!({ "if": of_type(name), "then": { "$ref": format!("#/$defs/{name}") } }))
        .collect();
    let mut example = schema_of("Cluster")["examples"][0].clone();
    example["region"] = json!("OHIO_USA");
    bless(
        "failover",
        &json!({
            "title": "Failover connection",
            "description": "The body that creates a failover connection for one failover region of the workspace. Only Kafka and Cluster connections have one; it has the name and type of its primary connection.",
            "type": "object",
            "required": ["type"],
            "properties": { "type": {
                "title": "Type",
                "description": "The type of the primary connection.",
                "type": "string",
                "enum": types,
                "enumDescriptions": types.map(|name| schema_of(name)["title"].clone()),
            } },
            "allOf": branches,
            "examples": [example],
            "$defs": definitions,
        }),
    );
}

#[test]
fn generated_response_schema() {
    let mut definitions: Map<_, _> =
        types().into_iter().map(|name| (name.to_owned(), answered(&embedded(name), ""))).collect();
    definitions.insert(
        "links".to_owned(),
        json!({
            "title": "Links",
            "description": "Related URLs and their relations.",
            "type": "array",
            "readOnly": true,
            "items": { "type": "object", "properties": { "href": { "type": "string" }, "rel": { "type": "string" } } },
        }),
    );
    let id = |what: &str| json!({ "title": "Id", "description": what, "type": "string", "readOnly": true });
    definitions.insert("connection".to_owned(), json!({
        "title": "Connection",
        "description": "One connection. Any field may be absent: older responses have fewer, and none has secrets.",
        "type": "object",
        "properties": {
            "name": { "title": "Name", "description": "The connection's name.", "type": "string" },
            "type": { "title": "Type", "description": "The kind of connection.", "type": "string", "examples": types() },
            "id": id("The id of the connection in Atlas."),
            "_id": id("The older spelling of `id`."),
            "links": { "$ref": "#/$defs/links" },
            "region": { "title": "Region", "description": "The region of the workspace, or the failover region of a failover connection.", "type": "string", "readOnly": true, "examples": ["VIRGINIA_USA"] },
            "state": {
                "title": "State",
                "description": "The state of the connection: creation and deletion continue after the response.",
                "type": "string",
                "readOnly": true,
                "enum": ["PENDING", "READY", "DELETING", "FAILED"],
                "enumDescriptions": ["Being created.", "Usable.", "Being deleted.", "Could not be created."],
            },
        },
        "allOf": types().into_iter().map(|name| json!({ "if": of_type(name), "then": { "$ref": format!("#/$defs/{name}") } })).collect::<Vec<_>>(),
    }));
    bless(
        "response",
        &json!({
            "title": "Atlas answer",
            "description": "A response about stream processing connections: one connection, or a page of them.",
            "type": "object",
            "if": { "required": ["results"] },
            "then": { "properties": {
                "links": { "$ref": "#/$defs/links" },
                "results": {
                    "title": "Results",
                    "description": "The connections on this page.",
                    "type": "array",
                    "readOnly": true,
                    "items": { "$ref": "#/$defs/connection" },
                },
                "totalCount": {
                    "title": "Total count",
                    "description": "How many connections there are, over all pages.",
                    "type": "integer",
                    "minimum": 0,
                    "readOnly": true,
                },
            } },
            "else": { "$ref": "#/$defs/connection" },
            "examples": [{
                "name": "orders-cluster", "type": "Cluster", "clusterName": "Cluster0",
                "dbRoleToExecute": { "role": "readWriteAnyDatabase", "type": "BUILT_IN" },
                "id": "65f1c0ffee0123456789abcd", "region": "VIRGINIA_USA", "state": "READY",
            }],
            "$defs": definitions,
        }),
    );
}

/// The schema of a type as a part of another file.
fn embedded(name: &str) -> Value {
    let mut schema = schema_of(name);
    let keywords = schema.as_object_mut().unwrap();
    keywords.remove("$id");
    keywords.remove("$schema");
    without_annotations(&mut schema);
    schema
}

/// Removes keywords that only this program uses from a schema.
fn without_annotations(schema: &mut Value) {
    if let Value::Object(keywords) = schema {
        keywords.retain(|keyword, _| !keyword.starts_with("x-streamlint-"));
        keywords.values_mut().for_each(without_annotations);
    }
}

/// Changes the schema of a request to that of a response: types and texts, nothing required or forbidden, and `links`
/// in every object but the maps.
fn answered(schema: &Value, at: &str) -> Value {
    let Value::Object(members) = schema else { return schema.clone() };
    let dropped = [
        "required",
        "additionalProperties",
        "default",
        "enumDescriptions",
        "examples",
        "maxItems",
        "minItems",
        "minLength",
        "pattern",
        "patternErrorMessage",
        "uniqueItems",
    ];
    let is_map = at == "config" || at == "headers";
    let mut form = Map::new();
    for (keyword, value) in members {
        match keyword.as_str() {
            "properties" => {
                let mut properties: Map<_, _> = value
                    .as_object()
                    .unwrap()
                    .iter()
                    .filter(|(name, _)| !is_map && !["$schema", "$comment", "//"].contains(&name.as_str()))
                    .map(|(name, schema)| (name.clone(), answered(schema, name)))
                    .collect();
                if !is_map {
                    properties.insert("links".to_owned(), json!({ "$ref": "#/$defs/links" }));
                }
                form.insert(keyword.clone(), Value::Object(properties));
            }
            "items" => drop(form.insert(keyword.clone(), answered(value, ""))),
            // Atlas may return new values that are not listed here yet.
            "enum" => drop(form.insert("examples".to_owned(), value.clone())),
            "additionalProperties" if is_map => drop(form.insert(keyword.clone(), value.clone())),
            other if dropped.contains(&other) => {}
            _ => drop(form.insert(keyword.clone(), value.clone())),
        }
    }
    Value::Object(form)
}

/// An `if` for this type.
fn of_type(name: &str) -> Value {
    json!({ "properties": { "type": { "const": name } }, "required": ["type"] })
}

/// Fields that another field requires, as far as a schema can express it: the simple cases of the rules
/// missing-credentials and missing-connection-id.
fn needs(name: &str) -> Vec<Value> {
    let when = |at: &[&str], words: &[&str], needed: &[&str]| {
        let (member, object) = at.split_last().unwrap();
        let chosen = json!({ "properties": { *member: { "enum": words } }, "required": [member] });
        json!({ "if": within(object, chosen, true), "then": within(object, json!({ "required": needed }), false) })
    };
    let private = |networking| when(&[networking, "access", "type"], &["PRIVATE_LINK"], &["connectionId"]);
    let mechanism = ["authentication", "mechanism"];
    let mut needs = match name {
        "Kafka" => vec![
            when(&mechanism, &["PLAIN", "SCRAM-256", "SCRAM-512"], &["username", "password"]),
            when(&mechanism, &["OAUTHBEARER"], &["method", "tokenEndpointUrl", "clientId", "clientSecret"]),
            json!({
                "if": when(&mechanism, &["AWS_MSK_IAM"], &[])["if"],
                "then": within(&["authentication"], json!({
                    "required": ["aws"], "properties": { "aws": { "required": ["roleArn"] } },
                }), false),
            }),
        ],
        "SchemaRegistry" => {
            vec![when(&["schemaRegistryAuthentication", "type"], &["USER_INFO"], &["username", "password"])]
        }
        _ => Vec::new(),
    };
    let kind = Kind::from_name(name).unwrap();
    let networking = [Field::Networking, Field::PublicPrivateNetworking];
    needs.extend(networking.iter().filter(|field| field.row().kinds.contains(kind)).map(|field| private(field.key())));
    needs
}

/// Applies the schema to the object at this path; with `present`, every field on the path must exist.
fn within(path: &[&str], schema: Value, present: bool) -> Value {
    path.iter().rev().fold(schema, |inner, name| {
        let mut outer = json!({ "properties": { *name: inner } });
        if present {
            outer["required"] = json!([name]);
        }
        outer
    })
}

/// Compares a generated schema with the committed file, or rewrites the file with `STREAMLINT_BLESS=1`.
fn bless(stem: &str, body: &Value) {
    let mut schema = body.clone();
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["$id"] = json!(format!("{}{stem}.schema.json", *ID_PREFIX));
    let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("schemas/{stem}.schema.json"));
    if env::var_os("STREAMLINT_BLESS").is_some() {
        fs::write(file, text).unwrap();
    } else {
        let committed = fs::read_to_string(file).unwrap_or_default().replace("\r\n", "\n");
        assert!(
            committed == text,
            "schemas/{stem}.schema.json is not what the schemas of the connection types make of it now; run `make bless`"
        );
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// The fields of the official API

/// The output of `fixtures/openapi-members.py` for the official specification.
#[derive(Deserialize)]
struct Official {
    sha: String,
    types: BTreeSet<String>,
    served: BTreeSet<String>,
    schemas: BTreeMap<String, BTreeMap<String, Facts>>,
}

/// `enum`, and the flags required, nullable, readOnly, writeOnly and deprecated if they are true.
type Facts = BTreeMap<String, Value>;

/// Intended differences. `schemas` may be `["*"]`; a pointer may begin with `**`, which matches any objects.
#[derive(Deserialize)]
struct Deliberate {
    difference: String,
    schemas: Vec<String>,
    pointers: Vec<String>,
    #[serde(rename = "reason")]
    _reason: String,
}

#[test]
fn differences_from_the_official_api_are_deliberate() {
    let official: Official = serde_json::from_str(include_str!("../../tests/fixtures/openapi-members.json")).unwrap();
    let deliberate: Vec<Deliberate> =
        serde_json::from_str(include_str!("../../tests/fixtures/openapi-differences.json")).unwrap();

    let mut differences = BTreeSet::new();
    let mut found = |schema: &str, pointer: &str, difference: &str| {
        differences.insert((schema.to_owned(), pointer.to_owned(), difference.to_owned()));
    };
    assert_eq!(official.sha, crate::EVIDENCE.openapi, "`--version` says what the schemas were compared with");
    assert_eq!(official.served, types().into_iter().map(str::to_owned).collect());
    for missing in official.served.difference(&official.types) {
        found(missing, "/type", "served by the API, and missing from its enum");
    }
    for (name, theirs) in &official.schemas {
        let ours = our_facts(name);
        let pointers: BTreeSet<_> = theirs.keys().chain(ours.keys()).collect();
        for pointer in pointers {
            match (theirs.get(pointer), ours.get(pointer)) {
                (Some(_), None) => found(name, pointer, "unknown to us"),
                (None, Some(_)) => found(name, pointer, "unknown to the API"),
                (Some(theirs), Some(ours)) => {
                    for flag in ["required", "nullable", "writeOnly", "deprecated"] {
                        match (theirs.contains_key(flag), ours.contains_key(flag)) {
                            (false, true) => found(name, pointer, &format!("{flag} for us")),
                            (true, false) => found(name, pointer, &format!("{flag} for the API")),
                            _ => {}
                        }
                    }
                    match (words(theirs), words(ours)) {
                        (None, Some(_)) => found(name, pointer, "any text for the API, an enum for us"),
                        (theirs, ours) if theirs != ours => found(name, pointer, "other words in the enum"),
                        _ => {}
                    }
                }
                (None, None) => {}
            }
        }
    }

    let explains = |entry: &Deliberate, schema: &str, pointer: &str, (s, p, d): &(String, String, String)| {
        let at = pointer.strip_prefix("**").map_or(p == pointer, |end| p.ends_with(end));
        entry.difference == *d && (schema == "*" || schema == s) && at
    };
    let unexplained: Vec<_> = differences
        .iter()
        .filter(|found| {
            !deliberate
                .iter()
                .any(|entry| entry.schemas.iter().any(|s| entry.pointers.iter().any(|p| explains(entry, s, p, found))))
        })
        .collect();
    let mut stale = Vec::new();
    for entry in &deliberate {
        for schema in &entry.schemas {
            for pointer in &entry.pointers {
                if !differences.iter().any(|found| explains(entry, schema, pointer, found)) {
                    stale.push((schema, pointer, &entry.difference));
                }
            }
        }
    }
    assert!(unexplained.is_empty(), "no reason in openapi-differences.json for {unexplained:#?}");
    assert!(stale.is_empty(), "openapi-differences.json has a reason without a difference: {stale:#?}");
}

/// The fields of one of our schemas, in the same format as the official ones.
fn our_facts(name: &str) -> BTreeMap<String, Facts> {
    let schema = match name.split_once('/') {
        Some((stem, branch)) => schema_of(stem)["$defs"][branch].clone(),
        None => schema_of(name),
    };
    let mut facts = BTreeMap::new();
    collect_facts(&schema, "", &mut facts);
    facts
}

fn collect_facts(schema: &Value, at: &str, facts: &mut BTreeMap<String, Facts>) {
    // A map allows any name, so its names are not fields.
    if schema["additionalProperties"].is_object() {
        return;
    }
    let required: Vec<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(|name| name.as_str()).collect();
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        if ["$schema", "$comment", "//"].contains(&name.as_str()) {
            continue;
        }
        let pointer = format!("{at}/{name}");
        collect_facts(member, &pointer, facts);
        let mut member_facts = Facts::new();
        let flags = [
            ("required", required.contains(&name.as_str())),
            ("nullable", member["type"].as_array().is_some_and(|types| types.contains(&json!("null")))),
            ("writeOnly", member["writeOnly"] == json!(true)),
            ("deprecated", member["deprecated"] == json!(true)),
        ];
        member_facts.extend(flags.iter().filter(|(_, set)| *set).map(|(flag, _)| ((*flag).to_owned(), json!(true))));
        member_facts.extend(member.get("enum").map(|words| ("enum".to_owned(), words.clone())));
        facts.insert(pointer, member_facts);
    }
}

/// The values of an enum, in any order.
fn words(facts: &Facts) -> Option<BTreeSet<String>> {
    Some(facts.get("enum")?.as_array()?.iter().map(|word| word.as_str().unwrap().to_owned()).collect())
}

// ---------------------------------------------------------------------------------------------------------------------

/// The published schemas of this crate's own files, by stem.
fn published() -> Vec<(&'static str, Value)> {
    super::published().iter().map(|(stem, text)| (*stem, serde_json::from_str(text).unwrap())).collect()
}

fn schema_of(stem: &str) -> Value {
    let (_, text) = super::published().iter().find(|(name, _)| *name == stem).unwrap();
    serde_json::from_str(text).unwrap()
}

fn run_time(schema: &Value) -> Validator {
    jsonschema::options().with_draft(jsonschema::Draft::Draft202012).build(schema).unwrap()
}

/// Keywords that the rule `registry-url-count` checks instead.
const COUNTS: [&str; 3] = ["minItems", "maxItems", "uniqueItems"];

/// The schema without the patterns of strings that rules check.
fn without_patterns(schema: &Value) -> Value {
    match schema {
        Value::Object(members) => Value::Object(
            members
                .iter()
                .filter(|(keyword, value)| {
                    *keyword != "pattern"
                        || FORMATS.iter().any(|format| *value == format.pattern && format.rule.is_some())
                })
                .map(|(keyword, value)| (keyword.clone(), without_patterns(value)))
                .collect(),
        ),
        Value::Array(items) => items.iter().map(without_patterns).collect(),
        other => other.clone(),
    }
}

/// Calls `look` for the schema and every schema inside it, including `items` and `$defs`, with a readable position.
fn visit(schema: &Value, place: &str, look: &mut impl FnMut(&str, &Value)) {
    if !schema.is_object() {
        return;
    }
    look(place, schema);
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        visit(member, &format!("{place}/{name}"), look);
    }
    for (name, definition) in schema["$defs"].as_object().into_iter().flatten() {
        visit(definition, &format!("{place}#{name}"), look);
    }
    visit(&schema["items"], &format!("{place}[]"), look);
}

/// The violations of a type's schema by a value, as pairs of pointer and keyword. A missing or unexpected field
/// has its own pointer. `None` for an unknown type, and for a value that is nested too deeply.
fn mistakes(type_name: &str, value: &Value) -> Option<Vec<(String, &'static str)>> {
    let document = Document::of_value(Source::new("", ""), value, MAX_DEPTH)?;
    let found = super::mistakes(Kind::from_name(type_name)?, document.root()).into_iter();
    Some(
        found
            .map(|mistake| {
                let Mistake { pointer, violation, .. } = mistake;
                match violation {
                    Violation::Type(_) => (pointer, "type"),
                    Violation::Const => (pointer, "const"),
                    Violation::Enum(_) => (pointer, "enum"),
                    Violation::MinLength => (pointer, "minLength"),
                    Violation::Format(_) => (pointer, "format"),
                    Violation::Required(key) => (format!("{pointer}/{key}"), "required"),
                    Violation::Unexpected(key, _) => (format!("{pointer}/{key}"), "additionalProperties"),
                }
            })
            .collect(),
    )
}

#[test]
fn values_of_public_fields_may_be_shown() {
    let mut count = 0;
    for kind in Kind::ALL {
        let (_, text) = super::published().iter().find(|(name, _)| *name == kind.name()).unwrap();
        let schema: Value = serde_json::from_str(text).unwrap();
        for field in Field::ALL.iter().filter(|field| field.row().show == Show::Whole) {
            let Some(declared) = schema.pointer(&field.pointer().replace('/', "/properties/")) else { continue };
            let words = [&declared["examples"], &declared["enum"]].into_iter().filter_map(Value::as_array).flatten();
            for word in words.filter_map(Value::as_str) {
                assert!(may_be_shown(word, field.row().marks), "{}: {word}", field.pointer());
                assert!(!may_be_shown(&format!("{word}\nx"), field.row().marks), "{}", field.pointer());
                count += 1;
            }
        }
    }
    assert!(count > 50, "{count}");
}
