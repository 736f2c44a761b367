"""C5: a pull of documents onto a tmpfs of 20 sizes. A clean error says what is needed, the table stays readable and clean, and after more room
the same pull goes on to its end. What was committed before stays committed."""
import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

parser = argparse.ArgumentParser()
parser.add_argument("--tarn", required=True)
parser.add_argument("--megabytes", type=int, default=48, help="of documents")
given = parser.parse_args()
TARN = str(Path(given.tarn).resolve())


def expect(condition, what):
    if not condition:
        sys.exit(f"disk full: {what}")


def tarn(*words, rc=(0,)):
    done = subprocess.run([TARN, *words], capture_output=True, text=True, timeout=600)
    expect(done.returncode in rc, f"tarn {' '.join(words)}: exit code {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done


def count(lake):
    if not (lake / "main" / "docs" / "_delta_log" / "00000000000000000000.json").exists():
        return 0
    return json.loads(tarn("sql", "select count(*) as n, count(distinct uri) as u from main.docs", "--json", "--lake", str(lake)).stdout)[0]["n"]


os.environ["TARN_MODEL"] = "none"
with tempfile.TemporaryDirectory(prefix="tarn-full-") as name:
    root = Path(name)
    folder, disk = root / "docs", root / "disk"
    disk.mkdir()
    documents = given.megabytes * 8
    for i in range(documents):
        path = folder / f"d{i % 16}" / f"p{i}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        words = (f"w{(i * 7919 + j * j * 104729) % 999983}" for j in range(17000))
        path.write_text(f"# Page {i}\n\n" + " ".join(words) + "\n")
    whole = root / "whole"
    tarn("pull", str(folder), "--lake", str(whole), "--commit-every", "16")
    needed = sum(f.stat().st_size for f in whole.rglob("*") if f.is_file())
    print(f"{documents} documents, {sum(f.stat().st_size for f in folder.rglob('*.md')) >> 20} MiB; the lake of them has {needed >> 20} MiB")
    full = 0
    for level in range(20):
        size = max(64 << 10, needed * (2 * level + 1) // 40)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tarn-full", str(disk)], check=True)
        try:
            lake = disk / "lake"
            done = tarn("pull", str(folder), "--lake", str(lake), "--commit-every", "16", rc=(0, 1))
            kept = count(lake)
            if done.returncode == 1:
                full += 1
                expect("No space left" in done.stderr, f"level {level}: {done.stderr}")
                expect("free" in done.stderr, f"level {level}: no remedy in {done.stderr}")
                if (lake / "main").exists():
                    tarn("check", "--lake", str(lake))
            else:
                expect(kept == documents, f"level {level}: the pull ended with {kept} documents")
            subprocess.run(["mount", "-o", f"remount,size={4 * needed + (64 << 20)}", str(disk)], check=True)
            tarn("pull", str(folder), "--lake", str(lake), "--commit-every", "16")
            expect(count(lake) == documents, f"level {level}: {count(lake)} documents after there was room")
            tarn("check", "--lake", str(lake))
            print(f"level {level:2}: {size >> 10:8} KiB, {'full' if done.returncode else 'enough'}, {kept:4} documents kept; {done.stderr.strip().splitlines()[0][:150] if done.returncode else ''}", flush=True)
        finally:
            subprocess.run(["umount", str(disk)], check=True)
    expect(full >= 15, f"only {full} levels were full")
    print(f"disk full: {full} of 20 levels were full, each resumed to {documents} documents")
