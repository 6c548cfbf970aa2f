"""CoNLL-U files → documents and analyses with the treebank's own trees, for measuring the stages that read trees.

    python -m training.trees ../shared/data/ud/en_gum_ccby-dev.conllu

prints how well `lapwing.mentions` finds the antecedents of pronouns and the earlier mentions of names, on trees that are right.
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from lapwing.mentions import find_mentions
from lapwing.records import (
    Analysis,
    Document,
    Mention,
    NamedEntity,
    OffsetMap,
    Published,
    Sentence,
    Token,
    TokenRange,
)
from training import corpora

Row = list[str]
Chain = tuple[int, int, str]
"""First and last token of a mention, and the number of what it refers to."""


def read_conllu(path: Path) -> Iterator[tuple[Document, Analysis]]:
    """A document and its analysis for each ``# newdoc``. Names come from ``Entity=`` in MISC where the file has it."""
    for document, analysis, _ in read_chains(path):
        yield document, analysis


def read_chains(path: Path) -> Iterator[tuple[Document, Analysis, list[Chain]]]:
    """As `read_conllu`, with the gold mentions and what they refer to."""
    passages = corpora.read_conllu(path)
    for (name, sentences), passage in zip(read_rows(path), passages, strict=True):
        document, tokens, ranges = built(name, sentences)
        analysis = Analysis(
            tokens=tokens,
            sentences=ranges,
            entities=tuple(name_entities(passage.names or [])),
            attributions=(),
            factuality=(0.0,) * len(tokens),
            triggers=(),
        )
        yield document, analysis, gold_mentions([row[9] for sentence in sentences for row in sentence])


def read_rows(path: Path) -> Iterator[tuple[str, list[list[Row]]]]:
    """The word lines of each document, sentence by sentence."""
    name, sentences, rows = "", [], []  # type: ignore[var-annotated]
    for line in (*path.read_text(encoding="utf8").splitlines(), ""):
        if line.startswith("# newdoc"):
            if sentences:
                yield name, sentences
            name, sentences = line.partition("=")[2].strip(), []
        elif not line and rows:
            sentences.append(rows)
            rows = []
        elif line and line[0].isdigit() and line.split("\t", 1)[0].isdigit():
            rows.append(line.split("\t"))
    if sentences:
        yield name, sentences


def built(name: str, sentences: list[list[Row]]) -> tuple[Document, tuple[Token, ...], tuple[TokenRange, ...]]:
    """A document, its tokens and its sentences from word lines; words are joined by single spaces."""
    tokens: list[Token] = []
    lines: list[Sentence] = []
    at = 0
    for k, rows in enumerate(sentences):
        base, begin = len(tokens), at
        for row in rows:
            head = base + int(row[6]) - 1 if row[6] != "0" else -1
            tokens.append(
                Token(
                    i=len(tokens),
                    text=row[1],
                    start=at,
                    end=at + len(row[1]),
                    lemma=row[2],
                    upos=row[3],
                    xpos=row[4],
                    head=head,
                    deprel=row[7],
                    sentence=k,
                )
            )
            at += len(row[1]) + 1
        lines.append(Sentence(index=k, start=begin, end=at - 1, paragraph=k))
    text = " ".join(token.text for token in tokens)
    document = Document(
        id=name,
        given=text,
        text=text,
        offsets=OffsetMap((0,), (0,), (len(text),), (True,)),
        repairs=(),
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        lang="en",
        published=Published(value=None, basis=None, reason="a treebank tells no date"),
        sentences=tuple(lines),
        paragraphs=((0, len(text)),),
    )
    return document, tuple(tokens), sentence_ranges(sentences)


def sentence_ranges(sentences: list[list[Row]]) -> tuple[TokenRange, ...]:
    """The token range of each sentence."""
    ranges, at = [], 0
    for rows in sentences:
        ranges.append(TokenRange(at, at + len(rows)))
        at += len(rows)
    return tuple(ranges)


def name_entities(tags: list[str | None]) -> Iterator[NamedEntity]:
    """B/I/O tags as entities."""
    start, label = -1, ""
    for i, tag in enumerate((*tags, "O")):
        if start >= 0 and (tag is None or not tag.startswith("I-")):
            yield NamedEntity(tokens=TokenRange(start, i), label=label, score=1.0)
            start = -1
        if tag is not None and tag.startswith("B-"):
            start, label = i, tag[2:]


BRACKET = re.compile(r"\(([^()]+)(\)?)|([^()]+)\)")


def gold_mentions(misc: list[str]) -> list[Chain]:
    """The mentions in ``Entity=`` brackets, with what each refers to."""
    opened: dict[str, list[int]] = {}
    found: list[Chain] = []
    for i, cell in enumerate(misc):
        value = next((part[7:] for part in cell.split("|") if part.startswith("Entity=")), "")
        for begin, closed, end in BRACKET.findall(value):
            key = (begin or end).split("-")[0]
            if begin and closed:
                found.append((i, i, key.partition("[")[0]))
            elif begin:
                opened.setdefault(key, []).append(i)
            elif opened.get(key):
                found.append((opened[key].pop(), i, key.partition("[")[0]))
    return found


# ── measuring ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def link_scores(path: Path) -> dict[str, Counter[str]]:
    """For pronouns, names and descriptions: how many have an earlier gold mention, how many we link, how many rightly.

    A link is right if some earlier mention of our chain is, in gold, of the same thing.
    """
    scores: dict[str, Counter[str]] = {"name": Counter(), "nominal": Counter(), "pronoun": Counter()}
    for document, analysis, gold in read_chains(path):
        mentions = find_mentions(document, analysis)
        ids = [gold_id(mention, analysis, gold) for mention in mentions]
        for k, mention in enumerate(mentions):
            if ids[k] is None or (mention.kind == "pronoun" and not is_third_person(analysis, mention)):
                continue
            score = scores[mention.kind]
            score["gold"] += any(ids[j] == ids[k] for j in range(k))
            linked = [j for j in range(k) if mentions[j].chain == mention.chain]
            score["linked"] += bool(linked)
            score["right"] += any(ids[j] == ids[k] for j in linked[-1:])
    return scores


def is_third_person(analysis: Analysis, mention: Mention) -> bool:
    """Whether a pronoun is he, she, it or they."""
    forms = "he him his she her hers it its they them their himself herself itself themselves"
    return analysis.tokens[mention.head].text.casefold() in forms.split()


def gold_id(mention: Mention, analysis: Analysis, gold: list[Chain]) -> str | None:
    """What a mention refers to in gold: the smallest gold mention with the same head word."""
    head = mention.head
    fitting = [
        (end - start, key) for start, end, key in gold if start <= head <= end and heads(analysis, start, end, head)
    ]
    return min(fitting, default=(0, None))[1]


def heads(analysis: Analysis, start: int, end: int, i: int) -> bool:
    """Whether token i is the head of a stretch."""
    return not start <= analysis.tokens[i].head <= end


if __name__ == "__main__":
    for kind, score in link_scores(Path(sys.argv[1])).items():
        right, linked, known = score["right"], score["linked"], score["gold"]
        print(f"{kind:8} precision {right / max(linked, 1):.3f}  recall {right / max(known, 1):.3f}  of {known}")
