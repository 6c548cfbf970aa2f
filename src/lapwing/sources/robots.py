"""What a site asks of programs that fetch: robots.txt, as RFC 9309 has it.

No such file: all may be fetched. A server that fails: nothing may, until it is well again, because what the file says is
not known. Lapwing goes by the name ``lapwing`` there. The file is read by protego, in linear time.
"""

from __future__ import annotations

from typing import Any

import msgspec

AGENT = "lapwing"

MOST_BYTES = 512_000
"""What is read of a robots.txt; RFC 9309 asks for 500 KiB at least."""


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """What a site asks. `closed` is why nothing of it may be fetched, `parsed` its file, where it has one."""

    parsed: Any = None
    closed: str | None = None


def rules_of(status: int, body: bytes) -> Rules:
    """The rules that an answer to the question for robots.txt sets.

    >>> refusal(rules_of(404, b""), "https://example.org/news")
    >>> refusal(rules_of(503, b""), "https://example.org/news")
    'its robots.txt cannot be had (the server answered 503), so nothing of the site is fetched. Try again later.'
    """
    from protego import Protego

    if status == 200:
        return Rules(parsed=Protego.parse(body[:MOST_BYTES].decode("utf-8", "replace")))
    return unreachable(f"the server answered {status}") if status == 429 or status >= 500 else Rules()


def unreachable(reason: str) -> Rules:
    """The rules of a site whose robots.txt cannot be had."""
    return Rules(closed=f"its robots.txt cannot be had ({reason}), so nothing of the site is fetched. Try again later.")


def refusal(rules: Rules, url: str) -> str | None:
    """Why `url` may not be fetched; None where it may.

    >>> rules = rules_of(200, b"User-agent: *\\nDisallow: /private/")
    >>> refusal(rules, "https://example.org/news"), refusal(rules, "https://example.org/private/a")
    (None, 'the site asks programs not to fetch it (robots.txt).')
    """
    if rules.closed:
        return rules.closed
    if rules.parsed is None or rules.parsed.can_fetch(url, AGENT):
        return None
    return "the site asks programs not to fetch it (robots.txt)."


def delay_of(rules: Rules) -> float:
    """The seconds that a site wants between two requests, 0 where it does not say.

    >>> delay_of(rules_of(200, b"User-agent: lapwing\\nCrawl-delay: 5")), delay_of(rules_of(404, b""))
    (5.0, 0.0)
    """
    return max(0.0, float((rules.parsed and rules.parsed.crawl_delay(AGENT)) or 0))
