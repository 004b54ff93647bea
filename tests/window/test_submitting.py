"""Submitting at the window: registered at once, given a code that only the petitioner has, nothing lost or doubled."""

import pytest
from django.test import Client

from tests.urls import url
from tests.window.standing import PHONE, WRITTEN, code_shown, facts, is_open, new_key, opened, submitted
from tests.world import as_, make_department
from xinfang.attachments.models import Attachment
from xinfang.cases.models import Petition
from xinfang.core.clock import today
from xinfang.procedure.words import Channel, State
from xinfang.proof.derived_rows import RowDifference, differences
from xinfang.proof.verify import verify
from xinfang.window.models import ChosenWord, SignedReceipt

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def department() -> None:
    make_department()


def test_what_is_submitted_is_registered_and_in_the_offices_inbox_at_once() -> None:
    row = submitted(Client())
    found = facts(row.number)
    assert found.state is State.REGISTERED and found.channel is Channel.ONLINE and found.received_on == today()
    assert [r.text for r in found.requests] == ["说明没有发放的原因", "补发补助"]
    assert found.contact_clear_since == today(), "the fifteen days run"
    assert row.number in as_("clerk").get(url("inbox")).content.decode()
    page = as_("clerk").get(url("petition", row.number)).content.decode()
    assert WRITTEN["subject"] in page and "信访人" in page


def test_the_receipt_shows_number_and_code_and_the_code_opens_the_case() -> None:
    browser = Client()
    row = submitted(browser)
    code = code_shown(browser)
    assert code_shown(browser) == code, "a reload shows it again"
    page = browser.get(url("window-receipt")).content.decode()
    assert row.number in page and "书面告诉您是否受理" in page
    assert is_open(opened(row.number, code, PHONE[-4:]))
    assert row.inquiry_code == "", "the desk has no code to lose"
    receipt = as_("clerk").get(url("receipt", row.number)).content.decode()
    assert "提交时已由信访人本人取得" in receipt and code[:4] not in receipt


def test_the_same_form_sent_twice_is_one_petition_with_one_code() -> None:
    browser, key = Client(), new_key()
    first = submitted(browser, ("通知.txt", b"one"), key=key)
    code = code_shown(browser)
    again = Client()
    assert submitted(again, ("通知.txt", b"one"), key=key).pk == first.pk
    assert code_shown(again) == code, "the answer to the first was lost on the way"
    assert Petition.objects.count() == 1 and Attachment.objects.count() == 1 and SignedReceipt.objects.count() == 1
    assert submitted(Client()).pk != first.pk


def test_the_receipt_lists_what_arrived_and_names_what_did_not() -> None:
    browser = Client()
    row = submitted(
        browser,
        ("通知.txt", "补助通知".encode()),
        ("程序.exe", b"MZ"),
        ("空.txt", b""),
        ("又是.txt", "补助通知".encode()),
    )
    page = browser.get(url("window-receipt")).content.decode()
    stored = Attachment.objects.get(petition=row)
    assert stored.digest in page and "通知.txt" in page
    assert "程序.exe" in page and "不接收程序" in page and "空.txt" in page and "0 字节" in page
    assert "又是.txt" not in page, "the same content came once already"


def test_a_report_of_wrongdoing_goes_to_its_officers_alone() -> None:
    browser = Client()
    row = submitted(browser, ("证据.txt", b"x"), wrongdoing="on", subject="检举某人违反规定")
    assert facts(row.number).sealed
    assert row.number not in as_("clerk").get(url("inbox")).content.decode()
    assert as_("clerk").get(url("petition", row.number)).status_code == 404
    assert Petition.objects.get(pk=row.pk).subject == "密封件"
    page = browser.get(url("window-case")).content.decode()
    assert "专管员" in page and "谁看过我的件" not in page and "办理经过" not in page


def test_without_name_telephone_or_address_it_is_registered_all_the_same_with_a_word() -> None:
    browser = Client()
    nobody = {"name": "", "phone": "", "address": ""}
    refused = browser.post(url("window-submit"), {**WRITTEN, **nobody, "key": new_key()})
    assert refused.status_code == 422 and "请设一个口令" in refused.content.decode()
    row = submitted(browser, **nobody, word="草原 Blue")
    assert row.anonymous and not facts(row.number).persons and ChosenWord.objects.get().petition_id == row.pk
    code = code_shown(browser)
    assert is_open(opened(row.number, code, "草原blue")), "in any width and case"
    assert not is_open(opened(row.number, code, "草原"))


def test_a_group_an_agent_and_mongolian() -> None:
    group = facts(
        submitted(
            Client(), who="representative", group_size="12", others="巴图 15000000002\n其木格", mongolian="on"
        ).number
    )
    assert group.group_size == 12 and len(group.persons) == 3 and group.persons[0].language == "蒙古语"
    agent = facts(submitted(Client(), who="agent", represented="某合作社").number)
    assert [p.role.value for p in agent.persons] == ["agent", "petitioner"]
    many = Client().post(
        url("window-submit"),
        {**WRITTEN, "who": "representative", "others": "甲 1\n乙 2\n丙 3\n丁 4\n戊 5", "key": new_key()},
    )
    assert many.status_code == 302, "five representatives at most is a rule for visits (N20)"


def test_what_was_typed_comes_back_and_nothing_was_registered() -> None:
    answer = Client().post(url("window-submit"), {**WRITTEN, "subject": "", "word": "短", "key": new_key()})
    page = answer.content.decode()
    assert answer.status_code == 422 and WRITTEN["body"] in page and WRITTEN["name"] in page and "口令至少4个字" in page
    assert not Petition.objects.exists()


def test_a_program_that_fills_in_every_field_registers_nothing() -> None:
    answer = Client().post(url("window-submit"), {**WRITTEN, "website": "http://example.test", "key": new_key()})
    assert answer.status_code == 404 and not Petition.objects.exists()


def test_derived_rows_follow_from_the_events_of_a_petitioner_too() -> None:
    browser = Client()
    submitted(browser, ("通知.txt", b"one"))
    browser.post(url("window-act", "supplement"), {"text": "补充", "key": new_key()})
    assert [d for d in differences() if isinstance(d, RowDifference)] == [] and verify().whole
