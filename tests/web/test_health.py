"""What the supervisor is told of the master keys: there, and those that open what is in the database.

Never which they are.
"""

import json
import secrets
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from tests.urls import url
from tests.world import make_department, register
from xinfang.operations.actions import key_rotation
from xinfang.trusted_time.actions import set_trusted_time
from xinfang.vault.keys import install_keys
from xinfang.vault.sm_ciphers import KEY_BYTES

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keys of its own, which have wrapped a case."""
    monkeypatch.setattr(settings, "KEYS_DIR", tmp_path / "keys")
    make_department()
    register(date(2026, 3, 2))
    set_trusted_time(timezone.now())
    return tmp_path / "keys"


def _gone(folder: Path) -> None:
    folder.rename(folder.with_name("elsewhere"))


def _without_master(folder: Path) -> None:
    (folder / "master-00001.key").unlink()


def _without_lookup(folder: Path) -> None:
    (folder / "lookup.key").unlink()


def _damaged(folder: Path) -> None:
    """The file changes, its folder doesn't: the running server still knows the key, the next start wouldn't."""
    file = folder / "master-00001.key"
    file.write_text(file.read_text().replace("master 1 ", "master 1 0", 1))


def _open_to_others(folder: Path) -> None:
    (folder / "master-00001.key").chmod(0o644)


def _of_another_system(folder: Path) -> None:
    _gone(folder)
    install_keys({1: secrets.token_bytes(KEY_BYTES)}, secrets.token_bytes(KEY_BYTES))


def _without_the_newest(folder: Path) -> None:
    key_rotation.rotate_master_key()
    key_rotation.rewrap_all(lambda n: None)
    (folder / "master-00002.key").unlink()


def test_well_with_the_keys_that_fit(client: Client, folder: Path) -> None:
    answer = client.get(url("healthz"))
    assert answer.status_code == 200
    told = answer.json()
    well = {"ok": True, "database": True, "migrations_waiting": 0, "keys": True, "clock": True, "folder": True}
    assert {k: told[k] for k in well} == well
    assert set(told) == {*well, "faults", "seconds_since", "seals_sent"}
    key_rotation.rotate_master_key()
    assert client.get(url("healthz")).status_code == 200, "some wrapped by an older master is no fault"


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        (_gone, "主密钥缺失或不能使用"),
        (_without_master, "主密钥缺失或不能使用"),
        (_without_lookup, "主密钥缺失或不能使用"),
        (_damaged, "主密钥缺失或不能使用"),
        (_open_to_others, "主密钥缺失或不能使用"),
        (_without_the_newest, "主密钥缺失或不能使用"),
        (_of_another_system, "主密钥与数据库不符"),
    ],
)
def test_unwell_without_them(client: Client, folder: Path, harm: Callable[[Path], None], says: str) -> None:
    keys = {file.read_text().split()[3] for file in folder.glob("*.key")}
    harm(folder)
    left = sorted(folder.glob("*.key")) if folder.exists() else []
    answer = client.get(url("healthz"))
    text = answer.content.decode()
    assert answer.status_code == 503 and json.loads(text)["ok"] is False and json.loads(text)["keys"] is False
    assert says in text and str(folder) not in text and not [key for key in keys if key in text]
    assert (sorted(folder.glob("*.key")) if folder.exists() else []) == left, "being asked makes no keys"
