#!/usr/bin/env bash
# MERGE in bounded memory: one row, and a million rows, upserted by a number and by a text into a table of 100 million rows, the whole
# process under 512 MB (RLIMIT_DATA as the wall, VmHWM as the figure), the table's sums exact afterwards.
# test/soak/merge_memory.sh [MILLIONS [DIRECTORY]]: a multiple of ten; the table needs about 11 MB for each million.
set -euo pipefail
cd "$(dirname "$0")/../.."
millions=${1:-100}
place=${2:-build/soak-merge}
limit_mb=512
[ -f build/dev/build.ninja ] || cmake --preset dev >/dev/null
ninja -C build/dev --quiet lake_work
rm -rf "$place"; mkdir -p "$place"
trap 'rm -rf "$place"' EXIT

run() {  # commands on stdin, replies on stdout
  prlimit --data=$((limit_mb << 20)) build/dev/bench/lake/lake_work "$place" 2 200
}
expect() {  # what, reply, text that it must contain
  local peak_kb; peak_kb=$(sed -n '$s/.*"peak_kb":\([0-9]*\).*/\1/p' <<<"$2")
  echo "$1: $2"
  grep -qF "$3" <<<"$2" || { echo "failed: no $3" >&2; exit 1; }
  [ "$peak_kb" -lt $((limit_mb << 10)) ] || { echo "failed: $peak_kb kB" >&2; exit 1; }
}

n=$((millions * 1000000)); part=$((n / 10))
{
  echo "create main/t SELECT 0::BIGINT AS id, '' AS t, 0::BIGINT AS v"
  for k in 0 1 2 3 4 5 6 7 8 9; do
    echo "append main/t SELECT i AS id, printf('%016x', hash(i)) AS t, 1::BIGINT AS v FROM range($k::BIGINT * $part, ($k::BIGINT + 1) * $part) r(i)"
  done
} | run | tail -1 | while read -r reply; do expect "table of $n rows" "$reply" '"version":10'; done

sums='SELECT count(*), sum(v)::BIGINT, count(*) FILTER (v > 1) FROM {rows}'
million="FROM range(1000000) r(i)"
step() {  # what, upsert, the table's sums after it
  expect "$1" "$(run <<<"$2")" '"version"'
  expect "  then" "$(run <<<"query main/t $sums")" "\"row\":[$3]"
}
step "one row by number" "upsert main/t id SELECT $((n / 2))::BIGINT AS id, 'one' AS t, 2::BIGINT AS v" "\"$n\",\"$((n + 1))\",\"1\""
step "one row by text" "upsert main/t t SELECT -1::BIGINT AS id, printf('%016x', hash($((n / 2 + 1)))) AS t, 2::BIGINT AS v" \
  "\"$n\",\"$((n + 2))\",\"2\""
# Every second of the keys is new.
stride=$((n / 500000))
step "a million rows by number" "upsert main/t id SELECT 3 + i * $stride AS id, 'n' AS t, 2::BIGINT AS v $million" \
  "\"$((n + 500000))\",\"$((n + 1500002))\",\"1000002\""
step "a million rows by text" \
  "upsert main/t t SELECT -2 - i AS id, printf('%016x', hash(7 + i * $stride)) AS t, 2::BIGINT AS v $million" \
  "\"$((n + 1000000))\",\"$((n + 3000002))\",\"2000002\""
echo "merge_memory: all exact, all under $limit_mb MB"
