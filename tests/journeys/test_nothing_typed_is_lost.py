"""Whatever happens to a half-filled form, what was typed is still in it, is offered whole, or waits in the outbox.

Ten events for each of seven forms, in a real browser. And after signing in again the same form can be sent, by who
filled it in and nobody else.
"""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as now
from django.core.exceptions import PermissionDenied
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.forms_filled import FORMS, Filled, forget_the_outbox, kept_by_the_outbox
from tests.night import at_night_or
from tests.urls import url
from tests.world import PASSWORD
from xinfang.accounts.models import SignIn, Staff
from xinfang.cases.models import Event
from xinfang.web.models import Draft

LAST = "\n最后写下的一句。"
RESTORE = "恢复草稿"


def until(holds: Callable[[], bool], what: str) -> None:
    """Wait for something only the server knows."""
    end = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < end, what
        time.sleep(0.02)


def give_session(context: BrowserContext, username: str, url: str) -> None:
    """As after a sign-in in another tab: this browser has a session again."""
    client = Client()
    client.force_login(Staff.objects.get(username=username))
    value = client.cookies[now.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": now.SESSION_COOKIE_NAME, "value": value, "url": url}])


def sign_in_at(page: Page, username: str) -> None:
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page).not_to_have_url(re.compile(url("login")))


def end_all_sessions() -> None:
    from xinfang.accounts.actions import sign_ins

    sign_ins.end_sessions(SignIn.objects.filter(ended_at=None), SignIn.Why.LEFT)


class Cell:
    """One form and one event: begins with everything filled in and the last words just typed."""

    def __init__(
        self, form: Filled, context: BrowserContext, address: str, url: str, patch: Any, settings: Any
    ) -> None:
        self.form, self.context, self.address, self.url = form, context, address, url
        self.patch, self.settings = patch, settings
        Draft.objects.all().delete()
        self.page = self.begin()
        form.fill(self.page)
        self.write(LAST)
        self.typed = form.stands(self.page)

    def begin(self, **options: Any) -> Page:
        page = self.context.new_page(**options)
        page.goto(url("account"))
        page.goto(self.address)
        return page

    def write(self, words: str) -> None:
        field = self.page.locator(f"{self.form.selector} {self.form.more}")
        field.press("Control+End")
        self.page.keyboard.insert_text(words)

    def saved(self) -> None:
        expect(self.status()).to_contain_text("草稿已保存")
        self.page.wait_for_function("() => !document.querySelector('[aria-busy=true]')")

    def status(self) -> Any:
        return self.page.locator(f"{self.form.selector} .draft-status")

    def is_whole(self, page: Page | None = None, typed: Any = None, of: str = "") -> None:
        """Everything is in the form, at once or after the offer was taken."""
        page, typed = page or self.page, typed or self.typed
        form = page.locator(self.form.selector)
        expect(form).to_be_visible()
        expect(page.locator(f"{self.form.selector}[data-draft-looked]")).to_be_visible()
        if self.form.stands(page) == typed:
            return
        offer = page.get_by_role("button", name=RESTORE)
        expect(offer.first).to_be_visible()
        if of:
            if not offer.nth(int(of)).is_visible():
                page.locator(".drafts summary").click()
            offer.nth(int(of)).click()
        else:
            offer.first.click()
        expect(form.locator(".draft-status")).to_contain_text("已恢复")
        assert self.form.stands(page) == typed

    def again(self) -> None:
        """The form opened again from elsewhere."""
        self.page.goto(self.address)
        self.is_whole()

    def failing(self, error: type[Exception]) -> None:
        def fail(*_: Any, **__: Any) -> None:
            raise error

        self.patch.setattr(self.form.done, fail)

    def sent_and_refused(self, status: int) -> None:
        """The form is sent and the server answers with an error; then Back, as the page says."""
        if self.form.outbox:
            self.sent_by_the_outbox()
            return
        with self.page.expect_response(
            # The form itself: what the page sends by itself meanwhile, its draft or a question, is none.
            lambda r: r.request.method == "POST" and r.request.is_navigation_request()
        ) as answer:
            self.form.send(self.page)
        assert answer.value.status == status
        expect(self.page.locator("body")).to_contain_text(f"错误 {status}")
        self.page.get_by_role("button", name="返回上一页").click()
        self.is_whole()
        self.again()

    def sent_by_the_outbox(self) -> None:
        """It stays in the page with the reasons, or waits in this browser."""
        self.form.send(self.page)
        expect(self.page.locator("#outbox, .error-summary").first).to_be_visible()
        waits = [i for i in kept_by_the_outbox(self.page) if i["text"].replace("\r\n", "\n") == self.typed["text"][0]]
        assert waits or self.form.stands(self.page) == self.typed
        forget_the_outbox(self.page)


# ---- the events


def back(cell: Cell) -> None:
    cell.page.goto(url("calendar"))
    cell.page.go_back()
    cell.is_whole()
    cell.page.goto(url("calendar"))
    cell.again()


def reload(cell: Cell) -> None:
    cell.page.reload()
    until(lambda: Draft.objects.exists(), "kept while the page went")
    cell.again()


def close(cell: Cell) -> None:
    cell.page.close()
    until(lambda: Draft.objects.exists(), "kept while the page went")
    cell.page = cell.begin()
    cell.is_whole()


def sign_out(cell: Cell) -> None:
    cell.page.locator("form.sign-out button").click()
    expect(cell.page).to_have_url(re.compile(url("login")))
    sign_in_at(cell.page, cell.form.who)
    cell.again()


def expiry(cell: Cell) -> None:
    end_all_sessions()
    cell.write("登录结束以后写的。")
    cell.typed = cell.form.stands(cell.page)
    if cell.form.outbox:
        cell.sent_by_the_outbox()
        give_session(cell.context, cell.form.who, cell.url)
        return
    before = Event.objects.count()
    cell.form.send(cell.page)
    expect(cell.page.locator("#session-bar")).to_contain_text("登录已结束")
    assert cell.form.stands(cell.page) == cell.typed and Event.objects.count() == before
    with cell.context.expect_page() as tab:
        cell.page.get_by_role("link", name="在新标签页登录").click()
    sign_in_at(tab.value, cell.form.who)
    tab.value.close()
    cell.page.evaluate("dispatchEvent(new Event('focus'))")
    expect(cell.status()).to_contain_text("草稿已保存")
    expect(cell.page.locator("#session-bar")).to_have_count(0)
    cell.page.goto(url("calendar"))
    cell.again()


def other_tab(cell: Cell) -> None:
    cell.saved()
    other = cell.begin()
    field = other.locator(f"{cell.form.selector} {cell.form.more}")
    expect(other.get_by_role("button", name=RESTORE).first).to_be_visible()
    field.press("Control+End")
    other.keyboard.insert_text("另一个标签页里写的。")
    expect(other.locator(f"{cell.form.selector} .draft-status")).to_contain_text("草稿已保存")
    there = cell.form.stands(other)
    other.close()
    assert cell.form.stands(cell.page) == cell.typed
    cell.page.reload()
    cell.is_whole(typed=there)
    cell.page.goto(url("calendar"))
    cell.page.goto(cell.address)
    cell.is_whole(of="1")


def forbidden(cell: Cell) -> None:
    cell.failing(PermissionDenied)
    cell.sent_and_refused(403)


def too_large(cell: Cell) -> None:
    size = cell.page.locator(cell.form.selector).evaluate("f => String(new URLSearchParams(new FormData(f))).length")
    cell.settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 300 if cell.form.outbox else int(size * 0.8)
    cell.sent_and_refused(413)


def refused(cell: Cell) -> None:
    cell.page.locator(f"{cell.form.selector} {cell.form.more}").fill(cell.form.spoil)
    cell.typed = cell.form.stands(cell.page)
    cell.form.send(cell.page)
    expect(cell.page.locator(".error-summary")).to_be_visible()
    assert cell.form.stands(cell.page) == cell.typed, "the page holds what was typed"
    cell.write("改了再改。")
    cell.typed = cell.form.stands(cell.page)
    cell.saved()
    cell.again()


def failed(cell: Cell) -> None:
    cell.failing(ZeroDivisionError)
    cell.sent_and_refused(500)


EVENTS = (back, reload, close, sign_out, expiry, other_tab, forbidden, too_large, refused, failed)


@pytest.mark.parametrize("form", FORMS, ids=lambda f: f.name)
def test_nothing_typed_is_lost(form: Filled, department, open_page, live_server, settings, axe) -> None:
    """All events for one form, each with a page of its own in one browser; by day, for most forms, a third of them."""
    address, first = form.address(), open_page(line_breaks=True, server_fails=True)
    lost: list[str] = []
    place = FORMS.index(form)
    for event in at_night_or(EVENTS, EVENTS[place % 3 :: 3] if place else EVENTS):
        if event is too_large and form.takes_file:
            continue  # the test server hangs up in the middle of the file; waitress reads it to its end
        first.context.clear_cookies()
        give_session(first.context, form.who, live_server.url)
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        with pytest.MonkeyPatch.context() as patch:
            try:
                cell = Cell(form, first.context, address, live_server.url, patch, settings)
                event(cell)
            except (AssertionError, Exception) as e:
                lost.append(f"{form.name} × {event.__name__}: {str(e)[:1500]}")
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = limit
        for page in first.context.pages[1:]:
            page.close()
    assert not lost, "\n\n".join(lost)
