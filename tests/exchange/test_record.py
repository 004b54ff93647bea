"""The exchange record: its 48 numbered fields, and what of them never carries a value, whatever the case."""

import json
from datetime import timedelta

import pytest

from tests.world import register, take, walk
from xinfang.cases.models import Petition
from xinfang.cases.queries.petitions import facts_of
from xinfang.core.clock import today
from xinfang.exchange import case_record
from xinfang.exchange.actions import transfers
from xinfang.exchange.codes import code_table
from xinfang.exchange.models import Outgoing
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import Channel, Purpose, State

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]
CAME = timedelta(days=60)


def case_of(number: str) -> case_record.RecordSource:
    petition = Petition.objects.get(number=number)
    return case_record.RecordSource(
        petition, facts_of(petition), case_record.RecordSender("某自治区科学技术厅", "150000", "KJT")
    )


def every_kind_of_case() -> list[str]:
    """Cases as different as they come.

    By channel, group, co-signers, anonymous, about staff, repeated, walked to places.
    """
    person = {"name": "其木格", "phone": "15000000001", "address": "某盟某旗", "id_number": "15010219900101001X"}
    numbers = []
    for channel in Channel:
        numbers.append(register(today() - CAME, channel=channel.value))
    numbers.append(
        register(today() - CAME, channel="visit", group_size=7, persons=[{**person, "role": "representative"}])
    )
    numbers.append(register(today() - CAME, group_size=2, persons=[person, {**person, "role": "co_signer"}]))
    numbers.append(register(today() - CAME, anonymous=True, persons=[]))
    numbers.append(register(today() - CAME, complained_units=["funds"], complained_staff=["head"]))
    for place in ("instructed", "accepted", "replied", "served", "closed", "archived"):
        number = register(today() - CAME)
        walk(number, place, today() - CAME)
        numbers.append(number)
    again = register(today() - CAME)
    same = {"first": numbers[0], "same_person": True, "same_matter": True, "reason": "同人同事。"}
    take(again, StepCode.LINK_REPEAT, "clerk", **same)
    take(again, StepCode.LINK_REPEAT, "clerk2", agree=True)
    return [*numbers, again]


def test_all_48_numbered_fields_are_there_in_order() -> None:
    assert [f.number for f in case_record.RECORD_FIELDS] == list(range(1, 49))
    assert len({f.code for f in case_record.RECORD_FIELDS}) == 48
    unfilled = [f for f in case_record.RECORD_FIELDS if f.fill is None]
    assert all(f.why for f in unfilled), "what is left blank says why"


def test_what_must_never_leave_has_no_way_to_be_filled() -> None:
    assert {"yybz", "sksflbz", "jabz", "rdwt", "zdrybz", "jjffxbz", "cxm", "bfyrdw"} <= case_record.NEVER_EXPORTED
    fillable = {f.code for f in case_record.RECORD_FIELDS if f.fill} | {
        name for name, _, fill in case_record.PERSON_FIELDS if fill
    }
    assert not fillable & case_record.NEVER_EXPORTED
    for f in case_record.RECORD_FIELDS:
        if f.fill is None and "绝不导出" in f.why:
            assert f.code in case_record.NEVER_EXPORTED, f.code


def test_no_case_ever_carries_such_a_value() -> None:
    numbers = every_kind_of_case()
    for number in numbers:
        made = {
            "record": case_record.case_record(case_of(number)),
            "persons": case_record.person_records(Petition.objects.get(number=number)),
        }
        case_record.checked_content(made)
        carried = {k for k, v in made["record"].items() if v} | {k for p in made["persons"] for k, v in p.items() if v}
        assert not carried & case_record.NEVER_EXPORTED, number
        assert set(made["record"]) == {f.code for f in case_record.RECORD_FIELDS}
    assert len(numbers) > 12


def test_no_message_that_was_made_carries_such_a_value() -> None:
    """The same of every message the product itself queues, as the bytes that would be sent."""
    every_kind_of_case()
    names, count = set(), 0
    while (found := transfers.claim_message(transfers.timezone.now())) is not None:
        row, message = found
        content = json.loads(message.content)
        case_record.checked_content(content)
        names |= {k for part in ("record", "step") for k, v in content.get(part, {}).items() if v}
        Outgoing.objects.filter(pk=row.pk).update(state="accepted")
        count += 1
    assert count > 15 and {"xfjbh", "blfs"} <= names
    assert not names & case_record.NEVER_EXPORTED


@pytest.mark.parametrize("name", sorted(case_record.NEVER_EXPORTED))
def test_the_door_stops_whatever_somebody_adds(name: str) -> None:
    """The guard can fail.

    A field that is filled tomorrow, however deep it lies and however it is spelled, is stopped.
    """
    for content in (
        {"record": {name: "1"}},
        {"persons": [{"xm": "其木格", name: "是"}]},
        {"step": {"more": {name.upper(): 1}}},
    ):
        with pytest.raises(case_record.ForbiddenContent) as stopped:
            case_record.checked_content(content)
        assert stopped.value.names == [n for n in stopped.value.names if n.lower() == name]
        assert "其木格" not in str(stopped.value)
    assert case_record.checked_content({"record": {name: ""}}) == {"record": {name: ""}}


def test_a_message_that_would_carry_one_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    number = register(today() - CAME)
    take(number, StepCode.CLASSIFY, "clerk", matter_class="claim", route="six", purpose="claim")
    made = case_record.case_record
    monkeypatch.setattr(case_record, "case_record", lambda case: {**made(case), "yybz": "1"})
    assert transfers.claim_message(transfers.timezone.now()) is None
    row = Outgoing.objects.get()
    assert row.state == "refused" and "yybz" in row.reason and row.content_sealed is None


def test_the_fields_say_what_the_case_says() -> None:
    numbers = every_kind_of_case()
    by_channel = dict(zip(Channel, numbers, strict=False))
    assert case_record.case_record(case_of(by_channel[Channel.VISIT]))["xfxs"] == "200"
    group = case_record.case_record(case_of(numbers[5]))
    assert group["xfrs"] == "7" and group["lmbz"] == "0"
    assert case_record.case_record(case_of(numbers[6]))["lmbz"] == "1"
    assert case_record.case_record(case_of(numbers[7]))["nmbz"] == "1"
    again = case_record.case_record(case_of(numbers[-1]))
    assert (again["cfxfbz"], again["bjgccbz"]) == ("1", "0")
    closed = case_record.case_record(
        case_of(next(n for n in numbers if facts_of(Petition.objects.get(number=n)).closed_on))
    )
    assert closed["bjbz"] == "1" and closed["gkbz"] == "0" and closed["xzqh"] == "150000"


def test_a_long_letter_is_cut_where_the_field_ends() -> None:
    number = register(today() - CAME, body="长" * 9000)
    text = case_record.case_record(case_of(number))["tsnr"]
    assert len(text) == 4000 and text.endswith("…")


def test_every_word_has_a_code() -> None:
    assert set(code_table("channel")) == {c.value for c in Channel}
    assert set(code_table("purpose")) == {p.value for p in Purpose}
    # Handed over means a report of wrongdoing: it never leaves this way. Nor does history, which nobody has classified.
    assert set(code_table("state")) == {s.value for s in State} - {"handed_over", "history", "undone"}


def test_a_sealed_case_makes_no_record() -> None:
    number = register(today() - CAME)
    take(number, StepCode.CLASSIFY, "clerk", matter_class="report")
    with pytest.raises(AssertionError):
        case_record.case_record(case_of(number))
