"""Seals go elsewhere by themselves, to real servers; what isn't sent is said; what they show is found."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from django.db import transaction
from django.test import Client
from django.utils import timezone

from tests.operations.test_mail import Box, free_port, point_at
from tests.proof.attacks import run
from tests.proof.test_tampering import without_guard
from tests.tables import T
from tests.urls import url
from tests.world import as_, make_department, register
from xinfang.audit.actions import audit_log
from xinfang.audit.models import Seal, SealCopy
from xinfang.audit.seals import seal_line
from xinfang.core.clock import today
from xinfang.core.env import InvalidSetting
from xinfang.core.seal_settings import SyslogServer, seals_address, seals_folder, syslog_server
from xinfang.operations.actions.sweep import run_sweep
from xinfang.operations.main import main
from xinfang.proof.actions.seal_copies import send_seals
from xinfang.proof.actions.sealing import make_seal
from xinfang.proof.seal_places import FILE, read_kept_seals, seal_places, seals_in_folder
from xinfang.proof.verify import verify
from xinfang.web.dates import chinese_date

pytestmark = pytest.mark.django_db
NOW = timezone.now()
START = today(NOW)


@pytest.fixture(autouse=True)
def department(db: None) -> None:
    make_department()


@pytest.fixture
def folder(settings, tmp_path: Path) -> Path:
    settings.SEALS_FOLDER = tmp_path
    return tmp_path


def sealed(n: int = 1) -> list[str]:
    """Something happens and is sealed, n times."""
    for i in range(n):
        audit_log.record(None, "试验", f"第{i}次", NOW)
        make_seal(START, NOW)
    return [seal_line(s) for s in Seal.objects.order_by("number")]


def test_a_sweep_seals_and_appends_to_the_folder(folder: Path) -> None:
    yesterday = START - timedelta(days=1)  # noon of today may lie ahead of the sweep
    register(yesterday)
    run_sweep(NOW)
    register(yesterday)
    run_sweep(NOW + timedelta(minutes=10))
    assert (folder / FILE).read_text().splitlines() == [seal_line(s) for s in Seal.objects.order_by("number")]
    assert Seal.objects.count() == 2 and verify(seals_in_folder()).whole
    for minutes in (20, 30):
        run_sweep(NOW + timedelta(minutes=minutes))
    assert Seal.objects.count() == 2, "a sweep after which nothing is new makes no seal"


def test_each_seal_goes_once(folder: Path) -> None:
    lines = sealed(3)
    send_seals(NOW)
    send_seals(NOW)
    assert (folder / FILE).read_text().splitlines() == lines


def test_a_folder_that_is_not_mounted_stops_nothing_and_is_said(folder: Path, settings) -> None:
    settings.SEALS_FOLDER = folder / "not mounted"
    lines = sealed()
    send_seals(NOW)
    send_seals(NOW + timedelta(hours=1))
    assert not settings.SEALS_FOLDER.exists()
    (place,) = seal_places(NOW)
    assert f"自{timezone.localtime(NOW):%Y-%m-%d %H:%M}起送不到另存文件夹（FileNotFoundError）" in place.late
    answer = Client().get(url("healthz"))
    assert answer.status_code == 200
    assert answer.json()["remarks"][-1] == place.late and answer.json()["seals_sent"] is None
    settings.SEALS_FOLDER.mkdir()
    send_seals(NOW + timedelta(hours=2))
    assert (settings.SEALS_FOLDER / FILE).read_text().splitlines() == lines
    assert seal_places(NOW + timedelta(hours=2))[0].late == "" and SealCopy.objects.get().failed_at is None
    assert Client().get(url("healthz")).json()["seals_sent"]


def test_a_place_that_got_nothing_for_two_days_is_said(folder: Path) -> None:
    sealed()
    assert seal_places(NOW + timedelta(days=1))[0].late == ""
    assert "超过2天没有送到另存文件夹" in seal_places(NOW + timedelta(days=3))[0].late


@pytest.mark.parametrize("way", ["udp", "tcp", "unix"])
def test_the_log_of_another_machine_gets_each_line(settings, tmp_path: Path, way: str) -> None:
    lines = sealed(2)
    for heard in log_server(settings, tmp_path / "log", way):
        send_seals(NOW)
        said = heard(2)
        assert said == [f"<109>xinfang-seal {line}" for line in lines]
    kept = tmp_path / "messages"
    kept.write_text("".join(f"Mar  2 12:00:01 desk {line.removeprefix('<109>')}\n" for line in said))
    assert main(["verify", "--seals", str(kept)]) == 0


def log_server(settings, path: Path, way: str) -> Iterator:
    kind = socket.SOCK_STREAM if way == "tcp" else socket.SOCK_DGRAM
    with socket.socket(socket.AF_UNIX if way == "unix" else socket.AF_INET, kind) as server:
        server.settimeout(10)
        server.bind(str(path) if way == "unix" else ("127.0.0.1", 0))
        port = 0 if way == "unix" else server.getsockname()[1]
        settings.SEALS_SYSLOG = SyslogServer(way, str(path) if way == "unix" else "127.0.0.1", port)
        if way == "tcp":
            server.listen()

        def heard(many: int) -> list[str]:
            if way != "tcp":
                return [server.recv(500).decode() for _ in range(many)]
            link, _ = server.accept()
            with link:
                return b"".join(iter(lambda: link.recv(4096), b"")).decode().splitlines()

        yield heard


def test_a_log_that_is_down_is_said(settings) -> None:
    settings.SEALS_SYSLOG = SyslogServer("tcp", "127.0.0.1", free_port())
    sealed()
    send_seals(NOW)
    assert "送不到日志服务器（ConnectionRefusedError）" in seal_places(NOW)[0].late


def test_the_auditor_gets_one_mail_a_day(settings) -> None:
    box = Box()
    server = Controller(box, hostname="127.0.0.1", port=free_port())
    server.start()
    try:
        point_at(settings, server.port)
        settings.SEALS_EMAIL = "auditor@example.invalid"
        lines = sealed(2)
        send_seals(NOW)
        sealed()
        send_seals(NOW + timedelta(hours=1))
        assert [to for to, _ in box.letters] == ["auditor@example.invalid"]
        assert {"信访系统封印 第2号", *lines} <= set(box.letters[0][1].splitlines())
        send_seals(NOW + timedelta(hours=21))
        assert len(box.letters) == 2 and "第3号" in box.letters[1][1]
    finally:
        server.stop()


def test_verify_compares_with_the_folder_and_finds_an_older_state(folder: Path, capsys) -> None:
    sealed(3)
    send_seals(NOW)
    assert main(["verify"]) == 0
    with without_guard(), transaction.atomic():
        run(f"DELETE FROM {T.audit_seal} WHERE number = 3")
        capsys.readouterr()
        assert main(["verify"]) == 1
        assert "第3号：另存的封印在系统中不存在" in capsys.readouterr().err
        # The next sweep makes another third seal: the first one is what counts.
        sealed()
        SealCopy.objects.update(number=2)
        send_seals(NOW)
        assert main(["verify"]) == 1
        assert "与另存的封印不同" in capsys.readouterr().err
        transaction.set_rollback(True)


def test_a_file_that_is_none_is_refused(folder: Path, capsys) -> None:
    sealed()
    (folder / FILE).write_text("没有封印\n")
    assert main(["verify"]) == 2
    assert f"{folder / FILE} 第 1 行不是封印" in capsys.readouterr().err
    assert read_kept_seals(["# a remark", ""]) == {}


def test_what_is_exported_is_read_again(tmp_path: Path) -> None:
    sealed(2)
    file = tmp_path / "seals"
    audit_log.record(None, "试验", "此后的一次", NOW)
    assert main(["seal", "--export", str(file)]) == 0
    assert set(read_kept_seals(file.read_text().splitlines())) == {1, 2, 3}
    assert main(["verify", "--seals", str(file), "--json"]) == 0


def test_the_auditors_first_page_says_where_seals_are(settings, folder: Path) -> None:
    sealed()
    page = as_("auditor").get(url("inbox")).content.decode()
    assert "封印送往另存文件夹" in page and "还没有送出" in page
    send_seals(NOW)
    assert f"送到第1号，{chinese_date(START)}" in as_("auditor").get(url("inbox")).content.decode()
    settings.SEALS_FOLDER = None
    assert "封印只在数据库里" in as_("auditor").get(url("inbox")).content.decode()


def test_the_settings() -> None:
    assert seals_folder("X", {}) is None and syslog_server("X", {}) is None
    assert seals_address("X", mail=True, env={}) == ""
    assert seals_folder("X", {"X": "/mnt/seals"}) == Path("/mnt/seals")
    assert syslog_server("X", {"X": "/dev/log"}) == SyslogServer("unix", "/dev/log")
    assert syslog_server("X", {"X": "log.example.cn:514"}) == SyslogServer("udp", "log.example.cn", 514)
    assert syslog_server("X", {"X": "tcp://[::1]:601"}) == SyslogServer("tcp", "::1", 601)
    assert seals_address("X", mail=True, env={"X": "a@example.cn"}) == "a@example.cn"
    for ask in (
        lambda: seals_folder("X", {"X": "seals"}),
        lambda: syslog_server("X", {"X": "udp://log:0"}),
        lambda: syslog_server("X", {"X": "http://log:1"}),
        lambda: seals_address("X", mail=True, env={"X": "auditor"}),
        lambda: seals_address("X", mail=False, env={"X": "a@example.cn"}),
    ):
        with pytest.raises(InvalidSetting):
            ask()
