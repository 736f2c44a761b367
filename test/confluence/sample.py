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


def harbour():
    """The wiki of a harbour: what doc/tutorials/confluence.md searches."""
    s = Site()
    ann, ole, mia = s.user("Ann Olsen", "ann@example.com"), s.user("Ole Berg", "ole@example.com"), s.user("Mia Lund", "mia@example.com")
    staff, office = s.group("confluence-users", ann, ole, mia), s.group("office", ann)
    port = s.space("PORT", "Port of Example", [("group", staff)])
    macro = lambda name, inner: f'<ac:structured-macro ac:name="{name}">{inner}</ac:structured-macro>'
    body = lambda text: f"<ac:rich-text-body>{text}</ac:rich-text-body>"

    home = s.page(port, "Port of Example", "<p>How this harbour is run.</p>" + macro("toc", ""), ann)
    ships = s.page(port, "Ships", "<p>Everything about ships that call here.</p>", ole, home)
    s.page(port, "Arrival", "<h1>Before arrival</h1><p>A vessel reports on VHF channel 12 two hours before it reaches the outer buoy. The pilot boards there; "
           "his ladder must be rigged on the lee side.</p><h1>Alongside</h1><p>The gangway is lit at night, and watched at all times.</p>", ole, ships, ["ships", "pilot"])
    s.page(port, "Berths", "<table><tbody><tr><th>Berth</th><th>Depth</th><th>For</th></tr><tr><td rowspan=\"2\">North quay</td><td>9 m</td><td>bulk</td></tr>"
           "<tr><td>7 m</td><td>timber</td></tr><tr><td>Ferry pier</td><td>5 m</td><td>ferries</td></tr></tbody></table>", ole, ships, ["ships"])
    s.page(port, "Dues", "<p>Ships pay by gross tonnage. Fishing boats and lifeboats pay nothing.</p>", ann, ships, ["money"])
    safety = s.page(port, "Safety", "<p>What to do when something goes wrong.</p>", mia, home)
    alarm = s.page(port, "Alarm numbers", macro("excerpt", body("<p>Call the harbour watch on 4711, at any hour.</p>")) + "<p>The list is renewed each January.</p>", mia, safety, ["safety"])
    s.page(port, "Man overboard", "<p>Shout, throw a ring, point at the person and never look away. Turn towards the side on which he fell.</p>"
           + macro("excerpt-include", '<ac:parameter ac:name=""><ac:link><ri:page ri:content-title="Alarm numbers" /></ac:link></ac:parameter>'), mia, safety, ["safety"])
    spill = s.page(port, "Oil on the water", "<p>Close the valves, lay out the floating barrier from shed 3, and tell the coast guard. Do not use soap.</p>", mia, safety, ["safety"])
    s.page(port, "Storm", "<p>From wind force 9 on the cranes are locked, and double lines are laid out. The ferry does not sail.</p>"
           + macro("warning", body("<p>Nobody walks on the breakwater.</p>")), mia, safety, ["safety", "weather"])
    wages = s.page(port, "Wages", "<p>Who earns what.</p>", ann, home)
    s.restrict(wages, ("group", office))
    s.page(port, "The new crane", "<p>The new crane lifts 40 tonnes and is painted yellow.</p>", ole, type="blogpost", labels=["news"])
    s.comment(spill, "<p>The barrier lies in shed 4 since May.</p>", ole, selection="shed 3", marker="c0de-0001")
    s.attach(spill, "barrier.txt", b"The floating barrier: 200 m, in pieces of 10 m. Two people carry a piece.\n", "text/plain", mia)
    s.port, s.alarm, s.spill, s.ann, s.ole, s.mia = port, alarm, spill, ann, ole, mia
    return s
