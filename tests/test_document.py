"""The parts of an article, its sentences, and the date that it gives away."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lapwing.document import build_document
from lapwing.document.sentences import split_sentences
from lapwing.records import Article, Document
from lapwing.repair import repair

AGENCIES = {"AP": "Associated Press", "Reuters": "Reuters", "DW": "Deutsche Welle"}


def document(text: str, *, published: str | None = None) -> Document:
    article = Article(id="a", text=text, published=published)
    return build_document(article, repair(text, names=frozenset()), agencies=AGENCIES)


SENTENCES = [
    ["U.S. Rep. John Hale met Gov. Ann Lee at 5 p.m. Monday.", "They left."],
    ["“Will they come?” Orlova asked.", "“We do not know,” said Gen. Ruiz."],
    ["“Go home!” the crowd shouted.", "Nobody went."],
    ["The U.N. Security Council met in the U.S.", "The vote was 9.5 to 3.", "In Jan. 2020 it met again."],
    ["Acme Inc. sued J. F. Clark.", "He lost."],
    ["No. 5 won.", "“No.”", "The answer was clear."],
]


@pytest.mark.parametrize("sentences", SENTENCES)
def test_sentences(sentences: list[str]) -> None:
    text = " ".join(sentences)
    assert [text[s:e] for s, e in split_sentences(text)] == sentences


def test_the_head_is_told_from_the_body() -> None:
    found = document(
        "Envoys meet in Oslo\n\nBy Ana Ruiz\n\nOSLO, Norway (AP) — The two sides met on Monday. They left."
    )
    assert found.title == "Envoys meet in Oslo"
    assert found.byline is not None
    assert found.byline.text == "By Ana Ruiz"
    assert found.dateline_place is not None
    assert found.dateline_place.text == "OSLO, Norway"
    assert found.relay is not None
    assert found.relay.name == "Associated Press"
    assert [s.kind for s in found.sentences] == ["title", "byline", "dateline", "body", "body"]
    assert [s.coded for s in found.sentences] == [True, False, False, True, True]


def test_a_joined_title_is_parted() -> None:
    found = document("Envoys meet in Oslo for new talks The two sides held talks in the Norwegian capital on Monday.")
    assert found.title == "Envoys meet in Oslo for new talks"


def test_foreign_lines_and_furniture_stay_but_are_not_coded() -> None:
    text = (
        "The envoys met on Monday in the old town hall of the capital, far from the crowd.\n"
        "Los ministros de los dos países se reunieron en la capital.\nRead also: Talks fail\nThey left."
    )
    found = document(text)
    assert [s.kind for s in found.sentences] == ["body", "foreign", "teaser", "body"]
    assert [o.lang for o in found.omitted] == ["es", None]
    assert found.lang == "en"


def test_a_foreign_article_is_not_coded() -> None:
    found = document("Los ministros de los dos países se reunieron en la capital para hablar de la paz con las tropas.")
    assert found.lang == "es"
    assert not any(s.coded for s in found.sentences)
    assert "only English" in found.omitted[-1].reason


GIVEN = [
    ("2022-12-19T10:00:00Z", "2022-12-19"),
    ("Mon, 19 Dec 2022 08:30:00 +0100", "2022-12-19"),
    ("2022-12", "2022-12"),
]


@pytest.mark.parametrize(("published", "value"), GIVEN)
def test_a_given_date_is_kept(published: str, value: str) -> None:
    found = document("The envoys met.", published=published).published
    assert (found.value, found.basis) == (value, "given")


def test_nonsense_is_refused_with_a_reason() -> None:
    found = document("The envoys met.", published="yesterday-ish").published
    assert found.value is None
    assert "yesterday-ish" in found.reason


INFERRED = [
    ("Envoys meet\nSunday, March 3, 2019\nThe two sides held talks in the old town hall.", "2019-03-03"),
    ("March 28, 2001 -- The mystery has grown.", "2001-03-28"),
    ("The visit came after ten months of the Russian invasion of Ukraine.", "2022-12"),
    ("Two weeks after it happened, mourners recalled the attack in Nice on Thursday.", "2016-07"),
    ("Ministers defended last year's nuclear deal with Iran.", "2016"),
    ("The visit fell on the second anniversary of the annexation of Crimea.", "2016"),
    ("Secretary of State Rex Tillerson will travel on Tuesday (May 16), officials said.", "2017-05"),
    ("Foreign Secretary Boris Johnson spoke on Monday 19 December. They left today (23 December).", "2016-12-23"),
    (
        "OSLO, May 28 (Xinhua) -- The envoys met on Tuesday. A deal signed in March 2019 and another of June 2019 fell.",
        "2019-05-28",
    ),
]


@pytest.mark.parametrize(("text", "value"), INFERRED)
def test_a_date_is_inferred(text: str, value: str) -> None:
    found = document(text).published
    assert (found.value, found.basis) == (value, "inferred")
    assert found.reason
    assert found.span is not None


NOT_INFERRED = [
    "The Russian invasion of Ukraine changed Europe.",
    "The envoys met on Monday, 3 March.",
    "In 1998 the two sides met. They left on Friday.",
    "Six months of the war in Chad have passed.",
    "Ten months of the Russian invasion of Ukraine had passed when, in March 2024, the law was signed.",
    "Former Secretary of State Rex Tillerson will travel on Tuesday (May 16), officials said.",
    "Secretary of State Rex Tillerson will travel on Sunday (May 16), officials said.",
    "Secretary of State Rex Tillerson will travel on May 16, officials said.",
    "OSLO, May 28 (Xinhua) -- The envoys met on Monday. A deal signed in March 2019 and another of June 2019 fell.",
]


@pytest.mark.parametrize("text", NOT_INFERRED)
def test_no_date_is_guessed(text: str) -> None:
    found = document(text).published
    assert (found.value, found.basis) == (None, None)
    assert found.reason


@given(
    st.text(max_size=300)
    | st.lists(st.sampled_from(["A. ", "“Why?” ", "U.S. ", "\n", "x ", "OSLO (AP) — ", "..."])).map("".join)
)
@settings(max_examples=200, deadline=None)
def test_sentences_are_ordered_disjoint_and_inside(text: str) -> None:
    found = document(text)
    end = 0
    for k, sentence in enumerate(found.sentences):
        assert sentence.index == k
        assert end <= sentence.start < sentence.end <= len(found.text)
        piece = found.text[sentence.start : sentence.end]
        assert piece == piece.strip() != ""
        end = sentence.end
    covered = "".join(found.text[s.start : s.end] for s in found.sentences)
    assert "".join(covered.split()) == "".join(found.text.split())


@pytest.mark.parametrize("unit", ["a", "a b. ", "X. ", ". ", "“Why?” ", "a\n", "invasion of Ukraine ", "MOSCOW-"])
def test_time_is_linear(unit: str) -> None:
    from time import process_time

    text = unit * (200_000 // len(unit))
    repaired = repair(text, names=frozenset())
    start = process_time()
    build_document(Article(id="a", text=text), repaired, agencies={})
    assert process_time() - start < 8


@pytest.mark.parametrize(
    ("first", "place", "published"),
    [
        ("GOMA, Democratic Republic of Congo, May 6, 2024 - Shells hit a market.", True, "2024-05-06"),
        ("SARAJEVO, Bosnia and Herzegovina, May 6, 2024 - Shells hit a market.", True, "2024-05-06"),
        ("BELGRADE, Serbia (Daily Herald), March 14, 2023 - Serbia denied it.", True, "2023-03-14"),
        ("Lavrov, Minister of Foreign Affairs of Russia, met two envoys.", False, None),
    ],
)
def test_a_dateline_with_a_long_country_or_the_agency_before_the_date(
    first: str, place: bool, published: str | None
) -> None:
    found = document(f"{first} Nobody was hurt, an official said.")
    assert (found.dateline_place is not None) is place
    assert found.published.value == published
