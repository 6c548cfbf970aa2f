"""The dictionaries: what is in them, how they are looked up, and that wrong rows are told with file and line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from lapwing import dictionaries
from lapwing.dictionaries import Body, Country, Leader, holds, load, longest_matches, lookup, name_words
from lapwing.errors import KnowledgeError


def codes(text: str) -> set[str]:
    return {s.row.code if isinstance(s.row, Country) else s.row.country for s in lookup(text)}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("the United Nations", "UNO"),
        ("U.N.", "UNO"),
        ("EU", "EUR"),
        ("NATO", "IGO"),
        ("Amnesty International", "NGO"),
        ("al Qaida", "IMG"),
        ("Boko Haram", "NGA"),
        ("Sendero Luminoso", "PER"),
        ("State Duma", "RUS"),
        ("Knesset", "ISR"),
        ("RIA Novosti", "RUS"),
        ("Wagner Group", "RUS"),
    ],
)
def test_a_known_body_has_its_country(text: str, code: str) -> None:
    assert code in codes(text)


@pytest.mark.parametrize("text", ["us", "who", "is", "it", "turkey", "polish", "the table", ""])
def test_ordinary_words_are_no_names(text: str) -> None:
    assert lookup(text) == ()


def test_the_longest_alias_wins_and_may_span_tokens() -> None:
    tokens = ["fighters", "of", "al", "-", "Qaeda", "in", "Iraq", "left"]
    (match,) = longest_matches(tokens)
    assert (match.start, match.end) == (2, 7)
    assert {sense.row.name for sense in match.senses} == {"al-Qaeda in Iraq"}


def test_an_alias_inside_a_longer_token_is_no_match() -> None:
    assert longest_matches(["Chinatown", "Iranians-only"]) == ()


def test_acronyms_in_a_sentence_all_in_capitals_are_words() -> None:
    assert longest_matches(["HE", "TOLD", "US", "WHO", "IS", "THERE"]) == ()


def test_a_group_changes_its_sector_with_the_date() -> None:
    rows = [s.row for s in lookup("Taliban") if isinstance(s.row, Body)]
    assert {row.sector for row in rows if holds(row, "2021-08-01")} == {"REB"}
    assert {row.sector for row in rows if holds(row, "2021-09-01")} == {"GOV"}


def test_dates_are_compared_at_the_coarser_precision() -> None:
    row = load().leaders[0]
    assert isinstance(row, Leader)
    begun = Body(
        name="x", aliases=(), country="", sector="", sectors=(), kind="", start="2014", end="2015-03", source="test"
    )
    assert holds(begun, "2014-01-02")
    assert holds(begun, "2015-03-31")
    assert not holds(begun, "2013-12-31")
    assert not holds(begun, "2015-04-01")


def test_name_words_are_single_capitalised_words() -> None:
    words = name_words()
    assert {"Putin", "Minsk", "Zelensky"} <= words
    assert all(word[0].isupper() and " " not in word and len(word) > 2 for word in words)


def test_every_row_tells_its_source() -> None:
    held = load()
    for table in ("countries", "leaders", "organisations", "groups", "parties", "people", "outlets"):
        assert all(row.source.strip() for row in getattr(held, table)), table


def test_the_baked_file_is_that_of_the_csv_files(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    (folder / "baked.msgpack").unlink(missing_ok=True)
    first = dictionaries.bake(folder).read_bytes()
    assert dictionaries.bake(folder).read_bytes() == first
    packaged = (dictionaries.FOLDER / "baked.msgpack").read_bytes()
    assert packaged == first, "run: python -m lapwing.dictionaries"


def test_an_edited_file_counts_at_once(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    with (folder / "groups.csv").open("a", encoding="utf-8") as file:
        file.write("Front of the North,FoN,TCD,REB,,armed group,,,test\n")
    assert [s.row.name for s in lookup("FoN", folder=folder)] == ["Front of the North"]


@pytest.mark.parametrize(
    ("file", "line", "says"),
    [
        ("groups.csv", "Front,,TCD,RBL,,armed group,,,test", "no PLOVER sector"),
        ("groups.csv", "Front,,Chad,REB,,armed group,,,test", "no three-letter country code"),
        ("groups.csv", "Front,,TCD,REB,,armed group,spring 2014,,test", "no date"),
        ("groups.csv", "Front,,TCD,REB,,armed group,,,", "no source"),
        ("groups.csv", ",,TCD,REB,,armed group,,,test", "column name is empty"),
        ("outlets.csv", "Paper,GBR", "2 cells, 5 columns"),
    ],
)
def test_a_wrong_row_is_told_with_file_and_line(tmp_path: Path, file: str, line: str, says: str) -> None:
    folder = copied(tmp_path)
    path = folder / file
    count = len(path.read_text(encoding="utf-8").splitlines())
    with path.open("a", encoding="utf-8") as opened:
        opened.write(line + "\n")
    with pytest.raises(KnowledgeError, match=says) as error:
        load(folder)
    assert f"{file}, line {count + 1}" in str(error.value)


def copied(tmp_path: Path) -> Path:
    for name in dictionaries.FILES:
        shutil.copy(dictionaries.FOLDER / f"{name}.csv", tmp_path)
    return tmp_path
