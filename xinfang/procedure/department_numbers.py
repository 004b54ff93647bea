"""Changing a number of the department: who may ask for it, who agrees, and what number is possible.

No text gives these numbers (本厅设定), so the department may change them; one person asks, another agrees. A change
takes effect on a day that is still to come, so that nothing is decided twice on one day and no case that began earlier
moves.
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from .dated_rules import DAYS, MINUTES, MONTHS, WORKING, Limit, LimitVersion
from .facts import Actor
from .limits import ALL_LIMITS, CHOSEN_BY_DEPARTMENT
from .step_schema import StaffCode
from .words import Role

ASKS_FOR_NUMBER: tuple[Role, ...] = (Role.OFFICE_HEAD, Role.SYSTEM_ADMINISTRATOR)
AGREES_TO_NUMBER: tuple[Role, ...] = (Role.OFFICE_HEAD, Role.PRINCIPAL_LEADER)
HIGHEST: Mapping[str, int] = MappingProxyType({DAYS: 90, WORKING: 60, MONTHS: 3, MINUTES: 60, "人": 50})
"""By unit, the largest number that may be set: what presses somebody must not be set so far off as to be nothing."""

CHANGEABLE: Mapping[str, Limit] = MappingProxyType({limit.code: limit for limit in ALL_LIMITS if limit.setting})
"""By code, the numbers that the department sets itself."""


def may_ask(actor: Actor) -> bool:
    """Tell whether this person may ask for another number."""
    return actor.has(*ASKS_FOR_NUMBER)


def may_agree(actor: Actor, asked_by: StaffCode) -> bool:
    """Tell whether this person may decide on what somebody else asked for."""
    return asked_by not in actor.codes and actor.has(*AGREES_TO_NUMBER)


def wrong_with(code: str, value: int, since: date, today: date) -> list[str]:
    """Return every reason why this change can't be made; none where it can. `today` is Asia/Shanghai."""
    limit = CHANGEABLE.get(code)
    if limit is None:
        return ["这个数字由法律、法规或者规程规定，或者不存在，不能在这里更改。"]
    reasons = []
    most = HIGHEST[limit.unit]
    if not 1 <= value <= most:
        reasons.append(f"“{limit.label}”应为 1 至 {most} 之间的整数（{limit.unit}），您填写的是 {value}。")
    if since <= today:
        reasons.append("生效日期最早为明天：当天已经起算的期限不能改变。")
    elif limit.on(since).value == value:
        reasons.append(f"“{limit.label}”到这一天已经是{limit.on(since)}，不用更改。")
    return reasons


def version_of(code: str, value: int, since: date) -> LimitVersion:
    """Return the number that holds from this day on, as the department has set it."""
    limit = CHANGEABLE[code]
    own = limit.cites if CHOSEN_BY_DEPARTMENT in limit.cites else (*limit.cites, CHOSEN_BY_DEPARTMENT)
    return LimitVersion(since, value, limit.unit, own)
