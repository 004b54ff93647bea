"""窗口待登记: what came in amid a flood, cleared many at once by the office; reports of wrongdoing by their officers."""

from typing import TypedDict

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.core.clock import today
from xinfang.procedure.rules import Refused
from xinfang.procedure.visibility import NotVisible
from xinfang.procedure.waiting_submissions import CLEARS, CLEARS_REPORTS, may_clear
from xinfang.web.dates import chinese_date, moment_text
from xinfang.web.form_types import Problem
from xinfang.web.forms import posted_key
from xinfang.web.list_pages import list_address
from xinfang.web.page_frame import render_page
from xinfang.web.refusals import errors_title, problems_of
from xinfang.window.actions.clearing import answer_set_aside, register_waiting, set_aside
from xinfang.window.queries.waiting import Lot, WaitingGroup, members, number_now, open_lots, waiting_groups
from xinfang.window.submission import is_waiting_number

NAV_ROUTE = "clearing"
MAX_REASON = 500


class GroupShown(TypedDict):
    """A group of one text."""

    code: str
    count: int
    subject: str
    body: str
    came: str
    due: str
    late: bool
    files: int
    networks: int
    again: str
    ticked: bool
    like_url: str


class LotShown(TypedDict):
    """A lot that waits for the second word."""

    pk: int
    count: int
    reason: str
    by: str
    own: bool
    at: str
    subjects: list[tuple[str, int]]


class ClearingPage(TypedDict):
    """What the page shows."""

    groups: list[GroupShown]
    lots: list[LotShown]
    count: int
    shown: int
    report: bool
    other_url: str
    like: str
    all_url: str
    reason: str
    rest: bool
    errors: list[Problem]
    errors_title: str


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*CLEARS, *CLEARS_REPORTS)
def clearing_page(request: DeskRequest) -> HttpResponse:
    """Show what waits, in groups of one text; clear those that were ticked, or all others on the page.

    Raises:
        Http404: what was sent isn't this person's to clear.
    """
    sent = request.POST if request.method == "POST" else request.GET
    both = may_clear(request.actor, report=True) and may_clear(request.actor, report=False)
    report = may_clear(request.actor, report=True) and (not both or sent.get("report") == "1")
    like = posted_key(sent.get("like", ""))
    ticked = set(request.POST.getlist("group"))
    if asked := number_now(request.GET.get("number", "").strip().upper()[:20]):
        # Somebody at the counter has the receipt of something that was registered since.
        if not is_waiting_number(asked):
            return redirect("petition", asked)
        messages.info(request, f"{asked} 还没有登记。")
    elif "number" in request.GET:
        messages.error(request, "没有这个收件号。请照回执核对。")
    errors: list[Problem] = []
    if request.method == "POST":
        rest = request.POST.get("rest") == "1"
        codes = set(request.POST.getlist("shown")) - ticked if rest else ticked
        pks = members(codes, report=report, like=like)
        if not pks:
            errors = [{"reason": "没有选中要办理的内容。请勾选，或者选“没有勾选的”。"}]
        else:
            try:
                return _cleared(request, pks, report)
            except Refused as e:
                errors = problems_of(e.reasons, {"a_reason_is_given": "reason"}, {"reason"})
            except NotVisible:
                raise Http404 from None
    return _page(request, report=report, both=both, like=like, ticked=ticked, errors=errors)


def _cleared(request: DeskRequest, pks: list[int], report: bool) -> HttpResponse:
    if request.POST.get("do") == "set_aside":
        reason = request.POST.get("reason", "").replace("\0", "")[:MAX_REASON]
        count = set_aside(pks, report=report, reason=reason, by=request.actor, staff=request.user)
        messages.success(request, f"已提出：{count} 件不是信访内容。等待另一人同意，同意之前仍在计算期限。")
    else:
        numbers, failed = register_waiting(pks, report=report, by=request.actor, staff=request.user)
        first = f"（{numbers[0]} 至 {numbers[-1]}）" if len(numbers) > 1 else f"（{numbers[0]}）" if numbers else ""
        messages.success(request, f"已登记 {len(numbers)} 件{first}，收到日期是提交的当日。")
        if failed:
            messages.error(request, f"有 {failed} 件没有登记成，仍在这里。请再试一次；仍不成的，请告诉系统管理员。")
    return redirect(list_address(reverse("clearing"), {"report": "1" if report else ""}))


def _page(
    request: DeskRequest, *, report: bool, both: bool, like: int, ticked: set[str], errors: list[Problem]
) -> HttpResponse:
    waiting = waiting_groups(report=report, like=like)
    given = {"report": "1" if report else ""}
    context: ClearingPage = {
        "groups": [_group_shown(g, given, ticked) for g in waiting.groups],
        "lots": [_lot_shown(lot) for lot in open_lots(request.actor)],
        "count": waiting.count,
        "shown": waiting.shown,
        "report": report,
        "other_url": list_address(reverse("clearing"), {"report": "" if report else "1"}) if both else "",
        "like": str(like or ""),
        "all_url": list_address(reverse("clearing"), given),
        "reason": request.POST.get("reason", "")[:MAX_REASON],
        "rest": request.POST.get("rest") == "1",
        "errors": errors,
        "errors_title": errors_title(errors, "没有办理") or "没有办理",
    }
    return render_page(request, "window/clearing.html", context, here=NAV_ROUTE, status=422 if errors else 200)


def _group_shown(group: WaitingGroup, given: dict[str, str], ticked: set[str]) -> GroupShown:
    first, last = moment_text(group.came_first), moment_text(group.came_last)
    return {
        "code": group.code,
        "count": group.count,
        "subject": group.subject,
        "body": group.body,
        "came": first if first == last else f"{first} 至 {last}",
        "due": chinese_date(group.due.due.due),
        "late": group.due.overdue(today()),
        "files": group.files,
        "networks": group.networks,
        "again": group.again,
        "ticked": group.code in ticked,
        "like_url": list_address(reverse("clearing"), {**given, "like": str(group.first)}),
    }


def _lot_shown(lot: Lot) -> LotShown:
    return {
        "pk": lot.pk, "count": lot.count, "reason": lot.reason, "by": lot.by, "own": lot.own,
        "at": moment_text(lot.at), "subjects": lot.subjects,
    }  # fmt: skip


@require_POST
@desk_page(*CLEARS, *CLEARS_REPORTS)
def answer_page(request: DeskRequest, pk: int) -> HttpResponse:
    """Take the second word on a lot that was put forward as no petition.

    Raises:
        Http404: there is no such lot for this person.
    """
    agree = request.POST.get("do") == "agree"
    opinion = request.POST.get("opinion", "").replace("\0", "")[:MAX_REASON]
    try:
        count = answer_set_aside(pk, agree=agree, opinion=opinion, by=request.actor, staff=request.user)
    except NotVisible:
        raise Http404 from None
    except Refused as e:
        for reason in e.reasons:
            messages.error(request, f"{reason.text}。{reason.todo}")
    else:
        words = "认定为非信访内容，提交的人查询时能看到理由，可以请求重新审查" if agree else "退回待登记"
        messages.success(request, f"{count} 件已{words}。")
    return redirect("clearing")
