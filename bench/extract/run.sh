#!/usr/bin/env bash
# How many of the words that pdftotext finds in the PDF files below some folders Tarn finds too, and how fast, beside PyPI markitdown on the
# same files: bench/extract/run.sh FOLDER… ; doc/design/pdf.md has what was measured. poppler's pdftotext judges only; it is installed
# where it is not there.
set -euo pipefail
[ $# -gt 0 ] || { echo "use: bench/extract/run.sh FOLDER…" >&2; exit 2; }
folders=()
for folder in "$@"; do folders+=("$(realpath "$folder")"); done
cd "$(dirname "$0")/../.."
command -v pdftotext >/dev/null || apt-get install -y -qq poppler-utils >/dev/null
[ -f build/release/build.ninja ] || cmake --preset release >/dev/null
ninja -C build/release extract_files >/dev/null
venv=build/bench-extract-venv
if ! cmp -s bench/extract/requirements.txt "$venv/.installed"; then
  rm -rf "$venv"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check --require-hashes --no-deps -r bench/extract/requirements.txt
  cp bench/extract/requirements.txt "$venv/.installed"
fi
find "${folders[@]}" -iname '*.pdf' -type f | sort | "$venv/bin/python" bench/extract/judge.py build/release/bench/extract/extract_files --peer
