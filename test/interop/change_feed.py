#!/usr/bin/env python3
"""The change data feed of what SQL changes, read by deltalake: UPDATE and MERGE tell updates as pairs of images, DELETE deletions; with deletion
vectors and without."""
import argparse
import json
import subprocess
import tempfile
from pathlib import Path

import polars
from deltalake import DeltaTable, write_deltalake

parser = argparse.ArgumentParser()
parser.add_argument("--tarn", required=True)
TARN = parser.parse_args().tarn

STEPS = [
    ("UPDATE {t} SET v = v + 100 WHERE id IN ('a', 'b')",
     {("update_preimage", "a", 1), ("update_postimage", "a", 101), ("update_preimage", "b", 2), ("update_postimage", "b", 102)}),
    ("MERGE INTO {t} AS t USING (VALUES ('a', 7), ('b', 8), ('z', 9)) AS s(id, v) ON t.id = s.id WHEN MATCHED AND s.v = 8 THEN DELETE "
     "WHEN MATCHED THEN UPDATE SET v = s.v WHEN NOT MATCHED THEN INSERT VALUES (s.id, s.v)",
     {("update_preimage", "a", 101), ("update_postimage", "a", 7), ("delete", "b", 102), ("insert", "z", 9)}),
    ("MERGE INTO {t} AS t USING (VALUES ('a')) AS s(id) ON t.id = s.id WHEN NOT MATCHED BY SOURCE AND t.v > 8 THEN UPDATE SET v = 0",
     {("update_preimage", "z", 9), ("update_postimage", "z", 0)}),
    ("DELETE FROM {t} WHERE id = 'c'", {("delete", "c", 3)}),
    ("INSERT INTO {t} VALUES ('n', 5)", {("insert", "n", 5)}),
    ("UPDATE {t} SET v = -1", {(f"update_{image}image", id, v if image == "pre" else -1)
                               for image in ("pre", "post") for id, v in (("a", 7), ("z", 0), ("n", 5), ("d", 4))}),
]

with tempfile.TemporaryDirectory() as lake:
    for name in ("with_vectors", "without"):
        path = f"{lake}/main/{name}"
        write_deltalake(path, polars.DataFrame({"id": ["a", "b", "c", "d"], "v": [1, 2, 3, 4]}), configuration={"delta.enableChangeDataFeed": "true"})
        if name == "with_vectors":  # deltalake would ask for every feature that it knows
            log = Path(path) / "_delta_log" / "00000000000000000000.json"
            actions = [json.loads(line) for line in log.read_text().splitlines()]
            for action in actions:
                if "protocol" in action:
                    action["protocol"] = {"minReaderVersion": 3, "minWriterVersion": 7, "readerFeatures": ["deletionVectors"],
                                          "writerFeatures": ["deletionVectors", "changeDataFeed"]}
                if "metaData" in action:
                    action["metaData"]["configuration"]["delta.enableDeletionVectors"] = "true"
            log.write_text("\n".join(map(json.dumps, actions)) + "\n")
        for version, (statement, expected) in enumerate(STEPS, 1):
            subprocess.run([TARN, "sql", "--lake", lake, statement.format(t=f"main.{name}")], check=True)
            feed = polars.DataFrame(DeltaTable(path).load_cdf(starting_version=version, ending_version=version))
            seen = sorted(zip(feed["_change_type"], feed["id"], feed["v"]))
            assert seen == sorted(expected), (name, statement, seen)
            assert set(feed["_commit_version"]) == {version}, (name, statement)
        subprocess.run([TARN, "check", "--lake", lake], check=True, capture_output=True)
print(f"{2 * len(STEPS)} changes told as they were")
