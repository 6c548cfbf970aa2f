"""A web server for tests: it answers what the test tells it to, and remembers what it was asked."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HTML = "text/html; charset=utf-8"


class Site:
    """A running server. `pages` maps a path to its answer, or to the answers that it gives one after the other (the last
    one stays)."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self.pages: dict[str, list[tuple[int, dict[str, str], bytes]]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []

    def serve(self, path: str, body: str | bytes = b"", status: int = 200, kind: str = HTML, **headers: str) -> str:
        """Let `path` have one more answer; gives its address."""
        told = {"Content-Type": kind, **{name.replace("_", "-"): value for name, value in headers.items()}}
        data = body.encode() if isinstance(body, str) else body
        self.pages.setdefault(path, []).append((status, told, data))
        return self.address + path

    def paths(self) -> list[str]:
        """The paths that were asked for, but for robots.txt."""
        return [path for path, _ in self.asked if path != "/robots.txt"]


@contextlib.contextmanager
def serving() -> Iterator[Site]:
    """A site of its own for a test."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append((self.path, dict(self.headers)))
            answers = site.pages.get(self.path, [(404, {}, b"")])
            status, headers, body = answers.pop(0) if len(answers) > 1 else answers[0]
            if status == 200 and "ETag" in headers and self.headers.get("If-None-Match") == headers["ETag"]:
                status, body = 304, b""
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            with contextlib.suppress(OSError):  # a client that did not wait
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *arguments: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        site = Site(running.server_port)
        threading.Thread(target=running.serve_forever, args=(0.02,), daemon=True).start()
        yield site
        running.shutdown()


def page(title: str, text: str = "The foreign ministers of Norway and Chile met in Oslo on Friday.") -> str:
    """A page that is long enough to be taken for an article."""
    more = "They expect a treaty by summer, the Norwegian minister told reporters after the talks in the old town."
    return f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1><p>{text}</p><p>{more}</p></article></body></html>"


def rss(*items: tuple[str, str], title: str = "The Northern Post") -> str:
    """A feed of (address, title)."""
    listed = "".join(f"<item><title>{name}</title><link>{url}</link></item>" for url, name in items)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{title}</title>{listed}</channel></rss>'
