#!/usr/bin/env bash
# Throughput of lexical search over one opened lake from one thread and from two: bench/concurrency/run.sh [BUILD [SECONDS [ROUNDS]]]
# BUILD is a build directory (default build/release). The lake: the manual of the Debian package postgresql-doc-15. The queries: the
# questions of bench/answers.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=${1:-build/release}
./tools/dev setup
[ -f "$build/build.ninja" ] || cmake --preset release -B "$build" >/dev/null
ninja -C "$build" -j "${TARN_JOBS:-$(nproc)}" search_at_once dist >/dev/null
work=build/concurrency
mkdir -p "$work"
. bench/manual.sh
manual_pages "$work/docs"
dist/tarn/bin/tarn pull "$work/docs" --lake "$work/lake" --model none --quiet >/dev/null
cut -f 3 bench/answers/questions.tsv > "$work/queries.txt"
"$build/bench/concurrency/search_at_once" "$work/lake" "$work/queries.txt" 2 "${2:-3}" "${3:-7}"
