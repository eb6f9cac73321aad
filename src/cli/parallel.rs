//! Parallel work on all cores. A WASI module has one core, and no threads.

/// Maps values, and keeps their order.
#[cfg(not(target_family = "wasm"))]
pub(super) fn map<A: Send, B: Send>(
    values: impl Iterator<Item = A>,
    on_all_cores: bool,
    work: impl Fn(A) -> B + Send + Sync,
) -> Vec<B> {
    use rayon::prelude::*;

    if on_all_cores {
        // The last values could keep a single core busy, so each core takes as few values as possible at a time.
        values.collect::<Vec<_>>().into_par_iter().with_max_len(1).map(work).collect()
    } else {
        values.map(work).collect()
    }
}

/// Maps values, and keeps their order.
#[cfg(target_family = "wasm")]
pub(super) fn map<A, B>(values: impl Iterator<Item = A>, _: bool, work: impl Fn(A) -> B) -> Vec<B> {
    values.map(work).collect()
}

/// Runs two functions at the same time.
#[cfg(not(target_family = "wasm"))]
pub(super) fn both<A: Send, B: Send>(first: impl FnOnce() -> A + Send, second: impl FnOnce() -> B + Send) -> (A, B) {
    rayon::join(first, second)
}

/// Runs one function after the other.
#[cfg(target_family = "wasm")]
pub(super) fn both<A, B>(first: impl FnOnce() -> A, second: impl FnOnce() -> B) -> (A, B) {
    (first(), second())
}
