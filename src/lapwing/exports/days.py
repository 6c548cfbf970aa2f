"""The days that a date of a record covers."""

from __future__ import annotations

import calendar
from datetime import date

from lapwing.records import EventDate


def days_of(when: EventDate | None) -> tuple[date, date] | None:
    """The first and the last day of a date; None where there is no date, or none that a calendar has.

    >>> days_of(EventDate(value="2022-02", precision="month"))
    (datetime.date(2022, 2, 1), datetime.date(2022, 2, 28))
    >>> days_of(EventDate(value="2022-12-30/2023", precision="span"))
    (datetime.date(2022, 12, 30), datetime.date(2023, 12, 31))
    """
    if when is None:
        return None
    start, _, end = when.value.partition("/")
    try:
        return _first(start), _last(end or start)
    except ValueError:
        return None


def day_of(when: EventDate | None) -> date | None:
    """The day, where one is known; never one out of many.

    >>> day_of(EventDate(value="2022-02-03", precision="day")), day_of(EventDate(value="2022-02", precision="month"))
    (datetime.date(2022, 2, 3), None)
    """
    days = days_of(when)
    return days[0] if days and days[0] == days[1] else None


def _first(iso: str) -> date:
    year, month, day = (*map(int, iso.split("-")), 1, 1)[:3]
    return date(year, month, day)


def _last(iso: str) -> date:
    parts = [int(part) for part in iso.split("-")]
    year, month = (*parts, 12)[:2]
    return date(year, month, parts[2] if len(parts) == 3 else calendar.monthrange(year, month)[1])
