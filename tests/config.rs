//! `streamlint.toml` and baselines as the command finds and uses them.
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
/// Nothing.
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
    /// Path, severity and rule of all findings, in order.
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

/// A folder that is a repository, so that nothing above it is looked at.
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
// Which file counts

#[test]
fn the_nearest_file_upwards_counts_for_each_file() {
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
    // From another folder it is the same.
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
    // The file of a worktree stops it as well.
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
fn config_names_the_file_and_no_config_none() {
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
    // Its paths are relative to the working directory.
    assert_eq!(
        json(folder.path(), &["a/a.json", "--config", "ci/strict.toml"]).found(),
        ["a/a.json warning missing-field"]
    );
    assert_eq!(json(folder.path(), &[".", "--no-config"]).paths(), ["a/a.json", "vendor/b.json"]);
    assert_eq!(json(folder.path(), &[".", "--config", "ci/strict.toml"]).paths(), ["a/a.json"]);
    assert_eq!(run(folder.path(), &["--config", "ci/strict.toml", "--no-config"]).status, 2);
    let missing = run(folder.path(), &["a/a.json", "--config", "nowhere.toml"]);
    assert_eq!((missing.status, missing.out.as_str()), (2, "nothing found in 0 files (0 connections)\n"));
    assert_eq!(missing.err, "streamlint: nowhere.toml: there is no such file, so 1 file was not linted\n");
}

#[test]
fn verbose_says_which_file_is_used_and_why() {
    let folder = folder(&[("a.json", GOOD), ("b.json", GOOD), ("own/streamlint.toml", ""), ("own/c.json", GOOD)]);
    let said = |arguments: &[&str]| {
        let run = run(folder.path(), &[&["a.json", "b.json", "own/c.json", "-v"], arguments].concat());
        let lines = run.err.lines().filter(|line| line.contains(".toml")).map(str::to_owned);
        lines.collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(said(&[]), @r#"
    streamlint: no streamlint.toml stands above 2 files, up to the root of the repository
    streamlint: own/streamlint.toml: the settings of 1 file, the nearest above
    "#);
    insta::assert_snapshot!(said(&["--config", "own/streamlint.toml"]), @r#"
    streamlint: own/streamlint.toml: the settings of all files, because of --config
    "#);
    insta::assert_snapshot!(said(&["--no-config"]), @r#"
    streamlint: no streamlint.toml is looked for, because of --no-config
    "#);
}

// ---------------------------------------------------------------------------------------------------------------------
// What it says

#[test]
fn include_and_exclude_are_for_what_is_found_in_folders() {
    let toml = "include = [\"defs/\", \"*.json.tmpl\"]\nexclude = [\"defs/old/\", \"skip.json\", \"vendor/\"]\n";
    let folder = folder(&[
        ("streamlint.toml", toml),
        ("a.json", BARE),
        ("defs/b.json", BARE),
        ("defs/old/c.json", BARE),
        ("defs/skip.json", BARE),
        ("x/d.json.tmpl", BARE),
        // What is left out has no settings to say otherwise.
        ("vendor/streamlint.toml", ""),
        ("vendor/e.json", BARE),
    ]);
    assert_eq!(json(folder.path(), &["."]).paths(), ["defs/b.json", "x/d.json.tmpl"]);
    assert_eq!(json(folder.path(), &["defs"]).paths(), ["defs/b.json"]);
    // Unless it is named itself.
    assert_eq!(json(folder.path(), &["vendor"]).paths(), ["vendor/e.json"]);
    // What is named is linted; with --skip-unrecognized, as hooks name files, it is as if found.
    let named = ["a.json", "defs/old/c.json", "defs/b.json", "vendor/e.json"];
    assert_eq!(json(folder.path(), &named).paths(), ["a.json", "defs/b.json", "defs/old/c.json", "vendor/e.json"]);
    assert_eq!(json(folder.path(), &[&named[..], &["--skip-unrecognized"]].concat()).paths(), ["defs/b.json"]);
}

#[test]
fn fail_on_is_for_the_files_below_and_the_flag_beats_it() {
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
fn flags_beat_the_file() {
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
fn a_workspace_of_the_settings_is_one_in_which_names_are_unique() {
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
    // The command line says it of all.
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
fn by_settings_with_a_mistake_nothing_is_linted_and_the_rest_is() {
    let folder = folder(&[
        ("a.json", BARE),
        ("wrong/streamlint.toml", "fial-on = \"error\"\n"),
        ("wrong/b.json", BARE),
        ("wrong/deep/c.json", BARE),
    ]);
    let run = json(folder.path(), &["."]);
    assert_eq!((run.status, run.found()), (2, vec!["a.json error missing-field".to_owned()]));
    insta::assert_snapshot!(run.err, @r#"
    streamlint: wrong/streamlint.toml: there is a mistake in it, so 2 files were not linted
    error

      × there is no key `fial-on` here
       ╭─[wrong/streamlint.toml:1:1]
     1 │ fial-on …
       · ───┬───
       ·    ╰── did you mean `fail-on`?
       ╰────
    "#);
}

#[test]
fn a_file_of_settings_has_one_name() {
    let folder = folder(&[("a/streamlint.toml", "fial-on = \"error\"\n"), ("a/b/b.json", BARE), ("c/c.json", BARE)]);
    let named = folder.path().join("a/streamlint.toml");
    let run = |here: &str, arguments: &[&str], name: &str| {
        let run = self::run(&folder.path().join(here), arguments);
        assert_eq!(run.status, 2);
        assert!(run.err.starts_with(&format!("streamlint: {name}: there is a mistake in it")), "{name}: {}", run.err);
        assert!(run.err.contains(&format!("─[{name}:1:1]")), "{name}: {}", run.err);
    };
    run("a/b", &["b.json"], "../streamlint.toml");
    run("c", &["c.json", "--config", "../a/streamlint.toml"], "../a/streamlint.toml");
    run("c", &["c.json", "--config", named.to_str().unwrap()], named.to_str().unwrap());
}

#[test]
fn settings_that_cannot_be_read_are_said_in_a_sentence() {
    let folder = folder(&[("a/a.json", BARE), ("b/streamlint.toml/x", ""), ("b/b.json", BARE), ("c/c.json", BARE)]);
    fs::write(folder.path().join("a/streamlint.toml"), b"\xff\xfe").unwrap();
    fs::write(folder.path().join("c/streamlint.toml"), vec![b'#'; (1 << 20) + 1]).unwrap();
    let run = json(folder.path(), &["."]);
    assert_eq!((run.status, run.paths()), (2, vec![]));
    insta::assert_snapshot!(run.err, @r#"
    streamlint: a/streamlint.toml: it is not UTF-8, so 1 file was not linted
    streamlint: b/streamlint.toml: this is no file, so 1 file was not linted
    streamlint: c/streamlint.toml: the file is too large for settings, so 1 file was not linted
    "#);
    assert_eq!(self::run(folder.path(), &["--exit-zero"]).status, 2);
}

// ---------------------------------------------------------------------------------------------------------------------
// Baselines

#[test]
fn with_a_baseline_only_what_is_new_counts() {
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
    // Paths in it are relative to its folder, wherever the run starts.
    assert_eq!(run(&folder.path().join("deep"), &["b.json", "../a.json", "--baseline", "../known.json"]).status, 0);
    fs::write(folder.path().join("deep/b.json"), r#"{ "name": "hook", "type": "Https", "url": "http://localhost/a" }"#)
        .unwrap();
    for format in ["json", "concise", "human", "sarif"] {
        let run = run(folder.path(), &[&[".", "--format", format], &with[..]].concat());
        // A format that this version does not have is a usage error.
        if run.status != 2 {
            assert_eq!(run.status, 1, "{format}");
            let said = run.out.matches("insecure-url").count();
            assert!(said > 0 && !run.out.contains("unreachable-host\""), "{format}: {}", run.out);
        }
    }
    assert_eq!(json(folder.path(), &[&["."], &with[..]].concat()).found(), ["deep/b.json warning insecure-url"]);
    // It is the same text for the same findings.
    fs::write(folder.path().join("deep/b.json"), LOCAL).unwrap();
    run(folder.path(), &["deep", "a.json", "--write-baseline", "known.json"]);
    assert_eq!(fs::read_to_string(folder.path().join("known.json")).unwrap(), text);
}

#[test]
fn a_baseline_that_may_shrink_is_told() {
    let folder = folder(&[("a.json", BARE), ("b.json", LOCAL)]);
    run(folder.path(), &[".", "--write-baseline", "known.json"]);
    fs::write(folder.path().join("a.json"), GOOD).unwrap();
    let run = |arguments: &[&str]| self::run(folder.path(), &[arguments, &["--baseline", "known.json"]].concat());
    let told = "streamlint: known.json: 1 known finding is gone; --write-baseline known.json writes it anew, for the same paths\n";
    assert_eq!((run(&["."]).status, run(&["."]).err.as_str()), (0, told));
    // Of files that were not linted nothing is known.
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
    streamlint: streamlint.toml: its baseline cannot be used: known.json: there is no such file or folder; --write-baseline writes one, so 1 file was not linted
    "#);
    assert_eq!(run(folder.path(), &["a.json", "--write-baseline", "known.json"]).status, 0);
    assert_eq!(json(folder.path(), &["."]).found(), ["own/b.json error missing-field"]);
    assert_eq!(run(&folder.path().join("own"), &["../a.json"]).status, 0);
    // The flag beats it.
    fs::write(folder.path().join("other.json"), r#"{ "version": 1, "files": {} }"#).unwrap();
    assert_eq!(run(folder.path(), &["a.json", "--baseline", "other.json"]).status, 1);
}

#[test]
fn a_baseline_that_cannot_be_used_stops_the_run() {
    let folder = folder(&[("a.json", BARE), ("wrong.json", "{ \"version\": 7, \"files\": {} }"), ("good.json", GOOD)]);
    let said = |path: &str| {
        let run = run(folder.path(), &["a.json", "--baseline", path]);
        assert_eq!((run.status, run.out.as_str()), (2, ""), "{path}");
        run.err
    };
    let all = ["nowhere.json", "wrong.json", "good.json", "."].map(said).concat();
    insta::assert_snapshot!(all, @r#"
    streamlint: nowhere.json: there is no such file or folder; --write-baseline writes one
    streamlint: wrong.json: this is a baseline of version 7, and only version 1 can be read
    streamlint: good.json: this is JSON, but no baseline of streamlint; the first difference is in line 1, column 8
    streamlint: .: this is no file
    "#);
    // Half of what was found is no baseline either.
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
