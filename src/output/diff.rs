//! The changes of fixes, as a unified diff of masked texts.

use std::fmt::Write as _;

use similar::udiff::UnifiedHunkHeader;
use similar::{Algorithm, DiffTag, capture_diff_slices, group_diff_ops};

use super::{Style, seen};
use crate::linter::Report;
use crate::mask::Masked;
use crate::text::LineIndex;

/// Unchanged lines around a change, as in `diff -u`.
const CONTEXT: usize = 3;

/// The difference between the text of a report and that of another report on the same file; empty if there is none.
///
/// Secrets are masked, so this is for reading, not for `patch`. The original lines are compared: a line whose only
/// change is masked is listed twice.
pub fn diff(before: &Report, after: &Report, style: Style) -> String {
    let (old, new) = (before.source().text(), after.source().text());
    if old == new {
        return String::new();
    }
    let (old_lines, new_lines) = (lines(old), lines(new));
    let ops = capture_diff_slices(Algorithm::Myers, &old_lines, &new_lines);
    let (old_mask, new_mask) = (Masked::new(before), Masked::new(after));
    let (old_shown, new_shown) = (lines(old_mask.text()), lines(new_mask.text()));
    let path = seen(before.source().name());
    let mut out = format!("--- {path}\n+++ {path}\n");
    for hunk in group_diff_ops(ops, CONTEXT) {
        let _ = writeln!(out, "{}", UnifiedHunkHeader::new(&hunk));
        for op in hunk {
            if op.tag() == DiffTag::Equal {
                write_lines(&mut out, ' ', old_shown.get(op.old_range()));
            } else {
                write_lines(&mut out, '-', old_shown.get(op.old_range()));
                write_lines(&mut out, '+', new_shown.get(op.new_range()));
            }
        }
    }
    let out = super::tamed(out);
    if !style.colors {
        return out;
    }
    out.split_inclusive('\n').enumerate().map(|(at, line)| painted(line, at < 2)).collect()
}

/// A line of a diff in git's colors.
fn painted(line: &str, is_head: bool) -> String {
    let color = match line.as_bytes() {
        _ if is_head => 1,
        [b'-', ..] => 31,
        [b'+', ..] => 32,
        [b'@', ..] => 36,
        _ => return line.to_owned(),
    };
    let words = line.trim_end_matches(['\n', '\r']);
    format!("\u{1b}[{color}m{words}\u{1b}[0m{}", &line[words.len()..])
}

/// The lines of a text, with their breaks. A mask has as many as its source.
fn lines(text: &str) -> Vec<&str> {
    let index = LineIndex::new(text);
    let line = |at| &text[index.start_of(at, text)..index.start_of(at + 1, text)];
    (0..index.lines()).map(line).filter(|line| !line.is_empty()).collect()
}

fn write_lines(out: &mut String, sign: char, lines: Option<&[&str]>) {
    for line in lines.unwrap_or_default() {
        out.push(sign);
        out.push_str(line);
        if !line.ends_with('\n') {
            out.push_str("\n\\ No newline at end of file\n");
        }
    }
}
