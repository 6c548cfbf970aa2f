"""Text that was decoded with the wrong table ("â€œ" for an opening quotation mark), and characters that no text
should hold.

Which bytes were misread is ftfy's question (Robyn Speer, ftfy, 2019); ours is where. ftfy is shown one line at a
time, without its taste in quotation marks, and its answer is laid against the line: plain ASCII survives a
misreading, so the stretches of ASCII are the same on both sides and the stretches between them pair off. Only those
become edits.

Lost for good, and therefore left alone, are characters that became "?" or U+FFFD.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lapwing.repair.edits import Edit

LONGEST_SEGMENT = 5_000
"""Longer lines are cut at a space: ftfy decides by the neighbourhood, and its time should not grow with the line."""

SEGMENT = re.compile(rf"[^\n]{{1,{LONGEST_SEGMENT}}}(?=\s|$)|[^\n]{{1,{LONGEST_SEGMENT}}}")
SUSPECT = re.compile("[\x80-\x84\x86-\x9f]|[^\x00-\x7f‘’“”–—…«»\xa0\x85][^\x00-\x7f]|[ÃÂ]\x20|â€")
LOST_CLOSING_MARK = re.compile("â€(?=[\\s.,;:!?)]|$)")
NOT_ASCII = re.compile(r"[^\x00-\x7f]+")

REASON = "the characters are UTF-8 read with another table"

INVISIBLE = "\u00ad\u034f\u061c\u115f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
CONTROL = re.compile(
    f"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f{INVISIBLE}]+|[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]"
)
SPACES = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]|[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")


def mojibake(text: str) -> Iterator[Edit]:
    """Stretches that were decoded with the wrong table.

    >>> [(e.start, e.end, e.after) for e in mojibake("He said â€œnoâ€\\x9d in SÃ£o Paulo.")]
    [(8, 11, '“'), (13, 16, '”'), (21, 23, 'ã')]
    >>> list(mojibake("“No”, he said in São Paulo – twice."))
    []
    """
    if text.isascii():
        return
    for segment in SEGMENT.finditer(text):
        if SUSPECT.search(segment[0]):
            yield from _segment_edits(segment[0], segment.start())


def _segment_edits(segment: str, offset: int) -> Iterator[Edit]:
    from ftfy import TextFixerConfig, fix_encoding

    try:
        fixed = fix_encoding(LOST_CLOSING_MARK.sub("â€\x9d", segment), TextFixerConfig(uncurl_quotes=False))
    except UnicodeError:  # lone surrogates: the segment was not decoded from bytes at all
        return
    if fixed != segment:
        for start, end, after in pair_off(segment, fixed):
            yield Edit(offset + start, offset + end, after, "mojibake", REASON)


def pair_off(before: str, after: str) -> list[tuple[int, int, str]]:
    """Where `before` became what in `after`, when only stretches outside ASCII changed; else the middle as a whole.

    >>> pair_off("cafÃ© noir, dÃ©jÃ\\xa0 vu", "café noir, déjà vu")
    [(3, 5, 'é'), (13, 15, 'é'), (16, 18, 'à')]
    >>> pair_off("Ã  la", "à la")
    [(0, 2, 'à')]
    """
    left, right = list(NOT_ASCII.finditer(before)), list(NOT_ASCII.finditer(after))
    if NOT_ASCII.split(before) == NOT_ASCII.split(after):
        return [(a.start(), a.end(), b[0]) for a, b in zip(left, right, strict=True) if a[0] != b[0]]
    head = _common_length(before, after)
    tail = _common_length(before[head:][::-1], after[head:][::-1])
    return [(head, len(before) - tail, after[head : len(after) - tail])]


def _common_length(one: str, other: str) -> int:
    for k, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return k
    return min(len(one), len(other))


def control_characters(text: str) -> Iterator[Edit]:
    """Characters that are not seen: control codes, zero-width marks, byte order marks, halves of surrogate pairs.

    >>> [(e.start, e.end, e.after) for e in control_characters("\\ufeffKy\\u200biv\\x00")]
    [(0, 1, ''), (3, 4, ''), (6, 7, '')]
    >>> [(e.after) for e in control_characters("\\ud83d\\ude00 \\ud83d")] == ["\\U0001f600", "\\ufffd"]
    True
    """
    for match in CONTROL.finditer(text):
        if not _is_half(match[0][0]):
            yield Edit(*match.span(), "", "control", "an invisible character")
        elif len(match[0]) == 2:
            whole = match[0].encode("utf-16", "surrogatepass").decode("utf-16")
            yield Edit(*match.span(), whole, "control", "a character in two halves")
        else:
            yield Edit(*match.span(), "\ufffd", "control", "half a character")


def _is_half(character: str) -> bool:
    return "\ud800" <= character <= "\udfff"


def odd_spaces(text: str) -> Iterator[Edit]:
    """Spaces and line ends of other kinds than " " and a line feed.

    >>> [(e.start, e.end, e.after) for e in odd_spaces("9\\xa0000 men\\r\\nleft")]
    [(1, 2, ' '), (9, 11, '\\n')]
    """
    for match in SPACES.finditer(text):
        line_end = match[0] in "\r\n\x0b\x0c\x85\u2028\u2029"
        reason = "an unusual line end" if line_end else "an unusual space"
        yield Edit(*match.span(), "\n" if line_end else " ", "whitespace", reason)
