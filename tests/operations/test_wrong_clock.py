"""A wrong clock is not believed.

Real commands on a database that ends 200 days before, or begins 200 days after, what the clock shows.
"""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests import postgres
from tests.backup.system import cli
from tests.cases.racing import ROOT, environment, run
from tests.night import only_at_night

FILL = """
from datetime import timedelta
from django.core.management import call_command; call_command("migrate", verbosity=0)
from xinfang.core import installation; installation.record_installation()
from django.utils import timezone
from tests.world import make_department, register
from xinfang.accounts.queries.actors import today
make_department()
for _ in range(5):
    register(today() + timedelta(days=DAYS - 1))
"""
SWEPT_THEN = """
from datetime import timedelta
from django.utils import timezone
from xinfang.operations.actions.sweep import run_sweep
run_sweep(timezone.now() + timedelta(days=DAYS))
"""
NEXT_DAYS = """
from datetime import timedelta
from django.utils import timezone
from xinfang.audit.actions.audit_log import record
from xinfang.operations.actions.sweep import run_sweep
from xinfang.audit.models import Seal
before = Seal.objects.count()
for day in (1, 2, 3):
    then = timezone.now() + timedelta(days=day)
    record(None, "试验", f"第{day}天", then)
    run_sweep(then)
    # What the first sweep of a week or a month notes itself, the second one seals; the third finds nothing new.
    run_sweep(then)
    made = Seal.objects.count()
    run_sweep(then)
    assert Seal.objects.count() == made
print(len(set(Seal.objects.filter(number__gt=before).values_list("day"))))
"""
SIGNED_IN = """
from xinfang.audit.actions.audit_log import record
from xinfang.accounts.models import Staff
record(Staff.objects.get(username="clerk"), "登录", "乌兰（clerk）")
"""
STATE = """
import json
from xinfang.audit.models import AdminRecord, Seal
from xinfang.cases.models import Event
from xinfang.notifications.models import Notification
from xinfang.procedure.step_codes import StepCode
from xinfang.exchange.models import Outgoing
from xinfang.supervision.models import WeeklyDigest
from xinfang.trusted_time.queries import trusted_now
from xinfang.proof.verify import verify
codes = (StepCode.WARN, StepCode.MARK_OVERDUE, StepCode.ESCALATE)
print(json.dumps({
    **{code.name.lower(): Event.objects.filter(code=code).count() for code in codes},
    "notices": Notification.objects.count(), "seals": Seal.objects.count(), "digests": WeeklyDigest.objects.count(),
    "trusted": str(trusted_now()), "whole": verify().whole,
}))
"""
HEALTH = """
from django.test import Client
from django.urls import reverse
answer = Client().get(reverse("healthz"), headers={"host": "localhost"})
print(answer.status_code, answer.content.decode())
"""


def code(text: str, days: int) -> str:
    return text.replace("DAYS", str(days))


def state(env: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(env, STATE))
    assert found.pop("whole")
    return found


def health(env: dict[str, str]) -> tuple[int, dict[str, Any]]:
    status, _, body = run(env, HEALTH).strip().partition(" ")
    return int(status), json.loads(body)


def swept_at(data: Path, days: int, database: str = "") -> dict[str, str]:
    """A department whose cases came, and whose last sweep was, this many days from now."""
    env = environment(data, database)
    run(env, code(FILL, days) + code(SWEPT_THEN, days))
    return env


def nothing_is_written(env: dict[str, str], way: str) -> None:
    """The commands that run by themselves refuse with one sentence, and leave everything as it was."""
    before = state(env)
    for command in (["sweep"], ["seal", "--json"]):
        status, out, err = cli(env, *command)
        said = err.splitlines()[-1]
        assert status == 3 and said.startswith("服务器时间 ") and f"{way} " in said, err
        assert "xinfang time confirm --by" in said
        assert "--json" not in command or json.loads(out)["refused"][0]["reason"] == said
    status, told = health(env)
    assert (status, told["ok"], told["clock"]) == (503, False, False) and f"{way} " in told["says"]
    assert state(env) == before


def confirmed(env: dict[str, str]) -> None:
    status, out, err = cli(env, "time", "confirm", "--by", "admin", "--reason", "与授时网站一致，系统停用半年")
    assert status == 0 and "管理员已确认服务器时间" in out, err
    assert cli(env, "time", "show")[0] == 0 and health(env)[0] == 200


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=only_at_night)])
def test_200_days_ahead_nothing_is_marked_escalated_told_or_sealed_until_confirmed(tmp_path: Path, kind: str) -> None:
    if kind == "sqlite":
        ahead(swept_at(tmp_path, -200))
        return
    with postgres.server() as server:
        ahead(swept_at(tmp_path, -200, postgres.address(server)))


def ahead(env: dict[str, str]) -> None:
    assert state(env)["mark_overdue"] == 0 and state(env)["seals"] == 1
    nothing_is_written(env, "晚")
    run(env, SIGNED_IN)  # signing in under the wrong clock makes it no truer
    nothing_is_written(env, "晚")
    confirmed(env)
    status, _, err = cli(env, "sweep")
    after = state(env)
    assert status == 0 and after["mark_overdue"] == 10 and after["escalate"] == 5 and after["notices"] > 30, err
    assert after["seals"] == 2
    assert run(env, NEXT_DAYS).split()[-1] == "3"
    assert cli(env, "verify")[0] == 0


def test_200_days_behind_nothing_is_written_until_confirmed_and_then_each_day_is_sealed(tmp_path: Path) -> None:
    """As after finding 5: the sweep ran 200 days ahead and sealed; then the clock was put right."""
    env = swept_at(tmp_path, 200)
    assert state(env)["seals"] == 1
    nothing_is_written(env, "早")
    confirmed(env)
    assert cli(env, "sweep")[0] == 0
    assert state(env)["seals"] == 2, "what happened since, and the confirmation"
    for said in (cli(env, "verify")[2], health(env)[1]["remarks"][0]):
        assert "第1号封印的时间" in said and "服务器时钟偏快" in said
    assert run(env, NEXT_DAYS).split()[-1] == "3"
    assert cli(env, "verify")[0] == 0


def test_a_clock_put_back_after_a_wrong_confirmation_is_caught_again(tmp_path: Path) -> None:
    env = environment(tmp_path)
    run(
        env,
        code(FILL, -3) + code(SWEPT_THEN, -2) + "from xinfang.trusted_time.actions import set_trusted_time\n"
        "set_trusted_time(timezone.now() + timedelta(days=200))",
    )
    run(env, code(SWEPT_THEN, 200))
    nothing_is_written(env, "早")


@only_at_night
def test_a_nine_day_holiday_is_not_asked_about_and_eleven_days_are(tmp_path: Path) -> None:
    short, long = swept_at(tmp_path / "short", -9), swept_at(tmp_path / "long", -11)
    assert cli(short, "sweep")[0] == 0
    nothing_is_written(long, "晚")


@only_at_night
def test_the_watch_goes_on_asking_and_goes_on_by_itself_once_it_is_confirmed(tmp_path: Path) -> None:
    env = swept_at(tmp_path, -200)
    watch = subprocess.Popen(
        [sys.executable, "-m", "xinfang.operations.main", "sweep", "--every", "5"],
        cwd=ROOT, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert watch.stdout is not None and watch.stderr is not None
        asked = 0
        while asked < 2:
            line = watch.stderr.readline()
            assert line, "it died"
            asked += line.startswith("服务器时间 ")
        assert state(env)["mark_overdue"] == 0
        confirmed(env)
        assert watch.stdout.readline().startswith("巡查 ")
        assert state(env)["mark_overdue"] == 10
        watch.send_signal(signal.SIGTERM)
        watch.communicate(timeout=30)
        assert watch.returncode == 0
    finally:
        watch.kill()
