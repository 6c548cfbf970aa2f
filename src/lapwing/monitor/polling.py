"""One look at one feed: what is new in it is fetched, coded, stored and put beside what other articles tell.

The store is open only while something is read from it or written to it, never while a server is waited for: a DuckDB file
can so be asked questions between. What is stored is not fetched again. A feed's version (ETag, Last-Modified) is remembered
only when nothing of it is owed any more, so that a program that is killed, or an article that could not be had, never makes
a feed look done.

A page that cannot be had is asked for again after ever longer waits, and then given up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import islice

import msgspec

from lapwing.clusters import cluster, is_behind, sketch_beside
from lapwing.coding import Code
from lapwing.errors import FetchError, SourceError, StoreBusyError
from lapwing.ingest import Ingested, Tally, ingest
from lapwing.monitor.config import Feed, Feeds
from lapwing.monitor.signals import news, note_told, tell
from lapwing.monitor.stopping import Stop
from lapwing.records import Article, Coder, Failure
from lapwing.sources import further_list, read_articles, read_list
from lapwing.sources.links import Entry, FurtherList, Listed, follow
from lapwing.sources.web import Validators, Web
from lapwing.store import Store, coder_of
from lapwing.store.visits import NEVER, Visit, forget_visit, note_visit, put_off, stored_ids, visit_of

PAGE_WAITS = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=6), timedelta(days=1), timedelta(days=3))
"""Before a page that could not be had is asked for again; after the last one it is given up."""

LONGEST_FEED_WAIT = timedelta(days=1)

BATCH, BATCH_OF_FILES = 10, 200
"""Articles that are fetched, or read from files, before the store is opened for them."""

FAILURES_IN_A_ROW = 5
"""Pages that cannot be had, one after the other, after which the others of a feed are left for the next look."""

BUSY_WAITS_S = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0)
"""How long it is waited for a store that another program has open."""


class Watch(msgspec.Struct, frozen=True, kw_only=True):
    """What a watcher works with. `opening` gives the store, open; `say` hears what a person may want to know."""

    feeds: Feeds
    opening: Callable[[], AbstractContextManager[Store]]
    coder: Coder
    code: Code
    web: Web
    stop: Stop
    say: Callable[[str], None]


class Polled(msgspec.Struct, kw_only=True):
    """What a look at a feed came to. `known` are entries that were stored before, `owed` those that are left for another
    time. `reason` is why the feed could not be had."""

    known: int = 0
    owed: int = 0
    tally: Tally
    reason: str | None = None
    wait_s: float = 0.0

    def __str__(self) -> str:
        if self.reason:
            return f"{self.reason} Next look in {_span(self.wait_s)}."
        told = self.tally
        records = "1 record" if told.records == 1 else f"{told.records} records"
        parts = [f"{told.stored} new, {records}"] if told.stored else ["nothing new"]
        parts += [f"{told.failed} failed"] if told.failed else []
        parts += [f"{self.owed} left for later"] if self.owed else []
        return ", ".join(parts)


def _span(seconds: float) -> str:
    """
    >>> _span(45), _span(5400), _span(86400)
    ('45 s', '90 min', '24 h')
    """
    return (
        f"{seconds:.0f} s"
        if seconds < 90
        else f"{seconds / 60:.0f} min"
        if seconds < 7200
        else f"{seconds / 3600:.0f} h"
    )


@contextmanager
def opened(watch: Watch) -> Iterator[Store]:
    """The store, as soon as no other program has it open. Raises `StoreBusyError` where that takes too long."""
    with ExitStack() as stack:
        yield _opened(watch, stack)


def _opened(watch: Watch, stack: ExitStack) -> Store:
    for wait in BUSY_WAITS_S:
        try:
            return stack.enter_context(watch.opening())
        except StoreBusyError:
            watch.stop.sleep(wait)
    return stack.enter_context(watch.opening())


# ── a feed ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def poll(watch: Watch, feed: Feed) -> Polled:
    """Look at `feed` once. Raises `StoreError` where the store fails, `Stopped` where the end was asked for."""
    if feed.path:
        return _poll_path(watch, feed)
    url = feed.url or ""
    with opened(watch) as store:
        before = visit_of(store, url)
    now = moment()
    if before and before.failures and before.due > now:
        wait_s = (before.due - now).total_seconds()
        return Polled(tally=Tally(), reason=f"left alone after a failure: {before.reason}", wait_s=wait_s)
    try:
        return _poll_feed(watch, feed, url, before)
    except SourceError as error:
        return _failed(watch, feed, before, error)


def _poll_feed(watch: Watch, feed: Feed, url: str, before: Visit | None) -> Polled:
    known = Validators(etag=before.etag, modified=before.modified) if before else Validators()
    page = watch.web.fetch(url, known=known)
    polled = Polled(tally=Tally())
    if not page.changed:
        if known == Validators():
            raise FetchError("the server says that nothing changed, though it was not asked that.", again_in=0)
        return polled
    listed = list(_entries(read_list(page.body, name=url, settings=watch.web.settings), watch=watch))
    _keep_new(watch, feed, listed, polled)
    validators = page.validators if not polled.owed else Validators()
    visit = Visit(url=url, visited=moment(), due=moment(), etag=validators.etag, modified=validators.modified)
    with opened(watch) as store:
        note_visit(store, visit)
    return polled


def _entries(listed: Iterable[Listed], *, watch: Watch) -> Iterator[Article | Failure | Entry]:
    """What a list holds, with that of the lists that it names."""
    for item in listed:
        if isinstance(item, FurtherList):
            yield from _entries(further_list(item, web=watch.web), watch=watch)
        else:
            yield item


def _failed(watch: Watch, feed: Feed, before: Visit | None, error: SourceError) -> Polled:
    """A feed that could not be had is asked for ever more seldom, and not before its server wants that."""
    failures = (before.failures if before else 0) + 1
    wait = watch.feeds.seconds_between(feed) * 2.0 ** min(failures - 1, 20)
    wait = min(wait, LONGEST_FEED_WAIT.total_seconds())
    asked = error.again_in if isinstance(error, FetchError) else None
    wait = min(max(wait, asked or 0.0), 7 * LONGEST_FEED_WAIT.total_seconds())
    now = moment()
    visit = Visit(
        url=feed.url or "", visited=now, due=now + timedelta(seconds=wait), failures=failures, reason=str(error)
    )
    with opened(watch) as store:
        note_visit(store, visit)
    return Polled(tally=Tally(), reason=str(error), wait_s=wait)


def _poll_path(watch: Watch, feed: Feed) -> Polled:
    """A folder or a file: read as a whole, what is stored is passed over."""
    polled = Polled(tally=Tally())
    reads = read_articles([feed.path or ""], outlet=feed.name, web=watch.web, unique_ids=False)
    _keep(watch, feed, reads, polled, at_a_time=BATCH_OF_FILES)
    return polled


# ── its entries ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _keep_new(watch: Watch, feed: Feed, listed: list[Article | Failure | Entry], polled: Polled) -> None:
    entries = list({item.url: item for item in listed if isinstance(item, Entry)}.values())
    urls = [entry.url for entry in entries]
    with opened(watch) as store:
        stored = stored_ids(store, urls)
        later = put_off(store, [url for url in urls if url not in stored], now=moment())
    wanted = [entry for entry in entries if entry.url not in stored and entry.url not in later]
    polled.known = len(stored)
    polled.owed = sum(due < NEVER for due in later.values()) + max(0, len(wanted) - watch.feeds.most_new)
    held = [item for item in listed if not isinstance(item, Entry)]
    _keep(watch, feed, held, polled)
    _keep(watch, feed, _followed(watch, wanted[: watch.feeds.most_new], polled), polled)


def _followed(watch: Watch, entries: Sequence[Entry], polled: Polled) -> Iterator[Article | Failure]:
    """The pages of `entries`, up to where one after the other cannot be had."""
    in_a_row = 0
    for number, entry in enumerate(entries, start=1):
        read = follow(entry, web=watch.web)
        in_a_row = in_a_row + 1 if isinstance(read, Failure) else 0
        yield read
        if in_a_row == FAILURES_IN_A_ROW:
            polled.owed += len(entries) - number
            return


def _keep(
    watch: Watch, feed: Feed, reads: Iterable[Article | Failure], polled: Polled, *, at_a_time: int = BATCH
) -> None:
    """Code and store `reads`, a batch at a time."""
    stream = iter(reads)
    while batch := [_named(read, feed) for read in islice(stream, at_a_time)]:
        _keep_batch(watch, feed, batch, polled)
        watch.stop.sleep(0)


def _named(read: Article | Failure, feed: Feed) -> Article | Failure:
    if isinstance(read, Article) and feed.name and not read.outlet:
        return msgspec.structs.replace(read, outlet=feed.name)
    return read


def _keep_batch(watch: Watch, feed: Feed, batch: list[Article | Failure], polled: Polled) -> None:
    results: list[Ingested] = []

    def hear(done: Ingested, tally: Tally) -> None:
        results.append(done)
        polled.tally.count(done)
        if done.outcome == "failed":
            watch.say(f"{done.where}: {done.reason}")

    def until_stopped() -> Iterator[Article | Failure]:
        for read in batch:
            if not watch.stop.asked:
                yield read

    with opened(watch) as store:
        if not _all_known(store, batch):
            ingest(
                until_stopped(),
                store,
                kind="watch",
                coder=watch.coder,
                inputs=(feed.url or feed.path or "",),
                jobs=1,
                keep_text=watch.feeds.keep_text,
                beside=(lambda article, doc: {}) if watch.feeds.keep_text else sketch_beside,
                code=watch.code,
                tell=hear,
            )
        polled.owed += sum(_note_result(store, done) for done in results)
        if any(done.outcome in ("stored", "recoded") for done in results):
            put_together(watch, store)
    tell_news(watch)


def put_together(watch: Watch, store: Store) -> None:
    """Find what repeats earlier articles and what tells an act that others told: only what is new is compared."""
    if watch.feeds.cluster and is_behind(store):
        cluster(store)


def tell_news(watch: Watch) -> None:
    """Tell what the rules ask for of the records that they did not look at yet. The store is closed meanwhile, so that a
    program that is told may ask it."""
    if not (rules := watch.feeds.signal):
        return
    with opened(watch) as store:
        heard = news(store, rules)
        if not heard.signals:
            note_told(store, rules, heard)
    if heard.signals:
        for signal in heard.signals:
            tell(signal, say=watch.say)
        with opened(watch) as store:
            note_told(store, rules, heard)


def _all_known(store: Store, batch: list[Article | Failure]) -> bool:
    """Whether there is nothing in `batch` that a run would be entered for."""
    return all(isinstance(read, Article) and coder_of(store, read) is not None for read in batch)


def _note_result(store: Store, done: Ingested) -> bool:
    """Note a page that could not be had or coded; gives whether it is to be asked for again."""
    if done.outcome != "failed":
        forget_visit(store, done.where)
        return False
    before = visit_of(store, done.where)
    failures = (before.failures if before else 0) + 1
    now = moment()
    due = now + PAGE_WAITS[failures - 1] if failures <= len(PAGE_WAITS) else NEVER
    note_visit(store, Visit(url=done.where, visited=now, due=due, failures=failures, reason=done.reason))
    return due < NEVER


def moment() -> datetime:
    """The time in UTC, as the store holds it."""
    return datetime.now(UTC).replace(tzinfo=None)
