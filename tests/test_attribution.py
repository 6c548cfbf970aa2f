"""Who says so, case by case: ``cases/attribution.txt`` holds parses written out, mentions, an act, and what is to come out.

A ``mention`` line is: first token, end, head token, and ``name/country/sector``. ``actors`` are positions in the list of mentions.
``known failure`` marks what the rules get wrong today.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from factories import parsed, plain_document
from lapwing.attribution import attribute
from lapwing.attribution.candidates import Option
from lapwing.attribution.choice import Weights, best_of, load_weights
from lapwing.attribution.marks import quotations
from lapwing.attribution.scene import POINTED, Voice
from lapwing.dictionaries.reporting import channels, reporting_words
from lapwing.errors import KnowledgeError
from lapwing.records import (
    Actor,
    Analysis,
    Document,
    Entity,
    Frame,
    Mention,
    RoleScore,
    Sourcing,
    Span,
    TokenRange,
    TriggerScore,
)

CASES = Path(__file__).parent / "cases" / "attribution.txt"
Case = dict[str, list[str]]


def read_cases(path: Path) -> list[Case]:
    """Blocks of ``field: value`` lines, with blank lines between them; a field may come more than once."""
    cases: list[Case] = []
    for block in path.read_text(encoding="utf-8").strip().split("\n\n"):
        case: Case = {}
        for line in block.split("\n"):
            field, _, value = line.partition(": ")
            case.setdefault(field.rstrip(": "), []).append(value.strip())
        cases.append(case)
    return cases


def mentioned(
    lines: list[str], document: Document, analysis: Analysis
) -> tuple[tuple[Mention, ...], tuple[Actor, ...]]:
    """Mentions and actors from their lines; the same name is the same chain."""
    mentions: list[Mention] = []
    actors: list[Actor] = []
    chains: dict[str, int] = {}
    for k, line in enumerate(lines):
        start, end, head, who = line.split(" ", 3)
        name, country, sector = who.split("/")
        tokens = TokenRange(int(start), int(end))
        first, last = analysis.tokens[tokens.start].start, analysis.tokens[tokens.end - 1].end
        span = Span(first, last, document.text[first:last])
        chain = chains.setdefault(name, k)
        mentions.append(Mention(id=k, tokens=tokens, head=int(head), kind="nominal", label=None, chain=chain))
        entity = Entity(span=span, text=span.text, name=name, country=country or None, sector=sector or None)
        actors.append(Actor(mention=k, entity=entity, known=bool(country), reason="the test"))
    return tuple(mentions), tuple(actors)


def attributed(
    case: Case, *, trigger: TriggerScore | None = None, weights: Weights | None = None
) -> tuple[Document, Sourcing]:
    document, analysis = parsed(*case["parse"])
    mentions, actors = mentioned(case.get("mention", []), document, analysis)
    start, end = map(int, case["trigger"][0].split())
    token = next(i for i in range(start, end) if not start <= analysis.tokens[i].head < end)
    frame = Frame(
        token=token,
        tokens=TokenRange(start, end),
        sentence=analysis.tokens[token].sentence,
        event=case["event"][0],
        mode=None,
        contexts=(),
        actors=tuple(map(int, case.get("actors", [""])[0].split())),
        recipients=(),
        unknown_actor=False,
        magnitude=(),
        probability=1.0,
        trigger=trigger,
        reasons=(),
    )
    return document, attribute(document, analysis, mentions, actors, (frame,), weights=weights)[0]


def case_named(name: str) -> Case:
    return next(case for case in read_cases(CASES) if case["case"] == [name])


@pytest.mark.parametrize("case", read_cases(CASES), ids=lambda case: case["case"][0])
def test_source(case: Case, request: pytest.FixtureRequest) -> None:
    if "known failure" in case:
        request.applymarker(pytest.mark.xfail(reason=case["known failure"][0], strict=True))
    document, sourcing = attributed(case)
    source = sourcing.source
    found = {
        "source": source.name or "" if source else "",
        "kind": source.kind if source else "",
        "cue": source.cue.text if source and source.cue else "",
        "relay": sourcing.relay.name if sourcing.relay else "",
        "channel": source.channel or "" if source else "",
    }
    assert found == {field: case[field][0] for field in found}
    spans = [] if source is None else [source.span, source.cue]
    spans += [] if sourcing.relay is None else [sourcing.relay.span]
    assert all(span is None or document.text[span.start : span.end] == span.text for span in spans)


def pointer(token: int, *, score: float, none: float) -> TriggerScore:
    return TriggerScore(
        token=2,
        tokens=TokenRange(2, 3),
        score=0.9,
        types=(("ASSAULT", 0.9),),
        statuses=(("happened", 0.9),),
        modes=(),
        roles=(RoleScore(role="source", token=token, score=score),),
        none=(("source", none),),
    )


def test_a_sure_pointer_speaks_where_the_tree_is_silent() -> None:
    trusting = Weights(features={}, pointed=1.0, unpointed=1.0)
    case = case_named("article voice")
    _, sourcing = attributed(case, trigger=pointer(1, score=0.97, none=0.03), weights=trusting)
    assert sourcing.source is not None
    assert sourcing.source.name == "Chadian army"
    assert sourcing.reasons[-1].by == "model"


def test_an_unsure_pointer_does_not() -> None:
    assert attributed(case_named("article voice"), trigger=pointer(1, score=0.4, none=0.6))[1].source is None


def test_a_model_that_is_certain_of_none_outweighs_a_rule() -> None:
    case = case_named("said that")
    assert attributed(case, trigger=pointer(0, score=0.005, none=0.995))[1].source is None
    assert attributed(case, trigger=pointer(0, score=0.4, none=0.6))[1].source is not None


def test_without_weights_the_rules_decide() -> None:
    ruled = Weights(features={}, ruled=5.0)
    source = attributed(case_named("said that"), weights=ruled)[1].source
    assert source is not None
    assert source.cue is not None
    assert attributed(case_named("article voice"), weights=ruled)[1].source is None


def test_options_of_one_entity_add_up() -> None:
    voices = [Voice(i, TokenRange(i, i + 1), POINTED, 0, "model") for i in range(3)]
    options = [Option(voice, key, {}, 0.0) for voice, key in zip(voices, ("a", "b", "a"), strict=True)]
    chosen, chance, other = best_of(options, (0.2, 0.3, 0.25, 0.25))
    assert chosen is options[2]
    assert chance == pytest.approx(0.45)
    assert other is None
    assert best_of(options, (0.1, 0.2, 0.1, 0.6))[0] is None
    assert best_of([], (1.0,)) == (None, 1.0, None)


def test_the_fitted_weights_can_be_read() -> None:
    weights = load_weights()
    assert weights.ruled > 0
    assert weights.unpointed > 0
    assert "how=verb of saying over it" in weights.features


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("“One.” Two “three”", ["One.", "three"]),
        ('"One," he said, "two."', ["One,", "two."]),
        ("«One» and „two“", ["One", "two"]),
        ("The rebels' camp isn't quoted", []),
        ("“One.\n\n“Two.”", ["One.", "Two."]),
        ("“One.\n\nTwo.” Three", ["One.\n\nTwo."]),
        ("“Never closed.\n\nNext paragraph", ["Never closed."]),
        ('a 5" gun', []),
    ],
)
def test_quotations(text: str, quoted: list[str]) -> None:
    assert [text[start:end] for start, end in quotations(text)] == quoted


def test_quotation_marks_without_end_take_linear_time() -> None:
    began = time.process_time()
    quotations('"a ' * 100_000)
    quotations("“" * 100_000)
    assert time.process_time() - began < 5


def test_nothing_to_attribute() -> None:
    document = plain_document("")
    empty = Analysis(tokens=(), sentences=(TokenRange(0, 0),), entities=(), attributions=(), factuality=(), triggers=())
    assert attribute(document, empty, (), (), ()) == ()


HEADER = "lemma,pos,kind,stance,object,source\n"


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("say,verb,say,neutrl,told,G", "neutrl"),
        ("say,vb,say,neutral,told,G", "line 2"),
        ("say,verb,say,neutral,yes,G", "object"),
        ("say,verb,say,neutral,told,", "source"),
        ("say,verb,say", "cells"),
        ("say,verb,say,neutral,,G\nsay,verb,say,neutral,,G", "line 3"),
    ],
)
def test_a_wrong_row_is_named(line: str, wrong: str, tmp_path: Path) -> None:
    (tmp_path / "reporting.csv").write_text(HEADER + line + "\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=wrong):
        reporting_words(tmp_path / "reporting.csv")


def test_the_tables_are_large() -> None:
    assert len(reporting_words()) >= 250
    assert {word.stance for word in reporting_words().values()} == {"neutral", "committed", "sceptical", "denying"}
    assert channels()["press conference"] == "press conference"
