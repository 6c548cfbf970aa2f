"""The types that cross a stage: an article on its way in, a sourced event on its way out.

All are frozen and slotted `msgspec` structs, so they pickle, compare, hash and encode to JSON as they are.

Two kinds of offsets exist, and each type says which one it holds:

*given*
    characters of the article's text as it came in. Everything that leaves Lapwing uses these: for every `Span` of every
    `Event`, ``given[span.start:span.end] == span.text``.
*clean*
    characters of the repaired text, which is what the stages between `repair` and `pipeline` read. `OffsetMap` leads back.

Token positions (`Token.i`, `Token.head`, `TokenRange`) count through the whole document, not through one sentence.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Literal

import msgspec

Status = Literal["happened", "expected", "hypothetical", "denied"]
SourceKind = Literal["direct", "indirect", "mixed"]
DatePrecision = Literal["day", "week", "month", "season", "year", "span"]
PlacePrecision = Literal["sub-city", "city", "district", "province", "country"]
PublishedBasis = Literal["given", "metadata", "inferred"]
Role = Literal["actor", "recipient", "source", "place", "date"]


class Span(msgspec.Struct, frozen=True):
    """A stretch of text: ``text_of_document[start:end] == text``. Offsets are characters."""

    start: int
    end: int
    text: str


# ── on the way in ─────────────────────────────────────────────────────────────────────────────────────────────────────


class Article(msgspec.Struct, frozen=True, kw_only=True):
    """An article as a source gives it, before anything is done to it.

    `published` is an ISO 8601 date, or None; `published_basis` says whether a person or a record gave it (``given``) or it
    was read from a page's metadata (``metadata``). `id` is unique within a run. `extracted` is true where `text` was taken out
    of a page, so that no file holds it as it is. `notes` tell what the reader had to do or leave out to get this far.
    """

    id: str
    text: str
    title: str | None = None
    outlet: str | None = None
    url: str | None = None
    published: str | None = None
    published_basis: PublishedBasis | None = None
    published_reason: str | None = None
    extracted: bool = False
    notes: tuple[str, ...] = ()


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """An input that could not be read or coded: where it stood and why, in words for a person."""

    where: str
    reason: str


class RepairStep(msgspec.Struct, frozen=True, kw_only=True):
    """One repair of damaged text. `start` and `end` are *given* offsets; `before` is the text there, `after` what the
    stages read instead. `kind` is one of ``mojibake``, ``quotes``, ``dashes``, ``glued-word``, ``missing-space``,
    ``markup``, ``whitespace``, ``control``; `reason` says why it was taken to be damage."""

    kind: str
    start: int
    end: int
    before: str
    after: str
    reason: str


class OffsetMap(msgspec.Struct, frozen=True):
    """Leads from clean offsets back to given ones.

    The clean text is cut into pieces; piece *k* starts at ``clean[k]`` and comes from ``given[k]``. A piece that was copied
    maps character by character; one that was replaced maps as a whole to ``given[k]:given_end[k]``.
    """

    clean: tuple[int, ...]
    given: tuple[int, ...]
    given_end: tuple[int, ...]
    copied: tuple[bool, ...]

    def to_given(self, start: int, end: int) -> tuple[int, int]:
        """The given range that a clean range ``start:end`` came from (``start <= end``)."""
        if not self.clean:
            return start, end
        if start == end:
            point = self._point(start, last=False)
            return point, point
        first, last = self._point(start, last=False), self._point(end - 1, last=True)
        return first, max(first, last)

    def _point(self, position: int, *, last: bool) -> int:
        k = max(bisect_right(self.clean, position) - 1, 0)
        if not self.copied[k]:
            return self.given_end[k] if last else self.given[k]
        return min(self.given[k] + position - self.clean[k], self.given_end[k]) + (1 if last else 0)


class Repaired(msgspec.Struct, frozen=True, kw_only=True):
    """Text after repair, the steps taken, and the map back to the text as given."""

    given: str
    text: str
    steps: tuple[RepairStep, ...]
    offsets: OffsetMap


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """When the article appeared. `value` is ISO 8601 at the precision known ("2022-12-19", "2022-12"), or None. `reason`
    tells a person how it was found, or why it could not be. `span` (clean) is what it was read from."""

    value: str | None
    basis: PublishedBasis | None
    reason: str
    span: Span | None = None


class Sentence(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence of the article; offsets are *clean*. `kind` is ``title``, ``body``, ``dateline``, ``byline``, ``foreign``,
    ``teaser`` or ``boilerplate``. Only sentences with `coded` true are analysed."""

    index: int
    start: int
    end: int
    paragraph: int
    kind: str = "body"
    coded: bool = True


class Omission(msgspec.Struct, frozen=True, kw_only=True):
    """A line kept in the document but left out of coding, and why ("Spanish (es), p = 1.00"). Offsets are *clean*."""

    start: int
    end: int
    reason: str
    lang: str | None = None


class Relay(msgspec.Struct, frozen=True):
    """The agency or outlet that the article had a statement, or itself, from ("according to the news agency X")."""

    name: str
    span: Span


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """An article with its parts told apart. Offsets and spans in it are *clean*, into `text`."""

    id: str
    given: str
    text: str
    offsets: OffsetMap
    repairs: tuple[RepairStep, ...]
    sha256: str
    lang: str
    published: Published
    sentences: tuple[Sentence, ...]
    paragraphs: tuple[tuple[int, int], ...]
    title: str | None = None
    title_span: Span | None = None
    outlet: str | None = None
    url: str | None = None
    byline: Span | None = None
    dateline: Span | None = None
    dateline_place: Span | None = None
    relay: Relay | None = None
    omitted: tuple[Omission, ...] = ()


# ── what the model says ───────────────────────────────────────────────────────────────────────────────────────────────


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """A word of the tree. `start` and `end` are *clean*. `i` counts through the document; `head` is the `i` of its head, or
    −1 for the root of its sentence. `upos` and `deprel` are Universal Dependencies 2, `xpos` the Penn tag."""

    i: int
    text: str
    start: int
    end: int
    lemma: str
    upos: str
    xpos: str
    head: int
    deprel: str
    sentence: int


class TokenRange(msgspec.Struct, frozen=True):
    """Tokens ``start`` … ``end`` − 1 of the document."""

    start: int
    end: int


class NamedEntity(msgspec.Struct, frozen=True, kw_only=True):
    """A name that the entity head found. `label` is PER, ORG, LOC or MISC; `score` a probability."""

    tokens: TokenRange
    label: str
    score: float


class AttributionSpan(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch that the attribution head found. `role` is ``source``, ``cue`` or ``content``; `score` a probability."""

    tokens: TokenRange
    role: str
    score: float


class RoleScore(msgspec.Struct, frozen=True, kw_only=True):
    """How likely token `i` belongs to the filler of `role` for a trigger (softmax over the context and "none")."""

    role: Role
    token: int
    score: float


class TriggerScore(msgspec.Struct, frozen=True, kw_only=True):
    """A word that the event head took for the head word of a trigger.

    `token` is that word, `tokens` the stretch of trigger words around it. `types`, `statuses` and `modes` give
    (label, probability), best first; `score` is the probability that there is an event at all. `none` gives for each role
    the probability that the text does not say.
    """

    token: int
    tokens: TokenRange
    score: float
    types: tuple[tuple[str, float], ...]
    statuses: tuple[tuple[str, float], ...]
    modes: tuple[tuple[str, float], ...]
    roles: tuple[RoleScore, ...]
    none: tuple[tuple[Role, float], ...]


class Analysis(msgspec.Struct, frozen=True, kw_only=True):
    """All that the model says of a document.

    `sentences[k]` is the token range of ``document.sentences[k]`` (empty where that sentence is not coded). `factuality[i]`
    is the head's value for token *i* as a predicate, −3 (certainly not) … +3 (certainly).
    """

    tokens: tuple[Token, ...]
    sentences: tuple[TokenRange, ...]
    entities: tuple[NamedEntity, ...]
    attributions: tuple[AttributionSpan, ...]
    factuality: tuple[float, ...]
    triggers: tuple[TriggerScore, ...]


class TimeExpression(msgspec.Struct, frozen=True, kw_only=True):
    """A time expression as TIMEX3 has it. `start` and `end` are *clean*.

    `value` is the TIMEX3 value ("2022-12-19TEV", "2022-Q3", "P10M", "XXXX-WXX-5" where the publication date is needed and not
    known), None where there is no telling. `iso` is the ISO date or interval ``A/B`` that it covers, with its `precision`;
    both are None where it cannot be put on the calendar. `mod` is START, MID, END, APPROX, … or None. `anchor` tells what the
    value was counted from: ``itself`` (a full date), ``published``, ``text`` (an earlier expression) or None. `rule` names the
    rule that read it and `reason` says what it did.
    """

    start: int
    end: int
    text: str
    kind: Literal["DATE", "TIME", "DURATION", "SET"]
    value: str | None
    iso: str | None
    precision: DatePrecision | None
    rule: str
    reason: str
    mod: str | None = None
    anchor: Literal["itself", "published", "text"] | None = None


# ── between the model and the record ──────────────────────────────────────────────────────────────────────────────────


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """Why a field has its value: the rule or head that spoke, in words, with its score where it has one."""

    field: str
    by: str
    because: str
    score: float | None = None


REVIEWER = "review"
"""What `Reason.by` says where a person decided a field; its field is ``record`` for a decision on the record as a whole."""


class Mention(msgspec.Struct, frozen=True, kw_only=True):
    """Something in the text that may be an actor: a name, a noun phrase or a pronoun.

    `id` is its position in the tuple of mentions; `head` its head token. Mentions with the same `chain` refer to the same
    thing. `linked_by` names the rule that put it into its chain.
    """

    id: int
    tokens: TokenRange
    head: int
    kind: Literal["name", "nominal", "pronoun"]
    label: str | None
    chain: int
    linked_by: str | None = None


class Entity(msgspec.Struct, frozen=True, kw_only=True):
    """Who an actor, recipient or source is: `name` canonical, `country` and `sector` PLOVER's codes, None where unknown."""

    span: Span | None
    text: str | None
    name: str | None
    country: str | None = None
    sector: str | None = None
    sectors: tuple[str, ...] = ()
    wikidata: str | None = None
    office: str | None = None


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """A mention with the entity that it stands for. `known` is false where only its form is known (country None). `reason`
    names the dictionary or rule that knew it."""

    mention: int
    entity: Entity
    known: bool
    reason: str


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """An act found in the text, before it is sourced, judged, dated and placed. `actors` and `recipients` are positions in
    the tuple of `Actor`; `tokens` the trigger, `token` its head word. `probability` is the event head's."""

    token: int
    tokens: TokenRange
    sentence: int
    event: str
    mode: str | None
    contexts: tuple[str, ...]
    actors: tuple[int, ...]
    recipients: tuple[int, ...]
    unknown_actor: bool
    magnitude: tuple[Magnitude, ...]
    probability: float
    trigger: TriggerScore | None
    reasons: tuple[Reason, ...]


class Sourcing(msgspec.Struct, frozen=True, kw_only=True):
    """Who vouches for an act or denies it; `source` None means the article itself."""

    source: Source | None
    relay: Relay | None
    reasons: tuple[Reason, ...]


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """Whether an act happened, and the words (`cue`, clean) that decide it."""

    status: Status
    cue: Span | None
    reasons: tuple[Reason, ...]


class Dating(msgspec.Struct, frozen=True, kw_only=True):
    """When an act was or is to be; `date` None where the text does not say, with the reason."""

    date: EventDate | None
    reasons: tuple[Reason, ...]


class Placing(msgspec.Struct, frozen=True, kw_only=True):
    """Where an act was or is to be; `place` None where the text does not say, with the reason."""

    place: Place | None
    reasons: tuple[Reason, ...]


# ── the record ────────────────────────────────────────────────────────────────────────────────────────────────────────


class Magnitude(msgspec.Struct, frozen=True, kw_only=True):
    """A number told of an act: `kind` is troops, dead, injured, arrested, usd, …; `span` is where it was read."""

    kind: str
    value: float
    span: Span
    claimant: str | None = None


def best_of(told: Sequence[Magnitude]) -> dict[str, float] | None:
    """The best number of each kind, the first; where others claim another, also the lowest and the highest."""
    best: dict[str, float] = {}
    for m in told:
        best.setdefault(m.kind, m.value)
    spread = {kind: [m.value for m in told if m.kind == kind] for kind in best}
    low = {f"{kind}_low": min(values) for kind, values in spread.items() if len(set(values)) > 1}
    high = {f"{kind}_high": max(values) for kind, values in spread.items() if len(set(values)) > 1}
    return best | low | high or None


class EventDate(msgspec.Struct, frozen=True, kw_only=True):
    """`value` is ISO 8601 at the precision known, or an interval ``A/B``."""

    value: str
    precision: DatePrecision
    span: Span | None = None


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """`lat` and `lon` are degrees (WGS 84) and given only at city precision or finer; `country` is ISO 3166-1 alpha-3."""

    name: str
    country: str | None
    adm1: str | None
    lat: float | None
    lon: float | None
    geonameid: int | None
    precision: PlacePrecision
    span: Span | None = None


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """Who vouches for an act or denies it. `kind` says how its words are told; `cue` is the reporting verb."""

    name: str | None
    country: str | None
    sector: str | None
    kind: SourceKind
    span: Span
    cue: Span | None = None
    channel: str | None = None


class DocRef(msgspec.Struct, frozen=True, kw_only=True):
    """What a record says of the article that it was read in. `text` is there only for an extracted text, which no file holds."""

    id: str
    title: str | None
    outlet: str | None
    url: str | None
    published: str | None
    published_basis: PublishedBasis | None
    lang: str
    sha256: str
    text: str | None = None


class Coder(msgspec.Struct, frozen=True, kw_only=True):
    """Which version of the program and of the model wrote a record."""

    lapwing: str
    model: str


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """A sourced event: who did what to whom, when and where, and who says so. All spans hold *given* offsets.

    Field for field the record of ``docs/reference/record.md``; `why` is Lapwing's own addition.
    """

    id: str
    doc: DocRef
    event: str
    mode: str | None
    contexts: tuple[str, ...]
    quad: int
    score: float
    trigger: Span
    actors: tuple[Entity, ...]
    recipients: tuple[Entity, ...]
    date: EventDate | None
    place: Place | None
    status: Status
    cue: Span | None
    source: Source | None
    relay: Relay | None
    magnitude: dict[str, float] | None
    magnitude_spans: tuple[Magnitude, ...]
    confidence: float
    evidence: Span
    coder: Coder
    why: tuple[Reason, ...]


class ForeignEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event as another data set has it, in Lapwing's codes: what POLECAT, ICEWS and GDELT hold, and no more.

    `origin` names the data set, `id` is unique within it. `event` is PLOVER's type, None where PLOVER has none for the act
    (`code` then says what it was); `code` is CAMEO's, `scale` says which scale `score` is on. None of these sets tells
    whether an act happened, who says so, or where that stands: a `status` of None is "not told", which is no status of a
    record. `row` keeps the cells as they were, by column, those that are empty left out.
    """

    origin: Literal["polecat", "icews", "gdelt"]
    id: str
    event: str | None
    mode: str | None
    contexts: tuple[str, ...]
    quad: int | None
    score: float | None
    scale: Literal["plover", "goldstein"]
    code: str | None
    actors: tuple[Entity, ...]
    recipients: tuple[Entity, ...]
    date: EventDate | None
    place: Place | None
    outlet: str | None
    url: str | None
    published: str | None
    lang: str | None
    row: dict[str, str]
    status: Status | None = None


class CodedDocument(msgspec.Struct, frozen=True, kw_only=True):
    """What `lapwing.load()` returns for an article: the document and its events."""

    document: Document
    events: tuple[Event, ...]

    @property
    def text(self) -> str:
        """The article's text as given: what the spans of `events` point into."""
        return self.document.given

    @property
    def published(self) -> Published:
        """When the article appeared, and how that is known."""
        return self.document.published
