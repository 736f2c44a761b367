#!/usr/bin/env python3
"""Who may read what: the rules in the lake against the mock's own judge, for every user and every item, while rights change."""
import json

from lake import Lake
from program import expect

import sample


def readers(lake):
    """By uri the users who may read it, as doc/format/rights.md says; "" stands for whoever asks."""
    groups = {}
    for m in lake.sql("select \"group\" as g, principal from tarn.members"):
        groups.setdefault(m["g"], set()).add(m["principal"])
    anyone = {p["id"] for p in lake.sql("select id from tarn.principals where kind = 'anyone'")}
    layers = {}
    for r in lake.sql("select uri, principal, inherited_from from tarn.acl where kind = 'read' and uri <> ''"):
        layers.setdefault(r["uri"], {}).setdefault(r["inherited_from"], set()).add(r["principal"])

    def lets_in(user, layer):
        return any(p in anyone or (user and (p == user or user in groups.get(p, ()))) for p in layer if p)

    def named(user):
        return user and (user if lake.kind == "cloud" else lake.site.users[user].username)

    return {uri: {u for u in (*lake.site.users, "") if all(lets_in(named(u), layer) for layer in of.values())} for uri, of in layers.items()}


def agree(lake, what, hidden=()):
    told = readers(lake)
    for id, row in lake.rows().items():
        right = {u for u in (*lake.site.users, "") if lake.site.may_read(u, id) and id not in hidden}
        expect(row["uri"] in told, f"{what}: {row['title']} has no rules")
        expect(told[row["uri"]] == right, f"{what}: {row['title']} ({row['extra']['type']}) is read by {told[row['uri']]}, not {right}")


def start(kind, **options):
    site = sample.site()
    site.comment(site.secret, "<p>Behind which picture?</p>", site.ada)
    site.attach(site.lower, "note.txt", b"a yellow note\n", "text/plain", site.ada)
    site.page(site.eng, "Where to look", '<p>See:</p><ac:structured-macro ac:name="include"><ac:parameter ac:name=""><ac:link>'
              '<ri:page ri:content-title="Passwords" /></ac:link></ac:parameter></ac:structured-macro>', site.ada, site.home)
    return Lake(kind, site, **options)


def rights_are_followed(kind):
    with start(kind, acl_every=0) as lake:
        site = lake.site
        lake.pull()
        agree(lake, "at first")

        def after(what, *change, rows=0):
            change[0](*change[1:])
            reply = lake.pull()
            expect((reply["added"], reply["changed"], reply["deleted"]) == (0, rows, 0), f"{what} wrote documents: {reply}")
            agree(lake, what)
            lake.tarn("check")

        after("a page restricted; what includes it shows it no more", site.restrict, site.contacts, ("user", site.cem), rows=1)
        after("and to a group beside", site.restrict, site.contacts, ("user", site.cem), ("group", site.ops))
        dan, eve, fay = (site.user(name) for name in ("Dan Dock", "Eve East", "Fay Fore"))
        after("a restriction of many people, told in pieces", site.restrict, site.contacts, *(("user", u) for u in (site.ben, dan, eve, fay, site.cem)))
        site.groups[site.staff].members += [dan, fay]
        after("some of them among all", site.groups[site.staff].members.append, eve)
        after("one more in a group", site.groups[site.ops].members.append, site.ben)
        after("one less", site.groups[site.ops].members.remove, site.ada)
        after("a space opened to all", site.spaces[site.eng].read.append, ("anonymous", ""))
        after("and closed", site.spaces[site.eng].read.remove, ("anonymous", ""))
        after("a space of one person", site.spaces[site.pub].read.clear)
        after("a page moved below a restricted one", site.move, site.restore, site.secret, rows=1)
        after("a restriction lifted; what includes it shows it now", site.restrict, site.secret, rows=1)
        where = next(r for r in lake.rows().values() if r["title"] == "Where to look")
        expect("picture" in where["body"], f"what all may read is shown: {where['body']}")
        after("and set again", site.restrict, site.secret, ("user", site.ada), rows=1)
        # What could not be read means nobody.
        site.spaces[site.eng].unreadable = True
        reply = lake.pull()
        expect((reply["added"], reply["changed"], reply["deleted"]) == (0, 0, 0) and reply["rejected"] == 0, f"unreadable: {reply}")
        expect("could not be read" in lake.rejects()[0]["reason"] and "ENG" in lake.rejects()[0]["reason"], f"{lake.rejects()}")
        lake.server.faults.add("/content/search$|/api/v2/pages$", "401", -1, query="body.storage|body-format")   # both are told
        site.edit(site.home, "<p>Never read.</p>")
        expect(lake.pull(rc=1)["rejected"] >= 1, "a failure beside it is a failure")
        lake.server.faults.clear()
        agree(lake, "a space whose rights cannot be read", {c.id for c in site.content.values() if c.space == site.eng})
        site.spaces[site.eng].unreadable = False
        lake.pull()
        agree(lake, "and again")
        # Rules of what is gone stay as they were.
        uri = lake.rows()[site.backup]["uri"]
        site.trash(site.backup)
        lake.pull()
        expect(uri in readers(lake), "the rules of a page in the bin stay")


def what_is_included_has_its_own_readers(kind):
    with start(kind) as lake:
        lake.pull()
        where = next(r for r in lake.rows().values() if r["title"] == "Where to look")
        expect("picture" not in where["body"] and "[Passwords](" in where["body"], f"a page that others may not read: {where['body']}")
        found = json.loads(lake.tarn("search", "safe behind picture", "--mode", "lexical", "--in", "wiki", "--json").stdout)["hits"]
        expect({h["title"] for h in found} <= {"Passwords", "Re: Passwords"}, f"hits: {found}")


def a_page_that_fails_keeps_what_it_shows(kind):
    """What a row shows of another page rules it as long as it stands there, however often the page fails."""
    with start(kind, acl_every=0) as lake:
        site = lake.site
        lake.pull()
        outer = next(id for id, c in site.content.items() if "excerpt-include" in c.body and "Contacts" in c.body)
        site.restrict(site.contacts, ("user", site.cem))
        lake.server.faults.add("/content/search$|/api/v2/pages$|/pages/[0-9]+$|/content/[0-9]+$", "500", -1, query="body.storage|body-format")
        may = {u for u in site.users if site.may_read(u, site.contacts)}
        for n in range(4):
            lake.pull(rc=None)
            told = readers(lake)[lake.rows()[outer]["uri"]]
            expect(told <= may, f"pull {n + 1}: what shows Contacts is read by {told}, and that by {may}")
        lake.server.faults.clear()
        lake.pull()
        agree(lake, "when it can be read again")


def they_are_read_when_due(kind):
    with start(kind) as lake:
        lake.pull()
        lake.site.restrict(lake.site.contacts, ("user", lake.site.cem))
        before = lake.server.api.calls.copy()
        version = lake.pull()["version"]
        asked = [path for path in (lake.server.api.calls - before) if "restriction" in path or "group" in path or "rpc" in path]
        expect(asked == [], f"rights were read again at once: {asked}")
        # With whatever is new, all are read.
        lake.site.edit(lake.site.home, "<p>Hello.</p>")
        expect(lake.pull()["version"] > version, "news")
        agree(lake, "with news")
        shown = json.loads(lake.tarn("who-can-see", lake.rows()[lake.site.contacts]["uri"], "--table", "wiki", "--json").stdout)
        expect([r["name"] for r in shown["readers"]] == ["Cem Closed"] and not shown["anyone"], f"who-can-see: {shown}")
        state = json.loads(lake.tarn("sources", "--json").stdout)
        expect("rights" in json.dumps(state), f"tarn sources says when: {state}")
    # A failure is nobody, and read again with the next pull.
    with start(kind) as lake:
        lake.pull()
        lake.server.faults.add("/content/search$", "403", -1, query="restrictions.read")
        lake.site.edit(lake.site.home, "<p>Hello.</p>")
        lake.pull()
        agree(lake, "restrictions that fail", set(lake.site.content))
        lake.server.faults.clear()
        lake.pull()
        agree(lake, "restrictions that failed")


def main():
    for kind in ("cloud", "dc"):
        for scenario in (rights_are_followed, what_is_included_has_its_own_readers, a_page_that_fails_keeps_what_it_shows, they_are_read_when_due):
            print(f"{kind}: {scenario.__name__}", flush=True)
            scenario(kind)


main()
