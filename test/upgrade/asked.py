"""What is asked of a lake that an older program made, in a form that does not depend on how a reply is laid out."""
QUERIES = ["tide quay", "rope", '"high water"', "locker -blue", "Ebbe", "port 7443"]
QUESTIONS = ["When is high water at the quay?", "Which port does billing use?", "Who keeps the key of the locker?",
             "What does a moon rocket cost?"]
STATEMENTS = [
    ("select id, uri, title, body, mime, labels, extra from docs order by uri", ()),
    ("select uri, title from docs order by uri", ("--as-of", "before-the-storm")),
    ("select * from berths order by id", ()),
    ("select * from berths order by id", ("--as-of", "1")),
    ("select item, reason from tarn.rejects order by item", ()),
]


def asked(tarn):
    """`tarn(*words)` runs the program and gives its standard output, as JSON."""
    rows = [tarn("sql", statement, "--format", "json", *options) for statement, options in STATEMENTS]
    return {
        "tables": [[t["table"], t["version"], t["rows"]] for t in tarn("tables", "--json")["tables"]],
        "rows": rows,
        "history": [[v["version"], v["operation"]] for table in ("docs", "berths")
                    for v in tarn("history", table, "--json")["versions"]],
        "changes": sorted([row["change"], row["id"]] for row in tarn("diff", "berths", "1..", "--json")["rows"]),
        "bodies": [tarn("fetch", row["id"], "--json")["text"] for row in rows[0]],
        "found": {f"{mode}: {query}": [hit["uri"] for hit in tarn("search", query, "--mode", mode, "-k", "1", "--json")["hits"]]
                  for mode in ("lexical", "hybrid") for query in QUERIES},
        "answers": {question: [c["quote"] for c in tarn("ask", question, "--model", "none", "--json")["citations"]]
                    for question in QUESTIONS},
    }
