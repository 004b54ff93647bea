"""Who may record what of leaders' reception, on which conditions, and when another must agree (N18, H11)."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from xinfang.procedure.articles import HOUSE_RULES, REGULATION
from xinfang.procedure.facts import Actor, Directory
from xinfang.procedure.limits import CHOSEN_BY_DEPARTMENT
from xinfang.procedure.rules import Condition, Reason, condition
from xinfang.procedure.step_schema import StaffCode
from xinfang.procedure.visibility import BOOKS_RECEPTION, PUBLISHES_RECEPTION
from xinfang.procedure.words import Role

from .answers import (
    BookPlace,
    CarryBooking,
    EndDay,
    PublishDay,
    RecordNoShow,
    RecordReception,
    TellBooked,
    WithdrawBooking,
)
from .stages import BookingFacts, DayFacts
from .words import BookingStage, DayEnd, ReceptionAct

MAX_PLACES = 60
_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceptionQuestion:
    """All that a condition of reception looks at. `owed`: how many still wait for a new place with this leader."""

    step: object
    actor: Actor
    now: datetime
    directory: Directory
    day: DayFacts | None = None
    booking: BookingFacts | None = None
    owed: int = 0
    case_is_seen: bool = True
    leader_is_fit: bool = True
    target: DayFacts | None = None
    """The day to which somebody is carried."""

    @property
    def today(self) -> date:
        """The day on which it is asked (Asia/Shanghai)."""
        return self.now.date()


def _given(q: ReceptionQuestion, name: str, default: object = None) -> object:
    return getattr(q.step, name, default)


@condition(
    "日期已经过去，接待日不能补登、倒填",
    CHOSEN_BY_DEPARTMENT,
    todo="请填写今天或以后的日期；没有事先公布的接待，请照常登记来访。",
)
def the_day_is_not_past(q: ReceptionQuestion) -> bool:
    """Tell whether a day that is published, or moved to, is today or later."""
    on = _given(q, "on")
    return not isinstance(on, date) or on >= q.today


@condition("接待的时间不对，应写作 09:00，结束在开始之后", CHOSEN_BY_DEPARTMENT, todo="请改正开始时间和结束时间。")
def the_hours_are_hours(q: ReceptionQuestion) -> bool:
    """Tell whether both times are times, the end after the beginning."""
    begins = str(_given(q, "begins") or (q.day.begins if q.day else ""))
    ends = str(_given(q, "ends") or (q.day.ends if q.day else ""))
    return bool(_TIME.fullmatch(begins) and _TIME.fullmatch(ends)) and begins < ends


@condition("接待人不是在任的厅领导", REGULATION[18], todo="请从厅领导名单中选择。")
def a_leader_receives(q: ReceptionQuestion) -> bool:
    """Tell whether the person who receives is a leader of the department."""
    return q.directory.is_leader(StaffCode(str(_given(q, "leader", ""))))


@condition("可预约人数应当是 1 至 60", CHOSEN_BY_DEPARTMENT, todo="请改正可预约人数。")
def there_is_a_place(q: ReceptionQuestion) -> bool:
    """Tell whether the day has places, and not more than can be received."""
    places = _given(q, "places", 1)
    return isinstance(places, int) and 1 <= places <= MAX_PLACES


@condition("改期须写明改到哪一天，其他情形不写", REGULATION[18], todo="请填写新的日期，或者改选情形。")
def a_moved_day_says_where_to(q: ReceptionQuestion) -> bool:
    """Tell whether a moved day has its new day, and nothing else has one."""
    return (_given(q, "what") is DayEnd.MOVED) == (_given(q, "on") is not None)


@condition(
    "接待日还没有到，不能记为领导未能接待", CHOSEN_BY_DEPARTMENT, todo="事先知道不能接待的，请办理改期或者取消。"
)
def a_hindered_day_has_come(q: ReceptionQuestion) -> bool:
    """Tell whether a day on which the leader was hindered has come."""
    return _given(q, "what") is not DayEnd.HINDERED or (q.day is not None and q.day.on <= q.today)


@condition(
    "接待日已经过去，不能再改期或者取消", CHOSEN_BY_DEPARTMENT, todo="当日领导未能接待的，请记录“领导因故未能接待”。"
)
def a_past_day_is_not_moved(q: ReceptionQuestion) -> bool:
    """Tell whether a day that is moved or cancelled isn't over."""
    return _given(q, "what") is DayEnd.HINDERED or (q.day is not None and not q.day.is_over(q.now))


@condition("这个接待日已经改期、取消，或者正等待确认", CHOSEN_BY_DEPARTMENT, todo="请打开接待日核对。", about_case=True)
def the_day_is_open(q: ReceptionQuestion) -> bool:
    """Tell whether the day is neither ended nor about to be."""
    return q.day is not None and q.day.ended is None and not q.day.proposed_by


@condition("这个接待日已经结束", CHOSEN_BY_DEPARTMENT, todo="请预约以后的接待日。", about_case=True)
def the_day_is_still_to_come(q: ReceptionQuestion) -> bool:
    """Tell whether the day isn't over."""
    return q.day is not None and not q.day.is_over(q.now)


@condition(
    "还有因改期、取消或者领导未能接待而应另约的信访人",
    CHOSEN_BY_DEPARTMENT,
    todo="请先为他们另约，再接受新的预约。",
)
def those_who_are_owed_come_first(q: ReceptionQuestion) -> bool:
    """Tell whether nobody waits for a new place with this leader."""
    return q.owed == 0


@condition(
    "须填写已登记的编号，或者姓名、联系方式和事由",
    CHOSEN_BY_DEPARTMENT,
    todo="二者填一；编号不清的，填姓名、联系方式和事由。",
)
def it_says_who_asks_and_why(q: ReceptionQuestion) -> bool:
    """Tell whether a booking names a case, or else who asks, how to reach them, and the matter."""
    if _given(q, "number"):
        return not (_given(q, "name") or _given(q, "phone") or _given(q, "matter"))
    return bool(_given(q, "name") and _given(q, "phone") and _given(q, "matter"))


@condition(
    "没有找到这件信访事项", CHOSEN_BY_DEPARTMENT, todo="请填写您能看到的完整编号，或者填写姓名、联系方式和事由。"
)
def the_case_is_seen(q: ReceptionQuestion) -> bool:
    """Tell whether the case that a booking names is there for the person who books."""
    return q.case_is_seen


@condition("这位厅领导应当回避此件", REGULATION[28], todo="请预约其他厅领导的接待日。")
def the_leader_is_fit(q: ReceptionQuestion) -> bool:
    """Tell whether the leader of the day isn't kept from the case that the booking names."""
    return q.leader_is_fit


@condition("来访人数应当是 1 至 10000", CHOSEN_BY_DEPARTMENT, todo="请改正人数。")
def somebody_comes(q: ReceptionQuestion) -> bool:
    """Tell whether there are people."""
    people = _given(q, "people", 1)
    return isinstance(people, int) and 1 <= people <= 10_000


@condition("这项预约没有需要告知的变动", CHOSEN_BY_DEPARTMENT, todo="无须记录告知。", about_case=True)
def there_is_something_to_tell(q: ReceptionQuestion) -> bool:
    """Tell whether the petitioner has yet to be told of a change."""
    return q.booking is not None and q.booking.untold


@condition(
    "这项预约不是应另约的",
    CHOSEN_BY_DEPARTMENT,
    todo="已有安排的无须另约；要改日期的，由信访人提出后取消，再预约。",
    about_case=True,
)
def a_new_place_is_owed(q: ReceptionQuestion) -> bool:
    """Tell whether a new place is owed, or somebody who didn't come asks for one."""
    return q.booking is not None and q.booking.stage in (BookingStage.OWED, BookingStage.NO_SHOW)


@condition(
    "另约的接待日不存在，或者已经结束、改期、取消",
    CHOSEN_BY_DEPARTMENT,
    todo="请另选一个接待日，或者先公布新的接待日。",
)
def the_new_day_is_open(q: ReceptionQuestion) -> bool:
    """Tell whether the day to which somebody is carried is still to come."""
    return q.target is not None and q.target.ended is None and not q.target.is_over(q.now)


@condition("这项预约已经接待或者取消", CHOSEN_BY_DEPARTMENT, todo="请核对预约。", about_case=True)
def it_is_not_settled(q: ReceptionQuestion) -> bool:
    """Tell whether the petitioner was neither received, nor gave the place back, nor failed to come."""
    return q.booking is not None and q.booking.stage in (
        BookingStage.PLACED, BookingStage.WAITING, BookingStage.OWED,
    )  # fmt: skip


@condition(
    "这项预约已经记录接待，或者本人已取消", CHOSEN_BY_DEPARTMENT, todo="再次来访的，请另行预约。", about_case=True
)
def they_were_not_received_yet(q: ReceptionQuestion) -> bool:
    """Tell whether a reception can be recorded: also of somebody who was written down as not having come."""
    return q.booking is not None and q.booking.stage not in (BookingStage.CAME, BookingStage.WITHDRAWN)


@condition("有一项记录正等待另一人确认", CHOSEN_BY_DEPARTMENT, todo="请先确认或者不同意那一项。", about_case=True)
def nothing_waits(q: ReceptionQuestion) -> bool:
    """Tell whether nothing of this booking waits for another's word."""
    return q.booking is not None and q.booking.pending is None


@condition("接待还没有开始，不能记录接待", CHOSEN_BY_DEPARTMENT, todo="请在接待开始以后记录。", about_case=True)
def the_day_has_come(q: ReceptionQuestion) -> bool:
    """Tell whether the reception has begun: nothing is recorded of what didn't happen yet."""
    return q.day is not None and (q.day.on, q.day.begins) <= (q.today, q.now.strftime("%H:%M"))


@condition(
    "接待时间还没有结束，不能记为未到",
    CHOSEN_BY_DEPARTMENT,
    todo="请等到接待时间结束；信访人迟到的照常接待。",
    about_case=True,
)
def their_time_has_passed(q: ReceptionQuestion) -> bool:
    """Tell whether the time of the day has passed."""
    return q.day is not None and q.day.is_over(q.now)


@condition("这一日领导没有接待，不能记为信访人未到", REGULATION[18], todo="请为信访人另约。", about_case=True)
def the_leader_was_there(q: ReceptionQuestion) -> bool:
    """Tell whether the day was held: whose leader didn't come can't have failed to come."""
    return q.day is not None and q.day.ended is None


@condition("办理期限在今天之前", CHOSEN_BY_DEPARTMENT, todo="请填写今天或以后的日期，或者不填。")
def the_instruction_can_be_kept(q: ReceptionQuestion) -> bool:
    """Tell whether what the leader instructed is due today or later."""
    due = _given(q, "due")
    return not isinstance(due, date) or due >= q.today


@dataclass(frozen=True, kw_only=True)
class ActRule:
    """Who records an act of reception, on which conditions, and when another must agree."""

    act: ReceptionAct
    step: type
    roles: tuple[Role, ...]
    or_the_leader: bool = False
    """Whether the leader of the day, or who acts for them, may record it too."""
    provided: tuple[Condition[ReceptionQuestion], ...] = ()
    second: Callable[[ReceptionQuestion], bool] = lambda q: False


RULES: Mapping[ReceptionAct, ActRule] = {
    rule.act: rule
    for rule in (
        ActRule(
            act=ReceptionAct.PUBLISH,
            step=PublishDay,
            roles=PUBLISHES_RECEPTION,
            provided=(the_day_is_not_past, the_hours_are_hours, a_leader_receives, there_is_a_place),
        ),
        ActRule(
            act=ReceptionAct.END_DAY,
            step=EndDay,
            roles=PUBLISHES_RECEPTION,
            or_the_leader=True,
            provided=(
                the_day_is_open, a_moved_day_says_where_to, the_day_is_not_past, the_hours_are_hours,
                a_past_day_is_not_moved, a_hindered_day_has_come,
            ),
            second=lambda q: q.day is not None and q.day.placed > 0,
        ),
        ActRule(
            act=ReceptionAct.BOOK,
            step=BookPlace,
            roles=BOOKS_RECEPTION,
            provided=(
                the_day_is_open, the_day_is_still_to_come, those_who_are_owed_come_first, it_says_who_asks_and_why,
                the_case_is_seen, the_leader_is_fit, somebody_comes,
            ),
        ),
        ActRule(
            act=ReceptionAct.TELL, step=TellBooked, roles=BOOKS_RECEPTION, provided=(there_is_something_to_tell,)
        ),
        ActRule(
            act=ReceptionAct.CARRY,
            step=CarryBooking,
            roles=BOOKS_RECEPTION,
            provided=(a_new_place_is_owed, nothing_waits, the_new_day_is_open),
        ),
        ActRule(
            act=ReceptionAct.WITHDRAW,
            step=WithdrawBooking,
            roles=BOOKS_RECEPTION,
            provided=(it_is_not_settled, nothing_waits),
            second=lambda q: True,
        ),
        ActRule(
            act=ReceptionAct.RECEIVE,
            step=RecordReception,
            roles=BOOKS_RECEPTION,
            or_the_leader=True,
            provided=(
                the_day_has_come, they_were_not_received_yet, a_leader_receives, somebody_comes,
                the_instruction_can_be_kept,
            ),
            # Two persons said that they didn't come: so two say that they did.
            second=lambda q: q.booking is not None and q.booking.stage is BookingStage.NO_SHOW,
        ),
        ActRule(
            act=ReceptionAct.NO_SHOW,
            step=RecordNoShow,
            roles=BOOKS_RECEPTION,
            or_the_leader=True,
            provided=(their_time_has_passed, the_leader_was_there, it_is_not_settled, nothing_waits),
            second=lambda q: True,
        ),
    )
}  # fmt: skip
CONFIRMS_DAYS = (Role.OFFICE_HEAD, Role.PRINCIPAL_LEADER)
CONFIRMS_BOOKINGS = (*BOOKS_RECEPTION, Role.PRINCIPAL_LEADER)


def conditions() -> tuple[Condition[ReceptionQuestion], ...]:
    """Return every condition of reception once, in the order of the acts."""
    return tuple(dict.fromkeys(c for rule in RULES.values() for c in rule.provided))


def _names(roles: Iterable[Role], leader: bool) -> str:
    return "、".join([*(r.label for r in roles), *(["这一日的厅领导"] if leader else [])])


def why_not(act: ReceptionAct, q: ReceptionQuestion) -> list[Reason]:
    """Return every reason why this person may not record this; empty where they may.

    Before there is an answer only what is about the person, the day and the booking is asked.
    """
    rule = RULES[act]
    asked = [c for c in rule.provided if q.step is not None or c.about_case]
    own = rule.or_the_leader and q.day is not None and q.day.leader in q.actor.codes
    reasons = []
    if not own and not q.actor.has(*rule.roles):
        names = _names(rule.roles, rule.or_the_leader)
        cites = (HOUSE_RULES[11], REGULATION[18])
        reasons.append(Reason(f"“{act.label}”由{names}办理，您目前没有这项职责", cites, f"请交由{names}办理。", "who"))
    return reasons + [Reason(c.says, c.cites, c.todo, c.code) for c in asked if not c.holds(q)]


def asks_second_person(act: ReceptionAct, q: ReceptionQuestion) -> bool:
    """Tell whether this holds only when another person agrees."""
    return RULES[act].second(q)


def why_not_answered(
    act: ReceptionAct, actor: Actor, proposed_by: StaffCode, leader: StaffCode, *, agree: bool, opinion: str
) -> list[Reason]:
    """Return every reason why this person may not agree to what waits, or refuse it; empty where they may."""
    roles = CONFIRMS_DAYS if act is ReceptionAct.END_DAY else CONFIRMS_BOOKINGS
    cites, reasons = (CHOSEN_BY_DEPARTMENT,), []
    # Whose visit it is gains by a place that is given back: that the petitioner asked for it is confirmed by another.
    gains = act is ReceptionAct.WITHDRAW and leader in actor.codes
    if gains:
        says = "这是约见您的预约，信访人是否本人取消不能由您确认"
        reasons.append(Reason(says, cites, "请由办公室另一人向信访人核实后确认。", "the_leader_does_not_gain"))
    elif leader not in actor.codes and not actor.has(*roles):
        names = _names(roles, leader=act is not ReceptionAct.WITHDRAW)
        reasons.append(Reason(f"这项记录由{names}确认，您目前没有这项职责", cites, f"请交由{names}确认。", "who"))
    if proposed_by == actor.code:
        reasons.append(
            Reason("这项记录是您本人提出的，须由另一人确认", cites, "请由另一人核实后确认。", "second_person")
        )
    if not agree and not opinion:
        reasons.append(Reason("不同意时必须写明理由", cites, "请填写意见。", "a_reason_is_given"))
    return reasons
