"""Write docs/reference/cli.md from the command line itself: python docs/build_reference.py

A test compares the page with what this gives, so that it cannot drift.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer.main

from lapwing import cli

PAGE = Path(__file__).parent / "reference" / "cli.md"

OPENING = """# The command line

This page is generated from the code by `python docs/build_reference.py`.

    lapwing read examples/summit.txt
    lapwing code examples/*.txt -o events.csv
    cat corpus.jsonl | lapwing code - > events.jsonl
    lapwing ingest corpus.jsonl --store events.duckdb

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

Columns are `id` (or `doc_id`), `text`, `published`, `title`, `outlet`, `url`; only `text` is needed. A folder is
searched for files of these names, its folders too, hidden ones not. Ids are made unique, and that is told.

Text is UTF-8 unless a byte order mark or, for a page, its declaration says otherwise. Where the bytes are not valid
UTF-8, they are damaged UTF-8 if more of it is valid than not, and else read as Windows-1252; either is told. The text
of one article may have {max_chars:,} characters, a page {max_page_bytes:,} bytes, a line of JSONL or CSV
{max_line_bytes:,} bytes.

A web address is fetched over http or https, from public machines only (unless `--allow-private`), within {fetch_s:g}
seconds and {max_redirects} redirects, without the proxies that the environment may name.
"""


def page() -> str:
    """The whole page."""
    from lapwing.settings import Settings

    settings = Settings()
    limits = {name: getattr(settings, name) for name in settings.__struct_fields__}
    group: Any = typer.main.get_command(cli.app)
    sections = [section(name, command) for name, command in group.commands.items()]
    return OPENING.format(**vars(cli)) + "".join(sections) + LIMITS.format(**limits)


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
