"""From a stream of sources to a store: read, code, keep.

Nothing is held in memory but the articles that the workers are busy with: an article is read when a worker is free for
it (`coding`), and stored, in one transaction, when it is coded. So a run may be cut off anywhere, and what is asked to
do the same again goes on where it stopped: an article that the store holds is read, recognised and passed over.

An article that another version of the program or the model has coded is passed over too, unless `recode` is asked for.
One of which its source now says something else (a date, a title) is coded again, because the records may change.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Literal

import msgspec

from lapwing.coding import Code, code_article, code_articles
from lapwing.records import Article, CodedDocument, Coder, Failure
from lapwing.sources.web import Validators
from lapwing.store import Run, Store, coder_of, finish_run, start_run, store_document, store_failure
from lapwing.store.visits import Visit, note_visit, visit_of
from lapwing.store.writing import Beside, now

Reads = Iterable[Article | Failure]


class Ingested(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one input. `where` is its id, `records` how many records it has, `notes` tell what the reader had
    to do or leave out, `reason` why it failed."""

    where: str
    outcome: Literal["stored", "recoded", "unchanged", "failed"]
    records: int = 0
    changes: int = 0
    notes: tuple[str, ...] = ()
    reason: str | None = None


class Tally(msgspec.Struct, kw_only=True):
    """How many inputs became what. `older` are those among `unchanged` that another version has coded; `records` and
    `changes` count what was written."""

    stored: int = 0
    recoded: int = 0
    unchanged: int = 0
    failed: int = 0
    older: int = 0
    records: int = 0
    changes: int = 0

    def count(self, done: Ingested) -> None:
        """Add one."""
        setattr(self, done.outcome, getattr(self, done.outcome) + 1)
        self.records += done.records
        self.changes += done.changes

    @property
    def done(self) -> int:
        """Inputs so far."""
        return self.stored + self.recoded + self.unchanged + self.failed


def ingest(
    reads: Reads,
    store: Store,
    *,
    coder: Coder,
    kind: str = "ingest",
    inputs: Sequence[str] = (),
    jobs: int | None = None,
    recode: bool = False,
    keep_text: bool = True,
    beside: Beside = lambda article, doc: {},
    code: Code = code_article,
    tell: Callable[[Ingested, Tally], None] = lambda done, tally: None,
) -> Tally:
    """Code the articles of `reads` and store them with their records. `coder` names the program and the model;
    `kind` and `inputs` are what the run is entered with; `beside` is as for `store_document`; `tell` hears of each input as
    soon as it is dealt with.

    Raises `StoreError` where the store fails: what was told of before is stored, and the same call goes on from there.
    """
    run = start_run(store, kind=kind, inputs=inputs, coder=coder)
    tally = Tally()

    def hear(done: Ingested) -> None:
        tally.count(done)
        tell(done, tally)

    def pass_over(article: Article, by: Coder) -> None:
        tally.older += by != coder
        hear(Ingested(where=article.id, outcome="unchanged"))

    under_way: deque[Article | Failure] = deque()
    wanted = _wanted(reads, store, coder=coder, recode=recode, pass_over=pass_over, under_way=under_way)
    for result in code_articles(wanted, jobs=jobs, code=code):
        hear(_keep(store, run, under_way.popleft(), result, keep_text=keep_text, beside=beside))
    finish_run(
        store,
        run,
        stored=tally.stored,
        recoded=tally.recoded,
        unchanged=tally.unchanged,
        failed=tally.failed,
        records=tally.records,
    )
    return tally


def held_version(store: Store, url: str) -> Validators:
    """By what its server knows the version of `url` that was read last, and completely."""
    visit = visit_of(store, url)
    return Validators(etag=visit.etag, modified=visit.modified) if visit and not visit.failures else Validators()


def note_versions(store: Store, seen: Mapping[str, Validators]) -> None:
    """Remember the versions of addresses of which all was read and stored, so that they are not sent again unchanged."""
    for url, version in seen.items():
        note_visit(store, Visit(url=url, visited=now(), due=now(), etag=version.etag, modified=version.modified))


def _wanted(
    reads: Reads,
    store: Store,
    *,
    coder: Coder,
    recode: bool,
    pass_over: Callable[[Article, Coder], None],
    under_way: deque[Article | Failure],
) -> Iterator[Article | Failure]:
    """What is to be coded; it is also put on `under_way`, in the order in which the results will come."""
    for read in reads:
        by = coder_of(store, read) if isinstance(read, Article) else None
        if isinstance(read, Article) and by is not None and (by == coder or not recode):
            pass_over(read, by)
        else:
            under_way.append(read)
            yield read


def _keep(
    store: Store,
    run: Run,
    read: Article | Failure,
    result: CodedDocument | Failure,
    *,
    keep_text: bool,
    beside: Beside,
) -> Ingested:
    notes = read.notes if isinstance(read, Article) else ()
    if isinstance(result, Failure):
        store_failure(store, run, result)
        return Ingested(where=result.where, outcome="failed", reason=result.reason, notes=notes)
    assert isinstance(read, Article)
    kept = store_document(store, run, read, result, keep_text=keep_text, beside=beside)
    new = 0 if kept.outcome == "unchanged" else kept.records
    return Ingested(where=read.id, outcome=kept.outcome, records=new, changes=len(kept.changes), notes=notes)
