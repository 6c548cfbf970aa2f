"""An article's sentences in its text as given: the coder's own cut, made anew from the text. It needs no model."""

from __future__ import annotations

from lapwing.document import build_document
from lapwing.records import Article
from lapwing.repair import repair


def sentences_of(article: Article) -> tuple[tuple[int, int], ...]:
    """Where the coder's sentences stand in the text as given.

    >>> sentences_of(Article(id="a", text="Norway sent troops. Chile did not."))
    ((0, 19), (20, 34))
    """
    document = build_document(article, repair(article.text))
    return tuple(document.offsets.to_given(sentence.start, sentence.end) for sentence in document.sentences)
