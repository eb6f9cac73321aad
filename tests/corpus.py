"""Lints a corpus of real definitions and says where the verdict differs from the label in its INDEX.tsv.

Usage: corpus.py STREAMLINT CORPUS

A file labelled valid must give no error; one labelled invalid must give at least one finding. In a dialect every connection
must be found and listed, and in what holds none (a custom resource's own schema) nothing. Files that hold a recorded
exchange (a JSON object with `request` and `response`) are taken apart: request bodies are linted as they were sent
(PATCH as an update), answers as answers. Exits with 1 when something differs.
"""

import csv
import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

READABLE = (".json", ".jsonc", ".yaml", ".yml", ".template")

# What tells a connection in the files of a folder, counted without any understanding: the dialect, and a pattern.
MARKS = {
    "cfn": ("cloudformation", re.compile(r'"Type": "MongoDB::Atlas::StreamConnection"|^ {2,4}"ConnectionName": "', re.MULTILINE)),
    "k8s": ("kubernetes", re.compile(r"^kind: AtlasStreamConnection$", re.MULTILINE)),
    "k8s-derived": ("kubernetes", re.compile(r"^kind: AtlasStreamConnection$", re.MULTILINE)),
}


def lint(streamlint, name, text, mode):
    """The report on a text: its findings, its connections and its dialect, as the JSON report has them."""
    command = [streamlint, "check", "-", "--stdin-filename", name, "--format", "json"]
    command += ["--mode", mode] if mode else []
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        sys.exit(f"{name}: exit status {done.returncode}: {done.stderr.strip()}")
    files = json.loads(done.stdout)["files"]
    return files[0] if files else {"diagnostics": [], "connections": [], "dialect": None}


def texts(path):
    """The definitions in a file: what to call each, its text, and the mode to lint it in."""
    text = path.read_text(encoding="utf-8")
    try:
        pair = json.loads(text)
    except ValueError:
        return [("", text, None)]
    if not (isinstance(pair, dict) and {"request", "response"} <= pair.keys()):
        return [("", text, None)]
    method = pair["request"].get("method")
    found = []
    if "body" in pair["request"]:
        found.append((" (request)", json.dumps(pair["request"]["body"]), "update" if method == "PATCH" else None))
    if "body" in pair["response"]:
        found.append((" (response)", json.dumps(pair["response"]["body"]), "response"))
    return found


def main(streamlint, corpus):
    counts = Counter()
    with (corpus / "INDEX.tsv").open(encoding="utf-8", newline="") as index:
        rows = list(csv.DictReader(index, delimiter="\t"))
    for row in rows:
        path = corpus / row["path"]
        if path.suffix not in READABLE:
            counts["in a dialect that is not read yet"] += 1
            continue
        for part, text, mode in texts(path):
            report = lint(streamlint, path.name, text, mode)
            found, connections = report["diagnostics"], report["connections"]
            errors = [one for one in found if one["severity"] == "error"]
            verdict = "agrees"
            if row["expected"] == "valid" and errors:
                verdict = "labelled valid, and has errors"
            elif row["expected"] == "invalid" and not found:
                verdict = "labelled invalid, and nothing was found"
            elif row["expected"] == "n/a" and (found or connections) and row["path"].startswith("k8s/"):
                verdict = "labelled as no definition, and taken for one"
            dialect, mark = MARKS.get(row["path"].split("/")[0], (None, None))
            if mark and len(connections) != len(mark.findall(text)):
                verdict = f"labelled with {len(mark.findall(text))} connections, and {len(connections)} are listed"
            elif mark and connections and report["dialect"] != dialect:
                verdict = f"labelled as {dialect}, and read as {report['dialect']}"
            counts[verdict if row["expected"] in ("valid", "invalid") else "without a label"] += 1
            print(f"{row['path']}{part}: {row['expected']}: {row['why'][:100]}")
            for one in connections if mark else []:
                print(f"    {one['type']} {one['name']}")
            for one in found:
                print(f"    {one['severity']}: {one['message']} [{one['rule']}]")
            if verdict != "agrees":
                print(f"    DIFFERS: {verdict}")
    print()
    for what, count in counts.most_common():
        print(f"{count:4} {what}")
    return 1 if any("labelled" in what for what in counts) else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
