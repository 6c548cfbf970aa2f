"""Signing in and out, where a token is demanded."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from lapwing.web.guards import SESSION
from lapwing.web.keys import SESSION_S
from lapwing.web.rates import limited
from lapwing.web.rendering import render
from lapwing.web.workbench import Bench

html = APIRouter()

TRIES_A_MINUTE = 10


@html.get("/sign-in")
def form(request: Request, next: str = "/") -> Response:
    """The page to sign in."""
    return render(request, "sign-in.html", next=local(next), wrong=False)


@html.post("/sign-in", dependencies=[limited("sign-in", per_minute=TRIES_A_MINUTE)])
def sign_in(
    request: Request, bench: Bench, token: Annotated[str, Form(max_length=1000)], next: Annotated[str, Form()] = "/"
) -> Response:
    """Begin a session."""
    if not bench.keys.is_token(token.strip()):
        page = render(request, "sign-in.html", next=local(next), wrong=True)
        page.status_code = 403
        return page
    answer = RedirectResponse(local(next), status_code=303)
    answer.set_cookie(
        SESSION,
        bench.keys.new_session(),
        max_age=SESSION_S,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return answer


@html.post("/sign-out")
def sign_out(bench: Bench) -> Response:
    """End the session in this browser."""
    if bench.settings.token is None:
        raise HTTPException(404, "nobody signs in here.")
    answer = RedirectResponse("/sign-in", status_code=303)
    answer.delete_cookie(SESSION)
    return answer


def local(next: str) -> str:
    """Where to go after signing in: a path of ours, and nothing else.

    >>> local("/events?type=AID"), local("//evil.example"), local("https://evil.example"), local("/\\\\evil.example")
    ('/events?type=AID', '/', '/', '/')
    """
    return next if next.startswith("/") and not next.startswith("//") and "\\" not in next else "/"
