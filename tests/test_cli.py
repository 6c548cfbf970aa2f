"""The commands as a user types them: what goes to which stream, which exit code, what is left behind.

Commands run in a process of their own, with `code_by_rote` in place of the pipeline, so that no model is needed.
"""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import factories

SCRIPT = """
import functools, sys
from lapwing import cli, coding
from factories import code_by_rote
coding.code_article = code_by_rote
coding.code_articles.__kwdefaults__["code"] = code_by_rote
sys.argv[0] = "lapwing"
cli.main()
"""

ENVIRONMENT = {**factories.ENVIRONMENT, "NO_COLOR": "", "COLUMNS": "80"}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-c", SCRIPT, *arguments]


def run(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments), capture_output=True, text=True, env=ENVIRONMENT, timeout=60, check=False, **options
    )


def heed_ctrl_c() -> None:
    """What a shell starts in the background ignores Ctrl-C, and so does all that it starts: tests may run there."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """A folder of three articles, the second of which fails."""
    folder = tmp_path / "in"
    folder.mkdir()
    for name, text in (("a", "Norway sent troops."), ("b", "fail"), ("c", "Chile protested.")):
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


# ── read ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_read_prints_a_plain_report_into_a_pipe(articles: Path) -> None:
    done = run("read", str(articles / "a.txt"), "--published", "2023-05-04")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Norway[1] sent troops." in done.stdout
    assert "2023-05-04 (given)" in done.stdout
    assert "\x1b" not in done.stdout


def test_read_colours_a_terminal(articles: Path) -> None:
    leader, follower = pty.openpty()
    environment = {key: value for key, value in ENVIRONMENT.items() if key != "NO_COLOR"} | {"TERM": "xterm-256color"}
    subprocess.run(command("read", str(articles / "a.txt")), stdout=follower, env=environment, check=True, timeout=60)
    os.close(follower)
    assert b"\x1b[1;32mNorway\x1b" in os.read(leader, 65536)
    os.close(leader)


def test_read_json_is_one_object_whose_spans_fit(articles: Path) -> None:
    view = json.loads(run("read", str(articles / "a.txt"), "--json").stdout)
    trigger = view["events"][0]["trigger"]
    assert view["document"]["text"][trigger["start"] : trigger["end"]] == trigger["text"] == "Norway"


def test_read_from_standard_input() -> None:
    assert "Norway[1] sent" in run("read", "-", input="Norway sent troops.").stdout


def test_read_explains_a_record(articles: Path) -> None:
    assert "Norway is a trigger" in " ".join(run("read", str(articles / "a.txt"), "--explain", "1").stdout.split())
    beyond = run("read", str(articles / "a.txt"), "--explain", "2")
    assert beyond.returncode == 2
    assert "has 1 records" in beyond.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("read", "missing.txt"), "missing.txt: no such file"),
        (("read", "http://127.0.0.1:9/"), "not a public address"),
        (("read", "http://127.0.0.1:9/", "--allow-private"), "could not be fetched"),
        (("read", "-", "--published", "yesterday"), "not an ISO 8601 date"),
        (("read",), "Missing argument"),
        (("code", "-", "-f", "xml"), "none of jsonl, csv, parquet"),
        (("code", "-", "--jobs", "0"), "greater than or equal to 1"),
        (("code", "missing"), "nothing could be coded (1 failed)"),
        (("evaluate", "golf"), "no task 'golf'"),
        (("fly",), "No such command"),
    ],
)
def test_wrong_use_is_told_in_a_line_without_a_traceback(arguments: tuple[str, ...], words: str) -> None:
    done = run(*arguments, input="Hello.")
    assert done.returncode == 2
    assert words in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_no_control_character_of_a_name_reaches_the_terminal() -> None:
    assert "\x1b" not in run("read", "\x1b[31mmissing").stderr


def test_read_takes_the_first_of_several_and_says_so(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text('{"text": "One came."}\n{"text": "Two came."}\n', encoding="utf-8")
    done = run("read", str(file))
    assert "One[1] came." in done.stdout
    assert "holds more articles" in done.stderr


# ── code ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("jobs", [(), ("--jobs", "1"), ("--jobs", "2")])
def test_code_tells_failures_codes_the_others_and_exits_with_1(articles: Path, jobs: tuple[str, ...]) -> None:
    done = run("code", str(articles), *jobs)
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert [record["trigger"]["text"] for record in records] == ["Norway", "Chile"]
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        f"lapwing: {articles / 'b.txt'}: there is nothing in it",
        "lapwing: 2 coded, 1 failed, 2 records",
    ]


def test_code_without_failures_is_silent(articles: Path) -> None:
    done = run("code", str(articles / "a.txt"), str(articles / "c.txt"))
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", ["out.jsonl", "out.csv", "out.parquet"])
def test_the_name_of_the_output_chooses_its_format(articles: Path, tmp_path: Path, name: str) -> None:
    out = tmp_path / name
    assert run("code", str(articles / "a.txt"), "-o", str(out)).returncode == 0
    starts = {"out.jsonl": b'{"id"', "out.csv": b"id,doc_id", "out.parquet": b"PAR1"}
    assert out.read_bytes().startswith(starts[name])


def test_parquet_goes_into_a_pipe(articles: Path) -> None:
    done = subprocess.run(
        command("code", str(articles / "a.txt"), "-f", "parquet"),
        capture_output=True,
        env=ENVIRONMENT,
        check=True,
        timeout=60,
    )
    assert done.stdout.startswith(b"PAR1")
    assert done.stdout.endswith(b"PAR1")


def test_a_terminal_gets_a_progress_bar(articles: Path, tmp_path: Path) -> None:
    leader, follower = pty.openpty()
    arguments = command("code", str(articles), "-o", str(tmp_path / "out.jsonl"))
    environment = ENVIRONMENT | {"TERM": "xterm-256color"}
    done = subprocess.run(arguments, stderr=follower, stdout=subprocess.PIPE, env=environment, check=False, timeout=60)
    os.close(follower)
    shown = os.read(leader, 65536).decode()
    os.close(leader)
    assert (done.returncode, done.stdout) == (1, b"")
    assert "articles, 1 failed" in shown
    assert "there is nothing in it" in shown


def test_a_run_that_codes_nothing_leaves_the_old_file(articles: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text("old", encoding="utf-8")
    assert run("code", str(articles / "b.txt"), "-o", str(out)).returncode == 2
    assert out.read_text(encoding="utf-8") == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "out.jsonl"]


def test_an_output_that_cannot_be_written(articles: Path, tmp_path: Path) -> None:
    done = run("code", str(articles / "a.txt"), "-o", str(tmp_path / "no" / "out.jsonl"))
    assert done.returncode == 2
    assert "cannot be written" in done.stderr


def test_notes_of_the_reader_are_told(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes("Málaga protested.".encode("cp1252"))
    done = run("code", str(file))
    assert done.returncode == 0
    assert "read as Windows-1252" in done.stderr


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_reader_that_goes_away_ends_the_run_quietly(tmp_path: Path, jobs: str) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text('{"text": "Norway sent troops."}\n' * 3000, encoding="utf-8")
    with subprocess.Popen(
        command("code", str(file), "--jobs", jobs), stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=60) == 141


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_leaves_no_half_file_and_exits_with_130(tmp_path: Path, jobs: str) -> None:
    out = tmp_path / "out.jsonl"
    with subprocess.Popen(
        command("code", "-", "-o", str(out), "--jobs", jobs),
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=ENVIRONMENT,
        preexec_fn=heed_ctrl_c,
    ) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        process.stdin.write(b'{"text": "Norway sent troops."}\n' * 40)
        process.stdin.flush()
        for _ in range(400):
            if list(tmp_path.iterdir()):
                break
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 130
        assert process.stderr.read() == b"lapwing: interrupted\n"
    assert list(tmp_path.iterdir()) == []


# ── the rest ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_evaluate_lists_its_tasks() -> None:
    out = run("evaluate", "list").stdout
    assert [line.split()[0] for line in out.splitlines()][:3] == ["gold", "ud", "ner"]


def test_evaluate_gold_prints_figures_and_writes_predictions(tmp_path: Path) -> None:
    for folder, content in (
        ("docs", {"doc_id": "a", "text": "Norway sent troops.", "sentences": ["Norway sent troops."]}),
        ("gold", {"doc_id": "a", "events": []}),
    ):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.json").write_text(json.dumps(content), encoding="utf-8")
    paths = (str(tmp_path / "docs"), str(tmp_path / "gold"))
    assert "detect f1" in run("evaluate", "gold", *paths).stdout
    done = run("evaluate", "gold", *paths, "--json", "--predictions", str(tmp_path / "items.jsonl"))
    assert json.loads(done.stdout)["n"] == {"pred": 1, "gold": 0, "docs": 1}
    (line,) = (tmp_path / "items.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["gold"] == []
    assert json.loads(line)["pred"][0]["trigger"]["text"] == "Norway"


def test_version() -> None:
    assert run("--version").stdout.startswith("lapwing 0.")


def test_help_names_the_commands() -> None:
    out = run("--help").stdout
    assert all(name in out for name in ("read", "code", "evaluate"))


def test_the_module_is_the_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "lapwing", "--version"], capture_output=True, text=True, env=ENVIRONMENT, check=False
    )
    assert done.returncode == 0
    assert "lapwing" in done.stdout.lower()
