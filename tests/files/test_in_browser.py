"""Attachments in a real browser: several at once, dropped or chosen, each with its own word; the page passes axe."""

import re
from datetime import date

import pytest
from django.conf import settings

from tests.world import make_department, register, walk, who
from xinfang.actions.attach import attach
from xinfang.people.models import Staff
from xinfang.procedure.words import Material
from xinfang.records.models import Attachment

from . import made

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def number(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "FILES_DIR", tmp_path / "files")
    make_department()
    found = register(date(2026, 3, 2))
    walk(found, "signed", date(2026, 3, 2))
    return found


@pytest.fixture
def opened(open_page, client, live_server, number):
    """The case on a handler's screen."""

    def open_case(**options):
        client.force_login(Staff.objects.get(username="handler"))
        page = open_page(**options)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        page.goto(f"/petitions/{number}/")
        return page

    return open_case


def chosen(*files: tuple[str, bytes]):
    return [{"name": name, "mimeType": "application/octet-stream", "buffer": data} for name, data in files]


def test_chosen_files_are_added_and_shown(opened, number, axe):
    page = opened()
    page.set_input_files("#file-choose", chosen(("来信.pdf", made.pdf()), ("照片.png", made.png())))
    page.select_option("#file-what", "letter")
    page.get_by_role("button", name="添加附件").click()
    page.get_by_role("heading", name="附件（2）").wait_for()
    assert page.get_by_role("link", name="来信.pdf").is_visible()
    assert {a.what for a in Attachment.objects.all()} == {"letter"}
    axe(page)


def test_a_refused_file_is_named_with_its_reason_and_the_others_are_kept(opened, number, axe):
    page = opened()
    page.set_input_files("#file-choose", chosen(("坏.jpg", b"<html><script>"), ("好.pdf", made.pdf())))
    page.get_by_role("button", name="添加附件").click()
    lines = page.locator("[data-upload-list] li")
    lines.filter(has_text="好.pdf：已添加").wait_for()
    assert "内容却是网页" in lines.filter(has_text="坏.jpg").inner_text()
    axe(page)
    page.get_by_role("link", name=re.compile("刷新本页")).click()
    page.get_by_role("heading", name="附件（1）").wait_for()


def test_dropped_files_are_added(opened):
    page = opened()
    data = page.evaluate_handle(
        "() => { const t = new DataTransfer(); t.items.add(new File(['如实记录'], '记录.txt')); return t; }"
    )
    page.dispatch_event("form[data-upload]", "drop", {"dataTransfer": data})
    page.get_by_role("heading", name="附件（1）").wait_for()


def test_without_scripts(opened, number):
    page = opened(java_script_enabled=False)
    page.set_input_files("#file-choose", chosen(("来信.pdf", made.pdf()), ("坏.exe", b"MZ")))
    page.get_by_role("button", name="添加附件").click()
    assert page.get_by_role("alert").inner_text().count("坏.exe") == 1
    page.get_by_role("link", name=re.compile("回到")).click()
    page.get_by_role("heading", name="附件（1）").wait_for()


def test_a_picture_is_shown_where_nothing_runs(opened, number, live_server):
    attach(
        number, made.png(), "图.png", what=Material.OTHER, by=who("clerk"), staff=Staff.objects.get(username="clerk")
    )
    page = opened()
    with page.context.expect_page() as shown:
        page.get_by_role("link", name="图.png").click()
    picture = shown.value
    picture.wait_for_load_state()
    assert picture.evaluate("document.images[0].naturalWidth") == 8
    # Sandboxed: an origin of its own, without the session.
    assert picture.evaluate("self.origin") == "null"


def test_text_becomes_page_content_only_through_the_policy(browser, live_server):
    # Without the usual watch over the console: each of these is to be refused, and the browser says so there.
    context = browser.new_context(base_url=live_server.url)
    page = context.new_page()
    page.goto("/login/")
    tried = page.evaluate(
        """() => {
            const refused = (act) => { try { act(); return false; } catch (error) { return error instanceof TypeError || error instanceof EvalError; } };
            const box = document.createElement("div");
            box.innerHTML = "<p>文字里可以写 one = 1</p>";
            return {
                kept: box.textContent,
                script: refused(() => { box.innerHTML = "<script>1</" + "script>"; }),
                handler: refused(() => { box.innerHTML = "<img src=x onerror=alert(1)>"; }),
                address: refused(() => { document.createElement("script").src = "/static/js/main.js"; }),
                text: refused(() => { document.createElement("script").text = "1"; }),
                second: refused(() => trustedTypes.createPolicy("other", { createHTML: (t) => t })),
            };
        }"""
    )
    context.close()
    assert tried == {
        "kept": "文字里可以写 one = 1",
        "script": True,
        "handler": True,
        "address": True,
        "text": True,
        "second": True,
    }
