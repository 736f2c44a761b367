#!/usr/bin/env bash
# What of documentation pages stands in the bodies that are taken from them: bench/pages/run.sh [MAX_PAGES of each set, 3000]
# Debian's manuals are installed where they are not; doc/design/html-text.md has what was measured.
set -euo pipefail
cd "$(dirname "$0")/../.."
packages=(postgresql-doc-15 python3.11-doc debian-handbook rust-doc erlang-doc)
dpkg -s "${packages[@]}" >/dev/null 2>&1 || apt-get install -y -qq "${packages[@]}" >/dev/null
[ -f build/release/build.ninja ] || cmake --preset release >/dev/null
ninja -C build/release extract_pages >/dev/null
venv=build/bench-pages-venv
if ! cmp -s bench/pages/requirements.txt "$venv/.installed"; then
  rm -rf "$venv"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check --require-hashes --no-deps -r bench/pages/requirements.txt
  cp bench/pages/requirements.txt "$venv/.installed"
fi
# The generators' own pages for searching have no content; of the handbook's languages English and two others.
pages() { dpkg -L "$2" | grep '\.html$' | grep -v -e '/search\.html$' -e '/settings\.html$' | sed "s/^/$1\t/"; }
{
  pages postgresql postgresql-doc-15
  pages python python3.11-doc
  pages debian-handbook debian-handbook | grep -e /en-US/ -e /fr-FR/ -e /ja-JP/
  pages rust rust-doc
  pages erlang erlang-doc
} | "$venv/bin/python" bench/pages/count.py build/release/bench/pages/extract_pages "${1:-3000}"
