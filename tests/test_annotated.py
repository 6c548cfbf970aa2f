"""Our annotation of public news keeps the annotation contract, and finds its words in the texts where these are at hand."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from training.annotated import ANNOTATED, annotated_articles

from lapwing.codebook import load_codebook

ROWS: list[dict[str, Any]] = [
    json.loads(line) for path in sorted(ANNOTATED.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()
]
DATA = Path(__file__).parents[2] / "shared/data"
DAY = r"\d{4}(-\d\d(-\d\d)?)?"
DATE = re.compile(rf"{DAY}(/{DAY})?")


def test_each_article_is_annotated_once() -> None:
    names = [row["doc_id"] for row in ROWS]
    assert len(names) == len(set(names)) > 200


def test_codes_are_known() -> None:
    codebook = load_codebook()
    for event in (event for row in ROWS for event in row["events"]):
        assert event["type"] in codebook.types
        assert event["mode"] is None or event["mode"] in codebook.modes_of(event["type"]), event
        assert set(event["contexts"]) <= set(codebook.contexts)
        assert event["status"] in {"happened", "expected", "hypothetical", "denied"}
        assert event["source"] is None or event["source"]["kind"] in {"direct", "indirect", "mixed"}
        assert event["date"] is None or DATE.fullmatch(event["date"]["value"])
        for entity in [*event["actors"], *event["recipients"]]:
            assert entity["country"] is None or re.fullmatch("[A-Z]{3}", entity["country"])


@pytest.mark.skipif(not DATA.exists(), reason="the public corpora are not here")
def test_every_trigger_stands_in_its_sentence() -> None:
    articles = list(annotated_articles(DATA))
    assert len(articles) == len(ROWS)
    for article in articles:
        for event in article["events"]:
            assert article["text"][event["start"] :].startswith(event["trigger"])
            assert event["trigger"] in article["sentences"][event["sentence"]]
