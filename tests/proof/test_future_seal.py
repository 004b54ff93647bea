"""A seal dated in the future, as a wrong clock has left it, stops no later seal; verify and /healthz say it."""

import json
from datetime import date, timedelta

import pytest
from django.test import Client

from tests.urls import url
from tests.world import make_department, noon
from xinfang.audit.actions import audit_log
from xinfang.audit.models import Seal
from xinfang.audit.seals import misdated_seals
from xinfang.operations.main import main
from xinfang.phrases.models import Phrase
from xinfang.proof.actions.sealing import make_seal
from xinfang.proof.verify import verify

pytestmark = pytest.mark.django_db
START = date(2026, 3, 2)


def day_by_day(first: int, last: int) -> list[date | None]:
    """The days of the seals made: something happens on each day, and the sweep comes by twice, seals, and once more."""
    made: list[Seal | None] = []
    for n in range(first, last + 1):
        day = START + timedelta(days=n)
        audit_log.record(None, "试验", f"第{n}天", noon(day))
        made += [make_seal(day, noon(day)), make_seal(day, noon(day) + timedelta(hours=1))]
    return [seal.day if seal else None for seal in made]


def test_seals_go_on_after_a_seal_dated_in_the_future() -> None:
    far = START + timedelta(days=200)
    audit_log.record(None, "试验", "零", noon(START))
    make_seal(far, noon(far))
    expected = [d for n in (1, 2, 3) for d in (START + timedelta(days=n), None)]
    assert day_by_day(1, 3) == expected
    assert [s.number for s in Seal.objects.order_by("number")] == [1, 2, 3, 4]
    # The day on which it is dated comes: it is sealed as any other.
    assert day_by_day(199, 201) == [d for n in (199, 200, 201) for d in (START + timedelta(days=n), None)]


def test_every_sweep_seals_what_is_new() -> None:
    audit_log.record(None, "试验", "零", noon(START))
    assert make_seal(START, noon(START))
    audit_log.record(None, "试验", "一", noon(START))
    second = make_seal(START, noon(START) + timedelta(minutes=10))
    assert second and second.number == 2 and second.records == 1
    assert make_seal(START, noon(START) + timedelta(minutes=20)) is None
    Phrase.objects.create(text="已收悉")
    third = make_seal(START, noon(START) + timedelta(minutes=30))
    assert third and third.records == 0 and third.states, "a row that no record tells of is sealed as well"


def test_verify_and_healthz_name_it_and_call_nothing_altered(capsys: pytest.CaptureFixture[str]) -> None:
    make_department()
    far = date(2099, 1, 1)
    audit_log.record(None, "试验", "零")
    make_seal(far, noon(far))
    proof = verify()
    assert proof.whole and proof.remarks == misdated_seals() and "第1号封印的时间 2099-01-01 12:00" in proof.remarks[0]
    assert main(["verify"]) == 0 and "注意：第1号封印" in capsys.readouterr().err
    assert main(["verify", "--json"]) == 0 and "第1号封印" in json.loads(capsys.readouterr().out)["remarks"][0]
    answer = Client().get(url("healthz"))
    assert answer.status_code == 200 and answer.json()["remarks"] == proof.remarks


def test_seals_in_order_are_not_remarked_upon() -> None:
    assert day_by_day(1, 3)[0] and verify().remarks == [] and verify().whole


def test_a_seal_dated_after_the_next_is_named_for_ever() -> None:
    far = START + timedelta(days=200)
    audit_log.record(None, "试验", "零", noon(START))
    make_seal(far, noon(far))
    day_by_day(1, 1)
    assert [s[:4] for s in misdated_seals(noon(far + timedelta(days=1000)))] == ["第1号封"]
