"""Changing a number of the department: one person asks, another agrees, and it holds from a day that is to come.

Nothing is overwritten: what was asked, by whom and why, and the answer are kept; the log of administration has both.
"""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from xinfang.accounts.actions.change_checks import raise_if_any, single_line
from xinfang.accounts.models import Staff
from xinfang.accounts.queries.actors import actor_of, staff_with_role
from xinfang.accounts.queries.staff import staff_by_keys
from xinfang.audit.actions import audit_log
from xinfang.audit.actions.audit_log import AdminChangeRefused
from xinfang.calendars.models import NumberChange, NumberChangeAnswer
from xinfang.calendars.queries import calendar
from xinfang.cases.models import Deadline
from xinfang.cases.queries.petitions import facts_with_damaged_text
from xinfang.core.clock import today
from xinfang.notifications.actions import notify
from xinfang.procedure.calendar import in_chinese
from xinfang.procedure.clocks import CLOCKS
from xinfang.procedure.department_numbers import (
    AGREES_TO_NUMBER,
    ASKS_FOR_NUMBER,
    CHANGEABLE,
    in_place_of,
    may_agree,
    may_ask,
    wrong_with,
)
from xinfang.procedure.runs import clock_runs
from xinfang.procedure.step_schema import StaffCode

from .recomputed_dates import MovedDate, record_moved

NOTIFICATION_KIND = "number"


@transaction.atomic
def ask_for_number(
    code: str, value: int, since: date, *, reason: str, by: Staff, now: datetime | None = None
) -> NumberChange:
    """Keep that somebody asks for another number from a day on (Asia/Shanghai), and tell those who may agree.

    Raises:
        AdminChangeRefused: they may not ask, the number or the day isn't possible, or one is asked for already.
    """
    now = now or timezone.now()
    actor = actor_of(by, today(now))
    if not may_ask(actor):
        raise AdminChangeRefused("本厅设定的数字由办公室主任或系统管理员提出更改，您目前没有这项职责。")
    calendar()
    reasons = wrong_with(code, value, since, today(now))
    reason = single_line(reason, "理由", 200, reasons)
    if NumberChange.objects.filter(code=code, answer=None, since__gt=today(now)).exists():
        reasons.append("这个数字已有一项更改等待确认，请先等待答复或者撤回。")
    raise_if_any(reasons)
    instead = _person(in_place_of(actor, ASKS_FOR_NUMBER))
    change = NumberChange.objects.create(
        code=code, value=value, since=since, reason=reason, by=by, acting_for=instead, at=now
    )
    audit_log.record(
        by,
        "申请更改本厅设定的数字",
        _target(change),
        now,
        change=change.pk,
        value=value,
        since=since.isoformat(),
        reason=reason,
        **_instead(instead),
    )
    people = staff_by_keys(staff_with_role(AGREES_TO_NUMBER, (), today(now)))
    told = [pk for pk, person in people.items() if may_agree(actor_of(person, today(now)), asked_by(change))]
    notify(told, None, kind=NOTIFICATION_KIND, text=f"有一项本厅设定的数字等待您确认：{words_of(change)}。", now=now)
    return change


@transaction.atomic
def answer_number(pk: int, *, agree: bool, opinion: str, by: Staff, now: datetime | None = None) -> NumberChangeAnswer:
    """Keep the second person's word on a change; who asked for it may only take it back.

    Raises:
        AdminChangeRefused: it isn't theirs to decide, was decided already, comes too late, or a refusal says no reason.
    """
    now = now or timezone.now()
    change = (
        NumberChange.objects.select_for_update(of=("self",)).select_related("by", "acting_for").filter(pk=pk).first()
    )
    if change is None or NumberChangeAnswer.objects.filter(change_id=pk).exists():
        raise AdminChangeRefused("这一项更改已经答复或者不存在，请刷新页面。")
    own = change.by_id == by.pk and not agree
    actor = actor_of(by, today(now))
    if not own and not may_agree(actor, asked_by(change)):
        raise AdminChangeRefused("更改由提出人以外的办公室主任或者厅主要领导确认。")
    calendar()
    reasons = wrong_with(change.code, change.value, change.since, today(now)) if agree else []
    opinion = single_line(opinion, "意见", 200, reasons, needed=not agree and not own)
    raise_if_any(reasons)
    instead = None if own else _person(in_place_of(actor, AGREES_TO_NUMBER))
    answer = NumberChangeAnswer.objects.create(
        change=change, agree=agree, opinion=opinion, by=by, acting_for=instead, at=now
    )
    verb = "同意" if agree else "撤回" if own else "不同意"
    about = {"change": change.pk, "value": change.value, "since": change.since.isoformat()}
    audit_log.record(
        by, f"{verb}更改本厅设定的数字", _target(change), now, reason=opinion, **about, **_instead(instead)
    )
    if not own:
        notify([change.by_id], None, kind=NOTIFICATION_KIND, text=f"{by.name}{verb}：{words_of(change)}。", now=now)
    if agree:
        _bring_in_line(change, now)
    return answer


def asked_by(change: NumberChange) -> tuple[StaffCode, ...]:
    """Return who asked, and in whose place: neither may agree."""
    return tuple(StaffCode(p.username) for p in (change.by, change.acting_for) if p)


def _person(code: StaffCode | None) -> Staff | None:
    return Staff.objects.get(username=code) if code else None


def words_of(change: NumberChange) -> str:
    """Return what is asked for, in words."""
    limit = CHANGEABLE[change.code]
    return f"“{limit.label}”自{in_chinese(change.since)}起改为{change.value}{limit.unit}"


def _target(change: NumberChange) -> str:
    return CHANGEABLE[change.code].label


def _bring_in_line(change: NumberChange, now: datetime) -> None:
    """Move the limits that begin on that day or later and are on record already, such as after a public notice.

    Raises:
        AdminChangeRefused: one of them couldn't be written.
    """
    clock = CLOCKS.get(change.code)
    if clock is None or clock.limit is None:
        return
    ahead = Deadline.objects.filter(clock=clock.code, stopped_on=None, started_on__gte=change.since)
    rows = {(d.petition_id, d.occurrence): d for d in ahead.order_by("id").select_related("petition")}
    known, cases = calendar(), {row.petition_id: row.petition for row in rows.values()}
    moved = [
        MovedDate(row.pk, row.petition.number, clock.code, row.due, run.due.due)
        for pk, facts in facts_with_damaged_text(cases.values()).items()
        for run in clock_runs(clock, facts, known)
        if (row := rows.get((pk, run.occurrence))) and row.due != run.due.due
    ]
    _, failed = record_moved(moved, f"本厅设定的数字更改：{words_of(change)}", f"number:{change.pk}", clock.cites, now)
    if failed:
        # All or nothing: a number that holds for some of the dates on record would be found by nobody.
        raise AdminChangeRefused(f"有 {failed} 件的到期日没有更新成功，没有确认；请稍后再试，并告知系统管理员。")


def _instead(person: Staff | None) -> dict[str, str]:
    return {"acting_for": person.name} if person else {}
