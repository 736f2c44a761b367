"""The rows of a Delta table as other engines read them: {"deltalake": [{"id": …, "uri": …, "source_version": …}, …], "duckdb": […]}, by id."""
import json
import sys
from pathlib import Path

import deltalake
import duckdb
import duckdb_extension_delta

path = sys.argv[1]
columns = "id, uri, source_version"
(extension,) = Path(duckdb_extension_delta.__file__).parent.rglob("delta.duckdb_extension")
duck = duckdb.connect()
duck.execute(f"LOAD '{extension}'")
engines = {"duckdb": duck.execute(f"SELECT {columns} FROM delta_scan('{path}') ORDER BY id").fetchall()}
batches = deltalake.QueryBuilder().register("t", deltalake.DeltaTable(path)).execute(f"SELECT {columns} FROM t").read_all()
duck.register("batches", batches)
engines["deltalake"] = duck.execute(f"SELECT {columns} FROM batches ORDER BY id").fetchall()
print(json.dumps({name: [dict(zip(columns.split(", "), row)) for row in rows] for name, rows in engines.items()}))
