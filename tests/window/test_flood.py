"""A flood isn't refused: it waits in a list with its day of receipt, and a real petition amid it isn't lost."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.urls import url
from tests.window.standing import PHONE, WRITTEN, code_shown, facts, is_open, new_key, opened
from tests.world import as_, make_department
from xinfang.attachments.models import Attachment
from xinfang.attachments.stores import read_attachment
from xinfang.cases.models import Petition
from xinfang.core import file_store
from xinfang.core.clock import today
from xinfang.procedure.words import State
from xinfang.web.rate_limits import rate_counters
from xinfang.window.models import Clearing, WaitingFile, WaitingSubmission
from xinfang.window.receipt_proof import Verdict, check_receipt

pytestmark = pytest.mark.django_db
SPAM = {"subject": "点击领取优惠", "body": "加微信领取优惠，名额有限。", "requests": "", "name": "", "address": ""}


@pytest.fixture(autouse=True)
def department(settings: Any) -> Iterator[None]:
    make_department()
    settings.RATE_LIMITS = True
    settings.FLOOD_NETWORK, settings.FLOOD_SAME_TEXT = 3, 2
    yield
    rate_counters()._link().execute("DELETE FROM counter")


def send(*files: tuple[str, bytes], network: str = "203.0.113.7", **changes: Any) -> Client:
    """Somebody sends the form from an address; the browser that shows the receipt."""
    browser = Client(REMOTE_ADDR=network)
    sent = {**WRITTEN, "key": new_key(), "files": [SimpleUploadedFile(n, d) for n, d in files], **changes}
    answer = browser.post(url("window-submit"), sent)
    assert answer.status_code == 302, re.findall(r"field-error[^>]*>([^<]+)", answer.content.decode())
    return browser


def flood(times: int, network: str = "203.0.113.7") -> None:
    for n in range(times):
        send(network=network, **{**SPAM, "body": f"加微信 {n:05d} 领取优惠！名额有限。"})


def page(username: str = "clerk", **asked: str) -> str:
    return as_(username).get(url("clearing"), asked).content.decode()


def groups_on(html: str) -> dict[str, tuple[str, int]]:
    """The groups of a page: subject to code and count."""
    found = re.findall(r'name="group" value="([\d-]+)".*?<b>(\d+) 件</b>　([^<]+)</span>', html, re.S)
    return {subject: (code, int(count)) for code, count, subject in found}


def clear(do: str, *codes: str, username: str = "clerk", **changes: str) -> Any:
    return as_(username).post(url("clearing"), {"do": do, "group": codes, "rest": "0", **changes})


def waiting() -> int:
    return WaitingSubmission.objects.filter(state="waiting").count()


def test_five_hundred_wait_and_are_cleared_at_once_and_the_real_one_amid_them_is_not_lost(settings: Any) -> None:
    settings.FLOOD_NETWORK = 20
    flood(300)
    real = send(subject="请求补发科技特派员补助")
    flood(200)
    registered = Petition.objects.count()
    assert registered <= 20 and waiting() == 501 - registered, "what is past the numbers waits, and nothing is refused"
    found = groups_on(page())
    assert next(iter(found)) == "请求补发科技特派员补助" and len(found) == 2, "it came once, so it is on top"
    assert found["请求补发科技特派员补助"][1] == 1 and found[SPAM["subject"]][1] == 500 - registered
    clear("register", found["请求补发科技特派员补助"][0])
    case = Petition.objects.latest("pk")
    assert case.number in as_("clerk").get(url("inbox")).content.decode() and facts(case.number).received_on == today()
    assert is_open(opened(case.number, code_shown(real), PHONE[-4:]))
    receipt = WaitingSubmission.objects.get(petition=case).number
    counter = as_("clerk").get(url("clearing"), {"number": receipt.lower()})
    assert counter.status_code == 302 and case.number in counter.headers["Location"], "who brings the receipt is found"
    assert case.number in as_("clerk").post(url("search"), {"q": receipt}, follow=True).content.decode()
    assert clear("set_aside", found[SPAM["subject"]][0], reason="广告").status_code == 302
    lot = Clearing.objects.get(kind="set_aside")
    as_("office_head").post(url("clearing-answer", lot.pk), {"do": "agree"})
    assert waiting() == 0 and WaitingSubmission.objects.filter(state="set_aside").count() == 500 - registered


def test_what_waits_has_number_code_receipt_and_its_fifteen_days() -> None:
    flood(3)
    browser = send(("通知.txt", "补助通知".encode()), ("程序.exe", b"MZ"), subject="请求补发补助")
    row = WaitingSubmission.objects.latest("pk")
    shown = browser.get(url("window-receipt")).content.decode()
    assert row.number in shown and "通知.txt" in shown and "不接收程序" in shown and "书面告诉您是否受理" in shown
    saved = browser.get(url("window-receipt-file")).content.decode()
    checked = check_receipt(saved)
    assert checked.verdict is Verdict.RIGHT and checked.said["number"] == row.number
    assert checked.digest == row.receipt_digest
    own = opened(row.number, code_shown(browser), PHONE[-4:])
    case = own.get(url("window-case")).content.decode()
    assert "等待登记" in case and "15" not in row.number[:2] and "之前，我们会书面告诉您" in case
    assert own.get(url("window-data")).status_code == 302, "nothing else exists before it is registered"
    assert not is_open(opened(row.number, "0" * 16, PHONE[-4:])) and not is_open(
        opened(row.number, code_shown(browser), "0000")
    )
    inbox = as_("clerk").get(url("inbox")).content.decode()
    assert "窗口待登记" in inbox and "最早一件的书面告知" in inbox
    assert "最早一件的书面告知" in as_("clerk").get(url("boards")).content.decode()


def test_registered_it_keeps_its_day_its_code_and_its_files_and_the_receipts_number_opens_the_case() -> None:
    flood(3)
    browser = send(("通知.txt", "补助通知".encode()), subject="请求补发补助", word="草原蓝天")
    row = WaitingSubmission.objects.latest("pk")
    came = timezone.now() - timedelta(days=4)
    WaitingSubmission.objects.filter(pk=row.pk).update(at=came, received_on=today(came))
    _set_back(row.pk, came)
    clear("register", groups_on(page())["请求补发补助"][0])
    row.refresh_from_db()
    case = row.petition
    assert (
        case is not None and row.wrapped_key is None and bytes(row.sealed) == b"" and not WaitingFile.objects.exists()
    )
    found = facts(case.number)
    assert found.state is State.REGISTERED and found.received_on == today(came) == found.contact_clear_since
    attachment = Attachment.objects.get(petition=case)
    assert b"".join(read_attachment(attachment)) == "补助通知".encode() and file_store.check_files() == []
    assert browser.get(url("window-case")).status_code == 200, "the browser that is open goes on with the case"
    assert "草原" not in browser.get(url("window-case")).content.decode()
    own = opened(row.number, code_shown(browser), "草原蓝天")
    assert case.number in own.get(url("window-case")).content.decode()
    assert case.number in opened(case.number, code_shown(browser), PHONE[-4:]).get(url("window-case")).content.decode()


def _set_back(pk: int, came: Any) -> None:
    """As if it had come in on an earlier day."""
    from dataclasses import replace

    from xinfang.window.waiting_content import content_of, sealed_content

    row = WaitingSubmission.objects.get(pk=pk)
    content, key = content_of(row), row.key()
    assert content and key
    row.sealed = sealed_content(key, replace(content.submission, at=came), content.names, content.receipt)
    row.save()


def test_the_same_form_sent_again_waits_once() -> None:
    flood(3)
    key = new_key()
    first = send(key=key, subject="请求补发补助")
    again = send(key=key, subject="请求补发补助")
    assert code_shown(first) == code_shown(again)
    assert waiting() == groups_on(page())["请求补发补助"][1] + groups_on(page()).get(SPAM["subject"], ("", 0))[1]
    clear("register", *(code for code, _ in groups_on(page()).values()))
    count = Petition.objects.count()
    send(key=key, subject="请求补发补助")
    assert Petition.objects.count() == count and waiting() == 0


def test_who_set_it_aside_says_why_and_another_agrees() -> None:
    flood(4)
    code = groups_on(page())[SPAM["subject"]][0]
    refused = clear("set_aside", code)
    assert refused.status_code == 422 and "没有写明为什么不是信访内容" in refused.content.decode()
    clear("set_aside", code, reason="广告")
    lot = Clearing.objects.get()
    as_("clerk").post(url("clearing-answer", lot.pk), {"do": "agree"})
    assert not WaitingSubmission.objects.filter(state="set_aside").exists(), "not who put it forward"
    assert as_("handler").post(url("clearing-answer", lot.pk), {"do": "agree"}).status_code == 404
    as_("clerk2").post(url("clearing-answer", lot.pk), {"do": "refuse"})
    assert WaitingSubmission.objects.filter(state="proposed").exists(), "a refusal has its reason"
    as_("clerk2").post(url("clearing-answer", lot.pk), {"do": "refuse", "opinion": "有一件是真的"})
    assert waiting() and not WaitingSubmission.objects.filter(state="proposed").exists()
    clear("set_aside", code, reason="广告")
    as_("clerk").post(url("clearing-answer", Clearing.objects.latest("pk").pk), {"do": "refuse"})
    assert waiting(), "who put it forward takes it back without a word"


def test_the_sender_reads_why_and_asks_that_others_look_again_once() -> None:
    flood(3)
    browser = send(subject="看不懂的一件")
    number, secret = WaitingSubmission.objects.latest("pk").number, code_shown(browser)

    def set_aside(first: str, second: str) -> None:
        clear("set_aside", groups_on(page(first))["看不懂的一件"][0], username=first, reason="没有反映情况")
        as_(second).post(url("clearing-answer", Clearing.objects.latest("pk").pk), {"do": "agree"})

    set_aside("clerk", "clerk2")
    own = opened(number, secret, PHONE[-4:])
    shown = own.get(url("window-case")).content.decode()
    assert "没有反映情况" in shown and "请求重新审查" in shown and "乌兰" not in shown and "孟和" not in shown
    assert own.post(url("window-ask-again"), {"words": ""}).status_code == 422
    own.post(url("window-ask-again"), {"words": "我反映补助没有发放"})
    assert "等待登记" in own.get(url("window-case")).content.decode()
    assert "我反映补助没有发放" in page() and next(iter(groups_on(page()))) == "看不懂的一件", "on top of the list"
    again = clear("set_aside", groups_on(page())["看不懂的一件"][0], reason="没有反映情况")
    assert again.status_code == 422 and "没有参与过的两人" in again.content.decode()
    clear("register", groups_on(page())["看不懂的一件"][0])
    case = Petition.objects.latest("pk")
    assert facts(case.number).messages and "我反映补助没有发放" in own.get(url("window-case")).content.decode()


def test_a_report_of_wrongdoing_waits_for_its_officer_alone() -> None:
    flood(3)
    send(subject="检举某人违反规定", wrongdoing="on")
    assert "检举某人" not in page("clerk") and "检举某人" not in page("office_head")
    assert "检举某人违反规定" in page("sealed") and SPAM["subject"] not in page("sealed")
    code = groups_on(page("sealed"))["检举某人违反规定"][0]
    assert clear("register", code).status_code == 422, "the office can't reach it by its number either"
    clear("register", code, username="sealed")
    assert facts(Petition.objects.latest("pk").number).sealed


def test_only_what_was_on_the_page_is_cleared_and_all_but_what_was_ticked_can_be() -> None:
    flood(4)
    shown = groups_on(page())
    flood(2)
    send(subject="另一件事")
    clear("register", shown[SPAM["subject"]][0])
    assert groups_on(page())[SPAM["subject"]][1] == 2, "what came after the page was made still waits"
    now = groups_on(page())
    everything = [code for code, _ in now.values()]
    clear("set_aside", now["另一件事"][0], rest="1", shown=everything, reason="广告")  # type: ignore[arg-type]
    assert list(groups_on(page())) == ["另一件事"]


def test_many_from_one_network_are_found_by_it() -> None:
    send(network="198.51.100.9", subject="甲")
    for n in range(6):
        send(network="198.51.100.9", subject=f"各不相同的话{'甲乙丙丁戊己'[n]}")
    flood(5, "203.0.113.7")
    html = page()
    like = re.search(r"like=(\d+)", html)
    assert like
    same = groups_on(page(like=like.group(1)))
    assert same and SPAM["subject"] not in same
    clear("register", *(code for code, _ in same.values()), like=like.group(1))
    assert list(groups_on(page())) == [SPAM["subject"]]


def test_a_template_of_a_village_waits_after_some_and_is_registered_whole() -> None:
    for n in range(5):
        send(network=f"192.0.2.{n}", name=f"牧民{n}")
    found = groups_on(page())
    assert len(found) == 1 and next(iter(found.values()))[1] == 3, "the same text, each from a network of its own"
    clear("register", next(iter(found.values()))[0])
    assert Petition.objects.count() == 5 and waiting() == 0


def test_what_the_rules_refuse_comes_back_at_once_and_does_not_wait() -> None:
    flood(3)
    answer = Client(REMOTE_ADDR="203.0.113.7").post(
        url("window-submit"), {**WRITTEN, "who": "agent", "represented": "", "key": new_key()}
    )
    assert answer.status_code == 422 and WaitingSubmission.objects.filter(text_mark="").count() == 0


def test_the_page_asks_no_more_of_the_database_with_many_groups(django_assert_max_num_queries: Any) -> None:
    names = [f"各不相同的话{a}{b}" for a in "甲乙丙丁戊" for b in "子丑寅卯辰巳"]
    for subject in names[:5]:
        send(subject=subject)
    clerk = as_("clerk")
    clerk.get(url("clearing"))
    with CaptureQueriesContext(connection) as few:
        clerk.get(url("clearing"))
    most = len(few)
    for subject in names[5:]:
        send(subject=subject)
    with django_assert_max_num_queries(most):
        assert len(groups_on(clerk.get(url("clearing")).content.decode())) > 20


def test_leaders_learn_of_what_is_late() -> None:
    flood(4)
    WaitingSubmission.objects.update(received_on=today() - timedelta(days=30))
    assert "超过15日没有登记、告知" in as_("principal").get(url("inbox")).content.decode()
