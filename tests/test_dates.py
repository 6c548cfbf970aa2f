"""Time expressions and the dates of events."""

from __future__ import annotations

import time
from itertools import zip_longest
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories import parsed
from lapwing.dates import date_events, find_times
from lapwing.dates.calendar import bounds, moment
from lapwing.dates.choice import load_weights
from lapwing.errors import KnowledgeError
from lapwing.records import EventDate, Frame, Role, RoleScore, TokenRange, TriggerScore

CASES = Path(__file__).parent / "cases" / "times.tsv"


def golden() -> list[tuple[str, str | None, list[str | None]]]:
    rows = [line.split("\t") for line in CASES.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    return [(text, None if published == "-" else published, _values(expected)) for text, published, expected in rows]


def _values(expected: str) -> list[str | None]:
    return [] if expected == "-" else [None if value == "?" else value for value in expected.split("; ")]


@pytest.mark.parametrize(("text", "published", "expected"), golden())
def test_values(text: str, published: str | None, expected: list[str | None]) -> None:
    assert [one.value for one in find_times(text, published=published)] == expected


def test_the_golden_table_is_large() -> None:
    assert len(golden()) >= 120


@pytest.mark.parametrize(
    ("text", "iso", "precision"),
    [
        ("They left on Monday.", "2022-12-19", "day"),
        ("They left last week.", "2022-12-12/2022-12-18", "week"),
        ("They left in October.", "2022-10", "month"),
        ("They left last summer.", "2022-06-01/2022-08-31", "season"),
        ("They left in 2019.", "2019", "year"),
        ("They left in the 1990s.", "1990-01-01/1999-12-31", "span"),
        ("They left in the past ten months.", "2022-02-21/2022-12-21", "span"),
        ("They have fought for ten months.", "2022-02-21/2022-12-21", "span"),
        ("It rose in the first ten months of 2021.", "2021-01-01/2021-10-31", "span"),
        ("They fought for ten months.", None, None),
        ("They left recently.", None, None),
    ],
)
def test_place_on_the_calendar(text: str, iso: str | None, precision: str | None) -> None:
    (one,) = find_times(text, published="2022-12-21")
    assert (one.iso, one.precision) == (iso, precision)


def test_nothing_is_put_on_the_calendar_without_a_publication_date() -> None:
    for one in find_times("On Monday, last week, in October, two years ago, yesterday, in spring", published=None):
        assert one.iso is None
        assert "not known" in one.reason


def test_offsets_count_from_start() -> None:
    (one,) = find_times("They left on Monday.", published="2022-12-21", start=100)
    assert (one.start, one.end, one.text) == (113, 119, "Monday")


def test_a_tense_from_the_caller_decides() -> None:
    text = "Talks Friday"
    (past,) = find_times(text, published="2022-12-21", tense=lambda _: "past")
    (future,) = find_times(text, published="2022-12-21", tense=lambda _: "future")
    assert (past.value, future.value) == ("2022-12-16", "2022-12-23")


WORDS = st.sampled_from((
    "the", "last", "next", "this", "May", "March", "Monday", "3", "5", "1998", "two", "weeks", "ago", "days", "later",
    "-", ",", ".", "(", ")", ":", "/", "at", "p.m.", "17:30", "of", "year", "quarter", "first", "second", "half", "a",
    "end", "early", "summer", "fall", "Christmas", "Eve", "'s", "1990s", "\n\n", "every", "0", "99", "31", "December",
    "Dec.", "yesterday", "noon",
))  # fmt: skip
PUBLISHED = st.sampled_from([None, "2022", "2022-02", "0001-01-01", "9999-12-31", "junk"])


@given(st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=30).map(" ".join)))
@settings(max_examples=300, deadline=None)
def test_spans_hold_and_nothing_breaks(text: str) -> None:
    found = find_times(text, published="2022-12-21", start=7)
    assert found == find_times(text, published="2022-12-21", start=7)
    for one, following in zip_longest(found, found[1:]):
        assert text[one.start - 7 : one.end - 7] == one.text
        assert following is None or one.end <= following.start
        assert (one.iso is None) == (one.precision is None)
        assert one.iso is None or bounds(one.iso) is not None
        assert one.rule
        assert one.reason


@given(st.lists(WORDS, max_size=20).map(" ".join), PUBLISHED)
@settings(max_examples=200, deadline=None)
def test_any_publication_date(text: str, published: str | None) -> None:
    for one in find_times(text, published=published):
        assert one.iso is None or bounds(one.iso) is not None


def test_600_words_take_less_than_five_milliseconds() -> None:
    text = (
        "The minister of the interior told reporters in the capital on Monday that his party had no intention of "
        "leaving the government, and that the vote planned for next week would go ahead as the law of 1994 demands. "
    ) * 17
    find_times(text, published="2022-12-21")
    best = min(_seconds(text) for _ in range(7))
    assert len(text.split()) >= 600
    assert best < 0.005


def _seconds(text: str) -> float:
    start = time.process_time()
    find_times(text, published="2022-12-21")
    return time.process_time() - start


@pytest.mark.parametrize("unit", ["1,000,", "\n \t", "9", "the ", "12:30:", "May ", "1990s", "'"])
def test_a_hostile_line_stays_linear(unit: str) -> None:
    assert _seconds(unit * 20_000) < 50 * max(_seconds(unit * 2_000), 0.004)


def test_partial_dates() -> None:
    assert moment("2022-13") is None
    assert moment("2022-12-19") == (2022, 12, 19)


# ── the dates of events ───────────────────────────────────────────────────────────────────────────────────────────────


def frame(token: int, *, sentence: int = 0, trigger: TriggerScore | None = None) -> Frame:
    return Frame(
        token=token,
        tokens=TokenRange(token, token + 1),
        sentence=sentence,
        event="ASSAULT",
        mode=None,
        contexts=(),
        actors=(),
        recipients=(),
        unknown_actor=False,
        magnitude=(),
        probability=0.9,
        trigger=trigger,
        reasons=(),
    )


def pointing(token: int, *roles: tuple[int, float], none: float = 0.0) -> TriggerScore:
    role: Role = "date"
    return TriggerScore(
        token=token,
        tokens=TokenRange(token, token + 1),
        score=0.9,
        types=(),
        statuses=(),
        modes=(),
        roles=tuple(RoleScore(role=role, token=i, score=score) for i, score in roles),
        none=((role, none),),
    )


SAYING = (
    "He/PRON/nsubj/2 said/VERB/root/0/say/VBD on/ADP/case/4 Tuesday/PROPN/obl/2 that/SCONJ/mark/8 troops/NOUN/nsubj/8 "
    "had/AUX/aux/8/have/VBD attacked/VERB/ccomp/2/attack/VBN"
)


def dates(*sentences: str, at: tuple[Frame, ...], published: str | None = "2022-12-21") -> list[EventDate | None]:
    document, analysis = parsed(*sentences, published=published)
    return [dating.date for dating in date_events(document, analysis, at)]


def values(*sentences: str, at: tuple[Frame, ...], published: str | None = "2022-12-21") -> list[str | None]:
    return [found.value if found else None for found in dates(*sentences, at=at, published=published)]


def test_the_saying_and_the_attack_have_their_own_days() -> None:
    text = f"{SAYING} on/ADP/case/10 Sunday/PROPN/obl/8"
    assert values(text, at=(frame(1), frame(7))) == ["2022-12-20", "2022-12-18"]


def test_the_day_of_the_report_does_not_date_what_is_reported() -> None:
    assert values(SAYING, at=(frame(1), frame(7))) == ["2022-12-20", None]


def test_no_expression_no_date_and_a_reason() -> None:
    document, analysis = parsed("Troops/NOUN/nsubj/2 attacked/VERB/root/0/attack/VBD", published="2022-12-21")
    (dating,) = date_events(document, analysis, (frame(1),))
    assert dating.date is None
    assert dating.reasons[0].field == "date"


def test_an_unknown_publication_day_gives_no_date_but_tells_why() -> None:
    document, analysis = parsed("Troops/NOUN/nsubj/2 attacked/VERB/root/0/attack/VBD Sunday/PROPN/obl:tmod/2")
    (dating,) = date_events(document, analysis, (frame(1),))
    assert dating.date is None
    assert "Sunday" in dating.reasons[0].because


def test_subject_of_a_dated_verb() -> None:
    text = "The/DET/det/2 attack/NOUN/nsubj/3 came/VERB/root/0/come/VBD on/ADP/case/5 Sunday/PROPN/obl/3"
    (found,) = dates(text, at=(frame(1),))
    assert found is not None
    assert (found.value, found.precision, found.span and found.span.text) == ("2022-12-18", "day", "Sunday")


def test_the_time_of_the_one_before_dates_nothing() -> None:
    visit = "The/DET/det/3 first/ADJ/amod/3 visit/NOUN/nsubj/8 to/ADP/case/5 Minsk/PROPN/nmod/3 since/ADP/case/7 2019/NUM/nmod/3"
    assert values(f"{visit} angered/VERB/root/0/anger/VBD Kyiv/PROPN/obj/8", at=(frame(2), frame(7))) == [None, None]


def test_the_attacks_that_something_is_the_first_since_have_their_date() -> None:
    text = (
        "The/DET/det/2 summit/NOUN/nsubj/4 is/AUX/cop/4 first/ADJ/root/0 since/ADP/case/9 last/ADJ/amod/7/last/JJ "
        "year/NOUN/nmod:poss/9 's/PART/case/7 attacks/NOUN/obl/4"
    )
    (value,) = values(text, at=(frame(8),))
    assert value is not None
    assert value.startswith("2021")


def test_an_invasion_that_began_in_february() -> None:
    text = (
        "They/PRON/nsubj/2 condemned/VERB/root/0/condemn/VBD the/DET/det/4 invasion/NOUN/obj/2 that/PRON/nsubj/6 "
        "began/VERB/acl:relcl/4/begin/VBD in/ADP/case/8 February/PROPN/obl/6 on/ADP/case/10 Monday/PROPN/obl/2"
    )
    assert values(text, at=(frame(1), frame(3))) == ["2022-12-19", "2022-02"]


def test_second_of_two_verbs_shares_the_day() -> None:
    text = (
        "Troops/NOUN/nsubj/2 crossed/VERB/root/0/cross/VBD the/DET/det/4 river/NOUN/obj/2 on/ADP/case/6 "
        "Sunday/PROPN/obl/2 and/CCONJ/cc/8 seized/VERB/conj/2/seize/VBD the/DET/det/10 bridge/NOUN/obj/8"
    )
    assert values(text, at=(frame(1), frame(7))) == ["2022-12-18", "2022-12-18"]


def test_days_after_another_act() -> None:
    sentences = (
        "The/DET/det/2 attack/NOUN/nsubj/3 came/VERB/root/0/come/VBD on/ADP/case/5 Sunday/PROPN/obl/3",
        "Two/NUM/nummod/2 days/NOUN/obl/7 after/ADP/case/5 the/DET/det/5 attack/NOUN/nmod/2 they/PRON/nsubj/7 "
        "withdrew/VERB/root/0/withdraw/VBD",
    )
    assert values(*sentences, at=(frame(1), frame(11, sentence=1))) == ["2022-12-18", "2022-12-20"]


def test_what_comes_before_a_day_is_not_on_it() -> None:
    text = "They/PRON/nsubj/2 left/VERB/root/0/leave/VBD before/ADP/case/4 Sunday/PROPN/obl/2"
    assert values(text, at=(frame(1),)) == [None]


def test_this_week_told_in_the_past_ends_with_publication() -> None:
    text = "They/PRON/nsubj/2 met/VERB/root/0/meet/VBD this/DET/det/4 week/NOUN/obl:tmod/2"
    assert values(text, at=(frame(1),)) == ["2022-12-19/2022-12-21"]


def test_what_has_gone_on_since_a_time_reaches_to_publication() -> None:
    text = "They/PRON/nsubj/3 have/AUX/aux/3/have/VBP fought/VERB/root/0/fight/VBN since/ADP/case/5 May/PROPN/obl/3"
    (found,) = dates(text, at=(frame(2),))
    assert found is not None
    assert (found.value, found.precision) == ("2022-05-01/2022-12-21", "span")


def test_the_tense_of_the_parse_decides() -> None:
    text = "They/PRON/nsubj/3 will/AUX/aux/3/will/MD meet/VERB/root/0/meet/VB on/ADP/case/5 Friday/PROPN/obl/3"
    assert values(text, at=(frame(2),)) == ["2022-12-23"]


def chance(trigger: TriggerScore | None) -> float | None:
    """The chance of Sunday for the attack of a sentence in which somebody speaks on Tuesday."""
    text = f"{SAYING} on/ADP/case/10 Sunday/PROPN/obl/8"
    document, analysis = parsed(text, published="2022-12-21")
    (dating,) = date_events(document, analysis, (frame(7, trigger=trigger),))
    assert dating.date is not None
    assert dating.date.value == "2022-12-18"
    return dating.reasons[0].score


def test_the_head_has_a_say() -> None:
    sure, doubtful = chance(pointing(7, (9, 0.9))), chance(pointing(7, (9, 0.1), none=0.1))
    assert sure is not None
    assert doubtful is not None
    assert sure > doubtful


def test_the_head_may_refuse() -> None:
    refused, asked = chance(pointing(7, (9, 0.0), none=1.0)), chance(pointing(7, (9, 0.0), none=0.0))
    assert refused is not None
    assert asked is not None
    assert refused < asked


# ── values that only an act has ───────────────────────────────────────────────────────────────────────────────────────

MET = "They/PRON/nsubj/2 met/VERB/root/0/meet/VBD {}"


@pytest.mark.parametrize(
    ("when", "published", "expected"),
    [
        ("last/ADJ/amod/4 week/NOUN/obl:tmod/2", "2022-12-21", "2022-12-12/2022-12-18"),
        ("last/ADJ/amod/4 week/NOUN/obl:tmod/2", "2022-12-18", "2022-12-11/2022-12-17"),
        (
            "in/ADP/case/6 the/DET/det/6 last/ADJ/amod/6 week/NOUN/obl/2",
            "2022-12-21",
            "2022-12-14/2022-12-21",
        ),
        ("earlier/ADV/advmod/5 this/DET/det/5 week/NOUN/obl:tmod/2", "2022-12-21", "2022-12-19/2022-12-21"),
        ("a/DET/det/5 few/ADJ/amod/5 days/NOUN/obl:tmod/6 ago/ADV/advmod/2", "2022-12-21", "2022-12"),
        ("a/DET/det/5 few/ADJ/amod/5 days/NOUN/obl:tmod/6 ago/ADV/advmod/2", "2022-12-03", None),
        ("a/DET/det/5 few/ADJ/amod/5 months/NOUN/obl:tmod/6 ago/ADV/advmod/2", "2022-12-21", "2022"),
        ("a/DET/det/5 few/ADJ/amod/5 months/NOUN/obl:tmod/6 ago/ADV/advmod/2", "2022-03-21", None),
        ("on/ADP/case/4 Sunday/PROPN/obl/2", "2022-12", "2022-12"),
        ("on/ADP/case/4 Sunday/PROPN/obl/2", "2022", "2022"),
        ("on/ADP/case/4 Sunday/PROPN/obl/2", None, None),
    ],
)
def test_values_that_only_an_act_has(when: str, published: str | None, expected: str | None) -> None:
    assert values(MET.format(when), at=(frame(1),), published=published) == [expected]


def test_an_act_goes_on_from_the_sentence_before() -> None:
    before = "Troops/NOUN/nsubj/2 crossed/VERB/root/0/cross/VBD the/DET/det/4 river/NOUN/obj/2 on/ADP/case/6 Sunday/PROPN/obl/2"
    text = "They/PRON/nsubj/3 also/ADV/advmod/3 attacked/VERB/root/0/attack/VBD a/DET/det/5 village/NOUN/obj/3"
    document, analysis = parsed(before, text, published="2022-12-21")
    trigger = pointing(8, (5, 0.6), none=0.3)
    (dating,) = date_events(document, analysis, (frame(8, sentence=1, trigger=trigger),))
    assert dating.date is not None
    assert dating.date.value == "2022-12-18"
    assert "sentence before" in dating.reasons[0].because


def test_what_is_said_on_a_day_to_be_coming_is_not_on_that_day() -> None:
    text = (
        "He/PRON/nsubj/2 said/VERB/root/0/say/VBD on/ADP/case/4 Tuesday/PROPN/obl/2 that/SCONJ/mark/8 troops/NOUN/nsubj/8 "
        "will/AUX/aux/8/will/MD attack/VERB/ccomp/2/attack/VB"
    )
    assert values(text, at=(frame(7),)) == [None]


def test_weights_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    broken = tmp_path / "choice.json"
    broken.write_text("[]", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"choice\.json"):
        load_weights(broken)
