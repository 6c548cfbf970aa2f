"""Word form and part of speech → lemma: a table of exceptions first, then the regular endings of English.

The exceptions (``lemmas.tsv``: form, tag, lemma) are what the rules get wrong on the Universal Dependencies training sets and a
closed list of irregular verbs; ``python -m training.lemmas`` writes them.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

VOWELS = "aeiou"


@cache
def exceptions() -> dict[tuple[str, str], str]:
    """(form in lower case, tag) → lemma."""
    text = files("lapwing.analysis").joinpath("lemmas.tsv").read_text(encoding="utf8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {(form, tag): lemma for form, tag, lemma in rows}


def find_lemma(form: str, upos: str, xpos: str) -> str:
    """The lemma of a word; names keep their capitals.

    >>> [find_lemma(*w) for w in (("said", "VERB", "VBD"), ("rebels", "NOUN", "NNS"), ("deploying", "VERB", "VBG"))]
    ['say', 'rebel', 'deploy']
    >>> find_lemma("Moscow", "PROPN", "NNP"), find_lemma("stopped", "VERB", "VBN"), find_lemma("agencies", "NOUN", "NNS")
    ('Moscow', 'stop', 'agency')
    """
    if upos == "PROPN":
        return form
    lower = form.lower().replace("’", "'")
    known = exceptions().get((lower, upos))
    return known if known is not None else regular_lemma(lower, upos, xpos)


def regular_lemma(lower: str, upos: str, xpos: str) -> str:
    """The lemma by rule alone."""
    if upos in ("VERB", "AUX"):
        return _verb(lower, xpos)
    if upos == "NOUN" and xpos == "NNS":
        return _singular(lower)
    if xpos in ("JJR", "RBR"):
        return _bare(lower, "er")
    if xpos in ("JJS", "RBS"):
        return _bare(lower, "est")
    return lower


def _verb(lower: str, xpos: str) -> str:
    if xpos == "VBZ":
        return _singular(lower)
    if xpos in ("VBD", "VBN"):
        return _bare(lower, "ed")
    if xpos == "VBG":
        return _bare(lower, "ing")
    return lower


def _singular(lower: str) -> str:
    if lower.endswith("ies") and len(lower) > 4:
        return lower[:-3] + "y"
    if lower.endswith(("sses", "shes", "ches", "xes", "zzes", "oes")):
        return lower[:-2]
    if lower.endswith("s") and not lower.endswith(("ss", "us", "is")):
        return lower[:-1]
    return lower


def _bare(lower: str, ending: str) -> str:
    """Cut -ed, -ing, -er or -est and mend the stem: "stopped" → "stop", "denied" → "deny", "making" → "make"."""
    if not lower.endswith(ending) or len(lower) < len(ending) + 2:
        return lower
    stem = lower[: -len(ending)]
    if stem.endswith("i") and ending in ("ed", "er", "est"):
        return stem[:-1] + "y"
    if not any(v in stem for v in "aeiouy"):
        return lower
    if len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in "lsfz":
        return stem[:-1]
    if (
        len(stem) > 4
        and stem.endswith("ll")
        and ending in ("ed", "ing")
        and stem[-3] in VOWELS
        and stem[-4] not in VOWELS
    ):
        return stem[:-1] if len(stem) > 5 else stem
    return stem + "e" if _wants_e(stem) else stem


def _wants_e(stem: str) -> bool:
    if stem.endswith(
        (
            "at",
            "iz",
            "is",
            "us",
            "uc",
            "nc",
            "rc",
            "ng",
            "dg",
            "rg",
            "v",
            "u",
            "iat",
            "eas",
            "os",
            "ag",
            "rs",
            "ns",
            "ps",
        )
    ):
        return not stem.endswith(
            ("eat", "reat", "oat", "hang", "ring", "bring", "sing", "long", "ening", "ong", "discus", "focus", "beat")
        )
    if stem.endswith(("c", "s", "z")) and len(stem) > 2 and stem[-2] in VOWELS + "r" and not stem.endswith("ss"):
        return True
    short = len(stem) >= 2 and stem[-1] not in VOWELS + "wxy" and stem[-2] in VOWELS
    return (
        short
        and (len(stem) == 2 or stem[-3] not in VOWELS)
        and stem[-2:] not in ("en", "er", "on", "or", "el", "it", "et", "al", "in", "op", "om", "an", "ar", "ow")
    )
