"""The confidence model and its threshold: fitted to the development half of the questions, reported on the test half.

usage: fit.py QUESTIONS.tsv FOLDER [DATA]
FOLDER holds what answer_questions printed: questions.WAY.jsonl, and with DATA (the test collections) also QUERIES.CORPUS.WAY.jsonl, where
QUERIES and CORPUS are collections: the same one (answerable; the judged documents answer) or another (unanswerable). WAY is with_encoder or
by_word. Halves: as QUESTIONS.tsv says; of a collection's queries the even lines are dev, the odd ones test.
Prints for each way the fitted model (for src/answer/evidence.cc), and how the program as it stands does: its own found, confidence, quotes.
"""
import json
import math
import pathlib
import sys

# How each way's evidence is weighed; ln(words) for the length of the question.
FEATURES = {"with_encoder": ("passage", "coverage", "length"), "by_word": ("coverage", "match", "length")}
RIDGE = 0.1


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


def fit(rows, features):
    """Logistic regression by Newton's method; both classes weigh the same, RIDGE keeps weights finite."""
    inputs = [[1.0] + [r["evidence"][f] for f in features] for r in rows]
    count = {label: sum(1 for r in rows if r["label"] == label) for label in (0, 1)}
    share = [len(rows) / (2 * count[r["label"]]) for r in rows]
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


def read(path, describe):
    """Rows of one file; describe(line number, question) gives half, kind, pages."""
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").rstrip("\n").split("\n")):
        row = json.loads(line)
        row["half"], row["kind"], row["pages"] = describe(number, row["question"])
        row["label"] = int(row["kind"] in ("answerable", "collection"))
        row["evidence"]["length"] = math.log(max(1, row["evidence"]["words"]))
        rows.append(row)
    return rows


def load(questions, folder, data, way, known={}):
    def described(number, question):
        half, kind, text, pages = questions[number]
        assert text == question, question
        return half, kind, set(pages.split())

    rows = read(folder / f"questions.{way}.jsonl", described)
    for path in sorted(folder.glob(f"ir-*.{way}.jsonl")) if data else ():
        sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "quality"))
        import collections_
        source, corpus = path.name.split(".")[:2]
        if source not in known:
            _, queries, relevant = collections_.load(data, source)
            known[source] = [relevant[q] for q in queries]
        judged = known[source]
        rows += read(path, lambda n, _: ("dev" if n % 2 == 0 else "test", "collection" if source == corpus else "foreign",
                                         {f"{d}.md" for d in judged[n]}))
    return rows


def report(rows):
    for kind in ("answerable", "collection"):
        asked = [r for r in rows if r["kind"] == kind]
        if asked:
            answered = [r for r in asked if r["found"]]
            quoted = sum(any(page(q["uri"]) in r["pages"] for q in r["quotes"]) for r in answered)
            first = sum(page(r["quotes"][0]["uri"]) in r["pages"] for r in answered)
            print(f"    {kind}: answered {len(answered)} of {len(asked)}; a right page quoted {quoted}, quoted first {first}")
    refused = []
    for kind in ("near", "other", "off", "foreign"):
        asked = [r for r in rows if r["kind"] == kind]
        if asked:
            refused.append(f"{kind} {sum(not r['found'] for r in asked)} of {len(asked)}")
    print("    refused: " + ", ".join(refused), f"; Brier score {sum((r['confidence'] - r['label']) ** 2 for r in rows) / len(rows):.3f}")


def calibration(rows):
    print("  calibration on test: confidence, share answerable, questions")
    edges = [0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.01]
    for low, high in zip(edges, edges[1:]):
        inside = [r for r in rows if low <= r["confidence"] < high]
        if inside:
            print(f"    {low:.1f} to {min(high, 1.0):.1f}: {sum(r['label'] for r in inside) / len(inside):.2f} ({len(inside)})")


def main():
    questions = [line.rstrip("\n").split("\t") for line in open(sys.argv[1], encoding="utf-8")]
    folder, data = pathlib.Path(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else None
    for way, features in FEATURES.items():
        rows = load(questions, folder, data, way)
        bias, weights = fit([r for r in rows if r["half"] == "dev"], features)
        print(f"{way}: fitted to dev: bias {bias:.2f}, " + ", ".join(f"{f} {w:.2f}" for f, w in zip(features, weights)))
        for half in ("dev", "test"):
            print(f"  {half}")
            report([r for r in rows if r["half"] == half])
        calibration([r for r in rows if r["half"] == "test"])
        for r in rows:
            if r["found"] != bool(r["label"]) and r["kind"] in ("answerable", "near", "other", "off"):
                print(f"    {r['half']}: {'refused' if r['label'] else 'answered'} at {r['confidence']:.2f}: {r['question']}")


main()
