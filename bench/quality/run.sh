#!/usr/bin/env bash
# nDCG@10 of the three modes beside plain BM25, and how the legs' weight was chosen: bench/quality/run.sh [COLLECTION…]
# Needs the public test collections ir-cranfield, ir-cisi, ir-vaswani-npl in the folder that TARN_DATA names; without it nothing is measured.
set -euo pipefail
cd "$(dirname "$0")/../.."
if [ ! -d "${TARN_DATA:-/nonexistent}/ir-cranfield" ]; then
  echo "bench/quality: TARN_DATA names no folder with the collections; nothing was measured" >&2
  exit 0
fi
[ -f build/release/build.ninja ] || cmake --preset release >/dev/null
ninja -C build/release search_pools dist >/dev/null
venv=build/bench-quality-venv
if ! cmp -s bench/quality/requirements.txt "$venv/.installed"; then
  rm -rf "$venv"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check --require-hashes --no-deps -r bench/quality/requirements.txt
  cp bench/quality/requirements.txt "$venv/.installed"
fi

collections=("$@"); [ $# -gt 0 ] || collections=(ir-cranfield ir-cisi ir-vaswani-npl)
work=build/quality
"$venv/bin/python" bench/quality/run.py dist/tarn/bin/tarn "$TARN_DATA" "${collections[@]}"
for collection in "${collections[@]}"; do
  build/release/bench/quality/search_pools "$work/$collection/lake" build/release/src/encode/model/all-MiniLM-L6-v2 \
    build/release/src/encode/libtarn_openvino.so < "$work/$collection/queries.txt" > "$work/$collection.pools"
done
"$venv/bin/python" bench/quality/weights.py "$work" "$TARN_DATA" "${collections[@]}"
