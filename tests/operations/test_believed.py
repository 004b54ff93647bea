"""Which clocks are believed.

Over any sequence of jumps nothing is dated far from what was known; who may say that a clock is right.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.world import make_department, noon, register, sweep_on
from xinfang.accounts.models import Staff
from xinfang.audit.actions import audit_log
from xinfang.audit.actions.audit_log import AdminChangeRefused
from xinfang.audit.models import AdminRecord, Seal
from xinfang.cases.models import Event, Petition
from xinfang.core import pk_cache
from xinfang.notifications.models import Notification
from xinfang.operations.actions.sweep import run_sweep
from xinfang.supervision.models import WeeklyDigest
from xinfang.trusted_time import queries as trusted_time
from xinfang.trusted_time.actions import confirm_time
from xinfang.trusted_time.models import TrustedTime
from xinfang.trusted_time.queries import AHEAD, BEHIND, ClockNotBelieved

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 2)
HOUR = timedelta(hours=1)

hours = st.one_of(
    st.integers(-3, 30),
    st.integers(-24 * 300, 24 * 300),
    st.sampled_from([-1, 0, 24 * 10, 24 * 10 + 1, -24 * 10]),
)
moves = st.lists(st.tuples(hours, st.sampled_from(("sweep", "sweep", "work", "confirm"))), min_size=1, max_size=12)


def written() -> dict[str, int]:
    kinds: tuple[Any, ...] = (Event, Notification, Seal, WeeklyDigest, AdminRecord)
    return {kind.__name__: kind.objects.count() for kind in kinds}


def admin() -> Staff:
    return Staff.objects.get(username="admin")


@given(moves)
@example([(24 * 200, "sweep"), (0, "work"), (0, "sweep"), (0, "confirm"), (0, "sweep"), (-24 * 200, "sweep")])
@example([(24 * 200, "work"), (-24 * 199, "sweep"), (24 * 9, "sweep"), (24 * 9, "sweep"), (24 * 11, "sweep")])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_clock_does_nothing_is_dated_far_from_what_was_known(steps: list[tuple[int, str]]) -> None:
    with transaction.atomic():
        pk_cache.clear()
        make_department()
        register(MONDAY)
        run_sweep(noon(MONDAY))
        # What a careful person beside the machine would know: the last time that was believed or confirmed, and what
        # was recorded since somebody last looked.
        last = newest = now = noon(MONDAY)
        for jump, what in steps:
            now += jump * HOUR
            before, places = written(), {k.__name__: k.objects.count() for k in (Event, AdminRecord)}
            if what == "work":
                audit_log.record(admin(), "试验", "有人在办公", now)
                newest = max(newest, now)
            elif what == "confirm":
                try:
                    confirm_time(by=admin(), reason="核对过", how="网页", now=now)
                    last = newest = now
                except AdminChangeRefused:
                    assert written() == before
            else:
                believable = newest - BEHIND <= now <= last + AHEAD and now >= last - BEHIND
                try:
                    run_sweep(now)
                except ClockNotBelieved:
                    assert not believable and written() == before
                    continue
                assert believable
                new = list(Event.objects.order_by("id").values_list("recorded_at", flat=True))[places["Event"] :]
                assert all(at == now and newest - BEHIND <= at <= last + AHEAD for at in new)
                last, newest = max(last, now), max(newest, now)
        transaction.set_rollback(True)


@pytest.fixture
def department() -> None:
    make_department()
    register(MONDAY)
    sweep_on(MONDAY)


def ahead(days: int = 200) -> datetime:
    return noon(MONDAY + timedelta(days=days))


@pytest.mark.usefixtures("department")
@pytest.mark.parametrize(
    ("by", "reason", "shown", "says"),
    [
        ("clerk", "核对过", None, "由系统管理员确认"),
        ("office_head", "核对过", None, "由系统管理员确认"),
        ("admin", " ", None, "请填写理由"),
        ("admin", "长" * 201, None, "超过 200 字"),
        ("admin", "核对\x07过", None, "控制"),
        ("admin", "核对过", timedelta(minutes=11), "请重新核对后再确认"),
        ("admin", "核对过", timedelta(days=-200), "请重新核对后再确认"),
    ],
)
def test_a_confirmation_without_right_reason_or_the_time_that_was_shown_is_refused(
    by: str, reason: str, shown: timedelta | None, says: str
) -> None:
    now, before = ahead(), written()
    with pytest.raises(AdminChangeRefused, match=says):
        confirm_time(
            by=Staff.objects.get(username=by), reason=reason, how="网页", shown=now - shown if shown else None, now=now
        )
    assert written() == before and trusted_time.clock_doubt(now)


@pytest.mark.usefixtures("department")
def test_nobody_moves_the_trusted_time_where_the_clock_is_believed() -> None:
    for now in (ahead(0), ahead(10)):
        with pytest.raises(AdminChangeRefused, match="不用确认"):
            confirm_time(by=admin(), reason="想提前", how="网页", now=now)
    assert trusted_time.trusted_now() == noon(MONDAY)


@pytest.mark.usefixtures("department")
def test_a_confirmation_is_on_record_and_told_to_the_auditor_and_the_security_administrator() -> None:
    confirm_time(by=admin(), reason="与授时网站一致", how="网页", now=ahead())
    kept = AdminRecord.objects.latest("id")
    assert (kept.what, kept.by, kept.at, kept.target) == ("确认服务器时间", admin(), ahead(), "2026-09-18 12:00")
    assert kept.detail == {"was": "2026-03-02 12:00", "reason": "与授时网站一致", "how": "网页"}
    told = Notification.objects.filter(kind="time_confirmed")
    assert set(told.values_list("staff__username", flat=True)) == {"auditor", "security"}
    assert all("管理员（admin）确认服务器时间 2026-09-18 12:00 无误" in n.text for n in told)
    assert run_sweep(ahead()).overdue


@pytest.mark.usefixtures("department")
def test_records_dated_ahead_are_asked_about_once_and_not_again() -> None:
    """The clock was ahead while people worked, and was put right: one confirmation, then nobody is asked any more."""
    audit_log.record(admin(), "试验", "时钟偏快时", ahead())
    with pytest.raises(ClockNotBelieved, match="比最近一条记录的时间 2026-09-18 12:00 早"):
        run_sweep(ahead(1))
    confirm_time(by=admin(), reason="时钟已改正", how="网页", now=ahead(1))
    for days in (1, 2, 3):
        run_sweep(ahead(days))


def test_a_digest_begun_under_a_clock_that_was_ahead_does_not_silence_the_weeks_until_then() -> None:
    make_department()
    register(MONDAY)
    sweep_on(MONDAY + timedelta(days=200))
    assert sweep_on(MONDAY + timedelta(days=7)).weekly > 0


def test_an_empty_system_believes_its_first_clock() -> None:
    run_sweep(datetime(2026, 3, 2, tzinfo=UTC))
    assert TrustedTime.objects.get().at == datetime(2026, 3, 2, tzinfo=UTC)


def test_where_nothing_was_ever_swept_the_newest_record_is_what_is_known() -> None:
    make_department()
    register(MONDAY)
    assert trusted_time.clock_doubt(ahead(10)) is None
    found = trusted_time.clock_doubt(ahead(11))
    assert found and found.recorded and "比最近一条记录的时间 2026-03-02 12:00 晚 11 天" in found.sentence
    assert Petition.objects.count() == 1 and not TrustedTime.objects.exists()
