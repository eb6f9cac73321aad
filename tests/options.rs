//! The effect of each command-line option.
//!
//! Each option, value and argument in the `--help` of every command has a case here. A case runs the command without it
//! and with it, on the same files, and declares the difference, so an option that is accepted and ignored fails. The
//! help itself is parsed, so an option without a case fails as well.
#![cfg(all(unix, feature = "cli"))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

/// No findings.
const GOOD: &str = "{\n  \"name\": \"sample_stream_solar\",\n  \"type\": \"Sample\"\n}\n";
/// One error with a safe fix, `unknown-type`.
const NEAR: &str = "{\n  \"name\": \"sample_stream_solar\",\n  \"type\": \"sample\"\n}\n";
/// One warning with a safe fix, `response-only-field`.
const ANSWERED: &str =
    "{ \"name\": \"sample_stream_solar\", \"type\": \"Sample\", \"id\": \"65f1c0ffee0123456789abcd\" }\n";
/// The error of `NEAR` and the warning of `ANSWERED`.
const BOTH: &str =
    "{ \"name\": \"sample_stream_solar\", \"type\": \"sample\", \"id\": \"65f1c0ffee0123456789abcd\" }\n";
/// One error with an unsafe fix, `unknown-field`, and one error with a safe fix.
const MISSPELT: &str = r#"{
  "name": "orders",
  "type": "cluster",
  "clusterName": "orders",
  "dbRoleToExecutes": { "role": "readAnyDatabase", "type": "BUILT_IN" }
}
"#;
/// One error without a fix, `missing-field`, which does not apply to updates.
const BARE: &str = "{ \"name\": \"hook\", \"type\": \"Https\" }\n";
/// Two definitions, one per line, with one warning each.
const STREAM: &str = "{\"name\":\"sample_stream_solar\",\"type\":\"Sample\",\"id\":\"a\"}\n\
                      {\"name\":\"sample_stream_solar\",\"type\":\"Sample\",\"id\":\"b\"}\n";
/// One finding of severity info.
const LISTED: &str = "[{ \"name\": \"sample_stream_solar\", \"type\": \"Sample\" }]\n";
/// Not a definition, though it resembles one.
const PACKAGE: &str = "{ \"name\": \"web\", \"type\": \"module\" }\n";
/// A document with the marks of every dialect.
const ALL_DIALECTS: &str = r#"{
  "name": "plain",
  "kind": "AtlasStreamConnection", "apiVersion": "atlas.mongodb.com/v1", "spec": { "name": "manifest", "type": "Https" },
  "Resources": { "A": { "Type": "MongoDB::Atlas::StreamConnection", "Properties": { "ConnectionName": "template" } } },
  "resource": { "mongodbatlas_stream_connection": { "a": { "connection_name": "resource" } } },
  "planned_values": { "root_module": { "resources": [
    { "type": "mongodbatlas_stream_connection", "address": "a.b", "values": { "connection_name": "plan" } }
  ] } },
  "request": {
    "method": "POST", "body": { "name": "request" },
    "url": "https://cloud.mongodb.com/api/atlas/v2/groups/65f1c0ffee0123456789abcd/streams/t/connections"
  },
  "response": { "status": 200 },
  "pipeline": [{ "$source": { "connectionName": "hook" } }]
}
"#;
/// A plan, unless the dialect is set.
const PLANNED: &str = r#"{
  "format_version": "1.2", "planned_values": {},
  "kind": "AtlasStreamConnection", "apiVersion": "atlas.mongodb.com/v1", "spec": { "name": "manifest" }
}
"#;
/// A plan or a Crossplane manifest, depending on the dialect.
const CLAIMED: &str = r#"{
  "format_version": "1.2", "planned_values": {},
  "apiVersion": "stream.mongodbatlas.crossplane.io/v1alpha1", "kind": "Connection",
  "spec": { "forProvider": { "connectionName": "claim" } }
}
"#;
/// The first messages of an editor, up to an open document.
const SESSION: [&str; 3] = [
    r#"{ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": { "capabilities": {} } }"#,
    r#"{ "jsonrpc": "2.0", "method": "initialized", "params": {} }"#,
    r#"{ "jsonrpc": "2.0", "method": "textDocument/didOpen", "params": { "textDocument": {
        "uri": "file:///w/a.json", "languageId": "json", "version": 1,
        "text": "{ \"name\": \"hook\", \"type\": \"Https\", \"url\": \"http://a.example.com\" }"
    } } }"#,
];

/// One option, one of its values, or an argument.
struct Case {
    /// The words after the name of the command, `check --format json`; an argument as in the help.
    what: String,
    /// The arguments of `streamlint` without it and with it.
    without: String,
    with: String,
    files: &'static [(&'static str, &'static str)],
    input: String,
    environment: &'static [(&'static str, &'static str)],
    /// Whether the two runs differ as expected.
    shows: fn(&Ran, &Ran) -> bool,
}

/// A case for an option, which follows the arguments `around`.
fn option(around: &str, option: &str, shows: fn(&Ran, &Ran) -> bool) -> Case {
    let command = around.split(' ').next().unwrap();
    Case {
        what: format!("{command} {option}").trim_start().to_owned(),
        without: around.to_owned(),
        with: format!("{around} {option}").trim_start().to_owned(),
        files: &[],
        input: String::new(),
        environment: &[],
        shows,
    }
}

/// A case for an argument, with two different values.
fn argument(what: &str, without: &str, with: &str, shows: fn(&Ran, &Ran) -> bool) -> Case {
    Case { what: what.to_owned(), without: without.to_owned(), with: with.to_owned(), ..option("", "", shows) }
}

impl Case {
    fn on(self, files: &'static [(&'static str, &'static str)]) -> Self {
        Self { files, ..self }
    }

    fn reading(self, input: &str) -> Self {
        Self { input: input.to_owned(), ..self }
    }

    fn under(self, environment: &'static [(&'static str, &'static str)]) -> Self {
        Self { environment, ..self }
    }

    fn run(&self, words: &str) -> Ran {
        run_in(self.files, words, &self.input, self.environment)
    }
}

/// The result of a run.
#[derive(Debug, PartialEq, Eq)]
struct Ran {
    status: i32,
    out: String,
    err: String,
    /// The files after the run, with their contents.
    files: BTreeMap<String, String>,
}

impl Ran {
    /// Whether a JSON report has findings of exactly these rules.
    fn found(&self, rules: &[&str]) -> bool {
        let Ok(report) = serde_json::from_str::<serde_json::Value>(&self.out) else { return false };
        let files = report["files"].as_array().into_iter().flatten();
        let found = files.flat_map(|file| file["diagnostics"].as_array().into_iter().flatten());
        found.filter_map(|found| found["rule"].as_str()).eq(rules.iter().copied())
    }

    fn has_colors(&self) -> bool {
        self.out.contains("\u{1b}[")
    }

    /// Whether a JSON report has exactly one connection, with this name and dialect.
    fn is_about(&self, dialect: &str, name: &str) -> bool {
        let Ok(report) = serde_json::from_str::<serde_json::Value>(&self.out) else { return false };
        let file = &report["files"][0];
        file["dialect"] == dialect && file["connections"][0]["name"] == name && file["connections"][1].is_null()
    }
}

impl fmt::Display for Ran {
    fn fmt(&self, to: &mut fmt::Formatter) -> fmt::Result {
        writeln!(to, "status {}\n{}{}{:#?}", self.status, self.out, self.err, self.files)
    }
}

/// Runs the command in a folder with these files.
fn run_in(files: &[(&str, &str)], words: &str, input: &str, environment: &[(&str, &str)]) -> Ran {
    let folder = tempfile::tempdir().unwrap();
    // The search for settings stops at a repository.
    fs::create_dir(folder.path().join(".git")).unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    run(folder.path(), words, input, environment)
}

/// Runs the command. A run that waits for changes is stopped.
fn run(folder: &Path, words: &str, input: &str, environment: &[(&str, &str)]) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_streamlint"));
    command.env_clear().env("TERM", "xterm").envs(environment.iter().copied()).current_dir(folder);
    command.args(words.split_whitespace());
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // A program that reads only part of its input closes the pipe early.
    drop(stdin.write_all(input.as_bytes()));
    drop(stdin);
    let mut stdout = child.stdout.take().unwrap();
    let out = std::thread::spawn(move || {
        let mut out = String::new();
        stdout.read_to_string(&mut out).unwrap();
        out
    });
    let mut err = String::new();
    for line in BufReader::new(child.stderr.take().unwrap()).lines() {
        let line = line.unwrap();
        if line.contains("watching for changes") {
            assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
        }
        err += &(line + "\n");
    }
    let status = child.wait().unwrap().code().unwrap();
    Ran { status, out: out.join().unwrap(), err, files: files(folder, folder) }
}

fn files(root: &Path, folder: &Path) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(root, &path));
        } else {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            all.insert(name, fs::read_to_string(path).unwrap());
        }
    }
    all
}

// ---------------------------------------------------------------------------------------------------------------------
// The table

fn cases() -> Vec<Case> {
    [checking(), reports(), fixing(), settings(), catalog(), beginnings(), conversions()]
        .into_iter()
        .flatten()
        .collect()
}

/// Inputs, and how they are interpreted.
fn checking() -> Vec<Case> {
    let of_anything = |dialect: &'static str, shows| {
        option("check a.json --format json -v", dialect, shows).on(&[("a.json", ALL_DIALECTS)])
    };
    let in_mode = |mode: &'static str, text: &'static [(&'static str, &'static str)], shows| {
        option("check a.json --format json", mode, shows).on(text)
    };
    vec![
        argument("check [PATH]...", "check --format json", "check a.json --format json", |without, with| {
            // A folder skips files that do not look like definitions; a named file is always linted.
            without.found(&[]) && with.found(&["unknown-type"]) && with.status == 1
        })
        .on(&[("a.json", PACKAGE)]),
        argument("check [PATH]...", "check a.json", "check sub", |without, with| {
            without.out.contains("a.json:3:11") && with.out.contains("sub/b.json:1:52")
        })
        .on(&[("a.json", NEAR), ("sub/b.json", ANSWERED)]),
        argument("check [PATH]...", "check a.json", "check -", |without, with| {
            without.status == 0 && with.status == 1 && with.out.contains("[<stdin>:3:11]")
        })
        .on(&[("a.json", GOOD)])
        .reading(NEAR),
        option("check -", "--stdin-filename a/b.jsonc", |without, with| {
            without.out.contains("[<stdin>:1:1]") && with.out == "nothing found in 1 file (1 connection)\n"
        })
        .reading("// What JSON does not know.\n{ \"name\": \"sample_stream_solar\", \"type\": \"Sample\" }"),
        option("check a.json", "--skip-unrecognized", |without, with| (without.status, with.status) == (1, 0))
            .on(&[("a.json", PACKAGE)]),
        option("check a.json --format json", "--max-size 10", |without, with| {
            without.found(&["unknown-type"]) && with.found(&["too-deep"])
        })
        .on(&[("a.json", NEAR)]),
        option("check a.json --format concise", "--ndjson", |without, with| {
            let count = |ran: &Ran| ran.out.matches("[response-only-field]").count();
            without.out.contains("[syntax-error]") && with.out.lines().count() == 2 && count(with) == 2
        })
        .on(&[("a.json", STREAM)]),
        option("check a.json --format json", "--select unknown-type", |without, with| {
            without.found(&["unknown-type", "response-only-field"]) && with.found(&["unknown-type"])
        })
        .on(&[("a.json", BOTH)]),
        option("check a.json --format json", "--ignore unknown-type", |without, with| {
            without.found(&["unknown-type", "response-only-field"]) && with.found(&["response-only-field"])
        })
        .on(&[("a.json", BOTH)]),
        option("check a.json --format json", "--type Https", |without, with| {
            without.out.contains("\"type\": null") && with.out.contains("\"type\": \"Https\"") && with.status == 0
        })
        .on(&[("a.json", "{ \"name\": \"hook\", \"url\": \"https://a.example.com/\" }")]),
        in_mode("--mode create", &[("a.json", BARE), ("streamlint.toml", "mode = \"update\"")], |without, with| {
            without.found(&[]) && with.found(&["missing-field"])
        }),
        in_mode("--mode update", &[("a.json", BARE)], |without, with| {
            without.found(&["missing-field"]) && with.found(&[]) && with.out.contains("\"mode\": \"update\"")
        }),
        in_mode("--mode response", &[("a.json", ANSWERED)], |without, with| {
            without.found(&["response-only-field"]) && with.found(&[]) && with.out.contains("\"mode\": \"response\"")
        }),
        in_mode("--mode error", &[("a.json", BARE)], |without, with| {
            without.found(&["missing-field"]) && with.found(&["api-error"]) && with.status == 0
        }),
        in_mode("--mode failover", &[("a.json", BARE)], |without, with| {
            without.found(&["missing-field"]) && with.found(&["missing-field", "unknown-type"])
        }),
        of_anything("--dialect auto", |without, with| without == with && with.is_about("kubernetes", "manifest")),
        of_anything("--dialect admin-api", |_, with| with.is_about("admin-api", "plain")),
        of_anything("--dialect kubernetes", |_, with| with.is_about("kubernetes", "manifest"))
            .on(&[("a.json", PLANNED)]),
        of_anything("--dialect crossplane", |_, with| with.is_about("crossplane", "claim")).on(&[("a.json", CLAIMED)]),
        of_anything("--dialect cloudformation", |_, with| with.is_about("cloudformation", "template")),
        of_anything("--dialect terraform-plan", |_, with| with.is_about("terraform-plan", "plan")),
        of_anything("--dialect http", |_, with| with.is_about("http", "request")),
        of_anything("--dialect processor", |without, with| {
            without.err.contains("a.json: kubernetes, mode create, 1 connection\n")
                && with.err.contains("a.json: processor, mode create, 0 connections\n")
        }),
        of_anything("--dialect terraform", |_, with| with.is_about("terraform", "resource")),
        option("check a.json --format json", "--group-id 5", |without, with| {
            without.found(&[]) && with.found(&["malformed-id"]) && with.out.contains("\"pointer\": \"/groupId\"")
        })
        .on(&[("a.json", GOOD)]),
        option("check a.json --format json", "--tenant-name a/b", |without, with| {
            without.found(&[]) && with.found(&["malformed-name"]) && with.out.contains("\"pointer\": \"/tenantName\"")
        })
        .on(&[("a.json", GOOD)]),
        option("check a.json b.json --format json", "--tenant-name shop", |without, with| {
            without.found(&[]) && with.found(&["duplicate-name"])
        })
        .on(&[("a.json", GOOD), ("b.json", GOOD)]),
        option("check a.json --format json", "--envelope maybe", |without, with| {
            without.found(&[]) && with.out.contains("\"pointer\": \"/envelope\"")
        })
        .on(&[("a.json", GOOD)]),
        option("check a.json --format json", "--pretty maybe", |without, with| {
            without.found(&[]) && with.out.contains("\"pointer\": \"/pretty\"")
        })
        .on(&[("a.json", GOOD)]),
    ]
}

/// The format and the destination of a report, and the findings in it.
fn reports() -> Vec<Case> {
    let in_format = |format: &'static str, shows| option("check a.json", format, shows).on(&[("a.json", NEAR)]);
    let in_colors = |when: &'static str, environment, shows| {
        option("check a.json", when, shows).on(&[("a.json", NEAR)]).under(environment)
    };
    vec![
        in_format("--format human", |without, with| {
            without == with && with.out.starts_with("error[unknown-type]\n") && with.out.contains("╭─[a.json:3:11]")
        }),
        in_format("--format concise", |_, with| {
            with.out.lines().count() == 1 && with.out.starts_with("a.json:3:11: error: ")
        }),
        in_format("--format json", |_, with| {
            with.out.starts_with("{\n  \"version\": 1,\n  \"files\": [") && with.found(&["unknown-type"])
        }),
        in_format("--format sarif", |_, with| {
            with.out.starts_with("{\n  \"$schema\": \"https://json.schemastore.org/sarif-2.1.0.json\"")
        }),
        in_format("--format github", |_, with| with.out.starts_with("::error title=unknown-type,file=a.json,line=3")),
        in_format("--format gitlab", |_, with| {
            with.out.starts_with('[') && with.out.contains("\"check_name\": \"unknown-type\"")
        }),
        in_format("--format junit", |_, with| {
            with.out.starts_with("<?xml ") && with.out.contains("<testsuite name=\"a.json\"")
        }),
        in_format("--format rdjson", |_, with| {
            with.out.contains("\"severity\": \"ERROR\"") && with.out.contains("\"text\": \"\\\"Sample\\\"\"")
        }),
        in_format("--format markdown", |_, with| {
            with.out.starts_with("## streamlint\n\n1 error in 1 file (1 connection); 1 fixable with --fix\n\n| rule |")
                && with.out.contains("- **error** [3:11](a.json#L3): ")
        }),
        option("check a.json b.json", "--max-findings 1", |without, with| {
            let all = "2 errors in 2 files (2 connections)";
            with.status == 1
                && without.out.matches("error[").count() == 2
                && with.out.matches("error[").count() == 1
                && with.out.contains("\n1 more finding is not shown, because of --max-findings\n")
                && with.out.contains(all)
                && without.out.contains(all)
        })
        .on(&[("a.json", NEAR), ("b.json", NEAR)]),
        option("check a.json", "--min-severity error", |without, with| {
            (without.status, with.status) == (1, 0) && with.out == "nothing found in 1 file (1 connection)\n"
        })
        .on(&[("a.json", ANSWERED)]),
        option("check a.json", "--min-severity warning", |without, with| {
            without.out.starts_with("info[") && with.out.starts_with("nothing found")
        })
        .on(&[("a.json", LISTED)]),
        option("check a.json", "--min-severity info", |without, with| without == with).on(&[("a.json", LISTED)]),
        option("check .", "--show-files", |_, with| (with.status, with.out.as_str()) == (0, "a.json\n"))
            .on(&[("a.json", GOOD), ("b.json", PACKAGE)]),
        option("check a.json", "--output report.txt", |without, with| {
            let report = with.files["report.txt"].clone();
            with.status == 1 && report.starts_with("error[") && report + &with.out == without.out
        })
        .on(&[("a.json", NEAR)]),
        option("check a.json", "--statistics", |_, with| {
            with.out.starts_with("1  unknown-type  error    1 with --fix\n1 error in 1 file")
        })
        .on(&[("a.json", NEAR)]),
        option("check a.json --format json", "--statistics", |_, with| {
            with.out.starts_with("[\n  {\n    \"rule\": \"unknown-type\"")
        })
        .on(&[("a.json", NEAR)]),
        in_colors("--color auto", &[("FORCE_COLOR", "1"), ("NO_COLOR", "1")], |without, with| {
            without == with && !with.has_colors()
        }),
        in_colors("--color auto", FORCED, |without, with| without == with && with.has_colors()),
        in_colors("--color always", &[("NO_COLOR", "1")], |without, with| !without.has_colors() && with.has_colors()),
        in_colors("--color never", FORCED, |without, with| without.has_colors() && !with.has_colors()),
        option("check a.json", "--quiet", |without, with| {
            without.out.replace("nothing found in 1 file (1 connection)\n", "") == with.out && with.out.is_empty()
        })
        .on(&[("a.json", GOOD)]),
        option("check .", "--verbose", |without, with| {
            without.err.is_empty()
                && with.err.ends_with("a.json: does not look like a connection definition\n")
                && with.err.starts_with("streamlint: no streamlint.toml above 1 file")
        })
        .on(&[("a.json", PACKAGE)]),
        option("check a.json", "--watch", |without, with| {
            without.err.is_empty()
                && with.err == "streamlint: watching for changes; Ctrl-C ends\n"
                && (with.status, &with.out) == (1, &without.out)
        })
        .on(&[("a.json", NEAR)]),
    ]
}

/// Fixes, and the exit status.
fn fixing() -> Vec<Case> {
    vec![
        option("check a.json", "--fix", |without, with| {
            without.files["a.json"] == NEAR && with.files["a.json"] == GOOD && (without.status, with.status) == (1, 0)
        })
        .on(&[("a.json", NEAR)]),
        option("check a.json", "--fix", |_, with| {
            // Unsafe fixes are not applied.
            with.files["a.json"] == MISSPELT.replace("\"cluster\"", "\"Cluster\"")
        })
        .on(&[("a.json", MISSPELT)]),
        option("check -", "--fix", |without, with| {
            without.err.is_empty()
                && with.out == GOOD
                && with.err == "1 finding: 1 fixed, 0 remaining in 1 file (1 connection)\n"
        })
        .reading(NEAR),
        option("check a.json --reason why", "--write-ignores", |_, with| {
            let ignored = &with.files["a.json"];
            ignored.contains("\"//\": \"streamlint-ignore[unknown-type]: why\"")
                && (with.status, with.out.as_str())
                    == (0, "1 finding: 1 ignored, 0 remaining in 1 file (1 connection)\n")
        })
        .on(&[("a.json", NEAR)]),
        option("check a.json --write-ignores", "--reason why", |without, with| (without.status, with.status) == (2, 0))
            .on(&[("a.json", NEAR)]),
        option("check a.json", "--unsafe-fixes", |without, with| {
            let fixed = &with.files["a.json"];
            without.files["a.json"] == MISSPELT
                && fixed.contains("\"dbRoleToExecute\"")
                && fixed.contains("\"type\": \"Cluster\"")
        })
        .on(&[("a.json", MISSPELT)]),
        option("check a.json --exit-zero", "--diff", |without, with| {
            with.out.starts_with("--- a.json\n+++ a.json\n") && with.files == without.files && with.status == 0
        })
        .on(&[("a.json", NEAR)]),
        // With --diff, any change fails the run, whatever its severity.
        option("check a.json --fail-on error", "--diff", |without, with| (without.status, with.status) == (0, 1))
            .on(&[("a.json", ANSWERED)]),
        option("check a.json", "--fail-on error", |without, with| (without.status, with.status) == (1, 0))
            .on(&[("a.json", ANSWERED)]),
        option("check a.json", "--fail-on warning", |without, with| (without.status, with.status) == (0, 1))
            .on(&[("a.json", ANSWERED), ("streamlint.toml", "fail-on = \"error\"")]),
        option("check a.json", "--fail-on info", |without, with| (without.status, with.status) == (0, 1))
            .on(&[("a.json", LISTED)]),
        option("check a.json", "--exit-zero", |without, with| {
            (without.status, with.status) == (1, 0) && without.out == with.out
        })
        .on(&[("a.json", NEAR)]),
    ]
}

/// Settings and baselines.
fn settings() -> Vec<Case> {
    const OFF: &str = "[rules]\nmissing-field = \"off\"\n";
    const WARNING: &str = "[[overrides]]\npaths = [\"a.json\"]\nrules.missing-field = \"warning\"\n";
    const KNOWN: &str = r#"{ "version": 1, "files": { "a.json": { "hook": { "missing-field": 1 } } } }"#;
    vec![
        option("check a.json --format concise", "--config ci/strict.toml", |without, with| {
            // Paths in the file are relative to the working directory.
            without.out.is_empty() && with.out.contains(": warning: ") && with.out.contains("[missing-field]")
        })
        .on(&[("a.json", BARE), ("streamlint.toml", OFF), ("ci/strict.toml", WARNING)]),
        option("check a.json", "--no-config", |without, with| (without.status, with.status) == (0, 1))
            .on(&[("a.json", BARE), ("streamlint.toml", OFF)]),
        option("check a.json --format json", "--baseline known.json", |without, with| {
            without.found(&["missing-field"]) && with.found(&[]) && (without.status, with.status) == (1, 0)
        })
        .on(&[("a.json", BARE), ("known.json", KNOWN)]),
        option("check a.json --baseline known.json", "--prune-baseline", |without, with| {
            without.files["known.json"] == KNOWN
                && with.files["known.json"] == "{\n  \"version\": 1,\n  \"files\": {}\n}\n"
                && with.err == "streamlint: known.json: 1 known finding removed\n"
        })
        .on(&[("a.json", GOOD), ("known.json", KNOWN)]),
        option("check .", "--show-settings a.json", |_, with| {
            with.status == 0
                && with.out.starts_with("# a.json\n# the settings are those of streamlint.toml, the nearest above\n")
                && with.out.contains("\nrules.missing-field = \"off\"         # streamlint.toml:2\n")
                && with.out.contains("\nfail-on = \"warning\"                 # default\n")
        })
        .on(&[("a.json", BARE), ("streamlint.toml", OFF)]),
        option("check a.json", "--write-baseline known.json", |without, with| {
            let written = serde_json::from_str::<serde_json::Value>(&with.files["known.json"]).unwrap();
            written == serde_json::from_str::<serde_json::Value>(KNOWN).unwrap()
                && (without.status, with.status) == (1, 0)
                && with.err == "streamlint: known.json: 1 known finding written\n"
        })
        .on(&[("a.json", BARE)]),
        option("check a.json --format json --select policy/short", "--policy short.json", |without, with| {
            (without.status, with.status) == (2, 1) && with.found(&["policy/short"])
        })
        .on(&[("a.json", BARE), ("short.json", SHORT)]),
        option("rules", "--policy short.json", |without, with| {
            !without.out.contains("policy/short") && with.out.contains("policy/short")
        })
        .on(&[("short.json", SHORT)]),
        option("rules", "--config other.toml", |without, with| {
            without.out.contains("policy/long")
                && !with.out.contains("policy/long")
                && with.out.contains("policy/short")
        })
        .on(POLICIES),
        option("rules", "--no-config", |without, with| {
            without.out.contains("policy/long") && !with.out.contains("policy/")
        })
        .on(POLICIES),
        option("explain policy/short", "--policy short.json", |without, with| {
            (without.status, with.status) == (2, 0) && with.out.starts_with("warning[policy/short]: ")
        })
        .on(&[("short.json", SHORT)]),
        option("explain policy/short", "--config other.toml", |without, with| {
            (without.status, with.status) == (2, 0) && with.out.starts_with("warning[policy/short]: ")
        })
        .on(POLICIES),
        option("explain policy/long", "--no-config", |without, with| (without.status, with.status) == (0, 2))
            .on(POLICIES),
    ]
}

/// A policy for short names.
const SHORT: &str = r#"{ "properties": { "name": { "maxLength": 3 } } }"#;
/// Two policies, each declared in its own settings file.
const POLICIES: &[(&str, &str)] = &[
    ("short.json", SHORT),
    ("streamlint.toml", "[[policies]]\nname = \"long\"\nschema = \"short.json\"\n"),
    ("other.toml", "[[policies]]\nname = \"short\"\nschema = \"short.json\"\n"),
];

/// Forces colors without a terminal.
const FORCED: &[(&str, &str)] = &[("FORCE_COLOR", "1")];

/// Output about rules, schemas and the command itself, and the language server.
fn catalog() -> Vec<Case> {
    let session = SESSION.map(|message| format!("Content-Length: {}\r\n\r\n{message}", message.len())).concat();
    let table = |format: &'static str, shows| option("rules", format, shows);
    let page = |option_of_it: &'static str, shows| option("explain too-deep", option_of_it, shows);
    let completions = |what: &str, with: &str, shows| {
        let other = if with.ends_with("fish") { "completions bash" } else { "completions fish" };
        argument(what, other, with, shows)
    };
    vec![
        table("--format text", |without, with| without == with && with.out.starts_with("syntax-error ")),
        table("--format json", |_, with| with.out.starts_with("[\n  {\n    \"name\": \"syntax-error\"")),
        table("--format markdown", |_, with| with.out.starts_with("# Rules\n")),
        table("--color auto", |without, with| without == with && with.has_colors()).under(FORCED),
        table("--color always", |without, with| !without.has_colors() && with.has_colors()),
        table("--color never", |without, with| without.has_colors() && !with.has_colors()).under(FORCED),
        argument("explain <RULE|ERROR_CODE>", "explain syntax-error", "explain too-deep", |without, with| {
            without.out.starts_with("error[syntax-error]: ") && with.out.starts_with("error[too-deep]: ")
        }),
        page("--format text", |without, with| without == with && with.out.contains("\nWhat it does\n────────────\n")),
        page("--format markdown", |_, with| with.out == streamlint::rule("too-deep").unwrap().page()),
        page("--color auto", |without, with| without == with && with.has_colors()).under(FORCED),
        page("--color always", |without, with| !without.has_colors() && with.has_colors()),
        page("--color never", |without, with| without.has_colors() && !with.has_colors()).under(FORCED),
        argument("schema <TYPE>", "schema Kafka", "schema config", |without, with| {
            let has_schema = |ran: &Ran, name: &str| ran.out.contains(&format!("/schemas/{name}.schema.json\","));
            has_schema(without, "Kafka") && has_schema(with, "config")
        }),
        completions("completions <SHELL> bash", "completions bash", |_, with| with.out.contains("COMPREPLY")),
        completions("completions <SHELL> elvish", "completions elvish", |_, with| {
            with.out.contains("edit:completion:arg-completer")
        }),
        completions("completions <SHELL> fish", "completions fish", |_, with| {
            with.out.contains("complete -c streamlint")
        }),
        completions("completions <SHELL> powershell", "completions powershell", |_, with| {
            with.out.contains("Register-ArgumentCompleter")
        }),
        completions("completions <SHELL> zsh", "completions zsh", |_, with| {
            with.out.starts_with("#compdef streamlint")
        }),
        // The option selects the default, so it only needs to be accepted.
        option("lsp", "--stdio", |without, with| {
            without == with && with.out.contains("\"serverInfo\":{\"name\":\"streamlint\"")
        })
        .reading(&session),
        option("lsp", "--config off.toml", |without, with| {
            without.out.contains("insecure-url")
                && with.out.ends_with("\"diagnostics\":[],\"uri\":\"file:///w/a.json\",\"version\":1}}")
        })
        .on(&[("off.toml", "rules.insecure-url = \"off\"")])
        .reading(&session),
        option("", "--version", |without, with| {
            without.status == 2 && with.status == 0 && with.out.contains("\nevidence of ")
        }),
        argument("help [COMMAND]...", "help", "help init", |without, with| {
            without.out.contains("Usage: streamlint <COMMAND>") && with.out.contains("Usage: streamlint init ")
        }),
    ]
}

/// The connections in each dialect.
fn conversions() -> Vec<Case> {
    let named = &[("a.json", r#"{ "name": "a", "type": "Sample" }"#), ("b.yaml", "name: b\ntype: Sample\n")];
    let to = |option_of_it: &'static str, shows| option("convert a.json", option_of_it, shows).on(named);
    vec![
        argument(
            "convert <FILE>",
            "convert a.json --to admin-api",
            "convert b.yaml --to admin-api",
            |without, with| without.out.contains("\"name\": \"a\"") && with.out.contains("\"name\": \"b\""),
        )
        .on(named),
        to("--to admin-api", |without, with| without.status == 2 && with.out.starts_with("{\n  \"name\": \"a\"")),
        to("--to terraform", |_, with| with.out.contains("resource \"mongodbatlas_stream_connection\" \"a\"")),
        to("--to kubernetes", |_, with| with.out.contains("kind: AtlasStreamConnection\n")),
        to("--to cloudformation", |_, with| with.out.contains("Type: MongoDB::Atlas::StreamConnection\n")),
        Case {
            what: "convert --output a.tf".to_owned(),
            ..option("convert a.json --to terraform", "--output a.tf", |without, with| {
                with.out.is_empty() && with.files.get("a.tf") == Some(&without.out)
            })
        }
        .on(named),
        option("convert - --to admin-api", "--stdin-filename b.yaml", |without, with| {
            without.status == 2 && with.out.contains("\"name\": \"c\"")
        })
        .reading("{ name: c, type: Sample }"),
    ]
}

/// New definitions.
fn beginnings() -> Vec<Case> {
    let kafka = |option_of_it: &'static str, shows| option("init Kafka", option_of_it, shows);
    vec![
        argument("init <TYPE>", "init Kafka", "init S3", |without, with| {
            without.out.contains("\"type\": \"Kafka\"") && with.out.contains("\"type\": \"S3\"")
        }),
        kafka("--name clicks", |without, with| {
            without.out.replace("\"orders-kafka\"", "\"clicks\"") == with.out && without.out != with.out
        }),
        kafka("--comments", |without, with| {
            let uncommented = with.out.lines().filter(|line| !line.trim_start().starts_with("//"));
            without.out.lines().eq(uncommented) && without.out != with.out
        }),
        kafka("--policy", |_, with| with.out.contains("\"$schema\"") && with.out.contains("\"bootstrapServers\": {")),
        kafka("--yaml", |_, with| with.out.starts_with("name: orders-kafka\ntype: Kafka\n")),
        kafka("--dialect admin-api", |without, with| without == with && with.out.starts_with("{\n  \"name\"")),
        kafka("--dialect terraform", |_, with| with.out.contains("resource \"mongodbatlas_stream_connection\"")),
        kafka("--dialect kubernetes", |_, with| with.out.contains("kind: AtlasStreamConnection\n")),
        kafka("--dialect cloudformation", |_, with| with.out.contains("Type: MongoDB::Atlas::StreamConnection\n")),
    ]
}

// ---------------------------------------------------------------------------------------------------------------------
// The options in the help

/// An option or an argument, as the help shows it.
#[derive(Debug)]
struct Shown {
    /// The same form as a case's `what`: `check --format`, `explain <RULE|ERROR_CODE>`.
    what: String,
    /// The short form, `-o`.
    short: Option<String>,
    takes_value: bool,
    /// The description.
    about: String,
    /// The listed values, and the default value.
    values: Vec<String>,
    default: Option<String>,
}

impl Shown {
    /// Whether a case tests this option or one of its values.
    fn is_meant_by(&self, case: &str) -> bool {
        case.strip_prefix(&self.what).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    }
}

fn help(command: &str) -> String {
    // `help --help` prints the general help.
    let words = if command == "help" { "help help".to_owned() } else { format!("{command} --help") };
    let ran = run_in(&[], &words, "", &[]);
    assert_eq!((ran.status, ran.err.as_str()), (0, ""), "{words}");
    ran.out
}

/// The names in the list of subcommands. The empty string is the command itself.
fn commands() -> Vec<String> {
    let help = help("");
    let list = help.split_once("\nCommands:\n").unwrap().1.split_once("\n\n").unwrap().0;
    let is_name = |line: &&str| line.starts_with("  ") && !line.starts_with("   ");
    let names = list.lines().filter(is_name).map(|line| line.split_whitespace().next().unwrap().to_owned());
    std::iter::once(String::new()).chain(names).collect()
}

/// Every option and argument in the help of a command.
fn shown(command: &str) -> Vec<Shown> {
    let help = help(command);
    let mut all = Vec::<Shown>::new();
    let mut is_in_list = false;
    for line in help.lines() {
        let text = line.trim_start();
        let indentation = line.len() - text.len();
        if indentation == 0 && !text.is_empty() {
            is_in_list = text.ends_with(':') && text != "Commands:";
        }
        let is_head = is_in_list && (1..=6).contains(&indentation) && text.starts_with(['-', '<', '[']);
        if is_head {
            let (head, about) = text.split_once("  ").unwrap_or((text, ""));
            let words = head.split_whitespace().map(|word| word.trim_end_matches(','));
            let (flags, values) = words.partition::<Vec<_>, _>(|word| word.starts_with('-'));
            let name = flags.iter().find(|flag| flag.starts_with("--")).or(values.first()).unwrap();
            all.push(Shown {
                what: format!("{command} {name}").trim_start().to_owned(),
                short: flags.iter().find(|flag| !flag.starts_with("--")).map(|short| (*short).to_owned()),
                takes_value: !flags.is_empty() && !values.is_empty(),
                about: about.trim_start().to_owned() + " ",
                values: Vec::new(),
                default: None,
            });
        }
        let Some(last) = all.last_mut().filter(|_| is_in_list) else { continue };
        // A list of values, each with a description.
        if let Some(value) = text.strip_prefix("- ") {
            last.values.push(value.split(':').next().unwrap().to_owned());
        } else if !is_head && text != "Possible values:" {
            last.about.extend([text, " "]);
        }
    }
    // The text in brackets may contain line breaks.
    for one in &mut all {
        let listed = |opening| Some(one.about.split_once(opening)?.1.split(']').next()?.to_owned());
        one.default = listed("[default: ");
        if let Some(list) = listed("[possible values: ") {
            one.values = list.split(", ").map(str::to_owned).collect();
        }
        let end = one.about.find('[').unwrap_or(one.about.len());
        one.about = one.about[..end].trim().to_owned();
    }
    all
}

fn all_shown() -> Vec<Shown> {
    commands().iter().flat_map(|command| shown(command)).collect()
}

#[test]
fn every_option_has_the_effect_of_its_case() {
    let all = all_shown();
    let mut wrong = Vec::new();
    for case in cases() {
        let (without, with) = (case.run(&case.without), case.run(&case.with));
        if !(case.shows)(&without, &with) {
            wrong.push(format!("{}\n\nwithout it {without}\nwith it {with}\n", case.what));
        }
        let Some(shown) = all.iter().find(|shown| shown.is_meant_by(&case.what)) else { continue };
        // Only the default may make no difference.
        let is_default = shown.default.as_ref().is_some_and(|default| case.what == format!("{} {default}", shown.what));
        if with == without && !is_default && case.what != "lsp --stdio" {
            wrong.push(format!("{} makes no difference\n\n{with}\n", case.what));
        }
        // The short form has the same effect, except that `-V` prints less than `--version`.
        if let Some(short) = shown.short.as_ref().filter(|short| *short != "-V") {
            let name = shown.what.rsplit(' ').next().unwrap();
            let same = case.run(&case.with.replace(name, short));
            if same != with {
                wrong.push(format!("{}, and its short form {short}\n\n{with}\n{same}\n", case.what));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of the table are wrong:\n\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_option_and_every_value_in_the_help_has_a_case() {
    let cases = cases().into_iter().map(|case| case.what).collect::<BTreeSet<_>>();
    let mut known = BTreeSet::new();
    let mut missing = Vec::new();
    for shown in all_shown() {
        let Shown { what, values, takes_value, .. } = &shown;
        // `--help` is the output that this test parses.
        if what.ends_with("--help") {
            continue;
        }
        let own = cases.iter().filter(|case| shown.is_meant_by(case)).cloned().collect::<Vec<_>>();
        if own.is_empty() {
            missing.push(what.clone());
        }
        for value in values {
            let what = format!("{what} {value}");
            if !own.contains(&what) {
                missing.push(what);
            }
        }
        let is_value = |case: &String| values.iter().any(|value| *case == format!("{what} {value}"));
        assert!(!*takes_value || values.is_empty() || own.iter().all(is_value), "{what} has no such value: {own:?}");
        known.extend(own);
    }
    assert!(missing.is_empty(), "no case says what these are for: {missing:#?}");
    let gone = cases.difference(&known).collect::<Vec<_>>();
    assert!(gone.is_empty(), "the help shows none of these: {gone:#?}");
}

#[test]
fn every_command_has_its_help() {
    for command in commands() {
        let case = |words: &str| run_in(&[], words, "", &[]);
        let whole = if command == "help" { case("help help") } else { case(&format!("{command} --help")) };
        assert!(whole.out.contains(&format!("Usage: streamlint {command}")), "{}", whole.out);
        assert!(!whole.out.starts_with("Usage: "), "{command}: the help does not say what it is for");
        assert_eq!(case(&format!("help {command}")), whole, "{command}");
        if command != "help" {
            let short = case(&format!("{command} -h"));
            assert!(short.status == 0 && short.out.lines().count() <= whole.out.lines().count(), "{}", short.out);
            assert_eq!(short.out.lines().next(), whole.out.lines().next());
        }
    }
}

#[test]
fn every_option_has_a_help_text_and_few_have_a_short_form() {
    let all = all_shown();
    let silent = all.iter().filter(|shown| shown.about.is_empty()).map(|shown| &shown.what);
    assert_eq!(silent.collect::<Vec<_>>(), [""; 0]);
    let longest = all.iter().find(|shown| shown.what == "check --max-size").unwrap();
    assert_eq!(longest.default, Some(streamlint::DEFAULT_SIZE_LIMIT.to_string()));
    let short = all.iter().filter_map(|shown| shown.short.as_deref()).collect::<BTreeSet<_>>();
    assert_eq!(short.into_iter().collect::<Vec<_>>(), ["-V", "-h", "-o", "-q", "-v"]);
}

#[test]
fn the_help_names_all_schemas_without_a_type() {
    let help = help("schema").split("\n\n").next().unwrap().to_owned();
    for (name, _) in streamlint::schemas() {
        let is_type = name.parse::<streamlint::Kind>().is_ok();
        assert!(is_type || help.contains(name), "{name}: {help}");
    }
}

#[test]
fn the_manual_page_and_the_completions_have_every_option() {
    let case = |words: &str| run_in(&[], words, "", &[]).out;
    let (man, bash) = (case("man"), case("completions bash"));
    assert!(man.contains(".TH streamlint 1"), "{man}");
    for command in commands().iter().filter(|command| !["", "help"].contains(&command.as_str())) {
        let about = help(command).split("\n\n").next().unwrap().replace('\n', " ");
        let description = format!("\n.SH DESCRIPTION\n{}\n", about.replace('-', "\\-"));
        assert!(man.contains(&description), "{command}: no {description}");
    }
    for Shown { what, values, .. } in all_shown() {
        let (command, name) = what.rsplit_once(' ').unwrap_or(("", &what));
        let start = format!("{}\n", command.to_uppercase());
        let section = man.split("\n.SH STREAMLINT ").find(|section| section.starts_with(&start));
        let page = if command.is_empty() { &man } else { section.unwrap_or_default() };
        for word in values.iter().map(String::as_str).chain([name].into_iter().filter(|name| name.starts_with('-'))) {
            let is_there = command == "help" || page.replace("\\-", "-").contains(word);
            assert!(is_there, "{what}: no {word} in the manual page");
            assert!(bash.contains(word), "{what}: no {word} in the completions");
        }
    }
}

#[test]
fn every_type_is_accepted_by_every_command() {
    let run = |words: String| run_in(&[("a.json", "{ \"name\": \"a\" }")], &words, "", &[]);
    let bash = run("completions bash".to_owned()).out;
    for kind in streamlint::Kind::ALL.iter().map(|kind| kind.name()) {
        let named = format!("\"type\": \"{kind}\"");
        assert!(run(format!("check a.json --format json --type {kind}")).out.contains(&named), "{kind}");
        assert!(run(format!("init {kind}")).out.contains(&named), "{kind}");
        assert!(run(format!("schema {kind}")).out.contains(&format!("/{kind}.schema.json\",")), "{kind}");
    }
    // Shell completions offer the values that can be listed.
    for command in ["check --type", "init", "schema", "explain"] {
        let name = if command == "explain" { "too-deep" } else { "AWSKinesisDataStreams" };
        let function = format!("streamlint__subcmd__{}", command.replace(" --type", ""));
        let part =
            bash.split(&format!("{function})\n")).nth(1).unwrap().split(";;\n        streamlint__").next().unwrap();
        assert!(part.contains(name), "{command}: {part}");
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// Combinations of options

#[test]
fn conflicting_options_are_rejected() {
    let refused = [
        ("check a.json --diff --format json", "--diff cannot be used with another format"),
        ("check a.json --diff --statistics", "cannot be used with"),
        ("check a.json --diff --write-baseline b.json", "cannot be used with"),
        ("check a.json --statistics --format sarif", "--statistics works only with"),
        ("check a.json --stdin-filename b.json", "--stdin-filename needs the path `-`, which reads standard input"),
        ("check --stdin-filename b.json", "--stdin-filename needs the path `-`, which reads standard input"),
        ("check --ndjson a.json --stdin-filename b.json", "--stdin-filename needs the path"),
        ("check a.json --config b.toml --no-config", "cannot be used with"),
        ("check a.json --baseline b.json --write-baseline c.json", "cannot be used with"),
        ("check a.json --quiet --verbose", "cannot be used with"),
        ("check - --watch", "--watch cannot watch standard input"),
        ("check --ndjson --watch", "cannot be used with"),
        ("check . --watch --write-baseline b.json", "cannot be used with"),
        ("check --ndjson --fix", "cannot be used with"),
        ("check --ndjson --unsafe-fixes", "cannot be used with"),
        ("check --ndjson --diff", "cannot be used with"),
        ("check --ndjson --baseline b.json", "cannot be used with"),
        ("check --ndjson --write-baseline b.json", "cannot be used with"),
        ("check --ndjson --format sarif", "--ndjson works only with"),
        ("check --ndjson --format gitlab", "--ndjson works only with"),
        ("check --ndjson --format junit", "--ndjson works only with"),
        ("check --ndjson --format markdown", "--ndjson works only with"),
        ("check --ndjson -o json=a -o concise=b", "--ndjson allows only one --output"),
        ("check a.json -o json=- -o sarif=-", "two reports write to standard output"),
        ("check a.json -o json=b -o sarif=b", "two reports write to b"),
        ("check a.json --format json -o sarif=-", "both write to standard output"),
        ("check a.json -o serif=b", "unknown format `serif`; did you mean `sarif`?"),
        ("check a.json -o sarif=", "needs a file name"),
        ("check a.json --format json --max-findings 1", "--max-findings works only with"),
        ("check a.json --write-ignores", "--reason"),
        ("check a.json --write-ignores --fix --reason why", "cannot be used with"),
        ("check a.json --reason why", "--write-ignores"),
        ("check a.json --show-settings b.json", "b.json: no such file or folder"),
        ("init Kafka --yaml --dialect terraform", "--yaml does not apply to Terraform"),
        ("init S3 --dialect kubernetes", "does not support S3"),
        ("init S3 --dialect cloudformation", "does not support S3"),
    ];
    for (words, sentence) in refused {
        let ran = run_in(&[("a.json", NEAR)], words, "", &[]);
        assert!(ran.status == 2 && ran.out.is_empty() && ran.err.contains(sentence), "{words}: {ran}");
    }
}

/// Options that are combined with an option that uses a different code path, and a text that each affects.
const TOGETHER: &[(&str, &[(&str, &str)])] = &[
    ("--select unknown-type", &[("a.json", BOTH)]),
    ("--ignore unknown-type", &[("a.json", BOTH)]),
    ("--mode response", &[("a.json", ANSWERED)]),
    ("--dialect processor", &[("a.json", ANSWERED)]),
    ("--config off.toml", &[("a.json", ANSWERED), ("off.toml", "rules.response-only-field = \"off\"")]),
    ("--no-config", &[("a.json", ANSWERED), ("streamlint.toml", "rules.response-only-field = \"off\"")]),
    ("--skip-unrecognized", &[("a.json", "{ \"type\": \"kafka\" }\n")]),
    ("--max-size 10", &[("a.json", ANSWERED)]),
    ("--exit-zero", &[("a.json", ANSWERED)]),
    ("--output report.txt", &[("a.json", ANSWERED)]),
    ("--color always", &[("a.json", ANSWERED)]),
    ("--verbose", &[("a.json", ANSWERED)]),
];

#[test]
fn options_keep_their_meaning_for_streams() {
    let more = [
        ("--fail-on error", ANSWERED),
        ("--quiet", ANSWERED),
        ("--statistics", ANSWERED),
        ("--format concise", ANSWERED),
        ("--format json", ANSWERED),
        ("--format github", ANSWERED),
        ("--group-id 5", ANSWERED),
        ("--tenant-name a/b", ANSWERED),
        ("--envelope maybe", ANSWERED),
        ("--pretty maybe", ANSWERED),
    ];
    // Not in `TOGETHER`: the type does not change the fixes.
    differs("check --ndjson a.json", "--type Https", &[("a.json", "{ \"name\": \"a\" }\n")]);
    for (option, text) in more {
        differs("check --ndjson a.json", option, &[("a.json", text)]);
    }
    for (option, files) in TOGETHER {
        differs("check --ndjson a.json", option, files);
    }
    assert!(run_in(&[], "check --ndjson --stdin-filename b", ANSWERED, &[]).out.contains("[b:1:52]"));
}

#[test]
fn options_keep_their_meaning_for_diffs() {
    for (option, files) in TOGETHER {
        differs("check --diff a.json", option, files);
    }
    differs("check --diff a.json", "--unsafe-fixes", &[("a.json", MISSPELT)]);
}

/// Checks that the output, the status or the files differ with the option.
fn differs(around: &str, option: &str, files: &[(&str, &str)]) {
    let run = |words: &str| run_in(files, words, "", &[]);
    let (without, with) = (run(around), run(&format!("{around} {option}")));
    assert!(without.status < 2 && with.status < 2, "{around} {option}: {with}");
    assert_ne!(without, with, "{around} {option}");
}

#[test]
fn streams_do_not_advertise_fixes() {
    let run = |words: &str| run_in(&[("a.ndjson", BOTH), ("b.ndjson", MISSPELT)], words, "", &[]);
    let human = run("check --ndjson a.ndjson");
    assert!(human.out.contains("error[unknown-type]") && !human.out.contains("--fix"), "{human}");
    assert!(human.out.ends_with("1 error, 1 warning in 1 line (1 connection)\n"), "{human}");
    let statistics = run("check --ndjson a.ndjson --statistics");
    assert!(statistics.out.starts_with("1  ") && !statistics.out.contains("--fix"), "{statistics}");
    // Programs may apply the fixes of a report.
    let json = run("check --ndjson a.ndjson --format json --output report.txt");
    assert!(json.files["report.txt"].contains("\"fix\":{\"title\":\"Use Sample\""), "{json}");
    assert_eq!(json.out, "1 error, 1 warning in 1 line (1 connection)\n");
}
