"""条例第十八条：领导干部定期接待群众来访、定期下访。接待日、预约和接待记录由谁办理，什么情形要另一人确认。"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.articles.department import (
    CLERK,
    DIRECTORY,
    HANDLER,
    LEADER,
    OFFICE_HEAD,
    OTHER_LEADER,
    PRINCIPAL,
    RECEPTION,
    SECOND_CLERK,
    STAFF,
)
from xinfang.procedure.calendar import SHANGHAI
from xinfang.procedure.facts import NOBODY, Actor
from xinfang.procedure.reception.answers import BookPlace
from xinfang.procedure.reception.rules import (
    RULES,
    ReceptionQuestion,
    asks_second_person,
    conditions,
    why_not,
    why_not_answered,
)
from xinfang.procedure.reception.stages import BookingEvent, BookingFacts, DayFacts, booking_facts, seats
from xinfang.procedure.reception.words import BookingStage, DayEnd, DayKind, ReceptionAct
from xinfang.procedure.step_schema import StaffCode, load_step, step_schema
from xinfang.procedure.visibility import may_see_bookings

ON = date(2026, 3, 5)
BEFORE = datetime(2026, 3, 2, 10, tzinfo=SHANGHAI)
DURING = datetime(2026, 3, 5, 10, tzinfo=SHANGHAI)
AFTER = datetime(2026, 3, 5, 12, tzinfo=SHANGHAI)
DAY = DayFacts(kind=DayKind.RECEPTION, on=ON, begins="09:00", ends="11:30", leader=LEADER.code, places=2, placed=1)
PLACED = BookingFacts(stage=BookingStage.PLACED)
GOOD: dict[ReceptionAct, tuple[dict[str, Any], datetime, BookingFacts | None]] = {
    ReceptionAct.PUBLISH: (
        {"leader": "leader", "on": ON, "begins": "09:00", "ends": "11:30", "place": "一楼"}, BEFORE, None,
    ),
    ReceptionAct.END_DAY: ({"what": "moved", "reason": "临时开会", "on": ON + timedelta(days=7)}, BEFORE, None),
    ReceptionAct.BOOK: (
        {"asked_by": "phone", "name": "甲某", "phone": "13000000000", "matter": "补助没有发放"}, BEFORE, None,
    ),
    ReceptionAct.TELL: ({"text": "电话告知"}, BEFORE, replace(PLACED, untold=True)),
    ReceptionAct.CARRY: ({"day": 2}, BEFORE, replace(PLACED, stage=BookingStage.OWED)),
    ReceptionAct.WITHDRAW: ({"text": "本人来电"}, BEFORE, PLACED),
    ReceptionAct.RECEIVE: ({"leader": "leader", "said": "说明了经过"}, DURING, PLACED),
    ReceptionAct.NO_SHOW: ({"text": "等候未到"}, AFTER, PLACED),
}  # fmt: skip


def asked(act: ReceptionAct, by: Actor = CLERK, /, **changes: Any) -> ReceptionQuestion:
    """A question that is answered with yes, but for what is changed: of the answers, or of the question by `q_`."""
    answers, now, booking = GOOD[act]
    of_question = {name.removeprefix("q_"): changes.pop(name) for name in list(changes) if name.startswith("q_")}
    step = load_step(RULES[act].step, {**answers, **changes})
    given = {"now": now, "day": DAY, "booking": booking, "target": replace(DAY, on=ON + timedelta(days=7))}
    return ReceptionQuestion(step=step, actor=by, directory=DIRECTORY, **{**given, **of_question})


def refused(act: ReceptionAct, by: Actor = CLERK, /, **changes: Any) -> set[str]:
    return {reason.code for reason in why_not(act, asked(act, by, **changes))}


@pytest.mark.parametrize("act", list(GOOD))
def test_what_is_in_order_is_recorded(act: ReceptionAct) -> None:
    assert why_not(act, asked(act)) == []


@pytest.mark.parametrize("act", list(GOOD))
def test_who_records_what(act: ReceptionAct) -> None:
    office, counter = {"clerk", "second_clerk", "office_head", "both"}, {"reception"}
    books = act not in (ReceptionAct.PUBLISH, ReceptionAct.END_DAY)
    leader = {"leader"} if act in (ReceptionAct.END_DAY, ReceptionAct.RECEIVE, ReceptionAct.NO_SHOW) else set()
    may = {person.code for person in STAFF if "who" not in refused(act, person)}
    assert may == office | leader | (counter if books else set())


BREAKS: list[tuple[ReceptionAct, str, dict[str, Any]]] = [
    (ReceptionAct.PUBLISH, "the_day_is_not_past", {"on": ON - timedelta(days=9)}),
    (ReceptionAct.PUBLISH, "the_hours_are_hours", {"begins": "9点"}),
    (ReceptionAct.PUBLISH, "the_hours_are_hours", {"ends": "08:00"}),
    (ReceptionAct.PUBLISH, "a_leader_receives", {"leader": "handler"}),
    (ReceptionAct.PUBLISH, "there_is_a_place", {"places": 0}),
    (ReceptionAct.END_DAY, "a_moved_day_says_where_to", {"on": None}),
    (ReceptionAct.END_DAY, "a_moved_day_says_where_to", {"what": "cancelled"}),
    (ReceptionAct.END_DAY, "the_day_is_not_past", {"on": ON - timedelta(days=9)}),
    (ReceptionAct.END_DAY, "a_past_day_is_not_moved", {"q_now": AFTER}),
    (ReceptionAct.END_DAY, "a_hindered_day_has_come", {"what": "hindered", "on": None}),
    (ReceptionAct.END_DAY, "the_day_is_open", {"q_day": replace(DAY, ended=DayEnd.CANCELLED)}),
    (ReceptionAct.END_DAY, "the_day_is_open", {"q_day": replace(DAY, proposed_by=CLERK.code)}),
    (ReceptionAct.BOOK, "the_day_is_still_to_come", {"q_now": AFTER}),
    (ReceptionAct.BOOK, "those_who_are_owed_come_first", {"q_owed": 1}),
    (ReceptionAct.BOOK, "it_says_who_asks_and_why", {"phone": ""}),
    (ReceptionAct.BOOK, "it_says_who_asks_and_why", {"number": "LX2026000001"}),
    (ReceptionAct.BOOK, "the_case_is_seen", {"q_case_is_seen": False}),
    (ReceptionAct.BOOK, "the_leader_is_fit", {"q_leader_is_fit": False}),
    (ReceptionAct.BOOK, "somebody_comes", {"people": 0}),
    (ReceptionAct.TELL, "there_is_something_to_tell", {"q_booking": PLACED}),
    (ReceptionAct.CARRY, "a_new_place_is_owed", {"q_booking": PLACED}),
    (ReceptionAct.CARRY, "the_new_day_is_open", {"q_target": None}),
    (ReceptionAct.CARRY, "the_new_day_is_open", {"q_target": replace(DAY, ended=DayEnd.MOVED)}),
    (ReceptionAct.WITHDRAW, "it_is_not_settled", {"q_booking": replace(PLACED, stage=BookingStage.CAME)}),
    (ReceptionAct.WITHDRAW, "nothing_waits", {"q_booking": replace(PLACED, pending=ReceptionAct.NO_SHOW)}),
    (ReceptionAct.RECEIVE, "the_day_has_come", {"q_now": BEFORE}),
    (ReceptionAct.RECEIVE, "they_were_not_received_yet", {"q_booking": replace(PLACED, stage=BookingStage.CAME)}),
    (ReceptionAct.RECEIVE, "the_instruction_can_be_kept", {"due": ON - timedelta(days=1)}),
    (ReceptionAct.NO_SHOW, "their_time_has_passed", {"q_now": DURING}),
    (ReceptionAct.NO_SHOW, "the_leader_was_there", {"q_day": replace(DAY, ended=DayEnd.HINDERED)}),
]


@pytest.mark.parametrize(("act", "code", "changes"), BREAKS)
def test_each_reason_is_given_alone(act: ReceptionAct, code: str, changes: dict[str, Any]) -> None:
    assert refused(act, **changes) == {code}


def test_every_condition_is_broken_once_and_says_what_to_do() -> None:
    assert {code for _, code, _ in BREAKS} == {c.code for c in conditions()}
    assert all(c.todo and c.cites for c in conditions())


def test_nobody_is_refused_because_of_who_they_are() -> None:
    """A booking asks for name, telephone and matter, so that they can be told; nothing else of the person."""
    assert {s.name for s in step_schema(BookPlace)} == {"asked_by", "number", "name", "phone", "matter", "people"}
    assert not any("name" in c.code or "person" in c.code for c in RULES[ReceptionAct.BOOK].provided)


# ---- 须另一人确认：取走一个位置，或者说一个人没有来


@pytest.mark.parametrize(
    ("act", "changes", "second"),
    [
        (ReceptionAct.WITHDRAW, {}, True),
        (ReceptionAct.NO_SHOW, {}, True),
        (ReceptionAct.END_DAY, {}, True),
        (ReceptionAct.END_DAY, {"q_day": replace(DAY, placed=0)}, False),
        (ReceptionAct.RECEIVE, {}, False),
        (ReceptionAct.RECEIVE, {"q_booking": replace(PLACED, stage=BookingStage.NO_SHOW)}, True),
        (ReceptionAct.CARRY, {}, False),
        (ReceptionAct.TELL, {}, False),
    ],
)
def test_what_takes_something_away_needs_two(act: ReceptionAct, changes: dict[str, Any], second: bool) -> None:
    assert asks_second_person(act, asked(act, **changes)) is second


def confirmed(act: ReceptionAct, by: Actor, **changes: Any) -> set[str]:
    given = {"proposed_by": CLERK.code, "leader": LEADER.code, "agree": True, "opinion": "", **changes}
    return {r.code for r in why_not_answered(act, by, given.pop("proposed_by"), given.pop("leader"), **given)}


def test_who_agrees() -> None:
    for act in (ReceptionAct.NO_SHOW, ReceptionAct.WITHDRAW):
        assert [confirmed(act, p) for p in (SECOND_CLERK, RECEPTION, OFFICE_HEAD, PRINCIPAL)] == [set()] * 4
        assert [confirmed(act, p) for p in (OTHER_LEADER, HANDLER)] == [{"who"}] * 2
    for person in (OFFICE_HEAD, LEADER, PRINCIPAL):
        assert confirmed(ReceptionAct.END_DAY, person) == set()
    for person in (SECOND_CLERK, RECEPTION, OTHER_LEADER):
        assert confirmed(ReceptionAct.END_DAY, person) == {"who"}
    assert confirmed(ReceptionAct.NO_SHOW, CLERK) == {"second_person"}
    assert confirmed(ReceptionAct.END_DAY, LEADER, proposed_by=LEADER.code) == {"second_person"}
    assert confirmed(ReceptionAct.NO_SHOW, SECOND_CLERK, agree=False) == {"a_reason_is_given"}


def test_the_leader_who_was_to_receive_does_not_confirm_that_the_place_was_given_back() -> None:
    assert confirmed(ReceptionAct.WITHDRAW, LEADER) == {"the_leader_does_not_gain"}
    assert confirmed(ReceptionAct.WITHDRAW, LEADER, agree=False, opinion="没有核实") == {"the_leader_does_not_gain"}
    assert confirmed(ReceptionAct.WITHDRAW, PRINCIPAL, leader=PRINCIPAL.code) == {"the_leader_does_not_gain"}
    assert confirmed(ReceptionAct.NO_SHOW, LEADER) == set(), "who waited in vain knows that nobody came"


# ---- 位置和先后


@pytest.mark.parametrize(
    ("places", "arrivals", "seated"),
    [
        (2, [False, False, False], [True, True, False]),
        (1, [False, True], [True, True]),
        (1, [True, False], [True, False]),
        (2, [False, True, False], [True, True, False]),
        (0, [True], [True]),
    ],
)
def test_places_go_by_order_of_asking(places: int, arrivals: list[bool], seated: list[bool]) -> None:
    """True is who was carried there for a place that fell away: they have one, and take nobody's."""
    assert seats(places, arrivals) == seated


def found(*events: BookingEvent, now: datetime = AFTER, **changes: Any) -> BookingFacts:
    given = {
        "has_place": True, "began_waiting": False, "day": DAY, "day_ended_at": None, "booked_at": BEFORE,
        "has_case": False, **changes,
    }  # fmt: skip
    return booking_facts(events=events, now=now, **given)


def event(act: ReceptionAct, hours: int, **changes: Any) -> BookingEvent:
    return BookingEvent(act=act, by=StaffCode("clerk"), at=BEFORE + timedelta(hours=hours), **changes)


CASES: list[tuple[Callable[[], BookingFacts], BookingStage, bool]] = [
    (lambda: found(), BookingStage.PLACED, False),
    (lambda: found(has_place=False, now=BEFORE), BookingStage.WAITING, False),
    (lambda: found(has_place=False), BookingStage.OWED, False),
    (lambda: found(began_waiting=True), BookingStage.PLACED, True),
    (lambda: found(event(ReceptionAct.TELL, 1), began_waiting=True), BookingStage.PLACED, False),
    (lambda: found(day=replace(DAY, ended=DayEnd.CANCELLED), day_ended_at=DURING), BookingStage.OWED, True),
    (lambda: found(event(ReceptionAct.CARRY, 1)), BookingStage.PLACED, True),
    (lambda: found(event(ReceptionAct.CARRY, 1), event(ReceptionAct.TELL, 2)), BookingStage.PLACED, False),
    (lambda: found(event(ReceptionAct.NO_SHOW, 1, effective=False, waits=True)), BookingStage.PLACED, False),
    (lambda: found(event(ReceptionAct.NO_SHOW, 1)), BookingStage.NO_SHOW, False),
    (lambda: found(event(ReceptionAct.NO_SHOW, 1), event(ReceptionAct.RECEIVE, 2)), BookingStage.CAME, False),
    (lambda: found(event(ReceptionAct.NO_SHOW, 1), event(ReceptionAct.CARRY, 2)), BookingStage.PLACED, True),
    (lambda: found(event(ReceptionAct.WITHDRAW, 1)), BookingStage.WITHDRAWN, False),
    (lambda: found(event(ReceptionAct.RECEIVE, 1), event(ReceptionAct.LINK, 2)), BookingStage.CAME, False),
]


@pytest.mark.parametrize(("booking", "stage", "untold"), CASES)
def test_how_far_a_booking_is(booking: Callable[[], BookingFacts], stage: BookingStage, untold: bool) -> None:
    facts = booking()
    assert (facts.stage, facts.untold) == (stage, untold)


def test_what_waits_is_told_with_who_put_it_forward() -> None:
    facts = found(event(ReceptionAct.NO_SHOW, 1, effective=False, waits=True))
    assert (facts.pending, facts.proposed_by) == (ReceptionAct.NO_SHOW, "clerk")
    assert found().proposed_by == NOBODY


def test_who_reads_the_bookings_of_a_day() -> None:
    may = {person.code for person in STAFF if may_see_bookings(person, LEADER.code)}
    assert may == {"clerk", "second_clerk", "both", "office_head", "reception", "principal", "leader"}
