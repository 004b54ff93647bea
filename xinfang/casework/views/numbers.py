"""本厅设定的数字: each with every version, one form to ask for another, what waits for a second person, and what if."""

from datetime import date
from typing import TYPE_CHECKING, TypedDict

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.audit.actions.audit_log import AdminChangeRefused
from xinfang.calendars.queries import calendar, number_changes
from xinfang.casework.actions.number_changes import answer_number, ask_for_number, asked_by, words_of
from xinfang.casework.forms import NumberForm, WhatIfForm
from xinfang.casework.queries.what_if import WhatIf, moved_rows, what_if
from xinfang.core.clock import today
from xinfang.procedure.dated_rules import LimitVersion
from xinfang.procedure.department_numbers import may_agree, may_ask
from xinfang.procedure.limits import BY_CODE
from xinfang.procedure.printed_numbers import printed_numbers
from xinfang.procedure.visibility import SEES_NUMBERS
from xinfang.web import form_drafts as drafts
from xinfang.web.dates import chinese_date
from xinfang.web.form_types import Problem
from xinfang.web.forms import posted_key
from xinfang.web.page_frame import render_page

if TYPE_CHECKING:
    from xinfang.accounts.models import Staff
    from xinfang.calendars.models import NumberChange, NumberChangeAnswer

NAV_ROUTE = "numbers"


class ChangeLine(TypedDict):
    """A change that was asked for, and what became of it."""

    pk: int
    words: str
    asked: str
    reason: str
    waits: bool
    state: str
    answered: str
    mine: bool
    answerable: bool
    opinion: str
    """What was typed, when it wasn't taken."""


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*SEES_NUMBERS)
def numbers(request: DeskRequest) -> HttpResponse:
    """Show the numbers of the department and their changes; take what somebody asks for, or a second person's word."""
    asks = request.method == "POST" and "do" not in request.POST
    form = NumberForm(request.POST if asks else None)
    errors: list[Problem] = []
    if request.method == "POST":
        try:
            if not asks:
                _answer(request)
                return redirect(NAV_ROUTE)
            if form.is_valid():
                change = ask_for_number(**form.cleaned_data, by=request.user)
                drafts.form_accepted(request)
                messages.success(request, f"已提出：{words_of(change)}。由另一人确认后，到那一天生效。")
                return redirect(NAV_ROUTE)
        except AdminChangeRefused as refused:
            if asks:
                form.refuse(refused.sentences)
            else:
                errors = [{"reason": sentence} for sentence in refused.sentences]
    calendar()
    changes = [_change_line(c, request) for c in number_changes()]
    errors = errors or form.summary
    context = {
        "rows": [n for n in printed_numbers() if n.setting],
        "waiting": [c for c in changes if c["waits"]],
        "changes": [c for c in changes if not c["waits"]],
        "may_ask": may_ask(request.actor),
        "form": form,
        "errors": errors,
    }
    return render_page(request, "casework/numbers.html", context, here=NAV_ROUTE, status=422 if errors else 200)


@require_safe
@desk_page(*SEES_NUMBERS)
def try_number(request: DeskRequest) -> HttpResponse:
    """Try a number on every open case and show what would move. Nothing is written."""
    form = WhatIfForm(request.GET or None)
    found, words = None, ""
    if request.GET and form.is_valid():
        calendar()
        asked = form.cleaned_data
        found = _try(asked["code"], asked["value"], asked["since"], asked["running"])
        limit = BY_CODE[asked["code"]]
        words = f"“{limit.label}”自{chinese_date(asked['since'])}起为{asked['value']}{limit.unit}"
        words += "，施行时尚未届满的也适用" if asked["running"] else ""
    context = {"form": form, "errors": form.summary, "words": words}
    if found:
        context |= moved_rows(found)
    return render_page(
        request, "casework/numbers_what_if.html", context, here=NAV_ROUTE, status=422 if form.errors else 200
    )


def _answer(request: DeskRequest) -> None:
    pk, agree = posted_key(request.POST.get("change", "")), request.POST.get("do") == "agree"
    answer_number(pk, agree=agree, opinion=request.POST.get("opinion", ""), by=request.user)
    messages.success(request, "已确认，到生效日期起按新的数字计算。" if agree else "已记录，这个数字不变。")


def _try(code: str, value: int, since: date, running: bool) -> WhatIf:
    limit = BY_CODE[code]
    changed = LimitVersion(since, value, limit.unit, limit.cites, holds_for_running=running)
    return what_if({code: (changed,)}, today())


def _change_line(change: "NumberChange", request: DeskRequest) -> ChangeLine:
    answer = getattr(change, "answer", None)
    own = change.by_id == request.user.pk
    state = "过期，没有确认"
    if answer is not None:
        state = "已确认" if answer.agree else "已撤回" if answer.by_id == change.by_id else "不同意"
    return {
        "pk": change.pk,
        "words": words_of(change),
        "asked": f"{_name(change.by, change.acting_for)}，{chinese_date(today(change.at))}",
        "reason": change.reason,
        "waits": answer is None and change.since > today(),
        "state": state,
        "answered": _answered(answer),
        "mine": own,
        "answerable": answer is None and may_agree(request.actor, asked_by(change)),
        "opinion": request.POST.get("opinion", "") if request.POST.get("change") == str(change.pk) else "",
    }


def _name(person: "Staff", instead_of: "Staff | None") -> str:
    return f"{person.name}（代{instead_of.name}）" if instead_of else person.name


def _answered(answer: "NumberChangeAnswer | None") -> str:
    if answer is None:
        return ""
    return "，".join(
        filter(None, (_name(answer.by, answer.acting_for), chinese_date(today(answer.at)), answer.opinion))
    )
