"""The exchange on a real PostgreSQL: the queue, its locks, and two who settle the same receipt at once."""

import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from tests import postgres
from tests.exchange.receiver import Receiver, Region
from tests.exchange.test_sending import CLAIM, Clock, reconciled, run_until_done
from tests.world import make_department, register, take
from xinfang.cases.models import Event, Petition
from xinfang.core.clock import today
from xinfang.exchange.actions import transfers
from xinfang.exchange.models import Outgoing
from xinfang.exchange.protocol import ExchangeReceipt
from xinfang.procedure.step_codes import StepCode
from xinfang.proof.verify import verify

CAME = timedelta(days=30)


@pytest.fixture
def on_postgres(django_db_blocker):
    with django_db_blocker.unblock(), postgres.server() as description, postgres.as_default(description):
        postgres.migrate()
        make_department()
        yield description


def classified() -> str:
    number = register(today() - CAME)
    take(number, StepCode.CLASSIFY, "clerk", **CLAIM)
    return number


def test_what_waits_arrives_once_and_reconciles(on_postgres):
    numbers = [classified() for _ in range(25)]
    take(numbers[0], StepCode.PROPOSE, "clerk", text="属本厅职责。", unit="funds", leader="leader")
    take(numbers[0], StepCode.INSTRUCT, "leader", text="同意。")
    take(numbers[0], StepCode.ACCEPT, "clerk", contact="0471-0000000")
    region = Region(fails=0.3, late=0.3)
    with Receiver(region) as url:
        run_until_done(url, Clock())
        assert reconciled(url).green
    assert len(region.entries) == 26 and set(region.effects.values()) == {1} and not region.changed_content
    assert len(set(Petition.objects.values_list("external_number", flat=True))) == 25
    assert verify().whole


def test_one_receipt_from_two_at_once_enters_the_number_once(on_postgres):
    number = classified()
    assert transfers.claim_message(timezone.now()) is not None
    together, outcomes = threading.Barrier(3), []

    def settle() -> None:
        with postgres.as_default(on_postgres):
            together.wait()
            try:
                outcomes.append(
                    transfers.settle_receipt(
                        ExchangeReceipt(f"{number}-entry", accepted=True, number="NMXF1"), timezone.now()
                    )
                )
            finally:
                connections.close_all()

    threads = [threading.Thread(target=settle) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [False, False, True]
    assert Event.objects.filter(code=StepCode.ENTER_REGIONAL).count() == 1


def test_a_clerk_who_enters_it_by_hand_while_it_is_claimed(on_postgres):
    """Both lock the case first, so neither waits for the other for ever.

    And only one of the two numbers can come first.
    """
    number = classified()
    together, trouble = threading.Barrier(2), []

    def act(what) -> None:
        with postgres.as_default(on_postgres):
            together.wait()
            try:
                what()
            except Exception as e:
                trouble.append(e)
            finally:
                connections.close_all()

    threads = [
        threading.Thread(target=act, args=(what,))
        for what in (
            lambda: transfers.claim_message(timezone.now()),
            lambda: take(number, StepCode.ENTER_REGIONAL, "clerk", external_number="手工1"),
        )
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not trouble
    assert Outgoing.objects.get().state in ("sending", "by_hand")
