//! The parser for request files (`.http`, `.rest`) and recorded requests: requests and responses with JSON bodies.

use super::json::{self, Flavor};
use super::{Parsed, is_bracketed};
use crate::diagnostic::Diagnostic;
use crate::document::{Comment, Entry, EntryId, Head, Message, Table};
use crate::text::{REQUESTS, Source, Span, extension};

const METHODS: &[&str] = &["GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS"];

/// Whether a text is a request file, by its name or by its first line, which does not start with whitespace.
pub(crate) fn is_http(name: &str, text: &str) -> bool {
    if let Some(extension) = extension(name) {
        return REQUESTS.iter().any(|known| extension.eq_ignore_ascii_case(known));
    }
    if is_bracketed(text) {
        return false;
    }
    let line = text.lines().find(|line| !line.trim().is_empty() && !line.starts_with('#')).unwrap_or_default();
    is_answer(line).is_some()
        || request(line, 0).is_some_and(|head| matches!(head, Head::Request { method: Some(_), .. }))
}

/// The status of a response with this first line.
fn is_answer(line: &str) -> Option<u16> {
    let rest = line.strip_prefix("HTTP/")?;
    rest.split_whitespace().nth(1)?.parse().ok().filter(|status| (100..600).contains(status))
}

/// A request whose first line starts at byte `at`.
fn request(line: &str, at: usize) -> Option<Head> {
    let mut words = line.split_whitespace();
    let first = words.next()?;
    let span_of = |word: &str| {
        let start = at + (word.as_ptr() as usize - line.as_ptr() as usize);
        Span::new(start, start + word.len())
    };
    if METHODS.contains(&first) {
        words.next()?;
        // A target has no spaces. One with spaces is parsed to its end, so that it can be reported.
        let rest = line.trim_end();
        let version = rest.rfind(char::is_whitespace).filter(|&at| rest[at..].trim_start().starts_with("HTTP/"));
        let rest = &rest[line.len() - line.trim_start().len() + first.len()..version.unwrap_or(rest.len())];
        return Some(Head::Request { method: Some(span_of(first)), target: span_of(rest.trim()) });
    }
    let is_target = ["http://", "https://", "{{"].iter().any(|start| first.starts_with(start));
    (is_target && line.starts_with(first)).then(|| Head::Request { method: None, target: span_of(first) })
}

/// The state of the parser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Outside,
    Head,
    Body(usize),
}

/// Parses a whole text.
pub(crate) fn parse(source: &Source) -> Parsed {
    let text = source.text();
    let mut comments = Vec::new();
    let mut messages: Vec<(Head, Option<Span>)> = Vec::new();
    let mut state = State::Outside;
    let mut at = if text.starts_with('\u{FEFF}') { 3 } else { 0 };
    let end_body = |state: State, at: usize, messages: &mut Vec<(Head, Option<Span>)>| {
        if let (State::Body(start), Some(last)) = (state, messages.last_mut()) {
            let body = text[start..at].trim();
            let start = start + (text[start..at].len() - text[start..at].trim_start().len());
            last.1 = (!body.is_empty()).then(|| Span::new(start, start + body.len()));
        }
    };
    for line in text[at..].split_inclusive('\n') {
        let content = line.trim_end_matches(['\r', '\n']);
        let is_separator = content.starts_with("###");
        let head = is_answer(content).map(|status| Head::Answer { status });
        let head = head.or_else(|| request(content, at).filter(|head| state != State::Head && starts(*head, state)));
        if is_separator || head.is_some() || content.starts_with("> ") || content.starts_with("<> ") {
            end_body(state, at, &mut messages);
            state = if head.is_some() { State::Head } else { State::Outside };
            messages.extend(head.map(|head| (head, None)));
        } else if state == State::Head && content.trim().is_empty() {
            state = State::Body(at + line.len());
        } else if state == State::Head && content.starts_with([' ', '\t']) {
            // The target continues on a separate line: `?pretty=true`.
            let part = content.trim();
            if let Some((Head::Request { target, .. }, _)) = messages.last_mut()
                && part.starts_with(['?', '&'])
            {
                target.end = at + (content.len() - content.trim_start().len()) + part.len();
            }
        }
        if !matches!(state, State::Body(_)) && (content.starts_with('#') || content.starts_with("//")) {
            comments.push(Comment { span: Span::new(at, at + content.len()) });
        }
        at += line.len();
    }
    end_body(state, at, &mut messages);
    let mut table = Table::with_room_for(text.len());
    let (mut flaws, mut uncertain, mut all) = (Vec::new(), Vec::new(), Vec::new());
    let root = table.open(0, Span::default(), Entry::ARRAY);
    for (head, body) in messages {
        // Only bodies that look like JSON are parsed, because other requests in the file may send anything.
        let body = body.filter(|body| text[body.start..].starts_with(['{', '[']));
        let id = body.map(|body| {
            let (id, mut found) = read_body(text, body, &mut table, &mut uncertain);
            flaws.append(&mut found);
            id
        });
        all.push(Message { head, body: id });
    }
    table.close(root, text.len());
    let mut document = table.into_document(source.clone(), comments);
    document.damaged = !flaws.is_empty();
    document.set_uncertain(uncertain);
    document.messages = Some(all.into());
    Parsed { document, flaws }
}

/// Whether a line is a head, given the text before it. A body may contain lines that start with a word.
fn starts(head: Head, state: State) -> bool {
    matches!(head, Head::Request { method: Some(_), .. }) || state == State::Outside
}

fn read_body(text: &str, body: Span, table: &mut Table, uncertain: &mut Vec<Span>) -> (EntryId, Vec<Diagnostic>) {
    let written = &text[body.start..body.end];
    let plain = quote_variables(written);
    let reading = json::parse(&Source::new("body.json", plain), Flavor::Strict);
    let id = table.append(&reading.document.table, body.start, |entry| {
        // A variable without quotes.
        text[entry.start..].starts_with("{{")
    });
    if reading.document.damaged {
        uncertain.push(Span::new(body.start + reading.document.sound_until.min(written.len()), body.end));
    }
    let mut flaws = reading.flaws;
    for flaw in &mut flaws {
        flaw.labels.iter_mut().for_each(|label| label.span = label.span.shifted(body.start));
        if let Some(fix) = &mut flaw.fix {
            fix.edits.iter_mut().for_each(|edit| edit.span = edit.span.shifted(body.start));
        }
    }
    (id, flaws)
}

/// Converts `{{name}}` outside of a string to a string of the same length, for the JSON parser.
fn quote_variables(body: &str) -> String {
    if !body.contains("{{") {
        return body.to_owned();
    }
    let mut plain = String::with_capacity(body.len());
    let mut is_string = false;
    let mut rest = body;
    while let Some(character) = rest.chars().next() {
        let inside =
            rest.strip_prefix("{{").filter(|_| !is_string).and_then(|rest| rest.find("}}").map(|end| &rest[..end]));
        if let Some(name) = inside.filter(|name| !name.contains(['"', '\n', '\\', '{'])) {
            plain.extend(["\"{", name, "}\""]);
            rest = &rest[name.len() + 4..];
            continue;
        }
        let length = if is_string && rest.starts_with('\\') {
            1 + rest[1..].chars().next().map_or(0, char::len_utf8)
        } else {
            is_string ^= character == '"';
            character.len_utf8()
        };
        plain.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    plain
}
