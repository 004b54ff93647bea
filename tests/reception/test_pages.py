"""The pages of reception: who sees what of a booking, what is written down, nothing typed twice for the case."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.reception.receiving import MATTER, NAME, PHONE, answered, booked, ended, given_back, published, received
from tests.urls import url
from tests.world import as_, make_department, register, take, walk
from xinfang.audit.models import AdminRecord
from xinfang.cases.models import Petition
from xinfang.core.clock import today
from xinfang.procedure.step_codes import StepCode
from xinfang.reception.models import Booking, ReceptionDay, ReceptionEvent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def department() -> None:
    make_department()


def held(**changes) -> ReceptionDay:
    """A day of today that was published yesterday, so that who came can be written down."""
    return published(today(), now=timezone.now() - timedelta(days=1), begins="00:00", ends="23:59", **changes)


def yesterdays(day: ReceptionDay, **changes) -> Booking:
    return booked(day, now=timezone.now() - timedelta(hours=12), **changes)


def test_a_day_is_published_and_booked_from_the_pages() -> None:
    clerk, on = as_("clerk"), today() + timedelta(days=3)
    form = {"kind": "reception", "leader": "leader", "on": on.isoformat(), "begins": "09:00", "ends": "11:30",
            "place": "一楼", "places": "1", "key": "k" * 12}  # fmt: skip
    assert clerk.post(url("reception-day-new"), {**form, "ends": "08:00"}).status_code == 422
    assert clerk.post(url("reception-day-new"), form).status_code == 302
    assert clerk.post(url("reception-day-new"), form).status_code == 302, "sent twice it is one day"
    day = ReceptionDay.objects.get()
    for n, name in enumerate(("甲某", "乙某")):
        sent = {
            "asked_by": "counter",
            "name": name,
            "phone": PHONE,
            "matter": MATTER,
            "people": "1",
            "key": f"{n}" * 12,
        }
        assert clerk.post(url("reception-book", day.pk), sent).status_code == 302
    page = clerk.get(url("reception-day", day.pk)).content.decode()
    assert "甲**" in page and "甲某" not in page and PHONE not in page and "139****1111" in page
    assert "已约定" in page and "候补" in page
    calendar = clerk.get(url("reception")).content.decode()
    assert "1/1" in calendar and "已约满，可候补" in calendar


def test_who_sees_the_bookings_of_a_day() -> None:
    row = booked(published())
    for username in ("clerk", "office_head", "principal", "leader"):
        assert MATTER in as_(username).get(url("reception-day", row.day.pk)).content.decode()
    other = as_("leader2").get(url("reception-day", row.day.pk))
    assert other.status_code == 200 and MATTER not in other.content.decode()
    assert as_("leader2").get(url("reception-booking", row.pk)).status_code == 404
    for username in ("handler", "head", "adviser", "archivist", "sealed", "guard", "auditor", "admin"):
        for address in (url("reception"), url("reception-day", row.day.pk), url("reception-booking", row.pk)):
            assert as_(username).get(address).status_code == 404
    assert "139****" not in as_("leader").get(url("reception-booking", row.pk)).content.decode()


def test_personal_data_is_shown_for_a_reason_that_is_written_down() -> None:
    row = booked(published())
    clerk, address = as_("clerk"), url("reception-booking", row.pk)
    assert NAME not in clerk.get(address).content.decode()
    assert clerk.post(address, {"reason": " "}).status_code == 422
    shown = clerk.post(address, {"reason": "电话告知改期"}).content.decode()
    assert NAME in shown and PHONE in shown
    (noted,) = AdminRecord.objects.filter(what="查看接访预约个人信息")
    assert noted.detail == {"reason": "电话告知改期"} and NAME not in str(noted.target)
    assert as_("leader").post(address, {"reason": "看看"}).status_code == 404


def test_the_record_becomes_a_case_and_nothing_is_typed_twice() -> None:
    row = yesterdays(held(), people=2)
    received(row, people=2)
    clerk, address = as_("clerk"), f"{url('register')}?booking={row.pk}"
    page = clerk.get(address)
    shown = page.content.decode()
    for text in (NAME, PHONE, MATTER, "当面说明了经过", "厅机关一楼信访接待室", f'name="booking" value="{row.pk}"'):
        assert text in shown
    assert AdminRecord.objects.filter(what="查看接访预约个人信息", detail={"reason": "登记成件"}).exists()
    sent = {
        "secrecy": "no", "channel": "visit", "source": "direct", "received_on": today().isoformat(), "subject": MATTER,
        "body": "当面说明了经过", "told_orally": "on", "group_size": "2", "persons-0-name": NAME,
        "persons-0-phone": PHONE, "persons-0-kind": "natural", "persons-0-role": "petitioner",
        "reception_place": "厅机关一楼信访接待室", "requests-0-text": "请求送达验收结论", "key": "0123456789ab",
        "booking": str(row.pk),
    }  # fmt: skip
    answer = clerk.post(url("register"), sent)
    assert answer.status_code == 302, answer.context["errors"]
    petition = Petition.objects.get()
    assert ReceptionEvent.objects.get(act="link").petition == petition and petition.channel == "visit"
    assert petition.number in clerk.get(url("reception-register")).content.decode()
    # Who may not take it into a case gets an empty form.
    assert NAME not in as_("sealed").get(address).content.decode()
    assert NAME not in clerk.get(address).content.decode(), "it has its case"


def test_of_a_case_that_is_there_the_record_becomes_a_talk() -> None:
    number = register(today() - timedelta(days=3))
    walk(number, "assigned", today() - timedelta(days=3))
    day = held()
    clerk = as_("clerk")
    row = yesterdays(day, name="", phone="", matter="", number=number)
    received(row)
    page = clerk.get(url("reception-booking", row.pk)).content.decode()
    assert f"{url('step', number, StepCode.TALK)}?booking={row.pk}" in page
    form = clerk.get(f"{url('step', number, StepCode.TALK)}?booking={row.pk}").content.decode()
    assert "当面说明了经过\n领导意见：请经费处核实" in form and "白音，来访 1 人" in form
    other = register(today())
    assert "当面说明了经过" not in clerk.get(f"{url('step', other, StepCode.TALK)}?booking={row.pk}").content.decode()


def test_booking_with_a_case_records_that_a_leader_is_asked_for() -> None:
    number, day = register(today() - timedelta(days=1)), published()
    sent = {"asked_by": "letter", "number": number, "people": "1", "key": "9" * 12}
    assert as_("clerk").post(url("reception-book", day.pk), sent).status_code == 302
    asked = Petition.objects.get(number=number).events.get(code=StepCode.ASK_TO_MEET)
    assert asked.data["leader"] == "leader"


def test_another_person_says_their_word_on_a_page() -> None:
    row = booked(published())
    event = given_back(row)
    address = url("reception-answer", event.pk)
    assert as_("clerk").post(address, {"agree": "yes", "key": "a" * 12}).status_code == 422
    assert as_("leader2").get(address).status_code == 404
    assert "本人来电取消" in as_("clerk2").get(address).content.decode()
    assert as_("clerk2").post(address, {"agree": "yes", "key": "b" * 12}).status_code == 302
    assert "本人取消" in as_("clerk").get(url("reception-booking", row.pk)).content.decode()
    assert as_("clerk2").get(address).status_code == 404, "it was answered"


def test_what_fell_away_is_on_top_of_the_calendar() -> None:
    day = published()
    row = booked(day)
    answered(ended(day, "cancelled"), "office_head")
    page = as_("clerk").get(url("reception"))
    assert [b["url"] for b in page.context["owed"]] == [url("reception-booking", row.pk)]
    assert (
        "应另约" in page.content.decode()
        and "临时参加自治区会议" in as_("clerk").get(url("reception-day", day.pk)).content.decode()
    )
    new = published(today() + timedelta(days=9))
    form = as_("clerk").get(url("reception-act", row.pk, "carry"))
    assert f'value="{new.pk}"' in form.content.decode() and f'value="{day.pk}"' not in form.content.decode()
    as_("clerk").post(url("reception-act", row.pk, "carry"), {"day": str(new.pk), "key": "c" * 12})
    assert not as_("clerk").get(url("reception")).context["owed"]


def test_matters_are_listed_by_leader_and_open_to_few() -> None:
    number = register(today() - timedelta(days=9))
    walk(number, "assigned", today() - timedelta(days=9))
    row = yesterdays(held(), name="", phone="", matter="", number=number)
    received(row)
    address = url("reception-matters")
    for which in ("led", "read", "received"):
        for username in ("clerk", "principal", "leader"):
            page = as_(username).get(f"{address}?leader=leader&list={which}")
            assert [r["number"] for r in page.context["rows"]] == [number], (which, username)
    assert not as_("clerk").get(f"{address}?leader=leader&list=down").context["rows"]
    assert as_("leader2").get(f"{address}?leader=leader&list=led").status_code == 404
    assert [t["label"] for t in as_("leader2").get(address).context["leaders"]] == ["苏日娜"]
    # A person is on none of these pages.
    shown = as_("leader").get(f"{address}?leader=leader&list=received").content.decode()
    assert "信访人</th>" not in shown and "其**" not in shown and "其木格" not in shown


def test_a_page_asks_little(django_assert_max_num_queries) -> None:
    for n in range(4):
        day = published(today() + timedelta(days=3 + n), places=9)
        for name in ("甲某", "乙某", "丙某"):
            booked(day, name)
    client = as_("clerk")
    client.get(url("reception"))
    with django_assert_max_num_queries(40):
        client.get(url("reception"))
    take(register(today()), StepCode.CLASSIFY, "clerk", today(), matter_class="suggestion")
    with django_assert_max_num_queries(30):
        client.get(url("reception-day", ReceptionDay.objects.first().pk))
    with django_assert_max_num_queries(30):
        client.get(url("reception-register"))


def test_times_are_typed_with_either_colon_and_kept_with_the_narrow_one() -> None:
    given = {"kind": "reception", "leader": "leader", "on": str(today() + timedelta(days=2)), "begins": "15：00"}
    clerk, sent = as_("clerk"), {**given, "ends": "17：00", "place": "一楼", "places": "2", "key": "t" * 12}
    assert clerk.post(url("reception-day-new"), sent).status_code == 302
    day = ReceptionDay.objects.get()
    assert (day.begins, day.ends) == ("15:00", "17:00")
    wrong = clerk.post(url("reception-day-new"), {**sent, "leader": "", "ends": "14:00"})
    assert wrong.status_code == 422 and "请选择“厅领导”" in wrong.content.decode()
    assert "请补充或者改正以下内容" in wrong.content.decode()
