#!/usr/bin/env bash
# tools/fuzz-one.sh PROGRAM SECONDS RESULTS: one fuzz target over tests/corpus/<target>/, for a bounded time. What it
# finds on the way is kept in build/fuzz/corpus/<target>/; an input that breaks it in build/fuzz/broken/.
set -euo pipefail
program=$1 seconds=$2 results=$3
target=${program##*/fuzz_}
seeds=tests/corpus/$target
found=build/fuzz/corpus/$target
broken=build/fuzz/broken/$target-
mkdir -p "$found" build/fuzz/broken
options=(-max_total_time="$seconds" -timeout=5 -rss_limit_mb=2048 -verbosity=1 -artifact_prefix="$broken")
if [[ -f tests/corpus/$target.dict ]]; then options+=(-dict="tests/corpus/$target.dict"); fi
folders=("$found")
if [[ -d $seeds ]]; then folders+=("$seeds"); fi
log=$results/fuzz.$target.log
if "$program" "${options[@]}" "${folders[@]}" >"$log" 2>&1; then
  touch "$results/fuzz.$target.passed"
  printf 'fuzz %s: %s\n' "$target" "$(grep -E '^Done|^#[0-9]+.*DONE' "$log" | tail -n 1)"
  exit
fi
tail -n 40 "$log"
input=$(sed -n 's/.*Test unit written to //p' "$log" | tail -n 1)
printf '%s %s\n' "$program" "$input" >"$results/fuzz.$target.again"
