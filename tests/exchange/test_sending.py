"""What waits arrives exactly once, however the other side behaves; what must not leave doesn't."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from tests.exchange.receiver import TOKEN, Receiver, Region
from tests.world import make_department, register, take, walk, who
from xinfang.accounts.models import Staff
from xinfang.cases.models import AccessLogEntry, Event, EventText, Petition
from xinfang.core.clock import today
from xinfang.exchange.actions import transfers
from xinfang.exchange.http_region import HttpRegion
from xinfang.exchange.models import ExchangeMark, Outgoing
from xinfang.procedure.step_codes import StepCode
from xinfang.proof.actions.rebuild import rebuild
from xinfang.proof.verify import verify
from xinfang.trusted_time.actions import set_trusted_time

pytestmark = pytest.mark.django_db
CLAIM = {"matter_class": "claim", "route": "six", "purpose": "claim"}
CAME = timedelta(days=30)


@pytest.fixture(autouse=True)
def department() -> None:
    make_department()
    set_trusted_time(timezone.now())


def classified(**changes: object) -> str:
    number = register(today() - CAME, **changes)
    take(number, StepCode.CLASSIFY, "clerk", today() - CAME, **CLAIM)
    return number


class Clock:
    """A clock that the test moves on: pauses between tries are real, waiting for them isn't."""

    def __init__(self) -> None:
        self.at = timezone.now()

    def __call__(self) -> datetime:
        return self.at

    def on(self, **by: float) -> None:
        self.at += timedelta(**by)


def run_until_done(url: str, clock: Clock, most: int = 200) -> transfers.ExchangeReport:
    total = transfers.ExchangeReport()
    for _ in range(most):
        set_trusted_time(clock())  # the sweep goes on meanwhile
        client = HttpRegion(url, TOKEN, timeout=5)
        ran = transfers.run_exchange(client, now=clock)
        client.close()
        total.failed += ran.failed
        total.accepted += ran.accepted
        total.dead += ran.dead
        if not Outgoing.objects.filter(state__in=("waiting", "sending", "sent")).exists():
            return total
        clock.on(hours=9)
    raise AssertionError(Outgoing.objects.values_list("state", "tries", "reason")[:5])


def reconciled(url: str) -> transfers.Reconciliation:
    region = HttpRegion(url, TOKEN, timeout=5)
    for _ in range(100):
        try:
            return transfers.reconcile(region.held())
        except transfers.RegionUnavailable:
            region.close()
    raise AssertionError("never reached")


def test_nothing_is_queued_before_the_matter_is_classified() -> None:
    number = register(today() - CAME)
    assert not Outgoing.objects.exists()
    take(number, StepCode.CLASSIFY, "clerk", **CLAIM)
    row = Outgoing.objects.get()
    assert (row.key, row.kind, row.state) == (f"{number}-entry", "entry", "waiting")
    assert row.content_sealed is None, "its content is made when it goes"


def test_a_step_and_its_message_are_kept_together_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    number = register(today() - CAME)

    def fails(*_: object, **__: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr("xinfang.exchange.projections.insert_many", fails)
        with pytest.raises(RuntimeError):
            take(number, StepCode.CLASSIFY, "clerk", **CLAIM)
    assert Petition.objects.get(number=number).matter_class == ""
    assert not Outgoing.objects.exists()


def test_an_entry_brings_its_number_back_into_the_case() -> None:
    number = classified()
    region = Region()
    with Receiver(region) as url:
        assert run_until_done(url, Clock()).accepted == 1
    petition = Petition.objects.get(number=number)
    assert petition.external_number == "NMXF00000001"
    event = Event.objects.get(petition=petition, code=StepCode.ENTER_REGIONAL)
    assert event.by is None and event.by_role == "system"
    content = region.entries[f"{number}-entry"]["content"]
    assert content["record"]["xfjbh"] == number and content["record"]["xfxs"] == "100"
    assert content["persons"][0]["sjhm"] == "15000000001"
    row = Outgoing.objects.get()
    assert row.state == "accepted" and row.content_sealed is None and len(row.digest) == 64
    assert AccessLogEntry.objects.filter(petition=petition, what="export").count() == 1
    assert verify().whole


def test_while_the_clock_is_not_believed_nothing_is_sent_fetched_or_entered() -> None:
    classified()
    clock = Clock()
    clock.on(days=200)
    with Receiver(Region()) as url:
        ran = transfers.run_exchange(HttpRegion(url, TOKEN, timeout=5), now=clock)
        assert ran.sent == ran.accepted == 0 and "晚 200 天" in ran.trouble
        assert Outgoing.objects.get().state == "waiting" and not ExchangeMark.objects.exists()
        assert not Event.objects.filter(code=StepCode.ENTER_REGIONAL).exists()
        set_trusted_time(clock())
        assert run_until_done(url, clock).accepted == 1


def test_what_was_put_off_while_the_clock_was_ahead_goes_once_it_is_put_back() -> None:
    number = classified()
    Outgoing.objects.update(next_try=timezone.now() + timedelta(days=200))
    with Receiver(Region()) as url:
        assert run_until_done(url, Clock(), most=1).accepted == 1
    assert Petition.objects.get(number=number).external_number


def test_the_steps_follow_their_entry_in_order() -> None:
    number = classified()
    walk_on = [(StepCode.PROPOSE, "clerk", {"text": "属本厅职责。", "unit": "funds", "leader": "leader"})]
    walk_on += [
        (StepCode.INSTRUCT, "leader", {"text": "同意，我包案。"}),
        (StepCode.ACCEPT, "clerk", {"contact": "0471-0000000"}),
    ]
    for code, by, answers in walk_on:
        take(number, code, by, **answers)
    region = Region()
    with Receiver(region) as url:
        run_until_done(url, Clock())
    kinds = [e["content"]["kind"] for e in region.entries.values()]
    assert kinds == ["entry", "step"], "what the department does internally isn't told"
    step = list(region.entries.values())[1]["content"]
    assert step["external_number"] == "NMXF00000001" and step["step"]["blfs"] == "受理"
    # Proposal and instruction are working papers.
    assert "包案" not in str(region.entries)


def test_a_whole_walk_is_told_and_reconciles() -> None:
    number = register(today() - CAME)
    walk(number, "closed", today() - CAME)
    region = Region()
    with Receiver(region) as url:
        run_until_done(url, Clock())
        result = reconciled(url)
    assert result.green and result.same == result.ours == result.theirs == len(region.entries)
    told = [e["content"]["step"]["blfs"] for e in region.entries.values() if e["content"]["kind"] == "step"]
    assert told == ["受理", "转办", "出具意见书", "送达", "办结"] or told == [
        "受理",
        "交办",
        "出具意见书",
        "送达",
        "办结",
    ]
    reply = next(e["content"]["step"] for e in region.entries.values() if "yjsnr" in e["content"].get("step", {}))
    assert "予以支持" in reply["yjsnr"] and "无不同意见" not in str(region.entries), "advice is internal"


def test_a_report_of_wrongdoing_never_leaves() -> None:
    number = register(today() - CAME)
    take(number, StepCode.CLASSIFY, "clerk", matter_class="report")
    assert Petition.objects.get(number=number).sealed and not Outgoing.objects.exists()


def test_what_is_sealed_after_it_was_queued_is_withheld() -> None:
    number = classified()
    take(number, StepCode.CLASSIFY, "clerk", matter_class="report")
    assert Outgoing.objects.get().state == "withheld"
    region = Region()
    with Receiver(region) as url:
        transfers.run_exchange(HttpRegion(url, TOKEN))
    assert not region.entries


def test_what_was_withheld_of_a_case_wrongly_sealed_goes_after_all() -> None:
    number = classified()
    take(number, StepCode.SEAL, "clerk", reason="疑似检举控告")
    assert Outgoing.objects.get().state == "withheld"
    take(number, StepCode.UNSEAL, "sealed", reason="误转")
    assert Outgoing.objects.get().state == "waiting"
    Outgoing.objects.all().delete()
    rebuild([number])
    assert Outgoing.objects.get().state == "waiting"
    region = Region()
    with Receiver(region) as url:
        transfers.run_exchange(HttpRegion(url, TOKEN))
    assert list(region.entries) == [f"{number}-entry"]


def test_what_was_typed_in_by_hand_is_not_sent_again() -> None:
    number = classified()
    take(number, StepCode.ENTER_REGIONAL, "clerk", external_number="手工0001")
    assert Outgoing.objects.get().state == "by_hand"
    region = Region()
    region.entries["somebody"] = {"key": "", "number": "手工0001", "digest": "", "content": {}}
    with Receiver(region) as url:
        transfers.run_exchange(HttpRegion(url, TOKEN))
        assert len(region.entries) == 1
        assert reconciled(url).green


@pytest.mark.parametrize("row", ["lost", "waiting again"])
def test_what_was_typed_in_by_hand_is_not_sent_when_its_row_was_lost_or_altered(row: str) -> None:
    number = classified()
    take(number, StepCode.ENTER_REGIONAL, "clerk", external_number="手工0001")
    if row == "lost":
        Outgoing.objects.all().delete()
        rebuild([number])
        assert Outgoing.objects.get().state == "by_hand"
    else:
        Outgoing.objects.update(state="waiting")
    region = Region()
    with Receiver(region) as url:
        transfers.run_exchange(HttpRegion(url, TOKEN))
    assert not region.entries and Outgoing.objects.get().state == "by_hand"


def test_a_lost_row_of_a_case_that_was_sealed_comes_back_withheld() -> None:
    number = classified()
    take(number, StepCode.CLASSIFY, "clerk", matter_class="report")
    Outgoing.objects.all().delete()
    rebuild([number])
    assert Outgoing.objects.get().state == "withheld"


def test_a_message_whose_case_cannot_be_read_holds_up_no_package() -> None:
    bad, good = classified(), classified()
    EventText.objects.filter(event__petition__number=bad).update(sealed=b"damaged")
    packed = transfers.package_waiting(who("clerk"), staff=Staff.objects.get(username="clerk"), reason="每周报送")
    assert [m.key for m in packed] == [f"{good}-entry"]
    assert Outgoing.objects.get(petition__number=bad).state == "dead"


def test_a_refusal_is_shown_and_goes_again_as_a_new_message() -> None:
    number = classified()
    region = Region()
    region.refuse[f"{number}-entry"] = "内容分类代码为空，联系人 15000000001"
    with Receiver(region) as url:
        transfers.run_exchange(HttpRegion(url, TOKEN))
        row = Outgoing.objects.get()
        assert row.state == "refused" and row.reason == "内容分类代码为空，联系人 ****"
        again = transfers.send_again(row, staff=Staff.objects.get(username="clerk"))
        assert again.key == f"{number}-entry.2" and again.content_sealed is None
        transfers.run_exchange(HttpRegion(url, TOKEN))
    assert Outgoing.objects.get().state == "accepted" and list(region.entries) == [f"{number}-entry.2"]


def test_pauses_grow_and_then_the_office_looks() -> None:
    classified()
    clock, pauses = Clock(), []
    for n in range(1, transfers.MAX_TRIES + 1):
        found = transfers.claim_message(clock())
        assert found is not None
        row, _ = found
        transfers._later(row, "连接中断", clock())
        row.refresh_from_db()
        pauses.append((row.next_try - clock()).total_seconds() / 60)
        assert row.tries == n
        clock.at = row.next_try
    assert pauses[:4] == [2, 4, 8, 16] and pauses[-1] == 512
    assert Outgoing.objects.get().state == "dead"
    assert transfers.claim_message(clock()) is None


def test_a_line_that_is_down_costs_one_try_and_says_so() -> None:
    for _ in range(12):
        classified()
    ran = transfers.run_exchange(HttpRegion("http://127.0.0.1:9/api", TOKEN, timeout=1))
    assert ran.failed == 10, "then the run ends instead of trying every message against it"
    assert ran.trouble == "对方没有开机或端口不对"
    assert set(Outgoing.objects.values_list("state", flat=True)) == {"waiting"}


def test_a_wrong_token_costs_no_message_a_try() -> None:
    classified()
    region = Region()
    with Receiver(region) as url:
        ran = transfers.run_exchange(HttpRegion(url, "wrong"))
    assert "令牌" in ran.trouble and Outgoing.objects.get().tries == 0
    assert ExchangeMark.objects.get(pk="run").data["trouble"] == ran.trouble


def test_late_and_repeated_receipts_change_nothing_twice() -> None:
    number = classified()
    region = Region(late=1)
    with Receiver(region) as url:
        client = HttpRegion(url, TOKEN)
        transfers.run_exchange(client)
        assert Outgoing.objects.get().state == "sent"
        for _ in range(3):
            transfers.run_exchange(client)
    assert Outgoing.objects.get().state == "accepted"
    assert Event.objects.filter(petition__number=number, code=StepCode.ENTER_REGIONAL).count() == 1


def test_a_lost_receipt_is_found_by_reconciling() -> None:
    number = classified()
    region = Region(late=1)
    with Receiver(region) as url:
        transfers.run_exchange(HttpRegion(url, TOKEN))
        result = reconciled(url)
        assert len(result.late) == 1 and result.green
        assert Petition.objects.get(number=number).external_number == "NMXF00000001"
        assert reconciled(url).same == 1


def test_every_difference_is_named() -> None:
    numbers = [classified() for _ in range(4)]
    region = Region()
    with Receiver(region) as url:
        run_until_done(url, Clock())
        del region.entries[f"{numbers[0]}-entry"]
        region.entries[f"{numbers[1]}-entry"]["digest"] = "0" * 64
        region.entries[f"{numbers[2]}-entry"]["number"] = "another"
        region.entries["x"] = dict(region.entries[f"{numbers[3]}-entry"])
        region.entries["y"] = {"key": "foreign-entry", "number": "n", "digest": "d", "content": {}}
        result = reconciled(url)
    assert {(d.what, d.key) for d in result.differences} == {
        ("missing_there", f"{numbers[0]}-entry"),
        ("content_differs", f"{numbers[1]}-entry"),
        ("number_differs", f"{numbers[2]}-entry"),
        ("twice_there", f"{numbers[3]}-entry"),
        ("unknown_here", "foreign-entry"),
    }
    assert not result.green and ExchangeMark.objects.get(pk="reconcile").data["green"] is False
