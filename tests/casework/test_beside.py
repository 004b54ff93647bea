"""What lies beside a form is said as people say it: requests by their text, decisions as decisions."""

from datetime import timedelta

import pytest

from tests.urls import url
from tests.world import as_, register, walk
from xinfang.core.clock import today
from xinfang.procedure.step_codes import StepCode

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]


def beside(step: StepCode, place: str, person: str) -> dict[str, dict[str, str]]:
    """What lies beside the form of this step, by the title without its person and day."""
    day = today() - timedelta(days=10)
    number = register(day)
    walk(number, place, day, 0)
    context = as_(person).get(url("step", number, step)).context
    said = [context["before"], *context["beside"]] if context["before"] else context["beside"]
    return {s["title"].split("（")[0]: {r["label"]: r["text"] for r in s["rows"]} for s in said}


def test_a_request_is_told_by_its_text() -> None:
    told = beside(StepCode.REVIEW_REPLY, "drafted", "head")["拟写意见书"]["逐项处理意见"]
    assert "诉求序号" not in told
    assert told.startswith("诉求1：") and "\n结论：" in told


def test_a_decision_is_told_in_its_words_and_no_box_that_was_left() -> None:
    told = beside(StepCode.ACCEPT, "instructed", "clerk")["批示"]
    assert told["决定"] == "同意拟办意见"
    assert "否" not in told.values()
