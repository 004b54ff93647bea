"""A full disk: people are told that nothing was saved and why, the supervisor is told, and afterwards work goes on."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import OperationalError
from django.test import Client

from tests.cases.racing import ROOT, environment
from tests.urls import url
from tests.world import make_department
from xinfang.accounts.models import Staff
from xinfang.core import disk_full
from xinfang.vault.keys import keyring

WELL = {"ok": True, "database": True, "migrations_waiting": 0, "keys": True, "clock": True, "folder": True}
SMALL_DISK = 'mount -t tmpfs -o size=64m,mode=0700 none "$XINFANG_DATA" && exec "$0" -m tests.crash.full'


def on_a_small_disk(data: Path) -> subprocess.CompletedProcess[str]:
    """The program on a file system of 64 MB, which nobody else sees and which is gone with the process."""
    data.mkdir()
    command = ["unshare", "--mount", "--map-root-user", "sh", "-c", SMALL_DISK, sys.executable]
    return subprocess.run(
        command, cwd=ROOT, env=environment(data), capture_output=True, text=True, check=False, timeout=300
    )


@pytest.mark.skipif(
    subprocess.run(["unshare", "--mount", "--map-root-user", "true"], check=False, capture_output=True).returncode != 0,
    reason="this machine lets nobody make a file system of their own",
)
def test_a_disk_that_is_really_full(tmp_path: Path) -> None:
    done = on_a_small_disk(tmp_path / "data")
    assert done.returncode == 0, done.stderr[-3000:]
    said = json.loads(done.stdout)
    assert said["before"] == [302, [200, WELL], [2, True, []]]

    status, page, well, (upload_status, upload), (_, whole, wrong), reading = said["full"]
    assert status == 507 and "磁盘已满，这一次没有保存" in page and "重新提交" in page
    assert well[0] == 503 and well[1]["disk"] == "full"
    assert upload_status in (422, 507) and ("没有保存" in upload)
    assert whole and wrong == [], "what is there is whole"
    assert reading in (200, 507), "a page that has nothing to write is shown"

    status, well, upload_status, state, before = said["after"]
    assert status == 302 and well[0] == 200 and upload_status == 200
    assert state == [before + 1, True, []], "the same form, sent again, is one case"
    assert "15000000" not in done.stderr


@pytest.mark.django_db
@pytest.mark.parametrize(
    "error", [OperationalError("database or disk is full"), OSError(28, "No space left on device")]
)
def test_nothing_saved_is_said_only_where_it_is_true(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    make_department()
    client = Client(raise_request_exception=False)
    client.force_login(Staff.objects.get(username="clerk"))

    def fails(*_: object, **__: object) -> None:
        raise error

    # Outside the one transaction of a step nobody can promise that nothing was saved.
    monkeypatch.setattr("xinfang.casework.views.boards.board_groups", fails)
    answer = client.get(url("boards"))
    assert answer.status_code == 507 and "打开该件核对" in answer.content.decode()
    with pytest.raises(disk_full.NothingSaved):
        disk_full.translate_disk_full(fails)()


def test_other_errors_are_no_full_disk() -> None:
    assert not disk_full.is_disk_full(OperationalError("no such table"))
    assert not disk_full.is_disk_full(OSError(2, "No such file"))
    assert not disk_full.is_disk_full(None)
    try:
        try:
            raise OSError(28, "No space left on device")
        except OSError as e:
            raise ValueError from e
    except ValueError as e:
        assert disk_full.is_disk_full(e)


@pytest.mark.django_db
def test_the_supervisor_is_told_in_time(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    keyring()
    assert client.get(url("healthz")).status_code == 200
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=disk_full.MIN_FREE_BYTES - 1, total=2**40))
    answer = client.get(url("healthz"))
    assert answer.status_code == 503 and "磁盘空间不足" in answer.content.decode()
