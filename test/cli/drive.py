#!/usr/bin/env python3
"""The real program in a real shell and on a real terminal: pipes that close, full disks, Ctrl-C, completion, the SQL shell.

Conventions CLI-1, CLI-2, CLI-5, CLI-9, CLI-10, CLI-14, SQL-1 to SQL-10.
"""
import json
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from program import TARN, expect, tarn  # noqa: E402


def shell(command, rc=0):
    done = subprocess.run(["bash", "-c", "set -o pipefail; " + command], capture_output=True, text=True, timeout=120, env={**os.environ, "TARN": TARN})
    expect(done.returncode == rc, f"{command}: rc {done.returncode}, not {rc}\n{done.stdout}\n{done.stderr}")
    return done


def pipes_and_files():
    version = tarn("--version")
    expect(re.fullmatch(r"tarn \d+\.\d+\.\d+\n", version.stdout) and not version.stderr, f"--version: {version}")
    expect(json.loads(tarn("--version", "--json").stdout)["duckdb"][0].isdigit(), "--version --json names DuckDB")
    one = shell('"$TARN" sql "from range(3000000)" --format csv | head -1')
    expect(one.stdout == "range\n" and one.stderr == "", f"a closed pipe is quiet: {one}")
    expect(shell('"$TARN" help sql | head -1').stderr == "", "a closed pipe is quiet")
    full = shell('"$TARN" help > /dev/full', rc=1)
    expect("No space left" in full.stderr, f"a full disk is said: {full.stderr}")
    expect(shell('"$TARN" sql "select 1 as n" --json').stdout == '[{"n":1}]\n' or json.loads(shell('"$TARN" sql "select 1 as n" --json').stdout) == [{"n": 1}], "--json")
    expect(json.loads(shell('"$TARN" sql "select 1 as n where false" --json').stdout) == [], "CLI-4: an empty result is []")
    script = shell('printf "select 1 as a; selec 2; select 3 as b" | "$TARN" sql --format csv', rc=1)
    expect(script.stdout == "a\n1\nb\n3\n" and "Parser Error" in script.stderr, f"SQL-3: {script}")
    bail = shell('printf "select 1 as a; selec 2; select 3 as b" | "$TARN" sql -csv -bail', rc=1)
    expect(bail.stdout == "a\n1\n", f"SQL-3: {bail}")
    expect(json.loads(tarn("sql", "selec 1", "--json", rc=1).stderr)["code"] == "invalid_argument", "errors as JSON")
    tarn("serach", rc=2)


def interrupts():
    slow = [TARN, "sql", "select count(*) from range(200000000000) t(i) where hash(i) = 1"]
    running = subprocess.Popen(slow, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(1.0)
    expect(running.poll() is None, "the slow query ended at once")
    started = time.monotonic()
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=30)
    expect(running.returncode == 130 and time.monotonic() - started < 10, f"Ctrl-C: rc {running.returncode} after {time.monotonic() - started:.1f} s")
    expect(b"stopped" in err, f"Ctrl-C: {err}")
    server = subprocess.Popen([TARN, "mcp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    time.sleep(0.5)
    server.send_signal(signal.SIGTERM)
    expect(server.wait(timeout=10) == 130, f"SIGTERM ends the MCP server: {server.returncode}")


def completion(folder):
    for name in ("bash", "zsh", "fish"):
        path = Path(folder) / f"complete.{name}"
        path.write_text(tarn("completion", name).stdout)
        if shutil.which(name):
            subprocess.run([name, "-n", str(path)], check=True, timeout=30)
    ask = f'''source {folder}/complete.bash; tarn() {{ "{TARN}" "$@"; }}
    try() {{ COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _tarn 2>/dev/null; echo "${{COMPREPLY[*]}}"; }}
    try tarn se; try tarn search --mo; try tarn search --mode s; try tarn search x --js; try tarn completion z; try tarn help ve'''
    lines = subprocess.run(["bash", "-c", ask], capture_output=True, text=True, timeout=60).stdout.splitlines()
    expect(lines == ["search", "--mode --model", "semantic", "--json --jsonl", "zsh", "verify"], f"bash completes {lines}")


class Screen:
    def __init__(self, words, folder, **environment):
        self.child, self.screen = pty.fork()
        if self.child == 0:
            os.environ.update({"TERM": "xterm", "HOME": folder, "XDG_STATE_HOME": folder + "/state", "COLUMNS": "80", **environment})
            os.environ.pop("NO_COLOR", None) if "NO_COLOR" not in environment else None
            os.execv(TARN, [TARN, *words])
        self.text = ""

    def type(self, keys):
        os.write(self.screen, keys.encode())

    def wait_for(self, words, seconds=30):
        end = time.monotonic() + seconds
        while words not in self.text:
            ready, _, _ = select.select([self.screen], [], [], max(0, end - time.monotonic()))
            expect(ready, f"the shell never said {words!r}:\n{self.text}")
            try:
                more = os.read(self.screen, 65536)
            except OSError:
                more = b""
            expect(more, f"the shell ended before it said {words!r}:\n{self.text}")
            self.text += more.decode(errors="replace")
        seen, self.text = self.text.split(words, 1)
        return seen

    def end(self):
        while True:
            try:
                if not os.read(self.screen, 65536):
                    break
            except OSError:
                break
        return os.waitstatus_to_exitcode(os.waitpid(self.child, 0)[1])


def sql_writes(folder):
    lake = folder + "/written"
    script = f"""
        create table notes as select range as id, 'note ' || range as body from range(5);
        .mode csv
        insert into notes values (7, 'seven') returning id;
        update notes set body = upper(body) where id % 2 = 0 returning count_star;
        delete from notes where id = 1;
        merge into notes using (values (3, 'three'), (9, 'nine')) s(id, body) on notes.id = s.id
          when matched then update set body = s.body when not matched then insert values (s.id, s.body);
        -- a comment; and a dot command after it
        .headers off
        from notes order by id;
        select table_name from information_schema.tables where table_schema = 'main';
        select string_agg(id::varchar, ' ' order by id) from notes at (version => 1);
        """
    done = subprocess.run([TARN, "sql", "--lake", lake], input=script, capture_output=True, text=True, timeout=120)
    expect(done.returncode == 1 and "count_star" in done.stderr, f"SQL-3, SQL-5: {done}")
    expect(done.stdout == "id\n7\n0,note 0\n2,note 2\n3,three\n4,note 4\n7,seven\n9,nine\nnotes\n0 1 2 3 4\n", f"writes: {done}")
    files = Path(folder)
    (files / "in.csv").write_text("id,body\n20,twenty\n21,\n")
    tarn("sql", "--lake", lake, "-c", f".import {files}/in.csv notes", "-c", f".import {files}/in.csv copied")
    expect(tarn("sql", "--lake", lake, "-list", "-noheader", "select (select count(*) from notes), (select count(*) from copied)").stdout == "8|2\n", "SQL-6: .import")
    tarn("sql", "--lake", lake, "--format", "parquet", "-o", f"{files}/out.parquet", "from notes")
    tarn("sql", "--lake", lake, f"copy (from notes) to '{files}/copy.csv'")
    expect(json.loads(tarn("sql", "--lake", lake, f"select count(*) as n from '{files}/out.parquet' join '{files}/copy.csv' using (id)", "--json").stdout) == [{"n": 8}], "files")
    for refused in (f"from '{files}/copy.csv'", "delete from notes", f"copy (from notes) to '{files}/no.csv'"):
        tarn("sql", "--lake", lake, "-safe", refused, rc=1)
    expect(tarn("sql", "--lake", lake, "-safe", "--csv", "select count(*) from notes").stdout == "count_star()\n8\n", "SQL-8")
    tarn("sql", "--lake", lake, "--as-of", "2026-01-01T00:00:00Z", "drop table copied", rc=1)
    tarn("sql", "--lake", lake, "drop table copied")
    expect("copied" not in tarn("tables", "--lake", lake).stdout, "a dropped table is gone")
    dropped = [path.name for path in (Path(lake) / "main").iterdir() if path.name.startswith("_dropped-copied-")]
    expect(len(dropped) == 1, f"a dropped table is kept aside: {dropped}")
    (Path(lake) / "main" / dropped[0]).rename(Path(lake) / "main" / "copied")
    expect("copied" in tarn("tables", "--lake", lake).stdout, "and comes back by its name")
    tarn("check", "--lake", lake)


def sql_shell(folder):
    screen = Screen(["sql", "--lake", folder + "/none"], folder)
    screen.wait_for("tarn> ")
    screen.type("select 40 +\n")
    screen.wait_for("... ")
    screen.type("2 as answer;\n")
    screen.wait_for("42")
    screen.wait_for("tarn> ")
    for _ in range(20):                      # Ctrl-C drops what is typed, also when it comes between two keys
        screen.type("half a line\x03")
        screen.wait_for("tarn> ")
    screen.type("select 'na\u00efve caf\u00e9' as keys;\n")
    screen.wait_for("\u2502 na\u00efve caf\u00e9")
    screen.wait_for("tarn> ")
    screen.type("select count(*) from range(200000000000) t(i) where hash(i) = 1;\n")
    time.sleep(1.5)
    screen.type("\x03")                      # and stops what runs, not the shell
    screen.wait_for("stopped")
    screen.wait_for("tarn> ")
    screen.type("sele\t7 as seven;\n")       # completed
    screen.wait_for("seven")
    screen.wait_for("7")
    screen.wait_for("tarn> ")
    screen.type(".mode csv\nselect 'x,y' as q;\n")
    screen.wait_for('"x,y"')
    screen.type(".timr\n")
    screen.wait_for("did you mean '.timer'?")
    screen.type("\x1b[A\x1b[A")              # history: back to the statement before
    screen.wait_for("'x,y'")
    screen.type("\n.exit 3\n")
    code = screen.end()
    expect(code == 3, f".exit 3: {code}")
    history = Path(folder) / "state" / "tarn" / "history"
    expect(history.exists() and history.stat().st_mode & 0o077 == 0, "the history is its owner's alone")
    screen = Screen(["sql"], folder)
    screen.wait_for("tarn> ")
    screen.type("\x04")                      # Ctrl-D
    expect(screen.end() == 0, "Ctrl-D leaves")


def colour(folder):
    for environment, coloured in [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)]:
        screen = Screen(["help"], folder, **environment)
        seen = screen.wait_for("Commands")
        screen.end()
        expect(("\x1b[1m" in seen) == coloured, f"CLI-5: {environment}: {seen!r}")


with tempfile.TemporaryDirectory(prefix="tarn-cli-") as scratch:
    os.environ["TARN_LAKE"] = scratch + "/lake"
    os.environ["TARN_MODEL"] = "none"
    pipes_and_files()
    interrupts()
    completion(scratch)
    sql_writes(scratch)
    sql_shell(scratch)
    colour(scratch)
    times = []
    for _ in range(10):
        begun = time.monotonic()
        tarn("--version")
        times.append(1000 * (time.monotonic() - begun))
    print(f"tarn --version: {sorted(times)[len(times) // 2]:.1f} ms (median of {len(times)})")
