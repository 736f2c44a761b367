#!/usr/bin/env python3
"""Packs dist/tarn into two archives that unpack over each other: words and SQL, and meaning (encoder and model). Prints the sizes and
fails when words and SQL are over their limit."""
import argparse
import fnmatch
import pathlib
import platform
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
MEANING = ["lib/libopenvino*", "lib/libtbb*", "lib/libtarn_openvino.so", "model/*", "share/licenses/openvino/*", "share/licenses/minilm/*"]
MEANING_NEEDS = ["LICENSE", "THIRD_PARTY.md"]
WORDS_LIMIT_MB = 110


def pack(archive, folder, names):
    tar = subprocess.Popen(["tar", "--create", "--sort=name", "--owner=0", "--group=0", "--numeric-owner", "-C", folder.parent,
                            "--null", "--files-from=-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    zstd = subprocess.Popen(["zstd", "-q", "-12", "-T0", "-f", "-o", archive], stdin=tar.stdout)
    tar.stdout.close()
    tar.stdin.write("\0".join(f"{folder.name}/{n}" for n in names).encode())
    tar.stdin.close()
    if tar.wait() or zstd.wait():
        sys.exit(f"package: {archive} could not be written")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dist", type=pathlib.Path, default=ROOT / "dist" / "tarn")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "dist")
    args = parser.parse_args()
    version = re.search(r"project\(tarn VERSION ([\d.]+)", (ROOT / "CMakeLists.txt").read_text())[1]
    names = sorted(str(f.relative_to(args.dist)) for f in args.dist.rglob("*") if f.is_file())
    meaning = [n for n in names if any(fnmatch.fnmatch(n, p) for p in MEANING)]
    words = [n for n in names if n not in meaning]
    suffix = f"{version}-linux-{platform.machine()}.tar.zst"
    over = False
    for title, prefix, members in (("words and SQL", "tarn", words), ("meaning", "tarn-meaning", meaning + MEANING_NEEDS)):
        archive = args.out / f"{prefix}-{suffix}"
        pack(archive, args.dist, [m for m in members if m in names])
        unpacked = sum((args.dist / n).stat().st_size for n in members if n in names)
        print(f"{archive.name}: {title}: {archive.stat().st_size / 1e6:.1f} MB packed, {unpacked / 1e6:.1f} MB unpacked")
        for n in sorted(members, key=lambda n: -(args.dist / n).stat().st_size if n in names else 0)[:6]:
            print(f"    {(args.dist / n).stat().st_size / 1e6:8.1f} MB  {n}")
        over |= prefix == "tarn" and unpacked > WORDS_LIMIT_MB * 1e6
    if over:
        sys.exit(f"package: words and SQL are over {WORDS_LIMIT_MB} MB unpacked")


if __name__ == "__main__":
    main()
