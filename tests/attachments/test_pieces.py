"""Files in chunks.

In order, once, encrypted while they wait, one person's only, gone after a day; a cut connection loses nothing.
"""

import http.client
import os
import re
from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests.attachments import made
from tests.urls import url
from tests.world import make_department, register, take, walk
from xinfang.accounts.models import Staff
from xinfang.attachments import stores
from xinfang.attachments.actions import chunks
from xinfang.attachments.models import Attachment, Upload
from xinfang.cases.models import Event
from xinfang.operations.actions.sweep import run_sweep
from xinfang.procedure.step_codes import StepCode
from xinfang.trusted_time.actions import set_trusted_time
from xinfang.trusted_time.queries import ClockNotBelieved

DAY = date(2026, 3, 2)
KEY = "0123456789abcdef" * 2
PIECE = chunks.CHUNK_BYTES
NAME = "其木格的录音.wav"


def large(size: int = 2 * PIECE + 1000) -> bytes:
    head = made.wav()
    return head + os.urandom(size - len(head))


@pytest.fixture
def number(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "FILES_DIR", tmp_path / "files")
    make_department()
    found = register(DAY)
    walk(found, "signed", DAY)
    return found


def signed_in(username: str = "handler") -> Client:
    client = Client()
    client.force_login(Staff.objects.get(username=username))
    return client


def send(client: Client, number: str, data: bytes, offset: int, *, size: int | None = None, key: str = KEY, name=NAME):
    body = {
        "name": name,
        "what": "recording",
        "size": len(data) if size is None else size,
        "offset": offset,
        "piece": SimpleUploadedFile("piece", data[offset : offset + PIECE]),
    }
    return client.post(url("file-pieces", number, key), body)


def state(client: Client, number: str, key: str = KEY):
    return client.get(url("file-pieces", number, key)).json()


def waiting() -> list[str]:
    folder = settings.FILES_DIR.with_name("uploads")
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()) if folder.exists() else []


@pytest.mark.django_db
class TestInOrder:
    def test_pieces_become_one_attachment(self, number):
        client, data = signed_in(), large()
        assert state(client, number) == {"received": 0}
        for n, there in enumerate((PIECE, 2 * PIECE)):
            assert send(client, number, data, n * PIECE).json() == {"received": there}
        assert send(client, number, data, 2 * PIECE).json() == {"received": len(data), "added": 1}
        row = Attachment.objects.get()
        assert b"".join(stores.read_attachment(row)) == data and (row.name, row.what) == (NAME, "recording")
        assert waiting() == []

    def test_what_is_sent_twice_counts_once_and_what_jumps_is_told_where_to_go_on(self, number):
        client, data = signed_in(), large()
        send(client, number, data, 0)
        again = send(client, number, data, 0)
        assert (again.status_code, again.json()) == (409, {"received": PIECE})
        assert send(client, number, data, 2 * PIECE).json() == {"received": PIECE}
        assert state(client, number) == {"received": PIECE}

    def test_a_lost_answer_can_be_asked_for_again(self, number):
        client, data = signed_in(), large(5000)
        assert send(client, number, data, 0).json() == {"received": 5000, "added": 1}
        assert send(client, number, data, 0).json() == {"received": 5000, "added": 1}
        assert state(client, number) == {"received": 5000, "added": 1}
        assert Attachment.objects.count() == 1 and Event.objects.filter(code=StepCode.ATTACH).count() == 1

    def test_withdrawn_and_brought_again(self, number):
        client, data = signed_in(), large(5000)
        send(client, number, data, 0)
        take(number, StepCode.WITHDRAW_ATTACHMENT, "clerk", attachment=1, reason="传错了")
        assert state(client, number) == {"received": 0}
        assert send(client, number, data, 0).json()["added"] == 2

    @pytest.mark.parametrize(
        "wrong", [{"size": ""}, {"offset": "-1"}, {"size": "９"}, {"size": "9" * 30}, {"piece": ""}]
    )
    def test_a_misshapen_piece_is_refused(self, number, wrong):
        body = {"name": "a.wav", "size": "10", "offset": "0", "piece": SimpleUploadedFile("piece", b"0123456789")}
        answer = signed_in().post(url("file-pieces", number, KEY), {**body, **wrong})
        assert answer.status_code == 422 and not Attachment.objects.exists()

    def test_an_odd_piece_is_out_of_step(self, number):
        body = {"name": "a.wav", "size": str(3 * PIECE), "offset": "0", "piece": SimpleUploadedFile("piece", b"short")}
        answer = signed_in().post(url("file-pieces", number, KEY), body)
        assert (answer.status_code, answer.json()) == (409, {"received": 0})


@pytest.mark.django_db
class TestKept:
    def test_encrypted_while_it_waits(self, number):
        data = large()
        marked = data[:1000] + "证件号码某某".encode() * 10 + data[1180:]
        send(signed_in(), number, marked, 0)
        [place] = waiting()
        file = settings.FILES_DIR.with_name("uploads") / place
        assert "证件号码".encode() not in file.read_bytes() and b"WAVE" not in file.read_bytes()
        assert file.stat().st_mode & 0o777 == 0o600 and file.parent.stat().st_mode & 0o777 == 0o700
        assert NAME.encode() not in bytes(Upload.objects.get().name_sealed) and Upload.objects.get().name == NAME

    def test_one_persons_and_one_cases_only(self, number):
        data = large()
        send(signed_in(), number, data, 0)
        assert state(signed_in("clerk"), number) == {"received": 0}
        other = register(DAY)
        assert state(signed_in("clerk"), other) == {"received": 0}
        for username in ("handler2", "adviser", "auditor"):
            assert signed_in(username).get(url("file-pieces", number, KEY)).status_code == 404
            assert send(signed_in(username), number, data, PIECE).status_code == 404
        assert send(signed_in(), number, data, 0, key="not-a-key").status_code == 404

    def test_whoever_may_not_attach_sends_nothing(self, number):
        answer = send(signed_in("principal"), number, large(100), 0)
        assert answer.status_code == 422 and answer.json()["refused"] and not Upload.objects.exists()

    def test_a_refused_file_leaves_nothing_and_says_why(self, number):
        answer = send(signed_in(), number, b"MZ" + b"x" * 500, 0, name="坏.pdf")
        assert answer.status_code == 422 and "内容却" in answer.json()["refused"][0]
        assert not Upload.objects.exists() and waiting() == []

    def test_limits_of_one_file_and_of_all_that_wait(self, number, monkeypatch):
        monkeypatch.setattr(settings, "UPLOAD_MB", 5)
        client, data = signed_in(), large(5 * 2**20)
        too_large = send(client, number, data, 0, size=5 * 2**20 + 1)
        assert "5 MB" in too_large.json()["refused"][0]
        for n in range(4):
            assert send(client, number, data, 0, key=f"{n}" * 32).status_code == 200
        assert "尚未传完" in send(client, number, data, 0, key="e" * 32).json()["refused"][0]
        assert send(signed_in("clerk"), number, data, 0).status_code == 200

    def test_a_damaged_piece_means_sending_anew(self, number):
        client, data = signed_in(), large()
        send(client, number, data, 0)
        (settings.FILES_DIR.with_name("uploads") / waiting()[0]).write_bytes(b"x" * 100)
        send(client, number, data, PIECE)
        answer = send(client, number, data, 2 * PIECE)
        assert "从头再传" in answer.json()["refused"][0] and not Attachment.objects.exists()
        for n in range(3):
            answer = send(client, number, data, n * PIECE)
        assert answer.json()["added"] == 1

    def test_what_nobody_touched_for_a_day_goes_with_the_sweep(self, number):
        client, data = signed_in(), large()
        send(client, number, data, 0)
        set_trusted_time(timezone.now())
        run_sweep()
        with pytest.raises(ClockNotBelieved):
            run_sweep(timezone.now() + timedelta(days=200))
        assert Upload.objects.count() == 1 and waiting()
        run_sweep(timezone.now() + timedelta(hours=25))
        assert not Upload.objects.exists() and waiting() == []

    def test_the_page_names_what_is_unfinished(self, number):
        client = signed_in()
        send(client, number, large(), 0)
        assert f"“{NAME}”没有传完" in client.get(url("petition", number)).content.decode()
        assert "没有传完" not in signed_in("clerk").get(url("petition", number)).content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_line_cut_in_the_middle_of_a_piece(number, live_server, client):
    """Real HTTP: half of the second chunk goes out, the connection is cut, and the file goes on from the first."""
    client.force_login(Staff.objects.get(username="handler"))
    page = client.get(url("petition", number)).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    cookies = "; ".join(f"{name}={value.value}" for name, value in client.cookies.items())
    data, address = large(), url("file-pieces", number, KEY)

    def body(offset: int) -> bytes:
        fields = {"csrfmiddlewaretoken": token, "name": NAME, "size": len(data), "offset": offset, "what": "recording"}
        parts = [
            f'--edge\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode() for k, v in fields.items()
        ]
        head = b'--edge\r\nContent-Disposition: form-data; name="piece"; filename="piece"\r\n\r\n'
        return b"".join(parts) + head + data[offset : offset + PIECE] + b"\r\n--edge--\r\n"

    def link() -> http.client.HTTPConnection:
        return http.client.HTTPConnection(urlsplit(live_server.url).netloc, timeout=20)

    def post(offset: int, *, cut: bool = False) -> int:
        line, content = link(), body(offset)
        line.putrequest("POST", address)
        headers = {
            "Cookie": cookies,
            "Content-Type": "multipart/form-data; boundary=edge",
            "Content-Length": len(content),
        }
        for name, value in headers.items():
            line.putheader(name, str(value))
        line.endheaders()
        if cut:
            line.send(content[: len(content) // 2])
            line.sock.close()
            return 0
        line.send(content)
        status = line.getresponse().status
        line.close()
        return status

    assert post(0) == 200
    post(PIECE, cut=True)
    assert state(client, number) == {"received": PIECE}
    assert [post(n) for n in (PIECE, 2 * PIECE)] == [200, 200]
    assert b"".join(stores.read_attachment(Attachment.objects.get())) == data
