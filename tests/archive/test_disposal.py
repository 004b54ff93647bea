"""Destroyed at the end of its period: the person is gone from database and disk, what happened is still proven."""

import subprocess
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from tests.world import make_department, noon, register, take, walk, who
from xinfang.accounts.models import Duty, Staff
from xinfang.archive.actions import disposal
from xinfang.archive.models import ArchiveVolume
from xinfang.attachments.actions.attach import attach_checked
from xinfang.attachments.models import Attachment
from xinfang.audit.actions.audit_log import AdminChangeRefused
from xinfang.audit.models import AdminRecord
from xinfang.cases.models import Event, Petition
from xinfang.core import file_store
from xinfang.core.clock import today
from xinfang.core.numbering import check_series
from xinfang.notifications.models import Notification
from xinfang.procedure.rules import Refused
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import Material
from xinfang.proof.verify import verify
from xinfang.search import index
from xinfang.trusted_time.actions import set_trusted_time
from xinfang.web.models import Draft

LONG_AGO = date(2012, 3, 1)
PERSON = {"name": "萨仁托娅", "phone": "15900001111", "address": "某旗巴彦街四号院", "id_number": "150000190001011234"}
BODY = "内容里写着萨仁托娅和电话15900001111"


def department() -> None:
    """The department of the tests, as it was in 2012."""
    make_department()
    Duty.objects.update(since=date(2010, 1, 1))


def archived(retention: str = "years_10", came: date = LONG_AGO) -> str:
    """A case of long ago, in the archive for so long."""
    number = register(came, persons=[PERSON], body=BODY)
    walk(number, "submitted", came, 0)
    keep_a_letter(number, came)
    take(number, StepCode.ACCEPT_ARCHIVE, "archivist", came, retention=retention)
    set_trusted_time(timezone.now())  # the archive was never left alone for so long
    return number


def keep_a_letter(number: str, day: date) -> None:
    data = f"萨仁托娅的来信 {number}".encode()
    attach_checked(number, data, "萨仁托娅来信.txt", "txt", what=Material.LETTER, by=who("clerk"), now=noon(day))


def staff(username: str) -> Staff:
    return Staff.objects.get(username=username)


def proposed(*numbers: str) -> disposal.DisposalList:
    return disposal.propose_disposal(
        numbers, reason="期满，没有保存价值", by=who("archivist"), staff=staff("archivist")
    )


def on_disk() -> bytes:
    """The database as it lies on the disk, with its write-ahead log.

    Another process reads it: to close a database's file drops every lock this process has on it, SQLite's too, and the
    next process that leaves the database takes the log away from under those who are still there.
    """
    path = Path(connection.settings_dict["NAME"])
    files = [str(f) for f in (path, path.with_name(f"{path.name}-wal")) if f.exists()]
    return subprocess.run(["cat", *files], capture_output=True, check=True).stdout


@pytest.mark.django_db(transaction=True)
def test_nothing_of_the_person_is_left_and_the_chain_is_whole() -> None:
    department()
    number, kept = archived(), archived("permanent")
    Draft(staff=staff("clerk"), form=f"step-{number}-correct", fields={"x": ["萨仁托娅"]}).save()
    place = [file_store.path_of(a.address) for a in Attachment.objects.filter(petition__number=number)]
    assert len(place) == 7 and all(p.exists() for p in place)
    before = list(Event.objects.order_by("pk").values_list("hash", flat=True))
    made = proposed(number)
    done = disposal.decide_disposal(made, agree=True, opinion="", by=who("office_head"), staff=staff("office_head"))
    assert done == disposal.DisposalOutcome((number,), ())

    assert not any(p.exists() for p in place)
    assert list(Event.objects.order_by("pk").values_list("hash", flat=True))[: len(before)] == before
    proof = verify()
    assert proof.whole, proof.broken
    assert file_store.check_files() == [] and index.check_index() == []
    case = Petition.objects.get(number=number)
    person = case.petitioners.get()
    assert (person.full_name, person.phone, person.address, person.id_number) == ("", "", "", "")
    assert {a.name for a in case.attachments.all()} == {"（已删除）"}
    assert case.subject == "（已按保管期限销毁）" and not case.body and case.wrapped_key is None
    assert not Draft.objects.exists() and Petition.objects.get(number=kept).body == BODY
    row = ArchiveVolume.objects.get(petition=case)
    assert row.destroyed_on == today() and row.listed == made
    made.refresh_from_db()
    assert made.outcome == "approved" and made.decided_by.username == "office_head"
    said = list(AdminRecord.objects.order_by("pk").values_list("what", "target"))
    assert said[-2:] == [("提出销毁清单", made.number), ("批准销毁", made.number)]


@pytest.mark.django_db(transaction=True)
def test_the_database_file_holds_no_word_of_the_person() -> None:
    department()
    number = archived()
    # The last is what was said in a talk: the index holds it, the event's own text is encrypted.
    secrets = [v.encode() for v in (*PERSON.values(), BODY, "来信.txt", "核对了未发放的月份")]
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert PERSON["name"].encode() in on_disk() and secrets[-1] in on_disk(), "the search finds what is there"
    disposal.decide_disposal(
        proposed(number), agree=True, opinion="", by=who("office_head"), staff=staff("office_head")
    )
    found = [s.decode() for s in secrets if s in on_disk()]
    assert found == []
    stored = b"".join(f.read_bytes() for f in Path(settings.FILES_DIR).rglob("*") if f.is_file())
    assert not any(s in stored for s in secrets)


@pytest.mark.django_db
def test_nothing_is_destroyed_under_a_clock_that_is_not_believed() -> None:
    """A clock that is ahead ends every period early, and nothing brings a file back."""
    department()
    number, listed = archived(), archived()
    made = proposed(listed)
    set_trusted_time(timezone.now() - timedelta(days=200))
    with pytest.raises(AdminChangeRefused, match="服务器时间可能有误，现在不能销毁案卷"):
        proposed(number)
    with pytest.raises(Refused, match="服务器时间可能有误"):
        take(number, StepCode.DESTROY, "archivist", reason="期满")
    done = disposal.decide_disposal(made, agree=True, opinion="", by=who("office_head"), staff=staff("office_head"))
    assert done.done == () and "服务器时间可能有误" in done.left[0]
    assert (
        not ArchiveVolume.objects.exclude(destroyed_on=None).exists()
        and Petition.objects.get(number=listed).body == BODY
    )
    set_trusted_time(timezone.now())
    made.refresh_from_db()
    assert disposal.decide_disposal(
        made, agree=True, opinion="", by=who("office_head"), staff=staff("office_head")
    ).done == (listed,)


@pytest.mark.django_db
def test_one_person_alone_destroys_nothing_and_nothing_goes_before_its_time() -> None:
    department()
    number, young = archived(), archived(came=today() - timedelta(days=400))
    with pytest.raises(AdminChangeRefused, match="保管期限尚未届满"):
        proposed(number, young)
    assert not disposal.DisposalList.objects.exists(), "all or none"
    made = proposed(number)
    assert Notification.objects.get(kind="disposal_waiting").staff.username == "office_head"
    with pytest.raises(AdminChangeRefused, match="正等待另一人确认"):
        proposed(number)
    for username, why in (("archivist", "由办公室主任审批"), ("clerk", "由办公室主任审批")):
        with pytest.raises(AdminChangeRefused, match=why):
            disposal.decide_disposal(made, agree=True, opinion="", by=who(username), staff=staff(username))
    with pytest.raises(AdminChangeRefused, match="请写明理由"):
        disposal.decide_disposal(made, agree=False, opinion="", by=who("office_head"), staff=staff("office_head"))
    refused = disposal.decide_disposal(
        made, agree=False, opinion="请再鉴定", by=who("office_head"), staff=staff("office_head")
    )
    assert refused.done == (number,)
    assert Petition.objects.get(number=number).body == BODY
    made.refresh_from_db()
    assert made.outcome == "refused" and made.opinion == "请再鉴定"
    assert Notification.objects.get(kind="disposal_waiting").ended_why == "此清单不同意销毁"
    with pytest.raises(AdminChangeRefused, match="不必再办"):
        disposal.decide_disposal(made, agree=True, opinion="", by=who("office_head"), staff=staff("office_head"))
    assert proposed(number).number != made.number
    assert not any(s.missing for s in check_series())


@pytest.mark.django_db
def test_files_get_numbers_by_year_and_period() -> None:
    department()
    first, second = archived(), archived()
    volumes = [ArchiveVolume.objects.get(petition__number=n).volume for n in (first, second)]
    assert volumes == ["2012-D10-0001", "2012-D10-0002"]
    row = ArchiveVolume.objects.get(petition__number=first)
    assert (row.retention, row.archived_on, row.until) == ("years_10", LONG_AGO, date(2022, 12, 31))
    take(first, StepCode.CHANGE_RETENTION, "archivist", retention="permanent", reason="有保存价值")
    row.refresh_from_db()
    assert row.until is None and row.volume == volumes[0]
