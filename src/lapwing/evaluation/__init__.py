"""What `lapwing evaluate` measures: one module per kind of gold data, and the list of them.

A task is a function ``evaluate_<task>(*paths)`` that gives its figures and one item per unit of the data, in the
data's order, each with `gold` and `pred`. Those that measure the model alone take it as ``model=``. To add a task,
write its module, and a line below.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from lapwing.errors import EvaluationError


class Task(NamedTuple):
    """A task's name, what its paths are, what it measures, and whether its function takes the model."""

    name: str
    arguments: tuple[str, ...]
    measures: str
    needs_model: bool


TASKS: Mapping[str, Task] = {
    task.name: task
    for task in (
        Task("gold", ("DOCS", "GOLD"), "sourced events: detection, dyads, status, source, date, place, mode", False),
        Task("ud", ("FILE.conllu",), "parts of speech and dependency trees", True),
        Task("ner", ("FILE",), "named entities (CoNLL-U with Entity=, IOB2, re3d)", True),
        Task("plv", ("FILE.tsv",), "the PLOVER type of a marked source and target", True),
        Task("polnear", ("FOLDER",), "attribution: sources, cues, contents", True),
        Task("factuality", ("FILE.jsonl",), "how certain marked words are, from -3 to 3", True),
        Task("timex", ("FOLDER",), "time expressions and their values (TimeML)", False),
        Task("toponyms", ("FILE.xml",), "place names against GeoNames", False),
        Task("translation", ("DOCS",), "the same events in articles and in their machine translations", False),
    )
}


def run_task(name: str, paths: Sequence[str]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The figures and the items of a task on its data. Raises `EvaluationError`."""
    task = TASKS.get(name)
    if task is None:
        raise EvaluationError(f"there is no task {name!r}. Tasks are {', '.join(TASKS)}.")
    if len(paths) != len(task.arguments):
        raise EvaluationError(f"the task {name} takes {' '.join(task.arguments)}, not {len(paths)} paths.")
    missing = next((path for path in paths if not Path(path).exists()), None)
    if missing is not None:
        raise EvaluationError(f"{missing}: no such file or folder. Is the path right?")
    function = getattr(import_module(f"lapwing.evaluation.{name}"), f"evaluate_{name}")
    options = {"model": _model()} if task.needs_model else {}
    figures, items = function(*(Path(path) for path in paths), **options)
    return figures, items


def _model() -> object:
    from lapwing.pipeline import load_model

    return load_model()


def figures_as_text(figures: Mapping[str, Any]) -> str:
    """Figures for a person, one a line, those of a group under its name.

    >>> print(figures_as_text({"f1": 0.5, "n": 3, "status": {"right": 0.25}}))
    f1            0.500
    n             3
    status right  0.250
    """
    rows = list(_flat(figures))
    width = max((len(name) for name, _ in rows), default=0)
    return "\n".join(f"{name:{width}}  {_shown(value)}" for name, value in rows)


def _flat(figures: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in figures.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name} ")
        else:
            yield f"{prefix}{name}", value


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.3f}"
    if isinstance(value, tuple | list):
        return "  ".join(_shown(item) for item in value)
    return UNMEASURED if value is None else str(value)


UNMEASURED = "–"
