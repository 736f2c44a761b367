#!/usr/bin/env python3
"""Holds the sources against the tables of ARCHITECTURE.md: who may include whom, and where each third-party library lives.

Exit 1 with one line a violation (file:line: what). `--self-test` builds small wrong trees and fails when a rule does not notice.
"""
import argparse
import fnmatch
import pathlib
import re
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
# Of the C++ library and the system; what is neither these nor in the table is a library without a home.
SYSTEM = re.compile(r"^(sys/|linux/|arpa/|netinet/|net/|bits/)|^(immintrin|arm_neon|cpuid|unistd|fcntl|dirent|poll|signal|spawn|sched|"
                    r"dlfcn|errno|stdio|stdlib|stdint|string|time|math|limits|pthread|termios|getopt|glob|fnmatch|langinfo|locale|"
                    r"elf|link|execinfo|ftw|pwd|grp|ucontext|malloc|wchar|strings|netdb|stddef|x86intrin|syslog|utime|regex)\.h$")


def table(text, marker):
    """Rows (lists of cells) of the Markdown table after `<!-- marker -->`."""
    after = text.split(f"<!-- {marker} -->", 1)
    if len(after) < 2:
        sys.exit(f"check_layers: ARCHITECTURE.md has no table marked <!-- {marker} -->")
    rows = []
    for line in after[1].lstrip("\n").splitlines():
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip().strip("|").split("|")])
    return rows[2:]


class Rules:
    def __init__(self, text):
        self.order, self.imports = [], {}
        for row in table(text, "rooms"):
            words = row[3].replace("–", "").split()
            self.imports[row[0]] = set(self.order) if row[3] == "all above" else set(words)
            self.order.append(row[0])
        self.shows = {row[0]: set(row[1].split()) for row in table(text, "seen through")}
        self.homes = [(row[1].split(), row[2].split(), row[3]) for row in table(text, "homes")]

    def above(self, room):
        return set(self.order[:self.order.index(room)])

    def header_home(self, header):
        for patterns, _, home in self.homes:
            if any(fnmatch.fnmatch(header, p) for p in patterns):
                return home
        return None

    def library_home(self, name):
        for _, patterns, home in self.homes:
            if any(fnmatch.fnmatch(name, p) for p in patterns):
                return home
        return None


def is_test(path):
    return bool(re.search(r"_(test|fuzz|bench)\.(cc|h)$|^(test|scratch|fake)_", path.name))


def includes(path):
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
        if m := INCLUDE.match(line):
            yield number, m[1] == '"', m[2]


class Tree:
    def __init__(self, root):
        self.src = root / "src"
        self.rules = Rules((root / "ARCHITECTURE.md").read_text(encoding="utf-8"))
        self.findings = []
        self.used = {}  # by room, of which permissions its files make use
        self.closures, self.shows = {}, {}

    def say(self, path, line, what):
        self.findings.append(f"{path.relative_to(self.src.parent)}:{line}: {what}")

    def third_party(self, header):
        """The third-party headers that come in with `header` ("room/x.h"), each with the header that includes it."""
        if header not in self.closures:
            seen = self.closures[header] = {}
            path = self.src / header
            for _, quoted, name in includes(path) if path.is_file() else ():
                if quoted:
                    for deeper, via in self.third_party(name).items():
                        seen.setdefault(deeper, via)
                elif self.rules.header_home(name):
                    seen.setdefault(name, header)
        return self.closures[header]

    def shown(self, header):
        """The rooms whose types a header names (`store::Store`)."""
        path = self.src / header
        if header not in self.shows and path.is_file():
            text = re.sub(r"//.*|\"(?:[^\"\\]|\\.)*\"", "", path.read_text(encoding="utf-8"))
            self.shows[header] = {room for room in self.rules.order if re.search(rf"(?<!\w){room}::\w", text)}
        return self.shows.get(header, set())

    def check_table(self):
        for room, imports in self.rules.imports.items():
            if wrong := imports - self.rules.above(room):
                self.findings.append(f"ARCHITECTURE.md: {room} imports {' '.join(sorted(wrong))}, which does not stand above it")

    def check_file(self, room, path):
        rules, test = self.rules, is_test(path)
        if not test:
            self.used.setdefault(room, set()).update(self.shown(str(path.relative_to(self.src))))
        allowed = (rules.above(room) if test else rules.imports[room]) | {room}
        for line, quoted, name in includes(path):
            if not quoted:
                home = rules.header_home(name)
                if home is None and name.endswith((".h", ".hpp")) and not SYSTEM.search(name):
                    self.say(path, line, f"<{name}> has no home room in ARCHITECTURE.md")
                elif home == "tests" and not test:
                    self.say(path, line, f"<{name}> is for tests")
                elif home not in (None, "everywhere", "tests", room):
                    self.say(path, line, f"<{name}> belongs to the room {home}")
                continue
            other = name.split("/")[0]
            if "/" not in name or other not in rules.imports:
                self.say(path, line, f'"{name}": includes are written "room/file.h"')
            elif other not in allowed:
                self.say(path, line, f"{room} may not import {other} ({name})")
            elif not test:
                if is_test(pathlib.Path(name)):
                    self.say(path, line, f"{name} is for tests")
                self.used[room].add(other)
                self.check_seen(room, allowed, path, line, name)

    def check_seen(self, room, allowed, path, line, name):
        """What `name` shows must be importable too, or stand in the table of what is seen through."""
        for header, via in self.third_party(name).items():
            home = self.rules.header_home(header)
            if home not in ("everywhere", room):
                self.say(path, line, f"sees <{header}> of the room {home} through {via}")
        own = name.split("/")[0] == room  # then its own includes are judged
        self.used[room] |= set() if own else self.shown(name) - self.rules.shows.get(name, set())
        for other in sorted(set() if own else self.shown(name) - allowed - self.rules.shows.get(name, set())):
            self.say(path, line, f"{room} may not import {other}, but {name} shows its types")

    def check_cmake(self, room, path, included):
        text = re.sub(r"#.*", "", path.read_text(encoding="utf-8"))
        m = re.search(r"tarn_room\(\s*(\w+)([^)]*)\)", text)
        if not m:
            self.say(path, 1, "no tarn_room(…)")
            return
        if m[1] != room:
            self.say(path, 1, f"tarn_room({m[1]}) in the folder {room}")
        lists, key = {}, ""
        for word in m[2].split():
            if word in ("ROOMS", "LIBS", "PUBLIC_LIBS", "EXCLUDE", "TEST_ROOMS", "FOLDERS"):
                key = word
            else:
                lists.setdefault(key, []).append(word)
        named = set(lists.get("ROOMS", []))
        for other in sorted(named - self.rules.imports[room]):
            self.say(path, 1, f"{room} may not link {other}")
        for other in sorted(set(lists.get("TEST_ROOMS", [])) - self.rules.above(room)):
            self.say(path, 1, f"{other} does not stand above {room}")
        for other in sorted(named - self.used.get(room, set())):
            self.say(path, 1, f"{room} links {other} and includes nothing of it")
        for other in sorted(included - named - {room}):
            self.say(path, 1, f"{room} includes {other}, but ROOMS does not name it")
        for library in re.findall(r"\bdep_\w+|PkgConfig::\w+|\b\w+::\w+", text):
            home = self.rules.library_home(library)
            if home is None:
                self.say(path, 1, f"{library} has no home room in ARCHITECTURE.md")
            elif home not in ("everywhere", "tests", room):
                self.say(path, 1, f"{library} belongs to the room {home}")

    def check_unused(self):
        """A permission that nobody uses lets the next one in unseen."""
        for room, used in self.used.items():
            if self.rules.imports[room] == self.rules.above(room):
                continue  # all above
            for other in sorted(self.rules.imports[room] - used):
                self.findings.append(f"ARCHITECTURE.md: {room} may import {other}, and does not")
        for header, rooms in self.rules.shows.items():
            for other in sorted(rooms - self.shown(header)) if (self.src / header).is_file() else ():
                self.findings.append(f"ARCHITECTURE.md: {header} may show {other}, and does not")

    def check(self, unused=True):
        self.check_table()
        for folder in sorted(p for p in self.src.iterdir() if p.is_dir()):
            files = sorted(p for p in folder.rglob("*") if p.suffix in (".h", ".cc"))
            if not files:
                continue
            if folder.name not in self.rules.imports:
                self.findings.append(f"src/{folder.name}: not a room of ARCHITECTURE.md")
                continue
            included = set()
            for path in files:
                self.check_file(folder.name, path)
                if not is_test(path):
                    included |= {n.split("/")[0] for _, quoted, n in includes(path) if quoted}
            cmake = folder / "CMakeLists.txt"
            if cmake.exists():
                self.check_cmake(folder.name, cmake, included & set(self.rules.order))
            else:
                self.findings.append(f"src/{folder.name}: no CMakeLists.txt")
        if unused:
            self.check_unused()
        return self.findings


def self_test():
    tables = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    good = {"base/a.h": "", "base/CMakeLists.txt": "tarn_room(base)", "duck/c.h": '#include "base/a.h"\n', "duck/c.cc": "#include <duckdb.h>\n",
            "duck/CMakeLists.txt": "tarn_room(duck ROOMS base LIBS dep_duckdb)"}
    lake = {"lake/t.h": '#include "duck/c.h"\n', "lake/CMakeLists.txt": "tarn_room(lake ROOMS duck)"}
    cases = [  # what is added to the good tree, and a piece of the finding (None: there must be none)
        ({}, None),
        ({"base/b.cc": '#include "duck/c.h"\n'}, "base may not import duck"),
        ({"base/b.cc": "#include <duckdb.h>\n"}, "<duckdb.h> belongs to the room duck"),
        ({"base/b.cc": "#include <zmq.h>\n"}, "<zmq.h> has no home"),
        ({"base/b.cc": "#include <gtest/gtest.h>\n"}, "is for tests"),
        ({"base/b_test.cc": "#include <gtest/gtest.h>\n"}, None),
        ({"duck/d.cc": '#include "c.h"\n'}, 'includes are written "room/file.h"'),
        ({"duck/c.h": "#include <duckdb.h>\n", **lake}, "sees <duckdb.h> of the room duck through duck/c.h"),
        ({"lake/i.h": '#include "store/s.h"\nstore::Store* s;  // duck::Not\n', "lake/CMakeLists.txt": "tarn_room(lake ROOMS store)", "store/s.h": "",
          "store/CMakeLists.txt": "tarn_room(store)", "search/s.cc": '#include "lake/i.h"\n',
          "search/CMakeLists.txt": "tarn_room(search ROOMS lake)"}, "search may not import store, but lake/i.h shows its types"),
        ({"duck/CMakeLists.txt": "tarn_room(duck ROOMS base text LIBS dep_duckdb)"}, "duck may not link text"),
        ({"duck/CMakeLists.txt": "tarn_room(duck LIBS dep_duckdb)"}, "ROOMS does not name it"),
        ({"base/CMakeLists.txt": "tarn_room(base TEST_ROOMS duck)"}, "duck does not stand above base"),
        ({"base/CMakeLists.txt": "tarn_room(base LIBS dep_duckdb)"}, "dep_duckdb belongs to the room duck"),
        ({"misc/x.h": ""}, "not a room"),
        ({}, "ARCHITECTURE.md: duck may import json, and does not"),
    ]
    for change, expected in cases:
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "ARCHITECTURE.md").write_text(tables, encoding="utf-8")
            for name, text in {**good, **change}.items():
                path = root / "src" / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            findings = Tree(root).check(unused=expected is not None and "and does not" in expected)
        if (findings != []) if expected is None else not any(expected in f for f in findings):
            sys.exit(f"check_layers: self-test: {change}: expected {expected!r}, got {findings}")
    print(f"check_layers: self-test: {len(cases)} trees judged rightly")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--self-test", action="store_true")
    if parser.parse_args().self_test:
        self_test()
        return
    findings = Tree(ROOT).check()
    print("\n".join(findings) or "check_layers: the rooms keep to the table")
    sys.exit(bool(findings))


if __name__ == "__main__":
    main()
