"""feeds.toml: what to watch, how often, where to keep it, and what to signal.

All of it is checked when it is loaded, so that a mistake is told before anything is fetched, with the entry that holds it.
Paths are seen from the file's folder, so that it does not matter from where a timer starts the program.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Annotated

import msgspec

from lapwing.errors import FeedsError
from lapwing.records import Status
from lapwing.settings import Settings

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}

SHORTEST_S = 30

TOO_OFTEN = "at least 30s, or you are a burden to the server"

NAME = re.compile(r"at `\$\.?([^`]*)`")

SIDE = re.compile(r"\*|[A-Z]{3}(/[A-Z]{3})?|/[A-Z]{3}")

Positive = Annotated[int, msgspec.Meta(ge=1)]


class _Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file."""


class Feed(_Entry, frozen=True, kw_only=True):
    """One thing to watch: `url` of a feed or sitemap, or `path` of a folder or file. `name` is for the log, and for the
    outlet of articles that do not name theirs. `every` overrides that of the file."""

    url: str | None = None
    path: str | None = None
    name: str | None = None
    every: str | None = None

    @property
    def label(self) -> str:
        """What the log calls it."""
        return self.name or self.url or self.path or ""


class Fetching(_Entry, frozen=True, kw_only=True):
    """How servers are treated: see `Settings`, whose names these are."""

    contact: str | None = None
    delay_s: Annotated[float, msgspec.Meta(ge=0, le=3600)] = 1.0
    timeout_s: Annotated[float, msgspec.Meta(gt=0, le=600)] = 10.0
    retries: Annotated[int, msgspec.Meta(ge=0, le=10)] = 2
    robots: bool = True
    allow_private: bool = False


class Rule(_Entry, frozen=True, kw_only=True):
    """Which records are signalled; what is left out does not matter. `min_sources` asks for so many independent sources
    of one act within `within_days`; `run` is a program with its arguments, which reads the signal from standard
    input."""

    name: str
    dyad: str | None = None
    event: tuple[str, ...] = ()
    mode: str | None = None
    status: tuple[Status, ...] = ()
    place: str | None = None
    min_confidence: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.0
    min_sources: Positive | None = None
    within_days: Annotated[int, msgspec.Meta(ge=0, le=365)] = 3
    run: tuple[str, ...] = ()


class Feeds(_Entry, frozen=True, kw_only=True):
    """The file. `most_new` bounds the articles that are fetched of one feed at a time; the others wait for the next. With
    `cluster` what is new is compared with what the store holds, before signals are told."""

    feed: tuple[Feed, ...] = ()
    store: str = "events.duckdb"
    every: str = "15m"
    keep_text: bool = True
    most_new: Positive = 200
    cluster: bool = True
    fetch: Fetching = Fetching()
    signal: tuple[Rule, ...] = ()

    @property
    def settings(self) -> Settings:
        """The limits that fetching keeps."""
        return Settings(**msgspec.structs.asdict(self.fetch))

    def seconds_between(self, feed: Feed) -> float:
        """How often `feed` is looked at."""
        return seconds_of(feed.every or self.every)


def load_feeds(path: Path) -> Feeds:
    """What the file at `path` says. Raises `FeedsError`."""
    try:
        return feeds_of(path.read_text(encoding="utf-8"), folder=path.parent)
    except OSError as error:
        raise FeedsError(f"{path} cannot be read: {error.strerror or error}.") from None
    except UnicodeDecodeError as error:
        raise FeedsError(f"{path} is not UTF-8 (byte {error.start}).") from None
    except FeedsError as error:
        raise FeedsError(f"{path}: {error}") from None


def with_options(feeds: Feeds, *, store: str | None, every: str | None) -> Feeds:
    """`feeds` with a store and an interval of the command line in the place of the file's. Raises `FeedsError`."""
    if every:
        _checked("--interval", interval_of, every)
    return msgspec.structs.replace(feeds, store=store or feeds.store, every=every or feeds.every)


def feeds_of(text: str, *, folder: Path) -> Feeds:
    """What a file with this text in `folder` says. Raises `FeedsError`.

    >>> feeds = feeds_of('[[feed]]\\nurl = "https://example.org/rss"\\nevery = "1h"', folder=Path("/data"))
    >>> feeds.store, feeds.seconds_between(feeds.feed[0])
    ('/data/events.duckdb', 3600.0)
    >>> feeds_of('[[feed]]\\nurl = 7', folder=Path("."))
    Traceback (most recent call last):
    lapwing.errors.FeedsError: feed 1, url: Expected `str | null`, got `int`.
    """
    try:
        feeds = msgspec.convert(tomllib.loads(text), Feeds)
    except tomllib.TOMLDecodeError as error:
        raise FeedsError(f"this is not TOML: {error}.") from None
    except msgspec.ValidationError as error:
        raise FeedsError(_plainly(str(error))) from None
    _check(feeds)
    return _from_folder(feeds, folder)


def _plainly(message: str) -> str:
    """
    >>> _plainly("Object contains unknown field `evry` - at `$.feed[1]`")
    'feed 2: Object contains unknown field `evry`.'
    """
    found = NAME.search(message)
    reason = message.partition(" - at ")[0]
    if not found:
        return f"{reason}."
    where = re.sub(r"\[(\d+)\]", lambda match: f" {int(match[1]) + 1}", found[1]).replace(".", ", ")
    return f"{where}: {reason}."


def seconds_of(duration: str) -> float:
    """The seconds of "30s", "15m", "6h", "1d". Raises `FeedsError`.

    >>> seconds_of("15m"), seconds_of("1.5h")
    (900.0, 5400.0)
    """
    number, unit = duration[:-1].strip(), duration[-1:]
    try:
        return float(number) * UNITS[unit]
    except (ValueError, KeyError):
        raise FeedsError(f"{duration!r} is no length of time: write 30s, 15m, 6h or 1d.") from None


def interval_of(duration: str) -> float:
    """The seconds of `duration`, where they are enough between two looks at a feed. Raises `FeedsError`.

    >>> interval_of("5s")
    Traceback (most recent call last):
    lapwing.errors.FeedsError: '5s' is too often: at least 30s, or you are a burden to the server.
    """
    seconds = seconds_of(duration)
    if not SHORTEST_S <= seconds <= 365 * UNITS["d"]:
        raise FeedsError(f"{duration!r} is too {'often' if seconds < SHORTEST_S else 'seldom'}: {TOO_OFTEN}.")
    return seconds


# ── what the types do not say ─────────────────────────────────────────────────────────────────────────────────────────


def _check(feeds: Feeds) -> None:
    if not feeds.feed:
        raise FeedsError('there is nothing to watch: write [[feed]] and, under it, url = "https://…".')
    _checked("every", interval_of, feeds.every)
    for number, feed in enumerate(feeds.feed, start=1):
        _check_feed(f"feed {number}", feed)
    _refuse_twice("feed", [feed.url or feed.path or "" for feed in feeds.feed])
    _check_contact(feeds.fetch.contact)
    for number, rule in enumerate(feeds.signal, start=1):
        _check_rule(f"signal {number}", rule)
    _refuse_twice("signal", [rule.name for rule in feeds.signal])


def _checked(where: str, check: object, value: str) -> None:
    try:
        check(value)  # type: ignore[operator]
    except FeedsError as error:
        raise FeedsError(f"{where}: {error}") from None


def _check_feed(where: str, feed: Feed) -> None:
    if bool(feed.url) == bool(feed.path):
        raise FeedsError(f"{where}: give either url, of a feed or sitemap, or path, of a folder or file.")
    if feed.url and not feed.url.startswith(("http://", "https://")):
        raise FeedsError(f"{where}, url: {feed.url!r} is no http or https address. For a file write path.")
    if feed.every:
        _checked(f"{where}, every", interval_of, feed.every)


def _refuse_twice(what: str, names: list[str]) -> None:
    for number, name in enumerate(names, start=1):
        if name in names[: number - 1]:
            raise FeedsError(f"{what} {number}: {name!r} is there twice.")


def _check_contact(contact: str | None) -> None:
    if contact is not None and not (contact.isascii() and contact.isprintable()):
        raise FeedsError("fetch, contact: servers are told it in a header, so it must be one line of ASCII.")


def _check_rule(where: str, rule: Rule) -> None:
    from lapwing.codebook import load_codebook

    types = load_codebook().types
    if unknown := next((event for event in rule.event if event not in types), None):
        raise FeedsError(f"{where}, event: {unknown!r} is none of {', '.join(types)}.")
    if rule.dyad is not None and not _is_dyad(rule.dyad):
        raise FeedsError(
            f"{where}, dyad: {rule.dyad!r} is no dyad: write ACTOR-RECIPIENT, for example RUS-UKR, RUS/GOV-* or *-UKR."
        )
    if not rule.name.strip():
        raise FeedsError(f"{where}, name: it is empty.")
    if rule.run and not rule.run[0].strip():
        raise FeedsError(f"{where}, run: the program has no name.")
    if rule == Rule(name=rule.name, run=rule.run, min_sources=rule.min_sources, within_days=rule.within_days):
        raise FeedsError(f"{where}: it would signal every record: say at least dyad, event, status or place.")


def _is_dyad(dyad: str) -> bool:
    """
    >>> [_is_dyad(dyad) for dyad in ("RUS/GOV-*", "*-/REB", "RUS", "Russia-Ukraine")]
    [True, True, False, False]
    """
    sides = dyad.split("-")
    return len(sides) == 2 and all(SIDE.fullmatch(side) for side in sides)


def _from_folder(feeds: Feeds, folder: Path) -> Feeds:
    watched = tuple(
        msgspec.structs.replace(feed, path=str(folder / feed.path)) if feed.path else feed for feed in feeds.feed
    )
    store = feeds.store if "://" in feeds.store else str(folder / feeds.store)
    return msgspec.structs.replace(feeds, feed=watched, store=store)
