"""Nobody but the owner reads what lies in the data folder, or what comes out of it: real modes, real processes.

Root reads everything, so the modes themselves are looked at; where somebody else has to try, a process gives its rights
away first.
"""

import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.backup.system import FILL
from tests.operations.process import ROOT, command, everything, one_sentence, program
from tests.urls import url

EVERY_KIND = (
    ".",
    "xinfang.sqlite3",
    "xinfang.sqlite3-wal",
    "xinfang.sqlite3-shm",
    "xinfang.sqlite3-turn",
    "secret.key",
    "migrate.lock",
    "backup.lock",
    "files",
    "uploads",
    "limits.sqlite3",
    "demo",
    "anything-else",
)
STRANGER = 12345
"""A user without a name."""


def settings(data: Path, mode: str = "production") -> dict[str, str]:
    return {"XINFANG_DATA": str(data), "XINFANG_MODE": mode}


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small real system with files, a backup, a sweep.

    Made by processes that would let everybody read (umask 022).
    """
    folder = tmp_path_factory.mktemp("system")
    data = folder / "data"
    assert command(folder, "migrate", **settings(data)).returncode == 0
    filled = program(f"import django; django.setup()\n{FILL}", **settings(data))
    assert filled.returncode == 0, filled.stderr
    for words in (("sweep",), ("backup", "b.xfb"), ("seal", "--export", "seals"), ("verify", "--files")):
        done = command(folder, *words, **settings(data))
        assert done.returncode == 0, done.stderr
    return data


def open_below(folder: Path) -> list[str]:
    """Every file and folder that group or others may do anything with."""
    return [str(p) for p in (folder, *sorted(folder.rglob("*"))) if p.lstat().st_mode & 0o077 and not p.is_symlink()]


def test_whatever_the_program_makes_is_for_its_owner_only(system: Path) -> None:
    there = {p.name for p in system.iterdir()}
    assert {"xinfang.sqlite3", "secret.key", "migrate.lock", "backup.lock", "files", "keys"} <= there
    assert open_below(system) == []
    assert stat.S_IMODE((system.parent / "b.xfb").stat().st_mode) == 0o600
    assert stat.S_IMODE((system.parent / "seals").stat().st_mode) == 0o600


def test_so_is_what_somebody_asks_for(system: Path, tmp_path: Path) -> None:
    out = {**settings(system)}
    (tmp_path / "old-seals").write_text("")
    (tmp_path / "old-seals").chmod(0o644)
    for words in (
        ("seal", "--export", "old-seals"),
        ("bundle", "LX2026000002", "--out", "proof.zip", "--by", "office_head", "--reason", "法院调取"),
        ("exchange", "package", "--out", "package.zip"),
        ("archive", "export", "LX2026000003", "--out", "file.zip", "--reason", "移交档案馆"),
        ("archive", "export", "LX2026000003", "--out", "folder", "--reason", "移交档案馆"),
    ):
        done = command(tmp_path, *words, **out)
        assert done.returncode == 0, (words, done.stderr)
    made = {p.name for p in tmp_path.iterdir()}
    assert {"old-seals", "proof.zip", "package.zip", "file.zip", "folder"} <= made
    assert [p for p in open_below(tmp_path) if p != str(tmp_path)] == []


def test_and_what_the_web_server_writes(system: Path, tmp_path: Path) -> None:
    """Its workers, while they run: the write-ahead log and the counters of the limits are there only then."""
    data = tmp_path / "data"
    shutil.copytree(system, data)
    with serving(data) as port:
        sign_in(port)
        there = {p.name for p in data.iterdir()}
        assert {"limits.sqlite3", "xinfang.sqlite3-wal", "xinfang.sqlite3-shm"} <= there
        assert open_below(data) == []
        # And while it runs, somebody opens the folder: the supervisor is told, without a name or a place.
        assert ask(port, url("healthz")) == 200
        (data / "xinfang.sqlite3").chmod(0o640)
        with pytest.raises(urllib.error.HTTPError) as unwell:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=60)
        said = unwell.value.read().decode()
        assert unwell.value.code == 503 and "其他用户" in said and "sqlite3" not in said and str(data) not in said
        (data / "xinfang.sqlite3").chmod(0o600)
        assert ask(port, url("healthz")) == 200


class serving:
    """`xinfang serve` on a free port."""

    def __init__(self, data: Path) -> None:
        self.data = data

    def __enter__(self) -> int:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port: int = free.getsockname()[1]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "xinfang.operations.main", "serve", "--port", str(port)],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], **settings(self.data)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            umask=0o022,
        )
        until = time.monotonic() + 120
        while time.monotonic() < until:
            try:
                ask(port, url("healthz"))
                return port
            except OSError:
                with pytest.raises(subprocess.TimeoutExpired):
                    self.process.wait(0.2)
        raise AssertionError("it didn't answer")

    def __exit__(self, *_: object) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def sign_in(port: int) -> None:
    """A try with a wrong password: written down in the database, and counted."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with browser.open(f"http://127.0.0.1:{port}{url('login')}", timeout=60) as page:
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.read().decode())
    assert token is not None
    with pytest.raises(urllib.error.HTTPError, match="422"):
        browser.open(
            f"http://127.0.0.1:{port}{url('login')}",
            f"username=clerk&password=x&csrfmiddlewaretoken={token[1]}".encode(),
            timeout=60,
        )


def ask(port: int, path: str) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
        return int(answer.status)


WAYS = [(name, 0o755) for name in EVERY_KIND]
WAYS += [(name, mode) for name in (".", "xinfang.sqlite3", "files") for mode in (0o640, 0o602)]
"""Every kind of file, and every kind of openness for three of them."""


@pytest.mark.parametrize(("name", "mode"), WAYS)
def test_what_is_open_to_others_stops_the_start_and_the_command_it_names_mends_it(
    system: Path, tmp_path: Path, name: str, mode: int
) -> None:
    data = tmp_path / "the data"
    shutil.copytree(system, data)
    place = data / name
    if not place.exists():
        place.mkdir(mode=0o700) if name == "uploads" else place.touch(mode=0o600)
    place.chmod(mode)
    before = everything(tmp_path)
    for words in (("serve", "--port", "1"), ("sweep",)):
        done = command(tmp_path, *words, **settings(data))
        assert done.returncode == 2
        one_sentence(done, str(place) if name != "." else str(data), "chmod", "/ Setting XINFANG_DATA is wrong")
    assert everything(tmp_path) == before
    mend = re.search(r"请运行 (.+?)，", done.stderr)
    assert mend is not None
    subprocess.run(["sh", "-c", mend[1]], check=True)
    assert open_below(data) == []
    assert command(tmp_path, "staff", "list", **settings(data)).returncode == 0


def test_a_folder_on_another_disk_is_named_by_its_own_name(system: Path, tmp_path: Path) -> None:
    """A link in the data folder: the command that mends it would otherwise stop in front of it."""
    data, disk = tmp_path / "data", tmp_path / "disk"
    shutil.copytree(system, data)
    shutil.move(data / "files", disk)
    (data / "files").symlink_to(disk)
    disk.chmod(0o755)
    done = command(tmp_path, "sweep", **settings(data))
    one_sentence(done, "chmod", str(disk))
    mend = re.search(r"请运行 (.+?)，", done.stderr)
    assert mend is not None
    subprocess.run(["sh", "-c", mend[1]], check=True)
    assert command(tmp_path, "sweep", **settings(data)).returncode == 0


def test_who_loads_the_program_into_a_web_server_is_refused_too(system: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(system, data)
    data.chmod(0o750)
    done = program("import xinfang.config.wsgi", **settings(data))
    assert done.returncode != 0 and "chmod" in done.stderr.splitlines()[-1]
    data.chmod(0o700)
    left = f"import xinfang.config.wsgi, os; open({str(tmp_path / 'made')!r}, 'w'); print(oct(os.umask(0)))"
    done = program(left, **settings(data))
    assert done.returncode == 0 and done.stdout.strip() == "0o77", done.stderr
    assert stat.S_IMODE((tmp_path / "made").stat().st_mode) == 0o600


def test_a_folder_of_somebody_else_is_refused_and_both_are_named(system: Path, tmp_path: Path) -> None:
    """As when a service of its own was given a folder that root made."""
    if os.geteuid() != 0:
        pytest.skip("only root can become somebody else")
    folder = Path(tempfile.mkdtemp())  # not below pytest's folders, which are closed to others
    try:
        folder.chmod(0o711)
        data = folder / "data"
        shutil.copytree(system, data)
        # Loaded first: the interpreter itself may lie where the stranger can't go.
        asked = f"""
import os
from xinfang.core import env
import codecs, encodings.utf_8
os.setgid({STRANGER}); os.setuid({STRANGER})
given = {{"XINFANG_DATA": {str(data)!r}}}
try:
    found = env.data_folder("XINFANG_DATA", "production", given)
    env.owner_only("XINFANG_DATA", found, found / "keys")
    print("well")
except env.InvalidSetting as e:
    print(e)
"""
        done = program(asked)
        assert "属于用户 root" in done.stdout and f"用户 {STRANGER} 运行" in done.stdout, done.stdout + done.stderr
        mend = re.search(r"由 root 运行 (chown .+?)，", done.stdout)
        assert mend is not None
        # A single file that root left there, as after a command that was run as root.
        subprocess.run(["sh", "-c", mend[1]], check=True)
        assert program(asked).stdout.strip() == "well"
        shutil.chown(data / "migrate.lock", 0, 0)
        said = program(asked).stdout
        assert str(data / "migrate.lock") in said and "属于用户 root" in said
        # Root puts things right and is never a stranger.
        assert command(tmp_path, "staff", "list", **settings(data)).returncode == 0
    finally:
        shutil.rmtree(folder)


def test_a_hundred_thousand_attachments_make_no_start_slower(tmp_path: Path) -> None:
    """Only the first level is looked at: what lies deeper is behind a folder that is closed."""
    lines = f"""
import os, sys
from pathlib import Path
from xinfang.vault import data_folder
data = Path({str(tmp_path)!r})
below = data / "files" / "ab"
below.mkdir(parents=True, mode=0o700)
(data / "files").chmod(0o700)
for n in range(500):
    (below / str(n)).touch(mode=0o600)
looked = []
sys.addaudithook(lambda event, args: looked.append(args[0]) if event in ("os.scandir", "os.listdir") else None)
assert data_folder.problem_with(data, besides=data / "keys") is None
print(len(looked), looked == [data] or looked == [str(data)])
"""
    assert program(lines).stdout.split() == ["1", "True"]


def test_the_processes_that_read_files_of_strangers_write_for_the_owner_only(tmp_path: Path) -> None:
    """Drawing and workbooks: what they are started by hands its mask on, and nothing else."""
    (tmp_path / "asked.py").write_text("import os; print(oct(os.umask(0)), sorted(os.environ))")
    lines = f"""
import django; django.setup()
from xinfang.core import isolated
print(isolated.run({str(tmp_path / "asked.py")!r}, data=b"", seconds=60).stdout.decode())
"""
    done = program(lines, **settings(tmp_path / "data"))
    assert done.returncode == 0 and done.stdout.startswith("0o77 "), done.stderr + done.stdout
    assert "XINFANG" not in done.stdout
