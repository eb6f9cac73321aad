//! Fixes in HCL: the fixed text is valid and has nothing left to fix.
#![cfg(feature = "dialects")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

use proptest::prelude::*;
use streamlint::{Applicability, Linter, Report, Source};

fn check(text: &str) -> Report {
    Linter::default().check(&Source::new("main.tf", text))
}

fn is_broken(report: &Report) -> bool {
    report.diagnostics().iter().any(|found| matches!(found.rule.name, "syntax-error" | "duplicate-key"))
}

/// The fixed text, after checking that it parses, has the same definitions and has nothing left to fix.
fn settled(text: &str, up_to: Applicability) -> Result<String, String> {
    let before = check(text);
    let fixed = before.fixed(up_to);
    let after = check(&fixed);
    let left =
        after.diagnostics().iter().find(|found| found.fix.as_ref().is_some_and(|fix| fix.applicability <= up_to));
    let wrong = if is_broken(&after) {
        "it does not read"
    } else if left.is_some() || after.fixed(up_to) != fixed {
        "something is left to fix"
    } else if after.summaries().len() != before.summaries().len() || after.dialect() != before.dialect() {
        "it is something else"
    } else {
        return Ok(fixed);
    };
    let left = left.map(|found| found.rule.name).unwrap_or_default();
    Err(format!("{up_to:?}: {wrong} ({left}):\n{text}\nbecomes\n{fixed}"))
}

/// Fixes change only the keys and values that they name.
#[test]
fn safe_fixes_keep_comments_and_columns() {
    let before = r#"# The orders.
resource "mongodbatlas_stream_connection" "orders" {
	project_id      = var.project_id
	instance_name   = "w" # the workspace
  connectionName    = "orders" // as in the topic
  type              = "kafka"
  bootstrap_servers = "SASL_SSL://broker.example.com:9092" /* one */
  authentication {
    mechanism = "plain"
    username  = "u"

    password  = var.password # not here
  }
  security = { protocol = "sasl_ssl", } # é
}
"#;
    let expected = r#"# The orders.
resource "mongodbatlas_stream_connection" "orders" {
	project_id      = var.project_id
	instance_name   = "w" # the workspace
  connection_name    = "orders" // as in the topic
  type              = "Kafka"
  bootstrap_servers = "broker.example.com:9092" /* one */
  authentication = {
    mechanism = "PLAIN"
    username  = "u"

    password  = var.password # not here
  }
  security = { protocol = "SASL_SSL", } # é
}
"#;
    assert_eq!(settled(before, Applicability::Safe).unwrap(), expected);
    let windows = |text: &str| text.replace('\n', "\r\n");
    assert_eq!(settled(&windows(before), Applicability::Safe).unwrap(), windows(expected));
    assert_eq!(settled(expected, Applicability::Safe).unwrap(), expected);
}

/// The fixed text is formatted as by `terraform fmt` if the original was.
#[test]
fn equals_signs_stay_aligned() {
    let before = r#"resource "mongodbatlas_stream_connection" "a" {
  project_id    = var.project_id
  instance_name = "w" # the workspace
  type          = "Https"

  connectionName = "a"
  url            = "https://hooks.example.com"
  headers = {
    A = var.a
  }
}

output "workspace" {
  value = [mongodbatlas_stream_connection.a.instance_name, "${mongodbatlas_stream_connection.a["x"].instance_name}"]
  other = ["mongodbatlas_stream_connection.a.instance_name", data.mongodbatlas_stream_connection.a.instance_name]
}
"#;
    let expected = r#"resource "mongodbatlas_stream_connection" "a" {
  project_id     = var.project_id
  workspace_name = "w" # the workspace
  type           = "Https"

  connection_name = "a"
  url             = "https://hooks.example.com"
  headers = {
    A = var.a
  }
}

output "workspace" {
  value = [mongodbatlas_stream_connection.a.workspace_name, "${mongodbatlas_stream_connection.a["x"].workspace_name}"]
  other = ["mongodbatlas_stream_connection.a.instance_name", data.mongodbatlas_stream_connection.a.instance_name]
}
"#;
    assert_eq!(settled(before, Applicability::Unsafe).unwrap(), expected);
    assert_eq!(settled(&before.replace('\n', "\r\n"), Applicability::Unsafe).unwrap(), expected.replace('\n', "\r\n"));
}

/// Converting a block to an attribute includes the blocks inside it, unless one has a label or is a `dynamic` block.
#[test]
fn blocks_become_attributes_with_their_content() {
    let fixed = |inner: &str| {
        let text = format!("resource \"mongodbatlas_stream_connection\" \"x\" {{\n{inner}\n}}\n");
        settled(&text, Applicability::Safe)
            .map(|fixed| fixed.lines().skip(1).take(inner.lines().count()).collect::<Vec<_>>().join("\n"))
    };
    assert_eq!(
        fixed("  networking {\n    access{\n    }\n  }").unwrap(),
        "  networking = {\n    access = {\n    }\n  }"
    );
    for kept in [
        "  headers \"x\" {\n    A = \"b\"\n  }",
        "  authentication {\n    dynamic \"aws\" {\n      for_each = [1]\n      content {\n      }\n    }\n  }",
        "  authentication {\n    a \"b\" {\n    }\n  }",
    ] {
        assert_eq!(fixed(kept).unwrap(), kept);
    }
}

/// Found by the property test below: the line break before the marker was taken for whitespace of the value.
#[test]
fn a_heredoc_keeps_its_marker_on_a_separate_line() {
    let write = |value: &str| {
        format!("resource \"mongodbatlas_stream_connection\" \"x\" {{\n  bootstrap_servers = {value}\n}}\n")
    };
    let fixed = settled(&write("<<EOT\nSSL://a.example.com:9092\nEOT"), Applicability::Safe);
    assert_eq!(fixed.unwrap(), write("\"a.example.com:9092\""));
}

/// Valid and invalid arguments of a connection. A definition gets at most one of each group.
const ARGUMENTS: &[&[&str]] = &[
    &[r#"workspace_name = "w""#, r#"instance_name = "w""#, "workspace_name=var.w"],
    &[r#"connection_name = "orders""#, r#"connectionName = "orders""#, r#"name = "orders""#],
    &[r#"type = "Kafka""#, r#"type = "kafka""#, r#"type = "Https""#, r#"type = "KAFKA""#, r#"type = "cluster""#],
    &[
        r#"bootstrap_servers = "a.example.com:9092""#,
        r#"bootstrapServers = "SASL_SSL://a.example.com:9092, b.example.com:9092""#,
        r#"bootstrap_servers = " a.example.com:9092,b.example.com:9092;""#,
        "bootstrap_servers = <<EOT\nSSL://a.example.com:9092\nEOT",
        r#"bootstrap_server = "a.example.com:9092""#,
    ],
    &[
        r#"authentication = { mechanism = "PLAIN", username = "u", password = var.p }"#,
        "authentication {\n mechanism = \"plain\"\n username = \"u\" # é\n password = var.p\n}",
        r#"authentication = { mechanism : "SCRAM-SHA-256", "username" : "u", password = "${var.p}" }"#,
        "authentication = {\n  mechanism = \"OAUTHBEARER\"\n  clientId = \"c\", # é\n  method = \"oidc\"\n}",
    ],
    &[
        r#"security = { protocol = "SASL_SSL" }"#,
        r#"security = { protocol = "sasl_ssl", }"#,
        "security {\n}",
        r#"security = { brokerPublicCertificate = "x", protocol = "SSL" }"#,
    ],
    &[r#"config = { "acks" = "all" }"#, r#"config { acks = "all" }"#, r#"config = { "bootstrap.servers" = "x" }"#],
    &[
        r#"url = "https://hooks.example.com""#,
        r#"url = "http://hooks.example.com/${var.x}""#,
        r#"url = "hooks.example.com""#,
        r#"uri = " https://hooks.example.com""#,
    ],
    &[r#"headers = { "X-Key" = var.key }"#, "headers { Authorization = var.key }", "headers = {}"],
    &[r#"networking = { access = { type = "public" } }"#, "networking {\n access {\n type = \"VPC\"\n }\n}"],
    &[r#"cluster_name = "c""#, r#"clusterName = "c" "#],
    &[r#"db_role_to_execute = { role = "r", type = "built_in" }"#, r#"dbRoleToExecute = { role = "atlasAdmin" }"#],
    // For fixes of syntax errors.
    &["project_id = var.project_id", "project_id = var.project_id,", "project_id: var.project_id"],
];

fn remark() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["", " # é", " // x = \"{\"", " /* } */", "\t", "\n\n  # <<EOT"])
}

/// A resource with some of the arguments, in a random layout.
fn resource() -> impl Strategy<Value = String> {
    let argument = |choices: &'static [&'static str]| {
        let argument = (prop::sample::select(choices), remark(), prop::sample::select(vec!["  ", "\t", ""]));
        prop::option::weighted(0.6, argument)
    };
    let arguments = ARGUMENTS.iter().map(|choices| argument(choices)).collect::<Vec<_>>();
    (arguments.prop_map(|all| all.into_iter().flatten().collect::<Vec<_>>()).prop_shuffle(), any::<bool>()).prop_map(
        |(arguments, is_windows)| {
            let mut text = "# é\nresource \"mongodbatlas_stream_connection\" \"x\" {\n".to_owned();
            for (argument, remark, indentation) in arguments {
                // No comment may follow the marker of a heredoc.
                let remark = if argument.ends_with("EOT") { "" } else { remark };
                text.extend([indentation, argument, remark, "\n"]);
            }
            text.push_str("}\n");
            if is_windows { text.replace('\n', "\r\n") } else { text }
        },
    )
}

/// The counts of comments and blank lines in a text, and whether it has CRLF line endings.
fn kept(text: &str) -> ([usize; 4], usize, bool) {
    let remarks = ["# é", "// x = \"{\"", "/* } */", "# <<EOT"].map(|part| text.matches(part).count());
    let is_windows = text.contains('\r');
    assert_eq!(text.matches("\r\n").count(), if is_windows { text.matches('\n').count() } else { 0 }, "{text:?}");
    (remarks, text.lines().filter(|line| line.is_empty()).count(), is_windows)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn safe_fixes_leave_nothing_that_is_safe(text in resource()) {
        // A syntax error hides the text after it, so fixes of syntax errors need their own round.
        let text = if is_broken(&check(&text)) { check(&text).fixed(Applicability::Safe) } else { text };
        let text = if is_broken(&check(&text)) { check(&text).fixed(Applicability::Safe) } else { text };
        let fixed = settled(&text, Applicability::Safe).map_err(TestCaseError::fail)?;
        prop_assert_eq!(kept(&fixed), kept(&text), "{}\nbecomes\n{}", text, fixed);
    }

    #[test]
    fn no_fix_breaks_a_text(text in resource()) {
        let report = check(&text);
        if !is_broken(&report) {
            for up_to in [Applicability::Safe, Applicability::Unsafe] {
                let after = check(&report.fixed(up_to));
                prop_assert!(!is_broken(&after), "{text}\nbecomes\n{}", report.fixed(up_to));
                prop_assert_eq!(after.summaries().len(), report.summaries().len());
            }
        }
    }
}
