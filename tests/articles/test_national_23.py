"""条例第二十三条：登记，15日内书面告知（姓名、住址不清的除外）；不属职权的5个工作日内提出异议。"""

from datetime import date

from .house import CLERK, handed_down, instructed, registered


def test_fifteen_days_to_tell_in_writing() -> None:
    clock = registered(date(2026, 2, 1)).clock("notice")
    assert clock.due.due == date(2026, 2, 16)
    assert clock.due.alarm == date(2026, 2, 14), "the last working day before the Spring Festival"


def test_any_written_notice_ends_it() -> None:
    case = instructed(date(2026, 3, 2))
    case.take("accept", by=CLERK, on=date(2026, 3, 17))
    clock = case.clock("notice")
    assert clock.stopped_on == clock.due.due == date(2026, 3, 17)
    assert not clock.overdue(date(2026, 12, 1))


def test_it_does_not_run_while_name_or_address_is_unclear() -> None:
    case = registered(date(2026, 3, 2), persons=[{"name": "甲某"}])
    assert not case.runs("notice")
    case.take("supplement", by=CLERK, on=date(2026, 3, 10), contact_clear=True)
    assert case.clock("notice").due.due == date(2026, 3, 25)


def test_an_objection_does_not_stop_it() -> None:
    case = handed_down(date(2026, 3, 2))
    case.take("object", by=CLERK, on=date(2026, 3, 9))
    assert case.clock("notice").stopped_on is None
    assert case.clock("notice").due.due == date(2026, 3, 17)


def test_an_objection_gives_its_reasons_and_comes_within_five_working_days() -> None:
    case = handed_down(date(2026, 3, 2))
    assert case.clock("objection").due.due == date(2026, 3, 9)
    assert "收到已超过5个工作日" in case.refused("object", by=CLERK, on=date(2026, 3, 10))


def test_material_goes_back_only_when_the_sender_agrees() -> None:
    case = handed_down()
    case.take("object", by=CLERK)
    assert "应填写来文机关答复的日期和文号（条例第二十三条）" in case.refused(
        "objection_upheld", by=CLERK, answer_number=""
    )
    case.take("objection_upheld", by=CLERK)
    assert "材料交还清单" in case.papers
