//! The exit status.

use std::process::ExitCode;

/// The result of a run. Of two, the greater one applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Status {
    /// No findings that affect the exit status.
    Clean = 0,
    /// Findings that affect the exit status, or a diff that is not empty.
    Findings = 1,
    /// Something could not be read or written, or the arguments conflict (clap exits with this status, too).
    Failed = 2,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(status as u8)
    }
}
