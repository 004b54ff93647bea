"""What is handed in amid a flood isn't refused: it waits, with its day of receipt, until somebody clears it (N17, N23).

To register it gives the petitioner what they have a right to, so one person does it. To say that it is no petition at
all takes that right away, so another agrees; and where the petitioner asks again, two others decide.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from .articles import DEPARTMENT_SETTING, REGULATION
from .calendar import Calendar
from .clocks import NOTICE, current
from .facts import NOBODY, Actor, Facts, PersonFacts
from .replay import StoredEvent, apply_event
from .rules import Reason
from .step_codes import StepCode
from .step_schema import StaffCode
from .steps.intake import Register
from .timing import ClockRun
from .words import Channel, PersonRole, Role

CLEARS = (Role.RECEPTION, Role.OFFICE, Role.OFFICE_HEAD)
"""Who looks through what waits, registers it, or puts it forward as no petition."""
CLEARS_REPORTS = (Role.SEALED_OFFICER,)
"""The same of reports of wrongdoing, which nobody else sees (N22, N30)."""
AGREES = (Role.OFFICE, Role.OFFICE_HEAD)


@dataclass(frozen=True, slots=True)
class ClearedLot:
    """A lot that was put forward. `before`: who decided on something in it when it was set aside the first time."""

    by: StaffCode
    report: bool
    before: frozenset[StaffCode] = frozenset()


def may_clear(actor: Actor, *, report: bool) -> bool:
    """Tell whether this person sees and clears what waits."""
    return actor.has(*(CLEARS_REPORTS if report else CLEARS))


def may_agree(actor: Actor, *, report: bool) -> bool:
    """Tell whether this person's duties let them agree that a lot is no petition."""
    return actor.has(*(CLEARS_REPORTS if report else AGREES))


def why_not_set_aside(actor: Actor, reason: str, before: Collection[StaffCode]) -> list[Reason]:
    """Return why this person can't put a lot forward as no petition; `before`: who decided on it the first time."""
    reasons = []
    if not reason.strip():
        reasons.append(
            Reason(
                "没有写明为什么不是信访内容", (REGULATION[17], DEPARTMENT_SETTING),
                "请写明理由，信访人查询时能看到；反映情况、提出建议意见或者投诉请求的，应当登记。", "a_reason_is_given",
            )
        )  # fmt: skip
    return reasons + _others(actor, before)


def why_not_agree(actor: Actor, lot: ClearedLot, *, agree: bool, opinion: str) -> list[Reason]:
    """Return why this person can't give the second word on a lot. Who put it forward may take it back."""
    own = lot.by in actor.codes
    if own and not agree:
        return []
    reasons = []
    if own:
        reasons.append(
            Reason(
                "提出的人不能自己同意", (DEPARTMENT_SETTING,),
                "请由另一人查看后决定；自己改变主意的，可以收回。", "somebody_else",
            )
        )  # fmt: skip
    if not agree and not opinion.strip():
        reasons.append(Reason("不同意时必须写明理由", (DEPARTMENT_SETTING,), "请填写意见。", "a_reason_is_given"))
    return reasons + (_others(actor, lot.before) if agree else [])


def _others(actor: Actor, before: Collection[StaffCode]) -> list[Reason]:
    if not set(before) & set(actor.codes):
        return []
    return [
        Reason(
            "您决定过其中的件，信访人已请求重新审查", (DEPARTMENT_SETTING,),
            "请由没有参与过的两人决定；没有这样两个人的，请登记。", "others_decide",
        )
    ]  # fmt: skip


def notice_owed(received_on: date, calendar: Calendar) -> ClockRun:
    """Return the fifteen days of what waits, which run from its receipt as if it had been registered at once (N23)."""
    somebody = PersonFacts(name="信访人", phone="1", role=PersonRole.PETITIONER)
    step = Register(channel=Channel.ONLINE, received_on=received_on, subject="", persons=(somebody,))
    at = datetime.combine(received_on, time(), UTC)
    event = StoredEvent(1, StepCode.REGISTER, "done", {}, received_on, at, NOBODY)
    run = current(NOTICE.code, apply_event(Facts(), step, event), calendar)
    assert run is not None
    return run
