"""A lake that pulls from the mock, and what has to be in it: the state of the wiki, which is kept outside of it."""
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from program import TARN, expect  # noqa: E402

import mock  # noqa: E402


class Lake:
    """A lake in a folder of its own, with the source `wiki`."""

    def __init__(self, kind, site, spaces=("ENG", "PUB"), secret=None, certificate=None, **options):
        self.scratch = tempfile.TemporaryDirectory(prefix="tarn-confluence-")
        self.path, self.site, self.kind = Path(self.scratch.name) / "lake", site, kind
        self.server = mock.Server(kind, site, files_elsewhere=True, certificate=certificate)
        self.secret = secret or (mock.CLOUD_TOKEN if kind == "cloud" else mock.DC_TOKEN)
        self.spaces = spaces
        self.path.mkdir()
        if kind == "cloud":
            options.setdefault("user", mock.CLOUD_USER)
        query = "".join(("?" if n == 0 else "&") + "space=" + key for n, key in enumerate(spaces))
        lines = ["[sources.wiki]", f'url = "confluence+{self.server.api.base}{query}"', 'into = "main.wiki"', 'secret_env = "WIKI_TOKEN"']
        lines += [f"{name} = {json.dumps(value)}" for name, value in options.items()]
        (self.path / "tarn.toml").write_text("\n".join(lines) + "\n")
        # The files of Cloud lie at another host, which is reached by the mock's proxy alone.
        self.environment = {**os.environ, "TARN_LAKE": str(self.path), "WIKI_TOKEN": self.secret, "http_proxy": self.server.proxy, "no_proxy": "127.0.0.1"}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.close()
        self.scratch.cleanup()

    def start(self, *words):
        return subprocess.Popen([TARN, *words], env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def tarn(self, *words, rc=0):
        done = subprocess.run([TARN, *words], env=self.environment, capture_output=True, text=True, timeout=300)
        expect(rc in (None, done.returncode), f"tarn {' '.join(words)}: exit code {done.returncode}, not {rc}\n{done.stdout}\n{done.stderr}")
        return done

    def pull(self, *words, rc=0):
        """The reply of a pull, and the calls that it made."""
        before = sum(self.server.api.calls.values())
        done = self.tarn("pull", "wiki", "--json", *words, rc=rc)
        self.calls = sum(self.server.api.calls.values()) - before
        return json.loads(done.stdout) if done.stdout.strip() else done

    def sql(self, text):
        return json.loads(self.tarn("sql", text, "--json").stdout)

    def rows(self):
        """By the id that the wiki gives."""
        found = self.sql("select uri, title, body, author, labels, parent, extra from wiki")
        out = {}
        for row in found:
            row["extra"] = json.loads(row["extra"])
            expect(row["extra"]["id"] not in out, f"{row['uri']} is there twice")
            out[row["extra"]["id"]] = row
        return out

    def rejects(self):
        return self.sql("select item, place, reason from tarn.rejects order by item, place")

    def wanted(self, only=lambda c: True):
        """What has to be there, by id: everything of the spaces that is current or archived."""
        keys = {s.id for s in self.site.spaces.values() if not self.spaces or s.key in self.spaces}
        pages = {c.id for c in self.site.content.values()
                 if c.type in ("page", "blogpost") and c.status in ("current", "archived") and c.space in keys and only(c)}
        return {c.id: c for c in self.site.content.values()
                if c.id in pages or c.container in pages and c.status in ("current", "archived")}

    def check(self, only=lambda c: True, but=()):
        """The lake is what the wiki is: nothing lost, nothing doubled, nothing old. `but`: ids that cannot be read."""
        rows, wanted = self.rows(), {id: c for id, c in self.wanted(only).items() if id not in but}
        expect(set(rows) == set(wanted), f"lost: {sorted(set(wanted) - set(rows))}, too much: {sorted(set(rows) - set(wanted))}")
        for id, c in wanted.items():
            row = rows[id]
            told = (row["extra"]["version"], row["extra"]["space"], row["extra"].get("status", "current"), row["labels"])
            right = (c.version[0], self.site.spaces[c.space].key, c.status, sorted(c.labels))
            expect(told == right, f"{c.title}: {told}, not {right}")
            if c.type == "attachment":
                continue
            expect(row["title"] == c.title, f"{row['title']}, not {c.title}")
            above = [a.title for a in self.site.ancestors(id)]
            expect(row["extra"].get("ancestors", []) == above, f"{c.title} lies below {row['extra'].get('ancestors')}, not {above}")
            told, right = (set(re.findall(r"\w{4,}", text)) for text in (row["body"], re.sub(r"<[^>]*>|&\w+;", " ", c.body)))
            right -= {"CDATA", "complete", "incomplete"}
            expect(right <= told, f"{c.title}: its text lacks {sorted(right - told)}: {row['body']}")
        self.tarn("check")
        return rows
