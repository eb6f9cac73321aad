//! `streamlint.toml`: its keys, its published schema, and its errors.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::{Settings, graphical_report, keys};
use crate::{Config, Linter, Mode, RULES, Severity, Source, Style};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn schema_path() -> PathBuf {
    root().join("schemas/config.schema.json")
}

fn schema() -> Value {
    serde_json::from_str(&fs::read_to_string(schema_path()).unwrap()).unwrap()
}

fn read(text: &str) -> Settings {
    Settings::read(text).unwrap_or_else(|mistakes| panic!("{mistakes:?}\n{text}"))
}

/// The report about a text with mistakes.
fn report_of(text: &str) -> String {
    graphical_report("streamlint.toml", text, &Settings::read(text).unwrap_err(), Style::default())
}

/// A value of JSON as TOML writes it.
fn in_toml(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("[{}]", items.iter().map(in_toml).collect::<Vec<_>>().join(", ")),
        Value::Object(members) => {
            let members = members.iter().map(|(key, value)| format!("{} = {}", json!(key), in_toml(value)));
            format!("{{ {} }}", members.collect::<Vec<_>>().join(", "))
        }
        scalar => scalar.to_string(),
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// The schema and the parser have the same keys

#[test]
fn the_schema_and_the_parser_have_the_same_keys() {
    let schema = schema();
    let (of_file, of_paths) = keys();
    for (read, part) in [(of_file, &schema), (of_paths, &schema["$defs"]["override"])] {
        let published = part["properties"].as_object().unwrap().keys().map(String::as_str).collect::<BTreeSet<_>>();
        assert_eq!(published, read.into_iter().collect::<BTreeSet<_>>());
        assert_eq!(part["additionalProperties"], false);
    }
}

/// `STREAMLINT_BLESS=1` writes the rules into the schema.
#[test]
fn the_schema_knows_the_rules() {
    let mut schema = schema();
    let rules = RULES.iter().map(|rule| {
        let about = json!({ "$ref": "#/$defs/level", "description": format!("{} ({})", rule.summary, rule.severity) });
        (rule.name.to_owned(), about)
    });
    let rules: Map<_, _> = rules.collect();
    if std::env::var_os("STREAMLINT_BLESS").is_some() {
        schema["$defs"]["rules"]["properties"] = rules.into();
        fs::write(schema_path(), serde_json::to_string_pretty(&schema).unwrap() + "\n").unwrap();
    } else {
        let is_new = schema["$defs"]["rules"]["properties"] == Value::from(rules);
        assert!(is_new, "the rules in schemas/config.schema.json are old: `make bless` writes them anew");
    }
}

/// The examples of every part of the schema, with their keys.
fn examples() -> Vec<(String, Value)> {
    let schema = schema();
    let mut examples = Vec::new();
    for part in [&schema["properties"], &schema["$defs"]] {
        for (key, about) in part.as_object().unwrap() {
            let known = keys().0.contains(&key.as_str());
            let listed = about["examples"].as_array().into_iter().flatten();
            examples.extend(listed.filter(|_| known).map(|example| (key.clone(), example.clone())));
        }
    }
    examples
}

#[test]
fn the_schema_and_the_parser_accept_every_example() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let examples = examples();
    let with_example = examples.iter().map(|(key, _)| key.as_str()).collect::<BTreeSet<_>>();
    assert_eq!(with_example, keys().0.into_iter().filter(|key| *key != "$schema").collect());
    for (key, example) in examples {
        read(&format!("{key} = {}", in_toml(&example)));
        let value = json!({ key: example });
        assert!(validator.is_valid(&value), "{value}");
    }
    for example in schema()["examples"].as_array().unwrap() {
        let members = example.as_object().unwrap().iter().map(|(key, value)| format!("{key} = {}\n", in_toml(value)));
        read(&members.collect::<String>());
    }
}

#[test]
fn the_schema_and_the_parser_reject_other_types() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    for key in keys().0 {
        for wrong in [json!(5), json!(""), json!([5]), json!([""]), json!({ "no": "such" }), json!("unknown value")] {
            let taken = Settings::read(&format!("{key} = {}", in_toml(&wrong))).is_ok();
            let accepted = validator.is_valid(&json!({ key: wrong }));
            // An address may be any text, and editors' schemas allow an empty one.
            assert!(taken == accepted || key == "$schema", "{key} = {wrong}: read {taken}, by the schema {accepted}");
        }
    }
}

#[test]
fn the_allowed_values_are_the_same() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let words =
        ["error", "warning", "info", "off", "create", "update", "response", "failover", "Kafka", "Https", "GCPPubSub"];
    for word in words {
        for (key, value) in [
            ("fail-on", json!(word)),
            ("mode", json!(word)),
            ("rules", json!({ "missing-port": word })),
            ("require-private-networking", json!([word])),
        ] {
            let taken = Settings::read(&format!("{key} = {}", in_toml(&value))).is_ok();
            assert_eq!(taken, validator.is_valid(&json!({ key: value })), "{key} = {value}");
        }
    }
}

#[test]
fn the_example_of_the_guide_is_right() {
    let guide = fs::read_to_string(root().join("docs/settings.md")).unwrap();
    let example = guide.split("<!-- streamlint.toml -->\n```toml\n").nth(1).unwrap();
    let example = example.split("```").next().unwrap();
    let settings = read(example);
    assert_eq!(
        settings.config(&settings.overrides_of("dev/a.json"), Config::default()).workspace.as_deref(),
        Some("dev")
    );
    // It has every key, except those that the text below it explains.
    for key in keys().0.iter().filter(|key| !["$schema", "include", "mode"].contains(key)) {
        assert!(example.lines().any(|line| line.starts_with(key) || line.contains(&format!("[{key}]"))), "{key}");
    }
    // The schema also accepts it.
    let value: Value = serde_json::to_value(toml::from_str::<toml::Table>(example).unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema()).unwrap();
    if let Err(error) = validator.validate(&value) {
        panic!("{error}");
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// The effect of settings

#[test]
fn overrides_are_for_their_paths_and_later_ones_win() {
    let settings = read(
        r#"
        mode = "update"
        known-samples = ["one", "two"]
        rules = { missing-port = "error", overprivileged-role = "off" }
        [[overrides]]
        paths = ["dev/", "*.tmpl.json"]
        rules.missing-port = "info"
        known-samples = ["three"]
        [[overrides]]
        paths = ["dev/prod-like/"]
        rules.missing-port = "off"
        mode = "create"
        workspace = "dev"
        "#,
    );
    let config = |path: &str| settings.config(&settings.overrides_of(path), Config::default());
    let port = |path: &str| config(path).levels.iter().rev().find(|(rule, _)| *rule == "missing-port").unwrap().1;
    assert_eq!(port("a.json"), Some(Severity::Error));
    assert_eq!(port("dev/a.json"), Some(Severity::Info));
    assert_eq!(port("x/a.tmpl.json"), Some(Severity::Info));
    assert_eq!(port("dev/prod-like/a.json"), None);
    assert_eq!(config("a.json").conventions.known_samples, ["one", "two"]);
    assert_eq!(config("dev/prod-like/a.json").conventions.known_samples, ["three"]);
    assert_eq!((config("a.json").mode, config("a.json").workspace), (Some(Mode::Update), None));
    let inner = config("dev/prod-like/a.json");
    assert_eq!((inner.mode, inner.workspace.as_deref()), (Some(Mode::Create), Some("dev")));
    // The command line takes precedence over the file.
    let given = Config { mode: Some(Mode::Response), ..Config::default() };
    assert_eq!(settings.config(&settings.overrides_of("dev/prod-like/a.json"), given).mode, Some(Mode::Response));
}

#[test]
fn globs_are_those_of_the_table() {
    let table: Value = serde_json::from_str(include_str!("../../tests/policies/globs.json")).unwrap();
    for case in table["matches"].as_array().unwrap() {
        let glob = &case["glob"];
        let settings = read(&format!("exclude = [{glob}]"));
        for (list, expected) in [("yes", true), ("no", false)] {
            for path in case[list].as_array().unwrap() {
                assert_eq!(settings.exclude.contain(path.as_str().unwrap()), expected, "{glob} and {path}");
            }
        }
    }
    for glob in table["refused"].as_array().unwrap() {
        assert!(Settings::read(&format!("exclude = [{glob}]")).is_err(), "{glob}");
    }
}

#[test]
fn all_globs_of_a_list_apply_up_to_a_limit() {
    let globs = |count: usize, glob: &str| format!("exclude = [{}]\n", format!("\"{glob}\", ").repeat(count));
    let many = read(&globs(2500, "teams/*/connections/[!a-z]*.json").replacen("teams", "vendor", 1));
    assert!(many.exclude.contain("vendor/a/connections/1.json") && !many.exclude.contain("vendor/a.json"));
    let too_many = Settings::read(&globs(1, &"?".repeat(50_000))).unwrap_err();
    assert_eq!(too_many[0].message, "the globs are too large");
    assert_eq!((too_many.len(), too_many[0].span.start), (1, "exclude = ".len()));
}

#[test]
fn patterns_are_those_of_the_table() {
    let table: Value = serde_json::from_str(include_str!("../../tests/policies/patterns.json")).unwrap();
    for case in table["matches"].as_array().unwrap() {
        let pattern = &case["pattern"];
        let settings = read(&format!("placeholders = [{pattern}]\nconnection-names = {pattern}"));
        let policy = settings.config(&[], Config::default()).conventions;
        for text in case["found"].as_array().unwrap().iter().chain(case["whole"].as_array().unwrap()) {
            assert!(policy.placeholders[0].matches(text.as_str().unwrap()), "{pattern} is found in {text}");
        }
        for text in case["whole"].as_array().unwrap() {
            assert!(policy.connection_names.as_ref().unwrap().matches(text.as_str().unwrap()), "{pattern} is {text}");
        }
        for text in case["found"].as_array().unwrap().iter().chain(case["absent"].as_array().unwrap()) {
            let name = policy.connection_names.as_ref().unwrap();
            assert!(!name.matches(text.as_str().unwrap()), "{pattern} is not {text}");
        }
        for text in case["absent"].as_array().unwrap() {
            assert!(!policy.placeholders[0].matches(text.as_str().unwrap()), "{pattern} is not found in {text}");
        }
    }
    for pattern in table["refused"].as_array().unwrap() {
        assert!(Settings::read(&format!("placeholders = [{pattern}]")).is_err(), "{pattern}");
        assert!(Settings::read(&format!("connection-names = {pattern}")).is_err(), "{pattern}");
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// Mistakes

#[test]
fn a_misspelled_key_has_a_suggestion() {
    insta::assert_snapshot!(report_of("exclude = [\"vendor/\"]\nfail_on = \"error\"\n"), @r#"
    error

      × unknown key `fail_on`
       ╭─[streamlint.toml:2:1]
     2 │ fail_on …
       · ───┬───
       ·    ╰── did you mean `fail-on`?
       ╰────
    "#);
}

#[test]
fn every_mistake_is_marked_at_its_position() {
    let text = concat!(
        "placeholders = ['a(b', \"ok\"]\n",
        "include = [\"a[\"]\n",
        "mode = 5\n",
        "allowed-hosts = [\"https://a.example\"]\n",
        "require-private-networking = [\"Https\"]\n",
        "missing-port = \"off\"\n",
        "[rules]\n",
        "missing-feild = \"off\"\n",
        "missing-port = \"warn\"\n",
        "[[overrides]]\n",
        "exclude = [\"a\"]\n",
    );
    insta::assert_snapshot!(report_of(text), @r#"
    error

      × invalid regular expression: unclosed group
       ╭─[streamlint.toml:1:17]
     1 │ placeholders = ['a(b' …
       ·                 ──┬──
       ·                   ╰── invalid
       ╰────

    error

      × invalid glob: `[` without `]`
       ╭─[streamlint.toml:2:12]
     2 │ include = ["a["]
       ·            ──┬─
       ·              ╰── invalid
       ╰────

    error

      × expected a string, found an integer
       ╭─[streamlint.toml:3:8]
     3 │ mode = 5
       ·        ┬
       ·        ╰── expected a string
       ╰────

    error

      × invalid host
       ╭─[streamlint.toml:4:18]
     4 │ allowed-hosts = ["https://a.example"]
       ·                  ─────────┬─────────
       ·                           ╰── invalid host
       ╰────
      help: use a name, `*.` and a domain, an address or a network like 10.0.0.0/8, without a port

    error

      × unknown value `Https`
       ╭─[streamlint.toml:5:31]
     5 │ require-private-networking = ["Https"]
       ·                               ───┬───
       ·                                  ╰── unknown value
       ╰────
      help: use one of Kafka, S3, AWSLambda, AWSKinesisDataStreams, AzureBlobStorage, GCPPubSub

    error

      × unknown key `missing-port`
       ╭─[streamlint.toml:6:1]
     6 │ missing-port …
       · ──────┬─────
       ·       ╰── unknown key
       ╰────
      help: write rules under [rules]

    error

      × unknown rule `missing-feild`
       ╭─[streamlint.toml:8:1]
     8 │ missing-feild …
       · ──────┬──────
       ·       ╰── did you mean `missing-field`?
       ╰────
      help: `streamlint rules` lists all rules

    error

      × unknown value `warn`
       ╭─[streamlint.toml:9:16]
     9 │ missing-port = "warn"
       ·                ───┬──
       ·                   ╰── did you mean `warning`?
       ╰────
      help: use one of error, warning, info, off

    error

      × missing `paths` in an override
        ╭─[streamlint.toml:10:1]
     10 │ [[overrides]]
        · ──────┬──────
        ·       ╰── missing `paths`
        ╰────
      help: write an array of globs, like `paths = ["dev/"]`

    error

      × unknown key `exclude`
        ╭─[streamlint.toml:11:1]
     11 │ exclude …
        · ───┬───
        ·    ╰── unknown key
        ╰────
      help: write it at the top of the file; it applies to all paths
    "#);
}

#[test]
fn a_prefix_of_a_key_has_a_suggestion() {
    let text = concat!(
        "fail-on = \"warn\"\n",
        "mode = \"upd\"\n",
        "allowed = []\n",
        "rules.missing-cred = \"off\"\n",
        "rules.missing-port = \"warn\"\n",
    );
    let mistakes = Settings::read(text).unwrap_err();
    assert_eq!(
        mistakes.iter().map(|mistake| mistake.label.as_str()).collect::<Vec<_>>(),
        [
            "did you mean `warning`?",
            "did you mean `update`?",
            "did you mean `allowed-hosts`?",
            "did you mean `missing-credentials`?",
            "did you mean `warning`?"
        ]
    );
}

#[test]
fn overrides_are_an_array_of_tables_for_some_paths() {
    let text = "[overrides]\npaths = [\"dev/\"]\n";
    insta::assert_snapshot!(report_of(text), @r#"
    error

      × expected an array of tables, found a table
       ╭─[streamlint.toml:1:1]
     1 │ [overrides]
       · ─────┬─────
       ·      ╰── expected an array of tables
       ╰────
      help: write [[overrides]] above each
    "#);
    insta::assert_snapshot!(report_of("[[overrides]]\npaths = []\n"), @r#"
    error

      × `paths` is empty
       ╭─[streamlint.toml:2:9]
     2 │ paths = []
       ·         ─┬
       ·          ╰── empty
       ╰────
      help: write an array of globs, like `paths = ["dev/"]`
    "#);
    let validator = jsonschema::validator_for(&schema()).unwrap();
    assert!(!validator.is_valid(&json!({ "overrides": [{ "paths": [] }] })));
}

#[test]
fn a_line_is_shown_up_to_a_possible_secret() {
    for (text, line) in [
        ("placeholders = [\"(\"]\n", "placeholders = [\"(\"]"),
        ("placeholders = [\n  \"(\",\n]\n", "  \"(\","),
        ("placeholders = [\"(\", \"b\"]\n", "placeholders = [\"(\" …"),
        ("fail_on = \"error\"\n", "fail_on …"),
        ("fail-on\n", "fail-on"),
        ("[rules]\n[rules]\n", "[rules]"),
        ("[[overrides]]\npaths = [\"a\"]\n[overrides.rules]\n[overrides.rules]\n", "[overrides.rules]"),
        ("hunter2\n", "…"),
        ("[hunter2]\n[hunter2]\n", "…"),
        ("fail-on = hunter2\n", "fail-on = …"),
    ] {
        let reported = report_of(text);
        assert!(
            reported.lines().any(|shown| shown.split_once(" │ ").is_some_and(|(_, shown)| shown == line)),
            "{reported}"
        );
    }
}

#[test]
fn mistakes_after_a_byte_order_mark_keep_their_positions() {
    assert_eq!(Settings::read("\u{FEFF}fial-on = 5").unwrap_err()[0].span, 3..10);
}

#[test]
fn a_pattern_that_is_too_large_is_rejected() {
    let mistakes = Settings::read("connection-names = '(?:a{1000}){1000}'").unwrap_err();
    assert_eq!(mistakes[0].message, "invalid regular expression: it is too large");
}

#[test]
fn a_text_that_is_not_toml_shows_no_values() {
    let secret = "hunter2";
    for text in [
        format!("PASSWORD={secret}\n"),
        format!("{secret}\n"),
        format!("a = \"{secret}\n"),
        format!("a = 1\nb = [ \"{secret}\", {secret} ]\n"),
        format!("password = \"{secret}\"\n"),
        format!("a = {{ password = \"{secret}\", token = \"{secret}\" }}\n"),
        format!("{{ \"password\": \"{secret}\" }}\n"),
        format!("-----BEGIN KEY-----\n{secret}\n"),
    ] {
        let reported = report_of(&text);
        assert!(reported.contains("streamlint.toml:"), "{reported}");
        assert!(!reported.contains(secret), "{reported}");
    }
    insta::assert_snapshot!(report_of("a = 1\nPASSWORD=hunter2\n"), @r#"
    error

      × invalid TOML: string values must be quoted, expected literal string
       ╭─[streamlint.toml:2:10]
     2 │ PASSWORD= …
       ·           ─
       ╰────
    "#);
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in "[ -~\n\té\u{FEFF}]{0,80}") {
        if let Err(mistakes) = Settings::read(&text) {
            prop_assert!(!graphical_report("streamlint.toml", &text, &mistakes, Style::default()).is_empty());
        }
    }

    #[test]
    fn no_value_makes_the_reader_panic(
        key in prop::sample::select(keys().0),
        value in prop::sample::select(vec!["'{}'", "['{}']", "{ '{}' = 1 }", "[[{ a = '{}' }]]", "{}"]),
        inside in "[ -~é\n]{0,30}",
        cut in 0..100_usize,
    ) {
        let mut text = format!("{key} = {}\n[[overrides]]\n{key} = 1", value.replace("{}", &inside));
        let mut cut = cut.min(text.len());
        while !text.is_char_boundary(cut) {
            cut -= 1;
        }
        for text in [text.clone(), text.split_off(cut)] {
            if let Err(mistakes) = Settings::read(&text) {
                let reported = graphical_report("streamlint.toml", &text, &mistakes, Style { colors: true, links: true, ..Style::default() });
                prop_assert!(!reported.is_empty());
            }
        }
    }

    /// For any pattern and any text.
    #[test]
    fn no_pattern_panics(pattern in "[\\[\\]().*+?|\\\\a-c{}1,^$-]{1,20}", text in "[a-c\n]{0,40}") {
        let written = format!("connection-names = {}", json!(pattern));
        if let Ok(settings) = Settings::read(&written) {
            let policy = settings.config(&[], Config::default()).conventions;
            let _ = policy.connection_names.unwrap().matches(&text);
        }
    }

    #[test]
    fn no_glob_panics(glob in "[\\[\\]{},!*?/a-c.\\\\-]{1,16}", path in "[a-c/.]{0,20}") {
        if let Ok(settings) = Settings::read(&format!("exclude = [{}]", json!(glob))) {
            let _ = settings.exclude.contain(&path);
        }
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// The table that also tests the npm package

/// A config as JavaScript has it, as TOML.
fn written(config: &Value) -> String {
    let kebab = |key: &str| {
        key.chars().fold(String::new(), |name, letter| match letter {
            'A'..='Z' => name + "-" + &letter.to_ascii_lowercase().to_string(),
            other => name + &other.to_string(),
        })
    };
    let mut text = String::new();
    for (key, value) in config.as_object().unwrap() {
        let value = match value.as_array() {
            Some(overrides) if key == "overrides" => {
                let all = overrides.iter().map(|one| {
                    let members = one.as_object().unwrap().iter();
                    let members = members.map(|(key, value)| format!("{} = {}", kebab(key), in_toml(value)));
                    format!("{{ {} }}", members.collect::<Vec<_>>().join(", "))
                });
                format!("[{}]", all.collect::<Vec<_>>().join(", "))
            }
            _ => in_toml(value),
        };
        text.extend([kebab(key).as_str(), " = ", value.as_str(), "\n"]);
    }
    text
}

#[test]
fn the_cases_of_the_table_hold() {
    let table: Value = serde_json::from_str(include_str!("../../tests/policies/cases.json")).unwrap();
    for case in table.as_array().unwrap() {
        let settings = read(&written(&case["config"]));
        let mut reports = Vec::new();
        let files = case["files"].as_object().unwrap();
        for (path, file) in files {
            let config = settings.config(&settings.overrides_of(path), Config::default());
            let text = file["text"].as_str().unwrap();
            reports.push(Linter::new(config).check(&Source::new(path.as_str(), text)));
        }
        Linter::default().across(&mut reports);
        for ((path, file), report) in files.iter().zip(&reports) {
            let found = report.diagnostics().iter();
            let found = found.map(|found| format!("{} {} {}", found.severity, found.rule.name, found.pointer));
            let expected = file["found"].as_array().unwrap().iter().map(|found| found.as_str().unwrap());
            assert_eq!(found.collect::<Vec<_>>(), expected.collect::<Vec<_>>(), "{}: {path}", case["name"]);
        }
    }
}
