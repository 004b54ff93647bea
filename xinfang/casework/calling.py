"""The handler calls the petitioner: one click a case and day shows name and telephone, and every look is logged."""

from xinfang.accounts.pages import DeskRequest
from xinfang.cases.access import CaseView
from xinfang.cases.actions.access_log import log_access
from xinfang.core.clock import today
from xinfang.procedure.visibility import calls_the_petitioner
from xinfang.procedure.words import AccessKind

_KEY = "calls"
WHY = "承办联系信访人（当日）"
SHOWN = ("name", "phone")


def remember_call(request: DeskRequest, number: str) -> None:
    """Let this session see the people of this case for the rest of today (Asia/Shanghai)."""
    day = today().isoformat()
    request.session[_KEY] = {n: on for n, on in request.session.get(_KEY, {}).items() if on == day} | {number: day}


def may_call(request: DeskRequest, case: CaseView) -> bool:
    """Tell whether the button is offered: the case is theirs to call, and they haven't clicked today."""
    return calls_the_petitioner(request.actor, case.facts, today()) and not _clicked(request, case)


def calls_now(request: DeskRequest, case: CaseView) -> bool:
    """Tell whether name and telephone are shown on this page, and log this look."""
    if not _clicked(request, case) or not calls_the_petitioner(request.actor, case.facts, today()):
        return False
    log_access(case.petition, request.user, AccessKind.UNMASK, WHY, fields=list(SHOWN))
    return True


def _clicked(request: DeskRequest, case: CaseView) -> bool:
    return bool(request.session.get(_KEY, {}).get(case.petition.number) == today().isoformat())
