"""nDCG@10 of Tarn's three modes on test collections, beside plain BM25 (bm25s, Lucene's form, same stemmer family) in the same run.

usage: run.py TARN DATA [COLLECTION...]     TARN = the program; DATA = a folder with ir-cranfield, ir-cisi, ir-vaswani-npl
Tarn pulls the documents as Markdown files and answers through its MCP face, as any client would ask it.
"""
import json
import math
import pathlib
import shutil
import subprocess
import sys
import time

import bm25s
import Stemmer

from collections_ import load, COLLECTIONS

DEPTH = 10


def ndcg(ranked, relevant):
    gain = sum(1 / math.log2(i + 2) for i, d in enumerate(ranked[:DEPTH]) if d in relevant)
    ideal = sum(1 / math.log2(i + 2) for i in range(min(DEPTH, len(relevant))))
    return gain / ideal


class Mcp:
    """One `tarn mcp` process, asked by JSON-RPC lines."""

    def __init__(self, tarn, lake):
        self.process = subprocess.Popen([tarn, "mcp", "--lake", lake], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.number = 0
        self.call("initialize", {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "bench", "version": "1"}})
        self.process.stdin.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n')

    def call(self, method, params):
        self.number += 1
        self.process.stdin.write(json.dumps({"jsonrpc": "2.0", "id": self.number, "method": method, "params": params}) + "\n")
        self.process.stdin.flush()
        while True:
            reply = json.loads(self.process.stdout.readline())
            if reply.get("id") == self.number:
                if "error" in reply:
                    sys.exit(f"run.py: {method}: {reply['error']}")
                return reply["result"]

    def search(self, query, mode):
        result = self.call("tools/call", {"name": "search", "arguments": {"query": query, "mode": mode, "k": DEPTH}})
        if result.get("isError"):
            sys.exit(f"run.py: search '{query}': {result['content']}")
        return [r["url"].rsplit("/", 1)[1].removesuffix(".md") for r in result["structuredContent"]["results"]]

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def safe(query):
    """A collection's query is words: its signs and quotes are no operators."""
    return " ".join(w.lstrip("+-") for w in query.replace('"', " ").split())


def tarn_figures(tarn, work, documents, queries, judged):
    shutil.rmtree(work, ignore_errors=True)
    (work / "docs").mkdir(parents=True)
    for number, (title, text) in documents.items():
        heading = f"# {' '.join(title.split())}\n\n" if title else ""
        (work / "docs" / f"{number}.md").write_text(heading + text + "\n", encoding="utf-8")
    subprocess.run([tarn, "pull", str(work / "docs"), "--into", "docs", "--lake", str(work / "lake"), "--quiet"], check=True,
                   stdout=subprocess.DEVNULL)
    (work / "queries.txt").write_text("".join(safe(text) + "\n" for text in queries.values()), encoding="utf-8")
    mcp = Mcp(tarn, str(work / "lake"))
    figures = {}
    for mode in ("lexical", "semantic", "hybrid"):
        start = time.time()
        scores = [ndcg(mcp.search(safe(text), mode), judged[q]) for q, text in queries.items()]
        figures[mode] = (sum(scores) / len(scores), (time.time() - start) / len(queries) * 1000)
    mcp.close()
    return figures


def bm25_figure(documents, queries, judged, stop_words):
    stemmer = Stemmer.Stemmer("english")
    names = list(documents)
    tokens = bm25s.tokenize([f"{t} {w}" for t, w in documents.values()], stopwords=stop_words, stemmer=stemmer, show_progress=False)
    index = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
    index.index(tokens, show_progress=False)
    scores = []
    for q, text in queries.items():
        asked = bm25s.tokenize([safe(text)], stopwords=stop_words, stemmer=stemmer, show_progress=False)
        ranked, _ = index.retrieve(asked, k=DEPTH, show_progress=False)
        scores.append(ndcg([names[i] for i in ranked[0]], judged[q]))
    return sum(scores) / len(scores)


def main():
    tarn, data, *names = sys.argv[1:]
    means = {}
    print(f"{'nDCG@10':16} {'BM25':>7} {'BM25-stop':>9} {'lexical':>8} {'semantic':>8} {'hybrid':>8}   ms a query")
    for name in names or COLLECTIONS:
        documents, queries, judged = load(data, name)
        figures = tarn_figures(tarn, pathlib.Path("build/quality").absolute() / name, documents, queries, judged)
        row = {"BM25": bm25_figure(documents, queries, judged, None), "BM25-stop": bm25_figure(documents, queries, judged, "en")}
        row.update({mode: figure for mode, (figure, _) in figures.items()})
        for key, value in row.items():
            means.setdefault(key, []).append(value)
        times = " / ".join(f"{ms:.1f}" for _, ms in figures.values())
        print(f"{name:16} {row['BM25']:7.4f} {row['BM25-stop']:9.4f} {row['lexical']:8.4f} {row['semantic']:8.4f} {row['hybrid']:8.4f}   {times}",
              flush=True)
    mean = {key: sum(v) / len(v) for key, v in means.items()}
    print(f"{'mean':16} {mean['BM25']:7.4f} {mean['BM25-stop']:9.4f} {mean['lexical']:8.4f} {mean['semantic']:8.4f} {mean['hybrid']:8.4f}")


main()
