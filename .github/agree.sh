#!/usr/bin/env bash
# Rejects a release with inconsistent versions or addresses: `agree.sh REF REPOSITORY`. Any REF other than a tag is
# a dry run, which only compares the versions.
set -euo pipefail
ref=$1 repository=$2

field() { sed -n "s/^$1 = \"\(.*\)\"\$/\1/p" Cargo.toml | head -n 1; }
refuse() { echo "$1" >&2; exit 1; }

version=$(field version)
case $ref in
refs/tags/*)
  [ "$ref" = "refs/tags/v$version" ] || refuse "the tag is ${ref#refs/tags/}, and Cargo.toml says $version"
  # The addresses in the packages must be this repository, which npm's provenance also requires.
  [ "$(field repository)" = "$repository" ] || refuse "Cargo.toml says $(field repository), and this is $repository"
  grep -q "^## $version" CHANGELOG.md || refuse "CHANGELOG.md has nothing about $version"
  ;;
esac
for said in "pkg/package.json:\"version\": \"$version\"" "pkg/vscode/package.json:\"version\": \"$version\"" ".pre-commit-hooks.yaml:streamlint@$version" "setup.py:streamlint==$version"; do
  grep -qF -- "${said#*:}" "${said%%:*}" || refuse "${said%%:*} does not say ${said#*:}"
done
echo "this is streamlint $version"
