"""When an article appeared: as it was given, or inferred from the text with the reasoning told.

A wrong date poisons every date in the article ("last Monday"), so the text must *say* when it was written. In this
order:

1. a date line or a dateline with the year is the day;
2. a weekday beside a day and month ("Friday, August 21") fits one year in six; the latest thing the article knows of,
   a landmark event, a year, or the terms of the people whom it gives an office (`tenures`), say which;
3. a landmark and the time since ("ten months of the invasion", "last year's nuclear deal", "the attack in Nice on
   Thursday") give a month or a year.

Nothing is taken that contradicts a later year told of as past, and where two readings differ there is no answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from lapwing.dictionaries.landmarks import Landmark, find_landmarks
from lapwing.document.tenures import Months, month_count, months_in_office
from lapwing.records import Article, Published, PublishedBasis, Span

EARLIEST_YEAR, LATEST_YEAR = 1800, 2100
LEAD = 700
WEEKS_AFTER_LANDMARK = 8
LEAST_MENTIONS = 2
LONGEST_READ = 60_000
"""Characters of the text that are searched for clues."""

MONTHS_WORDS = "january february march april may june july august september october november december"
MONTHS = MONTHS_WORDS.split()
MONTH = (
    r"(?P<month>January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.?"
)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WEEKDAY = r"(?P<weekday>Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
YEAR = r"(?P<year>(?:18|19|20)\d\d)"

ISO = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2})(?:[T ]\d{2}(?::?\d{2}.{0,25})?)?)?)?")
WRITTEN = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?:{WEEKDAY},? )?{MONTH} {DAY},? {YEAR}",
        rf"(?:{WEEKDAY},? )?{DAY}(?: of)? {MONTH},? {YEAR}",
        rf"{MONTH},? {YEAR}",
        r"(?P<year>\d{4})[/.](?P<month>\d{1,2})[/.](?P<day>\d{1,2})",
        r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})",
        r"(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)",
    )
)
CLOCK = r"(?:(?:,| -| –| \|| at)? ?\d{1,2}[:.]\d{2}.{0,20})?"
LABEL = r"(?:(?:first |last )?(?:published|updated|posted|modified|date|issued)(?: on| at)?:? ?)?"
DATE_LINE = tuple(
    re.compile(rf"{LABEL}\(?(?P<date>{pattern})\)?\.?{CLOCK}", re.IGNORECASE)
    for pattern in (
        WRITTEN[0].pattern,
        WRITTEN[1].pattern,
        r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})",
        WRITTEN[4].pattern,
    )
)
CORRECTION = re.compile(
    r"\bcorrect|\brevis|\bamend|misstate|misidentif|misspell|some editions|earlier version|actually", re.IGNORECASE
)
DATE_IN_HEADING = re.compile(r"[-–—|] ?[\w.]{2,15} ?[-–—|] ?(?P<date>\d{1,2}\.\d{1,2}\.(?:19|20)\d\d)\b")
DAY_AND_MONTH = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b{WEEKDAY}(?:,? (?:on )?(?:the )?| \(){MONTH} {DAY}\b\)?(?!,? (?:19|20)\d\d)",
        rf"\b{WEEKDAY}(?:,? (?:on )?(?:the )?| \(){DAY}(?: of)? {MONTH}\b\)?(?!,? (?:19|20)\d\d)",
    )
)
TODAY = tuple(re.compile(rf"\b[Tt]oday \((?:{day})\)") for day in (rf"{MONTH} {DAY}", rf"{DAY} {MONTH}"))
LONGEST_TERM = 60
"""Months: weekdays return to their days after five years at the soonest."""
DATELINE_DAY = (re.compile(rf"{MONTH} {DAY}$"), re.compile(rf"{DAY} {MONTH}$"))

NUMBERS_WORDS = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
eighteen nineteen twenty
"""
NUMBERS = {word: n for n, word in enumerate(NUMBERS_WORDS.split())} | {"a": 1, "an": 1}
ORDINALS_WORDS = """
zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth
fifteenth sixteenth seventeenth eighteenth nineteenth twentieth
"""
ORDINALS = {word: n for n, word in enumerate(ORDINALS_WORDS.split())}
NUMBER = rf"(?P<number>\d{{1,3}}|{'|'.join(sorted(NUMBERS, key=len, reverse=True))})"
ORDINAL = rf"(?P<ordinal>\d{{1,3}}(?:st|nd|rd|th)|{'|'.join(ORDINALS)}|(?P<years>\d{{1,2}}|{'|'.join(NUMBERS)})-year)"
UNIT = r"(?P<unit>day|week|month|year)"
VAGUE = re.compile(r"(?:nearly|almost|more than|over|about|around|some|roughly|at least|less than)\s$", re.IGNORECASE)
ARTICLE = r"(?:the |a |its )?(?:(?:start|beginning|outbreak|launch) of (?:the )?)?"

SINCE_BEFORE = re.compile(rf"\b{NUMBER} {UNIT}s? (?:of|into|since|on from) {ARTICLE}$", re.IGNORECASE)
AGO_AFTER = re.compile(rf"[^.!?]{{0,40}}?\b{NUMBER} {UNIT}s? ago\b", re.IGNORECASE)
AGO_BEFORE = re.compile(rf"\b{NUMBER} {UNIT}s? ago,?[^.!?,]{{0,25}}$", re.IGNORECASE)
IN_ITS_AFTER = re.compile(
    rf"[^.!?]{{0,40}}?\b(?:in|into|enter(?:s|ed|ing)) (?:its|the|their) {ORDINAL} {UNIT}\b", re.IGNORECASE
)
ANNIVERSARY_BEFORE = re.compile(rf"\b{ORDINAL} anniversary of {ARTICLE}$", re.IGNORECASE)
LAST_BEFORE = re.compile(r"\blast (?P<unit>week|month|year)['’]s [^.!?]{0,20}$", re.IGNORECASE)
LAST_AFTER = re.compile(r"[^.!?,]{0,25}?\b(?P<which>last|this) (?P<unit>year)\b(?!['’])", re.IGNORECASE)
WEEKDAY_AFTER = re.compile(rf"[^.!?]{{0,60}}?\b{WEEKDAY}\b(?!,? \w+\.? \d)")
WEEKDAY_BEFORE = re.compile(rf"\b{WEEKDAY}(?: night| morning| evening| afternoon)?(?:['’]s)?[^.!?]{{0,30}}$")
OTHER_TIME = re.compile(r"anniversar|\bago\b|\bsince\b|\byears?\b|\bmonths?\b|(?:19|20)\d\d", re.IGNORECASE)

PAST_YEAR = re.compile(
    r"\b(?:in|since|from|of|on|late|early|mid|after|during|[A-Z][a-z]{2,8}\.?(?: \d{1,2},)?)[ -]"
    r"(?P<year>(?:19|20)\d\d)\b"
)
FUTURE = re.compile(
    r"\b(?:will|would|by|until|through|next|plan\w*|expect\w*|upcoming|scheduled|could|may|ahead|before|goal|target|due"
    r"|forecast\w*|election|campaign|race|bid|presidential|nominee|Olympic\w*|Games|Cup)\b"
)


class Clue(NamedTuple):
    """A date that the text gives for itself, and what says so."""

    value: str
    reason: str
    span: tuple[int, int]


# ── given ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def iso_date(written: str) -> str | None:
    """A date as ISO 8601 at its own precision; None where it is none.

    >>> iso_date("2022-12-19T08:30:00Z"), iso_date("Mon, 19 Dec 2022 08:30:00 +0100"), iso_date("2022-12")
    ('2022-12-19', '2022-12-19', '2022-12')
    >>> iso_date("December 19, 2022"), iso_date("19.12.2022"), iso_date("2022-13-45"), iso_date("soon")
    ('2022-12-19', '2022-12-19', None, None)
    """
    text = written.strip()[:80]
    for pattern in (ISO, *WRITTEN):
        found = pattern.fullmatch(text)
        if found:
            return _value(found)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    return moment.date().isoformat() if EARLIEST_YEAR <= moment.year <= LATEST_YEAR else None


def _value(found: re.Match[str]) -> str | None:
    """The value of a match with groups year, month and day; None where there is no such day."""
    groups = found.groupdict()
    year, month, day = int(groups["year"]), groups.get("month"), groups.get("day")
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        return None
    if not month:
        return f"{year:04}"
    number = int(month) if month.isdigit() else month_number(month)
    if not day:
        return f"{year:04}-{number:02}" if 1 <= number <= 12 else None
    try:
        return date(year, number, int(day)).isoformat()
    except ValueError:
        return None


def month_number(name: str) -> int:
    """The number of a month's English name or of its abbreviation.

    >>> month_number("Sept"), month_number("May")
    (9, 5)
    """
    return next(n for n, month in enumerate(MONTHS, start=1) if month.startswith(name.lower()[:3]))


def find_published(
    article: Article, text: str, *, lines: Sequence[tuple[int, int]], dateline_date: tuple[int, int] | None
) -> Published:
    """When the article appeared.

    `lines` are the ranges of the paragraphs of `text`; `dateline_date` that of the date inside the dateline.
    """
    note = ""
    if article.published and article.published.strip():
        value = iso_date(article.published)
        if value:
            basis: PublishedBasis = article.published_basis or "given"
            return Published(value=value, basis=basis, reason=article.published_reason or f"{basis} with the article")
        note = f"the date given, {article.published.strip()[:40]!r}, is no date; "
    clue = written_date(text, lines, dateline_date)
    clues = [clue] if clue else list(inferred_dates(text[:LONGEST_READ], dateline_date))
    return _agreed(clues, text, note)


def _agreed(clues: Sequence[Clue], text: str, note: str) -> Published:
    """The most precise of the clues, if the others agree with it."""
    if not clues:
        return Published(value=None, basis=None, reason=note + "the text does not say when it was written")
    best = max(clues, key=lambda clue: len(clue.value))
    if any(not best.value.startswith(clue.value) for clue in clues):
        told = "; ".join(dict.fromkeys(f"{clue.value} ({clue.reason})" for clue in clues))
        return Published(value=None, basis=None, reason=f"{note}the text's clues contradict each other: {told}")
    span = Span(*best.span, text[slice(*best.span)])
    return Published(value=best.value, basis="inferred", reason=note + best.reason, span=span)


# ── written in the text ───────────────────────────────────────────────────────────────────────────────────────────────


def written_date(text: str, lines: Sequence[tuple[int, int]], dateline_date: tuple[int, int] | None) -> Clue | None:
    """A date with its year in the dateline, on a line of its own near the top, or after the paper's name.

    At the end it must be labelled ("Published:"), because corrections carry a date there.

    >>> text = "Envoys meet\\nSunday, March 3, 2019\\nThe talks began."
    >>> written_date(text, [(0, 11), (12, 33), (34, 50)], None).value
    '2019-03-03'
    """
    if dateline_date:
        value = iso_date(text[slice(*dateline_date)])
        if value and len(value) == 10:
            return Clue(value, f"the dateline says {text[slice(*dateline_date)]!r}", dateline_date)
    for start, end in (*lines[:6], *lines[-2:]):
        if end - start > 80 or CORRECTION.search(text, max(0, start - 600), start):
            continue
        for pattern in DATE_LINE:
            found = pattern.fullmatch(text, start, end)
            value = _value(found) if found else None
            labelled = bool(found and found.start("date") > start)
            if found and value and (labelled or start <= lines[:6][-1][0]):
                return Clue(value, f"a line of its own says {found['date']!r}", found.span("date"))
    heading = DATE_IN_HEADING.search(text, 0, 300)
    value = iso_date(heading["date"]) if heading else None
    return Clue(value, f"the heading ends in {heading['date']!r}", heading.span("date")) if heading and value else None


# ── inferred ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def inferred_dates(text: str, dateline_date: tuple[int, int] | None) -> Iterator[Clue]:
    """What the text gives away about its own date, less what a later year in it contradicts."""
    found = list(find_landmarks(text))
    known = latest_known_year(text, found)
    recent = fresh_year(text, found) or season_year(text, found, dateline_date)
    clues: list[Clue] = []
    for mark, mention in found:
        clues += landmark_clues(text, mark, mention)
    clues += day_clues(
        text, dateline_date, known if recent is None else max(known or recent, recent), sure=recent is not None
    )
    clues = clues or list(term_clues(text, dateline_date, known))
    yield from (clue for clue in clues if known is None or int(clue.value[:4]) >= known)


def term_clues(text: str, dateline_date: tuple[int, int] | None, known: int | None) -> Iterator[Clue]:
    """What days without a year say, among the months in which all who are given an office held it.

    >>> text = "Secretary of State Rex Tillerson will travel to Ankara on Tuesday (May 16), officials said."
    >>> [clue.value for clue in term_clues(text, None, None)]
    ['2017-05']
    """
    term = months_in_office(text)
    if term is None:
        return
    term = Months(max(term.first, (known or 0) * 12), term.last)
    if not 0 <= term.last - term.first <= LONGEST_TERM:
        return
    because = f"the offices that people have in it fit {_month(term.first)} to {_month(term.last)}"
    found = [*_weekday_clues(text, term, because), *_dateline_clues(text, dateline_date, term, because)]
    years = {int(clue.value[:4]) for clue in found} or set(term.years())
    if len(years) == 1:
        year = years.pop()
        term = Months(max(term.first, year * 12), min(term.last, year * 12 + 11))
        today = (mention for pattern in TODAY for mention in pattern.finditer(text))
        found += [clue for mention in today for clue in _term_clue(mention, None, term, because, months=False)]
    yield from found


def _weekday_clues(text: str, term: Months, because: str) -> Iterator[Clue]:
    for pattern in DAY_AND_MONTH:
        for found in pattern.finditer(text[: LEAD * 2]):
            yield from _term_clue(found, found, term, because, months=True)


def _dateline_clues(text: str, dateline_date: tuple[int, int] | None, term: Months, because: str) -> Iterator[Clue]:
    written = text[slice(*dateline_date)] if dateline_date else ""
    day = next((match for pattern in DATELINE_DAY if (match := pattern.search(written))), None)
    if not day or not dateline_date:
        return
    weekday = re.compile(rf"\b{WEEKDAY}\b").search(text, dateline_date[1], dateline_date[1] + LEAD // 2)
    if weekday:
        clues = _term_clue(day, weekday, term, because, months=False)
        yield from (clue._replace(span=dateline_date) for clue in clues)


def _month(count: int) -> str:
    return f"{count // 12}-{count % 12 + 1:02}"


def _term_clue(
    day: re.Match[str], weekday: re.Match[str] | None, term: Months, because: str, *, months: bool
) -> Iterator[Clue]:
    """The one day of a term that fits a day and month, with its weekday if that is told."""
    fitting = []
    for year in term.years():
        try:
            candidate = date(year, month_number(day["month"]), int(day["day"]))
        except ValueError:
            continue
        named = weekday is None or WEEKDAYS[candidate.weekday()] == weekday["weekday"].lower()
        if named and term.first <= month_count(candidate.isoformat()) <= term.last:
            fitting.append(candidate)
    if len(fitting) == 1 and (not months or 3 < fitting[0].day < 26):
        value = fitting[0].isoformat()
        yield Clue(value[:7] if months else value, f"{day[0]!r} fits {fitting[0].year} alone; {because}", day.span())


def latest_known_year(text: str, found: Sequence[tuple[Landmark, re.Match[str]]]) -> int | None:
    """The latest year that the article tells of as past.

    >>> latest_known_year("He was elected in 2014. The plant will open in 2030.", [])
    2014
    """
    years = [mark.day.year for mark, _ in found if mark.single]
    for year in PAST_YEAR.finditer(text):
        begin = max(text.rfind(mark, 0, year.start()) for mark in (". ", "\n", "? "))
        clause = re.split(r"[.?!]\s|\n", text[year.end() : year.end() + 40], maxsplit=1)[0]
        if not FUTURE.search(text[max(begin, year.start() - 200, 0) : year.start()] + " " + clause):
            years.append(int(year["year"]))
    return max(years, default=None)


def fresh_year(text: str, found: Sequence[tuple[Landmark, re.Match[str]]]) -> int | None:
    """The year of a landmark that is told of by its day and month alone, as people do within the year.

    >>> text = "The envoy spoke of the August 7 bombings of the American embassies in Kenya and Tanzania."
    >>> fresh_year(text, list(find_landmarks(text)))
    1998
    """
    for mark, _ in found:
        month = MONTHS[mark.day.month - 1].capitalize()
        number, no_year = mark.day.day, r"\b(?!,? (?:19|20)\d\d)"
        day = rf"\b(?:{month}|{month[:3]}\.?) {number}{no_year}|\b{number} {month}{no_year}"
        if mark.single and re.search(day, text):
            return mark.day.year
    return None


def season_year(
    text: str, found: Sequence[tuple[Landmark, re.Match[str]]], dateline_date: tuple[int, int] | None
) -> int | None:
    """The year of a landmark in the lead, where the dateline is of the weeks after that landmark's day.

    The weekday has yet to fit (`day_clues`), which an anniversary seldom does.
    """
    written = text[slice(*dateline_date)] if dateline_date else ""
    day = next((match for pattern in DATELINE_DAY if (match := pattern.search(written))), None)
    for mark, mention in found:
        if not day or not mark.single or mention.start() > LEAD:
            continue
        try:
            since = date(mark.day.year, month_number(day["month"]), int(day["day"])) - mark.day
        except ValueError:
            continue
        if 0 <= since.days <= WEEKS_AFTER_LANDMARK * 7:
            return mark.day.year
    return None


def day_clues(text: str, dateline_date: tuple[int, int] | None, known: int | None, *, sure: bool) -> Iterator[Clue]:
    """A day and month whose weekday is told, in the year that fits next to the latest one the article knows of.

    Unless that year is `sure`, it must be told of at least twice: a single old year says nothing of the article's
    own. A dateline's day must then fit that year itself and not the next.
    """
    if known is None or (not sure and len(re.findall(rf"\b{known}\b", text)) < LEAST_MENTIONS):
        return
    if dateline_date:
        written = text[slice(*dateline_date)]
        found = next((match for pattern in DATELINE_DAY if (match := pattern.search(written))), None)
        weekday = re.compile(rf"\b{WEEKDAY}\b").search(text, dateline_date[1], dateline_date[1] + LEAD // 2)
        day = _fitting_day(found, weekday, known)
        if day and found and weekday and (sure or day.year == known):
            reason = (
                f"the dateline says {found[0]!r} and the lead {weekday[0]!r}, which fits {day.year}; {_knows(known)}"
            )
            yield Clue(day.isoformat(), reason, dateline_date)
        return
    for pattern in DAY_AND_MONTH:
        for found in pattern.finditer(text[: LEAD * 2]):
            day = _fitting_day(found, found, known)
            if day and 3 < day.day < 26:
                reason = f"{found[0]!r} fits {day.year}; {_knows(known)}"
                yield Clue(day.isoformat()[:7], reason, found.span())


def _knows(year: int) -> str:
    return f"the latest year that it tells of as past is {year}"


def _fitting_day(day: re.Match[str] | None, weekday: re.Match[str] | None, known: int) -> date | None:
    """The day in the known year or the next whose weekday is the one told."""
    if not day or not weekday:
        return None
    for year in (known, known + 1):
        try:
            candidate = date(year, month_number(day["month"]), int(day["day"]))
        except ValueError:
            continue
        if WEEKDAYS[candidate.weekday()] == weekday["weekday"].lower():
            return candidate
    return None


def landmark_clues(text: str, mark: Landmark, mention: re.Match[str]) -> Iterator[Clue]:
    """What is said around one mention of a landmark about the time since."""
    before = text[max(0, mention.start() - 80) : mention.start()]
    after = text[mention.end() : mention.end() + 100].split("\n", 1)[0]
    before = before.rsplit("\n", 1)[-1]
    for rule in (elapsed, anniversary, last_unit, fresh):
        clue = rule(before, after, mark, mention)
        if clue:
            yield clue
            return


def elapsed(before: str, after: str, mark: Landmark, mention: re.Match[str]) -> Clue | None:
    """ "ten months of the invasion", "the war, now in its tenth month", "two weeks ago"."""
    for pattern, side in ((SINCE_BEFORE, before), (AGO_BEFORE, before), (AGO_AFTER, after), (IN_ITS_AFTER, after)):
        found = pattern.search(side) if side is before else pattern.match(side)
        if not found:
            continue
        vague = bool(VAGUE.search(side[: found.start("unit")][: _number_start(found)]))
        units = _count(found)
        if units is None:
            return None
        told = found[0].strip() + (" " if side is before else "")
        whole = f"{told}{mention[0]}" if side is before else f"{mention[0]}{found[0]}"
        value = _after(mark.day, units, found["unit"].lower(), vague=vague)
        start = mention.start() - (len(before) - found.start()) if side is before else mention.start()
        end = mention.end() if side is before else mention.end() + found.end()
        return Clue(value, f"“{whole}”: the {mark.name} is dated {mark.day}", (start, end)) if value else None
    return None


def _number_start(found: re.Match[str]) -> int:
    groups = found.groupdict()
    return found.start("number") if groups.get("number") else found.start("ordinal")


def _count(found: re.Match[str]) -> int | None:
    """How many units have gone by."""
    groups = found.groupdict()
    if groups.get("number"):
        number = groups["number"].lower()
        return int(number) if number.isdigit() else NUMBERS[number]
    ordinal = ordinal_number(groups["ordinal"])
    return None if ordinal is None else ordinal - 1


def ordinal_number(word: str) -> int | None:
    """The number of an ordinal.

    >>> ordinal_number("tenth"), ordinal_number("3rd"), ordinal_number("two-year")
    (10, 3, 2)
    """
    word = word.lower()
    digits = re.match(r"\d+", word)
    if digits:
        return int(digits[0])
    return ORDINALS.get(word) or NUMBERS.get(word.removesuffix("-year"))


def _after(day: date, units: int, unit: str, *, vague: bool) -> str | None:
    """The month, or the year, that lies so many units after a day.

    >>> _after(date(2022, 2, 24), 10, "month", vague=False), _after(date(2014, 3, 18), 2, "year", vague=False)
    ('2022-12', '2016')
    """
    if unit == "year":
        return f"{day.year + units}" if not vague or 2 <= day.month <= 11 else None
    days = {"day": 1.0, "week": 7.0, "month": 30.44}[unit] * units
    try:
        then = day + timedelta(days=round(days))
    except OverflowError:
        return None
    return f"{then:%Y}" if vague and 2 <= then.month <= 11 else None if vague else f"{then:%Y-%m}"


def anniversary(before: str, after: str, mark: Landmark, mention: re.Match[str]) -> Clue | None:
    """ "the second anniversary of the invasion": some day of that year."""
    found = ANNIVERSARY_BEFORE.search(before)
    years = ordinal_number(found["ordinal"]) if found else None
    if not found or years is None:
        return None
    reason = f"“{found[0]}{mention[0]}”: the {mark.name} is dated {mark.day}"
    return Clue(f"{mark.day.year + years}", reason, (mention.start() - len(found[0]), mention.end()))


def last_unit(before: str, after: str, mark: Landmark, mention: re.Match[str]) -> Clue | None:
    """ "last month's attack in Nice", "the nuclear deal signed last year"."""
    if not mark.single:
        return None
    found = LAST_BEFORE.search(before)
    if found:
        unit, span = found["unit"].lower(), (mention.start() - len(found[0]), mention.end())
        value = last_unit_value(mark.day, unit)
        return Clue(value, f"“{found[0]}{mention[0]}”: the {mark.name} is dated {mark.day}", span) if value else None
    found = LAST_AFTER.match(after)
    if found:
        year = mark.day.year + (1 if found["which"].lower() == "last" else 0)
        span = (mention.start(), mention.end() + found.end())
        return Clue(f"{year}", f"“{mention[0]}{found[0]}”: the {mark.name} is dated {mark.day}", span)
    return None


def last_unit_value(day: date, unit: str) -> str | None:
    """The month or year after that of a day.

    >>> last_unit_value(date(2016, 7, 14), "month"), last_unit_value(date(2016, 7, 14), "year")
    ('2016-08', '2017')
    """
    if unit == "year":
        return f"{day.year + 1}"
    if unit == "month":
        return f"{day.year + day.month // 12}-{day.month % 12 + 1:02}"
    return f"{day:%Y-%m}" if day.day <= 17 else None


def fresh(before: str, after: str, mark: Landmark, mention: re.Match[str]) -> Clue | None:
    """ "the attack in Nice on Thursday": the weekday of the landmark itself, so the article appeared within a week."""
    if not mark.single:
        return None
    found = WEEKDAY_AFTER.match(after) or WEEKDAY_BEFORE.search(before)
    if not found or WEEKDAYS[mark.day.weekday()] != found["weekday"].lower():
        return None
    clause = re.split(r"[.!?]", before)[-1] + mention[0] + re.split(r"[.!?]", after)[0]
    if OTHER_TIME.search(clause):
        return None
    value = f"{mark.day:%Y-%m}" if mark.day.day <= 25 else f"{mark.day:%Y}" if mark.day.month < 12 else None
    reason = (
        f"“{mention[0]}” is told of as of {found['weekday']}; the {mark.name} is dated {mark.day}, a {found['weekday']}"
    )
    return Clue(value, reason, mention.span()) if value else None
