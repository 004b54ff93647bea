"""Entries over a connection that fails, drops, repeats and delays arrive exactly once.

A killed sender changes nothing of that.

200 of them; `EXCHANGE=1000 pytest tests/exchange` sends a thousand, for minutes.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from tests.cases.racing import ROOT, environment, run
from tests.exchange.receiver import TOKEN, Receiver, Region
from tests.exchange.test_sending import CLAIM, Clock, reconciled, run_until_done
from tests.world import make_department, register, take
from xinfang.cases.models import Event, Petition
from xinfang.core.clock import today
from xinfang.exchange.models import Outgoing
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import load_step
from xinfang.procedure.steps import STEPS
from xinfang.proof.verify import verify

ENTRIES = int(os.environ.get("EXCHANGE", 200))
CAME = timedelta(days=30)


@pytest.mark.django_db
def test_entries_arrive_exactly_once() -> None:
    make_department()
    for _ in range(ENTRIES):
        take(register(today() - CAME), StepCode.CLASSIFY, "clerk", **CLAIM)
    assert load_step(STEPS[StepCode.CLASSIFY], CLAIM) and Outgoing.objects.count() == ENTRIES
    region = Region(fails=0.3, late=0.2, slow=0.002)
    with Receiver(region) as url:
        total = run_until_done(url, Clock())
        result = reconciled(url)
    assert len(region.entries) == ENTRIES and set(region.effects.values()) == {1}
    assert not region.changed_content, "each new try sends the same bytes"
    assert total.accepted == ENTRIES and total.dead == 0
    assert total.failed > ENTRIES * 0.3, "the line really was as bad as that"
    assert result.green and result.same == result.ours == result.theirs == ENTRIES
    numbers = dict(Petition.objects.values_list("number", "external_number"))
    assert numbers == {e["content"]["number"]: e["number"] for e in region.entries.values()}
    assert set(
        Counter(Event.objects.filter(code=StepCode.ENTER_REGIONAL).values_list("petition", flat=True)).values()
    ) == {1}
    assert verify().whole
    print(f"{ENTRIES} entries, {sum(region.calls.values())} calls, {total.failed} of them failed")


PREPARE = """
from datetime import timedelta
from xinfang.core.database import set_up; set_up()
from tests.world import make_department, register, take
from xinfang.accounts.queries.actors import today
make_department()
for _ in range(60):
    number = register(today() - timedelta(days=30))
    take(number, "classify", "clerk", matter_class="claim", route="six", purpose="claim")
"""
DUE_NOW = """
from django.utils import timezone
from xinfang.exchange.models import Outgoing
Outgoing.objects.update(next_try=timezone.now())
"""
COUNT = """
import json
from collections import Counter
from xinfang.cases.models import Event, Petition
from xinfang.exchange.models import Outgoing
from xinfang.proof.verify import verify
print(json.dumps({
    "states": Counter(Outgoing.objects.values_list("state", flat=True)),
    "entered": Event.objects.filter(code="enter_regional").count(),
    "numbers": len(set(Petition.objects.values_list("external_number", flat=True)) - {""}),
    "whole": verify().whole,
}))
"""


def sender(env: dict[str, str], *more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "xinfang.operations.main", "exchange", *more, "--json"],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_sender_that_is_killed_in_the_middle(tmp_path: Path) -> None:
    region = Region(fails=0.2, slow=0.02)
    with Receiver(region) as url:
        env = environment(tmp_path) | {
            "XINFANG_REGION_URL": url,
            "XINFANG_REGION_TOKEN": TOKEN,
            "XINFANG_LOG_LEVEL": "ERROR",
        }
        run(env, PREPARE)
        for kill_after in (5, 20, 40):
            worker = sender(env, "send", "--once")
            until = time.monotonic() + 60
            while len(region.entries) < kill_after and worker.poll() is None and time.monotonic() < until:
                time.sleep(0.005)
            assert worker.poll() is None, worker.communicate()[1]
            os.kill(worker.pid, signal.SIGKILL)
            worker.communicate()
        assert len(region.entries) < 60, "killed in the middle"
        for _ in range(20):
            run(env, DUE_NOW)
            sender(env, "send", "--once").communicate(timeout=120)
            found = json.loads(run(env, COUNT))
            if found["states"] == {"accepted": 60}:
                break
        assert found == {"states": {"accepted": 60}, "entered": 60, "numbers": 60, "whole": True}
        assert len(region.entries) == 60 and set(region.effects.values()) == {1} and not region.changed_content
        region.fails = 0
        reconciling = sender(env, "reconcile")
        out, said = reconciling.communicate(timeout=60)
        assert reconciling.returncode == 0, said
        assert json.loads(out)["green"] is True


def test_two_senders_are_one(tmp_path: Path) -> None:
    region = Region(slow=0.05)
    with Receiver(region) as url:
        env = environment(tmp_path) | {"XINFANG_REGION_URL": url, "XINFANG_REGION_TOKEN": TOKEN}
        run(env, PREPARE.replace("range(60)", "range(25)"))
        first = sender(env, "send", "--once")
        until = time.monotonic() + 60
        while not region.entries and time.monotonic() < until:
            time.sleep(0.01)
        second = sender(env, "send", "--once")
        _, said = second.communicate(timeout=60)
        assert second.returncode == 1 and "正在运行" in said
        first.communicate(timeout=60)
        assert first.returncode == 0 and len(region.entries) == 25


def test_without_an_address_nothing_is_sent(tmp_path: Path) -> None:
    env = environment(tmp_path)
    run(
        env,
        "from xinfang.core.database import set_up; set_up()\n"
        "from tests.world import make_department; make_department()",
    )
    worker = sender(env, "send", "--once")
    _, said = worker.communicate(timeout=60)
    assert worker.returncode == 2 and "XINFANG_REGION_URL" in said
