//! Values that are unknown because a template fills them in, and placeholders that were not replaced.
//!
//! Source: evidence.md GEN-010.

/// The state of a string as a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum ValueState {
    /// A literal value.
    #[default]
    Known,
    /// A template, a reference or a secret store fills it in.
    Unknown,
    /// A placeholder that no tool replaces: `TODO`, `...`, `<password>`.
    Leftover,
}

/// Whether this is one of the bytes that every variable and placeholder of more than a few characters contains. The
/// parser finds them: `end_of_run` in json.rs.
pub(crate) const fn is_suspect(byte: u8) -> bool {
    matches!(byte, b'$' | b'%' | b'<' | b'{')
}

/// The state of a value; `secret` is whether its field contains a secret.
pub(crate) fn value_state(text: &str, secret: bool) -> ValueState {
    value_state_of(text, secret, text.bytes().any(is_suspect))
}

/// Like [`value_state`], for a string if the parser knows whether it may contain a suspect byte.
pub(crate) fn value_state_of(text: &str, secret: bool, is_suspect: bool) -> ValueState {
    if is_leftover_word(text) || secret && contains_placeholder(text) {
        ValueState::Leftover
    } else if is_kept_in_a_store(text, secret) {
        ValueState::Unknown
    } else if !is_suspect {
        ValueState::Known
    } else if is_filled_in(text, secret) {
        ValueState::Unknown
    } else if has_angle_words(text, secret) {
        ValueState::Leftover
    } else {
        ValueState::Known
    }
}

fn is_leftover_word(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "todo",
        "fixme",
        "tbd",
        "changeme",
        "change_me",
        "change-me",
        "replace_me",
        "replace-me",
        "replaceme",
        "string",
    ];
    const LONGEST_WORD: usize = "change_me".len() + 1;
    match text.as_bytes() {
        [b'.', b'.', rest @ ..] => rest.iter().all(|&byte| byte == b'.'),
        [b'x' | b'X', b'x' | b'X', b'x' | b'X', rest @ ..] => rest.iter().all(|byte| byte.eq_ignore_ascii_case(&b'x')),
        [b'y' | b'Y', b'o' | b'O', b'u' | b'U', b'r' | b'R', b'-' | b'_', _, ..]
        | [b'y' | b'Y', b'o', b'u', b'r', b'A'..=b'Z', ..] => true,
        _ => text.len() <= LONGEST_WORD && WORDS.iter().any(|word| text.eq_ignore_ascii_case(word)),
    }
}

/// Whether the secret in a longer text is a placeholder: `Endpoint=sb://…;SharedAccessKey=<KeyValue>`, or the password in
/// `mongodb://user:<password>@host`.
fn contains_placeholder(text: &str) -> bool {
    // Most secrets are a single word.
    if !text.bytes().any(|byte| matches!(byte, b'=' | b':')) {
        return false;
    }
    let is_leftover = |value: &str| {
        let value = value.trim_matches(['"', '\'', ' ']);
        is_leftover_word(value) || has_angle_words(value, true)
    };
    let is_secret = |name: &str| {
        let name = name.trim().to_ascii_lowercase();
        ["key", "password", "passwd", "pwd", "secret", "token", "signature", "sig"]
            .iter()
            .any(|end| name.ends_with(end))
    };
    let pairs = text.split([';', '&', ',', ' ', '\n', '?']).filter_map(|pair| pair.split_once('='));
    let mut secrets = pairs.filter(|(name, _)| is_secret(name)).map(|(_, value)| value).peekable();
    if secrets.peek().is_some() {
        return secrets.all(is_leftover);
    }
    let authority = text.split_once("://").and_then(|(_, rest)| rest.split(['/', '?']).next()?.rsplit_once('@'));
    authority.and_then(|(login, _)| login.split_once(':')).is_some_and(|(_, password)| is_leftover(password))
}

fn is_filled_in(text: &str, secret: bool) -> bool {
    if text.contains("{{") || text.contains("<%") && text.contains("%>") {
        return true;
    }
    if text.contains("${") {
        // A secret as the default value is in the file.
        return !(secret && has_default(text));
    }
    match text.as_bytes() {
        [b'$', name @ ..] | [b'%', name @ .., b'%'] => is_variable(name),
        _ => false,
    }
}

/// Whether a text refers to a secret store.
fn is_kept_in_a_store(text: &str, secret: bool) -> bool {
    text.starts_with("op://")
        || text.starts_with("vault:")
        || text.starts_with("ENC[")
        || text.strip_prefix("ref+").is_some_and(|rest| rest.contains("://"))
        || (secret && text.starts_with("arn:") && text.contains(":secretsmanager:"))
}

fn is_variable(name: &[u8]) -> bool {
    matches!(name, [b'A'..=b'Z' | b'_', ..]) && name.iter().all(|byte| matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'_'))
}

/// The variable of a text that consists of a placeholder: `${X}`, `{{ x }}`, `$X`, `%X%`.
pub(crate) fn reference(text: &str) -> Option<&str> {
    let inside = |open, close| text.strip_prefix(open).and_then(|rest: &str| rest.strip_suffix(close));
    let template = inside("{{", "}}").map(|name| name.trim_matches('-').trim().trim_start_matches('.'));
    let variable = text.strip_prefix('$').or_else(|| inside("%", "%"));
    inside("${", "}").or(template).or(variable.filter(|name| is_variable(name.as_bytes())))
}

/// `${NAME:-literal}` with a literal after the dash.
fn has_default(text: &str) -> bool {
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        rest = &rest[at + 2..];
        let end = rest.find('}').unwrap_or(rest.len());
        let literal = rest[..end].split_once(":-").map(|(_, literal)| literal);
        if literal.is_some_and(|literal| !literal.is_empty() && !literal.contains('$')) {
            return true;
        }
        rest = &rest[end..];
    }
    false
}

/// `<words>`: a letter or underscore, then words. In a secret, it must be the whole text, because a password may
/// contain any characters.
fn has_angle_words(text: &str, secret: bool) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-' | '.' | '/' | ':' | '\'');
    text.split('<').skip(1).filter_map(|inside| inside.split_once('>')).any(|(words, _)| {
        words.starts_with(|c: char| c.is_alphabetic() || c == '_')
            && words.chars().all(is_word)
            // The target of a `Link` header.
            && !words.contains("://")
            && (!secret || words.len() + 2 == text.len())
    })
}

/// Whether a file with this name is a template, whose engine will replace its placeholders.
pub(crate) fn is_template_name(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, extension)| {
        ["tmpl", "tpl", "tftpl", "j2", "gotmpl", "erb"].iter().any(|known| extension.eq_ignore_ascii_case(known))
    })
}

/// Whether a text has the name of a template and contains a template expression.
pub(crate) fn is_template(name: &str, text: &str) -> bool {
    is_template_name(name) && ["{{", "{%", "<%", "${", "%{"].iter().any(|opener| text.contains(opener))
}

/// A placeholder for a field of a connection type: `${KAFKA_BOOTSTRAP_SERVERS}`.
pub(crate) fn placeholder(kind: &str, key: &str) -> String {
    let (prefix, name) = (upper_snake(kind), upper_snake(key));
    // A new list has one entry.
    let name = name.strip_suffix("URLS").map_or_else(|| name.clone(), |stem| format!("{stem}URL"));
    if name.starts_with(&prefix) { format!("${{{name}}}") } else { format!("${{{prefix}_{name}}}") }
}

/// Converts `bootstrapServers` to `BOOTSTRAP_SERVERS`, and `AWSLambda` to `AWS_LAMBDA`.
pub(crate) fn upper_snake(name: &str) -> String {
    let mut out = String::new();
    let mut letters = name.chars().peekable();
    let mut is_after_lowercase = false;
    while let Some(letter) = letters.next() {
        let starts_a_word = is_after_lowercase || letters.peek().is_some_and(char::is_ascii_lowercase);
        if letter.is_ascii_uppercase() && starts_a_word && !out.is_empty() {
            out.push('_');
        }
        is_after_lowercase = letter.is_ascii_lowercase();
        out.push(letter.to_ascii_uppercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documented_placeholders_are_recognized() {
        let plain = |text| value_state(text, false);
        for text in [
            "${kafka_user}",
            "a-${x}-b",
            "{{ .Values.url }}",
            "https://<%= host %>/x",
            "$NAME",
            "%NAME%",
            "$_A9",
            "op://vault/item",
            "vault:secret/a",
            "ref+awsssm://a",
            "ENC[AES256_GCM,data:x]",
        ] {
            assert_eq!(plain(text), ValueState::Unknown, "{text}");
        }
        for text in [
            "TODO",
            "todo",
            "fixme",
            "TBD",
            "changeme",
            "CHANGE_ME",
            "replace_me",
            "xxx",
            "XXXXXXXXXXXXXXXX",
            "..",
            "....",
            "string",
            "String",
            "<id>",
            "<_id>",
            "<namespace>.servicebus.windows.net:9093",
            "<your password>",
            "your-api-key",
            "YOUR_CLUSTER",
            "Your-Cluster",
            "YourClusterName",
            "yourCluster",
        ] {
            assert_eq!(plain(text), ValueState::Leftover, "{text}");
        }
        for text in [
            "$ConnectionString",
            "",
            "a",
            "xx",
            ".",
            "strings",
            "https://a.b",
            "a<b",
            "1 < 2 > 0",
            "%20",
            "$name",
            "100%",
            "< a>",
            "arn:aws:secretsmanager:us-east-1:1:secret:x",
            "your",
            "yours",
            "YOURS",
            "yourcluster",
            "not-your-cluster",
            "pwd=<x y",
        ] {
            assert_eq!(plain(text), ValueState::Known, "{text}");
        }
    }

    #[test]
    fn a_secret_inside_a_longer_text_counts() {
        for text in [
            "Endpoint=sb://demo.servicebus.windows.net/;SharedAccessKeyName=<KeyName>;SharedAccessKey=<KeyValue>",
            "Endpoint=sb://demo.servicebus.windows.net/;SharedAccessKeyName=send;SharedAccessKey=your-key",
            "Endpoint=sb://demo.servicebus.windows.net/;SharedAccessKeyName=send;SharedAccessKey=...",
            "PlainLoginModule required username=\"u\" password=\"<password>\";",
            "mongodb+srv://user:<password>@cluster0.abcde.mongodb.net/",
            "https://example.com/?sv=1&sig=TODO",
        ] {
            assert_eq!(value_state(text, true), ValueState::Leftover, "{text}");
        }
        for text in [
            "Endpoint=sb://<namespace>.servicebus.windows.net/;SharedAccessKeyName=<name>;SharedAccessKey=aGVsbG8=",
            "AccountKey=aGVsbG8=;SharedAccessKey=<KeyValue>",
            "mongodb+srv://<user>:hunter2@cluster0.abcde.mongodb.net/",
            "pa=<word>",
            "a:<b>@c",
        ] {
            assert_eq!(value_state(text, true), ValueState::Known, "{text}");
        }
    }

    #[test]
    fn fewer_placeholders_count_in_secrets() {
        assert_eq!(value_state("pa<ss>word", true), ValueState::Known);
        assert_eq!(value_state("<password>", true), ValueState::Leftover);
        assert_eq!(value_state("${PASSWORD:-hunter2}", true), ValueState::Known);
        assert_eq!(value_state("${PASSWORD:-hunter2}", false), ValueState::Unknown);
        assert_eq!(value_state("${PASSWORD:-}", true), ValueState::Unknown);
        assert_eq!(value_state("${PASSWORD}", true), ValueState::Unknown);
        assert_eq!(value_state("arn:aws:secretsmanager:us-east-1:1:secret:x", true), ValueState::Unknown);
    }
}
