"""A letter is registered from its scan.

Seen, read, proposed, confirmed value by value, and then the case's first attachment.
"""

from datetime import date

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.attachments import drawn, made
from tests.browser import page_width
from tests.urls import url
from tests.world import make_department
from xinfang.accounts.models import Staff
from xinfang.attachments import stores
from xinfang.attachments.actions import ocr_jobs as queue
from xinfang.attachments.models import Attachment, OcrJob, Upload
from xinfang.attachments.ocr_suggestions import Suggestion, suggest_from_ocr
from xinfang.cases.models import Petition
from xinfang.search.finding import find_page

KEY = "a" * 32
READ = drawn.LETTER + "身份证号：150102199001011231\n"
SENT = {
    "secrecy": "no",
    "channel": "letter",
    "source": "direct",
    "received_on": "2026-03-02",
    "subject": "反映补助",
    "body": "补助没有发放。",
    "requests-count": "1",
    "requests-0-text": "说明原因",
    "persons-count": "1",
    "persons-0-name": "其木格",
    "persons-0-role": "petitioner",
    "persons-0-kind": "natural",
    "persons-0-phone": "15000000001",
}


class TestProposal:
    def test_of_a_letter(self):
        found = suggest_from_ocr([READ])
        assert found.subject == "关于科技特派员补助未发放问题的反映信"
        paragraphs = found.body.split("\n")
        assert paragraphs[2].startswith("本人其木格") and paragraphs[2].endswith("没有说明何时发放。")
        assert paragraphs[3].endswith("并督促有关单位尽快补发。")
        wanted = {("name", "其木格"), ("phone", "15000000001"), ("address", "某盟某旗某苏木第三嘎查")}
        assert {(s.field, s.value) for s in found.people} >= wanted

    @pytest.mark.parametrize(
        ("text", "wanted"),
        [
            ("手机 139-0000-1111 。", [Suggestion("phone", "电话", "13900001111")]),
            ("电话：0471-1234567", [Suggestion("phone", "电话", "0471-1234567")]),
            ("11010519491231002X", [Suggestion("id_number", "证件号码", "11010519491231002X")]),
            (
                "110105194912310021",
                [Suggestion("id_number", "证件号码", "110105194912310021", "校验位不符，可能认错了数字")],
            ),
            ("申请人：王㛃", [Suggestion("name", "姓名", "王㛃")]),
            ("合同编号 2024139000011112222，金额 13900 元", []),
            ("", []),
        ],
    )
    def test_names_and_numbers(self, text, wanted):
        assert list(suggest_from_ocr([text]).people) == wanted

    def test_without_a_title_none_is_made_up(self):
        assert suggest_from_ocr(["尊敬的领导：\n　　您好！\n"]).subject == ""
        assert suggest_from_ocr([]).body == ""


@pytest.fixture
def clerk(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "FILES_DIR", tmp_path / "files")
    monkeypatch.setattr(settings, "OCR", True)
    make_department()
    return signed_in("clerk")


def signed_in(username: str) -> Client:
    client = Client()
    client.force_login(Staff.objects.get(username=username))
    return client


def give(client: Client, data: bytes | None = None, key: str = KEY, name: str = "来信.pdf"):
    data = data or drawn.pdf_of(drawn.letter())
    body = {"name": name, "size": len(data), "offset": 0, "piece": SimpleUploadedFile("piece", data)}
    return client.post(url("scan-pieces", key), body)


def read_as(text: str) -> None:
    claimed = queue.claim_job("one")
    queue.save_pages(claimed, [text], 1)
    queue.finish_job(claimed)


@pytest.mark.django_db
class TestScan:
    def test_seen_and_proposed_beside_the_form_and_nothing_filled_in(self, clerk):
        assert give(clerk).json()["added"] is True
        page = clerk.get(url("register")).content.decode()
        assert url("scan-page", KEY, 1) in page and "等待识别" in page and "every 4s" in page
        assert clerk.get(url("scan-page", KEY, 1))["Content-Type"] == "image/jpeg"
        read_as(READ)
        page = clerk.get(url("register")).content.decode()
        assert "核对无误，填入" in page and "校验位不符" in page and "every 4s" not in page
        form = page[page.index('id="register-form"') : page.index("</form>", page.index('id="register-form"'))]
        assert "其木格" not in form and "15000000001" not in form and "反映信" not in form

    def test_after_registration_it_is_the_first_attachment_with_what_was_read(self, clerk):
        give(clerk)
        read_as(READ)
        clerk.post(url("register"), {**SENT, "scan": [KEY]})
        row = Attachment.objects.get()
        assert (row.place, row.name, row.what) == (1, "来信.pdf", "letter")
        assert b"".join(stores.read_attachment(row)).startswith(b"%PDF") and not Upload.objects.exists()
        reading = OcrJob.objects.get()
        assert (reading.attachment_id, reading.state, reading.texts()) == (row.pk, "done", [READ])
        assert [p.number for p in find_page("督促有关单位", Petition.objects.all(), 5)] == [row.petition.number]

    def test_one_that_was_not_read_yet_is_read_later(self, clerk):
        give(clerk)
        clerk.post(url("register"), {**SENT, "scan": [KEY]})
        assert [r.state for r in OcrJob.objects.all()] == ["waiting"] and OcrJob.objects.get().attachment.place == 1

    def test_a_scan_of_what_may_be_secret_is_not_kept(self, clerk):
        give(clerk)
        clerk.post(url("register"), {**SENT, "secrecy": "unsure", "scan": [KEY]})
        assert not Upload.objects.exists() and not Attachment.objects.exists() and not OcrJob.objects.exists()

    def test_only_what_is_ticked_goes_along(self, clerk):
        give(clerk)
        clerk.post(url("register"), SENT)
        assert not Attachment.objects.exists() and Upload.objects.count() == 1

    def test_a_refused_registration_keeps_scan_and_tick(self, clerk):
        give(clerk)
        answer = clerk.post(url("register"), {**SENT, "subject": "长" * 121, "scan": [KEY]})
        assert answer.status_code == 422
        page = answer.content.decode()
        assert f'value="{KEY}" id="tick-{KEY}" form="register-form" checked' in page

    def test_a_form_sent_twice_attaches_once(self, clerk):
        give(clerk)
        for _ in range(2):
            clerk.post(url("register"), {**SENT, "key": "b" * 32, "scan": [KEY]})
        assert Petition.objects.count() == 1 and Attachment.objects.count() == 1

    def test_each_sees_their_own_only(self, clerk):
        give(clerk)
        other = signed_in("clerk2")
        assert KEY not in other.get(url("register")).content.decode()
        for address in (url("scan", KEY), url("scan-page", KEY, 1)):
            assert other.get(address).status_code == 404
        assert other.post(url("scan-pieces", KEY), {"remove": "1"}).status_code == 404
        other.post(url("register"), {**SENT, "scan": [KEY]})
        assert not Attachment.objects.exists() and Upload.objects.count() == 1
        assert signed_in("handler").get(url("scan", KEY)).status_code == 404

    def test_removed(self, clerk):
        give(clerk)
        assert clerk.post(url("scan-pieces", KEY), {"remove": "1"}).content == b""
        assert not Upload.objects.exists() and not OcrJob.objects.exists()
        assert not list(settings.FILES_DIR.with_name("uploads").iterdir())

    @pytest.mark.parametrize(
        ("name", "data", "said"), [("说明.docx", made.docx(), "登记之后"), ("坏.jpg", b"<html>", "内容却")]
    )
    def test_what_cannot_be_compared_is_refused(self, clerk, name, data, said):
        answer = give(clerk, data, name=name)
        assert answer.status_code == 422 and said in answer.json()["refused"][0] and not Upload.objects.exists()

    def test_without_scripts(self, clerk):
        sent = {"files": [SimpleUploadedFile("一.png", drawn.coloured()), SimpleUploadedFile("坏.exe", b"MZ")]}
        page = clerk.post(url("scans-add"), sent, follow=True).content.decode()
        assert "坏.exe" in page and "一.png" in page and 'form="register-form" checked' in page
        assert "没有选择文件" in clerk.post(url("scans-add"), follow=True).content.decode()

    def test_a_case_hidden_by_its_registration_keeps_the_scan_safe(self, clerk):
        # The clerk is one of those complained about: what they register is hidden from them.
        give(clerk)
        page = clerk.post(
            url("register"), {**SENT, "complained_staff": ["clerk"], "scan": [KEY]}, follow=True
        ).content.decode()
        if not Petition.objects.exists():
            pytest.fail("the registration itself was refused")
        assert "没有随件添加" in page and Upload.objects.count() == 1 and not Attachment.objects.exists()

    def test_few_queries_more(self, clerk, django_assert_max_num_queries):
        clerk.get(url("register"))
        with django_assert_max_num_queries(15):
            clerk.get(url("register"))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [1440, 390])
def test_from_scan_to_case_in_a_browser(clerk, open_page, live_server, axe, width):
    page = open_page(viewport={"width": width, "height": 900})
    cookie = clerk.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    page.goto(url("register"))
    scan = {"name": "来信.jpg", "mimeType": "image/jpeg", "buffer": drawn.jpeg(drawn.letter())}
    page.set_input_files("#scan-choose", [scan])
    page.get_by_role("button", name="添加扫描件").click()
    card = page.locator("[data-scan]")
    card.get_by_text("等待识别文字").wait_for()
    assert card.locator("input[name=scan]").is_checked()
    read_as(READ)
    page.get_by_role("button", name="填入事由").wait_for()
    assert page.locator("#persons input[name=persons-0-name]").input_value() == ""
    axe(page)
    assert page_width(page) <= width
    page.get_by_role("button", name="填入事由").click()
    page.get_by_role("button", name="填入内容").click()
    page.get_by_role("button", name="核对无误，填入姓名").click()
    page.get_by_role("button", name="核对无误，填入电话").click()
    assert page.locator("#subject").input_value() == "关于科技特派员补助未发放问题的反映信"
    assert "没有说明何时发放" in page.locator("#body").input_value()
    assert page.locator("input[name=persons-0-name]").input_value() == "其木格"
    assert page.locator("input[name=persons-0-id_number]").input_value() == ""
    page.locator("[name=requests-0-text]").fill("说明原因")
    page.get_by_role("radio", name="不涉及").check()
    page.get_by_role("button", name="登记", exact=True).click()
    page.get_by_role("heading", name="分类", level=1).wait_for()
    page.goto(url("petition", Petition.objects.get().number))
    page.get_by_role("heading", name="附件（1）").wait_for()
    assert Petition.objects.get().received_on <= date.today()
