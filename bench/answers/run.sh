#!/usr/bin/env bash
# How often questions with and without an answer in the lake are answered and refused: bench/answers/run.sh [BUILD]
# BUILD is a build directory (default build/release). The sets:
#   manual       questions.tsv (half, kind, question, pages that answer) of the manual of the Debian package postgresql-doc-15
#   pages        the same questions of lakes of 1 to 10 of its pages, drawn at random
#   notes        notes.tsv (and the pages of the lake) of lakes of three notes each, notes/
#   near         near.tsv (and the pages of the lake) of lakes of three documents each, near/: device manuals, notes, rules and questions
#                often asked, abstracts; half of its questions are of the same things and not answered
#   collections  where TARN_DATA names the test collections: 40 queries of each, of their own collection and of another one
set -euo pipefail
cd "$(dirname "$0")/../.."
build=${1:-build/release}
./tools/dev setup
[ -f "$build/build.ninja" ] || cmake --preset release -B "$build" >/dev/null
ninja -C "$build" -j "${TARN_JOBS:-$(nproc)}" answer_questions dist >/dev/null
work=build/answers
here=bench/answers
mkdir -p "$work"

pull() { dist/tarn/bin/tarn pull "$1" --lake "$2" --quiet >/dev/null; }
ask() {  # LAKE QUESTIONS NAME
  local way model
  for way in with_encoder by_word; do
    model=none; [ "$way" = by_word ] || model=$build/src/encode/model/all-MiniLM-L6-v2
    "$build/bench/answers/answer_questions" "$1" -1 "$model" "$build/src/encode/libtarn_openvino.so" < "$2" > "$work/$3.$way.jsonl"
  done
}
ask_set() { cut -f 3,5 "$work/$2.tsv" > "$work/$2.txt"; ask "$1" "$work/$2.txt" "$2"; }  # LAKE SET

. bench/manual.sh
manual_pages "$work/docs"
pull "$work/docs" "$work/lake"
pull "$here/notes" "$work/notes-lake"
pull "$here/near" "$work/near-lake"
cp "$here/questions.tsv" "$work/manual.tsv"
cp "$here/near.tsv" "$work/near.tsv"
python3 "$here/small_lakes.py" pages "$work/docs" > "$work/pages.tsv"
python3 "$here/small_lakes.py" notes > "$work/notes.tsv"
ask_set "$work/lake" manual
ask_set "$work/lake" pages
ask_set "$work/notes-lake" notes
ask_set "$work/near-lake" near
data=()
if [ -d "${TARN_DATA:-/nonexistent}/ir-cranfield" ]; then
  data=("$TARN_DATA")
  for name in ir-cranfield ir-cisi ir-vaswani-npl; do
    [ -f "$work/$name/queries.txt" ] ||
      python3 "$here/write_collection.py" "$TARN_DATA" "$name" "$work/$name/docs" "$work/$name/queries.txt" 40
    pull "$work/$name/docs" "$work/$name/lake"
  done
  for pair in ir-cranfield:ir-cranfield ir-cisi:ir-cisi ir-vaswani-npl:ir-vaswani-npl \
    ir-cranfield:ir-cisi ir-cisi:ir-vaswani-npl ir-vaswani-npl:ir-cranfield; do
    ask "$work/${pair#*:}/lake" "$work/${pair%:*}/queries.txt" "${pair/:/.}"
  done
else
  echo "bench/answers: TARN_DATA names no folder with the collections; they were not asked" >&2
fi
python3 "$here/fit.py" "$work" "${data[@]}"
