"""Lints a corpus of real definitions and says where the verdict differs from the label in its INDEX.tsv.

Usage: corpus.py STREAMLINT CORPUS

A file labelled valid must give no error; one labelled invalid must give at least one finding. In a dialect every connection
must be found and listed, and in what holds none (a custom resource's own schema) nothing. Exits with 1 when something
differs.
"""

import csv
import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

READABLE = (".json", ".jsonc", ".yaml", ".yml", ".template", ".tf", ".http")


def matches(pattern):
    """Counts the matches of a pattern."""
    return lambda text: len(re.findall(pattern, text, re.MULTILINE))


def bodies(text):
    """Counts the connections in the bodies of a recorded exchange, or in a recorded answer behind its head."""
    try:
        pair = json.loads(text)
    except ValueError:
        pair = {"response": {"body": json.loads(text.split("\n\n", 1)[1])}}
    count = 0
    for body in (pair["request"].get("body") if "request" in pair else None, pair["response"].get("body")):
        body = body if isinstance(body, dict) else {}
        count += sum("name" in one and "type" in one for one in body.get("results", [body]))
    return count


# How many connections a file of a folder has, counted without any understanding, and the dialect they are in.
RESOURCES = matches(r'^\s*(?:resource|data) "mongodbatlas_stream_connection(?:_failover|_api)?"')
MANIFESTS = matches(r"^kind: AtlasStreamConnection$")
COUNTS = {
    "cfn": ("cloudformation", matches(r'"Type": "MongoDB::Atlas::StreamConnection"|^ {2,4}"ConnectionName": "')),
    "hcl": ("terraform", RESOURCES),
    "hcl-rendered": ("terraform", RESOURCES),
    "k8s": ("kubernetes", MANIFESTS),
    "k8s-derived": ("kubernetes", MANIFESTS),
    "pairs": ("http", bodies),
}


def lint(streamlint, name, text):
    """The report on a text: its findings, its connections and its dialect, as the JSON report has them."""
    command = [streamlint, "check", "-", "--stdin-filename", name, "--format", "json"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        sys.exit(f"{name}: exit status {done.returncode}: {done.stderr.strip()}")
    files = json.loads(done.stdout)["files"]
    return files[0] if files else {"diagnostics": [], "connections": [], "dialect": None}


def main(streamlint, corpus):
    counts = Counter()
    listed = 0
    with (corpus / "INDEX.tsv").open(encoding="utf-8", newline="") as index:
        rows = list(csv.DictReader(index, delimiter="\t"))
    for row in rows:
        path = corpus / row["path"]
        if path.suffix not in READABLE:
            counts["in a dialect that is not read yet"] += 1
            continue
        text = path.read_text(encoding="utf-8")
        report = lint(streamlint, path.name, text)
        found, connections = report["diagnostics"], report["connections"]
        errors = [one for one in found if one["severity"] == "error"]
        dialect, count = COUNTS.get(row["path"].split("/")[0], (None, None))
        verdict = "agrees"
        if row["expected"] == "valid" and errors:
            verdict = "labelled valid, and has errors"
        elif row["expected"] == "invalid" and not found:
            verdict = "labelled invalid, and nothing was found"
        elif row["expected"] == "n/a" and (found or connections) and row["path"].startswith("k8s/"):
            verdict = "labelled as no definition, and taken for one"
        elif count and len(connections) != count(text):
            verdict = f"labelled with {count(text)} connections, and {len(connections)} are listed"
        elif count and connections and report["dialect"] != dialect:
            verdict = f"labelled as {dialect}, and read as {report['dialect']}"
        counts[verdict if verdict != "agrees" or row["expected"] in ("valid", "invalid") else "without a label"] += 1
        listed += len(connections) if count else 0
        print(f"{row['path']}: {row['expected']}: {row['why'][:100]}")
        for one in connections if count else []:
            print(f"    {one['type']} {one['name']}")
        for one in found:
            print(f"    {one['severity']}: {one['message']} [{one['rule']}]")
        if verdict != "agrees":
            print(f"    DIFFERS: {verdict}")
    print()
    for what, count in counts.most_common():
        print(f"{count:4} {what}")
    print(f"{listed:4} connections in dialects")
    return 1 if any(what.startswith("labelled") for what in counts) else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
