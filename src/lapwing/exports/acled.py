"""The 31 columns of ACLED, for acts of violence, protest and what ACLED calls strategic developments.

An ACLED event is made by people who read many reports; this is one report, in ACLED's columns, for tools that expect
them. An act that ACLED has no type for is left out; so is one whose type depends on who stands against whom (a battle, or
violence against civilians) where that is not known. ``actor1`` and ``actor2`` are directed here, which in ACLED they are not.
``fatalities`` is empty where no number is told: nought would be a claim.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO

from lapwing.crosswalks import AcledAct, acled_of, codes_of, sectors
from lapwing.exports.cells import listed, plain_cell
from lapwing.exports.columns import numbers_of, teller_of
from lapwing.exports.csv import csv_writer
from lapwing.exports.days import days_of
from lapwing.exports.dyads import title_of
from lapwing.records import Entity, Event, EventDate, Place

COLUMNS = """
event_id_cnty event_date year time_precision disorder_type event_type sub_event_type actor1 assoc_actor_1 inter1
actor2 assoc_actor_2 inter2 interaction civilian_targeting iso region country admin1 admin2 admin3 location latitude
longitude geo_precision source source_scale notes fatalities tags timestamp
"""

ACLED_COLUMNS = tuple(COLUMNS.split())

DISORDER = {
    "Battles": "Political violence",
    "Explosions/Remote violence": "Political violence",
    "Violence against civilians": "Political violence",
    "Riots": "Demonstrations",
    "Protests": "Demonstrations",
    "Strategic developments": "Strategic developments",
}

TIME = {"day": 1, "week": 2, "month": 3}
"""ACLED knows nothing coarser than a month."""

GEO = {"sub-city": 1, "city": 1, "district": 2, "province": 3}

ARMED = frozenset({"MIL", "REB", "PRM", "COP", "UAF", "SPY"})

CROWD = {"Protests": "Protesters", "Riots": "Rioters"}

TARGETING = "Civilian targeting"


def write_acled(events: Iterable[Event], stream: IO[bytes]) -> int:
    """Write those records that ACLED has a type for, a header first; gives their number."""
    count = 0
    with csv_writer(stream) as rows:
        rows.writerow(ACLED_COLUMNS)
        for event in events:
            if act := _act(event):
                rows.writerow([plain_cell(value) for value in acled_row(event, act)])
                count += 1
    return count


def _act(event: Event) -> AcledAct | None:
    doers, others = event.actors, event.recipients or event.actors[1:]
    armed = _all_armed(doers) and _all_armed(others)
    civilian = bool(event.recipients) and all(_is_civilian(entity) for entity in event.recipients)
    return acled_of(event.event, event.mode, armed=armed, civilian=civilian)


def _all_armed(entities: Iterable[Entity]) -> bool:
    known = [entity.sector for entity in entities]
    return bool(known) and all(sector in ARMED for sector in known)


def _is_civilian(entity: Entity) -> bool:
    codes = sectors().get(entity.sector or "")
    return codes is not None and codes.acled == "Civilians"


def acled_row(event: Event, act: AcledAct) -> list[object]:
    """One row, in the order of the columns."""
    firsts = event.actors
    seconds = event.recipients or (event.actors[1:] if act.sides == "armed" else ())
    if not event.recipients:
        firsts = firsts[: len(firsts) - len(seconds)]
    inter1, inter2 = CROWD.get(act.event_type or "") or _inter(firsts), _inter(seconds)
    civilian = act.event_type == "Violence against civilians"
    numbers = numbers_of(event.magnitude)
    return [
        event.id,
        *_date(event.date),
        DISORDER.get(act.event_type or ""),
        act.event_type,
        act.sub_event_type,
        *_names(firsts),
        inter1,
        *_names(seconds),
        inter2,
        "-".join(filter(None, (inter1, inter2))) or None,
        TARGETING if civilian else None,
        *_place(event.place),
        event.doc.outlet,
        None,
        event.evidence.text,
        numbers.get("dead"),
        _tags(event),
        None,
    ]


def _date(when: EventDate | None) -> list[object]:
    days = days_of(when)
    precision = TIME.get(when.precision) if when else None
    if days is None or precision is None:
        return [None, days[0].year if days and days[0].year == days[1].year else None, None]
    return [days[0].isoformat(), days[0].year, precision]


def _names(entities: tuple[Entity, ...]) -> list[object]:
    names = [title_of(entity) or "" for entity in entities]
    return [names[0] if names else None, "; ".join(names[1:]) or None]


def _inter(entities: tuple[Entity, ...]) -> str | None:
    codes = sectors().get(entities[0].sector or "") if entities else None
    return codes.acled if codes else None


def _place(place: Place | None) -> list[object]:
    if place is None:
        return [None] * 10
    codes = codes_of(place.country)
    kind = place.precision
    return [
        int(codes.numeric) if codes and codes.numeric else None,
        None,
        codes.name if codes else None,
        place.name if kind == "province" else place.adm1,
        place.name if kind == "district" else None,
        None,
        place.name if kind != "country" else None,
        place.lat,
        place.lon,
        GEO.get(kind),
    ]


def _tags(event: Event) -> str:
    """What ACLED has no column for."""
    source = teller_of(event)
    told = (f"status={event.status}", f"attributed to={source}" if source else None)
    return listed((tag for tag in told if tag), separator="; ")
