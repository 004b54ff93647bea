"""Petitioners whom a message could not reach and who have to be told otherwise."""

from django.urls import reverse

from xinfang.accounts.pages import DeskRequest
from xinfang.petitioner_news.queries import undelivered
from xinfang.petitioner_news.views import TELLS
from xinfang.petitioner_news.wishes import ways
from xinfang.web.home import HomePart, HomeRow


def parts(request: DeskRequest) -> list[HomePart]:
    """Return how many messages could not be sent (1 query), for who works on cases; nothing where there are none."""
    if not ways() or not request.actor.has(*TELLS):
        return []
    count = len(undelivered(request.actor))
    if not count:
        return []
    row: HomeRow = {
        "label": "待改用其他方式告知",
        "value": f"{count} 条",
        "url": reverse("undelivered"),
        "kind": "late",
    }
    return [{"title": "没有发出的提醒", "rows": [row]}]
