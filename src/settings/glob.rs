//! Globs of paths, as `.gitignore` reads them, without its exceptions. `pkg/src/glob.js` does the same in JavaScript, and
//! one table tests both: `tests/policies/globs.json`.
//!
//! `*` and `?` stop at a slash, `**` does not; `[a-z]`, `[!a-z]` and `{a,b}` are known. A glob with a slash at its start or
//! inside is for the path from the file's folder on, any other for a name at any depth. What is inside a folder that a glob
//! matches is matched as well; a glob that ends in a slash is for folders only.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

/// Some globs, any of which may match.
#[derive(Debug, Clone, Default)]
pub struct Globs {
    set: GlobSet,
}

impl Globs {
    /// Whether one of them matches a path, relative to the folder of the settings and with `/`.
    pub fn contain(&self, path: &str) -> bool {
        self.set.is_match(path)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.set.is_empty()
    }
}

#[derive(Debug)]
pub(super) struct Builder {
    set: GlobSetBuilder,
}

impl Default for Builder {
    fn default() -> Self {
        Self { set: GlobSetBuilder::new() }
    }
}

impl Builder {
    /// Takes a glob, or says why it cannot be one.
    pub fn add(&mut self, glob: &str) -> Result<(), String> {
        if glob.starts_with('!') {
            return Err("it starts with `!`, and there are no exceptions".to_owned());
        }
        let glob = glob.strip_prefix("./").unwrap_or(glob);
        let (inside, is_folder) = glob.strip_suffix('/').map_or((glob, false), |inside| (inside, true));
        if inside.split('/').any(|part| matches!(part, "." | "..")) || inside.is_empty() && !is_folder {
            return Err("paths are inside the folder of the settings".to_owned());
        }
        let anchored = match inside.strip_prefix('/') {
            Some(rest) => rest.to_owned(),
            None if inside.contains('/') => inside.to_owned(),
            None => format!("**/{inside}"),
        };
        if !is_folder {
            self.one(&anchored)?;
        }
        self.one(&format!("{anchored}/**"))
    }

    fn one(&mut self, glob: &str) -> Result<(), String> {
        let built = GlobBuilder::new(glob).literal_separator(true).backslash_escape(true).build();
        self.set.add(built.map_err(|error| error.kind().to_string())?);
        Ok(())
    }

    pub fn build(self) -> Globs {
        // Each has been built, and nothing but their size could be wrong with all of them.
        Globs { set: self.set.build().unwrap_or_default() }
    }
}
