//! The signals that end the process: Ctrl-C, and on Unix also SIGTERM and SIGHUP.

use std::sync::atomic::{AtomicBool, Ordering};

/// Calls the handler for each signal that would end the process. A signal that the process ignores (`nohup`) is still
/// ignored, and the first handler is kept.
pub(super) fn on_signal(handler: impl FnMut() + Clone + Send + 'static) -> Result<(), ctrlc::Error> {
    static IS_HANDLED: AtomicBool = AtomicBool::new(false);
    if IS_HANDLED.swap(true, Ordering::Relaxed) {
        return Ok(());
    }
    let result = ctrlc::try_set_handler(handler.clone());
    // ctrlc handles no signal if one of them is ignored.
    #[cfg(unix)]
    let result = result.or_else(|_| on_signals_not_ignored(handler).map_err(ctrlc::Error::System));
    result
}

#[cfg(unix)]
fn on_signals_not_ignored(mut handler: impl FnMut() + Send + 'static) -> std::io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;

    // If the system does not list them, only SIGTERM is certainly not ignored: `nohup` and shells ignore the other
    // two.
    let ignored = ignored_signals().unwrap_or(1 << (SIGHUP - 1) | 1 << (SIGINT - 1));
    let signals = [SIGHUP, SIGINT, SIGTERM].into_iter().filter(|signal| ignored >> (signal - 1) & 1 == 0);
    let mut signals = Signals::new(signals)?;
    std::thread::Builder::new().spawn(move || signals.forever().for_each(|_| handler()))?;
    Ok(())
}

/// The signals that this process ignores: the lowest bit is signal 1.
#[cfg(unix)]
fn ignored_signals() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let bits = status.lines().find_map(|line| line.strip_prefix("SigIgn:"))?;
    u64::from_str_radix(bits.trim(), 16).ok()
}
