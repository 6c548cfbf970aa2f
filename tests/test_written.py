"""The training articles that were written for Lapwing keep the annotation contract."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from lapwing.codebook import load_codebook

FILES = sorted((Path(__file__).parent.parent / "training" / "written").glob("*.jsonl"))
ARTICLES: list[dict[str, Any]] = [json.loads(line) for path in FILES for line in path.read_text("utf-8").splitlines()]
IDS = [str(article["doc_id"]) for article in ARTICLES]

EVENT_KEYS = {
    "trigger", "sentence", "type", "mode", "contexts", "actors", "recipients",
    "date", "place", "status", "source", "relay", "magnitude",
}  # fmt: skip
SECTORS = set(
    "GOV MIL COP LEG JUD PTY OPP REB PRM SPY UAF CRM CVL BUS MED JRN EDU ELI REF REL LAB SOC AGR UNK NGO".split()  # noqa: SIM905
)
DAY = r"\d{4}-\d\d-\d\d"
DATE = re.compile(rf"\d{{4}}(-\d\d)?|{DAY}|{DAY}/{DAY}")


def _texts(article: dict[str, Any]) -> list[str]:
    found: list[str] = []
    for event in article["events"]:
        parts = [*event["actors"], *event["recipients"], event["date"], event["place"], event["source"]]
        found += [part["text"] for part in parts if part and part["text"] is not None]
        found += [event["relay"]] if event["relay"] else []
    return found


def test_ids_are_unique() -> None:
    assert [name for name, n in Counter(IDS).items() if n > 1] == []


@pytest.mark.parametrize("article", ARTICLES, ids=IDS)
def test_sentences_stand_in_the_text_in_order(article: dict[str, Any]) -> None:
    position = 0
    for sentence in article["sentences"]:
        start = article["text"].index(sentence, position)
        assert article["text"][position:start].strip() == ""
        position = start + len(sentence)
    assert position == len(article["text"])
    assert article["published"] is None or re.fullmatch(DAY, article["published"])


@pytest.mark.parametrize("article", ARTICLES, ids=IDS)
def test_every_text_is_a_substring(article: dict[str, Any]) -> None:
    for event in article["events"]:
        assert event["trigger"] in article["sentences"][event["sentence"]]
    assert [text for text in _texts(article) if text not in article["text"]] == []


@pytest.mark.parametrize("article", ARTICLES, ids=IDS)
def test_codes_are_known(article: dict[str, Any]) -> None:
    codebook = load_codebook()
    for event in article["events"]:
        assert set(event) == EVENT_KEYS
        assert event["type"] in codebook.types
        assert event["mode"] is None or event["mode"] in codebook.modes_of(event["type"])
        assert set(event["contexts"]) <= set(codebook.contexts)
        assert len(event["contexts"]) <= 3
        assert event["status"] in {"happened", "expected", "hypothetical", "denied"}
        assert event["actors"]
        assert event["source"] is None or event["source"]["kind"] in {"direct", "indirect", "mixed"}
        assert event["date"] is None or DATE.fullmatch(event["date"]["value"])


@pytest.mark.parametrize("article", ARTICLES, ids=IDS)
def test_entities_are_coded(article: dict[str, Any]) -> None:
    for event in article["events"]:
        for entity in [*event["actors"], *event["recipients"]]:
            assert set(entity) == {"text", "name", "country", "sector"}
            assert entity["name"]
            assert entity["country"] is None or re.fullmatch("[A-Z]{3}", entity["country"])
            assert entity["sector"] is None or entity["sector"] in SECTORS


@pytest.mark.parametrize("article", ARTICLES, ids=IDS)
def test_no_event_is_told_twice(article: dict[str, Any]) -> None:
    keys = [(e["sentence"], e["trigger"], e["type"], e["status"]) for e in article["events"]]
    assert [key for key, n in Counter(keys).items() if n > 1] == []
