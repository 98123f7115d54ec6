#!/usr/bin/env bash
# Writes the pinned, hash-checked, URL-free requirement files from pyproject.toml, and package-lock.json.
# Pins that still fit are kept; UPGRADE=1 takes the newest that pyproject.toml allows.
set -euo pipefail
cd "$(dirname "$0")/.."

command -v uv >/dev/null || { echo "make lock needs uv: pip cannot pin for every platform at once." >&2; exit 1; }

compile() {
  local out=$1
  shift
  # A machine's own uv settings (an index, say) must not decide what the project pins.
  uv pip compile --quiet --no-config --universal --generate-hashes --python-version 3.11 --no-header \
    --no-emit-index-url --no-emit-find-links ${UPGRADE:+--upgrade} --output-file "$out" "$@" >/dev/null
  { echo "# Written by make lock from pyproject.toml; not edited by hand."; cat "$out"; } >"$out.new"
  mv "$out.new" "$out"
  echo "$out: $(grep -c '==' "$out") packages"
}

# The development set comes first and holds the others to its pins, so that one environment serves both.
compile requirements-dev.txt pyproject.toml --extra spark --extra s3 --group dev
compile requirements.txt pyproject.toml --group build --constraints requirements-dev.txt
compile requirements-node.txt --group node

if command -v npm >/dev/null; then
  npm install --package-lock-only --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
  echo "package-lock.json: $(grep -c '"integrity"' package-lock.json) packages"
else
  echo "package-lock.json: left as it is (no npm here)"
fi
