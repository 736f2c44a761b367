"""Sites for tests: a small one with a bit of everything, and one with many pages."""
from wiki import Site


def site():
    s = Site()
    ada, ben, cem = s.user("Ada Admin", "ada@example.com"), s.user("Ben Builder", "ben@example.com"), s.user("Cem Closed")
    staff, ops = s.group("confluence-users", ada, ben, cem), s.group("ops", ada)
    eng = s.space("ENG", "Engineering", [("group", staff)])
    pub = s.space("PUB", "Public", [("anonymous", ""), ("group", staff)])

    home = s.page(eng, "Engineering Home", "<p>Welcome.</p><ac:structured-macro ac:name=\"toc\" />", ada)
    backup = s.page(eng, "Backups", (
        "<h1>How to back up</h1><p>Copy the lake&nbsp;directory while no pull is running.</p>"
        "<ac:structured-macro ac:name=\"info\"><ac:rich-text-body><p>A copy made meanwhile may miss the newest commit.</p></ac:rich-text-body></ac:structured-macro>"
        "<ac:structured-macro ac:name=\"code\"><ac:parameter ac:name=\"language\">bash</ac:parameter>"
        "<ac:plain-text-body><![CDATA[cp -a lake lake.bak && echo \"done\"]]></ac:plain-text-body></ac:structured-macro>"
        "<table><tbody><tr><th>What</th><th>When</th></tr><tr><td rowspan=\"2\">Lake</td><td>nightly</td></tr><tr><td>before an upgrade</td></tr></tbody></table>"
        "<p>See <ac:link><ri:page ri:content-title=\"Restore\" /><ac:plain-text-link-body><![CDATA[how to restore]]></ac:plain-text-link-body></ac:link>"
        " or ask <ac:link><ri:user ri:account-id=\"" + ada + "\" /></ac:link>.</p>"), ben, home, ["operations", "backup"])
    restore = s.page(eng, "Restore", (
        "<ac:task-list><ac:task><ac:task-id>1</ac:task-id><ac:task-status>complete</ac:task-status>"
        "<ac:task-body>Stop the pulls</ac:task-body></ac:task><ac:task><ac:task-id>2</ac:task-id><ac:task-status>incomplete</ac:task-status>"
        "<ac:task-body>Copy the directory back</ac:task-body></ac:task></ac:task-list>"
        "<ac:structured-macro ac:name=\"excerpt-include\"><ac:parameter ac:name=\"\"><ac:link><ri:page ri:content-title=\"Contacts\" /></ac:link></ac:parameter></ac:structured-macro>"),
        ben, backup, ["operations"])
    contacts = s.page(eng, "Contacts", "<ac:structured-macro ac:name=\"excerpt\"><ac:rich-text-body><p>Call the operators on 4711.</p></ac:rich-text-body></ac:structured-macro>"
                      "<p>Kept by the office.</p>", ada, home)
    secret = s.page(eng, "Passwords", "<p>The safe stands behind the picture.</p>", ada, home)
    below = s.page(eng, "Old passwords", "<p>They were on a yellow note.</p>", ada, secret)
    s.restrict(secret, ("group", ops))
    s.restrict(below, ("group", ops), ("user", ben))   # Ben is let in here, but not above
    s.page(pub, "News", "<p>The <strong>pump</strong> in hall 7 runs again.</p>", ben, type="blogpost", labels=["news"])
    s.page(pub, "Hello", "<p>Anybody may read this.</p>", ben)

    s.comment(backup, "<p>Does it work while a search runs?</p>", cem)
    first = s.comment(backup, "<p>Which directory?</p>", cem, selection="lake directory", marker="b1a7-0001")
    s.comment(backup, "<p>The one that TARN_LAKE names.</p>", ben, parent=first)
    s.attach(backup, "plan.csv", b"day,job\nMonday,full\nTuesday,changes\n", "text/csv", ben, "the plan of this year")
    s.attach(contacts, "übersicht.txt", "Telefon: 4711\n".encode(), "text/plain", ada)
    for name, id in {"home": home, "backup": backup, "restore": restore, "contacts": contacts, "secret": secret, "lower": below}.items():
        setattr(s, name, id)
    s.eng, s.pub, s.staff, s.ops, s.ada, s.ben, s.cem = eng, pub, staff, ops, ada, ben, cem
    return s


def many(pages):
    s = Site()
    author = s.user("Ada Admin", "ada@example.com")
    eng = s.space("ENG", "Engineering", [("group", s.group("confluence-users", author))])
    home = s.page(eng, "Home", "<p>Home.</p>", author)
    for n in range(pages - 1):
        s.page(eng, f"Page {n}", f"<p>The pump in hall {n % 97} ran {n * 7 % 1000} hours.</p>", author, home)
    s.eng, s.home, s.ada = eng, home, author
    return s
