"""Time expressions against TimeML: extents, and the value measure of TempEval-3.

The gold files are TimeML (``*.tml``) with a creation time. An expression found counts for a gold one if the two overlap
(*relaxed*); each counts once. The *value* figures count such a pair only if its TIMEX3 value is right to the letter, as
the TempEval-3 scorer does, so value F1 never exceeds relaxed F1.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from lapwing.dates import find_times
from lapwing.errors import EvaluationError
from lapwing.records import TimeExpression


class GoldTime(NamedTuple):
    """A TIMEX3 element of the text: offsets into the text, and its attributes."""

    start: int
    end: int
    text: str
    kind: str
    value: str


class GoldText(NamedTuple):
    """A TimeML document: its text, creation date and time expressions."""

    file: str
    text: str
    published: str | None
    times: tuple[GoldTime, ...]


def evaluate_timex(path: Path) -> tuple[dict[str, float], list[dict[str, object]]]:
    """Measure `find_times` on a folder of TimeML files (or one file).

    Gives the figures, and one item for each gold expression in the input's order: `file`, `text`, `kind`, `gold`, and
    what was found for it (`found`, `pred`, `rule`, None where nothing was). Raises `EvaluationError` if there is
    nothing to read.
    """
    items: list[dict[str, object]] = []
    predicted = strict = 0
    for document in read_timeml(path):
        found = find_times(document.text, published=document.published)
        predicted += len(found)
        for gold, pred in pair_times(document.times, found):
            strict += bool(pred and (pred.start, pred.end) == (gold.start, gold.end))
            items.append(_item(document, gold, pred))
    relaxed = sum(item["found"] is not None for item in items)
    right = sum(item["found"] is not None and item["gold"] == item["pred"] for item in items)
    figures = _figures("extent", relaxed, predicted, len(items))
    figures |= {
        "extent_strict_f1": _f1(strict, predicted, len(items)),
        "value_accuracy": right / relaxed if relaxed else 0.0,
    }
    figures |= _figures("value", right, predicted, len(items))
    return figures | {"gold": float(len(items)), "found": float(predicted)}, items


def pair_times(
    gold: tuple[GoldTime, ...], found: tuple[TimeExpression, ...]
) -> list[tuple[GoldTime, TimeExpression | None]]:
    """Each gold expression with the first found one that overlaps it and is not taken yet."""
    taken: set[int] = set()
    pairs: list[tuple[GoldTime, TimeExpression | None]] = []
    for one in gold:
        k = next((k for k, t in enumerate(found) if k not in taken and t.start < one.end and one.start < t.end), None)
        if k is not None:
            taken.add(k)
        pairs.append((one, None if k is None else found[k]))
    return pairs


def _item(document: GoldText, gold: GoldTime, pred: TimeExpression | None) -> dict[str, object]:
    return {
        "file": document.file,
        "text": gold.text,
        "kind": gold.kind,
        "gold": gold.value,
        "found": pred.text if pred else None,
        "pred": pred.value if pred else None,
        "rule": pred.rule if pred else None,
        "start": gold.start,
        "end": gold.end,
    }


def _figures(name: str, right: int, predicted: int, gold: int) -> dict[str, float]:
    return {
        f"{name}_precision": right / predicted if predicted else 0.0,
        f"{name}_recall": right / gold if gold else 0.0,
        f"{name}_f1": _f1(right, predicted, gold),
    }


def _f1(right: int, predicted: int, gold: int) -> float:
    return 2 * right / (predicted + gold) if predicted + gold else 0.0


def read_timeml(path: Path) -> Iterator[GoldText]:
    """Read a TimeML file, or all of a folder in the order of their names."""
    files = sorted(path.glob("*.tml")) if path.is_dir() else [path]
    if not files:
        raise EvaluationError(f"{path} holds no .tml file. Give the folder of a TimeML corpus, or one of its files.")
    for file in files:
        yield _read(file)


def _read(file: Path) -> GoldText:
    try:
        root = ElementTree.parse(file).getroot()  # noqa: S314 (the user's own gold data)
    except (OSError, ElementTree.ParseError) as error:
        raise EvaluationError(
            f"{file} is no TimeML that can be read ({error}). Check that it is well-formed XML."
        ) from error
    body, created = root.find("TEXT"), root.find("DCT/TIMEX3")
    if body is None:
        raise EvaluationError(f"{file} has no TEXT element, so it is no TimeML document.")
    parts: list[str] = []
    times: list[GoldTime] = []
    _walk(body, parts, times)
    return GoldText(file.name, "".join(parts), created.get("value") if created is not None else None, tuple(times))


def _walk(element: ElementTree.Element, parts: list[str], times: list[GoldTime]) -> None:
    start = sum(map(len, parts))
    parts.append(element.text or "")
    for child in element:
        _walk(child, parts, times)
        parts.append(child.tail or "")
    if element.tag == "TIMEX3":
        text = "".join(parts)[start:]
        times.append(GoldTime(start, start + len(text), text, element.get("type", ""), element.get("value", "")))
