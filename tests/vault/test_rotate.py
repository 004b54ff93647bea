"""Rotation reaches every record key, beside writers, after interruptions, on both databases."""

import subprocess
import sys
from datetime import date
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import models

from tests import postgres
from tests.cases.racing import ROOT, environment, run
from tests.night import only_at_night
from tests.world import LETTER, make_department, register
from xinfang.audit.models import AdminRecord
from xinfang.cases.models import Petition, Petitioner
from xinfang.operations.actions import key_rotation
from xinfang.procedure.step_codes import StepCode
from xinfang.vault.keys import KeyMissing, keyring, version_of
from xinfang.vault.sm_ciphers import DecryptionFailed
from xinfang.vault.wrapped_keys import COLUMN, any_key_wrapped, models_with_wrapped_keys

MONDAY = date(2026, 3, 2)
PHONE = LETTER["persons"][0]["phone"]


def quiet(count: int) -> None:
    pass


@pytest.fixture
def letters(folder: Path, db: None) -> list[Petition]:
    """Five petitions with a telephone number each."""
    make_department()
    for _ in range(5):
        register(MONDAY)
    return list(Petition.objects.order_by("pk"))


def versions() -> list[int]:
    return [version_of(bytes(key)) for key in Petition.objects.order_by("pk").values_list(COLUMN, flat=True)]


def phones() -> list[str]:
    return [person.phone for person in Petitioner.objects.select_related("petition")]


def test_every_column_called_wrapped_key_is_found_and_can_be_compared() -> None:
    assert Petition in models_with_wrapped_keys()
    assert all(isinstance(model._meta.get_field(COLUMN), models.BinaryField) for model in models_with_wrapped_keys())


def test_a_rotation_rewraps_everything_and_changes_no_content(letters: list[Petition]) -> None:
    sealed = list(Petitioner.objects.order_by("pk").values_list("phone_sealed", flat=True))
    assert versions() == [1] * 5 and any_key_wrapped()
    assert key_rotation.rotate_master_key() == 2
    assert versions() == [1] * 5 and phones() == [PHONE] * 5
    assert key_rotation.rewrap_all(quiet) == 5
    assert versions() == [2] * 5 and phones() == [PHONE] * 5 and key_rotation.record_keys_by_master() == {2: 5}
    assert list(Petitioner.objects.order_by("pk").values_list("phone_sealed", flat=True)) == sealed
    assert key_rotation.rewrap_all(quiet) == 0
    assert AdminRecord.objects.filter(what="轮换主密钥", target="第 2 版", by=None).count() == 1
    register(MONDAY)
    assert versions()[-1] == 2


def test_an_interrupted_rewrapping_goes_on_where_it_stopped(
    letters: list[Petition], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_rotation, "ROWS_PER_BATCH", 2)
    key_rotation.rotate_master_key()

    def stop(count: int) -> None:
        if count == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        key_rotation.rewrap_all(stop)
    assert versions() == [2, 2, 2, 2, 1] and phones() == [PHONE] * 5
    told: list[int] = []
    assert key_rotation.rewrap_all(told.append) == 1 and told == [1]
    assert versions() == [2] * 5 and phones() == [PHONE] * 5


def test_a_key_erased_or_changed_meanwhile_stays_as_the_writer_left_it(
    letters: list[Petition], monkeypatch: pytest.MonkeyPatch
) -> None:
    key_rotation.rotate_master_key()
    written = keyring().new_key()[1]
    prepared = key_rotation._rewrapped

    def beaten(*args: object) -> object:
        changes = prepared(*args)  # type: ignore[arg-type]
        Petition.objects.filter(pk=letters[0].pk).update(wrapped_key=None)
        Petition.objects.filter(pk=letters[1].pk).update(wrapped_key=written)
        return changes

    monkeypatch.setattr(key_rotation, "_rewrapped", beaten)
    assert key_rotation.rewrap_all(quiet) == 3
    found = list(Petition.objects.order_by("pk").values_list(COLUMN, flat=True))
    assert found[:2] == [None, written] and key_rotation.record_keys_by_master() == {2: 4}


def test_a_key_that_a_late_writer_adds_is_rewrapped_too(
    letters: list[Petition], monkeypatch: pytest.MonkeyPatch
) -> None:
    late = keyring().new_key()[1]
    key_rotation.rotate_master_key()
    Petition.objects.filter(pk=letters[0].pk).update(wrapped_key=None)
    monkeypatch.setattr(key_rotation, "ROWS_PER_BATCH", 1)

    def add(count: int) -> None:
        if count == 3:  # its row lies before the place where the loop is
            Petition.objects.filter(pk=letters[0].pk).update(wrapped_key=late)

    assert key_rotation.rewrap_all(add) == 5
    assert versions() == [2] * 5


def test_a_damaged_key_stops_nobody_else_and_stays_counted(letters: list[Petition]) -> None:
    damaged = bytearray(letters[1].wrapped_key)
    damaged[20] ^= 1
    Petition.objects.filter(pk=letters[1].pk).update(wrapped_key=bytes(damaged))
    key_rotation.rotate_master_key()
    assert key_rotation.rewrap_all(quiet) == 4
    assert key_rotation.record_keys_by_master() == {1: 1, 2: 4}
    with pytest.raises(DecryptionFailed):
        keyring().unwrap(bytes(Petition.objects.get(pk=letters[1].pk).wrapped_key))


def test_lost_keys_are_not_replaced_while_the_database_needs_them(letters: list[Petition], folder: Path) -> None:
    folder.rename(folder.parent / "elsewhere")
    with pytest.raises(KeyMissing) as missing:
        keyring()
    for part in (str(folder), "XINFANG_KEYS", "没有另造新密钥", "key recover"):
        assert part in str(missing.value)
    assert not folder.exists() or not list(folder.glob("*.key"))
    (folder.parent / "elsewhere").rename(folder)
    assert phones() == [PHONE] * 5


def test_a_lost_newest_key_is_not_given_its_number_again(letters: list[Petition], folder: Path) -> None:
    key_rotation.rotate_master_key()
    key_rotation.rewrap_all(quiet)
    (folder / "master-00002.key").unlink()
    with pytest.raises(KeyMissing, match="第 2 版"):
        key_rotation.rotate_master_key()
    assert keyring().versions == [1]


BEGIN = (
    "from xinfang.core.database import set_up; set_up()\n"
    "from datetime import date; from tests.world import make_department, register\n"
    "make_department(); [register(date(2026, 3, 2)) for _ in range(20)]\n"
)
END = (
    "from django.db import connection; from xinfang.operations.actions.key_rotation import record_keys_by_master\n"
    "from xinfang.cases.models import Petitioner\n"
    "print(connection.vendor, record_keys_by_master(), {p.phone for p in"
    " Petitioner.objects.select_related('petition')})"
)


def rotate_beside_writers(env: dict[str, str]) -> str:
    """Two rotations while two processes register petitions; what the end looks like."""
    run(env, BEGIN)
    writers = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.cases.race", StepCode.REGISTER, "30"],
            cwd=ROOT,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    rotated = [command(env, "key", "rotate") for _ in range(2)]
    assert [writer.communicate(timeout=120) and writer.returncode for writer in writers] == [0, 0]
    assert [done.returncode for done in rotated] == [0, 0], rotated
    last = command(env, "key", "rotate", "--resume")
    assert last.returncode == 0, last.stderr
    return run(env, END)


def command(env: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-m", "xinfang.operations.main", *words]
    return subprocess.run(program, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


def test_rotations_beside_writers_on_sqlite(tmp_path: Path) -> None:
    assert rotate_beside_writers(environment(tmp_path)).split(" ", 1) == ["sqlite", f"{{3: 80}} {{'{PHONE}'}}\n"]


@only_at_night
def test_rotations_beside_writers_on_postgresql(tmp_path: Path) -> None:
    with postgres.server() as server:
        host = quote(str(server["HOST"]), safe="")
        url = f"postgresql://postgres@/{server['NAME']}?host={host}&port={server['PORT']}"
        said = rotate_beside_writers(environment(tmp_path, url))
    assert said.split(" ", 1) == ["postgresql", f"{{3: 80}} {{'{PHONE}'}}\n"]
