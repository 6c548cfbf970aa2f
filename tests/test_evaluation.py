"""The evaluation tasks that run the model, on small files of our own, and their readers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lapwing.analysis import Model, load_model
from lapwing.errors import EvaluationError
from lapwing.evaluation.corpora import marked_pair, read_conllu, read_names, read_polnear
from lapwing.evaluation.factuality import evaluate_factuality
from lapwing.evaluation.ner import evaluate_ner
from lapwing.evaluation.plv import evaluate_plv, macro_f1
from lapwing.evaluation.polnear import evaluate_polnear
from lapwing.evaluation.translation import agreement_of, evaluate_translation
from lapwing.evaluation.ud import evaluate_ud

CONLLU = """# newdoc id = one
# sent_id = one-1
1\tPresident\tpresident\tNOUN\tNN\t_\t2\tcompound\t_\t_
2\tAliyev\tAliyev\tPROPN\tNNP\t_\t3\tnsubj\t_\t_
3\tvisited\tvisit\tVERB\tVBD\t_\t0\troot\t_\t_
4\tTbilisi\tTbilisi\tPROPN\tNNP\t_\t3\tobj\t_\t_
5\t.\t.\tPUNCT\t.\t_\t3\tpunct\t_\t_

# newdoc id = two
# sent_id = two-1
1-2\tdidn't\t_\t_\t_\t_\t_\t_\t_\t_
1\tdid\tdo\tAUX\tVBD\t_\t3\taux\t_\t_
2\tn't\tnot\tPART\tRB\t_\t3\tadvmod\t_\t_
3\tsign\tsign\tVERB\tVB\t_\t0\troot\t_\t_

"""

NAMES = """# newdoc id = d
# sent_id = s1
1\tAliyev\tB-PER\t-\t-
2\tflew\tO\t-\t-
3\tto\tO\t-\t-
4\tNew\tB-LOC\t-\t-
5\tYork\tI-LOC\t-\t-
6\t.\tO\t-\t-

"""


@pytest.fixture(scope="module")
def model() -> Model:
    return load_model()


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf8")
    return path


def test_conllu_leaves_ranges_out_and_parts_documents(tmp_path: Path) -> None:
    documents = list(read_conllu(write(tmp_path / "x.conllu", CONLLU)))
    assert [name for name, _ in documents] == ["one", "two"]
    assert [row[1] for row in documents[1][1][0].rows] == ["did", "n't", "sign"]


def test_a_broken_line_is_an_error_that_says_so(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="columns"):
        list(read_conllu(write(tmp_path / "x.conllu", "1\tonly\tthree\n\n")))


def test_ud(tmp_path: Path, model: Model) -> None:
    figures, items = evaluate_ud(write(tmp_path / "x.conllu", CONLLU), model=model)
    assert figures["words"] == 8
    assert figures["las"] >= 0.7
    assert [i["sent_id"] for i in items] == ["one-1", "two-1"]
    assert len(items[0]["pred"]) == len(items[0]["gold"]) == 5


def test_names_of_iob1_get_their_b(tmp_path: Path) -> None:
    document = next(read_names(write(tmp_path / "x.txt", "The O\nMad I-ORG\nCapsule I-ORG\nin O\nTokyo I-LOC\n\n")))
    assert document[0].labels == ["O", "B-ORG", "I-ORG", "O", "B-LOC"]


def test_ner(tmp_path: Path, model: Model) -> None:
    figures, items = evaluate_ner(write(tmp_path / "x.iob2", NAMES), model=model)
    assert figures["entities"] == 2
    assert figures["f1"] >= 0.5
    assert len(items[0]["pred"]) == 6


def test_plv(tmp_path: Path, model: Model) -> None:
    rows = (
        "sentence\tmarked_sentence\tsource\ttarget\troot\tquad\n"
        "Iran condemned Israel.\t<s>Iran</s> condemned <t>Israel</t>.\tIran\tIsrael\tACCUSE\t3\n"
        "France bombed Libya.\t<s>France</s> bombed <t>Libya</t>.\tFrance\tLibya\tASSAULT\t4\n"
    )
    figures, items = evaluate_plv(write(tmp_path / "x.tsv", rows), model=model)
    assert [i["pred"] for i in items] == ["ACCUSE", "ASSAULT"]
    assert figures["root_macro_f1"] == figures["quad_macro_f1"] == 1.0


def test_a_pair_longer_than_the_model_reads_is_cut_around_the_marks(model: Model) -> None:
    from lapwing.analysis import pair_scores

    words, marks = marked_pair(
        "It was a mild day . " * 120 + "<s>Iran</s> condemned <t>Israel</t> ." + " It was a mild day ." * 120
    )
    scores, quads = pair_scores(words, marks, model)
    assert scores.shape == (16,)
    assert quads.shape == (5,)
    assert model.labels["pairs"][int(scores.argmax())] == "ACCUSE"


def test_macro_f1_counts_classes_alike() -> None:
    assert macro_f1([("a", "a")] * 98 + [("b", "a"), ("b", "b")]) == pytest.approx(0.8308, abs=1e-3)


def test_polnear(tmp_path: Path, model: Model) -> None:
    (tmp_path / "text").mkdir()
    (tmp_path / "attributions").mkdir()
    text = "The minister said the border would stay closed."
    write(tmp_path / "text/a.txt", text)
    write(
        tmp_path / "attributions/a_0001.ann",
        "T1\tSource 0 12\tThe minister\nT2\tCue 13 17\tsaid\nT3\tContent 18 46\tthe border\nwould stay closed\n",
    )
    assert next(read_polnear(tmp_path))[2] == [("source", 0, 12), ("cue", 13, 17), ("content", 18, 46)]
    figures, items = evaluate_polnear(tmp_path, model=model)
    assert figures["cue_f1"] == 1.0
    assert figures["content_f1"] >= 0.8
    assert all(text[s:e] for _, s, e in items[0]["pred"])


def test_factuality(tmp_path: Path, model: Model) -> None:
    rows = [
        {"text": "Troops left the town .", "targets": [{"span1": [1, 2], "label": 3.0}]},
        {"text": "Troops did not leave the town .", "targets": [{"span1": [3, 4], "label": -3.0}]},
    ]
    path = write(tmp_path / "x.jsonl", "\n".join(json.dumps(r) for r in rows))
    figures, items = evaluate_factuality(path, model=model)
    assert figures["pearson_r"] > 0.9
    assert items[0]["pred"][0] > 1
    assert items[1]["pred"][0] < 0


def test_a_line_that_is_not_json_is_named(tmp_path: Path, model: Model) -> None:
    with pytest.raises(EvaluationError, match="line 2"):
        evaluate_factuality(write(tmp_path / "x.jsonl", '{"text": "a", "targets": []}\n{oops\n'), model=model)


def test_a_translation_is_compared_with_its_original(tmp_path: Path) -> None:
    one = {"doc_id": "a", "text": "Iran condemned Israel.", "mt": "Iran condemned Israel on Friday."}
    two = {"doc_id": "b", "text": "Chad invaded Mali."}
    for article in (one, two):
        write(tmp_path / f"{article['doc_id']}.json", json.dumps(article))
    figures, items = evaluate_translation(tmp_path)
    assert figures["docs"] == 1
    assert [item["doc_id"] for item in items] == ["a"]
    assert items[0]["gold"] == items[0]["pred"] == [("ACCUSE", ("IRN",), ("ISR",))]
    assert figures["dyads"]["f1"] == 1.0


def test_a_lost_party_counts_against_the_dyad_and_not_against_the_type() -> None:
    figures = agreement_of([[("AID", ("FRA",), ("MLI",))]], [[("AID", ("FRA",), ())]])
    assert (figures["dyads"]["f1"], figures["parties"]["f1"], figures["types"]["f1"]) == (0.0, 0.0, 1.0)


def test_a_folder_without_translations_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "a.json", json.dumps({"doc_id": "a", "text": "Chad invaded Mali."}))
    with pytest.raises(EvaluationError, match="translation"):
        evaluate_translation(tmp_path)
