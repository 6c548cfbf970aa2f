"""Our own annotation of public news, kept apart from its text.

The texts are PolNeAR's training articles and re3d's documents, which are not ours to pass on; the events are. A line of
``annotated/*.jsonl`` holds `doc_id` (corpus, dot, the document's name in it) and `events` as in the gold files, but for `start`, the
offset of the trigger in the text, in place of the sentence's number.

    python -m training.annotated DATA DOCS GOLD OUT.jsonl      annotated documents in the gold format → such lines
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lapwing.analysis.words import find_words
from lapwing.evaluation import corpora
from lapwing.evaluation.gold import sentence_ranges
from training.corpora import json_records

ANNOTATED = Path(__file__).parent / "annotated"


def corpus_texts(data: Path) -> dict[str, str]:
    """The texts of both corpora by `doc_id`; `data` is the folder with ``polnear`` and ``re3d``."""
    texts = {f"polnear.{name}": text for name, text, _ in corpora.read_polnear(data / "polnear/train")}
    for path in sorted((data / "re3d").glob("*/documents.json")):
        texts |= {f"re3d.{document['_id']}": document["text"] for document in json_records(path)}
    return texts


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Offsets of the text's sentences, from the first to the last word of each."""
    words = [(w.start, w.end) for w in find_words(text)]
    spans: list[tuple[int, int]] = []
    before = -1
    for (start, end), number in zip(words, corpora.plain_sentences(text, words), strict=True):
        spans[-1:] = [(spans[-1][0], end)] if number == before else [*spans[-1:], (start, end)]
        before = number
    return spans


def annotated_articles(data: Path, folder: Path = ANNOTATED) -> Iterator[dict[str, Any]]:
    """The articles as `training.gold.read_articles` gives them: text, sentences and events."""
    texts = corpus_texts(data)
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf8").splitlines():
            row = json.loads(line)
            text = texts[row["doc_id"]]
            spans = sentence_spans(text)
            events = [{**e, "sentence": _sentence_at(spans, e["start"])} for e in row["events"]]
            yield {"doc_id": row["doc_id"], "text": text, "sentences": [text[s:e] for s, e in spans], "events": events}


def _sentence_at(spans: list[tuple[int, int]], offset: int) -> int:
    return max((k for k, (start, _) in enumerate(spans) if start <= offset), default=0)


def stand_off(article: dict[str, Any], gold: dict[str, Any]) -> dict[str, Any]:
    """The events of an annotated document without its text."""
    ranges = sentence_ranges(article["text"], article["sentences"])
    events = []
    for event in gold["events"]:
        begin, end = ranges[event["sentence"]]
        start = article["text"].find(event["trigger"], begin, end)
        if start < 0:
            raise ValueError(f"{article['doc_id']}: '{event['trigger']}' is not in sentence {event['sentence']}")
        events.append({"start": start, **{k: v for k, v in event.items() if k != "sentence"}})
    return {"doc_id": article["doc_id"], "events": events}


def main() -> None:
    """Write the stand-off lines of annotated documents, those with a text in the corpora only."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("data", "docs", "gold", "out"):
        parser.add_argument(name, type=Path)
    given = parser.parse_args()
    texts = corpus_texts(given.data)
    rows = []
    for path in sorted(given.gold.glob("*.json")):
        article = json.loads((given.docs / path.name).read_text(encoding="utf8"))
        if texts.get(article["doc_id"]) == article["text"]:
            rows.append(stand_off(article, json.loads(path.read_text(encoding="utf8"))))
    given.out.parent.mkdir(exist_ok=True)
    given.out.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf8")
    print(f"{len(rows)} articles, {sum(len(r['events']) for r in rows)} events")


if __name__ == "__main__":
    main()
