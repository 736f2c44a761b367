#!/usr/bin/env python3
"""Confluence for tests: Cloud (REST v2 and v1, below /wiki) or Data Center (REST v1), over the Site of wiki.py.

    mock.py cloud|dc [--port N] [--site sample|harbour | --pages N]     serves one of the sites of sample.py; prints its address
    mock.py delete ADDRESS ID                                       puts a page of Cloud into the bin, as its reader

Faults are asked for by name (`Faults`). Sources: Atlassian's REST documentation for Cloud v1 and v2 and for Data Center; CONFCLOUD-77618
(expanding the ancestors' restrictions fails a whole batch).
"""
import argparse
import base64
import collections
import http.server
import json
import re
import ssl
import sys
import threading
import urllib.parse
import urllib.request

import sample

CLOUD_USER, CLOUD_TOKEN, DC_TOKEN = "reader@example.com", "cloud-secret-4711", "dc-secret-4711"


class Faults:
    """What goes wrong, where and how often. A rule: a pattern of the path and one of the query, what, after how many calls, and how often
    (-1 = always). What: a status such as "500", "login", "cut", "drop", "expired-cursor", "nothing", "redirect-home", a function of the site; in lists
    "empty-page", "hole", and of Data Center "short"."""

    def __init__(self):
        self.rules = []
        self.lock = threading.Lock()

    def add(self, pattern, what, times=1, query="", after=0):
        with self.lock:
            self.rules.append([re.compile(pattern), what, times, re.compile(query), after])

    def clear(self):
        with self.lock:
            self.rules.clear()

    IN_LISTS = ("empty-page", "hole", "short")

    def take(self, path, query="", in_list=None):
        """The fault whose turn it is; those within a list are asked for by name."""
        with self.lock:
            for rule in self.rules:
                if rule[2] == 0 or not (rule[1] == in_list if in_list else rule[1] not in self.IN_LISTS):
                    continue
                if rule[0].search(path) and rule[3].search(urllib.parse.unquote_plus(query)):
                    if rule[4] > 0:
                        rule[4] -= 1
                        continue
                    rule[2] -= 1
                    return rule[1]
        return None


class Cql:
    """The part of CQL that is asked by those who read a space: comparisons joined by `and` and `or`, and parentheses."""
    TOKEN = re.compile(r'\s*("(?:[^"\\]|\\.)*"|>=|<=|!=|[=<>(),]|[^\s()=<>!,"]+)')

    def __init__(self, text, site):
        self.site, self.text, self.tokens, at = site, text, [], 0
        text = re.split(r"\border by\b", text, flags=re.I)[0].rstrip()
        while at < len(text):
            found = self.TOKEN.match(text, at)
            if not found:
                self.refuse()
            self.tokens.append(found[1])
            at = found.end()
        self.wants = self.either()
        if self.tokens:
            self.refuse()

    def refuse(self):
        raise ValueError(f"Could not parse cql : {self.text}")

    def word(self):
        return self.tokens[0].lower() if self.tokens else ""

    def take(self, *expected):
        if not self.tokens or expected and self.word() not in expected:
            self.refuse()
        return self.tokens.pop(0)

    def either(self):
        sides = [self.both()]
        while self.word() == "or":
            self.take()
            sides.append(self.both())
        return lambda c: any(side(c) for side in sides)

    def both(self):
        sides = [self.one()]
        while self.word() == "and":
            self.take()
            sides.append(self.one())
        return lambda c: all(side(c) for side in sides)

    def one(self):
        if self.word() == "(":
            self.take()
            inner = self.either()
            self.take(")")
            return inner
        field, op = self.take().lower(), self.take().lower()
        if op == "not":
            self.take("in")
            op = "not in"
        value = lambda: re.sub(r"\\(.)", r"\1", self.take().strip('"'))
        if op in ("in", "not in"):
            self.take("(")
            values = [value()]
            while self.word() == ",":
                self.take()
                values.append(value())
            self.take(")")
        elif op in ("=", "!=", ">", "<", ">=", "<="):
            values = [value()]
        else:
            self.refuse()
        if field not in ("space", "type", "id", "title", "label", "ancestor", "lastmodified", "created"):
            raise ValueError(f"No field exists with name: {field}")
        return lambda c: self.fits(c, field, op, values)

    def fits(self, c, field, op, values):
        if field in ("lastmodified", "created"):   # by the minute
            have = {(c.modified if field == "lastmodified" else c.created).strftime("%Y/%m/%d %H:%M")}
        else:
            have = {"space": lambda: {self.site.spaces[c.space].key}, "type": lambda: {c.type}, "id": lambda: {c.id, c.id.removeprefix("att")},
                    "title": lambda: {c.title}, "label": lambda: set(c.labels), "ancestor": lambda: {a.id for a in self.site.ancestors(c.id)}}[field]()
        if op in ("=", "in"):
            return bool(have & set(values))
        if op in ("!=", "not in"):
            return not have & set(values)
        value, one = values[0], next(iter(have))
        value = value if " " in value else value + " 00:00"
        return {">=": one >= value, ">": one > value, "<=": one <= value, "<": one < value}[op]


def stamp(when):
    return when.strftime("%Y-%m-%dT%H:%M:%S.000Z")


class Api:
    """What both kinds have in common. `call` returns (status, reply, headers)."""

    def __init__(self, site, faults):
        self.site, self.faults = site, faults
        self.calls = collections.Counter()
        self.cursors = {}
        self.base = ""

    # Objects of REST v1

    def user(self, id):
        u = self.site.users[id]
        if self.cloud:
            return {"type": "known", "accountId": u.id, "accountType": "atlassian", "email": u.email, "publicName": u.name,
                    "displayName": u.name}
        return {"type": "known", "username": u.username, "userKey": u.id, "displayName": u.name}

    def group(self, id):
        g = self.site.groups[id]
        return {"type": "group", "name": g.name, **({"id": g.id} if self.cloud else {})}

    SUBJECTS = 2   # of a list within an answer; a link leads to the rest

    def subjects(self, c):
        out = {}
        for kind, each in (("user", self.user), ("group", self.group)):
            named = [each(i) for of, i in c.restrictions if of == kind]
            out[kind] = {"results": named[:self.SUBJECTS], "start": 0, "limit": self.SUBJECTS, "size": len(named[:self.SUBJECTS])}
            if len(named) > self.SUBJECTS:
                out[kind]["_links"] = {"next": f"/rest/api/content/{c.id}/restriction/byOperation/read/{kind}?start={self.SUBJECTS}&limit={self.SUBJECTS}"}
        return out

    def more_subjects(self, path, query, id, kind):
        each = self.user if kind == "user" else self.group
        return self.by_start(path, query, [each(i) for of, i in self.site.content[id].restrictions if of == kind], int(query.get("limit", 200)))

    def space(self, s, expand=()):
        expand = expand if self.cloud else ()   # Data Center's REST does not tell permissions
        out = {"id": int(s.id), "key": s.key, "name": s.name, "type": "global", "status": s.status,
               "_links": {"webui": f"/spaces/{s.key}" if self.cloud else f"/display/{s.key}"}}
        if "permissions" in expand:
            out["permissions"] = [
                {"id": n, "operation": {"operation": "read", "targetType": "space"}, "anonymousAccess": kind == "anonymous",
                 "unlicensedAccess": False,
                 "subjects": {} if kind == "anonymous" else {kind: {"results": [self.user(i) if kind == "user" else self.group(i)], "size": 1}}}
                for n, (kind, i) in enumerate(s.read)]
        return out

    def webui(self, c):
        s = self.site.spaces[c.space]
        title = urllib.parse.quote_plus(c.title)
        if c.type in ("comment", "attachment"):
            return self.webui(self.site.content[c.container]) + ("?focusedCommentId=" if c.type == "comment" else "?preview=") + c.id
        if self.cloud:
            return f"/spaces/{s.key}/pages/{c.id}/{title}" if c.type == "page" else f"/spaces/{s.key}/blog/{c.id}/{title}"
        return f"/display/{s.key}/{title}"

    def download(self, c):
        return f"/download/attachments/{c.container}/{urllib.parse.quote(c.title)}?version={c.version[0]}&api=v2"

    def version1(self, c):
        number, when, by, message = c.version
        return {"by": self.user(by), "when": stamp(when), "number": number, "message": message, "minorEdit": False}

    def content1(self, c, expand):
        out = {"id": c.id, "type": c.type, "status": c.status, "title": c.title, "_links": {"webui": self.webui(c), "self": f"{self.base}/rest/api/content/{c.id}"}}
        if "version" in expand:
            out["version"] = self.version1(c)
        if "space" in expand:
            out["space"] = self.space(self.site.spaces[c.space])
        if "history" in expand:
            out["history"] = {"latest": True, "createdBy": self.user(c.author), "createdDate": stamp(c.created)}
        if "body.storage" in expand and c.type != "attachment":
            out["body"] = {"storage": {"value": c.body, "representation": "storage"}}
        if "ancestors" in expand:
            above = self.site.ancestors(c.id)
            if c.type == "comment" and c.parent:
                above = [self.site.content[c.parent]]
            out["ancestors"] = [{"id": a.id, "type": a.type, "status": a.status, "title": a.title} for a in above]
        if "container" in expand and c.container:
            on = self.site.content[c.container]
            out["container"] = {"id": on.id, "type": on.type, "status": on.status, "title": on.title}
        if "metadata.labels" in expand:
            out["metadata"] = {"labels": {"results": [{"prefix": "global", "name": l, "id": str(n), "label": l} for n, l in enumerate(c.labels)],
                                          "start": 0, "limit": 200, "size": len(c.labels)}}
        if any(e.startswith("restrictions.read") for e in expand):
            out["restrictions"] = {"read": {"operation": "read", "restrictions": self.subjects(c)}}
        if c.type == "comment":
            out["extensions"] = {"location": "inline" if c.marker else "footer", "_expandable": {}}
            if c.marker:
                out["extensions"]["inlineProperties"] = {"originalSelection": c.selection, "markerRef": c.marker}
                out["extensions"]["resolution"] = {"status": "resolved" if c.resolved else "open"}
        if c.type == "attachment":
            out["extensions"] = {"mediaType": c.media_type, "fileSize": len(c.data), "comment": c.note}
            out["_links"]["download"] = self.download(c)
        return out

    def listed(self, contents):
        return sorted(contents, key=lambda c: (len(c.id), c.id))

    # Pages of a list: by cursor, or by start

    def by_cursor(self, path, query, items, limit, link):
        token = query.get("cursor")
        if token is not None:
            if token not in self.cursors:
                return 400, {"statusCode": 400, "message": "Invalid cursor"}, {}
            start = self.cursors[token]
        else:
            start = 0
        shown, rest = items[start:start + limit], items[start + limit:]
        out = {"results": shown, "_links": {"base": self.base}}
        headers = {}
        # CNF-2: a page may be empty and still have a next one.
        if rest or self.faults.take(path, in_list="empty-page"):
            token = base64.b64encode(f"{path} {start + limit}".encode()).decode().rstrip("=")
            self.cursors[token] = start + limit
            keep = {k: v for k, v in query.items() if k != "cursor"}
            out["_links"]["next"] = link + "?" + urllib.parse.urlencode({**keep, "cursor": token})
            headers["Link"] = f'<{out["_links"]["next"]}>; rel="next"'
        if self.faults.take(path, in_list="hole"):
            out["results"] = []
            if token is not None:
                self.cursors[token] = start   # what was left out comes with the next page
        return 200, out, headers

    def by_start(self, path, query, items, limit):
        start = int(query.get("start", 0))
        shown = items[start:start + limit]
        if self.faults.take(path, in_list="short"):   # a server with a limit of its own, which the next link does not know
            shown = shown[:max(1, len(shown) // 3)]
        out = {"results": shown, "start": start, "limit": limit, "size": len(shown), "_links": {"base": self.base, "context": self.context}}
        if start + limit < len(items):
            keep = {**query, "start": start + limit, "limit": limit}
            out["_links"]["next"] = path.removeprefix(self.context) + "?" + urllib.parse.urlencode(keep)
        return 200, out, {}

    def search1(self, path, query):
        try:
            cql = Cql(query.get("cql", ""), self.site)
            found = [c for c in self.listed(self.site.content.values()) if c.status in ("current", "archived") and cql.wants(c)]
        except ValueError as e:
            return 400, {"statusCode": 400, "message": f"com.atlassian.confluence.api.service.exceptions.BadRequestException: {e}"}, {}
        expand = query.get("expand", "").split(",")
        if self.cloud and any(e.startswith("ancestors.restrictions") for e in expand):
            return 404, {"statusCode": 404, "message": "CONFCLOUD-77618"}, {}
        limit = min(int(query.get("limit", 25)), 50 if any(e.startswith("body.") for e in expand) else 250)
        items = [self.content1(c, expand) for c in found]
        if self.cloud:
            return self.by_cursor(path, query, items, limit, path.removeprefix(self.context))
        return self.by_start(path, query, items, limit)

    def restriction1(self, id):
        c = self.site.content.get(id)
        if not c:
            return 404, {"statusCode": 404, "message": "No content"}, {}
        if self.site.spaces[c.space].unreadable:
            return 403, {"statusCode": 403, "message": "Not permitted"}, {}
        return 200, {"operation": "read", "restrictions": self.subjects(c)}, {}

    def one(self, id, query):
        c = self.site.content.get(id)
        if not c or c.status == "trashed" and query.get("status") not in ("trashed", "any"):
            return 404, {"statusCode": 404, "message": f"No content found with id: {id}"}, {}
        return 200, self.content1(c, query.get("expand", "").split(",")), {}

    def file(self, container, name, version):
        for c in self.site.content.values():
            if c.type == "attachment" and c.container == container and c.title == name and c.status == "current":
                return c
        return None


class Cloud(Api):
    cloud, context = True, "/wiki"

    def page2(self, c, body):
        number, when, by, message = c.version
        out = {"id": c.id, "status": c.status, "title": c.title, "spaceId": c.space, "authorId": c.author, "createdAt": stamp(c.created),
               "version": {"number": number, "createdAt": stamp(when), "authorId": by, "message": message, "minorEdit": False},
               "_links": {"webui": self.webui(c)}}
        if c.type == "page":
            out |= {"parentId": c.parent or None, "parentType": "page" if c.parent else None, "position": 0}
        if body:
            out["body"] = {"storage": {"value": c.body, "representation": "storage"}}
        return out

    def attachment2(self, c):
        on = self.site.content[c.container]
        number, when, by, message = c.version
        return {"id": c.id, "status": c.status, "title": c.title, "createdAt": stamp(c.created), "mediaType": c.media_type, "comment": c.note,
                "pageId" if on.type == "page" else "blogPostId": on.id, "fileSize": len(c.data), "downloadLink": self.download(c),
                "webuiLink": self.webui(c), "version": {"number": number, "createdAt": stamp(when), "authorId": by, "message": message}}

    def comment2(self, c):
        on = self.site.content[c.container]
        number, when, by, message = c.version
        out = {"id": c.id, "status": c.status, "title": c.title, {"page": "pageId", "blogpost": "blogPostId", "attachment": "attachmentId"}[on.type]: on.id,
               "version": {"number": number, "createdAt": stamp(when), "authorId": by, "message": message}, "_links": {"webui": self.webui(c)}}
        if c.parent:
            out["parentCommentId"] = c.parent
        if c.marker:
            out |= {"resolutionStatus": "resolved" if c.resolved else "open",
                    "properties": {"inlineMarkerRef": c.marker, "inlineOriginalSelection": c.selection}}
        return out

    def call(self, path, query):
        rest = path.removeprefix("/wiki")
        limit = min(int(query.get("limit", 25)), 250)
        if rest == "/api/v2/spaces":
            keys = query.get("keys")
            found = [s for s in self.site.spaces.values() if not keys or s.key in keys.split(",")]
            items = [{"id": s.id, "key": s.key, "name": s.name, "type": "global", "status": s.status, "_links": {"webui": f"/spaces/{s.key}"}} for s in found]
            return self.by_cursor(path, query, items, limit, path)
        if found := re.fullmatch(r"/api/v2/spaces/(\d+)/(pages|blogposts)", rest):
            kind = found[2].removesuffix("s")
            if kind == "blogpost" and "archived" in query.get("status", ""):
                return 400, {"errors": [{"status": 400, "code": "INVALID_REQUEST_PARAMETER", "title": "no status of a blog post"}]}, {}
            wanted = query.get("status", "current,archived").split(",")
            items = [self.page2(c, query.get("body-format") == "storage") for c in self.listed(self.site.content.values())
                     if c.space == found[1] and c.type == kind and c.status in wanted]
            return self.by_cursor(path, query, items, limit, path)
        if rest == "/api/v2/attachments":
            wanted = query.get("status", "current,archived").split(",")
            items = [self.attachment2(c) for c in self.listed(self.site.content.values()) if c.type == "attachment" and c.status in wanted]
            return self.by_cursor(path, query, items, limit, path)
        if found := re.fullmatch(r"/api/v2/(pages|blogposts)", rest):
            kind, wanted = found[1].removesuffix("s"), query.get("status", "current,archived").split(",")
            ids = query.get("id", "").split(",")
            items = [self.page2(c, query.get("body-format") == "storage") for c in self.listed(self.site.content.values())
                     if c.id in ids and c.type == kind and c.status in wanted]
            return self.by_cursor(path, query, items, limit, path)
        if found := re.fullmatch(r"/api/v2/(pages|blogposts)/(\d+)", rest):
            c = self.site.content.get(found[2])
            if not c or c.status == "trashed" and query.get("status") != "trashed":
                return 404, {"errors": [{"status": 404, "code": "NOT_FOUND", "title": "Not Found", "detail": None}]}, {}
            out = self.page2(c, query.get("body-format") == "storage")
            if query.get("include-labels") == "true":
                out["labels"] = {"results": [{"prefix": "global", "name": l, "id": str(n)} for n, l in enumerate(c.labels)], "meta": {"hasMore": False}}
            return 200, out, {}
        if found := re.fullmatch(r"/api/v2/(attachments|footer-comments|inline-comments)/(\w+)", rest):
            c = self.site.content.get(found[2])
            kind = c and ("attachments" if c.type == "attachment" else "" if c.type != "comment" else "inline-comments" if c.marker else "footer-comments")
            if kind != found[1] or c.status == "trashed" and query.get("status") != "trashed":
                return 404, {"errors": [{"status": 404, "code": "NOT_FOUND", "title": "Not Found", "detail": None}]}, {}
            return 200, self.attachment2(c) if c.type == "attachment" else self.comment2(c), {}
        if rest == "/rest/api/content/search":
            return self.search1(path, query)
        if found := re.fullmatch(r"/rest/api/content/(\w+)/restriction/byOperation/read/(user|group)", rest):
            return self.more_subjects(path, query, *found.groups())
        if found := re.fullmatch(r"/rest/api/content/(\w+)/restriction/byOperation/read", rest):
            return self.restriction1(found[1])
        if found := re.fullmatch(r"/rest/api/content/(\w+)", rest):
            return self.one(found[1], query)
        if found := re.fullmatch(r"/rest/api/space/(\w+)", rest):
            for s in self.site.spaces.values():
                if s.key == found[1]:
                    if s.unreadable:
                        return 403, {"statusCode": 403, "message": "Not permitted"}, {}
                    return 200, self.space(s, query.get("expand", "").split(",")), {}
            return 404, {"statusCode": 404, "message": "No space"}, {}
        if found := re.fullmatch(r"/rest/api/group/([\w-]+)/membersByGroupId", rest):
            g = self.site.groups.get(found[1])
            if not g:
                return 404, {"statusCode": 404, "message": "No group"}, {}
            return self.by_start(path, query, [self.user(u) for u in g.members], min(int(query.get("limit", 200)), 200))
        if rest == "/rest/api/user/current":
            return 200, {"type": "known", "accountId": "5freader", "displayName": "Reader", "timeZone": "Etc/UTC"}, {}
        if rest == "/rest/api/user/bulk":
            items = [self.user(i) for i in query.get("accountId", "").split(",") if i in self.site.users]
            return self.by_start(path, query, items, 200)
        return 404, {"message": "null for uri: " + path}, {}


class DataCenter(Api):
    cloud, context = False, ""

    def rpc(self, asked):
        """The old remote interface, which alone tells a space's permissions."""
        found = [s for s in self.site.spaces.values() if s.key == asked["params"][0]]
        if asked["method"] != "getSpacePermissionSets" or not found or found[0].unreadable:
            return 200, {"jsonrpc": "2.0", "id": asked["id"], "error": {"code": 500, "message": "NotPermittedException"}}, {}
        name = {"user": lambda id: (self.site.users[id].username, None), "group": lambda id: (None, self.site.groups[id].name),
                "anonymous": lambda id: (None, None)}
        given = [dict(zip(("userName", "groupName"), name[kind](id)), type="VIEWSPACE") for kind, id in found[0].read]
        return 200, {"jsonrpc": "2.0", "id": asked["id"], "result": [{"type": "VIEWSPACE", "spacePermissions": given},
                                                                     {"type": "EDITSPACE", "spacePermissions": []}]}, {}

    def call(self, path, query):
        limit = min(int(query.get("limit", 25)), 200)
        expand = query.get("expand", "").split(",")
        if path == "/rest/api/space":
            wanted = query.get("spaceKey")
            items = [self.space(s, expand) for s in self.site.spaces.values() if not wanted or s.key in wanted.split(",")]
            return self.by_start(path, query, items, limit)
        if found := re.fullmatch(r"/rest/api/space/(\w+)", path):
            for s in self.site.spaces.values():
                if s.key == found[1]:
                    return (403, {"statusCode": 403, "message": "Not permitted"}, {}) if s.unreadable else (200, self.space(s, expand), {})
            return 404, {"statusCode": 404, "message": "No space"}, {}
        if path == "/rest/api/content":
            status = query.get("status", "current")
            items = [self.content1(c, expand) for c in self.listed(self.site.content.values())
                     if self.site.spaces[c.space].key == query.get("spaceKey", self.site.spaces[c.space].key)
                     and c.type == query.get("type", "page") and status in (c.status, "any")]
            return self.by_start(path, query, items, min(limit, 50) if "body.storage" in expand else limit)
        if path == "/rest/api/content/search":
            return self.search1(path, query)
        if found := re.fullmatch(r"/rest/api/content/(\w+)/restriction/byOperation/read/(user|group)", path):
            return self.more_subjects(path, query, *found.groups())
        if found := re.fullmatch(r"/rest/api/content/(\w+)/restriction/byOperation/read", path):
            return self.restriction1(found[1])
        if found := re.fullmatch(r"/rest/api/content/(\w+)", path):
            return self.one(found[1], query)
        if found := re.fullmatch(r"/rest/api/group/([^/]+)/member", path):
            for g in self.site.groups.values():
                if g.name == urllib.parse.unquote(found[1]):
                    return self.by_start(path, query, [self.user(u) for u in g.members], limit)
            return 404, {"statusCode": 404, "message": "No group"}, {}
        if path == "/rest/api/user":
            known = query.get("key") in self.site.users
            return (200, self.user(query["key"]), {}) if known else (404, {"statusCode": 404, "message": "No user"}, {})
        if path == "/rest/api/user/current":
            return 200, {"type": "known", "username": "reader", "userKey": "reader", "displayName": "Reader"}, {}
        if path == "/rest/api/serverInfo":
            return 200, {"version": "8.5.4", "baseUrl": self.base}, {}
        return 404, {"statusCode": 404, "message": "null for uri: " + path}, {}


class Server:
    """The wiki, and the host that keeps Cloud's files, to which it redirects: a path of its own here, or http://files.example (`files_elsewhere`),
    which is reached by the server `proxy`, so that it is another host to who asks."""

    def __init__(self, kind, site, port=0, open_to_all=False, files_elsewhere=False, certificate=None):
        self.open_to_all, self.files_elsewhere = open_to_all, files_elsewhere
        self.faults = Faults()
        self.api = (Cloud if kind == "cloud" else DataCenter)(site, self.faults)
        self.leaked = []       # credentials that were sent to the host of files
        self.lock = threading.Lock()
        self.wiki = http.server.ThreadingHTTPServer(("127.0.0.1", port), self._handler(self._wiki))
        self.media = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self._handler(self._media))
        self.proxy = f"http://127.0.0.1:{self.media.server_port}"
        self.url = f"http{'s' if certificate else ''}://127.0.0.1:{self.wiki.server_port}"
        if certificate:   # a file with its key
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.wiki.socket = context.wrap_socket(self.wiki.socket, server_side=True)
        self.api.base = self.url + self.api.context
        for server in (self.wiki, self.media):
            server.daemon_threads = True
            server.handle_error = lambda *_: None   # who asked is gone
            threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self):
        for server in (self.wiki, self.media):
            server.shutdown()
            server.server_close()

    def _handler(self, answer):
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                self.asked = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                answer(self)

            do_POST = do_DELETE = do_GET

            def log_message(self, *args):
                pass

        return Handler

    @staticmethod
    def _send(handler, status, body, headers):
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        if "Content-Length" not in headers:
            handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    def _may(self, given):
        if self.open_to_all:
            return True
        if self.api.cloud:
            return given == "Basic " + base64.b64encode(f"{CLOUD_USER}:{CLOUD_TOKEN}".encode()).decode()
        return given == "Bearer " + DC_TOKEN

    def _wiki(self, handler):
        with self.lock:
            path, _, text = handler.path.partition("?")
            query = {}
            for name, value in urllib.parse.parse_qsl(text, keep_blank_values=True):   # a name that comes again is a list
                query[name] = f"{query[name]},{value}" if name in query else value
            kind = re.sub(r"/(att)?\d+", "/N", path)
            self.api.calls[kind] += 1
            send = lambda status, reply, headers={}: self._send(handler, status, json.dumps(reply).encode(), {"Content-Type": "application/json", **headers})
            fault = self.faults.take(path, text)
            download = re.fullmatch(re.escape(self.api.context) + r"/download/attachments/(\d+)/(.+)", path)

            def whole():
                kept = download and self.api.file(download[1], urllib.parse.unquote(download[2]), None)
                return kept.data if kept else json.dumps(self.api.call(path, query)[1]).encode()

            if self._goes_wrong(handler, fault, whole):
                return None
            if fault == "nothing":
                return send(200, {"results": [], "start": 0, "limit": 250, "size": 0, "_links": {}})
            if fault == "expired-cursor":
                self.api.cursors.clear()
            if callable(fault):    # something changes while somebody reads page after page
                fault(self.api.site)
            if path.startswith("/file/"):
                return self._file(handler)
            if not self._may(handler.headers.get("Authorization")):
                return send(401, {"message": "Unauthorized"}, {"WWW-Authenticate": "Basic realm=\"Confluence\""})
            if download:
                c = self.api.file(download[1], urllib.parse.unquote(download[2]), query.get("version"))
                if not c:
                    return send(404, {"message": "no such file"})
                if self.api.cloud:
                    return self._send(handler, 302, b"", {"Location": f"{'http://files.example' if self.files_elsewhere else self.url}/file/{c.id}"})
                return self._send(handler, 200, c.data, {"Content-Type": c.media_type})
            if handler.command == "DELETE":   # a page to the bin
                found = re.fullmatch(r"/wiki/api/v2/pages/(\d+)|/rest/api/content/(\d+)", path)
                if not found or (found[1] or found[2]) not in self.api.site.content:
                    return send(404, {"message": "no such page"})
                self.api.site.trash(found[1] or found[2])
                return self._send(handler, 204, b"", {})
            if handler.command == "POST":
                if self.api.cloud or path != "/rpc/json-rpc/confluenceservice-v2":
                    return send(404, {"message": "null for uri: " + path})
                return send(*self.api.rpc(json.loads(handler.asked)))
            return send(*self.api.call(path, query))

    def _goes_wrong(self, handler, fault, whole):
        """Whether it was answered by a fault that any host may have."""
        if fault == "429":
            self._send(handler, 429, b'{"message": "Rate limit exceeded"}', {"Content-Type": "application/json", "Retry-After": "1"})
        elif isinstance(fault, str) and fault.isdigit():
            self._send(handler, int(fault), b'{"message": "as the test wants it"}', {"Content-Type": "application/json"})
        elif fault == "login":   # a page for people, with 200, when a session is over
            self._send(handler, 200, b"<html><title>Log in</title><form action=/login></form></html>", {"Content-Type": "text/html"})
        elif fault == "redirect-home":
            self._send(handler, 302, b"", {"Location": "http://127.0.0.1:1/latest/meta-data"})
        elif fault in ("cut", "drop"):
            body = whole()
            handler.close_connection = True
            if fault == "cut":
                self._send(handler, 200, body[: len(body) // 2], {"Content-Type": "application/json", "Content-Length": str(len(body))})
        else:
            return False
        return True

    def _media(self, handler):
        with self.lock:
            kept = self.api.site.content.get(handler.path.rsplit("/", 1)[1])
            if self._goes_wrong(handler, self.faults.take("/file/" + handler.path.rsplit("/", 1)[1]), lambda: kept.data):
                return None
            if handler.headers.get("Authorization") or handler.headers.get("Cookie"):
                self.leaked.append(handler.path)
            return self._file(handler)

    def _file(self, handler):
        c = self.api.site.content.get(handler.path.rsplit("/", 1)[1])
        if not c:
            return self._send(handler, 404, b"", {})
        return self._send(handler, 200, c.data, {"Content-Type": c.media_type})


def delete(base, id):
    given = base64.b64encode(f"{CLOUD_USER}:{CLOUD_TOKEN}".encode()).decode()
    asked = urllib.request.Request(f"{base}/api/v2/pages/{id}", method="DELETE", headers={"Authorization": "Basic " + given})
    urllib.request.build_opener(urllib.request.ProxyHandler({})).open(asked).close()


def main():
    if sys.argv[1:2] == ["delete"]:
        return delete(*sys.argv[2:])
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=["cloud", "dc"])
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--site", choices=["sample", "harbour"], default="sample")
    parser.add_argument("--pages", type=int, default=0)
    parser.add_argument("--open", action="store_true", help="asks for no credentials")
    args = parser.parse_args()
    site = sample.many(args.pages) if args.pages else sample.harbour() if args.site == "harbour" else sample.site()
    server = Server(args.kind, site, args.port, args.open)
    print(server.api.base, flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
