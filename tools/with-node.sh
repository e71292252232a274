#!/usr/bin/env bash
# tools/with-node.sh COMMAND...: runs a command with a Node that can build and test the web interface: the system's when it is
# new enough, else one of the npm registry, kept in build/node. Exit code 3: there is none, and a line says why.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

node_wanted=22.23.3  # what is fetched; Vite 8 needs 20.19, or 22.12 and later
npm_wanted=11.21.2

unusable() {
  printf 'xivo: the web interface needs Node, and %s\n' "$*" >&2
  exit 3
}

new_enough() {
  command -v node >/dev/null && command -v npm >/dev/null &&
    node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 22 || (a == 22 && b >= 12) || (a == 20 && b >= 19) ? 0 : 1)'
}

# Debian 12 has Node 18: enough for its npm to fetch a newer one. npm has to run under the new one too, or it leaves out what
# Vite needs (docs/dependencies.md).
fetch_node() {
  local architecture
  command -v npm >/dev/null || tools/install-packages.sh web || unusable "Debian's npm could not be installed"
  case $(uname -m) in
    x86_64) architecture=x64 ;;
    aarch64) architecture=arm64 ;;
    *) unusable "npm has none for $(uname -m)" ;;
  esac
  say "fetching Node $node_wanted from the npm registry"
  mkdir -p build/node
  (cd build/node && npm install --ignore-scripts --no-save --no-audit --no-fund --prefix . \
    "node-linux-$architecture@$node_wanted" "npm@$npm_wanted") >build/node.log 2>&1 ||
    unusable "it could not be fetched; see build/node.log"
  mkdir -p build/node/bin
  ln -sf "../node_modules/node-linux-$architecture/bin/node" build/node/bin/node
  ln -sf ../node_modules/npm/bin/npm-cli.js build/node/bin/npm
  ln -sf ../node_modules/npm/bin/npx-cli.js build/node/bin/npx
}

if ! new_enough; then
  export PATH=$root/build/node/bin:$PATH
  if ! new_enough; then
    fetch_node
    hash -r
    new_enough || unusable "the one of the npm registry does not run here"
  fi
fi
exec "$@"
