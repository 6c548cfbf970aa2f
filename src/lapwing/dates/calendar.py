"""Calendar arithmetic on partial dates, and from TIMEX3 values to ISO dates and intervals.

A moment is a triple (year, month or None, day or None): what is known of a date and no more. Adding months to a moment
known only by its year gives None rather than a made-up month.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import MAXYEAR, date, timedelta
from typing import NamedTuple

from lapwing.records import DatePrecision


class Moment(NamedTuple):
    """A date as far as it is known."""

    year: int
    month: int | None = None
    day: int | None = None

    @property
    def date(self) -> date | None:
        """The day, where it is known.

        >>> Moment(2022, 12, 19).date, Moment(2022, 12).date
        (datetime.date(2022, 12, 19), None)
        """
        return date(self.year, self.month, self.day) if self.month and self.day else None

    @property
    def value(self) -> str:
        """As ISO 8601 at the precision known.

        >>> Moment(2022, 2).value
        '2022-02'
        """
        parts = [f"{self.year:04d}"] + [f"{part:02d}" for part in (self.month, self.day) if part]
        return "-".join(parts)


_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?!\d)")


def moment(text: str | None) -> Moment | None:
    """The moment that an ISO date or a TIMEX3 value of that form names; None for anything else and for no real date.

    >>> moment("2022-12-19T10:00Z"), moment("2022-12"), moment("2022-02-30"), moment("2022-W07")
    (Moment(year=2022, month=12, day=19), Moment(year=2022, month=12, day=None), None, None)
    """
    match = _ISO.match(text) if text else None
    if text is None or match is None or text[match.end() : match.end() + 1] not in {"", "T", " "}:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    if not year or (month is not None and not 1 <= month <= 12):
        return None
    if day is not None and month is not None and not 1 <= day <= monthrange(year, month)[1]:
        return None
    return Moment(year, month, day)


def is_day(year: int, month: int, day: int) -> bool:
    """Whether there is such a day.

    >>> is_day(2024, 2, 29), is_day(2023, 2, 29)
    (True, False)
    """
    return 1 <= year <= MAXYEAR and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]


def add_days(day: date, count: int) -> date | None:
    """The day `count` days on, None beyond the calendar's ends."""
    try:
        return day + timedelta(days=count)
    except OverflowError:
        return None


def add_months(year: int, month: int, count: int) -> tuple[int, int]:
    """The month `count` months on.

    >>> add_months(2022, 11, 3), add_months(2022, 1, -1)
    ((2023, 2), (2021, 12))
    """
    total = year * 12 + month - 1 + count
    return total // 12, total % 12 + 1


def week_value(day: date) -> str:
    """The ISO week of a day.

    >>> week_value(date(2022, 12, 19))
    '2022-W51'
    """
    iso = day.isocalendar()
    return f"{iso.year:04d}-W{iso.week:02d}"


def easter(year: int) -> date:
    """Easter Sunday by the Gregorian computus (Meeus, Jones and Butcher).

    >>> easter(2022), easter(2000)
    (datetime.date(2022, 4, 17), datetime.date(2000, 4, 23))
    """
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    """The nth weekday (1 Monday … 7 Sunday) of a month; −1 for the last.

    >>> nth_weekday(2022, 11, 4, 4), nth_weekday(2022, 5, 1, -1)
    (datetime.date(2022, 11, 24), datetime.date(2022, 5, 30))
    """
    size = monthrange(year, month)[1]
    days = [date(year, month, day) for day in range(1, size + 1)]
    found = [day for day in days if day.isoweekday() == weekday]
    return found[nth - 1 if nth > 0 else nth]


_YEARS = re.compile(r"\d{4}")
_MONTH = re.compile(r"\d{4}-\d{2}")
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T.*)?")
_WEEK = re.compile(r"(\d{4})-W(\d{2})(-WE)?")
_PART = re.compile(r"(\d{4})-(Q[1-4]|H[12]|SP|SU|FA|WI)")
_DECADE = re.compile(r"\d{3}")
_CENTURY = re.compile(r"\d{2}")
#: first month, number of months (northern seasons by the meteorologists' calendar)
_PARTS = {
    "Q1": (1, 3), "Q2": (4, 3), "Q3": (7, 3), "Q4": (10, 3), "H1": (1, 6), "H2": (7, 6),
    "SP": (3, 3), "SU": (6, 3), "FA": (9, 3), "WI": (12, 3),
}  # fmt: skip


def locate(value: str | None) -> tuple[str, DatePrecision] | None:
    """The ISO date or interval that a TIMEX3 value covers, and its precision; None where it names no stretch of the
    calendar.

    >>> locate("2022-12-19TNI"), locate("2022-Q3"), locate("2022-W51")
    (('2022-12-19', 'day'), ('2022-07-01/2022-09-30', 'span'), ('2022-12-19/2022-12-25', 'week'))
    >>> locate("199"), locate("2021-WI"), locate("XXXX-10"), locate("PAST_REF")
    (('1990-01-01/1999-12-31', 'span'), ('2021-12-01/2022-02-28', 'season'), None, None)
    """
    if value is None:
        return None
    if match := _DAY.fullmatch(value):
        return (match[1], "day") if moment(match[1]) else None
    if _MONTH.fullmatch(value):
        return (value, "month") if moment(value) else None
    if _YEARS.fullmatch(value):
        return value, "year"
    return _locate_week(value) or _locate_part(value) or _locate_long(value)


def _locate_week(value: str) -> tuple[str, DatePrecision] | None:
    match = _WEEK.fullmatch(value)
    if match is None or not 1 <= int(match[2]) <= 53:
        return None
    try:
        monday = date.fromisocalendar(int(match[1]), int(match[2]), 1)
    except ValueError:
        return None
    first, last = (add_days(monday, 5), add_days(monday, 6)) if match[3] else (monday, add_days(monday, 6))
    return (f"{first}/{last}", "span" if match[3] else "week") if first and last else None


def _locate_part(value: str) -> tuple[str, DatePrecision] | None:
    match = _PART.fullmatch(value)
    if match is None or not 1 <= int(match[1]) < MAXYEAR:
        return None
    month, size = _PARTS[match[2]]
    end_year, end_month = add_months(int(match[1]), month, size - 1)
    end = monthrange(end_year, end_month)[1]
    precision: DatePrecision = "season" if match[2] in {"SP", "SU", "FA", "WI"} else "span"
    return f"{match[1]}-{month:02d}-01/{end_year:04d}-{end_month:02d}-{end:02d}", precision


def _locate_long(value: str) -> tuple[str, DatePrecision] | None:
    if _DECADE.fullmatch(value):
        return f"{value}0-01-01/{value}9-12-31", "span"
    if _CENTURY.fullmatch(value):
        return f"{value}00-01-01/{value}99-12-31", "span"
    return None


def bounds(iso: str) -> tuple[str, str] | None:
    """The first and the last day of an ISO date or interval.

    >>> bounds("2022-02"), bounds("2022"), bounds("2022-03-01/2022-05-31")
    (('2022-02-01', '2022-02-28'), ('2022-01-01', '2022-12-31'), ('2022-03-01', '2022-05-31'))
    """
    first, _, last = iso.partition("/")
    start, end = moment(first), moment(last or first)
    if start is None or end is None:
        return None
    month = end.month or 12
    final = end.day or monthrange(end.year, month)[1]
    return Moment(start.year, start.month or 1, start.day or 1).value, Moment(end.year, month, final).value
