"""Between PLOVER's codes and those of other data sets: countries, sectors, acts.

Each crosswalk is a CSV file beside this module that someone who does not program can edit; each row names its source.

    countries.csv         PLOVER's country (dependencies folded into their state), ISO 3166, FIPS 10-4, CAMEO, names
    sectors.csv           PLOVER's sector, CAMEO's type, a word, ICEWS's names for it, ACLED's kind of actor
    cameo.csv             CAMEO's code, its label, and PLOVER's type, mode and contexts for it
    plover_to_cameo.csv   the other way: the first row whose mode and context fit an act is taken
    acled.csv             PLOVER's type and mode, and who stand against each other → ACLED's event type

The two directions of CAMEO are two files, because neither is the other read backwards: 276 codes meet 16 types, and an
act's contexts say more than its code. Two of ISO's traps are handled once, here: FIPS 10-4 looks like ISO and is not
(``SU`` is Sudan, ``UP`` Ukraine), and CAMEO keeps retired codes (``ROM``, ``TMP``).

>>> country_of_fips("UP"), country_of_fips("RQ"), country_named("Russian Federation")
('UKR', 'USA', 'RUS')
>>> cameo_of("CONSULT", "visit", ("diplomatic",)), cameo_of("PROTEST", None, ())
('042', '140')
>>> act_of_cameo("1712")
CameoAct(code='1712', label='Destroy property', event='ASSAULT', mode='destroy', contexts=('human_security',))
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import msgspec

from lapwing.errors import KnowledgeError

FOLDER = Path(__file__).parent

SEPARATOR = "|"


class CountryCodes(msgspec.Struct, frozen=True, kw_only=True):
    """A country or territory in the codes of others; None where they have none. `code` is PLOVER's."""

    code: str
    iso3: str | None
    iso2: str | None
    numeric: str | None
    fips: str | None
    cameo: str | None
    name: str
    aliases: tuple[str, ...]


class SectorCodes(msgspec.Struct, frozen=True, kw_only=True):
    """A sector in the codes of others; None where they have none. `word` names it for people."""

    code: str
    cameo: str | None
    word: str | None
    icews: tuple[str, ...]
    acled: str | None


class CameoAct(msgspec.Struct, frozen=True):
    """What a CAMEO code is in PLOVER; `event` is None where PLOVER has no type for it."""

    code: str
    label: str
    event: str | None
    mode: str | None
    contexts: tuple[str, ...]


class AcledAct(msgspec.Struct, frozen=True):
    """What ACLED calls an act; `sides` is ``armed`` (both), ``civilian`` (the other side) or None (it does not matter)."""

    sides: str | None
    event_type: str | None
    sub_event_type: str | None


# ── reading ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _rows(name: str, columns: str, *, key: str) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a file with their line numbers. Raises `KnowledgeError`, naming file and line."""
    wanted = columns.split()
    try:
        text = (FOLDER / name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise KnowledgeError(f"{name}: cannot be read ({error}). Is the installation complete?") from error
    reader = csv.reader(text.splitlines())
    if next(reader, []) != wanted:
        raise KnowledgeError(f"{name}, line 1: the columns must be {','.join(wanted)}")
    for line, cells in enumerate(reader, start=2):
        if len(cells) != len(wanted):
            raise KnowledgeError(f"{name}, line {line}: {len(cells)} cells, {len(wanted)} columns. A comma to quote?")
        row = dict(zip(wanted, cells, strict=True))
        for needed in (key, "source"):
            if not row[needed].strip():
                raise KnowledgeError(f"{name}, line {line}: the column {needed} is empty")
        yield line, row


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in cell.split(SEPARATOR) if item.strip())


@cache
def countries() -> tuple[CountryCodes, ...]:
    """All countries and territories; a country stands before its dependencies."""
    names = "code iso3 iso2 numeric fips cameo name aliases source note"
    return tuple(
        CountryCodes(
            code=row["code"],
            iso3=row["iso3"] or None,
            iso2=row["iso2"] or None,
            numeric=row["numeric"] or None,
            fips=row["fips"] or None,
            cameo=row["cameo"] or None,
            name=row["name"],
            aliases=_listed(row["aliases"]),
        )
        for _, row in _rows("countries.csv", names, key="code")
    )


@cache
def sectors() -> dict[str, SectorCodes]:
    """PLOVER's sectors by their codes."""
    return {
        row["code"]: SectorCodes(
            code=row["code"],
            cameo=row["cameo"] or None,
            word=row["word"] or None,
            icews=_listed(row["icews"]),
            acled=row["acled"] or None,
        )
        for _, row in _rows("sectors.csv", "code cameo word icews acled source note", key="code")
    }


@cache
def cameo_acts() -> dict[str, CameoAct]:
    """CAMEO's codes. Raises `KnowledgeError` for an event type or a code that does not exist."""
    from lapwing.codebook import TYPES

    acts = {}
    for line, row in _rows("cameo.csv", "code label event mode contexts source note", key="code"):
        if row["event"] and row["event"] not in TYPES:
            raise KnowledgeError(f"cameo.csv, line {line}: {row['event']!r} is none of PLOVER's types")
        if not row["code"].isdigit() or not 3 <= len(row["code"]) <= 4 or row["code"] in acts:
            raise KnowledgeError(f"cameo.csv, line {line}: {row['code']!r} is no code of CAMEO, or stands twice")
        acts[row["code"]] = CameoAct(
            row["code"], row["label"], row["event"] or None, row["mode"] or None, _listed(row["contexts"])
        )
    return acts


@cache
def _to_cameo() -> dict[tuple[str, str], tuple[tuple[str, str], ...]]:
    """(type, mode) → the contexts and codes to try, in the file's order; ``""`` is any context."""
    found: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {}
    for line, row in _rows("plover_to_cameo.csv", "event mode context cameo source note", key="event"):
        if row["cameo"] not in cameo_acts():
            raise KnowledgeError(f"plover_to_cameo.csv, line {line}: cameo.csv has no code {row['cameo']!r}")
        key = row["event"], row["mode"]
        found[key] = (*found.get(key, ()), (row["context"], row["cameo"]))
    return found


@cache
def _to_acled() -> dict[tuple[str, str], tuple[AcledAct, ...]]:
    found: dict[tuple[str, str], tuple[AcledAct, ...]] = {}
    names = "event mode sides event_type sub_event_type source note"
    for line, row in _rows("acled.csv", names, key="event"):
        if row["sides"] not in ("", "armed", "civilian"):
            raise KnowledgeError(f"acled.csv, line {line}: sides is armed, civilian or empty, not {row['sides']!r}")
        act = AcledAct(row["sides"] or None, row["event_type"] or None, row["sub_event_type"] or None)
        key = row["event"], row["mode"]
        found[key] = (*found.get(key, ()), act)
    return found


# ── acts ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def cameo_of(event: str, mode: str | None, contexts: Sequence[str]) -> str:
    """CAMEO's code for an act. A mode counts more than a context, and of the contexts the one named first in the file.

    >>> cameo_of("AID", None, ("health", "military")), cameo_of("MOBILIZE", "weapons", ())
    ('072', '150')
    """
    for key in ((event, mode or ""), (event, "")):
        for context, code in _to_cameo().get(key, ()):
            if not context or context in contexts:
                return code
    raise KnowledgeError(
        f"plover_to_cameo.csv has no row for {event}. Each type needs one with neither mode nor context."
    )


def act_of_cameo(code: str) -> CameoAct | None:
    """What a CAMEO code is in PLOVER. Codes are text: ``010`` is not ``10``. A root (``19``) is read as its general code, a
    finer code that the table lacks as the one above it; None for what is no code at all.

    >>> act_of_cameo("19").code, act_of_cameo("0875").code, act_of_cameo("99")
    ('190', '087', None)
    """
    acts = cameo_acts()
    if len(code) == 2:
        return acts.get(code + "0")
    return acts.get(code) or acts.get(code[:3])


@cache
def _cameo_labels() -> dict[str, str]:
    """CAMEO's labels, and those that ICEWS has in their place, in lower case."""
    labels = {act.label.lower(): act.code for act in reversed(cameo_acts().values())}
    for line, row in _rows("icews_labels.csv", "label code source note", key="label"):
        if row["code"] not in cameo_acts():
            raise KnowledgeError(f"icews_labels.csv, line {line}: cameo.csv has no code {row['code']!r}")
        labels[row["label"].lower()] = row["code"]
    return labels


def cameo_code_of(label: str) -> str | None:
    """The code of a label of CAMEO's or ICEWS's, whatever its case; None for what is none.

    >>> cameo_code_of("make a visit"), cameo_code_of("Mediate"), cameo_code_of("Make a film")
    ('042', '045', None)
    """
    return _cameo_labels().get(label.strip().lower())


def quad_of_cameo(code: str) -> int:
    """GDELT's quad class of a CAMEO code, by its root.

    >>> [quad_of_cameo(code) for code in ("042", "080", "1011", "190")]
    [1, 2, 3, 4]
    """
    root = int(code[:2])
    return 1 if root <= 5 else 2 if root <= 8 else 3 if root <= 13 else 4


def acled_of(event: str, mode: str | None, *, armed: bool, civilian: bool) -> AcledAct | None:
    """ACLED's event type for an act, None where it has none. `armed` tells that both sides bear arms, `civilian` that
    those acted on are civilians.

    >>> acled_of("ASSAULT", "firearms", armed=True, civilian=False)
    AcledAct(sides='armed', event_type='Battles', sub_event_type='Armed clash')
    >>> acled_of("CONSULT", "visit", armed=False, civilian=False)
    """
    table = _to_acled()
    acts = table.get((event, mode or "")) or table.get((event, ""), ())
    fits = {None: True, "armed": armed, "civilian": civilian}
    act = next((act for act in acts if fits[act.sides]), None)
    return act if act is not None and act.event_type else None


# ── countries ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@cache
def _by_code() -> dict[str, CountryCodes]:
    first: dict[str, CountryCodes] = {}
    for country in countries():
        if country.iso3 in (country.code, None):
            first.setdefault(country.code, country)
    return first


def codes_of(country: str | None) -> CountryCodes | None:
    """The codes of one of PLOVER's countries, None for what is no country.

    >>> codes_of("KOS").fips, codes_of("UNO")
    ('KV', None)
    """
    return _by_code().get(country) if country else None


@cache
def _by_fips() -> dict[str, str]:
    return {country.fips: country.code for country in countries() if country.fips}


def country_of_fips(fips: str) -> str | None:
    """PLOVER's country for a FIPS 10-4 code."""
    return _by_fips().get(fips)


@cache
def _by_alpha3() -> dict[str, str]:
    found = {country.iso3: country.code for country in countries() if country.iso3}
    found |= {country.code: country.code for country in countries()}
    return found | {country.cameo: country.code for country in countries() if country.cameo}


def country_of_alpha3(code: str) -> str | None:
    """PLOVER's country for an ISO 3166 or CAMEO code of three letters.

    >>> country_of_alpha3("ROM"), country_of_alpha3("PRI"), country_of_alpha3("XXX")
    ('ROU', 'USA', None)
    """
    return _by_alpha3().get(code)


@cache
def _by_name() -> dict[str, str]:
    return {name.casefold(): country.code for country in countries() for name in (country.name, *country.aliases)}


def country_named(name: str) -> str | None:
    """PLOVER's country for a name as data sets write it.

    >>> country_named("Occupied Palestinian Territory"), country_named("Atlantis")
    ('PSE', None)
    """
    return _by_name().get(name.casefold())


@cache
def _sector_of_cameo() -> dict[str, str]:
    found: dict[str, str] = {}
    for sector in sectors().values():
        if sector.cameo:
            found.setdefault(sector.cameo, sector.code)
    return found


def sector_of_cameo(code: str) -> str | None:
    """PLOVER's sector for one of CAMEO's types.

    >>> sector_of_cameo("MED"), sector_of_cameo("HLH"), sector_of_cameo("IGO")
    ('JRN', 'MED', None)
    """
    return _sector_of_cameo().get(code)


@cache
def _sector_of_icews() -> dict[str, str]:
    return {name.casefold(): sector.code for sector in sectors().values() for name in sector.icews}


def sector_of_icews(name: str) -> str | None:
    """PLOVER's sector for one of ICEWS's.

    >>> sector_of_icews("Legislative / Parliamentary"), sector_of_icews("Far Left")
    ('LEG', None)
    """
    return _sector_of_icews().get(name.casefold())
