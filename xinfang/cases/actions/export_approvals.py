"""Asking for an export of personal data, a second person's word on it, and making it once."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from xinfang.accounts.models import Staff
from xinfang.accounts.queries.actors import actor_of, staff_with_role
from xinfang.accounts.queries.staff import staff_by_keys
from xinfang.audit.actions import audit_log
from xinfang.audit.actions.audit_log import AdminChangeRefused
from xinfang.cases.models import ExportAnswer, ExportMade, ExportRequest, Petition
from xinfang.cases.queries.export_approvals import answerable, state_of
from xinfang.core.clock import today
from xinfang.notifications.actions import notify
from xinfang.procedure.exports import APPROVES, ExportKind
from xinfang.procedure.facts import Actor
from xinfang.procedure.visibility import NotVisible

NOTIFICATION_KIND = "export"


@transaction.atomic
def ask_to_export(
    kind: ExportKind,
    petition: Petition | None,
    part: str,
    *,
    staff: Staff,
    reason: str,
    now: datetime | None = None,
) -> ExportRequest:
    """Keep that somebody asks to export personal data, and tell those who may agree.

    One that waits already is not asked for twice.
    """
    now = now or timezone.now()
    same = ExportRequest.objects.filter(kind=kind.value, petition=petition, part=part, by=staff)
    if waiting := same.filter(answer=None).first():
        return waiting
    request = ExportRequest.objects.create(
        kind=kind.value, petition=petition, part=part, reason=reason[:200], by=staff, at=now
    )
    audit_log.record(staff, "申请导出个人信息", _target(request), now, reason=request.reason)
    people = staff_by_keys(staff_with_role(APPROVES[kind], (), today(now)))
    told = [pk for pk, person in people.items() if answerable(request, actor_of(person, today(now)))]
    notify(told, None, kind=NOTIFICATION_KIND, text=f"有一项导出等待您审批：{kind.label}。", now=now)
    return request


@transaction.atomic
def answer_export(
    pk: int, *, agree: bool, opinion: str, by: Actor, staff: Staff, now: datetime | None = None
) -> ExportRequest:
    """Keep the second person's word on an export, and tell who asked for it.

    Raises:
        NotVisible: there is no such request, or it isn't this person's to answer.
        AdminChangeRefused: it was answered already, or a refusal says no reason.
    """
    now = now or timezone.now()
    request = (
        ExportRequest.objects.select_for_update(of=("self",)).select_related("petition", "by").filter(pk=pk).first()
    )
    if request is None or not answerable(request, by):
        raise NotVisible(str(pk))
    if ExportAnswer.objects.filter(request=request).exists():
        raise AdminChangeRefused("这一项已由他人审批，请刷新页面。")
    if not agree and not opinion.strip():
        raise AdminChangeRefused("不同意时必须写明理由。")
    ExportAnswer.objects.create(request=request, agree=agree, opinion=opinion.strip()[:200], by=staff, at=now)
    verb = "同意" if agree else "不同意"
    audit_log.record(staff, f"{verb}导出个人信息", _target(request), now, reason=opinion.strip()[:200])
    text = f"您申请的导出（{ExportKind.of(request.kind).label}）{staff.name}{verb}。"
    notify([request.by_id], None, kind=NOTIFICATION_KIND, text=text, now=now)
    return request


@transaction.atomic
def use_approval(request: ExportRequest, *, now: datetime | None = None) -> str:
    """Use an agreement up, and return the mark that the export bears: who, when, why, and who agreed.

    Raises:
        AdminChangeRefused: nobody agreed, too long ago, or it was used.
    """
    now = now or timezone.now()
    request = ExportRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if not state_of(request, now).open:
        raise AdminChangeRefused("这一项导出还没有得到同意，或者已经导出、过期，请重新申请。")
    ExportMade.objects.create(request=request, at=now)
    audit_log.record(request.by, "导出个人信息", _target(request), now, reason=request.reason)
    when = timezone.localtime(now).strftime("%Y-%m-%d %H:%M")
    agreed = request.answer.by.name
    return f"第{request.pk}号导出：{request.by.name}于{when}导出，{agreed}同意。用途：{request.reason}。不得转交他人。"


def _target(request: ExportRequest) -> str:
    of = request.petition
    case = "" if of is None else "密封件" if of.sealed else of.number
    return " ".join(p for p in (ExportKind.of(request.kind).label, case, request.part) if p)
