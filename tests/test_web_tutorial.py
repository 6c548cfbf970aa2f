"""The tutorial's way through the workbench, step by step, with its pictures:

LAPWING_SCREENSHOTS=docs/images pytest tests/test_web_tutorial.py
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from browsing import Looks

PHONE = {"width": 390, "height": 844}


def picture(looks: Looks, page: Page, name: str) -> None:
    page.screenshot(path=looks.pictures / f"{name}.png", animations="disabled", caret="hide")


def test_the_way_of_the_tutorial(own_workbench: Looks) -> None:
    from playwright.sync_api import expect

    with own_workbench.page(viewport={"width": 1280, "height": 860}) as page:
        page.goto("/")
        page.get_by_role("button", name="Fill in an example").click()
        expect(page.locator("#text")).to_have_value(re.compile("Serbia"))
        page.get_by_label("Who published it").fill("Lapwing Examples")
        page.get_by_label("When (2022-12-19, 2022-12)").fill("2023-03-14")
        picture(own_workbench, page, "read-an-article")
        page.get_by_role("button", name="Read it").click()
        page.wait_for_url("**/articles/*", timeout=60_000)
        picture(own_workbench, page, "article")
        denied = page.locator(".event", has_text="denied by").first
        denied.get_by_role("button").click()
        assert page.locator("[data-lit='cue']").count() >= 1
        picture(own_workbench, page, "article-one-event")
        denied.get_by_text("Why?").click()
        page.wait_for_selector(".why-table")
        picture(own_workbench, page, "article-why")
        article = page.url
    with own_workbench.page("phone", viewport=PHONE, color_scheme="dark") as page:
        page.goto(article)
        picture(own_workbench, page, "article-on-a-phone")


def test_the_way_of_the_how_to_on_review(own_workbench: Looks) -> None:
    with own_workbench.page(viewport={"width": 1280, "height": 860}) as page:
        page.goto("/review")
        page.fill("#reviewer-name", "Ada")
        page.keyboard.press("Enter")
        page.wait_for_selector("#start")
        page.keyboard.press("n")
        page.wait_for_selector("[data-review]")
        page.wait_for_load_state()
        page.locator("[data-row=status] summary").click()
        page.locator("[data-row=status] select").select_option("hypothetical")
        page.get_by_role("form", name="Correct status").get_by_role("button", name="Save").click()
        page.wait_for_selector("[data-row=status] .was")
        picture(own_workbench, page, "review")
