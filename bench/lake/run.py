"""The lake beside deltalake (with pyarrow), in one run, interleaved, the rows checked for equality.

usage: run.py LAKE_WORK WORK [--only append,open,csv,upsert,optimize] [--pairs N] [--scale 1.0]
LAKE_WORK is the program that lake_work.cc makes; WORK a scratch folder on the disk that is to be measured. --scale shrinks the tables.
Prints for each work: both medians and minima, the ratio (median of the pairs), the aim, and how many syncs each side made. Times of a
machine that others use as well say little: the processor time that each side took is printed beside them.
"""
import argparse
import json
import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import time

import deltalake
import duckdb
import duckdb_extension_delta
import pyarrow as pa
import pyarrow.csv

parser = argparse.ArgumentParser()
parser.add_argument("program")
parser.add_argument("work", type=pathlib.Path)
parser.add_argument("--only", default="append,open,csv,upsert,optimize")
parser.add_argument("--pairs", type=int, default=5)
parser.add_argument("--scale", type=float, default=1.0)
options = parser.parse_args()
wanted = options.only.split(",")
THREADS = os.cpu_count() or 2

if options.work.exists():
    shutil.rmtree(options.work)
options.work.mkdir(parents=True)
judge = duckdb.connect()
(extension,) = pathlib.Path(duckdb_extension_delta.__file__).parent.rglob("delta.duckdb_extension")
judge.execute(f"LOAD '{extension}'; SET TimeZone = 'UTC'")


class Tarn:
    """One lake_work process: a command is a line, its reply a line."""

    def __init__(self, lake, trace=None):
        command = [options.program, str(lake), str(THREADS), "2048"]
        if trace:
            command = ["strace", "-f", "-c", "-e", "trace=fsync,fdatasync,sync_file_range,syncfs", "-o", str(trace), *command]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __call__(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        reply = self.process.stdout.readline()
        if not reply:
            raise SystemExit(f"lake_work ended at: {line}")
        return json.loads(reply)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return (usage.ru_utime + usage.ru_stime) * 1000


class Cost(float):
    """Milliseconds that passed; `cpu`: those of processors that were used."""

    def __new__(cls, ms, cpu_ms):
        cost = super().__new__(cls, ms)
        cost.cpu = cpu_ms
        return cost


def timed(work):
    start, used = time.perf_counter(), cpu()
    work()
    return Cost((time.perf_counter() - start) * 1000, cpu() - used)


def told(reply):
    return Cost(reply["ms"], reply["cpu_ms"])


def rows_of(path, columns):
    """What another engine reads of a table: count and an order-free checksum."""
    return judge.execute(f"SELECT count(*), bit_xor(hash({columns})), sum(hash({columns}) % 1000003)::BIGINT FROM delta_scan('{path}')").fetchone()


def same_rows(what, ours, theirs, columns):
    a, b = rows_of(ours, columns), rows_of(theirs, columns)
    if a != b:
        raise SystemExit(f"{what}: the rows differ: {a} and {b}")
    print(f"  both have the same {a[0]:,} rows")


def size_of(path):
    """Bytes of the live data files."""
    return sum(os.path.getsize(uri) for uri in deltalake.DeltaTable(str(path)).file_uris())


def report(what, ours, theirs, aim, faster):
    """`faster`: the aim is a speed-up (theirs / ours at least), else a share (ours / theirs at most)."""
    pairs = [b / a if faster else a / b for a, b in zip(ours, theirs)]
    ratio = statistics.median(pairs)
    best = min(theirs) / min(ours) if faster else min(ours) / min(theirs)
    met = ratio >= aim if faster else ratio <= aim
    print(f"{what}: tarn median {statistics.median(ours):.2f} min {min(ours):.2f} ms, deltalake median {statistics.median(theirs):.2f} "
          f"min {min(theirs):.2f} ms; ratio {ratio:.2f} (of minima {best:.2f}; pairs {min(pairs):.2f} to {max(pairs):.2f}); "
          f"aim {'≥' if faster else '≤'} {aim}: {'met' if met else 'NOT MET'}; load {os.getloadavg()[0]:.1f}", flush=True)
    mine, other = (statistics.median(cost.cpu for cost in costs) for costs in (ours, theirs))
    print(f"  processor time: {mine:.2f} and {other:.2f} ms, ratio {other / mine if faster else mine / other:.2f}", flush=True)


def sync_tree(path, seen):
    """What deltalake leaves to chance: its new files and their directories, synced."""
    folders = set()
    for file in path.rglob("*"):
        if file.is_file() and file not in seen:
            seen.add(file)
            with open(file, "rb") as handle:
                os.fsync(handle.fileno())
            folders.add(file.parent)
    for folder in folders:
        handle = os.open(folder, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)


def append():
    lake, peer = options.work / "append", options.work / "append-peer"
    tarn = Tarn(lake)
    tarn("create main/t SELECT '' AS id, 0::BIGINT AS v, 0.5::DOUBLE AS w")
    floor, ours, theirs, durable = [], [], [], []
    seen = set()
    # Whole rounds of deltalake's checkpoints: its appends grow slower with every commit since the last one, which comes every 100.
    for i in range(max(1, round(options.pairs / 3)) * 100):
        select = f"SELECT 'r' || ({i * 1000} + i) AS id, i AS v, i / 7.0 AS w FROM range(1000) t(i)"
        table = pa.table({"id": [f"r{i * 1000 + j}" for j in range(1000)], "v": range(1000), "w": [j / 7.0 for j in range(1000)]})
        # The floor: a file of the size of the commit, synced, linked, its directory synced.
        def put():
            name = options.work / f"floor{i}"
            with open(name, "wb") as handle:
                handle.write(b"x" * 2048)
                handle.flush()
                os.fsync(handle.fileno())
            os.rename(name, str(name) + "-named")
            handle = os.open(options.work, os.O_RDONLY)
            os.fsync(handle)
            os.close(handle)
        floor.append(timed(put))
        ours.append(told(tarn(f"append main/t {select}")))
        plain = timed(lambda: deltalake.write_deltalake(str(peer), table, mode="append"))
        theirs.append(plain)
        synced = timed(lambda: sync_tree(peer, seen))
        durable.append(Cost(plain + synced, plain.cpu + synced.cpu))
    tarn.close()
    report("append 1,000 rows, both durable", ours, durable, 0.2, False)
    report("append 1,000 rows, deltalake without its syncs", ours, theirs, 0.2, False)
    print(f"  one durable put of 2 kB (the floor): median {statistics.median(floor):.2f} ms; a commit of Tarn makes three (data, log, checksum)")
    same_rows("append", lake / "main/t", peer, "id, v, w")
    # Syncs of ten appends of each, counted by strace.
    trace = options.work / "syncs"
    tarn = Tarn(options.work / "counted", trace)
    tarn("create main/t SELECT 0::BIGINT AS v")
    tarn("appends main/t 10 0 SELECT i AS v FROM range(1000) t(i)")
    tarn.close()
    print("  syncs of Tarn, a table's creation and ten appends:", counted(trace))
    script = ("import deltalake, pyarrow as pa\nfor i in range(11): "
              f"deltalake.write_deltalake({str(options.work / 'counted-peer')!r}, pa.table({{'v': range(1000)}}), mode='append')")
    subprocess.run(["strace", "-f", "-c", "-e", "trace=fsync,fdatasync,sync_file_range,syncfs", "-o", str(trace),
                    os.sys.executable, "-c", script], check=True)
    print("  syncs of deltalake, eleven appends:", counted(trace))


def counted(trace):
    lines = [line.split() for line in trace.read_text().splitlines() if line.strip() and line.split()[-1] in ("fsync", "fdatasync", "syncfs")]
    return ", ".join(f"{words[3]} {words[-1]}" for words in lines) or "none"


def open_():
    commits, each = max(2, int(1000 * options.scale)), 10
    # Written as a log only: opening reads no data. One copy each, so that neither reads what the other left.
    def make(folder):
        log = folder / "_delta_log"
        log.mkdir(parents=True)
        schema = {"type": "struct", "fields": [{"name": n, "type": t, "nullable": True, "metadata": {}}
                                               for n, t in (("id", "string"), ("v", "long"), ("w", "double"))]}
        for version in range(commits):
            lines = [{"commitInfo": {"timestamp": 1_700_000_000_000 + version, "operation": "WRITE"}}]
            if version == 0:
                lines += [{"protocol": {"minReaderVersion": 1, "minWriterVersion": 2}},
                          {"metaData": {"id": "5fba94ed-9794-4965-ba6e-6ee3c0d22af9", "format": {"provider": "parquet", "options": {}},
                                        "schemaString": json.dumps(schema), "partitionColumns": [], "configuration": {},
                                        "createdTime": 1_700_000_000_000}}]
            for j in range(each):
                i = version * each + j
                stats = {"numRecords": 1000, "minValues": {"v": i * 1000, "w": 0.5}, "maxValues": {"v": i * 1000 + 999, "w": 99.5},
                         "nullCount": {"id": 0, "v": 0, "w": 0}}
                lines.append({"add": {"path": f"part-{i:08}-5fba94ed-9794-4965-ba6e-6ee3c0d22af9.parquet", "partitionValues": {},
                                      "size": 12345 + i, "modificationTime": 1_700_000_000_000, "dataChange": True,
                                      "stats": json.dumps(stats, separators=(",", ":")), "tags": {"tarn.xxh3": f"{i:032x}"}}})
            (log / f"{version:020}.json").write_text("".join(json.dumps(line) + "\n" for line in lines))
        deltalake.DeltaTable(str(folder)).create_checkpoint()
    lake = options.work / "open"
    make(lake / "main" / "t")
    shutil.copytree(lake / "main" / "t", options.work / "open-peer")
    tarn = Tarn(lake)
    ours, theirs = [], []
    for _ in range(options.pairs * 4):
        reply = tarn("open main/t")
        ours.append(told(reply))
        holder = []
        theirs.append(timed(lambda: holder.append(deltalake.DeltaTable(str(options.work / "open-peer")))))
        if (reply["version"], reply["files"]) != (holder[0].version(), len(holder[0].file_uris())):
            raise SystemExit("open: the tables differ")
    tarn.close()
    report(f"open {commits:,} commits, {commits * each:,} files", ours, theirs, 0.3, False)


def csv():
    count = int(2_500_000 * options.scale)
    file = options.work / "rows.csv"
    judge.execute(f"""COPY (SELECT i AS id, 1000 + i % 977 AS code, (random() * 100000)::DECIMAL(9, 2)::DOUBLE AS price,
        TIMESTAMP '2024-01-01' + to_seconds(i * 7) AS "time", ['red', 'green', 'blue', 'grey'][1 + i % 4] AS colour, md5(i::VARCHAR) AS digest,
        'item ' || (i * 7919 % 100000) || ' of the list' AS words FROM range({count}) t(i)) TO '{file}' (HEADER)""")
    megabytes = os.path.getsize(file) / 1e6
    lake = options.work / "csv"
    tarn = Tarn(lake)
    source = f"SELECT * FROM read_csv('{file}')"
    ours, theirs, durable, seen = [], [], [], set()
    for i in range(options.pairs):
        ours.append(told(tarn(f"make main/t{i} {source}")))
        peer = options.work / f"csv-peer{i}"
        plain = timed(lambda: deltalake.write_deltalake(str(peer), pyarrow.csv.read_csv(file)))
        theirs.append(plain)
        synced = timed(lambda: sync_tree(peer, seen))
        durable.append(Cost(plain + synced, plain.cpu + synced.cpu))
    tarn.close()
    report(f"CSV of {count:,} rows, {megabytes:.0f} MB, to a committed table, both durable", ours, durable, 1.3, True)
    report("the same, deltalake without its syncs", ours, theirs, 1.3, True)
    size, peer_size = size_of(lake / "main/t0"), size_of(options.work / "csv-peer0")
    print(f"  {megabytes / min(ours) * 1000:.0f} MB/s of CSV and {megabytes / min(theirs) * 1000:.0f}; "
          f"size {size / 1e6:.1f} MB and {peer_size / 1e6:.1f} MB, ratio {size / peer_size:.2f}, aim ≤ 1.05")
    same_rows("csv", lake / "main/t0", options.work / "csv-peer0", "id, code, price, time, colour, digest, words")


def upsert():
    count, changed = int(10_000_000 * options.scale), int(10_000 * options.scale)
    stride = count // changed
    select = "SELECT i AS id, i % 1000 AS v, md5(i::VARCHAR) AS t"
    lake, peer = options.work / "upsert", options.work / "upsert-peer"
    tarn = Tarn(lake)
    tarn("create main/t SELECT 0::BIGINT AS id, 0::BIGINT AS v, '' AS t")
    parts = 10
    for part in range(parts):
        source = f"{select} FROM range({count // parts * part}::BIGINT, {count // parts * (part + 1)}::BIGINT) r(i)"
        tarn(f"append main/t {source}")
        deltalake.write_deltalake(str(peer), judge.execute(source).arrow(), mode="append")
    ours, theirs = [], []
    for i in range(options.pairs):
        # Half of the keys are there, half are new.
        source = f"SELECT i * {2 * stride} + {i} AS id, {-1 - i}::BIGINT AS v, 'new' AS t FROM range({changed}) r(i)"
        ours.append(told(tarn(f"upsert main/t id {source}")))
        fresh = pa.table(judge.execute(source).arrow())
        table = deltalake.DeltaTable(str(peer))
        theirs.append(timed(lambda: table.merge(fresh, predicate="t.id = s.id", source_alias="s", target_alias="t")
                            .when_matched_update_all().when_not_matched_insert_all().execute()))
    tarn.close()
    report(f"upsert of {changed:,} rows into {count:,}", ours, theirs, 5, True)
    same_rows("upsert", lake / "main/t", peer, "id, v, t")


def optimize():
    files = max(20, int(1000 * options.scale))
    ours, theirs = [], []
    for i in range(min(options.pairs, 3)):
        lake, peer = options.work / f"optimize{i}", options.work / f"optimize-peer{i}"
        table = deltalake.write_deltalake
        # One commit more than files: the version that optimize makes owes neither side a checkpoint.
        table(str(peer), pa.table({"id": pa.array([], pa.int64()), "t": pa.array([], pa.string())}))
        for j in range(files):
            rows = pa.table({"id": pa.array(range(j * 1000, j * 1000 + 1000)), "t": pa.array([f"row {j * 1000 + k}" for k in range(1000)])})
            table(str(peer), rows, mode="append")
        shutil.copytree(peer, lake / "main" / "t")  # the very same small files
        tarn = Tarn(lake)
        ours.append(told(tarn("optimize main/t")))
        theirs.append(timed(lambda: deltalake.DeltaTable(str(peer)).optimize.compact()))
        tarn.close()
        same_rows("optimize", lake / "main/t", peer, "id, t")
    report(f"optimize of {files:,} small files", ours, theirs, 2, True)


print(f"{THREADS} threads each; deltalake {deltalake.__version__}, pyarrow {pa.__version__}; load {os.getloadavg()[0]:.1f}")
for name, work in (("append", append), ("open", open_), ("csv", csv), ("upsert", upsert), ("optimize", optimize)):
    if name in wanted:
        work()
