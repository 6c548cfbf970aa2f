"""Data → HTML. All text is escaped; a template that names something unknown is an error.

The templates' own names: `pages` (for the navigation), `csrf` (what a form sends back), `version`, `signed_in`, and
`static("name")`, the address of a static file, which changes with its content, so that browsers may keep it for ever.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from lapwing import __version__
from lapwing.report import visible, when, where


@cache
def environment() -> Environment:
    """The templates."""
    made = Environment(
        loader=PackageLoader("lapwing.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals |= {"static": static_address, "version": __version__}
    made.filters |= {"visible": visible, "when": when, "where": where, "count": count}
    made.filters["figure"] = figure
    return made


def render(request: Request, template: str, **values: object) -> HTMLResponse:
    """A page, or a part of one that htmx asked for."""
    bench = request.app.state.workbench
    values |= {
        "request_path": request.url.path,
        "pages": bench.pages,
        "csrf": bench.keys.csrf(request.scope.get("session")),
        "must_sign_in": bench.settings.token is not None,
        "signed_in": request.scope.get("session") is not None,
        "store_name": bench.store_name,
    }
    return HTMLResponse(environment().get_template(template).render(values))


@cache
def static_address(name: str) -> str:
    """The address of a static file."""
    digest = hashlib.sha256((files("lapwing.web") / "static" / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


def count(number: int, one: str, many: str | None = None) -> str:
    """A number with what it counts.

    >>> count(1, "record"), count(12000, "record"), count(2, "entry", "entries")
    ('1 record', '12,000 records', '2 entries')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def figure(value: float) -> str:
    """
    >>> figure(9000.0), figure(1.5)
    ('9,000', '1.5')
    """
    return f"{value:,.10g}"
