"""Where the paper original of a case lies: written down at registration, moved later, never overwritten."""

from datetime import date

import pytest
from django.db import connection

from tests.casework.test_register import letter
from tests.tables import T
from tests.urls import url
from tests.world import as_, make_department, register, walk, who
from xinfang.accounts.models import Staff
from xinfang.attachments.actions.original_places import Kind, move_original
from xinfang.attachments.models import OriginalPlace
from xinfang.audit import append_only_triggers
from xinfang.audit.actions.audit_log import AdminChangeRefused
from xinfang.audit.models import AdminRecord
from xinfang.cases.models import Petition
from xinfang.procedure.visibility import NotVisible
from xinfang.proof.verify import verify

pytestmark = pytest.mark.django_db
CABINET = "办公室3号柜2层，随附光盘1张"


@pytest.fixture
def number() -> str:
    make_department()
    found = register(date(2026, 3, 2))
    walk(found, "signed", date(2026, 3, 2))
    return found


def moved(number: str, move: str, place: str, by: str = "clerk", seen: int | None = None) -> OriginalPlace:
    known = OriginalPlace.objects.filter(petition__number=number).count() if seen is None else seen
    staff = Staff.objects.get(username=by)
    return move_original(number, move, place, seen=known, by=who(by), staff=staff)


def test_it_is_written_down_when_the_case_is_registered() -> None:
    make_department()
    clerk = as_("clerk")
    for _ in range(2):
        clerk.post(url("register"), letter(original=f" {CABINET}\n", key="k" * 32))
    [row] = OriginalPlace.objects.all()
    assert (row.move, row.place, row.by.get_username()) == (Kind.KEPT, CABINET, "clerk")
    number = Petition.objects.get().number
    assert CABINET in clerk.get(url("petition", number)).content.decode()
    assert CABINET in clerk.get(url("label", number)).content.decode()


def test_nothing_is_written_where_nothing_was_said() -> None:
    make_department()
    as_("clerk").post(url("register"), letter())
    assert Petition.objects.count() == 1 and not OriginalPlace.objects.exists()


def test_later_places_are_added_and_the_last_one_counts(number: str) -> None:
    clerk, handler = as_("clerk"), as_("handler")
    assert "没有登记" in clerk.get(url("original", number)).content.decode()
    sent = {"move": "kept", "place": CABINET, "seen": "0"}
    assert clerk.post(url("original", number), sent).status_code == 302
    lent = {"move": "lent", "place": "资源配置与经费处", "seen": "1"}
    assert handler.post(url("original", number), lent).status_code == 302
    back = {"move": "returned", "place": CABINET, "seen": "2"}
    assert clerk.post(url("original", number), back).status_code == 302
    panel = clerk.get(url("petition", number)).context["original"]
    assert panel["now"]["words"] == f"归还：{CABINET}"
    assert [p["words"] for p in panel["before"]] == ["借出：资源配置与经费处", CABINET]
    assert panel["before"][0]["by"] == Staff.objects.get(username="handler").name
    records = AdminRecord.objects.filter(what="登记原件存放处")
    assert [r.target for r in records] == [number] * 3 and CABINET not in str([r.detail for r in records])


def test_what_cannot_be_is_refused_and_stays_in_the_form(number: str) -> None:
    with pytest.raises(AdminChangeRefused, match="没有借出"):
        moved(number, Kind.RETURNED, CABINET)
    moved(number, Kind.KEPT, CABINET)
    with pytest.raises(AdminChangeRefused, match="不必重复"):
        moved(number, Kind.KEPT, CABINET)
    with pytest.raises(AdminChangeRefused, match="另有人"):
        moved(number, Kind.LENT, "规划处", seen=0)
    page = as_("clerk").post(url("original", number), {"move": "lent", "place": "规划处", "seen": "0"})
    assert page.status_code == 422 and 'value="规划处"' in page.content.decode()
    empty = as_("clerk").post(url("original", number), {"move": "lent", "seen": "1"})
    assert empty.status_code == 422 and "请填写“存放处" in empty.content.decode()


def test_only_the_office_and_the_handler_write_it_down(number: str) -> None:
    for other in ("head", "leader"):
        assert as_(other).get(url("original", number)).status_code == 404
        with pytest.raises(NotVisible):
            moved(number, Kind.KEPT, CABINET, by=other)
    moved(number, Kind.KEPT, CABINET)
    page = as_("head").get(url("petition", number)).content.decode()
    assert CABINET in page and url("original", number) not in page


@pytest.mark.parametrize(
    ("sql", "where"),
    [
        ("UPDATE {table} SET place = '别处' WHERE seq = 1", "originalplace"),
        ("UPDATE {table} SET at = '2026-01-15 04:00:00+00:00' WHERE seq = 2", "originalplace"),
        ("DELETE FROM {table} WHERE seq = 2", "管理记录"),
        (
            "INSERT INTO {table} (petition_id, seq, move, place, by_id, at)"
            " SELECT petition_id, 9, move, place, by_id, at FROM {table} WHERE seq = 1",
            "originalplace",
        ),
    ],
)
def test_tampering_is_found(number: str, sql: str, where: str) -> None:
    moved(number, Kind.KEPT, CABINET)
    moved(number, Kind.LENT, "规划处")
    assert verify().whole
    append_only_triggers.remove()
    with connection.cursor() as cursor:
        cursor.execute(sql.format(table=T.attachments_originalplace))
    append_only_triggers.install()
    broken = verify().broken
    assert [b.chain for b in broken if b.place.startswith(where)] == ["原件存放处"], broken
