//! Writes the source of the documentation's site, an mdBook, from the Markdown of the repository:
//!
//!     cargo run --example site -- FOLDER
//!
//! `make site` runs it, then mdBook, and adds the page of web/. Links between the files lead to the page of the site if
//! there is one, otherwise to the repository.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag};
use regex::{Captures, Regex};
use streamlint::{Config, Kind, Kinds, Linter, RULES, Rule, Source};

/// The URL of the repository's files, in this version.
const FILES: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/v", env!("CARGO_PKG_VERSION"), "/");

/// The pages other than those of rules: the file in the repository, the path in the site, and the title in the sidebar.
/// A title without a path starts a part.
const PAGES: &[(&str, &str, &str)] = &[
    ("README.md", "index.md", "streamlint"),
    ("", "try/index.md", "Try it"),
    ("", "", "Guides"),
    ("docs/usage.md", "usage.md", "Usage"),
    ("docs/settings.md", "settings.md", "Settings"),
    ("docs/policies.md", "policies.md", "Policies"),
    ("docs/ci.md", "ci.md", "CI and pipelines"),
    ("docs/editors.md", "editors.md", "Editors"),
    ("pkg/vscode/README.md", "vscode.md", "VS Code"),
    ("pkg/README.md", "npm.md", "npm package"),
    ("src/lib.rs", "library.md", "Rust library"),
    ("", "", "Reference"),
    ("docs/rules.md", "rules/index.md", "Rules"),
    ("docs/evidence.md", "evidence.md", "Evidence"),
    ("SECURITY.md", "security.md", "Security"),
    ("CHANGELOG.md", "changelog.md", "Changelog"),
    ("", "", "Development"),
    ("docs/CONTRIBUTING.md", "contributing.md", "Contributing"),
    ("docs/ARCHITECTURE.md", "architecture.md", "Architecture"),
];

/// A placeholder in the search index, which the site replaces by the page of web/.
const TRY: &str = "# Try it\n\nThe playground: an editor and a form for connection definitions in the browser, online. \
                   It lints while you type, fixes, converts, and sends nothing.\n";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn main() -> io::Result<()> {
    let Some(folder) = env::args_os().nth(1).map(PathBuf::from) else {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "name the folder to write to"));
    };
    for (path, text) in files()? {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap_or(&folder))?;
        fs::write(path, text)?;
    }
    Ok(())
}

/// Returns every file of the book: its path and its text.
fn files() -> io::Result<Vec<(String, String)>> {
    let read = |file: &str| Ok::<_, io::Error>(fs::read_to_string(root().join(file))?.replace("\r\n", "\n"));
    let mut files = Vec::new();
    let site = Site::new();
    let mut summary = "# Summary\n".to_owned();
    for (file, path, title) in PAGES {
        let line = match (*file, *path) {
            (_, "") => format!("\n# {title}\n\n"),
            ("README.md", _) => format!("\n[{title}]({path})\n"),
            ("", _) => format!("[{title}]({path})\n"),
            _ => format!("- [{title}]({path})\n"),
        };
        summary.push_str(&line);
        let text = match *file {
            "" => TRY.to_owned(),
            "src/lib.rs" => library(&read(file)?),
            "docs/evidence.md" => with_anchors(&read(file)?),
            _ => read(file)?,
        };
        if *file == "docs/rules.md" {
            summary.push_str(&rules_in_groups(&text));
        }
        if !path.is_empty() {
            files.push((format!("src/{path}"), site.with_links(&text, file, path)?));
        }
    }
    for rule in RULES {
        let path = format!("rules/{}.md", rule.name);
        let text = site.with_links(&page(rule), &file_of(rule), &path)?;
        files.push((format!("src/{path}"), text));
    }
    files.push(("src/SUMMARY.md".to_owned(), summary));
    files.push(("src/docs/check.svg".to_owned(), read("docs/check.svg")?));
    let repository = format!("git-repository-url = \"{}\"\n", env!("CARGO_PKG_REPOSITORY"));
    files.push(("book.toml".to_owned(), read("docs/site/book.toml")? + &repository));
    files.push(("site.css".to_owned(), read("docs/site/site.css")?));
    let schemas = streamlint::schemas().iter();
    files.extend(schemas.map(|(name, text)| (format!("src/schemas/{name}.schema.json"), (*text).to_owned())));
    Ok(files)
}

/// Returns the file of a rule's page.
fn file_of(rule: &Rule) -> String {
    rule.url().trim_start_matches(FILES).to_owned()
}

/// Returns the lines of the summary below the list of rules: groups as in the list, and the rules in each.
fn rules_in_groups(list: &str) -> String {
    let mut lines = String::new();
    for line in list.lines() {
        if let Some(group) = line.strip_prefix("## ") {
            let _ = writeln!(lines, "    - [{group}]()");
        } else if let Some((name, _)) = line.strip_prefix("| [`").and_then(|row| row.split_once('`')) {
            let _ = writeln!(lines, "        - [{name}](rules/{name}.md)");
        }
    }
    lines
}

/// Returns the page of a rule, with its facts and a heading for each example.
fn page(rule: &Rule) -> String {
    let mut facts = vec![rule.severity.name().to_owned(), format!("fix: {}", rule.fix.name())];
    if rule.kinds != Kinds::ALL && rule.kinds != Kinds::NONE {
        facts.push(rule.kinds.iter().map(Kind::name).collect::<Vec<_>>().join(", "));
    }
    facts.push(format!("since {}", rule.since));
    let title = format!("# {}\n", rule.name);
    let mut page = format!("{title}\n{}. *{}*\n", capitalized(rule.summary), facts.join(" · "));
    let examples = rule.examples();
    for (number, line) in rule.page().lines().enumerate().skip(1) {
        // The line of an example is the one after its fence.
        let example = examples.iter().find(|example| example.line == number + 2);
        match example.and_then(|example| Some((example, example.is_good?))) {
            Some((_, true)) => page.push_str("\n<div class=\"good\">\n\n✓ good\n\n</div>\n\n"),
            Some((example, false)) => {
                let config = Config::builder();
                let config = if let Some(mode) = example.mode { config.mode(mode) } else { config };
                let linter = config.build().map(Linter::new).expect("a mode is valid");
                // An example is a complete module.
                let reports = linter.check_all(&[Source::new(example.name.as_str(), example.text.as_str())]);
                let message = reports[0].diagnostics().first().map_or("", |found| &found.message);
                let _ = writeln!(page, "\n<div class=\"bad\">\n\n✗ bad: {message}\n\n</div>\n");
            }
            None => {}
        }
        page.push_str(line);
        page.push('\n');
    }
    let name = rule.name;
    let _ = writeln!(
        page,
        "\nTo change the severity or turn the rule off, set `{name}` under `[rules]` in \
         [`streamlint.toml`](../../docs/settings.md). To ignore one finding, add the comment \
         [`streamlint-ignore[{name}]: reason`](../../docs/usage.md#ignore-comments)."
    );
    let id = Regex::new(r"\b[A-Z]{3}-[0-9]{3}\b").expect("a valid pattern");
    let link = |id: &Captures| format!("[{0}](../../docs/evidence.md#{0})", &id[0]);
    match page.split_once("\n## Evidence\n") {
        Some((before, evidence)) => format!("{before}\n## Evidence\n{}", id.replace_all(evidence, link)),
        None => page,
    }
}

fn capitalized(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// Adds an anchor to each fact, for links from the pages of rules.
fn with_anchors(evidence: &str) -> String {
    let fact = Regex::new(r"(?m)^- \*\*([A-Z]{3}-[0-9]{3})\*\*").expect("a valid pattern");
    fact.replace_all(evidence, "- <a id=\"$1\"></a>**$1**").into_owned()
}

/// Returns the documentation of the crate as a page, without hidden lines of examples and without links to items.
fn library(source: &str) -> String {
    let mut page = "# Rust library\n\n".to_owned();
    let mut is_code = false;
    for line in source.lines().map_while(|line| line.strip_prefix("//!")) {
        let line = line.strip_prefix(' ').unwrap_or(line);
        let is_fence = line.starts_with("```");
        is_code ^= is_fence;
        match line {
            "```" if is_code => page.push_str("```rust"),
            hidden if is_code && hidden.starts_with("# ") => continue,
            heading if heading.starts_with("# ") => page.extend(["#", heading]),
            line => page.push_str(line),
        }
        page.push('\n');
    }
    Regex::new(r"\[(`[^`]+`)\]").expect("a valid pattern").replace_all(&page, "$1").into_owned()
}

/// The positions of the repository's files in the site.
struct Site {
    paths: BTreeMap<String, String>,
}

impl Site {
    fn new() -> Self {
        let pages = PAGES.iter().filter(|(file, ..)| !file.is_empty());
        let pages = pages.map(|(file, path, _)| ((*file).to_owned(), (*path).to_owned()));
        let rules = RULES.iter().map(|rule| (file_of(rule), format!("rules/{}.md", rule.name)));
        Self { paths: pages.chain(rules).collect() }
    }

    /// Returns the text of a file, with links for the page at `path`.
    fn with_links(&self, text: &str, file: &str, path: &str) -> io::Result<String> {
        let mut out = text.to_owned();
        let links = Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter();
        for (event, range) in links.collect::<Vec<_>>().into_iter().rev() {
            let Event::Start(Tag::Link { link_type: LinkType::Inline, dest_url, .. }) = event else { continue };
            let Some(at) = text[range.clone()].rfind(&format!("]({dest_url})")) else { continue };
            let start = range.start + at + 2;
            out.replace_range(start..start + dest_url.len(), &self.target(&dest_url, file, path)?);
        }
        Ok(out)
    }

    /// Returns the target of a link in a file, for the page at `path`.
    fn target(&self, url: &str, file: &str, path: &str) -> io::Result<String> {
        let (address, fragment) = url.split_at(url.find('#').unwrap_or(url.len()));
        let main = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/");
        let target = if let Some(target) = address.strip_prefix(main).or_else(|| address.strip_prefix(FILES)) {
            target.to_owned()
        } else if address.is_empty() || address.contains(':') {
            return Ok(url.to_owned());
        } else {
            let mut parts = file.split('/').collect::<Vec<_>>();
            parts.pop();
            for part in address.split('/').filter(|part| *part != ".") {
                if part == ".." {
                    parts.pop();
                } else {
                    parts.push(part);
                }
            }
            parts.join("/")
        };
        if let Some(target) = self.paths.get(&target) {
            let up = "../".repeat(path.matches('/').count());
            return Ok(format!("{up}{target}{fragment}"));
        }
        if !root().join(&target).exists() {
            return Err(io::Error::other(format!("{file} links to {url}, which does not exist")));
        }
        Ok(format!("{FILES}{target}{fragment}"))
    }
}

#[cfg(test)]
mod tests {
    use super::{FILES, PAGES, RULES, Site, files};

    fn text(path: &str) -> String {
        let found = files().expect("all links lead somewhere").into_iter().find(|(file, _)| file == path);
        found.unwrap_or_else(|| panic!("no {path}")).1
    }

    #[test]
    fn every_rule_has_a_page_in_a_group() {
        let summary = text("src/SUMMARY.md");
        let mut rules = summary.lines().filter_map(|line| line.strip_prefix("        - ["));
        for rule in RULES {
            assert_eq!(rules.next(), Some(&*format!("{0}](rules/{0}.md)", rule.name)));
            let page = text(&format!("src/rules/{}.md", rule.name));
            for part in [&format!("# {}\n", rule.name), "\n## What it does\n", "\n## How to fix\n"] {
                assert!(page.contains(part), "{}: {part}", rule.name);
            }
            for (is_good, mark) in [(true, "✓ good\n"), (false, "✗ bad: ")] {
                let count = rule.examples().iter().filter(|example| example.is_good == Some(is_good)).count();
                assert_eq!(page.matches(mark).count(), count, "{}: {mark}", rule.name);
            }
        }
        assert_eq!(rules.next(), None);
    }

    #[test]
    fn links_lead_to_pages_or_to_the_repository() {
        let site = Site::new();
        let cases = [
            ("../README.md#ci", "docs/ci.md", "ci.md", "index.md#ci"),
            ("../src/rules/missing_port.md", "docs/rules.md", "rules/index.md", "../rules/missing-port.md"),
            ("../Containerfile", "docs/ci.md", "ci.md", &format!("{FILES}Containerfile")),
            ("#examples", "docs/policies.md", "policies.md", "#examples"),
            ("https://rustup.rs", "README.md", "index.md", "https://rustup.rs"),
            (&format!("{FILES}docs/usage.md"), "pkg/README.md", "npm.md", "usage.md"),
        ];
        for (url, file, path, target) in cases {
            assert_eq!(site.target(url, file, path).expect(url), target);
        }
        assert!(site.target("gone.md", "docs/ci.md", "ci.md").is_err());
    }

    #[test]
    fn every_document_is_a_page() {
        let root = super::root().join("docs");
        for entry in std::fs::read_dir(root).expect("docs is a folder") {
            let path = entry.expect("docs can be read").path();
            let is_page = PAGES.iter().any(|(file, ..)| !file.is_empty() && path.ends_with(file));
            assert!(is_page || path.extension().is_none_or(|extension| extension != "md"), "{}", path.display());
        }
    }
}
