"""The crosswalks know every code that Lapwing writes, and lead back to where they came from."""

from __future__ import annotations

from pathlib import Path

import pytest

from lapwing import crosswalks
from lapwing.codebook import TYPES, load_codebook
from lapwing.crosswalks import (
    act_of_cameo,
    cameo_acts,
    cameo_of,
    codes_of,
    countries,
    country_of_alpha3,
    country_of_fips,
    sectors,
)
from lapwing.dictionaries import FOLDER, SECTORS, SUPRANATIONAL, Country, read_rows
from lapwing.errors import KnowledgeError


@pytest.mark.parametrize("event", TYPES)
def test_every_act_has_a_code(event: str) -> None:
    for mode in (None, *(mode.name for mode in load_codebook().types[event].modes)):
        act = cameo_acts()[cameo_of(event, mode, ())]
        # the codes that PLOVER's own table puts elsewhere: each row says why
        elsewhere = {"163", "116", "183", "180", "080", "087"}
        assert act.event == event or act.code in elsewhere, (event, mode, act)


def test_cameo_speaks_plover() -> None:
    codebook = load_codebook()
    modes = {event: {mode.name for mode in codebook.types[event].modes} for event in TYPES}
    for act in cameo_acts().values():
        assert act.mode is None or act.mode in modes[act.event or ""], act


def test_a_statement_has_no_type() -> None:
    act = act_of_cameo("010")
    assert act is not None
    assert act.event is None


def test_every_sector_is_known() -> None:
    assert set(sectors()) == set(SECTORS)


def test_every_country_of_the_dictionaries_has_codes() -> None:
    codes = {row.code for row in read_rows(FOLDER / "countries.csv", Country, "code")} - SUPRANATIONAL
    unknown = {code for code in codes if codes_of(code) is None}
    assert unknown == set()


@pytest.mark.parametrize(
    ("fips", "country"),
    [
        ("UP", "UKR"),
        ("SU", "SDN"),
        ("RS", "RUS"),
        ("IS", "ISR"),
        ("GZ", "PSE"),
        ("WE", "PSE"),
        ("HK", "HKG"),
        ("KV", "KOS"),
    ],
)
def test_fips_is_not_iso(fips: str, country: str) -> None:
    assert country_of_fips(fips) == country


def test_fips_leads_back() -> None:
    for country in countries():
        if country.fips and country.iso3 in (country.code, None):
            assert country_of_fips(country.fips) == country.code


def test_dependencies_are_folded() -> None:
    assert [country_of_alpha3(code) for code in ("GRL", "PRI", "MAC", "HKG", "ESH")] == [
        "DNK",
        "USA",
        "CHN",
        "HKG",
        "MAR",
    ]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("code,label\n", "line 1"),
        ("code,label,event,mode,contexts,source,note\n040,Consult,CONSULT,,,\n", "line 2: 6 cells"),
        ("code,label,event,mode,contexts,source,note\n040,Consult,TALK,,,own,\n", "line 2: 'TALK'"),
        ("code,label,event,mode,contexts,source,note\n040,Consult,CONSULT,,,,\n", "line 2: the column source is empty"),
    ],
)
def test_a_wrong_row_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, complaint: str) -> None:
    (tmp_path / "cameo.csv").write_text(content, encoding="utf-8")
    monkeypatch.setattr(crosswalks, "FOLDER", tmp_path)
    cameo_acts.cache_clear()
    try:
        with pytest.raises(KnowledgeError, match=complaint):
            cameo_acts()
    finally:
        cameo_acts.cache_clear()
