#!/usr/bin/env python3
"""SQL as scripts with their answers: run.py --tarn PATH [--update] SCRIPT...

A script is blocks with an empty line between them. A block is statements as one types them (dot commands too), a line `----`, and
what the shell prints of them as CSV: rows, errors and hints, in their order, without the empty lines of errors. Lines that begin
with `--` before the statements are comments. An expected line that ends with … stands for every line that begins as it does.
`--update` writes into the script what it got: read the difference before it is committed. Exit 1 with the place of each block that
printed something else.
"""
import argparse
import os
import pathlib
import subprocess
import sys
import tempfile

RULE = "----"


def blocks_of(text):
    """(first line, statements, expected lines) of each block; expected is None in one without a rule, which is a comment."""
    blocks, at = [], 1
    for block in text.split("\n\n"):
        lines = block.strip("\n").split("\n")
        rule = lines.index(RULE) if RULE in lines else None
        blocks.append((at, lines[:rule], None if rule is None else lines[rule + 1:]))
        at += block.count("\n") + 2
    return blocks


def answers(tarn, blocks):
    """What the shell prints of each block, as lines."""
    mark = "=== block {} ends ==="
    script = ""
    for number, (_, statements, expected) in enumerate(blocks):
        typed = "\n".join(line for line in statements if not line.startswith("--")) if expected is not None else ""
        script += f"{typed}\n.print {mark.format(number)}\n"
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "TARN_LAKE": str(pathlib.Path(folder) / "lake"), "TZ": "UTC"}
        done = subprocess.run([tarn, "sql", "--csv", "--null-value", "NULL"], input=script, cwd=folder, env=environment, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=110)
    rest, found = done.stdout, []
    for number in range(len(blocks)):
        here, ended, rest = rest.partition(mark.format(number) + "\n")
        if not ended:
            sys.exit(f"the shell ended in block {number} (exit code {done.returncode}):\n{here}")
        found.append([line for line in here.splitlines() if line])
    return found


def fits(expected, got):
    return len(expected) == len(got) and all(
        g.startswith(e[:-1]) if e.endswith("…") else g == e for e, g in zip(expected, got))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tarn", required=True)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("scripts", nargs="+", type=pathlib.Path)
    arguments = parser.parse_args()
    wrong = 0
    for path in arguments.scripts:
        blocks = blocks_of(path.read_text(encoding="utf-8"))
        found = answers(str(pathlib.Path(arguments.tarn).resolve()), blocks)
        if not any(expected is not None for _, _, expected in blocks):
            sys.exit(f"{path}: it has no block with an answer")
        if arguments.update:
            parts = []
            for (_, statements, expected), got in zip(blocks, found):
                kept = expected if expected is not None and fits(expected, got) else got
                parts.append("\n".join(statements + ([] if expected is None else [RULE] + kept)))
            path.write_text("\n\n".join(parts).rstrip("\n") + "\n", encoding="utf-8")
            continue
        for (at, statements, expected), got in zip(blocks, found):
            if expected is None or fits(expected, got):
                continue
            wrong += 1
            print(f"{path}:{at}: {statements[-1]}\n  expected:\n    " + "\n    ".join(expected) + "\n  got:\n    " + "\n    ".join(got))
    sys.exit(1 if wrong else 0)


main()
