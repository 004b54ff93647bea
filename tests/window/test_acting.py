"""What the petitioner does on their case: each act is a step of theirs, and what can't be done says why (N21, N35)."""

import re

import pytest
from django.test import Client

from tests.urls import url
from tests.window.standing import PHONE, days_ago, facts, new_key, opened, submitted
from tests.world import as_, make_department, register, walk
from xinfang.cases.models import Event, Petition
from xinfang.notifications.models import Notification
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import State

pytestmark = pytest.mark.django_db
MINE = [{"name": "苏日娜", "phone": PHONE, "address": "某盟某旗"}]


@pytest.fixture(autouse=True)
def department() -> None:
    make_department()


def brought(until: str, days: int = 80) -> tuple[str, Client]:
    """A letter of some days ago that has come so far, and its petitioner's browser."""
    came = days_ago(days)
    number = register(came, persons=MINE)
    walk(number, until, came)
    row = Petition.objects.get(number=number)
    return number, opened(number, row.inquiry_code, PHONE[-4:])


def do(browser: Client, code: StepCode, **answers: str) -> str:
    """Send the form of an act; return the page that follows."""
    sent = browser.post(url("window-act", code), {"key": new_key(), **answers}, follow=True)
    return sent.content.decode()


def last(number: str) -> Event:
    return Event.objects.filter(petition__number=number).latest("seq")


def test_a_supplement_with_a_file_reaches_the_office() -> None:
    browser = Client()
    row = submitted(browser)
    page = do(browser, StepCode.SUPPLEMENT, text="补充银行流水")
    assert "补充已经收到" in page and "收到补充的内容" in page
    assert last(row.number).by_role == "petitioner" and last(row.number).by is None
    assert "补充银行流水" in as_("clerk").get(url("petition", row.number)).content.decode()


def test_who_works_on_it_is_told_what_the_petitioner_did() -> None:
    number, browser = brought("heard", days=10)
    do(browser, StepCode.SUPPLEMENT, text="补充银行流水")
    told = Notification.objects.filter(petition__number=number, kind="petitioner")
    assert {n.staff.username for n in told} == {"handler", "head"}
    assert all("收到补充的内容" in n.text and "银行" not in n.text for n in told), "never what it says"
    early = Client()
    row = submitted(early)
    do(early, StepCode.SUPPLEMENT, text="补充")
    assert "clerk" in {n.staff.username for n in Notification.objects.filter(petition=row, kind="petitioner")}


def test_the_same_act_sent_twice_is_one() -> None:
    browser, key = Client(), new_key()
    row = submitted(browser)
    for _ in range(2):
        browser.post(url("window-act", StepCode.SUPPLEMENT), {"key": key, "text": "一次"})
    assert Event.objects.filter(petition=row, code=StepCode.SUPPLEMENT).count() == 1


def test_a_withdrawal_takes_two_steps_and_says_what_it_means() -> None:
    browser = Client()
    row = submitted(browser)
    refused = do(browser, StepCode.WITHDRAW, reason="已经解决")
    assert "请勾选" in refused and facts(row.number).state is State.REGISTERED
    do(browser, StepCode.WITHDRAW, reason="已经解决", sure="on")
    assert facts(row.number).state is State.WITHDRAWN


def test_what_is_not_possible_says_why_by_which_article_and_what_to_do() -> None:
    browser = Client()
    submitted(browser)
    for code in (StepCode.RATE, StepCode.REQUEST_FIRST_REVIEW, StepCode.REQUEST_RECONSIDERATION):
        page = browser.get(url("window-act", code)).content.decode()
        assert "现在还不能办" in page and re.search("（(条例|规程)第", page) and 'class="form"' not in page
    case = browser.get(url("window-case")).content.decode()
    assert "现在还不能办的，和为什么" in case and "意见书或告知书送达之后才能评价" in case


def test_the_reply_is_downloaded_and_review_is_asked_for_within_its_days() -> None:
    number, browser = brought("served", days=20)
    case = browser.get(url("window-case")).content.decode()
    assert "书面意见已经送达" in case and "您可以请求复查的期限" in case and "为什么是这一天" in case
    reply = next(p for p in facts(number).papers if p.kind.value == "reply_opinion")
    got = browser.get(url("window-paper", reply.number))
    assert got.status_code == 200 and got["Content-Type"] == "application/pdf" and got.content[:5] == b"%PDF-"
    page = do(browser, StepCode.REQUEST_FIRST_REVIEW, reason="第二项没有回应")
    assert "复查请求已经登记" in page and facts(number).review_stage == "first_asked"


def test_a_rating_is_given_once_by_the_petitioner_and_never_from_the_desk() -> None:
    number, browser = brought("served", days=20)
    assert "请选择" in do(browser, StepCode.RATE, text="没有选")
    clerk = as_("clerk")
    clerk.cookies.update(browser.cookies)
    given = {"office_rating": "0", "unit_rating": "3", "text": "没有回应第二项"}
    refused = do(clerk, StepCode.RATE, **given)
    assert "请先退出工作账号" in refused and not facts(number).rated
    assert "评价已经收到" in do(browser, StepCode.RATE, **given)
    assert facts(number).rated and "不能修改" in browser.get(url("window-act", StepCode.RATE)).content.decode()


def test_who_is_not_answered_is_told_what_can_be_looked_at_once_more() -> None:
    _, browser = brought("registered", days=10)
    assert "请求重新审查" in browser.get(url("window-case")).content.decode()
