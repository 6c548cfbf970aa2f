"""Paste an article, upload files, or give addresses: coded at once, kept in the store, with progress for many."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from lapwing.web.answers import api_router
from lapwing.web.rendering import render
from lapwing.web.workbench import Page

html, api = APIRouter(), api_router()
PAGE = Page(html=html, api=api, title="Read", path="/")


@html.get("/")
def show(request: Request) -> Response:
    """The page."""
    return render(request, "submit.html")
