"""Acts and their arguments, on hand-written trees; no model."""

from __future__ import annotations

import msgspec
import pytest

from factories import parsed
from lapwing.codebook import load_codebook
from lapwing.events import confidence_features, find_events
from lapwing.events.arguments import (
    Weights,
    choose_fillers,
    find_candidates,
    head_features,
    head_scores,
    load_weights,
    outcomes_of,
    set_scene,
)
from lapwing.events.magnitudes import find_magnitudes
from lapwing.events.relations import relations_to, way_to, ways_up
from lapwing.events.scene import speaker_at
from lapwing.events.triggers import Act, find_acts
from lapwing.events.triggers import Weights as Lines
from lapwing.records import Actor, Analysis, Entity, Mention, RoleScore, TokenRange, TriggerScore
from lapwing.trees import tree_of


def trigger(
    token: int, event: str, *, score: float = 0.9, roles: tuple[RoleScore, ...] = (), end: int = 0
) -> TriggerScore:
    return TriggerScore(
        token=token,
        tokens=TokenRange(token, end or token + 1),
        score=score,
        types=((event, 0.9), ("CONSULT", 0.05)),
        statuses=(("happened", 0.9),),
        modes=((f"{event}:-", 0.9),),
        roles=roles,
        none=(("actor", 0.1), ("recipient", 0.1)),
    )


def relations(sentence: str, word: str) -> dict[str, str]:
    _, analysis = parsed(sentence)
    tree = tree_of(analysis)
    at = next(t.i for t in analysis.tokens if t.text == word)
    return {analysis.tokens[i].text: r for i, r in relations_to(tree, at).items()}


RELATIONS = [
    ("Russia/PROPN/nsubj/2 invaded/VERB/root/0 Georgia/PROPN/obj/2", "invaded", {"Russia": "subj", "Georgia": "obj"}),
    (
        "Kharkiv/PROPN/nsubj:pass/3 was/AUX/aux:pass/3 shelled/VERB/root/0 by/ADP/case/5 rebels/NOUN/obl:agent/3",
        "shelled",
        {"Kharkiv": "subjpass", "rebels": "agent"},
    ),
    (
        "the/DET/det/3 Russian/ADJ/amod/3 invasion/NOUN/root/0 of/ADP/case/5 Ukraine/PROPN/nmod/3",
        "invasion",
        {"Russian": "mod", "Ukraine": "nmod:of"},
    ),
    (
        "Minsk/PROPN/nsubj/2 held/VERB/root/0 talks/NOUN/obj/2 with/ADP/case/5 Kyiv/PROPN/obl/2",
        "talks",
        {"Minsk": "light:subj", "Kyiv": "light:obl:with"},
    ),
    (
        "Minsk/PROPN/nsubj/2 agreed/VERB/root/0 to/PART/mark/4 free/VERB/xcomp/2 prisoners/NOUN/obj/4",
        "free",
        {"Minsk": "ctrl:subj", "prisoners": "obj"},
    ),
    (
        "troops/NOUN/root/0 deployed/VERB/acl/1/deploy/VBN by/ADP/case/4 France/PROPN/obl:agent/2",
        "deployed",
        {"troops": "rel:obj", "France": "agent"},
    ),
    (
        "Iran/PROPN/nsubj/4 and/CCONJ/cc/3 Iraq/PROPN/conj/1 condemned/VERB/root/0 Israel/PROPN/obj/4",
        "condemned",
        {"Iran": "subj", "Iraq": "subj", "Israel": "obj"},
    ),
]


@pytest.mark.parametrize(("sentence", "word", "expected"), RELATIONS)
def test_the_tree_names_the_relation_of_each_party(sentence: str, word: str, expected: dict[str, str]) -> None:
    found = relations(sentence, word)
    assert {k: v for k, v in found.items() if k in expected} == expected


def test_pieces_of_one_trigger_are_one_act() -> None:
    sentence = "Minsk/PROPN/nsubj/2 held/VERB/root/0/hold talks/NOUN/obj/2/talks with/ADP/case/5 Kyiv/PROPN/obl/2"
    _, analysis = parsed(sentence, triggers=(trigger(1, "CONSULT", score=0.8), trigger(2, "CONSULT", score=0.9)))
    acts = find_acts(analysis, tree_of(analysis), load_codebook(), Lines(threshold=0.02))
    assert [a.trigger.token for a in acts] == [2]


def test_two_acts_of_one_sentence_stay_two() -> None:
    sentence = (
        "Iran/PROPN/nsubj/2 condemned/VERB/root/0/condemn the/DET/det/4 strike/NOUN/obj/2 and/CCONJ/cc/6 "
        "recalled/VERB/conj/2/recall its/PRON/nmod:poss/8 envoy/NOUN/obj/6"
    )
    _, analysis = parsed(sentence, triggers=(trigger(1, "ACCUSE"), trigger(3, "ASSAULT"), trigger(5, "SANCTION")))
    acts = find_acts(analysis, tree_of(analysis), load_codebook(), Lines(threshold=0.5))
    assert [(a.trigger.token, a.event) for a in acts] == [(1, "ACCUSE"), (3, "ASSAULT"), (5, "SANCTION")]


def test_an_unsure_trigger_is_no_act() -> None:
    _, analysis = parsed("Rain/NOUN/nsubj/2 fell/VERB/root/0/fall", triggers=(trigger(1, "ASSAULT", score=0.2),))
    assert find_acts(analysis, tree_of(analysis), load_codebook(), Lines(threshold=0.5)) == []


WAYS = [
    (
        "Kharkiv/PROPN/nsubj:pass/3 was/AUX/aux:pass/3 shelled/VERB/root/0",
        "shelled",
        "Kharkiv",
        ">nsubjpass",
        ">nsubjpass",
    ),
    (
        "protests/NOUN/nsubj/2 grew/VERB/root/0 against/ADP/case/5 the/DET/det/5 arrest/NOUN/obl/2 of/ADP/case/7 Navalny/PROPN/nmod/5",
        "protests",
        "Navalny",
        "nsubj>obl/nmod",
        "nsubj>obl:against",
    ),
    ("the/DET/det/3 Russian/ADJ/amod/3 invasion/NOUN/root/0", "invasion", "Russian", ">amod", ">amod"),
    (
        "Minsk/PROPN/nsubj/2 agreed/VERB/root/0 to/PART/mark/4 withdraw/VERB/xcomp/2",
        "withdraw",
        "agreed",
        "xcomp>",
        "xcomp>=",
    ),
]


@pytest.mark.parametrize(("sentence", "trigger_word", "word", "path", "branch"), WAYS)
def test_the_way_from_a_trigger_to_a_word(sentence: str, trigger_word: str, word: str, path: str, branch: str) -> None:
    _, analysis = parsed(sentence)
    tree = tree_of(analysis)
    at = {t.text: t.i for t in analysis.tokens}
    way = way_to(tree, ways_up(tree, at[trigger_word]), at[word])
    assert (way.path, way.branch) == (path, branch)


def plain_weights(**heads: float) -> Weights:
    """Only the pointers count, or the cues given."""
    pointers = {"actor → actor": 1.0, "recipient → recipient": 1.0, "actor → nobody": 1.0, "recipient → nobody": 1.0}
    return Weights(candidate={}, nobody={}, pair={}, heads=heads or pointers)


def chosen(
    sentence: str, event: str, token: int, codes: dict[int, str], weights: Weights, roles: tuple[RoleScore, ...] = ()
) -> tuple[list[str | None], list[str | None]]:
    """The countries of the actors and recipients of an act."""
    document, analysis = parsed(sentence)
    mentions, actors = parties(analysis, *codes.items())
    one = trigger(token, event, roles=roles)
    act = Act(one, one.tokens, event, 0.9, None, ())
    scene = set_scene(document, analysis, tree_of(analysis), mentions, actors)
    done_by, done_to = choose_fillers(scene, act, find_candidates(scene, act), weights)
    return [actors[k].entity.country for k in done_by.mentions], [actors[k].entity.country for k in done_to.mentions]


INVADED = "Russia/PROPN/nsubj/2 invaded/VERB/root/0/invade Georgia/PROPN/obj/2"
MET = "Minsk/PROPN/nsubj/4 and/CCONJ/cc/3 Kyiv/PROPN/conj/1 met/VERB/root/0/meet"
TREE = {"relation subj": (3.0, -3.0, 0.0), "relation obj": (-3.0, 3.0, 0.0)}


def test_pointers_choose_where_the_cues_say_nothing() -> None:
    codes = {0: "RUS", 2: "GEO"}
    assert chosen(INVADED, "SANCTION", 1, codes, plain_weights(), pointing(2, 0)) == (["GEO"], ["RUS"])


def test_cues_choose_where_the_pointers_say_nothing() -> None:
    weights = Weights(candidate=TREE, nobody={}, pair={}, heads={"text": 1.0})
    assert chosen(INVADED, "ASSAULT", 1, {0: "RUS", 2: "GEO"}, weights) == (["RUS"], ["GEO"])


@pytest.mark.parametrize("event", ["CONSULT", "SANCTION"])
def test_what_is_weighed_once_counts_as_if_weighed_with_every_partner(event: str) -> None:
    document, analysis = parsed(MET)
    mentions, actors = parties(analysis, (0, "BLR"), (2, "UKR"))
    one = trigger(3, event, roles=pointing(0, 2))
    act = Act(one, one.tokens, event, 0.9, None, ())
    candidates = find_candidates(set_scene(document, analysis, tree_of(analysis), mentions, actors), act)
    outcomes, heads = outcomes_of(act, candidates), load_weights().heads
    texts = [0.3 * k for k in range(len(outcomes))]
    weighed = [
        sum(heads.get(n, 0.0) * v for n, v in head_features(act, candidates, o, t - texts[-1]).items())
        for o, t in zip(outcomes, texts, strict=True)
    ]
    assert any(o.mutual for o in outcomes) == (event == "CONSULT")
    assert head_scores(act, candidates, outcomes, texts, heads) == weighed


def test_a_role_may_be_left_to_nobody() -> None:
    weights = Weights(candidate=TREE, nobody={"nobody": (-9.0, 9.0)}, pair={}, heads={"text": 1.0})
    assert chosen(INVADED, "ASSAULT", 1, {0: "RUS", 2: "GEO"}, weights) == (["RUS"], [])


def test_parties_of_a_mutual_act_are_all_actors() -> None:
    weights = Weights(candidate={}, nobody={}, pair={"mutual, coordinated, CONSULT": 9.0}, heads={"text": 1.0})
    assert chosen(MET, "CONSULT", 3, {0: "BLR", 2: "UKR"}, weights) == (["BLR", "UKR"], [])


def test_what_is_joined_to_an_actor_is_listed_but_not_every_other_party() -> None:
    sentence = (
        "Iran/PROPN/nsubj/4 and/CCONJ/cc/3 Iraq/PROPN/conj/1 condemned/VERB/root/0/condemn Israel/PROPN/obj/4 "
        "in/ADP/case/7 Cairo/PROPN/obl/4"
    )
    weights = Weights(candidate=TREE, nobody={"nobody": (-9.0, -9.0)}, pair={}, heads={"text": 1.0})
    codes = {0: "IRN", 2: "IRQ", 4: "ISR", 6: "EGY"}
    assert chosen(sentence, "ACCUSE", 3, codes, weights) == (["IRN", "IRQ"], ["ISR"])


def test_mentions_of_one_country_share_their_votes() -> None:
    """Two likely mentions of Russia together outweigh the single likeliest of Georgia."""
    sentence = "Moscow/PROPN/nsubj/4 's/PART/case/1 troops/NOUN/conj/1 attacked/VERB/root/0/attack Georgia/PROPN/obj/4"
    document, analysis = parsed(sentence)
    mentions, actors = parties(analysis, (0, "RUS"), (2, "RUS"), (4, "GEO"))
    troops = Entity(span=None, text="troops", name="troops", country="RUS", sector="REB")
    actors = (actors[0], Actor(mention=1, entity=troops, known=True, reason="test"), actors[2])
    roles = tuple(RoleScore(role="actor", token=i, score=p) for i, p in ((0, 0.3), (2, 0.3), (4, 0.4)))
    one = trigger(3, "SANCTION", roles=roles)
    scene = set_scene(document, analysis, tree_of(analysis), mentions, actors)
    act = Act(one, one.tokens, "SANCTION", 0.9, None, ())
    done_by, _ = choose_fillers(
        scene,
        act,
        find_candidates(scene, act),
        plain_weights(**{"actor → actor": 1.0, "nobody as actor": -9.0, "nobody as recipient": 9.0}),
    )
    assert [actors[k].entity.country for k in done_by.mentions] == ["RUS"]


def test_dates_and_empty_pronouns_are_no_parties() -> None:
    document, analysis = parsed("Friday/PROPN/obl/3 that/PRON/nsubj/3 happened/VERB/root/0 Ukraine/PROPN/obj/3")
    mentions, actors = parties(analysis, (0, ""), (1, ""), (3, "UKR"))
    mentions = (mentions[0], msgspec.structs.replace(mentions[1], kind="pronoun"), mentions[2])
    scene = set_scene(document, analysis, tree_of(analysis), mentions, actors)
    assert list(scene.parties) == ["UKR/state"]


def test_a_speaker_is_the_source_of_what_is_told() -> None:
    document, analysis = parsed(
        "Iran/PROPN/nsubj/2 said/VERB/root/0/say Israel/PROPN/nsubj/4 attacked/VERB/ccomp/2/attack it/PRON/obj/4",
        attributions=(
            ("source", 0, 1),
            ("content", 2, 5),
        ),
    )
    mentions, actors = parties(analysis, (0, "IRN"), (2, "ISR"))
    scene = set_scene(document, analysis, tree_of(analysis), mentions, actors)
    assert speaker_at(scene, 3) == "IRN/state"
    assert speaker_at(scene, 1) is None


MAGNITUDES = [
    ("At/ADP/case/3 least/ADJ/fixed/1 12/NUM/nsubj:pass/5 were/AUX/aux:pass/5 killed/VERB/root/0/kill", {"dead": 12.0}),
    ("9,000/NUM/nummod/2 troops/NOUN/nsubj/3 arrived/VERB/root/0/arrive", {"troops": 9000.0}),
    (
        "Police/NOUN/nsubj/2 detained/VERB/root/0/detain thirty/NUM/nummod/4 protesters/NOUN/obj/2/protester",
        {"arrested": 30.0},
    ),
    ("A/DET/det/4 $/SYM/nmod/4 40/NUM/nummod/2 loan/NOUN/root/0", {"usd": 40.0}),
    ("In/ADP/case/2 2014/NUM/obl/3 rebels/NOUN/root/0/rebel", {}),
    ("Dozens/NOUN/nsubj:pass/3 were/AUX/aux:pass/3 killed/VERB/root/0/kill", {}),
]


@pytest.mark.parametrize(("sentence", "expected"), MAGNITUDES)
def test_magnitudes(sentence: str, expected: dict[str, float]) -> None:
    document, analysis = parsed(sentence)
    found = find_magnitudes(document, analysis, tree_of(analysis), token=len(analysis.tokens) - 1, event="ASSAULT")
    assert {m.kind: m.value for m in found} == expected
    assert all(document.text[m.span.start : m.span.end] == m.span.text for m in found)


def parties(analysis: Analysis, *rows: tuple[int, str]) -> tuple[tuple[Mention, ...], tuple[Actor, ...]]:
    mentions = tuple(
        Mention(id=k, tokens=TokenRange(i, i + 1), head=i, kind="name", label=None, chain=k)
        for k, (i, _) in enumerate(rows)
    )
    actors = tuple(
        Actor(
            mention=k,
            entity=Entity(
                span=None, text=analysis.tokens[i].text, name=analysis.tokens[i].text, country=code, sector="GOV"
            ),
            known=True,
            reason="test",
        )
        for k, (i, code) in enumerate(rows)
    )
    return mentions, actors


def pointing(actor: int, recipient: int) -> tuple[RoleScore, ...]:
    return (RoleScore(role="actor", token=actor, score=0.9), RoleScore(role="recipient", token=recipient, score=0.9))


def test_an_act_told_twice_is_kept_once() -> None:
    document, analysis = parsed(
        "Russia/PROPN/nsubj/2 invaded/VERB/root/0/invade Georgia/PROPN/obj/2",
        "Russia/PROPN/nsubj/2 invaded/VERB/root/0/invade",
        triggers=(trigger(1, "ASSAULT", roles=pointing(0, 2)), trigger(4, "ASSAULT", roles=pointing(3, 2))),
    )
    mentions, actors = parties(analysis, (0, "RUS"), (2, "GEO"), (3, "RUS"))
    frames = find_events(document, analysis, mentions, actors, lines=Lines(threshold=0.1))
    assert [f.token for f in frames] == [1]
    assert [actors[k].entity.country for k in frames[0].actors] == ["RUS"]
    assert [actors[k].entity.country for k in frames[0].recipients] == ["GEO"]
    assert confidence_features(frames[0])["no recipient"] == 0.0


def test_the_same_act_upon_another_party_stays() -> None:
    document, analysis = parsed(
        "Russia/PROPN/nsubj/2 invaded/VERB/root/0/invade Georgia/PROPN/obj/2",
        "Russia/PROPN/nsubj/2 invaded/VERB/root/0/invade Ukraine/PROPN/obj/2",
        triggers=(trigger(1, "ASSAULT", roles=pointing(0, 2)), trigger(4, "ASSAULT", roles=pointing(3, 5))),
    )
    mentions, actors = parties(analysis, (0, "RUS"), (2, "GEO"), (3, "RUS"), (5, "UKR"))
    frames = find_events(document, analysis, mentions, actors, lines=Lines(threshold=0.1))
    assert [f.token for f in frames] == [1, 4]


def test_the_first_report_takes_the_parties_that_only_a_later_one_names() -> None:
    document, analysis = parsed(
        "Russia/PROPN/nsubj/2 invaded/VERB/root/0/invade",
        "Russia/PROPN/nsubj/2 invaded/VERB/root/0/invade Georgia/PROPN/obj/2",
        triggers=(
            trigger(1, "ASSAULT", roles=(RoleScore(role="actor", token=0, score=0.9),)),
            trigger(3, "ASSAULT", roles=pointing(2, 4)),
        ),
    )
    mentions, actors = parties(analysis, (0, "RUS"), (2, "RUS"), (4, "GEO"))
    frames = find_events(document, analysis, mentions, actors, lines=Lines(threshold=0.1))
    assert [f.token for f in frames] == [1]
    assert [actors[k].entity.country for k in frames[0].recipients] == ["GEO"]
    assert any("another report" in r.because for r in frames[0].reasons if r.field == "recipients")


CLAIMS = [
    (
        (
            "12/NUM/nsubj/2 died/VERB/root/0/die ,/PUNCT/punct/5 officials/NOUN/nsubj/5 said/VERB/parataxis/2/say "
            "the/DET/det/7 rebels/NOUN/nsubj/8 put/VERB/parataxis/2/put it/PRON/obj/8 at/ADP/case/11 30/NUM/obl/8",
        ),
        [(12, "officials"), (30, "the rebels")],
    ),
    (
        ("Twelve/NUM/nsubj/2 died/VERB/root/0/die",
            "The/DET/det/2 army/NOUN/nsubj/3 put/VERB/root/0/put the/DET/det/5 toll/NOUN/obj/3 at/ADP/case/7 20/NUM/obl/3"),
        [(12, None), (20, "The army")],
    ),
    (
        ("12/NUM/nsubj/2 died/VERB/root/0/die according/VERB/case/5 to/ADP/fixed/3 doctors/NOUN/obl/2",),
        [(12, "doctors")],
    ),
    # two numbers of one kind without two claimants, and a number that counts something else
    (("12/NUM/nsubj/2 died/VERB/root/0/die and/CCONJ/cc/5 30/NUM/nsubj/5 died/VERB/conj/2/die",), [(12, None)]),
    (
        ("Twelve/NUM/nsubj/2 died/VERB/root/0/die",
            "The/DET/det/2 bank/NOUN/nsubj/3 put/VERB/root/0/put growth/NOUN/obj/3 at/ADP/case/6 3/NUM/obl/3"),
        [(12, None)],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("sentences", "expected"), CLAIMS)
def test_numbers_are_tied_to_who_claims_them(
    sentences: tuple[str, ...], expected: list[tuple[float, str | None]]
) -> None:
    document, analysis = parsed(*sentences)
    token = next(t.i for t in analysis.tokens if t.text == "died")
    found = find_magnitudes(document, analysis, tree_of(analysis), token=token, event="ASSAULT")
    assert [(m.value, m.claimant) for m in found] == expected
    assert {m.kind for m in found} == {"dead"}
