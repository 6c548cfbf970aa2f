"""Odd quotation marks and dashes.

Later stages read “ ” ‘ ’ " ' and spaced dashes. Marks of other traditions („ « `` '') are brought to these; a curly
mark that points the wrong way is turned. Every rule looks only at the characters beside the mark, never at a running
count of quotes: in newspapers a quotation may run over paragraphs without being closed, and one missing mark must
not turn all that follow. An opening mark stands after a space, a bracket or another opening mark and before a word;
a closing mark stands after a word or a stop and before a space, a stop or the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lapwing.repair.edits import Edit

QUOTE_RULES: tuple[tuple[re.Pattern[str], str, str], ...] = tuple(
    (re.compile(pattern), after, reason)
    for pattern, after, reason in (
        (r"[„‟]", "“", "a low or reversed opening quotation mark"),
        (r"‚(?=\w)(?<![\w]‚)", "‘", "a low opening quotation mark"),
        (r"[❝〝]", "“", "an ornamental quotation mark"),
        (r"[❞〞]", "”", "an ornamental quotation mark"),
        (r"(?<=[\w.,;:!?…)])\x20?»(?!\w)", "”", "a closing guillemet"),
        (r"(?<!\w)«\x20?(?=[\w“‘(])", "“", "an opening guillemet"),
        (r"(?<!\w)»(?=\w)", "“", "a guillemet that opens"),
        (r"(?<=[\w.,;:!?…)])«(?!\w)", "”", "a guillemet that closes"),
        (r"(?<=[\w.,;:!?…)])›(?!\w)", "’", "a closing guillemet"),
        (r"(?<!\w)‹(?=\w)", "‘", "an opening guillemet"),
        (r"‘‘(?=\S)|``(?!`)", "“", "two single marks for a double one"),
        (r"’’(?!\w)|(?<=[\w.,;:!?…)\]])''(?!\w)", "”", "two single marks for a double one"),
        (r"(?<![\w'])''(?=\w)", "“", "two single marks for a double one"),
        (r'(?<![\S])""(?=\w)', '"', "a quotation mark doubled"),
        (r'(?<=[\w.,;:!?])""(?![\w"])', '"', "a quotation mark doubled"),
        (r"(?<=[\w.,;:!?…)\]%’])“(?=[\s.,;:!?…)\]—–-]|(?![\s\S]))", "”", "an opening mark that closes a quotation"),
        (r"(?:(?<=\s)|(?<![\s\S]))”(?=[^\W\d_])", "“", "a closing mark that opens a quotation"),
        (r"(?<=[^\W\d_])[´`‘](?=[^\W\d_])", "’", "an accent or an opening mark for an apostrophe"),
        (r"(?:(?<=[\s(\[“\"])|(?<![\s\S]))`(?=[^\W\d_])", "‘", "a grave accent for an opening quotation mark"),
    )
)
QUOTE_MARKS = re.compile("[„‟‚❝〝❞〞«»‹›‘“”´`]|’’|''|\"\"")

DASH_RULES: tuple[tuple[re.Pattern[str], str, str], ...] = tuple(
    (re.compile(pattern), after, reason)
    for pattern, after, reason in (
        (r"[‐‑]", "-", "an unusual hyphen"),
        (r"[‒―]", "—", "an unusual dash"),
        (r"(?<=[^\W_] )[–—](?=[^\W\d_“\"])", "\\g<0> ", "a dash glued to the word after it"),
        (r"(?<=[^\W\d_])[–—](?= [^\W_])", " \\g<0>", "a dash glued to the word before it"),
        (r"(?<=[\w.)] )_(?= )", "—", "an underscore for a dash"),
        (r"(?<=\))_(?= )", " —", "an underscore for a dash"),
    )
)
DASH_MARKS = re.compile("[‐‑‒―–—]|_ ")


def odd_quotes(text: str) -> Iterator[Edit]:
    """Quotation marks of other traditions, doubled ones, and curly ones that point the wrong way.

    >>> [(e.start, e.end, e.after) for e in odd_quotes("„Nein“, he said “all of it“ and «non».")]
    [(0, 1, '“'), (5, 6, '”'), (26, 27, '”'), (32, 33, '“'), (36, 37, '”')]
    >>> list(odd_quotes("“We won’t,” he said. 'No' – the “other” one's."))
    []
    """
    return _edits(text, QUOTE_MARKS, QUOTE_RULES, "quotes")


def odd_dashes(text: str) -> Iterator[Edit]:
    """Dashes glued to one of the words that they part, and characters used for a dash.

    >>> text = "he left –at least for now– and (AP) _ The 1990–91 war—a long one"
    >>> [(e.start, e.end, e.after) for e in odd_dashes(text)]
    [(8, 9, '– '), (25, 26, ' –'), (36, 37, '—')]
    """
    return _edits(text, DASH_MARKS, DASH_RULES, "dashes")


def _edits(
    text: str, marks: re.Pattern[str], rules: tuple[tuple[re.Pattern[str], str, str], ...], kind: str
) -> Iterator[Edit]:
    if not marks.search(text):
        return
    edits = [
        Edit(*match.span(), match.expand(after), kind, reason)
        for pattern, after, reason in rules
        for match in pattern.finditer(text)
    ]
    yield from sorted(edits)
