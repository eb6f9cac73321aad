//! The guarantees of SECURITY.md that no other test checks, and that the tests it names exist.
#![cfg(all(unix, feature = "cli"))]
#![allow(clippy::unwrap_used, reason = "a test stops where something is not as expected")]

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{fs, io};

use regex::Regex;
use streamlint::{Linter, Source};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}

#[test]
fn the_program_opens_no_connection_and_starts_no_process() {
    let banned =
        Regex::new(r"\b(TcpStream|TcpListener|UdpSocket|UnixStream|ToSocketAddrs|process::Command)\b").unwrap();
    let is_test = |path: &Path| path.ends_with("tests.rs") || path.components().any(|part| part.as_os_str() == "tests");
    for path in files_below(&root().join("src")) {
        let text = fs::read_to_string(&path).unwrap();
        let found = if is_test(&path) { None } else { banned.find(&text) };
        assert!(found.is_none(), "{} has {}", path.display(), found.unwrap().as_str());
    }
    let lock = fs::read_to_string(root().join("Cargo.lock")).unwrap();
    for name in ["curl", "hyper", "native-tls", "openssl", "reqwest", "rustls", "socket2", "tokio", "ureq"] {
        assert!(!lock.contains(&format!("name = \"{name}\"\n")), "Cargo.lock has {name}, which is for a network");
    }
}

/// A hard link shows whether a file was written in place: it keeps the old text only if the name was moved to
/// a new file.
#[test]
fn a_fix_replaces_the_file_as_a_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.json");
    let text = "{ \"name\": \"sample_stream_solar\", \"type\": \"sample\" }\n";
    fs::write(&path, text).unwrap();
    // A process that has the file open still reads the old text.
    let mut before = fs::File::open(&path).unwrap();
    let command = env!("CARGO_BIN_EXE_streamlint");
    let status = Command::new(command).args(["check", "--fix", "a.json"]).current_dir(&folder).status().unwrap();
    assert_eq!(status.code(), Some(0));
    assert_eq!(fs::read_to_string(&path).unwrap(), text.replace("sample\"", "Sample\""));
    assert_eq!(io::read_to_string(&mut before).unwrap(), text);
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "a temporary file was left");
}

/// In linear time, each text takes well under a second; in quadratic time, minutes.
#[test]
fn hostile_texts_take_bounded_time() {
    const LENGTH: usize = 64 * 1024;
    const REPEATED: [&str; 20] = [
        "{",
        "[",
        "}",
        "\"",
        ",",
        ":",
        "\\",
        "\n",
        "{\"a\":",
        "[1,",
        "\"a\": 1,\n",
        "- ",
        "- a\n",
        "a: b\n",
        "&a *a ",
        "a = {\n",
        "a = \"${",
        "a = <<E\n",
        "# streamlint-ignore",
        "GET /\n\n{",
    ];
    for name in ["a.json", "a.yaml", "a.tf", "a.http"] {
        for repeated in REPEATED {
            for before in ["", "{ \"name\": \"a\", \"type\": \"Kafka\", \"bootstrapServers\": \""] {
                let text = before.to_owned() + &repeated.repeat(LENGTH / repeated.len());
                let start = Instant::now();
                Linter::default().check(&Source::new(name, text.as_str()));
                let elapsed = start.elapsed();
                assert!(elapsed < Duration::from_secs(30), "{elapsed:?} for {repeated:?} in {name}");
            }
        }
    }
}

#[test]
fn locals_multiply_up_to_a_limit() {
    let local = |at| format!("  x{at} = [local.x{0}, local.x{0}]", at - 1);
    let locals = (1..40).map(local).collect::<Vec<_>>().join("\n");
    let text = format!(
        "locals {{\n  x0 = \"v\"\n{locals}\n}}\nresource \"mongodbatlas_stream_connection\" \"a\" {{\n  type    = \"Https\"\n  headers = {{ a = local.x39 }}\n}}\n"
    );
    let start = Instant::now();
    let report = Linter::default().check(&Source::new("a.tf", text));
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    let found = report.diagnostics().iter().find(|found| found.rule.name == "too-deep").unwrap();
    assert!(report.source().text()[..found.span().start].ends_with("a = "), "{found:?}");
}

/// Measures the memory while the report is read: the command ends only after that.
#[cfg(target_os = "linux")]
#[test]
fn a_large_report_takes_bounded_memory() {
    let folder = tempfile::tempdir().unwrap();
    let connection = "{ \"name\": \"h\", \"type\": \"Https\", \"url\": \"http://h.example.com\" }";
    fs::write(folder.path().join("a.json"), format!("[{}]", vec![connection; 50_000].join(",\n"))).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_streamlint"));
    command.args(["check", "a.json", "--format", "sarif", "--select", "insecure-url"]).current_dir(&folder);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut report = BufReader::with_capacity(1 << 20, child.stdout.take().unwrap());
    let (mut findings, mut kilobytes, mut line) = (0, 0, String::new());
    while report.read_line(&mut line).unwrap() > 0 {
        if line.contains("\"ruleId\"") {
            findings += 1;
            if findings % 1000 == 0 {
                let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
                let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix("kB"));
                kilobytes = peak.map_or(kilobytes, |peak| peak.trim().parse::<usize>().unwrap());
            }
        }
        line.clear();
    }
    child.wait().unwrap();
    assert_eq!(findings, 50_000);
    assert!((1..200_000).contains(&kilobytes), "{kilobytes} kB");
}

#[test]
fn the_tests_that_security_md_names_exist() {
    let text = fs::read_to_string(root().join("SECURITY.md")).unwrap();
    let named = Regex::new(r"`((?:tests|src|pkg|web)/[a-z._/-]+)(?:: ([^`]+))?`").unwrap();
    assert!(named.is_match(&text));
    for found in named.captures_iter(&text) {
        let file = fs::read_to_string(root().join(&found[1])).unwrap_or_else(|_| panic!("{} is not a file", &found[1]));
        let name = found.get(2).map_or("", |name| name.as_str());
        assert!(file.contains(name), "{} has no test {name}", &found[1]);
    }
}
