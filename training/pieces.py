"""The word pieces that the model keeps of MiniLM's 30,522: those that English news uses.

    python -m training.pieces ROOT

A piece stays when it occurs at least twice in the training texts, and every letter and sign of the Latin script stays, so that any
word can still be spelt. The rest of the room goes to Latin pieces in MiniLM's own order, which is that of frequency. What is dropped
(other scripts, rare names) is read in smaller pieces. The list is ``pieces.txt``; [PAD], [UNK], [CLS] and [SEP] keep MiniLM's numbers.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from lapwing.analysis.words import find_words
from training.encoder import base_folder

ROOM = 22_000
SPECIAL = 104
"""The first numbers of the base: [PAD], a hundred unused, [UNK], [CLS], [SEP], [MASK]."""


def words_of(root: Path) -> Iterator[str]:
    """Every word of the training texts."""
    from training.corpora import read_cameo, read_pairs
    from training.gold import read_articles
    from training.train import WRITTEN, base_passages

    data = root / "data"
    pairs = [read_pairs(data / "plv/train.tsv"), read_pairs(data / "wikievents_pairs/train.tsv", negatives=True)]
    for passages in (base_passages(data), *pairs, read_cameo(data / "cameo_st/train.jsonl")):
        for p in passages:
            yield from p.words
    for folder in (root / "gold/train", WRITTEN):
        for article in read_articles(folder):
            text = article["text"]
            yield from (text[w.start : w.end] for w in find_words(text))


def is_latin(piece: str) -> bool:
    """Latin letters, digits and common signs only."""
    return all(ord(c) < 0x250 or 0x2010 <= ord(c) < 0x2060 or 0x20A0 <= ord(c) < 0x20D0 for c in piece)


def choose(vocabulary: dict[str, int], counts: Counter[int]) -> list[str]:
    """The pieces to keep, in the base's order. `counts` has the uses of each number."""
    ordered = sorted(vocabulary, key=lambda p: vocabulary[p])
    needed = {
        p for p in ordered
        if vocabulary[p] < SPECIAL or counts[vocabulary[p]] >= 2 or (len(p.removeprefix("##")) == 1 and is_latin(p))
    }  # fmt: skip
    useful = [p for p in ordered if p not in needed and is_latin(p) and not p.startswith("[")]
    useful.sort(key=lambda p: (-counts[vocabulary[p]], vocabulary[p]))
    kept = needed | set(useful[: max(0, ROOM - len(needed))])
    return [p for p in ordered if p in kept]


def count_pieces(words: Iterable[str]) -> Counter[int]:
    """How often each of the base's numbers stands in `words`."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(base_folder() / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    counts: Counter[int] = Counter()
    for word, n in Counter(words).items():
        for number in tokenizer.encode(word, add_special_tokens=False).ids:
            counts[number] += n
    return counts


def main() -> None:
    """Choose and write."""
    vocabulary = json.loads((base_folder() / "tokenizer.json").read_text(encoding="utf8"))["model"]["vocab"]
    kept = choose(vocabulary, count_pieces(words_of(Path(sys.argv[1]))))
    Path(__file__).with_name("pieces.txt").write_text("".join(f"{p}\n" for p in kept), encoding="utf8")
    print(f"{len(kept)} of {len(vocabulary)} pieces kept")


if __name__ == "__main__":
    main()
