"""Third-party readers of each format get the same findings that the JSON report has."""

import copy
import json
import os
import platform
import shutil
import stat
import subprocess
from pathlib import Path
from urllib.parse import unquote

import jsonschema
import junitparser
import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
TARGET = (ROOT / os.environ.get("CARGO_TARGET_DIR", "target")).resolve()
COMMAND = TARGET / "debug/streamlint"
MULTITOOL = HERE / "node_modules/@microsoft/sarif-multitool-linux"
# The package also contains the schema of SARIF.
needs_multitool = pytest.mark.skipif(
    (platform.system(), platform.machine()) != ("Linux", "x86_64"),
    reason="the SARIF validator is a program for Linux on x86-64",
)

# Names that may break a format; control characters are tested in tests/formats.rs.
NAMES = ["a b%,1.json", "::error::x.json", "é😀]]>&<b>.json", "b:c,line=1.jsonc"]
# A connection with similarly hostile names and values, and with a finding after an emoji.
HOSTILE = r"""[{ "type": "Sample", "name": "😀 ]]> {0} [a](https://x.example) %0A::error::\u001b[31m\n", "😀": 1, "url": 2, "url": 3 },
 { "type": "::error::\r\n,:%", "name": "😀", "::notice::": "##[group]" }]
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reports")
    shutil.copytree(ROOT / "examples", folder / "examples")
    for name in NAMES:
        (folder / name).write_text(HOSTILE)
    return folder


@pytest.fixture(scope="module")
def report(folder):
    report = json.loads(check(folder, "json"))
    assert report["summary"]["errors"] > 20
    return report


def check(folder, form):
    run = subprocess.run([COMMAND, "check", *NAMES, "examples", "--format", form], cwd=folder, capture_output=True)
    assert run.returncode == 1, run.stderr
    return run.stdout.decode()


def findings(report):
    return [(file["path"], found) for file in report["files"] for found in file["diagnostics"]]


@needs_multitool
def test_sarif_is_valid_by_its_schema(folder):
    schema = json.loads((MULTITOOL / "sarif-2.1.0.json").read_text(encoding="utf-8-sig"))
    validator = jsonschema.validators.validator_for(schema)(schema)
    log = json.loads(check(folder, "sarif"))
    assert [error.message for error in validator.iter_errors(log)] == []
    broken = copy.deepcopy(log)
    broken["runs"][0]["results"][0]["level"] = "fatal"
    assert not validator.is_valid(broken)


def multitool(folder, log):
    """The results of the SARIF SDK's validator: rule, level and message."""
    program = MULTITOOL / "Sarif.Multitool"
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    (folder / "log.sarif").write_text(log)
    arguments = ["validate", "log.sarif", "--output", "validated.sarif", "--log", "ForceOverwrite"]
    # It is a .NET program that bundles everything except ICU.
    environment = os.environ | {"DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
    subprocess.run([program, *arguments], cwd=folder, env=environment, check=True, capture_output=True)
    run = json.loads((folder / "validated.sarif").read_text(encoding="utf-8-sig"))["runs"][0]
    return [(result["ruleId"], result.get("level", "warning"), result["message"]) for result in run["results"]]


@needs_multitool
def test_the_sarif_validator_finds_nothing(folder):
    log = check(folder, "sarif")
    assert [found for found in multitool(folder, log) if found[1] != "note"] == []
    # The validator is also silent about a log that it cannot read, so this checks that it finds a mistake.
    assert "JSON1008" in [rule for rule, _, _ in multitool(folder, log.replace('"startLine": 1', '"startLine": 0', 1))]


def test_sarif_has_the_findings_of_the_json_report(folder, report):
    run = json.loads(check(folder, "sarif"))["runs"][0]
    assert run["columnKind"] == "unicodeCodePoints"
    reported = []
    for result in run["results"]:
        place = result["locations"][0]["physicalLocation"]
        region = place["region"]
        reported.append((unquote(place["artifactLocation"]["uri"]), result["ruleId"], region["startLine"], region["startColumn"]))
    start = lambda found: found["span"]["start"]
    assert reported == [(path, it["rule"], start(it)["line"], start(it)["column"]) for path, it in findings(report)]
    assert len({result["partialFingerprints"]["rulePointer/v1"] for result in run["results"]}) == len(reported)
    described = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    assert described == {it["rule"] for _, it in findings(report)}


def test_sarif_fixes_are_the_edits(folder, report):
    results = json.loads(check(folder, "sarif"))["runs"][0]["results"]
    fixed = 0
    for result, (path, found) in zip(results, findings(report), strict=True):
        text = (folder / path).read_text()
        lines = text.splitlines(keepends=True)
        at = lambda line, column: sum(map(len, lines[: line - 1])) + column - 1
        fixes = [
            (text[at(r["startLine"], r["startColumn"]) : at(r["endLine"], r["endColumn"])], new)
            for fix in result.get("fixes", [])
            for replacement in fix["artifactChanges"][0]["replacements"]
            for r, new in [(replacement["deletedRegion"], replacement.get("insertedContent", {}).get("text", ""))]
        ]
        cut = lambda edit: text.encode()[edit["start"] : edit["end"]].decode()
        edits = found["fix"]["edits"] if found["fix"] else []
        assert fixes == [(cut(edit), edit["text"]) for edit in edits]
        fixed += bool(edits)
    assert fixed > 5


def test_github_annotations_are_those_of_its_own_library(folder, report):
    library = subprocess.run(
        ["node", HERE / "annotations.mjs"], input=json.dumps(report), capture_output=True, check=True, encoding="utf-8"
    )
    assert check(folder, "github").splitlines() == library.stdout.splitlines()


def test_gitlab_reads_every_issue(folder, report):
    issues = json.loads(check(folder, "gitlab"))
    levels = {"error": "major", "warning": "minor", "info": "info"}
    place = lambda path, found: (path, found["span"]["start"]["line"], found["rule"], levels[found["severity"]])
    reported = [(it["location"]["path"], it["location"]["lines"]["begin"], it["check_name"], it["severity"]) for it in issues]
    assert reported == [place(path, found) for path, found in findings(report)]
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)


def test_junit_has_a_suite_for_each_file(folder, report):
    (folder / "junit.xml").write_text(check(folder, "junit"))
    suites = list(junitparser.JUnitXml.fromfile(str(folder / "junit.xml")))
    assert [suite.name for suite in suites] == [file["path"] for file in report["files"]]
    for suite, file in zip(suites, report["files"], strict=True):
        found = file["diagnostics"]
        failures = [it for it in found if it["severity"] != "info"]
        assert (suite.tests, suite.failures, suite.errors) == (max(len(found), 1), len(failures), 0)
        cases = list(suite)
        assert len(cases) == suite.tests
        messages = [result.message for case in cases for result in case.result]
        assert messages == [it["message"] for it in failures]
