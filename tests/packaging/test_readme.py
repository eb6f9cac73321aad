"""The recipes and commands in the README and the guides work. (tests/generated.rs compares the output shown there.)"""

import re
import shlex
import subprocess

import pytest
import yaml

from conftest import ROOT, run

README = (ROOT / "README.md").read_text()
GUIDES = README + "".join((ROOT / f"docs/{name}.md").read_text() for name in ["usage", "settings", "ci"])


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", GUIDES, re.S)


def recipe(mark):
    [found] = [block for block in blocks("yaml") if mark in block]
    return found


def commands():
    """The arguments of every streamlint command in a code block."""
    for block in blocks("sh") + blocks("yaml"):
        for line in block.splitlines():
            found = re.search(r"(?:^|[\s|])streamlint(?:@\S+)? ((?:check|explain|init|rules|schema|lsp)\b[^#|>]*)", line)
            if found:
                yield shlex.split(found[1])


def test_the_recipe_for_github_is_a_workflow(tmp_path):
    text = recipe("streamlint/streamlint@")
    (tmp_path / "workflow.yml").write_text(text)
    run("check-jsonschema", "--builtin-schema", "vendor.github-workflows", "workflow.yml", cwd=tmp_path)
    inputs = yaml.safe_load((ROOT / "action.yml").read_text())["inputs"]
    [step] = [step for step in yaml.safe_load(text)["jobs"]["streamlint"]["steps"] if "streamlint" in step["uses"]]
    assert set(step["with"]) <= set(inputs)


def test_the_recipe_for_gitlab_is_a_pipeline(tmp_path):
    (tmp_path / ".gitlab-ci.yml").write_text(recipe("codequality"))
    run("check-jsonschema", "--builtin-schema", "vendor.gitlab-ci", ".gitlab-ci.yml", cwd=tmp_path)


def test_the_recipes_for_precommit_are_configurations(tmp_path):
    for at, text in enumerate(block for block in blocks("yaml") if "repos:" in block):
        (tmp_path / f"{at}.yaml").write_text(text)
        run("pre-commit", "validate-config", f"{at}.yaml", cwd=tmp_path)
    hooks = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    assert set(re.findall(r"\| `(streamlint[a-z-]*)` \|", README)) == hooks


def still_runs(native, words, folder):
    """Checks that a command runs until it is stopped; with invalid arguments it would exit at once."""
    process = subprocess.Popen([native, *words], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=2)
    finally:
        process.kill()
        process.wait()


def test_every_command_is_valid(native, tmp_path):
    found = list(commands())
    assert len(found) > 10, found
    for words in found:
        # The files in the examples do not exist. clap reports invalid arguments before missing files.
        if "--watch" in words:
            still_runs(native, words, tmp_path)
            continue
        done = subprocess.run(
            [native, *words], cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60
        )
        assert "error: " not in done.stderr and "Usage" not in done.stderr, f"{words}: {done.stderr}"
        assert done.returncode in (0, 1) or "no such file or folder" in done.stderr, f"{words}: {done.stderr}"
