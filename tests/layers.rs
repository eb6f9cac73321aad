//! The layers of docs/ARCHITECTURE.md: an import never points upward, and no modules import each other in a circle.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as expected")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;

/// The top-level modules, lowest first. A module imports only from its own line and from lines above it.
const LAYERS: &[&str] = &[
    "text",
    "atlas",
    "diagnostic",
    "document",
    "parse",
    "conventions",
    "connection",
    "fix",
    "dialect",
    "schema",
    "rules",
    "policies",
    "config",
    "cross_file",
    "suppress",
    "linter",
    "mask",
    "output",
    "position_query",
    "convert",
    "settings",
    "cli",
];

/// The modules that each file's module (`rules::brokers`) imports.
type Imports = BTreeMap<String, BTreeSet<String>>;

#[test]
fn no_import_points_upward() {
    let imports = imports_of(&sources());
    let upward = upward(&imports);
    assert!(upward.is_empty(), "imports that point upward:\n{}", upward.join("\n"));
}

#[test]
fn no_modules_import_each_other_in_a_cycle() {
    let imports = imports_of(&sources());
    assert_eq!(circle(&imports), None, "modules that import each other");
}

#[test]
fn the_page_about_the_architecture_lists_the_layers() {
    let page = include_str!("../docs/ARCHITECTURE.md").replace("\r\n", "\n");
    let (_, section) = page.split_once("\n## Layers\n").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    assert_eq!(rows.collect::<Vec<_>>(), LAYERS);
}

#[test]
fn an_upward_import_and_a_cycle_are_found() {
    let mut sources = sources();
    let text = sources.get_mut("text::pointer").expect("src/text/pointer.rs is there");
    text.push_str("\nuse crate::{\n    rules::{self, RULES},\n};\n");
    let imports = imports_of(&sources);
    assert_eq!(upward(&imports), ["text::pointer imports rules"]);
    assert!(circle(&imports).is_some());
}

/// The text of each module by its path, without comments and inline tests.
fn sources() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut folders, mut sources) = (vec![root.clone()], BTreeMap::new());
    let comments = Regex::new(r"//[^\n]*").unwrap();
    let tests = Regex::new(r"(?s)#\[cfg\([^\n]*test[^\n]*\)\]\s*mod \w+ \{.*").unwrap();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let module = path.strip_prefix(&root).unwrap().with_extension("");
            let module = module.iter().map(|part| part.to_str().unwrap()).collect::<Vec<_>>();
            let is_code = path.extension().is_some_and(|extension| extension == "rs");
            // lib.rs and main.rs re-export everything, and tests may import anything.
            if is_code && !matches!(module[..], ["lib" | "main"]) && !module.contains(&"tests") {
                let text = comments.replace_all(&fs::read_to_string(&path).unwrap(), "").into_owned();
                sources.insert(module.join("::"), tests.replace(&text, "").into_owned());
            }
        }
    }
    sources
}

fn imports_of(sources: &BTreeMap<String, String>) -> Imports {
    let path = Regex::new(r"\b(crate|(?:super::)*super)::").unwrap();
    let mut imports = Imports::new();
    for (module, text) in sources {
        let own = imports.entry(module.clone()).or_default();
        for found in path.captures_iter(text) {
            let base = match &found[1] {
                "crate" => Vec::new(),
                supers => {
                    let parts = module.split("::").collect::<Vec<_>>();
                    let up = supers.matches("super").count();
                    parts[..parts.len().saturating_sub(up)].to_vec()
                }
            };
            for target in paths(&text[found.get(0).unwrap().end()..]) {
                let mut target = base.iter().copied().chain(target).collect::<Vec<_>>();
                // The longest prefix that is a module; the rest names items in it.
                while !target.is_empty() && !sources.contains_key(&target.join("::")) {
                    target.pop();
                }
                let target = target.join("::");
                // Submodules are part of a module, so they do not count as imports.
                if !target.is_empty() && target != *module && !target.starts_with(&format!("{module}::")) {
                    own.insert(target);
                }
            }
        }
    }
    imports
}

/// The paths at the start of a text: `a::{b, c::d}` becomes `a::b` and `a::c::d`.
fn paths(text: &str) -> Vec<Vec<&str>> {
    static TOKEN: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\A\s*(\w+|::|[{},])").unwrap());
    let (mut open, mut path, mut all) = (Vec::new(), Vec::new(), Vec::new());
    let mut rest = text;
    while let Some(found) = TOKEN.captures(rest) {
        rest = &rest[found.get(0).unwrap().end()..];
        match found.get(1).unwrap().as_str() {
            "::" => continue,
            "{" => open.push(path.len()),
            "," | "}" if open.is_empty() => break,
            "," => {
                all.push(path.clone());
                path.truncate(*open.last().unwrap());
            }
            "}" => {
                all.push(path.clone());
                path.truncate(open.pop().unwrap());
            }
            word => path.push(word),
        }
        if open.is_empty() && !rest.starts_with("::") {
            break;
        }
    }
    all.push(path);
    all
}

fn upward(imports: &Imports) -> Vec<String> {
    let layer = |module: &str| {
        let top = module.split("::").next().unwrap_or_default();
        LAYERS.iter().position(|layer| *layer == top).unwrap_or_else(|| panic!("{module} is in no layer of LAYERS"))
    };
    let edges = imports.iter().flat_map(|(module, targets)| targets.iter().map(move |target| (module, target)));
    let upward = edges.filter(|(module, target)| layer(module) < layer(target));
    upward.map(|(module, target)| format!("{module} imports {target}")).collect()
}

/// The modules of a cycle; `None` if there is no cycle.
fn circle(imports: &Imports) -> Option<Vec<&str>> {
    let mut done = BTreeSet::new();
    imports.keys().find_map(|module| visit(module, imports, &mut Vec::new(), &mut done))
}

fn visit<'i>(
    module: &'i str,
    imports: &'i Imports,
    path: &mut Vec<&'i str>,
    done: &mut BTreeSet<&'i str>,
) -> Option<Vec<&'i str>> {
    if let Some(start) = path.iter().position(|known| *known == module) {
        return Some(path[start..].to_vec());
    }
    if !done.insert(module) {
        return None;
    }
    path.push(module);
    let found = imports[module].iter().find_map(|target| visit(target, imports, path, done));
    path.pop();
    found
}
