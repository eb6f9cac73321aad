"""The hooks, run by pre-commit itself in a separate repository."""

import re
import subprocess

import pytest
import yaml

from conftest import BAD, GOOD, ROOT, VERSION

HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())

# Files next to definitions that are not definitions themselves.
OTHERS = {
    "package_json": '{ "name": "web", "version": "1.0.0", "type": "module", "config": {} }\n',
    "tsconfig_json": "{ // no strict JSON\n}\n",
    "chart__values_yaml": "replicas: 2\n",
    "variables_tf": 'variable "name" {}\n',
    "README_md": "# Ours\n",
}


def config(project, *ids, **hook):
    rev = project.git("rev-parse", "HEAD").strip()
    hooks = [{"id": id} | hook for id in ids]
    return yaml.safe_dump({"repos": [{"repo": str(project.folder), "rev": rev, "hooks": hooks}]})


@pytest.mark.parametrize("language", ["system", "node", "python", "rust"])
def test_a_good_commit_passes_and_a_bad_one_is_refused(language, project, repository):
    hook = "streamlint" if language == "rust" else f"streamlint-{language}"
    repository.write(_pre_commit_config_yaml="", **OTHERS)
    (repository.folder / ".pre-commit-config.yaml").write_text(config(project, hook))
    repository.write(connections__good_json=GOOD)
    repository.try_to("pre-commit", "install")

    status, reported = repository.commit()
    assert (status, "Passed" in reported) == (0, True), reported
    repository.write(connections__bad_json=BAD)
    status, reported = repository.commit()
    assert status != 0 and "error[unknown-type]" in reported, reported
    assert reported.count("╭─[") == reported.count("╭─[connections/bad.json:3:11]") == 1, reported

    # The same with `try-repo`, which needs no config.
    status, reported = repository.try_to("pre-commit", "try-repo", str(project.folder), hook, "--all-files")
    assert status != 0 and "connections/bad.json:3:11" in reported, reported
    repository.write(connections__bad_json=GOOD.replace("orders", "others"))
    status, reported = repository.commit()
    assert (status, "Passed" in reported) == (0, True), reported


@pytest.mark.parametrize("hook, options", [("streamlint-fix", {}), ("streamlint-system", {"args": ["--fix"]})])
def test_the_fixing_hook_fixes_and_stops_the_commit_once(hook, options, project, repository):
    (repository.folder / ".pre-commit-config.yaml").write_text(config(project, hook, **options))
    repository.write(connections__bad_json=BAD, **OTHERS)
    repository.try_to("pre-commit", "install")
    status, reported = repository.commit()
    assert status != 0 and "files were modified by this hook" in reported, reported
    assert (repository.folder / "connections/bad.json").read_text() == GOOD
    repository.git("add", ".")
    status, reported = repository.commit()
    assert status == 0, reported


# A connection with a mistake, in each dialect.
DIALECTS = {
    "plain.yaml": """name: hook
type: https
url: https://api.example.com/hook
""",
    "kubernetes.yml": """apiVersion: atlas.mongodb.com/v1
kind: AtlasStreamConnection
metadata:
  name: orders
spec:
  name: orders
  type: cluster
  clusterConfig:
    name: Cluster0
    role: { name: readAnyDatabase, type: BUILT_IN }
""",
    "stack.template": """Resources:
  Hook:
    Type: MongoDB::Atlas::StreamConnection
    Properties:
      ProjectId: 32b6e34b3d91647abb20e7b8
      WorkspaceName: analytics
      ConnectionName: hook
      Type: https
      Url: https://api.example.com/hook
""",
    "main.tf": """resource "mongodbatlas_stream_connection" "hook" {
  project_id      = "32b6e34b3d91647abb20e7b8"
  workspace_name  = "analytics"
  connection_name = "hook"
  type            = "https"
  url             = "https://api.example.com/hook"
}
""",
}


def test_the_hooks_accept_the_files_of_the_command(native, tmp_path):
    endings = ["json", "jsonc", "json5", "jsonl", "ndjson", "yaml", "yml", "tf", "tofu", "tfvars", "hcl", "template", "http",
               "rest", "toml", "txt", "tpl", "j2", "js", "xml"]
    for ending in endings:
        (tmp_path / f"a.{ending}").write_text("")
    reported = subprocess.run([native, "check", "--verbose", "--no-config"], cwd=tmp_path, capture_output=True, text=True).stderr
    taken = set(re.findall(r"^streamlint: (a\.\w+): ", reported, re.M))
    assert {"a.json", "a.yaml", "a.tf"} <= taken, reported
    files = re.compile(HOOKS[0]["files"])
    assert {name for name in taken if not files.search(name)} == set(), reported


def test_every_dialect_is_checked(project, repository):
    for name, text in DIALECTS.items():
        (repository.folder / name).write_text(text)
    repository.write(**OTHERS)
    status, reported = repository.try_to("pre-commit", "try-repo", str(project.folder), "streamlint-system", "--all-files",
                                     "--verbose")
    assert status != 0, reported
    assert sorted(set(re.findall(r"╭─\[(.+?):\d+:\d+\]", reported))) == sorted(DIALECTS), reported


def test_the_recipe_for_older_versions_of_precommit_works(project, repository, tarball):
    recipes = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs/ci.md").read_text(), re.S)
    [recipe] = [recipe for recipe in recipes if "repo: local\n" in recipe]
    assert recipe.count(f"streamlint@{VERSION}") == 1
    (repository.folder / ".pre-commit-config.yaml").write_text(recipe.replace(f"streamlint@{VERSION}", str(tarball)))
    repository.write(bad_json=BAD, **OTHERS)
    status, reported = repository.try_to("pre-commit", "run")
    assert status != 0 and reported.count("╭─[") == reported.count("╭─[bad.json:3:11]") == 1, reported


def test_the_examples_are_good_or_bad_as_labeled(project, repository):
    # Hooks skip Markdown files and scripts, which are linted only if settings include them.
    for folder in ("good", "bad"):
        files = {f"{folder}__{path.name.replace('.', '_')}": path.read_text()
                 for path in (ROOT / "examples" / folder).iterdir() if path.suffix not in (".md", ".sh")}
        repository.write(**files)
    run_hook = ["pre-commit", "try-repo", str(project.folder), "streamlint-system", "--files"]
    good, bad = (sorted(str(path.relative_to(repository.folder)) for path in (repository.folder / folder).iterdir())
                 for folder in ("good", "bad"))
    status, reported = repository.try_to(*run_hook, *good)
    assert (status, "Passed" in reported) == (0, True), reported
    status, reported = repository.try_to(*run_hook, *bad)
    assert status != 0 and all(f"[{name}:" in reported for name in bad), reported


def test_the_hooks_differ_in_nothing_but_their_language():
    for hook in HOOKS:
        assert re.fullmatch(r"streamlint check --skip-unrecognized( --fix)?", hook["entry"]), hook["id"]
        assert hook["require_serial"] is True, hook["id"]
        assert hook["files"] == HOOKS[0]["files"], hook["id"]
        assert ("--fix" in hook["entry"]) == hook["id"].endswith("-fix"), hook["id"]
    assert {hook["id"]: hook["language"] for hook in HOOKS} == {
        "streamlint": "rust",
        "streamlint-fix": "rust",
        "streamlint-system": "system",
        "streamlint-node": "node",
        "streamlint-python": "python",
    }


def test_the_hooks_see_every_dialect():
    files = re.compile(HOOKS[0]["files"])
    for name in ["a.json", "b/a.jsonc", "a.yaml", "a.yml", "main.tf", "main.tf.json", "main.tofu", "prod.tfvars", "stack.template",
                 "stack.template.json", "create.http", "create.rest", "plan.json"]:
        assert files.search(name), name
    for name in ["README.md", "create.sh", "json", "a.json5", "a.tfstate", "a.tf.bak", "template.py", "a.jsonl"]:
        assert not files.search(name), name


def test_the_version_is_one():
    npm = yaml.safe_load((ROOT / "pkg/package.json").read_text())["version"]
    lock = yaml.safe_load((ROOT / "pkg/package-lock.json").read_text())["version"]
    extension = yaml.safe_load((ROOT / "pkg/vscode/package.json").read_text())["version"]
    [node] = [hook for hook in HOOKS if hook["language"] == "node"]
    [wanted] = re.findall(r'"streamlint==(.+)"', (ROOT / "setup.py").read_text())
    assert [npm, lock, extension, wanted] == [VERSION] * 4
    assert node["additional_dependencies"] == [f"streamlint@{VERSION}"]
    guides = (ROOT / "README.md").read_text() + (ROOT / "docs/ci.md").read_text()
    assert set(re.findall(r"rev: v(\S+)|streamlint@v?(\d[\w.]*)", guides)) == {(VERSION, ""), ("", VERSION)}
    # maturin takes the version of the wheel from Cargo.toml.
    assert 'dynamic = ["version"]' in (ROOT / "pkg/pypi/pyproject.toml").read_text()
