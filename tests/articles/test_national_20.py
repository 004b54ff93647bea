"""条例第二十条：多人走访应当推选代表，代表人数不得超过5人。"""

from tests.articles.department import CLERK, Case
from tests.articles.events import group_visit
from tests.articles.stories import registered
from xinfang.procedure.step_codes import StepCode


def representatives(n: int) -> list[dict[str, str]]:
    return [{"name": f"代表{i}", "address": "某路", "role": "representative"} for i in range(n)]


def test_five_representatives_speak_for_forty() -> None:
    assert registered(channel="visit", group_size=40, persons=representatives(5)).facts.group_size == 40


def test_six_are_too_many() -> None:
    refused = Case().refused(StepCode.REGISTER, by=CLERK, channel="visit", group_size=40, persons=representatives(6))
    assert "代表不得超过5人（条例第二十条）" in refused


def test_a_group_is_not_smaller_than_its_list() -> None:
    refused = Case().refused(StepCode.REGISTER, by=CLERK, channel="visit", group_size=2, persons=representatives(3))
    assert "人数少于已填写的信访人数（条例第二十条）" in refused


def test_the_visitors_of_an_event_choose_at_most_five() -> None:
    event = group_visit()
    assert "代表应为 1 至 5人（条例第二十条）" in event.refused("choose_representatives", CLERK, 3, representatives=6)
    assert event.do("choose_representatives", CLERK, 4, representatives=5).facts.representatives == 5
