"""What the pages about decisions on units and staff show (H19, H20). No sum, no order but that of time."""

from datetime import datetime
from typing import NotRequired, TypedDict

import structlog
from django.urls import reverse
from django.utils import timezone

from xinfang.attachments.queries import size_text
from xinfang.core.clock import SHANGHAI
from xinfang.personnel_decisions.models import Decision
from xinfang.procedure.facts import Actor, Directory
from xinfang.procedure.personnel_decisions import RecordedDecision
from xinfang.procedure.personnel_words import DecisionKind
from xinfang.procedure.visibility import DecisionStage, may_read_decision
from xinfang.vault.sm_ciphers import VaultError
from xinfang.web.dates import Chip, chinese_date

from . import decisions as rewards

_STAGES = {
    DecisionStage.WAITING: ("hold", "待确认"),
    DecisionStage.CONFIRMED: ("ok", "已确认"),
    DecisionStage.REFUSED: ("plain", "未获同意"),
}
_log = structlog.get_logger(__name__)


def content_or_none(decision: Decision) -> rewards.DecisionContent | None:
    """Return the content, or None where it can't be opened, which is written to the log."""
    try:
        return rewards.decrypt_decision(decision)
    except VaultError as e:
        _log.error("decision_unreadable", decision=decision.pk, error=type(e).__name__)
        return None


class DecisionRow(TypedDict):
    """The row of a record; `kind`, `who` and `outcome` only for a person who reads it."""

    number: str
    url: str
    reads: bool
    decided: str
    recorded: str
    by: str
    stage: Chip
    corrected: bool
    kind: NotRequired[str]
    who: NotRequired[str]
    outcome: NotRequired[str]


def decision_row(decision: Decision, actor: Actor, directory: Directory) -> DecisionRow:
    """Return the row of a record; without its content for a person who only knows of it."""
    opened = content_or_none(decision)
    reads = opened is not None and may_read_decision(actor, rewards.decision_facts(decision, opened.what))
    row: DecisionRow = {
        "number": decision.number,
        "url": reverse("reward", args=[decision.number]),
        "reads": reads,
        "decided": chinese_date(decision.decided_on),
        "recorded": minute_of(decision.at),
        "by": decision.by.name,
        "stage": stage_chip(decision),
        "corrected": is_corrected(decision),
    }
    if reads and opened:
        row["kind"] = opened.what.kind.label
        row["who"] = concerned(opened.what, directory)
        row["outcome"] = opened.what.outcome
    return row


def stage_chip(decision: Decision) -> Chip:
    """Return the chip that says how far a record is: waiting, confirmed or refused."""
    kind, text = _STAGES[rewards.decision_stage(decision)]
    return {"kind": kind, "text": text}


def is_corrected(decision: Decision) -> bool:
    """Tell whether another record, confirmed, has taken its place; `corrected_by` with its answers should be loaded."""
    return any(rewards.decision_stage(other) is DecisionStage.CONFIRMED for other in decision.corrected_by.all())


def concerned(what: RecordedDecision, directory: Directory) -> str:
    """Return the unit or person a record is about, by name."""
    return directory.unit_name(what.unit) if what.unit else directory.staff_name(what.person)


def content_rows(what: RecordedDecision, directory: Directory, *, about: str) -> list[tuple[str, str, str]]:
    """Return what was written, as (label, text, address of a link).

    `about` is the address of what it is about, if it can be seen.
    """
    rows = [
        ("种类", what.kind.label, ""),
        ("有关的单位" if what.unit else "有关的人员", concerned(what, directory), ""),
        ("追责情形", what.ground.label if what.ground else "", ""),
        ("依据", what.basis, ""),
        ("决定机关", what.body, ""),
        ("决定日期", chinese_date(what.decided_on), ""),
        ("决定文号", what.document_number, ""),
        ("奖励形式" if what.kind is DecisionKind.COMMENDATION else "决定的内容", what.outcome, ""),
        ("事由和说明", what.text, ""),
    ]
    if about:
        rows.append(("有关信访事项或事件", what.about.upper(), about))
    return [row for row in rows if row[1]]


def file_words(decision: Decision, opened: rewards.DecisionContent) -> str:
    """Return the name and size of the file of a decision."""
    return f"{opened.file_name}（{size_text(decision.file_size)}）"


def minute_of(at: datetime) -> str:
    """Return a time to the minute, as 2026-11-22 09:03 (Asia/Shanghai)."""
    return f"{timezone.localtime(at, SHANGHAI):%Y-%m-%d %H:%M}"
