"""Who and what is spoken of: names, descriptions and pronouns, linked within the article.

The stage first finds candidates: names (by the entity head, the dictionaries or their tags), noun phrases whose head is a
role noun or that hold a name, and pronouns, each with the stretch of its noun phrase. Then it links them: `linking` has
one rule for each reason why two mentions are the same. Precision counts more than reach, because a wrong link gives an
act to somebody who did not do it, while a missing one leaves "his closest ally" unnamed.
"""

from __future__ import annotations

from lapwing.mentions.finding import find_candidates
from lapwing.mentions.linking import Article, link_candidates
from lapwing.mentions.quotes import quoted_tokens, speaker_tokens
from lapwing.records import Analysis, Document, Mention
from lapwing.trees import tree_of


def find_mentions(document: Document, analysis: Analysis) -> tuple[Mention, ...]:
    """The mentions of an article in the order of its words; those with the same `chain` are the same thing.

    `chain` is the `id` of the chain's first mention.
    """
    tree = tree_of(analysis)
    candidates = find_candidates(analysis, tree, when=document.published.value)
    quoted = quoted_tokens(document, analysis)
    article = Article(
        candidates=candidates,
        tree=tree,
        quoted=quoted,
        speakers=speaker_tokens(tree, analysis, quoted),
        when=document.published.value,
        by_head={candidate.head: k for k, candidate in enumerate(candidates)},
    )
    links = link_candidates(article)
    return tuple(
        Mention(
            id=k,
            tokens=candidate.tokens,
            head=candidate.head,
            kind=candidate.kind,
            label=candidate.label,
            chain=links.find(k),
            linked_by=links.rule[k],
        )
        for k, candidate in enumerate(candidates)
    )
