"""From the command line to a running server: where it listens, and what a person is told."""

from __future__ import annotations

import errno
import secrets
import socket
from collections.abc import Callable

import uvicorn

from lapwing.coding import CodingProcess
from lapwing.errors import LapwingError
from lapwing.monitor import Feeds
from lapwing.settings import Settings
from lapwing.store.sharing import SharedStore
from lapwing.web.app import create_app
from lapwing.web.settings import Borders, WebSettings, is_loopback

SHORTEST_TOKEN = 12

STOP_S = 3


def serve(
    store: str,
    *,
    host: str,
    port: int,
    token: str | None,
    hosts: tuple[str, ...],
    borders: Borders,
    reading: Settings,
    feeds: Feeds | None,
    tell: Callable[[str], None],
) -> None:
    """Serve the workbench until it is interrupted. Raises `LapwingError` where it cannot listen, `StoreError` where the
    store cannot be opened."""
    _check_store(store)
    with _listening(host, port) as listener:
        port = listener.getsockname()[1]
        settings = WebSettings(host=host, port=port, token=token_for(host, token), hosts=hosts, borders=borders)
        code = CodingProcess(seconds=settings.article_s)
        app = create_app(store, code=code, settings=settings, reading=reading, feeds=feeds, say=tell)
        for line in announcement(settings, given=token is not None):
            tell(line)
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=STOP_S,
            timeout_keep_alive=15,
            limit_concurrency=200,
        )
        uvicorn.Server(config).run(sockets=[listener])


def _check_store(store: str) -> None:
    """Open the store once, so that what is wrong with it is said before anything else."""
    shared = SharedStore(store)
    try:
        with shared.writing():
            pass
    finally:
        shared.close()


def token_for(host: str, given: str | None) -> str | None:
    """The token that is demanded: the one given, a new one where others can reach the address, or none.

    >>> token_for("127.0.0.1", None), token_for("127.0.0.1", "a longer secret"), len(token_for("0.0.0.0", None) or "")
    (None, 'a longer secret', 22)
    """
    if given is not None and len(given) < SHORTEST_TOKEN:
        raise LapwingError(f"the token is too short to keep anyone out: use {SHORTEST_TOKEN} characters or more.")
    return given or (None if is_loopback(host) else secrets.token_urlsafe(16))


def _listening(host: str, port: int) -> socket.socket:
    try:
        kind, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listener = socket.socket(kind, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.set_inheritable(False)
    except OSError as error:
        told = (
            "another program listens there: choose another --port"
            if error.errno == errno.EADDRINUSE
            else error.strerror
        )
        raise LapwingError(f"the workbench cannot listen on {host}, port {port}: {told}.") from None
    return listener


def announcement(settings: WebSettings, *, given: bool) -> list[str]:
    """What is said when the server starts.

    >>> announcement(WebSettings(), given=False)
    ['the workbench is at http://127.0.0.1:8765/ (Ctrl-C ends it)']
    """
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    lines = [f"the workbench is at http://{host}:{settings.port}/ (Ctrl-C ends it)"]
    if settings.token is not None:
        lines.append("it asks for the token that you gave" if given else f"it asks for this token: {settings.token}")
    if not is_loopback(settings.host):
        lines.append(
            "other machines can reach it, unencrypted: put a proxy with TLS before it where the network is not yours"
        )
    return lines
