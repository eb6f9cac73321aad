"""Adds a rule and a field to a copy of the repository, by changing only the files that docs/CONTRIBUTING.md lists.

Then the tests of these files pass, the built command has both, and `make bless` rewrites exactly the listed files.
"""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))

# Tests that compare generated files or read the listed files.
TESTS = "--lib --test generated --test rules --test pages --test model"

RULE = "html-url"
RULE_CODE = '''//! URLs of pages for people.

use crate::atlas::fields::Field;
use crate::atlas::Kind;
use crate::connection::Connection;
use crate::diagnostic::{Findings, Rule};

pub(crate) static HTML_URL: Rule = Rule::info("html-url", "a URL of an HTML page").on(&[Kind::Https]);

pub(super) fn check(connection: &Connection, found: &mut Findings) {
    let url = connection.get(Field::Url);
    if url.known_str().is_some_and(|url| url.ends_with(".html")) {
        found
            .report(&HTML_URL, format!("`{}` is an HTML page", url.spelling()))
            .at(url, "ends in .html")
            .help("use the URL of an API");
    }
}
'''
RULE_PAGE = '''# html-url

## What it does

Reports a connection whose URL ends in `.html`.

## Why it matters

An HTML page does not process events.

## How to fix

Use the URL of an API.

## Example

```json bad
{ "name": "orders", "type": "Https", "url": "https://api.example.com/orders.html" }
```

```json good
{ "name": "orders", "type": "Https", "url": "https://api.example.com/orders" }
```

## Evidence

Inferred: no response of Atlas is known.
'''

FIELD = "compression"
FIELD_SCHEMA = {
    "title": "Compression",
    "description": "How request bodies are compressed.",
    "type": "string",
    "enum": ["gzip", "none"],
    "enumDescriptions": ["With gzip.", "Not at all."],
    "x-streamlint-show": "whole",
}
FIELD_DIFFERENCE = {
    "difference": "unknown to the API",
    "schemas": ["Https"],
    "pointers": ["/compression"],
    "reason": "A field that only this test has.",
}


def definition(**fields):
    return {"name": "orders", "type": "Https", "url": "https://api.example.com/orders", **fields}


PAGE_URL = definition(url="https://api.example.com/orders.html")
CASES = [
    {"name": "a page's URL", "value": PAGE_URL, "expect": ["html-url@/url"]},
    {"name": "an API's URL", "value": definition(), "expect": []},
    {"name": "a compression", "value": definition(compression="gzip"), "expect": []},
    {"name": "a compression of another type", "value": definition(compression=5), "expect": ["wrong-type@/compression"]},
    {"name": "an unknown compression", "value": definition(compression="zip"), "expect": ["unknown-value@/compression"]},
]


def run(*command, folder, status=0, **environment):
    """Runs a command, which must exit with `status`, and returns its output."""
    done = subprocess.run(command, cwd=folder, env=os.environ | environment, text=True, capture_output=True)
    assert done.returncode == status, f"{command} exited with {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def snapshot(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def changed(before, after):
    return {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}


def listed(title):
    """The paths in CONTRIBUTING's numbered list under a title, and those that `make bless` rewrites."""
    text = (ROOT / "docs/CONTRIBUTING.md").read_text(encoding="utf-8")
    section = text.split(f"\n## {title}\n")[1].split("\n## ")[0]
    edited, rewritten = section.split("`make bless`. It rewrites:\n\n")
    edited = set(re.findall(r"(?m)^\d+\. `([^`]+)`", edited))
    rewritten = re.findall(r"(?m)^- (.*?):", rewritten.split("\n\n")[0])
    names = {"<rule>": RULE.replace("-", "_"), "<file>": "html_url", "<Type>": "Https"}
    for placeholder, name in names.items():
        edited = {path.replace(placeholder, name) for path in edited}
    return edited, {path for line in rewritten for path in re.findall(r"`([^`]+)`", line)}


def add_rule(tree):
    name = RULE.replace("-", "_")
    (tree / f"src/rules/{name}.rs").write_text(RULE_CODE, encoding="utf-8")
    (tree / f"src/rules/{name}.md").write_text(RULE_PAGE, encoding="utf-8")
    insert(tree / "src/rules.rs", "mod kafka_auth;\n", f"mod {name};\n")
    insert(tree / "src/rules.rs", "    connection(&malformed_oauth_extensions::", f"    connection(&{name}::HTML_URL, {name}::check),\n")


def add_field(tree):
    schema = tree / "schemas/Https.schema.json"
    text = json.loads(schema.read_text(encoding="utf-8"))
    text["properties"][FIELD] = FIELD_SCHEMA
    schema.write_text(json.dumps(text, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    differences = tree / "tests/fixtures/openapi-differences.json"
    text = json.loads(differences.read_text(encoding="utf-8"))
    differences.write_text(json.dumps([*text, FIELD_DIFFERENCE], indent=2, ensure_ascii=False), encoding="utf-8")


def insert(path, before, line):
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1, f"{path} has one {before!r}"
    path.write_text(text.replace(before, line + before), encoding="utf-8")


def share_dependencies(target):
    """Links the built dependencies, so that only the package itself is rebuilt."""

    def ours(folder, names):
        is_deps = Path(folder).name == "deps"
        return [name for name in names if "streamlint" in name or (is_deps and not name.startswith("lib"))]

    if not target.exists():
        for folder in ["deps", ".fingerprint", "build"]:
            source = TARGET / "debug" / folder
            shutil.copytree(source, target / "debug" / folder, copy_function=os.link, ignore=ours)


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    tree = tmp_path_factory.mktemp("streamlint")
    files = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", folder=ROOT).split("\0")
    for file in filter(None, files):
        if (ROOT / file).is_file():
            (tree / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / file, tree / file)
    return tree


def test_the_lists_for_a_rule_and_a_field_are_complete(tree):
    target = TARGET / "cost"
    share_dependencies(target)
    cargo = {"CARGO_TARGET_DIR": str(target)}

    start = snapshot(tree)
    add_rule(tree)
    add_field(tree)
    (tree / "tests/cases/html_url.json").write_text(json.dumps(CASES, indent=1) + "\n", encoding="utf-8")
    edited = snapshot(tree)
    (rule_files, rule_blessed), (field_files, field_blessed) = listed("Add a rule"), listed("Add a field")
    assert changed(start, edited) == rule_files | field_files

    run("make", "--no-print-directory", "bless", f"TESTS={TESTS}", folder=tree, **cargo)
    blessed = changed(edited, snapshot(tree))
    assert blessed <= rule_blessed | field_blessed
    assert rule_blessed <= blessed
    run("cargo", "test", "--locked", *TESTS.split(), folder=tree, **cargo)

    streamlint = str(target / "debug/streamlint")

    def found(value, status):
        (tree / "orders.json").write_text(json.dumps(value), encoding="utf-8")
        report = run(streamlint, "check", "--format", "json", "orders.json", folder=tree, status=status)
        return [(found["rule"], found["pointer"]) for found in json.loads(report)["files"][0]["diagnostics"]]

    assert found(PAGE_URL, 0) == [(RULE, "/url")]
    assert "An HTML page does not process events." in run(streamlint, "explain", RULE, folder=tree)
    assert found(definition(compression="gzip"), 0) == []
    assert found(definition(compression=5), 1) == [("wrong-type", "/compression")]
    assert found(definition(compresion="gzip"), 1) == [("unknown-field", "/compresion")]
