"""Time expressions (`expressions`) and the dates of events (`events`).

`patterns` is the language the rules are written in, `words` and ``holidays.csv`` are their tables, `calendar` their
arithmetic.
"""

from __future__ import annotations

from lapwing.dates.events import date_events
from lapwing.dates.expressions import find_times

__all__ = ["date_events", "find_times"]
