"""A poisoned mailbox on a real IMAP server: every message is kept, shown and accounted for, and none keeps others."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.mailbox import poison
from tests.mailbox.dovecot import Box, running
from tests.night import AT_NIGHT
from tests.world import make_department, who
from xinfang.core.file_store import check_files, path_of
from xinfang.mailbox import reading
from xinfang.mailbox.actions import taking
from xinfang.mailbox.imap_box import TAKEN, BoxMessage, MailboxUnavailable, MessageUnreadable, OpenBox
from xinfang.mailbox.models import IncomingMail, MailPlace, MailProposal
from xinfang.mailbox.queries.accounting import account, last_look
from xinfang.mailbox.queries.mails import find_mail, mails
from xinfang.mailbox.stores import read_raw
from xinfang.operations.main import main

pytestmark = pytest.mark.django_db
State = IncomingMail.State


@pytest.fixture(scope="module")
def server() -> Iterator[Box]:
    with running() as box:
        yield box


@pytest.fixture
def box(server: Box, settings: Any) -> Box:
    """The server's box, empty, and the program pointed at it."""
    server.empty()
    settings.MAILBOX = server.settings()
    make_department()
    return server


def of_subject(word: str) -> IncomingMail:
    clerk = who("clerk")
    for row in IncomingMail.objects.all():
        found = find_mail(row.pk, clerk)
        if found is not None and found.read is not None and word in found.read.subject + found.read.text:
            return row
    raise AssertionError(word)


def read_of(row: IncomingMail) -> reading.ReadMail:
    found = find_mail(row.pk, who("clerk"))
    assert found is not None and found.read is not None
    return found.read


def test_a_poisoned_mailbox_is_accounted_for(box: Box, capsys: Any, settings: Any) -> None:
    """Sixteen messages, one with a file over the limit (of 60 MB at night): each is in exactly one place.

    Also when asked twice, and after the server gave new numbers.
    """
    settings.UPLOAD_MB = 50 if AT_NIGHT else 1
    big = poison.too_big(60 if AT_NIGHT else 2)
    messages = [
        poison.a_letter(1), poison.wrong_charset(), poison.broken_parts(), poison.damaged_head(), poison.nested(300),
        poison.auto_reply(), poison.bounce(), poison.going_round(), poison.bulk(), poison.own(),
        *poison.delivered_twice(), poison.with_files(), big, b"\r\n", b"\x00\xff" * 5000,
    ]  # fmt: skip
    box.put(*messages)
    report = taking.take_all()
    assert (report.in_box, report.taken, report.failed, report.known) == (len(messages), len(messages), 0, 0)
    assert IncomingMail.objects.count() == MailPlace.objects.count() == len(messages)
    assert check_files() == []
    for row in IncomingMail.objects.all():
        assert len(b"".join(read_raw(row))) == row.size, "kept as it came"
        assert find_mail(row.pk, who("clerk")) is not None

    put_forward = dict(MailProposal.objects.values_list("mail", "reason"))
    assert sorted(put_forward.values()) == sorted(
        [
            taking.SAME_AGAIN,
            "是程序自动发出的回复或者通知",
            "是退信或者阅读回执",
            "是群发邮件",
            "是本系统自己发出的邮件，又回到了邮箱",
            "经过了 40 台服务器，可能在循环转发",
        ]
    ), "what a program sent is put forward, and nothing else; a person decides"
    assert IncomingMail.objects.filter(state=State.SET_ASIDE).count() == 0
    found = account()
    assert found.balanced and found.in_box == len(messages) == found.proposed + found.waiting
    assert (found.proposed, found.waiting, found.refused, found.not_taken) == (6, len(messages) - 6, 0, 0)

    for flags in box.flags().values():
        assert TAKEN in flags
    again = taking.take_all()
    assert (again.taken, again.known, again.failed) == (0, 0, 0)
    box.renumbered()
    moved = taking.take_all()
    assert (moved.taken, moved.known, moved.failed) == (0, len(messages), 0), "known by what is in them"
    assert account().balanced

    assert main(["mailbox", "reconcile", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["balanced"] and said["in_box"] == len(messages)
    box.empty()
    gone = account()
    assert (gone.in_box, gone.kept, gone.gone, gone.balanced) == (0, len(messages), len(messages), True)


def test_what_is_read_of_each(box: Box, settings: Any) -> None:
    settings.UPLOAD_MB = 1
    box.put(
        poison.wrong_charset(), poison.broken_parts(), poison.damaged_head(), poison.nested(300), poison.with_files(),
        poison.too_big(2),
    )  # fmt: skip
    taking.take_all()
    gbk = read_of(of_subject("关于补助"))
    assert gbk.text == poison.TEXT and gbk.doubt == reading.MISNAMED
    assert gbk.subject == "关于补助"
    broken = read_of(of_subject("broken"))
    assert poison.TEXT in broken.text
    assert read_of(of_subject("nested")).doubt == reading.TOO_DEEP
    papers = {f.name: f.why_not for f in read_of(IncomingMail.objects.get(pk=of_subject("nested").pk + 1)).files}
    assert papers["申请书.pdf"] == ""
    assert papers["看照片.exe"] and papers["证明.pdf"] and papers["空.txt"]
    film = next(f for row in IncomingMail.objects.all() for f in read_of(row).files if f.name == "现场录像.mp4")
    assert "超过 1 MB 的上限" in film.why_not and film.size > 2 * 2**20


def test_the_day_is_that_on_which_it_came_into_the_box(box: Box) -> None:
    """Asia/Shanghai, whenever it is fetched and whatever the mail says; a server whose clock is ahead makes no day."""
    box.put(poison.a_letter(1), at=datetime(2026, 11, 20, 15, 59, tzinfo=UTC))
    box.put(poison.a_letter(2), at=datetime(2026, 11, 20, 16, 1, tzinfo=UTC))
    box.put(poison.a_letter(3), at=timezone.now() + timedelta(days=3))
    before = timezone.now()
    taking.take_all()
    days = list(IncomingMail.objects.order_by("pk").values_list("received_on", flat=True))
    assert days[:2] == [date(2026, 11, 20), date(2026, 11, 21)]
    assert days[2] <= timezone.localdate() and days[2] >= timezone.localdate(before)


def test_over_the_limit_only_the_head_is_fetched_and_it_still_waits(box: Box, monkeypatch: Any) -> None:
    monkeypatch.setattr(taking, "MAX_MAIL_BYTES", 20_000)
    box.put(poison.a_letter(1), poison.too_big(1), poison.too_big(1))
    report = taking.take_all()
    assert (report.taken, report.heads) == (3, 2)
    found = account()
    assert found.balanced and (found.waiting, found.refused) == (1, 2)
    head = IncomingMail.objects.filter(whole=False).earliest("pk")
    said = read_of(head)
    assert said.doubt == reading.ONLY_HEAD and said.subject == "请求补发科技特派员补助"
    assert head.size > 2**20


def test_killed_between_keeping_and_marking_nothing_is_taken_twice(box: Box) -> None:
    raw = poison.a_letter(1)
    box.put(raw, poison.a_letter(2))
    first = BoxMessage(sorted(box.flags())[0], len(raw), timezone.now())
    kept = taking.keep_mail(raw, first, _name(box), _validity(box), whole=True)
    assert kept is not None and not any(TAKEN in f for f in box.flags().values())
    report = taking.take_all()
    assert report.in_box == 2 and IncomingMail.objects.count() == 2
    assert all(TAKEN in f for f in box.flags().values())
    assert account().balanced


def _validity(box: Box) -> int:
    with box.opened() as client:
        return int(client.select_folder("INBOX")[b"UIDVALIDITY"])


def _name(box: Box) -> str:
    return f"{box.settings()['user']}@127.0.0.1/INBOX"


def test_one_that_cannot_be_kept_keeps_no_other(box: Box, monkeypatch: Any) -> None:
    real = taking.keep_mail

    def keep(raw: bytes, *rest: Any, **more: Any) -> Any:
        if b"letter-2@" in raw:
            raise ValueError
        return real(raw, *rest, **more)

    monkeypatch.setattr(taking, "keep_mail", keep)
    box.put(poison.a_letter(1), poison.a_letter(2), poison.a_letter(3))
    assert (taking.take_all().failed, IncomingMail.objects.count()) == (1, 2)
    found = account()
    assert not found.balanced and found.not_taken == 1
    look = last_look()
    assert look is not None and look.failed == 1
    monkeypatch.setattr(taking, "keep_mail", real)
    assert taking.take_all().taken == 1 and account().balanced


def test_what_the_server_says_wrongly_of_one_keeps_no_other(box: Box, monkeypatch: Any) -> None:
    """A date that is none, and an answer that can't be understood."""
    box.put(poison.a_letter(1), poison.a_letter(2), poison.a_letter(3))
    first, second, _ = sorted(box.flags())
    about, read = OpenBox._about, OpenBox.read

    def no_date(self: Any, uids: Any) -> Any:
        if second in uids:
            raise ValueError
        return about(self, uids)

    def no_sense(self: Any, uid: int, *, whole: bool) -> Any:
        if uid == first:
            raise MessageUnreadable
        return read(self, uid, whole=whole)

    monkeypatch.setattr(OpenBox, "_about", no_date)
    monkeypatch.setattr(OpenBox, "read", no_sense)
    report = taking.take_all()
    assert (report.taken, report.failed, account().not_taken) == (2, 1, 1)
    monkeypatch.undo()
    assert taking.take_all().taken == 1


def test_a_full_disk_leaves_the_message_in_the_box(box: Box, monkeypatch: Any) -> None:
    box.put(poison.a_letter(1))
    monkeypatch.setattr(taking, "MIN_FREE_BYTES", 2**60)
    assert taking.take_all().failed == 1 and not any(TAKEN in f for f in box.flags().values())
    monkeypatch.undo()
    assert taking.take_all().taken == 1 and account().balanced


def test_a_damaged_file_is_named(box: Box) -> None:
    box.put(poison.a_letter(1))
    taking.take_all()
    path_of(IncomingMail.objects.get().address).write_bytes(b"something else")
    found = account()
    assert not found.balanced and "第" in found.damaged[0]


def test_a_box_that_does_not_open_says_so(box: Box, settings: Any) -> None:
    for wrong in (box.settings(folder="没有"), box.settings(port=1), None, box.settings(user="x", tls=True)):
        settings.MAILBOX = wrong
        with pytest.raises(MailboxUnavailable) as why:
            taking.take_all()
        assert str(why.value).endswith("。")
        look = last_look()
        assert look is not None and look.error == str(why.value) and look.well_at is None
    settings.MAILBOX = box.settings(password="wrong")
    assert main(["mailbox", "take"]) != 0


def test_waiting_are_listed_oldest_first(box: Box) -> None:
    for day in (22, 20, 21):
        box.put(poison.a_letter(day), at=datetime(2026, 11, day, 1, tzinfo=UTC))
    taking.take_all()
    assert [m.received_on.day for m in mails(who("clerk"), "waiting")] == [20, 21, 22]
