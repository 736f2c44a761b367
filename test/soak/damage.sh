#!/usr/bin/env bash
# Every file of a lake cut at every byte (at 2,000 places where it is longer) and 10,000 flipped bits.
set -euo pipefail
cd "$(dirname "$0")/../.."
build/dev/test/damage/damage_lake --cuts "${TARN_CUTS:-2000}" --flips "${TARN_FLIPS:-10000}" ${TARN_SEED:+--seed "$TARN_SEED"}
