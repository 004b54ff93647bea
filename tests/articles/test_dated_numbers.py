"""A number that changes on a day: what began before keeps the old one, what begins from then on has the new one.

The change is an entry beside the number, with its day and its article. Nothing of an earlier case moves, unless the
change says that it holds for what still runs.
"""

from datetime import date, timedelta

import pytest

from tests.articles.department import CLERK
from tests.articles.stories import classified
from xinfang.procedure import dated_rules, limits
from xinfang.procedure.alerts import Level, alerts
from xinfang.procedure.articles import REGULATION
from xinfang.procedure.calendar import seed_calendar
from xinfang.procedure.clocks import CLOCKS
from xinfang.procedure.dated_rules import DAYS, WORKING, Basis, Limit, LimitVersion, filled, supposing
from xinfang.procedure.printed_numbers import ALWAYS, number_rows
from xinfang.procedure.printed_procedure import as_json, as_tables
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.timing import DueDate
from xinfang.procedure.waiting import waiting_steps

SEED = seed_calendar()


def day(text: str) -> date:
    return date.fromisoformat(text)


NEW_YEAR = day("2027-01-01")
THE_CHANGE = LimitVersion(NEW_YEAR, 45, DAYS, (REGULATION[34],))
FORTY_FIVE = {"handling": (THE_CHANGE,)}
FOR_RUNNING_TOO = {"handling": (LimitVersion(NEW_YEAR, 45, DAYS, (REGULATION[34],), holds_for_running=True),)}


def handling(start: str, extra: int = 0) -> DueDate:
    return CLOCKS["handling"].compute(day(start), SEED, extra=extra)


def test_what_began_before_the_change_keeps_sixty_days_and_what_begins_after_has_forty_five() -> None:
    with supposing(FORTY_FIVE):
        assert handling("2026-12-31").due == day("2026-12-31") + timedelta(days=60)
        assert handling("2027-01-01").due == day("2027-01-01") + timedelta(days=45)
        assert handling("2026-12-31", extra=30).due == day("2026-12-31") + timedelta(days=90)
    assert handling("2027-01-01").due == day("2027-01-01") + timedelta(days=60)


def test_the_account_of_a_due_date_says_which_version_it_follows() -> None:
    with supposing(FORTY_FIVE):
        old, new = handling("2026-12-31").derivation, handling("2027-01-04").derivation
    assert old[2].why == "第60日（规程第十三条、条例第三十四条，2027年1月1日前起算的为60日）"
    assert new[2].why == "第45日（条例第三十四条，自2027年1月1日起起算的为45日）"
    assert handling("2026-12-31").derivation[2].why == "第60日（规程第十三条、条例第三十四条）"


def test_a_transitional_rule_lets_it_hold_for_what_still_runs() -> None:
    with supposing(FOR_RUNNING_TOO):
        # 45 days from 1 December are over on 15 January; sixty would have been on the 30th.
        assert handling("2026-12-01").due == day("2027-01-15")
        assert "施行时尚未届满的也适用" in handling("2026-12-01").derivation[2].why


def test_a_transitional_rule_makes_nothing_late_on_the_day_it_takes_effect() -> None:
    with supposing(FOR_RUNNING_TOO):
        found = handling("2026-11-10")
        assert found.due == NEW_YEAR, "45 days were over on 25 December"
        assert any("不早于这一日届满" in row.why for row in found.derivation)


def test_a_transitional_rule_leaves_alone_what_was_over_before() -> None:
    with supposing(FOR_RUNNING_TOO):
        assert handling("2026-11-01").due == day("2026-12-31") == day("2026-11-01") + timedelta(days=60)


def test_the_print_shows_both_side_by_side() -> None:
    with supposing(FORTY_FIVE):
        rows = [row for row in number_rows() if row[0] == limits.HANDLING.label]
        printed = as_tables()
        told = [n for n in as_json()["numbers"] if n["code"] == "handling"]
    assert [row[1:4] for row in rows] == [
        ("60日", "2027年1月1日前起算的", "规程第十三条、条例第三十四条"),
        ("45日", "自2027年1月1日起起算的", "条例第三十四条"),
    ]
    assert "| 60日 | 2027年1月1日前起算的 |" in printed and "| 45日 | 自2027年1月1日起起算的 |" in printed
    assert [(n["number"], n["when"]) for n in told] == [(row[1], row[2]) for row in rows]
    assert {row[2] for row in number_rows()} == {ALWAYS}


def test_a_number_in_words_says_what_it_will_be() -> None:
    ahead = date.today() + timedelta(days=400)
    coming = {"supervision": (LimitVersion(ahead, 5, DAYS, (limits.CHOSEN_BY_DEPARTMENT,)),)}
    past = {"supervision": (LimitVersion(day("2020-01-01"), 5, DAYS, (limits.CHOSEN_BY_DEPARTMENT,)),)}
    with supposing(coming):
        assert str(limits.SUPERVISION) == f"7日（{ahead.year}年{ahead.month}月{ahead.day}日起5日）"
        assert filled("{supervision}后") == f"{limits.SUPERVISION}后"
    with supposing(past):
        assert str(limits.SUPERVISION) == "5日"
        assert filled("不填则为{supervision}后，两次为{supervision*2}，共 {supervision_value} 日") == (
            "不填则为5日后，两次为10日，共 5 日"
        )
    assert filled("不填则为{supervision}后") == "不填则为7日后"


def test_several_changes_follow_one_another_and_of_one_day_the_last_holds() -> None:
    def from_day(text: str, value: int) -> LimitVersion:
        return LimitVersion(day(text), value, WORKING, ())

    changes = [from_day("2027-03-01", 4), from_day("2027-01-01", 3), from_day("2027-03-01", 6)]
    with supposing({"objection": changes}):
        found = {text: limits.OBJECTION.on(day(text)).value for text in ("2026-12-31", "2027-02-28", "2027-03-01")}
        assert [limits.OBJECTION.when(v) for v in limits.OBJECTION.versions] == [
            "2027年1月1日前起算的",
            "自2027年1月1日起、2027年3月1日前起算的",
            "自2027年3月1日起起算的",
        ]
    assert found == {"2026-12-31": 5, "2027-02-28": 3, "2027-03-01": 6}


def test_one_supposition_within_another_adds_to_it() -> None:
    with supposing(FORTY_FIVE), supposing({"notice": (LimitVersion(NEW_YEAR, 10, DAYS, ()),)}):
        assert (limits.HANDLING.on(NEW_YEAR).value, limits.NOTICE.on(NEW_YEAR).value) == (45, 10)
    assert (limits.HANDLING.on(NEW_YEAR).value, limits.NOTICE.on(NEW_YEAR).value) == (60, 15)


def test_a_change_of_the_law_is_one_entry_beside_the_number() -> None:
    changed = Limit("handling", "受理后办结", 60, DAYS, limits.HANDLING.cites, later=(THE_CHANGE,))
    assert [v.value for v in changed.versions] == [60, 45]
    assert changed.on(NEW_YEAR - timedelta(days=1)).value == 60 and changed.on(NEW_YEAR).value == 45


@pytest.mark.parametrize(
    ("code", "level", "before"),
    [("warn_head", Level.WEEK, 7), ("warn_leader", Level.DAYS, 3), ("tell_principal", Level.LONG, -11)],
)
def test_a_warning_follows_the_number_of_the_day_on_which_its_limit_began(code: str, level: Level, before: int) -> None:
    def given(start: date) -> int:
        due = start + timedelta(days=60)
        return next((due - a.on).days for a in alerts("handling", start, due, due) if a.level is level)

    with supposing({code: (LimitVersion(NEW_YEAR, 5, DAYS, ()),)}):
        assert given(NEW_YEAR - timedelta(days=1)) == before
        assert given(NEW_YEAR) == (5 if before > 0 else -6)


def test_a_sentence_can_have_the_number_of_a_day() -> None:
    """What was put forward before the change is told by the number that it waits by."""
    with supposing({"second_person": (LimitVersion(NEW_YEAR, 10, WORKING, ()),)}):
        told = [filled("超过{second_person}，{second_person*2}", day(text)) for text in ("2026-12-31", "2027-01-01")]
        assert told == ["超过2个工作日，4个工作日", "超过10个工作日，20个工作日"]
        assert filled("{second_person}", day("2026-12-31")) == "2个工作日", "without what is to come"


def test_a_step_that_waits_is_told_of_by_the_number_it_waits_by() -> None:
    case = classified(date(2026, 3, 5))
    case.take(StepCode.CLASSIFY, by=CLERK, route="four", waits=True)
    with supposing({"second_person": (LimitVersion(day("2026-03-06"), 10, WORKING, ()),)}):
        waiting = next(waiting_steps(case.facts))
        reached = waiting.rungs_reached(case.facts, day("2026-03-10"), case.calendar)
    assert [str(n) for rung in reached for n in rung] == [
        "等待确认超过2个工作日，由办公室主任督促（规程第五条、条例第二十八条）"
    ]


def test_who_keeps_the_numbers_and_what_day_it_is_is_asked_of_the_program() -> None:
    before = dated_rules._asked, dated_rules._today
    try:
        dated_rules.ask_for_numbers(lambda: FORTY_FIVE, lambda: day("2026-12-31"))
        assert str(limits.HANDLING) == "60日（2027年1月1日起45日）"
        dated_rules.ask_for_numbers(lambda: FORTY_FIVE, lambda: NEW_YEAR)
        assert str(limits.HANDLING) == "45日"
    finally:
        dated_rules.ask_for_numbers(*before)
    assert str(limits.HANDLING) == "60日"


def test_where_a_number_comes_from_is_one_of_four_words() -> None:
    assert {b.value: b.label for b in Basis} == {
        "law": "法定",
        "borrowed": "借用",
        "reading": "本厅理解",
        "setting": "本厅设定",
    }
    assert not limits.HANDLING.basis_note
