//! `streamlint.toml` and baselines in runs of the command.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

/// One warning, `unreachable-host`.
const LOCAL: &str = r#"{ "name": "hook", "type": "Https", "url": "https://localhost/a" }"#;
/// One error, `missing-field`.
const BARE: &str = r#"{ "name": "hook", "type": "Https" }"#;
/// No findings.
const GOOD: &str = r#"{ "name": "hook", "type": "Https", "url": "https://a.example.com" }"#;

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
    /// The path, severity and rule of each finding, in order.
    fn found(&self) -> Vec<String> {
        let report: Value = serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("{}{}", self.out, self.err));
        let mut all = Vec::new();
        for file in report["files"].as_array().unwrap() {
            for found in file["diagnostics"].as_array().unwrap() {
                let word = |value: &Value| value.as_str().unwrap().to_owned();
                all.push(format!("{} {} {}", word(&file["path"]), word(&found["severity"]), word(&found["rule"])));
            }
        }
        all
    }

    fn paths(&self) -> Vec<String> {
        let report: Value = serde_json::from_str(&self.out).unwrap();
        let files = report["files"].as_array().unwrap().iter();
        files.map(|file| file["path"].as_str().unwrap().to_owned()).collect()
    }
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_streamlint"));
    command.env_clear().env("TERM", "xterm").current_dir(folder).arg("check").args(arguments);
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Run {
    command(folder, arguments).stdin(Stdio::null()).output().unwrap().into()
}

fn json(folder: &Path, arguments: &[&str]) -> Run {
    run(folder, &[arguments, &["--format", "json"]].concat())
}

fn pipe(folder: &Path, arguments: &[&str], input: &str) -> Run {
    let mut command = command(folder, arguments);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap().into()
}

/// A folder that is a repository, so that the search for settings stops there.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join(".git")).unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

const OFF: &str = "[rules]\nmissing-field = \"off\"\n";

// ---------------------------------------------------------------------------------------------------------------------
// Which settings file is used

#[test]
fn the_nearest_settings_apply_to_each_file() {
    let folder = folder(&[
        ("streamlint.toml", OFF),
        ("a.json", BARE),
        ("deep/er/b.json", BARE),
        ("own/streamlint.toml", "[rules]\nmissing-field = \"info\"\n"),
        ("own/c.json", BARE),
        ("own/deep/d.json", BARE),
    ]);
    let named = ["a.json", "deep/er/b.json", "own/c.json", "own/deep/d.json"];
    let found = ["own/c.json info missing-field", "own/deep/d.json info missing-field"];
    assert_eq!(json(folder.path(), &named).found(), found);
    assert_eq!(json(folder.path(), &["."]).paths(), json(folder.path(), &named).paths());
    // The working directory makes no difference.
    assert_eq!(json(&folder.path().join("own"), &["../a.json", "c.json"]).found(), ["c.json info missing-field"]);
    let verbose = run(&folder.path().join("deep/er"), &["b.json", "-v"]);
    assert!(verbose.err.starts_with("streamlint: ../../streamlint.toml: the settings of 1 file"), "{}", verbose.err);
    let absolute = folder.path().join("own/deep/d.json");
    assert_eq!(json(&folder.path().join("deep"), &[absolute.to_str().unwrap()]).found().len(), 1);
}

#[test]
fn the_search_stops_at_the_root_of_the_repository() {
    let outer = folder(&[("streamlint.toml", OFF), ("inner/a.json", BARE), ("inner/deep/b.json", BARE)]);
    let count = || json(outer.path(), &["inner/a.json", "inner/deep/b.json"]).found().len();
    assert_eq!(count(), 0);
    // A `.git` file, as in a worktree, also stops the search.
    fs::write(outer.path().join("inner/.git"), "gitdir: elsewhere\n").unwrap();
    assert_eq!(count(), 2);
    fs::write(outer.path().join("inner/streamlint.toml"), OFF).unwrap();
    assert_eq!(count(), 0);
}

#[test]
fn standard_input_belongs_to_its_name_or_to_the_working_directory() {
    let folder = folder(&[("streamlint.toml", OFF), ("strict/streamlint.toml", "")]);
    let status = |at: &str, arguments: &[&str]| pipe(&folder.path().join(at), arguments, BARE).status;
    assert_eq!(status("", &["-"]), 0);
    assert_eq!(status("strict", &["-"]), 1);
    assert_eq!(status("", &["-", "--stdin-filename", "strict/not/there.json"]), 1);
    assert_eq!(status("strict", &["-", "--stdin-filename", "../a.json"]), 0);
}

#[test]
fn config_selects_the_file_and_no_config_disables_it() {
    let folder = folder(&[
        ("streamlint.toml", OFF),
        (
            "ci/strict.toml",
            "exclude = [\"/vendor/\"]\n[[overrides]]\npaths = [\"/a/\"]\nrules.missing-field = \"warning\"\n",
        ),
        ("a/a.json", BARE),
        ("vendor/b.json", r#"{ "name": "b", "type": "Https", "headers": {} }"#),
    ]);
    assert_eq!(run(folder.path(), &["a/a.json"]).status, 0);
    assert_eq!(json(folder.path(), &["a/a.json", "--no-config"]).found(), ["a/a.json error missing-field"]);
    // Paths in the file are relative to the working directory.
    assert_eq!(
        json(folder.path(), &["a/a.json", "--config", "ci/strict.toml"]).found(),
        ["a/a.json warning missing-field"]
    );
    assert_eq!(json(folder.path(), &[".", "--no-config"]).paths(), ["a/a.json", "vendor/b.json"]);
    assert_eq!(json(folder.path(), &[".", "--config", "ci/strict.toml"]).paths(), ["a/a.json"]);
    assert_eq!(run(folder.path(), &["--config", "ci/strict.toml", "--no-config"]).status, 2);
    let missing = run(folder.path(), &["a/a.json", "--config", "nowhere.toml"]);
    assert_eq!((missing.status, missing.out.as_str()), (2, "nothing found in 0 files (0 connections)\n"));
    assert_eq!(missing.err, "streamlint: nowhere.toml: no such file, so 1 file was not linted\n");
}

#[test]
fn verbose_prints_which_file_is_used_and_why() {
    let folder = folder(&[("a.json", GOOD), ("b.json", GOOD), ("own/streamlint.toml", ""), ("own/c.json", GOOD)]);
    let reported = |arguments: &[&str]| {
        let run = run(folder.path(), &[&["a.json", "b.json", "own/c.json", "-v"], arguments].concat());
        let lines = run.err.lines().filter(|line| line.contains(".toml")).map(str::to_owned);
        lines.collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(reported(&[]), @r#"
    streamlint: no streamlint.toml above 2 files, up to the root of the repository
    streamlint: own/streamlint.toml: the settings of 1 file, the nearest above
    "#);
    insta::assert_snapshot!(reported(&["--config", "own/streamlint.toml"]), @r#"
    streamlint: own/streamlint.toml: the settings of all files, because of --config
    "#);
    insta::assert_snapshot!(reported(&["--no-config"]), @r#"
    streamlint: streamlint.toml is not used, because of --no-config
    "#);
}

// ---------------------------------------------------------------------------------------------------------------------
// Contents of the settings

#[test]
fn include_and_exclude_apply_to_files_in_folders() {
    let toml = "include = [\"defs/\", \"*.json.tmpl\"]\nexclude = [\"defs/old/\", \"skip.json\", \"vendor/\"]\n";
    let folder = folder(&[
        ("streamlint.toml", toml),
        ("a.json", BARE),
        ("defs/b.json", BARE),
        ("defs/old/c.json", BARE),
        ("defs/skip.json", BARE),
        ("x/d.json.tmpl", BARE),
        // Settings inside an excluded folder cannot include its files again.
        ("vendor/streamlint.toml", ""),
        ("vendor/e.json", BARE),
    ]);
    assert_eq!(json(folder.path(), &["."]).paths(), ["defs/b.json", "x/d.json.tmpl"]);
    assert_eq!(json(folder.path(), &["defs"]).paths(), ["defs/b.json"]);
    // They can if the folder itself is named.
    assert_eq!(json(folder.path(), &["vendor"]).paths(), ["vendor/e.json"]);
    // Named files are always linted. With --skip-unrecognized, as in hooks, they are treated like files in folders.
    let named = ["a.json", "defs/old/c.json", "defs/b.json", "vendor/e.json"];
    assert_eq!(json(folder.path(), &named).paths(), ["a.json", "defs/b.json", "defs/old/c.json", "vendor/e.json"]);
    assert_eq!(json(folder.path(), &[&named[..], &["--skip-unrecognized"]].concat()).paths(), ["defs/b.json"]);
}

#[test]
fn fail_on_applies_to_its_files_unless_the_option_is_given() {
    let folder = folder(&[
        ("streamlint.toml", "fail-on = \"error\"\n"),
        ("a.json", LOCAL),
        ("strict/streamlint.toml", ""),
        ("strict/b.json", LOCAL),
    ]);
    let status = |arguments: &[&str]| run(folder.path(), arguments).status;
    assert_eq!([status(&["a.json"]), status(&["strict/b.json"]), status(&["a.json", "strict/b.json"])], [0, 1, 1]);
    assert_eq!(status(&["a.json", "--fail-on", "warning"]), 1);
    assert_eq!(status(&["strict/b.json", "--fail-on", "error"]), 0);
    assert_eq!(status(&["a.json", "--fail-on", "fatal"]), 2);
}

#[test]
fn options_override_the_file() {
    let toml = "mode = \"update\"\n[rules]\nunreachable-host = \"off\"\nmissing-field = \"info\"\n";
    let folder = folder(&[("streamlint.toml", toml), ("a.json", LOCAL), ("b.json", BARE)]);
    assert_eq!(json(folder.path(), &["a.json", "b.json"]).found(), Vec::<String>::new());
    assert_eq!(json(folder.path(), &["b.json", "--mode", "create"]).found(), ["b.json info missing-field"]);
    let selected = json(folder.path(), &["a.json", "--select", "unreachable-host"]).found();
    assert_eq!(selected, ["a.json warning unreachable-host"]);
    let ignored = json(folder.path(), &["b.json", "--mode", "create", "--ignore", "missing-field"]).found();
    assert_eq!(ignored, Vec::<String>::new());
}

#[test]
fn names_are_unique_in_a_workspace_of_the_settings() {
    let toml = concat!(
        "[[overrides]]\npaths = [\"dev/\"]\nworkspace = \"dev\"\n",
        "[[overrides]]\npaths = [\"prod/\"]\nworkspace = \"prod\"\n",
    );
    let folder = folder(&[
        ("streamlint.toml", toml),
        ("dev/a.json", GOOD),
        ("prod/a.json", GOOD),
        ("prod/deep/b.json", GOOD),
        ("other/streamlint.toml", "workspace = \"prod\""),
        ("other/a.json", GOOD),
        ("free/a.json", GOOD),
        ("free/b.json", GOOD),
    ]);
    assert_eq!(json(folder.path(), &["."]).found(), ["prod/deep/b.json error duplicate-name"]);
    // Options on the command line apply to all files.
    assert_eq!(json(folder.path(), &["free", "dev", "--tenant-name", "shop"]).found().len(), 2);
}

#[test]
fn placeholders_and_policies_come_from_the_file() {
    let toml = r#"
        placeholders = ['@\w+@']
        connection-names = "[a-z-]+"
        workspace-names = "prod-.*"
        allowed-hosts = ["*.example.com"]
    "#;
    let folder = folder(&[
        ("streamlint.toml", toml),
        ("a.json", r#"{ "name": "a-hook", "type": "Https", "url": "@URL@" }"#),
        ("b.json", r#"{ "name": "aHook", "type": "Https", "url": "https://a.example.org" }"#),
    ]);
    let found = ["b.json warning malformed-name", "b.json warning unreachable-host"];
    assert_eq!(json(folder.path(), &["."]).found(), found);
    assert_eq!(json(folder.path(), &["a.json", "--tenant-name", "dev"]).found(), ["a.json warning malformed-name"]);
    assert_eq!(json(folder.path(), &["a.json", "--tenant-name", "prod-1"]).found(), Vec::<String>::new());
}

// ---------------------------------------------------------------------------------------------------------------------
// Mistakes

#[test]
fn invalid_settings_stop_only_their_own_files() {
    let folder = folder(&[
        ("a.json", BARE),
        ("wrong/streamlint.toml", "fial-on = \"error\"\n"),
        ("wrong/b.json", BARE),
        ("wrong/deep/c.json", BARE),
    ]);
    let run = json(folder.path(), &["."]);
    assert_eq!((run.status, run.found()), (2, vec!["a.json error missing-field".to_owned()]));
    insta::assert_snapshot!(run.err, @r#"
    streamlint: wrong/streamlint.toml: it has an error, so 2 files were not linted
    error

      × unknown key `fial-on`
       ╭─[wrong/streamlint.toml:1:1]
     1 │ fial-on …
       · ───┬───
       ·    ╰── did you mean `fail-on`?
       ╰────
    "#);
}

#[test]
fn a_settings_file_has_one_name() {
    let folder = folder(&[("a/streamlint.toml", "fial-on = \"error\"\n"), ("a/b/b.json", BARE), ("c/c.json", BARE)]);
    let named = folder.path().join("a/streamlint.toml");
    let run = |here: &str, arguments: &[&str], name: &str| {
        let run = self::run(&folder.path().join(here), arguments);
        assert_eq!(run.status, 2);
        assert!(run.err.starts_with(&format!("streamlint: {name}: it has an error")), "{name}: {}", run.err);
        assert!(run.err.contains(&format!("─[{name}:1:1]")), "{name}: {}", run.err);
    };
    run("a/b", &["b.json"], "../streamlint.toml");
    run("c", &["c.json", "--config", "../a/streamlint.toml"], "../a/streamlint.toml");
    run("c", &["c.json", "--config", named.to_str().unwrap()], named.to_str().unwrap());
}

#[test]
fn unreadable_settings_are_reported_in_a_sentence() {
    let folder = folder(&[("a/a.json", BARE), ("b/streamlint.toml/x", ""), ("b/b.json", BARE), ("c/c.json", BARE)]);
    fs::write(folder.path().join("a/streamlint.toml"), b"\xff\xfe").unwrap();
    fs::write(folder.path().join("c/streamlint.toml"), vec![b'#'; (1 << 20) + 1]).unwrap();
    let run = json(folder.path(), &["."]);
    assert_eq!((run.status, run.paths()), (2, vec![]));
    insta::assert_snapshot!(run.err, @r#"
    streamlint: a/streamlint.toml: the file is not UTF-8, so 1 file was not linted
    streamlint: b/streamlint.toml: this is not a file, so 1 file was not linted
    streamlint: c/streamlint.toml: the file is too large for settings, so 1 file was not linted
    "#);
    assert_eq!(self::run(folder.path(), &["--exit-zero"]).status, 2);
}

// ---------------------------------------------------------------------------------------------------------------------
// Baselines

#[test]
fn with_a_baseline_only_new_findings_are_reported() {
    let folder = folder(&[("a.json", BARE), ("deep/b.json", LOCAL)]);
    let written = run(folder.path(), &[".", "--write-baseline", "known.json"]);
    assert_eq!((written.status, written.err.as_str()), (0, "streamlint: known.json: 2 known findings written\n"));
    assert_eq!(written.out, "nothing found in 2 files (2 connections)\n");
    let text = fs::read_to_string(folder.path().join("known.json")).unwrap();
    insta::assert_snapshot!(text, @r#"
    {
      "version": 1,
      "files": {
        "a.json": {
          "hook": {
            "missing-field": 1
          }
        },
        "deep/b.json": {
          "hook": {
            "unreachable-host": 1
          }
        }
      }
    }
    "#);

    let with = ["--baseline", "known.json"];
    assert_eq!(run(folder.path(), &[&["."], &with[..]].concat()).status, 0);
    assert_eq!(run(folder.path(), &["."]).status, 1);
    // Paths in the baseline are relative to its folder, whatever the working directory is.
    assert_eq!(run(&folder.path().join("deep"), &["b.json", "../a.json", "--baseline", "../known.json"]).status, 0);
    fs::write(folder.path().join("deep/b.json"), r#"{ "name": "hook", "type": "Https", "url": "http://localhost/a" }"#)
        .unwrap();
    for format in ["json", "concise", "human", "sarif"] {
        let run = run(folder.path(), &[&[".", "--format", format], &with[..]].concat());
        // A format that this build lacks is a usage error.
        if run.status != 2 {
            assert_eq!(run.status, 1, "{format}");
            let reported = run.out.matches("insecure-url").count();
            assert!(reported > 0 && !run.out.contains("unreachable-host\""), "{format}: {}", run.out);
        }
    }
    assert_eq!(json(folder.path(), &[&["."], &with[..]].concat()).found(), ["deep/b.json warning insecure-url"]);
    // The same findings produce the same text.
    fs::write(folder.path().join("deep/b.json"), LOCAL).unwrap();
    run(folder.path(), &["deep", "a.json", "--write-baseline", "known.json"]);
    assert_eq!(fs::read_to_string(folder.path().join("known.json")).unwrap(), text);
}

#[test]
fn gone_findings_of_a_baseline_are_reported() {
    let folder = folder(&[("a.json", BARE), ("b.json", LOCAL)]);
    run(folder.path(), &[".", "--write-baseline", "known.json"]);
    fs::write(folder.path().join("a.json"), GOOD).unwrap();
    let run = |arguments: &[&str]| self::run(folder.path(), &[arguments, &["--baseline", "known.json"]].concat());
    let reported =
        "streamlint: known.json: 1 known finding is gone; --write-baseline known.json rewrites it for the same paths\n";
    assert_eq!((run(&["."]).status, run(&["."]).err.as_str()), (0, reported));
    // Files that were not linted are not reported as fixed.
    assert_eq!(run(&["b.json"]).err, "");
    assert_eq!(run(&[".", "--quiet"]).err, "");
}

#[test]
fn settings_may_name_the_baseline() {
    let folder = folder(&[
        ("streamlint.toml", "baseline = \"known.json\"\n"),
        ("a.json", BARE),
        ("own/streamlint.toml", ""),
        ("own/b.json", BARE),
    ]);
    let missing = json(folder.path(), &["."]);
    assert_eq!((missing.status, missing.found()), (2, vec!["own/b.json error missing-field".to_owned()]));
    insta::assert_snapshot!(missing.err, @r#"
    streamlint: streamlint.toml: cannot use its baseline: known.json: no such file or folder; --write-baseline writes one, so 1 file was not linted
    "#);
    assert_eq!(run(folder.path(), &["a.json", "--write-baseline", "known.json"]).status, 0);
    assert_eq!(json(folder.path(), &["."]).found(), ["own/b.json error missing-field"]);
    assert_eq!(run(&folder.path().join("own"), &["../a.json"]).status, 0);
    // The option takes precedence over the settings.
    fs::write(folder.path().join("other.json"), r#"{ "version": 1, "files": {} }"#).unwrap();
    assert_eq!(run(folder.path(), &["a.json", "--baseline", "other.json"]).status, 1);
}

#[test]
fn a_baseline_that_cannot_be_used_stops_the_run() {
    let folder = folder(&[("a.json", BARE), ("wrong.json", "{ \"version\": 7, \"files\": {} }"), ("good.json", GOOD)]);
    let reported = |path: &str| {
        let run = run(folder.path(), &["a.json", "--baseline", path]);
        assert_eq!((run.status, run.out.as_str()), (2, ""), "{path}");
        run.err
    };
    let all = ["nowhere.json", "wrong.json", "good.json", "."].map(reported).concat();
    insta::assert_snapshot!(all, @r#"
    streamlint: nowhere.json: no such file or folder; --write-baseline writes one
    streamlint: wrong.json: unsupported baseline version 7, expected 1
    streamlint: good.json: this is not a streamlint baseline: unexpected JSON at line 1, column 8
    streamlint: .: this is not a file
    "#);
    // A baseline is written only if every file was linted.
    let half = run(folder.path(), &["a.json", "missing.json", "--write-baseline", "half.json"]);
    assert_eq!((half.status, folder.path().join("half.json").exists()), (2, false));
    let unwritable = run(folder.path(), &["a.json", "--write-baseline", "no/folder.json"]);
    assert_eq!(unwritable.status, 2);
    assert_eq!(run(folder.path(), &["a.json", "--baseline", "wrong.json", "--write-baseline", "x.json"]).status, 2);
}

#[test]
fn a_baseline_holds_no_secret() {
    let name = "https://u:hunter2@a.example.com/x";
    let folder = folder(&[("a.json", &json!({ "name": name, "type": "Https", "password": "hunter2" }).to_string())]);
    run(folder.path(), &["a.json", "--write-baseline", "known.json"]);
    let text = fs::read_to_string(folder.path().join("known.json")).unwrap();
    assert!(text.contains("***") && !text.contains("hunter2"), "{text}");
    assert_eq!(run(folder.path(), &["a.json", "--baseline", "known.json"]).status, 0);
}

#[test]
fn fixing_comes_before_the_baseline() {
    let wrong = GOOD.replace("Https", "https");
    let folder = folder(&[("a.json", &wrong)]);
    let run = run(folder.path(), &["a.json", "--fix", "--write-baseline", "known.json"]);
    assert_eq!(run.err, "streamlint: known.json: 0 known findings written\n");
    assert_eq!(fs::read_to_string(folder.path().join("a.json")).unwrap(), GOOD);
}

// ---------------------------------------------------------------------------------------------------------------------
// Policies

const NAMES: &str =
    r#"{ "title": "names start with the team", "properties": { "name": { "pattern": "^[a-z]+-[a-z]+$" } } }"#;

const DECLARED: &str = "[[policies]]\nname = \"team\"\nschema = \"policies/names.json\"\nseverity = \"error\"\n";

#[test]
fn policies_apply_by_path_and_are_rules() {
    let settings = format!(
        "{DECLARED}types = [\"Https\"]\nmessage = \"name the team\"\nhelp = \"see the wiki\"\nurl = \"https://wiki.example.com\"\n\
         [[overrides]]\npaths = [\"dev/\"]\nrules.\"policy/team\" = \"info\"\n\
         [[overrides]]\npaths = [\"own/\"]\n[[overrides.policies]]\nname = \"team\"\nschema = \"policies/any.json\"\n\
         [[overrides.policies]]\nname = \"short\"\nschema = \"policies/short.json\"\n"
    );
    let folder = folder(&[
        ("streamlint.toml", &settings),
        ("policies/names.json", NAMES),
        ("policies/any.json", "{}"),
        (
            "policies/short.json",
            r#"{ "$id": "https://x.example.com/all/short.json", "properties": { "name": { "$ref": "parts/names.json#/$defs/short" } } }"#,
        ),
        ("policies/parts/names.json", r#"{ "$defs": { "short": { "maxLength": 2 } } }"#),
        ("a.json", GOOD),
        ("dev/a.json", GOOD),
        ("own/a.json", GOOD),
        ("sample.json", r#"{ "name": "sample_stream_solar", "type": "Sample" }"#),
    ]);
    let all = json(folder.path(), &["."]);
    assert_eq!((all.status, all.err.as_str()), (1, ""));
    assert_eq!(
        all.found(),
        ["a.json error policy/team", "dev/a.json info policy/team", "own/a.json warning policy/short"]
    );
    assert!(
        all.out.contains("name the team")
            && all.out.contains("see the wiki")
            && all.out.contains("https://wiki.example.com")
    );
    let only = json(folder.path(), &["--select", "policy/short", "."]);
    assert_eq!(only.found(), ["own/a.json warning policy/short"]);
    let ignored = json(folder.path(), &["--ignore", "policy/team", "--ignore", "policy/short", "."]);
    assert_eq!((ignored.status, ignored.found().len()), (0, 0));
    let unknown = run(folder.path(), &["--select", "policy/tema", "."]);
    assert_eq!(unknown.status, 2);
    assert!(unknown.err.contains("unknown policy `policy/tema`"), "{}", unknown.err);
    let statistics = run(folder.path(), &["--statistics", "."]);
    assert!(
        statistics.out.contains("2  policy/team") && statistics.out.contains("1  policy/short"),
        "{}",
        statistics.out
    );
    // A baseline identifies policies by name.
    let written = run(folder.path(), &["--write-baseline", "known.json", "."]);
    assert_eq!(written.status, 0, "{}", written.err);
    assert_eq!(json(folder.path(), &["--baseline", "known.json", "."]).found(), [""; 0]);
}

/// A new policy allows every valid definition.
#[test]
fn the_first_policy_of_a_type_has_no_findings() {
    for kind in streamlint::Kind::ALL {
        let folder = folder(&[]);
        let init = |arguments: &[&str]| -> Run {
            let mut command = Command::new(env!("CARGO_BIN_EXE_streamlint"));
            command.env_clear().current_dir(folder.path()).args(arguments).output().unwrap().into()
        };
        fs::write(folder.path().join("policy.json"), init(&["init", kind.name(), "--policy"]).out).unwrap();
        fs::write(folder.path().join("a.json"), init(&["init", kind.name()]).out).unwrap();
        let clean = json(folder.path(), &["--policy", "policy.json", "a.json"]);
        assert_eq!((clean.status, clean.found().len()), (0, 0), "{kind}: {}{}", clean.out, clean.err);
    }
}

#[test]
fn policies_are_listed_and_explained() {
    let folder = folder(&[
        ("streamlint.toml", DECLARED),
        ("policies/names.json", NAMES),
        ("b.json", "{ \"$id\": \"https://x.example.com/Own_rule.schema.json\" }"),
    ]);
    let other = |arguments: &[&str]| -> Run {
        let mut command = Command::new(env!("CARGO_BIN_EXE_streamlint"));
        command.env_clear().env("TERM", "xterm").current_dir(folder.path()).args(arguments).output().unwrap().into()
    };
    let rules = other(&["rules", "--format", "json", "--policy", "b.json"]);
    let rules: Value = serde_json::from_str(&rules.out).unwrap();
    let last = rules.as_array().unwrap().iter().rev().take(2).map(|rule| rule["name"].clone()).collect::<Vec<_>>();
    assert_eq!(last, ["policy/own-rule", "policy/team"]);
    let page = other(&["explain", "policy/team"]);
    assert!(page.out.starts_with("error[policy/team]: names start with the team\n"), "{}", page.out);
    assert_eq!(other(&["explain", "policy/other"]).status, 2);
    assert!(!other(&["rules", "--no-config"]).out.contains("policy/"));
    fs::write(folder.path().join("policies/names.json"), "{").unwrap();
    let broken = other(&["rules"]);
    assert_eq!((broken.status, broken.out.contains("missing-field")), (2, true));
    assert!(broken.err.contains("policies/names.json:1:"), "{}", broken.err);
}

#[test]
fn policies_of_the_command_line_apply_to_all_files() {
    let folder = folder(&[
        ("a.json", GOOD),
        ("names.schema.json", NAMES),
        (
            "with-id.json",
            r#"{ "$id": "https://x.example.com/rules/short.json", "properties": { "name": { "maxLength": 2 } } }"#,
        ),
    ]);
    let run_with = |paths: &[&str]| {
        let policies = paths.iter().flat_map(|path| ["--policy", path]).collect::<Vec<_>>();
        json(folder.path(), &[policies.as_slice(), &["a.json"]].concat())
    };
    let both = run_with(&["names.schema.json", "with-id.json"]);
    assert_eq!(both.found(), ["a.json warning policy/names", "a.json warning policy/short"]);
    let missing = run(folder.path(), &["--policy", "no.json", "a.json"]);
    assert_eq!((missing.status, missing.out.as_str()), (2, ""));
    assert!(missing.err.contains("no.json: no such file"), "{}", missing.err);
}

/// Files that a broken policy applies to are not reported as clean.
#[test]
fn a_broken_policy_stops_its_files_and_has_a_position() {
    let broken = [
        ("{", "1:"),
        ("{\n  \"minLength\": \"x\"\n}", "2:16: "),
        ("{\n  \"properties\": { \"name\": { \"pattern\": \"(?=a)\" } }\n}", "2:40: look-around"),
        ("{ \"$ref\": \"../outside.json\" }", "1:11: the referenced file is outside"),
        ("{ \"$ref\": \"link/outside.json\" }", "1:11: the referenced file is outside"),
        ("{ \"$ref\": \"/outside.json\" }", "1:11: the reference is outside of the policy's folder"),
        ("{ \"$ref\": \"%2e%2e/outside.json\" }", "1:11: the referenced file is outside"),
        ("{ \"$ref\": \"https://example.com/a.json\" }", "1:11: the reference is outside of the policy's folder"),
        ("{ \"$ref\": \"no.json\" }", "1:11: the referenced file cannot be read: no such file"),
        ("{ \"$ref\": \"other.json\" }", "policies/other.json:1:11: "),
        ("{ \"$ref\": \"#/$defs/a\" }", "1:11: the referenced schema does not exist"),
        ("{ \"$ref\": \"#\" }", "1:1: this schema refers to itself"),
        ("[]", "1:1: this is not a JSON Schema"),
        ("{ \"type\": \"string\", \"type\": \"object\" }", "1:21: duplicate key `type`"),
    ];
    for (schema, place) in broken {
        let folder = folder(&[
            ("streamlint.toml", DECLARED),
            ("policies/names.json", schema),
            ("policies/other.json", "{ \"type\": 5 }"),
            ("outside.json", "{}"),
            ("a.json", GOOD),
            ("b/a.json", LOCAL),
            ("b/streamlint.toml", ""),
        ]);
        #[cfg(unix)]
        std::os::unix::fs::symlink(folder.path(), folder.path().join("policies/link")).unwrap();
        let run = json(folder.path(), &["."]);
        assert_eq!(run.status, 2, "{schema}");
        assert_eq!(run.found(), ["b/a.json warning unreachable-host"], "{schema}");
        assert_eq!(run.paths(), ["b/a.json"], "{schema}");
        assert!(run.err.contains(place), "{schema}: {}", run.err);
        assert!(run.err.contains("not linted"), "{}", run.err);
    }
}

#[test]
fn mistakes_in_the_declaration_of_a_policy_are_marked() {
    for (declared, reported) in [
        ("[[policies]]\nname = \"a\"\n", "missing `schema` in a policy"),
        ("[[policies]]\nschema = \"a.json\"\n", "missing `name` in a policy"),
        ("[[policies]]\nname = \"A b\"\nschema = \"a.json\"\n", "invalid policy name"),
        ("[[policies]]\nname = \"a\"\nschema = \"a.json\"\ntypes = [\"kafka\"]\n", "did you mean"),
        ("[[policies]]\nname = \"a\"\nschema = \"a.json\"\ntypes = []\n", "`types` is empty"),
        ("[[policies]]\nname = \"a\"\nschema = \"a.json\"\nseverity = \"off\"\n", "unknown value `off`"),
        ("[[policies]]\nname = \"a\"\nschema = \"a.json\"\nurl = \"wiki\"\n", "invalid URL"),
        ("[[policies]]\nname = \"a\"\nschema = \"a.json\"\nmesage = \"b\"\n", "did you mean `message`?"),
        ("[[policies]]\nname = \"a\"\nschema = \"a.json\"\napplies-to = \"folder\"\n", "unknown value `folder`"),
        (
            "[[policies]]\nname = \"a\"\nschema = \"a.json\"\n[[policies]]\nname = \"a\"\nschema = \"b.json\"\n",
            "duplicate policy name `a`",
        ),
        (
            "[[policies]]\nname = \"a\"\nschema = \"no.json\"\n",
            "the schema of the policy `a` cannot be read: no such file",
        ),
        ("policies = 5\n", "array of tables"),
        ("[rules]\n\"policy/b\" = \"off\"\n", "unknown rule `policy/b`"),
    ] {
        let folder = folder(&[("streamlint.toml", declared), ("a.json", GOOD), ("x/a.json", "{}")]);
        let run = run(folder.path(), &["a.json"]);
        assert_eq!(run.status, 2, "{declared}");
        assert!(run.err.contains(reported), "{declared}\n{}", run.err);
    }
}

/// Every example in docs/policies.md: its schema is the file in examples/policies, and the settings there declare it.
/// The policy has findings in the bad definition and none in the good one.
#[test]
fn the_examples_about_policies_are_right() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let examples = root.join("examples/policies");
    let all = fs::read_to_string(examples.join("streamlint.toml")).unwrap();
    let page = fs::read_to_string(root.join("docs/policies.md")).unwrap().replace("\r\n", "\n");
    let sections = page.split("\n### ").skip(1).collect::<Vec<_>>();
    assert_eq!(sections.len(), 8);
    for section in sections {
        let blocks = section.split("\n```").skip(1).step_by(2).map(|block| block.split_once('\n').unwrap());
        let (mut files, mut bad, mut good) = (Vec::new(), String::new(), String::new());
        for (info, text) in blocks {
            match info.split(' ').collect::<Vec<_>>()[..] {
                ["toml"] => {
                    files.push(("streamlint.toml".to_owned(), text.to_owned()));
                    assert!(all.contains(text.trim()), "examples/policies/streamlint.toml lacks\n{text}");
                }
                ["json", path] => {
                    assert_eq!(fs::read_to_string(examples.join(path)).unwrap().trim(), text.trim(), "{path}");
                    files.push((path.to_owned(), text.to_owned()));
                }
                [_, "bad", path] => {
                    bad = format!("bad/{path}");
                    files.push((bad.clone(), text.to_owned()));
                }
                [_, "good", path] => {
                    good = format!("good/{path}");
                    files.push((good.clone(), text.to_owned()));
                }
                _ => panic!("{info}"),
            }
        }
        let files = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect::<Vec<_>>();
        let folder = folder(&files);
        // The overrides must match the paths of these definitions.
        let settings = fs::read_to_string(folder.path().join("streamlint.toml")).unwrap();
        fs::write(folder.path().join("streamlint.toml"), settings.replace("\"prod/\"", "\"bad/prod/\"")).unwrap();
        let run = json(folder.path(), &[&bad, &good]);
        let is_policy = |found: &&String| found.contains(" policy/");
        let found = run.found();
        let found = found.iter().filter(is_policy).collect::<Vec<_>>();
        assert!(
            !found.is_empty() && found.iter().all(|found| found.starts_with(&bad)),
            "{section}{found:?}{}",
            run.err
        );
    }
    // All policies are valid.
    let run = run(&examples, &["--config", "streamlint.toml", "."]);
    assert_ne!(run.status, 2, "{}", run.err);
}
