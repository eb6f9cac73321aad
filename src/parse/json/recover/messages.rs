//! The messages. They quote only punctuation of the text, because the rest may be part of a password.

use super::problems::{self, Problem};
use super::reader::{Reader, State};
use super::repairs::{Mistake, Repair};
use super::token::{Bracket, Kind, Token};
use crate::diagnostic::{Diagnostic, Edit, Fix};
use crate::text::Span;

// By [`Bracket`]: of objects and of arrays.
const OPENERS: [&str; 2] = ["`{`", "`[`"];
const CLOSERS: [&str; 2] = ["`}`", "`]`"];
const NOUNS: [&str; 2] = ["object", "array"];
const PARTS: [&str; 2] = ["field", "element"];

pub(super) fn problem((message, help): Problem, span: Span, label: &'static str) -> Diagnostic {
    Diagnostic::syntax(span, message, label).help(help)
}

/// The problem of a recognized token, with a fix if it is certain. No edit repeats the text.
pub(super) fn of_token(text: &str, token: &Token, is_key: bool) -> Option<Diagnostic> {
    let is_bare = token.kind != Kind::Text && token.kind.is_scalar();
    let cause = if is_key && is_bare && token.problem != Some(problems::TEMPLATE) {
        problems::KEY_WITHOUT_QUOTES
    } else {
        token.problem?
    };
    let Span { start, end } = token.content;
    let raw = &text[start..end];
    let word = match token.kind {
        Kind::Comma => Some(","),
        Kind::Colon => Some(":"),
        Kind::Literal if !is_key => problems::literal(raw),
        _ => None,
    };
    let fix = if let Some(word) = word {
        Some(Fix::safe(format!("Write `{word}`"), vec![Edit::new(token.span, word)]))
    } else if (is_key || token.kind == Kind::Text) && !raw.contains(|c: char| c < ' ' || "\"\\'#/$".contains(c)) {
        let quote = |start, end| Edit::new(Span::new(start, end), "\"");
        Some(Fix::safe("Use double quotes", vec![quote(token.span.start, start), quote(end, token.span.end)]))
    } else {
        None
    };
    Some(problem(cause, token.span, "").fix(fix))
}

const fn class(kind: Kind) -> &'static str {
    match kind {
        Kind::Open(bracket) => OPENERS[bracket as usize],
        Kind::Close(bracket) => CLOSERS[bracket as usize],
        Kind::Comma => "`,`",
        Kind::Colon => "`:`",
        Kind::Text => "a string",
        Kind::Number => "a number",
        Kind::Literal => "a literal",
        Kind::Word => "a word without quotes",
        Kind::End => "the end of the text",
    }
}

/// The mistake that a repair at the token `found` corrects. The problem of a token itself is reported later.
pub(super) fn of_repair(repair: &Repair, reader: &Reader, found: &Token) -> Option<Diagnostic> {
    let string = repair.token.map_or(found.span, |token| token.span);
    let (start, end) = (Span::new(string.start, string.start + 1), Span::at(string.end));
    let missing_opener = |bracket| {
        let (noun, opener) = (NOUNS[bracket as usize], OPENERS[bracket as usize]);
        let message = format!("missing opening {opener} of an {noun}");
        Diagnostic::syntax(Span::at(string.start), message, format!("missing {opener}"))
    };
    Some(match repair.mistake {
        Mistake::Token if reader.follows_comma() && matches!(found.kind, Kind::Close(_)) => {
            let comma = Span::new(reader.at - 1, reader.at);
            let fix = Fix::safe("Delete the comma", vec![Edit::new(comma, "")]);
            Diagnostic::syntax(comma, format!("trailing comma before {}", class(found.kind)), "unexpected").fix(fix)
        }
        Mistake::Token => return None,
        Mistake::Rest => unexpected(reader, found),
        Mistake::Colon => expected("`:` after this field name", found, Span::at(reader.at), "missing colon")
            .help("put `:` between a field name and its value"),
        Mistake::OpeningBrace => missing_opener(Bracket::Object),
        Mistake::OpeningBracket => missing_opener(Bracket::Array),
        Mistake::Closer => missing_closer(reader),
        Mistake::OtherCloser => {
            let (noun, closer) = (NOUNS[reader.bracket() as usize], CLOSERS[reader.bracket() as usize]);
            let message = format!("expected {closer} at the end of the {noun}, found {}", class(found.kind));
            opened(Diagnostic::syntax(found.span, message, format!("expected {closer}")), reader)
        }
        Mistake::Extra => {
            let what = match found.kind {
                Kind::Comma => "comma",
                Kind::Colon => "colon",
                kind => class(kind),
            };
            Diagnostic::syntax(found.span, format!("extra {what}"), "unexpected")
        }
        Mistake::OpeningQuote => {
            Diagnostic::syntax(Span::at(string.start), "missing opening quote of a string", "missing `\"`")
        }
        Mistake::ClosingQuote => {
            Diagnostic::syntax(end, problems::NOT_CLOSED.0, "missing `\"`").and(start, "opened here")
        }
        Mistake::ExtraQuote => problem(problems::EXTRA_QUOTE, start, "unexpected"),
        Mistake::LineBreak => problem(problems::LINE_BREAK, found.span, "line break"),
        Mistake::InnerQuotes => problem(problems::INNER_QUOTES, string, "ends the string too early"),
    })
}

fn expected(what: &str, found: &Token, span: Span, label: &'static str) -> Diagnostic {
    Diagnostic::syntax(span, format!("expected {what}, found {}", class(found.kind)), label)
}

/// The error for a token that cannot follow.
pub(super) fn unexpected(reader: &Reader, found: &Token) -> Diagnostic {
    let before = Span::at(reader.at);
    let missing_value = |what| expected(what, found, before, "missing value").help("add a value");
    match reader.state {
        State::Key => expected("a field name in double quotes", found, found.span, "expected a field name"),
        State::Element => expected("a value", found, found.span, "expected a value"),
        State::Colon => missing_value("`:` and a value after this field name"),
        State::Value => missing_value("a value after `:`"),
        State::After if reader.levels.is_empty() => {
            expected("the end of the text", found, found.span, "unexpected text")
                .help("keep one JSON value in the file; put several connections into an array")
        }
        State::After => {
            let (closer, part) = (CLOSERS[reader.bracket() as usize], PARTS[reader.bracket() as usize]);
            expected(&format!("`,` or {closer} after this {part}"), found, before, "missing comma")
                .help(format!("put a comma between two {part}s"))
                .fix(Fix::safe("Insert the comma", vec![Edit::new(before, ",")]))
        }
    }
}

fn missing_closer(reader: &Reader) -> Diagnostic {
    let (noun, closer) = (NOUNS[reader.bracket() as usize], CLOSERS[reader.bracket() as usize]);
    let before = Span::at(reader.at - usize::from(reader.follows_comma()));
    let message = format!("unclosed {noun}");
    opened(Diagnostic::syntax(before, message, format!("missing {closer}")), reader)
}

fn opened(flaw: Diagnostic, reader: &Reader) -> Diagnostic {
    let opener = reader.levels.last().and_then(|level| level.opener);
    opener.into_iter().fold(flaw, |flaw, at| flaw.and(Span::new(at, at + 1), "opened here"))
}

/// The error for a text that ends while brackets are open.
pub(super) fn cut_off(reader: &Reader) -> Diagnostic {
    let open = || reader.levels.iter().rev();
    let expected = match (reader.state, &reader.levels[..]) {
        (State::After, [_]) => return missing_closer(reader),
        (State::Value, _) => "a value after `:`".to_owned(),
        (State::Colon, _) => "`:` and a value".to_owned(),
        _ => open().map(|level| CLOSERS[level.bracket as usize]).collect::<String>().replace("``", ""),
    };
    let message = format!("unexpected end of the text: expected {expected}");
    let flaw = Diagnostic::syntax(Span::at(reader.at), message, "the text ends here");
    let openers = open().filter_map(|level| level.opener);
    openers.fold(flaw, |flaw, at| flaw.and(Span::new(at, at + 1), "not closed"))
}

pub(super) fn not_json(at: usize) -> Diagnostic {
    problem(problems::NOT_JSON, Span::at(at), "expected `{` or `[`")
}

/// The error for a text without tokens.
pub(super) fn nothing(text: &str) -> Diagnostic {
    let what = if text.contains('/') { "comments" } else { "whitespace" };
    Diagnostic::syntax(Span::at(text.len()), format!("the text contains only {what}"), "")
        .help("write a connection as a JSON object, or remove it")
}

pub(super) fn too_many(next: Span, most: usize, more: usize) -> Diagnostic {
    let are = if more == 1 { "is" } else { "are" };
    let message = format!("the text has more than {most} mistakes: {more} more {are} not shown");
    Diagnostic::syntax(next, message, "the next one").help("fix the first ones and check again")
}

pub(super) fn comment(span: Span) -> Diagnostic {
    problem(problems::COMMENT, span, "").fix(Fix::safe("Delete the comment", vec![Edit::new(span, "")]))
}
