"""Decisions about units and staff are recorded by one person and confirmed by another.

They are corrected by a new record, and never changed.
"""

from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction

from tests.attachments import made
from tests.personnel_decisions.recording import DISCIPLINE, NAME, SECRET, answered, answers, confirmed, recorded, staff
from tests.tables import T
from tests.world import register, who
from xinfang.attachments.filecheck import NotAccepted
from xinfang.audit.models import AdminRecord
from xinfang.backup.making import make_backup
from xinfang.core import file_store
from xinfang.core.clock import today
from xinfang.notifications.models import Notification
from xinfang.operations.actions import key_rotation
from xinfang.personnel_decisions import actions as rewards
from xinfang.personnel_decisions.models import Decision, DecisionAnswer, DecisionKey
from xinfang.personnel_decisions.queries import decisions as kept
from xinfang.procedure.personnel_decisions import RecordedDecision
from xinfang.procedure.rules import Refused
from xinfang.procedure.step_schema import load_step
from xinfang.procedure.visibility import NotVisible
from xinfang.proof.verify import verify
from xinfang.vault.keys import version_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {r.code for r in refused.value.reasons}


def opened(row: Decision) -> kept.DecisionContent:
    return kept.decrypt_decision(Decision.objects.select_related("answer", "kept_key").get(pk=row.pk))


def test_it_is_recorded_and_confirmed_by_another() -> None:
    row = recorded("handler", **DISCIPLINE)
    assert row.number == f"JC{today().year}-0001"
    assert {n.staff.username for n in Notification.objects.filter(kind="decision_waiting")} == {
        "leader",
        "leader2",
        "principal",
    }
    assert not kept.readable_decisions(who("handler")).exists(), "before it is confirmed it counts for nothing"
    answered(row.number)
    ended = Notification.objects.filter(kind="decision_waiting").values_list("ended_why", flat=True)
    assert set(ended) == {"此项记录已经确认"}, "nobody is asked any more"
    assert kept.readable_decisions(who("handler")).get() == row
    said = opened(row)
    assert (said.what.person, said.what.text, said.file_name) == ("handler", SECRET, NAME)
    assert {n.staff.username for n in Notification.objects.filter(kind="decision_confirmed")} == {"handler"}
    assert verify().whole and file_store.check_files() == []


def test_the_log_holds_a_hash_and_nothing_of_the_content() -> None:
    confirmed("handler", **DISCIPLINE)
    lines = AdminRecord.objects.filter(target__startswith="JC")
    assert [e.what for e in lines.order_by("id")] == [kept.RECORDED, kept.CONFIRMED]
    for line in lines:
        assert set(line.detail) == {"digest"} and len(line.detail["digest"]) == 64


def test_nothing_lies_in_plain() -> None:
    """Neither database nor disk nor the messages hold the text, the name of the file, or whom it concerns."""
    row = confirmed("handler", **DISCIPLINE)
    with connection.cursor() as cursor:
        for table in (
            T.personnel_decisions_decision,
            T.personnel_decisions_decisionanswer,
            T.personnel_decisions_decisionkey,
        ):
            cursor.execute(f"SELECT * FROM {table}")
            stored = repr(cursor.fetchall())
            assert not [w for w in (SECRET, "巴特尔", "handler", "责令改正", "n45_1") if w in stored]
    for file in Path(settings.FILES_DIR).rglob("*"):
        assert made.png() not in (file.read_bytes() if file.is_file() else b"")
    said = " ".join(Notification.objects.exclude(staff__username="handler").values_list("text", flat=True))
    assert not [w for w in (SECRET, "巴特尔", "handler") if w in said]
    assert b"".join(file_store.read_content(row.file_address, row.kept_key.open())) == made.png()


def test_only_the_head_of_the_office_records() -> None:
    for username in ("clerk", "leader", "admin", "auditor", "head"):
        with pytest.raises(Refused) as refused:
            recorded("unit", by=username)
        assert "who" in codes(refused)
    assert not Decision.objects.exists()


def test_who_may_not_see_it_may_not_answer_and_who_recorded_it_neither() -> None:
    row = recorded("head")
    for username in ("clerk", "head", "handler", "auditor"):
        with pytest.raises(NotVisible):
            answered(row.number, username)
    with pytest.raises(Refused) as refused:
        answered(row.number, "office_head")
    assert codes(refused) == {"who", "second_person"}
    with pytest.raises(Refused) as refused:
        answered(recorded("leader").number, "leader")
    assert codes(refused) == {"it_does_not_concern_the_writer"}


def test_a_refused_record_stays_and_counts_for_nothing() -> None:
    row = recorded("handler")
    with pytest.raises(Refused) as refused:
        answered(row.number, agree=False)
    assert codes(refused) == {"a_reason_is_given"}
    answered(row.number, agree=False, opinion="文号与文件不符")
    assert opened(row).opinion == "文号与文件不符"
    assert not kept.readable_decisions(who("handler")).exists()
    with pytest.raises(Refused) as refused:
        answered(row.number, "leader2")
    assert codes(refused) == {"when"}
    assert verify().whole


def test_a_mistake_is_corrected_by_another_record() -> None:
    old = confirmed("handler")
    with pytest.raises(Refused) as refused:
        recorded("handler2", corrects=old.number)
    assert codes(refused) == {"a_correction_says_why"}
    new = recorded("handler2", corrects=old.number, reason="姓名有误")
    with pytest.raises(Refused) as refused:
        recorded("handler2", corrects=old.number, reason="再来一次")
    assert codes(refused) == {"it_was_not_corrected_before"}
    answered(new.number)
    assert Decision.objects.get(pk=new.pk).corrects == old
    assert opened(old).what.person == "handler", "the old record says what it said"
    with pytest.raises(Refused) as refused:
        recorded("handler2", corrects=recorded("unit").number, reason="未确认的")
    assert codes(refused) == {"what_is_corrected_stands"}
    assert verify().whole


def test_what_it_is_about_must_be_seen_by_who_records() -> None:
    number = register(today())
    assert opened(recorded("unit", about=number.lower())).what.about == number.lower()
    with pytest.raises(Refused) as refused:
        recorded("unit", about="LX2019000001")
    assert codes(refused) == {"what_it_is_about_is_seen"}


def test_a_form_sent_twice_is_one_record() -> None:
    what = load_step(RecordedDecision, answers("unit"))
    rows = [
        rewards.record_decision(
            what, made.png(), NAME, by=who("office_head"), staff=staff("office_head"), idempotency_key="1-abc"
        )
        for _ in range(2)
    ]
    assert rows[0] == rows[1] and Decision.objects.count() == 1


@pytest.mark.parametrize(("data", "name"), [(b"MZ\0\0", "a.pdf"), (b"", "a.pdf"), ("正文".encode(), "a.txt")])
def test_a_file_that_is_no_scan_is_refused_and_leaves_nothing(data: bytes, name: str) -> None:
    before = set(Path(settings.FILES_DIR).rglob("*"))
    what = load_step(RecordedDecision, answers("unit"))
    with pytest.raises(NotAccepted):
        rewards.record_decision(what, data, name, by=who("office_head"), staff=staff("office_head"))
    assert not Decision.objects.exists() and not AdminRecord.objects.filter(target__startswith="JC").exists()
    assert set(Path(settings.FILES_DIR).rglob("*")) == before


def test_a_scanner_that_does_not_answer_takes_no_file(settings) -> None:
    settings.CLAMD = "/nowhere/clamd.sock"
    with pytest.raises(NotAccepted, match="病毒检查程序没有应答"):
        recorded("unit")
    assert not Decision.objects.exists()


def test_the_database_refuses_to_change_what_was_recorded() -> None:
    row = confirmed("unit")
    for change in (
        lambda: Decision.objects.filter(pk=row.pk).update(decided_on=today()),
        lambda: DecisionAnswer.objects.filter(decision=row).update(agree=False),
        lambda: DecisionAnswer.objects.filter(decision=row).delete(),
    ):
        with pytest.raises(Exception, match="never changed or removed"), transaction.atomic():
            change()
    assert verify().whole


def test_a_rotation_rewraps_the_keys_and_changes_no_record() -> None:
    row = confirmed("handler")
    version = key_rotation.rotate_master_key()
    key_rotation.rewrap_all(lambda done: None)
    assert version_of(bytes(DecisionKey.objects.get(decision=row).wrapped_key)) == version
    assert opened(row).what.text == SECRET
    assert verify().whole


def test_a_lost_file_is_named() -> None:
    row = confirmed("unit")
    file_store.path_of(row.file_address).unlink()
    assert [w for w in file_store.check_files() if row.number in w and "文件不见了" in w]


@pytest.mark.django_db(transaction=True)
def test_a_backup_holds_the_file_and_compares_it(tmp_path: Path) -> None:
    row = confirmed("handler")
    whole = make_backup(tmp_path / "whole", lambda words: None)
    assert (whole.files, whole.damaged) == (1, [])
    place = file_store.path_of(row.file_address)
    place.write_bytes(place.read_bytes()[:-4] + b"\0\0\0\0")
    assert [w for w in make_backup(tmp_path / "damaged", lambda words: None).damaged if row.number in w]
