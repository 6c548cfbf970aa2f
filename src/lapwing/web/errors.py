"""What is answered when something goes wrong: a problem (RFC 9457) under ``/api/``, a page elsewhere.

One table maps errors of the core to statuses of HTTP; the core knows nothing of it. What only HTTP knows (nothing under
this address, a request that is too large) is raised as `fastapi.HTTPException` with a message for a person.
"""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

import msgspec
from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException as StarletteHTTPException

from lapwing import errors
from lapwing.web.rendering import render

STATUSES: dict[type[errors.LapwingError], int] = {
    errors.EmptyArticle: 422,
    errors.NotText: 422,
    errors.BadLine: 422,
    errors.FetchError: 502,
    errors.SourceError: 422,
    errors.QueryError: 400,
    errors.StoreBusyError: 503,
    errors.StoreError: 500,
    errors.ExportError: 400,
    errors.EvaluationError: 400,
    errors.LapwingError: 500,
}
"""Errors to statuses; an error that is not here has that of the nearest one above it in the tree."""

AGAIN_S = {429: 10, 503: 5}
"""After how many seconds it is worth asking again."""

API = "/api/"


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is wrong with a request: where, and what."""

    where: str
    what: str


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Why a request was not answered, as RFC 9457 has it."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: tuple[Fault, ...] = ()


def status_of(error: errors.LapwingError) -> int:
    """
    >>> status_of(errors.FetchError("x")), status_of(errors.ModelError("x"))
    (502, 500)
    """
    return next(STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES)


def add_error_handlers(app: FastAPI) -> None:
    """Let `app` answer all errors as this module has it."""

    async def foreseen(request: Request, error: Exception) -> Response:
        assert isinstance(error, errors.LapwingError)
        return problem(request, status_of(error), str(error))

    async def of_http(request: Request, error: Exception) -> Response:
        assert isinstance(error, StarletteHTTPException)
        headers = dict(error.headers or {})
        return problem(request, error.status_code, detail_of(error), headers=headers)

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return problem(request, 422, "the request is not as it must be.", faults=faults_of(error))

    app.add_exception_handler(errors.LapwingError, foreseen)
    app.add_exception_handler(StarletteHTTPException, of_http)
    app.add_exception_handler(RequestValidationError, invalid)


def detail_of(error: StarletteHTTPException) -> str:
    """What is said of an error of HTTP: its own words, or what its status stands for."""
    told = {404: "there is nothing under this address.", 405: "this address does not do that."}
    phrase = HTTPStatus(error.status_code).phrase
    return error.detail if error.detail != phrase else told.get(error.status_code, phrase)


def faults_of(error: RequestValidationError) -> tuple[Fault, ...]:
    """What is wrong with a request's parameters."""
    return tuple(
        Fault(where=".".join(str(part) for part in fault["loc"])[:200], what=str(fault["msg"])[:500])
        for fault in error.errors()[:20]
    )


def problem(
    request: Request,
    status: int,
    detail: str,
    *,
    faults: Sequence[Fault] = (),
    headers: dict[str, str] | None = None,
) -> Response:
    """The answer for a request that cannot be met."""
    told = Problem(title=HTTPStatus(status).phrase, status=status, detail=detail, errors=tuple(faults))
    headers = (headers or {}) | ({"Retry-After": str(AGAIN_S[status])} if status in AGAIN_S else {})
    if request.url.path.startswith(API):
        return Response(msgspec.json.encode(told), status, headers, "application/problem+json")
    name = "problem-part.html" if request.headers.get("HX-Request") else "problem.html"
    page = render(request, name, problem=told, again_s=AGAIN_S.get(status))
    page.status_code = status
    page.headers.update(headers)
    return page


def missing(what: str) -> HTTPException:
    """The error for something that is not there: ``raise missing("article 7")``."""
    return HTTPException(404, f"there is no {what} in this store.")
