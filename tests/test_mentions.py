"""Mentions and their chains, on parses written by hand."""

from __future__ import annotations

from factories import parsed
from lapwing.mentions import find_mentions
from lapwing.records import Analysis, Document, Mention

VISIT = (
    "The/DET/det/3/the/DT Russian/ADJ/amod/3/russian/JJ president/NOUN/nsubj/7/president/NN ,/PUNCT/punct/5 "
    "Vladimir/PROPN/appos/3/Vladimir/NNP Putin/PROPN/flat/5/Putin/NNP visited/VERB/root/0/visit/VBD Minsk/PROPN/obj/7/Minsk/NNP"
)
MET = (
    "He/PRON/nsubj/2/he/PRP met/VERB/root/0/meet/VBD his/PRON/nmod:poss/5/his/PRP$ closest/ADJ/amod/5/close/JJS "
    "ally/NOUN/obj/2/ally/NN"
)
SMILED = "The/DET/det/3/the/DT Russian/ADJ/amod/3/russian/JJ leader/NOUN/nsubj/4/leader/NN smiled/VERB/root/0/smile/VBD"


def texts(document: Document, analysis: Analysis) -> dict[str, Mention]:
    tokens = analysis.tokens
    return {
        document.text[tokens[m.tokens.start].start : tokens[m.tokens.end - 1].end]: m
        for m in find_mentions(document, analysis)
    }


def test_names_descriptions_and_pronouns_form_one_chain() -> None:
    document, analysis = parsed(VISIT, MET, SMILED, entities=(("PER", 4, 6), ("LOC", 7, 8)), published="2022-12-19")
    found = texts(document, analysis)
    chain = found["Vladimir Putin"].chain
    assert found["The Russian president"].chain == chain
    assert (found["He"].chain, found["He"].linked_by) == (chain, "pronoun")
    assert found["his"].chain == chain
    assert found["The Russian leader"].chain == chain
    assert found["Minsk"].chain != chain
    assert found["his closest ally"].chain != chain


def test_a_description_whose_holder_the_article_does_not_name_stays_alone() -> None:
    document, analysis = parsed(VISIT, SMILED, entities=(("PER", 4, 6), ("LOC", 7, 8)), published="1998-03-01")
    found = texts(document, analysis)
    assert found["The Russian leader"].chain != found["Vladimir Putin"].chain


def test_a_surname_takes_up_the_full_name_but_not_a_womans() -> None:
    document, analysis = parsed(
        "Ana/PROPN/nsubj/3/Ana/NNP Mora/PROPN/flat/1/Mora/NNP spoke/VERB/root/0/speak/VBD",
        "Mora/PROPN/nsubj/2/Mora/NNP left/VERB/root/0/leave/VBD",
        entities=(("PER", 0, 2), ("PER", 3, 4)),
    )
    found = texts(document, analysis)
    assert (found["Mora"].chain, found["Mora"].linked_by) == (found["Ana Mora"].chain, "surname")


def test_an_object_pronoun_is_not_the_subject_of_its_own_verb() -> None:
    document, analysis = parsed(
        "Putin/PROPN/nsubj/2/Putin/NNP praised/VERB/root/0/praise/VBD him/PRON/obj/2/he/PRP", entities=(("PER", 0, 1),)
    )
    found = texts(document, analysis)
    assert found["him"].chain != found["Putin"].chain


def test_a_quotation_speaks_for_its_speaker() -> None:
    document, analysis = parsed(
        "“/PUNCT/punct/3 We/PRON/nsubj/3/we/PRP stay/VERB/ccomp/6/stay/VBP ”/PUNCT/punct/3 Merkel/PROPN/nsubj/6/Merkel/NNP "
        "said/VERB/root/0/say/VBD",
        entities=(("PER", 4, 5),),
    )
    found = texts(document, analysis)
    assert (found["We"].chain, found["We"].linked_by) == (found["Merkel"].chain, "speaker of the quotation")


def test_we_outside_a_quotation_is_nobody() -> None:
    document, analysis = parsed(
        "Merkel/PROPN/nsubj/2/Merkel/NNP left/VERB/root/0/leave/VBD", "We/PRON/nsubj/2/we/PRP stay/VERB/root/0/stay/VBP"
    )
    found = texts(document, analysis)
    assert found["We"].linked_by is None


def test_a_relative_pronoun_is_its_noun_and_an_expletive_is_nothing() -> None:
    document, analysis = parsed(
        "rebels/NOUN/nsubj/4/rebel/NNS who/PRON/nsubj/3/who/WP fled/VERB/acl:relcl/1/flee/VBD returned/VERB/root/0/return/VBD",
        "It/PRON/expl/2/it/PRP rained/VERB/root/0/rain/VBD",
    )
    found = texts(document, analysis)
    assert found["who"].chain == found["rebels"].chain
    assert "It" not in found


def test_places_in_apposition_are_two_things() -> None:
    document, analysis = parsed(
        "Minsk/PROPN/nsubj/4/Minsk/NNP ,/PUNCT/punct/3 Belarus/PROPN/appos/1/Belarus/NNP slept/VERB/root/0/sleep/VBD",
        entities=(("LOC", 0, 1), ("LOC", 2, 3)),
    )
    found = texts(document, analysis)
    assert found["Minsk"].chain != found["Belarus"].chain


def test_ordinary_nouns_are_no_mentions() -> None:
    document, analysis = parsed(
        "The/DET/det/2/the/DT decision/NOUN/nsubj/3/decision/NN changed/VERB/root/0/change/VBD everything/PRON/obj/3/x/NN"
    )
    assert find_mentions(document, analysis) == ()


def test_a_day_is_nobody_for_a_pronoun_to_stand_for() -> None:
    document, analysis = parsed(
        "Kenya/PROPN/nsubj/2/Kenya/NNP said/VERB/root/0/say/VBD Sunday/PROPN/obl:tmod/2/Sunday/NNP that/SCONJ/mark/6 "
        "it/PRON/nsubj/6/it/PRP agreed/VERB/ccomp/2/agree/VBD",
        entities=(("LOC", 0, 1),),
    )
    found = texts(document, analysis)
    assert "Sunday" not in found
    assert found["it"].chain == found["Kenya"].chain


def test_the_holder_of_an_office_may_stand_right_behind_it() -> None:
    document, analysis = parsed(
        "The/DET/det/3/the/DT Russian/ADJ/amod/3/russian/JJ president/NOUN/nsubj/7/president/NN ,/PUNCT/punct/6 "
        "Vladimir/PROPN/flat/6/Vladimir/NNP Putin/PROPN/conj/3/Putin/NNP left/VERB/root/0/leave/VBD",
        entities=(("PER", 4, 6),),
        published="2022-12-19",
    )
    found = texts(document, analysis)
    assert found["Vladimir Putin"].chain == found["The Russian president"].chain


def test_a_union_of_the_past_is_no_actor() -> None:
    document, analysis = parsed(
        "The/DET/det/4/the/DT former/ADJ/amod/4/former/JJ Soviet/ADJ/amod/4/soviet/JJ republic/NOUN/nsubj/5/republic/NN "
        "agreed/VERB/root/0/agree/VBD",
    )
    found = texts(document, analysis)
    assert "Soviet" not in found
    assert "The former Soviet republic" in found


def test_a_list_is_no_apposition() -> None:
    document, analysis = parsed(
        "Banks/NOUN/nsubj/8/bank/NNS ,/PUNCT/punct/4 government/NOUN/compound/4/government/NN authorities/NOUN/appos/1/authority/NNS "
        "and/CCONJ/cc/7/and/CC maker/NOUN/compound/7/maker/NN Boeing/PROPN/conj/4/Boeing/NNP met/VERB/root/0/meet/VBD",
        entities=(("ORG", 6, 7),),
    )
    found = texts(document, analysis)
    assert found["government authorities"].chain != found["Banks"].chain


def test_a_description_with_its_own_name_takes_up_nobody() -> None:
    document, analysis = parsed(
        "Khan/PROPN/appos/3/Khan/NNP the/DET/det/3/the/DT leader/NOUN/nsubj/4/leader/NN spoke/VERB/root/0/speak/VBD",
        "The/DET/det/2/the/DT leader/NOUN/nsubj/5/leader/NN Ana/PROPN/appos/2/Ana/NNP Mora/PROPN/flat/3/Mora/NNP "
        "left/VERB/root/0/leave/VBD",
        entities=(("PER", 0, 1), ("PER", 6, 8)),
    )
    found = texts(document, analysis)
    assert found["Ana Mora"].chain != found["Khan"].chain
