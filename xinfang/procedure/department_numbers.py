"""Changing a number of the department: who may ask for it, who agrees, and what number is possible.

No text gives these numbers (本厅设定), so the department may change them; one person asks, another agrees. A change
takes effect on a day that is still to come, so that nothing is decided twice on one day and no case that began earlier
moves.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from types import MappingProxyType

from .dated_rules import DAYS, MINUTES, WORKING, Limit, LimitVersion
from .facts import Actor
from .limits import ALL_LIMITS
from .step_schema import StaffCode
from .words import Role

ASKS_FOR_NUMBER: tuple[Role, ...] = (Role.OFFICE_HEAD, Role.SYSTEM_ADMINISTRATOR)
AGREES_TO_NUMBER: tuple[Role, ...] = (Role.OFFICE_HEAD, Role.PRINCIPAL_LEADER)
HIGHEST: Mapping[str, int] = MappingProxyType({DAYS: 90, WORKING: 60, MINUTES: 60, "人": 10})
"""By unit, the largest number that may be set: what presses somebody must not be set so far off as to be nothing."""
LAST_DAY_AHEAD = 366
"""So many days ahead, at most, a change may take effect."""

CHANGEABLE: Mapping[str, Limit] = MappingProxyType({limit.code: limit for limit in ALL_LIMITS if limit.setting})
"""By code, the numbers that the department sets itself."""
AT_LEAST: Mapping[str, int] = MappingProxyType({"group_visit": 2, "public_notice": 30, "rating": 30})
"""Numbers by which a petitioner's time begins or ends: never set so that they lose any of it (N20, N21, N35)."""
AT_MOST: Mapping[str, int] = MappingProxyType(
    {"review_request": 3, "report_hand_over": 15, "reconsideration": 15, "message": 15, "suggestion": 60}
)
"""Numbers that a petitioner waits for: never longer than what the text gives for the like of it (N22, N23, N34)."""


def may_ask(actor: Actor) -> bool:
    """Tell whether this person may ask for another number."""
    return actor.has(*ASKS_FOR_NUMBER)


def may_agree(actor: Actor, asked_by: Iterable[StaffCode]) -> bool:
    """Tell whether this person may decide on what others asked for: who asked, and in whose place."""
    return not actor.codes.intersection(asked_by) and actor.has(*AGREES_TO_NUMBER)


def in_place_of(actor: Actor, roles: Collection[Role]) -> StaffCode | None:
    """Return the person in whose place somebody acts in one of these duties; None where one of them is their own."""
    held = [duty for duty in actor.duties if duty.role in roles]
    return None if any(not d.acting_for for d in held) else next((d.acting_for for d in held), None)


def wrong_with(code: str, value: int, since: date, today: date) -> list[str]:
    """Return every reason why this change can't be made; none where it can. `today` is Asia/Shanghai."""
    limit = CHANGEABLE.get(code)
    if limit is None:
        return ["这个数字由法律、法规或者规程规定，或者不存在，不能在这里更改。"]
    reasons = []
    least, most = AT_LEAST.get(code, 1), AT_MOST.get(code, HIGHEST[limit.unit])
    if not least <= value <= most:
        reasons.append(f"“{limit.label}”应为 {least} 至 {most} 之间的整数（{limit.unit}），您填写的是 {value}。")
    if since <= today:
        reasons.append("生效日期最早为明天：当天已经起算的期限不能改变。")
    elif since > today + timedelta(days=LAST_DAY_AHEAD):
        reasons.append("生效日期最迟为一年以内，请核对年份。")
    elif limit.on(since).value == value:
        reasons.append(f"“{limit.label}”到这一天已经是{limit.on(since)}，不用更改。")
    return reasons


def version_of(code: str, value: int, since: date) -> LimitVersion:
    """Return the number that holds from this day on, as the department has set it."""
    limit = CHANGEABLE[code]
    return LimitVersion(since, value, limit.unit, limit.cites)
