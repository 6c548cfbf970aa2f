"""Time expressions and the dates of events."""

from __future__ import annotations

from lapwing.dates.expressions import find_times

__all__ = ["find_times"]
