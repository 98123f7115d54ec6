#!/usr/bin/env bash
# Makes .venv with pinned, hash-checked packages and installs this checkout in it, editable.
#   scripts/setup.sh runtime   what the command line needs (make demo)
#   scripts/setup.sh dev       that, and the tools that check the code (make test)
# uv does it when it is on PATH, else python -m venv and pip. Each step leaves a stamp under .build/stamps
# that holds the hash of what went into it; a step whose stamp still holds is left out.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh

mode=${1:?runtime or dev}
case $mode in
  runtime) requirements='requirements.txt' ;;
  dev) requirements='requirements-dev.txt' ;;
  *) fail "setup: '$mode' is neither runtime nor dev" ;;
esac

new_environment() {
  local python
  python=$(find_python)
  say "environment: .venv with $("$python" --version)"
  rm -rf .venv "$stamps"/venv-*
  if command -v uv >/dev/null; then
    uv venv --quiet --no-python-downloads --python "$python" .venv
    return
  fi
  if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    fail "$python can't make an environment: it lacks ensurepip." \
      "On Debian: apt-get install python3-venv (or put uv on PATH); then run make again."
  fi
  "$python" -m venv .venv
}

# Build tools are among the pinned packages, so nothing is built with anything that was not checked.
install() {
  if command -v uv >/dev/null; then
    uv pip install --quiet --python "$venv_python" --no-build-isolation "$@"
  else
    "$venv_python" -m pip install --quiet --disable-pip-version-check --no-build-isolation --use-pep517 "$@"
  fi
}

install_packages() {
  say "packages: $(grep -c '==' "$requirements") from $requirements"
  install --require-hashes --requirement requirements.txt
  if [ "$mode" = dev ]; then install --require-hashes --requirement requirements-dev.txt; fi
  # uv leaves the bytecode to the first import, which may not be allowed to write it: every start would compile anew.
  byte_compile "$("$venv_python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"
}

byte_compile() {
  "$venv_python" -m compileall -q -j 0 "$1" >/dev/null || true # some packages ship files of other Pythons
}

install_checkout() {
  say "jieban: this checkout, editable"
  install --no-deps --editable .
}

# Not usable: gone, made somewhere else (a moved checkout: its commands name the old place), or by a uv that left.
usable() {
  "$venv_python" -c '' 2>/dev/null || return 1
  [ ! -f "$stamps/place" ] || fresh place "$place_key" || return 1
  command -v uv >/dev/null || "$venv_python" -c 'import pip' 2>/dev/null
}

place_key=$(hash_of "$PWD")
usable || new_environment
stamp place "$place_key"
interpreter=$("$venv_python" -c 'import sys; print(sys.version, sys.prefix)')

# The development set holds the runtime set at the same pins, so it serves for both.
runtime_key=$(hash_of "$interpreter" requirements.txt)
dev_key=$(hash_of "$interpreter" requirements-dev.txt)
if ! { fresh venv-dev "$dev_key" || { [ "$mode" = runtime ] && fresh venv-runtime "$runtime_key"; }; }; then
  rm -f "$stamps"/venv-*
  install_packages
  if [ "$mode" = dev ]; then stamp venv-dev "$dev_key"; else stamp venv-runtime "$runtime_key"; fi
fi

checkout_key=$(hash_of "$interpreter" pyproject.toml)
if ! fresh venv-checkout "$checkout_key"; then
  install_checkout
  stamp venv-checkout "$checkout_key"
fi

if compgen -G 'src/jieban/locale/*/LC_MESSAGES/*.po' >/dev/null; then
  messages_key=$(hash_of "" src/jieban/locale/*/LC_MESSAGES/*.po)
  compiled=$(compgen -G 'src/jieban/locale/*/LC_MESSAGES/*.mo' || true)
  if [ -z "$compiled" ] || ! fresh messages "$messages_key"; then
    "$venv_python" scripts/messages.py compile
    stamp messages "$messages_key"
  fi
fi
byte_compile src
