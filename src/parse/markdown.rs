//! The fenced blocks of Markdown (`CommonMark`, 4.5), also in lists and quotes.

use super::embedded::Embedded;
use crate::text::Span;

/// An open fence.
struct Fence<'t> {
    mark: char,
    length: usize,
    /// The depth of its block quote, and the indentation after the markers.
    quotes: usize,
    indentation: &'t str,
    /// The file extension of its language; `None` if the language is not supported.
    extension: Option<&'static str>,
    /// The first byte after its line.
    start: usize,
}

/// The blocks in supported languages, in one pass through the text.
pub(super) fn blocks(text: &str) -> Vec<Embedded> {
    let mut blocks = Vec::new();
    let mut open: Option<Fence> = None;
    let mut is_comment = false;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let next = at + line.len();
        let content = line.trim_end_matches(['\n', '\r']);
        if let Some(fence) = &open {
            let inside = behind_quotes(content, fence.quotes);
            if inside.is_none_or(|inside| fence.is_closed_by(inside)) {
                fence.add_to(&mut blocks, text, at);
                open = None;
            }
            if inside.is_some() {
                at = next;
                continue;
            }
        }
        if is_comment || content.trim_start().starts_with("<!--") {
            is_comment = !content.contains("-->");
        } else {
            open = opened(content, next);
        }
        at = next;
    }
    if let Some(fence) = open {
        fence.add_to(&mut blocks, text, text.len());
    }
    blocks
}

/// The fence that a line opens.
fn opened(line: &str, start: usize) -> Option<Fence<'_>> {
    let mut rest = line.trim_start_matches('\u{FEFF}');
    let mut quotes = 0;
    while let Some(inside) = behind_quotes(rest, 1) {
        quotes += 1;
        rest = inside;
    }
    let indented = rest;
    loop {
        rest = rest.trim_start_matches([' ', '\t']);
        // A block may start on the line of a list marker.
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let marker =
            if digits == 0 { rest.strip_prefix(['-', '*', '+']) } else { rest[digits..].strip_prefix(['.', ')']) };
        let Some(item) = marker.filter(|item| item.starts_with([' ', '\t'])) else { break };
        rest = item;
    }
    let mark = rest.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
    let info = rest.trim_start_matches(mark);
    let length = rest.len() - info.len();
    // Otherwise it is inline code.
    let is_fence = length >= 3 && !(mark == '`' && info.contains('`'));
    let indentation = &indented[..indented.len() - indented.trim_start_matches([' ', '\t']).len()];
    is_fence.then(|| Fence { mark, length, quotes, indentation, extension: extension_of(info), start })
}

/// The text after `quotes` block quote markers at the start of a line, if it has as many.
fn behind_quotes(line: &str, quotes: usize) -> Option<&str> {
    (0..quotes).try_fold(line, |rest, _| rest.trim_start_matches(' ').strip_prefix('>'))
}

/// The extension of files in the language at the start of an info string: `json title="a"`, `{.json}`.
fn extension_of(info: &str) -> Option<&'static str> {
    let info = info.trim_start().trim_start_matches(['{', '.']);
    let end = info.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(info.len());
    Some(match info[..end].to_ascii_lowercase().as_str() {
        "json" => "json",
        "jsonc" | "json5" => "jsonc",
        "yaml" | "yml" => "yaml",
        "hcl" | "tf" | "terraform" | "tofu" | "opentofu" => "tf",
        "http" | "rest" => "http",
        "sh" | "bash" | "shell" | "zsh" | "console" | "shellsession" => "sh",
        _ => return None,
    })
}

impl Fence<'_> {
    fn is_closed_by(&self, line: &str) -> bool {
        let rest = line.trim_start_matches([' ', '\t']);
        let indentation = line.len() - rest.len();
        let after = rest.trim_start_matches(self.mark);
        // A fence that is indented further belongs to the block.
        rest.len() - after.len() >= self.length
            && after.trim().is_empty()
            && (self.quotes > 0 || indentation <= self.indentation.len() + 3)
    }

    /// Adds the block that ends before byte `end`.
    fn add_to(&self, blocks: &mut Vec<Embedded>, text: &str, end: usize) {
        let Some(extension) = self.extension else { return };
        let mut start = self.start;
        if extension == "yaml" && !self.indentation.is_empty() {
            // The line between two YAML documents is not indented, so each is a separate text.
            let mut at = start;
            for line in text[start..end].split_inclusive('\n') {
                if line.trim() == "---" {
                    self.add(blocks, text, Span::new(start, at), extension);
                    start = at + line.len();
                }
                at += line.len();
            }
        }
        self.add(blocks, text, Span::new(start, end), extension);
    }

    fn add(&self, blocks: &mut Vec<Embedded>, text: &str, span: Span, extension: &'static str) {
        let written = &text[span.start..span.end];
        if !written.trim().is_empty() {
            let is_plain = self.quotes == 0 && !self.indentation.contains('\t');
            let instead = (!is_plain).then(|| written.split_inclusive('\n').map(|line| self.blanked(line)).collect());
            blocks.push(Embedded { span, extension, instead, ..Embedded::default() });
        }
    }

    /// The line with spaces in place of block quote markers, and of the tabs before them.
    fn blanked(&self, line: &str) -> String {
        let inside = behind_quotes(line, self.quotes).unwrap_or(line);
        let tabs = inside.len() - inside.trim_start_matches([' ', '\t']).len();
        let blank = line.len() - inside.len() + tabs.min(self.indentation.len());
        " ".repeat(blank) + &line[blank..]
    }
}
