"""Where is an act? The places of the article that `places.choice` weighs, as a record's place with its reasons.

The chosen name keeps the precision that it has: a town gets a point, "near", a border, a part or a country gets none. Where
nothing in the article tells, the place is None, and the reason says so.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from lapwing.dictionaries.gazetteer import Spot, division_name, folded, words
from lapwing.dictionaries.gazetteer import countries as gazetteer_countries
from lapwing.places.choice import Candidate, article_of, choose
from lapwing.places.outlets import country_of_outlet
from lapwing.places.resolution import Resolution, country_words, resolve_places
from lapwing.places.sites import Site, find_sites
from lapwing.records import (
    Actor,
    Analysis,
    Document,
    Frame,
    Mention,
    Place,
    PlacePrecision,
    Placing,
    Reason,
    Span,
)

NO_PLACE = "nothing in the article says where this act is"
NEAR = words("near around outside off beyond opposite along")


# ── the stage ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def place_events(
    document: Document,
    analysis: Analysis,
    actors: Sequence[Actor],
    mentions: Sequence[Mention],
    frames: Sequence[Frame],
) -> tuple[Placing, ...]:
    """Where each act was or is to be, parallel to `frames`; ``place`` is None, with the reason, where nothing tells."""
    outlet = country_of_outlet(name=document.outlet, url=document.url)
    sites = find_sites(document, analysis, actors, mentions, outlet)
    written = written_at(document, outlet)
    article = article_of(analysis, sites, written.spot.country if written and written.spot else "")
    sides = [(countries_of(frame.actors, actors), countries_of(frame.recipients, actors)) for frame in frames]
    chosen = choose(article, frames, [(frozenset(by), frozenset(to)) for by, to in sides])
    return tuple(placing(*found, written, (*by, *to)) for found, (by, to) in zip(chosen, sides, strict=True))


def written_at(document: Document, outlet: str | None) -> Resolution | None:
    """The dateline's city, where it is known."""
    if document.dateline_place is None:
        return None
    (found,) = resolve_places(document.text, (document.dateline_place,), outlet_country=outlet)
    return found if found.spot is not None else None


def countries_of(chosen: Sequence[int], actors: Sequence[Actor]) -> tuple[str, ...]:
    """The countries of some actors, each once."""
    codes = (actors[k].entity.country for k in chosen if k < len(actors))
    return tuple(dict.fromkeys(code for code in codes if code in gazetteer_countries()))


def placing(choice: Candidate | None, chance: float, written: Resolution | None, parties: tuple[str, ...]) -> Placing:
    """A choice as a place with its reasons."""
    if choice is None:
        return Placing(
            place=None, reasons=(Reason(field="place", by="rule+head", because=NO_PLACE, score=round(chance, 3)),)
        )
    reason = Reason(field="place", by="rule+head", because=choice.because, score=round(chance, 3))
    if choice.site is not None:
        place, resolution = place_of(choice.site, parties), choice.site.resolution
    else:
        assert written is not None
        assert written.spot is not None
        place, resolution = named_place(written, written.spot, written.span), written
    return Placing(place=place, reasons=(reason, Reason(field="place", by="gazetteer", because=resolution.because)))


# ── the place as a record ─────────────────────────────────────────────────────────────────────────────────────────────


def place_of(site: Site, parties: tuple[str, ...]) -> Place | None:
    """A site as a record's place; None where the name is unknown."""
    spot = site.resolution.spot
    if spot is None:
        return None
    span = site.resolution.span
    if site.border:
        return border_place(site, spot, span, parties)
    if site.around or site.case.split(" ")[0] in NEAR:
        return near_place(site, spot, span)
    return named_place(site.resolution, spot, span)


def named_place(resolution: Resolution, spot: Spot, span: Span) -> Place:
    """A place as it is named. Only a town gets a point; a part of a country is like a province."""
    precision = precision_of(spot, resolution.part)
    city = precision == "city"
    part = resolution.part if resolution.part and not city else ""
    return Place(
        name=f"{part} {spot.name}".strip(),
        country=sovereign(spot.country),
        adm1=division_name(spot.country, spot.division) if spot.division else None,
        lat=spot.lat if city else None,
        lon=spot.lon if city else None,
        geonameid=spot.geonameid or None if not part else None,
        precision=precision,
        span=span,
    )


def sovereign(country: str) -> str | None:
    """The code that PLOVER has for a country: dependencies fold into their state, Hong Kong and Palestine do not.

    >>> sovereign("NCL"), sovereign("HKG"), sovereign("UKR"), sovereign("")
    ('FRA', 'HKG', 'UKR', None)
    """
    named = gazetteer_countries().get(country)
    return (country_words()[0].get(folded(named.name)) if named else None) or country or None


def precision_of(spot: Spot, part: str) -> PlacePrecision:
    """How precisely a place is known.

    >>> from lapwing.dictionaries.gazetteer import spots_named
    >>> ukraine, = [s for s in spots_named("Ukraine") if s.kind == "country"]
    >>> precision_of(ukraine, ""), precision_of(ukraine, "eastern")
    ('country', 'province')
    """
    if spot.kind == "country":
        return "province" if part else "country"
    if spot.kind == "division":
        return "province"
    if spot.kind in ("region", "continent"):
        return "province" if spot.precision == "province" else "country"
    return "district" if spot.kind == "district" else "city"


def near_place(site: Site, spot: Spot, span: Span) -> Place:
    """Somewhere near or around a place: its district or country, no point."""
    plain = named_place(site.resolution, spot, span)
    if spot.kind != "city" or site.case.split(" ")[0] == "around":
        return plain
    return msgspec.structs.replace(plain, lat=None, lon=None, geonameid=None, precision="district")


def border_place(site: Site, spot: Spot, span: Span, parties: tuple[str, ...]) -> Place:
    """A border of a country. On which side is told only where exactly one other country is party to the act."""
    others = tuple(dict.fromkeys(code for code in parties if code != spot.country and code in gazetteer_countries()))
    name = (
        f"border of {spot.name}"
        if len(others) != 1
        else f"border of {gazetteer_countries()[others[0]].name} and {spot.name}"
    )
    return Place(
        name=name,
        country=others[0] if len(others) == 1 else None,
        adm1=None,
        lat=None,
        lon=None,
        geonameid=None,
        precision="country",
        span=span,
    )
