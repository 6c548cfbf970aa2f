"""Two reviewers of the same records: how far they agree, by what measure, and where they differ.

Each is taken alone, as that reviewer left the records (`lapwing.review` shows nobody the decisions of others). Which
measure a field has depends on what its values are:

- *a closed list* (kept or deleted, type, mode, status, how a source is told): Cohen's kappa, which takes away what two would
  agree on by chance: two who call nine records of ten ``happened`` agree on four of five without reading;
- *an open one* (who, whom, when, where, who says so): the share of equal values. Chance hardly meets there, and a kappa over
  hundreds of values that occur once would say the same with false precision;
- *which acts the text tells at all*: F1 of one's records against the other's, matched as `lapwing evaluate gold` matches
  (type, at most one sentence apart; then who and whom; then status and source), over articles that both called complete and of
  which each judged all records.
  Kappa is not defined there: nobody knows how many acts a reviewer rightly did not add.

Both corrected the same coder's records. That draws them together: agreement is higher than that of two who begin with the
bare text, and is no measure of how hard the task is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Any

import msgspec

from lapwing.errors import EvaluationError
from lapwing.evaluation.gold import Match, figures_of_matches, match_article, told_of_gold
from lapwing.exports import gold_of
from lapwing.records import Entity, Event
from lapwing.review import sentences_of
from lapwing.store import Store
from lapwing.store.reviews import Judged, judged_records, reviewable, reviewers
from lapwing.store.rows import article_of

MOST_DIFFERENCES = 500


class FieldAgreement(msgspec.Struct, frozen=True, kw_only=True):
    """Over `n` records the share of equal values, and Cohen's kappa where the field's list of values is closed; where kappa
    is None, `why` says why."""

    n: int
    equal: float | None
    kappa: float | None
    why: str | None = None


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """A record on which the two differ: its number, its document's, the field, and what each says."""

    number: int
    doc: int
    trigger: str
    field: str
    a: str | None
    b: str | None


class Agreement(msgspec.Struct, frozen=True, kw_only=True):
    """How far reviewers `a` and `b` agree: over `records` that both judged, field by field, and over `articles` that both
    called complete, in which acts there are (None where there is no such article)."""

    a: str
    b: str
    records: int
    fields: dict[str, FieldAgreement]
    articles: int
    events: dict[str, Any] | None
    differences: tuple[Difference, ...]


Pair = tuple[Judged, Judged]


def agreement_of(store: Store, a: str, b: str) -> Agreement:
    """The agreement of two reviewers. Raises `EvaluationError` where one of them judged nothing, or both are one."""
    known = [name for name, _ in reviewers(store)]
    if a == b:
        raise EvaluationError("agreement is that of two: name two reviewers.")
    if lacking := [name for name in (a, b) if name not in known]:
        raise EvaluationError(f"{lacking[0]} judged nothing. Reviewers are: {', '.join(known) or 'none yet'}.")
    docs = [doc for (doc,) in store.engine.rows(COMMON, [a, b])]
    pairs = [(doc, pair) for doc in docs for pair in _pairs(store, doc, a, b)]
    kept = [(doc, one, other) for doc, (one, other) in pairs if one.judged and other.judged]
    differences = list(_differences(pairs))
    complete = [
        doc for (doc,) in store.engine.rows(COMPLETE, [a, b]) if all(_read_all(store, doc, by) for by in (a, b))
    ]
    return Agreement(
        a=a,
        b=b,
        records=len(pairs),
        fields={
            "kept": _closed([(bool(one.judged), bool(other.judged)) for _, (one, other) in pairs]),
            **{name: _field(name, [(one.judged, other.judged) for _, one, other in kept]) for name in VALUES},
        },
        articles=len(complete),
        events=_events(store, complete, a, b) if complete else None,
        differences=tuple(differences[:MOST_DIFFERENCES]),
    )


COMMON = """
    SELECT DISTINCT one.doc FROM reviewed AS one JOIN reviewed AS other ON other.number = one.number
    WHERE one.reviewer = $1 AND other.reviewer = $2
    ORDER BY one.doc
"""

COMPLETE = """
    SELECT one.doc FROM reviewed AS one JOIN reviewed AS other ON other.doc = one.doc
    WHERE one.reviewer = $1 AND other.reviewer = $2 AND one.verdict = 'complete' AND other.verdict = 'complete'
    ORDER BY one.doc
"""


def _read_all(store: Store, doc: int, by: str) -> bool:
    """Whether a reviewer judged each record of a document, and not only said that none is missing beside those of others."""
    return all(by in one.verdicts for one in judged_records(store, doc, by=by))


def _pairs(store: Store, doc: int, a: str, b: str) -> list[Pair]:
    """The records of a document that both judged, as each left them."""
    first = {one.id: one for one in judged_records(store, doc, by=a) if a in one.verdicts}
    second = {one.id: one for one in judged_records(store, doc, by=b) if b in one.verdicts}
    return [(first[id], second[id]) for id in first if id in second]


# ── fields ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _who(entities: Sequence[Entity]) -> str:
    """The codes of entities, or the name of one that has no country.

    >>> _who([Entity(span=None, text=None, name="Navy", country="CHL", sector="MIL")])
    'CHL/MIL'
    """
    codes = {f"{one.country or one.name or one.text}{f'/{one.sector}' if one.sector else ''}" for one in entities}
    return ", ".join(sorted(codes))


VALUES: dict[str, Callable[[Event], str | None]] = {
    "event": lambda event: event.event,
    "mode": lambda event: event.mode,
    "status": lambda event: event.status,
    "source_kind": lambda event: event.source.kind if event.source else None,
    "actors": lambda event: _who(event.actors),
    "recipients": lambda event: _who(event.recipients),
    "source": lambda event: (event.source.name or event.source.span.text) if event.source else None,
    "date": lambda event: event.date.value if event.date else None,
    "place": lambda event: f"{event.place.name} ({event.place.country})" if event.place else None,
}
"""The fields that are compared, and what is compared of each."""

CLOSED = ("kept", "event", "mode", "status", "source_kind")
"""Fields whose values are on a closed list."""


def _field(name: str, pairs: Sequence[tuple[Event | None, Event | None]]) -> FieldAgreement:
    value = VALUES[name]
    values: list[tuple[Hashable, Hashable]] = [(value(one), value(other)) for one, other in pairs if one and other]
    return _closed(values) if name in CLOSED else _open(values)


def _open(values: Sequence[tuple[Hashable, Hashable]]) -> FieldAgreement:
    return FieldAgreement(n=len(values), equal=_share(values), kappa=None, why="its values are on no closed list")


def _closed(values: Sequence[tuple[Hashable, Hashable]]) -> FieldAgreement:
    kappa = cohens_kappa(values)
    why = None if kappa is not None else "both gave one and the same value throughout" if values else "no records"
    return FieldAgreement(n=len(values), equal=_share(values), kappa=kappa, why=why)


def _share(values: Sequence[tuple[Hashable, Hashable]]) -> float | None:
    return round(sum(one == other for one, other in values) / len(values), 4) if values else None


def cohens_kappa(values: Sequence[tuple[Hashable, Hashable]]) -> float | None:
    """Cohen's kappa (1960) of pairs of categories: 1 where all agree, 0 where as many do as by chance. None where chance
    alone would make all agree.

    >>> cohens_kappa([("x", "x")] * 20 + [("x", "y")] * 5 + [("y", "x")] * 10 + [("y", "y")] * 15)
    0.4
    >>> cohens_kappa([("x", "x")] * 3)
    """
    n = len(values)
    first, second = Counter(one for one, _ in values), Counter(other for _, other in values)
    chance = sum(first[category] * second[category] for category in first)
    if n == 0 or chance == n * n:
        return None
    observed = sum(one == other for one, other in values) / n
    return round((observed - chance / n**2) / (1 - chance / n**2), 4)


def _differences(pairs: Sequence[tuple[int, Pair]]) -> Iterator[Difference]:
    for doc, (one, other) in pairs:
        shown = one.judged or other.judged or one.coded
        trigger = shown.trigger.text if shown else ""
        values: dict[str, tuple[str | None, str | None]]
        if one.judged and other.judged:
            values = {name: (value(one.judged), value(other.judged)) for name, value in VALUES.items()}
        else:
            values = {"kept": ("kept" if one.judged else "deleted", "kept" if other.judged else "deleted")}
        for name, (mine, yours) in values.items():
            if mine != yours:
                yield Difference(number=one.number, doc=doc, trigger=trigger, field=name, a=mine, b=yours)


# ── which acts there are ──────────────────────────────────────────────────────────────────────────────────────────────


def _events(store: Store, docs: Sequence[int], a: str, b: str) -> dict[str, Any]:
    """Precision, recall and F1 of the records of `a` against those of `b`; the F1 is the same the other way round."""
    figures = figures_of_matches([_match(store, doc, a, b) for doc in docs])
    return {name: figures[name] for name in ("detect", "dyad", "sourced", "n")}


def _match(store: Store, doc: int, a: str, b: str) -> Match:
    article = reviewable(store, doc)
    sentences = sentences_of(article_of(article.reference.id, article.text or "", article.given))
    mine, yours = (
        gold_of(
            article.reference.id,
            [one.judged for one in judged_records(store, doc, by=name) if one.judged],
            sentences=sentences,
        )["events"]
        for name in (a, b)
    )
    return match_article([told_of_gold(event) for event in mine], yours)


# ── in words ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def agreement_rows(found: Agreement) -> list[tuple[str, str, str, str]]:
    """The figures as rows: what, over how many, the share of equal values, the measure that counts."""
    rows = []
    for name, field in found.fields.items():
        measure = "" if field.kappa is None else f"kappa {field.kappa:.2f}"
        rows.append((name, str(field.n), "" if field.equal is None else f"{field.equal:.2f}", measure))
    for level in ("detect", "dyad", "sourced"):
        if found.events:
            rows.append((level, f"{found.articles} articles", "", f"F1 {found.events[level]['f1']:.2f}"))
    return rows
