"""What is handed in amid a flood is received on its day all the same (N17, N23); who may say it is no petition."""

from datetime import date

from xinfang.procedure.calendar import seed_calendar
from xinfang.procedure.facts import Actor, DutyHeld
from xinfang.procedure.step_schema import StaffCode
from xinfang.procedure.waiting_submissions import (
    ClearedLot,
    may_agree,
    may_clear,
    notice_owed,
    why_not_agree,
    why_not_set_aside,
)
from xinfang.procedure.words import Role


def person(code: str, *roles: Role) -> Actor:
    return Actor(StaffCode(code), code, tuple(DutyHeld(role) for role in roles))


CLERK, OTHER, HEAD = person("clerk", Role.OFFICE), person("other", Role.OFFICE), person("head", Role.OFFICE_HEAD)
OFFICER, RECEPTION = person("officer", Role.SEALED_OFFICER), person("reception", Role.RECEPTION)
LOT = ClearedLot(StaffCode("clerk"), report=False)


def codes(reasons: list) -> set[str]:
    return {r.code for r in reasons}


def test_the_fifteen_days_run_from_the_day_it_was_handed_in() -> None:
    owed = notice_owed(date(2026, 11, 2), seed_calendar())
    assert owed.due.due == date(2026, 11, 17) and [str(a) for a in owed.cites] == ["条例第二十三条"]
    assert not owed.overdue(date(2026, 11, 17)) and owed.overdue(date(2026, 11, 18))


def test_the_office_clears_and_reports_of_wrongdoing_are_for_their_officers() -> None:
    assert (
        may_clear(CLERK, report=False) and may_clear(RECEPTION, report=False) and not may_clear(OFFICER, report=False)
    )
    assert may_clear(OFFICER, report=True) and not may_clear(HEAD, report=True)
    assert may_agree(HEAD, report=False) and not may_agree(RECEPTION, report=False)
    assert may_agree(OFFICER, report=True) and not may_agree(HEAD, report=True)


def test_to_set_aside_takes_a_reason_and_another_person() -> None:
    assert codes(why_not_set_aside(CLERK, " ", ())) == {"a_reason_is_given"}
    assert why_not_set_aside(CLERK, "广告", ()) == []
    assert codes(why_not_agree(CLERK, LOT, agree=True, opinion="")) == {"somebody_else"}
    assert why_not_agree(OTHER, LOT, agree=True, opinion="") == []


def test_who_disagrees_says_why_and_who_put_it_forward_takes_it_back() -> None:
    assert codes(why_not_agree(HEAD, LOT, agree=False, opinion="")) == {"a_reason_is_given"}
    assert why_not_agree(HEAD, LOT, agree=False, opinion="是真的") == []
    assert why_not_agree(CLERK, LOT, agree=False, opinion="") == []


def test_asked_again_two_others_decide() -> None:
    before = frozenset({StaffCode("clerk"), StaffCode("other")})
    assert codes(why_not_set_aside(CLERK, "广告", before)) == {"others_decide"}
    lot = ClearedLot(StaffCode("reception"), report=False, before=before)
    assert codes(why_not_agree(OTHER, lot, agree=True, opinion="")) == {"others_decide"}
    assert why_not_agree(HEAD, lot, agree=True, opinion="") == []
    assert why_not_agree(OTHER, lot, agree=False, opinion="登记") == [], "to let it wait takes nothing away"
