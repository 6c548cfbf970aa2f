"""Public data → passages: lists of words with whatever labels a corpus has; a missing label is None and costs no loss.

A `Passage` is one document (or one loose sentence). `training.batches` cuts it into chunks as the run-time does, so that the
model learns to read a sentence among its neighbours.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from glob import escape as glob_escape
from pathlib import Path
from typing import Any

from lapwing.analysis.words import find_words


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


def read_conllu(path: Path) -> Iterator[Passage]:
    """One passage per ``# newdoc`` of a CoNLL-U file, with tags, tree and, where MISC has ``Entity=``, names and mention types."""
    rows: list[list[list[str]]] = []
    name = path.stem
    for block in path.read_text(encoding="utf8").split("\n\n"):
        lines = block.split("\n")
        for line in lines:
            if line.startswith("# newdoc"):
                if rows:
                    yield _ud_passage(name, rows)
                rows, name = [], line.partition("=")[2].strip() or path.stem
        sentence = [line.split("\t") for line in lines if line and not line.startswith("#")]
        sentence = [c for c in sentence if c[0].isdigit()]
        if sentence:
            rows.append(sentence)
    if rows:
        yield _ud_passage(name, rows)


def _ud_passage(name: str, rows: list[list[list[str]]]) -> Passage:
    p = Passage(name, [], [], upos=[], xpos=[], heads=[], deprel=[])
    assert p.upos is not None and p.xpos is not None and p.heads is not None and p.deprel is not None
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
    "mr mr. mrs mrs. ms ms. dr dr. prof prof. president minister senator secretary general king queen prince princess pope governor "
    "mayor judge captain colonel major sir lord lady professor rep. sen. gov. gen. justice chancellor premier".split()
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
    assert p.upos is not None and p.heads is not None
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


# ── names ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def read_wikigold(path: Path) -> Iterator[Passage]:
    """Wikigold CoNLL: ``word tag`` lines, blank between sentences; tags I-PER … become B/I."""
    words: list[str] = []
    tags: list[str] = []
    count = 0
    for line in [*path.read_text(encoding="utf8").split("\n"), ""]:
        if line.strip() and not line.startswith("-DOCSTART-"):
            word, tag = line.rsplit(" ", 1)
            words.append(word)
            tags.append(tag)
        elif words:
            labels: list[str | None] = []
            for i, tag in enumerate(tags):
                begins = tag != "O" and (i == 0 or tags[i - 1] != tag)
                labels.append("O" if tag == "O" else ("B-" if begins else "I-") + tag[2:])
            yield Passage(f"wikigold.{count}", words, [0] * len(words), names=labels)
            words, tags, count = [], [], count + 1


_RE3D = {"Person": "PER", "Organisation": "ORG", "Location": "LOC"}


def read_re3d(folder: Path) -> Iterator[Passage]:
    """re3d documents. Only capitalised names are taken; a capitalised word outside a name has no label."""
    for sub in sorted(f for f in folder.iterdir() if f.is_dir()):
        spans: dict[str, list[tuple[int, int, str]]] = {}
        for e in _json_records(sub / "entities.json"):
            if e["type"] in _RE3D and e.get("confidence", 1) >= 0.5:
                spans.setdefault(e["documentId"], []).append((e["begin"], e["end"], _RE3D[e["type"]]))
        for d in _json_records(sub / "documents.json"):
            text = d["text"]
            cut = list(find_words(text))
            words = [text[w.start : w.end] for w in cut]
            labels: list[str | None] = [None if w[0].isupper() else "O" for w in words]
            for start, end, label in sorted(spans.get(d["_id"], []), key=lambda s: s[0] - s[1]):
                inside = [i for i, w in enumerate(cut) if start <= w.start and w.end <= end]
                while inside and (words[inside[0]].lower() == "the" or words[inside[0]].lower() in TITLES):
                    inside.pop(0)
                if inside and all(words[i][0].isupper() or words[i] in {"of", "for", "and", "-"} for i in inside):
                    for i in inside:
                        labels[i] = ("B-" if i == inside[0] else "I-") + label
            yield Passage(f"re3d.{d['_id']}", words, plain_sentences(text, [(w.start, w.end) for w in cut]), names=labels)


def _json_records(path: Path) -> Iterable[dict[str, Any]]:
    raw = path.read_text(encoding="utf8").strip()
    if raw.startswith("["):
        return json.loads(raw)  # type: ignore[no-any-return]
    return [json.loads(line) for line in raw.splitlines() if line.strip()]


# ── attribution ───────────────────────────────────────────────────────────────────────────────────────────────────────


def read_polnear(folder: Path) -> Iterator[Passage]:
    """PolNeAR articles with B/I/O per attribution role; where spans of one role nest, the outer one is labelled."""
    for path in sorted((folder / "text").glob("*.txt")):
        text = path.read_text(encoding="utf8")
        cut = [(w.start, w.end) for w in find_words(text)]
        spans = {role: ["O"] * len(cut) for role in ("source", "cue", "content")}
        for role, start, end in sorted(polnear_spans(folder, path.stem), key=lambda s: s[1] - s[2]):
            labels = spans[role]
            inside = [i for i, (s, e) in enumerate(cut) if s < end and e > start]
            if inside and all(labels[i] == "O" for i in inside):
                for i in inside:
                    labels[i] = "B" if i == inside[0] else "I"
        yield Passage(path.stem, [text[s:e] for s, e in cut], plain_sentences(text, cut), spans=spans)


_BRAT = re.compile(r"(?m)^T\d+\t(Source|Cue|Content) (\d+ \d+(?:;\d+ \d+)*)\t")


def polnear_spans(folder: Path, stem: str) -> Iterator[tuple[str, int, int]]:
    """(role, start, end) of the brat files beside an article; the parts of a split span come apart."""
    for ann in sorted((folder / "attributions").glob(f"{glob_escape(stem)}_????.ann")):
        for role, offsets in _BRAT.findall(ann.read_text(encoding="utf8")):
            for part in offsets.split(";"):
                start, end = part.split()
                yield role.lower(), int(start), int(end)


_STOP = re.compile(r"[.!?]+[\"'”’)\]]*$")


def plain_sentences(text: str, cut: list[tuple[int, int]]) -> list[int]:
    """Rough sentence numbers, enough to cut chunks at: a new line, or a stop before a capital."""
    numbers, current = [], 0
    for i, (s, _) in enumerate(cut):
        if i:
            ps, pe = cut[i - 1]
            gap = text[pe:s]
            before = text[max(0, pe - 3) : pe]
            if "\n" in gap or (gap and _STOP.search(before) and text[ps:pe][-1] in ".!?\"”’)" and text[s].isupper()):
                current += 1
        numbers.append(current)
    return numbers


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

_MARK = re.compile(r"</?[st]>")


def marked_pair(marked: str) -> tuple[list[str], list[int]]:
    """Words of a sentence with ``<s>…</s>`` and ``<t>…</t>``, and for each 0, 1 (source) or 2 (target)."""
    words: list[str] = []
    marks: list[int] = []
    state, position = 0, 0
    for m in [*_MARK.finditer(marked), None]:
        piece = marked[position : m.start() if m else len(marked)]
        found = [piece[w.start : w.end] for w in find_words(piece)]
        words += found
        marks += [state] * len(found)
        if m:
            state = {"<s>": 1, "<t>": 2}.get(m.group(), 0)
            position = m.end()
    return words, marks


def read_pairs(path: Path, *, negatives: bool = False) -> Iterator[Passage]:
    """PLV rows as pairs with their root type, or with `negatives` WikiEvents rows without a political relation."""
    lines = path.read_text(encoding="utf8").split("\n")
    columns = lines[0].split("\t")
    for k, line in enumerate(lines[1:]):
        row = dict(zip(columns, line.split("\t"), strict=False))
        if not row.get("marked_sentence") or (negatives and row["gold_binary"] != "0"):
            continue
        words, marks = marked_pair(row["marked_sentence"])
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
