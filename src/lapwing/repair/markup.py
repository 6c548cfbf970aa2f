"""HTML and Markdown that an extraction left in the text.

Only tags of known names are taken for tags ("<3" and "<unclear>" are left alone), and only entities that end in a
semicolon. An inline tag between two letters is the usual cause of glued words: in ``<a>Peskov</a>called`` it stood
for the space, in ``<b>M</b>oscow`` it did not; the word list decides.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from lapwing.dictionaries.english import is_word
from lapwing.repair.edits import Edit

BLOCK = (
    "address|article|aside|blockquote|br|dd|div|dl|dt|figcaption|figure|footer|h[1-6]|header|hr|li|main|nav|ol|p|pre"
)
BLOCK += "|section|table|tbody|td|tfoot|th|thead|tr|ul|body|html|head|title|form|option"
INLINE = (
    "a|abbr|acronym|b|big|cite|code|del|em|font|i|img|ins|label|mark|q|s|small|span|strike|strong|sub|sup|time|u|tt"
)
INLINE += "|button|input|iframe|svg|path|picture|source|video|audio|link|meta|center|wbr|object|embed|noscript"
TAG = re.compile(rf"</?(?:(?P<block>{BLOCK})|{INLINE})(?:\s[^<>]{{0,2000}})?\s{{0,5}}/?>", re.IGNORECASE)
HIDDEN = re.compile(r"<(?P<name>script|style)\b[^<>]{0,2000}>[^<]{0,20000}</(?P=name)\s{0,5}>", re.IGNORECASE)
DECLARATION = re.compile(r"<!\[CDATA\[|\]\]>|<!DOCTYPE[^<>]{0,300}>", re.IGNORECASE)
ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
DOUBLE_AMPERSAND = re.compile(r"&(?:amp;){1,5}(?=#?\w{1,31};)")
LINK = re.compile(r"\[(?P<label>[^\[\]\n]{1,200})\]\((?:https?://|/|#)[^()\s]{0,500}\)")
BOLD = re.compile(r"(?<![\w*])\*\*(?P<inside>[^\s*](?:[^*\n]{0,300}[^\s*])?)\*\*(?!\*)")
LAST_WORD = re.compile(r"[^\W\d_]+$")
FIRST_WORD = re.compile(r"[^\W\d_]+")


def entities(text: str) -> Iterator[Edit]:
    """Character references.

    >>> [(e.start, e.end, e.after) for e in entities("Johnson &amp; Johnson&#8217;s AT&T")]
    [(8, 13, '&'), (21, 28, '’')]
    """
    if "&" not in text:
        return
    for match in DOUBLE_AMPERSAND.finditer(text):
        reference = ENTITY.match("&" + text[match.end() : match.end() + 34])
        if reference:
            end = match.end() + reference.end() - 1
            yield Edit(match.start(), end, html.unescape(reference[0]), "markup", "an HTML entity, escaped twice")
    for match in ENTITY.finditer(text):
        character = html.unescape(match[0])
        if character != match[0] and not text.startswith("amp;#", match.start() + 1):
            yield Edit(*match.span(), character, "markup", "an HTML entity")


def tags(text: str) -> Iterator[Edit]:
    """HTML tags, comments, scripts and styles.

    >>> [(e.start, e.end, e.after) for e in tags("<p>He met <b>Peskov</b>called.<br/>It is <3")]
    [(0, 3, '\\n'), (10, 13, ''), (19, 23, ' '), (30, 35, '\\n')]
    """
    if "<" not in text and "]]>" not in text:
        return
    for match in HIDDEN.finditer(text):
        yield Edit(*match.span(), "", "markup", f"an HTML {match['name'].lower()}")
    yield from _comments(text)
    for match in DECLARATION.finditer(text):
        yield Edit(*match.span(), "", "markup", "an HTML declaration")
    for match in TAG.finditer(text):
        if match["block"]:
            yield Edit(*match.span(), "\n", "markup", "an HTML tag that ends a block")
        elif _stands_for_space(text, *match.span()):
            yield Edit(*match.span(), " ", "markup", "an HTML tag between two words")
        else:
            yield Edit(*match.span(), "", "markup", "an HTML tag")


def _comments(text: str) -> Iterator[Edit]:
    start = text.find("<!--")
    while start >= 0:
        end = text.find("-->", start)
        if end < 0:
            return
        yield Edit(start, end + 3, "", "markup", "an HTML comment")
        start = text.find("<!--", end)


def _stands_for_space(text: str, start: int, end: int) -> bool:
    """Whether a tag at ``start:end`` parts two words rather than the pieces of one."""
    left = LAST_WORD.search(text[max(0, start - 40) : start])
    right = FIRST_WORD.match(text, end, end + 40)
    return bool(left and right and len(left[0]) > 1 and not is_word(left[0] + right[0]))


def markdown(text: str) -> Iterator[Edit]:
    """Links and bold type in Markdown.

    >>> [(e.start, e.end, e.after) for e in markdown("The [envoy](https://example.org/x) **left**.")]
    [(4, 5, ''), (10, 34, ''), (35, 37, ''), (41, 43, '')]
    """
    if "](" in text:
        for match in LINK.finditer(text):
            yield Edit(match.start(), match.start("label"), "", "markup", "a Markdown link")
            after = " " if text[match.end() : match.end() + 1].isalpha() else ""
            yield Edit(match.end("label"), match.end(), after, "markup", "a Markdown link")
    if "**" in text:
        for match in BOLD.finditer(text):
            yield Edit(match.start(), match.start("inside"), "", "markup", "Markdown bold type")
            after = " " if text[match.end() : match.end() + 1].isalpha() else ""
            yield Edit(match.end("inside"), match.end(), after, "markup", "Markdown bold type")
