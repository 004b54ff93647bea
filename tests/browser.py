"""What tests with a real browser measure."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from playwright.sync_api import Error, Page

DESK, PHONE = (1440, 900), (390, 844)
PICTURES = os.environ.get("XINFANG_TEST_PICTURES", "")
"""A folder to keep what was seen, to be looked at by a person."""
_LOADED = """() => new Promise(loaded =>
    document.readyState === 'complete' ? loaded(1) : addEventListener('load', () => loaded(1), {once: true}))"""
_OPENED = "performance.timeOrigin"
Seen = TypeVar("Seen")


def settled(page: Page, look_at: Callable[[Page], Seen]) -> Seen:
    """Return what is seen of the page that stays: a click returns while the next page is still on its way.

    A page that is left while it is looked at tells nothing, and is looked at again. Neither of the browser's own ways
    of waiting will do: one waits for ever after a file was saved from the page, the other needs what its CSP forbids.
    """
    for last in (False, False, True):
        try:
            page.evaluate(_LOADED)
            opened = page.evaluate(_OPENED)
            seen = look_at(page)
            if page.evaluate(_OPENED) == opened:
                return seen
        except Error:
            if last:
                raise
    raise AssertionError(f"{page.url} does not come to rest")


def page_width(page: Page) -> int:
    """CSS pixels the page needs from left to right, once it is loaded."""
    return int(settled(page, lambda p: p.evaluate("document.documentElement.scrollWidth")))


def look(page: Page, axe: Callable[[Any], None], name: str) -> None:
    """Hold a page at a desk's width and then at a phone's: nothing to scroll sideways for, no fault that axe finds."""
    for width, height in (DESK, PHONE):
        page.set_viewport_size({"width": width, "height": height})
        beyond = page_width(page) - page.evaluate("document.documentElement.clientWidth")
        assert beyond <= 0, f"{name} at {width} px is {beyond} px too wide"
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"{name}-{width}.png", full_page=True)
        axe(page)
