"""Counts what of documentation pages stands in the bodies that Tarn takes from them.

Use: count.py EXTRACT_PAGES MAX_PAGES < list of "set<TAB>path" lines

lxml finds the element that the page's generator names as its content; each heading and each code block in it must stand in the body. What is
compared are letters and digits, in their order, so that marks of Markdown do not matter. Prints a line for each set, and what is missing.
"""
import collections
import json
import re
import subprocess
import sys

import lxml.html

# Which element holds the content: the first that is found.
CONTENT = {
    "postgresql": ["div.book", "div.part", "div.preface", "div.chapter", "div.appendix", "div.refentry", "div.reference", "div.sect1",
                   "div.bibliography", "div.index", "div.legalnotice"],  # DocBook XSL
    "debian-handbook": ["div.book", "div.part", "div.preface", "div.chapter", "div.appendix", "div.section", "div.glossary", "div.index"],
    "python": ["div.body[role=main]", "div.body"],                       # Sphinx
    "rust": ["section#main-content", "main", "body"],                    # rustdoc, mdBook; the body of pages by hand
    "erlang": ["div#content", "main#content"],                          # erl_docgen, ex_doc
}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
# No text of the page: numbers of lines, marks of permalinks, scripts.
APART = re.compile(r"\b(line-numbers|src-line-numbers|linenos|headerlink|anchor)\b")
WORD = re.compile(r"[^\W_]+")


def matches(element, selector):
    tag, rest = re.match(r"(\w+)(.*)", selector).groups()
    if element.tag != tag:
        return False
    for kind, name in re.findall(r"([.#])([\w-]+)", rest):
        if name not in (element.get("class" if kind == "." else "id") or "").split():
            return False
    role = re.search(r"\[role=(\w+)\]", rest)
    return not role or element.get("role") == role.group(1)


def find(root, selector):
    outer, _, inner = selector.partition(" ")
    for element in root.iter():
        if isinstance(element.tag, str) and matches(element, outer):
            if not inner:
                return element
            found = find(element, inner)
            return element if found is None else found
    return None


def text(element):
    out = []

    def walk(node):
        if not isinstance(node.tag, str) or node.tag in ("script", "style", "button", "template", "svg", "select"):
            return
        if node is not element and APART.search(node.get("class") or ""):
            return
        if node.tag in ("div", "p", "li", "dt", "dd", "td", "th", "tr", "table", "ul", "ol", "dl", "pre", "section", "summary") or node.tag in HEADINGS:
            out.append(" ")
        out.append(node.text or "")
        for child in node:
            walk(child)
            out.append(child.tail or "")
        if node.tag not in ("a", "b", "code", "em", "i", "kbd", "span", "strong", "sub", "sup", "tt", "var", "wbr"):
            out.append(" ")

    walk(element)
    return "".join(out)


def squeezed(words):
    return "".join(WORD.findall(words)).lower()


def plain(body):
    body = re.sub(r"\]\((<[^>\n]*>|[^)\s]*)\)", "]", body)  # targets of links
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", body)


def judge(kind, path, body):
    with open(path, "rb") as file:
        root = lxml.html.document_fromstring(file.read(), parser=lxml.html.HTMLParser(encoding="utf-8", huge_tree=True))
    content = next((e for s in CONTENT[kind] if (e := find(root, s)) is not None), None)
    if content is None:
        return None
    have, as_written = squeezed(plain(body)), squeezed(body)
    missing = []
    counts = collections.Counter()
    for element in content.iter():
        if not isinstance(element.tag, str) or APART.search(element.get("class") or ""):
            continue
        what = "headings" if element.tag in HEADINGS else "code" if element.tag == "pre" else None
        if not what:
            continue
        want = squeezed(text(element))
        if not want:
            continue
        counts[what] += 1
        if want in have or want in as_written:
            counts[what + " in"] += 1
        else:
            missing.append((what, " ".join(text(element).split())[:90]))
    inside = collections.Counter(WORD.findall(text(content).lower()))
    taken = collections.Counter(WORD.findall(plain(body).lower()))
    counts["words"] = sum(inside.values())
    counts["words in"] = sum((inside & taken).values())
    counts["taken"] = sum(taken.values())
    counts["outside"] = sum((taken - inside).values())
    return counts, missing


def main():
    program, most = sys.argv[1], int(sys.argv[2])
    sets = collections.defaultdict(list)
    for line in sys.stdin:
        kind, path = line.rstrip("\n").split("\t")
        sets[kind].append(path)
    print(f"{'set':16} {'pages':>6} {'headings':>17} {'code blocks':>17} {'words of content':>22} {'from outside':>12}")
    for kind, paths in sets.items():
        paths = sorted(paths)
        paths = [paths[i * len(paths) // min(most, len(paths))] for i in range(min(most, len(paths)))]
        out = subprocess.run([program], input="\n".join(paths), capture_output=True, text=True, check=True).stdout
        sums, gone, unjudged, refused = collections.Counter(), [], 0, []
        for line in out.splitlines():
            page = json.loads(line)
            if "error" in page:
                refused.append(f"{page['path']}: {page['error']}")
            result = judge(kind, page["path"], page.get("body", ""))
            if result is None:
                unjudged += 1
                continue
            sums.update(result[0])
            sums["pages"] += 1
            gone += [(page["path"], *m) for m in result[1]]
        share = lambda part, whole: f"{sums[part]}/{sums[whole]}"
        print(f"{kind:16} {sums['pages']:>6} {share('headings in', 'headings'):>17} {share('code in', 'code'):>17} "
              f"{share('words in', 'words'):>22} {100 * sums['outside'] / max(1, sums['taken']):>10.2f} %")
        for path, what, words in gone[:20]:
            print(f"  missing {what}: {path}: {words}")
        for line in refused[:10]:
            print(f"  refused: {line}")
        if unjudged:
            print(f"  {unjudged} pages have no such element and are not counted")
        sys.stdout.flush()


main()
