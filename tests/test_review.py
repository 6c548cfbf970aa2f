"""Review: what a person decides stands beside what was coded, can be taken back, and survives a newer coder. On each engine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from lapwing.errors import QueryError
from lapwing.exports import row_of
from lapwing.records import Event
from lapwing.review import accept, add, complete, correct, delete, next_records, undo
from lapwing.review.corrections import FIELDS, correction, precision_of
from lapwing.review.queue import waiting_count
from lapwing.store import Filter, Store, find_events, find_table, open_store
from lapwing.store.reviews import judged_records, progress, reviewers, reviews_made
from test_store import NEWER, PROTESTED, SENT, TEXT, count, newly, story
from test_store import add as put

SENT_NUMBER, PROTESTED_NUMBER = 1, 2


@pytest.fixture
def store(where: str) -> Iterator[Store]:
    with open_store(where) as opened:
        put(opened, story())
        yield opened


def at(part: str) -> dict[str, int]:
    start = TEXT.index(part)
    return {"start": start, "end": start + len(part)}


def judged(store: Store, **wanted: Any) -> list[Event]:
    return list(find_events(store, Filter(values="judged", **wanted)))


def coded(store: Store, **wanted: Any) -> list[Event]:
    return list(find_events(store, Filter(**wanted)))


# ── deciding ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_without_reviews_what_is_judged_is_what_was_coded(store: Store) -> None:
    assert judged(store) == coded(store)
    assert len(judged(store)) == 2


def test_a_correction_stands_beside_the_record_and_says_who_made_it(store: Store) -> None:
    before = coded(store)
    correct(store, SENT_NUMBER, "status", "denied", by="Ada", note="the navy denies it")
    assert coded(store) == before
    changed, other = judged(store)
    assert (changed.status, other) == ("denied", before[1])
    (reason,) = (reason for reason in changed.why if reason.by == "review")
    assert reason.field == "status"
    assert reason.because.startswith("corrected by Ada on 2")
    assert reason.because.endswith(": the navy denies it")


def test_conditions_ask_of_the_values_that_are_wanted(store: Store) -> None:
    peru = {"span": at("Peru"), "name": "Peru", "country": "PER"}
    correct(store, SENT_NUMBER, "actors", [peru], by="Ada")
    assert [event.id for event in judged(store, dyad="PER-CHL")] == ["lw-a-1"]
    assert judged(store, dyad="NOR-CHL") == []
    assert [event.id for event in coded(store, dyad="NOR-CHL")] == ["lw-a-1"]
    table = find_table(store, Filter(values="judged", actor="PER", order="date", limit=1))
    assert table.column("event").to_pylist() == ["MOBILIZE"]
    names = store.engine.rows("SELECT name FROM judged_entities WHERE record = 1 AND role = 'actor'")
    assert names == [("Peru",)]


def test_a_deleted_record_is_judged_to_be_none(store: Store) -> None:
    delete(store, PROTESTED_NUMBER, by="Ada", note="not political")
    assert [event.id for event in judged(store)] == ["lw-a-1"]
    assert len(coded(store)) == 2
    with pytest.raises(QueryError, match="deleted"):
        accept(store, PROTESTED_NUMBER, by="Ada")


def test_an_undo_is_kept_and_can_itself_be_taken_back(store: Store) -> None:
    gone = delete(store, PROTESTED_NUMBER, by="Ada")
    back = undo(store, gone.seq, by="Bo", note="it is")
    assert len(judged(store)) == 2
    with pytest.raises(QueryError, match="no review 1 that stands"):
        undo(store, gone.seq, by="Bo")
    undo(store, back.seq, by="Ada")
    assert len(judged(store)) == 1
    assert [(review.action, review.reviewer, stands) for review, stands in reviews_made(store)] == [
        ("undo", "Ada", True),
        ("undo", "Bo", False),
        ("delete", "Ada", True),
    ]
    assert count(store, "reviews") == 3


def test_to_undo_a_correction_leaves_the_others(store: Store) -> None:
    first = correct(store, SENT_NUMBER, "status", "denied", by="Ada")
    correct(store, SENT_NUMBER, "date", {"value": "2022-03-05"}, by="Ada")
    accept(store, SENT_NUMBER, by="Ada")
    undo(store, first.seq, by="Ada")
    (record, _) = judged(store)
    assert (record.status, record.date.value if record.date else None) == ("happened", "2022-03-05")


def test_an_event_is_added_by_its_words(store: Store) -> None:
    norway = {"span": at("Norway"), "name": "Norway", "country": "NOR", "sector": "GOV"}
    given = {"trigger": at("said"), "event": "ACCUSE", "actors": [norway], "status": "happened"}
    review = add(store, 1, given, by="Ada")
    added = next(event for event in judged(store) if event.id == review.record)
    assert TEXT[added.trigger.start : added.trigger.end] == added.trigger.text == "said"
    assert added.evidence.text == "Norway sent troops to Chile in March, the Chilean navy said."
    assert (added.quad, added.coder.model, added.doc.id) == (3, "(added by a reviewer)", "a")
    assert coded(store, event=("ACCUSE",)) == []
    assert [event.event for event in judged(store, actor="NOR/GOV")] == ["MOBILIZE", "ACCUSE"]
    with pytest.raises(QueryError, match="already"):
        add(store, 1, given, by="Ada")
    undo(store, review.seq, by="Ada")
    assert len(judged(store)) == 2


def test_an_added_record_takes_a_number_that_no_other_gets(store: Store) -> None:
    add(store, 1, {"trigger": at("said"), "event": "ACCUSE"}, by="Ada")
    put(store, story("b"))
    numbers = [row[0] for row in store.engine.rows("SELECT seq FROM judged_records ORDER BY seq")]
    assert numbers == [1, 2, 3, 4, 5]


def test_reviewers_do_not_see_each_other(store: Store) -> None:
    correct(store, SENT_NUMBER, "status", "denied", by="Ada")
    accept(store, SENT_NUMBER, by="Bo")
    seen = {
        by: next(one.judged.status for one in judged_records(store, 1, by=by) if one.judged) for by in ("Ada", "Bo")
    }
    assert seen == {"Ada": "denied", "Bo": "happened"}
    assert judged(store)[0].status == "denied"
    both = judged_records(store, 1)[0]
    assert both.verdicts == {"Ada": "corrected", "Bo": "accepted"}
    assert reviewers(store) == [("Ada", 1), ("Bo", 1)]


def test_a_record_that_another_added_can_be_deleted(store: Store) -> None:
    review = add(store, 1, {"trigger": at("said"), "event": "ACCUSE"}, by="Ada")
    assert review.number is not None
    delete(store, review.number, by="Bo")
    assert [event.event for event in judged(store)] == ["MOBILIZE", "PROTEST"]
    assert len(judged_records(store, 1, by="Ada")) == 3
    assert len(judged_records(store, 1, by="Bo")) == 2


@pytest.mark.parametrize(
    ("by", "note", "words"),
    [
        ("  ", None, "who made it"),
        ("x" * 101, None, "who made it"),
        ("a\x00b", None, "who"),
        ("Ada", "x" * 2001, "note"),
    ],
)
def test_a_decision_without_a_name_is_refused(store: Store, by: str, note: str | None, words: str) -> None:
    with pytest.raises(QueryError, match=words):
        accept(store, SENT_NUMBER, by=by, note=note)
    assert count(store, "reviews") == 0


def test_what_is_not_there_is_told(store: Store) -> None:
    with pytest.raises(QueryError, match="no record number 9"):
        accept(store, 9, by="Ada")
    with pytest.raises(QueryError, match="no document number 9"):
        add(store, 9, {"trigger": at("said"), "event": "ACCUSE"}, by="Ada")
    with pytest.raises(QueryError, match="no review 9"):
        undo(store, 9, by="Ada")


def test_an_article_without_its_text_takes_no_corrections(where: str) -> None:
    with open_store(where) as store:
        put(store, story(), keep_text=False)
        with pytest.raises(QueryError, match="no text"):
            correct(store, SENT_NUMBER, "status", "denied", by="Ada")
        assert next_records(store, reviewer="Ada") == []


def test_an_exported_row_names_the_fields_that_reviewers_decided(store: Store) -> None:
    correct(store, SENT_NUMBER, "status", "denied", by="Ada")
    accept(store, SENT_NUMBER, by="Bo")
    assert [row_of(event)["reviewed"] for event in judged(store)] == [["status", "record"], []]
    assert [row_of(event)["reviewed"] for event in coded(store)] == [[], []]


# ── recoding ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_newer_coder_changes_nothing_that_was_decided(store: Store) -> None:
    accept(store, SENT_NUMBER, by="Ada")
    correct(store, PROTESTED_NUMBER, "status", "happened", by="Ada")
    put(store, newly(SENT | {"status": "expected"}, PROTESTED | {"mode": "strike"}), coder=NEWER)
    assert [(event.status, event.mode) for event in coded(store)] == [("expected", None), ("denied", "strike")]
    assert [(event.status, event.mode) for event in judged(store)] == [("happened", None), ("happened", "strike")]


def test_what_was_accepted_stays_where_a_newer_coder_drops_it(store: Store) -> None:
    accept(store, PROTESTED_NUMBER, by="Ada")
    put(store, newly(SENT), coder=NEWER)
    assert [event.event for event in coded(store)] == ["MOBILIZE"]
    assert [(event.event, event.doc.id) for event in judged(store)] == [("MOBILIZE", "a"), ("PROTEST", "a")]
    assert [one.coded is None for one in judged_records(store, 1)] == [False, True]


def test_a_deletion_is_of_an_act_and_not_of_its_words(store: Store) -> None:
    delete(store, PROTESTED_NUMBER, by="Ada")
    put(store, newly(SENT, PROTESTED), coder=NEWER)
    assert [event.event for event in judged(store)] == ["MOBILIZE"]
    other = newly(SENT, PROTESTED | {"event": "REJECT"})
    put(store, other, coder=msgspec.structs.replace(NEWER, model="test-3"))
    assert [event.event for event in judged(store)] == ["MOBILIZE", "REJECT"]
    assert [one.number for one in next_records(store, reviewer="Ada")] == [1, 2]


# ── how far ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_article_is_complete_when_all_is_judged_and_a_person_says_so(store: Store) -> None:
    accept(store, SENT_NUMBER, by="Ada")
    with pytest.raises(QueryError, match="1 of 2 records not judged"):
        complete(store, 1, by="Ada")
    delete(store, PROTESTED_NUMBER, by="Bo")
    (known,) = progress(store)
    assert (known.complete, known.lacking) == (False, "nobody has said that no event is missing")
    said = complete(store, 1, by="Bo")
    (known,) = progress(store)
    assert (known.complete, known.complete_by, known.lacking) == (True, ("Bo",), None)
    with pytest.raises(QueryError, match="already"):
        complete(store, 1, by="Bo")
    undo(store, said.seq, by="Bo")
    assert not progress(store)[0].complete


def test_a_record_that_a_newer_coder_adds_makes_an_article_incomplete(store: Store) -> None:
    accept(store, SENT_NUMBER, by="Ada")
    accept(store, PROTESTED_NUMBER, by="Ada")
    complete(store, 1, by="Ada")
    put(store, newly(SENT, PROTESTED, {"trigger": "said"}), coder=NEWER)
    assert progress(store)[0].lacking == "1 of 3 records not judged"


def test_the_queue_begins_with_the_doubtful_and_consequential(where: str) -> None:
    fought: dict[str, Any] = {"trigger": "protested", "event": "ASSAULT", "score": -10.0, "confidence": 0.5}
    both = {"actors": [("Norway", "NOR", None)], "recipients": [("Chile", "CHL", None)]}
    told: list[dict[str, Any]] = [
        fought | both | {"confidence": 0.9},
        fought | both,
        fought,
        fought | both | {"status": "denied"},
        fought | both | {"score": 0.2},
    ]
    with open_store(where) as store:
        put(store, story("a", TEXT, *told))
        queue = next_records(store, reviewer="Ada")
        assert [one.number for one in queue] == [2, 3, 4, 1, 5]
        assert [round(one.priority, 3) for one in queue] == [0.5, 0.25, 0.25, 0.1, 0.05]
        assert [one.number for one in next_records(store, reviewer="Ada", limit=2, offset=1)] == [3, 4]
        accept(store, 2, by="Ada")
        assert [one.number for one in next_records(store, reviewer="Ada")] == [3, 4, 1, 5]
        assert [one.number for one in next_records(store, reviewer="Bo", limit=1)] == [2]
        assert next_records(store, reviewer="Bo", limit=1)[0].judged_by_others
        assert [one.number for one in next_records(store, reviewer="Bo", judged_by_others=False)] == [3, 4, 1, 5]
        assert (waiting_count(store, reviewer="Ada"), waiting_count(store, reviewer="Bo")) == (4, 5)


def test_one_of_several_tellings_waits_behind_the_only_one(where: str) -> None:
    with open_store(where) as store:
        put(store, *(story(f"a{n}", TEXT, SENT) for n in range(5)))
        store.engine.insert("memberships", [{"record": n, "cluster": "lc-1", "run": 1} for n in range(1, 5)])
        first, second, *_ = next_records(store, reviewer="Ada")
        assert (first.number, first.tellings, second.number, second.tellings) == (5, 1, 1, 4)
        assert second.priority == pytest.approx(first.priority / 2)


# ── corrections ───────────────────────────────────────────────────────────────────────────────────────────────────────

SENTENCES = ((0, 60), (61, 76))


def record() -> Event:
    return story()[1].events[0]


def corrected(field: str, value: Any) -> dict[str, Any]:
    return correction(record(), field, value, (TEXT, SENTENCES))


def test_what_follows_from_a_type_is_worked_out() -> None:
    told = corrected("event", "ASSAULT")
    assert (told["event"], told["quad"]) == ("ASSAULT", 4)
    assert told["score"] < -5
    assert corrected("mode", None) == {"mode": None, "score": corrected("mode", None)["score"]}


def test_a_trigger_in_another_sentence_takes_its_sentence_as_evidence() -> None:
    event = msgspec.structs.replace(record(), evidence=record().trigger)
    told = correction(event, "trigger", at("protested"), (TEXT, SENTENCES))
    assert (told["trigger"]["text"], told["evidence"]["text"]) == ("protested", "Peru protested.")


def test_a_place_keeps_its_point_only_while_it_is_that_place() -> None:
    with_point = story("a", TEXT, SENT | {"place": ("Chile", "CHL", "city")})[1].events[0]
    same = {"name": "Chile", "country": "CHL", "precision": "city"}
    assert correction(with_point, "place", same, (TEXT, SENTENCES))["place"]["lat"] == -12.5
    other = correction(with_point, "place", same | {"name": "Peru", "country": "PER"}, (TEXT, SENTENCES))
    assert (other["place"]["lat"], other["place"]["geonameid"]) == (None, None)


def test_counts_give_the_best_number_and_the_spread() -> None:
    told = corrected("magnitude", [{"kind": "dead", "value": n, "span": at("troops")} for n in (5, 3)])
    assert told["magnitude"] == {"dead": 5, "dead_low": 3, "dead_high": 5}


@pytest.mark.parametrize(
    ("value", "precision"),
    [("2022", "year"), ("2022-02", "month"), ("2022-02-03", "day"), ("2022-02-03/2022-02-05", "span")],
)
def test_the_precision_of_a_date_follows_from_it(value: str, precision: str) -> None:
    assert precision_of(value) == precision


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("id", "x", "no field"),
        ("event", "WAR", "not a type"),
        ("mode", "arrest", "not a mode of MOBILIZE"),
        ("status", "maybe", "not a status"),
        ("contexts", ["military", "love"], "not a context"),
        ("contexts", ["military"] * 4, "at most 3"),
        ("trigger", None, "object"),
        ("trigger", {"start": 3, "end": 3}, "no words"),
        ("trigger", {"start": 0, "end": 10_000}, "no words"),
        ("trigger", {"start": -4, "end": 3}, "no words"),
        ("trigger", {"start": True, "end": 3}, "no start"),
        ("trigger", {"start": 6, "end": 7}, "blank"),
        ("trigger", {"start": 0, "end": 6, "text": "Sweden"}, "not 'Sweden'"),
        ("actors", {"name": "Peru"}, "list"),
        ("actors", [{"name": "Peru", "country": "Peru"}], "no country"),
        ("actors", [{"name": "Peru", "sector": "BOSS"}], "no sector"),
        ("actors", [{}], "words in the text"),
        ("actors", [{"name": "x" * 301}], "at most 300"),
        ("date", {"value": "March"}, "no date"),
        ("date", {"value": "2022-02-31"}, "no date"),
        ("date", {"value": "2022-05/2022-02"}, "before it begins"),
        ("date", {}, "no date"),
        ("place", {"name": "Lima", "country": "PER", "precision": "exact"}, "precision"),
        ("place", {"country": "PER", "precision": "city"}, "has a name"),
        ("source", {"name": "navy", "kind": "direct"}, "object"),
        ("source", {"span": {"start": 0, "end": 6}, "kind": "loud"}, "kind of source"),
        ("magnitude", [{"kind": "dead", "value": "many", "span": {"start": 0, "end": 6}}], "no number"),
        ("magnitude", [{"kind": "d'oh", "value": 1, "span": {"start": 0, "end": 6}}], "no kind"),
    ],
)
def test_what_does_not_fit_is_refused(field: str, value: Any, words: str) -> None:
    with pytest.raises(QueryError, match=words):
        corrected(field, value)


def test_what_is_so_already_is_no_correction(store: Store) -> None:
    with pytest.raises(QueryError, match="that already"):
        correct(store, SENT_NUMBER, "status", "happened", by="Ada")


def test_each_field_can_be_corrected_and_comes_out(store: Store) -> None:
    values: dict[str, Any] = {
        "event": "ASSAULT",
        "mode": "heavy-weapons",
        "status": "expected",
        "trigger": at("sent troops"),
        "actors": [{"span": at("Chilean navy"), "name": "Navy of Chile", "country": "CHL", "sector": "MIL"}],
        "recipients": [],
        "source": {"span": at("Peru"), "name": "Peru", "country": "PER", "kind": "direct", "cue": at("said")},
        "date": {"value": "2022-03-01/2022-03-04", "span": at("in March")},
        "place": {"name": "Peru", "country": "PER", "precision": "country", "span": at("Peru")},
        "contexts": ["military"],
        "cue": at("in"),
        "relay": {"span": at("navy"), "name": "Navy"},
        "magnitude": [{"kind": "troops", "value": 9, "span": at("troops")}],
    }
    assert set(values) == set(FIELDS)
    for field, value in values.items():
        correct(store, SENT_NUMBER, field, value, by="Ada")
    event = judged(store)[0]
    assert (event.event, event.mode, event.status, event.contexts) == (
        "ASSAULT",
        "heavy-weapons",
        "expected",
        ("military",),
    )
    assert [entity.name for entity in event.actors] == ["Navy of Chile"]
    assert event.recipients == ()
    assert event.magnitude == {"troops": 9}
    spans = [
        event.trigger,
        event.cue,
        event.actors[0].span,
        event.source and event.source.cue,
        event.relay and event.relay.span,
    ]
    assert [TEXT[span.start : span.end] for span in spans if span] == [span.text for span in spans if span]
    assert len([reason for reason in event.why if reason.by == "review"]) == len(FIELDS)
    assert event.place is not None
    assert store.engine.rows("SELECT place_country FROM judged_records WHERE seq = 1") == [("PER",)]
