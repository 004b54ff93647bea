"""Rows of the auditor's logs, on their pages and in their exports: no content, no subject, no petitioner."""

from typing import TYPE_CHECKING, TypedDict

from django.utils import timezone

from xinfang.core.clock import SHANGHAI
from xinfang.procedure.steps import STEPS
from xinfang.procedure.words import AccessKind, Role
from xinfang.web.dates import chinese_date

if TYPE_CHECKING:
    from xinfang.cases.models import AccessLogEntry, Event

STAGES = {"proposed": "提出，待第二人确认", "confirmed": "确认", "refused": "不同意"}
ACCESS_KINDS = {str(w.value): w.label for w in AccessKind}
_ROLES = {str(r.value): r.label for r in Role}
_FIELDS = {"name": "姓名", "phone": "电话", "address": "住址", "id_number": "证件号码"}


class StepLogRow(TypedDict):
    """An event of a case."""

    when: str
    late: str
    number: str
    step: str
    stage: str
    who: str
    entered_by: str
    acting_for: str
    role: str


class AccessLogRow(TypedDict):
    """Who looked at which case, and why."""

    when: str
    number: str
    what: str
    who: str
    reason: str
    fields: str


def step_log_row(event: "Event") -> StepLogRow:
    """Return the row of an event."""
    moment = timezone.localtime(event.recorded_at, SHANGHAI)
    step = STEPS.get(event.code)
    return {
        "when": f"{moment:%Y-%m-%d %H:%M:%S}",
        "late": chinese_date(event.happened_on) if event.happened_on != moment.date() else "",
        "number": event.petition.number,
        "step": step.rule.label if step else event.code,
        "stage": STAGES.get(event.stage, ""),
        "who": event.by.name if event.by else "系统" if event.by_role == Role.SYSTEM else "信访人",
        "entered_by": event.entered_by.name if event.entered_by else "",
        "acting_for": event.acting_for.name if event.acting_for else "",
        "role": _ROLES.get(event.by_role, ""),
    }


def access_log_row(look: "AccessLogEntry") -> AccessLogRow:
    """Return the row of an entry of the access log."""
    return {
        "when": f"{timezone.localtime(look.at, SHANGHAI):%Y-%m-%d %H:%M:%S}",
        "number": look.petition.number,
        "what": look.get_what_display(),
        "who": look.by.name if look.by else "服务器命令行",
        "reason": look.reason,
        "fields": "、".join(_FIELDS.get(f, f) for f in look.detail.get("fields", [])),
    }
