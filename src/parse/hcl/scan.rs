//! The ends of strings, heredocs, templates and comments, with any nesting, without recursion.

use crate::text::Span;

/// An open string, the braces of a template inside one, or a heredoc with its marker.
#[derive(Debug, Clone, Copy)]
enum Open {
    Quote,
    Brace,
    Heredoc(Span),
}

/// A heredoc, from its `<<` to the end of its closing marker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Heredoc {
    /// The lines between the markers, with their line breaks.
    pub body: Span,
    pub end: usize,
    /// It was opened by `<<-`: the common indentation is not part of the text.
    pub is_indented: bool,
}

/// The byte after the string that starts at `at`, or the byte at which it breaks off.
pub(crate) fn string(bytes: &[u8], at: usize) -> Result<usize, usize> {
    let mut end = at + 1;
    loop {
        match bytes.get(end) {
            Some(b'"') => return Ok(end + 1),
            Some(b'\\') if !matches!(bytes.get(end + 1), Some(b'\n' | b'\r') | None) => end += 2,
            Some(b'\n' | b'\r') | None => return Err(end),
            Some(b'$' | b'%') => return close(bytes, end, Open::Quote),
            Some(_) => end += 1,
        }
    }
}

/// The byte after the template that starts at `at` with `${` or `%{`; `None` if it never ends.
pub(crate) fn template(bytes: &[u8], at: usize) -> Option<usize> {
    close(bytes, at + 2, Open::Brace).ok()
}

/// The heredoc that starts at `at` with `<<`; `None` if there is none, or if it never ends.
pub(crate) fn heredoc(bytes: &[u8], at: usize) -> Option<Heredoc> {
    let (marker, start) = heredoc_start(bytes, at)?;
    let end = close(bytes, start, Open::Heredoc(marker)).ok()?;
    let last = bytes[start..end].iter().rposition(|&byte| byte == b'\n').map_or(start, |last| start + last + 1);
    Some(Heredoc { body: Span::new(start, last), end, is_indented: bytes[at + 2] == b'-' })
}

/// Finds the ends of heredocs, but gives up on a text with many unclosed ones: each would require a search of the rest.
#[derive(Debug, Default)]
pub(crate) struct Search {
    unclosed_count: usize,
}

/// Number of unclosed heredocs after which no further one is searched.
const MAX_UNCLOSED: usize = 16;

impl Search {
    /// As [`heredoc`].
    pub fn heredoc(&mut self, bytes: &[u8], at: usize) -> Option<Heredoc> {
        if self.unclosed_count == MAX_UNCLOSED {
            return None;
        }
        let found = heredoc(bytes, at);
        self.unclosed_count += usize::from(found.is_none() && heredoc_start(bytes, at).is_some());
        found
    }
}

/// The marker of a heredoc that starts at `at`, and the first byte of its body.
pub(crate) fn heredoc_start(bytes: &[u8], at: usize) -> Option<(Span, usize)> {
    if !bytes[at..].starts_with(b"<<") {
        return None;
    }
    let start = at + 2 + usize::from(bytes.get(at + 2) == Some(&b'-'));
    let end = word(bytes, start)?;
    let line = end + usize::from(bytes.get(end) == Some(&b'\r'));
    (bytes.get(line) == Some(&b'\n')).then_some((Span::new(start, end), line + 1))
}

/// The byte after the identifier at `at`, if there is one.
pub(crate) fn word(bytes: &[u8], at: usize) -> Option<usize> {
    let starts = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80;
    let goes_on = |byte: &u8| starts(*byte) || byte.is_ascii_digit() || *byte == b'-';
    let rest = bytes.get(at..)?;
    let length = rest.iter().position(|byte| !goes_on(byte)).unwrap_or(rest.len());
    starts(*rest.first()?).then_some(at + length)
}

/// The comment at `at`, without its line break, and whether it ends; `None` if there is none.
pub(crate) fn comment(bytes: &[u8], at: usize) -> Option<(Span, bool)> {
    let rest = bytes.get(at..)?;
    match rest {
        [b'#', ..] | [b'/', b'/', ..] => {
            let length = rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len());
            let length = length - usize::from(length > 0 && length < rest.len() && rest[length - 1] == b'\r');
            Some((Span::new(at, at + length), true))
        }
        [b'/', b'*', inside @ ..] => Some(match inside.windows(2).position(|pair| pair == b"*/") {
            Some(length) => (Span::new(at, at + length + 4), true),
            None => (Span::new(at, bytes.len()), false),
        }),
        _ => None,
    }
}

/// The byte after the first opened part, or the byte at which a string breaks off or the text ends.
fn close(bytes: &[u8], mut at: usize, first: Open) -> Result<usize, usize> {
    let mut open = vec![first];
    while let Some(&innermost) = open.last() {
        let rest = bytes.get(at..).unwrap_or_default();
        if rest.is_empty() {
            return Err(bytes.len());
        }
        at += match (innermost, rest) {
            (Open::Quote, [b'"', ..]) | (Open::Brace, [b'}', ..]) => {
                open.pop();
                1
            }
            (Open::Quote, [b'\\', next, ..]) if !matches!(next, b'\n' | b'\r') => 2,
            (Open::Quote, [b'\n' | b'\r', ..]) => return Err(at),
            (Open::Heredoc(marker), _) if matches!(bytes.get(at.wrapping_sub(1)), Some(b'\n')) => {
                let line = &rest[..rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len())];
                if line.trim_ascii() == &bytes[marker.start..marker.end] {
                    open.pop();
                    line.trim_ascii_end().len()
                } else {
                    inside(rest, &mut open)
                }
            }
            (Open::Quote | Open::Heredoc(_), _) => inside(rest, &mut open),
            (Open::Brace, [b'"', ..]) => {
                open.push(Open::Quote);
                1
            }
            (Open::Brace, [b'{', ..]) => {
                open.push(Open::Brace);
                1
            }
            (Open::Brace, [b'#' | b'/', ..]) => comment(bytes, at).map_or(1, |(span, _)| span.len().max(1)),
            (Open::Brace, [b'<', b'<', ..]) => match heredoc_start(bytes, at) {
                Some((marker, start)) => {
                    open.push(Open::Heredoc(marker));
                    start - at
                }
                None => 2,
            },
            (Open::Brace, _) => 1,
        };
    }
    Ok(at)
}

/// Skips one byte of a template's text, or an opening sequence.
fn inside(rest: &[u8], open: &mut Vec<Open>) -> usize {
    match rest {
        [b'$', b'$', b'{', ..] | [b'%', b'%', b'{', ..] => 3,
        [b'$' | b'%', b'{', ..] => {
            open.push(Open::Brace);
            2
        }
        _ => 1,
    }
}

/// Blocks that occur only at the top level, with their number of labels. If one starts inside another, the other lacks
/// its brace.
const TOP: &[(&[u8], usize)] = &[
    (b"resource", 2),
    (b"data", 2),
    (b"ephemeral", 2),
    (b"variable", 1),
    (b"output", 1),
    (b"module", 1),
    (b"provider", 1),
    (b"check", 1),
    (b"locals", 0),
    (b"terraform", 0),
];

/// Splits a text at the top level into blocks and arguments, each up to the line break that ends it, so that a mistake
/// affects only one of them. Also returns the comments outside of templates.
pub(crate) fn split(bytes: &[u8], start: usize) -> (Vec<Span>, Vec<Span>) {
    let (mut items, mut comments) = (Vec::new(), Vec::new());
    let mut open: Vec<u8> = Vec::new();
    let (mut at, mut from) = (start, None);
    let mut is_line_start = true;
    let mut search = Search::default();
    while let Some(&byte) = bytes.get(at) {
        if is_line_start && !open.is_empty() && starts_at_top(bytes, at, from) {
            items.extend(from.take().map(|from| Span::new(from, at)));
            open.clear();
        }
        if let Some((span, _)) = comment(bytes, at) {
            comments.push(span);
            at = span.end;
            continue;
        }
        is_line_start &= matches!(byte, b' ' | b'\t' | b'\r');
        if byte == b'\n' {
            is_line_start = true;
            if open.is_empty() {
                items.extend(from.take().map(|from| Span::new(from, at)));
            }
        } else if !matches!(byte, b' ' | b'\t' | b'\r') && from.is_none() {
            from = Some(at);
        }
        at = pass(bytes, at, &mut open, &mut search);
    }
    items.extend(from.map(|from| Span::new(from, bytes.len())));
    (items, comments)
}

/// The byte after the string, the heredoc or the single byte at `at`. `open` contains the open brackets.
pub(crate) fn pass(bytes: &[u8], at: usize, open: &mut Vec<u8>, search: &mut Search) -> usize {
    match bytes[at] {
        b'"' => return string(bytes, at).unwrap_or_else(|end| end.max(at + 1)),
        b'<' => return search.heredoc(bytes, at).map_or(at + 1, |heredoc| heredoc.end),
        bracket @ (b'{' | b'[' | b'(') => open.push(bracket),
        bracket @ (b'}' | b']' | b')') => {
            // Brackets that are still open inside a closed one lack their own ends.
            if let Some(index) = open.iter().rposition(|&other| other == opener(bracket)) {
                open.truncate(index);
            }
        }
        _ => {}
    }
    at + 1
}

pub(crate) const fn opener(closer: u8) -> u8 {
    match closer {
        b'}' => b'{',
        b']' => b'[',
        _ => b'(',
    }
}

/// The byte after the byte order mark, if there is one.
fn start_of_text(bytes: &[u8]) -> usize {
    const MARK: &[u8] = "\u{FEFF}".as_bytes();
    if bytes.starts_with(MARK) { MARK.len() } else { 0 }
}

/// The indentation of the line of `at`; `None` if anything other than blanks is before it.
pub(crate) fn indentation(bytes: &[u8], at: usize) -> Option<usize> {
    let blanks = bytes[..at].iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let start = at - blanks;
    (start == start_of_text(bytes) || bytes[..start].last() == Some(&b'\n')).then_some(blanks)
}

/// The end of a block by the indentation of its lines, if that is after its closing brace or if its opening brace is
/// missing or in an unclosed label: the first line that is a closing brace with the indentation of the block's first line.
pub(crate) fn indented_end(bytes: &[u8], item: Span) -> Option<usize> {
    let depth = indentation(bytes, item.start)?;
    let last = item.end.checked_sub(1)?;
    let is_quote = |byte: &&u8| **byte == b'"';
    let has_unclosed_label = |line: &[u8]| line.iter().filter(is_quote).count() % 2 == 1;
    let is_without_braces = !bytes[item.start..item.end].contains(&b'{')
        || bytes[item.start..item.end].split(|&byte| byte == b'\n').next().is_some_and(has_unclosed_label);
    if !is_without_braces && (bytes[last] != b'}' || indentation(bytes, last)? <= depth) {
        return None;
    }
    let mut at = item.end;
    while let Some(line) = bytes[at..].iter().position(|&byte| byte == b'\n').map(|line| at + line + 1) {
        let first = line + bytes[line..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        if starts_at_top(bytes, first, None) {
            return None;
        }
        if first - line == depth && bytes.get(first) == Some(&b'}') {
            return Some(first + 1);
        }
        // The lines of a block without its brace are indented, or the brace is on its own line.
        let is_inside = first - line > depth || matches!(bytes.get(first), Some(b'\r' | b'\n' | b'{'));
        if is_without_braces && !is_inside {
            return None;
        }
        at = line;
    }
    None
}

/// The brace inside a block that is never closed, by the indentation of the lines below it. The block starts with
/// the brace at `opener`.
pub(crate) fn unclosed(bytes: &[u8], opener: usize) -> Option<usize> {
    let mut open: Vec<(usize, usize)> = Vec::new();
    let mut search = Search::default();
    let mut at = opener + 1;
    let mut depth = 0;
    while at < bytes.len() {
        if let Some((span, _)) = comment(bytes, at) {
            at = span.end;
            continue;
        }
        let byte = bytes[at];
        if let Some(indentation) = (!byte.is_ascii_whitespace()).then(|| indentation(bytes, at)).flatten() {
            depth = indentation;
            let is_closer = matches!(byte, b'}' | b']' | b')');
            if let Some(&(brace, around)) = open.last()
                && (depth < around || depth == around && !is_closer)
            {
                return Some(brace);
            }
        }
        match byte {
            b'{' | b'[' | b'(' => {
                open.push((at, depth));
                at += 1;
            }
            b'}' | b']' | b')' => {
                open.pop();
                at += 1;
            }
            _ => at = pass(bytes, at, &mut Vec::new(), &mut search),
        }
    }
    None
}

/// Whether a block of [`TOP`] starts at `at`, inside the item that starts at `from`.
fn starts_at_top(bytes: &[u8], at: usize, from: Option<usize>) -> bool {
    let Some(end) = word(bytes, at) else { return false };
    let Some(&(keyword, labels)) = TOP.iter().find(|(keyword, _)| *keyword == &bytes[at..end]) else { return false };
    // A check may contain a data source.
    if keyword == b"data" && from.is_some_and(|from| bytes[from..].starts_with(b"check")) {
        return false;
    }
    let blank = |at: usize| at + bytes[at..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let mut at = blank(end);
    for _ in 0..labels {
        if bytes.get(at) != Some(&b'"') {
            return false;
        }
        let Ok(end) = string(bytes, at) else { return false };
        at = blank(end);
    }
    bytes.get(at) == Some(&b'{')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Vec<&str> {
        split(text.as_bytes(), 0).0.iter().map(|item| &text[item.start..item.end]).collect()
    }

    #[test]
    fn strings_end_after_nested_templates() {
        for text in [
            r#""""#,
            r#""a""#,
            r#""a\"b""#,
            r#""${a}""#,
            r#""${f("}", "\"")}""#,
            r#""${"${"x"}"}""#,
            r#""$${""#,
            r#""%{ if a }b%{ endif }""#,
            "\"${<<E\n}\"\nE\n}\"",
            "\"${a /* } */}\"",
            r#""100%""#,
        ] {
            assert_eq!(string(format!("{text} rest").as_bytes(), 0), Ok(text.len()), "{text}");
        }
        assert_eq!(string(b"\"a\nb\"", 0), Err(2));
        assert_eq!(string(b"\"a", 0), Err(2));
        assert_eq!(string(b"\"${a\"", 0), Err(5));
        assert_eq!(string(b"\"a\\", 0), Err(3));
    }

    #[test]
    fn heredocs_end_at_their_marker_alone_on_a_line() {
        let body = |text: &str| {
            heredoc(text.as_bytes(), 0).map(|found| {
                (text[found.body.start..found.body.end].to_owned(), text[found.end..].to_owned(), found.is_indented)
            })
        };
        let some = |body: &str, rest: &str, is_indented| Some((body.to_owned(), rest.to_owned(), is_indented));
        assert_eq!(body("<<E\na\nE\nb"), some("a\n", "\nb", false));
        assert_eq!(body("<<-E\r\n  a\r\n  E\r\nb"), some("  a\r\n", "\r\nb", true));
        assert_eq!(body("<<E\nE"), some("", "", false));
        assert_eq!(body("<<E\nEE\n E x\n${\nE\n}E\nE"), some("EE\n E x\n${\nE\n}E\n", "", false));
        assert_eq!(body("<<E\na"), None);
        assert_eq!(body("<<E a\nE"), None);
        assert_eq!(body("<< E\nE"), None);
    }

    #[test]
    fn files_are_split_at_the_top() {
        assert_eq!(parts("a = 1\nb = [\n1]\n"), ["a = 1", "b = [\n1]"]);
        assert_eq!(parts("x {\n a = \"}\"\n}\ny {}\n"), ["x {\n a = \"}\"\n}", "y {}"]);
        assert_eq!(parts("x {\n a = <<E\n}\nE\n}\ny {}"), ["x {\n a = <<E\n}\nE\n}", "y {}"]);
        assert_eq!(parts("x {\n # }\n /* } */ // }\n}\ny {}"), ["x {\n # }\n /* } */ // }\n}", "y {}"]);
    }

    #[test]
    fn a_missing_brace_affects_one_block() {
        let broken = "resource \"a\" \"b\" {\n x = {\n}\n";
        assert_eq!(parts(&format!("{broken}  locals {{\n}}")), [format!("{broken}  "), "locals {\n}".to_owned()]);
        assert_eq!(parts("a = \"x\nb {}"), ["a = \"x", "b {}"]);
        assert_eq!(parts("}\nb {}"), ["}", "b {}"]);
        let check = "check \"a\" {\n data \"b\" \"c\" {\n }\n}";
        assert_eq!(parts(check), [check]);
    }
}
