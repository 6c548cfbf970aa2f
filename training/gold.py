"""Gold articles → passages with event labels; and the mix of corpora that the ``full`` stage learns from.

The label of an event sits on the head word of its trigger, found with the tree of the ``base`` model, so that "carried out
manoeuvres" is one event and not three. Fillers of roles are word positions: where the annotated text stands in the trigger's
sentence, else words of that sentence which name the same country, else wherever the text stands nearest.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from lapwing.analysis import load_model, parse_words
from lapwing.analysis.chunks import near_range
from lapwing.analysis.network import Model
from lapwing.analysis.words import find_words
from lapwing.codebook import load_codebook
from lapwing.records import Token
from training.annotated import annotated_articles
from training.corpora import Passage, country_words, read_cameo, read_pairs

ROLE_WEIGHTS = {"actor": 1.0, "recipient": 1.0, "source": 0.8, "place": 0.5, "date": 0.5}
YIELD = {"CONCEDE": "YIELD", "RETREAT": "YIELD"}


def read_articles(root: Path) -> Iterator[dict[str, Any]]:
    """Articles with their events, from a folder with ``docs`` and ``gold`` or with written ``*.jsonl``."""
    for path in sorted((root / "docs").glob("*.json")):
        article = json.loads(path.read_text(encoding="utf8"))
        gold = json.loads((root / "gold" / path.name).read_text(encoding="utf8"))
        yield {**article, "events": gold["events"]}
    for path in sorted(root.glob("*.jsonl")):
        for line in path.read_text(encoding="utf8").splitlines():
            if line.strip():
                yield json.loads(line)


def held_out(doc_id: str) -> bool:
    """One article in eight is kept out of training: decoding is tuned on those (`training.tune`)."""
    return hashlib.sha256(doc_id.encode()).digest()[0] % 8 == 0


def event_passages(root: Path, parser: Model) -> Iterator[Passage]:
    """Each article as a passage with `triggers`."""
    for article in read_articles(root):
        yield article_passage(article, parser)


def article_passage(article: dict[str, Any], parser: Model) -> Passage:
    """Words, sentence numbers and labelled triggers of one article."""
    words: list[str] = []
    numbers: list[int] = []
    places: list[tuple[int, int]] = []
    text, position = article["text"], 0
    for k, sentence in enumerate(article["sentences"]):
        start = text.find(sentence, position)
        start = start if start >= 0 else text.find(sentence)
        if start < 0:
            continue
        position = max(position, start + len(sentence))
        for w in find_words(text, start=start, end=start + len(sentence)):
            words.append(text[w.start : w.end])
            numbers.append(k)
            places.append((w.start, w.end))
    tokens = parse_words(words, numbers, parser, places=places)
    found = Located(text, words, numbers, places, tokens)
    events = [e for e in (_event(found, raw) for raw in article["events"]) if e]
    seen: set[int] = set()
    unique = [e for e in events if not (e["head"] in seen or seen.add(e["head"]))]  # type: ignore[func-returns-value]
    lookalikes = _lookalikes(tokens, events)
    unknown = unsettled(words, unique, lookalikes)
    return Passage(
        article["doc_id"], words, numbers, triggers=unique, extra={"lookalikes": lookalikes, "unknown": unknown}
    )


STEM = 5


def unsettled(words: Sequence[str], events: Sequence[dict[str, Any]], lookalikes: Sequence[int]) -> list[int]:
    """Words of which the annotation does not say that they are no act: the other words of a trigger, any of which may tell it
    elsewhere ("carried out | manoeuvres"), and words that look like a trigger and share its stem, since a repeated act is annotated
    only once."""
    heads = {e["head"] for e in events}
    told = {words[e["head"]].lower()[:STEM] for e in events if not e.get("optional")}
    parts = {i for e in events for i in range(e["start"], e["end"])}
    again = {i for i in lookalikes if words[i].lower()[:STEM] in told}
    return sorted((parts | again) - heads)


def _lookalikes(tokens: Sequence[Token], events: Sequence[dict[str, Any]]) -> list[int]:
    """Words that the codebook lists as triggers, outside the triggers of the article."""
    inside = {i for e in events for i in range(e["start"], e["end"])}
    codebook = load_codebook()
    return [
        t.i
        for t in tokens
        if t.i not in inside and t.upos in ("VERB", "NOUN") and codebook.find_triggers(t.lemma.lower(), t.upos)
    ]


def near_passages(passages: Iterable[Passage]) -> Iterator[Passage]:
    """Each event once more from near: its sentence and the one before, the trigger marked, so that the model reads the sentence for
    this act alone. Half as many words that only look like triggers are marked too, and are to be known for none."""
    for p in passages:
        events = [e for e in p.triggers or [] if not e.get("optional")]
        rng = random.Random(p.name)
        lookalikes = p.extra["lookalikes"]
        chosen = sorted(rng.sample(lookalikes, min((len(events) + 1) // 2, len(lookalikes))))
        for e in events:
            yield _near(p, e["head"], e["start"], e["end"], [e])
        for i in chosen:
            yield _near(p, i, i, i + 1, [])


def _near(p: Passage, head: int, start: int, end: int, events: list[dict[str, Any]]) -> Passage:
    a, b = near_range(p.sentence, head)
    shifted = [
        {
            **e,
            "head": e["head"] - a, "start": max(0, e["start"] - a), "end": e["end"] - a,
            "fillers": [
                (role, [i - a for i in words if a <= i < b], weight)
                for role, words, weight in e["fillers"]
                if not words or any(a <= i < b for i in words)
            ],
        }
        for e in events
    ]  # fmt: skip
    marks = [3 if start <= i < end else 0 for i in range(a, b)]
    others = [i - a for i in range(a, b) if i != head]
    return Passage(
        f"{p.name}.near.{head}", p.words[a:b], p.sentence[a:b], pair=marks, triggers=shifted, extra={"unknown": others}
    )


class Located:
    """An article's words with their offsets and tree, for finding annotated strings in it."""

    def __init__(
        self,
        text: str,
        words: list[str],
        numbers: list[int],
        places: list[tuple[int, int]],
        tokens: Sequence[Token],
    ) -> None:
        self.text, self.words, self.numbers, self.places, self.tokens = text, words, numbers, places, tokens

    def occurrences(self, piece: str) -> list[list[int]]:
        """Word positions of every occurrence of `piece`."""
        found, start = [], self.text.find(piece)
        while start >= 0 and piece:
            end = start + len(piece)
            inside = [i for i, (s, e) in enumerate(self.places) if s < end and e > start]
            if inside:
                found.append(inside)
            start = self.text.find(piece, start + 1)
        return found

    def head_of(self, span: Sequence[int]) -> int:
        """The word of `span` that governs most of the others, function words last."""
        inside = set(span)

        def depth(i: int) -> int:
            steps, at = 0, i
            while at in inside and steps < 60:
                at, steps = self.tokens[at].head, steps + 1
            return steps

        content = [i for i in span if self.tokens[i].upos in ("VERB", "NOUN", "ADJ", "PROPN", "ADV")] or list(span)
        return min(content, key=lambda i: (depth(i), i))


def _event(found: Located, raw: dict[str, Any]) -> dict[str, Any] | None:
    spans = found.occurrences(raw["trigger"])
    near = sorted(spans, key=lambda s: abs(found.numbers[s[0]] - raw["sentence"]))
    if not near or abs(found.numbers[near[0][0]] - raw["sentence"]) > 1:
        return None
    span = near[0]
    head = found.head_of(span)
    fillers = [f for role, values in _fillers(raw) for f in _positions(found, role, values, found.numbers[head])]
    return {
        "head": head,
        "start": span[0],
        "end": span[-1] + 1,
        "type": raw["type"],
        "mode": raw.get("mode"),
        "status": raw["status"],
        "fillers": fillers,
        "optional": raw.get("optional", False),
        "raw": raw,
    }


def _fillers(raw: dict[str, Any]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for role, key in (("actor", "actors"), ("recipient", "recipients")):
        yield role, [e for e in raw.get(key) or [] if e.get("text")]
    for role in ("source", "place", "date"):
        value = raw.get(role)
        yield role, [value] if value and value.get("text") else []


def _positions(
    found: Located, role: str, values: list[dict[str, Any]], sentence: int
) -> Iterator[tuple[str, list[int], float]]:
    weight = ROLE_WEIGHTS[role]
    if not values:
        yield role, [], weight
    for value in values:
        spans = found.occurrences(value["text"])
        here = [i for s in spans for i in s if found.numbers[i] == sentence]
        if not here and role in ("actor", "recipient", "source", "place"):
            here = _same_country(found, value.get("country"), sentence)
        if not here and spans:
            nearest = min(abs(found.numbers[s[0]] - sentence) for s in spans)
            here = [i for s in spans for i in s if abs(found.numbers[s[0]] - sentence) == nearest]
        if here:
            yield role, [i for i in here if found.words[i].isalnum()] or here, weight / len(values) ** 0.5


def _same_country(found: Located, country: str | None, sentence: int) -> list[int]:
    names = country_words()
    return [
        i
        for i, word in enumerate(found.words)
        if country and found.numbers[i] == sentence and names.get(word) == country
    ]


def pair_passages(passages: Sequence[Passage]) -> Iterator[Passage]:
    """Events whose actor and recipient stand in the trigger's sentence, as marked pairs in the benchmark's classes."""
    for p in passages:
        for e in p.triggers or []:
            number = p.sentence[e["head"]]
            sentence = [i for i, n in enumerate(p.sentence) if n == number]
            first = sentence[0]
            marks = [0] * len(sentence)
            for mark, role in ((2, "recipient"), (1, "actor")):
                words: list[int] = next((f[1] for f in e["fillers"] if f[0] == role and f[1]), [])
                for i in words:
                    if p.sentence[i] == number:
                        marks[i - first] = mark
            if 1 in marks and 2 in marks and e["status"] != "denied" and not e.get("optional"):
                relation = YIELD.get(e["type"], e["type"])
                forms = [p.words[i] for i in sentence]
                yield Passage(f"{p.name}.pair", forms, [0] * len(forms), pair=marks, relation=relation)


def full_passages(
    root: Path,
    base: list[Passage],
    *,
    parser: Path,
    written: Path | None,
    rehearsal: tuple[float, float],
) -> list[Passage]:
    """The corpora after ``base``: those of ``base`` again (weights `rehearsal`: for all but attribution, and for that), pairs, and
    gold and written articles, as a whole and act by act."""
    model = load_model(parser)
    gold = [p for p in event_passages(root / "gold/train", model) if not held_out(p.name)]
    own = list(event_passages(written, model)) if written else []
    public = [article_passage(article, model) for article in annotated_articles(root / "data")]
    articles = [*gold, *own, *public]
    events = sum(len(p.triggers or []) for p in articles)
    print(f"{len(gold)} gold, {len(own)} written and {len(public)} annotated public articles, {events} events")
    passages = [replace(p, weight=p.weight * rehearsal[1 if p.spans else 0]) for p in base]
    passages += read_pairs(root / "data/plv/train.tsv")
    passages += read_pairs(root / "data/wikievents_pairs/train.tsv", negatives=True)
    passages += [replace(p, weight=0.5) for p in read_cameo(root / "data/cameo_st/train.jsonl")]
    passages += [replace(p, weight=0.3) for p in pair_passages(articles)]
    passages += [replace(p, weight=1.3) for p in near_passages(articles)]
    return [*passages, *articles]


def main() -> None:
    """Print how much of the gold finds its place: ``python -m training.gold ROOT PARSER``."""
    import sys

    passages = list(event_passages(Path(sys.argv[1]), load_model(Path(sys.argv[2]))))
    events = [e for p in passages for e in p.triggers or []]
    total = sum(len(a["events"]) for a in read_articles(Path(sys.argv[1])))
    print(f"{len(passages)} articles, {len(events)} of {total} events located")
    for role in ROLE_WEIGHTS:
        given = [e for e in events if any(f[0] == role and f[1] for f in e["fillers"])]
        same = [
            e
            for p in passages
            for e in p.triggers or []
            if any(f[0] == role and any(p.sentence[i] == p.sentence[e["head"]] for i in f[1]) for f in e["fillers"])
        ]
        print(f"{role:10s} filled {len(given)}, in the trigger's sentence {len(same)}")


if __name__ == "__main__":
    main()
