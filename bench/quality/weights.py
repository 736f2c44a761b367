"""The weight of the semantic leg and the pool's depth, chosen on one half of the queries and reported on the other.

usage: weights.py POOLS DATA [COLLECTION...]     POOLS = a folder with COLLECTION.pools, as search_pools prints them (run.sh makes them)
Split: queries in the collection's order; even ones choose (train), odd ones report (test). Also printed: other ways to join the legs.
"""
import json
import math
import pathlib
import sys

from collections_ import COLLECTIONS, load

DEPTH = 10


def ndcg(ranked, relevant):
    gain = sum(1 / math.log2(i + 2) for i, d in enumerate(ranked[:DEPTH]) if d in relevant)
    return gain / sum(1 / math.log2(i + 2) for i in range(min(DEPTH, len(relevant))))


def documents(scored):
    """Documents by their best passage, best first."""
    best = {}
    for name, score in scored:
        if name not in best or score > best[name]:
            best[name] = score
    return sorted(best, key=lambda d: (-best[d], d))


def legs(pool, depth):
    lexical = sorted((p for p in pool if p[1] is not None), key=lambda p: -p[1])[:depth]
    semantic = sorted((p for p in pool if p[2] is not None), key=lambda p: -p[2])[:depth]
    return lexical, semantic


def convex(pool, weight, depth, lowest=-1):
    """Tarn's: each leg from a fixed lower bound and the pool's best to [0, 1]."""
    lexical, semantic = legs(pool, depth)
    kept = {id(p): p for p in lexical + semantic}.values()
    best_lexical = max((p[1] or 0 for p in kept), default=0) or 1
    best_semantic = max((p[2] if p[2] is not None else lowest for p in kept), default=lowest)
    span = (best_semantic - lowest) or 1
    return documents((p[0], (1 - weight) * (p[1] or 0) / best_lexical + weight * ((p[2] if p[2] is not None else lowest) - lowest) / span)
                     for p in kept)


def minmax(pool, weight, depth):
    """Each leg from the pool's worst and best to [0, 1]."""
    lexical, semantic = legs(pool, depth)
    kept = list({id(p): p for p in lexical + semantic}.values())
    def scaled(i):
        values = [p[i] for p in kept if p[i] is not None]
        low, high = (min(values), max(values)) if values else (0, 1)
        return lambda v: 0 if v is None or high == low else (v - low) / (high - low)
    by_word, by_meaning = scaled(1), scaled(2)
    return documents((p[0], (1 - weight) * by_word(p[1]) + weight * by_meaning(p[2])) for p in kept)


def rrf(pool, depth, k=60):
    lexical, semantic = legs(pool, depth)
    score = {}
    for leg in (lexical, semantic):
        for rank, p in enumerate(leg):
            score.setdefault(id(p), [p[0], 0])[1] += 1 / (k + rank + 1)
    return documents(score.values())


def main():
    folder, data, *names = sys.argv[1:]
    sets = {}
    for name in names or COLLECTIONS:
        _, queries, judged = load(data, name)
        rows = [json.loads(line) for line in (pathlib.Path(folder) / f"{name}.pools").read_text().splitlines()]
        pools = [[[p[0].rsplit("/", 1)[1].removesuffix(".md"), p[1], p[2]] for p in row] for row in rows]
        sets[name] = list(zip(queries, pools, [judged[q] for q in queries]))

    def mean(way, half):
        figures = []
        for rows in sets.values():
            scores = [ndcg(way(pool), relevant) for i, (_, pool, relevant) in enumerate(rows) if half is None or i % 2 == half]
            figures.append(sum(scores) / len(scores))
        return figures + [sum(figures) / len(figures)]

    def show(what, way):
        train, test = mean(way, 0), mean(way, 1)
        print(f"{what:34} train {train[-1]:.4f}   test {test[-1]:.4f}   " + " ".join(f"{f:.4f}" for f in test[:-1]), flush=True)
        return train[-1]

    print(f"{'nDCG@10, mean of the collections':34} {'':14} {'':14}  test of " + ", ".join(sets))
    show("lexical leg", lambda pool: documents((p[0], p[1]) for p in pool if p[1] is not None))
    show("semantic leg", lambda pool: documents((p[0], p[2]) for p in pool if p[2] is not None))
    best = max((show(f"convex, weight {w / 20:.2f}, depth 400", lambda pool: convex(pool, w / 20, 400)), w / 20) for w in range(6, 20))
    print(f"chosen on train: weight {best[1]:.2f}")
    for depth in (50, 100, 200):
        show(f"convex, weight {best[1]:.2f}, depth {depth}", lambda pool: convex(pool, best[1], depth))
    show(f"convex from cosine 0, weight 0.50", lambda pool: convex(pool, 0.5, 400, 0))
    for w in (0.4, 0.5, 0.6):
        show(f"min-max, weight {w:.2f}", lambda pool: minmax(pool, w, 400))
    show("reciprocal ranks, k = 60", lambda pool: rrf(pool, 400))


main()
