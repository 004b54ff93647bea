"""规程第九条：应通过诉讼、仲裁、行政复议等法定途径解决的，不予受理，但应当告知。"""

import pytest

from tests.articles.department import CLERK
from tests.articles.stories import classified
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import State


@pytest.mark.parametrize("route", ["one", "two", "three", "four", "five"])
def test_a_matter_with_a_lawful_way_is_led_into_it_and_the_petitioner_told(route: str) -> None:
    case = classified(route=route)
    case.take(StepCode.ROUTE, by=CLERK)
    assert case.facts.state is State.ROUTED
    assert "法定途径告知书" in case.papers


def test_it_may_be_declined_but_never_without_a_notice_and_its_law() -> None:
    case = classified(route="one")
    case.take(StepCode.ROUTE, by=CLERK, decline=True)
    assert case.facts.state is State.DECLINED
    assert "不予受理告知书" in case.papers


def test_what_the_department_must_handle_itself_cannot_be_declined() -> None:
    refused = classified(route="six").refused(StepCode.ROUTE, by=CLERK, decline=True)
    assert "途径（六）由本厅受理办理，不能以导入或不予受理了结（规程第九条、条例第三十一条、条例第四十四条）" in refused
