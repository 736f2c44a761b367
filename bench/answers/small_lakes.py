"""Questions that are asked of small lakes; prints half, kind, question, pages that answer, pages that the lake has, tab-separated.

usage: small_lakes.py pages FOLDER    FOLDER: the manual's pages. Each answerable question of questions.tsv twice for each of SIZES: of an
                                      answering page among pages drawn at random, and of such pages alone (absent)
       small_lakes.py notes           notes.tsv as it stands, and each of its questions once more of another lake's notes (foreign)
"""
import pathlib
import random
import sys

HERE = pathlib.Path(__file__).resolve().parent
SIZES = (1, 2, 3, 5, 10)
SEED = 1


def read(name):
    return [line.split("\t") for line in (HERE / name).read_text(encoding="utf-8").splitlines()]


def of_pages(folder):
    pages = sorted(p.name for p in pathlib.Path(folder).glob("*.html"))
    draw = random.Random(SEED)
    for half, kind, question, answers in read("questions.tsv"):
        if kind != "answerable":
            continue
        others = [p for p in pages if p not in answers.split()]
        for size in SIZES:
            page = draw.choice(answers.split())
            yield half, kind, question, answers, " ".join([page] + draw.sample(others, size - 1))
            yield half, "absent", question, "", " ".join(draw.sample(others, size))


def of_notes():
    notes = read("notes.tsv")
    yield from notes
    lakes = {half: sorted({row[4] for row in notes if row[0] == half}) for half in ("dev", "test")}
    for half, _, question, _, lake in notes:
        yield half, "foreign", question, "", lakes[half][(lakes[half].index(lake) + 1) % len(lakes[half])]


for row in of_pages(sys.argv[2]) if sys.argv[1] == "pages" else of_notes():
    print("\t".join(row))
