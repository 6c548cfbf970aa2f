"""When an act was or is to be: the time expression that dates it, anywhere near it, or none.

An article names many times; the first in a sentence is often that of the telling, not of the act, and many an act has none of
its own and happens at the time told of before. So all expressions in reach compete, with "no date" among them (`candidates`,
`choice`), and the one chosen gives the value (`values`). The publication day is never put in the place of a date: where nothing
speaks for an expression more than for none, there is no date, and the reason says so.
"""

from __future__ import annotations

from lapwing.dates.candidates import Scene, candidates_of, none_features, scene_of
from lapwing.dates.choice import Choice, choose
from lapwing.dates.clauses import place, plant, tense_at
from lapwing.dates.expressions import find_times
from lapwing.dates.values import Dated, Value, value_from_other_act, value_of_time
from lapwing.records import Analysis, Dating, Document, EventDate, Frame, Reason, Span
from lapwing.trees import tree_of


def date_events(document: Document, analysis: Analysis, frames: tuple[Frame, ...]) -> tuple[Dating, ...]:
    """Date each frame; the result is parallel to `frames`. `date` is None where no expression dates the act, with the
    reason."""
    if not frames:
        return ()
    scene = read_scene(document, analysis)
    choices = [choose_time(scene, frame) for frame in frames]
    datings = tuple(_dating(scene, choice) for choice in choices)
    dated = Dated(frames, datings)
    return tuple(
        _from_other_act(scene, frame, choice, dated) or dating
        for frame, choice, dating in zip(frames, choices, datings, strict=True)
    )


def read_scene(document: Document, analysis: Analysis) -> Scene:
    """The tree of a document with its time expressions in it."""
    planted = plant(tree_of(analysis))
    times = find_times(
        document.text, published=document.published.value, tense=lambda offset: tense_at(planted, offset)
    )
    return scene_of(document, planted, tuple(one for time in times if (one := place(planted, time)) is not None))


def choose_time(scene: Scene, frame: Frame) -> Choice:
    """The expression for an act, or none."""
    candidates = tuple(candidates_of(scene, frame))
    return choose(frame, candidates, none_features(scene, frame, candidates))


def _dating(scene: Scene, choice: Choice) -> Dating:
    if choice.best is None:
        return _undated(f"no time expression dates it: {_why_none(choice)}", choice.no_date)
    value = value_of_time(scene.document, scene.planted, choice.best.placed)
    time = choice.best.placed.time
    if value is None:
        return _undated(f"“{time.text}” {choice.best.because}: {time.reason}", choice.chance)
    return _dated(choice, value)


def _why_none(choice: Choice) -> str:
    if choice.chance == 0:
        return "none stands near it, and the publication day does not count"
    return (
        f"no date is likelier ({choice.no_date:.2f}) than the best one ({choice.chance:.2f}), "
        "and the publication day does not count"
    )


def _undated(because: str, score: float) -> Dating:
    return Dating(date=None, reasons=(Reason(field="date", by="rule", because=because, score=round(score, 3)),))


def _dated(choice: Choice, value: Value) -> Dating:
    if choice.best is None:
        raise ValueError("there is no expression to date the act by")
    time = choice.best.placed.time
    found = EventDate(value=value.value, precision=value.precision, span=Span(time.start, time.end, time.text))
    because = f"“{time.text}” {choice.best.because}: {value.because}"
    return Dating(
        date=found, reasons=(Reason(field="date", by="rule", because=because, score=round(choice.chance, 3)),)
    )


def _from_other_act(scene: Scene, frame: Frame, choice: Choice, dated: Dated) -> Dating | None:
    if choice.best is None:
        return None
    value = value_from_other_act(scene.planted, frame, choice.best.placed, dated)
    return _dated(choice, value) if value else None
