"""An article as it was given, its spans marked by role, its events beside it, and why each field has its value.

The text is cut at every boundary of a span into pieces that do not overlap; a piece knows which records it belongs to and
in which role. So spans may overlap in any way, and the pieces together are the text: nothing is put between them, and
nothing in them is ever HTML. What is not text (the numbers of records, the signs of roles) is drawn by the style sheet.

Repairs and the lines that were left out are not stored. They are found again from the text, which needs no model and is
quick; where the store's records come from another version of the program, the page says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import pairwise
from typing import Annotated, Literal, TypeVar

import msgspec
from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import RedirectResponse

from lapwing.coding import coder_version
from lapwing.errors import SourceError
from lapwing.records import Article, Coder, Document, Event, Published, RepairStep
from lapwing.report import Explained, explained, one_line, repaired_words, spans_of, told_by
from lapwing.store import Store
from lapwing.store.articles import StoredArticle, acts_of, find_article, number_of_record
from lapwing.store.judged import Verdict
from lapwing.store.reviews import Judged, judged_records, revised_count
from lapwing.web.answers import answering, api_router
from lapwing.web.errors import missing
from lapwing.web.rendering import render
from lapwing.web.workbench import Bench, Page, Reading, Workbench

html, api = APIRouter(), api_router()
PAGE = Page(html=html, api=api)

Role = Literal["trigger", "cue", "actor", "recipient", "source", "place", "date"]

ROLES: tuple[Role, ...] = ("trigger", "cue", "actor", "recipient", "source", "place", "date")
"""In the order in which one is shown where several records give a piece several."""

REPAIRS_LISTED = 200

HEADING_CHARS = 80

T = TypeVar("T")

Number = Annotated[int, Path(ge=1, le=2**62)]


class Omitted(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of the text that was left out of coding, and why."""

    start: int
    end: int
    reason: str
    lang: str | None


class ShownEvent(msgspec.Struct, frozen=True, kw_only=True):
    """A record as the article's page shows it: `number` counts from 1 in the article, `status` is told in words, `act` is
    the cluster of records that tell the same act. `record` is as reviewers left it; where they changed it, `coded` is as it
    was read. `verdicts` are theirs by name, `deleted` says that it is none any more, `review` is its number for them."""

    number: int
    status: str
    act: str | None
    record: Event
    review: int | None = None
    verdicts: dict[str, Verdict] = {}
    deleted: bool = False
    coded: Event | None = None


class ArticleView(msgspec.Struct, frozen=True, kw_only=True):
    """An article of the store with its records. All offsets are into `text`, which is None where it was not kept.
    `published.reason` tells how the date was found; `older` says that another version of the program wrote the records, so
    that repairs and omissions, which are found anew, may not be those that it saw."""

    number: int
    key: str
    id: str
    title: str | None
    outlet: str | None
    url: str | None
    lang: str
    sha256: str
    length: int
    run: int
    stored: datetime | None
    coder: Coder
    older: bool
    published: Published
    text: str | None
    repairs: tuple[RepairStep, ...]
    omitted: tuple[Omitted, ...]
    events: tuple[ShownEvent, ...]


class RecordView(msgspec.Struct, frozen=True, kw_only=True):
    """A record, the number of its article, and why each of its fields has its value."""

    article: int
    status: str
    record: Event
    why: tuple[Explained, ...]


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of the text. `marks` are pairs of a record's number and the role that the piece has in it; `begins` are the
    records whose trigger begins here, `ends` those whose trigger ends here. `repairs` are the repairs (counted from 1) that
    changed it; `omitted` is why it was left out."""

    text: str
    marks: tuple[tuple[int, Role], ...] = ()
    begins: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()
    repairs: tuple[int, ...] = ()
    repair_begins: bool = False
    omitted: str | None = None
    omission_begins: bool = False

    @property
    def role(self) -> Role | None:
        """The role that is shown where no record is picked."""
        roles = {role for _, role in self.marks}
        return next((role for role in ROLES if role in roles), None)


# ── what is read ──────────────────────────────────────────────────────────────────────────────────────────────────────


def read_article(store: Store, number: int, *, bench: Workbench) -> ArticleView:
    """An article with its records. Raises 404 where there is none."""
    stored = find_article(store, number)
    if stored is None:
        raise missing(f"article {number}")
    document = _document(stored.article, bench)
    acts = acts_of(store, number)
    reference = stored.reference
    return ArticleView(
        number=number,
        key=stored.key,
        id=reference.id,
        title=reference.title,
        outlet=reference.outlet,
        url=reference.url,
        lang=reference.lang,
        sha256=reference.sha256,
        length=stored.length,
        run=stored.run,
        stored=stored.stored,
        coder=stored.coder,
        older=stored.coder != coder_version(),
        published=_published(stored, document),
        text=stored.article.text if stored.article else None,
        repairs=document.repairs if document else (),
        omitted=tuple(_omitted(document)) if document else (),
        events=tuple(_shown(judged_records(store, number), acts)),
    )


def _shown(records: Iterable[Judged], acts: Mapping[str, str]) -> Iterator[ShownEvent]:
    """Records in the order of the text, as reviewers left them; what they deleted comes as it was read."""
    for n, one in enumerate(records, start=1):
        if (record := one.judged or one.coded) is not None:
            yield ShownEvent(
                number=n,
                status=told_by(record),
                act=acts.get(one.id),
                record=record,
                review=one.number,
                verdicts=one.verdicts,
                deleted=one.judged is None,
                coded=one.coded if one.judged is not None and one.coded != one.judged else None,
            )


def _document(article: Article | None, bench: Workbench) -> Document | None:
    try:
        return bench.document_of(article) if article else None
    except SourceError:
        return None


def _published(stored: StoredArticle, document: Document | None) -> Published:
    """The date as the records have it, and how it was found, where that can still be told."""
    value, basis = stored.reference.published, stored.reference.published_basis
    if document is not None and document.published.value == value:
        return document.published
    return Published(value=value, basis=basis, reason="how it was found is not known: another version, or no text")


def _omitted(document: Document) -> Iterator[Omitted]:
    for omission in document.omitted:
        start, end = document.offsets.to_given(omission.start, omission.end)
        yield Omitted(start=start, end=end, reason=omission.reason, lang=omission.lang)


def read_record(store: Store, id: str) -> RecordView:
    """A record, as reviewers left it, with its reasons. Raises 404 where there is none."""
    number = number_of_record(store, id)
    records = judged_records(store, number) if number is not None else []
    event = next((one.judged or one.coded for one in records if one.id == id), None)
    if number is None or event is None:
        raise missing(f"record {id[:60]}")
    return RecordView(article=number, status=told_by(event), record=event, why=tuple(explained(event)))


# ── the text in pieces ────────────────────────────────────────────────────────────────────────────────────────────────


def pieces_of(view: ArticleView) -> list[Piece]:
    """The text, cut at the boundaries of spans, repairs and omissions; together the pieces are the text."""
    if view.text is None:
        return []
    spans = [(start, end, (number, role)) for start, end, number, role in _spans(view)]
    steps = [(step.start, step.end, n) for n, step in enumerate(view.repairs, start=1)]
    omitted = [(part.start, part.end, part) for part in view.omitted]
    bounds = _bounds(len(view.text), (stretch[:2] for stretch in (*spans, *steps, *omitted)))
    marks, repairs, omissions = _over(spans, bounds), _over(steps, bounds), _over(omitted, bounds)
    begins, ends = _by_end(view, last=False), _by_end(view, last=True)
    insertions = _grouped((start, n) for start, end, n in steps if start == end)
    repairs_begin, omissions_begin = {start for start, _, _ in steps}, {start for start, _, _ in omitted}
    found = []
    for start, end in pairwise(bounds):
        found += _inserted(insertions.get(start, ()))
        piece = Piece(
            text=view.text[start:end],
            marks=tuple(sorted(set(marks.get(start, ())), key=lambda mark: (mark[0], ROLES.index(mark[1])))),
            begins=tuple(begins.get(start, ())),
            ends=tuple(ends.get(end, ())),
            repairs=tuple(repairs.get(start, ())),
            repair_begins=start in repairs_begin,
            omitted=next((part.reason for part in omissions.get(start, ())), None),
            omission_begins=start in omissions_begin,
        )
        found.append(piece)
    return found + _inserted(insertions.get(bounds[-1], ()))


def _inserted(numbers: Iterable[int]) -> list[Piece]:
    """The places where repairs put something in."""
    return [Piece(text="", repairs=(number,), repair_begins=True) for number in numbers]


def _spans(view: ArticleView) -> Iterator[tuple[int, int, int, Role]]:
    """Start, end, number of the record, and role."""
    for shown in view.events:
        yield shown.record.trigger.start, shown.record.trigger.end, shown.number, "trigger"
        for role, span in spans_of(shown.record):
            yield span.start, span.end, shown.number, next(known for known in ROLES if known == role)


def _bounds(length: int, stretches: Iterable[tuple[int, int]]) -> list[int]:
    """Where the text is cut.

    >>> _bounds(9, [(2, 5), (5, 5), (4, 99)])
    [0, 2, 4, 5, 9]
    """
    return sorted({0, length, *(bound for stretch in stretches for bound in stretch if 0 <= bound <= length)})


def _over(stretches: Iterable[tuple[int, int, T]], bounds: list[int]) -> dict[int, list[T]]:
    """For the start of each piece what lies over it.

    >>> _over([(0, 5, "a"), (2, 9, "b"), (3, 3, "nothing")], [0, 2, 3, 5, 9])
    {0: ['a'], 2: ['a', 'b'], 3: ['a', 'b'], 5: ['b']}
    """
    place = {bound: k for k, bound in enumerate(bounds)}
    return _grouped(
        (bound, what)
        for start, end, what in stretches
        if start in place and end in place
        for bound in bounds[place[start] : place[end]]
    )


def _by_end(view: ArticleView, *, last: bool) -> dict[int, list[int]]:
    """Where triggers end (or begin), and whose they are."""
    triggers = ((shown.record.trigger, shown.number) for shown in view.events)
    return _grouped((trigger.end if last else trigger.start, number) for trigger, number in triggers)


def _grouped(pairs: Iterable[tuple[int, T]]) -> dict[int, list[T]]:
    """
    >>> _grouped([(1, "a"), (2, "b"), (1, "c")])
    {1: ['a', 'c'], 2: ['b']}
    """
    found: dict[int, list[T]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found


# ── the pages ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@html.get("/articles/{number}")
def show(request: Request, store: Reading, bench: Bench, number: Number) -> Response:
    """An article."""
    view = read_article(store, number, bench=bench)
    repairs = [(step, *repaired_words(view.text or "", step)) for step in view.repairs[:REPAIRS_LISTED]]
    return render(
        request,
        "article.html",
        view=view,
        heading=heading_of(view),
        pieces=pieces_of(view),
        repairs=repairs,
        roles=ROLES,
        revised=revised_count(store, doc=number),
    )


def heading_of(view: ArticleView) -> str:
    """What stands above an article: its title, else how it begins, else its name."""
    begins = one_line((view.text or "")[: 4 * HEADING_CHARS], HEADING_CHARS)
    return one_line(view.title or "", 3 * HEADING_CHARS) or begins or one_line(view.id, HEADING_CHARS)


@html.get("/records/{id}")
def to_record(store: Reading, bench: Bench, id: str) -> Response:
    """To the article of a record, with the record picked."""
    found = number_of_record(store, id)
    if found is None:
        raise missing(f"record {id[:60]}")
    view = read_article(store, found, bench=bench)
    number = next((shown.number for shown in view.events if shown.record.id == id), None)
    return RedirectResponse(f"/articles/{found}{f'#event-{number}' if number else ''}", status_code=302)


@html.get("/records/{id}/why")
def why(request: Request, store: Reading, id: str) -> Response:
    """Why each field of a record has its value: a part of the article's page, or a page of its own."""
    template = "why-part.html" if request.headers.get("HX-Request") else "why.html"
    return render(request, template, view=read_record(store, id))


@api.get("/articles/{number}", tags=["articles"])
@answering(ArticleView)
def article(store: Reading, bench: Bench, number: Number) -> ArticleView:
    """An article as it was given, with its records, repairs, omissions and how its date was found."""
    return read_article(store, number, bench=bench)


@api.get("/records/{id}", tags=["records"])
@answering(RecordView)
def record(store: Reading, id: Annotated[str, Path(max_length=100)]) -> RecordView:
    """A record, and why each of its fields has its value."""
    return read_record(store, id)
