//! Writes the files of the site: `/rules/NAME`, the page of each rule, and `/schemas/NAME.schema.json`, the address in each
//! schema's `$id`. `make site` puts it beside the page of web/; the whole folder is what
//! <https://streamlint.dev> serves.
//!
//!     cargo run --example site -- FOLDER

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, html};
use streamlint::{RULES, Rule};

const STYLE: &str = "\
:root { color-scheme: light dark; --faint: #667; --line: #ccd; --bad: #b3261e; --good: #1b6e3a; --code: #f4f5f8 }
@media (prefers-color-scheme: dark) { :root { --faint: #99a; --line: #445; --bad: #ff8a80; --good: #7fd69b; --code: #1d1f27 } }
body { margin: 2rem auto; max-width: 46rem; padding: 0 1rem; font: 1rem/1.55 system-ui, sans-serif }
code { font: .9em ui-monospace, monospace; background: var(--code); padding: .1em .25em; border-radius: .25em }
pre { background: var(--code); padding: .8rem; overflow-x: auto; border-radius: .4rem }
pre code { padding: 0 }
table { border-collapse: collapse } td { padding: .2rem .8rem .2rem 0; border-top: 1px solid var(--line); vertical-align: top }
.faint { color: var(--faint) } .bad { color: var(--bad) } .good { color: var(--good) }
.bad, .good { margin-bottom: -.6rem; font-weight: 600 }
";

fn main() -> io::Result<()> {
    let Some(folder) = env::args_os().nth(1).map(PathBuf::from) else {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "say which folder to write to"));
    };
    for (path, text) in files() {
        write(&folder.join(path), &text)?;
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text)
}

/// Every file of the site that comes from here: its path, and its text.
fn files() -> Vec<(String, String)> {
    let mut files = vec![("rules/index.html".to_owned(), index())];
    files.push(("policies/index.html".to_owned(), policies()));
    files.extend(RULES.iter().map(|rule| (format!("rules/{}/index.html", rule.name), page(rule))));
    let schemas = streamlint::schemas().iter();
    files.extend(schemas.map(|(name, text)| (format!("schemas/{name}.schema.json"), (*text).to_owned())));
    files
}

/// The list of rules.
fn index() -> String {
    let mut body = "<h1>The rules</h1>\n<table>\n".to_owned();
    for rule in RULES {
        let summary = inline(rule.summary);
        let _ = writeln!(body, "<tr><td><a href=\"{0}/\"><code>{0}</code></a></td><td>{summary}</td></tr>", rule.name);
    }
    body.push_str("</table>\n");
    document("The rules", "Every rule of streamlint, and what it finds", &body)
}

/// The page about policies.
fn policies() -> String {
    let mut body = String::new();
    html::push_html(&mut body, Parser::new_ext(include_str!("policies.md"), Options::ENABLE_TABLES));
    document("Policies", "Rules of your own, written as JSON Schema", &body)
}

/// The page of one rule.
fn page(rule: &Rule) -> String {
    let mut body = String::new();
    let mut examples = rule.examples().into_iter();
    let events = Parser::new(rule.page()).flat_map(|event| {
        let is_example = matches!(event, Event::Start(Tag::CodeBlock(_)));
        let example = if is_example { examples.next() } else { None };
        let heading = example
            .and_then(|example| example.is_good)
            .map(|is_good| if is_good { "<p class=\"good\">✓ good</p>\n" } else { "<p class=\"bad\">✗ bad</p>\n" });
        heading.map(|heading| Event::Html(CowStr::from(heading))).into_iter().chain([event])
    });
    html::push_html(&mut body, events);
    let facts = format!("<p class=\"faint\">{}, since {}</p>", rule.severity.name(), rule.since);
    let mut body = body.replacen("</h1>", &format!("</h1>\n{facts}"), 1);
    let name = rule.name;
    let _ = writeln!(
        body,
        "<p>To change the severity or turn the rule off, set <code>{name}</code> under <code>[rules]</code> in \
         <code>streamlint.toml</code>.</p>"
    );
    let back = "<p class=\"faint\"><a href=\"../\">All rules</a></p>\n";
    document(rule.name, rule.summary, &(back.to_owned() + &body))
}

/// Words with code among them, as HTML.
fn inline(words: &str) -> String {
    let mut out = String::new();
    html::push_html(&mut out, Parser::new(words));
    out.trim().trim_start_matches("<p>").trim_end_matches("</p>").to_owned()
}

fn document(title: &str, description: &str, body: &str) -> String {
    let description = description.replace(['`', '"', '<', '>', '&'], "");
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"description\" content=\"{description}\">\n<title>{title} · streamlint</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n<p><a href=\"/\">streamlint</a></p>\n{body}</body>\n</html>\n"
    )
}

#[cfg(test)]
mod tests {
    use streamlint::RULES;

    use super::files;

    /// The text at an address of the site.
    fn served(url: &str) -> String {
        let path = url.strip_prefix(concat!(env!("CARGO_PKG_HOMEPAGE"), "/")).expect(url);
        let found = files().into_iter().find(|(file, _)| file == path || *file == format!("{path}/index.html"));
        found.unwrap_or_else(|| panic!("nothing is at {url}")).1
    }

    #[test]
    fn every_rule_has_a_page() {
        for rule in RULES {
            let page = served(&format!("{}/rules/{}", env!("CARGO_PKG_HOMEPAGE"), rule.name));
            for part in [&format!("<h1>{}</h1>", rule.name), "<h2>What it does</h2>", "<h2>How to fix</h2>"] {
                assert!(page.contains(part), "{}: {part}", rule.name);
            }
            assert!(!page.contains("```") && !page.contains("\n# "), "{}", rule.name);
        }
    }

    #[test]
    fn every_schema_stands_where_its_id_says() {
        for (_, text) in streamlint::schemas() {
            let schema = serde_json::from_str::<serde_json::Value>(text).expect("schemas are JSON");
            assert_eq!(served(schema["$id"].as_str().expect("schemas have an id")), *text);
        }
    }

    #[test]
    fn the_list_has_every_rule() {
        let list = served(concat!(env!("CARGO_PKG_HOMEPAGE"), "/rules"));
        assert_eq!(list.matches("<tr>").count(), RULES.len());
    }
}
