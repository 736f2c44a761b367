#!/usr/bin/env bash
# 200 kills of pulls, every fifth crashed table read by deltalake and DuckDB; 1,000 over mixed operations. TARN_KILLS, TARN_MIXED_KILLS and
# TARN_SEED say otherwise.
set -euo pipefail
cd "$(dirname "$0")/../.."
build/dev/test/crash/crash_pull --tarn dist/tarn/bin/tarn --kills "${TARN_KILLS:-200}" ${TARN_SEED:+--seed "$TARN_SEED"} \
  --peer build/interop-venv/bin/python test/crash/peer_rows.py
build/dev/test/crash/crash_mixed --tarn dist/tarn/bin/tarn --kills "${TARN_MIXED_KILLS:-1000}" ${TARN_SEED:+--seed "$TARN_SEED"}
