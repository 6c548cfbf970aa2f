# ruff: noqa: E501 (tables of cases)
"""Golden cases of the gazetteer, of place names, and of the places of acts."""

from __future__ import annotations

from pathlib import Path

import pytest

from factories import parsed, plain_document
from lapwing.dictionaries.gazetteer import archive, division_name, folded, lines_of, regions, spots_named
from lapwing.errors import KnowledgeError
from lapwing.places import place_events, resolve_places
from lapwing.places.outlets import country_of_outlet
from lapwing.places.resolution import Resolution, kind_said, taken_apart
from lapwing.records import Analysis, Document, Frame, Place, RoleScore, Span, TokenRange, TriggerScore


def spans_of(text: str, *names: str) -> list[Span]:
    spans, start = [], 0
    for name in names:
        start = text.index(name, start)
        spans.append(Span(start, start + len(name), name))
        start += len(name)
    return spans


def resolved(text: str, *names: str, **options: object) -> list[Resolution]:
    return list(resolve_places(text, spans_of(text, *names), **options))  # type: ignore[arg-type]


def answer(resolution: Resolution) -> tuple[str, str, str] | None:
    spot = resolution.spot
    return (spot.name, spot.country, spot.kind) if spot else None


# ── the gazetteer ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Kiev", ("Kyiv", "UKR")),
        ("Ziguinchor", ("Ziguinchor", "SEN")),
        ("Deir ez-Zor", ("Deir ez-Zor", "SYR")),
        ("Sao Paulo", ("São Paulo", "BRA")),
        ("Rapides Parish", ("Rapides Parish", "USA")),
        ("South China Sea", ("South China Sea", "")),
        ("Donbass", ("Donbas", "UKR")),
    ],
)
def test_a_name_leads_to_its_place(name: str, expected: tuple[str, str]) -> None:
    assert expected in [(spot.name, spot.country) for spot in spots_named(name)]


def test_every_block_can_be_found_by_its_first_and_last_key() -> None:
    opened = archive()
    for table, firsts in (("names", opened.names), ("aliases", opened.aliases)):
        assert list(firsts) == sorted(firsts)
        for key in firsts[:: len(firsts) // 12]:
            assert lines_of(table, firsts, key)


def test_kosovo_has_plovers_code() -> None:
    assert {spot.country for spot in spots_named("Pristina")} == {"KOS"}


def test_regions_have_no_point() -> None:
    spots = [spot for held in regions().values() for spot in held]
    assert len(spots) > 300
    assert all(spot.lat is None and spot.geonameid == 0 for spot in spots)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("Nowhere,,sea,,,country", "line 2: 6 cells"),
        ("Nowhere,,puddle,,,country,me", "line 2: needs"),
        ("Nowhere,,sea,usa,,country,me", "line 2: countries"),
    ],
)
def test_a_wrong_row_is_named(tmp_path: Path, row: str, says: str) -> None:
    (tmp_path / "regions.csv").write_text(f"name,aliases,kind,country,countries,precision,source\n{row}\n")
    with pytest.raises(KnowledgeError, match=says):
        regions(tmp_path)


def test_a_missing_gazetteer_is_told(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match=r"gazetteer\.zip"):
        archive(tmp_path)


def test_names_of_divisions() -> None:
    assert division_name("USA", "LA") == "Louisiana"
    assert division_name("USA", "ZZ") is None


# ── what a name means ─────────────────────────────────────────────────────────────────────────────────────────────────

MEANINGS = [
    ("Crowds filled Paris on Sunday.", ["Paris"], [("Paris", "FRA", "city")]),
    ("A fire in Paris, Texas, killed two.", ["Paris"], [("Paris", "USA", "city")]),
    ("The mayor of London, Ontario, spoke in Toronto.", ["London", "Toronto"], [("London", "CAN", "city"), ("Toronto", "CAN", "city")]),
    ("Georgia's army left Gori for Tbilisi.", ["Georgia", "Gori", "Tbilisi"], [("Georgia", "GEO", "country"), ("Gori", "GEO", "city"), ("Tbilisi", "GEO", "city")]),
    ("Voters in Atlanta and Savannah decide Georgia.", ["Atlanta", "Savannah", "Georgia"], [("Atlanta", "USA", "city"), ("Savannah", "USA", "city"), ("Georgia", "USA", "division")]),
    ("Shells fell on the Syrian city of Homs.", ["Homs"], [("Homs", "SYR", "city")]),
    ("The Kharkiv region was hit.", ["Kharkiv"], [("Kharkiv", "UKR", "division")]),
    ("Shells fell on Kharkiv.", ["Kharkiv"], [("Kharkiv", "UKR", "city")]),
    ("Lawmakers returned to Washington.", ["Washington"], [("Washington", "USA", "city")]),
    ("Ships entered the Black Sea.", ["Black Sea"], [("Black Sea", "", "region")]),
    ("The U.S. and Britain sent ships.", ["U.S.", "Britain"], [("United States", "USA", "country"), ("United Kingdom", "GBR", "country")]),
    ("A French convoy left Mali for Niger.", ["Mali", "Niger"], [("Mali", "MLI", "country"), ("Niger", "NER", "country")]),
    ("Troops left Crimea.", ["Crimea"], [("Crimea", "UKR", "division")]),
    ("They met in Qwxzburg.", ["Qwxzburg"], [None]),
    ("He wrote to us from afar.", ["us"], [None]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "names", "expected"), MEANINGS)
def test_a_name_means_what_the_article_says(
    text: str, names: list[str], expected: list[tuple[str, str, str] | None]
) -> None:
    assert [answer(r) for r in resolved(text, *names)] == expected


def test_the_outlets_country_decides_where_nothing_else_does() -> None:
    text = "A man was arrested in Perth on Friday."
    assert [answer(resolved(text, "Perth", outlet_country=code)[0]) for code in ("GBR", "AUS")] == [
        ("Perth", "GBR", "city"),
        ("Perth", "AUS", "city"),
    ]


def test_an_unknown_name_says_so() -> None:
    (found,) = resolved("They met in Qwxzburg.", "Qwxzburg")
    assert found.spot is None
    assert "no place named" in found.because


def test_parts_and_kinds_are_taken_off_a_name() -> None:
    assert taken_apart("eastern Ukraine").part == "eastern"
    assert taken_apart("South Korea").part == ""
    assert taken_apart("Helmand province").kind == "division"
    assert kind_said("the Gori district", 4, 8) == "district"


def test_many_spans_and_none() -> None:
    assert resolve_places("", []) == ()
    text = "Gori " * 500
    found = resolve_places(text, [Span(5 * k, 5 * k + 4, "Gori") for k in range(500)])
    assert {answer(r) for r in found} == {("Gori", "GEO", "city")}


@pytest.mark.parametrize("text", ["A" * 200_000, "Paris, " * 3_000, "of the " * 20_000, "Aa " * 30_000])
def test_long_lines_are_no_trouble(text: str) -> None:
    assert len(resolve_places(text, [Span(0, 5, text[:5])])) == 1


@pytest.mark.parametrize(
    ("name", "url", "expected"),
    [
        (None, "https://www.example.ie/x", "IRL"),
        (None, "example.com", None),
        (None, "::::", None),
        (None, None, None),
        ("No Such Gazette", None, None),
    ],
)
def test_where_an_outlet_is_at_home(name: str | None, url: str | None, expected: str | None) -> None:
    assert country_of_outlet(name=name, url=url) == expected


# ── where an act is ───────────────────────────────────────────────────────────────────────────────────────────────────


def frame_of(analysis: Analysis, word: str, event: str, *, trigger: TriggerScore | None = None) -> Frame:
    token = next(t for t in analysis.tokens if t.text == word)
    return Frame(
        token=token.i,
        tokens=TokenRange(token.i, token.i + 1),
        sentence=token.sentence,
        event=event,
        mode=None,
        contexts=(),
        actors=(),
        recipients=(),
        unknown_actor=False,
        magnitude=(),
        probability=1.0,
        trigger=trigger,
        reasons=(),
    )


def placed(document: Document, analysis: Analysis, *frames: Frame) -> list[Place | None]:
    found = place_events(document, analysis, (), (), frames)
    assert all(placing.reasons for placing in found)
    for placing in found:
        span = placing.place.span if placing.place else None
        assert span is None or document.text[span.start : span.end] == span.text
    return [placing.place for placing in found]


ACTS = [
    # a phrase of place
    ("Police/NOUN/nsubj/2 arrested/VERB/root/0/arrest dozens/NOUN/obj/2 in/ADP/case/5 Minsk/PROPN/obl/2", "LOC:4-5", "arrested", "COERCE", ("Minsk", "BLR", "city")),
    ("Protesters/NOUN/nsubj/4 in/ADP/case/3 Gori/PROPN/nmod/1 marched/VERB/root/0/march", "LOC:2-3", "marched", "PROTEST", ("Gori", "GEO", "city")),
    # what is attacked
    ("The/DET/det/2 shelling/NOUN/nsubj/5 of/ADP/case/4 Kharkiv/PROPN/nmod/2 continued/VERB/root/0/continue", "LOC:3-4", "shelling", "ASSAULT", ("Kharkiv", "UKR", "city")),
    ("Its/PRON/nmod:poss/2 invasion/NOUN/nsubj/5 of/ADP/case/4 Ukraine/PROPN/nmod/2 failed/VERB/root/0/fail", "LOC:3-4", "invasion", "ASSAULT", ("Ukraine", "UKR", "country")),
    ("Rebels/NOUN/nsubj/2 stormed/VERB/root/0/storm Goma/PROPN/obj/2", "LOC:2-3", "stormed", "ASSAULT", ("Goma", "COD", "city")),
    # a direction that fits
    ("He/PRON/nsubj/2 travelled/VERB/root/0/travel to/ADP/case/4 Riga/PROPN/obl/2", "LOC:3-4", "travelled", "CONSULT", ("Riga", "LVA", "city")),
    ("Troops/NOUN/nsubj/2 withdrew/VERB/root/0/withdraw from/ADP/case/4 Kherson/PROPN/obl/2", "LOC:3-4", "withdrew", "RETREAT", ("Kherson", "UKR", "city")),
    # a name before a noun
    ("The/DET/det/3 Minsk/PROPN/compound/3 summit/NOUN/nsubj/4 ended/VERB/root/0/end", "LOC:1-2", "summit", "CONSULT", ("Minsk", "BLR", "city")),
    # a capital described
    ("They/PRON/nsubj/2 met/VERB/root/0/meet in/ADP/case/6 the/DET/det/6 Belarusian/ADJ/amod/6 capital/NOUN/obl/2", "", "met", "CONSULT", ("Minsk", "BLR", "city")),
    # a part of a country
    ("Fighting/NOUN/nsubj/2 raged/VERB/root/0/rage in/ADP/case/5 eastern/ADJ/amod/5 Ukraine/PROPN/obl/2", "LOC:4-5", "Fighting", "ASSAULT", ("eastern Ukraine", "UKR", "province")),
    # somewhere near a town
    ("Shells/NOUN/nsubj/2 exploded/VERB/root/0/explode near/ADP/case/4 Aleppo/PROPN/obl/2", "LOC:3-4", "exploded", "ASSAULT", ("Aleppo", "SYR", "district")),
    # a sea
    ("The/DET/det/2 navies/NOUN/nsubj/3 drilled/VERB/root/0/drill in/ADP/case/7 the/DET/det/7 Black/PROPN/compound/7 Sea/PROPN/obl/3", "LOC:5-7", "drilled", "COOPERATE", ("Black Sea", None, "country")),
    # negatives: an actor is no place
    ("Washington/PROPN/nsubj/2 said/VERB/root/0/say it/PRON/nsubj/4 condemned/VERB/ccomp/2/condemn the/DET/det/6 raid/NOUN/obj/4", "LOC:0-1", "condemned", "ACCUSE", None),
    ("Moscow/PROPN/nsubj/2 attacked/VERB/root/0/attack rebels/NOUN/obj/2", "LOC:0-1", "attacked", "ASSAULT", None),
    ("Talks/NOUN/nsubj/4 with/ADP/case/3 Moscow/PROPN/nmod/1 failed/VERB/root/0/fail", "LOC:2-3", "Talks", "CONSULT", None),
    ("Jordan/PROPN/nsubj/2 arrested/VERB/root/0/arrest Hilton/PROPN/obj/2", "PER:0-1", "arrested", "COERCE", None),
    ("Police/NOUN/nsubj/2 arrested/VERB/root/0/arrest Paris/PROPN/obj/2 Hilton/PROPN/flat/3", "PER:2-4", "arrested", "COERCE", None),
    ("They/PRON/nsubj/2 attacked/VERB/root/0/attack him/PRON/obj/2 over/ADP/case/5 turkey/NOUN/obl/2", "", "attacked", "ASSAULT", None),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "entities", "word", "event", "expected"), ACTS)
def test_an_act_is_where_its_sentence_says(
    sentence: str, entities: str, word: str, event: str, expected: tuple[str, str | None, str] | None
) -> None:
    named = [entity.split(":") for entity in entities.split()]
    ranges = [(label, ends.partition("-")) for label, ends in named]
    entities_at = tuple((label, int(ends[0]), int(ends[2])) for label, ends in ranges)
    document, analysis = parsed(sentence, entities=entities_at)
    (place,) = placed(document, analysis, frame_of(analysis, word, event))
    assert (place and (place.name, place.country, place.precision)) == expected
    assert place is None or (place.lat is not None) == (place.precision == "city")


@pytest.mark.parametrize("preposition", ["near", "from", "along"])
def test_a_border_has_no_point_and_no_side_unless_told(preposition: str) -> None:
    document, analysis = parsed(
        f"Troops/NOUN/nsubj/2 drilled/VERB/root/0/drill {preposition}/ADP/case/6 the/DET/det/6 Ukrainian/ADJ/amod/6 border/NOUN/obl/2"
    )
    (place,) = placed(document, analysis, frame_of(analysis, "drilled", "MOBILIZE"))
    assert place is not None
    assert (place.name, place.country, place.lat, place.geonameid) == ("border of Ukraine", None, None, None)


@pytest.mark.xfail(
    strict=True, reason="places are favoured for all types alike, so that the accusation takes the place too"
)
def test_an_attack_takes_its_place_from_the_sentence_before_and_an_accusation_does_not() -> None:
    document, analysis = parsed(
        "Fighting/NOUN/nsubj/2 broke/VERB/root/0/break out/ADP/compound:prt/2 in/ADP/case/5 Goma/PROPN/obl/2",
        "Rebels/NOUN/nsubj/2 shot/VERB/root/0/shoot dozens/NOUN/obj/2",
        "Ministers/NOUN/nsubj/2 condemned/VERB/root/0/condemn them/PRON/obj/2",
        entities=(("LOC", 4, 5),),
    )
    frames = (frame_of(analysis, "shot", "ASSAULT"), frame_of(analysis, "condemned", "ACCUSE"))
    first, second = placed(document, analysis, *frames)
    assert first is not None
    assert first.name == "Goma"
    assert second is None


def test_the_pointer_speaks_where_no_rule_does() -> None:
    document, analysis = parsed("Gori/PROPN/nsubj/2 saw/VERB/root/0/see arrests/NOUN/obj/2", entities=(("LOC", 0, 1),))
    pointer = TriggerScore(
        token=2,
        tokens=TokenRange(2, 3),
        score=1.0,
        types=(("COERCE", 1.0),),
        statuses=(("happened", 1.0),),
        modes=(),
        roles=(RoleScore(role="place", token=0, score=0.9),),
        none=(("place", 0.1),),
    )
    frames = (frame_of(analysis, "arrests", "COERCE", trigger=pointer),)
    (placing,) = place_events(document, analysis, (), (), frames)
    assert placing.place is not None
    assert placing.place.country == "GEO"
    assert placing.reasons[0].by == "rule+head"
    assert placing.reasons[0].score is not None


def test_no_frames_and_no_text() -> None:
    document, analysis = parsed("Nothing/NOUN/root/0")
    assert place_events(document, analysis, (), (), ()) == ()
    assert plain_document("").text == ""


def test_keys() -> None:
    assert folded("Şanlıurfa") == "sanliurfa"
    assert folded("…") == ""
