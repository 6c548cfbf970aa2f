"""Who a phrase or mention is: country, sector and name, as of the article's date."""

from __future__ import annotations

import pytest

from factories import parsed
from lapwing.actors import resolve_actors, resolve_text
from lapwing.mentions import find_mentions
from lapwing.records import Actor


@pytest.mark.parametrize(
    ("text", "country", "sector"),
    [
        ("Russian troops", "RUS", "MIL"),
        ("the Ukrainian army", "UKR", "MIL"),
        ("Syrian rebels", "SYR", "REB"),
        ("two French police officers", "FRA", "COP"),
        ("Libya's rebels", "LBY", "REB"),
        ("farmers from the south of Italy", "ITA", "AGR"),
        ("police in Nairobi", "KEN", "COP"),
        ("U.S. Senate Democrats", "USA", "LEG"),
        ("Hamas fighters", "PSE", "REB"),
        ("a NATO spokesman", "IGO", "MIL"),
        ("the U.N. Security Council", "UNO", "GOV"),
        ("European Commission officials", "EUR", "GOV"),
        ("the Kremlin", "RUS", "GOV"),
        ("the Pentagon", "USA", "MIL"),
        ("Moscow", "RUS", "GOV"),
        ("the FSB", "RUS", "SPY"),
        ("Polish farmer Jan Kowalski", "POL", "AGR"),
        ("opposition lawmakers in Hungary", "HUN", "OPP"),
        ("students at a university in Tehran", "IRN", "EDU"),
        ("Wagner mercenaries", "RUS", "PRM"),
        ("the British Red Cross", "GBR", "CVL"),
        ("former Polish foreign minister", "POL", "ELI"),
        ("the Korean People's Army", "PRK", "MIL"),
        ("the London-based Amnesty International", "NGO", "CVL"),
        ("fighters in Chad and Niger", "TCD", "REB"),
        ("ethnic Serbs in Croatia", "HRV", "CVL"),
        ("Arab League Secretary-General Amr Moussa", "IGO", "GOV"),
        ("Egyptian Foreign Minister Amr Moussa", "EGY", "GOV"),
        ("the president of the French Tennis Federation", "FRA", "SOC"),
    ],
)
def test_a_phrase_tells_country_and_sector(text: str, country: str, sector: str) -> None:
    entity = resolve_text(text)
    assert entity is not None
    assert (entity.country, entity.sector) == (country, sector)


@pytest.mark.parametrize("text", ["Iranian-backed militia", "pro-Russian farmers", "gunmen", "unknown attackers"])
def test_a_country_that_is_only_a_side_is_not_the_actors(text: str) -> None:
    entity = resolve_text(text)
    assert entity is not None
    assert entity.country is None


@pytest.mark.parametrize("text", ["the table", "a decision", ""])
def test_what_is_no_actor_is_nothing(text: str) -> None:
    assert resolve_text(text) is None


@pytest.mark.parametrize(
    ("published", "name"),
    [("1998-03-01", "Boris Yeltsin"), ("2010-03-01", "Dmitry Medvedev"), ("2022-12-19", "Vladimir Putin")],
)
def test_an_office_is_held_by_who_held_it_then(published: str, name: str) -> None:
    entity = resolve_text("the Russian president", published=published)
    assert entity is not None
    assert (entity.name, entity.country, entity.sector) == (name, "RUS", "GOV")


def test_without_a_date_the_office_stays_an_office() -> None:
    entity = resolve_text("the Russian president")
    assert entity is not None
    assert entity.name == "President of Russia"


def test_a_leader_out_of_office_is_elite() -> None:
    entity = resolve_text("Boris Yeltsin", published="2004-05-01")
    assert entity is not None
    assert (entity.country, entity.sector) == ("RUS", "ELI")


def test_an_unmarked_institution_is_that_of_a_one_sided_article_only() -> None:
    one = resolve_text(
        "the ministry", article=["Kenya votes today.", "Kenyan schools are closed.", "The ministry agreed."]
    )
    assert one is not None
    assert one.country == "KEN"
    both = resolve_text("the ministry", article=["France, Spain and Italy met.", "Greece and Malta did not."])
    assert both is not None
    assert both.country is None


def actors_of(
    *sentences: str, published: str | None = None, **labels: tuple[tuple[str, int, int], ...]
) -> dict[str, Actor]:
    document, analysis = parsed(*sentences, published=published, **labels)  # type: ignore[arg-type]
    actors = resolve_actors(document, analysis, find_mentions(document, analysis))
    for actor in actors:
        span = actor.entity.span
        assert span is not None
        assert document.text[span.start : span.end] == span.text
    return {actor.entity.text or "": actor for actor in actors}


def test_apposition_tells_who_an_unknown_person_is() -> None:
    found = actors_of(
        "Juan/PROPN/nsubj/8/Juan/NNP Pérez/PROPN/flat/1/Pérez/NNP ,/PUNCT/punct/5 a/DET/det/5/a/DT farmer/NOUN/appos/1/farmer/NN "
        "from/ADP/case/7/from/IN Mexico/PROPN/nmod/5/Mexico/NNP protested/VERB/root/0/protest/VBD",
        entities=(("PER", 0, 2), ("LOC", 6, 7)),
    )
    entity = found["Juan Pérez"].entity
    assert (entity.name, entity.country, entity.sector) == ("Juan Pérez", "MEX", "AGR")


def test_a_possessive_pronoun_tells_whose_troops() -> None:
    found = actors_of(
        "Belarus/PROPN/nsubj/2/Belarus/NNP moved/VERB/root/0/move/VBD its/PRON/nmod:poss/4/its/PRP$ troops/NOUN/obj/2/troop/NNS",
        "France/PROPN/nsubj/4/France/NNP and/CCONJ/cc/3/and/CC Spain/PROPN/conj/1/Spain/NNP watched/VERB/root/0/watch/VBD",
        entities=(("LOC", 0, 1), ("LOC", 4, 5), ("LOC", 6, 7)),
    )
    entity = found["its troops"].entity
    assert (entity.country, entity.sector) == ("BLR", "MIL")


def test_an_unlinked_pronoun_says_so() -> None:
    found = actors_of("They/PRON/nsubj/2/they/PRP left/VERB/root/0/leave/VBD")
    assert not found["They"].known
    assert "antecedent" in found["They"].reason


@pytest.mark.parametrize(
    "text",
    ["the president of the Bar Association", "the president of Acme Holdings", "the prime minister of the Chess Club"],
)
def test_whoever_heads_a_club_or_company_does_not_head_the_state(text: str) -> None:
    article = ["France votes.", "French schools are closed.", f"{text} spoke."]
    entity = resolve_text(text, published="2019-05-01", article=article)
    assert entity is None or (entity.wikidata is None and entity.name != "Emmanuel Macron")
    own = resolve_text("the president", published="2019-05-01", article=article)
    assert own is not None
    assert own.name == "Emmanuel Macron"


@pytest.mark.parametrize("text", ["foreign officials", "neighbouring governments", "the two countries", "Muslims"])
def test_who_is_said_to_be_of_other_countries_is_not_of_the_articles(text: str) -> None:
    entity = resolve_text(text, article=["Kenya votes today.", "Kenyan schools are closed."])
    assert entity is None or entity.country is None


def test_the_north_is_north_korea_where_both_are_spoken_of() -> None:
    both = ["North Korea fired a shell.", "South Korea fired back.", "The North denied it."]
    entity = resolve_text("the North", article=both)
    assert entity is not None
    assert entity.country == "PRK"
    assert resolve_text("the North", article=["Mali votes.", "The North of Mali does not."]) is None


def test_people_are_of_the_place_where_their_clause_says_they_act() -> None:
    found = actors_of(
        "Spain/PROPN/nsubj/3/Spain/NNP and/CCONJ/cc/1/and/CC voted/VERB/root/0/vote/VBD",
        "In/ADP/case/2/in/IN Lima/PROPN/obl/4/Lima/NNP students/NOUN/nsubj/4/student/NNS marched/VERB/root/0/march/VBD",
        entities=(("LOC", 0, 1), ("LOC", 4, 5)),
    )
    assert found["students"].entity.country == "PER"


@pytest.mark.parametrize(
    ("text", "country"),
    [("Russia's closest ally", "BLR"), ("the former Soviet republic", "BLR"), ("Russia's allies", None)],
)
def test_a_state_may_be_told_by_another(text: str, country: str | None) -> None:
    article = ["Putin flew to Minsk.", "Belarus and Russia built a base there.", f"{text} agreed."]
    entity = resolve_text(text, article=article, position=2)
    assert (entity.country if entity else None) == country


def test_forces_of_a_government_are_soldiers() -> None:
    entity = resolve_text("the Kremlin forces")
    assert entity is not None
    assert (entity.country, entity.sector) == ("RUS", "MIL")
