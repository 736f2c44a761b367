"""The confidence model: fitted to the development half of the questions, reported on both halves.

usage: fit.py FOLDER [DATA]
FOLDER holds sets of questions and what answer_questions printed of them: SET.tsv (half, kind, question, pages that answer, and pages of the
lake, tab-separated) and SET.WAY.jsonl, for the sets of SETS; with DATA (the test collections) also QUERIES.CORPUS.WAY.jsonl, where QUERIES
and CORPUS are collections: the same one (answerable; the judged documents answer) or another (foreign). WAY is with_encoder or by_word. Of a
collection's queries the even lines are dev, the odd ones test.
Prints for each way the fitted model (for src/answer/evidence.cc), and how the program as it stands does: its own found, confidence, quotes.
"""
import collections
import json
import math
import pathlib
import sys

SETS = ("manual", "pages", "notes", "near")
FEATURES = {"with_encoder": ("nearest", "missing", "counterpart", "unkind"), "by_word": ("found", "missing")}
ANSWERABLE = ("answerable", "collection")
RIDGE = 0.1
# What a question with an answer weighs beside one without: with an encoder one more refused is worse than one more answered wrongly.
ANSWERABLE_WEIGHT = {"with_encoder": 1.25, "by_word": 1}


def sigmoid(x):
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, x))))


def solve(matrix, right):
    """Gauss-Jordan, for a handful of unknowns."""
    n = len(right)
    rows = [list(matrix[i]) + [right[i]] for i in range(n)]
    for i in range(n):
        pivot = max(range(i, n), key=lambda r: abs(rows[r][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [v / rows[i][i] for v in rows[i]]
        for r in range(n):
            if r != i:
                rows[r] = [v - rows[r][i] * w for v, w in zip(rows[r], rows[i])]
    return [row[n] for row in rows]


def fit(rows, features, answerable_weight=1):
    """Logistic regression by Newton's method; each set weighs the same, and in it both classes but for answerable_weight; RIDGE keeps
    weights finite."""
    inputs = [[1.0] + [r["evidence"][f] for f in features] for r in rows]
    count = collections.Counter((r["set"], r["label"]) for r in rows)
    share = [len(rows) / (len(count) * count[r["set"], r["label"]]) * (answerable_weight if r["label"] else 1) for r in rows]
    weights = [0.0] * (len(features) + 1)
    for _ in range(30):
        size = range(len(weights))
        gradient = [RIDGE * w if i else 0.0 for i, w in enumerate(weights)]
        hessian = [[RIDGE if i == j and i else 0.0 for j in size] for i in size]
        for x, r, s in zip(inputs, rows, share):
            p = sigmoid(sum(w * v for w, v in zip(weights, x)))
            for i in size:
                gradient[i] += s * (p - r["label"]) * x[i]
                for j in size:
                    hessian[i][j] += s * p * (1 - p) * x[i] * x[j]
        weights = [w - d for w, d in zip(weights, solve(hessian, gradient))]
    return weights[0], weights[1:]


def page(uri):
    return uri.rsplit("/", 1)[1]


def read(path, name, described):
    """Rows of one file; `described` gives half, kind and answering pages of each line."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert len(rows) == len(described), path
    for row, (half, kind, pages, *size) in zip(rows, described):
        row.update(set=name, half=half, kind=kind, pages=pages, size=size, label=int(kind in ANSWERABLE))
    return rows


def load(folder, data, way):
    rows = []
    for name in SETS:
        asked = [line.split("\t") for line in (folder / f"{name}.tsv").read_text(encoding="utf-8").splitlines()]
        part = read(folder / f"{name}.{way}.jsonl", name,
                    [(half, kind, set(pages.split()), *[len(lake.split()) for lake in lakes if name == "pages"])
                     for half, kind, _, pages, *lakes in asked])
        assert [r["question"] for r in part] == [a[2] for a in asked], name
        rows += part
    for path in sorted(folder.glob(f"ir-*.{way}.jsonl")) if data else ():
        sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "quality"))
        import collections_
        source, corpus = path.name.split(".")[:2]
        _, queries, judged = collections_.load(data, source)
        lines = list(queries)[:sum(1 for _ in path.open(encoding="utf-8"))]
        rows += read(path, "collections",
                     [("test" if n % 2 else "dev", "collection" if source == corpus else "foreign", {f"{d}.md" for d in judged[q]})
                      for n, q in enumerate(lines)])
    return rows


def brier(rows):
    return sum((r["confidence"] - r["label"]) ** 2 for r in rows) / len(rows)


def report(rows):
    for name in sorted({r["set"] for r in rows}, key=[*SETS, "collections"].index):
        of_set = [r for r in rows if r["set"] == name]
        print(f"    {name}: Brier score {brier(of_set):.3f}")
        for kind in dict.fromkeys(r["kind"] for r in of_set):
            asked = [r for r in of_set if r["kind"] == kind]
            right = [r for r in asked if r["found"] == bool(r["label"])]
            line = f"      {kind}: {'answered' if kind in ANSWERABLE else 'refused'} {len(right)} of {len(asked)}"
            if kind in ANSWERABLE:
                quoted = sum(any(page(q["uri"]) in r["pages"] for q in r["quotes"]) for r in right)
                first = sum(page(r["quotes"][0]["uri"]) in r["pages"] for r in right)
                line += f"; a right page quoted {quoted}, quoted first {first}"
            if name == "pages":
                sizes = collections.Counter(r["size"][0] for r in right)
                line += "; of pages: " + ", ".join(f"{size}: {n}" for size, n in sorted(sizes.items()))
            print(line)


def calibration(rows):
    edges = [0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.01]
    for low, high in zip(edges, edges[1:]):
        inside = [r for r in rows if low <= r["confidence"] < high]
        if inside:
            print(f"    {low:.1f} to {min(high, 1.0):.1f}: {sum(r['label'] for r in inside) / len(inside):.2f} ({len(inside)})")


def curve(rows, bias, weights, features):
    """Of a set's answerable questions that many refused: so many of the near ones refused."""
    def score(r):
        return bias + sum(w * r["evidence"][f] for f, w in zip(features, weights))
    for name in SETS:
        answerable = sorted(score(r) for r in rows if r["set"] == name and r["label"])
        near = [score(r) for r in rows if r["set"] == name and r["kind"] == "near"]
        if near:
            points = (f"{n}: {sum(s < answerable[n] for s in near)}" for n in range(len(answerable) // 4))
            print(f"    {name}: refused of {len(answerable)} answerable: of {len(near)} near: " + ", ".join(points))


def main():
    folder, data = pathlib.Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None
    for way, features in FEATURES.items():
        rows = load(folder, data, way)
        # Without evidence nothing was found at all, whatever the model says.
        bias, weights = fit([r for r in rows if r["half"] == "dev" and r["confidence"] > 0], features,
                            ANSWERABLE_WEIGHT[way])
        print(f"{way}: fitted to dev: bias {bias:.2f}, " + ", ".join(f"{f} {w:.2f}" for f, w in zip(features, weights)))
        for half in ("dev", "test"):
            print(f"  {half}")
            report([r for r in rows if r["half"] == half])
        print("  the whole curve on test, for the model that was fitted")
        curve([r for r in rows if r["half"] == "test"], bias, weights, features)
        print("  calibration on test: confidence, share answerable, questions")
        calibration([r for r in rows if r["half"] == "test"])
        for r in rows:
            if r["found"] != bool(r["label"]) and r["set"] in ("manual", "notes", "near"):
                print(f"    {r['set']}, {r['half']}: {'refused' if r['label'] else 'answered'} at {r['confidence']:.2f}: {r['question']}")


main()
