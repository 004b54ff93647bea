"""What every page of the desk shares: who is signed in, the navigation, the words for dates and due dates."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from xinfang.actions.trusted_time import CONFIRMS_TIME
from xinfang.people.actors import actor_of, today
from xinfang.people.made_for import is_for_another, mark_of
from xinfang.people.middleware import lead_to
from xinfang.people.models import Staff
from xinfang.people.second_factor import is_needed
from xinfang.people.sign_ins import has_second_factor
from xinfang.procedure.calendar import WEEKDAYS, Calendar
from xinfang.procedure.facts import Actor
from xinfang.procedure.incidents.reporting import ALL_WHO_ATTEND, AT_THE_DESK
from xinfang.procedure.visibility import COUNTS_SUPERVISION, IS_SUPERVISED, KNOWS_OF_DECISIONS, SUPERVISES
from xinfang.procedure.words import PersonKind, Role
from xinfang.records import trusted_time
from xinfang.records.inbox import how_many, unread
from xinfang.records.models import Petition
from xinfang.records.moments import one_moment
from xinfang.records.queries import visible_pk

from . import door, drafts
from .pressing_events import pressing
from .sealed_case import NeedsReason, ask_for_reason

View = Callable[..., HttpResponse]

ADMINISTERS = (Role.OFFICE, Role.OFFICE_HEAD, Role.SYSTEM_ADMINISTRATOR)
"""Who keeps calendar, categories, units and staff."""
SEES_PEOPLE = (*ADMINISTERS, Role.SECURITY_ADMINISTRATOR)
SEES_CHANGES = (
    Role.SYSTEM_ADMINISTRATOR,
    Role.OFFICE_HEAD,
    Role.SECURITY_ADMINISTRATOR,
    Role.AUDITOR,
    Role.PRINCIPAL_LEADER,
)
"""Who proposes changes of duties, confirms them (the principal leader where nobody else can), and looks over both."""
SEES_ARCHIVE = (Role.ARCHIVE_ROOM, Role.OFFICE_HEAD, Role.SEALED_OFFICER)
"""Who sees the archive room's pages: who keeps the files, who decides on their end, who keeps the sealed ones (H14)."""
SEES_SUPERVISION = (*SUPERVISES, *IS_SUPERVISED, *COUNTS_SUPERVISION)
"""Who finds the board of supervision; each sees there what the policy lets him (H5)."""
SEES_FIGURES = (Role.OFFICE, Role.OFFICE_HEAD, Role.PRINCIPAL_LEADER, Role.LEADER)
"""Who sees the figures of the whole department and writes its reports (N41)."""
REGISTERS = (Role.RECEPTION, Role.OFFICE, Role.OFFICE_HEAD)
HANDLES_PAPERS = (
    *REGISTERS,
    Role.UNIT_HEAD,
    Role.HANDLER,
    Role.LEADER,
    Role.PRINCIPAL_LEADER,
    Role.SEALED_OFFICER,
)
"""Who makes, checks, signs or issues papers."""
EXCHANGES = (Role.OFFICE, Role.OFFICE_HEAD)
"""Who looks after what goes to the regional system and what comes from there (H5, H12)."""
COUNTED = 99
"""So far are tasks and messages counted that wait for somebody; more of them is told with a plus."""


class Destroyed(Exception):
    """The file of this case is gone, and only its own page says what is left of it."""

    def __init__(self, number: str) -> None:
        super().__init__(number)
        self.number = number


def was_destroyed(petition: Petition) -> bool:
    """Whether the file of this case was destroyed at the end of its period (no query where `archived_file` was loaded)."""
    kept = getattr(petition, "archived_file", None)
    return kept is not None and kept.destroyed_on is not None


class DeskRequest(HttpRequest):
    """A request of somebody signed in, with the duties held today."""

    user: Staff
    actor: Actor


def desk_page(*roles: Role, second_factor: bool = True) -> Callable[[View], View]:
    """A page for people signed in; with roles, only for who holds one of them (others find nothing there).

    Whose duties ask for a second factor gets only the page that sets it up, unless `second_factor` is False.
    Who isn't signed in is led to the sign-in page, and a script is told so (401); what a page made for somebody else sends is
    refused (409).
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def page(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return door.sign_in_first(request)
            if is_for_another(request):
                return door.made_for_another(request)
            request.actor = actor_of(request.user)
            if second_factor and is_needed(request.actor) and not has_second_factor(request):
                return lead_to(request, "/account/second-factor/")
            if roles and not request.actor.has(*roles):
                raise Http404
            try:
                return view(request, *args, **kwargs)
            except NeedsReason as sealed:
                query = urlencode({"next": request.path})
                return lead_to(request, f"/petitions/{sealed.number}/reason/?{query}")
            except Destroyed as case:
                return lead_to(request, f"/petitions/{case.number}/")

        return page

    return wrap


def of_one_moment(view: View) -> View:
    """A page that joins what several questions answer: where it is only looked at, all answers are of one moment.

    Stands below `desk_page`. What such a page writes goes through `moments.afterwards`.
    """

    @wraps(view)
    def page(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return view(request, *args, **kwargs)
        with one_moment():
            return view(request, *args, **kwargs)

    return page


def petition_or_404(request: DeskRequest, number: str, *, opened: bool = True, destroyed: bool = False) -> Petition:
    """The petition if this person may see it; hidden and missing look alike (2 queries).

    A sealed one asks for a reason first (NeedsReason), unless `opened` is False. One whose file was destroyed at the end of its
    period leads to its own page, which says so, unless `destroyed` is True.
    """
    pk = visible_pk(number.upper(), request.actor)
    if pk is None:
        raise Http404
    ties = ("category", "handling_unit", "handler", "responsible_leader", "repeat_of", "archived_file")
    found = Petition.objects.select_related(*ties).get(pk=pk)
    if opened:
        ask_for_reason(request, found)
    if not destroyed and was_destroyed(found):
        raise Destroyed(found.number)
    return found


def show(
    request: DeskRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    here: str = "",
    status: int = 200,
    waiting: int | None = None,
) -> HttpResponse:
    """Render a desk page inside the frame; `here` is the address of the navigation entry it belongs to.

    `waiting` is how many cases wait for this person, where the page has counted them already.
    """
    return render(request, template, {**frame(request, here, waiting), **(context or {})}, status=status)


def frame(request: DeskRequest, here: str, waiting: int | None = None) -> dict[str, Any]:
    """The context of base.html (2 queries: unread messages, tasks unless they were counted; office and leaders 1 more: events; the
    system administrator a few small ones: the clock)."""
    if waiting is None:
        waiting = how_many(request.actor, COUNTED + 1)
    day = today()
    return {
        "department": settings.DEPARTMENT,
        "today_text": f"{chinese_date(day)} 星期{WEEKDAYS[day.weekday()]}",
        "person_text": f"{request.user.name} · {request.user.title}" if request.user.title else request.user.name,
        "unread_count": _counted(unread(request.actor, COUNTED + 1)),
        "nav": navigation(request.actor, here, waiting),
        "pressing": pressing(request.actor),
        "clock_doubt": _clock_doubt(request.actor),
        "made_for": mark_of(request.user),
        "draft_page": drafts.of_page(request),
        "search_text": "",
    }


def _clock_doubt(actor: Actor) -> str:
    """Why the clock isn't believed, for whoever can say that it is right."""
    doubt = trusted_time.doubt() if actor.has(*CONFIRMS_TIME) else None
    return doubt.sentence if doubt else ""


def _counted(number: int) -> str:
    return f"{COUNTED}+" if number > COUNTED else str(number or "")


def navigation(actor: Actor, here: str, waiting: int) -> list[dict[str, Any]]:
    """The entries this person can use, in the order of a working day."""
    entries: list[tuple[str, str, bool]] = [
        ("我的待办", "/", True),
        ("登记来件", "/register/", actor.has(*REGISTERS)),
        ("全部事项", "/petitions/", True),
        ("文书", "/papers/", actor.has(*HANDLES_PAPERS)),
        ("期限看板", "/boards/", True),
        ("值班报告", "/duty/", actor.has(*AT_THE_DESK)),
        ("突发事件", "/incidents/", actor.has(*ALL_WHO_ATTEND)),
        ("督办", "/supervision/", actor.has(*SEES_SUPERVISION)),
        ("统计分析", "/figures/", actor.has(*SEES_FIGURES)),
        ("自治区系统交换", "/exchange/", actor.has(*EXCHANGES)),
        ("机要室归档", "/archive/", actor.has(*SEES_ARCHIVE)),
        ("奖惩记录", "/rewards/", actor.has(*KNOWS_OF_DECISIONS, Role.UNIT_HEAD)),
        ("", "", True),
        ("规程", "/procedure/", True),
        ("工作日历", "/calendar/", True),
        ("内容分类", "/categories/", actor.has(*ADMINISTERS)),
        ("单位与人员", "/people/", actor.has(*SEES_PEOPLE)),
        ("人员变更", "/people/changes/", actor.has(*SEES_CHANGES)),
        ("本厅设置", "/settings/", actor.has(*ADMINISTERS)),
        ("系统时间", "/time/", actor.has(*CONFIRMS_TIME)),
        ("操作记录", "/log/", actor.has(Role.AUDITOR)),
    ]
    nav: list[dict[str, Any]] = []
    for label, url, shown in entries:
        if not shown:
            continue
        if not label:
            nav.append({"divider": True})
            continue
        entry: dict[str, Any] = {"label": label, "url": url, "current": url == here}
        if url == "/" and waiting:
            entry["badge"] = _counted(waiting)
            entry["badge_text"] = "件待办"
        if url == "/register/":
            entry["key"] = "r"
        nav.append(entry)
    return nav


def chinese_date(day: date | None) -> str:
    """2026年11月22日"""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def short_date(day: date | None, year: int | None = None) -> str:
    """11月22日, with the year where it isn't this one."""
    if day is None:
        return ""
    return f"{day.month}月{day.day}日" if day.year == (year or today().year) else chinese_date(day)


def due_chip(due: date, day: date, *, working: Calendar | None = None) -> dict[str, str]:
    """The chip of a due date: kind late, soon or plain, and words: 已超期 2 天, 今天到期, 剩 3 个工作日, 剩 21 天."""
    left = (due - day).days
    if left < 0:
        return {"kind": "late", "text": f"已超期 {-left} 天"}
    if left == 0:
        return {"kind": "late", "text": "今天到期"}
    if working is not None:
        days = working.working_days_between(day, due)
        return {"kind": "soon" if left <= 7 else "plain", "text": f"剩 {days} 个工作日"}
    return {"kind": "soon" if left <= 7 else "plain", "text": f"剩 {left} 天"}


def masked(name: str, kind: str = "natural") -> str:
    """张**; an organisation keeps its first three and last four characters (PIPL 51: masked by default)."""
    if not name:
        return "姓名不清"
    if kind != PersonKind.NATURAL and len(name) > 8:
        return f"{name[:3]}**{name[-4:]}"
    return f"{name[0]}**"


def masked_phone(phone: str) -> str:
    """150****5678"""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 11 else "****" if phone else ""


def masked_address(address: str) -> str:
    """The first six characters, as far as a place without a door."""
    return f"{address[:6]}****" if address else ""
