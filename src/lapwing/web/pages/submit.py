"""Paste an article, upload files, or give addresses: coded at once, kept in the store, with progress for many.

Whatever is sent becomes a submission (`jobs`). A pasted article is waited for, because it takes less than a second or two;
what takes longer shows how far it is, and links to each article as soon as it is there.

An uploaded file is read as `lapwing ingest` reads it, under the name that it came with and from a folder of its own; only
these files are read, and what is packed is not unpacked beyond a limit. Addresses are fetched with the manners and the
guards of `sources.web`: public machines only.
"""

from __future__ import annotations

import gzip
import shutil
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import IO, Annotated

from fastapi import APIRouter, File, Form, HTTPException, Query, Request, Response, UploadFile
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ConfigDict, Field

from lapwing.coding import article_of_text, checked_date
from lapwing.errors import LapwingError, SourceError
from lapwing.records import Failure
from lapwing.report import one_line
from lapwing.sources import read_articles, read_files
from lapwing.sources.url import is_url
from lapwing.sources.web import Web
from lapwing.web.answers import answering, api_router
from lapwing.web.errors import status_of
from lapwing.web.jobs import Reads, Submission, listed
from lapwing.web.rates import limited
from lapwing.web.rendering import render
from lapwing.web.workbench import Bench, Page, Workbench

html, api = APIRouter(), api_router()
PAGE = Page(html=html, api=api, title="Read", path="/", below=("/submissions",))

WAIT_S = 4.0
"""How long a pasted article is waited for before its progress is shown instead."""

MOST_ADDRESSES = 100

MOST_UNPACKED_BYTES = 500_000_000
"""What a compressed upload may unpack to."""

LONGEST_NAME = 200

PER_MINUTE = {"text": 60, "addresses": 10, "files": 20}
"""How often a client may submit what."""

GZIP = b"\x1f\x8b"


# ── what is submitted ─────────────────────────────────────────────────────────────────────────────────────────────────


class Pasted(BaseModel):
    """An article to be coded and stored. `published` is ISO 8601 (2022-12-19, 2022-12 or 2022)."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(min_length=1, max_length=1_000_000, examples=["The president visited Lima on Monday."])
    title: str | None = Field(None, max_length=1000)
    outlet: str | None = Field(None, max_length=200)
    published: str | None = Field(None, max_length=40, examples=["2023-05-03"])


class Addresses(BaseModel):
    """Addresses of articles, feeds or sitemaps on the web, to be fetched, coded and stored."""

    model_config = ConfigDict(extra="forbid")

    addresses: list[Annotated[str, Field(pattern="^[Hh][Tt][Tt][Pp][Ss]?://", max_length=8000)]] = Field(
        min_length=1, max_length=MOST_ADDRESSES, examples=[["https://example.org/news/1"]]
    )


def submit_text(
    bench: Workbench, text: str, *, title: str | None, outlet: str | None, published: str | None
) -> Submission:
    """Code and store one article. Raises `SourceError` where it is none."""
    article = article_of_text(
        text,
        published=_filled(published),
        title=_filled(title),
        outlet=_filled(outlet),
        settings=bench.reading,
    )
    what = one_line(article.title or article.text.strip(), 80)
    return bench.jobs.submit(what, lambda: [article], expected=1, wait_s=WAIT_S)


def _filled(value: str | None) -> str | None:
    return (value or "").strip() or None


def submit_addresses(bench: Workbench, addresses: Sequence[str]) -> Submission:
    """Fetch, code and store what addresses lead to. Raises `SourceError` where one is none."""
    for address in addresses:
        if not is_url(address):
            raise SourceError(f"{one_line(address, 100)} is no address of the web: write https://….")
    single = len(addresses) == 1
    what = one_line(addresses[0], 100) if single else f"{len(addresses)} addresses: {one_line(addresses[0], 80)}, …"
    return bench.jobs.submit(
        what,
        lambda: read_articles(addresses, settings=bench.reading, unique_ids=False),
        wait_s=WAIT_S if single else 0.0,
    )


def submit_files(
    bench: Workbench, uploads: Sequence[UploadFile], *, published: str | None = None, outlet: str | None = None
) -> Submission:
    """Code and store what uploaded files hold. Raises 422 where there are none or too many, `SourceError` for a date that is
    none."""
    named = [upload for upload in uploads if upload.filename]
    if not named:
        raise HTTPException(422, "no file was chosen.")
    if len(named) > bench.settings.max_files:
        raise HTTPException(422, f"{len(named)} files: at most {bench.settings.max_files} may be sent at once.")
    day = checked_date(_filled(published))
    folder = Path(tempfile.mkdtemp(prefix="lapwing-upload-"))
    try:
        files = [(_name(upload.filename or ""), _kept(upload.file, folder / str(n))) for n, upload in enumerate(named)]
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    names = ", ".join(name for name, _ in files[:3]) + (", …" if len(files) > 3 else "")
    return bench.jobs.submit(
        f"{len(files)} files: {names}" if len(files) > 1 else names,
        lambda: _read_uploads(files, bench=bench, published=day, outlet=_filled(outlet)),
        wait_s=WAIT_S if len(files) == 1 else 0.0,
        clean_up=lambda: shutil.rmtree(folder, ignore_errors=True),
    )


def _name(given: str) -> str:
    """
    >>> _name("news\\\\a\\x00.txt")
    'news/a␀.txt'
    """
    return one_line(given.replace("\\", "/").lstrip("/"), LONGEST_NAME) or "unnamed"


def _kept(stream: IO[bytes], path: Path) -> Path:
    with path.open("wb") as kept:
        shutil.copyfileobj(stream, kept)
    return path


def _read_uploads(
    files: Sequence[tuple[str, Path]], *, bench: Workbench, published: str | None, outlet: str | None
) -> Reads:
    web = Web(bench.reading)
    for name, path in files:
        try:
            refuse_bomb(path)
        except SourceError as error:
            yield Failure(where=name, reason=str(error))
        else:
            yield from read_files([(name, path)], published=published, outlet=outlet, web=web)


def refuse_bomb(path: Path, *, limit: int = MOST_UNPACKED_BYTES) -> None:
    """Raise `SourceError` where a file is compressed and unpacks to more than `limit` bytes: nothing of it is kept. Damage is
    left for the reader to tell."""
    with path.open("rb") as stream:
        if stream.read(2) != GZIP:
            return
    unpacked = 0
    with closing(gzip.open(path)) as stream:
        for piece in _pieces(stream):
            unpacked += len(piece)
            if unpacked > limit:
                raise SourceError(f"it unpacks to more than {limit:,} bytes: it is hostile, and was not read.")


def _pieces(stream: IO[bytes] | gzip.GzipFile) -> Iterator[bytes]:
    try:
        while piece := stream.read(1 << 20):
            yield piece
    except (EOFError, OSError, zlib.error):
        return


# ── the page ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@html.get("/")
def show(request: Request, bench: Bench) -> Response:
    """The page to submit on."""
    return _page(request, bench)


def _page(request: Request, bench: Workbench, *, wrong: dict[str, str] | None = None, **given: str) -> Response:
    values = {"text": "", "title": "", "outlet": "", "published": "", "addresses": ""} | given
    limits = bench.settings
    return render(
        request, "submit.html", given=values, wrong=wrong or {}, limits=limits, submissions=listed(bench.jobs.all())[:8]
    )


def _refused(request: Request, bench: Workbench, field: str, error: LapwingError, **given: str) -> Response:
    """The page again, with what was given and what is wrong with it."""
    page = _page(request, bench, wrong={field: str(error)}, **given)
    page.status_code = status_of(error)
    return page


def _onward(submission: Submission) -> Response:
    """To the article where there is one already, else to the progress."""
    number = submission.only_article
    where = f"/submissions/{submission.id}" if number is None else f"/articles/{number}"
    return RedirectResponse(where, status_code=303)


@html.post("/submit/text", dependencies=[limited("text", per_minute=PER_MINUTE["text"])])
def paste(
    request: Request,
    bench: Bench,
    text: Annotated[str, Form(max_length=1_000_000)] = "",
    title: Annotated[str, Form(max_length=1000)] = "",
    outlet: Annotated[str, Form(max_length=200)] = "",
    published: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Submit a pasted article."""
    text = text.replace("\r\n", "\n")  # as the person pasted it: a form sends line ends in its own way
    try:
        day = checked_date(_filled(published))
    except LapwingError as error:
        return _refused(request, bench, "published", error, text=text, title=title, outlet=outlet, published=published)
    try:
        return _onward(submit_text(bench, text, title=title, outlet=outlet, published=day))
    except LapwingError as error:
        return _refused(request, bench, "text", error, text=text, title=title, outlet=outlet, published=published)


@html.post("/submit/addresses", dependencies=[limited("addresses", per_minute=PER_MINUTE["addresses"])])
def fetch(request: Request, bench: Bench, addresses: Annotated[str, Form(max_length=100_000)] = "") -> Response:
    """Submit addresses, one a line."""
    lines = [line.strip() for line in addresses.splitlines() if line.strip()]
    try:
        if not 0 < len(lines) <= MOST_ADDRESSES:
            raise SourceError(f"give one address a line, at most {MOST_ADDRESSES}.")
        return _onward(submit_addresses(bench, lines))
    except LapwingError as error:
        return _refused(request, bench, "addresses", error, addresses=addresses)


@html.post("/submit/files", dependencies=[limited("files", per_minute=PER_MINUTE["files"])])
def upload(
    request: Request,
    bench: Bench,
    files: Annotated[list[UploadFile], File(min_length=1)],
    published: Annotated[str, Form(max_length=40)] = "",
    outlet: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Submit files."""
    try:
        return _onward(submit_files(bench, files, published=published, outlet=outlet))
    except LapwingError as error:
        return _refused(request, bench, "files", error)


@html.get("/submissions/{id}")
def progress(request: Request, bench: Bench, id: str) -> Response:
    """How far a submission is."""
    return render(request, "submission.html", submission=bench.jobs.find(id))


@html.get("/submissions/{id}/progress")
def progress_part(request: Request, bench: Bench, id: str) -> Response:
    """The part of it that is asked for again and again."""
    submission = bench.jobs.find(id)
    part = render(request, "submission-part.html", submission=submission)
    if (number := submission.only_article) is not None:
        part.headers["HX-Redirect"] = f"/articles/{number}"
    return part


@html.post("/submissions/{id}/stop")
def stop(bench: Bench, id: str) -> Response:
    """Stop a submission after the article at hand."""
    bench.jobs.stop(id)
    return RedirectResponse(f"/submissions/{id}", status_code=303)


# ── its twin ──────────────────────────────────────────────────────────────────────────────────────────────────────────

Id = Annotated[str, Field(max_length=40)]


@api.get("/submissions", tags=["submissions"])
@answering(list[Submission])
def submissions(bench: Bench, limit: Annotated[int, Query(ge=1, le=100)] = 20) -> list[Submission]:
    """The latest submissions, without what became of each of their inputs."""
    return listed(bench.jobs.all())[:limit]


@api.post(
    "/submissions/text",
    tags=["submissions"],
    dependencies=[limited("text", per_minute=PER_MINUTE["text"])],
)
@answering(Submission, status=202)
def post_text(bench: Bench, pasted: Pasted) -> Submission:
    """Code and store an article. It is waited for, for some seconds: `told` then names its number."""
    return submit_text(bench, pasted.text, title=pasted.title, outlet=pasted.outlet, published=pasted.published)


@api.post(
    "/submissions/addresses",
    tags=["submissions"],
    dependencies=[limited("addresses", per_minute=PER_MINUTE["addresses"])],
)
@answering(Submission, status=202)
def post_addresses(bench: Bench, wanted: Addresses) -> Submission:
    """Fetch, code and store what addresses lead to."""
    return submit_addresses(bench, wanted.addresses)


@api.post(
    "/submissions/files",
    tags=["submissions"],
    dependencies=[limited("files", per_minute=PER_MINUTE["files"])],
)
@answering(Submission, status=202)
def post_files(
    bench: Bench,
    files: Annotated[list[UploadFile], File(min_length=1)],
    published: Annotated[str, Form(max_length=40)] = "",
    outlet: Annotated[str, Form(max_length=200)] = "",
) -> Submission:
    """Code and store what files hold."""
    return submit_files(bench, files, published=published, outlet=outlet)


@api.get("/submissions/{id}", tags=["submissions"])
@answering(Submission)
def submission(bench: Bench, id: Id) -> Submission:
    """How far a submission is, and what became of its inputs."""
    return bench.jobs.find(id)


@api.post("/submissions/{id}/stop", tags=["submissions"])
@answering(Submission)
def post_stop(bench: Bench, id: Id) -> Submission:
    """Stop a submission after the article at hand."""
    return bench.jobs.stop(id)
