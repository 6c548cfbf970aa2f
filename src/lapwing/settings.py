"""The limits that a run keeps, as one frozen value: made at an entry point and passed down, never read from
elsewhere."""

from __future__ import annotations

import msgspec


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Limits on what is read.

    `max_chars` bounds one article (a longer text is a book or an archive, not an article), `max_page_bytes` one
    fetched or saved page, mail or office document, `max_line_bytes` one line of a JSONL or CSV file, `max_entries` the
    addresses that are followed of one feed or sitemap. `extract_s` and `extract_memory` (bytes) bound what it takes to
    read a PDF.

    Of fetching: `timeout_s` bounds each wait for a server, `fetch_s` one attempt as a whole, of which there are
    `retries` more where a failure may pass. `delay_s` lies between two requests to a host; a host that asks for a longer
    delay, or to be asked again later, is obeyed up to `max_wait_s`. `robots` says whether robots.txt is, `contact` is
    told to servers. `allow_private` lets a URL lead to a machine of the local network.

    `columns` are pairs of a name that Lapwing knows and the name of the column that stands for it: ("text", "body").

    >>> Settings().allow_private
    False
    """

    max_chars: int = 200_000
    max_page_bytes: int = 20_000_000
    max_line_bytes: int = 32_000_000
    max_redirects: int = 5
    timeout_s: float = 10.0
    fetch_s: float = 40.0
    retries: int = 2
    delay_s: float = 1.0
    max_wait_s: float = 60.0
    robots: bool = True
    contact: str | None = None
    max_entries: int = 50_000
    extract_s: float = 30.0
    extract_memory: int = 2_000_000_000
    allow_private: bool = False
    columns: tuple[tuple[str, str], ...] = ()
