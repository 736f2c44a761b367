#!/usr/bin/env python3
"""Arrow IPC streams that tarn sql writes, read by polars: equal to the Parquet file of the same rows."""
import argparse
import subprocess
import tempfile

import polars

parser = argparse.ArgumentParser()
parser.add_argument("--tarn", required=True)
tarn = parser.parse_args().tarn

QUERIES = [
    "SELECT range AS i, 'text ' || range AS s, range % 3 = 0 AS b, range * 1.5::DOUBLE AS d FROM range(5000)",
    "SELECT CASE WHEN range % 3 > 0 THEN range END::INTEGER AS i, CASE WHEN range % 2 = 0 THEN 'ä' || range END AS s, "
    "CASE WHEN range % 5 = 0 THEN range % 2 = 0 END AS b, CASE WHEN range % 7 = 1 THEN (range / 7)::DECIMAL(12,3) END AS n FROM range(4097)",
    "SELECT 1::TINYINT AS a, 2::SMALLINT AS b, 3::UINTEGER AS c, 4::UBIGINT AS d, 1.5::FLOAT AS e, DATE '2024-02-29' AS f, "
    "TIMESTAMP '2024-02-29 12:00:01.5' AS g, TIMESTAMPTZ '2024-02-29 12:00:01.5+02' AS h, TIME '01:02:03' AS i, 'x'::BLOB AS j",
    "SELECT [range, NULL, range + 1] AS l, {'a': range, 'b': 'x' || range} AS st, CASE WHEN range % 2 = 0 THEN ['y', NULL] ELSE [] END AS m, "
    "[[1], NULL, [2, 3]] AS nested FROM range(2500)",
    "SELECT * FROM (SELECT 1 AS a, 'b' AS b) WHERE a = 2",
]

with tempfile.TemporaryDirectory() as folder:
    for number, query in enumerate(QUERIES):
        for form in ("arrow", "parquet"):
            subprocess.run([tarn, "sql", "--lake", folder + "/none", "--format", form, "-o", f"{folder}/{number}.{form}", query], check=True)
        with open(f"{folder}/{number}.arrow", "rb") as stream:
            seen = polars.read_ipc_stream(stream)
        expected = polars.read_parquet(f"{folder}/{number}.parquet")
        assert seen.columns == expected.columns, (query, seen.columns, expected.columns)
        assert seen.height == expected.height, (query, seen.height, expected.height)
        for name in expected.columns:
            mine, theirs = seen[name].to_list(), expected[name].to_list()
            assert mine == theirs, (query, name, [pair for pair in zip(mine, theirs) if pair[0] != pair[1]][:3])
    refused = subprocess.run([tarn, "sql", "--lake", folder + "/none", "--format", "arrow", "-o", folder + "/no",
                              "SELECT 'a'::ENUM('a', 'b') AS e"], capture_output=True, text=True)
    assert refused.returncode == 1 and "'e'" in refused.stderr, refused
print(f"{len(QUERIES)} streams read")
