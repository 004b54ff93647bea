"""An attachment from the form to the reader: kept encrypted, given out only to people who see the case, never lost."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.attachments import made
from tests.attachments.mails import eml
from tests.urls import url
from tests.world import FINDINGS, make_department, register, take, walk, who
from xinfang.accounts.models import Staff
from xinfang.attachments import stores
from xinfang.attachments.actions.attach import attach
from xinfang.attachments.filecheck import NotAccepted
from xinfang.attachments.models import Attachment
from xinfang.cases.actions.perform import perform
from xinfang.cases.models import AccessLogEntry, Event, Petition
from xinfang.core import file_store
from xinfang.procedure.rules import Refused
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import load_step
from xinfang.procedure.steps import STEPS
from xinfang.procedure.visibility import NotVisible
from xinfang.procedure.words import AccessKind, Material
from xinfang.vault.sm_ciphers import sm3

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)
NAME = "其木格的来信.pdf"


@pytest.fixture(autouse=True)
def department(tmp_path):
    settings.FILES_DIR = tmp_path / "files"
    make_department()
    yield
    settings.FILES_DIR = settings.DATA / "files"


@pytest.fixture
def number():
    found = register(DAY)
    walk(found, "signed", DAY)
    return found


def signed_in(username: str) -> Client:
    client = Client()
    client.force_login(Staff.objects.get(username=username))
    return client


def add(number: str, data: bytes = made.pdf(), name: str = NAME, by: str = "clerk", **more) -> Attachment:
    staff = Staff.objects.get(username=by)
    return attach(number, data, name, what=Material.LETTER, by=who(by), staff=staff, **more)


def send(client: Client, number: str, *sent: tuple[str, bytes], **headers):
    body = {"what": "evidence", "files": [SimpleUploadedFile(name, data) for name, data in sent]}
    return client.post(url("files-add", number), body, headers=headers)


def body_of(answer) -> bytes:
    return b"".join(answer.streaming_content)


def place_of(attachment: Attachment) -> Path:
    return file_store.path_of(attachment.address)


class TestKept:
    def test_what_is_read_is_what_was_given(self, number):
        for size in (0, 65535, 65536, 200_000):
            data = made.pdf(b"%" + b"x" * size + b"\n")
            found = add(number, data)
            assert b"".join(stores.read_attachment(found)) == data
            assert (found.digest, found.size, found.name) == (sm3(data).hex(), len(data), NAME)

    def test_a_copied_disk_shows_nothing(self, number):
        secret = "证件号码某某".encode()
        found = add(number, made.pdf(b"% " + secret + b"\n"))
        place = place_of(found)
        assert secret not in place.read_bytes() and b"%PDF" not in place.read_bytes()
        assert place.stat().st_mode & 0o777 == 0o600 and place.parent.stat().st_mode & 0o777 == 0o700
        # Nor does its place tell that a known paper is among them.
        assert found.digest not in str(place)
        assert not [p for p in settings.FILES_DIR.rglob("*") if p.name.startswith(".new-")]

    def test_the_name_stands_in_no_event(self, number):
        found = add(number)
        event = Event.objects.get(pk=found.event_id)
        assert (
            event.code == StepCode.ATTACH and "其木格" not in str(event.data) and event.data["digest"] == found.digest
        )
        assert NAME.encode() not in bytes(found.name_sealed)

    def test_the_same_content_is_kept_once_a_case_and_refused_while_it_is_there(self, number):
        first = add(number)
        with pytest.raises(Refused, match="内容相同"):
            add(number, name="另一个名字.pdf")
        take(number, StepCode.WITHDRAW_ATTACHMENT, "clerk", attachment=1, reason="传错了")
        again = add(number, name="再次上传.pdf")
        assert (again.address, again.place, again.name) == (first.address, 2, "再次上传.pdf")
        other = register(DAY)
        elsewhere = add(other)
        assert elsewhere.address != first.address and elsewhere.digest == first.digest
        assert {p.name for p in settings.FILES_DIR.rglob("*") if p.is_file()} == {first.address, elsewhere.address}
        assert file_store.check_files() == []

    def test_a_form_sent_twice_is_one_attachment(self, number):
        assert add(number, idempotency_key="k1").pk == add(number, idempotency_key="k1").pk
        assert Attachment.objects.count() == 1

    def test_a_refused_file_leaves_nothing(self, number):
        before = Event.objects.count()
        with pytest.raises(NotAccepted):
            add(number, b"MZ", "来信.pdf")
        with pytest.raises(NotVisible):
            add(number, by="handler2")
        assert not settings.FILES_DIR.exists() and Event.objects.count() == before

    def test_no_event_says_that_a_file_came_without_one(self, number):
        answers = {"name": "x.pdf", "kind": "pdf", "kilobytes": 1, "digest": "a" * 64}
        with pytest.raises(Refused, match="连同文件"):
            perform(load_step(STEPS[StepCode.ATTACH], answers), number, by=who("clerk"))
        assert signed_in("clerk").get(url("step", number, StepCode.ATTACH)).status_code == 404

    def test_a_full_disk_is_told_and_leaves_nothing(self, number, monkeypatch):
        def full(*_):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(file_store, "encrypt_file", full)
        with pytest.raises(NotAccepted, match="磁盘"):
            add(number)
        assert not Attachment.objects.exists() and not list(settings.FILES_DIR.iterdir())


class TestCheck:
    def test_a_flipped_byte_is_found(self, number):
        found = add(number)
        place = place_of(found)
        whole = bytearray(place.read_bytes())
        whole[len(whole) // 2] ^= 1
        place.write_bytes(whole)
        assert [f"{number} 的附件1" in line and "损坏" in line for line in file_store.check_files()] == [True]
        answer = signed_in("clerk").get(url("file", number, 1))
        assert answer.status_code == 500 and "读不出来" in answer.content.decode()

    def test_a_missing_one_and_one_in_anothers_place_are_found(self, number):
        first, second = add(number), add(number, made.png(), "图.png")
        place_of(first).write_bytes(place_of(second).read_bytes())
        place_of(second).unlink()
        damaged, missing = file_store.check_files()
        assert "附件1" in damaged and "损坏" in damaged and "附件2" in missing and "不见了" in missing

    def test_a_stray_is_named_once_no_upload_can_be_under_way(self, number):
        import os

        add(number)
        stray = settings.FILES_DIR / ".new-0123456789abcdef"
        stray.write_bytes(b"x")
        assert file_store.check_files() == []
        os.utime(stray, (1, 1))
        assert [".new-0123456789abcdef" in line for line in file_store.check_files()] == [True]


class TestGivenOut:
    def test_to_whoever_sees_the_case_and_nobody_else(self, number):
        add(number)
        address = url("file", number, 1)
        for username in ("clerk", "clerk2", "office_head", "handler", "head", "leader", "principal"):
            assert body_of(signed_in(username).get(address)) == made.pdf(), username
        for username in ("handler2", "head2", "leader2", "adviser", "archivist", "sealed", "auditor", "admin", "guard"):
            assert signed_in(username).get(address).status_code == 404, username
            assert send(signed_in(username), number, ("x.pdf", made.pdf(b"/X 1 "))).status_code == 404, username
        assert Client().get(address)["Location"].startswith(url("login"))
        assert Attachment.objects.count() == 1

    def test_the_adviser_gets_their_draft_and_no_attachment(self, number):
        add(number)
        take(number, StepCode.TALK, "handler", place="电话", who_was_there="x", said="x")
        drafted = {"findings": FINDINGS, "disposition": "solve", "review_body": "自治区人民政府"}
        take(number, StepCode.DRAFT_REPLY, "handler", **drafted)
        take(number, StepCode.SEEK_LEGAL_ADVICE, "handler", adviser="adviser")
        client = signed_in("adviser")
        assert client.get(url("petition", number)).status_code == 200
        assert client.get(url("file", number, 1)).status_code == 404
        assert send(client, number, ("x.pdf", made.pdf(b"/X 1 "))).status_code == 404

    def test_another_cases_attachment_under_ones_own_number(self, number):
        hidden = register(DAY, complained_units=["funds"])
        add(hidden)
        add(hidden, made.png(), "图.png")
        client = signed_in("handler")
        assert client.get(url("file", hidden, 1)).status_code == 404
        for place in (1, 2, Attachment.objects.order_by("-pk")[0].pk, 10**9):
            assert client.get(url("file", number, place)).status_code == 404

    def test_a_sealed_case_only_to_its_officer(self):
        number = register(DAY)
        add(number)
        take(number, StepCode.CLASSIFY, "clerk", matter_class="report", purpose="report")
        assert signed_in("clerk").get(url("file", number, 1)).status_code == 404
        officer = signed_in("sealed")
        assert url("sealed-reason", number) in officer.get(url("file", number, 1))["Location"]
        officer.post(url("sealed-reason", number), {"reason": "核对举报材料"})
        assert body_of(officer.get(url("file", number, 1))) == made.pdf()
        assert add(number, made.png(), "图.png", by="sealed").place == 2

    def test_whoever_opened_it_is_written_down(self, number):
        add(number)
        body_of(signed_in("handler").get(url("file", number, 1)))
        look = AccessLogEntry.objects.filter(what=AccessKind.FILE.value).get()
        assert (look.petition.number, look.by.username, look.detail) == (number, "handler", {"place": 1})

    @pytest.mark.parametrize(
        ("name", "data", "shown", "content_type"),
        [
            (NAME, made.pdf(), "inline", "application/pdf"),
            ("图.png", made.png(), "inline", "image/png"),
            ("说明.docx", made.docx(), "attachment", None),
            ("记录.txt", "如实记录".encode(), "attachment", "application/octet-stream"),
            ("图.heic", made.heic(), "attachment", "image/heic"),
            ("图.avif", made.avif(), "attachment", "image/avif"),
            ("微信图片.jfif", made.jpg(), "inline", "image/jpeg"),
            ("录音.3gp", made.mp4(b"3gp4"), "attachment", "video/3gpp"),
            ("来信.eml", eml("正文", html="<p>正文</p>"), "attachment", "application/octet-stream"),
        ],
    )
    def test_never_as_a_page(self, number, name, data, shown, content_type):
        add(number, data, name)
        answer = signed_in("clerk").get(url("file", number, 1))
        assert answer["Content-Disposition"].startswith(f"{shown}; filename*=UTF-8''%")
        assert (
            answer["Content-Type"] == (content_type or answer["Content-Type"]) and "html" not in answer["Content-Type"]
        )
        assert answer["X-Content-Type-Options"] == "nosniff" and answer["Cache-Control"] == "no-store"
        assert "default-src 'none'" in answer["Content-Security-Policy"]
        assert "script-src" not in answer["Content-Security-Policy"]
        assert int(answer["Content-Length"]) == len(data) == len(body_of(answer))
        saved = signed_in("clerk").get(f"{url('file', number, 1)}?save")
        assert saved["Content-Disposition"].startswith("attachment")

    def test_an_erased_key_is_a_missing_file(self, number):
        add(number)
        Attachment.objects.update(wrapped_key=None)
        client = signed_in("clerk")
        assert client.get(url("file", number, 1)).status_code == 404
        assert "（已删除）" in client.get(url("petition", number)).content.decode()
        assert len(file_store.check_files()) == 1, "the file of the case wasn't destroyed, so its key is missed"


class TestWithdrawn:
    def test_it_stays_with_its_reason(self, number):
        add(number)
        take(number, StepCode.WITHDRAW_ATTACHMENT, "clerk", attachment=1, reason="应为另一份")
        client = signed_in("handler")
        page = client.get(url("petition", number)).content.decode()
        assert "已撤下" in page and "应为另一份" in page and NAME in page
        assert body_of(client.get(url("file", number, 1))) == made.pdf()

    def test_by_whom_and_only_once(self, number):
        add(number)
        with pytest.raises(Refused, match="添加它的人或办公室"):
            take(number, StepCode.WITHDRAW_ATTACHMENT, "handler", attachment=1, reason="x")
        add(number, made.png(), "图.png", by="handler")
        take(number, StepCode.WITHDRAW_ATTACHMENT, "handler", attachment=2, reason="x")
        with pytest.raises(Refused, match="已经撤下"):
            take(number, StepCode.WITHDRAW_ATTACHMENT, "clerk", attachment=2, reason="x")
        with pytest.raises(Refused, match="没有这个序号"):
            take(number, StepCode.WITHDRAW_ATTACHMENT, "clerk", attachment=9, reason="x")

    def test_from_the_page(self, number):
        add(number)
        client = signed_in("clerk")
        link = f"{url('step', number, StepCode.WITHDRAW_ATTACHMENT)}?attachment=1"
        assert link in client.get(url("petition", number)).content.decode()
        form = client.get(link).content.decode()
        assert re.search(r'name="attachment"[^>]*value="1"', form)
        seen = Petition.objects.get(number=number).revision
        sent = {"attachment": "1", "reason": "传错", "seen": seen}
        assert client.post(url("step", number, StepCode.WITHDRAW_ATTACHMENT), sent).status_code == 302
        assert Attachment.objects.get().withdrawal is not None


class TestForm:
    def test_several_at_once_each_on_its_own(self, number):
        client = signed_in("handler")
        answer = send(client, number, ("一.pdf", made.pdf()), ("坏.jpg", b"<html>"), ("二.png", made.png()))
        page = answer.content.decode()
        assert answer.status_code == 422 and "坏.jpg" in page and "网页" in page and "一.pdf" not in page
        assert [(a.place, a.name) for a in Attachment.objects.all()] == [(1, "一.pdf"), (2, "二.png")]
        shown = client.get(url("petition", number)).content.decode()
        assert (
            "附件（2）" in shown
            and "一.pdf" in shown
            and "证据材料 · PDF 文件" in shown
            and "已添加 2 个附件" in page + shown
        )

    def test_all_good_leads_back(self, number):
        answer = send(signed_in("clerk"), number, ("一.pdf", made.pdf()))
        assert (answer.status_code, answer["Location"]) == (302, f"{url('petition', number)}#files-title")

    def test_a_script_is_answered_in_json(self, number):
        client = signed_in("clerk")
        good = send(client, number, ("一.pdf", made.pdf()), accept="application/json")
        bad = send(client, number, ("坏.exe", b"MZ"), accept="application/json")
        assert (good.status_code, good.json()) == (200, {"added": [1], "refused": []})
        assert bad.status_code == 422 and bad.json()["refused"][0]["name"] == "坏.exe"

    def test_nothing_chosen(self, number):
        assert "没有选择文件" in send(signed_in("clerk"), number).content.decode()

    def test_too_large_is_never_kept(self, number, monkeypatch):
        monkeypatch.setattr(settings, "UPLOAD_MB", 1)
        big = made.pdf(b"%" + b"x" * 2**20 + b"\n")
        answer = send(signed_in("clerk"), number, ("大.pdf", big), ("小.pdf", made.pdf()))
        assert answer.status_code == 422 and "大.pdf" in answer.content.decode() and "1 MB" in answer.content.decode()
        assert [a.name for a in Attachment.objects.all()] == ["小.pdf"]
        many = [(f"{n}.pdf", made.pdf(b"%" + b"%d" % n * 900_000 + b"\n")) for n in range(8)]
        assert "1 MB" in send(signed_in("clerk"), number, *many).content.decode()

    def test_wrong_methods(self, number):
        client = signed_in("clerk")
        assert client.get(url("files-add", number)).status_code == 405
        assert client.post(url("file", number, 1)).status_code == 405

    def test_a_case_without_attachments_costs_no_query_more(self, number, django_assert_max_num_queries):
        client = signed_in("clerk")
        client.get(url("petition", number))
        with django_assert_max_num_queries(24):
            client.get(url("petition", number))

    def test_an_archived_case_takes_no_more(self):
        number = register(DAY)
        walk(number, "archived", DAY)
        with pytest.raises(Refused, match="已归档"):
            add(number)
        assert "data-upload" not in signed_in("clerk").get(url("petition", number)).content.decode()
