#!/usr/bin/env python3
"""The story that Tarn is for, told by the real program with the deterministic encoder: documents of every kind go in, are found by word,
by meaning and by SQL, and answer; a page is deleted and answers no more; what was known before can still be asked; the receipt says how
its quotes stand. Conventions C7, C10, S5, CLI-1.
"""
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from program import expect, tarn  # noqa: E402

PAGES = {
    "guide/backup.md": """---
title: Backups
author: Ann
tags: [operations, backup]
review: 2027-01-01
---
# Backups

## Taking one

Copy the lake directory while no pull is running. A copy that is made meanwhile may miss the newest commit.

## Restoring

Stop every program that has the lake open, then put the copied directory back in its place.
""",
    "guide/ports.html": """<!doctype html><html lang="en"><head><title>Ports</title></head><body><nav><a href="/">Home</a></nav>
<main><h1>Ports</h1><p>The server listens on port 8276 by default.</p><table><tr><th>name</th><th>port</th></tr>
<tr><td>metrics</td><td>9100</td></tr></table><pre><code>tarn serve</code></pre></main><footer>Imprint</footer></body></html>""",
    "notes/lake.txt": "A tarn is a small mountain lake, often left behind by a glacier.\n",
    "notes/umlaute.txt": "Die Br\u00fccke f\u00fchrt \u00fcber den Flu\u00df.\n".encode("latin-1"),
    "notes/yaml.md": "---\nweird: [1, {a: b}]\nnested:\n  key: value\n---\nA note whose front matter has keys of its own.\n",
}


def reply(*words, rc=0):
    return json.loads(tarn(*words, "--json", rc=rc).stdout)


def rows(sql, *options):
    return json.loads(tarn("sql", sql, "--format", "json", *options).stdout)


def write(folder, name, content):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


def clean():
    expect(reply("check")["ok"], "tarn check found something")


def titles(found):
    return [hit["title"] for hit in found["hits"]]


def first_pull(docs):
    dry = reply("pull", str(docs), "--dry-run")
    expect(dry["added"] == len(PAGES) and dry["dry_run"] and not Path(os.environ["TARN_LAKE"]).exists(), f"a dry run makes nothing: {dry}")
    pulled = reply("pull", str(docs))
    expect(pulled["added"] == len(PAGES) and (pulled["rejected"], pulled["skipped"]) == (0, 1), f"first pull: {pulled}")
    expect(pulled["rejects"][0]["item"].endswith("tide.mp4") and pulled["rejects"][0]["reason"], f"the reject has a reason: {pulled}")
    again = reply("pull", str(docs))
    expect(again["commits"] == 0 and again["version"] == pulled["version"] and again["encoded"] == 0, f"C10: {again}")
    rejects = rows("select item, reason from tarn.rejects")
    expect(len(rejects) == 1 and rejects[0]["item"].endswith("tide.mp4"), f"rejects can be queried: {rejects}")
    return pulled


def what_went_in(docs):
    shown = reply("show", "docs")
    expect(shown["rows"] == len(PAGES) and shown["sources"][0]["url"] == docs.resolve().as_uri(), f"show: {shown}")
    expect(shown["sources"][0]["pulled_at"].startswith("20"), f"show says when: {shown['sources']}")
    by_title = {row["title"]: row for row in rows("select * from docs")}
    backup = by_title["Backups"]
    expect(backup["author"] == "Ann" and backup["labels"] == ["operations", "backup"], f"front matter: {backup}")
    expect(json.loads(backup["extra"])["review"] == "2027-01-01", f"every key is kept: {backup['extra']}")
    ports = by_title["Ports"]["body"]
    expect("| metrics" in ports and "tarn serve" in ports and "Home" not in ports and "Imprint" not in ports, f"HTML: {ports}")
    expect(any("Br\u00fccke f\u00fchrt \u00fcber den Flu\u00df" in row["body"] for row in by_title.values()), "latin-1 is read")
    extras = [json.loads(row["extra"]) for row in by_title.values() if row["extra"]]
    expect(any(e.get("nested", {}).get("key") == "value" for e in extras), f"nested keys: {extras}")


def find(version):
    for mode in ("lexical", "semantic", "hybrid"):
        found = reply("search", "copied directory", "--mode", mode)
        expect(found["mode"] == mode and titles(found)[0] == "Backups", f"{mode}: {titles(found)}")
        hit, table = found["hits"][0], found["tables"][0]
        expect(table["table"] == "main.docs" and table["version"] == version, f"the reply names the version: {table}")
        expect(table["coverage"] == {"lexical": 1.0, "semantic": 1.0} or mode == "lexical", f"coverage: {table}")
        expect(set(hit) >= {"rank", "score", "scores", "table", "id", "title", "uri", "passage", "row"}, f"shape: {hit}")
        passage = hit["passage"]
        body = rows(f"select body from docs where id = '{hit['id']}'")[0]["body"].encode()
        expect(body[passage["start"]:passage["end"]].decode() == passage["text"], "a passage's span is bytes of the body")
    expect(titles(reply("search", '"mountain lake"', "--mode", "lexical")) == ["lake"], "a phrase")
    expect(reply("search", '"lake mountain"', "--mode", "lexical")["hits"] == [], "a phrase keeps its order")
    expect("Backups" not in titles(reply("search", "directory lake -copied", "--mode", "lexical")), "-not")
    only = reply("search", "port lake", "--filter", "uri like '%ports%'")
    expect(titles(only) == ["Ports"], f"--filter: {titles(only)}")
    expect(json.loads(tarn("search", "port", "--filter", "selec", "--json", rc=2).stderr)["code"] == "invalid_argument", "a bad filter")
    joined = rows("select s.rank, d.title, length(d.body) as n from search('copied directory') s join docs d using (id) order by rank")
    expect(joined[0]["title"] == "Backups" and joined[0]["n"] > 100, f"search joins tables: {joined}")
    spans = rows("select count(*) as n, bool_and(passage = decode(encode(d.body)[span_start + 1 : span_end])) as same "
                 "from passages('docs') p join docs d using (id)")
    expect(spans[0]["n"] >= len(PAGES) and spans[0]["same"], f"passages(): {spans}")
    expect(rows("select len(embed('lake')) as n")[0]["n"] > 0, "embed()")


def deletion_story(docs, version):
    question = "Which program must stop before the copied directory is put back in its place?"
    asked = reply("ask", question)
    expect(asked["found"] and "Stop every program" in asked["answer"] and "[1]" in asked["answer"], f"ask: {asked}")
    for citation in asked["citations"]:
        body = rows(f"select body from docs where id = '{citation['id']}'")[0]["body"].encode()
        start, end = citation["span"]
        expect(body[start:end].decode() == citation["quote"], f"S5: a quote is its bytes: {citation}")
    receipt = asked["receipt"]
    stands = reply("verify", receipt)
    expect(stands["ok"] and {q["now"] for q in stands["quotes"]} == {"stands"}, f"verify at once: {stands}")

    (docs / "guide/backup.md").unlink()
    gone = reply("pull", str(docs))
    expect(gone["deleted"] == 1 and gone["commits"] == 1 and gone["encoded"] == 0, f"the deletion: {gone}")
    expect("Backups" not in titles(reply("search", "copied directory")), "a deleted page is not found")
    now = reply("ask", question)
    expect("Stop every program" not in (now["answer"] or ""), f"a deleted page does not answer: {now['answer']}")
    then = reply("ask", question, "--as-of", str(version))
    expect(then["answer"] == asked["answer"], f"--as-of: {then['answer']}")
    expect(reply("search", "copied directory", "--as-of", str(version))["hits"][0]["title"] == "Backups", "search --as-of")
    expect(rows("select count(*) as n from docs", "--as-of", str(version))[0]["n"] == len(PAGES), "sql --as-of")
    later = reply("verify", receipt)
    expect(later["ok"] and "deleted" in {q["now"] for q in later["quotes"]}, f"verify after the deletion: {later}")
    forged = Path(receipt).read_text().replace("Stop every program", "Stop no program")
    (docs.parent / "forged.json").write_text(forged)
    expect(not reply("verify", str(docs.parent / "forged.json"), rc=1)["ok"], "a forged receipt")
    nothing = reply("ask", "How is sourdough bread baked with rye flour?")
    expect(not nothing["found"] and nothing["reason"], f"nothing relevant is said: {nothing}")


def change_and_rename(docs):
    before = {row["uri"]: row["id"] for row in rows("select uri, id from docs")}
    (docs / "notes/lake.txt").rename(docs / "notes/tarn.txt")
    write(docs, "guide/ports.html", PAGES["guide/ports.html"].replace("8276", "8277"))
    moved = reply("pull", str(docs))
    expect((moved["renamed"], moved["changed"], moved["added"], moved["deleted"]) == (1, 1, 0, 0), f"rename and change: {moved}")
    after = {row["uri"]: row["id"] for row in rows("select uri, id from docs")}
    uri = (docs / "notes").resolve().as_uri()
    expect(after[uri + "/tarn.txt"] == before[uri + "/lake.txt"], "a rename keeps the id")
    expect(titles(reply("search", "8277", "--mode", "lexical")) == ["Ports"], "the change is found")
    expect(reply("search", "8276", "--mode", "lexical")["hits"] == [], "what it replaced is not")
    (docs / "tide.mp4").unlink()
    expect(reply("pull", str(docs))["skipped"] == 0 and rows("select * from tarn.rejects") == [], "a reject goes with its file")
    optimized = reply("optimize", "main.docs")["tables"][0]
    expect(optimized["files_after"] <= optimized["files_before"], f"optimize: {optimized}")
    expect(titles(reply("search", "8277", "--mode", "lexical")) == ["Ports"], "merged segments find the same")
    versions = reply("history", "docs")["versions"]
    expect(versions[0]["version"] == len(versions) - 1, f"history is whole: {[v['version'] for v in versions]}")


with tempfile.TemporaryDirectory(prefix="tarn-story-") as scratch:
    documents = Path(scratch) / "docs"
    os.environ["TARN_LAKE"] = scratch + "/lake"
    os.environ["TARN_MODEL"] = "deterministic"
    for name, content in PAGES.items():
        write(documents, name, content)
    write(documents, "tide.mp4", b"\0\0\0\x18ftypisom" + bytes(64))
    first = first_pull(documents)
    clean()
    what_went_in(documents)
    find(first["version"])
    deletion_story(documents, first["version"])
    clean()
    change_and_rename(documents)
    clean()
    segments = [folder for folder in (Path(scratch) / "lake/main/docs/_tarn").iterdir() if folder.name != "bookmarks"]
    expect(len(segments) == 2, f"an index of words and one of vectors: {segments}")
    for folder in segments:
        shutil.rmtree(folder)
    expect(titles(reply("search", "8277", "--mode", "lexical")) == ["Ports"], "an index that is gone is built again")
    clean()
    print("story: told")
