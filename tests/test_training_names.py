"""Names annotated stand-off on trees: the file, the labels, the candidates, on trees made here."""

from __future__ import annotations

from pathlib import Path

import pytest
from training.names import HEADER, candidates, main, name_labels, read_name_labels, write_name_labels

WRITTEN = Path(__file__).parent.parent / "training" / "written"

TREE = """\
# sent_id = walk-1
1	Ana	Ana	PROPN	NNP	_	2	nsubj	_	_
2	left	leave	VERB	VBD	_	0	root	_	_
3	the	the	DET	DT	_	4	det	_	_
4	University	University	PROPN	NNP	_	2	obj	_	_
5	of	of	ADP	IN	_	6	case	_	_
6	Turku	Turku	PROPN	NNP	_	4	nmod	_	_
7	and	and	CCONJ	CC	_	8	cc	_	_
8	Blue	blue	ADJ	JJ	_	9	amod	_	_
9	Lagoon	Lagoon	PROPN	NNP	_	4	conj	_	_
10	.	.	PUNCT	.	_	2	punct	_	_

"""


def rows(tree: str) -> list[list[str]]:
    return [line.split("\t") for line in tree.splitlines() if line[:1].isdigit()]


def write(folder: Path, *lines: str) -> Path:
    path = folder / "names.tsv"
    path.write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf8")
    return path


def test_a_file_gives_back_what_was_written(tmp_path: Path) -> None:
    names = {"b-2": [(1, 1, "PER"), (4, 6, "ORG")], "a-1": [(2, 3, "LOC")]}
    write_name_labels(tmp_path / "names.tsv", names)
    assert read_name_labels(tmp_path / "names.tsv") == names


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("a-1\t1\t2", "line 2"),
        ("a-1\tone\t2\tPER", "line 2"),
        ("a-1\t1\t2\tGPE", "PER, ORG, LOC, MISC"),
        ("a-1\t3\t2\tPER", "from word 3 to word 2"),
        ("a-1\t0\t2\tPER", "from word 0"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, line: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        read_name_labels(write(tmp_path, line))


def test_names_do_not_overlap(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="overlap"):
        read_name_labels(write(tmp_path, "a-1\t4\t6\tORG", "a-1\t6\t6\tLOC"))


def test_a_file_without_the_header_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.tsv"
    path.write_text("a-1\t1\t2\tPER\n", encoding="utf8")
    with pytest.raises(ValueError, match="first line"):
        read_name_labels(path)


def test_names_side_by_side_each_begin() -> None:
    assert name_labels([(1, 2, "PER"), (3, 3, "ORG")], 3) == ["B-PER", "I-PER", "B-ORG"]
    assert name_labels([], 2) == ["O", "O"]


def test_labels_of_other_trees_are_refused() -> None:
    with pytest.raises(ValueError, match="not the trees"):
        name_labels([(2, 4, "LOC")], 3)


def test_candidates_join_what_the_tree_joins() -> None:
    assert candidates(rows(TREE)) == [(1, 1), (4, 6), (8, 9)]


def test_of_alone_does_not_join() -> None:
    apart = TREE.replace(
        "6	Turku	Turku	PROPN	NNP	_	4	nmod", "6	Turku	Turku	PROPN	NNP	_	2	obl"
    )
    assert candidates(rows(apart)) == [(1, 1), (4, 4), (6, 6), (8, 9)]


def test_what_is_left_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "trees.conllu").write_text(TREE, encoding="utf8")
    main([str(tmp_path / "trees.conllu"), str(write(tmp_path, "walk-1\t4\t6\tORG"))])
    assert capsys.readouterr().out.splitlines() == [
        "walk-1\t1\t1\t [Ana] left the University",
        "walk-1\t8\t9\tof Turku and [Blue Lagoon] .",
    ]


@pytest.mark.parametrize(
    ("file", "count", "kinds"),
    [("ewt_names.tsv", 7000, {"PER", "ORG", "LOC"}), ("gum_names.tsv", 5000, {"PER", "ORG", "LOC", "MISC"})],
)
def test_the_annotation_reads(file: str, count: int, kinds: set[str]) -> None:
    names = read_name_labels(WRITTEN / file)
    assert sum(map(len, names.values())) > count
    assert {kind for spans in names.values() for *_, kind in spans} == kinds
