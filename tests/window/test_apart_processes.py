"""The window apart as a process: killed it loses nothing acknowledged; the desk away, submissions wait, come once."""

import os
import random
import re
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from pathlib import Path
from uuid import uuid4

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests.operations.process import ROOT, program
from tests.window.apart_system import Desk, Window, environment
from tests.window.standing import PHONE
from xinfang.window.apart.urls import urlpatterns as of_the_window

Both = tuple[Desk, Window]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk with its tables and the kit of its window."""
    folder = tmp_path_factory.mktemp("apart")
    for name in ("desk", "window", "queue"):
        (folder / name).mkdir(mode=0o700)
    desk = Desk(folder / "desk", folder / "queue")
    desk.run("migrate")
    desk.run("window", "kit", str(folder / "window" / "window-kit.json"))
    desk.run("window", "publish")
    return folder


@pytest.fixture
def both(made: Path) -> Iterator[Both]:
    window = Window(made / "window", made / "queue")
    window.start()
    yield Desk(made / "desk", made / "queue"), window
    window.kill()


def test_killed_it_loses_nothing_acknowledged_and_what_waits_arrives_once(both: Both) -> None:
    desk, window = both
    draw, acknowledged, sent = random.Random(19), set(), {}

    def send(key: str) -> None:
        try:
            window.submit(f"请求补发补助{key}", key)
        except (OSError, HTTPException):
            return
        acknowledged.add(key)

    for _ in range(4):
        keys = [uuid4().hex for _ in range(40)]
        sent.update(dict.fromkeys(keys))
        with ThreadPoolExecutor(4) as people:
            work = [people.submit(send, key) for key in keys]
            enough = draw.randint(3, 30)
            while sum(w.done() for w in work) < enough:
                time.sleep(0.001)
            window.kill()
        window.start()
    assert 10 < len(acknowledged) < len(sent), "some were acknowledged, some were cut off"
    again = list(sent)[:: max(1, len(sent) // 20)]
    for key in again:
        send(key)  # the same form once more, as who saw no answer does
    there = list((window.queue / "up").glob("*.sealed"))
    assert len(there) >= len(acknowledged)
    # The desk comes back, and is killed again and again while it takes.
    for _ in range(5):
        taking = desk.start("window", "take")
        try:
            taking.wait(draw.uniform(1.2, 3.0))
        except subprocess.TimeoutExpired:
            os.killpg(taking.pid, signal.SIGKILL)
            taking.wait()
    desk.run("window", "take")
    assert not list((window.queue / "up").glob("*.sealed"))
    registered = Counter(subject.removeprefix("请求补发补助") for subject in desk.cases())
    assert set(registered.values()) == {1}, "each once"
    assert acknowledged <= set(registered) <= set(sent), "all that was acknowledged, and nothing made up"


def test_who_has_number_code_and_four_digits_follows_it_there_and_nobody_else(both: Both) -> None:
    desk, window = both
    number, code = window.receipt(window.submit("请求说明理由"))

    def page(code: str, proof: str) -> str:
        cookie = window.post("/window/follow/", {"number": number, "code": code, "proof": proof})[1]
        return window.get("/window/case/", cookie=cookie)[1]

    assert "正在转交登记" in page(code, PHONE[-4:])
    desk.run("window", "take")
    desk.run("window", "publish")
    assert "已经登记" in page(code.lower(), PHONE[-4:]) and "请求说明理由" in page(code, PHONE[-4:])
    assert page(code, "0000") == "" and page("0" * 16, PHONE[-4:]) == "", "led away to where the proof is asked for"


def addresses(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    """Every address of the desk, with something in its places."""
    for p in patterns:
        route = before + str(p.pattern)
        if isinstance(p, URLResolver):
            yield from addresses(p.url_patterns, route)
        else:
            yield "/" + re.sub(r"<int:\w+>", "1", re.sub(r"<(?:str|slug|path|\w+:)?:?\w+>", "LX2026000001", route))


def test_none_of_the_desks_addresses_exist_there_and_no_database(both: Both) -> None:
    _, window = both
    own = {"/" + str(p.pattern) for p in of_the_window}
    asked = [a for a in addresses(get_resolver("xinfang.config.urls").url_patterns) if a not in own]
    assert len(asked) > 100
    found = {a: window.get(a)[0] for a in asked if "papers/1/" not in a}
    assert {a for a, status in found.items() if status != 404} == set()
    lines = "import django; django.setup()\nfrom django.db import connection\nconnection.cursor()"
    settings = {k: v for k, v in environment(window.folder, "window", window.queue).items() if k.startswith("XINFANG_")}
    done = program(lines, **settings)
    assert done.returncode != 0 and "settings.DATABASES is improperly configured" in done.stderr
    kept = {p.name for p in window.folder.iterdir()}
    assert kept <= {"window-kit.json", "secret.key", "receipts", "limits.sqlite3"}


def test_commands_of_the_desk_say_where_they_belong(both: Both) -> None:
    _, window = both
    for words in (("sweep",), ("migrate",), ("window", "take"), ("staff", "list")):
        done = subprocess.run(
            ["xinfang", *words], env=environment(window.folder, "window", window.queue), capture_output=True, text=True,
            check=False, timeout=60,
        )  # fmt: skip
        assert done.returncode == 2 and "只运行信访窗口" in done.stderr, done.stderr


def test_each_command_of_the_two_zones_works_as_it_is_documented(tmp_path: Path) -> None:
    text = (ROOT / "docs/operations.md").read_text("utf-8")
    section = text.partition("## The window on a machine of its own")[2].partition("\n## ")[0]
    inner, outer, carrying = (
        block.replace("/srv/", f"{tmp_path}/") for block in re.findall(r"```sh\n(.*?)```", section, re.S)
    )
    (tmp_path / "xinfang").mkdir(mode=0o700)
    Desk(tmp_path / "xinfang/data", _made(tmp_path / "before")).run("migrate")
    base = {k: v for k, v in environment(tmp_path, "both", tmp_path).items() if not k.startswith("XINFANG_")}
    base |= {"XINFANG_MODE": "test", "XINFANG_RATE_LIMITS": "0"}

    def shell(block: str) -> None:
        done = subprocess.run(
            ["bash", "-euc", block], env=base, capture_output=True, text=True, check=False, timeout=90
        )
        assert done.returncode == 0, done.stderr[-2000:]

    shell(inner)
    *before, serve = outer.strip().splitlines()
    assert serve.startswith("xinfang serve --port ")
    shell("\n".join(before))
    window = Window(tmp_path / "window/data", tmp_path / "window/queue")
    window.start()
    try:
        number, code = window.receipt(window.submit("请求说明理由"))
        shell(carrying)
        cookie = window.post("/window/follow/", {"number": number, "code": code, "proof": PHONE[-4:]})[1]
        assert "已经登记" in window.get("/window/case/", cookie=cookie)[1]
        assert not list((tmp_path / "window/queue/up").glob("*.sealed")), "told that it was taken"
        shell(carrying)
    finally:
        window.kill()
    assert Desk(tmp_path / "xinfang/data", tmp_path / "xinfang/queue").cases() == ["请求说明理由"]


def _made(folder: Path) -> Path:
    folder.mkdir(mode=0o700)
    return folder
