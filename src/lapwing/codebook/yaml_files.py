"""The codebook's YAML files, read and checked; every complaint names file and line.

Each mapping keeps the line it began on while it is read, so that a wrong trigger among hundreds can be found. Checks
are of two kinds: the shape (keys and their types, by the structs) and the sense (types, modes and frames that exist, an
example's trigger that stands in its text).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml

from lapwing.codebook import (
    TYPES,
    Baked,
    ContextCues,
    EventType,
    Example,
    FrameRule,
    Mode,
    NearMiss,
    TriggerEntry,
)
from lapwing.codebook.digest import digest_of
from lapwing.errors import KnowledgeError

Shape = TypeVar("Shape")

LINE = "__line__"
PLAIN_KEYS = frozenset({"type", "quad", "score", "needs_recipient", "definition", "default_mode"})
TYPE_KEYS = PLAIN_KEYS | {"modes", "triggers", "examples", "near_misses"}
TRIGGER_KEYS = frozenset({"lemma", "pos", "frame", "mode", "words", "light", "found"})


class _LineLoader(yaml.CSafeLoader):
    """YAML's safe loader; each mapping also tells the line that it began on, and a key given twice is an error."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        mapping: dict[Any, Any] = super().construct_mapping(node, deep=True)
        if len(mapping) < len(node.value):
            raise yaml.constructor.ConstructorError(None, None, "a key is given twice", node.start_mark)
        mapping[LINE] = node.start_mark.line + 1
        return mapping


def _construct(loader: Any, node: Any) -> Any:
    return loader.construct_mapping(node, deep=True)


_LineLoader.add_constructor("tag:yaml.org,2002:map", _construct)


def read_folder(folder: Path) -> Baked:
    """All YAML files of a codebook folder. Raises KnowledgeError where one is missing or wrong."""
    frames = _read_frames(folder / "frames.yaml")
    return Baked(
        digest=digest_of(folder),
        types=tuple(_read_type(folder / f"{name}.yaml", frames) for name in TYPES),
        contexts=_read_contexts(folder / "contexts.yaml"),
    )


def _read_mapping(path: Path) -> dict[str, Any]:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_LineLoader)  # noqa: S506 - derives from the safe loader
    except FileNotFoundError as error:
        raise KnowledgeError(f"{path} is missing: a codebook has one file per type. Put it back.") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise KnowledgeError(f"{path}:{line}: this is not YAML ({getattr(error, 'problem', error)}).") from error
    if not isinstance(content, dict):
        raise KnowledgeError(f"{path}:1: expected a mapping of keys to values.")
    return content


def _read_frames(path: Path) -> dict[str, FrameRule]:
    content = _read_mapping(path)
    return {str(name): _convert(path, row, FrameRule) for name, row in content.items() if name != LINE}


def _read_contexts(path: Path) -> dict[str, ContextCues]:
    content = _read_mapping(path)
    return {name: _convert(path, row, ContextCues) for name, row in content.items() if name != LINE}


def _read_type(path: Path, frames: dict[str, FrameRule]) -> EventType:
    content = _read_mapping(path)
    _check_keys(path, content, TYPE_KEYS)
    if content.get("type") != path.stem:
        raise KnowledgeError(f"{path}:1: `type` says {content.get('type')!r}; it must be the file's name, {path.stem}.")
    modes = tuple(_convert(path, row, Mode) for row in content.get("modes", ()))
    names = {mode.name for mode in modes}
    triggers = tuple(_read_trigger(path, row, frames, names) for row in content.get("triggers", ()))
    _check_duplicates(path, content.get("triggers", ()), triggers)
    examples = tuple(_read_example(path, row, names) for row in content.get("examples", ()))
    misses = tuple(_convert(path, row, NearMiss) for row in content.get("near_misses", ()))
    plain = {key: value for key, value in content.items() if key in PLAIN_KEYS}
    _check_mode(path, content, names, key="default_mode")
    whole = plain | {"modes": modes, "triggers": triggers, "examples": examples, "near_misses": misses}
    return _convert(path, whole | {LINE: 1}, EventType)


def _read_trigger(path: Path, row: dict[str, Any], frames: dict[str, FrameRule], modes: set[str]) -> TriggerEntry:
    _check_keys(path, row, TRIGGER_KEYS)
    if row.get("frame") not in frames:
        raise KnowledgeError(f"{path}:{row[LINE]}: frame {row.get('frame')!r} is not in frames.yaml.")
    _check_mode(path, row, modes)
    hits, seen = _read_counts(path, row)
    fields = {key: value for key, value in row.items() if key != "found"}
    filled = fields | {"type": path.stem, "roles": frames[row["frame"]], "hits": hits, "seen": seen}
    return _convert(path, filled, TriggerEntry)


def _read_counts(path: Path, row: dict[str, Any]) -> tuple[int, int]:
    found = row.get("found", [0, 0])
    if not isinstance(found, list) or len(found) != 2 or not 0 <= found[0] <= found[1]:
        raise KnowledgeError(f"{path}:{row[LINE]}: found: {found} must be [hits, places] with hits ≤ places.")
    return found[0], found[1]


def _read_example(path: Path, row: dict[str, Any], modes: set[str]) -> Example:
    event = {key: value for key, value in row.get("event", {}).items() if key not in (LINE, "type")}
    _check_mode(path, {**event, LINE: row[LINE]}, modes)
    example = _convert(path, {"text": row.get("text"), LINE: row[LINE], **event}, Example)
    for part in (example.trigger, example.actor, example.recipient):
        if part is not None and part not in example.text:
            raise KnowledgeError(f"{path}:{row[LINE]}: {part!r} does not stand in the example {example.text!r}.")
    return example


def _check_mode(path: Path, row: dict[str, Any], modes: set[str], *, key: str = "mode") -> None:
    if row.get(key) is not None and row[key] not in modes:
        raise KnowledgeError(f"{path}:{row[LINE]}: {row[key]!r} is no mode of this type ({', '.join(sorted(modes))}).")


def _check_keys(path: Path, row: dict[str, Any], allowed: frozenset[str]) -> None:
    unknown = sorted(str(key) for key in row if key not in allowed and key != LINE)
    if unknown:
        raise KnowledgeError(f"{path}:{row[LINE]}: unknown key {unknown[0]!r}; known are {', '.join(sorted(allowed))}.")


def _check_duplicates(path: Path, rows: list[dict[str, Any]], triggers: tuple[TriggerEntry, ...]) -> None:
    seen: dict[tuple[str, str, tuple[str, ...]], int] = {}
    for row, entry in zip(rows, triggers, strict=True):
        first = seen.setdefault((entry.lemma, entry.pos, entry.words), row[LINE])
        if first != row[LINE]:
            raise KnowledgeError(f"{path}:{row[LINE]}: {entry.lemma!r} stands on line {first} already; keep one.")


def _convert(path: Path, row: dict[str, Any], shape: type[Shape]) -> Shape:
    fields = {key: value for key, value in row.items() if key != LINE}
    try:
        return msgspec.convert(fields, shape, strict=True)
    except msgspec.ValidationError as error:
        raise KnowledgeError(f"{path}:{row[LINE]}: {error}.") from error
