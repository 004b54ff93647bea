"""Mail goes through a real server; one that is down loses nothing and undoes nothing."""

import socket
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from django.utils import timezone

from tests.world import LETTER, confirm_changes, make_department, noon, register
from xinfang.accounts.actions import owner_notices, people, two_persons
from xinfang.accounts.models import Staff
from xinfang.cases.models import Event
from xinfang.notifications.models import Notification
from xinfang.operations.actions import notification_mail
from xinfang.operations.actions.sweep import run_sweep
from xinfang.procedure.step_codes import StepCode

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 2)
LATE = MONDAY + timedelta(days=20)


class Box(Sink):
    """A mail server's hand: keeps the letters, refuses one address."""

    def __init__(self) -> None:
        self.letters: list[tuple[str, str]] = []
        self.refused = ""
        self.addressed: list[list[str]] = []
        super().__init__()

    def sent(self) -> list[tuple[list[str], str]]:
        """Each letter with everybody it went to."""
        return [(to, text) for to, (_, text) in zip(self.addressed, self.letters, strict=True)]

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:
        if address == self.refused:
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:
        import email
        import email.policy

        letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.addressed.append(list(envelope.rcpt_tos))
        self.letters.append((envelope.rcpt_tos[0], f"{letter['Subject']}\n{letter.get_content()}"))
        return "250 OK"


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


@pytest.fixture
def box(settings) -> Iterator[Box]:
    box = Box()
    server = Controller(box, hostname="127.0.0.1", port=free_port())
    server.start()
    point_at(settings, server.port)
    yield box
    server.stop()


def point_at(settings, port: int) -> None:
    settings.EMAIL = {"EMAIL_HOST": "127.0.0.1"}
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_TIMEOUT = 5


@pytest.fixture(autouse=True)
def department(db: None) -> None:
    make_department()
    run_sweep(noon(LATE))  # with nothing to tell yet: the digest of that week is done


def test_one_letter_a_person_once(box: Box) -> None:
    numbers = [register(MONDAY), register(MONDAY)]
    swept = run_sweep(noon(LATE))
    assert (swept.mailed, swept.mail_failed) == (12, 0)
    people = {"clerk", "clerk2", "office_head"}
    assert sorted(a for a, _ in box.letters) == sorted(f"{p}@example.invalid" for p in people)
    text = box.letters[0][1]
    assert "4 条提醒" in text and all(n in text for n in numbers)
    assert LETTER["subject"] not in text and "其木格" not in text
    assert run_sweep(noon(LATE)).mailed == 0 and len(box.letters) == 3


def test_a_dead_server_loses_and_undoes_nothing(settings, box: Box) -> None:
    alive = settings.EMAIL_PORT
    point_at(settings, free_port())
    register(MONDAY)
    swept = run_sweep(noon(LATE))
    assert (swept.overdue, swept.mailed, swept.mail_failed) == (2, 0, 6)
    assert Event.objects.filter(code=StepCode.MARK_OVERDUE).count() == 2
    assert set(Notification.objects.values_list("mailed_at", "mail_attempts")) == {(None, 1)}
    point_at(settings, alive)
    assert notification_mail.send_waiting_mail(noon(LATE)).mailed == 0  # it waits a little longer after each failure
    assert notification_mail.send_waiting_mail(noon(LATE) + timedelta(minutes=3)).mailed == 6
    assert len(box.letters) == 3


def test_one_address_that_is_refused_keeps_nobody_else_waiting(box: Box) -> None:
    box.refused = "clerk@example.invalid"
    register(MONDAY)
    swept = run_sweep(noon(LATE))
    assert (swept.mailed, swept.mail_failed) == (4, 2)
    assert Notification.objects.filter(staff__username="clerk", mailed_at=None, mail_attempts=1).count() == 2


def test_what_was_read_or_is_old_or_has_no_address_is_not_sent(box: Box) -> None:
    register(MONDAY)
    Staff.objects.filter(username="clerk2").update(email="")
    Notification.objects.all().delete()
    from xinfang.notifications.actions import notify

    clerk, clerk2 = (Staff.objects.get(username=u).pk for u in ("clerk", "clerk2"))
    notify([clerk], None, kind="deadline", text="很久以前", now=noon(MONDAY))
    notify([clerk2], None, kind="deadline", text="没有邮箱", now=noon(LATE))
    notify([clerk], None, kind="deadline", text="已经读过", now=noon(LATE))
    Notification.objects.filter(text="已经读过").update(read_at=noon(LATE))
    assert notification_mail.send_waiting_mail(noon(LATE)).mailed == 0 and not box.letters


def test_what_was_told_while_the_clock_was_ahead_is_mailed_once_it_is_put_back(box: Box) -> None:
    from xinfang.notifications.actions import notify

    clerk = Staff.objects.get(username="clerk").pk
    notify([clerk], None, kind="deadline", text="时钟偏快时", now=noon(LATE) + timedelta(days=200))
    assert notification_mail.send_waiting_mail(noon(LATE)).mailed == 1 and "时钟偏快时" in box.letters[0][1]


def test_without_a_server_no_mail_is_tried() -> None:
    register(MONDAY)
    assert run_sweep(noon(LATE)).mail_failed == 0
    assert not Notification.objects.exclude(mail_attempts=0).exists()


def person(username: str) -> Staff:
    return Staff.objects.get(username=username)


def test_a_changed_address_is_told_at_both_for_a_week_and_the_cases_only_at_the_new_one(box: Box) -> None:
    now = timezone.now()
    people.change_staff(person("clerk"), email="new@example.invalid", by=person("admin"))
    people.change_staff(person("clerk"), email="newer@example.invalid", by=person("admin"))
    Notification.objects.create(staff=person("clerk"), kind="due", text="期限将近", created_at=now)
    notification_mail.send_waiting_mail(now + timedelta(minutes=1))
    sent = {tuple(sorted(to)): text for to, text in box.sent()}
    both = ("clerk@example.invalid", "newer@example.invalid")
    assert owner_notices.ABOUT in sent[both] and "期限将近" not in sent[both]
    assert "期限将近" in sent[("newer@example.invalid",)]
    later = now + timedelta(days=8)
    Notification.objects.create(staff=person("clerk"), kind=owner_notices.KIND, text="以后", created_at=later)
    notification_mail.send_waiting_mail(later)
    assert [to for to, text in box.sent() if "以后" in text] == [["newer@example.invalid"]]


def test_an_address_taken_away_is_still_told(box: Box) -> None:
    people.change_staff(person("clerk"), email="", by=person("admin"))
    notification_mail.send_waiting_mail(timezone.now() + timedelta(minutes=1))
    assert [to for to, _ in box.sent()] == [["clerk@example.invalid"]]


def test_the_change_of_a_leaders_address_is_told_at_the_old_one_before_and_after(box: Box) -> None:
    form = {"email": "new@example.invalid"}
    two_persons.propose_change("about", person("leader"), by=person("office_head"), **form)
    notification_mail.send_waiting_mail(timezone.now() + timedelta(minutes=1))
    confirm_changes()
    notification_mail.send_waiting_mail(timezone.now() + timedelta(minutes=1))
    to_them = [(to, text) for to, text in box.sent() if "leader@example.invalid" in to]
    assert [to for to, _ in to_them] == [["leader@example.invalid"], ["new@example.invalid", "leader@example.invalid"]]
    assert owner_notices.PROPOSED in to_them[0][1] and owner_notices.ABOUT in to_them[1][1]
