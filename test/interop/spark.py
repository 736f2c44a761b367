#!/usr/bin/env python3
"""Spark judges the lake: it reads what Tarn wrote, Tarn reads and changes what Spark wrote, and Spark goes on from there. One session for all.

Needs the virtual environment build/spark-venv (requirements-spark.txt), the jars of pom.xml in build/spark-jars (their hashes in jars.sha256)
and a Java 17; `./tools/dev test` sees to all three. What is missing is an error, never a skip.
"""
import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
parser = argparse.ArgumentParser()
parser.add_argument("--writer", required=True)
parser.add_argument("--venv", required=True)
parser.add_argument("--jars", required=True)
parser.add_argument("--keep", help="write the tables here and leave them")
parser.add_argument("--only", help="only these tables of Spark's, by name, with commas")
arguments = parser.parse_args()


def enter(venv):
    python = Path(venv) / "bin" / "python"
    if not python.exists():
        sys.exit(f"spark: {venv} is not there; ./tools/dev test makes it from {HERE / 'requirements-spark.txt'}")
    if Path(sys.prefix).resolve() != Path(venv).resolve():
        os.execv(python, [str(python), *sys.argv])


def pinned_jars(folder):
    jars = []
    for line in (HERE / "jars.sha256").read_text().splitlines():
        want, name = line.split()
        path = Path(folder) / name
        if not path.exists():
            sys.exit(f"spark: {path} is not there; ./tools/dev test copies it with Maven")
        if hashlib.sha256(path.read_bytes()).hexdigest() != want:
            sys.exit(f"spark: {path} is not the file that is pinned")
        jars.append(str(path.resolve()))
    return ",".join(jars)


enter(arguments.venv)
if shutil.which("java") is None:
    sys.exit("spark: there is no java; ./tools/dev setup installs one")

import duckdb  # noqa: E402
from pyspark.sql import SparkSession  # noqa: E402

from compare import Comparison, as_text  # noqa: E402

root = Path(arguments.keep) if arguments.keep else Path(tempfile.mkdtemp(prefix="tarn-spark-"))
comparison = Comparison(arguments.writer)
tarn, attempt, compare, failures = comparison.tarn, comparison.attempt, comparison.compare, comparison.failures
started = time.monotonic()


def start():
    (root / "derby").mkdir(parents=True, exist_ok=True)
    session = (SparkSession.builder.master("local[2]").appName("tarn")
               .config("spark.jars", pinned_jars(arguments.jars))
               .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
               .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
               .config("spark.ui.enabled", "false")
               .config("spark.ui.showConsoleProgress", "false")
               .config("spark.driver.memory", "1g")
               .config("spark.driver.host", "127.0.0.1")
               .config("spark.driver.bindAddress", "127.0.0.1")
               .config("spark.driver.extraJavaOptions", f"-Dderby.system.home={root / 'derby'} -Duser.timezone=UTC")
               .config("spark.sql.shuffle.partitions", "1")
               .config("spark.sql.adaptive.enabled", "false")
               .config("spark.databricks.delta.snapshotPartitions", "1")
               .config("spark.sql.session.timeZone", "UTC")
               .config("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")
               .config("spark.sql.warehouse.dir", str(root / "warehouse"))
               .config("spark.log.level", "ERROR")
               .getOrCreate())
    session.sparkContext.setLogLevel("ERROR")
    return session


spark = start()


def rows(frame):
    """A Spark answer by way of Parquet, which keeps every type."""
    target = root / "answer"
    frame.coalesce(1).write.mode("overwrite").parquet(str(target))
    duck = duckdb.connect()
    duck.execute("SET TimeZone = 'UTC'")
    return as_text(duck, f"SELECT * FROM read_parquet('{target}/*.parquet', hive_partitioning=false)")


def read(path, version=None):
    reader = spark.read.format("delta")
    if version is not None:
        reader = reader.option("versionAsOf", version)
    return rows(reader.load(str(path)))


def sql(text):
    return spark.sql(text)


def same(what, name):
    """Tarn and Spark give the same rows of a table."""
    mine = attempt(f"Tarn reads {what}", lambda: tarn("read", root, name))
    theirs = attempt(f"Spark reads {what}", lambda: read(root / name))
    if mine is not None and theirs is not None:
        compare(what, theirs, mine)
    return mine


def spark_reads_what_tarn_wrote():
    print("Spark reads what Tarn wrote")
    tarn("write", root)
    expected = json.loads((root / "expected.json").read_text())
    for table, answer in expected.items():
        got = attempt(f"Spark reads {table}", lambda: read(root / table))
        if got is not None:
            compare(f"Spark reads {table}", got, answer)
    history = attempt("history", lambda: sql(f"DESCRIBE HISTORY delta.`{root}/main/feed`").collect())
    if history is not None and [row.operation for row in history] != ["DELETE", "MERGE", "WRITE", "CREATE TABLE"]:
        failures.append(f"history: {[row.operation for row in history]}")
    feed = attempt("feed", lambda: sql(
        f"SELECT id, v, _change_type, _commit_version FROM table_changes_by_path('{root}/main/feed', 2)").collect())
    if feed is not None:
        want = {(f"r{i}", i, "update_preimage", 2) for i in range(15, 20)}
        want |= {(f"r{i}", i * 10, "update_postimage", 2) for i in range(15, 20)}
        want |= {(f"r{i}", i * 10, "insert", 2) for i in range(20, 25)}
        want |= {(f"r{i}", i, "delete", 3) for i in range(4)}
        if {tuple(row) for row in feed} != want:
            failures.append(f"feed: {sorted(tuple(row) for row in feed)}")
        else:
            print("  the change feed of Tarn's upsert and delete is as it should be")
    # And writes to it.
    table = f"delta.`{root}/main/partitioned`"
    attempt("Spark updates a table of Tarn's", lambda: sql(f"UPDATE {table} SET v = v + 1000 WHERE city IS NULL"))
    attempt("Spark inserts", lambda: sql(
        f"INSERT INTO {table} VALUES ('spark', 1, 'a/b=c:d', DATE '1969-12-31', TIMESTAMP '2020-01-01 00:00:00.000001')"))
    attempt("check", lambda: tarn("check", root, "main/partitioned"))
    same("partitioned after Spark's update", "main/partitioned")


class SparkTable:
    """A table that Spark makes with rows r0 … r19 (v = 0 … 19); Tarn and Spark change it in turns; a dictionary knows id → v."""

    def __init__(self, name, columns, properties="", more="", extra="", values=()):
        self.name, self.path = f"spark/{name}", f"delta.`{root}/spark/{name}`"
        self.values = values  # of the further columns: name, then the expression over i in Spark's and in Tarn's dialect
        self.expected = {}
        options = f"TBLPROPERTIES({properties})" if properties else ""
        sql(f"CREATE TABLE {name} (id STRING, v BIGINT{columns}) USING delta {more} LOCATION '{root}/spark/{name}' {options}")
        if extra:
            sql(extra.format(table=self.path))
        self.insert("r", range(0, 20))

    def insert(self, prefix, numbers):
        low, high = numbers.start, numbers.stop
        sql(f"INSERT INTO {self.path} SELECT '{prefix}' || i, i{''.join(', ' + value[1] for value in self.values)} "
            f"FROM (SELECT id AS i FROM range({low}, {high}))")
        self.expected.update({f"{prefix}{i}": i for i in numbers})

    def select(self, prefix, numbers, value="i"):
        more = "".join(f", {value[-1]} AS {value[0]}" for value in self.values)
        return (f"SELECT '{prefix}' || i AS id, {value} AS v{more} "
                f"FROM (SELECT range AS i FROM range({numbers.start}, {numbers.stop}))")

    def append(self):
        tarn("append", root, self.name, self.select("a", range(0, 10)))
        self.expected.update({f"a{i}": i for i in range(10)})

    def upsert(self):
        tarn("upsert", root, self.name, self.select("r", range(15, 25), "i * 10"), "id")
        self.expected.update({f"r{i}": i * 10 for i in range(15, 25)})

    def delete(self):
        tarn("delete", root, self.name, "id", "r0", "r1", "a3", "nobody")
        for name in ("r0", "r1", "a3"):
            self.expected.pop(name, None)

    def optimize(self):
        tarn("optimize", root, self.name)

    def spark_changes(self):
        sql(f"DELETE FROM {self.path} WHERE id IN ('r2', 'a1')")
        for name in ("r2", "a1"):
            self.expected.pop(name, None)
        self.insert("z", range(0, 5))

    def agree(self, when):
        mine = same(f"{self.name} {when}", self.name)
        if mine is not None and {row[0]: int(row[1]) for row in mine["rows"]} != self.expected:
            failures.append(f"{self.name} {when}: the rows are not those that were written")

    def run(self, refused=()):
        self.agree("as Spark made it")
        for step in ("append", "upsert", "delete", "optimize"):
            what = f"Tarn: {step} on {self.name}"
            if step in refused:
                before = dict(self.expected)
                try:
                    getattr(self, step)()
                    failures.append(f"{what} was done, and had to be refused")
                except RuntimeError as error:
                    if refused[step] not in str(error):
                        failures.append(f"{what}: the refusal does not say '{refused[step]}': {error}")
                self.expected = before
            else:
                attempt(what, getattr(self, step))
        attempt(f"check {self.name}", lambda: tarn("check", root, self.name))
        self.agree("after Tarn's changes")
        attempt(f"Spark changes {self.name} again", self.spark_changes)
        attempt(f"check {self.name}", lambda: tarn("check", root, self.name))
        self.agree("after Spark's changes")


def constraints(table):
    comparison.refused("a null where none may be", ["'must'"], "append", root, table.name,
                       "SELECT 'x' AS id, 1 AS v, NULL::VARCHAR AS must")
    comparison.refused("a row against the constraint", ["small", "v = 5000", "id = x"], "append", root, table.name,
                       "SELECT 'x' AS id, 5000 AS v, 'm' AS must")
    comparison.refused("the same by upsert", ["small"], "upsert", root, table.name,
                       "SELECT 'r1' AS id, 5000 AS v, 'm' AS must", "id")


def feed(table):
    changed = attempt("feed", lambda: sql(
        f"SELECT _change_type, count(*) FROM table_changes_by_path('{root}/{table.name}', 2, 5) GROUP BY 1").collect())
    want = {"insert": 15, "update_preimage": 5, "update_postimage": 5, "delete": 3}
    if changed is not None and {row[0]: row[1] for row in changed} != want:
        failures.append(f"feed of {table.name}: {changed}, expected {want}")


def tarn_changes_what_spark_wrote():
    print("Tarn reads and changes what Spark wrote")
    vectors = "'delta.enableDeletionVectors'='true'"
    tables = {
        "parted": (lambda: SparkTable(
            "parted", ", city STRING, da DATE", vectors, "PARTITIONED BY (city, da)",
            values=(("city", "CASE i % 3 WHEN 0 THEN 'São/Paulo' WHEN 1 THEN 'a=b %20:' END"), ("da", "DATE '2020-02-28'"))), {}, None),
        "mapped": (lambda: SparkTable(
            "mapped", ", old STRUCT<x: BIGINT, l: ARRAY<STRUCT<u: STRING>>>, p STRING",
            vectors + ", 'delta.columnMapping.mode'='name'", "PARTITIONED BY (p)",
            "ALTER TABLE {table} RENAME COLUMN old TO renamed",
            values=(("renamed", "named_struct('x', i, 'l', array(named_struct('u', 'q')))", "{'x': i, 'l': [{'u': 'q'}]}"),
                    ("p", "CASE i % 2 WHEN 0 THEN 'even' END"))), {}, None),
        "mapped_id": (lambda: SparkTable("mapped_id", ", gone STRING", "'delta.columnMapping.mode'='id'", "",
                                         "ALTER TABLE {table} DROP COLUMN gone"), {}, None),
        "checked": (lambda: SparkTable("checked", ", must STRING NOT NULL", "", "",
                                       "ALTER TABLE {table} ADD CONSTRAINT small CHECK (v < 1000 and `id` != \"\")",
                                       values=(("must", "'m'"),)), {}, constraints),
        "feed": (lambda: SparkTable("feed", "", vectors + ", 'delta.enableChangeDataFeed'='true'"), {}, feed),
        "v2": (lambda: SparkTable("v2", "", "'delta.checkpointPolicy'='v2', 'delta.checkpointInterval'='2'"), {}, None),
        "timed": (lambda: SparkTable("timed", "", "'delta.enableInCommitTimestamps'='true', 'delta.checkpointInterval'='3'"), {}, None),
        "widened": (lambda: SparkTable("widened", ", n INT", "'delta.enableTypeWidening'='true'", values=(("n", "CAST(i AS INT)"),)), {},
                    None),
        "tracked": (lambda: SparkTable("tracked", "", vectors + ", 'delta.enableRowTracking'='true'"),
                    {"upsert": "rowTracking", "optimize": "rowTracking"}, None),
        "clustered": (lambda: SparkTable("clustered", "", "", "CLUSTER BY (v)"), {}, None),
    }
    for name, (make, refused, after) in tables.items():
        if arguments.only and name not in arguments.only.split(","):
            continue
        print(f" {name} at {time.monotonic() - started:.0f} s")
        table = attempt(f"Spark makes {name}", make)
        if table is None:
            continue
        if name == "widened":
            attempt("Spark widens", lambda: sql(f"ALTER TABLE {table.path} ALTER COLUMN n TYPE BIGINT"))
        attempt(name, lambda: table.run(refused))
        if after is not None:
            attempt(name, lambda: after(table))


try:
    spark_reads_what_tarn_wrote()
    tarn_changes_what_spark_wrote()
finally:
    spark.stop()
    if not arguments.keep:
        shutil.rmtree(root, ignore_errors=True)
print(f"{comparison.agreed} comparisons agree, {time.monotonic() - started:.0f} s")
for failure in failures:
    print("FAILED", failure, file=sys.stderr)
sys.exit(1 if failures else 0)
