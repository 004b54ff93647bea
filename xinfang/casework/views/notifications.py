"""提醒: what this person has been told, newest first."""

from typing import TYPE_CHECKING, TypedDict

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.cases.queries.inbox import notification_rows_for
from xinfang.core.pagination import InvalidCursor, paginate
from xinfang.notifications.actions import mark_all_read
from xinfang.web.dates import short_date
from xinfang.web.list_pages import cursor_from, pager_context
from xinfang.web.page_frame import render_page

if TYPE_CHECKING:
    from xinfang.notifications.models import Notification

PAGE_SIZE = 30
NAV_ROUTE = "notices"
_ELSEWHERE = {
    "weekly": "supervision",
    **dict.fromkeys(("decision_waiting", "decision_answered", "decision_confirmed"), "rewards"),
    **dict.fromkeys(("change_waiting", "change_refused", "half_waiting", "for_auditors"), "changes"),
    "account": "account",
    "reception": "reception",
}
"""The route of a notice that is about no case, by its kind."""


class NoticeRow(TypedDict):
    """Something that the reader was told."""

    text: str
    url: str
    when: str
    unread: bool
    ended: str
    """Why nothing is asked for any more; empty while something is."""


class NoticesContext(TypedDict):
    """What the reader was told, the newest first."""

    rows: list[NoticeRow]
    page: dict[str, str]
    notes: list[str]


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page()
def notifications(request: DeskRequest) -> HttpResponse:
    """Show the list; POST marks all of them as read."""
    if request.method == "POST":
        count = mark_all_read(request.user.pk)
        messages.success(request, f"已把 {count} 条提醒标为已读。" if count else "没有未读的提醒。")
        return HttpResponseRedirect(reverse(NAV_ROUTE))
    rows = notification_rows_for(request.actor)
    notes: list[str] = []
    cursor, direction = cursor_from(request)
    try:
        page = paginate(rows, ("id",), limit=PAGE_SIZE, descending=True, cursor=cursor, direction=direction)
    except InvalidCursor:
        notes.append("地址中的翻页位置不对，已从头显示。")
        page = paginate(rows, ("id",), limit=PAGE_SIZE, descending=True)
    context: NoticesContext = {
        "rows": [_row(n) for n in page.rows],
        "page": pager_context(reverse(NAV_ROUTE), {}, page, last=False),
        "notes": notes,
    }
    return render_page(request, "casework/notices.html", context, here=NAV_ROUTE)


def _row(notice: "Notification") -> NoticeRow:
    moment = timezone.localtime(notice.created_at)
    return {
        "text": notice.text,
        "url": _url(notice),
        "when": f"{short_date(moment.date())} {moment:%H:%M}",
        "unread": notice.read_at is None and not notice.ended_why,
        "ended": notice.ended_why,
    }


def _url(notice: "Notification") -> str:
    if notice.petition:
        return reverse("petition", args=[notice.petition.number])
    if notice.incident:
        return reverse("incident", args=[notice.incident.number])
    route = _ELSEWHERE.get(notice.kind)
    return reverse(route) if route else ""
