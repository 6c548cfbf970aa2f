"""What the workbench reads from a store: pages, series, ties, claims, sites, kept views. Each test on each engine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random
from statistics import mean, multimode
from typing import Any

import pytest

from lapwing.errors import QueryError
from lapwing.records import Status
from lapwing.store import Filter, Store, find_events, open_store
from lapwing.store.conditions import Values
from lapwing.store.pages import ORDERS, Order, find_page
from lapwing.store.series import notable, records_by_month, series_of
from lapwing.store.sites import sites_of
from lapwing.store.ties import By, claims_of, ties_of
from lapwing.store.views import drop_view, keep_view, kept_views
from test_store import add, count, story

TEXT = "Norway and Chile met in Oslo in May, the minister said. Norway struck Chile in Peru on Monday and fled."

MET: dict[str, Any] = {
    "trigger": "met",
    "actors": [("Norway", "NOR", "GOV"), ("Chile", "CHL", "GOV")],
    "date": ("May", "2023-05", "month"),
    "place": ("Oslo", "NOR", "city"),
    "source": ("minister", "NOR", "indirect", "said"),
}
STRUCK: dict[str, Any] = {
    "trigger": "struck",
    "event": "ASSAULT",
    "quad": 4,
    "score": -9.0,
    "actors": [("Norway", "NOR", "MIL")],
    "recipients": [("Chile", "CHL", None)],
    "date": ("Monday", "2023-05-08", "day"),
    "place": ("Peru", "PER", "country"),
}
DENIED = STRUCK | {"status": "denied", "source": ("minister", "NOR", "indirect", "said")}
FLED: dict[str, Any] = {
    "trigger": "fled",
    "event": "RETREAT",
    "quad": 2,
    "score": 6.5,
    "actors": [("Norway", "NOR", "MIL")],
}
IN_2023 = FLED | {"date": (None, "2023", "year")}


@pytest.fixture
def store(where: str) -> Iterator[Store]:
    with open_store(where) as opened:
        yield opened


def together(store: Store, *records: int, origins: int = 2, cluster: str = "lc-1") -> None:
    """Put records into one cluster."""
    rows = [{"record": n, "cluster": cluster, "run": 1, "act": min(records), "origins": origins} for n in records]
    store.engine.insert("memberships", rows)


# ── mutual acts ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_mutual_act_is_of_its_dyad_each_way(store: Store) -> None:
    add(store, story("a", TEXT, MET, FLED))
    for dyad in ("NOR-CHL", "CHL-NOR"):
        assert [event.event for event in find_events(store, Filter(dyad=dyad))] == ["CONSULT"]
    assert store.engine.rows("SELECT actor, recipient FROM dyads ORDER BY record, actor") == [
        ("CHL", "NOR"),
        ("NOR", "CHL"),
        ("NOR", None),
    ]


def test_an_older_store_gets_its_mutual_acts_and_acts_of_clusters(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from lapwing.store import migration

    names = migration.migration_names()
    with monkeypatch.context() as patch:
        patch.setattr(migration, "migration_names", lambda: names[: names.index("0004_reading")])
        with open_store(where) as store:
            add(store, story("a", TEXT, MET, STRUCK, FLED))
            told = store.engine.rows("SELECT * FROM dyads ORDER BY record, actor, recipient")
            store.engine.execute("DELETE FROM dyads WHERE record = 1")
            for actor in ("NOR", "CHL"):
                store.engine.execute(
                    "INSERT INTO dyads SELECT seq, doc, $1, 'GOV', NULL, NULL, event, quad, score, status, day_from, confidence"
                    " FROM records WHERE seq = 1",
                    [actor],
                )
            store.engine.insert("clusters", [{"id": "c", "summary": '{"origins":[{},{},{}]}', "run": 1}])
            store.engine.insert("memberships", [{"record": n, "cluster": "c", "run": 1} for n in (2, 3)])
    for _ in range(2):
        with open_store(where) as store:
            assert store.engine.rows("SELECT * FROM dyads ORDER BY record, actor, recipient") == told
            found = store.engine.rows("SELECT record, act, origins FROM memberships ORDER BY record")
            assert found == [(2, 2, 3), (3, 2, 3)]


# ── pages ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("descending", [True, False])
def test_pages_follow_each_other_both_ways_in_every_order(store: Store, order: Order, descending: bool) -> None:
    add(store, story("a", TEXT, MET, STRUCK, DENIED, FLED, IN_2023), story("b", TEXT, MET, FLED))
    together(store, 1, 6)
    options: dict[str, Any] = {"order": order, "descending": descending}
    whole = [listed.number for listed in find_page(store, **options).records]
    assert sorted(whole) == [1, 2, 3, 4, 5, 6, 7]
    page = find_page(store, size=2, **options)
    assert page.previous is None
    found, marks = [listed.number for listed in page.records], []
    while page.next:
        page = find_page(store, size=2, mark=page.next, **options)
        found += [listed.number for listed in page.records]
        marks.append(page.previous)
    assert found == whole
    back = find_page(store, size=2, mark=marks[-1], **options)
    assert [listed.number for listed in back.records] == whole[4:6]
    back = find_page(store, size=2, mark=back.previous, **options)
    assert ([listed.number for listed in back.records], back.next is None) == (whole[2:4], False)
    first = find_page(store, size=2, mark=back.previous, **options)
    assert ([listed.number for listed in first.records], first.previous) == (whole[:2], None)


def test_what_is_not_known_stands_last(store: Store) -> None:
    add(store, story("a", TEXT, FLED, STRUCK, MET))
    for descending, numbers in ((True, [2, 3, 1]), (False, [3, 2, 1])):
        assert [one.number for one in find_page(store, order="date", descending=descending).records] == numbers


def test_a_page_tells_what_it_holds_and_what_there_is(store: Store) -> None:
    add(store, story("a", TEXT, MET, STRUCK, DENIED))
    together(store, 2, 3, origins=3)
    page = find_page(store, Filter(dyad="NOR-CHL"), order="sources", size=1)
    (first,) = page.records
    assert (first.number, first.doc, first.cluster, first.sources, first.event.event) == (2, 1, "lc-1", 3, "ASSAULT")
    assert (page.total, page.statuses) == (3, {"happened": 2, "denied": 1})
    assert [one.number for one in find_page(store, Filter(min_sources=3)).records] == [2, 3]
    assert find_page(store, Filter(min_sources=1)).total == 3
    assert find_page(store, Filter(dyad="CHL-PER")).records == ()


@pytest.mark.parametrize("mark", ["", "x", "!!", "AAAA", "WyJhIiwxXQ", "WzEsMTAwMDAwMDAwMDAwMDAwMDAwMDAwXQ"])
def test_a_mark_that_is_none_is_refused(store: Store, mark: str) -> None:
    with pytest.raises(QueryError, match="no place in this list"):
        find_page(store, order="score", mark=mark)


# ── series ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_series_counts_acts_and_keeps_statuses_apart(store: Store) -> None:
    add(store, story("a", TEXT, MET, STRUCK, DENIED, IN_2023, FLED), story("b", TEXT, STRUCK))
    together(store, 2, 3, 6)
    series = series_of(store, Filter(actor="NOR"))
    (may,) = series.buckets
    assert (may.start, may.statuses) == (date(2023, 5, 1), {"happened": 2, "denied": 1})
    assert (may.quads, may.score) == ((1, 0, 0, 1), (2.5 - 9.0) / 2)
    assert (series.undated, series.coarse) == (1, 1)
    weeks = series_of(store, Filter(dyad="NOR-CHL"), period="week")
    assert [(week.start, week.quads) for week in weeks.buckets] == [(date(2023, 5, 8), (0, 0, 0, 1))]
    assert (weeks.coarse, weeks.undated) == (1, 0)


def test_a_series_of_what_nobody_says_happened_has_no_score(store: Store) -> None:
    add(store, story("a", TEXT, DENIED))
    (may,) = series_of(store, Filter(actor="NOR")).buckets
    assert (may.statuses, may.quads, may.score) == ({"denied": 1}, (0, 0, 0, 0), None)


def test_notable_acts_are_those_that_most_tell(store: Store) -> None:
    add(store, story("a", TEXT, STRUCK, MET, STRUCK | {"trigger": "fled", "score": -2.0}), story("b", TEXT, STRUCK))
    together(store, 3, origins=4)
    assert [one.number for one in notable(store, Filter(dyad="NOR-CHL"), limit=2)] == [3, 1]


def test_months_of_records_are_counted(store: Store) -> None:
    add(store, story("a", TEXT, MET, STRUCK, IN_2023, FLED))
    assert records_by_month(store, Filter()) == [(date(2023, 1, 1), 1), (date(2023, 5, 1), 2)]


# ── ties and claims ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_ties_count_acts_each_way(store: Store) -> None:
    add(store, story("a", TEXT, MET, STRUCK, FLED), story("b", TEXT, STRUCK))
    together(store, 2, 4)
    told = [(tie.actor, tie.recipient, tie.acts, tie.cooperation, tie.conflict) for tie in ties_of(store, Filter())]
    assert told == [("NOR", "CHL", 2, 1, 1), ("CHL", "NOR", 1, 1, 0)]
    assert {tie.actor for tie in ties_of(store, Filter(), by="sector")} == {"NOR/GOV", "NOR/MIL", "CHL/GOV"}
    assert ties_of(store, Filter(status=("denied",))) == []


@pytest.mark.parametrize("values", ["coded", "judged"])
@pytest.mark.parametrize("by", ["country", "sector"])
@pytest.mark.parametrize("status", [(), ("happened",), ("denied", "expected")])
def test_ties_are_what_one_gets_by_counting_records(
    store: Store, values: Values, by: By, status: tuple[Status, ...]
) -> None:
    _add_many(store)
    wanted = Filter(values=values, status=status, since="2023-05")
    found = {(tie.actor, tie.recipient): tie for tie in ties_of(store, wanted, by=by)}
    counted = _counted(store, values, by, status)
    assert len(found) == len(counted) > 4
    for pair, seen in counted.items():
        acts = {act for act, _, _ in seen.values()}
        assert found[pair].acts == len(acts)
        assert found[pair].cooperation == len({act for act, quad, _ in seen.values() if quad <= 2})
        assert found[pair].conflict == len({act for act, quad, _ in seen.values() if quad >= 3})
        assert found[pair].score == pytest.approx(mean(score for _, _, score in seen.values()), abs=0.001)


def _add_many(store: Store) -> None:
    """Records between three countries with one sector or two, some in clusters that hold several kinds, some deleted."""
    chance = Random(5)
    names = [("Norway", code, sector) for code in ("NOR", "CHL", "PER") for sector in ("GOV", "MIL", None)]
    told = [
        STRUCK
        | {
            "quad": (quad := chance.randint(1, 4)),
            "score": 5.5 - 2 * quad,
            "status": chance.choice(("happened", "happened", "denied", "expected")),
            "actors": chance.sample(names, chance.randint(1, 3)),
            "recipients": chance.sample(names, chance.randint(1, 3)),
            "place": chance.choice((MET["place"], STRUCK["place"], None)),
        }
        for _ in range(60)
    ]
    add(store, story("a", TEXT, *told))
    numbers = chance.sample(range(1, 61), 30)
    for n in range(0, 30, 3):
        together(store, *numbers[n : n + 3], cluster=f"lc-{n}")
    store.engine.insert("revised", [{"number": n, "doc": 1} for n in chance.sample(range(1, 61), 10)])


def _counted(
    store: Store, values: Values, by: By, status: tuple[Status, ...]
) -> dict[tuple[str, str], dict[int, tuple[int, int, float]]]:
    """Of each pair its records with their act, quad class and score, taken one by one."""
    acts: dict[int, int] = dict(store.engine.rows("SELECT record, act FROM memberships"))
    gone = {n for (n,) in store.engine.rows("SELECT number FROM revised")} if values == "judged" else set()
    found: dict[tuple[str, str], dict[int, tuple[int, int, float]]] = {}
    for record, actor, actor_sector, recipient, recipient_sector, quad, score, told in store.engine.rows(
        "SELECT record, actor, actor_sector, recipient, recipient_sector, quad, score, status FROM dyads"
    ):
        one, other = actor, recipient
        if by == "sector":
            one = actor + (f"/{actor_sector}" if actor_sector else "")
            other = recipient + (f"/{recipient_sector}" if recipient_sector else "")
        if one != other and record not in gone and (not status or told in status):
            found.setdefault((one, other), {})[record] = acts.get(record, -record), quad, score
    return found


def test_claims_tell_who_says_what_about_whom(store: Store) -> None:
    add(store, story("a", TEXT, MET, STRUCK, DENIED))
    claims = claims_of(store, Filter(dyad="NOR-CHL"))
    told = [(claim.speaker, claim.country, claim.own, claim.actor, claim.status, claim.acts) for claim in claims]
    assert sorted(told, key=str) == [
        ("minister", "NOR", False, "NOR", "denied", 1),
        ("minister", "NOR", False, "NOR", "happened", 1),
        (None, None, True, "NOR", "happened", 1),
    ]
    assert {claim.speaker for claim in claims_of(store, Filter(actor="NOR"), named=False)} == {None}


# ── sites ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_only_a_town_has_a_point(store: Store) -> None:
    add(store, story("a", TEXT, MET, STRUCK, FLED), story("b", TEXT, STRUCK))
    together(store, 2, 4)
    found = sites_of(store, Filter())
    assert [
        (site.name, site.precision, site.lat, site.lon, site.acts, site.quads, site.records) for site in found.sites
    ] == [
        ("Oslo", "city", -12.5, 28.25, 1, (1, 0, 0, 0), 1),
        ("Peru", "country", None, None, 1, (0, 0, 0, 1), 2),
    ]
    assert found.placeless == 1


@pytest.mark.parametrize("values", ["coded", "judged"])
@pytest.mark.parametrize("status", [(), ("happened",), ("denied", "expected")])
def test_sites_are_what_one_gets_by_counting_records(store: Store, values: Values, status: tuple[Status, ...]) -> None:
    _add_many(store)
    acts: dict[int, int] = dict(store.engine.rows("SELECT record, act FROM memberships"))
    table = "judged_records" if values == "judged" else "records"
    told: dict[str | None, dict[int, list[int]]] = {}
    for record, place, quad, its in store.engine.rows(f"SELECT seq, place, quad, status FROM {table}"):
        if not status or its in status:
            told.setdefault(place, {}).setdefault(acts.get(record, -record), []).append(quad)
    placeless = len(told.pop(None, {}))
    found = sites_of(store, Filter(values=values, status=status))
    assert found.placeless == placeless
    assert {site.name for site in found.sites} == set(told) == {"Oslo", "Peru"}
    for site in found.sites:
        quads = [min(multimode(seen)) for seen in told[site.name].values()]
        assert site.quads == tuple(quads.count(quad) for quad in (1, 2, 3, 4))
        assert (site.acts, site.records) == (len(quads), sum(map(len, told[site.name].values())))


# ── kept views ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_views_are_kept_replaced_and_dropped(store: Store) -> None:
    keep_view(store, "  strikes ", page="events", query="event=ASSAULT", maker="ana")
    keep_view(store, "Places", page="map", query="")
    keep_view(store, "strikes", page="events", query="event=ASSAULT&status=denied")
    assert [(view.name, view.page, view.maker) for view in kept_views(store)] == [
        ("Places", "map", None),
        ("strikes", "events", None),
    ]
    assert [view.query for view in kept_views(store, page="events")] == ["event=ASSAULT&status=denied"]
    drop_view(store, "strikes")
    assert count(store, "views") == 1
    with pytest.raises(QueryError, match="no view"):
        drop_view(store, "strikes")


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "a\x1b[31m"])
def test_a_view_needs_a_name(store: Store, name: str) -> None:
    with pytest.raises(QueryError, match="needs a name"):
        keep_view(store, name, page="events", query="")
