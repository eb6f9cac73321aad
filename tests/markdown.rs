//! Definitions in the fenced blocks of Markdown.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use streamlint::{Applicability, Config, Format, LineIndex, Linter, Part, Source, Style, diff};

/// The findings in a Markdown text: rule, line, column and marked text.
fn found(text: &str) -> Vec<String> {
    let report = streamlint::check(&Source::new("README.md", text));
    let lines = LineIndex::new(text);
    let one = |found: &streamlint::Diagnostic| {
        let (span, at) = (found.span(), lines.position(text, found.span().start));
        format!("{} {}:{} {}", found.rule.name, at.line, at.column, &text[span.start..span.end])
    };
    report.diagnostics().iter().map(one).collect()
}

fn fixed(text: &str) -> String {
    streamlint::check(&Source::new("README.md", text)).fixed(Applicability::Unsafe)
}

const HOOK: &str = "{ \"name\": \"a\", \"type\": \"https\", \"url\": \"https://a.example.com\" }";

#[test]
fn blocks_are_found_as_in_commonmark() {
    let marked = ["unknown-type 2:24 \"https\""];
    for (open, close) in [
        ("```json", "```"),
        ("```JSON", "```"),
        ("``` json title=\"x.json\" {1,2}", "```"),
        ("```json{1}", "```"),
        ("```{.json}", "```"),
        ("~~~json", "~~~"),
        ("~~~ json `x`", "~~~~~  "),
        ("`````json", "```\n`````"),
        ("````json", "````"),
        ("```jsonc", "```"),
        ("```yaml", "```"),
        ("- ```json", "```"),
        ("1. ```json", "```"),
        ("```json", ""),
        ("\u{FEFF}```json", "```"),
    ] {
        let text = format!("{open}\n{HOOK}\n{close}\n");
        let all = found(&text);
        assert_eq!(all.first().map(String::as_str), Some(marked[0]), "{open}: {all:?}");
        assert_eq!(found(&text.replace('\n', "\r\n"))[0], marked[0], "{open}");
    }
    for (open, close) in [
        ("```", "```"),
        ("```js", "```"),
        ("```jsonl", "```"),
        ("``json", "``"),
        ("```json `", "```"),
        ("<!--\n```json", "```\n-->"),
        ("````\n```json", "```\n````"),
        ("~~~\n```json", "```\n~~~"),
        ("", ""),
    ] {
        assert_eq!(found(&format!("{open}\n{HOOK}\n{close}\n")), [""; 0], "{open}");
    }
}

#[test]
fn each_block_is_a_separate_text() {
    let text = format!(
        "```json\n{{ \"name\": \"x\" \"type\": \"Sample\" }}\n```\n\n```json\n{HOOK}\n```\n\n```json\n{HOOK}\n```\n\n\
         ```yaml\nname: [\n```\n\n```json\n{{ \"compilerOptions\": {{ \"strict\": true, }} }}\n```\n"
    );
    let all = found(&text);
    let rules = all.iter().map(|it| it.split(' ').take(2).collect::<Vec<_>>().join(" ")).collect::<Vec<_>>();
    // The same name in two blocks is not a duplicate: documentation may repeat a connection.
    assert_eq!(rules, ["unknown-sample 2:11", "syntax-error 2:14", "unknown-type 6:24", "unknown-type 10:24"]);
}

#[test]
fn blocks_in_lists_and_quotes_keep_their_positions() {
    let list = "1. a\n\n    ```yaml\n    name: a\n    type: https\n    url: https://a.example.com\n    ---\n    name: b\n    type: AWSKinesis\n    aws: { roleArn: x }\n    ```\n";
    let all = found(list);
    assert_eq!(all[0], "unknown-type 5:11 https");
    assert!(all[1..].iter().any(|it| it == "unknown-type 9:11 AWSKinesis"), "{all:?}");
    assert!(!all.iter().any(|it| it.starts_with("syntax-error")), "{all:?}");
    let tabs = "-\ta\n\n\t```yaml\n\tname: a\n\ttype: https\n\turl: https://a.example.com\n\t```\n";
    assert_eq!(found(tabs), ["unknown-type 5:8 https"]);
    let quote = format!("> ```json\n> {HOOK}\n> ```\n> text\n");
    assert_eq!(found(&quote), ["unknown-type 2:26 \"https\""]);
    assert_eq!(fixed(&quote), quote, "the marks of a quote are not part of its text");
    assert_eq!(found(&format!("> ```json\n> {HOOK}\n\n{HOOK}\n")), ["unknown-type 2:26 \"https\""]);
}

#[test]
fn fixes_change_nothing_around_the_blocks() {
    let text = "é 😀\n\n1. x\n\n   ~~~json\n   {\n     \"name\": \"a\",\n     \"type\": \"https\",\n     \"headers\": {}\n   }\n   ~~~\n\nend `https`\n\n\
                ```json\n{ \"name\": \"sample_stream_solar\" \"type\": \"sample\" }\n```\n";
    for text in [text.to_owned(), text.replace('\n', "\r\n")] {
        let report = streamlint::check(&Source::new("a.md", &text));
        let fixed = report.fixed(Applicability::Unsafe);
        let newline = if text.contains('\r') { "\r\n" } else { "\n" };
        let expected = text
            .replace("\"https\"", "\"Https\"")
            .replace("\"headers\": {}", &format!("\"headers\": {{}},{newline}     \"url\": \"${{HTTPS_URL}}\""))
            .replace("solar\" ", "solar\", ")
            .replace("\"sample\"", "\"Sample\"");
        assert_eq!(fixed, expected);
        let edits = report.fixes(Applicability::Unsafe);
        let mut by_edits = text.clone();
        for edit in edits.iter().rev() {
            by_edits.replace_range(edit.span.start..edit.span.end, &edit.text);
        }
        assert_eq!(by_edits, expected);
        assert_eq!(found(&expected), [""; 0]);
    }
}

#[test]
fn nothing_around_a_block_is_shown() {
    let secret = "zq7w1";
    let text = format!(
        "# {secret}\n\n```json title=\"{secret}\"\n{{ \"x\": \"{secret}\" }}\n```\n{secret}: https://x.example.com/{secret}\n\
         ```json {secret}\n{{ \"name\": \"a\", \"type\": \"https\", \"url\": \"http://a.example.com/{secret}\",\n\
         \"headers\": {{ \"Authorization\": \"{secret}\" }} }}\n```\n{secret}\n~~~{secret}\n~~~\n"
    );
    let report = streamlint::check(&Source::new("a.md", &text));
    assert!(report.diagnostics().len() > 2);
    for &format in Format::ALL {
        let shown = report.render(format);
        assert!(!shown.contains(secret), "{format:?}: {shown}");
    }
    let after = streamlint::check(&Source::new("a.md", report.fixed(Applicability::Unsafe)));
    assert!(!diff(&report, &after, Style::default()).contains(secret));
    assert!(!format!("{report:?} {:?}", report.diagnostics()).contains(secret));
    assert!(report.miette().iter().all(|one| !format!("{one:?}").contains(secret)));
}

#[test]
fn ignores_are_written_inside_of_the_block() {
    let hcl = "text\n\n  ```hcl\n  resource \"mongodbatlas_stream_connection\" \"x\" {\n    project_id = var.p\n    workspace_name = \"w\"\n    \
               connection_name = \"x\"\n    type = \"Https\"\n    # streamlint-ignore[insecure-url]: a test server\n    url = \"http://a.example.com\"\n  }\n  ```\n";
    assert_eq!(found(hcl), [""; 0]);
    let without = hcl.replace("    # streamlint-ignore[insecure-url]: a test server\n", "");
    let report = streamlint::check(&Source::new("a.md", &without));
    let edits = report.ignoring(&report.diagnostics()[0], "a test server").unwrap();
    let mut text = without.clone();
    for edit in edits.iter().rev() {
        text.replace_range(edit.span.start..edit.span.end, &edit.text);
    }
    assert_eq!(text, hcl);
}

#[test]
fn positions_and_connections_are_those_of_the_whole_text() {
    let text = format!(
        "```json\n{{ \"name\": \"s\", \"type\": \"Sample\" }}\n```\n\n```json\n{}\n```\n",
        HOOK.replace("https\"", "Https\"")
    );
    let report = streamlint::check(&Source::new("a.md", &text));
    assert_eq!(report.summaries().len(), 2);
    assert!(matches!(&report.connections()[1], Some(streamlint::model::Connection::Https(_))));
    let place = report.place_at(text.find("\"Https\"").unwrap() + 2).unwrap();
    assert_eq!((place.connection, place.part, &text[place.span.start..place.span.end]), (1, Part::Value, "\"Https\""));
    assert!(report.openings(&place).iter().any(|it| it.key == "headers"));
    assert_eq!(report.span_of(1, "/name").map(|it| &text[it.start..it.end]), Some("\"a\""));
    assert!(report.place_at(text.find("\n\n").unwrap()).is_none());
}

#[test]
fn other_texts_are_not_checked() {
    for text in [
        "",
        "# Title\n",
        "```json\n{ \"name\": \"left-pad\", \"version\": \"1.0.0\" }\n```\n",
        "```http\nPOST https://x.example.com/a\n\n{ \"a\": 1, }\n```\n",
    ] {
        assert_eq!(found(text), [""; 0], "{text}");
        let linter = Linter::new(Config::builder().skip_unrecognized(true).build().unwrap());
        assert!(!linter.check(&Source::new("a.md", text)).is_checked(), "{text}");
    }
    let latin = Source::from_bytes("a.md", b"caf\xE9\n");
    let report = streamlint::check(&latin);
    assert_eq!(report.diagnostics()[0].message, "invalid UTF-8 at byte 3");
}

#[test]
fn hostile_texts_take_linear_time() {
    let time = |text: String| {
        let start = Instant::now();
        let report = streamlint::check(&Source::new("a.md", text));
        let _ = report.render(Format::Concise);
        start.elapsed()
    };
    for piece in [
        "```json\n{}\n",
        "> ",
        "- ",
        "```json\n",
        "> ```yaml\n> a\n",
        "1) ",
        "<!--\n",
        "```json\n{\"type\": \"https\", \"name\": \"a\"}\n```\n",
    ] {
        let (small, large) = (time(piece.repeat(500)), time(piece.repeat(4000)));
        let limit = small.max(Duration::from_millis(30)) * 40;
        assert!(large < limit, "{piece:?}: {small:?}, {large:?}");
    }
}

#[test]
fn folders_are_silent_unless_included() {
    let folder = tempfile::tempdir().unwrap();
    let text = format!("```json\n{HOOK}\n```\n");
    fs::write(folder.path().join("README.md"), &text).unwrap();
    fs::write(folder.path().join("other.mdx"), "# x\n").unwrap();
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_streamlint"));
        let output =
            command.current_dir(folder.path()).arg("check").args(["--format", "concise"]).args(arguments).output();
        let output = output.unwrap();
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let finding = "README.md:2:24: error: `https` is not a connection type [unknown-type]\n";
    assert!(!run(&["."]).0.contains("README"));
    assert!(run(&["README.md"]).0.starts_with(finding));
    assert!(run(&["other.mdx"]).1.contains("no connection definition found"));
    fs::write(folder.path().join("streamlint.toml"), "include = [\"*.md\", \"*.json\"]\n").unwrap();
    assert!(run(&["."]).0.starts_with(finding));
    let baseline = folder.path().join("known.json");
    run(&["README.md", "--write-baseline", baseline.to_str().unwrap()]);
    assert!(fs::read_to_string(&baseline).unwrap().contains("unknown-type"));
    run(&["README.md", "--fix"]);
    assert_eq!(fs::read_to_string(folder.path().join("README.md")).unwrap(), text.replace("\"https\"", "\"Https\""));
}
