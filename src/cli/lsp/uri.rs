//! Paths and names in the URIs of documents.

use std::path::{MAIN_SEPARATOR, PathBuf};

use url::Url;

/// The path in a `file:` URI; `None` for other URIs, and for files of another machine.
pub(super) fn path_of(uri: &str) -> Option<PathBuf> {
    Url::parse(uri).ok().filter(|url| url.scheme() == "file")?.to_file_path().ok()
}

/// The name of a document, with `/` between folders. Its extension tells the linter how the text is written.
pub(super) fn name_of(uri: &str) -> String {
    let Ok(url) = Url::parse(uri) else { return uri.to_owned() };
    match url.to_file_path() {
        Ok(path) => path.to_string_lossy().replace(MAIN_SEPARATOR, "/"),
        Err(()) => url.path().to_owned(),
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
