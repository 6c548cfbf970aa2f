"""The dictionaries of states and of the people who lead them, row by row."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from lapwing.dictionaries import FOLDER, SUPRANATIONAL, holds, load, lookup, normalised

CASES = Path(__file__).parent / "cases" / "dictionary_ambiguities.csv"
KINDS = {"state", "territory", "breakaway", "historical"}
STAND_ALONE = {"HKG", "ATA"}
OFFICES_OF_ONE = ("president", "prime minister", "foreign minister", "defence minister", "chancellor", "king")


@cache
def rows_of(name: str) -> tuple[dict[str, str], ...]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))


def reviewed() -> dict[str, set[str]]:
    with CASES.open(encoding="utf-8", newline="") as lines:
        return {normalised(row["alias"]): set(row["codes"].split("|")) for row in csv.DictReader(lines)}


def state_codes() -> set[str]:
    return {c.code for c in load().countries if c.kind == "state"} | STAND_ALONE


def leader_names() -> Iterator[tuple[str, str, str]]:
    for leader in load().leaders:
        for alias in (leader.name, *leader.aliases):
            yield normalised(alias), normalised(leader.name), leader.country


# ── states ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_country_row_has_a_known_kind_and_code() -> None:
    codes = state_codes()
    assert len(codes) >= 195
    for country in load().countries:
        assert country.kind in KINDS, country.name
        assert country.code in codes, country.name
        assert (country.sector == "PRE") == (country.kind == "breakaway"), country.name


def test_country_names_are_unique_and_no_cell_has_stray_blanks() -> None:
    names = [country.name for country in load().countries]
    assert len(names) == len(set(names))
    for row in rows_of("countries.csv"):
        assert all(item == item.strip() for cell in row.values() for item in cell.split("|")), row["name"]


def test_no_word_for_a_country_stands_for_two_unless_reviewed() -> None:
    held: dict[str, set[str]] = defaultdict(set)
    for country in load().countries:
        metonyms = [name for name, _ in country.metonyms]
        words = (country.name, *country.aliases, *country.demonyms, *country.capital, *country.ethnic, *metonyms)
        for word in (*words, *country.major_cities):
            held[normalised(word)].add(country.code)
    known = reviewed()
    assert {word: codes for word, codes in held.items() if len(codes) > 1 and known.get(word) != codes} == {}


@pytest.mark.parametrize(
    ("text", "code", "kind"),
    [
        ("the Kremlin", "RUS", "metonym"),
        ("Élysée Palace", "FRA", "metonym"),
        ("Verkhovna Rada", "UKR", "metonym"),
        ("Burma", "MMR", "country"),
        ("Türkiye", "TUR", "country"),
        ("USSR", "RUS", "country"),
        ("Yugoslavia", "SRB", "country"),
        ("U.K.", "GBR", "country"),
        ("Spaniards", "ESP", "demonym"),
        ("Kiev", "UKR", "capital"),
        ("Gibraltar", "GBR", "country"),
        ("Abkhazia", "GEO", "country"),
        ("Somaliland", "SOM", "country"),
        ("Hong Kong", "HKG", "country"),
        ("Kosovars", "KOS", "demonym"),
    ],
)
def test_words_lead_to_their_state(text: str, code: str, kind: str) -> None:
    assert (code, kind) in {(getattr(s.row, "code", ""), s.kind) for s in lookup(text)}


# ── people ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_leaders_belong_to_a_state_or_a_kind_of_body() -> None:
    known = state_codes() | set(SUPRANATIONAL)
    assert {leader.country for leader in load().leaders} <= known


def test_terms_begin_before_they_end_and_are_real_days() -> None:
    for leader in load().leaders:
        for day in (leader.start, leader.end):
            if len(day) == len("2022-12-19"):
                date.fromisoformat(day)
        known = min(len(leader.start), len(leader.end))
        assert leader.start[:known] <= leader.end[:known], leader
        assert leader.start, leader


def test_each_term_stands_once() -> None:
    terms = [(leader.name, leader.office, leader.country, leader.start) for leader in load().leaders]
    assert len(terms) == len(set(terms))


def test_leaders_are_sorted_so_that_changes_can_be_read() -> None:
    keys = [(r["country"], r["office"], r["start"], r["end"], r["name"]) for r in rows_of("leaders.csv")]
    assert keys == sorted(keys)


def test_a_name_leads_to_one_country_unless_the_person_went_on_to_a_body_of_states() -> None:
    held: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for alias, name, country in leader_names():
        held[alias].add((name, country))
    known = reviewed()
    for alias, owners in held.items():
        states = {country for _, country in owners if country not in SUPRANATIONAL}
        if len(states) > 1 or len({name for name, _ in owners}) > len({country for _, country in owners}):
            names = {name for name, _ in owners}
            reviewed_codes = next((known[name] for name in names if name in known), set())
            assert states | {c for _, c in owners} <= reviewed_codes or alias == "george bush", (alias, owners)


def test_one_person_has_one_spelling_of_the_name_and_one_gender() -> None:
    spellings: dict[tuple[str, str], set[str]] = defaultdict(set)
    genders: dict[tuple[str, str], set[str]] = defaultdict(set)
    for leader in load().leaders:
        spellings[normalised(leader.name), leader.country].add(leader.name)
        genders[leader.name, leader.country].add(leader.gender or "?")
        assert leader.gender in ("m", "f", ""), leader
    assert {key: found for key, found in spellings.items() if len(found) > 1} == {}
    assert {key: found for key, found in genders.items() if len(found) > 1} == {}


@pytest.mark.parametrize(
    ("country", "office", "when", "name"),
    [
        ("RUS", "president", "2010-06-01", "Dmitry Medvedev"),
        ("USA", "president", "1999-03-24", "Bill Clinton"),
        ("USA", "secretary of state", "2022-12-19", "Antony Blinken"),
        ("UKR", "defence minister", "2022-03", "Oleksii Reznikov"),
        ("GBR", "prime minister", "2022-10-01", "Liz Truss"),
        ("BLR", "foreign minister", "2022-12-19", "Sergei Aleinik"),
        ("EUR", "foreign policy chief", "2022", "Josep Borrell"),
        ("IGO", "secretary-general of NATO", "1999-03-24", "Javier Solana"),
        ("UNO", "secretary-general", "2003-03-20", "Kofi Annan"),
        ("PSE", "president", "1998-10-23", "Yasser Arafat"),
        ("ZAF", "president", "1995", "Nelson Mandela"),
        ("SRB", "president of Yugoslavia", "1999-03-24", "Slobodan Milošević"),
        ("PAK", "prime minister", "1998-08-20", "Nawaz Sharif"),
        ("AFG", "president", "2021-09-01", None),
        ("RUS", "spokesperson of nobody", "2021", None),
    ],
)
def test_who_held_an_office_on_a_day(country: str, office: str, when: str, name: str | None) -> None:
    held = [row.name for row in load().leaders if row.country == country and row.office == office and holds(row, when)]
    assert held == ([name] if name else [])


@pytest.mark.parametrize("office", OFFICES_OF_ONE)
def test_few_terms_of_one_office_run_on_without_an_end(office: str) -> None:
    """Two people in one office at the end of what is known is a forgotten end."""
    standing: dict[str, set[str]] = defaultdict(set)
    for row in load().leaders:
        if row.office == office and not row.end:
            standing[row.country].add(row.name)
    assert {country: names for country, names in standing.items() if len(names) > 1} == {}


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("Volodimir Zelensky", "Volodymyr Zelensky"),
        ("Aliaksandr Lukashenka", "Alexander Lukashenko"),
        ("Recep Tayyip Erdogan", "Recep Tayyip Erdoğan"),
        ("Moammar Gadhafi", "Muammar Gaddafi"),
        ("Kim Jong Un", "Kim Jong-un"),
        ("Lula da Silva", "Luiz Inácio Lula da Silva"),
    ],
)
def test_other_spellings_lead_to_the_person(spelling: str, name: str) -> None:
    assert {s.row.name for s in lookup(spelling) if s.kind == "leader"} == {name}
