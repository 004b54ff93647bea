"""The weekly digest: counts only, once a person and week, whatever was missed and however many workers run."""

from datetime import date, timedelta

import pytest

from tests.world import LETTER, noon, register, sweep_on, take, walk, who
from xinfang.accounts.actions.people import AdminChangeRefused, add_absence
from xinfang.accounts.models import Staff
from xinfang.department.actions import set_setting
from xinfang.notifications.models import Notification
from xinfang.operations.actions import weekly_digest
from xinfang.procedure.step_codes import StepCode
from xinfang.supervision.models import WeeklyDigest

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]
MONDAY = date(2026, 3, 2)


def digests(username: str = "") -> list[str]:
    rows = Notification.objects.filter(kind="weekly").order_by("id")
    return list((rows.filter(staff__username=username) if username else rows).values_list("text", flat=True))


def people() -> set[str]:
    return set(Notification.objects.filter(kind="weekly").values_list("staff__username", flat=True))


def test_it_counts_what_each_has_in_charge() -> None:
    handled, fresh = register(MONDAY), register(MONDAY)
    day = walk(handled, "heard", MONDAY, 0)
    take(handled, StepCode.SUPERVISE, "clerk", day, ground="overdue", text="请抓紧", feedback_on="2026-03-20")
    assert sweep_on(date(2026, 3, 16)).weekly == 6
    assert people() == {"clerk", "clerk2", "office_head", "principal", "leader", "head"}
    # The notice on the fresh one ends on 17 March, the supervision on 20 March.
    assert "未办结 2 件，本周到期 2 件，已超期 0 件，督办未反馈 1 件" in digests("clerk")[0]
    assert "未办结 1 件，本周到期 1 件，已超期 0 件，督办未反馈 1 件" in digests("head")[0]
    assert digests("leader") == digests("head")
    for text in digests():
        assert "（规程第五条）" in text
        assert not [w for w in (handled, fresh, LETTER["subject"], "其木格", "斯琴", "经费处") if w in text]


def test_once_a_week_and_again_the_next() -> None:
    register(MONDAY)
    for day in (16, 16, 17, 20, 22):
        sweep_on(date(2026, 3, day))
    assert len(digests("clerk")) == 1
    sweep_on(date(2026, 3, 23))
    assert len(digests("clerk")) == 2
    assert [w.begins for w in WeeklyDigest.objects.all()] == [date(2026, 3, 23), date(2026, 3, 16)]


def test_a_missed_monday_is_made_up_for_on_the_next_day() -> None:
    register(MONDAY)
    sweep_on(date(2026, 3, 18))
    assert WeeklyDigest.objects.get().begins == date(2026, 3, 16)
    assert "3月16日起一周" in digests("clerk")[0]
    sweep_on(date(2026, 3, 23))
    assert len(digests("clerk")) == 2


def test_nothing_to_tell_tells_nobody_and_is_not_looked_for_again(django_assert_max_num_queries) -> None:
    assert sweep_on(MONDAY).weekly == 0
    assert not digests() and WeeklyDigest.objects.get().people == 0
    with django_assert_max_num_queries(1):
        assert weekly_digest.send_weekly_digest(noon(MONDAY + timedelta(days=1))) == 0


def test_the_weekday_is_a_setting_and_changing_it_tells_no_week_twice() -> None:
    register(MONDAY)
    sweep_on(date(2026, 3, 16))
    set_setting("weekly_digest_day", "星期三", since=date(2026, 3, 17), by=None)
    sweep_on(date(2026, 3, 18))
    assert len(digests("clerk")) == 1
    sweep_on(date(2026, 3, 23))
    assert len(digests("clerk")) == 1
    sweep_on(date(2026, 3, 25))
    assert len(digests("clerk")) == 2
    with pytest.raises(AdminChangeRefused, match="只能是：星期一"):
        set_setting("weekly_digest_day", "天天", by=None)


def test_whoever_stands_in_gets_it_and_who_is_hidden_from_counts_nothing() -> None:
    number = register(MONDAY, complained_staff=["clerk2"])
    walk(number, "heard", MONDAY, 0)
    people_ = {s.username: s for s in Staff.objects.all()}
    add_absence(people_["head"], deputy=people_["handler2"], since=MONDAY, until=date(2099, 1, 1), by=None)
    sweep_on(date(2026, 3, 9))
    assert {"handler2", "head"} <= people() and "clerk2" not in people()


def test_a_sealed_report_is_in_nobodys_count() -> None:
    number = register(MONDAY)
    take(number, StepCode.CLASSIFY, "clerk", MONDAY, matter_class="report")
    assert sweep_on(date(2026, 3, 9)).weekly == 0
    assert not weekly_digest.digest_numbers(who("clerk"), date(2026, 3, 9), MONDAY).anything
