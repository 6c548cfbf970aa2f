"""A URL → an article, fetched with limits.

Someone who runs Lapwing as a service passes it addresses that others chose, so every hop is checked: only http and
https, only machines of the public internet (unless `Settings.allow_private`), a size, a time and a number of
redirects. The address that was checked is the one that is connected to, so that a name cannot change its mind in
between; for the same reason proxies of the environment are not used.
"""

from __future__ import annotations

import time
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TYPE_CHECKING

from lapwing.errors import FetchError, NotText, SourceError
from lapwing.records import Article
from lapwing.settings import Settings
from lapwing.sources.html import looks_like_html, read_html
from lapwing.sources.office import read_docx, read_pdf
from lapwing.sources.text import read_text

if TYPE_CHECKING:
    import httpx2

SCHEMES = ("http", "https")

HTML_TYPES = ("text/html", "application/xhtml+xml")

PDF_TYPE = "application/pdf"

DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

USER_AGENT = "lapwing (news event coder)"

ACCEPT = "text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, text/plain;q=0.8, */*;q=0.5"

REDIRECTS = (301, 302, 303, 307, 308)


def is_url(path: str) -> bool:
    """Whether `path` is an address of the web rather than a file.

    >>> is_url("https://example.org/news"), is_url("news/https.txt")
    (True, False)
    """
    return path.lower().startswith(("http://", "https://"))


def is_public(address: str) -> bool:
    """Whether an IP address belongs to a machine of the public internet, also where IPv6 wraps IPv4.

    >>> is_public("93.184.216.34"), is_public("127.0.0.1"), is_public("169.254.169.254"), is_public("::ffff:10.0.0.1")
    (True, False, False, False)
    """
    ip: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None) or _nat64(ip)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


def _nat64(ip: IPv6Address) -> IPv4Address | None:
    return IPv4Address(ip.packed[-4:]) if ip.packed[:12] == bytes.fromhex("0064ff9b0000000000000000") else None


def resolve(host: str, port: int, *, allow_private: bool) -> str:
    """The IP address to connect to for `host`. Raises `FetchError` where it has none, or one that is not public."""
    import socket

    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FetchError(f"no such host: {host}. Is the address right, and is there a network? ({error})") from None
    addresses = [str(entry[4][0]) for entry in found]
    if not allow_private and (private := next((a for a in addresses if not is_public(a)), None)):
        raise FetchError(f"{host} is {private}, not a public address. Pass --allow-private if you trust it.")
    return addresses[0]


def fetch_article(url: str, *, settings: Settings) -> Article:
    """The article at `url`. Raises `FetchError` where it cannot be had, `NotText` or `EmptyArticle` where it is
    none."""
    return article_of_answer(url, *fetch(url, settings=settings), settings=settings)


def article_of_answer(
    url: str, data: bytes, address: str, content_type: str, charset: str | None, *, settings: Settings
) -> Article:
    """The article that `fetch` brought. Raises `NotText` or `EmptyArticle` where it is none."""
    unnamed = content_type in ("", "application/octet-stream")
    if content_type in HTML_TYPES or (unnamed and looks_like_html(data)):
        return read_html(data, article_id=url, settings=settings, url=address, charset=charset)
    if content_type == "text/plain":
        return read_text(data, article_id=url, settings=settings, url=address)
    if content_type == PDF_TYPE or (unnamed and data.startswith(b"%PDF")):
        return read_pdf(data, article_id=url, settings=settings, url=address)
    if content_type == DOCX_TYPE:
        return read_docx(data, article_id=url, settings=settings, url=address)
    raise NotText(f"the server sent {content_type or 'something unnamed'}, not a page or plain text.")


def fetch(url: str, *, settings: Settings) -> tuple[bytes, str, str, str | None]:
    """What `url` leads to: the body, the final address, the content type and its charset. Raises `SourceError`."""
    import httpx2

    deadline = time.monotonic() + settings.fetch_s
    try:
        with httpx2.Client(timeout=settings.timeout_s, follow_redirects=False, trust_env=False) as client:
            address = httpx2.URL(url)
            for _ in range(settings.max_redirects + 1):
                request = _pinned_request(client, address, settings=settings)
                response = client.send(request, stream=True)
                try:
                    if response.status_code in REDIRECTS and "location" in response.headers:
                        address = address.join(response.headers["location"])
                        continue
                    body = _body(response, deadline=deadline, settings=settings)
                    content_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
                    return body, str(address), content_type, response.charset_encoding
                finally:
                    response.close()
            raise FetchError(f"more than {settings.max_redirects} redirects; the last led to {address}.")
    except httpx2.TimeoutException:
        raise FetchError(f"the server did not answer within {settings.timeout_s:g} s. Try again later.") from None
    except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, UnicodeError, ValueError) as error:
        raise FetchError(f"could not be fetched: {error or type(error).__name__}") from None


def _pinned_request(client: httpx2.Client, address: httpx2.URL, *, settings: Settings) -> httpx2.Request:
    """A request to the very IP address that was checked, with the host's name in the header and the TLS handshake."""
    if address.scheme not in SCHEMES or not address.host:
        raise FetchError(f"{address} is no http or https address.")
    port = address.port or (443 if address.scheme == "https" else 80)
    ip = resolve(address.host, port, allow_private=settings.allow_private)
    host = address.raw_host.decode("ascii")
    headers = {"Host": address.netloc.decode("ascii"), "User-Agent": USER_AGENT, "Accept": ACCEPT}
    return client.build_request("GET", address.copy_with(host=ip), headers=headers, extensions={"sni_hostname": host})


def _body(response: httpx2.Response, *, deadline: float, settings: Settings) -> bytes:
    if response.status_code != 200:
        raise FetchError(f"the server answered {response.status_code} {response.reason_phrase}".rstrip() + ".")
    chunks, size = [], 0
    for chunk in response.iter_bytes():
        size += len(chunk)
        if size > settings.max_page_bytes:
            raise SourceError(f"the page is larger than {settings.max_page_bytes:,} bytes, and was not read on.")
        if time.monotonic() > deadline:
            raise FetchError(f"the server was still sending after {settings.fetch_s:g} s. Try again later.")
        chunks.append(chunk)
    return b"".join(chunks)
