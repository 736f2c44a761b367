#!/usr/bin/env python3
"""TPC-H: Tarn's answers over its own Delta tables against DuckDB's over the same files, and the time that each takes.

The data are DuckDB's generator's. Both sides run in one process each, two threads and the same memory, every query `--rounds` times in turn; a
query's time is its best round, the total their sum. Answers are compared with those of DuckDB's own tables; at the scales for which the
extension carries the benchmark's answers, with these too.
"""
import argparse
import csv
import io
import json
import pathlib
import re
import shutil
import subprocess
import sys
import time

import duckdb
import duckdb_extension_tpch

TABLES = ["customer", "lineitem", "nation", "orders", "part", "partsupp", "region", "supplier"]
EXTENSION = next(pathlib.Path(duckdb_extension_tpch.__file__).parent.rglob("tpch.duckdb_extension"))


def database(threads, memory):
    connection = duckdb.connect()
    connection.execute(f"LOAD '{EXTENSION}'")
    connection.execute(f"SET threads = {threads}; SET memory_limit = '{memory}'; SET preserve_insertion_order = true")
    return connection


def cells(rows):
    """Numbers as numbers, so that 1.50 is 1.5; the rest as text."""
    def cell(value):
        text = "" if value is None else str(value)
        try:
            return f"{float(text):.6g}"
        except ValueError:
            return text.strip()
    return [tuple(cell(value) for value in row or [None]) for row in rows]  # a line of one null is empty


class Tarn:
    """One process of the program, fed a statement at a time."""

    def __init__(self, program, lake, threads):
        self.process = subprocess.Popen([program, "sql", "--lake", lake, "--threads", str(threads), "--model", "none", "--csv"],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def script(self, text):
        out, err = self.process.communicate(text)
        if self.process.returncode:
            sys.exit(f"tarn: rc {self.process.returncode}\n{err}")
        return out, err


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tarn", required=True)
    parser.add_argument("--work", required=True)
    parser.add_argument("--scale", type=float, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--memory", default="1GiB")
    parser.add_argument("--bound", type=float, help="fail when Tarn takes more than this many times DuckDB's time")
    options = parser.parse_args()
    work = pathlib.Path(options.work) / f"sf{options.scale:g}"
    plain, lake = work / "plain", work / "lake"
    if not (plain / "done").exists():
        shutil.rmtree(work, ignore_errors=True)
        plain.mkdir(parents=True)
        made = duckdb.connect()
        made.execute(f"LOAD '{EXTENSION}'; CALL dbgen(sf = {options.scale})")
        for table in TABLES:
            made.execute(f"COPY {table} TO '{plain}/{table}.parquet' (COMPRESSION zstd)")
        (plain / "done").touch()
    begun = time.monotonic()
    if not (lake / "main").exists():
        loaded = "".join(f"CREATE TABLE {table} AS FROM '{plain}/{table}.parquet';\n" for table in TABLES)
        Tarn(options.tarn, lake, options.threads).script(loaded)
        print(f"written by Tarn in {time.monotonic() - begun:.1f} s")

    # The same files, as the log names them: DuckDB reads what Tarn reads.
    peer = database(options.threads, options.memory)
    for table in TABLES:
        log = "".join(path.read_text() for path in sorted((lake / "main" / table / "_delta_log").glob("*.json")))
        files = [str(lake / "main" / table / json.loads(line)["add"]["path"]) for line in log.splitlines() if line.startswith('{"add"')]
        peer.execute(f"CREATE VIEW {table} AS FROM read_parquet({files})")
    queries = peer.execute("SELECT query_nr, query FROM tpch_queries() ORDER BY 1").fetchall()
    known = {}
    if options.scale in (0.01, 0.1, 1):
        known = dict(peer.execute("SELECT query_nr, answer FROM tpch_answers() WHERE scale_factor = ?", [options.scale]).fetchall())

    marked = "".join(f".print query {nr}\n{query.rstrip().rstrip(';')};\n" for nr, query in queries)
    theirs, answers = {nr: 1e9 for nr, _ in queries}, {}
    ours = dict(theirs)
    wrong = []
    for _ in range(options.rounds):
        for nr, query in queries:
            begun = time.perf_counter()
            answers[nr] = peer.execute(query).fetchall()
            theirs[nr] = min(theirs[nr], time.perf_counter() - begun)
        out, err = Tarn(options.tarn, lake, options.threads).script(".timer on\n" + marked)
        times = re.findall(r"took ([0-9.]+) (ms|s)", err)
        if len(times) != len(queries):
            sys.exit(f"tarn timed {len(times)} queries\n{err}")
        for (nr, _), (number, unit) in zip(queries, times):
            ours[nr] = min(ours[nr], float(number) / (1000 if unit == "ms" else 1))
        for part in out.split("query ")[1:]:
            head, _, text = part.partition("\n")
            rows = list(csv.reader(io.StringIO(text)))[1:]
            nr = int(head)
            if cells(rows) != cells(answers[nr]):
                wrong.append(nr)
            if nr in known and cells(rows) != cells(list(csv.reader(io.StringIO(known[nr]), delimiter="|"))[1:]):
                wrong.append(nr)
    for nr, _ in queries:
        print(f"q{nr:02}  duckdb {1000 * theirs[nr]:8.1f} ms  tarn {1000 * ours[nr]:8.1f} ms  {ours[nr] / theirs[nr]:5.2f}{'  WRONG' if nr in wrong else ''}")
    ratio = sum(ours.values()) / sum(theirs.values())
    print(f"scale {options.scale:g}: {len(queries) - len(set(wrong))} of {len(queries)} answers right"
          f"{' (also by the benchmark itself)' if known else ''}; "
          f"duckdb {sum(theirs.values()):.2f} s, tarn {sum(ours.values()):.2f} s, ratio {ratio:.2f}")
    if wrong or (options.bound and ratio > options.bound):
        sys.exit(1)


if __name__ == "__main__":
    main()
