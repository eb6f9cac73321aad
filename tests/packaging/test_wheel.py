"""`pip install streamlint` installs the command."""

import subprocess
import sys
import zipfile
from pathlib import Path

from conftest import BAD, GOOD, VERSION, run


def test_the_wheel_installs_the_command(wheel, tmp_path):
    run(sys.executable, "-m", "venv", str(tmp_path / "venv"))
    bin = tmp_path / "venv" / ("Scripts" if sys.platform == "win32" else "bin")
    run(str(bin / "python"), "-m", "pip", "install", "--quiet", "--no-index", str(wheel))
    command = str(bin / "streamlint")
    assert run(command, "-V") == f"streamlint {VERSION}\n"
    (tmp_path / "good.json").write_text(GOOD)
    (tmp_path / "bad.json").write_text(BAD)
    assert run(command, "check", "good.json", cwd=tmp_path).startswith("nothing found")
    bad = subprocess.run([command, "check", "bad.json"], cwd=tmp_path, capture_output=True, text=True)
    assert bad.returncode == 1 and "error[unknown-type]" in bad.stdout


def test_the_wheel_contains_only_the_expected_files(wheel):
    names = sorted(zipfile.ZipFile(wheel).namelist())
    data, info = f"streamlint-{VERSION}.data", f"streamlint-{VERSION}.dist-info"
    assert names == sorted([
        f"{data}/scripts/streamlint",
        *(f"{info}/{name}" for name in ["METADATA", "WHEEL", "RECORD", "licenses/LICENSE-APACHE", "licenses/LICENSE-MIT"]),
    ])
    assert Path(wheel).name.startswith(f"streamlint-{VERSION}-py3-none-")
