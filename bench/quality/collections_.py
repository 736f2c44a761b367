"""Reads test collections (Cranfield, CISI, NPL) into documents, queries and judgements.

A collection is (documents, queries, judgements): {doc: (title, text)}, {query: text}, {query: {doc, ...}}. Judgements are binary.
"""
import pathlib
import re


def smart(path, queries=False):
    """SMART format: records start with .I, fields with .T, .A, .B, .W, .X."""
    records, field = [], None
    for line in path.read_text(encoding="latin-1").splitlines():
        if line.startswith(".I"):
            records.append({"I": line[2:].strip(), "T": [], "W": []})
            field = None
        elif re.match(r"^\.[A-Z]\s*$", line):
            field = line[1]
        elif field in ("T", "W"):
            records[-1][field].append(line)
    return [(r["I"], " ".join(r["T"]).strip(), "\n".join(r["W"]).strip()) for r in records]


def cranfield(folder):
    documents = {i: (t, w) for i, t, w in smart(folder / "cran.all.1400")}
    # The judgements number queries by their order, not by what .I says.
    queries = {str(n + 1): w for n, (_, _, w) in enumerate(smart(folder / "cran.qry"))}
    judged = {}
    for line in (folder / "QRelsCorrectedforTRECeval").read_text().splitlines():
        q, _, d, grade = line.split()[:4]
        if 1 <= int(grade) <= 4:
            judged.setdefault(q, set()).add(d)
    return documents, queries, judged


def cisi(folder):
    documents = {i: (t, w) for i, t, w in smart(folder / "CISI.ALL")}
    queries = {i: (t + " " + w).strip() for i, t, w in smart(folder / "CISI.QRY")}
    judged = {}
    for line in (folder / "CISI.REL").read_text().splitlines():
        if line.strip():
            q, d = line.split()[:2]
            judged.setdefault(q, set()).add(d)
    return documents, queries, judged


def npl(folder):
    text = (folder / "corpus" / "doc-text.trec").read_text(encoding="latin-1")
    documents = {}
    for body in re.findall(r"<doc>(.*?)</doc>", text, re.S | re.I):
        number = re.search(r"<docno>\s*(\S+?)\s*</docno>", body, re.I).group(1)
        documents[number] = ("", re.sub(r"<docno>.*?</docno>", "", body, flags=re.S | re.I).strip())
    queries = {}
    for body in re.findall(r"<top>(.*?)</top>", (folder / "query-text.trec").read_text(encoding="latin-1"), re.S | re.I):
        number = re.search(r"<num>\s*(\d+)\s*</num>", body, re.I).group(1)
        queries[number] = re.search(r"<title>(.*?)</title>", body, re.S | re.I).group(1).strip().lower()
    judged = {}
    for line in (folder / "qrels").read_text().splitlines():
        fields = line.split()
        if len(fields) >= 4 and int(fields[3]) > 0:
            judged.setdefault(fields[0], set()).add(fields[2])
    return documents, queries, judged


COLLECTIONS = {"ir-cranfield": cranfield, "ir-cisi": cisi, "ir-vaswani-npl": npl}


def load(data, name):
    documents, queries, judged = COLLECTIONS[name](pathlib.Path(data) / name)
    queries = {q: t for q, t in queries.items() if judged.get(q)}
    return documents, queries, judged
