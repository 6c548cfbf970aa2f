"""Which words are acts: what their surroundings say of it. Hand-written trees; no model."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from factories import parsed
from lapwing.codebook import load_codebook
from lapwing.events.chances import features_of
from lapwing.events.triggers import Weights, find_acts, proposals
from lapwing.records import TokenRange, TriggerScore
from lapwing.trees import tree_of

LINES = Weights(threshold=0.0, unlisted=0.0)


def proposed(token: int, event: str, score: float = 0.8) -> TriggerScore:
    return TriggerScore(
        token=token,
        tokens=TokenRange(token, token + 1),
        score=score,
        types=((event, 0.9),),
        statuses=(("happened", 0.9),),
        modes=(),
        roles=(),
        none=(("actor", 0.1), ("recipient", 0.1)),
    )


def types(sentence: str, word: str, event: str) -> list[str]:
    _, analysis = parsed(sentence)
    at = next(t.i for t in analysis.tokens if t.text == word)
    analysis = replace(analysis, triggers=(proposed(at, event),))
    return [a.event for a in proposals(analysis, tree_of(analysis), load_codebook(), LINES)]


THAT_TRIP = (
    "Kenya/PROPN/nsubj/2 ruled/VERB/root/0/rule out/ADP/compound:prt/2 that/SCONJ/mark/6 it/PRON/nsubj/6 "
    "invaded/VERB/ccomp/2/invade Chad/PROPN/obj/6"
)
TALKS = "Kenya/PROPN/nsubj/2 ruled/VERB/root/0/rule out/ADP/compound:prt/2 talks/NOUN/obj/2/talk"


def test_to_deny_that_something_happened_is_no_refusal() -> None:
    assert types(THAT_TRIP, "ruled", "REJECT") == []
    assert types(TALKS, "ruled", "REJECT") == ["REJECT"]


def test_what_a_group_consists_of_is_no_act() -> None:
    group = "group/NOUN/root/0 made/VERB/acl/1/make up/ADP/compound:prt/2 of/ADP/case/5 troops/NOUN/obl/2/troop"
    assert types(group, "made", "MOBILIZE") == []
    assert types("Chad/PROPN/nsubj/2 made/VERB/root/0/make threats/NOUN/obj/2/threat", "made", "THREATEN") == [
        "THREATEN"
    ]


@pytest.mark.parametrize(("word", "event"), [("joint", "COOPERATE"), ("large", "MOBILIZE")])
def test_what_forces_do_jointly_is_cooperation(word: str, event: str) -> None:
    drills = f"They/PRON/nsubj/2 held/VERB/root/0/hold {word}/ADJ/amod/4 exercises/NOUN/obj/2/exercise"
    assert types(drills, "held", "MOBILIZE") == [event]


def test_force_that_is_foreseen_stays_force() -> None:
    attack = (
        "Kyiv/PROPN/nsubj/2 expects/VERB/root/0/expect Moscow/PROPN/obj/2 to/PART/mark/5 launch/VERB/xcomp/2/launch "
        "an/DET/det/7 offensive/NOUN/obj/5/offensive"
    )
    visit = "Kyiv/PROPN/nsubj/2 expects/VERB/root/0/expect a/DET/det/4 visit/NOUN/obj/2/visit"
    assert types(attack, "expects", "AGREE") == ["ASSAULT"]
    assert types(visit, "expects", "AGREE") == ["AGREE"]


def test_an_act_told_again_is_less_likely_a_new_one() -> None:
    first = "Chad/PROPN/nsubj/2 condemned/VERB/root/0/condemn Mali/PROPN/obj/2"
    again = "Chad/PROPN/nsubj/2 condemned/VERB/root/0/condemn Niger/PROPN/obj/2"
    _, analysis = parsed(first, again)
    analysis = replace(analysis, triggers=(proposed(1, "ACCUSE"), proposed(4, "ACCUSE")))
    tree = tree_of(analysis)
    told = features_of(analysis, tree, proposals(analysis, tree, load_codebook(), LINES))
    assert [f["told before"] for f in told] == [0.0, 1.0]
    one, two = find_acts(analysis, tree, load_codebook(), LINES)
    assert one.probability > two.probability
