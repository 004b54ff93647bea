"""docs/architecture.md and CONTRIBUTING.md say what is so.

The picture is today's, files exist, a posted step passes what is named.
"""

import re
import subprocess
import sys
import uuid
from datetime import timedelta
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from django.test import Client

from tests.urls import url
from tests.world import make_department, register, take
from xinfang.accounts.models import Staff
from xinfang.cases.models import Petition
from xinfang.core.clock import today
from xinfang.procedure.step_codes import StepCode

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = ("docs/architecture.md", "CONTRIBUTING.md")
ARCHITECTURE = (ROOT / "docs/architecture.md").read_text("utf-8")
FILE = re.compile(r"`((?:xinfang|tests|scripts|docs)/[\w./-]+)`")
EXAMPLE = "xinfang/request_counts/"

MAX_FILES = 84
"""Files of the program that may be entered between the page of a step and its redirect; 83 today. Less is better.

Five of them keep the words of a step for search.
"""


def test_the_picture_is_made_from_the_contracts() -> None:
    done = subprocess.run([ROOT / "scripts/draw-layers", "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_another_picture_would_be_found(tmp_path: Path) -> None:
    """The script reads the contracts: a package more is a layer more, and one without a docstring is refused."""
    for name in ("scripts/draw-layers", "docs/architecture.md", "pyproject.toml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    for package in (ROOT / "xinfang").glob("*/__init__.py"):
        copied = tmp_path / "xinfang" / package.parent.name / "__init__.py"
        copied.parent.mkdir(parents=True)
        copied.write_bytes(package.read_bytes())
    script = [sys.executable, tmp_path / "scripts/draw-layers"]
    assert subprocess.run([*script, "--check"], check=False).returncode == 0
    contracts = (tmp_path / "pyproject.toml").read_text("utf-8")
    (tmp_path / "pyproject.toml").write_text(
        contracts.replace('    "papers",\n', '    "papers",\n    "weather",\n'), "utf-8"
    )
    (tmp_path / "xinfang/weather").mkdir()
    (tmp_path / "xinfang/weather/__init__.py").write_text("")
    unsaid = subprocess.run([*script, "--check"], capture_output=True, text=True, check=False)
    assert unsaid.returncode == 1 and "xinfang/weather/__init__.py" in unsaid.stderr
    (tmp_path / "xinfang/weather/__init__.py").write_text('"""Rain."""')
    assert subprocess.run([*script, "--check"], capture_output=True, check=False).returncode == 1
    assert subprocess.run(script, check=False).returncode == 0
    assert "| `weather` | Rain. |" in (tmp_path / "docs/architecture.md").read_text("utf-8")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_file_that_is_named_exists(document: str) -> None:
    named = [f for f in FILE.findall((ROOT / document).read_text("utf-8")) if not f.startswith(EXAMPLE)]
    assert len(named) > 5
    assert not [f for f in named if not (ROOT / f).exists()]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_leads_somewhere(document: str) -> None:
    file = ROOT / document
    links = [t for t in re.findall(r"\]\(([^)#]+)\)", file.read_text("utf-8")) if "://" not in t]
    assert links and not [t for t in links if not (file.parent / t).exists()]


class Passed:
    """Which files of the program a call enters, in order. `since`: counted only inside this function of this file."""

    def __init__(self, since: tuple[str, str] | None = None) -> None:
        self.files: list[str] = []
        self.since, self._inside = since, since is None

    def __enter__(self) -> "Passed":
        sys.setprofile(self._seen)
        return self

    def __exit__(self, *_: Any) -> None:
        sys.setprofile(None)

    def _seen(self, frame: FrameType, event: str, _: Any) -> None:
        code = frame.f_code
        if event not in ("call", "return") or not code.co_filename.startswith(f"{ROOT}/xinfang/"):
            return
        file = str(Path(code.co_filename).relative_to(ROOT))
        if (file, code.co_name) == self.since:
            self._inside = event == "call"
        if event == "call" and self._inside and file not in self.files:
            self.files.append(file)


def propose(passed: Passed) -> Passed:
    """The clerk proposes, on a case of their own, and what that passes."""
    day = today() - timedelta(days=3)
    number = register(day)
    take(number, StepCode.CLASSIFY, "clerk", day, matter_class="claim", route="six", purpose="claim")
    clerk = Client()
    clerk.force_login(Staff.objects.get(username="clerk"))
    fields = {"text": "建议由经费处承办。", "unit": "funds", "leader": "leader", "key": uuid.uuid4().hex}
    seen = Petition.objects.get(number=number).revision
    with passed:
        answer = clerk.post(url("step", number, StepCode.PROPOSE), {**fields, "seen": seen})
    assert answer.status_code == 302 and answer["Location"] == url("petition", number)
    return passed


@pytest.mark.django_db
def test_a_posted_step_passes_the_files_of_the_ten_lines() -> None:
    make_department()
    (life,) = re.findall(
        r"## Life of a posted step\n(.*?)\n\n[A-Z]", ARCHITECTURE.replace("\n\nSomebody", "\nSomebody"), re.DOTALL
    )
    assert re.findall(r"^(\d+)\. ", life, re.MULTILINE) == [str(n) for n in range(1, 11)]
    named = {f for f in FILE.findall(life) if not f.endswith("urls.py")}
    assert len(named) > 12
    passed = propose(Passed())
    assert not named - set(passed.files)


@pytest.mark.django_db
def test_a_posted_step_passes_no_more_files_than_it_does_today() -> None:
    make_department()
    propose(Passed())  # what is read once in a process is no part of a step
    passed = propose(Passed(since=("xinfang/casework/views/step.py", "take_step")))
    assert 30 < len(passed.files) <= MAX_FILES, "\n".join(passed.files)
