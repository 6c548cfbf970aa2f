"""What reviewers decided comes back as gold, whole articles only; and how far two of them agree."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from factories import ENVIRONMENT
from lapwing.annotation import write_reviewed
from lapwing.errors import EvaluationError, ExportError
from lapwing.evaluation.agreement import agreement_of, agreement_rows, cohens_kappa
from lapwing.evaluation.gold import figures_of, read_gold
from lapwing.exports import record_of
from lapwing.review import accept, add, complete, correct, delete
from lapwing.store import Filter, Store, find_events, open_store
from test_review import at
from test_store import PROTESTED, SENT, TEXT, story
from test_store import add as put


@pytest.fixture
def store(where: str) -> Iterator[Store]:
    with open_store(where) as opened:
        put(opened, story("a"), story("b/1.txt"), story("c"))
        yield opened


def review(store: Store) -> None:
    """Article 1: one record corrected, one deleted, one added. Article 2: all deleted. Article 3: one of two judged."""
    correct(store, 1, "status", "denied", by="Ada")
    delete(store, 2, by="Ada")
    add(
        store,
        1,
        {"trigger": at("protested"), "event": "REJECT", "actors": [{"name": "Peru", "country": "PER"}]},
        by="Ada",
    )
    complete(store, 1, by="Ada")
    delete(store, 3, by="Ada")
    delete(store, 4, by="Ada")
    complete(store, 2, by="Ada")
    accept(store, 5, by="Ada")


def test_only_complete_articles_become_gold(store: Store, tmp_path: Path) -> None:
    review(store)
    said: list[str] = []
    assert write_reviewed(store, tmp_path / "out", tell=said.append) == 2
    assert said == ["1 articles are reviewed in part, and left out:", "  c: 1 of 2 records not judged"]
    one, two = read_gold(tmp_path / "out" / "docs", tmp_path / "out" / "gold")
    assert [(event["type"], event["status"], event["sentence"]) for event in one.events] == [
        ("MOBILIZE", "denied", 0),
        ("REJECT", "happened", 1),
    ]
    assert (two.document["doc_id"], two.events) == ("b/1.txt", [])
    assert json.loads((tmp_path / "out" / "gold" / "a.json").read_text())["reviewed_by"] == ["Ada"]


def test_gold_of_reviewers_scores_what_was_judged_perfect_and_what_was_coded_less(store: Store, tmp_path: Path) -> None:
    review(store)
    write_reviewed(store, tmp_path / "out", tell=lambda _: None)
    articles = read_gold(tmp_path / "out" / "docs", tmp_path / "out" / "gold")

    def sourced(values: Any) -> dict[str, Any]:
        found = [record_of(event) for event in find_events(store, Filter(values=values))]
        told = [[one for one in found if one["doc"]["id"] == article.document["doc_id"]] for article in articles]
        figures: dict[str, Any] = figures_of(articles, told)
        return figures

    assert sourced("judged")["sourced"] == {"p": 1.0, "r": 1.0, "f1": 1.0}
    assert sourced("judged")["accuracy"]["status"] == (1.0, 2)
    assert sourced("coded")["detect"] == {"p": 0.25, "r": 0.5, "f1": 0.3333}
    assert sourced("coded")["sourced"]["f1"] == 0.0


def test_a_store_without_a_complete_article_gives_no_gold(store: Store, tmp_path: Path) -> None:
    accept(store, 1, by="Ada")
    with pytest.raises(ExportError, match="no article is reviewed completely"):
        write_reviewed(store, tmp_path / "out", tell=lambda _: None)
    assert not (tmp_path / "out").exists()


def test_a_folder_that_holds_something_is_left_alone(store: Store, tmp_path: Path) -> None:
    (tmp_path / "kept.json").write_text("{}")
    with pytest.raises(ExportError, match="not an empty folder"):
        write_reviewed(store, tmp_path, tell=lambda _: None)


def test_two_versions_of_one_article_are_told(where: str, tmp_path: Path) -> None:
    with open_store(where) as store:
        put(store, story("a"), story("a", TEXT + " Chile agreed."))
        for number in (1, 2, 3, 4):
            accept(store, number, by="Ada")
        for doc in (1, 2):
            complete(store, doc, by="Ada")
        with pytest.raises(ExportError, match="two versions"):
            write_reviewed(store, tmp_path / "out", tell=lambda _: None)


# ── agreement ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_two_reviewers_are_compared_field_by_field(store: Store) -> None:
    for number in range(1, 7):
        accept(store, number, by="Ada")
    correct(store, 1, "status", "denied", by="Bo")
    accept(store, 2, by="Bo")
    accept(store, 3, by="Bo")
    delete(store, 4, by="Bo")
    correct(store, 5, "recipients", [{"name": "Peru", "country": "PER"}], by="Bo")
    found = agreement_of(store, "Ada", "Bo")
    assert (found.records, found.articles, found.events) == (5, 0, None)
    assert (found.fields["kept"].n, found.fields["kept"].equal, found.fields["kept"].kappa) == (5, 0.8, 0.0)
    status, recipients = found.fields["status"], found.fields["recipients"]
    assert (status.n, status.equal, status.kappa) == (4, 0.75, 0.5)
    assert (recipients.equal, recipients.kappa, recipients.why) == (0.75, None, "its values are on no closed list")
    assert found.fields["event"].kappa == 1.0
    assert found.fields["mode"].why == "both gave one and the same value throughout"
    assert [(one.number, one.field, one.a, one.b) for one in found.differences] == [
        (1, "status", "happened", "denied"),
        (4, "kept", "kept", "deleted"),
        (5, "recipients", "CHL", "PER"),
    ]


def test_which_acts_there_are_is_compared_over_complete_articles(store: Store) -> None:
    for by in ("Ada", "Bo"):
        accept(store, 1, by=by)
        accept(store, 2, by=by)
    add(store, 1, {"trigger": at("said"), "event": "ACCUSE", "actors": [{"name": "Chile", "country": "CHL"}]}, by="Bo")
    complete(store, 1, by="Ada")
    complete(store, 1, by="Bo")
    found = agreement_of(store, "Ada", "Bo")
    assert found.events is not None
    assert found.events["detect"] == {"p": 1.0, "r": 0.6667, "f1": 0.8}
    assert agreement_of(store, "Bo", "Ada").events["detect"]["f1"] == 0.8  # type: ignore[index]
    assert ("detect", "1 articles", "", "F1 0.80") in agreement_rows(found)


def test_who_left_records_to_the_other_did_not_read_the_article(store: Store) -> None:
    accept(store, 1, by="Ada")
    accept(store, 2, by="Bo")
    accept(store, 1, by="Bo")
    complete(store, 1, by="Ada")
    complete(store, 1, by="Bo")
    found = agreement_of(store, "Ada", "Bo")
    assert (found.records, found.articles, found.events) == (1, 0, None)


@pytest.mark.parametrize(
    ("a", "b", "words"), [("Ada", "Ada", "two reviewers"), ("Ada", "Cy", "Cy judged nothing. Reviewers are: Ada")]
)
def test_agreement_is_that_of_two_who_judged(store: Store, a: str, b: str, words: str) -> None:
    accept(store, 1, by="Ada")
    with pytest.raises(EvaluationError, match=words):
        agreement_of(store, a, b)


def test_kappa_is_below_zero_where_two_agree_less_than_by_chance() -> None:
    assert cohens_kappa([("x", "y"), ("y", "x")]) == -1.0
    assert cohens_kappa([]) is None


# ── the command line ──────────────────────────────────────────────────────────────────────────────────────────────────


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "lapwing.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT, check=False)


def test_the_command_line_says_whose_values_it_gives(tmp_path: Path) -> None:
    path = str(tmp_path / "events.duckdb")
    with open_store(path) as store:
        put(store, story("a", TEXT, SENT, PROTESTED))
        correct(store, 1, "status", "denied", by="Ada")
        accept(store, 2, by="Ada")
        accept(store, 1, by="Bo")
        complete(store, 1, by="Ada")
    told = [run("query", "--store", path, "-f", "jsonl", *extra) for extra in ((), ("--values", "judged"))]
    statuses = [[json.loads(line)["status"] for line in done.stdout.splitlines()] for done in told]
    assert statuses == [["happened", "denied"], ["denied", "denied"]]
    assert "values as coded; reviewers left 1 records" in told[0].stderr
    assert "values as judged: reviewers left 1 records" in told[1].stderr
    gold = run("export", "--store", path, "-f", "gold", "-o", str(tmp_path / "gold"))
    assert "2 records" in gold.stderr, gold.stderr
    assert [event["status"] for event in json.loads((tmp_path / "gold/gold/a.json").read_text())["events"]] == [
        "denied",
        "denied",
    ]
    coded = run("export", "--store", path, "-f", "gold", "--values", "coded", "-o", str(tmp_path / "coded"))
    assert coded.returncode == 0, coded.stderr
    assert json.loads((tmp_path / "coded/gold/a.json").read_text())["events"][0]["status"] == "happened"
    holes = run("export", "--store", path, "-f", "gold", "--status", "denied", "-o", str(tmp_path / "x"))
    assert (holes.returncode, "all records of an article" in holes.stderr) == (2, True)
    assert "neither coded nor judged" in run("query", "--store", path, "--values", "best").stderr
    both = run("agreement", "Ada", "Bo", "--store", path, "--json")
    assert json.loads(both.stdout)["fields"]["status"]["n"] == 1
    assert "status" in run("agreement", "Ada", "Bo", "--store", path).stdout
