"""What `lapwing serve` was asked for, and the limits that it keeps, as one frozen value."""

from __future__ import annotations

import ipaddress
from typing import Literal

import msgspec

Borders = Literal["un", "de-facto"]


class WebSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Where the workbench listens, who may come in, and how much may be sent to it.

    `token` is what a person signs in with, and what a program sends as ``Authorization: Bearer``; None lets in whoever
    reaches the address. `hosts` are names by which it is reached beside its own, through a proxy for instance.

    `max_body_bytes` bounds a request, `max_upload_bytes` one that uploads files, of which it may hold `max_files`;
    `body_s` is the time that it may take to arrive. `article_s` bounds the coding of one article, `max_articles` the
    articles of one submission, `max_jobs` the submissions that are kept in mind, `max_waiting` those that wait.

    `borders` are those that the map draws: ``un`` follows the United Nations' views, ``de-facto`` draws who is in control.
    """

    host: str = "127.0.0.1"
    port: int = 8765
    token: str | None = None
    hosts: tuple[str, ...] = ()
    max_body_bytes: int = 2_000_000
    max_upload_bytes: int = 50_000_000
    max_files: int = 200
    body_s: float = 120.0
    article_s: float = 120.0
    max_articles: int = 5_000
    max_jobs: int = 50
    max_waiting: int = 8
    borders: Borders = "un"


def is_loopback(host: str) -> bool:
    """Whether `host` is reached from this machine only.

    >>> is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, True, False)
    """
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
