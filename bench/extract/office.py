"""How many of the words that LibreOffice finds in office documents, and Python's email in messages, Tarn finds too; PyPI markitdown beside it.

Use: office.py EXTRACT_FILES [--peer] [--worst N] < list of paths

LibreOffice (soffice, which judges only) makes text of documents, the values of every sheet, and a PDF of slides, whose words pdftotext finds. Files
in which the judge finds fewer than three words are not counted. Messages of Outlook are judged by PyPI extract-msg, where it is installed. Prints for each type the share of files with a recall of .9, and the mean.
"""
import argparse
import collections
import email
import email.policy
import pathlib
import subprocess
import sys
import tempfile

from judge import message_text, peer, plain, recall, tarn, words

FORM = {"docx": "txt", "docm": "txt", "odt": "txt", "doc": "txt", "rtf": "txt", "xlsx": "csv", "xlsm": "csv", "ods": "csv", "xls": "csv",
        "pptx": "pdf", "odp": "pdf", "ppt": "pdf"}
# Every sheet, and values as they are, not as they are shown.
FILTER = {"txt": "txt:Text (encoded):UTF8", "pdf": "pdf",
          "csv": "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"}
LEAST = 3


def by_office(paths, folder):
    """Text by path, of all files of a form in one run of soffice."""
    names = {}
    for form in sorted(set(FORM.values())):
        links = []
        for i, path in enumerate(paths):
            if FORM.get(path.suffix[1:].lower()) != form:
                continue
            link = folder / f"{form}{i}{path.suffix}"
            link.symlink_to(path)
            names[path] = link.stem
            links.append(str(link))
        if links:
            subprocess.run(["soffice", "--headless", "--convert-to", FILTER[form], "--outdir", str(folder), *links], capture_output=True, timeout=1200)
    for path, stem in names.items():
        form = FORM[path.suffix[1:].lower()]
        made = [p for p in folder.iterdir() if p.suffix == "." + form and (p.stem == stem or p.stem.startswith(stem + "-"))]
        if form == "pdf":
            yield path, "".join(subprocess.run(["pdftotext", str(p), "-"], capture_output=True).stdout.decode("utf-8", "replace") for p in made)
        else:
            yield path, "".join(p.read_text("utf-8", "replace") for p in made)


def by_email(path):
    return message_text(email.message_from_bytes(path.read_bytes(), policy=email.policy.default))


def by_outlook(path):
    try:
        import extract_msg
        return extract_msg.openMsg(path).body or ""
    except Exception:  # likewise, and where it is not installed
        return ""


def table(name, rows, wanted, worst):
    kinds, seconds, refused, died = collections.defaultdict(list), 0.0, 0, 0
    for row in rows:
        path = pathlib.Path(row["path"])
        seconds += row["seconds"]
        refused += row.get("body") is None
        died += bool(row.get("died"))
        want = wanted.get(path)
        if want and sum(want.values()) >= LEAST:
            kinds[path.suffix[1:].lower()].append((recall(want, words(plain(row.get("body") or ""))), str(path)))
    every = sorted(one for kind in kinds.values() for one in kind)
    for kind, found in [*sorted(kinds.items()), ("all", every)]:
        print(f"{name}: {kind}: {len(found)} judged; recall of .9 in {sum(r >= 0.9 for r, _ in found) / max(1, len(found)):.1%}, "
              f"mean {sum(r for r, _ in found) / max(1, len(found)):.3f}")
    print(f"{name}: {len(rows)} files in {seconds:.2f} s; {refused} refused, {died} died")
    for r, path in every[:worst]:
        if r < 0.9:
            print(f"    {r:.3f} {path}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program")
    parser.add_argument("--peer", action="store_true")
    parser.add_argument("--worst", type=int, default=10)
    args = parser.parse_args()
    paths = [pathlib.Path(line.strip()).resolve() for line in sys.stdin if line.strip()]
    with tempfile.TemporaryDirectory() as folder:
        wanted = {path: words(text) for path, text in by_office(paths, pathlib.Path(folder))}
    wanted |= {path: words(by_email(path)) for path in paths if path.suffix.lower() == ".eml"}
    wanted |= {path: words(by_outlook(path)) for path in paths if path.suffix.lower() == ".msg"}
    table("tarn", list(tarn(args.program, [str(p) for p in paths])), wanted, args.worst)
    if args.peer:
        table("markitdown", list(peer([str(p) for p in paths])), wanted, args.worst)


if __name__ == "__main__":
    main()
