//! The command on files, beside the floor below it, each as a process of its own in turn.
//!
//! `make bench` runs it. Times are those of whole processes, start and end included.

#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs, reason = "a program for us, not for users")]
#![allow(clippy::cast_precision_loss, reason = "times and sizes are shown, not counted with")]

mod floor;
#[allow(dead_code, reason = "the other bench has documents with a mistake as well")]
mod workload;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

const ROUNDS: usize = 15;

/// The argument with which this program is the floor.
const FLOOR: &str = "--floor";

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
    one.compare("one file", "2.00");
    many.compare("10,000 files", "1.30");

    let (few_peak, many_peak) = (peak(&many.streamlint()), peak(&more.streamlint()));
    let each = (many_peak - few_peak) * 1024.0 / (more.files - many.files) as f64;
    println!("\nmemory at its peak: {few_peak:.0} KB for 10,000 files, {many_peak:.0} KB for 100,000");
    println!("  {each:.0} bytes for each connection more (budget 200)");
}

/// Valid documents in files of one folder each hundred.
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

    fn streamlint(&self) -> Vec<String> {
        let binary = env!("CARGO_BIN_EXE_streamlint").to_owned();
        vec![binary, "check".to_owned(), "--no-config".to_owned(), self.folder.display().to_string()]
    }

    fn floor(&self) -> Vec<String> {
        let own = std::env::current_exe().unwrap();
        vec![own.display().to_string(), FLOOR.to_owned(), self.folder.display().to_string()]
    }

    fn compare(&self, name: &str, floor_budget: &str) {
        let commands = [self.streamlint(), self.floor()];
        let times = medians(&commands);
        println!("\n{name}");
        println!("  {:<40}{:>8.1}", "streamlint check", times[0]);
        println!(
            "  {:<40}{:>8.1}{:>9.2}{floor_budget:>10}",
            "floor: parallel walk + read",
            times[1],
            times[0] / times[1]
        );
    }
}

fn started(command: &[String]) -> Command {
    let mut process = Command::new(&command[0]);
    process.args(&command[1..]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::inherit());
    process
}

/// Milliseconds that each of the commands takes, run in turn so that all see the same machine.
fn medians(commands: &[Vec<String>]) -> Vec<f64> {
    let mut times = vec![Vec::new(); commands.len()];
    for round in 0..=ROUNDS {
        for (command, times) in commands.iter().zip(&mut times) {
            let start = Instant::now();
            let status = started(command).status().unwrap();
            assert!(status.success(), "{} exits with {status}", command[0]);
            // The first round fills the caches.
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

/// The most memory that a command has resident, in KB, as Linux counts it while it runs.
fn peak(command: &[String]) -> f64 {
    let mut process = started(command).spawn().unwrap();
    let status = format!("/proc/{}/status", process.id());
    let mut peak = 0.0_f64;
    while process.try_wait().unwrap().is_none() {
        let said = std::fs::read_to_string(&status).unwrap_or_default();
        let line = said.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse().ok());
        peak = peak.max(kilobytes.unwrap_or(0.0));
    }
    peak
}
