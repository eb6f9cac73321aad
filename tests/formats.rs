//! The output formats: their layout, and that no name or value breaks out of it. tests/readers validates them with
//! third-party parsers.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

use streamlint::{Format, Linter, Report, Source, Style};

/// A file with findings of each severity, with related locations and both kinds of fixes; a clean file; and a file that
/// could be parsed only in part.
fn sources() -> Vec<Source> {
    let kafka = r#"{
  "name": "orders 😀", "name": "orders",
  "type": "kafka",
  "bootstrapServers": "SASL_SSL://b.example.com:9092",
  "authentication": { "mechanism": "PLAIN", "username": "u", "password": "s3cret" },
  "security": { "protocol": "SASL_PLAINTEXT" },
  "id": "65f1c0ffee0123456789abcd"
}
"#;
    let role = r#"{ "name": "c", "type": "Cluster", "clusterName": "c",
  "dbRoleToExecute": { "role": "atlasAdmin", "type": "BUILT_IN" } }"#;
    vec![
        Source::new("dir/a b.json", kafka),
        Source::new("clean.json", r#"{ "name": "sample_stream_solar", "type": "Sample" }"#),
        Source::new("cut.json", "[\n  { \"name\": "),
        Source::new("info.json", role),
        Source::new("nothing.json", "[]"),
    ]
}

fn rendered(format: Format) -> String {
    format.render(&Linter::default().check_all(&sources()), Style::default())
}

#[test]
fn every_format_looks_as_it_did() {
    for &format in Format::ALL {
        // The version changes with each release, and the texts of rules are tested elsewhere.
        let mut text = rendered(format).replace(&format!("\"{}\"", env!("CARGO_PKG_VERSION")), "\"VERSION\"");
        for rule in streamlint::RULES {
            for (words, instead) in [(rule.page(), "(the page)"), (rule.summary, "(the summary)")] {
                let words = serde_json::to_string(words).unwrap();
                text = text.replace(&format!(": {words}"), &format!(": \"{instead}\""));
            }
        }
        insta::assert_snapshot!(format.name(), text);
    }
}

#[test]
fn every_format_supports_an_empty_report() {
    for &format in Format::ALL {
        let text = format.render(&[], Style::default());
        match format.name() {
            "json" => assert_eq!(json(&text)["files"].as_array().unwrap().len(), 0),
            "sarif" => assert_eq!(json(&text)["runs"][0]["results"].as_array().unwrap().len(), 0),
            "gitlab" => assert_eq!(text, "[]\n"),
            "rdjson" => assert_eq!(json(&text)["diagnostics"].as_array().unwrap().len(), 0),
            "markdown" => assert_eq!(text, "## streamlint\n\nnothing found in 0 files (0 connections)\n"),
            "junit" => assert!(text.ends_with("<testsuites name=\"streamlint\">\n</testsuites>\n"), "{text}"),
            _ => assert_eq!(text, ""),
        }
    }
}

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap()
}

/// Text that could be mistaken for syntax, to be used in file names, connection names, field names and values.
const HOSTILE: &[&str] = &[
    "::error::x",
    "  ::stop-commands::x",
    "##[add-path]x",
    "%0A::error::x",
    "a\n::error::x",
    "a\r\n::error file=b::x",
    "a\u{1b}[31mred\u{1b}]0;title\u{7}",
    "a]]><failure/>",
    "a\"/><testcase name=\"b",
    "a&amp;&#10;<!--",
    "a\u{0}\u{8}\u{FFFE}\u{FFFF}\u{85}\u{2028}",
    "a\u{202e}gpj.exe\u{200b}",
    "a\",\"fingerprint\":\"b",
    "a\\",
    "a,line=1:2",
    "{0} [a](https://x.example)",
    "![a](https://x.example/a.png)",
    "<img src=https://x.example/a.png>",
    "</code></summary><script>a</script>",
    "https://x.example www.x.example a@x.example @octocat #1",
    "a|b\n\n# c\n- d\n1. e\n> f\n---",
    "**a** _b_ ~~c~~ \\` &#60;b&#62;",
    "-->'`$(x)",
];

/// Reports on texts that contain a hostile word in every position.
fn hostile_reports(word: &str) -> Vec<Report> {
    let quoted = serde_json::to_string(word).unwrap();
    let bodies = [
        // A shown name that is a duplicate, values that messages quote, and field names that they mention.
        format!(r#"[{{"type":"Sample","name":{quoted}}},{{"type":"Sample","name":{quoted}}}]"#),
        format!(r#"{{"type":{quoted},"name":"a",{quoted}:1}}"#),
        format!(
            r#"{{"type":"Kafka","name":"k",{quoted}:{{}},"bootstrapServers":{quoted},
            "authentication":{{"mechanism":{quoted},"username":{quoted},"password":"x",{quoted}:1}},
            "config":{{{quoted}:{quoted},"acks":{quoted}}},"networking":{{"access":{{"type":{quoted}}}}}}}"#
        ),
        format!(
            r#"{{"type":"Cluster","name":"c","clusterName":{quoted},"dbRoleToExecute":{{"role":{quoted},"type":{quoted}}}}}"#
        ),
        format!(r#"{{"type":"Https","name":"h","url":{quoted},"headers":{{{quoted}:{quoted}}}}}"#),
        // Unquoted, also at positions where JSON does not allow it.
        format!("{{\"name\": \"{word}\", {word}\n{word}\n}}"),
    ];
    let names = [format!("{word}.json"), format!("dir/{word}.jsonc"), word.to_owned()];
    let sources = bodies.iter().zip(names.iter().cycle()).map(|(body, name)| Source::new(name.as_str(), body.as_str()));
    Linter::default().check_all(&sources.collect::<Vec<_>>())
}

fn findings(reports: &[Report]) -> usize {
    reports.iter().map(|report| report.diagnostics().len()).sum()
}

#[test]
fn nothing_breaks_out_of_a_format() {
    for word in HOSTILE {
        let reports = hostile_reports(word);
        assert!(findings(&reports) > 12, "{word:?}");
        for &format in Format::ALL {
            let text = format.render(&reports, Style::default());
            let what = || format!("{word:?} in {}:\n{text}", format.name());
            let is_harmless =
                |c: char| c == '\n' || !(c.is_control() || matches!(c, '\u{202e}' | '\u{200b}' | '\u{2028}'));
            match format.name() {
                "json" => {
                    let files = json(&text);
                    let found = files["files"].as_array().unwrap().iter();
                    let found: usize = found.map(|file| file["diagnostics"].as_array().unwrap().len()).sum();
                    assert_eq!(found, findings(&reports), "{}", what());
                }
                "sarif" => {
                    let results = &json(&text)["runs"][0]["results"];
                    assert_eq!(results.as_array().unwrap().len(), findings(&reports), "{}", what());
                }
                "gitlab" => {
                    let issues = json(&text);
                    let issues = issues.as_array().unwrap();
                    assert_eq!(issues.len(), findings(&reports), "{}", what());
                    let prints = issues.iter().map(|issue| issue["fingerprint"].as_str().unwrap());
                    assert_eq!(prints.collect::<std::collections::BTreeSet<_>>().len(), issues.len(), "{}", what());
                    assert!(issues.iter().all(|issue| issue.as_object().unwrap().len() == 5), "{}", what());
                }
                "rdjson" => {
                    let found = &json(&text)["diagnostics"];
                    assert_eq!(found.as_array().unwrap().len(), findings(&reports), "{}", what());
                }
                "markdown" => {
                    assert!(text.chars().all(is_harmless), "{}", what());
                    let items = text.lines().filter(|line| line.starts_with("- ")).count();
                    assert_eq!(items, findings(&reports), "{}", what());
                    assert!(!text.contains("##["), "{}", what());
                    check_markdown(&text, &what());
                }
                "github" => {
                    assert!(text.chars().all(is_harmless), "{}", what());
                    assert_eq!(text.lines().count(), findings(&reports), "{}", what());
                    for line in text.lines() {
                        let (command, _) = line.strip_prefix("::").and_then(|line| line.split_once("::")).unwrap();
                        let (command, properties) = command.split_once(' ').unwrap();
                        assert!(matches!(command, "error" | "warning" | "notice"), "{}", what());
                        let names = properties.split(',').map(|property| property.split('=').next().unwrap());
                        let names = names.collect::<Vec<_>>();
                        assert!(names.starts_with(&["title", "file", "line", "endLine"]), "{}", what());
                        assert!(names.len() == 4 || names[4..] == ["col", "endColumn"], "{}", what());
                    }
                }
                "junit" => {
                    assert!(text.chars().all(is_harmless) && !text.contains("]]>"), "{}", what());
                    assert!(!text.contains(['\u{FFFE}', '\u{FFFF}']), "{}", what());
                    assert_eq!(text.matches("<testcase ").count(), findings(&reports), "{}", what());
                    assert_eq!(text.matches("</testcase>").count(), findings(&reports), "{}", what());
                    let tags = text.matches('<').count() - 3;
                    let closed = text.matches('>').count() - 3;
                    assert_eq!(tags, closed, "{}", what());
                }
                _ => {
                    assert!(text.chars().all(is_harmless), "{}", what());
                    assert!(!text.contains("##["), "{}", what());
                    let is_command = |line: &str| line.trim_start().starts_with("::");
                    assert!(!text.lines().any(is_command), "{}", what());
                    if format.name() == "concise" {
                        assert_eq!(text.lines().count(), findings(&reports), "{}", what());
                    }
                }
            }
        }
    }
}

/// A summary contains only text, code, rows of the table, file headings, and links to rules or files.
fn check_markdown(text: &str, what: &str) {
    use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
    let (mut headings, mut depth) = (0, 0);
    let files = text.lines().filter(|line| line.starts_with("### ")).count();
    let url = streamlint::RULES[0].url();
    let pages = &url[..=url.rfind('/').unwrap()];
    for event in Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_GFM | Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::InlineHtml(html) => {
                assert!(matches!(&*html, "<br>" | "<!-- -->"), "{html} in {what}");
            }
            Event::Html(html) => panic!("{html} in {what}"),
            Event::Start(Tag::Link { dest_url, .. }) => {
                depth += 1;
                // A file whose name looks like a URL is still a file in the folder.
                let is_ours = dest_url.starts_with(pages) || !dest_url.contains(':');
                assert!(is_ours, "{dest_url} in {what}");
            }
            Event::End(TagEnd::Link) => depth -= 1,
            Event::Start(Tag::Heading { .. }) => headings += 1,
            Event::Start(
                Tag::Image { .. } | Tag::CodeBlock(_) | Tag::BlockQuote(_) | Tag::Emphasis | Tag::Strikethrough,
            ) => {
                panic!("{event:?} in {what}")
            }
            _ => {}
        }
    }
    assert_eq!((headings, depth), (files + 1, 0), "{what}");
}
