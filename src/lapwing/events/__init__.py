"""Who did what to whom: acts with their type, mode, contexts, actors, recipients and magnitudes.

Four questions, a file each: which words are acts (`triggers`), who fills their roles (`arguments`), in which mode (`modes`), which
numbers are told of them (`magnitudes`). An act that an article tells twice is kept once, at its fullest report.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import msgspec

from lapwing.codebook import Codebook, load_codebook
from lapwing.events import arguments, triggers
from lapwing.events.arguments import Fillers, choose_fillers, find_candidates, party_key, set_scene
from lapwing.events.magnitudes import find_magnitudes
from lapwing.events.modes import Text, choose_mode, text_of
from lapwing.events.triggers import Act, find_acts
from lapwing.records import Actor, Analysis, Document, Frame, Mention, Reason
from lapwing.trees import Tree, tree_of

__all__ = ["calibrate", "find_events"]

NEED_RECIPIENT = frozenset({"AID", "SANCTION"})
"""PLOVER: without a recipient these are no record. COOPERATE may list its parties as actors instead."""


class Calibration(msgspec.Struct, frozen=True, kw_only=True):
    """``calibration.json``: the log-odds by which scores become a confidence, and the lines for an act."""

    confidence: dict[str, float]
    triggers: triggers.Weights


@cache
def load_calibration() -> Calibration:
    """The fitted calibration in this package."""
    return msgspec.json.decode(files("lapwing.events").joinpath("calibration.json").read_bytes(), type=Calibration)


def find_events(
    document: Document,
    analysis: Analysis,
    mentions: Sequence[Mention],
    actors: Sequence[Actor],
    *,
    lines: triggers.Weights | None = None,
    weights: arguments.Weights | None = None,
) -> tuple[Frame, ...]:
    """The acts of an article in the order of its words. `actors` is parallel to `mentions`; `lines` and `weights` are the
    packaged ones unless tuning gives others."""
    tree, codebook = tree_of(analysis), load_codebook()
    lines, weights = lines or load_calibration().triggers, weights or arguments.load_weights()
    scene, text = set_scene(document, analysis, tree, mentions, actors), text_of(analysis, tree, mentions, actors)
    frames = []
    for act in find_acts(analysis, tree, codebook, lines):
        done_by, done_to = choose_fillers(scene, act, find_candidates(scene, act), weights)
        frames.append(_frame(document, analysis, tree, codebook, text, act, done_by, done_to))
    return tuple(once_per_article(document, analysis, mentions, actors, frames))


def _frame(
    document: Document,
    analysis: Analysis,
    tree: Tree,
    codebook: Codebook,
    text: Text,
    act: Act,
    done_by: Fillers,
    done_to: Fillers,
) -> Frame:
    where = analysis.sentences[tree.tokens[act.trigger.token].sentence]
    lemmas = [t.lemma.lower() for t in analysis.tokens[where.start : where.end]]
    mode, mode_reason = choose_mode(codebook, text, act, done_by, done_to)
    return Frame(
        token=act.trigger.token,
        tokens=act.tokens,
        sentence=tree.tokens[act.trigger.token].sentence,
        event=act.event,
        mode=mode,
        contexts=codebook.find_contexts(lemmas, event=act.event),
        actors=done_by.mentions,
        recipients=done_to.mentions,
        unknown_actor=not done_by.mentions and act.event in ("ASSAULT", "COERCE", "PROTEST", "MOBILIZE"),
        magnitude=find_magnitudes(document, analysis, tree, token=act.trigger.token, event=act.event),
        probability=act.probability,
        trigger=act.trigger,
        reasons=(
            *act.reasons,
            *mode_reason,
            *_filler_reasons("actors", done_by),
            *_filler_reasons("recipients", done_to),
        ),
    )


def _filler_reasons(field: str, fillers: Fillers) -> list[Reason]:
    return [
        Reason(field=field, by="rule+head", because=because, score=score)
        for because, score in zip(fillers.because, fillers.scores, strict=True)
    ]


# ── once per article ──────────────────────────────────────────────────────────────────────────────────────────────────

NOUNISH = frozenset({"NOUN", "PROPN", "PRON"})


def once_per_article(
    document: Document,
    analysis: Analysis,
    mentions: Sequence[Mention],
    actors: Sequence[Actor],
    frames: Sequence[Frame],
) -> list[Frame]:
    """One frame per act: reports of the same type whose parties do not differ, told with the same word or by a definite noun that
    points back ("the meeting", "this visit"), are one. The first in the body stays (a title repeats what the text tells), with
    the parties of the others where it names none."""
    kept: list[Frame] = []
    order = sorted(frames, key=lambda f: (document.sentences[f.sentence].kind == "title", f.token))
    parties = {frame.token: _parties(mentions, actors, frame) for frame in frames}
    by_event: dict[str, list[int]] = {}
    for frame in order:
        earlier = by_event.setdefault(frame.event, [])
        same = next((k for k in earlier if _repeats(analysis, parties, frame, kept[k])), None)
        if same is None:
            earlier.append(len(kept))
            kept.append(frame)
        else:
            kept[same] = _joined(kept[same], frame)
            parties[kept[same].token] |= parties[frame.token]
    return sorted(kept, key=lambda f: f.token)


def _joined(first: Frame, again: Frame) -> Frame:
    """The first report, with the roles that only the other fills."""
    told = {*first.actors, *first.recipients}
    actors = first.actors or tuple(k for k in again.actors if k not in told)
    recipients = first.recipients or tuple(k for k in again.recipients if k not in told)
    carried = [
        Reason(field=field, by="rule", because="named by another report of the same act in the article")
        for field, before, now in (("actors", first.actors, actors), ("recipients", first.recipients, recipients))
        if now != before
    ]
    return msgspec.structs.replace(
        first,
        actors=actors,
        recipients=recipients,
        reasons=(*first.reasons, *carried),
        magnitude=first.magnitude or again.magnitude,
        probability=max(first.probability, again.probability),
    )


def _repeats(analysis: Analysis, parties: dict[int, set[str]], frame: Frame, other: Frame) -> bool:
    """Whether a frame tells what `other`, of the same type, tells; `parties` are the frames' by their token."""
    if frame.sentence == other.sentence:
        return False
    mine, its = parties[frame.token], parties[other.token]
    a, b = analysis.tokens[frame.token], analysis.tokens[other.token]
    return (mine <= its or its <= mine) and (
        a.lemma.lower() == b.lemma.lower() or (a.upos in NOUNISH and b.upos in NOUNISH and _definite(analysis, a.i))
    )


def _parties(mentions: Sequence[Mention], actors: Sequence[Actor], frame: Frame) -> set[str]:
    return {party_key(actors[k], mentions[k]) for k in (*frame.actors, *frame.recipients)}


def _definite(analysis: Analysis, i: int) -> bool:
    """A noun with "the", "this" or "that" right before it or before its modifiers."""
    return any(t.text.lower() in ("the", "this", "that", "these") for t in analysis.tokens[max(0, i - 3) : i])


# ── how sure ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def calibrate(frame: Frame) -> float:
    """The chance that a record is right in who did what to whom, by a logistic model fitted on the held-out articles."""
    fitted = load_calibration().confidence
    z = sum(fitted.get(name, 0.0) * value for name, value in confidence_features(frame).items())
    return round(1 / (1 + math.exp(-z)), 3)


def confidence_features(frame: Frame) -> dict[str, float]:
    """What the confidence of a record is judged by."""
    kind = dict(frame.trigger.types).get(frame.event, 0.0) if frame.trigger else 0.0
    scores = {r.field: r.score for r in reversed(frame.reasons) if r.by == "rule+head" and r.score is not None}
    return {
        "bias": 1.0,
        "act": _logit(frame.probability),
        "type": _logit(kind),
        "actor": scores.get("actors", 0.4),
        "no actor": 0.0 if frame.actors else 1.0,
        "recipient": scores.get("recipients", 0.4),
        "no recipient": 0.0 if frame.recipients else 1.0,
    }


def _logit(p: float) -> float:
    p = min(max(p, 0.01), 0.99)
    return math.log(p / (1 - p))
