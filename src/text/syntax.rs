//! The syntaxes of texts, by file name or by content.

/// The syntaxes that texts are written in.
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

impl Syntax {
    /// The syntax that a file name promises.
    pub(crate) fn of_name(name: &str) -> Option<Self> {
        match extension(name)?.to_ascii_lowercase().as_str() {
            "json" => Some(Self::Json),
            "jsonc" => Some(Self::Jsonc),
            "yaml" | "yml" => Some(Self::Yaml),
            "tf" | "tofu" | "tfvars" | "hcl" => Some(Self::Hcl),
            _ => None,
        }
    }

    /// The syntax that a text itself looks like, where its name says nothing.
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
        // A block or an argument, and no more than a word or two before its sign.
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

/// What stands behind the last dot of a file's name.
pub(crate) fn extension(name: &str) -> Option<&str> {
    let at = name.bytes().rposition(|byte| matches!(byte, b'.' | b'/'))?;
    name[at..].strip_prefix('.')
}
