#!/usr/bin/env python3
"""Other engines judge the lake: they read what Tarn wrote, Tarn reads what they wrote, and both write to one table in turns.

Runs itself again in the virtual environment that `./tools/dev test` fills from requirements.txt (hashes checked); without it, it fails.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent


def enter(venv):
    python = Path(venv) / "bin" / "python"
    if not python.exists():
        sys.exit(f"judge: {venv} is not there. Run:\n  python3 -m venv {venv}\n"
                 f"  {venv}/bin/pip install --require-hashes --no-deps -r {HERE / 'requirements.txt'}")
    if Path(sys.prefix).resolve() != Path(venv).resolve():
        os.execv(python, [str(python), *sys.argv])


parser = argparse.ArgumentParser()
parser.add_argument("--writer", required=True)
parser.add_argument("--venv", required=True)
parser.add_argument("--golden", help="a folder of tables to compare as well, engine against engine")
parser.add_argument("--keep", help="write the tables here and leave them")
arguments = parser.parse_args()
enter(arguments.venv)

import arro3.core  # noqa: E402
import deltalake  # noqa: E402
import duckdb  # noqa: E402
import duckdb_extension_delta  # noqa: E402
import polars  # noqa: E402

from compare import Comparison, as_text, normal  # noqa: E402

comparison = Comparison(arguments.writer)
tarn, attempt, compare, failures = comparison.tarn, comparison.attempt, comparison.compare, comparison.failures


def open_duck():
    """Afresh for each answer: a fatal error in one ends a DuckDB instance."""
    (extension,) = Path(duckdb_extension_delta.__file__).parent.rglob("delta.duckdb_extension")
    duck = duckdb.connect()
    duck.execute(f"LOAD '{extension}'; SET TimeZone = 'UTC'")
    return duck


def by_deltalake(path, version=None):
    table = deltalake.DeltaTable(str(path), version=version)
    batches = deltalake.QueryBuilder().register("t", table).execute("SELECT * FROM t").read_all()
    return as_text(open_duck(), "FROM answer", batches)


def by_duckdb(path, version=None):
    at = "" if version is None else f", version := {version}"
    return as_text(open_duck(), f"SELECT * FROM delta_scan('{path}'{at})")


def by_polars(path, version=None):
    frame = polars.scan_delta(str(path), version=version).collect()
    return as_text(open_duck(), "FROM answer", arro3.core.Table(frame))


ENGINES = {"deltalake": by_deltalake, "duckdb": by_duckdb, "polars": by_polars}
# Features that an engine refuses by name; one that has learnt it meanwhile fails the test, and leaves the list.
LACKS = {
    ("polars", "main/mapped_name"): "columnMapping",
    ("polars", "main/mapped_id"): "columnMapping",
    ("polars", "main/timed"): "v2Checkpoint",
    ("polars", "main/widened"): "typeWidening",
    ("deltalake", "main/widened"): "TypeWidening",
}


def refuses(name, table, root, feature):
    try:
        ENGINES[name](root / table)
    except Exception as error:  # noqa: BLE001: engines have their own
        if feature in str(error):
            return print(f"  {name} refuses {table}: {feature}")
        failures.append(f"{name} reads {table}: {error}")
    else:
        failures.append(f"{name} reads {table}, which it used to refuse ({feature})")


def they_read_what_tarn_wrote(root):
    print("they read what Tarn wrote")
    tarn("write", root)
    expected = json.loads((root / "expected.json").read_text())
    for table, rows in expected.items():
        for name, engine in ENGINES.items():
            if (name, table) in LACKS:
                refuses(name, table, root, LACKS[name, table])
                continue
            got = attempt(f"{name} reads {table}", lambda: engine(root / table))
            if got is not None:
                compare(f"{name} reads {table}", got, rows)


def tarn_reads_what_deltalake_wrote(root):
    print("Tarn reads what deltalake wrote")
    write, table_of = deltalake.write_deltalake, lambda path: deltalake.DeltaTable(str(path))
    first = polars.DataFrame({"id": [f"d{i}" for i in range(20)], "v": list(range(20)), "part": [f"p {i % 3}" for i in range(20)]})
    second = polars.DataFrame({"id": ["x%20y", "é", None], "v": [1, None, 3], "part": ["a=b/c", None, "ü"]})

    plain = root / "main" / "plain"
    write(str(plain), first)
    write(str(plain), second, mode="append")
    table_of(plain).delete("v > 15")
    table_of(plain).create_checkpoint()
    write(str(plain), first.head(2), mode="append")

    parted = root / "main" / "parted"
    write(str(parted), first, partition_by=["part"])
    write(str(parted), second, mode="append", partition_by=["part"])
    write(str(parted), first, mode="append", partition_by=["part"])
    table_of(parted).optimize.compact()

    wider = root / "main" / "wider"
    write(str(wider), first)
    more = second.with_columns(polars.lit(2.5).alias("extra"))
    write(str(wider), more, mode="append", schema_mode="merge")

    merged = root / "main" / "merged"
    write(str(merged), first)
    source = polars.DataFrame({"id": ["d1", "new"], "v": [100, 200], "part": ["m", "m"]})
    (table_of(merged).merge(source, "t.id = s.id", source_alias="s", target_alias="t")
     .when_matched_update_all().when_not_matched_insert_all().execute())

    for path in (plain, parted, wider, merged):
        newest = table_of(path).version()
        for version in range(newest + 1):
            what = f"Tarn reads {path.name} at {version}"
            got = attempt(what, lambda: tarn("read", root, f"main/{path.name}", version))
            if got is not None:
                compare(what, got, by_deltalake(path, version))


def both_write_in_turns(root):
    print("both write to one table in turns")
    path, name = root / "main" / "updates", "main/updates"
    for turn in range(3):
        rows = polars.DataFrame({"id": [f"d{i}" for i in range(turn * 5, turn * 5 + 5)], "v": [turn] * 5})
        attempt(f"deltalake appends, turn {turn}", lambda: deltalake.write_deltalake(str(path), rows, mode="append"))
        attempt(f"Tarn changes, turn {turn}", lambda: tarn("change", root, name))
    attempt("check", lambda: tarn("check", root, name))
    expected = tarn("read", root, name)
    ids = [row[0] for row in expected["rows"]]
    if len(ids) != len(set(ids)) or "d3" in ids or "d14" not in ids or "t9" not in ids:
        failures.append(f"turns: the rows are not those that were written: {sorted(ids)[:80]}")
    for engine_name, engine in ENGINES.items():
        got = attempt(f"{engine_name} reads the turns", lambda: engine(path))
        if got is not None:
            compare(f"{engine_name} reads the turns", got, expected)


def engines_agree_on(folder):
    print("golden tables: Tarn against the others")
    for log in sorted(Path(folder).rglob("_delta_log")):
        path = log.parent
        name = path.relative_to(folder)
        try:
            mine = tarn("read", folder, name)
        except RuntimeError as error:
            print(f"  {name}: refused: {str(error)[:160]}")
            continue
        verdicts = {}
        for engine_name, engine in ENGINES.items():
            try:
                verdicts[engine_name] = "agrees" if normal(engine(path)) == normal(mine) else "DIFFERS"
            except BaseException as error:  # noqa: BLE001
                verdicts[engine_name] = "cannot: " + (str(error).splitlines() or [""])[0][:70]
        print(f"  {name}: {len(mine['rows'])} rows;", "; ".join(f"{k} {v}" for k, v in verdicts.items()))
        if "agrees" not in verdicts.values():
            failures.append(f"golden {name}: no other engine agrees: {verdicts}")


def main():
    print("deltalake", deltalake.__version__, "· duckdb", duckdb.__version__, "· polars", polars.__version__)
    root = Path(arguments.keep) if arguments.keep else Path(tempfile.mkdtemp(prefix="tarn-interop-"))
    try:
        (root / "tarn").mkdir(parents=True)
        (root / "others").mkdir()
        they_read_what_tarn_wrote(root / "tarn")
        tarn_reads_what_deltalake_wrote(root / "others")
        both_write_in_turns(root / "tarn")
        if arguments.golden:
            engines_agree_on(arguments.golden)
    finally:
        if not arguments.keep:
            shutil.rmtree(root, ignore_errors=True)
    for failure in failures:
        print("FAILED", failure, file=sys.stderr)
    sys.exit(1 if failures else 0)


main()
