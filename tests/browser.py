"""What tests with a real browser measure."""

from playwright.sync_api import Page


def page_width(page: Page) -> int:
    """CSS pixels the page needs from left to right, once it is loaded.

    A click returns while the next page is still on its way.
    """
    page.wait_for_load_state()
    width: int = page.wait_for_function(
        "document.readyState === 'complete' && document.documentElement.scrollWidth"
    ).json_value()
    return width
