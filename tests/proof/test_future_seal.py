"""A seal dated in the future, as a wrong clock has left it, stops no later seal; verify and /healthz say it."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client

from tests.cases.racing import environment, run
from tests.world import make_department, noon
from xinfang.audit.actions.ledger import note
from xinfang.audit.models import Seal
from xinfang.audit.seals import misdated
from xinfang.operations.main import main
from xinfang.proof.actions.sealing import make_seal, seal_yesterday
from xinfang.proof.verifying import verify

pytestmark = pytest.mark.django_db
START = date(2026, 3, 2)
OLD = """
from datetime import timedelta
from django.core.management import call_command
from django.utils import timezone
from tests.steps import one_by_one
from tests.world import make_department
from xinfang.audit.actions.ledger import note
from xinfang.accounts.queries.actors import today
from xinfang.audit import guard
from xinfang.proof.actions.sealing import make_seal
call_command("migrate", verbosity=0)
make_department()
# The tables as the release before had them, with its people.
guard.remove()
one_by_one()
for app, step in (("records", "0016_reports_index"), ("people", "0002_accounts")):
    call_command("migrate", app, step, verbosity=0)
now, far = timezone.now(), timedelta(days=200)
note(None, "试验", "一", at=now - timedelta(days=AGO + 1))
make_seal(today(now + far), now + far)
note(None, "试验", "二", at=now - timedelta(days=AGO))
"""
UPGRADED = """
import json
from datetime import timedelta
from django.core.management import call_command
from tests.steps import one_by_one
one_by_one()
call_command("migrate", verbosity=0)
from django.utils import timezone
from xinfang.operations.actions.sweep import sweep
from xinfang.audit.models import Seal
from xinfang.trusted_time.queries import NotBelieved, trusted
from xinfang.proof.verifying import verify
was = (timezone.now() - trusted()).days
try:
    sweep()
    believed = True
except NotBelieved:
    believed = False
proof = verify()
print(json.dumps([was, believed, Seal.objects.count(), proof.whole, len(proof.remarks)]))
"""


def day_by_day(first: int, last: int) -> list[date | None]:
    """The days of the seals made: something happens on each day, and the sweep comes by twice."""
    made: list[Seal | None] = []
    for n in range(first, last + 1):
        day = START + timedelta(days=n)
        note(None, "试验", f"第{n}天", at=noon(day))
        made += [seal_yesterday(day, noon(day)), seal_yesterday(day, noon(day) + timedelta(hours=1))]
    return [seal.day if seal else None for seal in made]


def test_the_daily_seals_go_on_after_a_seal_dated_in_the_future() -> None:
    far = START + timedelta(days=200)
    note(None, "试验", "零", at=noon(START))
    make_seal(far, noon(far))
    expected = [d for n in (1, 2, 3) for d in (START + timedelta(days=n), None)]
    assert day_by_day(1, 3) == expected
    assert [s.number for s in Seal.objects.order_by("number")] == [1, 2, 3, 4]
    # The day on which it is dated comes: it is sealed as any other.
    assert day_by_day(199, 201) == [d for n in (199, 200, 201) for d in (START + timedelta(days=n), None)]


def test_two_servers_a_little_apart_around_midnight_make_one_seal() -> None:
    note(None, "试验", "零", at=noon(START))
    midnight = noon(START) + timedelta(hours=12)
    assert seal_yesterday(START + timedelta(days=1), midnight + timedelta(minutes=5))
    note(None, "试验", "一", at=midnight)
    assert seal_yesterday(START, midnight - timedelta(minutes=5)) is None


def test_verify_and_healthz_name_it_and_call_nothing_altered(capsys: pytest.CaptureFixture[str]) -> None:
    make_department()
    far = date(2099, 1, 1)
    note(None, "试验", "零")
    make_seal(far, noon(far))
    proof = verify()
    assert proof.whole and proof.remarks == misdated() and "第1号封印的时间 2099-01-01 12:00" in proof.remarks[0]
    assert main(["verify"]) == 0 and "注意：第1号封印" in capsys.readouterr().err
    assert main(["verify", "--json"]) == 0 and "第1号封印" in json.loads(capsys.readouterr().out)["remarks"][0]
    answer = Client().get("/healthz")
    assert answer.status_code == 200 and answer.json()["remarks"] == proof.remarks


def test_seals_in_order_are_not_remarked_upon() -> None:
    assert day_by_day(1, 3)[0] and verify().remarks == [] and verify().whole


def test_a_seal_dated_after_the_next_is_named_for_ever() -> None:
    far = START + timedelta(days=200)
    note(None, "试验", "零", at=noon(START))
    make_seal(far, noon(far))
    day_by_day(1, 1)
    assert [s[:4] for s in misdated(noon(far + timedelta(days=1000)))] == ["第1号封"]


def test_a_database_of_before_with_such_a_seal_goes_on_after_the_upgrade(tmp_path: Path) -> None:
    env = environment(tmp_path)
    run(env, OLD.replace("AGO", "2"))
    assert json.loads(run(env, UPGRADED).splitlines()[-1]) == [2, True, 2, True, 1]


def test_a_database_that_was_left_alone_for_three_weeks_asks_after_the_upgrade(tmp_path: Path) -> None:
    env = environment(tmp_path)
    run(env, OLD.replace("AGO", "21"))
    assert json.loads(run(env, UPGRADED).splitlines()[-1]) == [21, False, 1, True, 1]
