"""The rules for time expressions: for each, the function of `expressions` that reads it, and its patterns in the language
of `patterns`. Of equally long readings the first wins. Named days have theirs in ``holidays.csv``.
"""

from __future__ import annotations

from typing import Final

_EDGE: Final = (
    "((early | late | mid <dash>? | beginning of | start of | middle of | end of | latter part of) (in | the)?)"
)
_WHICH: Final = "(last | this | next | past | coming | current | previous)"

RULES: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("iso_date", ("<isodate>",)),
    ("figures", ("<slashdate>",)),
    ("nine_eleven", ("<nineeleven>",)),
    (
        "full_date",
        (
            "$MONTH {day:day} (<comma> | of)? $YEAR",
            "{day:day} (of)? $MONTH <comma>? $YEAR",
            "{day:ordinal} (day)? of $MONTH <comma>? $YEAR",
            "<fullweekday> <comma>? the? {day:day} (of)? $MONTH <comma>? $YEAR",
            "<fullweekday> <comma>? $MONTH {day:day} <comma>? $YEAR",
        ),
    ),
    (
        "month_of_named_year",
        (
            f"{_EDGE}? $MONTH <comma>? (of | in)? {{which:named}} year",
            "$MONTH {day:day} <comma>? (of)? {which:named} year",
            "{day:day} $MONTH <comma>? (of)? {which:named} year",
        ),
    ),
    (
        "dated_weekday",
        (
            "<fullweekday> (<comma> | <lparen>)? the? {day:day} of? $MONTH <rparen>?",
            "<fullweekday> (<comma> | <lparen>)? $MONTH {day:day} <rparen>?",
        ),
    ),
    (
        "day_range",
        (
            "(from | between)? {first:day} <till> {last:day} of? $MONTH <comma>? $YEAR",
            "(from | between)? {first:day} <till> {last:day} of? $MONTH",
            "(from | between)? $MONTH {first:day} <till> {last:day} <comma>? $YEAR",
            "(from | between)? $MONTH {first:day} <till> {last:day}",
            "(from | between)? $MONTH {first:day} <till> $END {last:day} (<comma>? $YEAR)?",
            "(from | between)? {first:day} $MONTH <till> {last:day} $END (<comma>? $YEAR)?",
        ),
    ),
    (
        "month_range",
        (
            "from $MONTH (to | until | through) $END <comma>? $YEAR?",
            "between $MONTH and $END <comma>? $YEAR?",
            "$MONTH <dash> $END <comma>? $YEAR?",
        ),
    ),
    (
        "weekday_range",
        (
            "from {first:fullweekday} (to | until | through) {last:fullweekday}",
            "between {first:fullweekday} and {last:fullweekday}",
        ),
    ),
    ("month_day", ("$MONTH {day:day}", "{day:day} of? $MONTH", "{day:ordinal} (day)? of $MONTH")),
    ("month_year", (f"{_EDGE}? $MONTH (<comma> | of)? $YEAR",)),
    (
        "year_range",
        (
            "from {first:year} (to | until | through | <dash>) {last:year}",
            "between {first:year} and {last:year}",
            "{first:year} (<dash> | to) {last:year}",
            "{first:year} <dash> {last:short}",
        ),
    ),
    (
        "fiscal_year",
        (
            "(fiscal | financial) year? $YEAR",
            "(academic | school) year $YEAR (<dash> (<short> | <year>))?",
            "{year:year} <dash> <short> (academic | school) year",
        ),
    ),
    (
        "quarter",
        (
            "(fiscal <dash>?)? {ordinal:ordinal} <dash>? (fiscal)? quarter (of | <comma>)? (the year | fiscal)? $YEAR",
            "(fiscal <dash>?)? {ordinal:ordinal} <dash>? quarter (of)? {step:named} year",
            "{step:named} year 's (fiscal)? {ordinal:ordinal} <dash>? quarter",
            "$YEAR (fiscal <dash>?)? {ordinal:ordinal} <dash>? quarter",
            "(fiscal <dash>?)? {ordinal:ordinal} <dash>? (fiscal)? quarter",
            "{q:qnumber} <comma>? of? $YEAR?",
        ),
    ),
    (
        "half_year",
        (
            "({ordinal:ordinal} | {ordinal_:lastword}) half of (the year)? $YEAR",
            "({ordinal:ordinal} | {ordinal_:lastword}) half of {step:named} year",
            "$YEAR {ordinal:ordinal} half",
        ),
    ),
    (
        "calendar_unit",
        (
            f"{_EDGE}? (later | earlier | sometime)? {{which:named}} {{unit:calendar}}",
            "{which:currentword} (fiscal)? {unit:calendar}",
        ),
    ),
    (
        "end_of_unit",
        (
            "(end | beginning | start | middle | rest | remainder | course | remainder | turn) of the {unit:calendar}",
            "(later | earlier | early | late) in the {unit:calendar}",
            "(for | throughout | during | in | of) the (full | whole | entire | fiscal) {unit:yearword}",
            "(for | over | by | during | throughout) the {unit:weekendword}",
            "{unit:calendar} <dash>? ('s)? end",
            "mid <dash>? {unit:calendar}",
        ),
    ),
    (
        "same_or_next",
        (
            "(the | that | on | very)* {which:stepword} {unit:pointunit}",
            "{which:thatword} {unit:pointunit}",
            "the {unit:pointunit} (before | after)",
        ),
    ),
    (
        "relative_day",
        (
            "(early | earlier | late | later)? {relative:relative} {part:part}?",
            "the day (before | after) {relative:relative}",
            "{relative:lastword} {part:night}",
            "(early | late) {relative:lastword} {part:night}",
        ),
    ),
    ("overnight", ("overnight",)),
    ("this_part_of_day", ("(earlier | later | early | late)? this {part:part}",)),
    (
        "weekday_of_week",
        (
            "(on)? {weekday:fullweekday} (of)? {which:named} week",
            "{which:named} week 's? (on)? {weekday:fullweekday}",
        ),
    ),
    ("weekday", ("(early | late | earlier | later)? {which:named}? $WEEKDAY (early | late)? {part:part}?",)),
    (
        "clock_time",
        (
            "$CLOCK (in the {part:part})? (<comma>? (on | this)? $DAY {part_:part}?)?",
            "$DAY (<comma>? {part:part})? (at | around | about | from | until | <comma>) $CLOCK",
            "$CLOCK <comma>? (on)? $MONTH {day:day} (<comma>? $YEAR)?",
            "$CLOCK <comma>? on {day:day} $MONTH (<comma>? $YEAR)?",
        ),
    ),
    (
        "season",
        (
            f"{_EDGE}? {{season:season}} (of | <comma>)? $YEAR",
            f"{_EDGE}? {{which:named}} {{season:season}}",
            f"{_EDGE}? {{season:season}} (of)? {{step:named}} {{which:yearword}}",
            f"{_EDGE}? {{season:season}}",
        ),
    ),
    ("decade", (f"{_EDGE}? (last half of the | first half of the | early | late)? {{decade:decade}}",)),
    (
        "period",
        (
            "World War ({number:roman} | {number_:ones})",
            "({number:firstword} | {number_:secondword}) World War",
        ),
    ),
    ("century", (f"{_EDGE}? {{ordinal:ordinal}} <dash>? century",)),
    ("bare_month", (f"{_EDGE}? {{which:named}}? $MONTH", "the month of $MONTH")),
    ("bare_year", (f"{_EDGE}? (year)? $YEAR (period | quarter)?",)),
    (
        "ago",
        (
            "$COUNT ({unit:units} | {unit_:unit}) ago",
            "(a | an | one) {unit:unit} half=(and a half)? ago",
            "half a {unit:unit} ago",
            "{unit:units} ago",
        ),
    ),
    (
        "from_now",
        ("$COUNT ({unit:units} | {unit_:unit}) from (now | today)", "(a | an | one) {unit:unit} from (now | today)"),
    ),
    (
        "earlier_later",
        (
            "$COUNT ({unit:units} | {unit_:unit}) ({way:way})",
            "(a | an | one) {unit:unit} ({way:way})",
        ),
    ),
    ("year_earlier", ("a? year <dash>? (earlier | ago) (quarter | period)?",)),
    ("the_quarter", ("the quarter", "the? (latest | this | current) (quarter | period)")),
    (
        "past_or_next_stretch",
        (
            "{which:stretch} $COUNT ({unit:units} | {unit_:unit})",
            "{which:firstword} $COUNT {unit:units} of $YEAR",
            "{which:paststretch} {unit:unit}",
        ),
    ),
    ("vague_stretch", ("{which:recentword} {unit:units}", "{which:stretch} {unit:units}")),
    (
        "duration",
        (
            "$COUNT <dash>? more? <extent>? ({unit:units} | {unit_:unit}) (<dash> old)?",
            "(a | an | one) <dash>? <extent>? {unit:unit} half=(and a half)?",
            "half=(half) (a | an) {unit:unit}",
            "(a)? half <dash>? {unit:unit}",
        ),
    ),
    ("rate", ("(a | an | per) {unit:unit}",)),
    (
        "every",
        (
            "(every | each) (other)? {unit:unit}",
            "every $COUNT {unit:units}",
            "(every | each) {weekday:fullweekday} {part:part}?",
            "(every | each) ({month:fullmonth} | {season:season} | {part:part})",
            "{weekday:weekdays}",
        ),
    ),
    ("frequency", ("(daily | weekly | monthly | yearly | hourly | nightly)",)),
    ("year_ended", ("the fiscal? year",)),
    ("bare_units", ("{unit:units}",)),
    (
        "now",
        (
            "now",
            "currently",
            "current",
            "nowadays",
            "at present",
            "at the moment",
            "presently",
            "right now",
            "these days",
        ),
    ),
    ("once", ("recently", "recent", "in the past", "until recently", "lately")),
    (
        "some_day",
        ("soon", "the future", "the near future", "the foreseeable future", "in future", "someday", "a later date"),
    ),
    ("that_time", ("(at) (the | that) time", "at that time", "back then")),
)
