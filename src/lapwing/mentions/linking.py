"""Which mentions are the same: rules that join them into chains, in the order of how sure they are.

Names first (the same words, an alias in a dictionary, the surname, the acronym), then what the grammar says (apposition,
"X is the Y", relative pronouns), then descriptions ("the Russian leader"), then pronouns, whose antecedent is the best
of the candidates before them by number, gender, nearness and grammatical rank.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from lapwing.dictionaries import Leader, holds, load
from lapwing.mentions.finding import REFLEXIVE, Candidate, relative_noun
from lapwing.mentions.tree import clause_of
from lapwing.trees import Tree

LOOK_BACK = 3
"""Sentences before a pronoun's own in which its antecedent may stand. Chosen on GUM's training part."""


class Links:
    """Chains as they grow: a union-find over the candidates, with the rule that joined each."""

    def __init__(self, count: int) -> None:
        self.parent = list(range(count))
        self.rule: list[str | None] = [None] * count

    def find(self, k: int) -> int:
        """The first mention of k's chain."""
        while self.parent[k] != k:
            self.parent[k] = self.parent[self.parent[k]]
            k = self.parent[k]
        return k

    def join(self, k: int, earlier: int, rule: str) -> None:
        """Puts mention k into the chain of another."""
        a, b = self.find(k), self.find(earlier)
        if self.rule[k] is None:
            self.rule[k] = rule
        if a != b:
            self.parent[max(a, b)] = min(a, b)


class Article(NamedTuple):
    """What the rules look at: candidates, tree, the quotation of each token, each quotation's speaker, the date."""

    candidates: tuple[Candidate, ...]
    tree: Tree
    quoted: Sequence[int]
    speakers: dict[int, int]
    when: str | None
    by_head: dict[int, int]


def link_candidates(article: Article) -> Links:
    """The chains of an article's candidates."""
    links = Links(len(article.candidates))
    for rule in (link_names, link_grammar, link_descriptions, link_pronouns):
        rule(article, links)
    return links


# ── names ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def link_names(article: Article, links: Links) -> None:
    """Joins each name to the nearest earlier name that it repeats, shortens or is an alias of.

    Names are remembered once by their words, so that the time does not grow with the square of an article's length.
    """
    latest: dict[str, int] = {}
    for k, candidate in enumerate(article.candidates):
        if candidate.kind != "name" or not candidate.key:
            continue
        if candidate.key in latest:
            links.join(k, latest[candidate.key], "same name")
        else:
            link_new_name(article, links, k, latest)
        latest.pop(candidate.key, None)
        latest[candidate.key] = k


NAMES_REMEMBERED = 120
"""Different names that a new one is compared with, the nearest first."""


def link_new_name(article: Article, links: Links, k: int, latest: dict[str, int]) -> None:
    """Joins a name that the article did not have before to one that it shortens, lengthens or is an alias of."""
    for j in list(reversed(latest.values()))[:NAMES_REMEMBERED]:
        rule = same_name(article.candidates[k], article.candidates[j])
        if rule:
            links.join(k, j, rule)
            return


def same_name(later: Candidate, earlier: Candidate) -> str | None:
    """The rule by which two names are the same, if one applies."""
    if later.key == earlier.key:
        return "same name"
    if set(later.rows) & set(earlier.rows) and kinds(later) == kinds(earlier):
        return "dictionary alias"
    if both_may_be_people(later, earlier) and is_surname(later.key, earlier.key):
        return "surname"
    if both_may_be_people(later, earlier) and is_surname(earlier.key, later.key):
        return "full name of a surname"
    if is_acronym(later.key, earlier.key) or is_acronym(earlier.key, later.key):
        return "acronym"
    return None


def kinds(candidate: Candidate) -> set[str]:
    """The kinds of dictionary rows that a candidate may name."""
    return {row.partition(":")[0] for row in candidate.rows}


def both_may_be_people(a: Candidate, b: Candidate) -> bool:
    """Whether nothing says that one of two names is no person, or that they differ in gender."""
    if any(c.label in ("ORG", "LOC") or (c.rows and not c.person) for c in (a, b)):
        return False
    return not (a.gender and b.gender and a.gender != b.gender)


def is_surname(short: str, full: str) -> bool:
    """Whether one name is the last word (or words) of another.

    >>> is_surname("putin", "vladimir putin"), is_surname("al assad", "bashar al assad"), is_surname("vladimir", "putin")
    (True, True, False)
    """
    return len(short) > 2 and full.endswith(" " + short)


def is_acronym(short: str, full: str) -> bool:
    """Whether one name is made of the other's initials.

    >>> is_acronym("isw", "institute for the study of war"), is_acronym("rand", "russia")
    (True, False)
    """
    words = full.split(" ")
    if " " in short or not 2 <= len(short) <= 8 or len(words) < 2:
        return False
    small = ("of", "the", "for", "and", "in", "on", "to")
    return short in ("".join(w[0] for w in words), "".join(w[0] for w in words if w not in small))


# ── grammar ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def link_grammar(article: Article, links: Links) -> None:
    """Joins appositions, "X is the Y" and relative pronouns."""
    for k, candidate in enumerate(article.candidates):
        token = article.tree.tokens[candidate.head]
        if token.deprel == "appos" and token.head in article.by_head:
            other = article.by_head[token.head]
            if may_be_apposed(candidate, article.candidates[other]) and not is_listed(article.tree, candidate.head):
                links.join(k, other, "apposition")
        if candidate.pronoun == "relative":
            noun = relative_noun(article.tree, candidate.head)
            if noun in article.by_head:
                links.join(k, article.by_head[noun], "relative pronoun")
        subject = copula_subject(article, candidate)
        if subject is not None:
            links.join(k, subject, "copula")
            name = name_behind(article, k)
            if name is not None:
                links.join(name, k, "apposition")
                links.rule[subject] = links.rule[subject] or "copula"


def is_listed(tree: Tree, head: int) -> bool:
    """Whether what looks like an apposition is rather the last but one of a list ("banks, the state and | unions")."""
    conjuncts = [c for c in tree.children[head] if tree.tokens[c].deprel == "conj"]
    return any(tree.tokens[k].deprel == "cc" for c in conjuncts for k in tree.children[c])


def may_be_apposed(a: Candidate, b: Candidate) -> bool:
    """Whether an apposition can name the same thing: not "Minsk, Belarus", not two different people."""
    places = [c.label == "LOC" or kinds(c) & {"country", "capital", "city"} for c in (a, b)]
    if all(places):
        return False
    if {a.number, b.number} == {"s", "p"} and not (is_group(a) or is_group(b)):
        return False
    return not (a.kind == b.kind == "name" and a.person and b.person and a.key != b.key)


def copula_subject(article: Article, candidate: Candidate) -> int | None:
    """The subject of which a noun phrase is the predicate ("Khan was the minister"), if said without "not", "if" or "may"."""
    tree = article.tree
    if candidate.kind == "pronoun" or (candidate.role is None and candidate.kind != "name"):
        return None
    children = [tree.tokens[c] for c in tree.children[candidate.head]]
    if not any(c.deprel == "cop" for c in children) or any(c.lemma in DOUBT or c.deprel == "mark" for c in children):
        return None
    subject = next((c.i for c in children if c.deprel == "nsubj"), None)
    found = article.by_head.get(subject) if subject is not None else None
    if found is None or article.candidates[found].pronoun in ("relative", "other", "1s", "1p", "2"):
        return None
    return found


def name_behind(article: Article, k: int) -> int | None:
    """The personal name that follows a predicate after a comma: "He was the president of the country, | Jo Doe"."""
    end = article.candidates[k].tokens.end
    near = ((j, article.candidates[j]) for j in range(k + 1, min(k + 5, len(article.candidates))))
    return next(
        (j for j, c in near if is_persons_name(c) and c.tokens.start == end + 1 and is_comma(article, end)), None
    )


def is_comma(article: Article, i: int) -> bool:
    """Whether a token is a comma."""
    return article.tree.tokens[i].text == ","


DOUBT = frozenset(["not", "n't", "never", "may", "might", "could", "would", "should", "will", "no", "if"])


# ── descriptions ──────────────────────────────────────────────────────────────────────────────────────────────────────


def link_descriptions(article: Article, links: Links) -> None:
    """Joins definite descriptions to an earlier name or description that they fit."""
    for k, candidate in enumerate(article.candidates):
        if candidate.role is None or not candidate.definite or not is_description(candidate):
            continue
        if is_named_itself(article, candidate):
            continue
        holder = named_holder(article, candidate, k)
        if holder is not None:
            links.join(k, holder, "holder of the office")
            continue
        for j in range(k - 1, -1, -1):
            earlier = article.candidates[j]
            if candidate.sentence - earlier.sentence > 12:
                break
            if fits_description(candidate, earlier) and fits_country(article, links, candidate, j):
                links.join(k, j, "same description")
                break


def is_description(candidate: Candidate) -> bool:
    """Whether a phrase only describes, even where its noun is tagged as a name ("the Russian | President")."""
    return candidate.kind == "nominal" or (candidate.kind == "name" and not candidate.rows and candidate.label is None)


def is_named_itself(article: Article, candidate: Candidate) -> bool:
    """Whether a description has a person's name in apposition, so that it takes up nobody named before."""
    tree = article.tree
    token = tree.tokens[candidate.head]
    near = [c for c in tree.children[candidate.head] if tree.tokens[c].deprel == "appos"]
    near += [token.head] if token.deprel == "appos" and token.head >= 0 else []
    return any(i in article.by_head and is_persons_name(article.candidates[article.by_head[i]]) for i in near)


def is_persons_name(candidate: Candidate) -> bool:
    """Whether a mention is somebody's name."""
    return candidate.kind == "name" and candidate.person


def named_holder(article: Article, candidate: Candidate, k: int) -> int | None:
    """The nearest name, earlier or right behind, of the leader who held the described office on the article's date."""
    role = candidate.role
    if role is None or not role.offices or not candidate.country or candidate.number == "p":
        return None
    names = {
        f"leader:{row.name}"
        for row in leaders_of().get(candidate.country, ())
        if holds(row, article.when) and any(row.office.casefold() == office.casefold() for office in role.offices)
    }
    named = (j for j in (*range(k - 1, -1, -1), k + 1, k + 2) if 0 <= j < len(article.candidates))
    return next((j for j in named if names & set(article.candidates[j].rows) and is_near(article, k, j)), None)


def is_near(article: Article, k: int, j: int) -> bool:
    """Whether mention j stands before k, or right behind it ("the Russian president, | Vladimir Putin")."""
    end, start = article.candidates[k].tokens.end, article.candidates[j].tokens.start
    return j < k or (article.candidates[j].sentence == article.candidates[k].sentence and 0 <= start - end <= 1)


@cache
def leaders_of() -> dict[str, tuple[Leader, ...]]:
    """The leaders of each country."""
    found: dict[str, list[Leader]] = {}
    for row in load().leaders:
        found.setdefault(row.country, []).append(row)
    return {country: tuple(rows) for country, rows in found.items()}


def fits_country(article: Article, links: Links, later: Candidate, j: int) -> bool:
    """Whether no description in an earlier mention's chain tells another country than the later one."""
    if not later.country:
        return True
    top = links.find(j)
    told = {c.country for n, c in enumerate(article.candidates[: j + 1]) if c.country and links.find(n) == top}
    return not told or later.country in told


def fits_description(later: Candidate, earlier: Candidate) -> bool:
    """Whether a description may take up an earlier mention: the same role noun, no other number or gender."""
    if earlier.role is None or later.role is None or earlier.kind == "pronoun":
        return False
    if later.role.noun != earlier.role.noun or (later.number and earlier.number and later.number != earlier.number):
        return False
    return not (later.gender and earlier.gender and later.gender != earlier.gender)


# ── pronouns ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def link_pronouns(article: Article, links: Links) -> None:
    """Joins pronouns to their antecedents, from left to right."""
    for k, candidate in enumerate(article.candidates):
        if candidate.pronoun in ("1s", "1p"):
            speaker = article.speakers.get(article.quoted[candidate.head])
            at = mention_over(article, speaker) if speaker is not None else None
            if at is not None and at != k:
                links.join(k, at, "speaker of the quotation")
        elif candidate.pronoun in ("m", "f", "n", "p") and links.rule[k] is None:
            best = antecedent(article, links, k)
            if best is not None:
                links.join(k, best, "pronoun")


def mention_over(article: Article, token: int) -> int | None:
    """The mention whose head a token is, or that it lies in."""
    if token in article.by_head:
        return article.by_head[token]
    inside = [k for k, c in enumerate(article.candidates) if c.tokens.start <= token < c.tokens.end]
    return min(
        inside, key=lambda k: article.candidates[k].tokens.end - article.candidates[k].tokens.start, default=None
    )


def antecedent(article: Article, links: Links, k: int) -> int | None:
    """The best antecedent of a third-person pronoun, or None."""
    pronoun = article.candidates[k]
    best, most = None, 0.0
    for j in range(k - 1, -1, -1):
        earlier = article.candidates[j]
        if pronoun.sentence - earlier.sentence > LOOK_BACK:
            break
        if not may_stand_for(article, pronoun, earlier):
            continue
        score = antecedent_score(article, links, k, j)
        if score > most:
            best, most = j, score
    return best


def may_stand_for(article: Article, pronoun: Candidate, earlier: Candidate) -> bool:
    """Whether number, gender, kind and position let a pronoun stand for an earlier mention."""
    if earlier.head >= pronoun.head or earlier.pronoun in ("other", "1s", "1p", "2", "relative"):
        return False
    if earlier.tokens.start <= pronoun.head < earlier.tokens.end:
        return False
    if earlier.pronoun and earlier.pronoun != pronoun.pronoun:
        return False
    if not agrees(pronoun, earlier):
        return False
    return pronoun.key in REFLEXIVE or not is_clause_mate(article, pronoun, earlier)


def agrees(pronoun: Candidate, earlier: Candidate) -> bool:
    """Agreement of a pronoun with a noun in number, gender and kind."""
    if earlier.pronoun:
        return earlier.pronoun == pronoun.pronoun
    if pronoun.pronoun in ("m", "f"):
        human = earlier.person or (earlier.kind == "name" and not earlier.rows and earlier.label in (None, "PER"))
        return human and earlier.number != "p" and earlier.gender in ("", pronoun.pronoun)
    if pronoun.pronoun == "n":
        return not earlier.person and earlier.number != "p" and earlier.label != "PER" and not is_people(earlier)
    return earlier.number == "p" or is_group(earlier)


def is_people(candidate: Candidate) -> bool:
    """Whether a mention is of human beings rather than of an institution."""
    return candidate.role is not None and candidate.role.kind in ("people", "person", "office") and not candidate.rows


def is_group(candidate: Candidate) -> bool:
    """Whether "they" can stand for a mention in the singular: an institution, a force, a coordination."""
    if candidate.number == "" and not candidate.person:
        return True
    forms = candidate.role is not None and candidate.role.kind in ("body", "force")
    return forms or bool(kinds(candidate) & {"organisation", "group", "party"})


def is_clause_mate(article: Article, pronoun: Candidate, earlier: Candidate) -> bool:
    """Whether both are arguments of the same verb, so that a plain pronoun cannot stand for the other ("he saw him")."""
    tree = article.tree
    if tree.tokens[pronoun.head].deprel == "nmod:poss":
        return False
    a, b = clause_of(tree, pronoun.head), clause_of(tree, earlier.head)
    return a == b and a >= 0 and tree.tokens[earlier.head].head == a


def antecedent_score(article: Article, links: Links, k: int, j: int) -> float:
    """How likely mention j is the antecedent of pronoun k. The weights were set on GUM's training part."""
    pronoun, earlier = article.candidates[k], article.candidates[j]
    distance = pronoun.sentence - earlier.sentence
    score = 4.0 - 1.2 * distance - 0.01 * min(pronoun.head - earlier.head, 60)
    if earlier.subject:
        score += 1.0
    if pronoun.subject and earlier.subject:
        score += 0.4
    if earlier.pronoun:
        score += 0.6
    if earlier.kind == "name":
        score += 0.3
    if pronoun.gender and earlier.gender == pronoun.gender:
        score += 0.8
    if bool(article.quoted[pronoun.head]) != bool(article.quoted[earlier.head]):
        score -= 1.0
    if is_inner(article, earlier):
        score -= 0.8
    return score


def is_inner(article: Article, candidate: Candidate) -> bool:
    """Whether a mention only modifies another noun."""
    return article.tree.tokens[candidate.head].deprel in ("nmod", "nmod:poss", "compound", "amod", "appos", "flat")
