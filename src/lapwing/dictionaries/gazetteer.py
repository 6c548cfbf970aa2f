"""Which places have this name? The gazetteer baked from GeoNames, and the regions that have no point.

170,000 cities and towns with their alternate names are 15 MB of text: too much to parse at every start, and more than
most articles need. So ``gazetteer.zip`` holds them as sorted blocks of tab-separated lines, which anyone can look at
with ``unzip -p``; a look-up finds its block by bisection and unpacks that one alone. Loading takes a few
milliseconds, and what an article does not name is never unpacked.

    index.tsv         block name, first key in it
    names/NNNN        key, then the fields of `Spot`; sorted by key, then by population downwards
    aliases/NNNN      key, then the numbers of lines in ``names`` that are also called so
    divisions.tsv     code of a first-level division ("UKR.07"), its name
    endings.tsv       last part of a web address ("ua"), its country
    countries.tsv     the lines of the countries once more, to have them without a search

``regions.csv`` beside it is written by hand: seas, mountains, borders, disputed territories and regions that are not
divisions. They have countries and a precision but no point, because any point would be false.

A key is `folded`, at build time and at run time by the same function.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
from bisect import bisect_left, bisect_right
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

import msgspec

from lapwing.errors import KnowledgeError

FOLDER = Path(__file__).parent
BLOCK = 512
"""Lines in a block: small enough to unpack in about a tenth of a millisecond."""


def words(text: str) -> frozenset[str]:
    """The words of a table written as running text."""
    return frozenset(text.split())


SpotKind = Literal["country", "division", "district", "city", "continent", "region"]


class Spot(msgspec.Struct, frozen=True):
    """A place of the gazetteer.

    `country` is ISO 3166-1 alpha-3 ("" where there is none or several), `division` and `district` GeoNames' codes
    within the country. `lat` and `lon` are degrees: the point of a city, a representative point of anything larger
    (for distances, never for a record), None for a region. `geonameid` is 0 where the source gives none.
    """

    name: str
    kind: SpotKind
    country: str
    division: str
    district: str
    population: int
    geonameid: int
    lat: float | None
    lon: float | None
    precision: str = ""
    countries: tuple[str, ...] = ()


# ── keys ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

UNDECOMPOSED = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ı": "i", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ə": "e"}
)
SILENT = re.compile(r"['’‘ʻʼ`´ʿʾ.]")
NOT_A_WORD = re.compile(r"[^\w]+|_+")
SHORT_FORMS = {"saint": "st", "sainte": "ste", "mount": "mt", "fort": "ft"}


def folded(name: str) -> str:
    """The key under which a name is looked up: no case, no diacritics, no dots or apostrophes, short forms made equal.

    >>> folded("Saint-Étienne"), folded("St. Louis"), folded("Deir ez-Zor"), folded("Sana'a"), folded("U.S.")
    ('st etienne', 'st louis', 'deir ez zor', 'sanaa', 'us')
    """
    key = name.casefold()
    if not key.isascii():
        key = "".join(c for c in unicodedata.normalize("NFKD", key) if not unicodedata.combining(c))
    words = NOT_A_WORD.sub(" ", SILENT.sub("", key.translate(UNDECOMPOSED))).split()
    return " ".join(SHORT_FORMS.get(word, word) for word in words)


# ── the baked part ────────────────────────────────────────────────────────────────────────────────────────────────────


class Archive(msgspec.Struct, frozen=True):
    """The opened archive: the first key of each block of ``names`` and ``aliases``, and the names of the divisions."""

    zip: zipfile.ZipFile
    names: tuple[str, ...]
    aliases: tuple[str, ...]
    divisions: dict[str, str]
    endings: dict[str, str]


@cache
def archive(folder: Path = FOLDER) -> Archive:
    """The gazetteer's archive, opened once, held in memory. Raises `KnowledgeError` where it is missing or damaged."""
    path = folder / "gazetteer.zip"
    try:
        opened = zipfile.ZipFile(io.BytesIO(path.read_bytes()))
        index = opened.read("index.tsv").decode().splitlines()
        divisions, endings = (
            dict(line.split("\t") for line in opened.read(member).decode().splitlines())
            for member in ("divisions.tsv", "endings.tsv")
        )
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise KnowledgeError(f"{path.name}: cannot be read ({error}). Is the installation complete?") from error
    firsts = [line.split("\t") for line in index]
    return Archive(
        zip=opened,
        names=tuple(key for block, key in firsts if block.startswith("names/")),
        aliases=tuple(key for block, key in firsts if block.startswith("aliases/")),
        divisions=divisions,
        endings=endings,
    )


@lru_cache(maxsize=512)
def block_lines(table: str, number: int) -> tuple[str, ...]:
    """The lines of one block of the archive."""
    return tuple(archive().zip.read(f"{table}/{number:04d}").decode().split("\n"))


def lines_of(table: str, firsts: tuple[str, ...], key: str) -> list[str]:
    """The lines of a table that stand under a key, without the key.

    A tab sorts before every character of a key, so the lines of a key stand together where bisection puts the key. They
    may begin in the block before the one that starts with it.
    """
    start = key + "\t"
    found: list[str] = []
    for number in range(max(bisect_left(firsts, key) - 1, 0), bisect_right(firsts, key)):
        lines = block_lines(table, number)
        for line in lines[bisect_left(lines, start) :]:
            if not line.startswith(start):
                break
            found.append(line[len(start) :])
    return found


def spot_of(line: str) -> Spot:
    """A line of ``names``, without its key, as a place."""
    name, kind, country, division, district, population, geonameid, lat, lon = line.split("\t")
    return Spot(
        name=name,
        kind=kind,  # type: ignore[arg-type]
        country=country,
        division=division,
        district=district,
        population=int(population or 0),
        geonameid=int(geonameid or 0),
        lat=float(lat) if lat else None,
        lon=float(lon) if lon else None,
    )


def numbered_spot(number: int) -> Spot:
    """The place on a line of ``names``, counted through all blocks."""
    line = block_lines("names", number // BLOCK)[number % BLOCK]
    return spot_of(line.partition("\t")[2])


@lru_cache(maxsize=4096)
def spots_named(name: str) -> tuple[Spot, ...]:
    """The places that have this name or alternate name, those with the name itself first, then by population.

    A name shows a capital somewhere: "us" is no place.

    >>> {spot.country for spot in spots_named("Tbilisi")}
    {'GEO'}
    >>> spots_named("Xyzzyville")
    ()
    """
    key = folded(name)
    if not key or not any(c.isupper() for c in name):
        return ()
    opened = archive()
    named = [spot_of(line) for line in lines_of("names", opened.names, key)]
    also = [int(number) for line in lines_of("aliases", opened.aliases, key) for number in line.split(" ")]
    return (*regions().get(key, ()), *named, *(numbered_spot(number) for number in also))


def division_name(country: str, division: str) -> str | None:
    """The English name of a first-level division.

    >>> division_name("UKR", "07")
    'Kharkiv'
    """
    return archive().divisions.get(f"{country}.{division}")


@cache
def countries() -> dict[str, Spot]:
    """Every country by its code.

    >>> countries()["BLR"].name
    'Belarus'
    """
    spots = (spot_of(line) for line in archive().zip.read("countries.tsv").decode().splitlines())
    return {spot.country: spot for spot in spots}


def country_of_ending(ending: str) -> str | None:
    """The country of the last part of a web address.

    >>> country_of_ending("uk"), country_of_ending("ca"), country_of_ending("com")
    ('GBR', 'CAN', None)
    """
    return archive().endings.get(ending)


# ── the part written by hand ──────────────────────────────────────────────────────────────────────────────────────────

REGION_COLUMNS = ("name", "aliases", "kind", "country", "countries", "precision", "source")
REGION_KINDS = words(
    """
    sea strait river lake island mountains desert peninsula border region territory continent canal site
    """
)
REGION_PRECISIONS = frozenset({"province", "country"})


@cache
def regions(folder: Path = FOLDER) -> dict[str, tuple[Spot, ...]]:
    """The rows of ``regions.csv`` by the keys of their names. Raises `KnowledgeError`, naming file and line."""
    found: dict[str, tuple[Spot, ...]] = {}
    with (folder / "regions.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        if tuple(next(reader, ())) != REGION_COLUMNS:
            raise KnowledgeError(f"regions.csv, line 1: the columns must be {','.join(REGION_COLUMNS)}")
        for line, cells in enumerate(reader, start=2):
            spot, aliases = region_of(cells, line)
            for key in dict.fromkeys(folded(alias) for alias in (spot.name, *aliases)):
                found[key] = (*found.get(key, ()), spot)
    return found


def region_of(cells: list[str], line: int) -> tuple[Spot, tuple[str, ...]]:
    """A checked row of ``regions.csv`` and its aliases."""
    if len(cells) != len(REGION_COLUMNS):
        raise KnowledgeError(f"regions.csv, line {line}: {len(cells)} cells, {len(REGION_COLUMNS)} columns")
    name, aliases, kind, country, countries, precision, source = cells
    if not name or kind not in REGION_KINDS or precision not in REGION_PRECISIONS or not source:
        raise KnowledgeError(f"regions.csv, line {line}: needs a name, a known kind and precision, and a source")
    codes = tuple(countries.split("|")) if countries else ()
    if any(len(code) != 3 or not code.isupper() for code in (*codes, *((country,) if country else ()))):
        raise KnowledgeError(f"regions.csv, line {line}: countries are three capital letters, with | between them")
    spot = Spot(
        name=name,
        kind="region",
        country=country,
        division="",
        district="",
        population=0,
        geonameid=0,
        lat=None,
        lon=None,
        precision=precision,
        countries=codes,
    )
    return spot, tuple(alias for alias in aliases.split("|") if alias)
