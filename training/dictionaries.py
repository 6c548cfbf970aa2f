"""Adds to ``src/lapwing/dictionaries/leaders.csv`` what two public lists know of offices, and checks it against one.

    python training/dictionaries.py leaders_1950_2021.csv CountryInfo.txt

The table is written by hand where news looks most; every row says its source. CountryInfo.txt of the Open Event Data
Alliance fills the gaps behind it: heads of state and government to about 2009, cabinets as the CIA's World Leaders had
them from January 2003 to February 2011, in capitals with underscores. REIGN's leader list (whoever ruled a country at
a time, 1950-2021, often by surname only) closes terms that were open when CountryInfo ended, and is the yardstick: the
command prints which of its leaders since 1985 the table does not have.

A hand-written row always wins: a listed term is left out where hand-written rows of that country and office cover much
of it, since it is then the same term with another spelling or another day. What is left is one row a term. Where a
list only shows that someone *was* in office at its beginning or at its end, the row holds for what was seen, and its
source says so: the true term may be longer.

Rows that an earlier run added are replaced, so the command can be repeated; the same input gives the same file.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from lapwing.dictionaries import normalised

LEADERS = Path(__file__).parent.parent / "src" / "lapwing" / "dictionaries" / "leaders.csv"
COLUMNS = ("name", "aliases", "country", "office", "sector", "start", "end", "gender", "wikidata", "source")
FROM_YEAR = "1970"
"""Terms that ended before this year are left out: the news that Lapwing reads does not know them."""
COVERED = 0.4
"""A listed term is the hand-written one if hand-written rows cover this share of it; set by looking at what it drops."""

CABINET_BEGINS, CABINET_ENDS = "2003-01", "2011-02"
CABINETS = f"CountryInfo: CIA World Leaders {CABINET_BEGINS} to {CABINET_ENDS}"
HEADS = "CountryInfo: rulers.org"
REIGN = "REIGN"
LISTED = (CABINETS, HEADS)
COUNTRIES = LEADERS.with_name("countries.csv")

MIXED_UP = frozenset({"MUS"})
"""Countries whose <Leaders> in CountryInfo are another's: under Mauritius stand those of Mauritania."""
RULER = "head of state"
HEAD_OFFICES = (
    (re.compile(r"vice-president"), "vice president"),
    (re.compile(r"governor|commissioner|\bresident|administrator|syndic|representative|captains|occupation"), ""),
    (re.compile(r"prime.minister|premier|heads? of government|chiefs of government|cabinet chief"), "prime minister"),
    (re.compile(r"(presidents?|chairm[ae]n) of the council of (ministers|people's)"), "prime minister"),
    (re.compile(r"chancellor"), "chancellor"),
    (re.compile(r"^presidents?$|interim president"), "president"),
    (re.compile(r"^kings?\b"), "king"),
    (re.compile(r"^emperor"), "emperor"),
    (re.compile(r"^emirs?\b"), "emir"),
    (re.compile(r"^sultans?\b"), "sultan"),
    (re.compile(r"junta|military|heads? of state|revolution(ary)? council|chairm[ae]n of the supreme"), RULER),
)
"""From a heading of <Leaders>, in lower case, to an office; "" leaves it out, as does no match."""
MINISTER = r"^(Minister|Secretary) (of|for) (the )?"
CABINET_OFFICES = (
    (re.compile(r"\b(Deputy|Assistant|Delegate|Minister of State|State Minister|Junior|Parliamentary|Acting)\b"), ""),
    (re.compile(MINISTER + r"(Foreign|External) (Affairs|Relations)\b"), "foreign minister"),
    (re.compile(MINISTER + r"(National )?Defense\b(?! (Production|Science))"), "defence minister"),
    (re.compile(MINISTER + r"(Interior|Internal Affairs|Home Affairs)\b"), "interior minister"),
    (re.compile(r"^Permanent Representative to the UN(,? New York)?$"), "ambassador to the UN"),
    (re.compile(r"^Prime Minister$"), "prime minister"),
    (re.compile(r"^President$"), "president"),
)
"""From a title in <Government> to an office; the first that fits decides, "" leaves the title out."""

SAME_OFFICE = {
    "secretary of state": "foreign minister", "foreign secretary": "foreign minister",
    "secretary of defense": "defence minister", "defence secretary": "defence minister",
    "home secretary": "interior minister", "home minister": "interior minister",
    "secretary of homeland security": "interior minister", "chancellor": "prime minister", "premier": "prime minister",
    "emperor": "king", "emir": "king", "sultan": "king", "monarch": "king", "prince": "king", "shah": "king",
    "supreme leader": "president", "head of the junta": "president", "head of state": RULER,
    "military ruler": "president", "head of the military council": "president", "chief executive": "president",
    "president of Zaire": "president", "president of Yugoslavia": "president", "leader": "president",
    "president of Czechoslovakia": "president", "communist leader": "president", "Soviet leader": "president",
    "head of the sovereign council": "president",
}  # fmt: skip
"""Offices that are one for the question whether a term is already in the table."""
HEADS_OF_ALL = frozenset({"president", "prime minister", "king"})

LOWER_CASE = """
de del della der den di da das dos do du e y la le las los van von vom zu zur ten ter bin ibn bint al el ul ud ur ould of
wa und av af dit
"""
PARTICLES = frozenset(LOWER_CASE.split())
HONOURS = re.compile(
    r"^(SIR|DR|DAME|LORD|GEN|GENERAL|COL|MAJ|LT|PRINCE|SHEIKH|SHAYKH|HAJI|(FOREIGN|ACTING) MINISTER|PRESIDENT)\.? (?=\S+ )"
)
REIGN_CODES = {
    "GFR": "DEU", "GMY": "DEU", "GDR": "DEU", "YUG": "SRB", "KOS": "KOS", "MNG": "MNE", "YAR": "YEM", "YPR": "YEM",
    "RVN": "VNM", "DRV": "VNM", "SSD": "SSD", "ETM": "TLS", "ROM": "ROU", "CZE": "CZE", "DRC": "COD", "CON": "COG",
    "GUI": "GIN", "712": "MNG",
}  # fmt: skip
"""REIGN's codes and numbers of countries for which CountryInfo's Correlates of War codes give none, or another."""
INFO_CODES = {"TMP": "TLS"}
"""CountryInfo's codes of countries that are not ISO's today."""


@dataclass(frozen=True, slots=True)
class Term:
    """One row: a person in an office from `start` to `end` (ISO dates at the precision known)."""

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


# ── names ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def cased_name(capitals: str) -> str:
    """A name in capitals with underscores, as English-language news writes it; without honours and nicknames.

    >>> cased_name("ROBERT_S._MCNAMARA_"), cased_name("DOMINIQUE_DE_VILLEPIN_"), cased_name("MARTIN_O'NEILL_")
    ('Robert S. McNamara', 'Dominique de Villepin', "Martin O'Neill")
    >>> cased_name("SAUD_AL-FAISAL_BIN_ABD_AL-AZIZ_AL_SAUD_"), cased_name("JEAN-PIERRE_RAFFARIN_")
    ('Saud al-Faisal bin Abd al-Aziz al Saud', 'Jean-Pierre Raffarin')
    >>> cased_name("SIR_KARL_HUDSON-PHILLIPS_"), cased_name('TZIPORA_"TZIPI"_LIVNI_'), cased_name("H._FREEMAN_HALL_II")
    ('Karl Hudson-Phillips', 'Tzipora Livni', 'H. Freeman Hall II')
    """
    plain = re.sub(r'"[^"]*"', " ", capitals.replace("_", " "))
    plain = HONOURS.sub("", " ".join(plain.split()).upper())
    words = plain.split(" ")
    return " ".join(cased_word(word, first=at == 0) for at, word in enumerate(words))


def cased_word(word: str, *, first: bool) -> str:
    """One word of a name in capitals.

    >>> cased_word("AL-ASSAD", first=False), cased_word("D'ESTAING", first=False), cased_word("VAN", first=True)
    ('al-Assad', "d'Estaing", 'Van')
    """
    if word.lower() in PARTICLES and not first:
        return word.lower()
    if re.fullmatch(r"I{1,3}|IV|VI{0,3}|([A-Z]\.)+", word):
        return word
    if "-" in word:
        head, *rest = word.split("-")
        article = head.lower() in ("al", "el", "ul", "ad", "ar", "as", "az")
        begin = head.lower() if article else cased_word(head, first=True)
        return "-".join([begin, *(cased_word(part, first=True) for part in rest)])
    if found := re.fullmatch(r"(D|DELL|DALL)'(\w+)", word):
        return f"{found[1].lower()}'{found[2].capitalize()}"
    if found := re.fullmatch(r"(MC|O')([A-Z]\w+)", word):
        return found[1].capitalize() + found[2].capitalize()
    return word.capitalize()


def has_given_name(name: str) -> bool:
    """Whether a name is more than a surname with particles, and nothing but a name.

    >>> has_given_name("Hugo Chavez"), has_given_name("de Villepin"), has_given_name("Obama"), has_given_name("A & B")
    (True, False, False, False)
    """
    words = [word for word in name.split() if word.lower() not in PARTICLES]
    return len(words) > 1 and re.fullmatch(r"[^\W\d_][\w .'’-]+", name) is not None


# ── reading the lists ─────────────────────────────────────────────────────────────────────────────────────────────────


def read_blocks(path: Path) -> Iterator[tuple[str, str]]:
    """The countries of CountryInfo.txt that are states of their own for Lapwing: ISO's code and the block.

    A second block with a code is that of a dependency.
    """
    states = state_codes()
    text = path.read_text(encoding="utf-8", errors="replace")
    for block in re.findall(r"<Country>(.*?)</Country>", text[text.index("-->") :], re.DOTALL):
        found = re.search(r"<CountryCode>([A-Z]{3})</CountryCode>", block)
        code = INFO_CODES.get(found[1], found[1]) if found else ""
        if code in states:
            states.remove(code)
            yield code, block


def state_codes() -> set[str]:
    """The codes of states in ``countries.csv``."""
    with COUNTRIES.open(encoding="utf-8", newline="") as lines:
        return {row["code"] for row in csv.DictReader(lines) if row["kind"] == "state"}


def read_heads(blocks: Iterable[tuple[str, str]], reign: list[Term]) -> Iterator[Term]:
    """Heads of state and government from <Leaders>; an open end is closed with REIGN's, or left out."""
    ends = {(t.country, t.name.split()[-1].lower(), t.start[:4]): t.end for t in reign}
    for code, block in blocks:
        listed = None if code in MIXED_UP else re.search(r"<Leaders>(.*?)</Leaders>", block, re.DOTALL)
        for heading, body in re.findall(r"<([^/<>]+)>[^\n]*\n(.*?)</", listed[1] if listed else "", re.DOTALL):
            office = head_office(heading.strip().lower())
            for line in body.splitlines() if office else ():
                for term in terms_of_line(line, code, office, HEADS):
                    if term.end:
                        yield term
                    elif end := ends.get((code, term.name.split()[-1].lower(), term.start[:4])):
                        yield replace(term, end=end, source=f"{HEADS}; {REIGN}")


def head_office(heading: str) -> str:
    """The office under a heading of <Leaders>, or "".

    >>> head_office("prime ministers"), head_office("governors-general"), head_office("presidents")
    ('prime minister', '', 'president')
    """
    return next((office for pattern, office in HEAD_OFFICES if pattern.search(heading)), "")


def read_cabinets(blocks: Iterable[tuple[str, str]]) -> Iterator[Term]:
    """Ministers and ambassadors from <Government>.

    A line has the terms of one person and then the titles, without saying which belongs to which: one title goes with
    all terms; as many titles as terms go in order; other lines are left out.
    """
    for code, block in blocks:
        listed = re.search(r"<Government>(.*?)</Government>", block, re.DOTALL)
        for line in listed[1].splitlines() if listed else ():
            body, _, titles = line.partition("#")
            terms = list(terms_of_line(body, code, "", CABINETS))
            names = [title.strip() for title in titles.split(" & ")]
            if len(names) == 1:
                names = names * len(terms)
            for term, title in zip(terms, names, strict=True) if len(names) == len(terms) else ():
                if office := cabinet_office(title):
                    yield replace(term, office=office)


def cabinet_office(title: str) -> str:
    """The office of a title in <Government>, or "".

    >>> cabinet_office("Minister of Foreign Affairs and Trade"), cabinet_office("Deputy Minister of Defense")
    ('foreign minister', '')
    """
    return next((office for pattern, office in CABINET_OFFICES if pattern.search(title)), "")


def terms_of_line(line: str, code: str, office: str, source: str) -> Iterator[Term]:
    """The terms in one line of CountryInfo: a name, or several in braces, then terms in square brackets."""
    names, bracket, rest = line.partition("[")
    if not bracket or line.lstrip().startswith("#"):
        return
    spellings = [cased_name(n) for n in re.findall(r"\{([^}]*)\}", names) or [names] if n.strip(" _\t")]
    if not spellings or not has_given_name(spellings[0]):
        return
    for term in re.findall(r"\[([^\]]*)\]", bracket + rest):
        dates = seen_dates(term, source)
        if dates:
            yield Term(spellings[0], tuple(spellings[1:]), code, office, "GOV", *dates, "", "", source)


def seen_dates(term: str, source: str) -> tuple[str, str] | None:
    """Start and end of a term in square brackets. Cabinets are known by the month.

    >>> seen_dates("19990430 - 20020121", HEADS), seen_dates("UKRGOVMIL 20050301 - 20071231", CABINETS)
    (('1999-04-30', '2002-01-21'), ('2005-03', '2007-12'))
    >>> seen_dates("AFGGOV <20060531", CABINETS), seen_dates(">20011222", HEADS), seen_dates("B:19510101", HEADS)
    (('2003-01', '2006-05'), ('2001-12-22', ''), None)
    """
    if term.startswith(("B:", "D:")):
        return None
    found = re.search(r"(\d{8}) ?- ?(\d{8})|([<>]) ?(\d{8})", term)
    if not found:
        return None
    monthly = source == CABINETS
    if found[1]:
        return iso_date(found[1], monthly=monthly), iso_date(found[2], monthly=monthly)
    day = iso_date(found[4], monthly=monthly)
    if not monthly:
        return (day, "") if found[3] == ">" else None
    return (CABINET_BEGINS, day) if found[3] == "<" else (day, CABINET_ENDS)


def iso_date(digits: str, *, monthly: bool) -> str:
    """``YYYYMMDD`` in ISO 8601, by the month if asked; 1 January stands for "that year" in CountryInfo.

    >>> iso_date("20060231", monthly=True), iso_date("19830101", monthly=False)
    ('2006-02', '1983')
    """
    year, month, day = digits[:4], digits[4:6], digits[6:]
    if monthly:
        return f"{year}-{month}"
    return year if month + day == "0101" else f"{year}-{month}-{day}"


def read_reign(path: Path, codes: dict[str, str]) -> Iterator[Term]:
    """REIGN's leaders: day of the start, month of the end; an open end is left open and then never used as one."""
    with path.open(encoding="utf-8", errors="replace", newline="") as lines:
        for row in csv.DictReader(lines):
            code = REIGN_CODES.get(row["ccode"]) or REIGN_CODES.get(row["stateabb"]) or codes.get(row["stateabb"])
            if not code or not row["syear"]:
                continue
            name = re.sub(r"\s*\(.*?\)", "", row["leader"]).strip()
            start = f"{row['syear']}-{int(row['smonth']):02}-{int(row['sdate']):02}"
            end = f"{row['eyear']}-{int(row['emonth']):02}" if row["eyear"] else ""
            gender = {"1": "m", "0": "f"}.get(row["gender"], "")
            yield Term(name, (), code, RULER, "GOV", start, end, gender, "", REIGN)


def war_codes(blocks: Iterable[tuple[str, str]]) -> dict[str, str]:
    """From Correlates of War's country codes to ISO's."""
    found = ((re.search(r"<COW-Alpha>([A-Z]{3})<", block), code) for code, block in blocks)
    return {match[1]: code for match, code in found if match}


# ── joining ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def months(date: str, *, late: bool) -> int:
    """A date as a number of months, at the beginning or end of what it may mean; "" is far in the future."""
    if not date:
        return 12 * 2100
    year, month = int(date[:4]), int(date[5:7] or (12 if late else 1))
    return 12 * year + month


def covered_share(term: Term, held: list[Term]) -> float:
    """How much of a term's months is covered by the longest of these terms together."""
    start, end = months(term.start, late=False), months(term.end, late=True)
    seen: set[int] = set()
    for other in held:
        seen.update(range(max(start, months(other.start, late=False)), min(end, months(other.end, late=True)) + 1))
    return len(seen) / max(1, end - start + 1)


def office_class(office: str) -> str:
    """Offices that mean the same for the question whether a term is known."""
    return SAME_OFFICE.get(office, office)


def missing_terms(listed: Iterable[Term], known: list[Term]) -> Iterator[Term]:
    """The listed terms that the table does not hold yet, each once."""
    held: dict[tuple[str, str], list[Term]] = defaultdict(list)
    for term in known:
        add_term(held, term)
    for term in listed:
        office = office_class(term.office)
        if term.end and term.end >= FROM_YEAR and covered_share(term, held[term.country, office]) < COVERED:
            add_term(held, term)
            yield term


def add_term(held: dict[tuple[str, str], list[Term]], term: Term) -> None:
    """Files a term under its office, and anyone who may rule a country also under that."""
    office = office_class(term.office)
    held[term.country, office].append(term)
    if office in HEADS_OF_ALL:
        held[term.country, RULER].append(term)


def same_people(terms: list[Term], known: list[Term]) -> Iterator[Term]:
    """Terms under the first name that the table, or an earlier one of these terms, has for that person."""
    names: dict[tuple[str, str], Term] = {}
    for term in known:
        add_names(names, term)
    for term in terms:
        keys = [(term.country, name_key(spelling)) for spelling in (term.name, *term.aliases)]
        twin = next((names[key] for key in keys if key in names), None)
        if twin is not None:
            aliases = (*twin.aliases, term.name, *term.aliases)
            term = replace(term, name=twin.name, aliases=aliases, gender=twin.gender, wikidata=twin.wikidata)
        add_names(names, term)
        yield term


def add_names(names: dict[tuple[str, str], Term], term: Term) -> None:
    """Files a term under every spelling of the person's name."""
    for spelling in (term.name, *term.aliases):
        names.setdefault((term.country, name_key(spelling)), term)


def name_key(name: str) -> str:
    """What a name has in common with other ways to write it: no middle initials, the words in any order.

    >>> name_key("Gerald R. Ford") == name_key("Ford Gerald"), name_key("Jean-Paul Roux")
    (True, 'jean paul roux')
    """
    return " ".join(sorted(normalised(re.sub(r"(?<=\w) [A-Z]\.(?= )", "", name)).split()))


def distinct_aliases(term: Term) -> Term:
    """The term with only those aliases that the loader would not find by the name itself."""
    seen = {normalised(term.name)}
    kept = []
    for alias in term.aliases:
        if normalised(alias) not in seen:
            seen.add(normalised(alias))
            kept.append(alias)
    return replace(term, aliases=tuple(kept))


# ── the table ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def read_table(path: Path) -> list[Term]:
    """The rows of ``leaders.csv``."""
    with path.open(encoding="utf-8", newline="") as lines:
        return [
            Term(**{**row, "aliases": tuple(filter(None, row["aliases"].split("|")))})  # type: ignore[arg-type]
            for row in csv.DictReader(lines)
        ]


def write_table(path: Path, terms: Iterable[Term]) -> None:
    """Writes the rows by country, office and start, so that a change is a readable difference."""
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(COLUMNS)
        for term in sorted(terms, key=lambda t: (t.country, t.office, t.start, t.end, t.name)):
            cells = {column: getattr(term, column) for column in COLUMNS} | {"aliases": "|".join(term.aliases)}
            writer.writerow(cells.values())


def from_lists(term: Term) -> bool:
    """Whether an earlier run of this command added the row."""
    return term.source.startswith(LISTED)


def compile_table(by_hand: list[Term], reign: list[Term], blocks: list[tuple[str, str]]) -> list[Term]:
    """The hand-written rows and what CountryInfo adds."""
    listed = [*read_heads(blocks, reign), *read_cabinets(blocks)]
    added = list(same_people(list(missing_terms(listed, by_hand)), by_hand))
    return [distinct_aliases(term) for term in (*by_hand, *added)]


def unknown_rulers(table: list[Term], reign: list[Term]) -> list[Term]:
    """REIGN's leaders since 1985 of whom the table has no one of that country with a word of the name."""
    words: dict[str, set[str]] = defaultdict(set)
    for term in table:
        words[term.country].update(word for name in (term.name, *term.aliases) for word in normalised(name).split())
    recent = (term for term in reign if not term.end or term.end >= "1985")
    return [t for t in recent if not words[t.country].intersection(w for w in normalised(t.name).split() if len(w) > 2)]


def main() -> None:
    """Reads the arguments, compiles, writes and says what was added."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reign", type=Path, help="REIGN's leader list as CSV")
    parser.add_argument("country_info", type=Path, help="CountryInfo.txt")
    parser.add_argument("--table", type=Path, default=LEADERS, help="the table to add to")
    arguments = parser.parse_args()
    by_hand = [term for term in read_table(arguments.table) if not from_lists(term)]
    blocks = list(read_blocks(arguments.country_info))
    reign = list(read_reign(arguments.reign, war_codes(blocks)))
    table = compile_table(by_hand, reign, blocks)
    write_table(arguments.table, table)
    print(f"{len(by_hand)} rows by hand, {len(table) - len(by_hand)} added")
    for (source, office), count in sorted(Counter((t.source, t.office) for t in table if from_lists(t)).items()):
        print(f"{count:6} {office}, {source}")
    unknown = unknown_rulers(table, reign)
    print(f"{len(unknown)} of REIGN's {len(reign)} terms are of a leader since 1985 who is not in the table:")
    print("; ".join(f"{t.country} {t.name} {t.start[:4]}" for t in unknown))


if __name__ == "__main__":
    main()
