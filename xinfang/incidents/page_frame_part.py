"""What this feature adds to the frame around every page."""

from typing import Any

from xinfang.accounts.pages import DeskRequest
from xinfang.core.addresses import address_of
from xinfang.incidents.queries.urgent_incidents import urgent_incidents
from xinfang.procedure.incidents.kinds import LEADERS, OFFICE


def part(request: DeskRequest, waiting: int | None) -> dict[str, Any]:
    """Return the events that wait for this person (office and leaders: 1 query), and where to ask for new ones."""
    asked = request.actor.has(*OFFICE, *LEADERS)
    return {
        "pressing": urgent_incidents(request.actor),
        "alarm_address": address_of("incidents-pressing") if asked else "",
    }
