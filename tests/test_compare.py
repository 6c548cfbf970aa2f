"""benchmarks.compare: cases won and lost between two versions."""

from __future__ import annotations

from typing import Any

from benchmarks.compare import cases, confusion, confusion_table, false_records, matches_of, report

from lapwing.evaluation.gold import GoldArticle

TEXT = "Peru accused Chile. Chile denied it. Police arrested a man."
SENTENCES = ["Peru accused Chile.", "Chile denied it.", "Police arrested a man."]


def entity(country: str) -> dict[str, Any]:
    return {"country": country, "name": country}


def gold(type_: str, sentence: int, actor: str, recipient: str) -> dict[str, Any]:
    return {
        "type": type_, "sentence": sentence, "trigger": "x", "status": "happened", "source": None,
        "actors": [entity(actor)], "recipients": [entity(recipient)],
    }  # fmt: skip


def record(type_: str, start: int, actor: str, recipient: str, *, status: str = "happened") -> dict[str, Any]:
    return {
        "doc": {"id": "a"}, "event": type_, "trigger": {"start": start, "end": start + 1, "text": TEXT[start]},
        "status": status, "source": None, "actors": [entity(actor)], "recipients": [entity(recipient)],
    }  # fmt: skip


ARTICLE = GoldArticle(
    {"doc_id": "a", "text": TEXT, "sentences": SENTENCES},
    [gold("ACCUSE", 0, "PER", "CHL"), gold("COERCE", 2, "PER", "PER")],
)
BEFORE = {"a": [record("ACCUSE", 5, "CHL", "PER"), record("ASSAULT", 44, "PER", "PER")]}
AFTER = {"a": [record("ACCUSE", 5, "PER", "CHL"), record("REJECT", 26, "CHL", "PER")]}


def test_a_case_moves_from_found_to_sourced() -> None:
    found = cases([ARTICLE], matches_of([ARTICLE], BEFORE), matches_of([ARTICLE], AFTER))
    assert [c.levels for c in found] == [("found", "sourced"), ("missed", "missed")]


def test_a_wrong_status_stops_at_the_dyad() -> None:
    worse = {"a": [record("ACCUSE", 5, "PER", "CHL", status="denied")]}
    found = cases([ARTICLE], matches_of([ARTICLE], AFTER), matches_of([ARTICLE], worse))
    assert found[0].levels == ("sourced", "dyad")


def test_false_records_are_those_that_tell_no_gold_event() -> None:
    (match,) = matches_of([ARTICLE], AFTER)
    assert false_records(match) == {("REJECT", 1, "d")}


def test_a_record_of_another_type_in_the_sentence_is_a_confusion() -> None:
    table = confusion(matches_of([ARTICLE], BEFORE))
    assert table == {("ACCUSE", "ACCUSE"): 1, ("COERCE", "ASSAULT"): 1}
    assert "| COERCE | 1 | 0 | ASSAULT 1 | 0 |" in confusion_table(table)


def test_the_report_lists_both_ways() -> None:
    told = report([ARTICLE], matches_of([ARTICLE], BEFORE), matches_of([ARTICLE], AFTER))
    assert "won: 1" in told
    assert "lost: 0" in told
    assert "false records new: 1" in told
