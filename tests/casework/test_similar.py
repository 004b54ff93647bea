"""Likely repeats of a case that nobody typed in: from the window, a mailbox, an import."""

from datetime import date

import pytest
from django.test import Client

from tests.urls import url
from tests.world import register, take
from xinfang.accounts.models import Staff
from xinfang.procedure.step_codes import StepCode

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]
MONDAY = date(2026, 3, 2)


def as_(username: str) -> Client:
    client = Client()
    client.force_login(Staff.objects.get(username=username))
    return client


def test_they_are_shown_with_reasons_and_lead_to_the_step(django_assert_max_num_queries):
    first, again = register(MONDAY), register(MONDAY, body="再次反映：本人担任科技特派员，补助至今未发放。")
    clerk = as_("clerk")
    address = url("similar", again)
    clerk.get(address)
    with django_assert_max_num_queries(24):
        page = clerk.get(address).content.decode()
    assert first in page and again in page and "很可能同事" in page and "共同文字：" in page and "电话相同" in page
    assert "其木格" not in page and "15000000001" not in page
    assert f"{url('step', again, StepCode.LINK_REPEAT)}?first={first}" in page
    part = clerk.get(address, headers={"hx-request": "true"}).content.decode()
    assert "<html" not in part and first in part


def test_the_case_page_asks_for_them_until_it_is_classified():
    number = register(MONDAY)
    clerk = as_("clerk")
    asks = f'hx-get="{url("similar", number)}"'
    assert asks in clerk.get(url("petition", number)).content.decode()
    take(number, StepCode.CLASSIFY, "clerk", MONDAY, matter_class="claim", route="six", purpose="claim")
    page = clerk.get(url("petition", number)).content.decode()
    assert asks not in page and url("similar", number) in page


def test_what_is_tied_already_is_left_out():
    first, again = register(MONDAY), register(MONDAY)
    same = {"first": first, "same_person": True, "same_matter": True, "reason": "同人同事。"}
    take(again, StepCode.LINK_REPEAT, "clerk", **same)
    take(again, StepCode.LINK_REPEAT, "clerk2", agree=True)
    page = as_("clerk").get(url("similar", again)).content.decode()
    assert "没有找到相近的来件" in page and first not in page


def test_of_a_sealed_case_nothing_is_looked_for():
    register(MONDAY)
    number = register(MONDAY)
    take(number, StepCode.CLASSIFY, "clerk", MONDAY, matter_class="report")
    assert as_("clerk").get(url("similar", number)).status_code == 404
