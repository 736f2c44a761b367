#!/usr/bin/env bash
# `tarn pull` onto a disk that is full at 20 levels. Needs the right to mount a tmpfs (root).
set -euo pipefail
cd "$(dirname "$0")/../.."
exec python3 test/soak/disk_full.py --tarn dist/tarn/bin/tarn
