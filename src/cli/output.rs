//! Where a report goes: a stream or a file, piece by piece.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use crate::Style;

use super::Status;
use super::files::{self, Draft};
use super::terminal::{Color, Stream, complain};

/// A place that a report is written to.
pub(super) struct Output {
    place: Place,
    pub style: Style,
    /// Nobody reads it any more, or it cannot be written: nothing more goes there.
    ended: Option<Status>,
}

enum Place {
    Stream(Stream),
    /// A file, as a draft until the report is whole.
    Draft(PathBuf, BufWriter<Draft>),
    /// Something in the folder that is no file: a device, a pipe.
    Device(PathBuf, File),
}

impl Output {
    pub fn stream(stream: Stream, color: Color) -> Self {
        Self { place: Place::Stream(stream), style: stream.style(color), ended: None }
    }

    /// A file gets no colours, whatever is asked for the terminal.
    pub fn file(path: &Path) -> io::Result<Self> {
        let is_device = fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir());
        let place = if is_device {
            Place::Device(path.to_owned(), File::options().write(true).open(path)?)
        } else {
            Place::Draft(path.to_owned(), BufWriter::new(Draft::of(path)?))
        };
        Ok(Self { place, style: Style::default(), ended: None })
    }

    pub fn is_file(&self) -> bool {
        !matches!(self.place, Place::Stream(_))
    }

    /// Nobody reads it any more, or it cannot be written.
    pub fn is_gone(&self) -> bool {
        self.ended.is_some()
    }

    pub fn write(&mut self, text: &str) {
        if self.ended.is_some() || text.is_empty() {
            return;
        }
        let written = match &mut self.place {
            Place::Stream(stream) => stream.try_write(text, self.style),
            Place::Draft(_, draft) => draft.write_all(text.as_bytes()),
            Place::Device(_, file) => file.write_all(text.as_bytes()),
        };
        if let Err(error) = written {
            self.fail(&error);
        }
    }

    /// Puts a file in its place; a report that could not be written whole is not left there.
    pub fn close(mut self) -> Status {
        if let (None, Place::Draft(path, draft)) = (self.ended, self.place) {
            let published = draft.into_inner().map_err(io::IntoInnerError::into_error).and_then(Draft::publish);
            self.place = Place::Stream(Stream::Output);
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
        complain(&match &self.place {
            Place::Stream(_) => format!("the output cannot be written: {}", files::why(error)),
            Place::Draft(path, _) | Place::Device(path, _) => unwritable(path, error),
        });
        self.ended = Some(Status::Failed);
    }
}

/// Says that a file cannot be written.
pub(super) fn unwritable(path: &Path, error: &io::Error) -> String {
    format!("{}: this file cannot be written: {}", path.display(), files::why(error))
}
