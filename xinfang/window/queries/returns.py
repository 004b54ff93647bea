"""How many of those who submitted came back to look: who never does learns of nothing."""

from dataclasses import dataclass

from xinfang.window.models import CameBack, SignedReceipt


@dataclass(frozen=True, slots=True)
class Returns:
    """Cases that were submitted at the window, and those of them that somebody opened again by number and code."""

    submitted: int
    came_back: int


def returns() -> Returns:
    """Count them (2 queries)."""
    submitted = SignedReceipt.objects.values("petition").distinct()
    return Returns(submitted.count(), CameBack.objects.filter(petition__in=submitted).count())
