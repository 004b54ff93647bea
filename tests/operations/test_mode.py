"""The mode is kept in the database: real data is never served as a demo or test, nor a demo as the real thing."""

import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import postgres
from tests.operations.process import ROOT, command, everything, one_sentence, program
from tests.tables import T
from tests.urls import url
from xinfang.procedure.step_codes import StepCode

MODES = ("production", "demo", "test")
LETTER = '{"channel": "letter"}'
COMMANDS = (
    ("serve", "--port", "1"),
    ("sweep",),
    ("sweep", "--every", "300"),
    ("step", StepCode.REGISTER, "--by", "first", "--data", LETTER),
    ("show", "LX2026000001"),
    ("backup", "b.xfb"),
    ("verify",),
    ("seal",),
    ("migrate",),
    ("due", "handling", "--from", "2026-08-02"),
    ("staff", "add", "second", "--name", "另一人"),
    ("staff", "list"),
    ("key", "show"),
    ("numbers",),
    ("exchange", "send", "--once"),
    ("read-scans", "--once"),
    ("papers", "--out", "papers"),
)
"""What opens a database. `papers` and `demo` have rules of their own for production."""


def settings(folder: Path, mode: str, database_url: str = "") -> dict[str, str]:
    return {"XINFANG_DATA": str(folder / "data"), "XINFANG_MODE": mode, "XINFANG_DATABASE_URL": database_url}


def made(folder: Path, mode: str, database_url: str = "") -> Path:
    """A system of this mode with one person."""
    env = settings(folder, mode, database_url)
    assert command(folder, "migrate", **env).returncode == 0
    assert command(folder, "staff", "add", "first", "--name", "某人", **env).returncode == 0
    return folder / "data"


@pytest.fixture(scope="module")
def systems(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return {mode: made(tmp_path_factory.mktemp(mode), mode) for mode in MODES}


def kept(data: Path) -> list[str]:
    """What the database itself says."""
    with sqlite3.connect(data / "xinfang.sqlite3") as base:
        return [mode for (mode,) in base.execute(f"SELECT mode FROM {T.core_installation}")]


def content(data: Path) -> dict[str, bytes]:
    """All that is kept, without the working files of SQLite, which reading may touch."""
    return {name: was for name, was in everything(data).items() if not name.endswith(("-shm", "-wal"))}


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_no_command_opens_the_real_data_as_a_demo(
    systems: dict[str, Path], words: tuple[str, ...], tmp_path: Path
) -> None:
    refused(systems["production"], "production", "demo", words, tmp_path)


@pytest.mark.parametrize(("of", "asked"), [("production", "test"), ("demo", "production"), ("test", "production")])
def test_nor_any_other_database_in_a_mode_that_is_not_its_own(
    systems: dict[str, Path], of: str, asked: str, tmp_path: Path
) -> None:
    for words in (("serve", "--port", "1"), ("sweep",), ("staff", "list"), ("migrate",), ("backup", "b.xfb")):
        refused(systems[of], of, asked, words, tmp_path)


def refused(data: Path, of: str, asked: str, words: tuple[str, ...], folder: Path) -> None:
    before = content(data)
    done = command(folder, *words, **settings(data.parent, asked))
    assert done.returncode == 2
    one_sentence(done, "XINFANG_MODE", "/ Setting XINFANG_MODE is wrong", of)
    assert content(data) == before and everything(folder) == {} and kept(data) == [of]


def test_a_test_database_is_no_demo_and_a_demo_no_test(systems: dict[str, Path], tmp_path: Path) -> None:
    for of, asked in (("demo", "test"), ("test", "demo")):
        for words in (("demo",), ("staff", "list"), ("serve", "--port", "1")):
            one_sentence(command(tmp_path, *words, **settings(systems[of].parent, asked)), "XINFANG_MODE")


@pytest.mark.parametrize("mode", MODES)
def test_in_its_own_mode_it_opens(systems: dict[str, Path], mode: str, tmp_path: Path) -> None:
    done = command(tmp_path, "staff", "list", **settings(systems[mode].parent, mode))
    assert done.returncode == 0 and "某人" in done.stdout
    assert kept(systems[mode]) == [mode]


def test_the_demo_of_invented_people_never_comes_among_real_ones(systems: dict[str, Path], tmp_path: Path) -> None:
    data = systems["production"]
    before = content(data)
    one_sentence(command(tmp_path, "demo", **settings(data.parent, "demo")), "XINFANG_MODE", "production")
    assert content(data) == before


def test_who_loads_the_program_into_a_web_server_is_asked_too(systems: dict[str, Path]) -> None:
    for of, asked in (("production", "demo"), ("demo", "production"), ("production", "test")):
        done = program("import xinfang.config.wsgi", **settings(systems[of].parent, asked))
        assert done.returncode != 0 and "XINFANG_MODE" in done.stderr.splitlines()[-1], done.stderr
    well = program("import xinfang.config.wsgi", **settings(systems["production"].parent, "production"))
    assert well.returncode == 0, well.stderr


def test_granian_alone_serves_no_database_of_another_mode(systems: dict[str, Path], tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "granian",
            "--interface",
            "wsgi",
            "--port",
            str(port),
            "xinfang.config.wsgi:application",
        ],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **settings(systems["production"].parent, "demo")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        said, _ = server.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        pytest.fail("it went on")
    assert server.returncode != 0 and "Setting XINFANG_MODE is wrong" in said, said


SERVED = """
import sys
from django.core.handlers.wsgi import WSGIHandler
import xinfang.config.wsgi
from django.conf import settings
from django.test import Client
settings.ALLOWED_HOSTS.append("testserver")
"""


def test_the_variable_alone_opens_no_door_without_a_password(systems: dict[str, Path], tmp_path: Path) -> None:
    """A person who turns the mode over inside a running program still finds what was proven at the start.

    And they find what the database says.
    """
    turned = f"""{SERVED}
settings.MODE = "demo"
from xinfang.accounts.actions import second_factor
from xinfang.procedure.facts import Actor
from xinfang.accounts.models import Duty, Staff
client = Client()
page = client.get("{url("login")}")
assert page.status_code == 200 and "login/demo" not in page.content.decode()
assert client.post("{url("login-demo")}", {{"username": "first"}}).status_code == 404
from xinfang.accounts.queries.actors import actor_of
Duty.objects.create(staff=Staff.objects.get(username="first"), role="system_administrator", since="2020-01-01")
assert second_factor.second_factor_is_required(actor_of(Staff.objects.get(username="first")))
from xinfang.core import mode
mode.confirm("demo")
assert client.post("{url("login-demo")}", {{"username": "first"}}).status_code == 404
"""
    folder = tmp_path / "copy"
    shutil.copytree(systems["production"], folder / "data")
    done = program(turned, **settings(folder, "production"))
    assert done.returncode == 0, done.stderr


def test_in_a_demo_a_click_signs_in(systems: dict[str, Path], tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(systems["demo"], folder / "data")
    lines = f"""{SERVED}
client = Client()
assert client.post("{url("login-demo")}", {{"username": "first"}}).status_code == 302
assert client.get("{url("account")}").status_code == 200
"""
    done = program(lines, **settings(folder, "demo"))
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("mode", MODES)
def test_a_backup_carries_the_mode_and_a_restore_keeps_it(systems: dict[str, Path], mode: str, tmp_path: Path) -> None:
    data, file = systems[mode], tmp_path / "b.xfb"
    assert command(tmp_path, "backup", str(file), **settings(data.parent, mode)).returncode == 0
    (tmp_path / "data").mkdir(mode=0o700)
    shutil.copytree(data / "keys", tmp_path / "data/keys")
    before = everything(tmp_path / "data")
    for other in set(MODES) - {mode}:
        done = command(tmp_path, "restore", str(file), **settings(tmp_path, other))
        assert done.returncode != 0 and "XINFANG_MODE" in done.stderr and mode in done.stderr, done.stderr
        assert "xinfang.sqlite3" not in everything(tmp_path / "data")
    assert set(before) <= set(everything(tmp_path / "data"))
    done = command(tmp_path, "restore", str(file), **settings(tmp_path, mode))
    assert done.returncode == 0, done.stderr
    assert kept(tmp_path / "data") == [mode]
    assert command(tmp_path, "staff", "list", **settings(tmp_path, mode)).returncode == 0


def test_nobody_changes_the_mode_in_the_database(systems: dict[str, Path], tmp_path: Path) -> None:
    shutil.copytree(systems["production"], tmp_path / "data")
    base = sqlite3.connect(tmp_path / "data/xinfang.sqlite3")
    for statement in (f"UPDATE {T.core_installation} SET mode = 'demo'", f"DELETE FROM {T.core_installation}"):
        with pytest.raises(sqlite3.IntegrityError, match="never changed"):
            base.execute(statement)
    with pytest.raises(sqlite3.IntegrityError):
        base.execute(f"INSERT INTO {T.core_installation} (id, mode, since) VALUES (2, 'demo', '2026-01-01')")
    base.close()


@pytest.fixture(scope="module")
def addresses() -> Iterator[list[str]]:
    with postgres.server() as server:
        yield postgres.addresses(server, 3)


def test_on_postgresql(addresses: list[str], tmp_path: Path) -> None:
    one, two, _ = addresses
    data = made(tmp_path, "production", one)
    for words in (
        ("serve", "--port", "1"),
        ("sweep",),
        ("step", StepCode.REGISTER, "--by", "first"),
        ("backup", "b"),
        ("demo",),
    ):
        one_sentence(command(tmp_path, *words, **settings(tmp_path, "demo", one)), "XINFANG_MODE", "production")
    # A folder that is still empty stays so.
    empty = tmp_path / "empty"
    empty.mkdir()
    for words in (("serve", "--port", "1"), ("migrate",), ("backup", "b")):
        one_sentence(command(empty, *words, **settings(empty, "demo", one)), "XINFANG_MODE")
    assert everything(empty) == {}
    done = program("import xinfang.config.wsgi", **settings(tmp_path, "demo", one))
    assert done.returncode != 0 and "XINFANG_MODE" in done.stderr.splitlines()[-1]
    done = command(tmp_path, "backup", str(tmp_path / "b"), **settings(tmp_path, "production", one))
    assert done.returncode == 0, done.stderr
    (empty / "data").mkdir(mode=0o700)
    shutil.copytree(data / "keys", empty / "data/keys")
    done = command(empty, "restore", str(tmp_path / "b"), **settings(empty, "demo", two))
    assert done.returncode != 0 and "XINFANG_MODE" in done.stderr
    done = command(empty, "restore", str(tmp_path / "b"), **settings(empty, "production", two))
    assert done.returncode == 0, done.stderr
    one_sentence(command(empty, "staff", "list", **settings(empty, "test", two)), "XINFANG_MODE", "production")
    import psycopg

    with psycopg.connect(two) as link, pytest.raises(psycopg.Error, match="never changed"):
        link.execute(f"UPDATE {T.core_installation} SET mode = 'demo'")


def test_a_web_server_waits_for_its_database_and_then_asks_it(addresses: list[str], tmp_path: Path) -> None:
    """It is away when the server starts: nobody is let in unproven, and nobody has to start the server again."""
    url = addresses[2]
    made(tmp_path, "production", url)
    lines = """
import json
from django.test.client import RequestFactory
from xinfang.config import wsgi
from django.conf import settings
from django.db import connection
from django.urls import reverse
settings.ALLOWED_HOSTS.append("testserver")
def ask(path):
    said = []
    body = b"".join(wsgi.application(RequestFactory().get(path).environ, lambda status, heads: said.append(status)))
    return said[0][:3], body.decode()
assert ask(reverse("login")) == ("503", "数据库暂时连接不上，没有保存任何内容。请稍后再试。")
status, body = ask(reverse("healthz"))
assert status == "503" and json.loads(body) == {"ok": False, "database": False}, body
connection.settings_dict["PORT"] = RIGHT
assert ask(reverse("login"))[0] == "200"
with connection.cursor() as cursor:
    cursor.execute("SELECT 1")
settings.MODE, wsgi._proven = "demo", False
from xinfang.core.installation import OtherMode
try:
    ask(reverse("login"))
except OtherMode:
    print("refused")
"""
    right = re.search(r"port=(\d+)", url)
    assert right is not None
    env = settings(tmp_path, "production", url.replace(right[0], "port=9"))
    done = program(lines.replace("RIGHT", repr(right[1])), **env)
    assert done.returncode == 0 and done.stdout.strip() == "refused", done.stderr
