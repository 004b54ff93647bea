"""What tests with a real browser measure."""

import os
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page

DESK, PHONE = (1440, 900), (390, 844)
PICTURES = os.environ.get("XINFANG_TEST_PICTURES", "")
"""A folder to keep what was seen, to be looked at by a person."""


def page_width(page: Page) -> int:
    """CSS pixels the page needs from left to right, once it is loaded.

    A click returns while the next page is still on its way.
    """
    page.wait_for_load_state()
    width: int = page.wait_for_function(
        "document.readyState === 'complete' && document.documentElement.scrollWidth"
    ).json_value()
    return width


def look(page: Page, axe: Callable, name: str) -> None:
    """Hold a page at a desk's width and then at a phone's: nothing to scroll sideways for, no fault that axe finds."""
    for width, height in (DESK, PHONE):
        page.set_viewport_size({"width": width, "height": height})
        beyond = page_width(page) - page.evaluate("document.documentElement.clientWidth")
        assert beyond <= 0, f"{name} at {width} px is {beyond} px too wide"
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"{name}-{width}.png", full_page=True)
        axe(page)
