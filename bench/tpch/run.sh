#!/usr/bin/env bash
# TPC-H on Delta tables that Tarn wrote, beside DuckDB on the same Parquet files: bench/tpch/run.sh [SCALE [TARN [OPTION…]]]
# SCALE is 1 by default, TARN the program to judge (default dist/tarn/bin/tarn). Fails when an answer differs.
set -euo pipefail
cd "$(dirname "$0")/../.."
scale=${1:-1}
tarn=${2:-dist/tarn/bin/tarn}
shift "$(($# < 2 ? $# : 2))"
[ -x "$tarn" ] || ./tools/dev build
venv=build/bench-tpch-venv
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/pip" install -q --disable-pip-version-check --require-hashes --only-binary :all: -r bench/tpch/requirements.txt
"$venv/bin/python" bench/tpch/run.py --tarn "$tarn" --scale "$scale" --work build/bench-tpch "$@"
