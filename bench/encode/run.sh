#!/usr/bin/env bash
# Encoding speed beside OpenVINO's own, and a query's latency in a fresh process: bench/encode/run.sh [BUILD [PEER OPTION…]]
# BUILD is a build directory (default build/release). Needs both cores to itself; says what each side would do by core seconds too.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=${1:-build/release}; shift || true
model=$build/src/encode/model/all-MiniLM-L6-v2
module=$build/src/encode/libtarn_openvino.so
program=$build/bench/encode/encode_passages

[ -f "$build/build.ninja" ] || cmake --preset release -B "$build" >/dev/null
ninja -C "$build" encode_passages >/dev/null
venv=build/bench-encode-venv
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/pip" install -q --disable-pip-version-check -r bench/encode/requirements.txt

"$venv/bin/python" bench/encode/peer.py --program "$program" --module "$module" --model "$model" \
  --pages /usr/share/doc/postgresql-doc-15/html --work build/bench-encode "$@"
for i in 1 2 3; do
  "$program" query "$model" "$module" 2 bf16 "how do I restore a backup"
done
