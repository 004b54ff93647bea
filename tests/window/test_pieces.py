"""Files sent from a phone in chunks while the form is filled in: what arrived is kept once, what didn't is named."""

import os
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests.attachments.made import png, wav
from tests.urls import url
from tests.window.standing import WRITTEN, new_key, submitted
from tests.world import make_department
from xinfang.attachments.actions import chunks
from xinfang.attachments.models import Attachment, Upload
from xinfang.attachments.stores import read_attachment
from xinfang.cases.models import Petition
from xinfang.vault.sm_ciphers import sm3
from xinfang.window.views.sent_files import waiting_place

pytestmark = pytest.mark.django_db
PIECE = chunks.CHUNK_BYTES
FILE, OTHER = "0123456789abcdef" * 2, "fedcba9876543210" * 2


@pytest.fixture(autouse=True)
def department(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "FILES_DIR", tmp_path / "files")
    make_department()


def large(size: int = 2 * PIECE + 1000) -> bytes:
    head = wav()
    return head + os.urandom(size - len(head))


def send(form: str, data: bytes, offset: int, *, key: str = FILE, name: str = "录音.wav", size: int = 0) -> Any:
    """Send the piece of a file that begins at `offset`, for the form with this key."""
    body = {
        "name": name, "size": size or len(data), "offset": offset,
        "piece": SimpleUploadedFile("piece", data[offset : offset + PIECE]),
    }  # fmt: skip
    return Client().post(url("window-pieces", waiting_place(form), key), body)


def whole(form: str, data: bytes, **named: str) -> None:
    for offset in range(0, len(data), PIECE):
        assert send(form, data, offset, **named).status_code == 200


def named(*files: tuple[str, str]) -> dict[str, list[str]]:
    """What the form says of its files: keys and names."""
    return {"piece": [key for key, _ in files], "piece_name": [name for _, name in files]}


def test_pieces_go_on_where_they_stopped_and_become_one_attachment_with_the_form() -> None:
    form, data, browser = new_key(), large(), Client()
    assert send(form, data, 0).json() == {"received": PIECE}
    assert Client().get(url("window-pieces", waiting_place(form), FILE)).json() == {"received": PIECE}
    assert send(form, data, 0).status_code == 409, "it is there already"
    assert send(form, data, PIECE).json() == {"received": 2 * PIECE}
    assert send(form, data, 2 * PIECE).json() == {"received": len(data), "added": True}
    row = submitted(browser, key=form, **named((FILE, "录音.wav")))
    kept = Attachment.objects.get(petition=row)
    assert b"".join(read_attachment(kept)) == data and kept.name == "录音.wav"
    page = browser.get(url("window-receipt")).content.decode()
    assert "录音.wav" in page and sm3(data).hex() in page and "没有收到的文件" not in page
    assert not Upload.objects.exists() and not list(settings.FILES_DIR.with_name("uploads").rglob("*/*"))


def test_what_did_not_come_whole_is_named_with_how_much_came() -> None:
    form, data, browser = new_key(), large(), Client()
    send(form, data, 0)
    row = submitted(browser, ("通知.txt", b"one"), key=form, **named((FILE, "录音.wav"), (OTHER, "照片.png")))
    page = browser.get(url("window-receipt")).content.decode()
    arrived, left = page.split("没有收到的文件")
    assert "通知.txt" in arrived and "录音.wav" not in arrived
    assert (
        "录音.wav" in left and "没有传完，只收到 2048 / 4097 KB" in left and "照片.png" in left and "没有传到" in left
    )
    assert Attachment.objects.filter(petition=row).count() == 1


def test_the_same_form_sent_again_keeps_each_file_once_and_says_the_same() -> None:
    form, browser = new_key(), Client()
    whole(form, png(), name="照片.png")
    first = submitted(browser, key=form, **named((FILE, "照片.png")))
    before = browser.get(url("window-receipt")).content.decode()
    assert submitted(browser, key=form, **named((FILE, "照片.png"))).pk == first.pk
    assert Attachment.objects.count() == 1 and "没有收到的文件" not in before
    assert "没有收到的文件" not in browser.get(url("window-receipt")).content.decode()


def test_a_form_with_errors_keeps_what_has_arrived() -> None:
    form, browser = new_key(), Client()
    whole(form, png(), name="照片.png")
    answer = browser.post(url("window-submit"), {**WRITTEN, "subject": "", "key": form, **named((FILE, "照片.png"))})
    page = answer.content.decode()
    assert answer.status_code == 422 and "照片.png，1 KB：已传到" in page and FILE in page
    row = submitted(browser, key=form, **named((FILE, "照片.png")))
    assert Attachment.objects.get(petition=row).name == "照片.png"


def test_a_supplement_takes_files_in_pieces_too() -> None:
    browser, form = Client(), new_key()
    row = submitted(browser)
    whole(form, png(), name="照片.png")
    sent = {"key": form, "text": "补充照片", **named((FILE, "照片.png"))}
    assert "补充已经收到" in browser.post(url("window-act", "supplement"), sent, follow=True).content.decode()
    assert [a.name for a in Attachment.objects.filter(petition=row)] == ["照片.png"]


def test_a_file_waits_for_its_own_form_alone_and_the_key_of_the_form_is_in_no_address() -> None:
    """Who has the key of a form that was sent is shown its inquiry code; addresses are written into logs."""
    form = new_key()
    whole(form, png(), name="照片.png")
    assert form not in waiting_place(form)
    page = Client().get(url("window-submit")).content.decode()
    assert page.count('name="key" value="') == 1
    key = page.partition('name="key" value="')[2][:32]
    assert page.count(key) == 1 and waiting_place(key) in page
    other = submitted(Client(), **named((FILE, "照片.png")))
    assert not Attachment.objects.filter(petition=other).exists()
    assert Upload.objects.count() == 1


@pytest.mark.parametrize(
    ("size", "said"), [(0, "0 字节"), (51 * 2**20, "50 MB")], ids=["empty", "too large"]
)  # fmt: skip
def test_what_will_not_be_taken_is_refused_at_its_first_piece(size: int, said: str) -> None:
    body = {"name": "x.wav", "size": size, "offset": 0, "piece": SimpleUploadedFile("piece", b"1")}
    answer = Client().post(url("window-pieces", waiting_place(new_key()), FILE), body)
    assert answer.status_code == 422 and said in "".join(answer.json()["refused"])


def test_nobody_fills_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    form = new_key()
    for n in range(4):
        assert send(form, large(PIECE), 0, key=f"{n:032x}", size=50 * 2**20).status_code == 200
    assert send(form, b"1", 0, key=OTHER).status_code == 422, "of one form so much waits and no more"
    monkeypatch.setattr(chunks, "MAX_WAITING_FOR_FORMS", 200 * 2**20)
    full = send(new_key(), b"1", 0)
    assert full.status_code == 422 and "寄送、当面交给我们" in full.json()["refused"][0]
    assert Petition.objects.count() == 0
    assert chunks.remove_expired_uploads(timezone.now() + timedelta(days=2)) == 4
    assert send(new_key(), b"1", 0).status_code == 200


def test_an_address_that_is_none_is_not_found() -> None:
    for form, key in (("x" * 32, FILE), (waiting_place(new_key()), "KEY"), ("short", FILE)):
        assert Client().get(url("window-pieces", form, key)).status_code == 404
