//! The conventions of an organization: additional requirements and exceptions.
#![allow(clippy::unwrap_used, reason = "a test stops where something is not as expected")]

use serde_json::{Value, json};
use streamlint::{Config, ConfigBuilder, Kind, Kinds, Linter, Mode, Pattern, Severity, Source};

/// The rules, pointers and marked texts of the findings.
fn found(config: &Config, value: &Value) -> Vec<String> {
    let text = value.to_string();
    let report = Linter::new(config.clone()).check(&Source::new("a.json", text.as_str()));
    let marked = |found: &streamlint::Diagnostic| {
        let marks = found.labels.iter().map(|label| &text[label.span.start..label.span.end]).collect::<Vec<_>>();
        format!("{}@{} {}", found.rule.name, found.pointer, marks.join(" "))
    };
    report.diagnostics().iter().map(marked).collect()
}

/// A pattern that matches text with this prefix.
fn starting(text: &'static str) -> Pattern {
    Pattern::new(&format!("^{text}"), move |value| value.starts_with(text))
}

fn kafka(servers: &str, access: &Value) -> Value {
    json!({
        "name": "orders", "type": "Kafka", "bootstrapServers": servers, "security": { "protocol": "SASL_SSL" },
        "authentication": { "mechanism": "PLAIN", "username": "u", "password": "${PASSWORD}" }, "networking": access,
    })
}

fn access(kind: &str) -> Value {
    json!({ "access": { "type": kind } })
}

#[test]
fn values_that_a_tool_fills_in_are_not_checked() {
    let config = Config::builder().placeholders([starting("__")]).build().unwrap();
    for value in [
        kafka("__BROKERS__", &access("__ACCESS__")),
        json!({ "name": "__a b__", "type": "__TYPE__", "url": "__URL__" }),
        json!({ "name": "hook", "type": "Https", "url": "https://a.example", "headers": { "Authorization": "__TOKEN__" } }),
        json!({ "name": "r", "type": "SchemaRegistry", "provider": "CONFLUENT", "schemaRegistryUrls": ["__URL__"],
            "schemaRegistryAuthentication": { "type": "USER_INFO", "username": "u", "password": "__PASSWORD__" } }),
    ] {
        assert_eq!(found(&config, &value), Vec::<String>::new(), "{value}");
        assert_ne!(found(&Config::default(), &value), Vec::<String>::new(), "{value}");
    }
    // Unexpected fields are still reported.
    let odd = json!({ "name": "hook", "type": "Https", "url": "__URL__", "timeout": "__TIMEOUT__", "headers": { "a b": "__B__" } });
    assert_eq!(found(&config, &odd), ["malformed-header@/headers/a b \"a b\"", "unknown-field@/timeout \"timeout\"",]);
}

#[test]
fn names_follow_the_pattern() {
    let config = Config::builder().connection_names(starting("prod-")).build().unwrap();
    let named = |name: &str| json!({ "name": name, "type": "Https", "url": "https://a.example" });
    assert_eq!(found(&config, &named("prod-a")), Vec::<String>::new());
    assert_eq!(found(&config, &named("dev-a")), ["malformed-name@/name \"dev-a\""]);
    // One mistake, one finding; unknown values are not checked.
    assert_eq!(found(&config, &named("dev a")), ["malformed-name@/name \"dev a\""]);
    assert_eq!(found(&config, &named("${NAME}")), Vec::<String>::new());
    assert_eq!(found(&config, &json!({ "name": "sample_stream_solar", "type": "Sample" })), Vec::<String>::new());
}

#[test]
fn workspaces_follow_their_pattern() {
    let builder = Config::builder().workspace_names(starting("prod-"));
    let of = |name: &str| {
        let linter = Linter::new(builder.clone().tenant_name(name.to_owned()).build().unwrap());
        let text = r#"{ "name": "sample_stream_solar", "type": "Sample" }"#;
        let reports = linter.check_all(&[Source::new("a.json", text)]);
        reports[0].diagnostics().iter().map(|found| format!("{}{}", found.rule.name, found.pointer)).collect::<Vec<_>>()
    };
    assert_eq!(of("prod-a"), Vec::<String>::new());
    assert_eq!(of("dev"), ["malformed-name/tenantName"]);
    assert_eq!(of("de v"), ["malformed-name/tenantName"]);
}

#[test]
#[cfg_attr(not(all(feature = "dialects", feature = "yaml")), ignore = "needs the features dialects and yaml")]
fn dialects_name_their_workspace_beside_the_definition() {
    let builder = Config::builder().workspace_names(starting("prod-"));
    let count = |name: &str, text: &str| {
        let report = Linter::new(builder.clone().build().unwrap()).check(&Source::new(name, text));
        let found = report.diagnostics().iter().filter(|found| found.pointer == "/tenantName");
        found.map(|found| &text[found.span().start..found.span().end]).collect::<Vec<_>>().join(" ")
    };
    let terraform = |name: &str| {
        format!(
            "resource \"mongodbatlas_stream_connection\" \"a\" {{\n  project_id = var.p\n  workspace_name = {name}\n  \
             connection_name = \"sample_stream_solar\"\n  type = \"Sample\"\n}}\n"
        )
    };
    assert_eq!(count("a.tf", &terraform("\"dev\"")), "\"dev\"");
    for fine in ["\"prod-1\"", "var.workspace", "\"${var.stage}-1\""] {
        assert_eq!(count("a.tf", &terraform(fine)), "", "{fine}");
    }
    let template = "Resources:\n  A:\n    Type: MongoDB::Atlas::StreamConnection\n    Properties:\n      ProjectId: !Ref P\n      \
                    WorkspaceName: dev\n      ConnectionName: sample_stream_solar\n      Type: Sample\n";
    assert_eq!(count("a.yaml", template), "dev");
    assert_eq!(count("a.yaml", &template.replace("dev", "!Ref Workspace")), "");
}

#[test]
fn a_private_network_is_required() {
    let kinds = Kinds::of(&[Kind::Kafka, Kind::AWSLambda]);
    let config = Config::builder().require_private_networking(kinds).build().unwrap();
    let rule = "unavailable-network-type";
    let servers = "b.example.com:9092";
    assert_eq!(found(&config, &kafka(servers, &access("VPC"))), Vec::<String>::new());
    assert_eq!(found(&config, &kafka(servers, &access("${ACCESS}"))), Vec::<String>::new());
    assert_eq!(
        found(&config, &kafka(servers, &access("PUBLIC"))),
        [format!("{rule}@/networking/access/type \"PUBLIC\"")]
    );
    assert_eq!(
        found(&config, &kafka(servers, &access("TRANSIT_GATEWAY"))),
        [format!("{rule}@/networking/access/type \"TRANSIT_GATEWAY\"")]
    );
    let aws = json!({ "roleArn": "arn:aws:iam::123456789012:role/a" });
    let mut lambda = json!({ "name": "l", "type": "AWSLambda", "aws": aws });
    assert_eq!(found(&config, &lambda), [format!("{rule}@/publicPrivateNetworking/access/type {{")]);
    // A PATCH may omit fields that cannot change.
    assert_eq!(found(&config.to_builder().mode(Mode::Update).build().unwrap(), &lambda), Vec::<String>::new());
    lambda["type"] = "S3".into();
    assert_eq!(found(&config, &lambda), Vec::<String>::new());
}

#[test]
fn hosts_are_allowed_or_not() {
    let config = Config::builder().allowed_hosts(["*.example.com", "10.0.0.0/8"]).build().unwrap();
    let vpc = access("VPC");
    assert_eq!(found(&config, &kafka("a.example.com:9092,10.1.2.3:9092", &vpc)), Vec::<String>::new());
    assert_eq!(
        found(&config, &kafka("a.example.com:9092,a.example.org:9092,b.example.org:9092", &vpc)),
        ["unreachable-host@/bootstrapServers a.example.org b.example.org"]
    );
    // Only the brokers with problems are marked.
    let reported = |servers: &str| {
        let text = kafka(servers, &vpc).to_string();
        let report = Linter::new(config.clone()).check(&Source::new("a.json", text.as_str()));
        report.diagnostics().iter().map(|found| found.message.to_string()).collect::<Vec<_>>().join("; ")
    };
    assert_eq!(
        [reported("a.example.com:1,a.example.org:1"), reported("a.example.org:1,b.example.org:1")],
        [
            "a broker in `bootstrapServers` is not an allowed host",
            "2 brokers in `bootstrapServers` are not allowed hosts"
        ]
    );
    // An unreachable host is not also reported as not allowed.
    assert_eq!(
        found(&config, &kafka("localhost:9092,a.example.org:9092", &access("PUBLIC"))),
        ["unreachable-host@/bootstrapServers localhost", "unreachable-host@/bootstrapServers a.example.org"]
    );
    let registry = json!({ "name": "r", "type": "SchemaRegistry", "provider": "CONFLUENT",
        "schemaRegistryUrls": ["https://a.example.com", "https://b.example.org/x"],
        "schemaRegistryAuthentication": { "type": "SASL_INHERIT" } });
    assert_eq!(found(&config, &registry), ["unreachable-host@/schemaRegistryUrls/1 b.example.org"]);
}

#[test]
fn hosts_that_look_private_may_be_reachable() {
    let config = Config::builder().reachable_hosts(["kafka", "10.0.0.0/8"]).build().unwrap();
    assert_eq!(
        found(&config, &kafka("kafka:9092,10.1.2.3:9092,zoo:9092", &access("PUBLIC"))),
        ["unreachable-host@/bootstrapServers zoo"]
    );
}

#[test]
fn additional_samples_and_roles_are_accepted() {
    let builder = Config::builder().known_samples(["sample_stream_orders"]).known_built_in_roles(["clusterMonitor"]);
    let config = builder.build().unwrap();
    let role = |role: &str| json!({ "name": "c", "type": "Cluster", "clusterName": "c", "dbRoleToExecute": { "type": "BUILT_IN", "role": role } });
    for (fine, wrong) in [
        (json!({ "name": "sample_stream_orders", "type": "Sample" }), json!({ "name": "orders", "type": "Sample" })),
        (role("clusterMonitor"), role("clusterManager")),
    ] {
        assert_eq!(found(&config, &fine), Vec::<String>::new());
        assert_eq!(found(&Config::default(), &fine).len(), 1);
        assert_eq!(found(&config, &wrong).len(), 1);
    }
}

#[test]
fn levels_set_severities_and_selection_overrides_off() {
    let text = r#"{ "name": "a b", "type": "Https" }"#;
    let found = |builder: &ConfigBuilder| {
        let report = Linter::new(builder.clone().build().unwrap()).check(&Source::new("a.json", text));
        let found = report.diagnostics().iter().map(|found| format!("{} {}", found.severity, found.rule.name));
        found.collect::<Vec<_>>()
    };
    let builder = Config::builder().level("malformed-name", Severity::Info).level("missing-field", None);
    assert_eq!(found(&builder), ["info malformed-name"]);
    assert_eq!(found(&builder.clone().select(["missing-field"])), ["error missing-field"]);
    assert_eq!(found(&builder.clone().ignore(["malformed-name"])), Vec::<String>::new());
    let last = builder.level("missing-field", Severity::Warning);
    assert_eq!(found(&last), ["warning missing-field", "info malformed-name"]);
}

#[test]
fn an_ignore_of_a_rule_that_is_off_is_not_unused() {
    let text = "// streamlint-ignore-file[malformed-name]: old name\n{ \"name\": \"a\", \"type\": \"Https\", \"url\": \"https://a.example\" }";
    let found = |builder: ConfigBuilder| {
        let report = Linter::new(builder.build().unwrap()).check(&Source::new("a.jsonc", text));
        report.diagnostics().iter().map(|found| found.rule.name).collect::<Vec<_>>()
    };
    assert_eq!(found(Config::builder()), ["unused-ignore"]);
    assert_eq!(found(Config::builder().level("malformed-name", None)), Vec::<&str>::new());
}

#[test]
fn names_are_unique_in_a_workspace() {
    let text = r#"{ "name": "sample_stream_solar", "type": "Sample" }"#;
    let linter = |workspace: Option<&str>| {
        Linter::new(Config::builder().workspace(workspace.map(str::to_owned)).build().unwrap())
    };
    let count = |workspaces: &[Option<&str>]| {
        let mut reports = Vec::new();
        for (at, workspace) in workspaces.iter().enumerate() {
            reports.push(linter(*workspace).check(&Source::new(format!("{at}.json"), text)));
        }
        linter(None).across(&mut reports);
        reports.iter().map(|report| report.diagnostics().len()).sum::<usize>()
    };
    assert_eq!(count(&[None, None]), 0);
    assert_eq!(count(&[Some("dev"), Some("prod"), None]), 0);
    assert_eq!(count(&[Some("dev"), Some("prod"), Some("dev")]), 1);
}
