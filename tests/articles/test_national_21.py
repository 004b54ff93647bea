"""条例第二十一条：及时录入，方便信访人查询、评价。"""

from dataclasses import replace
from datetime import date

import pytest

from tests.articles.house import CLERK, PETITIONER, instructed, registered, served
from xinfang.procedure.visibility import may_see, may_see_identity


@pytest.mark.parametrize("typed", ["2026年2月27日", "2026.2.27", "２０２６-2-27", "20260227"])
def test_a_date_is_corrected_however_it_is_written(typed: str) -> None:
    case = registered()
    case.take("correct", by=CLERK, what="received_on", new_value=typed, public_value=typed, reason="照收文登记簿")
    assert case.facts.received_on == date(2026, 2, 27)


def test_the_petitioner_rates_office_and_unit_apart_once() -> None:
    case = served()
    case.take("rate", by=PETITIONER, office_rating=0, unit_rating=3)
    assert "已经评价过，评价不能修改（条例第二十一条）" in case.refused("rate", by=PETITIONER)


def test_the_petitioner_follows_the_matter_that_is_proven_to_be_theirs_and_no_other() -> None:
    case = served()
    somebody_else, nobody_proven = (replace(PETITIONER, case=number) for number in ("LX2026000002", ""))
    assert may_see(PETITIONER, case.facts)
    for other in (somebody_else, nobody_proven):
        assert not may_see(other, case.facts)
        assert case.refused("rate", by=other).codes == {"may_see"}
        assert not may_see(other, case.facts.changed(number="")), "no number proves nothing"


def test_what_is_proven_for_one_petitioner_unmasks_nobody() -> None:
    assert not may_see_identity(PETITIONER, served().facts), "others may have signed the same petition"


def test_nobody_else_rates() -> None:
    refused = served().refused("rate", by=CLERK)
    assert "应由信访人办理" in refused
    assert "条例第二十一条" in refused


def test_there_is_nothing_to_rate_before_something_was_told() -> None:
    refused = instructed().refused("rate", by=PETITIONER)
    assert "意见书或告知书送达之后才能评价（条例第二十一条）" in refused


def test_a_mistake_is_corrected_openly_with_a_reason() -> None:
    case = registered()
    case.take("correct", by=CLERK, what="channel", new_value="来访", public_value="来访")
    assert case.facts.channel.label == "来访"
    refused = case.refused("correct", by=CLERK, what="channel", new_value="飞鸽", public_value="飞鸽")
    assert "更正后的内容不能这样填写（条例第二十一条）" in refused
