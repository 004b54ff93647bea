"""Exports that somebody asked for: how far one's own are, and which ones wait for this person."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from xinfang.accounts.models import Staff
from xinfang.cases.models import ExportRequest, Petition
from xinfang.cases.queries.visible_petitions import visible_numbers
from xinfang.core.clock import today
from xinfang.procedure.exports import ExportKind, may_approve
from xinfang.procedure.facts import Actor
from xinfang.procedure.limits import EXPORT_APPROVAL
from xinfang.procedure.step_schema import StaffCode
from xinfang.web.dates import chinese_date


@dataclass(frozen=True)
class ExportState:
    """How far an export is that somebody asked for."""

    request: ExportRequest
    state: str
    """waiting, agreed, refused, made, lapsed."""
    words: str

    @property
    def open(self) -> bool:
        """Whether it may be made now."""
        return self.state == "agreed"


def own_request(
    kind: ExportKind, petition: Petition | None, part: str, staff: Staff, now: datetime
) -> ExportState | None:
    """Return the latest request of this person for this very export; None without one (1 query)."""
    found = ExportRequest.objects.select_related("answer__by", "made").filter(
        kind=kind.value, petition=petition, part=part, by=staff
    )
    request = found.first()
    return state_of(request, now) if request else None


def state_of(request: ExportRequest, now: datetime) -> ExportState:
    """Return how far a request is at this time."""
    answer, made = getattr(request, "answer", None), getattr(request, "made", None)
    asked = f"{chinese_date(today(request.at))}申请，理由：{request.reason}"
    if answer is None:
        return ExportState(request, "waiting", f"{asked}。等待另一人同意。")
    if not answer.agree:
        return ExportState(request, "refused", f"{asked}。{answer.by.name}不同意：{answer.opinion}")
    if made is not None:
        return ExportState(request, "made", f"{asked}。已导出；再次导出请重新申请。")
    term = EXPORT_APPROVAL.on(today(answer.at))
    last = today(answer.at) + timedelta(days=term.value)
    if today(now) > last:
        return ExportState(request, "lapsed", f"{asked}。{answer.by.name}已同意，但{term}内没有导出，请重新申请。")
    return ExportState(request, "agreed", f"{asked}。{answer.by.name}已同意，请在{chinese_date(last)}前导出，限一次。")


def requests_for(actor: Actor) -> list[ExportRequest]:
    """Return the requests that wait for this person, the oldest first (1 query, and 1 for each that is of a case)."""
    waiting = ExportRequest.objects.filter(answer=None).select_related("petition", "by").order_by("id")
    return [r for r in waiting if answerable(r, actor)]


def answerable(request: ExportRequest, actor: Actor) -> bool:
    """Tell whether this person may answer a request."""
    if not may_approve(actor, ExportKind.of(request.kind), StaffCode(request.by.username)):
        return False
    return request.petition is None or bool(visible_numbers(actor, [request.petition.number]))
