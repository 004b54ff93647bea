"""Another number of the department: who asks, who agrees, and what may be set. No text gives these numbers (本厅设定)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.articles.department import STAFF
from xinfang.procedure.department_numbers import (
    CHANGEABLE,
    LAST_DAY_AHEAD,
    in_place_of,
    may_agree,
    may_ask,
    version_of,
    wrong_with,
)
from xinfang.procedure.facts import Actor, DutyHeld
from xinfang.procedure.limits import BY_CODE, CHOSEN_BY_DEPARTMENT
from xinfang.procedure.step_schema import StaffCode, UnitCode
from xinfang.procedure.words import Role

TODAY = date(2026, 3, 2)
TOMORROW = TODAY + timedelta(days=1)
ALLOWED = {
    # Days until something of the department's own happens: one to ninety.
    **dict.fromkeys(("bureau_advice", "supervision", "warn_head", "warn_leader", "tell_principal"), (1, 90)),
    **dict.fromkeys(("resubmit", "assist", "archive", "export_approval"), (1, 90)),
    **dict.fromkeys(("second_person", "regional_entry", "legal_advice"), (1, 60)),
    **dict.fromkeys(("incident_office", "incident_leader"), (1, 60)),
    "group_visit": (2, 10),  # 多人 (N20): two at least; and not so many that nobody is asked for representatives
    "public_notice": (30, 90),  # a petitioner's time begins by it: never sooner
    "rating": (30, 90),  # the petitioner's time
    "report_hand_over": (1, 15),  # the petitioner waits: no longer than N22 gives
    "review_request": (1, 3),
    "reconsideration": (1, 15),  # no longer than N23 gives
    "message": (1, 15),  # no longer than N23 gives
    "suggestion": (1, 60),  # no longer than N34 gives
}


def holding(role: Role, acting_for: str = "") -> Actor:
    return Actor(StaffCode("somebody"), "", (DutyHeld(role, UnitCode("office"), acting_for=StaffCode(acting_for)),))


def test_every_number_has_its_bounds() -> None:
    assert CHANGEABLE.keys() == ALLOWED.keys() == {code for code, limit in BY_CODE.items() if limit.setting}


@pytest.mark.parametrize("code", sorted(ALLOWED))
def test_what_may_be_set_and_what_may_not(code: str) -> None:
    least, most = ALLOWED[code]
    now = CHANGEABLE[code].first_value
    possible = {n for n in range(most + 3) if not wrong_with(code, n, TOMORROW, TODAY)}
    assert possible == set(range(least, most + 1)) - {now}
    assert wrong_with(code, most + 1, TOMORROW, TODAY) == [
        f"“{CHANGEABLE[code].label}”应为 {least} 至 {most} 之间的整数（{CHANGEABLE[code].unit}），您填写的是 {most + 1}。"
    ]
    assert wrong_with(code, now, TOMORROW, TODAY) == [
        f"“{CHANGEABLE[code].label}”到这一天已经是{CHANGEABLE[code]}，不用更改。"
    ]


@pytest.mark.parametrize("code", ["handling", "notice", "nothing"])
def test_a_number_of_the_law_is_not_the_departments(code: str) -> None:
    assert wrong_with(code, 5, TOMORROW, TODAY) == ["这个数字由法律、法规或者规程规定，或者不存在，不能在这里更改。"]


def test_from_tomorrow_at_the_earliest_and_within_a_year() -> None:
    days = range(-2, LAST_DAY_AHEAD + 3)
    possible = [n for n in days if not wrong_with("supervision", 9, TODAY + timedelta(days=n), TODAY)]
    assert possible == list(range(1, 367))
    assert wrong_with("supervision", 9, TODAY, TODAY) == ["生效日期最早为明天：当天已经起算的期限不能改变。"]
    assert wrong_with("supervision", 9, date(2062, 3, 3), TODAY) == ["生效日期最迟为一年以内，请核对年份。"]


def test_every_reason_is_told_at_once() -> None:
    assert len(wrong_with("supervision", 0, TODAY, TODAY)) == 2


def test_who_asks() -> None:
    assert {role for role in Role if may_ask(holding(role))} == {Role.OFFICE_HEAD, Role.SYSTEM_ADMINISTRATOR}


def test_who_agrees() -> None:
    asked_by = (StaffCode("another"),)
    agreeing = {role for role in Role if may_agree(holding(role), asked_by)}
    assert agreeing == {Role.OFFICE_HEAD, Role.PRINCIPAL_LEADER}
    assert not any(may_agree(holding(role), (StaffCode("somebody"),)) for role in Role), "their own"
    assert not may_agree(holding(Role.PRINCIPAL_LEADER), (StaffCode("another"), StaffCode("somebody")))
    assert not may_agree(holding(Role.PRINCIPAL_LEADER, "another"), asked_by), "in the place of who asked"


def test_in_whose_place_somebody_acts() -> None:
    heads = (Role.OFFICE_HEAD,)
    own, instead = holding(Role.OFFICE_HEAD), holding(Role.OFFICE_HEAD, "head")
    both = replace(own, duties=(*instead.duties, *own.duties))
    assert in_place_of(instead, heads) == "head"
    assert in_place_of(own, heads) is None and in_place_of(both, heads) is None
    assert in_place_of(instead, (Role.PRINCIPAL_LEADER,)) is None
    assert in_place_of(STAFF[0], ()) is None


def test_what_was_set_is_cited_as_the_departments_own() -> None:
    for code, limit in CHANGEABLE.items():
        version = version_of(code, 9, TOMORROW)
        assert (version.since, version.value, version.unit) == (TOMORROW, 9, limit.unit)
        assert version.cites.count(CHOSEN_BY_DEPARTMENT) == 1 and set(limit.cites) <= set(version.cites)
        assert not version.holds_for_running
