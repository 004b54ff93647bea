"""人员变更: what one person proposed and another has to confirm, and what was decided."""

from typing import TYPE_CHECKING, TypedDict

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from xinfang.accounts.actions import accounts, passwords, two_persons
from xinfang.accounts.actions.people import AdminChangeRefused
from xinfang.accounts.confirm_again import confirm_first, recently_confirmed
from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.accounts.queries.changes import change_by_key, decided_changes, pending_changes
from xinfang.core.clock import minute_text
from xinfang.procedure.visibility import SEES_CHANGES, SEES_PEOPLE
from xinfang.web import form_drafts as drafts
from xinfang.web.form_types import Problem
from xinfang.web.page_frame import render_page

if TYPE_CHECKING:
    from xinfang.accounts.models import GivenPassword, PendingChange

NAV_ROUTE = "changes"
DECIDED_SHOWN = 50


class Shown(TypedDict):
    """One half of a one-time password, shown this once."""

    name: str
    username: str
    others: str  # who else is not told, and who hands over the other half
    half: str
    first: bool
    hours: int


class WaitingChange(TypedDict):
    """A change that waits for a second person."""

    change: "PendingChange"
    when: str
    may_decide: bool
    may_withdraw: bool


class Half(TypedDict):
    """A half of a password that waits for its proposer."""

    half: "GivenPassword"
    until: str


class DecidedRow(TypedDict):
    """A change that was decided."""

    change: "PendingChange"
    when: str


class ChangesContext(TypedDict):
    """What waits, what is shown once, what was decided."""

    errors: list[Problem]
    shown: Shown | None
    waiting: list[WaitingChange]
    halves: list[Half]
    decided: list[DecidedRow]
    confirms: bool
    sees_people: bool
    nobody_confirms: bool


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*SEES_CHANGES)
def changes(request: DeskRequest) -> HttpResponse:
    """Show the changes, those that wait first; a second person confirms or refuses, the proposer withdraws."""
    errors: list[Problem] = []
    shown: Shown | None = None
    if request.method == "POST":
        if not recently_confirmed(request):
            return confirm_first(request, reverse(NAV_ROUTE))
        try:
            shown = _decide(request)
            if shown is None:
                return redirect("changes")
        except AdminChangeRefused as rejected:
            errors = [{"reason": sentence} for sentence in rejected.sentences]
    confirms = request.actor.has(*two_persons.CONFIRMS)
    deciders = two_persons.Deciders.today()
    waiting: list[WaitingChange] = [
        {
            "change": c,
            "when": minute_text(c.proposed_at),
            "may_decide": not two_persons.why_not_confirm(c, request.actor, request.user.pk, deciders),
            "may_withdraw": request.user.pk == c.proposed_by_id,
        }
        for c in pending_changes()
    ]
    context: ChangesContext = {
        "errors": errors,
        "shown": shown,
        "waiting": waiting,
        "halves": [{"half": h, "until": minute_text(h.until)} for h in passwords.unopened_halves(request.user)],
        "decided": [
            {"change": c, "when": minute_text(c.decided_at)} for c in decided_changes(DECIDED_SHOWN) if c.decided_at
        ],
        "confirms": confirms,
        "sees_people": request.actor.has(*SEES_PEOPLE),
        "nobody_confirms": not deciders.security,
    }
    return render_page(request, "accounts/changes.html", context, here=NAV_ROUTE, status=422 if errors else 200)


def _decide(request: DeskRequest) -> Shown | None:
    """Do what the form asks; return what has to be shown on this one page: one half of a password.

    Raises:
        AdminChangeRefused: there is no such change, half or operation, or it is not allowed.
    """
    half = request.POST.get("half", "")
    if half:
        if not half.isdecimal() or len(half) > 18:
            raise AdminChangeRefused("没有这一半密码，请刷新后再试。")
        owner, first = accounts.reveal_password_half(int(half), by=request.user)
        return {
            "name": owner.name,
            "username": owner.username,
            "others": "也不要告诉确认人。后一半由确认人交给本人。",
            "half": first,
            "first": True,
            "hours": passwords.ONE_TIME_HOURS,
        }
    given = request.POST.get("change", "")
    found = change_by_key(int(given)) if given.isdecimal() and len(given) < 19 else None
    if found is None:
        raise AdminChangeRefused("没有这项变更，请刷新后再试。")
    do = request.POST.get("do", "")
    if do == "confirm":
        second = two_persons.confirm_change(found, by=request.user)
        drafts.form_accepted(request)
        if second:
            who = found.staff
            return {
                "name": who.name,
                "username": who.username,
                "others": f"也不要告诉提出人。前一半由提出人{found.proposed_by.name}交给本人。",
                "half": second,
                "first": False,
                "hours": passwords.ONE_TIME_HOURS,
            }
        messages.success(request, f"已确认：{found.staff.name}，{found.get_kind_display()}。")
    elif do == "refuse":
        two_persons.refuse_change(found, reason=request.POST.get("reason", ""), by=request.user)
        drafts.form_accepted(request)
        messages.success(request, f"已记录“不同意”：{found.staff.name}，{found.get_kind_display()}。")
    elif do == "withdraw":
        two_persons.withdraw_change(found, by=request.user)
        messages.success(request, "已撤回。")
    else:
        raise AdminChangeRefused("没有这种操作，请刷新后再试。")
    return None
