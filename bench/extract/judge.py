"""How many of the words that pdftotext finds in PDF files Tarn finds too, and how fast; PyPI markitdown beside it on the same files.

Use: judge.py EXTRACT_FILES [--peer] [--worst N] < list of paths

A file counts as well-formed where pdftotext reads it without a complaint and finds ten words. Words are runs of letters and digits in lower
case after NFKC, and single ideographs and kana; a hyphen within a word, also at a line's end, is left out on all sides. Recall counts each word as often as it stands there.
Prints the share of files with a recall of .9, crashes, files that took longer than ten seconds, and seconds in all.
"""
import argparse
import collections
import html
import json
import os
import re
import signal
import subprocess
import sys
import time
import unicodedata

SLOW = 10
# An ideograph or a kana is a word of its own: where lines end there says nothing.
WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W_\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")
HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u00ad\u2010](\s*\n\s*)?(?=[^\W\d_])")


def words(text):
    return collections.Counter(WORD.findall(HYPHEN.sub("", unicodedata.normalize("NFKC", text)).lower()))


def plain(body):
    body = re.sub(r"\]\((<[^>\n]*>|[^)\s]*)\)", "]", body)  # targets of links
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", body)


def message_text(message):
    """The body of a message of Python's email, of HTML without its tags."""
    try:
        body = message.get_body(("plain", "html"))
        text = body.get_content() if body else ""
        if body and body.get_content_type() == "text/html":
            text = re.sub(r"<(style|script|head)\b.*?</\1>", "", text, flags=re.S | re.I)
            text = html.unescape(re.sub("<[^>]+>", " ", text))
        return text
    except Exception:  # what it cannot read, it does not judge
        return ""


def recall(want, got):
    return sum(min(n, got[w]) for w, n in want.items()) / max(1, sum(want.values()))


def reference(path):
    try:
        done = subprocess.run(["pdftotext", "-enc", "UTF-8", path, "-"], capture_output=True, timeout=60)
    except subprocess.TimeoutExpired:
        return None
    # Its reading order; the words are those of -layout, which would part a hyphenated word of a column from its rest.
    return words(done.stdout.decode("utf-8", "replace").replace("\f", "\n")) if done.returncode == 0 and not done.stderr else None


def peer(paths):
    from markitdown import MarkItDown
    convert = MarkItDown()

    def late(*_):
        raise TimeoutError

    signal.signal(signal.SIGALRM, late)
    for path in paths:
        start = time.monotonic()
        signal.alarm(120)
        try:
            body = convert.convert(path).text_content
        except BaseException:  # whatever it throws, it has no text
            body = None
        signal.alarm(0)
        yield {"path": path, "seconds": time.monotonic() - start, "body": body}


def tarn(program, paths):
    with subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8") as child:
        for path in paths:
            child.stdin.write(path + "\n")
            child.stdin.flush()
            yield json.loads(child.stdout.readline())
        child.stdin.close()


def table(name, rows, wanted, worst):
    good = [r for r in rows if r["path"] in wanted]
    for r in good:
        r["recall"] = recall(wanted[r["path"]], words(plain(r.get("body") or "")))
    shares = sum(r["recall"] >= 0.9 for r in good) / max(1, len(good))
    total = sum(r["seconds"] for r in rows)
    size = sum(os.path.getsize(r["path"]) for r in rows)
    print(f"{name}: {len(rows)} files, {len(good)} well-formed; recall of .9 in {shares:.1%}, mean {sum(r['recall'] for r in good) / max(1, len(good)):.3f}; "
          f"{sum(bool(r.get('died')) for r in rows)} died, {sum(r['seconds'] > SLOW for r in rows)} over {SLOW} s; {total:.1f} s, {size / 1e6 / total:.2f} MB/s")
    for r in sorted(good, key=lambda r: r["recall"])[:worst]:
        if r["recall"] < 0.9:
            print(f"    {r['recall']:.3f} {r['path']} {r.get('error', '')}")
    for r in rows:
        if r.get("died") or r["seconds"] > SLOW:
            print(f"    {r['seconds']:.1f} s {r['path']} {r.get('error', '')}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program")
    parser.add_argument("--peer", action="store_true")
    parser.add_argument("--worst", type=int, default=10)
    args = parser.parse_args()
    paths = [line.strip() for line in sys.stdin if line.strip()]
    wanted = {}
    for path in paths:
        found = reference(path)
        if found and sum(found.values()) >= 10:
            wanted[path] = found
    table("tarn", list(tarn(args.program, paths)), wanted, args.worst)
    if args.peer:
        table("markitdown", list(peer(paths)), wanted, args.worst)


if __name__ == "__main__":
    main()
