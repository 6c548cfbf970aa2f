"""Which place an act has: every place of the article, and none, compete for it.

The place of an act is rarely the first place in its sentence. "Moscow condemned the strike on Kharkiv" has one place
for the strike and none for the condemnation. Much speaks at once, so the weights are fitted and not set:

*how the name stands*: after a locative preposition ("in", "near"), after one of direction that fits the act (a visit
*to*, a withdrawal *from*), as what is attacked ("the shelling *of Kharkiv*", "stormed *Kabul*"), or before a noun
("the *Minsk* summit"). A name that stands as a subject or speaker is an actor, not a place (`Rule`, a function each);

*how far it is from the act*: along the tree in its sentence, in sentences elsewhere;

*whose it is*: an attack is in the country of the attacked, a visit in that of the host, a speech in the speaker's;

*what the article is about*: the dateline's city, the places of its first sentences, the country most named.

A conditional logit gives each option its chance, "none" among them; chances of places in one country are added, since
they agree. Its weights stand in ``acts.json``, fitted on all training articles by ``python -m training.places``. The event
head's pointer has seen most of these articles, so its weight is set on the ones held out from it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import msgspec

from lapwing.dictionaries.gazetteer import words
from lapwing.places.sites import FOREIGN_HOUSES, Site
from lapwing.records import Analysis, Frame, Token

# ── tables ────────────────────────────────────────────────────────────────────────────────────────────────────────────

ON_THE_SPOT = words("ASSAULT PROTEST COERCE MOBILIZE CONSULT RETREAT AID COOPERATE")
"""Types of which half or more of the acts have a place in the training articles (COOPERATE: a third)."""
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


STEP = 0.12
CLAUSE_STEP = 0.2
CONTENT_STEP = 0.3
LOW = 0.02
FORCE = words("ASSAULT PROTEST COERCE MOBILIZE")
REACH = 30
"""How many sentences away a place may stand, unless it is one of the first two."""
BANDS = ((0, "here"), (1, "1 before"), (2, "2 before"), (5, "3 to 5 before"))
SUBJECTS = words("nsubj nsubj:pass nsubj:outer")
NO_COUNTRY = "~"


class Weights(msgspec.Struct, frozen=True, kw_only=True):
    """``acts.json``: a weight per feature, for the first look and for the one that knows what was found for the other acts; of the
    pointer's log chance for a place, and for none; and how much a place is favoured over none."""

    first: dict[str, float]
    second: dict[str, float]
    pointer: float = 0.0
    pointer_none: float = 0.0
    favour: float = 0.0


@cache
def load_weights() -> Weights:
    """The fitted weights in this package."""
    return msgspec.json.decode(files("lapwing.places").joinpath("acts.json").read_bytes(), type=Weights)


class Candidate(NamedTuple):
    """A place that an act may have: its country code, the sentence it stands in, its site (None for the dateline) and why."""

    country: str
    site: Site | None
    features: dict[str, float]
    pointer: float
    because: str


class Article(NamedTuple):
    """What all acts of an article share: its places, each country's share of them, and the dateline's country."""

    analysis: Analysis
    sites: tuple[Site, ...]
    shares: dict[str, float]
    dateline: str
    first: int


def article_of(analysis: Analysis, sites: Sequence[Site], dateline: str) -> Article:
    """An article ready for `find_candidates`; sites whose place is unknown take no part."""
    known = tuple(site for site in sites if site.resolution.spot is not None)
    counts = Counter(country_of(site) for site in known)
    first = next((k for k, where in enumerate(analysis.sentences) if where.end > where.start), 0)
    return Article(analysis, known, {c: n / len(known) for c, n in counts.items()}, dateline, first)


# ── the choice ────────────────────────────────────────────────────────────────────────────────────────────────────────


class Look(NamedTuple):
    """An act with its candidates and what speaks for none of them."""

    frame: Frame
    candidates: list[Candidate]
    nowhere: dict[str, float]


Chances = dict[str, float]
"""Countries with their chances; "" stands for none."""


def choose(
    article: Article,
    frames: Sequence[Frame],
    parties: Sequence[tuple[frozenset[str], frozenset[str]]],
    *,
    weights: Weights | None = None,
) -> list[tuple[Candidate | None, float]]:
    """For each act its place, or None, with the chance of its country, or of none. `parties` are the countries of actors and of
    recipients. Every act is looked at twice, the second time in the light of the others."""
    weights = weights or load_weights()
    looks = [look_at(article, frame, *sides) for frame, sides in zip(frames, parties, strict=True)]
    chances = [countries_in(look, scores_of(look, weights.first)) for look in looks]
    return [decide(look, weights) for look in in_company(looks, chances)]


def look_at(article: Article, frame: Frame, actors: frozenset[str], recipients: frozenset[str]) -> Look:
    """The competition for an act's place."""
    candidates = find_candidates(article, frame, actors, recipients)
    return Look(frame, candidates, none_features(frame, candidates))


def decide(look: Look, weights: Weights) -> tuple[Candidate | None, float]:
    """The best place of the likeliest country, unless none is likelier."""
    scores = scores_of(look, weights.second)
    for k, c in enumerate(look.candidates):
        scores[k] += weights.pointer * math.log((c.pointer + LOW) / LOW) + weights.favour
    scores[-1] += weights.pointer_none * math.log((no_place(look.frame) + LOW) / LOW)
    chances = countries_in(look, scores)
    best = max(chances, key=lambda code: chances[code])
    inside = [k for k, c in enumerate(look.candidates) if c.country == best]
    chosen = max(inside, key=lambda k: (scores[k], -k), default=None) if best else None
    return (None if chosen is None else look.candidates[chosen]), chances[best]


def scores_of(look: Look, fitted: dict[str, float]) -> list[float]:
    """The score of each candidate, and last that of none."""
    return [score(features, fitted) for features in (*(c.features for c in look.candidates), look.nowhere)]


def countries_in(look: Look, scores: Sequence[float]) -> Chances:
    """The chance of each country, that of places in one country added, and of none."""
    top = max(scores)
    shares = [math.exp(s - top) for s in scores]
    found: Chances = {"": shares[-1] / sum(shares)}
    for c, share in zip(look.candidates, shares, strict=False):
        found[c.country] = found.get(c.country, 0.0) + share / sum(shares)
    return found


def in_company(looks: Sequence[Look], chances: Sequence[Chances]) -> list[Look]:
    """The same competitions with what was found for the other acts: acts of an article tend to share a scene."""
    total: Chances = {}
    for found in chances:
        for code, chance in found.items():
            total[code] = total.get(code, 0.0) + chance
    together = []
    for k, look in enumerate(looks):
        near = [found for n, found in enumerate(chances) if n != k and abs(n - k) <= 2]
        candidates = [
            c._replace(features=c.features | company(look, c.country, total, chances[k], near, len(looks)))
            for c in look.candidates
        ]
        nowhere = {f"none {n}": v for n, v in company(look, "", total, chances[k], near, len(looks)).items()}
        together.append(Look(look.frame, candidates, look.nowhere | nowhere))
    return together


def company(
    look: Look, country: str, total: Chances, own: Chances, near: Sequence[Chances], acts: int
) -> dict[str, float]:
    """How likely the other acts of an article, and those next to this one, are in a country."""
    group = group_of(look.frame.event)
    others = (total.get(country, 0.0) - own.get(country, 0.0)) / max(acts - 1, 1)
    beside = sum(found.get(country, 0.0) for found in near) / max(len(near), 1)
    return {"others": others, f"{group} others": others, "beside": beside, f"{group} beside": beside}


def score(features: dict[str, float], fitted: dict[str, float]) -> float:
    """The weighted sum of features."""
    return sum(fitted.get(name, 0.0) * value for name, value in features.items())


def group_of(event: str) -> str:
    """What kind of act a type is, as far as place goes: said, done by force, or done otherwise."""
    return "said" if event in VERBAL else "force" if event in FORCE else "done"


# ── candidates and their features ─────────────────────────────────────────────────────────────────────────────────────


def find_candidates(
    article: Article, frame: Frame, actors: frozenset[str], recipients: frozenset[str]
) -> list[Candidate]:
    """The places within reach of an act, and the dateline."""
    found = []
    nearest = nearest_before(article, frame)
    for site in article.sites:
        at = sentence_of(article, site)
        if (abs(frame.sentence - at) <= REACH or at - article.first <= 1) and not is_party(frame, site):
            owner = owned(frame, country_of(site), actors, recipients)
            features = standing(article, frame, site) | owner
            features |= crossed(features, owner, group_of(frame.event), site)
            features |= {"share": article.shares[country_of(site)]}
            features[f"{group_of(frame.event)} share"] = features["share"]
            if site is nearest:
                features[f"{group_of(frame.event)} nearest"] = 1.0
            found.append(
                Candidate(country_of(site), site, features, pointed_at(frame, site), because_of(frame, site, article))
            )
    if article.dateline:
        features = {"dateline": 1.0, f"{group_of(frame.event)} dateline": 1.0, f"{frame.event} dateline": 1.0}
        features |= owned(frame, article.dateline, actors, recipients)
        found.append(
            Candidate(article.dateline, None, features, 0.0, "the dateline says where the article was written")
        )
    return found


def standing(article: Article, frame: Frame, site: Site) -> dict[str, float]:
    """Where and how a name stands, seen from an act."""
    tokens, group = article.analysis.tokens, group_of(frame.event)
    band = band_of(frame.sentence - sentence_of(article, site))
    form = rule_of(frame, site, tokens) if band == "here" else form_of(site)
    kind = site.resolution.spot.kind if site.resolution.spot else "unknown"
    names = [band, f"{group} {band}", f"{band == 'here'} {form}", f"{group} {band == 'here'} {form}", f"{group} {kind}"]
    features = dict.fromkeys(names, 1.0)
    if band == "here":
        way = 0.0 if in_act(frame, site) else way_between(tokens, site.governor, frame)
        features |= {"way": way, f"{group} way": way, f"{frame.event} {form}": 1.0}
    flags = {
        "border": site.border, "joined": site.joined, "possessive": owns(site), "subject": site.relation in SUBJECTS,
        "lead": sentence_of(article, site) - article.first <= 1, f"{group} lead": sentence_of(article, site) - article.first <= 1,
    }  # fmt: skip
    return features | {name: 1.0 for name, holds in flags.items() if holds}


def owned(frame: Frame, country: str, actors: frozenset[str], recipients: frozenset[str]) -> dict[str, float]:
    """Whether a place is in the country of a party to the act."""
    names = [side for side, codes in (("actor's", actors), ("recipient's", recipients)) if country in codes]
    if not names and (actors or recipients):
        names = ["no party's"]
    if len(names) == 2:
        names = ["both's"]
    return {f"{kind} {name}": 1.0 for name in names for kind in (group_of(frame.event), frame.event)}


def crossed(features: dict[str, float], owner: dict[str, float], group: str, site: Site) -> dict[str, float]:
    """How a name stands together with whose place it is: a speaker's own capital, the attacked town in the lead."""
    kind = site.resolution.spot.kind if site.resolution.spot else "unknown"
    sides = [name for name in owner if name.startswith(group)]
    marks = [
        kind,
        *(b for b in ("here", "1 before", "after", "lead", "True locative", "False locative") if b in features),
    ]
    return {f"{side} {mark}": 1.0 for side in sides for mark in marks}


def none_features(frame: Frame, candidates: Sequence[Candidate]) -> dict[str, float]:
    """What speaks for an act having no place."""
    group = group_of(frame.event)
    here = [c for c in candidates if "here" in c.features]
    names = ["none", f"none {group}", f"none {frame.event}"]
    if not here:
        names += ["none here", f"{group} none here"]
    if not any("True locative" in c.features or "True direction" in c.features for c in here):
        names += ["no phrase here", f"{group} no phrase here"]
    if not any(f"{group} no party's" not in c.features for c in candidates):
        names.append(f"{group} no party's place")
    return dict.fromkeys(names, 1.0) | {"places": math.log(1 + len(candidates))}


def band_of(before: int) -> str:
    """How far before an act a place stands.

    >>> band_of(0), band_of(4), band_of(9), band_of(-1)
    ('here', '3 to 5 before', 'far before', 'after')
    """
    if before < 0:
        return "after"
    return next((name for most, name in BANDS if before <= most), "far before")


def is_party(frame: Frame, site: Site) -> bool:
    """Whether a name stands for who acts or is dealt with ("*Moscow* attacked", "talks *with Moscow*", "hit *by Moscow*")."""
    direct = frame.tokens.start <= site.governor < frame.tokens.end
    return direct and (site.relation in ("nsubj", "obl:agent") or site.case in ("with", "by"))


def form_of(site: Site) -> str:
    """How a name in another sentence stands."""
    first = site.case.split(" ")[0]
    if first in LOCATIVE and not owns(site):
        return "locative"
    return "direction" if first in TO | FROM else "named" if site.case or site.relation in SUBJECTS else "bare"


def nearest_before(article: Article, frame: Frame) -> Site | None:
    """The last place named in sentences before that of an act."""
    return next((site for site in reversed(article.sites) if sentence_of(article, site) < frame.sentence), None)


def sentence_of(article: Article, site: Site) -> int:
    """The sentence of a site."""
    return article.analysis.tokens[site.tokens.start].sentence


def country_of(site: Site) -> str:
    """The country in which a site lies; a sea or a region of several countries stands for itself, as "~Black Sea"."""
    spot = site.resolution.spot
    return (spot.country or f"{NO_COUNTRY}{spot.name}") if spot else ""


def rule_of(frame: Frame, site: Site, tokens: Sequence[Token]) -> str:
    """The rule that takes a site for the place of an act, "bare" for none."""
    return next((name for name, rule in RULES if rule(frame, site, tokens)), "bare")


def because_of(frame: Frame, site: Site, article: Article) -> str:
    """Why a site may be the place of an act, in words."""
    text = f"{site.case} {site.resolution.span.text}".strip()
    if sentence_of(article, site) != frame.sentence:
        return f"{ELSEWHERE}: “{text}”"
    return f"{BECAUSE[rule_of(frame, site, article.analysis.tokens)]}: “{text}”"


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
    "bare": "the place that its sentence names",
    "target": "what is attacked or taken is a place",
    "locative": "a phrase of place belongs to the act",
    "entered": "the verb's object is a place",
    "direction": "a direction that tells where such an act is",
    "compound": "the act's noun is named after a place",
    "owner": "what is acted on belongs to a place",
    "topic": "the people or things concerned are of a place",
}
ELSEWHERE = "the place that the article names near it or most"
