"""Articles through the pipeline, one or many: in order, in one process or several, each failure told.

A pool of processes gives what one process gives, in the same order, so that `jobs` is a matter of time only. It costs
about a second to start, because every worker loads the model, so a few articles are coded right here. Workers are
started afresh (``spawn``): a forked copy of a process that has threads running, as the model's runtime does, may hang.

An article that the pipeline cannot code becomes a `Failure`, even where the reason is a mistake of ours: in a run over
a million articles, one must not take the others with it. Only what would fail every article (a damaged model or
dictionary) ends the run.
"""

from __future__ import annotations

import functools
import hashlib
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import files
from itertools import chain, islice
from typing import TYPE_CHECKING

from lapwing import records
from lapwing.errors import KnowledgeError, LapwingError, ModelError, NotText, SourceError
from lapwing.records import Article, CodedDocument, Document, Failure
from lapwing.settings import Settings

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess
    from types import FrameType

    from lapwing.analysis import Model

POOL_PAYS_FROM = 16
"""Articles from which a pool is faster than one process (about a second to start, five articles a second in each)."""

QUEUED_PER_WORKER = 4

Code = Callable[[Article], CodedDocument]


# ── the public interface ──────────────────────────────────────────────────────────────────────────────────────────────


class Coder:
    """Codes articles: call it with a text. Made by `load`; may be pickled, and loads the model again where it
    arrives."""

    def __init__(self, *, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()

    def __call__(
        self,
        text: str,
        *,
        published: str | None = None,
        title: str | None = None,
        outlet: str | None = None,
        url: str | None = None,
        id: str | None = None,
    ) -> CodedDocument:
        """The document and its events. `published` is ISO 8601 ("2022-12-19"); spans of events are offsets into `text`.

        Raises `EmptyArticle` for a blank text, `NotText` for half a surrogate pair, `SourceError` for a text that is
        too long or a date that is none.
        """
        article = article_of_text(
            text, published=published, title=title, outlet=outlet, url=url, id=id, settings=self.settings
        )
        return code_article(article)

    def code(
        self, paths: str | Sequence[str], *, published: str | None = None, jobs: int | None = 1
    ) -> Iterator[CodedDocument | Failure]:
        """What `lapwing.code` gives, with this coder's settings."""
        return code(paths, published=published, jobs=jobs, settings=self.settings)

    def __reduce__(self) -> tuple[Callable[[Settings], Coder], tuple[Settings]]:
        return _coder, (self.settings,)


def load(*, settings: Settings | None = None) -> Coder:
    """A coder with the packaged model loaded. Raises `ModelError` where the model is missing or damaged."""
    _model()
    return Coder(settings=settings)


def code(
    paths: str | Sequence[str],
    *,
    published: str | None = None,
    jobs: int | None = 1,
    settings: Settings | None = None,
) -> Iterator[CodedDocument | Failure]:
    """The coded documents of files, folders and web addresses, in order; a `Failure` where one could not be read or
    coded.

    `published` (ISO 8601) is for articles that do not tell their own. `jobs` is a number of processes; None takes one
    a core where there is work enough. With more than one, call it under ``if __name__ == "__main__":``, as
    `multiprocessing` asks.
    """
    from lapwing.sources import read_articles

    several = [paths] if isinstance(paths, str) else [str(path) for path in paths]
    reads = read_articles(several, settings=settings, published=checked_date(published))
    return code_articles(reads, jobs=jobs)


def checked_date(published: str | None) -> str | None:
    """`published` as an ISO 8601 date. Raises `SourceError` where it is none.

    >>> checked_date("2022-12-19T10:00:00Z")
    '2022-12-19'
    """
    from lapwing.sources.rows import iso_date

    if not published:
        return None
    if (day := iso_date(published)) is None:
        raise SourceError(f"{published!r} is not an ISO 8601 date: write it as 2022-12-19 (or 2022-12, or 2022).")
    return day


def article_of_text(
    text: str,
    *,
    published: str | None = None,
    title: str | None = None,
    outlet: str | None = None,
    url: str | None = None,
    id: str | None = None,
    settings: Settings,
) -> Article:
    """An article around a text. Without an `id` it gets one from its text, so that the same text has the same id.

    >>> article_of_text("Hello.", published="2022-12", settings=Settings()).id
    'text-2d8bd7d9bb5f'
    """
    from lapwing.sources.rows import without_surrogates
    from lapwing.sources.text import check_article_text

    check_article_text(text, settings=settings)
    if without_surrogates(text) is not None:
        raise NotText("the text holds half a surrogate pair. Decode its bytes with errors='replace' first.")
    day = checked_date(published)
    return Article(
        id=id or "text-" + hashlib.sha256(text.encode()).hexdigest()[:12],
        text=text,
        title=title,
        outlet=outlet,
        url=url,
        published=day,
        published_basis="given" if day else None,
    )


# ── one article ───────────────────────────────────────────────────────────────────────────────────────────────────────


def code_article(article: Article, *, threads: int = 1) -> CodedDocument:
    """The document of `article` and its events, by the packaged model; in several threads sooner where nothing else is to do."""
    from lapwing.pipeline import code_article as run

    return run(article, _model()._replace(threads=threads))


def read_document(article: Article) -> Document:
    """What can be told of an article without the model: its repairs, parts and date, and the lines that are left out."""
    from lapwing.document import build_document
    from lapwing.repair import repair

    return build_document(article, repair(article.text))


@functools.cache
def _model() -> Model:
    from lapwing.pipeline import load_model

    return load_model()


def coder_version() -> records.Coder:
    """The version of the program and of the packaged model, as records carry them, without loading the model."""
    import msgspec

    from lapwing import __version__

    manifest = files("lapwing") / "model" / "manifest.json"
    try:
        name = msgspec.json.decode(manifest.read_bytes())["name"]
    except (OSError, msgspec.DecodeError, KeyError) as error:
        raise ModelError(f"the packaged model is missing or damaged ({error}). Install Lapwing again.") from None
    return records.Coder(lapwing=__version__, model=name)


def coded_or_failure(read: Article | Failure, *, code: Code = code_article) -> CodedDocument | Failure:
    """The coded document, or the reason why there is none. Raises only what would fail every article."""
    if isinstance(read, Failure):
        return read
    try:
        return code(read)
    except (ModelError, KnowledgeError):
        raise
    except LapwingError as error:
        return Failure(where=read.id, reason=str(error))
    except Exception as error:  # a mistake of ours in one article must not lose the others
        told = f"{type(error).__name__}: {error}"[:300]
        return Failure(where=read.id, reason=f"Lapwing broke on it ({told}). Please report this, with the article.")


# ── many ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def code_articles(
    reads: Iterable[Article | Failure], *, jobs: int | None = None, code: Code = code_article
) -> Iterator[CodedDocument | Failure]:
    """The coded documents of `reads`, in their order, a `Failure` at its place. `jobs` None takes one process a core
    where there are articles enough; a number takes that many, but one article never pays for a pool. Reads ahead only
    as far as the workers need."""
    workers = jobs or available_cores()
    stream = iter(reads)
    head = list(islice(stream, POOL_PAYS_FROM if jobs is None else 2)) if workers > 1 else []
    enough = len(head) == (POOL_PAYS_FROM if jobs is None else 2)
    if enough:
        yield from _code_in_pool(chain(head, stream), workers=workers, code=code)
    else:
        for read in chain(head, stream):
            yield coded_or_failure(read, code=code)


def available_cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _code_in_pool(reads: Iterable[Article | Failure], *, workers: int, code: Code) -> Iterator[CodedDocument | Failure]:
    pool = _Workers(workers, code=code)
    pending: deque[tuple[Article | Failure, Future[CodedDocument | Failure]]] = deque()
    try:
        for read in reads:
            pending.append((read, pool.submit(read)))
            if len(pending) >= workers * QUEUED_PER_WORKER:
                yield pool.result(*pending.popleft())
        while pending:
            yield pool.result(*pending.popleft())
    finally:
        pool.close()


class _Workers:
    """A pool that outlives its workers: one that is killed (most often for want of memory) takes down the others' tasks
    too, so a new pool is started, and each article that was under way is coded again in a process of its own."""

    def __init__(self, count: int, *, code: Code) -> None:
        self._count = count
        self._code = code
        self._pool = _new_pool(count)

    def submit(self, read: Article | Failure) -> Future[CodedDocument | Failure]:
        from concurrent.futures.process import BrokenProcessPool

        with _interrupt_held():
            try:
                return self._pool.submit(coded_or_failure, read, code=self._code)
            except BrokenProcessPool:
                self._pool = _new_pool(self._count)
                return self._pool.submit(coded_or_failure, read, code=self._code)

    def result(self, read: Article | Failure, future: Future[CodedDocument | Failure]) -> CodedDocument | Failure:
        from concurrent.futures.process import BrokenProcessPool

        try:
            return future.result()
        except BrokenProcessPool:
            return self._alone(read)

    def _alone(self, read: Article | Failure) -> CodedDocument | Failure:
        from concurrent.futures.process import BrokenProcessPool

        with _new_pool(1) as pool:
            try:
                return pool.submit(coded_or_failure, read, code=self._code).result()
            except BrokenProcessPool:
                where = read.where if isinstance(read, Failure) else read.id
                return Failure(where=where, reason="the process that coded it was killed. Is there too little memory?")

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)


def _new_pool(workers: int) -> ProcessPoolExecutor:
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"), initializer=_ignore_interrupt)


@contextmanager
def _interrupt_held() -> Iterator[None]:
    """Let Ctrl-C wait for the block's end: a worker whose start is broken off dies with a traceback on standard error."""
    before = signal.getsignal(signal.SIGINT)
    if not callable(before) or threading.current_thread() is not threading.main_thread():
        yield
        return
    held: list[tuple[int, FrameType | None]] = []
    signal.signal(signal.SIGINT, lambda number, frame: held.append((number, frame)))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if held:
        before(*held[0])


def _ignore_interrupt() -> None:
    """Ctrl-C reaches every process of a terminal; the parent is the one that acts on it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _coder(settings: Settings) -> Coder:
    return load(settings=settings)


# ── beside something else ─────────────────────────────────────────────────────────────────────────────────────────────


class CodingProcess:
    """Codes articles one at a time in a process of its own, so that the program that asks stays free for others. Call it as
    `code_article`. A process that dies, or takes longer than `seconds` for an article, is replaced for the next one."""

    def __init__(self, *, seconds: float, code: Code = code_article) -> None:
        self._seconds = seconds
        self._code = code
        self._lock = threading.Lock()
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None

    def start(self) -> None:
        """Start the process, which then loads the model, without waiting for it."""
        with self._lock:
            self._started()

    def __call__(self, article: Article) -> CodedDocument:
        """The coded article. Raises `SourceError` where it takes too long, or breaks the process."""
        with self._lock:
            pipe = self._started()
            try:
                pipe.send(article)
                if not pipe.poll(self._seconds):
                    self._end()
                    raise SourceError(f"it could not be coded within {self._seconds:g} seconds, and was given up.")
                result = pipe.recv()
            except (EOFError, OSError):
                self._end()
                raise SourceError("the process that coded it was killed. Is there too little memory?") from None
        if isinstance(result, Failure):
            raise SourceError(result.reason)
        assert isinstance(result, CodedDocument)
        return result

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def _started(self) -> Connection:
        import multiprocessing

        if self._pipe is None or self._process is None or not self._process.is_alive():
            self._end()
            context = multiprocessing.get_context("spawn")
            self._pipe, theirs = context.Pipe()
            self._process = context.Process(target=_code_what_comes, args=(theirs, self._code), daemon=True)
            with _interrupt_held():
                self._process.start()
            theirs.close()
        return self._pipe

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.join()
        if self._pipe is not None:
            self._pipe.close()
        self._process = self._pipe = None


def _code_what_comes(pipe: Connection, code: Code) -> None:
    """Code articles until the other side goes away."""
    _ignore_interrupt()
    if code is code_article:
        _model()
    while True:
        try:
            article = pipe.recv()
        except (EOFError, OSError):
            return
        pipe.send(coded_or_failure(article, code=code))
