"""Records of a store as annotation: a folder that `lapwing evaluate gold` reads, for a person to correct.

A record says where its words stand; an annotation says in which sentence, and its reader must cut sentences alike. So the
sentences are written beside the records: ``docs/`` holds the articles cut into sentences, ``gold/`` their records. The cut
is the coder's own, made anew from the text that the store keeps; it needs no model.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from lapwing.document import build_document
from lapwing.errors import ExportError
from lapwing.exports import new_file, write_gold
from lapwing.exports.gold import file_name
from lapwing.records import Article, DocRef, Event
from lapwing.repair import repair
from lapwing.store import Filter, Store, find_events
from lapwing.store.rows import article_of

KEPT = "SELECT text, given FROM documents WHERE id = $1 AND sha256 = $2 AND text IS NOT NULL"


class Cut(NamedTuple):
    """An article as given, and where its sentences stand in it."""

    article: DocRef
    text: str
    sentences: tuple[tuple[int, int], ...]


def write_annotation(store: Store, wanted: Filter, folder: Path, *, tell: Callable[[str], None]) -> int:
    """Write the records that `wanted` asks for into `folder`, article by article; gives their number. Raises `ExportError`
    where `folder` holds something, or an article is there in two versions."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ExportError(
            f"{folder} is not an empty folder: annotation may have been corrected, and is not overwritten."
        )
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


def sentences_of(article: Article) -> tuple[tuple[int, int], ...]:
    """Where the coder's sentences stand in the text as given.

    >>> sentences_of(Article(id="a", text="Norway sent troops. Chile did not."))
    ((0, 19), (20, 34))
    """
    document = build_document(article, repair(article.text))
    return tuple(document.offsets.to_given(sentence.start, sentence.end) for sentence in document.sentences)


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
