#!/usr/bin/env python3
"""A lake that an older program made opens, finds, answers and checks as it did then, can be written on, and is read back afterwards.
lake-VERSION.tar.gz has its bytes, lake-VERSION.json what that program answered (make.py). Each released version stays here. Convention C11.
"""
import json
import os
import shutil
import sys
import tarfile
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]
from asked import asked  # noqa: E402
from pages import PAGES, WIKI  # noqa: E402
from program import expect, tarn  # noqa: E402


def reply(*words, rc=None):
    return json.loads(tarn(*words, rc=rc).stdout)


def same(now, then, where):
    expect(now == then, f"{where}: {json.dumps(now, ensure_ascii=False)} was {json.dumps(then, ensure_ascii=False)}")


def pulled_again(work):
    """Its source, as it was when the lake was made, brings no row and takes none: bookmark and rows are understood."""
    if WIKI.exists() or not os.access(WIKI.parent, os.W_OK):
        return print(f"{WIKI} cannot be made here: not pulled again")
    try:
        for name, content in PAGES.items():
            if name == "notes/old.md":
                continue
            path = WIKI / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        with (WIKI / "harbour/tides.md").open("a", encoding="utf-8") as page:
            page.write("\nNeap tides reach the sixth step.\n")
        ids = reply("sql", "select id from docs where uri not like '%.png' order by id", "--format", "json")
        # A newer extraction takes all of it again, and the picture too, which nobody read then; then there is nothing to do.
        for taken in ("added", "changed", "unchanged"), ("unchanged",):
            pull = reply("pull", str(WIKI), "--json")
            expect(sum(pull[kind] for kind in taken) == 5 and pull["seen"] == 5 and pull["skipped"] == 0 and pull["deleted"] == 0,
                   f"its source is not what it was: {pull}")
        expect(pull["commits"] == 0, f"an unchanged pull commits: {pull}")
        same(reply("sql", "select id from docs where uri not like '%.png' order by id", "--format", "json"), ids, "ids after a pull")
        # What changes gets the columns that there were not, and its place in the file.
        with (WIKI / "ports.md").open("a", encoding="utf-8") as page:
            page.write("\nThe pilot answers on channel 12.\n")
        pull = reply("pull", str(WIKI), "--json")
        expect(pull["changed"] == 1 and pull["unchanged"] == 4, f"one document changed: {pull}")
        answer = reply("ask", "On which channel does the pilot answer?", "--model", "none", "--json")
        expect(answer["citations"][0]["anchor"] == {"kind": "line", "value": "12"}, f"the quote's line: {answer}")
        rows = reply("sql", "select reader, part from docs where uri like '%ports.md'", "--format", "json")
        expect(rows == [{"reader": "markdown", "part": ""}], f"its reader: {rows}")
        same(reply("sql", "select id from docs where uri not like '%.png' order by id", "--format", "json"), ids, "ids after a change")
    finally:
        shutil.rmtree(WIKI)


def upgraded(version, work):
    then = json.loads((HERE / f"lake-{version}.json").read_text(encoding="utf-8"))
    with tarfile.open(HERE / f"lake-{version}.tar.gz") as archive:
        archive.extractall(work, filter="data")
    os.environ["TARN_LAKE"] = str(work / "lake")
    expect(reply("check", "--json")["ok"], "check finds fault with the lake as it was made")
    now = asked(reply)
    for key in then:
        if key == "answers":  # a later program may answer more
            now[key] = {question: quotes for question, quotes in now[key].items() if then[key][question]}
            then[key] = {question: quotes for question, quotes in then[key].items() if quotes}
        same(now[key], then[key], key)
    for receipt in sorted((work / "lake/_tarn/receipts").glob("*.json")):
        verified = reply("verify", receipt.stem, "--json")
        expect(verified["ok"] and verified["current"], f"{receipt.name}: {verified}")

    pulled_again(work)
    (work / "more").mkdir()
    (work / "more/buoys.md").write_text("# Buoys\n\nThe red buoy is lit.\n", encoding="utf-8")
    expect(reply("pull", str(work / "more"), "--json")["added"] == 1, "a new source goes into the old table")
    tarn("sql", "UPDATE berths SET quay = 'east' WHERE id = 4")
    tarn("optimize", "docs", "--json")
    expect(reply("check", "--json")["ok"], "check finds fault after writing")
    rows = reply("sql", "select quay from berths where id = 4", "--format", "json")
    expect(rows == [{"quay": "east"}], f"the change is read back: {rows}")
    hits = reply("search", "red buoy", "--mode", "lexical", "--json")["hits"]
    expect([hit["title"] for hit in hits][:1] == ["Buoys"], f"old and new are found together: {hits}")
    same(reply("sql", "select uri, title from docs order by uri", "--as-of", "before-the-storm", "--format", "json"),
         then["rows"][1], "the tag still reads")


def main():
    os.environ["TARN_MODEL"] = "deterministic"
    versions = sorted(path.name[5:-5] for path in HERE.glob("lake-*.json"))
    expect(versions, "no lake of an older version stands here")
    for version in versions:
        with tempfile.TemporaryDirectory() as work:
            upgraded(version, Path(work))
    print(f"lakes of {', '.join(versions)}: as they were")


main()
