#!/usr/bin/env python3
"""Writes THIRD_PARTY.md from third_party/lock.tsv (pinned downloads) and third_party/debian.tsv (Debian packages).

--check writes nothing and fails when the file is stale, a licence is not on the list, or a copyleft library is not linked dynamically.
"""
import csv
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
ALLOWED = {"Apache-2.0", "MIT", "ISC", "Zlib", "X11", "BSL-1.0", "BSD-2-Clause", "BSD-3-Clause", "Unicode-3.0", "curl"}
DYNAMIC_ONLY = {"LGPL-2.1-only", "LGPL-2.1-or-later", "LGPL-3.0-or-later"}
INSIDE = {  # what a pinned download itself holds, by its own documents
    "duckdb-lib": "bundles MIT, BSD, Apache-2.0, Unicode and zlib parts; see its own third_party folder",
    "openvino": "with oneTBB and oneDNN (Apache-2.0)",
    "croaring": "CRoaring from the amalgamation in pyroaring",
    "pdfium": "built by pypdfium2, with FreeType, ICU, OpenJPEG, libjpeg-turbo, libtiff, AGG, Little CMS and others, whose licences lie beside it",
    "cld2": "CLD2 from the sources in pycld2",
    "lexbor": "lexbor from the sources in selectolax",
}


def rows(name, columns):
    with open(ROOT / "third_party" / name, encoding="utf-8") as f:
        return [dict(zip(columns, r)) for r in csv.reader((l for l in f if not l.startswith("#")), delimiter="\t") if r]


def pinned():
    return rows("lock.tsv", ["name", "registry", "package", "version", "sha256", "licence", "licence_file", "use"])


def debian():
    return rows("debian.tsv", ["package", "licence", "how", "use"])


def upstream_version(package):
    done = subprocess.run(["dpkg-query", "-W", "-f=${Version}", package], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"third_party: the package {package} is not installed: run ./tools/dev setup")
    # Without epoch, repacking and Debian's revision, so that a security update is no change.
    return re.sub(r"[+~](ds|dfsg|repack).*$", "", re.sub(r"-[^-]*$", "", re.sub(r"^\d+:", "", done.stdout)))


def allowed(expression, how):
    choices = re.split(r"\s+OR\s+", expression)
    return any(c in ALLOWED or (c in DYNAMIC_ONLY and how == "dynamic") for c in choices)


def problems():
    for row in pinned():
        if not allowed(row["licence"], "pinned"):
            yield f"{row['name']}: the licence {row['licence']} is not allowed"
    for row in debian():
        if row["how"] not in ("dynamic", "header", "system", "tests"):
            yield f"{row['package']}: {row['how']} is not a way to use it"
        elif not allowed(row["licence"], row["how"]):
            yield f"{row['package']}: the licence {row['licence']} is not allowed when the package is used so: {row['how']}"


def document():
    lines = ["# Third-party software", "",
             "Written by `tools/third_party.py` from `third_party/lock.tsv` and `third_party/debian.tsv`; do not edit. The licence texts",
             "lie in `share/licenses/` of the built program.", "", "## Pinned downloads", "",
             "Bundled with the program, the model included. Each archive's SHA-256 is checked before it is unpacked.", "",
             "| name | package | version | licence | for |", "|---|---|---|---|---|"]
    for row in pinned():
        note = f"; {INSIDE[row['name']]}" if row["name"] in INSIDE else ""
        lines.append(f"| {row['name']} | {row['package']} ({row['registry'].split('-')[0]}) | {row['version']} | {row['licence']} "
                     f"| {row['use']}{note} |")
    lines += ["", "## Debian 12 packages", "", "Dynamic: the library lies beside the program and can be replaced. System: the machine's own, opened when it is needed.", "",
              "| package | version | licence | linked | for |", "|---|---|---|---|---|"]
    for row in debian():
        lines.append(f"| {row['package']} | {upstream_version(row['package'])} | {row['licence']} | {row['how']} | {row['use']} |")
    lines += ["", "The C and C++ run-time libraries are the system's own.", ""]
    return "\n".join(lines)


def self_test():
    for licence, how, good in [("MIT", "header", True), ("GPL-3.0-only", "dynamic", False), ("AGPL-3.0-only", "dynamic", False),
                               ("LGPL-2.1-only", "dynamic", True), ("LGPL-2.1-only", "header", False), ("unknown", "dynamic", False),
                               ("GPL-2.0-only OR BSD-3-Clause", "dynamic", True), ("", "dynamic", False)]:
        if allowed(licence, how) != good:
            sys.exit(f"third_party: self-test: {licence} {how}")


def main():
    self_test()
    if found := list(problems()):
        sys.exit("\n".join(f"third_party: {p}" for p in found))
    path, text = ROOT / "THIRD_PARTY.md", document()
    if "--check" in sys.argv:
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            sys.exit("third_party: THIRD_PARTY.md is stale: run python3 tools/third_party.py")
        print("third_party: THIRD_PARTY.md is as the lists say")
    else:
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
