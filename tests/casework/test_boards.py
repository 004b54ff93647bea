"""期限看板: every number opens exactly the cases it counts."""

from datetime import date, timedelta

import pytest
from django.test import Client

from tests.urls import url
from tests.world import register, take, walk
from xinfang.accounts.models import Staff
from xinfang.core.clock import today
from xinfang.procedure.step_codes import StepCode

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]


def as_(username):
    client = Client()
    client.force_login(Staff.objects.get(username=username))
    return client


def ago(days: int) -> date:
    return today() - timedelta(days=days)


@pytest.fixture
def several():
    for days in (3, 9, 13, 14, 40):
        register(ago(days))
    for days, place in ((70, "signed"), (20, "heard"), (12, "proposed"), (100, "closed"), (30, "archived")):
        walk(register(ago(days)), place, ago(days - 1), 0)
    number = register(ago(60))
    walk(number, "signed", ago(57), 0)
    take(
        number,
        StepCode.SUPERVISE,
        "clerk",
        ground="overdue",
        text="请说明。",
        feedback_on=(today() + timedelta(2)).isoformat(),
    )


def cells(context):
    yield from context["figures"]
    for row in (*context["units"], *context["clocks"], *context["leaders"], context["unit_total"]):
        yield from row["cells"]


def test_each_number_opens_its_cases(several):
    for username in ("clerk", "leader", "head"):
        client = as_(username)
        numbers = [c for c in cells(client.get(url("boards")).context) if c["number"]]
        assert len(numbers) >= 8
        for cell in numbers:
            behind = client.get(cell["url"])
            assert len(behind.context["rows"]) == cell["number"], (username, cell)
            assert not behind.context["notes"]


def test_what_is_counted(several, django_assert_max_num_queries):
    clerk = as_("clerk")
    with django_assert_max_num_queries(13):
        context = clerk.get(url("boards")).context
    figures = {f["label"]: f["number"] for f in context["figures"]}
    assert figures["未办结"] == 9 and figures["已督办"] == 1
    assert figures["已超期"] >= 3 and figures["3日内到期"] <= figures["7日内到期"]
    assert sum(r["cells"][0]["number"] for r in context["units"]) == figures["未办结"]
    assert sum(r["cells"][2]["number"] for r in context["clocks"]) > figures["已超期"], "each of its limits by itself"
    assert "录入自治区系统" in [r["label"] for r in context["clocks"]]
    assert [r["label"] for r in context["leaders"]] == ["白音"]


def test_nothing_to_count_says_so():
    assert "没有在办的事项" in as_("clerk").get(url("boards")).content.decode()
    assert as_("auditor").get(url("boards")).status_code == 200
