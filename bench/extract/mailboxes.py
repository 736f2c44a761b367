"""A mailbox pulled by Tarn, and read by Python's mailbox and email in the same run: seconds, and how many of Python's words Tarn has.

Use: mailboxes.py TARN (MAILBOX | --made MB) [--worst N]

The pull makes segments, without a model: words only. Peaks are those of the largest single process: a pull has workers beside it, and Python's holds
the texts that are compared afterwards. A made mailbox has threads of seven messages, each of which quotes all before it, HTML and attachments; it is always the same one.

A word of a message counts where it stands in its body, or in the body of the message that `extra.quotes` names (and on from there): what an
answer quotes is folded. Also prints how many bytes of text each has, which is what folding saves.
"""
import argparse
import base64
import collections
import email
import email.policy
import json
import mailbox  # the reason why this file has another name
import multiprocessing
import os
import pathlib
import random
import resource
import subprocess
import tempfile
import time

from judge import message_text, plain, recall, words

LEAST = 3


def make(path, size):
    r = random.Random(7)
    vocabulary = ["".join(r.choice("bcdfgklmnprstvz") + r.choice("aeiou") for _ in range(r.choice((1, 2, 2, 3, 3, 4)))) for _ in range(40_000)]

    def text():
        said = [vocabulary[min(int(r.paretovariate(.7)) - 1, len(vocabulary) - 1)] for _ in range(r.randint(30, 400))]
        lines = [" ".join(said[at:at + 10]) for at in range(0, len(said), 10)]
        return "\n".join(line + ("\n" if at % 4 == 3 else "") for at, line in enumerate(lines))

    def plain_part(body):
        return "Content-Type: text/plain; charset=utf-8\n\n" + body + "\n"

    thread, n = [], 0
    with open(path, "wb") as file:
        while file.tell() < size:
            n += 1
            own = body = text()
            head = f"From: Ann {n % 97} <ann{n % 97}@a.example>\nSubject: thread {n - len(thread)}\nMessage-ID: <{n}@a.example>\nMIME-Version: 1.0\n"
            quoted = ""
            if thread:
                head += f"In-Reply-To: <{n - 1}@a.example>\nReferences: " + " ".join(f"<{n - k}@a.example>" for k in range(len(thread), 0, -1)) + "\n"
                body += "\n\nAnn wrote:\n" + "\n".join("> " + line for line in thread[-1].split("\n"))
                quoted = "<blockquote><p>" + thread[-1].replace("\n\n", "</p><p>") + "</p></blockquote>"
            kind = r.random()
            if kind < .6:
                entity = plain_part(body)
            elif kind < .85:
                entity = ("Content-Type: multipart/alternative; boundary=b\n\n--b\n" + plain_part(body) + "--b\nContent-Type: text/html\n\n<p>"
                          + own.replace("\n\n", "</p><p>") + "</p>" + quoted + "\n--b--\n")
            else:
                blob = base64.encodebytes(r.randbytes(r.choice((2_000, 30_000, 300_000)))).decode()
                entity = ("Content-Type: multipart/mixed; boundary=b\n\n--b\n" + plain_part(body)
                          + "--b\nContent-Type: application/octet-stream\nContent-Disposition: attachment; filename=chart.bin\n"
                          + "Content-Transfer-Encoding: base64\n\n" + blob + "--b--\n")
            file.write(f"From ann@a.example Wed May  1 06:10:00 2024\n{head}{entity}\n".encode())
            thread = thread + [body] if len(thread) < 6 else []


def by_python(path):
    def read(file):
        return email.message_from_binary_file(file, policy=email.policy.default)

    for message in mailbox.mbox(path, factory=read, create=False):
        for part in message.walk():  # as a pull does, all of it is decoded
            if not part.is_multipart():
                part.get_payload(decode=True)
        yield str(message.get("message-id", "")).strip().strip("<>"), message_text(message)


def measured_by_python(path):
    start = time.monotonic()
    texts = dict(by_python(path))
    return time.monotonic() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, texts


def by_tarn(program, path, lake):
    start = time.monotonic()
    subprocess.run(["/usr/bin/time", "-f", "%M", "-o", lake + ".peak", program, "pull", path, "--lake", lake, "--model", "none"], check=True, capture_output=True)
    seconds = time.monotonic() - start
    rows = lake + ".jsonl"
    subprocess.run([program, "sql", "select uri, body, extra from main.docs where part = ''", "--lake", lake, "-o", rows], check=True, capture_output=True)
    bodies = {}
    for line in open(rows):
        row = json.loads(line)
        extra = row["extra"] if isinstance(row["extra"], dict) else json.loads(row["extra"] or "{}")
        bodies[extra.get("message_id", row["uri"])] = (row["body"] or "", extra.get("quotes"))
    return seconds, int(pathlib.Path(lake + ".peak").read_text()), bodies


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program")
    parser.add_argument("mailbox", nargs="?")
    parser.add_argument("--made", type=int, metavar="MB")
    parser.add_argument("--worst", type=int, default=5)
    args = parser.parse_args()
    if (args.mailbox is None) == (args.made is None):
        parser.error("name a mailbox, or say how many MB are made")
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.realpath(args.mailbox or folder + "/made.mbox")
        if args.made:
            make(path, args.made << 20)
        size = os.path.getsize(path)
        seconds, peak, bodies = by_tarn(args.program, path, folder + "/lake")
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            python_seconds, python_peak, theirs = pool.apply(measured_by_python, (path,))
    found = []
    for key, text in theirs.items():
        want = words(text)
        if sum(want.values()) < LEAST:
            continue
        got, at, seen = collections.Counter(), key, set()
        while at in bodies and at not in seen:
            seen.add(at)
            got += words(plain(bodies[at][0]))
            at = bodies[at][1]
        found.append((recall(want, got), key))
    found.sort()
    print(f"{len(theirs)} messages, {size / 2**20:.0f} MB; Tarn has {len(bodies)} rows, {sum(q is not None for _, q in bodies.values())} with folded quotes")
    print(f"text: {sum(len(t.encode()) for t in theirs.values()) / 2**20:.1f} MB by Python, {sum(len(b.encode()) for b, _ in bodies.values()) / 2**20:.1f} MB by Tarn")
    print(f"recall: {sum(r >= .9 for r, _ in found) / max(1, len(found)):.3f} of {len(found)} have .9, mean {sum(r for r, _ in found) / max(1, len(found)):.4f}")
    print(f"seconds: Tarn {seconds:.1f} (the whole pull, peak {peak / 1024:.0f} MB), Python {python_seconds:.1f} (peak {python_peak / 1024:.0f} MB)")
    for share, key in found[:args.worst]:
        print(f"  {share:.2f} {key}")


if __name__ == "__main__":
    main()
