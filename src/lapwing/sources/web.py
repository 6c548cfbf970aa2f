"""Pages of the web, fetched with manners: robots.txt, a pause between two requests to a host, another try where a failure
may pass, and no page again that did not change.

A `Web` remembers, for as long as it lives, when it asked which host and what that host asks of programs; make one for a
run. Each request goes through `network`, and is bounded in size, also unpacked, and in time.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from functools import cache
from typing import TYPE_CHECKING

import msgspec

from lapwing.errors import FetchError, NotText, SourceError
from lapwing.settings import Settings
from lapwing.sources.network import Network
from lapwing.sources.robots import MOST_BYTES, Rules, delay_of, refusal, rules_of

if TYPE_CHECKING:
    import ssl

    import httpx2

SCHEMES = {"http": 80, "https": 443}

ACCEPT = "text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, text/plain;q=0.8, */*;q=0.5"

NEVER_TEXT = ("image/", "video/", "audio/", "font/")

REDIRECTS = (301, 302, 303, 307, 308)

NOT_MODIFIED = 304

MAY_PASS = (429, 500, 502, 503, 504)
"""Statuses after which another try may succeed."""

BAD_CERTIFICATE = "CERTIFICATE_VERIFY_FAILED"

FIRST_WAIT_S = 1.0
"""Before the second try; before each further one it is doubled."""

RULES_KEPT_S = {True: 24 * 3600.0, False: 600.0}
"""How long a site's rules hold (RFC 9309: a day at most), and how long it is left alone where they cannot be had."""

MOST_HOSTS = 5_000

LONGEST_ADDRESS = 8_000


class Validators(msgspec.Struct, frozen=True, kw_only=True):
    """By what a server knows which version of a page one has."""

    etag: str | None = None
    modified: str | None = None


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """What an address led to. `address` is the last one, after redirects. `changed` is false where the server said that
    the version one has is the newest; `body` is then empty."""

    body: bytes
    address: str
    content_type: str
    charset: str | None = None
    validators: Validators = Validators()
    changed: bool = True


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """A server's answer to one request; `headers` by their names in small letters, `body` only where the status is
    200."""

    status: int
    headers: dict[str, str]
    body: bytes


class Web:
    """Fetches pages, one at a time. `clock` and `sleep` are those of `time` but in tests, and where waiting must be cut
    short. `held` tells which version of an address one has, for `fetch_changed`; `seen` then holds the versions that there
    are."""

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        held: Callable[[str], Validators] = lambda url: Validators(),
    ) -> None:
        self.settings = settings or Settings()
        self.seen: dict[str, Validators] = {}
        self._held = held
        self._clock = clock
        self._sleep = sleep
        self._free: dict[str, float] = {}
        self._rules: dict[str, tuple[Rules, float]] = {}

    def fetch(self, url: str, *, known: Validators | None = None) -> Page:
        """What `url` leads to. `known` are the validators of the version that one has. Raises `FetchError` where it
        cannot be had, `SourceError` where it is too large."""
        headers = conditions(known or Validators())
        for attempt in range(self.settings.retries + 1):
            try:
                return self._follow(url, headers)
            except FetchError as error:
                if error.again_in is None or attempt == self.settings.retries:
                    raise
                wait = max(error.again_in, FIRST_WAIT_S * 2**attempt)
                if wait > self.settings.max_wait_s:
                    raise
                self._sleep(wait)
        raise AssertionError("the last attempt returns or raises")

    def fetch_changed(self, url: str) -> Page:
        """What `url` leads to, where it changed since the version that one has. Raises as `fetch` does."""
        held = self._held(url)
        page = self.fetch(url, known=held)
        if not page.changed and held == Validators():
            raise FetchError("the server says that nothing changed, though it was not asked that.")
        self.seen[url] = page.validators if page.changed else held
        return page

    def _follow(self, url: str, headers: dict[str, str]) -> Page:
        address = address_of(url)
        for _ in range(self.settings.max_redirects + 1):
            answer = self._ask_politely(address, headers)
            if answer.status not in REDIRECTS or "location" not in answer.headers:
                return page_of(answer, str(address))
            address = address_of(answer.headers["location"], base=address)
        raise FetchError(f"more than {self.settings.max_redirects} redirects; the last led to {address}.")

    def _ask_politely(self, address: httpx2.URL, headers: dict[str, str]) -> Answer:
        rules = self._rules_of(address) if self.settings.robots else Rules()
        if reason := refusal(rules, str(address)):
            raise FetchError(reason)
        self._await_turn(address.host)
        try:
            return ask(address, headers=headers, settings=self.settings)
        finally:
            delay = min(max(self.settings.delay_s, delay_of(rules)), self.settings.max_wait_s)
            self._free[address.host] = self._clock() + delay

    def _await_turn(self, host: str) -> None:
        wait = self._free.get(host, 0.0) - self._clock()
        if wait > 0:
            self._sleep(wait)
        if len(self._free) > MOST_HOSTS:
            self._free.clear()

    def _rules_of(self, address: httpx2.URL) -> Rules:
        """What the site of `address` asks. Raises `FetchError` where the site cannot be asked."""
        place = address_of("/robots.txt", base=address)
        rules, until = self._rules.get(str(place), (Rules(), 0.0))
        if self._clock() >= until:
            rules = self._asked_rules(place)
            if len(self._rules) > MOST_HOSTS:
                self._rules.clear()
            self._rules[str(place)] = rules, self._clock() + RULES_KEPT_S[rules.closed is None]
        return rules

    def _asked_rules(self, place: httpx2.URL) -> Rules:
        for _ in range(self.settings.max_redirects + 1):
            answer = ask(place, headers={}, settings=self.settings, cut_at=MOST_BYTES)
            if answer.status not in REDIRECTS or "location" not in answer.headers:
                return rules_of(answer.status, answer.body)
            place = address_of(answer.headers["location"], base=place)
        return Rules()  # RFC 9309: as if there were none


def address_of(url: str, *, base: httpx2.URL | None = None) -> httpx2.URL:
    """`url` as an address of the web, seen from `base`. Raises `FetchError` where it is none.

    >>> str(address_of("../b", base=address_of("https://example.org/a/c")))
    'https://example.org/b'
    """
    import httpx2

    try:
        address = base.join(url) if base else httpx2.URL(url)
    except (httpx2.InvalidURL, UnicodeError, ValueError, TypeError) as error:
        raise FetchError(f"{url[:200]} is no address: {error}.") from None
    if address.scheme not in SCHEMES or not address.host or len(str(address)) > LONGEST_ADDRESS:
        raise FetchError(f"{str(address)[:200]} is no http or https address.")
    return address.copy_with(fragment=None)


def conditions(known: Validators) -> dict[str, str]:
    """The headers that ask for a page only if it changed.

    >>> conditions(Validators(etag='"a1"'))
    {'If-None-Match': '"a1"'}
    """
    asked = {"If-None-Match": known.etag, "If-Modified-Since": known.modified}
    return {name: value for name, value in asked.items() if value}


def page_of(answer: Answer, address: str) -> Page:
    """The page of an answer. Raises `FetchError` where it is none."""
    told = answer.headers
    if answer.status not in (200, NOT_MODIFIED):
        again_in = seconds_of(told.get("retry-after", "")) if answer.status in MAY_PASS else None
        wish = f", and asks to be left alone for {again_in:.0f} s" if again_in else ""
        raise FetchError(f"the server answered {answer.status}{wish}.", again_in=again_in)
    kind = Message()
    kind["Content-Type"] = told.get("content-type", "")
    return Page(
        body=answer.body,
        address=address,
        content_type=kind.get_content_type() if told.get("content-type") else "",
        charset=kind.get_content_charset(),
        validators=Validators(etag=told.get("etag"), modified=told.get("last-modified")),
        changed=answer.status != NOT_MODIFIED,
    )


def seconds_of(retry_after: str, *, now: datetime | None = None) -> float:
    """The seconds that a Retry-After header asks for, 0 where it cannot be read.

    >>> seconds_of("120"), seconds_of("soon")
    (120.0, 0.0)
    >>> seconds_of("Thu, 04 May 2023 08:01:00 GMT", now=datetime(2023, 5, 4, 8, 0, tzinfo=UTC))
    60.0
    """
    if retry_after.strip().isdecimal():
        return float(retry_after[:9])
    try:
        moment = parsedate_to_datetime(retry_after)
    except ValueError:
        return 0.0
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - (now or datetime.now(UTC))).total_seconds())


# ── one request ───────────────────────────────────────────────────────────────────────────────────────────────────────


def ask(address: httpx2.URL, *, headers: dict[str, str], settings: Settings, cut_at: int | None = None) -> Answer:
    """A server's answer. A body longer than `cut_at` bytes is cut there, or without it refused where it is longer than
    a page may be. Raises `FetchError`, or `SourceError` for what is too large, `NotText` for a picture and the like."""
    import httpcore2

    deadline = time.monotonic() + settings.fetch_s
    network = Network(deadline=deadline, allow_private=settings.allow_private)
    url = httpcore2.URL(scheme=address.raw_scheme, host=address.raw_host, port=address.port, target=address.raw_path)
    sent = {"User-Agent": user_agent(settings), "Accept": ACCEPT, "Accept-Encoding": "gzip", **headers}
    tls = _tls() if address.scheme == "https" else None
    waits = dict.fromkeys(("connect", "read", "write", "pool"), settings.timeout_s)
    try:
        with (
            httpcore2.ConnectionPool(ssl_context=tls, network_backend=network) as pool,  # type: ignore[arg-type]
            pool.stream("GET", url, headers=list(sent.items()), extensions={"timeout": waits}) as response,
        ):
            told = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
            _refuse_pictures(response.status, told)
            body = b""
            if response.status == 200:
                encoding = told.get("content-encoding", "").strip().lower()
                most = cut_at or settings.max_page_bytes
                body = unpacked(response.iter_stream(), encoding=encoding, most=most, cut=cut_at is not None)
            return Answer(status=response.status, headers=told, body=body)
    except httpcore2.TimeoutException:
        if time.monotonic() >= deadline:
            reason = f"the server was still sending after {settings.fetch_s:g} s. Try again later."
        else:
            reason = f"the server did not answer within {settings.timeout_s:g} s. Try again later."
        raise FetchError(reason, again_in=0) from None
    except (httpcore2.NetworkError, httpcore2.ProtocolError) as error:
        reason = str(error) or type(error).__name__
        again_in = None if BAD_CERTIFICATE in reason else 0.0
        raise FetchError(f"could not be fetched: {reason}.", again_in=again_in) from None


def user_agent(settings: Settings) -> str:
    """By what name servers know the program.

    >>> user_agent(Settings(contact="press@example.org")).partition(" ")[2]
    '(news event coder; press@example.org)'
    """
    from lapwing import __version__

    return f"lapwing/{__version__} (news event coder{f'; {settings.contact}' if settings.contact else ''})"


@cache
def _tls() -> ssl.SSLContext:
    import httpx2

    return httpx2.create_ssl_context(trust_env=False)


def _refuse_pictures(status: int, told: dict[str, str]) -> None:
    kind = told.get("content-type", "").strip().lower()
    if status == 200 and kind.startswith(NEVER_TEXT):
        raise NotText(f"the server sent {kind.partition(';')[0][:80]}, not a page or plain text.")


def unpacked(chunks: Iterable[bytes], *, encoding: str, most: int, cut: bool = False) -> bytes:
    """A body as it was before it was packed for the way. Never unpacks more than `most` bytes. Raises `SourceError` for
    a longer one, unless it is to be cut there.

    >>> packer = zlib.compressobj(wbits=31)
    >>> bomb = packer.compress(bytes(50_000_000)) + packer.flush()
    >>> len(bomb) < 50_000, len(unpacked([bomb], encoding="gzip", most=1000, cut=True))
    (True, 1000)
    """
    if encoding not in ("", "identity", "gzip", "x-gzip"):
        raise FetchError(f"the server sent it packed as {encoding[:40]!r}, which was not asked for.")
    unpacker = zlib.decompressobj(wbits=31) if encoding.endswith("gzip") else None
    parts: list[bytes] = []
    size = 0
    for chunk in chunks:
        try:
            part = unpacker.decompress(chunk, most + 1 - size) if unpacker else chunk
        except zlib.error as error:
            raise FetchError(f"what the server sent is damaged: {error}.", again_in=0) from None
        parts.append(part)
        size += len(part)
        if size > most:
            if cut:
                break
            raise SourceError(f"the page is larger than {most:,} bytes, and was not read on.")
    return b"".join(parts)[:most]
