"""Opening one's own case: number, code and second proof; what fails, fails alike, and nobody is shut out by another."""

import re
import time
from statistics import median
from typing import Any

import pytest
from django.test import Client

from tests.urls import url
from tests.window.standing import PHONE, code_shown, days_ago, is_open, opened, submitted
from tests.world import as_, make_department, register
from xinfang.cases.inquiry_codes import BITS, printed_digits
from xinfang.cases.models import Petition
from xinfang.window import session
from xinfang.window.attempts import ADDRESS, CHECKED_AN_HOUR, FIRST_OF_PAIR, PAIR, may_try, years_to_guess

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def department() -> None:
    make_department()


@pytest.fixture
def limited(settings: Any, tmp_path: Any) -> None:
    settings.RATE_LIMITS, settings.DATA = True, tmp_path


def letter(**person: str) -> Petition:
    number = register(days_ago(5), persons=[{"name": "其木格", **person}])
    return Petition.objects.get(number=number)


def answer_to(number: str, code: str, proof: str, client: Client | None = None) -> str:
    """What the page says, without what changes at each request."""
    page = (client or Client()).post(url("window-follow"), {"number": number, "code": code, "proof": proof})
    return re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]+|value="[^"]*"', "", page.content.decode())


def test_a_letter_is_opened_by_the_code_on_its_notice_and_four_digits() -> None:
    row = letter(phone="0471-6280000", id_number="15010019800101123X")
    for proof in ("0000", "123x", " １２３Ｘ "):
        assert is_open(opened(row.number.lower(), row.inquiry_code.lower(), proof))
    for wrong in ("", "000", "6280000", "0001", printed_digits(row.number)):
        assert not is_open(opened(row.number, row.inquiry_code, wrong))


def test_who_gave_no_number_has_the_digits_that_the_notice_prints() -> None:
    row = letter(address="某盟某旗")
    assert is_open(opened(row.number, row.inquiry_code, printed_digits(row.number)))
    assert not is_open(opened(row.number, row.inquiry_code, "000000"))


def test_a_destroyed_or_unknown_case_opens_to_nobody() -> None:
    row = letter(phone=PHONE)
    code = row.inquiry_code
    Petition.objects.filter(pk=row.pk).update(inquiry_mark="", inquiry_sealed=None)
    assert not is_open(opened(row.number, code, PHONE[-4:])) and not is_open(opened("LX2026999999", code, PHONE[-4:]))
    assert not is_open(opened(row.number, "", PHONE[-4:]))


def test_wrong_code_wrong_proof_no_such_case_and_too_many_tries_are_answered_alike(limited: None) -> None:
    row = letter(phone=PHONE)
    wrong = [
        answer_to(row.number, "0" * 16, PHONE[-4:]),
        answer_to(row.number, row.inquiry_code, "9999"),
        answer_to("LX2026999999", row.inquiry_code, PHONE[-4:]),
    ]
    for _ in range(PAIR.times):
        locked = answer_to(row.number, row.inquiry_code, PHONE[-4:], Client(REMOTE_ADDR="10.1.1.1"))
    client = Client(REMOTE_ADDR="10.1.1.2")
    for _ in range(PAIR.times):
        answer_to(row.number, "0" * 16, "9999", client)
    locked = answer_to(row.number, row.inquiry_code, PHONE[-4:], client)
    assert len({*wrong, locked}) == 1 and "没有打开" in locked


def test_how_long_an_answer_takes_says_nothing() -> None:
    row = letter(phone=PHONE)

    def seconds(number: str, code: str) -> float:
        taken = []
        for _ in range(15):
            began = time.process_time()
            answer_to(number, code, "9999")
            taken.append(time.process_time() - began)
        return median(taken)

    seconds(row.number, "0" * 16)
    unknown, wrong = seconds("LX2026999999", "0" * 16), seconds(row.number, "0" * 16)
    assert 0.5 < unknown / wrong < 2


def test_at_most_so_many_tries_at_a_case_are_compared_and_the_petitioner_still_gets_in(limited: None) -> None:
    """A whole office guesses at ten thousand cases; behind the same address somebody opens their own."""
    compared = sum(may_try("LX2026000001", "10.2.2.2") for _ in range(100))
    assert compared == CHECKED_AN_HOUR == PAIR.times
    passed = sum(may_try(f"LX2026{n:06d}", "10.3.3.3") for n in range(2, 1000))
    assert passed == 998, "the first tries at a case are looked at even then"
    again = sum(may_try(f"LX2026{n:06d}", "10.3.3.3") for n in range(2, 1000) for _ in range(PAIR.times - 1))
    assert again <= 998 * FIRST_OF_PAIR.times < 998 * (PAIR.times - 1)
    row = letter(phone=PHONE)
    guesser = Client(REMOTE_ADDR="10.3.3.3")
    guesser.post(url("window-follow"), {"number": row.number, "code": row.inquiry_code, "proof": PHONE[-4:]})
    assert is_open(guesser) and ADDRESS.times < 998


def test_guessing_takes_longer_than_there_is_time(capsys: pytest.CaptureFixture[str]) -> None:
    """With the limiter off, at the rate at which this machine compares."""
    row = letter(phone=PHONE)
    began, tries = time.process_time(), 50
    for _ in range(tries):
        answer_to(row.number, "0" * 16, "9999")
    rate = tries / (time.process_time() - began)
    years = years_to_guess(rate * 1000, BITS)
    with capsys.disabled():
        print(
            f"\n{rate:.0f} tries a second on one core; on a thousand cores {years:.1e} years for a code of {BITS} bits"
        )
    assert years > 1e6


def test_a_cookie_opens_one_case_for_half_an_hour_and_nothing_of_the_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    browser = Client()
    row = submitted(browser)
    kept = browser.cookies[session.COOKIE]
    assert kept["path"] == url("window") and kept["httponly"] and kept["samesite"] == "Strict"
    assert row.number not in browser.get(url("petition", row.number)).content.decode()
    later = time.time() + session.MINUTES * 60 + 1
    monkeypatch.setattr(time, "time", lambda: later)
    assert not is_open(browser)
    forged = Client()
    forged.cookies[session.COOKIE] = kept.value[:-1] + ("A" if kept.value[-1] != "A" else "B")
    assert not is_open(forged)


def test_who_works_at_the_desk_opens_nothing_here_by_being_signed_in() -> None:
    letter(phone=PHONE)
    assert as_("clerk").get(url("window-case")).status_code == 302


def test_clearing_leaves_nothing_on_the_device() -> None:
    browser = Client()
    submitted(browser)
    answer = browser.post(url("window-leave"))
    assert answer["Clear-Site-Data"] == '"cache", "storage"' and answer["Cache-Control"] == "no-store"
    assert not is_open(browser)


def test_another_petitioners_proof_opens_their_own_case_only() -> None:
    mine, other = Client(), Client()
    _, second = submitted(mine), submitted(other, phone="15000009876", subject="另一件")
    code = code_shown(mine)
    assert not is_open(opened(second.number, code, PHONE[-4:]))
    assert "另一件" not in mine.get(url("window-case")).content.decode()
