"""Write docs/reference/cli.md from the command line, and docs/reference/store.md from the store's schema:
python docs/build_reference.py

A test compares the pages with what this gives, so that they cannot drift.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer.main

from lapwing import cli

PAGE = Path(__file__).parent / "reference" / "cli.md"

STORE_PAGE = Path(__file__).parent / "reference" / "store.md"

EXPORTS_PAGE = Path(__file__).parent / "reference" / "exports.md"

STORE_OPENING = """# The store

This page is generated from the schema (`src/lapwing/store/migrations`) by `python docs/build_reference.py`.

    lapwing ingest corpus.jsonl --store events.duckdb
    lapwing query --store events.duckdb --dyad RUS-UKR --since 2022-03 --status happened
    lapwing sql "SELECT event, count(*) FROM records GROUP BY event" --store events.duckdb

    from lapwing.store import Filter, find_events, find_table, open_store

    with open_store("events.duckdb", mode="read") as store:
        for event in find_events(store, Filter(dyad="RUS-UKR", text="grain -fertiliser")):
            print(event.date, event.mode, event.evidence.text)
        frame = find_table(store, Filter(event=("PROTEST",)), as_="polars")    # or "pandas", "arrow"

## Where it is kept

| | a file (DuckDB) | `postgresql://…` (extra `[postgres]`) |
|---|---|---|
| writers | one at a time; a second is refused, and so are readers while one writes | take turns, a document at a time |
| words of articles | a file beside it, `events.duckdb.search`, made again where it is missing | the table `searches` |
| own SQL (`lapwing sql`) | reads the store and nothing else | read-only; give it a role that may only `SELECT` |

PostgreSQL finds an article by its first 120,000 characters. A role that may do more than `SELECT` can do more than read
through functions of the server, also in a transaction that is read-only.

A document is stored with all its records in one transaction. A program that is killed leaves the documents that it had
stored, and the next one goes on from there. With a full disk, a read-only folder or a damaged file the program ends
with a message, and what was stored stays.

Search: all words must be in the article or its title, in any form (English stems), whatever their case and accents;
`"a phrase"` must stand together; what follows `-` must not be there.

With `--no-text` no article is kept: its digest and length are, and of its words what the records quote. Such articles
are not found by their words and cannot be recoded from the store.

## As coded, as judged

`records`, `entities` and `dyads` hold what the coder wrote, and nothing that a person decided. The views `judged_records`,
`judged_entities` and `judged_dyads` have the same columns and hold what reviewers left of it: corrected where they corrected,
without what they deleted, with what they added. `lapwing query`, `lapwing export` and `Filter(values=…)` take either, never a mixture.
What it takes is kept in `revised`, `revised_records`, `revised_entities` and `revised_dyads`, and can be worked out again.

## Other data sets

`lapwing import` keeps events of POLECAT, ICEWS and GDELT in `imported`, and nowhere else. The view `side_by_side` has Lapwing's
dyads, as judged, and those rows one under the other: `origin` (`lapwing`, `polecat`, `icews`, `gdelt`), `actor`, `actor_sector`,
`recipient`, `recipient_sector`, `event`, `quad`, `score`, `scale` (`plover` or `goldstein`), `status`, `day`. Group by `origin` and
`scale`, as `lapwing series` does ([how](../how-to/other-event-data.md)).

## How fast

    python -m benchmarks.store 10000000 events.duckdb

Ten million records of two million articles in DuckDB, medians of seven on two cores that were busy with other work; the time of
the processor is that of both cores together:

| question | processor | before |
|---|---|---|
| a dyad's monthly series | 61 ms | 60 ms |
| a page by dyad and type | 97 ms | 364 ms |
| a page by date, place and status | 18 ms | 291 ms |
| the newest page of a dyad | 101 ms | 357 ms |
| records 5,000 to 5,050 of an actor since 2015 | 239 ms | 516 ms |

## Recoding

A document that another version of the program or model coded is left alone until `--recode` asks for it. The same holds
for its records: one that tells the same act keeps its `id` and its number, and `changes` says what became of each that
differs:

| kind | meaning |
|---|---|
| `added` | an act that was not told before |
| `changed` | the same act, told otherwise: `fields` names what differs, `before` holds the record as it was |
| `merged` | an act that `other` tells now |
| `split` | an act that `other` told before, together with another |
| `retracted` | an act that is not told any more |

What reviewers decided of a record stays as they left it, whatever a newer coder says (`docs/how-to/review.md`).

Two records tell the same act when their triggers overlap in the text, or when type, actors and recipients are the same
and the dates do not contradict each other.
"""

REMARK = re.compile(r"^    (\w+) ([A-Z][A-Z ]*(?:\[\])?)([^-\n]*?),?(?:\s*-- (.*))?$")

OPENING = """# The command line

This page is generated from the code by `python docs/build_reference.py`.

    lapwing read examples/summit.txt
    lapwing code examples/*.txt -o events.csv
    cat corpus.jsonl | lapwing code - > events.jsonl
    lapwing ingest corpus.jsonl --store events.duckdb
    lapwing export --store events.duckdb --status happened -f gdelt -o events.tsv

Results go to standard output, everything else to standard error. `-` is standard input, or for `-o` standard output.

| exit code | meaning |
|---|---|
| {OK} | all went well |
| {SOME_FAILED} | some inputs failed and were told on standard error; the others are coded |
| {NOTHING_CODED} | wrong usage, or nothing could be coded (then no file is written) |
| {INTERRUPTED} | interrupted |
| {PIPE_CLOSED} | the reader of the output went away |
"""

LIMITS = """
## What is read

| input | how it is known | what is taken |
|---|---|---|
| plain text | `.txt`, `.text`, or nothing else fits | the whole file, as it is |
| web page | `.html`, `.htm`, `.xhtml`, or it begins like one | the article, title, site name, date of the metadata |
| JSONL | `.jsonl`, `.ndjson`, or it begins with an object | one article a line |
| JSON | `.json` | one article, or a list of them |
| CSV | `.csv`, `.tsv`, or all names in its first line are known | one article a row |
| Parquet | `.parquet`, or its first bytes | one article a row; from a file, not from a pipe |
| RSS, Atom ¹ | `.rss`, `.atom`, or it begins like one | the pages that its entries link to; without a link, their own text |
| sitemap | `.xml`, or it begins like one; also an index of sitemaps | the pages that it lists |
| web archive ¹ | `.warc`, `.warc.gz`, or its first bytes | pages and plain texts that were answered with 200; also WET |
| e-mail | `.eml` | its plain text, else its HTML; subject, sender, date; no attachments |
| PDF ¹ | `.pdf`, or its first bytes | its text, lines joined to paragraphs; no pictures of text |
| Word ¹ | `.docx`, or its first bytes | its paragraphs; no tables, no notes |

¹ needs the extra: `pip install 'lapwing[ingest]'`. Each may be gzip-compressed, and says so by `.gz` or its first bytes.

Columns are `id` (or `doc_id`), `text`, `published`, `title`, `outlet`, `url`; only `text` is needed, and `--map text=body`
takes it from another column. What a feed or a sitemap says of an article (title, date, outlet) is taken where the page
does not say it. A folder is
searched for files of these names, its folders too, hidden ones not. Ids are made unique, and that is told.

Text is UTF-8 unless a byte order mark or, for a page, its declaration says otherwise. Where the bytes are not valid
UTF-8, they are damaged UTF-8 if more of it is valid than not, and else read as Windows-1252; either is told. The text
of one article may have {max_chars:,} characters, a page {max_page_bytes:,} bytes, a line of JSONL or CSV
{max_line_bytes:,} bytes. Of a feed or a sitemap {max_entries:,} addresses are followed. A PDF is read by a process of its own,
which may take {extract_s:g} seconds and {extract_memory:,} bytes of memory. XML that defines entities, Word documents that
unpack to more than ten pages' limit, and mail that is nested hundreds of times are refused.

A web address is fetched over http or https, from public machines only (unless `--allow-private`), within {fetch_s:g}
seconds and {max_redirects} redirects, without the proxies that the environment may name. What robots.txt forbids is not
asked for (but by `lapwing read`, where a person asks for one page); between two requests to a host lie {delay_s:g} second, or
what its robots.txt asks for, up to {max_wait_s:g}. A failure that may pass is tried {retries} times more, after as long a wait
as the server asks for.
"""


def page() -> str:
    """The whole page."""
    from lapwing.settings import Settings

    settings = Settings()
    limits = {name: getattr(settings, name) for name in settings.__struct_fields__}
    group: Any = typer.main.get_command(cli.app)
    sections = [section(name, command) for name, command in group.commands.items()]
    return OPENING.format(**vars(cli)) + "".join(sections) + LIMITS.format(**limits)


def store_page() -> str:
    """The whole page of the store."""
    from lapwing.store.migration import migration_names, statements_of

    statements = "\n".join(part for name in migration_names() for part in statements_of(name, "duckdb"))
    return STORE_OPENING + "\n## Tables\n" + "".join(_tables(statements))


EXPORTS = """# Export formats

This page is generated from the code by `python docs/build_reference.py`.

    lapwing code articles/ -f gdelt -o events.gdelt.tsv
    lapwing export --store events.duckdb --dyad RUS-UKR -o acts.geojson

From Python, with any records:

    from lapwing.exports import write_events
    with open("acts.graphml", "wb") as stream:
        write_events(events, stream, format="graphml")

| format | what is written | what is lost |
|---|---|---|
{rows}
A file named `*.jsonl`, `*.csv`, `*.parquet`, `*.geojson` or `*.graphml` needs no `-f`. All writers take records one by one and keep none
(Parquet a few thousand, STIX and GraphML the ids of what they have written).

## What did not happen

{plain} have no field for whether an act happened. What is written there is read as fact. Acts that are expected,
hypothetical or denied are therefore left out of them and counted on standard error; `--all-statuses` (`all_statuses=True`)
writes them too. ACLED's `tags`, STIX's labels and names, and FollowTheMoney's names and descriptions then say what they are; POLECAT,
GDELT and ICEWS have no place for it at all.

What a format lacks is told on standard error each time that it is written, and as a `LossWarning` from Python unless `tell`
takes the words.

## Who, whom

POLECAT, GDELT and ICEWS have one actor and one recipient a row. A record with several becomes a row for each pair; a mutual
act (several actors, no recipient) becomes one row each way for each two of them; an act of one party a row with an empty side.
The first row has the record's id, the others the id with a number. GDELT and ICEWS want numbers: theirs are digests
of 53 bits, the same for the same record.

## When, where

- A format that knows only days gets a day or nothing: a month is not its first day, and the day of publication is not the day of
  the act. GDELT's `MonthYear` and `Year` hold what is known. PLOVER and ACLED can say that a date is a span, and do.
- A country has no point, in any format. GDELT itself writes the middle of the country.
- GDELT's countries of places are FIPS 10-4 (`UP` is Ukraine, `SU` Sudan), those of actors CAMEO's.

## Codes

`lapwing.crosswalks` holds one CSV file for each pair of codes, a source on each row: acts to CAMEO and back, countries, sectors,
ACLED's event types. CAMEO has finer codes than PLOVER has types, and PLOVER has contexts that CAMEO lacks: a mode is
tried first, then the contexts, then the type's general code. The quad class in GDELT and ICEWS follows CAMEO's code, not PLOVER's type.

## Spreadsheets

In CSV and in the tab-separated formats text that begins like a formula (`=`, `+`, `-`, `@`, a tab, a line break) has an apostrophe
before it, and so has text that begins with an apostrophe; take one off to have the value back. Numbers are left alone, negative ones
too. Tabs and line breaks within text become spaces where the format has no quoting.

## As annotation

    lapwing export --store events.duckdb -f gold -o gold/
    lapwing evaluate gold gold/docs gold/gold

The first writes what reviewers left of the records (`docs/how-to/review.md`): for each article that is reviewed completely, its
sentences into `docs/` and its records as judged into `gold/`, with who said that none is missing. Articles that are reviewed in part
are left out and named, with what is lacking: an act that nobody looked for would count as one that the text does not tell. Conditions
on records are refused for the same reason.

    lapwing export --store events.duckdb -f gold --values coded -o annotation/

writes the coder's own records in the same shape, of all articles or those that conditions choose, to be corrected by hand or
compared. The sentences are cut from the text that the store keeps. An article of which it keeps none (`--no-text`) has its records,
but no sentences, and cannot be evaluated. From Python, `lapwing.exports.write_gold(events, folder, sentences=…)` writes any records so.

## Not there

RDF and JSON-LD: event data has no vocabulary there that others read, and one of our own would only be the record again.
"""


def exports_page() -> str:
    """What `lapwing.exports.EXPORTERS` says of itself."""
    from lapwing.exports import EXPORTERS

    rows = (_export(name, exporter.what, exporter.loses, exporter.leaves_out) for name, exporter in EXPORTERS.items())
    *first, last = [f"`{name}`" for name, exporter in EXPORTERS.items() if not exporter.status]
    return EXPORTS.format(rows="".join(rows), plain=f"{', '.join(first)} and {last}")


def _export(name: str, what: str, loses: str, leaves_out: str) -> str:
    out = f". Left out: {leaves_out}" if leaves_out else ""
    return f"| `{name}` | {what} | {loses}{out} |\n"


def _tables(statements: str) -> Iterator[str]:
    """A section for each table, its remark above the columns, those last that it got later."""
    for match in re.finditer(r"((?:^-- [^\n]*\n)*)^CREATE TABLE (\w+) \(\n(.*?)^\);", statements, re.M | re.S):
        remark = " ".join(line.removeprefix("-- ") for line in match[1].splitlines())
        later = re.findall(rf"^ALTER TABLE {match[2]} ADD COLUMN (.*)$", statements, re.M)
        rows = [
            _column(line) for line in (*match[3].splitlines(), *(f"    {line.replace(';', ',', 1)}" for line in later))
        ]
        yield f"\n### {match[2]}\n\n{remark}\n\n| column | type | meaning |\n|---|---|---|\n" + "".join(rows)


def _column(line: str) -> str:
    match = REMARK.match(line)
    assert match, line
    name, kind, remark = match[1], match[2], match[4] or ""
    required = " NOT NULL" in f" {kind}{match[3]}" or "PRIMARY KEY" in f"{kind}{match[3]}"
    plain = kind.replace("NOT NULL", "").replace("PRIMARY KEY", "").replace("UNIQUE", "").strip().lower()
    return f"| `{name}` | {plain}{'' if required else ', may be empty'} | {remark} |\n"


def section(name: str, command: Any) -> str:
    """A command with its arguments and options."""
    rows = [row(parameter) for parameter in command.params]
    text = " ".join((command.help or "").split())
    return f"\n## lapwing {name}\n\n{text}\n\n| option | meaning |\n|---|---|\n" + "".join(rows)


def row(parameter: Any) -> str:
    """A line of a command's table."""
    metavar = parameter.metavar or ""
    names = (
        ", ".join(f"`{name}`" for name in parameter.opts) if parameter.param_type_name == "option" else f"`{metavar}`"
    )
    value = f" {metavar}" if metavar and parameter.param_type_name == "option" else ""
    return f"| {names}{value} | {parameter.help} |\n".replace("FILE|URL|-", "FILE, URL, -")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    STORE_PAGE.write_text(store_page(), encoding="utf-8")
    EXPORTS_PAGE.write_text(exports_page(), encoding="utf-8")
