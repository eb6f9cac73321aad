//! The mask for expressions of HCL: the names of functions, keywords and references are shown, but quoted text is not.

use super::Painter;
use crate::atlas::secret::is_name;
use crate::text::placeholder::reference;

/// The first parts of references.
pub(super) const ROOTS: &[&str] = &["var.", "local.", "data.", "module.", "each.", "count.", "mongodbatlas_"];

const KEYWORDS: &[&str] = &["for", "in", "if", "true", "false", "null"];

/// Functions of Terraform that produce a part of a definition.
const FUNCTIONS: &[&str] = &[
    "abspath",
    "base64decode",
    "base64encode",
    "can",
    "chomp",
    "coalesce",
    "compact",
    "concat",
    "contains",
    "distinct",
    "element",
    "file",
    "filebase64",
    "flatten",
    "format",
    "formatlist",
    "indent",
    "join",
    "jsondecode",
    "jsonencode",
    "keys",
    "length",
    "lookup",
    "lower",
    "merge",
    "nonsensitive",
    "one",
    "regex",
    "replace",
    "sensitive",
    "split",
    "substr",
    "templatefile",
    "title",
    "tobool",
    "tolist",
    "tomap",
    "tonumber",
    "toset",
    "tostring",
    "trim",
    "trimprefix",
    "trimspace",
    "trimsuffix",
    "try",
    "upper",
    "urlencode",
    "values",
    "yamldecode",
    "yamlencode",
    "zipmap",
];

impl Painter<'_> {
    /// Shows a part of a line up to `end`, without possible values. Comments, and strings with a template in them, are
    /// masked with everything after them.
    pub(super) fn expression(&mut self, end: usize) {
        while self.at < end {
            let rest = &self.source[self.at..end];
            let length = |is_part: fn(char) -> bool| rest.find(|c| !is_part(c)).unwrap_or(rest.len());
            let sign = length(|c| {
                matches!(c, ' ' | '\t' | ',' | '=' | ':' | '?' | '!' | '<' | '>' | '&' | '|' | '+' | '*' | '%')
                    || matches!(c, '(' | ')' | '[' | ']' | '{' | '}')
            });
            let word = length(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
            if sign > 0 {
                self.show(self.at + sign);
            } else if let Some(string) = rest.strip_prefix('"') {
                let Some(inside) = string.find(['"', '\\']).filter(|&at| string[at..].starts_with('"')) else {
                    return self.mask(end);
                };
                let (text, close) = (&string[..inside], self.at + 1 + inside);
                if reference(text).is_some_and(is_name) {
                    self.show(close + 1);
                } else if text.contains(['$', '%']) {
                    return self.mask(end);
                } else {
                    self.show(self.at + 1);
                    self.is_quoted = true;
                    self.mask(close);
                    self.is_quoted = false;
                    self.show(close + 1);
                }
            } else if word > 0 {
                let (name, after) = rest.split_at(word);
                let is_call = after.trim_start_matches(' ').starts_with('(') && FUNCTIONS.contains(&name);
                if is_call || KEYWORDS.contains(&name) || is_reference(name) {
                    self.show(self.at + word);
                } else {
                    self.mask(self.at + word);
                }
            } else {
                return self.mask(end);
            }
        }
    }
}

/// Whether this is a reference to a value of the module.
fn is_reference(name: &str) -> bool {
    ROOTS.iter().any(|root| name.starts_with(root)) && name.contains('.') && is_name(name)
}
