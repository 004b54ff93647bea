"""A schedule of holidays in the pages: one person reads it in, another compares it with the notice and agrees.

It moves every limit that is counted in working days, and so isn't one person's to decide.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from xinfang.accounts.actions.change_checks import raise_if_any, single_line
from xinfang.accounts.models import Staff
from xinfang.accounts.queries.actors import actor_of, staff_with_role
from xinfang.audit.actions import audit_log
from xinfang.audit.actions.audit_log import AdminChangeRefused
from xinfang.calendars.models import ScheduleAnswer, ScheduleProposal
from xinfang.calendars.schedule_files import as_csv
from xinfang.core.clock import today
from xinfang.notifications.actions import notify
from xinfang.procedure.step_schema import StaffCode
from xinfang.procedure.visibility import ADMINISTERS

from .calendar_import import CalendarImportReport, import_year, looked_at, require_importer

NOTIFICATION_KIND = "calendar"


@transaction.atomic
def propose_schedule(
    source: bytes,
    *,
    by: Staff,
    origin: str = "",
    year: int | None = None,
    named: str = "",
    agreed: Collection[str] = (),
    now: datetime | None = None,
) -> ScheduleProposal:
    """Keep a schedule that somebody read in, and tell those who may agree. Nothing counts by it yet.

    Raises:
        AdminChangeRefused: they may not, the file has problems, or another schedule waits already.
        ScheduleDoubtful: there are questions that are not among those `agreed` to.
    """
    now = now or timezone.now()
    require_importer(by)
    read, _ = looked_at(source, year, named, (), agreed)
    if ScheduleProposal.objects.filter(answer=None).exists():
        raise AdminChangeRefused("已有一份放假安排等待另一人核对，请先等待核对或者撤回。")
    proposal = ScheduleProposal.objects.create(content=as_csv(read), origin=origin[:200], by=by, at=now)
    years = "、".join(f"{y.year}年" for y in read.years)
    audit_log.record(by, "提出导入放假安排", years, now, source=origin, proposal=proposal.pk)
    others = [pk for pk in staff_with_role(ADMINISTERS, (), today(now)) if pk != by.pk]
    notify(others, None, kind=NOTIFICATION_KIND, text=f"{years}放假安排等待您对照通知核对。", now=now)
    return proposal


@transaction.atomic
def answer_schedule(
    pk: int, *, agree: bool, opinion: str, by: Staff, now: datetime | None = None
) -> CalendarImportReport | None:
    """Keep the second person's word; agreed to, it is imported. Who proposed it may only take it back.

    Raises:
        AdminChangeRefused: it isn't theirs to decide, was decided already, or a refusal says no reason.
    """
    now = now or timezone.now()
    require_importer(by)
    proposal = ScheduleProposal.objects.select_for_update(of=("self",)).select_related("by").filter(pk=pk).first()
    if proposal is None or ScheduleAnswer.objects.filter(proposal_id=pk).exists():
        raise AdminChangeRefused("这份放假安排已经核对过或者不存在，请刷新页面。")
    own = StaffCode(proposal.by.username) in actor_of(by, today(now)).codes
    if own and (agree or by.pk != proposal.by_id):
        raise AdminChangeRefused("放假安排由提出人以外的人对照通知核对。")
    reasons: list[str] = []
    opinion = single_line(opinion, "意见", 200, reasons, needed=not agree and not own)
    raise_if_any(reasons)
    ScheduleAnswer.objects.create(proposal=proposal, agree=agree, opinion=opinion, by=by, at=now)
    verb = "核对并同意" if agree else "撤回" if own else "不同意"
    audit_log.record(by, f"{verb}导入放假安排", proposal.origin or "放假安排", now, reason=opinion, proposal=pk)
    if not own:
        notify([proposal.by_id], None, kind=NOTIFICATION_KIND, text=f"{by.name}{verb}导入您提出的放假安排。", now=now)
    if not agree:
        return None
    return import_year(proposal.content.encode(), by=by, origin=proposal.origin, agreed=None, now=now)
