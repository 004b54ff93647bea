"""Everything started together, as a supervisor does: who comes second waits for who makes or upgrades the tables."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

from tests.operations.process import ROOT, command, program
from tests.operations.test_mode import made, settings

BEFORE = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", "search", "0001_initial", verbosity=0)
"""
UPGRADE = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
"""


def test_a_command_waits_for_the_upgrade_that_is_under_way(tmp_path: Path) -> None:
    data = made(tmp_path, "production")
    before = program(BEFORE, **settings(tmp_path, "production"))
    assert before.returncode == 0, before.stderr
    with (data / "migrate.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        second = subprocess.Popen(
            [sys.executable, "-m", "xinfang.operations.main", "staff", "list"],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], **settings(tmp_path, "production")},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        until_it_waits(second)
        upgraded = program(UPGRADE, **settings(tmp_path, "production"))
        assert upgraded.returncode == 0, upgraded.stderr
    out, err = second.communicate(timeout=60)
    assert second.returncode == 0 and "某人" in out, err


def until_it_waits(process: "subprocess.Popen[str]") -> None:
    """The system lists who waits for a lock."""
    for _ in range(600):
        waiting = [line.split() for line in Path("/proc/locks").read_text().splitlines() if "->" in line]
        if any(str(process.pid) in words for words in waiting):
            return
        try:
            process.wait(timeout=0.1)
        except subprocess.TimeoutExpired:
            continue
        raise AssertionError(process.communicate())
    raise AssertionError("it didn't wait")


def test_several_that_set_up_an_empty_folder_agree(tmp_path: Path) -> None:
    """And where they don't mean the same, only one mode comes out."""
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "xinfang.operations.main", "migrate"],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], **settings(tmp_path, mode)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for mode in ("production", "demo", "production", "demo")
    ]
    ended = [(process.communicate(timeout=120), process.returncode) for process in started]
    well = [mode for mode, (_, code) in zip(("production", "demo") * 2, ended, strict=True) if code == 0]
    assert well in (["production"] * 2, ["demo"] * 2), ended
    for (_, err), code in ended:
        assert code in (0, 2) and (code == 0 or "XINFANG_MODE" in err), err


def test_the_watch_of_a_new_installation_waits_for_the_first_account(tmp_path: Path) -> None:
    env = settings(tmp_path, "production")
    assert command(tmp_path, "migrate", **env).returncode == 0
    watch = subprocess.Popen(
        [sys.executable, "-m", "xinfang.operations.main", "sweep", "--every", "5"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **env},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert command(tmp_path, "staff", "add", "first", "--name", "某人", **env).returncode == 0
        assert watch.stdout is not None and "巡查" in watch.stdout.readline()
        assert watch.poll() is None
    finally:
        watch.terminate()
        watch.communicate(timeout=30)
    assert watch.returncode == 0
