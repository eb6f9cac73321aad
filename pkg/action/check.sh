#!/usr/bin/env bash
# Runs `streamlint check` with the inputs of action.yml. The exit status is an output of the step instead of failing it,
# because the SARIF file is uploaded afterwards. One run writes the annotations, the SARIF file and the job summary.
set -uo pipefail

# GitHub shows this many annotations of each severity for a step, and drops the rest.
readonly MOST=10

mapfile -t paths < <(printf '%s\n' "${PATHS:?}" | sed 's/^[[:space:]]*//; s/[[:space:]]*$//; /^$/d')
read -ra args <<<"${ARGS-}"

outputs=()
sarif=${RUNNER_TEMP:?}/streamlint.sarif
summary=$RUNNER_TEMP/streamlint.md
rm -f "$sarif" "$summary"
[ "${SARIF-}" != true ] || outputs+=(--output "sarif=$sarif")
case " ${args[*]-} " in
# These options write no reports.
*" --ndjson "* | *" --diff "* | *" --statistics "* | *" --show-"*) ;;
*) [ -z "${GITHUB_STEP_SUMMARY-}" ] || outputs+=(--output "markdown=$summary") ;;
esac

# Prints the first annotations of each severity, and the number of the others.
first() {
  awk -v most="$MOST" -v where="$1" '
    match($0, /^::(error|warning|notice) /) { if (++count[substr($0, 1, RLENGTH)] > most) { left++; next } }
    { print }
    END { if (left) print left " more findings have no annotation, because GitHub shows " most " of each severity; " where }'
}
where="run streamlint with --format concise to see all"
[ ! -w "${GITHUB_STEP_SUMMARY:-/nowhere}" ] || where="the job summary has all"

# After `--`, a path may start with a hyphen.
streamlint check --format "${FORMAT:?}" "${outputs[@]}" "${args[@]}" -- "${paths[@]}" | first "$where"
status=${PIPESTATUS[0]}

[ ! -f "$summary" ] || cat "$summary" >>"$GITHUB_STEP_SUMMARY"
[ ! -f "$sarif" ] || echo "sarif=$sarif" >>"${GITHUB_OUTPUT:?}"
echo "status=$status" >>"${GITHUB_OUTPUT:?}"
