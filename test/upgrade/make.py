#!/usr/bin/env python3
"""Makes a lake with a program of a version, and what it answered: make.py PROGRAM VERSION, once, when the version is released.
Writes lake-VERSION.tar.gz and lake-VERSION.json beside itself; the documents are pulled from /srv/wiki, which it makes and removes.
"""
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from asked import QUESTIONS, asked
from pages import PAGES, WIKI

HERE = Path(__file__).resolve().parent
SCRIPT = """
CREATE TABLE berths AS SELECT * FROM (VALUES (1, 'north', 12.5::DECIMAL(9, 2), DATE '2024-02-29', [1.5, 2.5]),
                                             (2, 'south', 7.25, DATE '1999-12-31', []), (3, NULL, NULL, NULL, NULL)) t(id, quay, metres, since, depths);
INSERT INTO berths VALUES (4, 'west', 9, DATE '2025-01-01', [3.0]);
UPDATE berths SET metres = metres + 1 WHERE id = 2;
DELETE FROM berths WHERE id = 3;
"""


def main(program, version):
    with tempfile.TemporaryDirectory() as work:
        lake = Path(work) / "lake"
        env = dict(os.environ, TARN_LAKE=str(lake), TARN_MODEL="deterministic")

        def run(*words, text=None):
            return subprocess.run([program, *words], stdout=subprocess.PIPE, text=True, env=env, input=text).stdout

        for name, content in PAGES.items():
            path = WIKI / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        run("pull", str(WIKI))
        run("tag", "before-the-storm")
        (WIKI / "notes/old.md").unlink()
        with (WIKI / "harbour/tides.md").open("a", encoding="utf-8") as page:
            page.write("\nNeap tides reach the sixth step.\n")
        run("pull", str(WIKI))
        shutil.rmtree(WIKI)
        run("sql", text=SCRIPT)
        for question in QUESTIONS:
            run("ask", question, "--model", "none")
        found = asked(lambda *words: json.loads(run(*words)))
        shutil.rmtree(lake / "_tarn/leases", ignore_errors=True)
        with tarfile.open(HERE / f"lake-{version}.tar.gz", "w:gz", format=tarfile.USTAR_FORMAT) as archive:
            for path in sorted(lake.rglob("*")):
                info = tarfile.TarInfo(str(Path("lake") / path.relative_to(lake)))
                info.mode = 0o755 if path.is_dir() else 0o644
                if path.is_dir():
                    info.type = tarfile.DIRTYPE
                    archive.addfile(info)
                else:
                    info.size = path.stat().st_size
                    info.mtime = int(path.stat().st_mtime)
                    archive.addfile(info, io.BytesIO(path.read_bytes()))
    (HERE / f"lake-{version}.json").write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


main(sys.argv[1], sys.argv[2])
