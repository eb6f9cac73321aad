//! Paths and names in the URIs of documents.

use std::path::{MAIN_SEPARATOR, PathBuf};

use percent_encoding::percent_decode_str;

/// The scheme, the authority and the path of a URI.
fn parts(uri: &str) -> Option<(&str, &str, &str)> {
    let (scheme, rest) = uri.split_once(':')?;
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    let rest = rest.split(['?', '#']).next().filter(|_| is_scheme)?;
    let (authority, path) = match rest.strip_prefix("//") {
        Some(rest) => rest.split_at(rest.find('/').unwrap_or(rest.len())),
        None => ("", rest),
    };
    Some((scheme, authority, path))
}

/// The path in a `file:` URI; `None` for other URIs, and for files on another machine if paths cannot name one.
pub(super) fn path_of(uri: &str) -> Option<PathBuf> {
    let (scheme, authority, path) = parts(uri)?;
    let path = percent_decode_str(path).decode_utf8().ok()?;
    let is_local = authority.is_empty() || authority.eq_ignore_ascii_case("localhost");
    if !scheme.eq_ignore_ascii_case("file") || !path.starts_with('/') || !(is_local || cfg!(windows)) {
        return None;
    }
    Some(match path.strip_prefix('/') {
        Some(_) if !is_local => format!("//{authority}{path}").into(),
        // `/c:/folder`.
        Some(inside) if cfg!(windows) => inside.into(),
        _ => path.as_ref().into(),
    })
}

/// The name of a document, with `/` between folders. Its extension tells the linter how the text is written.
pub(super) fn name_of(uri: &str) -> String {
    match (path_of(uri), parts(uri)) {
        (Some(path), _) => path.to_string_lossy().replace(MAIN_SEPARATOR, "/"),
        (None, Some((_, _, path))) => path.to_owned(),
        (None, None) => uri.to_owned(),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::{name_of, path_of};

    #[test]
    fn file_uris_hold_paths() {
        for (uri, path) in [
            ("file:///a/b.json", "/a/b.json"),
            ("file:///a%20b/100%25/%C3%A9.json", "/a b/100%/é.json"),
            ("file:///a b/100%/é.json#x", "/a b/100%/é.json"),
            ("FILE://localhost/a.json", "/a.json"),
            ("file:/a.json", "/a.json"),
            ("file:///c%3A/a.json", "/c:/a.json"),
        ] {
            assert_eq!(path_of(uri).as_deref(), Some(path.as_ref()), "{uri}");
        }
        for uri in ["untitled:Untitled-1", "git:/a/b.json?x", "file://server/a", "", "a.json"] {
            assert_eq!(path_of(uri), None, "{uri}");
        }
    }

    #[test]
    fn every_document_has_a_name() {
        assert_eq!(name_of("file:///a%20b/c.json"), "/a b/c.json");
        assert_eq!(name_of("untitled:Untitled-1"), "Untitled-1");
        assert_eq!(name_of("untitled:/w/new.jsonc"), "/w/new.jsonc");
        assert_eq!(name_of("git:/a/b.json?%7B%7D"), "/a/b.json");
        assert_eq!(name_of("vscode-vfs://github/o/r/a.json"), "/o/r/a.json");
        assert_eq!(name_of("%zz"), "%zz");
    }
}
