"""Every number.

Those of the regulation, as its text has them, and those the department sets where the text has none.
"""

import pytest

from tests.articles.department import ANSWERS, RECEIVED
from xinfang.procedure import limits
from xinfang.procedure.clocks import CLOCKS
from xinfang.procedure.limits import MAX_LINE_CHARACTERS, MAX_TEXT_CHARACTERS, Basis, Limit
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import InvalidAnswer, load_step, step_schema
from xinfang.procedure.steps import STEPS
from xinfang.procedure.timing import ClockKind

OF_THE_LAW = {
    "notice": "15日",  # 条例第二十三条
    "objection": "5个工作日",  # 条例第二十三条，规程第八条
    "handling": "60日",  # 条例第三十四条，规程第十三条
    "extension": "30日",
    "extensions": "1次",
    "request_first_review": "30日",  # 条例第三十五条
    "first_review": "30日",
    "own_review": "30日",
    "own_duty": "2个月",  # 条例第三十一条，行政诉讼法第四十七条
    "administrative_reconsideration": "60日",  # 行政复议法第二十条
    "disclosure": "20个工作日",  # 政府信息公开条例第三十三条
    "litigation": "6个月",  # 行政诉讼法第四十六条
    "request_final_review": "30日",  # 条例第三十六条
    "final_review": "30日",
    "representatives": "5人",  # 条例第二十条
    "simple_acceptance": "3个工作日",  # 简易办理办法, as the trial text of 2016 had it
    "simple_handling": "10个工作日",
}
SET_HERE = {
    "group_visit": "5人",
    "suggestion": "60日",
    "supervision": "7日",
    "bureau_advice": "30日",
    "warn_head": "7日",
    "warn_leader": "3日",
    "tell_principal": "10日",
    "second_person": "2个工作日",
    "resubmit": "7日",
    "assist": "15日",
    "archive": "30日",
    "rating": "30日",
    "regional_entry": "3个工作日",
    "report_hand_over": "15日",
    "review_request": "1个工作日",
    "reconsideration": "15日",
    "message": "15日",
    "legal_advice": "5个工作日",
    "export_approval": "7日",
    "public_notice": "30日",
    "incident_office": "5分钟",
    "incident_leader": "15分钟",
}
ALL = {name.lower(): limit for name, limit in vars(limits).items() if isinstance(limit, Limit)}


def test_the_law_gives_these_numbers_and_the_department_sets_the_others() -> None:
    assert {code: str(limit) for code, limit in ALL.items() if not limit.setting} == OF_THE_LAW
    assert {code: str(limit) for code, limit in ALL.items() if limit.setting} == SET_HERE


def test_each_is_known_by_one_code() -> None:
    assert {code: limit.code for code, limit in ALL.items()} == {code: code for code in ALL}


def test_what_the_department_sets_says_so() -> None:
    assert {code for code, limit in ALL.items() if "本厅设定" in map(str, limit.cites)} == set(SET_HERE)


BORROWED = {"own_duty", "simple_acceptance", "simple_handling", "report_hand_over", "reconsideration", "public_notice"}
"""Numbers that a text gives for something else, or that a text not held here is said to give."""
READ = {"extensions"}
"""Numbers that the department reads into a text that doesn't write them."""


def test_what_is_borrowed_or_read_is_not_called_law_and_says_from_where() -> None:
    of = {basis: {code for code, limit in ALL.items() if limit.basis is basis} for basis in Basis}
    assert of[Basis.BORROWED] == BORROWED
    assert of[Basis.READING] == READ
    assert of[Basis.SETTING] == set(SET_HERE) - BORROWED
    assert of[Basis.LAW] == set(OF_THE_LAW) - BORROWED - READ
    assert {code for code in BORROWED | READ if not ALL[code].basis_note} == set()


def test_a_law_whose_text_is_not_held_here_says_so() -> None:
    held = {"H", "N"}
    elsewhere = {code for code, limit in ALL.items() if not {a.id[0] for a in limit.cites} & {*held, "D"}}
    assert {code for code in elsewhere if not ALL[code].basis_note} == set()


@pytest.mark.parametrize(("field", "longest"), [("sender", MAX_LINE_CHARACTERS), ("body", MAX_TEXT_CHARACTERS)])
def test_a_text_as_long_as_it_may_be_is_taken_and_not_a_character_more(field: str, longest: int) -> None:
    assert (MAX_LINE_CHARACTERS, MAX_TEXT_CHARACTERS) == (200, 20_000)
    answers = {**ANSWERS[StepCode.REGISTER], "received_on": RECEIVED}
    load_step(STEPS[StepCode.REGISTER], {**answers, field: "字" * longest})
    with pytest.raises(InvalidAnswer, match="上限"):
        load_step(STEPS[StepCode.REGISTER], {**answers, field: "字" * (longest + 1)})


def test_a_reply_is_signed_as_a_whole_however_long() -> None:
    assert {s.name: s.longest for s in step_schema(STEPS[StepCode.SIGN_REPLY])}["text"] == 400_000


def test_each_clock_has_the_limit_of_its_name_or_a_day_that_somebody_stated() -> None:
    stated = {"compliance", "extension_notice", "promised_reply", "assigned_feedback", "unit_feedback"}
    assert {code: c.limit.code if c.limit else None for code, c in CLOCKS.items()} == {
        code: None if code in stated else code for code in CLOCKS
    }


def test_whose_limit_each_clock_is() -> None:
    """A duty of the department, a right of the petitioner, or what the department has set itself."""
    whose = {kind: {code for code, c in CLOCKS.items() if c.kind is kind} for kind in ClockKind}
    assert whose[ClockKind.RIGHT] == {"request_first_review", "request_final_review", "rating"}
    assert whose[ClockKind.SETTING] == {
        *("unit_feedback", "supervision", "suggestion", "archive", "regional_entry", "report_hand_over"),
        *("bureau_advice", "review_request", "reconsideration", "message"),
        "legal_advice",
        *("incident_office", "incident_leader"),
    }


def test_the_sixty_days_say_from_which_day_they_count() -> None:
    for code in ("handling", "simple_handling"):
        assert CLOCKS[code].first_day == "受理之日（不晚于收到后第15日）"
