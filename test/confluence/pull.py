#!/usr/bin/env python3
"""A wiki through the whole program: what is in its rows, what changes with it, how little is asked when nothing does."""
import io
import json
import math
import subprocess
import tempfile
import zipfile
from pathlib import Path

from lake import Lake
from program import expect, pdf

import sample


def of(rows, title, type="page"):
    found = [r for r in rows.values() if r["title"] == title and r["extra"]["type"] == type]
    expect(len(found) == 1, f"{title}: {len(found)} of it")
    return found[0]


def workbook(sheet, rows):
    """A workbook of one sheet of words."""
    main, office = "http:" + "//schemas.openxmlformats.org", "application/vnd.openxmlformats-officedocument.spreadsheetml"
    cells = "".join(f'<row r="{r}">' + "".join(f'<c r="{chr(65 + c)}{r}" t="inlineStr"><is><t>{word}</t></is></c>' for c, word in enumerate(row)) + "</row>"
                    for r, row in enumerate(rows, 1))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        z.writestr("[Content_Types].xml", f'<Types xmlns="{main}/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                   f'<Override PartName="/xl/workbook.xml" ContentType="{office}.sheet.main+xml"/><Override PartName="/xl/sheet1.xml" ContentType="{office}.worksheet+xml"/></Types>')
        z.writestr("_rels/.rels", f'<Relationships xmlns="{main}/package/2006/relationships"><Relationship Id="r1" Target="xl/workbook.xml" Type="{main}/officeDocument/2006/relationships/officeDocument"/></Relationships>')
        z.writestr("xl/workbook.xml", f'<workbook xmlns="{main}/spreadsheetml/2006/main" xmlns:r="{main}/officeDocument/2006/relationships"><sheets><sheet name="{sheet}" sheetId="1" r:id="r1"/></sheets></workbook>')
        z.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{main}/package/2006/relationships"><Relationship Id="r1" Target="sheet1.xml" Type="{main}/officeDocument/2006/relationships/worksheet"/></Relationships>')
        z.writestr("xl/sheet1.xml", f'<worksheet xmlns="{main}/spreadsheetml/2006/main"><sheetData>{cells}</sheetData></worksheet>')
    return out.getvalue()


def everything_is_there(kind):
    site = sample.site()
    tides = workbook("Tides", [["When", "Height"], ["noonday", "3.2 metres"]])
    site.attach(site.backup, "tides.xlsx", tides, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", site.ben)
    site.attach(site.backup, "Rules.pdf", pdf(["The harbour opens at six.", "Pilots board at the outer buoy."]), "application/pdf", site.ben)
    picture = site.attach(site.backup, "hall.mp4", b"\0\0\0\x18ftypisom", "video/mp4", site.ben)
    with Lake(kind, site) as lake:
        reply = lake.pull()
        expect(reply["added"] == len(lake.wanted()) - 1 and reply["skipped"] == 1, f"what was pulled: {reply}")
        rows = lake.check(but={picture})
        backup, restore = of(rows, "Backups"), of(rows, "Restore")
        expect((backup["author"], backup["labels"]) == ("Ben Builder", ["backup", "operations"]), f"author and labels: {backup}")
        expect(backup["extra"]["space_name"] == "Engineering" and backup["extra"]["url"].startswith(lake.server.api.base), f"{backup['extra']}")
        expect(restore["parent"] == backup["uri"] and restore["extra"]["ancestors"] == ["Engineering Home", "Backups"], f"its place: {restore}")
        expect("Call the operators on 4711." in restore["body"] and "office" not in restore["body"], f"an excerpt of another page: {restore['body']}")
        expect("[how to restore](" in backup["body"] and "@Ada Admin" in backup["body"], f"links and people: {backup['body']}")
        expect(of(rows, "News", "blogpost")["labels"] == ["news"], "a post")
        comments = [r for r in rows.values() if r["extra"]["type"] == "comment"]
        expect([r["extra"]["location"] for r in comments].count("inline") == 1 and len(comments) == 3, f"comments: {comments}")
        inline = next(r for r in comments if r["extra"]["location"] == "inline")
        expect(inline["extra"]["selection"] == "lake directory" and inline["body"].startswith("> lake directory\n"), f"an inline one: {inline}")
        expect(any(r["extra"].get("answers") == inline["extra"]["id"] for r in comments), "an answer to a comment")
        expect(all(r["parent"] == backup["uri"] for r in comments), "comments belong to their page")
        file = of(rows, "Rules", "attachment")
        expect(file["parent"] == backup["uri"] and file["extra"]["file"] == "Rules.pdf", f"a file: {file}")
        expect(lake.server.leaked == [], f"credentials went to the host of files: {lake.server.leaked}")
        hit = lake.tarn("search", "pilots outer buoy", "--mode", "lexical", "--in", "wiki").stdout
        expect("page 2" in hit or "page 1" in hit, f"the page of a file: {hit}")
        hit = json.loads(lake.tarn("search", "noonday", "--mode", "lexical", "--in", "wiki", "--json").stdout)["hits"][0]
        expect(hit["passage"]["anchor"]["kind"] in ("cells", "sheet"), f"the cells of a file: {hit['passage']}")
        # Nothing changed: nothing is committed.
        again = lake.pull()
        expect(again["version"] == reply["version"] and again["unchanged"] == len(lake.wanted()) - 1, f"nothing changed: {again}")
        dry = lake.pull("--dry-run")
        expect(dry["added"] + dry["changed"] + dry["deleted"] == 0, f"a dry run: {dry}")


def changes_are_followed(kind):
    site = sample.site()
    with Lake(kind, site) as lake:
        lake.pull()

        def after(what, expected, *change):
            change[0](*change[1:])
            reply = lake.pull()
            told = {name: reply[name] for name in ("added", "changed", "deleted")}
            expect(told == {"added": 0, "changed": 0, "deleted": 0, **expected}, f"{what}: {told}")
            lake.check()
            expect(lake.pull()["version"] == reply["version"], f"{what}: a pull after it has news again")

        after("a page edited", {"changed": 1}, site.edit, site.backup, "<p>Copy nothing at all.</p>")
        after("a page that another one shows", {"changed": 2}, site.edit, site.contacts,
              '<ac:structured-macro ac:name="excerpt"><ac:rich-text-body><p>Call nobody.</p></ac:rich-text-body></ac:structured-macro>')
        expect("Call nobody." in of(lake.rows(), "Restore")["body"], "the other page shows it")
        after("a page renamed; and those below it, and the addresses of its comments and its file", {"changed": 6}, site.edit, site.backup, None, "Copies")
        after("labels", {"changed": 1}, site.label, site.backup, "old")
        after("a page moved", {"changed": 1}, site.move, site.restore, site.contacts)
        after("a page new", {"added": 1}, site.page, site.eng, "Ports", "<p>The harbour has a port.</p>", site.ben, site.home)
        after("a comment new", {"added": 1}, site.comment, site.contacts, "<p>Who is it?</p>", site.cem)
        after("a file's next version", {"changed": 1}, site.attach, site.backup, "plan.csv", b"day,job\nFriday,nothing\n", "text/csv", site.ben)
        after("a page archived", {"changed": 1}, site.set_status, site.contacts, "archived")
        after("a page to the bin, with three comments and a file; what shows it, and those below it", {"deleted": 5}, site.trash, site.backup)
        after("a page purged", {"deleted": 1, "changed": 1}, lambda: (site.trash(site.secret), site.purge(site.secret)))
        other = site.space("OPS", "Operations", [("group", site.staff)])
        after("a page moved to a space that is not pulled", {"deleted": 1}, site.move, site.lower, "", other)
        found = json.loads(lake.tarn("search", "yellow note", "--mode", "lexical", "--in", "wiki", "--json").stdout)["hits"]
        expect(found == [], f"what is gone is found: {found}")
        found = json.loads(lake.tarn("search", "yellow note", "--mode", "lexical", "--in", "wiki", "--as-of", "1", "--json").stdout)["hits"]
        expect(len(found) == 1, f"the past has it: {found}")


def selections(kind):
    for options, wanted in (
            ({"label": ["operations"]}, lambda c: "operations" in c.labels),
            ({"ancestor": "BACKUP"}, lambda c: "Backups" in (c.title, *(a.title for a in site.ancestors(c.id)))),
            ({"cql": 'title = "Contacts" or label = "backup"'}, lambda c: c.title == "Contacts" or "backup" in c.labels)):
        site = sample.site()
        options = {name: site.backup if value == "BACKUP" else value for name, value in options.items()}
        with Lake(kind, site, spaces=("ENG",), **options) as lake:
            lake.pull()
            lake.check(only=wanted)
            site.label(site.backup, "backup")
            site.move(site.restore, site.home)
            lake.pull()
            lake.check(only=wanted)
    site = sample.site()
    with Lake(kind, site, spaces=(), no_comments=True, no_attachments=True) as lake:
        lake.pull()
        expect({r["extra"]["type"] for r in lake.rows().values()} == {"page", "blogpost"}, "neither comments nor files")
        expect({r["extra"]["space"] for r in lake.rows().values()} == {"ENG", "PUB"}, "every space")
    with Lake(kind, site, spaces=("NONE",)) as lake:
        refused = lake.tarn("pull", "wiki", rc=1)
        expect("there is no space 'NONE'" in refused.stderr, f"a space that is not there: {refused.stderr}")
    with Lake(kind, site, spaces=("ENG",), cql="colour = red") as lake:
        refused = lake.tarn("pull", "wiki", rc=2)
        expect("No field exists with name: colour" in refused.stderr, f"a condition that the wiki does not know: {refused.stderr}")


def little_is_asked(kind):
    """A second run over N pages: not more than a call for each 250 of each kind, and 20."""
    pages = 600
    with Lake(kind, sample.many(pages), spaces=("ENG",)) as lake:
        lake.pull()
        first = lake.calls
        lake.check()
        reply = lake.pull()
        kinds = 4   # pages, posts, comments, files
        expect(reply["unchanged"] == pages and lake.calls <= math.ceil(pages / 250) * kinds + 20, f"{lake.calls} calls for nothing, after {first}: {lake.server.api.calls}")
        print(f"{kind}: {first} calls for {pages} pages, {lake.calls} for none")


def over_tls(kind):
    """Whose certificate is not known is not asked for anything; whose it is, by curl's own variable, is."""
    with tempfile.TemporaryDirectory() as place:
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{place}/key", "-out", f"{place}/certificate", "-days", "2",
                        "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
        Path(f"{place}/both").write_text(Path(f"{place}/key").read_text() + Path(f"{place}/certificate").read_text())
        with Lake(kind, sample.site(), certificate=f"{place}/both") as lake:
            refused = lake.tarn("pull", "wiki", rc=1)
            expect("certificate" in refused.stderr and sum(lake.server.api.calls.values()) == 0, f"an unknown certificate: {refused.stderr}")
            lake.environment["CURL_CA_BUNDLE"] = f"{place}/certificate"
            lake.pull()
            lake.check()


def main():
    for kind in ("cloud", "dc"):
        for scenario in (everything_is_there, changes_are_followed, selections, little_is_asked, *([over_tls] if kind == "dc" else [])):
            print(f"{kind}: {scenario.__name__}", flush=True)
            scenario(kind)


main()
