"""条例第二十七条：诉求合理的解决问题、无理的思想教育、困难的帮扶救助、违法的依法处理。"""

import pytest

from tests.articles.department import HANDLER
from tests.articles.stories import advised
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import InvalidAnswer
from xinfang.procedure.words import Disposition


@pytest.mark.parametrize("way", ["solve", "educate", "assist", "lawful"])
def test_every_reply_says_which_of_the_four_ways_it_takes(way: str) -> None:
    case = advised()
    case.take(StepCode.DRAFT_REPLY, by=HANDLER, disposition=way)
    assert case.facts.disposition is Disposition(way)


def test_there_is_no_fifth() -> None:
    assert [d.label for d in Disposition] == ["解决问题", "思想教育", "帮扶救助", "依法处理"]
    with pytest.raises(InvalidAnswer, match="处理方式"):
        advised().take(StepCode.DRAFT_REPLY, by=HANDLER, disposition="ignore")
