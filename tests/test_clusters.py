"""Which articles are one text, which records tell one act, and what their reports say together; with what must not be."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from benchmarks.clusters import found_groups, pairwise, tellings_of, written_stories
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from factories import coded
from lapwing.cli import app
from lapwing.clusters import (
    Summary,
    cluster,
    decisions,
    is_behind,
    judge,
    read_clusters,
    reasons_for,
    reports_of,
    sketch_beside,
    summarise,
    take_back,
)
from lapwing.clusters.blocks import EACH_FAMILY, find_pairs
from lapwing.clusters.comparison import compare, contested, findings, weights
from lapwing.clusters.grouping import group, group_texts
from lapwing.clusters.likeness import candidates, find_likenesses
from lapwing.clusters.origins import Report, find_origins
from lapwing.clusters.sketches import sketch_text
from lapwing.clusters.tellings import Telling, telling_of
from lapwing.codebook import TYPES
from lapwing.errors import QueryError
from lapwing.records import Article, CodedDocument, Coder, Relay, Span
from lapwing.store import Store, open_store, start_run, store_document
from nursery import Nursery

CODER = Coder(lapwing="0.1.0", model="test")

FLOOD = (
    "Soldiers from Chile crossed the Arica bridge on 3 May and set up 12 tents for families from the flooded streets of Tacna. "
    "The mayor, Ana Ruiz, said that Peru had asked for help on Sunday. General Pedro Soto promised that his men would leave "
    "before June. In Lima the ministry thanked Santiago, and the Red Cross sent 400 blankets, two boats and a field kitchen. "
    "Schools in Tacna stay closed until Monday, and the road to Moquegua is under water for 9 kilometres."
)
OTHER = (
    "Farmers blocked the harbour of Rotterdam with tractors on Thursday because the Dutch cabinet wants to buy up 300 farms "
    "near Natura sites. Minister Jan de Boer called the blockade unlawful. Police in Utrecht counted 41 tractors, and the "
    "union LTO asked for talks with Brussels before the vote in October."
)
TRANSLATED = (
    "Chilean troops passed over the bridge at Arica upon 3 May, putting 12 tents there for people whose homes in Tacna are under "
    "water. According to its mayor Ana Ruiz, assistance was requested by Peru last Sunday. Their commander General Pedro Soto gave "
    "his word to go home ahead of June. Thanks came to Santiago, out of Lima, whereas the Red Cross brought 400 covers along with a "
    "pair of boats. There are no lessons in Tacna up to Monday; water stands over the way to Moquegua along 9 kilometres."
)


# ── texts ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def kinds(*texts: str) -> list[tuple[int, int, str]]:
    return [(pair.a, pair.b, pair.kind) for pair in find_likenesses([sketch_text(text) for text in texts])]


def test_a_copy_with_a_few_other_words_is_a_copy() -> None:
    assert kinds(FLOOD, OTHER, FLOOD.replace("thanked", "praised").replace("Sunday", "Saturday")) == [(0, 2, "copy")]


def test_a_text_that_another_one_goes_on_from_is_updated_by_it() -> None:
    assert kinds(FLOOD, f"{FLOOD} {OTHER} {OTHER[:200]}") == [(0, 1, "update")]


def test_a_translation_is_known_by_names_and_numbers_in_their_order() -> None:
    assert kinds(FLOOD, TRANSLATED) == [(0, 1, "translation")]


@pytest.mark.parametrize(
    "texts",
    [
        (FLOOD, OTHER),
        ("", ""),
        ("One two.", "One two."),
        # a communiqué of the next day: the same wording and names, other numbers
        (
            TRANSLATED,
            FLOOD.replace("3 May", "6 May").replace("12", "19").replace("400", "250").replace("9 kilo", "2 kilo"),
        ),
        # the same names in another order: another article on the same people
        (FLOOD, " ".join(sentence + "." for sentence in reversed(TRANSLATED.split(".")) if sentence.strip())),
    ],
    ids=["two stories", "nothing", "too short to tell", "other numbers", "another order"],
)
def test_others_are_not_one_text(texts: tuple[str, str]) -> None:
    assert kinds(*texts) == []


def test_what_is_found_does_not_depend_on_how_texts_are_portioned() -> None:
    texts = [f"{FLOOD} {k} {OTHER[: 7 * k]}" for k in range(30)] + [FLOOD] * 25 + [TRANSLATED, OTHER]
    sketches = [sketch_text(text) for text in texts]
    at_once = list(find_likenesses(sketches))
    for cut in (1, 20, 56):
        assert [*find_likenesses(sketches[:cut]), *find_likenesses(sketches, known=cut)] == at_once


def test_a_thousand_copies_are_not_compared_each_with_each() -> None:
    import numpy as np

    same = np.tile(sketch_text(FLOOD).words, (1000, 1))
    assert len(candidates(same)) < 18_000


@given(st.text())
def test_any_text_can_be_sketched(text: str) -> None:
    sketch = sketch_text(text)
    assert len(sketch.words) in (0, 128)
    assert len(sketch.pairs) in (0, 64)


def test_a_text_of_one_long_line_is_sketched_in_linear_time() -> None:
    assert sketch_text("a" * 3_000_000 + ", B" * 300_000).size > 0


def test_an_article_goes_with_the_likest_earlier_one_and_decisions_come_first() -> None:
    likenesses = {(1, 2): 0.9, (2, 3): 0.8, (4, 5): 0.9, (1, 5): 0.7}
    assert group_texts(likenesses) == {2: (1, 1), 3: (1, 2), 5: (4, 4)}
    assert group_texts(likenesses, different=[(1, 3)]) == {2: (1, 1), 5: (4, 4)}
    assert group_texts(likenesses, same=[(3, 4)]) == {2: (1, 1), 3: (1, 2), 4: (1, 3), 5: (1, 4)}


# ── records ───────────────────────────────────────────────────────────────────────────────────────────────────────────

ARRIVED = "President Ana Ruiz of Peru arrived in Santiago on Monday to meet the president of Chile, Luis Vega."
MET = "Chile's president Luis Vega received Ana Ruiz in Santiago on 2 May, the first visit of a Peruvian president in years."
NEXT_WEEK = "Ana Ruiz of Peru flew to Quito a week later and met the president of Ecuador, Sol Mora."


def visit(text: str, trigger: str, **fields: Any) -> dict[str, Any]:
    told = {"trigger": trigger, "event": "CONSULT", "mode": "visit", "actors": [("Ana Ruiz", "PER", "GOV")]}
    return {**told, "recipients": [("Luis Vega", "CHL", "GOV")], "date": (None, "2023-05-01", "day"), **fields}


def documents() -> list[CodedDocument]:
    santiago = {"place": ("Santiago", "CHL", "city")}
    return [
        coded(ARRIVED, visit(ARRIVED, "arrived", **santiago), doc_id="a", published="2023-05-01"),
        coded(MET, visit(MET, "received", **santiago), doc_id="b", published="2023-05-02"),
        coded(
            NEXT_WEEK,
            visit(NEXT_WEEK, "met", recipients=[("Sol Mora", "ECU", "GOV")], date=(None, "2023-05-09", "day")),
            doc_id="c",
            published="2023-05-09",
        ),
    ]


def tellings(*found: CodedDocument) -> list[Telling]:
    events = [(doc, event) for doc, document in enumerate(found) for event in document.events]
    return [
        telling_of(event, record=n, doc=doc, anchors=sketch_text(found[doc].text).anchors.tolist())
        for n, (doc, event) in enumerate(events)
    ]


def score(one: CodedDocument, other: CodedDocument) -> float:
    found = compare(find_pairs(tellings(one, other)))
    return max((comparison.score for comparison in found.values()), default=0.0)


def test_one_visit_told_by_two_papers_is_one_act_and_the_next_one_another() -> None:
    first, second, later = documents()
    assert score(first, second) > 0.5
    assert score(first, later) < 0.2


CONTRADICTIONS: dict[str, dict[str, Any]] = {
    "another day": {"date": (None, "2023-06-20", "day")},
    "another actor": {"actors": [("Luis Vega", "BOL", "GOV")]},
    "another country": {"place": ("Chile", "PER", "city")},
    "another kind of act": {"event": "SANCTION", "mode": None},
}


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_what_contradicts_speaks_against_one_act(name: str) -> None:
    first, second, _ = documents()
    told = visit(MET, "received", **{"place": ("Santiago", "CHL", "city"), **CONTRADICTIONS[name]})
    other = coded(MET, told, doc_id="b", published="2023-05-02")
    assert score(first, other) < score(first, second) - 0.05
    assert score(first, other) < 0.5 or name in ("another actor", "another country")


def test_records_of_one_story_are_compared_whoever_was_read_to_act() -> None:
    told = {"trigger": "crossed", "event": "MOBILIZE", "date": (None, "2023-05-03", "day")}
    right = coded(FLOOD, {**told, "actors": [("Soldiers", "CHL", "MIL")]}, doc_id="a", published="2023-05-03")
    wrong = coded(TRANSLATED, {**told, "trigger": "passed over", "actors": [("Ana Ruiz", "JOR", "GOV")]}, doc_id="b")
    elsewhere = coded(OTHER, {**told, "trigger": "blocked", "actors": [("Farmers", "NLD", "AGR")]}, doc_id="c")
    assert [(a.doc, b.doc) for a, b in find_pairs(tellings(right, wrong, elsewhere))] == [(0, 1)]


def test_one_name_is_one_whatever_country_was_read_and_a_rank_is_none() -> None:
    def sides(name: str, one: str, other: str) -> set[str]:
        texts = (f"{name} went to Quito on Monday.", f"{name} was in Quito.")
        both = [
            coded(text, {"trigger": "Quito", "actors": [(name, code, "GOV")]})
            for text, code in zip(texts, (one, other), strict=True)
        ]
        a, b = tellings(*both)
        return {finding.name for finding in findings(a, b)}

    assert "actor name" in sides("Ana Ruiz", "PER", "CHL")
    assert "actor other" in sides("Police", "PER", "CHL")


def test_names_that_differ_speak_against_one_act() -> None:
    texts = [f"Gunmen shot at a patrol near {place} on Monday." for place in ("Kandevo", "Rostany", "Kandevo")]
    told = {
        "trigger": "shot",
        "event": "ASSAULT",
        "date": (None, "2023-05-01", "day"),
        "actors": [("Gunmen", "PER", "UAF")],
    }
    one, other, again = (coded(text, told, doc_id=name) for text, name in zip(texts, "abc", strict=True))
    assert score(one, other) < score(one, again)


def test_reasons_are_told_with_their_weights_and_add_up() -> None:
    first, second, _ = documents()
    (found,) = compare(find_pairs(tellings(first, second))).values()
    told = {reason.words for reason in found.reasons}
    assert "the same day" in told
    assert "the same place" in told
    odds = weights("together")["bias"] + sum(reason.weight for reason in found.reasons)
    assert found.score == pytest.approx(1 / (1 + 2.718281828**-odds), abs=0.01)


def test_every_finding_has_a_weight() -> None:
    names = {finding.name for document in documents() for a in tellings(document) for finding in findings(a, a)}
    assert names <= weights("together").keys()


def test_an_article_tells_an_act_twice_only_where_one_denies_it() -> None:
    text = "Peru's army shelled Arica, Chile said. The Peruvian ministry denied that the army had fired on Arica or shelled Iquique."
    told = {"event": "ASSAULT", "actors": [("army", "PER", "MIL")], "recipients": [("Arica", "CHL", "CVL")]}
    asserted, denied, again = (
        {**told, "trigger": "shelled Arica"},
        {**told, "trigger": "fired on Arica", "status": "denied"},
        {**told, "trigger": "shelled Iquique"},
    )
    a, b, c = tellings(coded(text, asserted, denied, again))
    assert contested(a, b)
    assert not contested(a, c)
    found = compare(find_pairs([a, b, c]))
    assert found[0, 1].score > 0.5
    assert all(comparison.score == 0 for pair, comparison in found.items() if pair != (0, 1) and pair != (1, 2))


def test_every_type_is_of_a_family() -> None:
    assert set(TYPES) == set(EACH_FAMILY)


def test_a_chain_of_half_likely_pairs_does_not_join_distant_acts() -> None:
    chain = {(k, k + 1): 0.5 for k in range(6)}
    assert max(map(len, group(chain))) == 2


def test_what_was_decided_is_never_outvoted() -> None:
    scores = {(1, 2): 0.99, (2, 3): 0.99, (1, 3): 0.99}
    assert group(scores, different=[(1, 3)]) == [[1, 2]]
    assert group({}, same=[(1, 2)], different=[(1, 2)]) == [[1, 2]]
    assert group({(1, 2): 0.01}, same=[(1, 2)]) == [[1, 2]]


@given(st.dictionaries(st.tuples(st.integers(0, 8), st.integers(9, 16)), st.floats(0, 1), max_size=30))
def test_groups_share_no_record_and_do_not_depend_on_the_order_of_pairs(scores: dict[tuple[int, int], float]) -> None:
    found = group(scores)
    members = [member for members in found for member in members]
    assert len(members) == len(set(members))
    assert group(dict(reversed(scores.items()))) == found


# ── what reports say together ─────────────────────────────────────────────────────────────────────────────────────────


def report(n: int, *, outlet: str, text: int | None = None, **fields: Any) -> Report:
    told = f"Gunners shelled Arica, said Ana Ruiz and Luis Vega and officials. Number {n}."
    relay = fields.pop("relay", None)
    published = fields.pop("published", "2023-05-01")
    (event,) = coded(
        told, {"trigger": "shelled", "event": "ASSAULT", **fields}, doc_id=f"d{n}", published=published
    ).events
    event = msgspec.structs.replace(
        event,
        doc=msgspec.structs.replace(event.doc, outlet=outlet),
        relay=Relay(relay, Span(0, 0, "")) if relay else None,
    )
    return Report(record=n, doc=n, text=n if text is None else text, event=event)


SAID: list[dict[str, Any]] = [
    {"source": (name, "PER", "indirect", "said")} for name in ("Ana Ruiz", "Luis Vega", "officials")
]
RUIZ, VEGA, OFFICIALS = SAID


@pytest.mark.parametrize(
    ("reports", "count"),
    [
        ([report(n, outlet=f"Paper {n}", text=0) for n in range(12)], 1),
        (
            [report(n, outlet=f"Paper {n}", relay="the news agency Efe") for n in range(5)] + [report(9, outlet="EFE")],
            1,
        ),
        ([report(n, outlet=f"Paper {n}", **RUIZ) for n in range(4)], 1),
        ([report(0, outlet="Paper", **RUIZ), report(1, outlet="Paper", **VEGA)], 2),
        ([report(n, outlet=f"Paper {n}", **OFFICIALS) for n in range(2)], 2),
        ([report(0, outlet="Paper"), report(1, outlet="Paper")], 1),
        ([report(0, outlet="Paper"), report(1, outlet="Post")], 2),
        ([report(0, outlet="Paper", text=0, **RUIZ), report(1, outlet="Post", text=0, **VEGA)], 2),
        ([report(n, outlet=f"Paper {n}", text=n % 2) for n in range(12)], 2),
    ],
    ids=[
        "copies",
        "agency",
        "speaker",
        "two speakers",
        "unnamed",
        "outlet",
        "two outlets",
        "copies, two speakers",
        "12 to 2",
    ],
)
def test_independent_origins(reports: list[Report], count: int) -> None:
    assert len(find_origins(reports)) == count


def test_a_summary_tells_who_asserts_and_denies_the_course_and_the_range() -> None:
    said = [
        report(0, outlet="Paper", published="2023-05-01", status="hypothetical", **OFFICIALS),
        report(
            1, outlet="Post", published="2023-05-02", magnitude={"dead": 4.0}, date=(None, "2023-05-01", "day"), **RUIZ
        ),
        report(
            2,
            outlet="Mail",
            published="2023-05-02",
            magnitude={"dead": 4.0},
            date=(None, "2023-05-01", "day"),
            relay="Efe",
        ),
        report(
            3, outlet="News", published="2023-05-03", magnitude={"dead": 9.0}, date=(None, "2023-05-02", "day"), **VEGA
        ),
        report(
            4, outlet="Sun", published="2023-05-04", status="denied", source=("Luis Vega", "PER", "indirect", "said")
        ),
    ]
    told = summarise(said)
    assert (told.reports, told.outlets, len(told.origins)) == (5, 5, 4)
    assert [stage.status for stage in told.course] == ["rumoured", "happened", "denied"]
    assert told.status == "disputed"
    assert [voice.name for voice in told.denied_by] == ["Luis Vega"]
    assert "Ana Ruiz" in {voice.name for voice in told.asserted_by}
    dead = told.magnitudes["dead"]
    assert (dead.low.value, dead.best.value, dead.high.value) == (4, 4, 9)
    assert dead.best.by == ("Ana Ruiz", "Efe")
    assert told.date is not None
    assert (told.date.value, told.date.first, told.date.last) == ("2023-05-01", "2023-05-01", "2023-05-02")
    assert told.place is None
    assert told.first_report == "d0"


def test_a_tie_goes_to_the_newest() -> None:
    told = summarise(
        [
            report(0, outlet="Paper", published="2023-05-01", magnitude={"dead": 4.0}),
            report(1, outlet="Post", published="2023-05-02", magnitude={"dead": 7.0}),
        ]
    )
    assert told.magnitudes["dead"].best.value == 7


# ── the store ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def add(store: Store, *found: CodedDocument, coder: Coder = CODER, outlet: str | None = None) -> None:
    run = start_run(store, kind="test", inputs=[], coder=coder)
    for document in found:
        article = Article(id=document.document.id, text=document.text, published=document.document.published.value)
        store_document(store, run, article, document)


def held(store: Store) -> list[tuple[str, tuple[str, ...]]]:
    return [(id, summary.records) for id, summary in read_clusters(store)]


def test_a_store_is_clustered_and_a_second_run_changes_nothing(where: str) -> None:
    with open_store(where) as store:
        add(store, *documents())
        done = cluster(store)
        assert (done.texts, done.compared, done.clusters, done.written) == (3, 3, 1, 1)
        before = held(store)
        assert [records for _, records in before] == [("lw-a-1", "lw-b-1")]
        assert [report.doc for report in reports_of(store, before[0][0])] == [1, 2]
        ((a, b, likely, reasons),) = reasons_for(store, before[0][0])
        assert (a, b) == ("lw-a-1", "lw-b-1")
        assert likely > 0.5
        assert "the same day" in dict(reasons)
        again = cluster(store)
        assert (again.texts, again.compared, again.written) == (0, 0, 0)
        assert held(store) == before


def test_one_by_one_or_at_once_is_the_same(tmp_path: Path) -> None:
    copies = [coded(FLOOD, {"trigger": "crossed"}, doc_id=f"f{k}", published="2023-05-03") for k in range(3)]
    found = [*documents(), *copies]
    with open_store(tmp_path / "one.duckdb") as store:
        add(store, *found)
        cluster(store)
        at_once = held(store), store.engine.rows("SELECT doc, original, likest, kind FROM copies ORDER BY doc")
    with open_store(tmp_path / "by.duckdb") as store:
        for document in found:
            add(store, document)
            cluster(store)
        one_by_one = held(store), store.engine.rows("SELECT doc, original, likest, kind FROM copies ORDER BY doc")
    assert one_by_one == at_once
    assert at_once[1] == [(5, 4, 4, "exact"), (6, 4, 4, "exact")]


def test_texts_that_are_not_kept_are_known_again(where: str) -> None:
    near = FLOOD.replace("thanked", "praised").replace("Sunday", "Saturday")
    with open_store(where) as store:
        run = start_run(store, kind="test", inputs=[], coder=CODER)
        for name, text, kept in (("a", FLOOD, False), ("b", OTHER, True), ("c", near, False), ("d", TRANSLATED, True)):
            beside = {} if kept else {"beside": sketch_beside}
            store_document(store, run, Article(id=name, text=text), coded(text, doc_id=name), keep_text=kept, **beside)
        done = cluster(store)
        assert (done.texts, done.copies) == (4, 2)
        assert store.engine.rows("SELECT doc, original FROM copies ORDER BY doc") == [(3, 1), (4, 1)]
        again = cluster(store)
        assert (again.texts, again.copies) == (0, 2)
        store_document(
            store, run, Article(id="e", text=near + " "), coded(near, doc_id="e"), keep_text=False, beside=sketch_beside
        )
        assert cluster(store).texts == 1
        assert store.engine.rows("SELECT doc, original FROM copies ORDER BY doc") == [(3, 1), (4, 1), (5, 1)]
        assert store.engine.rows("SELECT count(*) FROM documents WHERE text IS NULL") == [(3,)]


def test_a_merge_and_a_split_can_be_undone(where: str) -> None:
    with open_store(where) as store:
        add(store, *documents())
        cluster(store)
        before = held(store)
        split = judge(store, "different", "lw-a-1", "lw-b-1", by="Kim", note="two visits")
        assert cluster(store).clusters == 0
        merged = judge(store, "same", "lw-b-1", "lw-c-1", by="Kim")
        cluster(store)
        assert [records for _, records in held(store)] == [("lw-b-1", "lw-c-1")]
        take_back(store, split, by="Lee")
        take_back(store, merged, by="Lee")
        cluster(store)
        assert held(store) == before
        assert decisions(store) == []
        assert store.engine.rows("SELECT count(*) FROM judgements") == [(4,)]


def test_a_decision_on_texts_comes_before_their_likeness(where: str) -> None:
    with open_store(where) as store:
        add(store, *(coded(FLOOD, doc_id=name) for name in ("a", "b")))
        cluster(store)
        assert store.engine.rows("SELECT doc, original FROM copies") == [(2, 1)]
        judge(store, "different", "a", "b", by="Kim", kind="text")
        cluster(store)
        assert store.engine.rows("SELECT doc, original FROM copies") == []


def test_a_later_decision_stands_instead_of_an_earlier_one(where: str) -> None:
    with open_store(where) as store:
        add(store, *documents())
        judge(store, "different", "lw-a-1", "lw-b-1", by="Kim")
        judge(store, "same", "lw-b-1", "lw-a-1", by="Lee")
        assert [(decision.verdict, decision.judge) for decision in decisions(store)] == [("same", "Lee")]


def test_what_cannot_be_decided_is_told(where: str) -> None:
    with open_store(where) as store:
        add(store, *documents())
        with pytest.raises(QueryError, match="no record lw-nobody"):
            judge(store, "same", "lw-a-1", "lw-nobody", by="Kim")
        with pytest.raises(QueryError, match="one and the same"):
            judge(store, "same", "lw-a-1", "lw-a-1", by="Kim")
        with pytest.raises(QueryError, match="no decision 7"):
            take_back(store, 7, by="Kim")


def test_a_record_that_was_coded_anew_is_compared_anew(where: str) -> None:
    with open_store(where) as store:
        add(store, *documents())
        cluster(store)
        told = visit(MET, "received", date=(None, "2022-01-01", "day"), place=("Chile", "PER", "city"))
        add(store, coded(MET, told, doc_id="b", published="2023-05-02"), coder=Coder(lapwing="0.2.0", model="test"))
        done = cluster(store)
        assert (done.texts, done.compared, done.clusters) == (0, 1, 0)


def test_a_run_that_was_cut_off_is_taken_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from lapwing.clusters import acts

    monkeypatch.setattr(acts, "PORTION", 1)
    with open_store(tmp_path / "a.duckdb") as store:
        add(store, *documents())
        with monkeypatch.context() as broken:
            broken.setattr(acts, "group", None)
            with pytest.raises(TypeError):
                cluster(store)
        assert store.engine.rows("SELECT count(*) FROM compared") == [(3,)]
        assert cluster(store).clusters == 1


def test_a_summary_can_be_written_and_read() -> None:
    told = summarise([report(0, outlet="Paper", magnitude={"dead": 1.0}, **RUIZ)])
    assert msgspec.json.decode(msgspec.json.encode(told), type=Summary) == told


# ── killed ────────────────────────────────────────────────────────────────────────────────────────────────────────────────

CLUSTER = """
from lapwing.clusters import acts, cluster, texts
from lapwing.store import open_store

acts.PORTION = texts.PORTION = 2
texts.FEW = 0

def run(where):
    with open_store(where) as store:
        cluster(store)
"""


def found(where: Path) -> dict[str, list[Any]]:
    """All that clustering leaves, but for times and runs."""
    with open_store(where) as store:
        rows = store.engine.rows
        return {
            "sketches": rows("SELECT doc, size, words, anchors FROM sketches ORDER BY doc"),
            "likenesses": rows("SELECT a, b, kind, score FROM likenesses ORDER BY a, b, kind"),
            "copies": rows("SELECT doc, original, likest, kind FROM copies ORDER BY doc"),
            "compared": rows("SELECT doc, coded_run, method FROM compared ORDER BY doc"),
            "pairs": rows("SELECT a, b, score, CAST(reasons AS TEXT) FROM pairs ORDER BY a, b"),
            "clusters": rows("SELECT id, CAST(summary AS TEXT) FROM clusters ORDER BY id"),
            "memberships": rows("SELECT record, cluster, act, origins FROM memberships ORDER BY record"),
        }


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that was clustered once, and has got more since: copies of what it held, and a decision."""
    where = tmp_path_factory.mktemp("killed") / "filled.duckdb"
    arrived, met, later = documents()
    with open_store(where) as store:
        add(store, arrived, met)
        cluster(store)
        again = visit(ARRIVED, "arrived", place=("Santiago", "CHL", "city"))
        add(store, later, *(coded(ARRIVED, again, doc_id=f"a{k}", published="2023-05-01") for k in range(4)))
        add(store, *(coded(FLOOD, {"trigger": "crossed"}, doc_id=f"f{k}", published="2023-05-03") for k in range(3)))
        judge(store, "different", "lw-a-1", "lw-b-1", by="Kim")
    return where


@pytest.fixture(scope="module")
def nursery(filled: Path) -> Iterator[Nursery]:
    warm = filled.with_name("warm.duckdb")
    shutil.copy(filled, warm)
    nursery = Nursery(CLUSTER, warm)
    yield nursery
    nursery.close()


@pytest.fixture(scope="module")
def undisturbed(nursery: Nursery, filled: Path) -> tuple[float, dict[str, list[Any]]]:
    """How long a run takes, and what it leaves."""
    where = filled.with_name("undisturbed.duckdb")
    shutil.copy(filled, where)
    return nursery.seconds(where), found(where)


@pytest.mark.parametrize("seed", range(50))
def test_a_run_that_is_killed_anywhere_is_made_good_by_the_next(
    tmp_path: Path, nursery: Nursery, filled: Path, undisturbed: tuple[float, dict[str, list[Any]]], seed: int
) -> None:
    took, expected = undisturbed
    where = tmp_path / "events.duckdb"
    shutil.copy(filled, where)
    nursery.run(where, kill_after=random.Random(seed).uniform(0, took))
    assert nursery.run(where) == 0
    assert found(where) == expected
    assert len(expected["copies"]) == 6
    assert len(expected["memberships"]) >= 6


def test_what_a_cut_off_run_changed_of_texts_is_in_the_summaries(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from lapwing.clusters import acts

    with open_store(where) as store:
        add(store, *documents())
        cluster(store)
        assert not is_behind(store)
        assert [len(summary.origins) for _, summary in read_clusters(store)] == [2]
        judge(store, "same", "a", "b", by="Kim", kind="text")
        with monkeypatch.context() as broken:
            broken.setattr(acts, "group", None)
            with pytest.raises(TypeError):
                cluster(store)
        assert is_behind(store)
        cluster(store)
        assert [len(summary.origins) for _, summary in read_clusters(store)] == [1]


# ── the written stories ───────────────────────────────────────────────────────────────────────────────────────────────


def test_the_written_stories_are_sound() -> None:
    path = Path(__file__).parents[1] / "benchmarks" / "stories.json"
    stories = json.loads(path.read_text(encoding="utf-8"))["stories"]
    assert len(stories) >= 12
    for story in stories:
        assert 2 <= len(story["articles"]) <= 4
        assert story["part"] in ("fit", "test")
        for article in story["articles"]:
            assert all(told["trigger"] in article["text"] for told in article["events"])


def test_the_stories_not_fitted_on_are_found_again() -> None:

    path = Path(__file__).parents[1] / "benchmarks" / "stories.json"
    cases = [case for part, story in written_stories(path) if part == "test" for case in story]
    mine = list(range(len(cases)))
    for members in found_groups(tellings_of(cases)):
        for member in members:
            mine[member] = members[0]
    precision, recall, _ = pairwise(mine, [act for _, act in cases])
    assert precision > 0.95
    assert recall > 0.65


# ── the command line ──────────────────────────────────────────────────────────────────────────────────────────────────


def lapwing(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def test_the_commands_cluster_show_decide_and_undo(tmp_path: Path) -> None:
    where = str(tmp_path / "events.duckdb")
    with open_store(where) as store:
        add(store, *documents())
    done = lapwing("cluster", "--store", where)
    assert done.exit_code == 0
    assert "1 acts are told by several records" in done.stderr
    (told,) = [json.loads(line) for line in lapwing("clusters", "--store", where, "--json").stdout.splitlines()]
    assert told["summary"]["records"] == ["lw-a-1", "lw-b-1"]
    page = lapwing("clusters", told["id"], "--store", where).stdout
    assert "2 reports in 2 articles; 2 outlets, 2 origins" in page
    assert "the same day" in page
    assert told["id"] in lapwing("clusters", "--store", where).stdout
    assert lapwing("judge", "different", "lw-a-1", "lw-b-1", "--store", where, "--by", "Kim").exit_code == 0
    assert "Kim" in lapwing("judge", "list", "--store", where).stdout
    lapwing("cluster", "--store", where)
    assert lapwing("clusters", "--store", where, "--json").stdout == ""
    assert lapwing("judge", "undo", "1", "--store", where).exit_code == 0
    lapwing("cluster", "--store", where)
    assert told["id"] in lapwing("clusters", "--store", where).stdout


@pytest.mark.parametrize(
    "arguments",
    [("judge", "same", "lw-a-1"), ("judge", "perhaps", "a", "b"), ("judge", "undo", "x"), ("clusters", "lc-none")],
)
def test_wrong_usage_is_told(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    where = str(tmp_path / "events.duckdb")
    with open_store(where) as store:
        add(store, *documents())
    assert lapwing(*arguments, "--store", where).exit_code == 2
