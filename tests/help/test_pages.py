"""The pages under 帮助, the link to them in every page, and the first day in the demo."""

import re

import pytest
from django.conf import settings
from django.test import Client

from tests.urls import url
from tests.world import STAFF, as_, register
from xinfang.accounts.models import Duty, Staff
from xinfang.core import mode
from xinfang.core.clock import today
from xinfang.help.tour import TASKS
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import STAFF_ROLES, Role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def people(department) -> None:
    """The department of tests/world.py."""


@pytest.fixture
def demo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "MODE", "demo")
    monkeypatch.setattr(mode, "_confirmed", "demo")


def shown(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return str(answer.content.decode())


def help_link(page: str) -> str:
    (found,) = re.findall(r'<a href="([^"]*)" data-help>', page)
    return str(found)


def test_the_contents_begin_with_ones_own_chapter() -> None:
    page = shown(as_("leader"), url("help"))
    assert page.index("厅领导</a>") < page.index("其他岗位") < page.index("机要室</a>")


def test_a_page_leads_to_its_section() -> None:
    number = register(today())
    clerk = as_("clerk")
    for address, section in (
        (url("register"), "clerk-register"),
        (url("petition", number), "all-case"),
        (url("step", number, StepCode.CLASSIFY), "clerk-classify"),
        (url("inbox"), "clerk-morning"),
        (url("help"), "all-trouble"),
    ):
        link = help_link(shown(clerk, address))
        assert link.endswith(f"#{section}")
        assert f'id="{section}"' in shown(clerk, link.split("#")[0])


def test_the_first_page_leads_each_to_their_own_morning() -> None:
    for person, section in (("leader", "leader-morning"), ("head", "head-morning"), ("handler", "handler-morning")):
        assert help_link(shown(as_(person), url("inbox"))).endswith(f"#{section}")


def test_a_chapter_that_is_not_there() -> None:
    assert as_("clerk").get(url("help-chapter", "nothing")).status_code == 404


def test_the_tour_is_shown_in_a_demo_alone() -> None:
    clerk = as_("clerk")
    assert "第一天" not in shown(clerk, url("inbox"))
    assert clerk.post(url("help-tour")).status_code == 404


def test_the_tour_is_put_away_for_this_session(demo: None) -> None:
    clerk = as_("clerk")
    assert "第一天：请试办这三件事" in shown(clerk, url("inbox"))
    assert "第一天" not in shown(clerk, url("boards"))
    assert clerk.post(url("help-tour")).headers["Location"] == url("inbox")
    assert "第一天" not in shown(clerk, url("inbox"))
    assert "第一天" in shown(as_("clerk"), url("inbox"))


def test_everybody_finds_what_they_are_led_to(demo: None) -> None:
    """Each person of the tests' department; with the roles that nobody holds there given to one who has none."""
    held = {d.role for d in Duty.objects.all()}
    missing = [r for r in STAFF_ROLES if r not in held and r is not Role.COUNTER]
    assert missing == [], "somebody must hold it"
    for person in STAFF:
        client = as_(person)
        first = (
            url("duty")
            if set(Duty.objects.filter(staff__username=person).values_list("role", flat=True)) == {Role.DUTY_DESK}
            else url("inbox")
        )
        page = shown(client, first)
        tour = page[page.index("第一天") : page.index("收起")]
        tasks = re.findall(r'<li><a href="([^"]*)"', tour)
        assert len(tasks) == 3, person
        for address in tasks:
            assert client.get(address).status_code == 200, f"{person} {address}"


def test_every_role_has_its_three_things() -> None:
    led = {role for roles, _ in TASKS for role in roles}
    assert led == set(STAFF_ROLES) - {Role.COUNTER}
    assert Staff.objects.exists()
