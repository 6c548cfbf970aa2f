"""From a chosen expression to the date of the record.

Mostly that is the expression's place on the calendar. Beyond that: what has gone on "since May" reaches from its first day to
publication; "this week", told as past, ends with publication; "two days after the attack" is counted from another act of the
article. A vague time is given as the unit above it ("a few days ago" is the month, "a few months ago" the year), and so is a
day that cannot be told because only the month or the year of publication is known.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from lapwing.dates.calendar import Moment, add_days, bounds, moment
from lapwing.dates.clauses import Placed, Planted, tense_at
from lapwing.dates.expressions import shift
from lapwing.records import DatePrecision, Dating, Document, Frame, Token


class Value(NamedTuple):
    """An ISO date or interval, its precision, and in words how it was come by."""

    value: str
    precision: DatePrecision
    because: str


#: what lies within days of publication, and so in its month when the day is not known
_NEAR_DAY: Final = frozenset({"weekday", "relative_day", "overnight", "this_part_of_day"})
_VAGUE: Final = re.compile(
    r"\b(?:a few|several|some|recent|past few|last few) (?P<unit>days|weeks|months)\b", re.IGNORECASE
)


def value_of_time(document: Document, planted: Planted, placed: Placed) -> Value | None:
    """What an expression gives for an act; None where it has no place on the calendar."""
    time = placed.time
    if time.iso is None or time.precision is None:
        return _vague(document, placed) or _coarse(document, placed)
    since = _since(document, planted, placed)
    if since:
        return Value(since, "span", f"{time.reason}; from then to publication")
    week = _week(document, planted, placed, time.iso)
    return Value(week or time.iso, time.precision, time.reason)


def _vague(document: Document, placed: Placed) -> Value | None:
    """ "A few days ago", "in recent days": the month of publication, unless it has only begun; "a few months ago": its year,
    unless half of it is to come."""
    found, published = _VAGUE.search(placed.time.text), moment(document.published.value)
    past = "ago" in placed.time.text.lower() or "recent" in placed.time.text.lower()
    if found is None or published is None or not past:
        return None
    if found["unit"] == "days" and published.month and (published.day or 15) > 7:
        return Value(published._replace(day=None).value, "month", "a few days up to publication, so the month of it")
    if found["unit"] == "months" and (published.month or 0) > 6:
        return Value(f"{published.year:04d}", "year", "a few months up to publication, so the year of it")
    return None


def _coarse(document: Document, placed: Placed) -> Value | None:
    """A weekday or "yesterday" where only the month or the year of publication is known."""
    published = moment(document.published.value)
    if published is None or published.day or placed.time.rule not in _NEAR_DAY:
        return None
    unit: DatePrecision = "month" if published.month else "year"
    return Value(published.value, unit, f"the day cannot be told, only the {unit} of publication")


def _since(document: Document, planted: Planted, placed: Placed) -> str | None:
    """What has gone on since a time reaches from its first day to publication."""
    before, published = placed.tokens.start - 1, moment(document.published.value)
    ends = bounds(placed.time.iso) if placed.time.iso else None
    if before < 0 or planted.tokens[before].text.lower() != "since" or published is None or published.date is None:
        return None
    return f"{ends[0]}/{published.value}" if ends and ends[0] < published.value else None


def _week(document: Document, planted: Planted, placed: Placed, iso: str) -> str | None:
    """The week of publication, told in the past, ends with the publication day; on a Sunday the week that was "last week" runs
    from the Sunday before; "the last week" is that which ends with publication."""
    published, ends, time = moment(document.published.value), bounds(iso), placed.time
    if time.precision != "week" or published is None or published.date is None or ends is None:
        return None
    if time.text.lower().endswith("the last week"):
        return f"{add_days(published.date, -7)}/{published.value}"
    if published.date.isoweekday() == 7 and time.text.lower().endswith("last week"):
        return f"{add_days(published.date, -7)}/{add_days(published.date, -1)}"
    inside = ends[0] < published.value < ends[1]
    told = tense_at(planted, time.start) == "past" or "earlier" in time.text.lower()
    return f"{ends[0]}/{published.value}" if inside and told else None


_LENGTH: Final = re.compile(r"P(\d+)([DWMY])")


class Dated(NamedTuple):
    """The acts of the article and what is known of their dates."""

    frames: tuple[Frame, ...]
    datings: tuple[Dating, ...]


def value_from_other_act(planted: Planted, frame: Frame, placed: Placed, dated: Dated) -> Value | None:
    """ "Two days after the attack", "the day before the summit": counted from another act of the article that is dated
    to the day.

    The act is found by its word: the noun that follows "after" or "before" is the head of that act's trigger.
    """
    time = placed.time
    way = re.search(r"\b(before|after)$", time.text)
    length = _LENGTH.fullmatch(time.value or "") or _LENGTH.fullmatch(
        "P1D" if "day" in time.text else "P1W" if "week" in time.text else ""
    )
    noun = _noun_after(planted, time.end)
    if time.iso is not None or way is None or length is None or noun is None:
        return None
    base = _day_of(planted, noun, frame, dated)
    value = shift(base, int(length[1]) * (-1 if way[1] == "before" else 1), length[2]) if base else None
    if value is None or base is None:
        return None
    precision: DatePrecision = "day" if value.count("-") == 2 else "month" if "-" in value else "year"
    return Value(value, precision, f"counted from “{noun.text}”, which is dated to {base.value}")


def _noun_after(planted: Planted, offset: int) -> Token | None:
    """The head of the noun phrase that begins after an offset."""
    first = planted.at(offset + 1)
    while first is not None and first.upos in {"DET", "ADJ", "PRON"} and first.i + 1 < len(planted.tokens):
        first = planted.tokens[first.i + 1]
    while first is not None and first.deprel == "compound" and first.head > first.i:
        first = planted.tokens[first.head]
    return first if first is not None and first.upos in {"NOUN", "PROPN"} else None


def _day_of(planted: Planted, noun: Token, frame: Frame, dated: Dated) -> Moment | None:
    """The day of another act whose trigger is that word or made from it ("attack", "attacked")."""
    for other, dating in zip(reversed(dated.frames), reversed(dated.datings), strict=True):
        if other is frame or dating.date is None or dating.date.precision != "day":
            continue
        if noun.lemma.lower()[:5] == planted.tokens[other.token].lemma.lower()[:5] and noun.i not in range(
            other.tokens.start, other.tokens.end
        ):
            return moment(dating.date.value)
    return None
