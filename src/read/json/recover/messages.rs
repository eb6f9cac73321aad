//! What the reports say. No message quotes the text: it may be half a password.

use super::tokens::{Bracket, Kind, Token};
use crate::diagnostic::{Edit, Fix, Label};
use crate::read::Flaw;
use crate::read::json::{is_in_range, number_length};
use crate::source::Span;

/// What is wrong with one token that can be understood: a message, a label and a help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Problem(&'static str, &'static str, &'static str);

pub(super) const SINGLE_QUOTES: Problem = Problem("a string has single quotes", "", "use double quotes");
pub(super) const TYPOGRAPHIC_QUOTES: Problem =
    Problem("a string has typographic quotes", "", "use straight double quotes");
pub(super) const TEMPLATE: Problem = Problem(
    "a template has no quotes around it",
    "",
    "put it in double quotes, or give the file the extension of its template engine",
);
pub(super) const NO_QUOTES: Problem = Problem(
    "expected a value, found a word without quotes",
    "",
    "put strings in double quotes; only true, false, null and numbers have none",
);
const KEY_WITHOUT_QUOTES: Problem = Problem("a field name has no quotes", "", "put field names in double quotes");
pub(super) const EQUALS: Problem = Problem(
    "expected `:` after this field name, found `=`",
    "expected `:`",
    "put `:` between a field name and its value",
);
pub(super) const SEMICOLON: Problem =
    Problem("expected `,`, found `;`", "expected `,`", "put `,` between fields and elements");

const NOT_A_NUMBER: Problem = Problem("JSON has no NaN and no infinity", "", "write a number");
const USE_TRUE: Problem = Problem("JSON does not know this word", "", "write `true`");
const USE_FALSE: Problem = Problem("JSON does not know this word", "", "write `false`");
const USE_NULL: Problem = Problem("JSON does not know this word", "", "write `null`");

/// What is wrong with a word of another language that JSON has a word for.
pub(super) fn of_word(word: &str) -> Option<Problem> {
    match word {
        "True" | "TRUE" => Some(USE_TRUE),
        "False" | "FALSE" => Some(USE_FALSE),
        "None" | "Null" | "NULL" | "nil" | "undefined" => Some(USE_NULL),
        "NaN" | "Infinity" | "-Infinity" | "+Infinity" => Some(NOT_A_NUMBER),
        _ => None,
    }
}

/// If a word is meant as a number: what is wrong with it, if anything is.
pub(super) fn of_number(word: &str) -> Option<Option<Problem>> {
    let is_number = |text: &str| number_length(text.as_bytes()) == Some(text.len());
    let problem = |message, help| Some(Some(Problem(message, "", help)));
    if is_number(word) {
        let help = "if it is a string, put it in double quotes";
        let too_large = Problem("a number is larger than a 64-bit float can hold", "", help);
        return Some((!is_in_range(word)).then_some(too_large));
    }
    let bare = word.strip_prefix(['-', '+']).unwrap_or(word);
    let is_hexadecimal = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let zeros = bare.len() - bare.trim_start_matches('0').len();
    let is_like_number = bare.starts_with(|c: char| c.is_ascii_digit())
        && bare.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-' | b'_'))
        && bare.bytes().filter(|byte| *byte == b'-').count() < 2;
    if word.starts_with('+') && bare.starts_with(|c: char| c == '.' || c.is_ascii_digit()) {
        problem("a number starts with `+`", "delete the sign")
    } else if bare.strip_prefix("0x").or_else(|| bare.strip_prefix("0X")).is_some_and(is_hexadecimal) {
        problem("a number is hexadecimal", "write it in decimal")
    } else if bare.starts_with('.') && is_number(&format!("0{bare}")) {
        problem("a number starts with a decimal point", "put a zero before the point")
    } else if bare.strip_suffix('.').is_some_and(is_number) {
        problem("a number ends with a decimal point", "delete the point, or put a zero after it")
    } else if zeros > 0 && is_number(&format!("1{}", &bare[zeros..])) {
        problem("a number starts with an extra zero", "delete the zero, or put a string in double quotes")
    } else if is_like_number {
        problem("this is not a JSON number", "if it is a string, put it in double quotes")
    } else {
        None
    }
}

/// What is wrong with a token that is understood.
pub(super) fn of_token(token: &Token, is_key: bool) -> Option<Flaw> {
    let without_quotes = is_key && matches!(token.kind, Kind::Number | Kind::Literal | Kind::Word);
    let problem = match token.problem {
        Some(TEMPLATE) => TEMPLATE,
        _ if without_quotes => KEY_WITHOUT_QUOTES,
        problem => problem?,
    };
    Some(Flaw::syntax(token.span, problem.0, problem.1).help(problem.2))
}

/// The class of a token, and never its text.
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

impl Bracket {
    const fn noun(self) -> &'static str {
        match self {
            Self::Object => "object",
            Self::Array => "array",
        }
    }

    const fn opener(self) -> char {
        match self {
            Self::Object => '{',
            Self::Array => '[',
        }
    }

    const fn closer(self) -> char {
        match self {
            Self::Object => '}',
            Self::Array => ']',
        }
    }
}

impl Flaw {
    fn and(mut self, at: Option<usize>, label: &'static str) -> Self {
        self.related.extend(at.map(|at| Label { span: Span::new(at, at + 1), message: label.into() }));
        self
    }
}

/// A separator or a value that is missing at byte `at`, before `found`.
pub(super) fn missing(at: usize, expected: &str, what: &str, found: &Token) -> Flaw {
    Flaw::syntax(
        Span::at(at),
        format!("expected {expected}, found {}", class(found)),
        format!("{what} is missing here"),
    )
}

pub(super) fn missing_comma(at: usize, bracket: Bracket, found: &Token, is_sure: bool) -> Flaw {
    let flaw = missing(at, after_value(bracket), "a comma", found);
    let flaw = flaw.help(match bracket {
        Bracket::Object => "put a comma between two fields",
        Bracket::Array => "put a comma between two elements",
    });
    if is_sure { flaw.fix(Fix::safe("Insert the comma", vec![Edit::new(Span::at(at), ",")])) } else { flaw }
}

/// What can follow a value inside this bracket.
pub(super) const fn after_value(bracket: Bracket) -> &'static str {
    match bracket {
        Bracket::Object => "`,` or `}` after this field",
        Bracket::Array => "`,` or `]` after this element",
    }
}

/// A token where another one is needed.
pub(super) fn unexpected(found: &Token, expected: &str, label: impl Into<std::borrow::Cow<'static, str>>) -> Flaw {
    Flaw::syntax(found.span, format!("expected {expected}, found {}", class(found)), label)
}

pub(super) fn extra(token: &Token) -> Flaw {
    let what = match token.kind {
        Kind::Comma => "comma",
        Kind::Colon => "colon",
        _ => class(token),
    };
    Flaw::syntax(token.span, format!("there is one {what} too many"), "delete this one")
}

pub(super) fn missing_opener(at: usize, bracket: Bracket) -> Flaw {
    let (noun, opener) = (bracket.noun(), bracket.opener());
    let message = format!("the opening `{opener}` of an {noun} is missing");
    Flaw::syntax(Span::at(at), message, format!("`{opener}` is missing here"))
}

pub(super) fn missing_closer(at: usize, bracket: Bracket, opener: Option<usize>) -> Flaw {
    let message = format!("this {} is not closed", bracket.noun());
    Flaw::syntax(Span::at(at), message, format!("`{}` is missing here", bracket.closer())).and(opener, "opened here")
}

pub(super) fn wrong_closer(found: &Token, bracket: Bracket, opener: Option<usize>) -> Flaw {
    let closer = bracket.closer();
    let message = format!("this {} ends with {} instead of `{closer}`", bracket.noun(), class(found));
    Flaw::syntax(found.span, message, format!("expected `{closer}`")).and(opener, "opened here")
}

/// The text ends while brackets are open, the innermost first.
pub(super) fn cut_off(at: usize, missing: Option<&str>, open: &[(Bracket, Option<usize>)]) -> Flaw {
    let closers = || format!("`{}`", open.iter().map(|(bracket, _)| bracket.closer()).collect::<String>());
    let expected = missing.map_or_else(closers, str::to_owned);
    let message = format!("the text ends too early: expected {expected}");
    never_closed(Flaw::syntax(Span::at(at), message, "the text ends here"), open)
}

pub(super) fn never_closed(flaw: Flaw, open: &[(Bracket, Option<usize>)]) -> Flaw {
    open.iter().fold(flaw, |flaw, (_, opener)| flaw.and(*opener, "never closed"))
}

pub(super) fn trailing_comma(comma: Span, bracket: Bracket) -> Flaw {
    Flaw::syntax(comma, format!("JSON allows no comma before `{}`", bracket.closer()), "delete this one")
        .fix(Fix::safe("Delete the comma", vec![Edit::new(comma, "")]))
}

pub(super) fn after_the_end(token: &Token) -> Flaw {
    unexpected(token, "the end of the text", "the text was complete before this")
        .help("keep one JSON value in a file; put several connections into an array")
}

pub(super) fn not_json(at: usize) -> Flaw {
    Flaw::syntax(Span::at(at), "this is not JSON", "expected `{` or `[`").help(
        "a connection is a JSON object: write it between `{` and `}`, or give the file the extension of its syntax",
    )
}

/// A text without a single token.
pub(super) fn nothing(text: &str, start: usize) -> Flaw {
    let has_comments = text.contains(['/', '#']);
    let message =
        if has_comments { "the text holds nothing but comments" } else { "the text holds nothing but blanks" };
    Flaw::syntax(Span::at(start), message, "").help("write a connection as a JSON object, or remove it")
}

pub(super) fn too_many(next: Span, most: usize, more: usize) -> Flaw {
    let are = if more == 1 { "is" } else { "are" };
    Flaw::syntax(next, format!("the text has more than {most} mistakes: {more} more {are} not listed"), "the next one")
        .help("fix the first ones and check again")
}

pub(super) fn opening_quote(at: usize) -> Flaw {
    Flaw::syntax(Span::at(at), "the opening quote of a string is missing", "`\"` is missing here")
}

pub(super) fn closing_quote(at: usize, opener: Option<usize>) -> Flaw {
    Flaw::syntax(Span::at(at), "this string is not closed", "`\"` is missing here").and(opener, "opened here")
}

pub(super) fn extra_quote(at: usize) -> Flaw {
    Flaw::syntax(Span::new(at, at + 1), "there is one double quote too many", "delete this one")
        .help("write a double quote inside a string as `\\\"`")
}

pub(super) fn inner_quotes(string: Span) -> Flaw {
    Flaw::syntax(string, "a string contains double quotes", "a quote ends it too early")
        .help("write a double quote inside a string as `\\\"`")
}

/// A string that goes on over a line break; `line` is its first line.
pub(super) fn line_break(line: Span) -> Flaw {
    Flaw::syntax(line, "a string contains a line break", "the line ends inside this string")
        .help("write line breaks inside a string as `\\n`, all on one line")
}

/// What a string cannot contain as it is.
pub(super) fn control(span: Span, byte: u8) -> Flaw {
    let (message, help) = match byte {
        b'\t' => ("a string contains a tab", "write it as `\\t`"),
        _ => ("a string contains a control character", "delete it, or write it as `\\u` and four hexadecimal digits"),
    };
    Flaw::syntax(span, message, "").help(help)
}

pub(super) fn unknown_escape(span: Span) -> Flaw {
    Flaw::syntax(span, "JSON does not know this escape", "").help(
        "write a backslash inside a string as `\\\\`; JSON's escapes are \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u with four hexadecimal digits",
    )
}

pub(super) fn half_character(span: Span) -> Flaw {
    Flaw::syntax(span, "this escape is half of a character", "")
        .help("write both halves of the surrogate pair, or the character itself")
}

pub(super) fn comment(span: Span) -> Flaw {
    Flaw::syntax(span, "JSON has no comments", "")
        .help("delete the comment, or name the file .jsonc")
        .fix(Fix::safe("Delete the comment", vec![Edit::new(span, "")]))
}

pub(super) fn hash_comment(at: usize) -> Flaw {
    Flaw::syntax(Span::new(at, at + 1), "JSON has no comments with `#`", "").help("delete the comment")
}

pub(super) fn open_comment(at: usize) -> Flaw {
    Flaw::syntax(Span::new(at, at + 2), "this comment is not closed", "opened here").help("end the comment with `*/`")
}

pub(super) fn odd_blank(span: Span) -> Flaw {
    Flaw::syntax(span, "JSON does not know this blank", "an invisible character").help("use an ordinary space")
}
