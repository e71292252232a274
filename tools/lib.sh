# What run, test and dev share. Sourced by them; changes into the root of the checkout.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD

# A clone at another path compiles the same text: ccache then answers at once.
export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1 CCACHE_COMPRESS=1
# ... except of presets with precompiled headers (XIVO_PRECOMPILE=OFF turns them off): these it knows at their own path only.
export CCACHE_SLOPPINESS=pch_defines,time_macros
export CTEST_OUTPUT_ON_FAILURE=1
# clang's sanitizers ask a program for names of functions; this one comes with every compiler.
export ASAN_OPTIONS=${ASAN_OPTIONS:-strict_string_checks=1:detect_stack_use_after_return=1:check_initialization_order=1:external_symbolizer_path=/usr/bin/addr2line:suppressions=$root/tools/asan.supp}
export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}
export TSAN_OPTIONS=${TSAN_OPTIONS:-second_deadlock_stack=1}

say() { printf 'xivo: %s\n' "$*"; }
die() {
  printf 'xivo: %s\n' "$*" >&2
  exit 1
}

# One compiler process needs up to 2 GB.
jobs() {
  local cores memory
  cores=$(nproc)
  memory=$(awk '/^MemAvailable/ { print int($2 / 2000000) }' /proc/meminfo)
  if [[ $memory -lt 1 ]]; then memory=1; fi
  echo $((cores < memory ? cores : memory))
}

# configure PRESET: quiet when all is well, the last lines when not.
configure() {
  local preset=$1 cache=build/$1/CMakeCache.txt
  mkdir -p "build/$preset"
  if [[ -f $cache ]] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$cache"; then
    rm -rf "build/${preset:?}"  # the checkout was moved or copied
    mkdir -p "build/$preset"
  fi
  if ! cmake --preset "$preset" ${XIVO_PRECOMPILE:+-DXIVO_PRECOMPILE="$XIVO_PRECOMPILE"} >"build/$preset/configure.log" 2>&1; then
    tail -n 25 "build/$preset/configure.log" >&2
    die "configuring $preset failed; all of it is in build/$preset/configure.log"
  fi
}

# build PRESET [TARGET...]
build() {
  local preset=$1
  shift
  configure "$preset"
  local ninja=(ninja -C "build/$preset" "-j$(jobs)")
  if [[ -t 1 ]]; then
    NINJA_STATUS='[%f of %t] ' "${ninja[@]}" "$@" || die "the build of $preset failed; again with: ./dev build $preset $*"
  elif ! "${ninja[@]}" --quiet "$@" >"build/$preset/build.log" 2>&1; then
    grep -vE '^\[[0-9]+/[0-9]+\] |^ninja: (Entering|no work)' "build/$preset/build.log" | head -n 60 >&2 || true
    die "the build of $preset failed; again with: ./dev build $preset $*"
  fi
}

# Thread sanitizers of the age of Debian 12 cannot live with the address layout of newer kernels.
steady_addresses() {
  if setarch -R true 2>/dev/null; then setarch -R "$@"; else "$@"; fi
}
