//! Inserts ignores: a comment on the line above, or, in a syntax without comments, a field of the object.

#[cfg(feature = "cli")]
use std::collections::BTreeMap;

use super::{WORD, can_be_ignored, is_about_ignores};
use crate::diagnostic::{Diagnostic, Edit};
use crate::document::{Document, Entry, EntryId, ROOT};
use crate::text::{Span, Syntax};

/// The field for ignores in strict JSON.
const REMARK: &str = "//";

/// Edits that insert an ignore for a finding into its text. `None` if no ignore can suppress the finding.
pub(crate) fn ignoring(document: &Document, found: &Diagnostic, reason: &str) -> Option<Vec<Edit>> {
    place_of(document, found)?.put(document, &[found.rule.name], reason)
}

/// Edits that insert an ignore for some findings into their text.
#[cfg(feature = "cli")]
pub(crate) struct Ignore {
    pub edits: Vec<Edit>,
    /// The findings, by their indices.
    pub findings: Vec<usize>,
}

/// Ignores for all findings that can be ignored. Findings on the same line, or in the same object, share one.
#[cfg(feature = "cli")]
pub(crate) fn ignoring_all(document: &Document, found: &[Diagnostic], reason: &str) -> Vec<Ignore> {
    let mut places = BTreeMap::<Place, (Vec<&str>, Vec<usize>)>::new();
    for (at, one) in found.iter().enumerate() {
        if let Some(place) = place_of(document, one) {
            let (rules, findings) = places.entry(place).or_default();
            if !rules.contains(&one.rule.name) {
                rules.push(one.rule.name);
            }
            findings.push(at);
        }
    }
    let ignores = places.into_iter().filter_map(|(place, (rules, findings))| {
        Some(Ignore { edits: place.put(document, &rules, reason)?, findings })
    });
    ignores.collect()
}

/// The position of an ignore.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    /// A new line before the line that starts at this byte.
    Above(usize),
    /// A field of this object.
    In(EntryId),
}

fn place_of(document: &Document, found: &Diagnostic) -> Option<Place> {
    if is_about_ignores(&found.rule)
        || !can_be_ignored(&found.rule)
        || found.labels.is_empty()
        || !document.source.is_exact()
    {
        return None;
    }
    let at = found.span().start;
    match document.syntax {
        Syntax::Json => innermost(document, at).map(Place::In),
        Syntax::Jsonc | Syntax::Yaml | Syntax::Hcl => line_for(document, at).map(Place::Above),
    }
}

impl Place {
    fn put(self, document: &Document, rules: &[&str], reason: &str) -> Option<Vec<Edit>> {
        let ignore = format!("{WORD}[{}]: {reason}", rules.join(", "));
        match self {
            Self::In(object) => in_object(document, object, &ignore),
            Self::Above(start) => {
                let sign = if document.syntax == Syntax::Jsonc { "//" } else { "#" };
                Some(vec![above(document, start, &format!("{sign} {ignore}"))])
            }
        }
    }
}

/// The start of the line of a byte, or of its key's line if a text over several lines continues there.
fn line_for(document: &Document, at: usize) -> Option<usize> {
    let text = document.source.text();
    let mark = if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
    let line_of = |at: usize| Some(text.get(..at)?.rfind('\n').map_or(mark, |line_break| line_break + 1));
    let text_at = |start: usize| {
        let goes_on = move |entry: &&Entry| {
            let is_text = !entry.has(Entry::OBJECT | Entry::ARRAY);
            is_text && entry.span().start < start && start < entry.span().end
        };
        document.table.entries.iter().find(goes_on)
    };
    let mut start = line_of(at)?;
    if let Some(entry) = text_at(start) {
        start = line_of(entry.whole().start)?;
        if text_at(start).is_some() {
            return None;
        }
    }
    Some(start)
}

/// Inserts a comment on its own line before the line that starts at a byte.
fn above(document: &Document, start: usize, comment: &str) -> Edit {
    let text = document.source.text();
    let indent = text[start..].len() - text[start..].trim_start_matches([' ', '\t']).len();
    let line_break = if text[..start].ends_with("\r\n") { "\r\n" } else { "\n" };
    Edit::new(Span::at(start), format!("{}{comment}{line_break}", &text[start..start + indent]))
}

/// Inserts a remark into an object, in addition to any existing ones.
fn in_object(document: &Document, object: EntryId, ignore: &str) -> Option<Vec<Edit>> {
    if document.damaged || document.entry(object).has(Entry::UNKNOWN) {
        return None;
    }
    let ignore = serde_json::to_string(ignore).ok()?;
    let Some(remark) = document.child(object, REMARK) else {
        return Some(vec![first_member(document, object, &format!("\"{REMARK}\": {ignore}"))]);
    };
    let entry = document.entry(remark);
    let end = document.children(remark).last().map_or(entry.span().start + 1, |last| document.entry(last).span().end);
    let is_empty = document.children(remark).next().is_none();
    if entry.has(Entry::ARRAY) {
        return Some(vec![Edit::new(Span::at(end), if is_empty { ignore } else { format!(", {ignore}") })]);
    }
    let Span { start, end } = entry.span();
    let is_text = entry.has(Entry::TEXT);
    is_text.then(|| vec![Edit::new(Span::at(start), "["), Edit::new(Span::at(end), format!(", {ignore}]"))])
}

/// The object, with its key, for an ignore of a finding that starts at a byte.
fn innermost(document: &Document, at: usize) -> Option<EntryId> {
    let holds = |id: EntryId| {
        let Span { start, end } = document.entry(id).whole();
        start <= at && at < end
    };
    let (mut id, mut found) = (ROOT, None);
    while holds(id) {
        if document.entry(id).has(Entry::OBJECT) {
            found = Some(id);
        }
        match document.children(id).find(|&child| holds(child)) {
            Some(child) => id = child,
            None => break,
        }
    }
    found
}

/// Inserts a field before all others of an object, in the layout of the first one.
fn first_member(document: &Document, object: EntryId, member: &str) -> Edit {
    let text = document.source.text();
    let Some(first) = document.children(object).next() else {
        let Span { start, end } = document.entry(object).span();
        return Edit::new(Span::new(start + 1, end - 1), format!(" {member} "));
    };
    let start = document.entry(first).whole().start;
    let line = text[..start].rfind('\n').map_or(start, |line_break| line_break + 1);
    let indent = &text[line..start];
    let break_after = match indent {
        blank if !blank.is_empty() && blank.trim().is_empty() => {
            let line_break = if text[..line].ends_with("\r\n") { "\r\n" } else { "\n" };
            format!("{line_break}{blank}")
        }
        _ => " ".to_owned(),
    };
    Edit::new(Span::at(start), format!("{member},{break_after}"))
}

#[cfg(test)]
mod tests {
    use crate::text::Source;

    /// The text after the first finding of a rule was ignored; the finding must be gone, and no other may appear.
    fn ignored(name: &str, text: &str, rule: &str) -> Option<String> {
        let report = crate::check(&Source::new(name, text));
        let found = report.diagnostics().iter().find(|found| found.rule.name == rule).unwrap();
        let edits = report.ignoring(found, "why")?;
        let (after, applied) = crate::fix::apply(text, [edits.as_slice()]);
        assert_eq!(applied, 1);
        let left = crate::check(&Source::new(name, after.as_str()));
        let rules = left.diagnostics().iter().map(|found| found.rule.name).collect::<Vec<_>>();
        assert_eq!(rules.len(), report.diagnostics().len() - 1, "{rules:?} in {after}");
        Some(after)
    }

    #[test]
    fn comments_go_above_the_line() {
        let text = "{\r\n\t\"type\": \"Https\", \"name\": \"a\",\r\n\t\"url\": \"http://a.example.com\"\r\n}";
        let comment = "\t// streamlint-ignore[insecure-url]: why\r\n";
        assert_eq!(
            ignored("a.jsonc", text, "insecure-url"),
            Some(text.replace("\t\"url", &format!("{comment}\t\"url")))
        );
        let text = "\u{FEFF}{ \"type\": \"Https\", \"name\": \"a\" }";
        let expected = text.replace('{', "// streamlint-ignore[missing-field]: why\n{");
        assert_eq!(ignored("a.jsonc", text, "missing-field"), Some(expected));
    }

    #[test]
    #[cfg(all(feature = "yaml", feature = "dialects"))]
    fn comments_go_above_a_multi_line_text() {
        let text = "type: Https\nname: a\nurl: >-\n  http://a.example.com\n";
        let expected = text.replace("url", "# streamlint-ignore[insecure-url]: why\nurl");
        assert_eq!(ignored("a.yaml", text, "insecure-url"), Some(expected));
    }

    #[test]
    fn strict_json_uses_a_field() {
        let text = "{\n  \"type\": \"Https\",\n  \"name\": \"a\",\n  \"url\": \"http://a.example.com\"\n}\n";
        let member = "\"//\": \"streamlint-ignore[insecure-url]: why\",\n  \"type\"";
        assert_eq!(ignored("a.json", text, "insecure-url"), Some(text.replace("\"type\"", member)));
        let text = r#"{ "name": "k", "type": "Kafka", "bootstrapServers": "a.example.com:9092", "authentication": { "mechanism": "PLAIN", "username": "${U}", "password": "${P}" }, "security": {} }"#;
        let expected = text.replace("{} }", r#"{ "//": "streamlint-ignore[missing-field]: why" } }"#);
        assert_eq!(ignored("a.json", text, "missing-field"), Some(expected));
        let text = r#"{"type": "Https", "name": "a", "url": "http://a.example.com"}"#;
        let expected = text.replace(r#"{"type"#, r#"{"//": "streamlint-ignore[insecure-url]: why", "type"#);
        assert_eq!(ignored("a.json", text, "insecure-url"), Some(expected));
    }

    #[test]
    fn an_existing_remark_is_kept() {
        let with = |remark: &str| {
            format!(r#"{{ "type": "Https", "name": "a", "url": "http://a.example.com", "//": {remark} }}"#)
        };
        let ignore = "\"streamlint-ignore[insecure-url]: why\"";
        let after = |remark| ignored("a.json", &with(remark), "insecure-url");
        assert_eq!(after("\"x\""), Some(with(&format!("[\"x\", {ignore}]"))));
        assert_eq!(after("[ \"x\" ]"), Some(with(&format!("[ \"x\", {ignore} ]"))));
        assert_eq!(after("[]"), Some(with(&format!("[{ignore}]"))));
        assert_eq!(after("5"), None);
    }

    #[test]
    fn findings_that_cannot_be_ignored_get_no_ignore() {
        assert_eq!(ignored("a.json", r#"{ "type": "Https" "name": "a" }"#, "syntax-error"), None);
        assert_eq!(ignored("a.json", r#"{ "type": "Https" "name": "a" }"#, "missing-field"), None);
        assert_eq!(ignored("a.json", "[]", "not-a-connection"), None);
        let unused = r#"{ "type": "Https", "name": "a", "url": "https://a.example.com", "//": "streamlint-ignore[duplicate-key]: x" }"#;
        assert_eq!(ignored("a.json", unused, "unused-ignore"), None);
    }
}
