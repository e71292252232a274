# The checks that ./test and ./dev run, each counted. Sourced after lib.sh.

results=
start_results() {
  results=$root/build/results-$1
  rm -rf "$results"
  mkdir -p "$results"
  started=$SECONDS
}

# record NAME PASSED FAILED [HOW TO DO IT AGAIN]
record() { printf '%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "${4:-}" >>"$results/counts.tsv"; }

stage() { say "$* ($((SECONDS - started)) s so far)"; }

# One check that either holds or not: attempt NAME REPRODUCE COMMAND...
attempt() {
  local name=$1 again=$2
  shift 2
  if "$@"; then record "$name" 1 0; else record "$name" 0 1 "$again"; fi
}

check_lint() {
  stage "lint"
  attempt lint './dev lint' python3 tools/lint
  attempt format './dev fmt' check_format
}

cpp_files() { find src cli tests bench \( -name '*.cpp' -o -name '*.hpp' \) -type f; }

check_format() {
  local wrong
  wrong=$(cpp_files | xargs -r -n 20 -P "$(jobs)" sh -c 'clang-format-19 --dry-run -Werror "$@" 2>&1 |
    awk -F: "/error: code should be clang-formatted/ && !seen[\$1]++ { print \$1 \": not formatted\" }"' clang-format)
  if [[ $wrong ]]; then
    sort <<<"$wrong"
    return 1
  fi
}

# The web interface: builds, its types hold, its unit tests pass. Where there is no npm to be had, it says so.
check_web() {
  stage "web interface"
  local code=0
  tools/build-web.sh check || code=$?
  case $code in
    0) record "web interface" 1 0 ;;
    3) say "the web interface is not checked" ;;
    *) record "web interface" 0 1 "tools/build-web.sh check" ;;
  esac
}

# The tests whose code runs on more than one thread: what the thread sanitizer can say something about. Parsers, the model and the
# command line have one; the simulations are here because they hold the whole engine.
threaded='runtime media store http api app'

threaded_targets() {
  local name
  printf '%s\n' xivo_flow_tests xivo_sim_tests
  for name in $threaded; do printf 'xivo_%s_tests\n' "$name"; done
}

check_threads() {
  local targets
  mapfile -t targets < <(threaded_targets)
  check_preset tsan fast "^(unit\.xivo_(${threaded// /|})|flow|sim)$" "${targets[@]}"
}

# Begins to build what check_threads needs, on what the tests of other programs leave of one core: they mostly wait. Whatever goes
# wrong here is told by check_threads, which goes on building after prepared_threads.
prepare_threads() {
  local targets
  mapfile -t targets < <(threaded_targets)
  (configure tsan) || true
  nice -n 19 ninja -C build/tsan -j1 --quiet "${targets[@]}" >build/tsan/prepare.log 2>&1 &
  preparing=$!
  trap 'kill "$preparing" 2>/dev/null || true' EXIT
}

# From here on there is a machine for it.
prepared_threads() {
  kill "$preparing" 2>/dev/null || true
  wait "$preparing" || true
  trap - EXIT
}

# check_preset PRESET LABELS [NAME FILTER [TARGET...]]: builds these targets of it, or all, and runs its tests with these labels
# and names (regular expressions).
check_preset() {
  local preset=$1 labels=$2 filter=${3:-.} targets=("${@:4}")
  stage "$preset: build"
  if ! (build "$preset" "${targets[@]}"); then
    record "build of $preset" 0 1 "./dev build $preset ${targets[*]}"
    return
  fi
  local select=(--test-dir "build/$preset" -L "$labels" -R "$filter")
  if ctest "${select[@]}" -N | grep -q '^Total Tests: 0$'; then
    say "$preset: no test has the label $labels and a name like $filter"
    return
  fi
  stage "$preset: tests"
  steady_addresses ctest "${select[@]}" -j "$(jobs)" --output-junit "$results/$preset.xml" \
    --test-output-size-passed 1000000 --test-output-size-failed 1000000 || true
  python3 tools/tally.py "build/$preset" "$results/$preset.xml" >>"$results/counts.tsv"
}

# check_fuzz PRESET SECONDS [TARGET]: every parser against its corpus and beyond it. The preset asan builds them beside its
# tests; fuzz builds nothing else, faster ones.
check_fuzz() {
  local preset=$1 seconds=$2 only=${3:-} target targets=()
  stage "fuzz: build"
  configure "$preset"
  mapfile -t targets < <(ninja -C "build/$preset" -t targets all | sed -n 's/^\(fuzz_[a-z0-9_]*\): phony.*/\1/p' |
    grep -x "fuzz_${only:-.*}" | sort -u)
  if [[ ${#targets[@]} -eq 0 ]]; then
    [[ -z $only ]] || die "there is no fuzz target named $only"
    say "there is no fuzz target yet"
    return
  fi
  if ! (build "$preset" "${targets[@]}"); then
    record "build of fuzz" 0 1 "./dev build $preset ${targets[*]}"
    return
  fi
  stage "fuzz: ${#targets[@]} targets, $seconds s each"
  local programs
  programs=$(find "build/$preset" -name 'fuzz_*' -type f -perm -u+x 2>/dev/null)
  for target in "${targets[@]}"; do grep "/$target\$" <<<"$programs"; done |
    xargs -P "$(jobs)" -I{} tools/fuzz-one.sh {} "$seconds" "$results" || true
  for target in "${targets[@]#fuzz_}"; do
    if [[ -f $results/fuzz.$target.passed ]]; then
      record "fuzz $target" 1 0
    else
      record "fuzz $target" 0 1 "$(cat "$results/fuzz.$target.again" 2>/dev/null || echo "./dev fuzz $seconds $target")"
    fi
  done
}

# Prints what failed and how to see it again, then the closing line.
finish_results() {
  stage "done"
  awk -F'\t' '
    $3 > 0 { printf "FAILED %s\n  again: %s\n", $1, $4 }
    { passed += $2; failed += $3 }
    END { printf "%d passed, %d failed\n", passed, failed; exit failed > 0 || passed == 0 }' "$results/counts.tsv"
}
