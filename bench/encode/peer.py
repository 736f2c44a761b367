#!/usr/bin/env python3
"""OpenVINO's own speed on the token batches that Tarn encodes, beside Tarn's in the same run: bench/encode/run.sh.

The peer is OpenVINO's Python package: the same graph made with its opset API, texts sorted by length, an AsyncInferQueue, the best of the
configurations below. It gets token ids, so that its time holds no tokenizing; Tarn's holds all. Runs take turns, and the best of each counts.
"""
import argparse
import html.parser
import json
import pathlib
import struct
import subprocess
import time

import numpy as np
import openvino as ov
from openvino import opset13 as op
from tokenizers import Tokenizer

CONFIGURATIONS = [  # streams, tokens a batch, attention
    (2, 2048, "sdpa"), (2, 1024, "sdpa"), (2, 4096, "sdpa"), (1, 2048, "sdpa"), (1, 4096, "sdpa"), (2, 2048, "plain"), (1, 4096, "plain"),
]


class Paragraphs(html.parser.HTMLParser):
    """Text of the paragraphs of a page, white space collapsed."""

    def __init__(self):
        super().__init__()
        self.out, self.depth = [], 0

    def handle_starttag(self, tag, attrs):
        if tag in ("p", "pre", "dd"):
            self.depth += 1
            self.out.append("")

    def handle_endtag(self, tag):
        if tag in ("p", "pre", "dd") and self.depth:
            self.depth -= 1

    def handle_data(self, data):
        if self.depth and self.out:
            self.out[-1] += data


def make_passages(folder, count):
    passages = []
    for page in sorted(pathlib.Path(folder).glob("*.html")):
        parser = Paragraphs()
        parser.feed(page.read_text(encoding="utf-8", errors="replace"))
        passage = []
        for paragraph in parser.out:
            passage += paragraph.split()
            if len(passage) >= 80:  # passages of some 80 to 200 words, and the rest of a page
                passages.append(" ".join(passage[:200]))
                passage = []
        if len(passage) > 5:
            passages.append(" ".join(passage))
    step = max(1, len(passages) // count)
    return passages[::step][:count]


def read_ids(path):
    data, rows, at = np.fromfile(path, np.int32), [], 0
    while at < len(data):
        rows.append(data[at + 1:at + 1 + data[at]])
        at += 1 + data[at]
    return rows


def read_safetensors(path):
    raw = np.memmap(path, np.uint8, mode="r")
    size = struct.unpack("<Q", raw[:8].tobytes())[0]
    header = json.loads(raw[8:8 + size].tobytes())
    return {name: raw[8 + size + e["data_offsets"][0]:8 + size + e["data_offsets"][1]].view(np.float32).reshape(e["shape"])
            for name, e in header.items() if name != "__metadata__" and e["dtype"] == "F32"}


def build(model, attention):
    config = json.loads((model / "config.json").read_text())
    weights = read_safetensors(model / "model.safetensors")
    hidden, heads = config["hidden_size"], config["num_attention_heads"]
    const = lambda name: op.constant(weights[name])
    linear = lambda x, name: op.add(op.matmul(x, const(name + ".weight"), False, True), const(name + ".bias"))

    def norm(x, name):
        x = op.mvn(x, op.constant([-1]), True, config["layer_norm_eps"], "inside_sqrt")
        return op.add(op.multiply(x, const(name + ".weight")), const(name + ".bias"))

    def by_head(x):
        return op.transpose(op.reshape(x, op.constant([0, 0, heads, hidden // heads]), True), op.constant([0, 2, 1, 3]))

    ids, mask = op.parameter([-1, -1], np.int32), op.parameter([-1, -1], np.float32)
    length = op.gather(op.shape_of(ids), op.constant([1]), op.constant(0))
    places = op.constant(weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0])
    words = op.gather(const("embeddings.word_embeddings.weight"), ids, op.constant(0))
    x = norm(op.add(words, op.slice(places, op.constant([0]), length, op.constant([1]), op.constant([0]))), "embeddings.LayerNorm")
    bias = op.unsqueeze(op.multiply(op.subtract(op.constant(np.float32(1)), mask), op.constant(np.float32(-1e4))), op.constant([1, 2]))
    for i in range(config["num_hidden_layers"]):
        p = f"encoder.layer.{i}."
        q, k, v = (by_head(linear(x, p + "attention.self." + n)) for n in ("query", "key", "value"))
        if attention == "sdpa":
            c = op.scaled_dot_product_attention(q, k, v, bias)
        else:
            scores = op.matmul(op.multiply(q, op.constant(np.float32((hidden // heads) ** -0.5))), k, False, True)
            c = op.matmul(op.softmax(op.add(scores, bias), -1), v, False, False)
        c = op.reshape(op.transpose(c, op.constant([0, 2, 1, 3])), op.constant([0, 0, hidden]), True)
        x = norm(op.add(linear(c, p + "attention.output.dense"), x), p + "attention.output.LayerNorm")
        x = norm(op.add(linear(op.gelu(linear(x, p + "intermediate.dense"), "erf"), p + "output.dense"), x), p + "output.LayerNorm")
    column = op.unsqueeze(mask, op.constant([2]))
    mean = op.divide(op.reduce_sum(op.multiply(x, column), op.constant([1])), op.reduce_sum(column, op.constant([1])))
    return ov.Model([op.normalize_l2(mean, op.constant([1]), 1e-24, "max")], [ids, mask], "bert")


def make_batches(rows, budget):
    order = sorted(range(len(rows)), key=lambda i: -len(rows[i]))
    groups = []
    for i in order:
        if not groups or (len(groups[-1]) + 1) * len(rows[groups[-1][0]]) > budget:
            groups.append([])
        groups[-1].append(i)
    batches = []
    for group in groups:
        ids = np.zeros((len(group), len(rows[group[0]])), np.int32)
        mask = np.zeros(ids.shape, np.float32)
        for r, i in enumerate(group):
            ids[r, :len(rows[i])] = rows[i]
            mask[r, :len(rows[i])] = 1
        batches.append((group, ids, mask))
    return batches


class Peer:
    def __init__(self, model, rows, precision):
        self.model, self.rows, self.precision, self.compiled = model, rows, precision, {}

    def run(self, configuration):
        """Seconds on the wall and of the processor, and the vectors."""
        streams, budget, attention = configuration
        if configuration not in self.compiled:
            self.compiled[configuration] = ov.Core().compile_model(build(self.model, attention), "CPU", {
                "INFERENCE_PRECISION_HINT": self.precision, "NUM_STREAMS": streams, "INFERENCE_NUM_THREADS": 2,
                "PERFORMANCE_HINT": "THROUGHPUT"})
        compiled, batches = self.compiled[configuration], make_batches(self.rows, budget)
        out = np.zeros((len(self.rows), 384), np.float32)
        queue = ov.AsyncInferQueue(compiled, streams)
        queue.set_callback(lambda request, group: out.__setitem__(group, request.get_output_tensor().data))
        cpu, wall = time.process_time(), time.perf_counter()
        for group, ids, mask in batches:
            queue.start_async([ids, mask], group)
        queue.wait_all()
        return time.perf_counter() - wall, time.process_time() - cpu, out


def main():
    parser = argparse.ArgumentParser()
    for name in ("program", "module", "model", "pages", "work"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--count", type=int, default=600)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--precision", default="bf16")
    args = parser.parse_args()
    work, model = pathlib.Path(args.work), pathlib.Path(args.model)
    work.mkdir(parents=True, exist_ok=True)
    passages = make_passages(args.pages, args.count)
    (work / "passages.txt").write_text("".join(p + "\n" for p in passages), encoding="utf-8")

    def tarn():
        command = [args.program, "passages", args.model, args.module, "2", args.precision, work / "passages.txt", work / "tarn"]
        return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

    ours = [tarn()]
    rows = read_ids(work / "tarn.ids")
    tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(256)
    tokenizer.encode_special_tokens = True
    assert len(rows) == len(passages)
    differing = sum(tokenizer.encode(p).ids != list(r) for p, r in zip(passages, rows))
    tokens = sum(map(len, rows))
    print(f"{len(rows)} passages, {tokens} tokens ({tokens / len(rows):.0f} each), {differing} tokenized differently by the reference")
    assert differing == 0

    peer, seen = Peer(model, rows, args.precision), {c: [] for c in CONFIGURATIONS}
    for r in range(args.rounds):
        for c in CONFIGURATIONS:
            if r == 0:
                peer.run(c)  # kernels are made
            wall, cpu, vectors = peer.run(c)
            seen[c].append((wall, cpu))
        ours.append(tarn())
    for c in CONFIGURATIONS:
        print(f"  peer {c}: {tokens / min(s[0] for s in seen[c]):.0f} tokens/s, {tokens / min(s[1] for s in seen[c]):.0f} a core second")
    mine = np.fromfile(work / "tarn.f32", np.float32).reshape(len(rows), -1)
    cosine = (mine * vectors).sum(1)
    print(f"vectors: least cosine with the peer's {cosine.min():.6f}")
    assert cosine.min() > 0.999
    best_wall = tokens / min(s[0] for c in seen.values() for s in c)
    best_cpu = tokens / min(s[1] for c in seen.values() for s in c)
    our_wall, our_cpu = tokens / min(o["wall_s"] for o in ours), tokens / min(o["cpu_s"] for o in ours)
    print(f"tarn {our_wall:.0f} tokens/s, OpenVINO {best_wall:.0f}: ratio {our_wall / best_wall:.3f}")
    print(f"by core seconds (where others use the machine): tarn {our_cpu:.0f}, OpenVINO {best_cpu:.0f}: ratio {our_cpu / best_cpu:.3f}")


if __name__ == "__main__":
    main()
