"""A mailbox pulled by Tarn, and read by Python's mailbox and email in the same run: seconds, and how many of Python's words Tarn has.

Use: mailbox.py TARN MAILBOX [--worst N]

A word of a message counts where it stands in its body, or in the body of the message that `extra.quotes` names (and on from there): what an
answer quotes is folded. Also prints how many bytes of text each has, which is what folding saves.
"""
import argparse
import collections
import email
import email.policy
import json
import mailbox
import os
import pathlib
import subprocess
import tempfile
import time

from judge import message_text, plain, recall, words

LEAST = 3


def by_python(path):
    def read(file):
        return email.message_from_binary_file(file, policy=email.policy.default)

    for message in mailbox.mbox(path, factory=read, create=False):
        for part in message.walk():  # as a pull does, all of it is decoded
            if not part.is_multipart():
                part.get_payload(decode=True)
        yield str(message.get("message-id", "")).strip().strip("<>"), message_text(message)


def by_tarn(program, path, lake):
    start = time.monotonic()
    subprocess.run(["/usr/bin/time", "-f", "%M", "-o", lake + ".peak", program, "pull", path, "--lake", lake], check=True, capture_output=True)
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
    parser.add_argument("mailbox")
    parser.add_argument("--worst", type=int, default=5)
    args = parser.parse_args()
    path = os.path.realpath(args.mailbox)
    with tempfile.TemporaryDirectory() as folder:
        seconds, peak, bodies = by_tarn(args.program, path, folder + "/lake")
    start = time.monotonic()
    theirs = dict(by_python(path))
    python_seconds = time.monotonic() - start
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
    size = os.path.getsize(path)
    print(f"{len(theirs)} messages, {size / 2**20:.0f} MB; Tarn has {len(bodies)} rows, {sum(q is not None for _, q in bodies.values())} with folded quotes")
    print(f"text: {sum(len(t.encode()) for t in theirs.values()) / 2**20:.1f} MB by Python, {sum(len(b.encode()) for b, _ in bodies.values()) / 2**20:.1f} MB by Tarn")
    print(f"recall: {sum(r >= .9 for r, _ in found) / max(1, len(found)):.3f} of {len(found)} have .9, mean {sum(r for r, _ in found) / max(1, len(found)):.4f}")
    print(f"seconds: Tarn {seconds:.1f} (the whole pull, peak {peak / 1024:.0f} MB), Python {python_seconds:.1f}")
    for share, key in found[:args.worst]:
        print(f"  {share:.2f} {key}")


if __name__ == "__main__":
    main()
