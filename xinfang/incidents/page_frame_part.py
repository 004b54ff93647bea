"""What this feature adds to the frame around every page."""

from typing import Any

from xinfang.accounts.pages import DeskRequest
from xinfang.incidents.queries.urgent_incidents import urgent_incidents


def part(request: DeskRequest, waiting: int | None) -> dict[str, Any]:
    """Return the events that wait for this person (office and leaders: 1 query)."""
    return {"pressing": urgent_incidents(request.actor)}
