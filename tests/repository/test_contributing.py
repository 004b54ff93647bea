"""The example of CONTRIBUTING.md is carried out in a copy of the program: a feature is one folder and two lines.

And a system that is in use when a release brings a feature: it is brought up to date, and so is a backup of before.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.urls import url

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
FILES = dict(re.findall(r"`(xinfang/request_counts/[\w/.]+)`:\n\n```\w+\n(.*?)```\n", TEXT, re.DOTALL))
LINES = re.findall(r"```diff\n--- (\S+)\n (.*)\n\+(.*)\n```", TEXT)
COPIED = ("xinfang", "tests", "benchmarks", "scripts", "docs")
SCRIPT = re.findall(r"```sh\n(mkdir .*?)```", TEXT, re.DOTALL)[0].splitlines()


class Program:
    """A program on a data folder: this repository, or the copy that has the feature."""

    def __init__(self, code: Path, data: Path) -> None:
        self.code, self.data = code, data

    def on(self, data: Path) -> "Program":
        return Program(self.code, data)

    def run(self, *words: str) -> "subprocess.CompletedProcess[str]":
        env = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "LANG": "C.UTF-8",
            "PYTHONPATH": f"{self.code}:{ROOT}",  # the tests' invented department comes from here
            "DJANGO_SETTINGS_MODULE": "xinfang.config.settings",
            "XINFANG_DATA": str(self.data),
            "XINFANG_MODE": "test",
            "XINFANG_HOSTS": "testserver",
        }
        return subprocess.run(words, cwd=self.code, env=env, capture_output=True, text=True, check=False)

    def xinfang(self, *words: str, code: int = 0) -> str:
        """What a command says on both its outputs."""
        done = self.run(sys.executable, "-m", "xinfang.operations.main", *words)
        assert done.returncode == code and "Traceback" not in done.stderr, done.stdout + done.stderr
        return done.stdout + done.stderr

    def python(self, lines: str) -> str:
        done = self.run(sys.executable, "-c", f"import django; django.setup()\n{lines}")
        assert done.returncode == 0, done.stderr
        return done.stdout


def test_the_example_is_whole() -> None:
    assert {Path(f).name for f in FILES} == {
        "__init__.py", "models.py", "projections.py", "queries.py", "views.py", "counts.html", "urls.py",
        "navigation.py", "commands.py",
    }  # fmt: skip
    assert [file for file, _, _ in LINES] == [
        *(
            "xinfang/config/features.py",
            "pyproject.toml",
            "xinfang/audit/coverage.py",
            "tests/matrix/table.py",
            "xinfang/help/places.py",
        ),
    ]


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """The program with the feature, made as CONTRIBUTING.md says."""
    code = tmp_path_factory.mktemp("later")
    for folder in COPIED:
        shutil.copytree(ROOT / folder, code / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", code)
    (code / ".venv").symlink_to(ROOT / ".venv")
    for name, text in FILES.items():
        (code / name).parent.mkdir(parents=True, exist_ok=True)
        (code / name).write_text(text, "utf-8")
    for name, above, line in LINES:
        lines = (code / name).read_text("utf-8").splitlines()
        assert lines.count(above) == 1, f"{name} has no longer exactly one line {above}"
        lines.insert(lines.index(above) + 1, line)
        (code / name).write_text("\n".join(lines) + "\n", "utf-8")
    program = Program(code, code / "data")
    before_its_table(program.on(tmp_path_factory.mktemp("unmade") / "data"))
    *made, migrated, rebuilt = SCRIPT
    assert (migrated, rebuilt) == (".venv/bin/xinfang migrate", ".venv/bin/xinfang rebuild")
    for line in made:
        done = program.run("bash", "-c", line)
        assert done.returncode == 0, f"{line}: {done.stdout}{done.stderr}"
    assert (code / "xinfang/request_counts/migrations/0001_initial.py").exists()
    return program


def before_its_table(program: Program) -> None:
    """Between adding the folder and making its migration, commands name what is missing."""
    program.xinfang("migrate")
    program.python("from tests.world import make_department; make_department()")
    said = program.xinfang("rebuild", "--check", code=1)
    assert "request_counts_requestcount" in said and "makemigrations" in said


def test_nothing_else_changes(later: Program) -> None:
    """What the repository checks of itself holds with the feature, too: style, the picture, the matrix of addresses."""
    for words in (
        ("ruff", "check", "."),
        ("ruff", "format", "--check", "."),
        ("scripts/draw-layers", "--check"),
        ("pytest", "-q", "-p", "no:cacheprovider", "tests/matrix", "-k", "test_every_address_is_in_the_table"),
        ("pytest", "-q", "-p", "no:cacheprovider", "tests/repository/test_one_door.py", "-k", "passed_on_to_a_page"),
    ):
        done = later.run(*words)
        assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"


FILL = "from datetime import date; from tests.world import *; make_department(); print(register(date(2026, 3, 2)))"
PAGE = """
from tests.world import *
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import Client
from xinfang.accounts.actions import sign_ins
client, staff = Client(), Staff.objects.get(username="clerk")
session = client.session
session[SESSION_KEY], session[HASH_SESSION_KEY] = str(staff.pk), staff.get_session_auth_hash()
session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
session.save()
sign_ins.register_sign_in(session, staff, "127.0.0.1", "测试", second_factor=True)
session.save()
client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
answer = client.get("/request-counts/")
print(answer.status_code, answer.content.decode())
"""


def test_its_page_its_command_and_its_rows_are_there(later: Program) -> None:
    assert "0 个" not in later.xinfang("migrate")
    number = later.python(FILL).strip()
    rows = (
        "from xinfang.request_counts.models import RequestCount as R;"
        " print(*R.objects.values_list('petition__number', 'requests'))"
    )
    assert later.python(rows).strip() == f"('{number}', 2)"
    assert later.xinfang("request-counts") == "共 1 件、2 项诉求。\n"
    assert "request-counts" in later.xinfang("--help")
    page = later.python(PAGE)
    assert (
        page.startswith("200")
        and f'<a href="{url("petition", number)}">{number}</a></td><td class="num">2</td>' in page
    )
    assert 'href="/request-counts/"' in page, "and the navigation leads there"
    assert "没有差异" in later.xinfang("rebuild", "--check")
    later.python("from xinfang.request_counts.models import RequestCount as R; R.objects.update(requests=7)")
    said = later.xinfang("rebuild", "--check", code=1)
    assert f"{number} request_counts_requestcount：requests 与记录不符" in said
    later.xinfang("rebuild")
    assert "没有差异" in later.xinfang("rebuild", "--check")


def test_the_contracts_hold_and_hold_it(later: Program) -> None:
    kept = later.run("lint-imports")
    assert kept.returncode == 0 and "5 kept, 0 broken" in kept.stdout, kept.stdout
    done = later.run(sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run")
    assert done.returncode == 0, done.stdout
    wrong = {
        "views.py": ("from .models import RequestCount", "Pages and commands know no table"),
        "queries.py": ("from .views import counts", "Inside a feature"),
        "models.py": ("from xinfang.supervision.models import SupervisionGroundRow", "The layers"),
        "../procedure/limits.py": ("import django", "The procedure is pure Python"),
    }
    for name, (line, contract) in wrong.items():
        file = later.code / "xinfang/request_counts" / name
        before = file.read_text("utf-8")
        file.write_text(f"{before}\n{line}\n", "utf-8")
        done = later.run("lint-imports", "--no-cache")
        file.write_text(before, "utf-8")
        assert done.returncode != 0 and re.search(rf"^{contract}.*?BROKEN", done.stdout, re.DOTALL | re.MULTILINE), name


def test_a_system_in_use_is_brought_up_to_date(later: Program, tmp_path: Path) -> None:
    before = Program(ROOT, tmp_path / "data")
    before.xinfang("migrate")
    number = before.python(FILL).strip()
    backup = tmp_path / "backup"
    before.xinfang("backup", str(backup))

    after = later.on(before.data)
    for words in (("staff", "list"), ("show", number), ("sweep",), ("request-counts",)):
        said = after.xinfang(*words, code=1)
        assert said == "数据库有 1 项升级未执行，请先运行 xinfang migrate（升级前请备份）。\n"
    assert "没有差异" in before.xinfang("rebuild", "--check"), "until then the release of before goes on"
    assert "执行 1 项升级" in after.xinfang("migrate")
    made_since(after, number)
    assert "执行 0 项升级" in after.xinfang("migrate")
    assert "数据表不同" in before.xinfang("staff", "list", code=2), "which doesn't know the new table"

    empty = later.on(tmp_path / "empty")
    empty.data.mkdir(mode=0o700)
    shutil.copytree(before.data / "keys", empty.data / "keys")
    assert "升级 1 项" in empty.xinfang("restore", str(backup))
    made_since(empty, number)


def made_since(system: Program, number: str) -> None:
    """The case of before gets its row by `rebuild`, a new one gets it by itself."""
    said = system.xinfang("rebuild", "--check", code=1)
    assert f"{number} request_counts_requestcount：缺少一行" in said and "1 处差异" in said
    system.xinfang("rebuild")
    system.python("from datetime import date; from tests.world import register; register(date(2026, 3, 3))")
    assert "没有差异" in system.xinfang("rebuild", "--check")
    assert system.xinfang("request-counts") == "共 2 件、4 项诉求。\n"
    system.xinfang("verify")
