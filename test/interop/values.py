#!/usr/bin/env python3
"""Values at the edges, between Tarn and deltalake, DuckDB's delta extension and Polars: NaN in files whose footers leave it out, zeros with signs,
partitions of every kind of text, decimals without a fraction, names that differ by case only, commits that say nothing of their rows."""
import argparse
import datetime
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb
import duckdb_extension_delta
import polars
from deltalake import DeltaTable, QueryBuilder, write_deltalake

parser = argparse.ArgumentParser()
parser.add_argument("--tarn", required=True)
TARN = parser.parse_args().tarn
LAKE = tempfile.TemporaryDirectory()
failures = []


def tarn(*words, good=True):
    done = subprocess.run([TARN, *words, "--lake", LAKE.name, "--model", "none"], capture_output=True, text=True)
    if (done.returncode == 0) != good:
        failures.append(f"{words}: {done.returncode} {done.stdout[:200]} {done.stderr[:400]}")
    return done.stdout if good else done.stderr


def sql(statement, good=True):
    out = tarn("sql", "--no-stdin", "--csv", "--no-header", statement, good=good)
    return out.splitlines() if good else out


def expect(what, got, wanted):
    if got != wanted:
        failures.append(f"{what}: {got}, not {wanted}")


def made(name, columns, **options):
    path = f"{LAKE.name}/main/{name}"
    write_deltalake(path, polars.DataFrame(columns), **options)
    return path


def counts(path):
    """How many rows each engine reads; a failure is told as one."""
    (extension,) = Path(duckdb_extension_delta.__file__).parent.rglob("delta.duckdb_extension")
    duck = duckdb.connect()
    duck.execute(f"LOAD '{extension}'")
    engines = {
        "deltalake": lambda: QueryBuilder().register("t", DeltaTable(path)).execute("SELECT count(*) AS n FROM t").read_all()["n"][0].as_py(),
        "duckdb": lambda: duck.execute(f"SELECT count(*) FROM (FROM delta_scan('{path}'))").fetchone()[0],
        "polars": lambda: polars.scan_delta(path).collect().height,
    }
    found = {}
    for name, engine in engines.items():
        try:
            found[name] = engine()
        except BaseException as error:  # noqa: BLE001: engines have their own
            found[name] = str(error).splitlines()[0]
    return found


def all_read(path, rows):
    expect(path, counts(path), dict.fromkeys(("deltalake", "duckdb", "polars"), rows))


def nan():
    columns = {"i": [1, 2, 3], "x": [1.0, float("nan"), 3.0], "s": [{"y": 1.0}, {"y": float("nan")}, {"y": 3.0}]}
    made("n", columns)
    for condition in ("x > 100", "x = 'nan'::DOUBLE", "NOT x < 50", "isnan(x)", "s.y > 100", "x IN ('nan'::DOUBLE, 7)"):
        expect(condition, sql(f"SELECT i FROM n WHERE {condition}"), ["2"])
    expect("join", sql("SELECT i FROM n JOIN (SELECT 'nan'::DOUBLE AS x) AS k USING (x)"), ["2"])
    expect("max", sql("SELECT max(x), min(x) FROM n"), ["nan,1.0"])
    tarn("check", "main.n")
    sql("INSERT INTO n SELECT 4, 'nan'::DOUBLE, {'y': 4.0}")  # a file of Tarn's beside the other
    expect("both", sql("SELECT i FROM n WHERE x > 100 ORDER BY i"), ["2", "4"])
    sql("UPDATE n SET i = i * 10 WHERE x > 100")
    expect("updated", sql("SELECT i FROM n ORDER BY i"), ["1", "3", "20", "40"])
    sql("MERGE INTO n USING (SELECT 'nan'::DOUBLE AS x) AS k ON n.x = k.x WHEN MATCHED AND n.i = 20 THEN DELETE")
    sql("DELETE FROM n WHERE x > 100")
    expect("deleted", sql("SELECT i FROM n ORDER BY i"), ["1", "3"])
    tarn("check", "main.n")


def zeros():
    path = made("z", {"i": [0], "x": [1.0]})
    sql("INSERT INTO z SELECT i, CASE WHEN i % 2 = 0 THEN 0.0::DOUBLE ELSE -0.0::DOUBLE END FROM range(1, 41) r(i)")
    signs = "SELECT count(*) FILTER (WHERE signbit(x)), sum(i) FILTER (WHERE signbit(x)) FROM z"
    expect("signs", sql(signs), ["20,400"])
    tarn("optimize", "main.z")
    expect("merged", sql(signs), ["20,400"])
    sql("UPDATE z SET x = -x WHERE x = 0")
    expect("turned", sql(signs), ["20,420"])
    expect("Polars", sum(1 for x in polars.scan_delta(path).collect()["x"] if str(x) == "-0.0"), 20)


def partitions():
    dates = made("d", {"p": [datetime.date(2024, 1, 1)], "n": [0]}, partition_by=["p"])
    for day in ("infinity", "-infinity", "0044-03-15 (BC)", "12345-01-01"):
        sql(f"INSERT INTO d VALUES (DATE '{day}', 1)", good=False)
    sql("INSERT INTO d VALUES ('0001-01-01', 1), ('0044-03-15', 2), ('9999-12-31', 3), (NULL, 4)")
    all_read(dates, 5)
    floats = made("f", {"p": [1.5], "n": [0]}, partition_by=["p"])
    sql("INSERT INTO f VALUES ('nan', 1), ('infinity', 2), ('-infinity', 3), (-0.0::DOUBLE, 4), (1e300, 5), (NULL, 6)")
    all_read(floats, 7)
    texts = made("s", {"p": ["a"], "n": [0]}, partition_by=["p"])
    for text in ("''", "chr(0)", "repeat('a', 254)", "repeat('é', 127)"):
        sql(f"INSERT INTO s VALUES ({text}, 1)", good=False)
    values = ["repeat('a', 253)", "repeat('é', 126)", "'a/b'", "'a%2Fb'", "' '", "chr(10)", "'.'", "'..'", "'日本'", "'a*[?]'", "'a=b'", r"'C:\x'",
              "'__HIVE_DEFAULT_PARTITION__ '"]
    sql(f"INSERT INTO s VALUES {', '.join(f'({value}, 1)' for value in values)}")
    all_read(texts, 1 + len(values))


def decimals():
    sql("CREATE TABLE whole AS SELECT (i * 1000000)::DECIMAL(15,0) AS a, (i * 100000000000)::DECIMAL(15,2) AS b, 0.00001::DECIMAL(9,5) AS c FROM range(1, 9) r(i)")
    log = Path(f"{LAKE.name}/main/whole/_delta_log/00000000000000000000.json").read_text()
    stats = next(line for line in map(json.loads, log.splitlines()) if "add" in line)["add"]["stats"]
    expect("no exponent", "e+" in stats or "e-" in stats, False)
    expect("whole", '"a":1000000,' in stats, True)
    all_read(f"{LAKE.name}/main/whole", 8)


def names():
    made("Dup", {"a": [1]})
    made("dup", {"a": [2]})
    expect("exact", [sql("SELECT a FROM dup"), sql("SELECT a FROM Dup"), sql('SELECT a FROM main."Dup"')], [["2"], ["1"], ["1"]])
    # A locked session has made a view of the one, and does not take it for the other.
    expect("locked", "ambiguous" in tarn("sql", "--read-only", "--no-stdin", "-c", "FROM dup", "-c", "FROM DUP", good=False), True)
    sql("INSERT INTO dup VALUES (20)")
    expect("written", [sql("SELECT sum(a) FROM dup"), sql("SELECT sum(a) FROM Dup")], [["22"], ["1"]])
    for statement in ("SELECT a FROM DUP", "INSERT INTO DUP VALUES (3)", "DROP TABLE DUP", "SELECT * FROM dup, Dup", "SELECT * FROM query('FROM dup')",
                      "SELECT a FROM DUP AT (VERSION => 0)"):
        expect(statement, "ambiguous" in sql(statement, good=False), True)
    expect("versions", [sql("SELECT a FROM dup AT (VERSION => 0)"), sql("SELECT a FROM Dup AT (VERSION => 0)")], [["2"], ["1"]])
    sql("DROP TABLE Dup")
    expect("left", sql("SELECT sum(a) FROM DUP"), ["22"])
    sql("CREATE TABLE DUP (a INTEGER)", good=False)
    path = Path(made("cased", {"a": [1], "b": [2]})) / "_delta_log" / "00000000000000000000.json"
    path.write_text(path.read_text().replace(r'\"name\":\"b\"', r'\"name\":\"A\"'))
    expect("columns", "'a' and 'A' differ by case only" in sql("FROM cased", good=False), True)


def history():
    """What a commit without metrics did."""
    path = made("told", {"a": list(range(10))})
    write_deltalake(path, polars.DataFrame({"a": [1, 2]}), mode="append")
    DeltaTable(path).delete("a = 5")
    write_deltalake(path, polars.DataFrame({"a": [7]}), mode="overwrite")
    for log in Path(path, "_delta_log").glob("*.json"):
        lines = [json.loads(line) for line in log.read_text().splitlines()]
        for line in lines:
            line.get("commitInfo", {}).pop("operationMetrics", None)
        log.write_text("\n".join(map(json.dumps, lines)) + "\n")
    versions = json.loads(tarn("history", "main.told", "--json"))["versions"]
    expect("history", [(v["rows_added"], v["rows_removed"], v["files_added"], v["files_removed"]) for v in versions],
           [(1, 11, 1, 2), (9, 10, 1, 1), (2, 0, 1, 0), (10, 0, 1, 0)])


for part in (nan, zeros, partitions, decimals, names, history):
    part()
for failure in failures:
    print("FAILED", failure, file=sys.stderr)
sys.exit(bool(failures))
