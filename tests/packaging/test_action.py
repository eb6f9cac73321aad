"""The GitHub action: its two scripts, run as a runner does."""

import json
import os
import re
import shutil
import subprocess

import pytest
import yaml

from conftest import BAD, GOOD, ROOT, VERSION, run

ACTION = yaml.safe_load((ROOT / "action.yml").read_text())


@pytest.fixture
def runner(tmp_path):
    """A function that runs a script as a runner does, and returns its status, its output and the outputs it sets."""
    (tmp_path / "work").mkdir()
    (tmp_path / "temp").mkdir()

    def step(script, **env):
        for name in ("output", "path", "summary"):
            (tmp_path / name).write_text("")
        env = {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], "RUNNER_OS": "Linux", "RUNNER_ARCH": "X64",
               "RUNNER_TEMP": str(tmp_path / "temp"), "GITHUB_OUTPUT": str(tmp_path / "output"),
               "GITHUB_PATH": str(tmp_path / "path"), "GITHUB_STEP_SUMMARY": str(tmp_path / "summary")} | {
               name: value for name, value in os.environ.items() if name.lower().startswith(("npm_config", "node_extra", "ssl_"))
               } | env
        done = subprocess.run([ROOT / "pkg/action" / script], cwd=tmp_path / "work", env=env, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True)
        outputs = dict(line.split("=", 1) for line in (tmp_path / "output").read_text().splitlines())
        return done.returncode, done.stdout, outputs

    return step


def check(runner, native, **env):
    path = f"{native.parent}{os.pathsep}{os.environ['PATH']}"
    return runner("check.sh", **{"PATH": path, "PATHS": ".", "ARGS": "", "FORMAT": "github", "SARIF": "false"} | env)


@pytest.fixture
def releases(archive, tmp_path):
    """A folder with the layout of the releases."""
    return shutil.copytree(archive.parent, tmp_path / "releases" / f"v{VERSION}")


def test_the_binary_of_a_release_is_installed(runner, releases, tmp_path):
    env = {"INSTALL": "binary", "VERSION": "", "STREAMLINT_RELEASES": releases.parent.as_uri()}
    status, reported, _ = runner("install.sh", **env)
    assert (status, reported) == (0, "")
    [folder] = (tmp_path / "path").read_text().splitlines()
    assert run(f"{folder}/streamlint", "-V") == f"streamlint {VERSION}\n"
    assert runner("install.sh", **env | {"VERSION": f"v{VERSION}"})[0] == 0


def test_a_binary_that_is_not_the_released_one_is_refused(runner, releases, tmp_path):
    archive = releases / "streamlint-x86_64-unknown-linux-musl.tgz"
    archive.write_bytes(archive.read_bytes() + b"\0")
    status, reported, _ = runner("install.sh", INSTALL="binary", VERSION="", STREAMLINT_RELEASES=releases.parent.as_uri())
    assert status == 1 and "::error::" in reported and "checksum" in reported, reported
    assert (tmp_path / "path").read_text() == ""


def test_the_npm_package_is_installed(runner, tarball, tmp_path):
    status, reported, _ = runner("install.sh", INSTALL="npm", VERSION="", STREAMLINT_PACKAGE=str(tarball))
    assert status == 0, reported
    [folder] = (tmp_path / "path").read_text().splitlines()
    assert run(f"{folder}/streamlint", "-V") == f"streamlint {VERSION}\n"


@pytest.mark.parametrize("env, why", [
    ({"INSTALL": "curl"}, "binary, npm, cargo or none"),
    ({"VERSION": "1.0 --help"}, "a version like"),
    ({"VERSION": "latest"}, "a version like"),
    ({"RUNNER_ARCH": "X86"}, "no binary for Linux on X86"),
    ({"STREAMLINT_RELEASES": "file:///nowhere"}, "cannot be had"),
])
def test_a_failed_installation_has_a_reason(runner, env, why):
    status, reported, _ = runner("install.sh", **{"INSTALL": "binary", "VERSION": "", "STREAMLINT_RELEASES": "file:///"} | env)
    assert status == 1 and "::error::" in reported and why in reported, reported


def test_the_status_is_an_output(runner, native, tmp_path):
    (tmp_path / "work/good.json").write_text(GOOD)
    assert check(runner, native)[::2] == (0, {"status": "0"})
    (tmp_path / "work/bad.json").write_text(BAD)
    status, reported, outputs = check(runner, native)
    assert (status, outputs) == (0, {"status": "1"})
    assert re.search(r"^::error .*file=bad\.json", reported, re.M), reported
    assert check(runner, native, PATHS="good.json\nno such file.json\n\n")[2] == {"status": "2"}


def test_paths_and_options_are_split(runner, native, tmp_path):
    (tmp_path / "work/--fix").mkdir()
    (tmp_path / "work/--fix/a b.json").write_text(BAD)
    status, reported, outputs = check(runner, native, PATHS="  --fix\n", ARGS=" --fail-on   error -q", FORMAT="concise")
    assert (status, outputs) == (0, {"status": "1"}), reported
    assert reported.startswith("--fix/a b.json:3:11: error: "), reported
    assert (tmp_path / "work/--fix/a b.json").read_text() == BAD
    # The shell evaluates none of the inputs.
    check(runner, native, PATHS="$(touch ran)", ARGS="$(touch ran) `touch ran` ; touch ran")
    assert not (tmp_path / "work/ran").exists()


def test_a_sarif_file_is_written_with_every_format(runner, native, tmp_path):
    (tmp_path / "work/bad.json").write_text(BAD)
    status, reported, outputs = check(runner, native, SARIF="true")
    assert (status, outputs["status"]) == (0, "1") and "::error" in reported
    sarif = json.loads(open(outputs["sarif"]).read())
    assert [result["ruleId"] for result in sarif["runs"][0]["results"]] == ["unknown-type"]


def test_the_summary_has_all_findings_and_the_annotations_are_the_first(runner, native, tmp_path):
    for at in range(14):
        (tmp_path / f"work/{at:02}.json").write_text(BAD)
    env = {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "o/r", "GITHUB_SHA": "abc",
           "GITHUB_WORKSPACE": str(tmp_path / "work")}
    status, reported, outputs = check(runner, native, **env)
    assert (status, outputs) == (0, {"status": "1"})
    assert reported.count("::error ") == 10, reported
    assert reported.endswith("4 more findings have no annotation, because GitHub shows 10 of each severity; the job summary has all\n")
    summary = (tmp_path / "summary").read_text()
    assert summary.startswith("## streamlint\n\n14 errors in 14 files")
    assert summary.count("- **error** [3:11](https://github.com/o/r/blob/abc/") == 14
    # Without a summary, and with options that write something else.
    reported = check(runner, native, GITHUB_STEP_SUMMARY="")[1]
    assert reported.endswith("run streamlint with --format concise to see all\n")
    status, reported, outputs = check(runner, native, ARGS="--diff", FORMAT="human")
    assert (outputs["status"], (tmp_path / "summary").read_text()) == ("1", "") and "+++ 00.json" in reported


def test_every_input_is_used_and_described():
    text = (ROOT / "action.yml").read_text()
    for name, described in ACTION["inputs"].items():
        assert described["description"] and "default" in described, name
        assert f"inputs.{name} }}}}" in text or f"inputs.{name} ==" in text, name
    # No input is inserted into a script.
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step.get("run", ""), step["name"]
