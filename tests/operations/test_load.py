"""The demo loads through the rules, reaches every state, and leaves what is there alone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from xinfang.accounts.models import Absence, Duty, Staff, Unit
from xinfang.audit.models import AdminEvent
from xinfang.calendars.queries import calendar
from xinfang.cases.models import Deadline, Event, Petition
from xinfang.core.clock import today
from xinfang.notifications.models import Notice
from xinfang.operations.actions.sweep import sweep
from xinfang.operations.demo import people
from xinfang.operations.demo.load import OnlyInTheDemo, load, petitions
from xinfang.operations.demo.walk import plan
from xinfang.operations.main import main
from xinfang.procedure.words import State
from xinfang.trusted_time.actions import trust
from xinfang.trusted_time.queries import NotBelieved, doubt

pytestmark = pytest.mark.django_db


def test_it_loads_every_case_and_a_second_time_nothing():
    loaded = load()
    assert loaded.refused == ()
    assert loaded.petitions == len(petitions()) == Petition.objects.count()
    assert loaded.steps == Event.objects.count()

    # History is only brought in from a file.
    assert set(Petition.objects.values_list("state", flat=True)) == {s.value for s in State} - {State.HISTORY.value}
    assert Petition.objects.filter(next_due__lt=today()).count() >= 5, "some cases are overdue"
    assert Deadline.objects.filter(stopped_on=None, due__gt=today()).exists(), "and some are not"
    assert not Event.objects.filter(recorded_at__gt=timezone.now()).exists(), "nothing happens after now"
    assert not Event.objects.filter(happened_on__gt=today()).exists()
    assert not any(s.has_usable_password() for s in Staff.objects.all())
    assert Absence.objects.filter(since__lte=today(), until__gte=today()).exists()

    before = (Petition.objects.count(), Event.objects.count(), Unit.objects.count(), Duty.objects.count())
    again = load()
    assert again.already and again.steps == 0
    assert before == (Petition.objects.count(), Event.objects.count(), Unit.objects.count(), Duty.objects.count())


@pytest.mark.parametrize("days", range(0, 30, 3))
def test_every_plan_stays_in_order_and_before_today_whatever_the_day(days):
    day = today() - timedelta(days=days)
    cast = people.cast(day)
    for petition in petitions():
        moves = plan(petition, cast, day, calendar(), {})
        dates = [d for d, m in moves if m.code != "enter_regional"]
        assert dates == sorted(dates)
        assert dates[-1] <= day


def test_it_never_comes_among_real_petitions(settings):
    settings.MODE = "production"
    with pytest.raises(OnlyInTheDemo):
        load()
    assert not Unit.objects.exists()


def test_a_demo_that_stood_still_for_weeks_starts_again_and_its_administrator_is_on_record(
    capsys: pytest.CaptureFixture[str],
) -> None:
    load()
    trust(timezone.now() - timedelta(days=40))
    with pytest.raises(NotBelieved):
        sweep()
    assert main(["demo"]) == 0
    assert "演示管理员" in capsys.readouterr().out and doubt() is None
    kept = AdminEvent.objects.get(what="确认服务器时间")
    assert kept.by.duties.get().role == "system_administrator" and kept.detail["how"] == "演示启动"
    assert Notice.objects.filter(kind="time_confirmed").exists()
    assert sweep().overdue
    assert main(["demo"]) == 0 and AdminEvent.objects.filter(what="确认服务器时间").count() == 1
