"""How well records of one act are found together: ``python -m benchmarks.clusters [--gold ../shared/gold] [--coded] [--fit]``.

Two test sets, both with parts ``fit`` (on which weights and thresholds were set) and ``test``:

``stories.json``
    fifteen stories in two to four articles each, written for this, with their acts, similar acts that are others, wire
    copies, an update and a translation.
``gold_acts.json``
    which events of the annotated articles tell one act, by article and number; the articles themselves are read from
    `--gold` where it is there. What cannot be decided is left out.

Each is measured with the records as annotated and, with `--coded`, with those that Lapwing reads in the articles. A record that
was read tells the act whose annotated trigger it overlaps, one record an act; what else was read is an act of its own, the
same in two articles only by the same sentence. In the annotated articles such a record may well tell an act that was not
annotated there, and is left out.

Printed are precision, recall and F1 over pairs and B³ (Bagga & Baldwin 1998), for each set and part; then which records of
articles that have nothing to do with each other were put together: `--unrelated` of them, the annotated ones that are in no
story and made-up ones. `--fit` fits the weights on the parts ``fit``, on records of both kinds, and writes them. `--keep FOLDER`
keeps what was read of each article for the next time.
"""

from __future__ import annotations

import argparse
import functools
import json
import math
import os
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import combinations
from pathlib import Path
from typing import Any
from zlib import crc32

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import msgspec
import numpy as np
from numpy.typing import NDArray

from lapwing.clusters.acts import KEPT, compatible_groups
from lapwing.clusters.blocks import find_pairs
from lapwing.clusters.comparison import LISTED, Finding, compare, contested, findings, found_together, weights
from lapwing.clusters.grouping import group
from lapwing.clusters.likeness import find_likenesses
from lapwing.clusters.sketches import sketch_text
from lapwing.clusters.tellings import Telling, telling_of
from lapwing.records import CodedDocument, Coder, DocRef, Entity, Event, EventDate, Place, Relay, Source, Span

HERE = Path(__file__).parent

WEIGHTS = HERE.parent / "src" / "lapwing" / "clusters" / "weights.json"

RIDGE = 1.5
"""How strongly the fit keeps a weight near what a person would give it: log odds of 1.4 away cost as much as a pair."""

PRIOR = {
    "actor name": 1.5,
    "actor other": -3.0,
    "another scene": -3.0,
    "date next": -0.5,
    "date other": -4.0,
    "date same": 2.0,
    "mode other": -1.5,
    "number other": -1.0,
    "other acts": 1.5,
    "rival": -1.5,
    "names other": -1.0,
    "number same": 1.5,
    "place abroad": -4.0,
    "place other": -4.0,
    "place same": 1.5,
    "recipient name": 1.5,
    "recipient other": -2.0,
    "reported apart": -1.0,
    "reported together": 1.0,
    "speaker unknown": -1.0,
    "story": 4.0,
    "text same": 4.0,
    "trigger": 1.5,
    "type other": -1.0,
    "undated": -2.0,
    "words": 3.0,
}
"""What a person would give, in log odds; 0 for what is not named."""

ONE_ARTICLE = 0.2
"""How much a pair of one article counts: there are many, all of different acts ("two strikes near A, three near B")."""

UNRELATED_ACTS = (
    ("ASSAULT", "aerial", "bombed a depot near {place}"),
    ("ASSAULT", "firearms", "shot at a patrol in {place}"),
    ("CONSULT", "visit", "visited {place} for talks"),
    ("COERCE", "arrest", "arrested {n} people in {place}"),
    ("PROTEST", "demo", "rallied in {place} with {n} others"),
    ("ACCUSE", "disapprove", "condemned the decision taken in {place}"),
    ("AID", None, "gave {n} million dollars to schools in {place}"),
    ("SANCTION", "expel", "expelled {n} diplomats from {place}"),
)

Floats = NDArray[np.float64]

Case = tuple[Event, str]
"""A record and the act that it tells."""

Read = Callable[[str, DocRef], list[Event]]
"""What Lapwing reads in an article."""

OWN = "read only:"
"""How an act begins that no annotated one is."""


def main() -> None:
    """Fit where asked, then print all figures."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--gold", type=Path, default=HERE.parents[1] / "shared" / "gold")
    options.add_argument("--unrelated", type=int, default=1000, help="articles")
    options.add_argument("--coded", action="store_true", help="also the records that Lapwing reads")
    options.add_argument("--keep", type=Path, help="a folder for what was read")
    options.add_argument("--fit", action="store_true")
    options.add_argument("--errors", action="store_true", help="show the pairs that are wrong")
    chosen = options.parse_args()
    read = reader(chosen.keep)
    sets = {"written": written_stories(HERE / "stories.json")}
    coded = {"written, coded": coded_stories(HERE / "stories.json", read)} if chosen.coded or chosen.fit else {}
    if (chosen.gold / "train").is_dir():
        sets["gold"] = gold_stories(HERE / "gold_acts.json", chosen.gold)
        if coded:
            coded["gold, coded"] = coded_gold_stories(HERE / "gold_acts.json", chosen.gold, read)
    else:
        print(f"{chosen.gold} is not there: its stories are left out")
    if chosen.fit:
        fit(
            (_of_part(sets, "fit"), unrelated_for_fit(chosen.gold)),
            (_of_part(coded, "fit"), unrelated_for_fit(chosen.gold, read)),
        )
    for name, stories in (sets | coded).items():
        for wanted in ("fit", "test"):
            print_figures(
                f"{name} {wanted}", [story for part, story in stories if part == wanted], errors=chosen.errors
            )
    print_texts(HERE / "stories.json")
    print_unrelated(chosen.gold, chosen.unrelated)
    if coded:
        print_unrelated(chosen.gold, chosen.unrelated, read)


def _of_part(sets: dict[str, list[tuple[str, list[Case]]]], wanted: str) -> list[list[Case]]:
    return [story for stories in sets.values() for part, story in stories if part == wanted]


# ── the test sets ─────────────────────────────────────────────────────────────────────────────────────────────────────


def written_stories(path: Path) -> list[tuple[str, list[Case]]]:
    """The stories of ``stories.json``: (part, records with their acts)."""
    found = []
    for story in json.loads(path.read_text(encoding="utf-8"))["stories"]:
        cases = []
        for n, article in enumerate(story["articles"]):
            doc = reference(
                f"{story['id']}-{n}", article["text"], published=article["published"], outlet=article["outlet"]
            )
            relay = Relay(article["relay"], Span(0, 0, "")) if "relay" in article else None
            for k, told in enumerate(article["events"]):
                cases.append((written_event(doc, k, told, article["text"], relay), f"{story['id']} {told['act']}"))
        found.append((story["part"], cases))
    return found


def reference(id: str, text: str, *, published: str | None = None, outlet: str | None = None) -> DocRef:
    """A document. Its text travels with it."""
    return DocRef(
        id=id,
        title=None,
        outlet=outlet,
        url=None,
        published=published,
        published_basis=None,
        lang="en",
        sha256="",
        text=text,
    )


def written_event(doc: DocRef, n: int, told: dict[str, Any], text: str, relay: Relay | None = None) -> Event:
    """A record from its short form."""
    start = text.index(told["trigger"])
    date, place, source = told.get("date"), told.get("place"), told.get("source")
    return Event(
        id=f"{doc.id}#{n}",
        doc=doc,
        event=told["event"],
        mode=told.get("mode"),
        contexts=(),
        quad=1,
        score=0.0,
        trigger=Span(start, start + len(told["trigger"]), told["trigger"]),
        actors=tuple(entity(who) for who in told.get("actors", ())),
        recipients=tuple(entity(who) for who in told.get("recipients", ())),
        date=EventDate(value=date, precision="day") if date else None,
        place=placed(place) if place else None,
        status=told.get("status", "happened"),
        cue=None,
        source=Source(
            name=source["name"], country=source["country"], sector=None, kind=source["kind"], span=Span(0, 0, "")
        )
        if source
        else None,
        relay=relay,
        magnitude=told.get("magnitude"),
        magnitude_spans=(),
        confidence=0.9,
        evidence=sentence_at(text, start),
        coder=Coder(lapwing="", model=""),
        why=(),
    )


def entity(who: dict[str, Any]) -> Entity:
    """An actor or recipient."""
    return Entity(span=None, text=who["name"], name=who["name"], country=who["country"], sector=who["sector"])


def placed(place: dict[str, Any]) -> Place:
    """A place."""
    return Place(
        name=place["name"],
        country=place.get("country"),
        adm1=None,
        lat=place.get("lat"),
        lon=place.get("lon"),
        geonameid=None,
        precision=place.get("precision", "city"),
    )


def sentence_at(text: str, start: int) -> Span:
    """The sentence around a position."""
    ends = [m.end() for m in re.finditer(r"[.!?][”\"]?(?=\s)", text)]
    begin = max((end for end in ends if end <= start), default=0)
    end = min((end for end in ends if end > start), default=len(text))
    return Span(begin, end, text[begin:end].strip())


@functools.cache
def _coder() -> Callable[..., CodedDocument]:
    import lapwing

    return lapwing.load()


def reader(folder: Path | None) -> Read:
    """Reads an article, or what was kept of it in `folder`."""

    def read(text: str, doc: DocRef) -> list[Event]:
        kept = folder / f"{doc.id}.json" if folder else None
        if kept and kept.exists():
            return msgspec.json.decode(kept.read_bytes(), type=list[Event])
        found = _coder()(text, published=doc.published, outlet=doc.outlet).events
        events = [msgspec.structs.replace(event, doc=doc, id=f"{doc.id}#{k}") for k, event in enumerate(found)]
        if kept:
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(msgspec.json.encode(events))
        return events

    return read


def coded_stories(path: Path, read: Read) -> list[tuple[str, list[Case]]]:
    """The stories of ``stories.json`` with the records that Lapwing reads in them."""
    found = []
    for story in json.loads(path.read_text(encoding="utf-8"))["stories"]:
        cases = []
        for n, article in enumerate(story["articles"]):
            doc = reference(
                f"{story['id']}-{n}", article["text"], published=article["published"], outlet=article["outlet"]
            )
            told = [
                (written_event(doc, k, one, article["text"]), one["act"]) for k, one in enumerate(article["events"])
            ]
            cases += [(event, f"{story['id']} {act}") for event, act in acts_of(read(article["text"], doc), told)]
        found.append((story["part"], cases))
    return found


def acts_of(events: list[Event], told: list[Case]) -> list[Case]:
    """The records that were read, with the acts of the annotated ones whose triggers they overlap: of several the one of the
    same type, then the one that overlaps most."""
    acts: dict[str, str] = {}
    for gold, act in told:
        overlaps = {event.id: overlap(event.trigger, gold.trigger) for event in events if event.id not in acts}
        fitting = [event for event in events if overlaps.get(event.id, 0) > 0]
        if fitting:
            best = max(fitting, key=lambda event: (event.event == gold.event, overlaps[event.id]))
            acts[best.id] = act
    return [
        (event, acts.get(event.id, f"{OWN} {event.trigger.text} in {' '.join(event.evidence.text.split())}"))
        for event in events
    ]


def overlap(one: Span, other: Span) -> int:
    """How many characters two spans share; negative for spans that stand apart.

    >>> overlap(Span(3, 9, ""), Span(7, 12, "")), overlap(Span(0, 2, ""), Span(4, 5, ""))
    (2, -2)
    """
    return min(one.end, other.end) - max(one.start, other.start)


def is_own(act: str) -> bool:
    """Whether no annotated act is told.

    >>> is_own("depot read only: shelled in A depot was shelled."), is_own("depot raid")
    (True, False)
    """
    return OWN in act


def gold_stories(path: Path, gold: Path) -> list[tuple[str, list[Case]]]:
    """The stories of ``gold_acts.json`` with their records."""
    found = []
    for story in json.loads(path.read_text(encoding="utf-8"))["stories"]:
        acts = {tuple(member): f"{story['id']} {k}" for k, act in enumerate(story["acts"]) for member in act}
        left_out = {tuple(member) for member in story["undecided"]}
        cases = [
            (event, acts.get((doc, k), f"{doc} {k}"))
            for doc in story["documents"]
            for k, event in enumerate(gold_events(gold / "train", doc))
            if (doc, k) not in left_out
        ]
        found.append((story["part"], cases))
    return found


def coded_gold_stories(path: Path, gold: Path, read: Read) -> list[tuple[str, list[Case]]]:
    """The stories of ``gold_acts.json`` with the records that Lapwing reads in them and that tell an annotated act."""
    found = []
    for story in json.loads(path.read_text(encoding="utf-8"))["stories"]:
        acts = {tuple(member): f"{story['id']} {k}" for k, act in enumerate(story["acts"]) for member in act}
        left_out = {f"{doc}#{k}" for doc, k in story["undecided"]}
        cases = []
        for doc in story["documents"]:
            told = [(event, acts.get((doc, k), event.id)) for k, event in enumerate(gold_events(gold / "train", doc))]
            cases += [
                (event, act)
                for event, act in acts_of(read_gold(gold / "train", doc, read), told)
                if not is_own(act) and act not in left_out
            ]
        found.append((story["part"], cases))
    return found


def read_gold(folder: Path, doc: str, read: Read) -> list[Event]:
    """What Lapwing reads in an annotated article."""
    article = json.loads((folder / "docs" / f"{doc}.json").read_text(encoding="utf-8"))
    return read(article["text"], reference(doc, article["text"], published=article["published"]))


def gold_events(folder: Path, doc: str) -> list[Event]:
    """The annotated events of an article as records."""
    article = json.loads((folder / "docs" / f"{doc}.json").read_text(encoding="utf-8"))
    reads = json.loads((folder / "gold" / f"{doc}.json").read_text(encoding="utf-8"))["events"]
    ref = reference(doc, article["text"], published=article["published"])
    return [written_event(ref, k, _short(told), article["text"]) for k, told in enumerate(reads)]


def _short(told: dict[str, Any]) -> dict[str, Any]:
    place = told["place"]
    return {
        **told,
        "event": told["type"],
        "date": told["date"]["value"] if told["date"] else None,
        "place": {**place, "precision": "country" if place["name"] in countries() else "city"} if place else None,
    }


def countries() -> set[str]:
    """Names of countries, which are no fine places."""
    from babel import Locale

    return set(Locale("en").territories.values())


def tellings_of(cases: Iterable[Case]) -> list[Telling]:
    """What is compared of records. Numbers are their positions, documents are numbered as they come."""
    cases = list(cases)
    docs = {doc: n for n, doc in enumerate(dict.fromkeys(event.doc.id for event, _ in cases))}
    texts = {event.doc.id: event.doc.text or "" for event, _ in cases}
    sketches = [sketch_text(text) for text in texts.values()]
    firsts = list(range(len(docs)))
    for likeness in find_likenesses(sketches):
        firsts[likeness.b] = min(firsts[likeness.b], firsts[likeness.a])
    return [
        telling_of(
            event,
            record=n,
            doc=docs[event.doc.id],
            anchors=sketches[docs[event.doc.id]].anchors.tolist(),
            text=firsts[docs[event.doc.id]],
        )
        for n, (event, _) in enumerate(cases)
    ]


# ── figures ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def found_groups(tellings: list[Telling]) -> list[list[int]]:
    """The records that Lapwing puts together, as positions."""
    scores = {pair: found.score for pair, found in compare(find_pairs(tellings)).items() if found.score >= KEPT}
    docs = {telling.record: telling.doc for telling in tellings}
    return group(scores, compatible=compatible_groups(scores, docs))


def print_figures(name: str, stories: list[list[Case]], *, errors: bool = False) -> None:
    """Pairwise and B³ figures of all records of some stories together."""
    cases = [case for story in stories for case in story]
    tellings = tellings_of(cases)
    acts = [act for _, act in cases]
    mine = list(range(len(cases)))
    for members in found_groups(tellings):
        for member in members:
            mine[member] = members[0]
    pairs, cubed = pairwise(mine, acts), b_cubed(mine, acts)
    print(f"{name:20}{len(cases):5} records {len(set(acts)):5} acts   pairs {_told(pairs)}   B³ {_told(cubed)}")
    if errors:
        print_errors(cases, tellings, mine, acts)


def _told(figures: tuple[float, float, float]) -> str:
    return "P {:.3f} R {:.3f} F1 {:.3f}".format(*figures)


def print_errors(cases: list[Case], tellings: list[Telling], mine: list[int], acts: list[str]) -> None:
    """Each wrong pair, with what spoke."""
    compared = compare(find_pairs(tellings))
    for a, b in combinations(range(len(cases)), 2):
        if (mine[a] == mine[b]) != (acts[a] == acts[b]):
            what = "FALSE " if mine[a] == mine[b] else "MISSED" if (a, b) in compared else "NOT COMPARED"
            result = compared.get((a, b), LISTED)
            told = "; ".join(f"{reason.words} {reason.weight:+}" for reason in result.reasons)
            print(
                f"  {what} {result.score:.2f} {cases[a][0].id} {cases[a][0].event} {cases[b][0].id} {cases[b][0].event}: {told}"
            )


def pairwise(mine: list[Any], gold: list[Any]) -> tuple[float, float, float]:
    """Precision, recall and F1 over pairs.

    >>> pairwise([1, 1, 2, 2], ["a", "a", "a", "b"])[:2]
    (0.5, 0.3333333333333333)
    """
    together = [(mine[a] == mine[b], gold[a] == gold[b]) for a, b in combinations(range(len(mine)), 2)]
    right = sum(one and other for one, other in together)
    return _f1(_share(right, sum(one for one, _ in together)), _share(right, sum(other for _, other in together)))


def b_cubed(mine: list[Any], gold: list[Any]) -> tuple[float, float, float]:
    """Precision, recall and F1 by record.

    >>> b_cubed([1, 1, 2], ["a", "a", "b"])
    (1.0, 1.0, 1.0)
    """
    precision = recall = 0.0
    for at in range(len(mine)):
        one = {k for k in range(len(mine)) if mine[k] == mine[at]}
        other = {k for k in range(len(mine)) if gold[k] == gold[at]}
        precision += len(one & other) / len(one)
        recall += len(one & other) / len(other)
    return _f1(precision / len(mine), recall / len(mine))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def _f1(precision: float, recall: float) -> tuple[float, float, float]:
    return precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def print_texts(path: Path) -> None:
    """Which written articles are found to be one text."""
    texts: list[str] = []
    wanted = set()
    for story in json.loads(path.read_text(encoding="utf-8"))["stories"]:
        first = len(texts)
        for article in story["articles"]:
            if "of" in article:
                wanted.add((first + article["of"], len(texts), article["as"]))
            texts.append(article["text"])
    found = {(pair.a, pair.b, pair.kind) for pair in find_likenesses([sketch_text(text) for text in texts])}
    print(f"written texts: {len(wanted & found)} of {len(wanted)} repeated articles found, {len(found - wanted)} false")


# ── unrelated articles ────────────────────────────────────────────────────────────────────────────────────────────────


def print_unrelated(gold: Path, count: int, read: Read | None = None) -> None:
    """What is put together of articles that have nothing to do with each other; with `read` of what Lapwing reads in them."""
    cases = [case for case in _in_no_story(gold, read) if not _in_fit(case)]
    annotated = len({event.doc.id for event, _ in cases})
    cases += invented(count - annotated, read=read)
    tellings = tellings_of(cases)
    groups = [members for members in found_groups(tellings) if _false(members, cases)]
    what = "records that were read" if read else "records"
    print(f"unrelated: {annotated} annotated and {count - annotated} made-up articles, {len(cases)} {what}")
    print(f"  put together across articles that have nothing to do with each other: {len(groups)} groups")
    for members in groups:
        print(
            "   ",
            " | ".join(f"{cases[m][0].id} {cases[m][0].event} {cases[m][0].trigger.text[:40]!r}" for m in members),
        )


def _false(members: list[int], cases: list[Case]) -> bool:
    """A group that is neither one known act nor of one topic."""
    return len({cases[m][1] for m in members}) > 1 and len({topic_of(cases[m][0].doc.id) for m in members}) > 1


def _in_fit(case: Case) -> bool:
    """Every second topic is fitted on."""
    return crc32(topic_of(case[0].doc.id).encode()) % 2 == 0


@functools.cache
def _topics() -> dict[str, str]:
    told = json.loads((HERE / "gold_acts.json").read_text(encoding="utf-8"))
    return {doc: docs[0] for docs in told["topics"] for doc in docs}


def topic_of(doc: str) -> str:
    """The first of the articles on one matter."""
    return _topics().get(doc, doc)


def unrelated_for_fit(gold: Path, read: Read | None = None) -> list[Case]:
    """Records of the topics that are fitted on, and of as many made-up articles; with `read` as Lapwing reads them."""
    cases = [case for case in _in_no_story(gold, read) if _in_fit(case)]
    return cases + invented(len({event.doc.id for event, _ in cases}), read=read, seed=5)


def invented(count: int, *, read: Read | None = None, seed: int = 11) -> list[Case]:
    """Records of made-up articles, with `read` as Lapwing reads them."""
    cases = list(made_up(count, seed=seed))
    if read is None:
        return cases
    return [(event, event.doc.id) for case, _ in cases for event in read(case.doc.text or "", case.doc)]


def _in_no_story(gold: Path, read: Read | None = None) -> Iterator[Case]:
    """The records of the annotated articles that are in no story, as annotated or as they are read."""
    if not (gold / "train").is_dir():
        return
    decided = json.loads((HERE / "gold_acts.json").read_text(encoding="utf-8"))
    in_story = {doc for story in decided["stories"] for doc in story["documents"]}
    acts = {f"{doc}#{k}": f"elsewhere {n}" for n, act in enumerate(decided["elsewhere"]) for doc, k in act}
    for path in sorted((gold / "train" / "docs").glob("*.json")):
        if path.stem not in in_story:
            told = [(event, acts.get(event.id, event.id)) for event in gold_events(gold / "train", path.stem)]
            yield from told if read is None else acts_of(read_gold(gold / "train", path.stem, read), told)


def made_up(count: int, *, seed: int = 11) -> Iterator[Case]:
    """Records of made-up articles: few countries, types and days, so that many are alike, each with its place and number."""
    draw = random.Random(seed)
    names = {
        "RUS": "Russia",
        "UKR": "Ukraine",
        "ISR": "Israel",
        "TUR": "Turkey",
        "CHN": "China",
        "IND": "India",
        "SDN": "Sudan",
    }
    codes = (*names, "NGA", "USA", "FRA")
    names |= {"NGA": "Nigeria", "USA": "United States", "FRA": "France"}
    for n in range(count):
        event, mode, form = draw.choice(UNRELATED_ACTS)
        actor, recipient = draw.sample(codes, 2)
        place, name = (
            f"{draw.choice('BDKLMNRST')}{draw.choice(('ora', 'eli', 'umi', 'ant', 'osk'))}{k}" for k in ("vo", "ny")
        )
        act = form.format(place=f"{place}{n}", n=draw.randint(2, 400))
        day = f"2024-{draw.randint(1, 3):02}-{draw.randint(1, 28):02}"
        text = f"{name}{n} of {names[actor]} {act} on the day, a witness said. Nobody else spoke of it in {names[recipient]}."
        told = {
            "event": event,
            "mode": mode,
            "trigger": " ".join(act.split()[:2]),
            "actors": [{"name": f"{name}{n}", "country": actor, "sector": "GOV"}],
            "recipients": [{"name": names[recipient], "country": recipient, "sector": "GOV"}],
            "date": day,
            "place": {"name": f"{place}{n}", "country": recipient, "precision": "city"},
        }
        yield written_event(reference(f"made-{seed}-{n}", text, published=day), 0, told, text), f"made-{seed}-{n}"


# ── fitting ───────────────────────────────────────────────────────────────────────────────────────────────────────────


class Compared(msgspec.Struct, frozen=True):
    """Pairs to fit on: what is known of each, and how much it counts."""

    pairs: list[tuple[Telling, Telling]]
    same: Floats
    counts: Floats


def fit(*sets: tuple[list[list[Case]], list[Case]]) -> None:
    """Fit the weights by logistic regression with a ridge, and write them. A set holds stories and unrelated records, and is
    compared within itself."""
    compared = [compared_for_fit(stories, unrelated) for stories, unrelated in sets]
    same = np.concatenate([one.same for one in compared])
    counts = np.concatenate([one.counts for one in compared])
    written: dict[str, Any] = {
        "fitted": "python -m benchmarks.clusters --fit",
        "pairs": len(same),
        "same": int(same.sum()),
    }
    found = [{(a.record, b.record): list(findings(a, b)) for a, b in one.pairs} for one in compared]
    for table in ("alone", "together"):
        if table == "together":
            for one, own in zip(compared, found, strict=True):
                own |= _in_light_of_others(one.pairs)
        told = [own[a.record, b.record] for one, own in zip(compared, found, strict=True) for a, b in one.pairs]
        written[table] = _table(told, same, counts)
        WEIGHTS.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")
        weights.cache_clear()
    print(f"fitted on {len(same)} pairs, {int(same.sum())} of one act")


def compared_for_fit(stories: list[list[Case]], unrelated: list[Case]) -> Compared:
    """The pairs of which is known whether they tell one act. A story's records are compared with those of others too, which
    tell other acts. Records of one topic outside the stories were not decided, nor what was read of a story beside its
    annotated acts: they are not compared."""
    cases = [*(case for story in stories for case in story), *unrelated]
    home = [n for n, story in enumerate(stories) for _ in story] + [-1] * len(unrelated)
    tellings = tellings_of(cases)

    def decided(a: Telling, b: Telling) -> bool:
        (one, act), (other, other_act) = cases[a.record], cases[b.record]
        if one.doc.id == other.doc.id or act == other_act:
            return True
        if home[a.record] == home[b.record] == -1:
            return topic_of(one.doc.id) != topic_of(other.doc.id)
        return home[a.record] != home[b.record] or not (is_own(act) or is_own(other_act))

    def same_act(a: Telling, b: Telling) -> bool:
        return cases[a.record][1] == cases[b.record][1]

    pairs = [(a, b) for a, b in find_pairs(tellings) if decided(a, b) and not contested(a, b)]
    sizes = Counter(act for _, act in cases)
    counts = np.array([_count(a, b, sizes[cases[a.record][1]] if same_act(a, b) else 0) for a, b in pairs])
    return Compared(pairs, np.array([same_act(a, b) for a, b in pairs], dtype=float), counts)


def _in_light_of_others(pairs: list[tuple[Telling, Telling]]) -> dict[tuple[int, int], list[Finding]]:
    groups: dict[tuple[int, int], list[tuple[Telling, Telling]]] = {}
    for a, b in pairs:
        if a.doc != b.doc:
            groups.setdefault((a.doc, b.doc), []).append((a, b))
    return {pair: found for group in groups.values() for pair, found in found_together(group).items()}


def _table(found: list[list[Finding]], same: Floats, counts: Floats) -> dict[str, float]:
    told = [{finding.name: finding.share for finding in one} for one in found]
    names = sorted({name for one in told for name in one})
    matrix = np.array([[1.0, *(one.get(name, 0.0) for name in names)] for one in told])
    fitted = logistic(matrix, same, counts, np.array([0.0, *(PRIOR.get(name, 0.0) for name in names)]))
    return {name: round(float(weight), 3) for name, weight in zip(("bias", *names), fitted, strict=True)}


def _count(a: Telling, b: Telling, size: int) -> float:
    """How much a pair counts. The pairs of an act that `size` records tell count as much as the records but one, so that a
    much told act does not set all weights."""
    if size:
        return 2 / size
    return ONE_ARTICLE if a.doc == b.doc else 1.0


def logistic(matrix: Floats, same: Floats, counts: Floats, prior: Floats) -> Floats:
    """The weights of a logistic regression, by Newton's method; the first column is the bias, which is free."""
    found = np.zeros(matrix.shape[1])
    ridge = np.full(matrix.shape[1], RIDGE)
    ridge[0] = 1e-3
    for _ in range(60):
        chance = 1 / (1 + np.exp(-np.clip(matrix @ found, -30, 30)))
        slope = matrix.T @ (counts * (chance - same)) + ridge * (found - prior)
        curve = (matrix * (counts * chance * (1 - chance))[:, None]).T @ matrix + np.diag(ridge)
        step = np.linalg.solve(curve, slope)
        found -= step
        if math.sqrt(float(step @ step)) < 1e-8:
            break
    return found


if __name__ == "__main__":
    main()
