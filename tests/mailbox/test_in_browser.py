"""The mailbox in a real browser, at a desk's width and a phone's."""

from typing import Any

import pytest

from tests.browser import look
from tests.journeys.people import Worker
from tests.mailbox import poison
from tests.mailbox.test_pages import kept
from tests.urls import url
from tests.world import make_department
from xinfang.cases.models import Petition

pytestmark = [pytest.mark.django_db(transaction=True)]


def test_a_letter_is_registered_beside_the_message(open_page: Any, axe: Any) -> None:
    make_department()
    kept(poison.auto_reply(), 2)
    pk = kept(poison.with_files())
    page = Worker(open_page, "clerk").page
    page.goto(url("mails"))
    look(page, axe, "mails")
    page.goto(url("mails") + "?show=proposed")
    page.get_by_role("link", name="自动回复").click()
    look(page, axe, "mail-proposed")
    page.get_by_role("button", name="退回待登记").click()
    page.get_by_text("已退回待登记").wait_for()
    page.goto(url("mail", pk))
    look(page, axe, "mail")
    page.get_by_role("link", name="登记成件").click()
    look(page, axe, "mail-register")
    page.get_by_role("radio", name="不涉及").check()
    page.get_by_role("button", name="登记", exact=True).click()
    page.get_by_text("没有添加为附件").first.wait_for()
    look(page, axe, "mail-registered")
    assert Petition.objects.get().received_on.isoformat() == "2026-11-21"
