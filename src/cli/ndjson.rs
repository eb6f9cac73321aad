//! `streamlint check --ndjson`: lints a stream of definitions, one per line.
//!
//! A stream may be endless, so a line that has been reported is forgotten, and a report is written as soon as no
//! further line is available. Each line is linted by itself, so an error in one does not affect the next one.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read};
use std::sync::Arc;

use super::arguments::Arguments;
use super::configs::Task;
use super::parallel;
use super::report_writer::{LogLine, Outcome, ReportWriter, description};
use super::walk::{Candidate, Inputs, Origin};
use crate::output::Tally;
use crate::settings::disk::{name_of, reason};
use crate::settings::finder::Finder;
use crate::{Format, Linter, Report, Severity, Source, Style};

/// Bytes that are read at a time.
const BUFFER: usize = 1 << 18;

/// Lines that one thread takes at a time.
const PORTION: usize = 64;

/// The streams to lint, as named. A pipe is allowed, but a folder is not.
pub(super) fn inputs(arguments: &Arguments, finder: &Finder) -> Inputs {
    let (mut candidates, mut failures) = (Vec::<Candidate>::new(), Vec::new());
    for path in arguments.paths("-") {
        let may_skip = arguments.skip_unrecognized;
        let candidate = if path.as_os_str() == "-" {
            Candidate::stdin(arguments.stdin_name(), may_skip, finder)
        } else if path.is_dir() {
            failures.push(format!("{}: --ndjson cannot read a folder", name_of(&path)));
            continue;
        } else {
            Candidate::file(&path, may_skip, finder)
        };
        if candidates.iter().all(|other| other.origin != candidate.origin) {
            candidates.push(candidate);
        }
    }
    Inputs { candidates: Box::new(candidates.into_iter()), has_stdin: false, failures }
}

/// Lints the streams, one after the other.
pub(super) fn run(arguments: &Arguments, tasks: impl Iterator<Item = Task>, writer: &mut ReportWriter) {
    let mut is_first = arguments.is_about_request();
    for Task { candidate, config, .. } in tasks {
        let linter = config.linter(candidate.may_skip);
        let job = Job { arguments, linter, fail_on: config.fail_on, candidate: &candidate, style: writer.styles()[0] };
        if let Err(error) = job.run(&mut is_first, writer) {
            writer.fail(&format!("{}: {}", candidate.name, reason(&error)));
        }
    }
}

struct Job<'a> {
    arguments: &'a Arguments,
    linter: &'a Linter,
    fail_on: Severity,
    candidate: &'a Candidate,
    style: (Format, Style),
}

impl Job<'_> {
    /// Lints a stream to its end, or until the reader of the report has closed it.
    fn run(&self, is_first: &mut bool, writer: &mut ReportWriter) -> io::Result<()> {
        for batch in batches(self.open()?) {
            let batch = batch?;
            let mut lines = batch.lines.as_slice();
            // The first definition of the run reports the findings about the request.
            while let (true, Some((line, rest))) = (*is_first, lines.split_first()) {
                lines = rest;
                let mut report = self.report(&batch, line);
                if report.is_checked() {
                    report.add_about_request();
                    *is_first = false;
                }
                writer.write([self.outcome([report])]);
            }
            let outcomes = parallel::map(lines.chunks(PORTION), lines.len() > PORTION, |portion| {
                self.outcome(portion.iter().map(|line| self.report(&batch, line)))
            });
            writer.write(outcomes);
            writer.progress().add(batch.lines.len());
            if writer.is_gone() {
                break;
            }
        }
        Ok(())
    }

    fn open(&self) -> io::Result<Lines<Box<dyn Read + Send>>> {
        let input: Box<dyn Read + Send> = match &self.candidate.origin {
            Origin::Stdin => Box::new(io::stdin()),
            Origin::File(_) | Origin::Unreadable(_) => Box::new(File::open(self.candidate.path())?),
        };
        Ok(Lines::new(input, self.arguments.max_size as usize))
    }

    fn report(&self, batch: &Batch, line: &Line) -> Report {
        let bytes = &batch.bytes[line.start..line.end];
        let source = Source::from_bytes(Arc::clone(&self.candidate.name), bytes).behind(line.number, line.offset);
        let mut report = match line.too_long {
            Some(length) => self.linter.refuse_source(source, length),
            None => self.linter.check(&source),
        };
        if report.spans_files() && report.is_checked() {
            report.finish(Vec::new());
        }
        report
    }

    /// The outcome of some lines.
    fn outcome(&self, reports: impl IntoIterator<Item = Report>) -> Outcome {
        let (mut outcome, mut text) = (Outcome::default(), String::new());
        for mut report in reports {
            if self.arguments.verbose {
                outcome.log.push(LogLine::Note(description(&report)));
            }
            if !report.is_checked() {
                continue;
            }
            let (format, style) = self.style;
            // --fix conflicts with --ndjson, but a program may apply the fixes of a JSON report.
            if format != Format::Json {
                report.forget_fixes();
            }
            if !self.arguments.statistics {
                text.push_str(&format.line(&report, style).unwrap_or_default());
            }
            report.forget_fixes();
            outcome.tally += &Tally::of(&report);
            outcome.has_findings |= report.diagnostics().iter().any(|found| found.severity >= self.fail_on);
        }
        outcome.texts = vec![Some(text)];
        outcome
    }
}

/// Some lines that were read together.
#[derive(Default)]
struct Batch {
    bytes: Vec<u8>,
    lines: Vec<Line>,
}

/// One line that is not blank.
#[derive(Debug, PartialEq, Eq)]
struct Line {
    /// Its range in the batch, without the line break.
    start: usize,
    end: usize,
    /// The lines and bytes before it in the stream.
    number: usize,
    offset: usize,
    /// Its length, if that exceeds the limit.
    too_long: Option<u64>,
}

/// Reads a stream line by line. A line that is too long is never in memory beyond the limit.
struct Lines<R> {
    input: BufReader<R>,
    limit: usize,
    number: usize,
    offset: usize,
}

impl<R: Read> Lines<R> {
    fn new(input: R, limit: usize) -> Self {
        Self { input: BufReader::with_capacity(BUFFER, input), limit, number: 0, offset: 0 }
    }

    /// Reads the next lines: all that are available, and at least one. `None` at the end of the stream.
    fn next_batch(&mut self) -> Option<io::Result<Batch>> {
        let mut batch = Batch::default();
        loop {
            match self.read_line(&mut batch) {
                Ok(true) => {}
                Ok(false) => return (!batch.lines.is_empty()).then_some(Ok(batch)),
                Err(error) => return Some(Err(error)),
            }
            let is_all_there_is = self.input.buffer().is_empty() && !batch.lines.is_empty();
            if is_all_there_is || batch.bytes.len() >= BUFFER {
                return Some(Ok(batch));
            }
        }
    }

    /// Reads a line, unless it is blank. Returns whether there was one.
    fn read_line(&mut self, batch: &mut Batch) -> io::Result<bool> {
        let start = batch.bytes.len();
        // With room for a line break of two bytes.
        let most = self.limit as u64 + 2;
        let mut length = (&mut self.input).take(most).read_until(b'\n', &mut batch.bytes)?;
        if length == 0 {
            return Ok(false);
        }
        let mut too_long = None;
        if !batch.bytes.ends_with(b"\n") && length as u64 == most {
            let (rest, has_break) = self.skip()?;
            length += rest;
            batch.bytes.truncate(start);
            too_long = Some((length - usize::from(has_break)) as u64);
        }
        while batch.bytes.len() > start && matches!(batch.bytes.last(), Some(b'\n' | b'\r')) {
            batch.bytes.pop();
        }
        let end = batch.bytes.len();
        if too_long.is_some() || !batch.bytes[start..].trim_ascii().is_empty() {
            batch.lines.push(Line { start, end, number: self.number, offset: self.offset, too_long });
        }
        self.number += 1;
        self.offset += length;
        Ok(true)
    }

    /// Skips the rest of a line. Returns the number of bytes, and whether the last one is a line break.
    fn skip(&mut self) -> io::Result<(usize, bool)> {
        let mut skipped = 0;
        loop {
            let buffer = self.input.fill_buf()?;
            let end = buffer.iter().position(|&byte| byte == b'\n');
            let passed = end.map_or(buffer.len(), |end| end + 1);
            let is_over = buffer.is_empty() || end.is_some();
            self.input.consume(passed);
            skipped += passed;
            if is_over {
                return Ok((skipped, end.is_some()));
            }
        }
    }
}

/// The batches of a stream. Meanwhile another thread reads the next ones.
#[cfg(not(target_family = "wasm"))]
fn batches(mut lines: Lines<impl Read + Send + 'static>) -> impl Iterator<Item = io::Result<Batch>> {
    let (sender, receiver) = std::sync::mpsc::sync_channel(2);
    // This thread is never joined: at the end of the run it may still be waiting for input.
    std::thread::spawn(move || while lines.next_batch().is_some_and(|batch| sender.send(batch).is_ok()) {});
    receiver.into_iter()
}

/// The batches of a stream.
#[cfg(target_family = "wasm")]
fn batches(mut lines: Lines<impl Read>) -> impl Iterator<Item = io::Result<Batch>> {
    std::iter::from_fn(move || lines.next_batch())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A reader that returns a few bytes at a time.
    struct Trickle<'t>(&'t [u8], usize);

    impl Read for Trickle<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let length = self.0.len().min(self.1).min(buffer.len());
            let (now, later) = self.0.split_at(length);
            buffer[..length].copy_from_slice(now);
            self.0 = later;
            Ok(length)
        }
    }

    fn lines(text: &[u8], limit: usize, at_a_time: usize) -> Vec<(usize, usize, String, Option<u64>)> {
        let mut lines = Lines::new(Trickle(text, at_a_time), limit);
        let mut all = Vec::new();
        while let Some(batch) = lines.next_batch() {
            let batch = batch.expect("reading from memory does not fail");
            all.extend(batch.lines.iter().map(|line| {
                let text = String::from_utf8_lossy(&batch.bytes[line.start..line.end]).into_owned();
                (line.number, line.offset, text, line.too_long)
            }));
        }
        all
    }

    #[test]
    fn lines_have_their_position_in_the_stream() {
        let text = b"ab\r\n\n  \ncd\n0123456789\n012345\r\n01234567\nend";
        let line = |number, offset, text: &str| (number, offset, text.to_owned(), None);
        let long = |number, offset, length| (number, offset, String::new(), Some(length));
        for at_a_time in 1..text.len() {
            let expected = [
                line(0, 0, "ab"),
                line(3, 8, "cd"),
                long(4, 11, 10),
                line(5, 22, "012345"),
                long(6, 30, 8),
                line(7, 39, "end"),
            ];
            assert_eq!(lines(text, 6, at_a_time), expected, "{at_a_time} bytes at a time");
        }
        assert_eq!(lines(b"\n\n", 6, 1), []);
        assert_eq!(lines(b"0123456789", 6, 3), [long(0, 0, 10)]);
    }
}
