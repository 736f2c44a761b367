#!/usr/bin/env python3
"""What goes wrong at a wiki's: each a named error or a reject, the good items of the same pull are there, and nothing that was stored is lost."""
from lake import Lake
from program import expect

import mock
import sample


def bodies(kind):
    """Where the bodies of pages are asked for."""
    return {"pattern": "/api/v2/pages$"} if kind == "cloud" else {"pattern": "/content/search$", "query": "body.storage"}


def passing(kind):
    """What passes is waited for, and nobody notices."""
    with Lake(kind, sample.site()) as lake:
        faults = lake.server.faults
        faults.add("/content/search$", "429")
        faults.add("/spaces$|/space$", "500")
        faults.add("/pages$|/content$", "cut")
        faults.add("/blogposts$|/content$", "503")
        faults.add("/download/", "drop")
        lake.pull()
        lake.check()


def lists_that_lie(kind):
    site = sample.many(600)
    with Lake(kind, site, spaces=("ENG",)) as lake:
        faults = lake.server.faults
        faults.add("/pages$", "hole")
        faults.add("/rest/api/content$|/content/search$", "short", 4)
        faults.add("/pages$", "expired-cursor", after=2)
        lake.pull()
        lake.check()
        # Something goes while page after page is read: what slips from one to the other is asked for.
        victim = next(c.id for c in site.content.values() if c.title == "Page 7")
        for pattern in ("/pages$|/rest/api/content$", "/content/search$"):
            faults.add(pattern, lambda at: at.trash(victim), after=1)
        reply = lake.pull()
        expect(reply["added"] + reply["changed"] == 0 and reply["deleted"] <= 1, f"one went while it was listed: {reply}")
        lake.pull()
        lake.check()
        # A list that says nothing is not believed.
        faults.clear()
        for pattern in ("/pages$|/rest/api/content$", "/content/search$"):
            faults.add(pattern, "nothing", -1)
        before = lake.rows()
        reply = lake.pull()
        expect(reply["deleted"] == 0 and "missing from the lists" in str(reply["notes"]), f"lists that say nothing: {reply}")
        expect(lake.rows().keys() == before.keys(), "nothing went")
        faults.clear()
        # An index that is made anew knows nothing of what is there: labels stay.
        labelled = [c.id for c in site.content.values() if c.title.startswith("Page 5")]
        for id in labelled:
            site.label(id, "five")
        lake.pull()
        faults.add("/content/search$", "nothing", -1)
        expect(lake.pull()["changed"] == 0, "an index that knows nothing")
        faults.clear()
        lake.pull()
        lake.check()


def a_page_for_people(kind):
    with Lake(kind, sample.site()) as lake:
        lake.pull()
        lake.server.faults.add("/spaces?$", "login", -1)
        failed = lake.tarn("pull", "wiki", rc=1)
        expect("a page for people was answered where data was asked for" in failed.stderr and "session or the token" in failed.stderr, failed.stderr)
        lake.check()
        lake.server.faults.clear()
        # Of a file: the item alone.
        lake.site.attach(lake.site.backup, "plan.csv", b"day,job\nSunday,nothing at all is done\n", "text/csv")
        lake.site.edit(lake.site.contacts, "<p>New words.</p>")
        lake.server.faults.add("/download/" if kind == "dc" else "/file/", "login", -1)
        lake.pull(rc=1)
        rejects = lake.rejects()
        expect(len(rejects) == 1 and "preview=" in rejects[0]["item"] and "bytes were answered, of a file of" in rejects[0]["reason"], f"{rejects}")
        expect("New words" in str(lake.rows()[lake.site.contacts]["body"]), "the rest is there")
        expect("Monday" in str(lake.sql("select body from wiki where title = 'plan'")), "the old file stays")
        lake.server.faults.clear()
        lake.pull()
        lake.check()
        expect(lake.rejects() == [], "what can be read again is no reject")


def files(kind):
    for what, reason in (("cut", "the connection broke"), ("404", "answered 404"), ("500", "500"), ("redirect-home", "is not reached by a link or a redirect")):
        with Lake(kind, sample.site()) as lake:
            lake.server.faults.add("/download/.*csv|/file/att100014" if kind == "dc" or what == "redirect-home" else "/file/att100014", what, -1)
            lake.pull(rc=1)
            rejects = lake.rejects()
            expect(len(rejects) == 1 and reason in rejects[0]["reason"], f"{what}: {rejects}")
            lake.check(but={"att100014"})
            expect(lake.server.leaked == [], "no credentials for another host")
            lake.server.faults.clear()
            lake.pull()
            lake.check()


def credentials(kind):
    secret = "wrong-secret-0815-wrong"
    with Lake(kind, sample.site(), secret=secret) as lake:
        failed = lake.tarn("pull", "wiki", rc=1)
        expect("answered 401" in failed.stderr and "missing, wrong or expired" in failed.stderr, failed.stderr)
        said = failed.stdout + failed.stderr + "".join(f.read_text(errors="replace") for f in lake.path.rglob("*") if f.is_file())
        expect(secret not in said, "the secret is nowhere")
    # It expires in the midst of a pull.
    with Lake(kind, sample.many(180), spaces=("ENG",)) as lake:
        lake.server.faults.add(**bodies(kind), what="401", times=-1, after=2)
        reply = lake.pull(rc=1)
        expect(reply["added"] == 100, f"what was read before is there: {reply}")
        rejects = lake.rejects()
        expect(any(r["item"] == lake.server.api.base and r["place"] == "after 100 items" and "missing, wrong or expired" in r["reason"] for r in rejects), f"{rejects}")
        lake.tarn("check")
        lake.server.faults.clear()
        lake.pull()
        lake.check()
        expect(lake.rejects() == [], "and nothing is left of it")
        said = "".join(f.read_text(errors="replace") for f in lake.path.rglob("*") if f.is_file())
        expect(lake.secret not in said, "the secret is nowhere")


def one_bad_page(kind):
    """A page that always fails costs itself alone."""
    with Lake(kind, sample.site()) as lake:
        bad = lake.site.restore
        rule = bodies(kind)
        lake.server.faults.add(rule["pattern"], "500", -1, query=f"id(=| in \\().*{bad}")
        lake.pull(rc=1)
        rejects = lake.rejects()
        expect(len(rejects) == 1 and rejects[0]["item"].endswith(bad) and "500" in rejects[0]["reason"], f"{rejects}")
        lake.check(but={bad})
        lake.server.faults.clear()
        lake.pull()
        lake.check()


def one_page_that_cannot_be_asked_for(kind):
    """A page that only one of the two lists knows is asked for by itself: where that fails the rest of the space is pulled."""
    with Lake(kind, sample.site()) as lake:
        lake.pull()
        bad = lake.site.restore
        lake.site.edit(lake.site.contacts, "<p>New words.</p>")
        lake.server.faults.add("/content/search$" if kind == "cloud" else "/rest/api/content$", "nothing", -1)
        lake.server.faults.add(f"/(pages|content)/{bad}$", "500", -1)
        reply = lake.pull(rc=1)
        rejects = lake.rejects()
        expect(len(rejects) == 1 and rejects[0]["item"].endswith(bad) and rejects[0]["place"], f"{rejects}")
        expect(reply["deleted"] == 0 and bad in lake.rows(), f"what there is of it stays: {reply}")
        expect("New words." in lake.rows()[lake.site.contacts]["body"], "the others are pulled")
        lake.server.faults.clear()
        lake.pull()
        lake.check()


def a_space_that_is_closed(kind):
    with Lake(kind, sample.site()) as lake:
        lake.pull()
        lake.site.edit(lake.site.contacts, "<p>New words.</p>")
        news = next(c.id for c in lake.site.content.values() if c.title == "News")
        lake.server.faults.add("/content/search$", "403", -1, query='"PUB"')
        reply = lake.pull(rc=1)
        expect(reply["deleted"] == 0 and reply["changed"] >= 1, f"the other space was read: {reply}")
        expect("answered 403" in lake.rejects()[0]["reason"] and "/display/PUB" in lake.rejects()[0]["item"], f"{lake.rejects()}")
        expect(news in lake.rows(), "what is known of the closed one stays")
        lake.server.faults.clear()
        lake.pull()
        lake.check()


def what_waits_is_not_forgotten(kind):
    """What could not be read, and then not even listed, is read when it can be."""
    with Lake(kind, sample.site()) as lake:
        lake.server.faults.add("/download/.*csv" if kind == "dc" else "/file/att100014", "cut", -1)
        lake.pull(rc=1)
        lake.server.faults.clear()
        lake.server.faults.add("/content/search$", "403", -1, query='"ENG"')
        lake.pull(rc=1)
        lake.server.faults.clear()
        lake.pull()
        lake.check()
        # Neither listed nor told by their ids: they stay, and what stands on them too.
        for pattern in ("/pages$|/blogposts$|/rest/api/content$", "/content/search$"):
            lake.server.faults.add(pattern, "nothing", -1)
        lake.server.faults.add("/(pages|blogposts|content)/\\d+$", "403", -1)
        expect(lake.pull(rc=1)["deleted"] == 0, "what is not certain is not gone")
        lake.server.faults.clear()
        lake.pull()
        lake.check()


def nobody_answers(kind):
    with Lake(kind, sample.site()) as lake:
        lake.pull()
        before = lake.rows()
        lake.server.close()
        failed = lake.tarn("pull", "wiki", rc=1)
        expect("127.0.0.1" in failed.stderr and lake.rows() == before, f"nobody answers: {failed.stderr}")


def bad_pages(kind):
    site = sample.site()
    odd = site.page(site.eng, "Odd <title> \U0001f40d \"quoted\" &amp;", "<p>open <b>and never closed</p> <ac:link><ri:page", site.ben, site.home)
    empty = site.page(site.eng, "Empty", "", site.ben, site.home)
    deep = site.page(site.eng, "Deep", "<div>" * 3000 + "bottom" + "</div>" * 3000, site.ben, site.home)
    big = site.page(site.eng, "Big", "<p>" + "harbour " * 200_000 + "</p>", site.ben, site.home)
    loop = site.page(site.eng, "Loop", '<p>again</p><ac:structured-macro ac:name="include"><ac:parameter ac:name=""><ac:link><ri:page ri:content-title="Loop" /></ac:link>'
                     "</ac:parameter></ac:structured-macro>", site.ben, site.home)
    with Lake(kind, site) as lake:
        lake.pull()
        rows = lake.rows()
        expect(rows[odd]["extra"]["malformed"] is True and "never closed" in rows[odd]["body"], f"no XML: {rows[odd]}")
        expect(rows[odd]["title"] == site.content[odd].title, f"its title: {rows[odd]['title']}")
        expect(rows[empty]["body"].strip() == "" and "bottom" in rows[deep]["body"] and rows[loop]["body"].count("again") == 4, f"{rows[loop]}")
        expect(len(rows[big]["body"]) > 1_500_000, "a big one")
        lake.tarn("check")


def main():
    of_both = [what_waits_is_not_forgotten, lists_that_lie, a_page_for_people, files, credentials, one_bad_page, one_page_that_cannot_be_asked_for]   # where the two are asked by other words
    for kind, scenarios in (("cloud", [passing, a_space_that_is_closed, nobody_answers, bad_pages, *of_both]), ("dc", of_both)):
        for scenario in scenarios:
            print(f"{kind}: {scenario.__name__}", flush=True)
            scenario(kind)


main()
