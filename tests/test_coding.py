"""Many articles: in order, by one process or several, each failure told and none lost."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from factories import code_by_rote
from lapwing import coding
from lapwing.errors import EmptyArticle, ModelError, NotText, SourceError
from lapwing.records import Article, CodedDocument, Failure
from lapwing.settings import Settings


def articles(*texts: str) -> list[Article | Failure]:
    return [Article(id=f"a{n}", text=text) for n, text in enumerate(texts)]


READS = [*articles("one", "fail", "break"), Failure(where="file", reason="unreadable"), *articles("two", "three")]


def told(results: list[CodedDocument | Failure]) -> list[str]:
    return [result.reason if isinstance(result, Failure) else result.document.text for result in results]


EXPECTED = [
    "one",
    "there is nothing in it",
    "Lapwing broke on it (ZeroDivisionError: by zero). Please report this, with the article.",
    "unreadable",
    "two",
    "three",
]


@pytest.mark.parametrize("jobs", [1, 2, None])
def test_order_and_failures_are_the_same_whatever_the_processes(jobs: int | None) -> None:
    assert told(list(coding.code_articles(READS, jobs=jobs, code=code_by_rote))) == EXPECTED


def test_a_pool_gives_what_one_process_gives() -> None:
    many = articles(*(f"text {n}" for n in range(30)))
    one = list(coding.code_articles(many, jobs=1, code=code_by_rote))
    assert list(coding.code_articles(many, jobs=2, code=code_by_rote)) == one


def test_a_worker_that_dies_loses_its_own_article_only() -> None:
    results = told(list(coding.code_articles(articles("one", "die", "two", "three"), jobs=2, code=code_by_rote)))
    assert results[0] == "one"
    assert "was killed" in results[1]
    assert results[2:] == ["two", "three"]


def test_a_single_article_does_not_pay_for_a_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coding, "_new_pool", lambda workers: pytest.fail("a pool was started"))
    assert told(list(coding.code_articles(articles("one"), jobs=8, code=code_by_rote))) == ["one"]
    assert len(list(coding.code_articles(articles(*"abcdefgh"), jobs=None, code=code_by_rote))) == 8


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_damaged_model_ends_the_run(jobs: int) -> None:
    with pytest.raises(ModelError):
        list(coding.code_articles(articles("one", "damaged", "two"), jobs=jobs, code=code_by_rote))


def test_the_stream_is_not_read_far_ahead() -> None:
    taken = 0

    def endless() -> object:
        nonlocal taken
        while True:
            taken += 1
            yield Article(id=str(taken), text="x")

    results = coding.code_articles(endless(), jobs=1, code=code_by_rote)  # type: ignore[arg-type]
    next(results)
    assert taken == 1


def test_bad_arguments_are_refused_in_words() -> None:
    with pytest.raises(EmptyArticle):
        coding.article_of_text(" ", settings=Settings())
    with pytest.raises(SourceError, match="ISO 8601"):
        coding.article_of_text("Hello.", published="19 May", settings=Settings())
    with pytest.raises(SourceError, match="too long"):
        coding.article_of_text("Hello.", settings=Settings(max_chars=3))
    with pytest.raises(NotText):
        coding.article_of_text("a\ud800", settings=Settings())


def test_a_coder_can_be_pickled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coding, "_model", lambda: None)
    coder = coding.load(settings=Settings(max_chars=5))
    assert pickle.loads(pickle.dumps(coder)).settings == Settings(max_chars=5)


def test_import_lapwing_is_light() -> None:
    script = "import sys, lapwing; lapwing.load; print(*sys.modules)"
    src = Path(coding.__file__).parents[1]
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=src).stdout
    assert not {"numpy", "onnxruntime", "trafilatura", "pyarrow", "rich", "httpx2", "typer"} & set(told.split())
