"""Submissions that are coded one after the other, beside the pages.

A submission is a stream of articles and failures. One thread takes submissions in their order, and stores each article as
`lapwing ingest` does; the coding itself is in another process (`coding.CodingProcess`), so that pages stay quick. What
became of it is kept here for as long as the server runs; the articles, the run and the failures are in the store.
"""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Literal

import msgspec
from fastapi import HTTPException

from lapwing.coding import Code
from lapwing.errors import LapwingError
from lapwing.ingest import Ingested, Tally, ingest
from lapwing.records import Article, Coder, Failure
from lapwing.store import Store
from lapwing.store.articles import number_of
from lapwing.store.sharing import SharedStore

Reads = Iterable[Article | Failure]

State = Literal["waiting", "running", "done", "stopped", "failed"]

MOST_TOLD = 500
"""Inputs of a submission that are told one by one; of those after them only how many became what."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one input. `number` is its article's, where it has one."""

    where: str
    outcome: Literal["stored", "recoded", "unchanged", "failed"]
    records: int
    number: int | None = None
    notes: tuple[str, ...] = ()
    reason: str | None = None


class Submission(msgspec.Struct, kw_only=True):
    """What was submitted and how far it is. `expected` is how many inputs there are, where that is known; `reason` is why
    all of it failed. Only the thread that works on it changes it."""

    id: str
    what: str
    state: State = "waiting"
    expected: int | None = None
    stored: int = 0
    unchanged: int = 0
    failed: int = 0
    records: int = 0
    told: list[Told] = msgspec.field(default_factory=list)
    reason: str | None = None

    @property
    def done(self) -> int:
        """Inputs that are dealt with."""
        return self.stored + self.unchanged + self.failed

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self.state in ("done", "stopped", "failed")

    @property
    def only_article(self) -> int | None:
        """The number of the article, where one was submitted and it is there."""
        return self.told[0].number if self.is_over and self.done == 1 and self.told else None


class _Stopped(Exception):
    """Somebody asked for the end."""


class _Work(msgspec.Struct, frozen=True, kw_only=True):
    submission: Submission
    reads: Callable[[], Reads]
    over: threading.Event
    clean_up: Callable[[], None]


class Jobs:
    """The submissions of a server, and the thread that works on them."""

    def __init__(
        self, store: SharedStore, *, code: Code, coder: Coder, max_jobs: int, max_waiting: int, max_articles: int
    ) -> None:
        self._store = store
        self._code = code
        self._coder = coder
        self._max_jobs, self._max_waiting, self._max_articles = max_jobs, max_waiting, max_articles
        self._changed = threading.Condition()
        self._waiting: deque[_Work] = deque()
        self._known: OrderedDict[str, Submission] = OrderedDict()
        self._stopped: set[str] = set()
        self._closing = False
        self._thread = threading.Thread(target=self._work, name="lapwing-jobs", daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def close(self) -> None:
        """Stop after the article at hand, and drop what waits."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join(timeout=10)
        for work in self._waiting:
            work.submission.state = "stopped"
            work.clean_up()

    def submit(
        self,
        what: str,
        reads: Callable[[], Reads],
        *,
        expected: int | None = None,
        wait_s: float = 0.0,
        clean_up: Callable[[], None] = lambda: None,
    ) -> Submission:
        """Let what `reads` gives be coded and stored, after the submissions before it; waits for up to `wait_s` for its end.
        `clean_up` is called afterwards. Raises 429 where too many wait."""
        submission = Submission(id=secrets.token_urlsafe(9), what=what, expected=expected)
        work = _Work(submission=submission, reads=reads, over=threading.Event(), clean_up=clean_up)
        with self._changed:
            if len(self._waiting) >= self._max_waiting:
                clean_up()
                raise HTTPException(
                    429, f"{len(self._waiting)} submissions wait already. Try again when they are done."
                )
            self._waiting.append(work)
            self._known[submission.id] = submission
            self._forget()
            self._changed.notify_all()
        work.over.wait(wait_s)
        return submission

    def _forget(self) -> None:
        over = [id for id, known in self._known.items() if known.is_over]
        for id in over[: max(0, len(self._known) - self._max_jobs)]:
            del self._known[id]

    def find(self, id: str) -> Submission:
        """The submission `id`. Raises 404 where there is none."""
        if (known := self._known.get(id)) is None:
            raise HTTPException(
                404, "there is no such submission: it may be older than the server. Its articles are stored."
            )
        return known

    def all(self) -> list[Submission]:
        """The submissions that are kept in mind, the newest first."""
        with self._changed:
            return list(reversed(self._known.values()))

    def stop(self, id: str) -> Submission:
        """Let a submission end after the article at hand."""
        known = self.find(id)
        self._stopped.add(id)
        return known

    # ── the thread ──

    def _work(self) -> None:
        while work := self._next():
            submission = work.submission
            try:
                submission.state = "running"
                self._ingest(submission, work.reads)
                submission.state = "done"
            except _Stopped:
                submission.state = "stopped"
            except LapwingError as error:
                submission.reason, submission.state = str(error), "failed"
            except Exception as error:  # one submission must not end the thread that works on all
                told = f"{type(error).__name__}: {error}"[:300]
                submission.reason, submission.state = f"Lapwing broke on it ({told}). Please report this.", "failed"
            finally:
                self._stopped.discard(submission.id)
                work.clean_up()
                work.over.set()

    def _next(self) -> _Work | None:
        with self._changed:
            while not self._waiting and not self._closing:
                self._changed.wait()
            return None if self._closing else self._waiting.popleft()

    def _ingest(self, submission: Submission, reads: Callable[[], Reads]) -> None:
        with self._store.writing() as store:

            def hear(done: Ingested, tally: Tally) -> None:
                note(submission, done, store=store)

            ingest(
                self._while_wanted(submission, reads()),
                store,
                coder=self._coder,
                kind="web",
                inputs=[submission.what],
                jobs=1,
                code=self._code,
                tell=hear,
            )

    def _while_wanted(self, submission: Submission, reads: Reads) -> Iterator[Article | Failure]:
        for count, read in enumerate(reads, start=1):
            if self._closing or submission.id in self._stopped:
                raise _Stopped
            if count > self._max_articles:
                told = f"more than {self._max_articles:,} articles: the others were left out. Use `lapwing ingest`."
                yield Failure(where=submission.what, reason=told)
                return
            yield read


def note(submission: Submission, done: Ingested, *, store: Store) -> None:
    """Enter what became of an input."""
    submission.stored += done.outcome in ("stored", "recoded")
    submission.unchanged += done.outcome == "unchanged"
    submission.failed += done.outcome == "failed"
    submission.records += done.records
    if len(submission.told) < MOST_TOLD:
        number = None if done.outcome == "failed" else number_of(store, done.where)
        told = Told(
            where=done.where,
            outcome=done.outcome,
            records=done.records,
            number=number,
            notes=done.notes,
            reason=done.reason,
        )
        submission.told.append(told)


def listed(submissions: Sequence[Submission]) -> list[Submission]:
    """Submissions without what is told of each input."""
    return [msgspec.structs.replace(one, told=[]) for one in submissions]
