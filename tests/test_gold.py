"""The scorer of sourced events, case by case: what is found, what is a right dyad, what is asked for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from factories import code_by_rote
from lapwing import coding
from lapwing.errors import EvaluationError
from lapwing.evaluation import TASKS, run_task
from lapwing.evaluation.gold import GoldArticle, figures_of, read_gold

SENTENCES = ["Norway sent troops.", "Chile protested.", "Peru said nothing.", "It rained."]
TEXT = " ".join(SENTENCES)
STARTS = [TEXT.index(sentence) for sentence in SENTENCES]

NORWAY = {"name": "Norway", "country": "NOR"}
CHILE = {"name": "Chile", "country": "CHL"}
GROUP = {"name": "the Andes Group", "country": None}

GOLD: dict[str, Any] = {
    "type": "MOBILIZE",
    "sentence": 0,
    "trigger": "sent",
    "mode": "troops",
    "actors": [NORWAY],
    "recipients": [CHILE],
    "status": "happened",
    "source": None,
    "date": {"value": "2023-05-03"},
    "place": {"name": "Lima", "country": "PER"},
}


def record(sentence: int = 0, **changes: Any) -> dict[str, Any]:
    fields = {key: value for key, value in GOLD.items() if key not in ("type", "sentence")}
    start = STARTS[sentence] if sentence < len(STARTS) else 10_000
    return fields | {"event": "MOBILIZE", "trigger": {"start": start, "text": "sent"}} | changes


def score(records: list[dict[str, Any]], *gold: dict[str, Any]) -> dict[str, Any]:
    article = GoldArticle({"doc_id": "a", "text": TEXT, "sentences": SENTENCES}, list(gold or (GOLD,)))
    return figures_of([article], [records])


def f1(figures: dict[str, Any]) -> tuple[float, float, float]:
    return figures["detect"]["f1"], figures["dyad"]["f1"], figures["sourced"]["f1"]


@pytest.mark.parametrize(
    ("coded", "expected"),
    [
        (record(), (1, 1, 1)),
        (record(sentence=1), (1, 1, 1)),
        (record(sentence=2), (0, 0, 0)),
        (record(sentence=9), (0, 0, 0)),
        (record(event="ASSAULT"), (0, 0, 0)),
        (record(recipients=[]), (1, 0, 0)),
        (record(actors=[CHILE], recipients=[NORWAY]), (1, 0, 0)),
        (record(actors=[NORWAY, CHILE], recipients=[]), (1, 1, 1)),
        (record(actors=[{"name": "Kingdom of Norway", "country": None}]), (1, 1, 1)),
        (record(actors=[GROUP]), (1, 0, 0)),
        (record(status="denied"), (1, 1, 0)),
        (record(source={"name": "Peru", "country": "PER"}), (1, 1, 0)),
        (record(date=None, place=None, mode=None), (1, 1, 1)),
    ],
)
def test_what_a_record_is_worth(coded: dict[str, Any], expected: tuple[int, int, int]) -> None:
    assert f1(score([coded])) == expected


def test_each_gold_event_is_found_once() -> None:
    figures = score([record(), record()])
    assert figures["detect"] == {"p": 0.5, "r": 1.0, "f1": 0.6667}


def test_the_best_of_two_records_is_matched() -> None:
    assert f1(score([record(actors=[GROUP]), record()]))[1] == 0.6667


def test_an_optional_event_is_neither_asked_for_nor_held_against() -> None:
    optional = GOLD | {"type": "PROTEST", "sentence": 1, "optional": True}
    assert score([record()], GOLD, optional)["n"] == {"pred": 1, "gold": 1, "docs": 1}
    assert score([record(), record(1, event="PROTEST")], GOLD, optional)["n"]["pred"] == 1
    assert score([record(), record(1, event="ASSAULT")], GOLD, optional)["n"]["pred"] == 2


@pytest.mark.parametrize(
    ("gold", "coded", "sourced"),
    [
        ({"status": "expected", "status_alt": "happened"}, {}, 1),
        ({"source": {"name": "the minister"}, "source_alt": None}, {}, 1),
        ({"source": {"name": "the minister"}}, {"source": {"name": "The Minister of Peru"}}, 1),
        ({"source": {"name": "the minister"}}, {}, 0),
        ({"source": {"name": "X", "country": "PER"}}, {"source": {"name": "Y", "country": "PER"}}, 1),
    ],
)
def test_alternatives_of_the_gold(gold: dict[str, Any], coded: dict[str, Any], sourced: int) -> None:
    assert f1(score([record(**coded)], GOLD | gold))[2] == sourced


@pytest.mark.parametrize(
    ("gold", "coded", "field", "expected"),
    [
        ({}, {}, "date", (1.0, 1)),
        ({}, {"date": {"value": "2023-05"}}, "date", (0.0, 1)),
        ({}, {"date": {"value": "2023-05"}}, "month", (1.0, 1)),
        ({"date": None}, {}, "date", (None, 0)),
        ({"date_disputed": True}, {}, "date", (None, 0)),
        ({}, {"place": {"name": "Callao", "country": "PER"}}, "place", (1.0, 1)),
        ({}, {"place": None}, "place", (0.0, 1)),
        ({"place_disputed": True}, {}, "place", (None, 0)),
        ({}, {"mode": None}, "mode", (0.0, 1)),
        ({"mode": None}, {}, "mode", (None, 0)),
        ({}, {"recipients": []}, "status", (None, 0)),
    ],
)
def test_fields_are_asked_for_where_the_dyad_is_right(
    gold: dict[str, Any], coded: dict[str, Any], field: str, expected: tuple[float | None, int]
) -> None:
    assert score([record(**coded)], GOLD | gold)["accuracy"][field] == expected


def test_nothing_coded_and_nothing_wanted() -> None:
    assert f1(score([])) == (0, 0, 0)
    assert score([], GOLD | {"optional": True})["n"] == {"pred": 0, "gold": 0, "docs": 1}


# ── the task ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def data(tmp_path: Path) -> tuple[Path, Path]:
    docs, gold = tmp_path / "docs", tmp_path / "gold"
    docs.mkdir()
    gold.mkdir()
    for name in ("b", "a"):
        document = {"doc_id": f"doc-{name}", "text": TEXT, "sentences": SENTENCES, "published": "2023-05-04"}
        (docs / f"{name}.json").write_text(json.dumps(document), encoding="utf-8")
        (gold / f"{name}.json").write_text(json.dumps({"doc_id": f"doc-{name}", "events": [GOLD]}), encoding="utf-8")
    return docs, gold


def test_items_come_in_the_order_of_the_files_with_gold_and_pred(
    data: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coding.code_articles, "__kwdefaults__", {"jobs": None, "code": code_by_rote})
    figures, items = run_task("gold", [str(path) for path in data])
    assert [item["doc_id"] for item in items] == ["doc-a", "doc-b"]
    assert items[0]["gold"] == [GOLD]
    assert items[0]["pred"][0]["trigger"]["text"] == "Norway"
    assert items[0]["pred"][0]["doc"]["published"] == "2023-05-04"
    assert figures["n"] == {"pred": 2, "gold": 2, "docs": 2}


def test_bad_data_is_told(tmp_path: Path, data: tuple[Path, Path]) -> None:
    docs, gold = data
    with pytest.raises(EvaluationError, match="no annotation"):
        read_gold(docs, tmp_path)
    (docs / "a.json").write_text("{", encoding="utf-8")
    with pytest.raises(EvaluationError, match="cannot be read"):
        read_gold(docs, gold)
    (docs / "a.json").write_text("{}", encoding="utf-8")
    with pytest.raises(EvaluationError, match="needs doc_id"):
        read_gold(docs, gold)


def test_wrong_use_is_told(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="no task 'golf'"):
        run_task("golf", [])
    with pytest.raises(EvaluationError, match="takes DOCS GOLD"):
        run_task("gold", ["one"])
    with pytest.raises(EvaluationError, match="no such file"):
        run_task("gold", [str(tmp_path), str(tmp_path / "missing")])


@pytest.mark.parametrize("name", sorted(TASKS))
def test_every_task_has_its_function(name: str) -> None:
    from importlib import import_module

    assert callable(getattr(import_module(f"lapwing.evaluation.{name}"), f"evaluate_{name}"))
