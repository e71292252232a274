#!/usr/bin/env bash
# tools/web-api-types.sh [check]: writes web/src/api/generated/schema.d.ts from the OpenAPI document of a xivod that it starts for that. check:
# only says whether the file is what it would write. XIVO_BUILD names the build folder (build/release).
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

mkdir -p build/web
tools/with-node.sh true || exit $?
[[ -d web/node_modules ]] || tools/build-web.sh
tools/with-node.sh node tests/web/support/openapi.mjs build/web/openapi.json
tools/with-node.sh web/node_modules/.bin/openapi-typescript build/web/openapi.json -o build/web/schema.d.ts >build/web/api.log 2>&1 ||
  die "openapi-typescript failed; see build/web/api.log"
if [[ ${1:-} == check ]]; then
  cmp -s build/web/schema.d.ts web/src/api/generated/schema.d.ts || die "web/src/api/generated/schema.d.ts is not what the daemon's OpenAPI says; write it with tools/web-api-types.sh"
else
  cp build/web/schema.d.ts web/src/api/generated/schema.d.ts
fi
