#!/usr/bin/env python3
"""Looks through the tracked files for what must not be committed: hosts that are not on the list, paths of one machine, unfinished
places, comments of code beyond its columns, bodies on a line of their own without braces (HACKING, "Dialect"). Exit 1 with one line a finding. `--self-test` proves that each pattern still bites."""
import re
import subprocess
import sys

# Hosts that a reader is sent to, or that stand for "some host" in examples and tests. Downloads go through the registries' own clients.
HOSTS = r"""localhost 127.0.0.1 0.0.0.0 [::1] ([\w-]+\.)*example(\.(com|org|net))? ([\w-]+\.)+(test|invalid|example|local)
 (www\.)?apache\.org (www\.)?w3\.org (www\.)?unicode\.org snowballstem\.org json-schema\.org (www\.)?rfc-editor\.org
 spec\.openapis\.org modelcontextprotocol\.io (www\.)?postgresql\.org (docs\.)?python\.org (www\.)?iana\.org spec\.commonmark\.org
 purl\.org ns\.adobe\.com schema\.org ogp\.me (www\.)?sqlite\.org"""
HOST_RULE = re.compile(r"https?://(?:[^/\s@]*@)?(\[[^\]]*\]|[^\s/:?#)>\"'`\\,;|*&$]+)")
ALLOWED = re.compile("|".join(f"(?:{h})" for h in HOSTS.split()).replace("[::1]", r"\[::1\]") + r"|[\w-]+|.*[{}<>…].*|\.\.\.", re.I)

# Written so that this file does not find itself.
RULES = [
    (re.compile(r"(?<![\w.-])/(?:wor[k]|roo[t])/[\w.]"), "a path of one machine"),
    (re.compile(r"\.\./share[d]"), "a folder outside the repository"),
    (re.compile(r"\b(?:TOD[O]|FIXM[E]|XX[X])\b"), "an unfinished place"),
    (re.compile(r"\b(?:pypi\.or[g]|pythonhoste[d]|npmj[s]|crates\.i[o]|debian\.or[g]/debian|maven\.or[g])", re.I), "a package registry's host"),
    (re.compile(r"\b(?:claud[e]|anthropi[c]|chatgp[t]|copilo[t]|sub-?agen[t]s?)\b", re.I), "how the work is organised"),
    (re.compile(r"\b(?:issue|ticket|session) #\d"), "an issue by its number"),
]
# A line of code that is nothing but a comment: clang-format breaks all others.
COMMENT, COLUMNS = re.compile(r"\s*//"), 120
CONTROL, LITERAL = re.compile(r"\s*(?:\} else |else )?(?:if(?: constexpr)?|for|while) \("), re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])+\'|//.*')
# Texts that others wrote, and data that is there to be hard to read.
SKIP = re.compile(r"^(LICENSE|THIRD_PARTY\.md)$|/corpus/|^test/data/|\.(png|gguf|zst|parquet|bin)$")


def bare_bodies(lines):
    """Numbers of the lines at which an if, for, while or else ends whose body stands on the next line, without a brace."""
    depth = None
    for number, line in enumerate(lines, 1):
        line = LITERAL.sub("", line).rstrip()
        if depth is None:
            if re.fullmatch(r"\s*(?:\} )?else", line):
                yield number
            if not CONTROL.match(line) or line.endswith("\\"):
                continue
            depth, line = 0, line[line.index("("):]
        for at, c in enumerate(line):
            depth += (c == "(") - (c == ")")
            if depth == 0 and c == ")":
                if not line[at + 1:].strip():
                    yield number
                break
        if depth == 0:
            depth = None


def findings(name, text):
    is_code = name.endswith((".cc", ".h"))
    if is_code:
        for number in bare_bodies(text.splitlines()):
            yield f"{name}:{number}: a body on a line of its own has braces"
    for number, line in enumerate(text.splitlines(), 1):
        if is_code and len(line) > COLUMNS and COMMENT.match(line):
            yield f"{name}:{number}: a comment of {len(line)} columns, more than {COLUMNS}"
        for rule, what in RULES:
            if m := rule.search(line):
                yield f"{name}:{number}: {what}: {m[0]}"
        for m in HOST_RULE.finditer(line):
            if not ALLOWED.fullmatch(m[1].rstrip(".")):
                yield f"{name}:{number}: a host that is not on the list of tools/check_words.py: {m[1]}"


def self_test():
    bad = ["see /wor" + "k/main", "x = ../share" + "d/data", "// TO" + "DO later", "pypi" + ".org", "by Clau" + "de", "issue #" + "3",
           "https:/" + "/files.somewhere.net/x"]
    good = ["https://example.com/a", "http://127.0.0.1:8276/", "https://docs.example.org", "https://host/", "/workspace/x", "todo_list",
            "http://localhost", "https://{host}/x"]
    for text in bad:
        if not list(findings("t", text)):
            sys.exit(f"check_words: self-test: not found: {text}")
    if list(findings("t.md", "// " + "a" * 130)) or not list(findings("t.cc", "  // " + "a" * 130)):
        sys.exit("check_words: self-test: comments that are too wide are not found, or found where there is no code")
    bare = "if (a)\n  b();", "for (int i = f(1);\n     i < 2; ++i)\n  b();", "} else\n  b();"
    braced = "if (a) b();", "if (a(\")\") &&\n    c) {\n  b();\n}", "} while (a);", "} else {", "while (a && (b)) ++c;"
    for text in (*bare, *braced):
        if bool(list(findings("t.cc", text))) != (text in bare):
            sys.exit(f"check_words: self-test: braces are judged wrongly: {text}")
    for text in good:
        if found := list(findings("t", text)):
            sys.exit(f"check_words: self-test: wrongly found: {found}")


def main():
    self_test()
    if "--self-test" in sys.argv:
        return
    found = []
    names = subprocess.run(["git", "ls-files", "-z"], check=True, capture_output=True, text=True).stdout.split("\0")
    for name in filter(None, names):
        if SKIP.search(name):
            continue
        try:
            with open(name, encoding="utf-8") as f:
                found += findings(name, f.read())
        except (UnicodeDecodeError, FileNotFoundError):
            continue
    print("\n".join(found) or f"check_words: {len(names)} files are clean")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
