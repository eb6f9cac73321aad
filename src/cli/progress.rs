//! The progress of a long run, for a user who waits at a terminal.

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// Counts finished items. After a second of work it shows the count on standard error, if that is a terminal.
pub(super) struct Progress {
    shared: Arc<Shared>,
    clock: Option<(Sender<()>, JoinHandle<()>)>,
}

struct Shared {
    what: &'static str,
    done: AtomicUsize,
    /// The total, once it is known.
    all: OnceLock<usize>,
    /// Whether a progress line is shown. The lock is held while anything is written to the terminal.
    is_shown: Mutex<bool>,
}

impl Progress {
    /// `what` names the counted items. `is_wanted` is whether the count may be shown.
    pub fn new(what: &'static str, is_wanted: bool) -> Self {
        let (done, all) = (AtomicUsize::new(0), OnceLock::new());
        let shared = Arc::new(Shared { what, done, all, is_shown: Mutex::new(false) });
        Self { clock: (is_wanted && is_watched()).then(|| start(&shared)), shared }
    }

    /// Sets the total to the finished items and this many more.
    pub fn expect(&self, left: usize) {
        // Only the first total counts.
        let _ = self.shared.all.set(self.shared.done.load(Ordering::Relaxed) + left);
    }

    pub fn add(&self, done: usize) {
        self.shared.done.fetch_add(done, Ordering::Relaxed);
    }

    /// Wipes the line, and runs something that may write to the same terminal.
    pub fn pause<T>(&self, write: impl FnOnce() -> T) -> T {
        let mut is_shown = self.shared.is_shown.lock().unwrap_or_else(PoisonError::into_inner);
        wipe(&mut is_shown);
        write()
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((stop, clock)) = self.clock.take() {
            drop(stop);
            // It only wipes its line.
            let _ = clock.join();
        }
    }
}

/// Removes the line from the terminal.
fn wipe(is_shown: &mut bool) {
    if std::mem::take(is_shown) {
        let _ = write!(io::stderr(), "\r\u{1b}[K");
    }
}

/// Whether standard error is a terminal that can remove a line, with a user. WASI has no second thread to write it.
fn is_watched() -> bool {
    let is = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let is_able = std::env::var_os("TERM").is_some_and(|term| term != "dumb") && cfg!(not(target_family = "wasm"));
    is_able && io::stderr().is_terminal() && !is("CI")
}

fn start(shared: &Arc<Shared>) -> (Sender<()>, JoinHandle<()>) {
    let shared = Arc::clone(shared);
    let (stop, stopped) = channel();
    let clock = std::thread::spawn(move || {
        let mut pause = Duration::from_secs(1);
        while let Err(RecvTimeoutError::Timeout) = stopped.recv_timeout(pause) {
            pause = Duration::from_millis(100);
            let mut is_shown = shared.is_shown.lock().unwrap_or_else(PoisonError::into_inner);
            let (done, all) = (shared.done.load(Ordering::Relaxed), shared.all.get());
            // Only the report is left to write.
            if all == Some(&done) {
                wipe(&mut is_shown);
                continue;
            }
            let of_all = all.map(|all| format!(" of {all}")).unwrap_or_default();
            let _ = write!(io::stderr(), "\r\u{1b}[K{done}{of_all} {}", shared.what);
            *is_shown = true;
        }
        wipe(&mut shared.is_shown.lock().unwrap_or_else(PoisonError::into_inner));
    });
    (stop, clock)
}
