//! The command on files, compared with the minimum possible time and with a popular validator, each as a separate
//! process in turn; and its memory.
//!
//! `make bench` runs it. Times are those of whole processes, including startup and exit.

#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs, reason = "a program for us, not for users")]
#![allow(clippy::cast_precision_loss, reason = "times and sizes are shown, not counted with")]

mod floor;
#[allow(dead_code, reason = "the other bench has documents with a mistake as well")]
mod workload;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

const ROUNDS: usize = 15;

/// The argument that makes this program measure the minimum.
const FLOOR: &str = "--floor";

/// The environment variable with the path of the other validator, which the Makefile sets.
const PEER: &str = "JSONSCHEMA_CLI";

fn main() {
    let arguments = std::env::args().collect::<Vec<_>>();
    if let Some(at) = arguments.iter().position(|argument| argument == FLOOR) {
        assert!(floor::bytes_below(Path::new(&arguments[at + 1])) > 0);
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (one, many, more) =
        (Tree::new(folder.path(), 1), Tree::new(folder.path(), 10_000), Tree::new(folder.path(), 100_000));

    println!("whole processes, medians of {ROUNDS} rounds in turn    ms  ours÷it    budget");
    one.compare("one file", "human", ["2.00", ""]);
    for (format, floor) in [("human", "1.30"), ("json", "1.50"), ("sarif", "1.50")] {
        many.compare("10,000 files", format, [floor, "0.55"]);
    }
    if peer().is_none() {
        println!("  jsonschema-cli is not measured: it could not be installed, or {PEER} does not say where it is");
    }

    let options = policies(folder.path());
    let options = options.iter().map(String::as_str).collect::<Vec<_>>();
    let times = medians(&[many.streamlint(&options), many.streamlint(&["--exit-zero"])]);
    println!("\n10,000 files, ten policies");
    println!("  {:<40}{:>8.1}", "streamlint check --policy, ten times", times[0]);
    println!("  {:<40}{:>8.1}{:>9.2}{:>10}", "streamlint check", times[1], times[0] / times[1], "2.00");

    println!("\nmemory at its peak, KB                  10,000 files  100,000 files  bytes each    budget");
    let grows = |name: &str, options: &[&str]| {
        let (few, lots) = (peak(&many.streamlint(options)), peak(&more.streamlint(options)));
        let each = (lots - few) * 1024.0 / (more.files - many.files) as f64;
        println!("  {name:<38}{few:>12.0}{lots:>15.0}{each:>12.0}{:>10}", 200);
    };
    grows("streamlint check", &[]);
    grows("streamlint check --format json", &["--format", "json"]);
    // All samples have the same name, so a tenth of the documents have findings.
    grows("streamlint check --tenant-name", &["--tenant-name", "analytics"]);

    println!("\nmemory at its peak, KB                 100,000 lines 1,000,000 lines  ratio       budget");
    // The measurements vary by a tenth between runs.
    for (name, document) in [("valid", workload::valid as fn(usize) -> Vec<String>), ("one mistake", workload::broken)]
    {
        let [few, lots] = [100_000, 1_000_000].map(|count| {
            let path = folder.path().join(format!("{count}.ndjson"));
            write_lines(&path, count, document);
            let path = path.display().to_string();
            peak(&command(&["check", "--no-config", "--ndjson", "--format", "concise", &path]))
        });
        println!("  --ndjson, {name:<28}{few:>12.0}{lots:>15.0}{:>12.2}{:>10}", lots / few, "1.10");
    }
}

/// The options for ten policies of typical size, with few findings.
fn policies(folder: &Path) -> Vec<String> {
    let schemas = [
        r#"{ "properties": { "name": { "pattern": "^[a-zA-Z0-9_-]+$", "maxLength": 64 } } }"#,
        r#"{ "properties": { "bootstrapServers": { "pattern": "^[a-z0-9.-]+:[0-9]+(,[a-z0-9.-]+:[0-9]+)*$" } } }"#,
        r#"{ "properties": { "security": { "required": ["protocol"], "properties": { "protocol": { "enum": ["SASL_SSL", "SSL", "SASL_PLAINTEXT"] } } } } }"#,
        r#"{ "if": { "properties": { "type": { "const": "Kafka" } } }, "then": { "required": ["authentication", "security"] } }"#,
        r#"{ "properties": { "dbRoleToExecute": { "properties": { "role": { "not": { "enum": ["atlasAdmin", "root"] } } } } } }"#,
        r#"{ "properties": { "url": { "pattern": "^https://" }, "schemaRegistryUrls": { "items": { "pattern": "^https://" } } } }"#,
        r##"{ "$defs": { "arn": { "pattern": "^arn:aws(-[a-z]+)*:iam::[0-9]{12}:role/" } }, "properties": { "aws": { "properties": { "roleArn": { "$ref": "#/$defs/arn" } } } } }"##,
        r#"{ "properties": { "networking": { "properties": { "access": { "anyOf": [{ "properties": { "type": { "const": "PUBLIC" } } }, { "required": ["connectionId"] }] } } } } }"#,
        r#"{ "properties": { "config": { "propertyNames": { "pattern": "^[a-z.]+$" }, "maxProperties": 20 }, "headers": { "maxProperties": 20 } } }"#,
        r#"{ "properties": { "authentication": { "properties": { "username": { "minLength": 1, "not": { "const": "admin" } } } } } }"#,
    ];
    let mut options = vec!["--exit-zero".to_owned()];
    for (at, schema) in schemas.iter().enumerate() {
        let path = folder.join(format!("policy-{at}.json"));
        std::fs::write(&path, schema).unwrap();
        options.extend(["--policy".to_owned(), path.display().to_string()]);
    }
    options
}

fn command(arguments: &[&str]) -> Vec<String> {
    std::iter::once(env!("CARGO_BIN_EXE_streamlint")).chain(arguments.iter().copied()).map(str::to_owned).collect()
}

/// Writes a stream of definitions, one per line. The same ten thousand repeat.
fn write_lines(path: &Path, count: usize, documents: fn(usize) -> Vec<String>) {
    let lines = documents(10_000).iter().map(|text| text.replace('\n', "") + "\n").collect::<String>();
    let mut file = std::fs::File::create(path).unwrap();
    for _ in 0..count / 10_000 {
        file.write_all(lines.as_bytes()).unwrap();
    }
}

/// Returns the `jsonschema-cli` command, with the schema of all types.
fn peer() -> Option<Vec<String>> {
    let binary = std::env::var(PEER).ok().filter(|binary| Path::new(binary).is_file())?;
    let schema = concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/connection.schema.json");
    let arguments = ["validate", schema, "--offline", "--errors-only", "--instance"].map(str::to_owned);
    Some(std::iter::once(binary).chain(arguments).collect())
}

/// Valid documents in folders of a hundred files each.
struct Tree {
    folder: PathBuf,
    files: usize,
}

impl Tree {
    fn new(parent: &Path, files: usize) -> Self {
        let folder = parent.join(files.to_string());
        for (at, text) in workload::valid(files).iter().enumerate() {
            let inner = folder.join((at / 100).to_string());
            std::fs::create_dir_all(&inner).unwrap();
            std::fs::write(inner.join(format!("connection-{at}.json")), text).unwrap();
        }
        Self { folder, files }
    }

    fn streamlint(&self, options: &[&str]) -> Vec<String> {
        let folder = self.folder.display().to_string();
        command(&[&["check", "--no-config", folder.as_str()], options].concat())
    }

    fn floor(&self) -> Vec<String> {
        let own = std::env::current_exe().unwrap();
        vec![own.display().to_string(), FLOOR.to_owned(), self.folder.display().to_string()]
    }

    /// The command of the other validator, with the names of all files: it takes no folder.
    fn peer(&self) -> Option<Vec<String>> {
        let file = |at: usize| self.folder.join((at / 100).to_string()).join(format!("connection-{at}.json"));
        let files = (0..self.files).map(|at| file(at).display().to_string());
        Some(peer()?.into_iter().chain(files).collect())
    }

    fn compare(&self, name: &str, format: &str, budgets: [&str; 2]) {
        let mut commands = vec![self.streamlint(&["--format", format]), self.floor()];
        commands.extend(self.peer());
        let times = medians(&commands);
        println!("\n{name}, {format}");
        println!("  {:<40}{:>8.1}", "streamlint check", times[0]);
        let others = ["floor: parallel walk + read", "jsonschema-cli"];
        for ((name, budget), time) in others.iter().zip(budgets).zip(&times[1..]) {
            println!("  {name:<40}{time:>8.1}{:>9.2}{budget:>10}", times[0] / time);
        }
    }
}

fn started(command: &[String]) -> Command {
    let mut process = Command::new(&command[0]);
    process.args(&command[1..]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::inherit());
    process
}

/// Returns the median milliseconds of each command, run in turn so that all see the same state of the machine.
fn medians(commands: &[Vec<String>]) -> Vec<f64> {
    let mut times = vec![Vec::new(); commands.len()];
    for round in 0..=ROUNDS {
        for (command, times) in commands.iter().zip(&mut times) {
            let start = Instant::now();
            let status = started(command).status().unwrap();
            assert!(status.success(), "{} exits with {status}", command[0]);
            // The first round warms the caches.
            if round > 0 {
                times.push(start.elapsed().as_nanos() as f64 / 1e6);
            }
        }
    }
    for times in &mut times {
        times.sort_by(f64::total_cmp);
    }
    times.iter().map(|times| times[ROUNDS / 2]).collect()
}

/// Returns the maximum resident memory of a command in KB, as Linux reports it.
fn peak(command: &[String]) -> f64 {
    let mut process = started(command).spawn().unwrap();
    let status = format!("/proc/{}/status", process.id());
    let mut peak = 0.0_f64;
    while process.try_wait().unwrap().is_none() {
        let reported = std::fs::read_to_string(&status).unwrap_or_default();
        let line = reported.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse().ok());
        peak = peak.max(kilobytes.unwrap_or(0.0));
    }
    peak
}
