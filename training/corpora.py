"""Public data → passages: lists of words with whatever labels a corpus has; a missing label is None and costs no loss.

A `Passage` is one document (or one loose sentence). `training.batches` cuts it into chunks as the run-time does, so that the
model learns to read a sentence among its neighbours.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from lapwing.analysis.words import find_words
from lapwing.evaluation import corpora
from training.names import name_labels, read_name_labels


@dataclass
class Passage:
    """Words of a document with labels per word; `sentence[i]` numbers the sentence of word *i*.

    `heads` are positions in the passage, −1 for a root. `spans` has one list of B/I/O per attribution role.
    `pair` marks words 1 (source) or 2 (target), with the label `relation`.
    """

    name: str
    words: list[str]
    sentence: list[int]
    upos: list[str] | None = None
    xpos: list[str] | None = None
    heads: list[int] | None = None
    deprel: list[str] | None = None
    names: list[str | None] | None = None
    mentions: list[str] | None = None
    spans: dict[str, list[str]] | None = None
    factuality: list[float | None] | None = None
    pair: list[int] | None = None
    relation: str | None = None
    quad: int | None = None
    triggers: list[Any] | None = None
    weight: float = 1.0
    extra: dict[str, Any] = field(default_factory=dict)


# ── Universal Dependencies ────────────────────────────────────────────────────────────────────────────────────────────


def read_conllu(path: Path, *, names: Path | None = None) -> Iterator[Passage]:
    """One passage per document of a CoNLL-U file, with tags, tree and, where MISC has ``Entity=``, names and mention types; or with the
    names that the file `names` has for the same sentences (`training.names`)."""
    labelled = read_name_labels(names) if names else {}
    for name, sentences in corpora.read_conllu(path):
        p = _ud_passage(name, [s.rows for s in sentences])
        if names:
            p.names = [x for s in sentences for x in name_labels(labelled.get(s.sent_id, []), len(s.rows))]
        yield p


def _ud_passage(name: str, rows: list[list[list[str]]]) -> Passage:
    p = Passage(name, [], [], upos=[], xpos=[], heads=[], deprel=[])
    assert p.upos is not None
    assert p.xpos is not None
    assert p.heads is not None
    assert p.deprel is not None
    misc: list[str] = []
    for k, sentence in enumerate(rows):
        base = len(p.words)
        for c in sentence:
            p.words.append(c[1])
            p.sentence.append(k)
            p.upos.append(c[3])
            p.xpos.append(c[4])
            p.heads.append(base + int(c[6]) - 1 if c[6] != "0" else -1)
            p.deprel.append(c[7])
            misc.append(c[9])
    if any("Entity=" in m for m in misc):
        p.names, p.mentions = _gum_entities(p, misc)
    return p


_ENTITY = re.compile(r"\(([^()]+)(\)?)|([^()]+)\)")
_NAME_TYPES = {"person": "PER", "organization": "ORG", "place": "LOC"}
TITLES = frozenset(
    [
        "mr",
        "mr.",
        "mrs",
        "mrs.",
        "ms",
        "ms.",
        "dr",
        "dr.",
        "prof",
        "prof.",
        "president",
        "minister",
        "senator",
        "secretary",
        "general",
        "king",
        "queen",
        "prince",
        "princess",
        "pope",
        "governor",
        "mayor",
        "judge",
        "captain",
        "colonel",
        "major",
        "sir",
        "lord",
        "lady",
        "professor",
        "rep.",
        "sen.",
        "gov.",
        "gen.",
        "justice",
        "chancellor",
        "premier",
    ]
)


def _gum_mentions(misc: list[str]) -> list[tuple[int, int, str]]:
    """(first, last, type) of every mention of a GUM document, from its ``Entity=`` brackets."""
    opened: dict[str, list[tuple[int, str]]] = {}
    found = []
    for i, m in enumerate(misc):
        value = next((f[7:] for f in m.split("|") if f.startswith("Entity=")), "")
        for begin, closed, end in _ENTITY.findall(value):
            if begin:
                parts = begin.split("-")
                if "[" in parts[0]:
                    continue
                if closed:
                    found.append((i, i, parts[1] if len(parts) > 1 else ""))
                else:
                    opened.setdefault(parts[0], []).append((i, parts[1] if len(parts) > 1 else ""))
            elif opened.get(end):
                start, kind = opened[end].pop()
                found.append((start, i, kind))
    return found


def _gum_entities(p: Passage, misc: list[str]) -> tuple[list[str | None], list[str]]:
    assert p.upos is not None
    assert p.heads is not None
    names: list[str | None] = ["O"] * len(p.words)
    mentions = ["none"] * len(p.words)
    for start, end, kind in sorted(_gum_mentions(misc), key=lambda m: m[0] - m[1]):
        head = next((i for i in range(start, end + 1) if not start <= p.heads[i] <= end), end)
        mentions[head] = kind
        if p.upos[head] != "PROPN":
            continue
        first = last = head
        while first > start and (p.upos[first - 1] == "PROPN" or _links_name(p, first - 1, start)):
            first -= 1
        while last < end and (p.upos[last + 1] == "PROPN" or _links_name_right(p, last + 1, end)):
            last += 1
        while first < last and (p.words[first].lower() in TITLES or p.upos[first] != "PROPN"):
            first += 1
        label = _NAME_TYPES.get(kind, "MISC")
        for i in range(first, last + 1):
            names[i] = ("B-" if i == first else "I-") + label
    return names, mentions


def _links_name(p: Passage, i: int, start: int) -> bool:
    assert p.upos is not None
    return i > start and p.words[i].lower() in {"of", "de", "al", "-", "the", "&"} and p.upos[i - 1] == "PROPN"


def _links_name_right(p: Passage, i: int, end: int) -> bool:
    assert p.upos is not None
    if p.words[i].lower() not in {"of", "de", "al", "-", "&"}:
        return False
    following = i + 1
    if following <= end and p.words[following].lower() == "the":
        following += 1
    return following <= end and p.upos[following] == "PROPN"


@cache
def country_words() -> dict[str, str]:
    """Single words that name a country or its people or capital → its code; a word of two countries is left out."""
    table: dict[str, set[str]] = {}
    with (files("lapwing.dictionaries") / "countries.csv").open(encoding="utf8") as f:
        for row in csv.DictReader(f):
            forms = [row["name"], *(form for k in ("aliases", "demonyms", "capital") for form in row[k].split("|"))]
            forms += [m.partition("=")[0] for m in row["metonyms"].split("|")]
            for form in forms:
                word = form.split()[-1] if form.split() else ""
                if word[:1].isupper() and (len(form.split()) == 1 or form.lower().startswith("the ")):
                    table.setdefault(word, set()).add(row["code"])
    return {word: next(iter(codes)) for word, codes in table.items() if len(codes) == 1}


# ── names ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def read_wikigold(path: Path) -> Iterator[Passage]:
    """Wikigold sentences with their names."""
    for document in corpora.read_names(path):
        for k, sentence in enumerate(document):
            yield Passage(f"wikigold.{k}", sentence.words, [0] * len(sentence.words), names=list(sentence.labels))


_RE3D = {"Person": "PER", "Organisation": "ORG", "Location": "LOC"}


def read_re3d(folder: Path) -> Iterator[Passage]:
    """re3d documents. Only capitalised names are taken; a capitalised word outside a name has no label."""
    for sub in sorted(f for f in folder.iterdir() if f.is_dir()):
        spans: dict[str, list[tuple[int, int, str]]] = {}
        for e in json_records(sub / "entities.json"):
            if e["type"] in _RE3D and e.get("confidence", 1) >= 0.5:
                spans.setdefault(e["documentId"], []).append((e["begin"], e["end"], _RE3D[e["type"]]))
        for d in json_records(sub / "documents.json"):
            text = d["text"]
            cut = list(find_words(text))
            words = [text[w.start : w.end] for w in cut]
            labels: list[str | None] = [None if w[0].isupper() else "O" for w in words]
            for start, end, label in sorted(spans.get(d["_id"], []), key=lambda s: s[0] - s[1]):
                inside = [i for i, w in enumerate(cut) if start <= w.start and w.end <= end]
                while inside and (words[inside[0]].lower() == "the" or words[inside[0]].lower() in TITLES):
                    inside.pop(0)
                if label == "ORG" and inside and all(words[i] in country_words() for i in inside):
                    label = "LOC"
                if inside and all(words[i][0].isupper() or words[i] in {"of", "for", "and", "-"} for i in inside):
                    for i in inside:
                        labels[i] = ("B-" if i == inside[0] else "I-") + label
            yield Passage(
                f"re3d.{d['_id']}", words, corpora.plain_sentences(text, [(w.start, w.end) for w in cut]), names=labels
            )


def json_records(path: Path) -> Iterable[dict[str, Any]]:
    """The objects of a file that holds a JSON list or a line of JSON each."""
    raw = path.read_text(encoding="utf8").strip()
    if raw.startswith("["):
        return json.loads(raw)  # type: ignore[no-any-return]
    return [json.loads(line) for line in raw.splitlines() if line.strip()]


# ── attribution ───────────────────────────────────────────────────────────────────────────────────────────────────────


def read_polnear(folder: Path) -> Iterator[Passage]:
    """PolNeAR articles with B/I/O per attribution role; where spans of one role nest, the outer one is labelled."""
    for name, text, marked in corpora.read_polnear(folder):
        cut = [(w.start, w.end) for w in find_words(text)]
        spans = {role: ["O"] * len(cut) for role in ("source", "cue", "content")}
        for role, start, end in sorted(marked, key=lambda s: s[1] - s[2]):
            labels = spans[role]
            inside = [i for i, (s, e) in enumerate(cut) if s < end and e > start]
            if inside and all(labels[i] == "O" for i in inside):
                for i in inside:
                    labels[i] = "B" if i == inside[0] else "I"
        yield Passage(name, [text[s:e] for s, e in cut], corpora.plain_sentences(text, cut), spans=spans)


# ── factuality ────────────────────────────────────────────────────────────────────────────────────────────────────────


def read_factuality(path: Path) -> Iterator[Passage]:
    """Sentences with −3 … +3 for marked words."""
    for k, line in enumerate(path.read_text(encoding="utf8").splitlines()):
        row = json.loads(line)
        words = row["text"].split()
        values: list[float | None] = [None] * len(words)
        for target in row["targets"]:
            if target["span1"][0] < len(words):
                values[target["span1"][0]] = float(target["label"])
        yield Passage(f"{path.stem}.{k}", words, [0] * len(words), factuality=values)


# ── pairs ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def read_pairs(path: Path, *, negatives: bool = False) -> Iterator[Passage]:
    """PLV rows as pairs with their root type, or with `negatives` WikiEvents rows without a political relation."""
    for k, row in enumerate(corpora.read_pairs(path)):
        if negatives and row["gold_binary"] != "0":
            continue
        words, marks = corpora.marked_pair(row["marked_sentence"])
        relation = "none" if negatives else row["root"]
        yield Passage(f"{path.parent.name}.{k}", words, [0] * len(words), pair=marks, relation=relation)


def read_cameo(path: Path) -> Iterator[Passage]:
    """ConfliBERT's source–target sentences; the quad class where it is known, 0 being no relation."""
    for k, line in enumerate(path.read_text(encoding="utf8").splitlines()):
        row = json.loads(line)
        if row["quad"] is None:
            continue
        marks = [1 if t.endswith("-S") else 2 if t.endswith("-T") else 0 for t in row["tags"]]
        if 1 in marks and 2 in marks:
            yield Passage(f"cameo.{k}", row["tokens"], [0] * len(marks), pair=marks, quad=row["quad"])
