"""提醒: what this person has been told, newest first."""

from typing import TYPE_CHECKING, TypedDict

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.cases.queries.inbox import told_lines
from xinfang.core.lists import WrongPlace, cut
from xinfang.notifications.actions import read_all
from xinfang.web.dates import short_date
from xinfang.web.lists import pager, place_of
from xinfang.web.shell import show

if TYPE_CHECKING:
    from xinfang.notifications.models import Notice

ROWS = 30
HERE = "/notices/"
_ELSEWHERE = {
    "weekly": "/supervision/",
    **dict.fromkeys(("decision_waiting", "decision_answered", "decision_confirmed"), "/rewards/"),
    **dict.fromkeys(("change_waiting", "change_refused", "half_waiting", "for_auditors"), "/people/changes/"),
    "account": "/account/",
}
"""Where a notice leads that is about no case, by its kind."""


class NoticeRow(TypedDict):
    """Something that the reader was told."""

    text: str
    url: str
    when: str
    unread: bool


class NoticesContext(TypedDict):
    """What the reader was told, the newest first."""

    rows: list[NoticeRow]
    page: dict[str, str]
    notes: list[str]


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page()
def notices(request: DeskRequest) -> HttpResponse:
    """The list; POST marks all of them as read."""
    if request.method == "POST":
        count = read_all(request.user.pk)
        messages.success(request, f"已把 {count} 条提醒标为已读。" if count else "没有未读的提醒。")
        return HttpResponseRedirect(HERE)
    rows = told_lines(request.actor)
    notes: list[str] = []
    at, where = place_of(request)
    try:
        page = cut(rows, ("id",), limit=ROWS, descending=True, at=at, where=where)
    except WrongPlace:
        notes.append("地址中的翻页位置不对，已从头显示。")
        page = cut(rows, ("id",), limit=ROWS, descending=True)
    context: NoticesContext = {
        "rows": [_row(n) for n in page.rows],
        "page": pager(HERE, {}, page, last=False),
        "notes": notes,
    }
    return show(request, "casework/notices.html", context, here=HERE)


def _row(notice: "Notice") -> NoticeRow:
    moment = timezone.localtime(notice.created_at)
    return {
        "text": notice.text,
        "url": _url(notice),
        "when": f"{short_date(moment.date())} {moment:%H:%M}",
        "unread": notice.read_at is None,
    }


def _url(notice: "Notice") -> str:
    if notice.petition:
        return f"/petitions/{notice.petition.number}/"
    if notice.incident:
        return f"/incidents/{notice.incident.number}/"
    return _ELSEWHERE.get(notice.kind, "")
