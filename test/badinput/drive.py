#!/usr/bin/env python3
"""Bad input through the real program: each bad item is a clear error with its place and remedy, everything else goes on, nothing is lost.

Each step says what a person would type, what the exit code must be and which words must be read. Conventions CLI-9, bars C5, D1, D2.
"""
import ctypes
import functools
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import program  # noqa: E402
from program import TARN, expect  # noqa: E402

tarn = functools.partial(program.tarn, errors="replace")  # names of files are bytes


def error(*words, says, **more):
    """Fails with a message that has all these words in it."""
    done = tarn(*words, rc=1, **more)
    for part in says:
        expect(part in done.stderr, f"tarn {' '.join(words)}: {part!r} is not in the message:\n{done.stderr}")
    return done


def rows(query, lake=None):
    return json.loads(tarn("sql", query, "--json", *(["--lake", lake] if lake else [])).stdout)


def check(lake=None, rc=0):
    return tarn("check", "--json", *(["--lake", lake] if lake else []), rc=rc)


def as_nobody():
    """To be bound by permissions, root gives up its rights (in the child)."""
    if os.geteuid() == 0:
        libc = ctypes.CDLL(None)
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)  # drops every capability
        libc.prctl(38, 1, 0, 0, 0)


def bad_files(scratch):
    folder = scratch / "docs"
    (folder / "locked").mkdir(parents=True)
    (folder / "directory.md").mkdir()
    (folder / "good.md").write_text("# Good\n\nA page that must come through.\n")
    (folder / "broken.md").write_bytes(b"# Broken \xff\xfe bytes \xc3\n\nand text after them\n")
    (folder / "line.txt").write_text("fifty megabytes of one line without an end " * (50 * 2**20 // 43))
    (folder / "list.md").write_text("".join("  " * i + f"- level {i}\n" for i in range(200)))
    (folder / "noise.md").write_bytes(bytes([0, 1, 2, 255, 128, 0]))
    (folder / "new\nline.md").write_text("# Newline in the name\n")
    Path(os.fsdecode(os.fsencode(folder) + b"/broken\xffname.md")).write_text("# Broken name\n")
    (folder / "empty.md").write_text("")
    (folder / "empty.html").write_text("")
    with open(folder / "huge.txt", "wb") as huge:
        huge.truncate(65 * 2**20)
    (folder / "secret.md").write_text("# Secret\n")
    (folder / "locked" / "in.md").write_text("# Locked\n")
    os.mkfifo(folder / "pipe.md")
    for name, target in {"loop": ".", "one.md": "two.md", "two.md": "one.md", "nothing.md": "not there", "away.md": "/etc/hostname"}.items():
        (folder / name).symlink_to(target)
    (folder / "secret.md").chmod(0)
    (folder / "locked").chmod(0)
    # The scratch folder belongs to who runs the test; the child that is nobody must reach the program and the lake.
    scratch.chmod(0o755)
    lake = scratch / "lake"
    lake.mkdir()
    lake.chmod(0o777)

    done = tarn("pull", str(folder), rc=1, preexec_fn=as_nobody)
    expect("7 added" in done.stdout or "8 added" in done.stdout, f"the good ones are taken: {done.stdout}")
    reasons = {row["item"].split("/docs/")[1]: row["reason"] for row in rows("select item, reason from tarn.rejects")}
    wanted = {
        "noise.md": "no text", "huge.txt": "max_item_bytes", "secret.md": "Permission denied", "locked/": "Permission denied", "pipe.md": "not a regular file",
        "loop/": "loop", "one.md": "loop", "two.md": "loop", "nothing.md": "symbolic link to nothing", "away.md": "out of the folder",
    }
    for name, words in wanted.items():
        expect(words in reasons.get(name, ""), f"{name} is rejected for '{reasons.get(name)}', which does not say '{words}'")
    expect(done.stderr.count("rejected: ") == 4, f"failures are said on stderr: {done.stderr}")
    expect(done.stderr.count(" is passed over: ") == 6, f"and what is no file: {done.stderr}")
    expect(set(reasons) == set(wanted), f"other rejects: {set(reasons) ^ set(wanted)}")
    taken = {row["title"]: row for row in rows("select title, uri, length(body) as n, body[-30:] as tail from main.docs")}
    expect(taken["line"]["n"] == 43 * (50 * 2**20 // 43), f"the line came whole: {taken['line']}")
    expect({"Good", "Newline in the name", "Broken name"} <= set(taken), f"titles: {set(taken)}")
    expect("level 199" in taken["list"]["tail"], f"the list came whole: {taken['list']}")
    expect(rows("select count(*) as n from main.docs where body like '%and text after them%'")[0]["n"] == 1, "text after broken bytes")
    expect("come through" in tarn("search", "come through").stdout, "the good page is found")
    check()
    # Mended, the same pull brings them in, and takes them from the rejects.
    (folder / "secret.md").chmod(0o644)
    (folder / "locked").chmod(0o755)
    tarn("pull", str(folder), rc=1, preexec_fn=as_nobody)
    expect({"Secret", "Locked"} <= {row["title"] for row in rows("select title from main.docs")}, "mended files come in")
    left = {row["item"].split("/docs/")[1] for row in rows("select item from tarn.rejects")}
    expect(left == set(wanted) - {"secret.md", "locked/"}, f"rejects afterwards: {left}")
    # What becomes unreadable keeps its row.
    (folder / "secret.md").write_text("# Secret, changed\n")
    (folder / "secret.md").chmod(0)
    tarn("pull", str(folder), rc=1, preexec_fn=as_nobody)
    expect(rows("select count(*) as n from main.docs where title = 'Secret'")[0]["n"] == 1, "a document that cannot be read any more stays as it was")
    check()


def sources_that_are_not_there(scratch):
    before = rows("select count(*) as n from main.docs")
    error("pull", str(scratch / "nowhere"), says=["nowhere", "No such file", "nothing was changed"])
    error("pull", "gopher://example.org/", says=["gopher"])
    error("search", "page", "--lake", str(scratch / "no-lake"), says=["there is no lake", "tarn pull makes it"])
    error("search", "page", "--in", "nothing", says=["no table main.nothing", "tarn tables"])
    error("verify", "nothing.json", says=["no receipt", "tarn ask"])
    expect(rows("select count(*) as n from main.docs") == before, "nothing changed")


def a_folder_that_vanishes(scratch):
    folder, lake = scratch / "vanishing", str(scratch / "lake-vanishing")
    for i in range(1500):
        (folder / f"d{i % 20}").mkdir(parents=True, exist_ok=True)
        (folder / f"d{i % 20}" / f"p{i}.md").write_text(f"# Page {i}\n\nwords of page {i}\n")
    log = Path(lake) / "main" / "docs" / "_delta_log"
    pulling = subprocess.Popen([TARN, "pull", str(folder), "--lake", lake, "--commit-every", "25"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while pulling.poll() is None and not (log / "00000000000000000002.json").exists():
        time.sleep(0.005)
    expect(pulling.poll() is None, "the pull was over before the folder could vanish")
    folder.rename(scratch / "away")
    _, message = pulling.communicate(timeout=120)
    expect(pulling.returncode == 1, f"the folder vanished: exit code {pulling.returncode}\n{message}")
    expect("No such file" in message or "vanish" in message, f"the message says what happened: {message}")
    check(lake)
    kept = rows("select count(*) as n from main.docs", lake)[0]["n"]
    expect(0 < kept < 1500, f"{kept} documents were committed before")
    # Gone altogether is no reason to delete what is stored.
    error("pull", str(folder), "--lake", lake, says=["vanishing", "nothing was changed"])
    expect(rows("select count(*) as n from main.docs", lake)[0]["n"] == kept, "nothing is deleted because a folder is away")
    (scratch / "away").rename(folder)
    tarn("pull", str(folder), "--lake", lake)
    expect(rows("select count(*) as n, count(distinct uri) as u from main.docs", lake)[0] == {"n": 1500, "u": 1500}, "back again, all is there once")
    check(lake)


def small_lake(scratch, name):
    lake, folder = scratch / name, scratch / "pages"
    folder.mkdir(exist_ok=True)
    for i in range(6):
        (folder / f"p{i}.md").write_text(f"# Page {i}\n\nThe quick brown fox number {i} jumps.\n")
    tarn("pull", str(folder), "--lake", str(lake))
    (folder / "p0.md").write_text("# Page 0\n\nThe quick brown fox was changed.\n")
    tarn("pull", str(folder), "--lake", str(lake))
    tarn("pull", str(folder), "--into", "other", "--lake", str(lake))
    return lake


def damage(scratch):
    lake = small_lake(scratch, "damaged")
    at = ["--lake", str(lake)]
    segment = sorted((lake / "main/docs/_tarn").glob("lexical-*/*.seg"))[0]
    whole = segment.read_bytes()
    segment.write_bytes(whole[:1000])
    done = check(str(lake), rc=1)
    expect(segment.name in done.stdout and "builds it again" in done.stdout, f"a cut segment is named, with its remedy: {done.stdout}")
    expect("Page 3" in tarn("search", "fox", "--in", "main.docs", *at).stdout, "a search builds it again")
    check(str(lake))
    expect(segment.read_bytes() == whole, "and it is what it was")

    entry = lake / "main/docs/_delta_log/00000000000000000002.json"
    whole = entry.read_bytes()
    entry.write_bytes(whole[: len(whole) // 2])
    done = check(str(lake), rc=1)
    expect(entry.name in done.stdout and "main.docs" in done.stdout and "backup" in done.stdout, f"a damaged log entry is named: {done.stdout}")
    expect('"main.other"' in done.stdout, "the other table is checked all the same")
    error("sql", "select count(*) from main.docs", *at, says=[entry.name, "line", "backup", "--as-of 1"])
    error("search", "fox", "--in", "main.docs", *at, says=[entry.name, "--as-of 1"])
    error("pull", str(scratch / "pages"), *at, says=[entry.name, "backup"])
    expect(json.loads(tarn("sql", "select count(*) as n from main.other", "--json", *at).stdout) == [{"n": 6}], "other tables are queried")
    done = tarn("search", "fox", *at)
    expect("Page 3" in done.stdout and entry.name in done.stderr, f"other tables are searched, and it is said: {done.stderr}")
    done = tarn("tables", *at)
    expect("main.other" in done.stdout and "main.docs" not in done.stdout, f"other tables are listed: {done.stdout}")
    expect("main.docs cannot be read" in done.stderr and entry.name in done.stderr and "backup" in done.stderr, f"the damaged one is named: {done.stderr}")
    listed = json.loads(tarn("tables", "--json", *at).stdout)
    expect([t["table"] for t in listed["tables"]] == ["main.other"] and [t["table"] for t in listed["unreadable"]] == ["main.docs"], f"for a program: {listed}")
    shutil.move(lake / "main/other", scratch / "other")
    expect(entry.name in tarn("tables", *at, rc=1).stderr, "with nothing that can be read, listing fails")
    shutil.move(scratch / "other", lake / "main/other")
    expect("Page 3" in tarn("search", "fox", "--in", "main.docs", "--as-of", "1", *at).stdout, "the version before it is searched")
    entry.write_bytes(whole)
    check(str(lake))


def models(scratch):
    lake = small_lake(scratch, "models")
    folder = str(scratch / "pages")
    empty = scratch / "empty-model"
    empty.mkdir()
    for model in (empty, scratch / "no-model"):
        at = ["--lake", str(lake), "--model", str(model)]
        error("pull", folder, *at, says=[str(model) + "/config.json", "--model none"])
        done = tarn("search", "fox", "--in", "main.docs", *at)
        expect("Page 3" in done.stdout and f"{model}/config.json" in done.stderr, f"words are searched, and it is said why only they: {done.stderr}")
    wrong = scratch / "wrong-model"
    wrong.mkdir()
    (wrong / "config.json").write_text('{"model_type": "t5"}')
    error("pull", folder, "--lake", str(lake), "--model", str(wrong), says=[str(wrong), "--model none"])
    (wrong / "config.json").write_text("{ not json")
    error("pull", folder, "--lake", str(lake), "--model", str(wrong), says=[str(wrong), "--model none"])
    check(str(lake))


def no_room(scratch):
    """The size of files is limited, at every step from nothing to enough, as a full disk would; then there is room again."""
    folder = scratch / "pages-of-words"
    folder.mkdir()
    for i in range(12):
        (folder / f"p{i}.md").write_text(f"# Page {i}\n\n" + " ".join(f"word{(i * 7919 + j * 104729) % 9973}" for j in range(1500)) + "\n")
    refused = 0
    for step in range(20):
        lake = scratch / f"room-{step}"
        limit = int(3000 * 1.5**step) if step else 0
        done = subprocess.run([TARN, "pull", str(folder), "--lake", str(lake), "--commit-every", "4"], capture_output=True, text=True, timeout=120,
                              restore_signals=step % 2 == 0, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY)))
        expect(done.returncode in (0, 1), f"{limit} bytes a file: exit code {done.returncode}\n{done.stderr}")
        if done.returncode == 1:
            refused += 1
            expect("File too large" in done.stderr and ("ulimit" in done.stderr or "room" in done.stderr), f"{limit} bytes a file: {done.stderr}")
        if (lake / "main").exists():
            check(str(lake))
        tarn("pull", str(folder), "--lake", str(lake), "--commit-every", "4")
        expect(rows("select count(*) as n from main.docs", str(lake))[0]["n"] == 12, "with room it goes on")
        check(str(lake))
        shutil.rmtree(lake)
        if done.returncode == 0:
            break
    expect(refused >= 4 and done.returncode == 0, f"{refused} limits refused")


with tempfile.TemporaryDirectory(prefix="tarn-bad-") as name:
    root = Path(name)
    os.environ.update({"TARN_LAKE": name + "/lake", "TARN_MODEL": "none", "HOME": name})
    for step in (bad_files, sources_that_are_not_there, a_folder_that_vanishes, damage, models, no_room):
        begun = time.monotonic()
        step(root)
        print(f"{step.__name__}: {time.monotonic() - begun:.1f} s", flush=True)
