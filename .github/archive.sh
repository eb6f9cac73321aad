#!/usr/bin/env bash
# Packs a built command for a release: `archive.sh TARGET FOLDER OUT` creates OUT/streamlint-TARGET.tgz (.zip for
# Windows) from FOLDER/streamlint, and its checksum. Cargo.toml (for cargo-binstall) and the action's script use the
# same names.
set -euo pipefail
target=$1 folder=$2 out=$3

name=streamlint-$target
mkdir -p "$out/$name"
cp README.md CHANGELOG.md LICENSE-APACHE LICENSE-MIT "$out/$name"
case $target in
*-windows-*)
  cp "$folder/streamlint.exe" "$out/$name"
  archive=$name.zip
  (cd "$out" && 7z a -bso0 "$archive" "$name")
  ;;
*)
  cp "$folder/streamlint" "$out/$name"
  archive=$name.tgz
  tar -czf "$out/$archive" -C "$out" "$name"
  ;;
esac
rm -r "${out:?}/$name"
cd "$out"
if command -v sha256sum >/dev/null; then sha256sum "$archive"; else shasum -a 256 "$archive"; fi >"$archive.sha256"
