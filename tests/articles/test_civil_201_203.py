"""民法典第二百零一条、第二百零三条：开始的当日不计入；权利的最后一日是休假日的，顺延；国务院办公厅每年公布放假和调休。"""

from datetime import date

import pytest

from xinfang.procedure.calendar import Calendar, YearSchedule, published_years, seed_calendar
from xinfang.procedure.clocks import CLOCKS
from xinfang.procedure.timing import ClockKind, ClockRun, DueDate

SEED = seed_calendar()
UNKNOWN = Calendar()
"""No year is published."""


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("text", "works"),
    [
        ("2026-02-13", True),  # Friday
        ("2026-02-14", True),  # a Saturday worked for the Spring Festival
        ("2026-02-16", False),  # Spring Festival
        ("2026-02-28", True),  # a Saturday worked again
        ("2026-03-07", False),  # Saturday
        ("2026-03-08", False),  # Sunday
        ("2026-03-09", True),
    ],
)
def test_a_published_year_is_worked_as_published(text: str, works: bool) -> None:
    assert SEED.published(day(text))
    assert SEED.is_working(day(text)) is works


@pytest.mark.parametrize(
    ("text", "works"),
    [
        ("2031-01-01", False),
        ("2031-01-02", True),
        ("2031-05-01", False),
        ("2031-05-02", False),
        ("2031-05-05", True),
        ("2031-09-30", True),
        ("2031-10-01", False),
        ("2031-10-02", False),
        ("2031-10-03", False),
        ("2031-10-06", True),
        ("2031-10-04", False),  # Saturday
        ("2031-10-05", False),
        ("2031-06-06", True),  # Friday
        ("2031-06-07", False),  # Saturday
        ("2031-06-08", False),
        ("2031-06-09", True),
        ("2031-11-03", True),
        ("2031-12-01", True),
    ],
)
def test_of_an_unpublished_year_the_weekends_and_the_holidays_with_a_fixed_date_are_known(
    text: str, works: bool
) -> None:
    assert not SEED.published(day(text))
    assert SEED.is_working(day(text)) is works


@pytest.mark.parametrize("text", ["2026-10-01", "2030-05-01", "2029-10-02", "2029-10-03", "2031-05-02", "2030-01-01"])
def test_they_are_days_off_on_weekdays_too(text: str) -> None:
    assert day(text).weekday() < 5
    assert not UNKNOWN.is_working(day(text))


def test_a_day_off_that_is_worked_instead_is_worked() -> None:
    both = Calendar({2027: YearSchedule(2027, {day("2027-03-06"): "x"}, {day("2027-03-06"): "x"})})
    assert both.is_working(day("2027-03-06"))


def test_every_published_year_says_where_it_was_published() -> None:
    years = published_years()
    assert list(years) == list(range(2004, 2027))
    assert years[2026].source == "国务院办公厅关于2026年部分节假日安排的通知"
    assert years[2026].off[day("2026-10-01")] == "国庆节"
    assert years[2026].work[day("2026-02-14")] == "春节"
    assert years[2026].year == 2026
    assert YearSchedule(2027, {}, {}).source == "", "what nobody published names no notice"


def test_a_duty_s_alarm_rings_before_the_holiday_and_a_right_rolls_past_it() -> None:
    for text in ("2026-10-01", "2026-10-07", "2026-10-04"):
        assert SEED.last_working_day_until(day(text)) == day("2026-09-30")
        assert SEED.next_working_day_from(day(text)) == day("2026-10-08")
    for text in ("2026-09-30", "2026-10-08"):
        assert SEED.last_working_day_until(day(text)) == SEED.next_working_day_from(day(text)) == day(text)


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2026-03-02", "2026-03-02", 0),
        ("2026-03-02", "2026-03-03", 1),
        ("2026-03-02", "2026-03-09", 5),
        ("2026-03-06", "2026-03-08", 0),
        ("2026-03-09", "2026-03-02", -5),
        ("2026-03-03", "2026-03-02", -1),
        ("2026-09-30", "2026-10-08", 1),
    ],
)
def test_working_days_left_and_gone(start: str, end: str, days: int) -> None:
    """The first day doesn't count, the last does; gone ones are negative."""
    assert SEED.working_days_between(day(start), day(end)) == days


def account(due: DueDate) -> list[tuple[str, bool, str]]:
    """The rows after the first, which is the day itself and never counts."""
    first, *rows = due.derivation
    assert not first.counted
    return [(row.day.isoformat(), row.counted, row.why) for row in rows]


def test_the_first_day_does_not_count_and_the_account_says_so() -> None:
    for code in ("handling", "simple_acceptance", "request_first_review"):
        first = CLOCKS[code].compute(day("2026-03-02"), SEED).derivation[0]
        assert (first.day, first.counted) == (day("2026-03-02"), False)
        assert first.why.endswith("不计（民法典第二百零一条）")


def test_the_account_of_a_duty_in_calendar_days() -> None:
    due = CLOCKS["handling"].compute(day("2026-08-02"), SEED)
    assert account(due) == [
        ("2026-08-03", True, "第1日"),
        ("2026-10-01", True, "第60日（规程第十三条、条例第三十四条）"),
        ("2026-10-01", True, "星期四，国庆节放假；本厅的期限不因休假日顺延，提醒提前到 2026-09-30"),
    ]
    assert (due.due, due.alarm, due.provisional) == (day("2026-10-01"), day("2026-09-30"), False)


def test_the_account_of_an_extension() -> None:
    due = CLOCKS["handling"].compute(day("2026-03-01"), SEED, extra=10)
    assert account(due)[1:] == [
        ("2026-04-30", True, "第60日（规程第十三条、条例第三十四条）"),
        ("2026-05-10", True, "依法延长10日"),
        ("2026-05-10", True, "星期日，休息日；本厅的期限不因休假日顺延，提醒提前到 2026-05-09"),
    ]
    assert due.due == day("2026-05-10") and due.alarm == day("2026-05-09"), "a Saturday that is worked"


def test_the_account_of_a_right_shows_every_day_it_rolls_past() -> None:
    due = CLOCKS["request_first_review"].compute(day("2026-09-04"), SEED)
    assert account(due)[1:] == [
        ("2026-10-04", True, "第30日（条例第三十五条）"),
        ("2026-10-04", False, "星期日，国庆节放假，最后一日不是工作日，顺延（民法典第二百零三条）"),
        ("2026-10-05", False, "星期一，国庆节放假，最后一日不是工作日，顺延（民法典第二百零三条）"),
        ("2026-10-06", False, "星期二，国庆节放假，最后一日不是工作日，顺延（民法典第二百零三条）"),
        ("2026-10-07", False, "星期三，国庆节放假，最后一日不是工作日，顺延（民法典第二百零三条）"),
        ("2026-10-08", True, "星期四，工作日，顺延到这一日"),
    ]
    assert due.due == due.alarm == day("2026-10-08")
    on_time = CLOCKS["request_first_review"].compute(day("2026-03-02"), SEED)
    assert len(account(on_time)) == 2 and on_time.due == day("2026-04-01")


def test_the_account_of_working_days() -> None:
    due = CLOCKS["simple_acceptance"].compute(day("2026-02-12"), SEED)
    assert account(due) == [
        ("2026-02-13", True, "星期五，工作日，第1个工作日"),
        ("2026-02-14", True, "星期六，春节调休上班，第2个工作日"),
        *(
            (f"2026-02-{d}", False, f"星期{name}，春节放假，不计")
            for d, name in zip(range(15, 24), "日一二三四五六日一", strict=True)
        ),
        ("2026-02-24", True, "星期二，工作日，第3个工作日（简易办理办法）"),
    ]


def test_what_touches_an_unpublished_year_is_provisional() -> None:
    """Also when only the days on the way, the last day, or the alarm lies there."""
    assert CLOCKS["simple_acceptance"].compute(day("2026-12-30"), SEED).provisional
    assert not CLOCKS["simple_acceptance"].compute(day("2026-12-25"), SEED).provisional
    assert CLOCKS["notice"].compute(day("2026-12-17"), SEED).provisional
    assert not CLOCKS["notice"].compute(day("2026-12-16"), SEED).provisional
    only_2027 = Calendar({2027: YearSchedule(2027, {day("2027-01-01"): "元旦"}, {})})
    assert CLOCKS["notice"].compute(day("2026-12-17"), only_2027).provisional, "the alarm rings in 2026"
    assert CLOCKS["simple_acceptance"].compute(day("2026-12-30"), only_2027).provisional, "a day of 2026 was counted"
    late = CLOCKS["notice"].compute(day("2026-12-17"), SEED)
    assert account(late)[-1] == ("2027-01-01", False, "暂定：2027年放假安排尚未公布，公布后重算")


def test_a_stated_day_stands_as_it_is_stated() -> None:
    due = CLOCKS["promised_reply"].compute(day("2026-03-02"), SEED, stated=day("2026-03-14"))
    assert account(due) == [
        ("2026-03-14", True, "指定的日期（规程第十一条）"),
        ("2026-03-14", True, "星期六，休息日；本厅的期限不因休假日顺延，提醒提前到 2026-03-13"),
    ]
    assert not due.provisional


def test_overdue_is_the_day_after_the_last() -> None:
    due = CLOCKS["notice"].compute(day("2026-03-02"), SEED)
    running = ClockRun(CLOCKS["notice"], 1, day("2026-03-02"), due, None)
    assert not running.overdue(day("2026-03-17")) and running.overdue(day("2026-03-18"))
    stopped = ClockRun(CLOCKS["notice"], 1, day("2026-03-02"), due, day("2026-03-17"))
    assert not stopped.overdue(day("2026-12-01"))
    late = ClockRun(CLOCKS["notice"], 1, day("2026-03-02"), due, day("2026-03-18"))
    assert late.overdue(day("2026-03-01")), "what was done too late stays late"


def test_whose_limit_it_is() -> None:
    kinds = {kind: {c.code for c in CLOCKS.values() if c.kind is kind} for kind in ClockKind}
    assert kinds[ClockKind.RIGHT] == {"request_first_review", "request_final_review", "rating"}
    assert {"notice", "objection", "handling", "own_review"} <= kinds[ClockKind.DUTY]
    assert (
        kinds[ClockKind.ELSEWHERE]
        == {"first_review", "final_review", "compliance"}
        == {c.code for c in CLOCKS.values() if c.whose}
    )
    assert [str(k.value) for k in ClockKind] == ["duty", "right", "setting", "elsewhere"], "as deadlines are kept"
    assert CLOCKS["notice"].unit == "日" and CLOCKS["objection"].unit == "个工作日"
    assert CLOCKS["promised_reply"].unit == "指定日期"


def test_what_more_must_hold_of_a_step_for_a_clock_to_stop() -> None:
    """A step without a paper tells only in the simple procedure (S4); the report must be the completion report (N22).

    A promise is kept by speaking to somebody (规程第十一条). What is added must be a further request for the adviser
    to be asked again (规程第十三条). All others stop with the step.
    """
    assert {c.code for c in CLOCKS.values() if c.stops_if} == {
        "notice",
        "objection",
        "handling",
        "simple_handling",
        "extension_notice",
        "suggestion",
        "assigned_feedback",
        "promised_reply",
        "reconsideration",
        "request_first_review",
        "request_final_review",
        "first_review",
        "final_review",
        "review_request",
        "legal_advice",
    }


def test_the_department_s_own_book_keeping_never_leads() -> None:
    """A case is sorted by what the petitioner waits for, not by the entry in the regional system (规程第五条)."""
    assert {c.code for c in CLOCKS.values() if not c.leads} == {"regional_entry", "bureau_advice"}


def test_what_still_runs_when_a_case_has_ended() -> None:
    """Rights of the petitioner, what is asked for from above, the way of the file, and what has not left the house."""
    assert {c.code for c in CLOCKS.values() if c.survives_the_end} == {
        "notice",
        "handling",
        "promised_reply",
        "extension_notice",
        "suggestion",
        "simple_handling",
        "assigned_feedback",
        "request_first_review",
        "first_review",
        "request_final_review",
        "final_review",
        "own_review",
        "own_duty",
        "bureau_advice",
        "compliance",
        "archive",
        "rating",
        "review_request",
        "reconsideration",
        "message",
        "regional_entry",
        "report_hand_over",
    }
