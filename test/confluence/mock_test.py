#!/usr/bin/env python3
"""The mock keeps to what it promises: pages of lists, dates, rights, faults."""
import base64
import json
import unittest
import urllib.error
import urllib.parse
import urllib.request

import mock
import sample


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


class Case(unittest.TestCase):
    kind = "cloud"

    def setUp(self):
        self.site = sample.site()
        self.server = mock.Server(self.kind, self.site, files_elsewhere=True)
        self.addCleanup(self.server.close)

    def get(self, path, auth=True, **query):
        url = self.server.url + path + ("?" + urllib.parse.urlencode(query) if query else "")
        request = urllib.request.Request(url)
        if auth:
            given = base64.b64encode(f"{mock.CLOUD_USER}:{mock.CLOUD_TOKEN}".encode()).decode()
            request.add_header("Authorization", "Basic " + given if self.kind == "cloud" else "Bearer " + mock.DC_TOKEN)
        opener = urllib.request.build_opener(NoRedirect, urllib.request.ProxyHandler({}))
        try:
            with opener.open(request) as reply:
                return reply.status, reply.read(), reply.headers
        except urllib.error.HTTPError as e:
            return e.code, e.read(), e.headers

    def json(self, path, **query):
        status, body, _ = self.get(path, **query)
        self.assertEqual(status, 200, body)
        return json.loads(body)

    def whole(self, path, prefix="", **query):
        """All results of a list, by its links."""
        reply, out, rounds = self.json(path, **query), [], 0
        while True:
            out += reply["results"]
            rounds += 1
            after = reply["_links"].get("next")
            if not after:
                return out, rounds
            status, body, _ = self.get(prefix + after)
            self.assertEqual(status, 200, body)
            reply = json.loads(body)


class CloudTest(Case):
    def test_pages_by_cursor(self):
        path = f"/wiki/api/v2/spaces/{self.site.eng}/pages"
        pages, rounds = self.whole(path, limit=2)
        self.assertEqual((len(pages), rounds), (6, 3))
        self.assertEqual(len({p["id"] for p in pages}), 6)

    def test_an_empty_page_has_a_next(self):
        self.server.faults.add("/pages$", "hole")
        pages, rounds = self.whole(f"/wiki/api/v2/spaces/{self.site.eng}/pages", limit=3)
        self.assertEqual((len(pages), rounds), (6, 3))

    def test_search_by_minute(self):
        since = self.site.now.strftime("%Y/%m/%d %H:%M")
        self.site.tick(600)
        self.site.edit(self.site.contacts, "<p>New.</p>")
        found, _ = self.whole("/wiki/rest/api/content/search", "/wiki", cql=f'space = "ENG" and type in (page, blogpost) and lastmodified >= "{since}"',
                              expand="version,space,body.storage")
        self.assertEqual([(c["title"], c["version"]["number"]) for c in found], [("Contacts", 2)])

    def test_rights_and_labels_move_no_date(self):
        before = self.json(f"/wiki/rest/api/content/{self.site.backup}", expand="version")["version"]
        self.site.restrict(self.site.backup, ("user", self.site.ada))
        self.site.label(self.site.backup, "other")
        self.site.move(self.site.backup, self.site.contacts)
        self.assertEqual(self.json(f"/wiki/rest/api/content/{self.site.backup}", expand="version")["version"], before)
        read = self.json(f"/wiki/rest/api/content/{self.site.backup}/restriction/byOperation/read")["restrictions"]
        self.assertEqual([u["displayName"] for u in read["user"]["results"]], ["Ada Admin"])

    def test_restrictions_of_ancestors_fail_the_batch(self):
        status, _, _ = self.get("/wiki/rest/api/content/search", cql="space = ENG", expand="ancestors.restrictions.read.restrictions.user")
        self.assertEqual(status, 404)

    def test_files_redirect_to_another_host(self):
        found = [c for c in self.site.content.values() if c.title == "plan.csv"][0]
        status, _, headers = self.get("/wiki" + self.server.api.download(found))
        self.assertEqual(status, 302)
        self.assertEqual(headers["Location"], f"http://files.example/file/{found.id}")
        files = urllib.request.build_opener(urllib.request.ProxyHandler({"http": self.server.proxy}))
        with files.open(headers["Location"]) as reply:
            self.assertEqual(reply.read(), found.data)
        self.assertEqual(self.server.leaked, [])
        request = urllib.request.Request(headers["Location"], headers={"Authorization": "Basic x"})
        files.open(request).close()
        self.assertEqual(len(self.server.leaked), 1)

    def test_faults(self):
        for what, expected in (("429", 429), ("500", 500), ("login", 200)):
            self.server.faults.add("/spaces$", what)
            status, body, headers = self.get("/wiki/api/v2/spaces")
            self.assertEqual(status, expected)
            self.assertEqual(headers["Content-Type"], "text/html" if what == "login" else "application/json")
        self.assertEqual(self.get("/wiki/api/v2/spaces", auth=False)[0], 401)
        self.server.faults.add("/pages$", "expired-cursor", 2)
        first = self.json(f"/wiki/api/v2/spaces/{self.site.eng}/pages", limit=2)
        self.assertEqual(self.get(first["_links"]["next"])[0], 400)

    def test_something_changes_while_reading(self):
        seen = self.json(f"/wiki/api/v2/spaces/{self.site.eng}/pages", limit=2)
        self.server.faults.add("/pages$", lambda site: site.trash(site.home))
        rest, _ = self.whole(seen["_links"]["next"].partition("?")[0], **dict(urllib.parse.parse_qsl(seen["_links"]["next"].partition("?")[2])))
        ids = {p["id"] for p in seen["results"]} | {p["id"] for p in rest}
        self.assertEqual(len(ids), 5, "one page slipped through between two pages of the list")

    def test_space_rights(self):
        reply = self.json("/wiki/rest/api/space/PUB", expand="permissions")
        self.assertTrue(any(p["anonymousAccess"] for p in reply["permissions"]))
        group = self.json("/wiki/rest/api/space/ENG", expand="permissions")["permissions"][0]["subjects"]["group"]["results"][0]
        members = self.json(f"/wiki/rest/api/group/{group['id']}/membersByGroupId")["results"]
        self.assertEqual([m["email"] for m in members], ["ada@example.com", "ben@example.com", ""])


class DataCenterTest(Case):
    kind = "dc"

    def test_pages_by_start(self):
        pages, rounds = self.whole("/rest/api/content", spaceKey="ENG", type="page", limit=4, expand="version,ancestors,body.storage")
        self.assertEqual((len(pages), rounds), (6, 2))
        self.assertEqual([a["title"] for a in pages[2]["ancestors"]], ["Engineering Home", "Backups"])

    def test_the_bin(self):
        self.site.trash(self.site.backup)
        self.assertEqual(self.get(f"/rest/api/content/{self.site.backup}")[0], 404)
        pages, _ = self.whole("/rest/api/content", spaceKey="ENG", type="page", status="trashed")
        self.assertEqual([p["title"] for p in pages], ["Backups"])
        self.assertEqual(self.site.content[self.site.restore].parent, self.site.home)

    def test_members_by_name(self):
        self.assertEqual([m["username"] for m in self.json("/rest/api/group/ops/member")["results"]], ["ada.admin"])


class Judge(unittest.TestCase):
    def test_all_layers_must_let_in(self):
        s = sample.site()
        self.assertEqual([s.may_read(u, s.lower) for u in (s.ada, s.ben, s.cem, "")], [True, False, False, False])
        self.assertTrue(s.may_read(s.cem, s.backup))
        self.assertFalse(s.may_read("", s.backup))
        hello = next(c.id for c in s.content.values() if c.title == "Hello")
        self.assertTrue(s.may_read("", hello))


if __name__ == "__main__":
    unittest.main()
