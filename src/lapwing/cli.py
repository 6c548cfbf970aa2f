"""The command line: each command parses, calls one function, prints.

Results go to standard output, talk to standard error. Exit codes: 0 all went well; 1 some inputs failed, the others are
coded; 2 wrong usage, or nothing could be coded; 130 interrupted; 141 the reader of the output went away. Whatever is
heavy is imported by the command that needs it.
"""

from __future__ import annotations

import functools
import gc
import inspect
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any, ParamSpec

import typer

from lapwing import __version__
from lapwing.errors import LapwingError
from lapwing.report import visible
from lapwing.settings import Settings

if TYPE_CHECKING:
    from rich.console import Console

    from lapwing.exports import Format
    from lapwing.importing import Imported
    from lapwing.ingest import Ingested, Tally
    from lapwing.records import Article, CodedDocument, Event, Failure
    from lapwing.store import Filter, Store
    from lapwing.store.conditions import Values
    from lapwing.store.imported import Origin

Options = ParamSpec("Options")

OK, SOME_FAILED, NOTHING_CODED, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 130, 141

app = typer.Typer(
    name="lapwing",
    help="Reads news and writes sourced event data: who did what to whom, when and where, and who says so.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Published = Annotated[
    str | None, typer.Option(metavar="DATE", help="When it appeared, as 2022-12-19 (or 2022-12, 2022).")
]
Title = Annotated[
    str | None, typer.Option(metavar="TEXT", help="The article's title, where the input does not hold it.")
]
Outlet = Annotated[str | None, typer.Option(metavar="NAME", help="Who published it, where the input does not tell.")]
Map = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="NAME=COLUMN", help="A column of CSV, JSONL or Parquet by another name: text=body."),
]
FORMAT_NAMES = (
    "jsonl, csv, parquet, plover, polecat, gdelt, icews, acled, geojson, followthemoney, ftm-entities, stix or graphml"
)

AllStatuses = Annotated[
    bool,
    typer.Option(
        "--all-statuses",
        help="Where the format has no status, write acts that are expected, hypothetical or denied all the same.",
    ),
]
AllowPrivate = Annotated[bool, typer.Option("--allow-private", help="Let web addresses lead into the local network.")]


def main() -> None:
    """Run the command line."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy's products are small here: more threads only spin
    gc.set_threshold(50_000, 20, 20)  # nearly all that is made while starting stays: look for garbage seldom
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    app()


def _told(command: Callable[Options, None]) -> Callable[Options, None]:
    """A command whose foreseen ends are told in one line, without a traceback, and have their exit codes."""

    @functools.wraps(command)
    def run(*arguments: Options.args, **options: Options.kwargs) -> None:
        try:
            command(*arguments, **options)
        except LapwingError as error:
            raise _end(str(error), NOTHING_CODED) from None
        except KeyboardInterrupt:
            raise _end("interrupted", INTERRUPTED) from None
        except BrokenPipeError:
            _silence_output()
            raise typer.Exit(PIPE_CLOSED) from None
        except OSError as error:
            raise _end(f"{error.strerror or error}. Is there room, and permission to write?", NOTHING_CODED) from None

    return run


def _end(message: str, code: int) -> typer.Exit:
    tell(message)
    return typer.Exit(code)


def _silence_output() -> None:
    """What is still buffered must not raise again when the interpreter closes the streams."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def tell(message: str) -> None:
    """A line on standard error."""
    sys.stderr.write(f"lapwing: {visible(message)}\n")


def _version(wanted: bool) -> None:
    if wanted:
        print(f"lapwing {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and leave.")
    ] = False,
) -> None:
    """Options that come before the command."""


# ── read ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


@app.command()
@_told
def read(
    path: Annotated[
        str, typer.Argument(metavar="FILE|URL|-", help="An article: a file, a web address, or - for stdin.")
    ],
    published: Published = None,
    title: Title = None,
    outlet: Outlet = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON object: the document and its records.")] = False,
    explain: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Show for record N why each field has its value.")
    ] = None,
    allow_private: AllowPrivate = False,
) -> None:
    """Show one article with its events: what it says, who says so, and what was made of the text."""
    from lapwing.coding import available_cores, checked_date, code_article
    from lapwing.sources import read_articles

    settings = Settings(allow_private=allow_private, robots=False)  # a person asks for one page
    reads = read_articles([path], settings=settings, published=checked_date(published), title=title, outlet=outlet)
    article = _first(reads, path)
    coded = code_article(article, threads=available_cores())
    if json:
        _print_json(coded, article.notes)
    elif explain is not None:
        _print_explanation(coded, explain)
    else:
        from lapwing.report import print_report

        print_report(coded, _console(), notes=article.notes)


def _first(reads: Iterator[Article | Failure], path: str) -> Article:
    from lapwing.errors import SourceError
    from lapwing.records import Failure

    first = next(reads, None)
    if first is None:
        raise SourceError(f"{path}: there is no article in it.")
    if isinstance(first, Failure):
        raise SourceError(f"{first.where}: {first.reason}")
    if next(reads, None) is not None:
        tell(f"{path} holds more articles; this is the first. `lapwing code` codes all of them.")
    return first


def _print_json(coded: CodedDocument, notes: tuple[str, ...]) -> None:
    from lapwing.exports import json_line, record_of
    from lapwing.report import document_view

    view = {"document": document_view(coded, notes=notes), "events": [record_of(event) for event in coded.events]}
    sys.stdout.buffer.write(json_line(view) + b"\n")
    sys.stdout.buffer.flush()


def _print_explanation(coded: CodedDocument, number: int) -> None:
    from lapwing.report import print_explanation

    if number > len(coded.events):
        raise typer.BadParameter(f"the article has {len(coded.events)} records.", param_hint="--explain")
    print_explanation(coded, number, _console())


def _console() -> Console:
    from rich.console import Console

    return Console(highlight=False, markup=False, emoji=False)


# ── code ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


@app.command()
@_told
def code(
    paths: Annotated[list[str], typer.Argument(metavar="PATH", help="Files, folders, web addresses, or - for stdin.")],
    format: Annotated[
        str | None,
        typer.Option(
            "--format",
            "-f",
            help=f"{FORMAT_NAMES} [default: as OUT is named, else jsonl].",
        ),
    ] = None,
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="OUT", help="The file to write; - is standard output.")
    ] = "-",
    published: Published = None,
    outlet: Outlet = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", metavar="N", min=1, help="Processes [default: one a core].")
    ] = None,
    map: Map = None,
    all_statuses: AllStatuses = False,
    allow_private: AllowPrivate = False,
) -> None:
    """Code articles into records. Reads text, HTML, feeds, sitemaps, web archives, e-mail, PDF, Word, and JSON, JSONL,
    CSV and Parquet with the columns id, text, published, title, outlet, url.

    A document that cannot be read or coded is told on standard error and counted; the others are coded, in the order
    of the input whatever the number of processes.
    """
    from lapwing.coding import checked_date
    from lapwing.exports import write_records
    from lapwing.sources import read_articles

    chosen = _format(format, output)
    losses: list[str] = []
    run = _Run(
        read_articles(
            paths,
            settings=Settings(allow_private=allow_private, columns=_columns(map)),
            published=checked_date(published),
            outlet=outlet,
        )
    )
    with _output(output) as stream, run.shown(to_terminal=output == "-" and sys.stdout.isatty()):
        documents = run.documents(jobs=jobs)
        records = write_records(documents, stream, format=chosen, all_statuses=all_statuses, tell=losses.append)
        run.check_something_coded()
    for loss in losses:
        tell(loss)
    if run.failed or sys.stderr.isatty():
        tell(f"{run.coded:,} coded, {run.failed:,} failed, {records:,} records")
    raise typer.Exit(SOME_FAILED if run.failed else OK)


def _format(wanted: str | None, output: str) -> Format:
    from lapwing.exports import FORMATS, format_of

    name = wanted or format_of(output) or "jsonl"
    chosen = next((known for known in FORMATS if known == name), None)
    if chosen is None:
        raise typer.BadParameter(f"{name!r} is none of {', '.join(FORMATS)}.", param_hint="--format")
    if chosen == "parquet" and output == "-" and sys.stdout.isatty():
        raise typer.BadParameter("Parquet is no text for a terminal: name a file with -o.", param_hint="--format")
    return chosen


def _output(path: str) -> AbstractContextManager[IO[bytes]]:
    from lapwing.exports import new_file

    return nullcontext(sys.stdout.buffer) if path == "-" else new_file(Path(path))


def _columns(given: list[str] | None) -> tuple[tuple[str, str], ...]:
    """What `--map` was given, as `Settings.columns`."""
    from lapwing.sources.rows import COLUMNS

    pairs = []
    for pair in given or ():
        name, equals, column = pair.partition("=")
        if name not in COLUMNS or not equals or not column:
            raise typer.BadParameter(
                f"{pair!r}: write NAME=COLUMN, with {', '.join(COLUMNS)} as NAME.", param_hint="--map"
            )
        pairs.append((name, column))
    return tuple(pairs)


class _Run:
    """One run of `lapwing code`: what went in, what came out, and the bar that shows it."""

    def __init__(self, reads: Iterable[Article | Failure]) -> None:
        self.coded = self.failed = 0
        self._reads = reads
        self._tell: Callable[[str], None] = tell
        self._advance: Callable[[], None] = lambda: None

    def documents(self, *, jobs: int | None) -> Iterator[CodedDocument]:
        """The coded documents; failures are told and counted as they come."""
        from lapwing.coding import code_articles
        from lapwing.records import Failure

        for result in code_articles(self._with_notes_told(), jobs=jobs):
            if isinstance(result, Failure):
                self.failed += 1
                self._tell(f"{result.where}: {result.reason}")
            else:
                self.coded += 1
                yield result
            self._advance()

    def _with_notes_told(self) -> Iterator[Article | Failure]:
        from lapwing.records import Article

        for read in self._reads:
            if isinstance(read, Article):
                for note in read.notes:
                    self._tell(f"{read.id}: {note}")
            yield read

    def check_something_coded(self) -> None:
        """Raise where no article was coded, so that no file is written."""
        from lapwing.errors import SourceError

        if not self.coded:
            raise SourceError(f"nothing could be coded ({self.failed:,} failed).")

    def shown(self, *, to_terminal: bool) -> AbstractContextManager[object]:
        """A progress bar on standard error, where that is a terminal and the records do not go there too."""
        bar = nullcontext() if to_terminal else _bar()
        if isinstance(bar, _Bar):
            self._advance = lambda: bar.show(self.coded + self.failed, f"articles, {self.failed} failed")
            self._tell = bar.tell
        return bar


class _Bar(AbstractContextManager["_Bar"]):
    """A progress bar on standard error; the number of inputs is not known beforehand."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (
            BarColumn(20),
            TextColumn("{task.completed} {task.fields[what]}, {task.fields[rate]:.1f} a second"),
            TimeElapsedColumn(),
        )
        console = Console(stderr=True, highlight=False, markup=False, emoji=False)
        self._progress = Progress(*columns, console=console, transient=True)
        self._task = self._progress.add_task("", total=None, what="articles", rate=0.0)

    def show(self, done: int, what: str) -> None:
        """That so many are done, and what is to be said of them."""
        elapsed = self._progress.tasks[0].elapsed or 0.0
        self._progress.update(self._task, completed=done, what=what, rate=done / max(elapsed, 0.1))

    def tell(self, message: str) -> None:
        """A line above the bar."""
        self._progress.console.print(f"lapwing: {visible(message)}", soft_wrap=True)

    def __enter__(self) -> _Bar:
        self._progress.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._progress.stop()


def _bar() -> AbstractContextManager[object]:
    """A bar where standard error is a terminal, else nothing."""
    return _Bar() if sys.stderr.isatty() else nullcontext()


# ── ingest ────────────────────────────────────────────────────────────────────────────────────────────────────────────

StorePath = Annotated[
    str,
    typer.Option("--store", "-s", metavar="STORE", envvar="LAPWING_STORE", help="A file, or postgresql://…"),
]


@app.command()
@_told
def ingest(
    sources: Annotated[
        list[str] | None, typer.Argument(metavar="SOURCE", help="Files, folders, web addresses, or - for stdin.")
    ] = None,
    store: StorePath = "events.duckdb",
    published: Published = None,
    outlet: Outlet = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", metavar="N", min=1, help="Processes [default: one a core].")
    ] = None,
    no_text: Annotated[
        bool, typer.Option("--no-text", help="Keep no texts, only their digests and what the records quote.")
    ] = False,
    recode: Annotated[
        bool,
        typer.Option(
            "--recode", help="Code again what another version has coded; without SOURCE, the store's own texts."
        ),
    ] = False,
    map: Map = None,
    allow_private: AllowPrivate = False,
) -> None:
    """Code articles and keep them with their records in a store. Run it again, after a failure or with more sources,
    and it goes on: what is stored is neither coded nor stored again.
    """
    from lapwing.clusters import sketch_beside
    from lapwing.coding import checked_date, coder_version
    from lapwing.ingest import held_version, note_versions
    from lapwing.ingest import ingest as run
    from lapwing.sources import read_articles
    from lapwing.sources.web import Validators, Web
    from lapwing.store import open_store, stored_articles

    if not sources and not recode:
        raise typer.BadParameter("name a file, a folder or a web address.", param_hint="SOURCE")
    coder = coder_version()
    day = checked_date(published)
    with open_store(store) as opened, _bar() as bar:
        settings = Settings(allow_private=allow_private, columns=_columns(map))
        as_before = not (recode or published or outlet or map)  # else an address that did not change is read again
        web = Web(settings, held=partial(held_version, opened) if as_before else lambda url: Validators())
        reads = (
            read_articles(sources, settings=settings, published=day, outlet=outlet, unique_ids=False, web=web)
            if sources
            else stored_articles(opened, coder=coder)
        )

        def hear(done: Ingested, tally: Tally) -> None:
            say = bar.tell if isinstance(bar, _Bar) else tell
            for note in done.notes:
                say(f"{done.where}: {note}")
            if done.outcome == "failed":
                say(f"{done.where}: {done.reason}")
            if isinstance(bar, _Bar):
                bar.show(tally.done, f"articles, {tally.unchanged} known before, {tally.failed} failed")

        tally = run(
            reads,
            opened,
            coder=coder,
            inputs=sources or (),
            jobs=jobs,
            recode=recode,
            keep_text=not no_text,
            beside=sketch_beside if no_text else lambda article, doc: {},
            tell=hear,
        )
        if not tally.failed:
            note_versions(opened, web.seen)
    _tell_tally(tally)
    raise typer.Exit(OK if not tally.failed else SOME_FAILED if tally.done > tally.failed else NOTHING_CODED)


def _tell_tally(tally: Tally) -> None:
    parts = [f"{tally.stored:,} stored with {tally.records:,} records", f"{tally.unchanged:,} known before"]
    if tally.recoded:
        parts.append(f"{tally.recoded:,} coded again with {tally.changes:,} changes")
    parts.append(f"{tally.failed:,} failed")
    tell(", ".join(parts))
    if tally.older:
        tell(f"{tally.older:,} of those known before were coded by another version: --recode codes them again")


@app.command()
@_told
def serve(
    store: StorePath = "events.duckdb",
    host: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Where to listen; others than this machine's own ask for a token.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(metavar="N", min=0, max=65535, help="0 takes one that is free.")] = 8765,
    token: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT",
            envvar="LAPWING_TOKEN",
            help="What to sign in with [default: none here, a new one elsewhere].",
        ),
    ] = None,
    allow_host: Annotated[
        list[str] | None, typer.Option("--allow-host", metavar="NAME", help="A further name by which it is reached.")
    ] = None,
    borders: Annotated[
        str,
        typer.Option(
            metavar="CHOICE", help="What the map draws: un (the United Nations' views) or de-facto (control)."
        ),
    ] = "un",
    feeds: Annotated[
        Path | None, typer.Option("--watch", metavar="FEEDS", help="Watch feeds meanwhile, as `lapwing watch` does.")
    ] = None,
    allow_private: AllowPrivate = False,
) -> None:
    """Open the workbench on a store in a browser: read, check and correct. The store is made where it is not there. Ctrl-C
    ends it.
    """
    if borders not in ("un", "de-facto"):
        raise typer.BadParameter(f"{borders!r} is neither un nor de-facto.", param_hint="--borders")
    try:
        from lapwing.monitor import load_feeds, with_options
        from lapwing.web.serving import serve as run
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("lapwing"):
            raise
        raise LapwingError(f"the workbench needs more ({error.name}): pip install 'lapwing[web]'.") from None

    run(
        store,
        host=host,
        port=port,
        token=token,
        hosts=tuple(allow_host or ()),
        borders="un" if borders == "un" else "de-facto",
        feeds=with_options(load_feeds(feeds), store=store, every=None) if feeds else None,
        reading=Settings(allow_private=allow_private, robots=False),
        tell=tell,
    )


@app.command()
@_told
def watch(
    feeds: Annotated[
        Path, typer.Argument(metavar="FEEDS", help="What to watch: a file as docs/reference/feeds.md has it.")
    ],
    store: Annotated[
        str | None,
        typer.Option("--store", "-s", metavar="STORE", help="A file, or postgresql://… [default: as FEEDS has it]."),
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="Look at each feed once and leave: for cron.")] = False,
    interval: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="How often to look: 30s, 15m, 6h, 1d [default: as FEEDS has it, else 15m]."),
    ] = None,
) -> None:
    """Look at feeds again and again: what is new is coded and kept in a store, and told where a rule asks for it. SIGINT
    (Ctrl-C) or SIGTERM ends it after the article at hand; a second one ends it at once.
    """
    from datetime import UTC, datetime

    from lapwing.coding import coder_version
    from lapwing.monitor import failed, load_feeds, with_options
    from lapwing.monitor import watch as run

    def say(line: str) -> None:
        tell(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {line}")

    looks = run(with_options(load_feeds(feeds), store=store, every=interval), coder=coder_version(), once=once, say=say)
    failures = failed(looks) if once else 0
    raise typer.Exit(OK if not failures else SOME_FAILED if failures < len(looks) else NOTHING_CODED)


# ── import ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@app.command("import")
@_told
def import_(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE", help="Files of another data set, plain, gzipped or zipped.")
    ],
    format: Annotated[str, typer.Option("--format", "-f", help="polecat, icews or gdelt.")],
    store: StorePath = "events.duckdb",
) -> None:
    """Keep events of POLECAT, ICEWS or GDELT in a store, beside Lapwing's own and apart from them. Run it again, after a
    failure or with more files, and it goes on: what is there is not kept twice.
    """
    from lapwing.importing import import_file
    from lapwing.imports import IMPORTERS
    from lapwing.store import open_store

    wanted = next((name for name in IMPORTERS if name == format), None)
    if wanted is None:
        raise typer.BadParameter(f"{format!r} is none of {', '.join(IMPORTERS)}.", param_hint="--format")
    failed = done = 0
    with open_store(store) as opened, _bar() as bar:

        def hear(failure: Failure | None, so_far: Imported) -> None:
            if failure is not None:
                (bar.tell if isinstance(bar, _Bar) else tell)(f"{failure.where}: {failure.reason}")
            elif isinstance(bar, _Bar):
                bar.show(so_far.done, f"rows, {so_far.known} known before, {so_far.failed} failed")

        for file in files:
            told = import_file(file, opened, format=wanted, tell=hear)
            tell(f"{file}: {told.stored:,} stored, {told.known:,} known before, {told.failed:,} failed")
            failed, done = failed + told.failed, done + told.done
    raise typer.Exit(OK if not failed else SOME_FAILED if done > failed else NOTHING_CODED)


# ── query ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

SqlFormat = Annotated[
    str | None,
    typer.Option("--format", "-f", help="table, jsonl, csv or parquet [default: as OUT is named, else table]."),
]
Output = Annotated[str, typer.Option("--output", "-o", metavar="OUT", help="The file to write; - is standard output.")]

Dyad = Annotated[
    str | None, typer.Option(metavar="A-B", help="Who to whom: RUS-UKR, RUS/GOV-*, *-/REB (PLOVER's codes).")
]
ActorCode = Annotated[str | None, typer.Option(metavar="CODE", help="Who acts: RUS, RUS/GOV or /GOV.")]
RecipientCode = Annotated[str | None, typer.Option(metavar="CODE", help="Who is acted on.")]
EventTypes = Annotated[list[str] | None, typer.Option(metavar="TYPE", help="A type; may be given several times.")]
Mode = Annotated[str | None, typer.Option(metavar="MODE", help="A mode of the type.")]
Statuses = Annotated[
    list[str] | None,
    typer.Option(metavar="STATUS", help="happened, expected, hypothetical or denied; may be given several times."),
]
SourceName = Annotated[
    str | None, typer.Option(metavar="NAME", help="Who says so: a country's code, or part of a name.")
]
PlaceName = Annotated[str | None, typer.Option(metavar="NAME", help="Where: a country's code, or part of a name.")]
OutletPart = Annotated[str | None, typer.Option(metavar="NAME", help="Part of the name of who published it.")]
Since = Annotated[str | None, typer.Option(metavar="DATE", help="Not before 2022-12-19, 2022-12 or 2022.")]
Until = Annotated[str | None, typer.Option(metavar="DATE", help="Not after that day, month or year.")]
Words = Annotated[str | None, typer.Option(metavar="WORDS", help='Words of the article; "a phrase"; -without.')]
Confidence = Annotated[float | None, typer.Option(metavar="P", help="At least so likely to be right.")]
MinSources = Annotated[
    int | None,
    typer.Option(metavar="N", min=1, help="Told by so many independent sources at least (`lapwing cluster`)."),
]
Newest = Annotated[bool, typer.Option("--newest", help="Sort by date, newest first.")]
ValuesName = Annotated[
    str | None,
    typer.Option(
        "--values",
        metavar="VALUES",
        help="Records as `coded`, or as `judged` by reviewers: corrected, without those deleted, with those added "
        "[default: coded; judged for gold].",
    ),
]

SHOWN_RECORDS = 50


def _conditions(
    dyad: Dyad = None,
    actor: ActorCode = None,
    recipient: RecipientCode = None,
    event: EventTypes = None,
    mode: Mode = None,
    status: Statuses = None,
    source: SourceName = None,
    place: PlaceName = None,
    outlet: OutletPart = None,
    since: Since = None,
    until: Until = None,
    text: Words = None,
    confidence: Confidence = None,
    min_sources: MinSources = None,
    newest: Newest = False,
) -> Filter:
    """The options by which records are asked for, as a filter."""
    from lapwing.store import Filter

    return Filter(
        dyad=dyad,
        actor=actor,
        recipient=recipient,
        event=tuple(event or ()),
        mode=mode,
        status=_statuses(status or []),
        source=source,
        place=place,
        outlet=outlet,
        since=since,
        until=until,
        text=text,
        confidence=confidence,
        min_sources=min_sources,
        order="date" if newest else "stored",
    )


def _with_conditions(command: Callable[..., None]) -> Callable[..., None]:
    """A command that has the options of `_conditions` too, and gets what they ask for as its first argument."""
    own, asked = (
        inspect.signature(function, eval_str=True, locals={"Filter": object}) for function in (command, _conditions)
    )
    _, store, *others = own.parameters.values()

    @functools.wraps(command)
    def run(**options: Any) -> None:
        wanted = _conditions(**{name: options.pop(name) for name in asked.parameters})
        command(wanted, **options)

    vars(run)["__signature__"] = own.replace(parameters=[store, *asked.parameters.values(), *others])
    run.__annotations__ = {name: one.annotation for name, one in inspect.signature(run).parameters.items()}
    return run


OriginNames = Annotated[
    list[str] | None,
    typer.Option("--origin", metavar="NAME", help="lapwing, polecat, icews or gdelt; may be given several times."),
]


@app.command()
@_told
@_with_conditions
def query(
    wanted: Filter,
    store: StorePath = "events.duckdb",
    values: ValuesName = None,
    origin: OriginNames = None,
    limit: Annotated[
        int | None, typer.Option(metavar="N", min=1, help=f"So many at most [default: {SHOWN_RECORDS} in a table].")
    ] = None,
    format: Annotated[
        str | None,
        typer.Option("--format", "-f", help=f"table, {FORMAT_NAMES} [default: as OUT is named, else table]."),
    ] = None,
    output: Output = "-",
    all_statuses: AllStatuses = False,
) -> None:
    """Show the records of a store that meet all conditions, or write them; with --origin rows of another data set that
    `lapwing import` kept.
    """
    from msgspec.structs import replace

    from lapwing.store import find_events, open_store

    chosen = _table_format(format, output)
    wanted = replace(
        wanted,
        values=_values(values) or "coded",
        limit=limit or (SHOWN_RECORDS + 1 if chosen is None else None),
    )
    if origin and origin != ["lapwing"]:
        _show_imported(store, origin, wanted, chosen, output)
        return
    if chosen is not None:
        _write_found(store, wanted, chosen, output, all_statuses=all_statuses)
        return
    with open_store(store, mode="read") as opened:
        _print_events(list(find_events(opened, wanted)), whole=limit is not None)
        _tell_values(opened, wanted)


def _show_imported(store: str, origin: list[str], wanted: Filter, chosen: Format | None, output: str) -> None:
    """Show or write rows of other data sets."""
    from lapwing.store import open_store
    from lapwing.store.imported import find_imported

    if "lapwing" in origin:
        raise typer.BadParameter(
            "Lapwing's records are not listed with rows of other data sets; `lapwing series` counts them side by side.",
            param_hint="--origin",
        )
    with open_store(store, mode="read") as opened:
        table = find_imported(opened, _origins(origin), wanted)
    _show_table(table if chosen else table.select(SHOWN_OF_IMPORTED), chosen, output)


SHOWN_OF_IMPORTED = [
    "origin",
    "day",
    "actor_name",
    "actor",
    "recipient_name",
    "recipient",
    "event",
    "mode",
    "score",
    "scale",
]


def _origins(given: list[str]) -> tuple[Origin, ...]:
    from lapwing.store.imported import ORIGINS

    if unknown := next((origin for origin in given if origin not in ORIGINS), None):
        raise typer.BadParameter(f"{unknown!r} is none of {', '.join(ORIGINS)}.", param_hint="--origin")
    return tuple(origin for origin in ORIGINS if origin in given)


@app.command()
@_told
@_with_conditions
def series(
    wanted: Filter,
    store: StorePath = "events.duckdb",
    origin: OriginNames = None,
    by: Annotated[str, typer.Option(metavar="PERIOD", help="day, week, month or year.")] = "month",
    format: SqlFormat = None,
    output: Output = "-",
) -> None:
    """Count events over time for each data set apart: Lapwing's own, and those that `lapwing import` kept. Each line says
    whose it is, and on which scale its mean score stands. --status asks Lapwing's records only: the others tell none.
    """
    from lapwing.store import open_store
    from lapwing.store.imported import ORIGINS, PERIODS, compare_series

    period = next((one for one in PERIODS if one == by), None)
    if period is None:
        raise typer.BadParameter(f"{by!r} is none of {', '.join(PERIODS)}.", param_hint="--by")
    chosen = _table_format(format, output)
    origins = _origins(origin or list(ORIGINS))
    with open_store(store, mode="read") as opened:
        table = compare_series(opened, origins, wanted, period=period)
    if wanted.status and set(origins) - {"lapwing"}:
        tell("a status is told of Lapwing's records only: of the other data sets all rows are counted")
    _show_table(table, chosen, output)


def _show_table(table: Any, chosen: Format | None, output: str) -> None:
    from lapwing.exports import write_table
    from lapwing.report import print_rows

    if chosen is None:
        print_rows(table.column_names, (tuple(row.values()) for row in table.to_pylist()), _console())
    else:
        with _output(output) as stream:
            write_table(table, stream, format=chosen)


def _write_found(store: str, wanted: Filter, format: Format, output: str, *, all_statuses: bool) -> int:
    """Write the records of a store that `wanted` asks for; gives their number."""
    from lapwing.exports import write_events
    from lapwing.store import find_events, open_store

    with open_store(store, mode="read") as opened:
        with _output(output) as stream:
            events = find_events(opened, wanted)
            count = write_events(events, stream, format=format, all_statuses=all_statuses, tell=tell)
        _tell_values(opened, wanted)
        return count


def _tell_values(store: Store, wanted: Filter) -> None:
    """Say whose values were given, where reviewers left some other than the coder did."""
    from lapwing.store.reviews import revised_count

    count = revised_count(store)
    if count and wanted.values == "coded":
        tell(f"values as coded; reviewers left {count:,} records of this store otherwise: --values judged")
    elif count:
        tell(f"values as judged: reviewers left {count:,} records of this store other than they were coded")


@app.command()
@_told
@_with_conditions
def export(
    wanted: Filter,
    store: StorePath = "events.duckdb",
    format: Annotated[
        str | None,
        typer.Option(
            "--format",
            "-f",
            help=f"{FORMAT_NAMES} [default: as OUT is named, else jsonl]; or gold: OUT is a new folder, with docs/ and gold/ "
            "as `lapwing evaluate gold` reads them, of the articles that are reviewed completely.",
        ),
    ] = None,
    output: Output = "-",
    values: ValuesName = None,
    limit: Annotated[int | None, typer.Option(metavar="N", min=1, help="So many at most.")] = None,
    all_statuses: AllStatuses = False,
) -> None:
    """Write the records of a store, all or those that meet all conditions, in a format of Lapwing's or of other event
    data. What the format cannot say is told on standard error.
    """
    from msgspec.structs import replace

    wanted = replace(wanted, values=_values(values) or ("judged" if format == "gold" else "coded"), limit=limit)
    if format == "gold":
        count = _write_gold(store, wanted, output)
    else:
        count = _write_found(store, wanted, _format(format, output), output, all_statuses=all_statuses)
    if output != "-":
        tell(f"{count:,} records")


def _write_gold(store: str, wanted: Filter, output: str) -> int:
    from lapwing.annotation import write_annotation, write_reviewed
    from lapwing.store import Filter, open_store

    if output == "-":
        raise typer.BadParameter("gold is a folder of files: name a new one with -o.", param_hint="--format")
    if wanted.order != "stored":
        raise typer.BadParameter("gold is written article by article.", param_hint="--newest")
    with open_store(store, mode="read") as opened:
        if wanted.values == "coded":
            return write_annotation(opened, wanted, Path(output), tell=tell)
        if wanted != Filter(values="judged"):
            raise typer.BadParameter(
                "gold holds all records of an article: conditions and --limit go with --values coded only.",
                param_hint="--format",
            )
        return write_reviewed(opened, Path(output), tell=tell)


def _values(given: str | None) -> Values | None:
    from typing import get_args

    from lapwing.store.conditions import Values

    found: Values | None = next((known for known in get_args(Values) if known == given), None)
    if given is not None and found is None:
        raise typer.BadParameter(f"{given!r} is neither coded nor judged.", param_hint="--values")
    return found


def _table_format(wanted: str | None, output: str) -> Format | None:
    """The format to write, None for a table to look at."""
    from lapwing.exports import format_of

    if wanted == "table" or (wanted is None and output == "-"):
        if output != "-":
            raise typer.BadParameter("a table is for the terminal: leave out -o.", param_hint="--format")
        return None
    return _format(wanted or format_of(output), output)


def _statuses(given: list[str]) -> tuple[str, ...]:
    from typing import get_args

    from lapwing.records import Status

    if unknown := next((status for status in given if status not in get_args(Status)), None):
        raise typer.BadParameter(f"{unknown!r} is none of {', '.join(get_args(Status))}.", param_hint="--status")
    return tuple(given)


def _print_events(events: list[Event], *, whole: bool) -> None:
    from lapwing.report import print_events

    shown = events if whole else events[:SHOWN_RECORDS]
    print_events(shown, _console())
    if len(shown) < len(events):
        tell(f"there are more than {SHOWN_RECORDS}: --limit shows so many, -o FILE writes all")


@app.command()
@_told
def sql(
    statement: Annotated[str, typer.Argument(metavar="SELECT", help="One query, or - to read it from stdin.")],
    store: StorePath = "events.duckdb",
    format: SqlFormat = None,
    output: Output = "-",
) -> None:
    """Run one SQL query on a store, which cannot change it. The tables are described in docs/reference/store.md."""
    from lapwing.exports import write_table
    from lapwing.store import open_store, run_sql

    chosen = _table_format(format, output)
    with open_store(store, mode="read") as opened:
        table = run_sql(opened, sys.stdin.read() if statement == "-" else statement)
    if chosen is None:
        from lapwing.report import print_rows

        print_rows(table.column_names, (tuple(row.values()) for row in table.to_pylist()), _console())
    else:
        with _output(output) as stream:
            write_table(table, stream, format=chosen)


# ── cluster ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@app.command()
@_told
def cluster(store: StorePath = "events.duckdb") -> None:
    """Find the articles of a store that repeat others, and the records that tell one act. Run it again after every
    ingest and every decision: what is new is compared, the rest stays.
    """
    from lapwing.clusters import cluster as run
    from lapwing.store import open_store

    with open_store(store) as opened:
        done = run(opened)
    tell(f"{done.texts:,} texts are new; {done.copies:,} articles of the store repeat an earlier one")
    tell(f"the records of {done.compared:,} articles were compared; {done.clusters:,} acts are told by several records")


@app.command()
@_told
def clusters(
    cluster: Annotated[
        str | None, typer.Argument(metavar="CLUSTER", help="One cluster, with all that it shows.")
    ] = None,
    store: StorePath = "events.duckdb",
    limit: Annotated[int, typer.Option(metavar="N", min=1, help="So many at most.")] = 50,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Show the acts that several records tell, those with most independent origins first."""
    from lapwing.clusters import read_clusters, reasons_for
    from lapwing.clusters.view import line_of, lines_of
    from lapwing.errors import QueryError
    from lapwing.exports import json_line
    from lapwing.store import open_store

    with open_store(store, mode="read") as opened:
        found = list(islice(read_clusters(opened, ids=[cluster] if cluster else ()), limit))
        if cluster and not found:
            raise QueryError(f"the store holds no cluster {cluster}. `lapwing clusters` lists them.")
        if json:
            for id, summary in found:
                print(json_line({"id": id, "summary": summary}).decode())
        elif cluster:
            for line in lines_of(*found[0], reasons_for(opened, cluster)):
                print(visible(line))
        else:
            for id, summary in found:
                print(visible(line_of(id, summary)))


@app.command()
@_told
def judge(
    verdict: Annotated[str, typer.Argument(metavar="VERDICT", help="same, different, undo or list.")],
    a: Annotated[
        str | None,
        typer.Argument(metavar="A", help="A record's id (or an article's); the number of a decision to undo."),
    ] = None,
    b: Annotated[str | None, typer.Argument(metavar="B", help="The other record or article.")] = None,
    store: StorePath = "events.duckdb",
    by: Annotated[str | None, typer.Option(metavar="NAME", help="Who decides [default: the user's name].")] = None,
    note: Annotated[str | None, typer.Option(metavar="TEXT", help="Why.")] = None,
    text: Annotated[bool, typer.Option("--text", help="A and B are articles: are they one text?")] = False,
) -> None:
    """Decide that two records tell the same act, or different ones; take a decision back; list those that stand. A decision
    is never overwritten by scores, and takes effect with the next `lapwing cluster`.
    """
    from lapwing.clusters import decisions, take_back
    from lapwing.clusters import judge as decide
    from lapwing.report import print_rows
    from lapwing.store import open_store

    given = [name for name in (a, b) if name is not None]
    if len(given) != {"same": 2, "different": 2, "undo": 1, "list": 0}.get(verdict):
        raise typer.BadParameter("write same A B, different A B, undo NUMBER or list.", param_hint="VERDICT")
    if verdict == "undo" and not given[0].isdecimal():
        raise typer.BadParameter(f"{given[0]!r} is no number of a decision.", param_hint="A")
    with open_store(store, mode="read" if verdict == "list" else "write") as opened:
        if verdict == "list":
            rows = ((d.seq, d.kind, d.verdict, d.a, d.b, d.judge, d.note) for d in decisions(opened))
            print_rows(("number", "of", "verdict", "a", "b", "by", "note"), rows, _console())
        elif verdict == "undo":
            take_back(opened, int(given[0]), by=by or _user(), note=note)
            tell(f"decision {given[0]} is taken back")
        else:
            seq = decide(
                opened,
                "same" if verdict == "same" else "different",
                *given,
                by=by or _user(),
                kind="text" if text else "event",
                note=note,
            )
            tell(f"decision {seq}: {given[0]} and {given[1]} are {'the same' if verdict == 'same' else 'different'}")


@app.command()
@_told
def agreement(
    a: Annotated[str, typer.Argument(metavar="A", help="A reviewer's name.")],
    b: Annotated[str, typer.Argument(metavar="B", help="The other's.")],
    store: StorePath = "events.duckdb",
    json: Annotated[
        bool, typer.Option("--json", help="One JSON object, with the records on which they differ.")
    ] = False,
) -> None:
    """Show how far two reviewers of the same records agree: Cohen's kappa for fields whose values are on a closed list, the
    share of equal values for others, F1 for which acts there are.
    """
    from lapwing.evaluation.agreement import agreement_of, agreement_rows
    from lapwing.exports import json_line
    from lapwing.report import print_rows
    from lapwing.store import open_store

    with open_store(store, mode="read") as opened:
        found = agreement_of(opened, a, b)
    if json:
        print(json_line(found).decode())
    else:
        print_rows(("what", "records", "equal", "measure"), agreement_rows(found), _console())


def _user() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


# ── evaluate ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@app.command()
@_told
def evaluate(
    task: Annotated[
        str, typer.Argument(metavar="TASK", help="What to measure; `lapwing evaluate list` names the tasks.")
    ],
    paths: Annotated[list[str] | None, typer.Argument(metavar="PATH", help="The task's data.")] = None,
    json: Annotated[bool, typer.Option("--json", help="The figures as one JSON object.")] = False,
    predictions: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="Write each item's gold value and prediction as JSONL, in the input's order."
        ),
    ] = None,
) -> None:
    """Measure Lapwing on annotated data, and print the figures."""
    from lapwing.evaluation import TASKS, figures_as_text, run_task

    if task == "list":
        for known in TASKS.values():
            print(f"{known.name:12}{' '.join(known.arguments):20}{known.measures}")
        return
    figures, items = run_task(task, paths or [])
    if predictions:
        _write_items(items, predictions)
    if json:
        from lapwing.exports import json_line

        print(json_line(figures).decode())
    else:
        print(figures_as_text(figures))


def _write_items(items: Iterable[object], path: str) -> None:
    from lapwing.exports import json_line

    with _output(path) as stream:
        stream.writelines(json_line(item) + b"\n" for item in items)


if __name__ == "__main__":
    main()
