"""Who a phrase names: country, sector, canonical name and office, from the words alone and the article's setting.

A news phrase for an actor is built like a sum. "Two senior Russian army officers", "Libya's rebels", "police in Nairobi" and
"U.S. Senate Democrats" all have a noun that says what kind of actor it is, and somewhere around it a word that says whose:
a demonym, a possessor, a place after a preposition, a body. So a phrase is read in this order:

1. The whole is a name that a dictionary knows ("the Kremlin", "FSB", "Hamas").
2. It ends in a personal name: a known one, or an unknown one with its office or role before it.
3. Its head is a role noun: the sector is the noun's (or, for "spokesman" and its like, that of the body named with it), the
   country that of the demonym, possessor, place or body.
4. Its head is not known, but it holds a name: the country is that name's, the sector unknown.

What a phrase leaves open, the setting decides where it is clear; else it stays open, with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import cache

import msgspec

from lapwing.actors.setting import EMPTY, Setting, country_of, holds_then, likely_country
from lapwing.dictionaries import (
    SUPRANATIONAL,
    Body,
    Country,
    Leader,
    Match,
    Role,
    Sense,
    load,
    longest_matches,
    plain_words,
)
from lapwing.dictionaries.english import is_common
from lapwing.dictionaries.gazetteer import Spot, spots_named

OPENERS_TEXT = """
the a an this that these those some any all both several many most few more other another no each every either
his her its their our my your one two three four five six seven eight nine ten dozens hundreds thousands about
around at least nearly almost over than up to only even also such same own
"""
OPENERS = frozenset(OPENERS_TEXT.split())
"""Words before what matters in a phrase."""

PREPOSITIONS_TEXT = """
of in from at for to with on by against within inside across near around outside under between among over into
after before during without including who whom whose which that , ( ) – — - : ;
"""
PREPOSITIONS = frozenset(PREPOSITIONS_TEXT.split())
"""Words that end the core of a phrase."""

OWNING = frozenset(
    ["of", "in", "from", "at", "for", "within", "inside", "across", "near", "around", "outside", "among"]
)
"""Prepositions after which stands whose or where the actor is. "to" and "with" name the other side."""

ALIGNED_TEXT = """
backed led allied supported sponsored funded trained aligned friendly speaking held occupied controlled
imposed made built brokered mediated
"""
ALIGNED = frozenset(ALIGNED_TEXT.split())
"""After a hyphen, these say that the country is not the actor's own ("Iranian-backed militia")."""

SIDES = frozenset(["pro", "anti", "non", "ex", "counter"])

FORMER = frozenset(["former", "ex", "one-time", "onetime", "late", "retired", "deposed", "ousted", "disgraced"])

DEEPEST = 3
"""How many phrases within phrases are followed."""

PLACE_POPULATION = 50_000
"""Below this, a town's name is taken for its country's only if the article is about that country."""


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """Who a phrase names. `person` tells a human being with a name; `from_setting` that its words do not tell the country,
    `state` that it is a country as such, `by_surname` that only a surname told who it is.
    """

    name: str | None
    country: str | None = None
    sector: str | None = None
    sectors: tuple[str, ...] = ()
    wikidata: str | None = None
    office: str | None = None
    person: bool = False
    known: bool = True
    from_setting: bool = False
    state: bool = False
    by_surname: bool = False
    reason: str = ""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where a phrase stands: the article's setting, its position there, who owns it if a pronoun says so.

    `depth` counts how far the phrase is nested in others.
    """

    setting: Setting = EMPTY
    position: int | None = None
    owner: Identity | None = None
    label: str | None = None
    depth: int = 0


class Phrase(msgspec.Struct, frozen=True, kw_only=True):
    """A phrase taken apart: the possessor's words, the core that ends in the head, what stands after a preposition."""

    possessor: tuple[str, ...]
    core: tuple[str, ...]
    tail: tuple[str, ...]
    link: str
    at: int


WORDS = re.compile(r"(?:[^\W\d_]\.){2,}|['’]s\b|\w+(?:\.\w+)*|[^\w\s]")


def words_of(text: str) -> tuple[str, ...]:
    """The words of a phrase, cut as a treebank cuts them.

    >>> words_of("the U.S.-led coalition's two drones")
    ('the', 'U.S.', '-', 'led', 'coalition', "'s", 'two', 'drones')
    """
    return tuple(WORDS.findall(text))


def taken_apart(words: Sequence[str], matches: Sequence[Match] = ()) -> Phrase:
    """A phrase's possessor, core (beginning at word `at`) and what follows it. The core does not end inside a match.

    >>> taken_apart(words_of("Libya's rebels in the east"))
    Phrase(possessor=('Libya',), core=('rebels',), tail=('the', 'east'), link='in', at=2)
    """
    start = 0
    while start < len(words) - 1 and (words[start].casefold() in OPENERS or not words[start][:1].isalpha()):
        start += 1
    stop = start + 1
    within = {at for match in matches for at in range(match.start + 1, match.end)}
    while stop < len(words) and (stop in within or is_hyphen(words, stop) or not ends_core(words[stop])):
        stop += 1
    return parted(words, start, stop, within)


def ends_core(word: str) -> bool:
    """Whether a word ends the core of a phrase."""
    return word.casefold() in PREPOSITIONS


def is_hyphen(words: Sequence[str], at: int) -> bool:
    """Whether a word is a hyphen within a compound ("al - Qaeda"), with a word on either side."""
    return words[at] == "-" and 0 < at < len(words) - 1


def parted(words: Sequence[str], start: int, stop: int, within: Collection[int] = ()) -> Phrase:
    """The phrase with its core in ``start:stop``, less a possessor at its beginning; what is `within` a name is none."""
    core, after = tuple(words[start:stop]), tuple(words[stop:])
    owner: tuple[str, ...] = ()
    for at in range(len(core) - 2, 0, -1):
        if core[at] in ("'s", "’s", "'", "’") and start + at not in within:
            owner, core, start = core[:at], core[at + 1 :], start + at + 1
            break
    link = after[0].casefold() if after else ""
    return Phrase(possessor=owner, core=core, tail=after[1:], link=link, at=start)


# ── names that a dictionary knows ─────────────────────────────────────────────────────────────────────────────────────

RANK = {"leader": 0, "person": 0, "country": 1, "group": 2, "party": 3, "organisation": 3, "metonym": 4, "capital": 5}


def best_sense(senses: Sequence[Sense], setting: Setting) -> Sense | None:
    """Which of several senses is meant: one that holds at the date, in the article's countries, of the plainest kind."""
    return max(senses, key=lambda sense: fitness(sense, setting), default=None)


def fitness(sense: Sense, setting: Setting) -> tuple[bool, bool, int, int, str]:
    """How well a sense fits, for `best_sense`."""
    row = sense.row
    code = country_of(sense)
    among = setting.article[code] if code not in SUPRANATIONAL else 1
    latest = row.end or "9999" if isinstance(row, Leader | Body) else "9999"
    if sense.kind == "group" and not setting.when:
        latest = "" if latest == "9999" else "9999"
    begun = not (isinstance(row, Leader | Body) and setting.when and row.start and row.start > setting.when)
    return holds_then(sense, setting.when), begun, among, -RANK.get(sense.kind, 9), latest


def identity_of(sense: Sense, setting: Setting, *, plural: bool = False) -> Identity:
    """Who a dictionary's sense is, on the article's date."""
    row = sense.row
    if isinstance(row, Country):
        return country_identity(sense, row, plural=plural)
    if isinstance(row, Leader):
        return leader_identity(row, setting)
    if isinstance(row, Body):
        return body_identity(sense, row, setting)
    return Identity(name=row.name, country=row.country, sector="JRN", reason=f"outlets.csv: {row.name}")


def country_identity(sense: Sense, row: Country, *, plural: bool) -> Identity:
    """A country, by whichever of its words."""
    reason = f"countries.csv: {sense.kind} of {row.name}"
    if sense.kind in ("demonym", "ethnic"):
        people = plural and sense.alias.endswith("s")
        name = sense.alias if people or sense.kind == "ethnic" else row.name
        return Identity(name=name, country=row.code, sector="CVL" if people else "GOV", state=True, reason=reason)
    name = sense.alias if sense.kind == "city" or sense.sector not in ("", "GOV") else row.name
    pre = ("PRE",) if row.kind == "breakaway" else ()
    sector = sense.sector or row.sector or "GOV"
    return Identity(
        name=name,
        country=row.code,
        sector=sector,
        sectors=pre,
        state=sector == "GOV" and sense.kind != "metonym",
        reason=reason,
    )


def leader_identity(row: Leader, setting: Setting) -> Identity:
    """A leader, in office or not on the article's date."""
    in_office = holds_row(row, setting.when)
    over = not in_office and bool(row.end) and bool(setting.when) and row.end < (setting.when or "")
    sector = row.sector or "GOV" if in_office else "ELI" if over else "PTY"
    stand = "in office" if in_office else "no longer in office" if over else "not yet in office"
    return Identity(
        name=row.name,
        country=row.country,
        sector=sector,
        wikidata=row.wikidata or None,
        office=row.office if in_office else f"former {row.office}" if over else None,
        person=True,
        reason=f"leaders.csv: {row.name}, {row.office}, {stand} on {setting.when or 'an unknown date'}",
    )


def holds_row(row: Leader | Body, when: str | None) -> bool:
    """`lapwing.dictionaries.holds`, for a row."""
    return holds_then(Sense("", "leader", row, "any"), when)


def body_identity(sense: Sense, row: Body, setting: Setting) -> Identity:
    """An organisation, group, party or person that holds no office of state."""
    reason = f"{FILES[sense.kind]}: {row.name}"
    person = row.kind == "person"
    return Identity(
        name=row.name,
        country=row.country,
        sector=row.sector or None,
        sectors=row.sectors,
        person=person,
        reason=reason,
    )


FILES = {"organisation": "organisations.csv", "group": "groups.csv", "party": "parties.csv", "person": "people.csv"}


# ── phrases ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def resolve_words(
    words: Sequence[str],
    *,
    setting: Setting = EMPTY,
    position: int | None = None,
    owner: Identity | None = None,
    label: str | None = None,
    depth: int = 0,
) -> Identity:
    """Who a phrase names.

    `position` is where it stands in the article, `owner` whose it is if a pronoun says so, `label` the entity head's.
    """
    place = Place(setting=setting, position=position, owner=owner, label=label, depth=depth)
    found_names = longest_matches(words)
    phrase = taken_apart(words, found_names)
    matches = usable(phrase.core, within_core(phrase, found_names))
    for rule in (
        half_of_korea,
        minority,
        whole_name,
        long_name_at_end,
        personal_name,
        role_noun,
        name_at_end,
        named_within,
    ):
        found = rule(phrase, matches, place)
        if found is not None:
            return found
    return Identity(name=" ".join(words) or None, known=False, reason="no dictionary knows these words")


HALVES = {"north": "PRK", "south": "KOR"}


def half_of_korea(phrase: Phrase, matches: Sequence[Match], place: Place) -> Identity | None:
    """ "The North" and "the South" in an article about both Koreas, more than about any third country."""
    code = HALVES.get(phrase.core[0].casefold()) if len(phrase.core) == 1 and phrase.core[0][:1].isupper() else None
    votes = place.setting.article
    if code is None or phrase.possessor or not all(votes[half] for half in HALVES.values()):
        return None
    country = country_row(code)
    if country is None or max(votes.values()) > max(votes[half] for half in HALVES.values()):
        return None
    return Identity(
        name=country.name, country=code, sector="GOV", state=True, reason=f"{country.name} beside the other"
    )


def within_core(phrase: Phrase, matches: Sequence[Match]) -> list[Match]:
    """The matches that lie in the core, counted from its beginning."""
    end = phrase.at + len(phrase.core)
    return [
        Match(match.start - phrase.at, match.end - phrase.at, match.senses)
        for match in matches
        if phrase.at <= match.start and match.end <= end
    ]


def usable(core: Sequence[str], matches: Sequence[Match]) -> tuple[Match, ...]:
    """The matches that say whose an actor is: not those of "Iranian-backed" or "pro-Russian".

    >>> words = words_of("pro-Russian farmers"); usable(words, longest_matches(words))
    ()
    """
    return tuple(
        m
        for m in matches
        if not is_other_side(core, m) and not is_inside_name(core, m) and not is_word_of_body(core, m)
    )


def is_word_of_body(core: Sequence[str], match: Match) -> bool:
    """Whether a party's short name is only a word in the name of a body ("the | Labor | and Welfare Committee").

    >>> words = words_of("the Senate Labor and Welfare Committee")
    >>> [match.end - match.start for match in usable(words, longest_matches(words))]
    [1]
    """
    if match.end - match.start > 1 or match.end >= len(core) or not all(s.kind == "party" for s in match.senses):
        return False
    return core[match.end].casefold() in ("and", "&")


def is_inside_name(core: Sequence[str], match: Match) -> bool:
    """Whether a one-word match is only part of a longer personal name ("Ahmed | French | Salih").

    >>> words = words_of("Ahmed French Salih"); usable(words, longest_matches(words))
    ()
    """
    if match.end - match.start > 1 or len(core) < 2 or role_at(core, len(core)) is not None:
        return False
    if all(word.isupper() for word in core):
        return all(sense.case == "upper" or sense.kind in ("demonym", "ethnic", "city") for sense in match.senses)
    ordinary = all(sense.kind in ("demonym", "ethnic", "city", "capital", "outlet", "party") for sense in match.senses)
    named = all(word[:1].isupper() for word in core)
    return named and ordinary and match.start > 0 and role_at(core, match.start) is None


def is_other_side(core: Sequence[str], match: Match) -> bool:
    """Whether a match is only the one that an actor is for, against or backed by."""
    before = match.start >= 2 and core[match.start - 1] == "-" and core[match.start - 2].casefold() in SIDES
    after = match.end + 1 < len(core) and core[match.end] == "-" and core[match.end + 1].casefold() in ALIGNED
    return before or after


def whole_name(phrase: Phrase, matches: Sequence[Match], place: Place) -> Identity | None:
    """The core is a name that a dictionary knows.

    >>> resolve_words(words_of("the United Nations")).country
    'UNO'
    """
    if not matches or matches[0].start > 0 or matches[0].end < len(phrase.core) or phrase.possessor:
        return None
    sense = best_sense(matches[0].senses, place.setting)
    if sense is None or (len(phrase.core) == 1 and is_plain_role(phrase.core, sense)):
        return None
    return identity_of(sense, place.setting, plural=True)


def minority(phrase: Phrase, matches: Sequence[Match], place: Place) -> Identity | None:
    """People named after a country that they do not live in: "ethnic | Albanians".

    >>> resolve_words(words_of("ethnic Albanians in Macedonia")).country
    'MKD'
    """
    if (
        phrase.core[:1] != ("ethnic",)
        or len(matches) != 1
        or (matches[0].start, matches[0].end) != (1, len(phrase.core))
    ):
        return None
    sense = best_sense(matches[0].senses, place.setting)
    if sense is None or not isinstance(sense.row, Country):
        return None
    name, owner = " ".join(phrase.core), owner_after(phrase, place)
    if owner is not None:
        return Identity(name=name, country=owner.country, sector="CVL", reason=f"a minority; {owner.reason}")
    code, why = likely_country(place.setting, place.position, but=frozenset([sense.row.code]))
    return Identity(
        name=name, country=code, sector="CVL", known=code is not None, from_setting=True, reason=f"a minority; {why}"
    )


def is_plain_role(core: Sequence[str], sense: Sense) -> bool:
    """Whether a one-word name is written as the ordinary noun that it also is ("marines")."""
    return (
        core[0].islower()
        and sense.kind not in ("country", "demonym", "capital", "group")
        and role_at(core, 1) is not None
    )


def personal_name(phrase: Phrase, matches: Sequence[Match], place: Place) -> Identity | None:
    """The core ends in a personal name: a known one, or one with its office or role before it.

    >>> resolve_words(words_of("Polish farmer Jan Kowalski")).country
    'POL'
    """
    core = phrase.core
    last = matches[-1] if matches else None
    if last is not None and last.end == len(core):
        sense = best_sense(in_titled_office(core, last), place.setting)
        if sense is not None and sense.kind in ("leader", "person") and may_precede(core, last, sense):
            return of_body(with_title(identity_of(sense, place.setting), core[: last.start]), core, matches, place)
    if last is not None and last.end == len(core) and last.start > 0 and "party" in {s.kind for s in last.senses}:
        return None
    first = name_start(core)
    leader = leader_by_surname(core, first, place.setting)
    if leader is not None:
        identity = msgspec.structs.replace(leader_identity(leader, place.setting), by_surname=True)
        return with_title(identity, core)
    return named_in_role(phrase, matches, first, place) if first else None


def leader_by_surname(core: Sequence[str], first: int | None, setting: Setting) -> Leader | None:
    """The one leader whose surname stands alone or after a title, in an office that the title allows."""
    name = core[first:] if first else core
    if not name or len(name) > 4 or not any(word[:1].isupper() for word in name):
        return None
    at = role_at(core, first) if first else None
    if at is not None and at[1].kind not in ("office", "title"):
        return None
    rows = leaders_by_surname().get(plain_words(" ".join(name)), ())
    if at is not None and at[1].kind == "office":
        rows = tuple(row for row in rows if any(office_matches(office, row.office) for office in at[1].offices))
    elif at is None:
        rows = tuple(row for row in rows if row.country in setting.article)
    return of_one_country([row for row in rows if holds_row(row, setting.when)]) or of_one_country(rows)


def of_one_country(rows: Sequence[Leader]) -> Leader | None:
    """The row that begins last, if all rows are of one country; whoever only married an office comes after its holder."""
    if not rows or len({row.country for row in rows}) != 1:
        return None
    return max(rows, key=lambda row: (row.office != "first lady", row.start))


@cache
def leaders_by_surname() -> dict[str, tuple[Leader, ...]]:
    """The leaders by the last word of their names, and by the last words from a particle on ("al-Assad", "de Klerk")."""
    found: dict[str, list[Leader]] = {}
    for row, name in leaders_with_plain_names():
        words = name.split(" ")
        found.setdefault(words[-1], []).append(row)
        particle = next((k for k, word in enumerate(words) if k and word in NAME_PARTS), None)
        if particle is not None:
            found.setdefault(" ".join(words[particle:]), []).append(row)
    return {surname: tuple(rows) for surname, rows in found.items()}


def leaders_with_plain_names() -> list[tuple[Leader, str]]:
    """The leaders, in the order of their table, with their names in normal form, which the index knows already."""
    dictionaries = load()
    keys = {
        entry.row: key
        for key, entries in dictionaries.index.items()
        for entry in entries
        if entry.kind == "leader" and entry.alias == dictionaries.leaders[entry.row].name
    }
    return [(row, keys[number]) for number, row in enumerate(dictionaries.leaders) if number in keys]


def in_titled_office(core: Sequence[str], match: Match) -> Sequence[Sense]:
    """The senses of a name that fit the office before it ("President | Clinton"), or all if none does."""
    at = role_at(core, match.start) if match.start else None
    if at is None or at[1].kind != "office":
        return match.senses
    offices = {plain_words(office) for office in at[1].offices}
    fitting = [s for s in match.senses if isinstance(s.row, Leader) and plain_words(s.row.office) in offices]
    return fitting or match.senses


def may_precede(core: Sequence[str], match: Match, sense: Sense) -> bool:
    """Whether what stands before a surname fits the person: nothing, a title, a role, or the first name's initial.

    >>> words = words_of("Ursula Mueller"); match = longest_matches(words)[0]
    >>> may_precede(words, match, match.senses[0])
    False
    """
    before = core[match.start - 1] if match.start else ""
    if match.end - match.start > 1 or not before[:1].isupper() or role_at(core, match.start) is not None:
        return True
    name = sense.row.name if not isinstance(sense.row, Country) else ""
    given = [word for word in core[: match.start] if word[:1].isupper()]
    return bool(longest_matches(given)) or name[:1] == given[0][:1]


def of_body(identity: Identity, core: Sequence[str], matches: Sequence[Match], place: Place) -> Identity:
    """A known person whom the phrase puts into the service of an international body.

    >>> resolve_words(words_of("Arab League Secretary-General Amr Moussa")).country
    'IGO'
    """
    sense = best_sense(matches[-2].senses, place.setting) if len(matches) > 1 else None
    if sense is None or sense.kind != "organisation" or any(w.casefold() in SENT_TO for w in core):
        return identity
    body = identity_of(sense, place.setting)
    if body.country not in SUPRANATIONAL or body.sector not in ("GOV", "MIL") or body.country == identity.country:
        return identity
    reason = f"{identity.reason}; here for {body.name}"
    return msgspec.structs.replace(identity, country=body.country, sector=body.sector, office=None, reason=reason)


SENT_TO = frozenset(["ambassador", "representative", "delegate", "delegation", "mission", "critic"])
"""With these, a body before a name is the one that somebody is sent to."""


def with_title(identity: Identity, before: Sequence[str]) -> Identity:
    """A known person, called "former" in the text."""
    if any(word.casefold() in FORMER for word in before) and identity.sector == "GOV":
        return msgspec.structs.replace(identity, sector="ELI", reason=identity.reason + "; called former")
    return identity


def name_start(core: Sequence[str]) -> int | None:
    """Where a personal name begins after a role or title at the beginning of the core ("Gen. | Ahmed Salih")."""
    for start in range(1, len(core)):
        if core[start][:1].isupper() and role_at(core, start) is not None:
            rest = core[start:]
            named = all(word[:1].isupper() or word in NAME_PARTS for word in rest)
            return start if named and role_at(core, len(core)) is None else None
    return None


NAME_PARTS_TEXT = """
de la del da dos van von der den bin ibn al el - ' ’ . ben ul ur du di le ter
"""
NAME_PARTS = frozenset(NAME_PARTS_TEXT.split())


def named_in_role(phrase: Phrase, matches: Sequence[Match], first: int, place: Place) -> Identity | None:
    """An unknown person whose role the phrase gives."""
    held = resolve_role(phrase, phrase.core[:first], [m for m in matches if m.end <= first], place, named=True)
    if held is None:
        return None
    name = " ".join(phrase.core[first:]).replace(" - ", "-").replace(" . ", ". ")
    return msgspec.structs.replace(held, name=name, person=True, wikidata=None)


def role_noun(phrase: Phrase, matches: Sequence[Match], place: Place) -> Identity | None:
    """The core's head is a role noun.

    >>> resolve_words(words_of("two French police officers")).country
    'FRA'
    """
    return resolve_role(phrase, phrase.core, matches, place)


def role_at(core: Sequence[str], end: int) -> tuple[int, Role] | None:
    """The role noun that ends before position `end`, and where it begins: the longest."""
    roles = load().roles
    for start in range(max(end - 4, 0), end):
        role = roles.get(" ".join(plain_words(" ".join(core[start:end])).split()))
        if role is not None:
            return start, role
    return None


def resolve_role(
    phrase: Phrase,
    core: Sequence[str],
    matches: Sequence[Match],
    place: Place,
    *,
    named: bool = False,
) -> Identity | None:
    """The holder of a role: its sector from the noun or the body with it, its country from the words around it."""
    at = role_at(core, len(core))
    if at is None or at[1].kind == "modifier":
        return None
    start, role = at
    owner = owner_of(phrase, core[:start], [m for m in matches if m.end <= start], place)
    other = other_party(phrase, role, core, owner, place)
    if other is not None:
        return other
    if owner is not None and owner.sector == "JRN" and role.sector != "JRN" and "body" not in role.scope:
        owner = None
    sector, because = sector_of(role, core[:start], owner)
    body = other_body(phrase, owner, place) if role.offices else None
    if body is not None:
        named, sector, because = True, body.sector or "", f"{because}, of a body that is no state"
    if is_former(core) and sector in ("GOV", "LEG") and role.kind in ("office", "person"):
        sector = "ELI"
    if owner is not None and owner.country:
        identity = held_by(role, owner, core, sector, place.setting, because, named=named)
    else:
        identity = unowned(role, core, sector, place, because, named=named)
    if body is not None and not identity.person:
        words = (*core, phrase.link, *phrase.tail) if phrase.tail else core
        return msgspec.structs.replace(identity, name=" ".join(words), sector=sector or None)
    return identity


RELATIONS = frozenset(["ally", "neighbour", "neighbor"])
"""Nouns for a state by what it is to another: whoever has an ally is not that ally."""

FORMER_UNIONS = {
    "soviet": frozenset(
        ["EST", "LVA", "LTU", "BLR", "UKR", "MDA", "GEO", "ARM", "AZE", "KAZ", "KGZ", "TJK", "TKM", "UZB"]
    ),
    "yugoslav": frozenset(["SRB", "HRV", "SVN", "BIH", "MKD", "MNE", "KOS"]),
}
"""The states that were republics of a union: "the former Soviet republic" is one of them, and Russia is not called so."""


def other_party(
    phrase: Phrase, role: Role, core: Sequence[str], owner: Identity | None, place: Place
) -> Identity | None:
    """A state that is told by another: "his closest ally", "the former Soviet republic". The one of which the words
    around speak, if that is clear; a whole group of them stays without a country.

    >>> here = ["Putin flew to Minsk.", "Russia and Belarus built a base in the former Soviet republic."]
    >>> from lapwing.actors import resolve_text
    >>> resolve_text("the former Soviet republic", article=here, position=1).country
    'BLR'
    """
    members = next((FORMER_UNIONS[w.casefold()] for w in core if w.casefold() in FORMER_UNIONS), None)
    if role.noun == "republic" and members is not None:
        told = frozenset(place.setting.article) - members
    elif role.noun in RELATIONS and owner is not None and owner.country and phrase_owns(phrase, owner):
        told = frozenset([owner.country])
    else:
        return None
    name = " ".join(core)
    code, why = likely_country(place.setting, place.position, but=told)
    if code is None or not is_singular(role, core):
        return Identity(name=name, sector="GOV", known=False, reason=f"roles.csv: {role.noun}; which is not told")
    country = country_row(code)
    return Identity(
        name=country.name if country else name,
        country=code,
        sector="GOV",
        from_setting=True,
        reason=f"roles.csv: {role.noun}, of another than {', '.join(sorted(told)) or 'them'}; {why}",
    )


def phrase_owns(phrase: Phrase, owner: Identity) -> bool:
    """Whether the owner stands in front or after "of": "Russia's ally", "an ally of Russia", "its ally"."""
    return bool(phrase.possessor) or phrase.link == "of" or not owner.from_setting


def other_body(phrase: Phrase, owner: Identity | None, place: Place) -> Identity | None:
    """The company, club, party or force of which an office is, where it is no office of state.

    >>> resolve_words(words_of("the president of the Bar Association of Lyon")).name
    'president of the Bar Association of Lyon'
    """
    if owner is not None and is_body(owner) and owner.country not in SUPRANATIONAL:
        return owner
    stop = next((k for k, word in enumerate(phrase.tail) if ends_owner(word)), len(phrase.tail))
    words = phrase.tail[:stop]
    if phrase.link not in ("of", "for", "at") or not words or place_identity(words, place.setting):
        return None
    found = resolve_words(words, setting=place.setting, depth=DEEPEST)
    if found.reason.startswith("roles.csv") and found.sector:
        return found if found.sector not in ("GOV", "LEG") else None
    if found.country:
        return found if is_body(found) and found.country not in SUPRANATIONAL else None
    word = next((w for w in words if w.casefold() not in OPENERS), "")
    return found if word[:1].isupper() else None


def is_body(identity: Identity) -> bool:
    """Whether a dictionary of bodies, none of them a state, told who it is."""
    return identity.reason.startswith(("organisations.csv", "parties.csv", "groups.csv"))


def is_former(core: Sequence[str]) -> bool:
    """Whether the phrase says that the role is over."""
    return any(word.casefold() in FORMER for word in core)


def owner_of(
    phrase: Phrase,
    before: Sequence[str],
    matches: Sequence[Match],
    place: Place,
) -> Identity | None:
    """Whose the actor is: by a name in front of the role noun, a possessor, or a phrase after a preposition."""
    found: Identity | None = None
    for match in reversed(matches):
        sense = best_sense(match.senses, place.setting)
        if sense is not None:
            identity = identity_of(sense, place.setting)
            if found is None:
                found = identity
            elif identity.country and identity.country not in SUPRANATIONAL and sense.kind in ("demonym", "country"):
                found = msgspec.structs.replace(found, country=identity.country)
    if found is not None:
        return found
    if place.depth < DEEPEST and phrase.possessor:
        owner = resolve_words(phrase.possessor, setting=place.setting, position=place.position, depth=place.depth + 1)
        if owner.country:
            return owner
    return place_identity(before, place.setting) or owner_after(phrase, place) or place.owner


def owner_after(phrase: Phrase, place: Place) -> Identity | None:
    """Whose the actor is, by the phrases after "of", "in", "from" …

    >>> resolve_words(words_of("farmers from the south of Italy")).country
    'ITA'
    """
    rest, link = phrase.tail, phrase.link
    while rest and place.depth < DEEPEST:
        names = {k for match in longest_matches(rest) for k in range(match.start + 1, match.end)}
        stop = next(
            (k for k, word in enumerate(rest) if ends_owner(word) and not is_hyphen(rest, k) and k not in names),
            len(rest),
        )
        if link in OWNING and rest[:stop]:
            owner = place_identity(rest[:stop], place.setting)
            owner = owner or resolve_words(rest[:stop], setting=place.setting, position=place.position, depth=DEEPEST)
            if owner.country and not owner.from_setting:
                return owner
        if stop >= len(rest):
            return None
        link, rest = rest[stop].casefold(), rest[stop + 1 :]
    return None


def ends_owner(word: str) -> bool:
    """Whether a word ends what stands after a preposition; of several owners, the first is taken.

    >>> resolve_words(words_of("guerrillas in El Salvador and Guatemala")).country
    'SLV'
    """
    return word.casefold() in PREPOSITIONS or word.casefold() in ("and", "or", "&")


def place_identity(words: Sequence[str], setting: Setting) -> Identity | None:
    """The country of a place name that is all of some words, or their capitalised end."""
    start = next((k for k, word in enumerate(words) if word[:1].isupper()), None)
    if start is None:
        return None
    name = " ".join(words[start:])
    if name.casefold() in NO_PLACES or longest_matches(words[start:]):
        return None
    if len(words) - start == 1 and is_common(name):
        return None
    spot = likely_spot(name, setting)
    if spot is None:
        return None
    return Identity(name=spot.name, country=spot.country, sector="GOV", state=True, reason=f"gazetteer: {spot.name}")


def likely_spot(name: str, setting: Setting) -> Spot | None:
    """The place that a name means: one in the article's countries, else the only large one."""
    spots = [spot for spot in spots_named(name) if spot.country]
    inside = [spot for spot in spots if spot.country in setting.article]
    if inside:
        return inside[0]
    if not spots or (spots[0].kind == "city" and spots[0].population < PLACE_POPULATION):
        return None
    return spots[0]


NO_PLACES_TEXT = """
north south east west northern southern eastern western central centre center arab islamic muslim christian jewish
baltic asad normandy republic national federal royal general
"""
NO_PLACES = frozenset(NO_PLACES_TEXT.split())
"""Words that are some small place's name too, but say something else before a noun."""


def sector_of(role: Role, before: Sequence[str], owner: Identity | None) -> tuple[str, str]:
    """The sector of a role: of the body that it belongs to where the noun leaves that open, else the noun's own."""
    if "body" in role.scope:
        nearest = modifier_sector(before)
        if nearest:
            return nearest, f"roles.csv: {role.noun}, with the word before it"
        plain = owner is not None and owner.sector in ("GOV", "LEG") and role.kind == "force"
        if owner is not None and owner.sector and not owner.state and not plain:
            return owner.sector, f"roles.csv: {role.noun}, with the sector of {owner.name}"
    if owner is not None and owner.sector in ("REB", "UAF", "PRM", "CRM") and role.sector in ("MIL", "UAF", "REB"):
        return owner.sector, f"roles.csv: {role.noun}, with the sector of {owner.name}"
    if role.sector in ("PTY",) and owner is not None and owner.sector == "LEG":
        return "LEG", f"roles.csv: {role.noun}, in a parliament"
    return role.sector, f"roles.csv: {role.noun}"


def modifier_sector(before: Sequence[str]) -> str | None:
    """The sector of the nearest word before a role noun that has one ("rebel | commander")."""
    for end in range(len(before), 0, -1):
        at = role_at(before, end)
        if at is not None and at[1].kind != "title":
            return at[1].sector
    return None


def held_by(
    role: Role, owner: Identity, core: Sequence[str], sector: str, setting: Setting, because: str, *, named: bool
) -> Identity:
    """A role whose country is known; for an office of state whose holder is not `named`, its holder on the article's date."""
    code = owner.country or ""
    if not named and role.offices and not is_former(core) and sector == "GOV" and is_singular(role, core):
        leader = office_holder(code, role, setting)
        if leader is not None:
            return leader_identity(leader, setting)
    return Identity(
        name=role_name(role, code, core, sector),
        country=code,
        sector=sector,
        office=role.noun if role.kind == "office" else None,
        reason=f"{because}; {owner.reason}",
    )


def is_singular(role: Role, core: Sequence[str]) -> bool:
    """Whether the head is in the singular form of the role noun."""
    return plain_words(" ".join(core)).endswith(plain_words(role.noun))


def unowned(role: Role, core: Sequence[str], sector: str, place: Place, because: str, *, named: bool) -> Identity:
    """A role whose country the phrase does not tell: that of the setting, if clear."""
    if "article" not in role.scope or speaks_of_others(role, core):
        return Identity(name=" ".join(core), sector=sector, known=False, reason=f"{because}; no country told")
    code, why = likely_country(place.setting, place.position)
    if role.noun == "administration" and "USA" in place.setting.article:
        code, why = "USA", "in a report that names the United States, an administration is theirs"
    if code is None:
        return Identity(name=" ".join(core), sector=sector, known=False, reason=f"{because}; {why}")
    owner = Identity(name=None, country=code, reason=why)
    identity = held_by(role, owner, core, sector, place.setting, because, named=named)
    return msgspec.structs.replace(identity, from_setting=True)


FOREIGN_TEXT = """
foreign international global worldwide multinational transnational neighbouring neighboring various different
other two three both four five many western allied world african european asian arab
"""
FOREIGN = frozenset(FOREIGN_TEXT.split())
"""Words before a role noun that say it is of other countries, or of several."""

STATES = frozenset(["country", "nation", "government", "state"])


def speaks_of_others(role: Role, core: Sequence[str]) -> bool:
    """Whether a role is said to be of other countries than the article's ("foreign officials", "governments").

    >>> speaks_of_others(load().roles["official"], ["foreign", "officials"])
    True
    """
    first = core[0].casefold() if core else ""
    if role.noun in STATES and not is_singular(role, core):
        return True
    return first in FOREIGN and plain_words(" ".join(core)) != plain_words(role.noun)


def role_name(role: Role, code: str, core: Sequence[str], sector: str) -> str:
    """The canonical name of a role's holder: the country itself for its government, else the words with the demonym."""
    country = country_row(code)
    words = " ".join(core).replace(" - ", "-")
    if country is None:
        return words
    if role.noun in STATE_NOUNS and sector == "GOV":
        return country.name
    if role.kind == "office" and is_singular(role, core):
        return f"{role.noun[0].upper()}{role.noun[1:]} of {country.name}"
    if any(
        plain_words(word) in plain_words(words) for word in (country.name, *country.demonyms, *country.aliases) if word
    ):
        return words
    return f"{country.demonyms[0]} {words}" if country.demonyms else words


STATE_NOUNS = frozenset(
    [
        "government",
        "administration",
        "regime",
        "authority",
        "leadership",
        "state",
        "country",
        "nation",
        "official",
        "republic",
    ]
)


def country_row(code: str) -> Country | None:
    """The row of a country's code."""
    return countries_by_code().get(code)


@cache
def countries_by_code() -> dict[str, Country]:
    """The first row of each country code: the state itself."""
    found: dict[str, Country] = {}
    for country in load().countries:
        if country.code not in found or (country.kind == "state" and found[country.code].kind != "state"):
            found[country.code] = country
    return found


def office_holder(code: str, role: Role, setting: Setting) -> Leader | None:
    """Who held an office of a country on the article's date; without a date, the one whom the article names."""
    for office in role.offices:
        rows = leaders_by_office().get((code, plain_words(office)), ())
        held = [row for row in rows if is_current(row, setting)]
        if held:
            return held[-1]
    return None


@cache
def leaders_by_office() -> dict[tuple[str, str], tuple[Leader, ...]]:
    """The leaders by country and office in normal form."""
    found: dict[tuple[str, str], list[Leader]] = {}
    for row in load().leaders:
        found.setdefault((row.country, plain_words(row.office)), []).append(row)
    return {key: tuple(rows) for key, rows in found.items()}


def is_current(row: Leader, setting: Setting) -> bool:
    """Whether a leader is in office on the article's date, or, without a date, named in the article."""
    return holds_row(row, setting.when) if setting.when else row.name in setting.people


def office_matches(wanted: str, office: str) -> bool:
    """Whether an office of the leaders' dictionary is the one wanted.

    >>> office_matches("president", "President"), office_matches("president", "Vice President")
    (True, False)
    """
    return plain_words(office) == plain_words(wanted)


def long_name_at_end(phrase: Phrase, matches: Sequence[Match], place: Place) -> Identity | None:
    """The core ends in a body's name of several words ("the pro-independence | Kosovo Liberation Army").

    >>> resolve_words(words_of("the London-based Amnesty International")).country
    'NGO'
    """
    last = matches[-1] if matches else None
    if last is None or last.end != len(phrase.core) or last.end - last.start < 2 or last.start == 0:
        return None
    sense = best_sense(last.senses, place.setting)
    if sense is None or sense.kind not in ("group", "organisation"):
        return None
    return name_at_end(phrase, [m for m in matches if m is last or m.end == last.start], place)


def name_at_end(phrase: Phrase, matches: Sequence[Match], place: Place) -> Identity | None:
    """The core ends in a known name with other words before it ("aircraft maker Boeing")."""
    if not matches or matches[-1].end != len(phrase.core):
        return None
    sense = best_sense(matches[-1].senses, place.setting)
    if sense is None:
        return None
    identity = identity_of(sense, place.setting, plural=True)
    before = best_sense(matches[-2].senses, place.setting) if len(matches) > 1 else None
    if identity.sector == "PTY" and before is not None and identity_of(before, place.setting).sector == "LEG":
        identity = msgspec.structs.replace(identity, sector="LEG")
    if identity.country in ("NGO", "MNC"):
        owner = owner_of(phrase, (), matches[:-1], place)
        code = owner.country if owner is not None else None
        return msgspec.structs.replace(identity, country=code or identity.country)
    return identity


def named_within(phrase: Phrase, matches: Sequence[Match], place: Place) -> Identity | None:
    """The core holds a known name, or a possessor or place is known, but what kind of actor it is, is not."""
    before = phrase.core if place.label == "LOC" else ()
    if place.label == "PER":
        matches = [match for match in matches if any(sense.kind in ("demonym", "country") for sense in match.senses)]
    if phrase.link == "for" and phrase.core[-1:] and phrase.core[-1][:1].isupper():
        phrase = msgspec.structs.replace(phrase, tail=())
    owner = owner_of(phrase, before, matches, place)
    if owner is None or not owner.country or owner.from_setting:
        return None
    words = " ".join((*phrase.possessor, *(("'s",) if phrase.possessor else ()), *phrase.core)).replace(" 's", "'s")
    return Identity(
        name=words, country=owner.country, sector=modifier_sector(phrase.core), reason=f"named with it: {owner.reason}"
    )
