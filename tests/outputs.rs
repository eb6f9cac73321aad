//! Several reports of one run, truncated reports, and the output of runs that change files.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

use streamlint::{Format, Linter, Source, Style};

/// One error with a safe fix.
const NEAR: &str = "{\n  \"name\": \"sample_stream_solar\",\n  \"type\": \"sample\"\n}\n";
/// No finding.
const GOOD: &str = "{\n  \"name\": \"sample_stream_solar\",\n  \"type\": \"Sample\"\n}\n";
/// Three findings: one with a safe fix, and two without.
const THREE: &str = "{\n  \"name\": \"a\",\n  \"type\": \"https\",\n  \"url\": \"http://a.example.com/\",\n  \"headers\": { \"Authorization\": \"Bearer zq-hunter2\" }\n}\n";

struct Run {
    status: i32,
    out: String,
    err: String,
    files: BTreeMap<String, String>,
}

fn run_on(files: &[(&str, &str)], words: &str, input: &str, environment: &[(&str, &str)]) -> Run {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_streamlint"));
    command.env_clear().env("TERM", "xterm").current_dir(folder.path()).args(words.split(' '));
    for (name, value) in environment {
        command.env(name, value.replace("$PWD", &folder.path().canonicalize().unwrap().to_string_lossy()));
    }
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let files = fs::read_dir(folder.path()).unwrap().map(Result::unwrap).filter(|file| file.path().is_file());
    let files = files.map(|file| (file.file_name().into_string().unwrap(), fs::read_to_string(file.path()).unwrap()));
    Run {
        status: output.status.code().unwrap(),
        files: files.collect(),
        out: text(output.stdout),
        err: text(output.stderr),
    }
}

fn run(files: &[(&str, &str)], words: &str) -> Run {
    run_on(files, words, "", &[])
}

#[test]
fn one_run_writes_several_reports() {
    let files = [("a.json", NEAR), ("b.json", THREE)];
    let words = "check a.json b.json -o sarif=report.sarif -o markdown=- -o json=report.json -o junit=./x=y.xml";
    let all = run(&files, words);
    assert_eq!((all.status, all.err.as_str()), (1, ""));
    for (format, text) in [
        ("sarif", &all.files["report.sarif"]),
        ("markdown", &all.out),
        ("json", &all.files["report.json"]),
        ("junit", &all.files["x=y.xml"]),
    ] {
        let single = run(&files, &format!("check a.json b.json --format {format}"));
        assert_eq!((&single.out, single.status), (text, 1), "{format}");
    }
}

#[test]
fn format_applies_to_outputs_without_one() {
    let files = [("a.json", NEAR)];
    let concise = run(&files, "check a.json --format concise").out;
    let closing = "1 error in 1 file (1 connection); 1 fixable with --fix\n";
    // `--output` without a format: the report goes to the file, and the closing line to standard output.
    let old = run(&files, "check a.json --format concise --output report.txt");
    assert_eq!((&old.files["report.txt"], old.out.as_str()), (&concise, closing));
    let both = run(&files, "check a.json --format concise -o a.txt -o json=b.json");
    assert_eq!((&both.files["a.txt"], both.out.as_str()), (&concise, closing));
    // A `--format` that no `--output` uses goes to standard output.
    let beside = run(&files, "check a.json --format concise -o json=b.json");
    assert_eq!((beside.out, beside.err.as_str()), (concise, ""));
    assert!(beside.files["b.json"].starts_with('{'));
    let human = run(&files, "check a.json -o json=b.json -o human=-");
    assert!(human.out.starts_with("error[unknown-type]") && human.out.ends_with(closing), "{}", human.out);
    // `-o -` is standard output, not a file named `-`.
    assert_eq!(run(&files, "check a.json -o -").files.len(), 1);
}

#[test]
fn a_shortened_report_counts_everything() {
    let files = [("a.json", THREE), ("b.json", THREE)];
    let whole = run(&files, "check a.json b.json --format concise");
    let all = whole.out.lines().collect::<Vec<_>>();
    assert_eq!(all.len(), 6);
    for most in [0, 1, 3, 4, 5, 6, 9] {
        let short =
            run(&files, &format!("check a.json b.json --format concise --max-findings {most} -o a.txt -o json=b"));
        let mut expected = all.iter().take(most).map(|line| (*line).to_owned()).collect::<Vec<_>>();
        match 6_usize.saturating_sub(most) {
            0 => {}
            1 => expected.push("1 more finding is not shown, because of --max-findings".to_owned()),
            hidden => expected.push(format!("{hidden} more findings are not shown, because of --max-findings")),
        }
        assert_eq!(short.files["a.txt"].lines().collect::<Vec<_>>(), expected);
        // Reports for programs are never truncated.
        assert_eq!(short.files["b"].matches("\"rule\":").count(), 6);
        assert_eq!(short.status, 1);
    }
    // Findings that are not shown also fail the run.
    assert_eq!(run(&files, "check a.json --max-findings 0").status, 1);
}

#[test]
fn a_summary_links_to_the_commit_on_a_ci_server() {
    let github = [
        ("GITHUB_SERVER_URL", "https://github.com"),
        ("GITHUB_REPOSITORY", "o/r"),
        ("GITHUB_SHA", "abc"),
        ("GITHUB_WORKSPACE", "$PWD"),
    ];
    let files = [("dir/a.json", NEAR)];
    let link = |environment: &[(&str, &str)]| {
        let run = run_on(&files, "check dir/a.json -o markdown=s.md", "", environment);
        let text = &run.files["s.md"];
        text.split("[3:11](").nth(1).unwrap().split(')').next().unwrap().to_owned()
    };
    assert_eq!(link(&github), "https://github.com/o/r/blob/abc/dir/a.json#L3");
    let gitlab = [("CI_PROJECT_URL", "https://gitlab.com/o/r"), ("CI_COMMIT_SHA", "abc"), ("CI_PROJECT_DIR", "$PWD")];
    assert_eq!(link(&gitlab), "https://gitlab.com/o/r/-/blob/abc/dir/a.json#L3");
    assert_eq!(link(&[]), "dir/a.json#L3");
    // An invalid address is not used.
    let odd = [&[("GITHUB_SERVER_URL", "https://x)[a](javascript:1")], &github[1..]].concat();
    assert_eq!(link(&odd), "dir/a.json#L3");
}

#[test]
fn a_run_reports_what_it_has_fixed() {
    let human = run(&[("a.json", THREE)], "check a.json --fix");
    let closing =
        "3 findings: 1 fixed, 2 remaining: 2 warnings in 1 file (1 connection); 1 fixable with --unsafe-fixes";
    assert_eq!(human.out.lines().last().unwrap(), closing, "{}", human.out);
    for format in ["concise", "json", "github"] {
        let run = run(&[("a.json", THREE)], &format!("check a.json --fix --format {format}"));
        assert_eq!(run.err, format!("{closing}\n"), "{format}");
        assert!(!run.out.contains("fixed,"), "{}", run.out);
    }
    let quiet = run(&[("a.json", THREE)], "check a.json --fix --format concise --quiet");
    assert_eq!(quiet.err, "");
    let nothing = run(&[("a.json", GOOD)], "check a.json --fix");
    assert_eq!(nothing.out, "nothing found in 1 file (1 connection)\n");
    // With a pipeline, the files are read twice.
    let pipeline = r#"{ "name": "p", "pipeline": [{ "$source": { "connectionName": "nowhere" } }] }"#;
    let files = (0..1100).map(|at| (format!("{at}.json"), NEAR)).collect::<Vec<_>>();
    let mut files = files.iter().map(|(name, text)| (name.as_str(), *text)).collect::<Vec<_>>();
    files.push(("z.json", pipeline));
    let many = run(&files, "check . --fix --tenant-name ours --select unknown-type");
    assert!(
        many.out.ends_with("1100 findings: 1100 fixed, 0 remaining in 1101 files (1100 connections, 1 processor)\n"),
        "{}",
        many.out
    );
}

#[test]
fn ignores_are_written_for_all_findings() {
    let terraform = "resource \"mongodbatlas_stream_connection\" \"a\" {\n  project_id = var.p\n  workspace_name = \"w\"\n  connection_name = \"a\"\n  type = \"Https\"\n  url = \"http://a.example.com\"\n}\nvariable \"p\" {}\n";
    let texts = [
        ("a.json", THREE),
        ("a.jsonc", THREE),
        ("a.yaml", "name: a\ntype: https\nurl: http://a.example.com/\nheaders: { Authorization: zq-hunter2 }\n"),
        ("a.tf", terraform),
        ("a.json", "[{ \"name\": \"a\", \"type\": \"https\", \"url\": \"http://a.example.com/\" }]"),
    ];
    for (name, text) in texts {
        let before = run(&[(name, text)], &format!("check {name} --format json"));
        assert_eq!(before.status, 1);
        let written = run_on(&[(name, text)], &format!("check {name} --write-ignores --reason known"), "", &[]);
        let after = run(&[(name, &written.files[name])], &format!("check {name} --fail-on warning"));
        assert_eq!((written.status, after.status), (0, 0), "{}{}{}", written.files[name], written.out, after.out);
        assert!(written.files[name].contains("]: known"), "{}", written.files[name]);
        assert!(!(written.out + &written.err).contains("zq-hunter2"));
        // Running it again changes nothing.
        let again = run(&[(name, &written.files[name])], &format!("check {name} --write-ignores --reason other"));
        assert_eq!(again.files[name], written.files[name]);
        // The text of standard input goes to standard output.
        let words = format!("check - --stdin-filename {name} --write-ignores --reason known");
        assert_eq!(run_on(&[], &words, text, &[]).out, written.files[name]);
    }
}

#[test]
fn findings_that_cannot_be_ignored_are_listed_by_file() {
    let broken = "{ \"name\": \"a\" \"type\": \"Https\" }";
    let run = run(&[("a.json", broken), ("b.json", NEAR)], "check a.json b.json --write-ignores --reason known");
    assert_eq!(run.status, 1);
    assert!(run.err.contains("a.json: 2 findings cannot be ignored: missing-field, syntax-error\n"), "{}", run.err);
    assert!(
        run.err.contains("b.json: JSON does not allow comments, so the ignores are fields named `//`\n"),
        "{}",
        run.err
    );
    assert_eq!(run.files["a.json"], broken);
    assert!(run.out.contains("3 findings: 1 ignored, 2 remaining: "), "{}", run.out);
}

#[test]
fn gone_findings_are_pruned_from_a_baseline() {
    let known = |files: &str| format!("{{ \"version\": 1, \"files\": {{ {files} }} }}");
    let one = r#""a.json": { "sample_stream_solar": { "unknown-type": 2, "missing-port": 1 } }"#;
    let gone = r#""gone.json": { "x": { "unknown-type": 1 } }"#;
    let other = r#""other.json": { "x": { "unknown-type": 1 } }"#;
    let baseline = known(&[one, gone, other].join(", "));
    let files = [("a.json", NEAR), ("other.json", GOOD), ("known.json", baseline.as_str())];
    let pruned = run(&files, "check a.json --baseline known.json --prune-baseline");
    assert_eq!(pruned.err, "streamlint: known.json: 3 known findings removed\n");
    let left = serde_json::from_str::<serde_json::Value>(&pruned.files["known.json"]).unwrap();
    // A file that was not linted keeps its findings.
    let expected = known(&[r#""a.json": { "sample_stream_solar": { "unknown-type": 1 } }"#, other].join(", "));
    assert_eq!(left, serde_json::from_str::<serde_json::Value>(&expected).unwrap());
    assert_eq!(pruned.status, 0);
    // The baseline that the settings name is pruned as well. If nothing is removed, the file is not written.
    let settings =
        [("a.json", NEAR), ("known.json", baseline.as_str()), ("streamlint.toml", "baseline = \"known.json\"")];
    assert!(run(&settings, "check a.json --prune-baseline").err.contains("known.json: 4 known findings removed"));
    let exact = known(r#""a.json": { "sample_stream_solar": { "unknown-type": 1 } }"#);
    let same = run(&[("a.json", NEAR), ("known.json", &exact)], "check a.json --baseline known.json --prune-baseline");
    assert_eq!((same.err.as_str(), &same.files["known.json"]), ("", &exact));
    // A file that cannot be read keeps its findings.
    let unread = run(&files, "check a.json nowhere.json --baseline known.json --prune-baseline");
    assert_eq!((unread.status, unread.files["known.json"].as_str()), (2, baseline.as_str()));
    let none = run(&[("a.json", GOOD)], "check a.json --prune-baseline");
    assert_eq!((none.status, none.err.contains("--prune-baseline needs a baseline")), (2, true));
}

#[test]
fn settings_are_shown_with_their_sources() {
    let settings = "# ours\nfail-on = \"error\"\nallowed-hosts = [\"a.example\",\n  \"b.example\"]\n[rules]\nmissing-port = \"off\"\n\
                    [[overrides]]\npaths = [\"x/\"]\nrules.missing-port = \"error\"\n[[overrides]]\npaths = [\"dir/\"]\nmode = \"update\"\nrules.missing-port = \"info\"\n";
    let files = [("dir/a.json", GOOD), ("streamlint.toml", settings)];
    let shown =
        run(&files, "check --show-settings dir/a.json --min-severity warning --select missing-port,unknown-type");
    for line in [
        "# dir/a.json",
        "select = [\"missing-port\", \"unknown-type\"]  # --select",
        "min-severity = \"warning\"  # --min-severity",
        "fail-on = \"error\"  # streamlint.toml:2",
        "allowed-hosts = [\"a.example\", \"b.example\"]  # streamlint.toml:3",
        "rules.missing-port = \"info\"  # streamlint.toml:13, in [[overrides]] number 2",
        "mode = \"update\"  # streamlint.toml:12, in [[overrides]] number 2",
        "known-samples = []  # default",
    ] {
        let words = line.split_whitespace().collect::<Vec<_>>();
        let has = |text: &str| text.lines().any(|line| line.split_whitespace().collect::<Vec<_>>() == words);
        assert!(has(&shown.out), "{line} in\n{}", shown.out);
    }
    let mode = run(&files, "check --show-settings dir/a.json --mode create");
    assert!(mode.out.contains("mode = \"create\""), "{}", mode.out);
    let excluded =
        run(&[("a.json", GOOD), ("streamlint.toml", "exclude = [\"a.json\"]")], "check --show-settings a.json");
    assert!(excluded.out.contains("# a folder is linted without this file"), "{}", excluded.out);
    let wrong = run(&[("a.json", GOOD), ("streamlint.toml", "exclude = 5")], "check --show-settings a.json");
    assert!(wrong.status == 2 && wrong.err.contains("it has an error"), "{}", wrong.err);
}

#[test]
fn two_typos_do_not_hide_a_definition() {
    let found = [
        r#"{ "name": "a", "type": "kafka", "bootstrapServer": "a.example.com:9092" }"#,
        r#"{ "name": "a", "type": "Kafak", "bootstrapServes": "a.example.com:9092" }"#,
        r#"{ "type": "Kafka", "bootstrapServer": "a.example.com:9092" }"#,
        r#"{ "name": "a", "typ": "Kafka", "bootstrapServer": "a.example.com:9092" }"#,
        r#"{ "name": "a", "type": "cluster", "clusterNam": "c" }"#,
        r#"{ "name": "a", "type": "schema-registry", "schemaRegistryUrl": ["https://a.example.com"] }"#,
        r#"{ "name": "a", "type": "kafka", "authentcation": {} }"#,
        NEAR,
    ];
    for text in found {
        let shown = run(&[("a.json", text)], "check . --show-files");
        assert_eq!(shown.out, "a.json\n", "{text}");
        assert_eq!(run(&[("a.json", text)], "check --skip-unrecognized a.json").status, 1, "{text}");
    }
    let foreign = [
        r#"{ "type": "kafka", "name": "in", "bootstrap_servers": "a:9092", "group_id": "x" }"#,
        r#"{ "type": "kafka", "metadata": { "bootstrapServers": "a:9092" }, "authenticationRef": { "name": "x" } }"#,
        r#"{ "name": "orders", "bootstrap-servers": "a:9092" }"#,
        r#"{ "name": "orders", "bootstrap.servers": "a:9092", "security.protocol": "SSL" }"#,
        r#"{ "bootstrapServer": "a:9092" }"#,
        r#"{ "name": "web", "type": "http", "port": 80 }"#,
        r#"{ "name": "web", "type": "module", "securty": {} }"#,
        r#"{ "name": "db", "type": "cluster", "clusterId": "c" }"#,
        r#"{ "name": "a", "type": "object", "properties": { "bootstrapServers": {} } }"#,
        r#"{ "name": "sample", "type": "sample" }"#,
    ];
    for text in foreign {
        assert_eq!(run(&[("a.json", text)], "check . --show-files").out, "", "{text}");
    }
}

#[test]
fn a_type_is_accepted_in_any_case() {
    for word in ["kafka", "KAFKA", "Kafka"] {
        let printed = run(&[], &format!("init {word}"));
        assert!(printed.out.contains("\"type\": \"Kafka\""), "{}", printed.err);
    }
    assert!(run(&[], "init awslambda").out.contains("\"AWSLambda\""));
    assert!(run(&[], "init kafak").err.contains("did you mean `Kafka`?"));
    let comments = run(&[], "init kafka --comments");
    assert_eq!(comments.err, "streamlint: with comments, this is JSONC: save it in a file that ends in .jsonc\n");
    assert_eq!(run(&[], "init kafka --comments --yaml").err, "");
}

#[test]
fn the_output_of_init_has_no_findings() {
    for dialect in ["admin-api", "terraform", "kubernetes", "cloudformation"] {
        for kind in streamlint::Kind::ALL {
            let printed = run(&[], &format!("init {kind} --dialect {dialect}"));
            if printed.status != 0 {
                continue;
            }
            let name = match dialect {
                "admin-api" => "a.json",
                "terraform" => "a.tf",
                _ => "a.yaml",
            };
            let checked = run(&[(name, &printed.out)], &format!("check {name} --format concise"));
            let declared = |line: &&str| !line.contains("is not declared");
            let left = checked.out.lines().filter(declared).collect::<Vec<_>>();
            assert_eq!(left, [""; 0], "{}", printed.out);
        }
    }
}

/// A large report is written one finding at a time, not rendered in memory first.
#[test]
fn a_large_report_has_the_format_of_a_small_one() {
    let small = r#"{ "name": "a", "type": "sample" }"#;
    let large = format!("[{}]", vec![small; 1500].join(",\n"));
    let files = [("a.json", large.as_str()), ("b.json", small)];
    let reports = Linter::default().check_all(&files.map(|(name, text)| Source::new(name, text)));
    let outputs = Format::ALL.iter().map(|format| format!("-o {0}=out.{0}", format.name())).collect::<Vec<_>>();
    let words = format!("check a.json b.json -o concise=- --max-findings 1200 {}", outputs.join(" "));
    let all = run(&files, &words);
    assert_eq!(all.status, 1, "{}", all.err);
    let is_cut = |format| matches!(format, Format::Human | Format::Concise);
    for &format in Format::ALL.iter().filter(|format| !is_cut(**format)) {
        let text = &all.files[&format!("out.{}", format.name())];
        assert!(*text == format.render(&reports, Style::default()), "{}", format.name());
    }
    let whole = Format::Concise.render(&reports, Style::default());
    let first = whole.split_inclusive('\n').take(1200).collect::<String>();
    let rest = all.out.strip_prefix(&first).unwrap();
    assert!(rest.contains("more findings are not shown, because of --max-findings"), "{rest}");
    let whole_run = run(&files, "check a.json b.json -o human=out.human -o concise=out.concise");
    for format in [Format::Human, Format::Concise] {
        let text = &whole_run.files[&format!("out.{}", format.name())];
        assert!(*text == format.render(&reports, Style::default()), "{}", format.name());
    }
}
