"""The first page."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from browsing import Looks


def test_the_first_page_is_fit_to_be_seen(workbench: Looks) -> None:
    workbench.look("/", "submit")
