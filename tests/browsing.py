"""The workbench in a real browser: a server on a store made of the examples, Debian's chromium, axe-core.

Where chromium is not installed the tests are skipped and say so; in CI that is a failure. Screenshots go into the folder that
``LAPWING_SCREENSHOTS`` names, else into one of pytest's.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from factories import ENVIRONMENT, TESTS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

EXAMPLES = TESTS.parent / "examples"

AXE = TESTS / "vendor" / "axe.min.js"

LOOKS: dict[str, dict[str, Any]] = {
    "light": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light", "has_touch": True},
}
"""How each page is looked at."""

START_S = 60.0


def chromium() -> str:
    """The browser. Skips the test where there is none, and fails it in CI."""
    found = next((path for name in ("chromium", "chromium-browser") if (path := shutil.which(name))), None)
    if found is None:
        told = "chromium is not installed (Debian: apt-get install chromium)"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(told)
    assert found is not None
    return found


@contextmanager
def running_browser() -> Iterator[Browser]:
    """A headless chromium."""
    program = chromium()
    pytest.importorskip("playwright", reason="playwright is not installed: pip install playwright")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def lapwing(*arguments: str) -> list[str]:
    """The command line that runs `lapwing` from this tree."""
    return [sys.executable, "-m", "lapwing.cli", *arguments]


def make_example_store(path: Path) -> None:
    """A store of the examples, coded and clustered by the program itself."""
    for command in (("ingest", ".", "--jobs", "1", "--store", str(path)), ("cluster", "--store", str(path))):
        subprocess.run(lapwing(*command), env=ENVIRONMENT, cwd=EXAMPLES, check=True, timeout=300, capture_output=True)


@contextmanager
def running_workbench(store: Path, *options: str) -> Iterator[str]:
    """The address of a server on `store`, in a process of its own."""
    command = lapwing("serve", "--store", str(store), "--port", "0", *options)
    with (store.parent / "serve.log").open("w+") as log:
        server = subprocess.Popen(command, env=ENVIRONMENT, stderr=log, stdout=log)
        try:
            yield _address(server, Path(log.name))
        finally:
            server.terminate()
            server.wait(timeout=20)


def _address(server: subprocess.Popen[bytes], log: Path) -> str:
    import httpx2

    until = time.monotonic() + START_S
    while time.monotonic() < until and server.poll() is None:
        if "is at http" in (told := log.read_text()):
            address = told.partition("is at ")[2].split()[0]
            try:
                httpx2.get(f"{address}sign-in", timeout=5)
                return address.rstrip("/")
            except httpx2.TransportError:
                pass
        time.sleep(0.1)
    raise AssertionError(f"the server did not start: {log.read_text()}")


class Looks:
    """Looks at pages as people see them, keeps pictures, and lets axe-core judge."""

    def __init__(self, browser: Browser, address: str, pictures: Path) -> None:
        self.browser, self.address, self.pictures = browser, address, pictures

    @contextmanager
    def page(self, look: str = "light", **options: Any) -> Iterator[Page]:
        """A browser's page that fails the test for an error of a script or a refusal of the policy."""
        context = self.browser.new_context(base_url=self.address, **(LOOKS[look] | options))
        page = context.new_page()
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda line: wrong.append(line.text) if _is_wrong(line.type, line.text) else None)
        try:
            yield page
        finally:
            context.close()
        assert wrong == []

    def look(self, path: str, name: str, *, ready: str = "main") -> None:
        """Open `path` in each look, when `ready` is there take a picture, and find no serious fault of access nor a page that
        is wider than its window."""
        for look in LOOKS:
            with self.page(look) as page:
                page.goto(path)
                page.wait_for_selector(ready)
                self.judge(page, f"{name}-{look}")

    def judge(self, page: Page, name: str) -> None:
        """What `look` asks of a page as it is now."""
        page.screenshot(path=self.pictures / f"{name}.png", full_page=True, animations="disabled")
        found = faults(page)
        assert not found, "\n".join(found)
        width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert width <= 0, f"{name} is {width} pixels wider than its window"


def _is_wrong(kind: str, text: str) -> bool:
    return kind == "error" and "Failed to load resource" not in text


def faults(page: Page) -> list[str]:
    """What axe-core finds wrong with a page by WCAG 2.2 A and AA, where it is serious or critical."""
    page.evaluate(AXE.read_text())
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    found = page.evaluate(f"axe.run(document, {{runOnly: {json.dumps(tags)}, resultTypes: ['violations']}})")
    return [
        f"{violation['id']}: {node['target']}: {node['failureSummary']}"
        for violation in found["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]
