"""A window apart: what it takes in only the desk can read, and takes once; what it shows the desk has signed."""

import base64
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client
from django.utils import timezone

from tests.urls import url
from tests.window.standing import PHONE, WRITTEN, facts, is_open, new_key, opened
from tests.world import make_department, walk, who
from xinfang.accounts.models import Staff
from xinfang.attachments.models import Attachment
from xinfang.cases.models import Petition
from xinfang.core.clock import today
from xinfang.operations.commands.duties import _exchange_with_window
from xinfang.procedure.rules import Reason, Refused
from xinfang.procedure.words import State
from xinfang.vault.sealed_box import open_sealed, private_key, seal_for
from xinfang.vault.sm_ciphers import DecryptionFailed
from xinfang.window.actions import apart
from xinfang.window.actions.apart import publish_all, take_all
from xinfang.window.actions.clearing import answer_set_aside, set_aside
from xinfang.window.apart import intake
from xinfang.window.apart.envelope import SealedSubmission, packed, place_of
from xinfang.window.apart.kit import FILE, desk_kit, intake_key, kit, write_kit
from xinfang.window.apart.queue import file_name_of, folder
from xinfang.window.apart.status import is_proven
from xinfang.window.apart.urls import urlpatterns
from xinfang.window.forms import SubmissionForm
from xinfang.window.models import WaitingSubmission, WindowFollow
from xinfang.window.queries.receipts import is_kept
from xinfang.window.receipt_proof import Verdict, check_receipt
from xinfang.window.receipts import own_keys, public_key
from xinfang.window.submission import SentFile
from xinfang.window.urls import AT_THE_DESK, FOR_EVERYBODY, not_here, patterns

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def queue(settings: Any, tmp_path: Path) -> Iterator[Path]:
    """A department with the kit of its window, and the folder between the two."""
    make_department()
    settings.WINDOW_QUEUE = tmp_path
    kept = Path(settings.DATA) / FILE
    write_kit(desk_kit(base64.b64decode(public_key())), kept)
    yield tmp_path
    kept.unlink()
    shutil.rmtree(Path(settings.DATA) / "receipts", ignore_errors=True)


@contextmanager
def at_the_window() -> Iterator[None]:
    """As in the window's process: without the desk's keys."""
    from django.conf import settings

    with patch.object(settings, "PART", "window"), patch("xinfang.vault.keys.keyring", side_effect=AssertionError):
        yield


def submit(*files: SentFile, key: str = "", network: str = "203.0.113.7", **changes: Any) -> str:
    """Submit at the window apart; return the inquiry code."""
    form = SubmissionForm({**WRITTEN, **changes})
    assert form.is_valid(), form.errors
    given = form.cleaned_data
    with at_the_window():
        return intake.take_in(
            form.answers(), word=given["word"], wrongdoing=given["wrongdoing"], files=files, left_out=[],
            key=key or new_key(), network=network,
        )  # fmt: skip


def found(code: str) -> intake.Found:
    with at_the_window():
        there = intake.find(code)
    assert there is not None
    return there


def say(code: str, words: str) -> None:
    with at_the_window():
        intake.say(code, words, new_key())


def waiting_files(queue: Path) -> list[Path]:
    return sorted((queue / "up").glob("*.sealed"))


def test_what_is_submitted_is_a_case_once_the_desk_took_it_received_on_its_day(queue: Path) -> None:
    came = timezone.now() - timedelta(days=3)
    with patch.object(intake.timezone, "now", return_value=came):
        code = submit(SentFile("通知.txt", "补助通知".encode()))
    number = found(code).now.numbers[0]
    taken = take_all()
    assert (taken.taken, taken.waiting, taken.failed, taken.refused) == (1, 0, 0, 0) and not waiting_files(queue)
    case = Petition.objects.get()
    assert facts(case.number).received_on == today(came) and facts(case.number).state is State.REGISTERED
    assert Attachment.objects.get(petition=case).name == "通知.txt"
    assert is_open(opened(number, code, PHONE[-4:])) and is_open(opened(case.number, code, PHONE[-4:]))


def test_it_is_taken_exactly_once_however_often_it_comes(queue: Path) -> None:
    code, key = "", new_key()
    code = submit(SentFile("通知.txt", b"one"), key=key)
    file = waiting_files(queue)[0]
    copy = file.read_bytes()
    take_all()
    for _ in range(2):
        file.write_bytes(copy)
        assert take_all().taken == 1
    assert Petition.objects.count() == 1 and Attachment.objects.count() == 1 and WindowFollow.objects.count() == 1
    assert submit(SentFile("通知.txt", b"one"), key=key) == code and not waiting_files(queue), "known to be taken"


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("where", ["keep_waiting", "_remember", "register_one", "publish"])
def test_killed_at_any_point_it_is_taken_once_when_the_desk_comes_back(queue: Path, where: str) -> None:
    submit(SentFile("通知.txt", b"one"))
    real: Callable[..., Any] = getattr(apart, where)
    for before in (True, False):

        def dies(*args: Any, before: bool = before, **kwargs: Any) -> None:
            if not before:
                real(*args, **kwargs)
            raise Killed

        with patch.object(apart, where, dies), pytest.raises(Killed):
            take_all()
        assert len(waiting_files(queue)) == 1
    assert take_all().taken == 1 and not waiting_files(queue)
    assert Petition.objects.count() == 1 and Attachment.objects.count() == 1
    row = WaitingSubmission.objects.get()
    assert row.petition is not None and row.wrapped_key is None


def test_the_same_form_sent_again_before_the_answer_arrived_is_the_same(queue: Path) -> None:
    key = new_key()
    code = submit(key=key)
    first = found(code).kept
    waiting_files(queue)[0].unlink()  # killed between the receipt and the sealed file: nothing was acknowledged
    assert submit(key=key) == code and found(code).kept == first and len(waiting_files(queue)) == 1
    assert submit() != code


def test_neither_the_window_nor_who_takes_its_disk_reads_what_was_submitted(queue: Path, settings: Any) -> None:
    submit(SentFile("通知.txt", "补助通知".encode()), word="草原蓝天")
    window = kit()
    for file in [*queue.rglob("*"), *(Path(settings.DATA) / "receipts").iterdir()]:
        if file.is_file():
            content = file.read_bytes()
            assert not any(w.encode() in content for w in (WRITTEN["body"], WRITTEN["name"], PHONE, "补助通知", "草原"))
    sealed = waiting_files(queue)[0]
    for name in ("receipt", "codes"):
        with pytest.raises(DecryptionFailed):
            open_sealed(private_key(window.bytes_of(name)), sealed.read_bytes(), place_of(sealed.name))


def test_the_receipt_is_the_windows_own_and_the_desk_knows_it(queue: Path) -> None:
    code = submit()
    kept = found(code).kept
    assert kept is not None
    checked = check_receipt(kept.receipt)
    assert checked.verdict is Verdict.RIGHT and len(own_keys()) == 2
    with at_the_window():
        assert check_receipt(kept.receipt).verdict is Verdict.RIGHT and public_key() != own_keys()[1]
    take_all()
    assert is_kept(checked.said["number"], checked.digest)


def test_what_the_window_did_not_write_is_put_aside(queue: Path) -> None:
    code = submit()
    file = waiting_files(queue)[0]
    envelope = apart.unpacked(open_sealed(intake_key(), file.read_bytes(), place_of(file.name)))
    assert isinstance(envelope, SealedSubmission)
    file.unlink()
    public = kit().bytes_of("intake")
    other = "0" * 32 + ".sealed"
    forged = {
        file.name: replace(envelope, receipt=envelope.receipt.replace("苏日娜", "x").replace("补助", "奖金")),
        other: envelope,
        "1" * 32 + ".sealed": replace(envelope, submission=replace(envelope.submission, at=timezone.now())),
    }
    for name, content in forged.items():
        (queue / "up" / name).write_bytes(seal_for(public, packed(content), place_of(name)))
    (queue / "up" / ("2" * 32 + ".sealed")).write_bytes(os.urandom(300))
    (queue / "up" / ("3" * 32 + ".sealed")).write_bytes(
        seal_for(public, b"\0\0\0\x02{}", place_of("3" * 32 + ".sealed"))
    )
    (queue / "up" / f".half-carried-{file.name}").write_bytes(b"x")
    taken = take_all()
    assert taken.refused == 5 and taken.taken == 0 and not Petition.objects.exists() and code
    assert len(list((queue / "refused").iterdir())) == 5


def test_the_petitioner_follows_at_the_window_what_the_desk_published() -> None:
    code = submit(word="草原蓝天")
    before = found(code).now
    assert (
        is_proven(before, code, PHONE[-4:])
        and is_proven(before, code, "草原 蓝天")
        and not is_proven(before, code, "1")
    )
    take_all()
    assert publish_all().cases == 1 and publish_all().cases == 0, "what didn't change isn't written again"
    case = Petition.objects.get()
    now = found(code).now
    assert now.numbers == [before.numbers[0], case.number] and "已经登记" in now.body
    assert is_proven(now, code, PHONE[-4:]) and is_proven(now, code, "草原蓝天") and not is_proven(now, code, "0000")
    with at_the_window():
        assert intake.find("0" * 16) is None


def test_the_reply_is_published_with_it_and_nothing_internal() -> None:
    came = timezone.now() - timedelta(days=40)
    with patch.object(intake.timezone, "now", return_value=came):
        code = submit()
    take_all()
    number = Petition.objects.get().number
    walk(number, "served", today(came))
    publish_all()
    now = found(code).now
    assert "%PDF" in str(base64.b64decode(next(iter(now.papers.values())).data)[:10])
    said = facts(number).history
    internal = {"乌兰", "那顺", "白音", "巴特尔", *(str(getattr(h.step, "proposal", "") or "拟办意见") for h in said)}
    assert not [words for words in internal if words in now.body]
    browser = opened(number, code, PHONE[-4:])
    assert plain(now.body)[:400] in plain(browser.get(url("window-case")).content.decode()), (
        "as the desk's window says it"
    )


def plain(html: str) -> str:
    """The words of a page."""
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", html))


def test_a_published_file_that_the_desk_did_not_sign_shows_nothing(queue: Path) -> None:
    code, other = submit(), submit(subject="另一件事")
    take_all()
    publish_all()
    status = queue / "down" / "status"
    mine, theirs = status / file_name_of(code), status / file_name_of(other)
    genuine = mine.read_bytes()
    mine.write_bytes(theirs.read_bytes())
    assert found(code).now.body == "", "signed for another place"
    mine.write_bytes(genuine[:-1] + bytes([genuine[-1] ^ 1]))
    assert found(code).now.body == "" and found(code).kept is not None
    mine.write_bytes(genuine)
    assert "已经登记" in found(code).now.body


def test_words_reach_the_case_once_and_their_answer_comes_back(queue: Path) -> None:
    code = submit()
    say(code, "补充一点情况")
    message = next(f for f in waiting_files(queue) if "-" in f.name)
    copy = message.read_bytes()
    assert take_all().messages == 1
    message.write_bytes(copy)
    take_all()
    number = Petition.objects.get().number
    assert len(facts(number).messages) == 1
    publish_all()
    assert "补充一点情况" in found(code).now.body
    say("0" * 16, "我没有提交过")
    assert take_all().refused == 1


def test_a_flood_waits_at_the_desk_and_what_was_set_aside_is_asked_for_again(settings: Any) -> None:
    settings.RATE_LIMITS, settings.FLOOD_NETWORK, settings.FLOOD_SAME_TEXT = True, 1, 100
    submit(network="203.0.113.99")
    code = submit(network="203.0.113.99", subject="加微信领取优惠")
    taken = take_all()
    assert (taken.taken, taken.waiting) == (2, 1)
    row = WaitingSubmission.objects.get(state="waiting")
    say(code, "我真的反映情况")
    assert take_all().later == 1, "it stays until something can hold it"
    clerk, head = who("clerk"), who("office_head")
    set_aside([row.pk], report=False, reason="广告", by=clerk, staff=_staff("clerk"))
    lot = row.memberships.get().clearing_id
    answer_set_aside(lot, agree=True, opinion="", by=head, staff=_staff("office_head"))
    publish_all()
    assert "认定为非信访内容" in found(code).now.body and "广告" in found(code).now.body
    assert take_all().messages == 1
    row.refresh_from_db()
    assert row.state == "waiting" and hasattr(row, "asked_again")


def _staff(username: str) -> Any:
    return Staff.objects.get(username=username)


def test_what_the_rules_at_the_desk_refuse_waits_for_the_office(queue: Path) -> None:
    submit()
    with patch("xinfang.window.actions.clearing.register_submission", side_effect=Refused([Reason("x", (), "y", "z")])):
        assert take_all().waiting == 1
    assert WaitingSubmission.objects.filter(state="waiting").count() == 1


def test_of_a_file_that_was_destroyed_the_window_shows_nothing_more(settings: Any) -> None:
    code = submit()
    take_all()
    publish_all()
    with patch.object(apart, "case_key", return_value=None):
        WindowFollow.objects.update(published_as="")
        publish_all()
    with at_the_window():
        assert intake.find(code) is None
        intake.remove_taken()
    assert list((Path(settings.DATA) / "receipts").iterdir()) == []


def test_the_sweep_takes_and_publishes_and_goes_on_where_the_folder_is_away(queue: Path, settings: Any) -> None:
    code = submit()
    _exchange_with_window()
    assert "已经登记" in found(code).now.body
    shutil.rmtree(queue / "down")
    (queue / "down").touch()
    _exchange_with_window()
    settings.WINDOW_QUEUE = None
    _exchange_with_window()


def test_at_the_desk_alone_the_public_addresses_lead_nowhere_and_keep_their_places() -> None:
    desk = {p.name: p for p in patterns("desk")}
    assert set(desk) == {p.name for p in patterns("both")}
    assert all(desk[p.name].callback is not_here and str(desk[p.name].pattern) == str(p.pattern) for p in FOR_EVERYBODY)
    assert all(desk[p.name].callback is p.callback for p in AT_THE_DESK)
    assert all(str(p.pattern).startswith("window/") for p in FOR_EVERYBODY)


@pytest.mark.urls("xinfang.window.apart.urls")
def test_the_windows_addresses_are_the_same_and_no_others(settings: Any) -> None:
    settings.ERROR_TEMPLATE = "window/apart/error.html"
    there = {p.name: str(p.pattern) for p in FOR_EVERYBODY}
    own = {p.name: str(p.pattern) for p in urlpatterns}
    assert {n for n in own if n not in there} == {"entrance", "healthz", "window-say"}
    assert all(own[n] == there[n] for n in own if n in there)
    assert Client().get("/petitions/").status_code == 404 and folder("up").is_dir()
