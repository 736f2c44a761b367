#!/usr/bin/env python3
"""Compiles each header of src/ alone, but those that some file includes first: the build compiles these alone. What passed and has not
changed since is not compiled again."""
import concurrent.futures
import hashlib
import json
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
STATE = ROOT / "build" / "lint" / "headers.json"
DEPS = ROOT / "third_party" / ".deps"
COMPILERS = ["g++"]  # clang sees them in the sanitizers' builds
FLAGS = ["-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wno-unused-parameter", "-Werror",
         "-x", "c++", "-I", "src", "-DFMT_SHARED", "-DLEXBOR_STATIC", f"-DTARN_SOURCE_DIR=\"{ROOT}\"", "-DTARN_MODEL_DIR=\"\"",
         "-isystem", DEPS / "duckdb-src/external/duckdb/src/include", "-isystem", DEPS / "croaring/pyroaring",
         "-isystem", DEPS / "lexbor/lexbor/source", "-isystem", DEPS / "openvino/openvino/include"]
JOBS = 2


def digest(names):
    hasher = hashlib.sha256()
    for name in sorted(names):
        path = ROOT / name
        hasher.update(path.read_bytes() if path.is_file() else b"gone")
    return hasher.hexdigest()


def compile_alone(compiler, header):
    """(the project's files that the header needs, the compiler's complaint)"""
    with tempfile.TemporaryDirectory() as folder:
        depends = pathlib.Path(folder) / "depends"
        # Through a file of one line: "#pragma once in main file" is no complaint about the header.
        done = subprocess.run([compiler, *map(str, FLAGS), "-MMD", "-MF", depends, "-"], cwd=ROOT, text=True, capture_output=True,
                              input=f'#include "{header.relative_to(ROOT / "src")}"\n')
        words = shlex.split(depends.read_text().replace("\\\n", " ")) if done.returncode == 0 else []
    return [w for w in words if w.startswith("src/")], done.stderr if done.returncode else ""


def first_include(source):
    found = re.search(r'^\s*#\s*include\s+["<]([^">]+)', source.read_text(), re.MULTILINE)
    return found and ROOT / "src" / found[1]


def main():
    first = {first_include(source) for source in (ROOT / "src").rglob("*.cc")}
    headers = sorted(set((ROOT / "src").rglob("*.h")) - first)
    flags = hashlib.sha256(" ".join(map(str, FLAGS)).encode()).hexdigest()
    try:
        state = json.loads(STATE.read_text())
    except (OSError, ValueError):
        state = {}
    state = state if state.get("flags") == flags else {"flags": flags}
    todo = []
    for compiler in COMPILERS:
        for header in headers:
            known = state.get(f"{compiler} {header.relative_to(ROOT)}")
            if not known or digest(known["files"]) != known["digest"]:
                todo.append((compiler, header))
    failed = 0
    STATE.parent.mkdir(parents=True, exist_ok=True)
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        for done, ((compiler, header), (files, error)) in enumerate(zip(todo, pool.map(lambda job: compile_alone(*job), todo)), 1):
            key = f"{compiler} {header.relative_to(ROOT)}"
            state.pop(key, None)
            if error:
                failed += 1
                print(f"{header.relative_to(ROOT)}: does not compile alone with {compiler}\n{error}", flush=True)
            else:
                state[key] = {"files": files, "digest": digest(files)}
            if done % 20 == 0 or done == len(todo):
                STATE.write_text(json.dumps(state))
    print(f"check_headers: {len(headers)} headers, {len(todo)} compilations, {failed} failed")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
