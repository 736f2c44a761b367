#!/usr/bin/env python3
"""The documents on Confluence hold. Runs doc/tutorials/confluence.md: each `$ command` in its order, each answer held against what stands there. Times, sizes and the port may differ; a
line of `…` stands for any lines. And the parity sheet names tests that there are."""
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from program import TARN, expect  # noqa: E402

SOURCE = Path(__file__).resolve().parent.parent.parent
PORT = "8090"


def steps(text):
    """Of each block the commands with their answers, or a file with its text."""
    for before, kind, block in re.findall(r"([^\n]*)\n\n```(\w+)\n(.*?)```", text, re.S):
        if kind != "console":
            name = re.search(r"`([^`]+)`:$", before)
            expect(name, f"a block of {kind} without the name of its file: {before}")
            yield name[1], None, block
            continue
        for step in re.split(r"^\$ ", block, flags=re.M)[1:]:
            command, _, answer = step.partition("\n")
            yield None, command, answer


def plain(text):
    text = re.sub(r"\b\d+(\.\d+)? (ms|s|kB|MB)\b", "N", text)
    text = re.sub(r"\b[0-9a-f]{32}\b", "ID", text)   # made of the wiki's address
    text = re.sub(r"\d+\.\d{3,}", lambda m: f"{float(m[0]):.1f}", text)   # scores: another processor may round otherwise
    return [line.rstrip() for line in text.strip().split("\n")]


def alike(wanted, told):
    if not wanted or wanted == told:
        return wanted == told
    if wanted[0].strip() == "…":
        return any(alike(wanted[1:], told[n:]) for n in range(len(told) + 1))
    return bool(told) and wanted[0] == told[0] and alike(wanted[1:], told[1:])


def parity():
    sheet = (SOURCE / "doc/confluence-parity.md").read_text()
    here = {name: (SOURCE / f"test/confluence/{name}.py").read_text() for name in ("pull", "faults", "rights")}
    named = [(script, name) for script, names in re.findall(r"\b(pull|faults|rights): ([\w, ]+)[;)]", sheet) for name in names.split(", ")]
    expect(len(named) > 25, f"only {len(named)} tests are named")
    for script, name in named:
        expect(f"def {name}(" in here[script], f"the parity sheet names {script}: {name}, which is not there")
    units = (SOURCE / "src/document/confluence/confluence_test.cc").read_text()
    for name in re.findall(r"\.([A-Z]\w+)", sheet):
        expect(f"TEST(Confluence, {name})" in units, f"the parity sheet names Confluence.{name}, which is not there")


def installed(place):
    """The folder of the program; of the one in the build tree (TARN_MODULES) one that has beside it what searches by meaning."""
    if "TARN_MODULES" not in os.environ:
        return Path(TARN).parent
    for folder in ("bin", "lib"):
        (place / folder).mkdir(parents=True)
    shutil.copy(TARN, place / "bin/tarn")
    for module in Path(os.environ["TARN_MODULES"]).glob("*.so*"):
        (place / "lib" / module.name).symlink_to(module)
    return place / "bin"


def main():
    parity()
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = str(s.getsockname()[1])
    ran, server = 0, None
    with tempfile.TemporaryDirectory() as scratch:
        (Path(scratch) / "test").symlink_to(SOURCE / "test")
        environment = {**os.environ, "PATH": str(installed(Path(scratch) / "program")) + os.pathsep + os.environ["PATH"], "HOME": scratch, "NO_COLOR": "1"}
        try:
            for file, command, answer in steps((SOURCE / "doc/tutorials/confluence.md").read_text()):
                if file:
                    place = Path(scratch) / file
                    place.parent.mkdir(parents=True, exist_ok=True)
                    place.write_text(answer.replace(PORT, port))
                    continue
                ran += 1
                if "mock.py cloud" in command:
                    server = subprocess.Popen(command.replace(PORT, port).split(), cwd=scratch, stdout=subprocess.PIPE, text=True)
                    told = server.stdout.readline()
                elif command.startswith("export "):
                    environment.update([command.removeprefix("export ").replace("$PWD", scratch).split("=", 1)])
                    told = ""
                else:
                    done = subprocess.run(["bash", "-c", command.replace(PORT, port)], cwd=scratch, env=environment, capture_output=True, text=True, timeout=120)
                    told = done.stdout + done.stderr
                told = told.replace(port, PORT)
                expect(alike(plain(answer), plain(told)), f"{command}\n--- the tutorial\n{answer}--- the program\n{told}")
        finally:
            if server:
                server.kill()
                server.wait()
    expect(ran > 10, f"only {ran} commands")
    print(f"{ran} commands of the tutorial")


main()
