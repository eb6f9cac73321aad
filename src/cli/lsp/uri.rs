//! The names that editors give to documents.

use std::path::PathBuf;

/// The path that a `file:` URI names; nothing for a document that is no file of this machine.
///
/// Editors differ in what they escape, and whether the letter of a Windows drive is one of it: `file:///c%3A/x` and
/// `file:///C:/x` are the same file.
pub(super) fn path_of(uri: &str) -> Option<PathBuf> {
    path_for(uri, cfg!(windows)).map(PathBuf::from)
}

fn path_for(uri: &str, is_windows: bool) -> Option<String> {
    let (scheme, rest) = uri.split_once(':')?;
    if !scheme.eq_ignore_ascii_case("file") {
        return None;
    }
    let (host, path) = match rest.strip_prefix("//") {
        Some(rest) => rest.split_at(rest.find('/').unwrap_or(rest.len())),
        None => ("", rest),
    };
    let path = decoded(without_query(path))?;
    let has_drive = matches!(path.as_bytes(), [b'/', letter, b':', ..] if letter.is_ascii_alphabetic());
    if path.contains('\0') || path.is_empty() {
        None
    } else if is_windows && has_drive {
        Some(format!("{}{}", path[1..2].to_ascii_uppercase(), path[2..].replace('/', "\\")))
    } else if host.is_empty() || host.eq_ignore_ascii_case("localhost") {
        Some(path)
    } else {
        // A share of another machine is a path only where there are shares.
        is_windows.then(|| format!("\\\\{host}{}", path.replace('/', "\\")))
    }
}

/// What a document is called, as a path with `/`: all that readers want to know of it is its extension.
pub(super) fn name_of(uri: &str) -> String {
    let path = uri.split_once(':').map_or(uri, |(_, path)| path);
    let path = without_query(path.strip_prefix("//").unwrap_or(path));
    decoded(path).unwrap_or_else(|| path.to_owned())
}

fn without_query(path: &str) -> &str {
    &path[..path.find(['?', '#']).unwrap_or(path.len())]
}

/// The text that a percent-encoded one stands for. A `%` that starts no escape stands for itself; nothing where the
/// bytes are no UTF-8.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let escaped = match after {
            [high, low, ..] if *first == b'%' => digit(*high).zip(digit(*low)).map(|(high, low)| high << 4 | low),
            _ => None,
        };
        bytes.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() { &after[2..] } else { after };
    }
    String::from_utf8(bytes).ok()
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::{name_of, path_for};

    #[test]
    fn file_uris_name_paths() {
        let unix = |uri| path_for(uri, false);
        assert_eq!(unix("file:///a/b.json").as_deref(), Some("/a/b.json"));
        assert_eq!(unix("file:///a%20b/100%25/%C3%A9.json").as_deref(), Some("/a b/100%/é.json"));
        assert_eq!(unix("file:///a b/100%/é.json#x").as_deref(), Some("/a b/100%/é.json"));
        assert_eq!(unix("FILE://localhost/a.json").as_deref(), Some("/a.json"));
        assert_eq!(unix("file:/a.json").as_deref(), Some("/a.json"));
        assert_eq!(unix("file:///c%3A/a.json").as_deref(), Some("/c:/a.json"));
    }

    #[test]
    fn windows_has_drives_and_shares() {
        let windows = |uri| path_for(uri, true);
        assert_eq!(windows("file:///c%3A/My%20Files/a.json").as_deref(), Some("C:\\My Files\\a.json"));
        assert_eq!(windows("file:///C:/a.json").as_deref(), Some("C:\\a.json"));
        assert_eq!(windows("file://server/share/a.json").as_deref(), Some("\\\\server\\share\\a.json"));
    }

    #[test]
    fn what_is_no_file_of_this_machine_has_no_path() {
        for uri in [
            "untitled:Untitled-1",
            "git:/a/b.json?x",
            "file://server/a",
            "",
            "a.json",
            "file:",
            "file:///%FF",
            "file:///a%00b",
        ] {
            assert_eq!(path_for(uri, false), None, "{uri}");
        }
    }

    #[test]
    fn every_document_has_a_name() {
        assert_eq!(name_of("file:///a%20b/c.json"), "/a b/c.json");
        assert_eq!(name_of("untitled:Untitled-1"), "Untitled-1");
        assert_eq!(name_of("untitled:/w/new.jsonc"), "/w/new.jsonc");
        assert_eq!(name_of("git:/a/b.json?%7B%7D"), "/a/b.json");
        assert_eq!(name_of("vscode-vfs://github/o/r/a.json"), "github/o/r/a.json");
        assert_eq!(name_of("%zz"), "%zz");
        assert_eq!(name_of("x:%FF"), "%FF");
    }
}
