"""Writes seeds for the fuzz targets: each example and test definition, after the byte that selects its syntax."""

import hashlib
import pathlib
import sys

ROOT = pathlib.Path(__file__).parent.parent
FOLDERS = ["examples", "tests/corpus", "tests/cases", "tests/fixtures", "tests/reports"]

# The order of NAMES in src/lib.rs.
SUFFIXES = [".json", ".jsonc", ".yaml", ".tf", ".tf.json", ".tfvars", ".http"]
OTHER_SPELLINGS = {".yml": ".yaml", ".template": ".yaml", ".rest": ".http"}

# Longer inputs make runs slow, and find no more than short ones.
MAX_BYTES = 4096


def syntax_of(path: pathlib.Path) -> int | None:
    name = path.name
    for suffix, meaning in OTHER_SPELLINGS.items():
        name = name.replace(suffix, meaning)
    found = [suffix for suffix in SUFFIXES if name.endswith(suffix)]
    return SUFFIXES.index(max(found, key=len)) if found else None


def main(folder: pathlib.Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(path for name in FOLDERS for path in (ROOT / name).rglob("*")):
        if not path.is_file() or (syntax := syntax_of(path)) is None:
            continue
        text = path.read_bytes()
        if len(text) < MAX_BYTES:
            seed = bytes([syntax]) + text
            (folder / hashlib.sha1(seed).hexdigest()).write_bytes(seed)


main(pathlib.Path(sys.argv[1]))
