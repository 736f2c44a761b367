#!/usr/bin/env bash
# The lake beside deltalake and pyarrow: bench/lake/run.sh [BUILD [OPTION OF run.py…]]; BUILD is a build directory (default build/release).
set -euo pipefail
cd "$(dirname "$0")/../.."
build=${1:-build/release}; shift || true
[ -f "$build/build.ninja" ] || cmake --preset release -B "$build" >/dev/null
ninja -C "$build" lake_work >/dev/null
venv=build/bench-lake-venv
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/pip" install -q --disable-pip-version-check -r bench/lake/requirements.txt
"$venv/bin/python" bench/lake/run.py "$build/bench/lake/lake_work" build/bench-lake "$@"
rm -rf build/bench-lake
