#!/usr/bin/env bash
# Builds the images of a release with buildah: `container.sh ARCHIVES VERSION REVISION` creates the manifests
# streamlint:VERSION and streamlint:VERSION-shell, for amd64 and arm64, from the archives of .github/archive.sh. A
# fourth argument builds only that target of the Containerfile.
set -euo pipefail
archives=$1 version=$2 revision=$3
targets=${4:-plain shell}

context=$(mktemp -d)
trap 'rm -rf "$context"' EXIT
for architecture in amd64:x86_64 arm64:aarch64; do
  name=streamlint-${architecture#*:}-unknown-linux-musl
  [ -f "$archives/$name.tgz" ] || continue
  mkdir "$context/${architecture%:*}"
  tar -xzf "$archives/$name.tgz" -C "$context/${architecture%:*}" --strip-components 1 "$name/streamlint"
done

for target in $targets; do
  tag=streamlint:$version options=()
  [ "$target" = plain ] || { tag+=-$target; options=(--target "$target"); }
  buildah manifest rm "$tag" >/dev/null 2>&1 || true
  for architecture in "$context"/*; do
    architecture=$(basename "$architecture")
    buildah build --platform "linux/$architecture" --build-arg "TARGETARCH=$architecture" --build-arg "VERSION=$version" \
      --build-arg "REVISION=$revision" --manifest "$tag" --file Containerfile "${options[@]}" "$context"
  done
done
