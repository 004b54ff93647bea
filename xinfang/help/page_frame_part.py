"""What this feature adds to the frame around every page."""

from typing import Any

from xinfang.accounts.pages import DeskRequest
from xinfang.core import mode
from xinfang.core.addresses import address_of

from .chapters import chapter_of_section
from .places import section_of
from .tour import PUT_AWAY, tour_of

FIRST_PAGES = ("inbox", "duty")
"""The pages that a day begins with."""


def part(request: DeskRequest, waiting: int | None) -> dict[str, Any]:
    """Return where in the manual this page is told of and, on the first page of a demo, what to try (no query)."""
    found = request.resolver_match
    route = (found.url_name or "") if found else ""
    section = section_of(route, str(found.kwargs.get("code", "")) if found else "", request.actor)
    context: dict[str, Any] = {"help_url": address_of("help")}
    if section:
        context["help_url"] = f"{address_of('help-chapter', chapter_of_section()[section])}#{section}"
    if route in FIRST_PAGES and mode.is_demo() and not request.session.get(PUT_AWAY):
        context["tour"] = tour_of(request.actor)
    return context
