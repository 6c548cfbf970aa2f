"""How usual an English word form is, from a list counted over treebanks and news.

`english_words.tsv` (made by ``training/english_words.py``) gives for each form how often it was seen in lower case
and how often with a capital inside a sentence. Two questions are asked of it: is this a word at all, and is it a
common word rather than a name.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from lapwing.errors import KnowledgeError

PATH = Path(__file__).parent / "english_words.tsv"


@cache
def word_counts(path: Path = PATH) -> dict[str, tuple[int, int]]:
    """Times in lower case and times with a capital, by form in lower case.

    Raises `KnowledgeError` where a row is not a form and two numbers.

    >>> lower, capital = word_counts()["president"]
    >>> lower > 100, capital > 100
    (True, True)
    """
    counts: dict[str, tuple[int, int]] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith("#"):
            continue
        try:
            form, lower, capital = line.split("\t")
            counts[form] = (int(lower), int(capital))
        except ValueError:
            raise KnowledgeError(f"{path}, line {number}: not a form and two numbers; bake the list again") from None
    return counts


def is_word(form: str) -> bool:
    """Whether the form was ever seen, as a word or as a name.

    >>> is_word("Soldiers"), is_word("Putinand")
    (True, False)
    """
    return form.lower() in word_counts()


def is_common(form: str, *, least: int = 5) -> bool:
    """Whether the form is an everyday word: seen `least` times in lower case, and at least as often so as with a
    capital.

    >>> is_common("The"), is_common("Minsk"), is_common("bush")
    (True, False, False)
    """
    lower, capital = word_counts().get(form.lower(), (0, 0))
    return lower >= least and lower >= capital
