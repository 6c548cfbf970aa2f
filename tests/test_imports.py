"""Rows of other data sets become what they say, and no more; a bad row is told and the others are read."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from factories import coded
from lapwing.crosswalks.columns import GDELT_COLUMNS as GDELT
from lapwing.crosswalks.columns import ICEWS_COLUMNS as ICEWS
from lapwing.crosswalks.columns import POLECAT_COLUMNS as POLECAT
from lapwing.errors import SourceError
from lapwing.exports import write_events
from lapwing.imports import IMPORTERS, ForeignFormat, read_foreign, read_gdelt, read_icews, read_polecat
from lapwing.imports.gdelt import DAILY_COLUMNS, OLD_COLUMNS
from lapwing.records import Failure, ForeignEvent

POLECAT_ROW = {
    "Event ID": "TST-1", "Event Date": "2021-05-03", "Event Type": "ASSAULT", "Event Mode": "firearms",
    "Intensity": "-9.0", "Quad Code": "MATERIAL CONFLICT", "Contexts": "military; terrorism",
    "Actor Name": "Peruvian army", "Actor Country": "PER", "Primary Actor Sector": "MIL", "Actor Sectors": "MIL;GOV",
    "Recipient Name": "Farmers", "Recipient Country": "Peru", "Primary Recipient Sector": "AGR",
    "City": "Cusco", "Province": "Cusco", "Country": "PER", "Latitude": "-13.5", "Longitude": "-71.9",
    "GeoNames ID": "3941584.0", "Source": "Example Post", "Publication Date": "2021-05-04", "Language": "en",
}  # fmt: skip

ICEWS_ROW = {
    "Event ID": "77", "Event Date": "12/1/2017", "Source Name": "Ministry of Talks",
    "Source Sectors": "Executive,Opposition Major Party (Out Of Government)", "Source Country": "Russian Federation",
    "Event Text": "Make a visit", "CAMEO Code": "42", "Intensity": "1.9", "Target Name": "Assembly of Nations",
    "Target Sectors": "International Government Organization", "Target Country": "NA", "Publisher": "Example Post",
    "Province": "Lima", "Country": "Peru", "Latitude": "-12", "Longitude": "-77",
}  # fmt: skip

GDELT_ROW = {
    "GlobalEventID": "900000001", "Day": "20210503", "MonthYear": "202105", "Year": "2021", "Actor1Code": "ROMMIL",
    "Actor1Name": "ROMANIA", "Actor1CountryCode": "ROM", "Actor1Type1Code": "MIL", "Actor2Code": "IGOEUREEC",
    "Actor2Name": "EUROPEAN UNION", "Actor2KnownGroupCode": "EEC", "Actor2Type1Code": "IGO", "EventCode": "010",
    "EventBaseCode": "010", "EventRootCode": "01", "QuadClass": "1", "GoldsteinScale": "0.0", "NumMentions": "12",
    "ActionGeo_Type": "4", "ActionGeo_Fullname": "Kyiv, Misto Kyyiv, Ukraine", "ActionGeo_CountryCode": "UP",
    "ActionGeo_Lat": "50.43", "ActionGeo_Long": "30.52", "DATEADDED": "20210504101500",
    "SOURCEURL": "https://example.org/a",
}  # fmt: skip


def line(columns: Any, row: dict[str, str], **changes: str) -> str:
    return "\t".join((row | changes).get(name, "") for name in columns)


def headed(columns: Any, *lines: str) -> list[str]:
    return ["\t".join(columns), *lines]


def only(found: Any) -> ForeignEvent:
    (event,) = found
    assert isinstance(event, ForeignEvent), event
    return event


def reason(found: Any) -> str:
    (failure,) = found
    assert isinstance(failure, Failure), failure
    return f"{failure.where}: {failure.reason}"


# ── POLECAT ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_polecat() -> None:
    event = only(read_polecat(headed(POLECAT, line(POLECAT, POLECAT_ROW))))
    assert (event.event, event.mode, event.quad, event.score, event.scale) == ("ASSAULT", "firearms", 4, -9.0, "plover")
    assert event.contexts == ("military", "terrorism")
    (actor,), (recipient,) = event.actors, event.recipients
    assert (actor.name, actor.country, actor.sector, actor.sectors) == ("Peruvian army", "PER", "MIL", ("GOV",))
    assert (recipient.country, recipient.sector, recipient.span) == ("PER", "AGR", None)
    assert event.date is not None
    assert (event.date.value, event.date.precision) == ("2021-05-03", "day")
    assert event.place is not None
    assert (event.place.name, event.place.precision, event.place.lat, event.place.geonameid) == (
        "Cusco",
        "city",
        -13.5,
        3941584,
    )
    assert event.status is None
    assert event.row == POLECAT_ROW


def test_polecat_with_a_name_too_many() -> None:
    names = [*POLECAT[:6], "Headline", *POLECAT[6:]]
    lines = ["\t".join(names), line(POLECAT, POLECAT_ROW) + "\t\t"]
    assert only(read_polecat(lines)).row == POLECAT_ROW


def test_polecat_with_a_column_too_many() -> None:
    names = [*POLECAT[:6], "Headline", *POLECAT[6:]]
    told = POLECAT_ROW | {"Headline": "A headline", "Version": "NGEC_v1"}
    assert only(read_polecat(["\t".join(names), line(names, told)])).row == told


def test_polecat_by_other_names() -> None:
    names = ["Event Intensity" if name == "Intensity" else name for name in POLECAT]
    assert only(read_polecat(["\t".join(names), line(POLECAT, POLECAT_ROW)])).score == -9.0


def test_polecat_without_intensity_and_coordinates() -> None:
    names = [name for name in POLECAT if name not in ("Intensity", "Latitude", "Longitude")]
    event = only(read_polecat(["\t".join(names), line(names, POLECAT_ROW)]))
    assert event.score is None
    assert event.place is not None
    assert (event.place.lat, event.place.precision) == (None, "city")


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"Event Type": "TALK"}, "line 2: Event Type is 'TALK'"),
        ({"Event Date": "3 May"}, "Event Date is '3 May'"),
        ({"Event ID": ""}, "Event ID is empty"),
        ({"Intensity": "high"}, "Intensity is 'high', which is no number"),
        ({"Latitude": "912"}, "nowhere on Earth"),
    ],
)
def test_a_bad_row_is_told(changes: dict[str, str], complaint: str) -> None:
    assert complaint in reason(read_polecat(headed(POLECAT, line(POLECAT, POLECAT_ROW, **changes))))


def test_the_rows_after_a_bad_one_are_read() -> None:
    good = line(POLECAT, POLECAT_ROW)
    found = list(read_polecat(headed(POLECAT, good, "cut\toff", good)))
    assert [type(item) for item in found] == [ForeignEvent, Failure, ForeignEvent]


def test_a_file_of_another_format_is_told() -> None:
    assert "line 1: the first line must name the columns" in reason(read_polecat(["a\tb", "1\t2"]))


@pytest.mark.parametrize("level", ["Province", "Country"])
def test_the_middle_of_an_area_is_no_point(level: str) -> None:
    row = {name: cell for name, cell in POLECAT_ROW.items() if name not in ("City", "Province")} | {level: "Peru"}
    place = only(read_polecat(headed(POLECAT, line(POLECAT, row)))).place
    assert place is not None
    assert (place.precision, place.lat, place.lon) == (level.lower(), None, None)


# ── ICEWS ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_icews() -> None:
    event = only(read_icews(headed(ICEWS, line(ICEWS, ICEWS_ROW))))
    assert event.id == "77:2017-12-01"
    assert (event.code, event.event, event.mode, event.scale) == ("042", "CONSULT", "visit", "goldstein")
    (actor,), (recipient,) = event.actors, event.recipients
    assert (actor.country, actor.sector, actor.sectors) == ("RUS", "GOV", ("OPP",))
    assert (recipient.country, recipient.sector) == ("IGO", None)
    assert event.place is not None
    assert (event.place.name, event.place.precision, event.place.lat) == ("Lima", "province", None)
    assert "Target Country" not in event.row


def test_icews_ids_are_of_a_day() -> None:
    lines = [line(ICEWS, ICEWS_ROW, **{"Event Date": day}) for day in ("2016-01-01", "2016-01-02")]
    assert [event.id for event in read_icews(headed(ICEWS, *lines)) if isinstance(event, ForeignEvent)] == [
        "77:2016-01-01",
        "77:2016-01-02",
    ]


def test_icews_code_that_is_none() -> None:
    assert "CAMEO Code is '999'" in reason(read_icews(headed(ICEWS, line(ICEWS, ICEWS_ROW, **{"CAMEO Code": "999"}))))


# ── GDELT ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_gdelt() -> None:
    event = only(read_gdelt([line(GDELT, GDELT_ROW)]))
    assert (event.code, event.event, event.quad) == ("010", None, 1)
    (actor,), (recipient,) = event.actors, event.recipients
    assert (actor.country, actor.sector) == ("ROU", "MIL")
    assert (recipient.country, recipient.sector) == ("EUR", None)
    assert event.place is not None
    assert (event.place.name, event.place.adm1, event.place.country) == ("Kyiv", "Misto Kyyiv", "UKR")
    assert (event.place.precision, event.place.lat) == ("city", 50.43)
    assert (event.published, event.url) == ("2021-05-04", "https://example.org/a")
    assert event.row["NumMentions"] == "12"


def test_gdelt_continent_is_no_union() -> None:
    event = only(read_gdelt([line(GDELT, GDELT_ROW, Actor1CountryCode="EUR", Actor1Type1Code="")]))
    assert event.actors[0].country is None


@pytest.mark.parametrize("columns", [OLD_COLUMNS, DAILY_COLUMNS])
def test_gdelt_of_older_years(columns: tuple[str, ...]) -> None:
    event = only(read_gdelt([line(columns, GDELT_ROW)]))
    assert event.place is not None
    assert event.place.country == "UKR"


def test_gdelt_country_has_no_point() -> None:
    event = only(read_gdelt([line(GDELT, GDELT_ROW, ActionGeo_Type="1", ActionGeo_Fullname="Ukraine")]))
    assert event.place is not None
    assert (event.place.precision, event.place.lat) == ("country", None)


def test_gdelt_of_bigquery_has_a_header() -> None:
    header = "\t".join(["GLOBALEVENTID", *GDELT[1:]])
    assert only(read_gdelt([header, line(GDELT, GDELT_ROW)])).id == "900000001"


def test_gdelt_row_of_another_length() -> None:
    assert "3 cells; GDELT has 61, 58 or 57" in reason(read_gdelt(["1\t2\t3"]))


# ── files ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _zipped(content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("20210503.export.CSV", content)
    return packed.getvalue()


@pytest.mark.parametrize("pack", [bytes, gzip.compress, _zipped])
def test_files_may_be_packed(tmp_path: Path, pack: Any) -> None:
    file = tmp_path / "events"
    file.write_bytes(pack(line(GDELT, GDELT_ROW).encode() + b"\r\n"))
    assert only(read_foreign(file, format="gdelt")).url == "https://example.org/a"


def test_a_line_of_another_encoding(tmp_path: Path) -> None:
    file = tmp_path / "events.txt"
    rows = [line(POLECAT, POLECAT_ROW, City="Medellín").encode(code) for code in ("utf-8", "iso-8859-1")]
    file.write_bytes(b"\n".join(["\t".join(POLECAT).encode(), *rows]))
    events = list(read_foreign(file, format="polecat"))
    assert [event.row["City"] for event in events if isinstance(event, ForeignEvent)] == ["Medellín"] * 2


def test_a_damaged_file(tmp_path: Path) -> None:
    file = tmp_path / "events.gz"
    file.write_bytes(gzip.compress(b"1\t2\n" * 50_000)[:200])
    with pytest.raises(SourceError, match="cannot be read"):
        list(read_foreign(file, format="gdelt"))
    with pytest.raises(SourceError, match="cannot be read"):
        list(read_foreign(tmp_path / "none", format="gdelt"))


# ── there and back ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("format", list(IMPORTERS))
def test_what_is_exported_can_be_imported(tmp_path: Path, format: ForeignFormat) -> None:
    text = "Norwegian troops shelled rebels near Lima on 3 May."
    told = {
        "trigger": "shelled", "event": "ASSAULT", "mode": "heavy-weapons", "quad": 4, "score": -9.5,
        "actors": [("Norwegian troops", "NOR", "MIL")], "recipients": [("rebels", "PER", "REB")],
        "date": ("3 May", "2023-05-03", "day"), "place": ("Lima", "PER", "city"),
    }  # fmt: skip
    with (tmp_path / "events").open("wb") as stream:
        write_events(coded(text, told).events, stream, format=format, tell=lambda message: None)
    event = only(read_foreign(tmp_path / "events", format=format))
    assert (event.event, event.mode, event.quad, event.score) == ("ASSAULT", "heavy-weapons", 4, -9.5)
    assert [(entity.country, entity.sector) for entity in (*event.actors, *event.recipients)] == [
        ("NOR", "MIL"),
        ("PER", "REB"),
    ]
    assert event.date is not None
    assert event.date.value == "2023-05-03"
    assert event.place is not None
    assert (event.place.name, event.place.country, event.place.lat) == ("Lima", "PER", -12.5)
