//! Inputs like those in public files, pages and issues: `tests/reports/EXPECTED.tsv` contains the correct findings of
//! each, and `tests/reports/README.md` explains its columns.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]
#![allow(clippy::print_stdout, reason = "with --nocapture the rows that are open show")]

use std::cell::LazyCell;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// Rows that still fail. A row that passes must not be listed.
const OPEN: &str = include_str!("reports/OPEN.txt");

/// A row of the table.
struct Row {
    path: String,
    options: Vec<String>,
    expected: Vec<String>,
    must: Vec<String>,
}

fn rows(folder: &Path) -> Vec<Row> {
    let table = fs::read_to_string(folder.join("EXPECTED.tsv")).unwrap();
    let mut lines = table.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    assert_eq!(lines.next().unwrap(), ["path", "options", "expected", "must", "kind", "source"]);
    let parts = |cell: &str, separator: &str| {
        cell.split(separator).filter(|part| !matches!(*part, "" | "-")).map(str::to_owned).collect::<Vec<_>>()
    };
    lines
        .map(|cells| Row {
            path: cells[0].to_owned(),
            options: parts(cells[1], " "),
            expected: parts(cells[2], ", "),
            must: clauses(cells[3]),
        })
        .collect()
}

/// The clauses of a cell, separated by semicolons outside of back-ticks. A note extends to the end.
fn clauses(cell: &str) -> Vec<String> {
    let cell = cell.split("note: ").next().unwrap();
    let mut clauses = vec![String::new()];
    let mut is_quoted = false;
    for character in cell.chars() {
        is_quoted ^= character == '`';
        if character == ';' && !is_quoted {
            clauses.push(String::new());
        } else {
            clauses.last_mut().unwrap().push(character);
        }
    }
    let clauses = clauses.iter().map(|clause| clause.trim());
    clauses.filter(|clause| !matches!(*clause, "" | "-")).map(str::to_owned).collect()
}

/// Copies only the files of a row.
fn copy(row: &Row, reports: &Path, to: &Path) {
    let mut files = Vec::new();
    for path in row.path.split(' ') {
        files_below(&reports.join(path), &mut files);
    }
    for file in files {
        let target = to.join(file.strip_prefix(reports).unwrap());
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(file, target).unwrap();
    }
}

/// The folder that the command runs in.
struct Folder<'p> {
    path: &'p Path,
}

impl Folder<'_> {
    fn check(&self, row: &Row, more: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_streamlint"));
        command.env_clear().env("NO_COLOR", "1").current_dir(self.path).args(["check", "--no-config"]);
        command.args(more).args(&row.options);
        command.args(row.path.split(' ')).stdin(Stdio::null()).output().unwrap()
    }

    fn json(&self, row: &Row, more: &[&str]) -> Value {
        let output = self.check(row, &[&["--format", "json"], more].concat());
        serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{}: {error}: {}", row.path, String::from_utf8_lossy(&output.stderr)))
    }

    /// The texts of a row's files, concatenated.
    fn text(&self, row: &Row) -> String {
        let mut files = Vec::new();
        for path in row.path.split(' ') {
            files_below(&self.path.join(path), &mut files);
        }
        files.sort();
        files.iter().map(|file| fs::read_to_string(file).unwrap()).collect()
    }
}

fn files_below(path: &Path, files: &mut Vec<PathBuf>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            files_below(&entry.unwrap().path(), files);
        }
    } else {
        files.push(path.to_owned());
    }
}

fn list<'v>(value: &'v Value, key: &str) -> Vec<&'v Value> {
    value[key].as_array().into_iter().flatten().collect()
}

/// The findings of a report, each with the path of its file.
fn findings(report: &Value) -> Vec<(&str, &Value)> {
    list(report, "files")
        .into_iter()
        .flat_map(|file| list(file, "diagnostics").into_iter().map(|found| (file["path"].as_str().unwrap(), found)))
        .collect()
}

fn is_info(found: &Value) -> bool {
    found["severity"] == "info"
}

fn named(found: &Value) -> String {
    format!("{}@{}", found["rule"].as_str().unwrap(), found["pointer"].as_str().unwrap_or_default())
}

fn fits(pattern: &str, found: &Value) -> bool {
    if pattern.contains('@') { named(found) == pattern } else { found["rule"] == pattern }
}

/// The expected findings that are missing, and the findings that are not expected.
fn compare(expected: &[String], report: &Value) -> Option<String> {
    let found = findings(report).into_iter().map(|(_, found)| found).filter(|found| !is_info(found));
    let mut left = found.collect::<Vec<_>>();
    let all = left.iter().map(|found| named(found)).collect::<Vec<_>>().join(", ");
    let mut missing = Vec::new();
    for pattern in expected {
        match pattern.strip_suffix('+') {
            Some(rule) if left.iter().any(|found| fits(rule, found)) => left.retain(|found| !fits(rule, found)),
            Some(rule) => missing.push(rule),
            None => match left.iter().position(|found| fits(pattern, found)) {
                Some(at) => drop(left.remove(at)),
                None => missing.push(pattern),
            },
        }
    }
    let is_right = missing.is_empty() && left.is_empty();
    (!is_right).then(|| format!("expected {}; found {all}", expected.join(", ")))
}

/// Whether `terraform fmt` would change nothing. Without Terraform this is not checked.
fn is_formatted(text: &str) -> bool {
    let command = Command::new("terraform")
        .args(["fmt", "-check", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut child) = command else { return true };
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), text.as_bytes()).unwrap();
    child.wait().unwrap().success()
}

struct Fixed {
    before: String,
    after: String,
    report: Value,
}

/// The back-ticked text at the end of a clause.
fn quoted(clause: &str) -> String {
    let (start, end) = (clause.find('`').unwrap(), clause.rfind('`').unwrap());
    clause[start + 1..end].replace("\\n", "\n")
}

/// All problems of one row.
fn differences(row: &Row, reports: &Path) -> Vec<String> {
    let here = Folder { path: reports };
    let report = here.json(row, &[]);
    let found = findings(&report);
    let shown = here.check(row, &[]);
    let status = shown.status.code().unwrap();
    let stream = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let (output, errors) = (stream(&shown.stdout), stream(&shown.stderr));
    let mut wrong = compare(&row.expected, &report).into_iter().collect::<Vec<_>>();
    let fixed = |option: &[&str]| {
        let folder = tempfile::tempdir().unwrap();
        copy(row, reports, folder.path());
        let there = Folder { path: folder.path() };
        let before = there.text(row);
        there.check(row, option);
        Fixed { before, after: there.text(row), report: there.json(row, &[]) }
    };
    let (safe, all) = (LazyCell::new(|| fixed(&["--fix"])), LazyCell::new(|| fixed(&["--fix", "--unsafe-fixes"])));
    let expected_status = i32::from(!row.expected.is_empty());
    if status != expected_status && !row.must.iter().any(|clause| clause.starts_with("exit ")) {
        wrong.push(format!("exit status {status}"));
    }
    let texts = |keys: &[&str]| {
        let of = |found: &Value, key: &&str| found.pointer(key).and_then(Value::as_str).map(str::to_owned);
        found.iter().flat_map(|(_, found)| keys.iter().filter_map(|key| of(found, key))).collect::<Vec<_>>()
    };
    for clause in &row.must {
        let words = clause.split('`').next().unwrap().split_whitespace().collect::<Vec<_>>();
        let has = |texts: &[String]| texts.iter().any(|text| text.contains(&quoted(clause)));
        let serious = || found.iter().filter(|(_, found)| !is_info(found));
        let connections = |key: &str| {
            let files = list(&report, "files");
            let all = files.iter().flat_map(|file| list(file, "connections"));
            let all = all.map(|it| it[key].as_str().unwrap_or("-").to_owned()).collect::<Vec<_>>().join(",");
            if all.is_empty() { "-".to_owned() } else { all }
        };
        let (is_unsafe, rest) = match words.as_slice() {
            ["unsafe", rest @ ..] => (true, rest),
            rest => (false, rest),
        };
        let fixed = || if is_unsafe { LazyCell::force(&all) } else { LazyCell::force(&safe) };
        let is_right = match rest {
            ["fix", "has"] => fixed().after.contains(&quoted(clause)),
            ["fix", "lacks"] => !fixed().after.contains(&quoted(clause)),
            ["fix", "keeps", "the", "file"] => fixed().before == fixed().after,
            ["fix", "is", "clean"] => findings(&fixed().report).iter().all(|(_, found)| is_info(found)),
            ["fix", "is", "formatted"] => is_formatted(&fixed().after),
            ["no", "fix"] => found.iter().all(|(_, found)| found["fix"].is_null()),
            ["help", "has"] => has(&texts(&["/help"])),
            ["help", "lacks"] => !has(&texts(&["/help", "/fix/title"])),
            ["title", "has"] => has(&texts(&["/fix/title"])),
            ["excerpt", "has"] => output.contains(&quoted(clause)),
            ["excerpt", "lacks"] => !output.contains(&quoted(clause)),
            ["stderr", "has"] => errors.contains(&quoted(clause)),
            ["severity", rule, severity] => found
                .iter()
                .filter(|(_, found)| found["rule"] == *rule)
                .all(|(_, found)| found["severity"] == *severity),
            ["info", rule] => found.iter().any(|(_, found)| is_info(found) && fits(rule, found)),
            ["no", "info", rule] => !found.iter().any(|(_, found)| is_info(found) && fits(rule, found)),
            ["types", types] => connections("type") == *types,
            ["names", names] => connections("name") == *names,
            ["in", file] => serious().all(|(path, _)| path == file),
            ["on", "line", line] => {
                serious().all(|(_, found)| found["span"]["start"]["line"].as_u64() == line.parse().ok())
            }
            ["exit", number] => status.to_string() == *number,
            _ => panic!("{}: an unknown clause: {clause}", row.path),
        };
        if !is_right {
            wrong.push(clause.clone());
        }
    }
    wrong
}

#[test]
fn reports_have_the_expected_findings() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reports");
    let rows = rows(&folder);
    let mut problems = Vec::new();
    let mut open = OPEN.lines().collect::<Vec<_>>();
    for row in &rows {
        let wrong = differences(row, &folder);
        let at = open.iter().position(|known| *known == row.path);
        at.map(|at| open.remove(at));
        match (wrong.is_empty(), at) {
            (true, Some(_)) => problems.push(format!("{}: is right, so take it out of OPEN.txt", row.path)),
            (false, None) => problems.push(format!("{}:\n    {}", row.path, wrong.join("\n    "))),
            // Lists the open rows with `--nocapture`.
            (false, Some(_)) => println!("open: {}:\n    {}", row.path, wrong.join("\n    ")),
            (true, None) => {}
        }
    }
    problems.extend(open.iter().map(|path| format!("{path}: not in the table, but in OPEN.txt")));
    assert!(problems.is_empty(), "{} of {} rows:\n{}", problems.len(), rows.len(), problems.join("\n"));
}
