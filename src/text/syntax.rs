//! The syntaxes of texts, by file name or by content.

/// The syntaxes of texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Syntax {
    /// JSON, without comments.
    Json,
    /// JSON with comments and trailing commas.
    Jsonc,
    /// YAML 1.2.
    Yaml,
    /// The configuration language of Terraform.
    Hcl,
}

/// A supported file extension.
#[derive(Debug)]
pub(crate) struct Extension {
    /// Without a dot, in lowercase.
    pub name: &'static str,
    /// `None` if the content decides the syntax.
    pub syntax: Option<Syntax>,
    /// Whether files with it are linted with their folder.
    #[cfg_attr(not(feature = "cli"), allow(dead_code, reason = "only the command walks folders"))]
    pub in_folders: bool,
}

/// The supported file extensions. Lists that cannot be derived from this one are compared with it by the test below.
pub(crate) const EXTENSIONS: &[Extension] = &[
    Extension { name: "json", syntax: Some(Syntax::Json), in_folders: true },
    Extension { name: "jsonc", syntax: Some(Syntax::Jsonc), in_folders: true },
    Extension { name: "yaml", syntax: Some(Syntax::Yaml), in_folders: true },
    Extension { name: "yml", syntax: Some(Syntax::Yaml), in_folders: true },
    Extension { name: "tf", syntax: Some(Syntax::Hcl), in_folders: true },
    Extension { name: "tofu", syntax: Some(Syntax::Hcl), in_folders: true },
    Extension { name: "tfvars", syntax: Some(Syntax::Hcl), in_folders: true },
    // Packer, Nomad and others use it, so only a named file is linted.
    Extension { name: "hcl", syntax: Some(Syntax::Hcl), in_folders: false },
    // A CloudFormation template, in JSON or YAML.
    Extension { name: "template", syntax: None, in_folders: true },
    Extension { name: "http", syntax: None, in_folders: true },
    Extension { name: "rest", syntax: None, in_folders: true },
    // Most projects have a README, so only a named or included file is linted.
    Extension { name: "md", syntax: None, in_folders: false },
    Extension { name: "mdx", syntax: None, in_folders: false },
    // As with Markdown.
    Extension { name: "sh", syntax: None, in_folders: false },
    Extension { name: "bash", syntax: None, in_folders: false },
];

/// The extensions of Terraform's files. With `.json` after them, the files are JSON.
pub(crate) const TERRAFORM: &[&str] = &["tf", "tofu", TERRAFORM_VALUES];

/// The extension of Terraform's files that set variables.
pub(crate) const TERRAFORM_VALUES: &str = "tfvars";

/// The extensions of request files.
pub(crate) const REQUESTS: &[&str] = &["http", "rest"];

/// The extensions of Markdown.
pub(crate) const MARKDOWN: &[&str] = &["md", "mdx"];

/// The extensions of shell scripts.
pub(crate) const SHELL: &[&str] = &["sh", "bash"];

impl Extension {
    /// The extension in the name of a file, if it is supported.
    pub fn of_name(name: &str) -> Option<&'static Self> {
        let extension = extension(name)?;
        EXTENSIONS.iter().find(|known| extension.eq_ignore_ascii_case(known.name))
    }
}

impl Syntax {
    /// The syntax of a file name.
    pub(crate) fn of_name(name: &str) -> Option<Self> {
        Extension::of_name(name)?.syntax
    }

    /// The usual extension of its files, which the language server adds to names.
    #[cfg(feature = "cli")]
    pub(crate) fn extension(self) -> &'static str {
        EXTENSIONS.iter().find(|known| known.syntax == Some(self)).map_or("", |known| known.name)
    }

    /// The likely syntax of a text, if its name does not decide it.
    pub(crate) fn of_content(text: &str) -> Self {
        let is_nothing = |line: &&str| line.is_empty() || line.starts_with(['#', '%']);
        let line = text.trim_start_matches('\u{FEFF}').lines().map(str::trim).find(|line| !is_nothing(line));
        let line = line.unwrap_or_default();
        let is_key = |key: &str| {
            let key = key.trim_end().trim_matches(['"', '\'']);
            !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '$'))
        };
        let has_key = line.split_once(':').is_some_and(|(key, rest)| {
            (rest.is_empty() || rest.starts_with([' ', '\t'])) && is_key(key.trim_start_matches("- "))
        });
        let is_yaml = line == "---" || line.starts_with("--- ") || line.starts_with("- ") || has_key;
        // A block or an argument, with at most a word or two before its brace or equals sign.
        let (head, is_block) = (line.split(['{', '=']).next().unwrap_or_default(), line.contains('{'));
        let words = head.split_whitespace().collect::<Vec<_>>();
        let is_word = |word: &&str| word.starts_with(|c: char| c.is_ascii_alphabetic());
        let labels = words.get(1..).unwrap_or_default();
        let is_hcl = head.len() < line.len()
            && words.first().is_some_and(is_word)
            && if is_block { labels.iter().all(|label| label.starts_with('"')) } else { labels.is_empty() };
        if is_yaml || line.starts_with("{{") {
            Self::Yaml
        } else if is_hcl || line.starts_with("//") && text.contains("\nresource \"") {
            Self::Hcl
        } else {
            Self::Json
        }
    }
}

/// The text after the last dot of a file's name.
pub(crate) fn extension(name: &str) -> Option<&str> {
    let at = name.bytes().rposition(|byte| matches!(byte, b'.' | b'/'))?;
    name[at..].strip_prefix('.')
}

#[cfg(test)]
mod tests {
    use regex::Regex;

    use super::*;

    fn file(name: &str) -> String {
        std::fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
    }

    #[test]
    fn other_lists_of_extensions_equal_this_one() {
        for (name, lists) in [(".pre-commit-hooks.yaml", 5), ("docs/ci.md", 1)] {
            let text = file(name);
            let patterns = text.lines().filter_map(|line| line.trim().strip_prefix("files: ")).collect::<Vec<_>>();
            assert_eq!(patterns.len(), lists, "{name}");
            for pattern in patterns {
                let pattern = Regex::new(pattern).unwrap();
                for known in EXTENSIONS {
                    assert_eq!(pattern.is_match(&format!("a.{}", known.name)), known.in_folders, "{name}: {known:?}");
                }
            }
        }
        let page = file("web/src/header.tsx");
        let accepted = page.split_once("accept=\"").unwrap().1.split('"').next().unwrap();
        let accepted = accepted.split(',').filter_map(|name| name.strip_prefix('.')).collect::<Vec<_>>();
        assert_eq!(accepted, EXTENSIONS.iter().map(|known| known.name).collect::<Vec<_>>());
        for (names, syntax) in [(TERRAFORM, Some(Syntax::Hcl)), (REQUESTS, None), (MARKDOWN, None), (SHELL, None)] {
            assert!(names.iter().all(|name| EXTENSIONS.iter().any(|it| it.name == *name && it.syntax == syntax)));
        }
    }
}
