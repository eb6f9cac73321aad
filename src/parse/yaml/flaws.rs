//! The messages about invalid YAML. They name classes of tokens and never quote their text.

use super::node::character_end;
use crate::diagnostic::{Diagnostic, Severity, rules};
use crate::text::Span;
use crate::text::placeholder::{self, ValueState};

pub(super) fn nothing(has_comments: bool) -> Diagnostic {
    let message = if has_comments { "the text contains only comments" } else { "the text is empty" };
    Diagnostic::syntax(Span::at(0), message, "").help("add a connection, or remove the file")
}

pub(super) fn templated(span: Span) -> Diagnostic {
    let message = "this template is YAML only after rendering, so it is not checked";
    Diagnostic::syntax(span, message, "not valid YAML")
        .help("check the rendered template: `helm template … | streamlint check -`")
        .severity(Severity::Info)
}

pub(super) fn too_many_aliases(alias: Span, limit: usize) -> Diagnostic {
    let message = format!("the aliases expand to more than {limit} values");
    Diagnostic::new(&rules::TOO_DEEP, alias, message, "one alias too many")
        .help("write out the values that the connections need")
}

/// The finding for the parser's error at byte `at` of a YAML document that starts at byte `base` of the text.
pub(super) fn explain(text: &str, base: usize, at: usize, complaint: &str) -> Diagnostic {
    let at = at.min(text.len());
    let span = |start: usize, end: usize| Span::new(start, end).shifted(base);
    // The end of the text has no character to mark; the last visible one is marked instead.
    let start = if text[at..].trim().is_empty() { last_seen(text, at) } else { at };
    let here = span(start, character_end(text, start));
    let contains = |words: &&str| complaint.contains(*words);
    if contains(&"recursion limit") {
        return Diagnostic::too_deep(here, crate::parse::MAX_DEPTH);
    }
    let is_about_layout = LAYOUT.iter().any(contains);
    if is_about_layout && let Some(colon) = squeezed_colon(text, at) {
        return Diagnostic::syntax(span(colon, colon + 1), "missing space after a colon", "missing space")
            .help("write `key: value`");
    }
    let start_of_line = text[..at].rfind(['\n', '\r']).map_or(0, |end| end + 1);
    if MAPPING_VALUES.iter().any(contains) && text[start_of_line..at].contains(": ") {
        return Diagnostic::syntax(here, "unquoted value with a colon and a space", "unexpected colon")
            .help("put the value in quotes, or move the second key to its own line");
    }
    if contains(&"simple key") {
        let (start, end) = line_before(text, at);
        let message = "missing colon after a key";
        return Diagnostic::syntax(span(start, end), message, "missing colon")
            .help("write `key: value`, or indent the line if it continues the value above");
    }
    let sentence = SENTENCES.iter().find(|sentence| sentence.when.iter().any(contains));
    let &Sentence { message, label, help, .. } = sentence.unwrap_or(&OTHER);
    Diagnostic::syntax(here, message, label).help(help)
}

/// The finding about a key without a colon.
pub(super) struct Loose {
    /// `None` if a template fills it in, or if the same value has been reported.
    pub flaw: Option<Diagnostic>,
    /// Whether it is the rest of the value before it, which a comma has ended.
    pub is_cut: bool,
}

/// A key without a colon, like the second one of `{ a: b, c }`. In YAML it is a key without a value, which no
/// connection has: usually a value is missing, or it is a value itself. `before` is the value of the last field before
/// it that has a colon, and `was_cut` is whether something between the two is the rest of that value.
pub(super) fn loose(text: &str, key: Span, before: Option<&str>, was_cut: bool) -> Loose {
    let word = text.get(key.start..key.end).unwrap_or_default();
    let colon = squeezed(word);
    let is_behind_comma = text[..key.start].ends_with(',');
    let is_cut = if colon.is_some() { has_port(word) && before.is_some_and(has_port) } else { is_behind_comma };
    let flaw = match colon {
        None if placeholder::value_state(word, false) == ValueState::Unknown => None,
        _ if was_cut && (is_cut || colon.is_none()) => None,
        _ if is_cut => Some(
            Diagnostic::syntax(key, "unquoted value with a comma, inside braces", "not part of the value")
                .help("put the whole value in quotes"),
        ),
        Some(at) => {
            let help = if is_behind_comma {
                "write `key: value`, or quote the value before it if this is part of it"
            } else {
                "write `key: value`"
            };
            let colon = Span::new(key.start + at, key.start + at + 1);
            Some(Diagnostic::syntax(colon, "missing space after a colon", "missing space").help(help))
        }
        None => Some(
            Diagnostic::syntax(key, "missing colon and value of a field", "missing colon")
                .help("write `key: value`, and put a value with a comma in quotes"),
        ),
    };
    Loose { flaw, is_cut }
}

/// The colon of a `key:value` without a space.
fn squeezed(word: &str) -> Option<usize> {
    let at = word.find(':')?;
    let is_key = word[..at].chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'));
    (at > 0 && at + 1 < word.len() && is_key && !word[at..].starts_with("://")).then_some(at)
}

/// Whether a text ends like `host:port`.
fn has_port(text: &str) -> bool {
    let port = text.rsplit_once(':').map_or("", |(_, port)| port);
    !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit())
}

/// Parser errors that a colon without a space after it can cause.
const LAYOUT: &[&str] = &[
    "mapping values are not allowed",
    "illegal placement of ':'",
    "expected key",
    "expected '-'",
    "indentation",
    "simple key",
];

const MAPPING_VALUES: &[&str] = &["mapping values are not allowed", "illegal placement of ':'"];

/// The message for parser errors that contain one of `when`.
struct Sentence {
    when: &'static [&'static str],
    message: &'static str,
    label: &'static str,
    help: &'static str,
}

/// The first match counts.
static SENTENCES: &[Sentence] = &[
    Sentence {
        when: &["unexpected end of stream", "unexpected document indicator", "indentation in quoted scalar"],
        message: "unclosed string",
        label: "opened here",
        help: "add the closing quote; inside the string, write `\\\"` in double quotes or `''` in single quotes",
    },
    Sentence {
        when: &["tabs", "a tab", "tab cannot"],
        message: "tab in the indentation, where YAML allows only spaces",
        label: "after a tab",
        help: "indent with spaces",
    },
    Sentence {
        when: &["unknown anchor"],
        message: "alias of an undefined anchor",
        label: "undefined anchor",
        help: "define it with `&name` above, or put the text in quotes",
    },
    Sentence {
        when: &["unknown escape", "hexadecimal number", "Unicode character escape"],
        message: "invalid escape in a quoted string",
        label: "in this string",
        help: "write `\\\\` for a backslash, or use single quotes",
    },
    Sentence {
        when: &["trailing content"],
        message: "unexpected text after a quoted string",
        label: "unexpected",
        help: "quote the whole value, or add the missing comma, colon or line break",
    },
    Sentence {
        when: &["unexpected character"],
        message: "invalid start of a value",
        label: "invalid first character",
        help: "put the value in quotes",
    },
    Sentence {
        when: &["expected ',' or '}'", "expected ',' or ']'"],
        message: "unclosed bracket or missing comma",
        label: "expected `,` or closing bracket",
        help: "separate elements with commas, and close the bracket",
    },
    Sentence {
        when: &["misplaced bracket"],
        message: "unmatched closing bracket",
        label: "unmatched",
        help: "delete it, or put the value in quotes",
    },
    Sentence {
        when: &["indentation in flow construct"],
        message: "insufficient indentation inside brackets",
        label: "not indented enough",
        help: "indent it, or close the bracket before it",
    },
    Sentence {
        when: &["comments must be", "comment intercepting"],
        message: "unexpected comment",
        label: "not allowed here",
        help: "put a space before it, or move it to its own line",
    },
    Sentence {
        when: MAPPING_VALUES,
        message: "unexpected key inside a value",
        label: "indented too far",
        help: "indent it like the lines around it, or put the value in quotes",
    },
    Sentence {
        when: &["expected key", "expected '-' indicator", "invalid indentation"],
        message: "inconsistent indentation",
        label: "indented differently",
        help: "indent all fields of one object by the same number of spaces",
    },
    Sentence {
        when: &["block sequence entries", "only valid inside a block", "'-' followed by", "'-' must be followed"],
        message: "unexpected list element",
        label: "not allowed here",
        help: "put each item on its own line, below the key of its list",
    },
    Sentence {
        when: &["mapping keys are not allowed"],
        message: "unexpected key",
        label: "not allowed here",
        help: "put the value in quotes, or start a new line",
    },
    Sentence {
        when: &["block scalar"],
        message: "invalid block scalar",
        label: "in this block",
        help: "indent all lines equally, and write nothing after `|` or `>` in the first",
    },
    Sentence {
        when: &["tag", "TAG", "handle"],
        message: "invalid YAML tag",
        label: "invalid tag",
        help: "write `!Name value`, or put the value in quotes",
    },
    Sentence {
        when: &["directive", "document start", "document end"],
        message: "missing `---` after a `%` directive",
        label: "expected `---` before this",
        help: "add `---`, put the value in quotes, or remove the line",
    },
];

static OTHER: Sentence = Sentence {
    when: &[],
    message: "invalid YAML",
    label: "cannot be parsed from here",
    help: "check the quotes, colons and indentation, also in the line above",
};

/// The start of the last visible character before `at`.
fn last_seen(text: &str, at: usize) -> usize {
    let seen = text[..at].trim_end();
    seen.char_indices().next_back().map_or(0, |(start, _)| start)
}

/// The visible part of the last non-empty line that ends before `at`.
fn line_before(text: &str, at: usize) -> (usize, usize) {
    let end = text[..at].trim_end().len();
    let start = text[..end].rfind(['\n', '\r']).map_or(0, |break_at| break_at + 1);
    let indent = text[start..end].len() - text[start..end].trim_start().len();
    (start + indent, end)
}

/// The colon of a `key:value` without a space, on the line of byte `at` or on the last one before it.
fn squeezed_colon(text: &str, at: usize) -> Option<usize> {
    let start = text[..at].rfind(['\n', '\r']).map_or(0, |break_at| break_at + 1);
    let end = text[start..].find(['\n', '\r']).map_or(text.len(), |length| start + length);
    let (before, before_end) = line_before(text, start);
    [(start, end), (before, before_end)].into_iter().find_map(|(start, end)| {
        let line = &text[start..end];
        let key = line.trim_start().trim_start_matches("- ");
        let colon = key.find(':')?;
        let is_key = key[..colon].chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
        let follows = key[colon + 1..].chars().next()?;
        let is_squeezed = colon > 0 && is_key && !follows.is_whitespace() && !key[colon..].starts_with("://");
        is_squeezed.then_some(start + (line.len() - key.len()) + colon)
    })
}
