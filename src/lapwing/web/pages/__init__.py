"""The pages, in the order of the navigation. One module each; to add one, put its `PAGE` into the list."""

from __future__ import annotations

from lapwing.web.pages import article, clusters, dyads, events, map, network, review, runs, search, submit, views
from lapwing.web.workbench import Page

PAGES: tuple[Page, ...] = (
    submit.PAGE,
    article.PAGE,
    events.PAGE,
    clusters.PAGE,
    dyads.PAGE,
    network.PAGE,
    map.PAGE,
    search.PAGE,
    review.PAGE,
    runs.PAGE,
    views.PAGE,
)
