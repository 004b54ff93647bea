"""What this feature adds to the frame around every page."""

from typing import Any

from xinfang.accounts.pages import DeskRequest

from . import queries
from .actions import CONFIRMS_TIME


def part(request: DeskRequest, waiting: int | None) -> dict[str, Any]:
    """Tell why the clock isn't believed, to the system administrator, who can confirm it (a few small queries)."""
    doubt = queries.clock_doubt() if request.actor.has(*CONFIRMS_TIME) else None
    return {"clock_doubt": doubt.sentence if doubt else ""}
