"""Records of a store as annotation: a folder that `lapwing evaluate gold` reads.

As coded (`write_annotation`) they are for a person to correct. As judged (`write_reviewed`) they are gold: the records of
articles that reviewers went through completely, and of no other, because an event that nobody looked for would count as one
that the text does not tell.

A record says where its words stand; an annotation says in which sentence, and its reader must cut sentences alike. So the
sentences are written beside the records: ``docs/`` holds the articles cut into sentences, ``gold/`` their records. The cut
is the coder's own, made anew from the text that the store keeps; it needs no model.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from lapwing.errors import ExportError
from lapwing.exports import gold_of, new_file, write_gold
from lapwing.exports.gold import file_name
from lapwing.records import DocRef, Event
from lapwing.review.sentences import sentences_of
from lapwing.store import Filter, Store, find_events
from lapwing.store.reviews import Progress, judged_records, progress, reviewable
from lapwing.store.rows import article_of

SHOWN = 20
"""Articles that are named where they are left out."""

KEPT = "SELECT text, given FROM documents WHERE id = $1 AND sha256 = $2 AND text IS NOT NULL"


class Cut(NamedTuple):
    """An article as given, and where its sentences stand in it."""

    article: DocRef
    text: str
    sentences: tuple[tuple[int, int], ...]


def write_annotation(store: Store, wanted: Filter, folder: Path, *, tell: Callable[[str], None]) -> int:
    """Write the records that `wanted` asks for into `folder`, article by article; gives their number. Raises `ExportError`
    where `folder` holds something, or an article is there in two versions."""
    _check_is_new(folder)
    events = list(find_events(store, replace(wanted, order="article")))
    articles = _articles(events)
    cuts = list(_cuts(store, articles))
    count = write_gold(events, folder / "gold", sentences={cut.article.id: cut.sentences for cut in cuts})
    _write_documents(cuts, folder / "docs")
    if without := len(articles) - len(cuts):
        tell(
            f"the store has no text of {without:,} articles: their annotation has no sentences, and cannot be evaluated."
        )
    return count


def write_reviewed(store: Store, folder: Path, *, tell: Callable[[str], None]) -> int:
    """Write the records, as judged, of all articles that are reviewed completely into `folder`, also of those in which no
    event is left; gives the number of records, and tells which articles are reviewed in part and why they are left out.
    Raises `ExportError` where `folder` holds something, or no article is complete."""
    _check_is_new(folder)
    known = progress(store)
    for line in _left_out([article for article in known if not article.complete]):
        tell(line)
    complete = [article for article in known if article.complete]
    if not complete:
        raise ExportError(
            "no article is reviewed completely. `--values coded` writes what the coder found, to be corrected."
        )
    names = Counter(file_name(article.id) for article in complete)
    if twice := next((name for name, times in names.items() if times > 1), None):
        raise ExportError(f"two articles would be written to {twice}: the store holds two versions of one.")
    return sum(_write_reviewed(store, article, folder) for article in complete)


def _left_out(partial: Sequence[Progress]) -> Iterator[str]:
    """What is to be told of articles that are reviewed in part."""
    if not partial:
        return
    yield f"{len(partial):,} articles are reviewed in part, and left out:"
    for article in partial[:SHOWN]:
        yield f"  {article.id}: {article.lacking}"
    if len(partial) > SHOWN:
        yield f"  … and {len(partial) - SHOWN:,} more"


def _write_reviewed(store: Store, known: Progress, folder: Path) -> int:
    article = reviewable(store, known.doc)
    text = article.text or ""
    cut = Cut(article.reference, text, sentences_of(article_of(known.id, text, article.given)))
    events = [one.judged for one in judged_records(store, known.doc) if one.judged]
    annotation = gold_of(known.id, events, sentences=cut.sentences) | {"reviewed_by": list(known.complete_by)}
    _write_documents([cut], folder / "docs")
    (folder / "gold").mkdir(parents=True, exist_ok=True)
    with new_file(folder / "gold" / file_name(known.id)) as stream:
        stream.write(json.dumps(annotation, ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n")
    return len(events)


def _check_is_new(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ExportError(
            f"{folder} is not an empty folder: annotation may have been corrected, and is not overwritten."
        )


def _articles(events: Sequence[Event]) -> list[DocRef]:
    """The articles of records, each once."""
    articles: dict[str, DocRef] = {}
    for event in events:
        known = articles.setdefault(event.doc.id, event.doc)
        if known.sha256 != event.doc.sha256:
            raise ExportError(
                f"the store holds two versions of {known.id}, and an annotation is of one: choose by a filter."
            )
    return list(articles.values())


def _cuts(store: Store, articles: Sequence[DocRef]) -> Iterator[Cut]:
    """The articles whose text the store keeps, cut into sentences."""
    for known in articles:
        for text, given in store.engine.rows(KEPT, [known.id, known.sha256]):
            yield Cut(known, text, sentences_of(article_of(known.id, text, given)))


def _write_documents(cuts: Sequence[Cut], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for cut in cuts:
        view = {
            "doc_id": cut.article.id,
            "title": cut.article.title,
            "published": cut.article.published,
            "text": cut.text,
            "sentences": [cut.text[start:end] for start, end in cut.sentences],
        }
        with new_file(folder / file_name(cut.article.id)) as stream:
            stream.write(json.dumps(view, ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n")
