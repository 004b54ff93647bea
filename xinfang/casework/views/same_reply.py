"""Beginning the form of a reply with the reply of another case of the same matter."""

from xinfang.accounts.pages import DeskRequest
from xinfang.cases.access import CaseView, ViewScope
from xinfang.cases.actions.access_log import log_access
from xinfang.casework.queries.same_reply import SameReply, reply_like
from xinfang.procedure.words import AccessKind

WHY = "拟同样的答复"


def begin_with_reply(request: DeskRequest, code: str, case: CaseView, number: str) -> SameReply | None:
    """Return the reply of the case of this number for the form of this one; None where there is none to begin with.

    Names that were put in count as seen, and are logged as such.
    """
    if not number or case.scope is not ViewScope.FULL:
        return None
    like = reply_like(code, case, number[:20], request.actor)
    if like is not None and like.named:
        log_access(case.petition, request.user, AccessKind.UNMASK, WHY, fields=["name"])
    return like
