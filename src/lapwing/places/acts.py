"""Where is an act? One rule for each way in which a sentence says it, and the learned pointer as one more voice.

The place of an act is rarely the first place in its sentence. "Moscow condemned the strike on Kharkiv" has one place
for the strike and none for the condemnation. Three things decide:

*how the name stands*: after a locative preposition ("in", "near"), after one of direction that fits the act (a visit
*to*, a withdrawal *from*), as what is attacked ("the shelling *of Kharkiv*", "stormed *Kabul*"), or before a noun
("the *Minsk* summit"). A name that stands as a subject or speaker is an actor, not a place;

*how far it is from the act in the tree*: attached to the act, inside its phrase, or to the clause above;

*whether this kind of act is on the spot at all*. Of the acts in the training articles, 83 % of attacks, 87 % of
protests, 77 % of repressive acts and 73 % of deployments have a place, but only 23 % of accusations and 32 % of
verbal support. So an attack may take its place from the sentence before, an accusation only from words attached to
it.

Where an article begins with a dateline its city is the place of 9 of 66 verbal acts, and of 2 of 41 attacks: it says
where the reporter is. It is used last, for on-the-spot acts of an article that names no other place.

The event head's pointer (`TriggerScore.roles`, role ``place``) gives each name the probability that it fills the
role; it is added to the rule's strength, its probability of "none" raises what is needed, and the reason says which of the
two spoke.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from lapwing.dictionaries.gazetteer import Spot, division_name, folded, words
from lapwing.dictionaries.gazetteer import countries as gazetteer_countries
from lapwing.places.outlets import country_of_outlet
from lapwing.places.resolution import Resolution, country_words, resolve_places
from lapwing.places.sites import FOREIGN_HOUSES, Site, find_sites
from lapwing.records import (
    Actor,
    Analysis,
    Document,
    Frame,
    Mention,
    Place,
    PlacePrecision,
    Placing,
    Reason,
    Span,
    Token,
)

# ── tables ────────────────────────────────────────────────────────────────────────────────────────────────────────────

ON_THE_SPOT = words("ASSAULT PROTEST COERCE MOBILIZE CONSULT RETREAT AID COOPERATE")
"""Types of which half or more of the acts have a place in the training articles (COOPERATE: a third)."""
CARRIES_OVER = words("ASSAULT PROTEST COERCE MOBILIZE RETREAT")
"""Types that may take their place from an earlier sentence. In the training articles such a place is in the country of
the recipient for 122 of the 180 attacks, protests and repressive acts that have one, in the actor's for 32."""
VERBAL = words("ACCUSE AGREE CONCEDE REJECT REQUEST SUPPORT THREATEN SANCTION")
"""Types that are acts of speech: what their content tells of places is not where they are."""
LOCATIVE = words(
    """
    in at near outside inside within around across throughout on off along over above beside amid among under
    underneath opposite beyond
    """
)
NEAR = words("near around outside off beyond opposite along")
ON_LAND = words("on over above under amid among")
"""Prepositions of place that before a country mean something else: sanctions on it, a dispute over it."""
MOTION = words("visit travel trip fly go come arrive tour journey head return attend")
"""Words for going somewhere; a promise to go (AGREE) is placed where one goes."""
TO = words("to into onto toward towards")
FROM = words("from")
AT_TARGET = words("of on against in at")
DIRECTIONS: dict[str, frozenset[str]] = {
    "CONSULT": TO,
    "MOBILIZE": TO,
    "AID": TO,
    "ASSAULT": TO,
    "RETREAT": FROM,
    "CONCEDE": FROM,
    "COERCE": FROM,
    "SANCTION": FROM,
    "COOPERATE": TO,
}
"""Prepositions of direction that name the place of an act, by its type: a visit to, a withdrawal from."""
ENTERED = words(
    """
    visit tour enter reach leave invade attack storm bomb shell raid occupy capture seize besiege strike hit
    target annex overrun liberate retake recapture cross overfly pound blockade patrol control flee quit
    evacuate arrive encircle surround surrender cede rock grip engulf shake paralyze paralyse hold
    """
)
"""Verbs whose object, where it is a place, is where the act happens."""
CLAUSES = words("ccomp advcl acl acl:relcl parataxis csubj")
REPORTING = words("say tell report add state claim announce note according write")

STRENGTH = {
    "locative": 0.9,
    "target": 0.85,
    "entered": 0.85,
    "direction": 0.75,
    "compound": 0.7,
    "owner": 0.5,
    "topic": 0.3,
}
NO_PLACE = "no phrase says where this act is"
STEP = 0.12
CLAUSE_STEP = 0.2
CONTENT_STEP = 0.3
HEAD_WEIGHT = 0.6
NONE_WEIGHT = 0.3
"""How much more a place must reach where the event head is sure that there is none."""
REACH = 10
"""How many sentences back a place of a party's country is looked for."""
NEEDED_ON_THE_SPOT = 0.3
NEEDED_OTHERWISE = 0.6
"""What a place must reach: rule strength plus weighted probability. Chosen by what the strengths mean: an on-the-spot
act accepts a locative phrase five steps away, a verbal one only its own."""


class Choice(msgspec.Struct, frozen=True):
    """A site as the place of an act: how strongly, by the rule and by the head, and why."""

    site: Site
    rule: float
    head: float
    because: str

    @property
    def total(self) -> float:
        """Rule and head together."""
        return self.rule + HEAD_WEIGHT * self.head


# ── the stage ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def place_events(
    document: Document,
    analysis: Analysis,
    actors: Sequence[Actor],
    mentions: Sequence[Mention],
    frames: Sequence[Frame],
) -> tuple[Placing, ...]:
    """Where each act was or is to be, parallel to `frames`; ``place`` is None, with the reason, where nothing tells."""
    outlet = country_of_outlet(name=document.outlet, url=document.url)
    sites = find_sites(document, analysis, actors, mentions, outlet)
    chosen = [own_choice(frame, sites, analysis.tokens) for frame in frames]
    return tuple(
        placing(
            document,
            analysis,
            actors,
            frame,
            choice or carried_choice(k, frames, chosen, sites, document, analysis, actors),
            sites,
        )
        for k, (frame, choice) in enumerate(zip(frames, chosen, strict=True))
    )


def placing(
    document: Document,
    analysis: Analysis,
    actors: Sequence[Actor],
    frame: Frame,
    choice: Choice | None,
    sites: Sequence[Site],
) -> Placing:
    """A choice as a place with its reasons."""
    if choice is None:
        return placed_by_dateline(document, frame, sites) or nowhere(NO_PLACE)
    countries = [actors[k].entity.country for k in (*frame.actors, *frame.recipients) if k < len(actors)]
    place = place_of(choice.site, tuple(code for code in countries if code))
    by = "rule" if choice.rule >= HEAD_WEIGHT * choice.head else "head"
    score = round(choice.head, 3) if choice.head else None
    reasons = [Reason(field="place", by=by, because=choice.because, score=score)]
    if place is None:
        return Placing(
            place=None, reasons=(*reasons, Reason(field="place", by="rule", because=choice.site.resolution.because))
        )
    return Placing(
        place=place, reasons=(*reasons, Reason(field="place", by="gazetteer", because=choice.site.resolution.because))
    )


def nowhere(because: str) -> Placing:
    """No place, with the reason."""
    return Placing(place=None, reasons=(Reason(field="place", by="rule", because=because),))


# ── the act's own place ───────────────────────────────────────────────────────────────────────────────────────────────


def own_choice(frame: Frame, sites: Sequence[Site], tokens: Sequence[Token]) -> Choice | None:
    """The best place in the act's sentence, if it is good enough for this type."""
    here = [site for site in sites if tokens[site.tokens.start].sentence == frame.sentence]
    choices = [choice_of(frame, site, tokens) for site in here]
    known = [choice for choice in choices if choice.site.resolution.spot is not None] or choices
    best = max(known, key=lambda choice: (choice.total, -choice.site.tokens.start), default=None)
    needed = (NEEDED_ON_THE_SPOT if frame.event in ON_THE_SPOT else NEEDED_OTHERWISE) + NONE_WEIGHT * no_place(frame)
    return best if best is not None and best.total >= needed else None


def choice_of(frame: Frame, site: Site, tokens: Sequence[Token]) -> Choice:
    """How strongly a site is the place of an act."""
    head = pointed_at(frame, site)
    way = 0.0 if in_act(frame, site) else way_between(tokens, site.governor, frame)
    for name, rule in RULES:
        if rule(frame, site, tokens):
            strength = max(STRENGTH[name] - way - (0.05 if site.joined else 0.0), 0.0)
            words = f"{site.case} {site.resolution.span.text}".strip()
            return Choice(site, strength, head, f"{BECAUSE[name]}: “{words}”")
    return Choice(site, 0.0, head, f"the event head points at “{site.resolution.span.text}”")


def in_act(frame: Frame, site: Site) -> bool:
    """Whether a name stands among the words of the act itself ("was in Warsaw")."""
    return frame.tokens.start <= site.head < frame.tokens.end


def pointed_at(frame: Frame, site: Site) -> float:
    """The probability that the event head gives a name as the act's place; 0 without a head.

    The pointer spreads one over all tokens, so that of a name is the sum over its tokens.
    """
    if frame.trigger is None:
        return 0.0
    first, last = min(site.tokens.start, site.head), max(site.tokens.end - 1, site.head)
    return min(sum(r.score for r in frame.trigger.roles if r.role == "place" and first <= r.token <= last), 1.0)


def no_place(frame: Frame) -> float:
    """The probability that the event head gives to the text not saying where the act is; 0 without a head."""
    return dict(frame.trigger.none).get("place", 0.0) if frame.trigger is not None else 0.0


def way_between(tokens: Sequence[Token], governor: int, frame: Frame) -> float:
    """What the way through the tree from a place's governor to the act costs: each step a little, each clause more.

    "Told reporters in Riga that …" places the speech act in its content and not a material act; a place inside what a
    verbal act says is the content's, not the act's.
    """
    act = range(frame.tokens.start, frame.tokens.end)
    up, seen = ancestors(tokens, governor), ancestors(tokens, frame.token)
    meeting = next((i for i in up if i in act or i in seen), None)
    if meeting is None:
        return 1.0
    above = [i for i in up[: up.index(meeting)] if i not in act]
    below = [i for i in seen[: seen.index(meeting)] if i not in act] if meeting in seen else []
    spoken = meeting not in act and tokens[meeting].lemma.lower() in REPORTING
    if frame.event in VERBAL and spoken:
        return STEP
    content = CONTENT_STEP if frame.event in VERBAL and above and meeting in act else 0.0
    clauses = sum(tokens[i].deprel in CLAUSES for i in (*above, *below)) + spoken
    return STEP * len((*above, *below)) + CLAUSE_STEP * clauses + content


def ancestors(tokens: Sequence[Token], i: int) -> list[int]:
    """A token and the heads over it, the nearest first."""
    found: list[int] = []
    while 0 <= i < len(tokens) and i not in found:
        found.append(i)
        i = tokens[i].head
    return found


# ── rules ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def is_locative(frame: Frame, site: Site, tokens: Sequence[Token]) -> bool:
    """ "Clashes *in Gori*", "met *at* …": a phrase of place. "In Russia's view" is none.

    A border is one also in "a few kilometres *from the border*".
    """
    first = site.case.split(" ")[0]
    spot = site.resolution.spot
    if site.border and first in TO | FROM:
        return True
    return (
        first in LOCATIVE and not owns(site) and not (first in ON_LAND and spot is not None and spot.kind == "country")
    )


def is_target(frame: Frame, site: Site, tokens: Sequence[Token]) -> bool:
    """ "The shelling *of Kharkiv*", "an attack *on Mosul*", "war *against Ukraine*"."""
    directly = site.governor in range(frame.tokens.start, frame.tokens.end)
    return frame.event in ("ASSAULT", "COERCE", "RETREAT", "MOBILIZE") and site.case in AT_TARGET and directly


def is_entered(frame: Frame, site: Site, tokens: Sequence[Token]) -> bool:
    """ "Stormed *Kabul*", "visited *Minsk*", "*Mosul* was retaken": the object of a verb that acts on a place."""
    if site.case or site.governor < 0 or tokens[site.governor].lemma.lower() not in ENTERED:
        return False
    return site.relation in ("obj", "nsubj:pass", "obl:unmarked")


def is_direction(frame: Frame, site: Site, tokens: Sequence[Token]) -> bool:
    """ "Flew *to Minsk* for talks", "withdrew *from Kherson*": a direction that fits the type of act."""
    first = site.case.split(" ")[0]
    goes = frame.event == "AGREE" and site.governor >= 0 and tokens[site.governor].lemma.lower() in MOTION
    return not owns(site) and (first in DIRECTIONS.get(frame.event, frozenset()) or (goes and first in TO))


def is_compound(frame: Frame, site: Site, tokens: Sequence[Token]) -> bool:
    """ "The *Minsk* summit", "*Kabul* bombing": a name before a noun, for an on-the-spot act."""
    foreign = site.governor >= 0 and tokens[site.governor].lemma.lower() in FOREIGN_HOUSES
    named = site.relation in ("compound", "amod", "nmod") and not site.case
    return named and not foreign and frame.event in ON_THE_SPOT


def is_owner(frame: Frame, site: Site, tokens: Sequence[Token]) -> bool:
    """ "*Ukraine's* invasion", "*Aleppo's* hospitals were hit": the owner of what is acted on; never of who acts."""
    return (
        owns(site) and frame.event in ("ASSAULT", "PROTEST") and tokens[site.governor].deprel not in ("nsubj", "root")
    )


def is_topic(frame: Frame, site: Site, tokens: Sequence[Token]) -> bool:
    """ "Protesters *of Gori*", "the people *of Idlib*": a place that says where people or things are."""
    return site.case == "of" and frame.event in ON_THE_SPOT


def owns(site: Site) -> bool:
    """Whether a name is a possessive."""
    return site.relation == "nmod:poss"


Rule = Callable[[Frame, Site, Sequence[Token]], bool]
RULES: tuple[tuple[str, Rule], ...] = (
    ("target", is_target),
    ("locative", is_locative),
    ("entered", is_entered),
    ("direction", is_direction),
    ("compound", is_compound),
    ("owner", is_owner),
    ("topic", is_topic),
)
BECAUSE = {
    "target": "what is attacked or taken is a place",
    "locative": "a phrase of place belongs to the act",
    "entered": "the verb's object is a place",
    "direction": "a direction that tells where such an act is",
    "compound": "the act's noun is named after a place",
    "owner": "what is acted on belongs to a place",
    "topic": "the people or things concerned are of a place",
}


# ── places from elsewhere ─────────────────────────────────────────────────────────────────────────────────────────────


def carried_choice(
    k: int,
    frames: Sequence[Frame],
    chosen: Sequence[Choice | None],
    sites: Sequence[Site],
    document: Document,
    analysis: Analysis,
    actors: Sequence[Actor],
) -> Choice | None:
    """The place of an earlier act of the same type close by, else the nearest place named before that lies in the
    country of the recipient or actor; only for types that happen on the spot."""
    frame = frames[k]
    if frame.event not in CARRIES_OVER:
        return pointed_elsewhere(frame, sites)
    parties = party_countries(frame, actors)
    earlier = [
        choice
        for other, choice in zip(frames, chosen, strict=True)
        if choice is not None
        and other.event == frame.event
        and 0 <= distance(document, other.sentence, frame.sentence) <= 2
        and (not parties or country_of(choice.site) in parties)
    ]
    if earlier:
        return carried(earlier[-1].site, frame, "the act before it is placed there")
    for code in parties:
        site = nearest_in(code, frame, sites, analysis)
        if site is not None:
            return carried(site, frame, "the nearest place named before it in the country of a party to it")
    site = None if parties else nearest_phrase(frame, sites, document, analysis)
    if site is not None:
        return carried(site, frame, "the nearest phrase of place before it")
    return pointed_elsewhere(frame, sites)


def party_countries(frame: Frame, actors: Sequence[Actor]) -> tuple[str, ...]:
    """The countries of an act's recipients and then of its actors; for a deployment the other way round."""
    order = (*frame.actors, *frame.recipients) if frame.event == "MOBILIZE" else (*frame.recipients, *frame.actors)
    codes = (actors[k].entity.country for k in order if k < len(actors))
    return tuple(dict.fromkeys(code for code in codes if code in gazetteer_countries()))


def nearest_in(code: str, frame: Frame, sites: Sequence[Site], analysis: Analysis) -> Site | None:
    """The nearest place of a country before an act: in a phrase of place up to ten sentences before, by preference."""
    before = [
        site
        for site in sites
        if country_of(site) == code
        and not site.border
        and 0 <= frame.sentence - analysis.tokens[site.tokens.start].sentence <= REACH
    ]
    located = [site for site in before if site.case.split(" ")[0] in LOCATIVE]
    return (located or before)[-1] if before else None


def nearest_phrase(frame: Frame, sites: Sequence[Site], document: Document, analysis: Analysis) -> Site | None:
    """The nearest phrase of place in the paragraph or the two sentences before an act."""
    before = [
        site
        for site in sites
        if site.case.split(" ")[0] in LOCATIVE
        and 0 < distance(document, analysis.tokens[site.tokens.start].sentence, frame.sentence) <= 2
    ]
    return before[-1] if before else None


def country_of(site: Site) -> str:
    """The country in which a site lies, "" where it is unknown."""
    return site.resolution.spot.country if site.resolution.spot else ""


def carried(site: Site, frame: Frame, why: str) -> Choice:
    """A site of another sentence as an act's place."""
    return Choice(site, NEEDED_ON_THE_SPOT, pointed_at(frame, site), f"{why}: “{site.resolution.span.text}”")


def pointed_elsewhere(frame: Frame, sites: Sequence[Site]) -> Choice | None:
    """A name anywhere that the event head is fairly sure of."""
    best = max(sites, key=lambda site: pointed_at(frame, site), default=None)
    score = pointed_at(frame, best) if best is not None else 0.0
    if best is None or score < 0.5:
        return None
    return Choice(best, 0.0, score, f"the event head points at “{best.resolution.span.text}”")


def distance(document: Document, earlier: int, later: int) -> int:
    """How many sentences lie between two, 0 for the same paragraph, and far where the order is wrong."""
    if earlier > later:
        return 1000
    lines = document.sentences
    if later < len(lines) and lines[earlier].paragraph == lines[later].paragraph and later - earlier <= 4:
        return min(later - earlier, 2)
    return later - earlier


def placed_by_dateline(document: Document, frame: Frame, sites: Sequence[Site]) -> Placing | None:
    """The dateline's city, for an on-the-spot act in an article whose text has no phrase of place."""
    span = document.dateline_place
    if span is None or frame.event not in CARRIES_OVER or any(site.case.split(" ")[0] in LOCATIVE for site in sites):
        return None
    (resolution,) = resolve_places(
        document.text, (span,), outlet_country=country_of_outlet(name=document.outlet, url=document.url)
    )
    if resolution.spot is None:
        return None
    place = named_place(resolution, resolution.spot, span)
    because = f"the dateline is the only place that the article names: “{span.text}”"
    return Placing(place=place, reasons=(Reason(field="place", by="rule", because=because),))


# ── the place as a record ─────────────────────────────────────────────────────────────────────────────────────────────


def place_of(site: Site, parties: tuple[str, ...]) -> Place | None:
    """A site as a record's place; None where the name is unknown."""
    spot = site.resolution.spot
    if spot is None:
        return None
    span = site.resolution.span
    if site.border:
        return border_place(site, spot, span, parties)
    if site.around or site.case.split(" ")[0] in NEAR:
        return near_place(site, spot, span)
    return named_place(site.resolution, spot, span)


def named_place(resolution: Resolution, spot: Spot, span: Span) -> Place:
    """A place as it is named. Only a town gets a point; a part of a country is like a province."""
    precision = precision_of(spot, resolution.part)
    city = precision == "city"
    part = resolution.part if resolution.part and not city else ""
    return Place(
        name=f"{part} {spot.name}".strip(),
        country=sovereign(spot.country),
        adm1=division_name(spot.country, spot.division) if spot.division else None,
        lat=spot.lat if city else None,
        lon=spot.lon if city else None,
        geonameid=spot.geonameid or None if not part else None,
        precision=precision,
        span=span,
    )


def sovereign(country: str) -> str | None:
    """The code that PLOVER has for a country: dependencies fold into their state, Hong Kong and Palestine do not.

    >>> sovereign("NCL"), sovereign("HKG"), sovereign("UKR"), sovereign("")
    ('FRA', 'HKG', 'UKR', None)
    """
    named = gazetteer_countries().get(country)
    return (country_words()[0].get(folded(named.name)) if named else None) or country or None


def precision_of(spot: Spot, part: str) -> PlacePrecision:
    """How precisely a place is known.

    >>> from lapwing.dictionaries.gazetteer import spots_named
    >>> ukraine, = [s for s in spots_named("Ukraine") if s.kind == "country"]
    >>> precision_of(ukraine, ""), precision_of(ukraine, "eastern")
    ('country', 'province')
    """
    if spot.kind == "country":
        return "province" if part else "country"
    if spot.kind == "division":
        return "province"
    if spot.kind in ("region", "continent"):
        return "province" if spot.precision == "province" else "country"
    return "district" if spot.kind == "district" else "city"


def near_place(site: Site, spot: Spot, span: Span) -> Place:
    """Somewhere near or around a place: its district or country, no point."""
    plain = named_place(site.resolution, spot, span)
    if spot.kind != "city" or site.case.split(" ")[0] == "around":
        return plain
    return msgspec.structs.replace(plain, lat=None, lon=None, geonameid=None, precision="district")


def border_place(site: Site, spot: Spot, span: Span, parties: tuple[str, ...]) -> Place:
    """A border of a country. On which side is told only where exactly one other country is party to the act."""
    others = tuple(dict.fromkeys(code for code in parties if code != spot.country and code in gazetteer_countries()))
    name = (
        f"border of {spot.name}"
        if len(others) != 1
        else f"border of {gazetteer_countries()[others[0]].name} and {spot.name}"
    )
    return Place(
        name=name,
        country=others[0] if len(others) == 1 else None,
        adm1=None,
        lat=None,
        lon=None,
        geonameid=None,
        precision="country",
        span=span,
    )
