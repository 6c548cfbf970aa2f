"""Watching feeds: look at each when it is time, code and store what is new, put it beside what others tell of the same acts,
tell what someone wants to hear of.

One feed that fails does not hold up the others: it is said in one line, and the feed is asked for ever more seldom until it
is well again. That is remembered in the store, so that it also holds for a program that a timer starts (`once`). Only a
store that fails ends the watch, because then nothing can be kept.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from functools import partial

from lapwing.coding import Code, code_article
from lapwing.errors import StoreBusyError
from lapwing.ingest import Tally
from lapwing.monitor.config import Feed, Feeds, load_feeds, with_options
from lapwing.monitor.polling import Polled, Watch, opened, poll, put_together, tell_news
from lapwing.monitor.signals import begin
from lapwing.monitor.stopping import Stop, Stopped, stopping
from lapwing.records import Coder
from lapwing.sources.web import Web
from lapwing.store import Store, open_store

__all__ = ["Feeds", "Polled", "Stop", "failed", "load_feeds", "watch", "with_options"]


def watch(
    feeds: Feeds,
    *,
    coder: Coder,
    once: bool = False,
    code: Code = code_article,
    stop: Stop | None = None,
    say: Callable[[str], None] = lambda line: None,
    opening: Callable[[], AbstractContextManager[Store]] | None = None,
) -> list[Polled]:
    """Watch `feeds` until SIGINT or SIGTERM, or look at each `once`; gives what the last look at each came to. `coder`
    names the program and the model. `opening` opens the store where it is shared with other threads; in another thread than
    the main one only `stop` ends the watch.

    Raises `StoreError` where the store fails.
    """
    stop = stop or Stop()
    web = Web(feeds.settings, sleep=stop.sleep)
    opening = opening or partial(open_store, feeds.store)
    work = Watch(feeds=feeds, opening=opening, coder=coder, code=code, web=web, stop=stop, say=say)
    last: dict[int, Polled] = {}
    in_main_thread = threading.current_thread() is threading.main_thread()
    with stopping(stop) if in_main_thread else nullcontext():
        try:
            _begin(work)
            _look_when_due(work, last, once=once)
        except Stopped:
            say("stopped: what was under way is stored or left for the next time")
    return list(last.values())


def _begin(work: Watch) -> None:
    """Do what an earlier program was killed before doing: put together, and tell."""
    if work.feeds.signal:
        with opened(work) as store:
            begin(store, work.feeds.signal)
    if work.feeds.cluster:
        with (
            suppress(StoreBusyError),
            opened(work) as store,
        ):  # the first look tells it, and what it stores is put together
            put_together(work, store)
    tell_news(work)


def _look_when_due(work: Watch, last: dict[int, Polled], *, once: bool) -> None:
    feeds = work.feeds.feed
    due = dict.fromkeys(range(len(feeds)), 0.0)
    while due:
        number = min(due, key=lambda n: due[n])
        work.stop.sleep(max(0.0, due[number] - time.monotonic()))
        polled = last[number] = _look(work, feeds[number])
        if once:
            del due[number]
        else:
            due[number] = time.monotonic() + max(work.feeds.seconds_between(feeds[number]), polled.wait_s)


def _look(work: Watch, feed: Feed) -> Polled:
    try:
        polled = poll(work, feed)
    except StoreBusyError as error:
        polled = Polled(tally=Tally(), reason=str(error))
    work.say(f"{feed.label}: {polled}")
    return polled


def failed(polled: Sequence[Polled]) -> int:
    """How many feeds could not be had.

    >>> failed([Polled(tally=Tally()), Polled(tally=Tally(), reason="the server answered 500.")])
    1
    """
    return sum(one.reason is not None for one in polled)
