"""A letter that came as an e-mail: read in the page, its files kept as attachments through the checks of every file."""

import re
from datetime import date

import pytest
from django.conf import settings
from hypothesis import given as drawn
from hypothesis import strategies as st

from tests.attachments import made
from tests.attachments.mails import eml, msg
from tests.urls import url
from tests.world import as_, make_department, register, walk, who
from xinfang.accounts.models import Staff
from xinfang.attachments.actions.attach import attach
from xinfang.attachments.mail_content import UnreadableMail, read_mail
from xinfang.attachments.models import Attachment
from xinfang.cases.models import AccessLogEntry
from xinfang.procedure.words import Material

WORDS = "本人自2024年起担任科技特派员，补助没有发放。"


def test_a_mail_is_read_with_its_files() -> None:
    found = read_mail(eml(WORDS, ("证据.pdf", made.pdf())))
    assert "其木格" in found.sender and found.subject == "关于补助未发放的来信" and found.text == WORDS
    assert [(f.number, f.name, f.data) for f in found.files] == [(1, "证据.pdf", made.pdf())]


def test_hypertext_becomes_plain_words() -> None:
    raw = (
        b"From: a@example.com\r\nTo: b@example.com\r\nContent-Type: text/html; charset=gb2312\r\n\r\n"
        + "<style>p{}</style><p>第一段</p><p>第二<b>段</b></p><script>x()</script>".encode("gb18030")
    )
    assert read_mail(raw).text == "第一段\n第二段"


@drawn(st.binary(max_size=400))
def test_whatever_comes_it_is_read_or_said_to_be_unreadable(junk: bytes) -> None:
    head = b"From: a@example.com\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n"
    for raw in (junk, head + junk):
        try:
            read_mail(raw)
        except UnreadableMail:
            continue


@pytest.fixture
def number(tmp_path, monkeypatch, db) -> str:
    monkeypatch.setattr(settings, "FILES_DIR", tmp_path / "files")
    make_department()
    found = register(date(2026, 3, 2))
    walk(found, "signed", date(2026, 3, 2))
    return found


def mailed(number: str, *files: tuple[str, bytes]) -> int:
    staff = Staff.objects.get(username="handler")
    return attach(number, eml(WORDS, *files), "来信.eml", what=Material.LETTER, by=who("handler"), staff=staff).place


def test_it_is_opened_in_the_page_and_the_look_is_logged(number: str) -> None:
    place = mailed(number, ("照片.png", made.png()))
    page = as_("handler").get(url("file-mail", number, place)).content.decode()
    assert WORDS in page and "照片.png" in page
    looks = AccessLogEntry.objects.filter(petition__number=number, what="file")
    assert [e.detail["place"] for e in looks] == [place]
    assert url("file-mail", number, place) in as_("handler").get(url("petition", number)).content.decode()


def test_a_file_in_it_becomes_an_attachment_once(number: str) -> None:
    place, client = mailed(number, ("照片.png", made.png())), as_("handler")
    page = client.get(url("file-mail", number, place)).content.decode()
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key is not None
    for _ in range(2):
        assert client.post(url("file-mail", number, place), {"file": "1", "key": key[1]}).status_code == 302
    names = [a.name for a in Attachment.objects.filter(petition__number=number)]
    assert names.count("照片.png") == 1


def test_what_is_not_taken_alone_is_not_taken_out_of_a_mail(number: str) -> None:
    place, client = mailed(number, ("照片.png", made.png())), as_("handler")
    answer = client.post(url("file-mail", number, place), {"file": "9", "key": "k" * 12})
    assert answer.status_code == 422 and "没有这个附件" in answer.content.decode()


def test_it_is_hidden_from_who_does_not_see_the_case_and_only_mails_open_so(number: str) -> None:
    place = mailed(number)
    assert as_("head2").get(url("file-mail", number, place)).status_code == 404
    picture = attach(
        number,
        made.png(),
        "图.png",
        what=Material.EVIDENCE,
        by=who("handler"),
        staff=Staff.objects.get(username="handler"),
    )
    assert as_("handler").get(url("file-mail", number, picture.place)).status_code == 404


def test_a_letter_saved_by_outlook_opens_the_same(number: str) -> None:
    staff, data = Staff.objects.get(username="handler"), msg(WORDS, ("照片.png", made.png()))
    place = attach(number, data, "来信.msg", what=Material.LETTER, by=who("handler"), staff=staff).place
    client = as_("handler")
    page = client.get(url("file-mail", number, place)).content.decode()
    assert WORDS in page and "照片.png" in page and "其木格 &lt;someone@example.com&gt;" in page
    assert client.post(url("file-mail", number, place), {"file": "1", "key": "k" * 12}).status_code == 302
    assert Attachment.objects.filter(petition__number=number, name_sealed__isnull=False).count() == 2
