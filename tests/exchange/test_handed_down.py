"""Matters handed down over the exchange are registered once, with the sender's number and date.

An objection goes back.
"""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.exchange.receiver import TOKEN, Receiver, Region
from tests.world import take
from xinfang.cases.models import Deadline, Petition
from xinfang.core.clock import today
from xinfang.exchange.actions import transfers
from xinfang.exchange.http_region import HttpRegion
from xinfang.exchange.models import Incoming, Outgoing
from xinfang.procedure.step_codes import StepCode

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]


def matter(number: str = "内信转〔2026〕88号", **changes: Any) -> dict[str, Any]:
    record = {
        "xfxs": "200",
        "xfmddm": "03",
        "gkxx": "反映科技特派员补助未发放",
        "tsnr": "来访人反映补助一直没有发放。",
        "xfrs": "1",
    }
    record.update(changes.pop("record", {}))
    return {
        "number": number,
        "sender": "自治区信访局",
        "sent_on": (today() - timedelta(days=2)).isoformat(),
        "assigned": True,
        "feedback_due": (today() + timedelta(days=40)).isoformat(),
        "record": record,
        "persons": [{"xm": "阿木尔", "sjhm": "15000000002", "zz": "某盟某旗"}],
        **changes,
    }


def fetch(region: Region, url: str) -> transfers.ExchangeReport:
    return transfers.run_exchange(HttpRegion(url, TOKEN, timeout=5))


def test_it_is_registered_with_number_and_date_and_confirmed() -> None:
    region = Region()
    region.matters = [matter()]
    with Receiver(region) as url:
        assert fetch(region, url).registered == 1
    petition = Petition.objects.get()
    assert (petition.source, petition.channel) == ("bureau_assigned", "visit")
    assert petition.sender_number == petition.external_number == "内信转〔2026〕88号"
    assert petition.sender_date == today() - timedelta(days=2) and petition.received_on == today()
    assert petition.petitioners.get().phone == "15000000002"
    assert region.confirmed == {"内信转〔2026〕88号": petition.number}
    assert Incoming.objects.get().confirmed_at is not None
    feedback = Deadline.objects.get(petition=petition, clock="assigned_feedback")
    assert feedback.due == today() + timedelta(days=40)
    assert Deadline.objects.get(petition=petition, clock="regional_entry").stopped_on is not None


def test_twice_without_doubling() -> None:
    region = Region()
    region.matters = [matter(), matter()]
    with Receiver(region) as url:
        fetch(region, url)
        # Their confirmation got lost: it is handed down again.
        region.confirmed.clear()
        assert fetch(region, url).registered == 0
    assert Petition.objects.count() == 1 and Incoming.objects.count() == 1


def test_it_stands_there_already_and_is_not_entered_again() -> None:
    region = Region()
    region.matters = [matter()]
    with Receiver(region) as url:
        fetch(region, url)
        number = Petition.objects.get().number
        take(number, StepCode.CLASSIFY, "clerk", matter_class="claim", route="six", purpose="claim")
        assert not Outgoing.objects.exists()


def test_an_objection_goes_back_with_the_senders_number() -> None:
    region = Region()
    region.matters = [matter()]
    with Receiver(region) as url:
        fetch(region, url)
        number = Petition.objects.get().number
        take(number, StepCode.OBJECT, "clerk", reason="属于人社部门职责。", right_body="自治区人社厅")
        fetch(region, url)
    sent = next(iter(region.entries.values()))["content"]
    assert sent["kind"] == "objection" and sent["external_number"] == "内信转〔2026〕88号"
    assert sent["objection"]["reason"] == "属于人社部门职责。"
    assert "阿木尔" not in str(sent), "who it is they know"


def test_a_completion_report_is_sent_to_the_bureau() -> None:
    region = Region()
    region.matters = [matter()]
    with Receiver(region) as url:
        fetch(region, url)
        number = Petition.objects.get().number
        take(
            number, StepCode.CLASSIFY, "clerk", matter_class="claim", competence="subordinate", not_ours="属于市级项目"
        )
        take(number, StepCode.FORWARD, "clerk", body="某市科技局", reason="属于市级项目")
        take(number, StepCode.REPORT_UP, "clerk", body="自治区信访局", completion=True, text="已办结。")
        fetch(region, url)
    (sent,) = (e["content"] for e in region.entries.values() if e["content"]["kind"] == "report")
    assert sent["report"]["completion"] is True


def test_a_report_of_wrongdoing_is_not_taken_in_here() -> None:
    region = Region()
    region.matters = [matter(record={"xfmddm": "04", "gkxx": "某人问题"})]
    with Receiver(region) as url:
        assert fetch(region, url).left == 1
    assert not Petition.objects.exists() and not region.confirmed
    row = Incoming.objects.get()
    assert row.state == "left" and "第三十条" in row.reason and "某人" not in row.reason


def test_what_cannot_be_registered_stays_there_and_keeps_its_first_day() -> None:
    region = Region()
    later = (today() + timedelta(days=3)).isoformat()
    region.matters = [matter(sent_on=later), matter("内信转〔2026〕89号")]
    with Receiver(region) as url:
        ran = fetch(region, url)
        assert (ran.registered, ran.left) == (1, 1), "one that can't be taken doesn't hold up the others"
        row = Incoming.objects.get(state="left")
        assert "来文日期" in row.reason
        Incoming.objects.filter(pk=row.pk).update(first_seen=timezone.now() - timedelta(days=4))
        region.matters[0]["sent_on"] = (today() - timedelta(days=5)).isoformat()
        assert fetch(region, url).registered == 1
    petition = Petition.objects.get(sender_number="内信转〔2026〕88号")
    assert petition.received_on == today() - timedelta(days=4), "the five working days run from when it first was there"


@pytest.mark.parametrize(
    "wrong",
    [
        {"record": None},
        {"persons": "其木格"},
        {"number": ""},
        {"sent_on": "昨天"},
        {"record": {"xfrs": "-1"}},
        {"record": {"tsnr": ["x"]}},
    ],
)
def test_what_cannot_be_read_is_said_and_holds_nothing_up(wrong: dict[str, Any]) -> None:
    bad = (
        {**matter(), **wrong}
        if wrong.get("record", 0) is None
        else matter(**wrong)
        if "number" not in wrong
        else matter("")
    )
    region = Region()
    region.matters = [bad, matter("内信转〔2026〕90号")]
    with Receiver(region) as url:
        ran = fetch(region, url)
    assert (ran.registered, ran.left) == (1, 1) and "不能识别" in ran.trouble and "其木格" not in ran.trouble
