"""Fetching: only what may be asked, no more than is good, and with manners."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from lapwing.errors import FetchError, NotText, SourceError
from lapwing.settings import Settings
from lapwing.sources import read_articles
from lapwing.sources.network import is_public, resolve
from lapwing.sources.web import Validators, Web
from served import Site, page, rss, serving


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as running:
        yield running


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def web(time: Time | None = None, **settings: Any) -> Web:
    passing = time or Time()
    values = {"allow_private": True, "timeout_s": 5.0, **settings}
    return Web(Settings(**values), clock=passing.clock, sleep=passing.sleep)


def refused(url: str, fetcher: Web | None = None) -> str:
    with pytest.raises(SourceError) as error:
        (fetcher or web()).fetch(url)
    return str(error.value)


# ── robots.txt ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_robots_txt_forbids_is_not_asked_for(site: Site) -> None:
    site.serve("/robots.txt", "User-agent: *\nDisallow: /private/\n", kind="text/plain")
    secret, open_page = site.serve("/private/a", "x"), site.serve("/news", "x")
    fetcher = web()
    assert "asks programs not to fetch it" in refused(secret, fetcher)
    assert fetcher.fetch(open_page).body == b"x"
    assert [path for path, _ in site.asked] == ["/robots.txt", "/news"]


def test_a_group_for_lapwing_counts_more_than_that_for_all(site: Site) -> None:
    site.serve("/robots.txt", "User-agent: *\nDisallow: /\n\nUser-agent: Lapwing\nDisallow: /x\n", kind="text/plain")
    assert web().fetch(site.serve("/news", "n")).body == b"n"
    assert "robots.txt" in refused(site.serve("/x", "x"))


def test_a_redirect_does_not_lead_around_robots_txt(site: Site) -> None:
    site.serve("/robots.txt", "User-agent: *\nDisallow: /private/\n", kind="text/plain")
    site.serve("/private/a", "x")
    assert "robots.txt" in refused(site.serve("/a", status=302, Location="/private/a"))
    assert site.paths() == ["/a"]


def test_where_robots_txt_cannot_be_had_nothing_is_fetched_for_a_while(site: Site) -> None:
    site.serve("/robots.txt", status=503)
    site.serve("/robots.txt", status=404)
    url, time = site.serve("/news", "n"), Time()
    fetcher = web(time)
    for _ in range(2):
        assert "cannot be had (the server answered 503)" in refused(url, fetcher)
    assert len(site.asked) == 1
    time.now += 601
    assert fetcher.fetch(url).body == b"n"


def test_robots_txt_may_be_left_aside_and_its_size_has_a_limit(site: Site) -> None:
    site.serve("/robots.txt", "User-agent: *\nDisallow: /\n" + "#" * 2_000_000, kind="text/plain")
    url = site.serve("/news", "n")
    assert "robots.txt" in refused(url)
    assert web(robots=False).fetch(url).body == b"n"


# ── pauses and further tries ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_host_is_given_a_pause_and_a_longer_one_where_it_asks_for_it(site: Site) -> None:
    one, two, time = site.serve("/one", "1"), site.serve("/two", "2"), Time()
    fetcher = web(time, delay_s=2.0)
    for url in (one, two, one):
        fetcher.fetch(url)
    assert time.slept == [2.0, 2.0]
    site.serve("/robots.txt", "User-agent: *\nCrawl-delay: 7\n", kind="text/plain")
    slow = Time()
    fetcher = web(slow, delay_s=2.0)
    fetcher.fetch(one)
    slow.now += 4
    fetcher.fetch(two)
    assert slow.slept == [3.0]


def test_a_failure_that_may_pass_is_tried_again_with_growing_waits(site: Site) -> None:
    site.serve("/news", status=503)
    site.serve("/news", status=502)
    url, time = site.serve("/news", "n"), Time()
    assert web(time, delay_s=0.0).fetch(url).body == b"n"
    assert time.slept == [1.0, 2.0]


def test_a_server_that_asks_to_be_left_alone_is(site: Site) -> None:
    site.serve("/busy", status=429, Retry_After="30")
    url, time = site.serve("/busy", "n"), Time()
    assert web(time, delay_s=0.0).fetch(url).body == b"n"
    assert time.slept == [30.0]


def test_no_run_waits_for_longer_than_it_may(site: Site) -> None:
    url, time = site.serve("/busy", status=503, Retry_After="3600"), Time()
    with pytest.raises(FetchError, match="asks to be left alone for 3600 s") as error:
        web(time).fetch(url)
    assert (error.value.again_in, time.slept, len(site.paths())) == (3600.0, [], 1)


@pytest.mark.parametrize(("status", "tries"), [(404, 1), (403, 1), (410, 1), (500, 3), (429, 3)])
def test_only_what_may_pass_is_tried_again(site: Site, status: int, tries: int) -> None:
    assert str(status) in refused(site.serve("/news", status=status))
    assert len(site.paths()) == tries


def test_a_server_that_is_not_there_is_tried_again() -> None:
    time = Time()
    assert "could not be fetched" in refused("http://127.0.0.1:9/", web(time))
    assert time.slept == [1.0, 2.0]


# ── what did not change ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_page_that_did_not_change_is_not_sent_again(site: Site) -> None:
    url = site.serve("/rss", "<rss/>", ETag='"v1"', Last_Modified="Thu, 04 May 2023 08:00:00 GMT")
    first = web().fetch(url)
    assert first.validators == Validators(etag='"v1"', modified="Thu, 04 May 2023 08:00:00 GMT")
    again = web().fetch(url, known=first.validators)
    assert (again.changed, again.body) == (False, b"")
    assert site.asked[-1][1]["If-Modified-Since"] == "Thu, 04 May 2023 08:00:00 GMT"
    assert web().fetch(url, known=Validators(etag='"v0"')).changed


def test_the_program_says_who_it_is(site: Site) -> None:
    web(contact="press@example.org").fetch(site.serve("/news", "n"))
    told = site.asked[-1][1]
    assert told["User-Agent"].startswith("lapwing/")
    assert "press@example.org" in told["User-Agent"]
    assert told["Host"] == site.address.removeprefix("http://")


# ── sizes, times, kinds ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_page_is_unpacked_and_one_that_swells_is_refused(site: Site) -> None:
    assert web().fetch(site.serve("/packed", gzip.compress(b"news"), Content_Encoding="gzip")).body == b"news"
    bomb = site.serve("/bomb", gzip.compress(bytes(30_000_000)), Content_Encoding="gzip")
    assert "larger than 1,000,000 bytes" in refused(bomb, web(max_page_bytes=1_000_000))
    assert "larger than 100 bytes" in refused(site.serve("/long", "x" * 101), web(max_page_bytes=100))


@pytest.mark.parametrize(("encoding", "words"), [("br", "not asked for"), ("gzip", "damaged")])
def test_what_is_packed_otherwise_or_badly_is_refused(site: Site, encoding: str, words: str) -> None:
    assert words in refused(site.serve("/a", b"plain", Content_Encoding=encoding))


def test_pictures_are_not_downloaded(site: Site) -> None:
    with pytest.raises(NotText, match="image/png"):
        web().fetch(site.serve("/a.png", b"x" * 100, kind="image/png"))


def test_a_server_that_sends_a_byte_at_a_time_is_not_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def trickle() -> None:
            connection, _ = listening.accept()
            with connection:
                for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"y" * 100:
                    try:
                        connection.sendall(bytes([byte]))
                    except OSError:
                        return
                    stopped.wait(0.05)

        stopped = threading.Event()
        thread = threading.Thread(target=trickle, daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        assert "still sending after 0.3 s" in refused(url, web(fetch_s=0.3, retries=0, robots=False))
        stopped.set()
        thread.join(timeout=5)


@pytest.mark.parametrize("url", ["ftp://example.org/a", "http:///a", "http://example.org/" + "a" * 9000, "file:///etc"])
def test_what_is_no_address_is_refused(url: str) -> None:
    assert "no http or https address" in refused(url)


# ── machines that may be asked ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "100.100.100.200", "168.63.129.16", "0.0.0.0"),
        *("::1", "::", "fe80::1%eth0", "fd00:ec2::254", "::ffff:127.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1"),
        *("2002:7f00:1::", "ff02::1", "224.0.0.1", "255.255.255.255"),
    ],
)
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


def names(monkeypatch: pytest.MonkeyPatch, **known: list[list[str]]) -> list[str]:
    """Let the resolver know these names only; each question takes the next answer, the last one stays."""
    asked: list[str] = []

    def getaddrinfo(host: str, port: int, *rest: Any, **options: Any) -> list[Any]:
        asked.append(host)
        answers = known.get(host.replace(".", "_"))
        if answers is None:
            raise socket.gaierror("unknown name")
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr("socket.getaddrinfo", getaddrinfo)
    return asked


def test_a_name_that_leads_inside_is_refused_even_with_a_public_address_beside(monkeypatch: pytest.MonkeyPatch) -> None:
    names(monkeypatch, inside_test=[["93.184.216.34", "10.0.0.1"]], outside_test=[["93.184.216.34"]])
    with pytest.raises(FetchError, match=r"inside\.test is 10\.0\.0\.1"):
        resolve("inside.test", 80, allow_private=False)
    assert resolve("outside.test", 80, allow_private=False) == ["93.184.216.34"]
    assert "not a public address" in refused("http://inside.test/", web(allow_private=False))


class Public:
    """Connections that are made: to the local server, whatever public address was meant."""

    def __init__(self, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
        self.to: list[str] = []
        port = int(site.address.rpartition(":")[2])

        def connect(address: tuple[str, int], *rest: Any, **options: Any) -> socket.socket:
            self.to.append(address[0])
            if address[0] == "93.184.216.99":
                raise ConnectionRefusedError("nobody there")
            made = socket.socket()
            made.connect(("127.0.0.1", port))
            return made

        monkeypatch.setattr("socket.create_connection", connect)


def test_a_name_is_resolved_once_and_what_was_checked_is_connected_to(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.serve("/a", "news")
    made = Public(site, monkeypatch)
    asked = names(monkeypatch, moody_test=[["93.184.216.34"], ["127.0.0.1"]])
    fetcher = web(allow_private=False, robots=False)
    assert fetcher.fetch("http://moody.test/a").body == b"news"
    assert (asked, made.to) == (["moody.test"], ["93.184.216.34"])
    assert site.asked[-1][1]["Host"] == "moody.test"
    assert "127.0.0.1, not a public address" in refused("http://moody.test/a", fetcher)
    assert made.to == ["93.184.216.34"]


def test_a_certificate_is_asked_for_the_name_not_the_address(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str | None] = []

    class Tls:
        def set_alpn_protocols(self, protocols: list[str]) -> None:
            pass

        def wrap_socket(self, connection: socket.socket, *, server_hostname: str | None) -> socket.socket:
            asked.append(server_hostname)
            raise ssl.SSLError("no certificate for this name")

    made = Public(site, monkeypatch)
    names(monkeypatch, moody_test=[["93.184.216.34"]])
    monkeypatch.setattr("lapwing.sources.web._tls", Tls)
    assert "no certificate" in refused("https://moody.test/a", web(allow_private=False, robots=False, retries=0))
    assert (asked, made.to) == (["moody.test"], ["93.184.216.34"])


@pytest.mark.parametrize("target", ["http://inside.test/secret", "http://127.0.0.1/secret", "//[::1]/secret"])
def test_a_redirect_inside_is_refused(site: Site, monkeypatch: pytest.MonkeyPatch, target: str) -> None:
    site.serve("/a", status=302, Location=target)
    site.serve("/secret", "secret")
    Public(site, monkeypatch)
    names(
        monkeypatch,
        good_test=[["93.184.216.34"]],
        inside_test=[["10.0.0.1"]],
        **{"127_0_0_1": [["127.0.0.1"]], "::1": [["::1"]]},
    )
    assert "not a public address" in refused("http://good.test/a", web(allow_private=False))
    assert site.paths() == ["/a"]


def test_the_next_address_of_a_host_is_tried_where_one_does_not_answer(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.serve("/a", "news")
    made = Public(site, monkeypatch)
    names(monkeypatch, good_test=[["93.184.216.99", "93.184.216.34"]])
    assert web(allow_private=False, robots=False).fetch("http://good.test/a").body == b"news"
    assert made.to == ["93.184.216.99", "93.184.216.34"]


def test_proxies_of_the_environment_are_not_used(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("all_proxy", "http://127.0.0.1:9")
    assert web().fetch(site.serve("/a", "news")).body == b"news"


# ── as a source ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_pages_of_a_feed_are_fetched_with_the_same_manners(site: Site) -> None:
    pytest.importorskip("feedparser")
    site.serve("/robots.txt", "User-agent: *\nDisallow: /two\n", kind="text/plain")
    one, two = site.serve("/one", page("One")), site.serve("/two", page("Two"))
    feed = site.serve("/rss", rss((one, "One"), (two, "Two")), kind="application/rss+xml")
    time = Time()
    reads = list(read_articles([feed], web=web(time, delay_s=1.5)))
    assert [getattr(read, "id", None) or getattr(read, "reason", None) for read in reads] == [
        one,
        "the site asks programs not to fetch it (robots.txt).",
    ]
    assert (time.slept, site.paths()) == ([1.5], ["/rss", "/one"])
