# Shared by the scripts beside it; sourced from the top of the checkout.
# shellcheck shell=bash

build=.build
stamps=$build/stamps
# shellcheck disable=SC2034  # used where this is sourced
venv_python=.venv/bin/python

say() { printf '· %s\n' "$*"; }

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

# hash_of TEXT FILE...: one digest over a text and the files' bytes.
hash_of() {
  local text=$1
  shift
  { printf '%s\n' "$text"; cat "$@" </dev/null; } | sha256sum | cut -d' ' -f1
}

# fresh NAME KEY: the step of this name was last done with this key.
fresh() { [ -f "$stamps/$1" ] && [ "$(cat "$stamps/$1")" = "$2" ]; }

stamp() {
  mkdir -p "$stamps"
  printf '%s\n' "$2" >"$stamps/$1"
}

# A Python that is at least 3.11: PYTHON, else the machine's python3, else a versioned one.
find_python() {
  local candidate
  for candidate in ${PYTHON:-} python3 python3.11 python3.12 python3.13; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$candidate"
      return
    fi
  done
  fail "No Python 3.11 or later was found. On Debian 12: apt-get install python3 python3-venv; or set PYTHON."
}
