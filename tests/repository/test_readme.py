"""What the READMEs promise is run: the commands they name work, and both languages name the same ones."""

import os
import re
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

from tests.urls import url

ROOT = Path(__file__).parents[2]
READMES = ("README.md", "README.zh.md")


def commands(name: str) -> list[str]:
    """Commands of a README: lines of its sh blocks without their comment, and `.venv/bin/…` in the text."""
    text = (ROOT / name).read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    lines = [line.split("#")[0].strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line] + re.findall(r"`(\.venv/bin/[^`]+)`", text)


def test_both_languages_name_the_same_commands() -> None:
    assert commands("README.md") == commands("README.zh.md")
    assert {"make run", "make test"} <= set(commands("README.md"))


@pytest.mark.parametrize("name", READMES)
def test_what_the_readme_points_to_exists(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    targets = [t for t in re.findall(r"\]\(([^)]+)\)", text) if "://" not in t]
    assert targets and not [t for t in targets if not (ROOT / t).exists()]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What a terminal knows after `make run` and the command of the README, the demo being in a folder of its own."""
    (line,) = (c for c in commands("README.md") if c.startswith("export "))
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("XINFANG_", "DJANGO_", "PYTEST_"))}
    environment |= dict(word.split("=") for word in line.split()[1:])
    assert environment["XINFANG_DATA"] == "./var", "where `make run` puts it"
    environment["XINFANG_DATA"] = str(tmp_path_factory.mktemp("demo") / "var")
    made = [".venv/bin/xinfang", "demo"]
    assert subprocess.run(made, cwd=ROOT, env=environment, capture_output=True, check=False).returncode == 0
    return environment


@pytest.mark.parametrize("command", [c for c in commands("README.md") if c.startswith(".venv")])
def test_a_command_of_the_readme_runs(command: str, demo: dict[str, str]) -> None:
    done = subprocess.run(command.split(), cwd=ROOT, env=demo, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


@pytest.mark.parametrize("command", [".venv/bin/xinfang explain", ".venv/bin/xinfang due handling --from 2026-08-02"])
def test_what_needs_no_case_runs_in_any_terminal(command: str) -> None:
    assert command in commands("README.md")
    environment = {"PATH": os.environ["PATH"]}
    done = subprocess.run(command.split(), cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and done.stdout.strip(), done.stderr


def test_make_run_leaves_real_data_alone(tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("XINFANG_", "DJANGO_", "PYTEST_"))}
    environment["XINFANG_DATA"] = str(tmp_path / "var")
    for words in (["migrate"], ["staff", "add", "first", "--name", "某人"]):
        subprocess.run([".venv/bin/xinfang", *words], cwd=ROOT, env=environment, capture_output=True, check=True)
    run = ["make", "run", f"PORT={_free_port()}"]
    done = subprocess.run(run, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode != 0 and "XINFANG_MODE" in done.stderr and "http" not in done.stdout


def test_make_test_is_what_the_build_machine_runs() -> None:
    assert "make test" in (ROOT / ".ci/run").read_text(encoding="utf-8")
    plan = subprocess.run(["make", "-n", "test"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "pytest" in plan and "ruff" in plan and "mypy" in plan and "lint-imports" in plan


def _free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port: int = s.getsockname()[1]
        return port


def test_make_run_opens_the_desk(tmp_path: Path) -> None:
    port = _free_port()
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("XINFANG_", "DJANGO_", "PYTEST_"))}
    environment["XINFANG_DATA"] = str(tmp_path / "var")
    log = tmp_path / "log"
    with log.open("w") as out:
        server = subprocess.Popen(
            ["make", "run", f"PORT={port}"], cwd=ROOT, env=environment, stdout=out, stderr=out, start_new_session=True
        )
    try:
        page = _wait_for(f"http://127.0.0.1:{port}{url('login')}", server, log)
        assert "信访事项办理" in page and "办公室" in page
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=30)
    assert {p.name for p in tmp_path.iterdir()} == {"var", "log"}


def _wait_for(url: str, server: "subprocess.Popen[bytes]", log: Path) -> str:
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline:
        assert server.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                text: str = answer.read().decode()
                return text
        except OSError:
            # Not listening yet; wait for the process or a quarter of a second, whichever comes first.
            try:
                server.wait(timeout=0.25)
            except subprocess.TimeoutExpired:
                continue
    raise AssertionError(log.read_text())
