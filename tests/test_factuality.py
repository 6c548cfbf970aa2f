"""Whether it happened, sentence by sentence: ``cases/factuality.txt`` holds a parse written out, an act in it, and
what is to come out.

The parses are as in `factories.parsed`. ``known failure`` marks what the rules get wrong today.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from factories import parsed
from lapwing.dictionaries.embedding import signatures
from lapwing.errors import KnowledgeError
from lapwing.factuality import judge
from lapwing.records import Frame, Judgement, Sourcing, TokenRange

CASES = Path(__file__).parent / "cases" / "factuality.txt"
HEADER = "lemma,pos,construction,affirmed,negated,source\n"


def read_cases(path: Path) -> list[dict[str, str]]:
    """Blocks of ``field: value`` lines, with blank lines between them."""
    blocks = path.read_text(encoding="utf-8").strip().split("\n\n")
    fields = [[line.partition(": ") for line in block.split("\n")] for block in blocks]
    return [{name.rstrip(":"): value for name, _, value in block} for block in fields]


def frame(event: str, start: int, end: int, *, token: int) -> Frame:
    return Frame(
        token=token,
        tokens=TokenRange(start, end),
        sentence=0,
        event=event,
        mode=None,
        contexts=(),
        actors=(),
        recipients=(),
        unknown_actor=True,
        magnitude=(),
        probability=1.0,
        trigger=None,
        reasons=(),
    )


def judged(parse: str, event: str, start: int, end: int) -> Judgement:
    document, analysis = parsed(parse)
    inside = [i for i in range(start, end) if not start <= analysis.tokens[i].head < end]
    act = frame(event, start, end, token=inside[0])
    return judge(document, analysis, (), (), (act,), (Sourcing(source=None, relay=None, reasons=()),))[0]


@pytest.mark.parametrize("case", read_cases(CASES), ids=lambda case: case["case"])
def test_status_and_its_cue(case: dict[str, str], request: pytest.FixtureRequest) -> None:
    if "known failure" in case:
        request.applymarker(pytest.mark.xfail(reason=case["known failure"], strict=True))
    start, end = map(int, case["trigger"].split())
    judgement = judged(case["parse"], case["event"], start, end)
    assert (judgement.status, judgement.cue.text if judgement.cue else "") == (case["status"], case["cue"])


def test_cues_are_spans_of_the_text() -> None:
    for case in read_cases(CASES):
        start, end = map(int, case["trigger"].split())
        cue = judged(case["parse"], case["event"], start, end).cue
        text = parsed(case["parse"])[0].text
        assert cue is None or text[cue.start : cue.end] == cue.text


def test_every_status_says_why() -> None:
    for case in read_cases(CASES):
        start, end = map(int, case["trigger"].split())
        judgement = judged(case["parse"], case["event"], start, end)
        assert judgement.reasons[0].field == "status"
        assert judgement.reasons[0].because


def test_a_tree_with_a_loop_ends() -> None:
    assert judged("a/VERB/ccomp/2 b/VERB/ccomp/1", "ASSAULT", 0, 1).status in ("happened", "hypothetical")


def test_no_frames_no_judgements() -> None:
    document, analysis = parsed("Nothing/PRON/nsubj/2 happened/VERB/root/0")
    assert judge(document, analysis, (), (), (), ()) == ()


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("fail,verb,xcomp,denied,happend,K", "line 2"),
        ("fail,vrb,xcomp,denied,happened,K", "vrb"),
        ("fail,verb,zcomp,denied,happened,K", "zcomp"),
        ("fail,verb,xcomp,denied,happened,", "source"),
        ("fail,verb,xcomp,denied,happened,K\nfail,verb,xcomp,denied,same,K", "line 3"),
    ],
)
def test_a_wrong_row_is_named(line: str, wrong: str, tmp_path: Path) -> None:
    (tmp_path / "embedding.csv").write_text(HEADER + line + "\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=wrong):
        signatures(tmp_path / "embedding.csv")


def test_the_table_is_large_and_has_the_classes_of_the_literature() -> None:
    table = signatures()
    assert len(table) > 800
    assert table["manage", "verb", "xcomp"].negated == "denied"
    assert table["fail", "verb", "xcomp"].affirmed == "denied"
    assert table["regret", "verb", "ccomp"].factive
