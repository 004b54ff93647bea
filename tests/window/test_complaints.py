"""What users of other systems complain of (the design notes' nineteen), each as a test of this window.

Named after the complaint; the docstring says where it was made. Where the department's own rule differs, that rule is
tested.
"""

import re
import time
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests.attachments.made import png
from tests.petitioner_news.sending import Gateway, running_gateway
from tests.urls import url
from tests.window.standing import (
    PHONE,
    WRITTEN,
    code_shown,
    days_ago,
    facts,
    is_open,
    new_key,
    opened,
    submitted,
)
from tests.world import as_, make_department, register, tell, walk
from xinfang.attachments.models import Attachment
from xinfang.attachments.stores import read_attachment
from xinfang.cases import inquiry_codes
from xinfang.cases.models import Event, Petition
from xinfang.core.clock import today
from xinfang.figures.actions import counted_report
from xinfang.figures.periods import Period, Span
from xinfang.figures.versions import ReportVersion
from xinfang.notifications.models import Notification
from xinfang.papers.models import Paper
from xinfang.petitioner_news.actions import queue_news, sending
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import State
from xinfang.vault.sm_ciphers import sm3
from xinfang.window import session
from xinfang.window.acts import ACTS
from xinfang.window.attempts import PAIR, may_try
from xinfang.window.queries.returns import returns
from xinfang.window.receipt_proof import check_receipt
from xinfang.window.receipts import is_signed, sign
from xinfang.window.session import ProvenCase
from xinfang.window.views.sent_files import MAX_FILES

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def department(request: pytest.FixtureRequest) -> None:
    if "open_page" in request.fixturenames:
        request.getfixturevalue("live_server")
    make_department()


@pytest.fixture
def gateway(settings: Any) -> Iterator[Gateway]:
    with running_gateway(settings) as found:
        yield found


def page_of(browser: Client, name: str, *args: object) -> str:
    return browser.get(url(name, *args)).content.decode()


def in_hand(number: str) -> Client:
    """The petitioner's browser, which has proven their case."""
    row, browser = Petition.objects.get(number=number), Client()
    answer = browser.get(url("window"))
    session.keep(answer, ProvenCase(row.number))
    browser.cookies[session.COOKIE] = answer.cookies[session.COOKIE].value
    return browser


def letter(until: str = "", days: int = 20) -> str:
    came = days_ago(days)
    number = register(came, persons=[{"name": "苏日娜", "phone": PHONE, "address": "某盟某旗"}])
    if until:
        walk(number, until, came)
    return number


def sent(browser: Client, act: str, **answers: str) -> str:
    done = browser.post(url("window-act", act), {"key": new_key(), **answers}, follow=True)
    return done.content.decode()


# ---- 1 to 4: the code and the receipt


def test_01_viewing_the_report_before_copying_the_code_loses_it(open_page: Any) -> None:
    """globaleaks#4865, #2915: print, save or copy it; who leaves without is asked once; a reload shows it again."""
    page, asked = open_page(), []
    page.goto(url("window-submit"))
    for name in ("subject", "phone"):
        page.locator(f"#{name}").fill(str(WRITTEN[name]))
    page.get_by_role("button", name="提交", exact=True).click()
    page.wait_for_url(f"**{url('window-receipt')}")
    shown = page.locator(".inquiry-code").inner_text()
    assert page.get_by_role("button", name="打印").is_visible() and page.get_by_text("保存回执文件").is_visible()
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.reload()
    assert page.locator(".inquiry-code").inner_text() == shown
    page.get_by_text("看办到哪一步").click()
    page.wait_for_url(f"**{url('window-case')}")
    assert asked == ["beforeunload"] * 2, "once for each time that the page was left without keeping it"
    page.get_by_text("提交时的回执").click()
    page.wait_for_url(f"**{url('window-receipt')}")
    assert page.locator(".inquiry-code").inner_text() == shown


def test_02_half_of_the_senders_never_come_back(capsys: pytest.CaptureFixture[str]) -> None:
    """globaleaks#752: one sheet has number, code, QR and the next day; how many come back is counted."""
    browser = Client()
    row, other = submitted(browser), submitted(Client(), subject="另一件")
    browser = Client()
    row = submitted(browser, subject="第三件")
    page, code = page_of(browser, "window-receipt"), code_shown(browser)
    assert row.number in page and "回执二维码" in page and re.search(r"\d+月\d+日之前，我们会书面告诉您", page)
    assert (returns().submitted, returns().came_back) == (3, 0)
    for _ in range(2):
        assert is_open(opened(row.number, code, PHONE[-4:]))
    assert not is_open(opened(other.number, "0" * 16, PHONE[-4:]))
    assert (returns().submitted, returns().came_back) == (3, 1)


def test_02_the_code_of_a_letter_goes_with_its_registered_notice() -> None:
    """bjxfgk.xfb.beijing.gov.cn: who wrote a letter finds number, code and what else is asked for on the notice."""
    number = letter("accepted")
    tell(number)
    row = Petition.objects.get(number=number)
    notice = Paper.objects.get(petition=row, kind="acceptance_notice")
    assert notice.left_on and notice.pdf
    pages = pypdfium2.PdfDocument(b"".join(read_attachment(notice.pdf)))
    text = "".join(page.get_textpage().get_text_bounded() for page in pages)
    assert number in text and "后四位" in text
    assert row.inquiry_code in re.sub(r"[\s\-—]", "", text)


def test_03_ten_digits_are_guessable() -> None:
    """globaleaks#823: 80 bits, typed in any case and width; a hundred thousand guesses open nothing."""
    browser = Client()
    row = submitted(browser)
    code = code_shown(browser)
    assert inquiry_codes.BITS >= 80 and len(inquiry_codes.ALPHABET) ** len(code) == 2**80
    wide = code.lower().translate({n: n + 0xFEE0 for n in range(0x21, 0x7F)})
    for typed in (code.lower(), "-".join(inquiry_codes.grouped(code)), wide, f" {code[:8]} {code[8:]} "):
        assert is_open(opened(row.number, typed, PHONE[-4:]))
    mark = Petition.objects.get(pk=row.pk).inquiry_mark
    assert not any(inquiry_codes.is_code(inquiry_codes.draw_code(), mark) for _ in range(100_000))


def test_03_a_thousand_addresses_get_a_stated_number_of_tries(settings: Any, tmp_path: Any) -> None:
    """globaleaks#823: of a million guesses from a thousand addresses ten thousand an hour are compared, of 2^80."""
    settings.RATE_LIMITS, settings.DATA = True, tmp_path
    for n in range(100):
        tries = [may_try("LX2026000001", f"10.{n % 7}.{n}.1") for _ in range(PAIR.times + 20)]
        assert sum(tries) == PAIR.times, "and so of each further address"
    assert 1000 * PAIR.times / 2**80 < 1e-19


def test_04_a_receipt_proves_nothing() -> None:
    """globaleaks#3397: it is signed; one changed character fails, and so does one that somebody else signed."""
    browser = Client()
    row = submitted(browser, ("通知.txt", b"one"))
    saved = browser.get(url("window-receipt-file")).content.decode()
    found = check_receipt(saved)
    assert found.is_right and found.said["number"] == row.number
    assert found.said["files"] == [{"name": "通知.txt", "size": 3, "sm3": sm3(b"one").hex()}]
    assert not check_receipt(saved.replace(WRITTEN["subject"], WRITTEN["subject"] + "。")).is_right
    assert is_signed("x", sign("x")) and not is_signed("y", sign("x"))


# ---- 5 to 8: what arrives, once, and isn't lost


def test_05_a_file_is_shown_as_attached_and_never_arrives() -> None:
    """globaleaks#4841, #2819: the receipt lists name, size and digest of what arrived, and names what did not."""
    browser = Client()
    submitted(browser, ("照片.png", png()), ("空.txt", b""), ("程序.exe", b"MZ"))
    page = page_of(browser, "window-receipt")
    arrived, left = page.split("没有收到的文件")
    assert "照片.png" in arrived and sm3(png()).hex() in arrived and "空.txt" not in arrived
    assert "空.txt" in left and "程序.exe" in left


@pytest.mark.parametrize("size", [1, 2**20 - 1, 2**20, 2**20 + 1, 50 * 2**20])
def test_06_files_above_a_megabyte_are_corrupted_or_lost(size: int) -> None:
    """globaleaks#2226: what was sent is what is kept, whatever its size."""
    browser, data = Client(), (b"0123456789abcde\n" * (size // 16 + 1))[:size]
    row = submitted(browser, ("记录.txt", data))
    kept = Attachment.objects.get(petition=row)
    assert kept.size == size and kept.digest == sm3(data).hex()
    assert f"{kept.digest}" in page_of(browser, "window-receipt")


def test_06_a_case_with_many_files_fails() -> None:
    """globaleaks#3055: a hundred files arrive; two of one name stay two; what is too many at once is named."""
    browser = Client()
    row = submitted(browser, *((f"{n // 2}.txt", f"第{n}个".encode()) for n in range(MAX_FILES + 1)))
    page = page_of(browser, "window-receipt")
    assert f"{MAX_FILES // 2}.txt" in page.split("没有收到的文件")[1]
    for start in (30, 60, 90):
        files = [SimpleUploadedFile("材料.txt", f"第{n}个".encode()) for n in range(start, min(start + 30, 100))]
        browser.post(url("window-act", "supplement"), {"key": new_key(), "text": "补充", "files": files})
    kept = Attachment.objects.filter(petition=row)
    assert kept.count() == 100 == len({a.digest for a in kept})
    assert [a.name for a in kept].count("0.txt") == 2


def test_07_people_submit_twice_because_they_are_not_sure() -> None:
    """va.gov-team#86774, #84144: a double click, a reload, a lost answer and going back all are one petition."""
    browser, key = Client(), new_key()
    first = submitted(browser, key=key)
    assert submitted(browser, key=key).pk == first.pk, "a double click"
    assert submitted(Client(), key=key).pk == first.pk, "the answer was lost, and it was sent again"
    assert submitted(browser).pk == first.pk, "gone back, and the same words sent from another form"
    assert Petition.objects.count() == 1 and Event.objects.filter(code=StepCode.REGISTER).count() == 1


def test_08_the_session_ended_and_the_text_was_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    """va.gov-team#20543: forty minutes away, then sent; an act asks once more who it is."""
    browser = Client(enforce_csrf_checks=True)
    page = page_of(browser, "window-submit")
    token = re.search(r'csrfmiddlewaretoken" value="([^"]+)', page)
    assert token
    later = time.time() + 40 * 60
    monkeypatch.setattr(time, "time", lambda: later)
    sent_late = {**WRITTEN, "key": new_key(), "csrfmiddlewaretoken": token[1]}
    assert browser.post(url("window-submit"), sent_late).status_code == 302
    row, code = Petition.objects.get(), code_shown(browser)
    browser = Client()
    browser.post(url("window-follow"), {"number": row.number, "code": code, "proof": PHONE[-4:]})
    much_later = later + 40 * 60
    monkeypatch.setattr(time, "time", lambda: much_later)
    words, key = "补充银行流水“<b>”", new_key()
    asked = browser.post(url("window-act", "supplement"), {"key": key, "text": words}).content.decode()
    assert (
        "您写的内容还在" in asked and "补充银行流水" in asked and "<b>" not in asked.split("again")[-1].split("<p>")[0]
    )
    again = {"key": key, "text": words, "number": row.number, "code": code}
    wrong = browser.post(url("window-act", "supplement"), {**again, "proof": "0000"})
    assert wrong.status_code == 422 and "补充银行流水" in wrong.content.decode()
    back = browser.post(url("window-act", "supplement"), {**again, "proof": PHONE[-4:]}).content.decode()
    assert "请核对后提交" in back and "补充银行流水" in back
    assert not Event.objects.filter(code=StepCode.SUPPLEMENT).exists(), "nothing was sent in their name"
    assert "补充已经收到" in sent(browser, "supplement", text=words)


# ---- 9 to 11: the device, large type, and what is read out


def test_09_guest_sessions_never_end_on_public_computers(open_page: Any) -> None:
    """civiform#1306, #6083: after 我办完了，清除 going back shows nothing, and nothing is left in the browser."""
    page = open_page()
    page.goto(url("window-submit"))
    page.get_by_label("把内容留在这台设备上").check()
    for name in ("subject", "phone", "name"):
        page.locator(f"#{name}").fill(str(WRITTEN[name]))
    page.get_by_role("button", name="提交", exact=True).click()
    page.wait_for_url(f"**{url('window-receipt')}")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(url("window-data"))
    page.get_by_role("button", name="我办完了，清除").click()
    page.get_by_role("heading", name="已经清除").wait_for()
    page.go_back()
    shown = page.content()
    assert WRITTEN["name"] not in shown and PHONE not in shown and Petition.objects.get().number not in shown
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert not [c for c in page.context.cookies() if c["name"] == session.COOKIE]


def test_10_changing_how_a_page_looks_loses_what_was_typed(open_page: Any) -> None:
    """civiform#1576, #7058: large type is switched on a filled form, on one with errors, and after choosing files."""
    page = open_page()
    page.goto(url("window-submit"))
    page.locator("#body").fill("写了一半")
    page.locator("#files").set_input_files({"name": "甲.txt", "mimeType": "text/plain", "buffer": b"1"})
    for _ in range(2):
        page.get_by_text("大字").click()
        assert page.locator("#body").input_value() == "写了一半"
        assert "甲.txt" in page.locator("[data-chosen-files]").inner_text()
    page.locator("#subject").fill("请求说明")
    page.get_by_role("button", name="提交", exact=True).click()
    page.locator(".error-summary").wait_for()
    page.get_by_text("大字").click()
    assert page.locator("#body").input_value() == "写了一半" and page.locator(".error-summary").is_visible()
    number = letter("served")
    browser = in_hand(number)
    names = ["window", "window-notice", "window-procedure", "window-check", "window-case", "window-data", "window-news"]
    for address in [url(n) for n in names] + [url("window-act", a) for a in ACTS]:
        html = browser.get(address).content.decode()
        assert html.count('id="large-type"') == 1, f"{address} has no switch, or it asks the server"


def test_11_errors_are_shown_and_never_read_out() -> None:
    """uswds#6157, va.gov-team#125965: a summary that is announced, and each field tied to its sentence."""
    browser = in_hand(letter("served"))
    refused = [browser.post(url("window-submit"), {"word": "短"}), browser.post(url("window-follow"), {})]
    refused += [browser.post(url("window-act", act), {}) for act in ("supplement", "rate", "message", "review")]
    for page in refused:
        html = page.content.decode()
        assert page.status_code == 422 and re.search(r'class="error-summary"[^>]*role="alert"', html)
        for control in re.findall(r'<(?:input|textarea|select)[^>]*aria-invalid="true"[^>]*>', html):
            named = re.search(r'aria-describedby="([^"]+)"', control)
            assert named and all(f'id="{n}"' in html for n in named[1].split()), control
    assert 'aria-live="polite"' in page_of(browser, "window-submit"), "what was chosen as a file is announced"


# ---- 12 to 15: the end of a matter, rating, review, and why that day


def test_12_closed_though_nothing_was_done() -> None:
    """fixmystreet#897, #1339: after the end a message reaches an inbox; the end says nothing of a rating."""
    number = letter("closed", days=80)
    found = facts(number)
    assert found.state is State.CLOSED and not found.rated, "closed and rated are two facts"
    sent(in_hand(number), "message", kind="message", text="补助还是没有到账")
    assert number in as_("clerk").get(url("inbox")).content.decode()
    assert facts(number).state is State.CLOSED
    counted = counted_report(Period(Span.YEAR, today().year), ReportVersion.INTERNAL, today()).table("6")
    assert [f.now.under for f in counted.row("pleased").figures if f] == [0, 0], "an unrated case is in no rate"


def test_13_they_replied_but_not_to_my_points() -> None:
    """writetothem#11, glpi#474: rated request by request, after service only, never from a session of the staff."""
    before = in_hand(letter("replied"))
    assert "现在还不能办" in page_of(before, "window-act", "rate") or "rate" not in page_of(before, "window-case")
    number = letter("served")
    browser = in_hand(number)
    form = page_of(browser, "window-act", "rate")
    assert "第1项" in form and "第2项" in form and "没有回应" in form and 'selected value="0"' not in form
    given = {"office_rating": "0", "request_1": "0", "request_2": "3", "why": "not_points"}
    clerk = as_("clerk")
    clerk.cookies.update(browser.cookies)
    assert "请先退出工作账号" in sent(clerk, "rate", **given) and not facts(number).rated
    sent(browser, "rate", **given)
    assert facts(number).rated and "不能修改" in page_of(browser, "window-act", "rate"), "once, never edited"


PLACES = ("", "classified", "instructed", "accepted", "signed", "drafted", "replied", "served", "closed")


@pytest.mark.parametrize("until", PLACES)
def test_14_the_page_sends_people_to_a_review_the_law_does_not_offer(until: str) -> None:
    """whatdotheyknow-theme#55, alaveteli#5043: what is offered can be done, what can't says why."""
    browser = in_hand(letter(until))
    case = page_of(browser, "window-case")
    offered, rest = case.partition("现在还不能办的")[::2]
    rest = rest.partition("</section>")[0]
    for act in ACTS.values():
        form = page_of(browser, "window-act", act.name)
        if url("window-act", act.name) in offered:
            assert "现在还不能办" not in form, f"{until}: {act.title} is offered"
        elif f"<dt>{act.title}</dt>" in rest:
            assert "现在还不能办" in form and re.search(r"（[^）]*第[一二三四五六七八九十百\d]+条", form + rest)
    if url("window-act", "review") in offered:
        assert "请求复查找：" in case and "您可以请求复查的期限" in case and "附上书面意见" in case


def test_15_how_was_this_day_calculated() -> None:
    """alaveteli#5101, #7292: the day with its article, where counting began, and each day that was skipped and why."""
    number = register(date(2026, 9, 18))
    page = page_of(in_hand(number), "window-case")
    told = re.sub(r"<[^>]+>|\s+", " ", page.partition("为什么是这一天")[2].partition("</section>")[0])
    assert "2026年9月18日" in told and "收到之日，不计（民法典第二百零一条）" in told
    assert "第15日（条例第二十三条）" in told and "国庆节放假" in told, "a holiday, and what it changes"
    assert "不因休假日顺延" in told and "依据：条例第二十三条" in told


# ---- 16 to 19: an owner, no identity, no puzzle, no false word


def test_16_an_unconfirmed_address_means_that_it_was_never_sent() -> None:
    """fixmytransport#717, fixmystreet#695: no gate; what was submitted has an owner in the same moment."""
    row = submitted(Client())
    assert row.tasks.exists() and row.number in as_("clerk").get(url("inbox")).content.decode()
    assert facts(row.number).received_on == today()
    secret = submitted(Client(), wrongdoing="on", subject="检举")
    assert secret.tasks.exists() and secret.number in as_("sealed").get(url("inbox")).content.decode()


def test_17_the_page_shows_who_complained() -> None:
    """froide#437, VCDB#11474: the page of a case holds no identity; the unit complained of never sees the case."""
    browser = Client()
    row = submitted(browser)
    case = page_of(browser, "window-case")
    for theirs in (WRITTEN["name"], PHONE, WRITTEN["address"]):
        assert theirs not in re.sub(r"<input[^>]*>", "", case)
    of_a_unit = register(days_ago(5), complained_units=["funds"])
    assert as_("head").get(url("petition", of_a_unit)).status_code == 404
    assert as_("handler").get(url("petition", of_a_unit)).status_code == 404
    assert as_("clerk").get(url("petition", row.number)).status_code == 200


def test_18_captchas_exclude_weak_eyes_and_stressed_people(settings: Any, tmp_path: Any) -> None:
    """alaveteli#6907, hushline#2245: a rate and a field that no person sees, nothing to solve."""
    for name in ("window-submit", "window-follow"):
        page = page_of(Client(), name)
        assert not re.search("captcha|验证码图片|滑块", page, re.IGNORECASE) and "https://" not in page
    robot = Client().post(url("window-submit"), {**WRITTEN, "website": "x", "key": new_key()})
    assert robot.status_code == 404 and not Petition.objects.exists()
    settings.RATE_LIMITS, settings.DATA = True, tmp_path
    village = [
        {**WRITTEN, "subject": f"请求答复{chr(0x4E00 + n)}事", "key": new_key()}
        for n in range(settings.FLOOD_NETWORK + 5)
    ]
    answers = [Client().post(url("window-submit"), one).status_code for one in village]
    assert set(answers) == {302}, "behind one address may be a village: nobody is refused, what is too much waits"
    assert Petition.objects.count() == settings.FLOOD_NETWORK
    assert submitted(Client(REMOTE_ADDR="10.3.3.3")).pk, "who sends from elsewhere is registered at once"


def test_19_a_message_that_did_not_arrive_was_called_told(gateway: Gateway) -> None:
    """notifications-admin#3471, #3489: only what is known is said; what wasn't taken is a task, never 已告知."""
    row = submitted(Client(), news_sms="on")
    queue_news(row, timezone.now())
    gateway.does("broken")
    before, now = facts(row.number), timezone.now()
    for _ in range(sending.MAX_TRIES):
        sending.send_waiting_news(now=lambda at=now: at)
        now += timedelta(hours=2)
    assert facts(row.number) == before, "no limit stopped, and nothing was told"
    [text] = set(Notification.objects.filter(kind=sending.NOTIFICATION).values_list("text", flat=True))
    assert "没有发出" in text and "请改用其他方式告知" in text and "已告知" not in text and "号码不存在" not in text
