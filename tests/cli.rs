//! Runs of the command as a process: arguments, exit statuses, files and streams.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use streamlint::Format;
use tempfile::TempDir;

/// No findings.
const GOOD: &str = "{\n  \"name\": \"sample_stream_solar\",\n  \"type\": \"Sample\"\n}\n";
/// Also no findings.
const OTHER: &str = "{\n  \"name\": \"hook\",\n  \"type\": \"Https\",\n  \"url\": \"https://api.example.com/\"\n}\n";
/// One error with a safe fix.
const NEAR: &str = "{\n  \"name\": \"sample_stream_solar\",\n  \"type\": \"sample\"\n}\n";
/// One warning with a safe fix.
const ANSWERED: &str =
    "{ \"name\": \"sample_stream_solar\", \"type\": \"Sample\", \"id\": \"65f1c0ffee0123456789abcd\" }\n";
/// A definition that is also found in folders: it has a field of its type beside `type`.
const FOUND: &str = ANSWERED;
/// One error with an unsafe fix.
const MISSPELT: &str = r#"{
  "name": "orders",
  "type": "Cluster",
  "clusterName": "orders",
  "dbRoleToExecutes": { "role": "readAnyDatabase", "type": "BUILT_IN" }
}
"#;

struct Run {
    status: i32,
    out: String,
    err: String,
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { status: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }
}

impl Run {
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}{}", self.out, self.err))
    }

    /// The rules of all findings, in order.
    fn rules(&self) -> Vec<String> {
        let report = self.json();
        let files = report["files"].as_array().unwrap().iter();
        let found = files.flat_map(|file| file["diagnostics"].as_array().unwrap());
        found.map(|found| found["rule"].as_str().unwrap().to_owned()).collect()
    }

    fn paths(&self) -> Vec<String> {
        let report = self.json();
        let files = report["files"].as_array().unwrap().iter();
        files.map(|file| file["path"].as_str().unwrap().to_owned()).collect()
    }
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_streamlint"));
    command.env_clear().env("TERM", "xterm").current_dir(folder).args(arguments);
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Run {
    command(folder, arguments).stdin(Stdio::null()).output().unwrap().into()
}

fn pipe(folder: &Path, arguments: &[&str], input: &[u8]) -> Run {
    let mut command = command(folder, arguments);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    // A program that reads only part of its input closes the pipe early.
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output.into()
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

// ---------------------------------------------------------------------------------------------------------------------
// Exit statuses, and the findings that affect them

#[test]
fn nothing_found_is_zero() {
    let folder = folder(&[("a.json", GOOD)]);
    let run = run(folder.path(), &["check", "a.json"]);
    assert_eq!((run.status, run.out.as_str()), (0, "nothing found in 1 file (1 connection)\n"));
    assert_eq!(run.err, "");
}

#[test]
fn a_finding_is_one_and_an_unreadable_path_is_two() {
    let folder = folder(&[("a.json", NEAR)]);
    assert_eq!(run(folder.path(), &["check", "a.json"]).status, 1);
    let missing = run(folder.path(), &["check", "missing.json", "a.json", "--format", "json"]);
    assert_eq!((missing.status, missing.rules()), (2, vec!["unknown-type".to_owned()]));
    assert_eq!(missing.err, "streamlint: missing.json: no such file or folder\n");
    assert_eq!(run(folder.path(), &["check", "missing.json", "--exit-zero"]).status, 2);
    assert_eq!(run(folder.path(), &["check", "a.json", "--exit-zero"]).status, 0);
    assert_eq!(run(folder.path(), &["check", "a.json", "--no-such-flag"]).status, 2);
}

#[test]
fn fail_on_sets_the_threshold() {
    let folder = folder(&[("warning.json", ANSWERED), ("info.json", &format!("[{GOOD}]"))]);
    let status = |file: &str, bar: &str| run(folder.path(), &["check", file, "--fail-on", bar]).status;
    assert_eq!([status("warning.json", "error"), status("warning.json", "warning")], [0, 1]);
    assert_eq!([status("info.json", "warning"), status("info.json", "info")], [0, 1]);
    assert_eq!(run(folder.path(), &["check", "info.json"]).status, 0);
    assert_eq!(run(folder.path(), &["check", "warning.json"]).status, 1);
    assert_eq!(status("info.json", "fatal"), 2);
}

#[test]
fn rules_are_selected_and_ignored_by_name() {
    let both = ANSWERED.replace("Sample\"", "sample\"");
    let folder = folder(&[("a.json", &both)]);
    let rules = |arguments: &[&str]| {
        run(folder.path(), &[&["check", "a.json", "--format", "json"], arguments].concat()).rules()
    };
    assert_eq!(rules(&[]), ["unknown-type", "response-only-field"]);
    assert_eq!(rules(&["--select", "unknown-type"]), ["unknown-type"]);
    assert_eq!(rules(&["--select", "unknown-type", "--select", "response-only-field"]).len(), 2);
    assert_eq!(rules(&["--ignore", "unknown-type"]), ["response-only-field"]);
    assert_eq!(rules(&["--ignore", "unknown-type", "--ignore", "response-only-field"]).len(), 0);
}

#[test]
fn an_unknown_rule_gets_a_suggestion() {
    let folder = folder(&[("a.json", GOOD)]);
    for flag in ["--select", "--ignore"] {
        let run = run(folder.path(), &["check", flag, "unknown-tipe"]);
        assert_eq!(run.status, 2);
        assert!(run.err.contains("did you mean `unknown-type`?"), "{}", run.err);
    }
    // An exact prefix of a name wins over similar names.
    for (arguments, question) in [
        (["explain", "missing-cred"], "did you mean `missing-credentials`?"),
        (["explain", "in-url"], "did you mean `credentials-in-url`?"),
        (["explain", "unused"], "did you mean `unused-ignore`, `unused-credentials` or `unused-network-field`?"),
        (["init", "AWS"], "did you mean `AWSLambda` or `AWSKinesisDataStreams`?"),
        (["init", "kaf"], "did you mean `Kafka`?"),
        (["schema", "resp"], "did you mean `response`?"),
    ] {
        let run = run(folder.path(), &arguments);
        assert!(run.status == 2 && run.err.contains(question), "{}", run.err);
    }
    let run = run(folder.path(), &["explain", "zzzzzzzz"]);
    assert_eq!(run.status, 2);
    assert!(run.err.contains("`streamlint rules` lists all rules"), "{}", run.err);
}

// ---------------------------------------------------------------------------------------------------------------------
// Dialects, modes and types

#[test]
fn mode_type_and_dialect_are_taken_from_the_arguments() {
    let folder =
        folder(&[("answer.json", ANSWERED), ("typeless.json", r#"{ "name": "a", "url": "https://a.example.com" }"#)]);
    let rules = |arguments: &[&str]| run(folder.path(), &[&["check", "--format", "json"], arguments].concat()).rules();
    assert_eq!(rules(&["answer.json"]), ["response-only-field"]);
    assert_eq!(rules(&["answer.json", "--mode", "response"]).len(), 0);
    assert_eq!(rules(&["typeless.json"]), ["unknown-type"]);
    let typed = run(folder.path(), &["check", "--format", "json", "typeless.json", "--type", "Https"]);
    assert_eq!(typed.json()["files"][0]["connections"][0]["type"], "Https");
    let near = run(folder.path(), &["check", "--type", "AWS Lamda"]);
    assert_eq!(near.status, 2);
    assert!(near.err.contains("did you mean `AWSLambda`?"), "{}", near.err);
    let far = run(folder.path(), &["check", "--type", "RabbitMQ"]);
    assert!(far.status == 2 && far.err.contains("Kafka, Cluster"), "{}", far.err);
    assert_eq!(rules(&["answer.json", "--dialect", "admin-api"]), ["response-only-field"]);
    assert_eq!(rules(&["answer.json", "--dialect", "auto"]), ["response-only-field"]);
    assert_eq!(run(folder.path(), &["check", "--dialect", "pulumi"]).status, 2);
    assert_eq!(run(folder.path(), &["check", "--mode", "delete"]).status, 2);
}

#[test]
fn a_named_file_of_another_dialect_is_a_finding() {
    let template = "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  A:\n    Type: AWS::S3::Bucket\n";
    let crossplane = "apiVersion: stream.mongodbatlas.crossplane.io/v1alpha1\nkind: Connection\nspec: { patch: {} }\n";
    let of_each = [
        ("terraform", "main.tf", "variable \"a\" {}\n"),
        ("terraform-plan", "plan.json", r#"{ "format_version": "1.2", "planned_values": { "root_module": {} } }"#),
        ("kubernetes", "manifest.yaml", "apiVersion: v1\nkind: List\nitems: []\n"),
        ("crossplane", "crossplane.yaml", crossplane),
        ("cloudformation", "template.yaml", template),
        ("processor", "processor.json", r#"{ "name": "p", "pipeline": [] }"#),
        ("http", "requests.http", "GET https://example.com/\n"),
    ];
    let bodies = [("body.json", GOOD), ("body.yaml", "name: a\ntype: Sample\n"), ("nothing.json", "{}")];
    let files = of_each.iter().map(|&(_, name, text)| (name, text)).chain(bodies).collect::<Vec<_>>();
    let folder = folder(&files);
    let check = |arguments: &[&str]| run(folder.path(), &[&["check", "--format", "concise"], arguments].concat());
    for (dialect, own, _) in of_each {
        let clean = check(&["--dialect", dialect, own]);
        assert_eq!((clean.status, clean.out.as_str()), (0, ""), "{own} is {dialect}, and without a connection clean");
        // Crossplane manifests are also Kubernetes manifests.
        let is_other = |name: &str| name != own && (dialect, name) != ("kubernetes", "crossplane.yaml");
        for (name, _) in files.iter().filter(|(name, _)| is_other(name)) {
            let found = check(&["--dialect", dialect, name]);
            assert_eq!(found.status, 1, "{name} is not {dialect}");
            assert!(found.out.starts_with(&format!("{name}:1:1: error: this is not a ")), "{}", found.out);
            assert!(found.out.ends_with(" [not-a-connection]\n") && found.out.lines().count() == 1, "{}", found.out);
        }
        // Files in a folder, and files that a hook passes, may be anything.
        for arguments in [&["."][..], &["--skip-unrecognized", "body.json", "main.tf", "manifest.yaml"]] {
            let silent = check(&[&["--dialect", dialect], arguments].concat());
            assert_eq!((silent.status, silent.out.as_str()), (0, ""), "{dialect}");
        }
    }
    let some = check(&["--dialect", "terraform", "main.tf", "body.json", "."]);
    assert!(
        some.status == 1 && some.out.starts_with("body.json:1:1: ") && some.out.lines().count() == 1,
        "{}",
        some.out
    );
    // After a syntax error, the part that seems to be missing may be in the damaged text.
    fs::write(folder.path().join("cut.json"), "{ \"resource\": ").unwrap();
    assert!(!check(&["--dialect", "terraform-plan", "cut.json"]).out.contains("this is no"));
}

#[test]
fn the_request_is_reported_once_under_the_first_file() {
    let folder = folder(&[("b.json", GOOD), ("a.json", OTHER), ("0.json", "{\"name\": \"not ours\"}")]);
    let flags = ["--group-id", "XYZ", "--tenant-name", "a b", "--envelope", "maybe", "--pretty", "1"];
    let run = run(folder.path(), &[&["check", ".", "--format", "json"], &flags[..]].concat());
    assert_eq!(run.paths(), ["a.json", "b.json"]);
    let report = run.json();
    let found = report["files"][0]["diagnostics"].as_array().unwrap();
    let pointers = found.iter().map(|found| found["pointer"].as_str().unwrap()).collect::<Vec<_>>();
    for pointer in ["/groupId", "/tenantName", "/envelope", "/pretty"] {
        assert!(pointers.contains(&pointer), "{pointer}: {pointers:?}");
    }
    let start = serde_json::json!({ "offset": 0, "line": 1, "column": 1 });
    assert_eq!(found[0]["span"], serde_json::json!({ "start": start, "end": start }));
    assert_eq!(found[0]["connectionIndex"], Value::Null);
    assert_eq!(report["files"][1]["diagnostics"].as_array().unwrap().len(), 0);
}

// ---------------------------------------------------------------------------------------------------------------------
// The files to lint

#[test]
fn files_in_folders_are_recognized_and_sorted() {
    let folder = folder(&[
        ("z.json", FOUND),
        ("b/c.jsonc", &format!("// ours\n{FOUND}")),
        ("a.json", FOUND),
        ("b.json", GOOD),
        ("package.json", r#"{ "name": "web", "version": "1.0.0", "type": "module", "config": {} }"#),
        ("tsconfig.json", "{ \"compilerOptions\": { /* strict */ }, }"),
        ("empty.json", ""),
        ("notes.txt", "{"),
        (".hidden.json", FOUND),
        ("node_modules/x/a.json", FOUND),
        ("kept/ignored.json", FOUND),
        ("kept/kept.json", FOUND),
        (".gitignore", "node_modules\n"),
        ("kept/.gitignore", "ignored.json\n"),
    ]);
    let run = run(folder.path(), &["check", "--format", "json"]);
    assert_eq!(
        (run.paths().join(" ").as_str(), run.err.as_str()),
        ("a.json b.json b/c.jsonc kept/kept.json z.json", "")
    );
    let again = self::run(folder.path(), &["check", "--format", "json", "./kept", "z.json", ".", "a.json"]);
    assert_eq!(again.paths(), run.paths());
    let absolute = folder.path().canonicalize().unwrap();
    let absolute = self::run(&absolute, &["check", "--format", "json", absolute.to_str().unwrap()]);
    assert_eq!(absolute.paths(), run.paths());
    let outside = self::run(&folder.path().join("b"), &["check", "--format", "json", "../a.json"]);
    assert_eq!(outside.paths(), ["../a.json"]);
}

#[test]
fn a_thousand_files_are_sorted_too() {
    let folder = tempfile::tempdir().unwrap();
    for at in 0..1000 {
        fs::write(folder.path().join(format!("{at:04}.json")), if at % 3 == 0 { FOUND } else { GOOD }).unwrap();
    }
    let run = run(folder.path(), &["check", "--format", "concise"]);
    let expected = (0..1000).step_by(3).map(|at| format!("{at:04}.json:1:52: warning"));
    let paths = run.out.lines().map(|line| line.split(": ").take(2).collect::<Vec<_>>().join(": "));
    assert!(paths.eq(expected), "{}", run.out);
    let run = self::run(folder.path(), &["check"]);
    assert!(
        run.out.ends_with("\n334 warnings in 1000 files (1000 connections); 334 fixable with --fix\n"),
        "{}",
        run.out
    );
}

#[test]
fn named_files_are_definitions_by_default() {
    let folder =
        folder(&[("package.json", r#"{ "name": "web", "type": "module" }"#), ("README.md", "# Hi"), ("a.tf", "a = 1")]);
    assert_eq!(run(folder.path(), &["check", "package.json"]).status, 1);
    let names = ["package.json", "README.md", "a.tf"];
    let quiet = run(folder.path(), &[&["check", "--skip-unrecognized", "--format", "concise"], &names[..]].concat());
    assert_eq!((quiet.status, quiet.out.as_str(), quiet.err.as_str()), (0, "", ""));
    // A Terraform file is checked only if it has a connection resource.
    let nothing = "streamlint: a.tf: no connection definition found\n";
    let terraform = run(folder.path(), &["check", "a.tf"]);
    assert_eq!((terraform.status, terraform.err.as_str()), (0, nothing));
    let quiet = run(folder.path(), &["check", "--quiet", "a.tf"]);
    assert_eq!((quiet.status, quiet.err.as_str()), (0, ""));
    let found = run(folder.path(), &["check", "."]);
    assert_eq!((found.status, found.err.as_str()), (0, ""));
    fs::write(folder.path().join("a.toml"), "a = 1").unwrap();
    let toml = run(folder.path(), &["check", "a.toml"]);
    assert_eq!(toml.status, 2);
    assert_eq!(toml.err, "streamlint: a.toml: .toml files contain no connections; use JSON, YAML or Terraform\n");
}

#[test]
fn files_of_unsupported_languages_get_one_line() {
    let code = "connection = {\"name\": \"a\", \"type\": \"kafka\"}\n";
    let names = ["a.py", "a.js", "a.mjs", "a.ts", "a.tsx", "A.PY", "a.ipynb", "a.go"];
    let folder = folder(&names.map(|name| (name, code)));
    for (name, language) in names.iter().zip([
        "Python",
        "JavaScript",
        "JavaScript",
        "TypeScript",
        "TypeScript",
        "Python",
        "a notebook",
        "Go",
    ]) {
        let found = run(folder.path(), &["check", name]);
        let line = format!("{name}: this is {language}, which is not supported; use JSON, YAML or Terraform");
        assert!(found.status == 2 && !found.out.contains("syntax-error"), "{name}: {}", found.out);
        assert_eq!(found.err, format!("streamlint: {line}\n"));
        let skipped = run(folder.path(), &["check", "--skip-unrecognized", name]);
        assert_eq!((skipped.status, skipped.err.as_str()), (0, ""), "{name}");
    }
    let folder = run(folder.path(), &["check", "."]);
    assert_eq!((folder.status, folder.err.as_str()), (0, ""));
}

#[test]
fn readable_but_invalid_text_is_a_finding() {
    let deep = "[".repeat(100_000);
    let folder = folder(&[("good.json", NEAR), ("empty.json", ""), ("deep.json", &deep)]);
    fs::write(folder.path().join("binary.json"), b"\x7fELF\0\0\0\xff").unwrap();
    fs::write(folder.path().join("latin.json"), b"{\"name\": \"caf\xe9\", \"type\": \"Sample\"}").unwrap();
    File::create(folder.path().join("huge.json")).unwrap().set_len(1 << 30).unwrap();
    let files = ["binary.json", "deep.json", "empty.json", "good.json", "huge.json"];
    let run = run(folder.path(), &[&["check", "--format", "concise"], &files[..]].concat());
    assert_eq!((run.status, run.err.as_str()), (1, ""));
    let rules = run.out.lines().map(|line| line.rsplit(' ').next().unwrap()).collect::<Vec<_>>();
    assert_eq!(
        rules,
        ["[syntax-error]", "[too-deep]", "[syntax-error]", "[unknown-type]", "[too-deep]"],
        "{}",
        run.out
    );
    let latin = self::run(folder.path(), &["check", "latin.json", "--format", "concise", "--select", "syntax-error"]);
    assert!(latin.status == 1 && latin.out.contains("byte 13"), "{}", latin.out);
    let human = self::run(folder.path(), &[&["check"], &files[..]].concat());
    assert!(human.status == 1 && human.out.contains("[empty.json:1:1]"), "{}", human.out);
}

#[test]
fn a_value_that_is_not_utf8_gets_no_other_checks() {
    let folder = folder(&[]);
    fs::write(folder.path().join("a.json"), b"{\"type\": \"Sample\", \"name\": \"sample_stream\xE9\"}").unwrap();
    assert_eq!(run(folder.path(), &["check", "a.json", "--format", "json"]).rules(), ["syntax-error"]);
}

#[test]
fn the_size_limit_is_an_option() {
    let folder = folder(&[("a.json", GOOD)]);
    let length = GOOD.len().to_string();
    assert_eq!(run(folder.path(), &["check", "a.json", "--max-size", &length]).status, 0);
    let less = (GOOD.len() - 1).to_string();
    let run = run(folder.path(), &["check", "a.json", "--max-size", &less, "--format", "json"]);
    assert_eq!((run.status, run.rules()), (1, vec!["too-deep".to_owned()]));
    assert_eq!(pipe(folder.path(), &["check", "-", "--max-size", &length], GOOD.as_bytes()).status, 0);
    let piped = pipe(folder.path(), &["check", "-", "--max-size", &less, "--format", "json"], GOOD.as_bytes());
    assert_eq!((piped.status, piped.rules()), (1, vec!["too-deep".to_owned()]));
}

#[cfg(unix)]
#[test]
fn invalid_paths_are_reported_and_the_rest_is_linted() {
    let folder = folder(&[("a.json", FOUND), ("b/x.json", FOUND), ("c/locked/x.json", GOOD)]);
    assert!(Command::new("mkfifo").arg(folder.path().join("pipe.json")).status().unwrap().success());
    let arguments = ["check", "pipe.json", "/dev/null", "a.json/x", "a.json", "gone.json", "--format", "json"];
    std::os::unix::fs::symlink("nowhere", folder.path().join("gone.json")).unwrap();
    let run = run(folder.path(), &arguments);
    assert_eq!((run.status, run.rules()), (2, vec!["response-only-field".to_owned()]));
    let sentences = [
        "streamlint: pipe.json: this is a FIFO, not a file",
        "streamlint: /dev/null: this is a device, not a file",
        "streamlint: a.json/x: Not a directory",
        "streamlint: gone.json: no such file or folder",
    ];
    assert_eq!(run.err.lines().collect::<Vec<_>>(), sentences);

    // The same for a folder.
    let run = self::run(folder.path(), &["check", "--format", "json"]);
    assert_eq!((run.status, run.paths().join(" ").as_str()), (2, "a.json b/x.json c/locked/x.json"));
    assert_eq!(run.err, "streamlint: pipe.json: this is a FIFO, not a file\n");
}

#[cfg(unix)]
#[test]
fn a_folder_without_permission_is_reported() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = folder(&[("a.json", FOUND), ("locked/x.json", FOUND)]);
    let locked = folder.path().join("locked");
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o000)).unwrap();
    let is_barred = fs::read_dir(&locked).is_err();
    let run = run(folder.path(), &["check", "--format", "json"]);
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o755)).unwrap();
    if is_barred {
        assert_eq!((run.status, run.paths().join(" ").as_str()), (2, "a.json"));
        assert_eq!(run.err, "streamlint: locked: permission denied\n");
    } else {
        // Permissions do not apply to the superuser, so the folder is read like any other.
        assert_eq!((run.status, run.paths().join(" ").as_str()), (1, "a.json locked/x.json"));
    }
}

#[cfg(unix)]
#[test]
fn loops_of_symbolic_links_are_supported() {
    let folder = folder(&[("a/a.json", FOUND)]);
    std::os::unix::fs::symlink("..", folder.path().join("a/up")).unwrap();
    std::os::unix::fs::symlink("self.json", folder.path().join("self.json")).unwrap();
    let run = run(folder.path(), &["check", "--format", "json"]);
    assert_eq!((run.status, run.paths().join(" ").as_str(), run.err.as_str()), (1, "a/a.json", ""));
    let named = self::run(folder.path(), &["check", "self.json"]);
    assert!(named.status == 2 && named.err.starts_with("streamlint: self.json: "), "{}", named.err);
}

// ---------------------------------------------------------------------------------------------------------------------
// Standard input

#[test]
fn standard_input_has_the_given_name() {
    let folder = folder(&[]);
    let commented = format!("// a remark\n{GOOD}");
    let named =
        pipe(folder.path(), &["check", "-", "--stdin-filename", "x/y.jsonc", "--format", "json"], commented.as_bytes());
    assert_eq!((named.status, named.paths()), (0, vec!["x/y.jsonc".to_owned()]));
    let strict = pipe(folder.path(), &["check", "-", "--format", "concise"], commented.as_bytes());
    assert!(strict.status == 1 && strict.out.starts_with("<stdin>:1:1: error: "), "{}", strict.out);
    let bytes = pipe(folder.path(), &["check", "-", "--format", "concise"], b"{\"name\": \"\xff\"}");
    assert!(bytes.status == 1 && bytes.out.contains("invalid UTF-8 at byte 10"), "{}", bytes.out);
    let toml = pipe(folder.path(), &["check", "-", "--stdin-filename", "a.toml"], b"a = 1");
    assert!(toml.status == 2 && toml.err.contains("contain no connections"), "{}", toml.err);
    let hcl = b"resource \"mongodbatlas_stream_connection\" \"a\" {\n}\n";
    for arguments in [&["check", "-", "--stdin-filename", "a.tf"][..], &["check", "-"]] {
        let terraform = pipe(folder.path(), &[arguments, &["--format", "json"]].concat(), hcl);
        assert!(terraform.status == 1 && terraform.out.contains(r#""dialect": "terraform""#), "{}", terraform.out);
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// Streams

/// A stream with every kind of line; the emoji and the two-byte line break test the columns.
const STREAM: &str = concat!(
    "{\"type\":\"Sample\",\"name\":\"sample_stream_solar\"}\n",
    "  \n",
    "{\"😀\":1,\"type\":\"sample\",\"name\":\"sample_stream_solar\"}\r\n",
    "- no: JSON\n",
    "null\n",
    "{\"type\":\"Sample\",\"name\":\"sample_stream_solar\",\"id\":1}",
);

#[test]
fn every_line_of_a_stream_is_checked_at_its_position() {
    let folder = folder(&[("a.ndjson", STREAM), ("b.yaml", STREAM)]);
    let run = run(folder.path(), &["check", "--ndjson", "--format", "concise", "a.ndjson"]);
    let expected = [
        "a.ndjson:3:2: error: [unknown-field]",
        "a.ndjson:3:15: error: [unknown-type]",
        "a.ndjson:4:1: error: [syntax-error]",
        "a.ndjson:5:1: error: [wrong-type]",
        "a.ndjson:6:47: warning: [response-only-field]",
    ];
    let short = |line: &str| {
        let place = line.split(": ").take(2).collect::<Vec<_>>().join(": ");
        format!("{place}: {}", line.rsplit(' ').next().unwrap())
    };
    assert_eq!((run.status, run.err.as_str()), (1, ""));
    assert_eq!(run.out.lines().map(short).collect::<Vec<_>>(), expected);
    // The extension is irrelevant with --ndjson. Without file names, the stream is standard input.
    let named = self::run(folder.path(), &["check", "--ndjson", "--format", "concise", "b.yaml"]);
    assert_eq!(named.out, run.out.replace("a.ndjson", "b.yaml"));
    let piped = pipe(folder.path(), &["check", "--ndjson", "--format", "concise"], STREAM.as_bytes());
    assert_eq!(piped.out, run.out.replace("a.ndjson", "<stdin>"));
    let human = pipe(folder.path(), &["check", "--ndjson", "--stdin-filename", "c"], STREAM.as_bytes());
    assert!(human.out.contains("[c:3:15]") && human.out.contains("\n 3 │ {\"***\":"), "{}", human.out);
    let closing = "4 errors, 1 warning in 5 lines (3 connections)\n";
    assert!(human.out.ends_with(closing), "{}", human.out);
    let counts = pipe(folder.path(), &["check", "--ndjson", "--statistics"], STREAM.as_bytes());
    assert!(counts.out.lines().count() == 6 && counts.out.ends_with(closing), "{}", counts.out);
    assert_eq!(pipe(folder.path(), &["check", "--ndjson"], b"\n\n").out, "nothing found in 0 lines (0 connections)\n");
}

#[test]
fn a_json_stream_has_a_file_object_per_line() {
    let folder = folder(&[]);
    let mut schema = run(folder.path(), &["schema", "report"]).json();
    schema["$ref"] = "#/$defs/file".into();
    for member in ["type", "required", "properties", "additionalProperties"] {
        schema.as_object_mut().unwrap().remove(member);
    }
    let schema = jsonschema::validator_for(&schema).unwrap();
    let run = pipe(folder.path(), &["check", "--ndjson", "--format", "json"], STREAM.as_bytes());
    let lines = run.out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()).collect::<Vec<_>>();
    assert_eq!(lines.iter().map(|line| line["line"].as_u64().unwrap()).collect::<Vec<_>>(), [1, 3, 4, 5, 6]);
    for line in &lines {
        assert!(schema.is_valid(line), "{line}");
        for found in line["diagnostics"].as_array().unwrap() {
            let place = |end: &str| usize::try_from(found["span"][end]["offset"].as_u64().unwrap()).unwrap();
            assert!(STREAM.is_char_boundary(place("start")) && place("end") <= STREAM.len(), "{found}");
            assert_eq!(found["span"]["start"]["line"], line["line"]);
        }
    }
    let fix = &lines[1]["diagnostics"][1]["fix"]["edits"][0];
    let at = |end: &str| usize::try_from(fix[end].as_u64().unwrap()).unwrap();
    assert_eq!(&STREAM[at("start")..at("end")], "\"sample\"");
}

#[test]
fn a_long_stream_keeps_its_order_despite_invalid_lines() {
    let folder = folder(&[]);
    let mut stream = Vec::new();
    let mut expected = Vec::new();
    for at in 0..20_000 {
        match at % 7 {
            0 => stream.extend(b"{\"type\":\"Https\",\"name\":\"h\",\"url\":\"https://a.example.com\"}"),
            1 => stream.extend(b"\xff\xfe\x00 no text"),
            2 => {}
            3 => stream.extend([b'['; 300]),
            4 => stream.extend(format!("{{\"name\":\"{}\"}}", "x".repeat(5_000)).bytes()),
            5 => stream.extend(b"\"\x1b[31m"),
            _ => stream.extend(b"{\"type\":\"Sample\",\"name\":\"sample_stream_solar\",\"id\":1}"),
        }
        stream.push(b'\n');
        if !matches!(at % 7, 0 | 2) {
            expected.push(at + 1);
        }
    }
    let arguments = ["check", "--ndjson", "--format", "concise", "--max-size", "1000", "-"];
    let run = pipe(folder.path(), &arguments, &stream);
    let mut lines =
        run.out.lines().map(|line| line.split(':').nth(1).unwrap().parse::<usize>().unwrap()).collect::<Vec<_>>();
    lines.dedup();
    assert_eq!((run.status, run.err.as_str(), lines == expected), (1, "", true));
    let too_long = "<stdin>:5:1: error: the line has 5011 bytes, more than the limit of 1000 [too-deep]";
    assert_eq!(run.out.lines().find(|line| line.starts_with("<stdin>:5:1:")), Some(too_long));
    // The errors are about the line, not the file, because the stream continues.
    let odd = pipe(folder.path(), &arguments, b"\xff\xfe{}\n\xef\xbb\xbf \n// a\n");
    assert_eq!(
        odd.out.lines().map(|line| line.split(" error: ").nth(1).unwrap()).collect::<Vec<_>>(),
        [
            "the line is UTF-16, expected UTF-8 [syntax-error]",
            "the line is empty [syntax-error]",
            "the text contains only comments [syntax-error]",
        ]
    );
}

#[test]
fn a_stream_is_reported_while_it_continues() {
    use std::io::{BufRead as _, BufReader};
    let folder = folder(&[]);
    let mut command = command(folder.path(), &["check", "--ndjson", "--format", "concise"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    for line in 1..=3 {
        stdin.write_all(b"{\"type\": 5}\n").unwrap();
        let mut answer = String::new();
        stdout.read_line(&mut answer).unwrap();
        assert!(answer.starts_with(&format!("<stdin>:{line}:")), "{answer}");
    }
    // After the reader closes the pipe, the stream continues, but nothing more is read.
    drop(stdout);
    let writer = std::thread::spawn(move || while stdin.write_all(b"{\"type\": 5}\n").is_ok() {});
    assert_eq!(child.wait().unwrap().code(), Some(1));
    writer.join().unwrap();
}

#[test]
fn options_that_conflict_with_a_stream_are_errors() {
    let folder = folder(&[("a.ndjson", STREAM), ("b/a.json", GOOD)]);
    for arguments in [["--fix"], ["--unsafe-fixes"], ["--diff"], ["--baseline=b"], ["--write-baseline=b"]] {
        let run = run(folder.path(), &[&["check", "--ndjson", "a.ndjson"], &arguments[..]].concat());
        assert!(run.status == 2 && run.err.contains("cannot be used with"), "{}", run.err);
    }
    for format in ["sarif", "gitlab", "junit"] {
        let run = run(folder.path(), &["check", "--ndjson", "a.ndjson", "--format", format]);
        let sentence = "--ndjson works only with --format human, concise, github or json";
        assert_eq!(
            (run.status, run.out.as_str(), run.err.as_str()),
            (2, "", format!("streamlint: {sentence}\n").as_str())
        );
    }
    let run = run(folder.path(), &["check", "--ndjson", "b", "gone.ndjson", "a.ndjson", "--format", "concise"]);
    let sentences = "streamlint: b: --ndjson cannot read a folder\n\
                     streamlint: gone.ndjson: no such file or folder\n";
    assert_eq!((run.status, run.err.as_str(), run.out.lines().count()), (2, sentences, 5));
    let request = pipe(
        folder.path(),
        &["check", "--ndjson", "--group-id", "x", "--tenant-name", "t", "--format", "concise"],
        STREAM.as_bytes(),
    );
    assert_eq!(request.out.matches("the group id").count(), 1, "{}", request.out);
    assert!(request.out.starts_with("<stdin>:1:1: error: the group id"), "{}", request.out);
}

// ---------------------------------------------------------------------------------------------------------------------
// Fixes

#[test]
fn fix_writes_safe_fixes_and_reports_what_is_left() {
    let both = MISSPELT.replace("\"Cluster\"", "\"cluster\"");
    let folder = folder(&[("a.json", &both), ("good.json", GOOD)]);
    let path = folder.path().join("a.json");
    let run = run(folder.path(), &["check", "--fix", "--format", "json", "a.json", "good.json"]);
    assert_eq!((run.status, run.rules()), (1, vec!["unknown-field".to_owned()]));
    assert_eq!(fs::read_to_string(&path).unwrap(), MISSPELT);
    assert_eq!(run.json()["summary"]["fixable"], 0);
    let run = self::run(folder.path(), &["check", "--unsafe-fixes", "--format", "json", "a.json"]);
    assert_eq!((run.status, run.rules().len()), (0, 0));
    assert_eq!(fs::read_to_string(&path).unwrap(), MISSPELT.replace("Executes", "Execute"));
    assert_eq!(fs::read_to_string(folder.path().join("good.json")).unwrap(), GOOD);
    let left = fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(left, 2, "no half file stays");
}

#[test]
fn fixing_is_idempotent_and_keeps_the_rest() {
    let text = "\u{FEFF}// mine\r\n{\r\n\t\"name\" : \"sample_stream_solar\",\r\n\t\"id\": \"x\", // gone\r\n\t\"type\":\"sample\" /* near */,\r\n}\r\n";
    let folder = folder(&[("a.jsonc", text)]);
    let path = folder.path().join("a.jsonc");
    assert_eq!(run(folder.path(), &["check", "--fix", "a.jsonc"]).status, 0);
    let fixed = fs::read_to_string(&path).unwrap();
    for kept in [
        "\u{FEFF}// mine\r\n{\r\n",
        "\t\"name\" : \"sample_stream_solar\",\r\n",
        " // gone\r\n",
        "\"type\":\"Sample\" /* near */,\r\n}\r\n",
    ] {
        assert!(fixed.contains(kept), "{kept:?} in {fixed:?}");
    }
    assert!(!fixed.contains("\"id\""), "{fixed:?}");
    let modified = fs::metadata(&path).unwrap().modified().unwrap();
    assert_eq!(run(folder.path(), &["check", "--fix", "a.jsonc"]).status, 0);
    assert_eq!(fs::read_to_string(&path).unwrap(), fixed);
    assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), modified, "nothing is written when nothing changes");
}

#[test]
fn a_file_with_invalid_bytes_is_never_rewritten() {
    let folder = folder(&[]);
    let bytes = b"{\"name\": \"sample_stream_solar\", \"type\": \"sample\", \"x\": \"\xff\"}";
    fs::write(folder.path().join("a.json"), bytes).unwrap();
    assert_eq!(run(folder.path(), &["check", "--unsafe-fixes", "a.json"]).status, 1);
    assert_eq!(fs::read(folder.path().join("a.json")).unwrap(), bytes);
    let output = {
        let mut command = command(folder.path(), &["check", "--fix", "-"]);
        command.stdin(File::open(folder.path().join("a.json")).unwrap()).output().unwrap()
    };
    assert_eq!(output.stdout, bytes);
}

#[cfg(unix)]
#[test]
fn fix_keeps_permissions_and_writes_through_links() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = folder(&[("real/a.json", NEAR), ("locked.json", NEAR)]);
    let real = folder.path().join("real/a.json");
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
    let link = folder.path().join("link.json");
    std::os::unix::fs::symlink("real/a.json", &link).unwrap();
    assert_eq!(run(folder.path(), &["check", "--fix", "link.json"]).status, 0);
    assert!(fs::symlink_metadata(&link).unwrap().file_type().is_symlink());
    assert_eq!(fs::read_to_string(&real).unwrap(), GOOD);
    assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);

    let locked = folder.path().join("locked.json");
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o444)).unwrap();
    let run = run(folder.path(), &["check", "--fix", "locked.json"]);
    assert_eq!((run.status, run.err.as_str()), (2, "streamlint: locked.json: the file is read-only\n"));
    assert_eq!(fs::read_to_string(&locked).unwrap(), NEAR);
}

#[test]
fn fixing_standard_input_writes_the_report_to_standard_error() {
    let folder = folder(&[]);
    let run = pipe(folder.path(), &["check", "--fix", "-"], NEAR.as_bytes());
    assert_eq!((run.status, run.out.as_str()), (0, GOOD));
    assert_eq!(run.err, "1 finding: 1 fixed, 0 remaining in 1 file (1 connection)\n");
    let same = pipe(folder.path(), &["check", "--fix", "-", "--format", "concise"], MISSPELT.as_bytes());
    assert_eq!((same.status, same.out.as_str()), (1, MISSPELT));
    assert!(same.err.contains("[unknown-field]"), "{}", same.err);
    let long = pipe(folder.path(), &["check", "--fix", "-", "--max-size", "5"], GOOD.as_bytes());
    assert_eq!((long.status, long.out.as_str()), (1, GOOD));
}

#[test]
fn diff_shows_what_fixes_would_change_and_writes_nothing() {
    let text = NEAR.replace("}\n", "  ,\"url\": \"https://hooks.example.com/t0psecret\"\n}\n").replace('\n', "\r\n");
    let folder = folder(&[("a.json", &text), ("good.json", GOOD)]);
    let expected = concat!(
        "--- a.json\n+++ a.json\n@@ -1,5 +1,5 @@\n",
        " {\r\n   \"name\": \"sample_stream_solar\",\r\n",
        "-  \"type\": \"sample\"\r\n+  \"type\": \"Sample\"\r\n",
        "   ,\"url\": \"***\"\r\n }\r\n",
    );
    for flags in [&["--diff"][..], &["--diff", "--fix"]] {
        let run = run(folder.path(), &[&["check", "a.json", "good.json"], flags].concat());
        assert_eq!((run.status, run.out.as_str(), run.err.as_str()), (1, expected, ""));
    }
    assert_eq!(fs::read_to_string(folder.path().join("a.json")).unwrap(), text);
    let none = run(folder.path(), &["check", "--diff", "good.json"]);
    assert_eq!((none.status, none.out.as_str()), (0, ""));
    assert_eq!(run(folder.path(), &["check", "--diff", "--exit-zero", "a.json"]).status, 0);
    let unsafe_only = self::folder(&[("a.json", MISSPELT)]);
    assert_eq!(run(unsafe_only.path(), &["check", "--diff", "a.json"]).out, "");
    let both = run(unsafe_only.path(), &["check", "--diff", "--unsafe-fixes", "a.json"]);
    assert!(both.status == 1 && both.out.contains("\n+  \"dbRoleToExecute\": {"), "{}", both.out);
    assert_eq!(fs::read_to_string(unsafe_only.path().join("a.json")).unwrap(), MISSPELT);
    let colors = run(folder.path(), &["check", "--diff", "--color", "always", "a.json"]).out;
    for line in [
        "\u{1b}[1m--- a.json\u{1b}[0m\n",
        "\u{1b}[31m-  \"type\": \"sample\"\u{1b}[0m\r\n",
        "\u{1b}[32m+  \"type\": \"Sample\"\u{1b}[0m\r\n",
    ] {
        assert!(colors.contains(line), "{colors:?}");
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// Output

#[test]
fn json_reports_are_valid_by_their_schema() {
    let files = [
        ("a.json", NEAR),
        ("b.json", ANSWERED),
        ("c.json", MISSPELT),
        ("d.json", "{\"url\": 1, \"url\": 2"),
        ("e.json", "[1, {\"type\": \"Kafka\", \"a~/b\": null, \"name\": 5}]"),
        ("f.json", "{\"error\": 409, \"errorCode\": \"STREAM_CONNECTION_NAME_ALREADY_EXISTS\"}"),
        ("g.json", ""),
        ("h.json", GOOD),
    ];
    let folder = folder(&files);
    let schema = run(folder.path(), &["schema", "report"]).json();
    jsonschema::meta::validate(&schema).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let names = files.map(|(name, _)| name);
    let run = run(folder.path(), &[&["check", "--format", "json", "--group-id", "x"], &names[..]].concat());
    let report = run.json();
    let errors =
        schema.iter_errors(&report).map(|error| format!("{}: {error}", error.instance_path())).collect::<Vec<_>>();
    assert!(errors.is_empty(), "{errors:#?}");
    assert!(run.out.starts_with("{\n  \"version\": 1,\n  \"files\": [\n    {\n      \"path\": \"a.json\",\n"));
    assert_eq!(report["summary"]["files"], report["files"].as_array().unwrap().len());
    assert_eq!(report["files"][5]["mode"], "error");

    let found = &report["files"][0]["diagnostics"][1];
    assert_eq!(found["rule"], "unknown-type");
    assert_eq!(found["connection"], "sample_stream_solar");
    assert_eq!(found["url"], streamlint::rule("unknown-type").unwrap().url());
    assert_eq!(found["span"]["start"], serde_json::json!({ "offset": 45, "line": 3, "column": 11 }));
    assert_eq!(found["fix"]["edits"], serde_json::json!([{ "start": 45, "end": 53, "text": "\"Sample\"" }]));
}

#[test]
fn concise_and_human_have_the_same_findings() {
    let folder = folder(&[("a.json", NEAR)]);
    let concise = run(folder.path(), &["check", "--format", "concise", "a.json"]);
    assert!(
        concise.out.starts_with("a.json:3:11: error: ") && concise.out.ends_with(" [unknown-type]\n"),
        "{}",
        concise.out
    );
    let human = run(folder.path(), &["check", "a.json"]);
    for part in ["error[unknown-type]", "[a.json:3:11]", "\"type\": \"sample\"", "(--fix)", "1 error in 1 file"] {
        assert!(human.out.contains(part), "{part} in {}", human.out);
    }
    let quiet = run(folder.path(), &["check", "-q", "a.json"]);
    assert!(quiet.out.contains("error[unknown-type]") && !quiet.out.contains("1 error in"), "{}", quiet.out);
}

#[test]
fn a_report_in_a_file_is_complete_and_without_colors() {
    let folder = folder(&[("a.json", NEAR), ("b.json", MISSPELT), ("reports/old.txt", "what was there before")]);
    let text = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    let closing = "2 errors in 2 files (2 connections); 1 fixable with --fix, 1 more with --unsafe-fixes\n";
    let arguments = ["check", "a.json", "b.json"];
    let shown = run(folder.path(), &arguments).out;
    for flag in ["--output", "-o"] {
        let run = run(folder.path(), &[&arguments[..], &["--color", "always", flag, "reports/old.txt"]].concat());
        assert_eq!((run.status, run.err.as_str()), (1, ""));
        assert!(run.out.starts_with("\u{1b}[31m2 errors\u{1b}[0m in 2 files") && run.out.lines().count() == 1);
        assert_eq!(text("reports/old.txt") + closing, shown);
    }
    for format in ["json", "concise"] {
        let there = run(folder.path(), &[&arguments[..], &["--format", format]].concat()).out;
        let run = run(folder.path(), &[&arguments[..], &["--format", format, "--output", "new"]].concat());
        assert_eq!((run.out.as_str(), text("new")), (closing, there));
        let quiet = self::run(folder.path(), &[&arguments[..], &["--format", format, "-q", "-o", "new"]].concat());
        assert_eq!(quiet.out, "");
    }
    let diff = run(folder.path(), &[&arguments[..], &["--diff", "-o", "changes"]].concat());
    assert_eq!((diff.status, diff.out.as_str()), (1, ""));
    assert!(text("changes").contains("+  \"type\": \"Sample\""));
    let names = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names = names.collect::<Vec<_>>();
    names.sort();
    assert_eq!(names, ["a.json", "b.json", "changes", "new", "reports"], "no draft stays");
    let lost = run(folder.path(), &[&arguments[..], &["-o", "nowhere/report.txt"]].concat());
    assert_eq!((lost.status, lost.out.as_str()), (2, ""));
    assert_eq!(lost.err, "streamlint: nowhere/report.txt: cannot write this file: no such file or folder\n");
}

#[cfg(unix)]
#[test]
fn a_report_file_has_usual_permissions_and_a_device_is_not_replaced() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = folder(&[("a.json", NEAR), ("plain", ""), ("private", "")]);
    let mode = |name: &str| fs::metadata(folder.path().join(name)).unwrap().permissions().mode() & 0o777;
    fs::set_permissions(folder.path().join("private"), fs::Permissions::from_mode(0o600)).unwrap();
    for name in ["new", "private"] {
        assert_eq!(run(folder.path(), &["check", "a.json", "-o", name]).status, 1);
    }
    assert_eq!((mode("new"), mode("private")), (mode("plain"), 0o600));
    let device = run(folder.path(), &["check", "a.json", "-o", "/dev/null"]);
    assert_eq!((device.status, device.out.lines().count()), (1, 1));
    assert!(!fs::metadata("/dev/null").unwrap().is_file());
}

#[test]
fn statistics_count_the_findings_of_each_rule() {
    let folder = folder(&[
        ("a.json", &format!("[{NEAR}, {NEAR}, {MISSPELT}]")),
        ("b.json", &NEAR.replace("sample\"", "Sample\", \"urls\": 1")),
    ]);
    let table = run(folder.path(), &["check", "--statistics", "a.json", "b.json"]);
    let expected = "2  unknown-type      error    2 with --fix\n\
                    2  unknown-field     error    1 with --unsafe-fixes\n\
                    1  not-a-connection  info\n\
                    1  duplicate-name    error\n";
    let closing = "5 errors, 1 info in 2 files (4 connections); 2 fixable with --fix, 1 more with --unsafe-fixes\n";
    assert_eq!((table.status, table.out), (1, format!("{expected}{closing}")));
    let concise = run(folder.path(), &["check", "--statistics", "--format", "concise", "a.json", "b.json"]);
    assert_eq!(concise.out, expected);
    let json = run(folder.path(), &["check", "--statistics", "--format", "json", "a.json", "b.json"]).json();
    assert_eq!(
        json[0],
        serde_json::json!({
            "rule": "unknown-type", "severity": "error", "count": 2, "fixable": 2, "unsafeFixable": 0,
            "url": streamlint::rule("unknown-type").unwrap().url(),
        })
    );
    assert_eq!(json.as_array().unwrap().len(), 4);
    let none = self::folder(&[("a.json", GOOD)]);
    assert_eq!(run(none.path(), &["check", "--statistics", "--format", "json"]).json(), serde_json::json!([]));
    assert_eq!(run(none.path(), &["check", "--statistics", "--diff"]).status, 2);
}

/// With --verbose the folder is walked first; otherwise files are linted during the walk.
#[test]
fn files_that_are_linted_during_the_walk_are_reported_in_path_order() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: String, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    for at in 0..4500 {
        let text = if at % 3 == 0 || at > 1000 { MISSPELT } else { GOOD };
        write(format!("{}/{at}.json", at % 7), text);
    }
    write("3/package.json".to_owned(), r#"{ "name": "no-definition", "version": "1.0.0" }"#);
    write("3/broken.json".to_owned(), &GOOD.replace(':', ""));
    write("4/a.json".to_owned(), &format!("{GOOD}{}", " ".repeat(2000)));
    write("4/streamlint.toml".to_owned(), "fail-on = \"error\"\n[rules]\nunknown-field = \"info\"\n");
    write("5/streamlint.toml".to_owned(), "fail_on = 1\n");
    let stage = r#"{ "$source": { "connectionName": "nowhere" } }"#;
    write("6/pipeline.json".to_owned(), &format!(r#"{{ "name": "p", "pipeline": [{stage}] }}"#));
    let formats = Format::ALL.iter().map(|format| vec!["--format", format.name()]);
    for options in formats.chain([vec!["--statistics"], vec!["--statistics", "--format", "json"], vec!["--exit-zero"]])
    {
        let arguments = [&["check", "--max-size", "1500", "."], options.as_slice()].concat();
        let (during, after) = (run(folder.path(), &arguments), run(folder.path(), &[&arguments[..], &["-v"]].concat()));
        assert_eq!((during.status, during.out), (after.status, after.out), "{options:?}");
    }
    let concise = run(folder.path(), &["check", "--max-size", "1500", "--format", "concise", "0"]);
    let count = (0..4500).filter(|at| at % 7 == 0 && (at % 3 == 0 || *at > 1000)).count();
    assert_eq!((concise.status, concise.out.matches("unknown-field").count()), (1, count));
}

#[test]
fn any_number_of_files_in_one_workspace_is_compared() {
    let folder = tempfile::tempdir().unwrap();
    for at in 0..1500 {
        let text = GOOD.replace("sample_stream_solar", &format!("n{}", at % 1499)).replace("Sample", "sample");
        fs::write(folder.path().join(format!("{at:04}.json")), text).unwrap();
    }
    let arguments = ["check", "--tenant-name", "ours", "--format", "concise", "--select", "duplicate-name"];
    let expected = "1499.json:2:11: error: this workspace already has a connection `n0`, at 0000.json:2 \
                    [duplicate-name]\n";
    let names = (0..1500).map(|at| format!("{at:04}.json")).collect::<Vec<_>>();
    let names = names.iter().map(String::as_str).collect::<Vec<_>>();
    let run = self::run(folder.path(), &[&arguments[..], &names].concat());
    assert_eq!((run.status, run.out.as_str()), (1, expected));
    // With fixes, which change the reported lines, and with standard input, which can be read only once.
    let fixed = pipe(
        folder.path(),
        &["check", "--tenant-name", "ours", "--format", "concise", "--fix", "0000.json", "-"],
        GOOD.replace("Sample", "sample").replace("sample_stream_solar", "n0").as_bytes(),
    );
    assert_eq!(fixed.out, GOOD.replace("sample_stream_solar", "n0"));
    let taken = "<stdin>:2:11: error: this workspace already has a connection `n0`, at 0000.json:2";
    assert!(fixed.err.contains(taken) && fixed.err.matches("duplicate-name").count() == 1, "{}", fixed.err);
    assert!(fs::read_to_string(folder.path().join("0000.json")).unwrap().contains("\"Sample\""));
}

#[test]
fn a_pipeline_may_name_connections_of_any_number_of_files() {
    let folder = tempfile::tempdir().unwrap();
    for at in 0..1500 {
        let name = format!("n{}", at % 1499);
        let text = GOOD.replace("sample_stream_solar", &name).replace("Sample", "sample");
        fs::write(folder.path().join(format!("{at:04}.json")), text).unwrap();
    }
    let stage = |name: &str| format!(r#"{{ "$source": {{ "connectionName": "{name}" }} }}"#);
    let pipeline = |name: &str| format!(r#"{{ "name": "p", "pipeline": [{}, {}] }}"#, stage(name), stage("n24x"));
    // These files are in the second window, so the text before them has already been reported.
    fs::write(folder.path().join("1100p.json"), pipeline("n0")).unwrap();
    fs::write(folder.path().join("1200p.json"), pipeline("n1498")).unwrap();
    let arguments = ["check", "--tenant-name", "ours", "--format", "concise", "--fix", "--ignore", "unknown-sample"];
    let names = (0..1500).map(|at| format!("{at:04}.json")).chain(["1100p.json".to_owned(), "1200p.json".to_owned()]);
    let names = names.collect::<Vec<_>>();
    let names = names.iter().map(String::as_str).collect::<Vec<_>>();
    let run = run(folder.path(), &[&arguments[..], &names].concat());
    let lines = run.out.lines().collect::<Vec<_>>();
    assert_eq!(lines.len(), 3, "{}{}", run.out, run.err);
    for (line, file) in lines.iter().zip(["1100p.json:1", "1200p.json:1"]) {
        assert!(line.starts_with(file) && line.contains("this workspace has no connection `n24x`"), "{line}");
    }
    assert!(
        lines[2].starts_with("1499.json:2:11: error:") && lines[2].contains("`n0`, at 0000.json:2"),
        "{}",
        lines[2]
    );
    assert!(fs::read_to_string(folder.path().join("1499.json")).unwrap().contains("\"Sample\""));
}

#[test]
fn verbose_prints_the_dialects_of_files() {
    let folder = folder(&[("a.json", FOUND), ("package.json", "{}")]);
    let run = run(folder.path(), &["check", "-v"]);
    let expected = "streamlint: a.json: admin-api, mode create, 1 connection\n\
                    streamlint: package.json: does not look like a connection definition\n";
    // The line before names the streamlint.toml.
    assert!(run.err.ends_with(expected), "{}", run.err);
}

#[test]
fn colors_follow_the_flag_and_the_environment() {
    let folder = folder(&[("a.json", NEAR)]);
    let has_colors = |arguments: &[&str], environment: &[(&str, &str)]| {
        let mut command = command(folder.path(), &[&["check", "a.json"], arguments].concat());
        let output = command.envs(environment.iter().copied()).stdin(Stdio::null()).output().unwrap();
        Run::from(output).out.contains("\u{1b}[")
    };
    assert!(!has_colors(&[], &[]), "a pipe shows none");
    assert!(has_colors(&["--color", "always"], &[("NO_COLOR", "1")]));
    assert!(has_colors(&[], &[("FORCE_COLOR", "1")]));
    assert!(has_colors(&[], &[("CLICOLOR_FORCE", "1")]));
    assert!(!has_colors(&[], &[("FORCE_COLOR", "0")]));
    assert!(!has_colors(&[], &[("FORCE_COLOR", "1"), ("NO_COLOR", "1")]));
    assert!(!has_colors(&["--color", "never"], &[("FORCE_COLOR", "1")]));
    assert!(!has_colors(&["--color", "auto"], &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")]));
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_causes_no_panic() {
    let folder = folder(&[("a.json", &format!("[{}]", vec![NEAR; 2000].join(",")))]);
    for arguments in [
        &["check", "a.json"][..],
        &["check", "a.json", "--format", "json"],
        &["rules"],
        &["schema", "Kafka"],
        &["explain", "too-deep"],
        &["init", "Kafka"],
    ] {
        let mut child =
            command(folder.path(), arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "", "{arguments:?}");
        assert!(matches!(output.status.code(), Some(0 | 1)), "{arguments:?}: {:?}", output.status);
    }
}

#[test]
fn hostile_names_do_nothing_to_a_terminal() {
    let folder =
        folder(&[("a\u{1b}[2Jb.json", NEAR), ("c.json", "{\"name\": \"\u{202e}x\u{1b}\", \"type\": \"sample\"}")]);
    for format in ["human", "concise"] {
        let run = run(folder.path(), &["check", "--format", format, "a\u{1b}[2Jb.json", "c.json", "no\u{1b}pe"]);
        assert!(!run.out.contains(['\u{1b}', '\u{202e}']), "{:?}", run.out);
        assert!(!run.err.contains('\u{1b}'), "{:?}", run.err);
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// The catalog

#[test]
fn rules_are_listed() {
    let folder = folder(&[]);
    let rules = run(folder.path(), &["rules", "--format", "json"]).json();
    let rules = rules.as_array().unwrap();
    assert_eq!(rules.len(), streamlint::RULES.len());
    let unknown_type = rules.iter().find(|rule| rule["name"] == "unknown-type").unwrap();
    assert_eq!(
        *unknown_type,
        serde_json::json!({
            "name": "unknown-type", "severity": "error", "kinds": [], "fixable": "sometimes",
            "summary": "a missing or unknown connection type",
            "url": streamlint::rule("unknown-type").unwrap().url(),
        })
    );
    for (row, rule) in rules.iter().zip(streamlint::RULES) {
        let kinds = if rule.kinds == streamlint::Kinds::ALL { streamlint::Kinds::NONE } else { rule.kinds };
        let kinds = kinds.iter().map(streamlint::Kind::name).collect::<Vec<_>>();
        assert_eq!((&row["name"], &row["kinds"]), (&rule.name.into(), &kinds.into()));
    }
    let table = run(folder.path(), &["rules"]);
    assert_eq!(table.out.lines().count(), rules.len());
}

#[test]
fn schemas_are_printed_as_they_are_published() {
    let folder = folder(&[]);
    let repository = env!("CARGO_PKG_REPOSITORY").replace("github.com", "raw.githubusercontent.com");
    for name in ["Kafka", "SchemaRegistry", "connection", "response", "error", "failover", "request", "report"] {
        let run = run(folder.path(), &["schema", name]);
        assert_eq!(run.json()["$id"], format!("{repository}/main/schemas/{name}.schema.json"));
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("schemas/{name}.schema.json"));
        assert_eq!(run.out, fs::read_to_string(file).unwrap());
    }
    for (wrong, near) in [("kafka", "Kafka"), ("reprot", "report")] {
        let run = run(folder.path(), &["schema", wrong]);
        assert!(run.status == 2 && run.err.contains(&format!("did you mean `{near}`?")), "{}", run.err);
    }
}

#[test]
fn explain_takes_error_codes() {
    let folder =
        folder(&[("apply.log", "Error: (Error code: \"STREAM_TENANT_NOT_FOUND_FOR_NAME\") Detail: x Reason: y\n")]);
    let code = run(folder.path(), &["explain", "STREAM_PROCESSOR_GENERIC_ERROR"]);
    assert_eq!(code.status, 0);
    assert!(code.out.starts_with("STREAM_PROCESSOR_GENERIC_ERROR\n") && code.out.contains("undefined-connection"));
    let near = run(folder.path(), &["explain", "VALIDATON_ERROR"]);
    assert!(near.status == 2 && near.err.contains("did you mean `VALIDATION_ERROR`?"), "{}", near.err);
    let log = run(folder.path(), &["check", "--mode", "error", "--format", "json", "apply.log"]);
    assert_eq!((log.status, log.rules()), (0, vec!["api-error".to_owned()]), "{}", log.out);
}

#[test]
fn explain_prints_the_page() {
    let folder = folder(&[]);
    let page = run(folder.path(), &["explain", "duplicate-key"]);
    assert_eq!((page.status, page.err.as_str()), (0, ""));
    assert!(page.out.starts_with("error[duplicate-key]: the same field twice in one object\n"), "{}", page.out);
    assert!(
        page.out.contains("\nWhat it does\n────────────\n") && page.out.contains("╭─[example.json"),
        "{}",
        page.out
    );
    assert!(!page.out.contains('\u{1b}'), "no colors in a pipe");
    let colors = run(folder.path(), &["explain", "duplicate-key", "--color", "always"]);
    assert!(colors.out.contains("\u{1b}[1m\u{1b}[4mWhy it matters\u{1b}["), "{}", colors.out);
    let raw = run(folder.path(), &["explain", "duplicate-key", "--format", "markdown"]);
    assert_eq!(raw.out, streamlint::rule("duplicate-key").unwrap().page());
    let near = run(folder.path(), &["explain", "duplicate-keys"]);
    assert!(near.status == 2 && near.err.contains("did you mean `duplicate-key`?"), "{}", near.err);
}

#[test]
fn rules_have_colors_if_enabled() {
    let folder = folder(&[]);
    let colors = run(folder.path(), &["rules", "--color", "always"]);
    assert!(colors.out.contains("\u{1b}[31merror"), "{}", colors.out);
    let plain = run(folder.path(), &["rules", "--color", "auto"]);
    assert!(!plain.out.contains('\u{1b}') && plain.out.starts_with("syntax-error "), "{}", plain.out);
}

#[test]
fn init_prints_a_definition_to_begin_with() {
    let folder = folder(&[]);
    let kafka = run(folder.path(), &["init", "Kafka", "--name", "clicks"]);
    assert_eq!((kafka.status, kafka.err.as_str()), (0, ""));
    assert_eq!(kafka.json()["name"], "clicks");
    assert_eq!(pipe(folder.path(), &["check", "-"], kafka.out.as_bytes()).status, 0);
    let commented = run(folder.path(), &["init", "Kafka", "--comments"]);
    assert!(commented.out.starts_with("{\n  // "), "{}", commented.out);
    let checked = pipe(folder.path(), &["check", "-", "--stdin-filename", "a.jsonc"], commented.out.as_bytes());
    assert_eq!((checked.status, checked.out.as_str()), (0, "nothing found in 1 file (1 connection)\n"));
    let near = run(folder.path(), &["init", "kafak"]);
    assert!(near.status == 2 && near.err.contains("did you mean `Kafka`?"), "{}", near.err);
}

#[test]
fn the_version_names_its_sources() {
    let folder = folder(&[]);
    let short = run(folder.path(), &["-V"]);
    assert_eq!(short.out, concat!("streamlint ", env!("CARGO_PKG_VERSION"), "\n"));
    let long = run(folder.path(), &["--version"]);
    let evidence = streamlint::EVIDENCE;
    assert_eq!(
        long.out.lines().collect::<Vec<_>>(),
        [
            concat!("streamlint ", env!("CARGO_PKG_VERSION")),
            &format!("evidence of {}", evidence.date),
            &format!("Atlas Administration API, OpenAPI {}", evidence.openapi),
        ]
    );
}

#[test]
fn a_language_server_responds_on_standard_output_until_its_client_is_gone() {
    let folder = folder(&[]);
    let frame = |body: &str| format!("Content-Length: {}\r\n\r\n{body}", body.len());
    let hello = frame(r#"{ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": { "capabilities": {} } }"#);
    let goodbye = frame(r#"{ "jsonrpc": "2.0", "id": 2, "method": "shutdown" }"#);
    let exit = frame(r#"{ "jsonrpc": "2.0", "method": "exit" }"#);
    for arguments in [["lsp"].as_slice(), &["lsp", "--stdio"]] {
        let polite = pipe(folder.path(), arguments, format!("{hello}{goodbye}{exit}").as_bytes());
        assert_eq!((polite.status, polite.err.as_str()), (0, ""));
        assert!(polite.out.contains("\"serverInfo\":{\"name\":\"streamlint\""), "{}", polite.out);
        assert_eq!(pipe(folder.path(), arguments, hello.as_bytes()).status, 1);
        assert_eq!(pipe(folder.path(), arguments, b"").status, 1);
    }
}

#[test]
fn the_examples_of_the_page_about_editors_can_be_copied() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/editors.md")).unwrap();
    let blocks = page.split("\n```").skip(1).step_by(2).collect::<Vec<_>>();
    let mut starts_it = 0;
    for block in &blocks {
        let (language, content) = block.split_once('\n').unwrap();
        match language {
            "json" => drop(serde_json::from_str::<Value>(content).unwrap()),
            "toml" => drop(content.parse::<toml::Table>().unwrap()),
            // pkg/vscode/tests/guide.test.mjs parses the other languages.
            other => assert!(matches!(other, "lua" | "rust" | "sh"), "{other}"),
        }
        let words = content.replace(['"', ',', '[', ']', '(', ')', '{', '}', '=', ':', '!'], " ").replace(".into", " ");
        starts_it += usize::from(words.contains("streamlint") && words.split_whitespace().any(|word| word == "lsp"));
    }
    assert_eq!((blocks.len(), starts_it), (9, 3));
    assert!(page.contains("source.fixAll.streamlint"));
}

// ---------------------------------------------------------------------------------------------------------------------
// Conveniences

#[test]
fn shells_complete_commands_options_and_names_of_rules() {
    let folder = folder(&[]);
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let run = run(folder.path(), &["completions", shell]);
        assert_eq!((run.status, run.err.as_str()), (0, ""));
        // Two of these shells do not complete values.
        let words = ["check", "completions", "statistics", "missing-credentials", "AWSKinesisDataStreams", "sarif"];
        let known = if matches!(shell, "powershell" | "elvish") { &words[..3] } else { &words[..] };
        for word in known {
            assert!(run.out.contains(word), "{word} for {shell}");
        }
    }
    assert_eq!(run(folder.path(), &["completions", "cmd"]).status, 2);
}

#[cfg(target_os = "linux")]
#[test]
fn bash_accepts_the_completions() {
    let folder = folder(&[]);
    fs::write(folder.path().join("complete.sh"), run(folder.path(), &["completions", "bash"]).out).unwrap();
    let script = "source complete.sh; COMP_WORDS=(streamlint explain unencr); COMP_CWORD=2; \
                  _streamlint streamlint unencr explain; echo \"${COMPREPLY[@]}\"";
    let run: Run = Command::new("bash").args(["-c", script]).current_dir(folder.path()).output().unwrap().into();
    assert_eq!((run.out.as_str(), run.err.as_str()), ("unencrypted-credentials\n", ""));
}

#[cfg(unix)]
const WAITING: &str = "streamlint: watching for changes; Ctrl-C ends";

#[cfg(unix)]
type Lines = Box<dyn Iterator<Item = String>>;

/// A run with --watch, and the lines of its output and of its errors.
#[cfg(unix)]
fn watch(folder: &Path, arguments: &[&str]) -> (std::process::Child, Lines, Lines) {
    use std::io::{BufRead as _, BufReader};
    let mut command = command(folder, &[&["check", "--watch", "--format", "concise"], arguments].concat());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let out = BufReader::new(child.stdout.take().unwrap()).lines();
    let err = BufReader::new(child.stderr.take().unwrap()).lines();
    // If a change starts no run, the test fails instead of waiting forever.
    let id = child.id().to_string();
    std::thread::spawn(move || {
        std::thread::sleep(std::time::Duration::from_secs(60));
        Command::new("kill").args(["-KILL", &id]).status().unwrap();
    });
    (child, Box::new(out.map(Result::unwrap)), Box::new(err.map(Result::unwrap)))
}

#[cfg(unix)]
fn interrupt(child: &std::process::Child) {
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
}

#[cfg(unix)]
#[test]
fn watching_lints_again_after_each_change_and_ends_with_the_last_status() {
    let folder = folder(&[("a.json", NEAR), ("b/b.json", FOUND), ("notes.txt", "")]);
    let path = folder.path().join("a.json");
    let watch = |arguments: &[&str]| watch(folder.path(), arguments);
    let (mut child, mut out, mut err) = watch(&["a.json"]);
    assert!(out.next().unwrap().starts_with("a.json:3:11: error: "));
    assert_eq!(err.next().unwrap(), WAITING);
    // Changes to other files in the folder are ignored. The named file may be replaced by a rename.
    fs::write(folder.path().join("notes.txt"), "x").unwrap();
    fs::write(folder.path().join("new"), ANSWERED).unwrap();
    fs::rename(folder.path().join("new"), &path).unwrap();
    assert!(out.next().unwrap().starts_with("a.json:1:52: warning: "));
    assert_eq!([err.next().unwrap().as_str(), &err.next().unwrap()], ["streamlint: a.json has changed", WAITING]);
    fs::write(&path, GOOD).unwrap();
    assert_eq!([err.next().unwrap().as_str(), &err.next().unwrap()], ["streamlint: a.json has changed", WAITING]);
    interrupt(&child);
    assert_eq!(child.wait().unwrap().code(), Some(0));

    // In a folder, the files that the run writes itself (the report and fixed files) start no new run.
    fs::write(&path, GOOD).unwrap();
    let (mut child, _, mut err) = watch(&[".", "--fix", "--output", "report.txt"]);
    assert_eq!(err.next().unwrap(), WAITING);
    fs::write(folder.path().join("b/c.json"), MISSPELT.replace("orders", "c")).unwrap();
    let changed = err.next().unwrap();
    assert!(changed.ends_with(" has changed"), "{changed}");
    while !fs::read_to_string(folder.path().join("report.txt")).unwrap().contains("b/c.json") {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    interrupt(&child);
    assert_eq!(child.wait().unwrap().code(), Some(1));
    assert!(err.count() < 6, "it ran again and again");

    for arguments in
        [&["check", "--watch", "-"][..], &["check", "--watch", "gone.json"], &["check", "--watch", "--ndjson"]]
    {
        assert_eq!(run(folder.path(), arguments).status, 2, "{arguments:?}");
    }
}

#[cfg(unix)]
#[test]
fn watching_notices_settings_and_other_files_of_a_module() {
    let folder = folder(&[]);
    fs::create_dir(folder.path().join(".git")).unwrap();
    let module = folder.path().join("deep/tf");
    fs::create_dir_all(&module).unwrap();
    let main = "resource \"mongodbatlas_stream_connection\" \"a\" {\n  project_id = \"65f1c0ffee0123456789abcd\"\n  \
                workspace_name = \"w\"\n  connection_name = local.name\n  type = \"Sample\"\n}\n";
    fs::write(module.join("main.tf"), main).unwrap();
    fs::write(module.join("notes.tf.txt"), "").unwrap();
    fs::write(folder.path().join("known.json"), "{ \"version\": 1, \"files\": {} }").unwrap();
    let (mut child, mut out, mut err) = watch(folder.path(), &["deep/tf/main.tf", "--baseline", "known.json"]);
    assert_eq!(err.next().unwrap(), WAITING);
    let mut write = |path: &str, text: &str| {
        fs::write(folder.path().join(path), text).unwrap();
        assert_eq!(
            [err.next().unwrap(), err.next().unwrap()],
            [format!("streamlint: {path} has changed"), WAITING.to_owned()]
        );
    };
    write("streamlint.toml", "rules.unknown-sample = \"error\"\n");
    write("deep/streamlint.toml", "");
    fs::write(module.join("notes.tf.txt"), "x").unwrap();
    fs::write(folder.path().join("main.tf"), "x").unwrap();
    write("deep/tf/locals.tf", "locals {\n  name = \"sample_stream_solr\"\n}\n");
    assert!(out.next().unwrap().starts_with("deep/tf/main.tf:4:21: warning: "));
    write("known.json", "{ \"version\": 1, \"files\": { } }");
    interrupt(&child);
    assert_eq!(child.wait().unwrap().code(), Some(1));
    let (mut child, _, mut err) = watch(folder.path(), &["deep", "--no-config"]);
    assert_eq!(err.next().unwrap(), WAITING);
    fs::write(folder.path().join("streamlint.toml"), "").unwrap();
    fs::write(module.join("locals.tf"), "").unwrap();
    assert_eq!(err.next().unwrap(), "streamlint: deep/tf/locals.tf has changed");
    interrupt(&child);
    child.wait().unwrap();
}

#[cfg(unix)]
#[test]
fn watching_notices_the_baselines_that_settings_name() {
    let folder = folder(&[("deep/a.json", FOUND), ("streamlint.toml", ""), ("old/known.json", "{}")]);
    fs::create_dir(folder.path().join(".git")).unwrap();
    let (mut child, mut out, mut err) = watch(folder.path(), &["deep"]);
    assert_eq!(err.next().unwrap(), WAITING);
    let mut write = |path: &str, text: &str| {
        fs::write(folder.path().join(path), text).unwrap();
        assert_eq!(err.next().unwrap(), format!("streamlint: {path} has changed"));
        loop {
            let line = err.next().unwrap();
            if line == WAITING {
                return;
            }
            assert!(line.contains("cannot use its baseline"), "{line}");
        }
    };
    assert!(out.next().unwrap().starts_with("deep/a.json:"));
    write("streamlint.toml", "baseline = \"old/known.json\"");
    // Correcting the baseline starts a run, and so does creating a missing one that the settings name.
    write("old/known.json", "{ \"version\": 1, \"files\": {} }");
    assert!(out.next().unwrap().starts_with("deep/a.json:"));
    fs::create_dir(folder.path().join("new")).unwrap();
    write("streamlint.toml", "baseline = \"new/known.json\"");
    fs::write(folder.path().join("old/known.json"), "{}").unwrap();
    write("new/known.json", "{ \"version\": 1, \"files\": {} }");
    assert!(out.next().unwrap().starts_with("deep/a.json:"));
    interrupt(&child);
    assert_eq!(child.wait().unwrap().code(), Some(1));
}

#[cfg(unix)]
#[test]
fn watching_runs_only_for_files_that_a_run_reads() {
    let folder = folder(&[
        ("a.json", GOOD),
        ("deep/b.json", GOOD),
        (".gitignore", "node_modules\n*.out.json\n"),
        ("streamlint.toml", "exclude = [\"vendor/\"]\n"),
        ("node_modules/x/package.json", GOOD),
        ("vendor/v.json", GOOD),
    ]);
    let path = |name: &str| folder.path().join(name);
    let write = |name: &str| fs::write(path(name), FOUND).unwrap();
    let (mut child, _, mut err) = watch(folder.path(), &["."]);
    assert_eq!(err.next().unwrap(), WAITING);
    let mut runs_for = |name: &str| {
        let lines = [err.next().unwrap(), err.next().unwrap()];
        assert_eq!(lines, [format!("streamlint: {name} has changed"), WAITING.to_owned()]);
    };
    let of_no_use = || {
        for name in ["foo.log", "sedCUPdcJ", ".a.json.swp", "4913", "a.out.json", "notes.toml"] {
            write(name);
            fs::write(path(name), GOOD).unwrap();
            fs::rename(path(name), path("moved")).unwrap();
            fs::remove_file(path("moved")).unwrap();
        }
        write("node_modules/x/package.json");
        write("node_modules/streamlint.toml");
        write("vendor/v.json");
        fs::create_dir(path("target")).unwrap();
        write("target/log.txt");
        fs::remove_dir_all(path("target")).unwrap();
    };
    of_no_use();
    // A file that was read and then deleted, or moved in from another folder.
    fs::write(path("sedCUPdcJ"), FOUND).unwrap();
    fs::rename(path("sedCUPdcJ"), path("a.json")).unwrap();
    runs_for("a.json");
    of_no_use();
    fs::remove_file(path("a.json")).unwrap();
    runs_for("a.json");
    fs::rename(path("deep"), path("node_modules/deep")).unwrap();
    runs_for("deep");
    fs::rename(path("node_modules/deep"), path("back")).unwrap();
    runs_for("back");
    // A file in new folders, whether the folders are noticed before or after the file is created.
    fs::create_dir_all(path("new/newer")).unwrap();
    std::thread::sleep(std::time::Duration::from_millis(200));
    of_no_use();
    write("new/newer/c.json");
    runs_for("new/newer/c.json");
    // Files that control which files are read.
    fs::write(path("new/.gitignore"), "*.http\n").unwrap();
    runs_for("new/.gitignore");
    write("new/newer/d.http");
    fs::write(path("new/.ignore"), "").unwrap();
    runs_for("new/.ignore");
    fs::write(path("new/streamlint.toml"), "include = [\"*.conf\"]\n").unwrap();
    runs_for("new/streamlint.toml");
    write("new/e.json");
    write("new/e.conf");
    runs_for("new/e.conf");
    interrupt(&child);
    assert_eq!(child.wait().unwrap().code(), Some(1));
}

/// The file that the shell redirects the report to is not linted.
#[cfg(unix)]
#[test]
fn watching_does_not_run_for_its_own_output() {
    let folder = folder(&[("a.json", FOUND)]);
    let path = |name: &str| folder.path().join(name);
    let mut command = command(folder.path(), &["check", ".", "--watch", "--format", "json"]);
    command.stdout(File::create(path("out.json")).unwrap()).stderr(File::create(path("err.json")).unwrap());
    let mut child = command.spawn().unwrap();
    let runs = |count: usize| {
        for _ in 0..500 {
            let err = fs::read_to_string(path("err.json")).unwrap();
            if err.matches(WAITING).count() >= count {
                return err;
            }
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        panic!("no run {count}");
    };
    runs(1);
    std::thread::sleep(std::time::Duration::from_millis(300));
    fs::write(path("a.json"), GOOD).unwrap();
    runs(2);
    std::thread::sleep(std::time::Duration::from_millis(300));
    interrupt(&child);
    child.wait().unwrap();
    assert_eq!(runs(2), format!("{WAITING}\nstreamlint: a.json has changed\n{WAITING}\n"));
}

#[cfg(target_os = "linux")]
#[test]
fn a_long_run_shows_its_progress_in_a_terminal() {
    let folder = folder(&[]);
    let waited = |seconds: &str, environment: &[(&str, &str)], arguments: &str| {
        let command = env!("CARGO_BIN_EXE_streamlint");
        let run = format!("(sleep {seconds}; echo '{{}}') | {command} check - --exit-zero {arguments}");
        let mut command = Command::new("script");
        command.args(["-qec", &run, "/dev/null"]).current_dir(folder.path()).stdin(Stdio::null());
        command.env_remove("CI").env("TERM", "xterm").envs(environment.iter().copied());
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    // On a busy machine the first second can take longer.
    let shown = |arguments: &str| waited("4", &[], arguments);
    let out = shown("> report.txt");
    assert!(out.contains("\r\u{1b}[K0 of 1 files") && out.ends_with("\r\u{1b}[K"), "{out:?}");
    let both = shown("");
    let (progress, report) = both.split_once("error[").unwrap();
    assert!(
        progress.contains("0 of 1 files") && progress.ends_with("\u{1b}[K\u{1b}[31m") || progress.contains("\u{1b}[K"),
        "{both:?}"
    );
    assert!(!report.contains("of 1 files"), "{both:?}");
    for (environment, arguments) in
        [(&[("CI", "1")][..], ""), (&[("TERM", "dumb")], ""), (&[], "2> err.txt"), (&[], "-q")]
    {
        let out = waited("1.5", environment, arguments);
        assert!(!out.contains("of 1 files"), "{environment:?} {arguments}: {out:?}");
    }
    assert!(!fs::read_to_string(folder.path().join("err.txt")).unwrap().contains("of 1"));
}

#[cfg(unix)]
#[test]
fn fix_keeps_owner_and_permissions() {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
    let folder = folder(&[("a.json", NEAR)]);
    let path = folder.path().join("a.json");
    // Only root can change the owner of a file.
    let is_root = chown(&path, Some(65534), Some(65533)).is_ok();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let before = fs::metadata(&path).unwrap();
    assert_eq!(run(folder.path(), &["check", "--fix", "a.json"]).status, 0);
    let after = fs::metadata(&path).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), GOOD);
    assert_eq!((after.uid(), after.gid(), after.mode()), (before.uid(), before.gid(), before.mode()));
    assert_eq!((after.uid(), after.gid()) == (65534, 65533), is_root);
}

#[cfg(unix)]
#[test]
fn fix_keeps_hard_links_together() {
    let folder = folder(&[("a.json", NEAR)]);
    let (one, other) = (folder.path().join("a.json"), folder.path().join("b.txt"));
    fs::hard_link(&one, &other).unwrap();
    assert_eq!(run(folder.path(), &["check", "--fix", "a.json"]).status, 0);
    assert_eq!(fs::read_to_string(&one).unwrap(), GOOD);
    assert_eq!(fs::read_to_string(&other).unwrap(), GOOD);
}

#[test]
fn a_report_never_overwrites_what_is_read() {
    let folder = folder(&[("d/a.json", FOUND), ("d/notes.json", "{}"), ("c.toml", "")]);
    let here = folder.path();
    let refused = |option: &str, file: &str, paths: &[&str]| {
        let before = fs::read(here.join(file)).unwrap();
        let run = run(here, &[&["check", option, file], paths].concat());
        assert_eq!((run.status, run.out.as_str()), (2, ""), "{option} {file} {paths:?}");
        assert_eq!(run.err, format!("streamlint: {file}: {option} would overwrite a file that is read\n"));
        assert_eq!(fs::read(here.join(file)).unwrap(), before);
    };
    for option in ["--output", "--write-baseline"] {
        refused(option, "d/a.json", &["d/a.json"]);
        refused(option, "d/a.json", &["./d/../d/a.json"]);
        refused(option, "d/a.json", &["d"]);
        refused(option, "d/a.json", &[]);
        refused(option, "c.toml", &["d", "--config", "c.toml"]);
    }
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("d/a.json", here.join("link.json")).unwrap();
        fs::hard_link(here.join("d/a.json"), here.join("hard.json")).unwrap();
        refused("--output", "link.json", &["d/a.json"]);
        refused("--output", "link.json", &["d"]);
        refused("--output", "hard.json", &["d/a.json"]);
        refused("--write-baseline", "d/a.json", &["link.json"]);
    }
    let both = run(here, &["check", "d", "--output", "x.json", "--write-baseline", "./x.json"]);
    assert_eq!((both.status, both.err.as_str()), (2, "streamlint: x.json: two options name this file to write\n"));
    // An earlier report in a folder is not linted as a definition.
    for format in Format::ALL {
        let file = format!("d/report-{format}.json");
        for _ in 0..2 {
            let run = run(here, &["check", "d", "--output", &file, "--format", format.name()]);
            assert_eq!(run.status, 1, "{file}: {}", run.err);
        }
    }
    for _ in 0..2 {
        assert_eq!(run(here, &["check", "d", "--write-baseline", "d/known.json"]).status, 0);
    }
}

#[test]
fn a_file_is_linted_once_however_it_is_named() {
    let folder = folder(&[("d/a.json", NEAR), ("e/b.json", NEAR)]);
    let paths = |arguments: &[&str]| run(folder.path(), &[&["check", "--format", "json"], arguments].concat()).paths();
    assert_eq!(paths(&["d/a.json", "d/../d/a.json", "./e/../d/a.json"]), ["d/a.json"]);
    assert_eq!(paths(&["d/../d/a.json"]), ["d/a.json"]);
    let whole = folder.path().canonicalize().unwrap().join("e/../d/a.json");
    assert_eq!(paths(&[whole.to_str().unwrap(), "d/a.json"]), ["d/a.json"]);
    #[cfg(unix)]
    {
        // After a symbolic link, `..` leads to a different folder.
        std::os::unix::fs::symlink("../e", folder.path().join("d/link")).unwrap();
        assert_eq!(paths(&["d/link/../e/b.json"]), ["d/link/../e/b.json"]);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn files_that_the_kernel_generates_are_rejected() {
    let folder = folder(&[]);
    for arguments in [&["/proc/kmsg"][..], &["/proc/version"], &["--fix", "/sys/kernel/notes"]] {
        let path = arguments.last().unwrap();
        if Path::new(path).exists() {
            let run = run(folder.path(), &[&["check"], arguments].concat());
            let expected = format!("streamlint: {path}: this is a virtual file of the kernel, which may never end\n");
            assert_eq!(run.status, 2);
            assert!(run.err.starts_with(&expected), "{}", run.err);
        }
    }
    assert_eq!(run(folder.path(), &["check", "--baseline", "/proc/kmsg", "."]).status, 2);
}

#[cfg(unix)]
#[test]
fn a_signal_leaves_no_temporary_file() {
    let one = r#"{ "name": "sample_stream_solar", "type": "sample" }"#;
    let folder = folder(&[("a.json", &format!("[{}]", [one].repeat(20_000).join(",\n")))]);
    let names = || fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect::<Vec<_>>();
    // A process inherits ignored signals from its parent, and these tests may run under `nohup`.
    let own = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let inherited = own.lines().find_map(|line| u64::from_str_radix(line.strip_prefix("SigIgn:")?.trim(), 16).ok());
    let is_inherited = |number: u32| inherited.is_some_and(|signals| signals >> (number - 1) & 1 != 0);
    let signals = [("INT", 2), ("HUP", 1), ("TERM", 15)].into_iter().filter(|&(_, number)| !is_inherited(number));
    // The signals that it ignores, and the signal that ends it.
    let cases = signals.map(|(signal, _)| ("", signal)).chain([("HUP", "TERM"), ("INT", "TERM"), ("HUP INT", "TERM")]);
    for (ignored, signal) in cases {
        // The process waits for the end of its standard input, which stays open.
        let trap = if ignored.is_empty() { String::new() } else { format!("trap '' {ignored}; ") };
        let mut command = Command::new("sh");
        let command = command.current_dir(folder.path()).args([
            "-c",
            &format!("{trap}exec \"$0\" check a.json - --output report.txt"),
            env!("CARGO_BIN_EXE_streamlint"),
        ]);
        let command = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        while names().len() == 1 && child.try_wait().unwrap().is_none() {
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        assert_eq!(names().len(), 2, "{signal}: it has begun to write");
        let kill = |signal: &str| {
            Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]).status().unwrap()
        };
        for signal in ignored.split_whitespace() {
            kill(signal);
            std::thread::sleep(std::time::Duration::from_millis(20));
            assert_eq!(names().len(), 2, "{signal} is ignored");
        }
        kill(signal);
        // `wait` would close standard input first.
        let status = loop {
            match child.try_wait().unwrap() {
                Some(status) => break status,
                None => std::thread::sleep(std::time::Duration::from_millis(1)),
            }
        };
        assert_eq!(status.code(), Some(130), "{signal}");
        assert_eq!(names(), ["a.json"], "{signal}");
    }
}
