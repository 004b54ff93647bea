"""Where the office has a virus scanner, no file gets past it; asked is a real ClamAV daemon."""

import socket
import threading
from datetime import date

import pytest
from django.conf import settings

from tests.attachments import made
from tests.attachments.real_clamd import INSIDE, VIRUS, daemon
from tests.world import make_department, register, who
from xinfang.accounts.models import Staff
from xinfang.attachments import virus_scanner
from xinfang.attachments.actions.attach import attach
from xinfang.attachments.filecheck import NotAccepted
from xinfang.attachments.models import Attachment
from xinfang.audit.models import AdminRecord
from xinfang.core.env import InvalidSetting
from xinfang.core.env import clamd as clamd_setting
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import Material


@pytest.fixture(scope="module")
def scanner(tmp_path_factory):
    with daemon(tmp_path_factory.mktemp("clamd")) as address:
        yield address


def test_a_virus_is_named_and_the_rest_is_clean(scanner):
    assert virus_scanner.scan_for_virus(made.pdf(), scanner) == ""
    assert virus_scanner.scan_for_virus(b"", scanner) == ""
    assert virus_scanner.scan_for_virus(b"x" * (3 * 2**20 + 1), scanner) == ""
    assert virus_scanner.scan_for_virus(VIRUS, scanner).startswith("Xinfang.Test.Whole")
    # Inside a document, which the scanner unpacks.
    assert virus_scanner.scan_for_virus(made.docx(**{"word__media__x.bin": INSIDE}), scanner).startswith(
        "Xinfang.Test.Inside"
    )


def test_what_it_refuses_for_its_length_was_not_checked(tmp_path):
    with daemon(tmp_path / "small", most="1M") as address, pytest.raises(virus_scanner.ScannerUnavailable):
        virus_scanner.scan_for_virus(b"x" * (5 * 2**20), address)


@pytest.mark.parametrize(
    StepCode.ANSWER, [b"", b"stream: something ERROR\0", b"UNKNOWN COMMAND\0", b"INSTREAM size limit exceeded. ERROR\0"]
)
def test_no_clear_answer_is_no_verdict(answer):
    """A broken daemon on a port, as over the network."""
    listening = socket.create_server(("127.0.0.1", 0))

    def speak() -> None:
        link, _ = listening.accept()
        with link:
            asked = b""
            while not asked.endswith(b"\0\0\0\0"):
                asked += link.recv(4096)
            link.sendall(answer)

    thread = threading.Thread(target=speak)
    thread.start()
    with pytest.raises(virus_scanner.ScannerUnavailable):
        virus_scanner.scan_for_virus(b"abc", f"127.0.0.1:{listening.getsockname()[1]}")
    thread.join()
    listening.close()


@pytest.mark.django_db
class TestAttaching:
    @pytest.fixture(autouse=True)
    def department(self, tmp_path, monkeypatch):
        monkeypatch.setattr(settings, "FILES_DIR", tmp_path / "files")
        make_department()
        self.number = register(date(2026, 3, 2))

    def add(self, data: bytes) -> Attachment:
        staff = Staff.objects.get(username="clerk")
        return attach(self.number, data, "其木格.docx", what=Material.OTHER, by=who("clerk"), staff=staff)

    def test_clean_is_taken(self, scanner, monkeypatch):
        monkeypatch.setattr(settings, "CLAMD", scanner)
        assert self.add(made.docx()).place == 1

    def test_a_virus_is_refused_and_recorded_without_the_files_name(self, scanner, monkeypatch):
        monkeypatch.setattr(settings, "CLAMD", scanner)
        with pytest.raises(NotAccepted, match=r"病毒（Xinfang\.Test\.Inside"):
            self.add(made.docx(**{"word__media__x.bin": INSIDE}))
        line = AdminRecord.objects.get(what="拦截病毒")
        assert line.by is not None and (line.by.username, line.target) == ("clerk", self.number)
        assert line.detail["virus"].startswith("Xinfang.Test.Inside") and "其木格" not in str(line.detail)
        assert not Attachment.objects.exists() and not settings.FILES_DIR.exists()

    def test_a_scanner_that_is_away_lets_nothing_through(self, tmp_path, monkeypatch):
        monkeypatch.setattr(settings, "CLAMD", str(tmp_path / "nobody.ctl"))
        with pytest.raises(NotAccepted, match="没有应答"):
            self.add(made.docx())
        assert not Attachment.objects.exists()


def test_the_setting():
    for good in ("", "/run/clamav/clamd.ctl", "10.0.0.5:3310", "[::1]:3310"):
        assert clamd_setting("X", {"X": good}) == good
    for wrong in ("clamd", "host:", ":3310", "host:port", "host:99999", "run/clamd.ctl"):
        with pytest.raises(InvalidSetting):
            clamd_setting("X", {"X": wrong})
