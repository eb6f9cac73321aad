//! What is judged while a folder is still looked through.
//!
//! A walk is the work of one thread, and most files have nothing wrong with them: nothing is ever said of those, so they
//! need no place in the order of the report. The other threads judge what has been found so far. What nothing is to be said
//! of is counted and forgotten; what is to be said of others is kept until their turn comes, as far as there is room.

use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, Sender, unbounded};
use streamlint::{Format, Module, Report, Source, Style, Tally};

use super::check::{Outcome, Outcomes, PARALLEL, PORTION};
use super::files::{Buffer, Candidate, Reading};
use super::progress::Progress;
use super::settings::{Found, Judge, Judges};

/// So many bytes of what is to be said are kept. When there is more, the rest waits for its turn.
const MOST: usize = 1 << 21;

/// What an outcome needs beside its text, in bytes, about.
const EACH: usize = 512;

/// Takes what is found, and has it judged by other threads: one less than there are cores, as the walk is on one.
pub(super) struct Ahead {
    work: Arc<Work>,
    /// What is judged next, when there is enough of it.
    portion: Portion,
    taken: usize,
    /// What was found when there was still too little.
    left: Vec<Candidate>,
    sender: Sender<Portion>,
    threads: Vec<JoinHandle<Judged>>,
}

/// Candidates with the same judge.
#[derive(Default)]
struct Portion {
    judge: Option<Arc<Judge>>,
    candidates: Vec<Candidate>,
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
        Self { work, portion: Portion::default(), taken: 0, left: Vec::new(), sender, threads: Vec::new() }
    }

    /// Takes what has been found, or gives it back to be linted when its turn comes.
    pub fn take(&mut self, candidate: Candidate, found: &Found, judges: &mut Judges) -> Option<Candidate> {
        if self.work.is_full() {
            return Some(candidate);
        }
        // A known finding that is gone is to be said.
        let Some(judge) = judges.judge(candidate.path(), found).filter(|judge| judge.baseline.is_none()) else {
            return Some(candidate);
        };
        if self.portion.judge.as_ref().is_none_or(|last| !Arc::ptr_eq(last, &judge)) {
            self.send();
            self.portion.judge = Some(judge);
        }
        self.portion.candidates.push(candidate);
        self.taken += 1;
        if self.portion.candidates.len() >= PORTION && self.taken >= PARALLEL {
            self.send();
        }
        None
    }

    /// Has the portion judged, unless there is so little that threads would cost more than they save.
    fn send(&mut self) {
        let candidates = std::mem::take(&mut self.portion.candidates);
        if self.taken < PARALLEL {
            self.left.extend(candidates);
            return;
        }
        if self.threads.is_empty() {
            let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
            let thread = |_| {
                let work = Arc::clone(&self.work);
                std::thread::spawn(move || work.judged())
            };
            self.threads = (1..cores).map(thread).collect();
        }
        // The receiver is there as long as this is.
        let _ = self.sender.send(Portion { judge: self.portion.judge.clone(), candidates });
    }

    /// Nothing more is found: judges, with the other threads, what they have not come to yet.
    pub fn end(mut self) -> Judged {
        self.send();
        drop(self.sender);
        let mut all = self.work.judged();
        all.left.extend(self.left);
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
        for Portion { judge, candidates } in &self.portions {
            let Some(judge) = judge else { continue };
            let (all, left) = (candidates.len(), judged.left.len());
            for candidate in candidates {
                self.judge(candidate, &judge, &mut buffer, &mut judged);
            }
            self.progress.add(all + left - judged.left.len());
        }
        judged
    }

    fn judge(&self, candidate: Candidate, judge: &Judge, buffer: &mut Buffer, judged: &mut Judged) {
        if self.is_full() {
            judged.left.push(candidate);
            return;
        }
        match self.report(&candidate, judge, buffer) {
            Some(report) if !report.is_judged() => {}
            Some(report) if !report.spans_files() => {
                let mut outcome = Outcome::default();
                outcome.add(&report, self.format, self.style, judge.fail_on);
                if outcome.text.is_empty() && !outcome.counts {
                    judged.tally += &outcome.tally;
                    return;
                }
                self.kept.fetch_add(outcome.text.len() + EACH, Ordering::Relaxed);
                judged.outcomes.insert(Arc::clone(&candidate.name), Box::new(outcome));
                judged.left.push(candidate);
            }
            // It is read again, so there should not be many of them.
            _ => {
                self.kept.fetch_add(8 * EACH, Ordering::Relaxed);
                judged.left.push(candidate);
            }
        }
    }

    /// Nothing where other files have a say in it, or where it cannot be read.
    fn report(&self, candidate: &Candidate, judge: &Judge, buffer: &mut Buffer) -> Option<Report> {
        if Module::has(&candidate.name) {
            return None;
        }
        match buffer.read(candidate, self.size_limit) {
            Ok(Reading::Text(bytes)) => {
                let source = Source::from_bytes(Arc::clone(&candidate.name), bytes);
                Some(judge.linter(candidate).check_in(&source, &Module::default()))
            }
            Ok(Reading::TooLong(..)) | Err(_) => None,
        }
    }
}
