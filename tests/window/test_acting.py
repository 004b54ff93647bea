"""What the petitioner does on their case: each act is a step of theirs, and what can't be done says why (N21, N35)."""

import re

import pytest
from django.test import Client

from tests.urls import url
from tests.window.standing import PHONE, days_ago, facts, new_key, opened, submitted
from tests.world import as_, make_department, register, take, walk
from xinfang.cases.models import Event, Petition
from xinfang.core.clock import today
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
    if until != "registered":
        walk(number, until, came)
    row = Petition.objects.get(number=number)
    return number, opened(number, row.inquiry_code, PHONE[-4:])


def do(browser: Client, name: str, **answers: str) -> str:
    """Send the form of an act; return the page that follows."""
    sent = browser.post(url("window-act", name), {"key": new_key(), **answers}, follow=True)
    return sent.content.decode()


def last(number: str) -> Event:
    return Event.objects.filter(petition__number=number).latest("seq")


def test_a_supplement_with_a_file_reaches_the_office() -> None:
    browser = Client()
    row = submitted(browser)
    page = do(browser, "supplement", text="补充银行流水")
    assert "补充已经收到" in page and "收到补充的内容" in page
    assert last(row.number).by_role == "petitioner" and last(row.number).by is None
    assert "补充银行流水" in as_("clerk").get(url("petition", row.number)).content.decode()


def test_who_works_on_it_is_told_what_the_petitioner_did() -> None:
    number, browser = brought("signed", days=10)
    do(browser, "supplement", text="补充银行流水")
    told = Notification.objects.filter(petition__number=number, kind="petitioner")
    assert {n.staff.username for n in told} == {"handler", "head"}
    assert all("收到补充的内容" in n.text and "银行" not in n.text for n in told), "never what it says"
    early = Client()
    row = submitted(early)
    do(early, "supplement", text="补充")
    assert "clerk" in {n.staff.username for n in Notification.objects.filter(petition=row, kind="petitioner")}


def test_the_same_act_sent_twice_is_one() -> None:
    browser, key = Client(), new_key()
    row = submitted(browser)
    for _ in range(2):
        browser.post(url("window-act", "supplement"), {"key": key, "text": "一次"})
    assert Event.objects.filter(petition=row, code=StepCode.SUPPLEMENT).count() == 1


def test_a_withdrawal_takes_two_steps_and_says_what_it_means() -> None:
    browser = Client()
    row = submitted(browser)
    refused = do(browser, "withdraw", reason="已经解决")
    assert "请勾选" in refused and facts(row.number).state is State.REGISTERED
    do(browser, "withdraw", reason="已经解决", sure="on")
    assert facts(row.number).state is State.WITHDRAWN


def test_what_is_not_possible_says_why_by_which_article_and_what_to_do() -> None:
    browser = Client()
    submitted(browser)
    for name in ("rate", "review", "reconsider"):
        page = browser.get(url("window-act", name)).content.decode()
        assert "现在还不能办" in page and re.search("（(条例|规程)第", page) and 'class="form"' not in page
    case = browser.get(url("window-case")).content.decode()
    assert "现在还不能办的，和为什么" in case and "请先登记复查意见" in case
    assert "window/case/do/rate" not in case, "there is one rating only, so it is asked for once there is an answer"


def test_the_reply_is_downloaded_and_review_is_asked_for_within_its_days() -> None:
    number, browser = brought("served", days=20)
    case = browser.get(url("window-case")).content.decode()
    assert "书面意见已经送达" in case and "您可以请求复查的期限" in case and "为什么是这一天" in case
    reply = next(p for p in facts(number).papers if p.kind.value == "reply_opinion")
    got = browser.get(url("window-paper", reply.number))
    assert got.status_code == 200 and got["Content-Type"] == "application/pdf" and got.content[:5] == b"%PDF-"
    page = do(browser, "review", reason="第二项没有回应")
    assert "复查请求已经登记" in page and facts(number).review_stage == "first_asked"


def test_a_rating_is_given_once_by_the_petitioner_and_never_from_the_desk() -> None:
    number, browser = brought("served", days=20)
    assert "请选择" in do(browser, "rate", text="没有选")
    clerk = as_("clerk")
    clerk.cookies.update(browser.cookies)
    given = {"office_rating": "0", "request_1": "0", "request_2": "3", "text": "没有回应第二项", "why": "not_points"}
    refused = do(clerk, "rate", **given)
    assert "请先退出工作账号" in refused and not facts(number).rated
    assert "评价已经收到" in do(browser, "rate", **given)
    assert facts(number).rated and "不能修改" in browser.get(url("window-act", "rate")).content.decode()


def test_who_is_not_answered_is_told_what_can_be_looked_at_once_more() -> None:
    _, browser = brought("registered", days=10)
    assert "请求重新审查" in browser.get(url("window-case")).content.decode()


def test_a_message_after_the_end_reaches_an_inbox_and_its_answer_comes_back() -> None:
    number, browser = brought("closed", days=80)
    page = do(browser, "message", kind="message", text="补助还是没有到账")
    assert "留言已经收到" in page and "还没有答复" in page
    assert number in as_("clerk").get(url("inbox")).content.decode()
    take(number, StepCode.ANSWER_MESSAGE, "clerk", message=1, text="已联系财务，本周内到账。")
    page = browser.get(url("window-case")).content.decode()
    assert "本周内到账" in page and "还没有答复" not in page


def test_a_recusal_is_asked_for_in_ones_own_words_and_personal_data_is_shown_and_corrected() -> None:
    browser = Client()
    row = submitted(browser)
    assert PHONE in browser.get(url("window-data")).content.decode()
    for kind, text in (("recusal", "经办的人是对方的亲戚"), ("correct", "电话写错了，应当是15000004322")):
        assert "留言已经收到" in do(browser, "message", kind=kind, text=text)
    assert {m.kind.value for m in facts(row.number).messages} == {"recusal", "correct"}


def test_who_knows_no_more_than_the_office_ends_nothing_alone_and_who_submitted_here_can_take_it_back() -> None:
    number, browser = brought("registered", days=5)
    do(browser, "withdraw", reason="不办了", sure="on")
    assert facts(number).state is State.REGISTERED and StepCode.WITHDRAW in facts(number).pending
    own = Client()
    row = submitted(own)
    do(own, "withdraw", reason="已经解决", sure="on")
    received = facts(row.number).received_on
    assert facts(row.number).state is State.WITHDRAWN
    assert "已经恢复办理" in do(own, "reopen", reason="对方又反悔了")
    assert facts(row.number).state is State.REGISTERED and facts(row.number).received_on == received


def test_a_withdrawal_that_waits_is_taken_back_here() -> None:
    number, browser = brought("registered", days=5)
    do(browser, "withdraw", reason="不办了", sure="on")
    assert "取消撤回" in browser.get(url("window-case")).content.decode()
    assert "撤回没有生效" in do(browser, "keep", reason="不是我提出的")
    assert not facts(number).pending and facts(number).state is State.REGISTERED


def test_what_was_sent_here_is_served_on_the_day_on_which_it_is_opened() -> None:
    browser = Client()
    number = submitted(browser).number
    assert "请勾选" in do(browser, "consent")
    assert "已经登记" in do(browser, "consent", sure="on")
    assert facts(number).electronic_since == today()
    walk(number, "replied", today(), 0)
    reply = facts(number).papers[-1].number
    take(number, StepCode.SEND_PAPER, "clerk", paper=reply, sent_on=today().isoformat(), method="electronic")
    page = browser.get(url("window-case")).content.decode()
    assert "打开并签收" in page and browser.get(url("window-paper", reply)).status_code == 404
    page = browser.post(url("window-open-paper", reply), follow=True).content.decode()
    assert "今天就是送达之日" in page and "打开并签收" not in page and "您可以请求复查的期限" in page
    assert browser.get(url("window-paper", reply)).content.startswith(b"%PDF-")
    assert facts(number).state is State.SERVED and facts(number).served_on == today()
