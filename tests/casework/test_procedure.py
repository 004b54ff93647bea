"""The procedure page is printed from the rules, with what happened on each step this month."""

import json
from datetime import timedelta

import pytest

from tests.urls import url
from tests.world import make_department, register, take
from xinfang.accounts.models import Staff
from xinfang.calendars import queries
from xinfang.casework.actions.number_changes import answer_number, ask_for_number
from xinfang.core.clock import today
from xinfang.procedure.articles import ALL_ARTICLES
from xinfang.procedure.clocks import CLOCKS
from xinfang.procedure.limits import ALL_LIMITS
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.steps import STEPS

pytestmark = pytest.mark.django_db
URL = url("procedure")


@pytest.fixture
def clerk(client):
    make_department()
    client.force_login(Staff.objects.get(username="clerk"))
    return client


def test_everything_has_its_own_address(clerk):
    page = clerk.get(URL).content.decode()
    for code, step in STEPS.items():
        assert f'id="step-{code}"' in page
        for condition in step.rule.provided:
            assert condition.cites
    assert all(f'id="article-{i}"' in page for i in ALL_ARTICLES)
    assert all(f'id="clock-{c}"' in page for c in CLOCKS)
    assert all(str(limit) in page for limit in ALL_LIMITS)
    assert "<svg" in page and "style=" not in page


def counted(client) -> dict[str, int]:
    groups = client.get(URL).context["groups"]
    return {s["code"]: s["count"] for g in groups for s in g["steps"]}


def test_it_counts_what_the_viewer_may_see(clerk):
    number = register(today())
    register(today())
    take(number, StepCode.CLASSIFY, "clerk", today(), matter_class="claim", route="six", purpose="claim")
    assert counted(clerk)[StepCode.REGISTER] == 2
    assert counted(clerk)[StepCode.CLASSIFY] == 1
    assert counted(clerk)[StepCode.ACCEPT] == 0
    clerk.force_login(Staff.objects.get(username="handler"))
    assert counted(clerk)[StepCode.REGISTER] == 0, "cases of other units don't exist for them"


def test_it_is_read_with_few_queries(clerk, django_assert_max_num_queries):
    register(today())
    with django_assert_max_num_queries(10):
        clerk.get(URL)


def test_a_number_that_was_agreed_to_is_in_the_page_and_in_the_files_at_once(clerk, monkeypatch):
    monkeypatch.setattr(queries, "_read", None)
    files = [url("procedure-file", "json"), url("procedure-file", "pdf")]
    before = [clerk.get(address).content for address in (URL, *files)]
    since = today() + timedelta(days=3)
    head, principal = (Staff.objects.get(username=name) for name in ("office_head", "principal"))
    change = ask_for_number("supervision", 12, since, reason="需要会商", by=head)
    assert [clerk.get(address).content for address in files] == before[1:], "nobody has agreed yet"
    answer_number(change.pk, agree=True, opinion="", by=principal)
    page, told, pdf = (clerk.get(address).content for address in (URL, *files))
    assert "12日" in page.decode()
    numbers = [n for n in json.loads(told)["numbers"] if n["code"] == "supervision"]
    assert [n["number"] for n in numbers] == ["7日", "12日"]
    assert pdf != before[2]
