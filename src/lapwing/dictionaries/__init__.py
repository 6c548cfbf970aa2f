"""Who and where: countries, leaders with their dates, organisations, armed groups, parties, outlets, role nouns.

The knowledge is in the CSV files beside this module, which someone who does not program can edit; each row names its
source. This module reads them, checks every row (a `KnowledgeError` names file and line) and answers two questions:

*What may these words be?* An alias is looked up in a normal form (no case, no diacritics, no "the", no dots, hyphens
as spaces), so that "Kraków", "al-Qaida" and "U.S." need one entry each. The form alone would take "us" for the United
States and "who" for the World Health Organization; each alias therefore also says which capitals the text must show.

*Who was it then?* Leaders, groups and parties carry the dates from which and to which a row holds, because an office is
held by someone else later, and rebels come to govern.

Reading and checking the CSV files takes a quarter of a second. So ``python -m lapwing.dictionaries`` bakes them into
``baked.msgpack``, which loads in a few hundredths; it holds the digest of the files that it was made from, and wherever that
differs from the files beside it, the files are read instead. An edit therefore counts at once, baked or not.
"""

from __future__ import annotations

import csv
import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec

from lapwing.errors import KnowledgeError

FOLDER = Path(__file__).parent

CODES = "COP GOV JUD LEG MIL PRM PTY REB SPY UAF UNK AGR BUS CRM CVL EDU ELI JRN LAB MED REF OPP PRE REL SOC"
SECTORS = frozenset(CODES.split(" "))
"""PLOVER's sector codes."""

SUPRANATIONAL = frozenset({"UNO", "EUR", "IGO", "NGO", "ISM", "IMG", "MNC"})
"""PLOVER's codes for what is no country."""

WORDS_IN_LOWER_CASE = """
chad china guinea japan jordan male mali polish turkey turkeys lima victoria kingston castries hamilton wellington sucre
pole poles finn finns dane danes scot scots brit brits niger dominica monaco georgia sofia
"""
AMBIGUOUS_IN_LOWER_CASE = frozenset(WORDS_IN_LOWER_CASE.split())
"""Country words that are also English words (or names) when they stand without a capital."""

WORDS_IN_CAPITALS = frozenset(
    [
        "us",
        "is",
        "who",
        "it",
        "aid",
        "ice",
        "can",
        "map",
        "tap",
        "ana",
        "pan",
        "mas",
        "spa",
        "raw",
        "ram",
        "pace",
        "care",
        "most",
        "house",
        "guardian",
        "times",
        "post",
        "sun",
        "independent",
        "mirror",
        "reform",
        "commons",
        "chamber",
        "quartet",
    ]
)
"""Names that are also words: in a sentence all in capitals they are taken for the words."""

Kind = Literal[
    "country",
    "demonym",
    "ethnic",
    "capital",
    "city",
    "metonym",
    "leader",
    "organisation",
    "group",
    "party",
    "person",
    "outlet",
]
Case = Literal["any", "capital", "upper"]


# ── rows ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


class Country(msgspec.Struct, frozen=True, kw_only=True):
    """A row of ``countries.csv``: `code` is PLOVER's; `metonyms` pairs a seat of power with its sector."""

    code: str
    name: str
    kind: str
    sector: str
    aliases: tuple[str, ...]
    demonyms: tuple[str, ...]
    capital: tuple[str, ...]
    metonyms: tuple[tuple[str, str], ...]
    major_cities: tuple[str, ...]
    ethnic: tuple[str, ...]
    source: str
    note: str


class Leader(msgspec.Struct, frozen=True, kw_only=True):
    """A row of ``leaders.csv``: who held which office from when to when (ISO dates, "" for open)."""

    name: str
    aliases: tuple[str, ...]
    country: str
    office: str
    sector: str
    start: str
    end: str
    gender: str
    wikidata: str
    source: str


class Body(msgspec.Struct, frozen=True, kw_only=True):
    """A row of ``organisations.csv``, ``groups.csv``, ``parties.csv`` or ``people.csv``.

    `country` is PLOVER's code of the country or kind of body; `sectors` are further sectors. `start` and `end` say
    when the row holds; a body whose standing changed has several rows.
    """

    name: str
    aliases: tuple[str, ...]
    country: str
    sector: str
    sectors: tuple[str, ...]
    kind: str
    start: str
    end: str
    source: str


class Outlet(msgspec.Struct, frozen=True, kw_only=True):
    """A row of ``outlets.csv``: `kind` is agency, newspaper, broadcaster or site."""

    name: str
    aliases: tuple[str, ...]
    country: str
    kind: str
    source: str


class Role(msgspec.Struct, frozen=True, kw_only=True):
    """A row of ``roles.csv``: a noun for someone who acts.

    `kind` is ``office`` (one person in one post), ``person`` (someone with that part), ``force`` and ``people`` (many),
    ``body`` (an institution), ``title`` (before a name) or ``modifier`` ("congressional"). `scope` holds ``article`` where
    an unmarked use ("the ministry") means that of the article's country, and ``body`` where the sector is rather that of
    the body named with it ("a Hamas spokesman"). `gender` is m, f or empty; `offices` are the values of `Leader.office`
    that the noun can stand for.
    """

    noun: str
    plural: str
    kind: str
    sector: str
    scope: tuple[str, ...]
    gender: str
    offices: tuple[str, ...]
    source: str


Row = Country | Leader | Body | Outlet
AnyRow = TypeVar("AnyRow", Country, Leader, Body, Outlet, Role)


class Sense(msgspec.Struct, frozen=True):
    """One thing that an alias may stand for. `sector` is the metonym's own; `case` says which capitals it needs."""

    alias: str
    kind: Kind
    row: Row
    case: Case
    sector: str = ""


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """A sense as the index holds it: `row` counts through the rows of the table that `kind` belongs to."""

    alias: str
    kind: Kind
    row: int
    case: Case
    sector: str


class Match(msgspec.Struct, frozen=True):
    """Tokens ``start`` … ``end`` − 1 of a sequence are an alias of each of `senses`."""

    start: int
    end: int
    senses: tuple[Sense, ...]


class Dictionaries(msgspec.Struct, frozen=True, kw_only=True):
    """All rows, and the index from an alias's normal form to its senses.

    `lengths` gives for the first word of each alias the numbers of words that aliases with that beginning have. `digest` is
    that of the files.
    """

    digest: str

    countries: tuple[Country, ...]
    leaders: tuple[Leader, ...]
    organisations: tuple[Body, ...]
    groups: tuple[Body, ...]
    parties: tuple[Body, ...]
    people: tuple[Body, ...]
    outlets: tuple[Outlet, ...]
    roles: dict[str, Role]
    index: dict[str, tuple[Entry, ...]]
    lengths: dict[str, tuple[int, ...]]


TABLES: dict[str, str] = {
    **dict.fromkeys(("country", "demonym", "ethnic", "capital", "city", "metonym"), "countries"),
    "leader": "leaders",
    "organisation": "organisations",
    "group": "groups",
    "party": "parties",
    "person": "people",
    "outlet": "outlets",
}
"""The table that a kind of sense has its rows in."""


# ── normal forms ──────────────────────────────────────────────────────────────────────────────────────────────────────

UNDECOMPOSED = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ı": "i", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ə": "e"}
    | {".": None, "&": " and "}
)
NOT_A_WORD = re.compile(r"[^\w]+|_+")


def normalised(text: str) -> str:
    """The form under which a name is looked up.

    >>> normalised("the U.S."), normalised("Al-Qa'ida"), normalised("São Tomé & Príncipe")
    ('us', 'al qa ida', 'sao tome and principe')
    >>> normalised("The"), normalised("…")
    ('the', '')
    """
    form = plain_words(text)
    return form[4:] if form.startswith("the ") else form


def plain_words(text: str) -> str:
    """`normalised` without dropping a leading "the".

    >>> plain_words("The Hague")
    'the hague'
    """
    return short_words(text) if len(text) <= LONGEST_CACHED else long_words(text)


LONGEST_CACHED = 80


@lru_cache(maxsize=65536)
def short_words(text: str) -> str:
    """`plain_words` of a text short enough to remember."""
    return long_words(text)


def long_words(text: str) -> str:
    """`plain_words`, computed."""
    form = text.casefold()
    if not form.isascii():
        form = "".join(c for c in unicodedata.normalize("NFKD", form) if not unicodedata.combining(c))
    return NOT_A_WORD.sub(" ", form.translate(UNDECOMPOSED)).strip()


def needed_case(alias: str, kind: Kind) -> Case:
    """How much of an alias's capitals the text must show.

    >>> needed_case("WHO", "organisation"), needed_case("NATO", "organisation"), needed_case("Amnesty", "organisation")
    ('upper', 'upper', 'capital')
    >>> needed_case("Russian", "demonym"), needed_case("Polish", "demonym"), needed_case("al-Shabaab", "group")
    ('any', 'capital', 'any')
    """
    letters = [c for c in alias if c.isalpha()]
    if len(letters) <= 5 and " " not in alias and all(c.isupper() for c in letters):
        return "upper"
    if letters and letters[0].islower():
        return "any"
    unmistakable = len(letters) > 3 and plain_words(alias) not in AMBIGUOUS_IN_LOWER_CASE
    return "any" if kind in ("country", "demonym", "capital") and unmistakable else "capital"


def has_case(text: str, case: Case) -> bool:
    """Whether a stretch of text shows the capitals that an alias needs.

    >>> has_case("us", "upper"), has_case("US", "upper"), has_case("Us", "upper"), has_case("amnesty", "capital")
    (False, True, False, False)
    """
    if case == "any":
        return True
    if case == "capital":
        return text[:1].isupper() or text[:1].isdigit() or any(c.isupper() for c in text)
    return text.upper() == text


# ── reading ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def read_rows(path: Path, row_type: type[AnyRow], key: str) -> tuple[AnyRow, ...]:
    """The rows of a CSV file, checked. `key` is the column that must not be empty.

    Raises `KnowledgeError`, naming file and line.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise KnowledgeError(f"{path.name}: cannot be read ({error}). Is the installation complete?") from error
    reader = csv.reader(text.splitlines())
    columns = tuple(next(reader, ()))
    if columns != row_type.__struct_fields__:
        wanted = ",".join(row_type.__struct_fields__)
        raise KnowledgeError(f"{path.name}, line 1: the columns are {','.join(columns)}; they must be {wanted}")
    readers = tuple(COLUMNS.get((row_type, column)) or COLUMNS.get(column) for column in columns)
    return tuple(checked_rows(path.name, reader, row_type, columns, readers, columns.index(key)))


def checked_rows(
    name: str,
    reader: Iterator[list[str]],
    row_type: type[AnyRow],
    columns: tuple[str, ...],
    readers: tuple[Callable[[str], Any] | None, ...],
    key: int,
) -> Iterator[AnyRow]:
    """Each line of a CSV file as a row."""
    for line, cells in enumerate(reader, start=2):
        if not cells:
            continue
        if len(cells) != len(columns):
            raise KnowledgeError(f"{name}, line {line}: {len(cells)} cells, {len(columns)} columns. A comma to quote?")
        if not cells[key].strip():
            raise KnowledgeError(f"{name}, line {line}: the column {columns[key]} is empty")
        values: dict[str, Any] = {}
        for column, cell, read in zip(columns, cells, readers, strict=True):
            try:
                values[column] = read(cell) if read is not None else cell
            except ValueError as error:
                raise KnowledgeError(f"{name}, line {line}, column {column}: {error}") from error
        yield row_type(**values)


def listed(cell: str) -> tuple[str, ...]:
    """A cell with ``|`` between its items.

    >>> listed("Kyiv|Kiev"), listed("")
    (('Kyiv', 'Kiev'), ())
    """
    return tuple(item for part in cell.split("|") if (item := part.strip())) if cell else ()


def known_sector(cell: str) -> str:
    """A PLOVER sector code, or nothing."""
    if cell and cell not in SECTORS:
        raise ValueError(f"{cell!r} is no PLOVER sector ({' '.join(sorted(SECTORS))})")
    return cell


def known_sectors(cell: str) -> tuple[str, ...]:
    """Sector codes with ``|`` between them."""
    return tuple(known_sector(item) for item in listed(cell))


def country_code(cell: str) -> str:
    """Three capital letters, or nothing."""
    if cell and not (len(cell) == 3 and cell.isascii() and cell.isupper()):
        raise ValueError(f"{cell!r} is no three-letter country code")
    return cell


ISO_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")


def iso_date(cell: str) -> str:
    """An ISO 8601 date at year, month or day precision, or nothing."""
    if cell and not ISO_DATE.fullmatch(cell):
        raise ValueError(f"{cell!r} is no date such as 2014, 2014-02 or 2014-02-22")
    return cell


def metonym_pairs(cell: str) -> tuple[tuple[str, str], ...]:
    """Seats of power, each with the sector it stands for where it says one.

    >>> metonym_pairs("Pentagon=MIL|Washington")
    (('Pentagon', 'MIL'), ('Washington', ''))
    """
    pairs = (item.partition("=") for item in listed(cell))
    return tuple((name.strip(), known_sector(sector.strip())) for name, _, sector in pairs)


def sourced(cell: str) -> str:
    """A row's source, which must be told."""
    if not cell.strip():
        raise ValueError("no source. Say where the row is known from, e.g. 'general knowledge'")
    return cell


COLUMNS: dict[Any, Callable[[str], Any]] = {
    "aliases": listed,
    "demonyms": listed,
    "capital": listed,
    "metonyms": metonym_pairs,
    "major_cities": listed,
    "ethnic": listed,
    "offices": listed,
    "scope": listed,
    "sector": known_sector,
    "sectors": known_sectors,
    "country": country_code,
    "code": country_code,
    "start": iso_date,
    "end": iso_date,
    "source": sourced,
}
"""How a column's cells are read; a column that is not here is text."""


def load(folder: Path = FOLDER) -> Dictionaries:
    """All dictionaries of a folder, loaded once: baked if that is up to date, else from the files. Raises `KnowledgeError`."""
    return _loaded(folder)


@cache
def _loaded(folder: Path) -> Dictionaries:  # apart, for a cache takes `load()` and `load(FOLDER)` for two
    baked = folder / "baked.msgpack"
    if baked.exists():
        try:
            found = msgspec.msgpack.decode(baked.read_bytes(), type=Dictionaries)
        except msgspec.DecodeError:
            return read(folder)
        if found.digest == digest(folder):
            return found
    return read(folder)


FILES = ("countries", "leaders", "organisations", "groups", "parties", "people", "outlets", "roles")


def digest(folder: Path = FOLDER) -> str:
    """A digest of the dictionaries' files."""
    found = hashlib.sha256()
    for name in FILES:
        path = folder / f"{name}.csv"
        if path.exists():
            found.update(path.read_bytes())
        found.update(name.encode())
    return found.hexdigest()


def read(folder: Path = FOLDER) -> Dictionaries:
    """All dictionaries of a folder, from their files. Raises `KnowledgeError`, naming file and line."""
    countries = read_rows(folder / "countries.csv", Country, "code")
    leaders = read_rows(folder / "leaders.csv", Leader, "name")
    organisations, groups, parties, people = (
        read_rows(folder / f"{name}.csv", Body, "name") for name in ("organisations", "groups", "parties", "people")
    )
    outlets = read_rows(folder / "outlets.csv", Outlet, "name")
    index: dict[str, list[Entry]] = {}
    for entry in entries(countries, leaders, organisations, groups, parties, people, outlets):
        held = index.setdefault(index_key(entry), [])
        if not any(other.row == entry.row and other.kind == entry.kind for other in held):
            held.append(entry)
    index.pop("", None)
    return Dictionaries(
        digest=digest(folder),
        countries=countries,
        leaders=leaders,
        organisations=organisations,
        groups=groups,
        parties=parties,
        people=people,
        outlets=outlets,
        roles={form: role for role in read_rows(folder / "roles.csv", Role, "noun") for form in role_forms(role)},
        index={key: tuple(value) for key, value in index.items()},
        lengths=first_words(index),
    )


def bake(folder: Path = FOLDER) -> Path:
    """Writes the baked file from the CSV files. The same files give the same bytes."""
    path = folder / "baked.msgpack"
    path.write_bytes(msgspec.msgpack.encode(read(folder), order="deterministic"))
    _loaded.cache_clear()
    return path


def index_key(entry: Entry) -> str:
    """The form under which an alias is found. An outlet called "The National" keeps its article, without which it is no name."""
    keeps = entry.kind == "outlet" and entry.alias.startswith("The ")
    return plain_words(entry.alias) if keeps else normalised(entry.alias)


def entries(
    countries: tuple[Country, ...],
    leaders: tuple[Leader, ...],
    organisations: tuple[Body, ...],
    groups: tuple[Body, ...],
    parties: tuple[Body, ...],
    people: tuple[Body, ...],
    outlets: tuple[Outlet, ...],
) -> Iterator[Entry]:
    """Every alias of every row."""
    for number, country in enumerate(countries):
        for kind, alias, sector in country_aliases(country):
            yield Entry(alias, kind, number, needed_case(alias, kind), sector)
    bodies: tuple[tuple[Kind, Sequence[Leader | Body | Outlet]], ...] = (
        ("leader", leaders),
        ("organisation", organisations),
        ("group", groups),
        ("party", parties),
        ("person", people),
        ("outlet", outlets),
    )
    for kind, rows in bodies:
        for number, row in enumerate(rows):
            for alias in (row.name, *row.aliases):
                yield Entry(alias, kind, number, needed_case(alias, kind), "")


def country_aliases(country: Country) -> Iterator[tuple[Kind, str, str]]:
    """The words for a country: what kind each is, the word, and its sector."""
    for alias in (country.name, *country.aliases):
        yield "country", alias, country.sector
    for alias in country.demonyms:
        yield "demonym", alias, ""
    for alias in country.capital:
        yield "capital", alias, "GOV"
    for alias, sector in country.metonyms:
        yield "metonym", alias, sector or "GOV"
    for alias in country.major_cities:
        yield "city", alias, ""
    for alias in country.ethnic:
        yield "ethnic", alias, ""


def role_forms(role: Role) -> tuple[str, ...]:
    """The forms under which a role noun is looked up: singular and plural."""
    return tuple(form for form in (plain_words(role.noun), plain_words(role.plural)) if form)


def first_words(index: dict[str, list[Entry]]) -> dict[str, tuple[int, ...]]:
    """For the first word of each key, the numbers of words that keys with that beginning have, longest first."""
    lengths: dict[str, set[int]] = {}
    for key in index:
        words = key.split(" ")
        lengths.setdefault(words[0], set()).add(len(words))
    return {word: tuple(sorted(found, reverse=True)) for word, found in lengths.items()}


# ── looking up ────────────────────────────────────────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=8192)
def senses_of(key: str, folder: Path = FOLDER) -> tuple[Sense, ...]:
    """The senses of an alias in normal form."""
    dictionaries = load(folder)
    return tuple(
        Sense(e.alias, e.kind, getattr(dictionaries, TABLES[e.kind])[e.row], e.case, e.sector)
        for e in dictionaries.index.get(key, ())
    )


def lookup(text: str, *, folder: Path = FOLDER) -> tuple[Sense, ...]:
    """What a name may stand for, by its whole text; empty if no dictionary knows it."""
    found = senses_of(plain_words(text), folder) or senses_of(normalised(text), folder)
    bare = re.sub(r"^[Tt]he\s+", "", text.strip())
    return tuple(sense for sense in found if has_case(bare, sense.case))


def longest_matches(tokens: Sequence[str], *, folder: Path = FOLDER) -> tuple[Match, ...]:
    """The aliases in a sequence of tokens, from left to right, the longest first at each place, none overlapping.

    A token may hold several words of an alias ("al-Qaeda") or a word be spread over tokens ("al", "-", "Qaeda").
    """
    dictionaries = load(folder)
    index, lengths = dictionaries.index, dictionaries.lengths
    shouted = len(tokens) > 3 and not any(c.islower() for token in tokens for c in token)
    words: list[str] = []
    owners: list[int] = []
    for position, token in enumerate(tokens):
        for word in plain_words(token).split():
            words.append(word)
            owners.append(position)
    found: list[Match] = []
    at = 0
    while at < len(words):
        match = None
        for size in lengths.get(words[at], ()):
            match = match_at(tokens, words, owners, at, size, index, folder)
            if match and not (shouted and size == 1 and words[at] in WORDS_IN_CAPITALS):
                break
            match = None
        if match:
            found.append(match)
            while at < len(words) and owners[at] < match.end:
                at += 1
        else:
            at += 1
    return tuple(found)


def match_at(
    tokens: Sequence[str],
    words: list[str],
    owners: list[int],
    at: int,
    size: int,
    index: dict[str, tuple[Entry, ...]],
    folder: Path,
) -> Match | None:
    """The alias of `size` words that begins with word `at` and fills whole tokens, if there is one."""
    last = at + size - 1
    if last >= len(words):
        return None
    begins_inside = at > 0 and owners[at - 1] == owners[at]
    ends_inside = last + 1 < len(words) and owners[last + 1] == owners[last]
    if begins_inside or ends_inside:
        return None
    key = words[at] if size == 1 else " ".join(words[at : last + 1])
    if key not in index:
        return None
    start, end = owners[at], owners[last] + 1
    text = tokens[start] if end == start + 1 else " ".join(tokens[start:end])
    fitting = tuple(sense for sense in senses_of(key, folder) if has_case(text, sense.case))
    return Match(start, end, fitting) if fitting else None


@cache
def name_words(folder: Path = FOLDER) -> frozenset[str]:
    """The single capitalised words of personal and place names, at least three letters long.

    For telling where a name ends in a word that was glued to the next ("Putinand").
    """
    dictionaries = load(folder)
    kinds = ("country", "demonym", "ethnic", "capital", "city", "metonym", "leader", "person")
    names = (s.alias for found in dictionaries.index.values() for s in found if s.kind in kinds)
    found = set(re.findall(r"[^\W\d_]{3,}", "\n".join(names)))
    return frozenset(word for word in found if word[0].isupper())


def holds(row: Leader | Body, when: str | None) -> bool:
    """Whether a dated row holds on a date (ISO 8601, at any precision).

    Dates are compared at the coarser precision of the two, so that a row that began in 2014 holds on 2014-01-02.
    """
    if when is None:
        return True
    return (not row.start or when[: len(row.start)] >= row.start[: len(when)]) and (
        not row.end or when[: len(row.end)] <= row.end[: len(when)]
    )
