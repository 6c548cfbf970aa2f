"""Time expressions in a text and their TIMEX3 values, one function per rule.

The design follows HeidelTime and SUTime: a rule is a pattern over classes of words (`patterns`), and a function from
what it caught to a value. Of the rules that match at a word, the one that reads furthest speaks first; one that
declines ("May" as a verb) gives way to the next. The text is read from left to right, so that "a day earlier" and "the
following month" can be counted from what was read before, while "yesterday", "last week" and bare weekdays and months
count from the publication date.

A bare weekday or month lies before or after publication. The clause decides: a tense that the caller knows from a
parse, else the nearest cue in the sentence ("will", "expected" … "said", "-ed"), else the past, since news mostly tells
what happened.

Where the publication date is missing, or too coarse ("2022-12" for "Monday"), the value says what is known
("XXXX-WXX-1") and nothing is put on the calendar.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from datetime import date
from functools import cache
from importlib import resources
from typing import Final, Literal, NamedTuple

from lapwing.dates import words as table
from lapwing.dates.calendar import (
    Moment,
    add_days,
    add_months,
    bounds,
    easter,
    is_day,
    locate,
    moment,
    nth_weekday,
    week_value,
)
from lapwing.dates.patterns import Grammar, Words
from lapwing.dates.rules import RULES
from lapwing.errors import KnowledgeError
from lapwing.records import DatePrecision, TimeExpression

Kind = Literal["DATE", "TIME", "DURATION", "SET"]
Anchor = Literal["itself", "published", "text"]
Tense = Literal["past", "present", "future"]
TenseAt = Callable[[int], Tense | None]

_NUMBERS: Final = (
    table.ONES
    | table.TEENS
    | table.TENS
    | {"a": 1, "an": 1, "hundred": 100, "thousand": 1000, "dozen": 12, "score": 20}
)


class Outcome(NamedTuple):
    """What a rule makes of its match. `iso` overrides the stretch of the calendar that `value` itself names."""

    kind: Kind
    value: str | None
    because: str
    anchor: Anchor | None = None
    iso: tuple[str, DatePrecision] | None = None
    mod: str | None = None


class Reading(NamedTuple):
    """What is known while a text is read: the publication date, the expressions already read, and the caller's
    tenses."""

    published: Moment | None
    before: tuple[TimeExpression, ...]
    tense: TenseAt | None

    @property
    def today(self) -> date | None:
        """The publication day, None where it is not known to the day."""
        return self.published.date if self.published else None

    def last(self, *kinds: str) -> TimeExpression | None:
        """The last expression with a place on the calendar, of these precisions if any are named."""
        found = (one for one in reversed(self.before) if one.iso and one.kind in {"DATE", "TIME"})
        return next((one for one in found if not kinds or one.precision in kinds), None)

    def last_day(self) -> date | None:
        """The last day named before, if it is not too many expressions ago."""
        for one in self.before[:-4:-1]:
            if one.precision == "day" and one.iso and (found := moment(one.iso)):
                return found.date
        return None


class Found(NamedTuple):
    """A rule's match in a text that is being read."""

    match: re.Match[str]
    words: Words
    reading: Reading

    def word(self, name: str) -> str:
        """The word caught under a name (or its doubles ``name_`` and ``name__``), "" if none was."""
        for key in (name, f"{name}_", f"{name}__"):
            if key in self.match.re.groupindex and self.match[key]:
                return self.words.forms[self.match.start(key)]
        return ""

    def stretch(self, name: str) -> list[str]:
        """The words of a caught stretch."""
        for key in (name, f"{name}_", f"{name}__"):
            if key in self.match.re.groupindex and self.match[key]:
                return list(self.words.forms[self.match.start(key) : self.match.end(key)])
        return []

    def left(self, steps: int = 1) -> str:
        """The word so many steps before the match."""
        return self.words.form(self.match.start() - steps)

    def right(self, steps: int = 1) -> str:
        """The word so many steps after the match."""
        return self.words.form(self.match.end() + steps - 1)

    def has(self, word: str) -> bool:
        """Whether a word stands in the match."""
        return word in self.words.forms[self.match.start() : self.match.end()]


# ── numbers, names, direction ─────────────────────────────────────────────────────────────────────────────────────────


def count_of(words: list[str]) -> float | None:
    """The number that words of a count name; None for "several" and its like.

    >>> [count_of(text.split()) for text in ("twenty - two", "a couple of", "1,200", "2 1/2", "three hundred", "a few",
    ...     "half a dozen")]
    [22, 2, 1200, 2.5, 300, None, 6]
    """
    if any(word in table.VAGUE_COUNTS for word in words):
        return None
    if "couple" in words:
        return 2
    total: float = 0
    for word in words:
        if word in {"half", "1/2"}:
            total = total + 0.5 if total else 0.5
        elif word in {"hundred", "thousand", "dozen", "score"}:
            total = (total or 1) * _NUMBERS[word]
        elif word in {"a", "an"}:
            total = total or (0 if "half" not in words[:1] else total)
        elif word in _NUMBERS:
            total += _NUMBERS[word]
        elif word[0].isdigit():
            total += _figure(word)
    return total if total != int(total) else int(total)


def _figure(word: str) -> float:
    try:
        return float(word.replace(",", "").rstrip("stndrh"))
    except ValueError:
        return 0


def month_of(found: Found, name: str = "month") -> int:
    """The caught month as a number, 0 if none."""
    word = found.word(name)
    return table.MONTHS.get(word) or table.MONTH_ABBREVIATIONS.get(word, 0)


def weekday_of(found: Found) -> int:
    """The caught weekday, 1 Monday … 7 Sunday, 0 if none."""
    word = (
        found.word("weekday").removesuffix("s")
        if found.word("weekday") not in table.WEEKDAY_ABBREVIATIONS
        else found.word("weekday")
    )
    return table.WEEKDAYS.get(word) or table.WEEKDAY_ABBREVIATIONS.get(word, 0)


def ordinal_of(word: str) -> int:
    """An ordinal or a day's number as a number, 0 if it is none.

    >>> ordinal_of("third"), ordinal_of("21st"), ordinal_of("7"), ordinal_of("maybe")
    (3, 21, 7, 0)
    """
    digits = word.rstrip("stndrh")
    return table.ORDINALS.get(word) or (int(digits) if digits.isascii() and digits.isdigit() else 0)


def year_of(found: Found, name: str = "year") -> int | None:
    """The caught year, in figures or in words ("nineteen ninety-four")."""
    words = found.stretch(name)
    if not words:
        return None
    if words[0].isdigit():
        return int(words[0])
    return 100 * table.TEENS[words[0]] + int(sum(_NUMBERS.get(word, 0) for word in words[1:]))


def direction(found: Found) -> int:
    """−1 if the clause around a match is about the past, +1 if about the future, 0 if it gives no sign.

    >>> def look(text): return [one.value for one in find_times(text, published="2022-12-21")]
    >>> look("They met on Monday"), look("They will meet on Monday"), look("The talks are to be held on Monday")
    (['2022-12-19'], ['2022-12-26'], ['2022-12-26'])
    """
    words, begin, end = found.words, found.match.start(), found.match.end()
    if found.reading.tense is not None and (hint := found.reading.tense(words.starts[begin])) is not None:
        return {"past": -1, "present": 0, "future": 1}[hint]
    left, right = _cue_before(words, begin), _cue_after(words, end)
    if found.left() in {"by", "until", "till"} and "had" not in words.forms[max(0, begin - 8) : end + 8]:
        return 1
    if left and right:
        return left[1] if left[0] <= right[0] + 4 else right[1]
    return (left or right or (0, 0))[1]


def _cue_before(words: Words, begin: int) -> tuple[int, int] | None:
    for step in range(1, 16):
        if step > 1 and _ends_sentence(words, begin - step):
            return None
        if cue := _cue(words, begin - step):
            return step, cue
    return None


def _cue_after(words: Words, end: int) -> tuple[int, int] | None:
    """The first cue after a match; a comma ends the clause unless the match opened the sentence."""
    for step in range(1, 9):
        at = end + step - 1
        if _ends_sentence(words, at) or (step > 1 and words.form(at) == ","):
            return None
        if cue := _cue(words, at):
            return step, cue
    return None


def _ends_sentence(words: Words, at: int) -> bool:
    """Whether a word ends a sentence; the full stop of "U.S." or "Mr." does not."""
    form, before = words.form(at), words.form(at - 1)
    if form == ".":
        return len(before) > 1 and before not in table.ABBREVIATIONS
    return not form or form in {"?", "!", ";"} or form[0] == "\n"


def _cue(words: Words, at: int) -> int:
    """What a word tells of the time of its clause; a participle after "be" tells nothing, "to be" the future."""
    form, previous = words.form(at), words.form(at - 1)
    if form == "may" and words.text[words.starts[at]] == "M":
        return 0
    if form in table.NEEDS_INFINITIVE and words.form(at + 1) not in {"to", "for"}:
        return 0
    if form == "due" and words.form(at + 2) in {"the", "a", "an", "its", "his", "her", "their"}:
        return 0
    if form in table.FUTURE_CUES or (form == "be" and previous == "to"):
        return 1
    past = form in table.PAST_CUES or (
        len(form) > 4 and form.endswith("ed") and form.isalpha() and not form.startswith("un")
    )
    return -1 if past and previous not in {"be", "to"} else 0


# ── building values ───────────────────────────────────────────────────────────────────────────────────────────────────


def _on(day: date | None, because: str, *, anchor: Anchor, part: str = "", unknown: str = "XXXX-XX-XX") -> Outcome:
    suffix = f"T{table.PARTS_OF_DAY[part]}" if part else ""
    value = (day.isoformat() if day else unknown) + suffix
    return Outcome("TIME" if part else "DATE", value, because if day else _NO_DAY, anchor if day else None)


_NO_DAY: Final = "the publication day is not known"
_NO_MONTH: Final = "the publication month is not known"
_NO_YEAR: Final = "the publication year is not known"


def _nearest(candidates: list[date], today: date, heading: int) -> date | None:
    """The candidate that a direction leads to; the publication day itself belongs to both."""
    before = [day for day in candidates if day <= today]
    after = [day for day in candidates if day >= today]
    if heading < 0:
        return max(before, default=None)
    if heading > 0:
        return min(after, default=None)
    return min(candidates, key=lambda day: (abs((day - today).days), day > today), default=None)


def _year_for(found: Found, month: int, heading: int) -> int | None:
    """The year of a bare month: the last such month for the past, the current or next for the future; without a sign of
    either the last too, unless the next is only a month or two away."""
    published = found.reading.published
    if published is None or published.month is None:
        return None
    if heading > 0:
        return published.year + (month < published.month)
    soon = heading == 0 and month - published.month in {1, 2}
    return published.year - (month > published.month and not soon)


def _weekday_on(weekday: int, today: date, heading: int) -> date | None:
    behind = (today.isoweekday() - weekday) % 7
    return add_days(today, -behind if heading <= 0 or behind == 0 else 7 - behind)


def _weekday(found: Found, heading: int, because: str, *, part: str = "") -> Outcome:
    today, weekday = found.reading.today, weekday_of(found)
    day = _weekday_on(weekday, today, heading) if today else None
    return _on(day, because, anchor="published", part=part, unknown=f"XXXX-WXX-{weekday}")


def _full_day(year: int, month: int, day: int, because: str, anchor: Anchor = "itself") -> Outcome | None:
    return Outcome("DATE", f"{year:04d}-{month:02d}-{day:02d}", because, anchor) if is_day(year, month, day) else None


def _mod(found: Found) -> str | None:
    """START, MID or END by the words of the match.

    >>> [one.mod for one in find_times("early 2022, mid-2022, late 2022, the end of 2022, 2022", published=None)]
    ['START', 'MID', 'END', 'END', None]
    """
    words = set(found.words.forms[found.match.start() : found.match.end()])
    return "START" if words & table.EARLY else "MID" if words & table.MIDDLE else "END" if words & table.LATE else None


# ── full dates ────────────────────────────────────────────────────────────────────────────────────────────────────────


def iso_date(found: Found) -> Outcome | None:
    """A date in ISO 8601: "2022-12-19"."""
    day = moment(found.words.form(found.match.start()))
    return Outcome("DATE", day.value, "a date in ISO form", "itself") if day else None


def figures(found: Found) -> Outcome | None:
    """A date in figures with the year last. Read only if one order of day and month is possible, or points mark the
    European one.

    >>> [one.value for one in find_times("On 12/25/2022, 25/12/2022, 19.12.2022 and 03/04/2022", published=None)]
    ['2022-12-25', '2022-12-25', '2022-12-19', None]
    """
    form = found.words.form(found.match.start())
    first, second, last = (int(part) for part in re.split("[/.]", form))
    if "." in form and len(form.rsplit(".", 1)[1]) != 4:
        return None
    year = last if last > 99 else last + (2000 if last < 50 else 1900)
    orders = {(second, first)} if "." in form else {(first, second), (second, first)}
    possible = [order for order in orders if is_day(year, *order)]
    if len(possible) > 1:
        return Outcome("DATE", None, "the order of day and month is open")
    return _full_day(year, *possible[0], "a date in figures") if possible else None


def nine_eleven(found: Found) -> Outcome | None:
    """The attacks of September 11, 2001, called by their date."""
    return Outcome("DATE", "2001-09-11", "9/11", "itself")


def full_date(found: Found) -> Outcome | None:
    """Day, month and year: "19 December 2022", "December 19th, 2022", "Monday, Dec. 19, 2022"."""
    year, month, day = year_of(found), month_of(found), ordinal_of(found.word("day"))
    return _full_day(year, month, day, "day, month and year") if year else None


def month_day(found: Found) -> Outcome | None:
    """Day and month without a year.

    >>> [one.value for one in find_times("It began on Dec. 14. It will end on 3 January.", published="2022-12-19")]
    ['2022-12-14', '2023-01-03']
    >>> [one.value for one in find_times("It began on Dec. 14.", published=None)]
    ['XXXX-12-14']
    >>> [one.value for one in find_times("the Sept. 11 attacks, the Sept. 11 meeting", published="2015-12-19")]
    ['2001-09-11', '2015-09-11']
    """
    month, day, today = month_of(found), ordinal_of(found.word("day")), found.reading.today
    if not is_day(2000, month, day):
        return None
    if (month, day) == (9, 11) and _is_nine_eleven(found):
        return nine_eleven(found)
    if today is None:
        return _month_day_by_month(found, month, day)
    years = [year for year in range(today.year - 1, today.year + 2) if is_day(year, month, day)]
    heading = direction(found)
    chosen = _nearest([date(year, month, day) for year in years], today, heading)
    if chosen is not None and heading < 0 and (today - chosen).days > 330:
        chosen = date(chosen.year + 1, month, day) if is_day(chosen.year + 1, month, day) else chosen
    return _on(
        chosen, "the day of that name next to publication", anchor="published", unknown=f"XXXX-{month:02d}-{day:02d}"
    )


def _is_nine_eleven(found: Found) -> bool:
    """Whether "attacks" or "terrorist" follows, and no other place: "the Sept. 11 attacks", not "the Sept. 11 attacks in"."""
    first, second = found.right(), found.right(2)
    attacks = first == "attacks" or (first in {"terror", "terrorist"} and second in {"attacks", "attack"})
    after = found.right(2) if first == "attacks" else found.right(3)
    return attacks and after not in {"in", "at"}


def _month_day_by_month(found: Found, month: int, day: int) -> Outcome | None:
    published = found.reading.published
    year = _year_for(found, month, direction(found)) if published and published.month != month else None
    if published and published.month == month:
        year = published.year
    if year is None:
        return Outcome("DATE", f"XXXX-{month:02d}-{day:02d}", _NO_YEAR)
    return _full_day(year, month, day, "the day of that name next to the month of publication", "published")


def month_year(found: Found) -> Outcome | None:
    """Month and year: "October 2022", "late January of 2021"."""
    year = year_of(found)
    return (
        Outcome("DATE", f"{year:04d}-{month_of(found):02d}", "month and year", "itself", None, _mod(found))
        if year
        else None
    )


def month_of_named_year(found: Found) -> Outcome | None:
    """A month of last, this or next year: "January this year", "April of next year"."""
    published, month = found.reading.published, month_of(found)
    if published is None:
        return Outcome("DATE", f"XXXX-{month:02d}", _NO_YEAR)
    year = published.year + _STEP[found.word("which")]
    value = f"{year:04d}-{month:02d}"
    if day := ordinal_of(found.word("day")):
        return _full_day(year, month, day, "a day of last, this or next year", "published")
    return Outcome("DATE", value, "a month of last, this or next year", "published", None, _mod(found))


_STEP: Final = {
    "last": -1, "previous": -1, "past": -1, "this": 0, "current": 0, "same": 0, "next": 1, "following": 1, "coming": 1,
    "the": 0, "that": 0, "latest": 0, "prior": -1, "preceding": -1, "year": 0,
}  # fmt: skip


def bare_month(found: Found) -> Outcome | None:
    """A month without a year: the tense decides; "last" is before the current month, "next" after, "this" this year's.
    The month just past is "last month", so "last February" written in March is that of the year before.

    >>> def look(text, published): return [one.value for one in find_times(text, published=published)]
    >>> look("last October", "2022-12-19"), look("last October", "2022-09-19"), look("this October", "2022-12-19")
    (['2022-10'], ['2021-10'], ['2022-10'])
    >>> look("They may meet. Troops march on. It will be ready by May.", "2022-12-19")
    ['2023-05']
    """
    month, published, which = month_of(found), found.reading.published, found.word("which")
    if not which and not _mod(found) and _is_no_month(found):
        return None
    if which in {"last", "past"} and published and published.month:
        year: int | None = published.year - (month >= published.month or month == published.month - 1)
    elif which == "next" and published and published.month:
        year = published.year + (month <= published.month)
    elif which == "this" and published:
        year = published.year
    else:
        year = _year_for(found, month, direction(found))
    if year is None:
        return Outcome("DATE", f"XXXX-{month:02d}", _NO_MONTH, None, None, _mod(found))
    return Outcome(
        "DATE",
        f"{year:04d}-{month:02d}",
        "the month of that name that the clause points to",
        "published",
        None,
        _mod(found),
    )


def _is_no_month(found: Found) -> bool:
    """ "May" and "March" need a sign that they are months; abbreviations need one too; so do months that are persons'
    names."""
    word, before = found.word("month"), found.left()
    if word in {"may", "march", "mar", "sep", "jan", "jun"} or found.has("."):
        return before not in table.DATE_PREPOSITIONS
    after = found.words.text[found.words.ends[found.match.end() - 1] :][:2]
    named = word in {"april", "june", "august"} and after[:1] == " " and after[1:2].isupper()
    return named and before not in table.DATE_PREPOSITIONS


def bare_year(found: Found) -> Outcome | None:
    """A year in figures. A count of people or miles is none, nor a sum of money.

    >>> [one.value for one in find_times("In 2014, 2000 troops marched 1990 miles for $1995.", published=None)]
    ['2014']
    """
    year = year_of(found)
    spelled = not found.stretch("year")[0].isdigit()
    if year is None or (not spelled and _is_no_year(found, year)):
        return None
    return Outcome("DATE", f"{year:04d}", "a year", "itself", None, _mod(found))


def _is_no_year(found: Found, year: int) -> bool:
    before, after, plausible = found.left(), found.right(), 1900 <= year <= 2060
    if plausible and (_mod(found) or before in {"in", "since"}):
        return False
    if after in table.COUNTED or before in table.BEFORE_NUMBERS:
        return True
    if before == "." and found.left(2) in {"no", "rs"}:
        return True
    if before == "-" and found.left(2)[:1].isalnum() and not found.left(2).isdigit() and found.left(2) != "mid":
        return True
    if plausible:
        return before in {"than", "least", "most"} or (before in {"some", "over", "nearly"} and after.endswith("s"))
    return before not in table.BEFORE_YEARS or after.endswith("s")


def year_range(found: Found) -> Outcome | None:
    """From one year to another: "1992-93", "from 1998 to 2000", "between 1945 and 1963".

    >>> [(one.value, one.iso) for one in find_times("between 1945 and 1963, and in 1992-93", published=None)]
    [('1945/1963', '1945-01-01/1963-12-31'), ('1992/1993', '1992-01-01/1993-12-31')]
    """
    first, last = int(found.word("first")), int(found.word("last"))
    if last < 100:
        last += first - first % 100
    if not 1000 <= first < last or found.left() in {"$", "£", "€"} or found.right() in table.COUNTED:
        return None
    return _interval(f"{first:04d}", f"{last:04d}", "from a year to a year", "itself")


def _interval(first: str, last: str, because: str, anchor: Anchor | None) -> Outcome | None:
    start, end = locate(first), locate(last)
    ends = (bounds(start[0]), bounds(end[0])) if start and end else (None, None)
    if ends[0] is None or ends[1] is None:
        return Outcome("DATE", f"{first}/{last}", _NO_YEAR)
    if ends[0][0] > ends[1][1]:
        return None
    return Outcome("DATE", f"{first}/{last}", because, anchor, (f"{ends[0][0]}/{ends[1][1]}", "span"))


def day_range(found: Found) -> Outcome | None:
    """From one day to another of one month or two, with or without a year.

    >>> [one.iso for one in find_times("from 3 to 5 May 2022, on April 30-May 2, 2022 and between 1 and 4 June",
    ...     published="2022-07-01")]
    ['2022-05-03/2022-05-05', '2022-04-30/2022-05-02', '2022-06-01/2022-06-04']
    """
    month, first, last = month_of(found), ordinal_of(found.word("first")), ordinal_of(found.word("last"))
    end_month = month_of(found, "end") or month
    year = year_of(found)
    anchor: Anchor = "itself" if year else "published"
    if year is None:
        year = _year_for(found, end_month, direction(found))
    if not is_day(2000, month, first) or not is_day(2000, end_month, last) or (month == end_month and first >= last):
        return None
    if year is None:
        return Outcome("DATE", f"XXXX-{month:02d}-{first:02d}/XXXX-{end_month:02d}-{last:02d}", _NO_YEAR)
    start = year - (month > end_month)
    return _interval(
        f"{start:04d}-{month:02d}-{first:02d}", f"{year:04d}-{end_month:02d}-{last:02d}", "from a day to a day", anchor
    )


def month_range(found: Found) -> Outcome | None:
    """From one month to another: "from March to May 2022", "between June and August".

    >>> [one.iso for one in find_times("from March to May 2022", published=None)]
    ['2022-03-01/2022-05-31']
    """
    month, end_month, year = month_of(found), month_of(found, "end"), year_of(found)
    anchor: Anchor = "itself" if year else "published"
    if year is None:
        year = _year_for(found, end_month, direction(found))
    if year is None:
        return Outcome("DATE", f"XXXX-{month:02d}/XXXX-{end_month:02d}", _NO_YEAR)
    return _interval(
        f"{year - (month > end_month):04d}-{month:02d}",
        f"{year:04d}-{end_month:02d}",
        "from a month to a month",
        anchor,
    )


def weekday_range(found: Found) -> Outcome | None:
    """From one weekday to another.

    >>> [one.iso for one in find_times("They met from Monday to Wednesday.", published="2022-12-22")]
    ['2022-12-19/2022-12-21']
    """
    first, last = table.WEEKDAYS[found.word("first")], table.WEEKDAYS[found.word("last")]
    today = found.reading.today
    if today is None:
        return Outcome("DATE", f"XXXX-WXX-{first}/XXXX-WXX-{last}", _NO_DAY)
    end = _weekday_on(last, today, direction(found))
    start = add_days(end, -((last - first) % 7 or 7)) if end else None
    return (
        _interval(start.isoformat(), end.isoformat(), "from a weekday to a weekday", "published")
        if start and end
        else None
    )


def period(found: Found) -> Outcome | None:
    """A period that has a name: the World Wars.

    >>> [one.iso for one in find_times("since World War II", published=None)]
    ['1939-09-01/1945-09-02']
    """
    first = found.word("number") in {"i", "one", "1"} or found.word("number") == "first"
    iso = table.WORLD_WARS[0 if first else 1]
    return Outcome("DATE", iso, "a period that has a name", "itself", (iso, "span"))


def decade(found: Found) -> Outcome | None:
    """A decade: "the 1990s", "the late '80s", "the nineties".

    >>> [(one.value, one.iso, one.mod) for one in find_times("in the late 1970s", published=None)]
    [('197', '1970-01-01/1979-12-31', 'END')]
    """
    word = found.word("decade")
    digits = word.strip("'’‘s")
    tens = table.DECADE_WORDS.get(word) or (int(digits) if digits.isdigit() else None)
    if tens is None or (found.left() == "his" or found.left() == "her" or found.left() == "their"):
        return None
    year = tens if tens > 99 else 1900 + tens if tens > 20 else 2000 + tens
    return Outcome("DATE", f"{year // 10:03d}", "a decade", "itself", None, _mod(found))


def century(found: Found) -> Outcome | None:
    """A century by its number: "the 20th century" is the 1900s."""
    number = ordinal_of(found.word("ordinal"))
    return Outcome("DATE", f"{number - 1:02d}", "a century", "itself", None, _mod(found)) if 1 <= number <= 30 else None


# ── counted from publication ──────────────────────────────────────────────────────────────────────────────────────────


def relative_day(found: Found) -> Outcome | None:
    """Today, yesterday, tomorrow, with or without a part of the day; "tonight"; "last night"; "overnight".

    >>> def look(text): return [one.value for one in find_times(text, published="2022-12-21")]
    >>> look("yesterday"), look("tomorrow morning"), look("last night"), look("tonight"), look("earlier today")
    (['2022-12-20'], ['2022-12-22TMO'], ['2022-12-20TNI'], ['2022-12-21TNI'], ['2022-12-21'])
    """
    word = found.word("relative")
    part = found.word("part") or ("night" if word in {"tonight", "overnight"} else "")
    step = {"yesterday": -1, "tomorrow": 1, "last": -1, "overnight": -1}.get(word, 0)
    step = 1 if found.has("after") else -2 if found.has("before") else step
    step = 2 if found.has("after") and word == "tomorrow" else step
    today = found.reading.today
    return _on(
        add_days(today, step) if today else None, "counted from the publication day", anchor="published", part=part
    )


def overnight(found: Found) -> Outcome | None:
    """The night before publication, when told as an event's time: not an "overnight train"."""
    after = found.right()
    if after.isalpha() and after not in {
        "and",
        "in",
        "on",
        "at",
        "by",
        "after",
        "as",
        "into",
        "to",
        "from",
        "when",
        "with",
        "but",
    }:
        return None
    day = found.reading.today
    return _on(add_days(day, -1) if day else None, "the night before publication", anchor="published", part="night")


def this_part_of_day(found: Found) -> Outcome | None:
    """This morning, this evening."""
    return _on(found.reading.today, "a part of the publication day", anchor="published", part=found.word("part"))


def calendar_unit(found: Found) -> Outcome | None:
    """Last, this and next week, month, year, quarter, decade, century, weekend; the rule also reads "the end of next
    year".

    >>> def look(text): return [one.value for one in find_times(text, published="2022-12-21")]
    >>> (look("last week"), look("next month"), look("early next year"), look("this weekend"), look("next quarter"),
    ... look("last century"))
    (['2022-W50'], ['2023-01'], ['2023'], ['2022-W51-WE'], ['2023-Q1'], ['19'])
    >>> [one.value for one in find_times("last week, last month, last year", published="2022-12")]
    ['XXXX-WXX', '2022-11', '2021']

    On a Sunday, "last week" is the week that ends with it.
    """
    unit, step = found.word("unit"), _STEP[found.word("which")]
    if found.word("which") == "past":
        return past_or_next_stretch(found) if unit not in {"century", "weekend"} else None
    if found.word("which") == "latest" and unit == "year":
        step = -1
    today = found.reading.today
    if unit == "week" and found.word("which") == "last" and today and today.isoweekday() == 7:
        step = 0
    value = _unit_value(unit, step, found.reading.published)
    unknown = {
        "week": "XXXX-WXX",
        "month": "XXXX-XX",
        "quarter": "XXXX-QX",
        "weekend": "XXXX-WXX-WE",
        "day": "XXXX-XX-XX",
    }
    if value is None:
        reason = {"month": _NO_MONTH, "quarter": _NO_MONTH, "year": _NO_YEAR}.get(unit, _NO_DAY)
        return Outcome("DATE", unknown.get(unit, "XXXX"), reason, None, None, _mod(found))
    return Outcome("DATE", value, f"the {unit} counted from publication", "published", None, _mod(found))


def _unit_value(unit: str, step: int, published: Moment | None) -> str | None:
    if published is None:
        return None
    year, month, today = published.year, published.month, published.date
    if unit in {"week", "weekend", "fortnight", "day"}:
        day = add_days(today, (1 if unit == "day" else 7) * step) if today else None
        return (
            None
            if day is None
            else day.isoformat()
            if unit == "day"
            else week_value(day) + ("-WE" if unit == "weekend" else "")
        )
    if unit in {"month", "quarter"}:
        if month is None:
            return None
        new_year, new_month = add_months(year, month, step * (3 if unit == "quarter" else 1))
        return f"{new_year:04d}-{new_month:02d}" if unit == "month" else f"{new_year:04d}-Q{(new_month + 2) // 3}"
    if unit == "year":
        return f"{year + step:04d}" if year + step > 0 else None
    return (
        f"{year // 10 + step:03d}" if unit == "decade" else f"{year // 100 + step:02d}" if unit == "century" else None
    )


def end_of_unit(found: Found) -> Outcome | None:
    """The end, middle or rest of the current year, month or week: "by the end of the year", "year-end", "later in the
    week"."""
    unit, today = found.word("unit"), found.reading.today
    value = _unit_value(unit, 0, found.reading.published)
    if unit == "weekend" and today and today.isoweekday() < 6 and direction(found) <= 0:
        value = _unit_value(unit, -1, found.reading.published)
    mod = _mod(found) or ("END" if found.has("end") else "START" if found.has("earlier") else None)
    if value is None:
        return Outcome("DATE", "XXXX", _NO_DAY if unit in {"week", "day"} else _NO_YEAR, None, None, mod)
    return Outcome("DATE", value, f"the {unit} of publication", "published", None, mod)


def weekday(found: Found) -> Outcome | None:
    """A weekday: the tense decides; "last" is before publication, "next" after.

    >>> def look(text): return [one.value for one in find_times(text, published="2022-12-21")]
    >>> (look("They arrived on Sunday night"), look("They are due to arrive on Friday"), look("next Monday"),
    ... look("last Wednesday"))
    (['2022-12-18TNI'], ['2022-12-23'], ['2022-12-26'], ['2022-12-14'])
    >>> look("They arrived this Monday"), look("They will arrive this Friday"), look("It was hit Wednesday")
    (['2022-12-19'], ['2022-12-23'], ['2022-12-21'])
    """
    which, part, today = found.word("which"), found.word("part"), found.reading.today
    if today and which in {"last", "next"} and today.isoweekday() == weekday_of(found):
        return _on(
            add_days(today, -7 if which == "last" else 7), "a week from publication", anchor="published", part=part
        )
    if today and which == "previous":
        last = _weekday_on(weekday_of(found), today, -1)
        return _on(
            add_days(last, -7) if last else None, "the weekday before the last one", anchor="published", part=part
        )
    heading = {"last": -1, "past": -1, "next": 1, "coming": 1}.get(which, 0) or direction(found)
    because = "the weekday after publication" if heading > 0 else "the weekday up to publication"
    if _is_habit(found):
        return None
    outcome = _weekday(found, heading, because, part=part)
    return outcome._replace(mod=_mod(found))


def _is_habit(found: Found) -> bool:
    return found.left() in {"every", "each"}


def dated_weekday(found: Found) -> Outcome | None:
    """A weekday with its date in brackets or beside it: "Saturday (September 29)", "Monday 19 December"."""
    return month_day(found)


def weekday_of_week(found: Found) -> Outcome | None:
    """A weekday of last, this or next week.

    >>> [one.value for one in find_times("on Monday of last week", published="2022-12-21")]
    ['2022-12-12']
    """
    today, number = found.reading.today, weekday_of(found)
    step = _STEP[found.word("which")]
    day = add_days(today, number - today.isoweekday() + 7 * step) if today else None
    return _on(day, "a weekday of a week counted from publication", anchor="published", unknown=f"XXXX-WXX-{number}")


def holiday(name: str) -> Callable[[Found], Outcome | None]:
    """The rule for a named day.

    >>> def look(text): return [one.value for one in find_times(text, published="2022-12-21")]
    >>> look("on Christmas Day"), look("last Easter"), look("Thanksgiving 2021"), look("New Year's Eve 1999")
    (['2022-12-25'], ['2022-04-17'], ['2021-11-25'], ['1999-12-31'])
    """
    one = _holidays()[name]

    def read(found: Found) -> Outcome | None:
        year, published = year_of(found), found.reading.published
        if year is not None:
            return _named_day(one, year, "itself")
        if published is None or published.date is None:
            return Outcome("DATE", None, _NO_DAY if published else _NO_YEAR)
        which, today = found.word("which"), published.date
        if which == "year":
            return _named_day(one, today.year + _STEP[found.word("step")], "published")
        candidates = [one.day_in(year) for year in range(max(today.year - 1, 1), min(today.year + 1, 9998) + 1)]
        day = _nearest(candidates, today, {"last": -1, "past": -1, "next": 1, "coming": 1}.get(which, 0))
        return _on(day, f"{name} next to publication", anchor="published")

    return read


def _named_day(one: Holiday, year: int, anchor: Anchor) -> Outcome | None:
    if not 1 < year < 9999:
        return None
    return Outcome("DATE", one.day_in(year).isoformat(), f"{one.name} of that year", anchor)


class Holiday(NamedTuple):
    """A named day: the pattern of its name and the rule for its date."""

    name: str
    pattern: str
    rule: str

    def day_in(self, year: int) -> date:
        """Its day in a year."""
        if self.rule.startswith("easter"):
            return add_days(easter(year), int(self.rule[6:])) or easter(year)
        month, _, rest = self.rule.partition("-")
        if "#" in rest:
            number, nth = rest.split("#")
            return nth_weekday(year, int(month), int(number), int(nth))
        return date(year, int(month), int(rest))


@cache
def _holidays() -> dict[str, Holiday]:
    """The named days of ``holidays.csv``."""
    text = resources.files("lapwing.dates").joinpath("holidays.csv").read_text(encoding="utf-8")
    rows = [(n, line) for n, line in enumerate(text.splitlines(), 1) if line and not line.startswith("#")]
    found = {}
    for (n, _), row in zip(rows[1:], csv.DictReader(line for _, line in rows), strict=True):
        try:
            one = Holiday(row["name"], row["pattern"], row["date"])
            one.day_in(2000)
        except (KeyError, ValueError, IndexError, AttributeError) as error:
            raise KnowledgeError(
                f"holidays.csv, line {n}: not a day that can be computed ({error}); see the head of the file"
            ) from None
        found[one.name] = one
    return found


def season(found: Found) -> Outcome | None:
    """A season, with a year, after "last", "this", "next", or by tense.

    >>> def look(text): return [(one.value, one.iso) for one in find_times(text, published="2022-12-21")]
    >>> look("the summer of 2021"), look("last fall"), look("next spring")
    ([('2021-SU', '2021-06-01/2021-08-31')], [('2022-FA', '2022-09-01/2022-11-30')], [('2023-SP',
    '2023-03-01/2023-05-31')])
    >>> look("The rains fall. The fall of the city. They spring from there.")
    []
    """
    name, year, which, published = (
        table.SEASONS[found.word("season")],
        year_of(found),
        found.word("which"),
        found.reading.published,
    )
    if year is not None:
        return Outcome("DATE", f"{year:04d}-{name}", "season and year", "itself", None, _mod(found))
    if not which and not _is_season(found):
        return None
    if published is None or published.month is None:
        return Outcome("DATE", f"XXXX-{name}", _NO_MONTH, None, None, _mod(found))
    value = f"{_season_year(found, name, which, Moment(published.year, published.month)):04d}-{name}"
    return Outcome("DATE", value, "the season that the clause points to", "published", None, _mod(found))


_SEASON_START: Final = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}


def _season_year(found: Found, name: str, which: str, published: Moment) -> int:
    month, start = published.month or 1, _SEASON_START[name]
    year = published.year - (name == "WI" and month < 3)
    now = start <= (month + 12 if name == "WI" and month < 3 else month) < start + 3
    started = month >= start or (name == "WI" and month < 3)
    if which == "year":
        return published.year + _STEP[found.word("step")]
    if which in {"last", "past"}:
        return year - (now or not started)
    if which == "next":
        return year + started if name != "WI" or not now else year + 1
    if which == "this" or now:
        return year
    heading = direction(found)
    return year + (heading > 0 and started) - (heading < 0 and not started)


def _is_season(found: Found) -> bool:
    before, after, word = found.left(), found.right(), found.word("season")
    if before == "the" and after == "of":
        return False
    if word == "fall" and before == "the":
        return found.left(2) in {"in", "by", "during", "since", "until", "through", "of"}
    return before in {"in", "by", "the", "during", "since", "until", "before", "after", "through", "of"} or bool(
        _mod(found)
    )


def quarter(found: Found) -> Outcome | None:
    """A numbered quarter: of a named year, or the one last begun (for the future: the next).

    >>> [one.value for one in find_times("third-quarter profit fell; the first quarter of 2021",
    ...     published="2022-11-02")]
    ['2022-Q3', '2021-Q1']
    """
    number = ordinal_of(found.word("ordinal")) or int(found.word("q")[1:] or 0)
    if not 1 <= number <= 4:
        return None
    return _part_of_year(found, f"Q{number}", 3 * number - 2)


def half_year(found: Found) -> Outcome | None:
    """A half of a year: "the first half of 2022"."""
    number = 2 if found.word("ordinal") == "last" else ordinal_of(found.word("ordinal"))
    return _part_of_year(found, f"H{number}", 6 * number - 5) if number in {1, 2} else None


def _part_of_year(found: Found, part: str, start: int) -> Outcome:
    year, published = year_of(found), found.reading.published
    if year is not None:
        return Outcome("DATE", f"{year:04d}-{part}", "a part of a named year", "itself")
    if published is None or published.month is None:
        return Outcome("DATE", f"XXXX-{part}", _NO_MONTH)
    which = found.word("step")
    year = published.year + _STEP[which] if which else published.year - (start > published.month)
    if not which and direction(found) > 0 and start + 8 < published.month:
        year = published.year + 1
    return Outcome("DATE", f"{year:04d}-{part}", "the part of the year that the clause points to", "published")


def the_quarter(found: Found) -> Outcome | None:
    """ "The quarter", "the latest quarter": the one spoken of before, else the last that ended."""
    if last := _quarter_spoken_of(found, within=8):
        return Outcome("DATE", last, "the quarter spoken of before", "text")
    value = _unit_value("quarter", -1, found.reading.published)
    return Outcome(
        "DATE",
        value or "XXXX-QX",
        "the last quarter before publication" if value else _NO_MONTH,
        "published" if value else None,
    )


def fiscal_year(found: Found) -> Outcome | None:
    """A fiscal, financial or academic year: TIMEX3 gives its name's year; an academic year runs from September to
    August.

    >>> [(one.value, one.iso) for one in find_times("in fiscal 2021 and the academic year 2021-22", published=None)]
    [('2021', '2021'), ('2021', '2021-09-01/2022-08-31')]
    """
    year = year_of(found)
    if year is None:
        return None
    if found.has("academic") or found.has("school"):
        return Outcome(
            "DATE", f"{year:04d}", "an academic year", "itself", (f"{year:04d}-09-01/{year + 1:04d}-08-31", "span")
        )
    return Outcome("DATE", f"{year:04d}", "a fiscal year", "itself")


# ── counted on or back ────────────────────────────────────────────────────────────────────────────────────────────────


def _unit_of(found: Found) -> str:
    word = found.word("unit")
    return table.UNITS.get(word) or table.UNIT_PLURALS.get(word, "")


def _duration_value(number: float | None, unit: str) -> str:
    """The TIMEX3 duration.

    >>> (_duration_value(10, "M"), _duration_value(2, "TH"), _duration_value(None, "Y"), _duration_value(2.5, "Y"),
    ...     _duration_value(3, "2W"))
    ('P10M', 'PT2H', 'PXY', 'P2Y6M', 'P6W')
    """
    clock, letter = unit.startswith("T"), unit.lstrip("T")
    if letter == "2W":
        number, letter = (number or 0) * 2 or None, "W"
    if letter == "WE":
        return f"P{'X' if number is None else int(number)}WE"
    amount = "X" if number is None else f"{int(number)}" if number == int(number) else f"{number:g}"
    if number is not None and number != int(number) and number * 2 == int(number * 2) and unit in _HALVES:
        whole = f"{int(number)}{letter}" if int(number) else ""
        return f"P{'T' if clock else ''}{whole}{_HALVES[unit]}"
    return f"P{'T' if clock else ''}{amount}{letter}"


_HALVES: Final = {"Y": "6M", "TH": "30M", "TM": "30S", "E": "5Y"}


def shift(base: Moment, number: float, unit: str) -> str | None:
    """The date a number of units from another, at the unit's precision."""
    whole, half = int(abs(number)), abs(number) != int(abs(number))
    sign = 1 if number > 0 else -1
    if unit in {"Y", "E", "C"}:
        if half and unit == "Y" and base.month:
            return "{:04d}-{:02d}".format(*add_months(base.year, base.month, sign * (12 * whole + 6)))
        year = base.year + sign * whole * {"Y": 1, "E": 10, "C": 100}[unit]
        return f"{year:04d}" if 0 < year < 9999 else None
    if unit in {"M", "Q"}:
        if base.month is None:
            return None
        year, month = add_months(base.year, base.month, sign * whole * (3 if unit == "Q" else 1))
        return f"{year:04d}-{month:02d}" if 0 < year < 9999 else None
    if base.date is None:
        return None
    days = {"W": 7, "2W": 14, "D": 1, "WE": 7}.get(unit, 0)
    day = add_days(base.date, sign * round(abs(number) * days))
    return day.isoformat() if day else None


def ago(found: Found) -> Outcome | None:
    """So long before publication; years give a year, months a month, weeks and days a day.

    >>> def look(text): return [one.value for one in find_times(text, published="2022-12-21")]
    >>> (look("two weeks ago"), look("ten months ago"), look("a year ago"), look("several years ago"),
    ... look("three hours ago"))
    (['2022-12-07'], ['2022-02'], ['2021'], ['PAST_REF'], ['2022-12-21'])
    """
    number, unit = _amount(found), _unit_of(found)
    if number is None:
        return Outcome("DATE", "PAST_REF", "so many units ago, the number left open")
    if unit == "Y" and number == 1 and (like := _year_before_last(found)):
        return like
    if found.reading.published is None:
        return Outcome("DATE", "XXXX", _NO_DAY)
    if unit in {"TH", "TM", "TS"} and number > 24:
        return Outcome("DATE", "PAST_REF", "hours ago, across a day's end")
    value = shift(found.reading.published, -number, unit)
    return Outcome(
        "DATE", value or "XXXX", "counted back from publication" if value else _NO_DAY, "published" if value else None
    )


def _amount(found: Found) -> float | None:
    """The number before the unit; 1 if only "a" stands there; "a year and a half" adds the half."""
    words = found.stretch("count")
    number = count_of(words) if words else None if found.word("unit") in table.UNIT_PLURALS else 1
    return (
        number + 0.5 if number is not None and found.match.re.groupindex.get("half") and found.match["half"] else number
    )


def _year_before_last(found: Found) -> Outcome | None:
    """A year before a quarter just spoken of is that quarter a year before."""
    last = _quarter_spoken_of(found, within=4)
    if last is None:
        return None
    return Outcome("DATE", f"{int(last[:4]) - 1:04d}{last[4:]}", "the same quarter a year before", "text")


def _quarter_spoken_of(found: Found, *, within: int) -> str | None:
    """The quarter that the text is about: the last one named, those of a year before left aside."""
    for one in reversed(found.reading.before[-within:]):
        if (
            one.rule not in {"ago", "earlier_later", "year_earlier"}
            and one.value
            and re.fullmatch(r"\d{4}-Q\d", one.value)
        ):
            return one.value
    return None


def from_now(found: Found) -> Outcome | None:
    """So long after publication: "two weeks from now"."""
    number, published = _amount(found), found.reading.published
    if number is None:
        return Outcome("DATE", "FUTURE_REF", "so many units from now, the number left open")
    value = shift(published, number, _unit_of(found)) if published else None
    return Outcome(
        "DATE", value or "XXXX", "counted on from publication" if value else _NO_DAY, "published" if value else None
    )


def earlier_later(found: Found) -> Outcome | None:
    """So long before or after what was dated before in the text: "a day earlier", "two weeks later".

    >>> text = "They met on 5 May 2022. A day earlier shots fell. A month later they met again."
    >>> [one.value for one in find_times(text, published=None)]
    ['2022-05-05', '2022-05-04', '2022-06']
    >>> [(one.value, one.iso) for one in find_times("Two days later they met.", published="2022-05-05")]
    [('P2D', None)]
    """
    number, unit = _amount(found), _unit_of(found)
    back = found.word("way") in {"earlier", "before", "previously"}
    if back and unit == "Y" and number == 1 and (like := _year_before_last(found)):
        return like
    last = found.reading.last("day") if unit in {"D", "W", "TH", "2W"} else found.reading.last()
    base = moment(last.iso.partition("/")[0]) if last and last.iso else None
    if number is not None and back and unit == "Y" and number == 1 and last is None and found.reading.published:
        return Outcome("DATE", f"{found.reading.published.year - 1:04d}", "the year before publication", "published")
    if number is None or base is None or found.word("way") in {"before", "after"}:
        return Outcome("DURATION", _duration_value(number, unit), "counted from something that is not dated here")
    value = shift(base, -number if back else number, unit)
    published = found.reading.published
    if value and not back and published and value > published.value and direction(found) <= 0:
        return Outcome(
            "DURATION",
            _duration_value(number, unit),
            "counted from the date told before it would lie after publication",
        )
    if value is None:
        return Outcome("DURATION", _duration_value(number, unit), "counted from a date too coarse for it")
    return Outcome("DATE", value, "counted from the date told before", "text")


def year_earlier(found: Found) -> Outcome | None:
    """ "The year-earlier quarter", "the year-ago period": the quarter spoken of, a year before."""
    like = _year_before_last(found)
    if like:
        return like
    published = found.reading.published
    return Outcome(
        "DATE",
        f"{published.year - 1:04d}" if published else "XXXX",
        "a year before",
        "published" if published else None,
    )


def same_or_next(found: Found) -> Outcome | None:
    """ "The same day", "the following month", "the previous year": counted from what was dated before in the text.

    >>> text = "He came on 5 May 2022. He left the same day. The following month he was back."
    >>> [one.value for one in find_times(text, published=None)]
    ['2022-05-05', '2022-05-05', '2022-06']
    >>> [one.value for one in find_times("The next day he left.", published="2022-05-05")]
    ['XXXX-XX-XX']
    """
    which, unit = found.word("which"), found.word("unit")
    step = _STEP.get(which, 0)
    if found.has("before"):
        step = -1
    elif found.has("after"):
        step = 1
    last = (
        found.reading.last("day")
        if unit in {"day", "week", "night", "morning", "evening", "afternoon"}
        else found.reading.last()
    )
    base = moment(last.iso.partition("/")[0]) if last and last.iso else None
    if (found.has("before") or found.has("after")) and found.right().isalpha():
        base = None
    part = unit if unit in table.PARTS_OF_DAY else ""
    value = _unit_value("day" if part else unit, step, base)
    if value is None:
        unknown = {"week": "XXXX-WXX", "month": "XXXX-XX", "year": "XXXX"}.get(unit, "XXXX-XX-XX")
        return Outcome("DATE", unknown, "counted from something that is not dated here")
    return Outcome(
        "TIME" if part else "DATE",
        value + (f"T{table.PARTS_OF_DAY[part]}" if part else ""),
        "counted from the date told before",
        "text",
    )


def that_time(found: Found) -> Outcome | None:
    """ "At the time", "that day": the time spoken of."""
    return Outcome("DATE", "PAST_REF", "the time spoken of")


# ── durations and sets ────────────────────────────────────────────────────────────────────────────────────────────────


def duration(found: Found) -> Outcome | None:
    """A length of time. With "for" and a perfect ("has fought for ten months") it reaches up to publication.

    >>> def look(text): return [(one.kind, one.value, one.iso) for one in find_times(text, published="2022-12-21")]
    >>> look("It lasted three days"), look("They have fought for ten months")
    ([('DURATION', 'P3D', None)], [('DURATION', 'P10M', '2022-02-21/2022-12-21')])
    """
    number, unit = _amount(found), _unit_of(found)
    if (unit == "TS" and (not found.stretch("count") or number == 1)) or (
        found.right() == "old" and not found.has("-")
    ):
        return None
    if (unit == "Q" and found.has("-") and found.has("quarters")) or (
        found.has("one") and found.left() in {"will", "hope", "may", "that"}
    ):
        return None
    reach = _span_to_publication(found, number, unit, -1) if found.left() == "for" and _is_perfect(found) else None
    return Outcome(
        "DURATION",
        _duration_value(number, unit),
        "a length of time",
        "published" if reach else None,
        reach,
        _mod(found),
    )


def _is_perfect(found: Found) -> bool:
    start = found.match.start()
    return any(
        found.words.form(start - step) in {"has", "have", "'ve", "we've", "they've", "i've"} for step in range(1, 12)
    )


def _span_to_publication(found: Found, number: float | None, unit: str, sign: int) -> tuple[str, DatePrecision] | None:
    today = found.reading.today
    if today is None or number is None or unit.startswith("T"):
        return None
    other = _same_day(today, number * sign, unit)
    if other is None:
        return None
    first, last = min(other, today), max(other, today)
    return f"{first}/{last}", "span"


def _same_day(today: date, number: float, unit: str) -> date | None:
    months = {"M": 1, "Q": 3, "Y": 12, "E": 120, "C": 1200}.get(unit)
    if months is None:
        return add_days(today, round(number * {"D": 1, "W": 7, "2W": 14, "WE": 7}.get(unit, 0)))
    year, month = add_months(today.year, today.month, round(number * months))
    if not 1 <= year <= 9998:
        return None
    return date(year, month, next(day for day in range(today.day, 0, -1) if is_day(year, month, day)))


def past_or_next_stretch(found: Found) -> Outcome | None:
    """A stretch up to or from publication: "the past ten months", "over the next two weeks", "the last few days".

    >>> [(one.value, one.iso) for one in find_times("in the past ten months and the next two weeks",
    ...     published="2022-12-21")]
    [('P10M', '2022-02-21/2022-12-21'), ('P2W', '2022-12-21/2023-01-04')]
    """
    number, unit, year = _amount(found), _unit_of(found), year_of(found)
    if found.word("which") == "first":
        reach = _first_months(year, number) if unit == "M" and year and number else None
        return Outcome(
            "DURATION", _duration_value(number, unit), "the first part of a year", "itself" if reach else None, reach
        )
    sign = 1 if found.word("which") in {"next", "coming"} else -1
    reach = _span_to_publication(found, number, unit, sign)
    because = "a stretch that ends with publication" if sign < 0 else "a stretch that begins with publication"
    return Outcome("DURATION", _duration_value(number, unit), because, "published" if reach else None, reach)


def _first_months(year: int, number: float) -> tuple[str, DatePrecision] | None:
    whole = bounds(f"{year:04d}-{int(number):02d}") if 1 <= number <= 12 else None
    return (f"{year:04d}-01-01/{whole[1]}", "span") if whole else None


def vague_stretch(found: Found) -> Outcome | None:
    """Units without a number: "for years", "in recent months", "the coming weeks"."""
    value = _duration_value(None, _unit_of(found))
    which = found.word("which")
    if which in {"recent", "past", "previous", "last"} and _unit_of(found) in {"D", "W", "M", "Y", "E"}:
        return Outcome(
            "DATE" if which == "recent" else "DURATION",
            "PAST_REF" if which == "recent" and _unit_of(found) == "D" else value,
            "a stretch left open",
        )
    return (
        Outcome("DATE", "FUTURE_REF", "a stretch ahead left open")
        if which == "coming"
        else Outcome("DURATION", value, "a length left open")
    )


def bare_units(found: Found) -> Outcome | None:
    """ "Years", "weeks", "months" alone, where a preposition makes them a length: "for years", "within weeks"."""
    if found.left() not in {
        "for",
        "in",
        "within",
        "after",
        "over",
        "of",
        "until",
        "before",
        "several",
        "take",
        "lasted",
        "many",
        "or",
    }:
        return None
    if found.left() == "of" and found.left(2) not in {"thousands", "hundreds", "dozens"}:
        return None
    return Outcome("DURATION", _duration_value(None, _unit_of(found)), "a length left open")


def every(found: Found) -> Outcome | None:
    """What recurs: "every day", "each Thursday", "three times a year".

    >>> [(one.kind, one.value) for one in find_times("every two weeks, each Thursday, daily, on Sundays",
    ...     published=None)]
    [('SET', 'P2W'), ('SET', 'XXXX-WXX-4'), ('SET', 'P1D'), ('SET', 'XXXX-WXX-7')]
    """
    if number := weekday_of(found):
        part = f"T{table.PARTS_OF_DAY[found.word('part')]}" if found.word("part") else ""
        return Outcome("SET", f"XXXX-WXX-{number}{part}", "a weekday that recurs")
    if month := month_of(found):
        return Outcome("SET", f"XXXX-{month:02d}", "a month that recurs")
    if word := found.word("season"):
        return Outcome("SET", f"XXXX-{table.SEASONS[word]}", "a season that recurs")
    if word := found.word("part"):
        return Outcome("SET", f"XXXX-XX-XXT{table.PARTS_OF_DAY[word]}", "a part of the day that recurs")
    return Outcome("SET", _duration_value(_amount(found), _unit_of(found)), "what recurs")


def frequency(found: Found) -> Outcome | None:
    """Words of frequency: "daily", "weekly", "monthly", "annual"."""
    after = found.right()
    if after.isalpha() and after not in {"and", "or", "in", "on", "at", "by", "since", "for", "to", "from"}:
        return None
    value = _FREQUENCIES[found.words.form(found.match.start())]
    return Outcome("SET", value, "a word of frequency")


_FREQUENCIES: Final = {
    "daily": "P1D", "weekly": "P1W", "monthly": "P1M", "yearly": "P1Y", "hourly": "PT1H", "nightly": "P1D",
}  # fmt: skip


def year_ended(found: Found) -> Outcome | None:
    """ "The year ended Sept. 30": a length whose end is told next to it; "for the year" alone is that of
    publication."""
    if found.right() in {"ended", "ending"}:
        return Outcome("DURATION", "P1Y", "a length whose end is told beside it")
    value = _unit_value("year", 0, found.reading.published)
    if found.left() != "for" or value is None or found.right().isalpha():
        return None
    return Outcome("DATE", value, "the year of publication", "published")


def rate(found: Found) -> Outcome | None:
    """ "A year", "per day" after a number: what recurs; otherwise a length of time."""
    before = found.left()
    rates = {
        "million",
        "billion",
        "percent",
        "%",
        "times",
        "once",
        "twice",
        "share",
        "trillion",
        "thousand",
        "dollars",
        "barrels",
        "tons",
    }
    if found.has("per") or before in rates or before[:1].isdigit():
        return Outcome("SET", _duration_value(1, _unit_of(found)), "what recurs")
    return duration(found)


# ── times of day ──────────────────────────────────────────────────────────────────────────────────────────────────────


def clock_time(found: Found) -> Outcome | None:
    """A time of day, on a named day, on the day spoken of, or on no known day.

    >>> def look(text): return [one.value for one in find_times(text, published="2022-12-21")]
    >>> look("at 5 p.m. Monday"), look("at 10:30 a.m. on Tuesday"), look("Sunday at noon"), look("at 17:05")
    (['2022-12-19T17:00'], ['2022-12-20T10:30'], ['2022-12-18T12:00'], ['XXXX-XX-XXT17:05'])
    """
    time = _time_of_day(found)
    if time is None:
        return None
    day, anchor = _day_of_clock(found)
    return Outcome(
        "TIME", f"{day.isoformat() if day else 'XXXX-XX-XX'}T{time}", "a time of day", anchor if day else None
    )


def _time_of_day(found: Found) -> str | None:
    half, noon = found.word("ampm"), found.word("noon")
    if noon:
        return "24:00" if noon == "midnight" else "12:00"
    hour, _, minute = (found.word("clock") or found.word("hour")).partition(":")
    number = int(count_of([hour]) or 0) if hour else 0
    number += 12 if half.startswith("p") and number < 12 else -12 if half.startswith("a") and number == 12 else 0
    part = found.word("part")
    number += 12 if part in {"evening", "afternoon", "night"} and number < 12 and not half else 0
    if number > 24 or int(minute[:2] or 0) > 59:
        return None
    return f"{number:02d}:{minute[:2] or '00'}"


def _day_of_clock(found: Found) -> tuple[date | None, Anchor]:
    today = found.reading.today
    if weekday_of(found):
        heading = direction(found)
        return (_weekday_on(weekday_of(found), today, heading) if today else None), "published"
    if word := found.word("relative"):
        step = {"yesterday": -1, "tomorrow": 1}.get(word, 0)
        return (add_days(today, step) if today else None), "published"
    if month := month_of(found):
        day, year = ordinal_of(found.word("day")), year_of(found) or _year_for(found, month, direction(found))
        return (date(year, month, day) if year and is_day(year, month, day) else None), "published"
    return found.reading.last_day(), "text"


# ── words for now, then and some day ──────────────────────────────────────────────────────────────────────────────────


def now(found: Found) -> Outcome | None:
    """The present: "now", "currently"."""
    return Outcome("DATE", "PRESENT_REF", "the present")


def once(found: Found) -> Outcome | None:
    """An open past: "recently", "previously", "in the past" unless a stretch follows ("in the past ten months")."""
    after = found.right()
    if found.has("past") and (
        after in table.UNITS or after in table.UNIT_PLURALS or after in _NUMBERS or after in table.VAGUE_COUNTS
    ):
        return None
    if found.has("past") and (after[:1].isdigit() or after == "couple"):
        return None
    return Outcome("DATE", "PAST_REF", "an open past")


def some_day(found: Found) -> Outcome | None:
    """An open future: "soon", "in the future"; not "as soon as"."""
    if found.left() == "as" or found.right() == "after" or (found.has("future") and found.right() == "of"):
        return None
    return Outcome("DATE", "FUTURE_REF", "an open future")


_READERS: Final = (
    iso_date,
    figures,
    nine_eleven,
    full_date,
    month_of_named_year,
    dated_weekday,
    day_range,
    month_range,
    weekday_range,
    month_day,
    month_year,
    year_range,
    fiscal_year,
    quarter,
    half_year,
    calendar_unit,
    end_of_unit,
    same_or_next,
    relative_day,
    overnight,
    this_part_of_day,
    weekday_of_week,
    weekday,
    clock_time,
    season,
    decade,
    period,
    century,
    bare_month,
    bare_year,
    ago,
    from_now,
    earlier_later,
    year_earlier,
    the_quarter,
    past_or_next_stretch,
    vague_stretch,
    duration,
    rate,
    every,
    frequency,
    year_ended,
    bare_units,
    now,
    once,
    some_day,
    that_time,
)
"""The functions that `rules.RULES` names."""


class _Engine(NamedTuple):
    grammar: Grammar
    functions: dict[str, Callable[[Found], Outcome | None]]


@cache
def _engine() -> _Engine:
    """The compiled rules."""
    patterns = dict(RULES)
    functions: dict[str, Callable[[Found], Outcome | None]] = {function.__name__: function for function in _READERS}
    for name, one in _holidays().items():
        patterns[name] = (
            f"{one.pattern} <comma>? $YEAR", f"{{which:named}} {one.pattern}", one.pattern,
            f"{one.pattern} (of)? {{step:named}} {{which:yearword}}",
        )  # fmt: skip
        functions[name] = holiday(name)
    return _Engine(Grammar(patterns), functions)


def find_times(
    text: str, *, published: str | None, start: int = 0, tense: TenseAt | None = None
) -> tuple[TimeExpression, ...]:
    """The time expressions of a text with their values, in the order of the text and without overlap.

    `published` is the ISO date that relative expressions count from, at the precision known. `start` is added to all
    offsets. `tense` tells, for the offset of a word in `text`, whether its clause is past, present or future, or None
    for "look at the words". Values are those of TIMEX3 (ISO-TimeML), `iso` adds the stretch of the calendar.

    >>> [(one.text, one.value, one.rule) for one in find_times("The envoy left on Monday.", published="2022-12-21")]
    [('Monday', '2022-12-19', 'weekday')]
    >>> find_times("Nobody said when.", published="2022-12-21")
    ()
    """
    engine, published_at = _engine(), moment(published)
    words = engine.grammar.read(text)
    found: list[TimeExpression] = []
    at, size = 0, len(words.letters)
    while at < size:
        reading = None
        if words.letters[at] != ".":
            reading = _read_at(engine, words, at, Reading(published_at, tuple(found[-8:]), tense))
        if reading is None:
            at += 1
            continue
        end, rule, outcome = reading
        found.append(_expression(words, (at, end), rule, outcome, start))
        at = end
    return tuple(found)


def _read_at(engine: _Engine, words: Words, at: int, reading: Reading) -> tuple[int, str, Outcome] | None:
    for rule, match in engine.grammar.matches(words, at):
        outcome = engine.functions[rule.name](Found(match, words, reading))
        if outcome is not None:
            return match.end(), rule.name, outcome
    return None


def _expression(words: Words, span: tuple[int, int], rule: str, outcome: Outcome, offset: int) -> TimeExpression:
    first, mod = _widened(words, span[0])
    start, end = words.starts[first], words.ends[span[1] - 1]
    where = outcome.iso or (locate(outcome.value) if outcome.kind in {"DATE", "TIME"} else None)
    return TimeExpression(
        start=offset + start,
        end=offset + end,
        text=words.text[start:end],
        kind=outcome.kind,
        value=outcome.value,
        iso=where[0] if where else None,
        precision=where[1] if where else None,
        rule=rule,
        reason=outcome.because,
        mod=outcome.mod or mod,
        anchor=outcome.anchor,
    )


def _widened(words: Words, first: int) -> tuple[int, str | None]:
    """Take "the", "nearly", "more than" before an expression into it."""
    mod = None
    for _ in range(3):
        form, before = words.form(first - 1), words.form(first - 2)
        if form == "the":
            first -= 1
        elif form in table.APPROXIMATORS:
            first, mod = first - 1, "APPROX"
        elif form in {"than", "least", "most", "to"} and before in {"more", "less", "at", "up"}:
            first, mod = (
                first - 2,
                {"more": "MORE_THAN", "less": "LESS_THAN"}.get(
                    before, "EQUAL_OR_MORE" if form == "least" else "EQUAL_OR_LESS"
                ),
            )
        else:
            break
    return first, mod
