#!/usr/bin/env python3
"""A PDF through the whole program: pulled in the shipped worker, cited by page, fetched by page; bad ones are rejects, good ones stay."""
import json
import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from program import expect, pdf, tarn  # noqa: E402


def main():
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["TARN_LAKE"] = f"{scratch}/lake"
        docs = Path(scratch) / "docs"
        docs.mkdir()
        whole = pdf(["The harbour opens at six in the morning.", "Pilots board at the outer buoy.", "Dues are paid in coin."])
        (docs / "rules.pdf").write_bytes(whole)
        (docs / "cut.pdf").write_bytes(whole[:300])
        (docs / "lie.pdf").write_text("<html><body>404 Not Found</body></html>")
        (docs / "named-otherwise.dat").write_bytes(pdf(["A file that is called something else."]))
        tarn("pull", str(docs), rc=1)  # with rejects
        rejects = json.loads(tarn("sql", "select item, reason from tarn.rejects order by item", "--json").stdout)
        expect([r["item"].rsplit("/", 1)[-1] for r in rejects] == ["cut.pdf", "lie.pdf"], f"rejects: {rejects}")
        expect(all("no PDF that can be read" in r["reason"] for r in rejects), f"reasons: {rejects}")
        rows = json.loads(tarn("sql", "select count(*) as n from docs where mime = 'application/pdf'", "--json").stdout)
        expect(rows == [{"n": 2}], f"the good ones: {rows}")

        hit = json.loads(tarn("search", "pilots buoy", "--mode", "lexical", "--json").stdout)["hits"][0]
        expect(hit["passage"]["page"] in (1, 2), f"the page of a hit: {hit['passage']}")
        asked = json.loads(tarn("ask", "Where do pilots board?", "--json").stdout)
        expect(asked["citations"] and asked["citations"][0]["anchor"] == {"kind": "page", "value": "2"}, f"the page of a citation: {asked}")
        expect("page 2" in tarn("ask", "Where do pilots board?").stdout, "the terminal names the page")

        expect(tarn("fetch", "rules.pdf", "--page", "2").stdout.strip() == "Pilots board at the outer buoy.", "fetch --page")
        failed = tarn("fetch", "rules.pdf", "--page", "4", rc=1)
        expect("its pages are 1 to 3" in failed.stderr, f"a page that is not there: {failed.stderr}")


main()
