//! One character too few or too many: one mistake is told, and everything beside it is as before.

use super::*;

/// Where the characters stand that hold a JSON text together: brackets, commas, colons, and the quotes of strings.
fn structure(text: &str) -> Vec<usize> {
    let mut places = Vec::new();
    let (mut inside, mut escaped) = (false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if inside => escaped = true,
            b'"' => {
                inside = !inside;
                places.push(at);
            }
            b'{' | b'}' | b'[' | b']' | b',' | b':' if !inside => places.push(at),
            _ => {}
        }
    }
    places
}

#[derive(Debug, Clone, Copy)]
enum Change {
    Delete,
    Double,
}

impl Change {
    fn make(self, text: &str, at: usize) -> String {
        let (before, behind) = text.split_at(at);
        match self {
            Self::Delete => format!("{before}{}", &behind[1..]),
            Self::Double => format!("{before}{}{behind}", &behind[..1]),
        }
    }

    fn moved(self, span: Span, at: usize) -> Span {
        let moved = |byte: usize| match self {
            Self::Delete if byte > at => byte - 1,
            Self::Double if byte > at => byte + 1,
            _ => byte,
        };
        Span::new(moved(span.start), moved(span.end))
    }
}

/// What is not as it should be after one change; nothing when all is well.
fn judge(text: &str, at: usize, change: Change) -> Option<String> {
    let leaves = leaves(&strict(text).document);
    let broken = change.make(text, at);
    let reading = strict(&broken);
    check_spans(&reading.document);
    check_flaws(&reading);
    let shown = |what: String| {
        let (before, behind) = (&broken[at.saturating_sub(30)..at], &broken[at..broken.len().min(at + 30)]);
        Some(format!("{change:?} {:?} at {at}: {what}\n    {before:?} | {behind:?}", &text[at..=at]))
    };
    if reading.flaws.len() != 1 || reading.flaws[0].rule.name != "syntax-error" {
        let said = reading.flaws.iter().map(|flaw| format!("{:?} {}", flaw.span(), flaw.message)).collect::<Vec<_>>();
        return shown(format!("{said:?}"));
    }
    if !reading.document.damaged {
        return shown("not said to be damaged".to_owned());
    }
    for leaf in leaves {
        if leaf.members.iter().any(|member| (member.start..member.end).contains(&at)) {
            continue;
        }
        let (id, found) = reading.document.resolve(ROOT, &leaf.pointer);
        let span = reading.document.entry(id).span();
        let flagged = reading.document.entry(id).has(crate::document::Entry::UNKNOWN);
        let value = reading.document.value(id).to_json();
        if !found || value != leaf.value || span != change.moved(leaf.span, at) || flagged {
            return shown(format!("{} is lost: {}", leaf.pointer, reading.flaws[0].message));
        }
    }
    None
}

#[test]
fn one_character_too_few_or_too_many_is_one_mistake() {
    let mut failures = Vec::new();
    let mut all = 0;
    for (index, text) in VALID.iter().enumerate() {
        assert!(strict(text).flaws.is_empty(), "{text}");
        for at in structure(text) {
            for change in [Change::Delete, Change::Double] {
                all += 1;
                failures.extend(judge(text, at, change).map(|failure| format!("#{index} {failure}")));
            }
        }
    }
    assert!(failures.is_empty(), "{} of {all}:\n{}", failures.len(), failures.join("\n"));
}
