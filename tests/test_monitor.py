"""Watching feeds: what is new is stored once, failures pass, the end is clean, and rules tell what they should.

Articles are coded by rote, so that no model is needed; feeds come from a server that the test starts.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from factories import ENVIRONMENT, code_by_rote, coded
from lapwing import cli
from lapwing.errors import FeedsError
from lapwing.monitor import Stop, watch
from lapwing.monitor import polling as module
from lapwing.monitor.config import Feed, Feeds, Fetching, Rule, feeds_of, load_feeds
from lapwing.monitor.polling import Polled
from lapwing.monitor.signals import begin, matches, news, note_told, origin_of, sources_of
from lapwing.records import Article, CodedDocument, Coder, Relay, Span
from lapwing.store import Store, open_store, start_run, store_document
from lapwing.store.visits import NEVER, Visit, forget_visit, note_visit, put_off, stored_ids, visit_of
from served import Site, page, rss, serving

pytest.importorskip("feedparser")

CODER = Coder(lapwing="0.1.0", model="test")

ROOT = Path(__file__).parents[1]


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as running:
        yield running


class Watched:
    """A feeds.toml on one site, and what looking at it says."""

    def __init__(self, site: Site, folder: Path) -> None:
        self.site = site
        self.where = str(folder / "events.duckdb")
        self.folder = folder
        self.said: list[str] = []
        self.coded: list[str] = []
        self.toml = f'[fetch]\nallow_private = true\ndelay_s = 0\nretries = 0\n[[feed]]\nurl = "{site.address}/rss"\n'

    def feed(self, *names: str, **headers: Any) -> None:
        """Let the feed list the pages of these names from now on."""
        self.site.pages.pop("/rss", None)
        items = [(f"{self.site.address}/{name}", name) for name in names]
        self.site.serve("/rss", rss(*items), kind="application/rss+xml", **headers)

    def pages(self, *names: str) -> None:
        for name in names:
            self.site.serve(f"/{name}", page(f"Title {name}"))

    def look(self, **options: Any) -> list[Polled]:
        def code(article: Article) -> CodedDocument:
            self.coded.append(article.id.rpartition("/")[2])
            return code_by_rote(article)

        feeds = feeds_of(self.toml, folder=self.folder)
        return watch(feeds, coder=CODER, once=True, **{"code": code, "say": self.said.append, **options})

    def ids(self) -> list[str]:
        with open_store(self.where, mode="read") as store:
            return [str(id).rpartition("/")[2] for (id,) in store.engine.rows("SELECT id FROM documents ORDER BY seq")]

    def later(self, **passed: float) -> None:
        """Let the time pass that the store was told to wait."""
        with open_store(self.where) as store:
            for url, due in store.engine.rows("SELECT url, due FROM visits WHERE due < $1", [NEVER]):
                store.engine.execute("UPDATE visits SET due = $1 WHERE url = $2", [due - timedelta(**passed), url])


@pytest.fixture
def watched(site: Site, tmp_path: Path) -> Watched:
    return Watched(site, tmp_path)


# ── new, known, unchanged ─────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_new_in_a_feed_is_fetched_coded_and_stored_once(watched: Watched) -> None:
    watched.pages("one", "two", "three")
    watched.feed("one", "two", "one")
    watched.look()
    watched.feed("three", "two")
    watched.look()
    assert watched.ids() == watched.coded == ["one", "two", "three"]
    assert watched.site.paths() == ["/rss", "/one", "/two", "/rss", "/three"]
    assert [line.partition(": ")[2] for line in watched.said] == ["2 new, 2 records", "1 new, 1 record"]
    with open_store(watched.where) as store:
        assert store.engine.rows("SELECT kind, stored FROM runs WHERE kind = 'watch' ORDER BY seq") == [
            ("watch", 2),
            ("watch", 1),
        ]


def test_a_feed_that_did_not_change_is_not_sent_again(watched: Watched) -> None:
    watched.pages("one")
    watched.feed("one", ETag='"v1"')
    watched.look()
    for _ in range(2):
        watched.look()
        assert watched.site.asked[-1][1]["If-None-Match"] == '"v1"'
    assert watched.said[-1].endswith("nothing new")
    assert watched.coded == ["one"]


def test_a_feed_is_not_done_because_its_server_says_so_unasked(watched: Watched) -> None:
    watched.site.serve("/rss", status=304, ETag='"v1"')
    watched.look()
    assert "it was not asked that" in watched.said[0]


def test_a_feed_of_which_something_is_owed_is_asked_for_as_a_whole(watched: Watched) -> None:
    watched.pages("one")
    watched.feed("one", "missing", ETag='"v1"')
    watched.look()
    assert "missing: the server answered 404" in watched.said[0]
    assert watched.said[1].endswith("1 new, 1 record, 1 failed, 1 left for later")
    watched.look()
    assert "If-None-Match" not in watched.site.asked[-1][1]
    assert watched.site.paths().count("/missing") == 1
    watched.site.pages["/missing"] = [(200, {"Content-Type": "text/html"}, page("Found").encode())]
    watched.later(minutes=16)
    watched.look()
    assert watched.ids() == ["one", "missing"]
    watched.look()
    assert watched.site.asked[-1][1]["If-None-Match"] == '"v1"'


def test_a_page_that_can_never_be_had_is_given_up(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAGE_WAITS", (timedelta(minutes=15),))
    watched.feed("missing", ETag='"v1"')
    for _ in range(4):
        watched.look()
        watched.later(days=4)
    assert watched.site.paths().count("/missing") == 2
    assert watched.site.asked[-1][1]["If-None-Match"] == '"v1"'


def test_no_more_than_so_many_are_fetched_at_a_time(watched: Watched) -> None:
    watched.pages("one", "two", "three")
    watched.feed("one", "two", "three", ETag='"v1"')
    watched.toml = "most_new = 2\n" + watched.toml
    assert [polled.owed for polled in watched.look()] == [1]
    assert [polled.owed for polled in watched.look()] == [0]
    assert watched.ids() == ["one", "two", "three"]


def test_a_site_that_fails_is_left_alone(watched: Watched) -> None:
    watched.feed(*(f"missing{n}" for n in range(9)))
    (polled,) = watched.look()
    assert (polled.tally.failed, polled.owed) == (5, 9)
    assert len(watched.site.paths()) == 6


def test_folders_and_sitemaps_are_watched_too(watched: Watched) -> None:
    inbox = watched.folder / "inbox"
    inbox.mkdir()
    (inbox / "a.txt").write_text("Word of mouth.", encoding="utf-8")
    watched.pages("one")
    watched.feed()
    urls = f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>{watched.site.address}/one</loc></url></urlset>"
    watched.site.serve("/map.xml", urls, kind="application/xml")
    watched.toml += f'[[feed]]\npath = "inbox"\nname = "Inbox"\n[[feed]]\nurl = "{watched.site.address}/map.xml"\n'
    watched.look()
    (inbox / "b.txt").write_text("Second word.", encoding="utf-8")
    watched.look()
    assert watched.ids() == ["a.txt", "one", "b.txt"]
    with open_store(watched.where) as store:
        assert store.engine.rows("SELECT count(*) FROM runs WHERE kind = 'watch'") == [(3,)]


# ── put together ──────────────────────────────────────────────────────────────────────────────────────────────────────────

RAID = "Gunners of Peru shelled the harbour of Arica in Chile on 2 May 2023, killing 14 sailors, General Pedro Soto said in Lima."


def raid(article: Article) -> CodedDocument:
    told = {"trigger": "shelled", "event": "ASSAULT", "mode": "heavy-weapons", "date": (None, "2023-05-02", "day")}
    sides = {"actors": [("Gunners", "PER", "MIL")], "recipients": [("harbour", "CHL", "CVL")]}
    event = {**told, **sides, "place": ("Arica", "CHL", "city"), "magnitude": {"dead": 14.0}}
    return coded(article.text, event, doc_id=article.id, published="2023-05-02")


def clustered(where: str) -> list[tuple[int, int]]:
    with open_store(where, mode="read") as store:
        return store.engine.rows("SELECT record, act FROM memberships ORDER BY record")


def test_what_is_stored_is_put_together_look_by_look(watched: Watched) -> None:
    for name in ("one", "two", "three"):
        watched.site.serve(f"/{name}", page(f"Raid on Arica, {name}", RAID))
    watched.feed("one", "two")
    watched.look(code=raid)
    assert clustered(watched.where) == [(1, 1), (2, 1)]
    watched.feed("one", "two", "three")
    watched.look(code=raid)
    assert clustered(watched.where) == [(1, 1), (2, 1), (3, 1)]
    with open_store(watched.where) as store:
        assert (
            store.engine.rows("SELECT doc, run FROM compared ORDER BY doc")[0][1] == 2
        )  # what was compared is not again
        assert store.engine.rows("SELECT count(*) FROM copies") == [(2,)]
    watched.look(code=raid)
    with open_store(watched.where) as store:
        assert store.engine.rows("SELECT count(*) FROM runs WHERE kind = 'cluster'") == [(2,)]


def test_what_was_stored_before_a_program_was_killed_is_put_together_by_the_next(watched: Watched) -> None:
    for name in ("one", "two"):
        watched.site.serve(f"/{name}", page(f"Raid on Arica, {name}", RAID))
    watched.feed("one", "two")
    watched.toml = "cluster = false\n" + watched.toml
    watched.look(code=raid)
    assert clustered(watched.where) == []
    watched.toml = watched.toml.removeprefix("cluster = false\n")
    watched.look(code=raid)
    assert clustered(watched.where) == [(1, 1), (2, 1)]


# ── failures ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_feed_that_fails_is_asked_for_ever_more_seldom_and_holds_up_no_other(watched: Watched) -> None:
    watched.pages("one")
    watched.feed("one")
    watched.toml = watched.toml.replace(
        "[[feed]]", f'[[feed]]\nurl = "{watched.site.address}/broken"\nname = "Broken"\n[[feed]]'
    )
    watched.site.serve("/broken", status=500)
    watched.look()
    assert watched.said[0] == "Broken: the server answered 500. Next look in 15 min."
    assert watched.ids() == ["one"]
    watched.look()
    assert "left alone after a failure: the server answered 500" in watched.said[2]
    watched.later(minutes=16)
    watched.look()
    assert watched.said[4] == "Broken: the server answered 500. Next look in 30 min."
    watched.site.pages["/broken"] = [(200, {}, rss().encode())]
    watched.later(minutes=31)
    watched.look()
    assert watched.said[-2] == "Broken: nothing new"


def test_a_server_that_asks_to_be_left_alone_is_also_by_the_next_run(watched: Watched) -> None:
    watched.site.serve("/rss", status=429, Retry_After="7200")
    assert [polled.wait_s for polled in watched.look()] == [7200.0]
    assert "Next look in 2 h" in watched.said[0]


def test_what_is_no_feed_is_a_failure(watched: Watched) -> None:
    watched.site.serve("/rss", "<html><body>Log in</body></html>")
    watched.look()
    assert "neither a feed nor a sitemap" in watched.said[0]


def test_an_article_that_cannot_be_coded_is_told_and_the_others_are_stored(watched: Watched) -> None:
    watched.pages("one", "two")
    watched.feed("one", "two")

    def code(article: Article) -> CodedDocument:
        return code_by_rote(Article(id=article.id, text="break") if article.id.endswith("one") else article)

    watched.look(code=code)
    assert "Lapwing broke on it" in watched.said[0]
    assert watched.ids() == ["two"]


def test_a_store_that_another_program_has_open_is_waited_for(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    watched.pages("one")
    watched.feed("one")
    monkeypatch.setattr(module, "BUSY_WAITS_S", (0.01, 0.01))
    script = "import sys, duckdb; c = duckdb.connect(sys.argv[1]); print(flush=True); sys.stdin.read()"
    with open_store(watched.where):
        pass
    with subprocess.Popen(
        [sys.executable, "-c", script, watched.where], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        watched.look()
        assert "in use by another program" in watched.said[0]
        other.communicate(b"")
    watched.look()
    assert watched.ids() == ["one"]


# ── the end ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_when_the_end_is_asked_for_the_article_at_hand_is_finished(watched: Watched) -> None:
    watched.pages("one", "two", "three")
    watched.feed("one", "two", "three", ETag='"v1"')
    stop = Stop()

    def code(article: Article) -> CodedDocument:
        if article.id.endswith("two"):
            os.kill(os.getpid(), signal.SIGTERM)
        return code_by_rote(article)

    before = signal.getsignal(signal.SIGTERM)
    watched.look(code=code, stop=stop)
    assert watched.ids() == ["one", "two"]
    assert watched.said[-1].startswith("stopped")
    assert signal.getsignal(signal.SIGTERM) is before
    watched.look()
    assert watched.ids() == ["one", "two", "three"]


WATCHER = """
import sys
from pathlib import Path
from factories import code_by_rote
from lapwing.monitor import load_feeds, watch
from lapwing.records import Coder

coder = Coder(lapwing="0.1.0", model="test")
watch(load_feeds(Path(sys.argv[1])), coder=coder, code=code_by_rote, say=lambda line: print(line, flush=True))
"""


def test_a_watcher_that_waits_ends_at_once_and_well(watched: Watched) -> None:
    watched.pages("one")
    watched.feed("one")
    file = watched.folder / "feeds.toml"
    file.write_text(watched.toml, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, "-c", WATCHER, file], stdout=subprocess.PIPE, text=True, env=ENVIRONMENT
    ) as process:
        assert process.stdout is not None
        assert "1 new, 1 record" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert "stopped" in process.stdout.readline()
        assert process.wait(timeout=20) == 0
    assert watched.ids() == ["one"]


# ── the command ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("broken", "exit_code"), [((), 0), (("/broken",), 1), (("/broken", "/rss"), 2)], ids=["all", "some", "none"]
)
def test_the_command_looks_once_and_tells_how_it_went(
    watched: Watched, monkeypatch: pytest.MonkeyPatch, broken: tuple[str, ...], exit_code: int
) -> None:
    assert watch.__kwdefaults__
    monkeypatch.setitem(watch.__kwdefaults__, "code", code_by_rote)
    watched.pages("one")
    watched.feed("one")
    for path in broken:
        watched.site.pages.pop(path, None)
        watched.site.serve(path, status=500)
    if "/broken" in broken:
        watched.toml += f'[[feed]]\nurl = "{watched.site.address}/broken"\n'
    file = watched.folder / "feeds.toml"
    file.write_text(watched.toml, encoding="utf-8")
    other = str(watched.folder / "other.duckdb")
    done = CliRunner().invoke(cli.app, ["watch", str(file), "--once", "--store", other])
    assert done.exit_code == exit_code
    assert re.match(r"lapwing: \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ http://127", done.stderr)
    watched.where = other
    assert watched.ids() == ([] if "/rss" in broken else ["one"])


@pytest.mark.parametrize(("options", "words"), [(["--interval", "1s"], "too often"), ([], "give either url")])
def test_the_command_tells_what_is_wrong_before_it_looks(tmp_path: Path, options: list[str], words: str) -> None:
    file = tmp_path / "feeds.toml"
    file.write_text(FEED if options else "[[feed]]\n", encoding="utf-8")
    done = CliRunner().invoke(cli.app, ["watch", str(file), *options])
    assert (done.exit_code, words in done.stderr) == (2, True)


# ── signals ───────────────────────────────────────────────────────────────────────────────────────────────────────────

TEXT = "On Friday Russia struck Ukraine, Reuters said."

OTHER = "Russian aircraft of Russia struck Ukraine again, as villagers saw."


def telling(name: str, text: str = TEXT, day: str = "2023-05-05", **event: Any) -> tuple[Article, CodedDocument]:
    """An article with one record."""
    values = {
        "trigger": "struck",
        "event": "ASSAULT",
        "actors": (("Russia", "RUS", "GOV"),),
        "recipients": (("Ukraine", "UKR", "CVL"),),
        "date": (None, day, "day"),
        **event,
    }
    return Article(id=name, text=text, outlet=name), coded(text, values, doc_id=name)


def keep(store: Store, *articles: tuple[Article, CodedDocument]) -> None:
    run = start_run(store, kind="test", inputs=(), coder=CODER)
    for article, document in articles:
        store_document(store, run, article, document)


def event_like(**event: Any) -> Any:
    return telling("a", **event)[1].events[0]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"dyad": "RUS-UKR"}, True),
        ({"dyad": "RUS/GOV-UKR/CVL"}, True),
        ({"dyad": "RUS-*"}, True),
        ({"dyad": "*-/CVL"}, True),
        ({"dyad": "UKR-RUS"}, False),
        ({"dyad": "RUS/REB-UKR"}, False),
        ({"event": ("PROTEST", "ASSAULT")}, True),
        ({"event": ("PROTEST",)}, False),
        ({"status": ("denied",)}, False),
        ({"status": ("denied", "happened"), "dyad": "RUS-UKR"}, True),
        ({"mode": "beat"}, False),
        ({"place": "ukr"}, True),
        ({"place": "ukraine"}, True),
        ({"place": "POL"}, False),
        ({"min_confidence": 0.75}, True),
        ({"min_confidence": 0.8}, False),
    ],
)
def test_which_records_a_rule_asks_for(rule: dict[str, Any], expected: bool) -> None:
    event = event_like(place=("Ukraine", "UKR", "country"))
    assert matches(Rule(name="r", **rule), event) is expected


def test_copies_relays_and_quotations_are_one_source() -> None:
    def events(*told: dict[str, Any]) -> list[Any]:
        return [
            telling(f"Post {n}", text=values.pop("text", f"{n}. {TEXT}"), **values)[1].events[0]
            for n, values in enumerate(told)
        ]

    relay = {"relay": Relay("Reuters", Span(0, 1, "x"))}
    speaker = {"source": ("Reuters", None, "direct", "said")}
    assert len(sources_of(events({}, {}, {}))) == 3
    assert len(sources_of(events({"text": TEXT}, {"text": TEXT.replace("On Friday", "ON  FRIDAY")}))) == 1
    assert sources_of(events(relay, relay, {})) == ("Reuters", "Post 2")
    assert len(sources_of(events(speaker, speaker))) == 1
    assert [origin_of(event) for event in events({})] == ["Post 0"]


def test_a_rule_looks_only_at_what_came_since_and_tells_it_once(where: str) -> None:
    rules = (Rule(name="strikes", dyad="RUS-UKR", event=("ASSAULT",)),)
    with open_store(where) as store:
        keep(store, telling("old"))
        begin(store, rules)
        assert news(store, rules).signals == ()
        keep(store, telling("new"), telling("else", event="PROTEST"))
        first = news(store, rules)
        assert [signal.event.doc.id for signal in first.signals] == ["new"]
        assert news(store, rules) == first  # not yet noted: it is told again rather than not at all
        note_told(store, rules, first)
        begin(store, rules)
        assert news(store, rules).signals == ()


def test_a_rule_waits_for_independent_sources_and_speaks_once(where: str) -> None:
    rules = (Rule(name="strikes", dyad="RUS-UKR", min_sources=2),)
    with open_store(where) as store:
        begin(store, rules)
        keep(store, telling("a"), telling("copy of a"), telling("long ago", OTHER, day="2023-03-01"))
        keep(store, telling("of another type", OTHER, event="COERCE"))
        keep(store, telling("to another country", OTHER, recipients=(("Ukraine", "POL", None),)))
        assert news(store, rules).signals == ()
        keep(store, telling("b", OTHER, day="2023-05-07"), telling("c", OTHER + " So they said.", day="2023-05-06"))
        (signal,) = news(store, rules).signals
        assert (signal.event.doc.id, len(signal.sources)) == ("b", 2)


def test_an_act_without_a_date_is_taken_for_that_of_its_article(where: str) -> None:
    rules = (Rule(name="strikes", dyad="RUS-UKR", min_sources=2),)
    with open_store(where) as store:
        begin(store, rules)
        keep(store, telling("a"))
        article, _ = telling("b", OTHER)
        values = {
            "trigger": "struck",
            "event": "ASSAULT",
            "actors": (("Russia", "RUS"),),
            "recipients": (("Ukraine", "UKR"),),
        }
        keep(store, (article, coded(OTHER, values, doc_id="b", published="2023-05-06")))
        keep(store, (Article(id="undated", text=OTHER), coded(OTHER, values, doc_id="undated")))
        assert [signal.event.doc.id for signal in news(store, rules).signals] == ["b"]


def test_sources_are_counted_by_clusters_and_copies_once(where: str) -> None:
    rules = (Rule(name="strikes", dyad="RUS-UKR", min_sources=2),)
    with open_store(where) as store:
        begin(store, rules)
        reworded = TEXT.replace("On Friday", "Friday:")
        keep(store, telling("a"), telling("b", reworded), telling("c", OTHER, recipients=(("Ukraine", "POL", None),)))
        held = [seq for (seq,) in store.engine.rows("SELECT seq FROM records ORDER BY seq")]
        store.engine.insert("copies", [{"doc": 2, "original": 1, "likest": 1, "kind": "copy", "run": 1}])
        assert news(store, rules).signals == ()
        keep(store, telling("d", "Jets that a priest saw struck Ukraine; Russia is silent.", day="2023-09-09"))
        assert news(store, rules).signals == ()
        newest = max(seq for (seq,) in store.engine.rows("SELECT seq FROM records"))
        members = [{"record": seq, "cluster": "lc-1", "run": 1} for seq in (held[2], newest)]
        store.engine.insert("memberships", members)
        (signal,) = news(store, rules).signals
        assert (signal.event.doc.id, len(signal.sources)) == ("d", 2)


RULE = '[[signal]]\nname = "all of it"\nevent = ["CONSULT"]\n'


def test_a_signal_is_a_line_of_json_on_standard_output(
    watched: Watched, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    watched.pages("one")
    watched.feed("one")
    watched.toml += RULE
    watched.look()
    watched.look()
    (line,) = capfdbinary.readouterr().out.splitlines()
    told = json.loads(line)
    assert (told["signal"], told["record"]["event"]) == ("all of it", "CONSULT")
    assert told["record"]["doc"]["id"].endswith("/one")


def test_a_program_is_started_without_a_shell_and_may_ask_the_store(watched: Watched) -> None:
    watched.pages("one")
    watched.feed("one")
    program = watched.folder / "heard.py"
    program.write_text(
        "import sys, json\nfrom pathlib import Path\nfrom lapwing.store import open_store\n"
        "open_store(sys.argv[2], mode='read').close()\n"
        "Path(sys.argv[3]).write_text(json.dumps([sys.argv[1], json.loads(sys.stdin.read())['signal']]))\n",
        encoding="utf-8",
    )
    heard = watched.folder / "heard.json"
    run = [sys.executable, str(program), "$(touch x); *", watched.where, str(heard)]
    watched.toml += RULE + f"run = {json.dumps(run)}\n"
    watched.look()
    assert json.loads(heard.read_text(encoding="utf-8")) == ["$(touch x); *", "all of it"]


@pytest.mark.parametrize(
    ("run", "words"),
    [
        (["/nowhere/at-all"], "cannot be started"),
        ([sys.executable, "-c", "raise SystemExit(3)"], "ended with status 3"),
        ([sys.executable, "-c", "import time; time.sleep(60)"], "was ended"),
    ],
)
def test_a_program_that_fails_ends_nothing(
    watched: Watched, monkeypatch: pytest.MonkeyPatch, run: list[str], words: str
) -> None:
    monkeypatch.setattr("lapwing.monitor.signals.LONGEST_RUN_S", 0.5 if "sleep" in run[-1] else 30)
    watched.pages("one")
    watched.feed("one")
    watched.toml += RULE + f"run = {json.dumps(run)}\n"
    watched.look()
    assert words in watched.said[0]
    assert watched.ids() == ["one"]


# ── the memory of visits ──────────────────────────────────────────────────────────────────────────────────────────────


def test_visits_are_remembered_and_forgotten(where: str) -> None:
    soon = Visit(url="https://a.test/", visited=module.moment(), due=module.moment() + timedelta(hours=1), failures=2)
    with open_store(where) as store:
        assert visit_of(store, soon.url) is None
        note_visit(store, Visit(url=soon.url, visited=soon.visited, due=soon.visited, etag='"1"'))
        note_visit(store, soon)
        assert visit_of(store, soon.url) == soon
        note_visit(store, Visit(url="https://b.test/", visited=soon.visited, due=NEVER))
        asked = [soon.url, "https://b.test/", "https://c.test/"]
        assert put_off(store, asked, now=soon.visited) == {soon.url: soon.due, "https://b.test/": NEVER}
        assert put_off(store, [], now=soon.visited) == {}
        forget_visit(store, soon.url)
        assert visit_of(store, soon.url) is None
        keep(store, telling("a"), telling("b", OTHER))
        assert stored_ids(store, ["a", "b", "c"]) == {"a", "b"}
        assert stored_ids(store, []) == set()


# ── feeds.toml ────────────────────────────────────────────────────────────────────────────────────────────────────────

FEED = '[[feed]]\nurl = "https://a.test/rss"\n'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "there is nothing to watch"),
        ("[[feed]\n", "this is not TOML"),
        ("[[feed]]\n", "feed 1: give either url, of a feed or sitemap, or path"),
        (FEED + 'path = "x"\n', "feed 1: give either url"),
        ('[[feed]]\nurl = "a.test/rss"\n', "'a.test/rss' is no http or https address"),
        ('[[feed]]\nurl = "file:///etc/passwd"\n', "is no http or https address"),
        (FEED + 'evry = "1h"\n', "feed 1: Object contains unknown field `evry`."),
        (FEED + 'every = "often"\n', "feed 1, every: 'often' is no length of time"),
        (FEED + 'every = "1s"\n', "feed 1, every: '1s' is too often"),
        ('every = "nan"\n' + FEED, "every: 'nan' is no length of time"),
        ('every = "nanm"\n' + FEED, "every: 'nanm' is too"),
        (FEED + FEED, "feed 2: 'https://a.test/rss' is there twice"),
        ("most_new = 0\n" + FEED, "most_new: Expected `int` >= 1"),
        (FEED + '[fetch]\ncontact = "a\\nb: c"\n', "fetch, contact: servers are told it in a header"),
        (FEED + "[fetch]\nretries = 99\n", "fetch, retries: Expected `int` <= 10"),
        (FEED + '[[signal]]\ndyad = "RUS-UKR"\n', "signal 1: Object missing required field `name`"),
        (FEED + '[[signal]]\nname = "x"\ndyad = "Russia-Ukraine"\n', "signal 1, dyad: 'Russia-Ukraine' is no dyad"),
        (FEED + '[[signal]]\nname = "x"\nevent = ["WAR"]\n', "signal 1, event: 'WAR' is none of"),
        (FEED + '[[signal]]\nname = "x"\nstatus = ["true"]\n', "signal 1, status 1: Invalid enum value"),
        (FEED + '[[signal]]\nname = "x"\ndyad = "RUS-*"\nrun = "rm -rf x"\n', "signal 1, run: Expected `array`"),
        (FEED + '[[signal]]\nname = "x"\nmin_sources = 2\n', "signal 1: it would signal every record"),
        (FEED + '[[signal]]\nname = "x"\ndyad = "RUS-*"\n' * 2, "signal 2: 'x' is there twice"),
    ],
)
def test_mistakes_of_the_file_are_told_with_their_place(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "feeds.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(FeedsError) as error:
        load_feeds(file)
    assert str(error.value).startswith(f"{file}: ")
    assert words in str(error.value)


PAGES = ("reference/feeds.md", "how-to/a-week-of-a-feed.md")


@pytest.mark.parametrize("name", PAGES)
def test_the_examples_of_the_documents_are_right(name: str) -> None:
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    feeds = feeds_of(text.partition("```toml\n")[2].partition("```")[0], folder=Path())
    assert feeds.feed
    assert feeds.signal


@pytest.mark.parametrize("table", [Feeds, Feed, Fetching, Rule])
def test_every_key_is_described(table: Any) -> None:
    text = (ROOT / "docs" / PAGES[0]).read_text(encoding="utf-8")
    told = set(re.findall(r"^\| `(\w+)` \|", text, re.M)) | set(re.findall(r"^## `\[+(\w+)\]+`", text, re.M))
    assert set(table.__struct_fields__) - told == set()


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(FeedsError, match="cannot be read: No such file"):
        load_feeds(tmp_path / "feeds.toml")
    (tmp_path / "latin.toml").write_bytes(b"# caf\xe9")
    with pytest.raises(FeedsError, match="is not UTF-8"):
        load_feeds(tmp_path / "latin.toml")


def test_what_the_file_leaves_open_has_good_defaults() -> None:
    feeds = feeds_of(FEED, folder=Path("/data"))
    assert (feeds.store, feeds.keep_text, feeds.seconds_between(feeds.feed[0])) == ("/data/events.duckdb", True, 900.0)
    assert (feeds.settings.robots, feeds.settings.allow_private, feeds.settings.delay_s) == (True, False, 1.0)
    assert feeds_of('store = "postgresql:///news"\n' + FEED, folder=Path("/data")).store == "postgresql:///news"
    assert isinstance(feeds, Feeds)
