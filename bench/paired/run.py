#!/usr/bin/env python3
"""Two programs beside each other, whole processes in turn: bench/paired/run.py BEFORE AFTER [--pairs N] [--only NAME…]

Prints for each job the medians in milliseconds and the median of the ratios AFTER / BEFORE, pair by pair: a machine that
slows down meanwhile slows both. The replies of the two are compared first, where they are a reply. Each has a lake of its own,
made by BEFORE, of PostgreSQL's manual (Debian's postgresql-doc-15) and of generated rows.
"""
import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import tempfile
import time

MANUAL = pathlib.Path("/usr/share/doc/postgresql-doc-15/html")
QUESTION = "how are blocks remembered and prewarmed after a server restart?"


def run(program, lake, *arguments):
    done = subprocess.run([program, *arguments], env={**os.environ, "TARN_LAKE": str(lake)}, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise SystemExit(f"{program} {' '.join(arguments)}: {done.stderr}")
    return done.stdout


def hits(reply):
    return [(h["uri"], h["passage"]["start"] if h.get("passage") else None) for h in json.loads(reply)["hits"]]


def quotes(reply):
    return [c["quote"] for c in json.loads(reply)["citations"]]


def prepare(before, folder):
    lake, pages, small = folder / "before", folder / "pages", folder / "small"
    shutil.copytree(MANUAL, pages, symlinks=False)
    small.mkdir()
    for i in range(10_000):
        (small / f"{i:05}.md").write_text(f"# Note {i}\n\nThe pump in hall {i % 97} ran {i * 7 % 1000} hours.\n")
    (folder / "rows.csv").write_text("id,name,value,at\n" + "".join(
        f"{i},name {i % 1000},{i * 0.37:.2f},2026-01-{i % 28 + 1:02} 12:00:00\n" for i in range(1_000_000)))
    run(before, lake, "pull", str(pages), "--into", "main.manual")
    run(before, lake, "--model", "none", "pull", str(small), "--into", "main.notes")
    run(before, lake, "sql", "create table commits as select 0 as i")
    for i in range(100):
        run(before, lake, "sql", f"insert into commits select range + {i} * 100 from range(100)")
    shutil.copytree(lake, folder / "after")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("before")
    parser.add_argument("after")
    parser.add_argument("--pairs", type=int, default=15)
    parser.add_argument("--only", nargs="*")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        prepare(args.before, folder)
        search = ["search", "write-ahead log archive", "-k", "10", "--json", "--in", "main.manual"]
        jobs = {  # name: (arguments, what of the reply must be equal)
            "--version": (["--version"], str),
            "search, by word": ([*search, "--mode", "lexical"], hits),
            "search, hybrid": (search, hits),
            "ask": (["ask", QUESTION, "--json"], quotes),
            "sql 'select 1'": (["sql", "select 1"], str),
            "sql, safe, 'select 1'": (["sql", "--safe", "select 1"], str),
            "open 100 commits": (["sql", "select count(*) from commits"], str),
            "append 1,000 rows": (["sql", "insert into commits select range from range(1000)"], None),
            "CSV of 1,000,000 rows": (["sql", f"select count(*), sum(value), max(name) from '{folder}/rows.csv'"], str),
            "pull, 10,000 unchanged": (["--model", "none", "pull", str(folder / "small"), "--into", "main.notes"], None),
            "pull, 1,169 pages unchanged": (["pull", str(folder / "pages"), "--into", "main.manual"], None),
        }
        print(f"{'job':<30} {'before ms':>10} {'after ms':>10} {'after/before':>13}")
        for name, (arguments, reply) in jobs.items():
            if args.only and name not in args.only:
                continue
            programs = {"before": args.before, "after": args.after}
            replies = {side: run(program, folder / side, *arguments) for side, program in programs.items()}
            differs = reply is not None and reply(replies["before"]) != reply(replies["after"])
            times = {side: [] for side in programs}
            for pair in range(args.pairs):
                for side in (programs if pair % 2 else reversed(programs)):
                    began = time.perf_counter()
                    run(programs[side], folder / side, *arguments)
                    times[side].append(1000 * (time.perf_counter() - began))
            ratio = statistics.median(b / a for a, b in zip(times["before"], times["after"]))
            print(f"{name:<30} {statistics.median(times['before']):>10.1f} {statistics.median(times['after']):>10.1f} {ratio:>13.2f}"
                  + ("   another reply" if differs else ""), flush=True)


if __name__ == "__main__":
    main()
