"""Two invented urgent events: one over, one open.

With them the board, the log and the duty desk's page have something to show.
"""

from datetime import date, datetime, timedelta
from typing import Any

from xinfang.accounts.models import Duty, Staff
from xinfang.accounts.queries.actors import actor_of
from xinfang.core.clock import today as today_in_shanghai
from xinfang.incidents.actions.act import run_report_chains, take_incident_step
from xinfang.procedure.incidents.replay import INCIDENT_STEPS
from xinfang.procedure.step_schema import load_step
from xinfang.procedure.words import Role

Line = tuple[int, Role | None, str, dict[str, Any]]
"""Minutes after the report, who (None: the chain by itself), the step and its answers."""

OVER: tuple[Line, ...] = (
    (0, Role.DUTY_DESK, "report", {"kind": "sudden_gathering"}),
    (1, Role.DUTY_DESK, "count_people", {"people": 12}),
    (1, Role.DUTY_DESK, "set_place", {"place": "厅机关一楼大厅"}),
    (5, None, "", {}),
    (6, Role.OFFICE, "confirm", {}),
    (7, Role.OFFICE, "set_out", {}),
    (9, Role.LEADER, "confirm", {}),
    (10, Role.LEADER, "instruct", {"text": "请办公室到场接待，听清诉求，逐件登记。"}),
    (11, Role.OFFICE, "arrive", {}),
    (14, Role.DUTY_DESK, "note", {"text": "来访人员在大厅东侧等候，秩序平稳，已送水。"}),
    (18, Role.OFFICE, "choose_representatives", {"representatives": 3}),
    (52, Role.OFFICE, "end", {"text": "已听取三名代表陈述，说明登记和查询办法，来访人员自行离开。"}),
)
OPEN: tuple[Line, ...] = (
    (0, Role.OFFICE, "report", {"kind": "group_visit", "place": "厅机关一楼信访接待室", "people": 7}),
    (3, Role.LEADER, "confirm", {}),
    (4, Role.OFFICE, "call_in", {"unit": "funds"}),
    (6, Role.OFFICE, "arrive", {}),
    (9, Role.UNIT_HEAD, "set_out", {}),
    (15, Role.UNIT_HEAD, "arrive", {}),
    (17, Role.OFFICE, "note", {"text": "来访人员反映同一项目的经费拨付进度，已分别听取。"}),
)


def load_incidents(latest: datetime) -> int:
    """Load both, the open one half an hour before `latest` (aware), after which nothing has happened.

    Returns how many entries were made.
    """
    lines = _walk(OVER, latest - timedelta(days=6, hours=1))
    return lines + _walk(OPEN, latest - timedelta(minutes=30))


def _walk(lines: tuple[Line, ...], began: datetime) -> int:
    number: str | None = None
    for minute, role, code, answers in lines:
        now = began + timedelta(minutes=minute)
        if role is None:
            run_report_chains(now)
            continue
        unit = next((a["unit"] for _, _, _, a in lines if "unit" in a), "") if role is Role.UNIT_HEAD else ""
        staff = _holder(role, unit, today_in_shanghai(now))
        actor = actor_of(staff, today_in_shanghai(now))
        number = take_incident_step(
            load_step(INCIDENT_STEPS[code], answers), number, by=actor, staff=staff, now=now
        ).incident.number
    return sum(role is not None for _, role, _, _ in lines)


def _holder(role: Role, unit: str, day: date) -> Staff:
    """Return the first who holds this duty on that day."""
    duties = Duty.objects.on(day).filter(role=role.value).select_related("staff").order_by("staff_id")
    if unit:
        duties = duties.filter(unit__code=unit)
    return duties[0].staff
