"""What stands between the network and the pages. From the outside in:

*headers*
    every answer forbids scripts and styles that are not our own files, frames, and guesses about types.
*host*
    a name that is not ours is refused: a page of another site can let its own name lead to this machine (DNS
    rebinding), and would then be of one origin with us. A bare address cannot be made to lead elsewhere.
*body*
    a request that is larger, or slower, than it may be is broken off.
*sign-in*
    where a token is demanded, a request without a session or the token gets the page to sign in, or 401.
*change*
    a request that changes something must come from our own page, which knows a token that no other site can read, or
    from a program that is no browser. It is checked in one dependency of the whole application.
"""

from __future__ import annotations

import asyncio
import ipaddress
from urllib.parse import quote, urlsplit

from fastapi import HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lapwing.web.errors import API, problem
from lapwing.web.keys import Keys
from lapwing.web.settings import WebSettings

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

KEPT, NOT_KEPT = "public, max-age=31536000, immutable", "private, no-cache"

BROKEN = "Lapwing broke on this request. What was stored is safe. Please report it, with what the server printed."

SESSION = "lapwing_session"

OPEN_TO_ALL = ("/sign-in", "/static/")

UPLOADS = ("/submit/files", "/api/v1/submissions/files")

SAFE = ("GET", "HEAD", "OPTIONS")

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")

OF_A_BROWSER = ("origin", "referer", "sec-fetch-site", "cookie")
"""Headers by which a browser is known: all of today's send at least the first with each change."""


# ── headers ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def with_headers(app: ASGIApp) -> ASGIApp:
    """`app`, each of its answers with the headers that keep a browser from harm, also that to a mistake of ours."""

    async def call(scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def send_with_headers(message: Message) -> None:
            nonlocal begun
            begun = True
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers.setdefault("Cache-Control", KEPT if is_kept(scope) else NOT_KEPT)
            await send(message)

        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        try:
            await app(scope, receive, send_with_headers)
        except Exception:
            if not begun:
                await problem(Request(scope), 500, BROKEN)(scope, receive, send_with_headers)
            raise  # for the server to print

    return call


def is_kept(scope: Scope) -> bool:
    """Whether a browser may keep the answer: a static file under an address that changes with it."""
    return str(scope["path"]).startswith("/static/") and b"v=" in scope["query_string"]


# ── host ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def with_known_host(app: ASGIApp, *, settings: WebSettings) -> ASGIApp:
    """`app`, for requests under a name that is ours."""

    async def call(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not is_known_host(Headers(scope=scope).get("host", ""), settings=settings):
            told = (
                "this name does not lead here: use the address that the server printed, or start it with --allow-host."
            )
            await problem(Request(scope), 421, told)(scope, receive, send)
        else:
            await app(scope, receive, send)

    return call


def is_known_host(given: str, *, settings: WebSettings) -> bool:
    """Whether a Host header names us.

    >>> known = [is_known_host(name, settings=WebSettings()) for name in ("localhost:1", "[::1]:80", "10.0.0.7", "evil.example")]
    >>> known
    [True, True, True, False]
    """
    try:
        told = urlsplit(f"//{given}")
    except ValueError:
        return False
    if told.netloc != given or "@" in given:
        return False
    name = told.hostname or ""
    if name in {"localhost", settings.host.lower(), *(host.lower() for host in settings.hosts)}:
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


# ── body ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def with_bounded_body(app: ASGIApp, *, settings: WebSettings) -> ASGIApp:
    """`app`, for requests that are neither too large nor too slow."""

    async def call(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await app(scope, receive, send)
            return
        limit = settings.max_upload_bytes if scope["path"] in UPLOADS else settings.max_body_bytes
        declared = Headers(scope=scope).get("content-length", "0")
        if not declared.isdecimal() or int(declared) > limit:
            await problem(Request(scope), 413, too_large(limit))(scope, receive, send)
            return
        await app(scope, _bounded(receive, limit=limit, seconds=settings.body_s), send)

    return call


def _bounded(receive: Receive, *, limit: int, seconds: float) -> Receive:
    got = 0
    until = asyncio.get_running_loop().time() + seconds
    complete = False

    async def receive_within_limits() -> Message:
        nonlocal got, complete
        if complete:
            return await receive()
        try:
            async with asyncio.timeout_at(until):
                message = await receive()
        except TimeoutError:
            raise HTTPException(408, f"the request did not arrive within {seconds:g} seconds.") from None
        got += len(message.get("body", b""))
        complete = not message.get("more_body", False)
        if got > limit:
            raise HTTPException(413, too_large(limit))
        return message

    return receive_within_limits


def too_large(limit: int) -> str:
    """
    >>> too_large(2_000_000)
    'too large: at most 2 MB may be sent at once. Send less at a time, or use `lapwing ingest`.'
    """
    return f"too large: at most {limit / 1e6:g} MB may be sent at once. Send less at a time, or use `lapwing ingest`."


# ── sign-in ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def with_sign_in(app: ASGIApp, *, settings: WebSettings, keys: Keys) -> ASGIApp:
    """`app`, for those who are signed in, where a token is demanded. ``scope["session"]`` is the session."""

    async def call(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            request = Request(scope)
            session = request.cookies.get(SESSION, "")
            scope["session"] = session if keys.is_session(session) else None
            if settings.token is not None and not may_pass(request, keys=keys):
                await _to_sign_in(request)(scope, receive, send)
                return
        await app(scope, receive, send)

    return call


def may_pass(request: Request, *, keys: Keys) -> bool:
    """Whether a request is signed in, brings the token, or asks for what is open to all."""
    if request.scope["session"] or request.url.path.startswith(OPEN_TO_ALL):
        return True
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    return scheme.lower() == "bearer" and keys.is_token(given.strip())


def _to_sign_in(request: Request) -> Response:
    if request.url.path.startswith(API) or request.method not in SAFE or request.headers.get("HX-Request"):
        headers = {"WWW-Authenticate": "Bearer"}
        return problem(request, 401, "sign in first, or send the token (Authorization: Bearer …).", headers=headers)
    return RedirectResponse(f"/sign-in?next={quote(request.url.path)}", status_code=303)


# ── change ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def refuse_foreign_change(request: Request) -> None:
    """Refuse a change that another site's page asks for: the dependency of the whole application."""
    if request.method in SAFE or not any(name in request.headers for name in OF_A_BROWSER):
        return
    if (origin := request.headers.get("origin")) is not None and not is_own_origin(origin, request):
        raise HTTPException(403, "this change was asked for by another site's page, and was not made.")
    keys: Keys = request.app.state.workbench.keys
    if not keys.is_csrf(await _sent_token(request), request.scope.get("session")):
        raise HTTPException(
            403, "this page is older than the server, or not its own: load it again and repeat the change."
        )


def is_own_origin(origin: str, request: Request) -> bool:
    """Whether a page's origin is ours. The Host header was looked at before; a proxy may have taken off the TLS."""
    return urlsplit(origin).netloc == request.headers.get("host", "")


async def _sent_token(request: Request) -> str:
    if given := request.headers.get("x-csrf-token"):
        return given
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() not in FORMS:
        return ""
    value = (await request.form()).get("csrf")
    return value if isinstance(value, str) else ""
