"""Registering: the form keeps what was typed, says what is wrong, and a number is taken once."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from playwright.sync_api import expect

from tests.urls import url
from tests.world import PASSWORD, register
from xinfang.accounts.models import Staff
from xinfang.cases.models import Event, Petition
from xinfang.core.clock import today
from xinfang.procedure.step_codes import StepCode
from xinfang.web.actions.drafts import save_draft
from xinfang.web.models import Draft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]


@pytest.fixture
def clerk() -> Client:
    client = Client()
    client.force_login(Staff.objects.get(username="clerk"))
    return client


@pytest.mark.parametrize("answer", ["yes", "unsure"])
def test_nothing_is_kept_of_what_may_be_secret(clerk, answer):
    save_draft(Staff.objects.get(username="clerk"), "register", "p1", {"body": ["绝不能留"]})
    answer = clerk.post(url("register"), letter(secrecy=answer, body="绝不能留", draft_rows="register/p1"))
    page = answer.content.decode()
    assert answer.status_code == 422 and "按机要渠道登记办理" in page and "规程第三条" in page
    assert "绝不能留" not in page and "其木格" not in page
    assert not Petition.objects.exists() and not Draft.objects.exists() and not Event.objects.exists()


def test_the_question_is_asked_and_left_unanswered_nothing_is_registered(clerk):
    assert "是否涉及国家秘密或者工作秘密" in clerk.get(url("register")).content.decode()
    form = letter()
    del form["secrecy"]
    assert clerk.post(url("register"), form).status_code == 422 and not Petition.objects.exists()


def letter(**changes) -> dict[str, str]:
    return {
        "key": uuid.uuid4().hex,
        "secrecy": "no",
        "channel": "letter",
        "source": "direct",
        "received_on": today().isoformat(),
        "subject": "请求说明补助发放情况",
        "body": "本人担任科技特派员，补助未按时发放。\r\n请补发。",
        "requests-count": "2",
        "requests-0-text": "说明原因",
        "requests-1-text": "",
        "persons-count": "1",
        "persons-0-name": "其木格",
        "persons-0-role": "petitioner",
        "persons-0-kind": "natural",
        "persons-0-phone": "15000000001",
        "persons-0-address": "某盟某旗",
        **changes,
    }


def test_a_letter_is_registered(clerk):
    Draft.objects.create(staff=Staff.objects.get(username="clerk"), form="register", page="p1", fields={})
    answer = clerk.post(url("register"), letter(draft_rows="register/p1"), follow=True)
    petition = Petition.objects.get()
    assert petition.number.startswith("LX") and petition.requests.count() == 1
    assert petition.petitioners.get().phone == "15000000001"
    page = answer.content.decode()
    assert f'已登记 {petition.number}，<a href="{url("receipt", petition.number)}">打印回执</a>' in page
    assert not Draft.objects.exists()


def test_only_those_who_register():
    client = Client()
    client.force_login(Staff.objects.get(username="handler"))
    assert client.get(url("register")).status_code == 404
    assert client.post(url("register"), letter()).status_code == 404
    assert client.post(url("register-similar"), letter()).status_code == 404


def test_sent_twice_is_one(clerk):
    form = letter()
    first, second = clerk.post(url("register"), form), clerk.post(url("register"), form)
    assert first["Location"] == second["Location"]
    assert Petition.objects.count() == 1


def test_another_persons_key_finds_nothing(clerk):
    form = letter()
    clerk.post(url("register"), form)
    other = Client()
    other.force_login(Staff.objects.get(username="clerk2"))
    other.post(url("register"), form)
    assert Petition.objects.count() == 2


def test_what_is_missing_is_said_at_its_field_and_nothing_is_lost(clerk):
    answer = clerk.post(url("register"), letter(subject="长" * 121, received_on="2026-02-30"))
    page = answer.content.decode()
    assert answer.status_code == 422 and Petition.objects.count() == 0
    assert 'href="#subject"' in page and 'href="#received_on"' in page and "不是有效日期" in page
    for typed in ("请补发。", "说明原因", "其木格", "15000000001"):
        assert typed in page


def test_a_handed_down_matter_needs_its_sender(clerk):
    answer = clerk.post(url("register"), letter(source="bureau_assigned"))
    page = answer.content.decode()
    assert (
        answer.status_code == 422 and "来文机关和来文编号" in page and "规程第八条" in page and 'href="#sender"' in page
    )
    answer = clerk.post(url("register"), letter(source="bureau_assigned", sender="自治区信访局", sender_number="3号"))
    assert answer.status_code == 302


def test_a_group_visit(clerk):
    group = letter(channel="visit", group_size="8")
    # Who came without representatives is registered all the same, and asked for them (N20, N23).
    assert clerk.post(url("register"), group).status_code == 302
    again = {**group, "persons-0-role": "representative", "key": uuid.uuid4().hex}
    assert clerk.post(url("register"), again).status_code == 302
    six = {f"persons-{i}-{k}": v for i in range(6) for k, v in (("name", f"代表{i}"), ("role", "representative"))}
    assert clerk.post(url("register"), {**group, **six, "key": uuid.uuid4().hex}).status_code == 422


def test_named_people_are_counted(clerk):
    two = {"persons-1-name": "巴图", "persons-1-role": "co_signer", "persons-2-name": "律师", "persons-2-role": "agent"}
    assert clerk.post(url("register"), letter(**two)).status_code == 302
    assert Petition.objects.get().group_size == 2


def test_an_unclear_and_an_anonymous_letter(clerk):
    empty = {"persons-0-name": "", "persons-0-phone": "", "persons-0-address": ""}
    assert clerk.post(url("register"), letter(**empty)).status_code == 302
    assert clerk.post(url("register"), letter(**empty, anonymous="on")).status_code == 302
    assert [p.petitioners.count() for p in Petition.objects.all()] == [0, 0]


@pytest.mark.parametrize(
    "bad",
    [
        {"channel": "pigeon"},
        {"channel": ""},
        {"source": "<b>"},
        {"received_on": (today() + timedelta(days=1)).isoformat()},
        {"received_on": "2026-13-45"},
        {"group_size": "很多"},
        {"group_size": "-3"},
        {"group_size": "9" * 60},
        {"category": "no-such"},
        {"complained_units": "no-such"},
        {"complained_staff": "no-such"},
        {"subject": "长" * 121},
        {"subject": "甲\u202e乙"},
        {"body": "甲\x00乙"},
        {"body": "长" * 20_001},
        {"persons-0-kind": "robot"},
        {"persons-0-name": "甲\u2066"},
        {"feedback_due": "soon", "source": "superior", "sender": "甲", "sender_number": "乙"},
        {"requests-0-text": "长" * 1001},
    ],
)
def test_bad_input_is_told_and_kept(clerk, bad):
    answer = clerk.post(url("register"), letter(**bad))
    page = answer.content.decode()
    assert answer.status_code == 422 and Petition.objects.count() == 0
    assert "请补发。" in page or "body" in bad
    assert 'class="error-summary"' in page


def test_rare_names_and_rows_with_gaps(clerk):
    rows = {
        "persons-7-name": "王㛃",
        "persons-7-role": "co_signer",
        "persons-900-name": "李𠅤",
        "persons-900-role": "co_signer",
    }
    assert clerk.post(url("register"), letter(**rows)).status_code == 302
    assert list(Petition.objects.get().petitioners.values_list("name", flat=True)) == ["其木格", "王㛃", "李𠅤"]


def test_ten_megabytes_are_kept(clerk):
    long = "长" * (10 * 1024 * 1024 // 3)
    answer = clerk.post(url("register"), letter(body=long))
    assert answer.status_code == 422 and long in answer.content.decode()


def test_more_than_can_be_taken_is_no_crash(clerk):
    assert clerk.post(url("register"), letter(body="a" * (17 * 1024 * 1024))).status_code in (400, 413)
    many = {f"persons-{i}-name": "甲" for i in range(1200)}
    assert clerk.post(url("register"), letter(**many)).status_code in (400, 413)


def test_likely_repeats_stand_at_the_side(clerk):
    number = register(today() - timedelta(days=9))
    answer = clerk.post(url("register-similar"), {"persons-0-phone": "15000000001", "subject": "x", "body": ""})
    page = answer.content.decode()
    assert number in page and "电话相同" in page and "登记后认定重复" in page
    assert "其木格" not in page
    assert number not in clerk.post(url("register-similar"), {"subject": "毫不相干"}).content.decode()
    assert clerk.get(url("register-similar")).status_code == 405
    assert clerk.post(url("register-similar"), {"body": "长" * 3_000_000}).status_code == 200


def test_a_suspected_repeat_leads_to_linking(clerk):
    number = register(today() - timedelta(days=9))
    answer = clerk.post(url("register"), letter(repeat_of=number))
    new = Petition.objects.order_by("-id").first().number
    assert answer["Location"] == f"{url('step', new, StepCode.LINK_REPEAT)}?first={number}"
    assert f'value="{number}"' in clerk.get(answer["Location"]).content.decode()


def test_queries(clerk, django_assert_max_num_queries):
    clerk.get(url("register"))
    with django_assert_max_num_queries(14):
        clerk.get(url("register"))


@pytest.mark.django_db(transaction=True)
def test_by_keyboard_in_a_browser(page, axe):
    page.goto(url("login"))
    page.fill("[name=username]", "clerk")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.goto(url("register"))
    assert page.evaluate("document.activeElement.value") == "no"
    axe(page)
    keys = page.keyboard
    keys.press("Space")
    for _ in range(4):  # 形式, 收到日期, 来源, 事由
        keys.press("Enter")
    keys.type("请求说明补助发放情况")
    keys.press("Enter")
    keys.insert_text("补助未按时发放。")
    assert page.url.endswith(url("register")), "Enter does not send a half-filled form"
    page.click("[data-rows-block=persons] [data-row-add]")
    page.fill("#persons-0-name", "其木格")
    page.fill("#persons-1-name", "巴图")
    page.select_option("#source", "superior")
    keys.press("Control+Enter")
    page.wait_for_selector(".error-summary")
    axe(page)
    assert page.input_value("#persons-1-name") == "巴图" and page.input_value("#body") == "补助未按时发放。"
    page.fill("#sender", "自治区信访局")
    page.fill("#sender_number", "无")
    page.press("#sender_number", "Control+Enter")
    page.wait_for_selector(".notices >> text=打印回执")
    page.click("text=打印回执 >> nth=0")
    page.wait_for_selector("#receipt-title")
    axe(page)
    number = Petition.objects.get().number
    page.goto(url("step", number, StepCode.CLASSIFY))
    page.check("#matter_class-0")
    assert not page.is_visible("#route")
    page.check("#matter_class-2")
    assert page.is_visible("#route")
    axe(page)


def test_what_helps_while_typing(page):
    """People pasted from a sheet become rows; numbers are checked as they are typed; a group's people speak for it."""
    page.goto(url("login"))
    page.fill("[name=username]", "clerk")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.goto(url("register"))
    page.wait_for_load_state()
    page.get_by_role("radio", name="来访").check()
    page.locator("#group_size").fill("7")
    page.locator("#persons-0-name").evaluate(
        """(field, text) => {
          const clipboardData = new DataTransfer();
          clipboardData.setData("text/plain", text);
          field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
        }""",
        "姓名\t电话\t住址\n1\t其木格\t15000000001\t某盟某旗\n2\t巴图\t0471-6328000转802\t某盟\n",
    )
    assert page.input_value("#persons-0-name") == "其木格" and page.input_value("#persons-1-name") == "巴图"
    assert page.input_value("#persons-1-phone") == "0471-6328000转802"
    assert page.input_value("#persons-0-address") == "某盟某旗"
    page.locator("#group_size").fill("8")
    page.keyboard.press("Tab")
    assert page.input_value("#persons-0-role") == page.input_value("#persons-1-role") == "representative"
    hint = page.locator("#persons-0-phone + .typed-hint")
    page.locator("#persons-0-phone").fill("1500000")
    page.keyboard.press("Tab")
    expect(hint).to_have_count(0)  # seven digits are a telephone of a town
    page.locator("#persons-0-phone").fill("150000000011")
    page.keyboard.press("Tab")
    expect(hint).to_contain_text("好像不对")
    page.locator("#persons-0-name").fill("某盟科技有限公司")
    page.keyboard.press("Tab")
    expect(page.locator("#persons-0-name + .typed-hint")).to_contain_text("像是单位名称")
    page.locator("details", has_text="类型、证件、语言").first.locator("summary").click()
    for number, words in (("110101199003070000", "校验位不对"), ("110101199003077117", "")):
        page.locator("#persons-0-id_number").fill(number)
        page.keyboard.press("Tab")
        expect(page.locator("#persons-0-id_number ~ .typed-hint")).to_contain_text(words)
    page.locator("#body").fill("长" * 17_000)
    expect(page.locator("#body ~ .typed-hint")).to_have_text("还可填写 3000 字。")
