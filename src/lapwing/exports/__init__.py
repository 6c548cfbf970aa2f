"""Records → files: Lapwing's own formats, and those of other event data.

One file holds one format; what it takes and gives is the same everywhere: records in, bytes out, one by one, keeping none.
`EXPORTERS` names them all, with what each loses; `write_events` writes any of them and tells what was lost.

>>> import io
>>> write_events([], io.BytesIO(), format="gdelt", tell=print)
gdelt holds no status, source or spans: what it says looks like plain fact.
0
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Literal

from lapwing.crosswalks.columns import GDELT_COLUMNS, ICEWS_COLUMNS, POLECAT_COLUMNS
from lapwing.exports.acled import write_acled
from lapwing.exports.cells import FORMULA_STARTS, LIST_SEPARATOR, neutral
from lapwing.exports.columns import COLUMNS, record_of, row_of
from lapwing.exports.csv import read_csv_rows, write_csv
from lapwing.exports.exporter import Exporter, LossWarning, WithEvents, Writer
from lapwing.exports.files import new_file
from lapwing.exports.followthemoney import write_followthemoney, write_ftm_entities
from lapwing.exports.gdelt import write_gdelt
from lapwing.exports.geojson import write_geojson
from lapwing.exports.gold import gold_of, write_gold
from lapwing.exports.graphml import write_graphml
from lapwing.exports.icews import write_icews
from lapwing.exports.jsonl import json_line, read_jsonl, write_jsonl
from lapwing.exports.parquet import read_parquet_rows, write_parquet
from lapwing.exports.plover import write_plover
from lapwing.exports.polecat import write_polecat
from lapwing.exports.stix import write_stix
from lapwing.exports.tables import TABLE_FORMATS, write_table
from lapwing.records import Event

__all__ = [
    "COLUMNS",
    "EXPORTERS",
    "FORMATS",
    "FORMULA_STARTS",
    "GDELT_COLUMNS",
    "ICEWS_COLUMNS",
    "LIST_SEPARATOR",
    "POLECAT_COLUMNS",
    "TABLE_FORMATS",
    "Exporter",
    "Format",
    "LossWarning",
    "WithEvents",
    "Writer",
    "format_of",
    "gold_of",
    "json_line",
    "neutral",
    "new_file",
    "read_csv_rows",
    "read_jsonl",
    "read_parquet_rows",
    "record_of",
    "row_of",
    "write_csv",
    "write_events",
    "write_gold",
    "write_jsonl",
    "write_parquet",
    "write_records",
    "write_table",
]

Format = Literal[
    "jsonl",
    "csv",
    "parquet",
    "plover",
    "polecat",
    "gdelt",
    "icews",
    "acled",
    "geojson",
    "followthemoney",
    "ftm-entities",
    "stix",
    "graphml",
]

NO_STATUS = "status, source or spans: what it says looks like plain fact"

FLAT = "`why`; the offsets of actors, recipients, date, place and source; further sectors, offices, Wikidata ids"

EXPORTERS: dict[Format, Exporter] = {
    "jsonl": Exporter(
        name="jsonl",
        write=write_jsonl,
        what="the record of the reference, one a line",
        loses="nothing",
        suffix="jsonl",
    ),
    "csv": Exporter(
        name="csv",
        write=write_csv,
        what="one row a record, lists joined by a bar",
        loses=FLAT,
        suffix="csv",
    ),
    "parquet": Exporter(
        name="parquet",
        write=write_parquet,
        what="one row a record, lists as lists",
        loses=FLAT,
        suffix="parquet",
        binary=True,
    ),
    "plover": Exporter(
        name="plover",
        write=write_plover,
        what="PLOVER's JSON (manual of 2024-02), one record a line",
        loses="`why`; the precision of a date (a month becomes its first and last day, and `comment` says so). Status is "
        "an auxiliary mode; source and spans stand under `lapwing`, which is not PLOVER's",
    ),
    "polecat": Exporter(
        name="polecat",
        write=write_polecat,
        what="POLECAT's 40 columns, tab-separated, a row for each actor and recipient",
        loses="status, source, relay, spans, the sentence, confidence; dates that are no day; magnitudes. COW codes, "
        "Wikipedia titles and the story's people, organisations and places are empty (`Wikipedia … ID` holds Wikidata's)",
        lacks=NO_STATUS,
        status=False,
    ),
    "gdelt": Exporter(
        name="gdelt",
        write=write_gdelt,
        what="GDELT 2.0's 61 columns, tab-separated, no header, a row for each actor and recipient",
        loses="status, source, relay, spans, the sentence, confidence; magnitudes; PLOVER's modes and contexts where CAMEO has "
        "no code for them. Tone, the places of actors, first-level codes and feature ids are empty; `GoldsteinScale` holds "
        "PLOVER's score; the three counts are 1",
        lacks=NO_STATUS,
        status=False,
    ),
    "icews": Exporter(
        name="icews",
        write=write_icews,
        what="ICEWS's 20 columns, tab-separated, a row for each actor and recipient",
        loses="as `gdelt`, and dates that are no day; the sentence's number is empty; `Intensity` holds PLOVER's score",
        lacks=NO_STATUS,
        status=False,
    ),
    "acled": Exporter(
        name="acled",
        write=write_acled,
        what="ACLED's 31 columns, one row a record",
        loses="type and mode (ACLED's types are fewer), who acts on whom where several do, spans, confidence; dates coarser than a "
        "month. Status and source stand in `tags`, which its readers seldom look at",
        lacks="status: what it says looks like plain fact, but for `tags`",
        status=False,
        leaves_out="acts that ACLED has no type for, or whose type depends on a side that is not known",
    ),
    "geojson": Exporter(
        name="geojson",
        write=write_geojson,
        what="a feature collection, one feature a record; no point for a place known only as a country",
        loses="`why`; all offsets; offices and Wikidata ids; which actor a magnitude is of",
        suffix="geojson",
    ),
    "followthemoney": Exporter(
        name="followthemoney",
        write=write_followthemoney,
        what="FollowTheMoney's statements, one a line; `origin` is who says so",
        loses="status, but for words in `name`, `summary` and `description`; spans; modes as data; points; magnitudes; who is actor and "
        "who recipient (actors are also `organizer`)",
        lacks="status as data, and no spans: an act that was denied would stand among the facts",
        status=False,
    ),
    "ftm-entities": Exporter(
        name="ftm-entities",
        write=write_ftm_entities,
        what="FollowTheMoney's entities, one a line",
        loses="as `followthemoney`, and who says so, but for the words of `description`",
        lacks="status and source as data, and no spans: an act that was denied would stand among the facts",
        status=False,
    ),
    "stix": Exporter(
        name="stix",
        write=write_stix,
        what="a STIX 2.1 bundle: incidents, identities, locations, relationships, and notes for who says so",
        loses="spans; the date as data (it is a label: STIX's incident has no date yet); scores; magnitudes. Status is a label",
        lacks="status as data, and no spans: an incident counts as one that happened",
        status=False,
    ),
    "graphml": Exporter(
        name="graphml",
        write=write_graphml,
        what="a directed graph: nodes are actors, edges are acts, with status and source on them",
        loses="all offsets; points; magnitudes; offices and Wikidata ids",
        leaves_out="acts of one party alone",
        suffix="graphml",
    ),
}
"""All formats by name; the order is the documentation's."""

FORMATS: tuple[Format, ...] = tuple(EXPORTERS)

UNREALISED = ("expected", "hypothetical", "denied")


def write_events(
    events: Iterable[Event],
    stream: IO[bytes],
    *,
    format: Format,
    all_statuses: bool = False,
    tell: Callable[[str], None] | None = None,
) -> int:
    """Write records in `format`; gives the number of those written.

    Where a format cannot say that an act is only expected, hypothetical or denied, such acts are left out, unless
    `all_statuses` asks for them. What the format lacks and what was left out goes to `tell`, in at most three sentences,
    when all is written; without it that is a `LossWarning`.
    """
    exporter = EXPORTERS[format]
    seen: Counter[str] = Counter()
    kept = _counted(events, seen, all_statuses=all_statuses or exporter.status)
    count = exporter.write(kept, stream)
    for message in _messages(exporter, seen, count, all_statuses=all_statuses):
        if tell is not None:
            tell(message)
        else:
            warnings.warn(message, LossWarning, stacklevel=2)
    return count


def write_records(
    documents: Iterable[WithEvents],
    stream: IO[bytes],
    *,
    format: Format,
    all_statuses: bool = False,
    tell: Callable[[str], None] | None = None,
) -> int:
    """Write the records of `documents` as `write_events` does."""
    events = (event for document in documents for event in document.events)
    return write_events(events, stream, format=format, all_statuses=all_statuses, tell=tell)


def _counted(events: Iterable[Event], seen: Counter[str], *, all_statuses: bool) -> Iterator[Event]:
    for event in events:
        seen[event.status] += 1
        if all_statuses or event.status == "happened":
            yield event


def _messages(exporter: Exporter, seen: Counter[str], count: int, *, all_statuses: bool) -> Iterator[str]:
    """What is to be told of an export, in sentences."""
    if exporter.lacks:
        yield f"{exporter.name} holds no {exporter.lacks}."
    unrealised = 0
    if not exporter.status:
        unrealised = sum(seen[status] for status in UNREALISED)
        told = ", ".join(f"{seen[status]:,} {status}" for status in UNREALISED if seen[status])
        if told:
            done = "written all the same" if all_statuses else "left out (--all-statuses writes them)"
            yield f"Acts that are not told as having happened were {done}: {told}."
    if rest := seen.total() - count - (0 if all_statuses else unrealised):
        yield f"{rest:,} more records were left out: {exporter.leaves_out}."


def format_of(path: str) -> Format | None:
    """The format that a file's name asks for.

    >>> format_of("out/events.csv"), format_of("map.geojson"), format_of("events.txt")
    ('csv', 'geojson', None)
    """
    suffix = Path(path).suffix.lower().lstrip(".")
    return next((name for name, exporter in EXPORTERS.items() if suffix and exporter.suffix == suffix), None)
