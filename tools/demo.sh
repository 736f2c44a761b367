#!/usr/bin/env bash
# The main job on real documents, ending in the story of a deleted page. Run by ./tools/dev demo; every line that starts with "$" can be
# typed by hand. A second run finds everything done: it pulls nothing, encodes nothing and commits nothing, and tells the same story.
set -euo pipefail
cd "$(dirname "$0")/.."

source_docs=/usr/share/doc/postgresql-doc-15/html
page=pgprewarm.html
question='how are blocks remembered and prewarmed after a server restart?'

export PATH="$PWD/dist/tarn/bin:$PATH" TARN_LAKE="$PWD/build/demo/lake"
docs=build/demo/docs
bold=$'\e[1m' dim=$'\e[2m' plain=$'\e[0m' color=always
[ -t 1 ] && [ -z "${NO_COLOR:-}" ] || { bold="" dim="" plain="" color=never; }

tell() { printf '\n%s# %s%s\n' "$dim" "$*" "$plain"; }
run() {
  local word line=""
  for word in "$@"; do
    case "$word" in *[!A-Za-z0-9_./:=@-]*) line+=" '$word'" ;; *) line+=" $word" ;; esac
  done
  printf '%s$%s%s\n' "$bold" "$line" "$plain"
  "$@"
}
shown() { printf '%s$ %s%s\n' "$bold" "$1" "$plain"; }

mkdir -p build/demo
if [ ! -d "$docs" ]; then
  mkdir -p "$docs.new"
  cp -L "$source_docs"/*.html "$docs.new"
  mv "$docs.new" "$docs"
fi
before=$(tarn tables --json 2>/dev/null | python3 -c 'import json,sys; print(next((t["version"] for t in json.load(sys.stdin)["tables"] if t["table"]=="main.docs"), -1))' 2>/dev/null || echo -1)

tell "The PostgreSQL manual, $(ls "$docs" | grep -c html) HTML pages, becomes a Delta table that can be searched and asked."
shown "export PATH=$PWD/dist/tarn/bin:\$PATH TARN_LAKE=$TARN_LAKE"
if [ -e "$docs/$page" ] || [ "$before" -lt 0 ]; then
  run tarn pull "$docs"
  first=$(tarn tables --json | python3 -c 'import json,sys; print(next(t["version"] for t in json.load(sys.stdin)["tables"] if t["table"]=="main.docs"))')
  echo "$first" > build/demo/version
else
  run tarn pull "$docs"
  first=$(cat build/demo/version)
fi

tell "By word, by meaning, by SQL."
run tarn search '"write-ahead log" +archive' --mode lexical -k 3
run tarn sql "select count(*) as pages, sum(length(body)) as bytes from docs"

if [ -e "$docs/$page" ]; then
  tell "Asked: sentences that stand in the pages, each read again before it is shown."
  shown "tarn ask '$question'"
  tarn ask "$question" --color "$color" | tee build/demo/answer
  sed $'s/\e[^m]*m//g' build/demo/answer | sed -n 's/^receipt: //p' > build/demo/receipt
  tell "The page is deleted, and the folder pulled again."
  run rm "$docs/$page"
  run tarn pull "$docs"
else
  tell "The page that answers was deleted in an earlier run (rm -r build/demo starts over)."
fi

tell "It answers no more..."
run tarn ask "$question"
tell "...but what was known before the deletion can still be asked..."
run tarn ask "$question" --as-of "$first"
tell "...and the receipt of the first answer says how its quotes stand."
run tarn verify "$(cat build/demo/receipt)" || true

tell "The table is Delta: another engine reads the same rows."
shown "python3 -c 'from deltalake import DeltaTable; ...'    # PyPI deltalake, its own reader"
build/interop-venv/bin/python3 - "$TARN_LAKE/main/docs" <<'E2'
import sys
from deltalake import DeltaTable, QueryBuilder
table = DeltaTable(sys.argv[1])
rows = QueryBuilder().register("docs", table).execute("select count(*) as pages, count(distinct id) as ids from docs").read_all()
print(f"deltalake reads version {table.version()}:", ", ".join(f"{name} = {rows[name][0].as_py()}" for name in rows.column_names))
E2
run tarn sql "select count(*) as pages, count(distinct id) as ids from docs"
