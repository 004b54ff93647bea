"""Backups of every day: the last ones are kept, each is copied elsewhere, and drills show that they can be restored."""

import json
from argparse import Namespace
from pathlib import Path
from typing import Any

import pytest

from tests import postgres
from tests.backup.system import cli, fill
from tests.cases.racing import environment, run
from tests.night import only_at_night
from xinfang.backup import commands
from xinfang.core.output import CommandFailed

LAST_DRILL = """
import json
from xinfang.audit.queries import latest_admin_records
from xinfang.backup.rehearsal import REHEARSED
print(json.dumps(latest_admin_records(REHEARSED, 1)[0].detail))
"""


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("system") / "data"
    fill(environment(data))
    return data


@pytest.fixture(scope="module")
def folders(system: Path) -> tuple[Path, Path]:
    """Three backups were made by a timer that keeps two, and copied to a second place."""
    first, second = system.parent / "backups", system.parent / "elsewhere"
    first.mkdir()
    second.mkdir()
    (first / "说明.txt").write_text("别删")
    told = []
    for _ in range(3):
        code, out, err = cli(
            environment(system), "backup", "--into", str(first), "--keep", "2", "--copy", str(second), "--json"
        )
        assert code == 0, err
        told.append(json.loads(out))
    assert [len(t["removed"]) for t in told] == [0, 0, 2], "the oldest, in both places"
    return first, second


def last_drill(system: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(environment(system), LAST_DRILL))
    return found


def test_the_last_ones_are_kept_in_both_places_and_nothing_else_is_touched(folders: tuple[Path, Path]) -> None:
    first, second = folders
    kept = sorted(f.name for f in first.glob("xinfang-*.backup"))
    assert len(kept) == 2 and kept == sorted(f.name for f in second.iterdir())
    for name in kept:
        assert (first / name).read_bytes() == (second / name).read_bytes()
        assert (second / name).stat().st_mode & 0o777 == 0o600
    assert (first / "说明.txt").read_text() == "别删"


def test_a_drill_proves_the_newest_one_and_leaves_nothing_behind(system: Path, folders: tuple[Path, Path]) -> None:
    before = {f.name for f in system.iterdir()}
    code, out, err = cli(environment(system), "rehearse", str(folders[0]), "--json")
    assert code == 0, err
    told = json.loads(out)
    assert (told["whole"], told["petitions"], told["wrong"]) == (True, 4, [])
    assert told["file"] == max(f.name for f in folders[0].glob("xinfang-*.backup"))
    assert {f.name for f in system.iterdir()} == before
    assert last_drill(system)["whole"] is True


def test_a_drill_finds_a_damaged_one(system: Path, folders: tuple[Path, Path]) -> None:
    newest = max(folders[1].glob("xinfang-*.backup"))
    data = bytearray(newest.read_bytes())
    data[len(data) // 2] ^= 1
    newest.write_bytes(data)
    code, _, err = cli(environment(system), "rehearse", str(folders[1]))
    assert code == 1 and "已损坏" in err and "SM3" in err
    assert last_drill(system)["whole"] is False
    code, out, _ = cli(environment(system), "status", "--json")
    found = {c["check"]: c for c in json.loads(out)["checks"]}
    assert code == 1 and found["rehearsal"]["level"] == "fault" and "没有通过" in found["rehearsal"]["says"]
    assert found["backup"]["level"] == "well"


def test_a_drill_finds_one_that_is_of_an_empty_system(system: Path, folders: tuple[Path, Path], tmp_path: Path) -> None:
    """The timer was started with another data folder: whole in itself, and worth nothing."""
    empty = {**environment(tmp_path / "data"), "XINFANG_KEYS": str(system / "keys")}
    run(
        empty,
        "from django.core.management import call_command; call_command('migrate', verbosity=0)\n"
        "from xinfang.core import installation; installation.record_installation()\n"
        "from tests.world import make_department; make_department()",
    )
    into = tmp_path / "backups"
    into.mkdir()
    code, _, err = cli(empty, "backup", "--into", str(into))
    assert code == 0, err
    code, _, err = cli(environment(system), "rehearse", str(into))
    assert code == 1 and "不能确认它是本系统做的" in err


@pytest.mark.parametrize(
    ("file", "into", "keep", "says"),
    [
        (None, None, None, "二者选一"),
        ("a", ".", None, "二者选一"),
        ("a", None, 3, "--keep 只用于"),
        (None, ".", 1, "至少 2 份"),
    ],
)
def test_what_can_not_be_meant_is_refused(file: str | None, into: str | None, keep: int | None, says: str) -> None:
    asked = Namespace(file=file and Path(file), into=into and Path(into), keep=keep)
    with pytest.raises(CommandFailed, match=says):
        commands._new_file(asked)


def test_a_second_place_that_is_not_mounted_is_told_and_the_first_stays(system: Path, tmp_path: Path) -> None:
    code, _, err = cli(environment(system), "backup", "--into", str(tmp_path), "--copy", str(tmp_path / "gone"))
    assert code == 1 and "没有挂载" in err
    assert len(list(tmp_path.glob("xinfang-*.backup"))) == 1


@only_at_night
def test_a_drill_on_postgresql(tmp_path: Path) -> None:
    with postgres.server() as server:
        first, second = postgres.addresses(server, 2)
        env = environment(tmp_path / "data", first)
        fill(env)
        into = tmp_path / "backups"
        into.mkdir()
        assert cli(env, "backup", "--into", str(into))[0] == 0
        code, _, err = cli(env, "rehearse", str(into))
        assert code == 1 and "XINFANG_REHEARSAL_DATABASE_URL" in err
        for _ in range(2):
            code, out, err = cli({**env, "XINFANG_REHEARSAL_DATABASE_URL": second}, "rehearse", str(into), "--json")
            assert code == 0 and json.loads(out)["petitions"] == 4, err
