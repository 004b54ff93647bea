"""人员变更: what one person proposed and another has to confirm, and what was decided."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from xinfang.actions import two_persons
from xinfang.actions.people import Rejected
from xinfang.desk import drafts
from xinfang.desk.confirm import confirm_first, recently_confirmed
from xinfang.desk.shell import SEES_CHANGES, DeskRequest, desk_page, show
from xinfang.notify.tell import holders
from xinfang.people.actors import SHANGHAI, today
from xinfang.people.models import PendingChange

HERE = "/people/changes/"
DECIDED_SHOWN = 50


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*SEES_CHANGES)
def changes(request: DeskRequest) -> HttpResponse:
    """Those that wait first; each can be confirmed or refused by the security administrator, withdrawn by its proposer."""
    errors: list[dict[str, str]] = []
    shown: dict[str, str] | None = None
    if request.method == "POST":
        if not recently_confirmed(request):
            return confirm_first(request, HERE)
        try:
            shown = _decide(request)
            if shown is None:
                return redirect("changes")
        except Rejected as rejected:
            errors = [{"reason": sentence} for sentence in rejected.sentences]
    rows = PendingChange.objects.select_related("staff", "proposed_by", "decided_by")
    confirms = request.actor.has(*two_persons.CONFIRMS)
    waiting = [
        {
            "change": c,
            "when": _moment(c.proposed_at),
            "may_decide": confirms and request.user.pk not in (c.proposed_by_id, c.staff_id),
            "may_withdraw": request.user.pk == c.proposed_by_id,
        }
        for c in rows.filter(decided_at=None)
    ]
    context = {
        "errors": errors,
        "shown": shown,
        "waiting": waiting,
        "decided": [
            {"change": c, "when": _moment(c.decided_at)} for c in rows.exclude(decided_at=None)[:DECIDED_SHOWN]
        ],
        "confirms": confirms,
        "nobody_confirms": not holders(two_persons.CONFIRMS, (), today()),
    }
    return show(request, "desk/changes.html", context, here=HERE, status=422 if errors else 200)


def _decide(request: DeskRequest) -> dict[str, str] | None:
    """Do what the form asks; returns what has to be shown on this one page: a one-time password."""
    given = request.POST.get("change", "")
    found = PendingChange.objects.filter(pk=given).first() if given.isdecimal() and len(given) < 19 else None
    if found is None:
        raise Rejected("没有这项变更，请刷新后再试。")
    do = request.POST.get("do", "")
    if do == "confirm":
        password = two_persons.confirm(found, by=request.user)
        drafts.accepted(request)
        if password:
            return {"name": found.staff.name, "password": password}
        messages.success(request, f"已确认：{found.staff.name}，{found.get_kind_display()}。")
    elif do == "refuse":
        two_persons.refuse(found, reason=request.POST.get("reason", ""), by=request.user)
        drafts.accepted(request)
        messages.success(request, f"已记录“不同意”：{found.staff.name}，{found.get_kind_display()}。")
    elif do == "withdraw":
        two_persons.withdraw(found, by=request.user)
        messages.success(request, "已撤回。")
    else:
        raise Rejected("没有这种操作，请刷新后再试。")
    return None


def _moment(when: Any) -> str:
    return f"{timezone.localtime(when, SHANGHAI):%Y-%m-%d %H:%M}"
