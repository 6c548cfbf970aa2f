"""How fast Lapwing is, on the examples of this repository: ``python -m benchmarks.speed``.

CPU time is what to compare between machines and versions: other work on the machine spoils wall time. Printed are the
start (`lapwing read` on one example, the best of several), its peak of memory, the time of each stage when all tables
are loaded, and articles a second with one process and with two. An article here is two examples one after the other
(about 800 words).
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command line does

EXAMPLES = sorted((Path(__file__).parents[1] / "examples").glob("*.txt"))

STAGES = (
    "repair",
    "build_document",
    "analyse",
    "find_mentions",
    "resolve_actors",
    "find_events",
    "attribute",
    "judge",
    "date_events",
    "place_events",
)
"""The functions of `lapwing.pipeline` that are timed."""


def main() -> None:
    """Print all figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--starts", type=int, default=5, help="how often `lapwing read` is started")
    options.add_argument("--articles", type=int, default=100, help="articles for the throughput")
    chosen = options.parse_args()
    print_start(chosen.starts)
    print_stages()
    for jobs in (1, 2):
        print_throughput(chosen.articles, jobs=jobs)


def run_command(*arguments: str) -> tuple[float, float, float]:
    """CPU and wall seconds of a lapwing command, and the peak of memory in MB of all commands so far."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, "-m", "lapwing.cli", *arguments], stdout=subprocess.DEVNULL, check=True)
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return cpu, wall, after.ru_maxrss / 1024


def print_start(times: int) -> None:
    """The best of several starts."""
    runs = [run_command("read", str(EXAMPLES[-1])) for _ in range(times)]
    cpu, wall = min(run[0] for run in runs), min(run[1] for run in runs)
    print(f"lapwing read: {cpu:.2f} s CPU, {wall:.2f} s wall, {runs[-1][2]:.0f} MB at most (best of {times})")


def print_stages() -> None:
    """Milliseconds of CPU of each stage for 600 words, everything loaded."""
    from lapwing import pipeline
    from lapwing.records import Article

    articles = [Article(id=path.stem, text=path.read_text(encoding="utf8")) for path in EXAMPLES]
    words = sum(len(article.text.split()) for article in articles)
    model = pipeline.load_model()
    for article in articles:
        pipeline.code_article(article, model)
    spent: dict[str, float] = {}
    whole = time.process_time()
    for name in STAGES:
        setattr(pipeline, name, timed(getattr(pipeline, name), spent, name))
    tops = tuple(Session(top, spent) for top in model.tops)
    counted = model._replace(shared=Session(model.shared, spent), tops=tops)
    for article in articles:
        pipeline.code_article(article, counted)
    whole = time.process_time() - whole
    spent["analyse"] -= spent["network"]
    spent = {"network": spent.pop("network"), **spent, "the whole way": whole}
    for name, seconds in spent.items():
        print(f"{name:16}{1000 * seconds * 600 / words:8.1f} ms CPU for 600 words")


def timed(stage: Callable[..., Any], spent: dict[str, float], name: str) -> Callable[..., Any]:
    """`stage`, adding its CPU time to `spent`."""

    def run(*arguments: Any, **options: Any) -> Any:
        began = time.process_time()
        result = stage(*arguments, **options)
        spent[name] = spent.get(name, 0.0) + time.process_time() - began
        return result

    return run


class Session:
    """One of the model's sessions, its runs timed as "network"."""

    def __init__(self, session: Any, spent: dict[str, float]) -> None:
        self.run = timed(session.run, spent, "network")
        self.get_outputs, self.get_inputs = session.get_outputs, session.get_inputs


def print_throughput(articles: int, *, jobs: int) -> None:
    """Articles a second of `lapwing code`, its start included."""
    with tempfile.TemporaryDirectory() as folder:
        texts = [path.read_text(encoding="utf8") for path in EXAMPLES]
        for k in range(articles):
            both = texts[k % len(texts)] + "\n\n" + texts[(k + 1) % len(texts)]
            (Path(folder) / f"{k:05}.txt").write_text(both, encoding="utf8")
        cpu, wall, _ = run_command("code", folder, "--jobs", str(jobs))
    print(
        f"lapwing code, {jobs} job(s): {articles / wall:.1f} articles a second ({1000 * cpu / articles:.0f} ms CPU each)"
    )


if __name__ == "__main__":
    main()
