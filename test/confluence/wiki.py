"""A wiki in memory: what a mock of Confluence serves. Every change moves what a real site moves: version and date of the thing that
was changed, and nothing else. A change of rights moves no date."""
import dataclasses
import datetime
import itertools

EPOCH = datetime.datetime(2026, 1, 5, 8, 0, tzinfo=datetime.timezone.utc)


@dataclasses.dataclass
class User:
    id: str
    name: str
    email: str = ""          # "" where the user does not show it
    username: str = ""       # Data Center


@dataclasses.dataclass
class Group:
    id: str
    name: str
    members: list = dataclasses.field(default_factory=list)   # user ids


@dataclasses.dataclass
class Space:
    id: str
    key: str
    name: str
    status: str = "current"   # or archived
    read: list = dataclasses.field(default_factory=list)       # ("user"|"group", id) or ("anonymous", "")
    unreadable: bool = False  # its rights cannot be read: 403


@dataclasses.dataclass
class Content:
    id: str
    type: str                 # page, blogpost, comment, attachment
    title: str
    space: str                # id
    author: str
    created: datetime.datetime
    body: str = ""            # storage format
    status: str = "current"   # current, archived, trashed, draft
    parent: str = ""          # of a page its parent page, of a comment the comment that it answers
    container: str = ""       # of a comment or attachment its page or post; of a comment also an attachment
    labels: list = dataclasses.field(default_factory=list)
    versions: list = dataclasses.field(default_factory=list)   # (number, when, by, message)
    restrictions: list = dataclasses.field(default_factory=list)  # ("user"|"group", id): who may read; [] = no layer here
    # Inline comments
    selection: str = ""
    marker: str = ""
    resolved: bool = False
    # Attachments
    media_type: str = ""
    data: bytes = b""
    note: str = ""

    @property
    def version(self):
        return self.versions[-1]

    @property
    def modified(self):
        return self.version[1]


class Site:
    def __init__(self, now=EPOCH):
        self.now = now
        self.users, self.groups, self.spaces, self.content = {}, {}, {}, {}
        self._ids = itertools.count(100001)

    def tick(self, seconds=60):
        self.now += datetime.timedelta(seconds=seconds)
        return self.now

    def user(self, name, email=""):
        made = User(f"5f{len(self.users):022x}", name, email, name.lower().replace(" ", "."))
        self.users[made.id] = made
        return made.id

    def group(self, name, *members):
        made = Group(f"9e{len(self.groups):06x}-0000-4000-8000-000000000000", name, list(members))
        self.groups[made.id] = made
        return made.id

    def space(self, key, name, read=()):
        made = Space(str(next(self._ids)), key, name, read=list(read))
        self.spaces[made.id] = made
        return made.id

    def _add(self, type, title, space, author, **more):
        when = self.tick()
        made = Content(str(next(self._ids)), type, title, space, author, when, **more)
        if type == "attachment":
            made.id = "att" + made.id
        made.versions.append((1, when, author, ""))
        self.content[made.id] = made
        return made.id

    def page(self, space, title, body="", author=None, parent="", labels=(), type="page"):
        return self._add(type, title, space, author or next(iter(self.users)), body=body, parent=parent, labels=list(labels))

    def comment(self, container, body, author=None, parent="", selection="", marker=""):
        on = self.content[container]
        return self._add("comment", "Re: " + on.title, on.space, author or next(iter(self.users)), body=body, container=container,
                         parent=parent, selection=selection, marker=marker)

    def attach(self, container, name, data, media_type, author=None, note=""):
        """A file; a second one of the same name on the same page is its next version."""
        for known in self.content.values():
            if known.type == "attachment" and known.container == container and known.title == name and known.status == "current":
                known.data, known.media_type, known.note = data, media_type, note
                self._touch(known, author)
                return known.id
        on = self.content[container]
        return self._add("attachment", name, on.space, author or next(iter(self.users)), container=container, data=data,
                         media_type=media_type, note=note)

    def _touch(self, content, author=None, message=""):
        content.versions.append((content.version[0] + 1, self.tick(), author or content.author, message))

    def edit(self, id, body=None, title=None, author=None, message=""):
        content = self.content[id]
        content.body = content.body if body is None else body
        content.title = content.title if title is None else title
        self._touch(content, author, message)

    def move(self, id, parent=None, space=None):
        """Moves a page with what lies below it. A move moves no version and no date."""
        content = self.content[id]
        if parent is not None:
            content.parent = parent
        if space is not None:
            for each in [content, *self.below(id)]:
                each.space = space

    def label(self, id, *labels):
        """Labels move no version and no date."""
        self.content[id].labels = list(labels)

    def set_status(self, id, status):
        self.content[id].status = status

    def trash(self, id):
        """To the bin, with its comments and files; pages below it move up to its parent."""
        content = self.content[id]
        for each in list(self.content.values()):
            if each.container == id:
                each.status = "trashed"
            if each.type == "page" and each.parent == id:
                each.parent = content.parent
        content.status = "trashed"

    def purge(self, id):
        """Gone from the bin too."""
        for each in [e.id for e in self.content.values() if e.container == id] + [id]:
            self.content.pop(each, None)

    def restrict(self, id, *who):
        self.content[id].restrictions = list(who)

    def ancestors(self, id):
        out, at = [], self.content[id].parent
        while at and at in self.content and self.content[id].type == "page":
            out.insert(0, self.content[at])
            at = self.content[at].parent
        return out

    def below(self, id):
        found, todo = [], [id]
        while todo:
            at = todo.pop()
            for each in self.content.values():
                if (each.type == "page" and each.parent == at) or each.container == at:
                    found.append(each)
                    todo.append(each.id)
        return found

    def may_read(self, user, id):
        """The judge: whether a user ("" = nobody in particular) may read a page, a post, a comment or a file."""
        content = self.content[id]
        on = self.content[content.container] if content.container else content
        while on.container:
            on = self.content[on.container]

        def among(who):
            return any((kind == "anonymous") or (kind == "user" and name == user) or
                       (kind == "group" and user in self.groups[name].members) for kind, name in who)

        layers = [each.restrictions for each in [*self.ancestors(on.id), on] if each.restrictions]
        return among(self.spaces[content.space].read) and all(among(layer) for layer in layers)
