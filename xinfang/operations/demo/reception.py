"""Invented days of leaders' reception: one that was held, today's, and days to come; one of them was moved."""

from datetime import date, datetime, time, timedelta
from typing import Any

from xinfang.accounts.models import Duty, Staff
from xinfang.accounts.queries.actors import actor_of
from xinfang.calendars.queries import calendar
from xinfang.cases.models import Petition
from xinfang.core.clock import SHANGHAI
from xinfang.procedure.reception.answers import (
    BookPlace,
    EndDay,
    PublishDay,
    RecordNoShow,
    RecordReception,
    TellBooked,
)
from xinfang.procedure.rules import SecondPerson
from xinfang.procedure.step_schema import load_step
from xinfang.procedure.words import OPEN_STATES, Role
from xinfang.reception import actions
from xinfang.reception.models import Booking, ReceptionDay

ROOM = "厅机关一楼信访接待室"
HELD: tuple[tuple[str, str, str, int], ...] = (
    ("其木格", "13800005001", "反映科技特派员补助发放口径不一致，想当面说明", 1),
    ("包志强", "13800005002", "询问项目验收后余款拨付的进度", 2),
    ("韩秀兰", "13800005003", "反映职称评审材料退回没有说明理由", 1),
)
TODAY: tuple[tuple[str, str, str, int], ...] = (
    ("苏和", "13800005004", "反映高新技术企业复审结果通知迟延", 1),
    ("赵春梅", "13800005005", "对成果登记不予通过有不同意见", 1),
    ("那日苏", "13800005006", "希望说明所在合作社技术服务合同的纠纷", 3),
)
LATER: tuple[tuple[str, str, str, int], ...] = (
    ("白雪峰", "13800005007", "反映科研仪器共享收费问题", 1),
    ("图雅", "13800005008", "建议增加旗县科普活动", 2),
)


def load_reception(today: date, latest: datetime) -> int:
    """Load the days, none of them later recorded than `latest` (aware); returns how many bookings there are."""
    office_head = _duties(Role.OFFICE_HEAD, today)[0].staff
    clerk = next(d.staff for d in _duties(Role.OFFICE, today) if d.staff != office_head)
    leaders = [d.staff for d in _duties(Role.LEADER, today)]
    held_on = _back(today, 8)
    published = _at(held_on - timedelta(days=10), 9)
    held = _publish(clerk, leaders[0], held_on, published)
    booked = [_book(held, one, clerk, published + timedelta(hours=n + 1)) for n, one in enumerate(HELD)]
    case = Petition.objects.filter(channel="visit", sealed=False, state__in=[s.value for s in OPEN_STATES]).first()
    if case is not None:
        step = load_step(BookPlace, {"asked_by": "counter", "number": case.number})
        with_case = actions.book_place(
            held.pk, step, by=actor_of(clerk, today), staff=clerk, now=published + timedelta(hours=5)
        )
        _receive(
            with_case,
            leaders[0],
            clerk,
            _at(held_on, 10),
            "说明了办理情况，补充了两份材料。",
            "请承办处室如期答复。",
            1,
        )
    _receive(
        booked[0], leaders[0], clerk, _at(held_on, 11), "说明了两年的补助发放经过，请求统一口径。",
        "请资源配置与经费处核实口径，两周内答复本人。", 1, due=today + timedelta(days=6),
    )  # fmt: skip
    _receive(booked[1], leaders[0], clerk, _at(held_on, 12), "询问余款拨付的时间。", "已当场说明本月内拨付。", 2)
    missed = actions.record(
        booked[2].pk, RecordNoShow(text="等候至12:00未到，电话无人接听"), by=actor_of(clerk, today), staff=clerk,
        now=_at(held_on, 14),
    )  # fmt: skip
    actions.answer(missed.pk, SecondPerson(), by=actor_of(office_head, today), staff=office_head, now=_at(held_on, 15))
    now = latest - timedelta(days=4)
    here = _publish(clerk, leaders[-1], today, now, places=2)
    for n, one in enumerate(TODAY, 1):
        _book(here, one, clerk, now + timedelta(minutes=n * 20))
    soon = _publish(clerk, leaders[0], _ahead(today, 5), latest - timedelta(days=3))
    for n, one in enumerate(LATER, 1):
        last = _book(soon, one, clerk, latest - timedelta(days=3) + timedelta(minutes=n * 20))
    moved = actions.end_day(
        soon.pk,
        load_step(EndDay, {"what": "moved", "reason": "当日参加自治区科技工作会议", "on": _ahead(today, 9)}),
        by=actor_of(clerk, today), staff=clerk, now=latest - timedelta(days=1),
    )  # fmt: skip
    actions.answer(
        moved.pk, SecondPerson(), by=actor_of(office_head, today), staff=office_head, now=latest - timedelta(hours=20)
    )
    actions.tell_booked(
        last.pk, TellBooked(text="电话告知本人改期，本人同意"), by=actor_of(clerk, today), staff=clerk,
        now=latest - timedelta(hours=19),
    )  # fmt: skip
    _publish(clerk, leaders[-1], _ahead(today, 16), latest, kind="visit_down", place="某旗科技局会议室", places=8)
    return Booking.objects.count()


def _publish(clerk: Staff, leader: Staff, on: date, now: datetime, **changes: Any) -> ReceptionDay:
    given = {
        "leader": leader.get_username(), "on": on, "begins": "09:00", "ends": "12:00", "place": ROOM, "places": 6,
        **changes,
    }  # fmt: skip
    step = load_step(PublishDay, given)
    return actions.publish_day(step, by=actor_of(clerk, now.astimezone(SHANGHAI).date()), staff=clerk, now=now)


def _book(day: ReceptionDay, one: tuple[str, str, str, int], clerk: Staff, now: datetime) -> Booking:
    name, phone, matter, people = one
    given = {"asked_by": "phone", "name": name, "phone": phone, "matter": matter, "people": people}
    actor = actor_of(clerk, now.astimezone(SHANGHAI).date())
    return actions.book_place(day.pk, load_step(BookPlace, given), by=actor, staff=clerk, now=now)


def _receive(
    booking: Booking, leader: Staff, clerk: Staff, now: datetime, said: str, instruction: str, people: int,
    due: date | None = None,
) -> None:  # fmt: skip
    given = {
        "leader": leader.get_username(), "people": people, "said": said, "instruction": instruction,
        "unit": "", "due": due,
    }  # fmt: skip
    actor = actor_of(clerk, now.astimezone(SHANGHAI).date())
    actions.record(booking.pk, load_step(RecordReception, given), by=actor, staff=clerk, now=now)


def _duties(role: Role, day: date) -> list[Duty]:
    return list(Duty.objects.on(day).filter(role=role.value).select_related("staff").order_by("staff_id"))


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), SHANGHAI)


def _back(today: date, days: int) -> date:
    """Return a working day at least so many days before."""
    day = today - timedelta(days=days)
    while not calendar().is_working(day):
        day -= timedelta(days=1)
    return day


def _ahead(today: date, days: int) -> date:
    """Return a working day at least so many days later."""
    return calendar().next_working_day_from(today + timedelta(days=days))
