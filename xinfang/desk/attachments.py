"""The attachments of a case as its page shows them."""

from datetime import date
from typing import Any

from django.conf import settings
from django.utils import timezone

from xinfang.procedure.calendar import Calendar
from xinfang.procedure.facts import Actor, Directory, Facts
from xinfang.procedure.rules import Question, case_reasons
from xinfang.procedure.steps.files import Attach, WithdrawAttachment
from xinfang.procedure.words import Material, Role
from xinfang.records.filecheck import ACCEPT, TAKEN
from xinfang.records.models import Attachment, Petition

from .shell import short_date


def panel(
    petition: Petition, facts: Facts, actor: Actor, day: date, calendar: Calendar, directory: Directory
) -> dict[str, Any]:
    """The list (1 query, none for a case without attachments), and whether this person may add one."""
    question = Question(step=None, facts=facts, actor=actor, today=day, calendar=calendar, directory=directory)
    may_withdraw = not case_reasons(WithdrawAttachment.rule, question)
    any_of_them = actor.has(Role.OFFICE, Role.OFFICE_HEAD, Role.SEALED_OFFICER)
    rows: list[dict[str, Any]] = []
    found = petition.attachments.select_related("event__by", "withdrawal__by") if facts.files else ()
    for row, known in zip(found, facts.files, strict=True):
        mine = any_of_them or known.by in actor.codes
        rows.append(_row(row, day, mine and may_withdraw and not known.withdrawn))
    return {
        "rows": rows,
        "may_add": not case_reasons(Attach.rule, question),
        "uses": [(w.value, w.label, w is Material.OTHER) for w in Material],
        "accept": ACCEPT,
        "taken": TAKEN,
        "most": settings.UPLOAD_MB,
    }


def _row(row: Attachment, day: date, may_withdraw: bool) -> dict[str, Any]:
    assert row.event is not None
    by = row.event.by.name if row.event.by else ""
    added = short_date(timezone.localtime(row.event.recorded_at).date(), day.year)
    withdrawn = ""
    if row.withdrawal is not None:
        when = short_date(timezone.localtime(row.withdrawal.recorded_at).date(), day.year)
        who = row.withdrawal.by.name if row.withdrawal.by else ""
        withdrawn = f"{when} {who}撤下：{row.withdrawal.data['reason']}"
    number = row.petition.number
    return {
        "place": row.place,
        "name": row.name,
        "url": f"/petitions/{number}/files/{row.place}/" if row.wrapped_key is not None else "",
        "inline": row.file_kind.inline,
        "facts": f"{row.what_label} · {row.file_kind.label} · {size_text(row.size)} · {added} {by}添加",
        "digest": row.digest,
        "withdrawn": withdrawn,
        "withdraw_url": f"/petitions/{number}/withdraw_attachment/?attachment={row.place}" if may_withdraw else "",
    }


def size_text(size: int) -> str:
    """812 字节, 96 KB, 3.4 MB"""
    if size < 1024:
        return f"{size} 字节"
    return f"{size / 1024:.0f} KB" if size < 2**20 else f"{size / 2**20:.1f} MB"
