//! The minimum work of every linter of files: walking a folder and reading its files, on all cores.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use ignore::{WalkBuilder, WalkState};

/// Returns the number of bytes of the `.json` files in a folder.
pub fn bytes_below(folder: &Path) -> u64 {
    let bytes = AtomicU64::new(0);
    WalkBuilder::new(folder).build_parallel().run(|| {
        Box::new(|entry| {
            if let Ok(entry) = entry
                && entry.path().extension().is_some_and(|extension| extension == "json")
                && let Ok(text) = std::fs::read(entry.path())
            {
                bytes.fetch_add(text.len() as u64, Ordering::Relaxed);
            }
            WalkState::Continue
        })
    });
    bytes.into_inner()
}
