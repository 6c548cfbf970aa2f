"""Review: a queue of records, each in its article; accept, correct, delete, add, complete, undo. The keyboard does all of it.

A reviewer gives a name once; a cookie keeps it for the session. What is shown is the coder's record with this reviewer's own
decisions. Those of others are shown only where they are asked for, so that two readings of an article are two.

After a decision the page goes on within the article, where reading is most of the work, and then to the head of the queue.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal
from urllib.parse import quote, unquote

import msgspec
from fastapi import APIRouter, Cookie, Depends, Form, Path, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field

from lapwing.codebook import TYPES, load_codebook
from lapwing.dictionaries import SECTORS
from lapwing.errors import LapwingError, QueryError
from lapwing.evaluation.agreement import Agreement, agreement_of
from lapwing.records import Event, PlacePrecision, SourceKind, Status
from lapwing.report import explained, told_by
from lapwing.review import FIELDS, Waiting, accept, add, complete, correct, delete, next_records, undo
from lapwing.review.queue import waiting_count, weigh
from lapwing.store import Store
from lapwing.store.judged import Action, Review, Verdict
from lapwing.store.reviews import (
    Judged,
    Progress,
    document_of_record,
    judged_records,
    progress,
    reviewed_last,
    reviewers,
    reviews_made,
)
from lapwing.web.answers import answering, api_router
from lapwing.web.asking import countries
from lapwing.web.errors import missing
from lapwing.web.pages.article import ROLES, ArticleView, ShownEvent, pieces_of, read_article
from lapwing.web.rates import limited
from lapwing.web.rendering import render
from lapwing.web.workbench import Bench, Page, Reading, Workbench, Writing

html, api = APIRouter(), api_router()
PAGE = Page(html=html, api=api, title="Review", path="/review")

COOKIE = "lapwing_reviewer"

LARGEST = 2**62

QUEUE_SHOWN, ARTICLES_SHOWN, REVIEWS_SHOWN = 15, 15, 50

DONE: dict[Action, str] = {
    "accept": "accepted",
    "correct": "corrected",
    "delete": "deleted",
    "add": "added",
    "complete": "called complete",
    "undo": "took back",
}

Number = Annotated[int, Path(ge=1, le=LARGEST)]
Name = Annotated[str, Field(min_length=1, max_length=100)]
Note = Annotated[str | None, Field(max_length=2000)]


class ReviewTold(msgspec.Struct, frozen=True, kw_only=True):
    """A decision: who, when, what of which record, and why. `stands` is false where it was taken back; `coded` is the record
    as the coder had it then."""

    seq: int
    made: datetime
    reviewer: str
    action: Action
    record: str | None
    number: int | None
    field: str | None
    value: Any
    coded: Any
    note: str | None
    revokes: int | None
    stands: bool

    @property
    def words(self) -> str:
        """What was done, in words."""
        return f"{DONE[self.action]}{f' {self.field}' if self.field else ''}{f' no. {self.revokes}' if self.revokes else ''}"


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """A field whose value is not the coder's, and what the coder had."""

    field: str
    coded: str


class ReviewedRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A record as a reviewer sees it: `n` counts from 1 in the article; `event` is what the reviewer left of it (for a deleted one
    what the coder had); `verdict` is the reviewer's, `verdicts` are everyone's whose decisions are shown."""

    n: int
    number: int
    event: Event
    status: str
    coded: Event | None
    deleted: bool
    verdict: Verdict | None
    verdicts: dict[str, Verdict]
    changed: tuple[Changed, ...]
    reviews: tuple[ReviewTold, ...]


class ReviewView(msgspec.Struct, frozen=True, kw_only=True):
    """An article with its records as `reviewer` sees them; `others` says that the decisions of others are shown."""

    reviewer: str | None
    others: bool
    article: ArticleView
    records: tuple[ReviewedRecord, ...]
    progress: Progress


class QueueView(msgspec.Struct, frozen=True, kw_only=True):
    """What waits for a reviewer, first things first, and how much of it there is."""

    reviewer: str
    total: int
    records: tuple[Waiting, ...]


class ReviewsView(msgspec.Struct, frozen=True, kw_only=True):
    """Decisions, the newest first."""

    reviews: tuple[ReviewTold, ...]


class ProgressView(msgspec.Struct, frozen=True, kw_only=True):
    """Who reviewed how many records, and how far articles are reviewed."""

    reviewers: dict[str, int]
    articles: tuple[Progress, ...]


# ── what is read ──────────────────────────────────────────────────────────────────────────────────────────────────────


def read_review(store: Store, doc: int, *, reviewer: str | None, others: bool, bench: Workbench) -> ReviewView:
    """An article with its records as `reviewer` sees them. Raises 404 where there is none."""
    article = read_article(store, doc, bench=bench)
    by = None if others else reviewer or ""
    found = judged_records(store, doc, by=by)
    records = tuple(_reviewed(n, one, reviewer) for n, one in enumerate(found, start=1))
    shown = tuple(ShownEvent(number=one.n, status=one.status, act=None, record=one.event) for one in records)
    (known,) = progress(store, docs=[doc])
    return ReviewView(
        reviewer=reviewer,
        others=others,
        article=msgspec.structs.replace(article, events=shown),
        records=records,
        progress=known,
    )


def _reviewed(n: int, one: Judged, reviewer: str | None) -> ReviewedRecord:
    event = one.judged or one.coded
    assert event is not None
    return ReviewedRecord(
        n=n,
        number=one.number,
        event=event,
        status=told_by(event),
        coded=one.coded,
        deleted=one.judged is None,
        verdict=one.verdicts.get(reviewer or ""),
        verdicts=one.verdicts,
        changed=tuple(_changed(one)),
        reviews=tuple(told(review, stands=True) for review in one.reviews),
    )


def _changed(one: Judged) -> list[Changed]:
    """The fields that are not the coder's any more."""
    if one.judged is None or one.coded is None:
        return []
    before, after = explained(one.coded), explained(one.judged)
    return [
        Changed(field=was.field, coded=was.value)
        for was, now in zip(before, after, strict=False)
        if was.field in FIELDS and was.value != now.value
    ]


def told(review: Review, *, stands: bool) -> ReviewTold:
    """A review as it is told."""
    return ReviewTold(
        seq=review.seq,
        made=review.made,
        reviewer=review.reviewer,
        action=review.action,
        record=review.record,
        number=review.number,
        field=review.field,
        value=msgspec.json.decode(review.value) if review.value else None,
        coded=msgspec.json.decode(review.coded) if review.coded else None,
        note=review.note,
        revokes=review.revokes,
        stands=stands,
    )


def read_queue(store: Store, reviewer: str, *, limit: int, offset: int, others: bool) -> QueueView:
    """What waits for `reviewer`."""
    found = next_records(store, reviewer=reviewer, limit=limit, offset=offset, judged_by_others=others)
    total = waiting_count(store, reviewer=reviewer, judged_by_others=others)
    return QueueView(reviewer=reviewer, total=total, records=tuple(found))


def read_reviews(
    store: Store, *, doc: int | None = None, reviewer: str | None = None, limit: int, offset: int = 0
) -> ReviewsView:
    """Decisions, the newest first."""
    found = reviews_made(store, doc=doc, reviewer=reviewer, limit=limit, offset=offset)
    return ReviewsView(reviews=tuple(told(review, stands=stands) for review, stands in found))


# ── what is decided ───────────────────────────────────────────────────────────────────────────────────────────────────


class NewReview(BaseModel):
    """A decision. `accept`, `delete` and `correct` are of a `record` (its number), `correct` names the `field` and its new
    `value`; `add` and `complete` are of an `article` (its number), `add` has the record's fields as `value`; `undo` takes back
    `review` (its number). What a field's value may be is told in docs/how-to/review.md."""

    action: Literal["accept", "correct", "delete", "add", "complete", "undo"]
    reviewer: Name
    record: int | None = Field(None, ge=1, le=LARGEST)
    article: int | None = Field(None, ge=1, le=LARGEST)
    review: int | None = Field(None, ge=1, le=LARGEST)
    field: str | None = Field(None, max_length=30)
    value: Any = None
    note: Note = None


def decide(store: Store, asked: NewReview) -> Review:
    """Enter a decision. Raises `QueryError` where something is lacking or wrong."""
    by, note = asked.reviewer, asked.note
    match asked.action:
        case "accept":
            return accept(store, _given(asked.record, "record"), by=by, note=note)
        case "delete":
            return delete(store, _given(asked.record, "record"), by=by, note=note)
        case "correct":
            field = asked.field or ""
            return correct(store, _given(asked.record, "record"), field, asked.value, by=by, note=note)
        case "add":
            value = asked.value if isinstance(asked.value, Mapping) else {}
            return add(store, _given(asked.article, "article"), value, by=by, note=note)
        case "complete":
            return complete(store, _given(asked.article, "article"), by=by, note=note)
        case "undo":
            return undo(store, _given(asked.review, "review"), by=by, note=note)


def _given(number: int | None, what: str) -> int:
    if number is None:
        raise QueryError(f"say which {what}.")
    return number


def _after(store: Store, number: int, reviewer: str) -> str:
    """Where to go after a decision on a record: the next of its article that waits, else the record itself."""
    records = judged_records(store, document_of_record(store, number), by=reviewer)
    place = next((k for k, one in enumerate(records) if one.number == number), 0)
    waiting = (one.number for one in (*records[place + 1 :], *records[:place]) if reviewer not in one.verdicts)
    following = next(waiting, None)
    return f"/review/records/{following}" if following else f"/review/records/{number}#done"


# ── the pages ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _reviewer(lapwing_reviewer: Annotated[str | None, Cookie(max_length=700)] = None) -> str | None:
    """The reviewer's name, as the cookie keeps it."""
    name = " ".join(unquote(lapwing_reviewer or "").split())
    return name if name and name.isprintable() and len(name) <= 100 else None


Reviewer = Annotated[str | None, Depends(_reviewer)]

Others = Annotated[bool, Query(description="Also the decisions of others.")]


@html.get("/review")
def show(request: Request, store: Reading, reviewer: Reviewer, unread: bool = False) -> Response:
    """What waits, how far it is, and what was decided last."""
    queue = read_queue(store, reviewer, limit=QUEUE_SHOWN, offset=0, others=not unread) if reviewer else None
    waiting = [one.number for one in queue.records] if queue else []
    last = reviewed_last(store, limit=ARTICLES_SHOWN)
    return render(
        request,
        "review.html",
        reviewer=reviewer,
        unread=unread,
        queue=queue,
        events=_events(store, waiting),
        articles=_in_order(progress(store, docs=last), last),
        reviewers=reviewers(store),
        reviews=read_reviews(store, limit=REVIEWS_SHOWN).reviews,
    )


def _in_order(articles: list[Progress], docs: list[int]) -> list[Progress]:
    return sorted(articles, key=lambda one: docs.index(one.doc))


def _events(store: Store, numbers: list[int]) -> dict[int, Any]:
    from lapwing.store.pages import read_listed

    return {one.number: one for one in read_listed(store, numbers, values="coded")}


@html.post("/review/name")
def set_name(request: Request, name: Annotated[Name, Form()], to: Annotated[str, Form()] = "/review") -> Response:
    """Keep the reviewer's name for the session."""
    answer = RedirectResponse(to if to.startswith("/review") else "/review", status_code=303)
    kept = " ".join(name.split())[:100]
    answer.set_cookie(COOKIE, quote(kept), httponly=True, samesite="strict", secure=request.url.scheme == "https")
    return answer


@html.get("/review/next")
def to_next(store: Reading, reviewer: Reviewer, unread: bool = False, after: int | None = None) -> Response:
    """To the head of the queue; `after` is a record that is to be passed over for now."""
    if reviewer is None:
        return RedirectResponse("/review", status_code=303)
    found = next_records(store, reviewer=reviewer, limit=2, judged_by_others=not unread)
    following = next((one.number for one in found if one.number != after), None)
    return RedirectResponse(f"/review/records/{following}" if following else "/review", status_code=303)


@html.get("/review/records/{number}")
def show_record(
    request: Request, store: Reading, bench: Bench, number: Number, reviewer: Reviewer, others: Others = False
) -> Response:
    """One record in its article."""
    try:
        doc = document_of_record(store, number)
    except QueryError:
        raise missing(f"record number {number}") from None
    view = read_review(store, doc, reviewer=reviewer, others=others, bench=bench)
    current = next((one for one in view.records if one.number == number), None)
    return _page(request, store, view, current)


@html.get("/review/articles/{number}")
def show_article(
    request: Request, store: Reading, bench: Bench, number: Number, reviewer: Reviewer, others: Others = False
) -> Response:
    """An article: its first record that waits, else its first, else none."""
    view = read_review(store, number, reviewer=reviewer, others=others, bench=bench)
    current = next((one for one in view.records if one.verdict is None), view.records[0] if view.records else None)
    return _page(request, store, view, current)


def _page(request: Request, store: Store, view: ReviewView, current: ReviewedRecord | None) -> Response:
    place = view.records.index(current) if current else 0
    around = [view.records[k].number if 0 <= k < len(view.records) else None for k in (place - 1, place + 1)]
    return render(
        request,
        "review-record.html",
        view=view,
        article=view.article,
        current=current,
        why={one.field: one for one in explained(current.event)} if current else {},
        fields=FIELDS,
        before=around[0],
        after=around[1],
        left=[one for one in view.records if one.verdict is None],
        pieces=pieces_of(view.article),
        roles=ROLES,
        waiting=waiting_count(store, reviewer=view.reviewer) if view.reviewer else 0,
        priority=weigh(store, current.number) if current else None,
        last=_last(store, view),
        choices=_choices(current),
        countries=countries(),
    )


def _last(store: Store, view: ReviewView) -> ReviewTold | None:
    """The reviewer's last decision that stands."""
    if view.reviewer is None:
        return None
    found = read_reviews(store, reviewer=view.reviewer, limit=20).reviews
    return next((one for one in found if one.stands and one.action != "undo"), None)


def _choices(current: ReviewedRecord | None) -> dict[str, Any]:
    """What the fields of the forms may be."""
    from typing import get_args

    codebook = load_codebook()
    return {
        "event": TYPES,
        "mode": codebook.modes_of(current.event.event) if current else (),
        "status": get_args(Status),
        "contexts": sorted(codebook.contexts),
        "sector": sorted(SECTORS),
        "precision": get_args(PlacePrecision),
        "kind": get_args(SourceKind),
    }


@html.post("/review/records/{number}/{action}")
def decide_on_record(
    store: Writing,
    number: Number,
    action: Literal["accept", "delete"],
    reviewer: Reviewer,
    note: Annotated[str | None, Form(max_length=2000)] = None,
) -> Response:
    """Accept or delete a record, and go on."""
    if reviewer is None:
        return RedirectResponse("/review", status_code=303)
    (accept if action == "accept" else delete)(store, number, by=reviewer, note=note)
    return RedirectResponse(_after(store, number, reviewer), status_code=303)


@html.post("/review/articles/{number}/complete")
def complete_article(
    store: Writing,
    number: Number,
    reviewer: Reviewer,
    note: Annotated[str | None, Form(max_length=2000)] = None,
    to: Annotated[str, Form()] = "/review/next",
) -> Response:
    """Say that an article is complete, and go to the next record of the queue."""
    if reviewer is None:
        return RedirectResponse("/review", status_code=303)
    complete(store, number, by=reviewer, note=note)
    return RedirectResponse(to if to.startswith("/review") else "/review", status_code=303)


@html.post("/review/undo/{seq}")
def take_back(
    store: Writing,
    seq: Annotated[int, Path(ge=1, le=LARGEST)],
    reviewer: Reviewer,
    note: Annotated[str | None, Form(max_length=2000)] = None,
) -> Response:
    """Take a decision back, and go to what it was of."""
    if reviewer is None:
        return RedirectResponse("/review", status_code=303)
    taken = undo(store, seq, by=reviewer, note=note)
    return RedirectResponse(f"/review/records/{taken.number}" if taken.number else "/review", status_code=303)


OFTEN = limited("agreement", per_minute=30)


@html.get("/review/agreement", dependencies=[OFTEN])
def show_agreement(
    request: Request,
    store: Reading,
    a: Annotated[str | None, Query(max_length=100)] = None,
    b: Annotated[str | None, Query(max_length=100)] = None,
) -> Response:
    """How far two reviewers agree, and where they differ."""
    names = [name for name, _ in reviewers(store)]
    a, b = a or next(iter(names), None), b or next((name for name in names if name != (a or names[0])), None)
    found, fault = None, None
    if a and b:
        try:
            found = agreement_of(store, a, b)
        except LapwingError as error:
            fault = str(error)
    page = render(request, "agreement.html", names=names, a=a, b=b, found=found, fault=fault)
    page.status_code = 400 if fault else 200
    return page


# ── the twin ──────────────────────────────────────────────────────────────────────────────────────────────────────────

OfReviewer = Annotated[str, Query(min_length=1, max_length=100)]
Limit = Annotated[int, Query(ge=1, le=500)]
Offset = Annotated[int, Query(ge=0, le=1_000_000)]


@api.get("/reviews/queue", tags=["review"])
@answering(QueueView)
def queue(
    store: Reading,
    reviewer: OfReviewer,
    limit: Limit = 20,
    offset: Annotated[int, Query(ge=0, le=10_000)] = 0,
    others: bool = True,
) -> QueueView:
    """The records that wait for a reviewer, first things first; with `others=false` only those that nobody judged."""
    return read_queue(store, reviewer, limit=limit, offset=offset, others=others)


@api.get("/reviews/progress", tags=["review"])
@answering(ProgressView)
def progress_of_all(store: Reading) -> ProgressView:
    """Who reviewed, and how far articles are."""
    return ProgressView(reviewers=dict(reviewers(store)), articles=tuple(progress(store)))


@api.get("/reviews/agreement", tags=["review"], dependencies=[OFTEN])
@answering(Agreement)
def agreement(store: Reading, a: OfReviewer, b: OfReviewer) -> Agreement:
    """How far two reviewers agree, field by field, and where they differ."""
    return agreement_of(store, a, b)


@api.get("/reviews/articles/{number}", tags=["review"])
@answering(ReviewView)
def reviewed_article(
    store: Reading, bench: Bench, number: Number, reviewer: OfReviewer, others: Others = False
) -> ReviewView:
    """An article with its records as a reviewer left them, and as coded."""
    return read_review(store, number, reviewer=reviewer, others=others, bench=bench)


@api.get("/reviews", tags=["review"])
@answering(ReviewsView)
def reviews(
    store: Reading,
    article: Annotated[int | None, Query(ge=1, le=LARGEST)] = None,
    reviewer: Annotated[str | None, Query(max_length=100)] = None,
    limit: Limit = 100,
    offset: Offset = 0,
) -> ReviewsView:
    """Decisions, the newest first; of one article or all, by one reviewer or all."""
    return read_reviews(store, doc=article, reviewer=reviewer, limit=limit, offset=offset)


@api.post("/reviews", tags=["review"])
@answering(ReviewTold)
def new_review(store: Writing, asked: NewReview) -> ReviewTold:
    """Enter a decision."""
    return told(decide(store, asked), stands=True)
