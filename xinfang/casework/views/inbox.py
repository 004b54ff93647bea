"""我的待办: what this person must do next, and by when."""

import uuid
from hashlib import sha256
from typing import TypedDict
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.calendars.queries import calendar
from xinfang.cases.queries.inbox import ASKED_BY_TAB, TABS, InboxItem, inbox_page, tab_counts
from xinfang.cases.queries.list_rows import CaseLine, list_rows
from xinfang.casework.queries.leader_queue import Card, queue_cards
from xinfang.casework.views.step import STAFF_CAN_TAKE
from xinfang.core.addresses import address_of
from xinfang.core.clock import today
from xinfang.core.pagination import InvalidCursor
from xinfang.papers.queries.overview import PAPER_CODES
from xinfang.procedure.articles import cite
from xinfang.procedure.exports import EXPORTS_CASES
from xinfang.procedure.limits import NOTICE
from xinfang.procedure.words import Role
from xinfang.web.home import HomePart, home_parts
from xinfang.web.list_pages import choice_from, cursor_from, list_address, pager_context
from xinfang.web.page_frame import render_page

PAGE_SIZE = 30
WITH_A_PAGE = frozenset((*STAFF_CAN_TAKE, *PAPER_CODES))
"""Steps that are taken on a page of their own."""
MAX_CARDS = 10
"""A leader's queue is read on a phone: fewer, larger."""
_EMPTY = {
    "all": ("现在没有待办事项", "有新的事项交到您手上时，会出现在这里和提醒里。"),
    "sign": ("没有等您签发的文书", "送您签发的意见书和其他文书会列在这里。"),
    "check": ("没有等您审核的文书", "送您审核、核稿的意见书和其他文书会列在这里。"),
    "late": ("没有超期的待办", "您手上的事项都在期限之内。"),
    "soon": ("七日内没有到期的待办", "可以查看“全部”中较晚到期的事项。"),
    "notice": ("没有等待书面告知的事项", f"收到来件之日起{NOTICE}内须书面告知信访人（{cite(NOTICE.cites)}）。"),
    "handed": ("没有等您办理的转来件", "自治区信访部门或上级转送、交办的事项会列在这里。"),
}


class AskedLink(TypedDict):
    """What is asked, and where it is done; `url` is empty where it has no page of its own."""

    words: str
    url: str


class InboxLine(CaseLine):
    """A case with what is asked of the reader."""

    asked_links: list[AskedLink]


class InboxTab(TypedDict):
    """A group of what waits."""

    label: str
    count: int
    url: str
    current: bool


class InboxPage(TypedDict):
    """What the page shows; `cards` only for leaders."""

    rows: list[InboxLine]
    cards: list[Card]
    tabs: list[InboxTab]
    page: dict[str, str]
    notes: list[str]
    empty_title: str
    empty_text: str
    leads: bool
    total: int
    may_register: bool
    home: list[HomePart]
    here: str
    state: str
    at: str
    said: str
    export_url: str


@require_safe
@desk_page()
def inbox(request: DeskRequest) -> HttpResponse:
    """Show one row for each case, by due date; leaders find the cases that wait for their word as a queue.

    `?live=` asks only for what has changed.
    """
    if {d.role for d in request.actor.duties} == {Role.DUTY_DESK}:
        return HttpResponseRedirect(reverse("duty"))  # nothing else is ever asked of a person with this duty alone
    day = today()
    notes: list[str] = []
    tab = choice_from(request.GET.get("tab", ""), "分组", TABS, notes) or "all"
    leads = request.actor.has(Role.LEADER, Role.PRINCIPAL_LEADER)
    cursor, direction = cursor_from(request)
    limit = MAX_CARDS if leads else PAGE_SIZE
    try:
        cases, page = inbox_page(request.actor, tab, day, limit=limit, cursor=cursor, direction=direction)
    except InvalidCursor:
        notes.append("地址中的翻页位置不对，已从头显示。")
        cases, page = inbox_page(request.actor, tab, day, limit=limit)
    given = {"tab": tab if tab != "all" else ""}
    back = urlencode({"next": list_address(reverse("inbox"), given)})
    lines = zip(list_rows([c.petition for c in cases], day, calendar()), cases, strict=True)
    rows: list[InboxLine] = [{**row, "asked_links": _links(case, back)} for row, case in lines]
    exports = request.actor.has(*EXPORTS_CASES)
    counts = tab_counts(request.actor, day)
    home = home_parts(request)
    state = sha256(repr((day, counts, rows, home)).encode()).hexdigest()[:32]
    if request.GET.get("live") == state:
        return HttpResponse(status=204)
    context: InboxPage = {
        "rows": rows,
        "cards": queue_cards(cases, rows, request.actor, day, key=lambda: uuid.uuid4().hex) if leads else [],
        "tabs": [_tab(key, tab, counts[key]) for key in TABS if key not in ASKED_BY_TAB or counts[key] or key == tab],
        "page": pager_context(reverse("inbox"), given, page),
        "notes": notes,
        "empty_title": _EMPTY[tab][0],
        "empty_text": _EMPTY[tab][1],
        "leads": leads,
        "total": counts["all"],
        "may_register": request.actor.has(Role.RECEPTION, Role.OFFICE, Role.OFFICE_HEAD),
        "home": home,
        "here": list_address(reverse("inbox"), given),
        "state": state,
        "at": timezone.localtime().strftime("%H:%M"),
        "said": f"待办 {counts['all']} 件",
        "export_url": list_address(reverse("list-export"), {"list": "inbox", **given}) if exports else "",
    }
    if "live" in request.GET:
        return render(request, "casework/inbox_live.html", dict(context))
    return render_page(request, "casework/inbox.html", context, here="inbox", waiting=counts["all"])


def _links(case: InboxItem, back: str) -> list[AskedLink]:
    """Return what is asked, each with the address of its form (of a paper: of the step, which leads to the paper)."""
    number = case.petition.number
    return [
        {"words": words, "url": f"{reverse('step', args=[number, step])}?{back}" if step in WITH_A_PAGE else ""}
        for words, step in {t.words: t.step for t in case.tasks}.items()
    ]


def _tab(key: str, current: str, count: int) -> InboxTab:
    return {
        "label": TABS[key],
        "count": count,
        "url": list_address(address_of("inbox"), {"tab": key if key != "all" else ""}),
        "current": key == current,
    }
