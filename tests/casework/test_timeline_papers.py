"""In the timeline a paper goes by its name: its number in the case says nothing to a reader."""

from datetime import date

import pytest

from tests.urls import url
from tests.world import as_, register, tell, walk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]
MONDAY = date(2026, 3, 2)


def test_each_step_of_a_paper_names_it() -> None:
    number = register(MONDAY)
    walk(number, "accepted", MONDAY, 0)
    tell(number, MONDAY)
    days = as_("clerk").get(url("petition", number)).context["days"]
    said = [item["text"] for day in days for item in day["events"]]
    assert any(text.startswith("受理告知书，内科信告〔2026〕1号") for text in said)
    assert any(text.startswith("受理告知书：邮寄，单号 XA") for text in said)
    assert not any("文书1" in text for text in said)
