"""The figures in a real browser, wide and on a phone: no accessibility fault, nothing refused by the content policy."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.browser import DESK, PHONE, PICTURES, page_width
from tests.urls import url

PAGES = (
    url("figures"),
    f"{url('figures')}?table=all",
    f"{url('figures')}?table=4",
    f"{url('figures')}?table=3&version=published",
    f"{url('figures-cases')}?cell=1.letter.0",
    url("figures-report", "{period}", "internal"),
    url("figures-report", "{period}", "published"),
)


@pytest.fixture
def period(live_server) -> str:
    """A department in which petitions went several ways lately; gives the month."""
    from tests.figures.ways import go
    from tests.world import make_department, set_up_authenticators
    from xinfang.categories.actions import add_starter_categories
    from xinfang.core.clock import today

    make_department()
    set_up_authenticators()
    add_starter_categories()
    day = today()
    for n, way in enumerate(("registered", "classified", "redirected", "served", "reported", "answered", "filed")):
        go(way, ("letter", "online", "group", "phone of two")[n % 4], day - timedelta(days=40 - n * 6), 0, day)
    go("registered", "letter", day, 0, day)
    return f"{day:%Y-%m}"


def test_pages(period: str, open_page: Callable, axe: Callable) -> None:
    from tests.journeys.people import Worker

    page = Worker(open_page, "office_head").page
    faults = []
    for place, address in enumerate(PAGES):
        assert page.goto(address.format(period=period)).status == 200
        for width, height in (DESK, PHONE):
            page.set_viewport_size({"width": width, "height": height})
            wide = page_width(page)
            if wide > width:
                faults.append(f"{address} at {width}: {wide} wide")
            if PICTURES:
                page.screenshot(path=Path(PICTURES) / f"figures-{place}-{width}.png", full_page=True)
            try:
                axe(page)
            except AssertionError as fault:
                faults.append(f"{address} at {width}: {fault}")
    # What isn't written yet can't be finished, and what was typed stays.
    page.locator("#text").fill(page.locator("#text").input_value() + "补充的话。\n")
    page.get_by_role("button", name="定稿").click()
    assert "不能定稿" in page.get_by_role("alert").inner_text()
    assert page.locator("#text").input_value().endswith("补充的话。\n")
    page.goto(url("figures"))
    for width, height in (DESK, PHONE):
        page.set_viewport_size({"width": width, "height": height})
        chart = page.locator(".chart svg:visible")
        assert chart.count() == 1
        seen, card = chart.bounding_box(), page.locator(".chart").first.bounding_box()
        assert seen["x"] >= card["x"] and seen["x"] + seen["width"] <= card["x"] + card["width"]
        # Every bar with its number, as large as it was drawn.
        drawn = float(chart.get_attribute("viewBox").split()[2])
        assert seen["width"] == pytest.approx(drawn, abs=1)
        assert "1" in chart.locator("text").all_text_contents()
    page.locator("section.card table a").first.click()
    assert page.locator("tbody tr").count() >= 1
    assert not faults, "\n".join(faults)
