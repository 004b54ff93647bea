"""What waits for the archive room."""

from django.urls import reverse

from xinfang.accounts.pages import DeskRequest
from xinfang.archive.queries.volumes import files_to_accept, files_whose_period_ends
from xinfang.core.clock import today
from xinfang.procedure.words import Role
from xinfang.web.home import HomePart


def parts(request: DeskRequest) -> list[HomePart]:
    """Return how many files wait and how many have come to the end of their period (2 queries), for the archive."""
    if not request.actor.has(Role.ARCHIVE_ROOM):
        return []
    waiting = files_to_accept(request.actor).count()
    over = files_whose_period_ends(today(), request.actor).count()
    return [
        {
            "title": "档案",
            "rows": [
                {
                    "label": "待接收",
                    "value": f"{waiting} 卷",
                    "url": reverse("archive"),
                    "kind": "soon" if waiting else "plain",
                },
                {"label": "保管期满待鉴定", "value": f"{over} 卷", "url": reverse("archive")},
            ],
        }
    ]
