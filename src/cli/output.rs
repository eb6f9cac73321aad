//! Writes a report to a stream or a file, piece by piece.

use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use super::files::Draft;
use super::status::Status;
use super::terminal::{Color, Stream, complain, source_url};
use crate::Style;
use crate::settings::disk::reason;

/// The target of a report.
pub(super) struct Output {
    target: Target,
    pub style: Style,
    /// The status after the reader has closed the stream, or after an error. Nothing more is written then.
    ended: Option<Status>,
}

enum Target {
    Stream(Stream),
    /// A file, written as a draft until the report is complete.
    Draft(PathBuf, BufWriter<Draft>),
    /// A device or a pipe.
    Device(PathBuf, File),
}

impl Output {
    pub fn stream(stream: Stream, color: Color) -> Self {
        Self { target: Target::Stream(stream), style: stream.style(color), ended: None }
    }

    /// A file never gets colors.
    pub fn file(path: &Path) -> io::Result<Self> {
        let is_device = fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir());
        let target = if is_device {
            Target::Device(path.to_owned(), File::options().write(true).open(path)?)
        } else {
            Target::Draft(path.to_owned(), BufWriter::new(Draft::of(path)?))
        };
        Ok(Self { target, style: Style { source_url: source_url(), ..Style::default() }, ended: None })
    }

    pub fn is_file(&self) -> bool {
        !matches!(self.target, Target::Stream(_))
    }

    /// Whether the reader has closed the stream, or it cannot be written.
    pub fn is_gone(&self) -> bool {
        self.ended.is_some()
    }

    /// Publishes a file. An incomplete report is dropped.
    pub fn close(mut self) -> Status {
        if let (None, Target::Draft(path, draft)) = (self.ended, self.target) {
            let published = draft.into_inner().map_err(io::IntoInnerError::into_error).and_then(Draft::publish);
            self.target = Target::Stream(Stream::Output);
            if let Err(error) = published {
                complain(&unwritable(&path, &error));
                return Status::Failed;
            }
        }
        self.ended.unwrap_or(Status::Clean)
    }

    fn fail(&mut self, error: &io::Error) {
        if error.kind() == io::ErrorKind::BrokenPipe {
            self.ended = Some(Status::Clean);
            return;
        }
        complain(&match &self.target {
            Target::Stream(_) => format!("cannot write the output: {}", reason(error)),
            Target::Draft(path, _) | Target::Device(path, _) => unwritable(path, error),
        });
        self.ended = Some(Status::Failed);
    }
}

impl io::Write for Output {
    /// An error is reported the first time. From then on, nothing is written.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.ended.is_none() {
            let written = match &mut self.target {
                Target::Stream(stream) => stream.try_write(bytes, self.style),
                Target::Draft(_, draft) => draft.write_all(bytes),
                Target::Device(_, file) => file.write_all(bytes),
            };
            if let Err(error) = written {
                self.fail(&error);
            }
        }
        if self.is_gone() { Err(io::ErrorKind::BrokenPipe.into()) } else { Ok(bytes.len()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A sentence about a file that cannot be written.
pub(super) fn unwritable(path: &Path, error: &io::Error) -> String {
    format!("{}: cannot write this file: {}", path.display(), reason(error))
}
