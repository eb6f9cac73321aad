//! Path globs with the syntax of `.gitignore`, except for its exceptions. `pkg/js/glob.js` does the same in JavaScript,
//! and the table `tests/policies/globs.json` tests both.
//!
//! `?` and `[…]` match one character. `*` and `?` do not match a slash, but `**` does. `[a-z]`, `[!a-z]` and `{a,b}`
//! are supported. A glob with a slash at its start or inside matches paths relative to the folder of the settings; any
//! other glob matches a name at any depth. Everything inside a matching folder matches as well. A glob that ends in a
//! slash matches folders only.

use regex::{RegexSet, RegexSetBuilder};

/// Maximum memory of the globs in one list, in bytes: enough for a few thousand globs.
const SIZE_LIMIT: usize = 16 << 20;

/// Some globs, any of which may match.
#[derive(Debug, Clone, Default)]
pub struct Globs {
    set: RegexSet,
}

impl Globs {
    /// Whether any glob matches a path, relative to the folder of the settings and with `/`.
    pub fn contain(&self, path: &str) -> bool {
        self.set.is_match(path)
    }

    /// Whether there are no globs.
    pub fn is_empty(&self) -> bool {
        self.set.is_empty()
    }
}

#[derive(Debug, Default)]
pub(super) struct Builder {
    patterns: Vec<String>,
}

impl Builder {
    /// Adds a glob.
    ///
    /// # Errors
    ///
    /// The reason why it is invalid, as half a sentence.
    pub fn add(&mut self, glob: &str) -> Result<(), &'static str> {
        if glob.starts_with('!') {
            return Err("a leading `!` is not supported");
        }
        let glob = glob.strip_prefix("./").unwrap_or(glob);
        let (inside, is_folder) = glob.strip_suffix('/').map_or((glob, false), |inside| (inside, true));
        if inside.split('/').any(|part| matches!(part, "." | "..")) || inside.is_empty() && !is_folder {
            return Err("paths are inside the folder of the settings");
        }
        let anchored = match inside.strip_prefix('/') {
            Some(rest) => rest.to_owned(),
            None if inside.contains('/') => inside.to_owned(),
            None => format!("**/{inside}"),
        };
        let inside = translated(&anchored.chars().collect::<Vec<_>>())?;
        self.patterns.push(format!("^{inside}{}$", if is_folder { "/.*" } else { "(?:/.*)?" }));
        Ok(())
    }

    /// Builds the set. `None` if it is too large, even though each glob on its own is valid.
    pub fn build(self) -> Option<Globs> {
        let set = RegexSetBuilder::new(self.patterns).dot_matches_new_line(true).size_limit(SIZE_LIMIT).build();
        Some(Globs { set: set.ok()? })
    }
}

/// The regular expression of a glob.
fn translated(glob: &[char]) -> Result<String, &'static str> {
    let mut written = String::new();
    let (mut at, mut depth) = (0, 0_usize);
    while let Some((&first, after)) = glob[at..].split_first() {
        let is_start = at == 0 || glob[at - 1] == '/';
        let mut length = 1;
        match (first, after) {
            ('*', ['*', '/', ..]) if is_start => {
                written.push_str("(?:.*/)?");
                length = 3;
            }
            ('*', ['*']) if is_start => {
                written.push_str(".*");
                length = 2;
            }
            ('*', _) => written.push_str("[^/]*"),
            ('?', _) => written.push_str("[^/]"),
            ('[', _) => length += class(after, &mut written)?,
            ('{', _) => {
                written.push_str("(?:");
                depth += 1;
            }
            ('}', _) => {
                written.push(')');
                depth = depth.checked_sub(1).ok_or("`}` without `{`")?;
            }
            (',', _) if depth > 0 => written.push('|'),
            ('\\', []) => return Err("a `\\` at its end"),
            ('\\', [escaped, ..]) => {
                literal(*escaped, &mut written);
                length = 2;
            }
            _ => literal(first, &mut written),
        }
        at += length;
    }
    if depth > 0 { Err("`{` without `}`") } else { Ok(written) }
}

/// Translates a class, after its bracket; returns the number of its characters.
fn class(text: &[char], written: &mut String) -> Result<usize, &'static str> {
    let is_negated = matches!(text, ['!' | '^', ..]);
    let start = usize::from(is_negated);
    // A bracket right after the opening one is a literal character.
    let end = text.iter().skip(start + 1).position(|&one| one == ']').ok_or("`[` without `]`")? + start + 1;
    // A class never matches a slash.
    written.push_str(if is_negated { "[^/" } else { "[" });
    let mut characters = &text[start..end];
    while let [first, after @ ..] = characters {
        literal(*first, written);
        characters = after;
        if let ['-', last, after @ ..] = after {
            if first > last {
                return Err("a range that ends before it starts");
            }
            written.push('-');
            literal(*last, written);
            characters = after;
        }
    }
    written.push_str(if is_negated { "]" } else { "&&[^/]]" });
    Ok(end + 1)
}

fn literal(character: char, written: &mut String) {
    written.push_str(&regex::escape(character.encode_utf8(&mut [0; 4])));
}
