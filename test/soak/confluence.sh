#!/usr/bin/env bash
# 200 wikis, Cloud and Data Center in turn, whose pulls are killed, cut off and misled: nothing lost, nothing doubled. TARN_ONCE_RUNS and
# TARN_SEED say otherwise.
set -euo pipefail
cd "$(dirname "$0")/../.."
TARN_ONCE_RUNS=${TARN_ONCE_RUNS:-200} exec python3 test/confluence/once.py --tarn dist/tarn/bin/tarn
