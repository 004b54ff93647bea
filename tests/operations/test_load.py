"""The demo loads through the rules, reaches every state, and leaves what is there alone."""

import ast
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from tests.tables import T
from xinfang.accounts.models import Absence, Duty, Staff, Unit
from xinfang.audit.models import AdminRecord
from xinfang.calendars.queries import calendar
from xinfang.cases.models import Deadline, Event, Petition
from xinfang.core.clock import today
from xinfang.notifications.models import Notification
from xinfang.operations.actions.sweep import run_sweep
from xinfang.operations.demo import people
from xinfang.operations.demo.load import OnlyInTheDemo, demo_petitions, load_demo
from xinfang.operations.demo.template_case import plan
from xinfang.operations.main import main
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import State
from xinfang.trusted_time.actions import set_trusted_time
from xinfang.trusted_time.queries import ClockNotBelieved, clock_doubt

pytestmark = pytest.mark.django_db
DEMO = Path(people.__file__).parent


def sentences() -> set[str]:
    """Every sentence that the demo fills in: of its data and of its program. A 文号 stays plain, and isn't one."""
    found: list[str] = []
    for file in DEMO.glob("data/petitions_*.toml"):
        found += texts_in(tomllib.loads(file.read_text("utf-8")))
    for node in ast.walk(ast.parse((DEMO / "step_answers.py").read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.append(node.value)
    return {t for t in found if len(t) > 5 and any("\u4e00" <= c <= "\u9fff" for c in t) and "〔" not in t}


def texts_in(value: Any) -> list[str]:
    if isinstance(value, dict):
        value = list(value.values())
    return [t for v in value for t in texts_in(v)] if isinstance(value, list) else [str(value)]


def rows(table: str) -> str:
    """All that a table holds, as text."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")
        return "\n".join(str(row) for row in cursor.fetchall())


def test_it_loads_every_case_and_a_second_time_nothing():
    loaded = load_demo()
    assert loaded.refused == ()
    assert loaded.petitions == len(demo_petitions()) == Petition.objects.count()
    assert loaded.steps == Event.objects.count()

    # History is only brought in from a file, and undone.
    assert set(Petition.objects.values_list("state", flat=True)) == (
        {s.value for s in State} - {State.HISTORY.value, State.UNDONE.value}
    )
    assert Petition.objects.filter(next_due__lt=today()).count() >= 5, "some cases are overdue"
    assert Deadline.objects.filter(stopped_on=None, due__gt=today()).exists(), "and some are not"
    assert not Event.objects.filter(recorded_at__gt=timezone.now()).exists(), "nothing happens after now"
    assert not Event.objects.filter(happened_on__gt=today()).exists()
    assert not any(s.has_usable_password() for s in Staff.objects.all())
    assert Absence.objects.filter(since__lte=today(), until__gte=today()).exists()

    events = rows(T.cases_event)
    wanted = sentences()
    assert len(wanted) > 300 and any(s in rows(T.cases_petition) for s in wanted), "the search finds what is there"
    assert [s for s in sorted(wanted) if s in events] == [], "no event says in plain what was written"

    before = (Petition.objects.count(), Event.objects.count(), Unit.objects.count(), Duty.objects.count())
    again = load_demo()
    assert again.already and again.steps == 0
    assert before == (Petition.objects.count(), Event.objects.count(), Unit.objects.count(), Duty.objects.count())


@pytest.mark.parametrize("days", range(0, 30, 3))
def test_every_plan_stays_in_order_and_before_today_whatever_the_day(days):
    day = today() - timedelta(days=days)
    cast = people.demo_staff(day)
    for petition in demo_petitions():
        moves = plan(petition, cast, day, calendar(), {})
        dates = [d for d, m in moves if m.code != StepCode.ENTER_REGIONAL]
        assert dates == sorted(dates)
        assert dates[-1] <= day


def test_it_never_comes_among_real_petitions(settings):
    settings.MODE = "production"
    with pytest.raises(OnlyInTheDemo):
        load_demo()
    assert not Unit.objects.exists()


def test_a_demo_that_stood_still_for_weeks_starts_again_and_its_administrator_is_on_record(
    capsys: pytest.CaptureFixture[str],
) -> None:
    load_demo()
    set_trusted_time(timezone.now() - timedelta(days=40))
    with pytest.raises(ClockNotBelieved):
        run_sweep()
    assert main(["demo"]) == 0
    assert "演示管理员" in capsys.readouterr().out and clock_doubt() is None
    kept = AdminRecord.objects.get(what="确认服务器时间")
    assert kept.by.duties.get().role == "system_administrator" and kept.detail["how"] == "演示启动"
    assert Notification.objects.filter(kind="time_confirmed").exists()
    assert run_sweep().overdue
    assert main(["demo"]) == 0 and AdminRecord.objects.filter(what="确认服务器时间").count() == 1
