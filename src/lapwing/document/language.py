"""Which language a paragraph is in.

A language gives itself away by its small words, and counting them costs nothing. Where English ones are few and
those of no other language (`small_words.csv`) are many, the paragraph is shown to py3langid (Adrien Barbaresi, after
langid.py of Lui and Baldwin 2012), which takes most of a second to load. Its choice is limited to the languages that
news pages mix in, and believed only when it is nearly sure and has letters enough to go by: names alone look like
any language.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path
from typing import Any

from lapwing.dictionaries.english import is_common, word_counts
from lapwing.errors import KnowledgeError

PATH = Path(__file__).parent / "small_words.csv"

LANGUAGES = {
    "en": "English", "es": "Spanish", "fr": "French", "de": "German", "it": "Italian", "pt": "Portuguese",
    "nl": "Dutch", "pl": "Polish", "ru": "Russian", "uk": "Ukrainian", "ar": "Arabic", "zh": "Chinese",
    "ja": "Japanese", "tr": "Turkish",
}  # fmt: skip
LEAST_PROBABILITY = 0.95
LEAST_LETTERS = 12
LEAST_HITS, LEAST_SHARE, LEAST_LEAD = 3, 0.25, 1.3
LONGEST_SAMPLE = 2_000
ENGLISH_SHARE = 0.12
"""On 1,942 English lines of EWT the share of small words is below this in one in nine; those are shown to the model."""

WORD = re.compile(r"[^\W\d_]+")
SMALL_WORDS_WORDS = """
the of and to a in that is was for on with as by at from he she it they we you i his her their its this be are were
been has have had not but who which will would said an or after before when more about into than them him
"""
SMALL_WORDS = frozenset(SMALL_WORDS_WORDS.split())


def foreign_language(text: str) -> tuple[str, str] | None:
    """The code of the language and the evidence, where the text is surely not English.

    >>> foreign_language("El ministro de Defensa viajó ayer a la capital para reunirse con las tropas.")
    ('es', '5 of its 14 words are small words of Spanish')
    >>> foreign_language("The minister of defence went to the capital yesterday.") is None
    True
    >>> foreign_language("Mohammad Javad Zarif") is None
    True
    """
    sample = text[:LONGEST_SAMPLE]
    words = WORD.findall(sample)
    if sum(map(len, words)) < LEAST_LETTERS or _share(words, SMALL_WORDS) >= ENGLISH_SHARE:
        return None
    told = _by_small_words(words)
    return told or (_by_model(sample) if _may_be_foreign(sample, words) else None)


def _by_small_words(words: list[str]) -> tuple[str, str] | None:
    """The language whose small words are many, if no other comes near."""
    shares = sorted(((_share(words, small), lang) for lang, small in small_words().items()), reverse=True)
    (best, lang), (second, _) = shares[:2]
    hits = round(best * len(words))
    if hits < LEAST_HITS or best < LEAST_SHARE or best < second * LEAST_LEAD:
        return None
    return lang, f"{hits} of its {len(words)} words are small words of {LANGUAGES[lang]}"


def _by_model(sample: str) -> tuple[str, str] | None:
    lang, probability = _identifier().classify(sample.lower() if sample.isupper() else sample)
    if lang == "en" or probability < LEAST_PROBABILITY:
        return None
    return str(lang), f"p = {float(probability):.2f} by its letters"


@cache
def small_words(path: Path = PATH) -> dict[str, frozenset[str]]:
    """The small words of each language of `small_words.csv` that are no common English ones."""
    table: dict[str, frozenset[str]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        for row in reader:
            if row["lang"] not in LANGUAGES or not row["words"]:
                raise KnowledgeError(f"{path}, line {reader.line_num}: unknown language {row['lang']!r}, or no words")
            table[row["lang"]] = frozenset(word for word in row["words"].split() if not is_common(word, least=60))
    return table


def _share(words: list[str], small: frozenset[str]) -> float:
    return sum(word.lower() in small for word in words) / len(words)


def _may_be_foreign(sample: str, words: list[str]) -> bool:
    """Whether words in small letters are mostly unknown in English, or letters of another script stand here."""
    small = [word for word in words if word.islower()]
    unknown = [word for word in small if word_counts().get(word, (0, 0))[0] < 2]
    other_script = sum(character > "\u036f" and character.isalpha() for character in sample)
    return 3 * other_script > len(sample) or (len(unknown) >= 2 and 2 * len(unknown) >= len(small))


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(LANGUAGES))
    return identifier
