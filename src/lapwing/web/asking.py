"""A page's parameters → a filter, and back into an address. Events, map, dyads and network ask by the same names, which are those
of `lapwing query`.

A form sends every field, also those left empty: an empty one asks for nothing. What a value may be is checked where it is
used (`lapwing.store.conditions`); here are only bounds.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Annotated, Any, Literal, get_args
from urllib.parse import urlencode

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from lapwing.codebook import TYPES
from lapwing.dictionaries.gazetteer import countries as known_countries
from lapwing.records import Status
from lapwing.store import Filter


def _none_where_empty(value: Any) -> Any:
    """
    >>> _none_where_empty("  "), _none_where_empty("RUS")
    (None, 'RUS')
    """
    return None if isinstance(value, str) and not value.strip() else value


def _without_empty(values: Any) -> Any:
    """
    >>> _without_empty(["", "denied"])
    ['denied']
    """
    return [value for value in values if value != ""] if isinstance(values, list) else values


def _known_type(value: str) -> str:
    """
    >>> _known_type("assault")
    'ASSAULT'
    """
    if value.upper() not in TYPES:
        raise ValueError(f"there is no type {value!r}; there are {', '.join(TYPES)}")
    return value.upper()


EventType = Annotated[str, AfterValidator(_known_type), Field(json_schema_extra={"enum": list(TYPES)})]

Words = Annotated[Annotated[str, Field(max_length=200)] | None, BeforeValidator(_none_where_empty)]
Day = Annotated[
    Annotated[str, Field(max_length=10, description="2022-12-19, 2022-12 or 2022.")] | None,
    BeforeValidator(_none_where_empty),
]
Share = Annotated[Annotated[float, Field(ge=0, le=1)] | None, BeforeValidator(_none_where_empty)]
Number = Annotated[Annotated[int, Field(ge=1, le=10_000)] | None, BeforeValidator(_none_where_empty)]


class Asked(BaseModel):
    """Which records are wanted: the fields of `Filter` as an address has them."""

    model_config = ConfigDict(extra="ignore")

    dyad: Words = Field(default=None, description="ACTOR-RECIPIENT by PLOVER's codes: RUS-UKR, RUS/GOV-*.")
    actor: Words = Field(default=None, description="Who acts: RUS, RUS/GOV or /GOV.")
    recipient: Words = Field(default=None, description="Who is acted on.")
    event: Annotated[list[EventType], BeforeValidator(_without_empty)] = Field(
        default=[], description="PLOVER's types.", max_length=16
    )
    mode: Words = Field(default=None, description="A mode of the type.")
    status: Annotated[list[Status], BeforeValidator(_without_empty)] = Field(default=[], max_length=4)
    source: Words = Field(default=None, description="Who says so: a country's code, or part of a name.")
    place: Words = Field(default=None, description="Where: a country's code, or part of a name.")
    outlet: Words = Field(default=None, description="Part of the name of who published it.")
    since: Day = None
    until: Day = None
    text: Words = Field(default=None, description='Words of the article; "a phrase"; -without.')
    confidence: Share = Field(default=None, description="At least so likely to be right.")
    min_sources: Number = Field(default=None, description="Told by so many independent sources at least.")
    values: Literal["judged", "coded"] = Field(
        default="judged", description="With reviewers' corrections, or as coded."
    )

    def filter(self, **more: Any) -> Filter:
        """What is asked for, as a filter; `more` stands instead of what the address says."""
        told = {name: getattr(self, name) for name in FILTERS}
        return Filter(**(told | {"event": tuple(self.event), "status": tuple(self.status)} | more))

    def address(self, path: str, **more: Any) -> str:
        """`path` with these parameters, those in `more` instead of what they are now (None leaves one out).

        >>> Asked(dyad="RUS-UKR", status=["denied"]).address("/events", dyad=None, order="place")
        '/events?status=denied&order=place'
        """
        told = self.model_dump(exclude_defaults=True) | more
        pairs = list(_pairs(told.items()))
        return f"{path}?{urlencode(pairs)}" if pairs else path

    def pairs(self) -> list[tuple[str, str]]:
        """What is asked of records, as hidden fields of another form have it."""
        return list(_pairs(self.model_dump(exclude_defaults=True, include=set(FILTERS)).items()))

    @property
    def sides(self) -> tuple[str | None, str | None]:
        """Who and to whom, as the fields of a form have them.

        >>> Asked(dyad="RUS/GOV-*").sides, Asked(actor="NOR").sides
        (('RUS/GOV', None), ('NOR', None))
        """
        if self.dyad is None:
            return self.actor, self.recipient
        actor, _, recipient = self.dyad.partition("-")
        return (None if actor == "*" else actor), (None if recipient == "*" else recipient)

    @property
    def asks(self) -> bool:
        """Whether anything is asked for at all."""
        return bool(self.model_dump(exclude_defaults=True, include=set(FILTERS) - {"values"}))


STATUSES: tuple[Status, ...] = get_args(Status)

FILTERS = tuple(Asked.model_fields)


def _pairs(values: Iterable[tuple[str, Any]]) -> Iterable[tuple[str, str]]:
    for name, value in values:
        if isinstance(value, list | tuple):
            yield from ((name, str(one)) for one in value)
        elif value is not None:
            yield name, str(value)


OF_NO_COUNTRY = {
    "EUR": "European Union",
    "IGO": "Intergovernmental bodies",
    "IMG": "Transnational armed groups",
    "ISM": "Transnational movements",
    "MNC": "Multinational companies",
    "NGO": "Non-governmental bodies",
    "UNO": "United Nations",
}
"""What PLOVER's codes for what is no country stand for."""


@cache
def countries() -> list[tuple[str, str]]:
    """Codes and names of countries and of what stands in their place, by name: what a field for a side suggests.

    >>> dict(countries())["NOR"], dict(countries())["UNO"]
    ('Norway', 'United Nations')
    """
    named = {code: spot.name for code, spot in known_countries().items()} | OF_NO_COUNTRY
    return sorted(named.items(), key=lambda pair: pair[1])
