//! Regular expressions in settings.
//!
//! They have the same meaning as in JavaScript, where a browser's `RegExp` evaluates them (with the flag `u`;
//! `pkg/js/pattern.js`): `\d`, `\w` and `\b` are ASCII, and `.` does not match JavaScript's line breaks. The table
//! `tests/policies/patterns.json` tests both. Here they match in linear time.

use regex::RegexBuilder;

use crate::conventions::Pattern;

/// Maximum memory of a compiled pattern, in bytes.
const SIZE_LIMIT: usize = 1 << 20;

/// A pattern that matches anywhere in a text.
pub(super) fn search(text: &str) -> Result<Pattern, String> {
    pattern(text, &as_in_javascript(text))
}

/// A pattern that must match a whole text.
pub(super) fn whole(text: &str) -> Result<Pattern, String> {
    // Compiled alone first: `a)(b` is invalid, but would be valid inside a group.
    search(text)?;
    pattern(text, &format!("^(?:{})$", as_in_javascript(text)))
}

fn pattern(text: &str, translated: &str) -> Result<Pattern, String> {
    let built = RegexBuilder::new(translated).size_limit(SIZE_LIMIT).build();
    let regex = built.map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => "it is too large".to_owned(),
        // The last line is the message; those before it show the position.
        error => {
            let sentence = error.to_string();
            let last = sentence.lines().last().unwrap_or_default().trim();
            last.strip_prefix("error: ").unwrap_or(last).to_owned()
        }
    })?;
    Ok(Pattern::new(text, move |text| regex.is_match(text)))
}

/// The classes of JavaScript.
fn as_in_javascript(text: &str) -> String {
    const SPACES: &str =
        r"[\t\n\x0B\x0C\r \u{A0}\u{1680}\u{2000}-\u{200A}\u{2028}\u{2029}\u{202F}\u{205F}\u{3000}\u{FEFF}]";
    let mut translated = String::with_capacity(text.len());
    let mut characters = text.chars();
    let mut depth = 0_usize;
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some('d') => translated.push_str("[0-9]"),
                Some('D') => translated.push_str("[^0-9]"),
                Some('w') => translated.push_str("[0-9A-Za-z_]"),
                Some('W') => translated.push_str("[^0-9A-Za-z_]"),
                Some('s') => translated.push_str(SPACES),
                Some('S') => translated.extend(["[^", SPACES, "]"]),
                Some('b') if depth == 0 => translated.push_str(r"(?-u:\b)"),
                // Characters that Rust allows unescaped only where they have a special meaning.
                Some('/') => translated.push('/'),
                Some(other) => translated.extend(['\\', other]),
                None => translated.push('\\'),
            },
            '.' if depth == 0 => translated.push_str(r"[^\n\r\u{2028}\u{2029}]"),
            _ => {
                match character {
                    '[' => depth += 1,
                    ']' => depth = depth.saturating_sub(1),
                    _ => {}
                }
                translated.push(character);
            }
        }
    }
    translated
}
