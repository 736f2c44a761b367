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
from program import TARN, expect, pdf, tarn  # noqa: E402


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
        select string_agg(id::varchar, ' ' order by id) from notes at (version => 0);
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


# What acts on a terminal, and stands in documents, cells and names: none of it may come out, whatever prints it.
ACTS = ["\x1b", "\x07", "\u009b", "\u009d", "\u202e", "\u2066", "\x7f", "\x08"]


def nothing_acts(words, folder, **environment):
    screen = Screen(words, folder, **environment)
    seen = b""
    while True:
        try:
            more = os.read(screen.screen, 65536)
        except OSError:
            break
        if not more:
            break
        seen += more
    os.waitpid(screen.child, 0)
    text = seen.decode(errors="replace")
    expect(text.strip(), f"{words} said nothing")
    ours = re.compile("\x1b\\[(0|1|2|31|32|33|36)m" if environment.get("marks") else "(?!)")
    text = re.sub("\r\x1b\\[K", "", ours.sub("", text))
    for sign in ACTS:
        at = text.find(sign)
        expect(at < 0, f"{words} {environment}: {sign!r} reaches the terminal: {text[max(0, at - 40):at + 40]!r}")


def terminal_safety(folder):
    evil = "\x1b]0;owned\x07 \x1b[2J \u009b31m \u009d0;x\u009c \u202enihton \u2066x \x7f\x08 \x1b[31mred \x1b[1mbold"
    docs = Path(folder) / "evil"
    docs.mkdir()
    (docs / "deep.md").write_text("# Harbour " + evil + "\n\n" + "The quay is long. " * 200 + "The pilot of the harbour " + evil + " brings ships.\n")
    (docs / "page.html").write_text("<title>Pilot &#27;]0;owned&#7;</title><h1>Pilot</h1><p>The mole of the harbour &#27;[2J&#155;31m &#8238;nihton is red.</p>")
    (docs / "front.md").write_text('---\ntitle: "Buoy \\x1b[2J \\u009b"\nauthor: "A\\x1b[2J"\n---\nThe buoy of the harbour is green.\n')
    (docs / os.fsdecode(b"name\x1b]0;owned\x07\xc2\x9b.md")).write_text("The lamp of the harbour.\n")
    (docs / os.fsdecode(b"film\x1b[2J.mp4")).write_bytes(b"\0\0\0\x18ftypisom")
    os.symlink("nothing", docs / os.fsdecode(b"link\x1b[2J\xc2\x9b.md"))
    shut = docs / os.fsdecode(b"bad\x1b[2J\xe2\x80\xae.md")
    shut.write_bytes(b"\x00\x01\x02" * 100)
    lake = ["--lake", folder + "/evil-lake"]
    tarn("pull", str(docs), *lake, rc=None)
    quoted = evil.replace("'", "''")
    tarn("sql", *lake, f"create table main.cells as select 1 as id, '{quoted}' as \"t\x1b[2J\", 'harbour {quoted}' as body")
    tarn("sql", *lake, "update main.cells set body = body || ' more'")
    receipt = json.loads(tarn("ask", "What does the pilot of the harbour bring?", "--json", *lake, rc=None).stdout or "{}").get("receipt")
    ids = [row["id"] for row in json.loads(tarn("sql", *lake, "select id from main.docs", "--json").stdout)]
    (docs / "front.md").write_text('---\ntitle: "Buoy \\x1b[2J"\n---\nThe buoy of the harbour is blue \x1b[2J.\n')
    commands = [["search", "harbour"], ["search", "harbour", "--explain"], ["search", "harbour", "--json"], ["search", "harbour", "--jsonl"],
                ["ask", "What does the pilot of the harbour bring?"], ["tables"], ["show", "main.cells"], ["show", "main.docs", "--json"], ["history", "main.cells"],
                ["diff", "main.cells", "0..1"], ["diff", "main.cells", "0..1", "--json"], ["pull", str(docs), "--dry-run"], ["pull", str(docs), "--into", "main.again"],
                ["pull", str(docs), "--into", "main.third", "--json"], ["fetch", "no\x1b[2J\u009b"], ["sql", "select \x1b[2J"], ["sql", "select error(body) from main.cells"],
                ["sql", "from tarn.rejects"], ["forget", ids[0], "--dry-run"], ["check"], ["se\x1b[2Jarch"], ["search", "harbour", "--\x1b[2J"], ["pull", "/no/\x1b[2J\u009b"]]
    commands += [["fetch", each] for each in ids] + [["fetch", ids[0], "--json"]] + ([["verify", receipt]] if receipt else [])
    for mode in ("table", "box", "csv", "json", "jsonl", "markdown", "line", "list", "quote", "column", "html", "ascii", "agent"):
        commands.append(["sql", "from main.cells", "--format", mode])
    ways = [({"TERM": "xterm", "marks": "1"}, []), ({"NO_COLOR": "1"}, []), ({"TERM": "dumb"}, []), ({"TERM": "xterm"}, ["--color", "never"])]
    for number, words in enumerate(commands):
        understood = words[0] != "se\x1b[2Jarch" and "--\x1b[2J" not in words  # else the options after it are not read
        for environment, more in ways if understood and (number % 4 == 0 or words[0] in ("fetch", "search")) else ways[:1]:
            nothing_acts([*words, *more, *lake], folder, **environment)
    # A pipe gets the bytes as they are.
    raw = subprocess.run([TARN, "sql", *lake, "-list", "-noheader", "select body from main.cells"], capture_output=True, timeout=60)
    expect(("harbour " + evil).encode() in raw.stdout, f"the data that a pipe gets: {raw.stdout}")
    for path in docs.iterdir():
        path.unlink()


def examples(folder):
    home = Path(folder) / "home"
    for name in ("notes", "manual", "data/sales", "tickets"):
        (home / name).mkdir(parents=True)
    words = "# Intro\n\nHow do I restore a backup to a point in time? Restore a backup with recovery to a point in time. The write-ahead log is kept. The server uses port 7443.\n"
    (home / "notes/intro.md").write_text(words)
    (home / "notes/manual.pdf").write_bytes(pdf([f"The chapter on pump {page}." for page in range(1, 8)]))
    (home / "notes/b.qmd").write_text("# Quarto\n\nA page of another name.\n")
    (home / "ships.jsonl").write_text('{"number": 9074729, "name": "Fram"}\n{"number": 9321483, "name": "Gjoa"}\n')
    (home / "manual/admin.html").write_text("<title>Admin</title><main><h1>Admin</h1><p>A backup of the manual.</p></main>")
    environment = {**os.environ, "HOME": str(home), "TARN_LAKE": str(home / "lake"), "PATH": os.path.dirname(TARN) + ":" + os.environ["PATH"]}

    def run(command):
        return subprocess.run(["bash", "-c", command], cwd=home, env=environment, capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL)

    for version in range(14):
        (home / "notes/more.md").write_text(f"# More\n\nversion {version}\n")
        expect(run("tarn pull ~/notes").returncode == 0, "the folder of the examples is pulled")
    (home / "lake/tarn.toml").write_text(f'[sources.manual]\nurl = "{home}/manual"\ninto = "main.manual"\n')
    receipt = json.loads(run("tarn ask 'Which port does the server use?' --json").stdout).get("receipt")
    if receipt:
        shutil.copy(receipt, home / "receipt.json")
    run("tarn sql \"create table main.log as select now() as time, 'x' as what\"")
    tried = 0
    for name in ["", *re.findall(r"^  (\w+)  ", run("tarn help").stdout.split("Commands\n")[1].split("\n\n")[0], re.M)]:
        block = run(f"tarn help {name}").stdout.partition("Examples\n" if name else "Try\n")[2].partition("\n\n")[0]
        lines = [re.split(r"  +", line.strip())[0] for line in block.splitlines() if line.startswith("  ") and not line.startswith("   ")]
        for command in lines:
            if not command.startswith("tarn ") or "--watch" in command or ">" in command:
                continue
            done = run(command)
            tried += 1
            # What names a day or a receipt that is not here may not be found; no example is wrong usage, and all others work.
            days = re.search(r"20\d\d-|release-1|sales|tickets|clone|receipt|audit", command)
            expect(done.returncode == 0 or (days and done.returncode == 1 and name not in ("fetch", "forget", "search", "pull")) or (name == "ask" and done.returncode in (0, 1)), f"an example of the help, {command}: rc {done.returncode}\n{done.stdout}\n{done.stderr}")
    expect(tried > 30, f"only {tried} examples were found")
    again = run("tarn pull ~/notes")
    expect(again.returncode == 0, f"{again}")
    # What search shows is what fetch takes.
    shown = run("tarn search 'write-ahead log'").stdout
    uri = re.search(r"file://\S+", shown).group(0)
    for reference in (uri, "intro.md", "notes/intro.md", "./intro.md", str(home / "notes/intro.md"), "main.docs/intro.md", "\u2026tes/intro.md"):
        done = run(f"tarn fetch '{reference}'")
        expect(done.stdout == words, f"tarn fetch {reference}: {done}")
    (home / "notes/sub").mkdir()
    (home / "notes/sub/intro.md").write_text("# Another\n")
    run("tarn pull ~/notes")
    both = run("tarn fetch intro.md")
    expect(both.returncode == 2 and "several documents" in both.stderr and both.stderr.count("file://") == 2, f"an ambiguous name: {both}")
    expect(run("tarn fetch sub/intro.md").stdout == "# Another\n", "more of the path tells them apart")
    both = run("tarn forget intro.md --dry-run")
    expect(both.returncode == 2 and "several documents" in both.stderr, f"an ambiguous name: {both}")
    gone = run("tarn forget sub/intro.md --yes")
    expect(gone.returncode == 0 and run("tarn fetch sub/intro.md").returncode == 1, f"{gone}")


with tempfile.TemporaryDirectory(prefix="tarn-cli-") as scratch:
    os.environ["TARN_LAKE"] = scratch + "/lake"
    os.environ["TARN_MODEL"] = "none"
    pipes_and_files()
    interrupts()
    completion(scratch)
    sql_writes(scratch)
    sql_shell(scratch)
    colour(scratch)
    terminal_safety(scratch)
    examples(scratch)
    times = []
    for _ in range(10):
        begun = time.monotonic()
        tarn("--version")
        times.append(1000 * (time.monotonic() - begun))
    print(f"tarn --version: {sorted(times)[len(times) // 2]:.1f} ms (median of {len(times)})")
