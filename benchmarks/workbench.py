"""How soon the pages of the workbench can be used, on a large store.

    python -m benchmarks.store 1000000 million.duckdb && python -m benchmarks.workbench million.duckdb [PATH...]

Starts `lapwing serve` and opens each page several times in chromium, as `tests/browsing.py` does. Printed are medians: until the
server's answer is complete, until the page can be used (the parser and its scripts are done), until all that it asks for after that
is there too, and how far it jumps while it loads (layout shift; 0 is best). The processor time of the server stands beside, because
a busy machine shows in the others.
"""

from __future__ import annotations

import statistics
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from lapwing.store import open_store

if TYPE_CHECKING:
    from playwright.sync_api import Page

PAGES = (
    "/",
    "/articles/77",
    "/events",
    "/events?dyad=RUS-UKR&status=denied",
    "/dyads?dyad=RUS-UKR",
    "/network",
    "/map",
    "/clusters",
    "/search",
    "/runs",
    "/review",
)

TIMES = 5

SHIFTS = """
    window.shifted = 0;
    new PerformanceObserver((list) => { for (const one of list.getEntries()) window.shifted += one.value; })
        .observe({type: "layout-shift", buffered: true});
"""

MEASURED = """() => {
    const [at] = performance.getEntriesByType("navigation");
    const whole = Math.max(at.domContentLoadedEventEnd, ...performance.getEntriesByType("resource").map((one) => one.responseEnd));
    return [at.responseEnd, at.domContentLoadedEventEnd, whole, window.shifted];
}"""


def measure(page: Page, path: str) -> tuple[int, list[float]]:
    """The status of a page, and the medians of what is measured."""
    found = []
    for _ in range(TIMES):
        answer = page.goto(path, wait_until="load")
        page.wait_for_load_state("networkidle")
        found.append(page.evaluate(MEASURED))
    status = answer.status if answer else 0
    return status, [statistics.median(values) for values in zip(*found, strict=True)]


def processor_s(process: int) -> float:
    """The processor time of a process so far, in seconds."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def main() -> None:
    """Measure and print."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
    from browsing import Looks, running_browser, running_workbench

    store, paths = Path(sys.argv[1]), sys.argv[2:] or PAGES
    open_store(store).close()  # the search index of a store that was just made is filled here, not while it is measured
    print(f"{'page':40} {'status':>6} {'answer':>9} {'usable':>9} {'whole':>9} {'shift':>7} {'server':>9}")
    with (
        running_browser() as browser,
        running_workbench(store) as address,
        Looks(browser, address, store.parent).page() as page,
    ):
        page.add_init_script(SHIFTS)
        page.goto("/")
        server = serving()
        for path in paths:
            before = processor_s(server)
            status, (answer, usable, whole, shift) = measure(page, path)
            used = (processor_s(server) - before) / TIMES
            print(
                f"{path:40} {status:>6} {answer:>6.0f} ms {usable:>6.0f} ms {whole:>6.0f} ms {shift:>7.3f} {1000 * used:>6.0f} ms",
                flush=True,
            )


def serving() -> int:
    """The process of the server: our child that serves."""
    import os

    children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
    return next(int(child) for child in children if "serve" in Path(f"/proc/{child}/cmdline").read_text())


if __name__ == "__main__":
    main()
