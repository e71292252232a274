#!/usr/bin/env bash
# tools/install-packages.sh GROUP...: installs the Debian packages of these groups of tools/packages.txt that are
# missing. Nothing missing: returns at once and asks for no rights. Services are never started.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
log=$here/../build/apt.log
unknown=$here/../build/apt.unknown  # optional packages that this Debian release was found not to have

die() {
  printf 'xivo: %s\n' "$*" >&2
  exit 1
}

wanted_of() {  # the lines "name" or "?name" of the groups given
  awk -v groups=" $* " '
    { sub(/#.*/, "") }
    /^\[/ { name = $1; gsub(/[][]/, "", name); inside = index(groups, " " name " ") > 0; next }
    inside && NF { print $1 }' "$here/packages.txt" | sort -u
}

# The packages here, and the names they stand for: the Node.js of nodesource.com provides npm, and conflicts with it.
installed() {
  dpkg-query -W -f='${db:Status-Status} ${Package} ${Provides}\n' 2>/dev/null |
    awk '$1 == "installed" { gsub(/\([^)]*\)|,/, ""); for (i = 2; i <= NF; i++) print $i }'
}

missing_of() {
  local have name
  have=$'\n'$(installed)$'\n'$(cat "$unknown" 2>/dev/null || true)$'\n'
  for name in $(wanted_of "$@"); do
    [[ $have == *$'\n'"${name#\?}"$'\n'* ]] || printf '%s\n' "$name"
  done
}

# Debian starts a service when its package is installed, unless this file says no.
policy=/usr/sbin/policy-rc.d
placed=
forbid_services() {
  [[ -e $policy ]] && return
  printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
  "${as_root[@]}" chmod 755 "$policy"
  placed=yes
}
allow_services() {
  if [[ $placed ]]; then "${as_root[@]}" rm -f "$policy"; fi
}

apt() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 "$@" >>"$log" 2>&1 </dev/null; }
install() { apt install -y --no-install-recommends "$@"; }

available() {  # of the names given, those to ask apt for: all required ones, and the optional ones it knows
  local name
  for name in "$@"; do
    if [[ $name != \?* ]]; then
      printf '%s\n' "$name"
    elif apt-cache show --no-all-versions "${name#\?}" >/dev/null 2>&1; then
      printf '%s\n' "${name#\?}"
    fi
  done
}

main() {
  [[ $# -gt 0 ]] || die "usage: tools/install-packages.sh GROUP... (groups: $(grep -o '^\[[a-z]*' "$here/packages.txt" | tr -d '[' | xargs))"
  local missing list
  mapfile -t missing < <(missing_of "$@")
  [[ ${#missing[@]} -gt 0 ]] || return 0
  command -v apt-get >/dev/null || die "these Debian packages are missing, and there is no apt-get here: ${missing[*]#\?}"
  as_root=()
  if [[ $(id -u) != 0 ]]; then
    command -v sudo >/dev/null || die "these Debian packages are missing; install them as root: apt-get install ${missing[*]#\?}"
    as_root=(sudo)
    sudo -v || die "sudo refused; install as root: apt-get install ${missing[*]#\?}"
  fi
  mkdir -p "${log%/*}" && : >"$log" || die "cannot write in ${log%/*}"
  trap allow_services EXIT
  forbid_services
  mapfile -t list < <(available "${missing[@]}")
  if [[ ${#list[@]} -gt 0 ]]; then
    printf 'xivo: installing Debian packages: %s\n' "${list[*]}"
    if install "${list[@]}"; then return; fi
  fi
  # The lists of packages may be absent or old; only an optional package that no list has is let go.
  apt update || die "apt-get update failed; its output is in build/apt.log"
  mapfile -t list < <(available "${missing[@]}")
  printf '%s\n' "${missing[@]#\?}" | grep -vxFf <(printf '%s\n' "${list[@]}") >"$unknown" || true
  [[ ${#list[@]} -gt 0 ]] || return 0
  install "${list[@]}" || die "apt-get could not install ${list[*]}; its output is in build/apt.log"
}

main "$@"
