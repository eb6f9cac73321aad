//! What is judged while a folder is still looked through.
//!
//! A walk is the work of one thread, and most files have nothing wrong with them: nothing is ever said of those, so they
//! need no place in the order of the report. The other threads judge what has been found so far. What nothing is to be said
//! of is counted and forgotten; what is to be said of others is kept until their turn comes, as far as there is room.

use std::num::NonZero;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::JoinHandle;

use crate::output::Tally;
use crate::{Format, Linter, Module, Report, Severity, Source, Style};
use crossbeam_channel::{Receiver, Sender, unbounded};

use super::check::{Outcome, Outcomes, PARALLEL};
use super::files::{Buffer, Candidate, Origin, Reading, Seen};
use super::progress::Progress;
use super::settings::{Found, Judge, Judges};

/// So many bytes of what is to be said are kept. When there is more, the rest waits for its turn.
const MOST: usize = 1 << 21;

/// What an outcome needs beside its text, in bytes, about.
const EACH: usize = 512;

/// This many files are judged at a time by one thread.
const PORTION: usize = 64;

/// Takes what is found, and has it judged by other threads: one less than there are cores, as the walk is on one.
pub(super) struct Ahead {
    work: Arc<Work>,
    /// What is judged next, when there is enough of it.
    portion: Portion,
    taken: usize,
    sender: Sender<Portion>,
    threads: Vec<JoinHandle<Judged>>,
}

/// Files with the same judge.
#[derive(Default)]
struct Portion {
    judge: Option<Arc<Judge>>,
    /// One behind the other: a piece of memory for each would be taken by one thread and given back by another.
    names: String,
    /// The inode of each, and where its name stands.
    files: Vec<(u64, Range<usize>)>,
}

impl Portion {
    fn add(&mut self, seen: &Seen) {
        let start = self.names.len();
        self.names.push_str(seen.name);
        self.files.push((seen.inode, start..self.names.len()));
    }
}

/// What the threads share.
struct Work {
    /// In bytes.
    size_limit: usize,
    /// Nothing where texts are only counted.
    format: Option<Format>,
    style: Style,
    progress: Arc<Progress>,
    portions: Receiver<Portion>,
    /// So many bytes are kept of what is to be said.
    kept: AtomicUsize,
}

/// What came of it.
#[derive(Default)]
pub(super) struct Judged {
    /// Counts what nothing is to be said of.
    pub tally: Tally,
    pub left: Vec<Candidate>,
    /// What is to be said of some of those that are left.
    pub outcomes: Outcomes,
}

impl Ahead {
    /// For texts of at most `size_limit` bytes, of which the report says something in this format, if any.
    pub fn new(size_limit: usize, format: Option<Format>, style: Style, progress: &Arc<Progress>) -> Self {
        let (sender, portions) = unbounded();
        let (progress, kept) = (Arc::clone(progress), AtomicUsize::new(0));
        let work = Arc::new(Work { size_limit, format, style, progress, portions, kept });
        Self { work, portion: Portion::default(), taken: 0, sender, threads: Vec::new() }
    }

    /// Takes what has been found, unless it is to be linted when its turn comes.
    pub fn takes(&mut self, seen: &Seen, found: &Found, judges: &mut Judges) -> bool {
        // A known finding that is gone is to be said.
        let judge = judges.judge(Path::new(seen.name), found).filter(|judge| judge.baseline.is_none());
        let Some(judge) = judge.filter(|_| !self.work.is_full() && !Module::has(seen.name)) else { return false };
        if self.portion.judge.as_ref().is_none_or(|last| !Arc::ptr_eq(last, judge)) {
            self.send();
            self.portion.judge = Some(Arc::clone(judge));
        }
        self.portion.add(seen);
        self.taken += 1;
        if self.portion.files.len() >= PORTION && self.taken >= PARALLEL {
            self.send();
        }
        true
    }

    /// Has the portion judged, by threads where it is worth having some.
    fn send(&mut self) {
        if self.threads.is_empty() && self.taken >= PARALLEL {
            let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
            let thread = |_| {
                let work = Arc::clone(&self.work);
                std::thread::spawn(move || work.judged())
            };
            self.threads = (1..cores).map(thread).collect();
        }
        let Portion { judge, names, files } = &self.portion;
        let next = Portion {
            judge: judge.clone(),
            names: String::with_capacity(names.len()),
            files: Vec::with_capacity(files.len()),
        };
        // The receiver is there as long as this is.
        let _ = self.sender.send(std::mem::replace(&mut self.portion, next));
    }

    /// Nothing more is found: judges, with the other threads, what they have not come to yet.
    pub fn end(mut self) -> Judged {
        self.send();
        drop(self.sender);
        let mut all = self.work.judged();
        for thread in self.threads {
            let judged = thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            all.tally += &judged.tally;
            all.left.extend(judged.left);
            all.outcomes.extend(judged.outcomes);
        }
        all
    }
}

impl Work {
    fn is_full(&self) -> bool {
        self.kept.load(Ordering::Relaxed) >= MOST
    }

    /// Judges portions as they come, until there are no more.
    fn judged(&self) -> Judged {
        let (mut judged, mut buffer) = (Judged::default(), Buffer::default());
        // Reports count who shares their configuration. If all threads counted at one place, they would wait for each other.
        let mut own = None::<(Arc<Judge>, Linter)>;
        for Portion { judge, names, mut files } in &self.portions {
            let Some(judge) = judge else { continue };
            if own.as_ref().is_none_or(|(other, _)| !Arc::ptr_eq(other, &judge)) {
                let linter = Linter::new(judge.linter(true).config().clone());
                own = Some((judge, linter));
            }
            let Some((judge, linter)) = &own else { continue };
            let (all, left) = (files.len(), judged.left.len());
            // What was written one after the other is read so: then it lies near each other in the kernel's memory, too.
            files.sort_unstable_by_key(|(inode, _)| *inode);
            for (_, name) in files {
                self.judge(&names[name], judge.fail_on, linter, &mut buffer, &mut judged);
            }
            self.progress.add(all + left - judged.left.len());
        }
        judged
    }

    fn judge(&self, name: &str, fail_on: Severity, linter: &Linter, buffer: &mut Buffer, judged: &mut Judged) {
        let name = Arc::<str>::from(name);
        if !self.is_full() {
            match self.report(&name, linter, buffer) {
                Some(report) if !report.is_judged() => return,
                Some(report) if !report.spans_files() => {
                    let mut outcome = Outcome::default();
                    outcome.add(&report, self.format, self.style, fail_on);
                    if outcome.text.is_empty() && !outcome.counts {
                        judged.tally += &outcome.tally;
                        return;
                    }
                    self.kept.fetch_add(outcome.text.len() + EACH, Ordering::Relaxed);
                    judged.outcomes.insert(Arc::clone(&name), Box::new(outcome));
                }
                // It is read again, so there should not be many of them.
                _ => {
                    self.kept.fetch_add(8 * EACH, Ordering::Relaxed);
                }
            }
        }
        judged.left.push(Candidate { name, origin: Origin::Named, unsure: true });
    }

    /// Nothing where it cannot be read.
    fn report(&self, name: &Arc<str>, linter: &Linter, buffer: &mut Buffer) -> Option<Report> {
        match buffer.read_file(Path::new(&**name), self.size_limit) {
            Ok(Reading::Text(bytes)) => {
                let source = Source::from_bytes(Arc::clone(name), bytes);
                Some(linter.check_in(&source, &Module::default()))
            }
            Ok(Reading::TooLong(..)) | Err(_) => None,
        }
    }
}
