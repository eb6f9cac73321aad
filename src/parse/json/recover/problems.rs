//! The problems of a single token.

/// A message, and the help.
pub(super) type Problem = (&'static str, &'static str);

pub(super) const NOT_CLOSED: Problem = ("unclosed string", "close it with `\"`");
pub(super) const SINGLE_QUOTES: Problem = ("string in single quotes", "use double quotes");
pub(super) const TYPOGRAPHIC_QUOTES: Problem = ("string in typographic quotes", "use straight double quotes");
pub(super) const TEMPLATE: Problem =
    ("unquoted template expression", "put it in double quotes, or use the file extension of the template engine");
pub(super) const NO_QUOTES: Problem = (
    "expected a value, found a word without quotes",
    "put strings in double quotes; only true, false, null and numbers have none",
);
pub(super) const KEY_WITHOUT_QUOTES: Problem = ("unquoted field name", "put field names in double quotes");
pub(super) const EQUALS: Problem =
    ("expected `:` after this field name, found `=`", "put `:` between a field name and its value");
pub(super) const SEMICOLON: Problem = ("expected `,`, found `;`", "put `,` between fields and elements");
pub(super) const NOT_A_LITERAL: Problem = ("invalid JSON literal", "write `true`, `false` or `null`");
pub(super) const NOT_DECIMAL: Problem =
    ("invalid JSON number", "write a decimal number without `+` or leading zeros, or put a string in double quotes");
pub(super) const CONTROL: Problem =
    ("control character in a string", "write a tab as `\\t`, and others as `\\u` and four hex digits");
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
pub(super) const COMMENT: Problem =
    ("JSON does not allow comments", "delete the comment, or rename the file to .jsonc");
pub(super) const NOT_JSON: Problem =
    ("expected JSON", "write a JSON object between `{` and `}`, or use the file extension of the syntax");

/// The JSON literal for a literal of another language.
pub(super) fn literal(word: &str) -> Option<&'static str> {
    Some(match word {
        "true" | "True" | "TRUE" => "true",
        "false" | "False" | "FALSE" => "false",
        "null" | "None" | "Null" | "NULL" | "nil" | "undefined" => "null",
        _ => return None,
    })
}
