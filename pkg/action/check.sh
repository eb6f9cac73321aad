#!/usr/bin/env bash
# Runs `streamlint check` as action.yml's inputs say, and hands its exit status on instead of stopping: the SARIF file is
# still to be uploaded then.
set -uo pipefail

mapfile -t paths < <(printf '%s\n' "${PATHS:?}" | sed 's/^[[:space:]]*//; s/[[:space:]]*$//; /^$/d')
read -ra args <<<"${ARGS-}"

# What begins with a hyphen is a path as well here.
streamlint check --format "${FORMAT:?}" "${args[@]}" -- "${paths[@]}"
status=$?

if [ "${SARIF-}" = true ]; then
  sarif=${RUNNER_TEMP:?}/streamlint.sarif
  streamlint check --format sarif --output "$sarif" --exit-zero "${args[@]}" -- "${paths[@]}" || status=2
  echo "sarif=$sarif" >>"${GITHUB_OUTPUT:?}"
fi
echo "status=$status" >>"${GITHUB_OUTPUT:?}"
