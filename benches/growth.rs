//! The growth of time and memory with the input: each dimension at N, 2N, 4N and so on up to 102,400, or until one
//! check takes a second.
//!
//! `make bench` runs it, and it fails if doubling the input takes more than 2.2 times the time or the memory. Each
//! measurement is a separate process, so that its peak memory is that of one check. `cargo bench --bench growth --
//! WORD` measures the dimensions with this word in their names.
//!
//! When memory outgrows the caches of the processor, twice the input takes even a linear program more than twice the
//! time. The last column is the factor of such a program for the memory of a dimension beyond the budget: it shows how
//! much of the excess is the machine's.

#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs, reason = "a program for us, not for users")]
#![allow(clippy::cast_precision_loss, reason = "times and sizes are shown, not counted with")]

#[path = "growth/dimensions.rs"]
mod dimensions;

use std::hint::black_box;
use std::io::Read as _;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use dimensions::{DIMENSIONS, Dimension};

/// The arguments that make this program measure the time or the memory of one dimension at one size, or the time of a
/// linear program that uses some kilobytes.
const TIME: &str = "--time";
const MEMORY: &str = "--memory";
const LINEAR: &str = "--linear";

/// The largest of the three sizes. If one check takes too long, it is a quarter or a sixteenth of this.
const MOST: usize = 102_400;
const BUDGET: f64 = 2.2;

/// Maximum seconds for the largest size.
const LONG: f64 = 1.0;

/// Smaller numbers of seconds and kilobytes are mostly noise.
const SHORT: f64 = 0.004;
const SMALL: f64 = 4096.0;

/// Number of repetitions of a measurement that exceeds the budget: another program may have used the caches.
const AGAIN: usize = 4;

/// Maximum time of a measurement, after which it is killed and fails.
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Clone, Copy)]
struct Figures {
    seconds: f64,
    kilobytes: f64,
}

fn main() -> ExitCode {
    let arguments = std::env::args().skip(1).filter(|argument| argument != "--bench").collect::<Vec<_>>();
    if let [flag, name, size] = arguments.as_slice()
        && flag.starts_with("--")
    {
        let size = size.parse().unwrap();
        let dimension = DIMENSIONS.iter().find(|dimension| dimension.name == name);
        println!(
            "{}",
            match flag.as_str() {
                TIME => fastest(dimension.unwrap().prepare(size)),
                MEMORY => memory(dimension.unwrap(), size),
                LINEAR => fastest(move || allocate(size)),
                _ => panic!("unknown argument {flag}"),
            }
        );
        return ExitCode::SUCCESS;
    }
    println!(
        "twice the input, budget {BUDGET}                          N       ms    factor        MB    factor    linear"
    );
    let is_asked = |dimension: &&Dimension| arguments.iter().all(|word| dimension.name.contains(word.as_str()));
    let exceeded = DIMENSIONS.iter().filter(is_asked).filter(|dimension| !is_within_budget(dimension)).count();
    println!("{exceeded} beyond the budget");
    if exceeded == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Measures a dimension at three sizes, prints the results for the largest and the worse of the two factors, and
/// returns whether they are within the budget.
fn is_within_budget(dimension: &Dimension) -> bool {
    let mut most = MOST / 16;
    let probe = run(TIME, dimension.name, most / 4);
    while most < MOST && probe * (most as f64) < LONG * (MOST / 64) as f64 / 4.0 {
        most *= 4;
    }
    let sizes = [most / 4, most / 2, most];
    let mut all = sizes.map(|size| figures(dimension, size));
    let mut worst = worst_of(all);
    for _ in 0..AGAIN {
        if worst.seconds <= BUDGET && worst.kilobytes <= BUDGET {
            break;
        }
        for (figures, size) in all.iter_mut().zip(sizes) {
            *figures = figures.least(self::figures(dimension, size));
        }
        worst = worst_of(all);
    }
    let is_measured = all.iter().all(|figures| figures.kilobytes.is_finite());
    let linear = (is_measured && worst.seconds > BUDGET).then(|| factor_of_linear(all));
    let is_within = worst.seconds <= BUDGET && worst.kilobytes <= BUDGET;
    println!(
        "  {:<44}{most:>9}{:>9.1}{:>10.2}{:>10.1}{:>10.2}{:>10}{}",
        dimension.name,
        all[2].seconds * 1000.0,
        worst.seconds,
        all[2].kilobytes / 1024.0,
        worst.kilobytes,
        linear.map(|factor| format!("{factor:.2}")).unwrap_or_default(),
        if is_within { "" } else { "  <<<" }
    );
    is_within
}

/// Returns the worse factors of three sizes.
fn worst_of([first, second, third]: [Figures; 3]) -> Figures {
    let [one, other] = [factors(first, second), factors(second, third)];
    Figures { seconds: one.0.max(other.0), kilobytes: one.1.max(other.1) }
}

/// Returns the factors of time and memory of the second measurement; 0 if the numbers are too small.
fn factors(first: Figures, second: Figures) -> (f64, f64) {
    let factor = |first: f64, second: f64, least: f64| {
        if second.is_infinite() {
            f64::INFINITY
        } else if first < least {
            0.0
        } else {
            second / first
        }
    };
    (factor(first.seconds, second.seconds, SHORT), factor(first.kilobytes, second.kilobytes, SMALL))
}

impl Figures {
    fn least(self, other: Self) -> Self {
        Self { seconds: self.seconds.min(other.seconds), kilobytes: self.kilobytes.min(other.kilobytes) }
    }
}

fn figures(dimension: &Dimension, size: usize) -> Figures {
    Figures { seconds: run(TIME, dimension.name, size), kilobytes: run(MEMORY, dimension.name, size) }
}

/// The worse factor of time of a linear program, for twice the input of the dimension with these figures.
fn factor_of_linear(figures: [Figures; 3]) -> f64 {
    let kilobytes = figures.map(|figures| figures.kilobytes.max(1.0));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number of kilobytes")]
    let of_kilobyte = kilobytes.map(|size| run(LINEAR, "", size as usize) / size);
    2.0 * (of_kilobyte[1] / of_kilobyte[0]).max(of_kilobyte[2] / of_kilobyte[1])
}

/// Measures in a separate process. Infinite if that crashes or takes too long.
fn run(what: &str, name: &str, size: usize) -> f64 {
    let own = std::env::current_exe().unwrap();
    let mut command = Command::new(own);
    command.args([what, name, &size.to_string()]).stdout(Stdio::piped());
    if what != MEMORY {
        // Memory stays with the process: to return it and get it again is slow, and glibc does so from a certain size.
        command.env("MALLOC_TRIM_THRESHOLD_", u32::MAX.to_string()).env("MALLOC_MMAP_THRESHOLD_", u32::MAX.to_string());
    }
    let mut process = command.spawn().unwrap();
    let start = Instant::now();
    while process.try_wait().unwrap().is_none() {
        if start.elapsed() > PATIENCE {
            process.kill().unwrap();
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    let mut text = String::new();
    process.stdout.unwrap().read_to_string(&mut text).unwrap();
    text.trim().parse().unwrap_or(f64::INFINITY)
}

/// The seconds of the fastest of some runs.
fn fastest(run: impl Fn() -> usize) -> f64 {
    let (mut fastest, mut sum) = (f64::MAX, 0.0);
    for round in 1..=7 {
        let start = processor_time();
        black_box(run());
        let seconds = processor_time() - start;
        (fastest, sum) = (fastest.min(seconds), sum + seconds);
        // The first run gets its memory from the system, so it is no measure for the next size.
        if round > 2 && sum > 0.5 {
            break;
        }
    }
    fastest
}

/// The kilobytes that one run needs in addition to its input.
fn memory(dimension: &Dimension, size: usize) -> f64 {
    let run = dimension.prepare(size);
    let before = peak();
    black_box(run());
    peak() - before
}

/// The linear program: allocates texts of different sizes, reads them, and frees them.
fn allocate(kilobytes: usize) -> usize {
    let mut texts = Vec::new();
    let mut room = kilobytes * 1024;
    while let Some(rest) = room.checked_sub(48 + texts.len() % 61) {
        texts.push(".".repeat(24 + texts.len() % 61));
        room = rest;
    }
    texts.iter().map(|text| text.matches(',').count()).sum()
}

/// The seconds of processor time of this process, or of the clock on systems that do not report it so.
#[cfg(not(unix))]
fn processor_time() -> f64 {
    static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_secs_f64()
}

#[cfg(unix)]
fn processor_time() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// Returns the maximum memory of this process in kilobytes; 0 if the system does not report it.
fn peak() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse().ok()).unwrap_or_default()
}
