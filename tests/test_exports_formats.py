"""Each format is read back by a program that is made for it, and says no more than the record did."""

from __future__ import annotations

import io
import json
import warnings
from collections import defaultdict
from pathlib import Path
from typing import Any

import msgspec
import pytest

from factories import coded
from lapwing.evaluation.gold import read_gold
from lapwing.exports import (
    EXPORTERS,
    FORMATS,
    GDELT_COLUMNS,
    ICEWS_COLUMNS,
    POLECAT_COLUMNS,
    Format,
    LossWarning,
    gold_of,
    write_events,
    write_gold,
)
from lapwing.exports.acled import ACLED_COLUMNS
from lapwing.records import CodedDocument, DocRef, Event

TEXT = "On 3 May Norwegian troops shelled rebels near Lima, killing 4, the minister said. Chile and Peru met. A strike could hit Oslo."

SHELLED: dict[str, Any] = {
    "trigger": "shelled",
    "event": "ASSAULT",
    "mode": "heavy-weapons",
    "contexts": ("military",),
    "quad": 4,
    "score": -9.5,
    "actors": [("Norwegian troops", "NOR", "MIL")],
    "recipients": [("rebels", "PER", "REB")],
    "date": ("3 May", "2023-05-03", "day"),
    "place": ("Lima", "PER", "city"),
    "source": ("the minister", "NOR", "indirect", "said"),
    "magnitude": {"dead": 4.0},
}
MET: dict[str, Any] = {
    "trigger": "met",
    "actors": [("Chile", "CHL", "GOV"), ("Peru", "PER", "GOV")],
    "date": (None, "2023-05", "month"),
    "place": ("Peru", "PER", "country"),
}
COULD: dict[str, Any] = {
    "trigger": "strike",
    "event": "ASSAULT",
    "mode": "aerial",
    "status": "hypothetical",
    "cue": "could",
    "recipients": [("Oslo", "NOR", "CVL")],
    "quad": 4,
    "score": -9.5,
}


def article(*told: dict[str, Any], text: str = TEXT, doc_id: str = "a") -> CodedDocument:
    return coded(text, *told, doc_id=doc_id, published="2023-05-04")


def with_doc(event: Event, **values: Any) -> Event:
    return msgspec.structs.replace(event, doc=msgspec.structs.replace(event.doc, **values))


SEEN = [
    with_doc(event, outlet="Example Post", url="https://example.org/a") for event in article(SHELLED, MET, COULD).events
]


def written(format: Format, events: list[Event] = SEEN, *, all_statuses: bool = False) -> tuple[bytes, list[str]]:
    stream = io.BytesIO()
    told: list[str] = []
    write_events(events, stream, format=format, all_statuses=all_statuses, tell=told.append)
    return stream.getvalue(), told


# ── what every format keeps to ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("format", [name for name, exporter in EXPORTERS.items() if not exporter.status])
def test_a_feared_act_is_no_fact(format: Format) -> None:
    plain, told = written(format)
    assert b"Oslo" not in plain.replace(TEXT.encode(), b"").replace(b"OSLO", b"Oslo")
    assert any("left out (--all-statuses writes them): 1 hypothetical" in message for message in told)
    everything, told = written(format, all_statuses=True)
    assert len(everything) > len(plain)
    assert any("1 hypothetical" in message for message in told)


@pytest.mark.parametrize(
    "format", [name for name, exporter in EXPORTERS.items() if exporter.status and name != "parquet"]
)
def test_a_format_that_has_a_status_holds_them_all(format: Format) -> None:
    event = article(COULD | {"actors": [("Chile", "CHL", None)]}).events[0]
    raw, told = written(format, [event])
    assert b"hypothetical" in raw
    assert told == []


@pytest.mark.parametrize("format", FORMATS)
def test_nothing_can_be_written(format: Format) -> None:
    raw, _ = written(format, [])
    assert raw or format in ("jsonl", "plover", "gdelt", "followthemoney", "ftm-entities")


def test_what_is_lost_is_a_warning() -> None:
    with pytest.warns(LossWarning, match="gdelt holds no status"):
        write_events(SEEN[:1], io.BytesIO(), format="gdelt")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        write_events(SEEN, io.BytesIO(), format="jsonl")


HOSTILE = '=1+1\t\n"<b>&\x0b\x85\u2028 met'


@pytest.mark.parametrize("format", ["polecat", "icews", "gdelt"])
def test_no_text_breaks_a_line_or_starts_a_formula(format: Format) -> None:
    told = {"trigger": "met", "actors": [(HOSTILE, "CHL", None)], "recipients": [(HOSTILE, "PER", None)]}
    raw, _ = written(format, list(article(told, text=HOSTILE, doc_id="=x").events))
    header = 0 if format == "gdelt" else 1
    lines = raw.decode().splitlines()
    assert len(lines) == header + 1
    cells = lines[-1].split("\t")
    assert len(cells) == len({"polecat": POLECAT_COLUMNS, "icews": ICEWS_COLUMNS, "gdelt": GDELT_COLUMNS}[format])
    assert not any(cell.startswith(("=", "+", "@")) for cell in cells)


def test_negative_numbers_stay_numbers() -> None:
    columns: tuple[tuple[Format, str], ...] = (
        ("polecat", "Intensity"),
        ("icews", "Intensity"),
        ("polecat", "Latitude"),
    )
    pandas = pytest.importorskip("pandas")
    for format, column in columns:
        table = pandas.read_csv(io.BytesIO(written(format)[0]), sep="\t", quoting=3)
        assert table[column].dropna().min() < 0


# ── PLOVER ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_plover() -> None:
    polars = pytest.importorskip("polars")
    raw, told = written("plover")
    assert told == []
    table = polars.read_ndjson(io.BytesIO(raw))
    assert table["event"].to_list() == [["ASSAULT"], ["CONSULT"], ["ASSAULT"]]
    assert table["mode"].to_list() == [["heavy-weapons"], [], ["aerial", "hypothetical"]]
    assert table["date"].to_list() == ["2023-05-03", "2023-05-01", None]
    assert table["enddate"].to_list() == [None, "2023-05-31", None]
    first = json.loads(raw.splitlines()[0])
    assert first["actor"] == [
        {"code": "NOR", "sector": "MIL", "entity_text": "Norwegian troops", "identifier_text": "Norwegian troops"}
    ]
    assert first["event_loc"]["resolution"] == 4
    assert first["size"] == {"dead": 4}
    assert first["lapwing"]["source"]["name"] == "the minister"


# ── POLECAT, ICEWS, GDELT ─────────────────────────────────────────────────────────────────────────────────────────────


def test_polecat() -> None:
    pandas = pytest.importorskip("pandas")
    table = pandas.read_csv(io.BytesIO(written("polecat")[0]), sep="\t", quoting=3, dtype={"Event ID": str})
    assert tuple(table.columns) == POLECAT_COLUMNS
    assert len(POLECAT_COLUMNS) == 40
    assert table["Actor Name"].to_list() == ["Norwegian troops", "Chile", "Peru"]
    assert table["Recipient Country"].to_list() == ["PER", "PER", "CHL"]
    assert table["Event Date"].fillna("").to_list() == ["2023-05-03", "", ""]
    assert table["Event ID"].is_unique
    assert table["Latitude"].notna().to_list() == [True, False, False]


def test_icews() -> None:
    polars = pytest.importorskip("polars")
    raw = written("icews")[0]
    table = polars.read_csv(raw, separator="\t", quote_char=None, schema_overrides={"CAMEO Code": polars.String})
    assert tuple(table.columns) == ICEWS_COLUMNS
    assert len(ICEWS_COLUMNS) == 20
    assert table["CAMEO Code"].to_list() == ["194", "040", "040"]
    assert table["Event Text"].to_list() == ["Fight with artillery and tanks", "Consult", "Consult"]
    assert table["Source Sectors"].to_list() == ["Military", "Government", "Government"]
    assert table["Source Country"].to_list() == ["Norway", "Chile", "Peru"]
    assert table["Event ID"].n_unique() == 3


def test_gdelt() -> None:
    pandas = pytest.importorskip("pandas")
    assert len(GDELT_COLUMNS) == 61
    codes = dict.fromkeys(("EventCode", "EventBaseCode", "EventRootCode", "Day", "MonthYear", "Year", "DATEADDED"), str)
    table = pandas.read_csv(
        io.BytesIO(written("gdelt")[0]), sep="\t", header=None, names=GDELT_COLUMNS, dtype=codes, quoting=3
    )
    assert table["EventCode"].to_list() == ["194", "040", "040"]
    assert table["EventRootCode"].to_list() == ["19", "04", "04"]
    assert table["QuadClass"].to_list() == [4, 1, 1]
    assert table["Day"].fillna("").to_list() == ["20230503", "", ""]
    assert table["MonthYear"].to_list() == ["202305"] * 3
    assert table["FractionDate"].round(2).to_list()[0] == 2023.34
    assert table["Actor1Code"].to_list() == ["NORMIL", "CHLGOV", "PERGOV"]
    assert table["ActionGeo_CountryCode"].to_list() == ["PE"] * 3
    assert table["ActionGeo_Type"].to_list() == [4, 1, 1]
    assert table["ActionGeo_Lat"].notna().to_list() == [True, False, False]
    assert table["DATEADDED"].to_list() == ["20230504000000"] * 3
    assert table["GlobalEventID"].is_unique
    assert table["GlobalEventID"].max() < 2**53


@pytest.mark.parametrize(
    ("country", "sector", "code"),
    [
        ("UNO", None, "IGOUNO"),
        ("EUR", "GOV", "IGOEECGOV"),
        ("ROU", "JRN", "ROMMED"),
        ("UKR", "MED", "UKRHLH"),
        ("ISM", None, ""),
        (None, "REB", "REB"),
    ],
)
def test_gdelt_codes_of_actors(country: str | None, sector: str | None, code: str) -> None:
    (event,) = article({"trigger": "met", "actors": [("Chile", country, sector)]}).events
    assert written("gdelt", [event])[0].decode().split("\t")[5] == code


# ── ACLED ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_acled() -> None:
    pandas = pytest.importorskip("pandas")
    raw, told = written("acled")
    table = pandas.read_csv(io.BytesIO(raw))
    assert tuple(table.columns) == ACLED_COLUMNS
    assert len(ACLED_COLUMNS) == 31
    (row,) = table.to_dict("records")
    assert (row["event_type"], row["sub_event_type"]) == (
        "Explosions/Remote violence",
        "Shelling/artillery/missile attack",
    )
    assert (row["actor1"], row["inter1"], row["actor2"], row["inter2"]) == (
        "Norwegian troops",
        "State forces",
        "rebels",
        "Rebel group",
    )
    assert (row["event_date"], row["time_precision"], row["fatalities"], row["iso"]) == ("2023-05-03", 1, 4, 604)
    assert row["tags"] == "status=happened; attributed to=the minister"
    assert any("1 more records were left out: acts that ACLED has no type for" in message for message in told)


@pytest.mark.parametrize(
    ("mode", "actor", "recipient", "event_type"),
    [
        ("firearms", "MIL", "REB", "Battles"),
        ("firearms", "MIL", "CVL", "Violence against civilians"),
        ("firearms", "MIL", None, None),
        ("firearms", None, "CVL", "Violence against civilians"),
        ("crowd-control", "COP", "CVL", None),
    ],
)
def test_acled_wants_to_know_the_sides(
    mode: str, actor: str | None, recipient: str | None, event_type: str | None
) -> None:
    sides = {"actors": [("Chile", None, actor)], "recipients": [("Peru", None, recipient)]}
    raw, _ = written("acled", list(article(MET | sides | {"event": "ASSAULT", "mode": mode}).events))
    rows = raw.decode().splitlines()[1:]
    assert [row.split(",")[5] for row in rows] == ([event_type] if event_type else [])


# ── GeoJSON ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_geojson() -> None:
    shapely = pytest.importorskip("shapely")
    collection = json.loads(written("geojson")[0])
    assert collection["type"] == "FeatureCollection"
    geometries = [feature["geometry"] for feature in collection["features"]]
    assert [geometry is None for geometry in geometries] == [False, True, True]
    point = shapely.from_geojson(json.dumps(geometries[0]))
    assert (point.x, point.y) == (28.25, -12.5)
    assert collection["features"][2]["properties"]["status"] == "hypothetical"
    assert collection["features"][0]["properties"]["geo_precision"] == 1


@pytest.mark.parametrize(("precision", "drawn"), [("sub-city", 1), ("district", 1), ("province", 1), ("country", 0)])
def test_no_point_is_coarser_than_a_division(precision: Any, drawn: int) -> None:
    (event,) = article(SHELLED).events
    assert event.place is not None
    event = msgspec.structs.replace(event, place=msgspec.structs.replace(event.place, precision=precision))
    (feature,) = json.loads(written("geojson", [event])[0])["features"]
    assert (feature["geometry"] is not None) == bool(drawn)


# ── FollowTheMoney ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_followthemoney_entities() -> None:
    ftm = pytest.importorskip("followthemoney")
    proxies = [ftm.model.get_proxy(json.loads(line)) for line in written("ftm-entities")[0].splitlines()]
    acts = [proxy for proxy in proxies if proxy.schema.name == "Event"]
    parties = {proxy.id: proxy for proxy in proxies if proxy.schema.name == "LegalEntity"}
    assert len(acts) == 2
    assert {proxy.caption for proxy in parties.values()} == {"Norwegian troops", "rebels", "Chile", "Peru"}
    assert set(acts[0].get("involved")) <= set(parties)
    assert acts[0].get("date") == ["2023-05-03"]
    assert parties[acts[0].get("organizer")[0]].get("country") == ["no"]
    assert "According to the minister" in acts[0].first("description")


def test_followthemoney_statements() -> None:
    ftm = pytest.importorskip("followthemoney")
    statements = [json.loads(line) for line in written("followthemoney")[0].splitlines()]
    entities: dict[str, Any] = defaultdict(dict)
    for statement in statements:
        proxy = entities.setdefault(statement["entity_id"], ftm.model.make_entity(statement["schema"]))
        proxy.id = statement["entity_id"]
        if statement["prop"] != "id":
            proxy.add(statement["prop"], statement["value"])
            assert statement["value"] in proxy.get(statement["prop"])
    whole = {json.loads(line)["id"]: json.loads(line)["properties"] for line in written("ftm-entities")[0].splitlines()}
    assert {
        id: {name: sorted(values) for name, values in proxy.properties.items()} for id, proxy in entities.items()
    } == {id: {name: sorted(values) for name, values in properties.items()} for id, properties in whole.items()}
    assert {statement["origin"] for statement in statements} == {"the minister", None}
    assert all(statement["first_seen"] == "2023-05-04" for statement in statements)


# ── STIX ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_stix() -> None:
    stix2 = pytest.importorskip("stix2")
    raw, _ = written("stix", all_statuses=True)
    bundle = stix2.parse(raw.decode(), allow_custom=False)
    objects = {made.id: made for made in bundle.objects}
    assert len(objects) == len(bundle.objects)
    incidents = [made for made in bundle.objects if made.type == "incident"]
    assert [incident.name for incident in incidents][2] == "[hypothetical] ASSAULT: strike"
    links = [made for made in bundle.objects if made.type == "relationship"]
    assert all(link.source_ref in objects and link.target_ref in objects for link in links)
    assert {link.relationship_type for link in links} == {"attributed-to", "targets", "located-at"}
    (note,) = [made for made in bundle.objects if made.type == "note"]
    assert note.abstract == "According to the minister"
    points = [made for made in bundle.objects if made.type == "location" and "latitude" in made]
    assert [place.name for place in points] == ["Lima"]


def test_stix_of_nothing_told() -> None:
    stix2 = pytest.importorskip("stix2")
    (event,) = article({"trigger": "met"}).events
    event = msgspec.structs.replace(
        event,
        doc=DocRef(
            id="x", title=None, outlet=None, url=None, published=None, published_basis=None, lang="en", sha256="0"
        ),
    )
    bundle = stix2.parse(written("stix", [event])[0].decode(), allow_custom=False)
    assert str(bundle.objects[0].created).startswith("1970-01-01")


# ── GraphML ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_graphml(tmp_path: Path) -> None:
    networkx = pytest.importorskip("networkx")
    raw, told = written("graphml")
    (tmp_path / "acts.graphml").write_bytes(raw)
    graph = networkx.read_graphml(tmp_path / "acts.graphml", force_multigraph=True)
    names = networkx.get_node_attributes(graph, "name")
    edges = sorted((names[a], names[b], told["event"]) for a, b, told in graph.edges(data=True))
    assert edges == [
        ("Chile", "Peru", "CONSULT"),
        ("Norwegian troops", "rebels", "ASSAULT"),
        ("Peru", "Chile", "CONSULT"),
    ]
    (shelled,) = [told for _, _, told in graph.edges(data=True) if told["event"] == "ASSAULT"]
    assert (shelled["score"], shelled["source"], shelled["status"]) == (-9.5, "the minister", "happened")
    assert told == ["1 more records were left out: acts of one party alone."]


def test_graphml_holds_any_text(tmp_path: Path) -> None:
    networkx = pytest.importorskip("networkx")
    text = 'A\x00\x1b<&">\ud800 B met'
    told = {"trigger": "met", "actors": [('A\x00\x1b<&">', None, None)], "recipients": [("B", None, None)]}
    raw, _ = written("graphml", list(article(told, text=text.replace("\ud800", "")).events))
    (tmp_path / "acts.graphml").write_bytes(raw)
    graph = networkx.read_graphml(tmp_path / "acts.graphml")
    assert set(networkx.get_node_attributes(graph, "name").values()) == {'A<&">', "B"}


# ── annotation ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_gold_is_what_the_evaluation_reads(tmp_path: Path) -> None:
    sentences = [(0, 81), (82, 101), (102, len(TEXT))]
    assert write_gold(SEEN, tmp_path / "gold", sentences={"a": sentences}) == 3
    (tmp_path / "docs").mkdir()
    document = {"doc_id": "a", "text": TEXT, "sentences": [list(sentence) for sentence in sentences]}
    (tmp_path / "docs" / "a.json").write_text(json.dumps(document), encoding="utf-8")
    (read,) = read_gold(tmp_path / "docs", tmp_path / "gold")
    assert [event["sentence"] for event in read.events] == [0, 1, 2]
    assert [event["status"] for event in read.events] == ["happened", "happened", "hypothetical"]
    assert read.events[0]["source"] == {
        "text": "the minister",
        "name": "the minister",
        "country": "NOR",
        "kind": "indirect",
    }
    assert read.events[1]["place"] == {"text": "Peru", "name": "Peru", "country": "PER"}


def test_gold_without_sentences() -> None:
    told = gold_of("a", SEEN)
    assert [event["sentence"] for event in told["events"]] == [None] * 3
    assert told["events"][0]["magnitude"] == {"dead": 4}
