"""The pages, in the order of the navigation. One module each; to add one, put its `PAGE` into the list."""

from __future__ import annotations

from lapwing.web.pages import article, events, map, review, submit, views
from lapwing.web.workbench import Page

PAGES: tuple[Page, ...] = (submit.PAGE, article.PAGE, events.PAGE, map.PAGE, views.PAGE, review.PAGE)
