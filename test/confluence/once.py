#!/usr/bin/env python3
"""Exactly once: pulls of a wiki that changes are killed, cut off, refused and misled, then one ends well; the lake must be what the wiki is, which
nobody but the mock knows. TARN_ONCE_RUNS wikis (10), each with a seed of its own; TARN_SEED is the first one."""
import concurrent.futures
import os
import random
import sys
import time

from lake import Lake
from program import expect

import sample

ROUNDS, AT_ONCE = 4, 4
PATHS = ("/content/search$", "/pages$|/rest/api/content$", "/blogposts$|/content$", "/spaces?$", "/download/|/file/", "/user")


def wiki(rng):
    site = sample.site()
    pages = [site.home]
    for n in range(rng.randrange(20, 90)):
        pages.append(site.page(site.eng, f"Page {n}", f"<p>The pump in hall {n} ran {rng.randrange(1000)} hours.</p>", rng.choice([site.ada, site.ben]), rng.choice(pages),
                               rng.sample(["operations", "pumps", "old"], rng.randrange(3))))
        if rng.random() < 0.2:
            site.comment(pages[-1], f"<p>Really {rng.randrange(1000)}?</p>", site.cem)
        if rng.random() < 0.2:
            site.attach(pages[-1], f"log {n}.txt", f"line {rng.randrange(1000)}\n".encode(), "text/plain", site.ben)
    return site


def change(rng, site):
    pages = [c.id for c in site.content.values() if c.type == "page" and c.status == "current" and c.id not in (site.home,)]
    which = rng.choice(pages)
    what = rng.randrange(9)
    if what == 0:
        site.page(site.eng, f"New {site.now:%d %H %M}", f"<p>Water {rng.randrange(1000)}.</p>", site.ben, rng.choice(pages))
    elif what == 1:
        site.trash(which)
    elif what == 2:
        site.trash(which)
        site.purge(which)
    elif what == 3:
        site.label(which, rng.choice(["operations", "new", "other"]))
    elif what == 4:
        below = {c.id for c in site.below(which)} | {which}
        site.move(which, rng.choice([p for p in pages if p not in below] or [site.home]))
    elif what == 5:
        site.comment(which, f"<p>Why {rng.randrange(1000)}?</p>", site.cem)
    elif what == 6:
        site.attach(which, "notes.txt", f"note {rng.randrange(1000)}\n".encode(), "text/plain", site.ben)
    elif what == 7:
        site.edit(which, title=f"Renamed {site.now:%d %H %M}")
    else:
        site.edit(which, body=f"<p>Steam {rng.randrange(1000)}.</p>")


def trouble(rng, lake):
    """Of the wiki and of whoever pulls; returns after how many seconds the pull is killed, or None."""
    faults = lake.server.faults
    faults.clear()
    for _ in range(rng.randrange(4)):
        what = rng.choice(["429", "500", "cut", "drop", "expired-cursor", "empty-page", "hole", "login", lambda site: change(rng, site)])
        faults.add(rng.choice(PATHS), what, rng.choice([1, 1, 1, 2]), after=rng.randrange(3))
    if rng.random() < 0.25:   # the network is gone from somewhere on
        faults.add("", "drop", -1, after=rng.randrange(3, 12))
    return rng.random() * rng.choice([0.4, 2]) if rng.random() < 0.6 else None


def one(kind, seed):
    rng = random.Random(seed)
    kills = 0
    with Lake(kind, wiki(rng)) as lake:
        for _ in range(ROUNDS):
            for _ in range(rng.randrange(6)):
                with lake.server.lock:
                    change(rng, lake.site)
            after = trouble(rng, lake)
            pull = lake.start("pull", "wiki", "--commit-every", str(rng.choice([1, 7, 30, 1000])))
            if after is not None:
                time.sleep(after)
                kills += pull.poll() is None
                pull.kill()
            pull.communicate(timeout=300)
        lake.server.faults.clear()
        lake.pull(rc=None)   # 1 where a reject is told to be none any more
        reply = lake.pull()
        rows = lake.check()
        expect(lake.rejects() == [], f"rejects: {lake.rejects()}")
        expect(lake.pull()["version"] == reply["version"], "a pull with nothing new commits something")
    return kills, len(rows)


def main():
    first, runs = int(os.environ.get("TARN_SEED", "1")), int(os.environ.get("TARN_ONCE_RUNS", "10"))
    kills = 0
    # Most of the time goes into waiting to ask again.
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        started = {pool.submit(one, ("cloud", "dc")[seed % 2], seed): seed for seed in range(first, first + runs)}
        for done in concurrent.futures.as_completed(started):
            try:
                killed, rows = done.result()
            except BaseException as failure:
                pool.shutdown(wait=False, cancel_futures=True)
                sys.exit(f"seed {started[done]}: {failure}")
            kills += killed
            print(f"seed {started[done]}: {rows} rows, {killed} kills", flush=True)
    print(f"{runs} wikis, {kills} kills: nothing lost, nothing doubled")


main()
