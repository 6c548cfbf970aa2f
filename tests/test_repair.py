"""Damage is undone, its offsets lead back, and what is not damaged stays as it was."""

from __future__ import annotations

import random
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lapwing.errors import KnowledgeError
from lapwing.records import Repaired
from lapwing.repair import repair
from lapwing.repair.edits import Edit, apply, draft, offset_map
from lapwing.repair.glue import tails

NAMES = frozenset({"Putin", "Minsk", "Ferdinand", "Kremlin", "Moscow"})

UNDONE = [
    ("mojibake", "Theyâ€™re in SÃ£o Paulo, he saidâ€”twice.", "They’re in São Paulo, he said—twice."),
    ("mojibake", "â€œNo,â€\x9d she said.", "“No,” she said."),
    ("mojibake", "He called it â€œfairâ€ and left.", "He called it “fair” and left."),
    ("quotes", "„Nein“, said the envoy.", "“Nein”, said the envoy."),
    ("quotes", "He called it «a farce».", "He called it “a farce”."),
    ("quotes", "``We will go,'' she said.", "“We will go,” she said."),
    ("quotes", "a “threat“ to peace", "a “threat” to peace"),
    ("quotes", 'She spoke of ""a trap"" there.', 'She spoke of "a trap" there.'),
    ("quotes", "They don`t know.", "They don’t know."),
    ("dashes", "They spoke –at least in public– of trade.", "They spoke – at least in public – of trade."),
    ("dashes", "OSLO (AP) _ The talks failed.", "OSLO (AP) — The talks failed."),
    ("glued-word", "Vladimir Putinand his guest left.", "Vladimir Putin and his guest left."),
    ("glued-word", "Ana Orlovawho spoke, left. Orlova smiled.", "Ana Orlova who spoke, left. Orlova smiled."),
    ("glued-word", "the spokeswoman, Daria Orlovacalled it a lie", "the spokeswoman, Daria Orlova called it a lie"),
    ("glued-word", "NATOis ready, said NATO.", "NATO is ready, said NATO."),
    ("glued-word", "They met inMoscow.", "They met in Moscow."),
    ("glued-word", "the head ofthe army", "the head of the army"),
    ("missing-space", "He left in 2022.The talks ended.", "He left in 2022. The talks ended."),
    ("missing-space", "The minister,who spoke,left.", "The minister, who spoke, left."),
    ("missing-space", "It was “unfounded”and wrong.", "It was “unfounded” and wrong."),
    ("missing-space", "They met in October2022 again.", "They met in October 2022 again."),
    ("markup", "AT&amp;T and <b>Minsk</b> agreed&#8217;", "AT&T and Minsk agreed’"),
    ("markup", "the envoy, <a href='/x'>Peskov</a>called it", "the envoy, Peskov called it"),
    ("markup", "<b>M</b>oscow said <!-- ad -->no.", "Moscow said no."),
    ("markup", "The [envoy](https://example.org/a) left.", "The envoy left."),
    ("whitespace", "9\xa0000 men\r\nleft", "9 000 men\nleft"),
    ("control", "\ufeffKy\u200biv \x07fell", "Kyiv fell"),
    ("control", "a \ud83d\ude00 and \ud83d", "a \U0001f600 and \ufffd"),
]

LEFT_ALONE = [
    "“We won’t,” he said. 'No' – the “other” one's.",
    "U.S. Rep. John Hale paid $3.5 million at 5 p.m. on www.example.com/News.Html, e.g. to bbc.co.uk.",
    "Ferdinand, Roland, Martin, Esther, Kashmiris and the Parishad met McDonald at YouTube.",
    "Morris met Morrison, and Harris met Harrison; the Parishad of Butare and the Kashmiris were calm.",
    "The 1990–91 war—a long one—cost 3,000 lives (re)counted <3 & 5 < 6.",
    "São Paulo, Göran, Überlingen, Kraków and Пётр.",
    "He soothed them, tithed and breathed; the lathe and the scythe seethed.",
    "“Multi-paragraph quotes open again.\n\n“And close once.”",
    "contact ana@example.org, twitter.com/x_y or C:\\News,old.Txt",
]


@pytest.mark.parametrize(("kind", "damaged", "clean"), UNDONE)
def test_damage_is_undone(kind: str, damaged: str, clean: str) -> None:
    repaired = repair(damaged, names=NAMES)
    assert repaired.text == clean
    assert kind in {step.kind for step in repaired.steps}
    assert_map_holds(repaired)


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_sound_text_is_left_alone(text: str) -> None:
    repaired = repair(text, names=NAMES)
    assert (repaired.text, repaired.steps) == (text, ())


def assert_map_holds(repaired: Repaired) -> None:
    """Every clean range leads into the given text; what was copied leads to the same characters."""
    text, source, offsets = repaired.text, repaired.given, repaired.offsets
    for k, copied in enumerate(offsets.copied):
        end = offsets.clean[k + 1] if k + 1 < len(offsets.clean) else len(text)
        if copied:
            assert text[offsets.clean[k] : end] == source[offsets.given[k] : offsets.given_end[k]]
    chance = random.Random(len(text))
    for _ in range(40):
        start, end = sorted((chance.randint(0, len(text)), chance.randint(0, len(text))))
        first, last = offsets.to_given(start, end)
        assert 0 <= first <= last <= len(source)
    for step in repaired.steps:
        assert source[step.start : step.end] == step.before
        assert step.reason


FRAGMENTS = st.sampled_from(
    [
        *["Putinand", "â€œ", "â€\x9d", "Ã©", "&amp;", "<b>", "</a>", "\r\n", "\u200b", "said.The", "„", "“", "«", "–x"],
        *["x–", "_ ", "\xa0", "``", "''", '""', "[a](http://b)", "**c**", "&#8217;", "\ud83d", "\ude00", " ", "word"],
        *["Putin", ".", ","],
    ]
)


@given(st.lists(FRAGMENTS, max_size=30).map("".join) | st.text(max_size=200))
@settings(max_examples=300, deadline=None)
def test_every_offset_leads_back(text: str) -> None:
    assert_map_holds(repair(text, names=NAMES))


@given(st.text(alphabet=string.ascii_lowercase + " \n", max_size=300))
@settings(deadline=None)
def test_plain_words_are_untouched(text: str) -> None:
    repaired = repair(
        " ".join(word for word in text.split() if not word.endswith(("the", "of", "and", "that"))), names=NAMES
    )
    kinds = {step.kind for step in repaired.steps}
    assert kinds <= {"glued-word"}


@given(st.text(max_size=200))
@settings(deadline=None)
def test_repair_is_deterministic(text: str) -> None:
    assert repair(text, names=NAMES) == repair(text, names=NAMES)


@given(
    st.text(alphabet="abc ", max_size=40),
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 5), st.text("xy", max_size=3))),
)
def test_edits_compose(text: str, wanted: list[tuple[int, int, str]]) -> None:
    work = draft(text)
    for start, length, after in wanted:
        start = min(start, len(work.text))
        end = min(start + length, len(work.text))
        expected = work.text[:start] + after + work.text[end:]
        work = apply(work, [Edit(start, end, after, "markup", "test")])
        assert work.text == expected
    assert_map_holds(Repaired(given=text, text=work.text, steps=work.steps, offsets=offset_map(work.pieces)))


@pytest.mark.parametrize("unit", ["a", "<", "<!--", "&amp;", "“", "–a ", "é ñ ", "[a](", "Putinand ", "\x00", "aaB."])
def test_time_is_linear(unit: str) -> None:
    from time import process_time

    text = unit * (300_000 // len(unit))
    start = process_time()
    repair(text, names=NAMES)
    assert process_time() - start < 6


def test_a_wrong_table_names_its_line(tmp_path: object) -> None:
    from pathlib import Path

    path = Path(str(tmp_path)) / "tails.txt"
    path.write_text("function: and\nverbs: said\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match="line 2"):
        tails(path)
