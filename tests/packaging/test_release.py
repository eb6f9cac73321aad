"""The parts of a release that also run locally, and checks of the workflows by other tools."""

import os
import re
import shutil
import subprocess
import tarfile
import tomllib

import pytest

from conftest import ROOT, TARGET, VERSION, run

MANIFEST = tomllib.loads((ROOT / "Cargo.toml").read_text())["package"]
WORKFLOWS = sorted(str(path.relative_to(ROOT)) for path in (ROOT / ".github/workflows").iterdir())


def test_zizmor_finds_nothing():
    run("zizmor", "--offline", "--no-config", "--persona", "pedantic", "--strict-collection", *WORKFLOWS, "action.yml")


def test_workflows_and_action_are_valid():
    run("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *WORKFLOWS)
    run("check-jsonschema", "--builtin-schema", "vendor.github-actions", "action.yml")
    run("pre-commit", "validate-manifest", ".pre-commit-hooks.yaml")


def test_every_action_is_pinned_to_one_version():
    seen = {}
    for file in [*WORKFLOWS, "action.yml"]:
        for action, ref in re.findall(r"uses: (\S+?)@(.+)", (ROOT / file).read_text()):
            assert re.fullmatch(r"[0-9a-f]{40} # v\d+\.\d+\.\d+", ref), f"{file}: {action}@{ref}"
            assert seen.setdefault(action, ref) == ref, f"{file}: {action} is another one elsewhere"


def test_the_archive_is_where_binstall_looks(archive, tmp_path):
    target = "x86_64-unknown-linux-musl"
    names = {"name": "streamlint", "target": target, "version": VERSION, "archive-suffix": ".tgz", "bin": "streamlint",
             "binary-ext": "", "repo": MANIFEST["repository"]}

    def filled(template):
        return re.sub(r"\{ (\S+) \}", lambda found: names[found[1]], template)

    binstall = MANIFEST["metadata"]["binstall"]
    url = filled(binstall["pkg-url"])
    assert url == f"https://github.com/streamlint/streamlint/releases/download/v{VERSION}/{archive.name}"
    assert sorted(path.name for path in archive.parent.iterdir()) == [archive.name, f"{archive.name}.sha256"]
    run("sha256sum", "--check", f"{archive.name}.sha256", cwd=archive.parent)
    with tarfile.open(archive) as opened:
        opened.extractall(tmp_path, filter="data")
    assert run(str(tmp_path / filled(binstall["bin-dir"])), "-V") == f"streamlint {VERSION}\n"
    for file in ["LICENSE-APACHE", "LICENSE-MIT", "README.md", "CHANGELOG.md"]:
        assert (tmp_path / f"streamlint-{target}" / file).is_file()
    # Every target that cargo-binstall has an override for is built and packed that way.
    built = re.findall(r"target: (\S+), runner", (ROOT / ".github/workflows/release.yml").read_text())
    assert set(binstall["overrides"]) == {name for name in built if "windows" in name}
    assert all(override["pkg-fmt"] == "zip" for override in binstall["overrides"].values())


@pytest.fixture
def tree(tmp_path):
    """The files that a release compares, to change them."""
    for name in [".github/agree.sh", "Cargo.toml", "CHANGELOG.md", "pkg/package.json", "pkg/vscode/package.json", ".pre-commit-hooks.yaml", "setup.py"]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, tmp_path / name)
    (tmp_path / "CHANGELOG.md").write_text(f"# Changelog\n\n## {VERSION}\n\nThe first version.\n")
    return tmp_path


def agree(tree, ref, repository=MANIFEST["repository"]):
    done = subprocess.run([".github/agree.sh", ref, repository], cwd=tree, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def test_a_release_with_consistent_parts_continues(tree):
    assert agree(tree, f"refs/tags/v{VERSION}") == (0, f"this is streamlint {VERSION}\n")
    assert agree(tree, "refs/heads/any", "https://github.com/somebody/fork")[0] == 0
    assert agree(ROOT, "refs/heads/main")[0] == 0


def test_a_release_with_inconsistent_parts_stops(tree):
    tag = f"refs/tags/v{VERSION}"
    assert "the tag is v9.9.9" in agree(tree, "refs/tags/v9.9.9")[1]
    assert agree(tree, tag, "https://github.com/somebody/fork") == (
        1, f"Cargo.toml says {MANIFEST['repository']}, and this is https://github.com/somebody/fork\n")
    for file, reported in [("pkg/package.json", f'"{VERSION}"'), ("pkg/vscode/package.json", f'"{VERSION}"'),
                       (".pre-commit-hooks.yaml", f"@{VERSION}"),
                       ("setup.py", f"=={VERSION}"), ("CHANGELOG.md", f"## {VERSION}")]:
        path = tree / file
        kept = path.read_text()
        path.write_text(kept.replace(reported, reported.replace(VERSION, "0.0.9")))
        status, why = agree(tree, tag)
        assert status == 1 and file in why, why
        path.write_text(kept)
    assert agree(tree, tag)[0] == 0


def test_the_crate_builds_by_itself():
    # A crate as `cargo install` gets it, with only the packaged files.
    env = os.environ | {"CARGO_TARGET_DIR": str(TARGET)}
    reported = run("cargo", "package", "--locked", "--allow-dirty", "--list", env=env)
    assert {"Cargo.lock", "build.rs", "src/main.rs", "schemas/Kafka.schema.json", "LICENSE-MIT"} <= set(reported.split())
    assert not any(name.startswith(("tests/", "pkg/", "web/", ".github/", "docs/")) for name in reported.split())
    run("cargo", "package", "--locked", "--allow-dirty", "--quiet", env=env)


def test_the_published_site_is_that_of_make_site():
    # `make site-test` tests the output of `make site`.
    workflow = (ROOT / ".github/workflows/release.yml").read_text()
    assert "      - run: make site\n" in workflow
    assert re.findall(r"upload-pages-artifact@.*\n *with:\n *path: (.*)\n", workflow) == ["target/site/"]
