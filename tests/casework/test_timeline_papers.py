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
    items = [item for day in days for item in day["events"]]
    said = [part["text"] for item in items for part in (item["parts"] or [item])]
    assert any(text.startswith("受理告知书，内科信告〔2026〕1号") for text in said)
    assert any(text.startswith("受理告知书：邮寄，单号 XA") for text in said)
    assert not any("文书1" in text for text in said)


def test_what_was_done_to_one_paper_on_one_day_is_one_entry() -> None:
    """Its three files among it; each step can still be unfolded, with its own anchor."""
    number = register(MONDAY)
    walk(number, "accepted", MONDAY, 0)
    tell(number, MONDAY)
    answer = as_("clerk").get(url("petition", number))
    entries = [item for day in answer.context["days"] for item in day["events"] if item["label"] == "受理告知书"]
    assert len(entries) == 1 and entries[0]["text"] == "制作、送审、签发、印发、发出"
    assert len(entries[0]["parts"]) == 8
    page = answer.content.decode()
    assert all(f'id="{part["id"]}"' in page for part in entries[0]["parts"])
    assert page.count("文书的定稿文件（3）") == 1
