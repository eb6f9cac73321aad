"""Shared fixtures of the packaging tests: the tree, the packages built from it, and git repositories to use them in."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TARGET = (ROOT / os.environ.get("CARGO_TARGET_DIR", "target")).resolve()

# The tools that `make` installs are in the same folder as this Python.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])

GOOD = """{
  "name": "orders",
  "type": "Https",
  "url": "https://api.example.com/orders"
}
"""
# One error, with a safe fix.
BAD = GOOD.replace("Https", "https")


def version_of_the_crate():
    return re.search(r'^version = "(.+)"$', (ROOT / "Cargo.toml").read_text(), re.M)[1]


VERSION = version_of_the_crate()


def run(*words, cwd=ROOT, env=None, input=None):
    """Runs a program that must succeed, and returns its output."""
    done = subprocess.run(words, cwd=cwd, env=env, input=input, capture_output=True, text=True)
    assert done.returncode == 0, f"{words}: {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture(scope="session")
def native():
    """The native command, as `make` builds it."""
    command = Path(os.environ.get("STREAMLINT", TARGET / "debug" / "streamlint"))
    assert command.is_file(), f"{command}: `make packaging-test` builds it"
    return command


@pytest.fixture(scope="session")
def env(tmp_path_factory, native):
    """An environment without the user's own git settings, and with the command on the path."""
    home = tmp_path_factory.mktemp("home")
    who = {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER")
           for what, value in (("NAME", "A Person"), ("EMAIL", "person@example.com"))}
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PRE_COMMIT"))}
    return kept | who | {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        "NO_COLOR": "1",
        "PATH": os.pathsep.join([str(native.parent), os.environ["PATH"]]),
        "PRE_COMMIT_HOME": str(home / "pre-commit"),
        # The test is whether the hook builds and runs, not how fast it is.
        "CARGO_TARGET_DIR": str(TARGET / "hook"),
        "CARGO_PROFILE_RELEASE_OPT_LEVEL": "0",
        "CARGO_PROFILE_RELEASE_LTO": "off",
        "CARGO_PROFILE_RELEASE_CODEGEN_UNITS": "16",
    }


@pytest.fixture(scope="session")
def wheel(tmp_path_factory):
    """The wheel, built without optimization."""
    folder = tmp_path_factory.mktemp("wheel")
    run("maturin", "build", "--profile", "dev", "--strip", "--out", str(folder), cwd=ROOT / "pkg" / "pypi",
        env=os.environ | {"CARGO_TARGET_DIR": str(TARGET)})
    [wheel] = folder.iterdir()
    return wheel


@pytest.fixture(scope="session")
def archive(native, tmp_path_factory):
    """The archive of a release, with the native command that `make` built."""
    built, folder = tmp_path_factory.mktemp("built"), tmp_path_factory.mktemp("archives")
    shutil.copy2(native, built)
    run("strip", str(built / "streamlint"))
    run(".github/archive.sh", "x86_64-unknown-linux-musl", str(built), str(folder))
    return folder / "streamlint-x86_64-unknown-linux-musl.tgz"


@pytest.fixture(scope="session")
def tarball(tmp_path_factory):
    """The npm package as `npm pack` creates it, from the files that `make wasm` built."""
    folder = tmp_path_factory.mktemp("tarball")
    packed = run("npm", "pack", "--json", "--ignore-scripts", "--pack-destination", str(folder), cwd=ROOT / "pkg")
    return folder / json.loads(packed)[0]["filename"]


class Repository:
    """A git repository in its own folder."""

    def __init__(self, folder, env):
        self.folder, self.env = folder, env
        folder.mkdir(exist_ok=True)
        self.git("init", "--quiet")

    def git(self, *words):
        return run("git", *words, cwd=self.folder, env=self.env)

    def write(self, **files):
        """Writes files and stages them; `connections__orders_json` is connections/orders.json."""
        for name, text in files.items():
            path = self.folder / name.replace("__", "/").replace("_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        self.git("add", ".")

    def commit(self):
        """Commits the staged files. Returns git's exit status and all output."""
        return self.try_to("git", "commit", "--message", "as it is")

    def try_to(self, *words):
        done = subprocess.run(words, cwd=self.folder, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True)
        return done.returncode, done.stdout


@pytest.fixture
def repository(tmp_path, env):
    return Repository(tmp_path / "repository", env)


@pytest.fixture(scope="session")
def project(tmp_path_factory, env, tarball, wheel):
    """The working tree as a git repository that can be cloned, with the packages built from it in place of those on the
    registries."""
    folder = tmp_path_factory.mktemp("project") / "streamlint"
    names = run("git", "ls-files", "--cached", "--others", "--exclude-standard", "-z").split("\0")
    for name in filter(None, names):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    for file, ours, local in [(".pre-commit-hooks.yaml", f"streamlint@{VERSION}", str(tarball)),
                              ("setup.py", f"streamlint=={VERSION}", f"streamlint @ {wheel.as_uri()}")]:
        text = (folder / file).read_text()
        assert text.count(ours) == 1, f"{file} asks for {ours}"
        (folder / file).write_text(text.replace(ours, local))
    project = Repository(folder, env)
    project.write()
    project.git("commit", "--quiet", "--message", "as it is")
    return project
