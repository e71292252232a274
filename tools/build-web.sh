#!/usr/bin/env bash
# tools/build-web.sh [check]: builds the web interface into build/web/dist, with a .gz twin of each file. Does nothing when nothing
# has changed since. check: also its types and its unit tests. Exit code 3: no Node here, and a line says why.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

sources() { find web -path web/node_modules -prune -o -type f -print | sort; }
state_of() { cat "$@" /dev/null | sha256sum | cut -d' ' -f1; }

# node NPM_ARGUMENTS...: in web/, its output kept for who has to look
in_web() {
  local log=$root/build/web/$1.log
  shift
  if ! tools/with-node.sh sh -c 'cd web && exec "$@"' sh "$@" >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    die "the web interface: $* failed; all of it is in ${log#"$root"/}"
  fi
}

mkdir -p build/web
tools/with-node.sh true || exit $?

packages=$(state_of web/package.json web/package-lock.json)
if [[ ! -d web/node_modules || $(cat web/node_modules/.xivo-packages 2>/dev/null) != "$packages" ]]; then
  say "web interface: fetching packages from the npm registry"
  in_web packages npm ci --ignore-scripts --no-audit --no-fund
  echo "$packages" >web/node_modules/.xivo-packages
fi

mapfile -t files < <(sources)
state=$(state_of "${files[@]}")
if [[ $(cat build/web/built 2>/dev/null) != "$state" || ! -f build/web/dist/index.html ]]; then
  say "web interface: building"
  in_web build npm run --silent build
  echo "$state" >build/web/built
fi

if [[ ${1:-} == check && $(cat build/web/checked 2>/dev/null) != "$state" ]]; then
  say "web interface: types and unit tests"
  in_web types npm run --silent check
  in_web unit npm run --silent test
  echo "$state" >build/web/checked
fi
