//! The messages. None quotes more of the text than its punctuation: the rest may be part of a password.

use super::token::{Bracket, Kind, Problem, Token};
use crate::diagnostic::{Diagnostic, Edit, Fix};
use crate::text::Span;

pub(super) const SINGLE_QUOTES: Problem = ("string in single quotes", "use double quotes");
pub(super) const TYPOGRAPHIC_QUOTES: Problem = ("string in typographic quotes", "use straight double quotes");
pub(super) const TEMPLATE: Problem =
    ("unquoted template expression", "put it in double quotes, or use the file extension of the template engine");
pub(super) const NO_QUOTES: Problem = (
    "expected a value, found a word without quotes",
    "put strings in double quotes; only true, false, null and numbers have none",
);
const KEY_WITHOUT_QUOTES: Problem = ("unquoted field name", "put field names in double quotes");
pub(super) const EQUALS: Problem =
    ("expected `:` after this field name, found `=`", "put `:` between a field name and its value");
pub(super) const SEMICOLON: Problem = ("expected `,`, found `;`", "put `,` between fields and elements");
pub(super) const NOT_DECIMAL: Problem =
    ("invalid JSON number", "write a decimal number without `+` or leading zeros, or put a string in double quotes");
pub(super) const TAB: Problem = ("tab in a string", "write it as `\\t`");
pub(super) const CONTROL: Problem =
    ("control character in a string", "delete it, or write it as `\\u` and four hexadecimal digits");
pub(super) const HALF: Problem = ("half of a surrogate pair", "write both halves, or the character itself");
pub(super) const ESCAPE: Problem = (
    "invalid escape sequence",
    "write `\\\\` for a backslash; JSON allows only \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u with four hex digits",
);
pub(super) const BLANK: Problem = ("invalid whitespace character", "use an ordinary space");
pub(super) const HASH: Problem = ("JSON does not allow `#` comments", "delete the comment");
pub(super) const OPEN_COMMENT: Problem = ("unclosed comment", "close it with `*/`");
pub(super) const LINE_BREAK: Problem =
    ("line break in a string", "write line breaks inside a string as `\\n`, all on one line");
pub(super) const EXTRA_QUOTE: Problem = ("extra double quote", "write a double quote inside a string as `\\\"`");
pub(super) const INNER_QUOTES: Problem =
    ("unescaped double quotes in a string", "write a double quote inside a string as `\\\"`");

pub(super) fn problem((message, help): Problem, span: Span, label: &'static str) -> Diagnostic {
    Diagnostic::syntax(span, message, label).help(help)
}

/// JSON's word for a word of another language.
pub(super) fn literal(word: &str) -> Option<&'static str> {
    Some(match word {
        "true" | "True" | "TRUE" => "true",
        "false" | "False" | "FALSE" => "false",
        "null" | "None" | "Null" | "NULL" | "nil" | "undefined" => "null",
        _ => return None,
    })
}

pub(super) fn of_word(word: &str) -> Option<Problem> {
    let help = match literal(word) {
        Some("true") => "write `true`",
        Some("false") => "write `false`",
        Some(_) => "write `null`",
        None if matches!(word.trim_start_matches(['+', '-']), "NaN" | "Infinity") => {
            return Some(("JSON does not allow NaN and Infinity", "write a number"));
        }
        None => return None,
    };
    Some(("invalid JSON literal", help))
}

/// The problem of a recognized token, and a fix if it is certain. No edit repeats the text.
pub(super) fn of_token(text: &str, token: &Token, is_key: bool) -> Option<Diagnostic> {
    let is_bare = token.kind != Kind::Text && token.kind.is_scalar();
    let own = if is_key && is_bare && token.problem != Some(TEMPLATE) { KEY_WITHOUT_QUOTES } else { token.problem? };
    let Span { start, end } = token.content;
    let raw = &text[start..end];
    let is_plain = !raw.contains(|c: char| c < ' ' || "\"\\'#/$".contains(c));
    let word = match token.kind {
        Kind::Comma => Some(","),
        Kind::Colon => Some(":"),
        Kind::Literal if !is_key => literal(raw),
        _ => None,
    };
    let fix = match word {
        Some(word) => Some(Fix::safe(format!("Write `{word}`"), vec![Edit::new(token.span, word)])),
        None if is_plain && (is_key || token.kind == Kind::Text) => {
            let quote = |start, end| Edit::new(Span::new(start, end), "\"");
            let edits = vec![quote(token.span.start, start), quote(end, token.span.end)];
            Some(Fix::safe("Use double quotes", edits))
        }
        None => None,
    };
    Some(problem(own, token.span, "").fix(fix))
}

const fn class(token: &Token) -> &'static str {
    match (token.kind, token.problem) {
        (Kind::Comma, Some(_)) => "`;`",
        (Kind::Colon, Some(_)) => "`=`",
        (Kind::Open(Bracket::Object), _) => "`{`",
        (Kind::Close(Bracket::Object), _) => "`}`",
        (Kind::Open(Bracket::Array), _) => "`[`",
        (Kind::Close(Bracket::Array), _) => "`]`",
        (Kind::Comma, _) => "`,`",
        (Kind::Colon, _) => "`:`",
        (Kind::Text, _) => "a string",
        (Kind::Number, _) => "a number",
        (Kind::Literal, _) => "a literal",
        (Kind::Word, _) => "a word without quotes",
        (Kind::End, _) => "the end of the text",
    }
}

// For objects and arrays.
const NOUNS: [&str; 2] = ["object", "array"];
const OPENERS: [char; 2] = ['{', '['];
const CLOSERS: [char; 2] = ['}', ']'];
pub(super) const AFTER_VALUE: [&str; 2] = ["`,` or `}` after this field", "`,` or `]` after this element"];

/// Marks the bytes at `places` as well.
fn mark(flaw: Diagnostic, places: impl IntoIterator<Item = usize>, label: &'static str) -> Diagnostic {
    places.into_iter().fold(flaw, |flaw, at| flaw.and(Span::new(at, at + 1), label))
}

/// A separator or a value that is missing at byte `at`, before `found`.
pub(super) fn missing(at: usize, expected: &str, what: &str, found: &Token) -> Diagnostic {
    let message = format!("expected {expected}, found {}", class(found));
    Diagnostic::syntax(Span::at(at), message, format!("missing {what}"))
}

pub(super) fn missing_comma(at: usize, bracket: Bracket, found: &Token) -> Diagnostic {
    let help = ["put a comma between two fields", "put a comma between two elements"][bracket as usize];
    let fix = Fix::safe("Insert the comma", vec![Edit::new(Span::at(at), ",")]);
    missing(at, AFTER_VALUE[bracket as usize], "comma", found).help(help).fix(fix)
}

/// A token where another one is needed.
pub(super) fn unexpected(found: &Token, expected: &str, label: &'static str) -> Diagnostic {
    Diagnostic::syntax(found.span, format!("expected {expected}, found {}", class(found)), label)
}

pub(super) fn missing_colon(at: usize, found: &Token) -> Diagnostic {
    missing(at, "`:` after this field name", "colon", found).help("put `:` between a field name and its value")
}

pub(super) fn after_the_end(found: &Token) -> Diagnostic {
    unexpected(found, "the end of the text", "unexpected text")
        .help("keep one JSON value in the file; put several connections into an array")
}

pub(super) fn extra(token: &Token) -> Diagnostic {
    let what = match token.kind {
        Kind::Comma => "comma",
        Kind::Colon => "colon",
        _ => class(token),
    };
    Diagnostic::syntax(token.span, format!("extra {what}"), "unexpected")
}

pub(super) fn missing_opener(at: usize, bracket: Bracket) -> Diagnostic {
    let (noun, opener) = (NOUNS[bracket as usize], OPENERS[bracket as usize]);
    let message = format!("missing opening `{opener}` of an {noun}");
    Diagnostic::syntax(Span::at(at), message, format!("missing `{opener}`"))
}

/// A bracket that is missing at byte `at`, or that the bracket `found` is instead of.
pub(super) fn missing_closer(at: usize, bracket: Bracket, opener: Option<usize>, found: Option<&Token>) -> Diagnostic {
    let (noun, closer) = (NOUNS[bracket as usize], CLOSERS[bracket as usize]);
    let (span, message, label) = match found {
        None => (Span::at(at), format!("unclosed {noun}"), format!("missing `{closer}`")),
        Some(found) => {
            let message = format!("expected `{closer}` at the end of the {noun}, found {}", class(found));
            (found.span, message, format!("expected `{closer}`"))
        }
    };
    mark(Diagnostic::syntax(span, message, label), opener, "opened here")
}

/// The text ends while brackets are open, the innermost first.
pub(super) fn cut_off(at: usize, missing: Option<&str>, open: &[(Bracket, Option<usize>)]) -> Diagnostic {
    let closers = || open.iter().map(|(bracket, _)| CLOSERS[*bracket as usize]).collect::<String>();
    let expected = missing.map_or_else(|| format!("`{}`", closers()), str::to_owned);
    let message = format!("unexpected end of the text: expected {expected}");
    let flaw = Diagnostic::syntax(Span::at(at), message, "the text ends here");
    mark(flaw, open.iter().filter_map(|(_, opener)| *opener), "not closed")
}

pub(super) fn trailing_comma(comma: Span, bracket: Bracket) -> Diagnostic {
    let message = format!("trailing comma before `{}`", CLOSERS[bracket as usize]);
    Diagnostic::syntax(comma, message, "unexpected").fix(Fix::safe("Delete the comma", vec![Edit::new(comma, "")]))
}

pub(super) fn not_json(at: usize) -> Diagnostic {
    let help = "write a JSON object between `{` and `}`, or use the file extension of the syntax";
    problem(("expected JSON", help), Span::at(at), "expected `{` or `[`")
}

/// A text without a single token.
pub(super) fn nothing(text: &str, start: usize) -> Diagnostic {
    let what = if text.contains(['/', '#']) { "comments" } else { "whitespace" };
    Diagnostic::syntax(Span::at(start), format!("the text contains only {what}"), "")
        .help("write a connection as a JSON object, or remove it")
}

pub(super) fn too_many(next: Span, most: usize, more: usize) -> Diagnostic {
    let are = if more == 1 { "is" } else { "are" };
    let message = format!("the text has more than {most} mistakes: {more} more {are} not shown");
    Diagnostic::syntax(next, message, "the next one").help("fix the first ones and check again")
}

/// A quote of a string is missing at byte `at`; `opener` is the other one.
pub(super) fn missing_quote(at: usize, message: &'static str, opener: Option<usize>) -> Diagnostic {
    mark(Diagnostic::syntax(Span::at(at), message, "missing `\"`"), opener, "opened here")
}

pub(super) fn comment(span: Span) -> Diagnostic {
    problem(("JSON does not allow comments", "delete the comment, or rename the file to .jsonc"), span, "")
        .fix(Fix::safe("Delete the comment", vec![Edit::new(span, "")]))
}
