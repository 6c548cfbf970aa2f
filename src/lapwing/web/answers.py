"""Plain data → JSON, and its description in OpenAPI, from one type.

    @api.get("/articles/{number}")
    @answering(ArticleView)
    def article(number: int, store: Reading) -> ArticleView:
        return read_article(store, number)

What is returned is a msgspec struct, or made of such; `answering` encodes it and remembers its type, from which `described`
makes the schema. FastAPI's own models are for what comes in.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator, Sequence
from typing import Any, ParamSpec

import msgspec
from fastapi import APIRouter, FastAPI, Response
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from lapwing import __version__
from lapwing.web.errors import Problem

P = ParamSpec("P")

PREFIX = "/api/v1"

REF = "#/components/schemas/{name}"

PROBLEMS: dict[int | str, dict[str, Any]] = {
    "default": {
        "description": "Why the request was not answered.",
        "content": {"application/problem+json": {"schema": {"$ref": REF.format(name="Problem")}}},
    }
}


def api_router() -> APIRouter:
    """A router for ``/api/v1``: its errors are described too."""
    return APIRouter(responses=PROBLEMS)


def answering(kind: Any, *, status: int = 200) -> Callable[[Callable[P, Any]], Callable[P, Response]]:
    """Let a function that returns a `kind` answer with it as JSON."""

    def decorate(function: Callable[P, Any]) -> Callable[P, Response]:
        @functools.wraps(function)
        def answer(*arguments: P.args, **options: P.kwargs) -> Response:
            return as_json(function(*arguments, **options), status=status)

        signature = inspect.signature(function).replace(return_annotation=Response)
        vars(answer).update(__signature__=signature, answers=(kind, status))
        return answer

    return decorate


def as_json(value: object, *, status: int = 200) -> Response:
    """`value` as an answer."""
    return Response(msgspec.json.encode(value), status, media_type="application/json")


def describe(app: FastAPI, routers: Sequence[APIRouter]) -> Callable[[], dict[str, Any]]:
    """What makes the OpenAPI description of `app`, once; `routers` are those below `PREFIX`."""

    @functools.cache
    def described() -> dict[str, Any]:
        document = get_openapi(
            title="Lapwing",
            version=__version__,
            description="Articles, sourced events and what people decided of them. Each page of the workbench has its twin here.",
            routes=app.routes,
        )
        typed = [found for router in routers for found in _typed(router.routes)]
        schemas, components = msgspec.json.schema_components(
            (Problem, *(kind for _, kind, _ in typed)), ref_template=REF
        )
        document.setdefault("components", {}).setdefault("schemas", {}).update(components)
        for (route, _, status), schema in zip(typed, schemas[1:], strict=True):
            for method in route.methods or ():
                responses = document["paths"][PREFIX + route.path_format][method.lower()]["responses"]
                del responses["200"]
                responses[str(status)] = {
                    "description": "What was asked for.",
                    "content": {"application/json": {"schema": schema}},
                }
        return document

    return described


def _typed(routes: list[Any]) -> Iterator[tuple[APIRoute, Any, int]]:
    """The routes that answer with a type of ours, with that and their status."""
    for route in routes:
        if isinstance(route, APIRoute) and route.include_in_schema and hasattr(route.endpoint, "answers"):
            yield route, *route.endpoint.answers
