#!/usr/bin/env bash
# Adds `streamlint` to the path of the following steps; action.yml runs it. INSTALL is the source, VERSION the version.
set -euo pipefail

here=$(cd "$(dirname "$0")/../.." && pwd)
version=${VERSION:-$(sed -n 's/^version = "\(.*\)"$/\1/p' "$here/Cargo.toml" | head -n 1)}
version=${version#v}
folder=${RUNNER_TEMP:?}/streamlint

refuse() { echo "::error::$1"; exit 1; }
[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] || refuse "\`version\` is a version like 0.1.0"

binary() {
  local target archive base=${STREAMLINT_RELEASES:-https://github.com/streamlint/streamlint/releases/download}
  case ${RUNNER_OS:?}-${RUNNER_ARCH:?} in
  Linux-X64) target=x86_64-unknown-linux-musl ;;
  Linux-ARM64) target=aarch64-unknown-linux-musl ;;
  macOS-X64) target=x86_64-apple-darwin ;;
  macOS-ARM64) target=aarch64-apple-darwin ;;
  Windows-X64) target=x86_64-pc-windows-msvc ;;
  Windows-ARM64) target=aarch64-pc-windows-msvc ;;
  *) refuse "there is no binary for $RUNNER_OS on $RUNNER_ARCH; take \`install: npm\` or \`install: cargo\`" ;;
  esac
  archive=streamlint-$target.tgz
  [ "$RUNNER_OS" != Windows ] || archive=streamlint-$target.zip
  cd "$folder"
  for file in "$archive" "$archive.sha256"; do
    curl --fail --silent --show-error --location --retry 3 --output "$file" "$base/v$version/$file" \
      || refuse "$base/v$version/$file cannot be had"
  done
  if command -v sha256sum >/dev/null; then sha256sum --check --quiet "$archive.sha256"; else shasum -a 256 --check --quiet "$archive.sha256"; fi \
    || refuse "$archive is not what its checksum says"
  if [ "$RUNNER_OS" = Windows ]; then 7z x -bso0 "$archive"; else tar -xzf "$archive"; fi
  echo "$folder/streamlint-$target" >>"${GITHUB_PATH:?}"
}

mkdir -p "$folder"
case ${INSTALL:?} in
binary) binary ;;
npm)
  npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$folder" "${STREAMLINT_PACKAGE:-streamlint@$version}"
  echo "$folder/node_modules/.bin" >>"${GITHUB_PATH:?}"
  ;;
cargo)
  cargo install --quiet --locked --root "$folder" --version "$version" streamlint
  echo "$folder/bin" >>"${GITHUB_PATH:?}"
  ;;
none) ;;
*) refuse "\`install\` is binary, npm, cargo or none" ;;
esac
