"""What waits in the mailbox, on the home page of who registers it."""

from django.urls import reverse

from xinfang.accounts.pages import DeskRequest
from xinfang.core.clock import today
from xinfang.mailbox.queries.mails import mail_count
from xinfang.web.dates import chinese_date
from xinfang.web.home import HomePart, HomeRow

_SOON = 3
"""Days."""


def parts(request: DeskRequest) -> list[HomePart]:
    """Return how many wait, and when the fifteen days of the first are over (1 query; none for most people)."""
    found = mail_count(request.actor)
    there = reverse("mails")
    rows: list[HomeRow] = []
    if found.waiting:
        rows.append({"label": "等待登记", "value": f"{found.waiting} 封", "url": there})
    if found.proposed:
        rows.append({"label": "拟不登记，等待决定", "value": f"{found.proposed} 封", "url": there, "kind": "soon"})
    if found.first is not None:
        due = found.first.due.due
        kind = "late" if due < today() else "soon" if (due - today()).days <= _SOON else "plain"
        rows.append({"label": "最早一封的书面告知", "value": f"{chinese_date(due)}到期", "url": there, "kind": kind})
    return [{"title": "邮箱来件", "rows": rows}] if rows else []
