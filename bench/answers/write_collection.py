"""Writes a test collection as Markdown files, one a document, and the first of its queries, one a line.

usage: write_collection.py DATA NAME FOLDER QUERIES COUNT
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "quality"))
import collections_


def main():
    data, name, folder, queries_path, count = sys.argv[1:]
    documents, queries, _ = collections_.load(data, name)
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for number, (title, text) in documents.items():
        heading = f"# {' '.join(title.split())}\n\n" if title else ""
        (folder / f"{number}.md").write_text(heading + text + "\n", encoding="utf-8")
    # A collection's query is words: its signs and quotes are no operators.
    asked = [" ".join(w.lstrip("+-") for w in text.replace('"', " ").split()) for text in queries.values()]
    pathlib.Path(queries_path).write_text("".join(q + "\n" for q in asked[:int(count)]), encoding="utf-8")


main()
