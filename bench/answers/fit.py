"""The confidence model and its threshold: chosen on the development half of the questions, reported on the test half.

usage: fit.py QUESTIONS.tsv WITH_ENCODER.jsonl BY_WORD.jsonl     (the .jsonl as answer_questions prints them, one line a question)
Prints, for each way: the model fitted to the development half (for src/answer/evidence.cc), and how the program as it stands (its own
confidence, found and quotes) does on both halves.
"""
import json
import math
import sys

FEATURES = {"with encoder": ("similarity", "coverage", "match"), "by word": ("coverage", "match")}
RIDGE = 0.1  # keeps weights finite where the halves can be parted without an error


def sigmoid(x):
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, x))))


def fit(rows, features, steps=20000, rate=0.5):
    """Logistic regression by gradient descent, both classes with equal weight."""
    weights, bias = [0.0] * len(features), 0.0
    count = {label: sum(1 for r in rows if r["label"] == label) for label in (0, 1)}
    for _ in range(steps):
        gradient, gradient_bias = [RIDGE * w / len(rows) for w in weights], 0.0
        for r in rows:
            values = [r["evidence"][f] for f in features]
            error = (sigmoid(bias + sum(w * v for w, v in zip(weights, values))) - r["label"]) / (2 * count[r["label"]])
            gradient_bias += error
            for i, v in enumerate(values):
                gradient[i] += error * v
        bias -= rate * gradient_bias
        weights = [w - rate * g for w, g in zip(weights, gradient)]
    return bias, weights


def report(rows, half):
    answerable = [r for r in rows if r["label"] == 1]
    cited = sum(1 for r in answerable if r["found"] and any(page(q["uri"]) in r["pages"] for q in r["quotes"]))
    first = sum(1 for r in answerable if r["found"] and r["quotes"] and page(r["quotes"][0]["uri"]) in r["pages"])
    answered = sum(r["found"] for r in answerable)
    print(f"  {half}: answered {answered} of {len(answerable)}, right page quoted {cited}, quoted first {first};", end=" ")
    kinds = sorted({r["kind"] for r in rows if r["label"] == 0})
    print("refused " + ", ".join(f"{k} {sum(not r['found'] for r in rows if r['kind'] == k)} of {sum(r['kind'] == k for r in rows)}" for k in kinds),
          f"; Brier {sum((r['confidence'] - r['label']) ** 2 for r in rows) / len(rows):.3f}")


def page(uri):
    return uri.rsplit("/", 1)[1]


def calibration(rows):
    print("  calibration (test): confidence → share answerable (questions)")
    for low in (0, 0.1, 0.3, 0.5, 0.7, 0.9):
        high = {0: 0.1, 0.1: 0.3, 0.3: 0.5, 0.5: 0.7, 0.7: 0.9, 0.9: 1.01}[low]
        inside = [r for r in rows if low <= r["confidence"] < high]
        if inside:
            print(f"    {low:.1f} to {min(high, 1.0):.1f}: {sum(r['label'] for r in inside) / len(inside):.2f} ({len(inside)})")


def main():
    questions = [line.rstrip("\n").split("\t") for line in open(sys.argv[1], encoding="utf-8")]
    for way, path in zip(FEATURES, sys.argv[2:4]):
        rows = []
        for (half, kind, question, pages), line in zip(questions, open(path, encoding="utf-8")):
            row = json.loads(line)
            assert row["question"] == question, question
            row.update(half=half, kind=kind, pages=set(pages.split()), label=int(kind == "answerable"))
            rows.append(row)
        assert len(rows) == len(questions)
        bias, weights = fit([r for r in rows if r["half"] == "dev"], FEATURES[way])
        print(f"{way}: fitted to the development half: bias {bias:.2f}, " + ", ".join(f"{f} {w:.2f}" for f, w in zip(FEATURES[way], weights)))
        for half in ("dev", "test"):
            report([r for r in rows if r["half"] == half], half)
        calibration([r for r in rows if r["half"] == "test"])
        for r in rows:
            if r["found"] != bool(r["label"]):
                print(f"    {r['half']}: {'refused' if r['label'] else 'answered'} at {r['confidence']:.2f}: {r['question']}")


main()
